"""Finds what was handed in: nbgrader's tree, a folder of notebooks, downloads of Moodle and Canvas.

Names are only ever text here. Every notebook of a student has one row, and no student can take
another's: what two hand-ins claim is graded for neither.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
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

MOODLE = re.compile(r"_([0-9]+)_assignsubmission_[a-z]+_?")
CANVAS = re.compile(r"([^/_]+?)(?:_LATE)?_([0-9]+)_[0-9]+_([^/]+)", re.S)
LOOKED_INTO = 50  # notebooks of one student whose names do not say what they answer
PEEKED = 1 << 20  # bytes of each
WILD = re.compile(r"(\{student\}|\{notebook\}|\*)")
UNSEEN = ("Cc", "Cf")
FEW = 4  # files that a sentence names
# What prints nothing and is a letter, mark or symbol to Unicode; its categories tell the others.
BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)


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
    source: str = ""  # what stands for the student in the path: a folder, a system's prefix
    identity: str = ""  # equal for all that a gradebook or a person may take for one student
    wrong: str = ""  # why it cannot be graded, if that is known before it is read

    @property
    def is_notebook(self) -> bool:
        """Whether the file has a notebook's ending."""
        return self.file.lower().endswith(".ipynb")

    @property
    def key(self) -> tuple[str, str, str]:
        """What a row of results is about."""
        return self.notebook, self.student, self.id

    @property
    def claims(self) -> bool:
        """Whether it would be graded for its student."""
        return bool(self.is_notebook and self.notebook and not self.wrong)

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
    source: str
    wrong: str = ""


def find(place: Path, pattern: str = "") -> list[Submission]:
    """Return every submission in a folder or a downloaded zip, one for a student and notebook.

    pattern   such as "{notebook}/{student}.ipynb" or "hw_{student}_*.ipynb": which part of a
              file's path names whom; without it, the usual layouts are recognized
    """
    entries = (in_zip if place.is_file() else in_folder)(place, level(pattern))
    looked_into = Counter[str]()
    found = []
    for entry in entries:
        if one := recognized(entry, pattern):
            looked_into[one.source] += one.is_notebook and not one.notebook
            found.append(looked_at(one, entry.read, looked_into[one.source]))
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
        who = Whose(parts[-1], "", entry.path, "/".join(parts))
    return Submission(
        clean(who.student),
        who.id,
        named(who.rest),
        clean(entry.path),
        entry.changed,
        partial(whole, entry.read),
        source=who.source,
        identity=alike(f"{who.student} ({who.id})" if who.id else who.student),
        wrong=entry.wrong or who.wrong,
    )


def by_pattern(path: str, pattern: str) -> Whose | None:
    """Return whom a path names by the instructor's pattern."""
    head, *rest = WILD.split(pattern)
    if (fields := fitted(path, head, rest[::2], rest[1::2])) is None:
        return None
    begin, end = fields.get("{student}", (0, 0))
    rest_begin, rest_end = fields.get("{notebook}", (0, len(path)))
    return Whose(path[begin:end], "", path[rest_begin:rest_end], path[:end] or path)


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
    first, *inner = PurePosixPath(path).parts
    if first == ".." or first.startswith("/"):
        return Whose(path, "", path, path, "its path leads out of the download")
    in_a_folder = bool(inner) or path.endswith("/")
    if found := readings(first, in_a_folder):
        # Both a student's name and that of a file can be made to hold another student's prefix.
        if len({number for _, number, _ in found}) > 1:
            return Whose(first, "", path, path, "its name can be read as that of two students")
        student, number, rest = found[0]
        return Whose(student, number, "/".join((rest, *inner)), f"{student}_{number}")
    if in_a_folder:
        return Whose(first, "", path, first)
    stem = student = PurePosixPath(path).stem
    for notebook in notebooks():
        student = re.sub(re.escape(notebook), "", student, flags=re.I)
    return Whose(student.strip(" _-"), "", path, stem)


def readings(name: str, is_folder: bool) -> list[tuple[str, str, str]]:
    """Return student, id and rest as Canvas and Moodle could have written them into a name."""
    canvas = None if is_folder else CANVAS.fullmatch(name)
    moodle = [
        (name[: match.start()], match[1], name[match.end() :])
        for match in MOODLE.finditer(name)
        if match.start()
    ]
    return [(canvas[1], canvas[2], canvas[3]), *moodle] if canvas else moodle


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
    groups: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    for one in found:
        groups[one.identity, one.notebook].append(one)
    chosen = [one for group in groups.values() for one in settled(group)]
    # A picture beside the notebook is no submission of its own.
    served = {(one.student, one.id) for one in chosen if one.is_notebook}
    return sorted(
        (
            one
            for one in chosen
            if one.notebook or one.is_notebook or one.wrong or (one.student, one.id) not in served
        ),
        key=lambda one: one.key,
    )


def settled(group: list[Submission]) -> Iterator[Submission]:
    """Yield what counts of a notebook that one student handed in, or that several seem to have."""
    own: dict[tuple[str, str, str], list[Submission]] = defaultdict(list)
    sources: dict[str, list[Submission]] = defaultdict(list)
    for one in group:
        own[one.key].append(one)
        if one.claims:
            sources[one.source].append(one)
    why = ""
    if len(sources) > 1:
        number = "two" if len(sources) == 2 else len(sources)
        files = sorted(choice(each).file for each in sources.values())
        files[FEW:] = [f"{len(files) - FEW} more"] * (len(files) > FEW)
        why = f"{number} hand-ins claim this: {' and '.join(files)}"
    for each in own.values():
        one = choice(each)
        yield replace(one, wrong=why, beside=()) if why and one.claims else one


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
    """Return a name as one line that every file, page and table can hold."""
    # Spelled, not left out: two names that differ must not become one.
    name = "".join(map(spelled, unicodedata.normalize("NFC", name)))
    inner = name.strip(" ")
    before, _, after = name.partition(inner) if inner else (name, "", "")
    return before.replace(" ", r"\u0020") + inner + after.replace(" ", r"\u0020") or "(no name)"


def spelled(character: str) -> str:
    """Return a character, or its number where a reader or a table would lose it."""
    number = ord(character)
    if 0xDC80 <= number <= 0xDCFF:  # so Python writes a byte of a name that is no Unicode
        return f"\\x{number - 0xDC00:02x}"
    if character == "\\":
        return "\\\\"
    return character if character.isprintable() else f"\\u{number:04x}"


def alike(name: str) -> str:
    """Return what is equal for names that a gradebook or a person may take for one.

    Capitals, accents written in two ways, wide letters, spaces around, and what prints nothing
    make no difference.
    """
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    seen = (c for c in BLANK.sub("", text) if c.isspace() or unicodedata.category(c) not in UNSEEN)
    return " ".join(unicodedata.normalize("NFKC", "".join(seen)).split()) or "(no name)"
