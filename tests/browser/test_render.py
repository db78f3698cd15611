"""An explorer where the front end shows a widget view, as Colab, VS Code and marimo do."""

import pytest
from browser.bare import Bare
from playwright.sync_api import Page, expect

from course_lib import explorers


def test_two_views_of_a_widget_live_in_step_until_each_is_closed_and_the_model_ends(page: Page):
    bare, model = Bare(page), explorers.valley()
    one, two = bare.render(model, views=2)
    first = model.reading.headline
    for view in (one, two):
        expect(view.locator("canvas").first).to_be_visible()
        expect(view.locator(".headline")).to_have_text(first)
        expect(view.get_by_text("Run this cell")).to_be_hidden()
    two.get_by_role("slider", name="learning rate").press("End")
    expect(two.locator(".headline")).not_to_have_text(first)
    expect(one.locator(".headline")).to_have_text(model.reading.headline)
    bare.end(model, view=0)
    expect(one.locator(".course-explorer")).to_have_count(0)
    two.get_by_role("button", name="Reset").click()
    expect(two.locator(".headline")).to_have_text(first)
    bare.end(model)
    expect(two.locator(".course-explorer")).to_have_count(0)
    expect(two.locator("img")).to_be_visible()
    expect(two).to_contain_text("Run this cell")


def test_a_view_of_a_stored_model_is_its_still_where_no_kernel_answers(page: Page):
    """As on a page made by `embed_minimal_html`, or in a notebook that is opened again."""
    bare, model = Bare(page), explorers.valley()
    page.evaluate("window.askPython = async () => []")
    (view,) = bare.render(model, views=1)
    expect(view.locator("img")).to_be_visible()
    expect(view).to_contain_text(model.reading.headline)
    expect(view.locator(".course-explorer")).to_have_count(0)


def test_a_page_that_shows_hidden_pictures_has_no_still_beside_the_live_view(page: Page):
    """nbclassic has such a rule for each picture of an output."""
    bare = Bare(page)
    page.add_style_tag(content="main img { display: block }")
    view = bare.show(explorers.valley())
    expect(view.locator("canvas").first).to_be_visible()
    expect(page.locator("img")).to_be_hidden()


@pytest.mark.parametrize("times", [1, 2])
def test_a_model_that_begins_ends_the_one_with_the_same_key(page: Page, times: int):
    """As when a notebook is closed and opened again: JupyterLab ends no model by itself."""
    bare, model = Bare(page), explorers.walls()
    bare.show(model)
    for _ in range(times):
        bare._begin(model, "")
    expect(page.locator(".course-explorer")).to_have_count(1)
    page.get_by_role("slider", name="learning rate").press("End")
    expect(page.locator(".headline")).to_have_text(model.reading.headline)
    bare.end(model)
    expect(page.locator(".course-explorer")).to_have_count(0)
    expect(page.locator("img")).to_be_visible()
