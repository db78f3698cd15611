"""What makes a notebook a page of the book: a Sphinx extension.

The notebooks are written for JupyterLab and stay as they are. Here their boxes become admonitions,
their stills files that open in full size, and their terms links into the glossary.
"""

import base64
import hashlib
import io
import re
from functools import cache
from html import escape
from pathlib import Path
from posixpath import relpath

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from PIL import Image
from sphinx.application import Sphinx

from course_lib.language import N_, _
from tools import translations
from website.languages import LANGUAGES, spoken

GLOSSARY = "notebooks/glossary"
STILL = re.compile(
    r'<img alt="([^"]*)" width="(\d+)" style="[^"]*" src="data:image/png;base64,(.*?)">'
)
EQUATION = re.compile(r'<p class="equation">\$(.*?)\$</p>')
STILL_PICTURE = "A still picture of the first state. Run this cell in JupyterLab to move it."
FOLDED = [N_("source"), N_("output"), N_("picture")]
# The class of a box, by the words that it begins with in each language of the course.
KINDS = {
    **dict.fromkeys(("Predict", "预测", "預測"), "predict"),
    **dict.fromkeys(("The lecture", "讲义", "講義"), "lecture"),
}
EXPLORER = re.compile(r'<div class="explorer[^>]*>')
WRITTEN = nodes.paragraph | nodes.strong | nodes.emphasis
WIDEST = 100  # of what is printed in the column's usual type, in characters
PUNCTUATION = re.compile(r"[.,:;!?)\]’”。，：；！？、）」』]+")


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", make_page)
    app.connect("doctree-resolved", say_what_is_folded)
    app.connect("html-page-context", tell_ways)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def anchor(heading: str) -> str:
    """Return a heading's anchor as JupyterLab makes it of the English one, which all links name."""
    return translations.anchored(english_headings().get(heading, heading))


@cache
def english_headings() -> dict[str, str]:
    """Return the English headings of the notebooks, by those of the language that is spoken."""
    folder = spoken().folder
    pages = translations.Translation(folder).anchors.values() if folder else ()
    return {own: english for page in pages for english, own in page.items()}


def make_page(app: Sphinx, page: nodes.document) -> None:
    """Change a page as it was read from a notebook, or from the glossary."""
    name = app.env.docname
    keep_together(page)
    mark_wide(page)
    if name == GLOSSARY:
        mark_terms(page)
        lead_to_notebooks(page, app)
    elif address := address_to_run(app, name):
        for quote in list(page.findall(nodes.block_quote)):
            make_box(quote)
        for output in page.findall(nodes.raw):
            make_stills(output, Path(app.outdir), name)
            set_formulas(output)
            lead_to_life(output, address)
        link_terms(page, f"{app.builder.get_relative_uri(name, GLOSSARY)}#", terms(app.srcdir))


def say_what_is_folded(app: Sphinx, page: nodes.document, name: str) -> None:
    """Announce a picture as one: MyST-NB calls all that is folded below a source an output."""
    for fold in page.findall(HideCodeCellNode):
        pictured = any("<img " in output.astext() for output in fold.findall(nodes.raw))
        for prompt in ("prompt_show", "prompt_hide"):
            text = fold[prompt].replace("output", "picture") if pictured else fold[prompt]
            for word in FOLDED:
                text = text.replace(word, _(word))
            fold[prompt] = text


def tell_ways(app: Sphinx, name: str, template: str, context: dict, page: object) -> None:
    """Give the templates the languages, where a notebook runs, what is read before and after it.

    The exercises of a notebook lie between it and the next one.
    """
    context |= {"say": _, "languages": LANGUAGES, "spoken": spoken()}
    if name == app.config.root_doc:
        context["docstitle"] = ""  # it is the title of this page already
    context["address_to_run"] = address_to_run(app, name)
    if not context["address_to_run"]:
        return

    def way(to: str) -> dict[str, str]:
        link, title = app.builder.get_relative_uri(name, to), app.env.titles[to].astext()
        return {"link": link, "title": escape(title)}

    part, stem = name.split("/")
    notebook, exercises = f"notebooks/{stem}", f"exercises/{stem}"
    after = app.env.toctree_includes[app.config.root_doc]
    after = after[after.index(notebook) + 1]
    context["next"] = way(after) if after.startswith("notebooks/") else None
    if part == "exercises":
        context["prev"] = way(notebook)
    else:
        context["exercises"] = way(exercises)


def address_to_run(app: Sphinx, name: str) -> str:
    """Return where this page's notebook runs in the browser, as seen from the page, or nothing."""
    if not (Path(app.srcdir) / f"{name}.ipynb").exists():
        return ""
    path = Path(name).parent / spoken().folder / Path(name).name
    return f"../../lite/lab/index.html?path={path.as_posix()}.ipynb"


def make_box(quote: nodes.block_quote) -> None:
    """Turn a quote that begins in bold into a box; bold words that are a sentence are its title."""
    first = quote.next_node(nodes.paragraph)
    # MyST puts an empty text before what is bold.
    words = next((part for part in first or [] if part.astext()), None)
    if not isinstance(words, nodes.strong):
        return
    said = words.astext()
    # A Chinese full stop stands after what is bold: within, it would need a blank behind it.
    after = words.next_node(siblings=True, descend=False)
    stopped = isinstance(after, nodes.Text) and after.startswith("。")
    box = nodes.admonition(classes=[KINDS[start] for start in KINDS if said.startswith(start)])
    if stopped:
        first.replace(after, nodes.Text(after.removeprefix("。")))
    if stopped or said.endswith("."):
        first.remove(words)
        box += nodes.title("", said.rstrip("."))
    quote.replace_self(box)
    box += quote.children


def keep_together(page: nodes.document) -> None:
    """Keep a formula or code and the punctuation after it on one line, and a number and its %."""
    for part in list(page.findall(lambda node: isinstance(node, nodes.math | nodes.literal))):
        after = part.next_node(siblings=True, descend=False)
        if isinstance(after, nodes.Text) and (mark := PUNCTUATION.match(after)):
            after.parent.replace(after, nodes.Text(after[mark.end() :]))
            pair = nodes.inline(classes=["together"])
            part.replace_self(pair)
            pair += [part, nodes.Text(mark[0])]
    for text in list(page.findall(nodes.Text)):
        if " %" in text and isinstance(text.parent, WRITTEN):
            text.parent.replace(text, nodes.Text(text.replace(" %", "\N{NO-BREAK SPACE}%")))


def mark_wide(page: nodes.document) -> None:
    """Mark what prints long lines: it is set in smaller type."""
    for block in page.findall(nodes.literal_block):
        if max(map(len, block.astext().splitlines()), default=0) > WIDEST:
            block["classes"].append("wide")


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
            f'height="{int(width) * down // across}"> <span>{_("Open in full size")}</span></a>'
        )

    output.children = [nodes.Text(STILL.sub(link, output.astext()))]


def set_formulas(output: nodes.raw) -> None:
    """Give an explorer's formulas the class and the delimiters of those that MathJax sets."""
    text = EQUATION.sub(r'<p class="math">\(\1\)</p>', output.astext())
    output.children = [nodes.Text(text)]


def lead_to_life(output: nodes.raw, address: str) -> None:
    """Let an explorer's still lead to where it moves, before anybody looks for what would move."""
    link = f'<a href="{address}">{_("Run this notebook in your browser")}</a>'
    live = _("A still picture of the first state. {link} to move it.", link=link)
    still = output.astext().replace(f"<p><small>{_(STILL_PICTURE)}</small></p>", "")
    if still != output.astext():
        text = EXPLORER.sub(lambda div: f"{div[0]}<p><small>{live}</small></p>", still)
        output.children = [nodes.Text(text)]


def terms(source: Path) -> dict[str, str]:
    """Return the glossary's terms, in small letters, each with its anchor."""
    table = (Path(source) / f"{GLOSSARY}.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([^|]+?) \|", table, re.MULTILINE)[1:]
    plain = (cell.replace("*", "") for cell in cells)
    return {
        term: anchor_of(cell)
        for cell in plain
        for term in re.split(r"[,;] |[，；（]", cell.lower())
    }


def anchor_of(cell: str) -> str:
    return "term-" + re.sub(r"\W+", "-", cell.lower()).strip("-")


def mark_terms(page: nodes.document) -> None:
    """Give each row of the glossary an anchor."""
    for row in page.findall(nodes.row):
        cell = row.next_node(nodes.entry)
        cell["ids"].append(anchor_of(cell.astext()))


def lead_to_notebooks(page: nodes.document, app: Sphinx) -> None:
    """Let each number in the last column lead to its notebook."""
    known = {Path(name).name[:2]: name for name in app.env.found_docs if "notebooks/" in name}

    def link(number: str) -> nodes.reference:
        address = app.builder.get_relative_uri(GLOSSARY, known[number])
        return nodes.reference("", number, internal=True, refuri=address)

    for row in page.findall(nodes.row):
        for text in list(row[-1].findall(nodes.Text)):
            pieces = re.split(r"(\d+)", text)
            linked = [link(piece) if piece in known else nodes.Text(piece) for piece in pieces]
            text.parent.replace(text, linked)


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
