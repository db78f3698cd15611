"""What a file is that should be a notebook and cannot be read as one, by its bytes.

One clause for each kind, for its student and for who teaches: what it is, and what is needed.
Nothing is executed, and of a large file only the two ends are looked at.
"""

import json
import re

from grader.submissions import contained

LOOKED_AT = 2 << 20  # bytes
UNREADABLE = "it is not a notebook, or it is cut off"  # what the worker says of all of these
OF_NO_TASK = "none of the functions of its tasks"
NOTEBOOK = "the notebook itself is needed, the file that ends in .ipynb"
SAVED_AGAIN = "open it in Jupyter, save it there and hand that file in"

BEGINNINGS = {
    b"%PDF": f"it is a PDF; {NOTEBOOK}",
    b"PK\x03\x04": f"it is a zip or an office document under another name; {NOTEBOOK}",
    b"PK\x05\x06": f"it is an empty zip under another name; {NOTEBOOK}",
    b"Rar!\x1a\x07": f"it is a rar archive under another name; {NOTEBOOK}",
    b"7z\xbc\xaf\x27\x1c": f"it is a 7z archive under another name; {NOTEBOOK}",
    b"\x1f\x8b": f"it is a gzip archive under another name; {NOTEBOOK}",
    b"\x89PNG": f"it is a picture; {NOTEBOOK}",
    b"\xff\xd8\xff": f"it is a picture; {NOTEBOOK}",
}
EMPTY = "it is empty; save the notebook in Jupyter, close it, and hand it in again"
CUT_OFF = "it is cut off in the middle; the whole file is needed, so save and upload it again"
BINARY = f"it is no text, but the data of another program; {NOTEBOOK}"
UTF_16 = f"it is in UTF-16, and damaged; {SAVED_AGAIN}"
NO_UTF_8 = f"it is not in UTF-8, as after saving it in an editor as Latin-1; {SAVED_AGAIN}"
CONFLICT = (
    "it holds two versions between Git's conflict marks (<<<<<<< and >>>>>>>); settle the conflict,"
    f" {SAVED_AGAIN}"
)
SHORTCUT = f"it only points to a file elsewhere, in a cloud drive for example; {NOTEBOOK}"
WEB_PAGE = f"it is a web page saved in the notebook's place; {NOTEBOOK}, downloaded"
TEXT_FORM = f"it is a notebook's form in text (Jupytext or Markdown); {NOTEBOOK}"
PROGRAM = f"it is a Python script; {NOTEBOOK}"
OTHER_TEXT = f"it is some other text; {NOTEBOOK}"
DEEP = f"its data lie too deep in each other for a notebook; {NOTEBOOK}"
OTHER_DATA = f"it is JSON, but no notebook; {NOTEBOOK}"
NO_VERSION = f"it does not say its version (nbformat is missing); {SAVED_AGAIN}"
NO_CELLS = f"its cells are not written as those of a notebook; {SAVED_AGAIN}"
BROKEN = "its JSON is broken in line {}, as after a change in an editor; take back the change"

CONFLICT_MARKS = re.compile(r"^<{7} ", re.M), re.compile(r"^>{7} ", re.M)
# The first that is found in a text tells its kind.
TEXTS = (
    (re.compile(r"\A(\[InternetShortcut\]|\[Desktop Entry\]|https?://\S+\s*\Z)"), SHORTCUT),
    (re.compile(r"\A(version https://git-lfs|<\?xml(?s:.{,300}?)<plist)"), SHORTCUT),
    (re.compile(r"\A<"), WEB_PAGE),
    (re.compile(r"^(# %%|# jupyter:|```\{code-cell|```python)", re.M), TEXT_FORM),
    (re.compile(r"^(import \w|from [\w.]+ import |def \w+\()", re.M), PROGRAM),
    (re.compile(r"\A(---\s*\n|#+ )"), TEXT_FORM),
)


def said(failed: str, content: bytes, notebook: str) -> str:
    """Return why a file could not be graded, more exactly where its bytes say more."""
    if UNREADABLE in failed:
        return kind(content)
    other = contained(content[:LOOKED_AT]) if OF_NO_TASK in failed else ""
    return f"its tasks are those of {other}" if other not in ("", notebook) else failed


def kind(content: bytes) -> str:
    """Return what a file is that cannot be read as a notebook."""
    for beginning, what in BEGINNINGS.items():
        if content.startswith(beginning):
            return what
    head, encoding = content[:LOOKED_AT], json.detect_encoding(content[:4])
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError as error:
        # A character may be torn where the file ends, or where the looking does.
        if encoding != "utf-8" or error.reason != "unexpected end of data":
            return UTF_16 if encoding != "utf-8" else BINARY if b"\0" in head else NO_UTF_8
        text = head[: error.start].decode(encoding)
    text = text.strip("\ufeff\0 \t\r\n")
    if not text:
        return EMPTY
    if "\0" in text:
        return BINARY
    if all(mark.search(text) for mark in CONFLICT_MARKS):
        return CONFLICT
    if text[0] == "{":
        return of_json(text, content)
    return next((what for form, what in TEXTS if form.search(text)), OTHER_TEXT)


def of_json(text: str, content: bytes) -> str:
    """Return what is wrong with a text that begins as JSON does."""
    if len(content) > LOOKED_AT:  # to read all of it would take ten times as much memory
        return NO_CELLS if content[-100:].rstrip(b"\0 \t\r\n").endswith(b"}") else CUT_OFF
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        # Where a literal such as `false` is torn, the error is told at its beginning.
        torn = error.pos >= len(text) - len("false") and text[-1] not in "}]"
        cut = torn or error.pos >= len(text) or error.msg.startswith("Unterminated")
        return CUT_OFF if cut else BROKEN.format(error.lineno)
    except (ValueError, RecursionError, MemoryError):  # also a number of too many digits
        return DEEP
    if "cells" in data or "worksheets" in data:
        return NO_CELLS if "nbformat" in data else NO_VERSION
    return SHORTCUT if {"url", "doc_id"} & data.keys() else OTHER_DATA
