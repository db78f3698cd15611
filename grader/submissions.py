"""Finds what was handed in: nbgrader's tree, a folder of notebooks, downloads of Moodle and Canvas.

Names are only ever text here. Nothing is unpacked, no link is followed, nothing is read that is
not a plain file of bounded size.
"""

import os
import re
import stat
import time
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from course_lib.feedback import tasks
from grader import Stop

LARGEST = 100 << 20
IGNORED = ("__MACOSX", "Thumbs.db", "desktop.ini")
MOODLE = re.compile(
    r"(?P<student>[^/]+?)_(?P<id>\d+)_assignsubmission_[a-z]+_?(?P<rest>/?.*)", re.S
)
CANVAS = re.compile(r"(?P<student>[^/_]+)(_LATE)?_(?P<id>\d+)_\d+_(?P<rest>[^/]+)", re.S)


class Unusable(Exception):
    """A file that cannot be graded. The text says why."""


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

    @property
    def is_notebook(self) -> bool:
        """Whether the file has a notebook's ending."""
        return self.file.lower().endswith(".ipynb")

    def read(self) -> bytes:
        """Return the file's bytes, or raise Unusable."""
        if not self.is_notebook:
            raise Unusable("no notebook was handed in" + f", but {self.file}" * bool(self.file))
        if not self.notebook:
            raise Unusable("neither its name nor its tasks say which notebook it answers")
        try:
            return self.open()
        except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise Unusable(f"it cannot be read ({type(error).__name__})") from error


def find(place: Path, pattern: str = "") -> list[Submission]:
    """Return every submission in a folder or a downloaded zip, one for a student and notebook.

    pattern   such as "{notebook}/{student}.ipynb" or "hw_{student}_*.ipynb": which part of a
              file's path names whom; without it, the usual layouts are recognized
    """
    entries = in_zip(place) if place.is_file() else in_folder(place)
    groups: dict[tuple[str, str, str], list[Submission]] = defaultdict(list)
    for entry in entries:
        if one := recognized(*entry, pattern):
            groups[one.notebook, one.student, one.id].append(one)
    chosen = [choice(group) for _, group in sorted(groups.items())]
    # A picture beside the notebook is no submission of its own.
    served = {(one.student, one.id) for one in chosen if one.is_notebook}
    return [
        one
        for one in chosen
        if one.notebook or one.is_notebook or (one.student, one.id) not in served
    ]


def recognized(
    path: str, changed: float, read: Callable[[], bytes], pattern: str
) -> Submission | None:
    """Return whose submission a path is, None if the pattern does not fit."""
    parts = PurePosixPath(path).parts
    student, number, rest = parts[0], "", path
    if pattern:
        if not (match := re.fullmatch(as_regex(pattern), path)):
            return None
        found = match.groupdict()
        student, rest = found.get("student", ""), found.get("notebook", path)
    # Canvas first: the end of its names is the student's choice, and could read like Moodle's.
    elif match := CANVAS.fullmatch(path) or MOODLE.match(path):
        student, number, rest = match["student"], match["id"], match["rest"]
    elif len(parts) == 1:
        student = PurePosixPath(path).stem
        for notebook in notebooks():
            student = re.sub(re.escape(notebook), "", student, flags=re.I)
        student = student.strip(" _-")
    notebook = named(rest) or (contained(read) if path.lower().endswith(".ipynb") else "")
    return Submission(clean(student), number, notebook, clean(path), changed, read)


def named(path: str) -> str:
    """Return the notebook that a path names, in its last part rather than in an earlier one."""
    for part in reversed(PurePosixPath(path).parts):
        plain = re.sub(r"[\W_]+", "_", part.lower())
        for notebook in notebooks():
            if notebook.lower() in plain:
                return notebook
    return ""


def contained(read: Callable[[], bytes]) -> str:
    """Return the notebook of whose tasks a file defines most, for a file of another name."""
    try:
        text = read()
    except Exception:  # said when it is read to be graded
        return ""
    defined = set(re.findall(rb"def (\w+)\s*\(", text))
    counts = {
        name: sum(task.encode() in defined for task in own) for name, own in notebooks().items()
    }
    best = max(counts, key=counts.__getitem__)
    return best if counts[best] else ""


def notebooks() -> Mapping[str, list[str]]:
    """Return the names of the course's notebooks, and of the tasks in each."""
    names: dict[str, list[str]] = {}
    for name, task in tasks().items():
        names.setdefault(task["notebook"], []).append(name)
    return names


def choice(group: list[Submission]) -> Submission:
    """Return the submission that counts: a notebook, of the exact name, the latest."""

    def rank(one: Submission) -> tuple[bool, bool, float, str]:
        named_exactly = PurePosixPath(one.file).stem == one.notebook
        return one.is_notebook, named_exactly, one.changed, one.file

    *others, best = sorted(group, key=rank)
    return replace(best, beside=tuple(one.file for one in others if one.is_notebook))


def as_regex(pattern: str) -> str:
    """Return an instructor's pattern as a regular expression."""
    text = re.escape(pattern).replace(r"\*", ".*")
    for field in ("student", "notebook"):
        named = rf"\{{{field}\}}"
        text = text.replace(named, f"(?P<{field}>.+?)", 1).replace(named, f"(?P={field})")
    return text


def clean(name: str) -> str:
    """Return a name as one line that every file and page can hold."""
    name = unicodedata.normalize("NFC", os.fsencode(name).decode("utf-8", "backslashreplace"))
    # Spelled, not left out: two names that differ must not become one.
    spelled = (c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
    return "".join(spelled) or "(no name)"


def in_folder(folder: Path) -> Iterator[tuple[str, float, Callable[[], bytes]]]:
    """Yield the path, time and reader of every file in a folder, "" for an empty folder's file."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not ignored(name))
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        names = sorted(name for name in files if not ignored(name)) + links
        inside = Path(here).relative_to(folder)
        if not names and not folders and inside.parts:
            yield f"{inside.as_posix()}/", 0.0, partial(plain_file, here)
        for name in names:
            path = os.path.join(here, name)
            yield (inside / name).as_posix(), os.lstat(path).st_mtime, partial(plain_file, path)


def ignored(name: str) -> bool:
    """Whether a file or folder belongs to a program, not to a student."""
    return (name.startswith(".") and name != "..") or name in IGNORED


def plain_file(path: str) -> bytes:
    """Return the content of a plain file, not of a link, pipe or device, and not of a huge one."""
    if os.path.islink(path):
        raise Unusable("it is a link to another file")
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise Unusable("it is not a plain file")
        return within_limit(file.read(LARGEST + 1))


def in_zip(place: Path) -> Iterator[tuple[str, float, Callable[[], bytes]]]:
    """Yield the same of a zip, out of which nothing is unpacked."""
    if not zipfile.is_zipfile(place):
        raise Stop(f"{place} is not a folder and not a zip.")
    with zipfile.ZipFile(place) as archive:
        for info in archive.infolist():
            parts = PurePosixPath(info.filename).parts
            if parts and not info.is_dir() and not any(map(ignored, parts)):
                changed = time.mktime((*info.date_time, 0, 0, -1))
                yield info.filename, changed, partial(member, place, info.filename)


def member(place: Path, name: str) -> bytes:
    """Return the content of a file in a zip."""
    with zipfile.ZipFile(place) as archive, archive.open(name) as file:
        return within_limit(file.read(LARGEST + 1))


def within_limit(content: bytes) -> bytes:
    """Refuse what is too large, also if it was small when compressed."""
    if len(content) > LARGEST:
        raise Unusable(f"it is larger than {LARGEST >> 20} MB")
    return content
