"""The explorer: matplotlib paints the stage once, the browser moves the actors over it.

Drawing axes, ticks and text takes tens of milliseconds, drawing a curve takes less than one. So
what does not move (the stage) is sent once as a picture. What moves (the actors) is sent at every
update: a matplotlib line as pixel coordinates, an image as one byte a cell, both some kilobytes.
overlay.js draws them.

A cell that shows an Explorer stores a still picture and what it says as ordinary output. While
its kernel lives, the browser replaces the still by the live view; a notebook opened later, on the
web or after a restart shows the still.
"""

import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from threading import Event, Lock
from typing import Any, cast
from uuid import uuid4

import anywidget
import numpy as np
import traitlets
from IPython import get_ipython
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D

from course_lib import background
from course_lib.language import N_, _
from course_lib.plots import png, still
from course_lib.reading import Reading
from course_lib.require import Array

Knobs = dict[str, Any]
_shown: dict[str, tuple[str, list["Explorer"]]] = {}  # cell -> the request that ran it, its views
_made = ("", 0)  # the last request in which explorers were made, and how many
_drawing = Lock()  # callbacks run in a thread of their own, and matplotlib is not thread-safe
NO_CELL = 255  # the last of an image's 256 colours is that of a cell without a value
# What overlay.js says itself. It fills the {holes}.
PHRASES = {
    "controls": N_("Controls"),
    "number": N_("{label}, as a number"),
    "no_number": N_("“{typed}” is no number: {label} stays at {value}."),
    "range": N_("{label} goes from {low} to {high}."),
    "play": N_("▶ Play"),
    "pause": N_("❚❚ Pause"),
    "step": N_("One update on"),
    "share": N_("{label}: share done"),
    "stop": N_("Stop"),
    "drag": N_("Drag it, or use the arrow keys"),
    "drag_me": N_("drag me"),
    "read": N_("Point at a cell; a click keeps it; arrow keys move it"),
    "read_me": N_("point at the map"),
    "handle": N_("{label}; arrow keys move it"),
    "place": N_("x {x}, y {y}"),
    "upright": N_("Drag an upright line"),
    "copy": N_("Copy"),
    "copied": N_("Copied"),
    "marked": N_("Marked: press Ctrl+C"),
    "pin": N_("Pin this run"),
    "unpin": N_("Unpin"),
    "pinned": N_("Pinned, drawn pale: {words}"),
    "reset": N_("Reset"),
}


@dataclass(frozen=True)
class Slider:
    """A number between `low` and `high`, with a readable box beside it.

    log=True moves in equal ratios, as suits a rate; whole=True allows whole numbers only; `bound`
    is a value to mark on the slider. Controls of the same `group` stand together under its name.
    """

    name: str
    label: str
    low: float
    high: float
    value: float
    log: bool = False
    whole: bool = False
    bound: float | None = None
    group: str = ""

    def accept(self, value: Any) -> float:
        """Return `value` moved into the slider's range, or the first value if it is no number."""
        if not isinstance(value, int | float) or not np.isfinite(value):
            return self.value
        value = min(max(value, self.low), self.high)
        return round(value) if self.whole else float(value)

    def spec(self) -> Knobs:
        """Return what the browser must know."""
        return {"kind": type(self).__name__, **asdict(self)}


class Time(Slider):
    """The update to look at: a slider with buttons to play, pause and take one step."""

    def __init__(self, steps: int, first: int = 0) -> None:
        super().__init__("t", _("update t"), first, steps, first, whole=True)


@dataclass(frozen=True)
class Point:
    """A place in `axes`, linear or logarithmic, dragged in the picture or moved by arrow keys.

    cells: (across, up), how many cells an image in these axes has. The place is then a cell: it
    moves from cell to cell and follows the pointer, which needs no button; a click keeps it.
    """

    name: str
    label: str
    axes: Axes
    value: tuple[float, float]
    cells: tuple[int, int] | None = None

    def accept(self, value: Any) -> tuple[float, float]:
        """Return `value` moved into the axes, or the first value if it is no pair of numbers."""
        try:
            x, y = (float(number) for number in value)
        except (TypeError, ValueError):
            return self.value
        x, y = np.clip((x, y), *_ends(self.axes))
        return (float(x), float(y)) if np.isfinite([x, y]).all() else self.value

    def spec(self) -> Knobs:
        """Return what the browser must know."""
        known = {"name": self.name, "label": self.label, "value": list(self.value)}
        return {"kind": "Point", **known, **_scales(self.axes), "cells": self.cells}


@dataclass(frozen=True)
class Choice:
    """One of a few names, of which a learner reads the translation."""

    name: str
    label: str
    options: tuple[str, ...]
    value: str
    group: str = ""

    def accept(self, value: Any) -> str:
        """Return `value` if it is an option, else the first value."""
        return value if value in self.options else self.value

    def spec(self) -> Knobs:
        """Return what the browser must know."""
        return {"kind": "Choice", **asdict(self), "shown": list(map(_, self.options))}


@dataclass(frozen=True)
class Toggle:
    """A button that is pressed or not."""

    name: str
    label: str
    value: bool = False

    def accept(self, value: Any) -> bool:
        """Return `value` if it is True or False, else the first value."""
        return value if isinstance(value, bool) else self.value

    def spec(self) -> Knobs:
        """Return what the browser must know."""
        return {"kind": "Toggle", **asdict(self)}


@dataclass(frozen=True)
class Run:
    """A long computation that the learner starts and stops, with a bar that shows how far it is.

    work(**knobs) computes piece by piece and yields, after each, the share that is done. It runs
    beside what the kernel does; the picture is drawn anew ten times a second meanwhile.
    """

    label: str
    work: Callable[..., Iterator[float]]


Control = Slider | Choice | Point | Toggle
Actor = Line2D | AxesImage


def _clip(axes: Axes) -> list[float]:
    """Return the box of the axes in pixels: left, top, width, height."""
    left, bottom, right, top = axes.bbox.extents
    page = cast(Figure, axes.figure).bbox.height
    return [float(length) for length in (left, page - top, right - left, top - bottom)]


def _ends(axes: Axes) -> Array:
    """Return the lower left corner and the upper right one."""
    return np.transpose([axes.get_xlim(), axes.get_ylim()])


def _scales(axes: Axes) -> dict[str, Any]:
    """Return where the axes lie, and what the browser must know to turn pixels into values."""
    low, high = _ends(axes).tolist()
    logs = [scale == "log" for scale in (axes.get_xscale(), axes.get_yscale())]
    return {"clip": _clip(axes), "low": low, "high": high, "log": logs}


def _chart(axes: Axes, drags: tuple[str, ...]) -> dict[str, Any]:
    """Return the spec of axes in which a pointer reads the curves."""
    linear = axes.get_yscale() in ("linear", "log")  # of other scales the browser knows nothing
    # The stage stays English: what the browser says of it is translated.
    names = {"x": _("update") if drags else _(axes.get_xlabel()), "y": _(axes.get_ylabel())}
    return {"drags": drags, "readable": linear, **names, **_scales(axes)}


def _panels(figure: Figure) -> list[list[float]]:
    """Return left edge and width of the parts that a narrow page may set below each other.

    A cut goes through no axes and none of their labels. A colour bar stays with its map.
    """
    panels: list[list[float]] = []
    for box, axes in sorted((axes.get_tightbbox().extents.tolist(), axes) for axes in figure.axes):  # type: ignore[union-attr]
        if panels and (box[0] < panels[-1][1] or _is_colour_bar(axes)):
            panels[-1][1] = max(panels[-1][1], box[2])
        else:
            panels.append([box[0], box[2]])
    cuts = [(one[1] + other[0]) / 2 for one, other in pairwise(panels)]
    edges = np.round([0, *cuts, figure.bbox.width])
    return np.transpose([edges[:-1], np.diff(edges)]).tolist()


def _is_colour_bar(axes: Axes) -> bool:
    return axes.get_label() == "<colorbar>"


def _thin(xy: Array) -> Array:
    """Leave out points that no eye can see: of those in one column of pixels four are enough.

    The first, the last, the highest and the lowest draw the same line.
    """
    if len(xy) < 500 or not np.isfinite(xy).all():
        return xy
    group = np.r_[0, np.cumsum(np.diff(np.floor(xy[:, 0])) != 0)]
    by_height = np.lexsort((xy[:, 1], group))
    first = np.r_[0, np.flatnonzero(np.diff(group)) + 1]
    last = np.r_[first[1:], len(xy)] - 1
    return xy[np.unique(np.r_[first, last, by_height[first], by_height[last]])]


def _look(actor: Actor, pixel: float) -> dict[str, Any]:
    """What does not change about an actor, in the canvas's words; `pixel` is a point's length."""
    label = str(actor.get_label())
    place = {"clip": _clip(cast(Axes, actor.axes)), "name": "" if label[:1] == "_" else _(label)}
    if isinstance(actor, AxesImage):
        colours = actor.get_cmap().resampled(NO_CELL)
        palette = colours(np.ma.masked_equal(np.arange(256), NO_CELL), bytes=True)
        return {**place, "columns": actor.get_size()[1], "palette": palette.tolist()}
    width = actor.get_linewidth() * pixel
    dash = {
        "--": rcParams["lines.dashed_pattern"],
        "-.": rcParams["lines.dashdot_pattern"],
        ":": rcParams["lines.dotted_pattern"],
    }
    return {
        "colour": to_hex(actor.get_color()),
        "width": width if actor.get_linestyle() != "None" else 0,
        "dash": [part * width for part in dash.get(str(actor.get_linestyle()), [])],
        "marker": actor.get_marker() if actor.get_marker() != "None" else "",
        "markersize": actor.get_markersize() * pixel,
        **place,
    }


def _key(content: bytes) -> str:
    """Return what a still and its live view know each other by.

    Where JupyterLab tells which cell runs, it is the same for every run of the cell that makes
    the same explorer, so that running a notebook again changes nothing in its file.
    """
    global _made
    parent = _request()
    cell = parent.get("metadata", {}).get("cellId")
    if cell is None:  # nbclient does not tell
        return uuid4().hex
    request = parent["header"]["msg_id"]
    _made = request, _made[1] + 1 if _made[0] == request else 1
    notebook = Path(os.environ.get("JPY_SESSION_NAME", "")).name
    place = json.dumps([notebook, cell, _made[1]]).encode()
    return hashlib.sha256(place + content).hexdigest()[:32]


def _request() -> dict[str, Any]:
    """Return the message by which the running cell was asked for, or nothing."""
    shell = get_ipython()
    # In a browser only the kernel behind the shell tells.
    asked: Any = shell if hasattr(shell, "get_parent") else getattr(shell, "kernel", None)
    return asked.get_parent() if hasattr(asked, "get_parent") else {}


def _needs_view() -> bool:
    """Tell whether the front end makes the model of a widget only where a view of it is stored.

    JupyterLab and Notebook 7 make every model, and would show a view whose kernel is gone as
    "model not found". Colab makes a model for its view. VS Code, which leaves the notebook's name
    in each kernel that it starts, does so surely, and shows the still when the kernel is gone.
    """
    names = getattr(get_ipython(), "user_ns", {})
    return "google.colab.output" in sys.modules or "__vsc_ipynb_file__" in names


def _closed(**knobs: Any) -> Reading:
    raise RuntimeError("This explorer is closed. Run its cell again for a new one.")


class Explorer(anywidget.AnyWidget):
    """A figure whose `actors` follow the `controls`.

    draw(**knobs) gets a value for each control's name, sets the data of the actors (lines and
    images of `figure`) and returns a Reading, which says what is seen, with its numbers.
    Everything else in the figure stands still. An image fills its axes and lies under all lines;
    where a cell has no value (NaN), the stage is seen.

    The first control, if it is a slider, is the one that matters most and is shown large. In
    `charts`, axes, the pointer reads the curves that have a label, and drags the controls that
    stand behind them: their upright lines, where x is the time. pin=False leaves out the button
    that keeps a picture beside the next one, where there is nothing to compare.
    """

    # Texts, because anywidget watches a Path, and holds every widget to tell it of changes.
    _esm = Path(__file__).with_name("overlay.js").read_text(encoding="utf-8")
    _css = Path(__file__).with_name("overlay.css").read_text(encoding="utf-8")
    key = traitlets.Unicode().tag(sync=True)
    controls: traitlets.List[Any] = traitlets.List().tag(sync=True)
    actors: traitlets.List[Any] = traitlets.List().tag(sync=True)
    run_label = traitlets.Unicode().tag(sync=True)
    charts: traitlets.List[Any] = traitlets.List().tag(sync=True)
    panels: traitlets.List[Any] = traitlets.List().tag(sync=True)
    colour_bars: traitlets.List[Any] = traitlets.List().tag(sync=True)
    pin = traitlets.Bool().tag(sync=True)
    phrases: "traitlets.Dict[str, str]" = traitlets.Dict().tag(sync=True)
    stage = traitlets.Bytes().tag(sync=True)
    still = traitlets.Unicode().tag(sync=True)
    size: traitlets.List[float] = traitlets.List().tag(sync=True)

    def __init__(
        self,
        figure: Figure,
        actors: Sequence[Actor],
        controls: Sequence[Control],
        draw: Callable[..., Reading],
        run: Run | None = None,
        charts: Mapping[Axes, tuple[str, ...]] | None = None,
        pin: bool = True,
    ) -> None:
        self._actors, self._controls, self._draw = actors, controls, draw
        self._height = figure.bbox.height
        self._run, self._stop, self._done = run, Event(), 0.0
        self._stop.set()
        self.knobs: Knobs = {control.name: control.value for control in controls}
        with _drawing:
            self.reading = draw(**self.knobs)
            for actor in actors:
                actor.set_visible(False)
            # This lays out the axes; from here on pixels stay put.
            stage = png(figure, sharpness=2, optimize=False)
            figure.set_layout_engine("none")
            for actor in actors:
                actor.set_visible(True)
            picture = still(figure, self.reading.headline, sharpness=2)
        words = self.reading.html()
        way = _("A still picture of the first state. Run this cell in JupyterLab to move it.")
        super().__init__(
            key=_key(stage + self.sentence.encode()),
            charts=[_chart(axes, drags) for axes, drags in (charts or {}).items()],
            panels=_panels(figure),
            colour_bars=[_clip(axes) for axes in figure.axes if _is_colour_bar(axes)],
            pin=pin,
            phrases={name: _(phrase) for name, phrase in PHRASES.items()},
            controls=[control.spec() for control in controls],
            actors=[_look(actor, figure.dpi / 72) for actor in actors],
            run_label=run.label if run else "",
            stage=stage,
            still=f"{picture}<p><strong>{words['headline']}</strong></p>"
            f"{words['details']}{words['table']}{words['listings']}"
            f"<p><small>{way}</small></p>",
            size=[float(side) for side in figure.bbox.size],
        )
        self.on_msg(self._receive)

    def _frame(self) -> list[bytes]:
        """Return what is drawn of each actor now: the points of a line, the cells of an image."""
        return [
            self._cells(actor) if isinstance(actor, AxesImage) else self._points(actor)
            for actor in self._actors
        ]

    def _points(self, line: Line2D) -> bytes:
        """Return points as float32 pixels, x right, y down."""
        xy = line.get_transform().transform(line.get_xydata())
        xy[:, 1] = self._height - xy[:, 1]
        # A canvas cannot draw what is infinitely far; this far is out of every picture.
        return _thin(np.clip(xy, -1e5, 1e5)).astype(np.float32).tobytes()

    def _cells(self, image: AxesImage) -> bytes:
        """Return one byte a cell, its number in the palette, row by row from the top."""
        share: Any = image.norm(cast(Array, image.get_array()))
        number = np.ma.clip(share * NO_CELL, 0, NO_CELL - 1).filled(NO_CELL).astype(np.uint8)
        return (number[::-1] if image.origin == "lower" else number).tobytes()

    def move(self, **knobs: Any) -> str:
        """Set some controls as a learner would, and return what the picture then says.

        Values out of range move to its end; an unknown name raises TypeError.
        """
        unknown = knobs.keys() - self.knobs.keys()
        if unknown:
            raise TypeError(f"no control is called {', '.join(sorted(unknown))}")
        for control in self._controls:
            if control.name in knobs:
                self.knobs[control.name] = control.accept(knobs[control.name])
        self.reading = self._draw(**self.knobs)
        return self.sentence

    @property
    def sentence(self) -> str:
        """What the picture says, as text."""
        return str(self.reading)

    def run(self) -> str:
        """Do the whole computation of the Run, as its button does, and return what it led to."""
        self._stop.clear()
        for _picture in self._work(self._stop):
            pass
        return self.sentence

    def _work(self, stop: Event) -> Iterator[None]:
        """Work, and pause after each picture."""
        next_picture = 0.0
        try:
            for done in cast(Run, self._run).work(**self.knobs):
                self._done = done
                if stop.is_set():
                    break
                if time.monotonic() > next_picture:
                    self._show()
                    next_picture = time.monotonic() + 0.1
                    yield
        finally:
            stop.set()
            self._show()

    def _receive(self, _widget: Any, message: Knobs, buffers: Any) -> None:
        """Answer every message of the browser with one frame, so that it may send the next."""
        if message.get("run") is False:
            self._stop.set()
        elif message.get("run") and self._run and self._stop.is_set():
            self._stop = Event()  # a run that has not yet seen its stop keeps the old one
            background.worker().drive(self._work(self._stop))
        known = {name: v for name, v in message.get("knobs", {}).items() if name in self.knobs}
        self._show(answer=True, **known)

    def _show(self, answer: bool = False, **knobs: Any) -> None:
        """Send one frame. A draw that fails sends its reason, or the browser would wait forever."""
        with _drawing:
            if self._draw is _closed:  # while a run came to its end
                return
            try:
                self.move(**knobs)
            except Exception as error:
                kind = type(error).__name__
                said = _("This could not be drawn. {kind}: {error}", kind=kind, error=error)
                self.reading = Reading(said)
                raise
            finally:
                words = self.reading.html(live=True)
                frame = {"words": words, "knobs": self.knobs, "answer": answer}
                state = {"running": not self._stop.is_set(), "done": self._done}
                self.send(frame | state, self._frame())

    def close(self) -> None:
        """End the run and the connection to the browser, where the still comes back.

        IPython keeps what a cell has shown. So what draws, which is large, is let go here.
        """
        self._stop.set()
        # Without `_drawing`: memory may be collected, and this called, while another one draws.
        self._actors, self._controls, self._draw, self._run = [], [], _closed, None
        for _asked, shown in list(_shown.values()):
            if self in shown:
                shown.remove(self)
        super().close()

    def __repr__(self) -> str:
        return self.sentence

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        self._replace()
        stored = {
            "text/html": f'<div class="explorer-{self.key}">{self.still}</div>',
            "text/plain": self.sentence,
        }
        if not _needs_view():
            return stored
        # The metadata name, in Colab, the manager that knows anywidget.
        view, metadata = cast(Any, super()._repr_mimebundle_(**kwargs))
        return view | stored, metadata

    def _replace(self) -> None:
        """Close what an earlier run of the same cell has shown: nothing else would ever do so."""
        parent = _request()
        cell = parent.get("metadata", {}).get("cellId")
        if cell is None:
            return
        request = parent["header"]["msg_id"]
        before, shown = _shown.get(cell, (request, []))
        if before != request:
            for explorer in set(shown) - {self}:
                explorer.close()
            shown = []
        _shown[cell] = request, [*shown, self]
