"""What the tests of the grader share: notebooks made of cells, and one examiner for all of them."""

import json
from dataclasses import asdict
from pathlib import Path

from course_lib import feedback
from grader.confine import Limits
from grader.examiner import Examiner

ROOT = Path(__file__).parents[1]
NAMES = sorted(path.stem for path in (ROOT / "solutions").glob("*.ipynb"))
# Long enough for an honest cell on a busy machine, short enough to wait for.
QUICK = asdict(Limits(cell=3, call=2, submission=30))


def notebook(*cells: str) -> bytes:
    """A notebook of code cells, as bytes."""
    code = [
        {
            "cell_type": "code",
            "source": cell,
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        for cell in cells
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": code}).encode()


def solution(name: str = "03_adagrad") -> bytes:
    return (ROOT / "solutions" / f"{name}.ipynb").read_bytes()


def exercise(name: str = "03_adagrad") -> bytes:
    return (ROOT / "exercises" / f"{name}.ipynb").read_bytes()


def begun(name: str = "03_adagrad") -> bytes:
    """An exercise in which one task is written, and wrong."""
    task = next(task for task, about in feedback.tasks().items() if about["notebook"] == name)
    return notebook(*cells_of(exercise(name)), f"def {task}(*given): return None")


def cells_of(content: bytes) -> list[str]:
    """The code cells of a notebook."""
    cells = json.loads(content)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def points(graded: dict) -> dict[str, int | None]:
    return {task["task"]: task["points"] for task in graded["tasks"]}


def full(graded: dict) -> bool:
    """Whether every task has all its points."""
    return bool(graded["tasks"]) and all(task["points"] == task["of"] for task in graded["tasks"])


def quick_examiner() -> Examiner:
    return Examiner(QUICK)
