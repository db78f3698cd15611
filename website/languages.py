"""The languages of the website: each has a book of its own beside the others."""

from typing import NamedTuple

from course_lib.language import FOLDERS, language


class Language(NamedTuple):
    """A language: its tag, what it calls itself, its folder of notebooks."""

    tag: str
    name: str
    folder: str = ""

    @property
    def book(self) -> str:
        """Return the folder of its book."""
        return f"book-{self.folder}" if self.folder else "book"

    @property
    def start(self) -> str:
        """Return the name of its start page."""
        return f"{self.folder or 'index'}.html"

    @property
    def picture(self) -> str:
        """Return the path of the start page's picture."""
        return f"start/runs-{self.tag}.svg"

    @property
    def locale(self) -> str:
        """Return the name that gettext and Sphinx have for it."""
        return FOLDERS.get(self.folder, "")


LANGUAGES = [
    Language("en", "English"),
    Language("zh-CN", "简体中文", "zh"),
    Language("zh-TW", "繁體中文", "zh-TW"),
]


def spoken() -> Language:
    """Return the language in which this process speaks."""
    return next(each for each in LANGUAGES if each.locale == language())
