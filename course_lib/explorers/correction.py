"""Notebook 05: what the correction corrects on a constant gradient, and a map of both memories."""

from functools import lru_cache

import numpy as np

from course_lib import optimizers, plots, surfaces
from course_lib.descent import Path, descend
from course_lib.explorers.maps import SIDE, UPDATES, Axis, Place, on_surface
from course_lib.explorers.parts import Moment
from course_lib.language import N_, _
from course_lib.maps import Map, sweep
from course_lib.optimizers import Optimizer
from course_lib.overlay import Choice, Control, Explorer, Slider, Time
from course_lib.reading import Reading, Table, number
from course_lib.require import Setting

STEPS = 50


@lru_cache(maxsize=8)  # scrubbing through the time runs nothing again
def adam_model(beta1: float, beta2: float, corrected: bool) -> Path:
    """Make 50 Adam updates on a slope of -1 everywhere, where m = g and σ = |g| would be ideal."""
    slope = surfaces.track(steep=1.0, flat=1.0)
    rule = optimizers.adam(0.001, beta1, beta2, corrected=corrected)
    return descend(slope, (-1.0,), rule, STEPS)


def adam() -> Explorer:
    """Notebook 05: what does the correction correct?"""
    figure, axes = plots.figure(3, width=9.5)
    t = np.arange(1, STEPS + 1)
    names = (N_("direction: m / g"), N_("size: σ / |g|"), N_("step / η"))
    actors = []
    for ax, name, top in zip(axes, names, (1.1, 1.1, 8), strict=True):
        actors += plots.curves(ax, {name: t}, name, N_("update"), x=t, legend=False)
        plots.mark(ax, 1, "ideal")
        ax.set(ylim=(0, top))
    moment = Moment(*axes)

    def draw(memory1: float, memory2: float, corrected: str, t: int) -> Reading:
        beta1, beta2 = 1 - 1 / memory1, 1 - 1 / memory2
        path = adam_model(beta1, beta2, corrected == "on")
        m, sigma = -path.direction[:-1, 0], path.scale[:-1, 0]
        steps = m / sigma
        for actor, values in zip(actors, (m, sigma, steps), strict=True):
            actor.set_ydata(values)
        moment.show(t)
        seen = (("m / g", m), ("σ / |g|", sigma), (_("step / η"), steps))
        what = _(
            "of {count} steps the first is {first:.3f} η, "
            "the largest {largest:.3f} η, at update {t}",
            count=STEPS,
            first=steps[0],
            largest=steps.max(),
            t=steps.argmax() + 1,
        )
        if np.ptp(steps) < 1e-6:  # of equal steps none is the largest
            what = _("every step is {first:.3f} η", first=steps[0])
        headline = _(
            "β₁ = {beta1}, β₂ = {beta2}, correction {corrected}: {what}.",
            beta1=number(beta1),
            beta2=number(beta2, 4),
            corrected=_(corrected),
            what=what,
        )
        rows = {name: (f"{row[t - 1]:.3f}",) for name, row in seen}
        return Reading(headline, table=Table(_("At update {t:,}", t=t), rows))

    controls: list[Control] = [
        Slider("memory1", _("memory of m, 1/(1−β₁)"), 1, 100, 10, log=True),
        Slider("memory2", _("memory of σ, 1/(1−β₂)"), 1, 10_000, 1000, log=True),
        Choice("corrected", _("correction"), (N_("off"), N_("on")), "off"),
        Time(STEPS, first=1),  # as updates are counted in Adam's own formulas
    ]
    return Explorer(figure, [*actors, *moment.actors], controls, draw, charts=moment.charts)


VALLEY, VALLEY_START = surfaces.quadratic((1.0, 50.0)), (-1.8, 1.0)
MAP_DIRECTION = Axis(N_("memory of m, 1/(1−β₁)"), np.geomspace(1, 100, SIDE))
MAP_SCALE = Axis(N_("memory of σ, 1/(1−β₂)"), np.geomspace(2, 2000, SIDE))


def adam_of(memory1: Setting, memory2: Setting, lr: float, corrected: str) -> Optimizer:
    """Return Adam with β = 1 - 1/memory."""
    return optimizers.adam(lr, 1 - 1 / memory1, 1 - 1 / memory2, corrected=corrected == "on")


@lru_cache(maxsize=8)  # reading other cells runs nothing again
def memories_map_model(start: Place, lr: float, corrected: str) -> Map:
    """Descend a valley of condition number 50 with every pair of Adam's memories."""

    def rule(memory1: Setting, memory2: Setting) -> Optimizer:
        return adam_of(memory1, memory2, lr, corrected)

    memory1, memory2 = MAP_DIRECTION.values, MAP_SCALE.values
    return sweep(rule, VALLEY, start, UPDATES, memory1=memory1, memory2=memory2)


def memories_map() -> Explorer:
    """Notebook 05: which pairs of Adam's two memories arrive in a valley?"""

    def run(memory1: float, memory2: float, start: Place, lr: float, corrected: str) -> Path:
        return descend(VALLEY, start, adam_of(memory1, memory2, lr, corrected), UPDATES)

    more: list[Control] = [
        Slider("lr", _("learning rate η"), 0.01, 1, 0.1, log=True),
        Choice("corrected", _("correction"), ("on", "off"), "on"),
    ]
    cell = (10.0, 1000.0)
    return on_surface(
        MAP_DIRECTION, MAP_SCALE, VALLEY, memories_map_model, run, cell, VALLEY_START, more
    )
