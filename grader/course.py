"""What a course decides about late work, from a TOML file.

    [late]
    free_days = 1
    loss_per_day = 10
    at_most = 50

After the free days of a notebook, each day costs so many percent of the points that were reached,
up to the most.
"""

import math
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from grader import Stop


@dataclass(frozen=True)
class Late:
    """What late days cost."""

    free_days: float = 0
    loss_per_day: float = 0  # percent of the points that were reached
    at_most: float = 100  # percent

    def loss(self, days: float) -> float:
        """Return the percent of the points that so many days cost."""
        return min(self.loss_per_day * max(days - self.free_days, 0.0), self.at_most)

    def why(self, days: float) -> str:
        """Return how that comes about."""
        terms = [f"late days: {days:g}"]
        if self.loss_per_day:
            terms += [f"free: {self.free_days:g}"] if self.free_days else []
            terms += [f"{self.loss_per_day:g} % a day, at most {self.at_most:g} %"]
        return ", ".join(terms)


FREE = Late()


def read(file: Path | None) -> Late:
    """Return what a course file says; raise Stop if it cannot be meant."""
    if not file:
        return FREE
    try:
        tables = tomllib.loads(file.read_text("utf-8"))
        if others := tables.keys() - {"late"}:
            raise ValueError(f"it has {min(others)}, and only [late] is known")
        return late(tables.get("late", {}))
    except (OSError, ValueError) as error:
        raise Stop(f"{file} cannot be used: {error}.") from error


def late(table: Any) -> Late:
    """Return the policy that a table of TOML holds; ValueError if it holds none."""
    known = [field.name for field in fields(Late)]
    if not isinstance(table, dict):
        raise ValueError(f"late is a table, [late], with {', '.join(known)}")
    for name, value in table.items():
        if name not in known:
            raise ValueError(f"[late] has {name}, and only {', '.join(known)} are known")
        most = math.inf if name == "free_days" else 100
        if type(value) not in (int, float) or not 0 <= value <= most or math.isinf(value):
            upper = "" if name == "free_days" else " to 100"
            raise ValueError(f"{name} is {value!r}, and a number from 0{upper} is meant")
    return Late(**table)
