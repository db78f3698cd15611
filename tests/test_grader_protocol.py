"""What crosses between grader and worker: every plain value, and nothing else."""

import json
import socket
import time
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grader import protocol
from grader.protocol import SIZES, Refused, decode, encode

dtypes = st.sampled_from(sorted(protocol.DTYPES)).map(np.dtype)
anything_plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text()
    | arrays.arrays(dtypes, arrays.array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=4)),
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple),
    max_leaves=12,
)


def parts(frame):
    text, body = SIZES.unpack(frame[: SIZES.size])
    assert len(frame) == SIZES.size + text + body
    return frame[SIZES.size :][:text], frame[SIZES.size + text :]


def crossed(value):
    return decode(*parts(encode({"value": value})))["value"]


def alike(one, other):
    if isinstance(one, np.ndarray):
        same = one.dtype == other.dtype and one.shape == other.shape
        return type(other) is np.ndarray and same and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        same = type(one) is type(other) and len(one) == len(other)
        return same and all(map(alike, one, other))
    return type(one) is type(other) and (one == other or one != one)


@given(anything_plain)
def test_a_plain_value_arrives_as_it_was(value):
    assert alike(value, crossed(value))


@pytest.mark.parametrize(
    ("value", "arrives"),
    [
        (np.float64(0.1), np.float64(0.1)),
        (np.int8(-3), np.int8(-3)),
        (np.array(2.5), np.float64(2.5)),
        (np.longdouble(0.5), np.float64(0.5)),
        (np.str_("saddle"), "saddle"),
        (np.array("saddle"), "saddle"),
        (np.array(["a", "b"]), ["a", "b"]),
        (range(3), [0, 1, 2]),
        (np.array([1, 2], dtype=">i4"), np.array([1, 2], dtype="<i4")),
        (np.ma.array([1.0, 2.0]), np.array([1.0, 2.0])),
    ],
)
def test_what_is_nearly_plain_arrives_as_plain(value, arrives):
    assert alike(arrives, crossed(value))


def nested(depth):
    return [nested(depth - 1)] if depth else []


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (object(), "an object of type object"),
        ({"a": 1}, "an object of type dict"),
        ({1, 2}, "an object of type set"),
        (b"bytes", "an object of type bytes"),
        (1j, "an object of type complex"),
        ((n for n in [1]), "an object of type generator"),
        (print, "an object of type builtin_function_or_method"),
        (2**64, "a whole number of more than 64 bits"),
        (np.array([object()]), "an array of object"),
        (np.array([1j]), "an array of complex128"),
        (np.array([b"x"]), "an array of bytes"),
        (np.zeros(3, dtype=[("a", float)]), "an array of void"),
        (np.zeros((1,) * 9), "an array of more than 8 dimensions"),
        (nested(9), "lists more than 8 deep"),
        (range(10**12), "a list that is too long"),
        (np.zeros(protocol.ARRAY_BYTES), "a result that is too large"),
        ("x" * (protocol.TEXT_BYTES + 1), "a result that is too large"),
    ],
)
def test_what_is_not_plain_is_refused_with_a_reason(value, why):
    with pytest.raises(Refused, match=why):
        encode({"value": value})


def test_a_subclass_is_not_believed_to_be_what_it_says():
    class Text(str):
        def __str__(self):
            return "b"

    class Whole(int):
        def __index__(self):
            return 4

    class Real(float):
        def __float__(self):
            return 4.0

    class Many(list):
        def __len__(self):
            return 1

        def __iter__(self):
            while True:
                yield 1

    liars = Text("a"), Whole(3), Real(3.0), Many([1, 2])
    assert alike(tuple(map(crossed, liars)), ("a", 3, 3.0, [1, 2]))


class Result(NamedTuple):
    step: np.ndarray
    change: float


class Converted:
    def __array__(self, dtype=None, copy=None):
        return np.array([1.0, 2.0])


@pytest.mark.parametrize("value", [Converted(), memoryview(np.array([1.0, 2.0]))])
def test_what_can_be_made_an_array_arrives_as_one(value):
    assert alike(np.array([1.0, 2.0]), crossed(value))


def test_a_named_tuple_arrives_as_a_tuple():
    assert alike((np.ones(2), 0.5), crossed(Result(np.ones(2), 0.5)))


def test_an_array_that_lies_is_sent_as_what_it_holds():
    class Liar(np.ndarray):
        def __array__(self, *args, **kwargs):
            return np.full(3, 7.0)

        def __eq__(self, other):
            return True

        def tobytes(self, *args):
            return b"\0" * 24

        @property
        def shape(self):
            return (99,)

    held = crossed(np.arange(3.0).view(Liar))
    assert type(held) is np.ndarray
    assert held.tolist() == [0, 1, 2]


def test_what_arrives_is_a_copy_that_may_be_written_to():
    held = crossed(np.zeros(3))
    held += 1
    assert held.tolist() == [1, 1, 1]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["dtype", "shape", "tuple", "x"]), inner, max_size=3)
        | st.fixed_dictionaries(
            {
                "dtype": st.sampled_from(["<f8", "|O", "object", "<U9", "|V8", "f8,f8", ""]),
                "shape": st.lists(st.integers(-1, 2**70) | st.sampled_from([0, 2**31 - 1])),
            }
        )
    ),
    max_leaves=15,
)


@given(st.dictionaries(st.text(max_size=3), json_values, max_size=3), st.binary(max_size=64))
def test_a_forged_message_is_refused_or_plain(parts_sent, body):
    try:
        message = decode(json.dumps(parts_sent).encode(), body)
    except Refused:
        return
    encode(message)  # nothing but plain values came out


@given(st.binary(max_size=200), st.binary(max_size=20))
def test_bytes_that_are_no_message_are_refused(text, body):
    try:
        decode(text, body)
    except Refused:
        return
    assert type(json.loads(text)) is dict


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 100_000,
        b'{"a": ' * 50_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": 1e400, "b": {"tuple": [], "x": 1}}',
        b'{"a": {"dtype": "<f8", "shape": [0, 2147483647, 2147483647, 2147483647]}}',
        b'{"a": {"dtype": "<f8", "shape": [2]}}',
        b'{"a": {"dtype": "<f8", "shape": [true]}}',
        b'{"a": {"dtype": "|O", "shape": [1]}}',
        b"\xff\xfe\x00",
        b"null",
        b"",
    ],
)
def test_a_bomb_or_a_false_array_is_refused(text):
    with pytest.raises(Refused):
        decode(text, b"")


def test_bytes_to_spare_are_refused():
    with pytest.raises(Refused, match="to spare"):
        decode(b"{}", b"x")


@pytest.fixture
def line():
    one, other = socket.socketpair()
    with one, other:
        yield one, other


def test_a_giant_length_is_refused_before_anything_is_read(line):
    one, other = line
    other.sendall(SIZES.pack(2**32 - 1, 2**32 - 1))
    with pytest.raises(Refused, match="too large"):
        protocol.receive(one, deadline=time.monotonic() + 1)


def test_a_frame_that_drips_does_not_outlast_the_deadline(line):
    one, other = line
    other.sendall(encode({"a": 1})[:9])
    begin = time.monotonic()
    with pytest.raises(TimeoutError):
        protocol.receive(one, deadline=begin + 0.2)
    assert time.monotonic() - begin < 2


def test_a_frame_that_nobody_reads_does_not_outlast_the_deadline(line):
    one, _ = line
    with pytest.raises(TimeoutError):
        protocol.send(one, b"x" * (8 << 20), time.monotonic() + 0.2)


def test_a_line_that_is_cut_says_so(line):
    one, other = line
    other.sendall(b"abc")
    other.close()
    with pytest.raises(EOFError):
        protocol.receive(one)
