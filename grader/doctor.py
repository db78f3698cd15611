"""Says what confinement this machine offers, by trying to get out of it."""

import argparse
import json
import platform
import sys
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np

from grader import ROOT, view
from grader.confine import ENVIRONMENT, CannotConfine, Gone, Limits, Sandbox
from grader.worker import DISK

ADVICE = """\
What to do: install bubblewrap 0.8 or newer (pip install -e ".[grade]" brings it, or apt install
bubblewrap). In a container, allow user namespaces (Docker: --security-opt seccomp=unconfined, or
--privileged for a machine of its own).
On Ubuntu 24.04 and newer: sysctl kernel.apparmor_restrict_unprivileged_userns=0. For a class that
you trust: --trusted, which runs student code with your own rights."""

# The notebook of a student who tries to reach something; the system should refuse it.
PROBE = """
import os, socket

def reached(expression):
    try:
        return eval(expression)
    except (OSError, MemoryError):
        return None

def seen(where="/"):
    for here, folders, files in os.walk(where):
        folders[:] = [name for name in folders if os.path.join(here, name) != "/dev"]
        yield from (os.path.join(here, name) for name in files)
"""
LIMITS = Limits(submission=30)
KNOWN = {*ENVIRONMENT, "PWD", "LC_CTYPE"}
PLACES = ["/proc", "/sys", "/etc", "/usr", "/home", str(Path.home()), str(ROOT), sys.prefix]
# Notebooks, settings, keys and databases; nothing of what a task needs ends like this.
ENDINGS = (".ipynb", "nbgrader_config.py", ".conf", ".env", "netrc", ".pem", ".key", ".db")
OWN = [view.COURSE, view.PACKAGES, view.PYTHON, view.LIBRARIES, DISK, "/dev", "/lib", "/lib64"]
# Each gives something only where student code would reach it.
TRIED = {
    "the rights of root": "os.getuid() == 0 or not os.setuid(0)",
    "variables of the environment": f"sorted(set(os.environ) - {KNOWN})",
    "other processes": "not os.kill(-1, 0)",  # a signal to all, which is an error if there is none
    "the network": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'hello', ('192.0.2.1', 9))",
    "files of this machine": f"[path for path in {PLACES} if os.path.exists(path)]",
    "notebooks, settings and secrets": "next("
    f"(path for path in seen() if path.endswith({ENDINGS})), None)",
    "folders beside its own": f"[name for name in os.listdir('/') if '/' + name not in {OWN}]",
    "the machine's name": f"os.uname().nodename == {platform.node()!r}",
    "the machine's memory and disks": "os.statvfs('/').f_blocks",
    "a place to write": "next((here for here, *_ in os.walk('/')"
    f" if os.access(here, os.W_OK) and here != {DISK!r}), None)",
    "another process": "os.fork() or os._exit(0)",
    "more memory than allowed": f"len(bytearray({LIMITS.memory}))",
}


def run(_: argparse.Namespace | None = None) -> int:
    """Say what confinement this machine offers, and what to install."""
    print(f"Python {platform.python_version()} on {platform.platform()}")
    # No control group is needed: what the kernel holds a process to is what a submission has.
    most = Limits()
    print(
        f"A submission is one process of at most {most.memory >> 20} MB of memory,"
        f" {most.disk >> 20} MB of disk, {most.threads} threads and {most.submission:.0f} seconds."
    )
    notebook = {"nbformat": 4, "cells": [{"cell_type": "code", "source": PROBE}]}
    content, faults = np.frombuffer(json.dumps(notebook).encode(), np.uint8), 0
    try:
        with Sandbox(LIMITS) as sandbox, ExitStack() as after:
            worker = sandbox.worker()
            after.callback(worker.end)
            ask = partial(worker.ask, seconds=LIMITS.submission)
            ask("open", notebook=content, tasks=["reached"])
            for statement, _ in enumerate(ask("read", cell=0)["lines"]):
                ask("run", cell=0, statement=statement)
            for what, expression in TRIED.items():
                answer = ask("call", name="reached", arguments=[expression])
                value = answer.get("value", answer)
                faults += bool(value)
                print(f"[FAIL] reached {what}: {value}" if value else f"[OK] out of reach: {what}")
    except (CannotConfine, Gone) as why:
        faults += 1
        print(f"[FAIL] {why}\n{ADVICE}")
    return min(faults, 1)
