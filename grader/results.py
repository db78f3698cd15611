"""The results of a class: what tables and pages show of a student, and the two tables.

grades.csv has one row a student and task, gradebook.csv one row a student. Late days and marks by
hand come from a CSV that the instructor may give:

    student,notebook,task,late_days,points,reason,comment
    Ada Lovelace,03_adagrad,,2,,,
    Alan Turing,03_adagrad,,,12,"shown in the exercise class",
    Alan Turing,05_adam,adam_step,,4,"right but for a sign","Look at the bias again."

`student` is the name or the id of the gradebook, and of one student only. `points` replaces the
points of the notebook, or of one task of it. `task`, `reason` and `comment` may be missing.
"""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from course_lib import feedback
from grader import Stop
from grader.course import FREE, Late
from grader.journal import NOT_GRADED, SCORED, ZERO, Mark, Row
from grader.layouts import notebooks

# A spreadsheet would compute what begins so; a Japanese one reads wide signs too. Where a comma is
# part of numbers a semicolon begins a cell, quoted or not.
BEGIN, SIGN = r"(?:\A|(?<=[;\t\r\n]))", r"(?='*[=+\-@\t\r\n＝＋－＠])"
FORMULA, KEPT = re.compile(BEGIN + SIGN), re.compile(f"{BEGIN}'{SIGN}")
LATE = ("student", "notebook", "late_days", "points")
MORE = ("task", "reason", "comment")  # columns that it may have
GRADES = (
    *("student", "id", "notebook", "task", "points", "of", "state", "reason"),
    *("file", "dated", "sha256"),
)
ABOUT = ("total", "late days", "taken", "overridden", "could not grade")


@dataclass(frozen=True)
class Change:
    """What an instructor notes of a student's notebook."""

    late_days: float = 0
    points: float | None = None
    reason: str = ""
    comment: str = ""
    tasks: dict[str, "Change"] = field(default_factory=dict)
    policy: Late = FREE


Changes = dict[tuple[str, str], Change]


class Noted(Row):
    """A row with what an instructor noted, and the points that come of both."""

    late_days: float
    by_hand: bool  # the points of the notebook, or of a task
    reached: float | None
    taken: float  # for late days
    counts: float | None
    worth: int
    remarks: list[str]
    comments: list[str]  # of the instructor


Who = tuple[str, str]  # a student's name and id
Students = dict[Who, list[Noted]]
Line = dict[str, Any]  # of a table


def changes(file: Path | None, policy: Late = FREE) -> Changes:
    """Read the table of late days and marks by hand."""
    if not file:
        return {}
    found: dict[tuple[str, str], dict[str, Change]] = {}
    try:
        for student, notebook, days, points, task, reason, comment in cells(file, LATE, MORE):
            own = found.setdefault((student, whole_name(notebook)), {})
            if task in own:
                raise ValueError(f"{', '.join(filter(None, (student, notebook, task)))} is twice")
            got = amount(points) if points else None
            own[task] = Change(amount(days or "0"), got, reason, comment)
        return {name: together(name[1], own, policy) for name, own in found.items()}
    except (OSError, ValueError, csv.Error) as error:
        raise Stop(
            f"{file} cannot be used ({error}); its columns are {', '.join(LATE)}"
            f" and, if you like, {', '.join(MORE)}."
        ) from error


def whole_name(part: str) -> str:
    """Return the notebook whose name begins so, or the text as it is."""
    names = [name for name in notebooks() if part and name.startswith(part)]
    return names[0] if len(names) == 1 else part


def together(notebook: str, tasks: dict[str, Change], policy: Late) -> Change:
    """Return what is noted of a notebook as a whole, with what is noted of its tasks."""
    whole = tasks.pop("", Change())
    for task, change in tasks.items():
        if feedback.tasks().get(task, {}).get("notebook") != notebook:
            raise ValueError(f"{notebook} has no task {task}")
        if change.late_days:
            raise ValueError(f"late days are of {notebook}, not of {task}")
    if whole.late_days < 0:
        raise ValueError(f"{whole.late_days:g} are no late days")
    return replace(whole, tasks=tasks, policy=policy)


def amount(text: str) -> float:
    """Return a number; ValueError for what is none, or without an end."""
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(f"{text} is no number of points or days")
    return number


def cells(file: Path, columns: tuple[str, ...], more: tuple[str, ...] = ()) -> list[list[str]]:
    """Return the cells of a table in these columns, row by row; ValueError if one is missing.

    Of `more` columns that the table does not have, the cells are empty.
    """
    head, lines = sheet(file)
    if missing := set(columns) - set(head):
        raise ValueError(f"there is no column {min(missing)}")
    rows = (dict(zip(head, line, strict=False)) for line in lines)
    return [[meant(row.get(name, "").strip()) for name in (*columns, *more)] for row in rows]


def sheet(file: Path) -> tuple[list[str], list[list[str]]]:
    """Return the head and the lines of a table, with commas or semicolons; all are as long."""
    text = file.read_bytes().decode("utf-8-sig")  # a cell may have line ends of its own
    both = (list(csv.reader(io.StringIO(text, newline=""), delimiter=mark)) for mark in ",;")
    head, *lines = max(both, key=lambda table: len(table[0]) if table else 0) or [[]]
    if not head:
        raise ValueError("it is empty")
    return head, [(line + [""] * len(head))[: len(head)] for line in lines if any(line)]


def save_sheet(file: Path, lines: Iterable[list[str]]) -> None:
    """Write a table for a system that finds its lines by what was exported: no cell is changed."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    save(file, text.getvalue())


def scale(most: str, worth: float) -> float:
    """Return what a point counts in a system that gives so many in all; 1 if it does not say."""
    return (number(most) or worth) / worth if worth else 1.0


def number(text: str) -> float | None:
    """Return the number in a system's cell, with a point or a comma; None if there is none."""
    try:
        return amount(text)
    except ValueError:
        return None


def shown(points: float) -> str:
    """Return points with as many digits as a system keeps."""
    return f"{points:.2f}".rstrip("0").rstrip(".")


def students(rows: Iterable[Row], changes: Changes) -> Students:
    """Return the rows of each student, by name and id, with what counts and what was noted."""

    def who(row: Row) -> Who:
        return row["student"], row["id"]

    ordered = sorted(rows, key=lambda row: (*who(row), row["notebook"]))
    try:
        meant_for = resolved(changes, {(who(row), row["notebook"]) for row in ordered})
    except ValueError as error:
        raise Stop(f"The table of late days and marks cannot be used: {error}.") from error
    return {
        one: [noted(row, meant_for.get((one, row["notebook"]), Change())) for row in own]
        for one, own in groupby(ordered, who)
    }


def resolved(changes: Changes, known: set[tuple[Who, str]]) -> dict[tuple[Who, str], Change]:
    """Return the changes by student; ValueError for one of whom or of which there is nothing."""
    everyone = {who for who, _ in known}
    found: dict[tuple[Who, str], Change] = {}
    unknown = []
    for (name, notebook), change in sorted(changes.items(), key=lambda item: item[0]):
        who = only(name, everyone)
        if not who or (who, notebook) not in known:
            unknown.append(f"{name}, {notebook}")
        elif (who, notebook) in found:
            raise ValueError(f"{name} is there with another name too, for {notebook}")
        else:
            found[who, notebook] = change
    if unknown:
        raise ValueError(f"it names what there is not: {'; '.join(unknown)}")
    return found


def only(name: str, known: Iterable[Who]) -> Who | None:
    """Return the student of a name or id, None if there is none; ValueError if there are two."""
    found = sorted(one for one in known if name and name in one)
    if len(found) < 2:
        return found[0] if found else None
    both = " and ".join(f"{student} ({number})" if number else student for student, number in found)
    if all(student == name for student, _ in found):
        raise ValueError(f"of {name} there are two and it needs the id: {both}")
    raise ValueError(f"{name} is the name or id of two students: {both}")


def noted(row: Row, change: Change) -> Noted:
    """Return a row with its points: the sum unless a task has none, and what replaces it.

    Late days take of what the grader found. Points that a person gave stay as they are.
    """
    given = {name: task for name, task in change.tasks.items() if task.points is not None}
    tasks = [by_hand(task, given.get(task["task"])) for task in row["tasks"]]
    reached = total(task["points"] for task in tasks)
    found = total(task["points"] for task in tasks if task["task"] not in given)
    taken = 0.0
    if found and reached is not None and change.points is None:
        taken = round(found * change.policy.loss(change.late_days) / 100, 2)
    left = round(reached - taken, 2) if taken and reached is not None else reached
    comments = [f"{name}: {task.comment}" for name, task in change.tasks.items() if task.comment]
    about: Noted = {
        **row,
        "tasks": tasks,
        "failed": "" if given else row["failed"],
        "late_days": change.late_days,
        "by_hand": change.points is not None or bool(given),
        "reached": reached,
        "taken": taken,
        "counts": left if change.points is None else change.points,
        "worth": sum(task["of"] for task in tasks),
        "remarks": [],
        "comments": [*filter(None, [change.comment]), *comments],
    }
    return about | {"remarks": list(remarks(about, change))}


def remarks(row: Noted, change: Change) -> Iterator[str]:
    """Yield what a student reads of how the points came about."""
    if change.late_days:
        yield change.policy.why(change.late_days)
    if row["taken"]:
        yield f"{row['taken']:g} of the {row['reached']:g} points reached are taken"
    if change.points is not None:
        reached = row["reached"]
        found = "could not be graded" if reached is None else f"{reached:g} of {row['worth']}"
        yield f"set by hand; the grader found {found}"
    elif row["by_hand"]:
        yield "set by hand in part"
    if change.reason:
        yield change.reason


def by_hand(mark: Mark, change: Change | None) -> Mark:
    """Return a task's mark, or the one that a person gives instead."""
    if not change or change.points is None:
        return mark
    found = "could not grade it" if mark["points"] is None else f"found {mark['points']}"
    why = f"set by hand; the grader {found}"
    return {
        **mark,
        "points": int(change.points) if change.points.is_integer() else change.points,
        "state": SCORED if change.points else ZERO,
        "reason": f"{change.reason} ({why})" if change.reason else why,
        "missed": [],
        "finding": None,
    }


def total(points: Iterable[float | None]) -> float | None:
    """Return the sum, None if one of them is or if there are none."""
    known = list(points)
    return sum(each or 0 for each in known) if known and None not in known else None


def write(rows: Iterable[Row], folder: Path, changes: Changes) -> None:
    """Write both tables."""
    known = students(rows, changes)
    notebooks = {row["notebook"] for own in known.values() for row in own} - {""}
    table(folder / "grades.csv", GRADES, grades(known))
    table(folder / "gradebook.csv", ("student", "id", *sorted(notebooks), *ABOUT), gradebook(known))


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
        taken = (f"{row['notebook']}: {'; '.join(row['remarks'])}" for row in own if row["taken"])
        lost = (row["notebook"] or row["file"] for row in own if row["counts"] is None)
        yield {
            "student": student,
            "id": number,
            **{row["notebook"]: as_text(row["counts"]) for row in own},
            "total": as_text(total(row["counts"] for row in own)),
            "late days": "; ".join(late),
            "taken": ". ".join(taken),
            "overridden": "; ".join(row["notebook"] for row in own if row["by_hand"]),
            "could not grade": "; ".join(lost),
        }


def as_text(points: float | None) -> str:
    """Return points for a table, nothing for what could not be graded."""
    return "" if points is None else shown(points)


def table(file: Path, head: Iterable[str], lines: Iterable[Line]) -> None:
    """Write a table with these columns."""
    text = io.StringIO(newline="")
    out = csv.DictWriter(text, list(head), extrasaction="ignore", quoting=csv.QUOTE_ALL)
    out.writeheader()
    out.writerows({name: safe(value) for name, value in line.items()} for line in lines)
    # With its mark Excel reads UTF-8, and every other program skips it.
    save(file, text.getvalue(), "utf-8-sig")


def safe(value: Any) -> Any:
    """Return a value that no spreadsheet takes for a formula, nor what it may take for a cell."""
    return FORMULA.sub("'", value) if isinstance(value, str) else value


def meant(text: str) -> str:
    """Return a text from which `safe` made this one, so that a table of ours can be read again."""
    return KEPT.sub("", text)


def save(file: Path, text: str, encoding: str = "utf-8") -> None:
    """Write a file whole or not at all."""
    save_bytes(file, text.encode(encoding, errors="replace"))


def save_bytes(file: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    beside = file.with_suffix(".part")
    try:
        file.parent.mkdir(exist_ok=True)
        beside.write_bytes(content)
        beside.replace(file)
    except OSError as error:
        raise Stop(
            f"{file} cannot be written: {error.strerror}. The journal has every mark; the same"
            " command writes what is missing when there is room."
        ) from error
