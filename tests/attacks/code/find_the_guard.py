"""Looks through all objects, frames and files for the sockets of guard and parent."""

import gc
import os
import socket
import stat
import sys
import threading

found = []
for number in range(64):
    try:
        if number != 3 and stat.S_ISSOCK(os.fstat(number).st_mode):
            found.append(os.write(number, b"dead"))
    except OSError:
        continue
for one in gc.get_objects():
    if isinstance(one, socket.socket) and one.fileno() != 3:
        try:
            found.append(one.send(b"dead"))
        except OSError:
            continue
for frame in sys._current_frames().values():
    while frame:
        for name in {"held", "control", "leash", "ends"} & frame.f_locals.keys():
            try:
                found.append(frame.f_locals[name].send(b"dead"))
            except (OSError, AttributeError):  # a file that is not open here any more
                continue
        frame = frame.f_back
assert not found and threading.active_count() == 1, found
