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

from course_lib import feedback
from course_lib.feedback.comparing import decode, form, same
from course_lib.feedback.diagnosis import examine

Test = Callable[..., None]
Tests = dict[Test, int]  # and their points
Errors = dict[Test, BaseException]
FULL = "full marks need every case that check shows"
# Returns the value of the function with this name for these arguments, and which it changed.
Ask = Callable[[str, list[Any]], tuple[Any, list[int]]]


class Broken(Exception):
    """A hidden test failed before it asked anything of the student."""


class Unsupported(Exception):
    """A hidden test asks for more than this runner does. The text is a sentence."""


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
        assert not hollow(value), f"{self.name} returns something with nothing in it"
        known = forms().get((self.name, form(arguments)))
        assert not known or form(value) in known, f"{self.name} returns another form of result"
        return value


@functools.cache
def forms() -> dict[tuple[str, Any], set[Any]]:
    """Return what forms results have by a task's name and the form of its arguments.

    Of another form, a result may pass a test by broadcasting.
    """
    known: dict[tuple[str, Any], set[Any]] = {}
    for name, task in feedback.tasks().items():
        for case in task["cases"]:
            given = form(tuple(map(decode, case["arguments"].values())))
            known.setdefault((name, given), set()).add(form(decode(case["expected"])))
    return known


def hollow(value: Any) -> bool:
    """Whether a result is or holds an empty list or array: of it, all that a test asks is true."""
    match value:
        case np.ndarray():
            return not value.size
        case list() | tuple():
            return not value or any(map(hollow, value))
    return value == ""


def tasks(names: Iterable[Any]) -> dict[str, Tests]:
    """Return the tests of each task, with their points, among what a file of tests defines.

    Raise Unsupported for what this runner would not do as pytest does.
    """
    found: dict[str, Tests] = {}
    for test in names:
        for mark in getattr(test, "pytestmark", []):
            if mark.name == "task":
                supported(test)
                found.setdefault(mark.args[0], {})[test] = mark.kwargs["points"]
    return found


def supported(test: Any) -> None:
    """Raise Unsupported unless every argument and every mark of a test is one of those we know."""
    name, given = test.__name__, {"student", "random"}
    for mark in test.pytestmark:
        if mark.name not in ("task", "parametrize"):
            raise Unsupported(f"{name} has the mark {mark.name}, which is not known here")
        if mark.name == "parametrize":
            if len(mark.args) != 2 or mark.kwargs:
                raise Unsupported(f"{name} has to give `parametrize` its names and rows, no more")
            names, rows = mark.args
            if isinstance(names, str) and not names.isidentifier():
                raise Unsupported(f"{name} has to give the names of `parametrize` in a tuple")
            if any(hasattr(row, "marks") for row in rows):
                raise Unsupported(f"{name} uses pytest.param, which is not known here")
            given |= {names} if isinstance(names, str) else {*names}
    if missing := [*set(inspect.signature(test).parameters) - given]:
        raise Unsupported(f"{name} wants the fixture {missing[0]}; only student and random exist")


def tells(test: Any) -> bool:
    """Whether no answer without work passes the test. One that some do is marked tells=False."""
    marks = [mark for mark in test.pytestmark if mark.name == "task"]
    return all(mark.kwargs.get("tells", True) for mark in marks)


def cases(test: Any) -> Iterator[dict[str, Any]]:
    """Yield the arguments that the marks `parametrize` of a test ask for, one after the other."""
    marks = [mark.args for mark in test.pytestmark if mark.name == "parametrize"]
    names = [[keys] if isinstance(keys, str) else keys for keys, _ in marks]
    rows = [[(row,) if isinstance(keys, str) else row for row in rows] for keys, rows in marks]
    for values in itertools.product(*rows):
        yield dict(zip(itertools.chain(*names), itertools.chain(*values), strict=True))


def asked(test: Test) -> str:
    """Return the property that a test asks for: its name is a sentence."""
    return test.__name__.removeprefix("test_").replace("_", " ")


def errors(tests: Iterable[Test], ask: Ask, seed: int) -> Errors:
    """Return the first error of each test that fails.

    The seed also decides the order of tests and of their cases, so that nobody who counts the
    questions knows which one is asked.
    """
    order, each = np.random.default_rng(seed), list(tests)
    found = {each[i]: error(each[i], ask, seed, order) for i in order.permutation(len(each))}
    return {test: first for test in each if (first := found[test]) is not None}


def error(test: Test, ask: Ask, seed: int, order: np.random.Generator) -> BaseException | None:
    """Return why a test fails with one of its cases, None if it passes with all of them."""
    each = list(cases(test))
    for i in order.permutation(len(each)):
        given = each[i]
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


def earned(tests: Tests, failed: Iterable[Test], seen_right: bool) -> int:
    """Return the points of the tests that did not fail.

    As long as a test that tells fails, those that an answer without work passes count for at most
    as many points as the telling ones brought. And full marks need the cases that learners see to
    be right as well: check and marks say the same.
    """
    passed = tests.keys() - failed
    told = sum(tests[test] for test in passed if tells(test))
    free = sum(tests[test] for test in passed if not tells(test))
    if not all(test in passed for test in tests if tells(test)):
        free = min(free, told)
    return told + free if seen_right else min(told + free, sum(tests.values()) - 1)


def asking(names: Any) -> Ask:
    """Return what asks the functions with these names in this process."""

    def ask(name: str, arguments: list[Any]) -> tuple[Any, list[int]]:
        copies = copy.deepcopy(arguments)
        value = names[name](*copies)
        pairs = enumerate(zip(arguments, copies, strict=True))
        return value, [place for place, pair in pairs if not same(*pair)]

    return ask


def points(task: str, defined: Iterable[Any], names: Any, seed: int) -> int:
    """Return the points of a notebook with these names, and print what is missed: a cell's work."""
    tests = tasks(defined)[task]
    failed = errors(tests, asking(names), seed)
    for test, first in failed.items():
        print(f"{test.__name__}: {str(first) or type(first).__name__}")
    with warnings.catch_warnings(action="ignore"):  # one would cost all points in nbgrader
        finding = examine(feedback.tasks()[task], names[task])
    if finding and not failed:
        print(f"{FULL}: {finding.headline}")
    return earned(tests, failed, not finding)
