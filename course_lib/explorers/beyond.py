"""Notebook 08: a rate for each parameter or for each direction, in a valley to turn."""

from functools import lru_cache

import numpy as np

from course_lib import optimizers, plots
from course_lib.descent import Path, descend
from course_lib.explorers.learning_rate import START, WINDOW, level_lines, valley_surface
from course_lib.explorers.parts import Moment, capitalized, numbers
from course_lib.language import N_, _
from course_lib.optimizers import Optimizer, directions, scales
from course_lib.overlay import Control, Explorer, Point, Slider, Time
from course_lib.reading import Reading, Table, number
from course_lib.require import Array

STEPS = 200
RULES = {
    N_("a rate for each parameter"): optimizers.adagrad,
    N_("a rate for each direction"): lambda lr: Optimizer(
        lr, directions.full_matrix(), scales.one()
    ),
}


@lru_cache(maxsize=8)  # scrubbing through the time runs nothing again
def turning_model(
    lr: float, kappa: float = 1e4, angle: float = 0.0, start: tuple[float, float] = START
) -> dict[str, Path]:
    """Descend a valley turned by `angle` degrees with both kinds of Adagrad, 200 updates."""
    valley = valley_surface(kappa, angle)
    return {name: descend(valley, start, make(lr), STEPS) for name, make in RULES.items()}


def share_left(path: Path) -> Array:
    """Return the distance to the minimum at (0, 0) as a share of the first; zeros without one."""
    distance = np.hypot(*path.theta.T)
    return distance / np.where(distance[0] > 0, distance[0], 1)


def outcome(path: Path) -> str:
    """Say from which update on less than 1 % of the distance is left, or how much is at the end."""
    share = share_left(path)
    if share[-1] >= 0.01:
        return _("leaves {share:.0%} of the way", share=share[-1])
    far = np.flatnonzero(share >= 0.01)
    return _("is within 1 % from update {t:,} on", t=far[-1] + 1 if len(far) else 0)


def turning() -> Explorer:
    """Notebook 08: which σ still works when the valley is turned?"""
    figure, (left, right) = plots.figure(2, width=9.8, height=4.2)
    first = turning_model(0.5)
    left.set(xlim=WINDOW[:2], ylim=WINDOW[2:], xlabel="w", ylabel="b")
    left.plot(0, 0, "*", color=plots.INK, ms=9)
    levels = left.plot(*level_lines(1e4, 0), color="#8c8c8c", lw=0.6)[0]
    paths, dots = [], []
    for colour, dash in zip(plots.COLOURS[:2], plots.DASHES[:2], strict=True):
        paths += left.plot([], [], color=colour, ls=dash, lw=1.5)
        dots += left.plot([], [], "o", color=colour, ms=7)
    left_over = {name: share_left(path) for name, path in first.items()}
    curves = plots.curves(right, left_over, N_("distance left / first distance"), log="y")
    right.set(ylim=(1e-6, 10))
    moment = Moment(right)

    def draw(lr: float, kappa: float, angle: float, start: tuple[float, float], t: int) -> Reading:
        runs = turning_model(lr, kappa, angle, start)
        levels.set_data(*level_lines(kappa, angle))
        left_over, places = [], []
        for i, path in enumerate(runs.values()):
            share = share_left(path)
            paths[i].set_data(*path.theta.T)
            dots[i].set_data(*path.theta[[t]].T)
            curves[i].set_ydata(share)
            left_over.append(f"{number(100 * share[t])}%")
            places.append(numbers(path.theta[t]))
        moment.show(t)
        ends = [
            _("{rule} {outcome}", rule=_(name), outcome=outcome(path))
            for name, path in runs.items()
        ]
        w, b = zip(*places, strict=True)
        rows = {"w": w, "b": b, _("distance left"): tuple(left_over)}
        valley = _(
            "In a valley turned by {angle}°, κ = {kappa}, η = {lr}, {count:,} updates.",
            angle=number(angle),
            kappa=number(kappa),
            lr=number(lr),
            count=STEPS,
        )
        return Reading(
            capitalized(_("{one}; {other}.", one=ends[0], other=ends[1])),
            (valley,),
            Table(_("At update {t:,}", t=t), rows, tuple(map(_, runs))),
        )

    controls: list[Control] = [
        Slider("angle", _("turned by (degrees)"), 0, 90, 0),
        Slider("lr", _("learning rate η"), 0.01, 10, 0.5, log=True),
        Slider("kappa", _("condition number κ"), 1, 1e6, 1e4, log=True),
        Point("start", _("start"), left, START),
        Time(STEPS),
    ]
    return Explorer(
        figure,
        [levels, *paths, *dots, *curves, *moment.actors],
        controls,
        draw,
        charts=moment.charts,
    )
