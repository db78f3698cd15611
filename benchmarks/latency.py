"""How long an explorer takes to follow the hand, beside two usual ways to move the same figure.

Run by `nox -s benchmarks`: it starts JupyterLab, drags each of three sliders with a mouse, prints
a table and writes it into README.md. What is measured, and why so, stands there.
"""

import asyncio
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from playwright.async_api import Browser, Page, async_playwright
from side_by_side import Report

HERE = Path(__file__).parent
ROUNDS, MOVES, DRAG = 5, 8, 3  # the patterns take turns, so that a busy minute meets all three
PACKAGES = ["jupyterlab", "ipywidgets", "ipympl", "matplotlib", "anywidget", "numpy"]

Pattern = tuple[str, str, str]  # the code of a cell, where its handle is, and where its picture
PATTERNS: dict[str, Pattern] = {
    "interact": (
        "%matplotlib inline\nfrom patterns import *\nnew_figures()",
        ".noUi-base",
        ".jp-OutputArea-output img",
    ),
    "ipympl": (
        "%matplotlib widget\nfrom patterns import *\nblitting()",
        ".noUi-base",
        ".jupyter-matplotlib-canvas-container canvas",
    ),
    "course": (
        "from patterns import *\ncourse()",
        ".course-explorer .lead input[type=range]",
        ".course-explorer .panel:last-child canvas",
    ),
}


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """Serve `folder`, as tests/browser does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(8)
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    given = {"ServerApp.port": port, "IdentityProvider.token": token, "ServerApp.root_dir": folder}
    command += [f"--{name}={value}" for name, value in given.items()]
    settings = {"JUPYTER_CONFIG_PATH": str(HERE.parent / ".jupyter"), "HOME": str(folder)}
    settings["PYTHONPATH"] = os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])
    with (folder / "server.log").open("w") as output:
        environment = {**os.environ, **settings}
        server = subprocess.Popen(command, stdout=output, stderr=output, env=environment)
        try:
            for _ in range(120):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={token}").close()
                    break
                except OSError:
                    time.sleep(0.5)
            yield f"http://127.0.0.1:{port}/lab/tree/{{0}}/{{0}}.ipynb?token={token}&reset"
        finally:
            server.terminate()
            server.wait(30)


class Hand:
    """A mouse on the handle of one pattern, in a page and with a kernel of its own."""

    def __init__(self, page: Page, folder: Path, name: str, pattern: Pattern) -> None:
        self.page, self.name, self.home = page, name, folder / name
        self.code, self.handle, self.picture = pattern

    async def reach(self, address: str) -> None:
        """Open a notebook, run its cell and look where the slider is."""
        self.home.mkdir()
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(self.code)])
        notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python"}
        nbformat.write(notebook, self.home / f"{self.name}.ipynb")
        page = self.page
        await page.add_init_script(path=HERE / "eyes.js")
        await page.goto(address.format(self.name))
        cell, picture = page.locator(".jp-Cell").first, page.locator(self.picture).first
        async with asyncio.timeout(120):
            while not await picture.is_visible():  # JupyterLab, still loading, loses a key at times
                if "[ ]" in await cell.locator(".jp-InputPrompt").inner_text():
                    await cell.locator(".cm-content").click()
                    await page.keyboard.press("Control+Enter")
                await asyncio.sleep(2)
        # As wide as the others, so that a mouse can reach each of the hundred steps.
        await page.add_style_tag(
            content=".course-explorer .lead input[type=range] { width: 600px }"
        )
        await page.locator(self.handle).scroll_into_view_if_needed()
        self.box = await page.locator(self.handle).bounding_box()
        self.log = (self.home / "log.txt").open()

    async def go(self, place: float) -> None:
        """Move the mouse to a place between 0, the slider's left end, and 1."""
        x, y = self.box["x"], self.box["y"] + self.box["height"] / 2
        await self.page.mouse.move(x + place * self.box["width"], y)

    async def grasp(self) -> None:
        """Bring the handle to the middle with a click, and take it there."""
        await self.page.bring_to_front()
        await self.go(0.5)
        await self.page.mouse.down()
        await self.page.mouse.up()
        await self.seen(1)  # ipywidgets' handle takes a while to arrive
        await self.page.evaluate("selector => { eyes.picture = selector; }", self.picture)
        await self.page.mouse.down()
        await self.seen(1)

    async def let_go(self) -> None:
        """Leave the slider, and look no more."""
        await self.page.mouse.up()
        await self.page.evaluate("() => { eyes.picture = null; }")

    async def seen(self, pause: float) -> dict[str, Any]:
        """Wait, then return what page and kernel have noted since the last time."""
        await asyncio.sleep(pause)
        seen = await self.page.evaluate(
            "() => { const { moves, paints, bytes } = eyes;"
            " Object.assign(eyes, { moves: [], paints: [], bytes: 0 });"
            " return { moves, paints, bytes, kernel: [], lr: [] }; }"
        )
        for kind, value in map(str.split, self.log.readlines()):
            seen[kind].append(float(value))
        return seen

    async def move(self, place: float, pause: float) -> dict[str, float]:
        """Move the handle once."""
        await self.go(place)
        await self.page.wait_for_function("() => eyes.paints.length")
        seen = await self.seen(pause)
        assert len(seen["lr"]) == len(seen["paints"]) == 1, f"{self.name}: one move, but {seen}"
        return {
            "latency": seen["paints"][0]["at"] - seen["moves"][0],
            "kernel": sum(seen["kernel"]),
            "traffic": seen["bytes"] / 1024,
        }

    async def drag(self, end: float) -> dict[str, float]:
        """Sweep to and fro, a step of the slider each 60th of a second, and jump to `end`."""
        start, moves = time.perf_counter(), []
        while (now := time.perf_counter() - start) < DRAG:
            # A hand does not wait for the page; nor does this.
            moves.append(asyncio.create_task(self.go(0.1 + 0.8 * abs((now * 0.75 + 1) % 2 - 1))))
            await asyncio.sleep(len(moves) / 60 - now)
        await asyncio.gather(*moves, self.go(end))
        seen = await self.seen(3)
        assert abs(np.log(seen["lr"][-1] / (1e-4 * 200**end))) < 0.06, "not the last value"
        first, last = seen["moves"][0], seen["moves"][-1]
        paints = [paint["at"] for paint in seen["paints"]]
        late = [paint for paint in seen["paints"] if paint["moves"] == len(seen["moves"])]
        return {
            "rate": 1000 * sum(at <= last for at in paints) / (last - first),
            "events": 1000 * len(seen["moves"]) / (last - first),
            "lag": paints[-1] - last,
            "stale": len(late) - 1,
        }


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Start the browser."""
    options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    async with async_playwright() as playwright:
        path = os.environ.get("COURSE_CHROMIUM")
        yield await playwright.chromium.launch(executable_path=path, args=options)


async def hands_on(
    patterns: dict[str, Pattern], browser: Browser, address: str, folder: Path
) -> list[Hand]:
    """Return a hand for each pattern, at its handle."""
    hands = []
    for name, pattern in patterns.items():
        page = await browser.new_page(viewport={"width": 1300, "height": 1800})
        hands.append(Hand(page, folder, name, pattern))
        await hands[-1].reach(address)
    return hands


async def measure(address: str, folder: Path) -> tuple[dict[str, dict[str, list[float]]], str]:
    """Return all that was measured of each pattern, and the browser's version."""
    async with chromium() as browser:
        hands = await hands_on(PATTERNS, browser, address, folder)
        results: dict[str, dict[str, list[float]]] = {name: {} for name in PATTERNS}
        random = np.random.default_rng(0)
        for turn in range(ROUNDS + 1):
            places = 0.05 + 0.9 * (0.618 * np.arange(1, MOVES + 1) % 1)  # all far apart
            for hand in hands[turn % 3 :] + hands[: turn % 3]:
                await hand.grasp()
                # Pauses of different length, so that no pattern is in step with the frames.
                seen = [await hand.move(place, 0.4 + random.uniform(0, 0.1)) for place in places]
                seen += [await hand.drag(end) for end in (0.3, 0.7)]
                await hand.let_go()
                for kind, value in (pair for part in seen for pair in part.items()):
                    if turn:  # the first round is for warming up
                        results[hand.name].setdefault(kind, []).append(value)
        return results, browser.version


def table(results: dict[str, dict[str, list[float]]]) -> str:
    """Return the results as a table in Markdown, with ratios to the first pattern."""
    rows = [
        ("latency of a move, median, ms", "latency", 50, "≤ 1/7", lambda x, ratio: ratio <= 1 / 7),
        ("latency of a move, 95 %, ms", "latency", 95, "", None),
        ("pictures a second in a drag", "rate", 50, "≥ 5 ×", lambda x, ratio: ratio >= 5),
        ("lag after a drag, ms", "lag", 50, "", None),
        ("stale pictures after a drag, most", "stale", 100, "≤ 1", lambda x, ratio: x <= 1),
        ("kernel time of an update, ms", "kernel", 50, "≤ 1/30", lambda x, ratio: ratio <= 1 / 30),
        ("traffic of an update, KiB", "traffic", 50, "≤ 16", lambda x, ratio: x <= 16),
        ("input events a second in a drag", "events", 50, "", None),
    ]
    lines = ["| | interact | ipympl | course | target |", "|---|--:|--:|--:|---|"]
    for title, kind, percentile, target, met in rows:
        values = [float(np.percentile(results[name][kind], percentile)) for name in PATTERNS]
        ratios = [value / values[0] if values[0] else 1.0 for value in values]
        words = [f" ({r:.1f} ×)" if r >= 1 else f" (1/{1 / max(r, 1e-9):.1f})" for r in ratios]
        words = ["", *words[1:]] if kind not in ("stale", "events") else [""] * 3
        shown = [f"{value:.3g}{word}" for value, word in zip(values, words, strict=True)]
        verdict = f"{target}, {'met' if met(values[2], ratios[2]) else 'missed'}" if met else ""
        lines.append("| " + " | ".join([title, *shown, verdict]) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and renew the table in README.md."""
    report = Report(__file__, *PACKAGES)
    with tempfile.TemporaryDirectory() as name, jupyterlab(Path(name)) as address:
        results, version = asyncio.run(measure(address, Path(name)))
    amount = f"{ROUNDS * MOVES} moves and {2 * ROUNDS} drags of each pattern"
    report.write(table(results).splitlines(), f"Chromium {version}. {amount}.")


if __name__ == "__main__":
    main()
