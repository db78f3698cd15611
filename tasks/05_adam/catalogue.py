"""What `check` and `hint` know of 05: cases, hints, and the wrong answers that learners give."""

import numpy as np

from tasks.catalogue import Task

USUAL = {"beta1": 0.9, "beta2": 0.999}

steps = Task(
    "uncorrected_steps",
    cases={
        "the usual settings": {**USUAL, "updates": 5},
        "a first step of η": {"beta1": 0.9, "beta2": 0.99, "updates": 4},
        "no memory for the direction": {"beta1": 0.0, "beta2": 0.75, "updates": 3},
        "no memory for the squares": {"beta1": 0.7, "beta2": 0.0, "updates": 3},
        "no memory at all": {"beta1": 0.0, "beta2": 0.0, "updates": 3},
        "a long memory for the direction": {"beta1": 0.99, "beta2": 0.5, "updates": 4},
        "one update": {"beta1": 0.6, "beta2": 0.85, "updates": 1},
        "past the largest step": {**USUAL, "updates": 30},
    },
    hints=[
        "After n gradients of the same value g, m is the sum of its weights times g, and v the sum "
        "of its weights times g². What do the weights add up to?",
        "The weights add up to 1 − βⁿ. The first step has seen n = 1 gradient, so n runs over "
        "`np.arange(1, updates + 1)`.",
        "The step is (1 − β₁ⁿ) divided by the root of (1 − β₂ⁿ): g itself cancels.",
    ],
    about={
        "no memory for the direction": "wrong where one β is 0",
        "no memory for the squares": "wrong where one β is 0",
        "no memory at all": "wrong where both β are 0",
        "one update": "wrong for a single update",
        "past the largest step": "wrong after many updates",
    },
)


def seen(updates):
    return np.arange(1, updates + 1)


@steps.misconception(
    "the first step, again and again",
    "(1 − β₁)/√(1 − β₂) is the first step. Both memories go on filling, at different speeds: "
    "after n gradients they hold 1 − βⁿ of g and of g².",
    read="The-zero-start",
)
def first_step(beta1, beta2, updates):
    return np.full(updates, (1 - beta1) / np.sqrt(1 - beta2))


@steps.misconception(
    "1 − β₁ for 1 − β₁ⁿ",
    "m holds 1 − β₁ of g after the first gradient only. After n gradients it is 1 − β₁ⁿ.",
    read="The-zero-start",
)
def first_m(beta1, beta2, updates):
    return (1 - beta1) / np.sqrt(1 - beta2 ** seen(updates))


@steps.misconception(
    "1 − β₂ for 1 − β₂ⁿ",
    "v holds 1 − β₂ of g² after the first gradient only. After n gradients it is 1 − β₂ⁿ.",
    read="The-zero-start",
)
def first_v(beta1, beta2, updates):
    return (1 - beta1 ** seen(updates)) / np.sqrt(1 - beta2)


@steps.misconception(
    "the sum of the weights taken as n(1 − β)",
    "Only the newest gradient has the weight 1 − β; older ones have faded by a β for each update "
    "since. The weights of n gradients add up to 1 − βⁿ, and that stays below 1.",
    read="The-zero-start",
)
def nothing_fades(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1) * n / np.sqrt((1 - beta2) * n)


def nothing_fades_in_m(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1) * n / np.sqrt(1 - beta2**n)


def nothing_fades_in_v(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) / np.sqrt((1 - beta2) * n)


for function in (nothing_fades_in_m, nothing_fades_in_v):
    steps.misconception(
        "the sum of the weights taken as n(1 − β) in one memory",
        "The other memory is right. Older gradients fade by a β for each update since, so the "
        "weights of n gradients add up to 1 − βⁿ.",
        read="The-zero-start",
    )(function)


@steps.misconception(
    "the weight of one gradient for the weights of all",
    "(1 − β) βⁿ⁻¹ is what the oldest gradient still counts. All n gradients are alike here, so "
    "their weights add up, to 1 − βⁿ.",
    read="The-zero-start",
)
def oldest(beta1, beta2, updates):
    age = np.arange(updates)
    return (1 - beta1) * beta1**age / np.sqrt((1 - beta2) * beta2**age)


@steps.misconception(
    "(1 − β)ⁿ for 1 − βⁿ",
    "The power belongs to β alone: the zero start has the weight βⁿ, the gradients the rest.",
    read="The-zero-start",
)
def power_of_the_rest(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1) ** n / np.sqrt((1 - beta2) ** n)


def power_of_the_rest_in_m(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1) ** n / np.sqrt(1 - beta2**n)


def power_of_the_rest_in_v(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) / np.sqrt((1 - beta2) ** n)


for function in (power_of_the_rest_in_m, power_of_the_rest_in_v):
    steps.misconception(
        "(1 − β)ⁿ for 1 − βⁿ in one memory",
        "The other memory is right. The power belongs to β alone: the zero start has the weight "
        "βⁿ, the gradients the rest.",
        read="The-zero-start",
    )(function)


@steps.misconception(
    "the root of β₂ⁿ for the root of 1 − β₂ⁿ",
    "The root is taken before the difference. v is 1 − β₂ⁿ of g², and σ the root of all that.",
    read="The-zero-start",
)
def early_root(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) / (1 - np.sqrt(beta2**n))


@steps.misconception(
    "β₂ squared too",
    "Only the gradients are squared in v. Their weights are powers of β₂ itself.",
    read="Adam-in-three-lines",
)
def squared_beta(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) / np.sqrt(1 - beta2 ** (2 * n))


@steps.misconception(
    "β times n for β to the power n",
    "Each update multiplies the zero start by β once more, so its weight is the power βⁿ.",
    read="The-zero-start",
)
def times_n(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1 * n) / np.sqrt(1 - beta2 * n)


@steps.misconception(
    "counted from n = 0",
    "The first number is that of n = 0, before any gradient: 0 divided by 0. The first step has "
    "already seen one gradient, so n starts at 1.",
    read="The-zero-start",
)
def from_zero(beta1, beta2, updates):
    n = np.arange(updates)
    return (1 - beta1**n) / np.sqrt(1 - beta2**n)


@steps.misconception(
    "counted from n = 2",
    "The first number is that of the second update. Index 0 has seen one gradient: n = 1.",
    read="The-zero-start",
)
def from_two(beta1, beta2, updates):
    n = seen(updates) + 1
    return (1 - beta1**n) / np.sqrt(1 - beta2**n)


@steps.misconception(
    "one step too many, from n = 0",
    "The first number is that of n = 0, before any gradient. There are `updates` steps, and the "
    "first has seen one gradient.",
    read="The-zero-start",
)
def one_more(beta1, beta2, updates):
    n = np.arange(updates + 1)
    return (1 - beta1**n) / np.sqrt(1 - beta2**n)


@steps.misconception(
    "the last step missing",
    "`np.arange(1, updates)` ends before `updates`. There is one number for each update.",
    read="The-zero-start",
)
def one_less(beta1, beta2, updates):
    n = np.arange(1, updates)
    return (1 - beta1**n) / np.sqrt(1 - beta2**n)


@steps.misconception(
    "v without its root",
    "The numbers are m divided by v. σ is the root of v: v is a mean of squares, and a step needs "
    "a size.",
    read="Adam-in-three-lines",
)
def no_root(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) / (1 - beta2**n)


@steps.misconception(
    "the root taken of m too",
    "m is a mean of gradients and stays as it is. Only v, a mean of squares, needs a root.",
    read="Adam-in-three-lines",
)
def both_roots(beta1, beta2, updates):
    n = seen(updates)
    return np.sqrt((1 - beta1**n) / (1 - beta2**n))


@steps.misconception(
    "numerator and denominator exchanged",
    "That is η over the step. A memory for the direction that is too small shortens the step, so "
    "its share stands above; one for the size lengthens it, so its share stands below.",
    read="The-zero-start",
)
def upside_down(beta1, beta2, updates):
    n = seen(updates)
    return np.sqrt(1 - beta2**n) / (1 - beta1**n)


@steps.misconception(
    "m times √v",
    "The step is m divided by √v. A σ that is too small makes it longer.",
    read="The-zero-start",
)
def product(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) * np.sqrt(1 - beta2**n)


@steps.misconception(
    "the steps with correction",
    "Every step is η: that is Adam with its correction. Here nothing is corrected.",
    read="The-zero-start",
)
def corrected(beta1, beta2, updates):
    return np.ones(updates)


@steps.misconception(
    "β₁ and β₂ exchanged",
    "m has β₂ in it, and v has β₁. β₁ belongs to the direction, β₂ to the squares.",
    read="Adam-in-three-lines",
)
def exchanged(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta2**n) / np.sqrt(1 - beta1**n)


@steps.misconception(
    "the same β for both memories",
    "Each memory has a β of its own: β₁ belongs to the direction, β₂ to the squares.",
    read="Adam-in-three-lines",
)
def only_beta1(beta1, beta2, updates):
    return exchanged(beta1, beta1, updates)


@steps.misconception(
    "the same β for both memories",
    "Each memory has a β of its own: β₁ belongs to the direction, β₂ to the squares.",
    read="Adam-in-three-lines",
)
def only_beta2(beta1, beta2, updates):
    return exchanged(beta2, beta2, updates)


@steps.misconception(
    "a heavy ball for the average",
    "This m adds the gradients up and grows towards g/(1 − β₁). Adam's m is an average: every "
    "gradient enters with the weight 1 − β₁.",
    read="A-sum-or-an-average?",
)
def ball(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) / (1 - beta1) / np.sqrt(1 - beta2**n)


@steps.misconception(
    "sums for both averages",
    "Both memories add up whole gradients here. In Adam a new one enters with the weight 1 − β.",
    read="A-sum-or-an-average?",
)
def sums(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) / (1 - beta1) / np.sqrt((1 - beta2**n) / (1 - beta2))


@steps.misconception(
    "a sum for v",
    "v adds up whole squares here. In Adam a new one enters with the weight 1 − β₂.",
    read="A-sum-or-an-average?",
)
def sum_for_v(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) / np.sqrt((1 - beta2**n) / (1 - beta2))


@steps.misconception(
    "a zero start for m only",
    "σ is taken as if it were complete. It starts from zero too, and with the usual β₂ it takes "
    "far longer to fill than m.",
    read="The-zero-start",
)
def only_direction(beta1, beta2, updates):
    return 1 - beta1 ** seen(updates)


@steps.misconception(
    "a zero start for σ only",
    "m is taken as if it were complete. It starts from zero too and shortens the first steps.",
    read="The-zero-start",
)
def only_scale(beta1, beta2, updates):
    return 1 / np.sqrt(1 - beta2 ** seen(updates))


@steps.misconception(
    "the weight of the zero for the weight of the gradients",
    "βⁿ is the weight that the zero start still has. The gradients have the rest, 1 − βⁿ.",
    read="The-zero-start",
)
def weight_of_the_zero(beta1, beta2, updates):
    n = seen(updates)
    return beta1**n / np.sqrt(beta2**n)


@steps.misconception(
    "β₁ⁿ for 1 − β₁ⁿ",
    "β₁ⁿ is the weight that the zero start still has in m. The gradients have the rest.",
    read="The-zero-start",
)
def zero_in_m(beta1, beta2, updates):
    n = seen(updates)
    return beta1**n / np.sqrt(1 - beta2**n)


@steps.misconception(
    "β₂ⁿ for 1 − β₂ⁿ",
    "β₂ⁿ is the weight that the zero start still has in v. The gradients have the rest.",
    read="The-zero-start",
)
def zero_in_v(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) / np.sqrt(beta2**n)


@steps.misconception(
    "the last step alone",
    "This is the step of the last update. All of them are asked for: an array with one number for "
    "each update.",
    read="The-zero-start",
)
def last_step(beta1, beta2, updates):
    return (1 - beta1**updates) / np.sqrt(1 - beta2**updates)


@steps.misconception(
    "the way since the start for the single steps",
    "The numbers are running sums. The length of each single step is asked for.",
    read="The-zero-start",
)
def way(beta1, beta2, updates):
    n = seen(updates)
    return np.cumsum((1 - beta1**n) / np.sqrt(1 - beta2**n))


SETTINGS = {"lr": 0.1, **USUAL, "eps": 1e-8}

adam = Task(
    "adam_step",
    cases={
        "the first update": {
            "theta": np.array([1.0, 1.0, 1.0]),
            "grad": np.array([4.0, -0.5, 0.0]),
            "m": np.zeros(3),
            "v": np.zeros(3),
            "t": 0,
            **SETTINGS,
        },
        "the second update": {
            "theta": np.array([0.0, 2.0]),
            "grad": np.array([1.0, -3.0]),
            "m": np.array([0.2, 0.1]),
            "v": np.array([0.004, 0.001]),
            "t": 1,
            **SETTINGS,
        },
        "one parameter": {
            "theta": np.array([3.0]),
            "grad": np.array([-2.0]),
            "m": np.array([0.5]),
            "v": np.array([1.0]),
            "t": 9,
            "lr": 0.01,
            "beta1": 0.5,
            "beta2": 0.9,
            "eps": 1e-8,
        },
        "a gradient of zero after others": {
            "theta": np.array([1.0, -1.0]),
            "grad": np.array([0.0, 0.0]),
            "m": np.array([0.4, -0.2]),
            "v": np.array([0.05, 0.01]),
            "t": 4,
            **SETTINGS,
        },
        "no memory for the direction": {
            "theta": np.array([0.5, -2.0]),
            "grad": np.array([0.3, -0.8]),
            "m": np.array([0.1, 0.6]),
            "v": np.array([0.02, 0.07]),
            "t": 2,
            "lr": 0.1,
            "beta1": 0.0,
            "beta2": 0.8,
            "eps": 1e-8,
        },
        "gradients as small as ε": {
            "theta": np.array([0.0, 0.0]),
            "grad": np.array([1e-8, -3e-8]),
            "m": np.zeros(2),
            "v": np.zeros(2),
            "t": 0,
            **SETTINGS,
        },
        "after very many updates": {
            "theta": np.array([2.0, 2.0]),
            "grad": np.array([1.5, -0.7]),
            "m": np.array([0.5, 0.4]),
            "v": np.array([1.0, 4.0]),
            "t": 100_000,
            **SETTINGS,
        },
        "three rates at once": {
            "theta": np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]),
            "grad": np.array([[1.0, -1.0, 2.0], [0.5, 3.0, -4.0]]),
            "m": np.array([[0.1, 0.2, 0.3], [0.0, -0.1, 0.1]]),
            "v": np.array([[0.02, 0.01, 0.03], [0.01, 0.02, 0.01]]),
            "t": 2,
            "lr": np.array([0.01, 0.1, 1.0]),
            "beta1": 0.9,
            "beta2": 0.99,
            "eps": 1e-8,
        },
    },
    hints=[
        "The order matters: first both memories take in the new gradient, then they are corrected, "
        "then θ moves. How many gradients have the new memories seen, if t updates came before?",
        "n = t + 1 gradients. m = β₁ m + (1 − β₁) g, and v likewise with β₂ and g². For the step, "
        "and only for it, divide m by 1 − β₁ⁿ and v by 1 − β₂ⁿ.",
        "Return θ − η (m / (1 − β₁ⁿ)) / (√(v / (1 − β₂ⁿ)) + ε), and the new m and v as they were "
        "before the correction. Write m = …, not m += …, so that the caller's arrays stay.",
    ],
    about={
        "the first update": "wrong at the first update, t = 0",
        "a gradient of zero after others": "wrong where the gradient is 0 and the memories are not",
        "no memory for the direction": "wrong where β₁ is 0",
        "gradients as small as ε": "wrong where the gradients are as small as ε",
        "after very many updates": "wrong after very many updates",
        "three rates at once": "wrong with several runs at once",
    },
)


def averages(grad, m, v, beta1, beta2):
    """The new m and v."""
    return beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2


def step(theta, m, v, n, lr, beta1, beta2, eps):
    """θ moved by corrected memories; 1 − β⁰ is a NumPy number, so that it may be divided by."""
    direction, square = m / np.float64(1 - beta1**n), v / np.float64(1 - beta2**n)
    return theta - lr * direction / (np.sqrt(square) + eps)


@adam.misconception(
    "no correction",
    "m and √v are used as they are. Both start at zero, and after n = t + 1 gradients their "
    "weights add up to 1 − βⁿ only: divide by that.",
    read="The-zero-start",
)
def uncorrected(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return theta - lr * m / (np.sqrt(v) + eps), m, v


@adam.misconception(
    "t for n = t + 1",
    "The correction is that of βᵗ. t updates came before, but the memories have already taken in "
    "the new gradient: they have seen n = t + 1. With t the first update divides by 0.",
    read="Adam-in-three-lines",
)
def from_t(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "t + 2 for n = t + 1",
    "The correction is that of one gradient more than the memories have seen: at the first update, "
    "t = 0, they have seen n = 1.",
    read="Adam-in-three-lines",
)
def from_t_plus_2(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 2, lr, beta1, beta2, eps), m, v


def at_least_one(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, max(t, 1), lr, beta1, beta2, eps), m, v


adam.misconception(
    "t for n = t + 1, except at the first update",
    "The first update is right. At the others the correction is that of βᵗ, but the memories have "
    "seen n = t + 1 gradients, the new one included.",
    read="Adam-in-three-lines",
)(at_least_one)


@adam.misconception(
    "t for n = t + 1 in the correction of m",
    "v is corrected rightly. m has taken in the new gradient too, so it has seen n = t + 1.",
    read="Adam-in-three-lines",
)
def m_from_t(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    right = v / (1 - beta2 ** (t + 1))
    return step(theta, m / np.float64(1 - beta1**t), right, 1, lr, 0.0, 0.0, eps), m, v


@adam.misconception(
    "t for n = t + 1 in the correction of v",
    "m is corrected rightly. v has taken in the new square too, so it has seen n = t + 1.",
    read="Adam-in-three-lines",
)
def v_from_t(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    right = m / (1 - beta1 ** (t + 1))
    return step(theta, right, v / np.float64(1 - beta2**t), 1, lr, 0.0, 0.0, eps), m, v


@adam.misconception(
    "t + 1 without its parentheses",
    "The divisors are 1 − βᵗ + 1. The power is that of t + 1: `beta1 ** (t + 1)`.",
    read="Adam-in-three-lines",
)
def power_then_one(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, 1, lr, beta1**t - 1, beta2**t - 1, eps), m, v


@adam.misconception(
    "1 − β for 1 − βⁿ",
    "The correction is that of the first update at every t. After n = t + 1 gradients the weights "
    "add up to 1 − βⁿ.",
    read="The-zero-start",
)
def first_correction(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "1 − β₁ for 1 − β₁ⁿ",
    "v is corrected rightly. m is divided by 1 − β₁ at every t, and not by 1 − β₁ⁿ.",
    read="The-zero-start",
)
def first_correction_of_m(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    right = m / (1 - beta1) * (1 - beta1 ** (t + 1))
    return step(theta, right, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "1 − β₂ for 1 − β₂ⁿ",
    "m is corrected rightly. v is divided by 1 − β₂ at every t, and not by 1 − β₂ⁿ.",
    read="The-zero-start",
)
def first_correction_of_v(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    right = v / (1 - beta2) * (1 - beta2 ** (t + 1))
    return step(theta, m, right, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "βⁿ for 1 − βⁿ",
    "The memories are divided by βⁿ, the weight of the zero start. What the gradients have is the "
    "rest, 1 − βⁿ.",
    read="The-zero-start",
)
def divided_by_the_zero(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    direction, square = m / np.float64(beta1 ** (t + 1)), v / np.float64(beta2 ** (t + 1))
    return theta - lr * direction / (np.sqrt(square) + eps), m, v


@adam.misconception(
    "(1 − β)ⁿ for 1 − βⁿ",
    "The power belongs to β alone: the zero start has the weight βⁿ, the gradients the rest.",
    read="The-zero-start",
)
def power_of_1_minus_beta(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    rest1, rest2 = np.float64(1 - beta1) ** (t + 1), np.float64(1 - beta2) ** (t + 1)
    return theta - lr * m / rest1 / (np.sqrt(v / rest2) + eps), m, v


@adam.misconception(
    "multiplied by 1 − βⁿ, not divided",
    "The zero start makes both memories too small, so the correction has to enlarge them.",
    read="The-zero-start",
)
def multiplied_by_the_sum(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    n = t + 1
    return theta - lr * m * (1 - beta1**n) / (np.sqrt(v * (1 - beta2**n)) + eps), m, v


@adam.misconception(
    "β₁ and β₂ exchanged in the correction",
    "The memories are right. In the step m is divided by 1 − β₂ⁿ and v by 1 − β₁ⁿ: each needs "
    "the sum of its own weights.",
    read="Adam-in-three-lines",
)
def corrections_exchanged(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta2, beta1, eps), m, v


@adam.misconception(
    "one β in both corrections",
    "The memories are right. In the step m needs 1 − β₁ⁿ and v needs 1 − β₂ⁿ.",
    read="Adam-in-three-lines",
)
def corrected_by_beta1(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta1, eps), m, v


@adam.misconception(
    "one β in both corrections",
    "The memories are right. In the step m needs 1 − β₁ⁿ and v needs 1 − β₂ⁿ.",
    read="Adam-in-three-lines",
)
def corrected_by_beta2(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta2, beta2, eps), m, v


@adam.misconception(
    "a corrected memory returned",
    "The step is right, but m or v or both are returned after the correction. The caller hands "
    "them in again, and the next update would correct them once more.",
    read="Adam-in-three-lines",
)
def corrected_returned(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    moved = step(theta, m, v, t + 1, lr, beta1, beta2, eps)
    return moved, m / (1 - beta1 ** (t + 1)), v / (1 - beta2 ** (t + 1))


def corrected_m_returned(theta, grad, m, v, t, lr, beta1, beta2, eps):
    _, plain = averages(grad, m, v, beta1, beta2)
    moved, m, _ = corrected_returned(theta, grad, m, v, t, lr, beta1, beta2, eps)
    return moved, m, plain


def corrected_v_returned(theta, grad, m, v, t, lr, beta1, beta2, eps):
    plain, _ = averages(grad, m, v, beta1, beta2)
    moved, _, v = corrected_returned(theta, grad, m, v, t, lr, beta1, beta2, eps)
    return moved, plain, v


for function in (corrected_m_returned, corrected_v_returned):
    adam.misconception(
        "a corrected memory returned",
        "The step is right, but m or v or both are returned after the correction. The caller hands "
        "them in again, and the next update would correct them once more.",
        read="Adam-in-three-lines",
    )(function)


@adam.misconception(
    "σ returned for v",
    "The last result is the root of v. The next update needs v itself, the mean of the squares.",
    read="Adam-in-three-lines",
)
def sigma_returned(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, np.sqrt(v)


@adam.misconception(
    "the old memories returned",
    "The step is right, but m and v are returned as they came in. Without the new ones every "
    "update starts from the same memory.",
    read="Adam-in-three-lines",
)
def old_returned(theta, grad, m, v, t, lr, beta1, beta2, eps):
    new_m, new_v = averages(grad, m, v, beta1, beta2)
    return step(theta, new_m, new_v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "a step with the old memories",
    "θ moves along memories without the new gradient. They take it in first: at the first "
    "update the old ones are zero and θ would not move.",
    read="Adam-in-three-lines",
)
def step_first(theta, grad, m, v, t, lr, beta1, beta2, eps):
    moved = step(theta, m, v, t + 1, lr, beta1, beta2, eps)
    return moved, *averages(grad, m, v, beta1, beta2)


@adam.misconception(
    "a step with the old m",
    "σ is new, but the step goes along the m that came in. m takes in the new gradient first.",
    read="Adam-in-three-lines",
)
def along_the_old_m(theta, grad, m, v, t, lr, beta1, beta2, eps):
    new_m, new_v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, new_v, t + 1, lr, beta1, beta2, eps), new_m, new_v


@adam.misconception(
    "a step with the old v",
    "m is new, but σ is made of the v that came in. v takes in the new square first.",
    read="Adam-in-three-lines",
)
def by_the_old_v(theta, grad, m, v, t, lr, beta1, beta2, eps):
    new_m, new_v = averages(grad, m, v, beta1, beta2)
    return step(theta, new_m, v, t + 1, lr, beta1, beta2, eps), new_m, new_v


@adam.misconception(
    "only m corrected",
    "m is corrected, v is not. Both start at zero; v needs it more, because it fills slowly.",
    read="The-zero-start",
)
def only_m(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, 0.0, eps), m, v


@adam.misconception(
    "only v corrected",
    "v is corrected, m is not. Both start at zero, so the first steps are too short.",
    read="The-zero-start",
)
def only_v(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, 0.0, beta2, eps), m, v


@adam.misconception(
    "σ corrected and not v",
    "The root of v is taken first and divided by 1 − β₂ⁿ then. Divide v, and take the root after.",
    read="Adam-in-three-lines",
)
def sigma_corrected(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    sigma = np.sqrt(v) / (1 - beta2 ** (t + 1)) + eps
    return theta - lr * m / (1 - beta1 ** (t + 1)) / sigma, m, v


@adam.misconception(
    "ε before the correction",
    "ε is added to the root of the uncorrected v, as one library does. Here it is added after the "
    "correction; at the first updates with tiny gradients that makes a difference.",
    read="Adam-in-three-lines",
)
def early_eps(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    sigma = (np.sqrt(v) + eps) / np.sqrt(1 - beta2 ** (t + 1))
    return theta - lr * m / (1 - beta1 ** (t + 1)) / sigma, m, v


@adam.misconception(
    "ε inside the root",
    "σ is √(v + ε). Here ε is added to the root: √v + ε.",
    read="Adam-in-three-lines",
)
def inner_eps(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    n = t + 1
    return theta - lr * m / (1 - beta1**n) / np.sqrt(v / (1 - beta2**n) + eps), m, v


@adam.misconception(
    "ε left out",
    "m is divided by √v alone. Where no gradient has ever been seen that is 0 divided by 0: add ε.",
    read="Adam-in-three-lines",
)
def no_eps(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, 0.0), m, v


@adam.misconception(
    "ε added to the step",
    "m is divided by √v, and ε is added to the result, as happens without parentheses. ε belongs "
    "to the divisor: / (√v + ε).",
    read="Adam-in-three-lines",
)
def eps_outside(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, 0.0) + eps, m, v


@adam.misconception(
    "ε added to the step",
    "m is divided by √v, and ε is added to the result, as happens without parentheses. ε belongs "
    "to the divisor: / (√v + ε).",
    read="Adam-in-three-lines",
)
def eps_subtracted(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    whole = step(theta, m, v, t + 1, lr, beta1, beta2, 0.0)
    return whole - lr * eps, m, v


@adam.misconception(
    "1 − βⁿ without its parentheses",
    "m / 1 − β₁ⁿ divides by 1 and then subtracts β₁ⁿ. Put the divisor in parentheses, and that of "
    "v too.",
    read="Adam-in-three-lines",
)
def precedence(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    n = t + 1
    return theta - lr * (m / 1 - beta1**n) / (np.sqrt(v / 1 - beta2**n) + eps), m, v


@adam.misconception(
    "β times n for β to the power n",
    "The memories are divided by 1 − βn. Each update multiplies the zero start by β once more, so "
    "its weight is the power βⁿ.",
    read="The-zero-start",
)
def factor(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    n = t + 1
    return step(theta, m, v, 1, lr, beta1 * n, beta2 * n, eps), m, v


@adam.misconception(
    "uphill",
    "The step has the right length and goes the wrong way. m points uphill, θ moves against it.",
    read="Adam-in-three-lines",
)
def uphill(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, -m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "the step for the new θ",
    "The first result is the step alone. Return θ after it.",
    read="Adam-in-three-lines",
)
def step_alone(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(0, m, v, t + 1, lr, beta1, beta2, eps), m, v


def step_alone_uphill(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(0, -m, v, t + 1, lr, beta1, beta2, eps), m, v


adam.misconception(
    "the step for the new θ",
    "The first result is the step alone. Return θ after it.",
    read="Adam-in-three-lines",
)(step_alone_uphill)


@adam.misconception(
    "θ without its memories",
    "Only θ is returned. The caller needs the new m and v for the next update: return all three.",
    read="Adam-in-three-lines",
)
def theta_alone(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps)


@adam.misconception(
    "the results in another order",
    "θ, m and v are right, but they do not come in this order.",
    read="Adam-in-three-lines",
)
def memories_first(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return m, v, step(theta, m, v, t + 1, lr, beta1, beta2, eps)


@adam.misconception(
    "the results in another order",
    "θ, m and v are right, but they do not come in this order.",
    read="Adam-in-three-lines",
)
def v_before_m(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), v, m


@adam.misconception(
    "β₁ and β₂ exchanged",
    "m has β₂ in it, and v has β₁. β₁ belongs to the direction, β₂ to the squares.",
    read="Adam-in-three-lines",
)
def betas_exchanged(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta2, beta1)
    return step(theta, m, v, t + 1, lr, beta2, beta1, eps), m, v


@adam.misconception(
    "β₁ and β₂ exchanged in the memories",
    "The correction is right. But the new m has β₂ in it, and the new v has β₁.",
    read="Adam-in-three-lines",
)
def exchanged_in_the_memories(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta2, beta1)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


def same_beta(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta1)
    return step(theta, m, v, t + 1, lr, beta1, beta1, eps), m, v


def same_beta2(theta, grad, m, v, t, lr, beta1, beta2, eps):
    return same_beta(theta, grad, m, v, t, lr, beta2, beta2, eps)


def same_beta_in_the_memories(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta1)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


for function in (same_beta, same_beta2, same_beta_in_the_memories):
    adam.misconception(
        "the same β for both memories",
        "Each memory has a β of its own: β₁ belongs to the direction, β₂ to the squares.",
        read="Adam-in-three-lines",
    )(function)


@adam.misconception(
    "the weights β and 1 − β exchanged",
    "The new gradient has the weight β. What is remembered is multiplied by β, and what is new by "
    "1 − β.",
    read="Two-memories",
)
def weights_exchanged(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, 1 - beta1, 1 - beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "the weights β and 1 − β exchanged in m",
    "v is right. In m the new gradient has the weight β₁; it enters with 1 − β₁.",
    read="Two-memories",
)
def weights_exchanged_in_m(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, 1 - beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "the weights β and 1 − β exchanged in v",
    "m is right. In v the new square has the weight β₂; it enters with 1 − β₂.",
    read="Two-memories",
)
def weights_exchanged_in_v(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, 1 - beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "a heavy ball for the average",
    "This m adds the whole gradient. In Adam it enters with weight 1 − β₁, so that m is an "
    "average.",
    read="A-sum-or-an-average?",
)
def heavy_ball(theta, grad, m, v, t, lr, beta1, beta2, eps):
    _, v = averages(grad, m, v, beta1, beta2)
    m = beta1 * m + grad
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "a heavy ball without correction",
    "This m adds the whole gradient and is not corrected. In Adam the gradient enters with weight "
    "1 − β₁, and the step divides m by 1 − β₁ⁿ.",
    read="A-sum-or-an-average?",
)
def plain_heavy_ball(theta, grad, m, v, t, lr, beta1, beta2, eps):
    _, v = averages(grad, m, v, beta1, beta2)
    m = beta1 * m + grad
    return step(theta, m, v, t + 1, lr, 0.0, beta2, eps), m, v


@adam.misconception(
    "sums for both averages",
    "Both memories add what is new as a whole. In Adam it enters with the weight 1 − β.",
    read="A-sum-or-an-average?",
)
def both_sums(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = beta1 * m + grad, beta2 * v + grad**2
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "a sum for v",
    "v adds the whole square. In Adam it enters with the weight 1 − β₂, so that v is a mean.",
    read="A-sum-or-an-average?",
)
def sum_of_squares(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, _ = averages(grad, m, v, beta1, beta2)
    v = beta2 * v + grad**2
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "the squares of m in v",
    "v takes in m². σ remembers the size of the gradients themselves: v takes g². The square of m "
    "would forget what cancels.",
    read="Two-memories",
)
def square_of_m(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, _ = averages(grad, m, v, beta1, beta2)
    v = beta2 * v + (1 - beta2) * m**2
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "the squares of m in v",
    "v takes in the square of the corrected m. σ remembers the size of the gradients themselves: v "
    "takes g².",
    read="Two-memories",
)
def square_of_corrected_m(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, _ = averages(grad, m, v, beta1, beta2)
    v = beta2 * v + (1 - beta2) * (m / (1 - beta1 ** (t + 1))) ** 2
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "the distance from m for g in v",
    "v takes in (g − m)², as a variance would. Adam's v is the mean of g² itself.",
    read="Adam-in-three-lines",
)
def variance(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, _ = averages(grad, m, v, beta1, beta2)
    v = beta2 * v + (1 - beta2) * (grad - m) ** 2
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "a v that forgets nothing",
    "v adds up all squares, as Adagrad does. In Adam old squares fade by β₂, and a new one enters "
    "with 1 − β₂.",
    read="Two-memories",
)
def adagrad(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, _ = averages(grad, m, v, beta1, beta2)
    v = v + grad**2
    return step(theta, m, v, t + 1, lr, beta1, 0.0, eps), m, v


@adam.misconception(
    "the old memories forgotten",
    "The new m and v hold the newest gradient alone. What was remembered stays, times β.",
    read="Two-memories",
)
def forgotten(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, 0, 0, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "the gradient taken into m twice",
    "The step goes along an m that has taken in the gradient once more than the returned one. "
    "Adam takes it in once.",
    read="Adam-in-three-lines",
)
def twice_in_m(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    ahead = beta1 * m + (1 - beta1) * grad
    return step(theta, ahead, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "|g| for g² in v",
    "v takes in the size of the gradient. It is a mean of squares, of which σ is the root.",
    read="Two-memories",
)
def size_in_v(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, _ = averages(grad, m, v, beta1, beta2)
    v = beta2 * v + (1 - beta2) * np.abs(grad)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "g for g² in v",
    "v takes in the gradient with its sign. It is a mean of squares, of which σ is the root.",
    read="Two-memories",
)
def not_squared(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, _ = averages(grad, m, v, beta1, beta2)
    v = beta2 * v + (1 - beta2) * grad
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "1 − β₂ squared with the gradient",
    "v takes in ((1 − β₂) g)². Only g is squared: (1 − β₂) g².",
    read="Adam-in-three-lines",
)
def weight_squared(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, _ = averages(grad, m, v, beta1, beta2)
    v = beta2 * v + ((1 - beta2) * grad) ** 2
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "β₁ with 1 − β₂, or β₂ with 1 − β₁",
    "The two weights of a memory do not belong together. They are β and 1 − β with the same β.",
    read="Two-memories",
)
def mixed_in_m(theta, grad, m, v, t, lr, beta1, beta2, eps):
    _, v = averages(grad, m, v, beta1, beta2)
    m = beta1 * m + (1 - beta2) * grad
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "β₁ with 1 − β₂, or β₂ with 1 − β₁",
    "The two weights of a memory do not belong together. They are β and 1 − β with the same β.",
    read="Two-memories",
)
def mixed_in_v(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, _ = averages(grad, m, v, beta1, beta2)
    v = beta2 * v + (1 - beta1) * grad**2
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "m of g/σ",
    "m averages gradients that are already divided by σ. In Adam m takes in g, and the average is "
    "divided.",
    read="RMSProp-plus-momentum?",
)
def average_of_steps(theta, grad, m, v, t, lr, beta1, beta2, eps):
    _, v = averages(grad, m, v, beta1, beta2)
    sigma = np.sqrt(v / (1 - beta2 ** (t + 1))) + eps
    m = beta1 * m + (1 - beta1) * grad / sigma
    return theta - lr * m / (1 - beta1 ** (t + 1)), m, v


@adam.misconception(
    "η left out",
    "The step is m̂/σ̂. It is multiplied by the rate: θ − η m̂/σ̂.",
    read="Adam-in-three-lines",
)
def no_rate_at_all(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, 1.0, beta1, beta2, eps), m, v


@adam.misconception(
    "the gradient for m",
    "The newest gradient is divided by σ: that is RMSProp with correction. Adam's step goes along "
    "m.",
    read="RMSProp-plus-momentum?",
)
def no_direction(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, grad, v, t + 1, lr, 0.0, beta2, eps), m, v


@adam.misconception(
    "the gradient for m",
    "The newest gradient is divided by σ, and by 1 − β₁ⁿ too. Adam's step goes along m.",
    read="RMSProp-plus-momentum?",
)
def corrected_gradient(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, grad, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "no σ",
    "The step is η times the corrected m. It is divided by σ, so that its length does not depend "
    "on the unit of the loss.",
    read="Adam-in-three-lines",
)
def no_sigma_at_all(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return theta - lr * m / (1 - beta1 ** (t + 1)), m, v


@adam.misconception(
    "no root",
    "m is divided by v. σ is its root, so that m/σ has no unit and the first step has the length "
    "η.",
    read="Adam-in-three-lines",
)
def no_root_of_v(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    n = t + 1
    return theta - lr * m / (1 - beta1**n) / (v / (1 - beta2**n) + eps), m, v


@adam.misconception(
    "one σ for all parameters",
    "σ is made of a mean over the parameters. Each parameter has a σ of its own.",
    read="Two-memories",
)
def one_sigma(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v.mean(), t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "one σ for all parameters",
    "σ is made of a mean over the parameters. Each parameter has a σ of its own.",
    read="Two-memories",
)
def one_sigma_a_run(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v.mean(axis=0), t + 1, lr, beta1, beta2, eps), m, v


mended = Task(
    "mended_adam",
    cases={
        "one update": {
            "start": np.array([1.0, 2.0]),
            "gradients": np.array([[3.0, -0.5]]),
            **SETTINGS,
        },
        "a constant gradient": {
            "start": np.array([0.0]),
            "gradients": np.ones((12, 1)),
            **SETTINGS,
        },
        "three updates": {
            "start": np.array([1.0, -1.0]),
            "gradients": np.array([[1.0, 2.0], [-1.0, 0.5], [2.0, -4.0]]),
            "lr": 0.01,
            "beta1": 0.5,
            "beta2": 0.9,
            "eps": 1e-8,
        },
        "no gradient at first": {
            "start": np.array([0.3, 0.8]),
            "gradients": np.array([[0.0, 1.0], [0.0, 3.0], [2.0, -1.0]]),
            **SETTINGS,
        },
        "a matrix of weights": {
            "start": np.array([[1.0, 0.5, 0.0], [0.0, -2.0, 1.0]]),
            "gradients": np.array(
                [[[1.0, 2.0, 0.3], [3.0, 4.0, -1.0]], [[1.0, -2.0, 0.6], [0.7, 4.0, -5.0]]]
            ),
            **SETTINGS,
        },
        "gradients as small as ε": {
            "start": np.array([0.0, 1.0]),
            "gradients": np.array([[1e-8, 3e-8], [2e-8, 1e-8]]),
            **SETTINGS,
        },
        "a start of whole numbers": {
            "start": np.array([3, -1]),
            "gradients": np.array([[2.0, -0.5], [-1.0, -1.5]]),
            "lr": 0.3,
            **USUAL,
            "eps": 1e-8,
        },
        "no memory": {
            "start": np.array([1.0, 2.0]),
            "gradients": np.array([[2.0, -3.0], [-1.0, -2.0]]),
            "lr": 0.1,
            "beta1": 0.0,
            "beta2": 0.0,
            "eps": 1e-8,
        },
    },
    hints=[
        "On a constant gradient of 1, print n, m and v of the class after every update. Which of "
        "the three does not do what it should?",
        "`m += …` changes an array in place, and `self.memory` holds the same array. `n += 1` "
        "makes a new number and gives it the name n; `self.memory` still holds the old one. So n "
        "is 1 at every update.",
        "Go through the gradients with t = 0, 1, … and call `adam_step(theta, grad, m, v, t, …)`, "
        "with m and v zero at first. Collect the θ's, the start included.",
    ],
    about={
        "no gradient at first": "wrong where the first gradients are 0",
        "a matrix of weights": "wrong where θ is a matrix",
        "gradients as small as ε": "wrong where the gradients are as small as ε",
        "a start of whole numbers": "wrong for a start of whole numbers: the path needs floats",
        "no memory": "wrong where both β are 0",
        "one update": "wrong for a single update",
    },
)


def walk(start, lr, moves):
    """The path of steps −η times each move."""
    path = [start]
    for move in moves:
        path.append(path[-1] - lr * move)
    return np.array(path)


def train(start, gradients, lr, beta1, beta2, eps, counter):
    """Adam that corrects m and v with the counts that `counter` gives for t = 0, 1, …"""
    path, m, v = [start], 0, 0
    for t, grad in enumerate(gradients):
        m, v = averages(grad, m, v, beta1, beta2)
        n_m, n_v = counter(t)
        direction, square = m / np.float64(1 - beta1**n_m), v / np.float64(1 - beta2**n_v)
        path.append(path[-1] - lr * direction / (np.sqrt(square) + eps))
    return np.array(path)


def counting(counter):
    """The answer that corrects both memories with n = counter(t), or each with its own."""

    def answer(start, gradients, lr, beta1, beta2, eps):
        return train(start, gradients, lr, beta1, beta2, eps, counter)

    return answer


for name, explanation, counter in (
    (
        "the counter still stands still",
        "This is what the class does: every update is corrected as if it were the first. Something "
        "that counts the updates does not count.",
        lambda t: (1, 1),
    ),
    (
        "the counter stands still for m, or m is a heavy ball",
        "v is corrected rightly, but m is divided by 1 − β₁ at every update, as if it were the "
        "first. An m that adds whole gradients and is not corrected gives the same.",
        lambda t: (1, t + 1),
    ),
    (
        "the counter stands still for v",
        "m is corrected rightly, but v at every update as if it were the first.",
        lambda t: (t + 1, 1),
    ),
    (
        "the counter is one behind",
        "The first update corrects with n = 0 and divides by 0. It has already seen one gradient.",
        lambda t: (t, t),
    ),
    (
        "the counter is one behind after the first update",
        "The first two updates both correct with n = 1. At each update n is one more.",
        lambda t: (max(t, 1), max(t, 1)),
    ),
    (
        "the counter is one ahead",
        "The first update corrects with n = 2, as if it had seen two gradients. The class was "
        "right at the first update.",
        lambda t: (t + 2, t + 2),
    ),
    (
        "the counter advances twice at each update",
        "At the second update the correction is that of n = 3. Each update brings one gradient.",
        lambda t: (2 * t + 1, 2 * t + 1),
    ),
    (
        "the counter advances twice at each update",
        "At the first update the correction is that of n = 2. Each update brings one gradient.",
        lambda t: (2 * t + 2, 2 * t + 2),
    ),
    (
        "the correction left out",
        "The steps no longer follow a wrong n, but the zero start is not corrected at all. The "
        "correction is right; what it is given is wrong.",
        lambda t: (np.inf, np.inf),
    ),
    (
        "only m corrected",
        "m is corrected, v is not. Both corrections of the class are right but for their n.",
        lambda t: (t + 1, np.inf),
    ),
    (
        "only v corrected",
        "v is corrected, m is not. Both corrections of the class are right but for their n.",
        lambda t: (np.inf, t + 1),
    ),
    (
        "the correction at the first update only",
        "The first update is corrected and no other. The zero start fades slowly: it still matters "
        "after many updates.",
        lambda t: (np.inf, np.inf) if t else (1, 1),
    ),
):
    mended.misconception(name, explanation, read="The-zero-start")(counting(counter))


@mended.misconception(
    "the memories begin anew at every update",
    "Every step is η times the sign of the newest gradient, as if m and v were zero before each "
    "update. They are zero once, before the first.",
    read="Two-memories",
)
def begins_anew(start, gradients, lr, beta1, beta2, eps):
    return walk(start, lr, gradients / (np.abs(gradients) + eps))


def forgetting(keep_m, keep_v):
    """The answer in which a memory that is not kept is 0 before every update."""

    def answer(start, gradients, lr, beta1, beta2, eps):
        path, m, v = [start], 0, 0
        for n, grad in enumerate(gradients, start=1):
            m, v = averages(grad, keep_m * m, keep_v * v, beta1, beta2)
            path.append(step(path[-1], m, v, n, lr, beta1, beta2, eps))
        return np.array(path)

    return answer


for keep_m, keep_v in ((0, 0), (0, 1), (1, 0)):
    mended.misconception(
        "a memory that is not handed on",
        "n counts rightly, but m or v or both are 0 again before every update. The new ones have "
        "to be there at the next update.",
        read="Two-memories",
    )(forgetting(keep_m, keep_v))


def on_other_gradients(order):
    """The answer that makes a right run on gradients in another order."""

    def answer(start, gradients, lr, beta1, beta2, eps):
        other = order(gradients)
        return train(start, other, lr, beta1, beta2, eps, lambda t: (t + 1, t + 1))

    return answer


for name, explanation, order in (
    (
        "the first gradient at every update",
        "Every update uses row 0 of the gradients. Update t uses row t.",
        lambda gradients: np.broadcast_to(gradients[0], gradients.shape),
    ),
    (
        "the last gradient first",
        "The gradients are used from the last to the first.",
        lambda gradients: gradients[::-1],
    ),
):
    mended.misconception(name, explanation, "Adam-in-three-lines")(on_other_gradients(order))


@mended.misconception(
    "T for n in the correction",
    "Every update is corrected as if it were the last. n is 1 at the first update and grows.",
    read="The-zero-start",
)
def as_the_last(start, gradients, lr, beta1, beta2, eps):
    updates = len(gradients)
    return train(start, gradients, lr, beta1, beta2, eps, lambda t: (updates, updates))


@mended.misconception(
    "the corrected memories kept",
    "The run goes on from the corrected m and v. They have no zero start in them any more, and the "
    "next update corrects them once more. Keep them as they were before.",
    read="The-zero-start",
)
def kept_corrected(start, gradients, lr, beta1, beta2, eps):
    m, v, moves = 0, 0, []
    for n, grad in enumerate(gradients, start=1):
        m, v = averages(grad, m, v, beta1, beta2)
        m, v = m / (1 - beta1**n), v / (1 - beta2**n)
        moves.append(m / (np.sqrt(v) + eps))
    return walk(start, lr, moves)


@mended.misconception(
    "ε inside the root",
    "σ is √(v + ε). In the class ε is added to the root: √v + ε.",
    read="Adam-in-three-lines",
)
def eps_inside(start, gradients, lr, beta1, beta2, eps):
    m, v, moves = 0, 0, []
    for n, grad in enumerate(gradients, start=1):
        m, v = averages(grad, m, v, beta1, beta2)
        moves.append(m / (1 - beta1**n) / np.sqrt(v / (1 - beta2**n) + eps))
    return walk(start, lr, moves)


@mended.misconception(
    "ε left out",
    "m is divided by √v alone. Where no gradient has ever been seen that is 0 divided by 0: add ε.",
    read="Adam-in-three-lines",
)
def eps_left_out(start, gradients, lr, beta1, beta2, eps):
    return train(start, gradients, lr, beta1, beta2, 0.0, lambda t: (t + 1, t + 1))


@mended.misconception(
    "ε before the correction",
    "ε is added to the root of the uncorrected v. In the class it is added after the correction.",
    read="Adam-in-three-lines",
)
def eps_first(start, gradients, lr, beta1, beta2, eps):
    m, v, moves = 0, 0, []
    for n, grad in enumerate(gradients, start=1):
        m, v = averages(grad, m, v, beta1, beta2)
        moves.append(m / (1 - beta1**n) / ((np.sqrt(v) + eps) / np.sqrt(1 - beta2**n)))
    return walk(start, lr, moves)


@mended.misconception(
    "σ corrected and not v",
    "The root of v is taken first and divided by 1 − β₂ⁿ then. In the class v is divided.",
    read="Adam-in-three-lines",
)
def root_first(start, gradients, lr, beta1, beta2, eps):
    m, v, moves = 0, 0, []
    for n, grad in enumerate(gradients, start=1):
        m, v = averages(grad, m, v, beta1, beta2)
        moves.append(m / (1 - beta1**n) / (np.sqrt(v) / (1 - beta2**n) + eps))
    return walk(start, lr, moves)


@mended.misconception(
    "β₁ and β₂ exchanged",
    "m has β₂ in it, and v has β₁. β₁ belongs to the direction, β₂ to the squares.",
    read="Adam-in-three-lines",
)
def exchanged_betas(start, gradients, lr, beta1, beta2, eps):
    return train(start, gradients, lr, beta2, beta1, eps, lambda t: (t + 1, t + 1))


@mended.misconception(
    "the same β for both memories",
    "Each memory has a β of its own: β₁ belongs to the direction, β₂ to the squares.",
    read="Adam-in-three-lines",
)
def beta1_twice(start, gradients, lr, beta1, beta2, eps):
    return train(start, gradients, lr, beta1, beta1, eps, lambda t: (t + 1, t + 1))


@mended.misconception(
    "the gradient for m",
    "The newest gradient is divided by σ: that is RMSProp with correction. Adam's step goes along "
    "m.",
    read="RMSProp-plus-momentum?",
)
def without_direction(start, gradients, lr, beta1, beta2, eps):
    return train(start, gradients, lr, 0.0, beta2, eps, lambda t: (t + 1, t + 1))


@mended.misconception(
    "a heavy ball for the average",
    "m adds whole gradients. In the class a new one enters with weight 1 − β₁.",
    read="A-sum-or-an-average?",
)
def adam_with_ball(start, gradients, lr, beta1, beta2, eps):
    rate = lr / (1 - beta1)
    return train(start, gradients, rate, beta1, beta2, eps, lambda t: (t + 1, t + 1))


@mended.misconception(
    "the weights β and 1 − β exchanged",
    "What is new enters with the weight β. In the class it enters with 1 − β.",
    read="Two-memories",
)
def exchanged_weights(start, gradients, lr, beta1, beta2, eps):
    m, v, moves = 0, 0, []
    for n, grad in enumerate(gradients, start=1):
        m, v = averages(grad, m, v, 1 - beta1, 1 - beta2)
        moves.append(m / (1 - beta1**n) / (np.sqrt(v / (1 - beta2**n)) + eps))
    return walk(start, lr, moves)


@mended.misconception(
    "uphill",
    "The steps have the right length and go the wrong way: θ moves against m.",
    read="Adam-in-three-lines",
)
def uphill_run(start, gradients, lr, beta1, beta2, eps):
    return train(start, gradients, -lr, beta1, beta2, eps, lambda t: (t + 1, t + 1))


@mended.misconception(
    "every step from the start",
    "Each row is the start and one step. An update starts where the one before has ended.",
    read="Adam-in-three-lines",
)
def always_from_the_start(start, gradients, lr, beta1, beta2, eps):
    path = train(start, gradients, lr, beta1, beta2, eps, lambda t: (t + 1, t + 1))
    return np.array([start, *(start + np.diff(path, axis=0))])


@mended.misconception(
    "the end of the run for its path",
    "Only the end of the run is returned. All of its way is asked for: row 0 is the start, and "
    "every update adds a row.",
    read="Adam-in-three-lines",
)
def only_the_end(start, gradients, lr, beta1, beta2, eps):
    return train(start, gradients, lr, beta1, beta2, eps, lambda t: (t + 1, t + 1))[-1]


@mended.misconception(
    "the path without its start",
    "The path begins with the first update. Row 0 is the start, so T updates make T + 1 rows.",
    read="Adam-in-three-lines",
)
def without_its_start(start, gradients, lr, beta1, beta2, eps):
    return train(start, gradients, lr, beta1, beta2, eps, lambda t: (t + 1, t + 1))[1:]


@mended.misconception(
    "the path without its end",
    "The last update is missing. Row 0 is the start, so T updates make T + 1 rows.",
    read="Adam-in-three-lines",
)
def without_its_end(start, gradients, lr, beta1, beta2, eps):
    return train(start, gradients, lr, beta1, beta2, eps, lambda t: (t + 1, t + 1))[:-1]


RATES = np.array([0.001, 0.01, 0.1, 1.0])
# At 0.1 one seed has bad luck, and at 1 one has good luck; on the other set 0.01 looks best.
CHOOSE = np.array([[1.2, 0.5, 0.4, 2.3], [1.1, 0.6, 0.3, 0.1], [1.3, 0.4, 2.0, 2.5]])
REPORT = np.array([[1.3, 0.6, 0.5, 2.2], [1.2, 0.3, 0.9, 2.4], [1.1, 0.4, 0.7, 2.6]])
FIVE = {
    "rates": np.array([0.02, 0.2, 2.0]),
    "choose_losses": np.array(
        [[0.62, 0.41, 0.1], [0.55, 0.52, 0.2], [0.6, 0.44, 0.9], [0.57, 0.7, 0.8], [0.64, 0.9, 0.7]]
    ),
    "report_losses": np.array(
        [[0.7, 0.9, 0.2], [0.4, 0.5, 0.3], [0.6, 0.46, 0.8], [0.3, 0.55, 0.7], [0.75, 0.8, 0.95]]
    ),
}
EVEN = "wrong where the number of seeds is even"

fair = Task(
    "tuned_result",
    cases={
        "three seeds": {"rates": RATES, "choose_losses": CHOOSE, "report_losses": REPORT},
        "a run that diverged": {
            "rates": RATES[:3],
            "choose_losses": np.array([[0.9, 0.3, np.inf], [0.8, np.inf, np.inf], [1.0, 0.2, 0.1]]),
            "report_losses": np.array([[0.7, 0.4, np.inf], [0.8, np.inf, 3.0], [0.9, 0.1, 0.2]]),
        },
        "a good rate with a diverged run": {
            "rates": np.array([0.05, 0.5, 5.0]),
            "choose_losses": np.array([[0.5, np.inf, 0.35], [0.6, 0.2, 0.1], [0.4, 0.7, 0.3]]),
            "report_losses": np.array([[0.55, np.inf, 0.4], [0.65, 0.25, 0.9], [0.3, 0.8, 0.2]]),
        },
        "four seeds": {
            "rates": RATES,
            "choose_losses": np.vstack([CHOOSE, [1.0, 1.5, 0.2, 0.2]]),
            "report_losses": np.vstack([REPORT, [1.0, 0.2, 0.1, 0.3]]),
        },
        "four seeds again": {
            "rates": np.array([0.3, 3.0]),
            "choose_losses": np.array([[0.5, 0.1], [0.6, 0.55], [0.3, 0.56], [0.9, 0.8]]),
            "report_losses": np.array([[0.7, 0.4], [0.9, 0.6], [0.2, 0.7], [0.35, 0.95]]),
        },
        "two seeds": {
            "rates": np.array([0.4, 0.04, 0.004]),
            "choose_losses": np.array([[0.2, 0.5, 0.75], [1.2, 0.6, 0.55]]),
            "report_losses": np.array([[0.3, 0.45, 0.5], [0.9, 0.52, 0.1]]),
        },
        "five seeds": FIVE,
        "one seed": {
            "rates": np.array([0.3, 0.1, 0.03]),
            "choose_losses": np.array([[0.5, 0.2, 0.4]]),
            "report_losses": np.array([[0.1, 0.6, 0.5]]),
        },
        "rates in no order": {
            "rates": RATES[[2, 0, 3, 1]],
            "choose_losses": CHOOSE[:, [2, 0, 3, 1]],
            "report_losses": REPORT[:, [2, 0, 3, 1]],
        },
        "one rate": {
            "rates": np.array([0.05]),
            "choose_losses": np.array([[0.4]]),
            "report_losses": np.array([[0.7]]),
        },
    },
    hints=[
        "Two questions, two sets: which rate (answered on the set for choosing only), and how good "
        "it is (answered on the set for reporting only). What is one number for several seeds?",
        "`np.median(…, axis=0)` goes over the seeds and leaves one median for each rate; "
        "`.argmin()` gives the index of the lowest.",
        "Take that index as column of the losses for reporting: its entry of `rates`, then the "
        "column's median, minimum and maximum.",
    ],
    about={
        "a run that diverged": "wrong where a run diverged",
        "a good rate with a diverged run": "wrong where a run diverged",
        "four seeds": EVEN,
        "four seeds again": EVEN,
        "two seeds": EVEN,
        "one seed": "wrong for a single seed",
        "rates in no order": "wrong where the rates are in no order",
        "one rate": "wrong for a single rate",
    },
)


def told(rate, losses):
    return rate, np.median(losses), losses.min(), losses.max()


def lower(losses):
    return np.sort(losses, axis=0)[(len(losses) - 1) // 2]


def upper(losses):
    return np.sort(losses, axis=0)[len(losses) // 2]


def right_report(choose_losses, report_losses):
    """The index of the rate, and the losses reported at it."""
    best = np.median(choose_losses, axis=0).argmin()
    return best, report_losses[:, best]


@fair.misconception(
    "the rate chosen on the reported losses",
    "This rate is the best on the set that the result is reported on. Then the report is too good: "
    "the set must play no part in any choice.",
    read="A-fair-comparison",
)
def peeked(rates, choose_losses, report_losses):
    best, losses = right_report(report_losses, report_losses)
    return told(rates[best], losses)


@fair.misconception(
    "the lowest reported median of all rates",
    "The rate is right, but the result is that of the rate which is best on the set for reporting.",
    read="A-fair-comparison",
)
def best_reported(rates, choose_losses, report_losses):
    best, _ = right_report(choose_losses, report_losses)
    _, losses = right_report(report_losses, report_losses)
    return told(rates[best], losses)


@fair.misconception(
    "the rate chosen on both sets together",
    "The set for reporting must play no part in any choice: the rate has the lowest median on the "
    "set for choosing.",
    read="A-fair-comparison",
)
def pooled(rates, choose_losses, report_losses):
    best = np.median(np.vstack([choose_losses, report_losses]), axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the rate chosen on both sets together",
    "The set for reporting must play no part in any choice: the rate has the lowest median on the "
    "set for choosing.",
    read="A-fair-comparison",
)
def added(rates, choose_losses, report_losses):
    best = np.median(choose_losses + report_losses, axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the sets for choosing and reporting exchanged",
    "The rate is the best on the set for reporting, and the losses are those on the set for "
    "choosing. It is the other way round.",
    read="A-fair-comparison",
)
def sets_exchanged(rates, choose_losses, report_losses):
    best, losses = right_report(report_losses, choose_losses)
    return told(rates[best], losses)


@fair.misconception(
    "the losses for choosing reported",
    "The reported losses are those by which the rate was chosen. The lowest of several is low "
    "partly by luck: report the losses on the other set.",
    read="A-fair-comparison",
)
def same_set(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, choose_losses)
    return told(rates[best], losses)


@fair.misconception(
    "the median on the set for choosing",
    "Rate, lowest and highest are right, but the median is that of the losses by which the rate "
    "was chosen. Report it on the other set.",
    read="A-fair-comparison",
)
def median_of_choice(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return rates[best], np.median(choose_losses[:, best]), losses.min(), losses.max()


@fair.misconception(
    "lowest and highest on the set for choosing",
    "Rate and median are right, but the range is that of the losses by which the rate was chosen.",
    read="A-fair-comparison",
)
def range_of_choice(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    chosen = choose_losses[:, best]
    return rates[best], np.median(losses), chosen.min(), chosen.max()


@fair.misconception(
    "the rate of the luckiest run",
    "This rate has the single lowest loss. One lucky seed decides then: take the median over the "
    "seeds for each rate first.",
    read="A-fair-comparison",
)
def luckiest(rates, choose_losses, report_losses):
    best = choose_losses.min(axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the rate with the lowest mean",
    "This rate is the best by the mean over the seeds. One bad seed moves it far, and one run that "
    "diverged makes it infinite. The median is asked for.",
    read="A-fair-comparison",
)
def by_mean(rates, choose_losses, report_losses):
    best = choose_losses.mean(axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "means for medians",
    "The rate has the lowest mean, and a mean is reported. One bad seed moves a mean far, and one "
    "run that diverged makes it infinite: take the median for both.",
    read="A-fair-comparison",
)
def means(rates, choose_losses, report_losses):
    best = choose_losses.mean(axis=0).argmin()
    losses = report_losses[:, best]
    return rates[best], losses.mean(), losses.min(), losses.max()


@fair.misconception(
    "the rate with the best worst seed",
    "This rate is the best by the highest loss over the seeds. One bad seed decides then: take the "
    "median.",
    read="A-fair-comparison",
)
def by_worst(rates, choose_losses, report_losses):
    best = choose_losses.max(axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the rate with the highest median",
    "A loss is good where it is low.",
    read="A-fair-comparison",
)
def highest_median(rates, choose_losses, report_losses):
    best = np.median(choose_losses, axis=0).argmax()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the rate of the first seed alone",
    "The rate is the best for the first seed. One seed can have luck: take the median over all.",
    read="A-fair-comparison",
)
def first_seed(rates, choose_losses, report_losses):
    best = choose_losses[0].argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the rate that is best for most seeds",
    "Every seed has one vote here, however close the losses are. The rate with the lowest median "
    "loss is asked for.",
    read="A-fair-comparison",
)
def vote(rates, choose_losses, report_losses):
    best = np.bincount(choose_losses.argmin(axis=1)).argmax()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the mean reported for the median",
    "The rate is right, but the mean of its losses is reported. The median is asked for.",
    read="A-fair-comparison",
)
def mean_reported(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return rates[best], losses.mean(), losses.min(), losses.max()


@fair.misconception(
    "the standard deviation for lowest and highest",
    "The range is given as median minus and plus the standard deviation. The lowest and the "
    "highest loss are asked for.",
    read="A-fair-comparison",
)
def deviation(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    middle, apart = np.median(losses), np.std(losses)
    return rates[best], middle, middle - apart, middle + apart


@fair.misconception(
    "the distance between lowest and highest for both",
    "The range is given as one number. The lowest and the highest loss are asked for, so four "
    "results in all.",
    read="A-fair-comparison",
)
def width(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return rates[best], np.median(losses), losses.max() - losses.min()


@fair.misconception(
    "the medians taken over the rates",
    "The medians go along axis 1: one for each seed. For each rate the median is over the seeds, "
    "along axis 0.",
    read="A-fair-comparison",
)
def over_rates(rates, choose_losses, report_losses):
    best = np.median(choose_losses, axis=1).argmin() % len(rates)
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the index of the rate for the rate",
    "The first result is the position of the rate in the list. Take `rates` at this position.",
    read="A-fair-comparison",
)
def index(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return told(best, losses)


@fair.misconception(
    "a rate of its own for every seed",
    "Every seed has its own best rate here. A rule has one rate for all seeds: in use, nobody "
    "knows beforehand which start and which batches will come.",
    read="A-fair-comparison",
)
def each_seed(rates, choose_losses, report_losses):
    best = choose_losses.argmin(axis=1)
    return told(np.median(rates[best]), report_losses[np.arange(len(best)), best])


@fair.misconception(
    "diverged runs left out of the choice",
    "The median for the choice is taken without the runs that diverged. A rate that makes runs "
    "diverge is then judged by its good ones only: inf counts as one very high loss.",
    read="A-fair-comparison",
)
def finite_only(rates, choose_losses, report_losses):
    finite = np.where(np.isinf(choose_losses), np.nan, choose_losses)
    best = np.nanmedian(finite, axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "rates with a diverged run forbidden",
    "A rate with a diverged run is never taken here. It is not forbidden: inf counts as one very "
    "high loss, and one bad seed does not change a median much.",
    read="A-fair-comparison",
)
def forbidden(rates, choose_losses, report_losses):
    finite = np.isfinite(choose_losses).all(axis=0)
    best = np.where(finite, np.median(choose_losses, axis=0), np.inf).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "diverged runs left out of the report",
    "The rate is right, but its losses are reported without the run that diverged. All S losses "
    "count, inf as well.",
    read="A-fair-comparison",
)
def finite_reported(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return told(rates[best], losses[np.isfinite(losses)])


@fair.misconception(
    "diverged runs left out of choice and report",
    "Everything is computed without the runs that diverged. Then a rule that often diverges looks "
    "as good as its lucky runs: inf counts as one very high loss.",
    read="A-fair-comparison",
)
def finite_everywhere(rates, choose_losses, report_losses):
    finite = np.where(np.isinf(choose_losses), np.nan, choose_losses)
    losses = report_losses[:, np.nanmedian(finite, axis=0).argmin()]
    best = np.nanmedian(finite, axis=0).argmin()
    return told(rates[best], losses[np.isfinite(losses)])


@fair.misconception(
    "inf counted as 0",
    "A run that diverged counts as a very good one in the choice. inf is a very high loss, and a "
    "median can hold it.",
    read="A-fair-comparison",
)
def diverged_is_0(rates, choose_losses, report_losses):
    best = np.median(np.where(np.isinf(choose_losses), 0, choose_losses), axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the row of the rate for its column",
    "The rate is right, but the losses are those of one seed. A column belongs to a rate.",
    read="A-fair-comparison",
)
def row(rates, choose_losses, report_losses):
    best, _ = right_report(choose_losses, report_losses)
    return told(rates[best], report_losses[best % len(report_losses)])


@fair.misconception(
    "the lowest loss for the median",
    "The rate is right, but the best run is reported in the place of the median.",
    read="A-fair-comparison",
)
def best_run(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return rates[best], losses.min(), losses.min(), losses.max()


@fair.misconception(
    "the middle between lowest and highest for the median",
    "The rate is right, but a single bad seed moves what is reported. The median is asked for.",
    read="A-fair-comparison",
)
def mid_range(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return rates[best], (losses.min() + losses.max()) / 2, losses.min(), losses.max()


@fair.misconception(
    "the median over all rates",
    "The median goes over the whole table. It belongs to the chosen rate: its column only.",
    read="A-fair-comparison",
)
def median_of_all(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return rates[best], np.median(report_losses), losses.min(), losses.max()


@fair.misconception(
    "the lowest median for the rate",
    "The first result is a loss. The rate that has it is asked for.",
    read="A-fair-comparison",
)
def loss_for_rate(rates, choose_losses, report_losses):
    _, losses = right_report(choose_losses, report_losses)
    return told(np.median(choose_losses, axis=0).min(), losses)


@fair.misconception(
    "diverged runs left out of the median",
    "The rate and the range are right, but the reported median leaves out the run that diverged. "
    "All S losses count, inf as well.",
    read="A-fair-comparison",
)
def finite_median(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    middle = np.median(losses[np.isfinite(losses)])
    return rates[best], middle, losses.min(), losses.max()


@fair.misconception(
    "diverged runs left out of the range",
    "The rate and the median are right, but the highest loss leaves out the run that diverged. "
    "All S losses count, inf as well.",
    read="A-fair-comparison",
)
def finite_range(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    finite = losses[np.isfinite(losses)]
    return rates[best], np.median(losses), finite.min(), finite.max()


middle_half = fair.misconception(
    "quartiles for lowest and highest",
    "The range holds the middle half of the losses. The lowest and the highest are asked for.",
    read="A-fair-comparison",
)


def within_quartiles(rates, choose_losses, report_losses, method):
    best, losses = right_report(choose_losses, report_losses)
    return rates[best], np.median(losses), *np.quantile(losses, [0.25, 0.75], method=method)


@middle_half
def quartiles(rates, choose_losses, report_losses):
    return within_quartiles(rates, choose_losses, report_losses, "linear")


@middle_half
def nearest_quartiles(rates, choose_losses, report_losses):
    return within_quartiles(rates, choose_losses, report_losses, "nearest")


@middle_half
def outer_quartiles(rates, choose_losses, report_losses):
    return within_quartiles(rates, choose_losses, report_losses, "lower")


@fair.misconception(
    "the middle one of the best rates of the seeds",
    "Every seed has its own best rate here, and the middle one is taken. Take the rate with the "
    "lowest median loss.",
    read="A-fair-comparison",
)
def middle_rate(rates, choose_losses, report_losses):
    best = int(np.median(choose_losses.argmin(axis=1)))
    return told(rates[best], report_losses[:, best])


MIDDLE = (
    "Of four losses in order, the second and the third are in the middle, and the median is their "
    "mean. With an odd number of seeds the results are right."
)


def by_middle(choose, report):
    """The answer that takes one loss in the place of each median."""

    def answer(rates, choose_losses, report_losses):
        best = choose(choose_losses).argmin()
        losses = report_losses[:, best]
        return rates[best], report(losses), losses.min(), losses.max()

    return answer


def median(losses):
    return np.median(losses, axis=0)


for choose, report, kind in (
    (upper, upper, "upper of the two middle losses for their mean"),
    (upper, median, "upper of the two middle losses for their mean, in the choice"),
    (median, upper, "upper of the two middle losses for their mean, in the report"),
    (lower, lower, "lower of the two middle losses for their mean"),
    (lower, median, "lower of the two middle losses for their mean, in the choice"),
    (median, lower, "lower of the two middle losses for their mean, in the report"),
):
    answer = by_middle(choose, report)
    fair.misconception(f"the {kind}", MIDDLE, read="A-fair-comparison")(answer)


def second(losses):
    return np.sort(losses, axis=0)[min(1, len(losses) - 1)]


def second_highest(losses):
    return np.sort(losses, axis=0)[max(len(losses) - 2, 0)]


for runner_up in (second, second_highest):
    for report in (median, runner_up):
        fair.misconception(
            "the second loss in order for the median",
            "With three seeds the second loss is the one in the middle. With more it is not.",
            read="A-fair-comparison",
        )(by_middle(runner_up, report))


def unsorted(losses):
    return losses[len(losses) // 2]


for choose, report in ((unsorted, unsorted), (unsorted, median), (median, unsorted)):
    fair.misconception(
        "the loss in the middle row for the median",
        "The seeds are in no order. The loss in the middle is found after the losses are sorted.",
        read="A-fair-comparison",
    )(by_middle(choose, report))


@fair.misconception(
    "lowest and highest exchanged",
    "The lowest loss comes before the highest.",
    read="A-fair-comparison",
)
def range_exchanged(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return rates[best], np.median(losses), losses.max(), losses.min()


@fair.misconception(
    "the median last",
    "All four are right, but the order is rate, median, lowest, highest.",
    read="A-fair-comparison",
)
def median_last(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return rates[best], losses.min(), losses.max(), np.median(losses)


@fair.misconception(
    "the median between lowest and highest",
    "All four are right, but the order is rate, median, lowest, highest.",
    read="A-fair-comparison",
)
def median_between(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return rates[best], losses.min(), np.median(losses), losses.max()


@fair.misconception(
    "lowest and highest over all rates",
    "The range goes over the whole table. It belongs to the chosen rate: its column only.",
    read="A-fair-comparison",
)
def whole_table(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return rates[best], np.median(losses), report_losses.min(), report_losses.max()


@fair.misconception(
    "lowest and highest of the medians of all rates",
    "The range goes over the medians of the rates. It belongs to the chosen rate and goes over its "
    "seeds.",
    read="A-fair-comparison",
)
def range_of_medians(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    medians = np.median(report_losses, axis=0)
    return rates[best], np.median(losses), medians.min(), medians.max()


@fair.misconception(
    "median and range over all rates",
    "Median and range go over the whole table. They belong to the chosen rate: its column only.",
    read="A-fair-comparison",
)
def all_reported(rates, choose_losses, report_losses):
    best, _ = right_report(choose_losses, report_losses)
    return told(rates[best], report_losses)


@fair.misconception(
    "the rates sorted, the losses not",
    "The rate is taken from the sorted rates. Column r of the losses belongs to rates[r].",
    read="A-fair-comparison",
)
def sorted_rates(rates, choose_losses, report_losses):
    best, losses = right_report(choose_losses, report_losses)
    return told(np.sort(rates)[best], losses)


# An ε of 1e-8 in the place of none is not seen: no gradient is small beside its θ.
decay = Task(
    "decayed_step",
    cases={
        f"{name}, {kind}": {"theta": theta, "grad": grad, "lr": lr, "weight_decay": w, "kind": kind}
        for name, theta, grad, lr, w in (
            ("a small decay", np.array([2.0, -3.0, 1.5]), np.array([0.5, 0.9, -0.7]), 0.01, 0.1),
            ("a large decay", np.array([1.6, 3.0, -2.0]), np.array([-0.5, 0.6, 2.2]), 0.04, 0.8),
            ("no gradient of the loss", np.array([2.5, -0.8]), np.zeros(2), 0.01, 0.6),
            ("no decay", np.array([1.2, -2.0, 0.7]), np.array([-0.6, 3.0, 0.9]), 0.05, 0.0),
            ("a weight of 0", np.array([0.0, 0.0, 1.4]), np.array([0.0, 15.0, -0.6]), 0.02, 0.25),
            (
                "a matrix of weights",
                np.array([[1.3, -0.9, 2.0], [0.6, 1.7, -1.1]]),
                np.array([[-1.4, 0.9, -0.3], [0.6, -1.5, 0.9]]),
                0.03,
                0.4,
            ),
        )
        for kind in ("L2", "AdamW")
    },
    hints=[
        "Before the first update both memories are 0. How long is the first step of Adam with its "
        "correction, whatever gradient it takes in? What alone does the gradient decide?",
        "m̂ is the gradient that came in, and σ̂ is its size. So m̂/σ̂ is 1, −1 or 0: `np.sign` of "
        "that gradient. In L2 it is grad + wθ, in AdamW it is grad.",
        "L2: θ − η · sign(grad + wθ). AdamW: θ − η (sign(grad) + wθ).",
    ],
    about={
        f"{name}, {kind}": f"wrong for {kind} {where}"
        for name, where in (
            ("no gradient of the loss", "where the loss has no gradient"),
            ("no decay", "where w is 0"),
            ("a weight of 0", "where a weight is 0"),
            ("a matrix of weights", "where θ is a matrix"),
        )
        for kind in ("L2", "AdamW")
    },
)


def decaying(in_l2, in_adamw):
    """The answer that moves θ by −η times one of two functions of θ, grad and w."""

    def answer(theta, grad, lr, weight_decay, kind):
        move = in_l2 if kind == "L2" else in_adamw
        with np.errstate(all="ignore"):
            return theta - lr * move(theta, grad, weight_decay)

    return answer


def l2(theta, grad, w):
    return np.sign(grad + w * theta)


def adamw(theta, grad, w):
    return np.sign(grad) + w * theta


for name, explanation, in_l2, in_adamw in (
    (
        "L2 and AdamW exchanged",
        "Each kind has the step of the other. In L2 the decay is a part of the gradient that m and "
        "σ take in; in AdamW it is kept apart.",
        adamw,
        l2,
    ),
    (
        "AdamW for both",
        "L2 has the step of AdamW. In L2 the decay is a part of the gradient, so m̂/σ̂ is the sign "
        "of g + wθ.",
        adamw,
        adamw,
    ),
    (
        "L2 for both",
        "AdamW has the step of L2. In AdamW neither m nor σ sees the decay: ηwθ is taken off "
        "beside the step.",
        l2,
        l2,
    ),
    (
        "no decay",
        "Both steps are those of Adam alone. The decay pulls θ towards 0: in L2 within the "
        "gradient, in AdamW beside it.",
        lambda theta, grad, w: np.sign(grad),
        lambda theta, grad, w: np.sign(grad),
    ),
    (
        "no decay in L2",
        "AdamW is right. In L2 m and v take in g + wθ, and not g alone.",
        lambda theta, grad, w: np.sign(grad),
        adamw,
    ),
    (
        "no decay in AdamW",
        "L2 is right. In AdamW θ also loses ηwθ.",
        l2,
        lambda theta, grad, w: np.sign(grad),
    ),
    (
        "nothing divided by σ",
        "These steps are those of gradient descent, η (g + wθ). Adam divides what m has taken in "
        "by σ: of a gradient only its sign is left at the first update.",
        lambda theta, grad, w: grad + w * theta,
        lambda theta, grad, w: grad + w * theta,
    ),
    (
        "L2 not divided by σ",
        "AdamW is right. In L2 the sum g + wθ is the gradient that m and σ take in, so of it only "
        "the sign is left.",
        lambda theta, grad, w: grad + w * theta,
        adamw,
    ),
    (
        "AdamW not divided by σ",
        "L2 is right. In AdamW the gradient g is divided by σ̂, and only the decay wθ is not.",
        l2,
        lambda theta, grad, w: grad + w * theta,
    ),
    (
        "the decay in m and not in σ",
        "In L2 the sum g + wθ is divided by |g|. Both memories take in the same gradient, so it is "
        "divided by its own size.",
        lambda theta, grad, w: (grad + w * theta) / np.abs(grad),
        adamw,
    ),
    (
        "the decay in σ and not in m",
        "In L2 g is divided by |g + wθ|. Both memories take in the same gradient, g + wθ.",
        lambda theta, grad, w: grad / np.abs(grad + w * theta),
        adamw,
    ),
    (
        "AdamW's decay divided by σ",
        "L2 is right. In AdamW wθ is divided by |g| here; it stands beside m̂/σ̂.",
        l2,
        lambda theta, grad, w: (grad + w * theta) / np.abs(grad),
    ),
    (
        "two signs in L2",
        "g and wθ each move θ by η here. They are added before m and σ take them in, so the larger "
        "one decides the sign of a single step.",
        lambda theta, grad, w: np.sign(grad) + np.sign(w * theta),
        adamw,
    ),
    (
        "the sign of θ for θ",
        "In AdamW every weight loses ηw here, a small one as much as a large one. It loses ηwθ.",
        l2,
        lambda theta, grad, w: np.sign(grad) + w * np.sign(theta),
    ),
    (
        "the decay away from 0",
        "wθ has the wrong sign in both kinds. The decay pulls θ towards 0.",
        lambda theta, grad, w: np.sign(grad - w * theta),
        lambda theta, grad, w: np.sign(grad) - w * theta,
    ),
    (
        "L2's decay away from 0",
        "AdamW is right. In L2 wθ has the wrong sign: the decay pulls θ towards 0.",
        lambda theta, grad, w: np.sign(grad - w * theta),
        adamw,
    ),
    (
        "AdamW's decay away from 0",
        "L2 is right. In AdamW wθ has the wrong sign: the decay pulls θ towards 0.",
        l2,
        lambda theta, grad, w: np.sign(grad) - w * theta,
    ),
    (
        "uphill",
        "Every step goes the wrong way: θ moves against the gradient and towards 0.",
        lambda theta, grad, w: -l2(theta, grad, w),
        lambda theta, grad, w: -adamw(theta, grad, w),
    ),
    (
        "uphill, with the decay towards 0",
        "The decay of AdamW is right, but m̂/σ̂ has the wrong sign.",
        lambda theta, grad, w: -l2(theta, grad, w),
        lambda theta, grad, w: -np.sign(grad) + w * theta,
    ),
    (
        "θ² for θ in L2",
        "A term with θ² is added to the gradient. ½wθ² is the decay as a part of the loss; its "
        "gradient is wθ.",
        lambda theta, grad, w: np.sign(grad + 0.5 * w * theta**2),
        adamw,
    ),
    (
        "AdamW's decay within the sign",
        "L2 is right. In AdamW the sign is taken of m̂/σ̂ and wθ together. wθ stands beside it.",
        l2,
        lambda theta, grad, w: np.sign(np.sign(grad) + w * theta),
    ),
    (
        "|θ| for θ",
        "The decay pulls every weight downwards, a negative one away from 0. It pulls by wθ.",
        lambda theta, grad, w: np.sign(grad + w * np.abs(theta)),
        lambda theta, grad, w: np.sign(grad) + w * np.abs(theta),
    ),
    (
        "−1 for the sign of 0",
        "Where the gradient that came in is 0, θ moves by η. There m̂/σ̂ counts as 0.",
        lambda theta, grad, w: np.where(grad + w * theta > 0, 1.0, -1.0),
        lambda theta, grad, w: np.where(grad > 0, 1.0, -1.0) + w * theta,
    ),
    (
        "1 for the sign of 0",
        "Where the gradient that came in is 0, θ moves by η. There m̂/σ̂ counts as 0.",
        lambda theta, grad, w: np.where(grad + w * theta >= 0, 1.0, -1.0),
        lambda theta, grad, w: np.where(grad >= 0, 1.0, -1.0) + w * theta,
    ),
    (
        "θ² for θ",
        "The decay pulls by wθ, a negative weight upwards and a positive one downwards.",
        lambda theta, grad, w: np.sign(grad + w * theta**2),
        lambda theta, grad, w: np.sign(grad) + w * theta**2,
    ),
    (
        "2wθ for wθ",
        "The decay counts twice, as the gradient of wθ² would. Its gradient is wθ.",
        lambda theta, grad, w: np.sign(grad + 2 * w * theta),
        lambda theta, grad, w: np.sign(grad) + 2 * w * theta,
    ),
    (
        "0 divided by 0",
        "Where the gradient that came in is 0, g/|g| is NaN. There m̂/σ̂ counts as 0; `np.sign` "
        "gives that.",
        lambda theta, grad, w: (grad + w * theta) / np.abs(grad + w * theta),
        lambda theta, grad, w: grad / np.abs(grad) + w * theta,
    ),
    (
        "one σ for all weights",
        "The gradient is divided by one number. σ belongs to each weight by itself, so every "
        "weight with a gradient moves by η.",
        lambda theta, grad, w: (grad + w * theta) / np.linalg.norm(grad + w * theta),
        lambda theta, grad, w: grad / np.linalg.norm(grad) + w * theta,
    ),
    (
        "v without its root",
        "m̂ is divided by v̂, the square of the gradient. σ̂ is its root, so m̂/σ̂ is the sign.",
        lambda theta, grad, w: (grad + w * theta) / ((grad + w * theta) ** 2 + 1e-30),
        lambda theta, grad, w: grad / (grad**2 + 1e-30) + w * theta,
    ),
    (
        "v without its root",
        "m̂ is divided by v̂, the square of the gradient. σ̂ is its root, so m̂/σ̂ is the sign.",
        lambda theta, grad, w: (grad + w * theta) / (grad + w * theta) ** 2,
        lambda theta, grad, w: grad / grad**2 + w * theta,
    ),
    (
        "w without θ",
        "The same w is taken off for every weight. The pull of the decay is wθ: larger for a "
        "larger weight, and always towards 0.",
        lambda theta, grad, w: np.sign(grad + w),
        lambda theta, grad, w: np.sign(grad) + w,
    ),
    (
        "the decay twice in AdamW",
        "In AdamW the decay is in the gradient and beside the step as well. It stands beside it "
        "only.",
        l2,
        lambda theta, grad, w: l2(theta, grad, w) + w * theta,
    ),
    (
        "the decay twice in L2",
        "In L2 the decay is in the gradient and beside the step as well. It stands in the gradient "
        "only.",
        lambda theta, grad, w: l2(theta, grad, w) + w * theta,
        adamw,
    ),
    (
        "the decay on its own in AdamW",
        "AdamW's step has lost the gradient: θ ← θ − ηwθ alone.",
        l2,
        lambda theta, grad, w: w * theta,
    ),
):
    decay.misconception(name, explanation, read="AdamW-against-L2")(decaying(in_l2, in_adamw))


@decay.misconception(
    "AdamW's decay without η",
    "In AdamW θ loses wθ. η multiplies both parts: θ ← θ − η (m̂/σ̂ + wθ).",
    read="AdamW-against-L2",
)
def no_rate(theta, grad, lr, weight_decay, kind):
    if kind == "L2":
        return theta - lr * l2(theta, grad, weight_decay)
    return theta - lr * np.sign(grad) - weight_decay * theta


@decay.misconception(
    "the decay of the moved weight",
    "In AdamW the decay is taken of θ after its step. Both parts belong to the θ that came in.",
    read="AdamW-against-L2",
)
def moved_first(theta, grad, lr, weight_decay, kind):
    if kind == "L2":
        return theta - lr * l2(theta, grad, weight_decay)
    return (theta - lr * np.sign(grad)) * (1 - lr * weight_decay)


@decay.misconception(
    "the decay in the gradient multiplied by η",
    "In L2 the gradient that m and v take in is g + ηwθ. η comes later, with the step: g + wθ.",
    read="AdamW-against-L2",
)
def rate_in_the_gradient(theta, grad, lr, weight_decay, kind):
    if kind == "L2":
        return theta - lr * l2(theta, grad, lr * weight_decay)
    return theta - lr * adamw(theta, grad, weight_decay)


@decay.misconception(
    "the step for the new θ",
    "The result is the change of θ alone. Return θ after it.",
    read="AdamW-against-L2",
)
def change(theta, grad, lr, weight_decay, kind):
    move = l2 if kind == "L2" else adamw
    return -lr * move(theta, grad, weight_decay)


@decay.misconception(
    "the step for the new θ",
    "The result is the change of θ alone. Return θ after it.",
    read="AdamW-against-L2",
)
def change_uphill(theta, grad, lr, weight_decay, kind):
    return -change(theta, grad, lr, weight_decay, kind)


@decay.misconception(
    "steps without the correction",
    "Both steps are those of uncorrected memories: with the usual β₁ and β₂ the first is 3.16 η "
    "long. With the correction it is η.",
    read="The-zero-start",
)
def uncorrected_first(theta, grad, lr, weight_decay, kind):
    first = 0.1 / np.sqrt(0.001)
    if kind == "L2":
        return theta - lr * first * l2(theta, grad, weight_decay)
    return theta - lr * (first * np.sign(grad) + weight_decay * theta)


VALLEY = {"curvatures": np.array([200.0, 0.02]), "sigmas": np.array([10.0, 0.1])}
DECEPTIVE = {"curvatures": np.array([30.0, 1.0, 100.0]), "sigmas": np.array([5.0, 0.01, 50.0])}
ELSEWHERE = "wrong where the coordinate with the largest λ/σ is not the steepest"

stable = Task(
    "largest_rate_with_memory",
    cases={
        "a valley, average": {**VALLEY, "beta": 0.9, "form": "average"},
        "a valley, ball": {**VALLEY, "beta": 0.9, "form": "ball"},
        "the steepest has a large σ, average": {**DECEPTIVE, "beta": 0.5, "form": "average"},
        "the steepest has a large σ, ball": {**DECEPTIVE, "beta": 0.75, "form": "ball"},
        "four coordinates": {
            "curvatures": np.array([0.5, 3.0, 40.0, 7.0]),
            "sigmas": np.array([3.1, 0.6, 2.5, 0.9]),
            "beta": 0.3,
            "form": "average",
        },
        "no memory, average": {**VALLEY, "beta": 0.0, "form": "average"},
        "no memory, ball": {**VALLEY, "beta": 0.0, "form": "ball"},
        "one coordinate": {
            "curvatures": np.array([4.0]),
            "sigmas": np.array([0.7]),
            "beta": 0.99,
            "form": "ball",
        },
        "a flat coordinate": {
            "curvatures": np.array([0.0, 5.0]),
            "sigmas": np.array([0.001, 2.0]),
            "beta": 0.6,
            "form": "average",
        },
    },
    hints=[
        "At the limit m changes its sign at every update, as g does: the new m is minus the old "
        "one. Put that into the rule for m. What share of g is m?",
        "Average: m = −β m + (1 − β) g. Ball: m = −β m + g. Solve for m, and set the jump η m/σ "
        "equal to 2u, with g = λu. Then ask which coordinate is the first to reach its limit.",
        "The share s is (1 − β)/(1 + β) for the average and 1/(1 + β) for the ball. The rate is "
        "2 / (s · the largest λ/σ), with `np.max(curvatures / sigmas)`.",
    ],
    about={
        "the steepest has a large σ, average": ELSEWHERE,
        "the steepest has a large σ, ball": ELSEWHERE,
        "no memory, average": "wrong where β is 0",
        "no memory, ball": "wrong where β is 0",
        "one coordinate": "wrong for a single coordinate",
        "a flat coordinate": "wrong where a curvature is 0: such a coordinate sets no limit",
    },
)


def limit(beta, form):
    """The largest ηλ/σ."""
    return 2 * (1 + beta) / (1 - beta) if form == "average" else 2 * (1 + beta)


def smallest(sigmas, curvatures):
    """The smallest σ/λ."""
    return 1 / np.max(curvatures / sigmas)


def limited(in_average, in_ball):
    """The answer with two functions of β for the largest ηλ/σ."""

    def answer(curvatures, sigmas, beta, form):
        most = in_average if form == "average" else in_ball
        return most(beta) * smallest(sigmas, curvatures)

    return answer


def average_limit(beta):
    return limit(beta, "average")


def ball_limit(beta):
    return limit(beta, "ball")


for name, explanation, in_average, in_ball in (
    (
        "the limit without a memory",
        "ηλ/σ ≤ 2 holds when the step goes along the gradient itself. A memory cancels a part of "
        "what alternates, so the limit is higher.",
        lambda beta: 2,
        lambda beta: 2,
    ),
    (
        "the ball's limit without a memory",
        "The average is right. The ball has a memory too: a part of what alternates cancels in it.",
        average_limit,
        lambda beta: 2,
    ),
    (
        "the average's limit without a memory",
        "The ball is right. The average has a memory too: what alternates cancels in it.",
        lambda beta: 2,
        ball_limit,
    ),
    (
        "the share multiplied, not divided by",
        "A smaller share left in m needs a larger rate for the same jump: divide by the share.",
        lambda beta: 4 / average_limit(beta),
        lambda beta: 4 / ball_limit(beta),
    ),
    (
        "the average's share multiplied, not divided by",
        "The ball is right. Of the average (1 − β)/(1 + β) of g is left: divide 2 by this share.",
        lambda beta: 4 / average_limit(beta),
        ball_limit,
    ),
    (
        "the ball's share multiplied, not divided by",
        "The average is right. Of the ball 1/(1 + β) of g is left: divide 2 by this share.",
        average_limit,
        lambda beta: 4 / ball_limit(beta),
    ),
    (
        "a jump of u, not of 2u",
        "At the limit a coordinate goes from +u to −u, so each step is 2u long.",
        lambda beta: average_limit(beta) / 2,
        lambda beta: ball_limit(beta) / 2,
    ),
    (
        "a jump of u in the ball",
        "The average is right. The ball goes from +u to −u as well, so each step is 2u long.",
        average_limit,
        lambda beta: ball_limit(beta) / 2,
    ),
    (
        "a jump of u in the average",
        "The ball is right. The average goes from +u to −u as well, so each step is 2u long.",
        lambda beta: average_limit(beta) / 2,
        ball_limit,
    ),
    (
        "the average's limit lower by 1 − β, not higher",
        "The ball is right. The average takes in only 1 − β of the gradient, so its steps are "
        "shorter and its limit is higher: divide by 1 − β.",
        lambda beta: ball_limit(beta) * (1 - beta),
        ball_limit,
    ),
    (
        "a jump of 4u, not of 2u",
        "At the limit a coordinate goes from +u to −u, so each step is 2u long.",
        lambda beta: 2 * average_limit(beta),
        lambda beta: 2 * ball_limit(beta),
    ),
    (
        "gradients that agree",
        "These limits belong to gradients of one sign, for which the average is g and the ball "
        "g/(1 − β). At the limit the sign changes at every update, and most cancels.",
        lambda beta: 2,
        lambda beta: 2 * (1 - beta),
    ),
    (
        "a ball of gradients that agree",
        "The average is right. The ball is g/(1 − β) only when all gradients are alike. At the "
        "limit they change their sign at every update, and most of them cancel.",
        average_limit,
        lambda beta: 2 * (1 - beta),
    ),
    (
        "the newest gradient alone",
        "Of the average (1 − β) g is taken, and of the ball g: what the newest gradient brings. "
        "The old m has the other sign and takes a part of it away.",
        lambda beta: 2 / (1 - beta),
        lambda beta: 2,
    ),
    (
        "the average with the newest gradient alone",
        "The ball is right. Of the average (1 − β) g is taken, what the newest gradient brings. "
        "The old m has the other sign and takes a part of it away.",
        lambda beta: 2 / (1 - beta),
        ball_limit,
    ),
    (
        "the average with the limit 2(1 − β)",
        "A memory makes the limit higher than 2, not lower. Of the average (1 − β)/(1 + β) of g "
        "is left.",
        lambda beta: 2 * (1 - beta),
        ball_limit,
    ),
    (
        "2(1 − β) for both forms",
        "A memory makes the limit higher than 2, not lower: it cancels a part of what alternates.",
        lambda beta: 2 * (1 - beta),
        lambda beta: 2 * (1 - beta),
    ),
    (
        "the ball treated as an average",
        "Both forms have the limit of the average. The ball takes the whole gradient, not 1 − β of "
        "it, so its share is larger and its limit lower.",
        average_limit,
        average_limit,
    ),
    (
        "the average treated as a ball",
        "Both forms have the limit of the ball. The average takes only 1 − β of the gradient, so "
        "its share is smaller and its limit higher.",
        ball_limit,
        ball_limit,
    ),
    (
        "average and ball exchanged",
        "Each form has the limit of the other. The average takes in 1 − β of the gradient, the "
        "ball all of it.",
        ball_limit,
        average_limit,
    ),
    (
        "the ball's limit 1/(1 − β) times that of the average",
        "The average is right. But the ball takes in the whole gradient, 1/(1 − β) times as much "
        "as the average, so its limit is lower, not higher: multiply by 1 − β.",
        average_limit,
        lambda beta: average_limit(beta) / (1 - beta),
    ),
    (
        "the ball's limit lower by 1 − β once too often",
        "The average is right. Its limit times 1 − β is 2(1 + β), and that is the ball's.",
        average_limit,
        lambda beta: ball_limit(beta) * (1 - beta),
    ),
    (
        "1 + β and 1 − β exchanged in the ball",
        "The average is right. For the ball −β m stands on the other side: m (1 + β) = g.",
        average_limit,
        lambda beta: 2 / (1 - beta),
    ),
):
    read = "A-sum-or-an-average?" if "ball" in name and "average" in name else "Does-Adam-burst?"
    stable.misconception(name, explanation, read)(limited(in_average, in_ball))


def picking(pick):
    """The answer with another number in the place of the smallest σ/λ."""

    def answer(curvatures, sigmas, beta, form):
        with np.errstate(divide="ignore"):
            return limit(beta, form) * pick(curvatures, sigmas)

    return answer


for name, explanation, picks in (
    (
        "σ left out",
        "The limit is divided by the curvature alone. A step is η m/σ: a large σ allows a larger "
        "rate.",
        [lambda c, s: 1 / c.max()],
    ),
    (
        "λ times σ for λ/σ",
        "A step is η m/σ: a large σ makes it shorter and allows a larger rate.",
        [lambda c, s: 1 / np.max(c * s), lambda c, s: 1 / (c.max() * s.max())],
    ),
    (
        "λ/σ multiplied, not divided by",
        "A large λ/σ makes the steps long and needs a small rate: divide by it.",
        [lambda c, s: np.max(c / s)],
    ),
    (
        "the steepest coordinate decides",
        "This is the limit of the coordinate with the largest curvature. One that is less steep "
        "but has a much smaller σ can be the first to reach its limit: what counts is λ/σ.",
        [lambda c, s: s[c.argmax()] / c.max()],
    ),
    (
        "the coordinate with the smallest σ decides",
        "This is the limit of the coordinate with the smallest σ. One with a larger σ but a much "
        "larger curvature can be the first to reach its limit: what counts is λ/σ.",
        [lambda c, s: s.min() / c[s.argmin()]],
    ),
    (
        "the largest curvature with the σ of another coordinate",
        "The largest λ and a σ that need not be its own are put together. Divide first, coordinate "
        "by coordinate, then take the largest λ/σ.",
        [
            lambda c, s: s.min() / c.max(),
            lambda c, s: s.max() / c.max(),
            lambda c, s: s.mean() / c.max(),
        ],
    ),
    (
        "means over the coordinates",
        "The coordinates are averaged. A run grows as soon as one coordinate is above its limit, "
        "so the largest λ/σ decides.",
        [
            lambda c, s: np.mean(s[c > 0] / c[c > 0]),
            lambda c, s: 1 / np.mean(c / s),
            lambda c, s: s.mean() / c.mean(),
            lambda c, s: np.mean(s / c),
        ],
    ),
    (
        "a sum over the coordinates",
        "The λ/σ are added. Each coordinate moves by itself, and the largest λ/σ decides.",
        [lambda c, s: 1 / np.sum(c / s)],
    ),
    (
        "the last coordinate to reach its limit",
        "At this rate the most tolerant coordinate is at its limit, and the others are far above. "
        "The first to reach it decides.",
        [lambda c, s: 1 / np.min(c / s), lambda c, s: np.max(s[c > 0] / c[c > 0])],
    ),
    (
        "the first coordinate alone",
        "This is the limit of the first coordinate. The one with the largest λ/σ decides.",
        [lambda c, s: s[0] / c[0]],
    ),
    (
        "the last of the list alone",
        "This is the limit of the last coordinate. The one with the largest λ/σ decides.",
        [lambda c, s: s[-1] / c[-1]],
    ),
    (
        "only the first and the last coordinate compared",
        "Of more than two coordinates the ones between count as well.",
        [lambda c, s: 1 / max(c[0] / s[0], c[-1] / s[-1])],
    ),
    (
        "a rate for each coordinate",
        "These are the limits of all coordinates. There is one η for all: take the smallest.",
        [lambda c, s: s / c],
    ),
):
    for pick in picks:
        stable.misconception(name, explanation, read="Does-Adam-burst?")(picking(pick))


ball_factor = Task(
    "factor_with_memory",
    cases={
        "two real roots": {"curvatures": np.array([2.0]), "lr": 0.1, "beta": 0.25},
        "two complex roots": {"curvatures": np.array([3.0]), "lr": 0.5, "beta": 0.6},
        "two negative roots": {"curvatures": np.array([5.0]), "lr": 0.5, "beta": 0.3},
        "the flattest is the slowest": {
            "curvatures": np.array([8.0, 0.3, 2.0]),
            "lr": 0.2,
            "beta": 0.5,
        },
        "the steepest is the slowest": {
            "curvatures": np.array([1.0, 9.5, 4.0]),
            "lr": 0.29,
            "beta": 0.4,
        },
        "a valley with κ = 100": {
            "curvatures": np.array([200.0, 2.0, 40.0]),
            "lr": 0.01653,
            "beta": 0.67,
        },
        "a long memory": {"curvatures": np.array([7.0, 1.5]), "lr": 0.05, "beta": 0.95},
        "a run that grows": {"curvatures": np.array([2.0, 30.0]), "lr": 0.11, "beta": 0.5},
        "no memory": {"curvatures": np.array([0.5, 3.0, 1.2]), "lr": 0.4, "beta": 0.0},
        "a flat coordinate": {"curvatures": np.array([4.0, 0.0]), "lr": 0.3, "beta": 0.5},
    },
    hints=[
        "For one λ, bring everything to one side: z² − (1 + β − ηλ) z + β = 0. Which two numbers "
        "solve it, and what is the size of each, also when they are complex?",
        "With b = 1 + β − ηλ the roots are (b ± √(b² − 4β))/2. `np.emath.sqrt` gives a complex "
        "number where b² < 4β, and `np.abs` the size of a complex number. `np.roots` works too.",
        "For each λ take the larger |z| of its two roots, `max(abs(np.roots([1, -b, beta])))`, and "
        "return the largest of these over all λ: the slowest coordinate.",
    ],
    about={
        "two real roots": "wrong where the roots are real",
        "two complex roots": "wrong where the roots are complex",
        "two negative roots": "wrong where the roots are negative",
        "the flattest is the slowest": "wrong with several coordinates, the flattest the slowest",
        "the steepest is the slowest": "wrong with several coordinates, the steepest the slowest",
        "a run that grows": "wrong where the run grows",
        "no memory": "wrong where β is 0",
        "a flat coordinate": "wrong where a curvature is 0: such a coordinate keeps its place",
    },
)


def sizes(middle, product):
    """|z| of both roots of z² − middle·z + product for each coordinate: shape (2, n)."""
    apart = np.emath.sqrt(middle**2 - 4 * product + 0.0)
    return np.abs([middle + apart, middle - apart]) / 2


def larger(curvatures, lr, beta):
    """The factor of each coordinate."""
    return sizes(1 + beta - lr * curvatures, beta).max(axis=0)


HEAVY = "The-heavy-ball-in-a-long-valley"


@ball_factor.misconception(
    "the factor without a memory",
    "|1 − ηλ| is the factor of gradient descent. With a memory the step before counts too, and z "
    "solves an equation of second degree.",
    read=HEAVY,
)
def gradient_descent(curvatures, lr, beta):
    return np.abs(1 - lr * curvatures).max()


@ball_factor.misconception(
    "the larger of |1 − ηλ| and √β",
    "|1 − ηλ| is the factor without a memory. With real roots the memory changes it: z solves an "
    "equation of second degree.",
    read=HEAVY,
)
def one_or_the_other(curvatures, lr, beta):
    return max(np.abs(1 - lr * curvatures).max(), np.sqrt(beta))


@ball_factor.misconception(
    "the factor of the mean curvature",
    "The curvatures are averaged. Each coordinate has its own factor, and the largest decides.",
    read=HEAVY,
)
def of_the_mean(curvatures, lr, beta):
    return larger(curvatures.mean(), lr, beta)


@ball_factor.misconception(
    "√β whatever the curvature is",
    "√β is the size of complex roots. Where the roots are real, the larger one is larger than √β.",
    read=HEAVY,
)
def always_complex(curvatures, lr, beta):
    return np.sqrt(beta)


@ball_factor.misconception(
    "β for the size of complex roots",
    "β is the product of both roots. Two complex roots have the same size, so each has √β.",
    read=HEAVY,
)
def product_of_roots(curvatures, lr, beta):
    swings = (1 + beta - lr * curvatures) ** 2 < 4 * beta
    return np.where(swings, beta, larger(curvatures, lr, beta)).max()


def real_parts(curvatures, lr, beta):
    middle = 1 + beta - lr * curvatures
    return (np.abs(middle) + np.sqrt(np.maximum(middle**2 - 4 * beta, 0))).max() / 2


def signed_real_parts(curvatures, lr, beta):
    middle = 1 + beta - lr * curvatures
    return (middle + np.sqrt(np.maximum(middle**2 - 4 * beta, 0))).max() / 2


for function in (real_parts, signed_real_parts):
    ball_factor.misconception(
        "the real part of a complex root for its size",
        "Where a negative number stands under the root, only the real part of z is left. The "
        "swing lives in the imaginary part too: |z| is asked for.",
        read=HEAVY,
    )(function)


@ball_factor.misconception(
    "the root of the size for a negative number",
    "Under the root stands |b² − 4β|. Where b² < 4β the roots are complex, and their size is √β.",
    read=HEAVY,
)
def size_under_the_root(curvatures, lr, beta):
    middle = 1 + beta - lr * curvatures
    apart = np.sqrt(np.abs(middle**2 - 4 * beta))
    return (np.abs(middle) + apart).max() / 2


@ball_factor.misconception(
    "NaN where the roots are complex",
    "The root of a negative number is NaN for `np.sqrt`. `np.emath.sqrt` gives a complex number, "
    "and `np.abs` its size.",
    read=HEAVY,
)
def not_a_number(curvatures, lr, beta):
    middle = 1 + beta - lr * curvatures
    return (np.abs(middle) + np.sqrt(middle**2 - 4 * beta)).max() / 2


def not_a_number_left_out(curvatures, lr, beta):
    middle = 1 + beta - lr * curvatures
    real = np.abs(middle) + np.sqrt(middle**2 - 4 * beta)
    return np.where(np.isnan(real), 0, real).max() / 2


ball_factor.misconception(
    "coordinates with complex roots left out",
    "Only coordinates with real roots count. A coordinate with complex roots shrinks by √β.",
    read=HEAVY,
)(not_a_number_left_out)


@ball_factor.misconception(
    "only the root with the plus",
    "Where 1 + β − ηλ is negative, the root with the minus is the larger one in size.",
    read=HEAVY,
)
def plus_alone(curvatures, lr, beta):
    return sizes(1 + beta - lr * curvatures, beta)[0].max()


@ball_factor.misconception(
    "only the root with the plus",
    "Where 1 + β − ηλ is negative, the root with the minus is the larger one in size.",
    read=HEAVY,
)
def plus_with_its_sign(curvatures, lr, beta):
    middle = 1 + beta - lr * curvatures
    swings = middle**2 < 4 * beta
    real = (middle + np.sqrt(np.maximum(middle**2 - 4 * beta, 0))) / 2
    return np.where(swings, np.sqrt(beta), real).max()


@ball_factor.misconception(
    "only the root with the minus",
    "Where 1 + β − ηλ is positive, the root with the plus is the larger one in size.",
    read=HEAVY,
)
def minus_alone(curvatures, lr, beta):
    return sizes(1 + beta - lr * curvatures, beta)[1].max()


@ball_factor.misconception(
    "the smaller root of the two",
    "A run is a sum of both powers. The one with the smaller |z| is soon gone; the larger stays.",
    read=HEAVY,
)
def smaller_root(curvatures, lr, beta):
    return sizes(1 + beta - lr * curvatures, beta).min(axis=0).max()


@ball_factor.misconception(
    "the mean of both roots",
    "A run is a sum of both powers, and after some time the larger |z| alone decides.",
    read=HEAVY,
)
def mean_of_roots(curvatures, lr, beta):
    return sizes(1 + beta - lr * curvatures, beta).mean(axis=0).max()


@ball_factor.misconception(
    "the root not divided by 2",
    "The roots of z² − bz + β are (b ± √(b² − 4β))/2.",
    read=HEAVY,
)
def not_halved(curvatures, lr, beta):
    return 2 * larger(curvatures, lr, beta).max()


@ball_factor.misconception(
    "only one part of the root divided by 2",
    "The roots of z² − bz + β are (b ± √(b² − 4β))/2: b and the root are both halved.",
    read=HEAVY,
)
def half_of_b(curvatures, lr, beta):
    middle = 1 + beta - lr * curvatures
    apart = np.emath.sqrt(middle**2 - 4 * beta)
    return np.abs([middle / 2 + apart, middle / 2 - apart]).max()


@ball_factor.misconception(
    "only one part of the root divided by 2",
    "The roots of z² − bz + β are (b ± √(b² − 4β))/2: b and the root are both halved.",
    read=HEAVY,
)
def half_of_the_root(curvatures, lr, beta):
    middle = 1 + beta - lr * curvatures
    apart = np.emath.sqrt(middle**2 - 4 * beta) / 2
    return np.abs([middle + apart, middle - apart]).max()


@ball_factor.misconception(
    "β for 4β under the root",
    "The roots of z² − bz + β are (b ± √(b² − 4β))/2.",
    read=HEAVY,
)
def no_four(curvatures, lr, beta):
    return sizes(1 + beta - lr * curvatures, beta / 4).max()


@ball_factor.misconception(
    "4β added under the root",
    "The equation is z² − bz + β = 0: under the root stands b² − 4β.",
    read=HEAVY,
)
def plus_four(curvatures, lr, beta):
    return sizes(1 + beta - lr * curvatures, -beta).max()


@ball_factor.misconception(
    "the average for the ball",
    "This m takes in only 1 − β of the gradient, as an average does. The ball takes it whole.",
    read="A-sum-or-an-average?",
)
def average_for_ball(curvatures, lr, beta):
    return larger((1 - beta) * curvatures, lr, beta).max()


@ball_factor.misconception(
    "the gradient divided by 1 − β",
    "η λ is larger by 1/(1 − β) here. That is what agreeing gradients add up to in the end; the "
    "equation for z has ηλ alone.",
    read="A-sum-or-an-average?",
)
def filled_ball(curvatures, lr, beta):
    return larger(curvatures / (1 - beta), lr, beta).max()


@ball_factor.misconception(
    "1 − β − ηλ for 1 + β − ηλ",
    "The step before is continued: β (θₜ − θₜ₋₁) is added, so z² = (1 + β − ηλ) z − β.",
    read=HEAVY,
)
def minus_beta(curvatures, lr, beta):
    return sizes(1 - beta - lr * curvatures, beta).max()


@ball_factor.misconception(
    "1 + β + ηλ for 1 + β − ηλ",
    "The gradient is taken off: z² = (1 + β − ηλ) z − β.",
    read=HEAVY,
)
def plus_gradient(curvatures, lr, beta):
    return larger(-curvatures, lr, beta).max()


@ball_factor.misconception(
    "β left out of the middle",
    "z² = (1 + β − ηλ) z − β has β twice.",
    read=HEAVY,
)
def beta_once(curvatures, lr, beta):
    return sizes(1 - lr * curvatures, beta).max()


def reduced(reduce):
    def answer(curvatures, lr, beta):
        return reduce(larger(curvatures, lr, beta))

    return answer


for name, explanation, reduce in (
    (
        "the fastest coordinate",
        "The smallest factor is that of the coordinate which arrives first. The slowest one has "
        "the largest factor.",
        np.min,
    ),
    (
        "the mean over the coordinates",
        "After many updates the slowest coordinate is all that is left of the distance.",
        np.mean,
    ),
    (
        "the product over the coordinates",
        "Each coordinate has its own factor. The slowest one has the largest.",
        np.prod,
    ),
    (
        "a sum over the coordinates",
        "Each coordinate has its own factor. The slowest one has the largest.",
        np.sum,
    ),
    (
        "the first coordinate alone",
        "This is the factor of the first coordinate. The slowest can be any of them.",
        lambda each: each[0],
    ),
    (
        "the last of the list alone",
        "This is the factor of the last coordinate. The slowest can be any of them.",
        lambda each: each[-1],
    ),
    (
        "a factor for each coordinate",
        "These are the factors of all coordinates. The slowest one is asked for: the largest.",
        lambda each: each,
    ),
    (
        "the square of the factor",
        "This is what a loss is multiplied by, or θ in two updates. The factor of θ in one is "
        "asked for.",
        lambda each: np.max(each) ** 2,
    ),
    (
        "what is gone for what is left",
        "1 − |z| is the share that an update takes away. The factor is |z|, what it leaves.",
        lambda each: 1 - np.max(each),
    ),
):
    ball_factor.misconception(name, explanation, read=HEAVY)(reduced(reduce))


@ball_factor.misconception(
    "the flattest coordinate decides",
    "This is the factor of the smallest curvature. Near the largest stable rate it is the steepest "
    "coordinate that is slow.",
    read=HEAVY,
)
def flattest(curvatures, lr, beta):
    return larger(curvatures.min(), lr, beta)


@ball_factor.misconception(
    "the steepest coordinate decides",
    "This is the factor of the largest curvature. It is usually the flattest coordinate that is "
    "slow: compare all.",
    read=HEAVY,
)
def steepest(curvatures, lr, beta):
    return larger(curvatures.max(), lr, beta)


@ball_factor.misconception(
    "the root with its sign for its size",
    "The larger root is negative or the smaller one is taken where both are negative: compare the "
    "sizes |z|.",
    read=HEAVY,
)
def signed(curvatures, lr, beta):
    middle = 1 + beta - lr * curvatures
    swings = middle**2 < 4 * beta
    apart = np.sqrt(np.maximum(middle**2 - 4 * beta, 0))
    away = np.where(middle < 0, middle - apart, middle + apart) / 2
    return np.where(swings, np.sqrt(beta), away).max()


@ball_factor.misconception(
    "the best factor for this κ",
    "(√κ − 1)/(√κ + 1) is the factor with the best η and β. Here η and β are given.",
    read=HEAVY,
)
def best_factor(curvatures, lr, beta):
    root = np.sqrt(curvatures.max() / curvatures.min())
    return (root - 1) / (root + 1)


@ball_factor.misconception(
    "the best factor of gradient descent",
    "(κ − 1)/(κ + 1) is the factor without a memory and with the best η. Here η and β are given.",
    read=HEAVY,
)
def best_without_memory(curvatures, lr, beta):
    kappa = curvatures.max() / curvatures.min()
    return (kappa - 1) / (kappa + 1)
