"""What of the library a function uses that the grader does not have, because it would answer."""

import dis
import functools
from collections.abc import Callable, Iterator
from types import CodeType, ModuleType
from typing import Any

LIBRARY = "course_lib"
ALLOWED = ("data", "network", "feedback")


def library_used(function: Callable[..., Any]) -> str:
    """Return the first module of the library that a function may not use, an empty text if none.

    The names in its code are looked up, and those in the code of the learner's functions it calls.
    """
    waiting, seen = [function], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, functools.partial):
            one = one.func
        code = getattr(one, "__code__", None)
        if code is None or code in seen:
            continue
        seen.add(code)
        for name, value in used(code, one.__globals__):
            part = name.split(".")[1] if name.startswith(f"{LIBRARY}.") else ""
            if part and part not in ALLOWED:
                return f"{LIBRARY}.{part}"
            own = getattr(value, "__globals__", None) is one.__globals__
            if own or isinstance(value, functools.partial):
                waiting.append(value)
    return ""


def used(code: CodeType, names: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the module that each name in a function's code comes from, and what it means."""
    imported = ""
    for step in dis.get_instructions(code):
        if step.opname == "IMPORT_NAME":
            imported = step.argval
            yield imported, None
        elif step.opname == "IMPORT_FROM" and imported == LIBRARY:
            yield f"{LIBRARY}.{step.argval}", None
        elif step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            value = names.get(step.argval)
            if isinstance(value, ModuleType):
                imported = value.__name__
                yield imported, None
            else:
                yield str(getattr(value, "__module__", "")), value
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD") and imported == LIBRARY:
            yield f"{LIBRARY}.{step.argval}", None
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from used(constant, names)
