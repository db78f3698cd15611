"""Answers with truth values whose bytes are 255, of which NumPy may count wrongly."""

import json

import numpy as np

from grader import protocol

encode = protocol.encode


def evil(message, array_bytes=protocol.ARRAY_BYTES):
    if type(message.get("value")) is not str:
        return encode(message, array_bytes)
    shape = json.loads(message["value"])
    one = {"dtype": "|b1", "shape": shape}
    text = {"token": message["token"], "value": {"tuple": [one, one]}, "changed": []}
    body = 2 * int(np.prod(shape)) * b"\xff"
    return protocol.SIZES.pack(len(json.dumps(text)), len(body)) + json.dumps(text).encode() + body


protocol.encode = evil


def answer(*args):
    return json.dumps(np.shape(args[0]))
