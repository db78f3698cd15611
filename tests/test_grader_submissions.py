"""Whose notebook is it? The layouts in which submissions arrive, and files that are none."""

import os
import zipfile

import pytest
from grading import exercise, notebook

from grader import Stop
from grader.submissions import LARGEST, Unusable, find

ADAM = notebook("def adam_step(): ...")


def hand_in(root, path, content=b"{}"):
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def whose(root, pattern=""):
    return [(s.student, s.id, s.notebook) for s in find(root, pattern)]


def the_one(root, pattern=""):
    (submission,) = find(root, pattern)
    return submission


@pytest.mark.parametrize(
    ("path", "student", "number"),
    [
        ("ada/05_adam/05_adam.ipynb", "ada", ""),
        ("ada/05_adam/renamed.ipynb", "ada", ""),
        ("Ada Lovelace_123_assignsubmission_file_/05_adam.ipynb", "Ada Lovelace", "123"),
        ("Ada Lovelace_123_assignsubmission_file_05_adam.ipynb", "Ada Lovelace", "123"),
        ("Ada_Ann Love_9_assignsubmission_file/05_adam (2).ipynb", "Ada_Ann Love", "9"),
        ("lovelaceada_4711_815_05_adam.ipynb", "lovelaceada", "4711"),
        ("lovelaceada_LATE_4711_815_05_adam-2.ipynb", "lovelaceada", "4711"),
        ("ada_05_adam.ipynb", "ada", ""),
        ("05_adam - Ada Lovelace.ipynb", "Ada Lovelace", ""),
        ("Ada/05-Adam.ipynb", "Ada", ""),
        ("陈伟/05_adam/05_adam.ipynb", "陈伟", ""),
        ("Lovelace, Ada/05_adam/05_adam.ipynb", "Lovelace, Ada", ""),
        ("<b>Ada</b>/05_adam/05_adam.ipynb".replace("/b", "∕b"), "<b>Ada<∕b>", ""),
    ],
)
def test_the_usual_layouts_are_recognized(tmp_path, path, student, number):
    hand_in(tmp_path, path)
    assert whose(tmp_path) == [(student, number, "05_adam")]


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("{student}/{notebook}.ipynb", "ada/05_adam.ipynb"),
        ("{notebook}/{student}.ipynb", "05_adam/ada.ipynb"),
        ("hw_{student}_*_{notebook}.ipynb", "hw_ada_final_05_adam.ipynb"),
        ("week 5/{student}.ipynb", "week 5/ada.ipynb"),
        ("{student}/{student}_{notebook}.ipynb", "ada/ada_05_adam.ipynb"),
    ],
)
def test_a_pattern_says_where_the_names_stand(tmp_path, pattern, path):
    hand_in(tmp_path, path, ADAM)
    hand_in(tmp_path, "elsewhere/notes.txt")
    assert whose(tmp_path, pattern) == [("ada", "", "05_adam")]


def test_a_notebook_of_another_name_is_known_by_its_tasks(tmp_path):
    hand_in(tmp_path, "ada/homework.ipynb", exercise("02_learning_rate"))
    assert whose(tmp_path) == [("ada", "", "02_learning_rate")]


def test_a_notebook_that_fits_none_says_so(tmp_path):
    hand_in(tmp_path, "ada/poem.ipynb", notebook("print('roses')"))
    with pytest.raises(Unusable, match="neither its name nor its tasks"):
        the_one(tmp_path).read()


def test_two_students_of_one_name_stay_two(tmp_path):
    for number in ("7", "8"):
        hand_in(tmp_path, f"Wei Chen_{number}_assignsubmission_file_/05_adam.ipynb")
    assert whose(tmp_path) == [("Wei Chen", "7", "05_adam"), ("Wei Chen", "8", "05_adam")]


def test_of_several_files_the_exact_name_counts_and_the_others_are_named(tmp_path):
    for name in ("05_adam-Copy1", "05_adam", "old_05_adam"):
        hand_in(tmp_path, f"ada/05_adam/{name}.ipynb")
    submission = the_one(tmp_path)
    assert submission.file == "ada/05_adam/05_adam.ipynb"
    others = {"ada/05_adam/05_adam-Copy1.ipynb", "ada/05_adam/old_05_adam.ipynb"}
    assert set(submission.beside) == others


def test_of_two_other_names_the_later_file_counts(tmp_path):
    for name, time in (("05_adam (2)", 2000), ("05_adam (9)", 1000)):
        file = hand_in(tmp_path, f"ada/{name}.ipynb")
        os.utime(file, (time, time))
    assert the_one(tmp_path).file == "ada/05_adam (2).ipynb"


def test_what_lies_beside_a_notebook_is_no_submission(tmp_path):
    hand_in(tmp_path, "ada/05_adam/05_adam.ipynb")
    for other in ("05_adam/timestamp.txt", "05_adam/.ipynb_checkpoints/05_adam.ipynb", "me.png"):
        hand_in(tmp_path, f"ada/{other}")
    assert whose(tmp_path) == [("ada", "", "05_adam")]


@pytest.mark.parametrize("name", ["05_adam.pdf", "05_adam.ipynb.txt", "05_adam.zip"])
def test_who_handed_in_no_notebook_has_a_row_that_says_so(tmp_path, name):
    hand_in(tmp_path, f"ada/05_adam/{name}")
    with pytest.raises(Unusable, match=f"no notebook was handed in, but ada/05_adam/{name}"):
        the_one(tmp_path).read()


def test_an_empty_folder_has_a_row_too(tmp_path):
    (tmp_path / "ada" / "05_adam").mkdir(parents=True)
    assert whose(tmp_path) == [("ada", "", "05_adam")]
    with pytest.raises(Unusable, match="no notebook was handed in"):
        the_one(tmp_path).read()


def test_a_link_is_not_followed(tmp_path):
    secret = hand_in(tmp_path, "secret.ipynb")
    (tmp_path / "class" / "ada" / "05_adam").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "05_adam" / "05_adam.ipynb").symlink_to(secret)
    with pytest.raises(Unusable, match="a link"):
        the_one(tmp_path / "class").read()


def test_a_folder_that_is_a_link_is_not_followed(tmp_path):
    hand_in(tmp_path, "class/alan/05_adam/05_adam.ipynb")
    (tmp_path / "class" / "ada").symlink_to(tmp_path / "class" / "alan")
    submissions = {s.student: s for s in find(tmp_path / "class")}
    assert submissions["alan"].read() == b"{}"
    with pytest.raises(Unusable):
        submissions["ada"].read()


def test_a_pipe_is_not_waited_for(tmp_path):
    (tmp_path / "ada").mkdir()
    os.mkfifo(tmp_path / "ada" / "05_adam.ipynb")
    with pytest.raises(Unusable, match="not a plain file"):
        the_one(tmp_path).read()


def test_a_file_that_is_too_large_is_refused(tmp_path):
    file = hand_in(tmp_path, "ada/05_adam.ipynb")
    os.truncate(file, LARGEST + 1)
    with pytest.raises(Unusable, match="larger than 100 MB"):
        the_one(tmp_path).read()


def test_a_file_that_cannot_be_read_is_refused(tmp_path, monkeypatch):
    hand_in(tmp_path, "ada/05_adam.ipynb")
    submission = the_one(tmp_path)

    def no_permission(*_):
        raise PermissionError

    monkeypatch.setattr(os, "open", no_permission)
    with pytest.raises(Unusable, match="cannot be read"):
        submission.read()


def test_a_name_that_is_no_unicode_can_be_told(tmp_path):
    folder = os.fsencode(tmp_path) + b"/\xff\xe9/05_adam"
    os.makedirs(folder)
    with open(folder + b"/05_adam.ipynb", "wb") as file:
        file.write(b"{}")
    submission = the_one(tmp_path)
    assert submission.student == r"\xff\xe9"
    assert submission.read() == b"{}"


def test_control_characters_do_not_reach_a_table(tmp_path):
    hand_in(tmp_path, "a\x1b[31mda\n\u202e/05_adam/05_adam.ipynb")
    assert the_one(tmp_path).student.isprintable()


def test_a_download_is_read_out_of_its_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("Ada_1_assignsubmission_file_/05_adam.ipynb", ADAM)
        archive.writestr("Alan_2_assignsubmission_file_/../../../05_adam.ipynb", b"{}")
        archive.writestr("__MACOSX/._05_adam.ipynb", b"")
    submissions = find(tmp_path / "class.zip")
    assert [s.student for s in submissions] == ["Ada", "Alan"]
    assert submissions[0].read() == ADAM
    assert [path.name for path in tmp_path.iterdir()] == ["class.zip"]


def test_a_zip_that_unfolds_without_end_is_refused(tmp_path):
    with (
        zipfile.ZipFile(tmp_path / "class.zip", "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("ada/05_adam.ipynb", "w", force_zip64=True) as member,
    ):
        for _ in range(101):
            member.write(bytes(1 << 20))
    with pytest.raises(Unusable, match="larger than 100 MB"):
        the_one(tmp_path / "class.zip").read()


def test_a_broken_zip_is_refused_in_one_sentence(tmp_path):
    hand_in(tmp_path, "class.zip", b"PK not really")
    with pytest.raises(Stop, match="is not a folder and not a zip"):
        find(tmp_path / "class.zip")
