"""Notebook 02: a valley to stretch and turn, a map of all such valleys, four rates with noise."""

from functools import lru_cache

import numpy as np

from course_lib import optimizers, plots, schedules, surfaces
from course_lib.descent import Path, descend
from course_lib.explorers.maps import (
    SIDE,
    UPDATES,
    Axis,
    Chart,
    Place,
    result,
    result_of_all,
)
from course_lib.explorers.parts import Moment, Trace, ending, numbers, strokes, update
from course_lib.language import N_, _
from course_lib.maps import Map, sweep
from course_lib.overlay import Choice, Control, Explorer, Point, Slider, Time
from course_lib.reading import Reading, Table, number
from course_lib.require import Array, Setting

STEEP = 200.0
START = (-1.6, 0.5)
WINDOW = (-2.0, 2.0, -2.0, 2.0)  # a square, so that a turned valley keeps its right angles


def valley_surface(kappa: Setting, angle: float = 0.0) -> surfaces.Surface:
    """Return a valley with curvature 200 across and 200/kappa along, turned by `angle` degrees."""
    return surfaces.quadratic((STEEP / kappa, STEEP), np.radians(angle))


@lru_cache(maxsize=8)  # scrubbing through the time runs nothing again
def valley_model(
    lr: float, kappa: float = 1e6, angle: float = 0.0, start: tuple[float, float] = START
) -> Path:
    """Descend that valley, 300 updates."""
    return descend(valley_surface(kappa, angle), start, optimizers.gradient_descent(lr), 300)


def along_and_across(theta: Array, angle: float) -> Array:
    """Return the coordinates along the valley's own axes, shape of theta (…, 2)."""
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    return theta @ np.array([[c, -s], [s, c]])


def level_lines(kappa: float, angle: float) -> Array:
    """Return ellipses of equal loss, which cross the steep axis at equal distances."""
    across = np.arange(0.25, 2.1, 0.25)
    # As long as the window needs; a valley of a million would leave no point inside it.
    along = np.minimum(across * np.sqrt(kappa), 50)
    turn = np.linspace(0, 2 * np.pi, 45)
    u = across[:, None] * np.sin(turn)
    ring = np.stack([along[:, None] * np.cos(turn), u], axis=-1)
    return strokes(along_and_across(ring, -angle))


def valley() -> Explorer:
    """Notebook 02: which learning rate suits a valley?"""
    figure, (left, middle, right) = plots.figure(3, width=9.8, height=3.6)
    first = valley_model(0.0099)
    left.set(xlim=WINDOW[:2], ylim=WINDOW[2:], xlabel="w", ylabel="b")
    left.plot(0, 0, "*", color=plots.INK, ms=9)
    levels = left.plot(*level_lines(1e6, 0), color="#8c8c8c", lw=0.6)[0]
    trace = Trace(left)
    both = {N_("along, flat"): first.loss, N_("across, steep"): first.loss}
    curves = plots.curves(middle, both, N_("distance / first distance"), log="y")
    curves += plots.curves(right, {N_("loss"): first.loss}, N_("loss"), log="y", legend=False)
    middle.set(ylim=(1e-4, 1e2))
    right.set(ylim=(1e-6, 1e4))
    moment = Moment(middle, right)

    def draw(lr: float, kappa: float, angle: float, start: tuple[float, float], t: int) -> Reading:
        path = valley_model(lr, kappa, angle, start)
        levels.set_data(*level_lines(kappa, angle))
        trace.show(path, t)
        moment.show(t)
        distance = np.abs(along_and_across(path.theta, angle))
        # A start on an axis has no distance along the other one, and keeps none.
        share = distance / np.where(distance[0] > 0, distance[0], 1)
        for curve, values in zip(curves, (*share.T, path.loss), strict=True):
            curve.set_ydata(values)
        told = {"times": number(lr / 0.01), "share": share[-1, 0]}
        bound = _("η is {times} of the bound 2/λ = 0.01.", **told)
        if not path.diverged_at:
            bound = _(
                "η is {times} of the bound 2/λ = 0.01; along the valley {share:.2%} of the way "
                "is left.",
                **told,
            )
        return Reading(
            _(
                "η = {lr}, κ = {kappa}: {ending}.",
                lr=number(lr),
                kappa=number(kappa),
                ending=ending(path),
            ),
            (bound,),
            update(path, t, ("w", "b")),
        )

    controls: list[Control] = [
        Slider("lr", _("learning rate η"), 1e-4, 0.02, 0.0099, log=True, bound=2 / STEEP),
        Slider("kappa", _("condition number κ"), 1, 1e6, 1e6, log=True),
        Slider("angle", _("turned by (degrees)"), 0, 90, 0),
        Point("start", _("start"), left, START),
        Time(300),
    ]
    actors = [levels, *trace.actors, *curves, *moment.actors]
    return Explorer(figure, actors, controls, draw, charts=moment.charts)


MAP_RATE = Axis(N_("learning rate η"), np.geomspace(1e-4, 0.02, SIDE))
MAP_KAPPA = Axis(N_("condition number κ"), np.geomspace(1, 1e4, SIDE))


@lru_cache(maxsize=8)  # reading other cells runs nothing again
def rate_map_model(start: Place) -> Map:
    """Descend the valleys of notebook 02 with every pair of a rate and a condition number."""
    lr, kappa = MAP_RATE.values, MAP_KAPPA.values
    return sweep(optimizers.gradient_descent, valley_surface, start, UPDATES, lr=lr, kappa=kappa)


def rate_map() -> Explorer:
    """Notebook 02: which rates are stable, and how does that depend on the condition number?"""
    figure, (left, right) = plots.figure(2, width=9.5, height=4.0)
    chart = Chart(figure, left, MAP_RATE, MAP_KAPPA, low=-8, high=2)
    right.set(xlim=WINDOW[:2], ylim=WINDOW[2:], xlabel="w", ylabel="b")
    right.plot(0, 0, "*", color=plots.INK, ms=9)
    levels = right.plot(*level_lines(100, 0), color="#8c8c8c", lw=0.6)[0]
    trace = Trace(right)

    def draw(cell: Place, start: Place) -> Reading:
        seen = rate_map_model(start)
        i, j = chart.show(seen, cell)
        lr, kappa = float(MAP_RATE.values[i]), float(MAP_KAPPA.values[j])
        rule = optimizers.gradient_descent(lr)
        trace.show(descend(valley_surface(kappa), start, rule, UPDATES), -1)
        levels.set_data(*level_lines(kappa, 0))
        headline = _("{cell}: {result}.", cell=chart.say(i, j), result=result(seen, i, j))
        return Reading(headline, result_of_all(seen, MAP_RATE, j))

    controls = [chart.point((0.009, 100)), Point("start", _("start"), right, START)]
    return Explorer(figure, [levels, *chart.actors, *trace.actors], controls, draw)


NOISY_STEPS, NOISY_RUNS = 400, 200
SHARES = np.array([1, 1 / 3, 1 / 10, 1 / 30])  # the four rates, as shares of the largest
DECAYS = {
    N_("none"): schedules.constant,
    N_("cosine to 0"): lambda lr: schedules.cosine(lr, NOISY_STEPS),
    N_("÷10 every 100"): lambda lr: schedules.step(lr, 100),
}


class NoisyParabola:
    """½θ², whose gradient is seen with an error of standard deviation s, another in each run."""

    def __init__(self, s: float) -> None:
        random = np.random.default_rng(0)
        self.errors = s * random.normal(size=(NOISY_STEPS + 1, NOISY_RUNS))

    def loss_and_gradient(self, theta: Array, t: int) -> tuple[Array, Array]:
        """Return the loss without noise, and the noisy gradient."""
        return 0.5 * theta[0] ** 2, theta + self.errors[t]


@lru_cache(maxsize=8)
def four_rates_model(lr: float, s: float, decay: str) -> Array:
    """Return the loss of four rates, shape (401, 4), as a mean over 200 runs from θ = 6."""
    rates = DECAYS[decay](lr * SHARES[:, None])
    start = np.full((1, 4, NOISY_RUNS), 6.0)
    path = descend(NoisyParabola(s), start, optimizers.gradient_descent(rates), NOISY_STEPS)
    return path.loss.mean(axis=-1)


def floor(lr: Array, s: float) -> Array:
    """Return the loss η s²/(2(2-η)) at which a constant rate stays on ½θ², infinite from η = 2."""
    stable = lr < 2
    return np.where(stable, lr * s**2 / (2 * np.where(stable, 2 - lr, 1)), np.inf)


def four_rates() -> Explorer:
    """Notebook 02: what do four rates do at once, and where does noise hold them up?"""
    figure, ax = plots.figure(width=7.5, height=4)
    first = four_rates_model(0.5, 1.0, "none")
    names = ["η", "η/3", "η/10", "η/30"]
    curves = plots.curves(ax, dict(zip(names, first.T, strict=True)), N_("mean loss"), log="y")
    ax.set(ylim=(1e-5, 1e3), xlim=(-5, 1.15 * NOISY_STEPS))
    floor_lines = ax.plot([], [], color=plots.INK, ls="--", lw=1.2, label=N_("floor by theory"))[0]
    ax.legend(loc="upper right")
    moment = Moment(ax)

    def draw(lr: float, s: float, decay: str, t: int) -> Reading:
        losses, rates = four_rates_model(lr, s, decay), lr * SHARES
        for curve, values in zip(curves, losses.T, strict=True):
            curve.set_ydata(values)
        theory = floor(rates, s)
        told = (decay == "none") & (theory > 0) & np.isfinite(theory)
        seen = theory[told]
        ends = [[[NOISY_STEPS, y], [1.13 * NOISY_STEPS, y]] for y in seen]
        floor_lines.set_data(*strokes(np.array(ends).reshape(-1, 2, 2)))
        moment.show(t)

        def say(row: Array) -> tuple[str, ...]:
            return tuple(_("diverged") if loss > 1e6 else number(loss, 2) for loss in row)

        last = losses[-100:].mean(axis=0)
        rows = {_("rate"): numbers(rates), _("last 100 updates"): say(last)}
        if len(seen):
            no = _("none")
            floors = (number(y, 2) if has else no for y, has in zip(theory, told, strict=True))
            rows[_("floor by theory")] = tuple(floors)
        rows[_("update {t:,}", t=t)] = say(losses[t])
        best = last.argmin()
        return Reading(
            _(
                "Lowest mean loss of the last 100 updates: {loss}, at rate {name} = {rate}.",
                loss=say(last)[best],
                name=names[best],
                rate=number(rates[best]),
            ),
            (_("Noise s = {s}, decay: {decay}.", s=number(s), decay=_(decay)),),
            Table(_("Mean loss"), rows, tuple(names)),
        )

    controls: list[Control] = [
        Slider("lr", _("largest rate η"), 0.01, 4, 0.5, log=True, bound=2),
        Slider("s", _("noise s"), 0, 2, 1),
        Choice("decay", _("decay"), tuple(DECAYS), "none"),
        Time(NOISY_STEPS),
    ]
    return Explorer(
        figure, [*curves, floor_lines, *moment.actors], controls, draw, charts=moment.charts
    )
