"""Which fault of the catalogue, or which slip in a right answer, gives the results of an answer."""

from dataclasses import replace
from typing import Any

import numpy as np

from course_lib.feedback.asking import Answer
from course_lib.feedback.comparing import fingerprints
from course_lib.language import N_, _, around_code
from course_lib.require import Array

Task = dict[str, Any]
Fault = tuple[str, str, str]  # its name, what is told of it, and the paragraph to read

SLIP = N_("Your results are those of a right answer with this one slip.")


def known(task: Task, answers: list[Answer]) -> Fault | None:
    """Return the misconception of the catalogue that gives all results.

    Where some cases raise an exception the others must be half of all, and wrong.
    """
    places = [at for at, answer in enumerate(answers) if not answer.error]
    whole = [answers[at] for at in places]
    if 2 * len(whole) < len(task["cases"]) or all(answer.right for answer in whole):
        return None
    got = columns(whole)
    for entry in task["misconceptions"]:
        if any(all(equal(prints, got, places)) for prints in entry["prints"]):
            return of_the_catalogue(entry, "")
    return None


def slip(task: Task, answers: list[Answer]) -> Fault | None:
    """Return the slip that gives all results; else the fault that gives the first wrong result."""
    got, places = columns(answers), [*range(len(answers))]
    for name, slips in task["slips"].items():
        if any(all(equal(prints, got, places)) for prints in slips):
            return slipped(name), _(SLIP), ""
    right = columns([replace(answer, result=answer.expected) for answer in answers])
    if len(got) == 1 or len(got) != len(right):
        return None
    at = equal([column[:, 0] for column in right], got, places).index(False)
    which = _(", in result {at} of {count}", at=at + 1, count=len(got))

    def found(prints: list[list[float]]) -> bool:
        return len(prints) == len(got) and equal(prints, got, places)[at]

    for entry in task["misconceptions"]:
        if any(map(found, entry["prints"])):
            return of_the_catalogue(entry, which)
    named = (name for name, slips in task["slips"].items() if any(map(found, slips)))
    return next(((slipped(name) + which, _(SLIP), "") for name in named), None)


def of_the_catalogue(entry: dict[str, Any], which: str) -> Fault:
    """Return what is told of a misconception."""
    name, explanation = entry["name"], entry["explanation"]
    told = _("Your results are those of this fault: {explanation}", explanation=_(explanation))
    return _(name) + which, told, entry["read"]


def slipped(name: str) -> str:
    """Return the name of a slip, or of two that give the same results."""
    return _(", or ").join(map(around_code, name.split(", or ")))


def columns(answers: list[Answer]) -> list[Array]:
    """Return the fingerprints of each of several results, or of the only one."""
    counts = {len(a.expected) if isinstance(a.expected, list) else 1 for a in answers}
    several = counts.pop() if len(counts) == 1 else 1
    return fingerprints([answer.result for answer in answers], several)


def equal(prints: list[Any], got: list[Array], places: list[int]) -> list[bool]:
    """Return for each result whether its numbers are these in the cases at these places.

    A number that rounding decides (NaN) is any; a result that holds no other is none.
    """
    if len(prints) != len(got):
        return [False]
    found = []
    for all_cases, column in zip(prints, got, strict=True):
        own = np.array(all_cases)[places]
        close = np.abs(own - column[:, 0]) <= column[:, 1]
        found.append(bool(np.any(close) and np.all(close | np.isnan(own))))
    return found
