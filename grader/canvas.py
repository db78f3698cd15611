"""Points for Canvas: its own gradebook export with the points of the notebooks filled in.

Canvas's importer (lib/gradebook_importer.rb) knows columns by their place as far as `Section`, an
assignment by the number at the end of its title and a student by `ID`. A column or line that is
not there changes nothing, but an empty cell takes away what was there. Hence a cell for which
there are no points stays as it was exported.
"""

import csv
import re
from pathlib import Path
from typing import NamedTuple

from grader import Stop
from grader.layouts import named
from grader.project import NOTEBOOK as PROJECT
from grader.results import Noted, Students, save_sheet, scale, sheet, shown
from grader.roster import POINTS, Roster, called, lines, paired
from grader.submissions import alike

FILE = "canvas.csv"
HEADS = ("Student", "ID"), ("LastName", "FirstName", "ID")
ASSIGNMENT = re.compile(r"(.*)\s\(\d+\)", re.S)
TOTAL = re.compile("(Current|Final) (Score|Points|Grade)|Override (Score|Grade|Status)")
READ_ONLY = re.compile(r"read\s+only")
EXCUSED, NOT_GIVEN = "EX", "N/A"


class Export(NamedTuple):
    """A gradebook as Canvas exports it."""

    head: list[str]
    lines: list[list[str]]
    leading: int  # columns as far as Section
    notebooks: dict[str, int]  # and their columns


def read(file: Path) -> Export:
    """Read an export; raise Stop if it is none, or has no column for a notebook."""
    try:
        head, lines = sheet(file)
        if "Section" not in head or not any(tuple(head[: len(each)]) == each for each in HEADS):
            raise ValueError("Canvas begins with Student and ID, and has a Section")
        leading = head.index("Section") + 1
        possible = points_row(head, lines)
        notebooks: dict[str, int] = {}
        for column, title in enumerate(head[leading:], leading):
            if (notebook := answered(title)) and not READ_ONLY.search(possible[column]):
                if notebook in notebooks:
                    raise ValueError(f"two columns are of {notebook}: take one away")
                notebooks[notebook] = column
        if not notebooks:
            raise ValueError("no assignment is named after a notebook, as 03_adagrad is")
    except (OSError, ValueError, csv.Error) as error:
        raise Stop(f"{file} cannot be filled in for Canvas: {error}.") from error
    return Export(head, lines, leading, notebooks)


def points_row(head: list[str], lines: list[list[str]]) -> list[str]:
    """Return the line that says how many points are possible, or an empty one."""
    return next((line for line in lines if POINTS in line[0]), [""] * len(head))


def answered(title: str) -> str:
    """Return the notebook of an assignment, "" for a column that is none, or of no notebook."""
    assignment = ASSIGNMENT.fullmatch(title)
    if not assignment or TOTAL.search(title):
        return ""
    return PROJECT if alike(assignment[1]) == PROJECT else named(assignment[1])


def write(students: Students, export: Export, roster: Roster, folder: Path) -> None:
    """Write canvas.csv, and say of whom there is nothing."""
    points = {(who, row["notebook"]): row for who, own in students.items() for row in own}
    graded = {notebook for _, notebook in points}
    columns = {name: at for name, at in export.notebooks.items() if name in graded}
    if not columns:
        print(f"{FILE} is not written: nothing was handed in for an assignment of the export.")
        return
    possible, first = points_row(export.head, export.lines), export.leading
    listed = {at: one for at, line in enumerate(export.lines) for one in lines(export.head, [line])}
    pairs = paired(students, listed.values(), FILE, roster, False)
    heads = [export.head, possible] if any(possible) else [export.head]
    written = [line[:first] + [line[at] for at in columns.values()] for line in heads]
    excused = []
    for at, one in listed.items():
        line, cells = export.lines[at], []
        for notebook, column in columns.items():
            row = points.get((pairs[one.who], notebook)) if one.who in pairs else None
            cells.append(filled(line[column], row, possible[column]))
            if row and line[column].upper() == EXCUSED:
                excused.append(f"{called(one)}, {notebook}")
        written.append(line[:first] + cells)
    save_sheet(folder / FILE, written)
    if excused:
        print(f"{FILE} leaves as it is what is excused: {'; '.join(excused)}.")


def filled(cell: str, row: Noted | None, possible: str) -> str:
    """Return the points of a notebook, as many of those possible; else the cell as it was."""
    if not row or row["counts"] is None or cell.upper() in (EXCUSED, NOT_GIVEN):
        return cell
    return shown(row["counts"] * scale(possible, row["worth"]))
