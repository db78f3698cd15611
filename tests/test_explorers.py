"""Every setting a learner can reach gives a picture and a sentence, tried without a browser."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import explorers, overlay, playground, surfaces
from course_lib.overlay import Choice, Control, Explorer, Point

MAKERS = {
    maker.__name__: maker
    for maker in (
        explorers.walls,
        explorers.landscape,
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


def ends(control: Control) -> tuple:
    if isinstance(control, Choice):
        return control.options
    if isinstance(control, Point):
        (left, right), (bottom, top) = control.axes.get_xlim(), control.axes.get_ylim()
        return (left, bottom), (right, top), (0.0, 0.0)
    return control.low, control.high


def anything(control: Control) -> st.SearchStrategy:
    if isinstance(control, Choice):
        return st.sampled_from(control.options)
    if isinstance(control, Point):
        return st.tuples(
            *(st.floats(*sorted(limits)) for limits in zip(*ends(control)[:2], strict=True))
        )
    if control.whole:
        return st.integers(int(control.low), int(control.high))
    return st.floats(control.low, control.high)


def assert_drawn(explorer: Explorer, sentence: str) -> None:
    assert "nan" not in sentence
    assert "inf" not in sentence
    lengths, points = explorer._frame()
    assert not np.any(np.isinf(np.frombuffer(points, np.float32)))
    assert sum(lengths) * 2 * 4 == len(points) > 0
    assert len(points) <= 24 * 1024


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
    for control in MAKERS[name]()._controls:
        explorer = MAKERS[name]()
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


@pytest.mark.parametrize("value", ["here", None, (1,), (1, 2, 3), (float("nan"), 0)])
def test_a_place_that_is_no_pair_of_numbers_moves_to_the_first_place(value):
    explorer = explorers.valley()
    explorer.move(start=(1, 0.1))
    explorer.move(start=value)
    assert explorer.knobs["start"] == explorers.START


def test_a_place_outside_the_picture_moves_to_its_edge():
    explorer = explorers.valley()
    explorer.move(start=(100, -100))
    assert explorer.knobs["start"] == (4.5, -0.5)


def test_scrubbing_through_the_time_runs_nothing_again():
    explorer = explorers.valley()
    before = explorers.valley_model.cache_info().misses
    for t in range(0, 300, 50):
        explorer.move(t=t)
    assert explorers.valley_model.cache_info().misses == before


def test_the_words_at_an_update_are_those_of_the_path():
    explorer = explorers.valley()
    sentence = explorer.move(lr=0.005, t=1)
    # b: 0.2 · (1 - 0.005 · 200) = 0, so nothing is left to do across the valley.
    assert "At update 1: θ = (-4, 0), loss 0.0016, η = 0.005" in sentence


@pytest.mark.parametrize(
    ("surface", "at", "kind"),
    [
        ("Himmelblau", (3.0, 2.0), "minimum"),
        ("Himmelblau", surfaces.himmelblau.special["maximum"], "maximum"),
        ("Himmelblau", (0.0867, 2.8843), "saddle"),
        ("Himmelblau", (0.0, 0.0), "not critical"),
        ("saddle", (0.01, 0.01), "saddle"),
        ("saddle", (0.5, 0.0), "not critical"),
        ("plateau", (5.5, 0.0), "plateau"),
        ("plateau", (0.0, 0.0), "minimum"),
        ("plateau", (1.5, 0.0), "not critical"),
    ],
)
def test_the_verdict_on_a_place_is_what_is_known_of_it(surface, at, kind):
    assert explorers.landscape_model(surface, at).kind == kind


def test_thinning_a_curve_keeps_its_ends_and_its_extremes():
    x = np.linspace(0, 300, 5000)
    curve = np.array([x, 100 * np.sin(40 * x)]).T
    thin = overlay._thin(curve)
    assert len(thin) <= 4 * 301
    np.testing.assert_array_equal(thin[[0, -1]], curve[[0, -1]])
    for column in range(300):
        whole, left = (xy[np.floor(xy[:, 0]) == column, 1] for xy in (curve, thin))
        assert (left.min(), left.max()) == (whole.min(), whole.max())


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
