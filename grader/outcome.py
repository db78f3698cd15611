"""What an instructor brings to a run beside the submissions, and all that is written of a class."""

import argparse
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from grader import Stop, canvas, course, moodle, pages, project, results, roster
from grader.journal import Row
from grader.layouts import notebooks
from grader.results import Changes, save
from grader.roster import Roster

USED = "used.json"  # what a run was given, for the next one
LASTING = ("roster", "late", "course", "project", "notebook")
NONE = "none"


@dataclass
class Given:
    """The instructor's tables."""

    roster: Roster
    changes: Changes
    project: Path | None
    key: Path | None
    canvas: canvas.Export | None
    moodle: moodle.Worksheet | None
    by_hand: list[Row] = field(default_factory=list)

    def check(self, rows: Iterable[Row], seed: int) -> None:
        """Raise Stop where a table does not fit those who handed in, before they are graded."""
        placed = self.placed(rows)
        self.by_hand = project.rows(self.project, placed, seed, self.key)
        results.students([*placed, *self.by_hand], self.changes)

    def placed(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows of the class: by the roster, and with what was not handed in."""
        given = {notebook for _, notebook in self.changes} & notebooks().keys()
        if self.moodle and not self.roster.of_moodle:
            listed = roster.lines(self.moodle.head, self.moodle.lines)
            rows = roster.by_worksheet(rows, Roster(tuple(listed), of_moodle=True), self.roster)
        return roster.placed(rows, self.roster, given)

    def write(self, graded: list[Row], folder: Path) -> list[Row]:
        """Write all tables and pages; return what they are made of."""
        rows = self.placed(graded) + self.by_hand
        results.write(rows, folder, self.changes)
        pages.write(rows, folder, self.changes)
        known = results.students(rows, self.changes)
        clear(folder, {folder / pages.page_name(*who) for who in known})
        if self.canvas:
            canvas.write(known, self.canvas, self.roster, folder)
        if self.moodle:
            moodle.write(known, self.moodle, self.roster, folder)
        moodle.write_gradebook(known, self.roster, folder)
        if others := roster.unlisted(graded, self.roster):
            print(f"Not on the class list, and kept: {', '.join(others)}.")
        return rows


def clear(folder: Path, written: set[Path]) -> None:
    """Take away the pages of earlier runs, of those who are not there any more."""
    for page in (folder / "feedback").iterdir():
        if page not in written and re.fullmatch(r".*_[0-9a-f]{32}\.html", page.name):
            try:
                page.unlink()
            except OSError as error:
                raise Stop(f"{page} cannot be taken away: {error.strerror}.") from error


def remember(options: argparse.Namespace) -> None:
    """Fill in what an earlier run into the same folder was given and this one is not.

    A mark by hand or a late day would be gone without a word. A name of nothing takes one away.
    """
    file = options.out / USED
    try:
        used = json.loads(file.read_text("utf-8")) if file.exists() else {}
        before = {name: used[name] for name in LASTING if used.get(name)}
    except (OSError, ValueError, AttributeError) as error:
        raise Stop(f"{file} cannot be read: move it away.") from error
    for name, value in before.items():
        if not getattr(options, name):
            setattr(options, name, value if isinstance(value, list) else Path(value))
            print(f"As before: --{name} {' '.join(value) if isinstance(value, list) else value}")
    for name in LASTING:
        if getattr(options, name) in (Path(NONE), [NONE]):
            setattr(options, name, [] if name == "notebook" else None)


def remembered(options: argparse.Namespace) -> None:
    """Keep for the next run what this one was given."""
    used = {name: value for name in LASTING if (value := getattr(options, name))}
    as_text = {name: v if isinstance(v, list) else str(v.resolve()) for name, v in used.items()}
    save(options.out / USED, json.dumps(as_text, indent=1))


def read(options: argparse.Namespace) -> Given:
    """Read the tables; raise Stop if one cannot be used."""
    return Given(
        roster.read(options.roster),
        results.changes(options.late, course.read(options.course)),
        options.project,
        options.key,
        canvas.read(options.canvas) if options.canvas else None,
        moodle.read(options.moodle) if options.moodle else None,
    )
