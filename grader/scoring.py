"""Grades a notebook by the hidden tests, in a process that no student code ever enters.

The functions that a test calls ask a confined worker, and what comes back is plain data, made
anew on this side.
"""

import hashlib
import signal
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from typing import Any, cast

import numpy as np

from course_lib.feedback import tasks as checks
from course_lib.feedback.diagnosis import Finding, examine, not_written, uses
from grader import hidden, journal
from grader.confine import CannotConfine, Gone, Sandbox, Worker
from grader.hidden import Errors, Tests
from grader.journal import NOT_GRADED, SCORED, ZERO

THINKING = 10.0  # seconds of processor time that a test may take with a value it was given
STRIKES = 2  # so often may a function end or outlast its worker before it is given up
LOST = 5  # after so many statements that ended their worker, only definitions are run
LINES = 5  # how many missed properties are told
UNTOUCHED = (
    "nothing is written in it:"
    " it is the exercise as it was handed out, or was saved before the work"
)


class Failure(Exception):
    """A function gave no value. The text says why."""


class Raised(Failure):
    """It raised an exception; the subclass made for it has that exception's name."""


class Lacking(Failure):
    """It uses a package that is not there. The text is the package."""


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
    finding: dict[str, Any] | None = None  # course_lib.feedback.diagnosis.Finding


@dataclass
class Graded:
    """What a notebook brought, task by task; or why it could not be graded at all."""

    tasks: list[Mark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was noticed on the way
    failed: str = ""
    again: bool = False  # worth another try: the fault may be ours
    seconds: float = 0.0

    def row(self) -> journal.Graded:
        """Return it as data."""
        return cast(journal.Graded, asdict(self))


class Attempt:
    """A notebook whose functions answer from a worker. A worker that is gone is replaced."""

    def __init__(self, sandbox: Sandbox, notebook: bytes, tasks: list[str]) -> None:
        self.sandbox, self.limits, self.tasks = sandbox, sandbox.limits, tasks
        self.notebook = np.frombuffer(notebook, np.uint8)
        self.deadline = time.monotonic() + self.limits.submission
        self.worker: Worker | None = None
        self.asked = False  # whether it may have seen an input of a hidden test
        self.lost: set[tuple[int, int]] = set()  # statements of cells that ended a worker
        self.broken: list[int] = []  # cells of the file that are none
        self.told: dict[int, str] = {}  # of each cell, what is told
        self.hurry = False
        self.strikes: dict[str, list[str]] = {}

    def ask(self, do: str, seconds: float, **question: Any) -> dict[str, Any]:
        """Ask the worker within what is left of the submission's time."""
        left = self.deadline - time.monotonic()
        if left > 0:
            self.worker = self.worker or self.sandbox.worker()
            try:
                return self.worker.ask(do, min(seconds, left), **question)
            except Gone:
                self.end()
                if time.monotonic() < self.deadline:
                    raise
        self.end()
        raise Failure(f"the {self.limits.submission:.0f} seconds for a notebook were used up")

    def ready(self) -> None:
        """Have a worker in which every statement of every cell has run that can.

        One that ends its worker is left out from then on. Once half of the time is used up, or
        many ended theirs, only definitions are run: a function may be right though a training
        beside it never ends.
        """
        while not self.worker:
            try:
                # Nothing of the student runs yet: how long it takes is the size of the file and
                # what else this machine does. What is left still runs its definitions.
                seconds = self.limits.submission / 2
                opened = self.ask("open", seconds, notebook=self.notebook, tasks=self.tasks)
            except Gone as gone:
                opened = {"refused": f"reading it {gone}"}
            if "refused" in opened:
                # What could be read before it saw a hidden input chose when to be read again.
                raise (Failure if self.asked else Unreadable)(readable(str(opened["refused"])))
            self.broken = opened["broken"]
            for cell in range(opened["cells"]):
                self.run(cell)

    def run(self, cell: int) -> None:
        """Run a cell, one statement after the other, while there is a worker."""
        match self.step("read", cell):
            case {"lines": list(lines)}:
                for statement, line in enumerate(lines):
                    left = self.deadline - time.monotonic()
                    self.hurry |= left < self.limits.submission / 2 or len(self.lost) >= LOST
                    where = f" in line {line}" if type(line) is int else ""
                    self.step("run", cell, where, statement=statement, brief=self.hurry)

    def step(self, do: str, cell: int, where: str = "", **which: Any) -> dict[str, Any]:
        """Read a cell or run a statement of it, and keep what is told of it."""
        place = cell, which.get("statement", -1)
        if not self.worker or place in self.lost:
            return {}
        # No statement takes so long that nothing is left for those below.
        seconds = min(self.limits.cell, (self.deadline - time.monotonic()) / 4)
        try:
            answer = self.ask(do, seconds, cell=cell, **which)
        except Gone as gone:
            self.told[cell] = f"{gone}{where}"
            self.lost.add(place)
            return {}
        match answer:
            case {"undecorated": str(name), "lacks": str(package)}:
                said = f"defines {readable(name)} without its decorator: it {lacked(package)}"
            case {"lacks": str(package)}:
                said = lacked(package)
            case {"error": [str(kind), str(text)]}:
                said = f"raised {readable(kind)}: {readable(text)}"
            case _:
                return answer
        self.told.setdefault(cell, said)
        return answer

    def call(self, name: str, arguments: list[Any]) -> tuple[Any, list[int]]:
        """Return a function's value and the places of the arguments that it changed."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        strikes = self.strikes.setdefault(name, [])
        if len(strikes) == STRIKES:
            raise Failure(strikes[-1])
        try:
            self.ready()
            answer = self.ask("call", self.limits.call, name=name, arguments=arguments)
        except Gone as gone:
            strikes.append(f"{name} {gone}")
            raise Failure(strikes[-1]) from None
        finally:
            signal.setitimer(signal.ITIMER_PROF, THINKING)
        match answer:
            case {"value": value, "changed": list(changed)}:
                places = range(len(arguments))
                return value, [place for place in changed if type(place) is int and place in places]
            case {"lacks": str(package)}:
                raise Lacking(readable(package))
            case {"error": ["NotImplementedError", _]}:
                raise Failure(not_written().headline)
            case {"error": [str(kind), str(text)]}:
                raise type(readable(kind), (Raised,), {})(readable(text))
            case {"refused": str(what)}:
                raise Failure(f"{name} returns {readable(what)}")
            case {"missing": True}:
                raise Failure(absent(name))
        raise Failure(f"{name} sent what is no answer")

    def notes(self) -> list[str]:
        """Say which cells were skipped or stopped, by the number that a reader counts."""
        notes = [f"Code cell {cell + 1} {what}." for cell, what in sorted(self.told.items())]
        if len(notes) > LINES:
            notes[LINES:] = ["Other cells did not run to their end either."]
        broken = [f"Cell {number} of the file is broken, and left out." for number in self.broken]
        if len(broken) > LINES:
            broken[LINES:] = ["So are others."]
        late = (
            "The cells took long, or ended the program often:"
            " of some only the imports, functions and assignments were run."
        )
        return broken + notes + [late] * self.hurry

    def end(self) -> None:
        """End the worker; when this returns, nothing that it started is left."""
        if self.worker:
            ended, self.worker = self.worker, None
            ended.end()


class Examined:
    """A task's function as `examine` wants it, which sees for itself that an argument changed."""

    def __init__(self, attempt: Attempt, name: str) -> None:
        self.attempt, self.name = attempt, name
        self.failure: Failure | None = None

    def __call__(self, *arguments: Any) -> Any:
        """Return its value, and spoil the arguments that it changed where it ran."""
        try:
            value, places = self.attempt.call(self.name, list(arguments))
        except Raised:
            raise
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


@contextmanager
def thinking() -> Iterator[None]:
    """Let a test think for so long with what it was given, beside what it asks the worker."""
    signal.setitimer(signal.ITIMER_PROF, THINKING)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def grade(
    tasks: dict[str, Tests], content: bytes, sandbox: Sandbox, seed: int = 0, whose: str = ""
) -> Graded:
    """Run the hidden tests of a notebook on what was handed in."""
    attempt, begin = Attempt(sandbox, content, list(tasks)), time.monotonic()
    signal.signal(signal.SIGPROF, too_long)
    try:
        with suppress(Failure):
            attempt.ready()
        # All that is told comes from a worker that has seen no input of a hidden test, and is
        # ended before there is one: nothing that the next one finds out can reach it.
        findings = {task: finding(attempt, task) for task in tasks}
        notes = attempt.notes()
        attempt.end()
        graded = Graded(notes=notes, failed=unworked(findings))
        if not graded.failed:
            graded.tasks = marks(tasks, attempt, findings, own_seed(seed, content, whose))
    except Unreadable as unreadable:
        graded = Graded(failed=str(unreadable))
    except TooLong:
        graded = Graded(failed="what it returns keeps the tests busy without an end")
    finally:
        attempt.end()
    graded.seconds = round(time.monotonic() - begin, 3)
    return graded


def marks(
    tasks: dict[str, Tests], attempt: Attempt, findings: dict[str, Any], seed: int
) -> list[Mark]:
    """Run the hidden tests and return what each task brought."""
    with suppress(Failure):
        attempt.ready()
    attempt.asked = True
    errors = {}
    for task, tests in tasks.items():
        with thinking():
            errors[task] = hidden.errors(tests, attempt.call, seed)
    for error in chain.from_iterable(each.values() for each in errors.values()):
        if isinstance(error, CannotConfine):
            raise error
    return [mark(task, tests, errors[task], findings[task]) for task, tests in tasks.items()]


def own_seed(seed: int, content: bytes, whose: str) -> int:
    """Return the seed of one hand-in: the same again has the same inputs, no other has them.

    Whatever a submission carries out of its cage tells nothing about the inputs of the next one,
    though it were the same file of another student.
    """
    digest = hashlib.sha256(f"{seed}:{len(whose)}:{whose}:".encode(errors="surrogatepass"))
    digest.update(content)  # which may be large: joined, it would be there twice
    return int.from_bytes(digest.digest())


def mark(task: str, tests: Tests, errors: Errors, finding: dict[str, Any] | None) -> Mark:
    """Return what a task brought, from the errors of its tests and from what `check` would say.

    Of a hidden test is told which property it asks for, and nothing else: not why it failed, in
    what a student could hide its inputs.
    """
    mark = Mark(task, of=sum(tests.values()), finding=finding)
    if any(isinstance(error, hidden.Broken) for error in errors.values()):
        mark.reason = "a hidden test is broken"
        return mark
    mark.points = hidden.earned(tests, errors, not finding)
    mark.state = SCORED if mark.points else ZERO
    if errors or finding:
        mark.missed = [hidden.asked(test) for test in errors][:LINES] or [hidden.FULL]
    if not mark.points:
        # Where nothing is right, what `check` says of it comes first, and is enough.
        mark.missed = [finding["headline"]] if finding else mark.missed
        mark.reason = mark.missed[0]
    return mark


def finding(attempt: Attempt, task: str) -> dict[str, Any] | None:
    """Return what `check` would say of a task, as data."""
    function = Examined(attempt, task)
    try:
        with warnings.catch_warnings(action="ignore"), thinking():
            found = examine(checks()[task], function)
    except (Exception, TooLong):  # a result that cannot even be looked at
        found = Finding("its result cannot be read")
    match function.failure:
        case Lacking() as lacking:
            found = uses(str(lacking))
        case Failure() as failure:
            found = Finding(str(failure))
    if not found:
        return None
    details = tuple(map(readable, found.details))
    return asdict(replace(found, headline=readable(found.headline), details=details))


def absent(task: str) -> str:
    """Say that a task's function is nowhere defined."""
    return f"there is no function {task}"


def lacked(package: str) -> str:
    """Say that a package is used which is not there."""
    return uses(readable(package)).headline.removeprefix("it ")


def unworked(findings: dict[str, dict[str, Any] | None]) -> str:
    """Return why there is nothing to be graded, "" if there is: no zero, for who should look."""
    said = {task: finding["headline"] if finding else "" for task, finding in findings.items()}
    defined = {task: what for task, what in said.items() if what != absent(task)}
    if not defined:
        return "it defines none of the functions of its tasks"
    if all(what == not_written().headline for what in defined.values()):
        return UNTOUCHED
    return ""


def readable(text: str) -> str:
    """Return a text of a student's making as one printable line."""
    return "".join(c if c.isprintable() else " " for c in text[:500])


def too_long(*_: Any) -> None:
    """End a test that works for ever: this process may wait long for a worker, but not think."""
    raise TooLong
