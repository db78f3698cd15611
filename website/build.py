"""Build the website: start pages, the books of the notebooks as committed, and JupyterLite.

    python -m website.build [--into FOLDER] [--pages-only] [--serve]

Nothing is executed. MathJax is copied from node_modules; Pyodide is fetched if it is not there,
but not for the pages alone.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from course_lib.descent import Path as Run
from course_lib.language import N_, _
from tools import build_lite, translations
from tools.pyodide import NoPyodide
from website.languages import LANGUAGES, Language
from website.picture import alternative, moving_picture, runs

HERE = Path(__file__).parent
ROOT = HERE.parent
MODULES = ROOT / "node_modules"
SPEECH = "base", "en", "nemeth"
# What the theme says. It knows little of it in Chinese, and that in the simplified script.
THEME = [
    N_("Skip to main content"),
    N_("Back to top"),
    N_("Color mode"),
    N_("System Settings"),
    N_("Light"),
    N_("Dark"),
    N_("previous page"),
    N_("next page"),
    N_("On this page"),
    N_("Please activate JavaScript to enable the search functionality."),
]
# Names of parts of a page that the theme has in English alone, or in Taiwan's words alone.
NAMES = {
    "Toggle primary sidebar": N_("Show or hide the list of pages"),
    "Toggle secondary sidebar": N_("Show or hide what is on this page"),
    "Main": N_("List of pages"),
    "Page": N_("This page"),
    "Print to PDF|列印成 PDF": N_("Print, or save as PDF"),
}
ANCHOR = re.compile(r'<a id=\\"[^"]*\\"></a>')  # before a heading; website.pages makes its own
LICENCE = re.compile("CC BY 4.0|BSD 3-Clause")
SENTENCE = re.compile(r'\{\{ "(.*?)" \}\}')


def build_pages(site: Path) -> None:
    """Build the start pages and the books anew; other parts of the folder stay as they are."""
    if not (MODULES / "mathjax").exists():
        raise SystemExit("MathJax is not here. `npm ci` fetches it.")
    for part in ("start", *(each.book for each in LANGUAGES)):
        shutil.rmtree(site / part, ignore_errors=True)
    shutil.copytree(HERE / "start", site / "start", ignore=shutil.ignore_patterns("*.html"))
    shutil.copy(HERE / "static/favicon.svg", site / "start")
    shown, sentences = runs(), []
    for each in LANGUAGES:
        os.environ["COURSE_LANG"] = each.locale
        (site / each.picture).write_text(moving_picture(shown), encoding="utf-8")
        (site / each.start).write_text(start_page(each, shown), encoding="utf-8")
        make_book(each, site / each.book)
        sentences.append(no_page(each))
    parts = "|".join([*(each.book for each in LANGUAGES), "lite", "start"])
    style = (HERE / "start/start.css").read_text(encoding="utf-8")
    known = {"parts": parts, "sentences": "".join(sentences), "style": style}
    page = (HERE / "start/404.html").read_text(encoding="utf-8")
    (site / "404.html").write_text(filled(page, known), encoding="utf-8")


def start_page(own: Language, shown: dict[str, Run]) -> str:
    """Return the start page in the language that is spoken."""
    others = (
        f'<a href="{each.start}" lang="{each.tag}" hreflang="{each.tag}">{each.name}</a>'
        for each in LANGUAGES
        if each != own
    )
    known = {
        "alternative": escape(alternative(shown)),
        "book": own.book,
        "languages": " ".join(others),
        "notebooks": f"notebooks/{own.folder}".rstrip("/"),
        "picture": own.picture,
        "tag": own.tag,
    }
    page = (HERE / "start/index.html").read_text(encoding="utf-8")
    page = SENTENCE.sub(lambda said: escape(_(said[1])), page)
    page = LICENCE.sub(r'<span class="licence">\g<0></span>', page)
    return filled(page, known)


def no_page(own: Language) -> str:
    """Return what a host says where there is no page, in the language that is spoken."""
    link = f'<a href="{own.start}">{escape(_("Start page"))}</a>'
    return f'<p lang="{own.tag}">{escape(_("There is no such page."))} {link}</p>'


def filled(text: str, known: dict[str, str]) -> str:
    """Return a text with what stands for its {{ names }}."""
    return re.sub(r"\{\{ (\w+) \}\}", lambda name: known[name[1]], text)


def make_book(own: Language, book: Path) -> None:
    """Build the book in the language that is spoken."""
    with TemporaryDirectory() as folder:
        # myst-nb puts a folder of its own beside what is built; it stays here.
        source, built = Path(folder, "source"), Path(folder, "built/book")
        write_source(own, source)
        write_theme_words(own, source / "locales")
        sphinx = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
        sphinx += ["-c", str(HERE), "-d", str(source / ".doctrees")]
        if subprocess.run([*sphinx, str(source), str(built)], cwd=ROOT).returncode:
            raise SystemExit("The book was not built. The lines above say why.")
        rename_parts(built)
        shutil.move(built, book)
    copy_mathjax(book / "_static/mathjax")


def write_source(own: Language, source: Path) -> None:
    """Write what Sphinx reads: the notebooks of one language, without a folder of its own."""
    with TemporaryDirectory() as name:
        root = ROOT
        if own.folder in translations.MADE_FROM:
            root = Path(name)
            translations.write(own.folder, root)
        for part in ("notebooks", "exercises"):
            (source / part).mkdir(parents=True)
            folder = root / part / own.folder
            for path in (*folder.glob("*.ipynb"), *folder.glob("*.md")):
                text = path.read_text(encoding="utf-8")
                if own.folder:
                    text = re.sub(rf"\.\./\.\./(\w+)/{own.folder}/", r"../\1/", text)
                    text = ANCHOR.sub("", text)
                (source / part / path.name).write_text(text, encoding="utf-8")
        suffix = f".{own.folder}.md" if own.folder else ".md"
        readme = (root / f"README{suffix}").read_text(encoding="utf-8")
        shutil.copy(root / f"website/in_your_browser{suffix}", source / "in_your_browser.md")
        index = (root / f"website/index{suffix}").read_text(encoding="utf-8")
    questions = next(part for part in readme.split("\n\n") if "| [01 " in part)
    questions = questions.replace(f"notebooks/{own.folder}/" if own.folder else "\0", "notebooks/")
    notebooks = f"notebooks/{own.folder}".rstrip("/")
    known = {"questions": questions, "contents": contents(questions), "notebooks": notebooks}
    (source / "index.md").write_text(filled(index, known), encoding="utf-8")


def write_theme_words(own: Language, locales: Path) -> None:
    """Write what the theme says in a language, where Sphinx looks for it before its own."""
    catalog = Catalog(own.locale or None)
    for said in THEME:
        catalog.add(said, _(said))
    folder = locales / own.locale / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "sphinx.mo").open("wb") as file:
        write_mo(file, catalog)


def rename_parts(book: Path) -> None:
    """Name the parts of every page in the language that is spoken."""
    for page in book.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        # The words that are seen are the better name of what they open.
        text = text.replace('<summary aria-label="Toggle hidden content">', "<summary>")
        for theirs, ours in NAMES.items():
            text = re.sub(rf'(title|aria-label)="({theirs})"', rf'\1="{escape(_(ours))}"', text)
        page.write_text(text, encoding="utf-8")


def contents(questions: str) -> str:
    """Return the book's lists of pages, from the links to the notebooks."""
    pages = re.findall(r"\| \[(.*?)\]\(notebooks/(\w+)\.ipynb\)", questions)
    lists = {
        _("Notebooks"): [f"{title} <notebooks/{name}>" for title, name in pages],
        _("Exercises"): [
            f"{_('Exercises {title}', title=title)} <exercises/{name}>" for title, name in pages
        ],
        _("To look up"): [
            "in_your_browser",
            f"{_('Glossary')} <notebooks/glossary>",
            f"{_('About the lecture')} <notebooks/lecture>",
        ],
    }
    return "\n\n".join(
        "\n".join(["```{toctree}", f":caption: {caption}", ":hidden:", *lines, "```"])
        for caption, lines in lists.items()
    )


def copy_mathjax(folder: Path) -> None:
    """Copy what a page of TeX needs of MathJax: script, menu, speech in English, and one font."""
    mathjax, font = MODULES / "mathjax", MODULES / "@mathjax/mathjax-newcm-font"
    folder.mkdir(parents=True)
    shutil.copy(mathjax / "tex-chtml.js", folder)
    for part in ("a11y", "ui"):
        shutil.copytree(mathjax / part, folder / part)
    (folder / "sre/mathmaps").mkdir(parents=True)
    for part in ("speech-worker.js", *(f"mathmaps/{name}.json" for name in SPEECH)):
        shutil.copy(mathjax / "sre" / part, folder / "sre" / part)
    shutil.copytree(font / "chtml", folder / "newcm/chtml")


def serve(site: Path) -> None:
    handler = partial(SimpleHTTPRequestHandler, directory=str(site))
    server = ThreadingHTTPServer(("localhost", 0), handler)
    print(f"The course is at http://localhost:{server.server_port}/ until Ctrl+C is pressed.")
    with suppress(KeyboardInterrupt):
        server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="website.build")
    parser.add_argument("--into", type=Path, default=HERE / "_build/html")
    parser.add_argument("--pages-only", action="store_true", help="nothing that runs")
    parser.add_argument("--serve", action="store_true")
    chosen = parser.parse_args()
    build_pages(chosen.into)
    if not chosen.pages_only:
        try:
            build_lite.build(chosen.into / "lite")
        except NoPyodide as missing:
            raise SystemExit(str(missing)) from None
    if chosen.serve:
        serve(chosen.into)
