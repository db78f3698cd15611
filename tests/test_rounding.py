"""What rounding decides is not taken for what a function returns."""

from math import nan

import numpy as np
import pytest

from course_lib.feedback.comparing import fingerprint
from tasks.rounding import agree, decided_by_rounding, gather, has_fractions

CASES = [{"x": 0.1, "y": 0.3}, {"x": 0.7, "y": np.array([0.2, 0.9])}, {"x": 1.0, "y": 0.0}]


def decided(function):
    def run(cases):
        return [np.array([fingerprint(function(**case)) for case in cases])]

    (column,) = decided_by_rounding(run(CASES), run, CASES, times=3)
    return column.tolist()


def test_a_sum_is_known_and_the_rest_of_a_difference_is_not():
    assert decided(lambda x, y: x + y) == [False, False, False]
    assert decided(lambda x, y: (x + y) - x - y) == [True, True, False]


def test_a_quotient_by_what_is_nearly_nothing_is_not_known():
    assert decided(lambda x, y: 1 / (y - 3 * x + 1e-16)) == [True, False, False]


def test_a_function_that_fails_beside_its_border_is_known_on_it():
    def only_there(x, y):
        if x not in (0.1, 0.7, 1.0):
            raise ValueError
        return x

    assert decided(only_there) == [False, False, False]


@pytest.mark.parametrize("value", [0.5, np.array([1.0, 0.5]), [1, (2, 0.5)]])
def test_a_result_with_a_fraction_can_be_shaken(value):
    assert has_fractions(value)


@pytest.mark.parametrize("value", [1.0, 7, "down", None, True, np.array([2.0, np.inf, np.nan])])
def test_a_whole_result_cannot(value):
    assert not has_fractions([value])


def test_results_agree_where_both_are_known():
    assert agree([[1.0, nan]], [[1.0 + 1e-12, 5.0]])
    assert not agree([[1.0, nan]], [[1.1, 5.0]])
    assert not agree([[1.0], [2.0]], [[1.0, 2.0]])


def test_results_that_agree_are_gathered_and_what_one_does_not_know_is_unknown():
    others = [[[1.0, 2.0, nan]]]
    assert gather([[1.0, nan, 3.0]], others) == 0
    assert gather([[4.0, 5.0, 6.0]], others) == 1
    np.testing.assert_equal(others, [[[1.0, nan, nan]], [[4.0, 5.0, 6.0]]])
