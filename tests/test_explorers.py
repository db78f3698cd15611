"""Every setting a learner can reach gives a picture and a sentence, tried without a browser."""

import gc
import sys
import time
import weakref
from dataclasses import replace
from functools import partial
from threading import Thread
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.image import AxesImage

from course_lib import data, explorers, optimizers, overlay, plots, surfaces
from course_lib.descent import descend, updates
from course_lib.explorers import (
    beyond,
    burst,
    correction,
    critical_points,
    dials,
    learning_rate,
    memory,
    warmup,
)
from course_lib.explorers.maps import Axis
from course_lib.overlay import Choice, Control, Explorer, Point, Run, Slider, Toggle
from course_lib.reading import Reading

MAKERS = {
    "landscape": explorers.landscape,
    "walls": explorers.walls,
    "training": explorers.training,
    "training, seed 16": lambda: explorers.training(seed=16),
    "valley": explorers.valley,
    "four_rates": explorers.four_rates,
    "adagrad": explorers.adagrad,
    "crescent": explorers.crescent,
    "track": explorers.track,
    "adam": explorers.adam,
    "schedule": explorers.schedule,
    "digits": explorers.digits,
    "turning": explorers.turning,
    "rate_map": explorers.rate_map,
    "memory_map": explorers.memory_map,
    "memories_map": explorers.memories_map,
    "warmup_map": explorers.warmup_map,
    "playground_map, lr, momentum": explorers.playground_map,
    "playground_map, beta, alpha": lambda: explorers.playground_map("beta", "alpha", "Rosenbrock"),
    "playground_map, lr, steps": lambda: explorers.playground_map("lr", "steps", "crescent"),
    "playground, digits": lambda: explorers.playground("digits"),
}
MAKERS |= {f"playground, {name}": partial(explorers.playground, name) for name in dials.SURFACES}


@pytest.fixture(scope="module")
def new() -> dict[str, tuple[Explorer, list[bool]]]:
    """Every explorer, and of each of its actors whether the still shows it: before any move."""
    explorers = {name: maker() for name, maker in MAKERS.items()}
    return {name: (made, [shows(a) for a in made._actors]) for name, made in explorers.items()}


@pytest.fixture(scope="module")
def made(new) -> dict[str, Explorer]:
    return {name: explorer for name, (explorer, _) in new.items()}


def shows(actor) -> bool:
    """Whether there is something to see of it: a cell with a value, or a line inside its axes."""
    if isinstance(actor, AxesImage):
        return bool(np.isfinite(actor.get_array()).any())
    shares = actor.axes.transAxes.inverted().transform(
        actor.get_transform().transform(actor.get_xydata())
    )
    return bool(np.all((shares >= 0) & (shares <= 1), axis=1).sum() >= 2)


def ends(control: Control) -> tuple:
    if isinstance(control, Choice):
        return control.options
    if isinstance(control, Point):
        (left, right), (bottom, top) = control.axes.get_xlim(), control.axes.get_ylim()
        return (left, bottom), (right, top), (0.0, 0.0)
    return (False, True) if isinstance(control, Toggle) else (control.low, control.high)


def anything(control: Control) -> st.SearchStrategy:
    if isinstance(control, Choice):
        return st.sampled_from(control.options)
    if isinstance(control, Point):
        return st.tuples(
            *(st.floats(*sorted(limits)) for limits in zip(*ends(control)[:2], strict=True))
        )
    if isinstance(control, Toggle):
        return st.booleans()
    if control.whole:
        return st.integers(int(control.low), int(control.high))
    return st.floats(control.low, control.high)


def assert_drawn(explorer: Explorer, sentence: str) -> None:
    assert "nan" not in sentence
    assert "inf" not in sentence
    parts = explorer._frame()
    assert len(parts) == len(explorer._actors)
    for actor, part in zip(explorer._actors, parts, strict=True):
        if isinstance(actor, AxesImage):
            assert len(part) == np.prod(actor.get_size())
        else:
            points = np.frombuffer(part, np.float32).reshape(-1, 2)
            assert not np.any(np.isinf(points))
    drawn = sum(map(len, parts))
    assert drawn > 0
    assert drawn <= 32 * 1024


@pytest.mark.parametrize("name", MAKERS)
def test_no_axes_of_a_still_are_empty(new, name):
    explorer, shown = new[name]
    for axes in {actor.axes for actor in explorer._actors}:
        assert any(s for s, a in zip(shown, explorer._actors, strict=True) if a.axes is axes)


@pytest.mark.parametrize("name", MAKERS)
def test_no_legend_of_a_still_speaks_of_what_is_not_computed(made, name):
    for axes in made[name]._actors[0].axes.figure.axes:
        legend = axes.get_legend()
        assert not legend or "not computed" not in str([t.get_text() for t in legend.texts])


def test_what_is_written_under_a_map_is_covered_by_its_cells():
    explorer = explorers.warmup_map()
    image = explorer._actors[0]
    (words,) = (t for t in image.axes.texts if "not computed" in t.get_text())
    assert words.get_zorder() < image.get_zorder()
    assert np.isfinite(image.get_array()).all()


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
def test_every_control_changes_the_picture_and_the_sentence(made, name):
    explorer = made[name]
    first = {control.name: control.value for control in explorer._controls}
    first |= {"warmup": 100} if "warmup" in first else {}  # without one its shape means nothing
    for control in explorer._controls:
        sentence = explorer.move(**first)
        before = explorer._frame()
        other = next(end for end in ends(control) if end != first[control.name])
        assert explorer.move(**{control.name: other}) != sentence, control.name
        if name != "playground, digits":  # its picture changes with the next training
            assert explorer._frame() != before, control.name


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
    assert f'alt="{explorer.reading.headline}"' in stored["text/html"]
    assert explorer.reading.table.html() in stored["text/html"]
    assert "data:image/png;base64," in stored["text/html"]
    assert "application/vnd.jupyter.widget-view+json" not in stored


@pytest.mark.parametrize("front_end", ["VS Code", "Colab"])
def test_a_widget_view_is_stored_only_where_models_are_made_for_views(monkeypatch, front_end):
    view = "application/vnd.jupyter.widget-view+json"
    explorer = explorers.walls()
    assert view not in explorer._repr_mimebundle_()
    names = {"__vsc_ipynb_file__": "01.ipynb"} if front_end == "VS Code" else {}
    shell = SimpleNamespace(user_ns=names)
    monkeypatch.setattr(overlay, "get_ipython", lambda: shell)
    if front_end == "Colab":
        manager = SimpleNamespace(_installed_url="manager.js")
        colab = SimpleNamespace(enable_custom_widget_manager=lambda: None, _widgets=manager)
        monkeypatch.setitem(sys.modules, "google.colab.output", colab)
    stored, metadata = explorer._repr_mimebundle_()
    assert stored[view]["model_id"] == explorer.model_id
    assert explorer.reading.headline in stored["text/html"]
    assert bool(metadata) is (front_end == "Colab"), "where it names the manager of anywidget"


@pytest.mark.parametrize("value", ["here", None, (1,), (1, 2, 3), (float("nan"), 0)])
def test_a_place_that_is_no_pair_of_numbers_moves_to_the_first_place(value):
    explorer = explorers.valley()
    explorer.move(start=(1, 0.1))
    explorer.move(start=value)
    assert explorer.knobs["start"] == learning_rate.START


def test_a_place_outside_the_picture_moves_to_its_edge():
    explorer = explorers.valley()
    explorer.move(start=(100, -100))
    assert explorer.knobs["start"] == (2.0, -2.0)


def test_scrubbing_through_the_time_runs_nothing_again():
    explorer = explorers.valley()
    before = learning_rate.valley_model.cache_info().misses
    for t in range(0, 300, 50):
        explorer.move(t=t)
    assert learning_rate.valley_model.cache_info().misses == before


def test_the_words_at_an_update_are_those_of_the_path():
    explorer = explorers.valley()
    sentence = explorer.move(lr=0.005, t=1)
    # b: 0.5 · (1 - 0.005 · 200) = 0, so nothing is left to do across the valley.
    assert "At update 1: θ: w −1.6, b 0; " in sentence
    assert "loss: 0.000256; rate η: 0.005." in sentence


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
    assert critical_points.landscape_model(surface, at).kind == kind


@pytest.mark.parametrize("angle", [0.0, 30.0, 90.0])
def test_a_turned_valley_is_the_same_valley_along_its_own_axes(angle):
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    start = np.array([[c, -s], [s, c]]) @ (-1.6, 0.5)
    turned = learning_rate.valley_model(0.009, 100, angle, tuple(start))
    straight = learning_rate.valley_model(0.009, 100, 0.0, (-1.6, 0.5))
    own = learning_rate.along_and_across(turned.theta, angle)
    np.testing.assert_allclose(own, straight.theta, atol=1e-9)


def test_the_level_lines_of_a_valley_have_equal_loss():
    lines = learning_rate.level_lines(100, 30)
    heights = learning_rate.valley_surface(100, 30).value(lines)
    for level in np.split(heights, np.flatnonzero(np.isnan(heights))):
        np.testing.assert_allclose(
            level[~np.isnan(level)], np.nanmean(level) if len(level) > 1 else 0
        )


@pytest.mark.parametrize("kappa", [1.0, 1e3, 1e6])
@pytest.mark.parametrize("angle", [30.0, 45.0, 90.0])
def test_a_rate_for_each_direction_does_not_see_that_a_valley_is_turned(angle, kappa):
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    start = np.array([[c, -s], [s, c]]) @ (-1.6, 0.5)
    straight = beyond.turning_model(1.0, kappa)["a rate for each direction"]
    turned = beyond.turning_model(1.0, kappa, angle, tuple(start))["a rate for each direction"]
    np.testing.assert_allclose(beyond.share_left(turned), beyond.share_left(straight), atol=1e-6)


def test_a_rate_for_each_parameter_arrives_along_the_axes_and_not_in_a_turned_valley():
    straight, turned = (beyond.turning_model(0.5, 1e4, angle) for angle in (0.0, 45.0))
    assert beyond.share_left(straight["a rate for each parameter"])[-1] < 1e-6
    assert beyond.outcome(turned["a rate for each parameter"]) == "leaves 46% of the way"
    direction = turned["a rate for each direction"]
    assert beyond.outcome(direction) == "is within 1 % from update 17 on"
    assert beyond.share_left(direction)[16] >= 0.01 > beyond.share_left(direction)[17:].max()


def test_a_start_at_the_minimum_has_nothing_left():
    for path in beyond.turning_model(1.0, 1e4, 45.0, (0.0, 0.0)).values():
        assert np.all(beyond.share_left(path) == 0)
        assert beyond.outcome(path) == "is within 1 % from update 0 on"


@pytest.mark.parametrize("lr", [0.1, 0.5, 1.5])
def test_without_decay_the_noise_floor_is_the_theorys(lr):
    losses = learning_rate.four_rates_model(lr, 1.0, "none")
    rates = lr * learning_rate.SHARES
    arrived = (1 - rates) ** 200 < 1e-3
    floor = learning_rate.floor(rates, 1.0)
    np.testing.assert_allclose(losses[-200:].mean(axis=0)[arrived], floor[arrived], rtol=0.15)


def test_the_recorded_training_bounces_and_a_tenth_of_the_rate_helps_at_once():
    path, cosine, sharpness = critical_points.training_model()
    assert np.median(cosine[-200:]) < -0.99
    assert sharpness[critical_points.MEASURED > 900] == pytest.approx(1.98, abs=0.02)
    assert cosine[100] > 0.99
    for at in (0, 700, 2999, 3000):
        cut = critical_points.cut_model(at)
        assert cut[0] == path.loss[at]
        assert len(cut) == critical_points.TRAINING_STEPS + 1 - at
    assert critical_points.cut_model(700)[50] < 0.9 * path.loss[750]
    assert critical_points.cut_model(100)[200] > 1.05 * path.loss[300]


@pytest.mark.parametrize("seed", [3, 5, 7, 16])
def test_an_early_cut_of_the_rate_is_lower_at_once_and_higher_at_the_end(seed):
    loss = critical_points.training_model(seed).path.loss
    early, late = (critical_points.cut_model(t, seed) for t in (700, critical_points.LATE))
    assert early[critical_points.SOON] < loss[700 + critical_points.SOON] - 0.01
    assert late[-1] < loss[-1] - 0.01
    assert early[-1] > loss[-1] + 0.01


def test_from_the_notebooks_start_too_the_later_cut_ends_lower():
    ends = [critical_points.cut_model(t)[-1] for t in (100, 300, 700, 1500, 2500)]
    assert np.all(np.diff(ends) < -0.002)


def test_the_words_on_a_cut_tell_both_sides_in_the_digits_they_print():
    words = explorers.training(seed=16).move(t=700, cut=True)
    cut, uncut, late = 0.343, 0.330, 0.299
    assert f"0.021 lower at once, {cut - uncut:.3f} higher at the end." in words
    assert "After 50 updates it is 0.363, without the cut 0.384." in words
    assert f"update 3,000, it is {cut}, without the cut {uncut:.3f}" in words
    assert f"and with a cut at update 2,950 {late}." in words
    assert "the training is over" in critical_points.cut_words(3000)[0]


def test_a_cut_is_drawn_to_the_end_beside_the_late_one_and_only_when_it_is_made():
    explorer = explorers.training()
    assert explorer.move(t=700).startswith("Update 700: the loss is")
    assert [len(line.get_xdata()) for line in explorer._actors[:2]] == [0, 0]
    explorer.move(cut=True)
    spans = [line.get_xdata()[[0, -1]].tolist() for line in explorer._actors[:2]]
    assert spans == [[700, 3000], [2950, 3000]]


def test_with_a_cosine_the_smallest_of_four_rates_ends_highest():
    constant = learning_rate.four_rates_model(0.5, 1.0, "none")
    falling = learning_rate.four_rates_model(0.5, 1.0, "cosine to 0")
    assert constant[-1].argmax() == constant[4].argmin() == 0
    assert falling[-1].argmax() == 3
    rates = learning_rate.DECAYS["cosine to 0"](0.5 / 30)(np.arange(400))
    assert rates.sum() == pytest.approx(3.3, abs=0.05)


def test_a_guess_is_compared_with_the_first_burst_only_when_the_run_is_shown():
    explorer = explorers.adagrad()
    assert "262" not in explorer.move(guess=300)
    hidden = [line.get_xdata().max() for line in explorer._actors[2:4]]
    assert hidden == [burst.PREVIEW] * 2
    first = burst.bursts(burst.burst_model(0.05))[0]
    assert f"Your guess was 300, {300 - first} updates too late" in explorer.move(shown=True)
    assert explorer._actors[2].get_xdata().max() == burst.UPDATES
    assert f"{first} updates too early" in explorer.move(guess=0)


def test_before_the_run_is_shown_an_update_after_its_beginning_tells_no_number():
    explorer = explorers.adagrad()
    told = explorer.move(t=burst.PREVIEW).splitlines()[-1]
    hidden = explorer.move(t=burst.PREVIEW + 1).splitlines()[-1]
    assert hidden.startswith("At update 61: not shown yet")
    assert not any(digit in hidden.partition("yet")[2] for digit in "0123456789")
    assert told.startswith("At update 60: θ: w −")


def test_a_run_that_has_diverged_keeps_its_table_without_numbers():
    explorer = explorers.valley()
    explorer.move(lr=0.02, t=0)
    rows = explorer.reading.table.rows
    explorer.move(t=300)
    table = explorer.reading.table
    assert table.caption == "At update 300: diverged"
    assert {name: len(row) for name, row in rows.items()} == {
        n: len(r) for n, r in table.rows.items()
    }
    assert {value for row in table.rows.values() for value in row} == {"–"}


@pytest.mark.parametrize(("alpha", "updates"), [(0.5, 217), (0.9, 317), (0.99, 1407)])
def test_the_track_tells_how_long_the_flat_part_takes(alpha, updates):
    assert f"{updates:,} updates for the flat part" in explorers.track().move(
        memory=1 / (1 - alpha)
    )


def test_a_composed_schedule_rises_in_its_shape_and_decays_to_the_end():
    for shape, power in warmup.SHAPES.items():
        rate = warmup.compose(0.1, "cosine to 0", 100, shape, 1000)
        assert rate(49) == pytest.approx(0.1 * 0.5**power)
        assert rate(99) == rate(100) == pytest.approx(0.1)
        assert rate(1000) == pytest.approx(0)


def test_a_smoothed_loss_is_the_mean_of_the_last_fifty():
    losses = list(np.random.default_rng(0).normal(size=120))
    smooth = warmup.smooth(losses)
    assert len(smooth) == 120
    assert smooth[0] == losses[0]
    assert smooth[10] == pytest.approx(np.mean(losses[:11]))
    assert smooth[119] == pytest.approx(np.mean(losses[70:]))
    assert len(warmup.smooth([])) == 0


def test_the_digits_are_trained_and_the_training_before_stays_beside_the_new_one(monkeypatch):
    monkeypatch.setattr(warmup, "TRAINING", 200)
    explorer = explorers.digits()
    first = explorer._actors[2].get_ydata()
    assert len(first) == 201
    assert "This training (largest rate 0.01, warmup 0 (straight)" in explorer.sentence
    assert explorer.move(lr=0.001).startswith("Not yet trained with this choice")
    sentence = explorer.run()
    assert "This training (largest rate 0.001" in sentence
    assert "The one before (largest rate 0.01" in sentence
    before, this = (line.get_ydata() for line in explorer._actors[1:])  # the newer one on top
    np.testing.assert_array_equal(before, first)
    assert len(this) == 201
    assert this[-1] < this[0]
    assert this[-1] != before[-1]
    assert "The one before (largest rate 0.001" in explorer.run()


def test_the_words_on_the_first_training_leave_out_what_rounding_decides():
    seen = []
    for error in (0, 1e-15):
        start = warmup.DEEP.init(0) * (1 + error)
        rule = optimizers.adam(warmup.FIRST["lr"])
        task = warmup.DEEP.on(*data.digits(), batch_size=32)
        losses = [float(row.loss) for row in updates(task, start, rule, 1000)]
        seen.append((warmup._beginning(warmup.smooth(losses)), losses[-1]))
    assert seen[0][0] == seen[1][0]
    assert seen[0][0] in explorers.digits().sentence
    assert seen[0][1] != pytest.approx(seen[1][1], rel=1e-3)


def test_the_playground_trains_a_real_network_with_both_rules(monkeypatch):
    monkeypatch.setattr(dials, "STEPS", 100)
    explorer = explorers.playground("digits")
    first = explorer.sentence
    for name in "AB":
        assert f"Rule {name}: loss " in first
    assert first.startswith("Of 397 held-out digits rule A has ")
    assert explorer.move(lr_A=0.1).count("(with the dials before; train again)") == 1
    assert explorer.run().startswith("Of 397 held-out digits rule A has ")
    assert explorer.sentence != first


def test_a_playground_that_does_not_exist_is_refused_in_one_sentence():
    with pytest.raises(ValueError, match=r"surface must be one of .*'digits'.*; got 'moon'"):
        explorers.playground("moon")


@pytest.mark.parametrize("surface", dials.SURFACES)
def test_the_code_below_a_picture_repeats_its_run(surface):
    explorer = explorers.playground(surface)
    explorer.move(lr_B=0.003, direction_B="Nesterov")
    _, rule_b, run = explorer.reading.listings
    code = run.code.replace("# the three lines of the rule", rule_b.code)
    names: dict = {}
    exec(code, names)
    chosen = {**dials.DIALS["B"], "lr": 0.003, "direction": "Nesterov"}
    shown = dials.playground_model(surface, dials.SURFACES[surface].start, **chosen)
    np.testing.assert_array_equal(names["run"].theta, shown.theta)


def image_explorer(values):
    """A small explorer of an image on logarithmic axes, with a place that reads its cells."""
    figure, ax = plots.figure()
    ax.set(xscale="log", yscale="log")
    image = ax.imshow(values, extent=(1, 100, 1, 10), vmin=0, vmax=1, origin="lower", aspect="auto")
    cell = Point("cell", "cell", ax, (10, 2), cells=(2, 2))
    return Explorer(figure, [image], [cell], lambda cell: Reading(f"Cell at {cell}."))


def test_an_image_is_one_byte_a_cell_from_the_top_and_255_where_it_has_no_value():
    explorer = image_explorer([[0.0, 1.0], [np.nan, 7.0]])
    assert list(explorer._frame()[0]) == [255, 254, 0, 254]


def test_the_palette_holds_the_colours_of_the_still_and_none_where_there_is_no_value():
    explorer = image_explorer([[0.0, 1.0], [0.5, np.nan]])
    look = explorer.actors[0]
    assert look["columns"] == 2
    seen = [look["palette"][number] for number in explorer._frame()[0]]
    drawn = explorer._actors[0].to_rgba(np.ma.masked_invalid([[0.5, np.nan], [0, 1]]), bytes=True)
    np.testing.assert_allclose(seen, drawn.reshape(4, 4), atol=3)  # 255 colours, not 256
    assert seen[1][3] == 0  # the stage is seen


def test_a_place_on_logarithmic_axes_tells_the_browser_so():
    spec = image_explorer(np.zeros((2, 2)))._controls[0].spec()
    assert spec["log"] == [True, True]
    assert (spec["low"], spec["high"]) == ([1, 1], [100, 10])
    assert spec["cells"] == (2, 2)


@pytest.mark.parametrize("log", [True, False])
def test_the_cells_of_an_axis_meet_half_way(log):
    values = np.geomspace(1, 100, 3) if log else np.linspace(1, 3, 3)
    axis = Axis("a", values, log)
    space = np.log10 if log else np.asarray
    edges = np.linspace(*space(axis.ends), 4)
    np.testing.assert_allclose((edges[1:] + edges[:-1]) / 2, space(values))
    assert [axis.nearest(value) for value in values * 1.01] == [0, 1, 2]


def test_the_map_of_rates_ends_at_the_bound_whatever_the_condition_number():
    seen = learning_rate.rate_map_model(learning_rate.START)
    gone = seen.diverged_at >= 0
    assert (gone == gone[:, :1]).all()
    first = learning_rate.MAP_RATE.values[gone[:, 0].argmax()]
    # To leave the bounds in 200 updates the steep distance must grow 1e6-fold: |1 - ηλ|²⁰⁰ > 1e6.
    enough = (1 + 10 ** (6 / 200)) / learning_rate.STEEP
    assert enough < first < 1.06 * enough


def test_in_a_longer_valley_even_the_best_rate_leaves_more():
    seen = learning_rate.rate_map_model(learning_rate.START)
    best = np.where(seen.diverged_at < 0, seen.loss, np.inf).min(axis=0)
    long = learning_rate.MAP_KAPPA.values > 100
    assert np.all(np.diff(best[long][::8]) != 0)
    assert best[-1] < best[long].max() < 1
    assert best[0] < 1e-20


def test_a_map_of_rates_tells_where_the_row_of_a_cell_diverges():
    sentence = explorers.rate_map().move(cell=(0.019, 10))
    assert ": diverged after" in sentence
    assert "In this row runs diverge from learning rate η = 0.0108 on." in sentence


CELLS = [(0, 0), (30, 60), (60, 30), (95, 95)]


@pytest.mark.parametrize("first", memory.STARTS)
@pytest.mark.parametrize(("i", "j"), CELLS)
def test_a_cell_of_rate_and_memory_is_the_run_of_its_settings(i, j, first):
    seen = memory.memory_map_model((-1.5, 0.5), first)
    rule = memory.rmsprop(memory.MAP_RATE.values[i], memory.MAP_MEMORY.values[j], first)
    assert_same(seen, i, j, descend(memory.CRESCENT, (-1.5, 0.5), rule, 200))


@pytest.mark.parametrize(("i", "j"), CELLS)
def test_a_cell_of_both_memories_is_the_run_of_its_settings(i, j):
    start = correction.VALLEY_START
    seen = correction.memories_map_model(start, 0.1, "on")
    pair = correction.MAP_DIRECTION.values[i], correction.MAP_SCALE.values[j]
    rule = correction.adam_of(*pair, 0.1, "on")
    assert_same(seen, i, j, descend(correction.VALLEY, start, rule, 200))


def assert_same(seen, i, j, path):
    """A map of two settings and a run of one of its cells end alike, up to rounding."""
    assert seen.diverged_at[i, j] == (-1 if path.diverged_at is None else path.diverged_at)
    assert seen.loss[i, j] == pytest.approx(path.loss[-1], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize("dials_of", [("lr", "beta"), ("momentum", "factor"), ("alpha", "steps")])
def test_a_map_of_two_dials_offers_only_parts_that_have_them(dials_of):
    explorer = explorers.playground_map(*dials_of)
    tables = {"direction": dials.DIRECTIONS, "scale": dials.SCALES, "schedule": dials.SCHEDULES}
    for control in explorer._controls:
        if isinstance(control, Choice):
            table = tables[control.name]
            known = {name for dial in table.values() for name in dial.arguments} & set(dials_of)
            assert len(control.options) > 1
            assert all(known <= table[option].arguments.keys() for option in control.options)
    assert ("lr" in explorer.knobs) == ("lr" not in dials_of)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (("lr", "lr"), "x and y must be two of"),
        (("lr", "gamma"), "x and y must be two of"),
        (("momentum", "beta"), "no direction has both momentum and beta"),
        (("lr", "beta", "saddle"), "surface must be one of"),
    ],
)
def test_a_map_that_cannot_be_made_is_refused_in_one_sentence(given, sentence):
    with pytest.raises(ValueError, match=sentence):
        explorers.playground_map(*given)


def test_every_cell_of_the_warmup_map_is_a_training_and_a_warmup_admits_more_rates():
    seen = warmup.warmup_map_model()
    i, j = 4, 2
    lr, updates = warmup.MAP_RATE.values[i], warmup.MAP_WARMUP.values[j]
    run = warmup.warmup_run_model(float(lr), int(updates), 0)
    assert len(run) == 401
    assert run[-1] == pytest.approx(seen.loss[i, j], rel=1e-3)
    good = (seen.loss < 0.1).sum(axis=0)
    assert good[0] < good[1:].min()


def test_a_warmup_map_from_another_start_is_computed_on_request_and_kept(monkeypatch):
    monkeypatch.setattr(warmup, "MAP_RATE", Axis("η", np.array([0.003, 0.01])))
    monkeypatch.setattr(warmup, "MAP_WARMUP", Axis("W", np.array([0, 20]), log=False))
    monkeypatch.setattr(warmup, "MAP_UPDATES", 30)
    for model in (warmup.warmup_map_model, warmup.warmup_run_model):
        monkeypatch.setattr(warmup, model.__name__, model.__wrapped__)
    explorer = explorers.warmup_map()
    assert "0 of 4 cells are computed" in explorer.move(seed=3)
    assert "from start 3" in explorer.run()
    explorer.move(seed=0)
    assert "from start 3" in explorer.move(seed=3)


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
    assert critical_points.walls_model(0.03).gradient_norm[-1] > 8
    settled = critical_points.walls_model(0.003)
    assert settled.gradient_norm[-1] < 0.02


def test_bursts_are_counted_where_a_settled_run_leaves_again():
    path = burst.burst_model(0.05)
    found = explorers.bursts(path)
    assert len(found) == 6
    for t in found:
        assert explorers.offset(path)[t] > 0.05
        assert explorers.offset(path)[t - 30 : t].max() <= 0.05


def counting(stop_at=None):
    """A small explorer whose run counts to ten; at `stop_at` it presses its own Stop."""
    figure, ax = overlay_figure()
    counted = []

    def work(**knobs):
        for piece in range(1, 11):
            counted.append(piece)
            yield piece / 10
            if piece == stop_at:
                explorer._receive(None, {"run": False}, [])

    def draw(level):
        ax.lines[0].set_data([0, 1], [level, len(counted)])
        return Reading(f"Counted to {len(counted)}.")

    slider = Slider("level", "level", 0, 1, 0)
    explorer = Explorer(figure, ax.lines[:], [slider], draw, Run("Count", work))
    return explorer, counted


def overlay_figure():
    figure, ax = plots.figure()
    ax.plot([0, 1], [0, 1])
    return figure, ax


@pytest.fixture
def sent(monkeypatch):
    """What an explorer sends to the browser."""
    frames = []
    monkeypatch.setattr(Explorer, "send", lambda self, frame, buffers: frames.append(frame))
    return frames


def test_a_run_goes_on_to_its_end_and_shows_how_far_it_is(sent):
    explorer, _ = counting()
    assert explorer.run() == "Counted to 10."
    assert sent[0]["running"]
    assert not sent[0]["answer"]
    assert (sent[-1]["running"], sent[-1]["done"]) == (False, 1)


def test_a_run_that_is_stopped_goes_no_further(sent):
    explorer, counted = counting(stop_at=4)
    explorer.run()
    assert counted[-1] <= 5
    assert not sent[-1]["running"]


def test_the_browsers_button_starts_a_run_beside_the_kernels_own_work(sent):
    explorer, counted = counting()
    explorer._receive(None, {"run": True}, [])
    for _ in range(500):
        if counted and not sent[-1]["running"]:
            break
        time.sleep(0.01)
    assert counted[-1] == 10
    assert sum(frame["answer"] for frame in sent) == 1


def test_a_picture_that_cannot_be_drawn_is_answered_with_the_reason(sent):
    explorer, _ = counting()
    explorer._draw = lambda level: 1 / level
    with pytest.raises(ZeroDivisionError):
        explorer._receive(None, {"knobs": {"level": 0}}, [])
    assert sent[-1]["answer"]
    assert "could not be drawn. ZeroDivisionError: " in sent[-1]["words"]["headline"]


def test_an_explorer_that_is_closed_stops_its_run(sent):
    explorer, _ = counting()
    explorer._stop.clear()
    explorer.close()
    assert explorer._stop.is_set()


def test_an_explorer_that_is_closed_is_freed():
    explorer, _ = counting()
    alive = weakref.ref(explorer)
    explorer.close()
    del explorer
    gc.collect()
    assert alive() is None


def test_what_ipython_keeps_of_a_closed_explorer_does_not_keep_its_figure():
    explorer, _ = counting()
    figure = weakref.ref(explorer._actors[0].figure)
    explorer.close()
    gc.collect()
    assert figure() is None
    assert repr(explorer) == "Counted to 0."


def test_an_explorer_that_is_closed_cannot_be_moved():
    explorer, _ = counting()
    explorer.close()
    with pytest.raises(RuntimeError, match=r"^This explorer is closed\. Run its cell again"):
        explorer.move()


def test_a_run_that_is_closed_ends_without_a_picture(sent):
    explorer, _ = counting()
    explorer._run = replace(explorer._run, work=lambda level: iter([explorer.close()]))
    explorer.run()
    assert sent == []


def test_memory_may_be_collected_while_another_explorer_draws(sent):
    explorer, other = counting()[0], counting()[0]
    explorer._draw = lambda level: Reading(str(other.close()))
    drawing = Thread(target=explorer._show, daemon=True)
    drawing.start()
    drawing.join(20)
    assert not drawing.is_alive()


def test_a_cell_that_is_run_again_keeps_only_its_last_explorers(monkeypatch):
    shell = SimpleNamespace(get_parent=lambda: parent)
    monkeypatch.setattr(overlay, "get_ipython", lambda: shell)
    made = []
    for run in range(5):
        parent = {"metadata": {"cellId": "here"}, "header": {"msg_id": str(run)}}
        for _ in range(2):  # one cell may show two
            made.append(counting()[0])
            made[-1]._repr_mimebundle_()
    parent = {"metadata": {"cellId": "there"}, "header": {"msg_id": "last"}}
    made.append(counting()[0])
    made[-1]._repr_mimebundle_()
    assert [explorer for explorer in made if explorer.comm is not None] == made[-3:]


def test_an_explorer_that_is_shown_again_stays_alive(monkeypatch):
    shell = SimpleNamespace(get_parent=lambda: parent)
    monkeypatch.setattr(overlay, "get_ipython", lambda: shell)
    parent = {"metadata": {"cellId": "mine"}, "header": {"msg_id": "0"}}
    explorer, _ = counting()
    for run in range(2):
        parent = {"metadata": {"cellId": "mine"}, "header": {"msg_id": str(run)}}
        explorer._repr_mimebundle_()
    assert explorer.comm is not None


def test_a_cell_that_is_run_again_stores_its_explorers_under_the_same_keys(monkeypatch):
    shell = SimpleNamespace(get_parent=lambda: parent)
    monkeypatch.setattr(overlay, "get_ipython", lambda: shell)
    keys = []
    for cell, run in (("here", 1), ("here", 2), ("there", 3)):
        parent = {"metadata": {"cellId": cell}, "header": {"msg_id": str(run)}}
        keys.append((counting()[0].key, counting()[0].key))
    assert keys[0] == keys[1]
    assert len({*keys[0], *keys[2]}) == 4
    parent = {"metadata": {"cellId": "here"}, "header": {"msg_id": "4"}}
    assert explorers.landscape().key not in keys[0], "another explorer has another key"
    parent = {"metadata": {}, "header": {"msg_id": "5"}}
    assert counting()[0].key != counting()[0].key
