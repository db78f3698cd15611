"""The students' bundle: what they work with, and nothing that answers or tests it.

Only what is named here is taken, so that a new file of the repository does not slip in.
"""

import argparse
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from grader import ROOT, Stop

NAME = "adaptive-learning-rates"
FILES = ("LICENSE", "LICENSE-TEXT", "environment.yml", "explorer.png")
FOLDERS = {
    "notebooks": ("*.ipynb", "*.md"),
    "exercises": ("*.ipynb",),
    "course_lib": ("*.py", "*.js", "*.css", "*.json", "*.npz", "*.md", "*.mo", "py.typed"),
    ".jupyter": ("*.py", "*.json"),
}
IGNORED = ("__pycache__", ".ipynb_checkpoints")
SECTIONS = ("[build-system]", "[project]", "[tool.hatch")  # of pyproject.toml
# The students' READMEs, and what of the repository's stands in the place of a line in brackets.
READMES = {"README.md": "students.md", "README.zh.md": "students.zh.md"}
PLACE = re.compile(r"^[(（].*README.*[)）]\n\n", re.MULTILINE)


def run(options: argparse.Namespace) -> int:
    """Write the students' bundle, as a folder and as a zip."""
    out: Path = options.out
    folder = out / NAME
    try:
        if folder.exists():
            raise Stop(f"{folder} exists: choose another place, or move it away.")
        folder.mkdir(parents=True)
        files = write(folder)
        with zipfile.ZipFile(out / f"{NAME}.zip", "w") as packed:
            for name, content in sorted(files.items()):
                # Without the time: the same files make the same bytes, whenever and wherever.
                info = zipfile.ZipInfo(f"{NAME}/{name}")
                info.create_system = 3  # Unix, of which the rights are
                info.external_attr = 0o644 << 16
                packed.writestr(info, content, zipfile.ZIP_DEFLATED)
    except OSError as error:
        raise Stop(f"{out} cannot be written: {error.strerror}.") from error
    print(f"{folder} and {NAME}.zip beside it are for students.")
    if options.site:
        build_site(out / "site")
    return 0


def write(folder: Path) -> dict[str, bytes]:
    """Write the bundle into a folder, and return it."""
    files = bundle()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return files


def build_site(site: Path) -> None:
    """Build the website, in which students read and run what is in the bundle, and no more."""
    built = subprocess.run([sys.executable, "-m", "website.build", "--into", site], cwd=ROOT)
    if built.returncode:
        raise Stop(f'The website needs `pip install -e ".[site]"` and `npm ci` in {ROOT}.')
    print(f"{site} is a website for students: any server of files can give it out.")


def bundle() -> dict[str, bytes]:
    """Return what each file of the bundle holds."""
    files = [ROOT / name for name in FILES]
    for folder, patterns in FOLDERS.items():
        files += (file for each in patterns for file in (ROOT / folder).rglob(each))
    kept = [file for file in files if not set(IGNORED) & set(file.parts)]
    texts = {"pyproject.toml": project(), **{name: readme(name) for name in READMES}}
    return {file.relative_to(ROOT).as_posix(): file.read_bytes() for file in kept} | {
        name: text.encode() for name, text in texts.items()
    }


def project() -> str:
    """Return pyproject.toml without the grader and the tools of those who develop the course."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8").replace(', "grader"]', "]")
    sections = re.split(r"^(?=\[)", text, flags=re.M)
    kept = "".join(section for section in sections if section.startswith(SECTIONS))
    (lab,) = re.findall(r"^lab = .*\n", text, re.M)
    return re.sub(r"^#.*\n", "", kept, flags=re.M) + f"[project.optional-dependencies]\n{lab}"


def readme(name: str) -> str:
    """Return a students' README, with the repository's list of what each notebook answers."""
    text = (ROOT / name).read_text(encoding="utf-8")
    parts = re.split(r"^(?=## )", text, flags=re.M)
    questions = next(part for part in parts if "| [01 " in part)
    own = Path(__file__).with_name(READMES[name]).read_text(encoding="utf-8")
    return PLACE.sub(lambda _: questions, own)
