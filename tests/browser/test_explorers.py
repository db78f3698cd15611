"""Every explorer in JupyterLab, moved as a learner moves it."""

from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def open_notebook(page: Page, address: str, notebook: Path) -> None:
    page.goto(address.format(notebook.name))
    expect(page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")).to_be_visible()


def cell_numbers(notebook: Path) -> tuple[int, list[int]]:
    """Where the imports stand, and where the explorers."""
    cells = nbformat.read(notebook, as_version=4).cells
    code = [i for i, cell in enumerate(cells) if cell.cell_type == "code"]
    explorers = [i for i in code if 'class="explorer"' in str(cells[i].outputs)]
    return code[0], explorers


def run_cell(page: Page, number: int) -> None:
    cell = page.locator(f".jp-Cell[data-windowed-list-index='{number}']")
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def wake(page: Page, notebook: Path) -> list[Locator]:
    """Run the imports and the explorers, and return the live views."""
    imports, explorers = cell_numbers(notebook)
    assert explorers, "a notebook has at least one explorer"
    run_cell(page, imports)
    views = []
    for number in explorers:
        run_cell(page, number)
        cell = page.locator(f".jp-Cell[data-windowed-list-index='{number}']")
        views.append(cell.locator(".course-explorer"))
        expect(views[-1].locator("canvas")).to_be_visible()
    return views


def picture(view: Locator) -> str:
    return view.locator("canvas").evaluate("canvas => canvas.toDataURL()")


def wait_until_picture_is_not(view: Locator, old: str) -> None:
    view.page.wait_for_function(
        "([canvas, old]) => canvas.toDataURL() !== old",
        arg=[view.locator("canvas").element_handle(), old],
    )


@every_notebook
def test_an_arrow_key_on_a_slider_changes_picture_and_sentence(page, address, notebook):
    open_notebook(page, address, notebook)
    for view in wake(page, notebook):
        sliders = view.locator("input[type=range]")
        assert sliders.count() > 0
        for slider in sliders.all():
            before, sentence = picture(view), view.locator("p").inner_text()
            slider.focus()
            page.keyboard.press(
                "ArrowLeft" if slider.input_value() == slider.get_attribute("max") else "ArrowRight"
            )
            wait_until_picture_is_not(view, before)
            expect(view.locator("p")).not_to_have_text(sentence)
            expect(slider).to_be_focused()


@every_notebook
def test_before_it_is_run_a_notebook_shows_each_explorer_as_a_still_with_its_sentence(
    page, address, notebook
):
    open_notebook(page, address, notebook)
    _, explorers = cell_numbers(notebook)
    for number in explorers:
        cell = page.locator(f".jp-Cell[data-windowed-list-index='{number}']")
        cell.scroll_into_view_if_needed()
        output = cell.locator(".jp-OutputArea-output:has(img)")
        expect(output.locator("img")).to_be_visible()
        assert (
            output.locator("img").get_attribute("alt") == output.locator("p").first.text_content()
        )
    expect(page.get_by_text("model not found")).to_have_count(0)


def test_reset_returns_to_the_first_picture(page, address):
    open_notebook(page, address, NOTEBOOKS[0])
    view = wake(page, NOTEBOOKS[0])[0]
    first, sentence = picture(view), view.locator("p").inner_text()
    view.locator("input[type=range]").first.focus()
    page.keyboard.press("End")
    expect(view.locator("p")).not_to_have_text(sentence)
    view.get_by_role("button", name="Reset").click()
    expect(view.locator("p")).to_have_text(sentence)
    assert picture(view) == first


def test_a_number_out_of_range_moves_to_the_end_of_the_slider(page, address):
    open_notebook(page, address, NOTEBOOKS[0])
    view = wake(page, NOTEBOOKS[0])[0]
    box = view.locator("input[type=number]").first
    box.select_text()
    page.keyboard.type("1000\n")
    expect(box).to_have_value(box.get_attribute("max"))


def test_a_restarted_kernel_leaves_the_still_and_a_new_run_wakes_it(page, address):
    open_notebook(page, address, NOTEBOOKS[0])
    view = wake(page, NOTEBOOKS[0])[0]
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(view).to_have_count(0)
    _, explorers = cell_numbers(NOTEBOOKS[0])
    still = page.locator(
        f".jp-Cell[data-windowed-list-index='{explorers[0]}'] .jp-OutputArea-output:has(img)"
    )
    expect(still.locator("img")).to_be_visible()
    expect(still).to_contain_text("Run this cell")
    wake(page, NOTEBOOKS[0])


def test_a_page_that_is_loaded_again_finds_its_living_kernel(page, address):
    open_notebook(page, address, NOTEBOOKS[0])
    wake(page, NOTEBOOKS[0])
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    page.reload()
    _, explorers = cell_numbers(NOTEBOOKS[0])
    cell = page.locator(f".jp-Cell[data-windowed-list-index='{explorers[0]}']")
    expect(cell.locator(".course-explorer canvas")).to_be_visible()
    expect(cell.locator("img")).to_be_hidden()
