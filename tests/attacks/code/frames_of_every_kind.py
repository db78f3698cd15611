"""Answers each call with another malformed frame."""

import itertools
import json

import numpy as np  # noqa: F401

from grader import protocol

encode, count = protocol.encode, itertools.count()
VALUES = [
    "[" * 500000,
    "1e999999",
    "1" * 4301,
    "-NaN",
    '{"dtype":"<f8","shape":[2147483647,2147483647,2147483647,0]}',
    '{"dtype":"<f8","shape":[true]}',
    '{"dtype":"<f8","shape":[1,1,1,1,1,1,1,1,1]}',
    '{"dtype":"O","shape":[1]}',
    f"[{','.join(['[]'] * 200000)}]",
    "[[[[[[[[1]]]]]]]]",
    f'"{"x" * 900000}"',
    "18446744073709551615",
    '"\\ud800\\udfff\\u0000"',
]
REST = [
    '"changed":[true,1e3,-1,"0"]',
    '"changed":[]',
    '"error":["CannotConfine","x"]',
    '"missing":1',
]


def evil(message, array_bytes=protocol.ARRAY_BYTES):
    if "value" not in message:
        return encode(message, array_bytes)
    number = next(count)
    value, rest = VALUES[number % len(VALUES)], REST[number % len(REST)]
    text = f'{{"token":{json.dumps(message["token"])},"value":{value},{rest}}}'.encode()
    return protocol.SIZES.pack(len(text), 8) + text + bytes(8)


protocol.encode = evil


def answer(*args):
    return 1.0
