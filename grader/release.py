"""The students' bundle: what they work with, and nothing that answers or tests it.

Only what is named here is taken, so that a new file of the repository does not slip in.
"""

import argparse
import re
import shutil
import zipfile
from pathlib import Path

from grader import Stop
from grader.confine import ROOT

NAME = "adaptive-learning-rates"
FILES = ("LICENSE", "LICENSE-TEXT", "environment.yml", "explorer.png")
FOLDERS = {
    "notebooks": ("*.ipynb", "*.md"),
    "exercises": ("*.ipynb",),
    "course_lib": ("*.py", "*.js", "*.css", "*.json", "*.npz", "*.md"),
    ".jupyter": ("*.py", "*.json"),
}
IGNORED = ("__pycache__", ".ipynb_checkpoints")
SECTIONS = ("[build-system]", "[project]", "[tool.hatch")  # of pyproject.toml
README = Path(__file__).with_name("students.md")
QUESTIONS = "(What each notebook answers: from the repository's README.)\n\n"


def run(options: argparse.Namespace) -> int:
    """Write the students' bundle, as a folder and as a zip."""
    out: Path = options.out
    folder = out / NAME
    try:
        if folder.exists():
            raise Stop(f"{folder} exists: choose another place, or move it away.")
        for name in FILES:
            copy(ROOT / name, folder / name)
        for name, patterns in FOLDERS.items():
            for file in sorted(file for each in patterns for file in (ROOT / name).rglob(each)):
                if not set(IGNORED) & set(file.parts):
                    copy(file, folder / file.relative_to(ROOT))
        write(folder / "pyproject.toml", project())
        write(folder / "README.md", readme())
        pack(folder, out / f"{NAME}.zip")
    except OSError as error:
        raise Stop(f"{out} cannot be written: {error.strerror}.") from error
    print(f"{folder} and {NAME}.zip beside it are for students.")
    return 0


def copy(file: Path, to: Path) -> None:
    """Copy a file, without what this system knows of its owner and rights."""
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, to)


def write(file: Path, text: str) -> None:
    """Write a text as every system reads it."""
    file.write_text(text, encoding="utf-8", newline="\n")


def project() -> str:
    """Return pyproject.toml without the tools of those who develop the course."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    sections = re.split(r"^(?=\[)", text, flags=re.M)
    kept = "".join(section for section in sections if section.startswith(SECTIONS))
    return re.sub(r"^#.*\n", "", kept, flags=re.M)


def readme() -> str:
    """Return the students' README, with the repository's list of what each notebook answers."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^(?=## )", text, flags=re.M)
    questions = next(part for part in parts if part.startswith("## What each notebook answers"))
    return README.read_text(encoding="utf-8").replace(QUESTIONS, questions)


def pack(folder: Path, archive: Path) -> None:
    """Pack a folder; the same files make the same bytes, whenever it is done."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            info = zipfile.ZipInfo(file.relative_to(folder.parent).as_posix())
            info.external_attr = 0o644 << 16
            packed.writestr(info, file.read_bytes(), zipfile.ZIP_DEFLATED)
