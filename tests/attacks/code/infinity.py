"""Returns infinity, which no factor changes."""


def answer(*args):
    return float("inf")
