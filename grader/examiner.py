"""Keeps the hidden tests in a process of its own, and goes on when that process does not.

An Examiner grades one notebook after the other. Each thread has one, here or on a cluster.
"""

import ctypes
import hashlib
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from typing import Any

import numpy as np

from grader import Stop, protocol
from grader.confine import ROOT, CannotConfine, Limits, Sandbox

START = "import sys; sys.path.insert(0, sys.argv[1]); from grader import examiner; examiner.main()"
PATIENCE = 60.0  # seconds for the tests' own work, beside what the submission may use
ENDING = 2.0
MEMORY = 4 << 30
PR_SET_PDEATHSIG = 1

mine = threading.local()
every: list["Examiner"] = []


def grade(settings: dict[str, Any], notebook: str, content: bytes) -> dict[str, Any]:
    """Return the marks of a notebook, from this thread's examiner. This is a cluster's task."""
    if getattr(mine, "settings", None) != settings:
        if hasattr(mine, "examiner"):
            mine.examiner.close()
        mine.settings, mine.examiner = settings, Examiner(**settings)
    result: dict[str, Any] = mine.examiner.grade(notebook, content)
    return result


def close_all() -> None:
    """End every examiner of this process, so that no thread waits for one."""
    for one in every:
        one.over = True
        one.close()


def fingerprint() -> str:
    """Return what changes when the hidden tests, or what they and `check` rest on, change."""
    digest = hashlib.sha256()
    for pattern in (
        "tests/hidden/*.py",
        "course_lib/*.py",
        "course_lib/checks/*.json",
        "grader/*.py",
    ):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(path.read_bytes())
    return digest.hexdigest()


class Examiner:
    """Grades notebooks in a process that starts when needed and is replaced when lost."""

    def __init__(
        self, limits: dict[str, Any], seed: int = 0, trusted: bool = False, tests: str = ""
    ) -> None:
        self.settings = {"limits": limits, "seed": seed, "trusted": trusted, "tests": tests}
        self.patience = Limits(**limits).submission + PATIENCE
        self.process: subprocess.Popen[bytes] | None = None
        self.over = False
        every.append(self)

    def grade(self, notebook: str, content: bytes) -> dict[str, Any]:
        """Return the marks of a notebook's tasks and notes; raise Stop."""
        message = {"notebook": notebook, "content": np.frombuffer(content, np.uint8)}
        frame = protocol.encode(message, protocol.NOTEBOOK_BYTES)
        for _ in range(2):
            if self.over:
                break
            try:
                if not self.process:
                    self.start()
                deadline = time.monotonic() + self.patience
                protocol.send(self.line, frame, deadline)
                return self.answer(deadline)
            except TimeoutError:
                self.close()
                break
            except (EOFError, OSError):
                self.close()
        return {"failed": "the hidden tests came to no end with it", "again": True, "seconds": 0.0}

    def start(self) -> None:
        """Start the process; raise Stop if it cannot."""
        self.line, other = socket.socketpair()
        command = [sys.executable, "-c", START, str(ROOT), json.dumps(self.settings)]
        with other:
            self.process = subprocess.Popen(
                command,
                stdin=other.fileno(),
                stdout=subprocess.DEVNULL,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            )
        try:
            self.answer(time.monotonic() + PATIENCE)
        except (EOFError, OSError):
            raise Stop(f"The hidden tests in {ROOT / 'tests'} cannot be read.") from None

    def answer(self, deadline: float) -> dict[str, Any]:
        """Return what the process replies."""
        text = protocol.receive(self.line, deadline=deadline)["answer"]
        answer: dict[str, Any] = json.loads(text)
        if "stop" in answer:
            self.close()
            raise Stop(answer["stop"])
        return answer

    def close(self) -> None:
        """End the process, and with it every worker."""
        process, self.process = self.process, None
        if process:
            with suppress(OSError):
                self.line.shutdown(socket.SHUT_RDWR)  # wakes a thread that waits for an answer
            try:
                process.wait(ENDING)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            self.line.close()


def main() -> None:
    """Grade what arrives at standard input, until the other side closes it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        # A test that makes too much of a student's numbers fails; the machine does not.
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # Other people's plugins take a second to load.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    import pytest

    from grader.scoring import BARE, HIDDEN, Graded, HiddenTests

    line, settings = socket.socket(fileno=os.dup(0)), json.loads(sys.argv[2])
    limits, trusted = Limits(**settings["limits"]), settings["trusted"]

    def reply(answer: dict[str, Any]) -> None:
        with suppress(ConnectionError):  # the run was stopped while we worked
            protocol.send(line, protocol.encode({"answer": json.dumps(answer)}))

    def serve(tests: HiddenTests) -> None:
        try:
            if settings["tests"] not in ("", fingerprint()):
                raise Stop(f"{ROOT} holds other hidden tests, or another grader, than this run.")
            with Sandbox(limits, trusted) as sandbox:
                reply({})
                while True:
                    message = protocol.receive(line, protocol.NOTEBOOK_BYTES)
                    notebook, content = message["notebook"], message["content"].tobytes()
                    try:
                        graded = tests.grade(notebook, content, sandbox)
                    except CannotConfine as cannot:
                        # Whatever was done to this parent, the next notebook has a new one.
                        sandbox.renew()
                        graded = Graded(failed=str(cannot), again=True)
                    reply(asdict(graded))
        except (EOFError, ConnectionError):
            return
        except Stop as stop:
            reply({"stop": str(stop)})

    arguments = [str(HIDDEN), f"--seed={settings['seed']}", *BARE]
    pytest.main(arguments, plugins=[HiddenTests(serve)])
