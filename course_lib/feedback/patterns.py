"""What wrong results have in common: in their numbers, in their words, in their shape."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course_lib.feedback.comparing import agree, close, parts
from course_lib.language import N_, _
from course_lib.require import Array

LONGEST = 60  # characters of a result
Pair = tuple[Any, Any]  # a result and the expected one


def in_words(pairs: list[Pair]) -> str:
    """Return which text or truth value stands where which belongs, if that is always the same."""
    if any(not isinstance(expected, str | bool) for _, expected in pairs):
        return ""
    wrong = [(said(got), str(expected)) for got, expected in pairs if not close(got, expected)]
    if all(got.strip().lower() == expected.lower() for got, expected in wrong):
        return _("the words are right but for capitals or blanks")
    same = {said(got) for got, _ in pairs}
    if len(same) == 1 and len(pairs) > 1:
        return _("it says “{word}” in every case", word=same.pop())
    if len(set(wrong)) == 1:
        return _("“{word}” where “{right}” belongs", word=wrong[0][0], right=wrong[0][1])
    if {*wrong} == {pair[::-1] for pair in wrong} and len(set(wrong)) == 2:
        return _("“{one}” and “{other}” are exchanged", one=wrong[0][0], other=wrong[0][1])
    return ""


def said(got: Any) -> str:
    """Return a result as text on one line, as much of it as a sentence can hold."""
    text = str(got)
    line = "".join(c if c.isprintable() else " " for c in text[:LONGEST])
    return line + "…" * (len(text) > LONGEST)


def in_order(pairs: list[Pair]) -> str:
    """Return which two of several results are exchanged in all cases, or an empty text."""
    several = [(parts(got), expected) for got, expected in pairs if isinstance(expected, list)]
    count = len(several[0][1]) if several else 0
    if any(got is None or not len(got) == len(e) == count for got, e in several):
        return ""
    for i in range(count):
        for j in range(i):
            order = [*range(count)]
            order[i], order[j] = j, i
            if all(close([(got or [])[at] for at in order], e) for got, e in several):
                return _("results {one} and {other} are exchanged", one=j + 1, other=i + 1)
    return ""


def in_shape(got: tuple[int, ...], expected: tuple[int, ...]) -> str:
    """Return how one shape differs from another."""
    if not expected:
        return _("an array where one number belongs")
    if not got:
        return _("one number where an array belongs")
    if [n for n in got if n != 1] == [n for n in expected if n != 1]:
        return _("an axis of length 1 too many or too few")
    if np.prod(got) == np.prod(expected):
        return _("as many numbers as expected, in another shape")
    if len(got) == len(expected):
        differ = [
            axis for axis, pair in enumerate(zip(got, expected, strict=True)) if len({*pair}) > 1
        ]
        if len(differ) == 1:
            more = got[differ[0]] - expected[differ[0]]
            many = _("one entry") if abs(more) == 1 else _("{count} entries", count=abs(more))
            if more > 0:
                return _("{entries} too many along axis {axis}", entries=many, axis=differ[0])
            return _("{entries} too few along axis {axis}", entries=many, axis=differ[0])
    if len(got) < len(expected):
        return _("an axis too few")
    return _("an axis too many") if len(got) > len(expected) else _("another shape")


def in_arguments(some: list[dict[str, Any]], others: list[dict[str, Any]]) -> str:
    """Return which property of an argument some cases have, and none of the others."""
    for name in some[0]:
        for told in properties(some[0][name]):
            shared = all(told in properties(each[name]) for each in some)
            if shared and not any(told in properties(each[name]) for each in others):
                return _("where `{name}` {told}", name=name, told=told)
    return ""


def properties(value: Any) -> list[str]:
    """Return what may be said of an argument, the plainest first."""
    if isinstance(value, str):
        return [_("is “{value}”", value=value)]
    if isinstance(value, list | None):
        return []
    array = np.asarray(value)
    if not array.ndim:
        return [_("is one number"), *[_("is 0")] * bool(array == 0)]
    return [
        _("is an array"),
        _("has {count} axes", count=array.ndim) if array.ndim > 1 else _("has one axis"),
        *[_("has one entry")] * (array.size == 1),
        *[_("has a 0 in it")] * bool(np.any(array == 0)),
        *[_("holds whole numbers")] * (array.dtype.kind in "iu"),
        _("has length {length}", length=len(array)),
    ]


WHOLE = N_("the result holds whole numbers only: make it float")
BROKEN = "NaN", "inf"
TRANSFORMED: dict[str, Callable[[Array], Any]] = {
    N_("every number is zero"): np.zeros_like,
    N_("the sign is turned"): np.negative,
    N_("every number is the square of the right one"): np.square,
    N_("every number is the root of the right one"): np.sqrt,
    N_("every number is 1 divided by the right one"): np.reciprocal,
    N_("every number is 1 minus the right one"): lambda e: 1 - e,
    N_("every number has lost its sign"): np.abs,
    N_("every number is the logarithm of the right one"): np.log,
    N_("every number is the exponential of the right one"): np.exp,
    N_("every number is rounded down"): np.floor,
    N_("every number is rounded up"): np.ceil,
    N_("every number is rounded to the nearest whole one"): np.rint,
    N_("the order is reversed"): lambda e: e[::-1] if e.ndim else e,
    N_("the numbers are summed up along the first axis"): lambda e: (
        np.cumsum(e, 0) if e.ndim else e
    ),
}

SURE = "every number is zero", "the sign is turned"


def in_numbers(pairs: list[Pair]) -> str:
    """Return what the wrong numbers have in common in all cases, or an empty text."""
    if any(np.asarray(value).dtype.kind not in "iuf" for pair in pairs for value in pair):
        return ""
    arrays = [(np.asarray(got), np.array(expected, float)) for got, expected in pairs]
    wrong = [pair for pair in arrays if not np.all(agree(*pair))]
    got, expected = wrong[0]
    for what, is_it in zip(BROKEN, (np.isnan, np.isinf), strict=True):
        if any(np.any(np.isfinite(e) & is_it(g)) for g, e in wrong):
            return broken(what)
    largest = np.argmax(np.abs(np.where(np.isfinite(expected), expected, 0)))
    one, other = got.flat[largest], expected.flat[largest]
    ratio, excess = one / other if other else 0.0, one - other
    # A single number may be the double or the square of the right one by chance.
    enough = len(np.unique(np.concatenate([e[~agree(g, e)] for g, e in wrong]))) > 1
    rules = general(ratio, excess)
    rules = (rules if enough else {_(name): rules[_(name)] for name in SURE}) | by_index(got)
    for sentence, rule in rules.items():
        if all(np.all(rule(*pair)) for pair in arrays):
            return sentence
    return off_by_one(wrong) or in_place(wrong) or nearly(wrong)


def broken(what: str) -> str:
    """Say that NaN or inf stands in the place of a number."""
    return _("{what} where a number belongs", what=what)


def general(ratio: float, excess: float) -> dict[str, Callable[[Array, Array], Any]]:
    """Return the rules that numbers of every shape may follow."""

    def transformed(change: Callable[[Array], Any]) -> Callable[[Array, Array], Any]:
        def rule(got: Array, expected: Array) -> Any:
            # How much may be rounding is measured by the expected numbers, not by these.
            off = got - np.asarray(change(expected))
            return agree(np.asarray(expected + off), expected) | np.isinf(expected)

        return rule

    off = _("every number is too large by {off:.4g}", off=excess)
    if excess < 0:
        off = _("every number is too small by {off:.4g}", off=-excess)
    return {
        _(WHOLE): lambda g, e: agree(g, e) | (g == np.trunc(e)) & (g.dtype.kind in "iu"),
        **{_(sentence): transformed(change) for sentence, change in TRANSFORMED.items()},
        _("every number is {ratio:.4g} times the right one", ratio=ratio): lambda g, e: agree(
            g, ratio * e
        ),
        off: lambda g, e: agree(g, e + excess) & ~agree(g, e) | ~np.isfinite(e),
        _("rows and columns are exchanged"): lambda g, e: g.T.shape == e.shape and agree(g.T, e),
    }


def by_index(got: Array) -> dict[str, Callable[[Array, Array], Any]]:
    """Return the rules that the rows of an array may follow."""
    rules: dict[str, Callable[[Array, Array], Any]] = {}
    if got.ndim and len(got) > 2:
        rules |= {
            _("every entry comes one index late"): lambda g, e: g.ndim == 0 or agree(g[1:], e[:-1]),
            _("every entry comes one index early"): lambda g, e: (
                g.ndim == 0 or agree(g[:-1], e[1:])
            ),
        }
    if got.ndim > 1:
        last = _("every row is the last one: store copies, not the same array again")
        rules[last] = lambda g, e: g.ndim < 2 or agree(g, e) | agree(g, e[-1:])
    return rules


def off_by_one(wrong: list[tuple[Array, Array]]) -> str:
    """Return whether whole numbers are one too many, or one too few, wherever they are wrong."""
    off = np.concatenate([np.ravel(g - e)[~np.ravel(agree(g, e))] for g, e in wrong])
    if not all(np.all(e[np.isfinite(e)] % 1 == 0) for _, e in wrong):
        return ""
    if np.all(off == 1):
        return _("one too many wherever it is wrong")
    return _("one too few wherever it is wrong") if np.all(off == -1) else ""


def nearly(wrong: list[tuple[Array, Array]]) -> str:
    """Return whether all wrong numbers are close to the right ones."""
    if all(np.allclose(g, e, rtol=0.01, atol=0, equal_nan=True) for g, e in wrong):
        return _("nearly right, to within 1 %: rounded, or ended too early")
    return ""


def in_place(wrong: list[tuple[Array, Array]]) -> str:
    """Return where in an array the wrong numbers stand, or what is right there."""
    bad = [~agree(g, e) for g, e in wrong]
    right = [e[b] for b, (_, e) in zip(bad, wrong, strict=True)]
    if any(np.any(~b) for b in bad):
        missed = np.concatenate(right)
        for sentence, holds in {
            _("wrong only where 0 is right"): missed == 0,
            _("wrong only where inf is right"): np.isinf(missed),
            _("wrong only where NaN is right"): np.isnan(missed),
        }.items():
            if np.all(holds):
                return sentence
    if not all(b.ndim and len(b) > 1 for b in bad):
        return ""
    rows = [np.any(b.reshape(len(b), -1), axis=1) for b in bad]
    if all(np.all(r == (np.arange(len(r)) > 0)) for r in rows):
        return _("only the first is right")
    if all(r[-1] and r.sum() == 1 for r in rows):
        return _("only the last is wrong")
    if all(r[0] and r.sum() == 1 for r in rows):
        return _("only the first is wrong")
    first = rows[0].argmax()
    if first and all(len(r) > first and np.all(r == (np.arange(len(r)) >= first)) for r in rows):
        return _("right before index {at}, wrong from there on", at=first)
    if all(b.ndim > 1 and not np.any(b[..., 0]) for b in bad):
        return _("only the first of the last axis is right")
    return ""
