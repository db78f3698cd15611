"""The minutes that a notebook promises are those that its length costs a second-year student.

The speeds were fitted to what two readers took for notebooks 01 to 06 (80, 90, 40, 70, 75 and 80
minutes) and meet these to within eleven. Two later readers, who tried to read every line of
code, took about 60 minutes for main ways that count 50. Folded code is not counted.

    python tests/test_reading_time.py       prints the minutes of every notebook
"""

import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from tools.execute_notebooks import shows_explorer

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
WORDS_A_MINUTE, LINES_A_MINUTE = 120, 10
MINUTES_A_PREDICTION, MINUTES_AN_EXPLORER = 1.5, 4
PROMISE = re.compile(r"^\*(\d+) minutes(?:, and (\d+) for the deeper part)?\.", re.M)
DEEPER = "## Deeper"


def minutes(cells: Iterable[NotebookNode]) -> float:
    total = 0.0
    for cell in cells:
        if cell.cell_type == "markdown":
            text = re.sub(r"\$+[^$]+\$+|<details>.*?</details>", " x y z ", cell.source, flags=re.S)
            total += len(re.findall(r"[\w’'%.]+", text)) / WORDS_A_MINUTE
            total += cell.source.count("**Predict.**") * MINUTES_A_PREDICTION
        elif "hide-input" not in cell.metadata.get("tags", []):
            lines = [line for line in cell.source.splitlines() if line.strip()]
            total += len(lines) / LINES_A_MINUTE
            total += shows_explorer(cell) * MINUTES_AN_EXPLORER
    return total


def parts(path: Path) -> tuple[float, float]:
    """Return the minutes of the main way and of the deeper part."""
    cells = nbformat.read(path, as_version=4).cells
    heads = [n for n, cell in enumerate(cells) if cell.source.startswith(DEEPER)]
    end = heads[0] if heads else len(cells)
    return minutes(cells[:end]), minutes(cells[end:])


@pytest.mark.parametrize(
    "path", [p for p in NOTEBOOKS if p.stem != "07_playground"], ids=lambda path: path.stem
)
def test_it_takes_the_minutes_it_promises_and_its_main_way_at_most_fifty(path: Path) -> None:
    promise = PROMISE.search(nbformat.read(path, as_version=4).cells[0].source)
    assert promise, "the first cell promises its minutes"
    promised = [int(number or 0) for number in promise.groups()]
    assert parts(path) == pytest.approx(promised, abs=4)
    assert promised[0] <= 50


if __name__ == "__main__":
    for path in NOTEBOOKS:
        print(f"{path.stem:<20}", *(f"{part:4.0f}" for part in parts(path)))
