"""The figure of notebook 02's explorer, moved in two usual ways and in the course's.

Each function is the last line of a notebook's cell; latency.py says which. What the kernel does
is noted in log.txt beside the notebook.
"""

import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from IPython import get_ipython
from IPython.display import display
from ipywidgets import FloatLogSlider, interact
from matplotlib.backend_bases import DrawEvent
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from course_lib import descent, explorers, plots
from course_lib.explorers import learning_rate
from course_lib.overlay import Explorer

log = Path("log.txt").open("w", buffering=1)  # noqa: SIM115
answer = get_ipython().kernel.shell_handlers["comm_msg"]
model = learning_rate.valley_model


async def timed(*message: Any) -> None:
    """Answer a widget's message: unpacking, callback and packing, for each of them takes time."""
    start = time.process_time()
    done = answer(*message)
    if isinstance(done, Awaitable):
        await done
    log.write(f"kernel {1000 * (time.process_time() - start)}\n")


def logged(lr: float, *others: Any) -> descent.Path:
    """Note for which rate a picture is made."""
    log.write(f"lr {lr}\n")
    return model(lr, *others)


get_ipython().kernel.shell_handlers["comm_msg"] = timed
learning_rate.valley_model = logged


def rate() -> FloatLogSlider:
    """Return a slider with the range and the hundred steps of the explorer's."""
    high = np.log10(0.02)
    return FloatLogSlider(
        0.0099, min=-4, max=high, step=(high + 4) / 100, layout={"width": "700px"}
    )


def curves(path: descent.Path) -> list[np.ndarray]:
    """Return what the explorer's curves show: the distances along and across, and the loss."""
    across = np.abs(learning_rate.along_and_across(path.theta, 0))
    return [*(across / across[0]).T, path.loss]


def drawing(lr: float) -> tuple[Figure, list[Line2D]]:
    """Draw what explorers.valley draws, with pyplot."""
    figure = plt.figure(figsize=(9.8, 3.6), dpi=100, layout="constrained")
    left, middle, right = figure.subplots(1, 3)
    for ax in left, middle, right:
        ax.spines[["top", "right"]].set_visible(False)
    path = learning_rate.valley_model(lr)
    window = learning_rate.WINDOW
    left.set(xlim=window[:2], ylim=window[2:], xlabel="w", ylabel="b")
    left.plot(0, 0, "*", color=plots.INK, ms=9)
    left.plot(*learning_rate.level_lines(1e6, 0), color="#8c8c8c", lw=0.6)
    lines = plots.paths(left, {"path": path}, legend=False)
    along, across, loss = curves(path)
    both = {"along, flat": along, "across, steep": across}
    lines += plots.curves(middle, both, "distance / first distance", log="y")
    lines += plots.curves(right, {"loss": loss}, "loss", log="y", legend=False)
    middle.set(ylim=(1e-4, 1e2))
    right.set(ylim=(1e-6, 1e4))
    return figure, lines


def new_figures() -> None:
    """Make a figure for each move, as most notebooks with `interact` do."""

    def show(lr: float) -> None:
        drawing(lr)
        plt.show()

    interact(show, lr=rate())


def blitting() -> None:
    """Keep one figure in ipympl, and draw only its lines again, over a copy of the rest."""
    slider = rate()
    with plt.ioff():
        figure, lines = drawing(slider.value)
    canvas, kept = figure.canvas, {}
    for line in lines:
        line.set_animated(True)

    def keep(_: DrawEvent) -> None:
        kept["background"] = canvas.copy_from_bbox(figure.bbox)
        for line in lines:
            line.axes.draw_artist(line)

    def move(change: dict[str, Any]) -> None:
        path = learning_rate.valley_model(change["new"])
        lines[0].set_data(*path.theta.T)
        for line, values in zip(lines[1:], curves(path), strict=True):
            line.set_ydata(values)
        canvas.restore_region(kept["background"])
        for line in lines:
            line.axes.draw_artist(line)
        canvas.blit(figure.bbox)

    canvas.mpl_connect("draw_event", keep)
    slider.observe(move, "value")
    display(slider, canvas)


def course() -> Explorer:
    """Show the explorer as notebook 02 does."""
    return explorers.valley()
