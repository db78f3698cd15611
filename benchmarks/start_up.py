"""How soon a fresh Python can work: imports, and the first picture of a fresh kernel.

Run by `nox -s benchmarks -- start_up`. What is measured stands in README.md.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from jupyter_client.manager import start_new_kernel
from side_by_side import Report, medians, table

IMPORTS = {
    "course_lib.descent": "course_lib.descent",
    "numpy": "numpy",
    "torch": "torch",
    "optax": "optax",
}
PICTURES = {
    "course's explorer": "from course_lib import explorers; explorers.valley()",
    "pyplot's line": "%matplotlib inline\nimport matplotlib.pyplot as plt; plt.plot([1, 0])",
}


def importing(module: str) -> Callable[[], Any]:
    """Return a run of a Python that imports one module."""
    return lambda: subprocess.run([sys.executable, "-c", f"import {module}"], check=True)


def picture(code: str) -> Callable[[], Any]:
    """Return the run of one cell in a kernel of its own, from its start to the cell's end."""

    def run() -> None:
        manager, client = start_new_kernel(stderr=subprocess.DEVNULL)
        try:
            reply = client.execute_interactive(code, output_hook=lambda message: None, timeout=60)
            assert reply["content"]["status"] == "ok", reply["content"]
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)

    return run


def main() -> None:
    """Measure and write."""
    report = Report(__file__, "numpy", "torch", "optax", "matplotlib", "ipykernel")
    with tempfile.TemporaryDirectory() as compiled:
        # A learner's Python keeps what it has compiled. The first round, which does not count,
        # compiles everything into a folder, even where the environment forbids to keep it.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        imports = medians({name: importing(module) for name, module in IMPORTS.items()}, rounds=9)
        pictures = medians({name: picture(code) for name, code in PICTURES.items()}, rounds=5)
    lines = table({"import in a new Python": imports}, "ms")
    report.write([*lines, "", *table({"first picture of a new kernel": pictures}, "ms")])


if __name__ == "__main__":
    main()
