"""Keeps the hidden tests in a process of its own, and goes on when that process does not."""

import hashlib
import json
import os
import resource
import runpy
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired
from threading import get_ident
from typing import Any

from grader import ROOT, Stop, hidden, scoring
from grader.confine import CannotConfine, Limits, Sandbox
from grader.journal import Graded, Settings
from grader.worker import system

START = (
    "import json, sys; sys.path.insert(0, sys.argv[1]);"
    "from grader import examiner; examiner.main(**json.loads(sys.argv[2]))"
)
PATIENCE = 60.0  # seconds for the tests' own work, beside what the submission may use
ENDING = 2.0
HIDDEN = ROOT / "tasks"
DECIDING = (
    "tasks/*/test_hidden.py",
    "course_lib/feedback/*.py",
    "course_lib/feedback/checks/*.json",
    "course_lib/data/*.*",
    *(f"course_lib/{name}.py" for name in ("network", "printing", "require", "values")),
    *(f"grader/{name}.py" for name in ("calls", "cells", "confine", "examiner", "hidden")),
    *(f"grader/{name}.py" for name in ("protocol", "scoring", "view", "worker")),
)
MEMORY = 1 << 30
PR_SET_PDEATHSIG = 1

of_threads: dict[int, "Examiner"] = {}


def grade(settings: Settings, notebook: str, content: bytes, whose: str = "") -> Graded:
    """Return the marks of a notebook, from this thread's examiner. This is a cluster's task."""
    wanted = Examiner(**settings)
    one = of_threads.setdefault(get_ident(), wanted)
    if one.settings != wanted.settings:
        one.close()
        one = of_threads[get_ident()] = wanted
    return one.grade(notebook, content, whose)


def close_all() -> None:
    """End the examiner of every thread."""
    for one in list(of_threads.values()):
        one.close()


def fingerprint() -> str:
    """Return what changes when something does that decides marks or their reasons."""
    files = sorted(file for pattern in DECIDING for file in ROOT.glob(pattern))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


class Examiner:
    """Grades notebooks in a process that starts when needed and is replaced when lost.

    packages   what may be imported beside what every task may; what is trusted may import all
    """

    def __init__(
        self,
        limits: dict[str, Any],
        seed: int = 0,
        trusted: bool = False,
        tests: str = "",
        packages: Iterable[str] = (),
    ) -> None:
        self.settings = {"limits": limits, "seed": seed, "trusted": trusted, "tests": tests}
        self.settings["packages"] = sorted(packages)
        self.patience = Limits(**limits).submission + PATIENCE
        self.process: Popen[bytes] | None = None

    def grade(self, notebook: str, content: bytes, whose: str = "") -> Graded:
        """Return the marks of a notebook's tasks and notes; raise Stop."""
        for _ in range(2):
            if not self.process:
                self.start()
            with suppress(EOFError, OSError):  # it is lost: another one tries again
                self.line.send((notebook, content, whose))
                if not self.line.poll(self.patience):
                    break
                answer = self.line.recv()
                if isinstance(answer, Stop):
                    self.close()
                    raise answer
                graded: Graded = json.loads(answer)
                return graded
            self.close()
        self.close()
        lost = "the hidden tests came to no end with it"
        return scoring.Graded(failed=lost, again=True).row()

    def start(self) -> None:
        """Start the process."""
        self.line, other = Pipe()
        how = json.dumps({"line": other.fileno(), "grader": os.getpid(), **self.settings})
        self.process = Popen(
            # Isolated, and not where it was called: a student's folder holds what it likes.
            [sys.executable, "-I", "-c", START, str(ROOT), how],
            cwd=ROOT,
            pass_fds=[other.fileno()],
            stdin=DEVNULL,
            stdout=DEVNULL,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,  # an interrupt from the keyboard is for the command alone
        )
        other.close()

    def close(self) -> None:
        """End the process, and with it every worker."""
        process, self.process = self.process, None
        if process:
            process.terminate()
            try:
                process.wait(ENDING)
            except TimeoutExpired:
                process.kill()
                process.wait()


def main(
    line: int,
    grader: int,
    limits: dict[str, Any],
    seed: int,
    trusted: bool,
    tests: str,
    packages: list[str],
) -> None:
    """Grade what arrives at the line, as long as the grader that started this process lives."""
    if sys.platform == "linux":
        system("prctl", PR_SET_PDEATHSIG, signal.SIGKILL)
        # A test that makes too much of a student's numbers fails; the machine does not.
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    if os.getppid() != grader:
        return
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leaves no folder behind
    with Connection(line) as other, suppress(EOFError, ConnectionError, KeyboardInterrupt):
        try:
            if tests not in ("", fingerprint()):
                raise Stop(f"{ROOT} holds other hidden tests, or another grader, than this run.")
            files = {file.parent.name: read(file) for file in HIDDEN.glob("*/test_hidden.py")}
            with Sandbox(Limits(**limits), trusted, packages) as sandbox:
                while True:
                    notebook, content, whose = other.recv()
                    try:
                        graded = scoring.grade(files[notebook], content, sandbox, seed, whose)
                    except CannotConfine as cannot:
                        # Whatever was done to this parent, the next notebook has a new one.
                        sandbox.renew()
                        graded = scoring.Graded(failed=str(cannot), again=True)
                    # As text: over there, nothing of a student's making can be an object.
                    other.send(json.dumps(graded.row()))
        except Stop as stop:
            other.send(stop)


def read(file: Path) -> dict[str, hidden.Tests]:
    """Return the hidden tests of a file; raise Stop if it cannot be read."""
    try:
        return hidden.tasks(runpy.run_path(str(file)).values())
    except Exception as error:
        said = error if isinstance(error, hidden.Unsupported) else repr(error)
        raise Stop(f"{file} cannot be read: {said}.") from error
