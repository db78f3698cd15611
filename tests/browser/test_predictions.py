"""What would answer a prediction is folded in JupyterLab until its cell is run."""

import nbformat
from browser.lab import NOTEBOOKS, cell_at, open_notebook, run_cell
from playwright.sync_api import Page, expect

NOTEBOOK = NOTEBOOKS[0]


def test_running_a_cell_unfolds_the_output_behind_its_prediction(page: Page, address: str) -> None:
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    folded = next(
        n for n, cell in enumerate(cells) if "hide-output" in cell.metadata.get("tags", [])
    )
    answer = cells[folded].outputs[0].text.splitlines()[1]
    open_notebook(page, address, NOTEBOOK)
    cell = cell_at(page, folded)
    cell.scroll_into_view_if_needed()
    expect(cell.get_by_text(answer)).to_have_count(0)
    run_cell(page, next(n for n, cell in enumerate(cells) if cell.cell_type == "code"))
    run_cell(page, folded)
    expect(cell.get_by_text(answer)).to_be_visible()


def test_the_source_of_a_figure_is_folded_and_unfolds_by_a_click(page: Page, address: str) -> None:
    cells = nbformat.read(NOTEBOOK, as_version=4).cells
    figure = next(
        n for n, cell in enumerate(cells) if "hide-input" in cell.metadata.get("tags", [])
    )
    open_notebook(page, address, NOTEBOOK)
    cell = cell_at(page, figure)
    cell.scroll_into_view_if_needed()
    expect(cell.get_by_text("plots.Picture")).to_have_count(0)
    cell.locator(".jp-InputPlaceholder").click()
    expect(cell.get_by_text("plots.Picture")).to_be_visible()
