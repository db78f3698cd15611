"""check, hint and progress: what a learner asks while doing the exercises.

    check(largest_stable_rate)      is it right, and if not, what is wrong?
    hint(largest_stable_rate)       a first hint; hint(largest_stable_rate, 3) is nearly the answer
    progress()                      every task, kept in progress.json beside the notebook

A task is found by the name of its function. None of the three raises, so that a notebook always
runs to its end.
"""

import html
import io
import json
import linecache
import os
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, partial
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple
from unicodedata import east_asian_width

from course_lib import background
from course_lib.feedback.diagnosis import Finding, examine, not_written, uses
from course_lib.feedback.faults import Task
from course_lib.feedback.library_used import package_used
from course_lib.language import N_, _, page

CHECKS = Path(__file__).with_name("checks")
PROGRESS = Path("progress.json")
PATIENCE = 10.0  # seconds before a check says how it can be stopped
WORDS = {"✓": N_("right"), "✗": N_("not right yet"), "○": N_("not written yet")}
# JupyterLab's own colours suit its light and its dark theme; elsewhere the colour of the text does.
COLOURS = {"✓": "success-color1", "✗": "error-color1", "○": "border-color1", "→": "info-color1"}


@dataclass(frozen=True, repr=False)
class Message:
    """What a cell shows: the same words as text and as HTML."""

    symbol: str
    headline: str
    details: Sequence[str] = ()
    read: str = ""  # notebook.ipynb#Anchor

    def __repr__(self) -> str:
        lines = [f"{self.symbol} {self.headline}", *self.details]
        if self.read:
            address, heading = page(self.read)
            notebook = address.split("#")[0].lstrip("./")
            lines.append(_("Read “{heading}” in {notebook}.", heading=heading, notebook=notebook))
        return "\n  ".join(lines)

    def _repr_html_(self) -> str:
        lines = [f"<strong>{self.symbol} {marked_up(self.headline)}</strong>"]
        lines += map(marked_up, self.details)
        if self.read:
            address, heading = map(html.escape, page(self.read))
            link, number = f'<a href="{address}">{heading}</a>', self.read[:2]
            lines.append(_("Read {link} in notebook {number}.", link=link, number=number))
        colour = f"var(--jp-{COLOURS[self.symbol]}, currentColor)"
        style = f"border-left: 4px solid {colour}; padding-left: 0.8em"
        return f'<div style="{style}">{"<br>".join(lines)}</div>'


@dataclass(frozen=True, repr=False)
class Report(Message):
    """What `check` found; `right` is the verdict."""

    right: bool = False


def check(function: Callable[..., Any]) -> Report:
    """Try a task's function on its cases and say that it is right, or what is wrong first."""
    if not callable(function):
        said = _("check needs the function itself: its name, without quotes and brackets")
        return Report("→", said)
    name = name_of(function, sys._getframe(1))
    if name not in tasks():
        return Report("→", *unknown(name))
    task, printed, package = tasks()[name], io.StringIO(), ""
    patience = background.worker().after(PATIENCE, partial(say_how_to_stop, name, sys.stdout))
    try:
        with patience, warnings.catch_warnings(record=True) as warned, redirect_stdout(printed):
            warnings.simplefilter("always")
            package = package_used(function)
            finding = examine(task, function)
    except Exception as error:  # the result is an object that cannot even be looked at
        why = _("Reading it: {error}.", error=type(error).__name__)
        finding = Finding(_("its result cannot be read"), (why,))
    if finding == not_written():
        return Report("○", said_of(name, finding.headline), finding.details)
    text = " ".join(printed.getvalue().split())[:200]
    notes = [_("It printed: {text}", text=text)] if printed.tell() else []
    warnings_ = dict.fromkeys(f"{w.category.__name__}: {w.message}" for w in warned)
    notes += [_("It warned: {text}", text=text) for text in warnings_]
    if warned and not finding:
        notes.append(_("The result is right all the same."))
    if package:
        said = uses(package).headline
        notes.append(_("{sentence}.", sentence=f"{said[0].upper()}{said[1:]}"))
    notes += remember(name, "tried" if finding else "right")
    if finding:
        headline = said_of(name, finding.headline)
        return Report("✗", headline, (*finding.details, *notes), finding.read)
    points = task["points"]
    done = _(
        "right in all {count} cases ({points} points)", count=len(task["cases"]), points=points
    )
    return Report("✓", said_of(name, done), notes, right=True)


def said_of(name: str, what: str) -> str:
    """Return a sentence that begins with what it is said of."""
    return _("{name}: {what}", name=name, what=what)


def hint(task: Callable[..., Any] | str, step: int = 1) -> Message:
    """Show hint 1, 2 or 3 of a task, which is given by its function or its name."""
    name = name_of(task, sys._getframe(1))
    if name not in tasks():
        return Message("→", *unknown(name))
    hints = tasks()[name]["hints"]
    if not isinstance(step, int) or step not in range(1, len(hints) + 1):
        return Message("→", _("{name} has hints 1 to {count}", name=name, count=len(hints)))
    more = [_("One more: `{call}`", call=f"hint({name}, {step + 1})")] if step < len(hints) else []
    said = _("{name}, hint {step} of {count}", name=name, step=step, count=len(hints))
    return Message("→", said, [_(hints[step - 1]), *more])


class Row(NamedTuple):
    """A line of `progress`: a task with its state, or the sum of several with an empty one."""

    state: str
    name: str
    reached: int
    points: int


@dataclass(frozen=True, repr=False)
class Table:
    """What `progress` shows: a bar for each notebook, a state for each task."""

    rows: Sequence[Row]
    note: str

    def __repr__(self) -> str:
        lines = []
        for row in self.rows:
            full = 10 * row.reached // row.points
            shown = _(WORDS[row.state]) if row.state else "█" * full + "░" * (10 - full)
            points = _("{reached} of {points} points", reached=row.reached, points=row.points)
            lines.append(f"{row.state:1} {padded(row.name, 30)} {padded(shown, 16)} {points}")
        return "\n".join([*lines, *filter(None, [self.note])])

    def _repr_html_(self) -> str:
        lines = []
        for state, name, reached, points in self.rows:
            label = f'aria-label="{html.escape(name)}"'
            bar = f'<progress {label} value="{reached}" max="{points}"></progress>'
            cells = (
                name,
                f"{state} {_(WORDS[state])}" if state else bar,
                _("{reached} of {points} points", reached=reached, points=points),
            )
            kind = "td" if state else "th"
            row = "".join(f'<{kind} style="text-align: left">{cell}</{kind}>' for cell in cells)
            lines.append(f"<tr>{row}</tr>")
        return f"<table>{''.join(lines)}</table>{marked_up(self.note)}"


def progress() -> Table:
    """Show every task of every notebook, and the points reached so far."""
    states, trouble = read_states()
    note = trouble or _("✓: it was right once. What counts is the notebook that you hand in.")
    symbols = {"right": "✓", "tried": "✗"}
    notebooks: dict[str, list[Row]] = {}
    for name, task in tasks().items():
        symbol, points = symbols.get(states.get(name, ""), "○"), task["points"]
        row = Row(symbol, name, points if symbol == "✓" else 0, points)
        notebooks.setdefault(_(task["notebook"].replace("_", " ")), []).append(row)
    rows: list[Row] = []
    for notebook, own in notebooks.items():
        rows += [total(notebook, own), *own]
    return Table([*rows, total(_("all"), [row for row in rows if row.state])], note)


def padded(text: str, columns: int) -> str:
    """Fill a text with blanks; a Chinese character takes two columns."""
    return text + " " * (columns - len(text) - sum(east_asian_width(c) in "WF" for c in text))


def total(name: str, rows: list[Row]) -> Row:
    """Return a line with the sums of others."""
    return Row("", name, sum(row.reached for row in rows), sum(row.points for row in rows))


# progress.json: {"largest_stable_rate": "right", "descend_quadratic": "tried"}


def read_states() -> tuple[dict[str, str], str]:
    """Return what progress.json says, or nothing and a sentence if it cannot be read."""
    try:
        states = json.loads(PROGRESS.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}, ""
    except (OSError, ValueError):
        states = None
    if isinstance(states, dict) and all(isinstance(state, str) for state in states.values()):
        return states, ""
    note = _("{file} cannot be read. It stays as it is, and nothing is added to it.", file=PROGRESS)
    return {}, note


def remember(name: str, state: str) -> list[str]:
    """Note a task's state; once right stays right. Return a sentence if that fails."""
    states, note = read_states()
    if note:
        return [note]
    if states.get(name) in ("right", state):
        return []
    text = json.dumps({**states, name: state}, indent=1) + "\n"
    beside = PROGRESS.with_suffix(f".{os.getpid()}")
    try:
        if PROGRESS.exists() and not os.access(PROGRESS, os.W_OK):
            raise PermissionError(_("it is read-only"))
        # Written apart and renamed, so that no other notebook ever finds half a file.
        beside.write_text(text, encoding="utf-8")
        beside.replace(PROGRESS)
    except OSError as error:
        beside.unlink(missing_ok=True)
        return [_("This result is not kept in {file}: {error}.", file=PROGRESS, error=error)]
    return []


@cache
def tasks() -> dict[str, Task]:
    """Return every task of every notebook, by name."""
    files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CHECKS.glob("*.json"))]
    return {name: task for file in files for name, task in file.items()}


def name_of(task: Any, caller: FrameType) -> str:
    """Return the name by which a task is found: the one it has in the notebook, as in the grader.

    So a lambda, a partial or a wrapper is found too. Of several names the one in the call counts.
    """
    if isinstance(task, str):
        return task
    names = caller.f_globals | caller.f_locals
    bound = [name for name in tasks() if names.get(name) is task]
    call = linecache.getline(caller.f_code.co_filename, caller.f_lineno)
    written = [name for name in bound if re.search(rf"\(\s*{name}\b", call)]
    own = str(getattr(task, "__name__", type(task).__name__))
    return next(iter(written or [name for name in bound if name == own] or bound), own)


def unknown(name: str) -> tuple[str, tuple[str, ...]]:
    """Say that there is no such task, and which there are."""
    if name == "<lambda>":
        how = _("Define it with `def`, under the name of its task.")
        return _("this function has no name"), (how,)
    near = get_close_matches(name, tasks())
    if near:
        which = _("Do you mean {names}?", names=_(" or ").join(near))
    else:
        which = _("The tasks are {names}.", names=_(", ").join(tasks()))
    return _("there is no task {name}", name=name[:80]), (which,)


def marked_up(text: str) -> str:
    """Escape a text for HTML; what stands in backticks becomes code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", html.escape(text))


def say_how_to_stop(name: str, out: Any) -> None:
    """Print how to end a check that takes long."""
    stop = _(background.worker().how_to_stop)
    said = _("{name} has been running for {seconds:.0f} seconds.", name=name, seconds=PATIENCE)
    print(said, stop, file=out)
