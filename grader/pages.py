"""The pages: feedback/NAME.html for each student, and report.html for who teaches the class.

A page is one file without scripts or anything from elsewhere. It forbids both in its head, so that
even a text that escaped `html.escape` could run nothing.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.feedback import marked_up
from grader import Stop, results
from grader.journal import NOT_GRADED, Row

Mark = dict[str, Any]
MOST = 12  # bars in a figure; the tables below it have the rest
PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
 max-width: 60rem; margin: auto; padding: 1rem }}
table {{ border-collapse: collapse; width: 100%; margin: 1rem 0 }}
caption {{ text-align: left; font-weight: bold; padding: .3rem 0 }}
th, td {{ text-align: left; vertical-align: top; padding: .3rem .6rem;
 border-bottom: 1px solid #767676 }}
th {{ font-weight: 600 }} th[scope=row] {{ min-width: 7rem }}
bdi, td:last-child, li {{ overflow-wrap: anywhere }}
td p, td ul {{ margin: 0 0 .3rem }} td ul {{ padding-left: 1.2rem }}
code {{ background: #f2f2f2 }} a {{ color: #0b57a4 }} img {{ height: auto }}
figure {{ margin: 1rem 0 }}
@media print {{ body {{ max-width: none; padding: 0 }} a {{ color: inherit }}
 tr, figure {{ break-inside: avoid }} h2, caption {{ break-after: avoid }} }}
</style>
</head>
<body>
{body}
</body>
</html>
"""


def write(rows: Iterable[Row], folder: Path, changes: results.Changes) -> None:
    """Write a page for each student, and the report."""
    students: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row["student"], row["id"], row["notebook"])):
        students[row["student"], row["id"]].append(row)
    for (student, number), own in students.items():
        page(folder / page_name(student, number), *feedback(own, changes))
    page(folder / "report.html", *report(students, changes))


def page(file: Path, title: str, body: str) -> None:
    """Write a page whole or not at all."""
    beside = file.with_suffix(".part")
    text = PAGE.format(title=escape(title), body=body)
    try:
        file.parent.mkdir(exist_ok=True)
        beside.write_text(text, encoding="utf-8", errors="replace", newline="\n")
        beside.replace(file)
    except OSError as error:
        raise Stop(
            f"{file} cannot be written: {error.strerror}. The journal has every mark; the same"
            " command writes the pages when there is room."
        ) from error


def page_name(student: str, number: str) -> str:
    """Return the path of a student's page. Two names that look alike keep apart by their digest."""
    digest = hashlib.sha256(f"{student}\0{number}".encode(errors="replace")).hexdigest()[:8]
    letters = re.sub(r"[\W_]+", "_", student)[:40].strip("_")
    return f"feedback/{letters}_{digest}.html"


# One student


def feedback(rows: list[Row], changes: results.Changes) -> tuple[str, str]:
    """Return the title and body of a student's page."""
    student, lines = rows[0]["student"], []
    head = f"<p>{name(student, rows[0]['id'])}</p>"
    for row in rows:
        change = results.change_of(row, changes)
        points = results.points_of(row, change)
        lines.append([titled(row), out_of(points, row), remarks(change, row)])
    total = sum(filter(None, (results.points_of(r, results.change_of(r, changes)) for r in rows)))
    lines.append(["Total", f"{total:g} of {worth(rows)}", ""])
    summary = table("Your points", ["Notebook", "Points", "Remarks"], lines)
    sections = "\n".join(map(section, rows))
    body = f"<header>\n<h1>Feedback</h1>\n{head}\n</header>\n<main>\n{summary}\n{sections}\n</main>"
    return f"Feedback for {student}", body


def section(row: Row) -> str:
    """Return what is said of one notebook."""
    parts = [f"<section>\n<h2>{titled(row)}</h2>"]
    if row["failed"]:
        parts.append(f"<p>It could not be graded: {marked_up(row['failed'])}.</p>")
    elif row["tasks"]:
        lines = [
            [breakable(mark["task"]), verdict(mark), points_of(mark), advice(mark)]
            for mark in row["tasks"]
        ]
        head = ["Task", "Result", "Points", "What to look at"]
        parts.append(table(f"Tasks of {titled(row)}", head, lines))
    if row["notes"]:
        parts.append(f"<h3>Noticed on the way</h3>\n{listed(row['notes'])}")
    return "\n".join([*parts, "</section>"])


def advice(mark: Mark) -> str:
    """Return what a task lacks: the first finding, then the properties that do not hold."""
    found, parts, told = mark["finding"], [], {mark["reason"]}
    if found:
        told.add(found["headline"])
        parts.append(f"<strong>{marked_up(found['headline'])}</strong>")
        parts += map(marked_up, found["details"])
        if found["read"]:
            notebook, anchor = found["read"].split("#")
            heading = escape(anchor.replace("-", " "))
            parts.append(f"Read “{heading}” in <code>notebooks/{escape(notebook)}</code>.")
    elif mark["reason"]:
        parts.append(marked_up(mark["reason"]))
    missed = [text for text in mark["missed"] if text not in told]
    said = "".join(f"<p>{part}</p>" for part in parts)
    return said + (f"<p>What the failed tests say:</p>{listed(missed)}" if missed else "")


def verdict(mark: Mark) -> str:
    """Return a task's result as a sign and in words."""
    if mark["points"] is None:
        sign, words = "?", "could not be graded"
    elif mark["points"] == mark["of"]:
        sign, words = "✓", "right"
    else:
        sign, words = ("◐", "partly right") if mark["points"] else ("✗", "not right yet")
    return f'<span aria-hidden="true">{sign}</span> {words}'


def points_of(mark: Mark) -> str:
    """Return the points of a task in words."""
    return f"{'–' if mark['points'] is None else mark['points']} of {mark['of']}"


def worth(rows: list[Row]) -> int:
    """Return how many points notebooks have to give."""
    return sum(mark["of"] for row in rows for mark in row["tasks"])


def out_of(points: float | None, row: Row) -> str:
    """Return the points of a notebook in words."""
    return "could not be graded" if points is None else f"{points:g} of {worth([row])}"


def remarks(change: results.Change, row: Row) -> str:
    """Return what an instructor noted of a notebook, in words."""
    late = f"late days: {change.late_days:g}" if change.late_days else ""
    reached = results.points_of(row, results.Change())
    by_hand = f"set by hand; the grader found {out_of(reached, row)}"
    return "; ".join(filter(None, [late, by_hand if change.points is not None else ""]))


# The class


def report(students: dict[tuple[str, str], list[Row]], changes: results.Changes) -> tuple[str, str]:
    """Return the title and body of the class report."""
    rows = [row for own in students.values() for row in own]
    marks = [mark for row in rows for mark in row["tasks"] if mark["state"] != NOT_GRADED]
    parts = [
        "<header>\n<h1>Class report</h1>\n</header>\n<main>",
        f"<p>Students: {len(students)}. Submissions: {len(rows)}.</p>",
        *failures(rows),
        *distribution(students, changes),
        *hardest(marks),
        *misconceptions(marks),
        "<h2>Students</h2>",
        directory(students, changes),
        "</main>",
    ]
    return "Class report", "\n".join(parts)


def failures(rows: list[Row]) -> list[str]:
    """Say first what an instructor must look at: what could not be graded."""
    lines = []
    for row in rows:
        whys = {m["reason"] for m in row["tasks"] if m["state"] == NOT_GRADED} | {row["failed"]}
        for why in sorted(filter(None, whys)):
            lines.append(
                [name(row["student"], row["id"]), titled(row), escape(row["file"]), marked_up(why)]
            )
    if not lines:
        return ["<p>Every submission could be graded.</p>"]
    head = ["Student", "Notebook", "File", "Why"]
    return ["<h2>Could not be graded</h2>", table("Look at these yourself", head, lines)]


def distribution(students: dict[tuple[str, str], list[Row]], changes: results.Changes) -> list[str]:
    """Show how many students reached which share of the points of what they handed in."""
    shares = []
    for own in students.values():
        points = [results.points_of(row, results.change_of(row, changes)) for row in own]
        known = [p for p in points if p is not None]
        if len(known) == len(points) and worth(own):
            shares.append(100 * sum(known) / worth(own))
    if not shares:
        return []
    counts, _ = np.histogram(np.clip(shares, 0, 100), bins=10, range=(0, 100))
    alt = (
        f"Histogram of the class ({len(shares)}): the median is {np.median(shares):.0f} % of the"
        f" points; {counts[-1]} reached 90 % or more, {sum(counts[:5])} less than 50 %."
    )

    def draw(ax: Any) -> None:
        ax.bar(np.arange(5, 100, 10), counts, width=9, color="#0072B2")
        ax.bar_label(ax.containers[0])
        ax.set(xlabel="share of the points (%)", ylabel="students", xticks=range(0, 101, 10))
        ax.yaxis.get_major_locator().set_params(integer=True)

    return ["<h2>Distribution</h2>", figure(draw, alt)]


def hardest(marks: list[Mark]) -> list[str]:
    """Show the mean share of each task's points, the lowest first."""
    tasks: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks:
        tasks[mark["task"]].append(mark)
    share = {
        task: 100 * float(np.mean([mark["points"] / mark["of"] for mark in own]))
        for task, own in tasks.items()
    }
    order = sorted(share, key=share.__getitem__)
    if not order:
        return []
    lines = [
        [
            breakable(task),
            str(len(tasks[task])),
            f"{share[task]:.0f} %",
            str(sum(mark["points"] == mark["of"] for mark in tasks[task])),
            str(sum(mark["points"] == 0 for mark in tasks[task])),
        ]
        for task in order
    ]
    head = ["Task", "Submissions", "Mean share of its points", "Full points", "No points"]
    few = {task: share[task] for task in order[:MOST]}
    alt = "Bars of the mean share of points, the hardest task first: " + "; ".join(
        f"{task} {value:.0f} %" for task, value in few.items()
    )
    drawn = bars(few, "mean share of the points (%)", alt, most=100)
    return ["<h2>Hardest tasks</h2>", drawn, table("All tasks, the hardest first", head, lines)]


def misconceptions(marks: list[Mark]) -> list[str]:
    """Show which misconceptions of the catalogue were met most often."""
    # Only a finding of the catalogue says where to read.
    met = Counter(
        (mark["task"], mark["finding"]["headline"])
        for mark in marks
        if mark["finding"] and mark["finding"]["read"]
    ).most_common()
    if not met:
        return ["<h2>Commonest misconceptions</h2>", "<p>None of the catalogue was met.</p>"]
    lines = [[breakable(task), marked_up(what), str(count)] for (task, what), count in met]
    few = {f"{what.replace('`', '')} ({task})": count for (task, what), count in met[:MOST]}
    alt = "Bars of how many submissions show a misconception: " + "; ".join(
        f"{what} {count}" for what, count in few.items()
    )
    drawn = bars(few, "submissions", alt)
    listing = table("All that were met", ["Task", "Misconception", "Submissions"], lines)
    return ["<h2>Commonest misconceptions</h2>", drawn, listing]


def directory(students: dict[tuple[str, str], list[Row]], changes: results.Changes) -> str:
    """Return the table of the students, with links to their pages."""
    notebooks = sorted({titled(row) for own in students.values() for row in own})
    lines = []
    for (student, number), own in students.items():
        noted = {titled(row): (row, results.change_of(row, changes)) for row in own}
        points = {what: out_of(results.points_of(*each), each[0]) for what, each in noted.items()}
        notes = {what: remarks(change, row) for what, (row, change) in noted.items()}
        lines.append(
            [
                f'<a href="{page_name(student, number)}">{name(student, number)}</a>',
                *(points.get(what, "") for what in notebooks),
                "; ".join(f"{what}: {said}" for what, said in notes.items() if said),
            ]
        )
    return table("Every student's feedback", ["Student", *notebooks, "Remarks"], lines)


# Parts of a page


def titled(row: Row) -> str:
    """Return what a notebook is called, or the file of one that nobody recognized."""
    return escape(row["notebook"].replace("_", " ").capitalize() or row["file"] or "no notebook")


def name(student: str, number: str) -> str:
    """Return a name, which keeps its direction of writing to itself, and the number beside it."""
    return f"<bdi>{escape(student)}</bdi>" + f" ({escape(number)})" * bool(number)


def breakable(task: str) -> str:
    """Return the name of a task, which may go on in another line after an underscore."""
    return escape(task).replace("_", "_<wbr>")


def listed(lines: Iterable[str]) -> str:
    """Return a list."""
    return f"<ul>{''.join(f'<li>{marked_up(line)}</li>' for line in lines)}</ul>"


def table(caption: str, head: list[str], lines: list[list[str]]) -> str:
    """Return a table of cells that are HTML already; the first of a line heads it."""
    top = "".join(f'<th scope="col">{cell}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>\n'
        for first, *rest in lines
    )
    return (
        f"<table>\n<caption>{caption}</caption>\n<thead><tr>{top}</tr></thead>\n"
        f"<tbody>\n{body}</tbody>\n</table>"
    )


def bars(values: Mapping[str, float], label: str, alt: str, most: float | None = None) -> str:
    """Return a figure of horizontal bars, the first on top."""

    def draw(ax: Any) -> None:
        ax.barh(range(len(values)), list(values.values()), color="#0072B2")
        ax.bar_label(ax.containers[0], fmt="%.0f", padding=3)
        ax.set_yticks(range(len(values)), [name[:80] for name in values], parse_math=False)
        ax.invert_yaxis()
        ax.set(xlabel=label, xlim=(0, most))
        ax.xaxis.get_major_locator().set_params(integer=True)

    return figure(draw, alt, 1.2 + 0.32 * len(values))


def figure(draw: Any, alt: str, height: float = 3.4) -> str:
    """Return a drawing as HTML."""
    from course_lib import plots  # matplotlib takes a second that only a class report is worth

    made, ax = plots.figure(width=9, height=height)
    draw(ax)
    return f"<figure>{plots.still(made, alt)}</figure>"
