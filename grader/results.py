"""The tables: grades.csv, one row a student and task, and gradebook.csv, one row a student.

Late days and overrides come from a CSV that the instructor may give:

    student,notebook,late_days,points
    Ada Lovelace,03_adagrad,2,
    Alan Turing,03_adagrad,,12

`student` is the name or the id of the gradebook. `points` replaces the points of the notebook.
"""

import csv
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import Stop
from grader.journal import NOT_GRADED, Row

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would compute what begins so
LATE = ("student", "notebook", "late_days", "points")


@dataclass(frozen=True)
class Change:
    """What an instructor notes of a student's notebook."""

    late_days: float = 0
    points: float | None = None


Changes = dict[tuple[str, str], Change]


def changes(file: Path | None) -> Changes:
    """Read the table of late days and overrides."""
    if not file:
        return {}
    found: Changes = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            table = csv.DictReader(lines)
            if missing := set(LATE) - set(table.fieldnames or ()):
                raise ValueError(f"there is no column {missing.pop()}")
            for row in table:
                student, notebook, days, points = ((row[name] or "").strip() for name in LATE)
                found[student, notebook] = Change(
                    float(days or 0), float(points) if points else None
                )
    except (OSError, ValueError, csv.Error) as error:
        raise Stop(
            f"{file} cannot be used ({error}); its columns are {', '.join(LATE)}."
        ) from error
    return found


def change_of(row: Row, changes: Changes) -> Change:
    """Return what is noted of a row's student, by name or id."""
    names = (row["student"], row["id"])
    return next(
        (changes[n, row["notebook"]] for n in names if (n, row["notebook"]) in changes), Change()
    )


def points_of(row: Row, change: Change) -> float | None:
    """Return the points of a notebook: the override, or the sum unless a task has none."""
    if change.points is not None:
        return change.points
    points = [task["points"] for task in row["tasks"]]
    return None if None in points or not points else sum(points)


def write(rows: Iterable[Row], folder: Path, changes: Changes) -> None:
    """Write both tables."""
    rows = sorted(rows, key=lambda row: (row["student"], row["id"], row["notebook"]))
    table(folder / "grades.csv", grades(rows))
    table(folder / "gradebook.csv", gradebook(rows, changes))


def grades(rows: list[Row]) -> Iterable[list[Any]]:
    """Yield the lines of grades.csv."""
    yield ["student", "id", "notebook", "task", "points", "of", "state", "reason", "file"]
    for row in rows:
        about = row["student"], row["id"], row["notebook"]
        for task in row["tasks"] or [
            {"task": "", "points": None, "of": "", "state": NOT_GRADED, "reason": row["failed"]}
        ]:
            yield [
                *about,
                task["task"],
                blank(task["points"]),
                task["of"],
                task["state"],
                task["reason"],
                row["file"],
            ]


def gradebook(rows: list[Row], changes: Changes) -> Iterable[list[Any]]:
    """Yield the lines of gradebook.csv. A notebook that could not be graded has an empty cell."""
    notebooks = sorted({row["notebook"] for row in rows if row["notebook"]})
    yield ["student", "id", *notebooks, "total", "late days", "overridden", "could not grade"]
    students: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        students[row["student"], row["id"]].append(row)
    for (student, number), own in students.items():
        noted = {row["notebook"]: change_of(row, changes) for row in own}
        points = {row["notebook"]: points_of(row, noted[row["notebook"]]) for row in own}
        late = {
            name: f"{change.late_days:g} {name}"
            for name, change in noted.items()
            if change.late_days
        }
        yield [
            student,
            number,
            *(blank(points.get(name)) for name in notebooks),
            sum(filter(None, points.values())),
            "; ".join(late.values()),
            "; ".join(name for name, change in noted.items() if change.points is not None),
            "; ".join(
                name or own_file
                for name, own_file in ((row["notebook"], row["file"]) for row in own)
                if points[name] is None
            ),
        ]


def blank(points: float | None) -> float | str:
    """Return what a table shows: no points are not 0 points."""
    return "" if points is None else points


def table(file: Path, lines: Iterable[list[Any]]) -> None:
    """Write a table whole or not at all."""
    beside = file.with_suffix(".part")
    try:
        # With its mark Excel reads UTF-8, and every other program skips it.
        with beside.open("w", encoding="utf-8-sig", newline="") as out:
            csv.writer(out).writerows([safe(value) for value in line] for line in lines)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    except OSError as error:
        raise Stop(
            f"{file} cannot be written: {error.strerror}. The journal has every mark; the same"
            " command writes the tables when there is room."
        ) from error


def safe(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
