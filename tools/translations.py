"""Keep the translations in step with the English, and write what is made from them.

    python -m tools.translations

locale/zh_CN/ holds one catalogue for each number of the course, with the texts of its notebook,
its exercise and its checks, one for the library, and one for the pages that are no notebooks.
A changed English text is fuzzy there, a new one empty, until somebody has looked at it;
tests/test_translations.py fails as long as one is. What is made: notebooks/zh, exercises/zh,
README.zh.md and the catalogue of messages that course_lib.language reads. Traditional Chinese is
made from the simplified by OpenCC, with Taiwan's terms: its messages here, the rest where the
website is built.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from os.path import normpath, relpath
from pathlib import Path
from typing import Any

import nbformat
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from nbformat import NotebookNode

from course_lib.language import CATALOGUES, FOLDERS, without_code
from tools.execute_notebooks import ROOT, normal_form
from tools.taiwan import as_in_taiwan

LOCALE = ROOT / "locale"
LIBRARY = ROOT / "course_lib"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXERCISES = sorted((ROOT / "exercises").glob("*.ipynb"))
PAGES = ["README.md", "grader/students.md", "notebooks/glossary.md", "notebooks/lecture.md"]
PAGES += ["website/index.md", "website/in_your_browser.md"]
WEBSITE = ROOT / "website"
NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # a date would change with every merge
HEADER = "# `nox -s translations` keeps this in step with the English."
# The languages that no one writes: from which folder they are made, and how.
MADE_FROM = {"zh-TW": ("zh", as_in_taiwan)}
DOCSTRING = re.compile(r'"""(.*?)"""', re.DOTALL)
LINK = re.compile(r"(?<=\]\()([^)\s]+)")
BEGINS_HEADING = re.compile(r"^#+ ", re.MULTILINE)
HEADING = re.compile(f"{BEGINS_HEADING.pattern}(.+)$", re.MULTILINE)

Text = tuple[str, str | None]  # and its context


# What there is to translate


def texts() -> dict[str, list[Text]]:
    """Return what each catalogue holds."""
    found = {
        path.stem: [
            *notebook_texts(path),
            *notebook_texts(ROOT / "exercises" / path.name),
            *check_texts(path.stem),
        ]
        for path in NOTEBOOKS
    }
    found["library"] = [*library_texts(), *((slip, None) for slip in slips())]
    found["pages"] = [(block, page) for page in PAGES for block in blocks(page)]
    return {name: list(dict.fromkeys(own)) for name, own in found.items()}


def notebook_texts(path: Path) -> Iterator[Text]:
    """Yield the texts of a notebook, each with its cell, by which it is found when changed."""
    for cell in nbformat.read(path, as_version=4).cells:
        if text := text_of(path, cell):
            yield text, context(path, cell)


def text_of(path: Path, cell: NotebookNode) -> str:
    """Return what is text in a cell; in an exercise a docstring is: it says what the task is."""
    if cell.cell_type == "markdown":
        return str(cell.source)
    stated = DOCSTRING.search(cell.source) if path in EXERCISES else None
    return stated[1] if stated else ""


def context(path: Path, cell: NotebookNode) -> str:
    return f"{path.parent.name} {cell.id}"


def tasks(notebook: str) -> dict[str, Any]:
    """Return the data of a notebook's checks."""
    path = LIBRARY / "feedback" / "checks" / f"{notebook}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def check_texts(notebook: str) -> Iterator[Text]:
    """Yield what `check`, `hint` and `progress` may say of the tasks of a notebook."""
    yield notebook.replace("_", " "), None
    for task in tasks(notebook).values():
        yield from ((hint, None) for hint in task["hints"])
        for case in task["cases"]:
            yield from ((case[part], None) for part in ("name", "about") if part in case)
        for entry in task["misconceptions"]:
            yield from ((entry[part], None) for part in ("name", "explanation"))


def slips() -> Iterator[str]:
    """Yield the names of slips, without the code in them."""
    names = (
        name for path in NOTEBOOKS for task in tasks(path.stem).values() for name in task["slips"]
    )
    for name in names:
        yield from map(without_code, name.split(", or "))


def library_texts() -> Iterator[Text]:
    """Yield the sentences that the code of the library and of the website says."""
    for folder in (LIBRARY, WEBSITE):
        for path in sorted(folder.rglob("*.py")):
            # Also within an f-string, where gettext's own tools do not look.
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(ast.Name("_" | "N_"), [ast.Constant(str(said)), *_rest]):
                        yield said, None
    for page in (*WEBSITE.glob("start/*.html"), *WEBSITE.glob("templates/*.html")):
        for said in re.findall(r'\{\{ (?:say\()?"(.*?)"', page.read_text(encoding="utf-8")):
            yield said, None


def blocks(page: str) -> list[str]:
    """Return the paragraphs of a page, and the rows of its tables, as far as they hold words."""
    parts = re.split(r"\n\n|\n(?=\|)", (ROOT / page).read_text(encoding="utf-8").strip())
    return [
        part for part in parts if re.search("[A-Za-z]", part) and part[:3] not in ("```", "{{ ")
    ]


# Catalogues


def merge(language: str) -> None:
    """Bring a language's catalogues in step with the English texts."""
    for name, own in texts().items():
        catalog, template = read(language, name), Catalog()
        for text, where in own:
            template.add(text, context=where)
        catalog.update(template)
        save(language, name, catalog)


def save(language: str, name: str, catalog: Catalog) -> None:
    """Write a catalogue; the same texts give the same bytes."""
    catalog.header_comment = HEADER
    catalog.creation_date = catalog.revision_date = NEVER
    for message in catalog:
        message.flags.discard("python-format")  # babel takes "96 % of" for one
        if not message.fuzzy:  # what was before; babel reads it for a comment
            message.user_comments = [c for c in message.user_comments if not c.startswith("|")]
    with catalogue(language, name).open("wb") as file:
        write_po(file, catalog, width=0, ignore_obsolete=True, include_previous=True)


def catalogue(language: str, name: str) -> Path:
    return LOCALE / language / f"{name}.po"


def read(language: str, name: str) -> Catalog:
    """Return a catalogue, or an empty one."""
    path = catalogue(language, name)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


class Translation:
    """A language's texts, and where its files lie: in the folder `folder` beside the English."""

    def __init__(self, folder: str) -> None:
        self.folder, self.language = folder, FOLDERS[folder]
        self.texts = texts()
        self.written, self.convert = MADE_FROM.get(folder, (folder, as_written))
        self.catalogs = {name: read(FOLDERS[self.written], name) for name in self.texts}
        self.anchors = {f"notebooks/{path.name}": self.headings(path) for path in NOTEBOOKS}

    def say(self, name: str, text: str, where: str | None) -> str:
        """Return the translation of a text, or the text where there is none."""
        message = self.catalogs[name].get(text, where)
        whole = message and message.string and not message.fuzzy
        return self.convert(str(message.string), text) if whole else text

    def headings(self, path: Path) -> dict[str, str]:
        """Return for each heading of a notebook the one that stands in its place."""
        pairs: dict[str, str] = {}
        for text, where in notebook_texts(path):
            own = HEADING.findall(self.say(path.stem, text, where))
            pairs |= zip(HEADING.findall(text), own, strict=False)
        return pairs

    def place(self, path: str) -> str:
        """Return where the translation of a file lies, as a path from the root."""
        folder, _, name = path.rpartition("/")
        if folder in ("notebooks", "exercises"):
            return f"{folder}/{self.folder}/{name}"
        return path.replace(".md", f".{self.folder}.md") if path in PAGES else path

    def lead(self, text: str, page: str) -> str:
        """Let the links of a page lead within the language."""

        def target(link: re.Match[str]) -> str:
            if re.match(r"\w+:", link[0]):
                return link[0]
            path, mark, anchor = link[0].partition("#")
            there = normpath(f"{Path(page).parent}/{path}") if path else page
            if path and there == page:
                return link[0]  # the English page is meant, from every language
            here = Path(self.place(page)).parent
            return (relpath(self.place(there), here) if path else "") + mark + anchor

        return LINK.sub(target, text)

    def notebook(self, path: Path) -> NotebookNode:
        """Return a notebook with its texts translated; its code and outputs are as they are."""
        notebook = nbformat.read(path, as_version=4)
        page = f"{path.parent.name}/{path.name}"
        for cell in notebook.cells:
            if not (text := text_of(path, cell)):
                continue
            said = self.say(path.stem, text, context(path, cell))
            if cell.cell_type == "markdown":
                cell.source = self.lead(with_anchors(text, said), page)
            else:
                cell.source = cell.source.replace(text, said)
        return notebook

    def page(self, page: str) -> str:
        """Return a page that is no notebook."""
        text = (ROOT / page).read_text(encoding="utf-8")
        for block in sorted(blocks(page), key=len, reverse=True):
            text = text.replace(block, self.lead(self.say("pages", block, page), page))
        # What is named as a file, and not linked.
        return re.sub(r"`(notebooks|exercises)/", rf"`\1/{self.folder}/", text)

    def messages(self) -> bytes:
        """Return what the library says, in gettext's compiled form."""
        catalog = Catalog(locale=self.language, creation_date=NEVER, revision_date=NEVER)
        for name, own in self.texts.items():
            for text, where in own:
                if where is None:
                    catalog.add(text, self.say(name, text, None))
        for path, headings in self.anchors.items():
            for english, own in headings.items():
                catalog.add(anchored(english), own, context=Path(path).name)
        file = BytesIO()
        write_mo(file, catalog)
        return file.getvalue()


def as_written(text: str, _english: str = "") -> str:
    return text


def with_anchors(english: str, said: str) -> str:
    """Give each heading the anchor of the English one: JupyterLab follows none in Chinese."""
    anchors = map(anchored, HEADING.findall(english))
    return BEGINS_HEADING.sub(lambda begin: f'{begin[0]}<a id="{next(anchors)}"></a>', said)


def anchored(heading: str) -> str:
    """Return a heading's anchor, as JupyterLab makes it."""
    return heading.replace(" ", "-")


def write(folder: str, root: Path = ROOT) -> None:
    """Write what is made from a language's catalogues into a copy of the repository, or into it.

    Outputs stay as they were executed in this language, or in the one that it is made from.
    """
    translation = Translation(folder)
    for path in (*NOTEBOOKS, *EXERCISES):
        place = f"{path.parent.name}/{path.name}"
        notebook = translation.notebook(path)
        before = path.parent / translation.written / path.name
        if before.exists():
            keep_outputs(notebook, nbformat.read(before, as_version=4), translation.convert)
        save_text(root / translation.place(place), normal_form(notebook))
    for page in PAGES:
        save_text(root / translation.place(page), translation.page(page))
    write_messages(translation, root)


def write_messages(translation: Translation, root: Path) -> None:
    """Write what the library says in a language."""
    folder = root / CATALOGUES.relative_to(ROOT) / translation.language / "LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "course_lib.mo").write_bytes(translation.messages())


def save_text(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def keep_outputs(
    notebook: NotebookNode, before: NotebookNode, convert: Callable[[str], str] = as_written
) -> None:
    """Give cells the outputs that they had before in a language: explorers speak it."""
    had = {cell.id: cell.outputs for cell in before.cells if cell.cell_type == "code"}
    for cell in notebook.cells:
        if cell.get("outputs"):
            kept = json.dumps(had.get(cell.id, cell.outputs), ensure_ascii=False)
            cell.outputs = [NotebookNode(output) for output in json.loads(convert(kept))]


def main() -> None:
    merge("zh_CN")
    write("zh")
    for folder in MADE_FROM:
        write_messages(Translation(folder), ROOT)


if __name__ == "__main__":
    main()
