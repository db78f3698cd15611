"""Execute notebooks in place, so that a second run changes no byte.

    python -m tools.execute_notebooks [notebooks/01_critical_points.ipynb …]

`normal_form` has a second user: test_committed_notebooks.py holds every committed notebook
against it.
"""

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

ROOT = Path(__file__).parents[1]
SOLUTIONS = ROOT / "solutions"
# With those of other languages, each in a folder of its own.
NOTEBOOKS = [*sorted((ROOT / "notebooks").rglob("*.ipynb")), *sorted(SOLUTIONS.glob("*.ipynb"))]

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    # Jupyter would add the patch version of whoever executed it last.
    "language_info": {"name": "python"},
}
AUTHORED = {"tags", "nbgrader", "editable", "deletable"}
PREDICTIONS = "> **Predict.**", "> **预测**。", "> **預測**。"
FIGURE = "plots.Picture("
LIVE_VIEW = "application/vnd.jupyter.widget-view+json"
EXPLORER_KEY = re.compile(r"explorer-[0-9a-f]{32}")
MACHINE_TRACE = re.compile(rf"{re.escape(str(ROOT))}| at 0x[0-9a-f]+")


def execute(path: Path) -> None:
    """Run one notebook from top to bottom in an empty folder and rewrite it.

    In its own folder `progress()` would show what was solved there before. The folder has its name,
    by which the course knows its language.
    """
    notebook = nbformat.read(path, as_version=4)
    with TemporaryDirectory() as empty:
        folder = Path(empty) / path.parent.name
        folder.mkdir()
        NotebookClient(
            notebook,
            kernel_name=METADATA["kernelspec"]["name"],
            resources={"metadata": {"path": str(folder)}},
            timeout=60,
            record_timing=False,
            store_widget_state=False,
            coalesce_streams=True,
        ).execute()
    refuse_machine_traces(notebook)
    path.write_text(normal_form(notebook), encoding="utf-8", newline="\n")


def normal_form(notebook: NotebookNode) -> str:
    """The notebook as text, without what depends on who executed it, where and when."""
    notebook.metadata = NotebookNode(METADATA)
    predicted = False
    for cell in notebook.cells:
        cell.metadata = NotebookNode({k: v for k, v in cell.metadata.items() if k in AUTHORED})
        if cell.cell_type == "markdown":
            predicted = any(words in cell.source for words in PREDICTIONS)
        else:
            # With an explorer one finds the answer; its still shows the setting of the question.
            behind = predicted and not shows_explorer(cell)
            fold(cell, outputs=behind, source=FIGURE in cell.source)
        for output in cell.get("outputs", []):
            shown = output.get("data", {})
            # It names a widget that died with its kernel: a reader would see "model not found".
            shown.pop(LIVE_VIEW, None)
            if "text/html" in shown:
                shown["text/html"] = EXPLORER_KEY.sub("explorer", shown["text/html"])
    return nbformat.writes(notebook) + "\n"


def shows_explorer(cell: NotebookNode) -> bool:
    return 'class="explorer' in str(cell.outputs)


def fold(cell: NotebookNode, outputs: bool, source: bool) -> None:
    """Fold a code cell's outputs or source, for JupyterLab and, by a tag, for books.

    What stands between a prediction and the next text would answer it, and JupyterLab unfolds
    outputs when their cell is run. The code of a figure tells its result in the text alternative.
    """
    folded = {"outputs_hidden": outputs, "source_hidden": source}
    if any(folded.values()):
        cell.metadata["jupyter"] = {name: True for name, yes in folded.items() if yes}
    tags = {"hide-output": outputs, "hide-input": source}
    kept = [tag for tag in cell.metadata.get("tags", []) if tag not in tags]
    cell.metadata["tags"] = kept + [tag for tag, yes in tags.items() if yes]
    if not cell.metadata["tags"]:
        del cell.metadata["tags"]


def refuse_machine_traces(notebook: NotebookNode) -> None:
    """Stop at an output that another machine, or a second run, would print differently."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise SystemExit(f"This cell writes to stderr:\n{cell.source}\n\n{output.text}")
            if trace := MACHINE_TRACE.search(str(output)):
                raise SystemExit(f"This cell's output holds {trace[0]!r}:\n{cell.source}")


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:] or NOTEBOOKS):
        print(f"Executing {path.name}", flush=True)
        execute(path.resolve())
