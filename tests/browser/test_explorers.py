"""Every explorer in JupyterLab, moved as a learner moves it."""

import re
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser.lab import NOTEBOOKS, open_notebook, run_cell
from matplotlib.image import AxesImage
from playwright.sync_api import Browser, Locator, Page, expect

from course_lib import explorers
from course_lib.explorers import learning_rate
from course_lib.overlay import Choice, Explorer, Point, Slider
from tools.execute_notebooks import shows_explorer

TRAINING, VALLEY, BURST, WARMUP = (
    next(path for path in NOTEBOOKS if path.stem.startswith(number))
    for number in ("01", "02", "03", "06")
)
every_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)


def cell_numbers(notebook: Path, shown: str = "") -> tuple[int, list[int]]:
    """Where the imports stand, and where the explorers, or the one that is `shown`."""
    cells = nbformat.read(notebook, as_version=4).cells
    code = [i for i, cell in enumerate(cells) if cell.cell_type == "code"]
    return code[0], [i for i in code if shows_explorer(cells[i]) and shown in cells[i].source]


def wake(page: Page, notebook: Path, shown: str = "") -> list[Locator]:
    """Run the imports and the explorers, or the one that is `shown`; return the live views."""
    imports, numbers = cell_numbers(notebook, shown)
    assert numbers, "a notebook has at least one explorer"
    run_cell(page, imports)
    views = []
    for number in numbers:
        run_cell(page, number)
        cell = page.locator(f".jp-Cell[data-windowed-list-index='{number}']")
        views.append(cell.locator(".course-explorer"))
        expect(views[-1].locator("canvas").first).to_be_visible()
    return views


PANELS = "view => [...view.querySelectorAll('canvas')].map((one) => one.toDataURL()).join()"


def picture(view: Locator) -> str:
    return view.evaluate(PANELS)


def wait_until_picture_is_not(view: Locator, old: str) -> None:
    view.page.wait_for_function(
        f"([view, old]) => ({PANELS})(view) !== old", arg=[view.element_handle(), old]
    )


def says(view: Locator) -> str:
    """All that a view says now: headline, details and numbers."""
    parts = ".headline", ".details", ".table", ".listings"
    return "\n".join(view.locator(part).inner_text() for part in parts)


def expect_words(view: Locator, model: Explorer) -> None:
    """Wait for what the model says, and find every number of its table."""
    expect(view.locator(".headline")).to_have_text(model.reading.headline)
    expect(view.locator(".details p")).to_have_text([*model.reading.details])
    rows = model.reading.table.rows if model.reading.table else {}
    cells = [text for name, values in rows.items() for text in (name, *values)]
    told = view.locator(".table tr:not(:first-child) > *")
    expect(told).to_have_text(cells)


def wait_until_says_other_than(view: Locator, words: str) -> None:
    for _ in range(600):
        if says(view) != words:
            return
        view.page.wait_for_timeout(100)
    raise AssertionError(f"it still says {words}")


def moved(view: Locator) -> Iterator[Locator]:
    """Yield every control before it is moved, and see picture and sentence change with it."""
    for control in view.locator("input[type=range], select").all():
        before, words = picture(view), says(view)
        yield control
        wait_until_says_other_than(view, words)
        if not view.locator("progress").count():  # there the next training changes the picture
            wait_until_picture_is_not(view, before)
        expect(control).to_be_focused()


def key(control: Locator) -> str:
    """An arrow key that moves the control from where it stands."""
    last = control.evaluate("c => c.max ? c.value === c.max : c.selectedIndex + 1 === c.length")
    return "ArrowLeft" if last else "ArrowRight"


def number(written: str) -> float:
    """Read 1,000,000 or −0.5 as a learner does."""
    return float(written.replace(",", "").replace("−", "-"))


def knobs(view: Locator, explorer: Explorer) -> dict[str, float | str]:
    """What the controls on the page stand at."""
    values: dict[str, float | str] = {}
    for control in explorer._controls:
        if isinstance(control, Slider):
            box = view.get_by_label(f"{control.label}, as a number", exact=True)
            values[control.name] = number(box.input_value())
        elif isinstance(control, Choice):
            values[control.name] = view.get_by_label(control.label, exact=True).input_value()
    return values


@every_notebook
def test_keys_and_mouse_move_every_control_to_what_the_model_says(page, address, notebook):
    open_notebook(page, address, notebook)
    cells = nbformat.read(notebook, as_version=4).cells
    _, numbers = cell_numbers(notebook)
    for number, view in zip(numbers, wake(page, notebook), strict=True):
        call = cells[number].source.splitlines()[-1]
        model = eval(call, {"explorers": explorers, **vars(explorers)})
        for control in moved(view):
            control.focus()
            page.keyboard.press(key(control))
        model.move(**knobs(view, model))
        expect_words(view, model)
        for slider in view.locator("input[type=range]").all():
            words = says(view)
            # Far from where it stands: a click on the handle itself only takes hold of it.
            right = slider.evaluate("s => s.value - s.min < (s.max - s.min) / 2")
            x = (0.8 if right else 0.2) * slider.bounding_box()["width"]
            slider.click(position={"x": x, "y": 5})
            wait_until_says_other_than(view, words)
        model.move(**knobs(view, model))
        expect_words(view, model)
    found = Axe().run(page, context=".course-explorer")
    assert found.violations_count == 0, found.generate_report()


@every_notebook
def test_before_it_is_run_a_notebook_shows_each_explorer_as_a_still_with_its_sentence(
    page, address, notebook
):
    open_notebook(page, address, notebook)
    _, numbers = cell_numbers(notebook)
    for number in numbers:
        cell = page.locator(f".jp-Cell[data-windowed-list-index='{number}']")
        cell.scroll_into_view_if_needed()
        output = cell.locator(".jp-OutputArea-output:has(img)")
        expect(output.locator("img")).to_be_visible()
        headline = output.locator("strong").first.text_content()
        assert output.locator("img").get_attribute("alt") == headline
    expect(page.get_by_text("model not found")).to_have_count(0)


def test_reset_returns_to_the_first_picture(page, address):
    open_notebook(page, address, VALLEY)
    view = wake(page, VALLEY, "explorers.valley(")[0]
    first, headline = picture(view), view.locator(".headline").inner_text()
    view.get_by_role("slider", name="learning rate").focus()
    page.keyboard.press("End")
    expect(view.locator(".headline")).not_to_have_text(headline)
    view.get_by_role("button", name="Reset").click()
    expect(view.locator(".headline")).to_have_text(headline)
    assert picture(view) == first


def test_what_is_typed_is_read_as_a_number_and_what_cannot_be_is_answered_by_a_sentence(
    page, address
):
    open_notebook(page, address, VALLEY)
    view = wake(page, VALLEY, "explorers.valley(")[0]
    box, complaint = (
        view.get_by_label("condition number κ, as a number"),
        view.get_by_role("status"),
    )
    for typed, shown, words in (
        ("100", "100", ""),
        ("2,000", "2,000", ""),
        ("1e3", "1,000", ""),
        ("2,5", "1,000", "“2,5” is no number: condition number κ stays at 1,000."),
        ("1e9", "1,000,000", "condition number κ goes from 1 to 1,000,000."),
        ("", "1,000,000", "“” is no number: condition number κ stays at 1,000,000."),
        ("5", "5", ""),
    ):
        box.select_text()
        page.keyboard.press("Delete")
        page.keyboard.type(f"{typed}\n")
        expect(box).to_have_value(shown)
        expect(complaint).to_have_text(words)
    expect(view.locator(".headline")).to_contain_text("κ = 5:")


def test_a_restarted_kernel_leaves_the_still_and_a_new_run_wakes_it(page, address):
    open_notebook(page, address, VALLEY)
    view = wake(page, VALLEY, "explorers.valley(")[0]
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel…", exact=True).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(view).to_have_count(0)
    number = cell_numbers(VALLEY, "explorers.valley(")[1][0]
    still = page.locator(
        f".jp-Cell[data-windowed-list-index='{number}'] .jp-OutputArea-output:has(img)"
    )
    expect(still.locator("img")).to_be_visible()
    expect(still).to_contain_text("Run this cell")
    wake(page, VALLEY, "explorers.valley(")


def test_a_page_that_is_loaded_again_finds_its_living_kernel(page, address):
    open_notebook(page, address, VALLEY)
    wake(page, VALLEY, "explorers.valley(")
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    page.reload()
    number = cell_numbers(VALLEY, "explorers.valley(")[1][0]
    cell = page.locator(f".jp-Cell[data-windowed-list-index='{number}']")
    expect(cell.locator(".course-explorer canvas").first).to_be_visible()
    expect(cell.locator("img")).to_be_hidden()


def drag(page: Page, handle: Locator, right: float, down: float) -> None:
    handle.hover()  # waits until the page stands still
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.down()
    for share in (0.25, 0.5, 0.75, 1):
        page.mouse.move(x + share * right, y + share * down)
    page.mouse.up()


@pytest.mark.parametrize(
    "notebook",
    [n for n in NOTEBOOKS if n.stem[:2] in ("01", "02", "03", "04", "05", "07")],
    ids=lambda n: n.stem,
)
def test_the_start_is_dragged_by_mouse_and_moved_by_keys(page, address, notebook):
    open_notebook(page, address, notebook)
    pairs = [(v, handle) for v in wake(page, notebook) for handle in v.locator(".handle").all()]
    assert pairs, "a notebook with a surface has a start to drag"
    for view, handle in pairs:
        handle.scroll_into_view_if_needed()
        for move in (
            lambda handle: drag(page, handle, 40, 30),
            lambda handle: (handle.focus(), page.keyboard.press("Shift+ArrowLeft")),
            lambda handle: (handle.focus(), page.keyboard.press("ArrowUp")),
        ):
            before, place = picture(view), handle.get_attribute("aria-valuetext")
            move(handle)
            wait_until_picture_is_not(view, before)
            expect(handle).not_to_have_attribute("aria-valuetext", place)


def test_a_dragged_start_ends_where_the_hand_let_go(page, address):
    open_notebook(page, address, VALLEY)
    view = wake(page, VALLEY, "explorers.valley(")[0]
    handle = view.locator(".handle")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    drag(page, handle, 60, 40)
    moved = handle.bounding_box()
    assert (moved["x"] - box["x"], moved["y"] - box["y"]) == pytest.approx((60, 40), abs=1.5)


def test_play_moves_the_time_until_it_is_paused_and_a_step_moves_it_by_one(page, address):
    open_notebook(page, address, VALLEY)
    view = wake(page, VALLEY, "explorers.valley(")[0]
    update = view.get_by_label("update t, as a number")
    view.get_by_role("button", name="Play").click()
    expect(update).not_to_have_value("0")
    view.get_by_role("button", name="Pause").click()
    page.wait_for_timeout(300)
    now = int(update.input_value())
    view.get_by_role("button", name="One update on").click()
    expect(update).to_have_value(str(now + 1))
    expect(view.locator(".table")).to_contain_text(f"Update {now + 1}")


def test_a_pinned_run_stays_beside_the_new_one(page, address):
    open_notebook(page, address, VALLEY)
    view = wake(page, VALLEY, "explorers.valley(")[0]
    first = view.locator(".headline").inner_text()
    view.get_by_role("button", name="Pin this run").click()
    expect(view.locator(".pinned")).to_contain_text(first)
    alone = picture(view)
    view.get_by_role("slider", name="learning rate").focus()
    page.keyboard.press("Home")
    wait_until_picture_is_not(view, alone)
    expect(view.locator(".pinned")).to_contain_text(first)
    view.get_by_role("button", name="Unpin").click()
    expect(view.locator(".pinned")).to_be_hidden()


def test_a_button_that_is_pressed_shows_what_was_hidden(page, address):
    open_notebook(page, address, BURST)
    view = wake(page, BURST)[0]
    button, before = view.get_by_role("button", name="Show the run"), picture(view)
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(view.locator(".details")).to_contain_text("Your guess was 1,000")
    wait_until_picture_is_not(view, before)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(view.locator(".details")).not_to_contain_text("Your guess was 1,000")


def test_cutting_the_rate_shows_both_what_it_gains_and_what_it_costs(page, address):
    open_notebook(page, address, TRAINING)
    cells = nbformat.read(TRAINING, as_version=4).cells
    call = next(c.source.splitlines()[-1] for c in cells if "explorers.training(" in c.source)
    model = eval(call, {"explorers": explorers})
    view = next(v for v in wake(page, TRAINING) if v.get_by_text("Cut the rate").count())
    box = view.get_by_label("update t, as a number")
    box.select_text()
    page.keyboard.type("700\n")
    model.move(t=700)
    expect_words(view, model)
    before = picture(view)
    view.get_by_role("button", name="Cut the rate by ten here").click()
    model.move(cut=True)
    expect_words(view, model)
    expect(view.locator(".details")).to_contain_text("with a cut at update 2,950")
    wait_until_picture_is_not(view, before)


def test_a_training_grows_on_the_page_is_stopped_and_stays_beside_the_next(page, address):
    open_notebook(page, address, WARMUP)
    view = wake(page, WARMUP, "explorers.digits(")[0]
    before, bar = picture(view), view.locator("progress")
    train = view.get_by_role("button", name="Train")
    train.click()
    expect(view.get_by_role("button", name="Stop")).to_be_visible()
    wait_until_picture_is_not(view, before)
    page.wait_for_function("bar => bar.value > 0.1", arg=bar.element_handle())
    view.get_by_role("button", name="Stop").click()
    expect(train).to_be_visible()
    done = float(bar.get_attribute("value"))
    assert 0.1 < done < 1
    sentence = view.locator(".details")
    expect(sentence).to_contain_text("This training (largest rate 0.01")
    view.get_by_role("slider", name="largest rate η").focus()
    page.keyboard.press("ArrowLeft")
    train.click()
    page.wait_for_function("bar => bar.value === 1", arg=bar.element_handle())
    expect(sentence).to_contain_text("after 5,000 updates")
    expect(sentence).to_contain_text("The one before (largest rate 0.01")


def test_a_cell_that_is_run_again_leaves_one_explorer_in_the_kernel(page, address):
    open_notebook(page, address, VALLEY)
    view = wake(page, VALLEY, "explorers.valley(")[0]
    number = cell_numbers(VALLEY, "explorers.valley(")[1][0]
    for _ in range(3):
        run_cell(page, number)
        expect(view.locator("canvas").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("b")  # a new cell below
    page.keyboard.press("Enter")
    page.keyboard.type("import gc; from course_lib.overlay import Explorer\n")
    page.keyboard.type("known = [o for o in gc.get_objects() if isinstance(o, Explorer)]\n")
    page.keyboard.type("mine = [e for e in known if 'kappa' in e.knobs and e.comm is not None]\n")
    page.keyboard.type("print(len(mine), 'live')")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("1 live", exact=True)).to_be_visible()


def wake_map(page: Page, notebook: Path, call: str) -> tuple[Locator, Explorer]:
    """Run the imports and the cell of one map, and return its live view and its model."""
    cells = nbformat.read(notebook, as_version=4).cells
    number = next(i for i, cell in enumerate(cells) if cell.source.endswith(call))
    run_cell(page, cell_numbers(notebook)[0])
    run_cell(page, number)
    view = page.locator(f".jp-Cell[data-windowed-list-index='{number}'] .course-explorer")
    expect(view.locator("canvas").first).to_be_visible()
    view.scroll_into_view_if_needed()
    return view, eval(call, {"explorers": explorers, **vars(explorers)})


def middle_of(view: Locator, model: Explorer, i: int, j: int) -> tuple[float, float]:
    """Where on the page the middle of a cell is."""
    cell = next(c for c in model._controls if isinstance(c, Point) and c.cells).spec()
    (left, top, wide, high), (columns, rows) = cell["clip"], cell["cells"]
    x, y = left + wide * (i + 0.5) / columns, top + high * (1 - (j + 0.5) / rows)
    box = view.locator(".panel").first.bounding_box()  # the map stands in the first
    scale = box["width"] / model.panels[0][1]
    return box["x"] + x * scale, box["y"] + y * scale


def colours(view: Locator, places: list[tuple[float, float]]) -> np.ndarray:
    """The colours of the canvas at places on the page."""
    box = view.locator(".panel").first.bounding_box()
    shares = [[(x - box["x"]) / box["width"], (y - box["y"]) / box["height"]] for x, y in places]
    seen = view.locator("canvas").first.evaluate(
        "(canvas, shares) => shares.map(([x, y]) => [...canvas.getContext('2d')"
        ".getImageData(x * canvas.width, y * canvas.height, 1, 1).data])",
        shares,
    )
    return np.array(seen)


def expect_map(view: Locator, model: Explorer, away_from: int) -> None:
    """See cells in the colours of the model's image, and greys where runs diverged."""
    number = next(n for n, actor in enumerate(model._actors) if isinstance(actor, AxesImage))
    rows, columns = model._actors[number].get_size()
    bytes_ = np.frombuffer(model._frame()[number], np.uint8).reshape(rows, columns)[::-1]
    palette = np.array(model.actors[number]["palette"])
    cells = [(i, j) for i in range(4, columns, 13) for j in range(4, rows, 13)]
    cells = [(i, j) for i, j in cells if abs(i - away_from) > 8]  # the ring and the dot lie there
    seen = colours(view, [middle_of(view, model, i, j) for i, j in cells])
    for (i, j), colour in zip(cells, seen, strict=True):
        if bytes_[j, i] == 255:
            assert np.ptp(colour[:3]) < 12, f"cell {i}, {j} is grey, with or without a line"
        else:
            np.testing.assert_allclose(colour, palette[bytes_[j, i]], atol=1)


def test_a_map_has_the_models_colours_and_follows_its_start(page, address):
    open_notebook(page, address, VALLEY)
    view, model = wake_map(page, VALLEY, "explorers.rate_map()")
    expect_map(view, model, 81)
    handle = view.locator(".handle:not(.cell)")
    before = picture(view)
    drag(page, handle, 50, 0)
    wait_until_picture_is_not(view, before)
    x, y = (number(n) for n in re.findall(r"[−\d.]+", handle.get_attribute("aria-valuetext")))
    model.move(start=(x, y))
    expect(view.locator(".headline")).to_contain_text(model.reading.headline.split(" is ")[0])
    page.wait_for_timeout(1500)  # until the last frame has come
    share = re.search(r"and (\d+%) ended", model.sentence)[1]
    expect(view.locator(".details")).to_contain_text(f"and {share} ended")
    assert share != "20%", "as before"


def test_a_cell_is_read_under_the_pointer_kept_by_a_click_and_moved_by_keys(page, address):
    open_notebook(page, address, VALLEY)
    view, model = wake_map(page, VALLEY, "explorers.rate_map()")
    rates, kappas = learning_rate.MAP_RATE.values, learning_rate.MAP_KAPPA.values
    words, first = view.locator(".headline"), model.reading.headline

    def model_says(i: int, j: int) -> str:
        model.move(cell=(rates[i], kappas[j]))
        return model.reading.headline

    page.mouse.move(*middle_of(view, model, 20, 60))
    expect(words).to_have_text(model_says(20, 60))
    page.mouse.move(*middle_of(view, model, 93, 10))
    expect(words).to_have_text(model_says(93, 10))
    expect(words).to_contain_text(": diverged after")
    page.mouse.move(5, 5)
    expect(words).to_have_text(first)
    page.mouse.click(*middle_of(view, model, 30, 30))
    page.mouse.move(5, 5)
    expect(words).to_have_text(model_says(30, 30))
    expect(view.locator(".handle.cell")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(words).to_have_text(model_says(31, 30))
    page.keyboard.press("Shift+ArrowDown")
    expect(words).to_have_text(model_says(31, 20))
    for _ in range(3):
        page.keyboard.press("Shift+ArrowDown")
    expect(words).to_have_text(model_says(31, 0))
    view.get_by_role("button", name="Reset").click()
    page.mouse.move(5, 5)
    expect(words).to_have_text(first)


def test_a_map_of_trainings_fills_while_it_is_computed_and_keeps_what_it_has(page, address):
    open_notebook(page, address, WARMUP)
    view, _ = wake_map(page, WARMUP, "explorers.warmup_map()")
    words, table = view.locator(".details"), view.locator(".table")
    expect(table).to_contain_text("Of 9 rates, from start 0")
    seed = view.get_by_role("slider", name="random start")
    seed.focus()
    page.keyboard.press("ArrowRight")
    expect(words).to_contain_text("Of the map from start 1, 0 of 45 cells are computed")
    before = picture(view)
    view.get_by_role("button", name="Compute this map").click()
    wait_until_picture_is_not(view, before)
    expect(words).to_contain_text(re.compile(r"start 1, [1-9]\d* of 45 cells"))
    view.get_by_role("button", name="Stop").click()
    expect(view.get_by_role("button", name="Compute this map")).to_be_visible()
    seed.focus()
    page.keyboard.press("ArrowLeft")
    expect(table).to_contain_text("Of 9 rates, from start 0")
    page.keyboard.press("ArrowRight")
    expect(words).to_contain_text(re.compile(r"start 1, [1-9]\d* of 45 cells"))


def test_a_finger_drags_the_start_as_a_mouse_does(browser: Browser, address):
    page = browser.new_page(viewport={"width": 1300, "height": 1000}, has_touch=True)
    page.set_default_timeout(60_000)
    open_notebook(page, address, VALLEY)
    view = wake(page, VALLEY, "explorers.valley(")[0]
    handle = view.locator(".handle")
    handle.hover()
    before, box = picture(view), handle.bounding_box()
    finger = page.context.new_cdp_session(page)
    for kind, moved in (
        ("touchStart", 0),
        ("touchMove", 30),
        ("touchMove", 60),
        ("touchEnd", None),
    ):
        point = {"x": box["x"] + 12 + moved, "y": box["y"] + 12} if moved is not None else None
        finger.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point] if point else []}
        )
    wait_until_picture_is_not(view, before)
    assert handle.bounding_box()["x"] - box["x"] == pytest.approx(60, abs=2)
    page.close()


def test_a_tap_opens_a_cell_until_it_is_reset(browser: Browser, address):
    page = browser.new_page(viewport={"width": 1300, "height": 1000}, has_touch=True)
    page.set_default_timeout(60_000)
    open_notebook(page, address, VALLEY)
    view, model = wake_map(page, VALLEY, "explorers.rate_map()")
    words, first = view.locator(".headline"), model.reading.headline
    page.touchscreen.tap(*middle_of(view, model, 30, 30))
    rates, kappas = learning_rate.MAP_RATE.values, learning_rate.MAP_KAPPA.values
    model.move(cell=(rates[30], kappas[30]))
    expect(words).to_have_text(model.reading.headline)
    view.get_by_role("button", name="Reset").tap()
    expect(words).to_have_text(first)
    words.tap()
    page.wait_for_timeout(500)
    expect(words).to_have_text(first)
    page.close()
