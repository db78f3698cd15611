"""Notebook 01: a landscape to judge, a run between two walls, and a real training that stops."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from course_lib import data, optimizers, plots, require, surfaces
from course_lib.descent import Path, descend
from course_lib.explorers.parts import Moment, Trace, ending, numbers, place, strokes, update
from course_lib.language import N_, _
from course_lib.network import MLP
from course_lib.overlay import Control, Explorer, Point, Slider, Time, Toggle
from course_lib.reading import Reading, Table, number
from course_lib.require import Array

LANDSCAPES = {
    "Himmelblau": surfaces.himmelblau,
    "saddle": surfaces.saddle,
    "monkey saddle": surfaces.monkey_saddle,
    "plateau": surfaces.plateau,
}


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
        kind = N_("plateau") if np.linalg.norm(gradient) < 0.01 else N_("not critical")
    elif distance > 0.05 or np.linalg.norm(gradient) > np.abs(eigenvalues).max():
        kind = "not critical"
    else:
        ups = int(np.sum(eigenvalues > 0))
        kind = (N_("maximum"), N_("saddle"), N_("minimum"))[ups]
    return Verdict(gradient, eigenvalues, eigenvectors, distance, kind)


def _arrow(here: Array, gradient: Array, size: float) -> Array:
    """Return an arrow downhill; its length grows slowly, or it would leave the picture."""
    norm = np.linalg.norm(gradient)
    if norm < 1e-9:
        return np.empty((2, 0))
    way = -gradient / norm * size * min(1, 0.3 + 0.2 * np.log1p(norm))
    side, tip = np.array([-way[1], way[0]]), here + way
    return np.array(
        [here, tip, tip - 0.3 * way + 0.15 * side, tip, tip - 0.3 * way - 0.15 * side]
    ).T


def landscape(surface: str = "Himmelblau") -> Explorer:
    """Notebook 01: what do gradient and curvature say about this place?

    surface: Himmelblau, saddle, monkey saddle or plateau.
    """
    ground = LANDSCAPES[require.one_of("surface", surface, tuple(LANDSCAPES))]
    figure, ax = plots.figure(width=6.0, height=4.6)
    plots.contours(ax, ground)
    size = 0.12 * (ground.window[1] - ground.window[0])
    arrow = ax.plot([], [], color=plots.COLOURS[1], lw=2.5, label=N_("downhill, −g"))[0]
    up = ax.plot([], [], color=plots.COLOURS[0], lw=2, label=N_("curves up"))[0]
    down = ax.plot([], [], color=plots.COLOURS[2], lw=2, ls="--", label=N_("curves down"))[0]
    ax.legend(loc="upper right")
    first = tuple(0.3 * (ends[1] - ends[0]) + ends[0] for ends in (ax.get_xlim(), ax.get_ylim()))
    circle = np.linspace(0, 2 * np.pi, 49)

    def draw(at: tuple[float, float]) -> Reading:
        verdict = landscape_model(surface, at)
        here, values = np.array(at), verdict.eigenvalues
        arrow.set_data(*_arrow(here, verdict.gradient, size))
        # Half axes: the steeper the curvature, the longer the line.
        half = size * (0.3 + 0.7 * np.abs(values) / max(np.abs(values).max(), 1e-12))
        axes = (verdict.eigenvectors * half).T
        for line, sign in ((up, 1), (down, -1)):
            mine = sign * values > 1e-9
            cross = strokes(
                np.array([[here - axis, here + axis] for axis in axes[mine]]).reshape(-1, 2, 2)
            )
            if mine.all():  # both the same way: an ellipse around the cross
                ring = (
                    here[:, None]
                    + np.outer(axes[0], np.cos(circle))
                    + np.outer(axes[1], np.sin(circle))
                )
                cross = np.concatenate([cross, ring], axis=1)
            line.set_data(*cross)
        rows = {
            _("gradient norm ‖g‖"): (number(float(np.linalg.norm(verdict.gradient))),),
            _("eigenvalues"): (_(", ").join(numbers(values)),),
            _("length of Newton's step"): (number(verdict.distance),),
        }
        headline = _("At {place}: {kind}.", place=place(here), kind=_(verdict.kind))
        return Reading(headline, table=Table(place(here), rows))

    at = Point("at", _("place"), ax, first)
    return Explorer(figure, [arrow, up, down], [at], draw, pin=False)


@lru_cache(maxsize=8)  # scrubbing through the time runs nothing again
def walls_model(lr: float, start: tuple[float, float] = (-5.0, 0.4)) -> Path:
    """Descend between two walls of slope 10, 100 updates."""
    return descend(surfaces.walls, start, optimizers.gradient_descent(lr), steps=100)


def walls() -> Explorer:
    """Notebook 01: is training that stops at a critical point?"""
    figure, (left, right) = plots.figure(2)
    first = walls_model(0.03)
    plots.contours(left, surfaces.walls)
    trace = Trace(left)
    both = {N_("loss"): first.loss, N_("gradient norm"): first.gradient_norm}
    curves = plots.curves(right, both, N_("loss and gradient norm"), log="y")
    right.set(ylim=(1e-3, 30))
    moment = Moment(right)

    def draw(lr: float, start: tuple[float, float], t: int) -> Reading:
        path = walls_model(lr, start)
        trace.show(path, t)
        moment.show(t)
        curves[0].set_ydata(path.loss)
        curves[1].set_ydata(path.gradient_norm)
        bounces = np.sum(np.diff(np.sign(path.theta[-11:, 1])) != 0)
        return Reading(
            _("η = {lr}: {ending}.", lr=number(lr), ending=ending(path)),
            (_("It changed sides {count} times in the last 10 updates.", count=bounces),),
            update(path, t, surfaces.walls.axes),
        )

    controls: list[Control] = [
        Slider("lr", _("learning rate η"), 0.001, 0.1, 0.03, log=True),
        Point("start", _("start"), left, (-5.0, 0.4)),
        Time(100),
    ]
    return Explorer(
        figure, [*trace.actors, *curves, *moment.actors], controls, draw, charts=moment.charts
    )


TRAINING_LR, TRAINING_STEPS = 0.35, 3000
SOON, LATE = 50, 2950  # so many updates after a cut is "at once"; and a late cut to compare with
FROM_LATE = N_("η/10 from 2,950")
MEASURED = np.r_[0:600:30, 600 : TRAINING_STEPS + 1 : 120]  # a Hessian takes its time


class Recording(NamedTuple):
    """A training, update by update; η·λmax only at the updates MEASURED."""

    path: Path
    cosine: Array  # of the angle between a gradient and the next one
    sharpness: Array


def _diabetes() -> tuple[MLP, Array, Array]:
    return MLP((10, 8, 1), loss="squared_error"), *data.diabetes()


@lru_cache(maxsize=4)
def training_model(seed: int = 0) -> Recording:
    """Train a network of 97 parameters on the diabetes data, 3,000 updates of rate 0.35."""
    net, x, y = _diabetes()
    rule = optimizers.gradient_descent(TRAINING_LR)
    path = descend(net.on(x, y), net.init(seed), rule, TRAINING_STEPS)
    g, norm = path.gradient, path.gradient_norm
    cosine = np.sum(g[1:] * g[:-1], axis=1) / (norm[1:] * norm[:-1])
    hessians = [net.hessian(path.theta[t], x, y) for t in MEASURED]
    sharpness = np.array([TRAINING_LR * np.linalg.eigvalsh(h).max() for h in hessians])
    return Recording(path, cosine, sharpness)


@lru_cache(maxsize=64)
def cut_model(t: int, seed: int = 0) -> Array:
    """Go on from update t with a tenth of the rate; return the losses from there to the end."""
    net, x, y = _diabetes()
    here, rule = training_model(seed).path.theta[t], optimizers.gradient_descent(TRAINING_LR / 10)
    return descend(net.on(x, y), here, rule, TRAINING_STEPS - t).loss


def _change(loss: float, other: float) -> str:
    """Say how a loss compares with another one, as both are printed: to three digits."""
    difference = round(loss, 3) - round(other, 3)
    if abs(difference) < 5e-4:
        return _("unchanged")
    if difference > 0:
        return _("{difference:.3f} higher", difference=difference)
    return _("{difference:.3f} lower", difference=-difference)


def cut_words(t: int, seed: int = 0) -> tuple[str, ...]:
    """Say what a cut at update t changes at once, and at the end of the training."""
    if t == TRAINING_STEPS:
        return (_("At update {t:,} the training is over: a cut changes nothing.", t=t),)
    loss, cut = training_model(seed).path.loss, cut_model(t, seed)
    soon, late = min(SOON, TRAINING_STEPS - t), cut_model(LATE, seed)[-1]
    return (
        _(
            "The rate cut to η/10 at update {t:,}: the loss is {soon} at once, {late} at the end.",
            t=t,
            soon=_change(cut[soon], loss[t + soon]),
            late=_change(cut[-1], loss[-1]),
        ),
        _(
            "After {count} updates it is {loss:.3f}, without the cut {uncut:.3f}.",
            count=soon,
            loss=cut[soon],
            uncut=loss[t + soon],
        ),
        _(
            "At the end, update {end:,}, it is {loss:.3f}, without the cut {uncut:.3f}, and with a "
            "cut at update {t:,} {late:.3f}.",
            end=TRAINING_STEPS,
            loss=cut[-1],
            uncut=loss[-1],
            t=LATE,
            late=late,
        ),
    )


def training(seed: int = 0) -> Explorer:
    """Notebook 01: a real training that has stopped; when should its rate be cut?

    seed: the random start of the network. Notebook 01 takes apart the training from 0.
    """
    path, cosine, sharpness = training_model(require.count("seed", seed))
    figure, axes = plots.figure("aab;aac;aad", width=9.0, height=5.4)
    loss, size, angle, curve = axes
    plots.curves(loss, {"η": path.loss}, N_("loss"), legend=False)
    loss.set(ylim=(0.28, 0.62))  # the first losses and the peaks lie above
    plots.curves(size, {"‖g‖": path.gradient_norm}, N_("gradient norm ‖g‖"), log="y", legend=False)
    plots.curves(angle, {"cosine": cosine}, N_("cosine of g, next g"), legend=False)
    for ax in (size, angle):
        ax.set(xlabel="")
    plots.curves(curve, {"η·λ": sharpness}, "η · λmax", x=MEASURED, legend=False)
    plots.mark(curve, 2, "mirror point")
    here = loss.plot([], [], color=plots.COLOURS[1], ls="--", lw=2, label=N_("η/10 from here"))[0]
    late = loss.plot([], [], color=plots.COLOURS[2], ls="-.", lw=2, label=FROM_LATE)[0]
    loss.legend(loc="upper right")
    moment = Moment(*axes)

    def draw(t: int, cut: bool) -> Reading:
        moment.show(t)
        for line, start in ((here, t), (late, LATE)):
            after = cut_model(start, seed) if cut else np.empty(0)
            line.set_data(start + np.arange(len(after)), after)
        at = min(t, TRAINING_STEPS - 1)
        rows = {
            _("loss"): (f"{path.loss[t]:.3f}",),
            _("gradient norm ‖g‖"): (number(path.gradient_norm[t]),),
            _("cosine of g, next g"): (f"{cosine[at]:.2f}".replace("-", "−"),),
            "η·λmax": (f"{np.interp(t, MEASURED, sharpness):.2f}",),
        }
        headline, *details = (_("Update {t:,}: the loss is {loss:.3f}.", t=t, loss=path.loss[t]),)
        if cut:
            headline, *details = cut_words(t, seed)
        return Reading(headline, tuple(details), Table(_("At update {t:,}", t=t), rows))

    controls: list[Control] = [
        Time(TRAINING_STEPS),
        Toggle("cut", _("Cut the rate by ten here")),
    ]
    return Explorer(figure, [here, late, *moment.actors], controls, draw, charts=moment.charts)
