"""The hidden tests of 04: one property a test."""

from itertools import product

import numpy as np
import pytest

weights = pytest.mark.task("past_weights", points=1)
memory = pytest.mark.task("alpha_for_memory", points=1)
sigmas = pytest.mark.task("rmsprop_sigmas", points=1)
recovered = pytest.mark.task("updates_until_recovered", points=1)
rate = pytest.mark.task("rate_for_loss", points=1)
mended = pytest.mark.task("mended_centred_step", points=1)


@weights
def test_weighted_squares_are_what_the_updates_make_of_v(student, random):
    squares, alpha = random.uniform(0.5, 2, size=12), random.uniform(0.3, 0.95)
    v = squares[0]
    for seen, square in enumerate(squares[1:], 2):
        v = alpha * v + (1 - alpha) * square
        past = np.asarray(student.past_weights(alpha, seen))
        assert past.shape == (seen,), "there is one weight for each gradient seen"
        assert np.isclose(past @ squares[:seen][::-1], v), "the weighted squares must give σ²"


@weights
@pytest.mark.parametrize("seen", [1, 2, 3, 30])
def test_the_very_first_keeps_what_the_later_ones_leave(student, random, seen):
    for alpha in (0.999, *random.uniform(0.1, 0.9, 5)):
        *later, first = student.past_weights(alpha, seen)
        assert np.isclose(first, alpha ** (seen - 1)), "it enters with 1 and then fades by α"
        assert np.isclose(first + sum(later), 1), "σ² is an average, so its weights add up to 1"


@weights
def test_later_ones_enter_with_one_minus_alpha_and_fade_by_alpha(student, random):
    for alpha in random.uniform(0.1, 0.9, 5):
        for seen in (3, 4, 20):
            newest, before, *_ = student.past_weights(alpha, seen)
            assert np.isclose(newest, 1 - alpha), "the newest square enters with weight 1 − α"
            assert np.isclose(before, alpha * (1 - alpha)), "an update multiplies it by α"


@weights.with_args(tells=False)
def test_without_a_memory_the_newest_has_all_the_weight(student):
    assert np.isclose(np.ravel(student.past_weights(0.0, 1)), 1), "a single one has all the weight"
    past = np.asarray(student.past_weights(0.0, 4))
    assert np.allclose(past, [1, 0, 0, 0]), "for α = 0 the newest alone counts"


@weights.with_args(tells=False)
def test_every_run_has_its_own_weights(student, random):
    compute = student.past_weights
    for alphas in random.uniform(0.1, 0.9, (5, 4)):
        together = np.asarray(compute(alphas.copy(), 6))
        assert not compute.changed, "α must not be changed"
        assert together.shape == (6, 4), "N values of α give weights of shape (seen, N)"
        assert np.allclose(together[0], 1 - alphas), "the newest enters with the 1 − α of its run"
        for i, alpha in enumerate(alphas):
            alone = compute(alpha, 6)
            assert np.allclose(together[:, i], alone), "a run must not depend on its neighbours"


@memory
def test_one_over_one_minus_alpha_is_the_memory(student, random):
    for updates in (1, 2, 7, 700 / 3, 1000, *random.uniform(1, 50, 5)):
        alpha = student.alpha_for_memory(updates, "memory")
        assert np.isclose((1 - alpha) * updates, 1), "1/(1 − α) must be the memory asked for"


@memory
def test_after_a_half_life_without_gradients_v_is_half(student, random):
    for updates in (1, 2, 7, *random.integers(20, 200, 5).tolist()):
        alpha, v = student.alpha_for_memory(updates, "half-life"), 1.0
        for _ in range(updates):
            v = alpha * v
        assert np.isclose(v, 0.5), "a weight must fall to its half within the half-life"


@memory
def test_four_half_lives_of_a_fraction_are_as_long_as_four_times_it(student):
    for quarters in (5, 7, 11, 90, 1234):
        alpha = student.alpha_for_memory(quarters / 4, "half-life")
        assert np.isclose(alpha**quarters, 0.5**4, atol=0), "a half-life need not be a whole number"


@memory.with_args(tells=False)
def test_a_half_life_reaches_further_than_a_memory_of_the_same_number(student):
    for updates in (2, 10, 500):
        both = [student.alpha_for_memory(updates, kind) for kind in ("memory", "half-life")]
        assert both[0] < both[1] < 1, "after a memory less than half of a weight is left"


@memory
@pytest.mark.parametrize("kind", ["memory", "half-life"])
def test_an_array_of_numbers_gives_an_array_of_alphas(student, random, kind):
    compute, whole = student.alpha_for_memory, np.array([1.0, 2.0])
    known = (0.0, 0.5) if kind == "memory" else (0.5, np.sqrt(0.5))
    for numbers in random.uniform(1, 100, (5, 3)):
        updates = np.concatenate([whole, numbers])
        together = np.asarray(compute(updates.copy(), kind))
        assert not compute.changed, "the numbers must not be changed"
        assert together.shape == (5,), "an array of numbers must give one α for each"
        assert np.allclose(together[:2], known), "the first two have another α"
        alone = [compute(number, kind) for number in updates]
        assert np.allclose(together, alone), "a number must not depend on its neighbours"


@sigmas.with_args(tells=False)
def test_the_first_sigma_tells_the_starts_apart(student, random):
    alpha, gradient = random.uniform(0.1, 0.7), random.uniform(0.5, 2, (1, 4))
    for start, factor in (("first", 1), ("corrected", 1), ("zero", np.sqrt(1 - alpha))):
        sigma = student.rmsprop_sigmas(-gradient, alpha, start)
        assert np.shape(sigma) == (1, 4), "σ has the shape of the gradients"
        assert np.allclose(sigma, factor * gradient), "the first σ shows a wrong start"


def squares_have_fading_weights(student, random, start):
    """Compare σ² with a weighted sum, for some α and gradients."""
    for alpha in random.uniform(0.3, 0.9, 5):
        gradients = random.uniform(1, 2, (9, 2)) * random.choice([-1, 1], (9, 2))
        gradients[0, 1] = gradients[5, 0] = 0
        got = np.asarray(student.rmsprop_sigmas(gradients, alpha, start))
        for t in range(9):
            fading = (1 - alpha) * alpha ** np.arange(t + 1.0)
            if start == "first":
                fading[-1] = alpha**t
            elif start == "corrected":
                fading /= fading.sum()
            expected = fading @ gradients[t::-1] ** 2
            assert np.allclose(got[t] ** 2, expected), "the squares have other weights in σ²"


@sigmas
def test_from_zero_the_square_of_sigma_is_a_sum_with_fading_weights(student, random):
    squares_have_fading_weights(student, random, "zero")


@sigmas
def test_from_the_first_the_square_of_sigma_is_a_sum_with_fading_weights(student, random):
    squares_have_fading_weights(student, random, "first")


@sigmas
def test_corrected_the_square_of_sigma_is_an_average_with_fading_weights(student, random):
    squares_have_fading_weights(student, random, "corrected")


@sigmas
def test_on_an_even_slope_a_good_start_is_right_at_once(student, random):
    slope, alpha = random.uniform(0.5, 0.9), random.uniform(0.5, 0.95)
    gradients = np.full((8, 1), -slope)
    for start in ("first", "corrected"):
        sigma = student.rmsprop_sigmas(gradients, alpha, start)
        assert np.allclose(sigma, slope), "equal gradients must give their size at every update"
    rising = np.ravel(student.rmsprop_sigmas(gradients, alpha, "zero"))
    assert np.all(np.diff(rising) > 0), "from zero σ rises towards the slope"
    assert rising[-1] < slope, "from zero σ stays below the slope"


@sigmas.with_args(tells=False)
@pytest.mark.parametrize("scale", [-1e9, 1e-9, 1e-12])
def test_sigma_has_the_scale_of_the_gradients(student, random, scale):
    gradients = random.uniform(0.5, 2, (5, 3))
    for start in ("zero", "first", "corrected"):
        one, other = (student.rmsprop_sigmas(g, 0.8, start) for g in (gradients, scale * gradients))
        right = np.allclose(np.asarray(other) / abs(scale), one)
        assert right, "c times the gradients must give |c| times σ"
        first = gradients[0] * (np.sqrt(0.2) if start == "zero" else 1)
        assert np.allclose(one[0], first), "the first σ is another"


@sigmas.with_args(tells=False)
def test_many_runs_at_once_have_the_sigmas_of_single_runs(student, random):
    gradients, alphas = random.uniform(1, 2, (6, 2, 4)), random.uniform(0.1, 0.9, 4)
    for start in ("zero", "first", "corrected"):
        together = np.asarray(student.rmsprop_sigmas(gradients, alphas, start))
        assert together.shape == (6, 2, 4), "σ has the shape of the gradients"
        first = gradients[0] * (np.sqrt(1 - alphas) if start == "zero" else 1)
        assert np.allclose(together[0], first), "the first σ is another"
        for i, alpha in enumerate(alphas):
            alone = student.rmsprop_sigmas(gradients[..., i], alpha, start)
            assert np.allclose(together[..., i], alone), "a run must not depend on its neighbours"


@sigmas.with_args(tells=False)
def test_the_gradients_are_not_changed(student, random):
    for start in ("zero", "first", "corrected"):
        compute = student.rmsprop_sigmas
        gradients = random.uniform(0.5, 2, (4, 2))
        got = compute(gradients * [1, -1], 0.0, start)
        assert not compute.changed, "the gradients must not be changed"
        assert np.allclose(got, gradients), "for α = 0 each σ is the size of its gradient"


def count(alpha, before, after, ratio):
    """Feed gradients of the new size one by one, until σ is between the borders."""
    v, n = before**2, 0
    while not after / ratio <= np.sqrt(v) <= after * ratio:
        v, n = alpha * v + (1 - alpha) * after**2, n + 1
    return n


def counting_gives_the_same(student, random, factor):
    """Compare with counting, for some α, sizes and ratios."""
    for ratio in (1.01, 1.3, 2.0, 3.0, *random.uniform(1.1, 2.5, 6)):
        # The first is fixed, so that no fault goes unseen by chance.
        alpha, after = (0.9, 0.1) if ratio == 1.01 else random.uniform((0.2, 0.1), (0.9, 10))
        n = student.updates_until_recovered(alpha, factor * after, after, ratio)
        assert n == count(alpha, factor * after, after, ratio), "counting gives another number"


@recovered
@pytest.mark.parametrize("factor", [3.5, 30.0, 1e3])
def test_on_the_way_down_it_is_the_number_that_counting_gives(student, random, factor):
    counting_gives_the_same(student, random, factor)


@recovered
@pytest.mark.parametrize("factor", [0.3, 0.1, 1e-3])
def test_on_the_way_up_it_is_the_number_that_counting_gives(student, random, factor):
    counting_gives_the_same(student, random, factor)


@recovered
def test_from_the_borders_on_nothing_is_to_be_done(student, random):
    after = random.uniform(0.1, 10)
    for before in (0.6 * after, after, 1.9 * after):
        n = student.updates_until_recovered(0.9, before, after, 2.0)
        assert n == 0, "σ is within the ratio from the beginning"
    assert student.updates_until_recovered(0.9, 2.0, 8.0, 4.0) == 0, "the borders are included"
    assert student.updates_until_recovered(0.9, 8.0, 2.0, 4.0) == 0, "the borders are included"
    assert student.updates_until_recovered(0.9, 9.0, 2.0, 4.0) == 3, "σ is outside for 3 updates"


@recovered
def test_a_border_that_is_reached_exactly_is_included(student):
    for scale in (0.5, 1.0, 2.0):
        # Squares with few binary digits, so that no way of computing it rounds.
        n = student.updates_until_recovered(0.5, 2.75 * scale, scale, 1.625)
        assert n == 2, "after two updates σ is exactly at its upper border"
    n = student.updates_until_recovered(0.84375, 1.0, 3.0, 2.0)
    assert n == 1, "after one update σ is exactly at its lower border"


@recovered.with_args(tells=False)
def test_exactly_there_is_reached_only_by_a_sigma_that_is_there(student, random):
    for after in (2.0, *random.uniform(0.1, 10, 10)):
        n = student.updates_until_recovered(0.5, after, after, 1.0)
        assert n == 0, "σ is there already"
        for before in (0.0, 0.5 * after, 2 * after):
            n = student.updates_until_recovered(0.5, before, after, 1.0)
            assert n == np.inf, "σ comes ever nearer to the new size but is never equal to it"


@recovered
def test_a_start_with_zero_is_a_sigma_that_rises(student, random):
    for ratio in (1.02, 1.2, *random.uniform(1.05, 1.2, 5)):
        alpha, after = random.uniform(0.5, 0.95), random.uniform(0.1, 10)
        n = student.updates_until_recovered(alpha, 0.0, after, ratio)
        assert n == count(alpha, 0.0, after, ratio) > 0, "from zero σ rises to after / ratio"


@recovered
def test_up_is_faster_than_down(student):
    for alpha, *numbers in ((0.5, 1, 13), (0.9, 6, 86), (0.9995, 1176, 17930)):
        both = [student.updates_until_recovered(alpha, *s, 1.5) for s in ((1, 99), (99, 1))]
        assert both == numbers, "one large gradient lifts σ at once; small ones let it fade"


@recovered
@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_only_the_ratio_of_the_two_sizes_counts(student, random, scale):
    for _ in range(15):
        alpha, before, after = random.uniform((0.5, 20, 1), (0.9, 30, 2))
        one = student.updates_until_recovered(alpha, before, after, 1.3)
        other = student.updates_until_recovered(alpha, scale * before, scale * after, 1.3)
        assert one == other, "gradients in another unit must give the same number"
        assert one == count(alpha, before, after, 1.3), "counting gives another number"


@rate.with_args(tells=False)
def test_with_a_single_parameter_the_loss_is_that_of_half_a_jump(student, random):
    for loss, curvature in random.uniform(0.5, 10, (5, 2)):
        lr = student.rate_for_loss(loss, np.array([curvature]))
        assert np.isclose(lr / 2, np.sqrt(2 * loss / curvature)), "a side is half of a jump away"


@rate
def test_the_trembling_repeats_itself_and_has_this_loss(student, random):
    for n in (2, 3, 5, 8):
        loss, curvatures = random.uniform(0.1, 10), random.uniform(0.1, 10, n)
        lr = student.rate_for_loss(loss, curvatures)
        theta = 0.5 * lr * np.where(random.random(n) < 0.5, -1, 1)
        grad = curvatures * theta
        sigma = np.sqrt(0.9 * grad**2 + 0.1 * grad**2)
        assert np.allclose(theta - lr * grad / sigma, -theta), "the rate must be a positive number"
        assert np.isclose(grad @ theta / 2, loss), "the trembling leaves another loss"


@rate
def test_a_run_ends_with_this_loss(student, random):
    curvatures, theta = random.uniform(1, 5, 3), random.uniform(0.5, 1, 3)
    lr, v = student.rate_for_loss(1e-3, curvatures), (curvatures * theta) ** 2
    for _ in range(1000):
        grad = curvatures * theta
        v = 0.5 * v + 0.5 * grad**2
        theta = theta - lr * grad / np.sqrt(v)
    assert np.isclose(curvatures @ theta**2 / 2, 1e-3), "a run with this rate ends elsewhere"


@rate
@pytest.mark.parametrize("less", [4.0, 1e12])
def test_a_quarter_of_the_loss_needs_half_the_rate(student, random, less):
    curvatures = random.uniform(0.1, 10, 1)
    one, other = (student.rate_for_loss(loss, curvatures) for loss in (1.0, 1 / less))
    assert np.isclose(other * np.sqrt(less), one), "the loss goes with the square of the rate"
    many = [student.rate_for_loss(loss, np.full(3, 2.0)) for loss in (3.0, 3.0 / less)]
    assert np.allclose(many, [2.0, 2.0 / np.sqrt(less)]), "three equal parameters share the loss"


@rate
@pytest.mark.parametrize("unit", [1e-12, 1e12])
def test_the_unit_of_the_loss_does_not_change_the_rate(student, random, unit):
    loss, curvature = random.uniform(0.5, 10, 2)
    lr = student.rate_for_loss(unit * loss, unit * np.array([curvature]))
    assert np.isclose(lr, np.sqrt(8 * loss / curvature)), "a loss in other units has other λ too"
    lr = student.rate_for_loss(unit * 2.0, unit * np.array([1.0, 1.0, 1.0, 1.0]))
    assert np.isclose(lr, 2), "four equal parameters share the loss"


@rate.with_args(tells=False)
def test_each_column_is_a_run_of_its_own(student, random):
    losses, curvatures = random.uniform(0.1, 1, 4), random.uniform(0.1, 10, (3, 4))
    compute = student.rate_for_loss
    for loss in (losses, 0.5):
        together = np.asarray(compute(loss, curvatures.copy()))
        assert not compute.changed, "neither the losses nor the curvatures must be changed"
        assert together.shape == (4,), "N columns have N rates"
        for i, one in enumerate(np.broadcast_to(loss, 4)):
            alone = compute(one, curvatures[:, i])
            assert np.isclose(together[i], alone), "a column must not depend on the others"
    single = np.asarray(compute(losses, curvatures[:1]))
    assert np.allclose(single, np.sqrt(8 * losses / curvatures[0])), "one parameter, four runs"


def state_after(gradients, alpha):
    """m and v after these gradients, from zero, as weighted sums."""
    fading = (1 - alpha) * alpha ** np.arange(len(gradients))[::-1]
    return fading @ gradients, fading @ gradients**2


def varied(random):
    """Gradients that vary so much that v is far above m²."""
    return random.uniform(0.5, 2, (7, 3)) * np.resize([-1.0, 1.0, 1.0], (7, 1))


@mended
def test_m_and_v_are_fading_averages(student, random):
    for alpha in random.uniform(0.5, 0.9, 5):
        gradients, theta = varied(random), random.normal(size=3)
        state = state_after(gradients[:-1], alpha)
        _, *got = student.mended_centred_step(theta, gradients[-1], *state, 0.1, alpha, 0.01)
        mean, square = state_after(gradients, alpha)
        assert np.allclose(got[0], mean), "m must be the fading average of the gradients"
        assert np.allclose(got[1], square), "v must be the fading average of their squares"


@mended
def test_where_gradients_vary_sigma_is_their_standard_deviation(student, random):
    for alpha in random.uniform(0.5, 0.9, 5):
        gradients, theta = varied(random), random.normal(size=3)
        state = state_after(gradients[:-1], alpha)
        moved, *_ = student.mended_centred_step(theta, gradients[-1], *state, 0.1, alpha, 0.01)
        mean, square = state_after(gradients, alpha)
        sigma = np.sqrt(square - mean**2) + 0.01
        assert np.allclose(moved, theta - 0.1 * gradients[-1] / sigma), "θ makes another step"


@mended.with_args(tells=False)
def test_a_long_even_slope_makes_no_nan(student, random):
    grad = np.array([0.02, *random.uniform(0.1, 10, 199)]) * np.resize([1, -1], 200)
    theta, m, v = np.zeros(200), grad, grad**2
    for _ in range(30):
        step = student.mended_centred_step(theta, grad, m, v, 0.01, 0.9, 0.5)
        theta, m, v = np.array(step, float)
        assert np.all(np.isfinite(theta)), "equal gradients must not lead to NaN"
    assert np.allclose(theta, -30 * 0.01 / 0.5 * grad, rtol=1e-2), "there σ is ε alone"


@mended
def test_a_variance_below_zero_counts_as_zero(student, random):
    for sign, eps in product((-1, 1), (0.2, 1e-7)):
        grad, theta = sign * random.uniform(0.5, 2, (2, 3)), random.uniform(1, 2, (2, 3))
        given = theta, grad, grad, 0.99 * grad**2, 0.5 * eps, 0.8, eps
        moved, m, v = student.mended_centred_step(*given)
        assert np.allclose(moved, theta - 0.5 * grad), "with a variance of 0 σ is ε alone"
        assert np.allclose(m, grad), "m must be the average, also where the variance is rounded"
        assert np.allclose(v, 0.992 * grad**2), "v must be the average, also where it is below m²"


@mended
def test_the_same_added_to_all_gradients_does_not_change_sigma(student, random):
    for _ in range(5):
        grad, m = random.uniform(0.5, 2, (2, 4)) * [[1], [-1]]
        theta, v = random.normal(size=4), m**2 + random.uniform(1, 2, 4)
        c = random.uniform(2.5, 3)
        one, *_ = student.mended_centred_step(theta, grad, m, v, 0.1, 0.9, 0.05)
        shifted = grad + c, m + c, v + 2 * c * m + c**2
        other, *_ = student.mended_centred_step(theta, *shifted, 0.1, 0.9, 0.05)
        steps = (theta - one) / grad, (theta - other) / (grad + c)
        assert np.allclose(*steps), "σ must measure how gradients vary, not how large they are"
        variance = 0.9 * (v - m**2) + 0.09 * (grad - m) ** 2
        assert np.allclose(steps[0], 0.1 / (np.sqrt(variance) + 0.05)), "θ makes another step"


@mended.with_args(tells=False)
def test_each_run_steps_alone_and_changes_no_argument(student, random):
    step = student.mended_centred_step
    theta, grad, m = random.uniform(0.5, 2, (3, 2, 5))
    v = m**2 + np.array([[3.0], [6.0]])
    together = np.array(step(theta, grad, m, v, 0.1, 0.9, 0.01))
    assert not step.changed, "θ, the gradient and the averages must not be changed"
    assert together.shape == (3, 2, 5), "N runs give θ, m and v of shape (n, N)"
    assert np.allclose(together[1], 0.9 * m + 0.1 * grad), "m must be the fading average"
    for i in range(5):
        runs = (theta[:, i], grad[:, i], m[:, i], v[:, i])
        alone = np.array(step(*runs, 0.1, 0.9, 0.01))
        assert np.allclose(together[..., i], alone), "a run must not depend on its neighbours"
