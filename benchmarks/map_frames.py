"""How many maps a second follow a start that is dragged.

Run by `nox -s benchmarks`: it opens each map in JupyterLab, drags its start with a mouse, prints a
table and writes it into README.md.
"""

import asyncio
import tempfile
import time
from pathlib import Path

import numpy as np
from latency import DRAG, PACKAGES, Hand, chromium, hands_on, jupyterlab
from side_by_side import Report

ROUNDS = 5  # the maps take turns
TARGET = 8
MAPS = {
    "rate_map": "02, gradient descent",
    "memory_map": "04, RMSProp",
    "memories_map": "05, Adam",
    "playground_map": "07, heavy ball",
}
PATTERNS = {
    name: (
        f"from patterns import *\nexplorers.{name}()",
        ".course-explorer .handle:not(.cell)",
        ".course-explorer canvas",
    )
    for name in MAPS
}


async def drag(hand: Hand) -> dict[str, float]:
    """Drag the start round an ellipse and back, 60 moves a second."""
    await hand.page.bring_to_front()
    box = await hand.page.locator(hand.handle).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    await hand.page.mouse.move(x, y)
    await hand.page.mouse.down()
    await hand.page.evaluate("selector => { eyes.picture = selector; }", hand.picture)
    await hand.seen(1)
    start, moves = time.perf_counter(), []
    while (now := time.perf_counter() - start) < DRAG:
        turn = 2 * np.pi * now / DRAG
        place = x + 60 * np.sin(turn), y + 40 * (1 - np.cos(turn))
        moves.append(asyncio.create_task(hand.page.mouse.move(*place)))
        await asyncio.sleep(len(moves) / 60 - now)
    await asyncio.gather(*moves, hand.page.mouse.move(x, y))
    seen = await hand.seen(2)
    await hand.let_go()
    first, last = seen["moves"][0], seen["moves"][-1]
    paints = [paint["at"] for paint in seen["paints"]]
    return {
        "rate": 1000 * sum(at <= last for at in paints) / (last - first),
        "lag": paints[-1] - last,
        "kernel": sum(seen["kernel"]) / len(paints),
        "traffic": seen["bytes"] / 1024 / len(paints),
    }


async def measure(address: str, folder: Path) -> tuple[dict[str, list[dict[str, float]]], str]:
    """Return what was measured in each drag of each map, and the browser's version."""
    async with chromium() as browser:
        hands = await hands_on(PATTERNS, browser, address, folder)
        results: dict[str, list[dict[str, float]]] = {name: [] for name in MAPS}
        for turn in range(ROUNDS + 1):
            for hand in hands:
                seen = await drag(hand)
                if turn:  # the first round is for warming up
                    results[hand.name].append(seen)
        return results, browser.version


def table(results: dict[str, list[dict[str, float]]]) -> list[str]:
    """Return the lines of a table: medians, and of the rate also the lowest."""
    lines = [
        "| map of notebook | maps a second | lowest | lag after a drag, ms | kernel time a map, ms"
        f" | traffic a map, KiB | target ≥ {TARGET} |",
        "|---|--:|--:|--:|--:|--:|---|",
    ]
    for name, drags in results.items():
        kinds = {kind: [drag[kind] for drag in drags] for kind in drags[0]}
        middle = {kind: float(np.median(values)) for kind, values in kinds.items()}
        verdict = "met" if middle["rate"] >= TARGET else "missed"
        lines.append(
            f"| {MAPS[name]} | {middle['rate']:.1f} | {min(kinds['rate']):.1f} "
            f"| {middle['lag']:.0f} | {middle['kernel']:.1f} | {middle['traffic']:.1f} "
            f"| {verdict} |"
        )
    return lines


def main() -> None:
    """Measure, print, and renew the table in README.md."""
    report = Report(__file__, *PACKAGES)
    with tempfile.TemporaryDirectory() as name, jupyterlab(Path(name)) as address:
        results, version = asyncio.run(measure(address, Path(name)))
    report.write(table(results), f"Chromium {version}. {ROUNDS} drags of {DRAG} seconds each.")


if __name__ == "__main__":
    main()
