"""Returns more numbers than fit into a frame."""

import numpy as np


def answer(*args):
    return np.ones(20_000_000, np.float32)
