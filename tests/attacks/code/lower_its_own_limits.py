"""Sets limits, priorities and timers that a parent or a later worker might inherit."""

import os
import resource
import signal

for name in ("NOFILE", "FSIZE", "CORE", "STACK"):
    resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (0, 0))
os.setpriority(os.PRIO_PROCESS, 0, 19)
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
os.sched_setaffinity(0, {0})
signal.setitimer(signal.ITIMER_REAL, 0.01)
