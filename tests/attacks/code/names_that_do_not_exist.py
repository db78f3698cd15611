"""Asks for names that do not exist, each of which the kernel remembers."""

import os
import time

begin = time.monotonic()
while time.monotonic() - begin < 0.5:
    for number in range(1000):
        os.path.exists(f"/packages/numpy/{number}{begin}" + "x" * 200)
