"""How an explorer looks and what it tells a hand, on a page that has nothing else."""

import re

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.bare import Bare
from browser.view import number as number_of
from browser.view import point_on_page
from playwright.sync_api import CDPSession, Locator, Page, expect
from test_explorers import MAKERS

from course_lib import explorers
from course_lib.explorers import learning_rate
from course_lib.overlay import Explorer
from course_lib.reading import number

# One playground on a surface stands for all: they differ in nothing that is looked at here.
LOOKS = {
    n: make for n, make in MAKERS.items() if not n.startswith("playground, ") or n[12:] == "valley"
}
every_look = pytest.mark.parametrize("name", LOOKS)


@pytest.fixture
def bare(page: Page) -> Bare:
    return Bare(page)


def paint_page(page: Page, background: str, ink: str) -> None:
    page.evaluate(
        "([background, color]) => Object.assign(document.body.style, { background, color })",
        [background, ink],
    )


def place_in_chart(model: Explorer, chart: int, t: int, height: float = 0.5) -> tuple[float, float]:
    """The pixel of the stage at update t of a chart, half-way up."""
    spec = model.charts[chart]
    left, top, wide, high = spec["clip"]
    share = (t - spec["low"][0]) / (spec["high"][0] - spec["low"][0])
    return left + wide * share, top + high * (1 - height)


def colour(view: Locator, panel: int, x: float, y: float) -> list[int]:
    """The colour of a panel's canvas at shares of its width and height."""
    return (
        view.locator("canvas")
        .nth(panel)
        .evaluate(
            "(canvas, [x, y]) => [...canvas.getContext('2d')"
            ".getImageData(x * canvas.width, y * canvas.height, 1, 1).data].slice(0, 3)",
            [x, y],
        )
    )


@every_look
def test_axe_finds_no_fault_in_the_light_in_the_dark_and_in_forced_colours(bare, name):
    view = bare.show(LOOKS[name]())
    for theme in ("light", "dark", "forced"):
        dark = theme == "dark"
        paint_page(bare.page, "#111" if dark else "white", "#ddd" if dark else "#222")
        expect(view).to_have_class(re.compile("dark$" if dark else "course-explorer$"))
        bare.page.emulate_media(forced_colors="active" if theme == "forced" else "none")
        found = Axe().run(bare.page, context=".course-explorer")
        assert found.violations_count == 0, f"{theme}: {found.generate_report()}"


@every_look
def test_on_a_narrow_page_nothing_is_cut_and_all_text_can_be_read(bare, name):
    model = LOOKS[name]()
    view = bare.show(model)
    for width in (980, 600, 390):
        bare.page.set_viewport_size({"width": width, "height": 900})
        expect_readable(bare, view, model, width)


def expect_readable(bare: Bare, view: Locator, model: Explorer, width: int) -> None:
    assert bare.page.evaluate("document.documentElement.scrollWidth") <= width
    for one in view.locator(".controls :is(input, select, button, label)").all():
        box = one.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
    sizes = view.evaluate(
        "view => [...view.querySelectorAll('*')].filter((node) => node.childElementCount === 0)"
        ".map((node) => parseFloat(getComputedStyle(node).fontSize))"
    )
    assert min(sizes) >= 9
    for panel, (_, whole) in zip(view.locator(".panel").all(), model.panels, strict=True):
        # The figure's text is 10 points high, 13.9 pixels at 100 dots an inch.
        assert 13.9 * panel.bounding_box()["width"] / whole >= 9
    overflow = view.locator(".picture").evaluate("node => getComputedStyle(node).overflowX")
    assert overflow == "auto", "a panel that is wider than the page can be scrolled"


def test_panels_stand_below_each_other_only_where_they_do_not_fit(bare):
    view = bare.show(explorers.valley())
    for width, rows in ((1100, 1), (680, 1), (500, 2), (400, 3)):
        bare.page.set_viewport_size({"width": width, "height": 900})
        tops = {round(panel.bounding_box()["y"]) for panel in view.locator(".panel").all()}
        assert len(tops) == rows


@pytest.mark.parametrize("name", ["valley", "training, seed 16", "playground, valley", "turning"])
def test_sliders_picture_and_result_are_seen_together_on_a_page_of_900_pixels(bare, name):
    bare.page.set_viewport_size({"width": 1200, "height": 900})
    view = bare.show(MAKERS[name]())
    top, bottom = view.bounding_box()["y"], view.locator(".table").bounding_box()
    assert (
        bottom["y"] + bottom["height"] - top <= 760
    )  # JupyterLab's own bars and the code take 140


def test_a_handle_says_that_it_can_be_dragged_until_it_was(bare):
    view = bare.show(explorers.valley())
    handle, hint = view.locator(".handle"), view.get_by_text("drag me")
    expect(hint).to_be_visible()
    expect(handle).to_have_attribute("title", re.compile("Drag it"))
    pulse = "handle => getComputedStyle(handle, '::after').animationName"
    assert handle.evaluate(pulse) != "none"
    bare.page.emulate_media(reduced_motion="reduce")
    assert handle.evaluate(pulse) == "none"
    bare.page.emulate_media(reduced_motion="no-preference")
    handle.drag_to(handle, target_position={"x": 40, "y": 30}, force=True)
    expect(hint).to_be_hidden()
    assert handle.evaluate(pulse) == "none"


def test_a_map_says_that_it_can_be_pointed_at(bare):
    view = bare.show(explorers.rate_map())
    hint = view.get_by_text("point at the map")
    expect(hint).to_be_visible()
    view.locator("canvas").first.hover(position={"x": 300, "y": 100})
    expect(hint).to_be_hidden()
    expect(view.get_by_text("drag me")).to_be_visible()


def test_a_picture_without_a_run_offers_none_to_pin(bare):
    assert bare.show(explorers.walls()).get_by_role("button", name="Pin this run").count() == 1
    assert bare.show(explorers.landscape()).get_by_role("button", name="Pin").count() == 0


def test_over_a_map_the_ring_stays_where_it_was_set_while_other_cells_are_read(bare):
    view = bare.show(explorers.rate_map())
    ring, words = view.locator(".handle.cell"), view.locator(".headline")
    view.locator("canvas").first.click(position={"x": 150, "y": 100})
    kept, place = words.inner_text(), ring.bounding_box()
    view.locator("canvas").first.hover(position={"x": 300, "y": 200})
    expect(words).not_to_have_text(kept)
    assert ring.bounding_box() == place
    bare.page.mouse.move(5, 5)
    expect(words).to_have_text(kept)
    assert ring.bounding_box() == place


def test_of_two_lines_the_nearer_one_is_dragged(bare):
    model = explorers.adagrad()
    view = bare.show(model)
    guess = view.get_by_label("my guess: first burst at, as a number")
    bare.page.mouse.move(*point_on_page(view, model, place_in_chart(model, 0, 1020)))
    bare.page.mouse.down()
    bare.page.mouse.move(*point_on_page(view, model, place_in_chart(model, 0, 600)))
    bare.page.mouse.up()
    assert number_of(guess.input_value()) == pytest.approx(600, abs=8)
    expect(view.get_by_label("update t, as a number")).to_have_value("0")


def test_a_line_is_dragged_by_the_grip_above_it_and_never_past_its_ends(bare):
    model = explorers.walls()
    view = bare.show(model)
    update = view.get_by_label("update t, as a number")
    x, y = point_on_page(view, model, place_in_chart(model, 0, 0, height=1))
    bare.page.mouse.move(x, y - 6)
    bare.page.mouse.down()
    bare.page.mouse.move(*point_on_page(view, model, place_in_chart(model, 0, 50)))
    expect(update).to_have_value("50")
    bare.page.mouse.move(0, y)
    expect(update).to_have_value("0")
    expect(view.locator(".tip")).to_contain_text("update 0")
    bare.page.mouse.up()


def test_arrow_keys_move_a_slider_by_a_hundredth_and_with_shift_by_a_tenth_of_it(bare):
    view = bare.show(explorers.valley())
    slider, box = (
        view.get_by_role("slider", name="turned by (degrees)"),
        view.get_by_label("turned by (degrees), as a number"),
    )
    for key, value in (("ArrowRight", "0.9"), ("Shift+ArrowUp", "0.99"), ("PageUp", "9.99")):
        slider.press(key)
        expect(box).to_have_value(value)
    update = view.get_by_role("slider", name="update t")
    update.press("ArrowRight")
    expect(view.get_by_label("update t, as a number")).to_have_value("3")
    update.press("Shift+ArrowLeft")
    expect(view.get_by_label("update t, as a number")).to_have_value("2")


def test_a_value_that_matters_is_marked_where_the_slider_would_stand_on_it(bare):
    view = bare.show(explorers.valley())
    slider = view.get_by_role("slider", name="learning rate")
    mark, track = view.locator(".bound").bounding_box(), slider.bounding_box()
    share = np.log10(0.01 / 1e-4) / np.log10(0.02 / 1e-4)
    middle = track["x"] + 8 + share * (track["width"] - 16)
    assert mark["x"] + mark["width"] / 2 == pytest.approx(middle, abs=1)


def test_what_is_said_is_pale_while_python_computes_what_is_asked(bare):
    view = bare.show(explorers.walls())
    expect(view).to_have_attribute("aria-busy", "false")
    bare.page.evaluate(
        "() => { const ask = askPython; window.askPython = (...question) => "
        "new Promise((answer) => (window.release = () => answer(ask(...question)))); }"
    )
    view.get_by_role("slider", name="learning rate").press("End")
    expect(view).to_have_attribute("aria-busy", "true")
    bare.page.evaluate("release()")
    expect(view).to_have_attribute("aria-busy", "false")


def test_a_chart_is_read_under_the_pointer_and_dragged_to_another_update(bare):
    model = explorers.valley()
    view, path = bare.show(model), learning_rate.valley_model(0.0099)
    bare.page.mouse.move(*point_on_page(view, model, place_in_chart(model, 1, 120)))
    tip = view.locator(".tip:visible")
    expect(tip).to_contain_text("update 120")
    expect(tip).to_contain_text(f"loss: {number(path.loss[120])}")
    expect(view.get_by_label("update t, as a number")).to_have_value("0")
    bare.page.mouse.down()
    expect(view.get_by_label("update t, as a number")).to_have_value("120")
    bare.page.mouse.move(*point_on_page(view, model, place_in_chart(model, 1, 200)))
    bare.page.mouse.up()
    expect(view.get_by_label("update t, as a number")).to_have_value("200")
    expect(view.locator(".table")).to_contain_text(number(path.loss[200]))
    grips = [one.bounding_box() for one in view.locator(".grip").all()]
    for chart, grip in enumerate(grips):
        line = point_on_page(view, model, place_in_chart(model, chart, 200))[0]
        assert grip["x"] + grip["width"] / 2 == pytest.approx(line, abs=1)
    bare.page.mouse.move(*point_on_page(view, model, place_in_chart(model, 0, 40)))
    share = np.abs(path.theta[40] / path.theta[0])
    expect(tip).to_contain_text(f"along, flat: {number(share[0])}")
    expect(tip).to_contain_text(f"across, steep: {number(share[1])}")
    expect(view.get_by_label("update t, as a number")).to_have_value("200")


def test_in_the_dark_the_stage_is_dark_and_a_map_keeps_its_colours(bare):
    view = bare.show(explorers.rate_map())
    corner, cell = (0, 0.005, 0.5), (0, 0.3, 0.3)
    lit, map_colour = colour(view, *corner), colour(view, *cell)
    assert min(lit) > 240
    bars = explorers.rate_map().colour_bars
    (left, top, wide, high), (_, width), height = bars[0], explorers.rate_map().panels[0], 400
    bar = (0, (left + wide / 2) / width, (top + high / 2) / height)
    bar_colour = colour(view, *bar)
    paint_page(bare.page, "#111", "#ddd")
    expect(view).to_have_class(re.compile("dark"))
    assert max(colour(view, *corner)) < 30
    assert colour(view, *cell) == map_colour
    np.testing.assert_allclose(colour(view, *bar), bar_colour, atol=2)
    paint_page(bare.page, "white", "#222")
    expect(view).not_to_have_class(re.compile("dark"))
    assert colour(view, *corner) == lit


HELD = "data-lm-suppress-shortcuts"


@pytest.mark.parametrize(
    ("what", "kept", "left"),
    [
        (
            "input[type=range]",
            ["ArrowLeft", "Home", "PageUp"],
            ["Control+s", "b", "Escape", "Enter"],
        ),
        ("input[type=text]", ["1", "Backspace", "Control+a", "Enter"], ["Control+s", "Escape"]),
        ("button.play", ["Enter", " "], ["Control+s", "ArrowDown", "b"]),
        (".handle", ["ArrowLeft", "Shift+ArrowUp"], ["Control+s", "Control+ArrowUp", "b"]),
        ("select", ["ArrowDown"], ["Control+s", "Escape"]),
    ],
)
def test_a_control_keeps_the_keys_that_it_uses_from_jupyterlab_and_no_others(
    bare, what, kept, left
):
    view = bare.show(explorers.playground())
    bare.page.evaluate(
        f"document.addEventListener('keydown', (event) => (window.held = "
        f"Boolean(event.target.closest('[{HELD}]'))), true)"
    )
    view.locator(what).first.focus()
    for keys, held in ((left, False), (kept, True)):
        for key in keys:
            bare.page.keyboard.press(key)
            assert bare.page.evaluate("held") is held, key


def test_code_is_copied(bare):
    bare.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    model = explorers.playground()
    view = bare.show(model)
    view.get_by_role("button", name="Copy").nth(1).click()
    expect(view.get_by_role("button", name="Copied")).to_be_visible()
    copied = bare.page.evaluate("navigator.clipboard.readText()")
    assert copied == model.reading.listings[1].code
    assert view.locator("math").count() == 8, "equations are mathematics, not text"


def test_2_000_moves_and_30_closed_explorers_leave_memory_flat(bare):
    page, devtools = bare.page, bare.page.context.new_cdp_session(bare.page)
    view = bare.show(explorers.valley())
    slider = view.get_by_role("slider", name="learning rate")
    move = """([slider, count]) => new Promise(async (done) => {
        for (let k = 0; k < count; k++) {
            slider.value = -4 + 2 * (k % 100) / 100;
            slider.dispatchEvent(new Event("input"));
            await new Promise((rest) => setTimeout(rest, 0));
        }
        done();
    })"""
    page.evaluate(move, [slider.element_handle(), 200])
    before = in_use(devtools)
    page.evaluate(move, [slider.element_handle(), 2000])
    moved = in_use(devtools)
    for _ in range(30):
        explorer = explorers.walls()
        bare.show(explorer)
        bare.close(explorer)
    closed = in_use(devtools)
    assert moved["bytes"] - before["bytes"] < 2e6
    assert moved["nodes"] == pytest.approx(before["nodes"], abs=50)
    assert closed["bytes"] - moved["bytes"] < 4e6
    assert page.locator(".course-explorer").count() == 1


def in_use(devtools: CDPSession) -> dict[str, float]:
    """What is left in the page's memory once nothing that is unused is there."""
    for _ in range(3):
        devtools.send("HeapProfiler.collectGarbage")
    heap = devtools.send("Runtime.getHeapUsage")
    return {"bytes": heap["usedSize"], "nodes": devtools.send("Memory.getDOMCounters")["nodes"]}
