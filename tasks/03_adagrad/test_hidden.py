"""The hidden tests of 03: one property a test."""

from itertools import product

import numpy as np
import pytest

sigmas = pytest.mark.task("adagrad_sigmas", points=1)
step = pytest.mark.task("adagrad_step", points=1)
translate = pytest.mark.task("translate_rates", points=1)
begins = pytest.mark.task("burst_begins", points=1)
units = pytest.mark.task("in_new_units", points=1)
mend = pytest.mark.task("mended_adagrad", points=1)


def some(random, *shape):
    """Random gradients of both signs, none of them near 0."""
    return random.uniform(0.5, 2, shape) * random.choice([-1.0, 1.0], shape)


@sigmas.with_args(tells=False)
def test_the_first_sigma_is_the_size_of_the_first_gradient(student, random):
    gradients = some(random, 5, 3)
    for sigma in student.adagrad_sigmas(gradients):
        assert np.allclose(sigma[0], np.abs(gradients[0])), "after one gradient g, σ is |g|"


@sigmas.with_args(tells=False)
def test_gradients_of_one_size_keep_the_mean_form(student, random):
    for size in (1e-6, 1.0, 1e6):
        mean, _ = student.adagrad_sigmas(size * random.choice([-1.0, 1.0], size=(9, 2)))
        same = np.allclose(np.asarray(mean) / size, 1)
        assert same, "if all gradients have one size, their root mean square is that"


@sigmas.with_args(tells=False)
def test_gradients_of_one_size_raise_the_sum_form(student, random):
    grown = np.sqrt(np.arange(1.0, 10))[:, None]
    for size in (1e-6, 1.0, 1e6):
        _, total = student.adagrad_sigmas(size * random.choice([-1.0, 1.0], size=(9, 2)))
        right = np.allclose(np.asarray(total) / size, grown)
        assert right, "n gradients of one size have √n times that as σ of the sum"


@sigmas
def test_the_mean_form_is_the_root_mean_square_of_each_beginning(student, random):
    gradients = some(random, 7, 4)
    mean = np.asarray(student.adagrad_sigmas(gradients)[0])
    for t in range(7):
        expected = np.linalg.norm(gradients[: t + 1], axis=0) / np.sqrt(t + 1)
        assert np.allclose(mean[t], expected), (
            "row t is not the root mean square of t + 1 gradients"
        )


@sigmas
def test_each_gradient_adds_its_square_to_the_sum_form(student, random):
    gradients = some(random, 7, 4)
    total = np.asarray(student.adagrad_sigmas(gradients)[1])
    for t in range(1, 7):
        added = total[t] ** 2 - total[t - 1] ** 2
        assert np.allclose(added, gradients[t] ** 2), "σ² of the sum form must grow by g²"


@sigmas.with_args(tells=False)
def test_sigma_is_zero_before_the_first_gradient_and_nothing_is_lost(student, random):
    for size in (1e-12, 1e-7):
        gradients = size * random.uniform(1, 2, (5, 2))
        gradients[:3, 0] = 0
        for sigma in map(np.asarray, student.adagrad_sigmas(gradients)):
            assert np.all(sigma[:3, 0] == 0), "σ is 0 as long as all gradients are 0"
            assert np.allclose(sigma[0, 1] / gradients[0, 1], 1), "nothing is added to σ"


@sigmas
def test_gradients_of_whole_numbers_have_the_same_sigma(student, random):
    gradients = random.integers(1, 9, (5, 3))
    whole, real = student.adagrad_sigmas(gradients), student.adagrad_sigmas(1.0 * gradients)
    same = all(np.allclose(*pair) for pair in zip(whole, real, strict=True))
    assert same, "whole-number gradients have the same σ"
    last = np.sqrt(np.mean(gradients**2, axis=0))
    assert np.allclose(whole[0][-1], last), "the last σ of the mean form is another"


@sigmas.with_args(tells=False)
def test_a_row_does_not_know_the_gradients_after_it(student, random):
    gradients = random.normal(size=(8, 2))
    whole, part = student.adagrad_sigmas(gradients), student.adagrad_sigmas(gradients[:3])
    for sigma, beginning in zip(whole, part, strict=True):
        assert np.shape(beginning) == (3, 2), "the results have the shape of the gradients"
        assert np.allclose(sigma[:3], beginning), "later gradients must not change an earlier σ"


@sigmas
def test_every_parameter_and_every_run_has_its_own_sigma(student, random):
    gradients = random.normal(size=(4, 3, 5))
    gradients[:, 0, 0] = 0
    together = student.adagrad_sigmas(gradients)
    last = np.linalg.norm(gradients, axis=0)
    assert np.allclose(together[1][-1], last), "the last σ of the sum form is another"
    for i, j in np.ndindex(3, 5):
        alone = student.adagrad_sigmas(gradients[:, i : i + 1, j])
        for sigma, own in zip(together, alone, strict=True):
            assert np.shape(sigma) == (4, 3, 5), "the results have the shape of the gradients"
            column = np.asarray(sigma)[:, i, j]
            assert np.allclose(column, np.ravel(own)), "σ must not depend on other parameters"


@step.with_args(tells=False)
def test_the_first_step_is_one_rate_long_whatever_the_gradient(student, random):
    for _ in range(5):
        grad, lr = random.normal(size=3) * [1e-6, 1.0, 1e6], random.uniform(0.1, 1)
        theta, _ = student.adagrad_step(np.zeros(3), grad, np.zeros(3), lr, 1e-30)
        right = np.allclose(theta, -lr * np.sign(grad))
        assert right, "the first step is η long, against the gradient"


@step
def test_the_sum_grows_by_the_square_of_the_gradient(student, random):
    total, grad = random.uniform(0, 2, 4), random.normal(size=4)
    _, after = student.adagrad_step(random.normal(size=4), grad, total, 0.1, 1e-8)
    assert np.allclose(after, total + grad**2), "the new sum is the old one plus g²"


@step
def test_called_in_a_loop_with_one_gradient_its_steps_fall_as_the_root(student, random):
    theta, total, grad = np.zeros(2), np.zeros(2), random.uniform(0.5, 2, 2)
    for t in range(6):
        before, (theta, total) = theta, student.adagrad_step(theta, grad, total, 0.3, 1e-30)
        moved = np.subtract(before, theta)
        assert np.allclose(moved, 0.3 / np.sqrt(t + 1)), "step t of a constant gradient is η/√(t+1)"


@step.with_args(tells=False)
def test_epsilon_is_added_outside_the_root(student, random):
    for size in (1e-3, 1.0):
        grad, eps = size * random.uniform(1, 2, 3), size * random.uniform(0.1, 1)
        theta, _ = student.adagrad_step(np.zeros(3), grad, np.zeros(3), 0.5, eps)
        assert np.allclose(theta, -0.5 * grad / (grad + eps)), "the first step is η g / (|g| + ε)"


@step.with_args(tells=False)
def test_a_parameter_without_gradient_stays_where_it_is(student, random):
    start = random.integers(1, 9, 2) / 4  # numbers that float32 holds exactly
    theta, total = student.adagrad_step(start, np.array([0.0, 1.0]), np.zeros(2), 0.1, 1e-8)
    assert theta[0] == start[0], "a parameter whose gradients are 0 must not move"
    assert total[0] == 0, "a gradient of 0 adds nothing"


@step
def test_a_step_of_whole_numbers_is_the_same(student, random):
    # No two alike: else one σ for all parameters would be right, in one draw of 500.
    theta, grad, total = whole = random.permuted([range(1, 9)] * 3, axis=1)[:, :4]
    pair = (student.adagrad_step(*part, 0.3, 1e-8) for part in (whole, 1.0 * whole))
    for one, other in zip(*pair, strict=True):
        assert np.allclose(one, other), "whole numbers make the same step"
    moved, _ = student.adagrad_step(*whole, 0.3, 1e-8)
    step = 0.3 * grad / np.sqrt(total + grad**2)
    assert np.allclose(theta - moved, step), "whole numbers make another step"


@step.with_args(tells=False)
def test_many_runs_at_once_are_the_single_runs_and_no_argument_is_changed(student, random):
    theta, grad, total = random.uniform(0.5, 1, (3, 2, 5))
    rates, function = random.uniform(0.1, 1, 5), student.adagrad_step
    together = function(theta, grad, total, rates, 1e-8)
    assert not function.changed, "θ, the gradient and the sum must not be changed in place"
    for i, lr in enumerate(rates):
        alone = function(theta[:, i], grad[:, i], total[:, i], lr, 1e-8)
        for many, one in zip(together, alone, strict=True):
            assert np.allclose(np.asarray(many)[:, i], one), "a run must not depend on others"


def updates_of(form, rates, gradients):
    """The updates that a form of Adagrad makes, computed one by one."""
    combine = {"mean": np.mean, "sum": np.sum}[form]
    return [
        rates[t] * gradients[t] / np.sqrt(combine(gradients[: t + 1] ** 2, axis=0))
        for t in range(len(rates))
    ]


def same_updates(student, random, form, other):
    """Whether the translated rates make the updates that the given ones make."""
    rates, gradients = random.uniform(0.1, 1, 12), random.normal(size=12)
    translated = student.translate_rates(rates, form)
    return np.allclose(updates_of(form, rates, gradients), updates_of(other, translated, gradients))


@translate
def test_the_sum_form_makes_the_updates_of_the_mean_form(student, random):
    same = same_updates(student, random, "mean", "sum")
    assert same, "with the translated rates the sum form must make the same updates"


@translate
def test_the_mean_form_makes_the_updates_of_the_sum_form(student, random):
    same = same_updates(student, random, "sum", "mean")
    assert same, "with the translated rates the mean form must make the same updates"


@translate.with_args(tells=False)
def test_there_and_back_leaves_the_rates_as_they_were(student, random):
    rates = random.uniform(0.1, 1, 7)
    for form, other in (("mean", "sum"), ("sum", "mean")):
        there = np.asarray(student.translate_rates(rates, form))
        back = student.translate_rates(there, other)
        assert not np.allclose(there, rates), "equal rates do not make the forms equal"
        assert np.allclose(back, rates), "translating there and back must change nothing"


@translate.with_args(tells=False)
def test_the_first_rate_is_the_same_in_both_forms(student, random):
    rates = random.uniform(0.1, 1, 3)
    for form in ("mean", "sum"):
        first = student.translate_rates(rates, form)[0]
        assert np.isclose(first, rates[0]), "with one gradient, mean and sum are the same"


@translate
def test_after_a_hundred_updates_the_forms_are_a_factor_of_ten_apart(student):
    for form, power in (("mean", 1), ("sum", -1)):
        rates = student.translate_rates(np.full(100, 0.5), form)
        assert np.isclose(rates[99], 10.0**power * 0.5), "the root of a hundred gradients is ten"
        assert np.isclose(rates[24], 5.0**power * 0.5), "the root of 25 gradients is five"


@translate.with_args(tells=False)
def test_each_run_has_rates_of_its_own(student, random):
    for form in ("mean", "sum"):
        rates = random.uniform(0.1, 1, (4, 3))
        together = np.asarray(student.translate_rates(rates, form))
        assert together.shape == (4, 3), "N runs with T rates have a result of shape (T, N)"
        for i in range(3):
            alone = student.translate_rates(rates[:, i], form)
            assert np.allclose(together[:, i], alone), "a run must not depend on its neighbours"


@translate.with_args(tells=False)
def test_the_rates_stay_and_may_be_whole_numbers(student, random):
    translate = student.translate_rates
    rates = random.integers(1, 9, 6)
    for form in ("mean", "sum"):
        translated = translate(1.0 * rates, form)
        assert not translate.changed, "the rates must not be changed in place"
        same = np.allclose(translate(rates, form), translated)
        assert same, "whole-number rates have the same translation"


@begins
def test_it_is_the_first_update_whose_ratio_exceeds_2(student, random):
    for _ in range(30):
        total, lr, curvature = random.uniform(60, 200), *random.uniform(0.5, 1.5, 2)
        seen = int(random.integers(1, 10))
        t = seen
        while lr * curvature / np.sqrt(total / (t + 1)) <= 2:
            t += 1
        found = student.burst_begins(total, seen, lr, curvature)
        assert found == t, "followed update by update, ηλ/σ exceeds 2 at another update"


@begins
def test_exactly_2_does_not_count(student):
    # Powers of 2, so that no way of computing it rounds.
    for total, lr, curvature in (
        (1.0, 1.0, 1.0),
        (4.0, 0.5, 1.0),
        (16.0, 1.0, 4.0),
        (4.0, 0.5, 4.0),
    ):
        found = student.burst_begins(total, 1, lr, curvature)
        expected = 4 * total / (lr * curvature) ** 2
        assert found == expected, "at ηλ/σ = 2 the offset does not grow yet"


@begins.with_args(tells=False)
def test_it_is_never_in_the_past(student, random):
    for seen in (8, 30, 1000):
        for _ in range(5):
            found = student.burst_begins(random.uniform(1, 1.9), seen, 1.0, 1.0)
            assert found == seen, "if ηλ/σ is above 2 already, the next update is the answer"


@begins.with_args(tells=False)
def test_the_next_update_may_be_the_first(student, random):
    for seen in range(5, 25):
        total = (seen + random.uniform(0.1, 0.9)) / 4
        found = student.burst_begins(total, seen, 1.0, 1.0)
        assert found == seen, "ηλ/σ is below 2 until now, and above 2 at the next update"


@begins.with_args(tells=False)
def test_a_steeper_valley_bursts_at_the_same_update(student, random):
    for _ in range(20):
        # By a power of 2, so that rounding decides nothing.
        total, steeper = random.uniform(50, 500), 2.0 ** random.integers(1, 8)
        one = student.burst_begins(total, 3, 1.0, 1.0)
        other = student.burst_begins(total * steeper**2, 3, 1.0, steeper)
        assert one == other > 3, "c times the curvature and the gradients must change nothing"


@begins
def test_a_run_on_a_parabola_passes_2_where_it_was_predicted(student, random):
    for _ in range(20):
        curvature, lr = random.uniform(1, 100), random.uniform(0.04, 0.06)
        offset, squares, ratios = 0.2, [], []
        for t in range(400):
            grad = curvature * offset
            squares.append(grad**2)
            sigma = np.sqrt(sum(squares) / (t + 1))
            ratios.append(lr * curvature / sigma)
            offset -= lr * grad / sigma
        passed = int(np.argmax(np.array(ratios) > 2))
        found = student.burst_begins(sum(squares[:40]), 40, lr, curvature)
        assert found == passed > 40, "a real run of the mean form passes 2 at another update"


@begins.with_args(tells=False)
def test_arrays_are_taken_number_by_number(student, random):
    total, seen = random.uniform(1, 50, 6), random.integers(1, 40, 6)
    lr, curvature = random.uniform(0.5, 2, (2, 6))
    together = np.asarray(student.burst_begins(total, seen, lr, curvature))
    assert together.shape == (6,), "arrays of N settings give N updates"
    for i in range(6):
        alone = student.burst_begins(total[i], int(seen[i]), lr[i], curvature[i])
        assert together[i] == alone, "a setting must not depend on its neighbours"


def descent(slope, start, lr):
    """The path of gradient descent."""
    path = [start]
    for _ in range(6):
        path.append(path[-1] - lr * slope(path[-1]))
    return np.array(path)


def adagrad(slope, start, lr, eps, combine):
    """The path of a form of Adagrad."""
    path, gradients = [start], []
    for _ in range(6):
        gradients.append(slope(path[-1]))
        sigma = np.sqrt(combine(np.square(gradients), axis=0)) + eps
        path.append(path[-1] - lr * gradients[-1] / sigma)
    return np.array(path)


def valley(random, scale):
    """The gradient of a bent surface of two parameters, in the old units and in the new ones."""
    steep, flat, bend = random.uniform(0.5, 1, 3)

    def old(theta):
        x, y = theta
        return np.array([steep * x + bend * np.cos(x) * y, flat * y + bend * np.sin(x)])

    # The loss of new is that of new / scale in the old units: the chain rule divides once.
    return old, lambda new: old(new / scale) / scale


@units
@pytest.mark.parametrize("scale", [0.01, 3.0, 1000.0])
def test_gradient_descent_goes_to_the_same_points(student, random, scale):
    old, new = valley(random, scale)
    start, lr = random.normal(size=2), 0.3
    rate, _, _ = student.in_new_units(lr, 1e-8, scale)
    path = descent(new, scale * start, rate) / scale
    assert np.allclose(path, descent(old, start, lr)), "gradient descent goes to other points"


@units
def test_the_rate_of_adagrad_goes_to_the_same_points_where_epsilon_does_not_count(student, random):
    for combine, scale in product((np.mean, np.sum), (0.01, 3.0, 1000.0)):
        old, new = valley(random, scale)
        start, lr, eps = random.normal(size=2), 0.3, 1e-20
        _, rate, small = student.in_new_units(lr, eps, scale)
        path = adagrad(new, scale * start, rate, small, combine) / scale
        expected = adagrad(old, start, lr, eps, combine)
        assert np.allclose(path, expected), "without ε Adagrad goes to other points"


@units
def test_adagrad_goes_to_the_same_points(student, random):
    for combine, scale in product((np.mean, np.sum), (0.01, 3.0, 1000.0)):
        old, new = valley(random, scale)
        start, lr, eps = random.normal(size=2), 0.3, 0.2
        _, rate, small = student.in_new_units(lr, eps, scale)
        path = adagrad(new, scale * start, rate, small, combine) / scale
        expected = adagrad(old, start, lr, eps, combine)
        assert np.allclose(path, expected), "Adagrad goes to other points"


@units.with_args(tells=False)
def test_there_and_back_changes_nothing(student, random):
    lr, eps, scale = random.uniform(0.1, 1), random.uniform(0.1, 1), random.uniform(2, 5)
    descent_lr, adagrad_lr, adagrad_eps = student.in_new_units(lr, eps, scale)
    assert descent_lr != adagrad_lr, "the two rules do not need the same change"
    back, _, _ = student.in_new_units(descent_lr, eps, 1 / scale)
    _, adagrad_back, eps_back = student.in_new_units(adagrad_lr, adagrad_eps, 1 / scale)
    assert np.allclose([back, adagrad_back], lr), "back in the old units the rates are the old ones"
    assert np.isclose(eps_back, eps), "back in the old units ε is the old one"


@units
def test_every_parameter_may_have_a_unit_of_its_own(student, random):
    for scale in (np.array([0.2, 7.0]), np.array([3, 10])):
        old, new = valley(random, scale)
        start, lr, eps = random.normal(size=2), 0.3, 0.2
        together = student.in_new_units(lr, eps, scale)
        assert all(np.shape(part) == (2,) for part in together), "n scales give shape (n,)"
        path = descent(new, scale * start, together[0]) / scale
        same = np.allclose(path, descent(old, start, lr))
        assert same, "with a unit for each parameter gradient descent goes elsewhere"
        path = adagrad(new, scale * start, together[1], together[2], np.sum) / scale
        same = np.allclose(path, adagrad(old, start, lr, eps, np.sum))
        assert same, "with a unit for each parameter Adagrad goes elsewhere"


@units.with_args(tells=False)
def test_the_same_units_need_the_same_settings(student, random):
    for lr, eps in random.uniform(0.1, 1, (5, 2)):
        same = np.allclose(student.in_new_units(lr, eps, 1.0), [lr, lr, eps])
        assert same, "with a scale of 1 nothing changes"


@mend.with_args(tells=False)
def test_row_0_is_the_start_and_every_update_adds_a_row(student, random):
    start = random.normal(size=3)
    for updates in (0, 1, 5):
        path = student.mended_adagrad(np.ones(3), start, 0.1, 1e-8, updates)
        assert np.shape(path) == (updates + 1, 3), "the path has updates + 1 rows"
        assert np.allclose(path[0], start), "row 0 is the start"


def moves_as_adagrad(path, curvatures):
    """Whether every step has the rate 0.1 over the root mean square, ε being too small to count."""
    gradients = curvatures * path[:-1]
    counts = np.arange(1, len(path))[:, None]
    sigma = np.sqrt(np.cumsum(gradients**2, axis=0) / counts)
    return np.allclose(np.diff(path, axis=0), -0.1 * gradients / sigma)


@mend
def test_nothing_moves_where_there_is_no_gradient(student, random):
    curvatures, start = np.array([0.0, 2.0, 1.0]), np.array([3.0, 0.0, random.uniform(5, 6)])
    path = np.asarray(student.mended_adagrad(curvatures, start, 0.1, 1e-8, 8))
    assert path.shape == (9, 3), "the path has updates + 1 rows"
    assert np.all(path[:, :2] == start[:2]), "without a gradient a parameter must stay"
    assert moves_as_adagrad(path[:, 2:], curvatures[2:]), "the other parameters must move downhill"


def goes_downhill(path, lr):
    """Whether a path of three parameters begins with a step downhill that is at most η long."""
    first = np.subtract(path[0], path[1])
    return np.shape(path) == (11, 3) and np.all((first > 0) & (first < 1.001 * lr))


@mend
def test_mirrored_starts_have_mirrored_paths(student, random):
    for eps in (1e-8, 0.1, 1.0, 10.0):
        curvatures, start = random.uniform(2, 20, 3), random.uniform(0.6, 2, 3)
        path, mirrored = (
            np.asarray(student.mended_adagrad(curvatures, s, 0.1, eps, 10)) for s in (start, -start)
        )
        assert np.allclose(path, -mirrored, rtol=1e-12), "a mirrored start must mirror the path"
        assert goes_downhill(path, 0.1), "the first step goes downhill and is at most η long"
        if eps == 1e-8:
            assert moves_as_adagrad(path, curvatures), "without ε a step is not η g / σ"


@mend.with_args(tells=False)
def test_the_path_does_not_depend_on_the_unit_of_the_loss(student, random):
    for unit in (1e-14, 1e-4, 1e3):
        curvatures, start = random.uniform(2, 20, 3), random.uniform(0.6, 2, 3)
        path = student.mended_adagrad(curvatures, start, 0.1, 0.3, 10)
        other = student.mended_adagrad(unit * curvatures, start, 0.1, unit * 0.3, 10)
        assert np.allclose(path, other), "ε has the unit of the gradient: a common factor cancels"
        assert goes_downhill(path, 0.1), "the first step goes downhill and is at most η long"


@mend
def test_every_step_is_divided_by_the_root_mean_square_and_epsilon(student, random):
    curvatures, start = random.uniform(0.5, 5, 2), random.uniform(0.5, 2, 2)
    path = np.asarray(student.mended_adagrad(curvatures, start, 0.2, 0.5, 7))
    assert path.shape == (8, 2), "the path has updates + 1 rows"
    assert np.allclose(path[0], start), "row 0 is the start"
    gradients = curvatures * path
    for t in range(7):
        root = np.linalg.norm(gradients[: t + 1], axis=0) / np.sqrt(t + 1)
        moved = path[t] - path[t + 1]
        assert np.allclose(moved * (root + 0.5), 0.2 * gradients[t]), "step t is not η g / (σ + ε)"


@mend.with_args(tells=False)
def test_the_start_is_not_changed(student, random):
    mended = student.mended_adagrad
    mended(random.uniform(1, 2, 3), random.normal(size=3), 0.1, 1e-8, 4)
    assert not mended.changed, "the start and the curvatures must not be changed"


@mend.with_args(tells=False)
def test_a_start_of_whole_numbers_has_the_same_path(student, random):
    curvatures, start = random.integers(1, 9, (2, 3))
    path = student.mended_adagrad(curvatures, start, 0.3, 0.01, 5)
    other = student.mended_adagrad(1.0 * curvatures, 1.0 * start, 0.3, 0.01, 5)
    assert np.allclose(path, other), "whole-number starts and curvatures have the same path"
