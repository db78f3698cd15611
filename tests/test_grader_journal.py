"""What a killed, full or crowded run leaves: whole lines, and one sentence."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from grading import ROOT

from grader import Stop
from grader.journal import Journal

SETTINGS = {"seed": 0}


def row(student="Ada", sha="1", again=False, **more):
    about = {"student": student, "id": "", "notebook": "03_adagrad", "sha256": sha, "again": again}
    return about | more


def written(folder):
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]


def test_a_row_is_on_the_disk_when_it_is_added(tmp_path):
    with Journal(tmp_path, SETTINGS) as journal:
        journal.add(row())
        assert written(tmp_path) == [{"settings": SETTINGS}, row()]


def test_a_row_is_synced_before_the_next_one_is_graded(tmp_path, monkeypatch):
    synced = []

    def fsync(file):
        assert file == journal.file
        synced.append(written(tmp_path))

    with Journal(tmp_path, SETTINGS) as journal:
        monkeypatch.setattr(os, "fsync", fsync)
        for student in ("Ada", "Alan"):
            journal.add(row(student))
            assert synced[-1][-1] == row(student)
    assert len(synced) == 2


def test_a_second_run_knows_what_is_graded(tmp_path):
    with Journal(tmp_path, SETTINGS) as journal:
        journal.add(row())
    with Journal(tmp_path, SETTINGS) as journal:
        assert journal.has(row())
        assert not journal.has(row("Alan"))


def test_a_changed_file_is_graded_again_and_its_row_replaced(tmp_path):
    with Journal(tmp_path, SETTINGS) as journal:
        journal.add(row(sha="1"))
        assert not journal.has(row(sha="2"))
        journal.add(row(sha="2"))
    with Journal(tmp_path, SETTINGS) as journal:
        assert [kept["sha256"] for kept in journal.rows.values()] == ["2"]


def test_what_failed_through_no_fault_of_the_file_is_tried_again(tmp_path):
    with Journal(tmp_path, SETTINGS) as journal:
        journal.add(row(again=True))
        assert not journal.has(row())


@pytest.mark.parametrize("torn", [b"{", b'{"student": "Al', b'{"student": "Alan"}'])
def test_a_torn_last_line_is_dropped_and_nothing_else(tmp_path, torn):
    with Journal(tmp_path, SETTINGS) as journal:
        journal.add(row())
    with open(tmp_path / "journal.jsonl", "ab") as file:
        file.write(torn)
    with Journal(tmp_path, SETTINGS) as journal:
        journal.add(row("Grace"))
    assert written(tmp_path) == [{"settings": SETTINGS}, row(), row("Grace")]


def test_a_run_that_was_killed_at_its_first_line_starts_anew(tmp_path):
    (tmp_path / "journal.jsonl").write_bytes(b'{"settings"')
    with Journal(tmp_path, SETTINGS) as journal:
        journal.add(row())
    assert written(tmp_path) == [{"settings": SETTINGS}, row()]


def test_other_settings_do_not_go_on_in_the_same_journal(tmp_path):
    with Journal(tmp_path, SETTINGS):
        pass
    with pytest.raises(Stop, match="other hidden tests or settings"):
        Journal(tmp_path, {"seed": 1})


def test_two_runs_do_not_write_to_one_folder(tmp_path):
    with Journal(tmp_path, SETTINGS), pytest.raises(Stop, match="Another run"):
        Journal(tmp_path, SETTINGS)


def test_a_folder_that_cannot_be_written_is_named_in_one_sentence():
    with pytest.raises(Stop, match=r"^/proc/results cannot be written: [^.]+\.$"):
        Journal(Path("/proc/results"), SETTINGS)


def test_a_file_that_is_no_journal_is_left_as_it_is(tmp_path):
    (tmp_path / "journal.jsonl").write_text("my notes\n")
    with pytest.raises(Stop, match="is not a journal"):
        Journal(tmp_path, SETTINGS)
    assert (tmp_path / "journal.jsonl").read_text() == "my notes\n"


def test_a_full_disk_loses_nothing_that_was_kept(tmp_path):
    code = f"""
import resource, signal, sys
from pathlib import Path
sys.path[:0] = [{str(ROOT)!r}]
from grader import Stop
from grader.journal import Journal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Journal(Path({str(tmp_path)!r}), {{"seed": 0}}) as journal:
    journal.add({row()!r})
    resource.setrlimit(resource.RLIMIT_FSIZE, (700, 700))
    try:
        journal.add({row("Alan", notes=["x" * 1000])!r})
    except Stop as stop:
        print(stop)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "cannot be written" in ran.stdout
    assert "goes on from there" in ran.stdout
    assert written(tmp_path) == [{"settings": SETTINGS}, row()]
