"""Starts threads until none can be started."""

import threading
import time

for _ in range(10_000):
    threading.Thread(target=time.sleep, args=[99]).start()
