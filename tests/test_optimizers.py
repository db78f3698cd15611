"""Every optimizer takes the steps of its oracle, and all of them keep one contract."""

import re
from copy import deepcopy
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from reference import cases

from course_lib import optimizers, schedules, surfaces
from course_lib.descent import descend
from course_lib.optimizers import Optimizer, directions, scales

with np.load(Path(__file__).parent / "reference" / "optimizers.npz") as file:
    REFERENCE = dict(file)

# Every named rule and its variants, and mixes of parts which have no function of their own.
RULES = {
    "gradient_descent": optimizers.gradient_descent,
    "momentum": optimizers.momentum,
    "nesterov": optimizers.nesterov,
    "adagrad": optimizers.adagrad,
    "adagrad, mean": partial(optimizers.adagrad, form="mean"),
    "rmsprop": optimizers.rmsprop,
    "rmsprop, first": partial(optimizers.rmsprop, start="first"),
    "adam": optimizers.adam,
    "adam, uncorrected": partial(optimizers.adam, corrected=False),
    "adamw": optimizers.adamw,
    "radam": optimizers.radam,
    "nesterov over the mean of all": lambda lr, momentum=0.9, eps=1e-6: Optimizer(
        lr, directions.nesterov(momentum), scales.root_mean_square(eps)
    ),
    "ball over the largest mean": lambda lr, momentum=0.9, beta2=0.999, eps=1e-8: Optimizer(
        lr, directions.heavy_ball(momentum), scales.largest_root_mean_square(beta2, eps)
    ),
    "full matrix": lambda lr: Optimizer(lr, directions.full_matrix(), scales.one()),
}
FRACTIONS = [
    ("momentum", "momentum"),
    ("nesterov", "momentum"),
    ("rmsprop", "alpha"),
    ("rmsprop, first", "alpha"),
    ("adam", "beta1"),
    ("adam", "beta2"),
    ("adam, uncorrected", "beta1"),
    ("adam, uncorrected", "beta2"),
    ("adamw", "beta1"),
    ("adamw", "beta2"),
    ("radam", "beta1"),
    ("radam", "beta2"),
    ("nesterov over the mean of all", "momentum"),
    ("ball over the largest mean", "momentum"),
    ("ball over the largest mean", "beta2"),
]
EPSILONS = [
    ("adagrad", "eps"),
    ("adagrad, mean", "eps"),
    ("rmsprop", "eps"),
    ("adam", "eps"),
    ("adamw", "eps"),
    ("radam", "eps"),
    ("nesterov over the mean of all", "eps"),
    ("ball over the largest mean", "eps"),
]
RATES = [(name, "lr") for name in RULES] + [("adamw", "weight_decay")]

THREE_VALUES = {
    hyper: values
    for group, values in [
        (RATES, [0.0, 0.01, 0.3]),
        (FRACTIONS, [0.0, 0.5, 0.95]),
        (EPSILONS, [1e-10, 1e-4, 1.0]),
    ]
    for hyper in group
}

every_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)

START = np.array([1.0, -2.0, 0.5, 3.0])
GRADIENTS = np.array(cases.gradients())[:40, [0, 5, 8, 11]]  # noise, zeros, growing, alternating


def run(rule, start, gradients):
    """θ after each update. A gradient may be a function of θ."""
    theta, state, rows = start, rule.init(start), []
    for gradient in gradients:
        grad = gradient(theta) if callable(gradient) else gradient
        theta, state = rule.update(theta, grad, state)
        rows.append(theta)
    return np.array(rows)


def arrays_in(state):
    if isinstance(state, tuple):
        return [array for part in state for array in arrays_in(part)]
    return [state] if isinstance(state, np.ndarray) else []


def first_step(rule, grad):
    theta = np.zeros_like(grad)
    return rule.update(theta, grad, rule.init(theta))[0]


# -------------------------------------------------------------- the oracle


@pytest.mark.parametrize("name", REFERENCE)
def test_it_takes_the_steps_of_pytorch(name):
    case, gradients = name.split(" | ")
    rule = cases.build(cases.OPTIMIZERS[case], optimizers, schedules)
    if gradients == "given gradients":
        path = run(rule, np.array(cases.START), np.array(cases.gradients()))
    else:
        curvature = np.array(cases.CURVATURE)
        slope = [lambda theta: curvature @ theta] * cases.UPDATES
        path = run(rule, np.array(cases.CURVED_START), slope)
    kept, expected = path[np.array(cases.KEPT) - 1], REFERENCE[name]
    assert np.all(np.abs(kept - expected) <= 1e-12 * (1 + np.abs(expected)))


def test_every_rule_has_a_case_and_every_case_its_oracle():
    rules = cases.functions(optimizers)
    assert {rule for rule, _ in cases.OPTIMIZERS.values()} == rules
    assert rules <= set(RULES)
    assert {name.split(" | ")[0] for name in REFERENCE} == set(cases.OPTIMIZERS)


# ------------------------------------------------------------ the contract


@every_rule
def test_an_update_changes_none_of_its_arguments(rule):
    rule = rule(lr=0.1)
    theta, state, before = START.copy(), rule.init(START), []
    for grad in GRADIENTS[:5].copy():
        for array in [theta, grad, *arrays_in(state)]:
            array.flags.writeable = False  # a change in place now raises
        before.append((state, deepcopy(state)))
        theta, state = rule.update(theta, grad, state)
    for state, copy in before:
        assert state.t == copy.t
        for array, same in zip(arrays_in(state), arrays_in(copy), strict=True):
            np.testing.assert_array_equal(array, same)


@every_rule
def test_the_caller_may_reuse_the_arrays_that_were_handed_in(rule):
    rule = rule(lr=0.1)
    expected = run(rule, START, GRADIENTS)
    start, buffer = START.copy(), np.empty(4)
    theta, state = start.copy(), rule.init(start)
    start[:] = np.nan
    for grad, row in zip(GRADIENTS, expected, strict=True):
        buffer[:] = grad
        old = theta
        theta, state = rule.update(old, buffer, state)
        old[:] = buffer[:] = np.nan
        np.testing.assert_array_equal(theta, row)


@every_rule
def test_two_runs_of_one_optimizer_do_not_know_of_each_other(rule):
    rule = rule(lr=0.1)
    alone = run(rule, START, GRADIENTS), run(rule, -START, GRADIENTS[::-1])
    thetas, states = [START, -START], [rule.init(START), rule.init(-START)]
    for t in range(len(GRADIENTS)):
        for i, grad in enumerate((GRADIENTS[t], GRADIENTS[::-1][t])):
            thetas[i], states[i] = rule.update(thetas[i], grad, states[i])
            np.testing.assert_array_equal(thetas[i], alone[i][t])


@every_rule
def test_the_state_counts_the_updates_that_are_done(rule):
    rule = rule(lr=0.1)
    state = rule.init(START)
    assert state.t == 0
    assert rule.update(START, GRADIENTS[0], state)[1].t == 1


@every_rule
def test_numbers_in_float32_stay_in_float32(rule):
    # Beside the others the gradient that grows from 1e-6 is rounding to a matrix in float32.
    seen = [0, 1, 3] if rule is RULES["full matrix"] else [0, 1, 2, 3]
    rule, start, gradients = rule(lr=np.float64(0.1)), START[seen], GRADIENTS[:, seen]
    start32, gradients32 = start.astype(np.float32), gradients.astype(np.float32)
    theta, state = rule.update(start32, gradients32[0], rule.init(start32))
    assert {array.dtype for array in [theta, *arrays_in(state)]} == {np.dtype(np.float32)}
    np.testing.assert_allclose(
        run(rule, start32, gradients32), run(rule, start, gradients), rtol=1e-4, atol=1e-5
    )


@pytest.mark.parametrize(
    ("name", "hyper"), THREE_VALUES, ids=[f"{hyper} of {name}" for name, hyper in THREE_VALUES]
)
@pytest.mark.parametrize("as_given", [np.array, list])
def test_three_settings_at_once_are_three_single_runs(name, hyper, as_given):
    values, factors = THREE_VALUES[name, hyper], np.array([1.0, -2.0, 3.0])
    rule = RULES[name]
    three = rule(**{"lr": 0.1, hyper: as_given(values)})
    assert three.settings == (3,)
    at_once = run(
        three,
        np.multiply.outer(START, factors),
        np.multiply.outer(GRADIENTS, factors),
    )
    for i, (value, factor) in enumerate(zip(values, factors, strict=True)):
        alone = run(rule(**{"lr": 0.1, hyper: value}), START * factor, GRADIENTS * factor)
        np.testing.assert_allclose(at_once[..., i], alone, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("name", "hyper"), FRACTIONS + EPSILONS, ids=[f"{h} of {n}" for n, h in FRACTIONS + EPSILONS]
)
def test_a_grid_of_settings_is_as_many_single_runs(name, hyper):
    rates, values = [0.02, 0.3], THREE_VALUES[name, hyper]
    rule = RULES[name]
    six = rule(lr=np.array(rates)[:, None], **{hyper: np.array(values)})
    assert six.settings == (2, 3)
    grid = run(
        six,
        np.broadcast_to(START[:, None, None], (4, 2, 3)),
        np.broadcast_to(GRADIENTS[..., None, None], (40, 4, 2, 3)),
    )
    for i, lr in enumerate(rates):
        for j, value in enumerate(values):
            alone = run(rule(lr=lr, **{hyper: value}), START, GRADIENTS)
            np.testing.assert_allclose(grid[..., i, j], alone, rtol=1e-12, atol=1e-14)


@every_rule
@pytest.mark.parametrize(
    "lr",
    [0.01, np.array([0.01, 0.02]), schedules.inverse_sqrt(0.05)],
    ids=["one", "two", "falling"],
)
def test_each_row_of_a_path_shows_the_parts_of_its_step(rule, lr):
    """θ[t+1] = θ[t] - lr · direction / scale, and AdamW adds its decay."""
    path = descend(surfaces.plateau, (0.5, -1.0), rule(lr=lr), steps=30)
    change = path.direction / path.scale
    if rule is optimizers.adamw:
        change = change + 0.01 * path.theta
    np.testing.assert_allclose(
        path.theta[1:], (path.theta - path.lr[:, None] * change)[:-1], rtol=1e-13, atol=1e-14
    )


# -------------------------------------------------------------- properties


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
@pytest.mark.parametrize(
    ("rule", "length"),
    [
        (optimizers.adam, 1.0),
        (optimizers.rmsprop, 10.0),  # 1/√(1 - 0.99)
        (RULES["rmsprop, first"], 1.0),
        (optimizers.adagrad, 1.0),
        (RULES["adagrad, mean"], 1.0),
        (RULES["adam, uncorrected"], 0.1 / np.sqrt(0.001)),
    ],
    ids=["adam", "rmsprop", "rmsprop first", "adagrad", "adagrad mean", "adam uncorrected"],
)
def test_the_first_step_does_not_depend_on_the_gradients_scale(rule, length, scale):
    step = first_step(rule(lr=0.01, eps=1e-20), scale * np.array([2.0, -0.5]))
    np.testing.assert_allclose(step, [-0.01 * length, 0.01 * length], rtol=1e-12)


def test_a_heavy_ball_on_a_slope_reaches_the_slope_over_one_minus_mu():
    path = run(optimizers.momentum(lr=1.0, momentum=0.9), np.zeros(1), np.full((400, 1), 0.3))
    np.testing.assert_allclose(path[-2] - path[-1], 3.0)


def test_the_rate_is_not_kept_in_the_velocity():
    """A rate that drops to nothing stops a heavy ball at once."""
    rule = optimizers.momentum(lr=lambda t: 0.1 if t < 3 else 0.0)
    path = run(rule, np.zeros(1), np.ones((5, 1)))
    assert path[1] != path[2] == path[3] == path[4]


def test_adagrads_sum_is_its_mean_with_a_rate_that_falls_with_the_root_of_time():
    by_sum = optimizers.adagrad(lr=0.1, eps=1e-20)
    by_mean = optimizers.adagrad(lr=schedules.inverse_sqrt(0.1), eps=1e-20, form="mean")
    expected = run(by_sum, START, GRADIENTS)
    np.testing.assert_allclose(run(by_mean, START, GRADIENTS), expected, rtol=1e-13)


def test_the_decay_of_adamw_is_not_divided_by_the_scale():
    rule = optimizers.adamw(lr=0.1, weight_decay=0.5)
    path = run(rule, START, np.zeros((3, 4)))
    np.testing.assert_allclose(path, [0.95 * START, 0.95**2 * START, 0.95**3 * START])


def test_radam_trusts_the_scale_from_the_sixth_gradient_on():
    path = descend(surfaces.valley, (-4, 0.2), optimizers.radam(lr=1e-3), steps=6)
    assert np.all(path.scale[:5] == 1)
    assert np.all(path.scale[5:] != 1)


@pytest.mark.parametrize("corrected", [True, False])
@pytest.mark.parametrize("beta2", [0.0, 0.1, 0.99])
def test_the_largest_mean_is_that_of_a_loop(beta2, corrected):
    part = scales.largest_root_mean_square(beta2, 1e-3, corrected)
    memory, v, largest = part.start(np.zeros(1)), 0.0, 0.0
    for n, g in enumerate([3.0, -1.0, -1.0, 0.0, 4.0, -1.0, 1e-4], start=1):
        v = beta2 * v + (1 - beta2) * g**2
        largest = max(largest, v)
        expected = (largest / (1 - beta2**n if corrected else 1)) ** 0.5 + 1e-3
        sigma, memory = part.step(memory, np.array([g]), n)
        np.testing.assert_allclose(sigma, expected, rtol=1e-14)


def test_uncorrected_the_largest_mean_never_falls_and_corrected_it_can():
    rows = np.concatenate([[[3.0]], np.full((50, 1), 0.1)])
    falls = {}
    for corrected in (True, False):
        scale = scales.largest_root_mean_square(0.9, corrected=corrected)
        memory, sigmas = scale.start(rows[0]), []
        for n, g in enumerate(rows, start=1):
            sigma, memory = scale.step(memory, g, n)
            sigmas.append(sigma[0])
        falls[corrected] = np.any(np.diff(sigmas) < 0)
    assert falls == {True: True, False: False}


def full_matrix_steps(gradients):
    """The m of each gradient, by the library's part."""
    part = directions.full_matrix()
    memory, rows = part.start(gradients[0]), []
    for n, g in enumerate(gradients, start=1):
        m, memory = part.step(memory, g, n)
        rows.append(m)
    return np.array(rows)


@pytest.mark.parametrize("seed", range(5))
def test_a_full_matrix_divides_by_the_root_of_the_sum_of_outer_products(seed):
    gradients = np.random.default_rng(seed).normal(size=(20, 4)) * [1, 10, 0.1, 3]
    for t, m in enumerate(full_matrix_steps(gradients)):
        total = sum(np.outer(g, g) for g in gradients[: t + 1])
        size, axes = np.linalg.eigh(total)
        inverse = [1 / np.sqrt(s) if s > 1e-10 * size[-1] else 0.0 for s in size]
        expected = sum(
            i * axis * (axis @ gradients[t]) for i, axis in zip(inverse, axes.T, strict=True)
        )
        np.testing.assert_allclose(m, expected, rtol=1e-6, atol=1e-8)


def test_a_full_matrix_is_adagrad_where_every_gradient_lies_along_an_axis():
    gradients = np.zeros((30, 3))
    random = np.random.default_rng(0)
    gradients[np.arange(30), random.integers(3, size=30)] = random.normal(size=30)
    rule = Optimizer(0.1, directions.full_matrix(), scales.one())
    expected = run(optimizers.adagrad(0.1, eps=1e-20), np.ones(3), gradients)
    np.testing.assert_allclose(run(rule, np.ones(3), gradients), expected, rtol=1e-13)


@pytest.mark.parametrize("steep", [1e2, 1e6, 1e9])
@pytest.mark.parametrize("angle", [0.1, np.pi / 4, 2.0])
def test_with_a_full_matrix_a_turned_valley_is_the_same_valley(steep, angle):
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    rule = Optimizer(1.0, directions.full_matrix(), scales.one())
    start = np.array([-4.0, 0.2])
    straight = descend(surfaces.quadratic((1.0, steep)), start, rule, 50).theta
    turned = descend(surfaces.quadratic((1.0, steep), angle), turn @ start, rule, 50).theta
    np.testing.assert_allclose(turned @ turn, straight, atol=1e-6)


@pytest.mark.parametrize("scale", [1e-150, 1.0, 1e150])
def test_a_full_matrix_sees_no_scale_and_leaves_alone_what_no_gradient_has_touched(scale):
    first, zero, second = scale * np.array([[3.0, 4.0, 0.0], [0.0, 0.0, 0.0], [-4.0, 3.0, 0.0]])
    m = full_matrix_steps([first, zero, second, second])
    expected = [[0.6, 0.8, 0], [0, 0, 0], [-0.8, 0.6, 0], [-0.8 / 2**0.5, 0.6 / 2**0.5, 0]]
    np.testing.assert_allclose(m, expected, atol=1e-14)
    assert np.all(full_matrix_steps([zero, zero]) == 0)


# --------------------------------------------------------------- bad input


@pytest.mark.parametrize("value", [-0.1, np.nan, np.inf, [0.1, -0.1], []], ids=str)
@pytest.mark.parametrize(("name", "hyper"), RATES)
def test_a_rate_must_be_finite_and_not_negative(name, hyper, value):
    with pytest.raises(ValueError, match=f"^{hyper} must be a finite number ≥ 0; got"):
        RULES[name](**{"lr": 0.1, hyper: value})


@pytest.mark.parametrize("value", [-0.1, 1.0, 1.5, np.nan, [0.5, 1.0], []], ids=str)
@pytest.mark.parametrize(("name", "hyper"), FRACTIONS)
def test_the_weight_of_a_memory_must_lie_in_0_to_1(name, hyper, value):
    with pytest.raises(ValueError, match=rf"^{hyper} must be a number in \[0, 1\); got"):
        RULES[name](lr=0.1, **{hyper: value})


@pytest.mark.parametrize("value", [0.0, -1e-8, np.nan, np.inf, [1e-8, 0.0], []], ids=str)
@pytest.mark.parametrize(("name", "hyper"), EPSILONS)
def test_eps_must_be_above_zero(name, hyper, value):
    with pytest.raises(ValueError, match=r"^eps must be a finite number > 0; got"):
        RULES[name](lr=0.1, **{hyper: value})


@pytest.mark.parametrize("value", ["0.1", None, {}, [[0.1], [0.1, 0.2]], 0.1j], ids=str)
@pytest.mark.parametrize(
    ("name", "hyper"), [("momentum", "lr"), ("momentum", "momentum"), ("adam", "eps")]
)
def test_a_setting_must_be_a_number(name, hyper, value):
    with pytest.raises(TypeError, match=rf"^{hyper} must be .*, or an array of them; got"):
        RULES[name](**{"lr": 0.1, hyper: value})


@pytest.mark.parametrize("value", [-0.1, np.nan, np.inf, np.array([0.1, -1.0])], ids=str)
def test_a_schedule_must_return_a_rate(value):
    rule = optimizers.momentum(lr=lambda t: 0.1 if t < 3 else value)
    with pytest.raises(ValueError, match=r"^the rate at update 3 must be a finite number ≥ 0; got"):
        run(rule, START, GRADIENTS)


TWO = np.array([0.1, 0.2])


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: first_step_of_shapes((2,), (3,)),
            "grad has shape (3,), but theta has shape (2,)",
        ),
        (
            lambda: first_step_of_shapes((2,), (2, 1)),
            "grad has shape (2, 1), but theta has shape (2,)",
        ),
        (
            lambda: first_step_of_shapes((2, 3), (2,)),
            "grad has shape (2,), but theta has shape (2, 3)",
        ),
        (
            lambda: optimizers.momentum(lr=TWO).init(np.zeros(2)),
            "settings of shape (2,) need theta of shape (n, 2); got (2,)",
        ),
        (
            lambda: optimizers.adam(lr=0.1, beta2=TWO).init(np.zeros((2, 3))),
            "settings of shape (2,) need theta of shape (n, 2); got (2, 3)",
        ),
        (
            lambda: optimizers.adamw(lr=0.1, weight_decay=TWO).init(np.zeros(2)),
            "settings of shape (2,) need theta of shape (n, 2); got (2,)",
        ),
        (
            lambda: optimizers.adam(lr=0.1).init([np.nan, 1.0]),
            "theta must be finite; got [nan  1.]",
        ),
        (
            lambda: optimizers.adam(lr=0.1).init(3.0),
            "theta must hold at least one parameter; its shape is ()",
        ),
        (
            lambda: optimizers.adagrad(lr=0.1, form="median"),
            "form must be one of sum, mean; got 'median'",
        ),
        (
            lambda: optimizers.rmsprop(lr=0.1, start="second"),
            "start must be one of zero, first; got 'second'",
        ),
        (
            lambda: scales.moving_root_mean_square(0.9, corrected=True, start="first"),
            'corrected=True mends a zero start; with start="first" nothing is to mend',
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        call()


def first_step_of_shapes(theta, grad):
    rule = optimizers.gradient_descent(lr=0.1)
    return rule.update(np.ones(theta), np.ones(grad), rule.init(np.ones(theta)))
