"""An answer that does no work earns nothing: constants, arguments handed back, counted calls.

Whoever writes a hidden test cannot think of all of them, so they are made here: every kind of
value that could be handed in without looking at the question, for every task.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from typing import Any

import numpy as np
import pytest

from course_lib import feedback
from course_lib.feedback.comparing import decode
from grader import hidden
from grader.examiner import read
from tasks.catalogue import NOTEBOOKS, TASKS
from tasks.student import solved

NUMBERS = [0.0, 1.0, -1.0, 0.5, 2.0, 10.0, 1e-8, 1e6, np.inf, -np.inf, np.nan, 0, 1, 2, 3, 7]
OTHERS = [None, True, False, "", [], np.zeros(0)]
COUNTED = {"from 0": lambda n: n, "from 1": lambda n: n + 1, "in turn": lambda n: n % 2}
SCALES = [0.0, 0.5, 0.9, 0.99, 2.0, -1.0, 1e-3]
TURNS = 2000  # more calls than any hidden test needs of a right answer


class Endless(Exception):
    """A hidden test goes on for ever with a worthless answer."""


def filled(result: Any, value: Any) -> Any:
    """A result of the right kind and shape with another value in every place."""
    if isinstance(result, tuple | list):
        return tuple(filled(part, value) for part in result)
    return value if np.ndim(result) == 0 else np.full(np.shape(result), value)


def as_many(results: int, value: Any) -> Any:
    return (value,) * results if results else value


def worthless(task: str, right: Callable[..., Any]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Answers that do no work; some know in which shape the solution answers, and the cases."""
    cases = feedback.tasks()[task]["cases"]
    expected = [decode(case["expected"]) for case in cases]
    several = len(expected[0]) if isinstance(expected[0], list) else 0
    names = list(cases[0]["arguments"])
    for value in NUMBERS:
        yield f"{value} in the right shape", lambda *a, v=value: filled(right(*a), v)
    for value in [*NUMBERS, *OTHERS, *{e for e in expected if isinstance(e, str)}]:
        yield f"always {value!r}", lambda *a, v=value: as_many(several, v)
    for value in expected:
        yield f"always {json.dumps(value, default=str)[:40]}", lambda *a, v=value: v
    for i, name in enumerate(names):
        yield f"{name} handed back", lambda *a, i=i: as_many(several, a[i])
        for scale in SCALES:
            yield f"{scale} times {name}", lambda *a, i=i, s=scale: as_many(several, s * a[i])
        yield f"{name} repeated", lambda *a, i=i: repeated(right(*a), a[i])
        for j, other in enumerate(names):
            if several == 2:
                yield f"{name} and {other}", lambda *a, i=i, j=j: (a[i], a[j])
    for label, counted in COUNTED.items():
        yield f"the calls counted {label}", by_count(counted, lambda v, *_: as_many(several, v))
        yield (
            f"the calls counted {label} in the right shape",
            by_count(counted, lambda v, *a: filled(right(*a), v)),
        )
    yield "the cases in turn", by_count(lambda n: expected[n % len(expected)], lambda v, *_: v)


def by_count(value: Callable[[int], Any], answer: Callable[..., Any]) -> Callable[..., Any]:
    """An answer that looks at nothing but how often it was called."""
    calls = count()
    return lambda *arguments: answer(value(next(calls)), *arguments)


def repeated(result: Any, argument: Any) -> Any:
    """An argument in every row of a result."""
    if isinstance(result, tuple | list):
        return tuple(repeated(part, argument) for part in result)
    return np.broadcast_to(argument, np.shape(result)).copy()


@cache
def earnings(notebook: str) -> dict[str, list[str]]:
    """Of each hidden test the worthless answers that pass it."""
    right, passing = solved(notebook), {}
    for task, tests in read(TASKS / notebook / "test_hidden.py").items():
        for label, answer in worthless(task, right[task]):
            calls = count()

            def ask(name, arguments, answer=answer, calls=calls):
                if next(calls) > TURNS:
                    raise Endless
                with np.errstate(all="ignore"):
                    return answer(*arguments), []

            failed = hidden.errors(tests, ask, seed=0)
            for test in tests.keys() - failed:
                passing.setdefault(test, []).append(label)
    return passing


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_no_answer_without_work_passes_a_test_that_tells(notebook):
    earning = {
        test.__name__: labels for test, labels in earnings(notebook).items() if hidden.tells(test)
    }
    assert not earning
