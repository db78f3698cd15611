"""What every hidden test is given: `student`, whose functions it calls, and `random`.

Here `student` is the solution. Another is put in its place by a plugin that parametrizes it:
test_exercises.py does so with every wrong answer that the tests must find.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hidden.student import Student, run

SOLUTIONS = Path(__file__).parents[2] / "solutions"


def pytest_addoption(parser):
    parser.addoption("--seed", type=int, default=0, help="seed of the hidden tests' numbers")


def pytest_configure(config):
    config.addinivalue_line("markers", "task(name, points): the task a hidden test belongs to")


@cache
def solution(notebook: str) -> Student:
    return Student(run(SOLUTIONS / f"{notebook}.ipynb"))


@pytest.fixture
def student(request) -> Student:
    return solution(request.path.stem.removeprefix("test_"))


@pytest.fixture
def random(request) -> np.random.Generator:
    # When the whole repository is tested, pytest reads this file too late for the option.
    return np.random.default_rng(request.config.getoption("--seed", 0))
