"""The two tables of a class, row by row, without a notebook."""

import csv
import io
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader import Stop, results
from grader.course import Late
from grader.journal import NOT_GRADED, SCORED
from grader.results import Change


def mark(task, points, of=5):
    state = NOT_GRADED if points is None else SCORED
    return {
        **{"task": task, "of": of, "points": points, "state": state},
        **{"reason": "", "missed": [], "finding": None},
    }


def row(notebook, *points, student="Ada", number=""):
    tasks = [mark(f"task {number}", each) for number, each in enumerate(points)]
    return {
        **{"student": student, "id": number, "notebook": notebook, "file": f"{student}.ipynb"},
        **{"sha256": "", "seconds": 0.1, "tasks": tasks, "notes": [], "failed": "", "again": False},
    }


def of_tasks(**points):
    """A row of 03_adagrad by the names of its tasks."""
    return row("03_adagrad") | {"tasks": [mark(task, got) for task, got in points.items()]}


def noted(row, change):
    (ada,) = results.students([row], {("Ada", "03_adagrad"): change}).values()
    return ada[0]


def late(folder, *lines, head="student,notebook,late_days,points,task,reason,comment", policy=None):
    file = folder / "late.csv"
    file.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return results.changes(file, *filter(None, [policy]))


def gradebook(folder, *rows, changes=None):
    results.write(rows, folder, changes or {})
    with open(folder / "gradebook.csv", encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def test_points_by_hand_count_in_the_notebook_and_in_the_total(tmp_path):
    rows = row("03_adagrad", 1, 2), row("05_adam", 4, 0)
    changes = {("Ada", "03_adagrad"): Change(points=6.0)}
    (ada,) = gradebook(tmp_path, *rows, changes=changes)
    assert (ada["03_adagrad"], ada["05_adam"], ada["total"]) == ("6", "4", "10")
    assert ada["overridden"] == "03_adagrad"


def test_one_task_without_points_leaves_the_notebook_and_the_total_empty(tmp_path):
    (ada,) = gradebook(tmp_path, row("03_adagrad", 5, None), row("05_adam", 2, 2))
    assert (ada["03_adagrad"], ada["05_adam"], ada["total"]) == ("", "4", "")
    assert ada["could not grade"] == "03_adagrad"


def test_points_by_hand_stand_in_for_what_could_not_be_graded(tmp_path):
    changes = {("Ada", "03_adagrad"): Change(points=0.0)}
    (ada,) = gradebook(tmp_path, row("03_adagrad", None, None), changes=changes)
    assert (ada["03_adagrad"], float(ada["total"]), ada["could not grade"]) == ("0", 0, "")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("7", "7 is the name or id of two students: 7 and Bob (7)"),
        ("5", "5 is the name or id of two students: Jo (5) and Jon (5)"),
        ("Wei", "of Wei there are two and it needs the id: Wei (3) and Wei (4)"),
    ],
)
def test_a_name_that_may_mean_two_students_stops_in_one_sentence(tmp_path, name, said):
    who = ("7", ""), ("Bob", "7"), ("Wei", "3"), ("Wei", "4"), ("Jo", "5"), ("Jon", "5")
    rows = [row("03_adagrad", 1, student=student, number=number) for student, number in who]
    late = tmp_path / "late.csv"
    late.write_text(f"student,notebook,late_days,points\n{name},03_adagrad,1,5\n")
    with pytest.raises(Stop) as stopped:
        results.write(rows, tmp_path, results.changes(late))
    assert said in str(stopped.value)
    late.write_text("student,notebook,late_days,points\nBob,03_adagrad,,5\n4,03_adagrad,,4\n")
    book = gradebook(tmp_path, *rows, changes=results.changes(late))
    assert [line["03_adagrad"] for line in book] == ["1", "5", "1", "1", "1", "4"]


@pytest.mark.parametrize("mark", ["", ";", "\t", "\n", "a;b;", ";'"])
@pytest.mark.parametrize("sign", "=+-@＝")
def test_a_formula_is_kept_from_every_spreadsheet_that_splits_a_cell(mark, sign):
    for cell in re.split("[;\t\n]", results.safe(f"{mark}{sign}1")):
        assert not cell.startswith(sign)


def test_every_cell_of_a_table_is_quoted(tmp_path):
    results.write([row("03_adagrad", 1, None)], tmp_path, {})
    for name in ("grades.csv", "gradebook.csv"):
        for line in (tmp_path / name).read_text("utf-8-sig").splitlines():
            assert line.startswith('"')
            assert line.endswith('"')
            assert all(cell.count('"') % 2 == 0 for cell in line.split(","))


@given(st.lists(st.text(), min_size=2, max_size=2))
@example(["＝cmd()", "'=cmd()"])
@example(["\n=cmd()", 'a",6\r\n"b'])
def test_no_text_breaks_a_row_or_begins_a_formula_and_all_can_be_read_again(texts):
    assert not results.safe(texts[0]).startswith(tuple("=+-@\t\r\n＝＋－＠"))
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerow(map(results.safe, texts))
    (line,) = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert [results.meant(cell) for cell in line] == texts


def test_a_name_as_the_gradebook_writes_it_can_be_used_in_the_table_of_late_days(tmp_path):
    rows = [row("03_adagrad", 1, student="=cmd()")]
    (line,) = gradebook(tmp_path, *rows)
    late = tmp_path / "late.csv"
    late.write_text(f"student,notebook,late_days,points\n{line['student']},03_adagrad,,5\n")
    (line,) = gradebook(tmp_path, *rows, changes=results.changes(late))
    assert line["03_adagrad"] == "5"


@given(st.lists(st.none() | st.integers(0, 20), max_size=6))
def test_a_sum_is_there_if_each_of_its_parts_is(points):
    known = [each for each in points if each is not None]
    is_known = bool(points) and len(known) == len(points)
    assert results.total(points) == (sum(known) if is_known else None)


def test_late_days_take_their_part_of_what_was_reached_and_say_so(tmp_path):
    policy = Late(free_days=1, loss_per_day=10, at_most=50)
    changes = late(tmp_path, "Ada,03_adagrad,3,,,,", policy=policy)
    (ada,) = gradebook(tmp_path, row("03_adagrad", 4, 3), row("05_adam", 5), changes=changes)
    assert (ada["03_adagrad"], ada["05_adam"], ada["total"]) == ("5.6", "5", "10.6")
    assert ada["late days"] == "3 03_adagrad"
    assert ada["taken"] == (
        "03_adagrad: late days: 3, free: 1, 10 % a day, at most 50 %;"
        " 1.4 of the 7 points reached are taken"
    )


def test_without_a_policy_late_days_are_noted_and_take_nothing(tmp_path):
    (ada,) = gradebook(
        tmp_path, row("03_adagrad", 4), changes=late(tmp_path, "Ada,03_adagrad,3,,,,")
    )
    assert (ada["03_adagrad"], ada["late days"], ada["taken"]) == ("4", "3 03_adagrad", "")


POLICIES = st.builds(Late, st.floats(0, 9), st.floats(0, 100), st.floats(0, 100))
POINTS = st.lists(st.integers(0, 5), min_size=2, max_size=2)


@given(POLICIES, st.floats(0, 30), POINTS, st.none() | st.floats(0, 5))
def test_lateness_takes_no_more_than_the_grader_found_and_nothing_of_what_a_person_gave(
    policy, days, points, by_hand
):
    given = {} if by_hand is None else {"b": Change(points=by_hand)}
    change = Change(late_days=days, tasks=given, policy=policy)
    got = noted(of_tasks(a=points[0], b=points[1]), change)
    found = points[0] + (points[1] if by_hand is None else 0)
    assert 0 <= got["taken"] <= found * policy.at_most / 100 + 0.005
    assert got["reached"] == pytest.approx(found + (by_hand or 0))
    assert got["counts"] == pytest.approx(got["reached"] - got["taken"], abs=0.006)
    whole = noted(of_tasks(a=1, b=2), Change(late_days=days, points=7.5, policy=policy))
    assert (whole["counts"], whole["taken"]) == (7.5, 0)


def test_points_for_one_task_replace_its_mark_and_say_what_the_grader_found(tmp_path):
    changes = late(
        tmp_path, 'Ada,03_adagrad,,4,adagrad_step,"right, but for a sign",Look at it again.'
    )
    (own,) = results.students([of_tasks(adagrad_step=1, burst_begins=2)], changes).values()
    (step, begins), counts = own[0]["tasks"], own[0]["counts"]
    assert (step["points"], step["state"], counts) == (4, SCORED, 6)
    assert step["reason"] == "right, but for a sign (set by hand; the grader found 1)"
    assert begins == mark("burst_begins", 2)
    assert own[0]["comments"] == ["adagrad_step: Look at it again."]
    results.write([of_tasks(adagrad_step=1, burst_begins=2)], tmp_path, changes)
    text = (tmp_path / "grades.csv").read_text("utf-8-sig")
    assert "right, but for a sign (set by hand; the grader found 1)" in text
    assert '"overridden"' in (tmp_path / "gradebook.csv").read_text("utf-8-sig")


def test_points_for_one_task_stand_in_for_what_could_not_be_graded(tmp_path):
    change = Change(tasks={"a": Change(points=3.0)})
    assert noted(of_tasks(a=None, b=2), change)["counts"] == 5
    assert noted(of_tasks(a=1, b=None), change)["counts"] is None


def test_a_reason_and_a_comment_of_a_notebook_are_told():
    got = noted(of_tasks(a=1), Change(points=4, reason="shown in class", comment="Well done."))
    assert got["remarks"] == ["set by hand; the grader found 1 of 5", "shown in class"]
    assert got["comments"] == ["Well done."]


def test_a_table_without_the_columns_that_may_be_missing_is_read(tmp_path):
    changes = late(tmp_path, "Ada,03_adagrad,2,7", head="student,notebook,late_days,points")
    assert changes == {("Ada", "03_adagrad"): Change(late_days=2, points=7)}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["Ada,03_adagrad,1,,,,", "Ada,03_adagrad,,5,,,"], "Ada, 03_adagrad is twice"),
        (["Ada,03_adagrad,,1,adagrad_step,,"] * 2, "Ada, 03_adagrad, adagrad_step is twice"),
        (["Ada,03_adagrad,1,,,,", "7,03_adagrad,,5,,,"], "there with another name too"),
        (["Ada,05_adam,,1,adagrad_step,,"], "05_adam has no task adagrad_step"),
        (["Ada,03_adagrad,2,1,adagrad_step,,"], "late days are of 03_adagrad, not of adagrad_step"),
        (["Ada,03_adagrad,-1,,,,"], "-1 are no late days"),
        (["Ada,03_adagrad,nan,,,,"], "nan is no number"),
        (["Ada,03_adagrad,,inf,,,"], "inf is no number"),
        (["Ada,03_adagrad,,many,,,"], "is no number"),
        (["Ada,03_adagard,1,,,,"], "it names what there is not: Ada, 03_adagard"),
        (["Eve,03_adagrad,1,,,,", "Bo,03_adagrad,,,,,"], "not: Bo, 03_adagrad; Eve, 03_adagrad"),
        ([",03_adagrad,1,,,,"], "it names what there is not"),
    ],
)
def test_a_line_that_cannot_be_meant_stops_in_one_sentence(tmp_path, lines, said):
    with pytest.raises(Stop) as stopped:
        results.write([row("03_adagrad", 1, number="7")], tmp_path, late(tmp_path, *lines))
    assert said in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_of_two_tables_none_is_written_when_a_line_cannot_be_meant(tmp_path):
    with pytest.raises(Stop):
        results.write([row("03_adagrad", 1)], tmp_path, late(tmp_path, "Eve,03_adagrad,1,,,,"))
    assert not (tmp_path / "grades.csv").exists()


@given(st.floats(0, 1000))
def test_points_for_a_system_have_two_digits_at_most_and_no_zeros_at_the_end(points):
    shown = results.shown(points)
    assert float(shown) == pytest.approx(points, abs=0.00501)
    whole, _, digits = shown.partition(".")
    assert whole.isdigit()
    assert len(digits) <= 2
    assert not digits.endswith("0")


@pytest.mark.parametrize(
    ("most", "factor"), [("20", 0.5), ("10,00", 0.25), ("", 1), ("0", 1), ("(read only)", 1)]
)
def test_points_are_scaled_to_those_of_a_system_if_it_says_them(most, factor):
    assert results.scale(most, 40) == factor
    assert results.scale(most, 0) == 1


@given(
    st.lists(st.lists(st.text(), min_size=4, max_size=4), min_size=1),
)
@example([["a;b", 'c"', "\r", "\n"], ["=1", "", "'=1", "\r\n"]])
def test_what_is_saved_for_a_system_is_read_as_it_was(tmp_path_factory, lines):
    head = ["A", "B", "C", "D"]
    file = tmp_path_factory.mktemp("sheet") / "sheet.csv"
    results.save_sheet(file, [head, *lines])
    assert results.sheet(file) == (head, [line for line in lines if any(line)])
