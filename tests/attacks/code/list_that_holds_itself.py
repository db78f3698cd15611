"""Returns a list that is its own item."""


def answer(*args):
    value = [1.0]
    value += [value, value]
    return value
