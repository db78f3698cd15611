"""What a task may return, made plain: one rule for `check` and for the grader.

A number, text, truth value or None; an array of numbers or truth values; lists and tuples of
these. Whatever is one of them by inheritance, or can be made an array, is taken for that.
"""

from typing import Any

import numpy as np

from course_lib.language import _

WHOLE = 2**64  # a larger whole number is no result, and its powers would never end
DEPTH = 8
LONGEST = 1 << 20


class NotPlain(Exception):
    """A value that is no result. The text says what it is instead."""


def plain(value: Any, depth: int = DEPTH) -> Any:
    """Return a result in exact types, or raise NotPlain.

    A subclass decides for itself what it seems to be, so its base class is asked for its value.
    """
    kind = type(value)
    if kind in (bool, float) or value is None:
        return value
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, int):
        value = int.__index__(value)
        if abs(value) >= WHOLE:
            raise NotPlain(_("a whole number of more than 64 bits"))
        return value
    if issubclass(kind, float) and not issubclass(kind, np.generic):
        return float.__float__(value)
    for several in (list, tuple, range):
        if issubclass(kind, several):
            return series(several, value, depth)
    return plain_array(value, kind.__name__[:60])


def series(kind: Any, value: Any, depth: int) -> Any:
    """Return a list or tuple of plain values."""
    if not depth:
        raise NotPlain(_("lists more than {depth} deep", depth=DEPTH))
    if kind.__len__(value) > LONGEST:
        raise NotPlain(_("a list that is too long"))
    parts = [plain(part, depth - 1) for part in kind.__iter__(value)]
    return tuple(parts) if kind is tuple else parts


def plain_array(value: Any, kind: str) -> Any:
    """Return an array of the base class, or a number if it has no dimension."""
    try:
        array = np.array(value, copy=True, subok=False)
    except Exception as error:  # whatever its own conversion raises
        raise NotPlain(_("an object of type {kind}", kind=kind)) from error
    if array.dtype.kind == "U" and array.size <= 1000:
        return plain(array.tolist())
    if array.dtype.kind not in "buif":
        if array.ndim:
            raise NotPlain(_("an array of {kind}", kind=array.dtype.name[:60]))
        raise NotPlain(_("an object of type {kind}", kind=kind))
    if array.ndim > DEPTH:
        raise NotPlain(_("an array of more than {depth} dimensions", depth=DEPTH))
    if array.dtype.kind == "f" and array.dtype.itemsize > 8:
        array = array.astype(float)
    return array if array.ndim else array[()]
