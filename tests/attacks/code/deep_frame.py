"""Sends a frame of a million brackets, and numbers of a million digits."""

import itertools
import os

from grader import protocol

texts = itertools.cycle(
    [b"[" * 1_000_000, b'{"a":' * 200_000, b"9" * 1_000_000, b"\xff\xfe", b"NaN"]
)


def answer(*args):
    text = next(texts)
    data = protocol.SIZES.pack(len(text), 0) + text
    while data:
        data = data[os.write(3, data) :]
    os._exit(0)
