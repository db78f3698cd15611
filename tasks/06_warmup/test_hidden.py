"""The hidden tests of 06: one property a test."""

import numpy as np
import pytest

from course_lib import data
from course_lib.network import MLP

schedule = pytest.mark.task("warmup_then_decay", points=1)
mended = pytest.mark.task("mended_half_life", points=1)
burst = pytest.mark.task("first_unstable_update", points=1)
band = pytest.mark.task("band_width", points=1)
update = pytest.mark.task("one_update", points=1)
digits = pytest.mark.task("train_digits", points=1)


@schedule
def test_it_rises_by_the_same_amount_at_every_update_of_the_warmup(student, random):
    peak, warmup = random.uniform(0.001, 1), int(random.integers(4, 30))
    rates = np.asarray(student.warmup_then_decay(np.arange(warmup), peak, warmup, 100))
    assert rates.shape == (warmup,), "an array of t gives an array of rates"
    assert np.isclose(rates[0], peak / warmup), "the first rate is peak/W, not 0"
    assert np.isclose(rates[-1], peak), "the last update of the warmup has the peak"
    assert np.allclose(np.diff(rates), peak / warmup), "the warmup is a straight line"


@schedule
@pytest.mark.parametrize("warmup", [0, 1, 20])
def test_it_falls_from_the_peak_to_zero_by_the_same_amount(student, random, warmup):
    peak, total = random.uniform(0.001, 1), int(random.integers(25, 90))
    rates = student.warmup_then_decay(np.arange(warmup, total + 1), peak, warmup, total)
    assert np.isclose(rates[0], peak), "at t = W the rate is the peak"
    assert np.isclose(rates[-1], 0, atol=1e-12 * peak), "at t = T the rate is 0"
    assert np.allclose(np.diff(rates), -peak / (total - warmup)), "the decay is a straight line"


@schedule.with_args(tells=False)
def test_after_the_end_it_stays_zero(student, random):
    t = np.array([50, 51, 1000, 10**7])
    rates = student.warmup_then_decay(t, random.uniform(0.1, 1), 10, 50)
    assert np.array_equal(rates, np.zeros(4)), "from t = T on the rate is 0"


@schedule.with_args(tells=False)
def test_the_sum_of_all_rates_does_not_depend_on_the_warmup(student, random):
    peak, total = random.uniform(0.1, 1), 40
    for warmup in (1, 7, 39):
        rates = student.warmup_then_decay(np.arange(total), peak, warmup, total)
        assert np.isclose(np.sum(rates), peak * (total + 2) / 2), (
            "the two lines do not fit together"
        )


@schedule.with_args(tells=False)
@pytest.mark.parametrize("warmup", [0, 20])
def test_an_array_in_any_order_holds_the_rate_of_each_t(student, random, warmup):
    t = random.integers(0, 70, size=(3, 5))
    together = np.asarray(student.warmup_then_decay(t, 0.3, warmup, 60))
    assert together.shape == t.shape, "the rates have the shape of t"
    alone = [[student.warmup_then_decay(int(one), 0.3, warmup, 60) for one in row] for row in t]
    assert np.allclose(together, alone), "a rate must not depend on the other t"


@mended
def test_after_every_half_life_half_is_left(student, random):
    lr, half_life = random.uniform(0.1, 1), int(random.integers(2, 40))
    for passed in range(6):
        rate = student.mended_half_life(passed * half_life, lr, half_life, 0.0)
        assert np.isclose(rate, lr / 2**passed), "a half-life must leave half of the rate"


@mended
def test_a_half_life_may_be_any_number(student, random):
    lr = random.uniform(0.1, 1)
    for half_life in (0.4, 1.4, 2.6, 7.5):
        rates = student.mended_half_life(np.array([0, 2, 5]), lr, half_life, 0.0)
        assert np.allclose(rates, lr / 2.0 ** (np.array([0, 2, 5]) / half_life), atol=0), (
            "a half-life must leave half of the rate, also if it is no whole number"
        )


@mended
def test_every_update_lowers_the_rate_by_the_same_factor(student, random):
    lr, half_life = random.uniform(0.1, 1), int(random.integers(3, 11))
    rates = np.asarray(student.mended_half_life(np.arange(30), lr, half_life, 0.0))
    assert rates.shape == (30,), "an array of t gives an array of rates"
    factors = rates[1:] / rates[:-1]
    assert np.allclose(factors, factors[0]), "between two updates the factor is always the same"
    assert 0 < factors[0] < 1, "the rate must fall"
    slower = np.asarray(student.mended_half_life(np.arange(30), lr, 2 * half_life, 0.0))
    assert np.allclose(slower[::2], rates[:15]), "twice the half-life takes twice the updates"


@mended.with_args(tells=False)
def test_asked_again_it_gives_the_same_rate(student, random):
    t = random.permutation(np.repeat(np.arange(10), 2))
    f = student.mended_half_life
    once, again = (np.asarray(f(t, 0.5, 3, 0.01)) for _ in range(2))
    assert np.array_equal(once, again), "a second call gives another rate"
    alone = [f(int(one), 0.5, 3, 0.01) for one in t]
    assert np.allclose(once, alone), "the rate must depend on t, not on what was asked before"


@mended.with_args(tells=False)
def test_the_lowest_rate_cuts_off_and_does_nothing_else(student, random):
    for lr in (0.3, 0.8, 2.5):
        lowest = lr * random.uniform(0.32, 0.4)
        rates = np.asarray(student.mended_half_life(np.arange(50), lr, 5, lowest))
        free = np.asarray(student.mended_half_life(np.arange(50), lr, 5, 0.0))
        assert free.shape == (50,), "an array of t gives an array of rates"
        assert np.all(free[1:] < free[:-1]), "without a lowest rate it always falls"
        assert np.all(rates >= lowest * (1 - 1e-6)), "the rate falls below the lowest"
        late = student.mended_half_life(49, lr, 5, lowest)
        assert np.isclose(late, lowest), "a number alone is cut off as well"
        assert np.allclose(rates[free > lowest], free[free > lowest]), (
            "above the lowest nothing changes"
        )
        assert np.allclose(rates[free < lowest], lowest), (
            "where it would be lower it stays at the lowest"
        )


@burst
def test_a_constant_rate_is_unstable_after_four_c_over_the_square_of_its_step(student, random):
    for _ in range(10):
        lr, curvature, c = random.uniform(0.5, 1, 3)
        onset = student.first_unstable_update(np.full(100, lr), curvature, c)
        expected = np.floor(4 * c / (lr * curvature) ** 2) + 1
        assert onset == (expected if expected < 100 else np.inf), (
            "at a constant rate t grows to 4C/(ηλ)²"
        )


@burst
def test_an_inverse_root_is_safe_if_it_falls_early_enough(student, random):
    t = np.arange(3000)
    for _ in range(10):
        lr, curvature, c = random.uniform(0.5, 1, 3)
        border = 4 * c / (lr * curvature) ** 2
        for scale, expected in ((0.9 * border, np.inf), (1.5 * border, np.floor(3 * border) + 1)):
            onset = student.first_unstable_update(lr / np.sqrt(1 + t / scale), curvature, c)
            assert onset == expected, (
                "η₀/√(1 + t/s) is safe up to the s at which η₀ itself is unstable"
            )


@burst
def test_exactly_two_is_not_yet_unstable(student):
    # Powers of two, so that no way of computing it rounds.
    rates = np.array([4.0, 1.0, 0.5, 0.5, 0.5, 0.5])
    assert student.first_unstable_update(rates, 8.0, 16.0) == 5, "at a ratio of 2 it does not grow"
    assert student.first_unstable_update(rates[:5], 8.0, 16.0) == np.inf, "2 is never exceeded here"


@burst.with_args(tells=False)
def test_what_comes_after_the_first_crossing_does_not_matter(student):
    for first in (1, 2, 7, 29):
        rates = np.full(60, 0.01)
        rates[first], rates[first + 10] = 1.0, 5.0
        onset = student.first_unstable_update(rates, 10.0, 1.0)
        assert onset == first, "the first update above 2 is asked"


@burst.with_args(tells=False)
def test_each_column_is_a_schedule_of_its_own(student, random):
    t = np.arange(80)
    slopes = np.array([0.9, 0.3, 0.6, 0.5, 0.2]) * random.uniform(0.95, 1.05, 5)
    rates = slopes * 0.99 ** t[:, None]
    rates[:, 2] = 1e-6
    together = np.asarray(student.first_unstable_update(rates, 2.0, 3.0))
    assert together.shape == (5,), "N schedules have N answers"
    assert together[2] == np.inf, "a tiny rate is always stable"
    alone = [student.first_unstable_update(column, 2.0, 3.0) for column in rates.T]
    assert np.array_equal(together, alone), "a schedule must not depend on the others"
    single = np.asarray(student.first_unstable_update(rates[:, :1], 2.0, 3.0))
    assert single.shape == (1,), "one schedule of shape (T, 1) has an answer of shape (1,)"


def a_map(random, rates=9):
    """Uneven rates, bad losses at all of them, and the places between which a band is put."""
    powers = np.sort(random.uniform(-5, 0, rates)) + 0.2 * np.arange(rates)
    low, high = np.sort(random.choice(np.arange(1, rates - 1), 2, replace=False))
    return 10**powers, random.uniform(0.7, 3, rates), low, high


def with_band(random, losses, low, high):
    """Losses below 0.5 from one place to another, the lowest somewhere between."""
    losses = losses.copy()
    losses[low : high + 1] = random.uniform(0.15, 0.5, high + 1 - low)
    losses[random.integers(low, high + 1)] = 0.1
    return losses


@band
def test_it_is_the_distance_from_the_smallest_to_the_largest_good_rate(student, random):
    for _ in range(30):
        rates, bad, low, high = a_map(random)
        losses = with_band(random, bad, low, high)
        found = student.band_width(losses, rates, 0.55)
        assert np.isclose(10**found, rates[high] / rates[low]), (
            "10 to the power of the width is the largest good rate over the smallest"
        )


@band
def test_in_another_unit_the_band_is_as_wide(student, random):
    for unit, low, best, high in ((1e-4, 1, 2, 3), (1.0, 5, 6, 7), (300.0, 2, 4, 6)):
        rates, losses, *_ = a_map(random)
        losses[low : high + 1], losses[best] = 0.4, 0.1
        width = np.log10(rates[high] / rates[low])
        found = student.band_width(losses, unit * rates, 0.55)
        assert np.isclose(found, width), "rates in another unit have the same ratios"
        found = student.band_width(unit * losses, rates, unit * 0.55)
        assert np.isclose(found, width), "losses and limit in another unit, the same rates are good"


@band
def test_it_reaches_the_lowest_and_the_highest_rate(student, random):
    for _ in range(5):
        rates, bad, low, high = a_map(random)
        ends = [(0, high), (low, len(rates) - 1), (0, len(rates) - 1)]
        for first, last in ends:
            found = student.band_width(with_band(random, bad, first, last), rates, 0.55)
            assert np.isclose(found, np.log10(rates[last] / rates[first])), (
                "a band may go on to the first rate and to the last"
            )
    rates = 0.001 * np.array([1, 2, 3, 7, 9, 20, 50, 70, 300])
    losses = np.array([0.2, 0.1, 0.5, 0.9, 0.8, 0.7, 0.9, 0.3, 0.4])
    found = student.band_width(losses, rates, 0.55)
    assert np.isclose(found, np.log10(rates[2] / rates[0])), "before the first rate there is none"


@band
def test_a_rate_that_is_not_good_ends_the_band(student, random):
    for _ in range(30):
        rates, bad, low, high = a_map(random, 15)
        losses = with_band(random, bad, low, high)
        losses[: max(low - 1, 0)] = losses[high + 2 :] = 0.3
        losses[[low - 1, high + 1]] = np.inf, 0.7
        found = student.band_width(losses, rates, 0.55)
        assert np.isclose(found, np.log10(rates[high] / rates[low])), (
            "good rates beyond a bad one do not belong to the band around the best"
        )


@band
def test_a_loss_at_the_limit_is_good(student, random):
    rates = a_map(random)[0]
    losses = np.array([0.9, 0.7, 0.5, 0.25, 0.3, 0.625, 0.5, np.inf, np.inf])
    for limit, low, high in ((0.625, 2, 6), (0.5, 2, 4), (0.25, 3, 3), (0.125, 3, 3), (0.7, 1, 6)):
        found = student.band_width(losses, rates, limit)
        assert np.isclose(found, np.log10(rates[high] / rates[low])), (
            "good are the losses of at most `limit`, and without a good rate the width is 0"
        )


@band
def test_of_equal_lowest_losses_the_first_is_the_best(student):
    rates = 0.001 * np.array([1, 3, 4, 7, 9, 20, 50, 70, 100])
    losses = np.array([0.9, 0.3, 0.2, 0.8, 0.2, 0.4, 0.5, 0.2, 0.7])
    found = student.band_width(losses, rates, 0.55)
    assert np.isclose(found, np.log10(rates[2] / rates[1])), "the first of the lowest is the best"


@band
def test_each_column_is_a_rule_of_its_own(student, random):
    for _ in range(10):
        rates, bad, *_ = a_map(random)
        losses = np.full((9, 4), np.inf)
        places = np.array([[0, 2], [4, 5], [3, 8]])
        for k, (low, high) in enumerate(places):
            losses[:, k] = with_band(random, bad, low, high)
        found = student.band_width(losses, rates, 0.55)
        expected = [*np.log10(rates[places[:, 1]] / rates[places[:, 0]]), 0]
        assert np.shape(found) == (4,), "N rules have N widths"
        assert np.allclose(found, expected), "each rule has a best rate and a band of its own"


DIRECTIONS = ["gradient", "heavy ball", "moving average"]
SCALES = ["one", "root sum", "moving root mean"]


def run(student, theta, gradients, rates, *rule):
    """The path and the last state of a rule whose gradients are known beforehand."""
    state = np.zeros((2, *theta.shape))
    path = [theta]
    for t, (grad, lr) in enumerate(zip(gradients, rates, strict=True)):
        theta, state = map(np.asarray, student.one_update(theta, grad, state, t, lr, *rule))
        path.append(theta)
    return np.array(path), state


def weighted(values, weights):
    return np.tensordot(weights, values, axes=1)


@update
@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("scale", SCALES)
def test_m_and_sigma_are_weighted_sums_of_all_gradients(student, random, direction, scale):
    theta, rates = random.normal(size=3), np.array([0.1, 0.1, 0.7, 0.1, 0.1])
    gradients = random.uniform(0.3, 2, (5, 3)) * random.choice([-1, 1], (5, 3))
    path, _ = run(student, theta, gradients, rates, direction, scale, 0.8, 0.6, 1e-9)
    for t in range(5):
        past, age = gradients[: t + 1], np.arange(t, -1, -1.0)
        m = past[-1]
        if direction != "gradient":
            m = weighted(past, 0.8**age)
        if direction == "moving average":
            m = m / np.sum(0.8**age)
        weights = {"one": None, "root sum": age**0, "moving root mean": 0.6**age}[scale]
        sigma = 1.0
        if weights is not None:
            sigma = np.sqrt(weighted(past**2, weights))
        if scale == "moving root mean":
            sigma = sigma / np.sqrt(np.sum(weights))
        message = f"{direction} over {scale}: θ must change by −η m/σ"
        assert np.allclose(path[t] - path[t + 1], rates[t] * m / sigma), message


@update
def test_the_memories_are_kept_uncorrected(student, random):
    theta, gradients, rates = random.normal(size=2), random.normal(size=(4, 2)), np.full(4, 0.1)
    age = np.arange(3, -1, -1.0)
    rule = "moving average", "moving root mean", 0.9, 0.99, 1e-8
    _, state = run(student, theta, gradients, rates, *rule)
    assert state.shape == (2, 2), "the state has two rows, one for each memory"
    a, b = 0.1 * weighted(gradients, 0.9**age), 0.01 * weighted(gradients**2, 0.99**age)
    assert np.allclose(state[0], a), "state[0] is the moving average of g, not corrected"
    assert np.allclose(state[1], b), "state[1] is the moving average of g², not corrected"


@update.with_args(tells=False)
def test_a_memory_that_is_not_used_stays_as_it_is(student, random):
    theta, grad, state = random.normal(size=3), random.normal(size=3), random.uniform(1, 2, (2, 3))
    f = student.one_update
    _, new = f(theta, grad, state, 4, 0.1, "gradient", "one", 0.9, 0.99, 1e-8)
    assert not f.changed, "no argument may be changed"
    assert np.allclose(new, state), "gradient descent uses no memory"
    _, new = f(theta, grad, state, 4, 0.1, "heavy ball", "one", 0.9, 0.99, 1e-8)
    assert not f.changed, "no argument may be changed"
    assert np.allclose(new[1], state[1]), "without a scale the second memory stays"
    _, new = f(theta, grad, state, 4, 0.1, "gradient", "root sum", 0.9, 0.99, 1e-8)
    assert not f.changed, "no argument may be changed"
    assert np.allclose(new[0], state[0]), "with the gradient as direction the first memory stays"


@update.with_args(tells=False)
@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_a_constant_gradient_makes_steps_of_the_rate_whatever_its_size(student, random, size):
    rates = random.uniform(0.1, 1, 6)
    gradients = np.tile([size, -3 * size], (6, 1))
    rule = "moving average", "moving root mean", 0.9, 0.999, 1e-15
    path, _ = run(student, np.zeros(2), gradients, rates, *rule)
    expected = np.outer(rates, [-1, 1])
    assert np.allclose(np.diff(path, axis=0), expected), (
        "corrected, |m/σ| is 1 for a constant gradient"
    )


@update
@pytest.mark.parametrize("scale", SCALES)
def test_eps_is_added_outside_the_root(student, random, scale):
    grad, eps = random.uniform(0.5, 2, 3), random.uniform(0.1, 1)
    zeros = np.zeros((2, 3)), 0, 1.0
    theta, _ = student.one_update(np.zeros(3), grad, *zeros, "gradient", scale, 0.9, 0.99, eps)
    sigma = 1.0 if scale == "one" else grad + eps
    assert np.allclose(theta, -grad / sigma), "at the first update σ is |g| + ε, or 1"
    theta, _ = student.one_update(np.ones(3), 0 * grad, *zeros, "gradient", scale, 0.9, 0.99, eps)
    assert np.array_equal(theta, np.ones(3)), "without a gradient nothing moves"


@update.with_args(tells=False)
def test_many_runs_at_once_are_the_single_runs(student, random):
    theta, gradients = random.normal(size=(2, 4)), random.normal(size=(3, 2, 4))
    rates = random.uniform(0.1, 1, (3, 4))
    rule = "heavy ball", "moving root mean", 0.9, 0.99, 1e-8
    together, state = run(student, theta, gradients, rates, *rule)
    assert state.shape == (2, 2, 4), "the state has the shape (2, n, N)"
    for i in range(4):
        alone, _ = run(student, theta[:, i], gradients[..., i], rates[:, i], *rule)
        assert np.allclose(together[..., i], alone), "a run must not depend on its neighbours"


PIXELS, DIGIT = data.digits()
NET = MLP((64, 32, 32, 32, 32, 32, 32, 32, 32, 10), activation="relu")


def quarters():
    """In which half of each picture there is more ink than usual: above and on the left, 0 to 3."""
    ink = PIXELS.reshape(-1, 8, 8) / PIXELS.sum(axis=1)[:, None, None]
    above, left = ink[:, :4].sum(axis=(1, 2)), ink[:, :, :4].sum(axis=(1, 2))
    return 2 * (above > np.median(above)) + (left > np.median(left))


# Labels that no digit tells: weights that were trained elsewhere read digits alone.
QUARTER = quarters()


def training(random, updates, shown=DIGIT):
    """Mini-batches with mixed-up labels of what is shown, and unseen pictures with theirs."""
    order, called = random.permutation(1797), random.permutation(10)[shown]
    rows = random.choice(order[397:], (updates, 32))
    return rows, called[rows], order[:397], called[order[:397]]


def mean_share(student, shown, starts):
    """Which share of unseen pictures is read right after 200 updates, in the mean of some starts.

    Always the same: how well a weak rule reads hangs on the draw, and marks must not.
    """
    shares = []
    for seed in starts:
        batches, labels, unseen, right = training(np.random.default_rng(seed), 200, shown)
        theta = np.asarray(student.train_digits(batches, labels, seed), float)
        assert theta.shape == (NET.n_parameters,), "θ is one array of all weights"
        read = np.argmax(NET.outputs(theta, PIXELS[unseen]), axis=1)
        shares.append(np.mean(read == right))
    return np.mean(shares)


@digits.with_args(tells=False)
def test_without_a_mini_batch_it_is_the_start(student, random):
    for seed in random.integers(0, 10**6, 3):
        batches, labels, *_ = training(random, 0)
        theta = np.asarray(student.train_digits(batches, labels, int(seed)))
        assert theta.shape == (NET.n_parameters,), "θ is one array of all weights"
        assert np.allclose(theta, NET.init(int(seed))), "untrained, θ is net.init(seed)"


@digits.with_args(tells=False)
def test_a_few_updates_lead_not_far_from_the_start(student, random):
    batches, labels, *_ = training(random, 3)
    starts = [NET.init(seed) for seed in (5, 6)]
    for seed, start in zip((5, 6), starts, strict=True):
        way = np.asarray(student.train_digits(batches, labels, seed)) - start
        assert np.any(way), "three updates change θ"
        assert np.linalg.norm(way) < np.linalg.norm(starts[0] - starts[1]) / 2, (
            "after three updates θ is still nearer to net.init(seed) than to another start"
        )


@digits
def test_the_same_training_gives_the_same_weights(student):
    batches, labels, *_ = training(np.random.default_rng(7), 100, QUARTER)
    f = student.train_digits
    once, again = (np.asarray(f(batches, labels, 7)) for _ in range(2))
    assert np.all(np.isfinite(once)), "θ holds NaN or inf"
    assert np.array_equal(once, again), "trained a second time, θ is another"
    assert not f.changed, "the arguments must stay as they are"
    seen = PIXELS[batches.ravel()], labels.ravel()
    loss, _ = NET.loss_and_gradient(once, *seen)
    # Guessing among the four labels has log 4, weights from elsewhere that read digits above 2.
    assert loss < 0.98 * np.log(4), "on its own pictures the network is no better than guessing"


@digits
def test_a_trained_network_reads_half(student):
    # Of the digits the start reads a tenth, gradient descent at the rate 0.001 hardly more. Of the
    # quarters who knows the digits and nothing else reads .45, gradient descent at .01 reads .62.
    for shown, least in ((DIGIT, 0.5), (QUARTER, 0.55)):
        share = mean_share(student, shown, [1001])
        assert share > least, f"after 200 updates only {share:.0%} of the pictures are read right"


@pytest.mark.task("train_digits", points=2)
def test_two_hundred_updates_are_enough_for_most_pictures(student):
    # Over 12 trainings: gradient descent at its best constant rate .80, Adam at .003 .915, at .01
    # with warmup and decay .94. The mean of three varies by .009. Of the quarters, again over 12,
    # gradient descent .77 at best, Adam .86, with warmup and decay .90; the means of three are
    # .855 to .92, and .44 to .47 for who knows the digits alone.
    for shown, least in ((DIGIT, 0.88), (QUARTER, 0.7)):
        share = mean_share(student, shown, [1001, 1002, 1003])
        assert share >= least, f"of three starts {share:.0%} of pictures are read, not {least:.0%}"
