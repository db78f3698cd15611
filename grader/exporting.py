"""The course for those who grade with nbgrader: solutions whose check cells hold the hidden tests.

nbgrader runs them in the student's own process, where an answer can be forged: it gives honest
submissions the marks that the grader gives, and others what they take.
"""

import argparse
import inspect
import json
import re
from pathlib import Path
from textwrap import indent
from typing import Any

from grader import ROOT, Stop, hidden
from grader.journal import chosen

# What stands in an exercise where the solution stood.
STUB = {"python": 'raise NotImplementedError("not written yet")'}
CONFIG = f'''\
"""The settings of nbgrader; everything is in this folder."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "adaptive-learning-rates"
c.ClearSolutions.code_stub = {STUB}
# A notebook's hidden tests call its functions some thousand times.
c.Execute.timeout = 120
'''
CELL = """\
check({task})
### BEGIN HIDDEN TESTS
def hidden_points_of_{task}(names):
{runner}
    def hidden_tests():
{tests}
        return locals().values()

    return points("{task}", hidden_tests(), names, {seed})


hidden_points_of_{task}(globals())
### END HIDDEN TESTS"""


def run(options: argparse.Namespace) -> int:
    """Write a course directory for nbgrader."""
    out: Path = options.out
    try:
        if out.exists() and any(out.iterdir()):
            raise Stop(f"{out} is not empty: choose a new folder.")
        seed = chosen(options.seed)
        for solution in sorted((ROOT / "solutions").glob("*.ipynb")):
            folder = out / "source" / solution.stem
            folder.mkdir(parents=True)
            notebook = with_hidden_tests(solution, seed)
            text = json.dumps(notebook, ensure_ascii=False, indent=1)
            (folder / solution.name).write_text(text + "\n", encoding="utf-8", newline="\n")
        (out / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Stop(f"{out} cannot be written: {error.strerror}.") from error
    print(f"{out} is a course directory. In it: nbgrader generate_assignment 01_critical_points")
    return 0


def with_hidden_tests(solution: Path, seed: int) -> dict[str, Any]:
    """Return a solution without outputs, the hidden tests of each task in the cell of its check."""
    notebook: dict[str, Any] = json.loads(solution.read_text(encoding="utf-8"))
    tests = (ROOT / "tasks" / solution.stem / "test_hidden.py").read_text(encoding="utf-8")
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        cell["outputs"], cell["execution_count"] = [], None
        if checks := re.fullmatch(r"check\((\w+)\)", "".join(cell["source"])):
            cell["source"] = CELL.format(
                task=checks[1],
                runner=indent(inspect.getsource(hidden), "    "),
                tests=indent(tests, "        "),
                seed=seed,
            ).splitlines(keepends=True)
    return notebook
