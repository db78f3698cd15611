"""A cell of a map is a run of its own: it ends and diverges where `descend` alone does."""

from threading import Event

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import data, maps, optimizers, schedules, surfaces
from course_lib.descent import descend
from course_lib.maps import sweep, sweeping
from course_lib.network import MLP

RATES = np.geomspace(1e-3, 1, 7)
ALPHAS = np.array([0.0, 0.5, 0.9, 0.99])


def end(objective, start, rule, steps):
    """The last loss of a single run, and where it diverged, -1 if it did not."""
    path = descend(objective, start, rule, steps)
    return path.loss[-1], -1 if path.diverged_at is None else path.diverged_at


def assert_cells(seen, run, rtol=1e-12):
    """Compare each cell of a map with `run` of its two settings."""
    first, second = seen.axes.values()
    assert seen.loss.shape == seen.diverged_at.shape == (len(first), len(second))
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            loss, diverged_at = run(a.item(), b.item())
            np.testing.assert_allclose(seen.loss[i, j], loss, rtol)
            assert seen.diverged_at[i, j] == diverged_at


@pytest.fixture(params=["one block", "a block for each cell"])
def blocks(request, monkeypatch):
    if request.param != "one block":
        monkeypatch.setattr(maps, "BLOCK_BYTES", 1)


numbers = st.floats(0, 0.99)
small_grids = st.lists(numbers, min_size=1, max_size=3)


@given(small_grids, small_grids, st.tuples(numbers, numbers))
def test_each_cell_is_a_run_of_its_own_to_the_last_bit(rates, alphas, start):
    surface, rule = surfaces.himmelblau, optimizers.momentum
    seen = sweep(rule, surface, start, 15, lr=rates, momentum=alphas)
    assert_cells(seen, lambda lr, mu: end(surface, start, rule(lr, mu), 15), rtol=0)


@pytest.mark.usefixtures("blocks")
@pytest.mark.parametrize("name", ["rmsprop", "adam", "adagrad", "nesterov"])
def test_any_rule_can_be_mapped(name):
    rule, second = {
        "rmsprop": (optimizers.rmsprop, "alpha"),
        "adam": (optimizers.adam, "beta2"),
        "adagrad": (optimizers.adagrad, "eps"),
        "nesterov": (optimizers.nesterov, "momentum"),
    }[name]
    surface, start, values = surfaces.crescent(), (-1.0, 0.5), ALPHAS + 1e-3
    seen = sweep(rule, surface, start, 40, **{"lr": RATES, second: values})
    assert list(seen.axes) == ["lr", second]
    assert_cells(seen, lambda lr, b: end(surface, start, rule(lr, **{second: b}), 40), 1e-9)


def test_float32_is_kept_and_agrees_to_its_own_precision():
    given = optimizers.rmsprop, surfaces.crescent(), (-1.0, 0.5), 20
    exact = sweep(*given, lr=RATES / 10, alpha=ALPHAS)
    seen = sweep(*given, dtype=np.float32, lr=RATES / 10, alpha=ALPHAS)
    assert {array.dtype for array in [seen.loss, *seen.axes.values()]} == {np.dtype(np.float32)}
    np.testing.assert_allclose(seen.loss, exact.loss, rtol=1e-3, atol=1e-6)


@pytest.mark.usefixtures("blocks")
def test_beyond_two_over_the_curvature_gradient_descent_diverges():
    def valley(kappa):
        return surfaces.quadratic((1.0, kappa))

    rule, start, kappas = optimizers.gradient_descent, (-1.0, 1.0), np.geomspace(2, 2e4, 5)
    ratio = np.array([0.5, 0.9, 1.5, 3.0, 1e3])
    seen = sweep(
        lambda ratio, kappa: rule(2 * ratio / kappa), valley, start, 300, ratio=ratio, kappa=kappas
    )
    assert np.array_equal(seen.diverged_at > 0, np.broadcast_to(ratio[:, None] > 1, (5, 5)))
    assert_cells(seen, lambda r, kappa: end(valley(kappa), start, rule(2 * r / kappa), 300))


def test_the_bounds_grow_with_the_first_loss_of_a_cell():
    seen = sweep(
        optimizers.gradient_descent, surfaces.saddle, (0.0, 1.0), 100, lr=[0.1, 3.0], b=[0, 1e9]
    )
    assert_cells(
        seen, lambda lr, b: end(surfaces.saddle, (0.0, b), optimizers.gradient_descent(lr), 100)
    )


@pytest.mark.parametrize(
    "schedule",
    [
        lambda lr, steps: schedules.warmup(steps, lr),
        lambda lr, steps: schedules.warmup(steps, schedules.inverse_sqrt(lr)),
        lambda lr, steps: schedules.linear(lr, steps + 1),
        lambda lr, steps: schedules.step(lr, steps + 1),
        lambda lr, steps: schedules.cosine(lr, steps + 1),
    ],
)
def test_the_length_of_a_schedule_can_be_an_axis(schedule):
    def rule(lr, steps):
        return optimizers.adam(schedule(lr, steps))

    surface, start, lengths = surfaces.himmelblau, (0.0, 0.0), np.array([0, 1, 5, 20])
    seen = sweep(rule, surface, start, 30, lr=RATES, steps=lengths)
    assert_cells(seen, lambda lr, steps: end(surface, start, rule(lr, steps), 30), 1e-9)


@pytest.mark.parametrize("name", ["rule", "objective", "start", "steps", "self", "axes"])
def test_an_axis_may_have_any_name(name):
    scope = {"adam": optimizers.adam}
    rule = eval(f"lambda lr, {name}: adam(lr, beta1={name})", scope)
    seen = sweep(rule, surfaces.himmelblau, (0.0, 0.0), 5, **{"lr": RATES, name: ALPHAS})
    same = sweep(optimizers.adam, surfaces.himmelblau, (0.0, 0.0), 5, lr=RATES, beta1=ALPHAS)
    np.testing.assert_array_equal(seen.loss, same.loss)


class Parabola:
    """A class is what makes an objective; its objects may be called, and stand for themselves."""

    def __init__(self, curvature=1.0):
        self.curvature = curvature

    def __call__(self, theta):
        return self.curvature * theta[0] ** 2 / 2

    def loss_and_gradient(self, theta, t):
        return self(theta), self.curvature * theta


def test_a_class_makes_objectives_and_an_objective_may_be_callable():
    rule, curvatures = optimizers.gradient_descent, np.array([0.5, 1.0])
    seen = sweep(rule, Parabola, (3.0,), 5, lr=RATES, curvature=curvatures)
    assert_cells(seen, lambda lr, c: end(Parabola(c), (3.0,), rule(lr), 5))
    once = sweep(optimizers.momentum, Parabola(), (3.0,), 5, lr=RATES, momentum=np.zeros(1))
    np.testing.assert_array_equal(once.loss[:, 0], seen.loss[:, 1])


def test_both_coordinates_of_the_start_can_be_the_axes():
    surface, places = surfaces.quadratic((1.0, 3.0)), np.linspace(-2, 2, 5)
    seen = sweep(lambda: optimizers.adam(0.1), surface, (9.0, 9.0), 30, b=places, w=places)
    assert_cells(seen, lambda b, w: end(surface, (w, b), optimizers.adam(0.1), 30))


@pytest.mark.usefixtures("blocks")
def test_a_network_can_be_mapped():
    x, y = data.diabetes()
    net = MLP((10, 3, 1), loss="squared_error")
    task, start = net.on(x, y, batch_size=32), net.init(0)
    seen = sweep(optimizers.adam, task, start, 10, lr=RATES[:3], beta1=ALPHAS)
    assert_cells(seen, lambda lr, b: end(task, start, optimizers.adam(lr, b), 10), 1e-9)


def test_a_map_is_watched_as_it_fills(monkeypatch):
    monkeypatch.setattr(maps, "BLOCK_BYTES", 1)
    shares, filled = [], []
    for share, seen in sweeping(
        optimizers.rmsprop, surfaces.saddle, (1.0, 1.0), 1, lr=RATES, alpha=ALPHAS
    ):
        shares.append(share)
        filled.append(np.mean(np.isfinite(seen.loss)))
    np.testing.assert_allclose(shares, np.arange(1, 29) / 28)
    np.testing.assert_allclose(filled, shares)


class Gate:
    """An objective that keeps every run waiting but the one which starts at 0."""

    axes = ("x",)

    def __init__(self):
        self.opened, self.starts = Event(), set()

    def loss_and_gradient(self, theta, t):
        self.starts.add(theta.item())
        if theta.item() != 0:
            self.opened.wait()
        return np.abs(theta[0]), 0 * theta


def test_closing_ends_a_sweep_before_its_end(monkeypatch):
    monkeypatch.setattr(maps, "BLOCK_BYTES", 1)
    gate = Gate()
    run = sweeping(optimizers.gradient_descent, gate, (0.0,), 1, x=np.arange(500.0), lr=[0.0])
    assert next(run)[0] == 1 / 500
    run.close()
    gate.opened.set()
    assert len(gate.starts) < 400


LR = {"lr": RATES}


@pytest.mark.parametrize(
    ("axes", "error"),
    [
        (LR, "a map has two axes; got 1: lr"),
        ({}, "a map has two axes; got 0: none"),
        (LR | {"alpha": ALPHAS, "eps": ALPHAS}, "a map has two axes; got 3: lr, alpha, eps"),
        (LR | {"beta": ALPHAS}, "no axis beta: rule, .* have lr, alpha, eps, start, x, y"),
        (LR | {"alpha": [0.5, np.nan]}, "alpha must be finite numbers; got"),
        (LR | {"alpha": []}, "alpha must be finite numbers.*; got an empty array"),
        (LR | {"alpha": 0.5}, r"alpha must be an array of shape \(values,\); its shape is \(\)"),
        (LR | {"alpha": [[0.5]]}, r"alpha must be an array of shape \(values,\)"),
        (LR | {"alpha": [0.5, 1.0]}, r"alpha must be a number in \[0, 1\)"),
    ],
)
def test_bad_axes_are_refused_before_anything_runs(axes, error):
    with pytest.raises(ValueError, match=f"^{error}"):
        sweeping(optimizers.rmsprop, surfaces.himmelblau, (0.0, 0.0), 10, **axes)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"steps": 0}, "steps must be at least 1; got 0"),
        ({"steps": 2.5}, "steps must be a whole number; got 2.5"),
        ({"dtype": np.float16}, "dtype must be one of float64, float32; got 'float16'"),
        ({"start": (np.nan, 0.0)}, "start must be finite"),
        ({"start": np.zeros((2, 3))}, r"start must have shape \(n_parameters,\); got \(2, 3\)"),
        ({"rule": lambda lr, alpha: lr}, "what rule returns must be an Optimizer; got"),
        (
            {"rule": optimizers.adam(0.1)},
            r"rule must be a function that returns an Optimizer, such as adam; got Optimizer\(",
        ),
        ({"objective": lambda lr: lr}, "what objective returns must be a surface, or .*; got"),
        ({"objective": 3}, "objective must be a surface, or a network on its data; got 3"),
    ],
)
def test_other_bad_input_is_refused_before_anything_runs(arguments, error):
    good = {
        "rule": optimizers.rmsprop,
        "objective": surfaces.himmelblau,
        "start": (0.0, 0.0),
        "steps": 10,
        "dtype": np.float64,
    }
    *given, dtype = (good | arguments).values()
    with pytest.raises((TypeError, ValueError), match=f"^{error}"):
        sweeping(*given, dtype=dtype, lr=RATES, alpha=ALPHAS)


def test_a_warmup_longer_than_the_run_is_refused():
    def rule(lr, steps):
        return optimizers.adam(schedules.warmup(steps, lr))

    with pytest.raises(ValueError, match=r"^a warmup of 50 updates is longer than the run of 10"):
        sweep(rule, surfaces.himmelblau, (0.0, 0.0), 10, lr=RATES, steps=np.array([5, 50]))
