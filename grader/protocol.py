"""The frames that cross between the grader and a worker: plain data, in a format that runs nothing.

A frame is two lengths, a JSON text and the bytes of its arrays. Only numbers, texts, truth
values, None, lists, tuples and plain arrays can be in it. Both sides rebuild what they read, and
the grader takes every frame for hostile: lengths are bounded before anything is read, types,
shapes and offsets are checked before an array is made.
"""

import json
import struct
import time
from socket import socket
from typing import Any

import numpy as np

from course_lib.values import DEPTH, WHOLE, NotPlain, plain

Message = dict[str, Any]

SIZES = struct.Struct("<II")
TEXT_BYTES = 1 << 20
ARRAY_BYTES = 1 << 20  # what an answer may carry; a question carries a whole notebook
NOTEBOOK_BYTES = 128 << 20
DTYPES = {np.dtype(kind).str for kind in "?bBhHiIlLqQefd"}


class Refused(Exception):
    """A value that may not cross, or a frame that is none. The text says why."""


def encode(message: Message, array_bytes: int = ARRAY_BYTES) -> bytes:
    """Return a message as one frame. Every value in it is looked at once."""
    arrays: list[bytes] = []
    try:
        parts = {name: sent(plain(value), arrays) for name, value in message.items()}
    except NotPlain as no:
        raise Refused(str(no)) from no
    text, body = json.dumps(parts).encode(), b"".join(arrays)
    if len(text) > TEXT_BYTES or len(body) > array_bytes:
        raise Refused("a result that is too large")
    return SIZES.pack(len(text), len(body)) + text + body


def sent(value: Any, arrays: list[bytes]) -> Any:
    """Return a plain value as JSON data and append the bytes of its arrays."""
    if isinstance(value, list | tuple):
        inner = [sent(part, arrays) for part in value]
        return {"tuple": inner} if isinstance(value, tuple) else inner
    if isinstance(value, np.ndarray | np.generic):
        array = value.astype(value.dtype.newbyteorder("<"))
        arrays.append(array.tobytes())
        return {"dtype": array.dtype.str, "shape": array.shape}
    return value


def decode(text: bytes, body: bytes) -> Message:
    """Return the message of a frame, rebuilt; raise Refused for anything that is not one."""
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused("a frame that cannot be read") from error
    if type(parts) is not dict:
        raise Refused("a frame that is no message")
    bodies = Bodies(body)
    message = {name: rebuilt(part, bodies, DEPTH) for name, part in parts.items()}
    if bodies.left:
        raise Refused("a frame with bytes to spare")
    return message


class Bodies:
    """The bytes of a frame's arrays, taken one after the other."""

    def __init__(self, body: bytes) -> None:
        self.left = memoryview(body)

    def take(self, dtype: str, shape: list[int]) -> Any:
        """Return the next array, or a number if it has no dimension."""
        count = 1
        for length in shape:
            count *= length
        size = count * np.dtype(dtype).itemsize
        if size > len(self.left):
            raise Refused("an array without its bytes")
        data, self.left = self.left[:size], self.left[size:]
        try:
            # A copy: what is rebuilt may be written to, and does not hold the frame in memory.
            array = np.frombuffer(data, dtype).reshape(shape).copy()
        except ValueError as error:  # no bytes, and a shape that is too large even for that
            raise Refused("an array of an impossible shape") from error
        return array if shape else array[()]


def rebuilt(part: Any, bodies: Bodies, depth: int) -> Any:
    """Return the value that a piece of JSON stands for."""
    match part:
        case None | bool() | float() | str():
            return part
        case int() if abs(part) < WHOLE:
            return part
        case list() if depth:
            return [rebuilt(inner, bodies, depth - 1) for inner in part]
        case {"tuple": list(inner), **rest} if depth and not rest:
            return tuple(rebuilt(one, bodies, depth - 1) for one in inner)
        case {"dtype": str(dtype), "shape": list(shape), **rest} if not rest and dtype in DTYPES:
            lengths = all(type(n) is int and 0 <= n < 2**31 for n in shape)
            if lengths and len(shape) <= DEPTH:
                return bodies.take(dtype, shape)
    raise Refused("a value of a kind that is not sent")


def send(channel: socket, frame: bytes, deadline: float | None = None) -> None:
    """Send a frame, until the deadline at the latest."""
    channel.settimeout(remaining(deadline))
    channel.sendall(frame)


def receive(
    channel: socket, array_bytes: int = ARRAY_BYTES, deadline: float | None = None
) -> Message:
    """Receive a message, until the deadline at the latest."""
    text, body = SIZES.unpack(exactly(channel, SIZES.size, deadline))
    if text > TEXT_BYTES or body > array_bytes:
        raise Refused("a frame that is too large")
    return decode(exactly(channel, text, deadline), exactly(channel, body, deadline))


def exactly(channel: socket, size: int, deadline: float | None) -> bytes:
    """Receive so many bytes."""
    data = bytearray()
    while len(data) < size:
        channel.settimeout(remaining(deadline))
        piece = channel.recv(min(size - len(data), 1 << 20))
        if not piece:
            raise EOFError("the other side has ended")
        data += piece
    return bytes(data)


def remaining(deadline: float | None) -> float | None:
    """Return the seconds left; raise TimeoutError when there are none."""
    if deadline is None:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
