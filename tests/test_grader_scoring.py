"""What a notebook brings: the marks that a fair person would give, and why."""

import json
import re
import time
from dataclasses import asdict

import pytest
from grading import (
    NAMES,
    QUICK,
    ROOT,
    begun,
    cells_of,
    exercise,
    full,
    notebook,
    points,
    quick_examiner,
    solution,
)

from grader import Stop, hidden, scoring
from grader.confine import Gone, Limits, Sandbox, Worker
from grader.examiner import Examiner, read
from grader.journal import NOT_GRADED, SCORED, ZERO


@pytest.fixture(scope="module")
def examiner():
    examiner = quick_examiner()
    yield examiner
    examiner.close()


@pytest.fixture
def grade(examiner):
    def grade(*cells, name="03_adagrad"):
        return examiner.grade(name, notebook(*cells))

    return grade


def task(graded, name="adagrad_step"):
    return next(task for task in graded["tasks"] if task["task"] == name)


def with_step(*lines):
    """The cells of the solution, in which adagrad_step has another body."""
    cells = cells_of(solution())
    at = next(i for i, cell in enumerate(cells) if "def adagrad_step" in cell)
    head = cells[at][: cells[at].index("    ### BEGIN")]
    return [*cells[:at], head + "\n".join(f"    {line}" for line in lines), *cells[at + 1 :]]


@pytest.mark.parametrize("name", NAMES)
def test_a_solution_has_full_marks_in_confinement(examiner, name):
    graded = examiner.grade(name, solution(name))
    assert full(graded)
    assert all(task["state"] == SCORED for task in graded["tasks"])


@pytest.mark.parametrize("name", NAMES)
def test_an_exercise_as_it_was_handed_out_is_no_zero_but_for_someone_to_look_at(examiner, name):
    graded = examiner.grade(name, exercise(name))
    assert graded["tasks"] == []
    assert graded["failed"].startswith("nothing is written in it: it is the exercise as it was")
    assert not graded["again"]


@pytest.mark.parametrize("cells", [[], ["x = 1"], cells_of(exercise("05_adam"))])
def test_a_notebook_without_a_function_of_its_tasks_is_for_someone_to_look_at(grade, cells):
    graded = grade(*cells)
    assert graded["tasks"] == []
    assert graded["failed"] == "it defines none of the functions of its tasks"


def test_one_task_that_is_begun_makes_the_others_zeros(examiner):
    graded = examiner.grade("03_adagrad", begun())
    assert set(points(graded).values()) == {0}
    reasons = {task["task"]: task["reason"] for task in graded["tasks"]}
    assert reasons.pop("adagrad_sigmas") == "it returns None"
    assert set(reasons.values()) == {"not written yet"}


def test_a_notebook_that_is_not_asked_meets_no_hidden_test(monkeypatch):
    monkeypatch.setattr(hidden, "errors", None)
    tests = read(ROOT / "tasks/03_adagrad/test_hidden.py")
    with Sandbox(Limits()) as sandbox:
        assert scoring.grade(tests, exercise(), sandbox).failed == scoring.UNTOUCHED


def test_grading_twice_gives_the_same_marks(examiner):
    content = notebook(*with_step("return theta - lr * grad, total"))
    one, two = (examiner.grade("03_adagrad", content) for _ in range(2))
    assert one | {"seconds": 0} == two | {"seconds": 0}


def test_a_wrong_task_costs_its_own_points_and_is_named(grade):
    graded = grade(*with_step("total = total + grad**2", "return theta - lr * grad, total"))
    assert task(graded)["points"] < task(graded)["of"]
    others = [t for t in graded["tasks"] if t["task"] != "adagrad_step"]
    assert all(t["points"] == t["of"] for t in others)
    assert task(graded)["missed"]
    assert task(graded)["finding"]["headline"]


def test_a_task_that_is_missing_is_a_zero_that_says_so(grade):
    graded = grade(*[cell for cell in cells_of(solution()) if "def adagrad_step" not in cell])
    assert task(graded)["state"] == ZERO
    assert task(graded)["reason"] == "there is no function adagrad_step"


def test_a_misconception_is_named(grade):
    body = "total = total + grad**2", "return theta - lr * grad / np.sqrt(total + eps), total"
    assert "inside the root" in json.dumps(task(grade(*with_step(*body)))["finding"])


def test_an_argument_that_is_changed_in_place_is_seen(grade):
    body = "total += grad**2", "return theta - lr * grad / (np.sqrt(total) + eps), total"
    found = task(grade(*with_step(*body)))
    assert found["points"] == found["of"] - 1
    assert any("no argument is changed" in missed for missed in found["missed"])
    assert found["finding"]["headline"] == "it changes its argument `total`"


TYPES = """
from collections import namedtuple
from functools import partial


class Real(float):
    pass


class Converted:
    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        return self.array


def own(result):
    if isinstance(result, tuple):
        return namedtuple("Two", "one two")(*map(own, result))
    return Converted(result) if isinstance(result, np.ndarray) else Real(result)


def timed(function):
    def wrapper(*arguments):
        return function(*arguments)

    return wrapper


right = adagrad_step
"""


@pytest.mark.parametrize(
    "form",
    [
        "lambda *arguments: own(right(*arguments))",
        "partial(right)",
        "timed(right)",
        "lambda *arguments: [part.astype(np.float32) for part in right(*arguments)]",
        "lambda *arguments: [part.tolist() for part in right(*arguments)]",
        "lambda *arguments: np.array(right(*arguments))",
    ],
)
def test_what_check_calls_right_has_full_marks(grade, form):
    graded = grade(*cells_of(solution()), TYPES, f"adagrad_step = {form}")
    assert full(graded), task(graded)


def test_what_a_function_keeps_between_two_calls_is_kept_as_in_the_notebook(grade):
    body = "global total_before", "total_before = total_before + total + grad**2"
    kept = with_step(
        *body, "return theta - lr * grad / (np.sqrt(total_before) + eps), total_before"
    )
    found = task(grade("total_before = 0.0", *kept))
    assert found["points"] < found["of"]
    assert found["finding"]["headline"] == "it remembers its earlier calls"


def test_a_duplicated_cell_and_an_empty_copy_below_do_no_harm(grade):
    empty = next(cell for cell in cells_of(exercise()) if "def adagrad_step" in cell)
    cells = cells_of(solution())
    assert full(grade(*cells, *cells[1:3], empty))


def test_a_wrong_version_below_a_right_one_is_the_answer(grade):
    wrong = "def adagrad_step(theta, grad, total, lr, eps): return theta, total"
    assert task(grade(*cells_of(solution()), wrong))["points"] < 6


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("while True: pass", "did not end within 3 seconds"),
        ("import os; os._exit(1)", "ended the program that runs it"),
        ("import sys; sys.exit()", "raised SystemExit"),
        ("import ctypes; ctypes.string_at(0)", "ended the program that runs it"),
        ("input('Your name?')", "raised EOFError"),
        ("1 / 0", "raised ZeroDivisionError"),
        ("def f(:", "raised SyntaxError"),
        ("import a_module_that_nobody_has", "uses a_module_that_nobody_has, which is not among"),
        ("from course_lib import optimizers", "uses course_lib.optimizers."),
        ("from course_lib import plots, data", "uses course_lib.plots."),
        ("x = not_defined_anywhere", "raised NameError"),
    ],
)
def test_one_bad_cell_costs_nothing_else_and_is_told(grade, bad, said):
    cells = cells_of(solution())
    graded = grade(*cells[:3], bad, *cells[3:])
    assert full(graded)
    (note,) = graded["notes"]
    assert note.startswith("Code cell 4 ")
    assert said in note


@pytest.mark.parametrize(
    "harmless",
    [
        "import warnings; warnings.warn('careful')",
        "import sys; print('x' * 1000, file=sys.stderr)",
        "print('x' * 50_000_000)",
        "%matplotlib inline\n!pip install everything",
        "%%bash\nrm -rf /",
        "adagrad_step?",
        "display(adagrad_step)",
        "from __future__ import annotations\ndef f(x: NotThere): ...",
        "open('notes.txt', 'w').write('mine')",
        "import numpy; numpy.allclose = numpy.array_equal = lambda *args, **more: True",
    ],
)
def test_what_is_no_mistake_costs_nothing_and_is_not_told(grade, harmless):
    cells = cells_of(solution())
    graded = grade(*cells[:-1], harmless)
    assert full(graded)
    assert graded["notes"] == []


def test_what_is_allowed_may_be_used_and_what_is_not_is_named():
    step = "return theta - lr * grad / (np.sqrt(total) + eps), total"
    cells = with_step("import yaml", "total = total + yaml.safe_load('1') * grad**2", step)
    graded = {}
    for packages in ((), ("yaml",)):
        examiner = Examiner(QUICK, packages=packages)
        graded[bool(packages)] = examiner.grade("03_adagrad", notebook(*cells))
        examiner.close()
    assert full(graded[True])
    said = "it uses yaml, which is not among the packages that a task may import"
    assert task(graded[False])["reason"] == said
    assert task(graded[False])["points"] == 0


def test_an_allowed_package_that_is_not_installed_ends_the_run_in_one_sentence():
    examiner = Examiner(QUICK, packages=["nothing_like_it"])
    with pytest.raises(Stop, match="nothing_like_it is not installed here, so no task can import"):
        examiner.grade("03_adagrad", solution())


def test_a_function_that_never_ends_costs_itself_alone(grade):
    graded = grade(*with_step("while True: pass"))
    assert task(graded)["points"] == 0
    assert task(graded)["reason"] == "adagrad_step did not end within 2 seconds"
    assert all(t["points"] == t["of"] for t in graded["tasks"] if t["task"] != "adagrad_step")


def test_a_function_that_kills_its_worker_costs_itself_alone(grade):
    graded = grade(*with_step("import os", "os._exit(0)"))
    assert task(graded)["reason"] == "adagrad_step ended the program that runs it"
    assert all(t["points"] == t["of"] for t in graded["tasks"] if t["task"] != "adagrad_step")


def test_a_notebook_that_cannot_be_read_again_after_a_hidden_input_is_graded_all_the_same(
    monkeypatch,
):
    """Whether it can be read, and how long that takes, would tell what it has seen."""
    tests = {"adagrad_step": read(ROOT / "tasks/03_adagrad/test_hidden.py")["adagrad_step"]}
    ask, asked = Worker.ask, []

    def slow_from_then_on(worker, do, seconds, **question):
        asked.append(do)
        # The second worker is the one that hidden tests ask.
        if asked.count("open") > 2 or (do == "call" and asked.count("open") == 2):
            asked.append("slow")
            raise Gone("did not end within 3 seconds")
        return ask(worker, do, seconds, **question)

    monkeypatch.setattr(Worker, "ask", slow_from_then_on)
    with Sandbox(Limits()) as sandbox:
        graded = scoring.grade(tests, solution(), sandbox)
    assert asked.count("slow") > 1
    assert not graded.failed
    assert "did not end" not in json.dumps(graded.row())


def test_a_function_that_kills_its_worker_is_asked_twice_and_no_more():
    cells = with_step("import os", "os._exit(0)")
    with Sandbox(Limits()) as sandbox:
        attempt = scoring.Attempt(sandbox, notebook(*cells), ["adagrad_step"])
        asked = []
        ask = attempt.ask
        attempt.ask = lambda do, *how, **more: asked.append(do) or ask(do, *how, **more)
        for _ in range(5):
            with pytest.raises(scoring.Failure, match="ended the program"):
                attempt.call("adagrad_step", [1.0, 1.0, 1.0, 1.0, 1.0])
        attempt.end()
    assert asked.count("call") == 2


@pytest.mark.parametrize(
    ("returned", "headline"),
    [
        ("{'theta': theta}", "adagrad_step returns an object of type dict"),
        ("(t for t in iter(int, 1))", "adagrad_step returns an object of type generator"),
        ("None", "it returns None"),
    ],
)
def test_a_result_of_another_kind_is_called_by_its_name(grade, returned, headline):
    assert task(grade(*with_step(f"return {returned}")))["finding"]["headline"] == headline


def test_an_exception_is_told_with_its_line(grade):
    found = task(grade(*with_step("return theta.nothing")))["finding"]
    assert found["headline"] == "it raises AttributeError"
    assert "return theta.nothing" in found["details"][0]


def test_what_a_function_says_of_a_hidden_input_is_not_told(examiner):
    """Neither by an exception, nor by its name, nor by remembering for what is told later."""
    body = (
        "globals().setdefault('seen', []).append(theta)",
        "class Seen(Exception): pass",
        "Seen.__name__ = 'SEEN' + str(len(seen))",
        "raise Seen('SEEN ' + repr(seen))",
    )
    graded = examiner.grade("03_adagrad", notebook(*with_step(*body)))
    # The cases of `check` are the learner's own; of them only the first was seen.
    assert {*re.findall(r"SEEN\d+", json.dumps(graded))} == {"SEEN1"}


def test_a_text_that_is_returned_is_told_on_one_line_of_bounded_length(examiner):
    cells = cells_of(solution("01_critical_points"))
    returned = "'\\x1b[2J\\r\\n\\u202e' + 'x' * 10**6"
    cells.append(f"def kind_of_point(*a):\n    return {returned}")
    found = task(examiner.grade("01_critical_points", notebook(*cells)), "kind_of_point")
    said = [found["reason"], *found["missed"], found["finding"]["headline"]]
    for text in (*said, *found["finding"]["details"]):
        assert text.isprintable()
        assert len(text) <= 500


def test_the_same_file_of_two_students_has_other_hidden_inputs():
    whose = ["ada\0\x0003_adagrad", "bob\0\x0003_adagrad", "ada\x001\x0003_adagrad", ""]
    seeds = {scoring.own_seed(7, b"{}", one) for one in whose}
    assert len(seeds) == len(whose)
    assert scoring.own_seed(7, b"{}", whose[0]) in seeds


def test_countless_cells_are_refused(grade):
    assert grade(*[""] * 2001)["failed"] == "it has more than 2000 code cells"


def test_what_the_grader_itself_takes_is_no_tests_time(monkeypatch):
    monkeypatch.setattr(scoring, "THINKING", 0.2)
    ready = scoring.Attempt.ready

    def slowly(attempt):
        begin = time.process_time()
        while not attempt.worker and time.process_time() < begin + 0.5:
            pass
        ready(attempt)

    monkeypatch.setattr(scoring.Attempt, "ready", slowly)
    tests = read(ROOT / "tasks" / "03_adagrad" / "test_hidden.py")
    with Sandbox(Limits(**QUICK)) as sandbox:
        assert full(scoring.grade(tests, solution(), sandbox).row())


def test_no_line_of_a_hidden_test_is_told(examiner):
    graded = examiner.grade("03_adagrad", notebook(*with_step("return theta, total")))
    hidden = (ROOT / "tasks" / "03_adagrad" / "test_hidden.py").read_text("utf-8")
    code = [line.strip() for line in hidden.splitlines() if "assert" not in line]
    told = json.dumps(graded)
    assert not [line for line in code if len(line) > 20 and line in told]
    assert not re.search(r"test_\w+|\.py\b|/tests|np\.|student", told)


def test_the_time_of_a_notebook_has_an_end():
    """Many slow cells do not keep the next student waiting."""
    examiner = Examiner(asdict(Limits(submission=4)))
    slow = "import time\nslow = time.sleep(0.9)"
    graded = examiner.grade("03_adagrad", notebook("def adagrad_step(): pass", *[slow] * 40))
    after = examiner.grade("03_adagrad", solution())
    examiner.close()
    assert graded["seconds"] < 20
    assert set(points(graded).values()) == {0}
    assert full(after)


def test_notebooks_of_format_3_are_read(examiner):
    cells = [{"cell_type": "code", "input": cell} for cell in cells_of(solution())]
    old = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]}).encode()
    assert full(examiner.grade("03_adagrad", old))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not a notebook"),
        (b"PK\x03\x04", "not a notebook"),
        (solution()[:5000], "cut off"),
        (b"[" * 10_000_000, "not a notebook"),
        (b'{"nbformat": 4}', "not a notebook"),
        (b'{"nbformat": 4, "cells": [[]]}', "it defines none of the functions"),
        (b'{"nbformat": 2, "cells": []}', "version 2"),
        (b'{"nbformat": 5, "cells": []}', "version 5"),
    ],
)
def test_what_cannot_be_read_is_not_graded_and_not_zero(examiner, content, why):
    graded = examiner.grade("03_adagrad", content)
    assert graded["tasks"] == []
    assert why in graded["failed"]
    assert not graded["again"]


def test_a_hidden_test_that_is_broken_is_no_ones_zero(monkeypatch):
    """Its task could not be graded; the others are."""
    task = pytest.mark.task

    @task("broken", points=2)
    def first(student):
        raise NameError

    @task("one", points=3)
    def second(student):
        assert student.one() == 1, "it is 1"

    case = {"name": "one", "arguments": {}, "expected": 1}
    monkeypatch.setattr(scoring, "checks", lambda: {"one": {"cases": [case]}})
    with Sandbox(Limits()) as sandbox:
        tests = hidden.tasks([first, second])
        graded = scoring.grade(tests, notebook("def one(): return 1"), sandbox)
    states = {mark.task: (mark.state, mark.points, mark.reason) for mark in graded.tasks}
    assert states == {
        "broken": (NOT_GRADED, None, "a hidden test is broken"),
        "one": (SCORED, 3, ""),
    }
