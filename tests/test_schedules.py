"""Schedules are pure functions of t; PyTorch, optax and exact arithmetic are the oracles."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from reference import cases

from course_lib import optimizers, schedules, surfaces
from course_lib.descent import descend

with np.load(Path(__file__).parent / "reference" / "schedules.npz") as file:
    REFERENCE = dict(file)

SCHEDULES = {
    name: cases.build(case, schedules, schedules) for name, case in cases.SCHEDULES.items()
}
SCHEDULES["constant"] = schedules.constant(0.3)
SCHEDULES["warmup, constant"] = schedules.warmup(7, then=0.3)
SCHEDULES["warmup, slow"] = schedules.warmup(7, then=0.3, exponent=2)
SCHEDULES["warmup of none"] = schedules.warmup(0, then=schedules.exponential(0.3, 10, 0.5))

OPTIMIZERS = ["gradient_descent", "momentum", "nesterov", "adagrad"]
OPTIMIZERS += ["rmsprop", "adam", "adamw", "radam"]

every_schedule = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
times = st.lists(st.integers(0, 10_000), min_size=1, max_size=20)


@pytest.mark.parametrize("name", REFERENCE)
def test_it_gives_the_rates_of_its_oracle(name):
    expected, t = REFERENCE[name], np.arange(len(REFERENCE[name]))
    if name.endswith("one later"):
        # optax's ramp starts at 0, so that its first update does nothing; ours starts at η/W.
        steps = cases.SCHEDULES[name.split(" | ")[0]][1]["steps"]
        expected = np.where(t < steps, np.roll(expected, -1), expected)
    rates = SCHEDULES[name.split(" | ")[0]](t)
    assert np.max(np.abs(rates - expected)) <= 1e-12


def test_every_schedule_has_a_case_and_every_case_its_oracle():
    functions = cases.functions(schedules) - {"constant"}
    assert {function for function, _ in cases.SCHEDULES.values()} == functions
    assert {name.split(" | ")[0] for name in REFERENCE} == set(cases.SCHEDULES)


@every_schedule
@given(times)
def test_asking_twice_and_in_any_order_gives_the_same_rate(schedule, ts):
    rates = {t: schedule(t) for t in ts}
    assert [schedule(t) for t in reversed(ts)] == [rates[t] for t in reversed(ts)]


@every_schedule
@given(times)
def test_an_array_of_times_gives_the_rate_at_each(schedule, ts):
    each = [schedule(t) for t in ts]
    assert all(type(rate) is float for rate in each)
    np.testing.assert_allclose(schedule(np.array(ts)), each, rtol=1e-14)
    np.testing.assert_allclose(schedule(np.array([ts])), [each], rtol=1e-14)


@every_schedule
@given(st.integers(0, 10_000))
def test_a_rate_lies_between_zero_and_the_largest(schedule, t):
    # The largest comes first, or where the warm-up ends.
    peak = schedule(max(schedule.warmup_steps - 1, 0))
    assert 0 <= schedule(t) <= peak * (1 + 1e-15)


@every_schedule
@pytest.mark.parametrize("rule", OPTIMIZERS)
def test_it_is_the_rate_of_every_optimizer(rule, schedule):
    path = descend(surfaces.plateau, (1.0, 0.5), getattr(optimizers, rule)(lr=schedule), steps=45)
    np.testing.assert_allclose(path.lr, schedule(np.arange(46)), rtol=1e-14)


@pytest.mark.parametrize("name", sorted(set(cases.SCHEDULES) - {"noam"}))
def test_several_rates_at_once_are_as_many_schedules(name):
    def build(lr):
        function, given = cases.SCHEDULES[name]
        given = dict(given)
        if "then" in given:
            given["then"] = (given["then"][0], given["then"][1] | {"lr": lr})
        else:
            given["lr"] = lr
        return cases.build((function, given), schedules, schedules)

    t, rates = np.arange(150), np.array([0.0, 0.1, 0.7])
    several, one = build(rates), build(0.1)
    assert several(t[:, None]).shape == (150, 3)
    np.testing.assert_allclose(several(t[:, None])[:, 1], one(t), rtol=1e-14)
    np.testing.assert_allclose(several(60), [build(lr)(60) for lr in rates], rtol=1e-14)
    path = descend(surfaces.plateau, (1.0, 0.5), optimizers.adam(lr=several), steps=30)
    alone = descend(surfaces.plateau, (1.0, 0.5), optimizers.adam(lr=one), steps=30)
    np.testing.assert_allclose(path.theta[..., 1], alone.theta, rtol=1e-12)


def test_decay_by_its_own_words():
    linear = schedules.linear(0.4, steps=10, end=0.1)
    assert [linear(0), linear(5), linear(10), linear(99)] == pytest.approx([0.4, 0.25, 0.1, 0.1])
    cosine = schedules.cosine(0.4, steps=10, end=0.1)
    assert [cosine(0), cosine(5), cosine(10), cosine(99)] == pytest.approx([0.4, 0.25, 0.1, 0.1])
    step = schedules.step(0.4, steps=10, factor=0.5)
    assert [step(0), step(9), step(10), step(20)] == [0.4, 0.4, 0.2, 0.1]
    half = schedules.exponential(0.4, scale=10, factor=0.5)
    assert [half(0), half(10), half(20)] == pytest.approx([0.4, 0.2, 0.1])
    power = schedules.power_law(0.4, scale=10, exponent=-1)
    assert [power(0), power(10), power(30)] == pytest.approx([0.4, 0.2, 0.1])
    root = schedules.inverse_sqrt(0.4)
    assert [root(0), root(3), root(15)] == pytest.approx([0.4, 0.2, 0.1])


@pytest.mark.parametrize("name", ["linear", "cosine", "exponential", "constant"])
def test_a_warmup_rises_to_where_the_next_schedule_starts_and_hands_over(name):
    then = SCHEDULES[name]
    schedule = schedules.warmup(20, then=then)
    t = np.arange(200)
    np.testing.assert_allclose(schedule(t[:20]), 0.3 * (t[:20] + 1) / 20, rtol=1e-15)
    assert schedule(0) == pytest.approx(0.3 / 20)  # the first update does something
    assert schedule(19) == schedule(20) == then(0)
    np.testing.assert_array_equal(schedule(t + 20), then(t))


@pytest.mark.parametrize(("exponent", "half"), [(0.5, 0.5**0.5), (1, 0.5), (2, 0.25)])
def test_the_exponent_of_a_warmup_is_its_shape_between_the_same_ends(exponent, half):
    schedule = schedules.warmup(20, then=0.3, exponent=exponent)
    assert schedule(9) == pytest.approx(0.3 * half)
    assert schedule(19) == schedule(20) == 0.3


def test_a_warmup_of_no_updates_is_the_schedule_itself():
    t = np.arange(50)
    then = schedules.cosine(0.3, 40)
    np.testing.assert_array_equal(schedules.warmup(0, then)(t), then(t))


def test_warmups_add_up():
    assert schedules.warmup(5, then=schedules.noam(8, 20)).warmup_steps == 25
    assert schedules.warmup(5, then=0.1).warmup_steps == 5
    assert schedules.cosine(0.1, 10).warmup_steps == 0


@pytest.mark.parametrize(("width", "steps"), [(512, 4000), (64, 10), (1, 1)])
def test_noam_peaks_at_one_over_the_root_of_width_times_warmup(width, steps):
    rates = schedules.noam(width, steps)(np.arange(10 * steps))
    assert np.argmax(rates) == steps - 1
    assert rates.max() == pytest.approx((width * steps) ** -0.5, rel=1e-14)
    assert rates[4 * steps - 1] == pytest.approx(rates.max() / 2)  # an inverse root


RATE = "must be a finite number ≥ 0"
POSITIVE = "must be a finite number > 0"
NEGATIVE = "must be a finite number < 0"
THEN = "then must be a rate, or a Schedule such as cosine(…)"
FACTOR = "must be a number in (0, 1)"


@pytest.mark.parametrize(
    ("call", "kind", "sentence"),
    [
        (lambda: schedules.constant(-1.0), ValueError, f"lr {RATE}; got -1.0"),
        (lambda: schedules.constant(np.nan), ValueError, f"lr {RATE}; got nan"),
        (lambda: schedules.constant([]), ValueError, f"lr {RATE}; got an empty array"),
        (lambda: schedules.constant("1"), TypeError, f"lr {RATE}, or an array of them; got '1'"),
        (lambda: schedules.linear(-1.0, 10), ValueError, f"lr {RATE}; got -1.0"),
        (lambda: schedules.linear(0.1, 10, end=-1.0), ValueError, f"end {RATE}; got -1.0"),
        (lambda: schedules.linear(0.1, 0), ValueError, "steps must be at least 1; got 0"),
        (lambda: schedules.linear(0.1, 2.5), TypeError, "steps must be a whole number; got 2.5"),
        (lambda: schedules.cosine(0.1, 0), ValueError, "steps must be at least 1; got 0"),
        (lambda: schedules.step(0.1, 0), ValueError, "steps must be at least 1; got 0"),
        (lambda: schedules.step(0.1, True), TypeError, "steps must be a whole number; got True"),
        (
            lambda: schedules.cosine(0.1, np.array([2.5])),
            TypeError,
            "steps must hold whole numbers",
        ),
        (lambda: schedules.cosine(0.1, np.array([5, 0])), ValueError, "steps must be at least 1"),
        (lambda: schedules.step(0.1, 5, 0.0), ValueError, f"factor {FACTOR}; got 0.0"),
        (lambda: schedules.step(0.1, 5, 1.0), ValueError, f"factor {FACTOR}; got 1.0"),
        (lambda: schedules.exponential(0.1, 0.0, 0.5), ValueError, f"scale {POSITIVE}; got 0.0"),
        (lambda: schedules.exponential(0.1, 5, 1.5), ValueError, f"factor {FACTOR}; got 1.5"),
        (lambda: schedules.power_law(0.1, 0.0), ValueError, f"scale {POSITIVE}; got 0.0"),
        (lambda: schedules.power_law(0.1, 5, 0.5), ValueError, f"exponent {NEGATIVE}; got 0.5"),
        (lambda: schedules.inverse_sqrt(-0.1), ValueError, f"lr {RATE}; got -0.1"),
        (lambda: schedules.warmup(-1, 0.1), ValueError, "steps must be at least 0; got -1"),
        (
            lambda: schedules.warmup(5, 1, 0),
            ValueError,
            "exponent must be a finite number > 0; got 0",
        ),
        (lambda: schedules.warmup(5, -0.1), ValueError, f"then {RATE}; got -0.1"),
        (
            lambda: schedules.warmup(5, schedules.cosine),
            TypeError,
            f"{THEN}; got cosine, which is to be called first: cosine(…)",
        ),
        (
            lambda: schedules.warmup(5, lambda t: 0.1),
            TypeError,
            f"{THEN}; got <lambda>",
        ),
        (lambda: schedules.noam(0, 10), ValueError, "width must be at least 1; got 0"),
        (lambda: schedules.noam(8, 0), ValueError, "warmup_steps must be at least 1; got 0"),
    ],
)
def test_what_makes_no_schedule_is_refused_in_one_sentence(call, kind, sentence):
    with pytest.raises(kind, match=f"^{re.escape(sentence)}"):
        call()
