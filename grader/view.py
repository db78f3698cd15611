"""What a worker sees of the machine: an allow-list of files, and where in the cage each one lies.

    /python      the interpreter and the standard library
    /packages    what a task may import
    /libraries   the shared libraries that these need
    /course      the worker, what of IPython reads cells, and of course_lib what answers no task

Nothing keeps the place that it has on the machine, which may name a user and a folder.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import (
    Distribution,
    PackageNotFoundError,
    distribution,
    packages_distributions,
)
from importlib.util import find_spec
from pathlib import Path
from subprocess import DEVNULL, PIPE

import course_lib
from course_lib.feedback.library_used import PACKAGES as MAY_BE_IMPORTED
from grader import ROOT, Stop, cells

COURSE, PACKAGES, PYTHON, LIBRARIES = "/course", "/packages", "/python", "/libraries"
LIBRARY = Path(course_lib.__file__).parent
# Of the course, all that a worker runs: no test, no solution, nothing that answers a task.
OURS = {
    f"{COURSE}/{at}/{name}": folder / name
    for at, folder, names in (
        ("grader", ROOT / "grader", ("__init__", "calls", "cells", "protocol", "worker")),
        (
            "course_lib",
            LIBRARY,
            ("__init__", "language", "network", "printing", "require", "values"),
        ),
        ("course_lib/data", LIBRARY / "data", ("__init__",)),
    )
    for name in (f"{module}.py" for module in names)
} | {f"{COURSE}/course_lib/data/{file.name}": file for file in LIBRARY.glob("data/*.npz")}
# Of the standard library's folder its modules, and these two; but not what installs or tests.
BESIDE_MODULES = {"lib-dynload", "__pycache__"}
LEFT_OUT = {"ensurepip", "idlelib", "lib2to3", "test", "tkinter", "turtledemo"}
NO_MODULES = {*LEFT_OUT, "site-packages", "dist-packages", "tests", "__pycache__"}
LINKED = re.compile(r"\s(?:(\S+) => )?(/.*) \(0x")  # a line of ldd's


def shown(
    allowed: tuple[str, ...] = (), also: Mapping[str, Path] | None = None, again: bool = False
) -> list[str]:
    """Return the arguments of bubblewrap that show the allow-list, and `also` these files.

    allowed   packages that may be imported beside those that always may
    again     from within such a view, where each file lies at its place already
    """
    args, made = [], set[Path]()
    for target, source in sorted({**files(allowed), **(also or {})}.items()):
        # Folders that can be read, which those that bubblewrap makes are not.
        folders = [one for one in reversed(Path(target).parents[:-1]) if one not in made]
        made.update(folders)
        args += [word for folder in folders for word in ("--dir", str(folder))]
        args += ["--ro-bind", target if again else str(source), target]
    # Two hundred modules one by one would take half a second: so the rest of the folder is covered.
    for part in sorted(standard_library_on_host().iterdir()):
        # A link that leads out of the folder leads nowhere in the cage.
        if not belongs(part.name) and not part.is_symlink():
            over = f"{standard_library()}/{part.name}"
            # Read-only, or one submission would leave something there for the next.
            folder_over = ["--tmpfs", over, "--remount-ro", over]
            args += folder_over if part.is_dir() else ["--ro-bind", "/dev/null", over]
    return args


@cache
def files(allowed: tuple[str, ...] = ()) -> dict[str, Path]:
    """Return the allow-list: files and folders by their places in the cage."""
    found = {interpreter(): python_on_host(), standard_library(): standard_library_on_host()}
    found |= dict(packages(allowed))
    return found | libraries(found.values()) | reader() | OURS


def interpreter() -> str:
    """Return the interpreter's place in the cage."""
    return f"{PYTHON}/bin/{python_on_host().name}"


def standard_library() -> str:
    """Return the standard library's place in the cage: where the interpreter looks for it."""
    return f"{PYTHON}/{Path(sysconfig.get_path('stdlib')).relative_to(sys.base_prefix)}"


# Both without links, which may lead to where the cage has nothing.
def python_on_host() -> Path:
    """Return where the interpreter lies."""
    return Path(sys.executable).resolve()


def standard_library_on_host() -> Path:
    """Return where the standard library lies."""
    return Path(sysconfig.get_path("stdlib")).resolve()


def belongs(name: str) -> bool:
    """Whether a file or folder beside the modules of the standard library is one that is shown."""
    return name in BESIDE_MODULES or name.partition(".")[0] in sys.stdlib_module_names - LEFT_OUT


def packages(allowed: tuple[str, ...] = ()) -> Iterator[tuple[str, Path]]:
    """Yield what may be imported and what that needs, by its place in the cage."""
    names, seen = [*MAY_BE_IMPORTED, *map(installed, allowed)], set[str]()
    while names:
        name = re.sub(r"[-_.]+", "-", names.pop()).lower()
        try:
            one = distribution(name)
        except PackageNotFoundError:  # needed for another Python or another system
            continue
        if name not in seen:
            seen.add(name)
            needed = (need for need in one.requires or () if "extra ==" not in need)
            names += [need[1] for each in needed if (need := re.match(r"([\w.-]+)", each))]
            for part in parts(one):
                path = Path(str(one.locate_file(part))).resolve()
                if path.exists():
                    yield f"{PACKAGES}/{part}", path


def installed(name: str) -> str:
    """Return a package's name as it is installed, also of what is imported by another one."""
    try:
        distribution(name)
    except (PackageNotFoundError, ValueError):
        if found := packages_distributions().get(name):
            return found[0]
        raise Stop(f"{name} is not installed here, so no task can import it.") from None
    return name


def reader() -> dict[str, Path]:
    """Return the two files of IPython that read cells: nothing of the rest is shown."""
    found = find_spec("IPython")
    if not (found and found.origin):
        raise Stop('IPython, which reads the cells, is missing: `pip install -e ".[grade]"`.')
    return {
        f"{COURSE}/IPython/{part}": Path(found.origin).resolve().parent / part
        for part in cells.PARTS
    }


def parts(package: Distribution) -> set[str]:
    """Return the files and folders that a package brings, without what describes it."""
    listed = {file.parts[0] for file in package.files or ()}
    # As a system's own package manager installs it, it has no list of files.
    listed = listed or set((package.read_text("top_level.txt") or "").split())
    ours = {"..", "/", "__pycache__"}
    return {part for part in listed - ours if not part.endswith((".dist-info", ".pth"))}


def program(name: str) -> str:
    """Return where this system has a program, "" if it has none.

    Never the folder where the grader is called, though PATH may name it: it may be a student's.
    """
    folders = filter(os.path.isabs, os.get_exec_path())
    return shutil.which(name, path=os.pathsep.join(folders)) or ""


def modules(folder: Path) -> Iterator[Path]:
    """Yield the compiled modules in a folder of Python, without what is not seen in the cage."""
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in NO_MODULES]
        # There is no window to be opened, which would need a dozen libraries more.
        named = (name for name in files if name.endswith(".so") and not name.startswith("_tk"))
        yield from (Path(here, name) for name in named)


def libraries(shown: Iterable[Path]) -> dict[str, Path]:
    """Return the shared libraries that programs and modules need, by their places in the cage."""
    roots = [path for path in shown if path.is_dir()]
    programs = [path for path in shown if path.is_file() and path.suffix != ".py"]
    programs += [module for root in roots for module in modules(root)]
    if not (ldd := program("ldd")):
        raise Stop("The program ldd is needed, which comes with the C library.")
    # Some milliseconds each, so two at a time.
    asked = [
        subprocess.Popen([ldd, *map(str, half)], stdout=PIPE, stderr=DEVNULL, text=True, cwd="/")
        for half in (programs[::2], programs[1::2])
        if half
    ]
    said = "".join(each.communicate()[0] for each in asked)
    found = {}
    for name, at in LINKED.findall(said):
        library = Path(at).resolve()
        if not any(library.is_relative_to(root) for root in roots):
            # One without a name is the loader, and its path stands in every program.
            found[f"{LIBRARIES}/{name}" if name else at] = library
    return found
