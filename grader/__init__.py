"""Grades exercises: student code runs confined, hidden tests run outside and see only data.

entries       what lies in a folder or a zip, within bounds for each student
layouts       whose a path is, in the forms of systems and teachers
submissions   finds what each student handed in for each notebook
wrong_file    says what a file is that cannot be read as a notebook
confine       builds the cage of namespaces and limits; worker is what runs inside, and cells
              what a cell means there
view          lists the files that are seen there; calls, the system calls that can be made
protocol      the plain data that may cross between the two
hidden        runs a hidden test; scoring makes marks of that for a notebook
examiner      keeps both in a process of its own
journal       remembers what is graded, so that a run can be killed and resumed
regrade       grades one task again, whose hidden test was mended
similarity    hints of copying
roster        who is in the class, and who handed in nothing
course        what late days cost
results       grades.csv and gradebook.csv; pages fills templates/ with feedback and class report
project       marks by hand of the project in notebook 08
canvas        points for Canvas's gradebook; moodle, points and pages for Moodle
outcome       brings these tables together; commands, what is run on Linux
release       the students' bundle
exporting     the course for nbgrader, whose cells hold a copy of `hidden`
"""

import sys

if sys.argv[:1] == ["-m"] and not sys.flags.safe_path:
    # `python -m grader` looks for modules first in the folder where it is called: of a student's
    # folder it would run what is named as one of Python's own modules.
    sys.path[0] = __path__[0].removesuffix("grader")

from pathlib import Path

ROOT = Path(__file__).parents[1]


class Stop(Exception):
    """What ends a command. The text is one sentence that says what to do."""
