"""Reads environment variables, from os, the C library and its own memory."""

import ctypes
import os
import subprocess
import sys

said = " ".join(f"{name}={value}" for name, value in os.environ.items())
environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
texts, at = [], 0
while environ[at]:
    texts.append(environ[at].decode())
    at += 1
# Where the kernel put them is above the last one that the C library knows.
above = ctypes.string_at(ctypes.cast(environ[at - 1], ctypes.c_void_p).value, 64) if at else b""
child = subprocess.run([sys.executable, "-c", "import os; print(os.environ)"], capture_output=True)
raise LookupError(f"{said[:90]} {' '.join(texts)[:90]} {above!r} {child.stdout[:90]!r}")
