"""How arguments and results are shown to a learner."""

from typing import Any

import numpy as np

from course_lib.feedback.comparing import agree, numbers
from course_lib.language import _


def difference(got: Any, expected: Any) -> str:
    """Show the first wrong number beside the right one, with digits enough to tell them apart."""
    a, b = numbers(got), numbers(expected)
    if a is None or b is None:
        return expected_got(short(expected), short(got))
    differ = ~agree(a, b)
    broken = differ & ~np.isfinite(a)
    at = tuple(int(i) for i in np.argwhere(broken if np.any(broken) else differ)[0])
    if b.dtype.kind == "b":
        return expected_got(short(b), short(a))
    digits = next((d for d in (5, 9) if f"{a[at]:.{d}g}" != f"{b[at]:.{d}g}"), 17)
    pair = f"{b[at]:.{digits}g}", f"{a[at]:.{digits}g}"
    if not at:
        return expected_got(*pair)
    many = _("; {wrong} of {all} are wrong", wrong=differ.sum(), all=differ.size)
    return _(
        "At {place}: expected {expected}, got {got}{many}.",
        place=list(at),
        expected=pair[0],
        got=pair[1],
        many=many if differ.size > 1 else "",
    )


def expected_got(expected: str, got: str) -> str:
    """Say what was expected, and what came."""
    return _("Expected {expected}, got {got}.", expected=expected, got=got)


def describe(value: Any, one_of_several: bool = False) -> str:
    """Name the kind and shape of a value, of a list by its parts where several are expected."""
    array = numbers(value)
    if value is None or isinstance(value, str | bool | np.bool):
        return short(value)
    apart = isinstance(value, tuple) or (one_of_several and isinstance(value, list))
    if array is not None and not apart:
        if not array.ndim:
            return _("a number")
        kind = _("true or false") if array.dtype.kind == "b" else _("numbers")
        return _("an array of {kind} of shape {shape}", kind=kind, shape=array.shape)
    kind = type(value).__name__
    if isinstance(value, list | tuple):
        each = _(", ").join(map(describe, value[:4]))
        return _("a {kind} of {count}: {each}", kind=kind, count=len(value), each=each)
    return _("an object of type {kind}", kind=kind)


def short(value: Any) -> str:
    """Show a value in at most one line. Floats stay floats: 4.0, not 4."""
    array = numbers(value)
    if array is None:
        text = repr(value)
        return text if len(text) <= 80 else text[:77] + "…"
    if array.size > 12:
        ends = {"low": array.min(), "high": array.max()}
        return _("array of shape {shape} from {low:.4g} to {high:.4g}", shape=array.shape, **ends)
    if array.dtype.kind == "f":
        array = np.strings.mod("%.5g", array).astype(float)
    return str(array.tolist())
