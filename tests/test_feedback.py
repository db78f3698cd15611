"""check, hint and progress, on small tasks of their own."""

import json
import math
import os
import re
import time
import warnings
from functools import partial
from html.parser import HTMLParser

import numpy as np
import pytest
from IPython.display import display
from scipy.optimize import minimize

import course_lib
from course_lib import data, feedback, network, optimizers
from course_lib.feedback import check, hint, progress
from course_lib.feedback.comparing import decode, fingerprint


def case(name, arguments, expected):
    return {"name": name, "arguments": arguments, "expected": expected}


def array(*numbers, dtype="float64"):
    return {"array": list(numbers), "dtype": dtype}


def prints(*outputs):
    return [[fingerprint(decode(output))[0] for output in outputs]]


def task(cases, wrong=(), slips=()):
    entry = {"explanation": "<why> it is wrong", "read": "03_adagrad.ipynb#The-burst"}
    misconceptions = [
        {"name": name, "prints": [prints(*outputs)], **entry} for name, outputs in wrong
    ]
    hints = ["one", "two", "three"]
    return {
        "notebook": "03_adagrad",
        "points": 4,
        "cases": cases,
        "misconceptions": misconceptions,
        "hints": hints,
        "slips": dict(slips),
    }


def border(name, arguments, expected, about):
    return {**case(name, arguments, expected), "about": about}


TASKS = {
    "rounded_down": task(
        [
            case("a half", {"number": 2.5}, 2.0),
            case("more", {"number": 3.7}, 3.0),
            border("below 0", {"number": -1.2}, -2.0, "right for numbers above 0 alone"),
        ],
        slips={"a number too much": [prints(3.0, 4.0, -1.0)]},
    ),
    "squares": task(
        [
            case("three", {"x": array(1.0, 2.0, 3.0)}, array(1.0, 4.0, 9.0)),
            case("one", {"x": array(3.0)}, array(9.0)),
            case("tiny", {"x": array(1e-9, 2e-9)}, array(1e-18, 4e-18)),
        ],
        [("the double", [array(2.0, 4.0, 6.0), array(6.0), array(2e-9, 4e-9)])],
    ),
    "ends": task(
        [
            case("three", {"x": array(1.0, 2.0, 4.0), "unit": "m"}, [1.0, 4.0]),
            case("two", {"x": array(5.0, 7.0), "unit": "m"}, [5.0, 7.0]),
            case("short", {"x": array(5.0, 8.0), "unit": "cm"}, [5.0, 8.0]),
            case("long", {"x": array(2.0, 3.0, 9.0), "unit": "cm"}, [2.0, 9.0]),
        ]
    ),
    "steps": task(
        [
            case("one", {"x": array(1.0), "steps": 1}, array([1.0], [0.5])),
            case("two", {"x": array(1.0), "steps": 2}, array([1.0], [0.5], [0.25])),
            case("none", {"x": array(2.0), "steps": 0}, array([2.0])),
        ]
    ),
    "lists": task(
        [
            case("one list", {"x": [array(1.0)]}, [array(1.0)]),
            case("two lists", {"x": [array(1.0), array(2.0, 3.0)]}, [array(1.0), array(2.0, 3.0)]),
        ]
    ),
    "nothing": task(
        [case("nothing", {"x": {"array": [], "dtype": "int64", "shape": [0, 2]}}, array(0.0, 0.0))]
    ),
    "table": task([case("a table", {"n": 3}, array([0, 1, 2], [10, 11, 12], dtype="int64"))]),
    "direction": task([case("up", {"slope": 1.0}, "up"), case("down", {"slope": -1.0}, "down")]),
    "rises": task([case("up", {"slope": 1.0}, True), case("down", {"slope": -1.0}, False)]),
}


@pytest.fixture(autouse=True)
def _own_tasks(monkeypatch, tmp_path):
    monkeypatch.setattr(feedback, "tasks", lambda: TASKS)
    monkeypatch.chdir(tmp_path)


def answer(name, function):
    function.__name__ = name
    return check(function)


def found(name, function):
    report = answer(name, function)
    assert not report.right
    return str(report)


@pytest.mark.parametrize(
    ("name", "function"),
    [
        ("squares", lambda x: x**2),
        ("squares", lambda x: [float(number) ** 2 for number in x]),
        ("squares", lambda x: (x**2).astype(np.float32)),
        ("squares", lambda x: x**2 * (1 + 1e-12)),
        ("ends", lambda x, unit: (x[0], x[-1])),
        ("ends", lambda x, unit: [np.array(x[0]), float(x[-1])]),
        ("ends", lambda x, unit: x[[0, -1]]),
        ("nothing", lambda x: x.sum(axis=0)),
        ("table", lambda n: np.add.outer([0, 10], np.arange(n))),
        ("table", lambda n: np.add.outer([0.0, 10.0], np.arange(n)).tolist()),
        ("direction", lambda slope: "up" if slope > 0 else "down"),
        ("rises", lambda slope: np.float64(slope) > 0),
    ],
)
def test_right_is_right_as_array_list_or_number(name, function):
    report = answer(name, function)
    assert report.right
    assert "right in all" in str(report)
    assert "4 points" in str(report)


@pytest.mark.parametrize(("dtype", "off"), [(np.float64, 1e-8), (np.float32, 1e-3)])
def test_a_result_may_round_as_its_type_does_and_no_more(dtype, off):
    assert not answer("squares", lambda x: (x**2 * (1 + off)).astype(dtype)).right
    assert answer("squares", lambda x: (x**2 * (1 + off / 100)).astype(dtype)).right


def test_a_result_is_taken_as_it_was_when_it_was_returned():
    kept = np.empty(9)

    def squares(x):
        result = kept[: len(x)]  # the next call writes here again
        result[:] = x**2
        return result

    assert answer("squares", squares).right


def test_an_unwritten_function_is_not_written_yet_and_leaves_no_trace():
    def unwritten(x):
        raise NotImplementedError("not written yet")

    assert str(answer("squares", unwritten)).startswith("○ squares: not written yet")
    assert not feedback.PROGRESS.exists()


def test_another_function_that_is_not_written_yet_is_named():
    def written_later():
        raise NotImplementedError("not written yet")

    def calling(x):
        return written_later()

    text = found("squares", calling)
    assert "✗ squares: it calls `written_later`, which is not written yet" in text


def test_an_exception_is_shown_with_the_learners_own_line():
    def raising(x):
        x = x.tolist()
        return np.linalg.norm(x, axis=3)

    text = found("squares", raising)
    assert "it raises AxisError" in text
    assert "`return np.linalg.norm(x, axis=3)`" in text
    assert "Case “three”: x = [1.0, 2.0, 3.0]." in text


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt, RecursionError, StopIteration])
def test_nothing_that_a_function_raises_gets_out(error):
    def raising(x):
        raise error

    assert re.search(f"raises {error.__name__}|interrupted", found("squares", raising))


def test_a_wrong_number_of_parameters_is_an_exception_of_the_call():
    assert "takes 1 positional argument" in found("ends", lambda x: x)


class Unreadable:
    def __array__(self, *args, **kwargs):
        raise OSError

    def __repr__(self):
        raise OSError


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (None, "it returns None"),
        ("text", "Expected an array of numbers of shape (3,), got 'text'"),
        (np.eye(2), "got an array of numbers of shape (2, 2)"),
        (2.0, "got a number"),
        ([1, [2, 3]], "got a list of 2"),
        (np.array([1j, 2, 3]), "got an array of complex128"),
        (np.array([True, False, True]), "got an array of true or false"),
        ((i for i in "abc"), "an object of type generator"),
        (Unreadable(), "an object of type Unreadable"),
    ],
)
def test_another_kind_or_shape_is_said(result, said):
    assert said in found("squares", lambda x: result)


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (lambda x: x[:, None] ** 2, "an axis of length 1 too many or too few"),
        (lambda x: np.append(x**2, 0), "one entry too many along axis 0"),
        (lambda x: x[:0], "3 entries too few along axis 0"),
        (lambda x: np.sum(x**2), "one number where an array belongs"),
        (lambda x: np.outer(x, x), "an axis too many"),
    ],
)
def test_it_is_said_how_a_shape_differs(result, said):
    assert f"it returns {said}" in found("squares", result)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x: x**2 if x > 1 else x, "`if`, `and` and `min` decide for one number"),
        (lambda x: math.sqrt(x), "was given an array"),
        (lambda x: x @ np.ones(7), "the two factors of `@` do not fit"),
        (lambda x: x + np.ones(7), "shapes that do not fit"),
        (lambda x: None + x, "does a function end without `return`?"),
        (lambda x: a_name_that_is_not_there, "A name is misspelt"),  # noqa: F821
        (lambda x: x[9], "An index goes beyond the end"),
        (lambda x: [1 / 0 for _ in x], "has to be looked at before the division"),
        (lambda x: np.zeros(x[0]), "Where a whole number is needed"),
    ],
)
def test_what_an_exception_mostly_means_is_said(function, said):
    assert said in found("squares", function)


def test_a_case_that_alone_raises_is_named():
    assert "it raises IndexError in “one”" in found("squares", lambda x: x**2 + 0 * x[1])


def test_rows_and_columns_exchanged_are_said():
    text = found("table", lambda n: (np.add.outer([0, 10], np.arange(n))).T)
    assert "it returns rows and columns exchanged" in text


def test_one_result_for_two_and_a_wrong_second_are_said():
    assert "Expected a tuple or list of 2, got a number" in found("ends", lambda x, unit: x[0])
    text = found("ends", lambda x, unit: (x[0], x[-2]))
    assert "in result 2 of 2" in text
    assert "Expected 4, got 2" in text


def test_an_array_in_the_place_of_two_results_is_called_an_array():
    text = found("ends", lambda x, unit: np.array([x, x]))
    assert "Expected a tuple or list of 2, got an array of numbers of shape (2, 3)." in text
    text = found("ends", lambda x, unit: (x, x))
    assert "Expected a number, got an array of numbers of shape (3,)." in text


def test_a_wrong_result_that_other_cases_do_not_have_is_said():
    text = found("lists", lambda x: [2 * part if len(part) > 1 else part for part in x])
    assert "every number is 2 times the right one, in result 2 of 2" in text


@pytest.mark.parametrize("first", [np.array, lambda x: x])
def test_one_array_stored_again_and_again_is_said(first):
    def descend(x, steps):
        theta = x.copy()
        path = [first(theta)]
        for _ in range(steps):
            theta *= 0.5
            path.append(theta)
        return path

    assert "every row is the last one" in found("steps", descend)


def test_a_changed_argument_is_named():
    def changing(x):
        x *= x
        return x

    assert "it changes its argument `x`" in found("squares", changing)


def test_a_known_misconception_is_named_explained_and_linked():
    report = answer("squares", lambda x: 2 * x)
    text, page = str(report), report._repr_html_()
    assert "the double" in text
    assert "<why> it is wrong" in text
    assert "Read “The burst” in notebooks/03_adagrad.ipynb" in text
    assert "&lt;why&gt;" in page
    assert 'href="../notebooks/03_adagrad.ipynb#The-burst"' in page


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda x: -(x**2), "the sign is turned"),
        (lambda x: 3 * x**2, "every number is 3 times the right one"),
        (lambda x: x**2 + 1, "every number is too large by 1"),
        (lambda x: x**2 - 0.5, "every number is too small by 0.5"),
        (lambda x: 0 * x, "every number is zero"),
        (lambda x: np.log(x - 2) if len(x) > 2 else x**2, "NaN where a number"),
        (lambda x: np.log(x - 2) if len(x) > 2 else x**2, "Wrong in “three”"),
        (lambda x: np.r_[0, x[1:] / (x[1:] < 3)] if len(x) > 2 else x**2, "At [2]: expected 9"),
        (lambda x: x if len(x) > 2 else x**2 + np.nan, "NaN where a number"),
        (lambda x: x**2 if len(x) > 1 else np.log(x - 4), "Case “one”"),
        (lambda x: (x**2).astype(int), "holds whole numbers only"),
        (lambda x: np.r_[0, x[:-1] ** 2], "every entry comes one index late"),
        (lambda x: np.r_[x[1:] ** 2, 0], "every entry comes one index early"),
        (lambda x: np.r_[x[:1] ** 2, x[1:]], "only the first is right"),
        (lambda x: x**2 if len(x) == 1 else x**3, "right only in “one”"),
        (lambda x: x**2 + 1e-15, "wrong only in “tiny”"),
        (lambda x: x**2 + (x > 1), "At [1]: expected 4, got 5; 2 of 3 are wrong."),
        (lambda x: x**4, "every number is the square of the right one"),
        (lambda x: np.abs(x), "every number is the root of the right one"),
        (lambda x: 1 - x**2, "every number is 1 minus the right one"),
        (lambda x: np.r_[x[:-1] ** 2, 0] if len(x) > 1 else x**2, "only the last is wrong"),
        (lambda x: x**2 * (1 + 0.002 * np.sin(x)), "nearly right, to within 1 %"),
        (lambda x: x**2 + np.sin(9 * x), "wrong in every case"),
    ],
)
def test_what_wrong_numbers_have_in_common_is_said(function, said):
    assert said in found("squares", function)


def test_the_first_wrong_number_is_shown_with_digits_enough():
    text = found("squares", lambda x: x**2 + 1e-6 * (x == 2))
    assert "At [1]: expected 4, got 4.000001" in text


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda slope: "down", "it says “down” in every case"),
        (lambda slope: "down" if slope > 0 else "up", "“down” and “up” are exchanged"),
        (lambda slope: "Up" if slope > 0 else "down", "but for capitals or blanks"),
        (lambda slope: "up" if slope > 0 else "flat", "“flat” where “down” belongs"),
    ],
)
def test_which_words_are_wrong_is_said(function, said):
    assert said in found("direction", function)


def test_which_arguments_the_wrong_cases_have_is_said():
    text = found("ends", lambda x, unit: (x[0], x[-1] + np.sin(x[0]) * (unit == "cm")))
    assert "wrong where `unit` is “cm”, in result 2 of 2" in text


def test_two_results_exchanged_are_said():
    assert "results 1 and 2 are exchanged" in found("ends", lambda x, unit: (x[-1], x[0]))


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda number: np.trunc(number), "right for numbers above 0 alone"),
        (lambda number: round(number), "one too many wherever it is wrong"),
        (lambda number: np.floor(number) + 1, "a number too much"),
        (lambda number: 0 * np.trunc(number), "every number is zero"),
    ],
)
def test_a_border_of_its_own_and_a_slip_are_named(function, said):
    assert said in found("rounded_down", function)


@pytest.mark.parametrize(("unknown", "named"), [([2], True), ([0, 2], True), ([0, 1, 2], False)])
def test_a_fault_is_named_whatever_is_returned_where_its_result_is_unknown(
    monkeypatch, unknown, named
):
    (own,) = prints(3.0, 4.0, -1.0)
    own = [float("nan") if at in unknown else number for at, number in enumerate(own)]
    monkeypatch.setitem(TASKS["rounded_down"], "slips", {"a number too much": [[own]]})
    answer = lambda number: 17.0 if number < 0 else np.floor(number) + 1  # noqa: E731
    assert ("a number too much" in found("rounded_down", answer)) == named


def test_wrong_words_and_truth_values_are_said():
    assert "Expected 'down', got 'up'" in found("direction", lambda slope: "up")
    assert "Expected False, got True" in found("rises", lambda slope: True)
    assert "Expected True, got a number" in found("rises", lambda slope: 1)


def test_what_a_function_prints_and_warns_of_is_shown_once():
    def noisy(x):
        print("step")
        warnings.warn("too large", RuntimeWarning, stacklevel=1)
        return x**2

    report = answer("squares", noisy)
    assert report.right
    assert "It printed: step" in str(report)
    assert "The result is right all the same." in str(report)
    assert str(report).count("RuntimeWarning: too large") == 1


def test_a_long_call_says_how_it_is_stopped(monkeypatch, capsys):
    monkeypatch.setattr(feedback, "PATIENCE", 0.01)
    assert answer("squares", lambda x: time.sleep(0.1) or x**2).right
    assert "squares has been running for" in capsys.readouterr().out


def test_an_unknown_name_and_a_call_in_brackets_are_answered():
    text = str(check(np.sum))
    assert "there is no task sum" in text
    assert "rounded_down, squares, ends, steps, lists, nothing, table, direction, rises" in text
    for wrong in ("squares", 3.0, None):
        assert "needs the function itself" in str(check(wrong))


def timed(function):
    def wrapper(*arguments):
        return function(*arguments)

    return wrapper


class Squaring:
    def __call__(self, x):
        return x**2


@pytest.mark.parametrize(
    "right",
    [
        lambda x: x**2,
        partial(lambda power, x: x**power, 2),
        timed(lambda x: x**2),
        np.square,
        Squaring(),
    ],
    ids=["lambda", "partial", "wrapper", "another function", "object"],
)
def test_a_function_is_found_by_the_name_that_it_has_in_the_notebook(right):
    squares = right
    assert check(squares).right
    assert "hint 1 of 3" in str(hint(squares))


def test_of_two_names_the_one_in_the_call_counts():
    def squares(x):
        return x**2

    rises = squares
    assert str(check(rises)).startswith("✗ rises")
    assert check(squares).right


def test_a_function_without_a_name_is_asked_for_one():
    assert "Define it with `def`" in str(check(lambda x: x**2))


def remembering_in_a_default(x, calls=[]):  # noqa: B006
    calls.append(1)
    return len(calls) * x**2


def drawing(x):
    return x**2 + np.random.default_rng().normal()


class Remembering:
    def __init__(self):
        self.last = 0.0

    def __call__(self, x):
        before, self.last = self.last, x[0]
        return x**2 + 0.1 * (before == 1e-9)


@pytest.mark.parametrize("wrong", [remembering_in_a_default, drawing, Remembering()])
def test_a_function_that_remembers_its_calls_is_told_so(wrong):
    squares = wrong
    assert "it remembers its earlier calls" in str(check(squares))


def using_an_optimizer(x):
    return x**2 + 0 * optimizers.adam(0.1).lr


def importing_inside(x):
    from course_lib.descent import descend

    return x**2 if descend else x


def calling_one_that_does(x):
    return importing_inside(x)


def asking_the_package(x):
    return x**2 if course_lib.schedules else x


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        (using_an_optimizer, "optimizers"),
        (importing_inside, "descent"),
        (calling_one_that_does, "descent"),
        (asking_the_package, "schedules"),
        (partial(using_an_optimizer), "optimizers"),
    ],
)
def test_what_the_grader_does_not_have_is_named(wrong, part):
    squares = wrong
    assert f"it uses course_lib.{part}" in str(check(squares))


def importing_a_package(x):
    import scipy.special

    return x**2 if scipy.special else x


def calling_one_of_a_package(x):
    return x**2 if minimize else x


def wrong_with_a_package(x):
    return calling_one_of_a_package(x) + 1


@pytest.mark.parametrize(
    ("uses", "right"),
    [
        (importing_a_package, True),
        (calling_one_of_a_package, True),
        (wrong_with_a_package, False),
    ],
)
def test_a_package_that_the_grader_does_not_have_is_named_beside_all_else(uses, right):
    squares = uses
    said = check(squares)
    assert said.right == right
    sentence = "It uses scipy, which is not among the packages that a task may import."
    assert sentence in said.details
    assert right or len(said.details) > 1


def test_what_python_and_ipython_bring_is_no_package():
    def squares(x):
        import json

        return x**2 if display and json and math and partial(print) and np.abs else x

    assert check(squares).details == []


def test_what_the_grader_has_may_be_used():
    def squares(x):
        return x**2 if data and network.MLP else x

    assert check(squares).right


def test_a_misspelt_name_is_answered_by_the_nearest():
    assert "Do you mean squares?" in str(hint("squarez"))
    assert "The tasks are rounded_down, squares, ends" in str(hint("something else"))


@pytest.mark.parametrize("step", [0, 4, 1.0, "1", None])
def test_a_hint_that_there_is_not_is_answered(step):
    assert "squares has hints 1 to 3" in str(hint("squares", step))


def test_hints_come_in_three_steps_by_function_or_by_name():
    def squares(x): ...

    assert "hint 1 of 3\n  one" in str(hint(squares))
    assert "hint(squares, 2)" in str(hint("squares"))
    assert str(hint(squares, 3)).endswith("three")
    for step in (0, 4, "2", None):
        assert "has hints 1 to 3" in str(hint(squares, step))
    assert "no task cubes" in str(hint("cubes"))


def test_progress_keeps_what_was_right_once():
    answer("squares", lambda x: x**2)
    answer("squares", lambda x: x)
    answer("rises", lambda slope: True)
    kept = json.loads(feedback.PROGRESS.read_text("utf-8"))
    assert kept == {"squares": "right", "rises": "tried"}
    text = str(progress())
    assert re.search(r"✓ squares +right +4 of 4 points", text)
    assert re.search(r"✗ rises +not right yet +0 of 4 points", text)
    assert re.search(r"○ ends +not written yet +0 of 4 points", text)
    assert re.search(r"all +█░+ +4 of 36 points", text)
    assert text.endswith("What counts is the notebook that you hand in.")


def test_other_names_in_the_file_are_kept():
    feedback.PROGRESS.write_text('{"of another version": "right"}', "utf-8")
    answer("squares", lambda x: x**2)
    kept = json.loads(feedback.PROGRESS.read_text("utf-8"))
    assert kept == {"of another version": "right", "squares": "right"}


@pytest.mark.parametrize("content", [b"{", b"[1]", b'{"squares": 1}', b"\xff\xfe", b""])
def test_a_corrupt_file_is_said_and_left_alone(content):
    feedback.PROGRESS.write_bytes(content)
    report = answer("squares", lambda x: x**2)
    assert report.right
    assert "progress.json cannot be read" in str(report)
    assert "cannot be read" in str(progress())
    assert feedback.PROGRESS.read_bytes() == content


def test_a_file_that_cannot_be_written_is_said(monkeypatch):
    feedback.PROGRESS.write_text("{}", "utf-8")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    report = answer("squares", lambda x: x**2)
    assert report.right
    assert "not kept in progress.json: it is read-only" in str(report)
    assert list(feedback.PROGRESS.parent.iterdir()) == [feedback.PROGRESS]


def test_a_folder_that_cannot_be_written_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(feedback, "PROGRESS", tmp_path / "missing" / "progress.json")
    assert "not kept" in str(answer("squares", lambda x: x**2))


class Balanced(HTMLParser):
    """Fails where a tag is closed that is not open."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize(
    "shown",
    [
        lambda: answer("squares", lambda x: "<script>alert(1)</script>"),
        lambda: answer("<b>squares", lambda x: x),
        lambda: answer("squares", lambda x: x**2),
        lambda: hint("squares"),
        progress,
    ],
)
def test_html_is_well_formed_escaped_and_says_the_state_in_words(shown):
    page = shown()._repr_html_()
    parser = Balanced()
    parser.feed(page)
    assert not parser.open
    assert "<script" not in page
    assert "<b>" not in page
    assert not re.search(r"[ :]#[0-9a-f]{3}", page), "a fixed colour would not suit both themes"
