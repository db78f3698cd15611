"""JupyterLab as the tests drive it: a notebook that is opened, a cell that is run."""

import contextlib
import re
from pathlib import Path

from playwright.sync_api import Page, expect

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))


def open_notebook(page: Page, address: str, notebook: Path) -> None:
    page.goto(address.format(notebook.name))
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)  # it would stand before everything


def run_cell(page: Page, number: int) -> None:
    """Run a cell, and wait until its prompt shows that it has run."""
    cell = page.locator(f".jp-Cell[data-windowed-list-index='{number}']")
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
