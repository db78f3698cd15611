"""What a function uses that the grader does not have: answers of the library, other packages."""

import dis
import functools
import sys
from collections.abc import Callable, Iterator
from types import CodeType, ModuleType
from typing import Any

LIBRARY = "course_lib"
ALLOWED = ("data", "network", "feedback")
PACKAGES = ("numpy", "matplotlib")  # what the grader has beside the standard library
# What these two bring, and what stands for nothing where nothing is shown.
KNOWN = {*PACKAGES, "mpl_toolkits", "pylab", "IPython", LIBRARY, *sys.stdlib_module_names}


def library_used(function: Callable[..., Any]) -> str:
    """Return the first module of the library that a function may not use, an empty text if none."""
    for module in modules_used(function):
        part = module.split(".")[1] if module.startswith(f"{LIBRARY}.") else ""
        if part and part not in ALLOWED:
            return f"{LIBRARY}.{part}"
    return ""


def package_used(function: Callable[..., Any]) -> str:
    """Return the first package that a function uses and the grader does not have, else nothing."""
    packages = (module.partition(".")[0] for module in modules_used(function))
    return next((package for package in packages if package and package not in KNOWN), "")


def modules_used(function: Callable[..., Any]) -> Iterator[str]:
    """Yield the modules that a function uses, without the one that it is written in.

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
        here = one.__globals__.get("__name__")
        for name, value in used(code, one.__globals__):
            if name != here:
                yield name
            own = getattr(value, "__globals__", None) is one.__globals__
            if own or isinstance(value, functools.partial):
                waiting.append(value)


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
                yield str(getattr(value, "__module__", None) or ""), value
        elif step.opname in ("LOAD_ATTR", "LOAD_METHOD") and imported == LIBRARY:
            yield f"{LIBRARY}.{step.argval}", None
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from used(constant, names)
