"""Closes, replaces and hands on every file that the worker holds."""

import os

for number in range(64):
    try:
        os.dup2(os.open("/dev/zero", os.O_RDWR), number)
    except OSError:
        continue
