"""Moodle's own worksheet comes back filled in, with a page for each student in a zip.

`Assignment` is a small Moodle of our own: it exports and imports by the rules of its sources
(mod/assign/gradingtable.php, mod/assign/feedback/offline and file, grade/import/csv), and shares
no code with the grader.
"""

import csv
import html
import io
import random
import zipfile

import pytest

from grader import Stop, moodle, pages, results, roster
from grader.course import Late
from grader.journal import SCORED
from grader.results import Change

HEAD = (
    "Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
    "Last modified (submission),Online text,Last modified (grade),Feedback comments"
)


class Assignment:
    """Participants by their number in this assignment, with grade, comment and feedback file."""

    def __init__(self, people, most=20, head=HEAD):
        self.people, self.most, self.head = people, most, head.split(",")
        self.grades, self.comments, self.files = {}, {}, {}

    def export(self):
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerow(self.head)
        for number, (name, idnumber, email) in self.people.items():
            grade = self.grades.get(number)
            cells = {
                "Identifier": f"Participant {number}",
                "Full name": name,
                "ID number": idnumber,
                "Email address": email,
                "Status": "Submitted for grading",
                "Grade": "" if grade is None else f"{grade:.2f}",
                "Maximum Grade": f"{self.most:.2f}",
                "Grade can be changed": "Yes",
                "Last modified (submission)": "Friday, 13 November 2026, 9:00 AM",
                "Online text": "=1+1\n<p>a, b</p>",
                "Last modified (grade)": "-" if grade is None else "Friday, 13 November 2026",
                "Feedback comments": self.comments.get(number, ""),
            }
            csv.writer(out, lineterminator="\n").writerow(cells[name] for name in self.head)
        return out.getvalue()

    def load(self, text):
        """Import a worksheet: an empty grade changes nothing, an empty comment takes one away."""
        head, *lines = csv.reader(io.StringIO(text, newline=""))
        assert head == self.head
        stale = {f"Participant {n}": n in self.grades for n in self.people}
        for line in lines:
            assert len(line) == len(head)
            cells = dict(zip(head, line, strict=True))
            number = int(cells["Identifier"].removeprefix("Participant "))
            if number not in self.people:
                continue
            has_date = cells["Last modified (grade)"] == "Friday, 13 November 2026"
            assert has_date == stale[cells["Identifier"]]
            if cells["Grade"] and 0 <= float(cells["Grade"]) <= self.most:
                self.grades[number] = float(cells["Grade"])
            if "Feedback comments" in cells:
                self.comments[number] = cells["Feedback comments"]

    def load_files(self, packed):
        """Take the first part of a path with four pieces of which the second is a participant."""
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            for path in archive.namelist():
                parts = path.split("/")
                assert not parts[-1].startswith((".", "~"))
                while parts:
                    pieces = parts.pop(0).split("_", 4)
                    known = (
                        len(pieces) >= 4 and pieces[1].isdigit() and int(pieces[1]) in self.people
                    )
                    if known and pieces[2:4] == ["assignfeedback", "file"]:
                        name = "/".join([*pieces[4:], *parts])
                        self.files[int(pieces[1])] = name, archive.read(path).decode()
                        break
                else:
                    raise AssertionError(f"Moodle takes no notice of {path}")


def row(student, number, points, of=20, notebook="03_adagrad"):
    mark = {"task": "adagrad_step", "of": of, "points": points, "state": SCORED, "reason": ""}
    return {
        **{"student": student, "id": number, "notebook": notebook, "file": "a.ipynb"},
        **{"tasks": [mark | {"missed": [], "finding": None}], "sha256": "1", "seconds": 0.1},
        **{"notes": [], "failed": "", "again": False},
    }


PEOPLE = {
    9031: ("Ada Lovelace", "s1", "ada@x.y"),
    9044: ("Alan_Turing (née X)", "s2", "alan@x.y"),
}


def filled(folder, moodle_has, *rows, changes=None, name="Grades-X-03_adagrad-17.csv"):
    """What is written for a worksheet: moodle.csv and the zip."""
    file = folder / name
    file.write_text(moodle_has.export(), encoding="utf-8")
    listed = roster.read(file)
    placed = roster.placed(rows, listed)
    pages.write(placed, folder, changes or {})
    moodle.write(results.students(placed, changes or {}), moodle.read(file), listed, folder)
    return (folder / "moodle.csv").read_bytes().decode(), (
        folder / "moodle_feedback.zip"
    ).read_bytes()


def test_the_worksheet_has_the_same_columns_and_lines_and_only_grades_and_comments_change(tmp_path):
    sheet = Assignment(PEOPLE)
    rows = row("Ada Lovelace", "9031", 15), row("Alan", "9044", 3)
    text, _ = filled(tmp_path, sheet, *rows)
    before, after = (
        list(csv.reader(io.StringIO(each, newline=""))) for each in (sheet.export(), text)
    )
    assert before[0] == after[0] == HEAD.split(",")
    changed = [
        (old[0], name, cell)
        for old, new in zip(before[1:], after[1:], strict=True)
        for name, was, cell in zip(before[0], old, new, strict=True)
        if was != cell
    ]
    assert changed == [
        ("Participant 9031", "Grade", "15"),
        ("Participant 9031", "Feedback comments", "Grader: 15 of 20 points."),
        ("Participant 9044", "Grade", "3"),
        ("Participant 9044", "Feedback comments", "Grader: 3 of 20 points."),
    ]


def test_what_could_not_be_graded_keeps_grade_and_comment(tmp_path):
    sheet = Assignment(PEOPLE)
    sheet.grades, sheet.comments = {9031: 3.5}, {9031: "Well begun."}
    sheet.load(filled(tmp_path, sheet, row("Ada Lovelace", "9031", None))[0])
    assert (sheet.grades[9031], sheet.comments[9031]) == (3.5, "Well begun.")


def test_a_persons_comment_stays_and_our_own_is_made_anew(tmp_path):
    sheet = Assignment(PEOPLE)
    sheet.comments = {9031: "Well begun.", 9044: "Grader: 3 of 20 points."}
    rows = row("Ada Lovelace", "9031", 15), row("Alan", "9044", 16)
    sheet.load(filled(tmp_path, sheet, *rows)[0])
    assert sheet.comments == {9031: "Well begun.", 9044: "Grader: 16 of 20 points."}
    assert sheet.grades == {9031: 15, 9044: 16}


def test_the_comment_says_what_was_taken_and_why_as_text_of_a_page(tmp_path):
    change = Change(late_days=2, reason="<b>told</b> & known", policy=Late(0, 10))
    changes = {("Ada Lovelace", "03_adagrad"): change}
    sheet = Assignment(PEOPLE)
    sheet.load(filled(tmp_path, sheet, row("Ada Lovelace", "9031", 10), changes=changes)[0])
    assert sheet.grades[9031] == 8
    assert "<" not in sheet.comments[9031]
    assert html.unescape(sheet.comments[9031]) == (
        "Grader: 8 of 20 points; late days: 2, 10 % a day, at most 100 %;"
        " 2 of the 10 points reached are taken; <b>told</b> & known."
    )


def test_points_are_scaled_to_the_maximum_and_no_more(tmp_path, capsys):
    sheet = Assignment(PEOPLE, most=50)
    changes = {("9044", "03_adagrad"): Change(points=21.0)}
    rows = row("Ada Lovelace", "9031", 15), row("Alan", "9044", 16)
    sheet.load(filled(tmp_path, sheet, *rows, changes=changes)[0])
    assert sheet.grades == {9031: 37.5, 9044: 50}
    assert "no more than the maximum and no less than 0 for Alan_Turing" in capsys.readouterr().out


def test_a_worksheet_whose_name_has_no_notebook_gets_the_totals(tmp_path, capsys):
    sheet = Assignment(PEOPLE, most=40)
    rows = row("Ada Lovelace", "9031", 15), row("Ada Lovelace", "9031", 5, notebook="05_adam")
    sheet.load(filled(tmp_path, sheet, *rows, name="Grades-X-total-17.csv")[0])
    said = capsys.readouterr().out
    assert "all notebooks together" in said
    assert sheet.grades[9031] == 20


def test_a_worksheet_whose_name_says_nothing_is_refused(tmp_path):
    file = tmp_path / "Grades-X-17.csv"
    file.write_text(Assignment(PEOPLE).export(), encoding="utf-8")
    with pytest.raises(Stop, match="names neither a notebook nor the project"):
        moodle.read(file)


def test_for_a_notebook_that_nobody_handed_in_nothing_is_written(tmp_path, capsys):
    file = tmp_path / "05_adam.csv"
    file.write_text(Assignment(PEOPLE).export(), encoding="utf-8")
    students = results.students([row("Ada Lovelace", "9031", 15)], {})
    moodle.write(students, moodle.read(file), roster.Roster(), tmp_path)
    said = capsys.readouterr().out
    assert said == "moodle.csv is not written: nothing was handed in for 05_adam.\n"
    assert not (tmp_path / "moodle.csv").exists()


def test_a_worksheet_called_project_is_of_the_project(tmp_path):
    sheet, marks = Assignment(PEOPLE), row("Ada Lovelace", "9031", 17, notebook="project")
    rows = [marks, row("Alan", "9044", 3, notebook="project"), row("Alan", "9044", 9)]
    sheet.load(filled(tmp_path, sheet, *rows, name="project.csv")[0])
    assert sheet.grades == {9031: 17, 9044: 3}


def test_the_zip_has_each_students_page_where_moodle_looks_for_it(tmp_path):
    sheet = Assignment(PEOPLE)
    rows = row("Ada Lovelace", "9031", 15), row("Alan", "9044", 16)
    sheet.load_files(filled(tmp_path, sheet, *rows)[1])
    assert {number: name for number, (name, _) in sheet.files.items()} == dict.fromkeys(
        PEOPLE, "feedback.html"
    )
    for number, (_, page) in sheet.files.items():
        assert f"({number})" in page
        others = set(PEOPLE) - {number}
        assert not any(str(other) in page for other in others)


def test_the_same_results_make_the_same_zip(tmp_path):
    sheet, one = Assignment(PEOPLE), row("Ada Lovelace", "9031", 15)
    assert filled(tmp_path, sheet, one) == filled(tmp_path, sheet, one)


@pytest.mark.parametrize("name", ["=cmd()", "-1+1", "@ada", "'=cmd()", "~x", ".", "_", "a/../b"])
def test_a_strange_name_stays_what_moodle_exported_and_gets_its_page(tmp_path, name):
    sheet = Assignment({9031: (name, "=s1", "-ada@x.y"), 9044: ("Bo", "s2", "b@x.y")})
    text, packed = filled(tmp_path, sheet, row("whoever", "9031", 15))
    before, after = (
        list(csv.reader(io.StringIO(each, newline="")))[1] for each in (sheet.export(), text)
    )
    assert after[:5] == before[:5]
    sheet.load_files(packed)
    assert set(sheet.files) == {9031, 9044}


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("Full name,Grade,Last modified (grade)", "there is no column Identifier"),
        ("Identifier,Full name,Last modified (grade)", "there is no column Grade"),
        ("Identifier,Grade,Maximum grade", r"there is no column Last modified \(grade\)"),
        ("Identifier,Grade,Scale,Last modified (grade)", "perhaps a scale"),
    ],
)
def test_what_is_no_worksheet_stops_in_one_sentence(tmp_path, head, said):
    file = tmp_path / "sheet.csv"
    file.write_text(head + "\n")
    with pytest.raises(Stop, match=said):
        moodle.read(file)


def test_the_gradebook_has_one_line_for_each_whose_points_are_all_known(tmp_path, capsys):
    listed = roster.Roster(
        (
            roster.Listed("Ada", "1", "ada@x.y"),
            roster.Listed("Bo", "2", "=bo@x.y"),
            roster.Listed("Cy", "3", "cy@x.y"),
            roster.Listed("Di", "4", ""),
        )
    )
    rows = [row("Ada", "1", 15), row("Bo", "2", 7), row("Cy", "3", None), row("Di", "4", 2)]
    moodle.write_gradebook(results.students(rows, {}), listed, tmp_path)
    assert (tmp_path / "moodle_gradebook.csv").read_bytes().decode() == (
        "Email address,03_adagrad\r\nada@x.y,15\r\n=bo@x.y,7\r\n"
    )
    said = capsys.readouterr().out
    assert "moodle_gradebook.csv leaves out, until all of it is known: Cy (3), Di (4)." in said


def test_without_addresses_there_is_no_gradebook(tmp_path):
    listed = roster.Roster((roster.Listed("Ada", "1"),))
    moodle.write_gradebook(results.students([row("Ada", "1", 15)], {}), listed, tmp_path)
    assert not (tmp_path / "moodle_gradebook.csv").exists()


@pytest.mark.parametrize("head", [HEAD, HEAD.replace("Online text,", "").replace("ID number,", "")])
def test_a_class_of_300_goes_there_and_back(tmp_path, head):
    """Namesakes, grades and comments from before, some not graded, some handed in nothing."""
    chance = random.Random(0)
    first, last = ["Ada", "Bo", "Wei", "Zoë", "=X", "Ó_Dé"], ["Chen", "van Dyk", "O'Hara", "Li"]
    people = {
        chance.randrange(10**6) * 300 + n: (
            f"{chance.choice(first)} {chance.choice(last)}",
            f"s{n}",
            f"u{n}@x.y",
        )
        for n in range(300)
    }
    sheet, rows, expected = Assignment(people, 50, head), [], {}
    for number, (name, _, _) in people.items():
        if chance.random() < 0.3:
            sheet.grades[number] = float(chance.randrange(50))
            sheet.comments[number] = chance.choice(["A person's.", "Grader: 1 of 20 points.", ""])
        kind, points = chance.choice("gggfn"), chance.randrange(21)
        if kind != "n":  # nothing was handed in
            folder = name.replace("_", " ")
            rows.append(row(folder, str(number), points if kind == "g" else None))
        expected[number] = {"g": 50 * points / 20, "n": 0.0, "f": None}[kind]
    chance.shuffle(rows)
    before, said = dict(sheet.grades), dict(sheet.comments)
    text, packed = filled(tmp_path, sheet, *rows)
    sheet.load(text)
    sheet.load_files(packed)
    for number, points in expected.items():
        assert sheet.grades.get(number) == (before.get(number) if points is None else points)
        theirs = said.get(number, "")
        if points is None or theirs == "A person's.":
            assert sheet.comments[number] == theirs
        else:
            assert sheet.comments[number].startswith("Grader: ")
    assert set(sheet.files) == set(people)
    assert all(f"({number})" in page for number, (_, page) in sheet.files.items())
