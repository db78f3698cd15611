"""Check one notebook, or grade a class.

course-grader check NOTEBOOK
course-grader grade SUBMISSIONS --out RESULTS
course-grader release OUT
course-grader export-nbgrader DIR
course-grader doctor

`python -m grader` is the same, but Python looks for it first in the folder where it is called: not
in one that a student has filled.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from course_lib import feedback
from grader import (
    Stop,
    batch,
    cluster,
    doctor,
    examiner,
    exporting,
    pages,
    project,
    release,
    results,
    submissions,
)
from grader.confine import Limits
from grader.examiner import fingerprint
from grader.journal import NOT_GRADED, Journal, Row, Settings, chosen

NO_TESTS = (
    "The hidden tests are not here. The grader works in a clone of the repository, installed there"
    ' by `pip install -e ".[grade]"`.'
)


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return 0 if it did what was asked."""
    options = parser().parse_args(arguments)
    try:
        if not examiner.HIDDEN.is_dir():
            raise Stop(NO_TESTS)
        status: int = options.run(options)
        return status
    except Stop as stop:
        print(stop, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
    finally:
        examiner.close_all()
    return 1


def parser() -> argparse.ArgumentParser:
    """Return what the command line understands."""
    main = argparse.ArgumentParser(prog="course-grader", description=__doc__.splitlines()[0])
    commands = main.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Any, *parents: argparse.ArgumentParser) -> argparse.ArgumentParser:
        about = run.__doc__
        added = commands.add_parser(name, help=about, description=about, parents=parents)
        added.set_defaults(run=run)
        return added

    tests = argparse.ArgumentParser(add_help=False)
    chance = "seed of the hidden tests; without it one of chance, which --out keeps"
    tests.add_argument("--seed", type=int, help=chance)
    how = argparse.ArgumentParser(add_help=False, parents=[tests])
    how.add_argument("--trusted", action="store_true", help="run without confinement")
    command("check", check, how).add_argument("notebook", type=Path)
    many = command("grade", grade, how)
    many.add_argument("submissions", type=Path, help="a folder, or a zip as it was downloaded")
    many.add_argument("--out", type=Path, required=True, help="folder of the results")
    many.add_argument("--pattern", default="", help='such as "{notebook}/{student}.ipynb"')
    where = many.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=at_least_one, default=1, help="how many at a time")
    where.add_argument("--dask", metavar="ADDRESS", help="grade on a cluster: its scheduler")
    many.add_argument("--late", type=Path, help=f"CSV with {', '.join(results.LATE)}")
    by_hand = f"CSV with {', '.join(project.COLUMNS)}; made if there is none"
    many.add_argument("--project", type=Path, help=by_hand)
    many.add_argument("--key", type=Path, help="CSV to be made: --project then names codes")
    command("release", release.run).add_argument("out", type=Path, help="folder of the bundle")
    course = command("export-nbgrader", exporting.run, tests)
    course.add_argument("out", type=Path, help="folder of the course, new or empty")
    command("doctor", doctor.run)
    return main


def at_least_one(text: str) -> int:
    """Return a whole number that is not 0 or less."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("it is 1 or more")
    return number


def settings(options: argparse.Namespace) -> Settings:
    """Return what decides the marks beside the submission; an Examiner is made of it."""
    how = {"limits": asdict(Limits()), "seed": options.seed, "trusted": options.trusted}
    return how | {"tests": fingerprint()}


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
    changes = results.changes(options.late)
    if not options.submissions.exists():
        raise Stop(f"There is no {options.submissions}.")
    found = submissions.find(options.submissions, options.pattern)
    if not found:
        raise Stop(f"No submission was found in {options.submissions}: does --pattern fit?")
    with Journal(options.out, settings(options)) as journal:
        progress = batch.Progress(len(found))
        with cluster.workers(options.dask) if options.dask else threads(options.jobs) as where:
            for row in batch.grade_all(found, journal, *where, journal.settings):
                progress.step(row)
        rows = list(journal.rows.values())
        rows += project.rows(options.project, rows, journal.settings["seed"], options.key)
        results.write(rows, options.out, changes)
        pages.write(rows, options.out, changes)
    known = {(row[by], row["notebook"]) for row in rows for by in ("student", "id")}
    for student, notebook in sorted(changes.keys() - known):
        print(f"{options.late} names {student}, {notebook}, of whom there is nothing.")
    failed = sum(task["state"] == NOT_GRADED for row in rows for task in row["tasks"])
    print(f"{len(rows)} submissions, {failed} tasks that could not be graded: {options.out}")
    return 0


@contextmanager
def threads(jobs: int) -> Iterator[tuple[Executor, int]]:
    """Yield an executor that runs here, and how many threads it has."""
    executor = ThreadPoolExecutor(jobs)
    try:
        yield executor, jobs
    finally:
        executor.shutdown(wait=False, cancel_futures=True)


def command() -> NoReturn:
    """Run what the command line asks for, and end."""
    status = main()
    sys.stdout.flush()
    # A run that was stopped does not wait for threads whose notebooks are half graded.
    os._exit(status)


if __name__ == "__main__":
    command()
