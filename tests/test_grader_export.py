"""The course for nbgrader: its own commands run in it, and honest work gets the same marks."""

import csv
import json
import re
import subprocess
import sys
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from grading import NAMES, ROOT, cells_of, exercise, notebook, points, quick_examiner, solution

from course_lib import feedback
from grader.__main__ import main
from tasks import catalogue

# What a file of the catalogue needs of it where it is not to be found.
STUB = """
class Task:
    wrong = {}
    def __init__(self, name, cases, **_):
        self.cases, self.mine = cases, self.wrong.setdefault(name, [])
    def misconception(self, *_, **__): return lambda f: self.mine.append(f) or f
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("course")
    assert main(["export-nbgrader", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def examiner():
    examiner = quick_examiner()
    yield examiner
    examiner.close()


def graded_cells(content: bytes) -> dict[str, str]:
    """The code that nbgrader takes points from, by task."""
    found = {}
    for cell in json.loads(content)["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade"):
            found[about["grade_id"].removeprefix("check_")] = "".join(cell["source"])
    return found


def points_in(cell: str, task: str, names: dict) -> int:
    """What a cell with hidden tests shows last, in a notebook that has these names."""
    names = {"check": lambda function: None, **names}
    code, _, call = cell.partition("### END")[0].rpartition("\nhidden_points_of")
    with redirect_stdout(StringIO()):
        exec(code, names)
        return eval("hidden_points_of" + call, names)


def partly_wrong() -> bytes:
    """A solution of 03 with one task unwritten, one that raises, and one right but for its ε."""
    content = json.loads(solution())
    unwritten = json.loads(exercise())
    for cell, empty in zip(content["cells"], unwritten["cells"], strict=True):
        text = "".join(cell["source"])
        if text.startswith("def adagrad_sigmas"):
            cell["source"] = empty["source"]
        if text.startswith("def burst_begins"):
            cell["source"] = "def burst_begins(total, seen, lr, curvature):\n    return totl"
        if text.startswith("def adagrad_step"):
            cell["source"] = text.replace("(np.sqrt(total) + eps)", "np.sqrt(total + eps)")
    return json.dumps(content).encode()


def nbgrader(course: Path, *command: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *command], cwd=course, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stderr


def test_each_assignment_has_a_folder_and_its_notebook(course):
    assert sorted(path.name for path in course.iterdir()) == ["nbgrader_config.py", "source"]
    files = sorted(path.relative_to(course / "source") for path in course.rglob("*.ipynb"))
    assert files == [Path(name) / f"{name}.ipynb" for name in NAMES]


def test_every_task_has_its_hidden_tests_and_its_points(course):
    for name in NAMES:
        cells = json.loads((course / "source" / name / f"{name}.ipynb").read_text("utf-8"))["cells"]
        tests = (ROOT / "tasks" / name / "test_hidden.py").read_text("utf-8")
        holding = ["".join(cell["source"]) for cell in cells]
        holding = [text for text in holding if "### BEGIN HIDDEN TESTS" in text]
        for test in re.findall(r"^def test_\w+", tests, re.M):
            assert all(text.count(test + "(") == 1 for text in holding)
        worth = {
            cell["metadata"]["nbgrader"]["grade_id"]: cell["metadata"]["nbgrader"]["points"]
            for cell in cells
            if "### BEGIN HIDDEN TESTS" in "".join(cell["source"])
        }
        own = {task: entry for task, entry in feedback.tasks().items() if entry["notebook"] == name}
        assert worth == {f"check_{task}": entry["points"] for task, entry in own.items()}


def test_nbgrader_releases_what_the_repository_has_as_exercise_and_gives_the_same_marks(
    course, examiner
):
    nbgrader(course, "generate_assignment", "03_adagrad")
    released = (course / "release/03_adagrad/03_adagrad.ipynb").read_bytes()
    assert cells_of(released) == cells_of(exercise())
    submissions = {"Ada": solution(), "Çelik": partly_wrong()}
    for student, content in submissions.items():
        folder = course / "submitted" / student / "03_adagrad"
        folder.mkdir(parents=True)
        (folder / "03_adagrad.ipynb").write_bytes(content)
    nbgrader(course, "autograde", "03_adagrad")
    nbgrader(course, "export")
    with (course / "grades.csv").open(encoding="utf-8", newline="") as lines:
        marks = {row["student_id"]: float(row["score"]) for row in csv.DictReader(lines)}
    ours = {
        student: sum(points(examiner.grade("03_adagrad", content)).values())
        for student, content in submissions.items()
    }
    assert marks == ours
    assert (
        0
        < ours["Çelik"]
        < ours["Ada"]
        == sum(
            exam["points"] for exam in feedback.tasks().values() if exam["notebook"] == "03_adagrad"
        )
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_misconception_gets_the_points_that_the_grader_gives(course, examiner, name):
    cells = graded_cells((course / "source" / name / f"{name}.ipynb").read_bytes())
    wrong = {task.name: task.misconceptions for task in catalogue.tasks(name)}
    text = (catalogue.TASKS / name / "catalogue.py").read_text("utf-8")
    library = text.replace("from tasks.catalogue import Task", STUB)
    for number in range(10):  # of some hundred, evenly
        chosen = {task: number * len(some) // 10 for task, some in wrong.items()}
        lines = [f"{task} = Task.wrong[{task!r}][{i}]" for task, i in chosen.items()]
        graded = examiner.grade(name, notebook(library, "\n".join(lines)))
        assert points(graded) == {
            task: points_in(cells[task], task, {task: wrong[task][i].function})
            for task, i in chosen.items()
        }


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path, capsys):
    (tmp_path / "mine").write_text("mine")
    assert main(["export-nbgrader", str(tmp_path)]) == 1
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
