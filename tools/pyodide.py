"""The files of Pyodide, Python for the browser: from a folder, or fetched once.

    COURSE_PYODIDE=folder    a folder with an unpacked release; without it, files are fetched

Only what has the right sha256 is used. Those of the core stand here; those of the packages stand
in Pyodide's own lock, which is part of the core.
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
CORE = {
    "pyodide-lock.json": "9c45b916001a750f4102fc287494f3eab215909c7535c626a20db80fd6333e2c",
    "pyodide.asm.js": "6b4c90de5b7172873f04f21884d0e9d2274e305fe32116558fe3e4fbe3618d51",
    "pyodide.asm.wasm": "a50dd1843f805a0b7c45b61037ee0d7b26dfe85efe0e18ef95a34ad24e401f5f",
    "pyodide.mjs": "04c052c815abb0bf2981fa38c2dfa58e3120ee5288c956df2b2a15e301782c5f",
    "python_stdlib.zip": "16611534726e5d8ac2bd8f926410b2dcb8d6f49aa24913463533b457a2115c16",
}
PACKAGES = f"https://cdn.jsdelivr.net/pyodide/v{VERSION}/full"
FETCHED = Path(__file__).parents[1] / "build" / f"pyodide-{VERSION}"


class NoPyodide(Exception):
    """Some file of Pyodide is not to be had."""


def core() -> dict[str, bytes]:
    """Return Python itself: the content of each file, by its name."""
    if not named():
        fetch_core()
    return {name: read(name, digest) for name, digest in CORE.items()}


def packages(wanted: list[str]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the entries in Pyodide's lock of packages and all they need, and their files."""
    lock = json.loads(core()["pyodide-lock.json"])["packages"]
    entries: dict[str, Any] = {}
    waiting = [*wanted]
    while waiting:
        name = waiting.pop()
        if name not in entries:
            entries[name] = lock[name]
            waiting += [other.replace("_", "-") for other in lock[name]["depends"]]
    files = [(entry["file_name"], entry["sha256"]) for entry in entries.values()]
    if not named():
        for name, _ in files:
            fetch_package(name)
    return entries, {name: read(name, digest) for name, digest in files}


def named() -> Path | None:
    """Return the folder that was named, if one was."""
    folder = os.environ.get("COURSE_PYODIDE")
    return Path(folder) if folder else None


def read(name: str, digest: str) -> bytes:
    """Return what a file holds, if it is the right one."""
    folder = named() or FETCHED
    # A release's lock may lie beside one that was made from it.
    for path in [folder / name, *(sorted(folder.glob("*lock.json")) if "lock" in name else [])]:
        if path.is_file() and sha256(content := path.read_bytes()).hexdigest() == digest:
            return content
    raise NoPyodide(f"{folder} has no {name} as Pyodide {VERSION} has it.")


def fetch_core() -> None:
    """Fetch the npm package of Pyodide, unless it is there."""
    if all((FETCHED / name).exists() for name in CORE):
        return
    FETCHED.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder:
        npm = ["npm", "pack", "--silent", f"pyodide@{VERSION}", f"--pack-destination={folder}"]
        try:
            subprocess.run(npm, check=True, stdout=subprocess.DEVNULL)
        except (OSError, subprocess.CalledProcessError) as error:
            raise cannot_fetch(f"the npm package pyodide@{VERSION}", error) from None
        with tarfile.open(next(Path(folder).iterdir())) as packed:
            for name in CORE:
                content = packed.extractfile(f"package/{name}")
                assert content, name
                (FETCHED / name).write_bytes(content.read())


def fetch_package(name: str) -> None:
    """Fetch a package of the release, unless it is there."""
    if (FETCHED / name).exists():
        return
    try:
        with urllib.request.urlopen(f"{PACKAGES}/{name}", timeout=60) as answer:
            content = answer.read()
    except OSError as error:
        raise cannot_fetch(f"{PACKAGES}/{name}", error) from None
    (FETCHED / name).write_bytes(content)


def cannot_fetch(what: str, error: Exception) -> NoPyodide:
    """Say what cannot be fetched, and what helps."""
    return NoPyodide(
        f"{what} cannot be fetched ({error}). Name a folder that holds Pyodide {VERSION} in the "
        "variable COURSE_PYODIDE."
    )
