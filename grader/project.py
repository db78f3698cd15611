"""The project of notebook 08, which a person marks: a rubric, and the instructor's table of marks.

    student,prediction,budget,seeds,control,figure,limits,comment
    Ada Lovelace,4,4,3,4,2,2,"The control is the best part."

`student` is the name or the id of the gradebook, and of one student only; or a code, for who is to
mark without knowing whom. An empty cell is not marked yet, and nor is who has no line.
"""

import csv
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from grader import Stop
from grader.journal import NOT_GRADED, SCORED, ZERO, Mark, Row
from grader.results import Who, amount, cells, only, table

NOTEBOOK = "project"
# What docs/teaching.md says of each, and how much it counts.
RUBRIC = {"prediction": 4, "budget": 4, "seeds": 4, "control": 4, "figure": 2, "limits": 2}
COLUMNS = ("student", *RUBRIC, "comment")
EMPTY = dict.fromkeys(COLUMNS, "")
NOT_MARKED = "not marked yet"


def rows(
    file: Path | None, graded: Iterable[Row], seed: int = 0, key: Path | None = None
) -> list[Row]:
    """Return a row for every student; make the table, still empty, if there is none.

    With a file for the key, a new table names the students by codes, and the file whom each means.
    Raise Stop for a table that cannot be read, points that do not exist, and unknown students.
    """
    if not file:
        return []
    known = {(row["student"], row["id"]) for row in graded}
    codes = {code(who, seed): who for who in known}
    try:
        if not file.exists():
            titles = sorted(codes) if key else [title(who, known) for who in sorted(known)]
            if key:
                whom = (
                    {"code": one, "student": codes[one][0], "id": codes[one][1]} for one in titles
                )
                table(key, ("code", "student", "id"), whom)
            table(file, COLUMNS, [{"student": one} for one in titles if one])
            print(f"{file} is an empty table for the marks of the project.")
            return []
        marked: dict[Who, Row] = {}
        for line in cells(file, COLUMNS):
            row = row_of(dict(zip(COLUMNS, line, strict=True)), known, codes)
            if (who := (row["student"], row["id"])) in marked:
                raise ValueError(f"{line[0]} is there twice")
            marked[who] = row
        return [marked.get(who) or marks(who, EMPTY) for who in sorted(known)]
    except (OSError, ValueError, csv.Error) as error:
        raise Stop(f"{file} cannot be used: {error}.") from error


def code(who: Who, seed: int) -> str:
    """Return what stands for a student: always the same, and nobody without the seed finds it."""
    text = f"{seed}\0{who[0]}\0{who[1]}".encode(errors="surrogatepass")
    return f"S-{hashlib.sha256(text).hexdigest()[:8]}"


def title(who: Who, known: Iterable[Who]) -> str:
    """Return the name or id that is this student's alone; say so if there is none."""
    why = ""
    for name in filter(None, who):
        try:
            only(name, known)
        except ValueError as error:
            why = str(error)
        else:
            return name
    print(f"A student is left out of the project: {why}.")
    return ""


def row_of(line: dict[str, str], known: Iterable[Who], codes: dict[str, Who]) -> Row:
    """Return the row of one student."""
    if not (found := codes.get(line["student"]) or only(line["student"], known)):
        raise ValueError(f"of {line['student'] or 'a student without a name'} there is nothing")
    return marks(found, line)


def marks(who: Who, line: dict[str, str]) -> Row:
    """Return the row of a student that a line says."""
    student, number = who
    row = {
        **{"student": student, "id": number, "notebook": NOTEBOOK, "file": "", "sha256": ""},
        **{"seconds": 0.0, "failed": "", "again": False},
        "tasks": [mark(criterion, line) for criterion in RUBRIC],
        "notes": [line["comment"]] if line["comment"] else [],
    }
    return cast(Row, row)


def mark(criterion: str, line: dict[str, str]) -> Mark:
    """Return what a student has for one criterion."""
    of, points = RUBRIC[criterion], None
    if line[criterion]:
        points = amount(line[criterion])
        if not 0 <= points <= of:
            raise ValueError(f"{line['student']} has {points:g} for {criterion}, which counts {of}")
    state = NOT_GRADED if points is None else SCORED if points else ZERO
    reason = "" if points else NOT_MARKED if points is None else "marked by hand"
    found = {"task": criterion, "of": of, "points": points, "state": state, "reason": reason}
    return cast(Mark, {**found, "missed": [], "finding": None})
