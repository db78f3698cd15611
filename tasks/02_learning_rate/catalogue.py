"""What `check` and `hint` know of 02: cases, hints, and the wrong answers that learners give."""

import numpy as np

from tasks.catalogue import Task

VALLEY = "One-rate-for-a-valley"
LONG = "What-a-long-valley-costs"
CURVE = "Reading-the-loss-curve"
FINDER = "Finding-a-rate"

STEEP = np.array([[2.0, 0.0], [0.0, 200.0]])
# Curvatures 2 and 7 in directions between the axes; the diagonal shows 6 and 3.
TURNED = np.array([[6.0, 2.0], [2.0, 3.0]])
CHAIN = np.array([[2.0, -1.0, 0.0], [-1.0, 3.0, -1.0], [0.0, -1.0, 4.0]])

DIRECTIONS = "right for one or two parameters alone"

stable = Task(
    "largest_stable_rate",
    cases={
        "a valley along the axes": {"hessian": STEEP},
        "the steep direction comes first": {"hessian": np.diag([40.0, 3.0])},
        "a turned valley": {"hessian": TURNED},
        "a valley turned the other way": {"hessian": np.array([[5.0, -2.0], [-2.0, 5.0]])},
        "one dimension": {"hessian": np.array([[8.0]])},
        "three dimensions": {"hessian": CHAIN},
        "the steepest of three in the middle": {"hessian": np.diag([3.0, 8.0, 2.5])},
        "a flat direction": {"hessian": np.array([[4.0, 2.0], [2.0, 1.0]])},
        "tiny curvatures": {"hessian": 1e-12 * TURNED},
        "flat everywhere": {"hessian": np.zeros((2, 2))},
    },
    about={
        "three dimensions": DIRECTIONS,
        "the steepest of three in the middle": DIRECTIONS,
        "one dimension": "wrong for a single parameter",
        "a flat direction": "wrong where one direction is flat",
        "tiny curvatures": "a tiny curvature is not 0: its rate is large, but finite",
        "flat everywhere": "where nothing is curved every rate is stable: inf",
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


def two_over(curvature):
    return 2 / curvature if curvature > 0 else np.inf


@stable.misconception(
    "the rate of the fastest descent",
    "At 1/λ the steepest direction arrives in one update; it stays stable up to twice that rate.",
    read=VALLEY,
)
def one_over_steepest(hessian):
    return two_over(2 * np.linalg.eigvalsh(hessian)[-1])


@stable.misconception(
    "4/λ for 2/λ",
    "The curvature of ½λθ² is λ, the second derivative, and the border is 2/λ. The rate here is "
    "twice as large: at it every update multiplies the distance by −3.",
    read=VALLEY,
)
def four_over_steepest(hessian):
    return two_over(np.linalg.eigvalsh(hessian)[-1] / 2)


flattest_decides = stable.misconception(
    "the flattest direction decides",
    "That is two divided by the smallest curvature. The steepest direction diverges first, so it "
    "decides.",
    read=VALLEY,
)


@flattest_decides
def flattest(hessian):
    # A flat direction has a curvature of 0 up to rounding.
    return two_over(np.round(np.linalg.eigvalsh(hessian)[0], 14))


@flattest_decides
def flattest_that_is_not_flat(hessian):
    values = np.linalg.eigvalsh(hessian)
    return (
        2 / min([value for value in values if value > 1e-20], default=0.0)
        if values.any()
        else np.inf
    )


unsorted = stable.misconception(
    "the first or the last eigenvalue for the largest",
    "`np.linalg.eigvals` and `np.linalg.eig` give the eigenvalues in no order. Take the largest of "
    "them; only `np.linalg.eigvalsh` and `eigh` sort.",
    read=VALLEY,
)


@unsorted
def first_eigenvalue(hessian):
    return two_over(np.linalg.eigvals(hessian)[0])


@unsorted
def last_eigenvalue(hessian):
    return two_over(np.linalg.eigvals(hessian)[-1])


@stable.misconception(
    "the diagonal for the curvatures",
    "The diagonal holds the curvatures along the axes. A turned valley is steeper than both: "
    "take the eigenvalues.",
    read="05_adam#Turning-the-valley",
)
def diagonal(hessian):
    return two_over(hessian.diagonal().max())


@stable.misconception(
    "the last entry of the diagonal for the largest curvature",
    "The diagonal holds the curvatures along the axes, in no order, and a turned valley is steeper "
    "than all of them: take the largest eigenvalue.",
    read="05_adam#Turning-the-valley",
)
def last_on_the_diagonal(hessian):
    return two_over(hessian[-1, -1])


@stable.misconception(
    "the sum of the curvatures",
    "The trace adds all curvatures up. Each direction moves by its own; only the largest counts.",
    read=VALLEY,
)
def trace(hessian):
    return two_over(np.trace(hessian))


@stable.misconception(
    "the mean of the curvatures",
    "At two divided by the mean curvature the steepest direction already diverges. It alone "
    "decides.",
    read=VALLEY,
)
def mean(hessian):
    return two_over(np.trace(hessian) / len(hessian))


product = stable.misconception(
    "the product of the curvatures",
    "The determinant multiplies all curvatures. Each direction moves by its own; only the largest "
    "counts.",
    read=VALLEY,
)


@product
def determinant(hessian):
    return two_over(np.round(np.linalg.det(hessian), 14))


@product
def determinant_unrounded(hessian):
    product = np.linalg.det(hessian)
    return 2 / product if product else np.inf


@stable.misconception(
    "the length of H for its largest curvature",
    "`np.linalg.norm(H)` is the root of all squared entries. The curvatures are the eigenvalues.",
    read=VALLEY,
)
def norm(hessian):
    return two_over(np.linalg.norm(hessian))


@stable.misconception(
    "the largest sum of a row for the largest curvature",
    "The sums of the rows (of their sizes) are only a bound for the eigenvalues. The curvatures "
    "are the eigenvalues themselves.",
    read=VALLEY,
)
def largest_row(hessian):
    return two_over(np.abs(hessian).sum(axis=1).max())


@stable.misconception(
    "the sum of a row for a curvature",
    "The sums of the rows are the gradient at (1, 1, …). The curvatures are the eigenvalues of H.",
    read=VALLEY,
)
def row(hessian):
    return two_over(hessian.sum(axis=1).max())


@stable.misconception(
    "the square or the root of the curvature",
    "The border is 2/λ, where λ is the largest eigenvalue of H. The singular values of HᵀH are "
    "the squares of the curvatures.",
    read=VALLEY,
)
def squared(hessian):
    return two_over(np.linalg.eigvalsh(hessian)[-1] ** 2)


@stable.misconception(
    "the square or the root of the curvature",
    "The border is 2/λ, where λ is the largest eigenvalue of H itself, not its root.",
    read=VALLEY,
)
def rooted(hessian):
    return two_over(np.sqrt(np.linalg.eigvalsh(hessian)[-1]))


@stable.misconception(
    "the best rate for the largest stable one",
    "2/(λ_flat + λ_steep) makes both directions equally fast. The largest stable rate is above it: "
    "2/λ_steep.",
    read="A-map-of-all-rates",
)
def rate_of_both(hessian):
    values = np.linalg.eigvalsh(hessian)
    return two_over(values[0] + values[-1])


FIRST_AXIS = "right for one run, wrong for several at once"

path = Task(
    "descend_quadratic",
    cases={
        "a valley along the axes": {
            "hessian": STEEP,
            "start": np.array([4.0, 1.5]),
            "lr": 0.004,
            "updates": 4,
        },
        "a turned valley": {
            "hessian": TURNED,
            "start": np.array([1.5, -2.0]),
            "lr": 0.1,
            "updates": 5,
        },
        "three dimensions": {
            "hessian": np.array([[3.0, 1.0, 1.0], [1.0, 2.0, 0.0], [1.0, 0.0, 5.0]]),
            "start": np.array([1.0, 0.5, -2.0]),
            "lr": 0.25,
            "updates": 3,
        },
        "one dimension": {
            "hessian": np.array([[2.0]]),
            "start": np.array([3.0]),
            "lr": 0.9,
            "updates": 3,
        },
        "no update": {
            "hessian": TURNED,
            "start": np.array([1.0, -1.5]),
            "lr": 0.1,
            "updates": 0,
        },
        "a start of whole numbers": {
            "hessian": TURNED,
            "start": np.array([3, -2]),
            "lr": 0.1,
            "updates": 3,
        },
        "one rate for three runs": {
            "hessian": TURNED,
            "start": np.array([[1.5, 1.0, -3.0], [0.5, 2.0, -1.0]]),
            "lr": 0.2,
            "updates": 3,
        },
        "three rates at once": {
            "hessian": TURNED,
            "start": np.array([[1.5, 1.0, 3.0], [0.5, 2.0, -1.0]]),
            "lr": np.array([0.05, 0.1, 0.3]),
            "updates": 3,
        },
        "as many rates as parameters": {
            "hessian": TURNED,
            "start": np.array([[2.5, -1.0], [0.5, 3.0]]),
            "lr": np.array([0.05, 0.2]),
            "updates": 2,
        },
    },
    about={
        "three dimensions": "wrong for three parameters",
        "one dimension": "wrong for a single parameter",
        "no update": "with no update the path is the start alone, in one row",
        "a start of whole numbers": "wrong for a start of whole numbers: make the path float",
        "one rate for three runs": FIRST_AXIS,
        "three rates at once": FIRST_AXIS,
        "as many rates as parameters": FIRST_AXIS,
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
    rows = [np.array(start, float)]
    for _ in range(updates):
        rows.append(step(rows[-1]))
    return np.array(rows)


def descent(hessian, start, lr, updates):
    return walk(lambda theta: theta - lr * (hessian @ theta), start, updates)


@path.misconception(
    "uphill",
    "The gradient is added. It points uphill: the step goes against it, θ − ηg.",
    read=VALLEY,
)
def uphill(hessian, start, lr, updates):
    return walk(lambda theta: theta + lr * (hessian @ theta), start, updates)


@path.misconception(
    "half the gradient",
    "The ½ of the loss is not in its gradient. The gradient of ½ θᵀHθ is Hθ: the square brings a "
    "2 down.",
    read=VALLEY,
)
def half(hessian, start, lr, updates):
    return walk(lambda theta: theta - lr * (hessian @ theta) / 2, start, updates)


@path.misconception(
    "twice the gradient",
    "The gradient of ½ θᵀHθ is Hθ: the 2 that the square brings down and the ½ cancel.",
    read=VALLEY,
)
def double(hessian, start, lr, updates):
    return walk(lambda theta: theta - lr * 2 * (hessian @ theta), start, updates)


@path.misconception(
    "the gradient of the start, again and again",
    "Every step uses the gradient at the start. Take it anew where θ is now.",
    read=VALLEY,
)
def first_gradient(hessian, start, lr, updates):
    return walk(lambda theta: theta - lr * (hessian @ start), start, updates)


@path.misconception(
    "only the diagonal of H",
    "Each coordinate uses its own curvature alone. In a turned valley the others pull as well: "
    "multiply by the whole matrix.",
    read="05_adam#Turning-the-valley",
)
def own_curvature(hessian, start, lr, updates):
    return walk(lambda theta: theta - lr * (np.diag(hessian) * theta.T).T, start, updates)


unit = path.misconception(
    "the gradient divided by its length",
    "Every step is η long. The step of gradient descent is η times the gradient, so it gets "
    "shorter where the gradient does.",
    read=VALLEY,
)


def in_unit_steps(hessian, start, lr, updates, axis):
    def step(theta):
        gradient = hessian @ theta
        return theta - lr * gradient / np.linalg.norm(gradient, axis=axis)

    return walk(step, start, updates)


@unit
def unit_steps(hessian, start, lr, updates):
    return in_unit_steps(hessian, start, lr, updates, axis=0)


@unit
def unit_steps_of_all_runs(hessian, start, lr, updates):
    return in_unit_steps(hessian, start, lr, updates, axis=None)


@path.misconception(
    "only the sign of the gradient",
    "Every coordinate moves by η, whatever the size of its gradient. The step is η times the "
    "gradient.",
    read=VALLEY,
)
def signs(hessian, start, lr, updates):
    return walk(lambda theta: theta - lr * np.sign(hessian @ theta), start, updates)


@path.misconception(
    "one coordinate after the other",
    "The second coordinate uses the new first one. All coordinates of the gradient belong to the "
    "same θ, that before the update.",
    read=VALLEY,
)
def one_by_one(hessian, start, lr, updates):
    def step(theta):
        theta = theta.copy()
        for i in range(len(theta)):
            theta[i] -= lr * (hessian[i] @ theta)
        return theta

    return walk(step, start, updates)


@path.misconception(
    "the entries of H to a power",
    "`(1 − ηH)**t` takes the power of each entry. The update multiplies by the matrix 1 − ηH "
    "(1 on the diagonal alone), t times.",
    read=VALLEY,
)
def powers_of_entries(hessian, start, lr, updates):
    def row(t, one, start, lr):
        return (one - lr * hessian) ** t @ start if t else start

    one = np.eye(len(hessian))
    if start.ndim == 1:
        return np.array([row(t, one, start, lr) for t in range(updates + 1)])
    rates = np.broadcast_to(lr, start.shape[1:])
    runs = [
        [row(t, one, column, rate) for t in range(updates + 1)]
        for column, rate in zip(start.T, rates, strict=True)
    ]
    return np.moveaxis(np.array(runs), 0, -1)


@path.misconception(
    "a rate that falls with t",
    "The rate is divided by t + 1. It stays the same in all updates here.",
    read=VALLEY,
)
def falling(hessian, start, lr, updates):
    rows = [np.array(start, float)]
    for t in range(updates):
        rows.append(rows[-1] - lr / (t + 1) * (hessian @ rows[-1]))
    return np.array(rows)


@path.misconception(
    "every row is the last θ",
    "The rows are one and the same array, which `theta -= …` changes each time. Store a copy, or "
    "make a new array at each update.",
    read=VALLEY,
)
def one_array(hessian, start, lr, updates):
    rows = descent(hessian, start, lr, updates)
    return np.broadcast_to(rows[-1], rows.shape).copy()


@path.misconception(
    "only the last θ",
    "That is θ after all updates. The whole path is asked for: the start and θ after each update, "
    "one row each.",
    read=VALLEY,
)
def last(hessian, start, lr, updates):
    return descent(hessian, start, lr, updates)[-1]


@path.misconception(
    "a path without its start",
    "Row 0 is the start, before any update: a path of T updates has T + 1 rows.",
    read=VALLEY,
)
def without_start(hessian, start, lr, updates):
    return descent(hessian, start, lr, updates)[1:]


@path.misconception(
    "a path that begins after the first update",
    "Row 0 is the start, before any update. Here row 0 is θ after the first update already.",
    read=VALLEY,
)
def one_early(hessian, start, lr, updates):
    return descent(hessian, start, lr, updates + 1)[1:]


@path.misconception(
    "a path without its last update",
    "A path of T updates has T + 1 rows: the last is θ after all T updates.",
    read=VALLEY,
)
def without_end(hessian, start, lr, updates):
    return descent(hessian, start, lr, updates)[:-1]


@path.misconception(
    "the last update left out",
    "The last row is not filled: a loop over all T updates fills the rows 1 to T.",
    read=VALLEY,
)
def last_row_empty(hessian, start, lr, updates):
    rows = descent(hessian, start, lr, updates)
    rows[max(updates, 1) :] = 0
    return rows


@path.misconception(
    "the losses for the path",
    "These are the losses along the path. The points θ themselves are asked for.",
    read=VALLEY,
)
def losses(hessian, start, lr, updates):
    return np.array(
        [(theta * (hessian @ theta)).sum(0) / 2 for theta in descent(hessian, start, lr, updates)]
    )


@path.misconception(
    "two updates for one",
    "From each row to the next there are two updates. There is one.",
    read=VALLEY,
)
def two_for_one(hessian, start, lr, updates):
    return descent(hessian, start, lr, 2 * updates)[::2]


@path.misconception(
    "θ for its gradient",
    "Every step is η times θ. The gradient of ½ θᵀHθ is Hθ: the curvature belongs to it.",
    read=VALLEY,
)
def without_curvature(hessian, start, lr, updates):
    return walk(lambda theta: theta - lr * theta, start, updates)


whole = path.misconception(
    "whole numbers cut off the path",
    "An array that is made like a start of whole numbers holds whole numbers only, and cuts off "
    "what comes after the point. Make the path float.",
    read=VALLEY,
)


@whole
def like_the_start(hessian, start, lr, updates):
    rows = np.empty((updates + 1, *start.shape), start.dtype)
    rows[0] = start
    for t in range(updates):
        rows[t + 1] = rows[t] - lr * (hessian @ rows[t])
    return rows


@whole
def always_whole(hessian, start, lr, updates):
    return like_the_start(hessian, start.astype(int), lr, updates)


@whole
def cut_off_at_the_end(hessian, start, lr, updates):
    return descent(hessian, start, lr, updates).astype(start.dtype)


@path.misconception(
    "θH for Hθ",
    "With several runs each column is one θ, and H has to stand on the left: Hθ.",
    read=VALLEY,
)
def from_the_right(hessian, start, lr, updates):
    if start.ndim == 1 or start.shape[1] != len(hessian):
        return descent(hessian, start, lr, updates)
    return walk(lambda theta: theta - lr * (theta @ hessian), start, updates)


@path.misconception(
    "one rate for each parameter",
    "An array of rates has one for each run, which is a column of θ. Here each row has one.",
    read=VALLEY,
)
def rate_of_a_row(hessian, start, lr, updates):
    if np.shape(lr) != np.shape(start)[:1]:
        return descent(hessian, start, lr, updates)
    return descent(hessian, start, lr[:, None], updates)


@path.misconception(
    "one rate for each update",
    "An array of rates has one for each run: a run keeps its rate in all updates.",
    read=VALLEY,
)
def rate_of_an_update(hessian, start, lr, updates):
    rates = np.resize(lr, max(updates, 1))
    rows = [np.array(start, float)]
    for t in range(updates):
        rows.append(rows[-1] - rates[t] * (hessian @ rows[-1]))
    return np.array(rows)


one_rate = path.misconception(
    "one rate for all runs",
    "An array of rates has one for each run. Here all runs have the same.",
    read=VALLEY,
)


@one_rate
def first_rate(hessian, start, lr, updates):
    return descent(hessian, start, np.ravel(lr)[0], updates)


@one_rate
def mean_rate(hessian, start, lr, updates):
    return descent(hessian, start, np.mean(lr), updates)


turned = path.misconception(
    "each run in a row",
    "The numbers of several runs are turned: the result has the shape (updates + 1, n, N), so the "
    "runs are on the last axis.",
    read=VALLEY,
)


@turned
def runs_in_rows(hessian, start, lr, updates):
    rows = descent(hessian, start, lr, updates)
    return rows.swapaxes(-1, -2) if rows.ndim == 3 else rows


@turned
def runs_first(hessian, start, lr, updates):
    rows = descent(hessian, start, lr, updates)
    return np.moveaxis(rows, -1, 0) if rows.ndim == 3 else rows


NEVER = "where a direction does not move nothing arrives: inf"

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
        "the flat direction is the slowest": {
            "curvatures": np.array([3.0, 1.5, 4.0]),
            "lr": 0.2,
            "factor": 0.1,
        },
        "one direction arrives at once": {
            "curvatures": np.array([4.0, 1.0]),
            "lr": 0.25,
            "factor": 0.2,
        },
        "all arrive at once": {"curvatures": np.array([4.0, 4.0]), "lr": 0.25, "factor": 0.001},
        "one update does more than is asked": {
            "curvatures": np.array([3.0, 2.2]),
            "lr": 0.3,
            "factor": 0.9,
        },
        # Powers of two, so that no way of computing it rounds.
        "exactly the factor is left": {"curvatures": np.array([0.5]), "lr": 1.0, "factor": 0.25},
        "a rate that is too large": {
            "curvatures": np.array([1.0, 30.0]),
            "lr": 0.1,
            "factor": 0.5,
        },
        "exactly on the border": {"curvatures": np.array([4.0, 1.0]), "lr": 0.5, "factor": 0.5},
        "a flat direction": {"curvatures": np.array([0.0, 1.0]), "lr": 0.5, "factor": 0.1},
        "a rate of 0": {"curvatures": np.array([2.5, 1.0]), "lr": 0.0, "factor": 0.4},
    },
    about={
        "one direction arrives at once": "wrong where one direction arrives at once and another "
        "does not",
        "all arrive at once": "where 1 − ηλ is 0 in all directions one update is enough",
        "one update does more than is asked": "wrong where one update does more than is asked",
        "exactly the factor is left": "exactly the factor is little enough",
        "a rate that is too large": "above the border of stability nothing arrives: inf",
        "exactly on the border": "at ηλ = 2 the distance stays as it is: inf",
        "a flat direction": NEVER,
        "a rate of 0": NEVER,
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


def count(slowest, factor):
    """How many updates, a fraction too, once the slowest factor is known."""
    if slowest >= 1:
        return np.inf
    return np.log(factor) / np.log(slowest) if slowest > 0 else 0.5


def updates(slowest, factor):
    """The right answer once the slowest factor is known."""
    return np.ceil(count(slowest, factor))


def left(curvatures, lr):
    return np.abs(1 - lr * curvatures)


@needed.misconception(
    "a jump over the minimum taken for an arrival",
    "1 − ηλ has its sign here. A direction at −0.9 has nine tenths of the distance left: its size "
    "counts, the absolute value.",
    read=VALLEY,
)
def signed(curvatures, lr, factor):
    return updates((1 - lr * curvatures).max(), factor)


@needed.misconception(
    "a jump over the minimum taken for an arrival",
    "1 − ηλ has its sign here, and a negative one counts as arrived, or as divergence beyond −1. A "
    "direction at −0.9 has nine tenths of the distance left: its size counts.",
    read=VALLEY,
)
def signed_if_stable(curvatures, lr, factor):
    stable = lr * curvatures.max() < 2
    return updates((1 - lr * curvatures).max(), factor) if stable else np.inf


@needed.misconception(
    "divergence where the steps change sides",
    "From ηλ = 1 on a direction changes sides at every update, but it still comes closer up to "
    "ηλ = 2. The answer is inf from 2 on.",
    read=VALLEY,
)
def no_jump(curvatures, lr, factor):
    return updates(left(curvatures, lr).max(), factor) if lr * curvatures.max() <= 1 else np.inf


steepest_alone = needed.misconception(
    "the steepest direction alone",
    "That is when the steepest direction has arrived. All must arrive: take the slowest.",
    read=LONG,
)


@steepest_alone
def steepest(curvatures, lr, factor):
    return updates(left(curvatures.max(), lr), factor)


@steepest_alone
def steepest_if_all_move(curvatures, lr, factor):
    return updates(left(curvatures.max(), lr), factor) if curvatures.min() else np.inf


flattest_alone = needed.misconception(
    "the flattest direction alone",
    "That is when the flattest direction has arrived. A steep one that bounces can be slower, or "
    "diverge.",
    read=VALLEY,
)


@flattest_alone
def flattest_direction(curvatures, lr, factor):
    return updates(left(curvatures.min(), lr), factor)


@flattest_alone
def flattest_if_stable(curvatures, lr, factor):
    stable = lr * curvatures.max() < 2
    return flattest_direction(curvatures, lr, factor) if stable else np.inf


first_to_arrive = needed.misconception(
    "the first direction to arrive",
    "That is when the fastest direction has arrived. All must arrive: take the slowest, which has "
    "the largest |1 − ηλ| and the largest number of updates.",
    read=LONG,
)


@first_to_arrive
def fastest(curvatures, lr, factor):
    return updates(left(curvatures, lr).min(), factor)


@first_to_arrive
def fastest_if_all_arrive(curvatures, lr, factor):
    shares = left(curvatures, lr)
    return updates(shares.min(), factor) if shares.max() < 1 else np.inf


mean_of_directions = needed.misconception(
    "the mean over the directions",
    "Every direction must arrive, not the mean of them: take the slowest.",
    read=LONG,
)


@mean_of_directions
def mean_share(curvatures, lr, factor):
    return updates(left(curvatures, lr).mean(), factor)


@mean_of_directions
def mean_share_if_all_arrive(curvatures, lr, factor):
    shares = left(curvatures, lr)
    return updates(shares.mean(), factor) if shares.max() < 1 else np.inf


@mean_of_directions
def mean_curvature(curvatures, lr, factor):
    return updates(left(curvatures.mean(), lr), factor)


@mean_of_directions
def mean_count(curvatures, lr, factor):
    return np.ceil(np.mean([updates(share, factor) for share in left(curvatures, lr)]))


@mean_of_directions
def mean_distance(curvatures, lr, factor):
    """All distances together, each of the same length at first."""
    shares = left(curvatures, lr)
    if shares.max() >= 1:
        return np.inf
    t = 1
    while np.sqrt(np.mean(shares ** (2 * t))) > factor:
        t += 1
    return t


@needed.misconception(
    "the directions one after the other",
    "The updates of the directions are added. An update moves all directions at once: only the "
    "slowest counts.",
    read=LONG,
)
def added(curvatures, lr, factor):
    return sum(updates(share, factor) for share in left(curvatures, lr))


@needed.misconception(
    "one update too few",
    "The number is rounded down. After that update a little more than the factor is still left: "
    "round up.",
    read=LONG,
)
def rounded_down(curvatures, lr, factor):
    t = count(left(curvatures, lr).max(), factor)
    return t if t == np.inf else max(np.floor(t), 1)


@needed.misconception(
    "one update too few",
    "That is the last update at which more than the factor is left. The first at which no more "
    "is left comes one later.",
    read=LONG,
)
def one_less(curvatures, lr, factor):
    return updates(left(curvatures, lr).max(), factor) - 1


@needed.misconception(
    "rounded down",
    "After that update a little more than the factor is still left: round up.",
    read=LONG,
)
def floor(curvatures, lr, factor):
    return np.floor(count(left(curvatures, lr).max(), factor))


@needed.misconception(
    "rounded down",
    "After that update a little more than the factor is still left: round up.",
    read=LONG,
)
def floor_but_one(curvatures, lr, factor):
    slowest = left(curvatures, lr).max()
    return np.floor(count(slowest, factor)) if slowest else 1


nearest = needed.misconception(
    "rounded to the nearest",
    "Rounding down leaves a little more than the factor. Round up, always.",
    read=LONG,
)


@nearest
def rounded(curvatures, lr, factor):
    slowest = left(curvatures, lr).max()
    return np.round(count(slowest, factor)) if slowest else 1


@nearest
def rounded_at_least_one(curvatures, lr, factor):
    return np.maximum(rounded(curvatures, lr, factor), 1)


@needed.misconception(
    "a fraction of an update",
    "The number of updates is whole: the smallest one that is large enough. Round up.",
    read=LONG,
)
def unrounded(curvatures, lr, factor):
    slowest = left(curvatures, lr).max()
    return count(slowest, factor) if slowest else 1


@needed.misconception(
    "one update too many where the last one arrives exactly",
    "Where the logarithms give a whole number it is enough, for at most `factor` may be left. "
    "Rounding down and adding one gives one more: round up.",
    read=LONG,
)
def rounded_down_plus_one(curvatures, lr, factor):
    slowest = left(curvatures, lr).max()
    return np.floor(count(slowest, factor)) + 1 if slowest else 1


@needed.misconception(
    "one update too many",
    "The first update is number 1, and after it |1 − ηλ| is left. Here every number is one more.",
    read=LONG,
)
def one_more(curvatures, lr, factor):
    return updates(left(curvatures, lr).max(), factor) + 1


@needed.misconception(
    "no update where the first one arrives",
    "Where 1 − ηλ is 0 in all directions the first update arrives, but without it nothing has "
    "moved: the answer is 1.",
    read=VALLEY,
)
def none_at_once(curvatures, lr, factor):
    slowest = left(curvatures, lr).max()
    return updates(slowest, factor) if slowest else 0


@needed.misconception(
    "never where the first update arrives",
    "Where 1 − ηλ is 0 in all directions the first update arrives: the answer is 1, though 0 has "
    "no logarithm.",
    read=VALLEY,
)
def never_at_once(curvatures, lr, factor):
    slowest = left(curvatures, lr).max()
    return updates(slowest, factor) if slowest else np.inf


@needed.misconception(
    "arrived as soon as one direction is",
    "Where 1 − ηλ is 0 in one direction that one arrives at once. The others may need more.",
    read=VALLEY,
)
def one_for_all(curvatures, lr, factor):
    shares = left(curvatures, lr)
    if shares.max() >= 1:
        return np.inf
    return 1 if shares.min() == 0 else updates(shares.max(), factor)


square = needed.misconception(
    "the loss for the distance",
    "That is when the loss has fallen to the factor. It falls with the square of the distance, so "
    "that takes half as many updates.",
    read=LONG,
)


@square
def loss(curvatures, lr, factor):
    return updates(left(curvatures, lr).max() ** 2, factor)


@square
def half_of_the_count(curvatures, lr, factor):
    return np.ceil(updates(left(curvatures, lr).max(), factor) / 2)


@needed.misconception(
    "the factor squared",
    "The distance falls to the factor after t updates where |1 − ηλ|ᵗ is the factor itself, not "
    "its square: that takes half as many.",
    read=LONG,
)
def factor_squared(curvatures, lr, factor):
    return updates(left(curvatures, lr).max(), factor**2)


@needed.misconception(
    "the share that is done for the share that is left",
    "`factor` is the share of the distance that is left, not the share that has been done. A "
    "factor of 0.01 asks for the last percent.",
    read=LONG,
)
def done(curvatures, lr, factor):
    return updates(left(curvatures, lr).max(), 1 - factor)


@needed.misconception(
    "the formula where nothing arrives",
    "From |1 − ηλ| = 1 on the distance does not shrink, and the logarithms give a number of "
    "updates that is not above 0. The answer there is inf.",
    read=VALLEY,
)
def unchecked(curvatures, lr, factor):
    slowest = left(curvatures, lr).max()
    return np.ceil(np.log(factor) / np.log(slowest)) if slowest else 1


@needed.misconception(
    "the formula where the distance stays as it is",
    "At |1 − ηλ| = 1 exactly the distance does not shrink, and its logarithm is 0. The answer is "
    "inf there as well, not −inf or 1.",
    read=VALLEY,
)
def border_unchecked(curvatures, lr, factor):
    slowest = left(curvatures, lr).max()
    return unchecked(curvatures, lr, factor) if slowest <= 1 else np.inf


@needed.misconception(
    "a flat direction or a rate of 0 overlooked",
    "Where ηλ is 0 nothing moves: the distance stays as it is, and the answer is inf, as at "
    "ηλ = 2.",
    read=VALLEY,
)
def only_above(curvatures, lr, factor):
    if lr * curvatures.max() >= 2:
        return np.inf
    return unchecked(curvatures, lr, factor)


@needed.misconception(
    "a flat direction or a rate of 0 overlooked",
    "Where ηλ is 0 nothing moves: the distance stays as it is, and the answer is inf. A direction "
    "that does not move cannot be left out.",
    read=VALLEY,
)
def only_those_that_move(curvatures, lr, factor):
    moving = curvatures[lr * curvatures > 0]
    return updates(left(moving, lr).max(), factor) if len(moving) else np.inf


exponential = needed.misconception(
    "e to the power −ηλt for (1 − ηλ)ᵗ",
    "1 − x is nearly e to the power −x only for a small x. Near the border of stability it is "
    "far from it: use 1 − ηλ itself.",
    read=LONG,
)


@exponential
def continuous(curvatures, lr, factor):
    return updates(np.exp(-lr * curvatures.min()), factor)


@exponential
def continuous_if_stable(curvatures, lr, factor):
    stable = lr * curvatures.max() < 2
    return continuous(curvatures, lr, factor) if stable else np.inf


@exponential
def continuous_of_the_slowest(curvatures, lr, factor):
    slowest = left(curvatures, lr).max()
    return updates(np.exp(slowest - 1), factor) if slowest < 1 else np.inf


@needed.misconception(
    "equal steps",
    "An update takes a share of the distance that is *left*, so the steps get smaller: after t "
    "updates |1 − ηλ|ᵗ is left, not 1 − t(1 − |1 − ηλ|).",
    read=LONG,
)
def linear(curvatures, lr, factor):
    slowest = left(curvatures, lr).max()
    return np.ceil((1 - factor) / (1 - slowest)) if slowest < 1 else np.inf


@needed.misconception(
    "given up too early",
    "A long valley needs many thousands of updates. inf is the answer only where no number is "
    "enough.",
    read=LONG,
)
def limited(curvatures, lr, factor):
    t = updates(left(curvatures, lr).max(), factor)
    return t if t < 1000 else np.inf


each = needed.misconception(
    "a number for each direction",
    "One number is asked for: that after which all directions have arrived, the largest.",
    read=LONG,
)


@each
def for_each(curvatures, lr, factor):
    return np.array([updates(share, factor) for share in left(curvatures, lr)])


@each
def for_each_unchecked(curvatures, lr, factor):
    return np.ceil(np.log(factor) / np.log(left(curvatures, lr)))


never_said = needed.misconception(
    "another answer than inf for never",
    "Where no number of updates is enough the answer is `np.inf`.",
    read=VALLEY,
)


def instead_of_inf(curvatures, lr, factor, value):
    t = updates(left(curvatures, lr).max(), factor)
    return value if t == np.inf else t


@never_said
def minus_one(curvatures, lr, factor):
    return instead_of_inf(curvatures, lr, factor, -1)


@never_said
def zero(curvatures, lr, factor):
    return instead_of_inf(curvatures, lr, factor, 0)


@never_said
def none(curvatures, lr, factor):
    return instead_of_inf(curvatures, lr, factor, None)


@never_said
def nan(curvatures, lr, factor):
    return instead_of_inf(curvatures, lr, factor, np.nan)


@never_said
def minus_inf(curvatures, lr, factor):
    return instead_of_inf(curvatures, lr, factor, -np.inf)


bound = needed.misconception(
    "a rate of its own choice",
    "κ alone gives the updates of the best rate, or of the largest stable one. Here the rate is "
    "given: use |1 − ηλ| with it.",
    read=LONG,
)


def in_a_valley(share, curvatures, lr, factor):
    """The rule of a long valley, where there is one."""
    return updates(share, factor) if left(curvatures, lr).max() < 1 else np.inf


@bound
def bound_of_kappa(curvatures, lr, factor):
    return updates(np.abs(1 - 2 * curvatures.min() / curvatures.max()), factor)


@bound
def bound_of_kappa_if_stable(curvatures, lr, factor):
    return in_a_valley(np.abs(1 - 2 * curvatures.min() / curvatures.max()), curvatures, lr, factor)


@bound
def at_the_best_rate(curvatures, lr, factor):
    low, high = curvatures.min(), curvatures.max()
    return updates((high - low) / (high + low), factor)


@bound
def at_the_best_rate_if_stable(curvatures, lr, factor):
    low, high = curvatures.min(), curvatures.max()
    return in_a_valley((high - low) / (high + low), curvatures, lr, factor)


SEVERAL = "right for one parabola, wrong for several at once"
ORDER = "wrong where the curvatures are not in ascending order"

best = Task(
    "best_rate",
    cases={
        "two directions": {"curvatures": np.array([1.3, 8.7])},
        "the order does not matter": {"curvatures": np.array([7.0, 1.7, 3.0])},
        "the extremes are in the middle": {"curvatures": np.array([5.0, 11.0, 2.3, 6.0])},
        "a long valley": {"curvatures": np.array([2e-4, 1.0, 200.0])},
        "one dimension": {"curvatures": np.array([4.0])},
        "all alike": {"curvatures": np.array([3.0, 3.0, 3.0])},
        "three parabolas at once": {
            "curvatures": np.array([[1.5, 7.0, 10.0], [4.0, 2.0, 30.0], [2.0, 5.0, 18.0]]),
        },
        "two parabolas at once": {"curvatures": np.array([[1.2, 6.0], [4.0, 3.0], [9.5, 5.0]])},
    },
    about={
        "the order does not matter": ORDER,
        "the extremes are in the middle": ORDER,
        "a long valley": "wrong for a long valley",
        "one dimension": "wrong for a single direction",
        "all alike": "wrong where all curvatures are alike",
        "three parabolas at once": SEVERAL,
        "two parabolas at once": SEVERAL,
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


def with_factor(rate, curvatures):
    return rate, slowest_factor(rate, curvatures)


def right_rate(curvatures):
    return 2 / (curvatures.min(axis=0) + curvatures.max(axis=0))


def own_factor(rate, curvatures):
    """The factor that belongs to the best rate, whatever the rate is."""
    low, high = curvatures.min(axis=0), curvatures.max(axis=0)
    return rate, (high - low) / (high + low)


@best.misconception(
    "the largest stable rate",
    "At 2/λ the steepest direction bounces forever, so its factor is 1. The best rate is smaller.",
    read=VALLEY,
)
def border(curvatures):
    return with_factor(2 / curvatures.max(axis=0), curvatures)


@best.misconception(
    "the largest stable rate, with the factor of the flattest direction",
    "At 2/λ of the steepest direction that direction bounces forever: its factor is 1, and it is "
    "the slowest. The best rate is smaller.",
    read=VALLEY,
)
def border_of_steepest(curvatures):
    rate = 2 / curvatures.max(axis=0)
    return rate, np.abs(1 - rate * curvatures.min(axis=0))


steepest_at_once = best.misconception(
    "the best rate of the steepest direction",
    "At 1/λ the steepest direction arrives at once, but the flattest is slower than it need be. "
    "Go on until both are equally slow.",
    read=LONG,
)


@steepest_at_once
def one_over_largest(curvatures):
    return with_factor(1 / curvatures.max(axis=0), curvatures)


@steepest_at_once
def one_over_largest_alone(curvatures):
    return own_factor(1 / curvatures.max(axis=0), curvatures)


@best.misconception(
    "the best rate of the flattest direction",
    "At 1/λ of the flattest direction it arrives at once, and the steepest diverges as soon as its "
    "λ is twice as large. The best rate is smaller.",
    read=VALLEY,
)
def flattest_at_once(curvatures):
    return with_factor(1 / curvatures.min(axis=0), curvatures)


all_of_them = best.misconception(
    "the mean of all curvatures",
    "That is one over the mean of all directions. Only the flattest and the steepest are ever the "
    "slowest; those between do not count.",
    read=LONG,
)


@all_of_them
def average(curvatures):
    return with_factor(1 / curvatures.mean(axis=0), curvatures)


@all_of_them
def average_alone(curvatures):
    return own_factor(1 / curvatures.mean(axis=0), curvatures)


@best.misconception(
    "the sum of all curvatures",
    "That is 2 divided by the sum over all directions. Only the flattest and the steepest are ever "
    "the slowest: add those two.",
    read=LONG,
)
def total(curvatures):
    return with_factor(2 / curvatures.sum(axis=0), curvatures)


@best.misconception(
    "the median of the curvatures",
    "That is one over the median. Only the flattest and the steepest direction are ever the "
    "slowest: the middle between those two is asked for, whatever lies between.",
    read=LONG,
)
def median(curvatures):
    return with_factor(1 / np.median(curvatures, axis=0), curvatures)


@best.misconception(
    "the mean of the rates of the single directions",
    "The rate is halfway between 1/λ of the flattest and 1/λ of the steepest direction. The "
    "curvatures are averaged, not the rates: 1 over the mean of the two curvatures.",
    read=LONG,
)
def mean_of_rates(curvatures):
    low, high = curvatures.min(axis=0), curvatures.max(axis=0)
    return with_factor((1 / low + 1 / high) / 2, curvatures)


@best.misconception(
    "the mean of the rates of the single directions",
    "The rate is the mean of 1/λ over all directions. The curvatures are averaged, not the rates, "
    "and only the smallest and the largest: 1 over the mean of these two.",
    read=LONG,
)
def mean_of_all_rates(curvatures):
    return with_factor((1 / curvatures).mean(axis=0), curvatures)


@best.misconception(
    "the geometric mean of the curvatures",
    "The root of smallest times largest curvature makes a rate that is unstable in a long valley. "
    "The two factors are equal at 1 over the arithmetic mean of the smallest and the largest "
    "curvature.",
    read=LONG,
)
def geometric(curvatures):
    rate = 1 / np.sqrt(curvatures.min(axis=0) * curvatures.max(axis=0))
    return with_factor(rate, curvatures)


@best.misconception(
    "half of the best rate",
    "1 − ηλ of the flattest equals −(1 − ηλ) of the steepest at η = 2/(λ_flat + λ_steep). The 2 "
    "is missing.",
    read=LONG,
)
def without_two(curvatures):
    return with_factor(right_rate(curvatures) / 2, curvatures)


@best.misconception(
    "half of the best rate",
    "1 − ηλ of the flattest equals −(1 − ηλ) of the steepest at η = 2/(λ_flat + λ_steep). The 2 "
    "is missing from the rate; the factor is right.",
    read=LONG,
)
def without_two_alone(curvatures):
    return own_factor(right_rate(curvatures) / 2, curvatures)


@best.misconception(
    "the difference of the curvatures for their sum",
    "1 − ηλ of the flattest equals −(1 − ηλ) of the steepest: solved for η it has the *sum* of "
    "the two curvatures below the 2.",
    read=LONG,
)
def difference(curvatures):
    low, high = curvatures.min(axis=0), curvatures.max(axis=0)
    return with_factor(2 / np.where(high > low, high - low, 2 * high), curvatures)


@best.misconception(
    "the first and the last curvature",
    "The curvatures come in no order. Take the smallest and the largest.",
    read=LONG,
)
def first_and_last(curvatures):
    return with_factor(2 / (curvatures[0] + curvatures[-1]), curvatures)


@best.misconception(
    "the first and the last curvature",
    "The curvatures come in no order. Take the smallest and the largest, for the rate and for the "
    "factor.",
    read=LONG,
)
def first_and_last_alone(curvatures):
    one, other = curvatures[0], curvatures[-1]
    return 2 / (one + other), np.abs(one - other) / (one + other)


@best.misconception(
    "the first and the last curvature",
    "The curvatures come in no order. Take the smallest and the largest, for the rate and for the "
    "factor, which is not negative.",
    read=LONG,
)
def first_and_last_signed(curvatures):
    one, other = curvatures[0], curvatures[-1]
    return 2 / (one + other), (other - one) / (one + other)


@best.misconception(
    "the factor of the loss",
    "The factor is squared. It is asked for the distance; the loss shrinks by its square.",
    read=LONG,
)
def factor_of_the_loss(curvatures):
    rate = right_rate(curvatures)
    return rate, slowest_factor(rate, curvatures) ** 2


@best.misconception(
    "a factor with the wrong sign",
    "At the best rate 1 − ηλ of the steepest direction is negative. The factor is its size, the "
    "absolute value.",
    read=LONG,
)
def signed_factor(curvatures):
    rate = right_rate(curvatures)
    return rate, 1 - rate * curvatures.max(axis=0)


@best.misconception(
    "the factor of the fastest direction",
    "That is the smallest |1 − rate · λ|. The slowest direction has the largest.",
    read=LONG,
)
def fastest_factor(curvatures):
    rate = right_rate(curvatures)
    return rate, np.abs(1 - rate * curvatures).min(axis=0)


@best.misconception(
    "the mean factor of the directions",
    "That is |1 − rate · λ| averaged over the directions. The slowest one has the largest.",
    read=LONG,
)
def mean_factor(curvatures):
    rate = right_rate(curvatures)
    return rate, np.abs(1 - rate * curvatures).mean(axis=0)


@best.misconception(
    "what is done for what is left",
    "That is rate · λ, the share of the distance that an update does. The factor is what is left: "
    "|1 − rate · λ|.",
    read=LONG,
)
def share_done(curvatures):
    rate = right_rate(curvatures)
    return rate, rate * curvatures.min(axis=0)


rule_of_kappa = best.misconception(
    "another function of κ for the factor",
    "The rate is right. Put it into |1 − ηλ| of the slowest direction: that gives "
    "(κ − 1)/(κ + 1), which is not what stands here.",
    read=LONG,
)


@rule_of_kappa
def kappa(curvatures):
    return right_rate(curvatures), curvatures.max(axis=0) / curvatures.min(axis=0)


@rule_of_kappa
def one_over_kappa(curvatures):
    return right_rate(curvatures), curvatures.min(axis=0) / curvatures.max(axis=0)


@rule_of_kappa
def bound_of_the_notebook(curvatures):
    return right_rate(curvatures), 1 - 2 * curvatures.min(axis=0) / curvatures.max(axis=0)


@rule_of_kappa
def size_of_the_bound(curvatures):
    return right_rate(curvatures), np.abs(1 - 2 * curvatures.min(axis=0) / curvatures.max(axis=0))


@rule_of_kappa
def other_bound(curvatures):
    return right_rate(curvatures), 1 - curvatures.min(axis=0) / curvatures.max(axis=0)


@rule_of_kappa
def like_a_ball(curvatures):
    """That of the heavy ball, which goes with √κ."""
    root = np.sqrt(curvatures.max(axis=0) / curvatures.min(axis=0))
    return right_rate(curvatures), (root - 1) / (root + 1)


@rule_of_kappa
def exponential_of_kappa(curvatures):
    return right_rate(curvatures), np.exp(-2 * curvatures.min(axis=0) / curvatures.max(axis=0))


grid = best.misconception(
    "a search on a grid of rates",
    "The rates are nearly right: the best of a grid of rates below 2/λ of the steepest direction. "
    "The best rate has a formula.",
    read=LONG,
)


def on_a_grid(curvatures, points):
    rates = np.linspace(0, 2 / curvatures.max(axis=0), points)
    factors = np.abs(1 - rates[:, None] * curvatures).max(axis=1)
    at = np.expand_dims(factors.argmin(axis=0), 0)
    return np.take_along_axis(rates, at, axis=0)[0], factors.min(axis=0)


@grid
def grid_of_a_thousand_steps(curvatures):
    return on_a_grid(curvatures, 1001)


@grid
def grid_of_a_thousand_rates(curvatures):
    return on_a_grid(curvatures, 1000)


@best.misconception(
    "the two results exchanged",
    "The rate comes first, then the factor.",
    read=LONG,
)
def exchanged(curvatures):
    rate = right_rate(curvatures)
    return slowest_factor(rate, curvatures), rate


at_once = best.misconception(
    "one rate for all parabolas",
    "Smallest and largest curvature are those of the whole array. Each column is a parabola of "
    "its own: take them along axis 0.",
    read=LONG,
)


@at_once
def all_columns(curvatures):
    rate = 2 / (curvatures.min() + curvatures.max())
    return rate, slowest_factor(rate, curvatures)


@at_once
def one_of_both(curvatures):
    low, high = curvatures.min(), curvatures.max()
    return 2 / (low + high), (high - low) / (high + low)


@at_once
def one_rate_with_one_factor(curvatures):
    rate = 2 / (curvatures.min() + curvatures.max())
    return rate, np.abs(1 - rate * curvatures).max()


@best.misconception(
    "one factor for all parabolas",
    "The rates are right, but the factor is the largest of the whole array. Each column has a "
    "factor of its own: take the largest along axis 0.",
    read=LONG,
)
def one_factor_for_all(curvatures):
    rate = right_rate(curvatures)
    return rate, np.abs(1 - rate * curvatures).max()


@at_once
def only_the_first(curvatures):
    return (
        own_factor(right_rate(curvatures), curvatures)
        if curvatures.ndim == 1
        else (own_factor(right_rate(curvatures[:, 0]), curvatures[:, 0]))
    )


@best.misconception(
    "a factor for each direction",
    "One factor is asked for, that of the slowest direction: the largest.",
    read=LONG,
)
def factors(curvatures):
    rate = right_rate(curvatures)
    return rate, np.abs(1 - rate * curvatures)


with_kappa = best.misconception(
    "κ for the curvatures",
    "2/(1 + κ) is the best rate if the smallest curvature is 1. In general it is 2 divided by the "
    "sum of the two curvatures themselves.",
    read=LONG,
)


@with_kappa
def rate_of_kappa(curvatures):
    return own_factor(2 / (1 + curvatures.max(axis=0) / curvatures.min(axis=0)), curvatures)


@with_kappa
def rate_of_kappa_with_its_factor(curvatures):
    return with_factor(2 / (1 + curvatures.max(axis=0) / curvatures.min(axis=0)), curvatures)


@best.misconception(
    "the root of the factor",
    "The factor of the distance is |1 − ηλ| itself.",
    read=LONG,
)
def root_of_the_factor(curvatures):
    rate = right_rate(curvatures)
    return rate, np.sqrt(slowest_factor(rate, curvatures))


rows = best.misconception(
    "each row taken for a parabola",
    "The N parabolas are the columns: the directions are on axis 0, and minimum and maximum are "
    "taken along it.",
    read=LONG,
)


@rows
def along_the_rows(curvatures):
    return own_factor(right_rate(curvatures.T), curvatures.T)


curve = Task(
    "read_curve",
    cases={
        "falls fast and comes to rest": {
            "losses": np.array([8.0, 4.1, 2.0, 1.1, 0.5, 0.3, 0.2, 0.1, 0.1])
        },
        "falls nearly as a straight line": {
            "losses": np.array([8.0, 7.4, 6.9, 6.3, 5.8, 5.4, 4.9, 4.5, 4.1])
        },
        "climbs a little": {"losses": np.array([3.0, 3.1, 3.3, 3.4, 3.6, 3.9, 4.2])},
        "jumps up and down in the end": {
            "losses": np.array([8.0, 5.2, 3.1, 2.4, 1.7, 2.2, 2.0, 1.0, 1.4, 1.7, 1.6, 2.0, 1.8])
        },
        "NaN in the end": {"losses": np.array([2.0, 30.0, 1e4, 1e200, np.inf, np.nan, np.nan])},
        "rises at first": {
            "losses": np.array([2.3, 6.0, 9.0, 5.0, 3.0, 1.0, 0.9, 0.7, 0.5, 0.75, 0.6])
        },
        "jumps at first, then falls smoothly": {
            "losses": np.array([7.0, 5.0, 6.5, 2.9, 5.0, 3.6, 3.0, 2.6, 2.3, 2.1, 1.9, 1.7, 1.5])
        },
        "many small rises and a large fall": {
            "losses": np.array([9.0, 6.0, 4.0, 3.0, 2.5, 2.6, 2.7, 1.2, 1.3])
        },
        "one large rise and many small falls": {
            "losses": np.array([9.0, 5.0, 3.0, 2.6, 2.5, 2.3, 2.1, 3.1, 2.8])
        },
        "jumps and falls": {"losses": np.array([5.0, 4.9, 4.8, 4.9, 4.5, 3.7, 4.5, 3.6, 4.1])},
        "comes to rest at a high loss": {
            "losses": np.array([6.0, 5.0, 4.5, 4.2, 4.1, 4.05, 4.02, 4.01, 4.0])
        },
        "two updates": {"losses": np.array([2.0, 4.5, 11.0])},
        "falls exactly half as far": {
            "losses": np.array([8.0, 7.0, 5.5, 5.0, 4.0, 3.5, 2.5, 2.0, 2.0])
        },
        "the rises are exactly half of the falls": {
            "losses": np.array([9.0, 8.0, 7.0, 5.0, 4.0, 2.0, 3.0, 1.0, 2.0])
        },
        "ends where it began": {"losses": np.array([2.0, 1.2, 0.9, 1.1, 1.4, 1.2, 1.7, 2.4, 2.0])},
        "nothing moves": {"losses": np.full(7, 3.0)},
    },
    about={
        "climbs a little": "a run that ends a little above its start diverges too",
        "NaN in the end": "a run that ends in NaN diverges",
        "two updates": "wrong for a run of two updates",
        "falls exactly half as far": "exactly half as far is slow",
        "the rises are exactly half of the falls": "exactly half as much is not yet more than half",
        "ends where it began": "a last loss that equals the first is not above it",
        "nothing moves": "wrong where the loss stays the same",
    },
    hints=[
        "The middle is `losses[len(losses) // 2]`. Ask for the words in the order of the "
        "docstring, and return the first that holds. A comparison with NaN is never true.",
        "`np.diff` of the second half, the middle included, gives what each update adds. Its "
        "positive numbers are the rises, its negative ones the falls: add up each kind.",
        "If not (last ≤ first): diverges. If the sum of the rises is above half the sum of the "
        "sizes of the falls: bounces. If middle − last is at least half of first − middle: slow. "
        "Otherwise: good.",
    ],
)


def jumps(losses):
    """The sums of the rises and of the falls, and how many there are of each."""
    steps = np.diff(losses)
    rises, falls = steps[steps > 0], -steps[steps < 0]
    return rises.sum(), falls.sum(), len(rises), len(falls)


def word(losses, diverges=None, bounces=None, slow=None):
    """The word, with another answer to one of its questions."""
    middle = len(losses) // 2
    up, down, _, _ = jumps(losses[middle:])
    fell, falls = losses[0] - losses[middle], losses[middle] - losses[-1]
    if not losses[-1] <= losses[0] if diverges is None else diverges:
        return "diverges"
    if up > down / 2 if bounces is None else bounces:
        return "bounces"
    return "slow" if (falls >= fell / 2 if slow is None else slow) else "good"


@curve.misconception(
    "NaN overlooked",
    "A comparison with NaN is never true, so a run that ends in NaN is not found by last > first. "
    "Ask with `np.isfinite`, or whether last ≤ first is not true.",
    read="When-the-rate-is-much-too-large",
)
def nan_overlooked(losses):
    return word(losses, diverges=losses[-1] > losses[0])


@curve.misconception(
    "only NaN and inf called divergence",
    "A run whose last loss is above the first diverges too, long before a number is too large.",
    read=CURVE,
)
def only_nan(losses):
    return word(losses, diverges=not np.isfinite(losses[-1]))


@curve.misconception(
    "the largest loss for the last",
    "A loss may rise for some updates on the way and still end low. Whether the run diverges is "
    "asked of the last loss.",
    read=CURVE,
)
def largest_loss(losses):
    return word(losses, diverges=not losses.max() <= losses[0])


@curve.misconception(
    "the middle for the start",
    "The run diverges if its last loss is above the first loss, that before any update. Here the "
    "last is compared with another one.",
    read=CURVE,
)
def above_the_middle(losses):
    return word(losses, diverges=not losses[-1] <= losses[len(losses) // 2])


@curve.misconception(
    "the lowest loss for the start",
    "The run diverges if its last loss is above the first loss, not if it is above the lowest.",
    read=CURVE,
)
def above_the_lowest(losses):
    return word(losses, diverges=not losses[-1] <= losses.min())


any_rise = curve.misconception(
    "every rise called bouncing",
    "A single small rise is no bouncing. The rises of the second half are added up and compared "
    "with half of the falls.",
    read=CURVE,
)


@any_rise
def any_rise_at_the_end(losses):
    return word(losses, bounces=jumps(losses[len(losses) // 2 :])[0] > 0)


@any_rise
def any_rise_at_all(losses):
    return word(losses, bounces=jumps(losses)[0] > 0)


@curve.misconception(
    "the jumps of the whole run",
    "What happens in the first half does not count as bouncing: a run may jump at first and then "
    "settle. Add up the rises and falls of the second half.",
    read=CURVE,
)
def whole_run(losses):
    up, down, _, _ = jumps(losses)
    return word(losses, bounces=up > down / 2)


@curve.misconception(
    "the jumps of the first half",
    "Rises and falls are those of the second half, from the middle to the end.",
    read=CURVE,
)
def first_half(losses):
    up, down, _, _ = jumps(losses[: len(losses) // 2 + 1])
    return word(losses, bounces=up > down / 2)


counted = curve.misconception(
    "the rises counted, not added up",
    "One large rise can undo many small falls. What counts is by how much the loss rises and "
    "falls, not how often.",
    read=CURVE,
)


@counted
def more_than_half_as_often(losses):
    _, _, rises, falls = jumps(losses[len(losses) // 2 :])
    return word(losses, bounces=rises > falls / 2)


@counted
def more_often(losses):
    _, _, rises, falls = jumps(losses[len(losses) // 2 :])
    return word(losses, bounces=rises > falls)


@curve.misconception(
    "the largest rise and the largest fall",
    "All rises of the second half are added up, and all its falls, not the largest of each.",
    read=CURVE,
)
def largest_of_each(losses):
    steps = np.diff(losses[len(losses) // 2 :])
    return word(losses, bounces=max(steps.max(), 0) > max(-steps.min(), 0) / 2)


@curve.misconception(
    "the mean rise and the mean fall",
    "All rises of the second half are added up, and all its falls. Their means do not say which "
    "of the two come more often.",
    read=CURVE,
)
def mean_of_each(losses):
    up, down, rises, falls = jumps(losses[len(losses) // 2 :])
    return word(losses, bounces=up / max(rises, 1) > down / max(falls, 1) / 2)


@curve.misconception(
    "bouncing only where the rises exceed the falls",
    "More than *half* as much as the falls is enough, even if the loss is lower in the end than in "
    "the middle.",
    read=CURVE,
)
def more_than_the_falls(losses):
    up, down, _, _ = jumps(losses[len(losses) // 2 :])
    return word(losses, bounces=up > down)


@curve.misconception(
    "the first update of the second half left out",
    "The second half begins at the middle: its first update is the one from the middle to the next "
    "loss.",
    read=CURVE,
)
def one_late(losses):
    up, down, _, _ = jumps(losses[len(losses) // 2 + 1 :])
    return word(losses, bounces=up > down / 2)


@curve.misconception(
    "slow asked before bouncing",
    "A run that jumps can fall as well. The words are asked for in the order of the docstring: "
    "“bounces” before “slow”.",
    read=CURVE,
)
def slow_first(losses):
    found = word(losses, bounces=False)
    return found if found != "good" else word(losses)


@curve.misconception(
    "bouncing asked before divergence",
    "A run that ends above its start diverges, even if it jumps or climbs in the second half. The "
    "words are asked for in the order of the docstring: “diverges” first.",
    read=CURVE,
)
def bounces_first(losses):
    up, down, _, _ = jumps(losses[len(losses) // 2 :])
    return "bounces" if up > down / 2 else word(losses)


@curve.misconception(
    "every curve that still falls called slow",
    "A good curve still falls a little in the end. It is slow if the second half brings at least "
    "half as much as the first.",
    read=CURVE,
)
def still_falling(losses):
    return word(losses, slow=losses[len(losses) // 2] > losses[-1])


ratio = curve.misconception(
    "what is left for what has fallen",
    "A loss that comes to rest at a high level is not slow any more, and one that falls straight "
    "may be low in the end. How far it fell in one half is compared with how far in the other.",
    read=CURVE,
)


@ratio
def half_of_the_middle(losses):
    return word(losses, slow=losses[-1] >= losses[len(losses) // 2] / 2)


@ratio
def half_of_the_start(losses):
    return word(losses, slow=losses[-1] >= losses[0] / 2)


@ratio
def relative(losses):
    middle = losses[len(losses) // 2]
    before, after = (losses[0] - middle) / losses[0], (middle - losses[-1]) / middle
    return word(losses, slow=after >= before / 2)


@ratio
def in_the_logarithm(losses):
    first, middle, last = np.log(losses[[0, len(losses) // 2, -1]])
    return word(losses, slow=middle - last >= (first - middle) / 2)


@curve.misconception(
    "the first and the last update for the halves",
    "The fall of the whole second half is compared with that of the whole first half, not one "
    "update with another.",
    read=CURVE,
)
def single_updates(losses):
    return word(losses, slow=losses[-2] - losses[-1] >= (losses[0] - losses[1]) / 2)


@curve.misconception(
    "as far as in the first half asked for",
    "At least *half* as far as in the first half is slow already. (Half of the fall of the whole "
    "run would be as far as in the first half.)",
    read=CURVE,
)
def as_far(losses):
    middle = losses[len(losses) // 2]
    return word(losses, slow=middle - losses[-1] >= losses[0] - middle)


@curve.misconception(
    "the two halves exchanged",
    "Slow is a curve whose *second* half brings at least half as much as its first.",
    read=CURVE,
)
def halves_exchanged(losses):
    middle = losses[len(losses) // 2]
    return word(losses, slow=losses[0] - middle >= (middle - losses[-1]) / 2)


@curve.misconception(
    "slow and good exchanged",
    "A curve that falls at first and hardly any more in the second half is good; one that falls on "
    "as before is slow.",
    read=CURVE,
)
def words_exchanged(losses):
    return {"slow": "good", "good": "slow"}.get(word(losses), word(losses))


@curve.misconception(
    "the falls with their minus sign",
    "A fall is by how much an update lowers the loss, a number above 0. With the minus sign of "
    "`np.diff` the sum of the falls is never above that of the rises.",
    read=CURVE,
)
def negative_falls(losses):
    up, down, _, _ = jumps(losses[len(losses) // 2 :])
    return word(losses, bounces=up > -down / 2)


@curve.misconception(
    "the last word that holds, not the first",
    "Several of the words may hold. The first of them counts: return it at once.",
    read=CURVE,
)
def last_word(losses):
    found = word(losses, diverges=False)
    slow = word(losses, diverges=False, bounces=False)
    return slow if slow == "slow" else found if found != "good" else word(losses)


@curve.misconception(
    "the rises compared with the whole fall of the second half",
    "From the middle to the end the loss falls by the falls less the rises. The rises are compared "
    "with half of the falls alone.",
    read=CURVE,
)
def net_fall(losses):
    middle = len(losses) // 2
    return word(losses, bounces=jumps(losses[middle:])[0] > (losses[middle] - losses[-1]) / 2)


@counted
def turns(losses):
    signs = np.sign(np.diff(losses[len(losses) // 2 :]))
    return word(losses, bounces=(signs[1:] * signs[:-1] < 0).sum() >= len(signs) / 2)


lowest_losses = curve.misconception(
    "the lowest losses for the middle and the end",
    "How far the loss falls is asked from the start to the middle and from the middle to the end, "
    "whatever the lowest loss between is.",
    read=CURVE,
)


@lowest_losses
def lowest_at_the_end(losses):
    middle, last = losses[len(losses) // 2], losses[len(losses) // 2 :].min()
    return word(losses, slow=middle - last >= (losses[0] - middle) / 2)


@lowest_losses
def lowest_of_both(losses):
    middle = losses[: len(losses) // 2 + 1].min()
    return word(losses, slow=middle - losses.min() >= (losses[0] - middle) / 2)


@lowest_losses
def spans(losses):
    first, second = losses[: len(losses) // 2 + 1], losses[len(losses) // 2 :]
    return word(losses, slow=np.ptp(second) >= np.ptp(first) / 2)


@lowest_losses
def lowest_before_the_middle(losses):
    middle = len(losses) // 2
    fell = losses[0] - losses[:middle].min()
    return word(losses, slow=losses[middle] - losses[middle:].min() >= fell / 2)


@curve.misconception(
    "at most half as far called slow",
    "A curve whose second half brings less than half as much as the first has nearly arrived. Slow "
    "is one that brings at *least* half as much.",
    read=CURVE,
)
def at_most_half(losses):
    middle = losses[len(losses) // 2]
    return word(losses, slow=middle - losses[-1] <= (losses[0] - middle) / 2)


@ratio
def mean_of_the_halves(losses):
    middle = len(losses) // 2
    return word(losses, slow=losses[middle:].mean() >= losses[:middle].mean() / 2)


beside = curve.misconception(
    "a middle one update off",
    "T + 1 losses belong to T updates. The middle is the loss after T/2 of them, which has the "
    "place T/2: `losses[len(losses) // 2]`.",
    read=CURVE,
)


def with_middle(losses, middle):
    up, down, _, _ = jumps(losses[middle:])
    fell, falls = losses[0] - losses[middle], losses[middle] - losses[-1]
    return word(losses, bounces=up > down / 2, slow=falls >= fell / 2)


@beside
def one_after(losses):
    return with_middle(losses, len(losses) // 2 + 1)


@beside
def one_before(losses):
    return with_middle(losses, len(losses) // 2 - 1)


written = curve.misconception(
    "the words written in another way",
    "The word is right, but it is not written as in the docstring: in small letters.",
    read=CURVE,
)


@written
def capitals(losses):
    return word(losses).capitalize()


@written
def all_capitals(losses):
    return word(losses).upper()


EARLY = np.array([2.31, 2.29, 2.33, 2.30, 2.28])  # at rates far too small

finder = Task(
    "finder_reading",
    cases={
        "falls, then climbs": {
            "rates": 0.001 * 2.0 ** np.arange(16),
            "losses": np.append(EARLY, [2.2, 2.0, 1.7, 1.1, 0.9, 0.7, 0.9, 1.3, 1.9, 2.7, 3.4]),
            "rise": 1.4,
        },
        "grows by a tenth each time": {
            "rates": 0.05 * 1.1 ** np.arange(14),
            "losses": np.array(
                [9.0, 8.8, 8.9, 8.2, 7.0, 5.1, 3.6, 2.7, 2.1, 2.0, 2.4, 4.0, 7.0, 12.0]
            ),
            "rise": 1.2,
        },
        "steeper at first, then on a lower level": {
            "rates": 0.01 * 3.0 ** np.arange(14),
            "losses": np.array(
                [20.0, 19.7, 18.6, 15.1, 10.6, 7.1, 5.0, 4.1, 2.7, 1.4, 0.7, 0.4, 1.5, 6.0]
            ),
            "rise": 3.0,
        },
        "one loss stands out": {
            "rates": 0.001 * 2.0 ** np.arange(17),
            "losses": np.append(
                EARLY, [3.4, 2.2, 2.1, 1.9, 1.3, 0.8, 0.4, 0.3, 0.5, 0.6, 1.6, 5.0]
            ),
            "rise": 2.5,
        },
        "a small rise on the way": {
            "rates": 0.002 * 1.5 ** np.arange(18),
            "losses": np.append(
                EARLY, [1.9, 1.5, 1.4, 1.7, 2.0, 1.9, 1.2, 0.6, 0.4, 0.3, 0.5, 1.1, 1.9]
            ),
            "rise": 1.6,
        },
        "climbs and comes back": {
            "rates": 0.001 * 2.0 ** np.arange(20),
            "losses": np.append(
                EARLY, [2.0, 1.6, 1.1, 0.8, 0.9, 2.5, 8.0, 19.0, 5.0, 0.6, 0.4, 0.2, 0.3, 0.2, 0.1]
            ),
            "rise": 2.0,
        },
        "the fastest fall is the first": {
            "rates": 0.1 * 2.0 ** np.arange(10),
            "losses": np.array([9.0, 7.0, 4.6, 3.1, 2.2, 1.9, 1.7, 1.8, 4.0, 25.0]),
            "rise": 2.0,
        },
        "the fastest fall is the last": {
            "rates": 0.03 * 1.5 ** np.arange(12),
            "losses": np.array([9.0, 9.1, 8.8, 8.5, 8.0, 7.2, 6.0, 4.5, 2.8, 1.2, 40.0, 90.0]),
            "rise": 1.5,
        },
        "never too high": {
            "rates": 0.004 * 1.7 ** np.arange(12),
            "losses": np.array([5.0, 5.1, 4.9, 4.8, 4.3, 3.7, 2.6, 2.1, 1.4, 1.2, 4.6, 9.0]),
            "rise": 2.0,
        },
    },
    about={
        "one loss stands out": "wrong where one loss stands out",
        "a small rise on the way": "wrong where the loss rises a little on the way",
        "climbs and comes back": "wrong where the loss comes down again after the limit",
        "the fastest fall is the first": "wrong where the fastest fall is the first",
        "the fastest fall is the last": "wrong where the fastest fall is the last before the limit",
        "never too high": "wrong where the loss is never too high",
    },
    hints=[
        'Smooth first: `np.convolve(losses, np.ones(5) / 5, mode="valid")` gives the means of '
        "five, and `rates[2:-2]` are their rates. Then find the limit.",
        "`np.minimum.accumulate` gives the lowest value so far at each place. Where is the "
        "smoothed loss above `rise` times that? `argmax` gives the first True, but 0 as well if "
        "there is none.",
        "The limit is one place before that, or the last place. Of the smoothed losses up to the "
        "limit, `np.diff` gives each change; the rate is the one at the place of the smallest "
        "(most negative) change.",
    ],
    equivalent={
        "smoothed = np.convolve(np.full(5, 0.2), losses, mode='valid')": "it is symmetric",
        "smoothed = np.convolve(losses, np.full(5, 1.2), mode='valid')": "six times the means "
        "fall and climb at the same rates",
        "too_high = smoothed >= rise * np.minimum.accumulate(smoothed)": "whether a mean is "
        "exactly `rise` times another is a matter of rounding",
    },
)


def smooth(losses, width=5):
    return np.convolve(losses, np.ones(width) / width, mode="valid")


def limit_of(smoothed, rise):
    """The place of the limit."""
    too_high = smoothed > rise * np.minimum.accumulate(smoothed)
    return too_high.argmax() - 1 if too_high.any() else len(smoothed) - 1


def steepest_fall(smoothed, rates, limit):
    return rates[np.diff(smoothed[: max(limit, 1) + 1]).argmin()]


def reading(smoothed, rates, rise):
    limit = limit_of(smoothed, rise)
    return steepest_fall(smoothed, rates, limit), rates[limit]


@finder.misconception(
    "the losses not smoothed",
    "A single loss that stands out decides here. Take the means of five losses first.",
    read=FINDER,
)
def raw(rates, losses, rise):
    return reading(losses, rates, rise)


@finder.misconception(
    "the losses not smoothed",
    "Without the mean of five a single loss that stands out decides. It is not enough to leave out "
    "the first two and the last two.",
    read=FINDER,
)
def raw_inside(rates, losses, rise):
    return reading(losses[2:-2], rates[2:-2], rise)


@finder.misconception(
    "the mean of three losses",
    "The smoothed loss is the mean of five: its own, the two before and the two after.",
    read=FINDER,
)
def three(rates, losses, rise):
    return reading(smooth(losses, 3), rates[1:-1], rise)


shifted = finder.misconception(
    "the rates two places off",
    "The first mean of five belongs to the third rate, which is in its middle: the rates of the "
    "smoothed losses are `rates[2:-2]`.",
    read=FINDER,
)


@shifted
def two_early(rates, losses, rise):
    return reading(smooth(losses), rates, rise)


@shifted
def two_late(rates, losses, rise):
    return reading(smooth(losses), rates[4:], rise)


@shifted
def rate_two_early(rates, losses, rise):
    right = reading(smooth(losses), rates[2:-2], rise)
    return reading(smooth(losses), rates, rise)[0], right[1]


padded = finder.misconception(
    "means at the ends, where losses are missing",
    "The first two and the last two rates have no five losses around them. A mean that takes "
    "zeros, or fewer losses, for the missing ones is not a smoothed loss: leave them out.",
    read=FINDER,
)


@padded
def zeros_at_the_ends(rates, losses, rise):
    return reading(np.convolve(losses, np.ones(5) / 5, mode="same"), rates, rise)


@padded
def fewer_at_the_ends(rates, losses, rise):
    means = [losses[max(i - 2, 0) : i + 3].mean() for i in range(len(losses))]
    return reading(np.array(means), rates, rise)


@padded
def repeated_at_the_ends(rates, losses, rise):
    return reading(smooth(np.pad(losses, 2, mode="edge")), rates, rise)


lowest_point = finder.misconception(
    "the rate of the lowest loss",
    "At the lowest point the loss has stopped falling. The rate asked for is that of the fastest "
    "fall, clearly below it.",
    read=FINDER,
)


def at_the_lowest(rates, losses, rise, upto_limit, scale=1.0):
    smoothed, rates = smooth(losses), rates[2:-2]
    limit = limit_of(smoothed, rise)
    end = limit + 1 if upto_limit else None
    return scale * rates[smoothed[:end].argmin()], rates[limit]


@lowest_point
def lowest(rates, losses, rise):
    return at_the_lowest(rates, losses, rise, upto_limit=True)


@lowest_point
def lowest_of_all(rates, losses, rise):
    return at_the_lowest(rates, losses, rise, upto_limit=False)


@lowest_point
def lowest_unsmoothed(rates, losses, rise):
    right = reading(smooth(losses), rates[2:-2], rise)
    return rates[losses.argmin()], right[1]


tenth = finder.misconception(
    "a tenth of the rate at the lowest point",
    "That is the other rule of thumb. Here the rate of the fastest fall is asked for.",
    read=FINDER,
)


@tenth
def tenth_of_the_lowest(rates, losses, rise):
    return at_the_lowest(rates, losses, rise, upto_limit=True, scale=0.1)


@tenth
def tenth_of_the_lowest_of_all(rates, losses, rise):
    return at_the_lowest(rates, losses, rise, upto_limit=False, scale=0.1)


per_unit = finder.misconception(
    "the fall per unit of the rate",
    "The falls are divided by the distance of the two rates, which favours the small rates. All "
    "neighbours are one factor apart: compare the falls themselves.",
    read=FINDER,
)


@per_unit
def divided(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    limit = limit_of(smoothed, rise)
    slopes = np.diff(smoothed[: limit + 1]) / np.diff(rates[: limit + 1])
    return rates[slopes.argmin()], rates[limit]


@per_unit
def gradient_by_the_rate(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    limit = limit_of(smoothed, rise)
    slopes = np.gradient(smoothed[: limit + 1], rates[: limit + 1])
    return rates[slopes.argmin()], rates[limit]


@finder.misconception(
    "the slope over two steps",
    "`np.gradient` takes half of the change from the rate before to the rate after. The fall from "
    "a rate to the *next* one is asked for.",
    read=FINDER,
)
def gradient(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    limit = limit_of(smoothed, rise)
    return rates[np.gradient(smoothed[: limit + 1]).argmin()], rates[limit]


relative_fall = finder.misconception(
    "the fall of the logarithm",
    "The falls are taken as shares of the loss, which favours low losses. Only the rates are on a "
    "logarithmic axis: compare the falls of the smoothed loss itself.",
    read=FINDER,
)


@relative_fall
def logarithm(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    limit = limit_of(smoothed, rise)
    return steepest_fall(np.log(smoothed), rates, limit), rates[limit]


@relative_fall
def share(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    limit = limit_of(smoothed, rise)
    falls = np.diff(smoothed[: limit + 1]) / smoothed[:limit]
    return rates[falls.argmin()], rates[limit]


@finder.misconception(
    "the median of five losses",
    "The smoothed loss is the mean of five, not their median.",
    read=FINDER,
)
def medians(rates, losses, rise):
    windows = np.lib.stride_tricks.sliding_window_view(losses, 5)
    return reading(np.median(windows, axis=1), rates[2:-2], rise)


@finder.misconception(
    "a limit from losses that are not smoothed",
    "The limit is read off the smoothed loss as well, in both places: its value and its lowest "
    "value so far.",
    read=FINDER,
)
def raw_limit(rates, losses, rise):
    return reading(smooth(losses), rates[2:-2], rise)[0], rates[limit_of(losses, rise)]


@finder.misconception(
    "a limit from losses that are not smoothed",
    "The lowest value so far is that of the smoothed loss. Single losses are lower.",
    read=FINDER,
)
def raw_lowest(rates, losses, rise):
    return with_limit(rates, losses, lambda s: s > rise * np.minimum.accumulate(losses)[2:-2])


@finder.misconception(
    "a fall of losses that are not smoothed",
    "The limit is that of the smoothed loss, but the fall is one of single losses. It is the fall "
    "of the smoothed loss that counts.",
    read=FINDER,
)
def raw_fall(rates, losses, rise):
    limit = limit_of(smooth(losses), rise) + 2
    return steepest_fall(losses, rates, limit), rates[limit]


between = finder.misconception(
    "a rate between two rates",
    "The fall goes from one rate to the next. The first of the two is asked for, not the middle.",
    read=FINDER,
)


@between
def geometric_middle(rates, losses, rise):
    middles = np.sqrt(rates[2:-2] * rates[3:-1])
    rate, _ = reading(smooth(losses), middles, rise)
    return rate, rates[limit_of(smooth(losses), rise) + 2]


@between
def arithmetic_middle(rates, losses, rise):
    middles = (rates[2:-2] + rates[3:-1]) / 2
    rate, _ = reading(smooth(losses), middles, rise)
    return rate, rates[limit_of(smooth(losses), rise) + 2]


@finder.misconception(
    "the last fall before the limit left out",
    "The two neighbours may reach up to the limit: the fall that ends at it counts.",
    read=FINDER,
)
def one_fall_less(rates, losses, rise):
    limit = limit_of(smooth(losses), rise)
    return steepest_fall(smooth(losses), rates[2:-2], limit - 1), rates[2 + limit]


@finder.misconception(
    "the rate at the end of the fall",
    "The fall goes from one rate to the next. The first of the two is asked for.",
    read=FINDER,
)
def end_of_the_fall(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    limit = limit_of(smoothed, rise)
    return steepest_fall(smoothed, rates[1:], limit), rates[limit]


@finder.misconception(
    "the fastest change, up or down",
    "Near the limit the loss climbs faster than it falls anywhere. Only the falls count.",
    read=FINDER,
)
def either_way(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    limit = limit_of(smoothed, rise)
    return rates[np.abs(np.diff(smoothed[: limit + 1])).argmax()], rates[limit]


@finder.misconception(
    "the slowest fall, or a rise",
    "The change from a rate to the next is negative in a fall, so the fastest fall is the smallest "
    "change.",
    read=FINDER,
)
def fastest_rise(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    limit = limit_of(smoothed, rise)
    return rates[np.diff(smoothed[: limit + 1]).argmax()], rates[limit]


@finder.misconception(
    "a fall beyond the limit",
    "After the limit the loss may fall far from the height to which it has climbed. Only falls "
    "between rates up to the limit count.",
    read=FINDER,
)
def whole_curve(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    return steepest_fall(smoothed, rates, len(smoothed)), rates[limit_of(smoothed, rise)]


@finder.misconception(
    "the first rate that is too high for the limit",
    "The limit is the last rate *before* the smoothed loss is too high.",
    read=FINDER,
)
def one_beyond(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    limit = limit_of(smoothed, rise)
    return steepest_fall(smoothed, rates, limit), rates[min(limit + 1, len(rates) - 1)]


def with_limit(rates, losses, too_high):
    """The reading with another rule for what is too high."""
    smoothed, rates = smooth(losses), rates[2:-2]
    high = too_high(smoothed)
    limit = high.argmax() - 1 if high.any() else len(smoothed) - 1
    return steepest_fall(smoothed, rates, max(limit, 1)), rates[limit]


@finder.misconception(
    "the first loss for the lowest so far",
    "The limit is where the loss is above `rise` times its *lowest* value so far. From the level "
    "of the start it comes much later.",
    read=FINDER,
)
def above_the_first(rates, losses, rise):
    return with_limit(rates, losses, lambda s: s > rise * s[0])


@finder.misconception(
    "the loss before for the lowest so far",
    "The smoothed loss is compared with its lowest value so far, not with the one just before it: "
    "it may climb in many small steps.",
    read=FINDER,
)
def above_the_one_before(rates, losses, rise):
    return with_limit(rates, losses, lambda s: np.append(False, s[1:] > rise * s[:-1]))


@finder.misconception(
    "any rise called too high",
    "The loss may rise a little on the way. It is too high above `rise` times its lowest value so "
    "far.",
    read=FINDER,
)
def any_rise_too_high(rates, losses, rise):
    return with_limit(rates, losses, lambda s: s > np.minimum.accumulate(s))


@finder.misconception(
    "`rise` added, not multiplied",
    "The loss is too high above `rise` *times* its lowest value so far: `rise` is a factor.",
    read=FINDER,
)
def added_rise(rates, losses, rise):
    return with_limit(rates, losses, lambda s: s > rise + np.minimum.accumulate(s))


@finder.misconception(
    "one more than `rise` times",
    "The loss is too high above `rise` times its lowest value so far. A rise *by* that factor, to "
    "1 + `rise` times, comes later.",
    read=FINDER,
)
def risen_by(rates, losses, rise):
    return with_limit(rates, losses, lambda s: s > (1 + rise) * np.minimum.accumulate(s))


last_low = finder.misconception(
    "the last rate at which the loss is low",
    "The run ends for the reading where the loss is too high for the *first* time. That it comes "
    "down again later does not count.",
    read=FINDER,
)


@last_low
def last_not_too_high(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    low = smoothed <= rise * np.minimum.accumulate(smoothed)
    limit = np.flatnonzero(low)[-1]
    return steepest_fall(smoothed, rates, limit), rates[limit]


@last_low
def last_near_the_lowest(rates, losses, rise):
    smoothed, rates = smooth(losses), rates[2:-2]
    limit = np.flatnonzero(smoothed <= rise * smoothed.min())[-1]
    return steepest_fall(smoothed, rates, limit), rates[limit]


@last_low
def after_the_lowest_of_all(rates, losses, rise):
    def too_high(smoothed):
        after = np.arange(len(smoothed)) > smoothed.argmin()
        return after & (smoothed > rise * smoothed.min())

    return with_limit(rates, losses, too_high)


@finder.misconception(
    "a limit without a smoothed loss",
    "If the loss is never too high, the limit is the last rate that *has* a smoothed loss: the "
    "last two rates of the run have none.",
    read=FINDER,
)
def last_of_the_run(rates, losses, rise):
    rate, limit = reading(smooth(losses), rates[2:-2], rise)
    return rate, rates[-1] if limit == rates[-3] else limit


@finder.misconception(
    "inf for the limit",
    "If the loss is never too high, the limit is the last rate that has a smoothed loss. What "
    "happens beyond is not known.",
    read=FINDER,
)
def never(rates, losses, rise):
    rate, limit = reading(smooth(losses), rates[2:-2], rise)
    return rate, np.inf if limit == rates[-3] else limit


@finder.misconception(
    "the two results exchanged",
    "The rate of the fastest fall comes first, then the limit.",
    read=FINDER,
)
def limit_first(rates, losses, rise):
    return reading(smooth(losses), rates[2:-2], rise)[::-1]


@finder.misconception(
    "the places for the rates",
    "These are places in the arrays. Return the rates that stand there.",
    read=FINDER,
)
def places(rates, losses, rise):
    return reading(smooth(losses), np.arange(len(rates))[2:-2], rise)


@finder.misconception(
    "the places for the rates",
    "These are places among the smoothed losses. Return the rates that belong to them.",
    read=FINDER,
)
def places_of_the_smoothed(rates, losses, rise):
    return reading(smooth(losses), np.arange(len(rates) - 4), rise)


@finder.misconception(
    "the losses for the rates",
    "These are the smoothed losses at the two places. Return the rates that belong to them.",
    read=FINDER,
)
def losses_for_rates(rates, losses, rise):
    return reading(smooth(losses), smooth(losses), rise)
