"""Marks by hand: the table of the project, and what becomes of it."""

import csv
import re

import pytest
from grading import ROOT

from grader import Stop, project, results
from grader.journal import NOT_GRADED, SCORED, ZERO


def graded(*students):
    return [{"student": name, "id": number, "notebook": "08_beyond"} for name, number in students]


CLASS = graded(("Ada", "7"), ("Bo", ""), ("Chen", "3"), ("Chen", "4"))
FULL = "4,4,4,4,2,2"


@pytest.fixture
def marks(tmp_path):
    def marks(*lines):
        file = tmp_path / "project.csv"
        file.write_text("\n".join([",".join(project.COLUMNS), *lines]), encoding="utf-8")
        return project.rows(file, CLASS)

    return marks


def test_a_table_that_there_is_not_is_made_with_every_student(tmp_path):
    file = tmp_path / "project.csv"
    assert project.rows(file, CLASS) == []
    head, *lines = csv.reader(file.read_text("utf-8-sig").splitlines())
    assert ",".join(head) == "student,prediction,budget,seeds,control,figure,limits,comment"
    assert [line[0] for line in lines] == ["Ada", "Bo", "3", "4"]
    marked = project.rows(file, CLASS)
    assert {mark["state"] for row in marked for mark in row["tasks"]} == {NOT_GRADED}


def test_a_table_with_codes_names_nobody_and_its_marks_are_the_students_all_the_same(tmp_path):
    file, key = tmp_path / "project.csv", tmp_path / "key.csv"
    assert project.rows(file, CLASS, 17, key) == []
    _, *lines = csv.reader(file.read_text("utf-8-sig").splitlines())
    codes = [line[0] for line in lines]
    assert all(re.fullmatch(r"S-[0-9a-f]{8}", code) for code in codes)
    assert codes == sorted(set(codes))
    whom = {line["code"]: line for line in csv.DictReader(key.read_text("utf-8-sig").splitlines())}
    assert sorted((line["student"], line["id"]) for line in whom.values()) == [
        ("Ada", "7"),
        ("Bo", ""),
        ("Chen", "3"),
        ("Chen", "4"),
    ]
    for code in codes:
        file.write_text("\n".join([",".join(project.COLUMNS), f"{code},{FULL},"]), "utf-8")
        (full,) = [
            (row["student"], row["id"])
            for row in project.rows(file, CLASS, 17)
            if all(mark["points"] == mark["of"] for mark in row["tasks"])
        ]
        assert full == (whom[code]["student"], whom[code]["id"])


def test_with_another_seed_the_codes_are_others():
    assert project.code(("Ada", "7"), 1) != project.code(("Ada", "7"), 2)
    assert project.code(("Ada", "7"), 1) != project.code(("Ada7", ""), 1)


def test_marks_are_those_of_the_student_by_name_or_id(marks):
    ada, bo, _, chen = marks(f'7,{FULL},"Good, all of it."', "Bo,0,4,,1.5,2,2,", f"4,{FULL},")
    assert (ada["student"], ada["id"], ada["notes"]) == ("Ada", "7", ["Good, all of it."])
    assert [mark["points"] for mark in bo["tasks"]] == [0, 4, None, 1.5, 2, 2]
    assert [mark["state"] for mark in bo["tasks"][:3]] == [ZERO, SCORED, NOT_GRADED]
    assert (chen["student"], chen["id"]) == ("Chen", "4")


def test_the_project_has_a_column_of_the_gradebook_and_counts_in_the_total(marks, tmp_path):
    results.write(marks(f"Ada,{FULL},"), tmp_path, {})
    ada, bo, *_ = csv.DictReader((tmp_path / "gradebook.csv").read_text("utf-8-sig").splitlines())
    assert (ada["project"], ada["total"]) == ("20", "20")
    assert (bo["project"], bo["total"], bo["could not grade"]) == ("", "", "project")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"Nobody,{FULL},", "of Nobody there is nothing"),
        (f"Chen,{FULL},", "there are two and it needs the id"),
        ("Ada,5,4,4,4,2,2,", "Ada has 5 for prediction, which counts 4"),
        ("Ada,-1,4,4,4,2,2,", "Ada has -1 for prediction"),
        ("Ada,four,4,4,4,2,2,", "is no number"),
        ("Ada,nan,4,4,4,2,2,", "nan is no number"),
        (f"Bo,{FULL},\nAda,{FULL},\n7,{FULL},", "7 is there twice"),
    ],
)
def test_what_is_unclear_stops_in_one_sentence(marks, line, said):
    with pytest.raises(Stop, match=re.escape(said)):
        marks(line)


def test_who_has_no_line_is_not_marked_yet(marks):
    ada, bo, *_ = marks(f"Ada,{FULL},")
    assert {mark["state"] for mark in ada["tasks"]} == {SCORED}
    assert {(mark["state"], mark["reason"]) for mark in bo["tasks"]} == {
        (NOT_GRADED, "not marked yet")
    }


def test_a_name_that_is_another_students_id_stops_and_names_both(tmp_path, capsys):
    who = graded(("7", ""), ("Bob", "7"))
    file = tmp_path / "project.csv"
    assert project.rows(file, who) == []
    assert (
        "A student is left out of the project: 7 is the name or id of two students"
        in capsys.readouterr().out
    )
    assert [row["student"] for row in project.rows(file, who)] == ["7", "Bob"]
    with file.open("a") as lines:
        lines.write(f"7,{FULL},\n")
    with pytest.raises(Stop, match=r"the name or id of two students: 7 and Bob \(7\)"):
        project.rows(file, who)


@pytest.mark.parametrize("name", ["=cmd()", "'=cmd()", "-Ada", "@ada", '"', "a,b", "Ａda"])
def test_a_table_that_was_made_here_can_be_read_again(tmp_path, name):
    file = tmp_path / "project.csv"
    project.rows(file, graded((name, "")))
    (row,) = project.rows(file, graded((name, "")))
    assert row["student"] == name


def test_a_missing_column_stops_in_one_sentence(tmp_path):
    (tmp_path / "project.csv").write_text("student,prediction\nAda,4\n")
    with pytest.raises(Stop, match="there is no column"):
        project.rows(tmp_path / "project.csv", CLASS)


def test_the_rubric_is_the_one_that_teachers_read():
    text = (ROOT / "docs" / "teaching.md").read_text("utf-8")
    shown = re.findall(r"^\| `(\w+)` \|.*\| (\d+) \|$", text, re.M)
    assert {name: int(points) for name, points in shown} == project.RUBRIC
