"""Sends datagrams to the services of the machine by their names."""

import socket

one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
sent = []
for name in (
    b"\0/org/freedesktop/systemd1/notify",
    "/dev/log",
    "/run/systemd/journal/socket",
    "/run/systemd/notify",
    "/var/run/docker.sock",
    b"\0x",
):
    try:
        sent.append((name, one.sendto(b"x", name)))
    except OSError:
        pass
assert not sent, sent
