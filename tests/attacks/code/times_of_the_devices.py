"""Sets the times of the devices, which the next submission could read."""

import os
import time

for device in ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom"):
    before = os.stat(device).st_mtime_ns
    for change in (os.utime, lambda path: os.chmod(path, 0o666), lambda path: os.truncate(path, 0)):
        try:
            change(device)
        except OSError:
            pass
    assert os.stat(device).st_mtime_ns == before < time.time_ns(), device
