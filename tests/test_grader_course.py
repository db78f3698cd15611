"""What late days cost, as a function of days."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import Stop, course
from grader.course import Late

PERCENT = st.floats(0, 100)
DAYS = st.floats(0, 1000)
POLICIES = st.builds(Late, st.floats(0, 30), PERCENT, PERCENT)


@given(POLICIES, DAYS, DAYS)
def test_a_later_day_costs_no_less(late, one, other):
    early, later = sorted((one, other))
    assert late.loss(early) <= late.loss(later)


@given(POLICIES, DAYS)
def test_the_cost_is_never_negative_and_never_more_than_the_most(late, days):
    assert 0 <= late.loss(days) <= late.at_most


@given(POLICIES)
def test_the_free_days_cost_nothing(late):
    assert late.loss(late.free_days) == 0


@pytest.mark.parametrize(
    ("days", "loss"), [(0, 0), (1, 0), (2, 10), (2.5, 15), (6, 50), (7, 50), (100, 50)]
)
def test_each_day_after_the_free_ones_costs_the_same_up_to_the_most(days, loss):
    assert Late(free_days=1, loss_per_day=10, at_most=50).loss(days) == loss


def test_without_a_policy_no_day_costs_anything():
    assert course.read(None).loss(30) == 0


def test_a_course_file_says_what_late_days_cost(tmp_path):
    file = tmp_path / "course.toml"
    file.write_text("[late]\nfree_days = 1\nloss_per_day = 10\nat_most = 50\n")
    assert course.read(file) == Late(1, 10, 50)
    file.write_text("[late]\nloss_per_day = 2.5\n")
    assert course.read(file) == Late(0, 2.5, 100)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[late]\nloss = 10",
            "[late] has loss, and only free_days, loss_per_day, at_most are known",
        ),
        ("[early]\nfree_days = 1", "it has early, and only [late] is known"),
        ("late = 10", "late is a table, [late], with"),
        ('[late]\nfree_days = "one"', "free_days is 'one', and a number from 0 is meant"),
        ("[late]\nfree_days = true", "free_days is True"),
        ("[late]\nfree_days = inf", "free_days is inf"),
        ("[late]\nfree_days = nan", "free_days is nan"),
        ("[late]\nfree_days = -1", "free_days is -1"),
        ("[late]\nloss_per_day = 101", "loss_per_day is 101, and a number from 0 to 100 is meant"),
        ("[late]\nat_most = -0.5", "at_most is -0.5"),
        ("[late", "cannot be used"),
        ("ä".encode("latin-1"), "cannot be used"),
    ],
)
def test_a_course_file_that_cannot_be_meant_stops_in_one_sentence(tmp_path, text, said):
    file = tmp_path / "course.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(Stop, match=re.escape(said)) as stopped:
        course.read(file)
    assert "\n" not in str(stopped.value)


def test_a_course_file_that_there_is_not_stops_in_one_sentence(tmp_path):
    with pytest.raises(Stop, match=r"course\.toml cannot be used"):
        course.read(tmp_path / "course.toml")
