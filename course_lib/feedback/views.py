"""What is compared where many answers are right: not what a function returns, but what it does.

A task's data name a view; it is applied to a result before that is compared with the expected one.
It raises ValueError, with a sentence, for what it cannot look at.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib import data
from course_lib.language import _
from course_lib.network import MLP
from course_lib.require import Array

# One clear picture of each digit, and eleven more: every network that has learned reads them.
PICTURES = [150, 609, 892, 477, 427, 1302, 1629, 740, 699, 936]
PICTURES += [839, 641, 194, 754, 25, 407, 1386, 11, 1640, 866, 649]


def digits_read(theta: Any) -> Array:
    """Return the labels that the deep network of notebook 06 with these weights reads."""
    network = MLP((64,) + (32,) * 8 + (10,), activation="relu")
    try:
        weights = np.asarray(theta, float)
    except (TypeError, ValueError):
        raise ValueError(_("The weights of the network are one array of numbers.")) from None
    if weights.shape != (network.n_parameters,):
        raise ValueError(
            _(
                "The weights of the network have shape ({count},), not {shape}.",
                count=network.n_parameters,
                shape=weights.shape,
            )
        )
    pixels, _labels = data.digits()
    with np.errstate(all="ignore"):
        return network.outputs(weights, pixels[PICTURES]).argmax(axis=1)


VIEWS: dict[str, Callable[[Any], Any]] = {"digits_read": digits_read}
