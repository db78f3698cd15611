"""What grading a submission costs, beside nbgrader and beside running its notebook alone.

Run by `nox -s benchmarks -- grading`: it makes a class of five students and six notebooks, grades
it in four ways, prints a table and writes it into README.md. What is measured stands there.
"""

import ast
import csv
import inspect
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from side_by_side import Report

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tasks import catalogue  # noqa: E402

ROUNDS = 3  # the ways take turns, so that a busy minute meets all of them
STUDENTS = ["Ada", "Bo", "Chen", "Dana", "Émile"]
# The six notebooks of the lecture: the two others have few tasks.
NAMES = sorted(path.stem for path in (ROOT / "solutions").glob("*.ipynb"))[:6]
ASSIGNMENT = "exercises"
PACKAGES = ["nbgrader", "nbclient", "ipykernel", "pytest", "numpy"]
MIB = 2**20

EXECUTE = """
import pathlib, nbclient, nbformat
for path in sorted(pathlib.Path("submitted").rglob("*.ipynb")):
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, allow_errors=True).execute()
"""
GRADE = ["grader", "grade", "submitted", "--out"]
WAYS = {
    "nbgrader": ["nbgrader", "autograde", ASSIGNMENT, "--force"],
    "nbclient": EXECUTE,
    "course, 1 job": [*GRADE, "one", "--jobs=1"],
    "course, 2 jobs": [*GRADE, "two", "--jobs=2"],
}
# Where each way that grades leaves its points.
TABLES = {
    "nbgrader": ("export/grades.csv", "score"),
    "course, 1 job": ("one/grades.csv", "points"),
    "course, 2 jobs": ("two/grades.csv", "points"),
}


def submission(name: str, random: np.random.Generator) -> dict[str, Any]:
    """Return a notebook in which about a fifth of the tasks is wrong and a tenth not begun."""
    solved, empty = (
        json.loads((ROOT / folder / f"{name}.ipynb").read_text(encoding="utf-8"))
        for folder in ("solutions", "exercises")
    )
    wrong = {task.name: misconceptions(task) for task in catalogue.tasks(name)}
    for cell, unwritten in zip(solved["cells"], empty["cells"], strict=True):
        task = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if task in wrong:
            chance = random.random()
            if chance < 0.1:
                cell["source"] = unwritten["source"]
            elif chance < 0.3 and wrong[task]:
                cell["source"] = str(random.choice(wrong[task]))
    return solved


def misconceptions(task: catalogue.Task) -> list[str]:
    """Return the code of a task's wrong answers, as far as they need nothing beside NumPy."""
    found = []
    for misconception in task.misconceptions:
        function = misconception.function
        if function.__closure__:
            continue
        tree = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
        used = {node.id for line in tree.body for node in ast.walk(line) if type(node) is ast.Name}
        if not used & (function.__globals__.keys() - {"np"}):
            tree.decorator_list, tree.name = [], task.name
            found.append(f"import numpy as np\n\n{ast.unparse(tree)}")
    return found


def make_class(folder: Path) -> None:
    """Write a course directory of nbgrader with one assignment, and what was handed in."""
    run([sys.executable, "-m", "grader", "export-nbgrader", str(folder)], ROOT)
    for name in NAMES:
        # One assignment of all notebooks, so that nbgrader starts once as the others do.
        place = folder / "source" / ASSIGNMENT / f"{name}.ipynb"
        place.parent.mkdir(exist_ok=True)
        shutil.move(folder / "source" / name / place.name, place)
        (folder / "source" / name).rmdir()
    run([sys.executable, "-m", "nbgrader", "generate_assignment", ASSIGNMENT], folder)
    random = np.random.default_rng(0)
    for student in STUDENTS:
        place = folder / "submitted" / student / ASSIGNMENT
        place.mkdir(parents=True)
        for name in NAMES:
            text = json.dumps(submission(name, random))
            (place / f"{name}.ipynb").write_text(text, encoding="utf-8")


def run(command: list[str], folder: Path) -> None:
    """Run a command that does not count."""
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def measured(way: list[str] | str, folder: Path) -> dict[str, float]:
    """Return the seconds for each submission and the peak memory of the whole process tree."""
    command = [sys.executable, *(["-c", way] if isinstance(way, str) else ["-m", *way])]
    settings = {"PYTHONPATH": str(ROOT), "HOME": str(folder), "OPENBLAS_NUM_THREADS": "1"}
    with (folder / "log.txt").open("w") as log:
        begin, peak = time.perf_counter(), 0.0
        process = psutil.Popen(
            command, cwd=folder, env={**os.environ, **settings}, stdout=log, stderr=log
        )
        while process.poll() is None:
            peak = max(peak, memory(process))
            with suppress(psutil.TimeoutExpired):
                process.wait(0.05)
        seconds = time.perf_counter() - begin
    assert not process.returncode, (folder / "log.txt").read_text()[-2000:]
    return {"seconds": seconds / len(STUDENTS) / len(NAMES), "memory": peak}


def memory(process: psutil.Process) -> float:
    """Return the MiB of a process and all below it; what several share counts once."""
    total = 0
    with suppress(psutil.Error):
        for one in [process, *process.children(recursive=True)]:
            with suppress(psutil.Error):
                info = one.memory_full_info()
                total += getattr(info, "pss", info.uss)
    return total / MIB


def points(folder: Path) -> dict[str, float]:
    """Return the points that each way gave in all."""
    (folder / "export").mkdir()
    run([sys.executable, "-m", "nbgrader", "export", "--to=export/grades.csv"], folder)
    total = {}
    for name, (file, column) in TABLES.items():
        with (folder / file).open(encoding="utf-8-sig", newline="") as lines:
            total[name] = sum(float(row[column]) for row in csv.DictReader(lines))
    return total


def measure(folder: Path) -> dict[str, dict[str, float]]:
    """Return what each way needs: the median time of a few rounds, and the highest memory."""
    make_class(folder)
    results: dict[str, list[dict[str, float]]] = {name: [] for name in WAYS}
    names = list(WAYS)
    for turn in range(ROUNDS):
        for name in names[turn:] + names[:turn]:
            if name in TABLES:  # a run would go on where the last one ended
                shutil.rmtree((folder / TABLES[name][0]).parent, ignore_errors=True)
            results[name].append(measured(WAYS[name], folder))
    return {
        name: {
            "seconds": float(np.median([each["seconds"] for each in rounds])),
            "memory": max(each["memory"] for each in rounds),
        }
        for name, rounds in results.items()
    }


def table(results: dict[str, dict[str, float]], total: dict[str, float]) -> list[str]:
    """Return the lines of a table, with ratios to nbgrader."""
    lines = [f"| | {' | '.join(WAYS)} |", "|---|" + "--:|" * len(WAYS)]
    for title, kind in {"seconds a submission": "seconds", "peak memory, MiB": "memory"}.items():
        values = [results[name][kind] for name in WAYS]
        ratios = [value / values[0] for value in values]
        words = [f" ({r:.1f} ×)" if r >= 1 else f" (1/{1 / r:.1f})" for r in ratios]
        shown = [f"{v:.3g}{word}" for v, word in zip(values, ["", *words[1:]], strict=True)]
        lines.append(f"| {title} | {' | '.join(shown)} |")
    shown = [f"{total[name]:g}" if name in total else "" for name in WAYS]
    return [*lines, f"| points in all | {' | '.join(shown)} |"]


def main() -> None:
    """Measure, and renew the table in README.md."""
    report = Report(__file__, *PACKAGES)
    with tempfile.TemporaryDirectory() as name:
        results = measure(Path(name))
        total = points(Path(name))
    count = f"{len(STUDENTS) * len(NAMES)} submissions, {ROUNDS} rounds."
    report.write(table(results, total), count)


if __name__ == "__main__":
    main()
