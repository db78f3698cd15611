"""Count the pairs of characters in the course's own text: course_lib/data/letters.npz.

    python tests/reference/letters.py --write [folder of notebooks]

The stored file was made once, from the notebooks as they were on 27 November 2026. It is data like
the other two sets: it is not made again when the text changes, because every number that a notebook
states about it would then change too.
"""

import json
import re
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
CHARACTERS = " abcdefghijklmnopqrstuvwxyz.,:?()"
NO_PROSE = re.compile(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`|\]\([^)]*\)", re.S)  # formula, code, link


def prose(folder: Path) -> str:
    """Return the text cells of notebooks 01 to 07 in the characters above, one space a gap."""
    cells = (
        "".join(cell["source"])
        for path in sorted(folder.glob("0[1-7]*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "markdown"
    )
    text = NO_PROSE.sub(" ", "\n".join(cells).lower())
    return re.sub(" +", " ", re.sub(f"[^{re.escape(CHARACTERS)}]", " ", text))


def count(text: str) -> np.ndarray:
    """Return how often character j follows character i, shape (33, 33)."""
    i = np.array([CHARACTERS.index(character) for character in text])
    n = len(CHARACTERS)
    return np.bincount(i[:-1] * n + i[1:], minlength=n * n).reshape(n, n)


if __name__ == "__main__" and sys.argv[1:2] == ["--write"]:
    counts = count(prose(Path(sys.argv[2]) if sys.argv[2:] else ROOT / "notebooks"))
    np.savez_compressed(
        ROOT / "course_lib" / "data" / "letters.npz",
        counts=counts.astype(np.uint16),
        characters=np.array(CHARACTERS),
    )
    print(f"wrote {counts.sum():,} pairs")
