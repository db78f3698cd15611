"""How the course's time grows with what it is asked for.

Run by `nox -s benchmarks -- growth`. What is measured stands in README.md.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from side_by_side import Report, medians

from course_lib import data, optimizers, surfaces
from course_lib.descent import descend
from course_lib.maps import sweep
from course_lib.network import MLP

START = (-4.0, 0.2)


def steps(n: int) -> Any:
    """Two parameters, n updates."""
    return descend(surfaces.valley, START, optimizers.adam(1e-3), n)


def settings(n: int) -> Any:
    """200 updates with n rates at once."""
    return descend(surfaces.valley, START, optimizers.adam(np.geomspace(1e-3, 1, n)), 200)


def parameters(n: int) -> Any:
    """20 full-batch updates of a network with n hidden units, 75 n + 10 parameters."""
    net = MLP((64, n, 10))
    return descend(net.on(*data.digits()), net.init(0), optimizers.adam(1e-3), 20)


def side(n: int) -> Any:
    """A map of n × n settings, 200 updates."""
    axes = {"lr": np.geomspace(1e-3, 1, n), "alpha": np.linspace(0, 0.99, n)}
    return sweep(optimizers.rmsprop, surfaces.valley, START, 200, **axes)


# What runs, the sizes, and the amount that a size stands for.
GROWTH: dict[str, tuple[Callable[[int], Any], list[int], Callable[[int], int]]] = {
    "updates": (steps, [250, 500, 1000, 2000, 4000, 8000], int),
    "settings at once": (settings, [1, 16, 256, 1024, 4096, 16384], int),
    "parameters": (parameters, [8, 16, 32, 64, 128, 256], lambda n: 75 * n + 10),
    "cells of a map": (side, [16, 32, 64, 128, 256, 512], lambda n: n * n),
}


def main() -> None:
    """Measure and write."""
    report = Report(__file__, "numpy")
    lines = [
        "| what grows | from | to | first, ms | last, ms | exponent | of the last two sizes |",
        "|---|" + "--:|" * 6,
    ]
    for title, (run, sizes, amount) in GROWTH.items():
        seconds = medians({str(n): partial(run, n) for n in sizes}, rounds=5)
        amounts, times = [amount(n) for n in sizes], list(seconds.values())
        exponent = np.polyfit(np.log(amounts), np.log(times), 1)[0]
        last = np.log(times[-1] / times[-2]) / np.log(amounts[-1] / amounts[-2])
        ends = f"{amounts[0]} | {amounts[-1]} | {times[0] * 1e3:.3g} | {times[-1] * 1e3:.3g}"
        lines.append(f"| {title} | {ends} | {exponent:.2f} | {last:.2f} |")
    report.write(lines)


if __name__ == "__main__":
    main()
