"""Raises another long text at every call, so that the reasons grow without end."""

import itertools

count = itertools.count()


def answer(*args):
    raise ValueError(f"{next(count)} " + "\N{PILE OF POO}" * 100_000)
