"""On a page in another language an explorer's live view has no English word beside its picture."""

import pytest
from browser.bare import Bare
from playwright.sync_api import Page, expect
from test_language import MAKERS, NARROW_WORD, MadeUp

from course_lib import language

# All that is read or heard of a view, but for code and equations.
SAYS = """view => [...view.querySelectorAll("*"), view].flatMap((node) => [
  ...["title", "aria-label", "aria-valuetext"].map((name) => node.getAttribute(name) ?? ""),
  ...[...node.childNodes].filter((child) => child.nodeType === Node.TEXT_NODE
    && !node.closest("code, .equation")).map((child) => child.data),
]).join("\\n")"""


@pytest.fixture
def bare(page: Page, monkeypatch) -> Bare:
    monkeypatch.setattr(language, "_catalogue", lambda _name: MadeUp())
    return Bare(page)


@pytest.mark.parametrize("name", ["adagrad", "landscape", "playground", "rate_map"])
def test_a_view_says_nothing_in_english_before_it_is_used_and_after(bare, name):
    view = bare.show(MAKERS[name]())
    expect(view.locator(".headline")).not_to_be_empty()
    assert NARROW_WORD.findall(view.evaluate(SAYS)) == []
    for button in view.get_by_role("button").all():
        button.press("Enter")
    for box in view.locator("input[type=text]").all():
        for typed in ("1.2.3", "1e9"):  # no number, and one that is too large
            box.fill(typed)
            box.press("Enter")
            expect(view.locator(".complaint")).not_to_be_empty()
            assert NARROW_WORD.findall(view.evaluate(SAYS)) == []
    for select in view.locator("select").all():
        select.press("ArrowDown")
    for chart in view.locator(".chart").all():
        chart.hover()
        expect(view.locator(".tip:visible")).not_to_be_empty()
        assert NARROW_WORD.findall(view.evaluate(SAYS)) == []
    assert NARROW_WORD.findall(view.evaluate(SAYS)) == []
