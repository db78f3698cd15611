"""What an author writes beside a notebook: NN_name/catalogue.py, read by make.py.

stable = Task("largest_stable_rate", cases={"a bowl": {"hessian": np.eye(2)}, …}, hints=[…])

@stable.misconception("the bound is halved", "At 1/λ …; the bound is 2/λ.", read="Anchor")
def halved(hessian):
    return 1 / np.linalg.eigvalsh(hessian)[-1]
"""

import runpy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TASKS = Path(__file__).parent
NOTEBOOKS = sorted(file.parent.name for file in TASKS.glob("*/test_hidden.py"))
STYLES = ("loops", "vectorised", "in_place")  # of the right answers beside the solution


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that learners give: its name, what was done and what is right, its code."""

    name: str
    explanation: str
    read: str  # the anchor of a heading of the notebook, or other_notebook#Anchor
    function: Callable[..., Any]


@dataclass
class Task:
    """A task's check: its cases (name -> arguments in the function's order) and three hints.

    `about` says of a case what it alone asks, for example {"n = 3": "right for n = 2 alone"}: the
    sentence is told when nothing but cases with a sentence is wrong. Several may share one.
    `view` names a function of course_lib.feedback.views, for a task with many right results.
    `equivalent` names the mechanical mutants that compute the same as the solution, each by its
    changed line, and says why.
    """

    name: str
    cases: dict[str, dict[str, Any]]
    hints: Sequence[str]
    about: dict[str, str] = field(default_factory=dict)
    view: str = ""
    equivalent: dict[str, str] = field(default_factory=dict)
    misconceptions: list[Misconception] = field(default_factory=list)

    def misconception(self, name: str, explanation: str, read: str) -> Callable[..., Any]:
        """Decorate a short wrong implementation to add it to the catalogue.

        The same decorator serves every other way to make the same mistake.
        """

        def add(function: Callable[..., Any]) -> Callable[..., Any]:
            self.misconceptions.append(Misconception(name, explanation, read, function))
            return function

        return add


def tasks(notebook: str) -> list[Task]:
    """The tasks of one notebook, in the order of its file."""
    left = runpy.run_path(str(TASKS / notebook / "catalogue.py"))
    return [value for value in left.values() if isinstance(value, Task)]
