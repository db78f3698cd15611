"""What runs in confinement: reads a notebook, runs its cells, answers calls of its functions.

A warm parent has imported NumPy and course_lib.network and knows nothing of any student. For each
submission it forks a guard, and the guard forks the child in which student code runs:

    parent      waits at `control` for two sockets; runs no student code, reads no notebook
      guard     waits at the `leash`; when the grader drops it, kills the child and says so
        child   alone in namespaces of its own, without capabilities; answers at the `channel`

The child is the first process of its own pid namespace: it can name no process outside, neither
guard nor parent, and when it is killed the kernel ends all that it started before the guard's
`waitpid` returns. Nothing here knows a test, a solution or the grader; the modules `protocol`
and `calls`, which shuts it in, are the only other ones of this folder that a worker can read.
"""

import ast
import codeop
import ctypes
import json
import linecache
import os
import re
import resource
import signal
import socket
import sys
import sysconfig
import traceback
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib import data, network  # noqa: F401  warm: what a task may import
from grader import calls, protocol

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
NOSUID_NODEV_NOEXEC = 2 | 4 | 8
READ_ONLY_AGAIN = 1 | 2 | 8 | 0x20 | 0x1000  # read-only, no suid, no exec; of a mount that exists
ANSWERS = ("optimizers", "schedules", "descent", "surfaces", "explorers")
DISK = "/scratch"
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
DEFINES = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef | ast.Assign
PLACE = re.compile(r"cell \d+$")


def parent(settings: dict[str, Any]) -> None:
    """Fork a worker for every pair of sockets that arrives at standard input."""
    if settings["confined"]:
        # The file of this name says in which folders of the machine Python was built and lies.
        name = vars(sysconfig)["_get_sysconfigdata_name"]()
        sys.modules[name] = built = types.ModuleType(name)
        vars(built)["build_time_vars"] = {}
    control = socket.socket(fileno=0)
    control.send(b"ready")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the guards
    while True:
        order, ends, _, _ = socket.recv_fds(control, 1, 2)
        if not order:
            return
        if not os.fork():
            run_and_exit(guard, settings, *ends)
        for end in ends:
            os.close(end)


def run_and_exit(function: Callable[..., None], *args: Any) -> None:
    """End this process with the function, whatever happens: no fork goes on as its parent."""
    try:
        function(*args)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def guard(settings: dict[str, Any], channel: int, leash: int) -> None:
    """Fork the child, and end it with all that it started when the grader lets go."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if settings["confined"]:
        own = CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET
        system("unshare", own)
    child = os.fork()
    if not child:
        run_and_exit(obey, settings, channel)
    os.close(channel)
    held = socket.socket(fileno=leash)
    held.recv(1)
    for end in (os.kill, os.killpg):  # the group: without a pid namespace it is all we know
        try:
            end(child, signal.SIGKILL)
        except ProcessLookupError:
            continue
    os.waitpid(child, 0)
    held.send(b"dead")


def system(name: str, *args: Any) -> None:
    """Call a function of the C library; raise OSError if it fails."""
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*args) == -1:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)


def obey(settings: dict[str, Any], channel: int) -> None:
    """Shut this process in, then do what arrives at the channel until it is killed."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    channel = os.dup2(channel, 3)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.closerange(4, resource.getrlimit(resource.RLIMIT_NOFILE)[0])
    if settings["confined"]:
        shut_in(settings["disk"])
        os.chdir(DISK)
    for name, limit in settings["limits"].items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (limit, limit))
    if settings["confined"]:
        calls.confine()
    sys.path.insert(0, "")  # as in Jupyter, where a notebook imports what lies beside it
    notebook, line = Notebook(), socket.socket(fileno=channel)
    can: dict[str, Callable[..., protocol.Message]]
    can = {"open": notebook.open, "run": notebook.run, "call": notebook.call}
    while True:
        question = protocol.receive(line, protocol.NOTEBOOK_BYTES)
        token, do = question.pop("token"), question.pop("do")
        answer = can[do](**question)
        try:
            frame = protocol.encode({"token": token, **answer})
        except BaseException as error:  # a result that refuses, lies or does not fit
            frame = protocol.encode({"token": token, "refused": said(error)})
        protocol.send(line, frame)


def shut_in(disk: int) -> None:
    """Take a disk of its own, then give away the right to mount, and with it all rights."""
    options = f"size={disk},nr_inodes=4096,mode=700".encode()
    system("mount", b"tmpfs", DISK.encode(), b"tmpfs", NOSUID_NODEV_NOEXEC, options)
    for device in DEVICES:  # or its times could be set, which the next one sees
        system("mount", None, device.encode(), None, READ_ONLY_AGAIN, None)
    header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    system("capset", ctypes.byref(header), ctypes.byref(nothing))
    # The module `platform` asks this, and what asks it would fail: the kernel will not answer.
    here = os.uname_result(("Linux", "worker", "", "", os.uname().machine))
    os.uname = lambda: here


class Notebook:
    """The notebook in this child: its cells, the names they left, the functions of its tasks."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        # Of each task every version of its function, with the names that there were below its cell.
        self.functions: dict[str, list[tuple[Any, dict[str, Any]]]] = {}
        self.left: dict[str, Any] = {}  # the names after the last cell
        self.last: Any = None  # the function that was called last
        self.compile: Any = codeop.Compile()  # remembers `from __future__ import …` between cells
        module = types.ModuleType("__main__")
        self.names = module.__dict__
        self.names |= {"display": Nothing(), "get_ipython": Nothing()}
        modules: dict[str, Any] = sys.modules
        modules["__main__"] = module
        # While a notebook is graded, its checks are not asked.
        modules["course_lib.feedback"] = silence = types.ModuleType("feedback")
        vars(silence)["__getattr__"] = lambda _: Nothing()
        modules |= dict.fromkeys((f"course_lib.{part}" for part in ANSWERS), None)
        warnings.simplefilter("ignore")

    def open(self, notebook: Any, tasks: list[str]) -> protocol.Message:
        """Read the notebook; return how many code cells it has, or why it is refused."""
        try:
            self.cells = code_cells(json.loads(notebook.tobytes()))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {"refused": "it is not a notebook, or it is cut off"}
        except MemoryError:
            return {"refused": "it is too large"}
        except protocol.Refused as refused:
            return {"refused": str(refused)}
        self.functions = {name: [] for name in tasks}
        return {"cells": len(self.cells)}

    def run(self, cell: int, brief: bool = False) -> protocol.Message:
        """Run a cell, statement by statement, or only what defines; return what it raised first."""
        file = f"cell {cell + 1}"
        source = self.cells[cell]
        errors: list[BaseException] = []
        try:
            statements = parsed(source, file).body
            linecache.cache[file] = (len(source), None, source.splitlines(True), file)
        except BaseException as raised:
            statements, errors = [], [raised]
        for statement in statements:
            if brief and not isinstance(statement, DEFINES):
                continue
            try:
                exec(self.compile(ast.Module([statement], []), file, "exec"), self.names)
            except BaseException as raised:  # sys.exit too
                # It costs what needs it, not all that stands below.
                errors.append(raised)
        self.left, self.last = dict(self.names), None
        for name, versions in self.functions.items():
            latest = self.names.get(name)
            if callable(latest) and not any(latest is version for version, _ in versions):
                versions.append((latest, self.left))
        return {"error": described(errors[0])} if errors else {}

    def call(self, name: str, arguments: list[Any]) -> protocol.Message:
        """Call a task's function, by the last definition that is written."""
        versions = self.functions[name]
        before = [protocol.encode({"": argument}) for argument in arguments]
        while versions:
            function, then = versions[-1]
            if function is not self.last:
                # It finds what its check found, though a name may mean something else further
                # below. What it keeps in a name from one call to the next is kept, as there.
                latest = {task: own[-1][0] for task, own in self.functions.items() if own}
                self.names.clear()
                self.names.update(self.left | then | latest)
                self.last = function
            try:
                value = without_warnings(function, arguments)
            except NotImplementedError as error:
                # A copy of the empty exercise below an answer does not take it back.
                copies = [self.functions.get(raiser(error), []), versions]
                if not (repeated := [own for own in copies if len(own) > 1]):
                    return {"error": described(error)}
                repeated[0].pop()
            except BaseException as error:
                return {"error": described(error)}
            else:
                pairs = enumerate(zip(before, arguments, strict=True))
                return {"value": value, "changed": [i for i, pair in pairs if differ(*pair)]}
        return {"missing": True}


def without_warnings(function: Callable[..., Any], arguments: list[Any]) -> Any:
    """Return a function's value. Where the notebook made errors of warnings, it is asked again."""
    try:
        return function(*arguments)
    except (FloatingPointError, Warning):
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return function(*arguments)


class Nothing:
    """Stands in for what shows something or asks Jupyter: all that is done with it does nothing."""

    def __getattr__(self, name: str) -> "Nothing":
        return self

    def __call__(self, *args: Any, **options: Any) -> "Nothing":
        """Do nothing with it."""
        return self


def code_cells(notebook: Any) -> list[str]:
    """Return the code of a notebook of format 3 or 4, cell by cell."""
    version = notebook["nbformat"]
    if version == 4:
        cells, key = notebook["cells"], "source"
    elif version == 3:
        cells = [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]]
        key = "input"
    else:
        raise protocol.Refused(f"its format is version {str(version)[:20]}; 3 and 4 can be read")
    return ["".join(cell.get(key) or "") for cell in cells if cell.get("cell_type") == "code"]


def parsed(source: str, file: str) -> ast.Module:
    """Return the code of a cell; what is for IPython alone is left out."""
    if written := re.match(r"\s*%%writefile +(\S+) *\n", source):
        return ast.parse(f"open({written[1]!r}, 'w').write({source[written.end() :]!r})")
    if source.lstrip().startswith("%%") and not re.match(r"\s*%%(time|capture)", source):
        return ast.parse("")  # another language
    lines = source.split("\n")
    while True:
        try:
            return ast.parse("\n".join(lines), file)
        except SyntaxError as error:
            wrong = (error.lineno or 1) - 1
            if wrong >= len(lines) or (plain := without_magic(lines[wrong])) == lines[wrong]:
                raise
            lines[wrong] = plain


def without_magic(line: str) -> str:
    """Return a line that Python cannot read, without %magic, !command and help?."""
    line = re.sub(r"^(\s*)%time\s+(?=\w)", r"\1", line)
    line = re.sub(r"^(\s*\w[\w\s,]*=\s*)[%!].*", r"\1None", line)
    return re.sub(r"^(\s*)(?:[%!?].*|[\w.]+\?+\s*)$", r"\1pass", line)


def described(error: BaseException) -> list[str]:
    """Return an exception as data: its type, and its text with where in which cell it came from."""
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        if PLACE.match(file := frame.f_code.co_filename):
            place = f" (line {line} of {file}: {linecache.getline(file, line).strip()[:150]})"
    if isinstance(error, SyntaxError):
        place = f" (line {error.lineno} of {error.filename})"
    return [type(error).__name__[:60], said(error) + place]


def raiser(error: BaseException) -> str:
    """Return the name of the function that raised an exception."""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return frames[-1].f_code.co_name if frames else ""


def said(error: BaseException) -> str:
    """Return an exception's text."""
    try:
        return str(error)[:300]
    except BaseException:  # an exception may be of the student's making
        return ""


def differ(before: bytes, argument: Any) -> bool:
    """Whether an argument is no longer what was sent."""
    try:
        return protocol.encode({"": argument}) != before
    except BaseException:
        return True
