"""Returns a range that has no end worth waiting for."""


def answer(*args):
    return range(10**18)
