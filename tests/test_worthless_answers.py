"""An answer that does no work earns nothing: constants, arguments handed back, counted calls,
rules that look at an argument but hold for one question alone.

Whoever writes a hidden test cannot think of all of them, so they are made here: every kind of
value that could be handed in without looking at the question, for every task.
"""

import json
from collections.abc import Callable, Iterator
from functools import cache
from itertools import count, permutations, product
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
BORDERS = [0.5, 1.0, 10.0]
POWERS = [(1.0, 1.0), (2.0, 1.0), (1.0, 0.5), (np.sqrt(8), 0.5)]
DIRECTIONS = {
    "the sign": np.sign,
    "the size with a small ε": lambda g: g / (np.abs(g) + 1e-8),
    "the length": lambda g: g / max(np.linalg.norm(g), 1e-300),
}
TURNS = 2000  # more calls than any hidden test needs of a right answer


def several(result: Any) -> bool:
    return isinstance(result, tuple | list)


class Endless(Exception):
    """A hidden test goes on for ever with a worthless answer."""


def filled(result: Any, value: Any) -> Any:
    """A result of the right kind and shape with another value in every place."""
    if several(result):
        return tuple(filled(part, value) for part in result)
    return value if np.ndim(result) == 0 else np.full(np.shape(result), value)


def inverse(value: Any) -> Any:
    return 1 / np.asarray(value)


def as_many(results: int, value: Any) -> Any:
    return (value,) * results if results else value


def worthless(task: str, right: Callable[..., Any]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Answers that do no work; some know in which shape the solution answers, and the cases."""
    cases = feedback.tasks()[task]["cases"]
    expected = [decode(case["expected"]) for case in cases]
    parts = len(expected[0]) if several(expected[0]) else 0
    names = list(cases[0]["arguments"])
    for value in NUMBERS:
        yield f"{value} in the right shape", lambda *a, v=value: filled(right(*a), v)
    for value in [*NUMBERS, *OTHERS, *{e for e in expected if isinstance(e, str)}]:
        yield f"always {value!r}", lambda *a, v=value: as_many(parts, v)
    for value in expected:
        yield f"always {json.dumps(value, default=str)[:40]}", lambda *a, v=value: v
    for i, name in enumerate(names):
        yield f"{name} handed back", lambda *a, i=i: as_many(parts, a[i])
        for scale in SCALES:
            yield f"{scale} times {name}", lambda *a, i=i, s=scale: as_many(parts, s * a[i])
        yield f"{name} repeated", lambda *a, i=i: repeated(right(*a), a[i])
        yield f"1 over {name}", lambda *a, i=i: as_many(parts, inverse(a[i]))
        yield f"{name} with an axis more", lambda *a, i=i: as_many(parts, np.asarray(a[i])[None])
        yield f"{name} on a diagonal", lambda *a, i=i: as_many(parts, np.diag(np.atleast_1d(a[i])))
        if parts == 2:
            yield f"1 over {name} and 0", lambda *a, i=i: (inverse(a[i]), 0 * np.asarray(a[i])[0])
        for j, other in enumerate(names):
            if parts == 2:
                yield f"{name} and {other}", lambda *a, i=i, j=j: (a[i], a[j])
    for label, counted in COUNTED.items():
        yield f"the calls counted {label}", by_count(counted, lambda v, *_: as_many(parts, v))
        yield (
            f"the calls counted {label} in the right shape",
            by_count(counted, lambda v, *a: filled(right(*a), v)),
        )
    yield "the cases in turn", by_count(lambda n: expected[n % len(expected)], lambda v, *_: v)
    words = sorted({e for e in expected if isinstance(e, str)})
    for turn in [*permutations(words, 2), *permutations(words, 3)]:
        yield f"{turn} in turn", by_count(lambda n, t=turn: t[n % len(t)], lambda v, *_: v)
    if not words and "view" not in feedback.tasks()[task]:
        example = [decode(part) for part in cases[0]["arguments"].values()]
        yield from half_rules(right, example, expected[0])


def half_rules(
    right: Callable[..., Any], example: list[Any], expected: Any
) -> Iterator[tuple[str, Any]]:
    """What is right at a first step, at one size, with one parameter or at a border alone."""
    for value in BORDERS:
        yield f"{value}, with borders", lambda *a, v=value: bordered(right(*a), v)
    kinds = [None if isinstance(part, str) else np.ndim(part) for part in example]
    arrays = [i for i, kind in enumerate(kinds) if kind]
    for i in arrays:
        yield f"|argument {i}|", lambda *a, i=i: repeated(right(*a), np.abs(a[i]))
        yield f"the first row of {i}", lambda *a, i=i: repeated(right(*a), np.abs(a[i])[0])
    rates = [i for i, kind in enumerate(kinds) if kind == 0]
    for i, j, k in product([None, *arrays], arrays, rates):
        for label, way in DIRECTIONS.items():
            yield (
                f"{i} − {k} along {label} of {j}",
                lambda *a, i=i, j=j, k=k, way=way: stepped(
                    right(*a), 0 * a[j] if i is None else a[i], a[j], a[k], way
                ),
            )
    numbers = [i for i, kind in enumerate(kinds) if kind is not None]
    if len(numbers) > 4 or any(map(np.ndim, expected if several(expected) else [expected])):
        return
    for i, j, k in sorted({*permutations([-1, -1, *numbers], 3)}):
        for factor, power in POWERS:
            yield (
                f"{factor} · {k} · ({i} / {j}) ^ {power}",
                lambda *a, i=i, j=j, k=k, p=power, f=factor: filled(
                    right(*a), f * first(a, k) * (first(a, i) / first(a, j)) ** p
                ),
            )


def first(arguments: tuple[Any, ...], i: int) -> float:
    """The first number of an argument, or 1."""
    return 1.0 if i < 0 else float(np.ravel(arguments[i])[0])


def bordered(result: Any, value: float) -> Any:
    """What is 0, infinite or no number in a result, and the same value in all other places."""
    if several(result):
        return tuple(bordered(part, value) for part in result)
    return np.where(np.isfinite(result) & (np.asarray(result) != 0), value, result)[()]


def stepped(result: Any, theta: Any, grad: Any, rate: Any, way: Callable[[Any], Any]) -> Any:
    """Equal steps in the form of a result: one step, or those of a path; the rest is 0."""
    shown, *others = result if several(result) else (result,)
    moves = way(np.asarray(grad, float))
    if np.ndim(shown) > np.ndim(theta):
        each = moves if np.ndim(grad) > np.ndim(theta) else np.array([moves] * (len(shown) - 1))
        moves = np.concatenate([0 * each[:1], np.cumsum(each, axis=0)])
    new = theta - rate * moves
    return (new, *(0.0 * np.asarray(part) for part in others)) if others else new


def by_count(value: Callable[[int], Any], answer: Callable[..., Any]) -> Callable[..., Any]:
    """An answer that looks at nothing but how often it was called."""
    calls = count()
    return lambda *arguments: answer(value(next(calls)), *arguments)


def repeated(result: Any, argument: Any) -> Any:
    """An argument in every row of a result."""
    if several(result):
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
