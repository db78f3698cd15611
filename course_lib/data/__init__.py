"""Three real data sets, stored beside this file; README.md says where they come from."""

from pathlib import Path

import numpy as np

from course_lib.require import Array


def digits() -> tuple[Array, Array]:
    """Return x of shape (1797, 64), pixels in [0, 1] row by row, and y, the digit 0 to 9."""
    with np.load(Path(__file__).with_name("digits.npz")) as file:
        return file["pixels"] / 16.0, file["digit"].astype(int)


def diabetes() -> tuple[Array, Array]:
    """Return x of shape (442, 10) and y of shape (442,), all scaled to mean 0 and variance 1.

    x: age, sex, body mass index, blood pressure and six blood values; y: progress of the disease
    after a year.
    """
    with np.load(Path(__file__).with_name("diabetes.npz")) as file:
        x, y = file["measured"], file["progress"]
    return (x - x.mean(axis=0)) / x.std(axis=0), (y - y.mean()) / y.std()


def letters() -> tuple[Array, str]:
    """Return counts of shape (33, 33) and the 33 characters that they count, as one string.

    counts[i, j] says how often character j follows character i in the text of this course.
    """
    with np.load(Path(__file__).with_name("letters.npz")) as file:
        return file["counts"].astype(int), str(file["characters"])
