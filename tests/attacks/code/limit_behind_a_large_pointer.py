"""Sets a limit through a pointer whose lower half is 0, which half a rule takes for none."""

import ctypes
import resource

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
FIXED_PRIVATE_ANONYMOUS = 0x100000 | 0x22
page = libc.mmap(1 << 32, 8192, 3, FIXED_PRIVATE_ANONYMOUS, -1, 0)
before = resource.getrlimit(resource.RLIMIT_NOFILE)
ctypes.memmove(page, bytes(16), 16)
number = {"x86_64": 302, "aarch64": 261}[__import__("os").uname().machine]
libc.syscall(number, 0, resource.RLIMIT_NOFILE, ctypes.c_void_p(page), None)
assert resource.getrlimit(resource.RLIMIT_NOFILE) == before
