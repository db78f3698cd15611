"""The class list: whose a submission is, and who handed in nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import Stop, results, roster
from grader.journal import NOT_GRADED, SCORED, ZERO
from grader.layouts import notebooks
from grader.roster import Listed, Roster

CLASS = Roster(
    (
        Listed("Ada Lovelace", "11", "ada@example.org"),
        Listed("Wei Chen", "3"),
        Listed("Wei Chen", "4"),
        Listed("Bo de la Cruz", "s17"),
    )
)


def mark(points, task="adagrad_step"):
    return {
        **{"task": task, "of": 5, "points": points, "state": SCORED, "reason": ""},
        **{"missed": [], "finding": None},
    }


def row(student, number="", notebook="03_adagrad", points=5, file=""):
    return {
        **{"student": student, "id": number, "notebook": notebook},
        **{"file": file or f"{student}.ipynb", "sha256": "1", "seconds": 0.1, "notes": []},
        **{"tasks": [mark(points)] if notebook else [], "failed": "", "again": False},
    }


def placed(*rows, listed=CLASS, also=()):
    return {
        (each["student"], each["id"], each["notebook"]): each
        for each in roster.placed(rows, listed, also)
    }


def read(folder, text):
    file = folder / "class.csv"
    file.write_text(text, encoding="utf-8")
    return roster.read(file).listed


@pytest.mark.parametrize(
    ("student", "number"),
    [
        ("Ada Lovelace", ""),
        ("ada lovelace", ""),
        ("Ｌovelace, Ada", ""),
        ("lovelaceada", ""),  # as Canvas writes it
        ("lovelaceada", "11"),
        ("Countess", "11"),
        ("11", ""),  # a folder
        ("ada@example.org", ""),
        ("Ada Lovelace", "99"),  # a number of another system
    ],
)
def test_a_submission_is_matched_by_id_else_by_name(student, number):
    assert [one.student for one in CLASS.find(student, number)] == ["Ada Lovelace"]


def test_one_of_two_with_the_same_name_is_told_by_the_id():
    assert [one.id for one in CLASS.find("Wei Chen", "4")] == ["4"]
    assert {one.id for one in CLASS.find("Wei Chen", "")} == {"3", "4"}
    assert {one.id for one in CLASS.find("chenwei", "8")} == {"3", "4"}


def test_where_the_id_says_one_and_the_name_another_both_may_be():
    assert {one.id for one in CLASS.find("Bo de la Cruz", "11")} == {"11", "s17"}


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=5), st.text(), st.text())
def test_a_line_of_the_roster_finds_itself_whoever_else_is_there(others, name, number):
    one = Listed(name, number)
    assert one in Roster((one, *(Listed(*other) for other in others))).find(name, number)


def test_a_stranger_is_nobody():
    for stranger in (("Mallory", ""), ("Ada", "12"), ("ada@example.com", ""), ("1", ""), ("", "")):
        assert CLASS.find(*stranger) == set()


@given(st.lists(st.text("abcdé-'", min_size=1).filter(str.isalpha), min_size=2, max_size=5))
def test_a_name_is_known_by_the_form_that_canvas_gives_it(words):
    name, last = " ".join(words), words[-1]
    sortable = f"{last}, {' '.join(words[:-1])}"
    canvas = re.sub(r"\W", "", sortable.lower())
    assert Roster((Listed(name, ""),)).find(canvas, "1")


def test_names_are_those_of_the_roster():
    found = placed(row("lovelaceada", "11"))
    assert found["Ada Lovelace", "11", "03_adagrad"]["tasks"] == [mark(5)]
    assert not any(student == "lovelaceada" for student, _, _ in found)


def test_who_handed_in_nothing_has_zero_points_with_that_reason():
    found = placed(row("Ada Lovelace"))
    tasks = found["Bo de la Cruz", "s17", "03_adagrad"]["tasks"]
    assert [task["task"] for task in tasks] == notebooks()["03_adagrad"]
    assert {(task["points"], task["state"], task["reason"]) for task in tasks} == {
        (0, ZERO, "nothing was handed in")
    }
    assert len(found) == 4


@pytest.mark.parametrize(
    ("file", "other"),
    [
        ("Ada_11_assignsubmission_file/03_adagrad_Bo de la Cruz.ipynb", "Bo de la Cruz"),
        ("x/chenwei-03_adagrad.ipynb", "Wei Chen"),
        ("Wei Chen's folder/03_adagrad.ipynb", ""),
        ("03_adagrad_ada-lovelace.ipynb", ""),
        ("03_adagrad.ipynb", ""),
    ],
)
def test_a_file_with_the_name_of_a_classmate_is_noticed(file, other):
    (ada,) = [
        one for one in placed(row("Ada Lovelace", "11", file=file)).values() if one["id"] == "11"
    ]
    assert ada["notes"] == [f"Its file has the name of a classmate, {other}."] * bool(other)


def test_a_notebook_that_others_handed_in_is_missing_without_a_roster_too():
    found = placed(row("Ada"), row("Bo", notebook="05_adam"), listed=Roster())
    assert found["Ada", "", "05_adam"]["tasks"][0]["reason"] == roster.NOTHING
    assert not roster.handed_in(found["Ada", "", "05_adam"])
    assert roster.handed_in(found["Ada", "", "03_adagrad"])


def test_what_may_be_of_two_is_graded_for_neither_and_says_so():
    found = placed(row("Wei Chen", file="chen.ipynb"))
    unclear = found["Wei Chen", "", "03_adagrad"]
    assert "may be of Wei Chen (3) or Wei Chen (4)" in unclear["failed"]
    assert {task["state"] for task in unclear["tasks"]} == {NOT_GRADED}
    for number in "34":
        maybe = found["Wei Chen", number, "03_adagrad"]
        assert "chen.ipynb may be of this student" in maybe["failed"]
        assert {task["points"] for task in maybe["tasks"]} == {None}
    assert found["Bo de la Cruz", "s17", "03_adagrad"]["failed"] == ""


def test_of_a_hand_in_that_may_be_of_two_nothing_else_is_missing():
    found = placed(row("Wei Chen"), row("Ada Lovelace", notebook="05_adam"))
    assert ("Wei Chen", "", "05_adam") not in found
    assert found["Wei Chen", "3", "05_adam"]["tasks"][0]["reason"] == roster.NOTHING


def test_a_hand_in_that_may_be_of_two_and_names_no_notebook_may_be_any():
    found = placed(row("Wei Chen", notebook="", file="x.ipynb"), row("Ada Lovelace"))
    assert "x.ipynb may be of this student" in found["Wei Chen", "3", "03_adagrad"]["failed"]


def test_a_notebook_that_nobody_handed_in_can_count():
    found = placed(row("Ada Lovelace"), also=["07_playground"])
    assert found["Ada Lovelace", "11", "07_playground"]["tasks"][0]["points"] == 0


def test_one_of_two_whose_own_hand_in_is_there_keeps_its_marks():
    found = placed(row("Wei Chen", "3"), row("Wei Chen", file="other.ipynb"))
    assert found["Wei Chen", "3", "03_adagrad"]["tasks"] == [mark(5)]
    assert "other.ipynb may be" in found["Wei Chen", "4", "03_adagrad"]["failed"]


def test_two_hand_ins_of_one_student_are_graded_for_neither():
    found = placed(row("Ada Lovelace", file="a.ipynb"), row("lovelaceada", "11", file="b.ipynb"))
    both = found["Ada Lovelace", "11", "03_adagrad"]
    assert not both["failed"]  # the same file twice
    other = row("lovelaceada", "11", file="b.ipynb") | {"sha256": "2"}
    both = placed(row("Ada Lovelace", file="a.ipynb"), other)["Ada Lovelace", "11", "03_adagrad"]
    assert both["failed"] == "2 hand-ins claim this: a.ipynb and b.ipynb"


def test_a_number_that_moodle_drew_is_nobodys_id(tmp_path):
    file = "Ada Lovelace_4_assignsubmission_file/03_adagrad.ipynb"
    found = placed(row("Ada Lovelace", "4", file=file), row("Stranger", "3", file=file))
    assert found["Ada Lovelace", "11", "03_adagrad"]["tasks"] == [mark(5)]
    assert found["Stranger", "3", "03_adagrad"]["tasks"] == [mark(5)]


def test_a_worksheet_says_by_the_address_which_of_two_namesakes_a_participant_is():
    listed = Roster((Listed("Wei Chen", "s1", "one@x.org"), Listed("Wei Chen", "s2", "two@x.org")))
    sheet = Roster((Listed("Wei Chen", "77", "two@x.org"),), of_moodle=True)
    file = "Wei Chen_77_assignsubmission_file/03_adagrad.ipynb"
    (known,) = roster.by_worksheet([row("Wei Chen", "77", file=file)], sheet, listed)
    assert (known["student"], known["id"]) == ("Wei Chen", "s2")
    (other,) = roster.by_worksheet([row("Bo", "77", file=file)], sheet, listed)
    assert other["id"] == "77"


def test_of_whom_a_file_names_no_notebook_none_is_missing():
    found = placed(row("Ada Lovelace", notebook=""), row("Bo de la Cruz"))
    assert ("Ada Lovelace", "11", "03_adagrad") not in found
    assert found["Ada Lovelace", "11", ""]["tasks"] == []


def test_who_is_not_in_the_roster_is_kept_and_named():
    rows = [row("Mallory"), row("Ada Lovelace")]
    assert placed(*rows)["Mallory", "", "03_adagrad"]["tasks"] == [mark(5)]
    assert roster.unlisted(rows, CLASS) == ["Mallory"]
    assert roster.unlisted(rows, Roster()) == []


def test_an_empty_cell_means_that_it_could_not_be_graded(tmp_path):
    rows = [row("Ada Lovelace", points=None), row("Mallory", notebook="05_adam")]
    results.write(roster.placed(rows, CLASS), tmp_path, {})
    head, lines = results.sheet(tmp_path / "gradebook.csv")
    for line in (dict(zip(head, cells, strict=True)) for cells in lines):
        is_ada = line["student"] == "Ada Lovelace"
        assert (line["03_adagrad"] == "") == is_ada == (line["total"] == "")
        assert line["could not grade"] == "03_adagrad" * is_ada


@pytest.mark.parametrize(
    "text",
    [
        "student,id,email\nAda,7,a@b.c\n",
        "Email,ID,Student\na@b.c,7,Ada\n",
        "\ufeffstudent;id;email\nAda;7;a@b.c\n",
        '"name","id","e-mail"\n" Ada ","7","a@b.c"\n\n,,\n',
        "Last name,First name,ID number,Email address\n,Ada,7,a@b.c\n",
    ],
)
def test_a_class_list_is_read_whatever_its_columns_are_called(tmp_path, text):
    (ada,) = read(tmp_path, text)
    assert (ada.student, ada.id, ada.email) == ("Ada", "7", "a@b.c")


def test_a_gradebook_of_canvas_is_a_class_list(tmp_path):
    listed = read(
        tmp_path,
        "Student,ID,SIS User ID,SIS Login ID,Section,03_adagrad (17),Final Score\n"
        ",,,,,Manual Posting,\n"
        "    Points Possible,,,,,10,(read only)\n"
        '"Lovelace, Ada",501,s1,ada,"A, and B",,0\n'
        '"=""=cmd()""",502,s2,bo,A,EX,0\n'
        '"Student, Test",599,,f00,A,,0\n',
    )
    assert [(one.student, one.id) for one in listed] == [
        ("Lovelace, Ada", "501"),
        ("=cmd()", "502"),
    ]
    found = read(tmp_path, "LastName,FirstName,ID,SIS Login ID,Section\nLovelace,Ada,501,ada,A\n")
    assert [(one.student, one.id) for one in found] == [("Lovelace, Ada", "501")]


def test_a_grading_worksheet_of_moodle_is_a_class_list(tmp_path):
    listed = read(
        tmp_path,
        "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade\n"
        'Participant 9031,"Ada Lovelace",s1,ada@x.y,"Submitted",,10.00\n',
    )
    assert listed == (Listed("Ada Lovelace", "9031", "ada@x.y", "s1"),)
    (secret,) = read(tmp_path, "Identifier,Status,Grade\nParticipant 9031,,\n")
    assert (secret.student, secret.id) == ("Participant 9031", "9031")
    assert Roster((secret,)).find("Participant", "9031") == {secret}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("who,what\nAda,7\n", "it has no column student"),
        ("student,id\nAda,7\nBo,7\n", "the id 7 is there twice"),
        ("student,id\nWei,\nWei ,\n", "of wei there are two, and each needs an id"),
        ("student,id\n,\n", "it names nobody"),
        ("", "it is empty"),
        ("student,id\n,,\nPoints Possible,\n", "it names nobody"),
    ],
)
def test_a_class_list_that_is_unclear_stops_in_one_sentence(tmp_path, text, said):
    with pytest.raises(Stop, match=re.escape(said)) as stopped:
        read(tmp_path, text)
    assert "class.csv is no class list" in str(stopped.value)
