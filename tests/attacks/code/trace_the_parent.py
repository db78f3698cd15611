"""Traces its parent and reads and writes the memory of other processes."""

import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
PTRACE_ATTACH, PTRACE_SEIZE, PTRACE_TRACEME = 16, 0x4206, 0


class Piece(ctypes.Structure):
    _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]


room = ctypes.create_string_buffer(64)
here, there = Piece(ctypes.addressof(room), 64), Piece(0x400000, 64)
done = []
for number in (os.getppid(), 2, 3, *range(4, 60)):
    if number and number != os.getpid():
        done.append(libc.ptrace(PTRACE_ATTACH, number, None, None) != -1)
        done.append(libc.ptrace(PTRACE_SEIZE, number, None, None) != -1)
        read = libc.process_vm_readv(number, ctypes.byref(here), 1, ctypes.byref(there), 1, 0)
        done.append(read != -1)
assert not any(done), room.raw
