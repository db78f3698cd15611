"""Runs the hidden tests on a notebook, in a process that no student code ever enters.

pytest collects the hidden tests once. Then every submission is put in the place of `student`: its
functions ask a confined worker, and what comes back is plain data, made anew on this side.
"""

import builtins
import signal
import time
import warnings
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from course_lib.diagnosis import NOT_WRITTEN, Finding, examine
from course_lib.feedback import tasks as checks
from grader.confine import CannotConfine, Gone, Sandbox, Worker
from grader.journal import NOT_GRADED, SCORED, ZERO

HIDDEN = Path(__file__).parents[1] / "tests" / "hidden"
BARE = (
    *("-o", "addopts=", "-Wignore", "--assert=plain", "--capture=no", f"--confcutdir={HIDDEN}"),
    *("-p", "no:terminal", "-p", "no:cacheprovider", "-p", "no:logging"),
)
THINKING = 10.0  # seconds of processor time that a test may take with the values it was given
STRIKES = 2  # so often may a function end or outlast its worker before it is given up
LINES = 5  # how many missed properties are told


class Failure(Exception):
    """A function did not give a value. The text says why, to a student."""


class Raised(Failure):
    """It raised an exception; the subclass made for it has that exception's name."""


class Unsuitable(Failure):
    """It returned what cannot be sent."""


class Unreadable(Exception):
    """A notebook of which not one cell can be run. The text says why."""


class TooLong(BaseException):
    """A test goes on for ever with the values that it was given."""


@dataclass
class Mark:
    """What a task brought: its points, or None if it could not be graded, and why."""

    task: str
    of: int
    points: int | None = None
    state: str = NOT_GRADED
    reason: str = ""
    missed: list[str] = field(default_factory=list)  # the properties that do not hold
    finding: dict[str, Any] | None = None  # course_lib.diagnosis.Finding


@dataclass
class Graded:
    """What a notebook brought, task by task; or why it could not be graded at all."""

    tasks: list[Mark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was noticed on the way
    failed: str = ""
    again: bool = False  # worth another try: the fault may be ours
    seconds: float = 0.0


class Attempt:
    """A notebook whose functions answer from a worker. A worker that is gone is replaced."""

    def __init__(self, sandbox: Sandbox, notebook: bytes, tasks: list[str]) -> None:
        self.sandbox, self.limits, self.tasks = sandbox, sandbox.limits, tasks
        self.notebook = np.frombuffer(notebook, np.uint8)
        self.deadline = time.monotonic() + self.limits.submission
        self.worker: Worker | None = None
        self.skipped: dict[int, str] = {}  # run only for what they define
        self.lost: set[int] = set()  # not run at all: even that ends the worker
        self.raised: dict[int, str] = {}
        self.hurry = False
        self.strikes: dict[str, list[str]] = {}
        self.calls = 0

    def ask(self, do: str, seconds: float, **question: Any) -> dict[str, Any]:
        """Ask the worker within what is left of the submission's time."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            self.end()
            raise Failure(f"the {self.limits.submission:.0f} seconds for a notebook were used up")
        self.worker = self.worker or self.sandbox.worker()
        return self.worker.ask(do, min(seconds, left), **question)

    def ready(self) -> None:
        """Have a worker in which every cell has run that can.

        Of a cell that ends its worker, and of every cell once half of the time is used up, only
        the definitions are run: a function may be right though a training beside it never ends.
        """
        while not self.worker:
            cell = -1
            try:
                opened = self.ask(
                    "open", self.limits.cell, notebook=self.notebook, tasks=self.tasks
                )
                if "refused" in opened:
                    raise Unreadable(readable(str(opened["refused"])))
                for cell in range(opened["cells"]):
                    if cell in self.lost:
                        continue
                    self.hurry |= self.deadline - time.monotonic() < self.limits.submission / 2
                    brief = self.hurry or cell in self.skipped
                    match self.ask("run", self.limits.cell, cell=cell, brief=brief):
                        case {"error": [str(kind), str(text), str(place)]}:
                            self.raised[cell] = f"raised {readable(kind)}: {said(text, place)}"
            except Gone as gone:
                self.end()
                if cell < 0:
                    raise Unreadable(f"reading it {gone}") from None
                if self.skipped.setdefault(cell, str(gone)) and brief:
                    self.lost.add(cell)

    def call(self, name: str, arguments: list[Any]) -> tuple[Any, list[int]]:
        """Return a function's value and the places of the arguments that it changed."""
        self.calls += 1
        strikes = self.strikes.setdefault(name, [])
        if len(strikes) == STRIKES:
            raise Failure(strikes[-1])
        self.ready()
        try:
            answer = self.ask("call", self.limits.call, name=name, arguments=arguments)
        except Gone as gone:
            self.end()
            strikes.append(f"{name} {gone}")
            raise Failure(strikes[-1]) from None
        match answer:
            case {"value": value, "changed": list(changed)}:
                if hollow(value):
                    raise Failure(f"{name} returns something with nothing in it")
                places = range(len(arguments))
                return value, [place for place in changed if type(place) is int and place in places]
            case {"error": [str(kind), str(text), str(place)]}:
                also = [NotImplementedError] if kind == "NotImplementedError" else []
                raise type(readable(kind), (Raised, *also), {})(said(text, place))
            case {"refused": str(reason)}:
                raise Unsuitable(f"{name} returns {readable(reason)}")
            case {"missing": True}:
                raise Failure(f"there is no function {name}")
        raise Failure(f"{name} sent what is no answer")

    def notes(self) -> list[str]:
        """Say which cells were skipped or stopped, by the number that a reader counts."""
        happened = sorted((self.raised | self.skipped).items())
        notes = [f"Code cell {cell + 1} {what}." for cell, what in happened[:LINES]]
        notes += ["Other cells did not run to their end either."] * (len(happened) > LINES)
        late = "The cells took long: of some only the imports, functions and assignments were run."
        return notes + [late] * self.hurry

    def end(self) -> None:
        """End the worker; when this returns, nothing that it started is left."""
        if self.worker:
            ended, self.worker = self.worker, None
            ended.end()


def hollow(value: Any) -> bool:
    """Whether a result is or holds an empty list or array: of it, all that a test asks is true."""
    match value:
        case np.ndarray():
            return not value.size
        case list() | tuple():
            return not value or any(map(hollow, value))
    return value == ""


class Trivial:
    """Stands in for an Attempt: a function that does not even look at the question."""

    def __init__(self, answer: Callable[[Any], Any]) -> None:
        self.answer, self.calls = answer, 0

    def call(self, name: str, arguments: list[Any]) -> tuple[Any, list[int]]:
        """Return the same as ever, and change nothing."""
        self.calls += 1
        return self.answer(arguments[0]), []


ONES: list[Callable[[Any], Any]] = [
    *(lambda first, value=value: value for value in (None, 0.0, 1.0, -1.0, np.inf)),
    lambda first: first,
    np.zeros_like,
    np.ones_like,
]
TRIVIAL = [*ONES, *(lambda first, one=one: (one(first), one(first)) for one in ONES)]


class Function:
    """A function of an attempt. `changed` says whether the last call changed an argument."""

    def __init__(self, attempt: Attempt | Trivial, name: str) -> None:
        self.attempt, self.name, self.changed = attempt, name, False

    def __call__(self, *arguments: Any) -> Any:
        """Return its value for these arguments, which stay as they are."""
        value, places = self.attempt.call(self.name, list(arguments))
        self.changed = bool(places)
        return value


class Examined(Function):
    """The same for `examine`, which sees for itself that an argument is no longer what it was."""

    failure: Failure | None = None

    def __call__(self, *arguments: Any) -> Any:
        """Return its value, and spoil the arguments that it changed where it ran."""
        try:
            value, places = self.attempt.call(self.name, list(arguments))
        except Failure as failure:
            self.failure = failure
            raise
        for place in places:
            match arguments[place]:
                case list() as values:
                    values.append(None)
                case np.ndarray() as array:
                    array[...] = array == 0
        return value


class Student:
    """What hidden tests call `student`: the functions of whichever attempt is at hand."""

    def __init__(self) -> None:
        self._attempt: Attempt | Trivial | None = None

    def __getattr__(self, name: str) -> Function:
        if name.startswith("__") or not self._attempt:
            raise AttributeError(name)
        return Function(self._attempt, name)


class HiddenTests:
    """A plugin of pytest that runs the collected tests for every attempt that `serve` hands it."""

    def __init__(self, serve: Callable[["HiddenTests"], None]) -> None:
        self.serve, self.student = serve, Student()
        self.items: dict[str, list[pytest.Function]] = {}  # of each notebook
        self.errors: dict[str, BaseException] = {}  # of the tests run for one attempt
        self.telling: dict[str, set[str]] = {}  # of each task

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Replace the fixture of conftest.py, which is the solution."""
        metafunc.parametrize("student", [self.student], ids=["student"])

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Stop at a file of hidden tests that cannot be read."""
        assert not report.failed, report.longreprtext

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Sort what was collected, and hand over instead of running it once."""
        for item in session.items:
            assert isinstance(item, pytest.Function)
            self.items.setdefault(item.path.stem.removeprefix("test_"), []).append(item)
        self.serve(self)
        return True

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self) -> Generator[None, Any, Any]:
        """Bound the time that a test may take."""
        with thinking():
            return (yield)

    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> pytest.TestReport:
        """Keep a test's error."""
        if call.excinfo:
            self.errors.setdefault(name_of(item), call.excinfo.value)
        # pytest's own report would format the test's source for each of a thousand failures.
        outcome: Any = "failed" if call.excinfo else "passed"
        return pytest.TestReport(item.nodeid, item.location, {}, outcome, None, call.when)

    def tasks(self, notebook: str) -> dict[str, dict[str, int]]:
        """Return the tasks of a notebook, and the points of each of their tests."""
        tasks: dict[str, dict[str, int]] = {}
        for item in self.items[notebook]:
            mark = item.get_closest_marker("task")
            assert mark, f"{item.name} belongs to no task"
            tasks.setdefault(mark.args[0], {})[name_of(item)] = mark.kwargs["points"]
        return tasks

    def grade(self, notebook: str, content: bytes, sandbox: Sandbox) -> Graded:
        """Run the hidden tests of a notebook on what was handed in."""
        tasks, begin = self.tasks(notebook), time.monotonic()
        attempt = Attempt(sandbox, content, list(tasks))
        self.errors, self.student._attempt = {}, attempt
        try:
            with suppress(Failure):
                attempt.ready()
            self.run(self.items[notebook], attempt)
            # What is told of a task comes from a worker that has seen no input of a hidden test.
            attempt.end()
            graded = Graded([self.mark(attempt, notebook, *each) for each in tasks.items()])
            graded.notes = attempt.notes()
        except Unreadable as unreadable:
            graded = Graded(failed=str(unreadable))
        finally:
            attempt.end()
        graded.seconds = round(time.monotonic() - begin, 3)
        return graded

    def run(self, items: list[pytest.Function], attempt: Attempt | Trivial) -> None:
        """Run tests, and collect the first error of each."""
        for item, after in zip_longest(items, items[1:]):
            # A test with parameters counts as a whole, so one failure is enough.
            if name_of(item) in self.errors:
                continue
            attempt.calls = 0
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
            error = self.errors.get(name_of(item))
            if isinstance(error, CannotConfine):
                raise error
            if error and not attempt.calls:
                self.errors[name_of(item)] = Broken()

    def tells(self, notebook: str, task: str, tests: dict[str, int], passed: set[str]) -> bool:
        """Whether one of these tests of a task has been passed that no trivial answer passes."""
        if len(passed) in (0, len(tests)):
            return bool(passed)
        if task not in self.telling:
            self.telling[task] = set(tests)
            kept = self.errors, self.student._attempt
            for answer in TRIVIAL:
                trivial = Trivial(answer)
                self.errors, self.student._attempt = {}, trivial
                mine = [item for item in self.items[notebook] if name_of(item) in tests]
                self.run(mine, trivial)
                self.telling[task] &= self.errors.keys()
            self.errors, self.student._attempt = kept
        return bool(passed & self.telling[task])

    def mark(self, attempt: Attempt, notebook: str, task: str, tests: dict[str, int]) -> Mark:
        """Return what a task brought, from the errors of its tests."""
        errors = [self.errors[test] for test in tests if test in self.errors]
        reasons = list(dict.fromkeys(map(reason, errors)))
        mark = Mark(task, of=sum(tests.values()))
        if any(isinstance(error, Broken) for error in errors):
            mark.reason = "a hidden test is broken"
            return mark
        passed = tests.keys() - self.errors.keys()
        telling = self.tells(notebook, task, tests, passed)
        mark.points = sum(tests[test] for test in passed) if telling else 0
        mark.state = SCORED if mark.points else ZERO
        if errors:
            mark.missed = reasons[:LINES]
            mark.finding = finding(attempt, task)
            if not mark.points:
                mark.reason = reasons[0]
        return mark


class Broken(Exception):
    """A hidden test failed before it asked anything of the student."""


def name_of(item: pytest.Item) -> str:
    """Return the name of a test, the same for all its parameters."""
    return getattr(item, "originalname", None) or item.name


def reason(error: BaseException) -> str:
    """Say why a test failed, without its code and its numbers.

    Nothing of the student's making is in it: that could be the numbers.
    """
    match error:
        case NotImplementedError():
            return NOT_WRITTEN.headline
        case Raised():
            kind = type(error).__name__
            return f"it raises {kind if hasattr(builtins, kind) else 'an exception'}"
        case Unsuitable():
            return "it returns something that is no number, text, list or array"
        case Failure() | AssertionError() if str(error):
            return str(error).splitlines()[0]
        case TooLong() | MemoryError():
            return "a test cannot come to its end with what it returns"
    return "it returns something else than its docstring promises"


def finding(attempt: Attempt, task: str) -> dict[str, Any] | None:
    """Return what `check` would say of a task, as data."""
    function = Examined(attempt, task)
    try:
        with thinking(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = examine(checks()[task], function)
    except (Exception, TooLong):  # a result that cannot even be looked at
        found = Finding("its result cannot be read")
    if function.failure and not isinstance(function.failure, Raised):
        found = Finding(str(function.failure))
    return asdict(found) if found else None


def readable(text: str, most: int = 300) -> str:
    """Return a text of a student's making as one printable line."""
    return "".join(c if c.isprintable() else " " for c in text[:most])


def said(text: str, place: str) -> str:
    """Return what an exception said, and where it came from."""
    return readable(text) + f" ({readable(place)})" * bool(place)


@contextmanager
def thinking(seconds: float = THINKING) -> Iterator[None]:
    """Raise TooLong when this process has worked for so long; it may wait longer for a worker."""

    def stop(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
