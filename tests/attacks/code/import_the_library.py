"""Imports the parts of the library that answer the tasks, by all the ways there are."""

import importlib
import importlib.util
import runpy
import sys

found = []
for part in ("optimizers", "schedules", "descent", "surfaces", "feedback", "diagnosis", "checks"):
    name = f"course_lib.{part}"
    sys.modules.pop(name, None)
    for way in (
        importlib.import_module,
        runpy.run_module,
        lambda name: importlib.util.find_spec(name).loader.get_source(name),
    ):
        try:
            found.append(f"{name} {way(name)}"[:80])
        except BaseException:
            continue
assert not found, found
