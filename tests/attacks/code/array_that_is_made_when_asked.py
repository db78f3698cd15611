"""Returns an object whose __array__ gives another answer to each who asks."""

import numpy as np


class Later:
    asked = 0

    def __array__(self, *args, **options):
        Later.asked += 1
        return np.full(5, Later.asked)

    __float__ = __len__ = __index__ = lambda self: Later.asked


def answer(*args):
    return np.array([Later(), Later()], dtype=object), Later()
