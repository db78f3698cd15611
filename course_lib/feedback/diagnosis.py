"""What an answer lacks: the first finding, from "not written yet" to "wrong at [3, 0]".

A task comes as data (checks/*.json): cases with arguments and expected results, and what each
known misconception returns in them. A right implementation is not needed here, and not there.
"""

import traceback
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course_lib.feedback.views import VIEWS
from course_lib.require import Array

Task = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """A headline, the sentences below it, and the paragraph to read: notebook#Anchor."""

    headline: str
    details: tuple[str, ...] = ()
    read: str = ""


NOT_A_NUMBER = "NaN or inf where a number belongs"
NOT_WRITTEN = Finding("not written yet", ("Your code goes where NotImplementedError is raised.",))


@dataclass(frozen=True, eq=False)
class Answer:
    """What a function made of one case."""

    case: str
    arguments: dict[str, Any]
    expected: Any
    result: Any = None
    error: BaseException | None = None
    line: str = ""
    changed: tuple[str, ...] = ()
    unseen: str = ""  # why the task's view could not be taken


def examine(task: Task, function: Callable[..., Any]) -> Finding | None:
    """Call the function on every case and return the first finding, None if it is right."""
    answers = []
    for case in task["cases"]:
        answers.append(ask(function, case, task.get("view", "")))
        if answers[-1].error:
            break
    if all(close(answer.result, answer.expected) and not answer.changed for answer in answers):
        return None
    for look in (unwritten, raised, changed, known, unlike, wrong):
        if finding := look(task, answers):
            return finding
    return None


def ask(function: Callable[..., Any], case: dict[str, Any], view: str = "") -> Answer:
    """Call the function with copies of a case's arguments; whatever it raises becomes data."""
    arguments = {name: decode(value) for name, value in case["arguments"].items()}
    known = case["name"], arguments, decode(case["expected"])
    copies = deepcopy(arguments)
    try:
        result = function(*copies.values())
        # A function may keep what it returns, and change it at the next call.
        if isinstance(result, list | tuple | np.ndarray):
            result = deepcopy(result)
    except BaseException as error:  # an interrupt and sys.exit too: a check never raises
        return Answer(*known, error=error, line=own_line(function, error))
    changed = tuple(name for name in arguments if not same(arguments[name], copies[name]))
    unseen = ""
    if view:
        try:
            result = VIEWS[view](result)
        except (TypeError, ValueError) as error:
            unseen = str(error)
    return Answer(*known, result=result, changed=changed, unseen=unseen)


def own_line(function: Callable[..., Any], error: BaseException) -> str:
    """Where in the learner's own code an exception came from, as far as that is known."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    if not own:
        return ""
    return f"in line {own[-1].lineno} of its cell" + f": `{own[-1].line}`" * bool(own[-1].line)


def decode(value: Any) -> Any:
    """Return a value of a JSON file, where {"array": …, "dtype": …} stands for an array."""
    if isinstance(value, dict):
        array = np.array(value["array"], value["dtype"])
        return array.reshape(value.get("shape", array.shape))  # nested lists lose an empty shape
    return [decode(part) for part in value] if isinstance(value, list) else value


# Comparing


def numbers(value: Any) -> Array | None:
    """Return the value as a plain array of real numbers, None if it is something else."""
    try:
        array = np.array(value)
    except Exception:  # ragged lists, objects that refuse
        return None
    return array if array.dtype.kind in "buif" else None


def parts(value: Any) -> list[Any] | None:
    """Return the results of a function that returns several, None if it returned one."""
    several = isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim)
    return list(value) if several else None


def same(one: Any, other: Any) -> bool:
    """Whether an argument is still what it was, to the last bit and in shape."""
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, np.ndarray):
        return one.shape == np.shape(other) and one.tobytes() == np.asarray(other).tobytes()
    return True  # numbers and texts cannot be changed


def agree(got: Array, expected: Array) -> Array:
    """Where two arrays of one shape are equal up to rounding. A float32 result may round more."""
    if (got.dtype.kind == "b") != (expected.dtype.kind == "b"):
        return np.zeros(got.shape, bool)
    rtol = 1e-4 if got.dtype.kind == "f" and got.dtype.itemsize < 8 else 1e-9
    scale = np.max(np.abs(expected[np.isfinite(expected)]), initial=0) or 1.0
    return np.isclose(got, expected, rtol=rtol, atol=1e-3 * rtol * scale, equal_nan=True)


def close(got: Any, expected: Any) -> bool:
    """Whether a result is the expected one. A list is as good as an array, 3.0 as good as 3."""
    if isinstance(expected, list):
        several = parts(got)
        return (
            several is not None
            and len(several) == len(expected)
            and all(map(close, several, expected))
        )
    if isinstance(expected, str | bool | None):
        return isinstance(got, type(expected) | np.bool) and bool(got == expected)
    a, b = numbers(got), numbers(expected)
    if a is None or b is None or a.shape != b.shape:
        return False
    return bool(np.all(agree(a, b)))


# Findings, in the order in which they are looked for


def unwritten(task: Task, answers: list[Answer]) -> Finding | None:
    """The function, or one that it calls, still raises what the exercise was handed out with."""
    error = answers[-1].error
    if not isinstance(error, NotImplementedError):
        return None
    _, _, *called = traceback.extract_tb(error.__traceback__)  # after `ask` and the function
    if not called:
        return NOT_WRITTEN
    return Finding(
        f"it calls `{called[-1].name}`, which is not written yet", ("Write that one first.",)
    )


def raised(task: Task, answers: list[Answer]) -> Finding | None:
    """The function raised something, or was interrupted."""
    last = answers[-1]
    if last.error is None:
        return None
    kind = type(last.error).__name__
    if isinstance(last.error, KeyboardInterrupt):
        return Finding("interrupted", ("Does a loop never end?", where(last)))
    sentence = f"{kind}: {last.error}" if str(last.error) else kind
    return Finding(f"it raises {kind}", (f"{sentence} {last.line}".strip(), where(last)))


def changed(task: Task, answers: list[Answer]) -> Finding | None:
    """An argument was changed in place."""
    for answer in answers:
        if answer.changed:
            names = " and ".join(f"`{name}`" for name in answer.changed)
            sentence = "The caller still needs it. Work on a copy, or write x = x + 1 for x += 1."
            return Finding(f"it changes its argument {names}", (sentence, where(answer)))
    return None


def known(task: Task, answers: list[Answer]) -> Finding | None:
    """Every result is that of a misconception in the catalogue."""
    for entry in task["misconceptions"]:
        outputs = map(decode, entry["outputs"])
        if all(close(a.result, output) for a, output in zip(answers, outputs, strict=True)):
            return Finding(entry["name"], (entry["explanation"],), entry["read"])
    return None


def unlike(task: Task, answers: list[Answer]) -> Finding | None:
    """A result is of another kind or shape than the docstring promises."""
    for answer in answers:
        if answer.unseen:
            return Finding("it returns another kind of result", (answer.unseen, where(answer)))
        if mismatch := unlike_in(answer.result, answer.expected):
            return Finding(mismatch.headline, (*mismatch.details, where(answer)))
    return None


def unlike_in(got: Any, expected: Any) -> Finding | None:
    """How one result differs in kind or shape from the expected one."""
    count = f"a tuple or list of {len(expected)}" if isinstance(expected, list) else ""
    sentence = f"Expected {count or describe(expected)}, got {describe(got)}."
    if got is None and expected is not None:
        return Finding("it returns None", ("A function without `return` gives None.",))
    if isinstance(expected, list):
        several = parts(got)
        if several is not None and len(several) == len(expected):
            found = list(map(unlike_in, several, expected))
            at, mismatch = next(((i, f) for i, f in enumerate(found, 1) if f), (0, None))
            if mismatch is None:
                return None
            # The rows of an array may be the results. If they are not, it is a single one.
            if not isinstance(got, np.ndarray):
                which = f"{mismatch.headline}, in result {at} of {len(expected)}"
                return replace(mismatch, headline=which)
        return Finding("it returns another number of results", (sentence,))
    if isinstance(expected, str | bool | None):
        alike = isinstance(got, type(expected) | np.bool)
        return None if alike else Finding("it returns another kind of result", (sentence,))
    a, b = numbers(got), numbers(expected)
    if a is None or b is None or (a.dtype.kind == "b") != (b.dtype.kind == "b"):
        return Finding("it returns another kind of result", (sentence,))
    if a.shape != b.shape:
        turned = a.ndim > 1 and a.T.shape == b.shape and np.all(agree(a.T, b))
        note = ("The numbers are right, rows and columns are exchanged.",) if turned else ()
        return Finding("it returns another shape", (sentence, *note))
    return None


def wrong(task: Task, answers: list[Answer]) -> Finding:
    """Some values are wrong: say what they have in common, and show the first."""
    bad = [answer for answer in answers if not close(answer.result, answer.expected)]
    pairs, which = [(answer.result, answer.expected) for answer in answers], ""
    got, expected = bad[0].result, bad[0].expected
    if isinstance(expected, list):
        several = parts(got) or []
        at = [close(*pair) for pair in zip(several, expected, strict=True)].index(False)
        which = f", in result {at + 1} of {len(expected)}"
        pairs = [(result[at], wanted[at]) for result, wanted in pairs if at < len(wanted)]
        got, expected = got[at], expected[at]
    right = [answer for answer in answers if answer not in bad]
    details = [where(bad[0]), difference(got, expected)]
    abouts = {case["name"]: case.get("about") for case in task["cases"]}
    about = dict.fromkeys(abouts[answer.case] for answer in bad)
    if right and all(about) and len(about) <= 2:
        return Finding("; ".join(filter(None, about)) + which, tuple(details))
    common = pattern(pairs)
    if right and (common == NOT_A_NUMBER or (not common and min(len(right), len(bad)) > 1)):
        fewer = ("Right", right) if len(right) < len(bad) else ("Wrong", bad)
        details.append(f"{fewer[0]} in {quoted(fewer[1])}.")
    return Finding((common or extent(right, bad)) + which, tuple(details))


def extent(right: list[Answer], bad: list[Answer]) -> str:
    """How many cases are wrong, or which one it is."""
    if not right:
        return "wrong in every case"
    if len(bad) == 1:
        return f"wrong only in {quoted(bad)}"
    if len(right) == 1:
        return f"right only in {quoted(right)}"
    return f"wrong in {len(bad)} of {len(right) + len(bad)} cases"


def quoted(answers: list[Answer]) -> str:
    """The names of cases."""
    return ", ".join(f"“{answer.case}”" for answer in answers)


def pattern(pairs: list[tuple[Any, Any]]) -> str:
    """Return what the wrong numbers have in common in all cases, or an empty text."""
    if any(np.asarray(value).dtype.kind not in "iuf" for pair in pairs for value in pair):
        return ""
    arrays = [(np.asarray(got), np.array(expected, float)) for got, expected in pairs]
    got, expected = next(pair for pair in arrays if not np.all(agree(*pair)))
    if np.any(np.isfinite(expected) & ~np.isfinite(got)):
        return NOT_A_NUMBER
    largest = np.argmax(np.abs(np.where(np.isfinite(expected), expected, 0)))
    one, other = got.flat[largest], expected.flat[largest]
    ratio, excess = one / other if other else 0.0, one - other
    rules: dict[str, Callable[[Array, Array], Any]] = {
        "the result holds whole numbers only: make it float": lambda g, e: (
            agree(g, e) | (g == np.trunc(e)) & bool(got.ndim and g.dtype.kind in "iu")
        ),
        "every number is zero": lambda g, e: g == 0,
        "the sign is turned": lambda g, e: agree(-g, e),
        f"every number is {ratio:.4g} times the right one": lambda g, e: agree(g, ratio * e),
        f"every number is too large by {excess:.4g}": lambda g, e: (
            agree(g, e + excess) & ~agree(g, e) | ~np.isfinite(e)
        ),
        "rows and columns are exchanged": lambda g, e: g.T.shape == e.shape and agree(g.T, e),
    }
    if got.ndim and len(got) > 2:
        rules |= {
            "every entry comes one index late": lambda g, e: g.ndim == 0 or agree(g[1:], e[:-1]),
            "every entry comes one index early": lambda g, e: g.ndim == 0 or agree(g[:-1], e[1:]),
        }
    if got.ndim > 1:
        rules["every row is the last one: store copies, not the same array again"] = lambda g, e: (
            g.ndim < 2 or agree(g, e) | agree(g, e[-1:])
        )
    with np.errstate(invalid="ignore"):  # inf - inf and 0 · inf match nothing
        for sentence, rule in rules.items():
            if all(np.all(rule(*pair)) for pair in arrays):
                return sentence.replace("too large by -", "too small by ")
    # Often the first entry is a start that needs no rule, or the rule fails from some index on.
    rows = [bool(np.all(row)) for row in agree(got, expected)] if got.ndim else [False]
    first = rows.index(False)
    if not 0 < first == sum(rows) or not all(np.all(agree(g, e)[:1]) for g, e in arrays if g.ndim):
        return ""
    later = f"right before index {first}, wrong from there on"
    return later if first > 1 else "only the first is right"


# Words


def where(answer: Answer) -> str:
    """Name the case and show its arguments."""
    shown = ", ".join(f"{name} = {short(value)}" for name, value in answer.arguments.items())
    return f"Case “{answer.case}”: {shown}."


def difference(got: Any, expected: Any) -> str:
    """Show the first wrong number beside the right one, with digits enough to tell them apart."""
    a, b = numbers(got), numbers(expected)
    if a is None or b is None:
        return f"Expected {short(expected)}, got {short(got)}."
    differ = ~agree(a, b)
    broken = differ & ~np.isfinite(a)
    at = tuple(int(i) for i in np.argwhere(broken if np.any(broken) else differ)[0])
    if b.dtype.kind == "b":
        return f"Expected {short(b)}, got {short(a)}."
    digits = next((d for d in (5, 9) if f"{a[at]:.{d}g}" != f"{b[at]:.{d}g}"), 17)
    place = f"At {list(at)}: expected" if at else "Expected"
    many = f"; {differ.sum()} of {differ.size} are wrong" if differ.size > 1 else ""
    return f"{place} {b[at]:.{digits}g}, got {a[at]:.{digits}g}{many}."


def describe(value: Any) -> str:
    """Name the kind and shape of a value."""
    array = numbers(value)
    if value is None or isinstance(value, str | bool | np.bool):
        return short(value)
    if array is not None:
        kind = "true or false" if array.dtype.kind == "b" else "numbers"
        return f"an array of {kind} of shape {array.shape}" if array.ndim else "a number"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}"
    return f"an object of type {type(value).__name__}"


def short(value: Any) -> str:
    """Show a value in at most one line. Floats stay floats: 4.0, not 4."""
    array = numbers(value)
    if array is None:
        text = repr(value)
        return text if len(text) <= 80 else text[:77] + "…"
    if array.size > 12:
        return f"array of shape {array.shape} from {array.min():.4g} to {array.max():.4g}"
    if array.dtype.kind == "f":
        array = np.strings.mod("%.5g", array).astype(float)
    return str(array.tolist())
