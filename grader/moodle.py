"""Points for Moodle: its own grading worksheet filled in, and a zip with each student's page.

The importer of worksheets (mod/assign/feedback/offline) finds a student by `Identifier`, refuses
what is older than `Last modified (grade)` and lets an empty grade change nothing; an empty comment
takes away the one that was there. The importer of feedback files (mod/assign/feedback/file) reads
a folder as name_identifier_plugin. The one of the gradebook (grade/import/csv) finds a student by
a column that the teacher chooses, gives up at the first one whom it does not know, and takes an
empty cell for no grade: hence who has something that could not be graded is not there.
"""

import csv
import re
import zipfile
from html import escape
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from grader import Stop
from grader.layouts import named
from grader.pages import page_name
from grader.project import NOTEBOOK as PROJECT
from grader.results import (
    Noted,
    Students,
    number,
    save_bytes,
    save_sheet,
    scale,
    sheet,
    shown,
    total,
)
from grader.roster import Listed, Roster, called, lines, paired
from grader.submissions import alike

FILE, ZIP, GRADEBOOK = "moodle.csv", "moodle_feedback.zip", "moodle_gradebook.csv"
IDENTIFIER, GRADE, COMMENT = "Identifier", "Grade", "Feedback comments"
MOST = "maximum grade"  # older ones write both words large
TOTAL = "total"
SIGN = "Grader: "  # our own comments begin so, and may be replaced


class Worksheet(NamedTuple):
    """A grading worksheet, which is of one assignment."""

    head: list[str]
    lines: list[list[str]]
    grade: int  # columns
    most: int
    comment: int | None
    notebook: str  # "" if it is of all together


def read(file: Path) -> Worksheet:
    """Read a worksheet; raise Stop if it is none that can be filled in."""
    try:
        head, rows = sheet(file)
        small = [name.lower() for name in head]
        for name in (IDENTIFIER, GRADE, "Last modified (grade)"):
            if name not in head:
                raise ValueError(f"there is no column {name}")
        if MOST not in small:
            raise ValueError("it has no maximum grade, but perhaps a scale")
    except (OSError, ValueError, csv.Error) as error:
        raise Stop(f"{file} cannot be filled in for Moodle: {error}.") from error
    comment = head.index(COMMENT) if COMMENT in head else None
    words = re.findall(r"[a-z]+", alike(file.stem))
    notebook = PROJECT if PROJECT in words else named(file.name)
    if not notebook and TOTAL not in words:
        raise Stop(
            f"{file} names neither a notebook nor the project: write one into its name,"
            f" or {TOTAL} if it is for all together."
        )
    return Worksheet(head, rows, head.index(GRADE), small.index(MOST), comment, notebook)


def write(students: Students, worksheet: Worksheet, roster: Roster, folder: Path) -> None:
    """Write moodle.csv and moodle_feedback.zip, and say of whom there is nothing."""
    notebooks = {row["notebook"] for own in students.values() for row in own}
    if worksheet.notebook and worksheet.notebook not in notebooks:
        print(f"{FILE} is not written: nothing was handed in for {worksheet.notebook}.")
        return
    listed = {
        at: one for at, line in enumerate(worksheet.lines) for one in lines(worksheet.head, [line])
    }
    pairs = paired(students, listed.values(), FILE, roster, True)
    what = worksheet.notebook or "all notebooks together"
    print(f"{FILE} has the points of {what}.")
    written, packed, cut = [worksheet.head], BytesIO(), []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for at, line in enumerate(worksheet.lines):
            who = pairs.get(listed[at].who) if at in listed else None
            if not who:
                written.append(line)
                continue
            points, comment = graded(students[who], worksheet, line[worksheet.most])
            written.append(filled(line, worksheet, points, comment))
            if points is not None and written[-1][worksheet.grade] != shown(points):
                cut.append(called(listed[at]))
            archive.writestr(member(listed[at]), (folder / page_name(*who)).read_bytes())
    save_sheet(folder / FILE, written)
    save_bytes(folder / ZIP, packed.getvalue())
    if cut:
        print(f"{FILE} has no more than the maximum and no less than 0 for {', '.join(cut)}.")


def graded(own: list[Noted], worksheet: Worksheet, most: str) -> tuple[float | None, str]:
    """Return a student's points, as many of the most there are, and a comment on them."""
    rows = [row for row in own if worksheet.notebook in ("", row["notebook"])]
    counts, worth = total(row["counts"] for row in rows), sum(row["worth"] for row in rows)
    if counts is None:
        return None, ""
    remarks = rows[0]["remarks"] if worksheet.notebook else []
    said = [f"{SIGN}{shown(counts)} of {worth} points", *remarks]
    return counts * scale(most, worth), escape("; ".join(said)) + "."


def filled(line: list[str], worksheet: Worksheet, points: float | None, comment: str) -> list[str]:
    """Return a line with these points and this comment, unless a person has written another."""
    if points is None:
        return line
    line = [*line]
    highest = number(line[worksheet.most])
    line[worksheet.grade] = shown(max(0.0, points if highest is None else min(points, highest)))
    at = worksheet.comment
    if at is not None and (not line[at] or line[at].startswith(SIGN)):
        line[at] = comment
    return line


def member(one: Listed) -> zipfile.ZipInfo:
    """Return where the importer looks for a student's file; with no time, for equal bytes."""
    name = re.sub(r"[\W_]+", " ", one.student).strip()
    info = zipfile.ZipInfo(f"{name}_{one.id}_assignfeedback_file/feedback.html")
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def write_gradebook(students: Students, roster: Roster, folder: Path) -> None:
    """Write moodle_gradebook.csv for those whose ID number or address the roster has."""
    keys = {"ID number": "number", "Email address": "email"}
    keys = {
        title: name
        for title, name in keys.items()
        if any(getattr(one, name) for one in roster.listed)
    }
    if not keys:
        return
    notebooks = sorted({row["notebook"] for own in students.values() for row in own} - {""})
    written, left = [[*keys, *notebooks]], []
    for one in roster.listed:
        ids = [getattr(one, name) for name in keys.values()]
        points = {row["notebook"]: row["counts"] for row in students.get(one.who, [])}
        cells = [points.get(notebook) for notebook in notebooks]
        if all(ids) and None not in cells:
            written.append(ids + [shown(cell or 0) for cell in cells])
        else:
            left.append(called(one))
    save_sheet(folder / GRADEBOOK, written)
    if left:
        print(f"{GRADEBOOK} leaves out, until all of it is known: {', '.join(left)}.")
