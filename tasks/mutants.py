"""Small mechanical mistakes: one operator, number, index or call of a function is changed.

A hidden test that passes all of them tests nothing; test_exercises.py runs every one.
"""

import ast
from collections.abc import Callable, Iterator
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


class Mutant(NamedTuple):
    """A changed function: the line that differs, and the code that defines it."""

    line: str
    code: CodeType


def mutants(source: str) -> list[Mutant]:
    """Every different mutant of the one function in `source`."""
    tree = ast.parse(source)
    (function,) = (node for node in tree.body if isinstance(node, ast.FunctionDef))
    original = ast.unparse(function).splitlines()
    found: dict[str, Mutant] = {}
    for node in [node for statement in function.body for node in ast.walk(statement)]:
        for new in changes(node):
            Replace(node, new).visit(function)
            text = ast.unparse(function)
            Replace(new, node).visit(function)
            lines = text.splitlines()
            if lines != original:
                line = next(a for a, b in zip(lines, [*original, ""], strict=False) if a != b)
                found[text] = Mutant(line.strip(), limited(text))
    return list(found.values())


class Replace(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.old else self.generic_visit(node)


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node."""
    match node:
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield from (ast.Constant(value + 1), ast.Constant(value - 1))
        case ast.BinOp(left, op, right):
            if type(op) in OPERATORS:
                yield ast.BinOp(left, OPERATORS[type(op)](), right)
            yield left
            if isinstance(op, ast.Add | ast.Sub | ast.Mult):
                yield right
        case ast.AugAssign(target, op, value):
            if type(op) in OPERATORS:
                yield ast.AugAssign(target, OPERATORS[type(op)](), value)
            yield ast.Pass()
        case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
            yield operand
        case ast.BoolOp(op, values):
            yield ast.BoolOp(OPERATORS[type(op)](), values)
        case ast.Compare(left, [op], right) if type(op) in OPERATORS:
            yield ast.Compare(left, [OPERATORS[type(op)]()], right)
        case ast.Subscript(value, ast.Name() as index, ctx):
            for op in (ast.Add(), ast.Sub()):
                yield ast.Subscript(value, ast.BinOp(index, op, ast.Constant(1)), ctx)
        case ast.Call(func, args, keywords):
            yield from changed_calls(func, args, keywords)


def changed_calls(func: ast.expr, args: list, keywords: list) -> Iterator[ast.AST]:
    """A call of the opposite function, without the function, or with two arguments exchanged."""
    match func:
        case ast.Attribute(owner, name):
            opposite = ast.Attribute(owner, SWAPPED.get(name, name), func.ctx)
        case ast.Name(name):
            owner, opposite = None, ast.Name(SWAPPED.get(name, name), func.ctx)
        case _:
            return
    if name in SWAPPED:
        yield ast.Call(opposite, args, keywords)
    if name in LEFT_OUT and (args or owner):
        yield args[0] if args else owner
    if name not in SYMMETRIC:
        for i in range(len(args) - 1):
            yield ast.Call(func, [*args[:i], args[i + 1], args[i], *args[i + 2 :]], keywords)


def limited(source: str) -> CodeType:
    """Compile a function so that every turn of its loops calls TURN."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.While):
            node.body.insert(0, ast.Expr(ast.Call(ast.Name(TURN, ast.Load()), [], [])))
    return compile(ast.fix_missing_locations(tree), "a mutant", "exec")


def turns() -> Callable[[], None]:
    """What a mutant's loops call: it raises when there were too many turns."""
    left = iter(range(TURNS))

    def turn() -> None:
        if next(left, None) is None:
            raise TimeoutError("this mutant does not come to an end")

    return turn
