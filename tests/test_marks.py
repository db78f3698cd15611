"""The marks of an answer are the same whatever numbers the hidden tests draw."""

import json

import numpy as np
import pytest

from course_lib import feedback
from grader import hidden
from grader.examiner import read
from tasks import catalogue
from tasks.student import run, solved

SEEDS, FEWER = 20, 4  # for right answers, and for the many wrong ones
# What keeps something from one call to the next is right or wrong by what was asked before.
KEEPS = "class kept in a global: memory of the last run goes on"


def answers(notebook):
    """Every answer of a notebook: its task, what it is, its names, and how many seeds to try."""
    folder = catalogue.TASKS / notebook
    right = solved(notebook)
    all_right = right, *(run(folder / f"{style}.py") for style in catalogue.STYLES)
    for task in catalogue.tasks(notebook):
        yield from ((task.name, "right", names, SEEDS) for names in all_right if task.name in names)
        for wrong in task.misconceptions:
            yield task.name, wrong.name, right | {task.name: wrong.function}, FEWER
    file = folder / "wrong_answers.json"
    for answer in json.loads(file.read_text("utf-8")) if file.exists() else []:
        names = dict(right)
        exec("\n".join(answer["code"]), names)
        yield answer["task"], answer["fault"], names, FEWER


@pytest.mark.parametrize("notebook", catalogue.NOTEBOOKS)
def test_no_mark_depends_on_the_seed(notebook):
    tests, several = read(catalogue.TASKS / notebook / "test_hidden.py"), {}
    for task, label, names, seeds in answers(notebook):
        # A training takes long, and its tests draw starts of their own.
        seeds = 2 if "view" in feedback.tasks()[task] else seeds
        with np.errstate(all="ignore"):
            failed = [hidden.errors(tests[task], hidden.asking(names), s) for s in range(seeds)]
        points = {hidden.earned(tests[task], each, True) for each in failed}
        if len(points) > 1 and label != KEEPS:
            several[f"{task}: {label}"] = points
    assert not several
