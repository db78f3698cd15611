"""The pages: feedback/NAME.html for each student, and report.html for who teaches the class.

A page is one file without scripts or anything from elsewhere, and forbids both in its head. The
templates escape every text; only `marked_up` makes markup, of backticks in what it has escaped.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import fmean, median
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from course_lib.feedback import marked_up
from grader.journal import NOT_GRADED, Mark, Row
from grader.results import Changes, Students, save, students
from grader.roster import handed_in

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["marked_up"] = lambda text: Markup(marked_up(text))


def write(rows: Iterable[Row], folder: Path, changes: Changes) -> None:
    """Write a page for each student, and the report."""
    known = students(rows, changes)
    feedback, report = map(TEMPLATES.get_template, ("feedback.html", "report.html"))
    for who, own in known.items():
        save(folder / page_name(*who), feedback.render(rows=own))
    save(folder / "report.html", report.render(summary(known)))


def page_name(student: str, number: str) -> str:
    """Return the path of a student's page. Two names that look alike keep apart by their digest."""
    digest = hashlib.sha256(f"{student}\0{number}".encode(errors="replace")).hexdigest()[:8]
    letters = re.sub(r"[\W_]+", "_", student)[:40].strip("_")
    return f"feedback/{letters}_{digest}.html"


def summary(students: Students) -> dict[str, Any]:
    """Return what the report says of a class."""
    rows = [row for own in students.values() for row in own if handed_in(row)]
    marks = [mark for row in rows for mark in row["tasks"] if mark["state"] != NOT_GRADED]
    shares = []
    for own in students.values():
        counts = [row["counts"] for row in own if row["counts"] is not None]
        worth = sum(row["worth"] for row in own)
        if worth and len(counts) == len(own):
            shares.append(100 * sum(counts) / worth)
    # An override may give more than all points, or less than none.
    tenths = Counter(min(max(int(share // 10), 0), 9) for share in shares)
    return {
        "students": {page_name(*who): own for who, own in students.items()},
        "rows": rows,
        "notebooks": sorted({row["notebook"] for row in rows} - {""}),
        "failures": [(row, why) for row in rows for why in failures(row)],
        "shares": shares,
        "median": median(shares) if shares else None,
        "counts": [tenths[tenth] for tenth in range(10)],
        "tasks": hardest(marks),
        # Only a finding of the catalogue says where to read.
        "misconceptions": Counter(
            (mark["task"], mark["finding"]["headline"])
            for mark in marks
            if mark["finding"] and mark["finding"]["read"]
        ).most_common(),
    }


def failures(row: Row) -> list[str]:
    """Return why a notebook, or tasks of it, could not be graded."""
    whys = {mark["reason"] for mark in row["tasks"] if mark["state"] == NOT_GRADED}
    return sorted({*whys, row["failed"]} - {""})


def hardest(marks: list[Mark]) -> list[dict[str, Any]]:
    """Return how the class did in each task, the hardest first."""
    tasks: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        tasks[mark["task"]].append(mark)
    found = [
        {
            "task": task,
            "share": 100 * fmean((mark["points"] or 0) / mark["of"] for mark in own),
            "all": len(own),
            "full": sum(mark["points"] == mark["of"] for mark in own),
            "none": sum(mark["points"] == 0 for mark in own),
        }
        for task, own in tasks.items()
    ]
    return sorted(found, key=lambda line: line["share"])
