"""What `check` and `hint` know of 03: cases, hints, and the wrong answers that learners give."""

import numpy as np

from tasks.catalogue import Task

sigmas = Task(
    "adagrad_sigmas",
    cases={
        "two parameters": {"gradients": np.array([[3.0, 1.0], [4.0, -1.0], [0.0, 1.0]])},
        "one parameter": {"gradients": np.array([[2.0], [-1.0], [-2.0], [4.0]])},
        "one update": {"gradients": np.array([[-3.0, 0.0, 4.0]])},
        "a late start": {"gradients": np.array([[0.0, 1.0], [0.0, 2.0], [6.0, 2.0], [0.0, 0.0]])},
        "tiny gradients": {"gradients": 1e-9 * np.array([[1.0, 2.0], [2.0, 0.0], [-2.0, 1.0]])},
        "two runs at once": {
            "gradients": np.array(
                [
                    [[1.0, 3.0], [2.0, 0.0], [-1.0, 5.0]],
                    [[2.0, -4.0], [2.0, 1.0], [1.0, 0.0]],
                ]
            )
        },
    },
    hints=[
        "Take one parameter with the gradients 3, 4, 0 and make a table by hand: the squares, "
        "their sum so far, how many there are, and both roots.",
        "`np.cumsum(…, axis=0)` gives the sums so far. Row t has t + 1 gradients in it.",
        "Divide row t of the sums by t + 1, and take the root of both. The counts have shape (T,), "
        "so bring T to the last axis: divide `sums.T` by them and turn the result back with `.T`.",
    ],
)


def sums_and_counts(gradients):
    """The sum of squares so far, and the number of gradients, in a shape that divides it."""
    sums = np.cumsum(gradients**2, axis=0)
    return sums, counts_of(gradients)


def counts_of(gradients):
    return np.arange(1, len(gradients) + 1).reshape(-1, *[1] * (gradients.ndim - 1))


@sigmas.misconception(
    "a mean that knows the future",
    "You divided every sum by T, the number of all updates. At update t only t + 1 gradients are "
    "known, so the mean has t + 1.",
    read="A-rate-of-its-own",
)
def divided_by_all(gradients):
    sums, _ = sums_and_counts(gradients)
    return np.sqrt(sums / len(gradients)), np.sqrt(sums)


@sigmas.misconception(
    "t for t + 1",
    "You divided row t by t. Counting starts at 0, so row t has t + 1 gradients in it, and row 0 "
    "has one.",
    read="A-rate-of-its-own",
)
def divided_by_t(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums / (counts - 1)), np.sqrt(sums)


@sigmas.misconception(
    "the newest gradient left out",
    "Your row t is made of the gradients before t. Gradient t belongs to it: the first σ is the "
    "size of the first gradient.",
    read="A-rate-of-its-own",
)
def without_newest(gradients):
    sums, counts = sums_and_counts(gradients)
    before = np.concatenate([np.zeros_like(sums[:1]), sums[:-1]])
    return np.sqrt(before / np.maximum(counts - 1, 1)), np.sqrt(before)


@sigmas.misconception(
    "the root left out",
    "You returned σ², the mean and the sum of the squares. σ is the root of them, in the unit of "
    "the gradient.",
    read="A-rate-of-its-own",
)
def squared(gradients):
    sums, counts = sums_and_counts(gradients)
    return sums / counts, sums


@sigmas.misconception(
    "the number of gradients outside the root",
    "You divided the root of the sum by t + 1. The root of a mean is asked: divide first, then "
    "take the root.",
    read="A-rate-of-its-own",
)
def count_outside(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums) / counts, np.sqrt(sums)


@sigmas.misconception(
    "one σ for all parameters",
    "You added the squares of all parameters together. Each parameter has a σ made of its own "
    "gradients alone.",
    read="A-rate-of-its-own",
)
def shared(gradients):
    sums, counts = sums_and_counts(gradients)
    together = np.broadcast_to(sums.sum(axis=1, keepdims=True), sums.shape)
    return np.sqrt(together / counts), np.sqrt(together)


@sigmas.misconception(
    "sizes for squares",
    "You added the sizes |g| and took no square and no root. Squares first, then the sum or mean, "
    "then the root.",
    read="A-rate-of-its-own",
)
def sizes(gradients):
    sums = np.cumsum(np.abs(gradients), axis=0)
    return sums / counts_of(gradients), sums


@sigmas.misconception(
    "the square of the sum",
    "You added the gradients and squared the sum, so a 3 and a −3 cancel. Square each gradient "
    "before you add.",
    read="A-rate-of-its-own",
)
def cancelled(gradients):
    sums = np.abs(np.cumsum(gradients, axis=0))
    return sums / counts_of(gradients), sums


@sigmas.misconception(
    "the standard deviation for the root mean square",
    "You measured how far the gradients are from their own mean. The root mean square measures "
    "how far they are from 0: do not subtract a mean.",
    read="A-rate-of-its-own",
)
def deviation(gradients):
    sums, _ = sums_and_counts(gradients)
    spread = [np.std(gradients[: t + 1], axis=0) for t in range(len(gradients))]
    return np.array(spread), np.sqrt(sums)


@sigmas.misconception(
    "the two results exchanged",
    "The mean form comes first, then the sum form.",
    read="Two-rules-with-one-name",
)
def exchanged(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums), np.sqrt(sums / counts)


step = Task(
    "adagrad_step",
    cases={
        "the first update": {
            "theta": np.array([1.0, -2.0, 5.0]),
            "grad": np.array([3.0, -4.0, 0.1]),
            "total": np.array([0.0, 0.0, 0.0]),
            "lr": 0.1,
            "eps": 1e-8,
        },
        "a later update": {
            "theta": np.array([1.0, 5.0]),
            "grad": np.array([3.0, -1.0]),
            "total": np.array([16.0, 8.0]),
            "lr": 0.5,
            "eps": 1e-8,
        },
        "one parameter": {
            "theta": np.array([0.5]),
            "grad": np.array([-2.0]),
            "total": np.array([5.0]),
            "lr": 1.0,
            "eps": 1e-8,
        },
        "a large ε": {
            "theta": np.array([1.0, 2.0]),
            "grad": np.array([3.0, 0.5]),
            "total": np.array([7.0, 0.0]),
            "lr": 0.2,
            "eps": 0.5,
        },
        "a parameter without gradient": {
            "theta": np.array([1.0, 2.0]),
            "grad": np.array([0.0, 1.0]),
            "total": np.array([0.0, 3.0]),
            "lr": 0.1,
            "eps": 1e-8,
        },
        "tiny gradients": {
            "theta": np.array([1.0, 1.0]),
            "grad": np.array([3e-9, -1e-9]),
            "total": np.array([1.6e-17, 8e-18]),
            "lr": 0.1,
            "eps": 1e-12,
        },
        "two runs at once": {
            "theta": np.array([[1.0, 2.0], [3.0, 4.0], [0.0, -1.0]]),
            "grad": np.array([[1.0, -2.0], [0.5, 3.0], [2.0, 1.0]]),
            "total": np.array([[3.0, 5.0], [0.0, 7.0], [1.0, 8.0]]),
            "lr": np.array([0.1, 0.4]),
            "eps": 1e-8,
        },
    },
    hints=[
        "What is known when the gradient has arrived? Its square belongs to the sum before σ is "
        "made from it.",
        "The new sum is `total + grad**2`. Then σ is its root plus ε, and θ moves by η g / σ "
        "against the gradient. All of it works number by number.",
        "Two lines: make the new sum; return θ − η g / (root of the new sum + ε), and the new sum. "
        "Mind the parentheses, and do not write `total += …`.",
    ],
)


@step.misconception(
    "the newest gradient left out of σ",
    "You divided by the root of the old sum. Add the square of the new gradient first: at the "
    "first update σ would be 0 without it.",
    read="A-rate-of-its-own",
)
def old_sum(theta, grad, total, lr, eps):
    return theta - lr * grad / (np.sqrt(total) + eps), total + grad**2


@step.misconception(
    "the past forgotten",
    "You made the sum of this gradient alone. `total` brings the squares of all earlier ones: add "
    "to it.",
    read="A-rate-of-its-own",
)
def newest_only(theta, grad, total, lr, eps):
    return theta - lr * grad / (np.abs(grad) + eps), grad**2


@step.misconception(
    "the old sum handed on",
    "θ is right, but the sum that you return does not contain the square of this gradient. The "
    "next update would not know of it.",
    read="Two-rules-with-one-name",
)
def nothing_handed_on(theta, grad, total, lr, eps):
    return theta - lr * grad / (np.sqrt(total + grad**2) + eps), total


@step.misconception(
    "the root left out",
    "You divided by the sum of squares. σ is the root of the sum: otherwise a gradient ten times "
    "as large makes a step ten times as small.",
    read="Two-rules-with-one-name",
)
def without_root(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / (total + eps), total


@step.misconception(
    "the gradient added without its square",
    "The sum is one of squares. You added g itself, which can make it smaller and even negative.",
    read="Two-rules-with-one-name",
)
def gradient_added(theta, grad, total, lr, eps):
    total = total + grad
    return theta - lr * grad / (np.sqrt(total) + eps), total


@step.misconception(
    "σ handed on for the sum",
    "You returned the root as the new sum. The next update adds a square to it, so it must be "
    "the sum of squares itself.",
    read="Two-rules-with-one-name",
)
def root_handed_on(theta, grad, total, lr, eps):
    sigma = np.sqrt(total + grad**2)
    return theta - lr * grad / (sigma + eps), sigma


@step.misconception(
    "ε inside the root",
    "You took the root of sum + ε, as some libraries do. Here ε is added to the root, outside it.",
    read="Two-rules-with-one-name",
)
def inside(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / np.sqrt(total + eps), total


@step.misconception(
    "ε added to θ",
    "A division comes before an addition, so your ε is not added to σ but moves θ. Parentheses "
    "around root and ε are missing.",
    read="Two-rules-with-one-name",
)
def drifting(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / np.sqrt(total) + eps, total


@step.misconception(
    "uphill",
    "You added the step. The gradient points uphill, and the step goes against it.",
    read="A-rate-of-its-own",
)
def uphill(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta + lr * grad / (np.sqrt(total) + eps), total


@step.misconception(
    "one σ for all parameters",
    "You added the squares of all parameters to one sum. Then a steep direction slows all others "
    "down: each parameter has a sum of its own.",
    read="A-rate-of-its-own",
)
def shared_sum(theta, grad, total, lr, eps):
    total = total + np.sum(grad**2, axis=0)
    return theta - lr * grad / (np.sqrt(total) + eps), total


@step.misconception(
    "the step for the new θ",
    "You returned the step η g / σ. The first result is the new θ: subtract the step from the old.",
    read="A-rate-of-its-own",
)
def step_alone(theta, grad, total, lr, eps):
    total = total + grad**2
    return lr * grad / (np.sqrt(total) + eps), total


@step.misconception(
    "the two results exchanged",
    "The new θ comes first, then the new sum.",
    read="Two-rules-with-one-name",
)
def sum_first(theta, grad, total, lr, eps):
    total = total + grad**2
    return total, theta - lr * grad / (np.sqrt(total) + eps)


translate = Task(
    "translate_rates",
    cases={
        "a constant rate of the mean form": {"rates": np.full(4, 0.1), "form": "mean"},
        "a constant rate of the sum form": {"rates": np.full(4, 0.1), "form": "sum"},
        "a falling rate of the mean form": {"rates": np.array([0.8, 0.4, 0.2]), "form": "mean"},
        "a rate of the sum form that rises and falls": {
            "rates": np.array([0.1, 0.5, 1.0, 0.5, 0.1]),
            "form": "sum",
        },
        "one update": {"rates": np.array([0.3]), "form": "mean"},
        "three runs at once": {
            "rates": np.array([[0.1, 0.2, 0.3], [0.1, 0.4, 0.9], [0.1, 0.8, 2.7]]),
            "form": "sum",
        },
    },
    hints=[
        "Write η/σ for both forms, with the sums of squares written out. What must stand above the "
        "root of the sum so that the two are equal?",
        "At update t the root of the sum is √(t + 1) times the root of the mean. Which form needs "
        "the larger rate for the same step?",
        "From mean to sum multiply rate t by √(t + 1), from sum to mean divide by it. For runs on "
        "a last axis turn the rates first, and back afterwards: `(rates.T * …).T`.",
    ],
)


def translated(rates, form, factor):
    """Multiplied by a factor of each update, or divided if the rates are those of the sum form."""
    factor = factor.reshape(-1, *[1] * (rates.ndim - 1))
    return rates * factor if form == "mean" else rates / factor


exchanged_directions = translate.misconception(
    "the two directions exchanged",
    "You multiply where you should divide, and the other way round. σ of the sum form is the "
    "larger one, so its rate must be larger for the same step.",
    read="Two-rules-with-one-name",
)


@exchanged_directions
def backwards(rates, form):
    return translated(rates, form, counts_of(rates) ** -0.5)


@exchanged_directions
def backwards_along_the_runs(rates, form):
    return along_the_runs(rates, "sum" if form == "mean" else "mean")


@translate.misconception(
    "the factor along the runs",
    "For a single run it is right. With many runs the updates are the first axis, and your factor "
    "went along the last: each run got one factor for all its updates.",
    read="Two-rules-with-one-name",
)
def along_the_runs(rates, form):
    factor = np.sqrt(np.arange(1, len(rates) + 1))
    return rates * factor if form == "mean" else rates / factor


@translate.misconception(
    "t + 1 for its root",
    "σ is a root, so the two forms differ by √(t + 1), not by t + 1.",
    read="Two-rules-with-one-name",
)
def without_the_root(rates, form):
    return translated(rates, form, counts_of(rates))


@translate.misconception(
    "t for t + 1",
    "Update 0 has one gradient already, so update t has t + 1. With √t the first rate becomes 0 "
    "or infinite.",
    read="Two-rules-with-one-name",
)
def from_zero(rates, form):
    return translated(rates, form, np.sqrt(counts_of(rates) - 1))


@translate.misconception(
    "one factor for all updates",
    "You used the root of T at every update. The number of gradients grows: update t has t + 1.",
    read="Two-rules-with-one-name",
)
def last_factor(rates, form):
    return translated(rates, form, np.full(len(rates), np.sqrt(len(rates))))


@translate.misconception(
    "divided for both forms",
    "You divided by √(t + 1) in both directions. That is right from the sum form to the mean form; "
    "the way back needs the opposite.",
    read="Two-rules-with-one-name",
)
def always_divided(rates, form):
    return translated(rates, "sum", np.sqrt(counts_of(rates)))


@translate.misconception(
    "multiplied for both forms",
    "You multiplied by √(t + 1) in both directions. That is right from the mean form to the sum "
    "form; the way back needs the opposite.",
    read="Two-rules-with-one-name",
)
def always_multiplied(rates, form):
    return translated(rates, "mean", np.sqrt(counts_of(rates)))


@translate.misconception(
    "the first rate for all",
    "You translated rates[0] alone. The rates may rise and fall: translate rate t at update t.",
    read="Two-rules-with-one-name",
)
def first_rate(rates, form):
    return translated(np.zeros_like(rates) + rates[0], form, np.sqrt(counts_of(rates)))


@translate.misconception(
    "the rates left as they are",
    "With equal rates the two forms are different rules: at update t their σ differ by √(t + 1).",
    read="Two-rules-with-one-name",
)
def unchanged(rates, form):
    return rates.copy()


begins = Task(
    "burst_begins",
    cases={
        "a calm valley": {"total": 90.3, "seen": 5, "lr": 0.1, "curvature": 10.0},
        "the valley of the notebook": {
            "total": 3501.2,
            "seen": 20,
            "lr": 0.05,
            "curvature": 200.0,
        },
        "unstable already": {"total": 2.1, "seen": 40, "lr": 0.5, "curvature": 3.0},
        "exactly 2 at update 3": {"total": 1.0, "seen": 2, "lr": 0.5, "curvature": 2.0},
        "a long calm": {"total": 5e4, "seen": 10, "lr": 0.001, "curvature": 600.0},
        "one gradient": {"total": 9.7, "seen": 1, "lr": 2.0, "curvature": 0.3},
        "four settings at once": {
            "total": np.array([1.3, 20.2, 300.1, 4.4]),
            "seen": np.array([1, 2, 3, 50]),
            "lr": np.array([0.5, 0.2, 0.1, 0.3]),
            "curvature": np.array([1.0, 5.0, 20.0, 4.0]),
        },
    },
    hints=[
        "Later gradients add 0 to the sum and 1 to the number of gradients. What is σ at update t, "
        "if the sum stays at `total`?",
        "Put σ = √(total / (t + 1)) into ηλ/σ > 2, square both sides, and solve for t + 1. Which "
        "is the smallest whole t? Could that t be in the past?",
        "t + 1 > 4 · total / (ηλ)². The smallest such t is the right side rounded down with "
        "`np.floor`. If it is smaller than `seen`, the answer is `seen`: take the maximum.",
    ],
)


def smallest(seen, above):
    """The smallest t ≥ seen with t + 1 > above."""
    return np.maximum(seen, np.floor(above))


@begins.misconception(
    "t gradients at update t",
    "You divided the sum by t, so your answer is one update late. Update 0 has one gradient: at "
    "update t there are t + 1.",
    read="When-it-bursts",
)
def one_late(total, seen, lr, curvature):
    return smallest(seen, 4 * total / (lr * curvature) ** 2 + 1)


@begins.misconception(
    "rounded up",
    "You rounded 4 · total / (ηλ)² up, so your answer is one update late. It is t + 1, the number "
    "of gradients, that must exceed it, not t.",
    read="When-it-bursts",
)
def rounded_up(total, seen, lr, curvature):
    return np.maximum(seen, np.ceil(4 * total / (lr * curvature) ** 2))


@begins.misconception(
    "`seen` counted twice",
    "You added `seen` to a number that was counted from the start of the run. The updates already "
    "done are in it.",
    read="When-it-bursts",
)
def counted_twice(total, seen, lr, curvature):
    return seen + np.floor(4 * total / (lr * curvature) ** 2)


@begins.misconception(
    "2 itself taken for a crossing",
    "Your answer is right except where ηλ/σ is exactly 2. There the offset neither grows nor "
    "shrinks: the ratio must exceed 2.",
    read="Why-it-bursts",
)
def at_two(total, seen, lr, curvature):
    return np.maximum(seen, np.ceil(4 * total / (lr * curvature) ** 2) - 1)


@begins.misconception(
    "updates counted from now",
    "You returned how many updates are still to come. The answer is the number of the update, "
    "counted from the start of the run.",
    read="When-it-bursts",
)
def from_now(total, seen, lr, curvature):
    return smallest(seen, 4 * total / (lr * curvature) ** 2) - seen


@begins.misconception(
    "a prediction for the past",
    "Where the run is unstable already, your update lies before `seen`. It is past, and it had "
    "other gradients: the answer there is `seen`.",
    read="When-it-bursts",
)
def in_the_past(total, seen, lr, curvature):
    return np.floor(4 * np.asarray(total) / (lr * curvature) ** 2)


@begins.misconception(
    "the sum form",
    "You kept σ at the root of the sum, where calm gradients change nothing. In the mean form "
    "they count: σ falls while the sum stays.",
    read="Why-it-bursts",
)
def of_the_sum(total, seen, lr, curvature):
    return np.where(lr * curvature > 2 * np.sqrt(total), seen, np.inf)


@begins.misconception(
    "the rate of the fastest descent for the border",
    "You asked when ηλ/σ exceeds 1. There one update arrives at the floor; it becomes unstable "
    "above 2.",
    read="Why-it-bursts",
)
def above_one(total, seen, lr, curvature):
    return smallest(seen, total / (lr * curvature) ** 2)


@begins.misconception(
    "the 2 not squared",
    "ηλ/σ > 2 becomes (ηλ)² > 4 σ² when it is squared. Your 2 stayed a 2.",
    read="When-it-bursts",
)
def two_not_squared(total, seen, lr, curvature):
    return smallest(seen, 2 * total / (lr * curvature) ** 2)


@begins.misconception(
    "σ² for σ",
    "You compared ηλ with the mean of the squares. σ is the root of the mean, so ηλ must be "
    "squared before it is compared with that.",
    read="When-it-bursts",
)
def sigma_squared(total, seen, lr, curvature):
    return smallest(seen, 2 * total / (lr * curvature))


units = Task(
    "in_new_units",
    cases={
        "metres to millimetres": {"lr": 0.1, "eps": 0.5, "scale": 1000.0},
        "twice as large": {"lr": 0.3, "eps": 1.0, "scale": 2.0},
        "a tenth": {"lr": 0.05, "eps": 0.02, "scale": 0.1},
        "the same units": {"lr": 0.2, "eps": 0.4, "scale": 1.0},
        "a usual ε": {"lr": 0.01, "eps": 1e-8, "scale": 4.0},
        "a scale for each parameter": {"lr": 0.5, "eps": 0.1, "scale": np.array([0.5, 1.0, 4.0])},
    },
    hints=[
        "The gradient is loss per unit of θ. If the numbers of θ become 1000 times as large, what "
        "becomes of the numbers of the gradient? And of σ?",
        "Every step must become `scale` times as large. In gradient descent the step is η g, and g "
        "is divided by `scale`. In Adagrad it is η g / (σ + ε), where g and σ change alike.",
        "Gradient descent: η times scale squared, once for the step and once for the gradient. "
        "Adagrad: η times scale. ε has the unit of the gradient: divide it by scale.",
    ],
)


@units.misconception(
    "nothing changed",
    "You returned the old settings. With a scale above 1 the way is longer in the new numbers and "
    "the gradient smaller, so every setting must change.",
    read="A-rate-of-its-own",
)
def nothing_changed(lr, eps, scale):
    return lr, lr, eps


@units.misconception(
    "Adagrad left as it was",
    "Gradient descent is right. Adagrad is not free of units: g/σ has none, but η is in the unit "
    "of θ, and ε in that of the gradient.",
    read="A-rate-of-its-own",
)
def adagrad_unchanged(lr, eps, scale):
    return lr * scale**2, lr, eps


@units.misconception(
    "only gradient descent changed, and by too little",
    "Your rate of gradient descent makes up for the longer way, not for the smaller gradient. And "
    "the settings of Adagrad have units too.",
    read="A-rate-of-its-own",
)
def only_descent(lr, eps, scale):
    return lr * scale, lr, eps


@units.misconception(
    "all three times the scale",
    "You treated all three like θ. Follow the gradient first: it is loss per unit of θ, and both "
    "g and ε become smaller when the numbers of θ become larger.",
    read="A-rate-of-its-own",
)
def all_alike(lr, eps, scale):
    return lr * scale, lr * scale, eps * scale


@units.misconception(
    "Adagrad without any unit",
    "You left the rate of Adagrad as it was. In g/σ the units cancel, but then η alone has the "
    "unit of θ: it must grow with θ.",
    read="A-rate-of-its-own",
)
def unitless(lr, eps, scale):
    return lr * scale**2, lr, eps / scale


@units.misconception(
    "the gradient left as it was",
    "For gradient descent you made only the step larger. The gradient is smaller in the new "
    "numbers as well, so the rate must make up for both.",
    read="Larger-gradient,-larger-or-smaller-step?",
)
def same_gradient(lr, eps, scale):
    return lr * scale, lr * scale, eps / scale


@units.misconception(
    "Adagrad treated like gradient descent",
    "You squared the scale for Adagrad too. There σ becomes smaller together with the gradient, "
    "so the rate need not make up for that.",
    read="Larger-gradient,-larger-or-smaller-step?",
)
def like_descent(lr, eps, scale):
    return lr * scale**2, lr * scale**2, eps / scale


@units.misconception(
    "the way back to the old units",
    "You translated from the new units to the old. The new parameter is scale times the old one, "
    "so its steps are scale times as large.",
    read="A-rate-of-its-own",
)
def to_old_units(lr, eps, scale):
    return lr / scale**2, lr / scale, eps * scale


@units.misconception(
    "ε without a unit",
    "You left ε as it was. It is added to σ, so it has the unit of the gradient and must change "
    "with it.",
    read="Two-rules-with-one-name",
)
def same_eps(lr, eps, scale):
    return lr * scale**2, lr * scale, eps


@units.misconception(
    "ε in the unit of θ",
    "You multiplied ε by the scale. It has the unit of the gradient, whose numbers become smaller "
    "when those of θ become larger.",
    read="Two-rules-with-one-name",
)
def growing_eps(lr, eps, scale):
    return lr * scale**2, lr * scale, eps * scale


@units.misconception(
    "ε in the unit of σ²",
    "You divided ε by the square of the scale, which would be right for an ε inside the root. "
    "Here it is added outside.",
    read="Two-rules-with-one-name",
)
def eps_inside(lr, eps, scale):
    return lr * scale**2, lr * scale, eps / scale**2


mend = Task(
    "mended_adagrad",
    cases={
        "one parabola and a large ε": {
            "curvatures": np.array([2.0]),
            "start": np.array([1.0]),
            "lr": 0.2,
            "eps": 0.5,
            "updates": 5,
        },
        "two parabolas": {
            "curvatures": np.array([1.0, 100.0]),
            "start": np.array([1.0, -2.0]),
            "lr": 0.1,
            "eps": 1e-8,
            "updates": 4,
        },
        "a start at the minimum": {
            "curvatures": np.array([3.0, 1.0]),
            "start": np.array([0.0, -1.0]),
            "lr": 0.1,
            "eps": 0.1,
            "updates": 3,
        },
        "a flat direction": {
            "curvatures": np.array([0.0, 1.0, 2.0]),
            "start": np.array([5.0, 1.0, -1.0]),
            "lr": 0.3,
            "eps": 1e-3,
            "updates": 3,
        },
        "gradients smaller than ε": {
            "curvatures": np.array([1e-3, 2e-3]),
            "start": np.array([1.0, -1.0]),
            "lr": 0.5,
            "eps": 0.01,
            "updates": 3,
        },
        "no update": {
            "curvatures": np.array([1.0, 2.0]),
            "start": np.array([1.0, 2.0]),
            "lr": 0.1,
            "eps": 1e-8,
            "updates": 0,
        },
    },
    hints=[
        "Take a parameter that starts at 0 and follow the first update by hand. Which number is "
        "divided by which? What was ε meant to do there?",
        "Python divides before it adds: a / b + c is (a / b) + c. Look at the line that makes the "
        "new θ.",
        "σ is the root of the mean plus ε. Make σ in a line of its own, and divide by it in the "
        "next.",
    ],
)


def run(step, curvatures, start, updates):
    """The path whose steps are made from the gradient and the root of the mean square."""
    path, total = [start.copy()], np.zeros_like(start)
    for t in range(updates):
        grad = curvatures * path[t]
        total = total + grad**2
        path.append(path[t] - step(grad, np.sqrt(total / (t + 1))))
    return np.array(path)


@mend.misconception(
    "the mistake is still there",
    "Every update still adds ε to θ. A division comes before an addition: parentheses decide what "
    "is divided by what.",
    read="Two-rules-with-one-name",
)
def as_it_was(curvatures, start, lr, eps, updates):
    return run(lambda grad, root: lr * grad / root - eps, curvatures, start, updates)


@mend.misconception(
    "parentheses around the whole step",
    "Now every update subtracts ε from θ, where it added it before. ε belongs to what the gradient "
    "is divided by.",
    read="Two-rules-with-one-name",
)
def whole_step(curvatures, start, lr, eps, updates):
    return run(lambda grad, root: lr * grad / root + eps, curvatures, start, updates)


@mend.misconception(
    "ε added to the quotient",
    "You added ε to g divided by the root, and the rate multiplies both. ε must be added before "
    "the division.",
    read="Two-rules-with-one-name",
)
def beside_the_quotient(curvatures, start, lr, eps, updates):
    return run(lambda grad, root: lr * (grad / root + eps), curvatures, start, updates)


@mend.misconception(
    "ε left out",
    "Without ε nothing drifts, but a parameter without gradient is still divided 0 by 0 and "
    "becomes nan.",
    read="Two-rules-with-one-name",
)
def no_eps(curvatures, start, lr, eps, updates):
    return run(lambda grad, root: lr * grad / root, curvatures, start, updates)


@mend.misconception(
    "ε inside the root",
    "You took the root of mean + ε. That mends the nan, but the docstring has ε outside the root: "
    "with small gradients it is another rule.",
    read="Two-rules-with-one-name",
)
def inside_the_root(curvatures, start, lr, eps, updates):
    return run(lambda grad, root: lr * grad / np.sqrt(root**2 + eps), curvatures, start, updates)


@mend.misconception(
    "ε² inside the root",
    "You took the root of mean + ε². It has the right unit and mends the nan, but it is smaller "
    "than root + ε. The docstring has ε outside.",
    read="Two-rules-with-one-name",
)
def squared_inside(curvatures, start, lr, eps, updates):
    return run(lambda grad, root: lr * grad / np.hypot(root, eps), curvatures, start, updates)


@mend.misconception(
    "only the nan removed",
    "You replaced nan and left the mistake that makes it. Every update still adds ε to θ.",
    read="Two-rules-with-one-name",
)
def painted_over(curvatures, start, lr, eps, updates):
    return run(lambda grad, root: np.nan_to_num(lr * grad / root) - eps, curvatures, start, updates)


@mend.misconception(
    "ε only where σ is 0",
    "You divide by ε only where the root is 0. ε is added to every root: otherwise a tiny "
    "gradient makes as long a step as a large one.",
    read="Two-rules-with-one-name",
)
def only_at_zero(curvatures, start, lr, eps, updates):
    return run(
        lambda grad, root: lr * grad / np.where(root > 0, root, eps), curvatures, start, updates
    )


@mend.misconception(
    "the larger of root and ε",
    "You took the larger one of root and ε. The convention is their sum.",
    read="Two-rules-with-one-name",
)
def larger(curvatures, start, lr, eps, updates):
    return run(lambda grad, root: lr * grad / np.maximum(root, eps), curvatures, start, updates)


@mend.misconception(
    "the sum form for the mean form",
    "ε is where it belongs, but the division by t + 1 is gone. This function is the mean form.",
    read="Two-rules-with-one-name",
)
def sum_form(curvatures, start, lr, eps, updates):
    path, total = [start.copy()], np.zeros_like(start)
    for t in range(updates):
        grad = curvatures * path[t]
        total = total + grad**2
        path.append(path[t] - lr * grad / (np.sqrt(total) + eps))
    return np.array(path)
