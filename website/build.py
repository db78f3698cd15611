"""Build the website: a start page, the book of the notebooks as committed, and JupyterLite.

    python -m website.build [--into FOLDER] [--pages-only] [--serve]

Nothing is executed. MathJax is copied from node_modules; Pyodide is fetched if it is not there,
but not for the pages alone.
"""

import argparse
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import partial
from html import escape
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from tools import build_lite
from tools.pyodide import NoPyodide
from website.picture import alternative, moving_picture, runs

HERE = Path(__file__).parent
ROOT = HERE.parent
MODULES = ROOT / "node_modules"
SPEECH = "base", "en", "nemeth"


def build_pages(site: Path) -> None:
    """Build the start page and the book anew; other parts of the folder stay as they are."""
    if not (MODULES / "mathjax").exists():
        raise SystemExit("MathJax is not here. `npm ci` fetches it.")
    for part in ("book", "start"):
        shutil.rmtree(site / part, ignore_errors=True)
    make_start_page(site)
    make_book(site / "book")


def make_start_page(site: Path) -> None:
    shutil.copytree(HERE / "start", site / "start")
    shutil.copy(HERE / "static/favicon.svg", site / "start")
    shown = runs()
    (site / "start/runs.svg").write_text(moving_picture(shown), encoding="utf-8")
    page = (site / "start/index.html").read_text(encoding="utf-8")
    (site / "start/index.html").unlink()
    page = page.replace("{{ alternative }}", escape(alternative(shown)))
    (site / "index.html").write_text(page, encoding="utf-8")


def make_book(book: Path) -> None:
    with TemporaryDirectory() as folder:
        # myst-nb puts a folder of its own beside what is built; it stays here.
        source, built = Path(folder, "source"), Path(folder, "built/book")
        source.mkdir()
        for part in ("notebooks", "exercises"):
            shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns(".*"))
        shutil.copy(HERE / "index.md", source)
        shutil.copy(ROOT / "README.md", source)
        sphinx = [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "--keep-going"]
        sphinx += ["-c", str(HERE), "-d", str(source / ".doctrees")]
        if subprocess.run([*sphinx, str(source), str(built)], cwd=ROOT).returncode:
            raise SystemExit("The book was not built. The lines above say why.")
        shutil.move(built, book)
    copy_mathjax(book / "_static/mathjax")


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
