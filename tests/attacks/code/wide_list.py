"""Returns a list that doubles at each of a few levels: small here, huge once written out."""


def answer(*args):
    value = [0]
    for _ in range(8):
        value = [value] * 64
    return value
