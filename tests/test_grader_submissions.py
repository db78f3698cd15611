"""Whose notebook is it? The layouts in which submissions arrive, and files that are none."""

import errno
import os
import re
import shutil
import tracemalloc
import zipfile

import pytest
from grading import exercise, notebook
from hypothesis import assume, example, given
from hypothesis import strategies as st

from grader import Stop, entries
from grader.entries import LARGEST, Entry, Unusable
from grader.layouts import by_layout, by_pattern, no_person
from grader.submissions import LOOKED_INTO, PEEKED, alike, clean, find, one_each, recognized

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
    hand_in(tmp_path, "elsewhere.txt")
    found = {one.student: one for one in find(tmp_path, pattern)}
    assert (found["ada"].notebook, found["ada"].read()) == ("05_adam", ADAM)
    assert "the pattern does not fit" in found.pop("elsewhere.txt").wrong
    assert [*found] == ["ada"]


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


@pytest.mark.parametrize("name", ["05_adam.pdf", "05_adam.txt", "05_adam.html"])
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


def zipped(place, *files, **how):
    """A zip of these files and contents; what is in `how` is written into its list of files."""
    with zipfile.ZipFile(place, "w") as archive:
        for path, content in files:
            archive.writestr(zipfile.ZipInfo(path), content)
        for name, value in how.items():
            setattr(archive.infolist()[0], name, value)
    return place


def outcome(submission):
    """What reading a submission gives: its content, or why there is none."""
    try:
        return submission.read()
    except Unusable as unusable:
        return str(unusable)


def each_is_one_student(rows):
    """Whether each row has its place in a gradebook, and each mark its student."""
    graded = [(one.student.casefold(), one.id, one.notebook) for one in rows if not one.wrong]
    return len({one.key for one in rows}) == len(rows) and len(set(graded)) == len(graded)


def outcomes(place, pattern=""):
    return {one.student: outcome(one) for one in find(place, pattern)}


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


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENAMETOOLONG, errno.EIO, errno.ENOENT])
def test_a_folder_that_cannot_be_read_is_a_row_of_its_student_alone(tmp_path, monkeypatch, number):
    for student in ("ada", "eve"):
        hand_in(tmp_path, f"{student}/05_adam/05_adam.ipynb")
    scandir = os.scandir

    def refusing(place):
        if os.path.basename(place) == "eve":
            raise OSError(number, os.strerror(number))
        return scandir(place)

    monkeypatch.setattr(os, "scandir", refusing)
    told = outcomes(tmp_path)
    assert told["ada"] == b"{}"
    assert "it cannot be read" in told["eve"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_rights_is_a_row(tmp_path):
    hand_in(tmp_path, "ada/05_adam/05_adam.ipynb")
    (tmp_path / "eve" / "05_adam").mkdir(parents=True, mode=0)
    assert outcomes(tmp_path) == {"ada": b"{}", "eve": "it cannot be read (PermissionError)"}


def test_a_class_that_cannot_be_read_stops_in_one_sentence(tmp_path, monkeypatch):
    def refusing(place):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "scandir", refusing)
    with pytest.raises(Stop, match=r"cannot be read: Permission denied\.$"):
        find(tmp_path)


def nested(folder, depth, name):
    """Folders within each other, by handles: their path may be longer than any system takes."""
    folder.mkdir(parents=True)
    handle = os.open(folder, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=handle)
        inner = os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(handle)
        handle = inner
    os.close(handle)


@pytest.mark.parametrize(
    ("depth", "length", "why"),
    [(25, 200, "its path is longer"), (40, 1, "more than 20 folders"), (8, 255, "longer")],
)
def test_folders_within_folders_are_a_row_and_everyone_else_is_graded(tmp_path, depth, length, why):
    hand_in(tmp_path, "ada/05_adam/05_adam.ipynb")
    nested(tmp_path / "eve", depth, "x" * length)
    told = outcomes(tmp_path)
    shutil.rmtree(tmp_path / "eve")
    assert told["ada"] == b"{}"
    assert why in told["eve"]


@pytest.mark.parametrize("zipping", [False, True])
@pytest.mark.parametrize("where", ["", "more/"])
def test_a_student_who_brings_too_much_is_told_and_costs_nobody_else(
    tmp_path, monkeypatch, zipping, where
):
    monkeypatch.setattr(entries, "MOST", 20)
    files = [f"eve/{where}{n:03}.txt" for n in range(100)]
    files = ["ada/05_adam.ipynb", "eve/05_adam.ipynb", *files]
    place = tmp_path / "class"
    if zipping:
        place = zipped(place, *((name, b"{}") for name in files))
    else:
        for name in files:
            hand_in(place, name)
    rows = {(one.student, one.notebook): outcome(one) for one in find(place)}
    assert rows["ada", "05_adam"] == b"{}"
    assert "more than 20 files" in rows["eve", ""]
    if where or zipping:  # it lies nearer than what is too much
        assert rows["eve", "05_adam"] == b"{}"


def test_a_pattern_says_of_which_folders_one_student_may_fill_only_so_much(tmp_path, monkeypatch):
    monkeypatch.setattr(entries, "MOST", 5)
    for student in range(9):
        hand_in(tmp_path, f"05_adam/s{student}.ipynb")
        hand_in(tmp_path, f"05_adam/eve/{student}.txt")
    told = outcomes(tmp_path, "{notebook}/{student}.ipynb")
    assert [told[f"s{student}"] for student in range(9)] == [b"{}"] * 9
    assert "more than 5 files" in told["eve"]


def test_a_zip_is_opened_once_for_all_its_files(tmp_path, monkeypatch):
    opened = []
    init = zipfile.ZipFile.__init__
    place = zipped(tmp_path / "class.zip", *((f"s{n}/homework.ipynb", ADAM) for n in range(30)))

    def counting(self, *arguments, **more):
        opened.append(self)
        init(self, *arguments, **more)

    monkeypatch.setattr(zipfile.ZipFile, "__init__", counting)
    assert set(outcomes(place).values()) == {ADAM}
    assert len(opened) == 1


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("name", ["05_adam", "homework"])
def test_a_bomb_that_unpacks_at_once_is_a_row_and_is_not_unpacked(tmp_path, method, name):
    place = tmp_path / "class.zip"
    with zipfile.ZipFile(place, "w") as archive:
        archive.writestr("ada/05_adam.ipynb", b"{}")
        archive.writestr(f"eve/{name}.ipynb", bytes(64 << 20), method)
    tracemalloc.start()
    told = outcomes(place)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told["ada"] == b"{}"
    assert "only what is stored or deflated" in told["eve"]
    assert most < 16 << 20


@pytest.mark.parametrize("zipping", [False, True])
def test_only_the_beginning_of_a_file_is_searched_for_its_tasks(tmp_path, zipping):
    late = b" " * PEEKED + ADAM
    place = tmp_path / "class"
    if zipping:
        zipped(place, ("ada/homework.ipynb", late))
    else:
        hand_in(place, "ada/homework.ipynb", late)
    assert whose(place) == [("ada", "", "")]


def test_of_countless_files_with_other_names_only_some_are_searched(tmp_path):
    hand_in(tmp_path, "ada/homework.ipynb", ADAM)
    for n in range(LOOKED_INTO + 5):
        hand_in(tmp_path, f"eve/{n:04}.ipynb", notebook("roses"))
    told = outcomes(tmp_path)
    assert told["ada"] == ADAM
    assert f"more than {LOOKED_INTO} whose names do not say" in told["eve"]


def test_files_of_a_zip_that_share_their_data_are_rows(tmp_path):
    honest = ("ada/05_adam.ipynb", ADAM)
    files = [("eve/05_adam.ipynb", ADAM), ("bob/05_adam.ipynb", ADAM), honest]
    told = outcomes(zipped(tmp_path / "class.zip", *files, compress_size=3 * len(ADAM)))
    assert "another file's too" in told["eve"]
    assert told["ada"] == told["bob"] == ADAM


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"file_size": LARGEST + 1}, "larger than 100 MB"),
        ({"file_size": 1 << 40}, "larger than 100 MB"),
        ({"file_size": 3}, "cannot be read"),
        ({"compress_type": 99}, "only what is stored or deflated"),
        ({"flag_bits": 1}, "cannot be read"),
        ({"header_offset": 40}, "cannot be read"),
    ],
)
def test_a_file_about_which_a_zip_lies_is_a_row(tmp_path, lie, why):
    files = ("eve/05_adam.ipynb", ADAM), ("ada/05_adam.ipynb", ADAM)
    told = outcomes(zipped(tmp_path / "class.zip", *files, **lie))
    assert why in told["eve"]
    assert told["ada"] == ADAM


def test_a_date_that_is_none_orders_the_files_of_a_zip_like_any_other(tmp_path):
    names = [f"ada/05_adam ({number}).ipynb" for number in range(2)]
    when = (2107, 15, 31, 31, 63, 62)
    place = zipped(tmp_path / "class.zip", *((name, b"{}") for name in names), date_time=when)
    assert the_one(place).file == names[0]


def test_a_list_of_files_that_is_too_long_stops_in_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(entries, "LARGEST_DIRECTORY", 1000)
    place = zipped(tmp_path / "class.zip", *((f"eve/{n}.ipynb", b"") for n in range(40)))
    with pytest.raises(Stop, match="its list of files is too long"):
        find(place)


@given(st.data())
def test_a_damaged_zip_stops_in_one_sentence_or_gives_rows(tmp_path_factory, data):
    place = tmp_path_factory.mktemp("zip") / "class.zip"
    students = ("Ada_1_assignsubmission_file_/05_adam.ipynb", "é/homework.ipynb")
    whole = zipped(place, *((name, ADAM) for name in students)).read_bytes()
    # In the list of files at the end and before each file stand the numbers that can lie.
    at = data.draw(st.integers(0, len(whole) - 1) | st.integers(len(whole) - 190, len(whole) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=8))
    end = data.draw(st.none() | st.integers(0, len(whole)))
    place.write_bytes((whole[:at] + damage + whole[at + len(damage) :])[:end])
    try:
        rows = find(place)
    except Stop as stop:
        rows, said = [], str(stop)
    else:
        said = ""
    assert len(said.splitlines()[:1]) + len(rows) in (1, 2)
    assert all(outcome(one) for one in rows)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=4))
@example(["ada", "ADA"])
def test_no_name_in_a_zip_is_too_absurd(tmp_path_factory, names):
    place = tmp_path_factory.mktemp("zip") / "class.zip"
    zipped(place, *((f"{name}/05_adam.ipynb", b"{}") for name in names))
    assume(not any(no_person(part) for name in names for part in name.split("/")))
    if all(clean(name.strip("/.")) == "(no name)" for name in names):
        with pytest.raises(Stop, match="does not look like a class"):
            find(place)
        return
    rows = find(place)
    assert all(outcome(one) for one in rows)
    assert each_is_one_student(rows)


@pytest.mark.parametrize(
    "name",
    [
        "/" * 30_000 + "x",
        "a/" * 30_000 + "x",
        "../" * 9 + "ada/05_adam",
        "/ada/05_adam",
        "x" * 60_000,
    ],
)
def test_a_path_that_leads_nowhere_is_a_row_and_none_of_a_classmate(tmp_path, name):
    files = (f"{name}.ipynb", b"{}"), ("ada/05_adam.ipynb", ADAM)
    told = outcomes(zipped(tmp_path / "class.zip", *files))
    assert told.pop("ada") == ADAM
    (why,) = told.values()
    assert re.search("leads out of|longer than|more than 20 folders", why)


MOODLE = "Ada_1_assignsubmission_file_"
MOODLES = f"{MOODLE}/05_adam.ipynb"
CANVAS = "ada_1_11_05_adam.ipynb"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada/05_adam.ipynb", "ADA/05_adam.ipynb"),
        ("ada/05_adam/05_adam.ipynb", "ada_05_adam.ipynb"),
        ("ada_05_adam.ipynb", "05_adam - ada.ipynb"),
        ("ada_05_adam.ipynb", "ada_05_adam.IPYNB"),
        ("ada/hand_in_05_adam.ipynb", "ada - 05_adam.ipynb"),
        ("Jos\u00e9/05_adam.ipynb", "Jose\u0301/05_adam.ipynb"),
        ("ada/05_adam.ipynb", "a\u200bda/05_adam.ipynb"),
        ("ada/05_adam.ipynb", "\u202eada/05_adam.ipynb"),
        ("ada/05_adam.ipynb", "ada\u3164/05_adam.ipynb"),
        ("ada/05_adam.ipynb", "ada\ufe0f/05_adam.ipynb"),
        ("ada/05_adam.ipynb", " ada/05_adam.ipynb"),
        ("ada/05_adam.ipynb", "\uff41\uff44\uff41/05_adam.ipynb"),
        ("Ada Lee/05_adam.ipynb", "Ada\xa0Lee/05_adam.ipynb"),
        ("stra\xdfe/05_adam.ipynb", "STRASSE/05_adam.ipynb"),
        (MOODLES, "ADA_1_assignsubmission_file_/05_adam.ipynb"),
        (CANVAS, "ADA_1_12_05_adam.ipynb"),
    ],
)
def test_what_two_hand_ins_claim_is_graded_for_neither(tmp_path, one, other):
    hand_in(tmp_path, one)
    os.utime(hand_in(tmp_path, other), (2**32, 2**32))
    hand_in(tmp_path, "bob/05_adam.ipynb")
    told = outcomes(tmp_path)
    assert told.pop("bob") == b"{}"
    for why in told.values():
        assert "two hand-ins claim this: " in why
        assert clean(one) in why
        assert clean(other) in why


def test_of_many_hand_ins_that_claim_one_student_a_few_are_named(tmp_path):
    for n in range(30):
        hand_in(tmp_path, "ada" + " " * n + "/05_adam.ipynb")
    for why in outcomes(tmp_path).values():
        assert why.startswith("30 hand-ins claim this: ")
        assert why.endswith(" and 26 more")


def test_what_two_hand_ins_claim_is_one_notebook_and_no_other(tmp_path):
    for path in ("ada/05_adam.ipynb", "ADA/05_adam.ipynb", "ada/03_adagrad.ipynb"):
        hand_in(tmp_path, path)
    readable = [(one.student, one.notebook) for one in find(tmp_path) if outcome(one) == b"{}"]
    assert readable == [("ada", "03_adagrad")]


@pytest.mark.parametrize(
    "other",
    [
        "Ada_1_assignsubmission_file__9_assignsubmission_file_/05_adam.ipynb",
        "Ada_1_assignsubmission_file__9_assignsubmission_file_05_adam.ipynb",
        "Eve_9_assignsubmission_file_Ada_1_assignsubmission_file_05_adam.ipynb",
        "ada_1_11_x_9_assignsubmission_file_05_adam.ipynb",
        "eve_9_12_Ada_1_assignsubmission_file_05_adam.ipynb",
    ],
)
def test_a_name_that_reads_like_that_of_another_is_graded_for_nobody(tmp_path, other):
    hand_in(tmp_path, MOODLES)
    os.utime(hand_in(tmp_path, other, ADAM), (2**32, 2**32))
    told = outcomes(tmp_path)
    assert told.pop("Ada") == b"{}"
    assert list(told.values()) == ["its name can be read as that of two students"]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Ada_1_assignsubmission_onlinetext_/05_adam.ipynb", MOODLES),
        (f"{MOODLE}/old 05_adam.ipynb", f"{MOODLE}/new 05_adam.ipynb"),
        (f"{MOODLE}05_adam-1.ipynb", f"{MOODLE}05_adam-2.ipynb"),
        (f"{MOODLE}old_05_adam.ipynb", f"{MOODLE}{MOODLE}05_adam.ipynb"),
        ("ada_1_11_05_adam.ipynb", "ada_LATE_1_12_05_adam-1.ipynb"),
        ("ada/05_adam/mine_05_adam.ipynb", "ada/05_adam/05_adam (2).ipynb"),
        ("ada/05_adam.pdf", "ada/05_adam.ipynb"),
        ("05_adam_ada.pdf", "ada/05_adam.ipynb"),
    ],
)
def test_a_student_who_hands_in_twice_has_the_later_one_graded(tmp_path, earlier, later):
    os.utime(hand_in(tmp_path, earlier), (1000, 1000))
    hand_in(tmp_path, later, ADAM)
    assert the_one(tmp_path).read() == ADAM


def test_a_flat_folder_of_many_notebooks_gives_each_student_each_notebook(tmp_path):
    names = [
        f"{notebook}_{who}" for notebook in ("03_adagrad", "05_adam") for who in ("ada", "bob")
    ]
    for name in names:
        hand_in(tmp_path, f"{name}.ipynb")
    assert [f"{one.notebook}_{one.student}" for one in find(tmp_path)] == names
    assert all(outcome(one) == b"{}" for one in find(tmp_path))


def test_files_that_bear_a_date_are_those_of_their_students(tmp_path):
    for who in ("ada", "bob"):
        hand_in(tmp_path, f"{who}_2024_11_05_adam.ipynb", ADAM)
    assert outcomes(tmp_path) == {"ada": ADAM, "bob": ADAM}


def test_by_a_pattern_two_places_for_one_student_are_two_hand_ins(tmp_path):
    for group in ("a", "b"):
        hand_in(tmp_path, f"{group}/ada_05_adam.ipynb")
    (why,) = outcomes(tmp_path, "*/{student}_{notebook}.ipynb").values()
    assert "two hand-ins claim this: a/ada_05_adam.ipynb and b/ada_05_adam.ipynb" in why


def test_by_a_pattern_the_later_of_two_files_in_a_students_folder_counts(tmp_path):
    os.utime(hand_in(tmp_path, "week/ada/v1_05_adam.ipynb"), (1000, 1000))
    hand_in(tmp_path, "week/ada/v2_05_adam.ipynb", ADAM)
    assert the_one(tmp_path, "week/{student}/*.ipynb").read() == ADAM


def test_what_a_star_stands_for_may_be_the_end_of_another_name(tmp_path):
    hand_in(tmp_path, "hw_ada_05_adam.ipynb")
    hand_in(tmp_path, "hw_ada_mallory_05_adam.ipynb")
    (why,) = outcomes(tmp_path, "hw_{student}_*.ipynb").values()
    assert "two hand-ins claim this: hw_ada_05_adam.ipynb and hw_ada_mallory" in why


def test_no_name_keeps_a_pattern_busy(tmp_path):
    hand_in(tmp_path, "hw_" + "_" * 250)
    hand_in(tmp_path, "hw_ada_v2_of_the_05_adam.ipynb", ADAM)
    assert ("ada", "", "05_adam") in whose(tmp_path, "hw_{student}_*_*_*_{notebook}.ipynb")


PARTS = st.sampled_from(["*", "a", "_", "/"])


@given(
    st.lists(PARTS, max_size=4).flatmap(lambda p: st.permutations([*p, "{student}", "{notebook}"])),
    st.text("ab_/", min_size=1, max_size=10).filter(lambda path: path.strip("/")),
)
def test_a_pattern_finds_what_a_regular_expression_finds(parts, path):
    regex = "".join(
        ".*" if part == "*" else f"(?P<{part[1:-1]}>.+?)" if part[0] == "{" else part
        for part in parts
    )
    match = re.fullmatch(regex, path)
    found = by_pattern(path, "".join(parts))
    assert bool(match) == bool(found)
    if match and found:
        assert match["student"] == found.student


NAMES = st.text(st.characters(exclude_characters="/\0"), min_size=1).filter(
    lambda name: name not in (".", "..")
)


@given(NAMES)
@example(" ada ")
def test_a_name_is_one_line_that_no_table_changes(name):
    assert clean(name).isprintable()
    assert clean(name).strip() == clean(name)


@given(NAMES)
def test_names_are_alike_however_they_are_written(name):
    for other in (f" {name}\u200b", f"\ufeff{name} ", name.casefold(), name + "\u2064"):
        assert alike(other) == alike(name)


@given(
    st.lists(NAMES | st.sampled_from(["ada", "ADA", "a\u0308", "\xe4", "\\xff", "\udcff", "x80"]))
)
@example(["ada", "ADA"])
@example(["\udc80", "\x80", r"\x80", r"\u0080"])
@example([" ", "\u3164", "(no name)"])
def test_no_two_rows_are_those_of_one_student(names):
    paths = [f"{name}/05_adam.ipynb" for name in set(names)]
    rows = one_each([recognized(Entry(path, 0.0, bytes), by_layout(path)) for path in paths])
    assert each_is_one_student(rows)
