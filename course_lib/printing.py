"""How objects of the course print themselves: in one line, as the call that makes them."""

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import numpy as np

P = ParamSpec("P")
Made = TypeVar("Made")


def named(make: Callable[P, Made]) -> Callable[P, Made]:
    """Decorate a function that returns a frozen dataclass: its `name` becomes the call.

    Arguments that are the default are left out.
    """
    parameters: Mapping[str, Any] = inspect.signature(make).parameters

    @wraps(make)
    def call(*args: P.args, **options: P.kwargs) -> Made:
        made: Any = make(*args, **options)
        given: dict[str, Any] = dict(zip(parameters, args, strict=False)) | options
        said = [
            f"{name}={short(value)}"
            for name, value in given.items()
            if np.ndim(value) or value != parameters[name].default
        ]
        return dataclasses.replace(made, name=f"{make.__name__}({', '.join(said)})")

    return call


def short(value: Any) -> str:
    """Return a value in a few words: a large array by its shape, a function by its name."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist() if value.size <= 4 else value
    if isinstance(value, np.ndarray):
        return f"<array of shape {value.shape}>"
    return getattr(value, "__name__", None) or repr(value)


def some(count: int, noun: str) -> str:
    """Return how many of something there are."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def span(values: Any) -> str:
    """Return the smallest and the largest of some numbers, or the only one there is."""
    low, high = np.nanmin(values), np.nanmax(values)
    return f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"
