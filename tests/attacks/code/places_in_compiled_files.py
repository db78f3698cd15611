"""Looks in compiled files for the place where the course lies."""

import os
import re

found = set()
for top in ("/course", "/scratch"):
    for here, _, files in os.walk(top):
        for name in files:
            with open(os.path.join(here, name), "rb") as file:
                found |= set(re.findall(rb"/[\w./-]+/(?:course_lib|grader)/[\w.]+", file.read()))
assert not {path for path in found if not path.startswith(b"/course/")}, found
