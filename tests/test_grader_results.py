"""The two tables of a class, row by row, without a notebook."""

import csv

from grader import results
from grader.journal import NOT_GRADED, SCORED
from grader.results import Change


def mark(task, points, of=5):
    state = NOT_GRADED if points is None else SCORED
    return {
        **{"task": task, "of": of, "points": points, "state": state},
        **{"reason": "", "missed": [], "finding": None},
    }


def row(notebook, *points, student="Ada"):
    tasks = [mark(f"task {number}", each) for number, each in enumerate(points)]
    return {
        **{"student": student, "id": "", "notebook": notebook, "file": f"{student}.ipynb"},
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


def test_one_task_without_points_leaves_the_notebook_empty_and_out_of_the_total(tmp_path):
    (ada,) = gradebook(tmp_path, row("03_adagrad", 5, None), row("05_adam", 2, 2))
    assert (ada["03_adagrad"], ada["05_adam"], ada["total"]) == ("", "4", "4")
    assert ada["could not grade"] == "03_adagrad"


def test_points_by_hand_stand_in_for_what_could_not_be_graded(tmp_path):
    changes = {("Ada", "03_adagrad"): Change(points=0.0)}
    (ada,) = gradebook(tmp_path, row("03_adagrad", None, None), changes=changes)
    assert (ada["03_adagrad"], float(ada["total"]), ada["could not grade"]) == ("0.0", 0, "")
