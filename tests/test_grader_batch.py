"""A class passes through a run a few notebooks at a time."""

from concurrent.futures import Executor, Future

import pytest
from grading import notebook

from grader import batch
from grader.journal import Journal
from grader.scoring import Graded
from grader.submissions import Submission


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
        Submission(str(student), "", "03_adagrad", f"{student}.ipynb", 0.0, notebook)
        for student in range(40)
    ]
    executor = AtOnce()
    with Journal(tmp_path, {}) as journal:
        for _ in batch.grade_all(found, journal, executor, jobs, {}):
            executor.kept += 1
    assert executor.kept == 40
    assert executor.most == 2 * jobs
