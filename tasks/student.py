"""What a hidden test calls: the functions of a notebook or file, found by name.

Here they run in this process, with the parts of the library that would answer a task out of
reach. A grader puts another `student` in place of this one, which asks a confined process.
"""

import io
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from types import ModuleType
from typing import Any

import course_lib
from course_lib import data, network  # noqa: F401  a task may import them when the rest is blocked
from grader.hidden import Student, asking
from grader.worker import ANSWERS

SOLUTIONS = Path(__file__).parents[1] / "solutions"
LIBRARY = Path(course_lib.__file__).parent
BLOCKED = [
    ".".join(("course_lib", *path.relative_to(LIBRARY).with_suffix("").parts))
    for part in ANSWERS
    for path in (LIBRARY / part, *LIBRARY.glob(f"{part}/*.py"))
]


class Silence(ModuleType):
    """Stands in for course_lib.feedback while a notebook is read: its checks are not asked."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *args: None


@contextmanager
def library_out_of_reach() -> Iterator[None]:
    """Make `import` fail for what answers a task, wherever the import stands."""
    away = {**dict.fromkeys(BLOCKED), "course_lib.feedback": Silence("feedback")}
    modules = {name: sys.modules[name] for name in away if name in sys.modules}
    # `from course_lib import optimizers` asks the package first, and sys.modules only then.
    package = vars(course_lib)
    attributes = {part: package.pop(part) for part in (*ANSWERS, "feedback") if part in package}
    sys.modules.update(away)
    try:
        yield
    finally:
        for name in away:
            del sys.modules[name]
        sys.modules.update(modules)
        package.update(attributes)


def sources(path: Path) -> list[str]:
    """The code of a notebook, cell by cell, or of a file."""
    if path.suffix == ".py":
        return [path.read_text(encoding="utf-8")]
    import nbformat  # the grader puts another student here, and need not wait for this

    cells = nbformat.read(path, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def run(path: Path) -> dict[str, Any]:
    """Run a notebook or file and return the names it leaves.

    A cell that needs the rest of the library ends it: what is not marked stands below the tasks.
    """
    names: dict[str, Any] = {}
    with library_out_of_reach(), redirect_stdout(io.StringIO()):
        for source in sources(path):
            try:
                exec(compile(source, path.name, "exec"), names)
            except ImportError:
                break
    return names


def solved(notebook: str) -> dict[str, Any]:
    """The names that a notebook's solution leaves."""
    return run(SOLUTIONS / f"{notebook}.ipynb")


def student(names: dict[str, Any]) -> Student:
    """What hidden tests call, answering with the functions of these names in this process."""
    ask = asking(names)

    def out_of_reach(name: str, arguments: list[Any]) -> tuple[Any, list[int]]:
        with library_out_of_reach(), warnings.catch_warnings(action="ignore"):
            return ask(name, arguments)

    return Student(out_of_reach)
