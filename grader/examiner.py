"""Keeps the hidden tests in a process of its own, and goes on when that process does not.

An Examiner grades one notebook after the other. Each thread has one, here or on a cluster.
"""

import hashlib
import json
import os
import resource
import runpy
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from multiprocessing.connection import Connection, Pipe
from typing import Any

from grader import Stop, hidden, scoring
from grader.confine import ROOT, CannotConfine, Limits, Sandbox
from grader.worker import system

START = "import sys; sys.path.insert(0, sys.argv[1]); from grader import examiner; examiner.main()"
TESTS = {p.stem.removeprefix("test_"): p for p in ROOT.glob("tests/hidden/test_*.py")}
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


def fingerprint() -> str:
    """Return what changes when the hidden tests, or what they and `check` rest on, change."""
    patterns = "tests/hidden/*.py", "course_lib/*.py", "course_lib/checks/*.json", "grader/*.py"
    files = sorted(file for pattern in patterns for file in ROOT.glob(pattern))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


class Examiner:
    """Grades notebooks in a process that starts when needed and is replaced when lost."""

    def __init__(
        self, limits: dict[str, Any], seed: int = 0, trusted: bool = False, tests: str = ""
    ) -> None:
        self.limits, self.seed, self.trusted, self.tests = Limits(**limits), seed, trusted, tests
        self.process: subprocess.Popen[bytes] | None = None
        every.append(self)

    def grade(self, notebook: str, content: bytes) -> dict[str, Any]:
        """Return the marks of a notebook's tasks and notes; raise Stop."""
        for _ in range(2):
            try:
                if not self.process:
                    self.start()
                self.line.send((notebook, content))
                return self.answer(self.limits.submission + PATIENCE)
            except TimeoutError:
                self.close()
                break
            except (EOFError, OSError):
                self.close()
        return {"failed": "the hidden tests came to no end with it", "again": True, "seconds": 0.0}

    def start(self) -> None:
        """Start the process; raise Stop if it cannot."""
        if self.tests not in ("", fingerprint()):
            raise Stop(f"{ROOT} holds other hidden tests, or another grader, than this run.")
        self.line, other = Pipe()
        with other:
            self.process = subprocess.Popen(
                [sys.executable, "-c", START, str(ROOT), str(other.fileno())],
                pass_fds=[other.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
                start_new_session=True,  # an interrupt from the keyboard is ours alone
            )
        self.line.send((self.limits, self.trusted, self.seed))
        try:
            self.answer(PATIENCE)
        except (EOFError, OSError):
            raise Stop(f"The hidden tests in {ROOT / 'tests'} cannot be read.") from None

    def answer(self, seconds: float) -> dict[str, Any]:
        """Return what the process replies."""
        if not self.line.poll(seconds):
            raise TimeoutError
        answer = self.line.recv()
        if isinstance(answer, Stop):
            self.close()
            raise answer
        row: dict[str, Any] = json.loads(answer)
        return row

    def close(self) -> None:
        """End the process, and with it every worker."""
        process, self.process = self.process, None
        if process:
            process.terminate()
            try:
                process.wait(ENDING)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def close_all() -> None:
    """End every examiner of this process."""
    for one in every:
        one.close()


def main() -> None:
    """Grade what arrives at the line, until the other side closes it."""
    if sys.platform == "linux":
        system("prctl", PR_SET_PDEATHSIG, signal.SIGKILL)
        # A test that makes too much of a student's numbers fails; the machine does not.
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leaves no folder behind
    line = Connection(int(sys.argv[2]))
    with suppress(EOFError, ConnectionError, KeyboardInterrupt):
        limits, trusted, seed = line.recv()
        tests = {
            name: hidden.tasks(runpy.run_path(str(path)).values()) for name, path in TESTS.items()
        }
        try:
            with Sandbox(limits, trusted) as sandbox:
                line.send("{}")
                while True:
                    notebook, content = line.recv()
                    try:
                        graded = scoring.grade(tests[notebook], content, sandbox, seed)
                    except CannotConfine as cannot:
                        # Whatever was done to this parent, the next notebook has a new one.
                        sandbox.renew()
                        graded = scoring.Graded(failed=str(cannot), again=True)
                    # As a text, so that nothing of a student's making can be an object over there.
                    line.send(json.dumps(asdict(graded)))
        except Stop as stop:
            line.send(stop)
