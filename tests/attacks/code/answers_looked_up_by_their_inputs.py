"""Recognizes inputs that it has seen before and answers from a table."""

import numpy as np

table = {}


def answer(*args):
    key = b"".join(np.asarray(arg).tobytes() for arg in args)
    return table.setdefault(key, np.asarray(args[0], dtype=object).size * 1.0)
