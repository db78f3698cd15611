"""Write what is made from solutions/ and tasks/: the exercises and the data of `check`.

    python -m tasks.make [02_learning_rate …]

A solution is marked for nbgrader first: a cell with ### BEGIN SOLUTION holds a task's function,
and the cell `check(name)` its points. Then nbgrader's own preprocessors make the exercise.
"""

import ast
import inspect
import json
import re
import runpy
import sys
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode
from nbgrader.preprocessors import CheckCellMetadata, ClearOutput, ClearSolutions, LockCells
from traitlets.config import Config

from course_lib.feedback.comparing import decode, fingerprints
from course_lib.feedback.views import VIEWS
from course_lib.require import Array
from grader import hidden
from grader.exporting import STUB
from tasks import catalogue
from tasks.mutants import TURN, mutants, turns
from tasks.rounding import Prints, agree, decided_by_rounding, gather, has_fractions
from tasks.student import run, sources
from tools.execute_notebooks import ROOT, SOLUTIONS, normal_form

EXERCISES = ROOT / "exercises"
CHECKS = ROOT / "course_lib" / "feedback" / "checks"
# What rounding decides of results, by their task and their digits.
_decided: dict[tuple[str, str, int], list[Array]] = {}
NOT_WRITTEN = Config({"ClearSolutions": {"code_stub": STUB}})
PREPROCESSORS = [CheckCellMetadata, ClearSolutions, ClearOutput, LockCells]


def points(notebook: str) -> dict[str, int]:
    """The points of each task: the sum over its hidden tests."""
    defined = runpy.run_path(str(catalogue.TASKS / notebook / "test_hidden.py")).values()
    return {task: sum(tests.values()) for task, tests in hidden.tasks(defined).items()}


def marked(notebook: NotebookNode, points: dict[str, int]) -> str:
    """The solution with nbgrader's metadata on the cells of its tasks, in normal form."""
    notebook = deepcopy(notebook)
    for cell in notebook.cells:
        cell.metadata.pop("nbgrader", None)
        if cell.source == "progress()":
            # It shows every notebook's tasks, as far as they are solved in this folder.
            cell.metadata["tags"] = ["nbval-ignore-output"]
        checks = re.fullmatch(r"check\((\w+)\)", cell.source)
        written = re.search(r"^def (\w+)(?s:.*)### BEGIN SOLUTION", cell.source, re.M)
        if cell.cell_type == "code" and (checks or written):
            cell.metadata["nbgrader"] = {
                "schema_version": 3,
                "grade_id": f"check_{checks[1]}" if checks else written[1],
                "grade": bool(checks),
                "locked": bool(checks),
                "solution": bool(written),
                "task": False,
                **({"points": points[checks[1]]} if checks else {}),
            }
    return normal_form(notebook)


def exercise(solution: NotebookNode) -> str:
    """The notebook that learners get, in normal form."""
    notebook, resources = deepcopy(solution), {}
    for preprocessor in PREPROCESSORS:
        notebook, resources = preprocessor(config=NOT_WRITTEN).preprocess(notebook, resources)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.metadata.pop("execution", None)
    return normal_form(notebook)


def checks(notebook: str) -> dict[str, Any]:
    """The data of `check`: what the functions return, and no function."""
    solution, total = run(SOLUTIONS / f"{notebook}.ipynb"), points(notebook)
    return {
        task.name: {
            "notebook": notebook,
            "points": total[task.name],
            "hints": list(task.hints),
            **({"view": task.view} if task.view else {}),
            "cases": [
                {
                    "name": name,
                    **({"about": task.about[name]} if name in task.about else {}),
                    "arguments": encode(arguments),
                    "expected": output(solution[task.name], arguments, task.view),
                }
                for name, arguments in task.cases.items()
            ],
            "misconceptions": misconceptions(notebook, task, solution),
            "slips": slips(notebook, task, solution),
        }
        for task in catalogue.tasks(notebook)
    }


def misconceptions(
    notebook: str, task: catalogue.Task, solution: dict[str, Any]
) -> list[dict[str, Any]]:
    """The faults of the catalogue, each with the fingerprints of all that its functions return."""
    expected, found = results(task, solution), {}
    for m in task.misconceptions:
        about = {"name": m.name, "explanation": m.explanation, "read": link(notebook, m.read)}
        entry = found.setdefault(tuple(about.values()), {**about, "prints": []})
        gather(prints(m.function, task, expected, times=10), entry["prints"])
    return list(found.values())


def slips(notebook: str, task: catalogue.Task, solution: dict[str, Any]) -> dict[str, list[Prints]]:
    """Small slips in a right answer, each with the fingerprints of its results.

    Where more than two different slips give the same results none is named.
    """
    if task.view:
        return {}  # its results are not compared, and take long
    expected = results(task, solution)
    taken = [prints(function, task, expected) for function in known(task, solution)]
    gathered: list[Prints] = []
    names_of: dict[int, set[str]] = defaultdict(set)
    for source, names in right_answers(notebook, task.name, solution):
        for mutant in mutants(source, more=True):
            namespace = names | EMPTY | {TURN: turns(), "np": Emptied("numpy")}
            exec(mutant.code, namespace)
            try:
                own = prints(namespace[task.name], task, expected)
            except Exception:
                continue
            if any(agree(own, other) for other in taken):
                continue
            names_of[gather(own, gathered)].add(told(mutant.slip, task))
    found: dict[str, list[Prints]] = {}
    for own, slipped in zip(gathered, names_of.values(), strict=True):
        # Where one is said with an argument's name, the same without it says nothing more.
        plainer = {slip.partition(": ")[0] for slip in slipped if ": " in slip}
        if len(slipped - plainer) <= 2:
            found.setdefault(", or ".join(sorted(slipped - plainer)), []).append(own)
    return {slip: found[slip] for slip in sorted(found)}


# What a slip leaves unwritten is 0 and not whatever lay in memory.
EMPTY = {"empty": np.zeros, "empty_like": np.zeros_like}


class Emptied(ModuleType):
    """NumPy with these functions. An answer that imports them by name gets them by name."""

    def __getattr__(self, name: str) -> Any:
        return EMPTY.get(name) or getattr(np, name)


def told(slip: str, task: catalogue.Task) -> str:
    """A slip's name without names that only the solution has."""
    arguments = next(iter(task.cases.values()))
    what, _, name = slip.partition(": ")
    return slip if not name or name.strip("`") in arguments else what


def known(task: catalogue.Task, solution: dict[str, Any]) -> Iterator[Any]:
    """What needs no slip to be named: the right answer, and every misconception."""
    yield solution[task.name]
    yield from (misconception.function for misconception in task.misconceptions)


def results(task: catalogue.Task, solution: dict[str, Any]) -> list[Any]:
    """What is expected in every case."""
    right = solution[task.name]
    return [decode(output(right, case, task.view)) for case in task.cases.values()]


def prints(function: Any, task: catalogue.Task, expected: list[Any], times: int = 3) -> Prints:
    """What a function returns in every case, as one number for each result.

    So many `times` it is tried whether rounding decides: of slips, the most, there are thousands.
    """
    counts = {len(result) if isinstance(result, list) else 1 for result in expected}
    several = counts.pop() if len(counts) == 1 else 1

    def columns(cases: Iterable[dict[str, Any]]) -> list[Array]:
        return fingerprints([decode(output(function, case, task.view)) for case in cases], several)

    cases = [*task.cases.values()]
    first = columns(cases)
    own = [[float(f"{number:.12g}") for number in column[:, 0]] for column in first]
    if has_fractions(expected):
        # Most slips are made several times, in several right answers.
        key = task.name, repr(own), times
        if key not in _decided:
            _decided[key] = decided_by_rounding(first, columns, cases, times)
        for column, decided in zip(own, _decided[key], strict=True):
            for at in np.flatnonzero(decided):
                column[at] = np.nan
    return own


def right_answers(notebook: str, task: str, solution: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The code of a task's function in every right answer, with the names that it needs."""
    yield (
        next(code for code in sources(SOLUTIONS / f"{notebook}.ipynb") if f"def {task}(" in code),
        solution,
    )
    for style in catalogue.STYLES:
        file = catalogue.TASKS / notebook / f"{style}.py"
        text = file.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name == task:
                yield ast.get_source_segment(text, node) or "", run(file)


def link(notebook: str, read: str) -> str:
    """The file and anchor of a paragraph; an anchor alone is the notebook's own."""
    other, _, anchor = read.rpartition("#")
    return f"{other or notebook}.ipynb#{anchor}"


def output(function: Any, arguments: dict[str, Any], view: str) -> Any:
    """A function's result as data. Digits that rounding decides are left out."""
    assert list(arguments) == list(inspect.signature(function).parameters), function
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        result = function(*deepcopy(arguments).values())
        return encode(VIEWS[view](result) if view else result, digits=12)


def encode(value: Any, digits: int = 17) -> Any:
    """A value as JSON data, where {"array": …, "dtype": …} stands for an array."""
    match value:
        case dict():
            return {name: encode(part, digits) for name, part in value.items()}
        case list() | tuple():
            return [encode(part, digits) for part in value]
        case np.ndarray() if value.ndim:
            shape = {} if value.size else {"shape": list(value.shape)}
            return {"array": encode(value.tolist(), digits), "dtype": str(value.dtype), **shape}
        case np.ndarray() | np.generic():
            return encode(value.item(), digits)
        case float():
            return float(f"{value:.{digits}g}")
        case None | bool() | int() | str():
            return value
    raise TypeError(f"{value!r} is neither number, text, list nor array")


def as_text(data: dict[str, Any]) -> str:
    """The data as JSON, each array on one line."""
    text = json.dumps(data, indent=1, ensure_ascii=False)
    arrays = re.compile(r"\[[-+\s\d.,eInfityNa\[\]]*\]")
    return arrays.sub(lambda a: re.sub(r"\s", "", a[0]).replace(",", ", "), text) + "\n"


def alike(one: Any, other: Any, known: bool = True) -> bool:
    """Whether data differ by no more than another processor's rounding.

    What wrong answers return need not be `known` on both: rounding may decide it on one of them.
    """
    match one, other:
        case dict(), dict():
            return list(one) == list(other) and all(
                alike(one[key], other[key], known and key not in ("prints", "slips")) for key in one
            )
        case list(), list():
            return len(one) == len(other) and all(
                alike(*pair, known) for pair in zip(one, other, strict=True)
            )
        case float(), float():
            if not known and (np.isnan(one) or np.isnan(other)):
                return True
            return bool(np.isclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True))
    return type(one) is type(other) and one == other


def make(notebook: str) -> None:
    """Write the exercise and the checks of one notebook."""
    solution = SOLUTIONS / f"{notebook}.ipynb"
    write(solution, marked(nbformat.read(solution, as_version=4), points(notebook)))
    write(EXERCISES / solution.name, exercise(nbformat.read(solution, as_version=4)))
    file, new = CHECKS / f"{notebook}.json", checks(notebook)
    if not (file.exists() and alike(json.loads(file.read_text(encoding="utf-8")), new)):
        write(file, as_text(new))


def write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    for notebook in sys.argv[1:] or sorted(path.stem for path in SOLUTIONS.glob("*.ipynb")):
        print(f"Making the exercises of {notebook}", flush=True)
        make(notebook)
