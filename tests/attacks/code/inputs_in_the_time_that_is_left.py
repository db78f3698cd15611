"""Uses up the notebook's time by a hidden input, so that its cells would end in another way."""

import time

import numpy as np

time.sleep(0.3)


def answer(*args):
    time.sleep(0.4 * (int(abs(float(np.ravel(args[0])[0])) * 1000) % 2))
    raise ValueError
