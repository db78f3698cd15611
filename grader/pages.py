"""The pages: feedback/NAME.html for each student, and report.html for who teaches the class.

A page is one file without scripts or anything from elsewhere, and forbids both in its head. The
templates escape every text; only `marked_up` and `breakable` make markup, in what is escaped.
"""

import hashlib
import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path, PurePosixPath
from statistics import fmean, median
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from course_lib.feedback import marked_up
from course_lib.feedback.diagnosis import not_written
from grader import similarity
from grader.journal import NOT_GRADED, Mark, Row, key
from grader.layouts import named
from grader.project import NOT_MARKED, NOTEBOOK
from grader.results import Changes, Noted, Students, save, students
from grader.roster import BEARS, handed_in

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["page"] = lambda row: page_name(row["student"], row["id"])
TEMPLATES.filters["marked_up"] = lambda text: Markup(marked_up(text))
TEMPLATES.filters["breakable"] = lambda text: Markup(
    re.sub(r"[_./-]", r"\g<0><wbr>", html.escape(text))
)
TEMPLATES.filters["name"] = lambda file: PurePosixPath(file).name
TEMPLATES.tests["handed_in"] = handed_in
TEMPLATES.tests["project"] = lambda row: row["notebook"] == NOTEBOOK
TEMPLATES.tests["unmarked"] = lambda row: is_unmarked(row)

# How the grader says what a teacher can do something about.
STOPPED, MISSING, CLAIMED = "Code cell", "there is no function", "claim this"


def write(rows: Iterable[Row], folder: Path, changes: Changes) -> None:
    """Write a page for each student, and the report."""
    known = students(rows, changes)
    feedback, report = map(TEMPLATES.get_template, ("feedback.html", "report.html"))
    for who, own in known.items():
        save(folder / page_name(*who), feedback.render(rows=own))
    save(folder / "report.html", report.render(summary(known)))


def page_name(student: str, number: str) -> str:
    """Return the path of a student's page. Two names that look alike keep apart by their digest."""
    digest = hashlib.sha256(f"{student}\0{number}".encode(errors="replace")).hexdigest()[:32]
    letters = re.sub(r"[\W_]+", "_", student)[:40].strip("_")
    return f"feedback/{letters}_{digest}.html"


def summary(students: Students) -> dict[str, Any]:
    """Return what the report says of a class."""
    rows = [row for own in students.values() for row in own if handed_in(row)]
    marks = [mark for row in rows for mark in row["tasks"] if mark["state"] != NOT_GRADED]
    shares = []
    for known in students.values():
        own = [row for row in known if not is_unmarked(row)]
        counts = [row["counts"] for row in own if row["counts"] is not None]
        worth = sum(row["worth"] for row in own)
        if worth and len(counts) == len(own):
            shares.append(100 * sum(counts) / worth)
    # An override may give more than all points, or less than none.
    tenths = Counter(min(max(int(share // 10), 0), 9) for share in shares)
    zeros = [([row], *cause(row)) for row in rows if is_zero(row)]
    asked = [([row], *why) for row in rows for why in questions(row)]
    lost = [([row], why, to_do(row, why)) for row in rows for why in failures(row)]
    hints = [(hint.rows, *likeness(hint)) for hint in similarity.hints(rows)]
    needing = {key(row) for own, *_ in chain(zeros, asked, lost, hints) for row in own}
    return {
        "students": {page_name(*who): own for who, own in students.items()},
        "rows": rows,
        "notebooks": sorted({row["notebook"] for row in rows} - {""}),
        "needing": len(needing),
        "needed_by": len({who[:2] for who in needing}),
        "zeros": zeros,
        "questions": asked,
        "failures": lost,
        "hints": hints,
        "unmarked": sum(map(is_unmarked, rows)),
        "shares": shares,
        "median": median(shares) if shares else None,
        "counts": [tenths[tenth] for tenth in range(10)],
        "by_notebook": by_notebook(rows),
        "tasks": hardest(marks),
        "graded": Counter(mark["task"] for mark in marks),
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
    return sorted({*whys, row["failed"]} - {"", NOT_MARKED})


def to_do(row: Row, why: str) -> str:
    """Return what helps where something could not be graded."""
    if row["again"]:
        return "Give the same command once more; this was hardly the student’s fault."
    if CLAIMED in why:
        return "Rename one file or take it away, and give the same command again."
    return "Ask for the right file, or give the points by hand."


def is_unmarked(row: Noted) -> bool:
    """Whether it is a project that nobody has marked in full."""
    return row["counts"] is None and any(mark["reason"] == NOT_MARKED for mark in row["tasks"])


def is_zero(row: Noted) -> bool:
    """Whether a notebook was read and has no point at all, and nobody has decided that it has."""
    graded = bool(row["sha256"] and row["tasks"]) and not row["by_hand"]
    return graded and all(mark["points"] == 0 for mark in row["tasks"])


def cause(row: Row) -> tuple[str, str]:
    """Return the likely reason why a notebook has no point at all, and what to do."""
    reasons = Counter(mark["reason"] for mark in row["tasks"])
    if set(reasons) == {not_written().headline}:
        return "no task is written", "Ask whether another file was meant: this is the exercise."
    if all(reason.startswith(MISSING) for reason in reasons):
        do = "Look whether it is another notebook, or its functions have other names."
        return "no function of its tasks is there", do
    if stopped := [note.rstrip(".") for note in row["notes"] if note.startswith(STOPPED)]:
        return stopped[0], "Look at this cell: what is lost by it alone, give back by hand."
    [(reason, count)] = reasons.most_common(1)
    why = f"{reason} (in {count} of {len(row['tasks'])} tasks)"
    return why, "Read it: one mistake that all tasks share may cost all of them."


def questions(row: Row) -> Iterator[tuple[str, str]]:
    """Yield what a person has to answer about a notebook that has points, and what to do."""
    reasons = [mark["reason"] for mark in row["tasks"]]
    absent = [reason for reason in reasons if reason.startswith(MISSING)]
    if absent and any(mark["points"] for mark in row["tasks"]):
        yield ", ".join(absent), "Look whether it has another name there, or stands in a text cell."
    place = named(str(PurePosixPath(row["file"]).parent))
    if place not in ("", row["notebook"]):
        asked = f"it lay where {place} was to be handed in"
        yield asked, "Look whether this was meant, and what there is for the other notebook."
    for note in row["notes"]:
        if note.startswith(BEARS):
            yield note.rstrip("."), "Ask whose work it is."


def likeness(hint: similarity.Hint) -> tuple[str, str]:
    """Return what hand-ins have in common, and what to do."""
    where = ", ".join(f"`{task}`" for task in hint.tasks)
    if len({row["sha256"] for row in hint.rows}) == 1:
        why = "the same file, byte by byte" + f", with {where}" * bool(where)
        return why, "Ask each how the file was made."
    why = f"{100 * hint.share:.0f} % of what is rare in the class" + f": {where}" * bool(where)
    return why, "Lay the files side by side, and talk with both before you judge."


def by_notebook(rows: list[Noted]) -> list[dict[str, Any]]:
    """Return how the class did in each notebook, in the order of the course."""
    found = []
    for notebook in sorted({row["notebook"] for row in rows} - {""}):
        own = [row for row in rows if row["notebook"] == notebook]
        graded = [(row["counts"], row["worth"]) for row in own if row["counts"] is not None]
        shares = [100 * counts / worth for counts, worth in graded if worth]
        found.append(
            {
                "notebook": notebook,
                "all": len(own),
                "mean": fmean(shares) if shares else None,
                "median": median(shares) if shares else None,
                "full": sum(counts >= worth for counts, worth in graded),
                "none": sum(counts <= 0 for counts, _ in graded),
                "lost": len(own) - len(graded),
            }
        )
    return found


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
