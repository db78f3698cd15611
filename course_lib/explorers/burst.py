"""Notebook 03: two Adagrads on the sheared valley, and a guess when the burst comes."""

from dataclasses import replace
from functools import lru_cache

import numpy as np

from course_lib import optimizers, plots, surfaces
from course_lib.descent import Path, descend
from course_lib.explorers.parts import Moment, Trace, unknown, update
from course_lib.language import N_, _
from course_lib.optimizers import Form
from course_lib.overlay import Choice, Control, Explorer, Point, Slider, Time, Toggle
from course_lib.reading import Reading, number
from course_lib.require import Array
from course_lib.schedules import Schedule

START = (-4.0, 0.2)
UPDATES = 2500
PREVIEW = 60  # what the reader sees before guessing


@lru_cache(maxsize=8)  # scrubbing through the time runs nothing again
def burst_model(
    lr: float | Schedule, form: Form = "mean", start: tuple[float, float] = START
) -> Path:
    """Descend the sheared valley with Adagrad, 2,500 updates."""
    return descend(surfaces.sheared_valley, start, optimizers.adagrad(lr, form=form), UPDATES)


def offset(path: Path) -> Array:
    """Return the distance from the valley's floor across it, as a share of the first.

    A run that starts on the floor has no first distance to compare with, and gets zeros.
    """
    across = np.abs(path.theta[:, 1] - 1e-3 * path.theta[:, 0])
    return across / np.where(across[0] > 0, across[0], np.inf)


def bursts(path: Path) -> list[int]:
    """Return the updates at which the offset rises above 5 % after 30 updates below it."""
    far = offset(path) > 0.05
    return [t for t in range(30, len(far)) if far[t] and not far[t - 30 : t].any()]


def found(path: Path) -> str:
    """Say how many bursts there are, and when the first."""
    when = bursts(path)
    if not when:
        return _("No burst in {updates:,} updates.", updates=UPDATES)
    if len(when) == 1:
        return _(
            "One burst in {updates:,} updates, at update {first:,}.", updates=UPDATES, first=when[0]
        )
    return _(
        "{count} bursts in {updates:,} updates, the first at update {first:,}.",
        count=len(when),
        updates=UPDATES,
        first=when[0],
    )


def later(path: Path) -> tuple[str, ...]:
    """Say when the bursts after the first one come, if there are any."""
    updates = _(", ").join(f"{t:,}" for t in bursts(path)[1:])
    return (_("Later bursts: at updates {updates}.", updates=updates),) if updates else ()


def compared(guess: int, first: int) -> str:
    """Say how far a guess is from the first burst."""
    if guess > first:
        return _(
            "Your guess was {guess:,}, {count:,} updates too late.",
            guess=guess,
            count=guess - first,
        )
    return _(
        "Your guess was {guess:,}, {count:,} updates too early.", guess=guess, count=first - guess
    )


def stability(path: Path) -> Array:
    """Return ηλ/σ across the valley, whose curvature is 200."""
    return path.lr * 200 / path.scale[:, 1]


def adagrad() -> Explorer:
    """Notebook 03: when does the lecture's Adagrad burst?"""
    figure, (left, top, low) = plots.figure("ab;ac", width=9.0, height=4.4)
    first = burst_model(0.05)
    plots.contours(left, surfaces.sheared_valley)
    trace = Trace(left)
    moved = {N_("offset"): offset(first)}
    curves = plots.curves(top, moved, N_("offset / first offset"), legend=False)
    curves += plots.curves(low, {"ηλ/σ": stability(first)}, "ηλ/σ", legend=False)
    plots.mark(low, 2, "unstable above")
    top.set(ylim=(-0.05, 1.1), xlabel="")
    low.set(ylim=(0, 4))
    guesses = [ax.axvline(0, color=plots.COLOURS[1], ls="--", lw=1.5) for ax in (top, low)]
    moment = Moment(top, low)

    def draw(
        lr: float, form: Form, start: tuple[float, float], guess: int, shown: bool, t: int
    ) -> Reading:
        path = burst_model(lr, form, start)
        # Before the guess only the beginning is drawn, from which a burst can be foretold.
        end = UPDATES + 1 if shown else PREVIEW + 1
        trace.show(replace(path, theta=path.theta[:end]), min(t, end - 1))
        ratio = stability(path)
        for curve, values in zip(curves, (offset(path), ratio), strict=True):
            curve.set_data(np.arange(end), values[:end])
        for line in guesses:
            line.set_xdata([guess, guess])
        moment.show(t)
        rule = _("Adagrad with the {form} of squares, rate {lr}", form=_(form), lr=number(lr))
        table = update(path, t, surfaces.sheared_valley.axes)
        if not shown:
            if t >= end:
                table = unknown(table._replace(caption=_("At update {t:,}: not shown yet", t=t)))
            headline = _(
                "Your guess: the first burst at update {guess:,}. Show the run to compare.",
                guess=guess,
            )
            before = _(
                "{rule}: at update {t} ηλ/σ is {ratio:.2f}.",
                rule=rule,
                t=PREVIEW,
                ratio=ratio[PREVIEW],
            )
            return Reading(headline, (before,), table)
        words = _("{rule}: the largest ηλ/σ is {ratio:.2f}.", rule=rule, ratio=ratio.max())
        if when := bursts(path):
            words += " " + compared(guess, when[0])
        return Reading(found(path), (words, *later(path)), table)

    controls: list[Control] = [
        Slider("guess", _("my guess: first burst at"), 0, UPDATES, 1000, whole=True),
        Slider("lr", _("learning rate η"), 0.01, 0.3, 0.05, log=True),
        Choice("form", _("form"), (N_("mean"), N_("sum")), "mean"),
        Toggle("shown", _("Show the run")),
        Point("start", _("start"), left, START),
        Time(UPDATES),
    ]
    actors = [*trace.actors, *curves, *guesses, *moment.actors]
    charts = dict.fromkeys((top, low), ("t", "guess"))
    return Explorer(figure, actors, controls, draw, charts=charts)
