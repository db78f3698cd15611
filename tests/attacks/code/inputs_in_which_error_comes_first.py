"""Chooses by a hidden input which of a test's demands it breaks first: shape, kind or number."""

import numpy as np


def answer(*args):
    number = int(abs(float(np.ravel(args[0])[0])) * 1000)
    wrong = [np.zeros(0), np.full(2, np.nan), np.zeros((7, 7)), "text", [[]], -1.0, 1j, True]
    return wrong[number % len(wrong)]
