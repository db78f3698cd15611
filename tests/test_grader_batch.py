"""A class passes through a run a few notebooks at a time."""

import os
import zipfile
from concurrent.futures import Executor, Future
from datetime import datetime

import pytest
from grading import notebook, solution
from hypothesis import given
from hypothesis import strategies as st

from grader import batch, similarity
from grader.journal import NOT_GRADED, Journal
from grader.scoring import Graded
from grader.submissions import Submission, find
from grader.wrong_file import UNREADABLE


class AtOnce(Executor):
    """Grades when it is asked, and counts what was handed to it and is not kept yet."""

    def __init__(self, says: str = "") -> None:
        self.handed, self.kept, self.most, self.says = 0, 0, 0, says

    def submit(self, function, *arguments):
        self.handed += 1
        self.most = max(self.most, self.handed - self.kept)
        future: Future = Future()
        future.set_result(Graded(failed=self.says).row())
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


def graded(place, out, says=""):
    with Journal(out, {}) as journal:
        list(batch.grade_all(find(place), journal, AtOnce(says), 1, {}))
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


def test_when_a_file_was_changed_is_kept_in_universal_time(tmp_path):
    file = hand_in(tmp_path / "class", "ada/03_adagrad.ipynb")
    os.utime(file, (1795771805.9, 1795771805.9))
    rows = graded(tmp_path / "class", tmp_path / "out")
    assert rows["ada"]["dated"] == "2026-11-27T09:30:05+00:00"


def test_a_zip_has_dates_of_a_clock_that_nobody_knows(tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name, date in [("ada", (2026, 11, 27, 9, 30, 4)), ("bo", (1980, 0, 0, 0, 0, 0))]:
            info = zipfile.ZipInfo(f"{name}/03_adagrad.ipynb")
            info.date_time = date
            archive.writestr(info, notebook("pass"))
    rows = graded(tmp_path / "class.zip", tmp_path / "out")
    assert {name: row["dated"] for name, row in rows.items()} == {
        "ada": "2026-11-27T09:30:04",
        "bo": "",
    }


@given(st.floats())
def test_whatever_a_disk_calls_a_date_is_one_or_none(changed):
    text = batch.dated(changed)
    assert not text or datetime.fromisoformat(text)


def test_the_prints_of_the_code_are_kept_and_another_run_need_not_make_them(tmp_path, monkeypatch):
    file = hand_in(tmp_path / "class", "ada/03_adagrad.ipynb")
    file.write_bytes(solution())
    rows = graded(tmp_path / "class", tmp_path / "out")
    assert rows["ada"]["prints"] == similarity.prints(solution(), "03_adagrad")
    assert "adagrad_step" in rows["ada"]["prints"]
    monkeypatch.delattr(similarity, "prints")
    assert graded(tmp_path / "class", tmp_path / "out") == rows


def test_of_a_file_that_cannot_be_read_is_said_what_it_is(tmp_path):
    file = hand_in(tmp_path / "class", "ada/03_adagrad.ipynb")
    file.write_bytes(b"%PDF-1.7")
    row = graded(tmp_path / "class", tmp_path / "out", UNREADABLE)["ada"]
    assert row["failed"].startswith("it is a PDF")
    assert {mark["reason"] for mark in row["tasks"]} == {row["failed"]}
