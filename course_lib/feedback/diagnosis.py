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

from course_lib.feedback.comparing import agree, close, decode, fingerprints, numbers, parts, same
from course_lib.feedback.library_used import library_used
from course_lib.feedback.patterns import in_arguments, in_numbers, in_order, in_shape, in_words
from course_lib.feedback.views import VIEWS
from course_lib.require import Array
from course_lib.values import NotPlain, plain

Task = dict[str, Any]


@dataclass(frozen=True)
class Finding:
    """A headline, the sentences below it, and the paragraph to read: notebook#Anchor."""

    headline: str
    details: tuple[str, ...] = ()
    read: str = ""


NOT_WRITTEN = Finding("not written yet", ("Your code goes where NotImplementedError is raised.",))
# What NumPy and Python say, and what it mostly comes from.
MEANT = {
    "truth value of an array": "`if`, `and` and `min` decide for one number. For arrays: np.where, "
    "`&`, np.minimum.",
    "only length-1 arrays": "A function for one number was given an array: np has one for arrays.",
    "only 0-dimensional arrays": "A function for one number was given an array: np has one for "
    "arrays.",
    "operands could not be broadcast": "Two arrays have shapes that do not fit each other.",
    "mismatch in its core dimension": "The lengths of the two factors of `@` do not fit.",
    "inhomogeneous shape": "An array was to be made of rows of different lengths.",
    "Cannot cast ufunc": "An array of whole numbers cannot hold a fraction: make a float of it.",
    "NoneType": "Something is None: does a function end without `return`?",
    "is not defined": "A name is misspelt, or is made only after it is used.",
    "not associated with a value": "A name is made only in a branch that was not taken.",
    "out of bounds": "An index goes beyond the end.",
    "list index out of range": "An index goes beyond the end.",
    "division by zero": "Is there a case that has to be looked at before the division?",
    "positional argument": "The function must take the arguments of the exercise, in their order.",
    "integer argument": "Where a whole number is needed there is another one.",
    "cannot be interpreted as an integer": "Where a whole number is needed there is another one.",
    "numpy.float64' object is not": "One number is treated as if it were an array or a function.",
    "'float' object": "One number is treated as if it were an array or a function.",
    "'int' object": "One number is treated as if it were an array or a function.",
    "assignment destination is read-only": "An argument is written to: make a copy first.",
}


@dataclass(frozen=True, eq=False)
class Answer:
    """What a function made of one case."""

    case: str
    arguments: dict[str, Any]
    expected: Any
    about: str = ""
    result: Any = None
    error: BaseException | None = None
    line: str = ""
    changed: tuple[str, ...] = ()
    unsuitable: str = ""  # why the result cannot be compared at all

    @property
    def right(self) -> bool:
        """Whether it is all that was asked for."""
        done = not (self.error or self.changed or self.unsuitable)
        return done and close(self.result, self.expected)


def examine(task: Task, function: Callable[..., Any]) -> Finding | None:
    """Call the function on every case and return the first finding, None if it is right."""
    answers: list[Answer] = []
    for case in task["cases"]:
        answers.append(ask(function, case, task.get("view", "")))
        if answers[-1].error:
            break
    right = all(answer.right for answer in answers)
    if part := library_used(function):
        return Finding(f"it uses {part}", (NO_LIBRARY,))
    ended = isinstance(answers[-1].error, NotImplementedError | KeyboardInterrupt)
    if not ended and (finding := remembering(task, function, answers, right)):
        return finding
    if right:
        return None
    for look in (unwritten, changed, raised, known, unlike, wrong):
        if finding := look(task, answers):
            return finding
    return None


NO_LIBRARY = (
    "There the task is solved already, so the grader does not have it. Write it out with NumPy; "
    "course_lib.data and course_lib.network may be used."
)


def ask(function: Callable[..., Any], case: dict[str, Any], view: str = "") -> Answer:
    """Call the function with copies of a case's arguments; whatever it raises becomes data."""
    arguments = {name: decode(value) for name, value in case["arguments"].items()}
    known = case["name"], arguments, decode(case["expected"]), case.get("about", "")
    copies = deepcopy(arguments)
    result, unsuitable = None, ""
    try:
        given = function(*copies.values())
        try:
            # A copy: a function may keep what it returns, and change it at the next call.
            result = plain(given)
            result = VIEWS[view](result) if view else result
        except NotPlain as no:
            size = " Of a complex number np.abs gives the size." * ("complex" in str(no))
            unsuitable = f"Expected {describe(known[2])}, got {no}.{size}"
        except (TypeError, ValueError) as error:  # the view's own
            unsuitable = str(error)
    except BaseException as error:  # an interrupt and sys.exit too: a check never raises
        return Answer(*known, error=error, line=own_line(function, error))
    changed = tuple(name for name in arguments if not same(arguments[name], copies[name]))
    return Answer(*known, result=result, changed=changed, unsuitable=unsuitable)


def own_line(function: Callable[..., Any], error: BaseException) -> str:
    """Where in the learner's own code an exception came from, as far as that is known."""
    file = getattr(getattr(function, "__code__", None), "co_filename", None)
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    if not own:
        return ""
    return f"in line {own[-1].lineno} of its cell" + f": `{own[-1].line}`" * bool(own[-1].line)


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
    meant = next((meaning for said, meaning in MEANT.items() if said in sentence), "")
    before = all(answer.right for answer in answers[:-1])
    only = f": {last.about}" if last.about else f" in “{last.case}”"
    only *= len(answers) > 1 and before
    details = f"{sentence} {last.line}".strip(), meant, where(last)
    return Finding(f"it raises {kind}{only}", tuple(filter(None, details)))


def changed(task: Task, answers: list[Answer]) -> Finding | None:
    """An argument was changed in place."""
    for answer in answers:
        if answer.changed:
            names = " and ".join(f"`{name}`" for name in answer.changed)
            sentence = "The caller still needs it. Work on a copy, or write x = x + 1 for x += 1."
            return Finding(f"it changes its argument {names}", (sentence, where(answer)))
    return None


def remembering(
    task: Task, function: Callable[..., Any], answers: list[Answer], right: bool
) -> Finding | None:
    """The same arguments give another result: something is kept from one call to the next."""
    for answer, case in zip(answers, task["cases"][: 1 if right else None], strict=False):
        if answer.error:
            return None
        again = ask(function, case, task.get("view", ""))
        if again.error or not alike(again.result, answer.result):
            sentence = (
                "Asked again with the same arguments it gives another result. Is something kept "
                "from call to call, in a global name, an attribute or a default such as `m=[]`? Or "
                "is a random number drawn?"
            )
            return Finding("it remembers its earlier calls", (sentence, where(answer)))
    return None


def alike(one: Any, other: Any) -> bool:
    """Whether two results of one function are the same."""
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and close(one, other)


def known(task: Task, answers: list[Answer]) -> Finding | None:
    """Every result is that of a misconception in the catalogue."""
    got = columns(answers)
    for entry in task["misconceptions"]:
        if any(all(equal(prints, got)) for prints in entry["prints"]):
            return of_the_catalogue(entry, "")
    return None


def known_in_part(task: Task, answers: list[Answer]) -> Finding | None:
    """The first wrong one of several results is that of a misconception or slip in all cases."""
    got = columns(answers)
    right = columns([replace(answer, result=answer.expected) for answer in answers])
    if len(got) == 1 or len(got) != len(right):
        return None
    at = equal([column[:, 0] for column in right], got).index(False)
    which = f", in result {at + 1} of {len(got)}"

    def found(prints: list[list[float]]) -> bool:
        return len(prints) == len(got) and equal(prints, got)[at]

    for entry in task["misconceptions"]:
        if any(map(found, entry["prints"])):
            return of_the_catalogue(entry, which)
    for name, slips in task["slips"].items():
        if any(map(found, slips)):
            return Finding(name + which, (SLIP,))
    return None


def of_the_catalogue(entry: dict[str, Any], which: str) -> Finding:
    """Return what is told of a misconception."""
    explanation = f"Your results are those of this fault: {entry['explanation']}"
    return Finding(entry["name"] + which, (explanation,), entry["read"])


def slip(task: Task, answers: list[Answer]) -> str:
    """Return the name of the slip that gives these results, an empty text if none does."""
    got = columns(answers)
    for name, slips in task["slips"].items():
        if any(all(equal(prints, got)) for prints in slips):
            return str(name)
    return ""


def columns(answers: list[Answer]) -> list[Array]:
    """Return the fingerprints of each of several results, or of the only one."""
    counts = {len(a.expected) if isinstance(a.expected, list) else 1 for a in answers}
    several = counts.pop() if len(counts) == 1 else 1
    return fingerprints([answer.result for answer in answers], several)


def equal(prints: list[Any], got: list[Array]) -> list[bool]:
    """Return for each result whether its numbers are these in all cases."""
    if len(prints) != len(got):
        return [False]
    off = (
        np.abs(own - column[:, 0]) <= column[:, 1] for own, column in zip(prints, got, strict=True)
    )
    return [bool(np.all(each)) for each in off]


def unlike(task: Task, answers: list[Answer]) -> Finding | None:
    """A result is of another kind or shape than the docstring promises."""
    for answer in answers:
        if answer.unsuitable:
            sentences = answer.unsuitable, where(answer)
            return Finding("it returns another kind of result", sentences)
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
        how = "rows and columns exchanged" if turned else in_shape(a.shape, b.shape)
        return Finding(f"it returns {how}", (sentence,))
    return None


def wrong(task: Task, answers: list[Answer]) -> Finding:
    """Some values are wrong: say what they have in common, and show the first."""
    bad = [answer for answer in answers if not close(answer.result, answer.expected)]
    right = [answer for answer in answers if answer not in bad]
    pairs, which = [(answer.result, answer.expected) for answer in answers], ""
    got, expected = bad[0].result, bad[0].expected
    several = isinstance(expected, list)
    if several:
        at = [close(*pair) for pair in zip(parts(got) or [], expected, strict=True)].index(False)
        which = f", in result {at + 1} of {len(expected)}"
        firsts = [(parts(result) or [], wanted) for result, wanted in pairs if at < len(wanted)]
        pairs = [(result[at], wanted[at]) for result, wanted in firsts]
        got, expected = (
            pairs[answers.index(bad[0])]
            if len(pairs) == len(answers)
            else (
                (parts(got) or [])[at],
                expected[at],
            )
        )
        if len(pairs) == len(answers) and (exchanged := in_order(firsts)):
            return Finding(exchanged, (where(bad[0]), difference(got, expected)))
    details = [where(bad[0]), difference(got, expected)]
    about = dict.fromkeys(answer.about for answer in bad)
    if right and all(about) and len(about) <= 2:
        return Finding("; ".join(about) + which, tuple(details))
    # Of few words many slips say the same.
    if not isinstance(bad[0].expected, str | bool):
        if found := slip(task, answers):
            return Finding(found, (SLIP, *details))
        if part := known_in_part(task, answers):
            return replace(part, details=(*part.details, *details))
    common = in_words(pairs) or in_numbers(pairs)
    if right and not common:
        common = in_arguments([a.arguments for a in bad], [a.arguments for a in right])
    if right and (common in BROKEN or (not common and min(len(right), len(bad)) > 1)):
        fewer = ("Right", right) if len(right) < len(bad) else ("Wrong", bad)
        details.append(f"{fewer[0]} in {quoted(fewer[1])}.")
    return Finding((common or extent(right, bad)) + which, tuple(details))


SLIP = "Your results are those of a right answer with this one slip."
BROKEN = "NaN where a number belongs", "inf where a number belongs"


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
    if array is not None and (array.ndim < 2 or not isinstance(value, tuple)):
        kind = "true or false" if array.dtype.kind == "b" else "numbers"
        return f"an array of {kind} of shape {array.shape}" if array.ndim else "a number"
    if isinstance(value, list | tuple):
        return f"a {type(value).__name__} of {len(value)}: {', '.join(map(describe, value[:4]))}"
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
