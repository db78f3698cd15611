"""Makes its process hard to end: signals blocked, many mappings, a full disk, busy threads."""

import mmap
import os
import signal
import threading

signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))


def answer(*args):
    number = 0
    try:
        while True:
            with open(f"{number}" + "x" * 200, "w") as file:
                file.write("x" * 15000)
            number += 1
    except OSError:
        pass
    held = []
    try:
        while len(held) < 5000:
            held.append(mmap.mmap(-1, 4096))
    except (OSError, ValueError, MemoryError):
        pass
    try:
        while True:
            threading.Thread(target=lambda: [0 for _ in iter(int, 1)], daemon=True).start()
    except RuntimeError:
        os._exit(1)
