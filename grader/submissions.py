"""Finds what was handed in: one row for each notebook of each student, and nobody lost or merged.

`layouts` says whose a path is, `entries` what can be read. Here is decided which file counts, and
whether the whole can be what the class handed in. No student can take another's row: what two
hand-ins claim is graded for neither.
"""

import posixpath
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from grader import Stop
from grader.entries import Entry, Reader, Unusable, beginning, in_folder, in_zip, plain_file, whole
from grader.layouts import (
    Whose,
    bare,
    beside_collected,
    by_layout,
    by_pattern,
    collections,
    level,
    named,
    no_person,
    notebooks,
    readings,
)

LOOKED_INTO = 50  # notebooks of one student that are read to see what they answer
PEEKED = 1 << 20  # bytes of each
NOTEBOOK = (".ipynb", ".ipynb.txt", ".ipynb.json")
PERHAPS = (".json", ".txt", "")  # a browser may have named a notebook so
UNWRITTEN = b"raise NotImplementedError"  # stands once in each task that is handed out
SHOWN = 8  # lines of the table of what was understood
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
    is_notebook: bool = False  # by its ending, or by what is in it
    defined: int = 0  # tasks of its notebook that it defines
    written: int = 0  # and that are more than what was handed out
    when: str = ""  # what orders hand-ins before their dates do
    own_name: str = ""  # of the file, without what a system put before it

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


def find(place: Path, pattern: str = "", asked: Collection[str] = ()) -> list[Submission]:
    """Return every submission in a folder or a downloaded zip, one for a student and notebook.

    Raise Stop if what is there does not look like a class, and say what it looks like.

    pattern   such as "{notebook}/{student}.ipynb" or "hw_{student}_*.ipynb": which part of a
              file's path names whom; without it, the usual layouts are recognized
    asked     the notebooks that were to be handed in; without it, all of the course
    """
    owner = partial(owner_of, level(pattern))
    entries = list((in_zip if place.is_file() else in_folder)(place, owner))
    above = set() if pattern else collections(entry.path for entry in entries if not entry.wrong)
    looked_into = Counter[str]()
    found: list[Submission] = []
    unfitting = []
    for entry in entries:
        if beside_collected(entry.path, above):
            continue
        if not (
            who := by_pattern(entry.path, pattern) if pattern else by_layout(entry.path, above)
        ):
            unfitting.append(entry)
            continue
        one = recognized(entry, who)
        looked_into[one.source] += 1
        found += looked_at(one, entry.read, looked_into[one.source])
    found += without_place(unfitting, {owner(one.file) for one in found}, owner)
    found = one_each(found if pattern else plausible(found))
    return asked_for(found, asked) if asked else found


def owner_of(depth: int, path: str) -> str:
    """Return the folder that holds all of a student: what a system named so, or one so deep."""
    parts = path.split("/")
    for at, part in enumerate(parts):
        if readings(part, at + 1 < len(parts)):
            return "/".join(parts[: at + 1])
    return "/".join(parts[: depth + 1]) if len(parts) > depth else ""


def without_place(
    unfitting: list[Entry], served: set[str], owner: Callable[[str], str]
) -> Iterator[Submission]:
    """Yield a row for what no pattern fits: each notebook, and one for all else of a student."""
    for entry in unfitting:
        whose = owner(entry.path) or entry.path
        if entry.wrong or entry.path.lower().endswith(NOTEBOOK) or whose not in served:
            why = entry.wrong or f"the pattern does not fit its path, {clean(entry.path)}"
            student = PurePosixPath(whose).name
            yield recognized(entry, Whose(student, "", entry.path, whose, why))
            served.add(whose)


def alone(path: Path) -> Submission:
    """Return the submission that one notebook is, whoever its name may name."""
    entry = Entry(path.name, 0.0, partial(plain_file, str(path)))
    one = replace(recognized(entry, by_layout(path.name)), wrong="")
    return next(looked_at(one, entry.read, 1))


def recognized(entry: Entry, who: Whose) -> Submission:
    """Return the submission that an entry is, whose path names somebody."""
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
        is_notebook=entry.path.lower().endswith(NOTEBOOK),
        when=who.when,
        own_name=PurePosixPath(who.rest or entry.path).stem,
    )


def looked_at(one: Submission, read: Reader, number: int) -> Iterator[Submission]:
    """Yield a submission for each notebook whose tasks a file answers: first that of its name."""
    perhaps = one.file.lower().endswith(PERHAPS[:2]) or "." not in one.file.rpartition("/")[2]
    if one.wrong or not (one.is_notebook or perhaps):
        yield one
        return
    if number > LOOKED_INTO:
        why = f"it is one of more than {LOOKED_INTO} whose names do not say what they answer"
        yield one if one.notebook or not one.is_notebook else replace(one, wrong=why)
        return
    try:
        text = beginning(read, PEEKED)
    except Unusable as unusable:
        # One whose name says what it answers is read once more, and says then why it cannot be.
        yield replace(one, wrong=str(unusable)) if one.is_notebook and not one.notebook else one
        return
    if not one.is_notebook:
        one = replace(one, is_notebook=b'"nbformat"' in text and b'"cells"' in text)
    yield from answering(one, answers(text), text.count(UNWRITTEN)) if one.is_notebook else [one]


def answering(one: Submission, defined: dict[str, int], unwritten: int) -> Iterator[Submission]:
    """Yield a notebook once for each notebook of the course that it answers."""
    written = max(sum(defined.values()) - unwritten, 0)

    def of(name: str, wrong: str = "") -> Submission:
        number = defined.get(name, 0)
        return replace(
            one, notebook=name, wrong=wrong, defined=number, written=min(written, number)
        )

    # A function or two of another notebook may be borrowed; half of them are answers.
    most = [name for name, number in defined.items() if 2 * number >= len(notebooks()[name])]
    most = most or sorted(defined, key=defined.__getitem__)[-1:]
    if one.notebook and (defined.get(one.notebook) or not most):
        yield of(one.notebook)
    elif one.notebook:
        tasks = " and ".join(most)
        why = f"its name says {one.notebook}, but its tasks are those of {tasks}"
        yield of(one.notebook, why)
    elif most:
        yield of(most.pop(0))
    else:
        yield one
    if not one.notebook or defined.get(one.notebook):
        yield from (of(name) for name in most if name != one.notebook)


def answers(text: bytes) -> dict[str, int]:
    """Return of how many tasks of each notebook a file has functions, as its beginning says."""
    defined = set(re.findall(rb"(?:def |\\n|\")(\w+) *[(=]", text))
    counts = {
        name: sum(task.encode() in defined for task in own) for name, own in notebooks().items()
    }
    return {name: count for name, count in counts.items() if count}


def contained(text: bytes) -> str:
    """Return the notebook of whose tasks a file defines most, "" if of none."""
    counts = answers(text)
    return max(counts, key=counts.__getitem__, default="")


def asked_for(found: list[Submission], asked: Collection[str]) -> list[Submission]:
    """Return what answers a notebook that was asked for; who handed in only others has a row."""
    rows = [one for one in found if one.notebook in asked]
    served = {one.identity for one in rows}
    for one in found:
        if one.identity not in served:
            served.add(one.identity)
            why = f"it answers {one.notebook}, which was not asked for" if one.notebook else ""
            notebook = "" if len(asked) > 1 else min(asked)
            rows.append(replace(one, notebook=notebook, wrong=one.wrong or why))
    return sorted(rows, key=lambda one: one.key)


def plausible(found: list[Submission]) -> list[Submission]:
    """Return what was found; raise Stop if this is no class.

    One student who hands in something odd is a row to look at. If most do, the layout is another
    than the one that was understood, and a class may have become one student.
    """
    strange = {one.source: why for one in found if (why := no_student(one))}
    strange |= too_many_places(found) | strange
    sources = {one.source for one in found}
    if 2 * len(strange) > len(sources):
        raise Stop(understood(found, strange))
    return [
        replace(one, wrong=one.wrong or f"{why}, not a student")
        if (why := no_student(one))
        else one
        for one in found
    ]


def no_student(one: Submission) -> str:
    """Return what the name is that should be a student's, "" if it can be one."""
    top = one.source.rpartition("/")[2]
    if one.id or not no_person(re.sub(r"\.(ipynb|zip)\b.*", "", top, flags=re.I)):
        return ""
    return f"“{top}” is the name of a notebook or a folder of the course"


def too_many_places(found: Iterable[Submission]) -> dict[str, str]:
    """Return by source who has one notebook in several folders, as a class has."""
    places: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in found:
        within = PurePosixPath(one.file.removeprefix(one.source).strip("/")).parent
        if one.is_notebook and not (one.id or one.when or any(map(no_person, within.parts))):
            places[one.source, one.notebook].add(str(within))
    return {
        source: f"“{source}” holds {notebook} in {len(folders)} folders"
        for (source, notebook), folders in places.items()
        if len(folders) > 1
    }


def understood(found: list[Submission], strange: dict[str, str]) -> str:
    """Return what to say of files that are not in a layout we know."""
    why = list(strange.values())
    lines = [f"This does not look like a class: {why[0]}."]
    lines += [f"The same is true of {len(why) - 1} more."] * (len(why) > 1)
    lines += ["I understood:", f"    {'student':<24} {'notebook':<20} file"]
    ordered = sorted(found, key=lambda one: one.file)
    lines += [f"    {one.student:<24} {one.notebook:<20} {one.file}" for one in ordered[:SHOWN]]
    lines += [f"    … and {len(found) - SHOWN} files more"] * (len(found) > SHOWN)
    for pattern, students in mending(ordered):
        names = ", ".join(sorted(students)[:FEW])
        lines.append(f'With --pattern "{pattern}" there are {len(students)} students: {names} …')
    lines.append("Nothing was graded. Say by --pattern which part of a path names the student.")
    return "\n".join(lines)


def mending(found: list[Submission]) -> Iterator[tuple[str, set[str]]]:
    """Yield patterns by which there are more students than one, and these."""
    inside = [posixpath.dirname(one.file) for one in found if not one.file.startswith("/")]
    top = posixpath.join(posixpath.commonpath(inside), "") if inside else ""
    for pattern in dict.fromkeys((f"{top}{{student}}/*", "{student}/*", f"{top}{{student}}.ipynb")):
        fitting = filter(None, (by_pattern(one.file, pattern) for one in found))
        students = {one.student for one in fitting}
        if len(students) > 1 and not any(map(bare, students)):
            yield pattern, students


def one_each(found: Iterable[Submission]) -> list[Submission]:
    """Return one submission for each student and notebook."""
    groups: dict[tuple[str, str], list[Submission]] = defaultdict(list)
    for one in found:
        groups[one.identity, one.notebook].append(one)
    chosen = without_untouched([one for group in groups.values() for one in settled(group)])
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


def without_untouched(chosen: list[Submission]) -> list[Submission]:
    """Leave out what came along, empty, with all exercises of the course: nothing is in it."""
    busy = {one.identity for one in chosen if one.written}

    def came_along(one: Submission) -> bool:
        in_bundle = PurePosixPath(one.file).parent.name == "exercises"
        return bool(one.defined and not one.written and in_bundle and one.identity in busy)

    return [one for one in chosen if not came_along(one)]


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
    """Return what counts: the notebook with most answers, then of the exact name, the latest."""

    def rank(one: Submission) -> tuple[bool | float | str, ...]:
        named_exactly = one.own_name == one.notebook
        # What was not looked at matters where it may hold a notebook that nothing else answers.
        first = bool(one.wrong) == (not one.notebook)
        # The lecture's notebook and the empty exercise have the same name as the answer.
        answer = one.defined > 0, one.written
        return first, one.is_notebook, *answer, one.when, named_exactly, one.changed, one.file

    *others, best = sorted(group, key=rank)
    beside = [one.file for one in others if one.is_notebook or one.wrong]
    return replace(best, beside=tuple(beside))


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
