"""Grades many submissions with an executor: threads here, or a cluster's."""

import hashlib
import sys
import time
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from datetime import UTC, datetime

from grader import Stop, examiner, scoring, similarity, wrong_file
from grader.entries import Unusable
from grader.journal import Graded, Journal, Row, Settings, failed
from grader.submissions import Submission

TOLD = 10  # files that are named one by one
OF_A_ZIP = 1e13  # from here on a date is a number such as 20261127093000, not seconds since 1970


def grade_all(
    found: list[Submission], journal: Journal, executor: Executor, jobs: int, settings: Settings
) -> Iterator[Row]:
    """Grade what the journal does not have; yield each row when it is kept there, old ones too."""
    waiting: dict[Future[Graded], tuple[Row, bytes]] = {}
    for submission in found:
        row, content = opened(submission)
        if journal.has(row):
            yield row
        elif row["failed"]:
            journal.add(row)
            yield row
        else:
            of = submission.notebook, content, "\0".join(submission.key)
            future = executor.submit(examiner.grade, settings, *of)
            # Now and not for the report: another run need not read the file again.
            row["prints"] = similarity.prints(content, row["notebook"])
            waiting[future] = row, content
        # Two for each job: one is graded and one is ready, and a class need not fit into memory.
        while len(waiting) >= 2 * jobs:
            yield from finished(waiting, journal)
    while waiting:
        yield from finished(waiting, journal)


def finished(waiting: dict[Future[Graded], tuple[Row, bytes]], journal: Journal) -> Iterator[Row]:
    """Wait for at least one; keep and yield the rows of those that are ready."""
    for future in wait(waiting, return_when=FIRST_COMPLETED).done:
        row, content = waiting.pop(future)
        row = completed(row, outcome(future), content)
        journal.add(row)
        yield row


def outcome(future: Future[Graded]) -> Graded:
    """Return what an examiner says, or that it was lost: that is one notebook's loss alone."""
    try:
        return future.result()
    except Stop:
        raise
    except CancelledError as error:
        raise Stop("The cluster is lost; the same command goes on from here.") from error
    except Exception as error:
        lost = f"what should have graded it was lost ({type(error).__name__})"
        return scoring.Graded(failed=lost, again=True).row()


def opened(submission: Submission) -> tuple[Row, bytes]:
    """Return the row of a submission, not graded yet, and its content."""
    row = unread(submission)
    try:
        content = submission.read()
    except Unusable as unusable:
        return failed(row, str(unusable)), b""
    return row | {"sha256": hashlib.sha256(content).hexdigest()}, content


def unread(submission: Submission) -> Row:
    """Return the row of a submission that nobody has looked into."""
    return {
        "student": submission.student,
        "id": submission.id,
        "notebook": submission.notebook,
        "file": submission.file,
        "dated": dated(submission.changed),
        "sha256": "",
        "seconds": 0.0,
        "tasks": [],
        "notes": notes(submission.beside),
        "failed": "",
        "again": False,
    }


def dated(changed: float) -> str:
    """Return when a file was changed, in UTC or, out of a zip, by the clock that it was made by."""
    try:
        if changed >= OF_A_ZIP:
            return datetime.strptime(f"{changed:.0f}", "%Y%m%d%H%M%S").isoformat()
        return datetime.fromtimestamp(int(changed), UTC).isoformat() if changed else ""
    except (ValueError, OverflowError, OSError):  # a disk and a zip can hold dates that are none
        return ""


def notes(beside: tuple[str, ...]) -> list[str]:
    """Return what is said of the files that were handed in too, however many they are."""
    said = [f"{other} was handed in too, and is not graded." for other in beside[:TOLD]]
    more = len(beside) - TOLD
    return [*said, f"So were {more} more."] if more > 0 else said


def completed(row: Row, graded: Graded, content: bytes) -> Row:
    """Return a row with what its examiner says of this content."""
    row = row | {"seconds": graded["seconds"], "notes": [*row["notes"], *graded["notes"]]}
    if graded["failed"]:
        why = wrong_file.said(graded["failed"], content, row["notebook"])
        return failed(row, why) | {"again": graded["again"]}
    return row | {"tasks": graded["tasks"]}


class Progress:
    """One line on standard error: how many are done, how fast, and who was last."""

    def __init__(self, total: int) -> None:
        self.total, self.done, self.begin = total, 0, time.monotonic()

    def step(self, row: Row) -> None:
        """Count a row that is done."""
        self.done += 1
        filled = 30 * self.done // self.total
        each = (time.monotonic() - self.begin) / self.done
        text = f"{'█' * filled}{'░' * (30 - filled)} {self.done} of {self.total}, {each:.2f} s each"
        if sys.stderr.isatty():
            last = f"{row['student']} {row['notebook']}"[:40]
            print(f"\r{text}  {last:<40}", end="\n" * (self.done == self.total), file=sys.stderr)
        elif self.done == self.total or self.done % 50 == 0:
            print(text, file=sys.stderr)
