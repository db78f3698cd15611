"""What every hidden test is given: `student`, whose functions it calls, and `random`.

Here `student` is the solution. Another is put in its place by a plugin that parametrizes it:
test_exercises.py does so with every wrong answer that the tests must find.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from grader.hidden import Student
from tasks.student import run
from tasks.student import student as answering

SOLUTIONS = Path(__file__).parents[1] / "solutions"


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, default=0, help="seed of the hidden tests' numbers")


@cache
def solution(notebook: str) -> Student:
    return answering(run(SOLUTIONS / f"{notebook}.ipynb"))


@pytest.fixture
def student(request) -> Student:
    return solution(request.path.parent.name)


@pytest.fixture
def random(request) -> np.random.Generator:
    # When the whole repository is tested, pytest reads this file too late for the option.
    return np.random.default_rng(request.config.getoption("--seed", 0))
