"""What `check` and `hint` know of 03: cases, hints, and the wrong answers that learners give."""

from itertools import product

import numpy as np

from tasks.catalogue import Task

# Most arrays of cases are square: what goes along a wrong axis then gives wrong numbers, which
# can be named, and not an error.

sigmas = Task(
    "adagrad_sigmas",
    cases={
        "three parameters": {
            "gradients": np.array([[3.0, 1.0, -2.0], [4.0, -2.0, 6.0], [1.0, 5.0, 3.0]])
        },
        "one parameter": {"gradients": np.array([[2.0], [-3.0], [1.0], [5.0]])},
        "one update": {"gradients": np.array([[-3.0, 0.5, 4.0]])},
        "a late start": {"gradients": np.array([[0.0], [0.0], [6.0], [0.0], [2.0]])},
        "tiny gradients": {"gradients": 1e-9 * np.array([[1.0, 2.0], [3.0, -5.0]])},
        "two runs at once": {
            "gradients": np.array([[[1.0, 3.0], [2.0, 0.5]], [[2.0, -4.0], [7.0, 1.5]]])
        },
        "whole numbers": {"gradients": np.array([[1, 2], [3, -5]])},
    },
    about={
        "one update": "wrong for a single update",
        "a late start": "wrong for gradients of 0",
        "tiny gradients": "wrong for tiny gradients",
        "two runs at once": "right for a single run, wrong for several at once",
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
    "Every sum is divided by T, the number of all updates. At update t only t + 1 gradients are "
    "known, so the mean has t + 1.",
    read="A-rate-of-its-own",
)
def divided_by_all(gradients):
    sums, _ = sums_and_counts(gradients)
    return np.sqrt(sums / len(gradients)), np.sqrt(sums)


@sigmas.misconception(
    "the σ of the last update in every row",
    "All rows hold the σ of all T gradients. Row t must not know the gradients after t.",
    read="A-rate-of-its-own",
)
def last_in_every_row(gradients):
    sums = np.sum(gradients**2, axis=0) + 0 * gradients
    return np.sqrt(sums / len(gradients)), np.sqrt(sums)


only_last = sigmas.misconception(
    "the σ of the last update alone",
    "The results are one σ for the whole run. A σ for every update is asked: row t is made of the "
    "gradients 0 to t.",
    read="A-rate-of-its-own",
)


@only_last
def one_row(gradients):
    mean = np.mean(gradients**2, axis=0)
    return np.sqrt(mean), np.sqrt(mean * len(gradients))


@only_last
def one_number(gradients):
    return np.sqrt(np.mean(gradients**2)), np.sqrt(np.sum(gradients**2))


@sigmas.misconception(
    "the gradients to come for those made so far",
    "Row t is made of the gradients from t to the end. A run knows those from 0 to t.",
    read="A-rate-of-its-own",
)
def backwards_in_time(gradients):
    sums, counts = sums_and_counts(gradients[::-1])
    return np.sqrt(sums / counts)[::-1], np.sqrt(sums)[::-1]


from_zero = sigmas.misconception(
    "t for t + 1",
    "The sum of row t is divided by t. Counting starts at 0, so row t has t + 1 gradients in it, "
    "and row 0 has one.",
    read="A-rate-of-its-own",
)


@from_zero
def divided_by_t(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums / (counts - 1)), np.sqrt(sums)


@from_zero
def divided_by_t_or_1(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums / np.maximum(counts - 1, 1)), np.sqrt(sums)


@sigmas.misconception(
    "t + 2 for t + 1",
    "The sum of row t is divided by t + 2. Row t holds the gradients 0 to t, which are t + 1.",
    read="A-rate-of-its-own",
)
def divided_by_one_more(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums / (counts + 1)), np.sqrt(sums)


first_row = sigmas.misconception(
    "the first row left at 0",
    "Row 0 holds zeros. It is made of gradient 0 as every row t is of the gradients 0 to t, so the "
    "first σ is the size of the first gradient.",
    read="A-rate-of-its-own",
)


@first_row
def without_first_row(gradients):
    sums, counts = sums_and_counts(gradients)
    later = counts > 1
    return np.sqrt(sums / counts) * later, np.sqrt(sums) * later


@first_row
def without_first_gradient(gradients):
    squares = gradients**2 * (counts_of(gradients) > 1)
    sums, counts = np.cumsum(squares, axis=0), counts_of(gradients)
    return np.sqrt(sums / np.maximum(counts - 1, 1)), np.sqrt(sums)


@first_row
def without_first_gradient_but_counted(gradients):
    squares = gradients**2 * (counts_of(gradients) > 1)
    sums = np.cumsum(squares, axis=0)
    return np.sqrt(sums / counts_of(gradients)), np.sqrt(sums)


@sigmas.misconception(
    "the gradients counted from the end",
    "The sum of row t is divided by T − t. It holds the gradients 0 to t, which are t + 1.",
    read="A-rate-of-its-own",
)
def counted_from_the_end(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums / counts[::-1]), np.sqrt(sums)


newest_left_out = sigmas.misconception(
    "the newest gradient left out",
    "Row t is made of the gradients before t. Gradient t belongs to it: the first σ is the size of "
    "the first gradient.",
    read="A-rate-of-its-own",
)


@newest_left_out
def without_newest(gradients):
    before, counts = before_and_counts(gradients)
    return np.sqrt(before / np.maximum(counts - 1, 1)), np.sqrt(before)


@newest_left_out
def without_newest_but_counted(gradients):
    before, counts = before_and_counts(gradients)
    return np.sqrt(before / counts), np.sqrt(before)


@newest_left_out
def without_newest_by_0(gradients):
    before, counts = before_and_counts(gradients)
    return np.sqrt(before / (counts - 1)), np.sqrt(before)


def before_and_counts(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.concatenate([np.zeros_like(sums[:1]), sums[:-1]]), counts


root_left_out = sigmas.misconception(
    "the root left out",
    "The results are σ², the mean and the sum of the squares. σ is the root of them, in the unit "
    "of the gradient.",
    read="A-rate-of-its-own",
)


@root_left_out
def squared(gradients):
    sums, counts = sums_and_counts(gradients)
    return sums / counts, sums


@root_left_out
def squared_mean(gradients):
    sums, counts = sums_and_counts(gradients)
    return sums / counts, np.sqrt(sums)


@root_left_out
def squared_sum(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums / counts), sums


@sigmas.misconception(
    "the number of gradients outside the root",
    "The root of the sum is divided by t + 1. The root of a mean is asked: divide first, then take "
    "the root.",
    read="A-rate-of-its-own",
)
def count_outside(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums) / counts, np.sqrt(sums)


one_for_all = sigmas.misconception(
    "one σ for all parameters",
    "The squares of all parameters are added together. Each parameter (and each run) has a σ made "
    "of its own gradients alone.",
    read="A-rate-of-its-own",
)


@one_for_all
def shared(gradients):
    return shared_by(np.sum, gradients, 1)


@one_for_all
def shared_mean(gradients):
    return shared_by(np.mean, gradients, 1)


@one_for_all
def shared_by_runs_too(gradients):
    return shared_by(np.sum, gradients, tuple(range(1, gradients.ndim)))


@one_for_all
def shared_mean_by_runs_too(gradients):
    return shared_by(np.mean, gradients, tuple(range(1, gradients.ndim)))


@one_for_all
def shared_and_one_column(gradients):
    beginnings = [gradients[: t + 1] ** 2 for t in range(len(gradients))]
    return tuple(np.array([np.sqrt(form(b)) for b in beginnings]) for form in (np.mean, np.sum))


@one_for_all
def one_for_a_row(gradients):
    sums = np.cumsum(np.sum(gradients**2, axis=1), axis=0)
    return np.sqrt(sums / counts_of(sums)), np.sqrt(sums)


@one_for_all
def one_for_the_last_axis(gradients):
    sums = np.cumsum(np.sum(gradients**2, axis=-1), axis=0)
    return np.sqrt(sums / counts_of(sums)), np.sqrt(sums)


def shared_by(combine, gradients, axis):
    sums, counts = sums_and_counts(gradients)
    together = np.broadcast_to(combine(sums, axis=axis, keepdims=True), sums.shape)
    return np.sqrt(together / counts), np.sqrt(together)


along_parameters = sigmas.misconception(
    "the sum along the wrong axis",
    "The squares are added along a row, from parameter to parameter or from run to run. The "
    "updates are the first axis, axis 0: add along that one.",
    read="A-rate-of-its-own",
)


@along_parameters
def along_a_row(gradients):
    sums = np.cumsum(gradients**2, axis=1)
    return np.sqrt(sums / counts_of(gradients)), np.sqrt(sums)


@along_parameters
def along_a_row_and_counted_there(gradients):
    sums, counts = sums_and_counts(np.swapaxes(gradients, 0, 1))
    return np.swapaxes(np.sqrt(sums / counts), 0, 1), np.swapaxes(np.sqrt(sums), 0, 1)


@along_parameters
def along_the_last_axis(gradients):
    sums = np.cumsum(gradients**2, axis=-1)
    return np.sqrt(sums / counts_of(gradients)), np.sqrt(sums)


@along_parameters
def along_the_last_axis_and_counted_there(gradients):
    sums = np.cumsum(gradients**2, axis=-1)
    return np.sqrt(sums / np.arange(1, sums.shape[-1] + 1)), np.sqrt(sums)


in_one_row = sigmas.misconception(
    "all parameters in one long row",
    "The squares of all parameters are added one after the other. Without `axis=0` np.cumsum makes "
    "one row of a table; each parameter needs sums of its own.",
    read="A-rate-of-its-own",
)


@in_one_row
def flattened(gradients):
    sums = np.cumsum(gradients**2)
    return np.sqrt(sums / np.arange(1, len(sums) + 1)), np.sqrt(sums)


@in_one_row
def flattened_and_back(gradients):
    sums = np.cumsum(gradients**2).reshape(gradients.shape)
    return np.sqrt(sums / counts_of(gradients)), np.sqrt(sums)


@in_one_row
def column_after_column(gradients):
    columns = gradients.reshape(len(gradients), -1).T ** 2
    sums = np.cumsum(columns).reshape(columns.shape).T.reshape(gradients.shape)
    return np.sqrt(sums / counts_of(gradients)), np.sqrt(sums)


@in_one_row
def flattened_and_back_with_counts(gradients):
    means, sums = flattened(gradients)
    return means.reshape(gradients.shape), sums.reshape(gradients.shape)


wrong_counts = sigmas.misconception(
    "the numbers of gradients along the wrong axis",
    "The sums are right, but each is divided by the count of another update: the counts 1, 2, … "
    "go along the parameters or the runs. They belong to the first axis.",
    read="A-rate-of-its-own",
)


@wrong_counts
def counts_along_the_last_axis(gradients):
    sums, _ = sums_and_counts(gradients)
    return np.sqrt(sums / np.arange(1, len(sums) + 1)), np.sqrt(sums)


@wrong_counts
def counts_along_the_parameters_of_runs(gradients):
    sums, _ = sums_and_counts(gradients)
    return np.sqrt(sums / np.arange(1, len(sums) + 1)[:, None]), np.sqrt(sums)


sizes_for_squares = sigmas.misconception(
    "sizes for squares",
    "The sizes |g| are added or averaged. Squares first, then the sum or mean, then the root.",
    read="A-rate-of-its-own",
)


@sizes_for_squares
def sizes(gradients):
    sums = np.cumsum(np.abs(gradients), axis=0)
    return sums / counts_of(gradients), sums


@sizes_for_squares
def sizes_in_the_mean(gradients):
    return sizes(gradients)[0], np.sqrt(sums_and_counts(gradients)[0])


@sizes_for_squares
def roots_of_sizes(gradients):
    return tuple(map(np.sqrt, sizes(gradients)))


no_square = sigmas.misconception(
    "the gradients not squared",
    "The gradients themselves are added, so a 3 and a −3 cancel, and a root of a negative sum is "
    "nan. Squares first, then the sum or mean, then the root.",
    read="A-rate-of-its-own",
)


@no_square
def not_squared(gradients):
    sums = np.cumsum(gradients, axis=0)
    return np.sqrt(sums / counts_of(gradients)), np.sqrt(sums)


@no_square
def not_squared_but_positive(gradients):
    sums = np.abs(np.cumsum(gradients, axis=0))
    return np.sqrt(sums / counts_of(gradients)), np.sqrt(sums)


square_of_sum = sigmas.misconception(
    "the square of the sum",
    "The gradients are added and the sum is squared, so a 3 and a −3 cancel. Square each gradient "
    "before you add.",
    read="A-rate-of-its-own",
)


@square_of_sum
def cancelled(gradients):
    sums = np.abs(np.cumsum(gradients, axis=0))
    return sums / counts_of(gradients), sums


@square_of_sum
def cancelled_under_a_root(gradients):
    sums = np.cumsum(gradients, axis=0) ** 2
    return np.sqrt(sums / counts_of(gradients)), np.sqrt(sums)


@square_of_sum
def cancelled_in_the_mean(gradients):
    return cancelled(gradients)[0], np.sqrt(sums_and_counts(gradients)[0])


@sigmas.misconception(
    "the newest gradient alone",
    "Every σ is the size of one gradient. Row t is made of all gradients from 0 to t.",
    read="A-rate-of-its-own",
)
def newest_alone(gradients):
    return np.abs(gradients), np.abs(gradients)


@sigmas.misconception(
    "the last two gradients alone in the mean",
    "The mean is that of the gradients t − 1 and t. It has to contain all gradients from 0 to t.",
    read="A-rate-of-its-own",
)
def pairs(gradients):
    squares = gradients**2.0
    both = np.concatenate([squares[:1], (squares[1:] + squares[:-1]) / 2])
    return np.sqrt(both), np.sqrt(np.cumsum(squares, axis=0))


def faded(old):
    def average(gradients):
        mean, means = 0, []
        for gradient in gradients:
            mean = old * mean + (1 - old) * gradient**2
            means.append(np.sqrt(mean))
        return np.array(means), np.sqrt(np.cumsum(gradients**2, axis=0))

    return average


for old in (0.9, 0.99, 0.999, 0.5):
    sigmas.misconception(
        "a fading average for the mean",
        "The mean form forgets old gradients little by little. Adagrad's mean gives all gradients "
        "so far the same weight.",
        read="A-rate-of-its-own",
    )(faded(old))


@sigmas.misconception(
    "the mean of the σ so far",
    "The mean form is the mean of the roots. The root of the mean is asked: the mean of the "
    "squares first, then one root.",
    read="A-rate-of-its-own",
)
def mean_of_roots(gradients):
    roots = np.sqrt(sums_and_counts(gradients)[0])
    return np.cumsum(roots, axis=0) / counts_of(gradients), roots


deviations = sigmas.misconception(
    "the standard deviation for the root mean square",
    "The mean form says how far the gradients are from their own mean. The root mean square says "
    "how far they are from 0: do not subtract a mean.",
    read="A-rate-of-its-own",
)


@deviations
def deviation(gradients):
    spread = [np.std(gradients[: t + 1], axis=0) for t in range(len(gradients))]
    return np.array(spread), np.sqrt(np.cumsum(gradients**2, axis=0))


@deviations
def deviation_in_both(gradients):
    spread, _ = deviation(gradients)
    return spread, spread * np.sqrt(counts_of(gradients))


@sigmas.misconception(
    "the old σ added without its square",
    "σ is the root of the old σ plus g². The old sum of squares is added to g², not its root.",
    read="A-rate-of-its-own",
)
def root_of_roots(gradients):
    sigma, roots = 0, []
    for gradient in gradients:
        sigma = np.sqrt(sigma + gradient**2)
        roots.append(sigma)
    return np.array(roots) / np.sqrt(counts_of(gradients)), np.array(roots)


@sigmas.misconception(
    "t + 1 for its root in the sum form",
    "The sum form is t + 1 times the mean form. σ is a root, so it is √(t + 1) times that.",
    read="Two-rules-with-one-name",
)
def sum_from_mean(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums / counts), np.sqrt(sums / counts) * counts


def with_epsilon(eps, outside):
    def added(gradients):
        sums, counts = sums_and_counts(gradients)
        if outside:
            return np.sqrt(sums / counts) + eps, np.sqrt(sums) + eps
        return np.sqrt(sums / counts + eps), np.sqrt(sums + eps)

    return added


for eps, outside in product([1e-12, 1e-10, 1e-8, 1e-7, 1e-6], [True, False]):
    sigmas.misconception(
        "a small number added to σ",
        "Every σ is a little too large. No ε is asked here: the σ of gradients of 0 is exactly 0.",
        read="A-rate-of-its-own",
    )(with_epsilon(eps, outside))


@sigmas.misconception(
    "the two results exchanged",
    "The mean form comes first, then the sum form.",
    read="Two-rules-with-one-name",
)
def exchanged(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums), np.sqrt(sums / counts)


@sigmas.misconception(
    "the mean form twice",
    "Both results are the root of the mean. The second is the root of the sum, without a division.",
    read="Two-rules-with-one-name",
)
def mean_twice(gradients):
    sums, counts = sums_and_counts(gradients)
    return np.sqrt(sums / counts), np.sqrt(sums / counts)


@sigmas.misconception(
    "the sum form twice",
    "Both results are the root of the sum. For the first the sum of row t is divided by t + 1.",
    read="Two-rules-with-one-name",
)
def sum_twice(gradients):
    sums, _ = sums_and_counts(gradients)
    return np.sqrt(sums), np.sqrt(sums)


step = Task(
    "adagrad_step",
    # Where ε is as small as 1e-12 nothing but a tiny gradient shows where it is added.
    cases={
        "the first update": {
            "theta": np.array([1.0, -2.0, 5.0]),
            "grad": np.array([3.0, -4.0, 0.1]),
            "total": np.array([0.0, 0.0, 0.0]),
            "lr": 0.1,
            "eps": 1e-12,
        },
        "a later update": {
            "theta": np.array([1.0, 5.0]),
            "grad": np.array([3.0, -1.5]),
            "total": np.array([16.0, 8.0]),
            "lr": 0.5,
            "eps": 1e-12,
        },
        "one parameter": {
            "theta": np.array([0.5]),
            "grad": np.array([-2.0]),
            "total": np.array([5.0]),
            "lr": 0.7,
            "eps": 1e-12,
        },
        "a large ε": {
            "theta": np.array([1.0, 2.0]),
            "grad": np.array([3.0, 0.5]),
            "total": np.array([7.0, 0.0]),
            "lr": 0.2,
            "eps": 0.8,
        },
        "tiny gradients": {
            "theta": np.array([1.0, 1.0]),
            "grad": np.array([3e-9, -1e-9]),
            "total": np.array([1.6e-17, 8e-18]),
            "lr": 0.1,
            "eps": 1e-9,
        },
        "a parameter without gradient": {
            "theta": np.array([1.5, 2.0]),
            "grad": np.array([0.0, 1.0]),
            "total": np.array([0.0, 3.0]),
            "lr": 0.1,
            "eps": 1e-12,
        },
        "a large ε at the first update": {
            "theta": np.array([4.0, 3.0]),
            "grad": np.array([-0.6, 2.5]),
            "total": np.array([0.0, 0.0]),
            "lr": 0.3,
            "eps": 0.4,
        },
        "two runs at once": {
            "theta": np.array([[1.0, 2.0], [3.0, 4.0]]),
            "grad": np.array([[1.0, -2.0], [0.5, 3.0]]),
            "total": np.array([[3.0, 5.0], [0.0, 7.0]]),
            "lr": np.array([0.1, 0.4]),
            "eps": 1e-12,
        },
        "whole numbers": {
            "theta": np.array([3, -2]),
            "grad": np.array([4, -1]),
            "total": np.array([9, 3]),
            "lr": 0.25,
            "eps": 1e-12,
        },
    },
    about={
        "a large ε": "right as long as ε does not count",
        "a large ε at the first update": "right as long as ε does not count",
        "tiny gradients": "right as long as ε does not count",
        "a parameter without gradient": "wrong for a parameter whose gradients are 0",
        "two runs at once": "right for a single run, wrong for several at once",
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


newest_left_out_of_step = step.misconception(
    "the newest gradient left out of σ",
    "The step is divided by the root of the old sum. The square of the new gradient is added "
    "first: at the first update σ would be 0 without it.",
    read="A-rate-of-its-own",
)


@newest_left_out_of_step
def old_sum(theta, grad, total, lr, eps):
    return theta - lr * grad / (np.sqrt(total) + eps), total + grad**2


@newest_left_out_of_step
def old_sum_and_epsilon_inside(theta, grad, total, lr, eps):
    return theta - lr * grad / np.sqrt(total + eps), total + grad**2


@step.misconception(
    "the newest gradient not added at all",
    "The old sum makes the step and is handed on. The square of the new gradient has to be added "
    "to it first.",
    read="A-rate-of-its-own",
)
def nothing_added(theta, grad, total, lr, eps):
    return theta - lr * grad / (np.sqrt(total) + eps), total


past_forgotten = step.misconception(
    "the past forgotten",
    "The step is that of this gradient alone. `total` brings the squares of all earlier ones: add "
    "this square to it, and make σ from that.",
    read="A-rate-of-its-own",
)


@past_forgotten
def newest_only(theta, grad, total, lr, eps):
    return theta - lr * grad / (np.abs(grad) + eps), grad**2


@past_forgotten
def newest_only_in_sigma(theta, grad, total, lr, eps):
    return theta - lr * grad / (np.abs(grad) + eps), total + grad**2


@step.misconception(
    "the old sum handed on",
    "θ is right, but the second result does not contain the square of this gradient. The next "
    "update would not know of it.",
    read="Two-rules-with-one-name",
)
def nothing_handed_on(theta, grad, total, lr, eps):
    return theta - lr * grad / (np.sqrt(total + grad**2) + eps), total


@step.misconception(
    "the newest square handed on alone",
    "θ is right, but the second result is the square of this gradient. It has to be the sum of all "
    "squares so far.",
    read="Two-rules-with-one-name",
)
def square_handed_on(theta, grad, total, lr, eps):
    return theta - lr * grad / (np.sqrt(total + grad**2) + eps), grad**2


@step.misconception(
    "the square added twice",
    "The second result contains the square of this gradient twice. It is added once, and that sum "
    "makes σ and is handed on.",
    read="Two-rules-with-one-name",
)
def added_twice(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / (np.sqrt(total) + eps), total + grad**2


no_root_in_step = step.misconception(
    "the root left out",
    "The step is divided by σ², the sum of squares. σ is the root of it: otherwise a gradient ten "
    "times as large makes a step ten times as small.",
    read="Two-rules-with-one-name",
)


@no_root_in_step
def without_root(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / (total + eps), total


@no_root_in_step
def divided_twice(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / (np.sqrt(total) + eps) ** 2, total


not_squared_in_step = step.misconception(
    "the gradient added without its square",
    "The sum grows by g or |g|. It is a sum of squares: a g below 0 must make it larger too.",
    read="Two-rules-with-one-name",
)


@not_squared_in_step
def gradient_added(theta, grad, total, lr, eps):
    total = total + grad
    return theta - lr * grad / (np.sqrt(total) + eps), total


@not_squared_in_step
def gradient_added_and_made_positive(theta, grad, total, lr, eps):
    total = total + grad
    return theta - lr * grad / (np.sqrt(np.abs(total)) + eps), total


@not_squared_in_step
def size_added(theta, grad, total, lr, eps):
    total = total + np.abs(grad)
    return theta - lr * grad / (np.sqrt(total) + eps), total


@not_squared_in_step
def size_added_without_root(theta, grad, total, lr, eps):
    total = total + np.abs(grad)
    return theta - lr * grad / (total + eps), total


@step.misconception(
    "two roots added for the root of the sum",
    "σ is the root of the old sum plus |g|. The squares are added first, then one root is taken.",
    read="Two-rules-with-one-name",
)
def roots_added(theta, grad, total, lr, eps):
    return theta - lr * grad / (np.sqrt(total) + np.abs(grad) + eps), total + grad**2


square_and_root = step.misconception(
    "a square added to a root",
    "σ is the root of the old sum plus g². The squares are added first, then one root is taken.",
    read="Two-rules-with-one-name",
)


@square_and_root
def square_added_to_root(theta, grad, total, lr, eps):
    return theta - lr * grad / (np.sqrt(total) + grad**2 + eps), total + grad**2


@square_and_root
def square_added_to_root_and_handed_on(theta, grad, total, lr, eps):
    sigma = np.sqrt(total) + grad**2
    return theta - lr * grad / (sigma + eps), sigma


as_sigma = step.misconception(
    "`total` squared",
    "`total` is treated as if it were σ. It is a sum of squares already: g is squared, `total` "
    "is not.",
    read="Two-rules-with-one-name",
)


@as_sigma
def total_squared(theta, grad, total, lr, eps):
    total = total**2 + grad**2
    return theta - lr * grad / (np.sqrt(total) + eps), total


@as_sigma
def total_squared_and_root_handed_on(theta, grad, total, lr, eps):
    sigma = np.hypot(total, grad)
    return theta - lr * grad / (sigma + eps), sigma


root_in_place_of_sum = step.misconception(
    "σ handed on for the sum",
    "The second result is the root. The next update adds a square to it, so it must be the sum of "
    "squares itself.",
    read="Two-rules-with-one-name",
)


@root_in_place_of_sum
def root_handed_on(theta, grad, total, lr, eps):
    sigma = np.sqrt(total + grad**2)
    return theta - lr * grad / (sigma + eps), sigma


@root_in_place_of_sum
def root_and_epsilon_handed_on(theta, grad, total, lr, eps):
    sigma = np.sqrt(total + grad**2) + eps
    return theta - lr * grad / sigma, sigma


@step.misconception(
    "ε inside the root",
    "σ is the root of sum + ε, as in some libraries. Here ε is added to the root, outside it.",
    read="Two-rules-with-one-name",
)
def inside(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / np.sqrt(total + eps), total


@step.misconception(
    "ε² inside the root",
    "σ is the root of sum + ε². It has the right unit, but is smaller than root + ε. Here ε is "
    "added to the root, outside it.",
    read="Two-rules-with-one-name",
)
def squared_epsilon(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / np.sqrt(total + eps**2), total


in_the_sum = step.misconception(
    "ε in the new sum",
    "The second result is too large by ε. ε belongs to σ alone: the sum holds squares and nothing "
    "else.",
    read="Two-rules-with-one-name",
)


@in_the_sum
def epsilon_in_the_sum(theta, grad, total, lr, eps):
    total = total + grad**2 + eps
    return theta - lr * grad / (np.sqrt(total) + eps), total


@in_the_sum
def epsilon_in_the_sum_alone(theta, grad, total, lr, eps):
    total = total + grad**2 + eps
    return theta - lr * grad / np.sqrt(total), total


@in_the_sum
def epsilon_handed_on(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / (np.sqrt(total) + eps), total + eps


added_to_theta = step.misconception(
    "ε added to the step or to θ",
    "A division comes before an addition: ε moves θ and is not added to σ. Root and ε need "
    "parentheses around them.",
    read="Two-rules-with-one-name",
)


@added_to_theta
def drifting(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / np.sqrt(total) + eps, total


@added_to_theta
def drifting_down(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - (lr * grad / np.sqrt(total) + eps), total


@added_to_theta
def drifting_with_the_rate(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * (grad / np.sqrt(total) + eps), total


@step.misconception(
    "ε left out",
    "Nothing is added to the root, so a parameter whose gradients are all 0 is divided 0 by 0 and "
    "becomes nan.",
    read="Two-rules-with-one-name",
)
def without_epsilon(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / np.sqrt(total), total


@step.misconception(
    "ε left out, or added only where the root is 0",
    "A parameter without gradient stays, but otherwise nothing is added to the root. ε is added to "
    "every root.",
    read="Two-rules-with-one-name",
)
def epsilon_at_zero(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / np.where(total > 0, np.sqrt(total), eps), total


@step.misconception(
    "the larger of root and ε",
    "The step is divided by the larger one of root and ε. It is divided by their sum.",
    read="Two-rules-with-one-name",
)
def larger_one(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / np.maximum(np.sqrt(total), eps), total


@step.misconception(
    "uphill",
    "The step is added. The gradient points uphill, and the step goes against it.",
    read="A-rate-of-its-own",
)
def uphill(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta + lr * grad / (np.sqrt(total) + eps), total


@step.misconception(
    "the rate left out",
    "The step is g / σ. It is η g / σ: the rate multiplies it.",
    read="A-rate-of-its-own",
)
def without_rate(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - grad / (np.sqrt(total) + eps), total


@step.misconception(
    "the root of the rate",
    "The step contains √η. The root is taken of the sum alone, and η multiplies g / σ as it is.",
    read="A-rate-of-its-own",
)
def root_of_rate(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - np.sqrt(lr) * grad / (np.sqrt(total) + eps), total


@step.misconception(
    "the rate applied twice",
    "The step contains η². It is η g / σ.",
    read="A-rate-of-its-own",
)
def rate_twice(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr**2 * grad / (np.sqrt(total) + eps), total


@step.misconception(
    "plain gradient descent",
    "The step is η g, without a division by σ.",
    read="A-rate-of-its-own",
)
def descent_step(theta, grad, total, lr, eps):
    return theta - lr * grad, total + grad**2


direction_alone = step.misconception(
    "the direction of the gradient alone",
    "The step has no g above the σ but only its sign, or nothing. It is η g / σ: a small gradient "
    "makes a short step.",
    read="A-rate-of-its-own",
)


@direction_alone
def sign_for_gradient(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * np.sign(grad) / (np.sqrt(total) + eps), total


@direction_alone
def nothing_for_gradient(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr / (np.sqrt(total) + eps), total


squared_above = step.misconception(
    "the gradient squared or without sign above σ",
    "The step contains g² or |g|. Only the sum holds squares; the step is η g / σ, with the sign "
    "of g.",
    read="A-rate-of-its-own",
)


@squared_above
def square_above(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad**2 / (np.sqrt(total) + eps), total


@squared_above
def signed_square_above(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad * np.abs(grad) / (np.sqrt(total) + eps), total


@squared_above
def size_above(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * np.abs(grad) / (np.sqrt(total) + eps), total


@step.misconception(
    "the rate in the sum",
    "The sum grows by (η g)². It is the sum of the squares of the gradients, without the rate.",
    read="A-rate-of-its-own",
)
def rate_in_the_sum(theta, grad, total, lr, eps):
    total = total + (lr * grad) ** 2
    return theta - lr * grad / (np.sqrt(total) + eps), total


@step.misconception(
    "θ divided as well",
    "θ itself is divided by root + ε. Only the step is: θ − η g / (root + ε).",
    read="A-rate-of-its-own",
)
def theta_divided(theta, grad, total, lr, eps):
    total = total + grad**2
    return (theta - lr * grad) / (np.sqrt(total) + eps), total


@step.misconception(
    "the sum divided by the number of parameters",
    "σ is a mean over the parameters' number. The sum form divides by no number at all.",
    read="Two-rules-with-one-name",
)
def divided_by_parameters(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / (np.sqrt(total / len(theta)) + eps), total


def with_fixed(fixed):
    def stepped(theta, grad, total, lr, eps):
        total = total + grad**2
        return theta - lr * grad / (np.sqrt(total) + fixed), total

    return stepped


for fixed in (1e-10, 1e-8, 1e-7, 1e-6):
    step.misconception(
        "another ε than the one given",
        "A fixed small number is added to the root. `eps` says which one is wanted.",
        read="Two-rules-with-one-name",
    )(with_fixed(fixed))


def fading(old, new):
    def average(theta, grad, total, lr, eps):
        total = old * total + new * grad**2
        return theta - lr * grad / (np.sqrt(total) + eps), total

    return average


for old, new in [(0.9, 0.1), (0.99, 0.01), (0.999, 0.001), (0.5, 0.5), (0.1, 0.9), (0.9, 1)]:
    step.misconception(
        "an average for the sum",
        "The new sum is an average of the old one and the new square. Adagrad's sum form adds the "
        "square and forgets nothing.",
        read="Two-rules-with-one-name",
    )(fading(old, new))


one_for_all = step.misconception(
    "one σ for all parameters",
    "The squares of all parameters go into one sum. Then a steep direction slows all others down: "
    "each parameter (and each run) has a sum of its own.",
    read="A-rate-of-its-own",
)


@one_for_all
def shared_sum(theta, grad, total, lr, eps):
    total = total + np.sum(grad**2, axis=0)
    return theta - lr * grad / (np.sqrt(total) + eps), total


@one_for_all
def shared_by_all(theta, grad, total, lr, eps):
    total = total + np.sum(grad**2)
    return theta - lr * grad / (np.sqrt(total) + eps), total


@one_for_all
def shared_mean_of_squares(theta, grad, total, lr, eps):
    total = total + np.mean(grad**2)
    return theta - lr * grad / (np.sqrt(total) + eps), total


@one_for_all
def shared_sigma(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / (np.sqrt(np.sum(total, axis=0)) + eps), total


@one_for_all
def largest_sigma(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / (np.sqrt(np.max(total)) + eps), total


@one_for_all
def sigma_shared_by_all(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / (np.sqrt(np.sum(total)) + eps), total


for_theta = step.misconception(
    "the step for the new θ",
    "The first result is the step η g / σ, or its opposite. The new θ is asked: the old one minus "
    "the step.",
    read="A-rate-of-its-own",
)


@for_theta
def step_alone(theta, grad, total, lr, eps):
    total = total + grad**2
    return lr * grad / (np.sqrt(total) + eps), total


@for_theta
def opposite_step_alone(theta, grad, total, lr, eps):
    total = total + grad**2
    return -lr * grad / (np.sqrt(total) + eps), total


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
        "rates of the mean form": {"rates": np.array([0.9, 0.7, 0.2, 0.4]), "form": "mean"},
        "rates of the sum form": {"rates": np.array([0.1, 0.5, 1.5, 0.7, 0.3]), "form": "sum"},
        "a constant rate of the mean form": {"rates": np.full(4, 0.1), "form": "mean"},
        "a constant rate of the sum form": {"rates": np.full(4, 0.1), "form": "sum"},
        "one update of the mean form": {"rates": np.array([0.3]), "form": "mean"},
        "one update of the sum form": {"rates": np.array([0.6]), "form": "sum"},
        "two runs of the mean form": {"rates": np.array([[0.3, 0.2], [0.4, 0.7]]), "form": "mean"},
        "three runs of the sum form": {
            "rates": np.array([[0.1, 0.2, 0.3], [0.6, 0.4, 0.9], [0.5, 0.8, 2.7]]),
            "form": "sum",
        },
        "whole numbers": {"rates": np.array([4, 5, 7]), "form": "mean"},
    },
    about={
        "one update of the mean form": "wrong for a single update",
        "one update of the sum form": "wrong for a single update",
        "two runs of the mean form": "right for a single run, wrong for several at once",
        "three runs of the sum form": "right for a single run, wrong for several at once",
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
    "The rates of the mean form are divided, those of the sum form multiplied. It is the other way "
    "round: σ of the sum form is the larger one, so it needs the larger rate for the same step.",
    read="Two-rules-with-one-name",
)


@exchanged_directions
def backwards(rates, form):
    return translated(rates, form, counts_of(rates) ** -0.5)


@exchanged_directions
def backwards_along_the_runs(rates, form):
    return along_the_runs(rates, "sum" if form == "mean" else "mean")


wrong_axis = translate.misconception(
    "the factor along the runs",
    "For a single run all is right. With many runs the updates are the first axis, but the factors "
    "go along the last one: each run gets one factor for all its updates.",
    read="Two-rules-with-one-name",
)


@wrong_axis
def along_the_runs(rates, form):
    factor = np.sqrt(np.arange(1, len(rates) + 1))
    return rates * factor if form == "mean" else rates / factor


@wrong_axis
def through_all_runs(rates, form):
    factor = np.sqrt(np.arange(1, rates.size + 1)).reshape(rates.shape)
    return rates * factor if form == "mean" else rates / factor


no_root = translate.misconception(
    "t + 1 for its root",
    "The factor is t + 1. σ is a root, so the two forms differ by √(t + 1).",
    read="Two-rules-with-one-name",
)


@no_root
def without_the_root(rates, form):
    return translated(rates, form, counts_of(rates))


@no_root
def without_the_root_along_the_runs(rates, form):
    factor = np.arange(1, len(rates) + 1)
    return rates * factor if form == "mean" else rates / factor


@translate.misconception(
    "the square of t + 1 for its root",
    "The factor is (t + 1)². σ is a root, so the two forms differ by √(t + 1).",
    read="Two-rules-with-one-name",
)
def square_for_root(rates, form):
    return translated(rates, form, counts_of(rates) ** 2)


@translate.misconception(
    "the root of the rates as well",
    "The result is the root of η (t + 1) or η / (t + 1). The root belongs to t + 1 alone.",
    read="Two-rules-with-one-name",
)
def root_of_rates(rates, form):
    return np.sqrt(translated(rates, form, counts_of(rates)))


@translate.misconception(
    "√t + 1 for √(t + 1)",
    "1 is added to the root of t. It belongs under the root: update t has t + 1 gradients.",
    read="Two-rules-with-one-name",
)
def one_outside(rates, form):
    return translated(rates, form, np.sqrt(counts_of(rates) - 1) + 1)


@translate.misconception(
    "the factors of all updates so far multiplied",
    "The factor of update t is the product of √1 to √(t + 1). It is √(t + 1) alone: each rate is "
    "translated on its own.",
    read="Two-rules-with-one-name",
)
def multiplied_up(rates, form):
    return translated(rates, form, np.cumprod(np.sqrt(counts_of(rates))))


counted_from_zero = translate.misconception(
    "t for t + 1",
    "The factor is the root of t. Update 0 has one gradient already, so update t has t + 1.",
    read="Two-rules-with-one-name",
)


@counted_from_zero
def from_zero(rates, form):
    return translated(rates, form, np.sqrt(counts_of(rates) - 1))


@counted_from_zero
def from_zero_or_1(rates, form):
    return translated(rates, form, np.sqrt(np.maximum(counts_of(rates) - 1, 1)))


@translate.misconception(
    "t + 2 for t + 1",
    "The factor is the root of t + 2. Update t has the gradients 0 to t, which are t + 1.",
    read="Two-rules-with-one-name",
)
def from_two(rates, form):
    return translated(rates, form, np.sqrt(counts_of(rates) + 1))


one_factor = translate.misconception(
    "one factor for all updates",
    "T or its root is the factor of every update. The number of gradients grows: update t has t + "
    "1.",
    read="Two-rules-with-one-name",
)


@one_factor
def last_factor(rates, form):
    return translated(rates, form, np.full(len(rates), np.sqrt(len(rates))))


@one_factor
def last_factor_without_root(rates, form):
    return translated(rates, form, np.full(len(rates), len(rates)))


@translate.misconception(
    "the updates counted from the end",
    "Update t has the root of T − t as its factor. It has t + 1 gradients: the first update one, "
    "the last one T.",
    read="Two-rules-with-one-name",
)
def from_the_end(rates, form):
    return translated(rates, form, np.sqrt(counts_of(rates)[::-1]))


@translate.misconception(
    "divided for both forms",
    "The rates of both forms are divided by √(t + 1). That is right from the sum form to the mean "
    "form; the way back needs the opposite.",
    read="Two-rules-with-one-name",
)
def always_divided(rates, form):
    return translated(rates, "sum", np.sqrt(counts_of(rates)))


@translate.misconception(
    "multiplied for both forms",
    "The rates of both forms are multiplied by √(t + 1). That is right from the mean form to the "
    "sum form; the way back needs the opposite.",
    read="Two-rules-with-one-name",
)
def always_multiplied(rates, form):
    return translated(rates, "mean", np.sqrt(counts_of(rates)))


@translate.misconception(
    "the rates of the sum form left as they were",
    "The rates of the mean form are right, those of the sum form come back unchanged. The mean "
    "form needs other rates for the same steps.",
    read="Two-rules-with-one-name",
)
def mean_alone(rates, form):
    return translated(rates, form, np.sqrt(counts_of(rates))) if form == "mean" else rates


@translate.misconception(
    "the rates of the mean form left as they were",
    "The rates of the sum form are right, those of the mean form come back unchanged. The sum "
    "form needs other rates for the same steps.",
    read="Two-rules-with-one-name",
)
def sum_alone(rates, form):
    return translated(rates, form, np.sqrt(counts_of(rates))) if form == "sum" else rates


@translate.misconception(
    "nothing translated",
    "The rates come back unchanged. From update 1 on the two forms divide by another σ, so they "
    "need other rates for the same steps.",
    read="Two-rules-with-one-name",
)
def unchanged(rates, form):
    return rates


first_for_all = translate.misconception(
    "one of the rates for all",
    "All results come from rates[0] or from the mean of the rates. The rates may rise and fall: "
    "translate rate t at update t.",
    read="Two-rules-with-one-name",
)


@first_for_all
def first_rate(rates, form):
    return translated(0 * rates + rates[0], form, np.sqrt(counts_of(rates)))


@first_for_all
def mean_rate(rates, form):
    return translated(0 * rates + np.mean(rates, axis=0), form, np.sqrt(counts_of(rates)))


@translate.misconception(
    "the factors alone",
    "The results are √(t + 1) or 1/√(t + 1), whatever the rates are. Each rate is multiplied by "
    "its factor.",
    read="Two-rules-with-one-name",
)
def factors_alone(rates, form):
    return translated(0 * rates + 1, form, np.sqrt(counts_of(rates)))


def right_factor(rates):
    return np.sqrt(counts_of(rates))


def in_one_direction(wrong_form, factor):
    """Right for one form; the rates of the other are translated with a wrong factor."""

    def partly(rates, form):
        return translated(rates, form, (factor if form == wrong_form else right_factor)(rates))

    return partly


WRONG_FACTORS = {
    "t + 1 for its root": counts_of,
    "t for t + 1": lambda rates: np.sqrt(counts_of(rates) - 1),
    "t + 2 for t + 1": lambda rates: np.sqrt(counts_of(rates) + 1),
    "one factor for all updates": lambda rates: np.full(len(rates), np.sqrt(len(rates))),
}
for (name, factor), form in product(WRONG_FACTORS.items(), ("mean", "sum")):
    translate.misconception(
        f"{name}, for the rates of the {form} form",
        "The rates of the other form are right. In both directions the factor of update t is √(t + "
        "1), the root of the number of its gradients.",
        read="Two-rules-with-one-name",
    )(in_one_direction(form, factor))


def in_the_other_direction(factor):
    return lambda rates, form: translated(rates, form, 1 / factor(rates))


for name, factor in WRONG_FACTORS.items():
    translate.misconception(
        f"{name}, and the two directions exchanged",
        "The factor of update t is √(t + 1), the root of the number of its gradients. The sum form "
        "has the larger σ and needs the larger rate for the same step.",
        read="Two-rules-with-one-name",
    )(in_the_other_direction(factor))


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
        "a long calm": {"total": 5e4, "seen": 10, "lr": 0.001, "curvature": 600.0},
        "one gradient": {"total": 9.7, "seen": 1, "lr": 2.0, "curvature": 0.3},
        "above 2 at the next update": {"total": 8.7, "seen": 8, "lr": 0.5, "curvature": 4.0},
        "unstable already": {"total": 2.1, "seen": 40, "lr": 0.5, "curvature": 3.0},
        "exactly 2 at update 8": {"total": 9.0, "seen": 3, "lr": 0.5, "curvature": 4.0},
        "exactly 2 at the next update": {"total": 15.0, "seen": 14, "lr": 4.0, "curvature": 0.5},
        "three settings at once": {
            "total": np.array([20.2, 301.1, 4.4]),
            "seen": np.array([2, 3, 5]),
            "lr": np.array([0.2, 0.1, 0.3]),
            "curvature": np.array([5.0, 20.0, 4.0]),
        },
    },
    about={
        "above 2 at the next update": "wrong where the next update is above 2 at once",
        "unstable already": "wrong where the run is unstable already",
        "exactly 2 at update 8": "wrong where ηλ/σ is exactly 2 at one update",
        "exactly 2 at the next update": "wrong where ηλ/σ is exactly 2 at one update",
        "three settings at once": "right for numbers, wrong for arrays",
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

# The ways to make an update of 4 · total / (ηλ)²; the first is right. A wrong number in its place
# may be rounded in any of them.
ROUNDED = [
    np.floor,
    np.ceil,
    lambda above: np.floor(above) + 1,
    lambda above: np.ceil(above) - 1,
]


def at_two(total, seen, lr, curvature):
    """How many gradients there are when ηλ/σ is exactly 2."""
    return 4 * total / (lr * curvature) ** 2


def predicted(above, rounded, join=np.maximum):
    """An answer: `above`, rounded to an update, and joined with `seen`."""

    def first(total, seen, lr, curvature):
        return join(seen, rounded(above(total, seen, lr, curvature)))

    return first


begins.misconception(
    "one update late",
    "Every result that is not `seen` is one too large. Update 0 has one gradient: at update t "
    "there are t + 1, and it is t + 1 that must exceed 4 · total / (ηλ)².",
    read="When-it-bursts",
)(predicted(at_two, lambda above: np.floor(above) + 1))

begins.misconception(
    "rounded up",
    "4 · total / (ηλ)² is rounded up, so most results are one update late. It is t + 1, the number "
    "of gradients, that must exceed it, not t.",
    read="When-it-bursts",
)(predicted(at_two, np.ceil))

for rounded in (lambda above: np.ceil(above) + 1, lambda above: np.floor(above) + 2):
    begins.misconception(
        "two updates late",
        "Results that are not `seen` are too large by 2, or nearly so. At update t there are t + 1 "
        "gradients, and it is t + 1 that must exceed 4 · total / (ηλ)².",
        read="When-it-bursts",
    )(predicted(at_two, rounded))

begins.misconception(
    "2 itself taken for a crossing",
    "All is right except where ηλ/σ is exactly 2. There the offset neither grows nor shrinks: the "
    "ratio must exceed 2.",
    read="Why-it-bursts",
)(predicted(at_two, lambda above: np.ceil(above) - 1))

begins.misconception(
    "one update early",
    "Every result that is not `seen` is one too small. At update t there are t + 1 gradients, so "
    "1 is subtracted from the number of gradients once, not twice.",
    read="When-it-bursts",
)(predicted(at_two, lambda above: np.floor(above) - 1))

for rounded in (
    np.round,
    lambda above: np.floor(above + 0.5),
    lambda above: np.round(above) - 1,
    lambda above: np.round(above) + 1,
):
    begins.misconception(
        "rounded to the nearest whole number",
        "4 · total / (ηλ)² is rounded to the nearest whole number. The first t is asked for which "
        "t + 1 exceeds it, whatever the digits behind the point are.",
        read="When-it-bursts",
    )(predicted(at_two, rounded))

for shift in (0, -1, 1):
    begins.misconception(
        "not rounded",
        "The results have digits behind the point. Updates are whole numbers: the smallest whole t "
        "is asked for which t + 1 exceeds 4 · total / (ηλ)².",
        read="When-it-bursts",
    )(predicted(at_two, lambda above, shift=shift: above + shift))

begins.misconception(
    "`seen` + 1 for `seen`",
    "Where the run is unstable already, the results are one too large. The gradients made so far "
    "have the numbers 0 to seen − 1, so `seen` is the next update.",
    read="When-it-bursts",
)(predicted(at_two, np.floor, lambda seen, update: np.maximum(seen + 1, update)))

begins.misconception(
    "`seen` − 1 for `seen`",
    "Where the run is unstable already, the results are one too small. The gradients made so far "
    "have the numbers 0 to seen − 1, so `seen` is the next update.",
    read="When-it-bursts",
)(predicted(at_two, np.floor, lambda seen, update: np.maximum(seen - 1, update)))

for rounded, least in product(ROUNDED, (-np.inf, 0, 1)):
    begins.misconception(
        "a prediction for the past",
        "Where the run is unstable already, the result lies before `seen`. That update is past, "
        "and it had other gradients: the answer there is `seen`.",
        read="When-it-bursts",
    )(predicted(at_two, rounded, lambda _, update, least=least: np.maximum(least, update)))

for shift, rounded in product((0, -1), ROUNDED):
    begins.misconception(
        "`seen` counted twice",
        "`seen` is added to a number that is counted from the start of the run. The updates "
        "already done are in it.",
        read="When-it-bursts",
    )(predicted(at_two, rounded, lambda seen, update, shift=shift: seen + shift + update))


def still_to_come(least):
    """The difference of `seen` and the predicted update, at least `least` or else `seen`."""
    return lambda seen, update: np.maximum(seen if least is None else least, update - seen)


for least, rounded in product((0, -np.inf, None), ROUNDED):
    begins.misconception(
        "updates counted from now",
        "The results say how many updates are still to come. The number of the update is asked, "
        "counted from the start of the run.",
        read="When-it-bursts",
    )(predicted(at_two, rounded, still_to_come(least)))

begins.misconception(
    "the earlier one of two updates",
    "The result is the smaller one of `seen` and the predicted update. The answer may not lie "
    "before either of them: take the larger one.",
    read="When-it-bursts",
)(predicted(at_two, np.floor, np.minimum))


@begins.misconception(
    "`seen` in every case",
    "Every result is `seen`, the next update. There the ratio is above 2 only if the run is "
    "unstable already; else σ must fall first.",
    read="When-it-bursts",
)
def always_seen(total, seen, lr, curvature):
    return seen


def below_two(never):
    def first(total, seen, lr, curvature):
        stable = lr * curvature / np.sqrt(total / (seen + 1)) < 2
        return np.where(stable, seen, never)

    return first


for never in (10**4, 10**5, 10**6, 10**7, np.inf, np.nan, -1):
    begins.misconception(
        "the first update below 2",
        "Where the run is stable the results are `seen`, where it is unstable there is no update. "
        "The first update is asked at which ηλ/σ is above 2.",
        read="Why-it-bursts",
    )(below_two(never))


def never_falling(sigma_of):
    """An answer for a σ that stays: the next update or none."""

    def first(total, seen, lr, curvature):
        return np.where(lr * curvature > 2 * sigma_of(total, seen), seen, np.inf)

    return first


begins.misconception(
    "the sum form",
    "σ stays at the root of the sum, where calm gradients change nothing. In the mean form they "
    "count: σ falls while the sum stays.",
    read="Why-it-bursts",
)(never_falling(lambda total, seen: np.sqrt(total)))

for more in (0, 1):
    begins.misconception(
        "a σ that stays as it is",
        "σ stays at its present value. Every further gradient of 0 adds 1 to the number of "
        "gradients: the mean falls, and σ with it.",
        read="Why-it-bursts",
    )(never_falling(lambda total, seen, more=more: np.sqrt(total / (seen + more))))


begins.misconception(
    "one update for all settings",
    "For arrays the result is a single number. Every setting has an update of its own: use "
    "np.maximum, which compares number by number.",
    read="When-it-bursts",
)(predicted(at_two, np.floor, lambda seen, update: np.max([seen, update])))

WRONG_NUMBERS = [
    (
        "the rate of the fastest descent for the border",
        "The results say when ηλ/σ exceeds 1. There one update arrives at the floor; it becomes "
        "unstable above 2.",
        "Why-it-bursts",
        lambda total, seen, lr, curvature: total / (lr * curvature) ** 2,
    ),
    (
        "the 2 not squared",
        "The number of gradients is compared with 2 · total / (ηλ)². ηλ/σ > 2 becomes (ηλ)² > 4 σ² "
        "when it is squared.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 2 * total / (lr * curvature) ** 2,
    ),
    (
        "σ² for σ",
        "ηλ is compared with the mean of the squares. σ is the root of the mean, so ηλ is squared "
        "before it is compared with that.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 2 * total / (lr * curvature),
    ),
    (
        "ηλ not squared",
        "The number of gradients is compared with 4 · total / (ηλ). ηλ/σ > 2 becomes (ηλ)² > 4 σ² "
        "when it is squared.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 4 * total / (lr * curvature),
    ),
    (
        "η or λ not squared",
        "Only one of η and λ is squared. ηλ/σ > 2 becomes (ηλ)² > 4 σ², with the squares of both.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 4 * total / (lr * curvature**2),
    ),
    (
        "η or λ not squared",
        "Only one of η and λ is squared. ηλ/σ > 2 becomes (ηλ)² > 4 σ², with the squares of both.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 4 * total / (lr**2 * curvature),
    ),
    (
        "t + 1 outside the root",
        "The number of gradients is compared with 2 · √total / (ηλ). In σ = √(total / (t + 1)) it "
        "stands under the root, so it is compared with the square of that.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 2 * np.sqrt(total) / (lr * curvature),
    ),
    (
        "the 2 on the wrong side",
        "The 2 divides where it should multiply. ηλ/σ > 2 becomes (ηλ)² > 4 σ², so t + 1 exceeds "
        "4 · total / (ηλ)².",
        "When-it-bursts",
        lambda total, seen, lr, curvature: total / (2 * lr * curvature) ** 2,
    ),
    (
        "the 2 on the wrong side",
        "The 2 divides where it should multiply. ηλ/σ > 2 becomes (ηλ)² > 4 σ², so t + 1 exceeds "
        "4 · total / (ηλ)².",
        "When-it-bursts",
        lambda total, seen, lr, curvature: total / 2 / (lr * curvature) ** 2,
    ),
    (
        "parentheses around ηλ missing",
        "λ multiplies where it should divide. Python works from left to right: write / (lr * "
        "curvature) ** 2.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 4 * total / lr * curvature**2,
    ),
    (
        "parentheses around ηλ missing",
        "λ multiplies where it should divide. Python works from left to right: write / (lr * "
        "curvature) ** 2.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 4 * total / lr**2 * curvature,
    ),
    (
        "the sum treated as a mean",
        "The results are those of total / (seen + 1) in place of the sum. `total` is the sum of "
        "all squares; at update t it is divided by t + 1.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 4 * total / (seen + 1) / (lr * curvature) ** 2,
    ),
    (
        "the sum squared",
        "The number of gradients is compared with 4 · total² / (ηλ)². `total` is a sum of squares "
        "already.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 4 * total**2 / (lr * curvature) ** 2,
    ),
    (
        "the rate alone",
        "The results say when η/σ exceeds 2. The border is 2/λ on a parabola: ηλ/σ must exceed 2.",
        "Why-it-bursts",
        lambda total, seen, lr, curvature: 4 * total / lr**2,
    ),
    (
        "η divided by λ",
        "The results say when η/(λσ) exceeds 2. The steeper the parabola, the sooner it is "
        "unstable: ηλ/σ must exceed 2.",
        "Why-it-bursts",
        lambda total, seen, lr, curvature: 4 * total * curvature**2 / lr**2,
    ),
    (
        "the sum treated as a mean",
        "The results are those of total · seen or total / seen in place of the sum. `total` is the "
        "sum of all squares; at update t it is divided by t + 1.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 4 * total * seen / (lr * curvature) ** 2,
    ),
    (
        "the sum treated as a mean",
        "The results are those of total · seen or total / seen in place of the sum. `total` is the "
        "sum of all squares; at update t it is divided by t + 1.",
        "When-it-bursts",
        lambda total, seen, lr, curvature: 4 * total / seen / (lr * curvature) ** 2,
    ),
]

for (name, explanation, read, above), rounded in product(WRONG_NUMBERS, ROUNDED):
    begins.misconception(name, explanation, read)(predicted(above, rounded))


units = Task(
    "in_new_units",
    cases={
        "metres to millimetres": {"lr": 0.1, "eps": 0.5, "scale": 1000.0},
        "three times as large": {"lr": 0.3, "eps": 0.7, "scale": 3.0},
        "a tenth": {"lr": 0.05, "eps": 0.02, "scale": 0.1},
        "the same units": {"lr": 0.2, "eps": 0.4, "scale": 1.0},
        "a usual ε": {"lr": 0.01, "eps": 1e-8, "scale": 4.0},
        "a scale for each parameter": {"lr": 0.5, "eps": 0.3, "scale": np.array([0.5, 1.0, 4.0])},
        "whole numbers": {"lr": 0.4, "eps": 0.6, "scale": np.array([5, 3])},
    },
    about={
        "a tenth": "wrong for a scale below 1",
        "the same units": "wrong where the units stay the same",
        "a scale for each parameter": "right for one scale, wrong for a scale for each parameter",
        "whole numbers": "wrong for scales that are whole numbers",
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


def times(setting, scale, power):
    return setting * np.power(scale, float(power))


def times_or_as_it_was(setting, scale, power):
    """The same, but a setting that stays is one number for many scales too."""
    return times(setting, scale, power) if power else setting


def powers(descent, adagrad, epsilon, times=times_or_as_it_was):
    """An answer: by which power of the scale each setting is multiplied."""

    def changed(lr, eps, scale):
        return times(lr, scale, descent), times(lr, scale, adagrad), times(eps, scale, epsilon)

    return changed


unchanged_settings = units.misconception(
    "nothing changed",
    "The old settings come back. With a scale above 1 the way is longer in the new numbers and "
    "the gradient smaller, so every setting must change.",
    read="A-rate-of-its-own",
)
for stayed in (times_or_as_it_was, times):
    unchanged_settings(powers(0, 0, 0, stayed))

units.misconception(
    "all three times the scale",
    "All three are treated like θ. Follow the gradient first: it is loss per unit of θ, and both "
    "g and ε become smaller when the numbers of θ become larger.",
    read="A-rate-of-its-own",
)(powers(1, 1, 1))

units.misconception(
    "all three divided by the scale",
    "All three become smaller when the numbers of θ become larger. The steps must become larger "
    "with θ; only g, σ and ε become smaller.",
    read="A-rate-of-its-own",
)(powers(-1, -1, -1))

units.misconception(
    "the way back to the old units",
    "The settings are translated from the new units to the old. The new parameter is scale times "
    "the old one, so its steps are scale times as large.",
    read="A-rate-of-its-own",
)(powers(-2, -1, 1))


def reordered(order):
    def changed(lr, eps, scale):
        right = lr * scale**2, lr * scale, eps / scale
        return tuple(right[place] for place in order)

    return changed


other_order = units.misconception(
    "the results in another order",
    "The results are right but stand in the wrong places: first the rate of gradient descent, then "
    "the rate of Adagrad, then ε.",
    read="A-rate-of-its-own",
)
for order in [(1, 0, 2), (0, 2, 1), (2, 1, 0), (1, 2, 0), (2, 0, 1)]:
    other_order(reordered(order))

# Each of the three settings can be wrong alone or with others: all combinations have a name.
RIGHT = "", ""
DIVIDED = "the steps must become larger with θ."
DESCENT = {
    2: RIGHT,
    0: (
        "gradient descent left as it was",
        "The rate of gradient descent must make up for the longer way and the smaller gradient.",
    ),
    1: (
        "the scale not squared for gradient descent",
        "The rate of gradient descent makes up for the longer way. The gradient is smaller in the "
        "new numbers as well, so it must make up for both.",
    ),
    3: (
        "the scale cubed for gradient descent",
        "The rate of gradient descent makes up for the longer way and for the smaller gradient. "
        "The loss stays what it was.",
    ),
    -1: ("gradient descent divided by the scale", f"For gradient descent {DIVIDED}"),
    -2: ("gradient descent divided by the scale squared", f"For gradient descent {DIVIDED}"),
}
ADAGRAD = {
    1: RIGHT,
    0: (
        "Adagrad's rate left as it was",
        "In g/σ the units cancel, but then η alone has the unit of θ: it must grow with θ.",
    ),
    2: (
        "Adagrad's rate treated like that of gradient descent",
        "In Adagrad σ becomes smaller together with the gradient, so the rate need not make up for "
        "that.",
    ),
    -1: ("Adagrad's rate divided by the scale", f"For Adagrad too {DIVIDED}"),
}
EPSILON = {
    -1: RIGHT,
    0: (
        "ε without a unit",
        "ε is added to σ, so it has the unit of the gradient and must change with it.",
    ),
    1: (
        "ε in the unit of θ",
        "ε is multiplied by the scale. It has the unit of the gradient, whose numbers become "
        "smaller when those of θ become larger.",
    ),
    -2: (
        "ε in the unit of σ²",
        "ε is divided by the square of the scale, which would be right for an ε inside the root. "
        "Here it is added outside.",
    ),
}

# The right answer, and those above.
NAMED = [(2, 1, -1), (0, 0, 0), (1, 1, 1), (-1, -1, -1), (-2, -1, 1), (1, 2, -1)]
for triple in product(DESCENT, ADAGRAD, EPSILON):
    if triple not in NAMED:
        found = [
            table[power] for table, power in zip((DESCENT, ADAGRAD, EPSILON), triple, strict=True)
        ]
        names, explanations = zip(*filter(any, found), strict=True)
        fault = units.misconception(
            "; ".join(names), " ".join(explanations), read="A-rate-of-its-own"
        )
        fault(powers(*triple))
        if len(names) == 1 and 0 in triple:
            fault(powers(*triple, times))


for triple in [(2, 1, 2), (2, 2, 2), (1, 1, 2), (1, 2, 2), (2, 0, 2)]:
    units.misconception(
        "ε times the scale squared" + "; a rate is wrong as well" * (triple != (2, 1, 2)),
        "ε has the unit of the gradient, whose numbers become smaller when those of θ become "
        "larger: it is divided by the scale, once.",
        read="Two-rules-with-one-name",
    )(powers(*triple))

roots = units.misconception(
    "the root of the scale",
    "The scale stands under a root. The steps and gradients change by the scale itself; no root is "
    "left of the one in σ, since σ is in the unit of the gradient.",
    read="A-rate-of-its-own",
)
for triple in [(0.5, 1, -1), (2, 0.5, -1), (2, 1, -0.5), (2, 0.5, -0.5), (1, 0.5, -1), (1, 0.5, 0)]:
    roots(powers(*triple))


def squared_rate(adagrad, epsilon):
    def changed(lr, eps, scale):
        _, *rest = powers(2, adagrad, epsilon)(lr, eps, scale)
        return (lr * scale) ** 2, *rest

    return changed


for adagrad, epsilon in product(ADAGRAD, EPSILON):
    units.misconception(
        "the rate squared with the scale",
        "The rate of gradient descent is (η · scale)². The step and the gradient each ask for one "
        "factor of the scale; η itself is there once.",
        read="Larger-gradient,-larger-or-smaller-step?",
    )(squared_rate(adagrad, epsilon))


def with_one_scale(combine, everywhere):
    def changed(lr, eps, scale):
        one = combine(np.atleast_1d(scale))
        return lr * (one if everywhere else scale) ** 2, lr * one, eps / one

    return changed


for combine, everywhere in product(
    [lambda scale: scale[0], np.mean, np.max, np.min, np.sum, np.prod, np.linalg.norm],
    [True, False],
):
    units.misconception(
        "one scale for all parameters",
        "With a scale for each parameter Adagrad's settings, or all three, are single numbers. "
        "Every parameter needs settings of its own.",
        read="A-rate-of-its-own",
    )(with_one_scale(combine, everywhere))


mend = Task(
    "mended_adagrad",
    # With the smallest ε nothing but a gradient of 0 shows where it is added.
    cases={
        "one parabola and a large ε": {
            "curvatures": np.array([2.0]),
            "start": np.array([1.0]),
            "lr": 0.2,
            "eps": 0.3,
            "updates": 5,
        },
        "two parabolas": {
            "curvatures": np.array([1.0, 100.0]),
            "start": np.array([1.0, -2.0]),
            "lr": 0.1,
            "eps": 1e-12,
            "updates": 4,
        },
        "a mirrored start": {
            "curvatures": np.array([1.5, 4.0]),
            "start": np.array([1.0, -1.0]),
            "lr": 0.3,
            "eps": 0.1,
            "updates": 3,
        },
        "gradients smaller than ε": {
            "curvatures": np.array([1e-3, 2e-3]),
            "start": np.array([1.0, -1.0]),
            "lr": 0.5,
            "eps": 0.01,
            "updates": 3,
        },
        "a start at the minimum": {
            "curvatures": np.array([3.0, 1.0]),
            "start": np.array([0.0, -1.0]),
            "lr": 0.1,
            "eps": 1e-12,
            "updates": 3,
        },
        "a flat direction": {
            "curvatures": np.array([0.0, 1.0, 2.0]),
            "start": np.array([5.0, 1.0, -1.0]),
            "lr": 0.3,
            "eps": 1e-12,
            "updates": 3,
        },
        "one update": {
            "curvatures": np.array([0.5, 3.0]),
            "start": np.array([-2.0, 0.7]),
            "lr": 0.4,
            "eps": 1e-12,
            "updates": 1,
        },
        "no update": {
            "curvatures": np.array([1.0, 2.0]),
            "start": np.array([1.0, 2.0]),
            "lr": 0.1,
            "eps": 0.2,
            "updates": 0,
        },
        "whole numbers": {
            "curvatures": np.array([2, 5]),
            "start": np.array([3, -1]),
            "lr": 0.25,
            "eps": 1e-12,
            "updates": 3,
        },
    },
    about={
        "one parabola and a large ε": "right as long as ε does not count",
        "a mirrored start": "right as long as ε does not count",
        "gradients smaller than ε": "right as long as ε does not count",
        "a start at the minimum": "wrong for a parameter without gradient",
        "a flat direction": "wrong for a parameter without gradient",
        "one update": "wrong for a single update",
        "no update": "wrong for no update at all",
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


def moved(update):
    """A path whose next θ is update(θ, gradient, sum of squares, t + 1, η, ε)."""

    def run(curvatures, start, lr, eps, updates):
        path, total = [start], np.zeros_like(start, float)
        for t in range(updates):
            grad = curvatures * path[t]
            total = total + grad**2
            path.append(update(path[t], grad, total, t + 1, lr, eps))
        return np.array(path)

    return run


def stepped(step):
    """A path whose steps are step(gradient, root of the mean square, η, ε)."""
    return moved(
        lambda theta, grad, total, count, lr, eps: (
            theta - step(grad, np.sqrt(total / count), lr, eps)
        )
    )


def divided(sigma):
    """A path whose σ is sigma(sum of squares, t + 1, ε)."""
    return moved(
        lambda theta, grad, total, count, lr, eps: theta - lr * grad / sigma(total, count, eps)
    )


def mean_form(curvatures, start, lr, eps, updates):
    return divided(lambda total, count, eps: np.sqrt(total / count) + eps)(
        curvatures, start, lr, eps, updates
    )


def mistake(name, explanation, *wrong):
    """Add wrong answers with one name. They all are about the place of ε or the two forms."""
    for function in wrong:
        mend.misconception(name, explanation, read="Two-rules-with-one-name")(function)


mistake(
    "the mistake is still there",
    "Every update still adds ε to θ. A division comes before an addition: parentheses decide what "
    "is divided by what.",
    stepped(lambda grad, root, lr, eps: lr * grad / root - eps),
)
mistake(
    "parentheses around the whole step",
    "Now every update subtracts ε from θ, where it added it before. ε belongs to what the gradient "
    "is divided by.",
    stepped(lambda grad, root, lr, eps: lr * grad / root + eps),
)
mistake(
    "ε added to the quotient",
    "ε is added to g divided by the root, and the rate multiplies both. ε must be added before "
    "the division.",
    stepped(lambda grad, root, lr, eps: lr * (grad / root + eps)),
    stepped(lambda grad, root, lr, eps: lr * (grad / root - eps)),
)
mistake(
    "ε added to the gradient",
    "ε stands above the root, beside the gradient. It belongs to what the gradient is divided by.",
    stepped(lambda grad, root, lr, eps: lr * (grad + eps) / root),
    stepped(lambda grad, root, lr, eps: (lr * grad + eps) / root),
)
mistake(
    "θ divided as well",
    "θ itself is divided by root + ε. Only the step is: θ − η g / (root + ε).",
    moved(
        lambda theta, grad, total, count, lr, eps: (
            (theta - lr * grad) / (np.sqrt(total / count) + eps)
        )
    ),
)
mistake(
    "ε left out",
    "Nothing drifts, but a parameter without gradient is still divided 0 by 0 and becomes nan.",
    stepped(lambda grad, root, lr, eps: lr * grad / root),
)
mistake(
    "ε left out, or added only where σ is 0",
    "A parameter without gradient stays, but otherwise nothing is added to the root. ε is added to "
    "every root: otherwise a tiny gradient makes as long a step as a large one.",
    stepped(lambda grad, root, lr, eps: lr * grad / np.where(root > 0, root, eps)),
)
mistake(
    "nan replaced by 0 as θ",
    "θ becomes 0 where 0 was divided by 0, or ε where the mistake is still there. A parameter "
    "without gradient stays where it is.",
    moved(
        lambda theta, grad, total, count, lr, eps: np.nan_to_num(
            theta - lr * grad / np.sqrt(total / count)
        )
    ),
    moved(
        lambda theta, grad, total, count, lr, eps: np.nan_to_num(
            theta - lr * grad / np.sqrt(total / count) + eps
        )
    ),
    moved(
        lambda theta, grad, total, count, lr, eps: (
            np.nan_to_num(theta - lr * grad / np.sqrt(total / count)) + eps
        )
    ),
)
mistake(
    "only the nan removed",
    "Nothing is nan any more, but the mistake that made it is still there: updates still add ε to "
    "θ, or subtract it.",
    stepped(lambda grad, root, lr, eps: np.nan_to_num(lr * grad / root) - eps),
    stepped(lambda grad, root, lr, eps: np.nan_to_num(lr * grad / root) + eps),
    stepped(lambda grad, root, lr, eps: np.where(root > 0, lr * grad / root - eps, 0)),
    stepped(lambda grad, root, lr, eps: np.where(root > 0, lr * grad / root + eps, 0)),
    moved(
        lambda theta, grad, total, count, lr, eps: np.where(
            theta == 0, 0, theta - np.nan_to_num(lr * grad / np.sqrt(total / count)) + eps
        )
    ),
)
mistake(
    "ε inside the root",
    "σ is the root of mean + ε. That mends the nan, but the docstring has ε outside the root: "
    "with small gradients it is another rule.",
    divided(lambda total, count, eps: np.sqrt(total / count + eps)),
)
mistake(
    "ε² inside the root",
    "σ is the root of mean + ε². It has the right unit and mends the nan, but it is smaller "
    "than root + ε. The docstring has ε outside.",
    divided(lambda total, count, eps: np.sqrt(total / count + eps**2)),
)
mistake(
    "ε in the sum of squares",
    "The sum starts at ε, or every update adds ε to it. The sum holds squares and nothing else; ε "
    "is added to the root of the mean.",
    divided(lambda total, count, eps: np.sqrt((total + eps) / count)),
    divided(lambda total, count, eps: np.sqrt((total + eps) / count) + eps),
    divided(lambda total, count, eps: np.sqrt((total + eps**2) / count)),
)
mistake(
    "ε added twice, inside the root and outside",
    "σ is the root of mean + ε, plus ε. It is the root of the mean, plus ε.",
    divided(lambda total, count, eps: np.sqrt(total / count + eps) + eps),
)
mistake(
    "ε added to t + 1",
    "ε stands beside t + 1, so a parameter without gradient is still divided 0 by 0. It is added "
    "to the root of the mean.",
    divided(lambda total, count, eps: np.sqrt(total / (count + eps))),
)
mistake(
    "ε divided by the root of t + 1",
    "ε is added to the root of the sum, and both are divided by √(t + 1). It is added to the root "
    "of the mean, after the division.",
    divided(lambda total, count, eps: (np.sqrt(total) + eps) / np.sqrt(count)),
)
mistake(
    "the larger of root and ε",
    "The gradient is divided by the larger one of root and ε. It is divided by their sum.",
    divided(lambda total, count, eps: np.maximum(np.sqrt(total / count), eps)),
)
mistake(
    "the larger of mean and ε",
    "σ is the root of the larger one of mean and ε. It is the root of the mean, plus ε.",
    divided(lambda total, count, eps: np.sqrt(np.maximum(total / count, eps))),
)
mistake(
    "the sum form for the mean form",
    "ε is where it belongs, but the division by t + 1 is gone. This function is the mean form.",
    divided(lambda total, count, eps: np.sqrt(total) + eps),
)
mistake(
    "t + 1 outside the root",
    "The root of the sum is divided by t + 1. In the mean form the sum is divided, and then the "
    "root is taken.",
    divided(lambda total, count, eps: np.sqrt(total) / count + eps),
    divided(lambda total, count, eps: (np.sqrt(total) + eps) / count),
)
mistake(
    "the root left out",
    "The gradient is divided by the mean of the squares. σ is the root of it, plus ε.",
    divided(lambda total, count, eps: total / count + eps),
)
mistake(
    "t for t + 1",
    "The sum is divided by t, the number of the update. After update t = 0 it holds one square, so "
    "it is divided by t + 1.",
    divided(lambda total, count, eps: np.sqrt(total / (count - 1)) + eps),
    divided(lambda total, count, eps: np.sqrt(total / max(count - 1, 1)) + eps),
)
mistake(
    "parentheses around t + 1 missing",
    "The sum is divided by t, and 1 is added to the quotient. A division comes before an addition: "
    "write total / (t + 1).",
    divided(lambda total, count, eps: np.sqrt(total / (count - 1) + 1) + eps),
)
mistake(
    "η divided by √(t + 1) as well",
    "The rate falls like 1/√(t + 1). In this function it is constant, and only σ changes.",
    divided(lambda total, count, eps: np.sqrt(count) * (np.sqrt(total / count) + eps)),
)
mistake(
    "η divided by t + 1 as well",
    "The rate falls like 1/(t + 1). In this function it is constant, and only σ changes.",
    divided(lambda total, count, eps: count * (np.sqrt(total / count) + eps)),
)
mistake(
    "another ε than the one given",
    "A fixed small number is added to the root. `eps` says which one is wanted.",
    *(
        divided(lambda total, count, eps, fixed=fixed: np.sqrt(total / count) + fixed)
        for fixed in (1e-12, 1e-10, 1e-8, 1e-7, 1e-6)
    ),
)
mistake(
    "t + 2 for t + 1",
    "The sum is divided by t + 2. At update t it holds t + 1 squares.",
    divided(lambda total, count, eps: np.sqrt(total / (count + 1)) + eps),
)
mistake(
    "uphill",
    "The step is added. The gradient points uphill, and the step goes against it.",
    stepped(lambda grad, root, lr, eps: -lr * grad / (root + eps)),
)
mistake(
    "the newest gradient alone",
    "σ is made of the gradient of this update alone. It is made of all gradients so far.",
    stepped(lambda grad, root, lr, eps: lr * grad / (np.abs(grad) + eps)),
    moved(
        lambda theta, grad, total, count, lr, eps: (
            theta - lr * grad / (np.abs(grad) / np.sqrt(count) + eps)
        )
    ),
)


def of_the_past(count_at):
    """A path whose σ is made of the sum before this update, divided by count_at(t)."""

    def run(curvatures, start, lr, eps, updates):
        path, total = [start], np.zeros_like(start, float)
        for t in range(updates):
            grad = curvatures * path[t]
            path.append(path[t] - lr * grad / (np.sqrt(total / count_at(t)) + eps))
            total = total + grad**2
        return np.array(path)

    return run


mistake(
    "the newest gradient left out of σ",
    "σ is made of the gradients before this update. The square of the new gradient is added first.",
    of_the_past(lambda t: t + 1),
    of_the_past(lambda t: max(t, 1)),
)
mistake(
    "one σ for all parameters",
    "The squares of all parameters are added together. Each parameter has a σ of its own.",
    divided(lambda total, count, eps: np.sqrt(np.sum(total) / count) + eps),
    divided(lambda total, count, eps: np.sqrt(np.mean(total) / count) + eps),
)


def averaged(new):
    """A path whose mean is new(old mean or sum, square of the gradient, t + 1)."""

    def run(curvatures, start, lr, eps, updates):
        path, mean = [start], np.zeros_like(start, float)
        for t in range(updates):
            grad = curvatures * path[t]
            mean = new(mean, grad**2, t + 1)
            path.append(path[t] - lr * grad / (np.sqrt(mean) + eps))
        return np.array(path)

    return run


mistake(
    "the mean handed on for the sum",
    "The sum is divided by t + 1 at every update, and the quotient is handed on. The sum stays a "
    "sum; only σ is made from its quotient.",
    averaged(lambda mean, square, count: (mean + square) / count),
)
mistake(
    "a fading average for the mean",
    "The mean forgets old gradients little by little. Adagrad's mean gives all gradients so far "
    "the same weight.",
    *(
        averaged(lambda mean, square, _, old=old: old * mean + (1 - old) * square)
        for old in (0.9, 0.99, 0.999, 0.5)
    ),
)


def on_slopes(slope):
    """The right rule with slope(curvatures, θ) for the gradient."""

    def run(curvatures, start, lr, eps, updates):
        path, total = [start], 0
        for t in range(updates):
            grad = slope(curvatures, path[t])
            total = total + grad**2
            path.append(path[t] - lr * grad / (np.sqrt(total / (t + 1)) + eps))
        return np.array(path)

    return run


mistake(
    "another gradient than λ θ",
    "The step is not made of the gradient. The gradient of L = ½ λ θ² is λ θ.",
    on_slopes(lambda curvatures, theta: 0.5 * curvatures * theta**2),
    on_slopes(lambda curvatures, theta: 0.5 * curvatures * theta),
    on_slopes(lambda curvatures, theta: curvatures + 0 * theta),
    on_slopes(lambda curvatures, theta: curvatures * theta**2),
)


@mend.misconception(
    "a mean that knows the future",
    "Every sum is divided by the number of all updates. At update t it holds t + 1 squares.",
    read="Two-rules-with-one-name",
)
def all_updates(curvatures, start, lr, eps, updates):
    return divided(lambda total, count, eps: np.sqrt(total / updates) + eps)(
        curvatures, start, lr, eps, updates
    )


@mend.misconception(
    "the gradient of the start at every update",
    "Every update uses the gradient at the start. Update t uses the gradient where θ is after t "
    "updates.",
    read="A-rate-of-its-own",
)
def always_the_first(curvatures, start, lr, eps, updates):
    grad = curvatures * start
    step = lr * grad / (np.abs(grad) + eps)
    return start - step * np.arange(updates + 1)[:, None]


@mend.misconception(
    "the start left out of the path",
    "The path begins after the first update. Row 0 is the start, row t is θ after t updates.",
    read="A-rate-of-its-own",
)
def without_start(curvatures, start, lr, eps, updates):
    return mean_form(curvatures, start, lr, eps, updates)[1:]


@mend.misconception(
    "the start left out of the path",
    "The path begins after the first update. Row 0 is the start, row t is θ after t updates.",
    read="A-rate-of-its-own",
)
def without_start_as_a_list(curvatures, start, lr, eps, updates):
    return np.array([*mean_form(curvatures, start, lr, eps, updates)[1:]])


@mend.misconception(
    "the last row left out of the path",
    "The path ends before the last update. It has updates + 1 rows: the start, and θ after each "
    "update.",
    read="A-rate-of-its-own",
)
def without_end(curvatures, start, lr, eps, updates):
    return mean_form(curvatures, start, lr, eps, updates)[: max(updates, 1)]


@mend.misconception(
    "the last θ for the path",
    "The result is θ after the last update. The whole path is asked, row by row.",
    read="A-rate-of-its-own",
)
def end_alone(curvatures, start, lr, eps, updates):
    return mean_form(curvatures, start, lr, eps, updates)[-1]


@mend.misconception(
    "a path that holds whole numbers only",
    "For a start of whole numbers the path loses everything behind the point. Make it an array of "
    "floats: np.zeros and np.empty do, np.zeros_like and `dtype=start.dtype` keep the kind.",
    read="A-rate-of-its-own",
)
def cut_off(curvatures, start, lr, eps, updates):
    path, total = np.zeros((updates + 1, *start.shape), start.dtype), 0
    path[0] = start
    for t in range(updates):
        grad = curvatures * path[t]
        total = total + grad**2
        path[t + 1] = path[t] - lr * grad / (np.sqrt(total / (t + 1)) + eps)
    return path
