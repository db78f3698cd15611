"""The commands that run notebooks, which only Linux confines: check, grade and regrade."""

import argparse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import cast

from course_lib import feedback
from grader import Stop, batch, cluster, examiner, outcome, regrade, results, submissions
from grader.confine import Limits
from grader.journal import Journal, Row, Settings, chosen, key
from grader.layouts import notebooks
from grader.pages import failures
from grader.submissions import Submission

TOLD = 5  # rows that are named one by one
FEW = 3  # times fewer than of another notebook


def settings(options: argparse.Namespace) -> Settings:
    """Return what decides the marks beside the submission; an Examiner is made of it."""
    how = {"limits": asdict(Limits()), "seed": options.seed, "trusted": options.trusted}
    allowed = {"packages": sorted(set(options.allow))} if options.allow else {}
    return how | allowed | {"tests": examiner.fingerprint()}


def check(options: argparse.Namespace) -> int:
    """Run the hidden tests on a notebook of your own."""
    path: Path = options.notebook
    if not path.is_file():
        raise Stop(f"There is no file {path}.")
    found = submissions.alone(path)
    row, content = batch.opened(found)
    if not row["failed"]:
        how = settings(options)
        how["seed"] = chosen(how["seed"])
        row = batch.completed(row, examiner.grade(how, found.notebook, content), content)
    print(shown(row))
    return 0 if row["tasks"] and all(task["points"] == task["of"] for task in row["tasks"]) else 1


def shown(row: Row) -> str:
    """Return a row for the terminal."""
    lines = [row["failed"]] if row["failed"] else []
    for task in row["tasks"]:
        symbol = "✓" if task["points"] == task["of"] else "✗" if task["finding"] else "○"
        points = "–" if task["points"] is None else task["points"]
        lines.append(f"{symbol} {task['task']:<30} {points} of {task['of']} points")
        if task["finding"]:
            found = task["finding"]
            message = feedback.Message("→", found["headline"], found["details"], found["read"])
            lines.append("    " + repr(message).replace("\n", "\n    "))
        elif task["reason"]:
            lines.append(f"    → {task['reason']}")
        lines += [f"    · {missed}" for missed in task["missed"] if missed != task["reason"]]
    return "\n".join(lines + row["notes"])


def grade(options: argparse.Namespace) -> int:
    """Grade the submissions of a class."""
    outcome.remember(options)
    given = outcome.read(options)
    found = handed_in(options)
    with Journal(options.out, settings(options)) as journal:
        given.check(map(batch.unread, found), journal.settings["seed"])
        rows = [journal.rows[key(row)] | current(row) for row in graded(found, journal, options)]
        written = given.write(rows, options.out)
        outcome.remembered(options)
        tell_of_few(found)
        if gone := sorted(journal.rows.keys() - set(map(key, rows))):
            told = "; ".join(", ".join(filter(None, one)) for one in gone[:TOLD])
            more = f" and {len(gone) - TOLD} more" * (len(gone) > TOLD)
            print(f"Left out, for there is no such hand-in any more: {told}{more}.")
    failed = {(row["student"], row["id"]) for row in written if failures(row)}
    print(
        f"{len(rows)} hand-ins; of {len(failed)} students something could not be graded:"
        f" {options.out / 'report.html'}"
    )
    return 0


def again(options: argparse.Namespace) -> int:
    """Grade one task again, whose hidden test was mended."""
    if options.task not in feedback.tasks():
        raise Stop(f"No notebook has a task {options.task}.")
    found = handed_in(options)
    with regrade.Regrade(options.out, options.task) as journal:
        for _ in graded(found, journal, options):
            pass
        journal.conclude()
    return 0


def handed_in(options: argparse.Namespace) -> list[Submission]:
    """Return the submissions of a class; raise Stop if there are none."""
    if not options.submissions.exists():
        raise Stop(f"There is no {options.submissions}.")
    asked = {asked_name(part) for part in options.notebook}
    if found := submissions.find(options.submissions, options.pattern, asked):
        return found
    raise Stop(f"No submission was found in {options.submissions}: does --pattern fit?")


def tell_of_few(found: list[Submission]) -> None:
    """Say which notebooks hardly anybody handed in: all others have 0 for them."""
    sizes = Counter(one.notebook for one in found if one.notebook)
    most = max(sizes.values(), default=0)
    for notebook, number in sorted(sizes.items()):
        if FEW * number < most:
            print(
                f"{number} handed in {notebook}, and for the others it counts 0 points:"
                " say by --notebook what was asked for."
            )


def asked_name(part: str) -> str:
    """Return the notebook whose name begins so; raise Stop unless there is one."""
    if (name := results.whole_name(part)) not in notebooks():
        raise Stop(f"No notebook is meant by {part}: there are {', '.join(notebooks())}.")
    return name


def graded(found: list[Submission], journal: Journal, options: argparse.Namespace) -> Iterator[Row]:
    """Grade what the journal does not have; yield the row of every submission."""
    progress = batch.Progress(len(found))
    with cluster.workers(options.dask) if options.dask else threads(options.jobs) as where:
        for row in batch.grade_all(found, journal, *where, journal.settings):
            progress.step(row)
            yield row


def current(row: Row) -> Row:
    """Return what a row says of the file that is there now: it may have another name than once."""
    return cast(Row, {name: row.get(name) for name in ("file", "dated") if name in row})


@contextmanager
def threads(jobs: int) -> Iterator[tuple[Executor, int]]:
    """Yield an executor that runs here, and how many threads it has."""
    executor = ThreadPoolExecutor(jobs)
    try:
        yield executor, jobs
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
