"""What runs in confinement: reads a notebook, runs its cells, answers calls of its functions.

A warm parent has imported what a task may import and knows nothing of any student. For each
submission it forks a guard, and the guard forks the child in which student code runs:

    parent      waits at `control` for two sockets; runs no student code, reads no notebook
      guard     waits at the `leash`; when the grader drops it, kills the child and says so
        child   alone in namespaces of its own, without capabilities; answers at the `channel`

The child is the first process of its own pid namespace: it can name no process outside, neither
guard nor parent, and when it is killed the kernel ends all that it started before the guard's
`waitpid` returns. Nothing here knows a test, a solution or the grader; the modules `protocol`,
`cells` and `calls`, which shuts it in, are the only other ones of this folder that a worker can
read.
"""

import __future__

import ast
import codeop
import ctypes
import importlib
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
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from course_lib import data, network  # noqa: F401  warm: what a task may import
from grader import calls, cells, protocol

CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC = 0x00020000, 0x04000000, 0x08000000
CLONE_NEWPID, CLONE_NEWNET = 0x20000000, 0x40000000
NOSUID_NODEV_NOEXEC = 2 | 4 | 8
READ_ONLY_AGAIN = 1 | 2 | 8 | 0x20 | 0x1000  # read-only, no suid, no exec; of a mount that exists
# Parts of the library that answer tasks or show the answers, and what those need.
ANSWERS = (
    *("descent", "explorers", "maps", "optimizers", "overlay"),
    *("plots", "reading", "schedules", "surfaces"),
)
DISK = "/scratch"
DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom")
IMPORTS = ast.Import | ast.ImportFrom
DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
DEFINES = IMPORTS | DEFINITIONS | ast.Assign | ast.AnnAssign | ast.AugAssign
MOST_CELLS = 2000
PLACE = re.compile(r"cell \d+$")


def parent(settings: dict[str, Any]) -> None:
    """Fork a worker for every pair of sockets that arrives at standard input."""
    if settings["confined"]:
        # The module `platform` asks this, and keeps it; the kernel will not answer a worker.
        here = os.uname_result(("Linux", "worker", "", "", os.uname().machine))
        os.uname = lambda: here
        # The file of this name says in which folders of the machine Python was built and lies.
        name = vars(sysconfig)["_get_sysconfigdata_name"]()
        sys.modules[name] = built = types.ModuleType(name)
        vars(built)["build_time_vars"] = {}
        # Warm too: it looks for fonts first, which takes a second, and longer where much is done.
        importlib.import_module("matplotlib.pyplot")
    cells.reader()
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
    can = {"open": notebook.open, "read": notebook.read}
    can |= {"run": notebook.run, "call": notebook.call}
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


class Notebook:
    """The notebook in this child: its cells, the names they left, the functions of its tasks."""

    def __init__(self) -> None:
        self.cells: list[str] = []
        self.statements: list[ast.stmt] = []  # of the cell that was read last
        # Of each task every version of its function, and the cell that it is from.
        self.functions: dict[str, list[tuple[Any, int]]] = {}
        self.below: dict[int, dict[str, Any]] = {}  # the names that there were below such a cell
        self.left: dict[str, Any] = {}  # the names after the last cell
        self.missing: dict[str, str] = {}  # names that an import did not bring, and their packages
        self.last: Any = None  # the function that was called last
        # Remembers `from __future__ import …` between cells. What an annotation names is not
        # looked up: it may be of a package that is not here.
        self.compile: Any = codeop.Compile()
        self.compile.flags |= __future__.annotations.compiler_flag
        module = types.ModuleType("__main__")
        self.names = module.__dict__
        self.names |= {"display": Nothing(), "get_ipython": Nothing()}
        modules: dict[str, Any] = sys.modules
        modules["__main__"] = module
        # While a notebook is graded, its checks are not asked, and nothing is shown.
        for name in ("course_lib.feedback", "IPython", "IPython.display"):
            modules[name] = silence = types.ModuleType(name)
            vars(silence)["__getattr__"] = lambda _: Nothing()
        # What matplotlib asks it: there is no shell, and nothing in an old one to be mended.
        vars(modules["IPython"]).update(get_ipython=lambda: None, version_info=(9, 0))
        modules |= dict.fromkeys((f"course_lib.{part}" for part in ANSWERS), None)
        warnings.simplefilter("ignore")

    def open(self, notebook: Any, tasks: list[str]) -> protocol.Message:
        """Read the notebook; say how many code cells it has and which are broken, or why not."""
        try:
            self.cells, broken = code_cells(json.loads(notebook.tobytes()))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return {"refused": "it is not a notebook, or it is cut off"}
        except MemoryError:
            return {"refused": "it is too large"}
        except protocol.Refused as refused:
            return {"refused": str(refused)}
        if len(self.cells) > MOST_CELLS:
            return {"refused": f"it has more than {MOST_CELLS} code cells"}
        self.functions = {name: [] for name in tasks}
        return {"cells": len(self.cells), "broken": broken}

    def read(self, cell: int) -> protocol.Message:
        """Read a cell; say in which lines its statements begin, or why it cannot be read."""
        file = f"cell {cell + 1}"
        try:
            self.statements, text = cells.read(self.cells[cell], file)
        except BaseException as error:
            return self.said_of(error)
        linecache.cache[file] = (len(text), None, text.splitlines(True), file)
        return {"lines": [statement.lineno for statement in self.statements]}

    def run(self, cell: int, statement: int, brief: bool = False) -> protocol.Message:
        """Run a statement of the cell that was read, or only if it defines; say what it raised."""
        code = self.statements[statement]
        if brief and not isinstance(code, DEFINES):
            return {}
        answer: protocol.Message = {}
        try:
            self.execute(code, cell)
        except BaseException as error:  # sys.exit too
            # It costs what needs it, not all that stands below.
            answer = self.said_of(error)
            if package := self.lacks(error):
                self.missing |= dict.fromkeys(self.not_brought(code), package)
                answer |= self.undecorated(code, cell)
        for name, versions in self.functions.items():
            latest = self.names.get(name)
            if callable(latest) and not any(latest is version for version, _ in versions):
                versions.append((latest, cell))
            if versions and versions[-1][1] == cell:
                self.below[cell] = dict(self.names)
        return answer

    def execute(self, code: ast.stmt, cell: int) -> None:
        """Run a statement."""
        exec(self.compile(ast.Module([code], []), f"cell {cell + 1}", "exec"), self.names)

    def not_brought(self, code: ast.stmt) -> set[str]:
        """Return the names that the imports in a statement should have brought, and did not."""
        imports = (part for part in ast.walk(code) if isinstance(part, IMPORTS))
        names = [one.asname or one.name.partition(".")[0] for part in imports for one in part.names]
        return set(names) - self.names.keys()

    def undecorated(self, code: ast.stmt, cell: int) -> protocol.Message:
        """Define something without the decorators that are of a missing package; say if it is."""
        if not isinstance(code, DEFINITIONS):
            return {}
        here = [one for one in code.decorator_list if not self.missing.keys() & names_in(one)]
        if len(here) == len(code.decorator_list):
            return {}
        code.decorator_list = here
        try:
            self.execute(code, cell)
        except BaseException:
            return {}
        return {"undecorated": code.name}

    def call(self, name: str, arguments: list[Any]) -> protocol.Message:
        """Call a task's function, by the last definition that is written."""
        versions = self.functions[name]
        before = [protocol.encode({"": argument}) for argument in arguments]
        self.left = self.left or dict(self.names)
        while versions:
            function, cell = versions[-1]
            if function is not self.last:
                # It finds what its check found, though a name may mean something else further
                # below. What it keeps in a name from one call to the next is kept, as there.
                latest = {task: own[-1][0] for task, own in self.functions.items() if own}
                self.names.clear()
                self.names.update(self.left | self.below[cell] | latest)
                self.last = function
            try:
                value = without_warnings(function, arguments)
            except NotImplementedError as error:
                # A copy of the empty exercise below an answer does not take it back.
                copies = [self.functions.get(raiser(error), []), versions]
                if not (repeated := [own for own in copies if len(own) > 1]):
                    return self.said_of(error)
                repeated[0].pop()
            except BaseException as error:
                return self.said_of(error)
            else:
                pairs = enumerate(zip(before, arguments, strict=True))
                return {"value": value, "changed": [i for i, pair in pairs if differ(*pair)]}
        return {"missing": True}

    def said_of(self, error: BaseException) -> protocol.Message:
        """Return an exception as data, or for want of which package it was raised."""
        if package := self.lacks(error):
            return {"lacks": package}
        return {"error": described(error)}

    def lacks(self, error: BaseException) -> str:
        """Return the package for want of which something was raised, "" if for want of none."""
        match error:
            case ModuleNotFoundError(name=str(module)):
                package = module.partition(".")[0]
                # Of a package that is here, it is a part that is not.
                return module if package in sys.modules else package
            case NameError(name=str(name)):
                return self.missing.get(name, "")
        return ""


def names_in(code: ast.AST) -> set[str]:
    """Return the names that a piece of code uses."""
    return {part.id for part in ast.walk(code) if isinstance(part, ast.Name)}


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

    def __iter__(self) -> Iterator[None]:
        """Hold nothing."""
        return iter(())


def code_cells(notebook: Any) -> tuple[list[str], list[int]]:
    """Return the code of a notebook of format 3 or 4, and the numbers of its broken cells."""
    version = str(notebook["nbformat"])
    if version == "4":
        cells, key = notebook["cells"], "source"
    elif version == "3":
        cells = [cell for sheet in notebook["worksheets"] for cell in sheet["cells"]]
        key = "input"
    else:
        raise protocol.Refused(f"its format is version {version[:20]}; 3 and 4 can be read")
    code, broken = [], []
    for number, cell in enumerate(cells, 1):
        try:
            if cell.get("cell_type") == "code":
                code.append("".join(cell.get(key) or ""))
        except (AttributeError, TypeError):
            broken.append(number)
    return code, broken


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
