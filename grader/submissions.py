"""Finds what was handed in: nbgrader's tree, a folder of notebooks, downloads of Moodle and Canvas.

Names are only ever text here.
"""

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from course_lib.feedback import tasks
from grader.entries import (
    Entry,
    Reader,
    Unusable,
    beginning,
    in_folder,
    in_zip,
    plain_file,
    whole,
)

MOODLE = re.compile(
    r"(?P<student>[^/]+?)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<rest>/?.*)", re.S
)
CANVAS = re.compile(r"(?P<student>[^/_]+)(_LATE)?_(?P<id>\d+)_\d+_(?P<rest>[^/]+)", re.S)

LOOKED_INTO = 50  # notebooks of one student whose names do not say what they answer
PEEKED = 1 << 20  # bytes of each
WILD = re.compile(r"(\{student\}|\{notebook\}|\*)")


@dataclass(frozen=True)
class Submission:
    """A file that a student handed in for a notebook of the course, "" if it is unknown which."""

    student: str
    id: str  # the learning-management system's number for the student, if it gave one
    notebook: str
    file: str
    changed: float
    open: Callable[[], bytes]
    beside: tuple[str, ...] = ()  # files of the same student and notebook that are not graded
    wrong: str = ""  # why it cannot be graded, if that is known before it is read

    @property
    def is_notebook(self) -> bool:
        """Whether the file has a notebook's ending."""
        return self.file.lower().endswith(".ipynb")

    def read(self) -> bytes:
        """Return the file's bytes, or raise Unusable."""
        if self.wrong:
            raise Unusable(self.wrong)
        if not self.is_notebook:
            raise Unusable("no notebook was handed in" + f", but {self.file}" * bool(self.file))
        if not self.notebook:
            raise Unusable("neither its name nor its tasks say which notebook it answers")
        return self.open()


class Whose(NamedTuple):
    """Whom a path names, and what is left of it to name the notebook."""

    student: str
    id: str
    rest: str


def find(place: Path, pattern: str = "") -> list[Submission]:
    """Return every submission in a folder or a downloaded zip, one for a student and notebook.

    pattern   such as "{notebook}/{student}.ipynb" or "hw_{student}_*.ipynb": which part of a
              file's path names whom; without it, the usual layouts are recognized
    """
    entries = (in_zip if place.is_file() else in_folder)(place, level(pattern))
    looked_into = Counter[tuple[str, str]]()
    found = []
    for entry in entries:
        if one := recognized(entry, pattern):
            who = one.student, one.id
            looked_into[who] += one.is_notebook and not one.notebook
            found.append(looked_at(one, entry.read, looked_into[who]))
    return one_each(found)


def alone(path: Path) -> Submission:
    """Return the submission that one notebook is, whoever its name may name."""
    entry = Entry(path.name, 0.0, partial(plain_file, str(path)))
    one = recognized(entry, "")
    assert one
    return looked_at(replace(one, wrong=""), entry.read, 1)


def recognized(entry: Entry, pattern: str) -> Submission | None:
    """Return whose submission a path is, None if the pattern does not fit."""
    if not (who := by_pattern(entry.path, pattern) if pattern else by_layout(entry.path)):
        if not entry.wrong:
            return None
        # It may hold what would have fitted, of whom the folders say.
        parts = PurePosixPath(entry.path).parts[: level(pattern) + 1]
        who = Whose(parts[-1], "", entry.path)
    return Submission(
        clean(who.student),
        who.id,
        named(who.rest),
        clean(entry.path),
        entry.changed,
        partial(whole, entry.read),
        wrong=entry.wrong,
    )


def by_pattern(path: str, pattern: str) -> Whose | None:
    """Return whom a path names by the instructor's pattern."""
    head, *rest = WILD.split(pattern)
    if (fields := fitted(path, head, rest[::2], rest[1::2])) is None:
        return None
    begin, end = fields.get("{student}", (0, 0))
    rest_begin, rest_end = fields.get("{notebook}", (0, len(path)))
    return Whose(path[begin:end], "", path[rest_begin:rest_end])


def fitted(
    path: str, head: str, wilds: list[str], literals: list[str]
) -> dict[str, tuple[int, int]] | None:
    """Return where the fields of a pattern stand in a path, None if it does not fit.

    A field is as short as can be, a star as long. A regular expression would find the same, and
    take a time that grows with the third power of a name.
    """
    last: list[int] = []  # where each literal can begin at the latest
    limit = len(path)
    for wild, literal in zip(reversed(wilds), reversed(literals), strict=True):
        last.insert(0, path.rfind(literal, 0, limit))
        if (limit := last[0] - (wild != "*")) < 0:
            return None
    if not path.startswith(head) or not path.endswith(literals[-1] if literals else head):
        return None
    fields: dict[str, tuple[int, int]] = {}
    at = len(head)
    for number, (wild, literal, latest) in enumerate(zip(wilds, literals, last, strict=True), 1):
        begin, end = at, latest
        if wild in fields:  # the same once more
            end = begin + len(path[slice(*fields[wild])])
            if path[begin:end] != path[slice(*fields[wild])] or not path.startswith(literal, end):
                return None
        elif wild != "*":
            if number < len(wilds):  # what stands last ends with the path
                end = path.find(literal, begin + 1, latest + len(literal))
            fields[wild] = begin, end
        if not begin + (wild != "*") <= end <= latest:
            return None
        at = end + len(literal)
    return fields if at == len(path) else None


def by_layout(path: str) -> Whose:
    """Return whom a path names in the usual layouts."""
    parts = PurePosixPath(path).parts
    # Canvas first: the end of its names is the student's choice, and could read like Moodle's.
    if match := CANVAS.fullmatch(path) or MOODLE.match(path):
        return Whose(match["student"], match["id"], match["rest"])
    if len(parts) > 1 or path.endswith("/"):
        return Whose(parts[0], "", path)
    student = PurePosixPath(path).stem
    for notebook in notebooks():
        student = re.sub(re.escape(notebook), "", student, flags=re.I)
    return Whose(student.strip(" _-"), "", path)


def looked_at(one: Submission, read: Reader, number: int) -> Submission:
    """Return a submission with its notebook: a file of another name is known by its tasks."""
    if one.notebook or one.wrong or not one.is_notebook:
        return one
    if number > LOOKED_INTO:
        why = f"it is one of more than {LOOKED_INTO} whose names do not say what they answer"
        return replace(one, wrong=why)
    try:
        return replace(one, notebook=contained(beginning(read, PEEKED)))
    except Unusable as unusable:
        return replace(one, wrong=str(unusable))


def named(path: str) -> str:
    """Return the notebook that a path names, in its last part rather than in an earlier one."""
    for part in reversed(PurePosixPath(path).parts):
        plain = re.sub(r"[\W_]+", "_", part.lower())
        for notebook in notebooks():
            if notebook.lower() in plain:
                return notebook
    return ""


def contained(text: bytes) -> str:
    """Return the notebook of whose tasks a file defines most, as far as its beginning says."""
    defined = set(re.findall(rb"def (\w+)\s*\(", text))
    counts = {
        name: sum(task.encode() in defined for task in own) for name, own in notebooks().items()
    }
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else ""


@cache
def notebooks() -> Mapping[str, list[str]]:
    """Return the names of the course's notebooks, and of the tasks in each."""
    names: dict[str, list[str]] = {}
    for name, task in tasks().items():
        names.setdefault(task["notebook"], []).append(name)
    return names


def one_each(found: Iterable[Submission]) -> list[Submission]:
    """Return one submission for each student and notebook."""
    groups: dict[tuple[str, str, str], list[Submission]] = defaultdict(list)
    for one in found:
        groups[one.notebook, one.student, one.id].append(one)
    chosen = [choice(group) for _, group in sorted(groups.items())]
    # A picture beside the notebook is no submission of its own.
    served = {(one.student, one.id) for one in chosen if one.is_notebook}
    return [
        one
        for one in chosen
        if one.notebook or one.is_notebook or one.wrong or (one.student, one.id) not in served
    ]


def choice(group: list[Submission]) -> Submission:
    """Return the submission that counts: a notebook, of the exact name, the latest."""

    def rank(one: Submission) -> tuple[bool, bool, bool, float, str]:
        named_exactly = PurePosixPath(one.file).stem == one.notebook
        # What was not looked at matters where it may hold a notebook that nothing else answers.
        first = bool(one.wrong) == (not one.notebook)
        return first, one.is_notebook, named_exactly, one.changed, one.file

    *others, best = sorted(group, key=rank)
    beside = [one.file for one in others if one.is_notebook or one.wrong]
    return replace(best, beside=tuple(beside))


def level(pattern: str) -> int:
    """Return below how many folders a student's own things lie."""
    return pattern.partition("{student}")[0].count("/")


def clean(name: str) -> str:
    """Return a name as one line that every file and page can hold."""
    name = unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "backslashreplace"))
    # Spelled, not left out: two names that differ must not become one.
    spelled = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return "".join(spelled) or "(no name)"
