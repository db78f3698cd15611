"""Looks in its frames, objects and descriptors for what the parent was told."""

import gc
import os
import sys

frame, names = sys._getframe(), {}
while frame:
    names |= frame.f_globals | frame.f_locals
    frame = frame.f_back
told = f"{names.get('how')} {names.get('settings')} {sys.argv} {sys.orig_argv} {dict(os.environ)}"
told += str([o for o in gc.get_objects() if isinstance(o, dict) and "limits" in o][:5])
for folder in ("/root", "/home", "/tmp", "/usr", "/opt", "tasks", "solutions", "site-packages"):
    assert folder not in told, told
opened = []
for number in range(4, 64):
    try:
        os.fstat(number)
    except OSError:
        continue
    opened.append(number)
assert not opened, opened
