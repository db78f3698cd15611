"""Asks its line who is at the other end: user, groups, label, a handle of the process."""

import ctypes

libc = ctypes.CDLL(None)
told = {}
for number in (17, 31, 55, 57, 59, 64, 77):  # SO_PEERCRED and its like
    room, size = ctypes.create_string_buffer(256), ctypes.c_uint32(256)
    if libc.getsockopt(3, 1, number, room, ctypes.byref(size)) == 0:
        told[number] = room.raw[: size.value]
assert not told, told
