"""A JupyterLab server on a copy of the notebooks, pages without one, and a Chromium."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.lite import keep_at_home, served
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).parents[2]

# What builds the pages that need no server lies in the developers' environment, where JupyterLab
# finds it, cannot use it and says so. Readers do not have it.
FOREIGN = "/lab/extensions/@jupyterlite/pyodide-kernel-extension/"

expect.set_options(timeout=60_000)  # a kernel on a busy machine takes its time


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a copy of the notebooks, so that no test can change the committed ones."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(8)
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    command += [f"--ServerApp.port={port}", f"--IdentityProvider.token={token}"]
    command += [f"--ServerApp.root_dir={folder}"]
    settings = {"JUPYTER_CONFIG_PATH": str(ROOT / ".jupyter"), "HOME": str(folder)}
    log = folder / "server.log"
    with log.open("w") as output:
        server = subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, **settings}
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, log)
            yield f"http://127.0.0.1:{port}/lab/tree/notebooks/{{}}?token={token}&reset"
        finally:
            server.terminate()
            server.wait(30)


def wait_for(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(120):
        try:
            with urllib.request.urlopen(url):
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.5)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser that COURSE_CHROMIUM names, or Playwright's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("COURSE_CHROMIUM"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open an empty page, and at the end of the test hold its console free of errors."""
    errors: list[str] = []
    page = browser.new_page(viewport={"width": 1300, "height": 1000})
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    yield page
    page.close()
    assert [error for error in errors if FOREIGN not in error] == []


@pytest.fixture(scope="session")
def site_of_lite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages that run without a server below a site, as they will be."""
    if not os.environ.get("COURSE_PYODIDE"):
        pytest.skip("the pages without a server: COURSE_PYODIDE names no folder with Pyodide")
    site = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "tools.build_lite", str(site / "lite")]
    subprocess.run(command, cwd=ROOT, check=True, timeout=300)
    return site


@pytest.fixture(scope="session")
def lite(site_of_lite: Path) -> Iterator[str]:
    """Serve the pages that run without a server."""
    with served(site_of_lite) as root:
        yield f"{root}/lite"


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Open a browser that keeps what its pages store; hold it to ask this machine alone."""
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    context.set_default_timeout(60_000)
    asked = keep_at_home(context)
    yield context
    context.close()
    assert asked == []
