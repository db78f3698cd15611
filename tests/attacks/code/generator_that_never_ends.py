"""Returns a generator without an end."""


def answer(*args):
    while True:
        yield 1.0
