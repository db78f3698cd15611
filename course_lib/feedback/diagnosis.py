"""What an answer lacks: the first finding, from "not written yet" to "wrong at [3, 0]".

A task comes as data (checks/*.json): cases with arguments and expected results, and what each
known misconception returns in them. A right implementation is not needed here, and not there.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from course_lib.feedback.asking import Answer, ask
from course_lib.feedback.comparing import agree, close, numbers, parts
from course_lib.feedback.faults import Task, known, slip
from course_lib.feedback.library_used import LIBRARY, library_used
from course_lib.feedback.patterns import (
    BROKEN,
    WHOLE,
    broken,
    in_arguments,
    in_numbers,
    in_order,
    in_shape,
    in_words,
)
from course_lib.feedback.words import describe, difference, expected_got, short
from course_lib.language import N_, _


@dataclass(frozen=True)
class Finding:
    """A headline, the sentences below it, and the paragraph to read: notebook#Anchor."""

    headline: str
    details: tuple[str, ...] = ()
    read: str = ""


# What NumPy and Python say, and what it mostly comes from.
MEANT = {
    "truth value of an array": N_(
        "`if`, `and` and `min` decide for one number. For arrays: np.where, `&`, np.minimum."
    ),
    "only length-1 arrays": N_(
        "A function for one number was given an array: np has one for arrays."
    ),
    "only 0-dimensional arrays": N_(
        "A function for one number was given an array: np has one for arrays."
    ),
    "operands could not be broadcast": N_("Two arrays have shapes that do not fit each other."),
    "mismatch in its core dimension": N_("The lengths of the two factors of `@` do not fit."),
    "inhomogeneous shape": N_("An array was to be made of rows of different lengths."),
    "Cannot cast ufunc": N_(
        "An array of whole numbers cannot hold a fraction: make a float of it."
    ),
    "NoneType": N_("Something is None: does a function end without `return`?"),
    "is not defined": N_("A name is misspelt, or is made only after it is used."),
    "not associated with a value": N_("A name is made only in a branch that was not taken."),
    "out of bounds": N_("An index goes beyond the end."),
    "list index out of range": N_("An index goes beyond the end."),
    "division by zero": N_("Is there a case that has to be looked at before the division?"),
    "positional argument": N_(
        "The function must take the arguments of the exercise, in their order."
    ),
    "integer argument": N_("Where a whole number is needed there is another one."),
    "cannot be interpreted as an integer": N_(
        "Where a whole number is needed there is another one."
    ),
    "numpy.float64' object is not": N_(
        "One number is treated as if it were an array or a function."
    ),
    "'float' object": N_("One number is treated as if it were an array or a function."),
    "'int' object": N_("One number is treated as if it were an array or a function."),
    "assignment destination is read-only": N_("An argument is written to: make a copy first."),
}

NO_LIBRARY = N_(
    "There the task is solved already, so the grader does not have it. Write it out with NumPy; "
    "course_lib.data and course_lib.network may be used."
)
AGAIN = N_(
    "Asked again with the same arguments it gives another result. Is something kept from call to "
    "call, in a global name, an attribute or a default such as `m=[]`? Or is a random number drawn?"
)


def examine(task: Task, function: Callable[..., Any]) -> Finding | None:
    """Call the function on every case and return the first finding, None if it is right."""
    if part := library_used(function):
        return uses(part)
    answers: list[Answer] = []
    for case in task["cases"]:
        answers.append(ask(function, case, task.get("view", "")))
        if isinstance(answers[-1].error, NotImplementedError | KeyboardInterrupt):
            break
    else:
        if finding := remembering(task, function, answers):
            return finding
        if all(answer.right for answer in answers):
            return None
    for look in (unwritten, changed, misconceived, raised, unlike, wrong):
        if finding := look(task, answers):
            return finding
    return None


def uses(module: str) -> Finding:
    """It uses what the grader does not have: a part of the library, or another package."""
    if module.startswith(f"{LIBRARY}."):
        return Finding(_("it uses {module}", module=module), (_(NO_LIBRARY),))
    said = _(
        "it uses {module}, which is not among the packages that a task may import", module=module
    )
    return Finding(said)


# Findings, in the order in which they are looked for


def unwritten(task: Task, answers: list[Answer]) -> Finding | None:
    """The function, or one that it calls, still raises what the exercise was handed out with."""
    error = answers[-1].error
    if not isinstance(error, NotImplementedError):
        return None
    called = traceback.extract_tb(error.__traceback__)[2:]  # after `ask` and the function
    if not called:
        return not_written()
    said = _("it calls `{name}`, which is not written yet", name=called[-1].name)
    return Finding(said, (_("Write that one first."),))


def not_written() -> Finding:
    """The exercise as it was handed out."""
    where = _("Your code goes where NotImplementedError is raised.")
    return Finding(_("not written yet"), (where,))


def raised(task: Task, answers: list[Answer]) -> Finding | None:
    """The function raised something, or was interrupted."""
    failed = [answer for answer in answers if answer.error]
    if not failed:
        return None
    first, last = failed[0], failed[-1]
    if isinstance(last.error, KeyboardInterrupt):
        return Finding(_("interrupted"), (_("Does a loop never end?"), where(last)))
    kind = type(first.error).__name__
    sentence = f"{kind}: {first.error}" if str(first.error) else kind
    meant = _(next((meaning for said, meaning in MEANT.items() if said in sentence), ""))
    details = f"{sentence} {first.line}".strip(), meant, where(first)
    return Finding(
        _("it raises {kind}", kind=kind) + in_which(failed, answers), tuple(filter(None, details))
    )


def in_which(some: list[Answer], answers: list[Answer]) -> str:
    """Say in which cases something is so, an empty text if in all."""
    others = [answer for answer in answers if answer not in some]
    if not others:
        return ""
    if len(some) == 1:
        return _(" in “{case}”", case=_(some[0].case))
    common = in_arguments([a.arguments for a in some], [a.arguments for a in others])
    if common:
        return _(" {where}", where=common)
    return _(" in {some} of {all} cases", some=len(some), all=len(answers))


def changed(task: Task, answers: list[Answer]) -> Finding | None:
    """An argument was changed in place."""
    for answer in answers:
        if answer.changed:
            names = _(" and ").join(f"`{name}`" for name in answer.changed)
            sentence = _(
                "The caller still needs it. Work on a copy, or write x = x + 1 for x += 1."
            )
            said = _("it changes its argument {names}", names=names)
            return Finding(said, (sentence, where(answer)))
    return None


def remembering(task: Task, function: Callable[..., Any], answers: list[Answer]) -> Finding | None:
    """The same arguments give another result: something is kept from one call to the next."""
    # If all is right, one case that is asked again shows it.
    again_in = 1 if all(answer.right for answer in answers) else None
    for answer, case in zip(answers[:again_in], task["cases"], strict=False):
        if answer.error:
            continue
        again = ask(function, case, task.get("view", ""))
        if again.error or not alike(again.result, answer.result):
            return Finding(_("it remembers its earlier calls"), (_(AGAIN), where(answer)))
    return None


def alike(one: Any, other: Any) -> bool:
    """Whether two results of one function are the same."""
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(alike, one, other))
    return type(one) is type(other) and close(one, other)


def misconceived(task: Task, answers: list[Answer]) -> Finding | None:
    """Every result is that of a misconception in the catalogue."""
    if not (fault := known(task, answers)):
        return None
    name, told, read = fault
    if failed := [answer for answer in answers if answer.error]:
        which = in_which(failed, answers)
        return Finding(name, (told, _("It also raises an exception{which}.", which=which)), read)
    return Finding(name, (told,), read)


def unlike(task: Task, answers: list[Answer]) -> Finding | None:
    """A result is of another kind or shape than the docstring promises."""
    for answer in answers:
        if answer.unsuitable:
            sentences = answer.unsuitable, where(answer)
            return Finding(_("it returns another kind of result"), sentences)
    if exchanged := in_order([(a.result, a.expected) for a in answers]):
        return Finding(exchanged, (where(answers[0]),))
    for answer in answers:
        if mismatch := unlike_in(answer.result, answer.expected):
            nothing = [other for other in answers if other.result is None]
            which = in_which(nothing, answers) if answer in nothing else ""
            return Finding(mismatch.headline + which, (*mismatch.details, where(answer)))
    return None


def unlike_in(got: Any, expected: Any) -> Finding | None:
    """How one result differs in kind or shape from the expected one."""
    several = isinstance(expected, list)
    due = _("a tuple or list of {count}", count=len(expected)) if several else describe(expected)
    sentence = expected_got(due, describe(got, several))
    other_kind = Finding(_("it returns another kind of result"), (sentence,))
    if got is None and expected is not None:
        return Finding(_("it returns None"), (_("A function without `return` gives None."),))
    if isinstance(expected, list):
        split = parts(got)
        if split is not None and len(split) == len(expected):
            found = list(map(unlike_in, split, expected))
            at, mismatch = next(((i, f) for i, f in enumerate(found, 1) if f), (0, None))
            if mismatch is None:
                return None
            # The rows of an array may be the results. If they are not, it is a single one.
            if not isinstance(got, np.ndarray):
                which = _(", in result {at} of {count}", at=at, count=len(expected))
                return replace(mismatch, headline=mismatch.headline + which)
        return Finding(_("it returns another number of results"), (sentence,))
    if isinstance(expected, str | bool | None):
        alike = isinstance(got, type(expected) | np.bool)
        return None if alike else other_kind
    a, b = numbers(got), numbers(expected)
    if a is None or b is None or (a.dtype.kind == "b") != (b.dtype.kind == "b"):
        return other_kind
    if a.shape != b.shape:
        turned = a.ndim > 1 and a.T.shape == b.shape and np.all(agree(a.T, b))
        how = _("rows and columns exchanged") if turned else in_shape(a.shape, b.shape)
        return Finding(_("it returns {how}", how=how), (sentence,))
    return None


def wrong(task: Task, answers: list[Answer]) -> Finding:
    """Some values are wrong: say what they have in common, and show the first."""
    bad = [answer for answer in answers if not close(answer.result, answer.expected)]
    right = [answer for answer in answers if answer not in bad]
    pairs = [(answer.result, answer.expected) for answer in answers]
    first, which = (bad[0].result, bad[0].expected), ""
    if isinstance(bad[0].expected, list):
        at = [close(*pair) for pair in zip(parts(first[0]) or [], first[1], strict=True)].index(
            False
        )
        which = _(", in result {at} of {count}", at=at + 1, count=len(bad[0].expected))
        first, *pairs = [
            ((parts(got) or [])[at], expected[at])
            for got, expected in (first, *pairs)
            if at < len(expected)
        ]
    details = [where(bad[0]), difference(*first)]
    about = dict.fromkeys(answer.about for answer in bad)
    with np.errstate(all="ignore"):  # inf - inf and 0 · inf have nothing in common
        common = in_words(pairs) or in_numbers(pairs)
    # One border may fail by itself, or two; but two that every case has say nothing.
    few = len(about) == 1 or (len(about) == 2 and not all(a.about in about for a in answers))
    if right and all(about) and few and common != _(WHOLE):
        return Finding(_("; ").join(map(_, about)) + which, tuple(details))
    # Of few words many slips say the same.
    fault = None if isinstance(bad[0].expected, str | bool) else slip(task, answers)
    if fault and common != _(WHOLE):
        return Finding(fault[0], (fault[1], *details), fault[2])
    if right and len(bad) > 1 and not common:
        common = in_arguments([a.arguments for a in bad], [a.arguments for a in right])
        common = common and _("wrong {where}", where=common)
    if right and (common in map(broken, BROKEN) or (not common and min(len(right), len(bad)) > 1)):
        if len(right) < len(bad):
            details.append(_("Right in {cases}.", cases=quoted(right)))
        else:
            details.append(_("Wrong in {cases}.", cases=quoted(bad)))
    return Finding((common or extent(right, bad)) + which, tuple(details))


def extent(right: list[Answer], bad: list[Answer]) -> str:
    """How many cases are wrong, or which one it is."""
    if not right:
        return _("wrong in every case")
    if len(bad) == 1:
        return _("wrong only in {cases}", cases=quoted(bad))
    if len(right) == 1:
        return _("right only in {cases}", cases=quoted(right))
    return _("wrong in {some} of {all} cases", some=len(bad), all=len(right) + len(bad))


def quoted(answers: list[Answer]) -> str:
    """The names of cases."""
    return _(", ").join(f"“{_(answer.case)}”" for answer in answers)


def where(answer: Answer) -> str:
    """Name the case of an answer and show its arguments."""
    given = (f"{name} = {short(value)}" for name, value in answer.arguments.items())
    shown = _(", ").join(given)
    return _("Case “{case}”: {arguments}.", case=_(answer.case), arguments=shown)
