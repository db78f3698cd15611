"""How arguments and results are shown to a learner."""

from typing import Any

import numpy as np

from course_lib.feedback.comparing import agree, numbers


def difference(got: Any, expected: Any) -> str:
    """Show the first wrong number beside the right one, with digits enough to tell them apart."""
    a, b = numbers(got), numbers(expected)
    if a is None or b is None:
        return f"Expected {short(expected)}, got {short(got)}."
    differ = ~agree(a, b)
    broken = differ & ~np.isfinite(a)
    at = tuple(int(i) for i in np.argwhere(broken if np.any(broken) else differ)[0])
    if b.dtype.kind == "b":
        return f"Expected {short(b)}, got {short(a)}."
    digits = next((d for d in (5, 9) if f"{a[at]:.{d}g}" != f"{b[at]:.{d}g}"), 17)
    place = f"At {list(at)}: expected" if at else "Expected"
    many = f"; {differ.sum()} of {differ.size} are wrong" if differ.size > 1 else ""
    return f"{place} {b[at]:.{digits}g}, got {a[at]:.{digits}g}{many}."


def describe(value: Any, one_of_several: bool = False) -> str:
    """Name the kind and shape of a value, of a list by its parts where several are expected."""
    array = numbers(value)
    if value is None or isinstance(value, str | bool | np.bool):
        return short(value)
    apart = isinstance(value, tuple) or (one_of_several and isinstance(value, list))
    if array is not None and not apart:
        kind = "true or false" if array.dtype.kind == "b" else "numbers"
        return f"an array of {kind} of shape {array.shape}" if array.ndim else "a number"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}: {', '.join(map(describe, value[:4]))}"
    return f"an object of type {type(value).__name__}"


def short(value: Any) -> str:
    """Show a value in at most one line. Floats stay floats: 4.0, not 4."""
    array = numbers(value)
    if array is None:
        text = repr(value)
        return text if len(text) <= 80 else text[:77] + "…"
    if array.size > 12:
        return f"array of shape {array.shape} from {array.min():.4g} to {array.max():.4g}"
    if array.dtype.kind == "f":
        array = np.strings.mod("%.5g", array).astype(float)
    return str(array.tolist())
