"""What `check` and `hint` know of 08: cases, hints, and the wrong answers that learners give."""

import numpy as np

from tasks.catalogue import Task

MATRIX = "A-rate-for-each-direction"
UPHILL = "A-rule-that-walks-uphill"

EARLIER = np.array([[2.0, -1.0, 0.5], [0.3, 1.5, -2.0], [-1.0, 0.7, 3.0]])  # a gradient a row

whitened = Task(
    "whitened_step",
    cases={
        "the first update": {
            "theta": np.array([1.0, 2.0]),
            "grad": np.array([3.0, -4.0]),
            "total": np.zeros((2, 2)),
            "lr": 0.5,
        },
        "the second update": {
            "theta": np.array([1.0, 2.0]),
            "grad": np.array([0.5, 1.5]),
            "total": np.outer([3.0, -4.0], [3.0, -4.0]),
            "lr": 0.3,
        },
        "three parameters": {
            "theta": np.array([0.4, -1.2, 2.5]),
            "grad": np.array([1.2, -0.7, 0.9]),
            "total": EARLIER.T @ EARLIER,
            "lr": 0.7,
        },
        "gradients along the axes": {
            "theta": np.array([1.0, -2.0, 0.5]),
            "grad": np.array([0.0, 3.0, 0.0]),
            "total": np.diag([5.0, 16.0, 7.0]),
            "lr": 0.2,
        },
        "a direction without a gradient": {
            "theta": np.array([1.0, -1.0, 2.0]),
            "grad": np.array([2.0, 1.0, 0.0]),
            "total": np.outer([1.0, -3.0, 0.0], [1.0, -3.0, 0.0]),
            "lr": 0.4,
        },
        "steep and flat": {
            "theta": np.array([1.0, 2.0]),
            "grad": np.array([0.3, 0.6]),
            "total": np.outer([300.0, 200.0], [300.0, 200.0]),
            "lr": 0.1,
        },
        "a tiny gradient": {
            "theta": np.array([0.5, -1.5]),
            "grad": np.array([2e-9, 1e-9]),
            "total": np.outer([1e-9, -3e-9], [1e-9, -3e-9]),
            "lr": 0.6,
        },
        "a single parameter": {
            "theta": np.array([3.0]),
            "grad": np.array([4.0]),
            "total": np.array([[9.0]]),
            "lr": 0.5,
        },
    },
    about={
        "the first update": "the first update is not right",
        "a direction without a gradient": "a direction without a gradient is not left out",
        "steep and flat": "a small gradient after a large one across it is not right",
        "a tiny gradient": "with a tiny gradient it is not right, as if there were an ε",
        "a single parameter": "for a single parameter it is not right",
    },
    equivalent={
        "known = size >= 1e-12 * np.trace(total)": "no eigenvalue is exactly at the limit",
    },
    hints=[
        "Which entries does g gᵀ have? `np.outer` makes it. After how many gradients can the sum "
        "have no eigenvalue 0, if there are n parameters?",
        "A symmetric matrix is A = Q diag(q) Qᵀ, and `np.linalg.eigh` gives q and Q. Its power −½ "
        "is Q diag(1/√q) Qᵀ. Where q is 0 to rounding, 0 takes the place of 1/√q.",
        "Of the new sum, `np.linalg.eigh` gives the eigenvalues and the "
        "eigenvectors as columns. Keep those above 1e-12 times their sum. `axes.T @ grad` is the "
        "gradient along them; divide by the roots, and `axes @` puts the step together.",
    ],
)


def power(matrix, exponent):
    """A symmetric matrix to a power, 0 where an eigenvalue is 0 to rounding."""
    size, axes = np.linalg.eigh(matrix)
    known = size > 1e-12 * np.sum(size)
    return axes * np.where(known, np.where(known, size, 1.0) ** exponent, 0.0) @ axes.T


def summed(grad, total):
    return total + np.outer(grad, grad)


def stepped(theta, grad, lr, new, divide):
    """The step with the matrix `divide`, and the new sum."""
    return theta - lr * divide @ grad, new


@whitened.misconception(
    "a rate for each parameter: plain Adagrad",
    "The step divides by the roots of the diagonal of the sum alone. Full-matrix Adagrad needs "
    "the other entries too: they say which parameters had large gradients together.",
    read=MATRIX,
)
def plain_adagrad(theta, grad, total, lr):
    new = summed(grad, total)
    size = np.diag(new)
    divide = np.diag(np.where(size > 0, 1 / np.sqrt(np.where(size > 0, size, 1.0)), 0.0))
    return stepped(theta, grad, lr, new, divide)


same_for_all = whitened.misconception(
    "one number for all directions",
    "The step divides by one number, made of all gradients or of the largest eigenvalue. Then all "
    "directions have the same rate.",
    read=MATRIX,
)


@same_for_all
def all_squares(theta, grad, total, lr):
    new = summed(grad, total)
    return theta - lr * grad / np.sqrt(np.trace(new)), new


@same_for_all
def largest_eigenvalue(theta, grad, total, lr):
    new = summed(grad, total)
    return theta - lr * grad / np.sqrt(np.linalg.eigvalsh(new)[-1]), new


with_eps = whitened.misconception(
    "an ε that is not asked for",
    "There is an ε of 1e-8, beside the roots or on the diagonal of the sum. "
    "Here directions without gradients are left out instead, so that a tiny gradient makes a "
    "first step of length η too.",
    read=MATRIX,
)


@with_eps
def eps_beside_the_roots(theta, grad, total, lr):
    new = summed(grad, total)
    size, axes = np.linalg.eigh(new)
    return theta - lr * axes @ (axes.T @ grad / (np.sqrt(np.maximum(size, 0)) + 1e-8)), new


@with_eps
def eps_on_the_diagonal(theta, grad, total, lr):
    new = summed(grad, total)
    size, axes = np.linalg.eigh(new + 1e-8 * np.eye(len(grad)))
    return theta - lr * axes @ (axes.T @ grad / np.sqrt(size)), new


@whitened.misconception(
    "the inverse without its root",
    "The step is that of the power −1. The power is −½: an eigenvalue q becomes 1/√q.",
    read=MATRIX,
)
def inverse(theta, grad, total, lr):
    new = summed(grad, total)
    return stepped(theta, grad, lr, new, power(new, -1.0))


@whitened.misconception(
    "multiplied by the root of the sum",
    "The step is that of the power +½. A direction with large gradients would get an even larger "
    "step. The power is −½.",
    read=MATRIX,
)
def root(theta, grad, total, lr):
    new = summed(grad, total)
    return stepped(theta, grad, lr, new, power(new, 0.5))


@whitened.misconception(
    "the power of one side of Shampoo",
    "The step is that of the power −¼. Shampoo takes a quarter from each of its two sides; here "
    "there is one matrix, and it takes the whole half.",
    read="A-layer-is-a-matrix",
)
def quarter(theta, grad, total, lr):
    new = summed(grad, total)
    return stepped(theta, grad, lr, new, power(new, -0.25))


rootless = whitened.misconception(
    "roots of the entries instead of the root of the matrix",
    "The roots are taken of the entries of the sum, one by one. "
    "The power −½ of a matrix acts on its eigenvalues and leaves its eigenvectors.",
    read=MATRIX,
)


@rootless
def entry_by_entry(theta, grad, total, lr):
    new = summed(grad, total)
    return stepped(theta, grad, lr, new, new**-0.5)


@rootless
def size_of_entries(theta, grad, total, lr):
    new = summed(grad, total)
    return stepped(theta, grad, lr, new, np.abs(new) ** -0.5)


@rootless
def inverse_of_roots(theta, grad, total, lr):
    new = summed(grad, total)
    return stepped(theta, grad, lr, new, np.linalg.pinv(np.sqrt(np.abs(new))))


@whitened.misconception(
    "the step without the rate",
    "The step is right for η = 1: the rate is missing.",
    read=MATRIX,
)
def no_rate(theta, grad, total, lr):
    new = summed(grad, total)
    return stepped(theta, grad, 1.0, new, power(new, -0.5))


@whitened.misconception(
    "the sum without the newest gradient",
    "The step is made with the sum before this update. It is made with the new sum, which "
    "contains grad.",
    read=MATRIX,
)
def without_newest(theta, grad, total, lr):
    return stepped(theta, grad, lr, summed(grad, total), power(total, -0.5))


@whitened.misconception(
    "the newest gradient alone",
    "Every step has the length η, and the earlier gradients do not count: only g gᵀ of this "
    "update is used.",
    read=MATRIX,
)
def newest_alone(theta, grad, total, lr):
    new = summed(grad, total)
    return stepped(theta, grad, lr, new, power(np.outer(grad, grad), -0.5))


@whitened.misconception(
    "the earlier gradients are forgotten",
    "The new sum is g gᵀ of this update alone. It must be added to the sum so far.",
    read=MATRIX,
)
def forgotten(theta, grad, total, lr):
    new = np.outer(grad, grad)
    return stepped(theta, grad, lr, new, power(new, -0.5))


@whitened.misconception(
    "the power of the sum is returned",
    "The step is right, but the second result is the sum to the power −½. The caller needs the "
    "sum itself, to add to it.",
    read=MATRIX,
)
def power_returned(theta, grad, total, lr):
    new = power(summed(grad, total), -0.5)
    return stepped(theta, grad, lr, new, new)


@whitened.misconception(
    "the old sum is returned",
    "The step is right, but the second result is the sum as it came in. The caller hands it in "
    "again, so grad must be in it.",
    read=MATRIX,
)
def old_sum(theta, grad, total, lr):
    new = summed(grad, total)
    return stepped(theta, grad, lr, np.array(total), power(new, -0.5))


@whitened.misconception(
    "uphill",
    "The step is added. It must be subtracted: θ ← θ − η …",
    read=MATRIX,
)
def uphill(theta, grad, total, lr):
    new = summed(grad, total)
    return stepped(theta, grad, -lr, new, power(new, -0.5))


@whitened.misconception(
    "the step is returned, not the new θ",
    "The first result is the step alone. The new θ is θ minus the step.",
    read=MATRIX,
)
def step_alone(theta, grad, total, lr):
    new = summed(grad, total)
    return lr * power(new, -0.5) @ grad, new


@whitened.misconception(
    "a mean in the place of the sum",
    "The new sum is the mean of the old one and g gᵀ. The matrices are added.",
    read=MATRIX,
)
def mean(theta, grad, total, lr):
    new = summed(grad, total) / 2
    return stepped(theta, grad, lr, new, power(new, -0.5))


dot = whitened.misconception(
    "g · g in the place of g gᵀ",
    "To the sum is added a row or a single number, the same for every row: `grad * grad` or "
    "`grad @ grad`. NumPy repeats it. g gᵀ is a matrix, which `np.outer` makes.",
    read=MATRIX,
)


@dot
def squares_in_every_row(theta, grad, total, lr):
    new = total + grad * grad
    return stepped(theta, grad, lr, new, power(new, -0.5))


@dot
def one_number_everywhere(theta, grad, total, lr):
    new = total + grad @ grad
    return stepped(theta, grad, lr, new, power(new, -0.5))


round_ = Task(
    "way_of_a_round",
    cases={
        "3, −1, −1 with a short memory": {"gradients": np.array([3.0, -1.0, -1.0]), "beta2": 0.1},
        "3, −1, −1 with a longer memory": {"gradients": np.array([3.0, -1.0, -1.0]), "beta2": 0.8},
        "a round of five": {"gradients": np.array([0.5, 4.0, -2.0, -1.5, 0.7]), "beta2": 0.6},
        "the large gradient comes last": {
            "gradients": np.array([-1.0, -1.0, -1.0, 5.0]),
            "beta2": 0.5,
        },
        "a memory of 100 updates": {
            "gradients": np.array([50.0] + [-1.0] * 39),
            "beta2": 0.99,
        },
        "a memory of 1,000 updates": {"gradients": np.array([3.0, -1.0, -1.0]), "beta2": 0.999},
        "one gradient": {"gradients": np.array([-2.5]), "beta2": 0.9},
        "no memory": {"gradients": np.array([3.0, -2.0, -0.5]), "beta2": 0},
    },
    about={
        "the large gradient comes last": "a round whose largest gradient comes last is not right",
        "a memory of 100 updates": "with a long memory it is not right",
        "a memory of 1,000 updates": "with a long memory it is not right",
        "one gradient": "a round of one gradient is not right",
        "no memory": "without a memory, β₂ = 0, it is not right",
    },
    hints=[
        "You may simply go round many times and count the last round only. How many times, if the "
        "memory is 1,000 updates long and a round has three?",
        "Without many rounds: start one round with v = 0 and call its last v w. A round that "
        "starts with v ends with β₂ᴾ v + w. Which v comes back to itself? For AMSGrad, which is "
        "the largest v that there ever was?",
        "v = w/(1 − β₂ᴾ) before the first gradient of a round. Go once more round from there, keep "
        "all P values of v, and sum −g/√v. AMSGrad's way is −(sum of g)/√(largest of them).",
    ],
)


def after_a_round(gradients, beta2, v=0.0):
    """v after each update of a round that begins with v."""
    sizes = []
    for g in gradients:
        v = beta2 * v + (1 - beta2) * g**2
        sizes.append(v)
    return np.array(sizes)


def settled(gradients, beta2):
    start = after_a_round(gradients, beta2)[-1] / (1 - beta2 ** len(gradients))
    return after_a_round(gradients, beta2, start)


def ways(gradients, adam_v, amsgrad_v):
    return -np.sum(gradients / np.sqrt(adam_v)), -np.sum(gradients / np.sqrt(amsgrad_v))


@round_.misconception(
    "the first round instead of a late one",
    "It is the way of the first round, which begins with v = 0. After many rounds v still "
    "knows the rounds before.",
    read=UPHILL,
)
def first_round(gradients, beta2):
    v = after_a_round(gradients, beta2)
    return ways(gradients, v, np.maximum.accumulate(v))


@round_.misconception(
    "the first round, corrected",
    "It is the way of the first round with a corrected v. The correction makes a mean of "
    "the gradients seen; the rounds before are missing all the same.",
    read=UPHILL,
)
def first_round_corrected(gradients, beta2):
    v = after_a_round(gradients, beta2) / (1 - beta2 ** np.arange(1.0, len(gradients) + 1))
    return ways(gradients, v, np.maximum.accumulate(v))


@round_.misconception(
    "a round that begins with the mean of the squares",
    "The round begins with the mean of the squares as v. After many "
    "rounds v is their mean only on the average: at the end of a round it is another.",
    read=UPHILL,
)
def from_the_mean(gradients, beta2):
    v = after_a_round(gradients, beta2, np.mean(gradients**2))
    return ways(gradients, v, np.maximum.accumulate(v))


@round_.misconception(
    "a largest v that only the start has",
    "AMSGrad divides by a v of the very first updates: a corrected v, or one that begins with the "
    "first square, is too large there and would be kept for ever. Here v begins with 0 and is not "
    "corrected.",
    read=UPHILL,
)
def corrected_start(gradients, beta2):
    v = settled(gradients, beta2)
    first = after_a_round(gradients, beta2) / (1 - beta2 ** np.arange(1.0, len(gradients) + 1))
    return ways(gradients, v, max(first.max(), v.max()))


@round_.misconception(
    "every step of Adam of the same length",
    "Adam's way is the number of negative gradients less that of the positive ones. Without a "
    "memory that would be right: a step is −g/√v, and v remembers.",
    read=UPHILL,
)
def signs(gradients, beta2):
    return -np.sum(np.sign(gradients)), ways(gradients, 1, settled(gradients, beta2).max())[1]


@round_.misconception(
    "the largest v of this round so far",
    "AMSGrad's largest v begins anew in every round. It is the largest so far in all rounds, so "
    "after many of them it is the same at every update.",
    read=UPHILL,
)
def begins_anew(gradients, beta2):
    v = settled(gradients, beta2)
    return ways(gradients, v, np.maximum.accumulate(v))


by_largest = round_.misconception(
    "the largest gradient in the place of the largest v",
    "AMSGrad divides by the largest |g|. It divides by the root of the largest v, which is a mean "
    "of squares.",
    read=UPHILL,
)


@by_largest
def largest_gradient(gradients, beta2):
    return ways(gradients, settled(gradients, beta2), np.max(gradients**2))


@by_largest
def largest_gradient_and_signs(gradients, beta2):
    return ways(gradients, gradients**2, np.max(gradients**2))


@round_.misconception(
    "the last v in the place of the largest",
    "AMSGrad divides by the root of the v at the end of a round. It divides by the root of the "
    "largest one.",
    read=UPHILL,
)
def last_v(gradients, beta2):
    v = settled(gradients, beta2)
    return ways(gradients, v, v[-1])


@round_.misconception(
    "the smallest v in the place of the largest",
    "AMSGrad divides by the root of the smallest v. It is the largest one, so that a large "
    "gradient is never forgotten.",
    read=UPHILL,
)
def smallest_v(gradients, beta2):
    v = settled(gradients, beta2)
    return ways(gradients, v, v.min())


@round_.misconception(
    "AMSGrad as Adam",
    "Both ways are Adam's. AMSGrad divides by the root of the largest v so far.",
    read=UPHILL,
)
def both_adam(gradients, beta2):
    v = settled(gradients, beta2)
    return ways(gradients, v, v)


same_v = round_.misconception(
    "one mean of squares for every update of Adam",
    "Adam's v is the same at every update: the mean of the squares, or the v after a round. It "
    "changes within a round, and that is why Adam can climb.",
    read=UPHILL,
)


@same_v
def mean_of_squares(gradients, beta2):
    return ways(gradients, np.mean(gradients**2), settled(gradients, beta2).max())


@same_v
def v_after_a_round(gradients, beta2):
    v = settled(gradients, beta2)
    return ways(gradients, v[-1], v.max())


@round_.misconception(
    "the v before the newest gradient",
    "Every step is divided by the root of the v of the update before. The new v contains the "
    "newest gradient: with the old one Adam would not climb.",
    read=UPHILL,
)
def one_late(gradients, beta2):
    v = settled(gradients, beta2)
    return ways(gradients, np.roll(v, 1), v.max())


@round_.misconception(
    "β₂ and 1 − β₂ exchanged",
    "The newest square enters with β₂ and the memory is kept with 1 − β₂. It is the other way "
    "round: v ← β₂ v + (1 − β₂) g².",
    read="04_rmsprop#A-memory-that-fades",
)
def exchanged_weights(gradients, beta2):
    v = settled(gradients, 1 - beta2) if beta2 else 0 * gradients
    return ways(gradients, v, np.max(v))


@round_.misconception(
    "a sum of squares without 1 − β₂",
    "v ← β₂ v + g² lacks the factor 1 − β₂ at the square. Every way is then too short by its root.",
    read="04_rmsprop#A-memory-that-fades",
)
def summed_squares(gradients, beta2):
    v = settled(gradients, beta2) / (1 - beta2)
    return ways(gradients, v, v.max())


@round_.misconception(
    "v without its root",
    "The steps are divided by v. They are divided by its root, which has the unit of a gradient.",
    read=UPHILL,
)
def no_root(gradients, beta2):
    v = settled(gradients, beta2)
    return ways(gradients, v**2, v.max() ** 2)


@round_.misconception(
    "both ways with the wrong sign",
    "Both ways have the wrong sign: a step is −g/√v.",
    read=UPHILL,
)
def wrong_sign(gradients, beta2):
    v = settled(gradients, beta2)
    return ways(-gradients, v, v.max())


@round_.misconception(
    "the mean step in the place of the way",
    "It is the mean step of a round. The way of a round is the sum of its P steps.",
    read=UPHILL,
)
def mean_step(gradients, beta2):
    v = settled(gradients, beta2)
    return ways(gradients / len(gradients), v, v.max())


@round_.misconception(
    "lengths added without their signs",
    "The lengths of the steps are added. Steps to the left and to the right cancel.",
    read=UPHILL,
)
def lengths(gradients, beta2):
    v = settled(gradients, beta2)
    return ways(-np.abs(gradients), v, v.max())


@round_.misconception(
    "Adam and AMSGrad exchanged",
    "The first result is AMSGrad's and the second Adam's. It is the other way round.",
    read=UPHILL,
)
def exchanged(gradients, beta2):
    v = settled(gradients, beta2)
    return ways(gradients, v.max(), v)
