"""The hidden tests of 03: one property a test."""

import numpy as np
import pytest

sigmas = pytest.mark.task("adagrad_sigmas", points=1)
step = pytest.mark.task("adagrad_step", points=1)
translate = pytest.mark.task("translate_rates", points=1)
begins = pytest.mark.task("burst_begins", points=1)
units = pytest.mark.task("in_new_units", points=1)
mend = pytest.mark.task("mended_adagrad", points=1)


@sigmas
def test_the_first_sigma_is_the_size_of_the_first_gradient(student, random):
    gradients = random.normal(size=(5, 3))
    for sigma in student.adagrad_sigmas(gradients):
        assert np.allclose(sigma[0], np.abs(gradients[0])), "after one gradient g, σ is |g|"


@sigmas
@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_gradients_of_one_size_keep_the_mean_form_and_raise_the_sum_form(student, random, size):
    gradients = size * random.choice([-1.0, 1.0], size=(9, 2))
    mean, total = (np.asarray(sigma) / size for sigma in student.adagrad_sigmas(gradients))
    grown = np.sqrt(np.arange(1.0, 10))[:, None]
    assert np.allclose(mean, 1), "if all gradients have one size, their root mean square is that"
    assert np.allclose(total, grown), "n gradients of one size have √n times that as σ of the sum"


@sigmas
def test_each_gradient_adds_its_square(student, random):
    gradients = random.normal(size=(7, 4))
    mean, total = (np.asarray(sigma) for sigma in student.adagrad_sigmas(gradients))
    for t in range(1, 7):
        added = total[t] ** 2 - total[t - 1] ** 2
        assert np.allclose(added, gradients[t] ** 2), "σ² of the sum form must grow by g²"
        assert np.allclose((t + 1) * mean[t] ** 2, total[t] ** 2), "a mean is the sum divided by n"


@sigmas.with_args(tells=False)
def test_a_row_does_not_know_the_gradients_after_it(student, random):
    gradients = random.normal(size=(8, 2))
    whole, part = student.adagrad_sigmas(gradients), student.adagrad_sigmas(gradients[:3])
    for sigma, beginning in zip(whole, part, strict=True):
        assert np.shape(beginning) == (3, 2), "the results have the shape of the gradients"
        assert np.allclose(sigma[:3], beginning), "later gradients must not change an earlier σ"


@sigmas.with_args(tells=False)
def test_every_parameter_and_every_run_has_its_own_sigma(student, random):
    gradients = random.normal(size=(4, 3, 5))
    gradients[:, 0, 0] = 0
    together = student.adagrad_sigmas(gradients)
    for i, j in np.ndindex(3, 5):
        alone = student.adagrad_sigmas(gradients[:, i : i + 1, j])
        for sigma, own in zip(together, alone, strict=True):
            assert np.shape(sigma) == (4, 3, 5), "the results have the shape of the gradients"
            column = np.asarray(sigma)[:, i, j]
            assert np.allclose(column, np.ravel(own)), "σ must not depend on other parameters"


@step
def test_the_first_step_is_one_rate_long_whatever_the_gradient(student, random):
    grad, lr = random.normal(size=3) * [1e-6, 1.0, 1e6], random.uniform(0.1, 1)
    theta, _ = student.adagrad_step(np.zeros(3), grad, np.zeros(3), lr, 1e-30)
    assert np.allclose(theta, -lr * np.sign(grad)), "the first step is η long, against the gradient"


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


@step
def test_epsilon_is_added_outside_the_root(student, random):
    for size in (1e-3, 1.0):
        grad, eps = size * random.uniform(1, 2, 3), size * random.uniform(0.1, 1)
        theta, _ = student.adagrad_step(np.zeros(3), grad, np.zeros(3), 0.5, eps)
        assert np.allclose(theta, -0.5 * grad / (grad + eps)), "the first step is η g / (|g| + ε)"


@step.with_args(tells=False)
def test_a_parameter_without_gradient_stays_where_it_is(student, random):
    start = random.normal(size=2)
    theta, total = student.adagrad_step(start, np.array([0.0, 1.0]), np.zeros(2), 0.1, 1e-8)
    assert theta[0] == start[0], "a parameter whose gradients are 0 must not move"
    assert total[0] == 0, "a gradient of 0 adds nothing"


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


@translate
@pytest.mark.parametrize(("form", "other"), [("mean", "sum"), ("sum", "mean")])
def test_the_other_form_makes_the_same_updates(student, random, form, other):
    rates, gradients = random.uniform(0.1, 1, 12), random.normal(size=12)
    translated = student.translate_rates(rates, form)
    same = np.allclose(updates_of(form, rates, gradients), updates_of(other, translated, gradients))
    assert same, "with the translated rates the other form must make the same updates"


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
    for form, factor in (("mean", 10), ("sum", 0.1)):
        last = student.translate_rates(np.full(100, 0.5), form)[99]
        assert np.isclose(last, factor * 0.5), "the root of a hundred gradients is ten"


@translate.with_args(tells=False)
def test_each_run_has_rates_of_its_own(student, random):
    rates = random.uniform(0.1, 1, (4, 3))
    together = np.asarray(student.translate_rates(rates, "mean"))
    assert together.shape == (4, 3), "N runs with T rates have a result of shape (T, N)"
    for i in range(3):
        alone = student.translate_rates(rates[:, i], "mean")
        assert np.allclose(together[:, i], alone), "a run must not depend on its neighbours"


@begins
def test_it_is_the_first_update_whose_ratio_exceeds_2(student, random):
    for _ in range(10):
        total, lr, curvature = random.uniform(20, 200), *random.uniform(0.5, 2, 2)
        seen = int(random.integers(1, 10))
        t = seen
        while lr * curvature / np.sqrt(total / (t + 1)) <= 2:
            t += 1
        found = student.burst_begins(total, seen, lr, curvature)
        assert found == t, "followed update by update, ηλ/σ exceeds 2 at another update"


@begins
def test_exactly_2_does_not_count(student):
    for total in (1.0, 4.0, 16.0):
        found = student.burst_begins(total, 1, 1.0, 1.0)
        assert found == 4 * total, "at ηλ/σ = 2 the offset does not grow yet"


@begins.with_args(tells=False)
def test_it_is_never_in_the_past(student, random):
    for seen in (30, 1000):
        found = student.burst_begins(random.uniform(1, 5), seen, 1.0, 1.0)
        assert found == seen, "if ηλ/σ is above 2 already, the next update is the answer"


@begins.with_args(tells=False)
def test_a_steeper_valley_bursts_at_the_same_update(student, random):
    total, steeper = random.uniform(50, 500), random.uniform(2, 100)
    one = student.burst_begins(total, 3, 1.0, 1.0)
    other = student.burst_begins(total * steeper**2, 3, 1.0, steeper)
    assert one == other > 100, "c times the curvature and the gradients must change nothing"


@begins
def test_a_run_on_a_parabola_passes_2_where_it_was_predicted(student, random):
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
@pytest.mark.parametrize("combine", [np.mean, np.sum])
def test_adagrad_goes_to_the_same_points(student, random, combine):
    for scale in (0.01, 3.0, 1000.0):
        old, new = valley(random, scale)
        start, lr, eps = random.normal(size=2), 0.3, 0.2
        _, rate, small = student.in_new_units(lr, eps, scale)
        path = adagrad(new, scale * start, rate, small, combine) / scale
        expected = adagrad(old, start, lr, eps, combine)
        assert np.allclose(path, expected), "Adagrad goes to other points"


@units
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
    scale = random.uniform(0.1, 10, 2)
    old, new = valley(random, scale)
    start, lr, eps = random.normal(size=2), 0.3, 0.2
    together = student.in_new_units(lr, eps, scale)
    assert all(np.shape(part) == (2,) for part in together), "n scales give arrays of shape (n,)"
    path = adagrad(new, scale * start, together[1], together[2], np.sum) / scale
    expected = adagrad(old, start, lr, eps, np.sum)
    assert np.allclose(path, expected), "with a unit for each parameter Adagrad goes elsewhere"


@mend.with_args(tells=False)
def test_row_0_is_the_start_and_every_update_adds_a_row(student, random):
    start = random.normal(size=3)
    for updates in (0, 1, 5):
        path = student.mended_adagrad(np.ones(3), start, 0.1, 1e-8, updates)
        assert np.shape(path) == (updates + 1, 3), "the path has updates + 1 rows"
        assert np.allclose(path[0], start), "row 0 is the start"


@mend
def test_nothing_moves_where_there_is_no_gradient(student, random):
    curvatures, start = np.array([0.0, 2.0, 1.0]), np.array([3.0, 0.0, random.uniform(1, 2)])
    path = np.asarray(student.mended_adagrad(curvatures, start, 0.1, 0.01, 8))
    assert np.all(path[:, :2] == start[:2]), "without a gradient a parameter must stay"
    assert np.all(np.diff(path[:, 2]) < 0), "the other parameters must move downhill"


@mend.with_args(tells=False)
@pytest.mark.parametrize("eps", [1e-8, 0.1, 10.0])
def test_mirrored_starts_have_mirrored_paths(student, random, eps):
    curvatures, start = random.uniform(0.5, 20, 3), random.normal(size=3)
    path, mirrored = (
        np.asarray(student.mended_adagrad(curvatures, s, 0.1, eps, 10)) for s in (start, -start)
    )
    assert np.allclose(path, -mirrored, rtol=1e-12), "a mirrored start must give a mirrored path"


@mend.with_args(tells=False)
def test_the_path_does_not_depend_on_the_unit_of_the_loss(student, random):
    curvatures, start, unit = random.uniform(0.5, 20, 3), random.normal(size=3), 1e-4
    path = student.mended_adagrad(curvatures, start, 0.1, 0.3, 10)
    other = student.mended_adagrad(unit * curvatures, start, 0.1, unit * 0.3, 10)
    assert np.allclose(path, other), "ε has the unit of the gradient, so a common factor cancels"


@mend.with_args(tells=False)
def test_every_step_is_divided_by_the_root_mean_square_and_epsilon(student, random):
    curvatures, start = random.uniform(0.5, 5, 2), random.normal(size=2)
    path = np.asarray(student.mended_adagrad(curvatures, start, 0.2, 0.5, 7))
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
