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
from docutils import nodes
from docutils.core import publish_doctree
from myst_parser.docutils_ import Parser
from playwright.sync_api import Browser, Page, expect

from course_lib.plots import FOLDED
from website.languages import LANGUAGES
from website.pages import keep_together, make_box

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [f"{path.parent.name}/{path.stem}" for path in NOTEBOOKS]
PAGES += [f"exercises/{path.stem}" for path in NOTEBOOKS]
ADDRESSES = ["index.html", "book/index.html", "book/search.html?q=momentum"]
ADDRESSES += [f"book/{page}.html" for page in (*PAGES, "notebooks/glossary", "notebooks/lecture")]
ADDRESSES += ["book/in_your_browser.html"]
OTHERS = LANGUAGES[1:]


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
    pages = [site / each.start for each in LANGUAGES]
    for each in LANGUAGES:
        pages += [*(site / each.book).glob("*.html"), *(site / each.book).glob("*/*.html")]
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


# The formulas are set, the fonts are there, and the theme has looked which boxes scroll (300 ms
# after the last of them has changed).
SETTLED = """
async () => {
  await window.MathJax?.startup?.promise
  await document.fonts.ready
  await new Promise((then) => setTimeout(then, 400))
}
"""


def visit(page: Page, address: str) -> None:
    """Open a page and wait until nothing of it changes any more."""
    page.goto(address)
    page.evaluate(SETTLED)
    # A browser too busy to ask for the next file is idle, too: this alone says little.
    page.wait_for_load_state("networkidle")


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
    assert len(documents) == len(LANGUAGES) * len(ADDRESSES)
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


BOXES = [
    ("**Predict.** Which?", ["predict"], "Predict"),
    ("**预测**。哪一个?", ["predict"], "预测"),
    ("**The lecture says** that", ["lecture"], None),
    ("**讲义说**学习率", ["lecture"], None),
    ("**In the literature.** Adam", [], "In the literature"),
    ("**更准确地说**", [], None),
]


@pytest.mark.parametrize(("source", "classes", "title"), BOXES)
def test_a_box_is_of_the_same_kind_in_both_languages(source, classes, title):
    page = publish_doctree(f"> {source}", parser=Parser())
    make_box(page[0])
    [box] = page.children
    assert box["classes"] == classes
    assert [part.astext() for part in box.findall(nodes.title)] == ([title] if title else [])


def test_exercises_lie_between_their_notebook_and_the_next(page, served):
    page.goto(f"{served}book/notebooks/03_adagrad.html")
    page.locator("footer").get_by_role("link", name="03 Adagrad: exercises").click()
    page.wait_for_url("**/exercises/03_adagrad.html")
    before, after = page.locator(".prev-next-title").all_inner_texts()
    assert before.startswith("03 Adagrad: one rate")
    assert after.startswith("04 RMSProp: ")


@pytest.mark.parametrize("own", OTHERS, ids=lambda own: own.tag)
def test_every_part_of_a_page_is_named_in_its_language(site, own):
    for page in ("index", "notebooks/03_adagrad", "exercises/03_adagrad", "notebooks/glossary"):
        text = (site / own.book / f"{page}.html").read_text(encoding="utf-8")
        names = re.findall(r' (?:title|aria-label)="([^"]*)"', text)
        assert len(names) > 10
        assert [name for name in names if not re.search("[\u4e00-\u9fff]", name)] == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_asks_no_other_host_and_fits_a_phone(page, served, address):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, served + address)
    assert {url for url in asked if not url.startswith((served, "data:", "blob:"))} == set()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


LOOKED_AT = ["index.html", "book/notebooks/03_adagrad.html", "book/exercises/03_adagrad.html"]
LOOKED_AT += ["book/notebooks/glossary.html", "book/search.html?q=momentum"]
LOOKED_AT += ["zh.html", "book-zh/notebooks/03_adagrad.html"]


@pytest.mark.parametrize("address", LOOKED_AT)
def test_axe_finds_no_fault_in_the_light_and_in_the_dark(themed, served, address):
    visit(themed, served + address)
    # Axe would look for a style sheet of a style sheet in the wrong folder.
    found = Axe().run(themed, options={"preload": False})
    assert found.violations_count == 0, found.generate_report()


def test_mathematics_is_set(page, served):
    visit(page, f"{served}book/notebooks/03_adagrad.html")
    assert page.locator("mjx-container").count() > 20
    assert page.locator("mjx-merror").count() == 0


def test_a_still_says_first_that_it_is_one(page, served):
    visit(page, f"{served}book/notebooks/02_learning_rate.html")
    explorers = page.locator(".explorer").all()
    assert len(explorers) == page.get_by_text("A still picture of the first state.").count() > 1
    for explorer in explorers:
        said = explorer.get_by_text("A still picture").bounding_box()
        assert said["y"] < explorer.locator("img").first.bounding_box()["y"]


def test_a_formula_of_an_explorer_is_set(page, served):
    visit(page, f"{served}book/notebooks/07_playground.html")
    explorer = page.locator(".explorer").first
    assert explorer.locator("mjx-container").count() == 8  # four for each of its two rules
    assert "$" not in explorer.inner_text()


# Ends of lines that a reader would not make: a formula, and then a comma alone on the next line.
PARTED = """
const parts = document.querySelectorAll('mjx-container:not([display]), p code')
;[...parts].flatMap((formula) => {
  const after = (formula.closest('.math') ?? formula).nextSibling
  if (after?.nodeType !== Node.TEXT_NODE || !/^[.,:;)]/.test(after.data)) return []
  const mark = document.createRange()
  mark.setStart(after, 0)
  mark.setEnd(after, 1)
  const below = mark.getBoundingClientRect().top > [...formula.getClientRects()].at(-1).bottom
  return below ? [after.data] : []
})
"""


@pytest.mark.parametrize("name", ["05_adam", "07_playground"])
def test_on_a_phone_no_comma_stands_alone_after_a_formula_or_code(page, served, name):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{served}book/notebooks/{name}.html")
    assert page.evaluate(PARTED) == []


def test_code_that_fits_into_a_line_is_not_broken(page, served):
    lines = """(code) => {
      const text = document.createRange()
      text.selectNodeContents(code)
      return new Set([...text.getClientRects()].map((line) => line.top)).size
    }"""
    page.set_viewport_size({"width": 1400, "height": 900})
    page.goto(f"{served}book/exercises/03_adagrad.html")
    assert {code.evaluate(lines) for code in page.locator("p code").all()} == {1}


def test_a_number_and_its_percent_sign_stay_together():
    page = publish_doctree("From 9 % to **96 %**, but `9 % 4` is 1.", parser=Parser())
    keep_together(page)
    assert page.astext() == "From 9\u00a0% to 96\u00a0%, but 9 % 4 is 1."


# What is cut although it cannot be scrolled, or can be without a shadow that says so.
CUT = """
[...document.querySelectorAll('.bd-article *')].filter((part) => {
  const { display, overflowX, backgroundImage } = getComputedStyle(part)
  const wide = display !== 'inline' && part.scrollWidth > part.clientWidth + 1
  const inside = part.parentElement.closest('mjx-container')
  const scrolls = overflowX === 'auto' && backgroundImage.includes('gradient')
  return wide && part.clientWidth && !inside && !scrolls
}).map((part) => part.outerHTML.slice(0, 200))
"""


@pytest.mark.parametrize(
    "name", ["notebooks/03_adagrad", "notebooks/07_playground", "exercises/06_warmup"]
)
def test_what_is_wider_than_a_phone_scrolls_and_shows_that_it_does(page, served, name):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{served}book/{name}.html")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert page.evaluate(CUT) == []


def test_a_formula_in_a_table_is_not_broken(page, served):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{served}book/exercises/06_warmup.html")
    formulas = page.locator("table mjx-container").all()
    lines = [formula.evaluate("(it) => it.getClientRects().length") for formula in formulas]
    assert set(lines) == {1}


WIDER = """
[...document.querySelectorAll('pre, .pst-scrollable-table-container')]
  .filter((part) => {
    if (part.matches('pre')) part.style.whiteSpace = 'pre' // on paper it would be broken
    return part.scrollWidth > part.clientWidth + 1
  })
  .map((part) => part.textContent.trim().slice(0, 80))
"""
WIDE = ["notebooks/04_rmsprop", "notebooks/05_adam", "notebooks/06_warmup", "notebooks/glossary"]


@pytest.mark.parametrize("medium", ["screen", "print"])
@pytest.mark.parametrize("name", [*WIDE, "exercises/01_critical_points"])
def test_code_output_and_tables_fit_a_large_screen_and_paper(page, served, name, medium):
    page.set_viewport_size({"width": 718 if medium == "print" else 1400, "height": 1000})
    page.emulate_media(media=medium)
    visit(page, f"{served}book/{name}.html")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    assert page.evaluate(WIDER) == []


def test_on_paper_a_table_may_be_parted_but_no_cell(page, served):
    page.emulate_media(media="print")
    page.goto(f"{served}book/notebooks/06_warmup.html")
    expect(page.locator("article table").first).to_have_css("break-inside", "auto")
    expect(page.locator(".cell_input").first).to_have_css("break-inside", "avoid")


def test_on_a_phone_the_shadow_of_a_table_ends_with_it_and_next_is_at_the_right(page, served):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served}book/notebooks/glossary.html")
    around = page.locator("article div:has(> table)").bounding_box()
    assert around["height"] < page.locator("article table").bounding_box()["height"] + 2
    after = page.locator("a.right-next").bounding_box()
    assert after["x"] + after["width"] > 360


def test_on_a_phone_the_mark_of_a_heading_has_no_line_of_its_own(page, served):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{served}book/notebooks/03_adagrad.html")
    words = "(h) => [h.firstChild, h].map((part) => {"
    words += "const range = document.createRange(); range.selectNodeContents(part);"
    words += "return range.getBoundingClientRect().bottom })"
    for heading in page.locator("article :is(h2, h3)").all():
        text, all_of_it = heading.evaluate(words)
        assert all_of_it < text + 10


def test_every_part_of_an_explorer_is_apart_from_the_next(page, served):
    visit(page, f"{served}book/notebooks/07_playground.html")
    gaps = """(it) => {
      const boxes = [...it.children].map((part) => part.getBoundingClientRect())
      return boxes.slice(1).map((box, before) => box.top - boxes[before].bottom)
    }"""
    for part in page.locator(".explorer, .explorer section").all():
        assert min(part.evaluate(gaps)) > 8


def test_links_have_one_colour(page, served):
    page.goto(f"{served}book/notebooks/glossary.html")
    colours = "(links) => [...new Set(links.map((link) => getComputedStyle(link).color))]"
    assert len(page.locator("article :is(p, td) > a, article td a").evaluate_all(colours)) == 1


def test_a_still_stays_large_enough_on_a_phone(page, served):
    page.set_viewport_size({"width": 390, "height": 844})
    visit(page, f"{served}book/notebooks/07_playground.html")
    still = page.locator("a.still").first
    assert still.locator("img").bounding_box()["width"] > 600
    expect(still.get_by_text("Open in full size")).to_be_visible()


def test_a_search_for_momentum_finds_notebook_05_first(page, served):
    page.goto(f"{served}book/search.html?q=momentum")
    expect(page.locator("#search-results li a").first).to_contain_text("05 Adam")


def test_what_was_searched_for_is_scrolled_to(page, served):
    page.goto(f"{served}book/search.html?q=AMSGrad")
    page.locator("#search-results li a").first.click()
    page.wait_for_url("**/notebooks/*")
    page.wait_for_function("() => scrollY > 200")


def test_what_a_search_finds_shows_no_tex(page, served):
    page.goto(f"{served}book/search.html?q=momentum")
    found = page.locator("#search-results .context")
    expect(found.filter(has_text="Every matrix can be written as …")).to_be_visible()
    assert "\\" not in "".join(found.all_inner_texts())


ASKED = [
    ("book-zh", "预热", "06 预热"),
    ("book-zh", "偏差修正", "05 Adam"),
    ("book-zh", "Adam 的偏差", "05 Adam"),
    ("book-zh", "凸", "术语表"),
    ("book-zh-TW", "權重衰減", "05 Adam"),
]


@pytest.mark.parametrize(("book", "asked", "found"), ASKED)
def test_a_search_finds_a_chinese_term_of_any_length(page, served, book, asked, found):
    page.goto(f"{served}{book}/search.html?q={asked}")
    expect(page.locator("#search-results li a").filter(has_text=found).first).to_be_visible()


def test_a_search_finds_no_page_that_lacks_what_is_asked(page, served):
    page.goto(f"{served}book-zh/search.html?q=鞍山")
    expect(page.locator("#search-results")).to_contain_text("没有匹配")
    expect(page.locator("#search-results li a")).to_have_count(0)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda each: each.tag)
def test_a_page_says_its_language_and_leads_to_the_same_page_in_the_others(site, language):
    for name in [*PAGES, "index", "notebooks/glossary", "search"]:
        page = site / language.book / f"{name}.html"
        text = page.read_text(encoding="utf-8")
        up = "../../" if "/" in name else "./../"
        assert f'<html lang="{language.tag}"' in text
        for each in LANGUAGES:
            assert f'href="{up}{each.book}/{name}.html"' in text
    start = (site / language.start).read_text(encoding="utf-8")
    assert f'<html lang="{language.tag}"' in start
    assert "{{" not in start
    for each in LANGUAGES:
        assert (f'href="{each.start}"' in start) == (each != language)


def test_the_switch_of_languages_leads_to_the_section_that_is_read(page, served):
    page.goto(f"{served}book/notebooks/02_learning_rate.html")
    page.get_by_role("heading", name="The noise floor").evaluate("e => e.scrollIntoView()")
    page.get_by_role("link", name="简体中文").click()
    page.wait_for_url("**/book-zh/notebooks/02_learning_rate.html*")
    expect(page.get_by_role("heading", name="噪声下限")).to_be_in_viewport()


@pytest.mark.parametrize("language", OTHERS, ids=lambda each: each.tag)
@pytest.mark.parametrize("name", ["notebooks/03_adagrad", "exercises/05_adam"])
def test_a_page_of_another_language_has_the_boxes_folds_and_stills_of_the_english(
    site, documents, language, name
):
    def counted(book: str) -> list[int]:
        page = site / book / f"{name}.html"
        text = page.read_text(encoding="utf-8")
        parts = 'predict"', 'lecture"', "<details", "<li>", 'class="still'
        counts = list(map(text.count, parts))
        return [*counts, len(documents[page].pictures)]

    assert counted(language.book) == counted("book")
    text = (site / language.book / f"{name}.html").read_text(encoding="utf-8")
    assert not re.search(r"Show the|Run this n|Predict\b", text)


@pytest.mark.parametrize("language", OTHERS, ids=lambda each: each.tag)
def test_what_is_run_from_a_page_is_in_its_language(documents, site, language):
    addresses = documents[site / language.book / "notebooks/03_adagrad.html"].addresses
    path = f"notebooks/{language.folder}/03_adagrad.ipynb"
    assert f"../../lite/lab/index.html?path={path}" in addresses


def test_an_output_is_unfolded_by_the_keyboard(page, served):
    visit(page, f"{served}book/notebooks/03_adagrad.html")
    folded = page.locator("details.below-input").first
    output = folded.locator(".cell_output")
    expect(output).to_be_hidden()
    expect(folded.locator("summary")).to_have_accessible_name("Show the output")
    folded.locator("summary").press("Enter")
    expect(output).to_be_visible()


def test_who_uses_the_keyboard_sees_where_they_are(page, served):
    visit(page, f"{served}book/notebooks/03_adagrad.html")
    page.keyboard.press("Tab")
    places = page.locator("button:visible, summary:visible").all()
    assert len(places) > 10
    for place in places:
        place.focus()
        ring = "(it) => [getComputedStyle(it).outlineStyle, getComputedStyle(it).boxShadow]"
        assert place.evaluate(ring) != ["none", "none"]
    # A fold would cut the ring if it stood out.
    expect(page.locator("details.hide > summary").first).to_have_css("outline-offset", "-3px")


def test_on_paper_nothing_is_folded_or_dark(page, served):
    page.emulate_media(color_scheme="dark")
    visit(page, f"{served}book/notebooks/03_adagrad.html")
    page.emulate_media(color_scheme="dark", media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open], .above-input)").count() == 0
    expect(page.locator("details.above-input").first).to_be_hidden()
    # Paper shows the first moment of what moves.
    assert page.evaluate("document.getAnimations().map((each) => each.animationName)") == []
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(34, 40, 50)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0
    assert page.locator("html[data-theme=dark]").count() == 1


def test_a_fold_says_whether_it_hides_a_picture(page, served):
    visit(page, f"{served}book/notebooks/03_adagrad.html")
    folds = page.locator("details.below-input")
    pictures = folds.filter(has=page.locator("img")).all()
    assert 0 < len(pictures) < folds.count()
    for fold in pictures:
        expect(fold.locator("summary")).to_have_accessible_name("Show the picture")


def test_a_term_leads_to_its_row_of_the_glossary(page, served):
    page.goto(f"{served}book/notebooks/01_critical_points.html")
    page.get_by_role("link", name="gradient", exact=True).click()
    expect(page.locator(":target")).to_have_text("gradient")
    expect(page.locator(":target")).to_be_in_viewport()
    page.locator("tr", has=page.locator(":target")).get_by_role("link", name="01").click()
    expect(page).to_have_url(f"{served}book/notebooks/01_critical_points.html")


def test_the_start_page_is_one_screen_and_stands_still_for_who_asks(browser, served):
    for width, height in ((1400, 1000), (390, 844)):
        page = browser.new_page(
            viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        visit(page, served)
        assert page.evaluate("document.documentElement.scrollHeight") <= height
        for words in ("Read", "Run it now"):
            expect(page.get_by_role("link", name=words, exact=True)).to_be_in_viewport()
        page.goto(f"{served}start/runs-en.svg")
        assert page.evaluate("document.getAnimations().length") == 0
        page.emulate_media(reduced_motion="no-preference")
        assert page.evaluate("document.getAnimations().length") > 0
        page.close()


def test_the_start_page_is_dark_if_that_was_chosen_in_the_book(page, served):
    page.emulate_media(color_scheme="light")
    page.goto(f"{served}book/notebooks/lecture.html")
    page.evaluate("localStorage.setItem('mode', 'dark')")
    page.goto(served)
    expect(page.locator("body")).to_have_css("background-color", "rgb(20, 24, 30)")


@pytest.mark.parametrize("folder", ["", "book/", "book-zh-TW/notebooks/", "lite/lab/"])
def test_where_there_is_no_page_a_link_leads_to_the_start(page, served, site, folder):
    page.route("**/lost.html", lambda route: route.fulfill(path=site / "404.html"))
    page.goto(f"{served}{folder}lost.html")
    for each in LANGUAGES:
        link = page.locator(f"p[lang={each.tag}] a")
        assert link.evaluate("(link) => link.href") == f"{served}{each.start}"


def test_the_name_of_a_licence_is_not_broken(page, served):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(served)
    names = page.locator("footer .licence")
    assert names.all_inner_texts() == ["CC BY 4.0", "BSD 3-Clause"]
    assert names.evaluate_all("(all) => all.map((name) => name.getClientRects().length)") == [1, 1]
