"""Check one notebook, or grade a class.

course-grader check NOTEBOOK
course-grader grade SUBMISSIONS --out RESULTS
course-grader regrade SUBMISSIONS --out RESULTS --task NAME
course-grader release OUT
course-grader export-nbgrader DIR
course-grader doctor

`python -m grader` is the same, but Python looks for it first in the folder where it is called: not
in one that a student has filled.
"""

import argparse
import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from grader import ROOT, Stop, project, results

NO_TESTS = (
    "The hidden tests are not here. The grader works in a clone of the repository, installed there"
    ' by `pip install -e ".[grade]"`.'
)
NO_LINUX = (
    "The grader runs student code on Linux alone: on Windows use WSL, on macOS a container;"
    " `release` and `export-nbgrader` work here too."
)
ANYWHERE = ("release", "exporting")  # modules that run no student code


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return 0 if it did what was asked."""
    options = parser().parse_args(arguments)
    try:
        if not (ROOT / "tasks").is_dir():
            raise Stop(NO_TESTS)
        status: int = options.run(options)
        return status
    except Stop as stop:
        print(stop, file=sys.stderr)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
    finally:
        if "grader.examiner" in sys.modules:
            sys.modules["grader.examiner"].close_all()
    return 1


def parser() -> argparse.ArgumentParser:
    """Return what the command line understands."""
    main = argparse.ArgumentParser(prog="course-grader", description=__doc__.splitlines()[0])
    commands = main.add_subparsers(required=True, metavar="COMMAND")

    def command(
        name: str, does: str, about: str, *parents: argparse.ArgumentParser
    ) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about, description=about, parents=parents)
        added.set_defaults(run=later(*does.split(".")))
        return added

    tests = argparse.ArgumentParser(add_help=False)
    chance = "seed of the hidden tests; without it one of chance, which --out keeps"
    tests.add_argument("--seed", type=int, help=chance)
    how = argparse.ArgumentParser(add_help=False, parents=[tests])
    how.add_argument("--trusted", action="store_true", help="run without confinement")
    allow = "a package more that notebooks may import; again for another"
    how.add_argument("--allow", metavar="PACKAGE", action="append", default=[], help=allow)
    many = argparse.ArgumentParser(add_help=False)
    many.add_argument("submissions", type=Path, help="a folder, or a zip as it was downloaded")
    many.add_argument("--out", type=Path, required=True, help="folder of the results")
    many.add_argument("--pattern", default="", help='such as "{notebook}/{student}.ipynb"')
    asked = "what was to be handed in, as 03 or 03_adagrad; again for another; without it, anything"
    many.add_argument("--notebook", metavar="NAME", action="append", default=[], help=asked)
    where = many.add_mutually_exclusive_group()
    where.add_argument("--jobs", type=at_least_one, default=1, help="how many at a time")
    where.add_argument("--dask", metavar="ADDRESS", help="grade on a cluster: its scheduler")

    about = "Run the hidden tests on a notebook of your own."
    command("check", "commands.check", about, how).add_argument("notebook", type=Path)
    grade = command("grade", "commands.grade", "Grade the submissions of a class.", many, how)
    about = "class list: CSV with student and id, or one of Canvas's or Moodle's"
    grade.add_argument("--roster", type=Path, help=about)
    about = f"late days and marks by hand: CSV with {', '.join(results.LATE + results.MORE)}"
    grade.add_argument("--late", type=Path, help=about)
    grade.add_argument("--course", type=Path, help="what late days cost: TOML with [late]")
    by_hand = f"CSV with {', '.join(project.COLUMNS)}; made if there is none"
    grade.add_argument("--project", type=Path, help=by_hand)
    grade.add_argument("--key", type=Path, help="CSV to be made: --project then names codes")
    grade.add_argument("--canvas", type=Path, help="gradebook of Canvas, to fill in")
    grade.add_argument("--moodle", type=Path, help="grading worksheet of Moodle, to fill in")
    about = "Grade one task again, whose hidden test was mended."
    command("regrade", "commands.again", about, many).add_argument("--task", required=True)
    about = "Write the students' bundle, as a folder and as a zip."
    bundle = command("release", "release.run", about)
    bundle.add_argument("out", type=Path, help="folder of the bundle")
    bundle.add_argument("--site", action="store_true", help="and a website that runs them")
    about = "Write a course directory for nbgrader."
    course = command("export-nbgrader", "exporting.run", about, tests)
    course.add_argument("out", type=Path, help="folder of the course, new or empty")
    command("doctor", "doctor.run", "Say what confinement this machine offers.")
    return main


def later(module: str, function: str) -> Callable[[argparse.Namespace], int]:
    """Return a function that is imported when it is called: most can be on Linux alone."""

    def run(options: argparse.Namespace) -> int:
        if sys.platform != "linux" and module not in ANYWHERE:
            raise Stop(NO_LINUX)
        status: int = getattr(import_module(f"grader.{module}"), function)(options)
        return status

    return run


def at_least_one(text: str) -> int:
    """Return a whole number that is not 0 or less."""
    if (number := int(text)) < 1:
        raise argparse.ArgumentTypeError("it is 1 or more")
    return number


def command() -> NoReturn:
    """Run what the command line asks for, and end."""
    status = main()
    sys.stdout.flush()
    # A run that was stopped does not wait for threads whose notebooks are half graded.
    os._exit(status)


if __name__ == "__main__":
    command()
