"""Writes the wished-for values into its arguments, and resizes and locks them."""

import numpy as np


def answer(*args):
    for arg in args:
        if isinstance(arg, np.ndarray):
            arg[...] = 0
            arg.shape = (-1,)
            arg.flags.writeable = False
        elif isinstance(arg, list):
            arg.append(arg)
    return args
