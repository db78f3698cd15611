"""Who may import whom: the code of the course stays light, and its parts stand alone."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import course_lib

FOLDER = Path(course_lib.__file__).parent
OUTSIDE = {"grader", "tasks", "tools", "tests", "benchmarks", "torch", "optax"}
HEAVY = ["matplotlib", "ipywidgets", "anywidget", "IPython", "scipy"]


@pytest.mark.parametrize("module", ["descent", "maps", "network", "data", "ranks", "feedback"])
def test_it_loads_no_plots_and_no_widgets(module):
    code = f"import sys, course_lib.{module}; print(*set(sys.modules) & set({HEAVY}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def imports(path):
    """The modules that a file names, `from course_lib import require` as course_lib.require."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            if node.module == "course_lib" or node.module.startswith("course_lib.optimizers"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("part", ["optimizers", "schedules", "surfaces"])
def test_optimizers_schedules_and_surfaces_import_numpy_alone_and_not_each_other(part):
    files = [*FOLDER.glob(f"{part}.py"), *FOLDER.glob(f"{part}/*.py")]
    assert files
    allowed = {"numpy", *sys.stdlib_module_names}
    for file in files:
        for module in imports(file):
            own = module.startswith(
                (f"course_lib.{part}", "course_lib.require", "course_lib.printing")
            )
            assert own or module.split(".")[0] in allowed, f"{file.name} imports {module}"


def test_nothing_in_course_lib_imports_the_grader_the_tests_or_a_benchmark():
    for file in FOLDER.rglob("*.py"):
        for module in imports(file):
            assert module.split(".")[0] not in OUTSIDE
