"""What `check` and `hint` know of 02: cases, hints, and the wrong answers that learners give."""

import numpy as np

from tasks.catalogue import Task

STEEP = np.array([[2.0, 0.0], [0.0, 200.0]])
# Curvatures 1 and 9 in directions at 45° to the axes; the diagonal shows 5 and 5.
TURNED = np.array([[5.0, 4.0], [4.0, 5.0]])
CHAIN = np.array([[2.0, -1.0, 0.0], [-1.0, 3.0, -1.0], [0.0, -1.0, 4.0]])

stable = Task(
    "largest_stable_rate",
    cases={
        "a valley along the axes": {"hessian": STEEP},
        "a turned valley": {"hessian": TURNED},
        "one dimension": {"hessian": np.array([[8.0]])},
        "three dimensions": {"hessian": CHAIN},
        "a flat direction": {"hessian": np.array([[4.0, 2.0], [2.0, 1.0]])},
        "tiny curvatures": {"hessian": 1e-12 * TURNED},
        "flat everywhere": {"hessian": np.zeros((2, 2))},
    },
    hints=[
        "Along one direction of curvature λ an update multiplies the distance by 1 − ηλ. For which "
        "η is that between −1 and 1, and which direction is the strictest?",
        "The curvatures are the eigenvalues of H. `np.linalg.eigvalsh` gives those of a symmetric "
        "matrix in ascending order.",
        "Take the largest eigenvalue. If it is 0, return `np.inf`; otherwise return two divided "
        "by it.",
    ],
    equivalent={
        "return 2 / steepest if steepest >= 0 else np.inf": "NumPy's 2 / 0.0 is inf as well",
        "return 2 / steepest if steepest > -1 else np.inf": "no eigenvalue lies in (-1, 0)",
    },
)


@stable.misconception(
    "the rate of the fastest descent",
    "At 1/λ the steepest direction arrives in one update; it stays stable up to twice that rate.",
    read="One-rate-for-a-valley",
)
def one_over_steepest(hessian):
    return 1 / np.linalg.eigvalsh(hessian)[-1]


@stable.misconception(
    "the flattest direction decides",
    "You divided by the smallest curvature. The steepest direction diverges first, so it decides.",
    read="One-rate-for-a-valley",
)
def flattest(hessian):
    smallest = np.linalg.eigvalsh(hessian)[0]
    return 2 / smallest if smallest > 0 else np.inf


@stable.misconception(
    "the diagonal for the curvatures",
    "The diagonal holds the curvatures along the axes. A turned valley is steeper than both: "
    "take the eigenvalues.",
    read="05_adam#Turning-the-valley",
)
def diagonal(hessian):
    steepest = hessian.diagonal().max()
    return 2 / steepest if steepest > 0 else np.inf


@stable.misconception(
    "the sum of the curvatures",
    "The trace adds all curvatures up. Each direction moves by its own; only the largest counts.",
    read="One-rate-for-a-valley",
)
def trace(hessian):
    total = np.trace(hessian)
    return 2 / total if total > 0 else np.inf


@stable.misconception(
    "the length of H for its largest curvature",
    "`np.linalg.norm(H)` is the root of all squared entries. The curvatures are the eigenvalues.",
    read="One-rate-for-a-valley",
)
def norm(hessian):
    length = np.linalg.norm(hessian)
    return 2 / length if length > 0 else np.inf


path = Task(
    "descend_quadratic",
    cases={
        "a valley along the axes": {
            "hessian": STEEP,
            "start": np.array([4.0, 1.0]),
            "lr": 0.004,
            "updates": 4,
        },
        "a turned valley": {
            "hessian": TURNED,
            "start": np.array([1.0, 2.0]),
            "lr": 0.1,
            "updates": 5,
        },
        "one dimension": {
            "hessian": np.array([[2.0]]),
            "start": np.array([3.0]),
            "lr": 0.9,
            "updates": 3,
        },
        "three rates at once": {
            "hessian": TURNED,
            "start": np.array([[1.0, 1.0, 3.0], [0.0, 2.0, -1.0]]),
            "lr": np.array([0.05, 0.1, 0.3]),
            "updates": 3,
        },
        "three dimensions": {
            "hessian": np.array([[3.0, 1.0, 1.0], [1.0, 2.0, 0.0], [1.0, 0.0, 5.0]]),
            "start": np.array([1.0, 0.0, -2.0]),
            "lr": 0.25,
            "updates": 3,
        },
        "no update": {
            "hessian": TURNED,
            "start": np.array([1.0, -1.0]),
            "lr": 0.1,
            "updates": 0,
        },
    },
    hints=[
        "The path has one row more than there are updates: row 0 is the start.",
        "The gradient of ½ θᵀHθ is the matrix product Hθ, written `hessian @ theta`. It works for "
        "a start of shape (n,) and of shape (n, N).",
        "Make an empty array of shape `(updates + 1, *start.shape)`, put the start into row 0, and "
        "fill row t + 1 from row t in a loop.",
    ],
)


def walk(step, start, updates):
    rows = [np.array(start)]
    for _ in range(updates):
        rows.append(step(rows[-1]))
    return np.array(rows)


@path.misconception(
    "uphill",
    "You added the gradient. It points uphill: the step goes against it, θ − ηg.",
    read="One-rate-for-a-valley",
)
def uphill(hessian, start, lr, updates):
    return walk(lambda theta: theta + lr * (hessian @ theta), start, updates)


@path.misconception(
    "half the gradient",
    "You kept the ½ of the loss. The gradient of ½ θᵀHθ is Hθ: the square brings a 2 down.",
    read="One-rate-for-a-valley",
)
def half(hessian, start, lr, updates):
    return walk(lambda theta: theta - lr * (hessian @ theta) / 2, start, updates)


@path.misconception(
    "the gradient of the start, again and again",
    "Every step used the gradient at the start. Take it anew where θ is now.",
    read="One-rate-for-a-valley",
)
def first_gradient(hessian, start, lr, updates):
    return walk(lambda theta: theta - lr * (hessian @ start), start, updates)


@path.misconception(
    "only the diagonal of H",
    "Each coordinate used its own curvature alone. In a turned valley the others pull as well: "
    "multiply by the whole matrix.",
    read="05_adam#Turning-the-valley",
)
def own_curvature(hessian, start, lr, updates):
    return walk(lambda theta: theta - lr * (np.diag(hessian) * theta.T).T, start, updates)


@path.misconception(
    "every row is the last θ",
    "The rows are one and the same array, which `theta -= …` changes each time. Store a copy, or "
    "make a new array at each update.",
    read="One-rate-for-a-valley",
)
def one_array(hessian, start, lr, updates):
    theta, rows = np.array(start), []
    for _ in range(updates + 1):
        rows.append(theta)
        theta -= lr * (hessian @ theta) if len(rows) <= updates else 0
    return np.array(rows)


needed = Task(
    "updates_needed",
    cases={
        "a valley": {"curvatures": np.array([0.02, 200.0]), "lr": 0.0099, "factor": 0.01},
        "one dimension": {"curvatures": np.array([1.0]), "lr": 1.7, "factor": 0.1},
        "the steep direction is the slowest": {
            "curvatures": np.array([1.0, 19.5, 10.0]),
            "lr": 0.1,
            "factor": 0.03,
        },
        "a rate that is too large": {
            "curvatures": np.array([1.0, 30.0]),
            "lr": 0.1,
            "factor": 0.5,
        },
        "exactly on the border": {"curvatures": np.array([4.0, 1.0]), "lr": 0.5, "factor": 0.5},
        "a flat direction": {"curvatures": np.array([0.0, 1.0]), "lr": 0.5, "factor": 0.1},
        "in one update": {"curvatures": np.array([4.0, 4.0]), "lr": 0.25, "factor": 0.001},
        # Powers of two, so that no way of computing it rounds.
        "exactly the factor is left": {"curvatures": np.array([0.5]), "lr": 1.0, "factor": 0.25},
    },
    hints=[
        "After t updates |1 − ηλ|ᵗ of the distance is left. Which direction is the last to arrive? "
        "It need not be the flattest.",
        "Solve |1 − ηλ|ᵗ = factor for t with logarithms, and round up. When does no t solve it? "
        "And what if 1 − ηλ is 0, which has no logarithm?",
        "Take the largest |1 − ηλ|. From 1 on: `np.inf`. If it is 0: one update. Otherwise "
        "log(factor) divided by its log, rounded up.",
    ],
)


def updates(slowest, factor):
    """The right answer once the slowest factor is known."""
    if slowest >= 1:
        return np.inf
    return int(np.ceil(np.log(factor) / np.log(slowest))) if slowest > 0 else 1


@needed.misconception(
    "a jump over the minimum taken for an arrival",
    "You took 1 − ηλ with its sign. A direction at −0.9 has nine tenths of "
    "the distance left: take the absolute value.",
    read="One-rate-for-a-valley",
)
def signed(curvatures, lr, factor):
    return updates((1 - lr * curvatures).max(), factor)


@needed.misconception(
    "the steepest direction alone",
    "You waited for the steepest direction only. All must arrive: take the slowest.",
    read="What-a-long-valley-costs",
)
def steepest(curvatures, lr, factor):
    return updates(np.abs(1 - lr * curvatures.max()), factor)


flattest_alone = needed.misconception(
    "the flattest direction alone",
    "You waited for the flattest direction only. A steep one that bounces can be slower, or "
    "diverge.",
    read="One-rate-for-a-valley",
)


@flattest_alone
def flattest_direction(curvatures, lr, factor):
    return updates(np.abs(1 - lr * curvatures.min()), factor)


@flattest_alone
def flattest_if_stable(curvatures, lr, factor):
    stable = lr * curvatures.max() < 2
    return flattest_direction(curvatures, lr, factor) if stable else np.inf


@needed.misconception(
    "one update too few",
    "You rounded down. After that update a little more than the factor is still left: round up.",
    read="What-a-long-valley-costs",
)
def rounded_down(curvatures, lr, factor):
    needed = updates(np.abs(1 - lr * curvatures).max(), factor)
    return needed - 1 if needed > 1 else needed


@needed.misconception(
    "one update too many where the last one arrives exactly",
    "You rounded down and added one. Where the logarithms give a whole number that is one too "
    "many, for at most `factor` may be left: round up.",
    read="What-a-long-valley-costs",
)
def rounded_down_plus_one(curvatures, lr, factor):
    slowest = np.abs(1 - lr * curvatures).max()
    if not 0 < slowest < 1:
        return updates(slowest, factor)
    return 1 + int(np.floor(np.log(factor) / np.log(slowest)))


@needed.misconception(
    "the loss for the distance",
    "You asked when the loss has fallen to the factor. It falls with the square of the distance, "
    "so that takes half as many updates.",
    read="What-a-long-valley-costs",
)
def loss(curvatures, lr, factor):
    return updates(np.max((1 - lr * curvatures) ** 2), factor)


@needed.misconception(
    "the formula where nothing arrives",
    "From |1 − ηλ| = 1 on the distance does not shrink, and the logarithms give a number of "
    "updates that is not above 0. The answer there is inf.",
    read="One-rate-for-a-valley",
)
def unchecked(curvatures, lr, factor):
    slowest = np.abs(1 - lr * curvatures).max()
    return np.ceil(np.log(factor) / np.log(slowest)) if slowest else 1


@needed.misconception(
    "e to the power −ηλt for (1 − ηλ)ᵗ",
    "1 − x is nearly e to the power −x only for a small x. Near the border of stability it is "
    "far from it: use 1 − ηλ itself.",
    read="What-a-long-valley-costs",
)
def continuous(curvatures, lr, factor):
    return updates(np.exp(-lr * curvatures.min()), factor)


best = Task(
    "best_rate",
    cases={
        "two directions": {"curvatures": np.array([1.0, 9.0])},
        "the order does not matter": {"curvatures": np.array([3.0, 6.0, 2.0])},
        "one dimension": {"curvatures": np.array([4.0])},
        "a long valley": {"curvatures": np.array([2e-4, 200.0, 1.0])},
        "all alike": {"curvatures": np.array([3.0, 3.0, 3.0])},
        "three parabolas at once": {
            "curvatures": np.array([[1.0, 2.0, 10.0], [4.0, 2.0, 30.0]]),
        },
    },
    hints=[
        "A larger rate helps the flat direction and, beyond 1/λ, harms the steep one. At the best "
        "rate neither can gain without the other losing.",
        "There the two factors are equal in size: 1 − ηλ of the flattest is −(1 − ηλ) of the "
        "steepest. Solve for η.",
        "The rate is 2 divided by the sum of smallest and largest curvature. Put it into 1 − ηλ "
        "for the smallest. Take minimum and maximum along `axis=0`.",
    ],
)


def slowest_factor(rate, curvatures):
    return np.abs(1 - rate * curvatures).max(axis=0)


@best.misconception(
    "the largest stable rate",
    "At 2/λ the steepest direction bounces forever, so its factor is 1. The best rate is smaller.",
    read="One-rate-for-a-valley",
)
def border(curvatures):
    rate = 2 / curvatures.max(axis=0)
    return rate, slowest_factor(rate, curvatures)


@best.misconception(
    "the largest stable rate, with the factor of the flattest direction",
    "At 2/λ of the steepest direction that direction bounces forever: its factor is 1, and it is "
    "the slowest. The best rate is smaller.",
    read="One-rate-for-a-valley",
)
def border_of_steepest(curvatures):
    rate = 2 / curvatures.max(axis=0)
    return rate, np.abs(1 - rate * curvatures.min(axis=0))


@best.misconception(
    "the best rate of the steepest direction",
    "At 1/λ the steepest direction arrives at once, but the flattest is slower than it need be. "
    "Go on until both are equally slow.",
    read="What-a-long-valley-costs",
)
def steepest_at_once(curvatures):
    rate = 1 / curvatures.max(axis=0)
    return rate, slowest_factor(rate, curvatures)


@best.misconception(
    "the mean of all curvatures",
    "You averaged over all directions. Only the flattest and the steepest are ever the slowest; "
    "those between do not count.",
    read="What-a-long-valley-costs",
)
def average(curvatures):
    rate = 1 / curvatures.mean(axis=0)
    return rate, slowest_factor(rate, curvatures)


@best.misconception(
    "the geometric mean of the curvatures",
    "The root of smallest times largest curvature makes a rate that is unstable in a long valley. "
    "The two factors are equal at 1 over the arithmetic mean of the smallest and the largest "
    "curvature.",
    read="What-a-long-valley-costs",
)
def geometric(curvatures):
    rate = 1 / np.sqrt(curvatures.min(axis=0) * curvatures.max(axis=0))
    return rate, slowest_factor(rate, curvatures)


@best.misconception(
    "the factor of the loss",
    "You squared the factor. It is asked for the distance; the loss shrinks by its square.",
    read="What-a-long-valley-costs",
)
def factor_of_the_loss(curvatures):
    rate = 2 / (curvatures.min(axis=0) + curvatures.max(axis=0))
    return rate, slowest_factor(rate, curvatures) ** 2


@best.misconception(
    "the two results exchanged",
    "The rate comes first, then the factor.",
    read="What-a-long-valley-costs",
)
def exchanged(curvatures):
    rate = 2 / (curvatures.min(axis=0) + curvatures.max(axis=0))
    return slowest_factor(rate, curvatures), rate


@best.misconception(
    "one rate for all parabolas",
    "You took smallest and largest curvature over the whole array. Each column is a parabola of "
    "its own: take them along axis 0.",
    read="What-a-long-valley-costs",
)
def all_columns(curvatures):
    rate = 2 / (curvatures.min() + curvatures.max())
    return rate, slowest_factor(rate, curvatures)


floor = Task(
    "noise_floor",
    cases={
        "a middling rate": {"lr": 0.5, "curvature": 1.0, "noise": 1.0},
        "a steep parabola": {"lr": 0.01, "curvature": 50.0, "noise": 3.0},
        "a tiny rate": {"lr": 1e-8, "curvature": 2.0, "noise": 0.5},
        "exactly on the border": {"lr": 0.5, "curvature": 4.0, "noise": 1.0},
        "above the border": {"lr": 1.0, "curvature": 3.0, "noise": 2.0},
        "three rates at once": {
            "lr": np.array([0.1, 1.0, 1.5]),
            "curvature": np.array([0.5, 1.0, 2.0]),
            "noise": np.array([2.0, 1.0, 1.0]),
        },
    },
    hints=[
        "Let v be the variance of θ. One update makes it (1 − ηλ)² v + η² s². At rest it stays "
        "the same.",
        "Solve for v; the mean loss is ½ λ v. What does the formula give for ηλ above 2, and what "
        "happens there really?",
        "η s² / (2 (2 − ηλ)), and `np.inf` wherever 2 − ηλ is 0 or negative: `np.where`, or a "
        "division by `np.maximum(…, 0)`. Plain numbers cannot be divided by 0, not even where "
        "`np.where` does not use the result: make them NumPy numbers with `np.asarray` first.",
    ],
)


def room(lr, curvature):
    """What is left below the border; as an array, so that it may be divided by when it is 0."""
    return np.asarray(2 - lr * curvature)


def at_rest(lr, curvature, loss):
    return np.where(lr * curvature < 2, loss, np.inf)


@floor.misconception(
    "the standard deviation for the variance",
    "The variance s² belongs in the formula; `noise` is its root s.",
    read="The-noise-floor",
)
def deviation(lr, curvature, noise):
    return at_rest(lr, curvature, lr * noise / (2 * room(lr, curvature)))


@floor.misconception(
    "the variance of θ for the loss",
    "That is v, the variance of θ at rest. The mean loss is ½ λ v.",
    read="The-noise-floor",
)
def variance(lr, curvature, noise):
    return at_rest(lr, curvature, lr * noise**2 / (curvature * room(lr, curvature)))


@floor.misconception(
    "λv for ½λv",
    "The ½ of the loss is missing, so the floor is twice too high.",
    read="The-noise-floor",
)
def without_half(lr, curvature, noise):
    return at_rest(lr, curvature, lr * noise**2 / room(lr, curvature))


@floor.misconception(
    "the formula above its border",
    "From ηλ = 2 on the run does not come to rest. The formula turns negative there, which no "
    "mean loss can be: the answer is inf.",
    read="The-noise-floor",
)
def unbounded(lr, curvature, noise):
    return lr * noise**2 / (2 * room(lr, curvature))


@floor.misconception(
    "the floor of a small rate",
    "ηs²/4 holds for a tiny ηλ. In general the floor grows faster, and without end at ηλ = 2.",
    read="The-noise-floor",
)
def small_rate(lr, curvature, noise):
    return at_rest(lr, curvature, lr * noise**2 / 4)


@floor.misconception(
    "the factor not squared",
    "A variance is multiplied by (1 − ηλ)², not by 1 − ηλ: factors come out squared.",
    read="The-noise-floor",
)
def not_squared(lr, curvature, noise):
    return at_rest(lr, curvature, lr * noise**2 / 2)


@floor.misconception(
    "a curvature of 1",
    "2 − η is right for λ = 1 only. In general it is 2 − ηλ.",
    read="The-noise-floor",
)
def unit_curvature(lr, curvature, noise):
    return at_rest(lr, curvature, lr * noise**2 / (2 * room(lr, 1.0)))
