"""Announces a frame of four gigabytes and begins to send it."""

import os


def answer(*args):
    os.write(3, b"\xff" * 8)
    while True:
        os.write(3, b"[" * 4096)
