"""Leaves a process behind that goes on answering when the worker itself has ended."""

import os
import time

from grader import protocol

line = 3
if not os.fork():
    os.setsid()
    while True:
        try:
            os.read(line, 1)
            os.write(line, protocol.encode({"token": "0" * 16, "value": 1.0, "changed": []}))
        except OSError:
            time.sleep(0.01)
os.kill(os.getpid(), 11)
