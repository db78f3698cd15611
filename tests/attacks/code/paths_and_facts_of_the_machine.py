"""Asks the kernel for mounts, name, memory, disks, processors' load and the files of others."""

import ctypes
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
room = ctypes.create_string_buffer(8192)
ids = (ctypes.c_uint64 * 256)()
told = {
    "listmount": libc.syscall(458, struct.pack("<IIQQQ", 32, 0, 2**64 - 1, 0, 0), ids, 256, 0),
    "statmount": libc.syscall(457, struct.pack("<IIQQQ", 32, 0, 1, 8, 0), room, 8192, 0),
    "sysinfo": libc.sysinfo(room),
    "uname": libc.uname(room),
    "statfs": libc.statfs(b"/python", room),
    "name_to_handle_at": libc.name_to_handle_at(-100, b"/python", room, room, 0),
    "getloadavg": libc.getloadavg(room, 3),
    "getcpu": libc.syscall(309, room, room, None),
}
told = {name: got for name, got in told.items() if got >= 0 and got != 38}
assert not told, told
assert not os.path.exists("/proc/self") and not os.path.exists("/sys/fs")
