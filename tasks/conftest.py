"""What every hidden test is given: `student`, whose functions it calls, and `random`.

Here `student` is the solution. Another is put in its place by a plugin that parametrizes it:
test_exercises.py does so with every wrong answer that the tests must find.
"""

from functools import cache

import numpy as np
import pytest

from grader.hidden import Student
from tasks.student import solved
from tasks.student import student as answering


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, default=0, help="seed of the hidden tests' numbers")


@cache
def solution(notebook: str) -> Student:
    return answering(solved(notebook))


@pytest.fixture
def student(request) -> Student:
    return solution(request.path.parent.name)


@pytest.fixture
def random(request) -> np.random.Generator:
    # When the whole repository is tested, pytest reads this file too late for the option.
    return np.random.default_rng(request.config.getoption("--seed", 0))
