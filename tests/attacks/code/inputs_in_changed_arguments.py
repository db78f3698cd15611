"""Changes its arguments in place or leaves them, by a bit of a hidden input."""

import numpy as np


def answer(*args):
    if int(abs(float(np.ravel(args[0])[0])) * 1000) % 2:
        for argument in args:
            if isinstance(argument, np.ndarray) and argument.flags.writeable:
                argument[...] = 0
    return np.zeros(1)
