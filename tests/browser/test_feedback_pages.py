"""The grader's pages as a browser shows them: without a fault that axe finds, on paper too."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from course_lib import feedback
from grader import pages
from grader.results import Change

ROOT = Path(__file__).parents[2]
LONG = "it raises " + 30 * "NameError"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """The pages of a class in which everything happens that a page can say."""
    folder = tmp_path_factory.mktemp("results")
    rows = [row(f"Student {number}", right=number) for number in range(6)]
    rows += [row("محمد علي", right=3), row("X" * 120, right=0)]
    rows.append(row("Lost", right=0) | {"tasks": [], "failed": "it is empty"})
    rows += [row(name, right=-1) | {"prints": {"adagrad_step": [1]}} for name in ("Bo", "Chen")]
    rows += [row("Student 5", right=2) | {"notebook": name} for name in ("05_adam", 40 * "long")]
    pages.write(rows, folder, {})
    return folder


def row(student: str, right: int) -> dict:
    """A row with so many right tasks, one partly right, the rest wrong or not graded."""
    tasks = []
    names = [name for name, task in feedback.tasks().items() if task["notebook"] == "03_adagrad"]
    for number, name in enumerate(names):
        task = feedback.tasks()[name]
        points = task["points"] if number < right else 1 if number == right else 0
        wrong = task["misconceptions"][number % 4]
        finding = {"headline": wrong["name"], "details": [wrong["explanation"]]}
        tasks.append(
            {
                **{"task": name, "of": task["points"], "points": points, "state": "scored"},
                **{"reason": "", "missed": [] if number < right else [LONG]},
                "finding": None if number < right else finding | {"read": wrong["read"]},
            }
        )
    if student == "Student 3":
        tasks[-1] |= {"points": None, "state": "could not grade", "reason": "the disk was full"}
    return {
        **{"student": student, "id": "17", "notebook": "03_adagrad", "file": "03_adagrad.ipynb"},
        **{"sha256": f"{right:064}", "dated": "2026-11-27T09:30:05+00:00", "again": False},
        **{"tasks": tasks, "notes": ["Code cell 2 raised NameError."], "failed": ""},
    }


@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize(
    "name", [*(f"feedback/{name}*" for name in ("Student_3", "X", "Lost")), "report.html"]
)
def test_axe_finds_no_fault_and_nothing_is_cut_off(browser: Browser, folder, name, width):
    (file,) = folder.glob(name)
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(file.as_uri())
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    page.close()


def test_a_bar_is_as_long_as_the_number_beside_it_says(page: Page, folder):
    page.goto((folder / "report.html").as_uri())
    cells = page.locator("table", has_text="the hardest first").locator(".bars")
    assert cells.count() == 6
    for cell in cells.all():
        drawn, whole = (cell.locator(each).bounding_box()["width"] for each in (".bar", ".all"))
        assert drawn / whole == pytest.approx(float(cell.inner_text().strip(" %")) / 100, abs=0.02)


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> str:
    """The report of a class that has handed in everything, and has remarks."""
    folder = tmp_path_factory.mktemp("all")
    notebooks = sorted({task["notebook"] for task in feedback.tasks().values()})
    rows = [
        row(f"Firstname{number} Lastname", right=number) | {"notebook": notebook}
        for number in range(3)
        for notebook in [*notebooks, "project"]
    ]
    rows[0] |= {"failed": "it is empty", "tasks": [], "file": "a_long_way/to/03_adagrad.ipynb"}
    pages.write(rows, folder, {("Firstname1 Lastname", "03_adagrad"): Change(late_days=2)})
    return (folder / "report.html").as_uri()


@pytest.mark.parametrize("width", [390, 700, 1000, 1300])
def test_nothing_in_a_report_is_read_by_scrolling_sideways(browser: Browser, report, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(report)
    hidden = "[...document.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth + 1"
    hidden += " && getComputedStyle(e).overflowX == 'auto').length"
    assert page.evaluate(hidden) == 0
    page.close()


@pytest.mark.parametrize("width", [390, 1300])
def test_no_name_of_a_task_is_broken(browser: Browser, report, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(report)
    names = page.get_by_text("adagrad_sigmas", exact=True)
    assert names.count() == 2
    lines = "e => {const r = document.createRange(); r.selectNodeContents(e);"
    lines += " return new Set([...r.getClientRects()].map(l => l.top)).size}"
    assert [name.evaluate(lines) for name in names.all()] == [1, 1]
    page.close()


def test_on_a_phone_a_row_is_a_card_and_its_cells_name_their_columns(browser: Browser, report):
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(report)
    table = page.locator("table", has_text="it is empty")
    head, cell = (table.locator(f"tbody {each}").bounding_box() for each in ("th", "td"))
    assert cell["y"] >= head["y"] + head["height"]
    said = "e => getComputedStyle(e, '::before').content"
    assert table.locator("td").evaluate(said) == '"Why: "'
    page.close()


def test_a_report_is_no_wider_than_paper(page: Page, report):
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins
    page.goto(report)
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth") <= 718


def test_a_page_prints(page: Page, folder):
    (file,) = folder.glob("feedback/Student_3_*")
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    assert page.pdf(format="A4").startswith(b"%PDF")
