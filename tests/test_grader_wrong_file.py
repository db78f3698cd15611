"""Whatever a student hands in as a notebook, one clause says what it is and what is needed."""

import json
import re

import pytest
from grading import QUICK, exercise, notebook, solution
from hypothesis import given
from hypothesis import strategies as st

from grader import wrong_file
from grader.examiner import Examiner
from grader.wrong_file import UNREADABLE, kind, said

WHOLE = json.dumps(json.loads(exercise()), indent=1, ensure_ascii=False).encode()
CONFLICT = WHOLE.replace(
    b'   "source": [\n',
    b'   "source": [\n<<<<<<< HEAD\n    "mine\\n"\n=======\n    "other\\n"\n>>>>>>> theirs\n',
    1,
)
SCRIPT = b"import numpy as np\n\n\ndef adagrad_sigmas(gradients):\n    return gradients\n"
PAGE = b"<!DOCTYPE html>\n<html><head><title>03_adagrad</title></head><body></body></html>"
MAC = b'<?xml version="1.0"?><!DOCTYPE plist><plist><dict><key>URL</key></dict></plist>'
DRIVE = b'{"url": "https://docs.example.com/open?id=1", "doc_id": "1", "email": "a@example.com"}'
TEXT_FORM = (
    b"# ---\n# jupyter:\n#   jupytext:\n#     text_representation: {}\n# ---\n\n# %%\n" + SCRIPT
)
KINDS = {
    "an empty file": (b"", "it is empty"),
    "blanks alone": (b"\xef\xbb\xbf \n\n", "it is empty"),
    "zeros alone": (b"\0" * 4096, "it is empty"),
    "a merge that was not finished": (CONFLICT, "Git's conflict marks"),
    "a page of HTML": (PAGE, "it is a web page"),
    "a page with a mark in front": (b"\xef\xbb\xbf\n" + PAGE, "it is a web page"),
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "it is a PDF"),
    "a zip": (b"PK\x03\x04\x14\0\0\0", "it is a zip"),
    "a rar": (b"Rar!\x1a\x07\x01\0", "it is a rar archive"),
    "a picture": (b"\x89PNG\r\n\x1a\n", "it is a picture"),
    "a link of Windows": (b"[InternetShortcut]\r\nURL=https://example.com\r\n", "it only points"),
    "a link of a Mac": (MAC, "it only points"),
    "a file of a cloud drive": (DRIVE, "it only points"),
    "an address": (b"https://example.com/notebook?id=3\n", "it only points"),
    "UTF-16, torn": (WHOLE.decode().encode("utf-16")[:-1], "it is in UTF-16"),
    "Latin-1": (WHOLE.replace("σ".encode(), b"\xe9"), "it is not in UTF-8"),
    "the first half": (WHOLE[: len(WHOLE) // 2], "it is cut off"),
    "all but the last sign": (WHOLE.rstrip()[:-1], "it is cut off"),
    "a torn character": (WHOLE[: WHOLE.index("σ".encode()) + 1], "it is cut off"),
    "a torn word": (b'{"nbformat": 4, "cells": [], "metadata": {"a": fal', "it is cut off"),
    "a script": (SCRIPT, "it is a Python script"),
    "Jupytext's form": (TEXT_FORM, "Jupytext or Markdown"),
    "Markdown": (b"# 03 Adagrad\n\nText.\n\n```python\nx = 1\n```\n", "Jupytext or Markdown"),
    "a bracket that was deleted": (WHOLE.replace(b'": [', b'": ', 1), "broken in line 17,"),
    "other data": (b'{"a": 1}', "it is JSON, but no notebook"),
    "no version": (b'{"cells": [], "metadata": {}}', "nbformat is missing"),
    "cells that are none": (b'{"nbformat": 4, "cells": 3}', "its cells are not written as"),
    "data in data": (b'{"a":' * 100_000, "too deep in each other"),
    "a number without end": (b'{"a": ' + b"1" * 10_000 + b"}", "too deep in each other"),
    "a program": (b"\x7fELF\x02\0\0\x01", "it is no text"),
    "a letter": (b"Dear teacher, here is my work.", "it is some other text"),
}


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_of_wrong_file_is_named(name):
    content, what = KINDS[name]
    assert what in kind(content)


# What happens to a notebook that is whole, and pieces that decide what a file is taken for.
PIECES = st.sampled_from([content[:200] for content, _ in KINDS.values()])
FILES = st.one_of(
    st.binary(max_size=300),
    st.lists(st.one_of(PIECES, st.binary(max_size=9)), max_size=4).map(b"".join),
    st.integers(0, len(WHOLE)).map(lambda end: WHOLE[:end]),
    st.text(max_size=80).map(lambda text: text.encode("utf-16", "surrogatepass")),
)


@given(FILES)
def test_any_bytes_are_one_clause_that_says_what_is_needed(content):
    clause = kind(content)
    assert re.fullmatch(r"it.*[;,] .*[^.]", clause)
    assert clause.isprintable()


@given(st.integers(1, len(WHOLE.rstrip()) - 1))
def test_a_notebook_cut_off_anywhere_is_said_to_be(end):
    assert kind(WHOLE[:end]) == wrong_file.CUT_OFF


@pytest.mark.parametrize(("end", "what"), [(b'"', "cut off"), (b"}", "its cells are not written")])
def test_a_large_file_is_judged_by_its_two_ends(end, what):
    assert what in kind(b'{"cells": "' + b"x" * wrong_file.LOOKED_AT + end + b"\n")


def test_a_notebook_of_other_tasks_is_called_by_its_name():
    none = "it defines none of the functions of its tasks"
    assert said(none, solution("05_adam"), "03_adagrad") == "its tasks are those of 05_adam"
    assert said(none, notebook("x = 1"), "03_adagrad") == none


def test_every_other_reason_stays_as_it_is():
    assert said("it is too large", b"", "03_adagrad") == "it is too large"


def test_the_worker_says_of_them_what_is_looked_for():
    examiner = Examiner(QUICK)
    try:
        assert examiner.grade("03_adagrad", CONFLICT)["failed"] == UNREADABLE
    finally:
        examiner.close()
