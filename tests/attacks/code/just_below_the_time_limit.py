"""Takes nearly the time of a call in every call, so that the sum starves the others."""

import time


def answer(*args):
    time.sleep(0.35)
    return 1.0
