"""What the tests share: hypothesis draws the same examples in every run, on every machine."""

import os
import sys

from hypothesis import settings

# Attacks run in the grader's confinement alone: nbval would run their notebooks right here.
collect_ignore_glob = ["attacks/*"]
# The grader confines with what Linux offers, if its kernel allows it: noxfile.py tries.
CONFINED = sys.platform == "linux" and not os.environ.get("COURSE_UNCONFINED")
if not CONFINED:
    collect_ignore_glob += ["test_grader_*.py", "test_attacks.py", "test_accidents.py"]


def pytest_report_header():
    return None if CONFINED else "NOT TESTED HERE: the grader, which confines student code on Linux"


def pytest_terminal_summary(terminalreporter):
    """Say how much a test has tried, where it notes so."""
    for report in terminalreporter.stats.get("passed", []):
        for name, text in report.user_properties:
            if name == "counted":
                terminalreporter.write_line(text)


settings.register_profile("course", derandomize=True, database=None, deadline=None, max_examples=60)
settings.load_profile("course")
