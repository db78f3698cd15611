"""Meeting the library in a REPL: what objects print, and what the commonest slips are answered."""

import copy
import inspect
import re
import subprocess
import sys

import numpy as np
import pytest

import course_lib
from course_lib import data, explorers, optimizers, plots, schedules, surfaces
from course_lib.descent import descend
from course_lib.maps import sweep, sweeping
from course_lib.network import MLP
from course_lib.optimizers import Optimizer, directions, scales
from course_lib.optimizers.parts import Part
from course_lib.schedules import Schedule

MAKERS = {
    name: make
    for module in (directions, scales, schedules)
    for name, make in vars(module).items()
    if inspect.isfunction(make) and make.__module__ == module.__name__ and name != "nothing"
}
RATES = np.geomspace(1e-3, 1, 30)
START = (-4.0, 0.2)
NET = MLP((64, 10))
DIGITS = NET.on(*data.digits())


def rules():
    return {
        "gradient descent": optimizers.gradient_descent(0.01),
        "momentum": optimizers.momentum(0.01, 0.5),
        "Nesterov": optimizers.nesterov(0.01),
        "Adagrad": optimizers.adagrad(0.1, eps=1e-6),
        "the lecture's Adagrad": optimizers.adagrad(schedules.inverse_sqrt(0.1), form="mean"),
        "RMSProp": optimizers.rmsprop(0.1),
        "the lecture's RMSProp": optimizers.rmsprop(np.float64(0.1), alpha=0.9, start="first"),
        "Adam": optimizers.adam(0.1, beta2=0.99),
        "uncorrected Adam": optimizers.adam(0.1, corrected=False),
        "AdamW": optimizers.adamw(0.1, weight_decay=0.3),
        "RAdam": optimizers.radam(0.1),
        "AMSGrad": Optimizer(
            0.1, directions.moving_average(0.9), scales.largest_root_mean_square(0.99)
        ),
        "a full matrix": Optimizer(1.0, directions.full_matrix(), scales.one()),
        "warmed up": optimizers.adam(schedules.warmup(5, then=schedules.cosine(0.1, 20))),
    }


@pytest.mark.parametrize("name", rules())
def test_an_optimizer_prints_itself_as_the_code_that_makes_it(name):
    rule = rules()[name]
    again = eval(repr(rule), {"Optimizer": Optimizer} | MAKERS)
    ours, theirs = (descend(surfaces.valley, START, each, 40).theta for each in (rule, again))
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "schedule",
    [
        schedules.constant(0.1),
        schedules.linear(0.1, 20, end=0.01),
        schedules.power_law(0.1, 10, exponent=-0.7),
        schedules.inverse_sqrt(0.1),
        schedules.exponential(0.1, 10, factor=0.5),
        schedules.step(0.1, 7),
        schedules.cosine(0.1, 20),
        schedules.warmup(10, then=0.1, exponent=2.0),
        schedules.noam(64, 10),
    ],
    ids=repr,
)
def test_a_schedule_prints_itself_as_the_code_that_makes_it(schedule):
    again, t = eval(repr(schedule), MAKERS), np.arange(30)
    np.testing.assert_array_equal(schedule(t), again(t))
    assert schedule.warmup_steps == again.warmup_steps


def half_a_map():
    task = MLP((64, 32, 10)).on(*data.digits())
    axes = {"lr": RATES[:5], "beta1": np.linspace(0, 0.9, 20)}
    run = sweeping(optimizers.adam, task, task.network.init(0), 1, **axes)
    _, seen = next(run)
    run.close()
    return copy.deepcopy(seen)


PRINTED = {
    "a rule with many rates": (
        lambda: optimizers.momentum(RATES),
        "Optimizer(lr=<array of shape (30,)>, direction=heavy_ball(momentum=0.9), scale=one())",
    ),
    "a schedule of one's own": (lambda: Schedule(falling), "Schedule(falling)"),
    "a function as the rate": (
        lambda: optimizers.gradient_descent(falling),
        "Optimizer(lr=falling, direction=gradient(), scale=one())",
    ),
    "a part of one's own": (
        lambda: Part(np.zeros_like, falling),
        "Part(start=zeros_like, step=falling)",
    ),
    "a surface": (lambda: surfaces.quadratic((1, -2)), "Surface(saddle, saddle at (0, 0))"),
    "a path": (
        lambda: descend(surfaces.saddle, (1, 0), optimizers.gradient_descent(0.5), 10),
        "Path(10 updates, 2 parameters, loss 0.5 at the start, 4.77e-07 at the end)",
    ),
    "a path that diverged": (
        lambda: descend(surfaces.valley, START, optimizers.gradient_descent(0.1), 30),
        "Path(30 updates, 2 parameters, loss 4 at the start, 6.79e+10 at the end, diverged_at 5)",
    ),
    "a path of one parameter": (
        lambda: descend(surfaces.track(), (-1,), optimizers.gradient_descent(0.1), 1),
        "Path(1 update, 1 parameter, loss 10 at the start, 0.02 at the end)",
    ),
    "a path of many": (
        lambda: descend(surfaces.saddle, (1, 0), optimizers.gradient_descent([0.5, 3.0]), 60),
        "Path(60 updates, 2 parameters, settings (2,), loss 0.5 at the start,"
        " 3.76e-37 to 5.5e+11 at the end, 1 diverged)",
    ),
    "a map": (
        lambda: sweep(optimizers.adam, surfaces.saddle, (1, 0), 1, lr=[1, 2], beta1=[0.5]),
        "Map(2 lr (1 to 2) × 1 beta1 (0.5): loss 5e-17 to 0.5, 0 diverged)",
    ),
    "a map that is begun": (half_a_map, re.compile(r"Map\(5 .*: loss .*, 0 diverged, \d+% comp")),
    "a network": (
        lambda: NET,
        "MLP(sizes=(64, 10), activation='tanh', loss='cross_entropy')",
    ),
    "a training": (
        lambda: NET.on(*data.digits(), batch_size=32),
        f"Training({NET}, 1797 rows, batch_size=32, seed=0)",
    ),
    "a picture": (lambda: plots.Picture(plots.figure()[0], "A line falls."), "A line falls."),
}


def falling(t):
    return 0.1 / (t + 1)


@pytest.mark.parametrize("what", PRINTED)
def test_it_prints_itself_in_one_line(what):
    make, printed = PRINTED[what]
    if isinstance(printed, str):
        assert repr(make()) == printed
    else:
        assert printed.match(repr(make()))


def test_an_explorer_prints_its_sentence():
    explorer = explorers.walls()
    assert repr(explorer) == explorer.sentence


@pytest.mark.parametrize("what", [name for name in PRINTED if name not in ("a network",)])
def test_objects_that_hold_arrays_or_functions_are_equal_to_themselves_alone(what):
    make, _ = PRINTED[what]
    one, other = make(), make()
    assert one == one
    assert one != other
    assert len({one, other}) == 2


def point(theta, t):
    return theta[0] ** 2, 2 * theta


GOOD = {
    "objective": surfaces.valley,
    "start": START,
    "optimizer": optimizers.adam(0.1),
    "steps": 3,
}
OBJECTIVE = "objective must be a surface, or a network on its data"
OPTIMIZER = "optimizer must be an Optimizer such as adam(lr=0.1); got "


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"objective": surfaces.crescent},
            f"{OBJECTIVE}; got crescent, which is to be called first: crescent(…)",
        ),
        ({"objective": point}, f"{OBJECTIVE}; got point"),
        ({"objective": START}, f"{OBJECTIVE}; got (-4.0, 0.2)"),
        (
            {"objective": surfaces.Surface},
            f"{OBJECTIVE}; got Surface, which is to be called first: Surface(…)",
        ),
        (
            {"objective": NET, "start": NET.init(0)},
            f"{OBJECTIVE}: network.on(x, y); got {NET}, whose loss_and_gradient asks for more than"
            " theta and t",
        ),
        (
            {"optimizer": optimizers.adam},
            f"{OPTIMIZER}adam, which is to be called first: adam(…)",
        ),
        ({"optimizer": 0.1}, f"{OPTIMIZER}0.1"),
        ({"optimizer": schedules.step(0.1, 9)}, f"{OPTIMIZER}step(lr=0.1, steps=9)"),
    ],
)
def test_what_cannot_be_descended_is_refused_in_one_sentence(given, sentence):
    with pytest.raises(TypeError, match=f"^{re.escape(sentence)}$"):
        descend(**(GOOD | given))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: optimizers.adam(schedules.cosine),
            "lr must be a rate, or a function of t; got cosine, which is to be called first:"
            " cosine(…)",
        ),
        (
            lambda: Optimizer(0.1, directions.gradient, scales.one()),
            "direction must be a Part such as directions.gradient(); got gradient, which is to be"
            " called first: gradient(…)",
        ),
        (
            lambda: Optimizer(0.1, directions.gradient(), "one"),
            "scale must be a Part such as scales.one(); got 'one'",
        ),
        (
            lambda: schedules.cosine(falling, 10),
            "lr must be a finite number ≥ 0, or an array of them; got falling",
        ),
        (
            lambda: sweep(lambda: optimizers.adam, surfaces.valley, START, 3, w=[1], b=[1]),
            "what rule returns must be an Optimizer; got adam, which is to be called first:"
            " adam(…)",
        ),
    ],
)
def test_a_function_in_the_place_of_what_it_makes_is_named(make, sentence):
    with pytest.raises(TypeError, match=f"^{re.escape(sentence)}$"):
        make()


AXIS = np.linspace(0.1, 0.9, 9)
TWO = "an Optimizer is made of a rate, a direction and a scale; got "


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: surfaces.quadratic(1, 100), "curvatures must be two numbers; got 1"),
        (lambda: surfaces.quadratic(angle="45"), "angle must be a finite number, or .*; got '45'"),
        (lambda: surfaces.quadratic(angle=AXIS), "angle must be one number; got an array of"),
        (lambda: surfaces.crescent(-1), "curvature must be a finite number > 0; got -1"),
        (lambda: surfaces.crescent(AXIS), "curvature must be one number; got an array of shape"),
        (
            lambda: surfaces.valley.value((1, 2, 3)),
            "the valley surface has 2 parameters, but",
        ),
        (
            lambda: surfaces.himmelblau.gradient((1,)),
            "the Himmelblau surface has 2 parameters, but",
        ),
        (lambda: surfaces.track().hessian((1, 2)), "the track surface has 1 parameter, but theta"),
        (lambda: surfaces.beale.value("12"), "theta must be an array of numbers; got"),
        (lambda: optimizers.adam(0.1, corrected="no"), "corrected must be True or False; got 'no'"),
        (lambda: optimizers.adam(lambda: 0.1), "lr must be a function of t; got <lambda>, which"),
        (lambda: Schedule(0.1), "rate must be a rate, or a function of t; got 0.1"),
        (lambda: Optimizer(0.1, scales.one(), directions.gradient()), f"{TWO}one\\(\\) as the"),
        (lambda: Optimizer(0.1, scales.one(), scales.one()), f"{TWO}one\\(\\) as the direction"),
        (
            lambda: optimizers.adam(RATES - 0.1),
            "lr must be .* ≥ 0; got -0.099 among 30",
        ),
        (lambda: optimizers.adam(0.1).step([1.0], [1.0], None), "state must be what init"),
        (lambda: descend(**GOOD | {"start": ("-4", "0.2")}), "start must be an"),
        (
            lambda: descend(**GOOD | {"start": (1, 2, 3)}),
            "start must hold 2 par",
        ),
        (
            lambda: descend(**GOOD | {"objective": DIGITS}),
            "start must hold 650",
        ),
        (
            lambda: sweep(optimizers.adam, surfaces.valley, (1, 2, 3), 3, lr=AXIS, beta1=AXIS),
            r"start must hold 2 parameters; its shape is \(3,\)",
        ),
        (
            lambda: sweep(optimizers.adam, surfaces.valley, START, 3, rate=AXIS, beta1=AXIS),
            "no axis rate: rule, objective and start have lr, beta1",
        ),
        (lambda: NET.on(*data.diabetes()), r"x must have shape \(rows, 64\); got \(442, 10\)"),
        (lambda: plots.contours(None, surfaces.crescent), "surface must be a Surface such as surf"),
        (lambda: plots.paths(None, [1]), 'runs must be a dict of paths, as {"Adam": path} is; got'),
        (lambda: plots.curves(None, [1], "loss"), "values must be a dict of arrays, as"),
    ],
)
def test_what_beginners_hand_over_is_answered_in_one_short_sentence(make, sentence):
    with pytest.raises((TypeError, ValueError), match=f"^{sentence}") as raised:
        make()
    assert len(str(raised.value)) < 200
    assert "\n" not in str(raised.value)


def test_whole_numbers_are_a_place_on_a_surface_like_any_other():
    far = np.array([100_000, 2])
    assert surfaces.rosenbrock.value(far) == surfaces.rosenbrock.value(far.astype(float))
    assert surfaces.plateau.gradient([1, 2]).dtype == float


def test_an_unknown_surface_is_answered_by_the_names_there_are():
    with pytest.raises(ValueError, match=r"^surface must be one of Himmelblau, saddle, .*; got"):
        explorers.landscape("Rosenbrock")


def test_the_modules_of_the_library_are_there_without_being_imported():
    code = "import course_lib; print(course_lib.optimizers.adam(0.1)); print(*dir(course_lib))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, names = ran.stdout.splitlines()
    assert first.startswith("Optimizer(lr=0.1")
    assert {"__version__", "descent", "explorers", "maps", "surfaces"} <= set(names.split())


def test_a_name_that_the_library_has_not_is_refused():
    with pytest.raises(AttributeError, match="has no attribute 'optimisers'"):
        _ = course_lib.optimisers
    assert all(getattr(course_lib, name) for name in course_lib.__all__)
