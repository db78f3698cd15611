"""Starts a daemon: a double fork in a session of its own, deaf to every signal."""

import os
import signal
import time

if not os.fork():
    os.setsid()
    if not os.fork():
        for number in range(1, 65):
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                continue
        while True:
            time.sleep(0.01)
    os._exit(0)
os.wait()


def answer(*args):
    os._exit(0)
