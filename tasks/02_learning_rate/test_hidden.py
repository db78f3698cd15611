"""The hidden tests of 02: one property a test."""

import numpy as np
import pytest

stable = pytest.mark.task("largest_stable_rate", points=1)
path = pytest.mark.task("descend_quadratic", points=1)
needed = pytest.mark.task("updates_needed", points=1)
best = pytest.mark.task("best_rate", points=1)
floor = pytest.mark.task("noise_floor", points=1)


def turned_valley(random, curvatures):
    """A Hessian with these curvatures, in directions of chance."""
    directions, _ = np.linalg.qr(random.normal(size=(len(curvatures), len(curvatures))))
    return directions @ np.diag(curvatures) @ directions.T


@stable
def test_in_one_dimension_it_is_two_over_the_curvature(student, random):
    curvature = random.uniform(0.1, 10)
    rate = student.largest_stable_rate(np.array([[curvature]]))
    assert np.isclose(rate, 2 / curvature), "in one dimension the bound is 2/λ"


@stable
@pytest.mark.parametrize("n", [2, 5])
def test_it_does_not_depend_on_the_directions(student, random, n):
    curvatures = random.uniform(0.1, 10, n)
    rate = student.largest_stable_rate(turned_valley(random, curvatures))
    assert np.isclose(rate, 2 / curvatures.max()), "turning a valley must not change its rate"


@stable.with_args(tells=False)
@pytest.mark.parametrize("steeper", [1e-9, 1e9])
def test_a_steeper_valley_has_a_smaller_rate(student, random, steeper):
    hessian = turned_valley(random, random.uniform(0.1, 10, 3))
    rate, scaled = (student.largest_stable_rate(h) for h in (hessian, steeper * hessian))
    assert np.isclose(scaled * steeper, rate), "c times the curvature needs 1/c times the rate"


@stable.with_args(tells=False)
def test_where_nothing_is_curved_every_rate_is_stable(student):
    for n in (1, 3):
        rate = student.largest_stable_rate(np.zeros((n, n)))
        assert rate == np.inf, "without curvature every rate is stable"


@path.with_args(tells=False)
def test_row_0_is_the_start_and_every_update_adds_a_row(student, random):
    start = random.normal(size=3)
    for updates in (0, 1, 7):
        rows = student.descend_quadratic(turned_valley(random, [1, 2, 3]), start, 0.1, updates)
        assert np.shape(rows) == (updates + 1, 3), "the path has updates + 1 rows"
        assert np.allclose(rows[0], start), "row 0 is the start"


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
def test_many_runs_at_once_are_the_single_runs(student, random):
    hessian, start = turned_valley(random, [0.5, 4.0]), random.normal(size=(2, 5))
    rates = random.uniform(0.01, 0.6, 5)
    together = np.asarray(student.descend_quadratic(hessian, start, rates, 8))
    assert together.shape == (9, 2, 5), "N runs give a path of shape (updates + 1, n, N)"
    for i, lr in enumerate(rates):
        alone = student.descend_quadratic(hessian, start[:, i], lr, 8)
        assert np.allclose(together[..., i], alone), "a run must not depend on its neighbours"


@path.with_args(tells=False)
def test_the_arguments_stay_as_they_are(student, random):
    descend = student.descend_quadratic
    descend(turned_valley(random, [1.0, 2.0]), random.normal(size=2), 0.1, 3)
    assert not descend.changed, "the start and the Hessian must not be changed"


@needed
def test_it_is_the_first_update_at_which_every_direction_has_arrived(student, random):
    for _ in range(10):
        curvatures, factor = random.uniform(0.1, 19, 3), random.uniform(0.001, 0.9)
        t = student.updates_needed(curvatures, 0.1, factor)
        left = np.abs(1 - 0.1 * curvatures)
        assert np.all(left**t <= factor), "some direction has not arrived"
        assert t == 1 or np.any(left ** (t - 1) > factor), "all had arrived one update earlier"


@needed.with_args(tells=False)
def test_the_last_to_arrive_decides_whether_it_is_flat_or_steep(student, random):
    for curvature in (0.5, 19.5):
        alone = student.updates_needed(np.array([curvature]), 0.1, 0.05)
        others = student.updates_needed(np.array([7.0, curvature, 12.0]), 0.1, 0.05)
        assert alone == others > 1, "faster directions must not change the number of updates"


@needed
def test_exactly_the_factor_is_little_enough(student):
    for t in (1, 2, 4, 8):  # powers of two, so that no way of computing it rounds
        found = student.updates_needed(np.array([0.5]), 1.0, 0.5**t)
        assert found == t, "as soon as exactly the factor is left it is enough"


@needed
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
    curvatures = random.uniform(0.1, 10, 5)
    rate, factor = student.best_rate(curvatures)
    slowest = np.abs(1 - rate * curvatures).max()
    assert np.isclose(factor, slowest), "the factor must be that of the slowest direction"


@best
@pytest.mark.parametrize("change", [0.99, 1.01])
def test_no_other_rate_has_a_faster_slowest_direction(student, random, change):
    curvatures = random.uniform(0.1, 10, 4)
    rate, _ = student.best_rate(curvatures)
    slowest, other = (np.abs(1 - r * curvatures).max() for r in (rate, change * rate))
    assert slowest < other, "a slightly different rate makes the slowest direction faster"


@best
def test_if_all_curvatures_are_alike_one_update_arrives(student, random):
    curvature = random.uniform(0.1, 10)
    for n in (1, 3):
        rate, factor = student.best_rate(np.full(n, curvature))
        assert np.isclose(rate, 1 / curvature), "with one curvature the best rate is 1/λ"
        assert np.isclose(factor, 0, atol=1e-12), "with one curvature nothing is left"


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
    factors = [student.best_rate(np.array([1.0, kappa]))[1] for kappa in (2.0, 10.0, 1e4)]
    assert np.all(np.diff(factors) > 0), "a larger condition number has a larger factor"
    assert np.isclose(factors[1], 9 / 11), "at κ = 10 the factor is (κ − 1)/(κ + 1)"


@floor
def test_it_is_where_the_variance_stays_as_it_is(student, random):
    for _ in range(5):
        lr, curvature, noise = (
            random.uniform(0.1, 0.5),
            random.uniform(0.5, 3),
            random.uniform(1, 3),
        )
        variance = 0.0
        for _ in range(2000):
            variance = (1 - lr * curvature) ** 2 * variance + lr**2 * noise**2
        loss = student.noise_floor(lr, curvature, noise)
        assert np.isclose(loss, curvature * variance / 2), "the variance must repeat itself at rest"


@floor.with_args(tells=False)
def test_twice_the_noise_is_four_times_the_loss(student, random):
    lr, curvature, noise = random.uniform(0.1, 1, 3)
    once, twice = (student.noise_floor(lr, curvature, s) for s in (noise, 2 * noise))
    assert np.isclose(twice, 4 * once), "the floor goes with the square of the noise"


@floor
def test_a_small_rate_has_a_floor_in_proportion(student, random):
    noise = random.uniform(1, 3)
    for lr in (1e-12, 1e-9, 1e-6):
        loss = student.noise_floor(lr, 1.0, noise)
        assert np.isclose(loss, lr * noise**2 / 4, rtol=1e-5, atol=0), "a small floor is ηs²/4"


@floor
def test_from_the_border_of_stability_on_it_does_not_come_to_rest(student, random):
    for lr in (0.5, 0.5 + random.uniform(0.01, 1), 1e6):
        assert student.noise_floor(lr, 4.0, 1.0) == np.inf, "at ηλ ≥ 2 the loss grows without end"
    below = student.noise_floor(0.4999, 4.0, 1.0)
    assert 100 < below < np.inf, "just below the border the floor is high but finite"


@floor.with_args(tells=False)
def test_arrays_are_taken_number_by_number(student, random):
    settings = random.uniform(0.1, 2.5, (3, 6))
    together = np.asarray(student.noise_floor(*settings))
    assert together.shape == (6,), "arrays of N settings give N losses"
    alone = [student.noise_floor(*setting) for setting in settings.T]
    assert np.allclose(together, alone), "a setting must not depend on its neighbours"
