"""The proof that a submission brings no more than it answers: every hostile one is tried here.

attacks/code     what a worker runs. A file is a notebook, its cells lie between lines of `# %%`,
                 and what it calls `answer` becomes each of the tasks' functions. One that reaches
                 what it should not raises an AssertionError.
attacks/files    what lies in a folder of submissions: `hand_in(folder, solution)` writes it there.
Without bubblewrap these tests fail: they would have shown nothing.
"""

import csv
import os
import re
import runpy
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from grading import ROOT, cells_of, exercise, notebook, solution

from course_lib import feedback
from grader import pages, results, submissions
from grader.batch import grade_all
from grader.confine import Limits
from grader.examiner import Examiner
from grader.journal import Journal

ATTACKS = Path(__file__).parent / "attacks"
CODE = sorted((*ATTACKS.glob("code/*.py"), *ATTACKS.glob("code/*.ipynb")))
TALKERS = sorted(ATTACKS.glob("code/inputs_*.py"))  # each tries to tell what it was asked
FILES = sorted(ATTACKS.glob("files/*.py"))
NOTEBOOK = "03_adagrad"
POINTS = {
    name: task["points"] for name, task in feedback.tasks().items() if task["notebook"] == NOTEBOOK
}
ALL = list(POINTS.values())
SECRET = "a variable of whoever grades"
LEFT = "left-by-an-attack"
LIMITS = asdict(Limits(cell=1, call=0.5, submission=3, memory=384 << 20, disk=8 << 20))


def hostile(file: Path) -> bytes:
    """The notebook that an attack hands in."""
    if file.suffix == ".ipynb":
        return file.read_bytes()
    cells = file.read_text(encoding="utf-8").split("\n# %%\n")
    last = "if 'answer' in globals():\n    globals().update(dict.fromkeys(TASKS, answer))"
    return notebook(f"TASKS = {list(POINTS)}", *cells, last)


def honest() -> bytes:
    """The solution, handed in by someone who looks first whether the place is as it should be."""
    look = "import os, sys\nassert os.getcwd() == '/scratch' and not os.listdir()"
    look += "\nassert sys.getrecursionlimit() == 1000 and os.umask(0o77) == 0o22"
    return notebook(look, *cells_of(solution()))


def points(graded: dict[str, Any]) -> list[int | None]:
    return [task["points"] for task in graded["tasks"]]


def texts(value: Any) -> Iterator[str]:
    """Every text in a result."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from texts(part)


@cache
def secrets() -> set[str]:
    """What no student may read: the environment, where the course lies, tests, solutions, rules."""
    sources = [*ROOT.glob("tasks/**/*.py"), *ROOT.glob("grader/scoring.py")]
    sources += ROOT.glob("course_lib/optimizers/*.py")
    lines = {line.strip() for file in sources for line in file.read_text("utf-8").splitlines()}
    for file in ROOT.glob("solutions/*.ipynb"):
        answers = re.findall(
            r"BEGIN SOLUTION\n(.*?)### END", "\n".join(cells_of(file.read_bytes())), re.S
        )
        lines |= {line.strip() for answer in answers for line in answer.splitlines()}
    code = {
        line for line in lines if len(line) > 20 and not line.startswith(('"', "import", "from"))
    }
    return {SECRET, str(ROOT), *code}


def leaked(text: str) -> list[str]:
    # The Python environment is shown by design; it may lie below the course's own folder.
    text = text.replace(sys.prefix, "")
    return [secret for secret in secrets() if secret in text]


def processes() -> set[int]:
    """This process, and every one below it."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # ended meanwhile
            continue
        parents[int(folder.name)] = int(fields[1])
    below = {os.getpid()}
    while more := {number for number, parent in parents.items() if parent in below} - below:
        below |= more
    return below


def left_behind() -> list[str]:
    """Files with the name that attacks give theirs, wherever one could have got to."""
    places = [Path.home(), ROOT, ROOT / "course_lib", ROOT / "grader", Path.cwd(), sys.prefix]
    places += ["/", "/tmp", "/var/tmp", "/dev", "/dev/shm", os.environ["TMPDIR"]]
    return [name for place in places for name in os.listdir(place) if LEFT in name]


@dataclass
class Outcome:
    """What became of an attack, of its traces, and of who was graded after it."""

    graded: dict[str, Any]
    next: dict[str, Any]
    processes: set[int]
    files: list[str]
    seconds: float


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Iterator[Path]:
    """An environment with a secret in it, and a place for temporary files that can be looked at."""
    folder = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TMPDIR", str(folder))
        patch.setattr("tempfile.tempdir", None)
        patch.setenv("COURSE_SECRET", SECRET)
        yield folder


@pytest.fixture(scope="module")
def judge(place) -> Iterator[Examiner]:
    judge = Examiner(LIMITS)
    assert points(judge.grade(NOTEBOOK, honest())) == ALL
    yield judge
    judge.close()
    assert not list(place.iterdir())


outcomes: dict[Path, Outcome] = {}


@pytest.fixture(params=CODE, ids=lambda file: file.stem)
def outcome(request, judge) -> Outcome:
    """An attack is tried once; then every test looks at what it did."""
    file = request.param
    if file not in outcomes:
        before, begin = processes(), time.monotonic()
        graded = judge.grade(NOTEBOOK, hostile(file))
        seconds, patience = time.monotonic() - begin, time.monotonic() + 1
        while processes() - before and time.monotonic() < patience:
            time.sleep(0.005)  # a guard that has reported its child's death is about to end
        after = processes() - before, left_behind()
        outcomes[file] = Outcome(graded, judge.grade(NOTEBOOK, honest()), *after, seconds)
    return outcomes[file]


def test_there_are_at_least_120_attacks_and_each_says_what_it_tries():
    assert len(CODE + FILES) >= 120
    for file in CODE + FILES:
        first = (
            cells_of(file.read_bytes())[0] if file.suffix == ".ipynb" else file.read_text("utf-8")
        )
        assert re.match(r'"""[A-Z].*\."""\n', first), file


def test_a_solution_has_all_points_and_an_exercise_none(judge):
    assert points(judge.grade(NOTEBOOK, solution())) == ALL
    assert points(judge.grade(NOTEBOOK, exercise())) == []


def test_an_attack_scores_no_more_than_an_empty_notebook(outcome):
    # One that defines no function of a task is not graded at all.
    assert points(outcome.graded) == ([] if outcome.graded["failed"] else [0] * len(ALL))


def test_an_attack_reaches_nothing_and_leaks_nothing(outcome):
    said = "\n".join(texts(outcome.graded))
    assert "AssertionError" not in said, said  # so says an attack that got through
    assert not leaked(said)


def test_an_attack_leaves_no_process_and_no_file(outcome):
    assert not outcome.processes
    assert not outcome.files


def test_the_next_student_has_all_points_and_a_clean_place(outcome):
    assert points(outcome.next) == ALL
    assert not outcome.next["notes"]


def test_an_attack_ends_soon_after_its_time_is_up(outcome):
    assert outcome.seconds < LIMITS["submission"] + 5


@pytest.fixture(scope="module")
def other_inputs(place) -> Iterator[list[Examiner]]:
    judges = [Examiner(LIMITS, seed=seed) for seed in (1, 2, 3)]
    yield judges
    for judge in judges:
        judge.close()


@pytest.mark.parametrize("file", TALKERS, ids=lambda file: file.stem)
def test_what_is_told_is_the_same_whatever_the_hidden_inputs(judge, other_inputs, file):
    told = [each.grade(NOTEBOOK, hostile(file)) | {"seconds": 0} for each in (judge, *other_inputs)]
    assert told[1:] == [told[0]] * 3


class Here(Executor):
    """Has an examiner grade at once."""

    def __init__(self, judge: Examiner) -> None:
        self.judge = judge

    def submit(self, task, settings, *handed_in):
        future = Future()
        future.set_result(self.judge.grade(*handed_in))
        return future


@dataclass
class Run:
    """A class of two honest students and what an attack adds; its rows, and where they are."""

    rows: list[dict[str, Any]]
    out: Path


runs: dict[Path, Run] = {}


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def run(request, judge, tmp_path_factory) -> Run:
    file = request.param
    if file not in runs:
        runs[file] = graded_class(file, judge, tmp_path_factory.mktemp("class"))
    return runs[file]


def graded_class(file: Path, judge: Examiner, folder: Path) -> Run:
    """Grade a class into which an attack has handed in, as the command line does."""
    for name in ("ada", "zoe", "mallory"):
        (folder / "class" / name / NOTEBOOK).mkdir(parents=True)
        if name != "mallory":
            (folder / "class" / name / NOTEBOOK / f"{NOTEBOOK}.ipynb").write_bytes(honest())
    mine = folder / "class" / "mallory" / NOTEBOOK
    place = runpy.run_path(str(file))["hand_in"](mine, honest()) or folder / "class"
    with Journal(folder / "out", {}) as journal:
        rows = list(grade_all(submissions.find(place), journal, Here(judge), 1, {}))
    results.write(rows, folder / "out", {})
    return Run(rows, folder / "out")


def test_each_honest_student_has_one_row_and_all_points(run):
    with (run.out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as lines:
        book = {(row["student"], row["id"]): row for row in csv.DictReader(lines)}
    for name, number in (("ada", "1"), ("zoe", "2")):
        (own,) = [row for row in run.rows if row["student"] == name or row["id"] == number]
        assert points(own) == ALL
        assert not own["notes"]
        assert book[name, own["id"]]["total"] == str(sum(ALL))


def test_what_was_handed_in_beside_them_has_a_row_and_no_points(run):
    others = [row for row in run.rows if row["student"] not in ("ada", "zoe")]
    assert others
    for row in others:
        assert not any(points(row))


def test_a_file_leaks_nothing_and_leaves_nothing(run):
    assert not leaked("\n".join(texts(run.rows)))
    assert {file.name for file in run.out.iterdir()} == {
        "journal.jsonl",
        "grades.csv",
        "gradebook.csv",
    }
    assert not left_behind()


def test_a_name_becomes_neither_a_page_nor_a_path(judge, tmp_path):
    run = graded_class(ATTACKS / "files" / "name_with_a_page_in_it.py", judge, tmp_path)
    before = set(tmp_path.rglob("*"))
    pages.write(run.rows, run.out, {})
    made = set(tmp_path.rglob("*")) - before
    assert len(made) > len(run.rows)
    for file in made:
        assert file.parent.is_relative_to(run.out)
        assert re.fullmatch(r"[\w.-]+", file.name)
        assert "<script" not in file.read_text(encoding="utf-8") if file.is_file() else True
