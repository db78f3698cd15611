"""The pages that run without a server, as the tests drive them: a kernel in a browser."""

import contextlib
import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import BrowserContext, Error, Page

PANEL = "window.jupyterapp?.shell.currentWidget"
STARTED = f"() => {PANEL}?.sessionContext?.session?.kernel && {PANEL}.content?.widgets?.length > 1"
PATH = f"{PANEL}.context.path"
# Runs code in the notebook's kernel; gives what it printed, showed, or failed with.
ASK = f"""
async ([code, seconds]) => {{
  const said = []
  const asked = {PANEL}.sessionContext.session.kernel.requestExecute({{ code }})
  asked.onIOPub = ({{ content }}) => {{
    if (content.text) said.push(content.text)
    if (content.data) said.push(content.data['text/plain'])
    if (content.ename) said.push((content.traceback || []).join('\\n'))
  }}
  const late = new Promise((_, fail) => setTimeout(fail, 1000 * seconds, new Error('no answer')))
  await Promise.race([asked.done, late])
  return said.join('')
}}
"""
OUTPUTS = f"""
() => {PANEL}.content.widgets.filter((cell) => cell.model.type === 'code')
  .map((cell) => cell.model.outputs.toJSON())
"""
# The kernel's own start, step by step in the page, where its errors can be read.
DIRECTLY = """
async (address) => {
  const { loadPyodide } = await import(address + '/static/pyodide/pyodide.mjs')
  const settings = await (await fetch(address + '/jupyter-lite.json')).json()
  const plugins = Object.values(settings['jupyter-config-data'].litePluginSettings)
  const packages = plugins.flatMap((plugin) => plugin.loadPyodideOptions?.packages ?? [])
  const pyodide = await loadPyodide({ indexURL: address + '/static/pyodide/', packages })
  await pyodide.runPythonAsync('import piplite.piplite, pyodide_kernel')
}
"""
# The list of what is kept lies beside it.
ALL_IS_KEPT = """
async (address) => {
  const list = await (await fetch(address + '/kept-files.json')).json()
  const kept = await (await caches.open(address + '/')).keys()
  return kept.length === Object.keys(list).length + 1
}
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, and writes no line for each."""

    def log_message(self, *_: Any) -> None: ...


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine alone."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def keep_at_home(context: BrowserContext) -> list[str]:
    """Let a browser ask this machine alone; return the list of whom else it will have asked."""
    asked: list[str] = []

    def decide(route: Any) -> None:
        if route.request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    context.route("**/*", decide)
    return asked


def open_notebook(page: Page, address: str, path: str, seconds: float = 120) -> None:
    """Open a notebook and wait until its kernel answers; if it does not in time, say why."""
    page.goto(f"{address}/lab/index.html?path={path}")
    try:
        page.wait_for_function(STARTED, timeout=1000 * seconds)
        ask(page, "1", seconds)
    except Error as error:
        raise AssertionError(f"The kernel does not start: {why(page, address)}") from error


def why(page: Page, address: str) -> str:
    """Return the traceback with which a kernel fails to start."""
    page.goto(f"{address}/jupyter-lite.json")
    try:
        page.evaluate(DIRECTLY, address)
    except Error as error:
        return error.message
    return "started alone, it does."


def ask(page: Page, code: str, seconds: float = 60) -> str:
    """Run code in the kernel and return what it says."""
    return page.evaluate(ASK, [code, seconds])


def wait_until_all_is_kept(page: Page, address: str) -> None:
    """Wait until the browser holds every file of the pages, and no other."""
    for _ in range(300):
        if page.evaluate(ALL_IS_KEPT, address):
            return
        page.wait_for_timeout(200)
    raise AssertionError("The browser does not keep every file of the pages.")


def run_all(page: Page, seconds: float) -> list[str]:
    """Run all cells of the notebook, and return the text that each code cell says."""
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:clear-all-cell-outputs')")
    page.evaluate(
        "() => { window.ended = false; window.jupyterapp.commands.execute('notebook:run-all-cells')"
        ".then(() => window.ended = true) }"
    )
    page.wait_for_function("() => window.ended", timeout=1000 * seconds)
    return [text(outputs) for outputs in page.evaluate(OUTPUTS)]


def run_new(page: Page, code: str) -> None:
    """Write a cell below the active one, and run it."""
    page.evaluate(
        f"""async (code) => {{
          const {{ commands }} = window.jupyterapp
          await commands.execute('notebook:insert-cell-below')
          {PANEL}.content.activeCell.model.sharedModel.setSource(code)
          await commands.execute('notebook:run-cell')
        }}""",
        code,
    )


def stored(notebook: Path) -> list[str]:
    """Return the text that each code cell of a notebook has stored."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [text(cell["outputs"]) for cell in cells if cell["cell_type"] == "code"]


def text(outputs: list[dict[str, Any]]) -> str:
    """Return what outputs say as text; an error by its name."""
    said = []
    for output in outputs:
        plain = output.get("data", {}).get("text/plain", "")
        said.append("".join(output.get("text", plain)) or output.get("ename", ""))
    return "".join(said).strip()
