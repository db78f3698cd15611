"""Asks its socket for a handle of the process at the other end, and takes its files."""

import ctypes
import signal
import socket

SO_PEERPIDFD, PIDFD_SEND_SIGNAL, PIDFD_GETFD = 77, 424, 438
libc = ctypes.CDLL(None, use_errno=True)
done = []
for number in range(64):
    try:
        line = socket.socket(fileno=number)
        handle = line.getsockopt(socket.SOL_SOCKET, SO_PEERPIDFD)
    except OSError:
        continue
    done += [libc.syscall(PIDFD_GETFD, handle, other, 0) for other in range(20)]
    done.append(libc.syscall(PIDFD_SEND_SIGNAL, handle, signal.SIGSTOP, None, 0))
    line.detach()
assert all(one == -1 for one in done), f"reached {done}"
