"""Notebook 04: how long σ should remember, on a crescent, on a track, and on a map of both."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from course_lib import optimizers, plots, surfaces
from course_lib.descent import Path, descend
from course_lib.explorers.maps import SIDE, UPDATES, Axis, Place, on_surface
from course_lib.explorers.parts import Moment, Trace, strokes, update
from course_lib.language import N_, _
from course_lib.maps import Map, sweep
from course_lib.optimizers import Optimizer, directions, scales
from course_lib.overlay import Choice, Control, Explorer, Point, Slider, Time
from course_lib.reading import Reading, number
from course_lib.require import Setting

CRESCENT, CRESCENT_STEPS = surfaces.crescent(), 1200
TRACK, TRACK_STEPS = surfaces.track(), 2000
AGES = np.arange(51)


@lru_cache(maxsize=8)  # scrubbing through the time runs nothing again
def crescent_model(memory: float, start: tuple[float, float] = (-1.5, 0.5)) -> Path:
    """Descend the crescent with RMSProp, α = 1 - 1/memory, 1,200 updates."""
    rule = optimizers.rmsprop(0.01, alpha=1 - 1 / memory, start="first")
    return descend(CRESCENT, start, rule, CRESCENT_STEPS)


@lru_cache(maxsize=8)
def track_model(memory: float, start: float = -1.0) -> Path:
    """Run along the track with RMSProp, α = 1 - 1/memory, 2,000 updates."""
    rule = optimizers.rmsprop(0.01, alpha=1 - 1 / memory, start="first")
    return descend(TRACK, (start,), rule, TRACK_STEPS)


def _memory(
    middle: Axes, right: Axes, steps: int, both: str
) -> tuple[list[Line2D], Callable[..., None], Moment]:
    """Draw |g| and σ of one parameter in time, and the weights of past gradients as bars."""
    zeros = {N_("gradient |g|"): np.ones(steps + 1), N_("scale σ"): np.ones(steps + 1)}
    g, sigma = plots.curves(middle, zeros, both, log="y")
    bars = right.plot([], [], color=plots.COLOURS[0], lw=3)[0]
    right.set(xlabel="age k of a gradient", ylabel="its weight (1−α)αᵏ")
    right.set(xlim=(-2, 52), ylim=(0, 0.5))
    moment = Moment(middle)

    def show(path: Path, parameter: int, memory: float, t: int) -> None:
        g.set_ydata(np.abs(path.gradient[:, parameter]))
        sigma.set_ydata(path.scale[:, parameter])
        alpha = 1 - 1 / memory
        weights = (1 - alpha) * alpha**AGES
        bars.set_data(*strokes(np.array([[AGES, 0 * weights], [AGES, weights]]).T.swapaxes(1, 2)))
        moment.show(t)

    return [g, sigma, bars, *moment.actors], show, moment


def crescent() -> Explorer:
    """Notebook 04: how long should σ remember?"""
    figure, (left, middle, right) = plots.figure(3, width=9.5)
    plots.contours(left, CRESCENT)
    trace = Trace(left)
    actors, show, moment = _memory(middle, right, CRESCENT_STEPS, N_("|g| and σ of y"))
    middle.set(ylim=(1e-4, 10))

    def draw(memory: float, start: tuple[float, float], t: int) -> Reading:
        path = crescent_model(memory, start)
        trace.show(path, t)
        show(path, 1, memory, t)
        close = np.hypot(*(path.theta - CRESCENT.special["minimum"]).T) < 0.1
        if close.any():
            headline = _(
                "With {memory}: within 0.1 of the minimum after {count} updates.",
                memory=_remembered(memory),
                count=close.argmax(),
            )
        else:
            headline = _(
                "With {memory}: within 0.1 of the minimum not in {count:,} updates.",
                memory=_remembered(memory),
                count=CRESCENT_STEPS,
            )
        return Reading(headline, table=update(path, t, CRESCENT.axes))

    controls: list[Control] = [
        _slider(),
        Point("start", _("start"), left, (-1.5, 0.5)),
        Time(CRESCENT_STEPS),
    ]
    return Explorer(figure, [*trace.actors, *actors], controls, draw, charts=moment.charts)


MAP_RATE = Axis(N_("learning rate η"), np.geomspace(1e-3, 1, SIDE))
MAP_MEMORY = Axis(N_("memory 1/(1−α)"), np.geomspace(1, 1000, SIDE))
STARTS = ("|g₀|", N_("zero"), N_("zero, corrected"))


def rmsprop(lr: Setting, memory: Setting, first: str) -> Optimizer:
    """Return RMSProp, α = 1 - 1/memory, with one of three ways to start σ."""
    if first == "zero, corrected":
        scale = scales.moving_root_mean_square(1 - 1 / memory, corrected=True)
        return Optimizer(lr, directions.gradient(), scale)
    return optimizers.rmsprop(lr, 1 - 1 / memory, start="zero" if first == "zero" else "first")


@lru_cache(maxsize=8)  # reading other cells runs nothing again
def memory_map_model(start: Place, first: str) -> Map:
    """Descend the crescent with every pair of a rate and a memory."""

    def rule(lr: Setting, memory: Setting) -> Optimizer:
        return rmsprop(lr, memory, first)

    lr, memory = MAP_RATE.values, MAP_MEMORY.values
    return sweep(rule, CRESCENT, start, UPDATES, lr=lr, memory=memory)


def memory_map() -> Explorer:
    """Notebook 04: which pairs of a rate and a memory arrive on the crescent?"""

    def run(lr: float, memory: float, start: Place, first: str) -> Path:
        return descend(CRESCENT, start, rmsprop(lr, memory, first), UPDATES)

    begin = Choice("first", _("start of σ"), STARTS, STARTS[0])
    first_cell, start = (0.03, 10.0), (-1.5, 0.5)
    return on_surface(
        MAP_RATE,
        MAP_MEMORY,
        CRESCENT,
        memory_map_model,
        run,
        first_cell,
        start,
        [begin],
        low=-6,
        high=1,
    )


def track() -> Explorer:
    """Notebook 04: how long does a steep beginning slow down what comes after it?"""
    figure, (left, middle, right) = plots.figure(3, width=9.5)
    first = track_model(10)
    curve = plots.curves(left, {"x": first.theta[:, 0]}, N_("position x"), legend=False)[0]
    plots.mark(left, 0, "flat from here")
    plots.mark(left, 2, "end")
    left.set(ylim=(-1.1, 2.3))
    actors, show, times = _memory(middle, right, TRACK_STEPS, N_("|g| and σ of x"))
    middle.set(ylim=(1e-3, 30))
    moment = Moment(left)

    def draw(memory: float, start: float, t: int) -> Reading:
        path = track_model(memory, start)
        curve.set_ydata(path.theta[:, 0])
        show(path, 0, memory, t)
        moment.show(t)
        x = path.theta[:, 0]
        entered, end = (int(np.argmax(x >= place)) for place in (0, 2))
        if end:
            headline = _(
                "With {memory}: {count:,} updates for the flat part.",
                memory=_remembered(memory),
                count=end - entered,
            )
        else:
            headline = _(
                "With {memory}: more than {count:,} updates for the flat part.",
                memory=_remembered(memory),
                count=TRACK_STEPS - entered,
            )
        begin = _("It is entered at update {t:,}.", t=entered)
        return Reading(headline, (begin,), update(path, t, ()))

    controls: list[Control] = [
        _slider(),
        Slider("start", _("start x"), -1, -0.01, -1),
        Time(TRACK_STEPS),
    ]
    return Explorer(
        figure,
        [curve, *moment.actors, *actors],
        controls,
        draw,
        charts=moment.charts | times.charts,
    )


def _slider() -> Slider:
    return Slider("memory", _("memory 1/(1−α)"), 2, 1000, 10, log=True)


def _remembered(memory: float) -> str:
    alpha = number(1 - 1 / memory)
    return _("a memory of {count} gradients (α = {alpha})", count=number(memory), alpha=alpha)
