"""Has the machine's disk flushed again and again, also for the others."""

import os
import sys

done = []
for path in (sys.executable, "/packages", "mine"):
    file = os.open(path, os.O_RDONLY | (os.O_CREAT if path == "mine" else 0))
    for flush in (os.fsync, os.fdatasync, lambda _: os.sync()):
        try:
            flush(file)
        except OSError:
            continue
        # The C library's `sync` has no way to say that it was refused.
        if flush in (os.fsync, os.fdatasync):
            done.append(path)
assert not done, done
