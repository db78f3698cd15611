"""Returns a list in a list, ten thousand deep."""


def answer(*args):
    value = []
    for _ in range(10_000):
        value = [value]
    return value
