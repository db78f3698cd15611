"""Whose a path is and which notebook it names, in the layouts in which hand-ins are kept.

Names are only ever text here. What a student can name, a file or a folder of their own, lies below
what a system or a teacher has named, and is never read as another student.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from course_lib.feedback import tasks

# What systems write before the name of a file, or name a folder: as their own sources do.
MOODLE = re.compile(r"_(?P<id>[0-9]+)_assignsubmission_[a-z]+_?")
CANVAS = re.compile(
    r"(?:(?P<name>(?!LATE_|anon_).+?)_(?:LATE_)?(?P<id>[0-9]+)|(?:LATE_)?(?P<anonymous>anon_[^_]+))"
    r"_(?:[0-9]+_(?P<rest>.+)|(?P<kind>(?:text|link)\.html))",
    re.S,
)
BLACKBOARD = re.compile(
    r"_(?P<student>[^_]+)_attempt_(?P<when>[0-9]{4}(?:-[0-9]{2}){5})(?:_|(?=\.txt$))"
)
BRIGHTSPACE = re.compile(
    r"(?P<numbers>[0-9]+-[0-9]+) - (?P<student>.+) - "
    r"(?P<when>[A-Z][a-z]{2,8} [0-9]{1,2}, [0-9]{4} [0-9]{3,4} [AP]M)"
)
EXCHANGE = re.compile(  # nbgrader's
    r"(?P<student>.+)\+(?P<assignment>[^+]+)"
    r"\+(?P<when>[0-9-]{10} [0-9:.]{8,15} [A-Z]+)(?:\+[\w-]+)?"
)
# Folders that hold what a class handed in, and what lies beside them and is none of it.
COLLECTED = {
    "submitted": {
        "autograded",
        "feedback",
        "gradebook.db",
        "nbgrader_config.py",
        "release",
        "source",
    },
    "Submitted files": {"Working files"},
    "Student Work": set[str](),
}
# What the course, its tools and their results are called; no student is.
OF_THE_COURSE = {
    *("autograded", "course_lib", "exercises", "feedback", "handout", "notebooks", "release"),
    *("results", "solutions", "source", "submitted", "submissions", "adaptive-learning-rates"),
    *("gradebook", "grades", "journal", "report"),
}
OF_AN_ASSIGNMENT = {"assignment", "exercise", "homework", "hw", "submission", "submissions"}
WILD = re.compile(r"(\{student\}|\{notebook\}|\*)")


class Whose(NamedTuple):
    """Whom a path names, and what is left of it to name the notebook."""

    student: str
    id: str
    rest: str
    source: str
    wrong: str = ""
    when: str = ""  # what orders the hand-ins of one student, if the path says when


Tree = dict[str, Any]  # of folders; a file is empty


def collections(paths: Iterable[str]) -> set[tuple[str, ...]]:
    """Return the folders, as their parts, that hold hand-ins of several students and are nobody's.

    Students begin where a system's names do; below a folder of an assignment; below "submitted".
    Otherwise the folders at the top are students.
    """
    tree: Tree = {}
    for path in paths:
        node = tree
        for part in PurePosixPath(path).parts:
            node = node.setdefault(part, {})
    found = set[tuple[str, ...]]()
    waiting: list[tuple[tuple[str, ...], Tree]] = [((), tree)]
    while waiting:
        at, node = waiting.pop()
        folders = {name: inner for name, inner in node.items() if inner}
        if any(readings(name, bool(inner)) for name, inner in node.items()):
            continue
        others = {other for name in folders for other in COLLECTED.get(name, ())}
        inside = [((*at, name), inner) for name, inner in folders.items() if name not in others]
        if all(is_collection(parts[-1], inner) for parts, inner in inside):
            found.update(parts for parts, _ in inside)
            waiting += inside
    return found


def is_collection(name: str, inner: Tree) -> bool:
    """Whether a folder is that of an assignment or of a system's download, not of a student."""
    if name in COLLECTED:
        return True
    if bare(name):
        # A student's own folder holds one notebook of that name; a class's, those of students.
        return any(not bare(below.removesuffix(".ipynb")) for below in inner)
    return is_download(inner)


def is_download(folder: Tree) -> bool:
    """Whether at least half of what lies in a folder, or in all folders in it, a system named."""
    named_by_systems = sum(bool(readings(name, bool(inner))) for name, inner in folder.items())
    if named_by_systems:
        return 2 * named_by_systems >= len(folder)
    inside = [inner for inner in folder.values() if inner]
    return bool(inside) and all(map(is_download, inside))


def beside_collected(path: str, found: set[tuple[str, ...]]) -> bool:
    """Whether a path lies beside the folder in which hand-ins were collected, and is none."""
    parts = PurePosixPath(path).parts
    return any(
        part in others and (*parts[:depth], name) in found
        for depth, part in enumerate(parts)
        for name, others in COLLECTED.items()
    )


def by_layout(path: str, found: Collection[tuple[str, ...]] = ()) -> Whose:
    """Return whom a path names in the usual layouts, below the collections that were found."""
    parts = PurePosixPath(path).parts
    depth = 0
    while parts[: depth + 1] in found and depth + 1 < len(parts):
        depth += 1
    above, (first, *inner) = parts[:depth], parts[depth:]
    if parts[0] == ".." or parts[0].startswith("/"):
        return Whose(path, "", path, path, "its path leads out of the download")
    in_a_folder = bool(inner) or path.endswith("/")
    if read := readings(first, in_a_folder):
        # Both a student's name and that of a file can be made to hold another student's prefix.
        if len({one.id or one.student for one in read}) > 1:
            return Whose(first, "", path, path, "its name can be read as that of two students")
        return read[0]._replace(rest="/".join((*above, read[0].rest, *inner)))
    source = "/".join((*above, first))  # of a file its whole name: another may have its stem
    own = first if in_a_folder and not first.lower().endswith(".zip") else PurePosixPath(first).stem
    return Whose(without_notebook(own), "", "/".join((*above, first, *inner)), source)


def readings(name: str, is_folder: bool) -> list[Whose]:
    """Return whom a name names as each system could have written it."""
    is_file = not is_folder or name.lower().endswith(".zip")
    return [*as_moodle(name), *as_blackboard(name), *as_others(name, is_file)]


def as_moodle(name: str) -> Iterator[Whose]:
    """Yield what Moodle may have meant; it writes no underscore into a person's name itself."""
    for match in MOODLE.finditer(name):
        if student := name[: match.start()]:
            yield Whose(student, match["id"], name[match.end() :], f"{student}_{match['id']}")


def as_blackboard(name: str) -> Iterator[Whose]:
    """Yield what Blackboard may have meant: one student's attempts, and a receipt for each."""
    for match in BLACKBOARD.finditer(name):
        rest = f"{name[: match.start()]}/{name[match.end() :]}"
        yield Whose(match["student"], "", rest, match["student"], when=match["when"])


def as_others(name: str, is_file: bool) -> Iterator[Whose]:
    """Yield what Canvas may have meant by a file, or Brightspace and nbgrader by a folder."""
    if is_file:
        if match := CANVAS.fullmatch(name):
            student, number = match["name"] or match["anonymous"], match["id"] or ""
            yield Whose(student, number, match["rest"] or match["kind"], f"{student}_{number}")
    elif match := BRIGHTSPACE.fullmatch(name):
        # What its numbers mean is not told anywhere, so two of them may be two people.
        source = f"{match['student']} {match['numbers']}"
        yield Whose(match["student"], "", "", source, when=sortable(match["when"]))
    elif match := EXCHANGE.fullmatch(name):
        yield Whose(match["student"], "", match["assignment"], match["student"], when=match["when"])


def sortable(date: str) -> str:
    """Return a date of Brightspace's so that later ones are greater."""
    try:
        return datetime.strptime(date, "%b %d, %Y %I%M %p").isoformat()
    except ValueError:
        return ""


def by_pattern(path: str, pattern: str) -> Whose | None:
    """Return whom a path names by the instructor's pattern."""
    head, *split = WILD.split(pattern)
    if (fields := fitted(path, head, split[::2], split[1::2])) is None:
        return None
    begin, end = fields.get("{student}", (0, 0))
    rest_begin, rest_end = fields.get("{notebook}", (0, len(path)))
    folder, is_folder, _ = path[end:].partition("/")
    # Below a folder with their name all is one student's; else what a star stands for may be part
    # of another student's name, and only the notebook may differ.
    rest = path[rest_begin:rest_end]
    source = path[:end] + folder if is_folder and end else path.replace(rest, "", rest != path)
    return Whose(path[begin:end], "", rest, source)


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


def level(pattern: str) -> int:
    """Return below how many folders a student's own things lie."""
    return pattern.partition("{student}")[0].count("/")


def named(path: str) -> str:
    """Return the notebook that a path names, in its last part rather than in an earlier one."""
    for part in reversed(PurePosixPath(path).parts):
        plain = re.sub(r"[\W_]+", "_", part.lower())
        for notebook in notebooks():
            if notebook.lower() in plain:
                return notebook
    return ""


def without_notebook(name: str) -> str:
    """Return a name without those of notebooks, however their words are joined."""
    left = name
    for notebook in notebooks():
        left = re.sub(r"[\W_]+".join(map(re.escape, notebook.split("_"))), "", left, flags=re.I)
    return name if left == name else left.strip(" _-")


def bare(name: str) -> bool:
    """Whether a name is that of a notebook, and of nobody."""
    if (rest := without_notebook(name)) == name:
        return False
    words = re.findall(r"[^\W\d_]+", rest.lower())
    return all(word in OF_AN_ASSIGNMENT for word in words)


def no_person(name: str) -> bool:
    """Whether a name that should be a student's is one of the course's own."""
    return bare(name) or name.lower() in OF_THE_COURSE


@cache
def notebooks() -> Mapping[str, list[str]]:
    """Return the names of the course's notebooks, and of the tasks in each."""
    names: dict[str, list[str]] = defaultdict(list)
    for name, task in tasks().items():
        names[task["notebook"]].append(name)
    return dict(names)
