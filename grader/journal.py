"""The record of a run: one line for each graded submission, on the disk before the next begins.

A killed run leaves whole lines and perhaps a torn last one. The next run drops that one and goes
on after the others. A later line of the same student and notebook replaces an earlier one.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Any, NotRequired, Self, TypedDict

from grader import Stop

Settings = dict[str, Any]
FILE = "journal.jsonl"
SCORED, ZERO, NOT_GRADED = "scored", "zero", "could not grade"


class Mark(TypedDict):
    """What a task brought, as scoring.Mark says it."""

    task: str
    of: int
    points: int | None
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
    """

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.path, self.settings = folder / FILE, settings
        self.rows: dict[tuple[str, ...], Row] = {}
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
        try:
            head, *rows = map(json.loads, whole.splitlines() or [b"{}"])
            self.rows = {key(row): row for row in rows}
            if self.settings.get("seed", 0) is None:
                known = head["settings"]["seed"] if head else None
                self.settings = self.settings | {"seed": chosen(known)}
            other = head and head["settings"] != self.settings
        except (ValueError, KeyError, TypeError) as error:
            raise Stop(f"{self.path} is not a journal of results: move it away.") from error
        if other:
            raise Stop(
                f"{self.path} was written with other hidden tests or settings:"
                " choose another --out, or move it away."
            )
        if len(whole) < len(text):
            os.ftruncate(self.file, len(whole))
        if not head:
            self.write({"settings": self.settings})

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
