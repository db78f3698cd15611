"""The one runner of hidden tests: each with all its cases, and points only for what tells."""

import warnings

import numpy as np
import pytest

from course_lib import feedback
from grader import hidden


def task(points, tells=True):
    return pytest.mark.task("twice", points=points, tells=tells)


@task(1, tells=False)
def is_a_number(student):
    assert np.ndim(student.twice(3)) == 0, "it is a number"


@task(2)
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("number", "expected"), [(1, 2), (3, 6)])
def doubles(student, number, expected, sign, random):
    scale = random.uniform(1, 2)
    assert np.isclose(student.twice(sign * scale * number), sign * scale * expected), "it doubles"


@task(4, tells=False)
def changes_nothing(student):
    twice = student.twice
    twice([1, 2])
    assert not twice.changed, "the list must stay as it is"


@task(8)
def asks_nothing(student):
    raise NameError


TESTS = {is_a_number: 1, doubles: 2, changes_nothing: 4}


def outcome(twice):
    """The tests that fail with this function, and the points."""
    failed = hidden.errors(TESTS, lambda _, arguments: (twice(*arguments), []), seed=0)
    return list(failed), hidden.earned(TESTS, failed, seen_right=True)


def test_the_tests_of_a_task_are_found_with_their_points():
    defined = [np, task, *TESTS, asks_nothing]
    assert hidden.tasks(defined) == {"twice": {**TESTS, asks_nothing: 8}}


def test_a_right_function_passes_every_case():
    assert outcome(lambda x: 2 * x) == ([], 7)


@pytest.mark.parametrize("wrong", [lambda x: abs(2 * x), lambda x: x + 1, lambda x: 2])
def test_one_wrong_case_fails_a_test(wrong):
    assert doubles in outcome(wrong)[0]


def test_what_an_answer_without_work_passes_brings_no_points_alone():
    assert outcome(lambda x: 1.0) == ([doubles], 0)


def test_points_are_given_beside_a_test_that_tells():
    assert outcome(lambda x: 2 * x if np.ndim(x) == 0 else 1 / 0) == ([changes_nothing], 3)


@task(3)
def doubles_halves(student):
    assert student.twice(0.5) == 1, "it doubles a half"


@pytest.mark.parametrize(
    ("failed", "points"),
    [
        ([], 10),
        ([doubles_halves], 4),
        ([doubles], 6),
        ([doubles, doubles_halves], 0),
        ([changes_nothing], 6),
        ([doubles, changes_nothing], 4),
    ],
)
def test_what_needs_no_work_counts_at_most_as_much_as_what_does_until_all_of_that_is_right(
    failed, points
):
    assert hidden.earned({**TESTS, doubles_halves: 3}, failed, seen_right=True) == points


def test_a_test_that_fails_before_it_asks_is_broken():
    (error,) = hidden.errors([asks_nothing], lambda *_: (1, []), seed=0).values()
    assert isinstance(error, hidden.Broken)


def shown(number):
    """What `check` knows of the task: one case."""
    case = {"name": "one", "arguments": {"x": number}, "expected": 2 * number}
    return {"twice": {"cases": [case], "misconceptions": [], "slips": {}}}


@pytest.mark.parametrize(("number", "points"), [(3, 7), (100, 6)])
def test_full_marks_need_the_cases_that_learners_see(monkeypatch, number, points):
    monkeypatch.setattr(feedback, "tasks", lambda: shown(number))
    names = {"twice": lambda x: x + x if np.any(np.abs(x) < 50) else 0}
    assert hidden.points("twice", TESTS, names, seed=0) == points


UNSUPPORTED = {
    "names in one text": pytest.mark.parametrize("number, expected", [(1, 2)]),  # noqa: PT006
    "argnames by name": pytest.mark.parametrize(argnames="number", argvalues=[1]),
    "a row with marks": pytest.mark.parametrize("number", [pytest.param(1)]),
    "another mark": pytest.mark.xfail,
    "a fixture": pytest.mark.task("twice", points=1),
}


@pytest.mark.parametrize("mark", UNSUPPORTED.values(), ids=UNSUPPORTED)
def test_what_the_runner_does_not_do_is_refused_in_a_sentence(mark):
    def wants_a_file(student, tmp_path):
        pass

    with pytest.raises(hidden.Unsupported, match=r"wants_a_file (has|uses|wants)"):
        hidden.tasks([mark(task(1)(wants_a_file))])


def test_in_a_cell_what_is_missed_is_printed_and_a_changed_argument_is_seen(monkeypatch, capsys):
    monkeypatch.setattr(feedback, "tasks", lambda: shown(3))

    def twice(x):
        if isinstance(x, list):
            x.append(0)
        return 2 * x

    assert hidden.points("twice", TESTS, {"twice": twice}, seed=0) == 3
    assert capsys.readouterr().out.startswith("changes_nothing: the list must stay as it is")


def test_in_a_cell_no_warning_is_shown_because_nbgrader_takes_one_for_a_failure(monkeypatch):
    monkeypatch.setattr(feedback, "tasks", lambda: shown(3))

    def twice(x):
        warnings.warn("a number too many", RuntimeWarning, stacklevel=1)
        return 2 * x

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        hidden.points("twice", TESTS, {"twice": twice}, seed=0)
    assert not said
