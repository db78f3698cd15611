"""The record of a run: one line for each graded submission, on the disk before the next begins.

A killed run leaves whole lines and perhaps a torn last one. The next run drops that one and goes
on after the others. A later line of the same student and notebook replaces an earlier one, and
later settings replace earlier ones: those with a `regrade` stand at its beginning, the same
without one at its end.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any, Literal, NotRequired, Self, TypedDict, cast

from course_lib import feedback
from grader import Stop

Settings = dict[str, Any]
FILE = "journal.jsonl"
SCORED, ZERO, NOT_GRADED = "scored", "zero", "could not grade"


class Mark(TypedDict):
    """What a task brought, as scoring.Mark says it."""

    task: str
    of: int
    points: float | None
    state: str
    reason: str
    missed: list[str]
    finding: dict[str, Any] | None


class Graded(TypedDict):
    """What an examiner says of a notebook, as scoring.Graded says it."""

    tasks: list[Mark]
    notes: list[str]
    failed: str
    again: bool
    seconds: float


class Row(Graded):
    """A line of the journal: what a notebook brought, whose it is, and what was handed in."""

    student: str
    id: str
    notebook: str
    file: str
    sha256: str
    dated: NotRequired[str]  # when the file was changed; journals of before have neither
    prints: NotRequired[dict[str, list[int]]]  # of each task's code, as similarity makes them


class Journal:
    """The rows of a folder of results, by student and notebook. Only one run at a time has it.

    settings   what decides the marks. Without a seed it gets that of the folder, a new folder one
               of chance: grading again gives the same marks, and no student knows the inputs.
    regrade    a task that is graded again: all settings but the hidden tests are the folder's
    before     the rows as they were when a regrade began, which may have been an earlier run
    done       of which rows that regrade has written already
    """

    def __init__(self, folder: Path, settings: Settings, regrade: str = "") -> None:
        self.path, self.settings, self.regrade = folder / FILE, settings, regrade
        self.rows: dict[tuple[str, ...], Row] = {}
        self.before: dict[tuple[str, ...], Row] = {}
        self.done: set[tuple[str, ...]] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise Stop(f"{folder} cannot be written: {error.strerror}.") from error
        try:
            self.lock()
            self.read()
        except BaseException:
            os.close(self.file)
            raise

    def lock(self) -> None:
        """Refuse to write beside another run."""
        import fcntl  # Windows has none, and needs none for `check`, which keeps no journal

        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Stop(f"Another run is writing to {self.path.parent}.") from error

    def read(self) -> None:
        """Take up what an earlier run left; settings that differ would give other marks."""
        text = self.path.read_bytes()
        whole = text[: text.rfind(b"\n") + 1]
        head: Settings = {}
        try:
            for line in map(json.loads, whole.splitlines()):
                if head and "settings" not in line:
                    self.rows[key(line)] = line
                    self.done.add(key(line))
                else:
                    self.remember(head)
                    head = line | {"settings": line["settings"]}
            if self.settings.get("seed", 0) is None:
                known = head["settings"]["seed"] if head else None
                self.settings = self.settings | {"seed": chosen(known)}
        except (ValueError, KeyError, TypeError) as error:
            raise Stop(f"{self.path} is not a journal of results: move it away.") from error
        self.check(head)
        if len(whole) < len(text):
            os.ftruncate(self.file, len(whole))
        if head != (wanted := self.head(self.regrade)):
            self.remember(head)
            self.write(wanted)

    def remember(self, head: Settings) -> None:
        """Keep the rows as they are now for a regrade, unless one had begun with an earlier head.

        Of one that was interrupted, and whose task was mended once more, the first marks count.
        """
        self.done = set()
        if not head.get("regrade"):
            self.before = dict(self.rows)

    def check(self, head: Settings) -> None:
        """Refuse to go on after what an earlier run left, if that is something else."""
        begun = head.get("regrade", "")
        if begun and begun != self.regrade:
            raise Stop(f"A regrade of {begun} was interrupted: run it again first.")
        if self.regrade and not head:
            raise Stop(f"{self.path.parent} has no marks yet: use grade.")
        if self.regrade:
            self.settings = head["settings"] | {"tests": self.settings["tests"]}
        same = head.get("settings") == self.settings
        if head and not same and not self.regrade:
            raise Stop(
                f"{self.path} was written with other hidden tests or settings: choose another"
                " --out, or move it away; after a task was mended, use regrade."
            )

    def head(self, regrade: str = "") -> Settings:
        """Return the line that says what decides the marks of the rows after it."""
        return {"settings": self.settings} | ({"regrade": regrade} if regrade else {})

    def finish(self) -> None:
        """Note that a regrade has come to its end."""
        self.write(self.head())

    def has(self, row: Row) -> bool:
        """Whether the same file is graded already. What failed through no fault of it is not."""
        known = self.rows.get(key(row))
        if not known or known["again"] or known["sha256"] != row["sha256"]:
            return False
        # What is not read has no digest, only a reason.
        return bool(row["sha256"]) or known["failed"] == row["failed"]

    def add(self, row: Row) -> None:
        """Keep a row; when this returns, it is on the disk."""
        self.write(row)
        self.rows[key(row)] = row

    def write(self, line_of: Row | Settings) -> None:
        """Append a line, whole or not at all."""
        line = json.dumps(line_of, ensure_ascii=True).encode() + b"\n"
        end = os.lseek(self.file, 0, os.SEEK_END)
        try:
            if os.write(self.file, line) < len(line):
                raise OSError(0, "the disk is full")
            os.fsync(self.file)
        except OSError as error:
            os.ftruncate(self.file, end)
            raise Stop(
                f"{self.path} cannot be written: {error.strerror}."
                f" All before it is kept; the same command goes on from there."
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self.file)


def chosen(seed: int | None) -> int:
    """Return a seed of the hidden tests, of chance if there is none: one that nobody can guess."""
    return secrets.randbits(128) if seed is None else seed


def key(row: Row) -> tuple[str, ...]:
    """Return what a row is about."""
    return row["student"], row["id"], row["notebook"]


def marks(notebook: str, points: Literal[0] | None, reason: str) -> list[Mark]:
    """Return the same mark for every task of a notebook: 0, or None if it could not be graded."""
    same = {"points": points, "state": NOT_GRADED if points is None else ZERO, "reason": reason}
    return [
        cast(Mark, {"task": name, "of": task["points"], **same, "missed": [], "finding": None})
        for name, task in feedback.tasks().items()
        if task["notebook"] == notebook
    ]


def failed(row: Row, why: str) -> Row:
    """Return a row that says of every task that it could not be graded, and why."""
    return row | {"tasks": marks(row["notebook"], None, why), "failed": why}
