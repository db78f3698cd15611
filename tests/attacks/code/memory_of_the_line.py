"""Fills sockets, pipes and queues, whose memory belongs to no process."""

import os
import socket

filled = 0
ends = []
try:
    for _ in range(200):
        ends.append(os.pipe())
        os.set_blocking(ends[-1][1], False)
        try:
            import fcntl

            fcntl.fcntl(ends[-1][1], 1031, 1 << 20)  # F_SETPIPE_SZ
        except OSError:
            pass
        try:
            while True:
                filled += os.write(ends[-1][1], bytes(1 << 16))
        except BlockingIOError:
            pass
except OSError:
    pass
assert filled < 16 << 20, f"{filled >> 20} MB in pipes"
pairs = []
try:
    pairs += [socket.socketpair() for _ in range(200)]
except OSError:
    pass
for one, _ in pairs:
    one.setblocking(False)
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
    except OSError:
        pass
    try:
        while True:
            filled += one.send(bytes(1 << 16))
    except OSError:
        pass
assert filled < 32 << 20, f"{filled >> 20} MB in sockets and pipes"
