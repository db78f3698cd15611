"""The project's commands: `nox -s lab` for learners, `nox --list` for everyone else."""

import os
import shutil
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
# Where to look for a browser when the variable COURSE_CHROMIUM does not name one.
CHROMIUMS = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
]


@nox.session(reuse_venv=True)
def lab(session: nox.Session) -> None:
    """Open JupyterLab on the first notebook; what follows `--` goes to JupyterLab."""
    install_locked(session, ".")
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
    if session.posargs:
        session.run("pytest", *session.posargs, env={"COURSE_CHROMIUM": chromium()})
    else:
        check_style(session)
        run_tests(session)


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest dependencies that pyproject.toml admits."""
    session.install("--resolution", "lowest-direct", "-e", ".[dev]")
    run_tests(session)


@nox.session(reuse_venv=True)
def lint(session: nox.Session) -> None:
    """Check style and types."""
    install_locked(session)
    check_style(session)


@nox.session(reuse_venv=True)
def notebooks(session: nox.Session) -> None:
    """Execute the notebooks in place, or only those named after `--`."""
    install_locked(session)
    session.run("python", "tests/execute_notebooks.py", *session.posargs)


@nox.session(reuse_venv=True)
def exercises(session: nox.Session) -> None:
    """Make the exercises and checks from the solutions, or only those named after `--`."""
    install_locked(session)
    session.run("python", "tests/make_exercises.py", *session.posargs)


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
    browser = chromium()
    if {"latency", "map_frames"} & set(chosen) and not browser:
        session.error("The benchmark needs Chromium: see CHROMIUMS in noxfile.py")
    install_locked(session)
    # Only to compare with: no notebook needs them.
    session.install("-c", "requirements.lock", "ipympl==0.10.0", "pip")
    session.run("python", "-m", "pip", "install", *PEERS, "numba==0.68.1")
    for name in chosen:
        session.run("python", f"benchmarks/{name}.py", env={"COURSE_CHROMIUM": browser})


def install_locked(session: nox.Session, project: str = ".[dev]") -> None:
    # As constraints, the lock's hashes are still checked, and learners need no developers' tools.
    session.install("-c", "requirements.lock", "-e", project)


def check_style(session: nox.Session) -> None:
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("mypy")


def run_tests(session: nox.Session) -> None:
    browser = chromium()
    if not browser:
        session.error("The browser tests need Chromium: see CHROMIUMS in noxfile.py")
    nbval = "--nbval-cell-timeout=60", "--nbval-sanitize-with=tests/nbval_sanitize.cfg"
    executed = "notebooks", "solutions"
    # On every core; the browser tests below keep two busy with one of them.
    cores = "-n", "auto", "--dist", "loadfile"
    session.run("pytest", *cores, "--ignore=tests/browser", "--nbval", *nbval, "tests", *executed)
    # An exercise stores no outputs to compare, but it runs to its end.
    session.run("pytest", "--nbval-lax", *nbval, "exercises")
    # Apart: Playwright leaves an event loop running in which no other test could start its own.
    session.run("pytest", "tests/browser", env={"COURSE_CHROMIUM": browser})


def chromium() -> str | None:
    chosen = os.environ.get("COURSE_CHROMIUM")
    return next(filter(None, map(shutil.which, [chosen] if chosen else CHROMIUMS)), None)
