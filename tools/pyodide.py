"""The files of Pyodide, Python for the browser, in a folder that the variable COURSE_PYODIDE names.

What the folder lacks is fetched into it: the core from npm, packages from Pyodide's release. Only
what has the right sha256 is used. Those of the core stand here; those of the packages stand in
Pyodide's own lock, which is part of the core.
"""

import json
import os
import subprocess
import tarfile
import urllib.request
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

VERSION = "0.27.7"
LOCK = "pyodide-lock.json"
CORE = {
    LOCK: "9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "pyodide.mjs": "04c052c815abb0bf2981fa38c2dfa58e3120ee5288c956df2b2a15e301782c5f",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
}
PACKAGES = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full"
USUAL = Path(__file__).parents[1] / "build/pyodide"


class NoPyodide(Exception):
    """A file of Pyodide is not to be had."""


def core() -> dict[str, bytes]:
    """Return Python itself: the content of each file, by its name."""
    return {name: content(name, digest) for name, digest in CORE.items()}


def packages(wanted: list[str]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the entries in Pyodide's lock of packages and all they need, and their files."""
    lock = json.loads(content(LOCK, CORE[LOCK]))["packages"]
    entries: dict[str, Any] = {}
    waiting = [*wanted]
    while waiting:
        name = waiting.pop()
        if name not in entries:
            entries[name] = lock[name]
            waiting += [other.replace("_", "-") for other in lock[name]["depends"]]
    files = [(entry["file_name"], entry["sha256"]) for entry in entries.values()]
    return entries, {name: content(name, digest) for name, digest in files}


def content(name: str, digest: str) -> bytes:
    """Return what a file holds; fetch it if it is not there."""
    folder = Path(os.environ.get("COURSE_PYODIDE") or USUAL)
    if (found := found_in(folder, name, digest)) is None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            fetch(name, folder)
        except (OSError, subprocess.CalledProcessError) as error:
            raise NoPyodide(
                f"{folder} has no {name} of Pyodide {VERSION}, and it cannot be fetched ({error}). "
                "Name a folder that holds all of Pyodide in the variable COURSE_PYODIDE."
            ) from None
        found = found_in(folder, name, digest)
    if found is None:
        raise NoPyodide(f"The {name} that was fetched is not that of Pyodide {VERSION}.")
    return found


def found_in(folder: Path, name: str, digest: str) -> bytes | None:
    """Return the file with the right sha256, if a folder has it."""
    # Pyodide's own lock may lie beside one that was made from it.
    names = [name, *(path.name for path in folder.glob("*lock.json") if name == LOCK)]
    for path in map(folder.joinpath, names):
        if path.is_file() and sha256(found := path.read_bytes()).hexdigest() == digest:
            return found
    return None


def fetch(name: str, folder: Path) -> None:
    """Fetch a file into a folder, and with a file of the core all of it."""
    if name not in CORE:
        with urllib.request.urlopen(f"{PACKAGES}/{name}", timeout=60) as answer:
            (folder / name).write_bytes(answer.read())
        return
    with TemporaryDirectory() as passing:
        npm = ["npm", "pack", "--silent", f"pyodide@{VERSION}", f"--pack-destination={passing}"]
        subprocess.run(npm, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(Path(passing).iterdir())) as packed:
            for part in CORE:
                (folder / part).write_bytes(packed.extractfile(f"package/{part}").read())
