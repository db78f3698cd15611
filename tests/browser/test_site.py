"""The website: every link leads somewhere, nothing is asked of others, and all can read it."""

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from course_lib.plots import FOLDED

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [f"{path.parent.name}/{path.stem}" for path in NOTEBOOKS]
PAGES += [f"exercises/{path.stem}" for path in NOTEBOOKS]
ADDRESSES = ["index.html", "book/index.html", "book/search.html?q=momentum"]
ADDRESSES += [f"book/{page}.html" for page in (*PAGES, "notebooks/glossary", "notebooks/lecture")]


class Document(HTMLParser):
    """The anchors, addresses and pictures of one page."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.addresses: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.anchors.add(given.get("id", ""))
        self.addresses += [given[name] for name in ("href", "src") if given.get(name)]
        if tag == "img":
            self.pictures.append(given)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "website.build", "--into", str(folder), "--pages-only"]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="session")
def documents(site: Path) -> dict[Path, Document]:
    pages = [
        site / "index.html",
        *(site / "book").glob("*.html"),
        *(site / "book").glob("*/*.html"),
    ]
    return {page: Document(page) for page in pages if "_static" not in page.parts}


@pytest.fixture(scope="session")
def served(site: Path) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["light", "dark"])
def themed(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    page = browser.new_page(color_scheme=request.param)
    yield page
    page.close()


def test_every_link_and_anchor_within_the_site_leads_somewhere(site, documents):
    lost = []
    for page, document in documents.items():
        for address in document.addresses:
            link = urlsplit(address)
            if link.scheme or link.netloc:
                continue
            target = (page.parent / unquote(link.path)).resolve() if link.path else page
            if target.relative_to(site).parts[:1] == ("lite",):
                continue
            anchor = unquote(link.fragment)
            known = not anchor or target not in documents or anchor in documents[target].anchors
            if not target.exists() or not known:
                lost.append((page.name, address))
    assert len(documents) == len(ADDRESSES)
    assert lost == []


def test_nothing_leads_to_another_host(documents):
    outside = {
        address
        for document in documents.values()
        for address in document.addresses
        if urlsplit(address).netloc
    }
    assert outside == set()


def test_every_page_of_a_notebook_leads_to_where_it_runs(site, documents):
    for name in PAGES:
        addresses = documents[site / f"book/{name}.html"].addresses
        runs = {address for address in addresses if "/lite/" in address}
        assert runs == {f"../../lite/lab/index.html?path={name}.ipynb"}
    start = urlsplit(next(a for a in documents[site / "index.html"].addresses if "lite/" in a))
    assert (ROOT / parse_qs(start.query)["path"][0]).exists()


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_page_shows_every_still_of_its_notebook_with_its_text(site, documents, notebook):
    stored = [
        re.search(r'alt="(.*?)"', output.data["text/html"])[1]
        for cell in nbformat.read(notebook, as_version=4).cells
        for output in cell.get("outputs", [])
        if FOLDED in output.get("data", {}).get("text/html", "")
    ]
    page = site / f"book/notebooks/{notebook.stem}.html"
    shown = [picture for picture in documents[page].pictures if "_images" in picture["src"]]
    assert stored
    assert [picture["alt"] for picture in shown] == [unescaped(alt) for alt in stored]
    # A click on it opens the file in full size.
    assert all(documents[page].addresses.count(picture["src"]) >= 2 for picture in shown)


def unescaped(text: str) -> str:
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_data = found.append
    parser.feed(text)
    parser.close()
    return "".join(found)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_box_is_one_and_what_answers_a_prediction_is_folded(site, notebook):
    cells = nbformat.read(notebook, as_version=4).cells
    page = (site / f"book/notebooks/{notebook.stem}.html").read_text(encoding="utf-8")
    boxes = sum(len(re.findall(r"(?:^>.*\n?)+", c.source, re.MULTILINE)) for c in cells)
    tagged = [c for c in cells if "hide-output" in c.metadata.get("tags", [])]
    folded = [c for c in tagged if c.outputs]
    assert "<blockquote>" not in page
    assert len(re.findall(r'<div class="[^"]*admonition', page)) == boxes
    assert page.count('<details class="admonition hide below-input">') == len(folded) > 0


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_asks_no_other_host_and_fits_a_phone(page, served, address):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(served + address, wait_until="networkidle")
    assert {url for url in asked if not url.startswith((served, "data:", "blob:"))} == set()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


LOOKED_AT = ["index.html", "book/notebooks/03_adagrad.html", "book/exercises/03_adagrad.html"]
LOOKED_AT += ["book/notebooks/glossary.html", "book/search.html?q=momentum"]


@pytest.mark.parametrize("address", LOOKED_AT)
def test_axe_finds_no_fault_in_the_light_and_in_the_dark(themed, served, address):
    themed.goto(served + address, wait_until="networkidle")
    # Axe would look for a style sheet of a style sheet in the wrong folder.
    found = Axe().run(themed, options={"preload": False})
    assert found.violations_count == 0, found.generate_report()


def test_mathematics_is_set(page, served):
    page.goto(f"{served}book/notebooks/03_adagrad.html", wait_until="networkidle")
    assert page.locator("mjx-container").count() > 20
    assert page.locator("mjx-merror").count() == 0


def test_a_search_for_momentum_finds_notebook_05_first(page, served):
    page.goto(f"{served}book/search.html?q=momentum")
    expect(page.locator("#search-results li a").first).to_contain_text("05 Adam")


def test_an_output_is_unfolded_by_the_keyboard(page, served):
    page.goto(f"{served}book/notebooks/03_adagrad.html", wait_until="networkidle")
    folded = page.locator("details.below-input").first
    output = folded.locator(".cell_output")
    expect(output).to_be_hidden()
    expect(folded.locator("summary")).to_have_accessible_name("Show the output")
    folded.locator("summary").press("Enter")
    expect(output).to_be_visible()


def test_on_paper_nothing_is_folded(page, served):
    page.goto(f"{served}book/notebooks/03_adagrad.html", wait_until="networkidle")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_a_term_leads_to_its_row_of_the_glossary(page, served):
    page.goto(f"{served}book/notebooks/01_critical_points.html")
    page.get_by_role("link", name="gradient", exact=True).click()
    expect(page.locator(":target")).to_have_text("gradient")
    expect(page.locator(":target")).to_be_in_viewport()


def test_the_start_page_is_one_screen_and_stands_still_for_who_asks(browser, served):
    for width, height in ((1400, 1000), (390, 844)):
        page = browser.new_page(
            viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        page.goto(served, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollHeight") <= height
        for words in ("Read", "Run it now"):
            expect(page.get_by_role("link", name=words, exact=True)).to_be_in_viewport()
        page.goto(f"{served}start/runs.svg")
        assert page.evaluate("document.getAnimations().length") == 0
        page.emulate_media(reduced_motion="no-preference")
        assert page.evaluate("document.getAnimations().length") > 0
        page.close()
