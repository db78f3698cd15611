"""Writes into the library, the environment and what the next worker starts from."""

import os
import sys

import numpy

import course_lib
import grader

PLACES = [*course_lib.__path__, *grader.__path__, *numpy.__path__, sys.prefix, "/usr/lib", "/bin"]
written = []
for place in PLACES:
    for name in ("network.py", "__init__.py", "left-by-an-attack", "__pycache__/x.pyc"):
        for way in ("a", "w"):
            try:
                open(f"{place}/{name}", way).close()
                written.append(f"{place}/{name}")
            except OSError:
                continue
    try:
        os.rename(place, f"{place}-left-by-an-attack")
        os.chmod(place, 0o777)
        written.append(place)
    except OSError:
        continue
assert not written, written
