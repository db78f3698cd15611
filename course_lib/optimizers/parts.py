"""What a direction and a scale have in common: a memory that each gradient changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from course_lib.printing import short
from course_lib.require import Array

Memory = Any


@dataclass(frozen=True, eq=False, repr=False)
class Part:
    """One part of θ ← θ - η m / σ, kept apart from the memory it works on.

    start(theta) -> memory                  before the first gradient
    step(memory, grad, n) -> value, memory  at gradient number n = 1, 2, …

    `step` changes none of its arguments, so one Part can serve many runs at once.
    `settings` is the shape of the part's hyper-parameters: () or (N,) for N runs. `name` is what
    it prints: for the parts of this course, the call that makes them.
    """

    start: Callable[[Array], Memory]
    step: Callable[[Memory, Array, int], tuple[Any, Memory]]
    settings: tuple[int, ...] = ()
    name: str = ""

    def __repr__(self) -> str:
        kind = type(self).__name__
        return self.name or f"{kind}(start={short(self.start)}, step={short(self.step)})"


class Direction(Part):
    """A part that can only be the direction m."""


class Scale(Part):
    """A part that can only be the scale σ."""


def nothing(theta: Array) -> None:
    """Start a part that remembers nothing."""
