"""What must hold of a notebook as it is committed; nbval compares its outputs."""

import re
from pathlib import Path

import nbformat
import pytest

from course_lib import language, plots
from tools.execute_notebooks import NOTEBOOKS, normal_form, refuse_machine_traces

pytestmark = pytest.mark.parametrize(
    "path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.stem}"
)


def test_it_is_as_nox_notebooks_writes_it(path: Path) -> None:
    assert path.read_bytes().decode() == normal_form(nbformat.read(path, as_version=4))


def test_every_cell_was_executed_in_order(path: Path) -> None:
    """nbval compares no output of a cell that has no execution count."""
    cells = nbformat.read(path, as_version=4).cells
    counts = [c.execution_count for c in cells if c.cell_type == "code" and c.source.strip()]
    assert counts == list(range(1, len(counts) + 1))


def test_its_outputs_hold_no_warning_and_no_path(path: Path) -> None:
    refuse_machine_traces(nbformat.read(path, as_version=4))


def test_the_line_that_stands_for_a_folded_output_tells_no_result(path, monkeypatch) -> None:
    """JupyterLab shows the first line of a folded output: it must be words of the cell's own."""
    monkeypatch.setenv("COURSE_LANG", language.FOLDERS.get(path.parent.name, ""))
    for cell in nbformat.read(path, as_version=4).cells:
        if "hide-output" in cell.metadata.get("tags", []) and cell.outputs:
            output = cell.outputs[0]
            text = output.text if "text" in output else output.data["text/html"]
            line = next(line for line in text.splitlines() if line)
            assert line in cell.source or language._(plots.FOLDED) in line, cell.id


def test_every_choice_of_a_prediction_is_an_item_of_a_list(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        for line in re.findall(r"^>.*[(（]a[)）].*", cell.source, re.MULTILINE):
            assert re.fullmatch(r"> - \(a\) [^(]*(\([^)]{2,}\)[^(]*)*", line), line


def test_it_is_small_enough_to_read_on_the_web(path: Path) -> None:
    assert path.stat().st_size < 600_000
