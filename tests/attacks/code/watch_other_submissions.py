"""Watches the files that every submission reads, to see when another one is graded."""

import ctypes
import os
import select

libc = ctypes.CDLL(None, use_errno=True)
watches = {
    "inotify": libc.inotify_init1(0),
    "fanotify": libc.fanotify_init(0, 0),
    "dnotify": libc.fcntl(os.open("/packages", os.O_RDONLY), 1026, 0x8000001F),
    "lease": libc.fcntl(os.open("/packages/pylab.py", os.O_RDONLY), 1024, 0),
}
assert not {name: got for name, got in watches.items() if got >= 0}, watches
assert select.select([], [], [], 0) == ([], [], [])
