"""Says what confinement this machine offers, by trying to get out of it."""

import argparse
import json
import re
import shutil
import subprocess
import sys
from typing import Any

import numpy as np

from grader.confine import ENVIRONMENT, ROOT, CannotConfine, Limits, Sandbox, Worker
from grader.worker import DISK

ADVICE = """\
What to do: install bubblewrap 0.8 or newer (apt install bubblewrap). In a container, allow user
namespaces (Docker: --security-opt seccomp=unconfined, or --privileged for a machine of its own).
On Ubuntu 24.04 and newer: sysctl kernel.apparmor_restrict_unprivileged_userns=0. Without Linux, or
for a class that you trust: --trusted, which runs student code with your own rights."""

# Each function is called in confinement and returns what it reached: nothing, if all is well.
PROBE = """
import os, socket

def the_rights_of_root():
    return "yes" if os.getuid() == 0 else None

def variables_of_the_environment():
    return sorted(set(os.environ) - set({known}))

def other_processes():
    found = []
    for pid in range(2, 1000):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            continue
        except OSError:
            pass
        found.append(pid)
    return found

def the_network():
    try:
        socket.create_connection(("192.0.2.1", 9), 1)
    except TimeoutError:
        return "yes"
    except OSError:
        return None
    return "yes"

def files_of_this_machine():
    places = ("/proc", "/sys", "/etc/passwd", "/home", "/root/.ssh", {root!r})
    return [path for path in places if os.path.exists(path)]

def a_place_to_write():
    return [here for here, _, _ in os.walk("/") if os.access(here, os.W_OK) and here != {disk!r}]

def more_processes_than_allowed():
    made = 0
    try:
        while made < 100:
            if not os.fork():
                os._exit(0)
            made += 1
    except OSError:
        pass
    return made if made > {processes} else None

def more_memory_than_allowed():
    try:
        return len(bytearray({memory}))
    except MemoryError:
        return None
"""


def run(options: argparse.Namespace | None = None) -> int:
    """Say what confinement this machine offers, and what to install."""
    print(f"Python {sys.version.split()[0]} on {sys.platform}, {version('bwrap')}")
    limits = Limits(submission=30)
    try:
        with Sandbox(limits) as sandbox:
            worker = sandbox.worker()
            reached = probed(worker, limits)
            worker.end()
    except CannotConfine as cannot:
        print(f"[FAIL] {cannot}\n{ADVICE}")
        return 1
    for name, value in reached.items():
        sentence = f"student code does not reach {name.replace('_', ' ')}"
        print(f"[FAIL] {sentence}: {value}" if value else f"[OK] {sentence}")
    return 1 if any(reached.values()) else 0


def probed(worker: Worker, limits: Limits) -> dict[str, Any]:
    """Return what a submission reaches, by the names of the probe's functions."""
    probe = PROBE.format(
        known=[*ENVIRONMENT, "PWD", "LC_CTYPE"],
        root=str(ROOT),
        disk=DISK,
        processes=limits.processes,
        memory=limits.memory,
    )
    names = re.findall(r"^def (\w+)", probe, re.M)
    cells = [{"cell_type": "code", "source": probe}]
    content = np.frombuffer(json.dumps({"nbformat": 4, "cells": cells}).encode(), np.uint8)
    worker.ask("open", limits.cell, notebook=content, tasks=names)
    worker.ask("run", limits.cell, cell=0, brief=False)
    answers = {name: worker.ask("call", limits.call, name=name, arguments=[]) for name in names}
    return {name: answer.get("value", answer) for name, answer in answers.items()}


def version(program: str) -> str:
    """Return what a program calls its version."""
    if not shutil.which(program):
        return f"no {program}"
    return subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
