"""Canvas's own gradebook export comes back filled in, and nothing that was there is lost.

`Gradebook` is a small Canvas of our own: it exports and imports by the rules of its sources
(lib/gradebook_exporter.rb, lib/gradebook_importer.rb), and shares no code with the grader.
"""

import csv
import io
import random
import re

import pytest

from grader import Stop, canvas, results, roster
from grader.journal import SCORED
from grader.results import Change

HEAD = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]


class Gradebook:
    """Students by their id, assignments by theirs, and what is known of both."""

    def __init__(self, students, assignments):
        self.students = students  # id -> sortable name, SIS id, login
        self.assignments = assignments  # id -> title, points possible
        self.scores = {}  # student, assignment -> text as Canvas shows it
        self.missing = []

    def export(self, manual=False):
        out = io.StringIO(newline="")
        write = csv.writer(out, lineterminator="\n").writerow
        titles = [f"{title} ({number})" for number, (title, _) in self.assignments.items()]
        write([*HEAD, "Notes", *titles, "Assignments Current Score", "Final Score"])
        if manual:
            write([""] * 6 + ["Manual Posting"] * len(titles) + ["", ""])
        possible = [str(points) for _, points in self.assignments.values()]
        write(["    Points Possible", "", "", "", "", "", *possible, "(read only)", "(read only)"])
        for number, (name, sis, login) in self.students.items():
            name = f'="{name}"' if name.startswith("=") else name
            cells = [self.scores.get((number, each), "") for each in self.assignments]
            write([name, number, sis, login, "A, and B", "a note", *cells, "0", "0"])
        return out.getvalue()

    def load(self, text):
        """Import by the importer's rules; return what changes."""
        head, *lines = csv.reader(io.StringIO(text, newline=""))
        assert "Student" in head[0]
        assert "ID" in head[1]
        assert re.search(r"SIS\s+User\s+ID", head[2])
        assert re.search(r"SIS\s+Login\s+ID", head[3])
        assert "Section" in head[4]
        columns = {}
        for column, title in enumerate(head[5:], 5):
            found = re.fullmatch(r"(.*)\s\((\d+)\)", title)
            assert found, f"Canvas would make a new assignment {title}"
            assert int(found[2]) in self.assignments
            columns[column] = int(found[2])
        changed = {}
        for line in lines:
            assert len(line) == len(head)
            if "Points Possible" in line[0]:
                for column, number in columns.items():
                    assert line[column] == str(self.assignments[number][1])
                continue
            student = self.student(line)
            for column, number in columns.items():
                before, after = self.scores.get((student, number), ""), line[column].strip()
                if self.differ(before, after):
                    changed[student, number] = after  # an empty cell takes the score away
        self.scores |= changed
        return changed

    def student(self, line):
        if line[1] and int(line[1]) in self.students:
            return int(line[1])
        for number, (name, sis, login) in self.students.items():
            if line[2] == sis or line[3] == login or line[0] == name:
                return number
        raise AssertionError(f"Canvas would ask who {line[0]} is")

    @staticmethod
    def differ(before, after):
        if before == after or (before in ("", "-") and after in ("", "-")):
            return False
        numbers = [re.fullmatch(r"[0-9.]+", text) for text in (before, after)]
        return not all(numbers) or f"{float(before):.2f}" != f"{float(after):.2f}"


def row(student, number, points, of=20, notebook="03_adagrad"):
    mark = {"task": "adagrad_step", "of": of, "points": points, "state": SCORED, "reason": ""}
    return {
        **{"student": student, "id": number, "notebook": notebook, "file": "a.ipynb"},
        **{"tasks": [mark | {"missed": [], "finding": None}], "sha256": "1", "seconds": 0.1},
        **{"notes": [], "failed": "", "again": False},
    }


def small(**scores):
    book = Gradebook(
        {501: ("Lovelace, Ada", "s1", "ada"), 502: ("Turing, Alan", "s2", "alan")},
        {17: ("03_adagrad", 20), 18: ("05 Adam: both moments", 10), 19: ("Quiz", 5)},
    )
    book.scores = {(int(key[1:4]), int(key[4:])): text for key, text in scores.items()}
    return book


def filled(folder, book, *rows, changes=None, manual=False):
    """The text of canvas.csv, for an export of this gradebook."""
    file = folder / "export.csv"
    file.write_text(book.export(manual), encoding="utf-8")
    listed = roster.read(file)
    students = results.students(roster.placed(rows, listed), changes or {})
    canvas.write(students, canvas.read(file), roster.Roster(), folder)
    return (folder / "canvas.csv").read_bytes().decode()


def test_the_columns_are_those_as_far_as_section_and_the_assignments_of_notebooks(tmp_path):
    text = filled(tmp_path, small(), row("lovelaceada", "501", 12), manual=True)
    assert text == (
        "Student,ID,SIS User ID,SIS Login ID,Section,03_adagrad (17)\r\n"
        "    Points Possible,,,,,20\r\n"
        '"Lovelace, Ada",501,s1,ada,"A, and B",12\r\n'
        '"Turing, Alan",502,s2,alan,"A, and B",0\r\n'
    )


def test_points_are_scaled_to_those_that_are_possible(tmp_path):
    book = small()
    rows = row("lovelaceada", "501", 15), row("lovelaceada", "501", 7, notebook="05_adam", of=30)
    filled(tmp_path, book, *rows)
    changed = book.load((tmp_path / "canvas.csv").read_text())
    assert (changed[501, 17], changed[501, 18]) == ("15", "2.33")


def test_what_could_not_be_graded_keeps_the_score_that_canvas_has(tmp_path):
    book = small(_50117="3.5", _50217="4")
    rows = row("lovelaceada", "501", None), row("turingalan", "502", 18)
    assert book.load(filled(tmp_path, book, *rows)) == {(502, 17): "18"}
    assert book.scores[501, 17] == "3.5"


def test_who_is_excused_stays_so_and_is_named(tmp_path, capsys):
    book = small(_50117="EX", _50217="N/A")
    assert book.load(filled(tmp_path, book, row("a", "501", 9), row("b", "502", 9))) == {}
    assert "what is excused: Lovelace, Ada (501), 03_adagrad." in capsys.readouterr().out


def test_a_read_only_column_is_left_out(tmp_path):
    book = small()
    book.assignments[17] = ("03_adagrad", "(read only)")
    text = filled(tmp_path, book, row("a", "501", 9), row("a", "501", 5, notebook="05_adam"))
    assert "(17)" not in text
    assert "(18)" in text


def test_who_is_in_one_of_both_alone_is_named(tmp_path, capsys):
    file = tmp_path / "export.csv"
    file.write_text(small().export(), encoding="utf-8")
    rows = [row("Ada Lovelace", "", 12), row("Mallory", "", 3)]
    canvas.write(results.students(rows, {}), canvas.read(file), roster.Roster(), tmp_path)
    said = capsys.readouterr().out
    assert "canvas.csv has no line for Mallory." in said
    assert "canvas.csv has nothing new for Turing, Alan (502)." in said


@pytest.mark.parametrize("name", ["=cmd()", "-1+1", "@ada", "+49", "'=cmd()", '="x"', "a;b, c"])
def test_a_name_that_begins_a_formula_stays_what_canvas_exported(tmp_path, name):
    book = small()
    book.students[501] = (name, "-s1", "=ada")
    exported = list(csv.reader(io.StringIO(book.export(), newline="")))[2]
    text = filled(tmp_path, book, row("whoever", "501", 12))
    back = list(csv.reader(io.StringIO(text, newline="")))[2]
    assert back[:5] == exported[:5]
    assert book.load(text)[501, 17] == "12"


def test_points_by_hand_are_those_that_are_filled_in(tmp_path):
    book = small()
    changes = {("Lovelace, Ada", "03_adagrad"): Change(points=19.5)}
    assert book.load(filled(tmp_path, book, row("a", "501", 9), changes=changes))[501, 17] == "19.5"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("student,notebook\n", "Canvas begins with Student and ID, and has a Section"),
        ("Student,ID,Section,Quiz (1)\n", "no assignment is named after a notebook"),
        (
            "Student,ID,Section,03_adagrad (1),03 adagrad again (2)\n",
            "two columns are of 03_adagrad",
        ),
        ("Student,ID,Section,03_adagrad Final Score (1)\n", "no assignment is named"),
        ("", "it is empty"),
    ],
)
def test_what_is_no_export_stops_in_one_sentence(tmp_path, text, said):
    file = tmp_path / "export.csv"
    file.write_text(text)
    with pytest.raises(Stop, match=said):
        canvas.read(file)


def test_a_class_of_300_goes_there_and_back(tmp_path):
    """Namesakes, scores from before, some not graded, some handed in nothing."""
    chance = random.Random(0)
    first, last = ["Ada", "Bo", "Wei", "Zoë", "=X", "Ó Dé"], ["Chen", "van Dyk", "O'Hara", "Li"]
    students = {
        1000 + n: (f"{chance.choice(last)}, {chance.choice(first)}", f"s{n}", f"u{n}@x.y")
        for n in range(300)
    }
    names = ["01_critical_points", "03_adagrad", "05_adam"]
    book = Gradebook(students, {n: (name, 10 * n) for n, name in enumerate(names, 1)})
    book.scores = {
        (student, n): str(chance.randrange(10))
        for student in students
        for n in book.assignments
        if chance.random() < 0.3
    }
    before, rows, expected = dict(book.scores), [], {}
    for student, (name, _, _) in students.items():
        for n, notebook in enumerate(names, 1):
            kind, points = chance.choice("gggfn"), chance.randrange(31)
            if kind != "n":  # nothing was handed in
                short = re.sub(r"\W", "", name.lower())
                graded = points if kind == "g" else None
                rows.append(row(short, str(student), graded, of=30, notebook=notebook))
            worth = {"g": 10 * n * points / 30, "n": 0.0, "f": None}[kind]
            expected[student, n] = worth
    chance.shuffle(rows)
    book.load(filled(tmp_path, book, *rows))
    for place, points in expected.items():
        shown = book.scores.get(place, "")
        if points is None:
            assert shown == before.get(place, "")
        else:
            assert float(shown) == pytest.approx(points, abs=0.0051)
    again = list(csv.reader(io.StringIO((tmp_path / "canvas.csv").read_text("utf-8"), newline="")))
    assert [line[1] for line in again[2:]] == [str(student) for student in students]
