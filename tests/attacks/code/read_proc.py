"""Reads what /proc, /sys and /dev tell of other processes."""

import glob

FILES = ("environ", "cmdline", "maps", "mem", "fd/*", "root/etc/passwd", "cwd/*", "status")
found = [path for name in FILES for path in glob.glob(f"/proc/*/{name}")]
found += glob.glob("/proc/sys/kernel/*") + glob.glob("/sys/*") + glob.glob("/dev/shm/*")
assert not found, [open(path, "rb").read(200) for path in found[:5]]
