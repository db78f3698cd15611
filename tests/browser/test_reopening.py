"""An explorer outlives its notebook's tab, moves with its cell, and dies with its kernel."""

import contextlib
import re
from collections.abc import Iterator

import pytest
from browser.lab import (
    NOTEBOOKS,
    cell_at,
    cell_numbers,
    open_notebook,
    restart_kernel,
    save,
    wake,
)
from playwright.sync_api import Browser, Locator, Page, expect

VALLEY = next(path for path in NOTEBOOKS if path.stem.startswith("02"))
NUMBER = cell_numbers(VALLEY, "explorers.valley(")[1][0]


def wake_valley(page: Page) -> Locator:
    """Run the imports and one explorer, and return its cell."""
    wake(page, VALLEY, "explorers.valley(")
    cell = cell_at(page, NUMBER)
    expect_live(cell)
    return cell


def expect_live(place: Locator) -> None:
    """See one live view, and no still, in a cell or another place."""
    view = place.locator(".course-explorer")
    expect(view).to_have_count(1)
    expect(view.locator("canvas").first).to_be_visible()
    expect(place.locator("img")).to_be_hidden()


def expect_to_follow(place: Locator) -> None:
    """Move the rate by a key, and see the headline change."""
    words = place.locator(".course-explorer .headline")
    before = words.inner_text()
    slider = place.locator(".lead input[type=range]")
    slider.focus()
    high = slider.evaluate("s => s.value - s.min > (s.max - s.min) / 2")
    place.page.keyboard.press("ArrowLeft" if high else "ArrowRight")
    expect(words).not_to_have_text(before)


def expect_still(place: Locator) -> None:
    expect(place.locator(".course-explorer")).to_have_count(0)
    expect(place.locator("img")).to_be_visible()
    expect(place).to_contain_text("Run this cell")


def test_a_notebook_opened_again_has_one_view_and_after_a_restart_its_still_until_it_is_run(
    page: Page, address: str
):
    open_notebook(page, address, VALLEY)
    cell = wake_valley(page)
    for _ in range(2):
        save(page)
        page.locator(".lm-TabBar-tab.lm-mod-current", has_text=VALLEY.name).locator(
            ".lm-TabBar-tabCloseIcon"
        ).click()
        expect(page.locator(".jp-NotebookPanel")).to_have_count(0)
        page.locator(".jp-DirListing-item", has_text=VALLEY.name).dblclick()
        expect_live(cell)
        expect_to_follow(cell)
    restart_kernel(page)
    expect_still(cell)
    wake_valley(page)


@pytest.fixture
def other_page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    yield page
    page.close()


def test_a_second_view_and_a_second_page_live_as_long_as_the_kernel(
    page: Page, other_page: Page, address: str
):
    open_notebook(page, address, VALLEY)
    cell = wake_valley(page)
    save(page)
    open_notebook(other_page, address, VALLEY)
    other = cell_at(other_page, NUMBER)
    expect_live(other)
    cell.locator(".course-explorer canvas").first.click(button="right")
    page.get_by_text("Create New View for Cell Output").click()
    second = page.locator(".jp-LinkedOutputView")
    expect_live(second)
    expect_to_follow(second)
    words = second.locator(".course-explorer .headline").inner_text()
    for place in (cell, other):
        expect(place.locator(".course-explorer .headline")).to_have_text(words)
    cell.locator(".jp-InputPrompt").click()  # the menu is for the panel that was used last
    restart_kernel(page)
    expect_still(cell)
    expect_still(second)
    # Nobody tells the second page; it learns that the explorer is gone when it asks. The kernel may
    # not hear the first question yet, and a learner tries again.
    for key in ("End", "Home", "End", "Home"):
        other.locator("input[type=range]").first.press(key)
        with contextlib.suppress(AssertionError):
            expect(other.locator(".course-explorer")).to_have_count(0, timeout=15_000)
            break
    expect_still(other)


@contextlib.contextmanager
def only_cells_in_sight(page: Page, address: str) -> Iterator[None]:
    """Let JupyterLab keep no other cells on the page, and load it anew."""
    base, token = re.fullmatch(r"(.*)/lab/tree/.*[?]token=(\w+).*", address).groups()
    setting = f"{base}/lab/api/settings/@jupyterlab/notebook-extension:tracker?token={token}"
    assert page.request.put(setting, data={"raw": '{"windowingMode": "full"}'}).ok
    try:
        page.reload()
        yield
    finally:
        page.request.put(setting, data={"raw": "{}"})


def scroll_until(cell: Locator, visible: bool) -> None:
    """Turn the wheel down, or up, as far as to where the cell is seen, or is no more."""
    for _ in range(100):
        if cell.is_visible() == visible:
            return
        cell.page.mouse.wheel(0, 400 if visible else -400)
        cell.page.wait_for_timeout(100)
    raise AssertionError(f"the cell is {'not' if visible else 'always'} in sight")


def test_a_cell_that_is_scrolled_out_of_sight_and_back_keeps_its_view(page: Page, address: str):
    open_notebook(page, address, VALLEY)
    cell = wake_valley(page)
    save(page)
    with only_cells_in_sight(page, address):
        expect(cell.locator(".course-explorer")).to_have_count(1)
        page.locator(".jp-WindowedPanel-outer").hover()
        for _ in range(2):
            scroll_until(cell, visible=True)
            expect_live(cell)
            expect_to_follow(cell)
            scroll_until(cell, visible=False)


def test_a_cell_that_is_cut_and_pasted_keeps_its_view(page: Page, address: str):
    open_notebook(page, address, VALLEY)
    wake_valley(page).locator(".jp-InputPrompt").click()
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    expect(page.locator(".course-explorer")).to_have_count(0)
    page.keyboard.press("v")
    cell = page.locator(".jp-Cell", has=page.locator(".course-explorer"))
    expect_live(cell)
    expect_to_follow(cell)
