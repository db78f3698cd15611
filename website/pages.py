"""What makes a notebook a page of the book: a Sphinx extension.

The notebooks are written for JupyterLab and stay as they are. Here their boxes become admonitions,
their stills files that open in full size, and their terms links into the glossary.
"""

import base64
import hashlib
import io
import re
from pathlib import Path
from posixpath import relpath

from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx

GLOSSARY = "notebooks/glossary"
STILL = re.compile(
    r'<img alt="([^"]*)" width="(\d+)" style="[^"]*" src="data:image/png;base64,(.*?)">'
)
IN_JUPYTERLAB = "Run this cell in JupyterLab to move it."


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", make_page)
    app.connect("html-page-context", tell_where_it_runs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def anchor(heading: str) -> str:
    """Return a heading's anchor as JupyterLab makes it, so that the notebooks' own links hold."""
    return heading.replace(" ", "-")


def make_page(app: Sphinx, page: nodes.document) -> None:
    """Change a page as it was read from a notebook, or from the glossary."""
    name = app.env.docname
    if name == GLOSSARY:
        mark_terms(page)
    elif address := address_to_run(app, name):
        for quote in list(page.findall(nodes.block_quote)):
            make_box(quote)
        for output in page.findall(nodes.raw):
            make_stills(output, Path(app.outdir), name)
            lead_to_life(output, address)
        link_terms(page, f"{app.builder.get_relative_uri(name, GLOSSARY)}#", terms(app.srcdir))


def tell_where_it_runs(app: Sphinx, name: str, template: str, context: dict, page: object) -> None:
    """Give templates/run.html its address."""
    context["address_to_run"] = address_to_run(app, name)


def address_to_run(app: Sphinx, name: str) -> str:
    """Return where this page's notebook runs in the browser, as seen from the page, or nothing."""
    if not (Path(app.srcdir) / f"{name}.ipynb").exists():
        return ""
    return f"../../lite/lab/index.html?path={name}.ipynb"


def make_box(quote: nodes.block_quote) -> None:
    """Turn a quote that begins in bold into a box; bold words that are a sentence are its title."""
    first = quote.next_node(nodes.paragraph)
    # MyST puts an empty text before what is bold.
    words = next((part for part in first or [] if part.astext()), None)
    if not isinstance(words, nodes.strong):
        return
    said = words.astext()
    box = nodes.admonition(classes=[said.split()[0].strip(".").lower()])
    if said.endswith("."):
        first.remove(words)
        box += nodes.title("", said.rstrip("."))
    quote.replace_self(box)
    box += quote.children


def make_stills(output: nodes.raw, out: Path, name: str) -> None:
    """Store each still as a file, which a click opens in full size."""

    def link(still: re.Match[str]) -> str:
        alt, width, data = still.groups()
        png = base64.b64decode(data)
        file = out / "_images" / f"{hashlib.sha256(png).hexdigest()[:16]}.png"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(png)
        across, down = Image.open(io.BytesIO(png)).size
        source = relpath(f"_images/{file.name}", Path(name).parent.as_posix())
        return (
            f'<a class="still" href="{source}"><img src="{source}" alt="{alt}" width="{width}" '
            f'height="{int(width) * down // across}"></a>'
        )

    output.children = [nodes.Text(STILL.sub(link, output.astext()))]


def lead_to_life(output: nodes.raw, address: str) -> None:
    """Let an explorer's still lead to where it moves."""
    live = f'<a href="{address}">Run this notebook in your browser</a> to move it.'
    output.children = [nodes.Text(output.astext().replace(IN_JUPYTERLAB, live))]


def terms(source: Path) -> dict[str, str]:
    """Return the glossary's terms, in small letters, each with its anchor."""
    table = (Path(source) / f"{GLOSSARY}.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([^|]+?) \|", table, re.MULTILINE)[1:]
    return {term: anchor_of(cell) for cell in cells for term in re.split(r"[,;] ", cell.lower())}


def anchor_of(cell: str) -> str:
    return "term-" + re.sub(r"\W+", "-", cell.lower()).strip("-")


def mark_terms(page: nodes.document) -> None:
    """Give each row of the glossary an anchor."""
    for row in page.findall(nodes.row):
        cell = row.next_node(nodes.entry)
        cell["ids"].append(anchor_of(cell.astext()))


def link_terms(page: nodes.document, glossary: str, known: dict[str, str]) -> None:
    """Link a term into the glossary where the page introduces it, in bold for the first time."""
    left = dict(known)
    for words in list(page.findall(nodes.strong)):
        term = words.astext().lower().rstrip(".:")
        term = term if term in left else term.removesuffix("s")
        if term in left and not isinstance(words.parent, nodes.reference):
            address = glossary + left.pop(term)
            link = nodes.reference("", "", internal=True, refuri=address, classes=["term"])
            words.replace_self(link)
            link += words
