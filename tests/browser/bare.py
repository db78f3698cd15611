"""A page that has nothing but one explorer: overlay.js in a browser, its Python in this process.

It proves what JupyterLab has no part in, in a hundredth of the time: how an explorer looks and
what a hand does to it.
"""

import base64
from typing import Any

from playwright.sync_api import Locator, Page
from test_overlay_contract import state_of, validate

from course_lib.overlay import Explorer

# What anywidget promises: `initialize` is called once with a model, which has the state, a way to
# Python and one back; then `render` for each widget view, where the front end has them.
MODEL = """
async ([module, style, state, inside]) => {
  const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const hearers = {};
  const model = {
    get: (name) => (name === "stage" ? bytes(state.stage) : state[name]),
    on: (event, hear) => (hearers[event] ??= []).push(hear),
    off: (event, hear) => (hearers[event] = hearers[event].filter((other) => other !== hear)),
    send: async (message) => {
      for (const { frame, parts } of await window.askPython(state.key, message)) {
        const views = parts.map((part) => new DataView(bytes(part).buffer));
        for (const hear of hearers["msg:custom"]) hear(frame, views);
      }
    },
  };
  document.head.append(Object.assign(document.createElement("style"), { textContent: style }));
  const place = Object.assign(document.createElement("main"), { innerHTML: inside });
  document.body.append(place);
  const url = URL.createObjectURL(new Blob([module], { type: "text/javascript" }));
  const { initialize, render } = (await import(url)).default;
  window.ends ??= {};
  window.ends[state.key] = [await initialize({ model })];
  for (const el of place.querySelectorAll(".view")) {
    window.ends[state.key].push(await render({ model, el }));
  }
}
"""
PAGE = "<!doctype html><html lang='en'><title>One explorer</title><body></body></html>"


class Bare:
    """The page and the explorers that it shows."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.shown: dict[str, tuple[Explorer, list[dict[str, Any]]]] = {}
        # From this machine, because a browser keeps its clipboard from other pages.
        page.route(
            "http://localhost/", lambda route: route.fulfill(body=PAGE, content_type="text/html")
        )
        page.goto("http://localhost/")
        page.expose_function("askPython", self._answer)

    def _answer(self, key: str, message: dict[str, Any]) -> list[dict[str, Any]]:
        validate("Question", message)
        explorer, frames = self.shown[key]
        explorer._receive(None, message, [])
        sent, frames[:] = frames[:], []
        return sent

    def show(self, explorer: Explorer) -> Locator:
        """Put the still of an explorer at the end of the page, and return the live view of it."""
        self._begin(explorer, explorer._repr_mimebundle_()["text/html"])
        view = self.page.locator(f".explorer-{explorer.key} .course-explorer")
        view.wait_for()
        return view

    def render(self, explorer: Explorer, views: int) -> list[Locator]:
        """Show an explorer as so many widget views."""
        self._begin(explorer, views * '<div class="view"></div>')
        return [self.page.locator(".view").nth(number) for number in range(views)]

    def _begin(self, explorer: Explorer, inside: str) -> None:
        frames: list[dict[str, Any]] = []
        self.shown[explorer.key] = explorer, frames

        def send(frame: dict[str, Any], buffers: list[bytes]) -> None:
            parts = [base64.b64encode(part).decode() for part in buffers]
            frames.append({"frame": frame, "parts": parts})

        explorer.send = send  # type: ignore[method-assign]
        state = state_of(explorer)
        state["stage"] = base64.b64encode(explorer.stage).decode()
        self.page.evaluate(MODEL, [explorer._esm, explorer._css, state, inside])

    def end(self, explorer: Explorer, view: int | None = None) -> None:
        """End a widget view, by its number, or the model with its kernel."""
        number = 0 if view is None else view + 1
        self.page.evaluate("([key, number]) => ends[key][number]()", [explorer.key, number])

    def close(self, explorer: Explorer) -> None:
        """End an explorer and forget it."""
        self.end(explorer)
        del self.shown[explorer.key]
        explorer.close()
