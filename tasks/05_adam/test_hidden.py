"""The hidden tests of 05: one property a test."""

import numpy as np
import pytest

steps = pytest.mark.task("uncorrected_steps", points=1)
adam = pytest.mark.task("adam_step", points=1)
mended = pytest.mark.task("mended_adam", points=1)
fair = pytest.mark.task("tuned_result", points=1)
decay = pytest.mark.task("decayed_step", points=1)
stable = pytest.mark.task("largest_rate_with_memory", points=1)
ball = pytest.mark.task("factor_with_memory", points=1)

EPS = 1e-8


def fading(values, beta):
    """The mean of `values` over axis 0 with the weight β^age: what a corrected memory holds."""
    return np.average(values, axis=0, weights=beta ** np.arange(len(values))[::-1])


def path_of_means(start, gradients, lr, beta1, beta2, eps):
    """Adam's path without any memory: each step from all gradients so far."""
    seen = [gradients[: t + 1] for t in range(len(gradients))]
    moves = [fading(g, beta1) / (np.sqrt(fading(g**2, beta2)) + eps) for g in seen]
    return start - lr * np.cumsum([np.zeros(start.shape), *moves], axis=0)


def away_from_zero(random, shape):
    """Gradients of both signs, none so small that ε counts."""
    return random.uniform(0.5, 2, shape) * random.choice([-1, 1], shape)


@steps
def test_the_steps_are_those_of_a_run_from_zero(student, random):
    for _ in range(5):
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
    for beta1, beta2 in [(0.0, 0.6), (0.3, 0.0), *random.uniform(0.1, 0.999, (5, 2))]:
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
    for _ in range(3):
        start, gradients = random.normal(size=3), away_from_zero(random, (15, 3))
        beta1, beta2 = random.uniform(0.3, 0.7), random.uniform(0.9, 0.999)
        theta, m, v, path = start, np.zeros(3), np.zeros(3), [start]
        for t, grad in enumerate(gradients):
            theta, m, v = map(
                np.asarray, student.adam_step(theta, grad, m, v, t, 0.1, beta1, beta2, EPS)
            )
            path.append(theta)
        expected = path_of_means(start, gradients, 0.1, beta1, beta2, EPS)
        assert np.allclose(path, expected, rtol=1e-4, atol=1e-5), (
            "the returned m and v do not continue the run"
        )


@adam
def test_after_very_many_updates_nothing_is_left_to_correct(student, random):
    theta, grad, m = away_from_zero(random, (3, 2))
    v = random.uniform(1, 2, 2)
    moved, new_m, new_v = student.adam_step(theta, grad, m, v, 10**6, 0.1, 0.9, 0.99, EPS)
    assert np.allclose(new_m, m + 0.1 * (grad - m)), "m moves by 1 − β₁ towards the gradient"
    assert np.allclose(new_v, v + 0.01 * (grad**2 - v)), "v moves by 1 − β₂ towards the square"
    expected = 0.1 * np.asarray(new_m) / (np.asarray(new_v) ** 0.5 + EPS)
    assert np.allclose(theta - moved, expected), "the step is η times the new m over the new σ"


@adam.with_args(tells=False)
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
    assert np.allclose(still, theta), "without gradient and memory nothing moves"
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


@mended.with_args(tells=False)
def test_a_constant_gradient_makes_equal_steps(student, random):
    gradient = random.uniform(0.5, 2, 2) * [1, -1]
    path = student.mended_adam(np.zeros(2), np.tile(gradient, (30, 1)), 0.1, 0.9, 0.999, 1e-12)
    expected = -0.1 * np.outer(np.arange(31), np.sign(gradient))
    assert np.allclose(path, expected), "on a constant gradient every step has the length η"


@mended
def test_the_path_is_that_of_adam(student, random):
    for shape in ((3,), (2, 3), (1,)):
        start, gradients = random.normal(size=shape), away_from_zero(random, (7, *shape))
        beta1, beta2 = random.uniform(0.5, 0.7), random.uniform(0.9, 0.99)
        path = student.mended_adam(start, gradients, 0.05, beta1, beta2, EPS)
        assert np.shape(path) == (8, *shape), "the path has the start and T rows more"
        expected = path_of_means(start, gradients, 0.05, beta1, beta2, EPS)
        assert np.allclose(path, expected, rtol=1e-4, atol=1e-5), "the steps are not those of Adam"


@mended.with_args(tells=False)
def test_a_second_run_starts_afresh_and_changes_nothing(student, random):
    start, gradients = random.integers(1, 9, 3), random.uniform(0.5, 2, (4, 3)) * [1, -1, 1]
    run = student.mended_adam
    first, second = (np.asarray(run(start, gradients, 0.1, 0.9, 0.999, EPS)) for _ in range(2))
    assert not run.changed, "the start and the gradients must not be changed"
    assert np.array_equal(first, second), "a memory of the first run is left in the second"
    assert np.array_equal(first[0], start), "row 0 is the start"
    assert np.allclose(first[1], start - 0.1 * np.sign(gradients[0])), "the first step is η long"


@mended
def test_epsilon_is_added_to_the_corrected_root(student):
    for size in (1e-4, 1e-8, 1e-12):
        gradients = size * np.array([[1.0], [3.0], [1.0]])
        path = student.mended_adam(np.zeros(1), gradients, 1.0, 0.9, 0.99, EPS)
        expected = path_of_means(np.zeros(1), gradients, 1.0, 0.9, 0.99, EPS)
        assert np.allclose(path, expected, rtol=1e-6, atol=0), (
            "σ is the root of the corrected v, plus ε"
        )


def medians(losses):
    ordered, seeds = np.sort(losses, axis=0), len(losses)
    return ordered[[(seeds - 1) // 2, seeds // 2]].mean(axis=0)


@fair
def test_the_rate_has_the_lowest_median(student, random):
    for seeds in (1, 2, 3, 4, 5, 6, 7) * 12:
        losses = random.uniform(0.1, 2, (seeds, 6))
        rates = random.permutation(10.0 ** np.arange(-5, 1))
        rate, *_ = student.tuned_result(rates, losses, random.uniform(0.1, 2, (seeds, 6)))
        assert rate == rates[medians(losses).argmin()], "another rate has a lower median"


@fair
def test_with_an_odd_number_of_seeds_the_median_is_the_middle_loss(student, random):
    for _ in range(20):
        losses, reported = random.uniform(1, 1.9, (2, 5, 4))
        losses[:, 2] /= 100
        rate, median, *_ = student.tuned_result(np.array([0.1, 0.2, 0.3, 0.4]), losses, reported)
        assert np.isclose(rate, 0.3), "the rate is not the best on the set for choosing"
        assert np.isclose(median, sorted(reported[:, 2])[2]), "the median is the middle loss"


@fair.with_args(tells=False)
def test_the_set_for_reporting_plays_no_part_in_the_choice(student, random):
    for _ in range(5):
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
    for order in ([0, 1, 2], [1, 2, 0], [2, 0, 1]):
        reported = random.uniform(1, 2, (3, 3))
        rate, *_ = student.tuned_result(rates[order], losses[:, order], reported)
        assert rate == 0.1, "one seed of three decides which rate is taken"


@fair
def test_lowest_and_highest_are_those_of_the_chosen_rate_on_the_set_for_reporting(student, random):
    for seeds in (5, 2, 3, 4) * 5:
        losses, reported = random.uniform(1, 1.9, (2, seeds, 4))
        losses[:, 2] /= 100
        reported[0, 2] = np.inf
        _, _, lowest, highest = student.tuned_result(np.arange(4.0), losses, reported)
        assert lowest == min(reported[:, 2]), "the lowest is not that of the chosen rate"
        assert highest == np.inf, "the highest is not that of the chosen rate"


@fair
def test_with_an_even_number_of_seeds_the_median_is_the_mean_of_two(student, random):
    for seeds in (2, 4, 6) * 6:
        losses, reported = random.uniform(1, 1.9, (2, seeds, 4))
        losses[:, 1] /= 100
        reported[0, 1] = np.inf
        _, median, *_ = student.tuned_result(np.arange(4.0), losses, reported)
        assert np.isclose(median, medians(reported[:, 1])), "the median is the mean of two losses"


@fair.with_args(tells=False)
def test_the_order_of_the_seeds_does_not_matter_and_no_loss_is_changed(student, random):
    tuned = student.tuned_result
    for _ in range(20):
        rates, losses, reported = random.uniform(0.1, 1, 4), *random.uniform(0.1, 2, (2, 5, 4))
        order = np.roll(np.arange(5), random.integers(1, 5))
        one = tuned(rates, losses, reported)
        assert not tuned.changed, "the losses must not be changed"
        other = tuned(rates, losses[order], reported[order])
        assert np.allclose(one, other), "the same runs in another order give another result"


@fair.with_args(tells=False)
def test_a_rate_at_which_most_seeds_diverge_is_not_taken(student, random):
    losses = np.array([[np.inf, 0.9], [0.1, 0.8], [np.inf, 0.7]])
    for order in ([0, 1], [1, 0]):
        rate, *_ = student.tuned_result(
            np.array([1.0, 0.1])[order], losses[:, order], random.uniform(1, 2, (3, 2))
        )
        assert rate == 0.1, "a rate at which most seeds diverge is taken"


def first_update(theta, g, lr):
    """Adam's first update from g, with the usual settings and an ε that does not count."""
    m, v = (1 - 0.9) * g, (1 - 0.999) * g**2
    return theta - lr * (m / (1 - 0.9)) / (np.sqrt(v / (1 - 0.999)) + 1e-30)


@decay
def test_l2_is_the_first_update_from_the_whole_gradient(student, random):
    for shape in ((4,), (2, 3)) * 10:
        theta, grad = away_from_zero(random, (2, *shape))
        lr, w = random.uniform(0.01, 0.2), random.uniform(0.5, 2)
        moved = student.decayed_step(theta, grad, lr, w, "L2")
        expected = first_update(theta, grad + w * theta, lr)
        assert np.allclose(moved, expected), "m and v take in g + wθ"


@decay
def test_adamw_takes_the_decay_off_beside_the_step(student, random):
    for _ in range(20):
        theta, grad = away_from_zero(random, (2, 4))
        lr, w = random.uniform(0.01, 0.2), random.uniform(0.1, 2)
        moved = student.decayed_step(theta, grad, lr, w, "AdamW")
        expected = first_update(theta, grad, lr) - lr * w * theta
        assert np.allclose(moved, expected), "θ ← θ − η (m̂/σ̂ + wθ)"


@decay
def test_without_a_gradient_of_the_loss_l2_makes_whole_steps_and_adamw_small_ones(student, random):
    for w in (0.02, 0.1, 0.5):
        theta = away_from_zero(random, 5)
        moved = student.decayed_step(theta, np.zeros(5), 0.01, w, "L2")
        assert np.allclose(theta - moved, 0.01 * np.sign(theta)), "L2 moves by η, whatever w is"
        moved = student.decayed_step(theta, np.zeros(5), 0.01, w, "AdamW")
        assert np.allclose(moved, theta - 0.01 * w * theta, rtol=1e-6), "AdamW takes off ηw of θ"


@decay.with_args(tells=False)
def test_l2_does_nothing_where_the_gradient_of_the_loss_outweighs_it(student, random):
    theta, grad = away_from_zero(random, (2, 6))
    moved = student.decayed_step(theta, grad, 0.05, 0.1, "L2")
    assert np.allclose(moved, theta - 0.05 * np.sign(grad)), "the sign of g + wθ is that of g"


@decay.with_args(tells=False)
def test_without_decay_both_are_adam_and_no_argument_is_changed(student, random):
    decayed = student.decayed_step
    for kind, w in (("L2", 0.1), ("AdamW", 0.1), ("L2", 0.0), ("AdamW", 0.0)):
        theta, grad = away_from_zero(random, (2, 5))
        moved = decayed(theta, grad, 0.1, w, kind)
        assert not decayed.changed, "θ and the gradient must not be changed"
        if w:
            continue
        assert np.allclose(moved, theta - 0.1 * np.sign(grad)), "the first step is η long"


@decay.with_args(tells=False)
def test_a_weight_of_zero_without_a_gradient_stays(student, random):
    for kind in ("L2", "AdamW"):
        moved = student.decayed_step(np.zeros(2), np.array([0.0, 0.7]), 0.1, 0.3, kind)
        assert np.allclose(moved, [0, -0.1]), "where m̂ is 0, m̂/σ̂ counts as 0"


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
        # λ/σ is largest in the middle, λ in the last place and σ smallest in the first.
        curvatures = np.array([1.0, 2.0, 3.0]) * random.uniform(0.9, 1.1, 3)
        sigmas = np.array([0.8, 1.0, 3.0]) * random.uniform(0.9, 1.1, 3)
        rate = student.largest_rate_with_memory(curvatures, sigmas, beta, form)
        below, above = (
            run_with_memory(curvatures, sigmas, beta, form, share * rate) for share in (0.95, 1.05)
        )
        assert below < 0.5, "below this rate a run does not come nearer to the minimum"
        assert above > 2, "above this rate a run does not grow"


@stable
@pytest.mark.parametrize("form", ["average", "ball"])
def test_a_coordinate_alone_jumps_for_ever_at_this_rate(student, random, form):
    for beta in random.uniform(0.1, 0.9, 5):
        curvature, sigma = random.uniform(0.5, 5, (2, 1))
        rate = student.largest_rate_with_memory(curvature, sigma, beta, form)
        # At θ = 1 before an update and −1 after it, m is the jump of 2 in units of η/σ.
        m = 2 * sigma / rate
        new = (1 - beta if form == "average" else 1) * curvature - beta * m
        assert np.allclose(new, m), "at this rate the coordinate does not jump between +u and −u"


@stable.with_args(tells=False)
def test_the_coordinate_with_the_largest_ratio_decides(student, random):
    for form in ("average", "ball"):
        alone = student.largest_rate_with_memory(np.array([2.0]), np.array([0.1]), 0.7, form)
        for order in ([0, 1, 2], [1, 2, 0], [2, 0, 1]):
            curvatures, sigmas = np.array([90.0, 2.0, 0.0]), np.array([9.0, 0.1, 0.01])
            valley = student.largest_rate_with_memory(curvatures[order], sigmas[order], 0.7, form)
            assert np.isclose(alone, valley), "the coordinate with the largest λ/σ decides alone"


@stable
def test_without_a_memory_both_forms_have_the_old_limit(student, random):
    # λ/σ is largest in the middle, λ in the last place and σ smallest in the first.
    curvatures = np.array([1.0, 2.0, 3.0]) * random.uniform(0.9, 1.1, 3)
    sigmas = np.array([4.0, 5.0, 15.0]) * random.uniform(0.9, 1.1, 3)
    for form in ("average", "ball"):
        rate = student.largest_rate_with_memory(curvatures, sigmas, 0.0, form)
        largest = np.max(curvatures / sigmas)
        assert np.isclose(rate * largest, 2), "without memory the limit of ηλ/σ is 2"


@stable.with_args(tells=False)
def test_the_ball_is_the_average_with_a_smaller_rate(student, random):
    curvatures, sigmas = random.uniform(0.1, 10, (2, 3))
    beta = random.uniform(0.1, 0.99)
    average, ball = (
        student.largest_rate_with_memory(curvatures, sigmas, beta, form)
        for form in ("average", "ball")
    )
    assert np.isclose(ball, (1 - beta) * average), "the ball is 1/(1 − β) times the average"


def measured_factor(curvatures, lr, beta):
    """By how much a run of the heavy ball changes per update, from its last 200 of 400."""
    theta, m, far = np.ones_like(curvatures), np.zeros_like(curvatures), []
    for _ in range(400):
        m = beta * m + curvatures * theta
        theta = theta - lr * m
        far.append(np.hypot(theta, lr * m).max())  # together they do not vanish in a swing
    return (far[-1] / far[199]) ** (1 / 200)


@ball
def test_it_is_the_factor_of_a_run(student, random):
    for limit in (0.1, 0.5, 0.9, 0.99, 1.1):  # the share of the largest stable rate
        for beta in (0.1, 0.4, 0.8):
            curvatures = random.permutation([0.2, 1.0, 2.0]) * random.uniform(0.9, 1.1)
            lr = limit * 2 * (1 + beta) / curvatures.max()
            factor = student.factor_with_memory(curvatures, lr, beta)
            measured = measured_factor(curvatures, lr, beta)
            assert abs(factor - measured) < 0.02, "a run changes by another factor"


@ball
def test_a_swing_shrinks_by_the_root_of_beta_whatever_its_curvature(student, random):
    for beta in random.uniform(0.2, 0.9, 5):
        curvatures = (1 + random.permutation([-0.9, -0.4, 0.5, 0.9]) * np.sqrt(beta)) ** 2
        factor = student.factor_with_memory(curvatures / 0.03, 0.03, beta)
        assert np.isclose(factor, np.sqrt(beta)), "complex roots have the size √β"
        flat = np.append(curvatures, 0.5 * (1 - np.sqrt(beta)) ** 2)
        slower = student.factor_with_memory(flat / 0.03, 0.03, beta)
        assert slower > 1.0001 * factor, "a coordinate too flat to swing is slower"


@ball
def test_without_a_memory_it_is_the_factor_of_gradient_descent(student, random):
    for lr in (0.3, 0.75):  # the flattest is the slowest, and the steepest
        curvatures = np.array([0.5, 2.5, 1.0]) * random.uniform(0.95, 1.05)
        factor = student.factor_with_memory(curvatures, lr, 0.0)
        assert np.isclose(factor, np.abs(1 - lr * curvatures).max()), "without memory z is 1 − ηλ"


@ball
def test_a_single_coordinate_with_real_roots_has_the_larger_one(student, random):
    for sign in (1, -1):
        large, small = random.uniform(0.7, 0.95), random.uniform(0.2, 0.5)
        beta = large * small  # the product of the roots, and their sum is 1 + β − ηλ
        curvature = (1 + beta - sign * (large + small)) / 0.2
        factor = student.factor_with_memory(np.array([curvature]), 0.2, beta)
        assert np.isclose(factor, large), "the larger of two real roots decides"


@ball.with_args(tells=False)
def test_the_best_constants_replace_kappa_by_its_root(student, random):
    for kappa in (25.0, 400.0, 1e4):
        root, low = np.sqrt(kappa), random.uniform(0.1, 2)
        curvatures = np.array([1.0, kappa, 0.3 * kappa]) * low
        lr, beta = (2 / (1 + root)) ** 2 / low, ((root - 1) / (root + 1)) ** 2
        factor = student.factor_with_memory(curvatures, lr, beta)
        # Both roots are one here, so rounding counts as its root.
        assert abs(factor - (root - 1) / (root + 1)) < 1e-6, "the best factor is that of √κ"


@ball.with_args(tells=False)
def test_the_slowest_coordinate_decides_alone(student):
    lr, beta = 0.2, 0.5
    each = [student.factor_with_memory(np.array([c]), lr, beta) for c in (0.3, 2.0, 8.0)]
    for curvatures in ([0.3, 2.0, 8.0], [2.0, 8.0, 0.3], [8.0, 0.3, 2.0]):
        together = student.factor_with_memory(np.array(curvatures), lr, beta)
        assert np.isclose(together, max(each)), "the factor is that of the slowest coordinate"
        flat = student.factor_with_memory(np.insert(curvatures, 1, 0.0), lr, beta)
        assert np.isclose(flat, 1), "a coordinate of curvature 0 keeps its place"
