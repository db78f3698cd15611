"""Leaves a hidden input as a lock on a file that every submission sees."""

import fcntl
import sys

held = open(sys.executable, "rb")
locked = []
for lock in (fcntl.flock, fcntl.lockf):
    try:
        lock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        locked.append(lock.__name__)
    except OSError:
        pass
assert not locked, locked


def answer(*args):
    raise ValueError(locked)
