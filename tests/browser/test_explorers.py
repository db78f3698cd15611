"""Every explorer in JupyterLab, moved as a learner moves it."""

import re

import pytest
from browser.lab import NOTEBOOKS, cell_at, cell_numbers, open_notebook, run_cell, save, wake
from browser.view import (
    key,
    picture,
    says,
    wait_until_picture_is_not,
    wait_until_says_other_than,
)
from playwright.sync_api import expect

VALLEY, WARMUP = (
    next(path for path in NOTEBOOKS if path.stem.startswith(number)) for number in ("02", "06")
)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_explorer_of_a_notebook_is_a_still_until_it_is_run_and_then_follows_a_key(
    page, address, notebook
):
    open_notebook(page, address, notebook)
    for number in cell_numbers(notebook)[1]:
        cell = cell_at(page, number)
        cell.scroll_into_view_if_needed()
        output = cell.locator(".jp-OutputArea-output:has(img)")
        expect(output.locator("img")).to_be_visible()
        headline = output.locator("strong").first.text_content()
        assert output.locator("img").get_attribute("alt") == headline
    expect(page.get_by_text("model not found")).to_have_count(0)
    for view in wake(page, notebook):
        words = says(view)
        hand = view.locator("input[type=range], .handle").first
        hand.focus()
        page.keyboard.press(key(hand) if hand.get_attribute("type") else "ArrowRight")
        wait_until_says_other_than(view, words)
        expect(hand).to_be_focused()


def test_a_page_that_is_loaded_again_finds_its_living_kernel(page, address):
    open_notebook(page, address, VALLEY)
    wake(page, VALLEY, "explorers.valley(")
    save(page)
    page.reload()
    number = cell_numbers(VALLEY, "explorers.valley(")[1][0]
    cell = cell_at(page, number)
    expect(cell.locator(".course-explorer canvas").first).to_be_visible()
    expect(cell.locator("img")).to_be_hidden()


def test_control_s_on_a_slider_saves_the_notebook_and_its_other_keys_are_the_sliders(page, address):
    open_notebook(page, address, VALLEY)
    view = wake(page, VALLEY, "explorers.valley(")[0]
    expect(page.locator(".jp-mod-dirty")).not_to_have_count(0)
    words = says(view)
    view.get_by_role("slider", name="condition number").focus()
    page.keyboard.press("ArrowDown")
    wait_until_says_other_than(view, words)
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)


def test_a_training_grows_on_the_page_is_stopped_and_stays_beside_the_next(page, address):
    open_notebook(page, address, WARMUP)
    view = wake(page, WARMUP, "explorers.digits(")[0]
    before, bar = picture(view), view.locator("progress")
    train = view.get_by_role("button", name="Train")
    train.click()
    expect(view.get_by_role("button", name="Stop")).to_be_visible()
    wait_until_picture_is_not(view, before)
    page.wait_for_function("bar => bar.value > 0.1", arg=bar.element_handle())
    view.get_by_role("button", name="Stop").click()
    expect(train).to_be_visible()
    done = float(bar.get_attribute("value"))
    assert 0.1 < done < 1
    sentence = view.locator(".details")
    expect(sentence).to_contain_text("This training (largest rate 0.01")
    view.get_by_role("slider", name="largest rate η").focus()
    page.keyboard.press("ArrowLeft")
    train.click()
    page.wait_for_function("bar => bar.value === 1", arg=bar.element_handle())
    expect(sentence).to_contain_text("after 5,000 updates")
    expect(sentence).to_contain_text("The one before (largest rate 0.01")


def test_a_cell_that_is_run_again_leaves_one_explorer_in_the_kernel(page, address):
    open_notebook(page, address, VALLEY)
    view = wake(page, VALLEY, "explorers.valley(")[0]
    number = cell_numbers(VALLEY, "explorers.valley(")[1][0]
    for _ in range(3):
        run_cell(page, number)
        expect(view.locator("canvas").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("b")  # a new cell below
    page.keyboard.press("Enter")
    page.keyboard.type("import gc; from course_lib.overlay import Explorer\n")
    page.keyboard.type("known = [o for o in gc.get_objects() if isinstance(o, Explorer)]\n")
    page.keyboard.type("mine = [e for e in known if 'kappa' in e.knobs and e.comm is not None]\n")
    page.keyboard.type("print(len(mine), 'live')")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 live", exact=True)).to_be_visible()


def test_a_map_of_trainings_fills_while_it_is_computed_and_keeps_what_it_has(page, address):
    open_notebook(page, address, WARMUP)
    view = wake(page, WARMUP, "explorers.warmup_map(")[0]
    view.scroll_into_view_if_needed()
    words, table = view.locator(".details"), view.locator(".table")
    expect(table).to_contain_text("Of 9 rates, from start 0")
    seed = view.get_by_role("slider", name="random start")
    seed.focus()
    page.keyboard.press("ArrowRight")
    expect(words).to_contain_text("Of the map from start 1, 0 of 45 cells are computed")
    before = picture(view)
    view.get_by_role("button", name="Compute this map").click()
    wait_until_picture_is_not(view, before)
    expect(words).to_contain_text(re.compile(r"start 1, [1-9]\d* of 45 cells"))
    view.get_by_role("button", name="Stop").click()
    expect(view.get_by_role("button", name="Compute this map")).to_be_visible()
    seed.focus()
    page.keyboard.press("ArrowLeft")
    expect(table).to_contain_text("Of 9 rates, from start 0")
    page.keyboard.press("ArrowRight")
    expect(words).to_contain_text(re.compile(r"start 1, [1-9]\d* of 45 cells"))
