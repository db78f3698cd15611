"""Works out the memory of the machine from a limit that the kernel derives from it."""

import resource

told = {}
for name in ("SIGPENDING", "MEMLOCK", "MSGQUEUE", "NPROC", "AS", "DATA"):
    soft, hard = resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))
    if hard != resource.RLIM_INFINITY:
        told[name] = hard
assert told.get("SIGPENDING", 0) <= 64, told
assert told.get("NPROC", 0) <= 64, told
