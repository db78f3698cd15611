"""Build the course for a browser: a folder of files in which notebooks run without a server.

    python -m tools.build_lite site/lite

JupyterLite is JupyterLab with a kernel, Pyodide, that runs in the page. All it needs lies in the
folder: nothing is fetched from elsewhere, neither when a page is opened nor when a notebook runs.
A notebook opens at lab/index.html?path=notebooks/01_critical_points.ipynb.
"""

import io
import itertools
import json
import re
import shutil
import subprocess
import sys
import zipfile
from base64 import b64encode
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat

from grader import release
from tools import pyodide, translations
from website.languages import LANGUAGES

ROOT = Path(__file__).parents[1]
OURS = "adaptive-learning-rates"
FROM_PYODIDE = ["ipython", "jedi", "matplotlib", "micropip", "numpy", "pillow"]
# Of pure Python, and so the same everywhere: name -> what it imports of the others.
FROM_HERE = {
    "anywidget": ["ipywidgets", "psygnal", "typing-extensions"],
    "comm": ["traitlets"],
    "ipywidgets": ["comm", "ipython", "traitlets"],
    "latex2mathml": [],
    "psygnal": [],
    "typing-extensions": [],
}
MADE_HERE = {".pyc", ".pyd", ".so"}  # compiled for this machine, beside the Python that it is from
NEEDED = ["anywidget", "ipywidgets", "latex2mathml", "matplotlib", "numpy", "pillow"]
# What the kernel would otherwise look for, by these names, and what the notebooks import.
AT_START = ["comm", "ipykernel", "ipython", "jedi", "micropip", "piplite", "pyodide-kernel", OURS]
LAB = Path(sys.prefix) / "share/jupyter/labextensions"
KERNEL = LAB / "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = [KERNEL, LAB / "@jupyter-widgets/jupyterlab-manager", LAB / "anywidget"]
# JupyterLab shows a notebook that an address names in the list of files, which on a narrow screen
# leaves no room for the notebook. No setting says otherwise: the list is closed once that is done.
# There the width is for what is read, output scrolls as code does, and the last menu is seen whole.
# In the dark, stored pictures are as bright as on the pages of the book.
LOOK = """<style>
  body[data-jp-theme-light="false"] .jp-OutputArea-output img { filter: brightness(0.85); }
  @media (max-width: 639px) {
    body .jp-OutputArea-output pre { white-space: pre; word-break: normal; }
    body :is(.jp-OutputArea-prompt, .jp-Placeholder-prompt) { display: none; }
    body .jp-Placeholder-content { min-width: 0; overflow: hidden; }
    body .jp-RenderedHTMLCommon blockquote { margin-inline: 0; }
    body .lm-MenuBar-item { padding-inline: 4px; }
  }
</style>
<script>
  const waiting = setInterval(() => {
    if (!window.jupyterapp) return;
    clearInterval(waiting);
    const { commands, shell } = window.jupyterapp;
    commands.commandExecuted.connect(async function close(_, { id, result }) {
      if (id !== "docmanager:show-in-file-browser") return;
      commands.commandExecuted.disconnect(close);
      await result;
      if (innerWidth < 640) shell.collapseLeft();
    });
  }, 50);
</script>"""
KERNELSPEC = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}


def build(out: Path) -> None:
    """Write the whole site into a folder, which it replaces."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_python(folder / "static/pyodide")
        write_contents(folder / "contents")
        write_settings(folder, out)
        shutil.rmtree(out, ignore_errors=True)
        built = subprocess.run(
            [sys.executable, "-m", "jupyterlite_core", "build"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    if built.returncode:
        raise SystemExit(f"JupyterLite could not be built:\n{built.stdout}")
    tell_sessions_apart(out)
    page = out / "lab/index.html"
    text = page.read_text(encoding="utf-8").replace("</head>", f"{LOOK}</head>")
    page.write_text(text, encoding="utf-8")
    keep_in_the_browser(out)


def tell_sessions_apart(out: Path) -> None:
    """Let JupyterLite find a running notebook by its path.

    It looks for its name: of a notebook and the exercises of the same name the one that is opened
    second takes the other's kernel away, and both stand without one.
    """
    name = re.compile(
        r"(\{path:(?P<path>\w+),name:(?P<name>\w+)\}=(?P<it>\w+),\w+=this\._sessions\.find"
        r"\((?P<each>\w+)=>(?P=each)\.)name===(?P=name)\)"
    )
    found = {}
    for path in (out / "build").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        if name.search(text):
            found[path] = name.sub(r"\g<1>path===\g<path>)", text)
    if len(found) != 1:
        raise SystemExit("JupyterLite looks for sessions in another way: is its fault mended?")
    for path, text in found.items():
        path.write_text(text, encoding="utf-8")


def write_python(folder: Path) -> None:
    """Write Pyodide with the packages of the course, and a lock that names these alone."""
    entries, files = pyodide.packages(FROM_PYODIDE)
    core = pyodide.core()
    files |= core
    library = entries["matplotlib"]
    files[library["file_name"]] = content = with_fonts(files[library["file_name"]])
    entries["matplotlib"] = library | {"sha256": sha256(content).hexdigest()}
    added = [(name, needs, *wheel_of(name)) for name, needs in FROM_HERE.items()]
    added += [
        (name, needs, *wheel_in(KERNEL / "static/pypi", name))
        for name, needs in (("ipykernel", ["comm"]), ("pyodide-kernel", ["ipykernel", "ipython"]))
    ]
    added += [("piplite", [], *stand_in()), (OURS, NEEDED, *course())]
    for name, needs, file_name, content in added:
        files[file_name] = content
        entries[name] = entry(name, needs, file_name, content)
    lock = {"info": json.loads(core["pyodide-lock.json"])["info"], "packages": entries}
    files["pyodide-lock.json"] = json.dumps(lock).encode()
    folder.mkdir(parents=True)
    for file_name, content in files.items():
        (folder / file_name).write_bytes(content)


def with_fonts(wheel: bytes) -> bytes:
    """Return Pyodide's matplotlib with a list of fonts that it reads.

    The list that it brings is that of another version; so it would make a new one in every
    notebook, for seconds, and say so. The entries of both are the same.
    """
    with zipfile.ZipFile(io.BytesIO(wheel)) as old:
        contents = {path: old.read(path) for path in old.namelist()}
    version = re.search(rb"__version__ = (\d+)", contents["matplotlib/font_manager.py"])
    fonts = json.loads(contents["matplotlib/fontlist.json"])
    assert version, "its source says which list it reads"
    fonts["_version"] = int(version[1])
    return packed(
        "matplotlib", "", contents | {"matplotlib/fontlist.json": json.dumps(fonts).encode()}
    )[1]


def entry(name: str, needs: list[str], file_name: str, content: bytes) -> dict[str, Any]:
    """Return what a lock of Pyodide says of a wheel."""
    return {
        "name": name,
        "version": file_name.split("-")[1],
        "file_name": file_name,
        "install_dir": "site",
        "package_type": "package",
        "sha256": sha256(content).hexdigest(),
        "depends": needs,
        "imports": ["course_lib" if name == OURS else name.replace("-", "_")],
        "unvendored_tests": False,
    }


def wheel_of(name: str) -> tuple[str, bytes]:
    """Pack an installed package again: it has the version that was tested, and lies here."""
    found = distribution(name)
    contents = {
        str(path): path.locate().read_bytes()
        for path in found.files or []
        if ".." not in path.parts and path.suffix not in MADE_HERE
    }
    return packed(name, found.version, contents)


def wheel_in(folder: Path, name: str) -> tuple[str, bytes]:
    """Return name and content of the wheel of a package in a folder."""
    path = next(folder.glob(f"{name.replace('-', '_')}-*.whl"))
    return path.name, path.read_bytes()


def stand_in() -> tuple[str, bytes]:
    """Pack what stands for piplite."""
    files = sorted((ROOT / "tools/piplite").glob("*.py"))
    contents = {f"piplite/{path.name}": path.read_bytes() for path in files}
    about = b"Metadata-Version: 2.1\nName: piplite\nVersion: 0\n"
    return packed("piplite", "0", contents | {"piplite-0.dist-info/METADATA": about})


def course() -> tuple[str, bytes]:
    """Build the wheel of what students are given of the course: no grader is in it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        release.write(folder)
        command = [sys.executable, "-m", "hatchling", "build", "--target=wheel", "-d", "dist"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
        subprocess.run(command, cwd=folder, check=True, **quiet)  # type: ignore[call-overload]
        return wheel_in(folder / "dist", OURS)


def packed(name: str, version: str, contents: dict[str, bytes]) -> tuple[str, bytes]:
    """Return file name and content of a wheel, the same at every build."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, content in sorted(contents.items()):
            wheel.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return f"{name.replace('-', '_')}-{version}-py3-none-any.whl", file.getvalue()


def write_contents(folder: Path) -> None:
    """Copy notebooks and exercises of all languages; kernels have another name in a browser."""
    with TemporaryDirectory() as name:
        made = Path(name)
        for language in translations.MADE_FROM:
            translations.write(language, made)
        for root, part in itertools.product((ROOT, made), ("notebooks", "exercises")):
            for path in sorted((root / part).rglob("*.*")):
                if path.suffix in (".ipynb", ".md") and ".ipynb_checkpoints" not in path.parts:
                    copy_content(path, folder / path.relative_to(root))


def copy_content(path: Path, there: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        notebook = nbformat.reads(text, as_version=4)  # which joins lines: JupyterLite does not
        notebook.metadata.kernelspec = KERNELSPEC
        # Here nothing was run yet, and a number would say that it was.
        for cell in notebook.cells:
            for part in (cell, *cell.get("outputs", [])):
                if "execution_count" in part:
                    part.execution_count = None
        text = json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"
    translations.save_text(there, text)


def write_settings(folder: Path, out: Path) -> None:
    """Write what JupyterLite is told at its building, and what its pages are told."""
    building = {
        "apps": ["lab"],
        "contents": ["contents"],
        "federated_extensions": [str(path) for path in EXTENSIONS],
        "ignore_sys_prefix": ["federated_extensions"],
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "output_dir": str(out.resolve()),
    }
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": AT_START}}
    page = {
        "appName": "Adaptive learning rates",
        "exposeAppInBrowser": True,
        "settingsOverrides": {
            # Light or dark, as the system is.
            "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
            # A page is closed sooner than the two minutes after which JupyterLab saves.
            "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10},
            "@jupyterlab/mainmenu-extension:plugin": {"menus": [help_menu()]},
        },
        "litePluginSettings": {"@jupyterlite/pyodide-kernel-extension:kernel": kernel},
    }
    files = {
        "jupyter_lite_config.json": {"LiteBuildConfig": building},
        "jupyter-lite.json": {"jupyter-lite-schema-version": 0, "jupyter-config-data": page},
    }
    for name, content in files.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")


def help_menu() -> dict[str, Any]:
    """Return what leads from the menu to the book's page of help, in each language."""
    pages = [
        {
            "text": f"The course in your browser: {each.name}",
            "url": f"../../{each.book}/in_your_browser.html",
            "newBrowserTab": True,
        }
        for each in LANGUAGES
    ]
    items = [{"command": "help:open", "args": page, "rank": 0} for page in pages]
    return {"id": "jp-mainmenu-help", "items": items}


def keep_in_the_browser(site: Path) -> None:
    """Put our service worker before JupyterLite's, and write the list of files that it keeps."""
    worker = site / "service-worker.js"
    worker.rename(site / "jupyterlite-service-worker.js")
    shutil.copy(ROOT / "tools/service_worker.js", worker)
    files = [path for path in sorted(site.rglob("*")) if path.is_file()]
    digests = {path.relative_to(site).as_posix(): integrity(path.read_bytes()) for path in files}
    (site / "kept-files.json").write_text(json.dumps(digests, indent=0), encoding="utf-8")


def integrity(content: bytes) -> str:
    """Return what a browser compares a file with."""
    return f"sha256-{b64encode(sha256(content).digest()).decode()}"


if __name__ == "__main__":
    try:
        build(Path(sys.argv[1]))
    except pyodide.NoPyodide as missing:
        raise SystemExit(str(missing)) from None
