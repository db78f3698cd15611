"""The hidden tests of 05: one property a test."""

import numpy as np
import pytest

steps = pytest.mark.task("uncorrected_steps", points=1)
rms = pytest.mark.task("corrected_rmsprop", points=1)
adam = pytest.mark.task("adam_step", points=1)
mended = pytest.mark.task("mended_adam", points=1)
stable = pytest.mark.task("largest_rate_with_memory", points=1)
fair = pytest.mark.task("tuned_result", points=1)

EPS = 1e-8


def fading(values, beta):
    """The mean of `values` over axis 0 with the weight β^age: what a corrected memory holds."""
    return np.average(values, axis=0, weights=beta ** np.arange(len(values))[::-1])


def path_of_means(start, gradients, lr, beta1, beta2, eps):
    """Adam's path without any memory: each step from all gradients so far."""
    seen = [gradients[: t + 1] for t in range(len(gradients))]
    moves = [fading(g, beta1) / (np.sqrt(fading(g**2, beta2)) + eps) for g in seen]
    return start - lr * np.cumsum([np.zeros_like(start), *moves], axis=0)


@steps
def test_the_steps_are_those_of_a_run_from_zero(student, random):
    beta1, beta2 = random.uniform(0.1, 0.99, 2)
    gradient, m, v, expected = random.uniform(0.1, 10), 0.0, 0.0, []
    for _ in range(25):
        m = m + (1 - beta1) * (gradient - m)
        v = v + (1 - beta2) * (gradient**2 - v)
        expected.append(m / v**0.5)
    lengths = np.asarray(student.uncorrected_steps(beta1, beta2, 25))
    assert lengths.shape == (25,), "there is one number for each update"
    assert np.allclose(lengths, expected), "the steps differ from those of a run"


@steps
def test_the_first_step_is_the_ratio_of_the_first_weights(student, random):
    beta1, beta2 = random.uniform(0, 0.999, 2)
    (first,) = student.uncorrected_steps(beta1, beta2, 1)
    assert np.isclose(first * (1 - beta2) ** 0.5, 1 - beta1), "the first step has one gradient"


@steps.with_args(tells=False)
def test_in_the_end_every_step_is_the_rate(student, random):
    for beta1, beta2 in [(0.0, 0.0), (0.9, 0.5), *random.uniform(0, 0.9, (3, 2))]:
        last = student.uncorrected_steps(beta1, beta2, 600)[-1]
        assert np.isclose(last, 1), "when both memories are full the step is η"


@steps.with_args(tells=False)
def test_what_was_measured_in_the_notebook(student):
    lengths = np.asarray(student.uncorrected_steps(0.9, 0.999, 300))
    assert lengths.argmax() == 11, "with the usual settings the twelfth step is the largest"
    assert np.isclose(lengths.max(), 6.5685, atol=1e-4), "the largest step is 6.57 η"


@rms
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
def test_on_a_constant_gradient_every_step_is_the_rate(student, random, scale):
    gradient = scale * random.uniform(0.5, 2, 3) * [1, -1, 1]
    start = random.normal(size=3)
    path = student.corrected_rmsprop(start, np.tile(gradient, (8, 1)), 0.1, 0.9, 1e-12)
    expected = start - 0.1 * np.outer(np.arange(9), np.sign(gradient))
    assert np.allclose(path, expected), "with correction every step has the length η"


@rms
def test_sigma_is_a_mean_in_which_old_squares_fade(student, random):
    start, gradients = random.normal(size=2), random.normal(size=(12, 2))
    for alpha in (0.0, 0.5, random.uniform(0.8, 0.99)):
        path = student.corrected_rmsprop(start, gradients, 0.2, alpha, EPS)
        expected = path_of_means(start, gradients, 0.2, 0.0, alpha, EPS)
        assert np.allclose(path, expected), "the weights of the squares do not add up to 1"


@rms
def test_epsilon_is_added_to_the_corrected_root(student):
    for size in (1e-4, 1e-8, 1e-12):
        path = student.corrected_rmsprop(np.zeros(1), np.full((3, 1), size), 1.0, 0.99, EPS)
        expected = -np.arange(4) * size / (size + EPS)
        assert np.allclose(np.ravel(path), expected, rtol=1e-6, atol=0), (
            "σ is the root of the corrected v, plus ε"
        )


@rms.with_args(tells=False)
def test_without_a_gradient_nothing_moves(student, random):
    start, gradients = random.normal(size=2), random.normal(size=(5, 2)) * [0, 1]
    path = np.asarray(student.corrected_rmsprop(start, gradients, 0.1, 0.9, EPS))
    assert np.all(path[:, 0] == start[0]), "a parameter without gradients stays where it is"
    alone = student.corrected_rmsprop(start[1:], gradients[:, 1:], 0.1, 0.9, EPS)
    assert np.allclose(path[:, 1:], alone), "a parameter must not depend on its neighbours"


@rms.with_args(tells=False)
def test_many_runs_at_once_are_the_single_runs(student, random):
    start, gradients = random.normal(size=(2, 4)), random.normal(size=(6, 2, 4))
    rates = random.uniform(0.01, 1, 4)
    rmsprop = student.corrected_rmsprop
    together = np.asarray(rmsprop(start, gradients, rates, 0.9, EPS))
    assert not rmsprop.changed, "the start and the gradients must not be changed"
    assert together.shape == (7, 2, 4), "N runs give a path of shape (T + 1, n, N)"
    for i, lr in enumerate(rates):
        alone = student.corrected_rmsprop(start[:, i], gradients[:, :, i], lr, 0.9, EPS)
        assert np.allclose(together[..., i], alone), "a run must not depend on its neighbours"


@adam
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
def test_the_first_step_is_the_rate_whatever_the_gradient(student, random, scale):
    theta, zero = random.normal(size=4), np.zeros(4)
    grad = scale * random.uniform(0.5, 2, 4) * [1, -1, 1, -1]
    beta1, beta2 = random.uniform(0.5, 0.999, 2)
    moved, m, v = student.adam_step(theta, grad, zero, zero, 0, 0.3, beta1, beta2, 1e-12)
    assert np.allclose(theta - moved, 0.3 * np.sign(grad)), "the first step has the length η"
    assert np.allclose(m, (1 - beta1) * grad), "the first m is 1 − β₁ of the gradient"
    assert np.allclose(v, (1 - beta2) * grad**2), "the first v is 1 − β₂ of the square"


@adam
def test_handing_the_state_on_makes_a_whole_run(student, random):
    start, gradients = random.normal(size=3), random.normal(size=(15, 3))
    beta1, beta2 = random.uniform(0.3, 0.9), random.uniform(0.9, 0.999)
    theta, m, v, path = start, np.zeros(3), np.zeros(3), [start]
    for t, grad in enumerate(gradients):
        theta, m, v = map(
            np.asarray, student.adam_step(theta, grad, m, v, t, 0.1, beta1, beta2, EPS)
        )
        path.append(theta)
    expected = path_of_means(start, gradients, 0.1, beta1, beta2, EPS)
    assert np.allclose(path, expected), "the returned m and v do not continue the run"


@adam
def test_after_very_many_updates_nothing_is_left_to_correct(student, random):
    theta, grad, m = random.normal(size=(3, 2))
    v = random.uniform(1, 2, 2)
    moved, new_m, new_v = student.adam_step(theta, grad, m, v, 10**6, 0.1, 0.9, 0.99, EPS)
    assert np.allclose(new_m, m + 0.1 * (grad - m)), "m moves by 1 − β₁ towards the gradient"
    assert np.allclose(new_v, v + 0.01 * (grad**2 - v)), "v moves by 1 − β₂ towards the square"
    expected = 0.1 * np.asarray(new_m) / (np.asarray(new_v) ** 0.5 + EPS)
    assert np.allclose(theta - moved, expected), "the step is η times the new m over the new σ"


@adam
def test_epsilon_is_added_after_the_correction(student):
    for size in (1e-4, 1e-8, 1e-12):
        grad, zero = np.array([size]), np.zeros(1)
        moved, _, _ = student.adam_step(zero, grad, zero, zero, 0, 1.0, 0.9, 0.999, EPS)
        assert np.allclose(moved, -size / (size + EPS), rtol=1e-6, atol=0), (
            "σ is the root of the corrected v, plus ε"
        )


@adam
def test_a_memory_moves_even_without_a_gradient(student, random):
    theta, zero = random.normal(size=2), np.zeros(2)
    still, _, _ = student.adam_step(theta, zero, zero, zero, 0, 0.1, 0.9, 0.999, EPS)
    assert np.array_equal(still, theta), "without gradient and memory nothing moves"
    m, v = np.array([0.1, -0.1]), np.array([0.01, 0.01])
    moved, m, v = student.adam_step(theta, zero, m, v, 3, 0.1, 0.9, 0.999, EPS)
    assert np.array_equal(np.sign(theta - moved), [1, -1]), "a memory rolls on, against m"
    assert np.allclose(m, [0.09, -0.09]), "a memory without a gradient fades by β₁"
    assert np.allclose(v, 0.00999), "a memory without a gradient fades by β₂"


@adam.with_args(tells=False)
def test_many_settings_at_once_are_the_single_runs_and_nothing_is_changed(student, random):
    theta, grad, m = random.normal(size=(3, 2, 5))
    v, rates = random.uniform(0.1, 1, (2, 5)), random.uniform(0.01, 1, 5)
    adam_step = student.adam_step
    together = adam_step(theta, grad, m, v, 6, rates, 0.9, 0.99, EPS)
    assert not adam_step.changed, "θ, m and v must not be changed: return new arrays"
    for i, lr in enumerate(rates):
        column = (array[:, i] for array in (theta, grad, m, v))
        alone = student.adam_step(*column, 6, lr, 0.9, 0.99, EPS)
        for whole, single in zip(together, alone, strict=True):
            assert np.allclose(np.asarray(whole)[:, i], single), "a run depends on its neighbours"


@mended
def test_a_constant_gradient_makes_equal_steps(student, random):
    gradient = random.uniform(0.5, 2, 2) * [1, -1]
    (path,) = student.mended_adam(
        [np.zeros(2)], [np.tile(gradient, (30, 1))], 0.1, 0.9, 0.999, 1e-12
    )
    expected = -0.1 * np.outer(np.arange(31), np.sign(gradient))
    assert np.allclose(path, expected), "on a constant gradient every step has the length η"


@mended
def test_each_array_takes_the_steps_of_its_own_gradients(student, random):
    shapes = (2, 3), (3,), (1,)
    parameters = [random.normal(size=shape) for shape in shapes]
    gradients = [random.normal(size=(7, *shape)) for shape in shapes]
    beta1, beta2 = random.uniform(0.5, 0.99, 2)
    paths = student.mended_adam(parameters, gradients, 0.05, beta1, beta2, EPS)
    assert len(paths) == 3, "there is one path for each array"
    for path, start, rows in zip(paths, parameters, gradients, strict=True):
        assert np.shape(path) == (8, *start.shape), "the path has the start and T rows more"
        expected = path_of_means(start, rows, 0.05, beta1, beta2, EPS)
        assert np.allclose(path, expected), "an array does not take the steps of Adam"


@mended
def test_a_second_run_starts_afresh_and_changes_nothing(student, random):
    parameters = [random.normal(size=2), random.normal(size=(2, 2))]
    gradients = [random.normal(size=(4, *array.shape)) for array in parameters]
    run = student.mended_adam
    first, second = (run(parameters, gradients, 0.1, 0.9, 0.999, EPS) for _ in range(2))
    assert not run.changed, "the parameters and the gradients must not be changed"
    for one, other, start in zip(first, second, parameters, strict=True):
        assert np.array_equal(one, other), "a memory of the first run is left in the second"
        assert np.allclose(one[0], start), "row 0 is the start"


def run_with_memory(curvatures, sigmas, beta, form, lr):
    """How far from the minimum a run is after many updates, against its start."""
    theta, m = np.ones_like(curvatures), 0.0
    for _ in range(200):
        m = beta * m + (1 - beta if form == "average" else 1) * curvatures * theta
        theta = theta - lr * m / sigmas
    return np.abs(theta).max()


@stable
@pytest.mark.parametrize("form", ["average", "ball"])
def test_just_below_it_a_run_shrinks_and_just_above_it_grows(student, random, form):
    for beta in (0.0, 0.3, 0.8):
        curvatures, sigmas = random.uniform(1, 3, (2, 3))
        rate = student.largest_rate_with_memory(curvatures, sigmas, beta, form)
        below, above = (
            run_with_memory(curvatures, sigmas, beta, form, share * rate) for share in (0.95, 1.05)
        )
        assert below < 0.5, "below this rate a run does not come nearer to the minimum"
        assert above > 2, "above this rate a run does not grow"


@stable.with_args(tells=False)
def test_the_coordinate_with_the_largest_ratio_decides(student, random):
    for form in ("average", "ball"):
        alone = student.largest_rate_with_memory(np.array([2.0]), np.array([0.1]), 0.7, form)
        curvatures, sigmas = np.array([90.0, 2.0, 0.0]), np.array([9.0, 0.1, 0.01])
        order = random.permutation(3)
        valley = student.largest_rate_with_memory(curvatures[order], sigmas[order], 0.7, form)
        assert np.isclose(alone, valley), "the coordinate with the largest λ/σ decides alone"


@stable
def test_without_a_memory_both_forms_have_the_old_limit(student, random):
    curvature, sigma = random.uniform(0.1, 10, 2)
    for form in ("average", "ball"):
        rate = student.largest_rate_with_memory(np.array([curvature]), np.array([sigma]), 0.0, form)
        assert np.isclose(rate * curvature / sigma, 2), "without memory the limit of ηλ/σ is 2"


@stable.with_args(tells=False)
def test_the_ball_is_the_average_with_a_smaller_rate(student, random):
    curvatures, sigmas = random.uniform(0.1, 10, (2, 3))
    beta = random.uniform(0.1, 0.99)
    average, ball = (
        student.largest_rate_with_memory(curvatures, sigmas, beta, form)
        for form in ("average", "ball")
    )
    assert np.isclose(ball, (1 - beta) * average), "the ball is 1/(1 − β) times the average"


@fair
def test_the_rate_has_the_lowest_median(student, random):
    for seeds in (5, 4, 1):
        losses = random.uniform(0.1, 2, (seeds, 6))
        rates = random.permutation(10.0 ** np.arange(-5, 1))
        rate, *_ = student.tuned_result(rates, losses, random.uniform(0.1, 2, (seeds, 6)))
        middle = np.sort(losses, axis=0)[[(seeds - 1) // 2, seeds // 2]].mean(axis=0)
        assert rate == rates[middle.argmin()], "another rate has a lower median"


@fair.with_args(tells=False)
def test_the_set_for_reporting_plays_no_part_in_the_choice(student, random):
    rates, losses = random.uniform(0.1, 1, 5), random.uniform(0.1, 2, (3, 5))
    chosen = {
        float(student.tuned_result(rates, losses, random.uniform(0.1, 2, (3, 5)))[0])
        for _ in range(8)
    }
    assert len(chosen) == 1, "other losses on the set for reporting change the rate"


@fair.with_args(tells=False)
def test_neither_a_lucky_nor_a_diverged_seed_decides(student, random):
    rates = np.array([0.1, 0.2, 0.3])
    losses = np.array([[0.5, 0.6, 0.7], [0.3, 0.4, 0.5], [0.4, 0.5, 0.6]])
    losses[0, 0], losses[1, 2] = np.inf, 0.0
    order = random.permutation(3)
    rate, *_ = student.tuned_result(rates[order], losses[:, order], random.uniform(1, 2, (3, 3)))
    assert rate == 0.1, "one seed of three decides which rate is taken"


@fair
def test_median_and_range_are_those_of_the_chosen_rate_on_the_set_for_reporting(student, random):
    for seeds in (5, 2):
        losses, reported = random.uniform(1, 2, (2, seeds, 4))
        losses[:, 2] -= 1
        _, median, lowest, highest = student.tuned_result(np.arange(4.0), losses, reported)
        ordered = sorted(reported[:, 2])
        middle = (ordered[(seeds - 1) // 2] + ordered[seeds // 2]) / 2
        assert np.isclose(median, middle), "the median is not that of the chosen rate"
        assert lowest == ordered[0], "the lowest is not that of the chosen rate"
        assert highest == ordered[-1], "the highest is not that of the chosen rate"


@fair.with_args(tells=False)
def test_the_order_of_the_seeds_does_not_matter(student, random):
    rates, losses, reported = random.uniform(0.1, 1, 4), *random.uniform(0.1, 2, (2, 5, 4))
    order = random.permutation(5)
    one = student.tuned_result(rates, losses, reported)
    other = student.tuned_result(rates, losses[order], reported[order])
    assert np.allclose(one, other), "the same runs in another order give another result"


@fair.with_args(tells=False)
def test_a_rate_at_which_most_seeds_diverge_is_not_taken(student, random):
    losses = np.array([[np.inf, 0.9], [0.1, 0.8], [np.inf, 0.7]])
    for order in ([0, 1], [1, 0]):
        rate, *_ = student.tuned_result(
            np.array([1.0, 0.1])[order], losses[:, order], random.uniform(1, 2, (3, 2))
        )
        assert rate == 0.1, "a rate at which most seeds diverge is taken"
