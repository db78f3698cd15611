"""Returns arrays of dates, records, bytes and objects."""

from datetime import datetime

import numpy as np

kinds = iter(
    [
        np.array(["2020-01-01"], "datetime64[D]"),
        np.zeros(3, [("a", float), ("b", object)]),
        np.array([b"x" * 10_000]),
        np.array([datetime.now, exec, object()]),
        np.array(["x" * 1_000_000] * 3),
        np.zeros((1,) * 12),
    ]
    * 99
)


def answer(*args):
    return next(kinds)
