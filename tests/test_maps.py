"""A map is the same as a run for each of its cells, only sooner."""

import numpy as np
import pytest

from course_lib import optimizers, schedules, surfaces
from course_lib.descent import descend
from course_lib.maps import sweep, sweeping

RATES = np.geomspace(1e-3, 1, 7)


def alone(rule, surface, start, steps):
    """The last loss of one run, and where it diverged."""
    path = descend(surface, start, rule, steps)
    return path.loss[-1], -1 if path.diverged_at is None else path.diverged_at


def assert_same(seen, run, rtol=1e-12):
    """Each cell of the map is what `run` makes of its two settings."""
    first, second = seen.axes.values()
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            loss, diverged_at = run(a.item(), b.item())
            assert seen.loss[i, j] == pytest.approx(loss, rel=rtol, abs=1e-300)
            assert seen.diverged_at[i, j] == diverged_at


def test_each_cell_is_a_run_of_its_own():
    alphas = np.array([0.0, 0.5, 0.9, 0.99])
    seen = sweep(optimizers.rmsprop, surfaces.crescent(), (-1.0, 0.5), 40, lr=RATES, alpha=alphas)
    assert list(seen.axes) == ["lr", "alpha"]
    assert seen.loss.shape == seen.diverged_at.shape == (7, 4)
    assert_same(
        seen,
        lambda lr, alpha: alone(
            optimizers.rmsprop(lr, alpha), surfaces.crescent(), (-1.0, 0.5), 40
        ),
    )


def test_the_condition_number_can_be_an_axis():
    kappas = np.geomspace(1, 1e4, 5)

    def valley(kappa):
        return surfaces.quadratic((1.0, kappa))

    rates = np.geomspace(1e-4, 4, 9)
    seen = sweep(optimizers.gradient_descent, valley, (-1.0, 1.0), 300, lr=rates, kappa=kappas)
    assert_same(
        seen,
        lambda lr, kappa: alone(optimizers.gradient_descent(lr), valley(kappa), (-1.0, 1.0), 300),
    )
    assert np.any(seen.diverged_at > 0)


def test_the_length_of_a_schedule_can_be_an_axis():
    def rule(lr, length):
        return optimizers.adam(schedules.warmup(length, lr))

    lengths = np.array([0, 1, 5, 20])
    seen = sweep(rule, surfaces.himmelblau, (0.0, 0.0), 30, lr=RATES, length=lengths)
    assert_same(
        seen, lambda lr, length: alone(rule(lr, length), surfaces.himmelblau, (0.0, 0.0), 30)
    )


def test_a_coordinate_of_the_start_can_be_an_axis():
    places = np.linspace(-2, 2, 5)
    seen = sweep(optimizers.adam, surfaces.beale, (9.0, 1.0), 30, lr=RATES, x=places)
    assert_same(
        seen, lambda lr, x: alone(optimizers.adam(lr), surfaces.beale, (x, 1.0), 30), rtol=1e-9
    )


def test_progress_and_the_map_as_far_as_it_is():
    run = sweeping(
        optimizers.adam,
        surfaces.valley,
        (-4.0, 0.2),
        2,
        lr=np.linspace(0, 1, 200),
        beta1=np.linspace(0, 0.9, 200),
    )
    shares = []
    for share, seen in run:
        shares.append(share)
        assert np.mean(np.isfinite(seen.loss)) == pytest.approx(share, abs=0.1)
    assert shares == sorted(shares)
    assert shares[-1] == 1
