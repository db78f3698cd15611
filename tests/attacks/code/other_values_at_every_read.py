"""Returns an array that a thread goes on changing while it is read."""

import threading

import numpy as np

shared = np.zeros(4000)


def change():
    while True:
        shared[:] = np.random.normal()


threading.Thread(target=change, daemon=True).start()


def answer(*args):
    return shared
