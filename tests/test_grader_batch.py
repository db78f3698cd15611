"""A class passes through a run a few notebooks at a time."""

from concurrent.futures import Executor, Future

import pytest
from grading import notebook

from grader import batch
from grader.journal import NOT_GRADED, Journal
from grader.scoring import Graded
from grader.submissions import Submission, find


class AtOnce(Executor):
    """Grades when it is asked, and counts what was handed to it and is not kept yet."""

    def __init__(self) -> None:
        self.handed, self.kept, self.most = 0, 0, 0

    def submit(self, function, *arguments):
        self.handed += 1
        self.most = max(self.most, self.handed - self.kept)
        future: Future = Future()
        future.set_result(Graded().row())
        return future


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_no_more_notebooks_are_in_memory_than_two_for_each_job(tmp_path, jobs):
    found = [
        Submission(str(student), "", "03_adagrad", "x.ipynb", 0.0, notebook, is_notebook=True)
        for student in range(40)
    ]
    executor = AtOnce()
    with Journal(tmp_path, {}) as journal:
        for _ in batch.grade_all(found, journal, executor, jobs, {}):
            executor.kept += 1
    assert executor.kept == 40
    assert executor.most == 2 * jobs


def hand_in(root, path):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(notebook("pass"))
    return file


def graded(place, out):
    with Journal(out, {}) as journal:
        list(batch.grade_all(find(place), journal, AtOnce(), 1, {}))
    with Journal(out, {}) as journal:
        return {row["student"]: row for row in journal.rows.values()}


def test_what_two_hand_ins_claim_could_not_be_graded_until_one_is_taken_away(tmp_path):
    place, out = tmp_path / "class", tmp_path / "out"
    hand_in(place, "ada/03_adagrad.ipynb")
    assert not graded(place, out)["ada"]["failed"]
    other = hand_in(place, "ADA/03_adagrad.ipynb")
    rows = graded(place, out)
    assert all(mark["state"] == NOT_GRADED for row in rows.values() for mark in row["tasks"])
    for row in rows.values():
        assert len(row["tasks"]) > 0
        assert "two hand-ins claim this: ADA/03_adagrad.ipynb and ada/" in row["failed"]
    other.unlink()
    assert not graded(place, out)["ada"]["failed"]


def test_why_something_could_not_be_graded_is_what_the_last_run_found(tmp_path):
    place, out = tmp_path / "class", tmp_path / "out"
    hand_in(place, "ada/03_adagrad.pdf")
    assert "no notebook was handed in" in graded(place, out)["ada"]["failed"]
    (place / "ada" / "03_adagrad.ipynb").symlink_to("03_adagrad.pdf")
    assert "it is a link" in graded(place, out)["ada"]["failed"]


def test_of_many_files_that_are_not_graded_a_few_are_named(tmp_path):
    for number in range(50):
        hand_in(tmp_path / "class", f"ada/03_adagrad ({number}).ipynb")
    notes = graded(tmp_path / "class", tmp_path / "out")["ada"]["notes"]
    assert len(notes) == batch.TOLD + 1
    assert notes[-1] == f"So were {49 - batch.TOLD} more."
