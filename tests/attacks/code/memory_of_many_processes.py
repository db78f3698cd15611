"""Takes its limit of memory once in each process that it may start."""

import os

started = []
for start in (os.fork, os.forkpty, lambda: os.posix_spawn("/python/bin/python3", ["python3"], {})):
    try:
        number = start()
    except (OSError, RuntimeError):
        continue
    if number == 0:
        held = bytearray(100 << 20)
        os._exit(len(held) and 0)
    started.append(number)
assert not started, f"started {started}"
