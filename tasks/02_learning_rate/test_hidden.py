"""The hidden tests of 02: one property a test."""

from itertools import product

import numpy as np
import pytest

stable = pytest.mark.task("largest_stable_rate", points=1)
path = pytest.mark.task("descend_quadratic", points=1)
needed = pytest.mark.task("updates_needed", points=1)
best = pytest.mark.task("best_rate", points=1)
curve = pytest.mark.task("read_curve", points=1)
finder = pytest.mark.task("finder_reading", points=1)


def turned_valley(random, curvatures):
    """A Hessian with these curvatures, in directions of chance."""
    directions, _ = np.linalg.qr(random.normal(size=(len(curvatures), len(curvatures))))
    return directions @ np.diag(curvatures) @ directions.T


@stable.with_args(tells=False)
def test_in_one_dimension_it_is_two_over_the_curvature(student, random):
    curvature = random.uniform(0.1, 10)
    rate = student.largest_stable_rate(np.array([[curvature]]))
    assert np.isclose(rate, 2 / curvature), "in one dimension the bound is 2/λ"


@stable
def test_along_the_axes_the_steepest_decides_wherever_it_stands(student, random):
    for place in range(4):
        curvatures = random.uniform(0.1, 5, 4)
        curvatures[place] = steepest = 6.0 + place
        rate = student.largest_stable_rate(np.diag(curvatures))
        assert np.isclose(rate, 2 / steepest), "the bound is 2/λ of the steepest direction"


@stable
@pytest.mark.parametrize("n", [2, 5])
def test_it_does_not_depend_on_the_directions(student, random, n):
    for _ in range(20):
        curvatures = random.uniform(0.1, 10, n)
        rate = student.largest_stable_rate(turned_valley(random, curvatures))
        assert np.isclose(rate, 2 / curvatures.max()), "turning a valley must not change its rate"


@stable
@pytest.mark.parametrize("steeper", [1e-9, 1e9])
def test_a_steeper_valley_has_a_smaller_rate(student, random, steeper):
    for _ in range(20):
        curvatures = random.uniform(0.1, 10, 3)
        hessian = turned_valley(random, curvatures)
        rate, scaled = (student.largest_stable_rate(h) for h in (hessian, steeper * hessian))
        assert np.isclose(scaled * steeper, rate), "c times the curvature needs 1/c times the rate"
        assert np.isclose(rate, 2 / curvatures.max()), "the bound is 2/λ of the steepest direction"


@stable.with_args(tells=False)
def test_where_nothing_is_curved_every_rate_is_stable(student):
    for n in (1, 3):
        rate = student.largest_stable_rate(np.zeros((n, n)))
        assert rate == np.inf, "without curvature every rate is stable"


@path
def test_row_0_is_the_start_and_every_update_adds_a_row(student, random):
    start = random.normal(size=3)
    for updates in (0, 1, 7):
        hessian = turned_valley(random, [1, 2, 3])
        rows = student.descend_quadratic(hessian, start, 0.1, updates)
        assert np.shape(rows) == (updates + 1, 3), "the path has updates + 1 rows"
        assert np.allclose(rows[0], start), "row 0 is the start"
        end = np.linalg.matrix_power(np.eye(3) - 0.1 * hessian, updates) @ start
        assert np.allclose(rows[-1], end), "the last row is where the last update leads"


@path
def test_along_a_direction_of_curvature_every_update_multiplies_alike(student, random):
    curvatures = random.uniform(0.5, 3, 4)
    hessian = turned_valley(random, curvatures)
    values, directions = np.linalg.eigh(hessian)
    for curvature, direction in zip(values, directions.T, strict=True):
        rows = student.descend_quadratic(hessian, direction, 0.2, 6)
        expected = np.outer((1 - 0.2 * curvature) ** np.arange(7), direction)
        assert np.allclose(rows, expected), "an update multiplies the distance by 1 − ηλ"


@path.with_args(tells=False)
def test_a_start_of_whole_numbers_makes_no_path_of_whole_numbers(student):
    hessian = np.array([[2.0, 1.0], [1.0, 3.0]])
    rows = student.descend_quadratic(hessian, np.array([10, -20]), 0.01, 2)
    expected = [[10, -20], [10, -19.5], [9.995, -19.015]]
    assert np.allclose(rows, expected), "nothing after the point may be cut off"


@path.with_args(tells=False)
def test_many_runs_at_once_are_the_single_runs(student, random):
    for n in (2, 5):  # fewer runs than parameters would, and as many, mix up the axes
        hessian, start = turned_valley(random, np.linspace(0.5, 4, n)), random.normal(size=(n, 5))
        for rates in (random.uniform(0.01, 0.6, 5), 0.3):
            together = np.asarray(student.descend_quadratic(hessian, start, rates, 8))
            assert together.shape == (9, n, 5), "N runs give a path of shape (updates + 1, n, N)"
            for i, lr in enumerate(np.broadcast_to(rates, 5)):
                alone = student.descend_quadratic(hessian, start[:, i], lr, 8)
                assert np.allclose(together[..., i], alone), "a run depends on its neighbours"


@path.with_args(tells=False)
def test_the_arguments_stay_as_they_are(student, random):
    descend = student.descend_quadratic
    descend(turned_valley(random, [1.0, 2.0]), random.normal(size=2), 0.1, 3)
    assert not descend.changed, "the start and the Hessian must not be changed"


@needed
def test_it_is_the_first_update_at_which_every_direction_has_arrived(student, random):
    draws = [(random.uniform(0.1, 19, 3), random.uniform(0.001, 0.9)) for _ in range(20)]
    # The slowest may be flat or steep, alone or not.
    draws += [(np.array(c), 0.04) for c in ([2.0], [10.0, 3.0, 12.0], [9.0, 18.5, 4.0])]
    for curvatures, factor in draws:
        t = student.updates_needed(curvatures, 0.1, factor)
        left = np.abs(1 - 0.1 * curvatures)
        assert np.all(left**t <= factor), "some direction has not arrived"
        assert t == 1 or np.any(left ** (t - 1) > factor), "all had arrived one update earlier"


@needed
def test_one_direction_alone(student):
    for left, factor, expected in (
        (0.9, 0.5, 7),
        (0.5, 0.3, 2),
        (0.1, 0.9, 1),
        (-0.8, 0.2, 8),
        (0.99999, 0.5, 69315),
    ):
        t = student.updates_needed(np.array([4.0]), (1 - left) / 4, factor)
        assert t == expected, "one direction arrives after log(factor) / log |1 − ηλ|, rounded up"


@needed.with_args(tells=False)
def test_the_last_to_arrive_decides_whether_it_is_flat_or_steep(student, random):
    for curvature in (0.5, 19.5):
        alone = student.updates_needed(np.array([curvature]), 0.1, 0.05)
        others = student.updates_needed(np.array([7.0, curvature, 12.0]), 0.1, 0.05)
        assert alone == others > 1, "faster directions must not change the number of updates"
    faster = student.updates_needed(np.array([7.0]), 0.1, 0.05)
    assert faster < alone, "a direction that is neither flat nor steep arrives earlier"


@needed
def test_exactly_the_factor_is_little_enough(student):
    for t in (1, 2, 4, 8):  # powers of two, so that no way of computing it rounds
        found = student.updates_needed(np.array([0.5]), 1.0, 0.5**t)
        assert found == t, "as soon as exactly the factor is left it is enough"


@needed.with_args(tells=False)
def test_from_the_border_of_stability_on_it_never_arrives(student, random):
    for lr in (0.25, 0.25 + random.uniform(0.01, 1), 1e6):
        t = student.updates_needed(np.array([8.0, 1.0]), lr, 0.5)
        assert t == np.inf, "at ηλ ≥ 2 the distance does not shrink"
    below = student.updates_needed(np.array([8.0, 1.0]), 0.249, 0.5)
    assert 1 < below < np.inf, "below the border every direction arrives"


@needed.with_args(tells=False)
def test_nothing_arrives_without_a_rate_or_without_a_curvature(student):
    for curvatures, lr in (([1.0, 2.0], 0.0), ([0.0, 1.0], 0.5)):
        t = student.updates_needed(np.array(curvatures), lr, 0.5)
        assert t == np.inf, "a direction that does not move never arrives"


@needed.with_args(tells=False)
def test_at_one_over_the_curvature_one_update_is_enough(student):
    for factor in (0.5, 1e-12):
        t = student.updates_needed(np.array([0.5]), 2.0, factor)
        assert t == 1, "at η = 1/λ the first update arrives at the minimum"


@best.with_args(tells=False)
def test_the_factor_is_the_largest_over_all_directions(student, random):
    for _ in range(20):
        curvatures = random.uniform(0.1, 10, 5)
        rate, factor = student.best_rate(curvatures)
        slowest = np.abs(1 - rate * curvatures).max()
        assert np.isclose(factor, slowest), "the factor must be that of the slowest direction"


@best
@pytest.mark.parametrize("change", [0.9999, 1.0001])
def test_no_other_rate_has_a_faster_slowest_direction(student, random, change):
    for _ in range(20):
        curvatures = random.uniform(0.1, 10, 4)
        rate, _ = student.best_rate(curvatures)
        slowest, other = (np.abs(1 - r * curvatures).max() for r in (rate, change * rate))
        assert slowest < other, "a slightly different rate makes the slowest direction faster"


@best.with_args(tells=False)
def test_if_all_curvatures_are_alike_one_update_arrives(student, random):
    curvature = random.uniform(0.1, 10)
    for n in (1, 3):
        rate, factor = student.best_rate(np.full(n, curvature))
        assert np.isclose(rate, 1 / curvature), "with one curvature the best rate is 1/λ"
        assert np.isclose(factor, 0, atol=1e-7), "with one curvature nothing is left"


@best.with_args(tells=False)
def test_each_column_is_a_parabola_of_its_own(student, random):
    curvatures = random.uniform(0.1, 10, (3, 4))
    rates, factors = student.best_rate(curvatures)
    assert np.shape(rates) == np.shape(factors) == (4,), "N columns have N rates and N factors"
    for i, column in enumerate(curvatures.T):
        alone = student.best_rate(column)
        assert np.allclose((rates[i], factors[i]), alone), "a column must not depend on the others"


@best
def test_a_longer_valley_is_slower(student):
    # Two of three are alike, so that the mean is not in the middle.
    factors = [student.best_rate(np.array([k, 1.0, k]))[1] for k in (2.0, 10.0, 1e4)]
    assert np.all(np.diff(factors) > 0), "a larger condition number has a larger factor"
    assert np.isclose(factors[1], 9 / 11), "at κ = 10 the factor is (κ − 1)/(κ + 1)"


@np.errstate(over="ignore", invalid="ignore")
def losses_of(curvature, lr, updates, start=1.0, errors=None):
    """The losses of gradient descent on ½λθ², with an error in each gradient or without."""
    theta, losses = start, []
    for error in [*(np.zeros(updates) if errors is None else errors), 0.0]:
        losses.append(curvature * theta**2 / 2)
        theta = theta - lr * (curvature * theta + error)
    return np.array(losses)


@curve
def test_the_share_left_in_the_middle_decides_between_slow_and_good(student, random):
    for updates in (2, 10, 40):
        for left in random.permutation([0.03, 0.3, 0.48, 0.52, 0.7, 0.97]):
            # Each half of the run multiplies the loss by `left`; the step may change sides.
            for factor in (left ** (1 / updates), -(left ** (1 / updates))):
                curvature = random.uniform(0.1, 10)
                word = student.read_curve(losses_of(curvature, (1 - factor) / curvature, updates))
                expected = "slow" if left > 0.5 else "good"
                assert word == expected, "slow: the second half brings half as much as the first"


@curve
def test_above_the_border_of_stability_it_diverges(student, random):
    for lr in random.permutation(3 * [1.98, 2.02, 3.0, 1e3, 1e150]):
        word = student.read_curve(losses_of(4.0, lr / 4, 400))
        if lr > 2:
            assert word == "diverges", "it diverges, to NaN or not"
        else:
            assert word == "good", "below 2/λ it arrives"


@curve
def test_noise_makes_it_bounce(student, random):
    for lr in (0.5, 1.0, 1.5):
        for errors in random.normal(size=(10, 400)):
            word = student.read_curve(losses_of(1.0, lr, 400, 1000.0, errors))
            assert word == "bounces", "at rest on the noise floor it goes up as much as down"
        assert student.read_curve(losses_of(1.0, lr, 400, 1000.0)) == "good", "nothing bounces here"


@curve
def test_a_step_of_constant_size_falls_then_bounces(student, random):
    """Gradient descent on |θ| from 10: it comes down by the rate, then jumps over the minimum."""
    words = {0.01: "slow", 0.2: "slow", 0.7: "bounces", 0.9: "bounces"}
    for lr in random.permutation(3 * list(words)):
        theta, losses = 10.0, []
        for _ in range(61):
            losses.append(abs(theta))
            theta -= lr * np.sign(theta)
        word = student.read_curve(np.array(losses))
        assert word == words[lr], "a straight line is slow, a jump to and fro bounces"


@curve
def test_what_happens_inside_the_first_half_does_not_count(student, random):
    ends = [("good", [2.0, 1.9, 1.8]), ("slow", [7.0, 6.0, 5.5]), ("bounces", [9.5, 6.0, 8.0])]
    ends += [("bounces", [2.0, 12.0, 10.0]), ("diverges", [2.0, 12.0, 11.0])]
    for i in random.permutation(3 * len(ends)):
        (expected, second), inside = ends[i // 3], (0.5, 5.0, 30.0)[i % 3]
        losses = np.array([10.0, inside, *second])
        assert student.read_curve(losses) == expected, "only the ends of the first half count"


@curve
def test_the_rises_and_the_falls_are_added_up(student, random):
    words = {
        "good": (
            [0.1, 0.1, 0.1, -2.0],
            [-0.5, 0.4, -0.5, -0.5],
            [-1.0, 0.5, -1.0, 0.5],
            [-6.5, 3, 0, 0],
        ),
        "bounces": ([1.0, -0.3, -0.3, -0.3], [-0.5, 0.4, -0.5, 0.4], [0.6, -0.3, -0.3, -0.3]),
    }
    cases = [(word, second) for word, steps in words.items() for second in steps]
    for i in random.permutation(2 * [*range(len(cases))]):
        word, second = cases[i]
        losses = 20 - np.cumsum([0.0, 3.0, 3.0, 3.0, 3.0, *(-np.array(second))])
        assert student.read_curve(losses) == word, "more than half as much: it bounces"


def rising(factor, count):
    return 0.001 * factor ** np.arange(count)


@finder
def test_the_rate_is_where_the_loss_falls_fastest_per_doubling(student):
    for middle in (7.5, 12.5, 20.5):
        for factor in (1.2, 2.0, 5.0):
            rates = rising(factor, 30)
            for height in (1.0, 3.0):
                # A soft step down, the same on either side of its middle.
                losses = 2 + height / (1 + np.exp(np.arange(30) - middle))
                losses[-6:] += 1.5  # It climbs faster than it falls, but not too high.
                rate, limit = student.finder_reading(rates, losses, 2.0)
                assert np.isclose(rate, rates[int(middle)]), "the fall is fastest in its middle"
                assert np.isclose(limit, rates[-3]), "the last rate with a smoothed loss"


@finder
def test_the_limit_is_the_last_rate_before_the_mean_of_five_is_too_high(student):
    """From a level of 1 the loss jumps to `high`, which some of the five have to reach."""
    cases = [(3.0, 1), (3.9, 2), (5.0, 2), (20.0, 3)]
    for (high, before), jump in product(cases, (10, 14)):
        losses = np.ones(20)
        losses[:4], losses[jump:] = 9.0, high
        for factor in (1.5, 3.0):
            rates = rising(factor, 20)
            _, limit = student.finder_reading(rates, losses, 2.0)
            assert np.isclose(limit, rates[jump - before]), "the mean of five is above 2 too late"


@finder
def test_one_loss_that_stands_out_does_not_decide(student):
    losses = np.array([8.0] * 8 + [7.0, 5.0, 3.0, 2.0] + [1.5] * 8)
    expected = student.finder_reading(rising(2.0, 20), losses, 3.0)
    assert np.isclose(expected[0], rising(2.0, 20)[9]), "the smoothed loss falls fastest there"
    for place in (4, 15):
        changed = losses.copy()
        changed[place] += 2.4
        found = student.finder_reading(rising(2.0, 20), changed, 3.0)
        assert np.allclose(found, expected), "a single loss must not decide"


@finder
def test_what_comes_after_the_limit_does_not_count(student):
    losses = np.array([8.0, 8.0, 7.5, 6.0, 4.0, 2.5, 1.5, 1.0, 1.0, 1.0, 1.5, 9.0, 30.0, 90.0])
    for factor in (1.3, 2.0):
        for later in ([], [200.0, 500.0, 900.0], [50.0, 3.0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]):
            rates = rising(factor, len(losses) + len(later))
            rate, limit = student.finder_reading(rates, np.append(losses, later), 2.0)
            assert np.isclose(rate, rates[3]), "only falls up to the limit count"
            assert np.isclose(limit, rates[8]), "the limit is before the first loss too high"
    faster = np.array([9.0, 9.1, 8.8, 8.5, 8.0, 7.2, 6.0, 4.5, 2.8, 1.2, 40.0, 90.0])
    found = student.finder_reading(rising(2.0, 12), faster, 2.0)
    assert np.allclose(found, rising(2.0, 12)[[6, 7]]), "the last fall before the limit counts"


@finder
def test_the_loss_is_compared_with_its_lowest_so_far(student):
    losses = np.array([6.0] * 6 + [5.0, 4.0, 3.0, 6.0, 8.0, 5.0, 2.0, 1.0] + [0.4] * 6 + [1.0] * 6)
    rates = rising(1.5, len(losses))
    for rise, place in ((2.0, 20), (1.5, 18), (1.05, 7), (4.0, 23)):
        _, limit = student.finder_reading(rates, losses, rise)
        assert np.isclose(limit, rates[place]), "too high is above rise times the lowest so far"


@finder
def test_on_a_parabola_the_two_rates_enclose_the_border_of_stability(student):
    for curvature in (0.5, 20.0):
        rates = 0.001 / curvature * 1.1 ** np.arange(110)
        losses = curvature / 2 * np.cumprod(np.append(1.0, 1 - curvature * rates[:-1])) ** 2
        rate, limit = student.finder_reading(rates, losses, 10.0)
        assert rate < 1 / curvature, "the loss falls fastest below 1/λ"
        assert 2 < limit * curvature < 10, "the loss climbs only above 2/λ"
