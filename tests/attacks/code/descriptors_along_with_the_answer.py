"""Sends descriptors and urgent bytes along with its answers, for the grader to keep."""

import array
import socket

line = socket.socket(fileno=3)
pairs = [socket.socketpair() for _ in range(12)]
sent = []


def answer(*args):
    held = array.array("i", [end.fileno() for pair in pairs for end in pair])
    try:
        sent.append(line.sendmsg([b""], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, held)]))
    except OSError:
        pass
    try:
        sent.append(line.send(b"!", socket.MSG_OOB))
    except OSError:
        pass
    assert not sent
    return args[0]
