"""Asks for capabilities, another user and programs that would give them."""

import ctypes
import os
import subprocess

libc = ctypes.CDLL(None, use_errno=True)
header, all_of_them = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[2**32 - 1] * 6)
got = [libc.capset(header, all_of_them), libc.setuid(0), libc.setgid(0), libc.setgroups(0, None)]
for program in ("su", "sudo", "mount", "passwd", "newuidmap", "chsh"):
    try:
        ran = subprocess.run([program, "-c", "id"], capture_output=True, timeout=0.2)
        got.append(-1 if b"uid=0" not in ran.stdout else 0)
    except (OSError, subprocess.TimeoutExpired):
        continue
assert 0 not in got, f"uid {os.getuid()}: {got}"
