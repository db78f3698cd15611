"""The class list: who is who, and who handed in nothing.

A table with the columns `student`, `id` and, if you like, `email`; a gradebook of Canvas or a
grading worksheet of Moodle is one too. Whom a submission belongs to is said by its id, else by its
name, else by the name as a system writes it (Canvas: `lovelaceada`). Where that may be two, it is
graded for neither.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from grader import Stop
from grader.journal import Row, failed, marks
from grader.results import Who, meant, sheet
from grader.submissions import alike, clean

# What each is called, small: in our own tables, in those of Canvas and of Moodle.
NAME = ("student", "full name", "name")
LAST, FIRST = ("lastname", "last name", "surname"), ("firstname", "first name")
ID = ("id", "identifier", "id number")
EMAIL = ("email", "email address", "e-mail")
NUMBER = ("id number", "idnumber")
NOTHING = "nothing was handed in"
BEARS = "Its file has the name of a classmate,"
TELLING = 7  # letters: a shorter name may stand in another word
POINTS = "Points Possible"
# Canvas's own student, by whom a teacher looks at the course.
TEST_STUDENT = "Student, Test"


class Listed(NamedTuple):
    """A line of the roster."""

    student: str
    id: str
    email: str = ""
    number: str = ""  # what Moodle calls the ID number

    @property
    def who(self) -> Who:
        """By what results know this student."""
        return self.student, self.id


@dataclass(frozen=True)
class Roster:
    """A class."""

    listed: tuple[Listed, ...] = ()
    of_moodle: bool = False  # a worksheet, whose ids are numbers of participants

    @cached_property
    def known(self) -> tuple[dict[str, set[Listed]], ...]:
        """Who has an id, a name, and a name as a system writes it."""
        ids, names, forms = (defaultdict[str, set[Listed]](set) for _ in range(3))
        for one in self.listed:
            for number in {alike(each) for each in (one.id, one.number, one.email) if each}:
                ids[number].add(one)
            names[alike(one.student)].add(one)
            for form in written(one.student):
                forms[form].add(one)
        return ids, names, forms

    def find(self, student: str, number: str, participant: bool = False) -> set[Listed]:
        """Return whom a submission may belong to: the one, nobody, or two who both may be.

        participant   whether the number is one of Moodle's, which are drawn for each assignment
        """
        ids, names, forms = self.known
        # A folder may be named by an id.
        by_id = ids.get(alike(number or student), set())
        by_name = names.get(alike(student), set()) or set().union(
            *(forms.get(form, set()) for form in written(student))
        )
        if participant and not self.of_moodle:
            return by_id & by_name or by_name
        # A number of one system may be that of somebody else in another.
        return by_id & by_name or by_id | by_name


def letters(text: str) -> str:
    """Return a text without what stands between letters."""
    return re.sub(r"[\W_]+", "", alike(text))


def written(name: str) -> set[str]:
    """Return a name as a system may write it: letters alone, and the last name first."""
    words = [word for word in re.split(r"[\W_]+", alike(name)) if word]
    return {"".join(words[at:] + words[:at]) for at in range(len(words))}


def read(file: Path | None) -> Roster:
    """Read the class list; raise Stop if it cannot be used."""
    if not file:
        return Roster()
    try:
        head, rows = sheet(file)
        listed = list(lines(head, rows))
        ids = [one.id for one in listed if one.id]
        names = [alike(one.student) for one in listed if not one.id]
        if twice := {each for each in ids if ids.count(each) > 1}:
            raise ValueError(f"the id {min(twice)} is there twice")
        if twice := {each for each in names if names.count(each) > 1}:
            raise ValueError(f"of {min(twice)} there are two, and each needs an id")
        if not listed:
            raise ValueError("it names nobody")
    except (OSError, ValueError, csv.Error) as error:
        raise Stop(f"{file} is no class list: {error}.") from error
    return Roster(tuple(listed), of_moodle="Identifier" in head)


def lines(head: list[str], rows: list[list[str]]) -> Iterator[Listed]:
    """Yield who is in a table; ValueError if its columns do not say."""
    at = {name.strip().lower(): place for place, name in reversed(list(enumerate(head)))}

    def column(names: tuple[str, ...]) -> int | None:
        return next((at[name] for name in names if name in at), None)

    name, last, first, number, email, other = map(column, (NAME, LAST, FIRST, ID, EMAIL, NUMBER))
    if name is None and (last is None or first is None) and number is None:
        raise ValueError("it has no column student, and none of the names by which others call it")
    for row in rows:
        cells = [meant(cell.strip()) for cell in row] + [""]

        def cell(place: int | None, cells: list[str] = cells) -> str:
            return "" if place is None else cells[min(place, len(cells) - 1)]

        whole = cell(name) if name is not None else f"{cell(last)}, {cell(first)}".strip(", ")
        own = cell(number)
        if number == at.get("identifier"):
            own = re.sub(r"^\D+(?=\d+$)", "", own)  # "Participant 17"
        # Canvas quotes a name that begins a formula. Where Moodle keeps names secret, it has none.
        student = re.sub(r'^="(.*)"$', r"\1", whole) or cell(number)
        if student not in ("", POINTS, TEST_STUDENT):
            yield Listed(clean(student), clean(own) if own else "", cell(email), cell(other))


def placed(rows: Iterable[Row], roster: Roster, also: Iterable[str] = ()) -> list[Row]:
    """Return the rows with the names of the roster, and one for all that was not handed in.

    What may belong to two is graded for neither, and nor is what two hand-ins claim.

    also   notebooks that count though nobody may have handed them in
    """
    own: dict[tuple[Who, str], list[Row]] = defaultdict(list)
    maybe: dict[tuple[Who, str], str] = {}
    unclear: set[Who] = set()
    for row in rows:
        who = row["student"], row["id"]
        found = sorted(roster.find(*who, is_participants(row)))
        if len(found) > 1:
            unclear.add(who)
            maybe |= {(one.who, row["notebook"]): row["file"] for one in found}
            names = " or ".join(map(called, found))
            row = failed(row, f"by the class list it may be of {names}: say whose it is")
        elif found:
            who = found[0].who
            row = row | {"student": who[0], "id": who[1]}
            if other := classmate(row["file"], found[0], roster):
                row["notes"] = [f"{BEARS} {other}.", *row["notes"]]
        own[who, row["notebook"]].append(row)
    everyone = {one.who for one in roster.listed} | {who for who, _ in own} - unclear
    notebooks = ({notebook for _, notebook in own} | set(also)) - {""}
    return [row for group in own.values() for row in settled(group)] + [
        missing(who, notebook, maybe.get((who, notebook)) or maybe.get((who, ""), ""))
        for who in everyone
        for notebook in notebooks
        # Of whom something was handed in that names no notebook, it may be any.
        if (who, notebook) not in own and (who, "") not in own
    ]


def classmate(file: str, own: Listed, roster: Roster) -> str:
    """Return who of the others has a name that the name of a student's file holds, "" if nobody."""
    text = letters(PurePosixPath(file).name)
    mine = written(own.student)
    for one in roster.listed:
        forms = (form for form in written(one.student) if len(form) >= TELLING)
        if one.who != own.who and any(
            form in text and not any(form in name for name in mine) for form in forms
        ):
            return one.student
    return ""


def settled(group: list[Row]) -> list[Row]:
    """Return the rows of one student and notebook: one, unless it is unknown which notebook."""
    first, *others = group
    if not others or not first["notebook"]:
        return group
    if first["sha256"] and all(row["sha256"] == first["sha256"] for row in others):
        return [first]  # handed in twice
    files = " and ".join(row["file"] for row in group)
    return [failed(first, f"{len(group)} hand-ins claim this: {files}")]


def missing(who: Who, notebook: str, maybe: str = "") -> Row:
    """Return the row of a notebook that a student did not hand in, unless a file may be it."""
    student, number = who
    row: Row = {
        "student": student,
        "id": number,
        "notebook": notebook,
        "file": "",
        "sha256": "",
        "tasks": marks(notebook, 0, NOTHING),
        "notes": [],
        "failed": "",
        "again": False,
        "seconds": 0.0,
    }
    return failed(row, f"by the class list {maybe} may be of this student") if maybe else row


def handed_in(row: Row) -> bool:
    """Whether a row is of something that was handed in."""
    return not row["tasks"] or any(task["reason"] != NOTHING for task in row["tasks"])


def called(one: Listed) -> str:
    """Return the name and id of somebody."""
    return f"{one.student} ({one.id})" if one.id else one.student


def unlisted(rows: Iterable[Row], roster: Roster) -> list[str]:
    """Return who handed something in and is not in the roster."""
    each = rows if roster.listed else ()
    who = {(row["student"], row["id"], is_participants(row)) for row in each}
    return [called(Listed(*one[:2])) for one in sorted(who) if not roster.find(*one)]


def is_participants(row: Row) -> bool:
    """Whether a row's id is a number that Moodle drew for this assignment."""
    return "_assignsubmission_" in row["file"]


def by_worksheet(rows: Iterable[Row], worksheet: Roster, roster: Roster) -> Iterator[Row]:
    """Yield rows; a participant of Moodle's has the class list's id if addresses say whose."""
    numbers = {one.id: one for one in worksheet.listed}
    for row in rows:
        one = numbers.get(row["id"]) if is_participants(row) else None
        found = same_address(one, roster) if one and alike(one.student) else set()
        if one and len(found) == 1 and roster.find(row["student"], "") & found:
            who = found.pop().who
            yield row | {"student": who[0], "id": who[1]}
        else:
            yield row


def same_address(one: Listed, roster: Roster) -> set[Listed]:
    """Return who has the same e-mail address or ID number."""
    return {
        other
        for other in roster.listed
        if (one.email and alike(one.email) == alike(other.email))
        or (one.number and one.number in (other.number, other.id))
    }


def paired(
    students: Iterable[Who], listed: Iterable[Listed], name: str, own: Roster, participants: bool
) -> dict[Who, Who]:
    """Return the student of each line of a system's table; say of whom there is none, or no line.

    name           what the table is called
    own            the class list, whose addresses are looked up first
    participants   whether its ids are those of Moodle's participants
    """
    roster = Roster(tuple(listed), of_moodle=own.of_moodle)
    known = {one.who: one for one in own.listed}
    lines: dict[Who, list[Who]] = defaultdict(list)
    lost = []
    for who in students:
        one = known.get(who)
        found = (one and same_address(one, roster)) or roster.find(*who, participants)
        if len(found) == 1:
            lines[found.pop().who].append(who)
        else:
            lost.append(called(Listed(*who)) + (" (it may be one of two)" if found else ""))
    twice = [who for each in lines.values() if len(each) > 1 for who in each]
    lost += [f"{called(Listed(*who))} (two have the same)" for who in twice]
    if lost:
        print(f"{name} has no line for {', '.join(lost)}.")
    if others := [called(one) for one in roster.listed if one.who not in lines]:
        print(f"{name} has nothing new for {', '.join(others)}.")
    return {line: each[0] for line, each in lines.items() if len(each) == 1}
