"""An explorer where the front end shows a widget view, as Colab, VS Code and marimo do."""

import base64
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from course_lib import explorers, overlay
from course_lib.overlay import Explorer

# What anywidget promises: `initialize` is called once, then `render` for each view. The model hands
# its messages to the Explorer in Python. `leave` ends what a name stands for.
PAGE = """
<title>Two views</title><div id="one"></div><div id="two"></div>
<script type="module">
import overlay from "/overlay.js";
const { stage, ...state } = await explorer(null);
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const listeners = new Set();
const model = {
  get: (name) => (name === "stage" ? bytes(stage) : state[name]),
  on: (name, hear) => name === "msg:custom" && listeners.add(hear),
  off: (name, hear) => listeners.delete(hear),
  send: async (message) => {
    const [frame, parts] = await explorer(message);
    const views = parts.map((part) => new DataView(bytes(part).buffer));
    for (const hear of listeners) hear(frame, views);
  },
};
window.leave = { model: await overlay.initialize({ model }) };
for (const el of document.querySelectorAll("div"))
  window.leave[el.id] = await overlay.render({ model, el });
</script>
"""


@pytest.fixture
def model(page: Page, monkeypatch: pytest.MonkeyPatch) -> Explorer:
    """Show an explorer at two places of a bare page."""
    explorer = explorers.valley()
    sent: list[Any] = []
    monkeypatch.setattr(explorer, "send", lambda frame, parts: sent.append([frame, parts]))

    def text(part: bytes) -> str:
        return base64.b64encode(part).decode()

    def answer(message: Any) -> Any:
        if message is None:
            return explorer.get_state(["key", "controls", "actors", "run_label", "size"]) | {
                "stage": text(explorer.stage)
            }
        explorer._receive(None, message, [])
        frame, parts = sent.pop()
        return [frame, [text(part) for part in parts]]

    page.expose_function("explorer", answer)
    page.route("http://course/", lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    page.route(
        "http://course/overlay.js",
        lambda route: route.fulfill(path=Path(overlay.__file__).with_suffix(".js")),
    )
    page.goto("http://course/")
    return explorer


def views(page: Page) -> list[Locator]:
    return [page.locator(f"#{place} .course-explorer") for place in ("one", "two")]


def test_two_views_of_a_widget_live_in_step_until_each_is_closed_and_the_model_ends(
    page: Page, model: Explorer
):
    one, two = views(page)
    for view in (one, two):
        expect(view.locator("canvas")).to_be_visible()
        expect(view.locator("p").first).to_have_text(model.sentence)
    expect(page.get_by_text("Waiting for the kernel").first).to_be_hidden()
    first = model.sentence
    two.get_by_role("slider").first.press("End")
    expect(two.locator("p").first).not_to_have_text(first)
    expect(one.locator("p").first).to_have_text(model.sentence)
    page.evaluate("leave.one()")
    expect(one).to_have_count(0)
    two.get_by_role("button", name="Reset").click()
    expect(two.locator("p").first).to_have_text(first)
    page.evaluate("leave.model()")
    expect(two).to_have_count(0)
    expect(page.locator("#two")).to_contain_text("run this cell again")
