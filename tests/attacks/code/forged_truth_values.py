"""Sends truth values that are neither true nor false, by writing the frame's bytes itself."""

import json
import os
import sys

from grader import protocol


def token(frame):
    while "token" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["token"]


def answer(first, *args):
    value = {"dtype": "|b1", "shape": [3]}
    text = json.dumps(
        {"token": token(sys._getframe()), "value": {"tuple": [value] * 2}, "changed": []}
    ).encode()
    os.write(3, protocol.SIZES.pack(len(text), 6) + text + b"\x02\xff\x80\x01\x00\x07")
    os._exit(0)
