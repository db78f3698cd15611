"""Takes all the memory that it can get, in one process."""

held = []
size = 1 << 26
while size > 4096:
    try:
        held.append(bytearray(size))
    except MemoryError:
        size //= 2


def answer(*args):
    return bytearray(1 << 26)
