"""Sends arrays whose shapes have no bytes, too many dimensions, or overflow."""

import itertools
import json
import os
import sys

from grader import protocol

SHAPES = [[2**31 - 1] * 8, [0, 2**31 - 1, 2**31 - 1], [-1], [2**63], [1] * 64, [1.5], ["1"], [True]]
DTYPES = ["|O", "<f8", "|V8", "<U9", "<M8[s]", "object", "<f8,<f8", "|S99999999"]
kinds = itertools.cycle(itertools.product(SHAPES, DTYPES))


def token(frame):
    while "token" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["token"]


def answer(*args):
    shape, dtype = next(kinds)
    value = {"dtype": dtype, "shape": shape}
    text = json.dumps({"token": token(sys._getframe()), "value": value, "changed": []}).encode()
    os.write(3, protocol.SIZES.pack(len(text), 0) + text)
    os._exit(0)
