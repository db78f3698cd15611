"""One task is graded again: its marks change, all others stay, and a killed run goes on."""

import json
import shutil

import pytest
from grading import exercise, solution

from grader import __main__, examiner, journal, regrade
from grader.results import sheet

TASK = "adagrad_step"
# By student and notebook. Cy's cannot be read, and Di's has no task of this name.
CLASS = {
    ("Ada", "03_adagrad"): solution(),
    ("Bo", "03_adagrad"): exercise(),
    ("Cy", "03_adagrad"): b"{",
    ("Di", "05_adam"): exercise("05_adam"),
}


class Examiner:
    """Gives Ada 3 points for every task, and all others those that its hidden tests give."""

    def __init__(self, monkeypatch):
        self.points, self.asked, self.loses = 2, [], set()
        monkeypatch.setattr(examiner, "grade", self.grade)
        for module in (examiner, regrade):
            monkeypatch.setattr(module, "fingerprint", lambda: f"tests that give {self.points}")

    def grade(self, settings, name, content, whose):
        assert settings["tests"] == f"tests that give {self.points}"
        (student,) = (one for (one, _), handed_in in CLASS.items() if handed_in == content)
        self.asked.append((student, settings["seed"]))
        if student in self.loses:
            return graded([], "it was lost on the way", again=True)
        if student == "Cy":
            return graded([], "it is no notebook")
        points = 3 if student == "Ada" else self.points
        return graded([mark | {"points": points} for mark in journal.marks(name, 0, "")])


def graded(tasks, failed="", again=False):
    return {"tasks": tasks, "notes": [], "failed": failed, "again": again, "seconds": 0.1}


@pytest.fixture
def one(tmp_path, monkeypatch):
    """An examiner that has graded the class, whose hidden tests then give more."""
    one = Examiner(monkeypatch)
    for (student, name), content in CLASS.items():
        file = tmp_path / "in" / student / name / f"{name}.ipynb"
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    assert run(tmp_path, "grade") == 0
    one.points, one.seeds, one.asked = 4, {seed for _, seed in one.asked}, []
    return one


def run(folder, command, task=TASK):
    more = ["--task", task] if command == "regrade" else []
    return __main__.main([command, str(folder / "in"), "--out", str(folder / "out"), *more])


def lines(folder):
    return [json.loads(line) for line in (folder / "out/journal.jsonl").read_text().splitlines()]


def points(folder):
    """What each student has for each task, in the table of all marks."""
    head, cells = sheet(folder / "out" / "grades.csv")
    found = [dict(zip(head, line, strict=True)) for line in cells]
    return {(each["student"], each["task"]): each["points"] for each in found if each["file"]}


def changed(folder):
    head, *cells = sheet(folder / "out" / "regraded.csv")
    assert tuple(head) == regrade.COLUMNS
    return [(each[0], each[4], each[5], each[6]) for each in cells[0]]


def test_only_this_tasks_marks_change(tmp_path, one):
    before = points(tmp_path)
    assert run(tmp_path, "regrade") == 0
    assert run(tmp_path, "grade") == 0
    after = points(tmp_path)
    assert {place for place in before if before[place] != after[place]} == {("Bo", TASK)}
    assert after["Bo", TASK] == "4"


def test_the_same_files_are_asked_with_the_same_seed(tmp_path, one):
    run(tmp_path, "regrade")
    assert one.asked == [("Ada", seed) for seed in one.seeds] + [("Bo", seed) for seed in one.seeds]


def test_which_marks_change_is_written_and_said(tmp_path, one, capsys):
    run(tmp_path, "regrade")
    assert changed(tmp_path) == [("Bo", TASK, "2", "4")]
    said = capsys.readouterr().out
    assert f"{TASK}: of 2 marks 1 rise: " in said
    assert "Marks of other tasks are kept, and would change too: 1 of adagrad_sigmas" in said
    assert "run grade again" in said


def test_a_mark_that_could_not_be_graded_may_come_and_one_that_could_may_go(tmp_path, one):
    one.points = None
    run(tmp_path, "regrade")
    assert changed(tmp_path) == [("Bo", TASK, "2", "")]
    one.points = 1
    run(tmp_path, "regrade")
    assert changed(tmp_path) == [("Bo", TASK, "", "1")]


def test_it_is_recorded_after_what_was_there(tmp_path, one):
    before = lines(tmp_path)
    run(tmp_path, "regrade")
    after = lines(tmp_path)
    assert after[: len(before)] == before
    head, *rows, tail = after[len(before) :]
    assert head["regrade"] == TASK
    assert head["settings"] == before[0]["settings"] | {"tests": "tests that give 4"}
    assert tail == {"settings": head["settings"]}
    assert [row["student"] for row in rows] == ["Ada", "Bo"]


def test_grade_goes_on_by_the_new_tests_and_grades_nothing_twice(tmp_path, one):
    run(tmp_path, "regrade")
    one.asked = []
    assert run(tmp_path, "grade") == 0
    assert one.asked == []


@pytest.mark.parametrize("kept", range(5))
def test_a_regrade_that_is_killed_goes_on_and_comes_to_the_same(tmp_path, one, kept):
    """Killed after so many lines, also within one."""
    before = len(lines(tmp_path))
    shutil.copytree(tmp_path / "in", tmp_path / "whole" / "in")
    shutil.copytree(tmp_path / "out", tmp_path / "whole" / "out")
    run(tmp_path / "whole", "regrade")
    file = tmp_path / "whole" / "out" / "journal.jsonl"
    text = file.read_bytes().splitlines(keepends=True)
    torn = b"".join(text[: before + kept]) + b"".join(text[before + kept :])[:25]
    if kept == 4:
        torn = torn[:-1]  # the last line is whole but for its end
    (tmp_path / "out" / "journal.jsonl").write_bytes(torn)
    if kept:
        assert run(tmp_path, "grade") == 1  # half of the class would have the old mark
    assert run(tmp_path, "regrade") == 0
    assert lines(tmp_path) == lines(tmp_path / "whole")
    assert changed(tmp_path) == changed(tmp_path / "whole")


def test_an_interrupted_regrade_holds_up_grade_and_other_tasks(tmp_path, one, capsys):
    one.loses = {"Bo"}
    journal_file = tmp_path / "out" / "journal.jsonl"
    run(tmp_path, "regrade")
    journal_file.write_bytes(b"".join(journal_file.read_bytes().splitlines(keepends=True)[:-1]))
    for command, task in (("grade", ""), ("regrade", "burst_begins")):
        assert run(tmp_path, command, task) == 1
        assert f"A regrade of {TASK} was interrupted" in capsys.readouterr().err
    assert run(tmp_path, "regrade") == 0


def test_where_the_task_is_mended_once_more_the_first_marks_are_those_before(tmp_path, one):
    run(tmp_path, "regrade")
    file = tmp_path / "out" / "journal.jsonl"
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))
    one.points = 5
    assert run(tmp_path, "regrade") == 0
    assert changed(tmp_path) == [("Bo", TASK, "2", "5")]


def test_what_is_lost_on_the_way_keeps_its_mark_and_is_left_to_grade(tmp_path, one, capsys):
    one.loses = {"Bo"}
    run(tmp_path, "regrade")
    assert changed(tmp_path) == []
    assert "1 could not be graded again, and the next grade does it." in capsys.readouterr().out
    one.loses, one.asked = set(), []
    run(tmp_path, "grade")
    assert [student for student, _ in one.asked] == ["Bo"]
    assert points(tmp_path)["Bo", TASK] == "4"


def test_a_file_that_was_away_or_another_is_graded_by_the_new_tests_when_it_is_there(tmp_path, one):
    away, place = tmp_path / "away", tmp_path / "in" / "Bo"
    place.rename(away)
    run(tmp_path, "regrade")
    away.rename(place)
    run(tmp_path, "grade")
    assert points(tmp_path)["Bo", TASK] == "4"
    assert [student for student, _ in one.asked] == ["Ada", "Bo"]


def test_of_two_mended_tasks_each_can_be_regraded(tmp_path, one, capsys):
    assert run(tmp_path, "regrade", "burst_begins") == 0
    assert "1 of adagrad_step" in capsys.readouterr().out
    assert run(tmp_path, "regrade") == 0
    assert run(tmp_path, "grade") == 0
    marks = points(tmp_path)
    assert marks["Bo", "burst_begins"] == marks["Bo", TASK] == "4"
    assert marks["Bo", "adagrad_sigmas"] == "2"


def test_without_a_change_no_mark_changes(tmp_path, one, capsys):
    one.points = 2
    assert run(tmp_path, "regrade") == 0
    assert "none changes" in capsys.readouterr().out


def test_a_task_that_there_is_not_stops_in_one_sentence(tmp_path, one, capsys):
    assert run(tmp_path, "regrade", "adagrad_stop") == 1
    assert capsys.readouterr().err == "No notebook has a task adagrad_stop.\n"


def test_a_folder_without_marks_stops_in_one_sentence(tmp_path, one, capsys):
    shutil.rmtree(tmp_path / "out")
    assert run(tmp_path, "regrade") == 1
    assert "has no marks yet: use grade" in capsys.readouterr().err


def test_grade_names_regrade_where_the_tests_are_others(tmp_path, one, capsys):
    assert run(tmp_path, "grade") == 1
    assert "after a task was mended, use regrade" in capsys.readouterr().err
