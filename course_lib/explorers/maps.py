"""What the maps share: a picture of the loss over two settings, and the run of one of its cells.

The cells of an axis are evenly spaced, on a logarithmic axis in equal ratios. Runs that diverged
have no colour; the hatched ground of the axes is seen there.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from course_lib import plots
from course_lib.descent import Path
from course_lib.explorers.parts import Trace, capitalized, place
from course_lib.language import _
from course_lib.maps import Map
from course_lib.overlay import Actor, Control, Explorer, Point
from course_lib.reading import Reading, number
from course_lib.require import Array
from course_lib.surfaces import Surface

SIDE, UPDATES = 96, 200
COLOURS = "viridis"  # equal steps look equal, in grey and to the colour-blind too
HATCHED: dict[str, Any] = {
    "facecolor": "#e6e6e6",
    "edgecolor": "#8c8c8c",
    "hatch": "////",
    "linewidth": 0,
}
Place = tuple[float, float]


class Axis(NamedTuple):
    """One side of a map: the values of a setting, and what it is called."""

    label: str
    values: Array
    log: bool = True

    @property
    def ends(self) -> tuple[float, float]:
        """Return the outer edges of the first and the last cell."""
        first, second = self.values[:2]
        if self.log:
            half = np.sqrt(second / first)
            return float(first / half), float(self.values[-1] * half)
        half = (second - first) / 2
        return float(first - half), float(self.values[-1] + half)

    def nearest(self, value: float) -> int:
        """Return the number of the cell that holds a value."""
        away = np.log(self.values / value) if self.log else self.values - value
        return int(np.abs(away).argmin())

    def say(self, value: float) -> str:
        """Say which value."""
        return f"{_(self.label)} = {number(value)}"


class Chart:
    """A map on axes of its own, and a dot on the cell that is read.

    The colours stand for log10 of the loss above `lowest`, the lowest loss there is, from 10^low
    to 10^high. Cells without a value are those of runs that diverged, unless `empty` says what else
    they are: it is written under the map, where no cell covers it.
    """

    def __init__(
        self,
        figure: Figure,
        ax: Axes,
        x: Axis,
        y: Axis,
        low: float,
        high: float,
        lowest: float = 0.0,
        empty: str = "",
    ) -> None:
        self.ax, self.x, self.y, self.lowest = ax, x, y, lowest
        plots.logarithmic(ax, "x" * x.log + "y" * y.log)
        ax.set(xlim=x.ends, ylim=y.ends)
        self.image = ax.imshow(
            np.full((len(y.values), len(x.values)), low),
            cmap=COLOURS,
            vmin=low,
            vmax=high,
            interpolation="nearest",
            origin="lower",
            aspect="auto",
            # Over the whole axes: in data coordinates a logarithmic axis would stretch the cells.
            extent=(0, 1, 0, 1),
            transform=ax.transAxes,
            zorder=0,
        )
        ax.patch.set(**({"facecolor": "#e6e6e6"} if empty else HATCHED))
        ax.spines[["top", "right"]].set_visible(True)  # the hatching would fray the map's edge
        ax.set(xlabel=x.label, ylabel=y.label)
        above = "loss" if lowest == 0 else "(loss − lowest loss)"
        figure.colorbar(self.image, ax=ax, label=f"log₁₀ {above}", extend="both")
        if empty:
            words = ax.text(0.5, 0.2, empty, ha="center", va="center", transform=ax.transAxes)
            words.set(zorder=-1, bbox={"facecolor": "white", "edgecolor": "none"})
        else:
            swatch = [Patch(label="diverged", **HATCHED)]
            ax.legend(handles=swatch, loc="lower right", bbox_to_anchor=(1, 1), frameon=False)
        # Black on white, as no colour of the scale is.
        self.dots = [
            ax.plot(0, 0, "o", color=c, ms=ms)[0] for c, ms in (("white", 9), ("black", 5))
        ]
        self.actors: list[Actor] = [self.image, *self.dots]

    def point(self, value: Place) -> Point:
        """Return the control that reads a cell, at first the one at a place."""
        x, y = (
            axis.values[axis.nearest(v)] for axis, v in zip((self.x, self.y), value, strict=True)
        )
        cells = len(self.x.values), len(self.y.values)
        return Point("cell", _("cell of the map"), self.ax, (float(x), float(y)), cells)

    def show(self, seen: Map, cell: Place) -> tuple[int, int]:
        """Draw a map, and return the numbers of the cell at a place."""
        i, j = self.x.nearest(cell[0]), self.y.nearest(cell[1])
        self.image.set_data(np.where(seen.diverged_at < 0, self._logs(seen.loss), np.nan).T)
        for dot in self.dots:
            dot.set_data([self.x.values[i]], [self.y.values[j]])
        return i, j

    def _logs(self, loss: Array) -> Array:
        # Rounding can leave a loss a little below the lowest.
        return np.log10(np.maximum(loss - self.lowest, 1e-300))

    def say(self, i: int, j: int) -> str:
        """Say which cell."""
        x, y = self.x.say(self.x.values[i]), self.y.say(self.y.values[j])
        return capitalized(_("{x}, {y}", x=x, y=y))


def result(seen: Map, i: int, j: int, lowest: float = 0.0) -> str:
    """Say what became of one cell after UPDATES updates."""
    if seen.diverged_at[i, j] >= 0:
        return _("diverged after {count:,} updates", count=seen.diverged_at[i, j])
    left = max(seen.loss[i, j] - lowest, 0)
    if left <= 1e-12:  # rounding decides the digits
        return _(
            "after {count:,} updates the loss is less than 10⁻¹² above the lowest", count=UPDATES
        )
    return _(
        "after {count:,} updates the loss is {above} above the lowest",
        count=UPDATES,
        above=number(left),
    )


def result_of_all(seen: Map, x: Axis, j: int, lowest: float = 0.0) -> tuple[str, ...]:
    """Say from where on the cells of row j diverged, and what became of all cells."""
    gone = seen.diverged_at >= 0
    good = np.mean(~gone & (seen.loss - lowest < 1e-3))
    everywhere = _(
        "Of {count:,} runs {gone:.0%} diverged, and {good:.0%} ended less than 0.001 above the "
        "lowest loss.",
        count=gone.size,
        gone=np.mean(gone),
        good=good,
    )
    first = int(gone[:, j].argmax())
    if not gone[first:, j].all():  # none, or not in one piece
        return (everywhere,)
    bound = x.say(x.values[first])
    return (_("In this row runs diverge from {bound} on.", bound=bound), everywhere)


def on_surface(
    x: Axis,
    y: Axis,
    ground: Surface,
    swept: Callable[..., Map],
    run: Callable[..., Path],
    cell: Place,
    start: Place,
    more: Sequence[Control],
    low: float = -8,
    high: float = 2,
) -> Explorer:
    """Return an explorer: a map, and beside it the run of one cell on a surface, with its start.

    swept(start, **knobs) returns the map and run(x, y, start, **knobs) the path of a cell, both
    after UPDATES updates; the knobs are those of the controls `more`.
    """
    figure, (left, right) = plots.figure(2, width=9.5, height=4.0)
    lowest = float(ground.value(np.array(ground.special["minimum"])))
    chart = Chart(figure, left, x, y, low, high, lowest)
    plots.contours(right, ground)
    trace = Trace(right)

    def draw(cell: Place, start: Place, **knobs: float | str) -> Reading:
        seen = swept(start, **knobs)
        i, j = chart.show(seen, cell)
        trace.show(run(x.values[i].item(), y.values[j].item(), start, **knobs), -1)
        said = {k: number(v) if isinstance(v, float) else _(v) for k, v in knobs.items()}
        chosen = [f"{control.label} = {said[control.name]}" for control in more]
        begin = place(np.array(start))
        settings = _("Start {place}; {settings}.", place=begin, settings=_("; ").join(chosen))
        end = result(seen, i, j, lowest)
        headline = _("{cell}: {result}.", cell=chart.say(i, j), result=end)
        return Reading(headline, (settings, *result_of_all(seen, x, j, lowest)))

    controls = [*more, chart.point(cell), Point("start", _("start"), right, start)]
    return Explorer(figure, [*chart.actors, *trace.actors], controls, draw)
