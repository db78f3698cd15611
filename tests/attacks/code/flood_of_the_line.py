"""Floods its line from a thread, answers twice, closes it, and puts another socket in its place."""

import fcntl
import os
import socket
import threading

fcntl.fcntl(3, fcntl.F_SETFL, fcntl.fcntl(3, fcntl.F_GETFL) | os.O_NONBLOCK)
calls = []


def flood():
    while True:
        try:
            os.write(3, bytes(65536))
        except OSError:
            pass


def answer(*args):
    calls.append(args)
    if len(calls) % 4 == 0:
        threading.Thread(target=flood, daemon=True).start()
    elif len(calls) % 4 == 1:
        socket.socket(fileno=os.dup(3)).shutdown(2)
    elif len(calls) % 4 == 2:
        os.close(3)
    else:
        os.dup2(socket.socketpair()[0].fileno(), 3)
    return args[0]
