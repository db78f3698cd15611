"""Which results rounding decides: another processor, or another library, gives other ones.

A wrong answer may divide by what is 0 up to rounding, or let a rounding grow until it is all that
is left. Such a number tells nothing about an answer that was run elsewhere.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from math import isclose, isnan
from typing import Any

import numpy as np

from course_lib.require import Array

SIZE = 2.0**-50  # of a change that rounding may cause, relative to a number: four roundings
Columns = list[Array]  # as course_lib.feedback.comparing.fingerprints makes them
# Of each of several results, one number for each case, NaN where rounding decides it.
Prints = list[list[float]]


def decided_by_rounding(
    first: Columns, run: Callable[[Iterable[Any]], Columns], cases: list[Any], times: int
) -> list[Array]:
    """Return for each column which of its numbers change with the last digits of the arguments.

    `first` is what `run` makes of the cases as they are. A sign that rounding decides may come out
    the same several times.
    """
    decided = [np.zeros(len(column), bool) for column in first]
    for changed in shaken(cases, times):
        try:
            again = run(changed)
        except Exception:  # a border lies there, and tells nothing
            continue
        if len(again) == len(first):
            with np.errstate(invalid="ignore"):  # inf - inf
                for found, one, other in zip(decided, first, again, strict=True):
                    found |= np.abs(one[:, 0] - other[:, 0]) > one[:, 1]
    return decided


def shaken(cases: list[Any], times: int) -> Iterator[list[Any]]:
    """Yield the cases with other last digits, so many times."""
    rng = np.random.default_rng(0)
    for _ in range(times):
        yield [shake(case, rng) for case in cases]


def shake(value: Any, rng: np.random.Generator) -> Any:
    """Return the value with every fraction in it a little larger or smaller."""
    match value:
        case dict():
            return {name: shake(part, rng) for name, part in value.items()}
        case list() | tuple():
            return type(value)(shake(part, rng) for part in value)
        case np.ndarray() if value.dtype.kind == "f":
            return (value * (1 + SIZE * rng.choice([-1, 1], value.shape))).astype(value.dtype)
        case float():
            return value * (1 + SIZE * float(rng.choice([-1, 1])))
    return value


def has_fractions(value: Any) -> bool:
    """Whether a result holds a number that is not whole, for only such numbers can be shaken.

    A count steps from one whole number to the next, and to find it may take forever on the border.
    """
    if isinstance(value, list | tuple):
        return any(map(has_fractions, value))
    if not isinstance(value, float | np.ndarray):
        return False
    return bool(np.any(np.isfinite(value) & (value != np.rint(value))))


def agree(one: Prints, other: Prints) -> bool:
    """Whether two functions return the same, as far as rounding does not decide."""
    if len(one) != len(other):
        return False
    pairs = zip(chain(*one), chain(*other), strict=True)
    return all(isnan(a) or isnan(b) or isclose(a, b, rel_tol=1e-8) for a, b in pairs)


def gather(own: Prints, others: list[Prints]) -> int:
    """Add what a function returns to others, unless it is there; return where it is.

    What rounding decides in one of two is unknown of both.
    """
    for at, other in enumerate(others):
        if agree(own, other):
            pairs = [zip(*columns, strict=True) for columns in zip(own, other, strict=True)]
            others[at] = [[a if isnan(a) else b for a, b in pair] for pair in pairs]
            return at
    others.append(own)
    return len(others) - 1
