"""The one runner of hidden tests: each with all its cases, and points only for what tells."""

import numpy as np
import pytest

from grader import hidden


def task(points):
    return pytest.mark.task("twice", points=points)


@task(1)
def is_a_number(student):
    assert np.ndim(student.twice(3)) == 0, "it is a number"


@task(2)
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize(("number", "expected"), [(1, 2), (3, 6)])
def doubles(student, number, expected, sign, random):
    scale = random.uniform(1, 2)
    assert np.isclose(student.twice(sign * scale * number), sign * scale * expected), "it doubles"


@task(4)
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
    return list(failed), hidden.earned(TESTS, failed, seed=0)


def test_the_tests_of_a_task_are_found_with_their_points():
    defined = [np, task, *TESTS, asks_nothing]
    assert hidden.tasks(defined) == {"twice": {**TESTS, asks_nothing: 8}}


def test_a_right_function_passes_every_case():
    assert outcome(lambda x: 2 * x) == ([], 7)


@pytest.mark.parametrize("wrong", [lambda x: abs(2 * x), lambda x: x + 1, lambda x: 2])
def test_one_wrong_case_fails_a_test(wrong):
    assert doubles in outcome(wrong)[0]


def test_what_every_constant_passes_brings_no_points_alone():
    assert outcome(lambda x: 1.0) == ([doubles], 0)


def test_points_are_given_beside_a_test_that_tells():
    assert outcome(lambda x: 2 * x if np.ndim(x) == 0 else 1 / 0) == ([changes_nothing], 3)


def test_a_test_that_fails_before_it_asks_is_broken():
    (error,) = hidden.errors([asks_nothing], lambda *_: (1, []), seed=0).values()
    assert isinstance(error, hidden.Broken)


def test_in_a_cell_what_is_missed_is_printed_and_a_changed_argument_is_seen(capsys):
    def twice(x):
        if isinstance(x, list):
            x.append(0)
        return 2 * x

    assert hidden.points("twice", TESTS, {"twice": twice}, seed=0) == 3
    assert capsys.readouterr().out.startswith("changes_nothing: the list must stay as it is")
