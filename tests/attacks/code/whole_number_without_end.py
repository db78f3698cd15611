"""Returns a whole number of ten million bits, and one just below the limit of 64."""

calls = []


def answer(*args):
    calls.append(0)
    return (1 << 10_000_000) if len(calls) % 2 else 2**64 - 1
