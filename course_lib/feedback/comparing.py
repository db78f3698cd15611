"""Whether a result is the expected one: a list is as good as an array, 3.0 as good as 3."""

import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np

from course_lib.require import Array

GOLDEN = 0.6180339887498949


def decode(value: Any) -> Any:
    """Return a value of a JSON file, where {"array": …, "dtype": …} stands for an array."""
    if isinstance(value, dict):
        array = np.array(value["array"], value["dtype"])
        return array.reshape(value.get("shape", array.shape))  # nested lists lose an empty shape
    return [decode(part) for part in value] if isinstance(value, list) else value


def numbers(value: Any) -> Array | None:
    """Return the value as a plain array of real numbers, None if it is something else."""
    try:
        array = np.array(value)
    except Exception:  # ragged lists, objects that refuse
        return None
    return array if array.dtype.kind in "buif" else None


def parts(value: Any) -> list[Any] | None:
    """Return the results of a function that returns several, None if it returned one."""
    several = isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim)
    return list(value) if several else None


def form(value: Any) -> Any:
    """Return what kind of result a value is, however large: its dimensions, or those of its parts.

    0 for a number, 1 for a list or an array of numbers, 2 for one of these, and so on; a tuple of
    forms for several results of unequal ones.
    """
    if isinstance(value, list | tuple):
        forms = [form(part) for part in value]
        if len(set(forms)) == 1:
            return forms[0] + 1 if isinstance(forms[0], int) else (forms[0],)
        return tuple(forms)
    return type(value).__name__ if value is None or isinstance(value, str) else np.ndim(value)


def same(one: Any, other: Any) -> bool:
    """Whether an argument is still what it was, to the last bit and in shape."""
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return one.shape == np.shape(other) and one.tobytes() == np.asarray(other).tobytes()
    return True  # numbers and texts cannot be changed


def agree(got: Array, expected: Array) -> Array:
    """Where two arrays of one shape are equal up to rounding. A float32 result may round more."""
    if (got.dtype.kind == "b") != (expected.dtype.kind == "b"):
        return np.zeros(got.shape, bool)
    rtol = 1e-4 if got.dtype.kind == "f" and got.dtype.itemsize < 8 else 1e-9
    scale = np.max(np.abs(expected[np.isfinite(expected)]), initial=0) or 1.0
    return np.isclose(got, expected, rtol=rtol, atol=1e-3 * rtol * scale, equal_nan=True)


def close(got: Any, expected: Any) -> bool:
    """Whether a result is the expected one; several results are expected as a list or tuple."""
    if isinstance(expected, list | tuple):
        several = parts(got)
        return (
            several is not None
            and len(several) == len(expected)
            and all(map(close, several, expected))
        )
    if isinstance(expected, str | bool | None):
        return isinstance(got, type(expected) | np.bool) and bool(got == expected)
    a, b = numbers(got), numbers(expected)
    if a is None or b is None or a.shape != b.shape:
        return False
    return bool(np.all(agree(a, b)))


def fingerprints(results: list[Any], several: int) -> list[Array]:
    """Return of each of several results, or of the one result, an array with a row for each case.

    A row is what `fingerprint` returns. Results that are not so many are taken as one.
    """
    split = [parts(result) for result in results]
    if several > 1 and all(part is not None and len(part) == several for part in split):
        columns: Any = zip(*split, strict=True)
    else:
        columns = [results]
    return [np.array([fingerprint(part) for part in column]) for column in columns]


def fingerprint(result: Any) -> tuple[float, float]:
    """Return one number for a result, and how much of it may be rounding.

    Equal results have equal numbers up to rounding, others hardly ever: a weighted sum of all its
    numbers and texts. So what faults and slips return takes one number a case, not whole arrays.
    """
    values = [*flat(result)]
    # The weights hang on how many there are, so that a row of zeros too many is seen.
    weights = 1 + (len(values) + np.arange(len(values))) * GOLDEN % 1
    terms = np.nan_to_num(np.array(values, float), nan=31.7, posinf=523.9, neginf=-417.3)
    with np.errstate(over="ignore"):
        size = float(np.sum(np.abs(weights * terms)))
        return float(np.sum(weights * terms)), (1e-5 if is_short(result) else 1e-10) * size


def is_short(result: Any) -> bool:
    """Whether a result holds floats of fewer than 64 bits."""
    if isinstance(result, list | tuple):
        return any(map(is_short, result))
    return isinstance(result, np.ndarray | np.floating) and (
        result.dtype.kind == "f" and result.dtype.itemsize < 8
    )


def flat(result: Any) -> Iterator[float]:
    """Yield every number of a result; a text counts as one."""
    if isinstance(result, list | tuple):
        for part in result:
            yield from flat(part)
    elif isinstance(result, str | None):
        yield zlib.crc32(str(result).encode()) / 2**32
    else:
        yield from np.ravel(result).astype(float)
