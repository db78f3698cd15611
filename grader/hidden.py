"""Runs the hidden tests of a task on whatever answers to the names of the student's functions.

In the grader a confined worker answers. In the course for nbgrader, whose check cells hold the
text of this module, the notebook's own functions do.
"""

import contextlib
import copy
import functools
import inspect
import io
import itertools
import warnings
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from course_lib.diagnosis import same

Test = Callable[..., None]
Tests = dict[Test, int]  # and their points
Errors = dict[Test, BaseException]
# Returns the value of the function with this name for these arguments, and which it changed.
Ask = Callable[[str, list[Any]], tuple[Any, list[int]]]
ONES: list[Callable[[Any], Any]] = [
    *(lambda first, value=value: value for value in (None, 0.0, 1.0, -1.0, np.inf)),
    lambda first: first,
    np.zeros_like,
    np.ones_like,
]
# What a function may return that does not even look at the question.
TRIVIAL = [*ONES, *(lambda first, one=one: (one(first), one(first)) for one in ONES)]


class Broken(Exception):
    """A hidden test failed before it asked anything of the student."""


class Student:
    """What hidden tests call: `student.name(…)` asks for the value of the function `name`."""

    def __init__(self, ask: Ask) -> None:
        self._ask, self._asked = ask, False

    def __getattr__(self, name: str) -> "Function":
        return Function(self, name)


class Function:
    """A student's function. `changed` says whether the last call changed one of its arguments."""

    def __init__(self, student: Student, name: str) -> None:
        self.student, self.name, self.changed = student, name, False

    def __call__(self, *arguments: Any) -> Any:
        """Return its value for these arguments, which stay as they are."""
        self.student._asked = True
        value, changed = self.student._ask(self.name, list(arguments))
        self.changed = bool(changed)
        return value


def tasks(names: Iterable[Any]) -> dict[str, Tests]:
    """Return the tests of each task, with their points, among what a file of tests defines."""
    found: dict[str, Tests] = {}
    for test in names:
        for mark in getattr(test, "pytestmark", []):
            if mark.name == "task":
                found.setdefault(mark.args[0], {})[test] = mark.kwargs["points"]
    return found


def cases(test: Any) -> Iterator[dict[str, Any]]:
    """Yield the arguments that the marks `parametrize` of a test ask for, one after the other."""
    marks = [mark.args for mark in test.pytestmark if mark.name == "parametrize"]
    names = [[keys] if isinstance(keys, str) else keys for keys, _ in marks]
    rows = [[(row,) if isinstance(keys, str) else row for row in rows] for keys, rows in marks]
    for values in itertools.product(*rows):
        yield dict(zip(itertools.chain(*names), itertools.chain(*values), strict=True))


def errors(tests: Iterable[Test], ask: Ask, seed: int) -> Errors:
    """Return the first error of each test that fails."""
    found = {test: error(test, ask, seed) for test in tests}
    return {test: first for test, first in found.items() if first is not None}


def error(test: Test, ask: Ask, seed: int) -> BaseException | None:
    """Return why a test fails with one of its cases, None if it passes with all of them."""
    for given in cases(test):
        given["student"] = student = Student(ask)
        given["random"] = np.random.default_rng(seed)
        try:
            with (
                contextlib.redirect_stderr(io.StringIO()),
                contextlib.redirect_stdout(io.StringIO()),
                warnings.catch_warnings(action="ignore"),
            ):
                test(*(given[name] for name in inspect.signature(test).parameters))
        except KeyboardInterrupt:
            raise
        except BaseException as raised:  # sys.exit too
            return raised if student._asked else Broken()
    return None


@functools.cache
def tells(test: Test, seed: int) -> bool:
    """Whether a test fails with every trivial answer."""

    def ignoring(one: Callable[[Any], Any]) -> Ask:
        return lambda _, arguments: (one(arguments[0]), [])

    return all(error(test, ignoring(one), seed) for one in TRIVIAL)


def earned(tests: Tests, failed: Errors, seed: int) -> int:
    """Return the points of the tests that did not fail: none for what any trivial answer gets."""
    passed = tests.keys() - failed
    enough = not failed or any(tells(test, seed) for test in passed)
    return sum(tests[test] for test in passed) if enough else 0


def points(task: str, defined: Iterable[Any], names: Any, seed: int) -> int:
    """Return the points of a notebook with these names, and print what is missed: a cell's work."""

    def ask(name: str, arguments: list[Any]) -> tuple[Any, list[int]]:
        copies = copy.deepcopy(arguments)
        value = names[name](*copies)
        pairs = enumerate(zip(arguments, copies, strict=True))
        return value, [place for place, pair in pairs if not same(*pair)]

    tests = tasks(defined)[task]
    failed = errors(tests, ask, seed)
    for test, first in failed.items():
        print(f"{test.__name__}: {str(first) or type(first).__name__}")
    return earned(tests, failed, seed)
