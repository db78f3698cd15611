"""What the text of a cell means: the statements that run where Jupyter runs it.

IPython's own file reads prompts, magics, `!commands` and `help?`; here it is decided what each of
them does. A magic that runs code runs it as ordinary statements, one that writes a file writes
it, and all others do nothing.
"""

import ast
import importlib
import importlib.util
import re
import sys
import types
from collections.abc import Iterator
from functools import cache
from typing import Any

PARTS = ("core/inputtransformer2.py", "utils/tokenutil.py")
RUN_CODE = {"capture", "lprun", "memit", "mprun", "prun", "time", "timeit"}
WRITE_FILES = {"file", "writefile"}
# Options before the code of a line magic; those with one of these letters take a value.
OPTIONS = re.compile(r"^(?:-[DTflmnrs]\s*\S+\s+|--?[\w-]+\s+)*")
CALLS = {"run_line_magic", "run_cell_magic"}


@cache
def reader() -> Any:
    """Return what turns a cell's text into Python's: IPython's, without the rest of IPython."""
    found = importlib.util.find_spec("IPython")
    if not found:
        raise ModuleNotFoundError("IPython, which reads cells, is not installed")
    before = {name: sys.modules.pop(name) for name in list(sys.modules) if ours(name)}
    # Packages that import nothing themselves, which would take half a second.
    for name in ("", ".core", ".utils"):
        sys.modules[f"IPython{name}"] = package = types.ModuleType(f"IPython{name}")
        folders = found.submodule_search_locations or ()
        package.__path__ = [folder + name.replace(".", "/") for folder in folders]
    try:
        return importlib.import_module("IPython.core.inputtransformer2").TransformerManager()
    finally:
        for name in filter(ours, list(sys.modules)):
            del sys.modules[name]
        sys.modules.update(before)


def ours(name: str) -> bool:
    """Whether a module is IPython's."""
    return name.partition(".")[0] == "IPython"


def read(source: str, file: str) -> tuple[list[ast.stmt], str]:
    """Return a cell's statements, one by one, and the text that their lines are those of."""
    text = reader().transform_cell(source)
    body = ast.parse(text, file).body
    match [magic(statement) for statement in body]:
        case [["run_cell_magic", name, rest, inner]] if name in WRITE_FILES:
            *options, path = rest.split() or [""]
            mode = "a" if "-a" in options else "w"
            text = f"open({path!r}, {mode!r}, encoding='utf-8').write({inner!r})"
            return ast.parse(text, file).body, text
        case [["run_cell_magic", name, _, inner]] if name in RUN_CODE:
            body, text = read(inner, file)
            for statement in body:
                ast.increment_lineno(statement)  # below the line of the magic
            return body, f"\n{text}"
        case [["run_cell_magic", *_]]:
            return [], ""  # another language
    tree = Magics(file).visit(ast.Module(body, []))
    return list(one_by_one(ast.fix_missing_locations(tree).body)), text


def magic(node: ast.AST) -> list[str]:
    """Return which magic a statement or an expression calls and with what, [] if none."""
    match node:
        case ast.Expr(value):
            return magic(value)
        case ast.Call(
            ast.Attribute(ast.Call(ast.Name("get_ipython"), [], []), call), arguments, []
        ) if call in CALLS:
            values = [getattr(one, "value", None) for one in arguments]
            texts = [value for value in values if isinstance(value, str)]
            return [call, *texts] if texts == values else []
    return []


class Magics(ast.NodeTransformer):
    """Puts the code that a line magic runs in the magic's place."""

    def __init__(self, file: str) -> None:
        self.file = file

    def visit_Expr(self, node: ast.Expr) -> Any:
        """Put statements in the place of one."""
        match magic(node):
            case ["run_line_magic", name, code] if name in RUN_CODE:
                return [moved(one, node) for one in self.parsed(code).body] or node
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> Any:
        """Put a value in its place, as in `x = %time f()`."""
        match magic(node):
            case ["run_line_magic", "time", code]:
                match self.parsed(code).body:
                    case [ast.Expr(value)]:
                        return moved(value, node)
        return self.generic_visit(node)

    def parsed(self, code: str) -> ast.Module:
        """Return the code of a line magic, without its options."""
        return ast.parse(OPTIONS.sub("", code, count=1).strip(), self.file)


def moved(node: ast.AST, to: ast.AST) -> ast.AST:
    """Return code as if it stood on the line of other code."""
    for one in ast.walk(node):
        ast.copy_location(one, to)
    return node


def one_by_one(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements, and each name that one imports by itself: one of them may be missing."""
    for statement in statements:
        match statement:
            case ast.Import(names):
                yield from (ast.copy_location(ast.Import([one]), statement) for one in names)
            case ast.ImportFrom(module, names, level) if module != "__future__":
                for one in names:
                    yield ast.copy_location(ast.ImportFrom(module, [one], level), statement)
            case _:
                yield statement
