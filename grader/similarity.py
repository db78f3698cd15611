"""Hints of copying: hand-ins that have in common what few others have.

Of the code is kept what copying keeps: the order of its signs, without names, texts, comments and
layout. Numbers that stand for runs of them, the prints, are chosen by winnowing (Schleimer,
Wilkerson and Aiken, 2003), task by task and without those of the exercise. Right answers to small
tasks look alike by nature, so a print counts the less the more of the class have it; and what two
have in common must be much, and nearly all of what the shorter one has.

Measured on classes made of the answers, right and wrong, that tasks/ has for every task, each in a
style of its own (temporary names, order of sums, forms of roots and squares); with copies in which
every name, the order of the functions and the comments were changed, and in some a part of the
tasks was answered otherwise:

                        false hints   copies found of: all tasks   two thirds      half
    01 to 06, 300 each      4 in 30              300 of 300       147 of 300   37 of 300
    01 to 06, 30 each      0 in 180              180 of 180        87 of 180   11 of 180
    07 and 08, 300 each    36 in 10               48 of 100        16 of 100    5 of 100

07 and 08 have two and three tasks: what is short is alike without a fault, and looks so here. With
SHARE at 0.85 there is no false hint in 01 to 06, but only a fifth of the second kind of copies is
found. A second is enough for the prints of a thousand notebooks, and ten for comparing a thousand
of one notebook.
"""

import hashlib
import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, combinations
from typing import Any, NamedTuple

from course_lib import feedback
from grader import ROOT
from grader.journal import Row

LARGEST = 2 << 20  # bytes of a notebook that is looked into
CODE = 100_000  # characters of its code
RUN = 12  # signs of a print
WINDOW = 4  # of so many prints one after another at least one is kept
SHARE = 0.75  # of the weight of the one that has less
ENOUGH = 30  # as much as so many prints that two alone have
ELSEWHERE = ""  # what stands in no task's function

# Not the module `tokenize`: it ends at what is no Python, and its next version may cut otherwise.
SIGN = re.compile(
    r"""(?P<skipped>\s+|\#[^\n]*|\w{0,2}'{3}.*?(?:'{3}|\Z)|\w{0,2}"{3}.*?(?:"{3}|\Z))
    |(?P<text>[bfru]{0,2}(?:'(?:\\.|[^'\\\n])*'?|"(?:\\.|[^"\\\n])*"?))
    |(?P<kept>\.\s*[^\W\d]\w*|\.?\d[\w.]*|\W)|(?P<name>\w+)""",
    re.X | re.S | re.I,
)
WORDS = """
    False None True abs all and any break class continue def elif else enumerate except float for
    from if import in int is lambda len list max min not or pass print raise range return reversed
    round sorted sum try tuple while with yield zip
"""
KEPT = frozenset(WORDS.split())
# Where something begins that is not within what was begun before.
BEGINS = re.compile(r"^(?:def[ \t]+(\w+)|[^\s#)\]}])", re.M)

Prints = dict[str, list[int]]  # of each task


def prints(content: bytes, notebook: str) -> Prints:
    """Return the prints of a notebook's tasks, without those of its exercise."""
    given = base(notebook)
    found = {
        task: sorted(set(winnowed(runs(own))) - given)
        for task, own in functions(code(content), notebook).items()
    }
    return {task: own for task, own in found.items() if own}


@cache
def base(notebook: str) -> frozenset[int]:
    """Return every print that could be the exercise's."""
    content = (ROOT / "exercises" / f"{notebook}.ipynb").read_bytes()
    parts = functions(code(content), notebook).values()
    return frozenset(run for part in parts for run in runs(part))


def code(content: bytes) -> str:
    """Return the code of a notebook, as far as it is looked at; "" for what is no notebook."""
    if len(content) > LARGEST:
        return ""
    try:
        cells = list(json.loads(content)["cells"])
    except (ValueError, TypeError, KeyError, RecursionError, MemoryError):
        return ""
    return "\n".join(map(source, cells))[:CODE]


def source(cell: Any) -> str:
    """Return a cell's code; "" for what is no code cell, which hides no other one."""
    match cell:
        case {"cell_type": "code", "source": str(text)}:
            return text
        case {"cell_type": "code", "source": [*lines]}:
            return "".join(line for line in lines if isinstance(line, str))
    return ""


def functions(text: str, notebook: str) -> dict[str, list[str]]:
    """Return the signs of each task's function, and of all that is elsewhere."""
    tasks = {name for name, task in feedback.tasks().items() if task["notebook"] == notebook}
    found: dict[str, list[str]] = defaultdict(list)
    begins = [*BEGINS.finditer(text)]
    for number, begin in enumerate(begins, 1):
        end = begins[number].start() if number < len(begins) else len(text)
        found[begin[1] if begin[1] in tasks else ELSEWHERE] += signs(text[begin.start() : end])
    return found


def signs(text: str) -> Iterator[str]:
    """Yield the signs of code: one for every name, one for every text, the others as they are."""
    for match in SIGN.finditer(text):
        match match.lastgroup:
            case "text":
                yield "''"
            case "name" if match[0] not in KEPT:
                yield "x"
            case "name" | "kept":
                yield match[0]


def runs(signs: list[str]) -> list[int]:
    """Return a number for each run of signs."""
    texts = (" ".join(signs[at : at + RUN]) for at in range(len(signs) - RUN + 1))
    digests = (hashlib.blake2b(text.encode(errors="replace"), digest_size=6) for text in texts)
    return [int.from_bytes(digest.digest()) for digest in digests]


def winnowed(numbers: list[int]) -> Iterator[int]:
    """Yield the smallest number of every window."""
    for at in range(max(len(numbers) - WINDOW, 0) + 1 if numbers else 0):
        yield min(numbers[at : at + WINDOW])


class Hint(NamedTuple):
    """Hand-ins of one notebook that have in common what few others have."""

    rows: tuple[Row, ...]
    share: float  # of the weight of the one that has less; 1 for files that are the same
    tasks: tuple[str, ...]  # in which they do


def hints(rows: Iterable[Row]) -> list[Hint]:
    """Return what is to be looked at: the same files, then the others, the surest first."""
    classes: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        # Who hands in the exercise as it was given has copied nothing; a project has no file here.
        own = row.get("prints") or any(mark["points"] for mark in row["tasks"])
        if own and row["sha256"]:
            classes[row["notebook"]][row["sha256"]].append(row)
    files = [own for _, own in sorted(classes.items())]
    same = [
        Hint(tuple(rows), 1.0, tuple(filter(None, rows[0].get("prints", ()))))
        for own in files
        for rows in own.values()
        if len(rows) > 1
    ]
    found = chain.from_iterable(alike(list(own.values())) for own in files)
    return same + sorted(found, key=lambda hint: -hint.share)


def alike(files: list[list[Row]]) -> Iterator[Hint]:
    """Yield the pairs of files of one notebook that have much in common, by who handed them in."""
    number = sum(map(len, files))
    counts = Counter(one for rows in files for row in rows for one in named(row))
    weights = {one: math.log((number + 1) / count) for one, count in counts.items()}
    enough = ENOUGH * math.log((number + 1) / 2)

    def weight(prints: Iterable[tuple[str, int]]) -> float:
        return sum(map(weights.__getitem__, prints))

    def much_of(task: str, *all_prints: set[tuple[str, int]]) -> bool:
        common, *own = ({one for one in prints if one[0] == task} for prints in all_prints)
        return weight(common) >= SHARE * min(map(weight, own)) > 0

    known = [(rows[0], own := named(rows[0]), weight(own)) for rows in files]
    for (a, prints_a, all_a), (b, prints_b, all_b) in combinations(known, 2):
        least = min(all_a, all_b)
        if least < enough:
            continue
        common = prints_a & prints_b
        if (share := weight(common) / least) >= max(SHARE, enough / least):
            tasks = filter(None, a["prints"])  # all but what is elsewhere
            concerned = (task for task in tasks if much_of(task, common, prints_a, prints_b))
            yield Hint((a, b), share, tuple(concerned))


def named(row: Row) -> set[tuple[str, int]]:
    """Return the prints of a hand-in, each with its task."""
    return {(task, one) for task, own in row.get("prints", {}).items() for one in own}
