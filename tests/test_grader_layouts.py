"""In which folder does a student begin? The layouts of systems and teachers, and what is none."""

import io
import os
import zipfile

import pytest
from grading import exercise, notebook, solution
from hypothesis import given
from hypothesis import strategies as st

from grader import Stop
from grader.layouts import bare, notebooks, readings, without_notebook
from grader.submissions import find

ADAM, ADAGRAD = notebook("def adam_step(): ..."), notebook("def adagrad_step(): ...")
EMPTY = exercise("05_adam")
NAMES = ("Ada Lovelace", "Alan Turing", "José Núñez", "王伟")


def hand_in(root, path, content=ADAM):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def packed(*files):
    """A zip in memory."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path, content in files:
            archive.writestr(path, content)
    return data.getvalue()


def with_zips(paths):
    """What has to lie where, so that these notebooks lie in folders and in zips."""
    inside, files = {}, {}
    for path in paths:
        outer, is_zip, inner = path.partition(".zip/")
        if is_zip:
            inside.setdefault(f"{outer}.zip", []).append((inner, ADAM))
        else:
            files[path] = ADAM
    return files | {outer: packed(*members) for outer, members in inside.items()}


def students(root, **how):
    """Who is found, and whether each has one notebook that will be graded."""
    found = find(root, **how)
    assert [one.notebook for one in found] == ["05_adam"] * len(found)
    assert not any(one.wrong for one in found)
    return [one.student for one in found]


@pytest.mark.parametrize(
    "layout",
    [
        "{name}/05_adam.ipynb",
        "{name}/05_adam/05_adam.ipynb",
        "05_adam/{name}/05_adam.ipynb",
        "05_adam/{name}/homework.ipynb",
        "05_adam/{name}.ipynb",
        "05_adam/{name}/exercises/05_adam.ipynb",
        "05-adam-submissions/05-adam-{name}/exercises/05_adam.ipynb",
        "05_adam-{name}/exercises/05_adam.ipynb",
        "course/Ada/{name}_{n}_assignsubmission_file/05_adam.ipynb",
        "CS101-Adam-4711/{name}_{n}_assignsubmission_file_/05_adam.ipynb",
        "CS101-Adam-4711/{name}_{n}_assignsubmission_file_05_adam.ipynb",
        "{name}_{n}_assignsubmission_file/my own folder/deep/05_adam.ipynb",
        "submissions/{name}_{n}_815_05_adam.ipynb",
        "a/b/{name}_LATE_{n}_815_05_adam-1.ipynb",
        "Student Work/Submitted files/{name}/Homework 5/Version 1/05_adam.ipynb",
        "Submitted files/{name}/Homework 5/Version 1/05_adam.ipynb",
        "submitted/{name}/05_adam/05_adam.ipynb",
        "{name}+05_adam+2026-11-20 09:30:00.123456 UTC+a_b-c/05_adam.ipynb",
        "{name}+05_adam+2026-11-20 09:30:00 UTC/05_adam.ipynb",
        "39706{n}-2557369 - {name} - Sep 24, 2026 926 PM/05_adam.ipynb",
        "Homework 5 Download Oct 11/39706{n}-255 - {name} - Sep 24, 2026 1126 AM/homework.ipynb",
        "gradebook_CS101/05_adam_{name}_attempt_2026-11-20-09-30-00_homework.ipynb",
        "05_adam_{name}.ipynb",
        "{name} - 05 Adam.ipynb",
        "{name}.zip/05_adam.ipynb",
        "downloads/week5.zip/{name}_{n}_assignsubmission_file/05_adam.ipynb",
    ],
)
@pytest.mark.parametrize("where", ["folder", "zip"])
def test_each_student_of_a_layout_is_found(tmp_path, layout, where):
    files = with_zips([layout.format(name=name, n=n) for n, name in enumerate(NAMES, 1)])
    place = tmp_path / "class"
    if where == "zip":
        place.write_bytes(packed(*files.items()))
    else:
        for path, content in files.items():
            hand_in(place, path, content)
    assert sorted(students(place)) == sorted(NAMES)


def test_of_a_course_of_nbgrader_only_what_was_handed_in_is_read(tmp_path):
    for step in ("source/05_adam", "release/05_adam", "autograded/ada/05_adam"):
        hand_in(tmp_path, f"{step}/05_adam.ipynb")
    hand_in(tmp_path, "gradebook.db", b"SQLite")
    for name in NAMES:
        hand_in(tmp_path, f"submitted/{name}/05_adam/05_adam.ipynb")
    assert students(tmp_path) == sorted(NAMES)


def test_macos_adds_nothing(tmp_path):
    files = [
        (f"{name}_{n}_assignsubmission_file/05_adam.ipynb", ADAM) for n, name in enumerate(NAMES)
    ]
    junk = [(f"__MACOSX/._{path}", b"junk") for path, _ in files] + [(".DS_Store", b"junk")]
    (tmp_path / "class.zip").write_bytes(packed(*files, *junk))
    assert students(tmp_path / "class.zip") == sorted(NAMES)


def test_anonymous_work_of_canvas_is_told_apart_by_its_code(tmp_path):
    for code in ("anon_AbC12", "LATE_anon_xYz99"):
        hand_in(tmp_path, f"{code}_456_05_adam.ipynb")
    assert students(tmp_path) == ["anon_AbC12", "anon_xYz99"]


def test_a_folder_whose_name_begins_with_a_dot_is_a_student_like_any_other(tmp_path):
    hand_in(tmp_path, ".Eve/05_adam.ipynb")
    hand_in(tmp_path, "ada/05_adam.ipynb")
    assert students(tmp_path) == [".Eve", "ada"]


@pytest.mark.parametrize(
    "layout",
    [
        "ada+05_adam+2026-11-2{n} 09:30:00 UTC+ab/05_adam.ipynb",
        "05_adam_ada_attempt_2026-11-2{n}-09-30-00_05_adam.ipynb",
    ],
)
def test_of_several_attempts_the_last_is_graded_whatever_the_dates_of_the_files(tmp_path, layout):
    for n in (2, 3, 1):
        hand_in(tmp_path, layout.format(n=n), ADAM + b" " * n)
        os.utime(tmp_path / layout.format(n=n), (10**9 - n, 10**9 - n))
    (one,) = find(tmp_path)
    assert one.read() == ADAM + b" " * 3


# What is not a class


@pytest.mark.parametrize(
    "layout",
    [
        "class/{name}/05_adam.ipynb",
        "class/group 1/{name}/05_adam.ipynb",
        "week 5/{name}/homework.ipynb",
    ],
)
def test_a_layout_in_which_the_class_would_become_one_student_stops_and_shows_it(tmp_path, layout):
    for name in NAMES:
        hand_in(tmp_path, layout.format(name=name))
    with pytest.raises(Stop, match="This does not look like a class") as stop:
        find(tmp_path)
    said = str(stop.value)
    assert f"{layout.partition('/')[0]:<24} 05_adam" in said
    assert "Nothing was graded" in said
    top = layout.partition("/{name}")[0]
    assert f'With --pattern "{top}/{{student}}/*" there are 4 students' in said
    assert students(tmp_path, pattern=f"{top}/{{student}}/*") == sorted(NAMES)


@pytest.mark.parametrize(
    "names",
    [
        ["05_adam/05_adam.ipynb"],
        ["exercises/05_adam.ipynb", "notebooks/05_adam.ipynb"],
        ["release/05_adam/05_adam.ipynb"],
        ["05_adam.ipynb"],
    ],
)
def test_the_course_itself_is_no_class(tmp_path, names):
    for name in names:
        hand_in(tmp_path, name)
    with pytest.raises(Stop, match="is the name of a notebook or a folder of the course"):
        find(tmp_path)


def test_a_path_that_leads_out_does_not_hide_that_there_is_no_class(tmp_path):
    files = ("/05_adam/05_adam.ipynb", "05_adam/05_adam.ipynb", "exercises/05_adam.ipynb")
    (tmp_path / "class.zip").write_bytes(packed(*((path, ADAM) for path in files)))
    with pytest.raises(Stop, match="does not look like a class"):
        find(tmp_path / "class.zip")


def test_one_folder_that_is_no_student_is_a_row_and_the_class_is_graded(tmp_path):
    for name in (*NAMES, "05_adam"):
        hand_in(tmp_path, f"{name}/05_adam.ipynb")
    wrong = {one.student: one.wrong for one in find(tmp_path) if one.wrong}
    assert [*wrong.values()] == [
        "“05_adam” is the name of a notebook or a folder of the course, not a student"
    ]


def test_no_student_stops_the_class_by_the_folders_of_a_hand_in(tmp_path):
    for name in NAMES:
        hand_in(tmp_path, f"{name}/05_adam.ipynb")
    for n in range(9):
        hand_in(tmp_path, f"Eve/Ada Lovelace_{n}_assignsubmission_file/05_adam.ipynb")
    assert students(tmp_path) == sorted([*NAMES, "Eve"])


def test_nobody_below_a_system_s_name_is_another_student(tmp_path):
    hand_in(tmp_path, "Ada_1_assignsubmission_file/05_adam.ipynb", ADAM)
    hand_in(
        tmp_path, "Eve_2_assignsubmission_file/Ada_1_assignsubmission_file/05_adam.ipynb", b"{}"
    )
    assert {one.student: one.read() for one in find(tmp_path)} == {"Ada": ADAM, "Eve": b"{}"}


# The right file


def test_the_file_with_answers_counts_and_not_the_lecture_or_the_empty_exercise(tmp_path):
    hand_in(tmp_path, "ada/course/notebooks/05_adam.ipynb", notebook("print('the lecture')"))
    hand_in(tmp_path, "ada/course/exercises/05_adam.ipynb", EMPTY)
    hand_in(tmp_path, "ada/course/exercises/05_adam-Copy1.ipynb", solution("05_adam"))
    (one,) = find(tmp_path)
    assert one.file == "ada/course/exercises/05_adam-Copy1.ipynb"
    assert len(one.beside) == 2


def test_empty_exercises_that_came_along_are_no_hand_ins(tmp_path):
    for name in ("03_adagrad", "04_rmsprop", "05_adam"):
        content = solution(name) if name == "05_adam" else exercise(name)
        hand_in(tmp_path, f"ada/course/exercises/{name}.ipynb", content)
        hand_in(tmp_path, f"bob/{name}.ipynb", content)
    found = [(one.student, one.notebook) for one in find(tmp_path)]
    bob = [("bob", name) for name in ("03_adagrad", "04_rmsprop", "05_adam")]
    assert sorted(found) == [("ada", "05_adam"), *bob]


def test_another_notebooks_answers_need_a_person(tmp_path):
    hand_in(tmp_path, "ada/03_adagrad.ipynb", solution("04_rmsprop"))
    hand_in(tmp_path, "bob/03_adagrad.ipynb", solution("03_adagrad"))
    wrong = {one.student: one.wrong for one in find(tmp_path)}
    assert wrong == {
        "ada": "its name says 03_adagrad, but its tasks are those of 04_rmsprop",
        "bob": "",
    }


def test_a_merged_notebook_answers_each_of_its_notebooks(tmp_path):
    cells = b"".join((solution("03_adagrad"), solution("05_adam")))
    hand_in(tmp_path, "ada/all.ipynb", cells)
    assert [one.notebook for one in find(tmp_path)] == ["03_adagrad", "05_adam"]


def test_a_function_borrowed_from_another_notebook_is_no_answer_to_it(tmp_path):
    hand_in(tmp_path, "ada/05_adam.ipynb", solution("05_adam") + ADAGRAD)
    assert students(tmp_path) == ["ada"]


@pytest.mark.parametrize("ending", [".IPYNB", ".ipynb.txt", ".ipynb.json", ".json", ".txt", ""])
def test_a_notebook_is_known_by_what_is_in_it(tmp_path, ending):
    hand_in(tmp_path, f"ada/05_adam{ending}", solution("05_adam"))
    assert students(tmp_path) == ["ada"]


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("inner", ["05_adam.ipynb", "my\\05_adam.ipynb", "Übung/05_adam.ipynb"])
def test_a_students_own_zip_is_looked_into(tmp_path, depth, inner):
    content, name = ADAM, inner
    for _ in range(depth):
        content, name = packed((name, content), ("__MACOSX/._x.ipynb", b"")), "hw.zip"
    hand_in(tmp_path, "Ada_1_assignsubmission_file/hw.zip", content)
    (one,) = find(tmp_path)
    assert (one.student, one.id, one.read()) == ("Ada", "1", ADAM)


def test_names_that_macos_packs_without_a_mark_are_read_right(tmp_path):
    data = bytearray(packed(("王伟/05_adam.ipynb", ADAM)))
    for sign, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(sign) + flag + 1] &= ~8  # the mark says that names are UTF-8
    (tmp_path / "class.zip").write_bytes(data)
    assert students(tmp_path / "class.zip") == ["王伟"]


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"Rar!\x1a\x07\x01\x00", "no zip that can be read"), (packed(), "no notebook was handed in")],
)
def test_a_zip_that_holds_nothing_to_read_is_a_row_of_its_student(tmp_path, content, why):
    hand_in(tmp_path, "ada/hw.zip", content)
    (one,) = find(tmp_path)
    with pytest.raises(Exception, match=why):
        one.read()


def test_zips_within_zips_come_to_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr("grader.entries.ZIPS", 3)
    inside = [(f"{n}.zip", packed(("05_adam.ipynb", ADAM))) for n in range(9)]
    hand_in(tmp_path, "eve/hw.zip", packed(*inside))
    hand_in(tmp_path, "ada/05_adam.ipynb")
    rows = {one.student: one for one in find(tmp_path) if one.notebook}
    assert rows["ada"].read() == rows["eve"].read() == ADAM
    assert any("more than 3 zips" in one.wrong for one in find(tmp_path))


# A part of the course


def test_who_handed_in_only_what_was_not_asked_for_has_a_row_that_says_so(tmp_path):
    hand_in(tmp_path, "ada/05_adam.ipynb", solution("05_adam"))
    hand_in(tmp_path, "ada/03_adagrad.ipynb", solution("03_adagrad"))
    hand_in(tmp_path, "bob/04_rmsprop.ipynb", solution("04_rmsprop"))
    hand_in(tmp_path, "cy/photo.png", b"")
    rows = {one.student: (one.notebook, one.wrong) for one in find(tmp_path, asked=["05_adam"])}
    assert rows == {
        "ada": ("05_adam", ""),
        "bob": ("05_adam", "it answers 04_rmsprop, which was not asked for"),
        "cy": ("05_adam", ""),
    }


# Names


@given(st.sampled_from(sorted(notebooks())), st.sampled_from(["", "Homework ", "2. ", "(1) "]))
def test_the_name_of_a_notebook_is_nobodys_however_its_words_are_joined(name, before):
    for joint in "_- .":
        assert bare(before + name.replace("_", joint))
        assert without_notebook(f"Ada-{name.replace('_', joint).upper()}") == "Ada"


@given(st.text("ab_ -+0123456789.", max_size=30), st.booleans())
def test_no_system_names_nobody(name, is_folder):
    assert all(one.student for one in readings(name, is_folder))
