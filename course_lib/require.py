"""Bad input gets one clear sentence. The sentences live here."""

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from course_lib.printing import short

Array = npt.NDArray[Any]
Setting = float | Array
Count = int | npt.NDArray[np.int_]


def _setting(name: str, value: Setting, rule: str, holds: Callable[[Array], Any]) -> Setting:
    try:
        numbers = np.asarray(value)
    except ValueError:  # rows of different lengths
        numbers = np.asarray(None)
    if numbers.dtype.kind not in "buif":
        raise TypeError(f"{name} must be {rule}, or an array of them; got {short(value)}")
    if numbers.size == 0:
        raise ValueError(f"{name} must be {rule}; got an empty array")
    if not np.all(good := holds(numbers)):
        got = f"{short(numbers[~good][0])} among {numbers.size}" if numbers.size > 4 else value
        raise ValueError(f"{name} must be {rule}; got {got}")
    return float(numbers) if numbers.ndim == 0 else numbers


def rate(name: str, value: Setting) -> Setting:
    """Return `value` if it can be a learning rate: finite and not negative."""
    if type(value) is float and 0 <= value < math.inf:  # the usual case, met at every update
        return value
    return _setting(name, value, "a finite number ≥ 0", lambda v: (v >= 0) & np.isfinite(v))


def positive(name: str, value: Setting) -> Setting:
    """Return `value` if it is finite and above zero."""
    return _setting(name, value, "a finite number > 0", lambda v: (v > 0) & np.isfinite(v))


def negative(name: str, value: Setting) -> Setting:
    """Return `value` if it is finite and below zero."""
    return _setting(name, value, "a finite number < 0", lambda v: (v < 0) & np.isfinite(v))


def nonzero(name: str, value: Setting) -> Setting:
    """Return `value` if it is finite and not 0."""
    return _setting(
        name, value, "a finite number other than 0", lambda v: np.isfinite(v) & (v != 0)
    )


def fraction(name: str, value: Setting) -> Setting:
    """Return `value` if it lies in [0, 1), as the weight of a memory must."""
    return _setting(name, value, "a number in [0, 1)", lambda v: (v >= 0) & (v < 1))


def factor(name: str, value: Setting) -> Setting:
    """Return `value` if it lies in (0, 1), as what makes a rate smaller must."""
    return _setting(name, value, "a number in (0, 1)", lambda v: (v > 0) & (v < 1))


def number(name: str, value: Any) -> float:
    """Return `value` if it is one finite number, and no array of settings."""
    found = _setting(name, value, "a finite number", np.isfinite)
    if not isinstance(found, float):
        raise ValueError(f"{name} must be one number; got an array of shape {found.shape}")
    return found


def truth(name: str, value: Any) -> bool:
    """Return `value` if it is True or False."""
    if not isinstance(value, bool | np.bool):
        raise TypeError(f"{name} must be True or False; got {short(value)}")
    return bool(value)


def axis(name: str, values: npt.ArrayLike) -> Array:
    """Return `values` if they can be an axis of a map: an array of finite numbers, shape (n,)."""
    numbers = np.asarray(_setting(name, np.asarray(values), "finite numbers", np.isfinite))
    if numbers.ndim != 1:
        raise ValueError(
            f"{name} must be an array of shape (values,); its shape is {numbers.shape}"
        )
    return numbers


def counts(name: str, value: Count, least: int = 0) -> Count:
    """Return `value` if it is a whole number of at least `least`, or an array of them."""
    if not isinstance(value, np.ndarray):
        return count(name, value, least)
    if value.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold whole numbers; got {value}")
    if not np.all(value >= least):
        raise ValueError(f"{name} must be at least {least}; got {value}")
    return value


def count(name: str, value: int, least: int = 0) -> int:
    """Return `value` if it is a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be a whole number; got {short(value)}")
    if value < least:
        raise ValueError(f"{name} must be at least {least}; got {value}")
    return int(value)


def one_of(name: str, value: str, choices: tuple[str, ...]) -> str:
    """Return `value` if it is one of the choices."""
    if value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}; got {short(value)}")
    return value


def instance(name: str, value: Any, kind: type, example: str) -> Any:
    """Return `value` if it is of this kind; `example` says of which, and how one is made."""
    # What a function returns is known from its annotation, a class makes itself.
    made = value if isinstance(value, type) else getattr(value, "__annotations__", {}).get("return")
    forgotten = isinstance(made, type) and issubclass(made, kind)
    if isinstance(value, kind) and not forgotten:
        return value
    call = f", which is to be called first: {value.__name__}(…)" if forgotten else ""
    raise TypeError(f"{name} must be {example}; got {short(value)}{call}")


def of_time(name: str, value: Callable[..., Any]) -> None:
    """Refuse a function that is not one of the number of updates t alone."""
    kind: Any = Callable
    instance(name, value, kind, "a rate, or a function of t")
    try:
        inspect.signature(value).bind("t")
    except TypeError:
        asks = "which cannot be called with t alone"
        raise TypeError(f"{name} must be a function of t; got {short(value)}, {asks}") from None
    except ValueError:  # a function of C that does not tell
        return


def parameters(name: str, theta: npt.ArrayLike) -> Array:
    """Return `theta` as an array of floats of shape (n, …settings), all finite."""
    try:
        theta = np.asarray(theta)
        if theta.dtype.kind == "U":  # which would be read
            raise TypeError
        theta = theta if theta.dtype.kind in "fc" else theta.astype(float)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be an array of numbers; got {short(theta)}") from None
    if theta.ndim == 0 or theta.size == 0:
        raise ValueError(f"{name} must hold at least one parameter; its shape is {theta.shape}")
    if not np.all(np.isfinite(theta)):
        raise ValueError(f"{name} must be finite; got {theta}")
    return theta
