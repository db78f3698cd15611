"""In another language all that an explorer says is translated, and nothing that its figure draws.

The other language is made up: the letters of a text that is marked to be translated are as wide
as Chinese ones, so that a word of narrow letters is one that nobody can translate.
"""

import ast
import gettext
import inspect
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from string import ascii_letters

import pytest
from matplotlib.text import Text
from test_explorers import ends

import course_lib
from course_lib import explorers, language
from course_lib.explorers import critical_points, warmup
from course_lib.overlay import PHRASES, Explorer
from course_lib.reading import Reading, number

MAKERS = {
    name: make
    for name, make in vars(explorers).items()
    if name in explorers.__all__ and inspect.signature(make).return_annotation is Explorer
}
MAKERS |= {
    "playground, digits": lambda: explorers.playground("digits"),
    "playground_map, beta, steps": lambda: explorers.playground_map("beta", "steps"),
}
WIDE = {ord(letter): ord(letter) + 0xFEE0 for letter in ascii_letters}
HOLE = re.compile(r"(\{[^}]*\})")
NARROW_WORD = re.compile(r"\b[A-Za-z]{2,}\b")


def marked() -> Iterator[str]:
    """Yield every text of the library that stands in _(…) or N_(…), as a translator gets it."""
    for file in Path(course_lib.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name("_" | "N_"), [ast.Constant(str(text)), *_rest]):
                    yield text


class MadeUp(gettext.NullTranslations):
    known = frozenset(marked())

    def gettext(self, message: str) -> str:
        parts = HOLE.split(message) if message in self.known else []
        wide = [part if HOLE.match(part) else part.translate(WIDE) for part in parts]
        return "".join(wide) or message


@pytest.fixture
def translated(monkeypatch) -> None:
    monkeypatch.setattr(language, "_catalogue", lambda _name: MadeUp())


def shown(explorer: Explorer) -> str:
    """Return what the browser shows whatever the controls are set to."""
    texts = [explorer.run_label, *(HOLE.sub("", text) for text in explorer.phrases.values())]
    for spec in explorer.controls:
        texts += [spec["label"], spec.get("group", ""), *spec.get("shown", ())]
    for chart in explorer.charts:
        texts += [chart["x"], chart["y"]]
    texts += [actor["name"] for actor in explorer.actors]
    texts += re.findall("(?<=<!--).*?(?=-->)|(?<=<small>).*?(?=</small>)", explorer.still)
    return "\n".join(texts)


def said(reading: Reading) -> str:
    """Return what a picture says, but for the equations and the code, which are for Python."""
    titles = [listing.title for listing in reading.listings]
    return "\n".join([str(replace(reading, listings=())), *titles])


@cache
def made(name: str) -> Explorer:
    return MAKERS[name]()


@pytest.mark.parametrize("name", MAKERS)
def test_all_that_an_explorer_says_is_translated_and_nothing_that_it_draws(translated, name):
    explorer = made(name)
    assert NARROW_WORD.findall(shown(explorer)) == []
    assert NARROW_WORD.findall(said(explorer.reading)) == []
    drawn = "".join(text.get_text() for text in explorer._actors[0].figure.findobj(Text))
    assert not {*WIDE.values()} & {*map(ord, drawn)}
    for control in explorer._controls:  # a control stays at its last end while the next moves
        for end in ends(control):
            explorer.move(**{control.name: end})
            assert NARROW_WORD.findall(said(explorer.reading)) == []


@pytest.mark.parametrize("name", MAKERS)
def test_a_choice_is_shown_translated_and_means_the_same(translated, name):
    explorer = made(name)
    for spec in explorer.controls:
        if spec["kind"] == "Choice":
            assert len({*spec["shown"]}) == len(spec["options"])
            for option in spec["options"]:
                explorer.move(**{spec["name"]: option})
                assert explorer.knobs[spec["name"]] == option


def test_the_reason_why_a_picture_cannot_be_drawn_is_told_in_a_translated_sentence(
    translated, monkeypatch
):
    frames = []
    monkeypatch.setattr(Explorer, "send", lambda self, frame, buffers: frames.append(frame))
    explorer = explorers.landscape()
    explorer._draw = lambda at: 1 / 0
    with pytest.raises(ZeroDivisionError):
        explorer._receive(None, {}, [])
    said, error = frames[0]["words"]["headline"].split(". ")
    assert NARROW_WORD.findall(said) == []
    assert error == "ZeroDivisionError: division by zero"


def test_a_label_that_is_marked_as_a_whole_names_the_number_that_is_drawn():
    assert f"η/10 from {critical_points.LATE:,}" == critical_points.FROM_LATE
    assert f"loss, mean of {warmup.SMOOTH} batches" == warmup.SMOOTHED


def test_no_number_is_a_word(translated):
    assert NARROW_WORD.findall(number(float("nan"))) == []


def test_in_english_the_browser_gets_what_is_written_in_the_library():
    explorer = explorers.memory_map()
    assert explorer.phrases == PHRASES
    (spec,) = (spec for spec in explorer.controls if spec["kind"] == "Choice")
    assert spec["shown"] == [*spec["options"]] == ["|g₀|", "zero", "zero, corrected"]
