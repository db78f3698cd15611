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
        "no memory at all": {"beta1": 0.0, "beta2": 0.0, "updates": 3},
        "a long memory for the direction": {"beta1": 0.99, "beta2": 0.5, "updates": 4},
        "one update": {"beta1": 0.5, "beta2": 0.75, "updates": 1},
        "past the largest step": {**USUAL, "updates": 30},
    },
    hints=[
        "After n gradients of the same value g, m is the sum of its weights times g, and v the sum "
        "of its weights times g². What do the weights add up to?",
        "The weights add up to 1 − βⁿ. The first step has seen n = 1 gradient, so n runs over "
        "`np.arange(1, updates + 1)`.",
        "The step is (1 − β₁ⁿ) divided by the root of (1 − β₂ⁿ): g itself cancels.",
    ],
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
    "counted from n = 0",
    "Your first step is that of n = 0, before any gradient: 0 divided by 0. The first step has "
    "already seen one gradient, so n starts at 1.",
    read="The-zero-start",
)
def from_zero(beta1, beta2, updates):
    n = np.arange(updates)
    return (1 - beta1**n) / np.sqrt(1 - beta2**n)


@steps.misconception(
    "v without its root",
    "You divided by v. σ is its root: v is a mean of squares, and a step needs a size.",
    read="Adam-in-three-lines",
)
def no_root(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) / (1 - beta2**n)


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
    "the steps with correction",
    "Every step of yours is η: that is Adam with its correction. Here nothing is corrected.",
    read="The-zero-start",
)
def corrected(beta1, beta2, updates):
    return np.ones(updates)


@steps.misconception(
    "β₁ and β₂ exchanged",
    "You gave β₂ to m and β₁ to v. β₁ belongs to the direction, β₂ to the squares.",
    read="Adam-in-three-lines",
)
def exchanged(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta2**n) / np.sqrt(1 - beta1**n)


@steps.misconception(
    "a heavy ball for the average",
    "Your m adds the gradients up and grows towards g/(1 − β₁). Adam's m is an average: every "
    "gradient enters with the weight 1 − β₁.",
    read="A-sum-or-an-average?",
)
def ball(beta1, beta2, updates):
    n = seen(updates)
    return (1 - beta1**n) / (1 - beta1) / np.sqrt(1 - beta2**n)


@steps.misconception(
    "a zero start for m only",
    "You took σ as if it were complete. It starts from zero too, and with the usual β₂ it takes "
    "far longer to fill than m.",
    read="The-zero-start",
)
def only_direction(beta1, beta2, updates):
    return 1 - beta1 ** seen(updates)


@steps.misconception(
    "a zero start for σ only",
    "You took m as if it were complete. It starts from zero too and shortens the first steps.",
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
    "the last step alone",
    "You returned the step of the last update. All of them are asked for: an array with one "
    "number for each update.",
    read="The-zero-start",
)
def last_step(beta1, beta2, updates):
    return (1 - beta1**updates) / np.sqrt(1 - beta2**updates)


rms = Task(
    "corrected_rmsprop",
    cases={
        "a constant gradient": {
            "start": np.array([0.0, 0.0]),
            "gradients": np.array([[1.0, -2.0], [1.0, -2.0], [1.0, -2.0]]),
            "lr": 0.1,
            "alpha": 0.9,
            "eps": 1e-8,
        },
        "one parameter": {
            "start": np.array([5.0]),
            "gradients": np.array([[3.0], [-1.0], [2.0], [-4.0]]),
            "lr": 0.5,
            "alpha": 0.75,
            "eps": 1e-8,
        },
        "steep, then flat": {
            "start": np.array([1.0, 1.0, 1.0]),
            "gradients": np.array([[10.0, 1.0, 2.0], [10.0, 1.0, 2.0], [0.1, 1.0, -2.0]]),
            "lr": 0.01,
            "alpha": 0.5,
            "eps": 1e-8,
        },
        "no gradient at first": {
            "start": np.array([1.0, 2.0]),
            "gradients": np.array([[0.0, 1.0], [0.0, 3.0], [2.0, 1.0]]),
            "lr": 0.1,
            "alpha": 0.9,
            "eps": 1e-8,
        },
        "gradients as small as ε": {
            "start": np.array([0.0, 1.0]),
            "gradients": np.array([[1e-8, 3e-8], [2e-8, 1e-8]]),
            "lr": 0.1,
            "alpha": 0.9,
            "eps": 1e-8,
        },
        "no memory": {
            "start": np.array([0.0, 0.0]),
            "gradients": np.array([[1.0, -5.0], [-3.0, -1.0]]),
            "lr": 0.1,
            "alpha": 0.0,
            "eps": 1e-8,
        },
        "three rates at once": {
            "start": np.array([[1.0, 1.0, 1.0], [2.0, 0.0, -2.0]]),
            "gradients": np.array(
                [[[1.0, 2.0, 4.0], [1.0, 1.0, 1.0]], [[-1.0, 2.0, 1.0], [3.0, 1.0, -1.0]]]
            ),
            "lr": np.array([0.01, 0.1, 1.0]),
            "alpha": 0.9,
            "eps": 1e-8,
        },
    },
    hints=[
        "At each update three things happen, in this order: v takes in the new square, σ is "
        "made from v, and θ moves. What must be kept for the next update, and what need not?",
        "Count the gradients seen with `enumerate(gradients, start=1)`. Divide v by 1 − αⁿ inside "
        "the root, and leave the v that is kept as it is.",
        "v = 0 and path = [start]; for each n and g: v = α v + (1 − α) g², "
        "σ = √(v / (1 − αⁿ)) + ε, and append path[-1] − η g / σ. Return `np.array(path)`.",
    ],
)


def squares(gradients, alpha):
    """n, the gradient and the uncorrected v of each update."""
    v = 0
    for n, grad in enumerate(gradients, start=1):
        v = alpha * v + (1 - alpha) * grad**2
        yield n, grad, v


def walk(start, lr, moves):
    """The path of steps −η times each move."""
    path = [start]
    for move in moves:
        path.append(path[-1] - lr * move)
    return np.array(path)


@rms.misconception(
    "no correction",
    "v starts at zero, so without the division by 1 − αⁿ it is too small and the first steps are "
    "too long.",
    read="04_rmsprop#The-first-step",
)
def plain(start, gradients, lr, alpha, eps):
    return walk(start, lr, (g / (np.sqrt(v) + eps) for _, g, v in squares(gradients, alpha)))


@rms.misconception(
    "n counted from 0",
    "At the first update you divided by 1 − α⁰ = 0. It has already seen one gradient: n = 1.",
    read="The-zero-start",
)
def counted_from_zero(start, gradients, lr, alpha, eps):
    moves = (
        g / (np.sqrt(v / np.float64(1 - alpha ** (n - 1))) + eps)
        for n, g, v in squares(gradients, alpha)
    )
    return walk(start, lr, moves)


@rms.misconception(
    "the correction of the first update at every update",
    "You divided by 1 − α each time. The weights add up to 1 − αⁿ, which grows with n.",
    read="The-zero-start",
)
def first_correction(start, gradients, lr, alpha, eps):
    moves = (g / (np.sqrt(v / (1 - alpha)) + eps) for _, g, v in squares(gradients, alpha))
    return walk(start, lr, moves)


@rms.misconception(
    "σ corrected and not v",
    "You took the root first and divided then. The sum of the weights is missing in v, so v is "
    "divided by it, and the root comes after.",
    read="Adam-in-three-lines",
)
def root_first(start, gradients, lr, alpha, eps):
    moves = (g / (np.sqrt(v) / (1 - alpha**n) + eps) for n, g, v in squares(gradients, alpha))
    return walk(start, lr, moves)


@rms.misconception(
    "the corrected v kept as the memory",
    "You stored the corrected v and went on from it. It has no zero in it any more, so the next "
    "update corrects what is already right. Keep v itself, and correct it only for the step.",
    read="The-zero-start",
)
def corrected_memory(start, gradients, lr, alpha, eps):
    v, moves = 0, []
    for n, g in enumerate(gradients, start=1):
        v = (alpha * v + (1 - alpha) * g**2) / (1 - alpha**n)
        moves.append(g / (np.sqrt(v) + eps))
    return walk(start, lr, moves)


@rms.misconception(
    "the lecture's start for the correction",
    "You set v = g² at the first update. That mends the first step too, but it gives the first "
    "square a weight of 1, while every later one enters with 1 − α.",
    read="04_rmsprop#The-first-step",
)
def first_square(start, gradients, lr, alpha, eps):
    v, moves = gradients[0] ** 2, []
    for g in gradients:
        v = alpha * v + (1 - alpha) * g**2
        moves.append(g / (np.sqrt(v) + eps))
    return walk(start, lr, moves)


@rms.misconception(
    "ε inside the root",
    "You took √(v + ε). Here ε is added to the root: √v + ε. Where gradients are tiny the two "
    "differ.",
    read="04_rmsprop#The-first-step",
)
def inside(start, gradients, lr, alpha, eps):
    moves = (g / np.sqrt(v / (1 - alpha**n) + eps) for n, g, v in squares(gradients, alpha))
    return walk(start, lr, moves)


@rms.misconception(
    "α and 1 − α exchanged",
    "You gave the newest square the weight α. What is remembered is multiplied by α, and the "
    "newest enters with 1 − α.",
    read="04_rmsprop#A-memory-that-fades",
)
def other_alpha(start, gradients, lr, alpha, eps):
    v, moves = 0, []
    for n, g in enumerate(gradients, start=1):
        v = (1 - alpha) * v + alpha * g**2
        moves.append(g / (np.sqrt(v / (1 - alpha**n)) + eps))
    return walk(start, lr, moves)


@rms.misconception(
    "no root",
    "You divided by v. σ is its root: g/v is large where gradients are small, and turns the "
    "purpose of σ round.",
    read="04_rmsprop#A-memory-that-fades",
)
def rootless(start, gradients, lr, alpha, eps):
    moves = (g / (v / (1 - alpha**n) + eps) for n, g, v in squares(gradients, alpha))
    return walk(start, lr, moves)


@rms.misconception(
    "the mean of all squares so far",
    "You gave every past square the same weight: that is Adagrad's mean form. With α old squares "
    "fade.",
    read="04_rmsprop#A-memory-that-fades",
)
def mean_of_all(start, gradients, lr, alpha, eps):
    moves = (
        g / (np.sqrt(np.mean(gradients[: t + 1] ** 2, axis=0)) + eps)
        for t, g in enumerate(gradients)
    )
    return walk(start, lr, moves)


@rms.misconception(
    "one σ for all parameters",
    "You averaged the squares over the parameters. Each parameter has a σ of its own.",
    read="04_rmsprop#A-memory-that-fades",
)
def one_scale(start, gradients, lr, alpha, eps):
    moves = (
        g / (np.sqrt(v.mean(axis=0) / (1 - alpha**n)) + eps)
        for n, g, v in squares(gradients, alpha)
    )
    return walk(start, lr, moves)


@rms.misconception(
    "α times n for α to the power n",
    "You divided by 1 − αn. At every update the zero start is multiplied by α once more, so its "
    "weight is the power αⁿ.",
    read="The-zero-start",
)
def times(start, gradients, lr, alpha, eps):
    moves = (
        g / (np.sqrt(v / np.float64(1 - alpha * n)) + eps) for n, g, v in squares(gradients, alpha)
    )
    return walk(start, lr, moves)


@rms.misconception(
    "the gradients not squared",
    "Your v averages the gradients themselves. They have signs, and their root is not a size: v "
    "takes g².",
    read="Two-memories",
)
def not_squared(start, gradients, lr, alpha, eps):
    v, moves = 0, []
    for n, g in enumerate(gradients, start=1):
        v = alpha * v + (1 - alpha) * g
        moves.append(g / (np.sqrt(v / (1 - alpha**n)) + eps))
    return walk(start, lr, moves)


@rms.misconception(
    "the path without its start",
    "Your path begins with the first update. Row 0 is the start, so T updates make T + 1 rows.",
    read="Adam-in-three-lines",
)
def startless(start, gradients, lr, alpha, eps):
    moves = (g / (np.sqrt(v / (1 - alpha**n)) + eps) for n, g, v in squares(gradients, alpha))
    return walk(start, lr, moves)[1:]


@rms.misconception(
    "uphill",
    "You added the step. The gradient points uphill: the step goes against it.",
    read="Adam-in-three-lines",
)
def uphill(start, gradients, lr, alpha, eps):
    moves = (-g / (np.sqrt(v / (1 - alpha**n)) + eps) for n, g, v in squares(gradients, alpha))
    return walk(start, lr, moves)


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
            "grad": np.array([1.0, -1.0]),
            "m": np.array([0.5, 0.5]),
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
    "You took m and √v as they are. Both start at zero, and after n = t + 1 gradients their "
    "weights add up to 1 − βⁿ only: divide by that.",
    read="The-zero-start",
)
def uncorrected(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return theta - lr * m / (np.sqrt(v) + eps), m, v


@adam.misconception(
    "t for n = t + 1",
    "You corrected with βᵗ. t updates came before, but the memories have already taken in the new "
    "gradient: they have seen n = t + 1. With t the first update divides by 0.",
    read="Adam-in-three-lines",
)
def from_t(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "the corrected memories returned",
    "The step is right, but you return m and v after the correction. The caller hands them in "
    "again, and the next update would correct them once more.",
    read="Adam-in-three-lines",
)
def corrected_returned(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    moved = step(theta, m, v, t + 1, lr, beta1, beta2, eps)
    return moved, m / (1 - beta1 ** (t + 1)), v / (1 - beta2 ** (t + 1))


@adam.misconception(
    "the old memories returned",
    "The step is right, but you return the m and v that came in. Without the new ones every update "
    "starts from the same memory.",
    read="Adam-in-three-lines",
)
def old_returned(theta, grad, m, v, t, lr, beta1, beta2, eps):
    new_m, new_v = averages(grad, m, v, beta1, beta2)
    return step(theta, new_m, new_v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "a step with the old memories",
    "You moved θ before the memories took in the new gradient. They come first: at the first "
    "update the old ones are zero and θ would not move.",
    read="Adam-in-three-lines",
)
def step_first(theta, grad, m, v, t, lr, beta1, beta2, eps):
    moved = step(theta, m, v, t + 1, lr, beta1, beta2, eps)
    return moved, *averages(grad, m, v, beta1, beta2)


@adam.misconception(
    "only m corrected",
    "You corrected m and left v. Both start at zero; v needs it more, because it fills slowly.",
    read="The-zero-start",
)
def only_m(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, 0.0, eps), m, v


@adam.misconception(
    "only v corrected",
    "You corrected v and left m. Both start at zero, so the first steps are too short.",
    read="The-zero-start",
)
def only_v(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, 0.0, beta2, eps), m, v


@adam.misconception(
    "σ corrected and not v",
    "You took the root of v first and divided then by 1 − β₂ⁿ. Divide v, and take the root after.",
    read="Adam-in-three-lines",
)
def sigma_corrected(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    sigma = np.sqrt(v) / (1 - beta2 ** (t + 1)) + eps
    return theta - lr * m / (1 - beta1 ** (t + 1)) / sigma, m, v


@adam.misconception(
    "ε before the correction",
    "You added ε to the root of the uncorrected v, as one library does. Here it is added after the "
    "correction; at the first updates with tiny gradients that makes a difference.",
    read="Adam-in-three-lines",
)
def early_eps(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    sigma = (np.sqrt(v) + eps) / np.sqrt(1 - beta2 ** (t + 1))
    return theta - lr * m / (1 - beta1 ** (t + 1)) / sigma, m, v


@adam.misconception(
    "ε inside the root",
    "You took √(v + ε). Here ε is added to the root: √v + ε.",
    read="Adam-in-three-lines",
)
def inner_eps(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    n = t + 1
    return theta - lr * m / (1 - beta1**n) / np.sqrt(v / (1 - beta2**n) + eps), m, v


@adam.misconception(
    "ε left out",
    "You divided by √v alone. Where no gradient has ever been seen that is 0 divided by 0: add ε.",
    read="Adam-in-three-lines",
)
def no_eps(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, 0.0), m, v


@adam.misconception(
    "ε added to the step",
    "You divided by √v and added ε to the result, as happens without parentheses. ε belongs to the "
    "divisor: / (√v + ε).",
    read="Adam-in-three-lines",
)
def eps_outside(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, 0.0) + eps, m, v


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
    "You divided by 1 − βn. At every update the zero start is multiplied by β once more, so its "
    "weight is the power βⁿ.",
    read="The-zero-start",
)
def factor(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    n = t + 1
    return step(theta, m, v, 1, lr, beta1 * n, beta2 * n, eps), m, v


@adam.misconception(
    "θ without its memories",
    "You returned θ alone. The caller needs the new m and v for the next update: return all three.",
    read="Adam-in-three-lines",
)
def theta_alone(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps)


@adam.misconception(
    "β₁ and β₂ exchanged",
    "You gave β₂ to m and β₁ to v. β₁ belongs to the direction, β₂ to the squares.",
    read="Adam-in-three-lines",
)
def betas_exchanged(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta2, beta1)
    return step(theta, m, v, t + 1, lr, beta2, beta1, eps), m, v


@adam.misconception(
    "the weights β and 1 − β exchanged",
    "You gave the new gradient the weight β. What is remembered is multiplied by β, and what is "
    "new by 1 − β.",
    read="Two-memories",
)
def weights_exchanged(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, 1 - beta1, 1 - beta2)
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "a heavy ball for the average",
    "Your m adds the whole gradient. In Adam it enters with weight 1 − β₁, so that m is an "
    "average.",
    read="A-sum-or-an-average?",
)
def heavy_ball(theta, grad, m, v, t, lr, beta1, beta2, eps):
    _, v = averages(grad, m, v, beta1, beta2)
    m = beta1 * m + grad
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "the squares of m in v",
    "You put m² into v. σ remembers the size of the gradients themselves: v takes g². The square "
    "of m would forget what cancels.",
    read="Two-memories",
)
def square_of_m(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, _ = averages(grad, m, v, beta1, beta2)
    v = beta2 * v + (1 - beta2) * m**2
    return step(theta, m, v, t + 1, lr, beta1, beta2, eps), m, v


@adam.misconception(
    "the gradient for m",
    "You divided the newest gradient by σ: that is RMSProp with correction. Adam's step goes along "
    "m.",
    read="RMSProp-plus-momentum?",
)
def no_direction(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    return step(theta, grad, v, t + 1, lr, 0.0, beta2, eps), m, v


@adam.misconception(
    "no root",
    "You divided by v. σ is its root, so that m/σ has no unit and the first step has the length η.",
    read="Adam-in-three-lines",
)
def no_root_of_v(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = averages(grad, m, v, beta1, beta2)
    n = t + 1
    return theta - lr * m / (1 - beta1**n) / (v / (1 - beta2**n) + eps), m, v


mended = Task(
    "mended_adam",
    cases={
        "one array, one update": {
            "parameters": [np.array([1.0, 2.0])],
            "gradients": [np.array([[3.0, -0.5]])],
            **SETTINGS,
        },
        "one array, a constant gradient": {
            "parameters": [np.array([0.0])],
            "gradients": [np.ones((12, 1))],
            **SETTINGS,
        },
        "two arrays, one update": {
            "parameters": [np.array([1.0, 2.0]), np.array([0.0])],
            "gradients": [np.array([[1.0, -2.0]]), np.array([[4.0]])],
            **SETTINGS,
        },
        "two arrays, three updates": {
            "parameters": [np.array([1.0, -1.0]), np.array([3.0])],
            "gradients": [
                np.array([[1.0, 2.0], [-1.0, 0.5], [2.0, 2.0]]),
                np.array([[1.0], [0.0], [-4.0]]),
            ],
            "lr": 0.01,
            "beta1": 0.5,
            "beta2": 0.9,
            "eps": 1e-8,
        },
        "weights and biases": {
            "parameters": [np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([0.0, 0.0])],
            "gradients": [
                np.array([[[1.0, 2.0], [3.0, 4.0]], [[1.0, -2.0], [0.0, 4.0]]]),
                np.array([[0.1, 0.2], [0.3, -0.2]]),
            ],
            **SETTINGS,
        },
        "no memory": {
            "parameters": [np.array([1.0]), np.array([2.0])],
            "gradients": [np.array([[2.0], [-3.0]]), np.array([[-1.0], [-2.0]])],
            "lr": 0.1,
            "beta1": 0.0,
            "beta2": 0.0,
            "eps": 1e-8,
        },
    },
    hints=[
        "On a constant gradient of 1, print n, m and v of the class after every update. Which of "
        "the three does not do what it should?",
        "`m += …` changes an array in place, and the list in `self.memory` holds the same array. "
        "`n += 1` makes a new number and gives it the name n; `self.memory` still holds the old "
        "one. So n is 1 at every update.",
        "Count the updates, not the arrays: for each array go through its gradients with "
        "t = 0, 1, … and call `adam_step(theta, grad, m, v, t, …)`, with m and v zero at first. "
        "Collect the θ's, the first one included.",
    ],
)


def train(parameters, gradients, lr, beta1, beta2, eps, counter):
    """Adam that corrects with n = counter(update, array), both counted from 0."""
    paths = []
    for k, (theta, rows) in enumerate(zip(parameters, gradients, strict=True)):
        path, m, v = [theta], 0, 0
        for t, grad in enumerate(rows):
            m, v = averages(grad, m, v, beta1, beta2)
            path.append(step(path[-1], m, v, counter(t, k), lr, beta1, beta2, eps))
        paths.append(np.array(path))
    return paths


@mended.misconception(
    "the counter still stands still",
    "This is what the class does: every update is corrected as if it were the first. Something "
    "that counts the updates does not count.",
    read="The-zero-start",
)
def stands_still(parameters, gradients, lr, beta1, beta2, eps):
    return train(parameters, gradients, lr, beta1, beta2, eps, lambda t, k: 1)


@mended.misconception(
    "the counter advances with every array",
    "Your n grows by one for each array. An update moves all arrays together, so n grows by one "
    "for each update.",
    read="The-zero-start",
)
def counts_arrays(parameters, gradients, lr, beta1, beta2, eps):
    arrays = len(parameters)
    return train(parameters, gradients, lr, beta1, beta2, eps, lambda t, k: arrays * t + k + 1)


@mended.misconception(
    "the counter runs on from one array to the next",
    "The first array is right; the second goes on counting where the first ended. Each array has "
    "seen its own gradients only, so its n starts at 1.",
    read="The-zero-start",
)
def runs_on(parameters, gradients, lr, beta1, beta2, eps):
    updates = len(gradients[0])
    return train(parameters, gradients, lr, beta1, beta2, eps, lambda t, k: updates * k + t + 1)


@mended.misconception(
    "the counter is one behind",
    "Your first update corrects with n = 0 and divides by 0. It has already seen one gradient.",
    read="Adam-in-three-lines",
)
def one_behind(parameters, gradients, lr, beta1, beta2, eps):
    return train(parameters, gradients, lr, beta1, beta2, eps, lambda t, k: t)


@mended.misconception(
    "the counter is one ahead",
    "Your first update corrects with n = 2, so it advances twice before it is used. The class was "
    "right at the first update.",
    read="The-zero-start",
)
def one_ahead(parameters, gradients, lr, beta1, beta2, eps):
    return train(parameters, gradients, lr, beta1, beta2, eps, lambda t, k: t + 2)


@mended.misconception(
    "the correction left out",
    "The steps no longer follow a wrong n, but the zero start is not corrected at all. The "
    "correction is right; what it is given is wrong.",
    read="The-zero-start",
)
def left_out(parameters, gradients, lr, beta1, beta2, eps):
    return train(parameters, gradients, lr, beta1, beta2, eps, lambda t, k: np.inf)


@mended.misconception(
    "the correction at the first update only",
    "You corrected the first update and no other. The zero start fades slowly: it still matters "
    "after many updates.",
    read="The-zero-start",
)
def only_once(parameters, gradients, lr, beta1, beta2, eps):
    return train(parameters, gradients, lr, beta1, beta2, eps, lambda t, k: np.inf if t else 1)


@mended.misconception(
    "the memories begin anew at every update",
    "m and v are zero again before each update, so every step is η times the sign of the newest "
    "gradient. Make them once, before the first update.",
    read="Two-memories",
)
def begins_anew(parameters, gradients, lr, beta1, beta2, eps):
    signs = [rows / (np.abs(rows) + eps) for rows in gradients]
    return [walk(theta, lr, moves) for theta, moves in zip(parameters, signs, strict=True)]


@mended.misconception(
    "the corrected memories kept",
    "You went on from the corrected m and v. They have no zero start in them any more, and the "
    "next update corrects them once more. Keep them as they were before.",
    read="The-zero-start",
)
def kept_corrected(parameters, gradients, lr, beta1, beta2, eps):
    paths = []
    for theta, rows in zip(parameters, gradients, strict=True):
        m, v, moves = 0, 0, []
        for n, grad in enumerate(rows, start=1):
            m, v = averages(grad, m, v, beta1, beta2)
            m, v = m / (1 - beta1**n), v / (1 - beta2**n)
            moves.append(m / (np.sqrt(v) + eps))
        paths.append(walk(theta, lr, moves))
    return paths


@mended.misconception(
    "the end of the run for its path",
    "You returned where each array ends. All of its way is asked for: row 0 is the start, and "
    "every update adds a row.",
    read="Adam-in-three-lines",
)
def only_the_end(parameters, gradients, lr, beta1, beta2, eps):
    paths = train(parameters, gradients, lr, beta1, beta2, eps, lambda t, k: t + 1)
    return [path[-1] for path in paths]


VALLEY = {"curvatures": np.array([200.0, 0.02]), "sigmas": np.array([10.0, 0.1])}
DECEPTIVE = {"curvatures": np.array([100.0, 1.0, 30.0]), "sigmas": np.array([50.0, 0.01, 20.0])}

stable = Task(
    "largest_rate_with_memory",
    cases={
        "a valley, average": {**VALLEY, "beta": 0.9, "form": "average"},
        "a valley, ball": {**VALLEY, "beta": 0.9, "form": "ball"},
        "the steepest has a large σ, average": {**DECEPTIVE, "beta": 0.5, "form": "average"},
        "the steepest has a large σ, ball": {**DECEPTIVE, "beta": 0.75, "form": "ball"},
        "no memory": {**VALLEY, "beta": 0.0, "form": "average"},
        "one coordinate": {
            "curvatures": np.array([4.0]),
            "sigmas": np.array([1.0]),
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
)


def limit(beta, form):
    """The largest ηλ/σ."""
    return 2 * (1 + beta) / (1 - beta) if form == "average" else 2 * (1 + beta)


def smallest(sigmas, curvatures):
    """The smallest σ/λ."""
    return 1 / np.max(curvatures / sigmas)


@stable.misconception(
    "the limit without a memory",
    "ηλ/σ ≤ 2 holds when the step goes along the gradient itself. A memory cancels a part of what "
    "alternates, so the limit is higher.",
    read="Does-Adam-burst?",
)
def without_memory(curvatures, sigmas, beta, form):
    return 2 * smallest(sigmas, curvatures)


@stable.misconception(
    "the share multiplied, not divided by",
    "A smaller share left in m needs a larger rate for the same jump: divide by the share.",
    read="Does-Adam-burst?",
)
def multiplied(curvatures, sigmas, beta, form):
    return 4 / limit(beta, form) * smallest(sigmas, curvatures)


@stable.misconception(
    "the ball treated as an average",
    "You gave both forms the limit of the average. The ball takes the whole gradient, not 1 − β of "
    "it, so its share is larger and its limit lower.",
    read="A-sum-or-an-average?",
)
def always_average(curvatures, sigmas, beta, form):
    return limit(beta, "average") * smallest(sigmas, curvatures)


@stable.misconception(
    "the average treated as a ball",
    "You gave both forms the limit of the ball. The average takes only 1 − β of the gradient, so "
    "its share is smaller and its limit higher.",
    read="A-sum-or-an-average?",
)
def always_ball(curvatures, sigmas, beta, form):
    return limit(beta, "ball") * smallest(sigmas, curvatures)


@stable.misconception(
    "average and ball exchanged",
    "Each form has the limit of the other. The average takes in 1 − β of the gradient, the ball "
    "all of it.",
    read="A-sum-or-an-average?",
)
def forms_exchanged(curvatures, sigmas, beta, form):
    other = "ball" if form == "average" else "average"
    return limit(beta, other) * smallest(sigmas, curvatures)


@stable.misconception(
    "a ball of gradients that agree",
    "For the ball you took m = g/(1 − β), which it is when all gradients are alike. At the limit "
    "they change their sign at every update, and most of them cancel.",
    read="Two-memories",
)
def agreeing(curvatures, sigmas, beta, form):
    most = limit(beta, form) if form == "average" else 2 * (1 - beta)
    return most * smallest(sigmas, curvatures)


@stable.misconception(
    "the ball's limit 1/(1 − β) times that of the average",
    "The average is right. But the ball takes in the whole gradient, 1/(1 − β) times as much as "
    "the average, so its limit is lower, not higher: multiply by 1 − β.",
    read="A-sum-or-an-average?",
)
def higher_for_the_ball(curvatures, sigmas, beta, form):
    most = limit(beta, "average") / (1 if form == "average" else 1 - beta)
    return most * smallest(sigmas, curvatures)


@stable.misconception(
    "the ball's share multiplied, not divided by",
    "The average is right. Of the ball 1/(1 + β) of g is left: divide 2 by this share.",
    read="Does-Adam-burst?",
)
def ball_multiplied(curvatures, sigmas, beta, form):
    most = limit(beta, form) if form == "average" else 2 / (1 + beta)
    return most * smallest(sigmas, curvatures)


@stable.misconception(
    "σ left out",
    "You divided by the curvature alone. A step is η m/σ: a large σ allows a larger rate.",
    read="Does-Adam-burst?",
)
def no_sigma(curvatures, sigmas, beta, form):
    return limit(beta, form) / np.max(curvatures)


@stable.misconception(
    "the steepest coordinate decides",
    "You took the coordinate with the largest curvature. One that is less steep but has a much "
    "smaller σ can be the first to reach its limit: what counts is λ/σ.",
    read="Does-Adam-burst?",
)
def steepest(curvatures, sigmas, beta, form):
    i = np.argmax(curvatures)
    return limit(beta, form) * sigmas[i] / curvatures[i]


@stable.misconception(
    "largest curvature and smallest σ of different coordinates",
    "You took the largest λ and the smallest σ, each by itself. They belong together: divide "
    "first, coordinate by coordinate, then take the largest λ/σ.",
    read="Does-Adam-burst?",
)
def unpaired(curvatures, sigmas, beta, form):
    return limit(beta, form) * sigmas.min() / curvatures.max()


@stable.misconception(
    "the last coordinate to reach its limit",
    "At this rate the most tolerant coordinate is at its limit, and the others are far above. The "
    "first to reach it decides.",
    read="Does-Adam-burst?",
)
def most_tolerant(curvatures, sigmas, beta, form):
    return limit(beta, form) / np.min(curvatures / sigmas)


@stable.misconception(
    "a rate for each coordinate",
    "You returned the limit of every coordinate. There is one η for all: take the smallest.",
    read="Does-Adam-burst?",
)
def each(curvatures, sigmas, beta, form):
    return limit(beta, form) * sigmas / curvatures


RATES = np.array([0.001, 0.01, 0.1, 1.0])
# At 0.1 one seed has bad luck, and at 1 one has good luck; on the other set 0.01 looks best.
CHOOSE = np.array([[1.2, 0.5, 0.4, 2.3], [1.1, 0.6, 0.3, 0.1], [1.3, 0.4, 2.0, 2.5]])
REPORT = np.array([[1.3, 0.6, 0.5, 2.2], [1.2, 0.3, 0.9, 2.4], [1.1, 0.4, 0.7, 2.6]])

fair = Task(
    "tuned_result",
    cases={
        "three seeds": {"rates": RATES, "choose_losses": CHOOSE, "report_losses": REPORT},
        "a run that diverged": {
            "rates": RATES[:3],
            "choose_losses": np.array([[0.9, 0.3, np.inf], [0.8, np.inf, np.inf], [1.0, 0.2, 0.1]]),
            "report_losses": np.array([[0.7, 0.4, np.inf], [0.8, np.inf, 3.0], [0.9, 0.1, 0.2]]),
        },
        "four seeds": {
            "rates": RATES,
            "choose_losses": np.vstack([CHOOSE, [1.0, 1.5, 0.2, 0.2]]),
            "report_losses": np.vstack([REPORT, [1.0, 0.2, 0.1, 0.3]]),
        },
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
)


def told(rate, losses):
    return rate, np.median(losses), losses.min(), losses.max()


@fair.misconception(
    "the rate chosen on the reported losses",
    "You chose the rate on the set that the result is reported on. Then the report is too good: "
    "the set must play no part in any choice.",
    read="A-fair-comparison",
)
def peeked(rates, choose_losses, report_losses):
    best = np.median(report_losses, axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the losses for choosing reported",
    "You reported the losses by which the rate was chosen. The lowest of several is low partly by "
    "luck: report the losses on the other set.",
    read="A-fair-comparison",
)
def same_set(rates, choose_losses, report_losses):
    best = np.median(choose_losses, axis=0).argmin()
    return told(rates[best], choose_losses[:, best])


@fair.misconception(
    "the rate of the luckiest run",
    "You chose the rate with the single lowest loss. One lucky seed decides then: take the "
    "median over the seeds for each rate first.",
    read="A-fair-comparison",
)
def luckiest(rates, choose_losses, report_losses):
    best = choose_losses.min(axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the rate with the lowest mean",
    "You chose by the mean over the seeds. One bad seed moves it far, and one run that diverged "
    "makes it infinite. The median is asked for.",
    read="A-fair-comparison",
)
def by_mean(rates, choose_losses, report_losses):
    best = choose_losses.mean(axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the rate with the best worst seed",
    "You chose by the highest loss over the seeds. One bad seed decides then: take the median.",
    read="A-fair-comparison",
)
def by_worst(rates, choose_losses, report_losses):
    best = choose_losses.max(axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the mean reported for the median",
    "The rate is right, but you reported the mean of its losses. The median is asked for.",
    read="A-fair-comparison",
)
def mean_reported(rates, choose_losses, report_losses):
    best = np.median(choose_losses, axis=0).argmin()
    losses = report_losses[:, best]
    return rates[best], losses.mean(), losses.min(), losses.max()


@fair.misconception(
    "the medians taken over the rates",
    "You took the medians along axis 1: one for each seed. For each rate the median is over the "
    "seeds, along axis 0.",
    read="A-fair-comparison",
)
def over_rates(rates, choose_losses, report_losses):
    best = np.median(choose_losses, axis=1).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "the index of the rate for the rate",
    "You returned the position of the rate in the list. Take `rates` at this position.",
    read="A-fair-comparison",
)
def index(rates, choose_losses, report_losses):
    best = np.median(choose_losses, axis=0).argmin()
    return told(best, report_losses[:, best])


@fair.misconception(
    "a rate of its own for every seed",
    "You let every seed choose its best rate. A rule has one rate for all seeds: in use, nobody "
    "knows beforehand which start and which batches will come.",
    read="A-fair-comparison",
)
def each_seed(rates, choose_losses, report_losses):
    best = choose_losses.argmin(axis=1)
    return told(np.median(rates[best]), report_losses[np.arange(len(best)), best])


@fair.misconception(
    "diverged runs left out",
    "You left out the runs that diverged before taking the median. A rate that makes runs diverge "
    "is then judged by its good ones only: a loss of inf counts as one very high loss.",
    read="A-fair-comparison",
)
def finite_only(rates, choose_losses, report_losses):
    finite = np.where(np.isinf(choose_losses), np.nan, choose_losses)
    best = np.nanmedian(finite, axis=0).argmin()
    return told(rates[best], report_losses[:, best])


@fair.misconception(
    "lowest and highest exchanged",
    "The lowest loss comes before the highest.",
    read="A-fair-comparison",
)
def range_exchanged(rates, choose_losses, report_losses):
    best = np.median(choose_losses, axis=0).argmin()
    rate, median, lowest, highest = told(rates[best], report_losses[:, best])
    return rate, median, highest, lowest


@fair.misconception(
    "lowest and highest over all rates",
    "The range goes over the whole table. It belongs to the chosen rate: its column only.",
    read="A-fair-comparison",
)
def whole_table(rates, choose_losses, report_losses):
    best = np.median(choose_losses, axis=0).argmin()
    median = np.median(report_losses[:, best])
    return rates[best], median, report_losses.min(), report_losses.max()
