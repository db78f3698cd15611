"""What goes wrong without a bad intention, and the marks that a fair person would give for it.

Each accident says what became of notebook 02, which tasks lose points, why that is fair, and a
piece of what the student is told. Everything that is not named keeps its points.

    PYTHONPATH=. python tests/test_accidents.py 20

kills twenty runs of sixty submissions, each at a random moment, and resumes them.
"""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from grader import ROOT, wrong_file
from grader.confine import Limits
from grader.examiner import Examiner

NAME = "02_learning_rate"
POINTS = {
    "largest_stable_rate": 5,
    "descend_quadratic": 5,
    "updates_needed": 7,
    "best_rate": 5,
    "read_curve": 6,
    "finder_reading": 6,
}
RATE, PATH, NEEDED, BEST, CURVE, FINDER = POINTS
NONE = dict.fromkeys(POINTS, 0)


# Notebooks


def code(name: str, folder: str = "solutions") -> list[str]:
    notebook = json.loads((ROOT / folder / f"{name}.ipynb").read_text("utf-8"))
    return ["".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code"]


SOLVED, EMPTY = code(NAME), code(NAME, "exercises")
LECTURE = (ROOT / "notebooks" / f"{NAME}.ipynb").read_bytes()
IMPORTS, WRITTEN = SOLVED[0], SOLVED[1:]
RIGHT = {task: next(c for c in SOLVED if c.startswith(f"def {task}(")) for task in POINTS}


def cell(source: Any, **more: Any) -> dict[str, Any]:
    about = {"id": "a", "metadata": {}, "outputs": [], "execution_count": None}
    return {"cell_type": "code", "source": source, **about, **more}


def notebook(cells: list[Any], **more: Any) -> bytes:
    cells = [cell(c) if isinstance(c, str) else c for c in cells]
    about = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return json.dumps(about | more, indent=1).encode()


def first(source: str) -> list[str]:
    """The solution, with something above the imports in their cell."""
    return [f"{source}\n{IMPORTS}", *WRITTEN]


def then(source: str) -> list[str]:
    """The solution, with a cell below the imports."""
    return [IMPORTS, source, *WRITTEN]


def last(source: str) -> list[str]:
    """The solution, with a cell below everything."""
    return [*SOLVED, source]


def instead(task: str, source: str) -> list[str]:
    """The solution, with another cell for a task."""
    return [source if c == RIGHT[task] else c for c in SOLVED]


def changed(task: str, old: str, new: str) -> list[str]:
    """The solution, with a piece of a task's cell changed."""
    assert old in RIGHT[task]
    return instead(task, RIGHT[task].replace(old, new))


def older_format() -> bytes:
    cells = [{"cell_type": "code", "input": c.splitlines(True), "outputs": []} for c in SOLVED]
    return json.dumps({"nbformat": 3, "metadata": {}, "worksheets": [{"cells": cells}]}).encode()


def renamed_cells() -> bytes:
    """Ids and nbgrader's marks mixed up, as after copying and pasting."""
    marks = {"nbgrader": {"grade_id": "the same", "locked": True, "solution": False}}
    return notebook([cell(c, id="same", metadata=marks) for c in SOLVED])


def other_services() -> bytes:
    colab = {"colab": {"base_uri": "x", "height": 17}, "id": "Zk3", "outputId": "f0"}
    code = {"vscode": {"languageId": "python"}}
    cells = [cell(c, metadata=colab if i % 2 else code) for i, c in enumerate(SOLVED)]
    for one in cells:
        del one["id"], one["outputs"], one["execution_count"]
    return notebook(cells, metadata={"accelerator": "GPU", "colab": {"provenance": []}})


def much_output() -> bytes:
    text = {"output_type": "stream", "name": "stdout", "text": ["x" * 1000 + "\n"] * 50_000}
    return notebook([*(cell(c) for c in SOLVED), cell("print()", outputs=[text])])


def as_text_cell() -> bytes:
    return notebook([cell(c, cell_type="markdown" if c == RIGHT[RATE] else "code") for c in SOLVED])


def wrong_kernel() -> bytes:
    kernel = {"kernelspec": {"name": "ir", "language": "R", "display_name": "R 4.3"}}
    return notebook(SOLVED, metadata=kernel)


# Accidents


@dataclass(frozen=True)
class Accident:
    """What happened, the points of tasks that lose some, why this is fair, and what is told."""

    what: str
    handed_in: Callable[[], bytes] | bytes | list[str]
    why: str
    marks: dict[str, int] = field(default_factory=dict)
    told: str = ""

    def content(self) -> bytes:
        if isinstance(self.handed_in, list):
            return notebook(self.handed_in)
        return self.handed_in if isinstance(self.handed_in, bytes) else self.handed_in()


LOOP = "while True:\n    pass\n"
ACCIDENTS = [
    # the file
    Accident("nothing went wrong", SOLVED, "all is right"),
    Accident("an older format", older_format, "Jupyter reads it too"),
    Accident("a mark in front of UTF-8", b"\xef\xbb\xbf" + notebook(SOLVED), "an editor's doing"),
    Accident("UTF-16", notebook(SOLVED).decode().encode("utf-16"), "an editor's doing"),
    Accident(
        "Windows line ends in the file", notebook(SOLVED).replace(b"\n", b"\r\n"), "no change"
    ),
    Accident(
        "Windows line ends in the code", [c.replace("\n", "\r\n") for c in SOLVED], "no change"
    ),
    Accident("50 MB of output", much_output, "only the code is graded"),
    Accident("the wrong kernel", wrong_kernel, "the code is Python's all the same"),
    Accident("the marks of Colab and VS Code", other_services, "the code is the same"),
    Accident("renamed and retagged cells", renamed_cells, "functions are found by their names"),
    Accident(
        "a cell without text",
        notebook([cell(""), cell("") | {"source": None}, *map(cell, SOLVED)]),
        "there is nothing in it to be wrong",
    ),
    Accident("a format written as text", notebook(SOLVED, nbformat="4"), "it is the same format"),
    Accident(
        "a broken cell",
        notebook([cell(SOLVED[0]), None, *map(cell, SOLVED[1:]), cell(3)]),
        "the others are whole",
        told="Cell 2 of the file is broken, and left out.",
    ),
    # cells
    Accident(
        "every cell twice", [c for c in SOLVED for _ in range(2)], "the second is like the first"
    ),
    Accident("the solution twice", SOLVED + SOLVED, "the second is like the first"),
    Accident(
        "the empty exercise pasted below",
        SOLVED + EMPTY,
        "an empty copy does not take an answer back",
    ),
    Accident("every check deleted", [IMPORTS, *RIGHT.values()], "checks are for the learner"),
    Accident(
        "the imports deleted",
        WRITTEN,
        "only best_rate needs no NumPy; the others raise in every notebook",
        NONE | {BEST: 5},
        "NameError",
    ),
    Accident(
        "a task's cell deleted",
        [c for c in SOLVED if c != RIGHT[BEST]],
        "nothing was handed in for it",
        {BEST: 0},
        "there is no function best_rate",
    ),
    Accident(
        "a task's cell turned into text",
        as_text_cell,
        "it defines nothing, which every run of the notebook shows",
        {RATE: 0},
        "there is no function largest_stable_rate",
    ),
    Accident(
        "a function with another name",
        changed(BEST, "best_rate", "bestRate"),
        "it was asked for by its name, and the check below says so",
        {BEST: 0},
        "there is no function best_rate",
    ),
    Accident("cells in reverse order", [IMPORTS, *WRITTEN[::-1]], "the order is free"),
    Accident("everything in one cell", ["\n".join(SOLVED)], "the code is the same"),
    Accident(
        "half of the tasks",
        [IMPORTS, *[EMPTY[i] if i > 4 else SOLVED[i] for i in range(1, len(SOLVED))]],
        "what is written counts",
        {NEEDED: 0, BEST: 0, CURVE: 0, FINDER: 0},
        "not written yet",
    ),
    # cells that fail
    Accident(
        "a cell with a syntax error",
        then("print('one'\nprint('two')"),
        "no task is in it",
        told="Code cell 2 raised SyntaxError",
    ),
    Accident(
        "a task with a syntax error",
        changed(BEST, "return 2 /", "retrun 2 /"),
        "that one cannot run; the others can",
        {BEST: 0},
        "there is no function best_rate",
    ),
    Accident(
        "a broken second attempt",
        last("def best_rate(curvatures:\n    return 1"),
        "the last definition that works counts",
        told="SyntaxError",
    ),
    Accident(
        "a cell that raises",
        then("1 / 0"),
        "the tasks do not need it",
        told="Code cell 2 raised ZeroDivisionError",
    ),
    Accident(
        "a line that raises above a task",
        instead(RATE, "assert sum([0.1] * 10) == 1\n" + RIGHT[RATE]),
        "the function stands there and is right",
        told="AssertionError",
    ),
    Accident("sys.exit", then("import sys\nsys.exit()"), "it ends a trial, not an exercise"),
    Accident("exit()", then("exit()"), "it ends a trial, not an exercise"),
    Accident(
        "a cell that ends the kernel",
        then("import os\nos._exit(1)"),
        "one bad cell does not cost the others",
        told="Code cell 2 ended the program that runs it",
    ),
    Accident(
        "a cell that crashes the kernel",
        then("import ctypes\nctypes.string_at(0)"),
        "one bad cell does not cost the others",
        told="Code cell 2 ended the program that runs it",
    ),
    Accident(
        "a cell that takes all memory",
        then("import numpy as np\nmuch = np.ones((10**5, 10**6))"),
        "one bad cell does not cost the others",
        told="Code cell 2",
    ),
    Accident(
        "a loop without end in a cell",
        then(LOOP),
        "one bad cell does not cost the others",
        told="Code cell 2 did not end",
    ),
    Accident(
        "a loop without end below a task in its cell",
        instead(RATE, f"{RIGHT[RATE]}\n{LOOP}"),
        "the function above the loop is right",
        told="did not end",
    ),
    Accident(
        "a loop without end above a task in its cell",
        instead(RATE, f"def train():\n    while True: pass\nresult = train()\n{RIGHT[RATE]}"),
        "the function below the loop is right",
        told="Code cell 2 did not end within 1.5 seconds in line 3.",
    ),
    Accident(
        "a loop without end between the imports",
        [f"import sys\n{LOOP}{IMPORTS}", *WRITTEN],
        "what stands above and below the loop is right",
        told="Code cell 1 did not end within 1.5 seconds in line 2.",
    ),
    Accident(
        "a crash above a task in its cell",
        instead(RATE, f"import os\nos.abort()\n{RIGHT[RATE]}"),
        "one bad line does not cost the others",
        told="Code cell 2 ended the program that runs it in line 2.",
    ),
    Accident(
        "a crash in every cell",
        [c for cell in SOLVED for c in (cell, "import os\nos._exit(1)")],
        "the tasks are right",
        told="of some only the imports, functions and assignments were run",
    ),
    Accident(
        "a loop without end in a function",
        changed(RATE, "    ### BEGIN SOLUTION\n", "    while True:\n        pass\n"),
        "it gives no value; the other tasks do",
        {RATE: 0},
        "largest_stable_rate did not end",
    ),
    Accident(
        "a loop without end in a check's cell",
        [c.replace("check(best_rate)", f"check(best_rate)\n{LOOP}") for c in SOLVED],
        "checks are for the learner",
        told="did not end",
    ),
    Accident(
        "a loop without end in what a cell imports",
        then(
            "import sys\nopen('endless.py', 'w').write('while True: pass')\n"
            "sys.path.insert(0, '')\nimport endless"
        ),
        "one bad cell does not cost the others",
        told="Code cell 2 did not end",
    ),
    Accident(
        "long trainings in many cells",
        [IMPORTS, *["import time\ntime.sleep(0.9)"] * 14, *WRITTEN],
        "the tasks below them are quick and right",
        told="only the imports, functions and assignments were run",
    ),
    # modules and files
    Accident(
        "a module that is not installed",
        first("import torch"),
        "the tasks do not need it",
        told="Code cell 1 uses torch, which is not among the packages that a task may import.",
    ),
    Accident(
        "Colab's drive",
        first("from google.colab import drive\ndrive.mount('/content/drive')"),
        "it worked where it was written, and the tasks do not need it",
        told="Code cell 1 uses google, which is not among",
    ),
    Accident(
        "a task that needs a missing module",
        changed(BEST, "    ### BEGIN SOLUTION\n", "    import torch\n"),
        "it cannot run with what the course has",
        {BEST: 0},
        "it uses torch, which is not among the packages that a task may import",
    ),
    Accident(
        "a task that needs what was imported above it and is missing",
        [f"import torch\n{IMPORTS}", *changed(BEST, "return 2 /", "return torch.ones(2) /")[1:]],
        "it cannot run with what the course has",
        {BEST: 0},
        "it uses torch, which is not among the packages that a task may import",
    ),
    Accident(
        "a missing module beside NumPy",
        [IMPORTS.replace("import numpy as np", "import torch, numpy as np"), *WRITTEN],
        "it worked where it was written, and the tasks need NumPy alone",
        told="Code cell 1 uses torch",
    ),
    Accident(
        "an annotation of a missing module",
        [
            f"import torch\n{IMPORTS}",
            *changed(BEST, "(curvatures)", "(curvatures: torch.Tensor)")[1:],
        ],
        "an annotation computes nothing",
    ),
    Accident(
        "annotations of a class",
        instead(
            BEST,
            "from dataclasses import dataclass\nfrom typing import NamedTuple\n"
            "@dataclass\nclass Range:\n    flat: np.ndarray\n    steep: float = 0.0\n"
            "class Best(NamedTuple):\n    rate: np.ndarray\n    shrink: 'np.ndarray'\n"
            + RIGHT[BEST]
            + "\nright = best_rate\ndef best_rate(curvatures):\n"
            "    return Best(*right(Range(curvatures).flat))\n",
        ),
        "a named tuple is a tuple",
    ),
    Accident(
        "a decorator of a missing module",
        [
            f"from numba import njit\n{IMPORTS}",
            "from functools import cache",
            *instead(BEST, f"@njit(cache=True)\n{RIGHT[BEST]}")[1:],
        ],
        "it makes the function quicker, not another one",
        told="defines best_rate without its decorator: it uses numba, which is not among",
    ),
    Accident(
        "a decorator of the student's own that fails",
        instead(BEST, f"@not_defined\n{RIGHT[BEST]}"),
        "the function is not defined in Jupyter either",
        {BEST: 0},
        "there is no function best_rate",
    ),
    Accident(
        "the library's answer in a task",
        changed(BEST, "    ### BEGIN SOLUTION\n", "    from course_lib import optimizers\n"),
        "check says that the grader does not have it",
        {BEST: 0},
        "it uses course_lib.optimizers",
    ),
    Accident(
        "all that a notebook mostly imports, above NumPy",
        [
            "import os, sys, math, random, time\nimport scipy, scipy.stats, scipy.optimize\n"
            "import matplotlib\nimport matplotlib.pyplot as plt\n"
            "from mpl_toolkits.mplot3d import Axes3D\n"
            "from IPython.display import display, clear_output, HTML\n"
            f"import ipywidgets as widgets\n{IMPORTS}",
            "@widgets.interact(x=(0, 1))\ndef plot(x):\n    clear_output()\n    plt.plot(x)",
            *WRITTEN,
        ],
        "the tasks need NumPy alone",
        told="Code cell 1 uses scipy",
    ),
    Accident(
        "the library's own answers",
        first("from course_lib.optimizers import adam"),
        "the tasks do not need them",
        told="course_lib.optimizers",
    ),
    Accident(
        "an attached file that is missing",
        then("import numpy as np\ndata = np.load('data.npy')"),
        "the tasks do not need it",
        told="FileNotFoundError",
    ),
    Accident(
        "a module that a cell writes",
        [
            IMPORTS,
            "%%writefile helper.py\nimport numpy as np\nsteepest_of = np.linalg.eigvalsh\n",
            "from helper import steepest_of",
            *changed(RATE, "np.linalg.eigvalsh(hessian)", "steepest_of(hessian)")[1:],
        ],
        "Jupyter writes and imports it",
    ),
    Accident("another folder", then("import os\nos.chdir('/')"), "no task has to do with folders"),
    # what belongs to Jupyter
    Accident("%matplotlib", first("%matplotlib inline"), "Jupyter's own"),
    Accident("!ls", first("!ls -l\nfiles = !ls\n!echo it's here"), "Jupyter's own"),
    Accident("help by a question mark", then("import numpy as np\nnp.linalg.eigvalsh?"), "Jupyter"),
    Accident(
        "a magic beside a comment that asks",
        instead(
            RATE, "%timeit 1 + 1\n" + RIGHT[RATE].replace("else np.inf", "else np.inf  # right?")
        ),
        "a question mark in a comment is no magic",
    ),
    Accident("%time", then("%time x = 3\nprint(x)\nimport numpy as np"), "Jupyter's own"),
    Accident(
        "%time before what a task needs",
        [IMPORTS, "%time two = 1 + 1", *changed(BEST, "return 2 /", "return two /")[1:]],
        "Jupyter sets the name",
    ),
    Accident("%%time below a comment", instead(RATE, f"# mine\n%%time\n{RIGHT[RATE]}"), "harmless"),
    Accident("%%capture", instead(RATE, f"%%capture out\n{RIGHT[RATE]}"), "Jupyter runs it"),
    Accident(
        "a command over several lines",
        first("!pip install -q \\\n    numpy \\\n    scipy"),
        "Jupyter's own",
    ),
    Accident(
        "prompts pasted with the code",
        instead(BEST, ">>> " + RIGHT[BEST].strip().replace("\n", "\n... ")),
        "Jupyter takes them away",
    ),
    Accident(
        "IPython's prompts pasted with the code",
        instead(BEST, "In [3]: " + RIGHT[BEST].strip().replace("\n", "\n   ...: ")),
        "Jupyter takes them away",
    ),
    Accident(
        "an indented cell",
        instead(BEST, "".join(f"    {line}" for line in RIGHT[BEST].splitlines(True))),
        "Jupyter moves it to the left",
    ),
    Accident("%%time", instead(RATE, "%%time\n" + RIGHT[RATE]), "the function is defined by it"),
    Accident("%%html", then("%%html\n<b>bold</b>"), "another language"),
    Accident(
        "get_ipython",
        first("get_ipython().run_line_magic('matplotlib', 'inline')"),
        "how Jupyter writes a magic in Python",
    ),
    Accident("await", first("import asyncio\nawait asyncio.sleep(0)"), "Jupyter's own"),
    Accident("display", then("display(1, 2)\ndisplay('a', metadata={})"), "Jupyter's own"),
    Accident(
        "checks and their results kept in",
        then("assert check(print).right\nhint('best_rate', 3)\nprogress()"),
        "they are for the learner",
    ),
    Accident(
        "input() in a cell",
        then("name = input('Your name: ')"),
        "nobody can answer, and no task needs it",
        told="Code cell 2 raised EOFError",
    ),
    Accident(
        "input() in a function",
        changed(BEST, "    ### BEGIN SOLUTION\n", "    flat = float(input())\n"),
        "a function takes its arguments, and nobody can answer",
        {BEST: 0},
        "EOFError",
    ),
    # what is printed, warned and set
    Accident(
        "prints in a function",
        changed(BEST, "    ### BEGIN SOLUTION\n", "    print('x' * 1_000_000)\n"),
        "what is printed costs nothing",
    ),
    Accident(
        "warnings and stderr",
        changed(
            BEST,
            "    ### BEGIN SOLUTION\n",
            "    import sys, warnings\n    warnings.warn('old')\n    print(1, file=sys.stderr)\n",
        ),
        "what is warned costs nothing",
    ),
    Accident(
        "a function that divides by zero on its way",
        changed(RATE, " if steepest > 0 else np.inf", ""),
        "its value is right, and a warning costs nothing",
    ),
    Accident(
        "the same, with warnings made errors",
        [
            IMPORTS,
            "np.seterr(all='raise')\nimport warnings\nwarnings.simplefilter('error')",
            *changed(RATE, " if steepest > 0 else np.inf", "")[1:],
        ],
        "its value is right; a setting left over from a search for mistakes is no mistake",
    ),
    Accident("a seed", then("np.random.seed(0)"), "no task draws numbers"),
    Accident(
        "rounded display", then("np.set_printoptions(precision=1)"), "values stay as they are"
    ),
    # names
    Accident(
        "np means something else in the end", last("np = 3"), "it was right where it was written"
    ),
    Accident("np deleted in the end", last("del np"), "it was right where it was written"),
    Accident(
        "a variable with the name of a task",
        last("best_rate = best_rate(np.array([1.0, 2.0]))"),
        "the function was there before",
    ),
    Accident(
        "two helpers of one name",
        [
            IMPORTS,
            "def helper(h):\n    return np.linalg.eigvalsh(h)[-1]\n",
            RIGHT[RATE].replace("np.linalg.eigvalsh(hessian)[-1]", "helper(hessian)"),
            "def helper(c):\n    return c.min(axis=0), c.max(axis=0)\n",
            RIGHT[BEST].replace(
                "curvatures.min(axis=0), curvatures.max(axis=0)", "helper(curvatures)"
            ),
            *(RIGHT[task] for task in (PATH, NEEDED, CURVE, FINDER)),
        ],
        "each function was right with the helper above it",
    ),
    Accident(
        "a helper below its use",
        [
            *changed(RATE, "np.linalg.eigvalsh(hessian)[-1]", "steepness(hessian)"),
            "def steepness(hessian):\n    return np.linalg.eigvalsh(hessian)[-1]\n",
        ],
        "when everything has run it is there",
    ),
    Accident(
        "a memory between calls",
        instead(
            BEST, "seen = []\n" + RIGHT[BEST].replace("    flat,", "    seen.append(1)\n    flat,")
        ),
        "it changes no value",
    ),
    Accident(
        "a name in another script",
        instead(RATE, RIGHT[RATE].replace("steepest", "最陡").replace("hessian", "матрица")),
        "Python takes it",
    ),
    Accident(
        "two definitions, the last one right",
        [IMPORTS, "def best_rate(curvatures):\n    return 1", *WRITTEN],
        "the last one counts",
    ),
    Accident(
        "two definitions, the last one wrong",
        last("def best_rate(curvatures):\n    return 1, 0"),
        "the last one is the student's word",
        {BEST: 0},
    ),
    # values
    Accident(
        "lists for arrays",
        changed(PATH, "return path", "return path.tolist()"),
        "a list holds the same numbers",
    ),
    Accident(
        "float32",
        changed(
            BEST, "return 2 /", "flat, steep = np.float32(flat), np.float32(steep)\n    return 2 /"
        ),
        "rounding is no mistake",
    ),
    Accident(
        "an object that NumPy can make an array of",
        [
            IMPORTS,
            "class Tensor:\n    def __init__(self, x): self.x = np.asarray(x)\n"
            "    def __array__(self, dtype=None, copy=None): return self.x\n",
            *changed(PATH, "return path", "return Tensor(path)")[1:],
        ],
        "check calls it right",
    ),
    Accident(
        "a matrix",
        changed(
            RATE, "np.linalg.eigvalsh(hessian)[-1]", "np.matrix(np.linalg.eigvalsh(hessian)).max()"
        ),
        "an old class with the right numbers",
    ),
    Accident(
        "a print in place of the return",
        changed(RATE, "return 2 / steepest if steepest > 0 else np.inf", "print(2 / steepest)"),
        "None is no rate",
        {RATE: 0},
        "None",
    ),
    Accident(
        "an argument changed in place",
        instead(
            PATH,
            "def descend_quadratic(hessian, start, lr, updates):\n    path = [start.copy()]\n"
            "    for _ in range(updates):\n        start -= lr * (hessian @ start)\n"
            "        path.append(start.copy())\n    return np.array(path)",
        ),
        "the path is right; one property, that the start stays as it is, is not",
        {PATH: 3},
        "the arguments stay as they are",
    ),
    Accident(
        "a generator",
        changed(PATH, "return path", "yield from path"),
        "it is no array, and the check says so",
        {PATH: 0},
        "an object of type generator",
    ),
    Accident(
        "a recursion without end",
        changed(RATE, "    ### BEGIN SOLUTION\n", "    return largest_stable_rate(hessian)\n"),
        "it gives no value; the other tasks do",
        {RATE: 0},
        "RecursionError",
    ),
    Accident(
        "a very slow function",
        changed(RATE, "    ### BEGIN SOLUTION\n", "    import time\n    time.sleep(0.05)\n"),
        "it is right",
    ),
    Accident(
        "a function that ends the program",
        changed(RATE, "    ### BEGIN SOLUTION\n", "    import os\n    os._exit(0)\n"),
        "it gives no value; the other tasks do",
        {RATE: 0},
        "largest_stable_rate ended the program",
    ),
    Accident(
        "another number of arguments",
        changed(RATE, "(hessian)", "(hessian, eps)"),
        "it cannot be called as its docstring promises",
        {RATE: 0},
        "TypeError",
    ),
    Accident(
        "one special case forgotten",
        changed(RATE, "2 / steepest if steepest > 0 else np.inf", "2 / max(steepest, 1e-9)"),
        "four of five properties hold",
        {RATE: 4},
        "where nothing is curved every rate is stable",
    ),
]


@pytest.fixture(scope="module")
def examiner() -> Iterator[Examiner]:
    one = Examiner(asdict(Limits(cell=1.5, call=0.8, submission=12)))
    yield one
    one.close()


@pytest.mark.parametrize("accident", ACCIDENTS, ids=lambda accident: accident.what)
def test_an_accident_costs_what_a_fair_person_would_take(examiner, accident):
    graded = examiner.grade(NAME, accident.content())
    assert not graded["failed"]
    points = {task["task"]: task["points"] for task in graded["tasks"]}
    assert points == POINTS | accident.marks, f"{accident.why}: {told(graded)}"
    assert accident.told in told(graded)
    for task in graded["tasks"]:
        assert task["state"] == ("scored" if task["points"] else "zero")
        assert bool(task["points"]) != bool(task["reason"]), "a zero has a reason in words"
        assert (task["points"] == task["of"]) != bool(task["missed"]), "what is lost is explained"


def told(graded: dict[str, Any]) -> str:
    """All that the student is told."""
    lines = [line for task in graded["tasks"] for line in (task["reason"], *task["missed"])]
    details = [json.dumps(task["finding"], ensure_ascii=False) for task in graded["tasks"]]
    return "\n".join([graded["failed"], *graded.get("notes", []), *lines, *details])


@pytest.mark.parametrize(
    ("what", "content", "why"),
    [
        ("the exercise as it was given", notebook(EMPTY), "nothing is written in it"),
        ("one task deleted", notebook(EMPTY[:-3]), "nothing is written in it"),
        ("no cell at all", notebook([]), "it defines none of the functions of its tasks"),
        ("an empty cell", notebook([""]), "it defines none of the functions of its tasks"),
        ("the lecture", LECTURE, "it defines none of the functions of its tasks"),
        ("another week", notebook(code("05_adam")), "it defines none of the functions"),
        (
            "marks of a merge",
            notebook(SOLVED).replace(b"[", b"[\n<<<<<<< HEAD", 1),
            "not a notebook",
        ),
        ("Latin-1", notebook([*SOLVED, "# é"]).replace(b"\\u00e9", b"\xe9"), "not a notebook"),
        ("empty", b"", "cut off"),
        ("truncated", notebook(SOLVED)[:5000], "cut off"),
        ("no JSON", b"PK\x03\x04 a zip", "it is not a notebook"),
        ("JSON, but no notebook", b"[1, 2]", "it is not a notebook"),
        ("format 5", notebook(SOLVED, nbformat=5), "its format is version 5; 3 and 4 can be read"),
        ("format 2", notebook(SOLVED, nbformat=2), "its format is version 2; 3 and 4 can be read"),
        ("no format", b'{"cells": []}', "it is not a notebook"),
    ],
)
def test_what_has_no_work_in_it_is_not_a_zero_but_cannot_be_graded(examiner, what, content, why):
    graded = examiner.grade(NAME, content)
    assert graded["tasks"] == []
    assert why in graded["failed"], what


def test_a_plot_costs_nothing(examiner):
    plot = "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    graded = examiner.grade(NAME, notebook(then(plot)))
    assert {task["task"]: task["points"] for task in graded["tasks"]} == POINTS
    assert not graded["notes"]


def test_when_the_examiner_itself_is_killed_the_notebook_is_graded_again(examiner):
    examiner.grade(NAME, notebook([]))
    os.kill(examiner.process.pid, signal.SIGKILL)
    graded = examiner.grade(NAME, notebook(SOLVED))
    assert {task["task"]: task["points"] for task in graded["tasks"]} == POINTS


# A whole run


def command(folder: Path, out: Path, before: str = "") -> list[str]:
    code = "import runpy, sys; sys.argv[0] = 'grader'; runpy.run_module('grader', None, '__main__')"
    return [sys.executable, "-c", before + code, "grade", str(folder), "--out", str(out)]


def run(folder: Path, out: Path, before: str = "") -> subprocess.CompletedProcess[str]:
    done = command(folder, out, before)
    return subprocess.run(done, cwd=ROOT, capture_output=True, text=True, check=False)


def journal(out: Path) -> list[dict[str, Any]]:
    """The rows of a journal, without how long they took."""
    lines = (out / "journal.jsonl").read_text("utf-8").splitlines()[1:]
    return [json.loads(line) | {"seconds": 0} for line in lines]


def marks(out: Path) -> list[dict[str, str]]:
    with (out / "grades.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def hand_in(folder: Path, path: str, content: bytes) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(content)


def test_names_are_only_names(tmp_path):
    """Of students, folders and files: commas, other scripts, copies, another ending."""
    right, here = notebook(SOLVED), tmp_path / "handed in"
    names = {
        "Lovelace, Ada": f"{NAME}.ipynb",
        "李小龙": f"{NAME}.ipynb",
        "Ωmega O'Neil": f"{NAME}/{NAME}.ipynb",
        'Quote " Quote': f"{NAME} (1).ipynb",
        "=SUM(A1)": f"Copy of {NAME}.ipynb",
        "Copy": "Untitled3.ipynb",
        "Large": f"{NAME.upper()}.IPYNB",
        "Text": f"{NAME}.ipynb.txt",
    }
    for student, file in names.items():
        hand_in(here, f"{student}/{file}", right)
    hand_in(here, f"Two/{NAME}.ipynb", right)
    hand_in(here, f"Two/{NAME}-old.ipynb", notebook(EMPTY))
    hand_in(here, f"Cut off/{NAME}.ipynb", right[:3000])
    hand_in(here, "Word/homework.docx", b"PK")
    done = run(here, tmp_path / "out")
    assert done.returncode == 0, done.stderr
    found: dict[str, list[dict[str, str]]] = {}
    for row in marks(tmp_path / "out"):
        found.setdefault(row["student"].removeprefix("'"), []).append(row)
    for student in [*names, "Two"]:
        points = {row["task"]: int(row["points"]) for row in found.pop(student)}
        assert points == POINTS, student
    reasons = {student: {row["reason"] for row in rows} for student, rows in found.items()}
    assert reasons == {
        "Cut off": {wrong_file.CUT_OFF},
        "Word": {"no notebook was handed in, but Word/homework.docx"},
    }
    for rows in found.values():
        assert {(row["points"], row["state"]) for row in rows} == {("", "could not grade")}


def a_class(folder: Path, size: int) -> Path:
    """Hand in many notebooks: right, half done, with accidents that take no time, cut off."""
    quick = ("nothing went wrong", "half of the tasks", "sys.exit", "a cell that ends the kernel")
    contents = [accident.content() for accident in ACCIDENTS if accident.what in quick]
    contents.append(notebook(SOLVED)[:3000])
    for i in range(size):
        hand_in(folder, f"student {i:02}/{NAME}.ipynb", contents[i % len(contents)])
    return folder


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> tuple[Path, Path]:
    """A class of twenty, and the results of a run that nothing disturbs."""
    folder = a_class(tmp_path_factory.mktemp("class"), 20)
    out = folder.parent / "undisturbed"
    done = run(folder, out)
    assert done.returncode == 0, done.stderr
    assert len(journal(out)) == 20
    return folder, out


def killed_and_resumed(folder: Path, out: Path, moments: list[float]) -> list[int]:
    """Kill a run when it has so many rows, again and again; return how many it had in the end.

    A moment of 3.5 is halfway between two rows, on a machine that makes twenty in a second.
    """
    had = []
    for moment in moments:
        process = subprocess.Popen(command(folder, out), cwd=ROOT, stderr=subprocess.DEVNULL)
        while whole_lines(out / "journal.jsonl") - 1 < int(moment):
            assert process.poll() is None
            time.sleep(0.005)
        time.sleep(moment % 1 / 20)
        family = descendants(process.pid)
        process.kill()
        assert process.wait() == -signal.SIGKILL, "it was not killed in the middle"
        had.append(whole_lines(out / "journal.jsonl") - 1)
        for _ in range(100):
            if not (left := [one for one in family if alive(*one)]):
                break
            time.sleep(0.05)
        assert not left, "a killed run leaves no process behind"
    done = run(folder, out)
    assert done.returncode == 0, done.stderr
    return had


def whole_lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 1


def stat_of(pid: int) -> list[str]:
    """State, parent, …, and start of a process, the words behind its name in /proc."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []


def alive(pid: int, start: str) -> bool:
    found = stat_of(pid)
    return bool(found) and found[0] != "Z" and found[19] == start


def descendants(pid: int) -> list[tuple[int, str]]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        if found := stat_of(int(entry.name)):
            parents.setdefault(int(found[1]), []).append(int(entry.name))
    family, ahead = [], [pid]
    while ahead:
        ahead += (children := parents.get(ahead.pop(), []))
        family += [(child, found[19]) for child in children if (found := stat_of(child))]
    return family


def same(out: Path, undisturbed: Path) -> bool:
    """Whether journal and marks are the same: nothing is lost, changed or graded twice."""
    return journal(out) == journal(undisturbed) and marks(out) == marks(undisturbed)


def test_a_killed_run_goes_on_where_it_was(tmp_path, undisturbed):
    folder, whole = undisturbed
    chance = random.Random(0)
    moments = sorted(chance.uniform(0, 17) for _ in range(3))
    had = killed_and_resumed(folder, tmp_path, moments)
    assert had == sorted(had), "nothing that was kept is lost"
    assert same(tmp_path, whole)


def test_a_full_disk_ends_with_one_sentence_and_loses_nothing(tmp_path, undisturbed):
    folder, whole = undisturbed
    size = (whole / "journal.jsonl").stat().st_size // 2
    limit = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, ({}, r.RLIM_INFINITY));"
    done = run(folder, tmp_path, before=limit.format(size))
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert "journal.jsonl cannot be written" in sentence
    assert "the same command goes on from there" in sentence
    kept = journal(tmp_path)
    assert kept == journal(whole)[: len(kept)]
    assert 5 < len(kept) < 15
    assert run(folder, tmp_path).returncode == 0
    assert same(tmp_path, whole)


def test_a_table_that_cannot_be_written_loses_nothing(tmp_path, undisturbed):
    folder, whole = undisturbed
    (tmp_path / "journal.jsonl").write_bytes((whole / "journal.jsonl").read_bytes())
    (tmp_path / "grades.csv").mkdir()
    done = run(folder, tmp_path)
    assert done.returncode == 1
    assert "grades.csv cannot be written" in done.stderr.splitlines()[-1]
    assert "The journal has every mark" in done.stderr.splitlines()[-1]
    (tmp_path / "grades.csv").rmdir()
    assert run(folder, tmp_path).returncode == 0
    assert same(tmp_path, whole)


def test_results_in_a_place_that_cannot_be_written_end_with_one_sentence(tmp_path, undisturbed):
    folder, _ = undisturbed
    (tmp_path / "a file").write_text("")
    for out in (tmp_path / "a file", tmp_path / "a file" / "below", Path("/proc/results")):
        done = run(folder, out)
        assert done.returncode == 1
        (sentence,) = done.stderr.splitlines()
        assert sentence.startswith(f"{out} cannot be written")


def many_kills(times: int) -> None:
    with TemporaryDirectory() as place:
        folder, whole = a_class(Path(place) / "class", 60), Path(place) / "undisturbed"
        assert run(folder, whole).returncode == 0
        good = 0
        for i in range(times):
            out, moment = Path(place) / str(i), random.uniform(0, 58)
            had = killed_and_resumed(folder, out, [moment])
            good += same(out, whole)
            print(f"killed with {had[0]} of 60 rows: {good} of {i + 1} the same", flush=True)


if __name__ == "__main__":
    many_kills(int(sys.argv[1]))
