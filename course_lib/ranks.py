"""The rank correlation: does one number grow with another, by whatever law?"""

import numpy as np
import numpy.typing as npt

from course_lib import require
from course_lib.require import Array


def rank_correlation(x: npt.ArrayLike, y: npt.ArrayLike) -> float:
    """Return Spearman's ρ, the correlation of the ranks: 1 if y grows wherever x does.

    Equal values share the mean of their ranks. Where all are equal the result is NaN.
    """
    x, y = require.axis("x", x), require.axis("y", y)
    if len(x) != len(y):
        raise ValueError(f"x has {len(x)} values, but y has {len(y)}")
    a, b = (rank - rank.mean() for rank in (_ranks(x), _ranks(y)))
    size = np.sqrt((a @ a) * (b @ b))
    return float(a @ b / size) if size else np.nan


def _ranks(values: Array) -> Array:
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(count) - (count - 1) / 2)[place]
