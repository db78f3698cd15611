"""Small mechanical mistakes: one operator, number, index or call of a function is changed.

A hidden test that passes all of them tests nothing; test_exercises.py runs every one. And people
make the same slips: `check` names them by what they return.
"""

import ast
import warnings
from collections.abc import Callable, Iterator
from copy import deepcopy
from types import CodeType
from typing import Any, NamedTuple

OPERATORS: dict[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
PAIRS = ["min max", "minimum maximum", "argmin argmax", "floor ceil", "any all", "sum mean"]
PAIRS += ["cumsum cumprod", "zeros ones", "zeros_like ones_like"]
SWAPPED = {a: b for pair in PAIRS for a, b in (pair.split(), reversed(pair.split()))}
LEFT_OUT = {"sqrt", "abs", "square", "log", "exp", "copy", "floor", "ceil"}
SYMMETRIC = {"min", "max", "minimum", "maximum", "hypot"}

# A mutant may loop forever. It is stopped after far more turns than a solution takes.
TURNS = 100_000
TURN = "__turn__"


NAMES = {
    "sqrt": "a square root left out",
    "abs": "an absolute value left out",
    "square": "a square left out",
    "log": "a logarithm left out",
    "exp": "an exponential left out",
    "copy": "a copy left out",
    "floor": "rounding down left out",
    "ceil": "rounding up left out",
}


class Mutant(NamedTuple):
    """A changed function: what the slip is, the line that differs, and the code that defines it."""

    slip: str
    line: str
    code: CodeType


def mutants(source: str, more: bool = False) -> list[Mutant]:
    """Every different mutant of the one function in `source`.

    With `more` also those that exchange whole arguments and results: people make these slips,
    though the operators prove the tests well enough.
    """
    tree = ast.parse(source)
    function = next(node for node in tree.body if isinstance(node, ast.FunctionDef))
    original = ast.unparse(function).splitlines()
    found: dict[str, Mutant] = {}
    places = {id(part): slip for part, slip in known_places(function)}

    def add(slip: str, text: str) -> None:
        lines = text.splitlines()
        if lines != original and text not in found:
            line = next(a for a, b in zip(lines, [*original, ""], strict=False) if a != b)
            found[text] = Mutant(slip, line.strip(), limited(text))

    for node in [node for statement in function.body for node in ast.walk(statement)]:
        for new, slip in [*changes(node), *(more_changes(node) if more else ())]:
            slip = places.get(id(node), slip)
            Replace(node, new).visit(function)
            add(slip, ast.unparse(function))
            Replace(new, node).visit(function)
    if more:
        for slip, changed in with_other_arguments(function):
            add(slip, ast.unparse(changed))
    return list(found.values())


def known_places(function: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """The numbers of which more can be said than that they are one too large or too small."""
    for node in ast.walk(function):
        match node:
            case ast.keyword("axis", value):
                yield value, "taken along another axis"
            case ast.Subscript(slice=index):
                yield from ((part, "an index off by one") for part in ast.walk(index))
            case ast.BinOp(_, ast.Pow(), power):
                yield from ((part, "another exponent") for part in ast.walk(power))
            case ast.Compare(left, _, rest):
                sides = left, *rest
                constants = (side for side in sides if isinstance(side, ast.Constant))
                yield from ((side, "another limit") for side in constants)


class Replace(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(node)


def changes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """What may stand in the place of a node, and what slip that is."""
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value), "a true and a false exchanged"
        case ast.Constant(value=int(value) | float(value)):
            yield ast.Constant(value + 1), "a number or count one too large"
            yield ast.Constant(value - 1), "a number or count one too small"
        case ast.BinOp(left, op, right):
            if type(op) in OPERATORS:
                yield ast.BinOp(left, OPERATORS[type(op)](), right), exchanged(op)
            yield left, left_out(op, right)
            if isinstance(op, ast.Add | ast.Sub | ast.Mult):
                yield right, left_out(op, left)
        case ast.AugAssign(target, op, value):
            if type(op) in OPERATORS:
                yield ast.AugAssign(target, OPERATORS[type(op)](), value), exchanged(op)
            yield ast.Pass(), "a statement of a loop left out"
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield operand, "a sign turned"
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand, "a condition turned round"
        case ast.BoolOp(op, values):
            yield ast.BoolOp(OPERATORS[type(op)](), values), "`and` and `or` exchanged"
        case ast.Compare(left, [op], right) if type(op) in OPERATORS:
            border = "a border case decided the other way: < and ≤ exchanged, or > and ≥"
            slip = "a condition turned round" if isinstance(op, ast.Eq | ast.NotEq) else border
            yield ast.Compare(left, [OPERATORS[type(op)]()], right), slip
        case ast.Subscript(value, ast.Name() as index, ctx):
            for op in (ast.Add(), ast.Sub()):
                new = ast.Subscript(value, ast.BinOp(index, op, ast.Constant(1)), ctx)
                yield new, "an index off by one"
        case ast.Call(func, args, keywords):
            yield from changed_calls(func, args, keywords)


def exchanged(op: ast.AST) -> str:
    """The slip of an operator in another's place."""
    return {
        ast.Add: "a minus where a plus belongs",
        ast.Sub: "a plus where a minus belongs",
        ast.Mult: "a division where a product belongs",
        ast.Div: "a product where a division belongs",
        ast.Pow: "a product where a power belongs",
        ast.FloorDiv: "a division without rounding down",
    }[type(op)]


def left_out(op: ast.AST, gone: ast.AST) -> str:
    """The slip of an operator that was forgotten with one of its sides."""
    match op, gone:
        case ast.Pow(), ast.Constant(value=0.5):
            return "a square root left out"
        case ast.Pow(), ast.Constant(value=2):
            return "a square left out"
        case ast.Sub(), ast.Constant(value=1):
            return "x for 1 − x, or for x − 1"
        case ast.Add(), ast.Constant(value=1):
            return "a + 1 left out"
        case ((ast.Add() | ast.Sub()), _):
            return f"a term of a sum left out{naming(gone)}"
        case ast.Pow(), _:
            return f"a power left out{naming(gone)}"
    return f"a factor or divisor left out{naming(gone)}"


def naming(gone: ast.AST) -> str:
    """The argument that a piece of code is made of, where it is one alone."""
    match gone:
        case ast.Name(name):
            return f": `{name}`"
    return ""


def changed_calls(
    func: ast.expr, args: list[ast.expr], keywords: list[ast.keyword]
) -> Iterator[tuple[ast.AST, str]]:
    """A call of the opposite function, without the function, or with two arguments exchanged."""
    match func:
        case ast.Attribute(owner, name):
            opposite: ast.expr = ast.Attribute(owner, SWAPPED.get(name, name), func.ctx)
        case ast.Name(name):
            owner, opposite = None, ast.Name(SWAPPED.get(name, name), func.ctx)
        case _:
            return
    if name in SWAPPED:
        yield ast.Call(opposite, args, keywords), f"`{SWAPPED[name]}` where `{name}` belongs"
    if name in LEFT_OUT and (args or owner):
        yield (args[0] if args else owner), NAMES[name]
    if name not in SYMMETRIC:
        for i in range(len(args) - 1):
            new = [*args[:i], args[i + 1], args[i], *args[i + 2 :]]
            yield ast.Call(func, new, keywords), "two arguments of a call exchanged"


def more_changes(node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """What people mistake beside single operators."""
    match node:
        case ast.BinOp(left, ast.MatMult(), right):
            new = ast.BinOp(left, ast.Mult(), right)
            yield new, "an elementwise product where the matrix product `@` belongs"
        case ast.BinOp(
            ast.BinOp(a, ast.Add() | ast.Sub() as plus, b), ast.Mult() | ast.Div() as op, c
        ):
            yield ast.BinOp(a, plus, ast.BinOp(b, op, c)), "brackets round a sum left out"
        case ast.BinOp(
            c, ast.Mult() | ast.Div() as op, ast.BinOp(a, ast.Add() | ast.Sub() as plus, b)
        ):
            yield ast.BinOp(ast.BinOp(c, op, a), plus, b), "brackets round a sum left out"
        case ast.BinOp(c, ast.Div(), ast.BinOp(a, ast.Mult(), b)):
            new = ast.BinOp(ast.BinOp(c, ast.Div(), a), ast.Mult(), b)
            yield new, "brackets round a product left out"
        case ast.Return(ast.Tuple([a, b], ctx)):
            yield ast.Return(ast.Tuple([b, a], ctx)), "the two results exchanged"
        case ast.IfExp(test, body, orelse):
            yield ast.IfExp(test, orelse, body), "a condition turned round"
        case ast.If(test, body, orelse):
            turned = ast.UnaryOp(ast.Not(), test)
            yield ast.If(turned, body, orelse), "a condition turned round"
            yield ast.If(ast.Constant(True), body, orelse), "a condition not looked at"
            if not orelse:
                yield ast.Pass(), "a case left out that a condition asks for"
        case ast.Call(ast.Name("range"), [end], keywords):
            for op, slip in ((ast.Add(), "too many"), (ast.Sub(), "too few")):
                end_off = ast.BinOp(end, op, ast.Constant(1))
                new = ast.Call(ast.Name("range", ast.Load()), [end_off], keywords)
                yield new, f"one turn of a loop {slip}"
        case ast.Call(func, args, keywords) if any(key.arg == "axis" for key in keywords):
            others = [key for key in keywords if key.arg != "axis"]
            yield ast.Call(func, args, others), "taken over all axes together"


def with_other_arguments(function: ast.FunctionDef) -> Iterator[tuple[str, ast.FunctionDef]]:
    """The function with one argument not used, off by one or turned, or with two exchanged."""
    names = [argument.arg for argument in function.args.args]
    for i, name in enumerate(names):
        load = ast.Name(name, ast.Load())
        changed = {
            f"`{name}` taken for 0": ast.Constant(0),
            f"`{name}` taken for 1": ast.Constant(1),
            f"`{name}` + 1 for `{name}`": ast.BinOp(load, ast.Add(), ast.Constant(1)),
            f"`{name}` − 1 for `{name}`": ast.BinOp(load, ast.Sub(), ast.Constant(1)),
            f"the sign of `{name}` turned": ast.UnaryOp(ast.USub(), load),
            f"1 − `{name}` for `{name}`": ast.BinOp(ast.Constant(1), ast.Sub(), load),
            f"the square of `{name}` for `{name}`": ast.BinOp(load, ast.Pow(), ast.Constant(2)),
            f"the root of `{name}` for `{name}`": ast.BinOp(load, ast.Pow(), ast.Constant(0.5)),
            f"the double of `{name}` for `{name}`": ast.BinOp(ast.Constant(2), ast.Mult(), load),
            f"half of `{name}` for `{name}`": ast.BinOp(load, ast.Div(), ast.Constant(2)),
        }
        for slip, value in changed.items():
            yield slip, Renamed({name: value}).visit(deepcopy(function))
        for other in names[:i]:
            swapped = {name: ast.Name(other, ast.Load()), other: load}
            yield f"`{other}` and `{name}` exchanged", Renamed(swapped).visit(deepcopy(function))
            for a, b in ((name, other), (other, name)):
                value = {b: ast.Name(a, ast.Load())}
                yield f"`{a}` where `{b}` belongs", Renamed(value).visit(deepcopy(function))


class Renamed(ast.NodeTransformer):
    """Puts values in the place of names that are read."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self.values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        reads = isinstance(node.ctx, ast.Load)
        return self.values.get(node.id, node) if reads else node


def limited(source: str) -> CodeType:
    """Compile a function so that every turn of its loops calls TURN."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.While):
            node.body.insert(0, ast.Expr(ast.Call(ast.Name(TURN, ast.Load()), [], [])))
    with warnings.catch_warnings(action="ignore", category=SyntaxWarning):  # of `1[i]`, say
        return compile(ast.fix_missing_locations(tree), "a mutant", "exec")


def turns() -> Callable[[], None]:
    """What a mutant's loops call: it raises when there were too many turns."""
    left = iter(range(TURNS))

    def turn() -> None:
        if next(left, None) is None:
            raise TimeoutError("this mutant does not come to an end")

    return turn
