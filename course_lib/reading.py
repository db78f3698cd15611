"""What a picture says: a headline, a table of numbers, equations and code, as text and as HTML."""

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from course_lib.language import _

SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(exponent: int) -> str:
    """Return a power of ten as text: 10⁻³."""
    return f"10{str(exponent).translate(SUPERSCRIPT)}"


def number(value: float, digits: int = 3) -> str:
    """Return a number as one reads it, rounded: 1,000,000, 0.0099, −0.5, 8.21×10⁻¹³.

    No line breaks inside it: the minus sign is no hyphen, and there is no space.
    """
    if not math.isfinite(value):
        return _("no number") if math.isnan(value) else "∞" if value > 0 else "−∞"
    rounded = float(f"{value:.{digits - 1}e}")
    if rounded == 0 or 1e-4 <= abs(rounded) < 1e7:
        text = f"{rounded:,.{digits + 4}f}".rstrip("0").rstrip(".")
    else:
        mantissa, exponent = f"{rounded:e}".split("e")
        text = f"{float(mantissa):g}×{power_of_ten(int(exponent))}"
    return "0" if text == "-0" else text.replace("-", "−")


class Table(NamedTuple):
    """Numbers that belong together: each row is a quantity, with one value a column or one for all.

    The caption says which moment or run they are of.
    """

    caption: str
    rows: Mapping[str, tuple[str, ...]]
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        said = []
        for name, values in self.rows.items():
            if len(values) > 1 and self.columns:
                values = tuple(map(" ".join, zip(self.columns, values, strict=True)))
            said.append(_("{name}: {values}", name=name, values=_(", ").join(values)))
        return _("{caption}: {rows}.", caption=self.caption, rows=_("; ").join(said))

    def html(self) -> str:
        """Return an HTML table, with roles that a style sheet cannot take away."""
        width = max(1, len(self.columns))
        lines = [_row((self.caption, *self.columns), "columnheader", width)]
        lines += [_row((name, *values), "cell", width) for name, values in self.rows.items()]
        return f'<table role="table"><tbody role="rowgroup">{"".join(lines)}</tbody></table>'


def _row(texts: tuple[str, ...], role: str, width: int) -> str:
    kind, first = ("td", "rowheader") if role == "cell" else ("th", role)
    # One value stands for all columns; a caption without columns stands over names and values.
    over = {1: width + 1, 2: width}.get(len(texts), 1)
    span = f' colspan="{over}"' if over > 1 else ""
    cells = [f'<th role="{first}"{span if len(texts) == 1 else ""}>{html.escape(texts[0])}</th>']
    cells += [f'<{kind} role="{role}"{span}>{html.escape(text)}</{kind}>' for text in texts[1:]]
    return f'<tr role="row">{"".join(cells)}</tr>'


class Listing(NamedTuple):
    """A rule as mathematics, in TeX, and as Python."""

    title: str
    code: str
    equations: tuple[str, ...] = ()

    def __str__(self) -> str:
        equations = (tex.replace(r"\quad ", "") for tex in self.equations)
        return "\n".join([f"{self.title}:", *equations, self.code])

    def html(self, live: bool) -> str:
        """Return HTML. A stored page leaves the TeX to its MathJax, a live one brings MathML."""
        mathematics = "".join(
            f'<p class="equation">{_mathml(tex) if live else f"${html.escape(tex)}$"}</p>'
            for tex in self.equations
        )
        code = f"<pre><code>{html.escape(self.code)}</code></pre>"
        title = f'<p class="title">{html.escape(self.title)}</p>'
        return f"<section>{title}{mathematics}{code}</section>"


@lru_cache(maxsize=64)  # a frame of the playground has eight of them, the same at every update
def _mathml(tex: str) -> str:
    from latex2mathml.converter import convert  # only the playground has equations

    return convert(tex)


@dataclass(frozen=True)
class Reading:
    """What a picture says. The headline is the result in one short line."""

    headline: str
    details: tuple[str, ...] = ()
    table: Table | None = None
    listings: tuple[Listing, ...] = ()

    def __str__(self) -> str:
        parts = [self.headline, *self.details, self.table, *self.listings]
        return "\n".join(str(part) for part in parts if part)

    def html(self, live: bool = False) -> dict[str, str]:
        """Return HTML for each part, so that a page renews only what has changed."""
        return {
            "headline": html.escape(self.headline),
            "details": "".join(f"<p>{html.escape(detail)}</p>" for detail in self.details),
            "table": self.table.html() if self.table else "",
            "listings": "".join(listing.html(live) for listing in self.listings),
        }
