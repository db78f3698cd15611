"""The two tables of a class, row by row, without a notebook."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader import Stop, results
from grader.journal import NOT_GRADED, SCORED
from grader.results import Change


def mark(task, points, of=5):
    state = NOT_GRADED if points is None else SCORED
    return {
        **{"task": task, "of": of, "points": points, "state": state},
        **{"reason": "", "missed": [], "finding": None},
    }


def row(notebook, *points, student="Ada", number=""):
    tasks = [mark(f"task {number}", each) for number, each in enumerate(points)]
    return {
        **{"student": student, "id": number, "notebook": notebook, "file": f"{student}.ipynb"},
        **{"sha256": "", "seconds": 0.1, "tasks": tasks, "notes": [], "failed": "", "again": False},
    }


def gradebook(folder, *rows, changes=None):
    results.write(rows, folder, changes or {})
    with open(folder / "gradebook.csv", encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_points_by_hand_count_in_the_notebook_and_in_the_total(tmp_path):
    rows = row("03_adagrad", 1, 2), row("05_adam", 4, 0)
    changes = {("Ada", "03_adagrad"): Change(points=6.0)}
    (ada,) = gradebook(tmp_path, *rows, changes=changes)
    assert (ada["03_adagrad"], ada["05_adam"], ada["total"]) == ("6.0", "4", "10.0")
    assert ada["overridden"] == "03_adagrad"


def test_one_task_without_points_leaves_the_notebook_and_the_total_empty(tmp_path):
    (ada,) = gradebook(tmp_path, row("03_adagrad", 5, None), row("05_adam", 2, 2))
    assert (ada["03_adagrad"], ada["05_adam"], ada["total"]) == ("", "4", "")
    assert ada["could not grade"] == "03_adagrad"


def test_points_by_hand_stand_in_for_what_could_not_be_graded(tmp_path):
    changes = {("Ada", "03_adagrad"): Change(points=0.0)}
    (ada,) = gradebook(tmp_path, row("03_adagrad", None, None), changes=changes)
    assert (ada["03_adagrad"], float(ada["total"]), ada["could not grade"]) == ("0.0", 0, "")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("7", "7 is the name or id of two students: 7 and Bob (7)"),
        ("5", "5 is the name or id of two students: Jo (5) and Jon (5)"),
        ("Wei", "of Wei there are two and it needs the id: Wei (3) and Wei (4)"),
    ],
)
def test_a_name_that_may_mean_two_students_stops_in_one_sentence(tmp_path, name, said):
    who = ("7", ""), ("Bob", "7"), ("Wei", "3"), ("Wei", "4"), ("Jo", "5"), ("Jon", "5")
    rows = [row("03_adagrad", 1, student=student, number=number) for student, number in who]
    late = tmp_path / "late.csv"
    late.write_text(f"student,notebook,late_days,points\n{name},03_adagrad,1,5\n")
    with pytest.raises(Stop) as stopped:
        results.write(rows, tmp_path, results.changes(late))
    assert said in str(stopped.value)
    late.write_text("student,notebook,late_days,points\nBob,03_adagrad,,5\n4,03_adagrad,,4\n")
    book = gradebook(tmp_path, *rows, changes=results.changes(late))
    assert [line["03_adagrad"] for line in book] == ["1", "5.0", "1", "1", "1", "4.0"]


def test_every_cell_of_a_table_is_quoted(tmp_path):
    results.write([row("03_adagrad", 1, None)], tmp_path, {})
    for name in ("grades.csv", "gradebook.csv"):
        for line in (tmp_path / name).read_text("utf-8-sig").splitlines():
            assert line.startswith('"')
            assert line.endswith('"')
            assert all(cell.count('"') % 2 == 0 for cell in line.split(","))


@given(st.lists(st.text(), min_size=2, max_size=2))
@example(["＝cmd()", "'=cmd()"])
@example(["\n=cmd()", 'a",6\r\n"b'])
def test_no_text_breaks_a_row_or_begins_a_formula_and_all_can_be_read_again(texts):
    assert results.safe(texts[0])[:1] not in results.FORMULA
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(map(results.safe, texts))
    (line,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert [results.meant(cell) for cell in line] == texts


def test_a_name_as_the_gradebook_writes_it_can_be_used_in_the_table_of_late_days(tmp_path):
    rows = [row("03_adagrad", 1, student="=cmd()")]
    (line,) = gradebook(tmp_path, *rows)
    late = tmp_path / "late.csv"
    late.write_text(f"student,notebook,late_days,points\n{line['student']},03_adagrad,,5\n")
    (line,) = gradebook(tmp_path, *rows, changes=results.changes(late))
    assert line["03_adagrad"] == "5.0"
