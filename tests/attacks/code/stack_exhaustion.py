"""Calls itself without end, in Python and in C."""

import sys


def answer(*args):
    sys.setrecursionlimit(10**9)
    value = ()
    for _ in range(10**6):
        value = (value,)
    hash(value)
    return answer(*args)
