"""Figures of the course: readable in grey and by a screen reader, the same on every machine.

Matplotlib's Figure is used without pyplot: nothing is registered globally, so nothing leaks and
an explorer may draw from another thread. Curves differ in colour and in dashes.
"""

import base64
import html
import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from PIL import Image

from course_lib import require
from course_lib.descent import Path
from course_lib.language import N_, _
from course_lib.reading import power_of_ten
from course_lib.surfaces import Surface

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9")
"""Okabe and Ito's colours, which most forms of colour vision tell apart."""
DASHES: tuple[Any, ...] = (
    "-",
    "--",
    "-.",
    ":",
    (0, (6, 1, 1, 1, 1, 1)),
    (0, (3, 1, 1, 1)),
    (0, (9, 3)),
)
INK = "#333333"


def figure(columns: int | str = 1, width: float = 8.0, height: float = 3.4) -> tuple[Figure, Any]:
    """Return a figure of 100 dots an inch and its axes, one or an array of `columns`.

    A text draws the columns: "ab;ac" is a to the left of b above c; the axes come in this order.
    """
    made = Figure(figsize=(width, height), dpi=100, layout="constrained")
    if isinstance(columns, str):
        axes: Any = np.array(list(made.subplot_mosaic(columns).values()))
    else:
        axes = made.subplots(1, columns)
    for ax in np.atleast_1d(axes):
        ax.spines[["top", "right"]].set_visible(False)
    return made, axes


def png(figure: Figure, sharpness: int = 1, optimize: bool = True) -> bytes:
    """Return the figure as a palette PNG: a third of the size, and no date or version in it.

    optimize: take five times as long to pack it, a tenth smaller, as suits what is stored.
    """
    dpi = figure.dpi
    figure.dpi = dpi * sharpness
    try:
        # Not by savefig, which draws a figure with a layout twice, the first time for nothing.
        renderer = RendererAgg(*figure.bbox.size, figure.dpi)
        figure.draw(renderer)
    finally:
        figure.dpi = dpi
    image = Image.fromarray(np.asarray(renderer.buffer_rgba())).convert("RGB")
    packed = io.BytesIO()
    # An octree keeps the few colours of the curves; a median cut would blend them with the greys.
    palette = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    colours = np.reshape(palette.getpalette() or [], (-1, 3))
    colours[colours.min(axis=1) >= 250] = 255  # an octree makes white a grey, seen on a white page
    palette.putpalette(colours.flatten().tolist())
    palette.save(packed, "PNG", optimize=optimize)
    return packed.getvalue()


FOLDED = N_("<!-- Run the cell to see the picture. -->")


def still(figure: Figure, alt: str, sharpness: int = 1) -> str:
    """Return the figure as HTML: an image that carries its text alternative.

    Of a folded output JupyterLab shows the first line, and the alternative would tell the result.
    """
    data, width = base64.b64encode(png(figure, sharpness)).decode(), round(figure.bbox.width)
    return (
        f"{_(FOLDED)}\n"
        f'<img alt="{html.escape(alt)}" width="{width}" '
        'style="max-width: 100%; background: white" '
        f'src="data:image/png;base64,{data}">'
    )


class Picture:
    """What a cell shows: the figure as an image with a text alternative, and the text itself."""

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure, self.alt = figure, alt

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/html": still(self.figure, self.alt), "text/plain": self.alt}


def contours(ax: Axes, surface: Surface, window: Sequence[float] | None = None) -> None:
    """Draw the surface's level lines, darker where it is higher, and its special points."""
    require.instance("surface", surface, Surface, "a Surface such as surfaces.valley")
    left, right, bottom, top = window or surface.window
    x, y = np.linspace(left, right, 201), np.linspace(bottom, top, 161)
    height = surface.value(np.array(np.meshgrid(x, y)))
    low, high = height.min(), height.max()
    levels = low + (high - low) * np.linspace(0.01, 1, 14) ** 2
    ax.contourf(x, y, height, levels, cmap="Greys", alpha=0.35, extend="both")
    ax.contour(x, y, height, levels, colors="#8c8c8c", linewidths=0.6)
    for name, point in surface.special.items():
        kind = name.split()[0]
        ax.plot(*point, {"minimum": "*", "saddle": "X", "maximum": "^"}[kind], color=INK, ms=9)
        xy, far = (point[0], point[1]), point[0] > left + 0.7 * (right - left)
        style: Any = {"textcoords": "offset points", "color": INK, "fontsize": 8}
        # Below where it goes to the left: in a small picture two labels would meet.
        ax.annotate(kind, xy, (-7, -12) if far else (7, 6), ha="right" if far else "left", **style)
    ax.set(xlim=(left, right), ylim=(bottom, top), xlabel=surface.axes[0], ylabel=surface.axes[1])


def paths(ax: Axes, runs: Mapping[str, Path], legend: bool = True) -> list[Line2D]:
    """Draw where each run went on a surface of two parameters; a dot marks its start."""
    require.instance("runs", runs, Mapping, 'a dict of paths, as {"Adam": path} is')
    lines = []
    for (name, run), colour, dash in zip(runs.items(), COLOURS, DASHES, strict=False):
        lines += ax.plot(*run.theta.T, color=colour, ls=dash, lw=1.3, label=name)
        ax.plot(*run.theta[0], "o", color=colour, ms=5)
    if legend:
        ax.legend(frameon=True, loc="best")
    return lines


def curves(
    ax: Axes,
    values: Mapping[str, npt.ArrayLike],
    ylabel: str,
    xlabel: str = N_("updates t"),
    x: npt.ArrayLike | None = None,
    log: str = "",
    legend: bool = True,
) -> list[Line2D]:
    """Draw each array against `x` (by default its own index), axes named in `log` logarithmic."""
    require.instance("values", values, Mapping, 'a dict of arrays, as {"Adam": path.loss} is')
    lines = []
    for (name, y), colour, dash in zip(values.items(), COLOURS, DASHES, strict=False):
        y = np.asarray(y)
        across = np.arange(len(y)) if x is None else np.asarray(x)
        lines += ax.plot(across, y, color=colour, ls=dash, lw=1.5, label=name)
    ax.set(xlabel=xlabel, ylabel=ylabel)
    logarithmic(ax, log)
    if legend:
        ax.legend(frameon=True, loc="best")
    return lines


def logarithmic(ax: Axes, names: str) -> None:
    """Make the axes named in a text such as "xy" logarithmic.

    Their powers of ten are written as text: to read each as a formula takes matplotlib a third of
    the time of a picture.
    """

    def power(value: float, position: int) -> str:
        return power_of_ten(round(np.log10(value)))

    for name in names:
        ax.set(**{f"{name}scale": "log"})
        getattr(ax, f"{name}axis").set_major_formatter(power)


def mark(ax: Axes, value: float, text: str = "", vertical: bool = False) -> None:
    """Draw a thin straight line at a value that matters, and say beside it what it is."""
    (ax.axvline if vertical else ax.axhline)(value, color=INK, lw=0.9, ls=(0, (4, 3)))
    where = (value, 0.98) if vertical else (0.98, value)
    transform = ax.get_xaxis_transform() if vertical else ax.get_yaxis_transform()
    ax.text(
        *where,
        f" {text} ",
        transform=transform,
        color=INK,
        ha="left" if vertical else "right",
        va="top" if vertical else "bottom",
    )
