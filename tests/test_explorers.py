"""Every setting a learner can reach gives a picture and a sentence, tried without a browser."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import explorers, playground
from course_lib.overlay import Choice, Explorer, Slider

MAKERS = {
    maker.__name__: maker
    for maker in (
        explorers.walls,
        explorers.valley,
        explorers.adagrad,
        explorers.crescent,
        explorers.adam,
        explorers.schedule,
        playground.playground,
    )
}


@pytest.fixture(scope="module")
def made() -> dict[str, Explorer]:
    return {name: maker() for name, maker in MAKERS.items()}


def ends(control: Slider | Choice) -> tuple:
    return control.options if isinstance(control, Choice) else (control.low, control.high)


def anything(control: Slider | Choice) -> st.SearchStrategy:
    if isinstance(control, Choice):
        return st.sampled_from(control.options)
    if control.whole:
        return st.integers(int(control.low), int(control.high))
    return st.floats(control.low, control.high)


def assert_drawn(explorer: Explorer, sentence: str) -> None:
    assert "nan" not in sentence
    assert "inf" not in sentence
    lengths, points = explorer._frame()
    assert np.all(np.isfinite(np.frombuffer(points, np.float32)))
    assert sum(lengths) * 2 * 4 == len(points) > 0


@pytest.mark.parametrize("name", MAKERS)
def test_every_end_of_every_control_is_drawn(made, name):
    for control in made[name]._controls:  # a control stays at its last end while the next moves
        for end in ends(control):
            assert_drawn(made[name], made[name].move(**{control.name: end}))


@pytest.mark.parametrize("name", MAKERS)
@settings(max_examples=15)
@given(data=st.data())
def test_whatever_lies_between_the_ends_is_drawn(made, name, data):
    knobs = {control.name: data.draw(anything(control)) for control in made[name]._controls}
    assert_drawn(made[name], made[name].move(**knobs))


@pytest.mark.parametrize("name", MAKERS)
def test_every_control_changes_the_picture_and_the_sentence(name):
    for number, control in enumerate(MAKERS[name]()._controls):
        explorer = MAKERS[name]()
        assert explorer._controls[number] == control
        before, sentence = explorer._frame(), explorer.sentence
        other = next(end for end in ends(control) if end != control.value)
        assert explorer.move(**{control.name: other}) != sentence
        assert explorer._frame() != before


def test_a_value_out_of_range_moves_to_the_end():
    explorer = explorers.walls()
    explorer.move(lr=1e9)
    assert explorer.knobs["lr"] == 0.1


@pytest.mark.parametrize("value", ["0.01", None, float("nan"), [1]])
def test_a_value_that_is_no_number_moves_to_the_first_value(value):
    explorer = explorers.walls()
    explorer.move(lr=0.05)
    explorer.move(lr=value)
    assert explorer.knobs["lr"] == 0.03


def test_an_unknown_choice_moves_to_the_first_value():
    explorer = explorers.adagrad()
    explorer.move(form="median")
    assert explorer.knobs["form"] == "mean"


def test_an_unknown_control_is_refused_in_one_sentence():
    with pytest.raises(TypeError, match="no control is called rate"):
        explorers.walls().move(rate=0.1)


def test_what_a_cell_stores_is_a_picture_with_the_sentence_as_its_alternative():
    explorer = explorers.adagrad()
    stored = explorer._repr_mimebundle_()
    assert stored["text/plain"] == explorer.sentence
    assert f'alt="{explorer.sentence}"' in stored["text/html"]
    assert "data:image/png;base64," in stored["text/html"]
    assert "application/vnd.jupyter.widget-view+json" not in stored


def test_the_wall_explorer_shows_the_bouncing_and_the_settling_run():
    assert explorers.walls_model(0.03).gradient_norm[-1] > 8
    settled = explorers.walls_model(0.003)
    assert settled.gradient_norm[-1] < 0.02


def test_bursts_are_counted_where_a_settled_run_leaves_again():
    path = explorers.burst_model(0.05)
    found = explorers.bursts(path)
    assert len(found) == 6
    for t in found:
        assert explorers.offset(path)[t] > 0.05
        assert explorers.offset(path)[t - 30 : t].max() <= 0.05
