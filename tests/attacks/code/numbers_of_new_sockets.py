"""Counts the sockets of the whole system by the number that each new one has."""

import ctypes
import socket

libc = ctypes.CDLL(None)
one, other = socket.socketpair()
number, size = ctypes.c_uint64(0), ctypes.c_uint32(8)
SO_COOKIE = 57
failed = libc.getsockopt(one.fileno(), 1, SO_COOKIE, ctypes.byref(number), ctypes.byref(size))
assert failed, number.value
