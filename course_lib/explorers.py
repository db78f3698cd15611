"""The explorers: a model that computes, and a view that draws what the model found.

A model is a pure function of its knobs, so it can be tested without a browser. A view makes its
figure once, names the lines that move, and says in one sentence what the knobs led to.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from course_lib import optimizers, plots, schedules, surfaces
from course_lib.descent import Path, descend
from course_lib.optimizers import Form
from course_lib.overlay import Choice, Control, Explorer, Point, Slider, Time
from course_lib.require import Array

START = (-4.0, 0.2)
UPDATES = 2500


def _ending(path: Path) -> str:
    if path.diverged_at is not None:
        return f"diverged after {path.diverged_at} updates"
    return f"ended at loss {path.loss[-1]:.3g} with gradient norm {path.gradient_norm[-1]:.3g}"


def _pair(values: Array) -> str:
    return "(" + ", ".join(f"{value:.3g}" for value in values) + ")"


def _words(path: Path, t: int) -> str:
    """Say what update t does: where it is, and the η, m, σ and step it takes from there."""
    if path.diverged_at is not None and t >= path.diverged_at:
        return f"At update {t} the run has diverged."
    step = path.lr[t] * path.direction[t] / path.scale[t]
    return (
        f"At update {t}: θ = {_pair(path.theta[t])}, loss {path.loss[t]:.3g}, "
        f"η = {path.lr[t]:.3g}, m = {_pair(path.direction[t])}, σ = {_pair(path.scale[t])}, "
        f"step -ηm/σ = {_pair(-step)}."
    )


def _now(left: Axes, right: Axes, path: Path) -> tuple[list[Line2D], Callable[[Path, int], None]]:
    """Mark one update: a dot on the path and an upright line through the curves."""
    dot = left.plot(*path.theta[0], "o", color=plots.INK, ms=7)[0]
    line = right.axvline(0, color=plots.INK, lw=1)

    def mark(path: Path, t: int) -> None:
        dot.set_data(*path.theta[[t]].T)
        line.set_xdata([t, t])

    return [dot, line], mark


@lru_cache(maxsize=8)  # scrubbing through the time runs nothing again
def walls_model(lr: float, start: tuple[float, float] = (-5.0, 0.4)) -> Path:
    """Descend between two walls of slope 10, 100 updates."""
    return descend(surfaces.walls, start, optimizers.gradient_descent(lr), steps=100)


def walls() -> Explorer:
    """Notebook 01: is training that stops at a critical point?"""
    figure, (left, right) = plots.figure(2)
    first = walls_model(0.03)
    plots.contours(left, surfaces.walls)
    actors = left.plot(*first.theta.T, color=plots.COLOURS[0], lw=1.3)
    both = {"loss": first.loss, "gradient norm": first.gradient_norm}
    actors += plots.curves(right, both, "loss and gradient norm", log="y")
    right.set(ylim=(1e-3, 30))
    marks, mark = _now(left, right, first)

    def draw(lr: float, start: tuple[float, float], t: int) -> str:
        path = walls_model(lr, start)
        actors[0].set_data(*path.theta.T)
        actors[1].set_ydata(path.loss)
        actors[2].set_ydata(path.gradient_norm)
        mark(path, t)
        bounces = np.sum(np.diff(np.sign(path.theta[-11:, 1])) != 0)
        return (
            f"With learning rate {lr:.3g} the run {_ending(path)}; "
            f"it changed sides {bounces} times in the last 10 updates.\n{_words(path, t)}"
        )

    controls: list[Control] = [
        Slider("lr", "learning rate η", 0.001, 0.1, 0.03, log=True),
        Point("start", "start", left, (-5.0, 0.4)),
        Time(100),
    ]
    return Explorer(figure, actors + marks, controls, draw)


class Verdict(NamedTuple):
    """What gradient and Hessian say about a place on a surface."""

    gradient: Array
    eigenvalues: Array
    eigenvectors: Array  # columns
    distance: float  # of Newton's step: how far the nearest critical point seems to be
    kind: str


def landscape_model(surface: str, at: tuple[float, float]) -> Verdict:
    """Judge a place: minimum, maximum or saddle within 0.05, a plateau, or not critical."""
    ground = LANDSCAPES[surface]
    gradient, hessian = ground.gradient(np.array(at)), ground.hessian(np.array(at))
    eigenvalues, eigenvectors = np.linalg.eigh(hessian)
    distance = float(np.linalg.norm(np.linalg.pinv(hessian) @ gradient))
    if np.abs(eigenvalues).max() < 0.01:
        kind = "plateau" if np.linalg.norm(gradient) < 0.01 else "not critical"
    elif distance > 0.05 or np.linalg.norm(gradient) > np.abs(eigenvalues).max():
        kind = "not critical"
    else:
        ups = int(np.sum(eigenvalues > 0))
        kind = ("maximum", "saddle", "minimum")[ups]
    return Verdict(gradient, eigenvalues, eigenvectors, distance, kind)


LANDSCAPES = {
    "Himmelblau": surfaces.himmelblau,
    "saddle": surfaces.saddle,
    "monkey saddle": surfaces.monkey_saddle,
    "plateau": surfaces.plateau,
}


def landscape(surface: str = "Himmelblau") -> Explorer:
    """Notebook 01: what do gradient and curvature say about this place?"""
    ground = LANDSCAPES[surface]
    figure, ax = plots.figure(width=6.0, height=4.6)
    plots.contours(ax, ground)
    size = 0.12 * (ground.window[1] - ground.window[0])
    arrow = ax.plot([], [], color=plots.COLOURS[1], lw=2.5, label="downhill, -g")[0]
    up = ax.plot([], [], color=plots.COLOURS[0], lw=2, label="curves up")[0]
    down = ax.plot([], [], color=plots.COLOURS[2], lw=2, ls="--", label="curves down")[0]
    ax.legend(loc="upper right")
    first = tuple(0.3 * (ends[1] - ends[0]) + ends[0] for ends in (ax.get_xlim(), ax.get_ylim()))

    def draw(at: tuple[float, float]) -> str:
        verdict = landscape_model(surface, at)
        here, norm = np.array(at), np.linalg.norm(verdict.gradient)
        # The arrow shows the direction; its length grows slowly, or it would leave the picture.
        way = -verdict.gradient / max(norm, 1e-12) * size * min(1, 0.3 + 0.2 * np.log1p(norm))
        side = np.array([-way[1], way[0]])
        tip = here + way
        head = [tip - 0.3 * way + 0.15 * side, tip, tip - 0.3 * way - 0.15 * side]
        arrow.set_data(*np.array([here, tip, *head]).T if norm > 1e-9 else np.empty((2, 0)))
        steepest = max(np.abs(verdict.eigenvalues).max(), 1e-12)
        for line, sign in ((up, 1), (down, -1)):
            points = [np.empty((2, 0))]
            for value, axis in zip(verdict.eigenvalues, verdict.eigenvectors.T, strict=True):
                if sign * value > 1e-9:
                    half = axis * size * (0.3 + 0.7 * abs(value) / steepest)
                    points.append(np.array([here - half, here + half, [np.nan, np.nan]]).T)
            line.set_data(*np.concatenate(points, axis=1))
        return (
            f"At {_pair(here)}: ‖g‖ = {norm:.3g}, eigenvalues {_pair(verdict.eigenvalues)}. "
            f"Newton's step would be {verdict.distance:.3g} long. Verdict: {verdict.kind}."
        )

    return Explorer(figure, [arrow, up, down], [Point("at", "place", ax, first)], draw)


@lru_cache(maxsize=8)
def valley_model(lr: float, start: tuple[float, float] = START) -> Path:
    """Descend the lecture's valley of condition number 1e6, 300 updates."""
    return descend(surfaces.valley, start, optimizers.gradient_descent(lr), steps=300)


def valley() -> Explorer:
    """Notebook 02: which learning rate suits a valley?"""
    figure, (left, right) = plots.figure(2)
    first = valley_model(0.0099)
    plots.contours(left, surfaces.valley)
    actors = left.plot(*first.theta.T, color=plots.COLOURS[0], lw=1.3)
    actors += plots.curves(right, {"loss": first.loss}, "loss", log="y", legend=False)
    right.set(ylim=(1e-4, 1e2))
    marks, mark = _now(left, right, first)

    def draw(lr: float, start: tuple[float, float], t: int) -> str:
        path = valley_model(lr, start)
        actors[0].set_data(*path.theta.T)
        actors[1].set_ydata(path.loss)
        mark(path, t)
        way = 1 - path.theta[-1, 0] / start[0] if start[0] else 1.0
        return (
            f"With learning rate {lr:.3g}, {lr / 0.01:.3g} of the bound 2/λ = 0.01, the run "
            f"{_ending(path)}; along the valley it went {way:.2%} of the way.\n{_words(path, t)}"
        )

    controls: list[Control] = [
        Slider("lr", "learning rate η", 1e-4, 0.02, 0.0099, log=True, bound=0.01),
        Point("start", "start", left, START),
        Time(300),
    ]
    return Explorer(figure, actors + marks, controls, draw)


def burst_model(
    lr: float, form: Form = "mean", schedule: str = "constant", warmup: int = 0
) -> Path:
    """Descend the sheared valley with Adagrad, 2,500 updates, by one of SCHEDULES."""
    rate = SCHEDULES[schedule](lr)
    if warmup:
        rate = schedules.warmup(warmup, then=rate)
    return descend(surfaces.sheared_valley, START, optimizers.adagrad(rate, form=form), UPDATES)


SCHEDULES = {
    "constant": schedules.constant,
    "1/√(t+1)": schedules.inverse_sqrt,
    "1/√(1+t/100)": lambda lr: schedules.power_law(lr, scale=100, exponent=-0.5),
    "1/(1+t/300)": lambda lr: schedules.power_law(lr, scale=300),
    "linear to 0": lambda lr: schedules.linear(lr, steps=UPDATES),
    "cosine to 0": lambda lr: schedules.cosine(lr, steps=UPDATES),
}


def offset(path: Path) -> Array:
    """Return the distance from the valley's floor across it, as a share of the first."""
    across = np.abs(path.theta[:, 1] - 1e-3 * path.theta[:, 0])
    return across / across[0]


def bursts(path: Path) -> list[int]:
    """Return the updates at which the offset rises above 5 % after 30 updates below it."""
    far = offset(path) > 0.05
    return [t for t in range(30, len(far)) if far[t] and not far[t - 30 : t].any()]


def _found(path: Path) -> str:
    found = bursts(path)
    if not found:
        return f"no burst in {UPDATES} updates"
    count = f"{len(found)} burst{'s' if len(found) > 1 else ''}"
    return f"{count}, at updates {', '.join(map(str, found))}"


def _stability(path: Path) -> Array:
    """Return ηλ/σ across the valley, whose curvature is 200."""
    return path.lr * 200 / path.scale[:, 1]


def adagrad() -> Explorer:
    """Notebook 03: when does the lecture's Adagrad burst?"""
    figure, (left, right) = plots.figure(2)
    first = burst_model(0.05)
    actors = plots.curves(left, {"offset": offset(first)}, "offset / first offset", legend=False)
    ratio = {"ηλ/σ": _stability(first)}
    actors += plots.curves(right, ratio, "ηλ/σ (a step is unstable above 2)", legend=False)
    plots.mark(right, 2)
    left.set(ylim=(-0.05, 1.1))
    right.set(ylim=(0, 4))

    def draw(lr: float, form: Form) -> str:
        path = burst_model(lr, form)
        ratio = _stability(path)
        actors[0].set_ydata(offset(path))
        actors[1].set_ydata(ratio)
        return (
            f"Adagrad with the {form} of squares and rate {lr:.3g}: {_found(path)}. "
            f"The largest ηλ/σ is {ratio.max():.2f}; a step is unstable above 2."
        )

    rate = Slider("lr", "learning rate η", 0.01, 0.3, 0.05, log=True)
    return Explorer(figure, actors, [rate, Choice("form", "form", ("mean", "sum"), "mean")], draw)


CRESCENT = surfaces.crescent()


@lru_cache(maxsize=8)
def crescent_model(memory: float, start: tuple[float, float] = (-1.5, 0.5)) -> Path:
    """Descend the crescent with RMSProp, α = 1 - 1/memory, 1,200 updates."""
    rule = optimizers.rmsprop(0.01, alpha=1 - 1 / memory, start="first")
    return descend(CRESCENT, start, rule, steps=1200)


def crescent() -> Explorer:
    """Notebook 04: how long should σ remember?"""
    figure, (left, middle, right) = plots.figure(3, width=9.5)
    first = crescent_model(10)
    plots.contours(left, CRESCENT)
    actors = left.plot(*first.theta.T, color=plots.COLOURS[0], lw=1.3)
    size = {"gradient |g|": np.abs(first.gradient[:, 1]), "scale σ": first.scale[:, 1]}
    actors += plots.curves(middle, size, "|g| and σ of parameter y", log="y")
    middle.set(ylim=(1e-4, 10))
    age = np.arange(51)
    bars = right.plot(age, age, color=plots.COLOURS[0], lw=3)[0]
    right.set(xlabel="age k of a gradient", ylabel="its weight (1-α)αᵏ", ylim=(0, 0.5))
    marks, mark = _now(left, middle, first)

    def draw(memory: float, start: tuple[float, float], t: int) -> str:
        path, alpha = crescent_model(memory, start), 1 - 1 / memory
        actors[0].set_data(*path.theta.T)
        actors[1].set_ydata(np.abs(path.gradient[:, 1]))
        actors[2].set_ydata(path.scale[:, 1])
        # A bar is a stroke from 0 to its height; no number between two bars lifts the pen.
        weights = (1 - alpha) * alpha**age
        strokes = np.array([0 * weights, weights, np.nan * weights]).T.ravel()
        bars.set_data(np.repeat(age, 3), strokes)
        mark(path, t)
        close = np.hypot(*(path.theta - CRESCENT.special["minimum"]).T) < 0.1
        arrived = f"after {np.argmax(close)} updates" if close.any() else "not in 1200 updates"
        return (
            f"With a memory of {memory:.3g} gradients (α = {alpha:.3g}) RMSProp comes "
            f"within 0.1 of the minimum {arrived}.\n{_words(path, t)}"
        )

    controls: list[Control] = [
        Slider("memory", "memory 1/(1-α)", 2, 1000, 10, log=True),
        Point("start", "start", left, (-1.5, 0.5)),
        Time(1200),
    ]
    return Explorer(figure, [*actors, bars, *marks], controls, draw)


def adam_model(beta1: float, beta2: float, corrected: bool) -> Path:
    """Make 50 Adam updates on a slope of -1 everywhere, where m = g and σ = |g| would be ideal."""
    slope = surfaces.track(steep=1.0, flat=1.0)
    return descend(slope, (-1.0,), optimizers.adam(0.001, beta1, beta2, corrected=corrected), 50)


def adam() -> Explorer:
    """Notebook 05: what does the correction correct?"""
    figure, (left, right) = plots.figure(2)
    t = np.arange(51)
    actors = plots.curves(left, {"direction m / g": t, "scale σ / |g|": t}, "share of the gradient")
    actors += plots.curves(right, {"step": t}, "step / η", legend=False)
    plots.mark(right, 1, "ideal")
    left.set(ylim=(0, 1.1))
    right.set(ylim=(0, 8))

    def draw(memory1: float, memory2: float, corrected: str) -> str:
        beta1, beta2 = 1 - 1 / memory1, 1 - 1 / memory2
        path = adam_model(beta1, beta2, corrected == "on")
        m, sigma = -path.direction[:, 0], path.scale[:, 0]
        steps = m / sigma
        for actor, values in zip(actors, (m, sigma, steps), strict=True):
            actor.set_ydata(values)
        return (
            f"β₁ = {beta1:.3g}, β₂ = {beta2:.4g}, correction {corrected}: the first step is "
            f"{steps[0]:.3f} η, the largest {steps.max():.3f} η, at update {steps.argmax() + 1}."
        )

    controls: list[Control] = [
        Slider("memory1", "memory of m, 1/(1-β₁)", 1, 100, 10, log=True),
        Slider("memory2", "memory of σ, 1/(1-β₂)", 1, 10_000, 1000, log=True),
        Choice("corrected", "correction", ("off", "on"), "off"),
    ]
    return Explorer(figure, actors, controls, draw)


def schedule() -> Explorer:
    """Notebook 06: which schedule stops the burst and still arrives?"""
    figure, (left, right) = plots.figure(2)
    first = burst_model(0.05)
    actors = plots.curves(left, {"η": first.lr}, "learning rate η", log="y", legend=False)
    actors += plots.curves(right, {"offset": offset(first)}, "offset / first offset", legend=False)
    left.set(ylim=(1e-5, 0.3))
    right.set(ylim=(-0.05, 1.1))

    def draw(lr: float, decay: str, warmup: int) -> str:
        path = burst_model(lr, schedule=decay, warmup=warmup)
        actors[0].set_ydata(path.lr)
        actors[1].set_ydata(offset(path))
        return (
            f"η₀ = {lr:.3g}, decay {decay}, warmup {warmup}: {_found(path)}; at the end "
            f"|w| = {abs(path.theta[-1, 0]):.3g} of the 4 it started from."
        )

    controls: list[Control] = [
        Slider("lr", "first rate η₀", 0.01, 0.2, 0.05, log=True),
        Choice("decay", "decay", tuple(SCHEDULES), "constant"),
        Slider("warmup", "warmup updates", 0, 500, 0, whole=True),
    ]
    return Explorer(figure, actors, controls, draw)
