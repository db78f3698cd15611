"""The language in which the course speaks to a learner. English is the source, and what is left.

    COURSE_LANG=zh_CN       a variable of the environment, or
    exercises/zh            the folder in which the notebook runs

Sentences are looked up when they are said. Errors that functions raise, docstrings, and the words
within a figure stay English in every language: matplotlib brings no Chinese characters.
"""

import gettext
import os
import re
from functools import cache
from pathlib import Path

FOLDERS = {"zh": "zh_CN", "zh-TW": "zh_TW"}
CATALOGUES = Path(__file__).with_name("locale")
FOLDER = Path.cwd().name  # as it was when the notebook began
CODE = re.compile("`[^`]*`")


def language() -> str:
    """Return the language's name, an empty text for English."""
    return os.environ.get("COURSE_LANG", FOLDERS.get(FOLDER, ""))


def _(text: str, /, **parts: object) -> str:
    """Return a text in the language, or as it is without a translation, its {holes} filled."""
    said = _catalogue(language()).gettext(text) if text else ""
    return said.format(**parts) if parts else said


def N_(text: str) -> str:
    """Mark a text that is translated where it is used."""
    return text


def around_code(text: str) -> str:
    """Translate a sentence that is known with {0}, {1} … in the place of what is in backticks."""
    code = CODE.findall(text)
    return _(without_code(text)).format(*code)


def without_code(text: str) -> str:
    """Return the sentence as the catalogue knows it."""
    places = iter(range(len(text)))
    return CODE.sub(lambda _: f"{{{next(places)}}}", text)


def page(read: str) -> tuple[str, str]:
    """Return the address of a paragraph, as seen from an exercise, and its heading.

    `read` is notebook.ipynb#Anchor, with the English anchor.
    """
    notebook, anchor = read.split("#")
    folder = next((name for name, known in FOLDERS.items() if known == language()), "")
    up = "../.." if FOLDER in FOLDERS else ".."
    heading = _catalogue(language()).pgettext(notebook, anchor)
    if not folder or heading == anchor:
        return f"{up}/notebooks/{read}", anchor.replace("-", " ")
    return f"{up}/notebooks/{folder}/{read}", heading


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    return gettext.translation("course_lib", CATALOGUES, [name or "en"], fallback=True)
