"""JupyterLab as the tests drive it: a notebook that is opened, a cell that is run."""

import contextlib
import re
from pathlib import Path

import nbformat
from playwright.sync_api import Locator, Page, expect

from tools.execute_notebooks import shows_explorer

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def open_notebook(page: Page, address: str, notebook: Path) -> None:
    page.goto(address.format(notebook.name))
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)  # it would stand before everything


def cell_at(page: Page, number: int) -> Locator:
    """The cell that stands at this place of the notebook, counted from 0."""
    return page.locator(f".jp-Cell[data-windowed-list-index='{number}']")


def run_cell(page: Page, number: int) -> None:
    """Run a cell, and wait until its prompt shows that it has run."""
    cell = cell_at(page, number)
    prompt = cell.locator(".jp-InputPrompt")
    cell.scroll_into_view_if_needed()
    # While a kernel is still connecting JupyterLab can drop a run: its prompt ends as [ ]. Then a
    # learner presses the keys again, and so does this.
    for _ in range(4):
        before = prompt.inner_text()
        dialog = page.get_by_role("dialog")
        assert not dialog.count(), dialog.first.inner_text()
        cell.locator(".cm-content").click(timeout=20_000)
        page.keyboard.press("Control+Enter")
        with contextlib.suppress(AssertionError):
            expect(prompt).not_to_have_text(before, timeout=10_000)
            expect(prompt).not_to_have_text("[*]:", timeout=60_000)
            expect(prompt).to_have_text(re.compile(r"\[\d+\]"), timeout=1000)
            return
    raise AssertionError(f"cell {number} was not run; its prompt is {prompt.inner_text()}")


def cell_numbers(notebook: Path, shown: str = "") -> tuple[int, list[int]]:
    """Where the imports stand, and where the explorers, or the one that is `shown`."""
    cells = nbformat.read(notebook, as_version=4).cells
    code = [i for i, cell in enumerate(cells) if cell.cell_type == "code"]
    return code[0], [i for i in code if shows_explorer(cells[i]) and shown in cells[i].source]


def wake(page: Page, notebook: Path, shown: str = "") -> list[Locator]:
    """Run the imports and the explorers, or the one that is `shown`; return the live views."""
    imports, numbers = cell_numbers(notebook, shown)
    assert numbers, "a notebook has at least one explorer"
    run_cell(page, imports)
    views = []
    for number in numbers:
        run_cell(page, number)
        views.append(cell_at(page, number).locator(".course-explorer"))
        expect(views[-1].locator("canvas").first).to_be_visible()
    return views


def save(page: Page) -> None:
    """Save the notebook, and wait until JupyterLab has done with it."""
    page.locator(".jp-mod-active .jp-InputArea-prompt").first.click()
    # JupyterLab ends a save with a checkpoint; a tab that is closed before loses it.
    with page.expect_response(lambda answer: answer.url.split("?")[0].endswith("/checkpoints")):
        page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)


def restart_kernel(page: Page) -> None:
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
