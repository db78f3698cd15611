"""What several explorers share: a run on the page, one update of it, and both in words."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from course_lib import plots
from course_lib.descent import Path
from course_lib.language import _
from course_lib.reading import Table, number
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
        self.charts: dict[Axes, tuple[str, ...]] = dict.fromkeys(axes, ("t",))
        self.actors: list[Line2D] = [ax.axvline(0, color=plots.INK, lw=1) for ax in axes]

    def show(self, t: int) -> None:
        """Move to update t."""
        for line in self.actors:
            line.set_xdata([t, t])


def ending(path: Path) -> str:
    """Say where a run ended."""
    if path.diverged_at is not None:
        return _("diverged after {count:,} updates", count=path.diverged_at)
    end = {
        "count": len(path.loss) - 1,
        "loss": number(path.loss[-1]),
        "norm": number(path.gradient_norm[-1]),
    }
    if path.loss[-1] > path.loss[0]:
        return _(
            "after {count:,} updates the loss has risen to {loss}, the gradient norm {norm}", **end
        )
    return _("after {count:,} updates the loss is {loss}, the gradient norm {norm}", **end)


def numbers(values: Array) -> tuple[str, ...]:
    """Write several numbers."""
    return tuple(map(number, values))


def place(values: Array) -> str:
    """Write the coordinates of a place in brackets."""
    return f"({', '.join(numbers(values))})"


def update(path: Path, t: int, axes: tuple[str, ...], **more: float) -> Table:
    """Say what update t does: where it is, and the η, m, σ and step it takes from there.

    axes: what the parameters are called, if there are several.
    """
    m, sigma, lr = path.direction[t], path.scale[t], path.lr[t]
    rows = {
        "θ": numbers(path.theta[t]),
        _("direction m"): numbers(m),
        _("scale σ"): numbers(np.broadcast_to(sigma, m.shape)),
        _("step −ηm/σ"): numbers(-lr * m / sigma),
        _("loss"): (number(path.loss[t]),),
        _("rate η"): (number(lr),),
    }
    rows |= {name: (number(value),) for name, value in more.items()}
    if path.diverged_at is not None and t >= path.diverged_at:
        return unknown(Table(_("At update {t:,}: diverged", t=t), rows, axes))
    return Table(_("At update {t:,}", t=t), rows, axes)


def capitalized(text: str) -> str:
    """Return a text with a capital at its beginning, if it begins with a word."""
    return text if text[1:2] == " " and text[0] != "a" else text[:1].upper() + text[1:]


def unknown(table: Table) -> Table:
    """Return the table without its numbers, in the same place."""
    return table._replace(rows={name: len(row) * ("–",) for name, row in table.rows.items()})


def strokes(ends: Array) -> Array:
    """Join separate lines into one: `ends` has shape (lines, points, 2), NaN lifts the pen."""
    gap = np.full((len(ends), 1, 2), np.nan)
    return np.concatenate([ends, gap], axis=1).reshape(-1, 2).T
