"""The results of a class: what tables and pages show of a student, and the two tables.

grades.csv has one row a student and task, gradebook.csv one row a student. Late days and
overrides come from a CSV that the instructor may give:

    student,notebook,late_days,points
    Ada Lovelace,03_adagrad,2,
    Alan Turing,03_adagrad,,12

`student` is the name or the id of the gradebook, and of one student only. `points` replaces the
points of the notebook.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from grader import Stop
from grader.journal import NOT_GRADED, Row

# A spreadsheet would compute what begins so; a Japanese one reads wide signs too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LATE = ("student", "notebook", "late_days", "points")
GRADES = (
    "student",
    "id",
    "notebook",
    "task",
    "points",
    "of",
    "state",
    "reason",
    "file",
    "dated",
    "sha256",
)


class Change(NamedTuple):
    """What an instructor notes of a student's notebook."""

    late_days: float = 0
    points: float | None = None


Changes = dict[tuple[str, str], Change]


class Noted(Row):
    """A row with what an instructor noted, and the points that come of both."""

    late_days: float
    by_hand: bool
    reached: int | None
    counts: float | None
    worth: int


Who = tuple[str, str]  # a student's name and id
Students = dict[Who, list[Noted]]
Line = dict[str, Any]  # of a table


def changes(file: Path | None) -> Changes:
    """Read the table of late days and overrides."""
    if not file:
        return {}
    try:
        return {
            (student, notebook): Change(float(days or 0), float(points) if points else None)
            for student, notebook, days, points in cells(file, LATE)
        }
    except (OSError, ValueError, csv.Error) as error:
        raise Stop(
            f"{file} cannot be used ({error}); its columns are {', '.join(LATE)}."
        ) from error


def cells(file: Path, columns: tuple[str, ...]) -> list[list[str]]:
    """Return the cells of a table in these columns, row by row; ValueError if one is missing."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines)
        if missing := set(columns) - set(table.fieldnames or ()):
            raise ValueError(f"there is no column {min(missing)}")
        return [[meant((row[name] or "").strip()) for name in columns] for row in table]


def students(rows: Iterable[Row], changes: Changes) -> Students:
    """Return the rows of each student, by name and id, with what counts and what was noted."""

    def who(row: Row) -> Who:
        return row["student"], row["id"]

    ordered = sorted(rows, key=lambda row: (*who(row), row["notebook"]))
    known = {who(row) for row in ordered}
    for name in sorted({name for name, _ in changes}):
        try:
            only(name, known)
        except ValueError as error:
            raise Stop(f"The table of late days cannot be used: {error}.") from error
    return {one: [noted(row, changes) for row in own] for one, own in groupby(ordered, who)}


def only(name: str, known: Iterable[Who]) -> Who | None:
    """Return the student of a name or id, None if there is none; ValueError if there are two."""
    found = sorted(one for one in known if name and name in one)
    if len(found) < 2:
        return found[0] if found else None
    both = " and ".join(f"{student} ({number})" if number else student for student, number in found)
    if all(student == name for student, _ in found):
        raise ValueError(f"of {name} there are two and it needs the id: {both}")
    raise ValueError(f"{name} is the name or id of two students: {both}")


def noted(row: Row, changes: Changes) -> Noted:
    """Return a row with its points: the sum unless a task has none, and what replaces it."""
    names = ((row[by], row["notebook"]) for by in ("student", "id"))
    change = next((changes[name] for name in names if name in changes), Change())
    points = [task["points"] for task in row["tasks"] if task["points"] is not None]
    reached = sum(points) if points and len(points) == len(row["tasks"]) else None
    by_hand = change.points is not None
    return {
        **row,
        "late_days": change.late_days,
        "by_hand": by_hand,
        "reached": reached,
        "counts": change.points if by_hand else reached,
        "worth": sum(task["of"] for task in row["tasks"]),
    }


def write(rows: Iterable[Row], folder: Path, changes: Changes) -> None:
    """Write both tables."""
    known = students(rows, changes)
    notebooks = {row["notebook"] for own in known.values() for row in own} - {""}
    about = ("total", "late days", "overridden", "could not grade")
    table(folder / "grades.csv", GRADES, grades(known))
    table(folder / "gradebook.csv", ("student", "id", *sorted(notebooks), *about), gradebook(known))


def grades(students: Students) -> Iterator[Line]:
    """Yield the lines of grades.csv."""
    for own in students.values():
        for row in own:
            lost: Line = {"task": "", "state": NOT_GRADED, "reason": row["failed"]}
            yield from ({**row, **task} for task in row["tasks"])
            if not row["tasks"]:
                yield {**row, **lost}


def gradebook(students: Students) -> Iterator[Line]:
    """Yield the lines of gradebook.csv. A notebook that could not be graded has an empty cell."""
    for (student, number), own in students.items():
        late = (f"{row['late_days']:g} {row['notebook']}" for row in own if row["late_days"])
        lost = (row["notebook"] or row["file"] for row in own if row["counts"] is None)
        yield {
            "student": student,
            "id": number,
            **{row["notebook"]: row["counts"] for row in own},
            "total": sum(row["counts"] or 0 for row in own),
            "late days": "; ".join(late),
            "overridden": "; ".join(row["notebook"] for row in own if row["by_hand"]),
            "could not grade": "; ".join(lost),
        }


def table(file: Path, head: Iterable[str], lines: Iterable[Line]) -> None:
    """Write a table with these columns."""
    text = io.StringIO(newline="")
    out = csv.DictWriter(text, list(head), extrasaction="ignore", quoting=csv.QUOTE_ALL)
    out.writeheader()
    out.writerows({name: safe(value) for name, value in line.items()} for line in lines)
    # With its mark Excel reads UTF-8, and every other program skips it.
    save(file, text.getvalue(), "utf-8-sig")


def safe(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and is_formula(value) else value


def meant(text: str) -> str:
    """Return a text from which `safe` made this one, so that a table of ours can be read again."""
    return text[1:] if text.startswith("'") and is_formula(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute a text, or one that was kept from it already."""
    return text.lstrip("'").startswith(FORMULA)


def save(file: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a file whole or not at all."""
    beside = file.with_suffix(".part")
    try:
        file.parent.mkdir(exist_ok=True)
        beside.write_text(text, encoding, errors="replace", newline="")
        beside.replace(file)
    except OSError as error:
        raise Stop(
            f"{file} cannot be written: {error.strerror}. The journal has every mark; the same"
            " command writes what is missing when there is room."
        ) from error
