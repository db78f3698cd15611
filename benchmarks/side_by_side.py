"""What the benchmarks share: ways that take turns, and the table that they leave in README.md."""

import datetime
import importlib.metadata
import os
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

README = Path(__file__).with_name("README.md")
ROUNDS = 7


def medians(ways: dict[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median seconds of each way.

    The ways take turns, in changing order, so that a busy minute meets all of them. A first round,
    in which a way may compile, does not count.
    """
    names, seconds = list(ways), {name: list[float]() for name in ways}
    for turn in range(rounds + 1):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            begin = time.perf_counter()
            ways[name]()
            if turn:
                seconds[name].append(time.perf_counter() - begin)
    return {name: float(np.median(each)) for name, each in seconds.items()}


def table(rows: dict[str, dict[str, float]], unit: str, corner: str = "") -> list[str]:
    """Return the lines of a table: times in `unit`, and the course's share of each other one.

    Each row holds the seconds of the ways, the course's first. A ratio below 1 says that the course
    is faster.
    """
    scale = {"s": 1, "ms": 1e3, "µs": 1e6}[unit]
    names = list(next(iter(rows.values())))
    lines = [f"| {corner} | {' | '.join(names)} |", "|---|" + "--:|" * len(names)]
    for title, times in rows.items():
        own = times[names[0]]
        shown = [f"{own * scale:.3g}"]
        shown += [f"{times[name] * scale:.3g} ({own / times[name]:.2f})" for name in names[1:]]
        lines.append(f"| {title}, {unit} | {' | '.join(shown)} |")
    return lines


class Report:
    """Notes versions and load before a benchmark, and renews its part of README.md after it."""

    def __init__(self, file: str, *packages: str) -> None:
        self.script = Path(file).name
        versions = [f"{name} {importlib.metadata.version(name)}" for name in packages]
        self.versions = ", ".join([f"Python {platform.python_version()}", *versions])
        self.load = psutil.getloadavg()[0]

    def write(self, lines: list[str], note: str = "") -> None:
        """Print the lines and put them into README.md between the script's marks."""
        cores = f"{datetime.date.today()}, {os.cpu_count()} cores"
        load = f"load {self.load:.1f} before the run and {psutil.getloadavg()[0]:.1f} at its end"
        text = "\n".join([f"{cores}, {load}; {self.versions}. {note}".strip(), "", *lines])
        print(text)
        begin, end = f"<!-- written by {self.script} -->", "<!-- end -->"
        before, found, rest = README.read_text(encoding="utf-8").partition(begin)
        assert found, f"README.md has no place for {self.script}"
        after = rest.partition(end)[2]
        README.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
