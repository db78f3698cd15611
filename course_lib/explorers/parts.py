"""What several explorers share: a run on the page, one update of it, and both in words."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from course_lib import plots
from course_lib.descent import Path
from course_lib.require import Array


class Trace:
    """A run on a surface: its path, and a dot for the update that is looked at."""

    def __init__(self, ax: Axes) -> None:
        self.line = ax.plot([], [], color=plots.COLOURS[0], lw=1.3)[0]
        self.dot = ax.plot([], [], "o", color=plots.INK, ms=7)[0]
        self.actors = [self.line, self.dot]

    def show(self, path: Path, t: int) -> None:
        """Draw another run, or another update of it."""
        self.line.set_data(*path.theta.T)
        self.dot.set_data(*path.theta[[t]].T)


class Moment:
    """One update on several axes of time: an upright line in each."""

    def __init__(self, *axes: Axes) -> None:
        self.actors: list[Line2D] = [ax.axvline(0, color=plots.INK, lw=1) for ax in axes]

    def show(self, t: int) -> None:
        """Move to update t."""
        for line in self.actors:
            line.set_xdata([t, t])


def ending(path: Path) -> str:
    """Say where a run ended."""
    if path.diverged_at is not None:
        return f"diverged after {path.diverged_at} updates"
    return f"ended at loss {path.loss[-1]:.3g} with gradient norm {path.gradient_norm[-1]:.3g}"


def numbers(values: Array) -> str:
    """Write one number, or several in brackets."""
    words = [f"{value:.3g}" for value in values]
    return words[0] if len(words) == 1 else f"({', '.join(words)})"


def update(path: Path, t: int) -> str:
    """Say what update t does: where it is, and the η, m, σ and step it takes from there."""
    if path.diverged_at is not None and t >= path.diverged_at:
        return f"At update {t} the run has diverged."
    step = path.lr[t] * path.direction[t] / path.scale[t]
    return (
        f"At update {t}: θ = {numbers(path.theta[t])}, loss {path.loss[t]:.3g}, "
        f"η = {path.lr[t]:.3g}, m = {numbers(path.direction[t])}, "
        f"σ = {numbers(np.atleast_1d(path.scale[t]))}, step -ηm/σ = {numbers(-step)}."
    )


def strokes(ends: Array) -> Array:
    """Join separate lines into one: `ends` has shape (lines, points, 2), NaN lifts the pen."""
    gap = np.full((len(ends), 1, 2), np.nan)
    return np.concatenate([ends, gap], axis=1).reshape(-1, 2).T
