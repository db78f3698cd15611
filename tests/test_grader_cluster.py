"""A cluster grades as this machine does, also when it loses a worker in the middle."""

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

pytest.importorskip("fcntl", reason="the grader runs on Linux and macOS")

from grader import ROOT, Stop, cluster
from grader.examiner import Examiner

SLOW = "import time\ntime.sleep(0.4)"  # so that a worker is lost while it grades
LOOPBACK = ("--host", "127.0.0.1", "--no-dashboard")


@contextlib.contextmanager
def running(folder: Path, *command):
    """A program that ends with the block, and its log."""
    with (folder / f"{time.monotonic_ns()}.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=ROOT, stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


@contextlib.contextmanager
def two_workers(folder: Path):
    """The address of a scheduler on loopback, and its two workers, each with one thread."""
    file = folder / "scheduler.json"
    port = ("--port", "0", "--scheduler-file", str(file))
    one = ("--no-nanny", "--nthreads", "1", "--local-directory", str(folder), *LOOPBACK)
    worker = ("distributed.cli.dask_worker", "--scheduler-file", str(file), *one)
    with running(folder, "distributed.cli.dask_scheduler", *port, *LOOPBACK):
        eventually(file.exists)
        with running(folder, *worker) as first, running(folder, *worker) as second:
            yield json.loads(file.read_text())["address"], first, second


def eventually(condition, seconds=30):
    begin = time.monotonic()
    while not (true := condition()):
        assert time.monotonic() - begin < seconds, "waited in vain"
        time.sleep(0.02)
    return true


@pytest.fixture
def handed_in(tmp_path):
    """Solved and empty notebooks of two students, in nbgrader's tree."""
    for student, folder in {"Ada": "solutions", "Bob": "exercises"}.items():
        for path in (ROOT / folder).glob("0[1-4]*.ipynb"):
            notebook = nbformat.read(path, as_version=4)
            notebook.cells.insert(0, nbformat.v4.new_code_cell(SLOW))
            place = tmp_path / "submitted" / student / path.stem
            place.mkdir(parents=True)
            nbformat.write(notebook, place / path.name)
    return tmp_path / "submitted"


def grade(submissions, out, *options):
    return "grader", "grade", str(submissions), "--out", str(out), *options


def test_every_mark_is_there_when_a_worker_is_killed_in_the_middle(handed_in, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    with two_workers(tmp_path) as (address, first, _):
        # Here first: meanwhile the workers start.
        subprocess.run([sys.executable, "-m", *grade(handed_in, here, "--jobs=2")], check=True)
        with running(tmp_path, *grade(handed_in, there, "--dask", address)) as run:
            eventually(lambda: len(rows(there)) > 1)
            its_own = eventually(lambda: psutil.Process(first.pid).children(recursive=True))
            first.kill()
            assert len(rows(there)) < 6, "the worker was not killed in the middle"
            eventually(lambda: all(map(ended, its_own)))
            assert run.wait(30) == 0
    assert (there / "grades.csv").read_text() == (here / "grades.csv").read_text()
    assert len(rows(there)) == 8, "one line a submission"
    assert sum(task["points"] or 0 for row in rows(there) for task in row["tasks"]) > 0


def ended(process: psutil.Process):
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def rows(folder: Path):
    """What the journal holds by now, but for its first line."""
    file = folder / "journal.jsonl"
    text = file.read_text() if file.exists() else ""
    return [json.loads(line) for line in text.splitlines()[1:] if line.endswith("}")]


def test_a_cluster_that_does_not_answer_is_told_in_a_sentence(monkeypatch):
    monkeypatch.setattr(cluster, "WAITING", 0.5)
    with pytest.raises(Stop, match="No scheduler answers at"), cluster.workers("127.0.0.1:1"):
        pass


def test_a_worker_with_other_hidden_tests_does_not_grade():
    examiner = Examiner({}, tests="of another day")
    with pytest.raises(Stop, match="other hidden tests"):
        examiner.grade("03_adagrad", b"{}")
