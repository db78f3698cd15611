"""What a cell of the nbgrader course does; exporting.py copies this text in front of the tests."""

import contextlib
import copy
import inspect
import io
import itertools
import warnings
from typing import Any

import numpy as np

from course_lib.diagnosis import same


class Function:
    """A student's function. `changed` says whether the last call changed one of its arguments."""

    def __init__(self, function: Any) -> None:
        self.function, self.changed = function, False

    def __call__(self, *arguments: Any) -> Any:
        """Return its value for copies of the arguments."""
        copies = copy.deepcopy(arguments)
        result = self.function(*copies)
        self.changed = not all(map(same, arguments, copies))
        return result


class Student:
    """`student.name(…)` calls the notebook's function of that name."""

    def __init__(self, names: Any) -> None:
        self._names = names

    def __getattr__(self, name: str) -> Function:
        return Function(self._names[name])


def choices(mark: Any) -> list[dict[str, Any]]:
    """Return the arguments that a mark `parametrize` asks for, one after the other."""
    keys, rows = mark.args
    if isinstance(keys, str):
        return [{keys: value} for value in rows]
    return [dict(zip(keys, row, strict=True)) for row in rows]


def worth(test: Any, task: str) -> int:
    """Return the points of a test, 0 if it is none of this task."""
    marks = getattr(test, "pytestmark", [])
    return sum(m.kwargs["points"] for m in marks if m.name == "task" and m.args[0] == task)


def passed(tests: list[Any], names: Any, seed: int) -> set[str]:
    """Return the names of the tests that a notebook's functions pass; print what others miss."""
    found = set()
    for test in tests:
        marks = [mark for mark in test.pytestmark if mark.name == "parametrize"]
        try:
            for some in itertools.product(*map(choices, marks)):
                given = {"student": Student(names), "random": np.random.default_rng(seed)}
                for more in some:
                    given |= more
                # nbgrader gives no point to a cell in which anything is written to stderr.
                with (
                    contextlib.redirect_stderr(io.StringIO()),
                    contextlib.redirect_stdout(io.StringIO()),
                    warnings.catch_warnings(action="ignore"),
                ):
                    test(**{name: given[name] for name in inspect.signature(test).parameters})
        except (Exception, SystemExit) as error:
            print(f"{test.__name__}: {error or type(error).__name__}")
        else:
            found.add(test.__name__)
    return found


def points(left: Any, task: str, names: Any, seed: int, telling: list[str]) -> int:
    """Return the points of a task. What a trivial answer passes too counts beside another test."""
    tests = [value for value in list(left) if worth(value, task)]
    found = passed(tests, names, seed)
    enough = len(found) == len(tests) or found.intersection(telling)
    return sum(worth(test, task) for test in tests if test.__name__ in found) if enough else 0
