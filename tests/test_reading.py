"""What a picture says, as text and as HTML."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.explorers import dials
from course_lib.reading import Listing, Reading, Table, number

HOSTILE = '<img src="x" onerror="alert(1)"> & "co"'


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1e6, "1,000,000"),
        (0.0099, "0.0099"),
        (-0.5, "−0.5"),
        (8.21e-13, "8.21×10⁻¹³"),
        (-3.2e7, "−3.2×10⁷"),
        (0.0, "0"),
        (-0.0, "0"),
        (1734.6, "1,730"),
        (99.99, "100"),
        (9.999e-5, "0.0001"),
        (9_999_999.0, "1×10⁷"),
        (1e-4, "0.0001"),
        (float("inf"), "∞"),
        (float("nan"), "no number"),
    ],
)
def test_a_number_is_written_as_one_reads_it(value, written):
    assert number(value) == written


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(1, 6))
def test_a_number_keeps_so_many_digits_and_never_breaks(value, digits):
    written = number(value, digits)
    assert re.fullmatch(r"−?[\d,.]+(×10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?", written)
    assert float(python_of(written)) == float(f"{value:.{digits - 1}e}")


def python_of(written: str) -> str:
    """The same number as Python writes it."""
    plain = written.replace(",", "").replace("−", "-")
    mantissa, _, exponent = plain.partition("×10")
    return f"{mantissa}e{exponent.translate(str.maketrans('⁻⁰¹²³⁴⁵⁶⁷⁸⁹', '-0123456789')) or 0}"


TABLE = Table("Update 3", {"θ": ("−1", "2"), "loss": ("0.5",)}, ("w", "b"))


def test_a_table_says_all_its_numbers_with_their_names():
    assert str(TABLE) == "Update 3: θ: w −1, b 2; loss: 0.5."
    assert str(Table("Here", {"a": ("1",), "b": ("2",)})) == "Here: a: 1; b: 2."


def test_a_table_is_one_to_a_screen_reader_whatever_its_style_and_each_row_is_as_long():
    table = ElementTree.fromstring(TABLE.html())
    assert table.get("role") == "table"
    rows = table.findall(".//tr")
    texts = [[cell.text for cell in row] for row in rows]
    assert texts == [["Update 3", "w", "b"], ["θ", "−1", "2"], ["loss", "0.5"]]
    assert [row.get("role") for row in rows] == ["row"] * 3
    roles = [[cell.get("role") for cell in row] for row in rows]
    assert roles[0] == ["columnheader"] * 3
    assert roles[1] == ["rowheader", "cell", "cell"]
    widths = [sum(int(cell.get("colspan", 1)) for cell in row) for row in rows]
    assert widths == [3, 3, 3]


def test_a_reading_is_its_headline_its_details_its_table_and_its_listings_in_this_order():
    reading = Reading("Done.", ("So so.",), TABLE, (Listing("Rule", "a = 1", (r"m_t = g_t",)),))
    assert str(reading).splitlines() == [
        "Done.",
        "So so.",
        str(TABLE),
        "Rule:",
        "m_t = g_t",
        "a = 1",
    ]
    assert str(Reading("Done.")) == "Done."


def test_no_text_of_a_reading_becomes_markup():
    table = Table(HOSTILE, {HOSTILE: (HOSTILE, HOSTILE)}, (HOSTILE, HOSTILE))
    listing = Listing(HOSTILE, HOSTILE, (HOSTILE,))
    reading = Reading(HOSTILE, (HOSTILE,), table, (listing,))
    for live in (False, True):
        whole = "".join(reading.html(live).values())
        assert "<img" not in whole
        if not live:
            tree = ElementTree.fromstring(f"<div>{whole}</div>")
            assert sum((node.text or "").count(HOSTILE) for node in tree.iter()) == 11


@pytest.mark.parametrize("table", [dials.DIRECTIONS, dials.SCALES, dials.SCHEDULES])
def test_every_equation_of_the_playground_becomes_mathematics_with_its_letters(table):
    for dial in table.values():
        html = Listing("Rule", "", (dial.equation,)).html(live=True)
        tree = ElementTree.fromstring(html)
        assert tree.find(".//{*}math") is not None
        letters = "".join(tree.itertext())
        assert set(
            re.findall(r"[α-ωa-z](?![a-z])(?<!\\)", re.sub(r"\\\w+", "", dial.equation))
        ) <= {*letters}


@pytest.mark.parametrize("table", [dials.DIRECTIONS, dials.SCALES, dials.SCHEDULES])
def test_the_equations_of_a_dial_are_those_of_its_functions_docstring(table):
    """As far as they need no fraction, root or other command of TeX."""
    for dial in table.values():
        for equation in dial.equation.split(r", \quad "):
            if "\\" not in equation and "/" not in equation:
                assert equation.replace("^2", "²") in dial.make.__doc__
