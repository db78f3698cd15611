"""What readers answered wrongly, and what `check` tells them: each gets the sentence it needs.

tasks/NN_name/wrong_answers.json holds the answers of two readers, most of them written before
they had seen a reply: what is wrong, the code, and the headline that names it.
"""

import json
import warnings

import pytest

from course_lib import feedback
from course_lib.feedback.diagnosis import examine
from tasks.catalogue import TASKS
from tasks.student import solved

ANSWERS = {
    path.parent.name: json.loads(path.read_text("utf-8"))
    for path in sorted(TASKS.glob("*/wrong_answers.json"))
}


def headline(names, answer):
    """What check says of an answer in a notebook whose other tasks are solved."""
    names = dict(names)
    exec("\n".join(answer["code"]), names)
    with warnings.catch_warnings(action="ignore"):
        finding = examine(feedback.tasks()[answer["task"]], names[answer["task"]])
    return finding.headline if finding else "right"


@pytest.mark.parametrize("notebook", ANSWERS)
def test_every_wrong_answer_gets_the_sentence_that_names_it(notebook):
    names = solved(notebook)
    said = [(a["task"], a["fault"], headline(names, a), a["says"]) for a in ANSWERS[notebook]]
    assert not [answer for answer in said if answer[2] != answer[3]]
