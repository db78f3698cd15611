"""A class whose hand-ins were made by somebody who knew teachers and students, not the grader.

`awkward_class/` has what Canvas gives for 56 students: 39 awkward hand-ins, each of another kind,
some honest ones from each front end, three pairs of namesakes, and six of whom there is nothing.
expected.csv says what a fair teacher would do with each, and why.
"""

import csv
import re
import subprocess
import sys

import pytest
from grading import ROOT

pytest.importorskip("fcntl", reason="the grader runs on Linux")

HERE = ROOT / "tests" / "awkward_class"
TASKS = 6


def table(file):
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    out = tmp_path_factory.mktemp("results")
    how = "--roster", HERE / "class.csv", "--notebook", "03", "--jobs", "2"
    command = [sys.executable, "-m", "grader", "grade", HERE / "canvas.zip", "--out", out, *how]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return out


def judged(rows):
    """What became of a hand-in, in the words of expected.csv."""
    if {row["state"] for row in rows} == {"could not grade"}:
        return "needs you"
    if {row["reason"] for row in rows} == {"nothing was handed in"}:
        return "nothing handed in"
    zeros = {row["task"] for row in rows if row["points"] == "0"}
    full = {row["task"] for row in rows if row["points"] == row["of"]}
    assert len(zeros | full) == TASKS, "a solution and an empty task have all points or none"
    return f"partial:{';'.join(sorted(zeros))}" if zeros else "full"


def test_nobody_is_lost_or_merged_and_each_gets_what_a_fair_teacher_would_give(results):
    grades, asked = table(results / "grades.csv"), needing(results)
    class_list = {line["id"]: line for line in table(HERE / "expected.csv")}
    assert {row["id"] for row in grades} == class_list.keys()
    for number, line in class_list.items():
        rows = [row for row in grades if row["id"] == number]
        assert {row["student"] for row in rows} == {line["student"]}
        assert {row["notebook"] for row in rows} == {"03_adagrad"}
        kind, _, tasks = line["fair"].partition(":")
        fair = f"{kind}:{';'.join(sorted(tasks.split(';')))}" if tasks else kind
        got = judged(rows)
        # Who needs a person may have marks, if the report asks that person.
        told = fair == "needs you" and (line["student"], number) in asked
        assert told or got in (fair, line["also fair"]), (line, got)


def needing(results):
    """Whom the report names before all statistics."""
    report = (results / "report.html").read_text("utf-8")
    begin, _, _ = report.partition("<h2>Distribution</h2>")
    return set(re.findall(r"<bdi>(.*?)</bdi> \((\d+)\)", begin))


def test_each_has_one_line_in_the_gradebook_and_a_cell_is_empty_where_a_person_is_needed(results):
    book = table(results / "gradebook.csv")
    assert len(book) == len({line["id"] for line in book}) == 56
    empty = {(line["student"], line["id"]) for line in book if line["03_adagrad"] == ""}
    assert empty <= needing(results)
    assert all(line["total"] == line["03_adagrad"] for line in book)
