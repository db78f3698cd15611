"""A path holds what a hand-written loop would see, and a diverging run stops quietly."""

import re
from itertools import islice

import numpy as np
import pytest

from course_lib import optimizers, schedules, surfaces
from course_lib.descent import descend, updates

BOWL = surfaces.quadratic((1.0, 1.0))
TWO = np.array([0.1, 0.2])
COLUMNS = ["theta", "gradient", "direction", "scale", "loss", "lr"]


class Witness:
    """An objective which notes when it is asked; its loss depends on t."""

    def __init__(self):
        self.asked = []

    def loss_and_gradient(self, theta, t):
        self.asked.append(t)
        return np.sum(theta**2) + t, 2 * theta


def test_a_path_holds_what_a_loop_by_hand_sees():
    rule, theta = optimizers.adam(lr=schedules.inverse_sqrt(0.3)), np.array([-1.0, 2.0])
    path = descend(surfaces.himmelblau, theta, rule, steps=25)
    assert path.diverged_at is None
    state = rule.init(theta)
    for t in range(26):
        grad = surfaces.himmelblau.gradient(theta)
        np.testing.assert_array_equal(path.theta[t], theta)
        np.testing.assert_array_equal(path.gradient[t], grad)
        assert path.loss[t] == surfaces.himmelblau.value(theta)
        assert path.gradient_norm[t] == pytest.approx(np.hypot(*grad))
        assert path.lr[t] == pytest.approx(0.3 / np.sqrt(t + 1), rel=1e-15)
        theta, state = rule.update(theta, grad, state)
    assert [len(getattr(path, column)) for column in COLUMNS] == [26] * 6


def test_the_parts_of_the_step_stand_beside_it():
    path = descend(BOWL, (3.0, 4.0), optimizers.adagrad(lr=0.5, eps=1e-12), steps=1)
    assert path.theta[0].tolist() == [3.0, 4.0]
    assert path.loss[0] == 12.5
    assert path.gradient_norm[0] == 5.0
    np.testing.assert_allclose(path.scale[0], [3.0, 4.0])
    np.testing.assert_allclose(path.theta[1], [2.5, 3.5])
    np.testing.assert_allclose(path.scale[1], [np.hypot(3, 2.5), np.hypot(4, 3.5)])
    assert path.direction[1].tolist() == path.gradient[1].tolist() == path.theta[1].tolist()


def test_no_steps_leave_the_start():
    path = descend(BOWL, (3.0, 4.0), optimizers.momentum(lr=0.1), steps=0)
    assert path.theta.tolist() == [[3.0, 4.0]]
    assert path.direction.tolist() == [[3.0, 4.0]]
    assert path.diverged_at is None


def test_the_objective_is_asked_once_for_each_update_in_turn():
    witness = Witness()
    path = descend(witness, (1.0, 0.0), optimizers.gradient_descent(lr=0.1), steps=5)
    assert witness.asked == [0, 1, 2, 3, 4, 5]
    np.testing.assert_allclose(path.loss, 0.64 ** np.arange(6) + np.arange(6))


def test_a_run_can_be_watched_and_stopped():
    witness = Witness()
    run = updates(witness, (1.0, 0.0), optimizers.gradient_descent(lr=0.1), steps=1000)
    rows = list(islice(run, 3))
    assert [row.t for row in rows] == [0, 1, 2]
    assert witness.asked == [0, 1, 2]
    path = descend(Witness(), (1.0, 0.0), optimizers.gradient_descent(lr=0.1), steps=2)
    np.testing.assert_array_equal([row.theta for row in rows], path.theta)


def test_one_start_serves_every_setting():
    rates = np.array([[0.1], [0.2]]), np.array([0.0, 0.5, 0.9])
    path = descend(BOWL, (3.0, 4.0), optimizers.momentum(*rates), steps=10)
    assert path.theta.shape == (11, 2, 2, 3)
    assert path.loss.shape == path.lr.shape == path.gradient_norm.shape == (11, 2, 3)
    assert path.diverged_at.tolist() == [[-1] * 3] * 2
    alone = descend(BOWL, (3.0, 4.0), optimizers.momentum(0.2, 0.9), steps=10)
    np.testing.assert_allclose(path.theta[..., 1, 2], alone.theta)
    np.testing.assert_allclose(path.loss[:, 1, 2], alone.loss)


def test_many_starts_run_at_once():
    starts = np.random.default_rng(0).normal(size=(2, 5))
    path = descend(surfaces.beale, starts, optimizers.rmsprop(lr=0.01), steps=20)
    for i in range(5):
        alone = descend(surfaces.beale, starts[:, i], optimizers.rmsprop(lr=0.01), steps=20)
        np.testing.assert_allclose(path.theta[..., i], alone.theta, rtol=1e-12)


def test_the_start_is_left_alone_and_its_precision_kept():
    start = np.array([3.0, 4.0], dtype=np.float32)
    start.flags.writeable = False
    path = descend(BOWL, start, optimizers.adam(lr=0.1), steps=5)
    assert path.theta.dtype == path.loss.dtype == np.float32
    path.theta[:] = 0
    assert start.tolist() == [3.0, 4.0]


# -------------------------------------------------------------- divergence


@pytest.mark.parametrize(
    ("start", "lr", "diverged_at"),
    [
        (1.0, 11.0, 7),  # loss ½·100ᵗ, over 1e12 first at t = 7
        (1.0, 3.0, 21),  # loss ½·4ᵗ
        (1e4, 3.0, 20),  # loss 5e7·4ᵗ, and the bound is 1e12 times the first loss
        (1.0, 2.0, None),  # bounces for ever
        (1.0, 1e300, 1),
        (4.0, 1.7e308, 1),  # the step itself overflows
    ],
)
def test_a_run_diverges_when_its_loss_is_1e12_times_too_large(start, lr, diverged_at):
    path = descend(BOWL, (start, 0.0), optimizers.gradient_descent(lr), steps=30)
    assert path.diverged_at == diverged_at
    assert np.all(np.isfinite(path.theta))


def test_falling_without_end_is_diverging_too():
    path = descend(surfaces.saddle, (0.0, 1.0), optimizers.gradient_descent(lr=1.0), steps=30)
    assert path.diverged_at == 21  # loss -½·4ᵗ


@pytest.mark.parametrize(
    "rule",
    [
        lambda lr: optimizers.momentum(lr),
        lambda lr: optimizers.gradient_descent(schedules.exponential(lr, 10, 0.5)),
        lambda lr: optimizers.adamw(lr, weight_decay=2.0),
    ],
    ids=["momentum", "falling rate", "decay"],
)
def test_from_there_on_the_last_row_inside_repeats_beside_runs_that_go_on(rule):
    mixed = descend(BOWL, (1.0, 0.5), rule(np.array([0.1, 11.0])), steps=20)
    good = descend(BOWL, (1.0, 0.5), rule(0.1), steps=20)
    bad = descend(BOWL, (1.0, 0.5), rule(11.0), steps=20)
    assert good.diverged_at is None
    assert mixed.diverged_at.tolist() == [-1, bad.diverged_at]
    for column in COLUMNS:
        both = getattr(mixed, column)
        np.testing.assert_allclose(both[..., 0], getattr(good, column), rtol=1e-12)
        np.testing.assert_allclose(both[..., 1], getattr(bad, column), rtol=1e-12)
        rows = getattr(bad, column)[bad.diverged_at - 1 :]
        np.testing.assert_array_equal(rows, np.broadcast_to(rows[0], rows.shape))
    assert np.all(np.abs(bad.loss) <= 1e12)


def test_a_diverged_run_stays_where_it_is_even_if_its_rate_becomes_small():
    rule = optimizers.gradient_descent(lambda t: np.array([0.1, 11.0 if t < 10 else 0.1]))
    rows = list(updates(BOWL, (1.0, 0.0), rule, steps=20))
    assert [row.inside.tolist() for row in rows] == [[True, True]] * 7 + [[True, False]] * 14
    for row in rows[7:]:
        for now, then in zip(row[1:4], rows[6][1:4], strict=True):  # θ, loss and gradient
            np.testing.assert_array_equal(now[..., 1], then[..., 1])


def test_the_iteration_ends_when_every_run_has_diverged():
    rule = optimizers.gradient_descent(lr=np.array([11.0, 3.0]))
    rows = list(updates(BOWL, (1.0, 0.0), rule, steps=100))
    assert [row.t for row in rows] == list(range(21))
    assert [row.inside.tolist() for row in rows[6:8]] == [[True, True], [False, True]]


@pytest.mark.parametrize("lr", [1e-3, 1.0, 1e3, 1e100])
@pytest.mark.parametrize("name", ["rosenbrock", "beale", "himmelblau", "monkey_saddle", "plateau"])
def test_no_rate_makes_noise(name, lr):
    """Warnings are errors here."""
    rules = [optimizers.gradient_descent, optimizers.momentum, optimizers.adagrad, optimizers.adam]
    for rule in rules:
        path = descend(getattr(surfaces, name), (-1.5, 1.0), rule(lr=lr), steps=50)
        assert np.all(np.isfinite(path.theta))
        assert np.all(np.isfinite(path.loss))


# --------------------------------------------------------------- bad input


def go(start=(1.0, 1.0), optimizer=None, steps=10, objective=BOWL):
    return descend(objective, start, optimizer or optimizers.gradient_descent(lr=0.1), steps)


@pytest.mark.parametrize(
    ("call", "kind", "sentence"),
    [
        (lambda: go(steps=-1), ValueError, "steps must be at least 0; got -1"),
        (lambda: go(steps=2.0), TypeError, "steps must be a whole number; got 2.0"),
        (lambda: go(steps=True), TypeError, "steps must be a whole number; got True"),
        (lambda: go(start=(np.nan, 1.0)), ValueError, "start must be finite; got [nan  1.]"),
        (lambda: go(start=(np.inf, 1.0)), ValueError, "start must be finite; got [inf  1.]"),
        (
            lambda: go(start=1.0),
            ValueError,
            "start must hold at least one parameter; its shape is ()",
        ),
        (
            lambda: go(start=()),
            ValueError,
            "start must hold at least one parameter; its shape is (0,)",
        ),
        (lambda: go(start=["left", "right"]), TypeError, "start must be an array of numbers; got"),
        (
            lambda: go(start=[[1.0], [1.0, 2.0]]),
            TypeError,
            "start must be an array of numbers; got",
        ),
        (
            lambda: go(start=(1e200, 1.0)),
            ValueError,
            "the loss at the start must be finite; got inf",
        ),
        (
            lambda: go(start=(1e200, 1.0), objective=surfaces.rosenbrock),
            ValueError,
            "the loss at the start must be finite; got inf",
        ),
        (
            lambda: go(start=(1.0, 1.0, 1.0), objective=surfaces.rosenbrock),
            ValueError,
            "start must hold 2 parameters; its shape is (3,)",
        ),
        (
            lambda: go(start=np.ones((2, 3)), optimizer=optimizers.gradient_descent(lr=TWO)),
            ValueError,
            "settings of shape (2,) need theta of shape (n, 2); got (2, 3)",
        ),
        (
            lambda: go(optimizer=optimizers.adam(schedules.warmup(11, then=0.1))),
            ValueError,
            "a warmup of 11 updates is longer than the run of 10",
        ),
        (
            lambda: go(optimizer=optimizers.adam(schedules.noam(64, 4000))),
            ValueError,
            "a warmup of 4000 updates is longer than the run of 10",
        ),
        (
            lambda: go(optimizer=optimizers.adam(lambda t: 0.5 - 0.1 * t)),
            ValueError,
            "the rate at update 6 must be a finite number ≥ 0; got -0.",
        ),
        (
            lambda: go(optimizer=optimizers.adam(lambda t: np.nan)),
            ValueError,
            "the rate at update 0 must be a finite number ≥ 0; got nan",
        ),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_sentence(call, kind, sentence):
    with pytest.raises(kind, match=f"^{re.escape(sentence)}"):
        call()


def test_a_warmup_as_long_as_the_run_is_allowed():
    path = go(optimizer=optimizers.adam(schedules.warmup(10, then=0.1)))
    assert path.lr[9] == path.lr[10] == 0.1
