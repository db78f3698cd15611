"""The hidden tests of 07: one property a test."""

import numpy as np
import pytest

momentum = pytest.mark.task("translated_momentum", points=1)
valley = pytest.mark.task("felt_valley", points=1)
batch = pytest.mark.task("rate_for_batch", points=1)


def path(form, rates, betas, gradients):
    """Every θ of a run with these gradients, in one of the four forms."""
    theta, m, thetas = 0.0, 0.0, []
    for t, g in enumerate(gradients):
        enters = {"ball": 1.0, "inside": rates[t]}.get(form, 1 - betas[t])
        m = betas[t] * m + enters * g
        step = m if form == "inside" else rates[t] * m
        theta = theta - (step / (1 - betas[t] ** (t + 1)) if form == "corrected" else step)
        thetas.append(theta)
    return np.array(thetas)


def walks_alike(student, random, form, rates, beta):
    """Ask for the settings of a form, and whether its path is that of the heavy ball."""
    gradients = random.normal(size=len(rates))
    new, betas = (np.asarray(part) for part in student.translated_momentum(rates, beta, form))
    assert new.shape == betas.shape == rates.shape, "there is one rate and one β for each update"
    ball = path("ball", rates, np.full(len(rates), beta), gradients)
    assert np.allclose(path(form, new, betas, gradients), ball), "a θ is not that of the heavy ball"
    return new, betas


@momentum
def test_an_average_walks_as_the_ball(student, random):
    for beta in (0.3, 0.9, 0.99):
        rates = random.uniform(0.1, 1, 12)
        _, betas = walks_alike(student, random, "average", rates, beta)
        assert np.allclose(betas, beta), "in an average β stays as it is"


@momentum
def test_a_corrected_average_walks_as_the_ball(student, random):
    for beta in (0.3, 0.9, 0.99):
        rates = random.uniform(0.1, 1, 12)
        _, betas = walks_alike(student, random, "corrected", rates, beta)
        assert np.allclose(betas, beta), "in a corrected average β stays as it is"


@momentum.with_args(tells=False)
def test_with_the_rate_inside_it_walks_as_the_ball_at_a_constant_rate(student, random):
    for beta in (0.3, 0.9):
        rates = np.full(9, random.uniform(0.1, 1))
        new, betas = walks_alike(student, random, "inside", rates, beta)
        assert np.allclose(new, rates), "at a constant rate it makes no difference where η stands"
        assert np.allclose(betas, beta), "at a constant rate the memory fades as before"


@momentum
def test_with_the_rate_inside_it_walks_as_the_ball_when_the_rate_falls(student, random):
    for beta in (0.3, 0.9):
        rates = 0.5 / np.arange(1, 10)
        walks_alike(student, random, "inside", rates, beta)


@momentum
def test_with_the_rate_inside_it_walks_as_the_ball_at_any_rates(student, random):
    for beta in (0.3, 0.9):
        _, betas = walks_alike(student, random, "inside", random.uniform(0.1, 1, 12), beta)
        assert np.isclose(betas[0], beta), "the first β is the one that was given"


@momentum.with_args(tells=False)
def test_without_memory_and_with_one_update_it_walks_as_the_ball(student, random):
    for form in ("average", "corrected", "inside"):
        rates = random.uniform(0.1, 1, 6)
        new, betas = walks_alike(student, random, form, rates, 0.0)
        assert np.allclose(new, rates), "without a memory all forms have the same rates"
        assert np.allclose(betas, 0), "without a memory every β is 0"
        walks_alike(student, random, form, random.uniform(0.1, 1, 1), 0.8)


def turned(random, curvatures):
    """A valley with these curvatures, whose axes are turned at random."""
    n = len(curvatures)
    axes = np.linalg.qr(random.normal(size=(n, n)))[0]
    return axes @ np.diag(curvatures) @ axes.T


@valley
def test_along_the_axes_each_curvature_is_divided_by_its_sigma(student, random):
    curvatures, sigma = random.uniform(1, 50, 4), random.uniform(0.5, 5, 4)
    rate, condition = student.felt_valley(np.diag(curvatures), sigma)
    felt = curvatures / sigma
    assert np.isclose(rate, 2 / felt.max()), "along the axes the rate is 2 over the largest λ/σ"
    assert np.isclose(condition, felt.max() / felt.min()), "along the axes the λ/σ are compared"


@valley
def test_one_sigma_for_all_changes_the_rate_alone(student, random):
    hessian = turned(random, [1.0, 5.0, 30.0])
    for sigma in (1.0, random.uniform(2, 5)):
        rate, condition = student.felt_valley(hessian, np.full(3, sigma))
        assert np.isclose(rate, sigma / 15), "one σ for all multiplies the rate"
        assert np.isclose(condition, 30), "one σ for all leaves the valley as long as it was"


def farthest(hessian, sigma, lr, random):
    """How much longer θ is after 4,000 updates than at the start."""
    updates = np.linalg.matrix_power(np.eye(len(sigma)) - lr * hessian / sigma[:, None], 4000)
    start = random.normal(size=len(sigma))
    return np.linalg.norm(updates @ start) / np.linalg.norm(start)


@valley
def test_a_run_just_below_the_rate_is_stable_and_just_above_it_is_not(student, random):
    for _ in range(20):
        hessian, sigma = turned(random, random.uniform(1, 9, 3)), random.uniform(0.2, 5, 3)
        rate, _ = student.felt_valley(hessian, sigma)
        assert farthest(hessian, sigma, 0.99 * rate, random) < 1e-3, "it diverges below the rate"
        assert farthest(hessian, sigma, 1.01 * rate, random) > 1e3, "it is stable above the rate"


@valley
def test_the_condition_number_says_how_fast_the_slowest_direction_is(student, random):
    for _ in range(20):
        hessian, sigma = turned(random, random.uniform(1, 9, 3)), random.uniform(0.2, 5, 3)
        _, condition = student.felt_valley(hessian, sigma)
        left = np.linalg.eigvals(hessian / sigma[:, None]).real
        best = 2 / (left.min() + left.max())
        slowest = np.abs(1 - best * left).max()
        assert np.isclose(slowest, (condition - 1) / (condition + 1)), (
            "the condition number is not that of the valley in u"
        )


@valley.with_args(tells=False)
def test_with_the_curvatures_as_sigma_the_valley_is_round(student, random):
    curvatures = random.uniform(1, 50, 4)
    rate, condition = student.felt_valley(np.diag(curvatures), curvatures)
    assert np.isclose(rate, 2), "a round valley of curvature 1 allows the rate 2"
    assert np.isclose(condition, 1), "a σ for each curvature makes the valley round"


@valley.with_args(tells=False)
def test_a_valley_turned_by_45_degrees_stays_as_long_as_it_was(student, random):
    half_turn = np.array([[1.0, -1.0], [1.0, 1.0]]) / np.sqrt(2)
    steep = random.uniform(10, 1000)
    hessian = half_turn @ np.diag([1.0, steep]) @ half_turn.T
    _, condition = student.felt_valley(hessian, np.diag(hessian))
    assert np.isclose(condition, steep), "at 45° a σ for each parameter cannot help"


def way_per_picture(lr, noise, batch):
    return lr / np.sqrt(1 + noise**2 / batch) / batch


@batch
def test_the_way_per_picture_stays(student, random):
    for _ in range(20):
        lr, noise = random.uniform(0.01, 1), random.uniform(0.5, 9)
        before, after = (int(size) for size in random.integers(1, 200, 2))
        new = student.rate_for_batch(lr, noise, before, after)
        assert np.isclose(way_per_picture(new, noise, after), way_per_picture(lr, noise, before)), (
            "the mean way per picture changes with the batch"
        )


@batch
def test_it_is_what_an_experiment_measures(student, random):
    errors = random.normal(size=2_000_000)
    for noise, before, after in ((0.8, 1, 4), (2.0, 2, 16), (6.0, 20, 5)):
        shares = []
        for size in (before, after):
            g = 1 + noise * errors.reshape(-1, size).mean(axis=1)
            shares.append(np.mean(g) / np.sqrt(np.mean(g**2)) / size)
        new = student.rate_for_batch(0.1, noise, before, after)
        assert np.isclose(new * shares[1], 0.1 * shares[0], rtol=0.02), (
            "a measured way per picture changes with the batch"
        )


@batch.with_args(tells=False)
def test_without_noise_the_rate_grows_as_the_batch(student, random):
    lr = random.uniform(0.01, 1)
    for before, after in ((4, 20), (30, 6)):
        new = student.rate_for_batch(lr, 0.0, before, after)
        assert np.isclose(new, lr * after / before), "without noise k times the batch is k times η"


@batch.with_args(tells=False)
def test_where_all_is_noise_it_grows_as_the_root_of_the_batch(student, random):
    lr = random.uniform(0.01, 1)
    for before, after in ((4, 64), (50, 2)):
        new = student.rate_for_batch(lr, 1e6, before, after)
        assert np.isclose(new, lr * np.sqrt(after / before)), (
            "where all is noise k times the batch is √k times η"
        )


@batch
def test_many_at_once_are_the_single_ones(student, random):
    lr, noise = random.uniform(0.01, 1, (2, 3)), random.uniform(0, 9, (2, 3))
    before, after = random.integers(1, 99, (2, 2, 3))
    together = np.asarray(student.rate_for_batch(lr, noise, before, after))
    assert together.shape == (2, 3), "the result has the shape of the arguments"
    ways = way_per_picture(together, noise, after), way_per_picture(lr, noise, before)
    assert np.allclose(*ways), "of many rates at once one is not right"
