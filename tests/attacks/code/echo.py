"""Returns what it was given, which keeps many a property without any work."""


def answer(first, *args):
    return first
