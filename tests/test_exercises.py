"""The proof that the exercises hold: hidden tests that can fail, checks that name what is wrong.

Each hidden test is run once with every attempt at its task: the solution, the unwritten exercise,
other right solutions, the misconceptions of the catalogue, and mechanical mutants.
"""

import ast
import json
import re
import warnings
from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from course_lib import feedback
from course_lib.feedback.comparing import decode
from course_lib.feedback.diagnosis import Finding, examine, not_written
from course_lib.feedback.views import PICTURES
from course_lib.values import plain
from grader import hidden
from grader.examiner import read
from grader.hidden import asking
from tasks import catalogue, make
from tasks.mutants import TURN, mutants, turns
from tasks.student import run, sources, student
from tools.execute_notebooks import ROOT, SOLUTIONS

TASKS = catalogue.TASKS
LIBRARY = ROOT / "course_lib"
NAMES = sorted(path.stem for path in SOLUTIONS.glob("*.ipynb"))
AGAIN = "run `nox -s exercises`"
each_notebook = pytest.mark.parametrize("name", NAMES)


@dataclass(eq=False)
class Attempt:
    """One implementation of a task, and which hidden tests it passed."""

    kind: str  # right, exercise, misconception or mutant
    task: str
    label: str
    names: dict[str, Any]
    passed: dict[str, bool] = field(default_factory=dict)

    def examined(self) -> Finding | None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return examine(feedback.tasks()[self.task], self.names[self.task])


def solution(name: str) -> Path:
    return SOLUTIONS / f"{name}.ipynb"


def right_answers(name: str) -> list[Attempt]:
    """The solution and the alternatives to it, task by task."""
    styles = [TASKS / name / f"{style}.py" for style in catalogue.STYLES]
    answers = {file.stem: run(file) for file in (solution(name), *styles)}
    return [
        Attempt("right", task.name, label, names)
        for task in catalogue.tasks(name)
        for label, names in answers.items()
    ]


def wrong_answers(name: str) -> Iterator[Attempt]:
    """The unwritten exercise, the misconceptions and the mutants, task by task."""
    solved, unwritten = run(solution(name)), run(make.EXERCISES / f"{name}.ipynb")
    for task in catalogue.tasks(name):
        yield Attempt("exercise", task.name, "the exercise", unwritten)
        for wrong in task.misconceptions:
            yield Attempt("misconception", task.name, wrong.name, {task.name: wrong.function})
        for mutant in mutants(cell_of(name, task.name)):
            names = solved | {TURN: turns()}
            exec(mutant.code, names)
            yield Attempt("mutant", task.name, mutant.line, names)


def cell_of(name: str, task: str) -> str:
    """The code of the cell that defines a task's function."""
    return next(
        cell for cell in sources(solution(name)) if re.search(rf"^def {task}\(", cell, re.M)
    )


class Trial:
    """A plugin of pytest that hands every attempt at a task to its hidden tests as `student`."""

    def __init__(self, attempts: list[Attempt]) -> None:
        self.attempts = {student(attempt.names): attempt for attempt in attempts}

    def pytest_configure(self, config):
        config.option.tbstyle = "no"  # to describe a failure takes longer than to find it

    def pytest_generate_tests(self, metafunc):
        (task,) = metafunc.definition.get_closest_marker("task").args
        mine = [student for student, attempt in self.attempts.items() if attempt.task == task]
        metafunc.parametrize("student", mine)

    def pytest_collectreport(self, report):
        assert not report.failed, report.longreprtext

    def pytest_runtest_protocol(self, item):
        attempt = self.attempts[item.callspec.params["student"]]
        # One failure is enough for these; True tells pytest that the test is done.
        found = attempt.kind in ("misconception", "mutant") and not all(attempt.passed.values())
        return found or None

    def pytest_runtest_makereport(self, item, call):
        if call.when == "call" or call.excinfo:
            attempt = self.attempts[item.callspec.params["student"]]
            attempt.passed[item.name] = not call.excinfo


def try_out(name: str, attempts: list[Attempt], seed: int) -> list[Attempt]:
    """Run the hidden tests of a notebook with every attempt, in this process."""
    bare = ["-p", "no:terminal", "-p", "no:cacheprovider", "-o", "addopts=", "--assert=plain"]
    bare += ["--import-mode=importlib"]
    file = TASKS / name / "test_hidden.py"
    status = pytest.main([str(file), f"--seed={seed}", *bare], plugins=[Trial(attempts)])
    assert status in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
    return attempts


@cache
def tried(name: str) -> list[Attempt]:
    return try_out(name, list(wrong_answers(name)), seed=0)


def of_kind(name: str, kind: str) -> list[Attempt]:
    return [attempt for attempt in tried(name) if attempt.kind == kind]


def labels(attempts: list[Attempt]) -> list[str]:
    return [f"{attempt.task}: {attempt.label}" for attempt in attempts]


@each_notebook
@pytest.mark.parametrize("seed", [0, 1])
def test_a_right_answer_passes_every_hidden_test_with_any_seed(name, seed):
    for attempt in try_out(name, right_answers(name), seed):
        assert attempt.passed
        failed = [test for test, passed in attempt.passed.items() if not passed]
        assert not failed, f"{attempt.label} of {attempt.task}"


@each_notebook
def test_an_unwritten_exercise_fails_every_hidden_test(name):
    for attempt in of_kind(name, "exercise"):
        assert attempt.passed
        assert not [test for test, passed in attempt.passed.items() if passed]


@each_notebook
def test_every_misconception_fails_a_hidden_test(name):
    assert not labels([a for a in of_kind(name, "misconception") if all(a.passed.values())])


@each_notebook
def test_every_mutant_fails_a_hidden_test_or_is_shown_to_be_equivalent(name, record_property):
    survivors = [a for a in of_kind(name, "mutant") if all(a.passed.values())]
    equivalent = {(task.name, line) for task in catalogue.tasks(name) for line in task.equivalent}
    assert {(a.task, a.label) for a in survivors} == equivalent
    tasks, wrong, changed = (
        len(of_kind(name, kind)) for kind in ("exercise", "misconception", "mutant")
    )
    counts = f"{tasks} tasks, {wrong} misconceptions, {changed} mutants"
    record_property("counted", f"{name}: {counts} ({len(equivalent)} of them equivalent)")


@each_notebook
def test_check_calls_a_right_answer_right(name):
    for attempt in right_answers(name):
        assert attempt.examined() is None, f"{attempt.label} of {attempt.task}"


class Real(float):
    """A number of the learner's own type."""


class Converted:
    """An object that can be made an array, as those of other packages can."""

    def __init__(self, array: Any) -> None:
        self.array = array

    def __array__(self, dtype=None, copy=None):
        return self.array


def in_float32(result: Any) -> Any:
    is_float = isinstance(result, np.ndarray) and result.dtype.kind == "f"
    return result.astype(np.float32) if is_float else result


def in_lists(result: Any) -> Any:
    return result.tolist() if isinstance(result, np.ndarray) else result


def in_tuples(result: Any) -> Any:
    listed = in_lists(result)
    return tuple(map(in_tuples, listed)) if isinstance(listed, list) else listed


def in_own_types(result: Any) -> Any:
    if isinstance(result, np.ndarray):
        return Converted(result)
    return Real(result) if isinstance(result, float) else result


def several(result: Any, cast: Callable[[Any], Any]) -> Any:
    """Cast each of several results, and put them into a named tuple."""
    if isinstance(result, list | tuple):
        parts = [several(part, cast) for part in result]
        return namedtuple("Several", [f"r{i}" for i in range(len(parts))])(*parts)
    return cast(result)


@each_notebook
@pytest.mark.parametrize("cast", [in_float32, in_lists, in_tuples, in_own_types])
def test_a_right_answer_is_right_in_every_form_for_check_and_for_marks(name, cast):
    tests = read(TASKS / name / "test_hidden.py")
    for attempt in right_answers(name):
        answer, task = attempt.names[attempt.task], feedback.tasks()[attempt.task]
        cast_to = (lambda result: result) if "view" in task and cast is in_float32 else cast
        names = {attempt.task: lambda *args, a=answer, c=cast_to: several(a(*args), c)}

        def ask(name, arguments, names=names):
            value, changed = asking(names)(name, arguments)
            return plain(value), changed

        label = f"{attempt.label} of {attempt.task}"
        assert examine(task, names[attempt.task]) is None, label
        assert not hidden.errors(tests[attempt.task], ask, seed=0), label


@each_notebook
def test_check_calls_an_unwritten_exercise_not_written(name):
    assert all(attempt.examined() == not_written() for attempt in of_kind(name, "exercise"))


@each_notebook
def test_check_names_each_misconception_and_no_other(name):
    for attempt in of_kind(name, "misconception"):
        finding = attempt.examined()
        assert finding, attempt.label
        assert finding.headline == attempt.label


@each_notebook
def test_check_finds_something_in_every_mutant_that_fails_a_hidden_test(name):
    failing = [a for a in of_kind(name, "mutant") if not all(a.passed.values())]
    unseen = [a for a in failing if a.examined() is None]
    assert not labels(unseen)


@each_notebook
def test_what_is_made_from_the_solution_is_up_to_date(name):
    solved = nbformat.read(solution(name), as_version=4)
    assert solution(name).read_text("utf-8") == make.marked(solved, make.points(name)), AGAIN
    assert (make.EXERCISES / f"{name}.ipynb").read_text("utf-8") == make.exercise(solved), AGAIN
    data = json.loads((make.CHECKS / f"{name}.json").read_text("utf-8"))
    assert make.alike(data, make.checks(name)), AGAIN


# On a border, where the exact arguments matter.
TIES = {("best_rate", "all alike"), ("band_width", "losses exactly at the limit")}
TIES |= {("band_width", "two equal lowest losses")}


@each_notebook
def test_no_expected_result_is_decided_by_rounding(name):
    solved = run(solution(name))
    decided = set()
    for task in catalogue.tasks(name):
        for column in make.prints(solved[task.name], task, make.results(task, solved)):
            at = np.flatnonzero(np.isnan(column))
            decided |= {(task.name, case) for case in np.array([*task.cases])[at]}
    assert decided <= TIES


@each_notebook
def test_learners_receive_no_line_of_a_solution_or_a_hidden_test(name):
    solved = re.findall(
        r"### BEGIN SOLUTION\n(.*?)### END", "\n".join(sources(solution(name))), re.S
    )
    secret = [(TASKS / name / "test_hidden.py").read_text("utf-8"), *solved]
    lines = {line.strip() for text in secret for line in text.splitlines()}
    telling = [line for line in lines if len(line) > 25 and not line.startswith(("import", "from"))]
    files = chain(
        make.EXERCISES.glob("*.ipynb"), *(LIBRARY.rglob(f"*.{e}") for e in ("py", "json"))
    )
    received = "\n".join(file.read_text("utf-8") for file in files)
    assert solved
    assert not [line for line in telling if line in received or json.dumps(line)[1:-1] in received]


@each_notebook
def test_a_task_has_cases_hints_tests_and_four_misconceptions(name):
    for task in catalogue.tasks(name):
        assert 4 <= len(task.cases) <= 18, task.name
        assert len(task.hints) == 3, task.name
        assert len(task.misconceptions) >= 4, task.name
        assert make.points(name)[task.name] > 0


@each_notebook
def test_every_misconception_points_to_a_heading(name):
    data = json.loads((make.CHECKS / f"{name}.json").read_text("utf-8"))
    for task in data.values():
        for entry in task["misconceptions"]:
            notebook, anchor = entry["read"].split("#")
            cells = nbformat.read(ROOT / "notebooks" / notebook, as_version=4).cells
            text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
            anchors = [h.replace(" ", "-") for h in re.findall(r"^#+ (.*)$", text, re.M)]
            assert anchor in anchors, f"{entry['name']}: {anchors}"


@each_notebook
def test_every_assert_of_a_hidden_test_says_what_is_wrong(name):
    tree = ast.parse((TASKS / name / "test_hidden.py").read_text("utf-8"))
    silent = [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Assert) and not node.msg
    ]
    assert not silent


@each_notebook
def test_every_task_has_three_alternatives(name):
    answered = [attempt.task for attempt in right_answers(name) if attempt.task in attempt.names]
    for task in catalogue.tasks(name):
        assert answered.count(task.name) >= 4, task.name


def test_there_are_enough_tasks_and_misconceptions_and_every_name_is_its_own():
    tasks = [task for name in NAMES for task in catalogue.tasks(name)]
    assert len({task.name for task in tasks}) == len(tasks) >= 26
    assert sum(len(task.misconceptions) for task in tasks) >= 100


def test_the_pictures_that_a_view_reads_are_not_those_of_the_training():
    for case in feedback.tasks()["train_digits"]["cases"]:
        assert not np.isin(PICTURES, decode(case["arguments"]["batches"])).any()
