"""What a hand does to an explorer, by mouse, keys and finger, on a page that has nothing else."""

import re

import pytest
from browser.bare import Bare
from browser.test_look import LOOKS
from browser.view import (
    drag,
    expect_map,
    expect_words,
    key,
    knobs,
    middle_of,
    moved,
    number,
    picture,
    says,
    wait_until_picture_is_not,
    wait_until_says_other_than,
)
from playwright.sync_api import Browser, Page, expect

from course_lib import explorers
from course_lib.explorers import learning_rate


@pytest.fixture
def bare(page: Page) -> Bare:
    return Bare(page)


@pytest.mark.parametrize("name", LOOKS)
def test_keys_and_mouse_move_every_control_to_what_the_model_says(bare, name):
    shown, model = LOOKS[name](), LOOKS[name]()
    view = bare.show(shown)
    for control in moved(view):
        control.focus()
        bare.page.keyboard.press(key(control))
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


@pytest.mark.parametrize("name", LOOKS)
def test_every_place_is_dragged_by_mouse_and_moved_by_keys(bare, name):
    view = bare.show(LOOKS[name]())
    for handle in view.locator(".handle").all():
        handle.scroll_into_view_if_needed()
        for move in (
            lambda handle: drag(bare.page, handle, 40, 30),
            lambda handle: (handle.focus(), bare.page.keyboard.press("Shift+ArrowLeft")),
            lambda handle: (handle.focus(), bare.page.keyboard.press("ArrowUp")),
        ):
            before, place = picture(view), handle.get_attribute("aria-valuetext")
            move(handle)
            wait_until_picture_is_not(view, before)
            expect(handle).not_to_have_attribute("aria-valuetext", place)


def test_reset_returns_to_the_first_picture(bare):
    view = bare.show(explorers.valley())
    first, headline = picture(view), view.locator(".headline").inner_text()
    view.get_by_role("slider", name="learning rate").focus()
    bare.page.keyboard.press("End")
    expect(view.locator(".headline")).not_to_have_text(headline)
    view.get_by_role("button", name="Reset").click()
    expect(view.locator(".headline")).to_have_text(headline)
    assert picture(view) == first


def test_what_is_typed_is_read_as_a_number_and_what_cannot_be_is_answered_by_a_sentence(bare):
    view = bare.show(explorers.valley())
    box, complaint = (
        view.get_by_label("condition number κ, as a number"),
        view.locator(".complaint"),
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
        bare.page.keyboard.press("Delete")
        bare.page.keyboard.type(f"{typed}\n")
        expect(box).to_have_value(shown)
        expect(complaint).to_have_text(words)
    expect(view.locator(".headline")).to_contain_text("κ = 5:")


def test_a_question_that_is_lost_is_waited_for_no_longer_than_ten_seconds(bare):
    bare.page.clock.install()
    explorer = explorers.valley()
    view = bare.show(explorer)
    slider, words = view.locator(".lead input[type=range]"), says(view)
    receive, explorer._receive = explorer._receive, lambda *lost: None
    slider.press("ArrowDown")
    bare.page.wait_for_timeout(500)
    explorer._receive = receive
    slider.press("ArrowDown")
    bare.page.wait_for_timeout(500)
    assert says(view) == words
    bare.page.clock.fast_forward(10_000)
    slider.press("ArrowDown")
    wait_until_says_other_than(view, words)


def test_a_dragged_start_ends_where_the_hand_let_go(bare):
    view = bare.show(explorers.valley())
    handle = view.locator(".handle")
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    drag(bare.page, handle, 60, 40)
    moved = handle.bounding_box()
    assert (moved["x"] - box["x"], moved["y"] - box["y"]) == pytest.approx((60, 40), abs=1.5)


def test_play_moves_the_time_until_it_is_paused_and_a_step_moves_it_by_one(bare):
    view = bare.show(explorers.valley())
    update = view.get_by_label("update t, as a number")
    view.get_by_role("button", name="Play").click()
    expect(update).not_to_have_value("0")
    view.get_by_role("button", name="Pause").click()
    bare.page.wait_for_timeout(300)
    now = int(update.input_value())
    view.get_by_role("button", name="One update on").click()
    expect(update).to_have_value(str(now + 1))
    expect(view.locator(".table")).to_contain_text(f"At update {now + 1}")


def test_a_pinned_run_stays_beside_the_new_one(bare):
    view = bare.show(explorers.valley())
    first = view.locator(".headline").inner_text()
    view.get_by_role("button", name="Pin this run").click()
    expect(view.locator(".pinned")).to_contain_text(first)
    alone = picture(view)
    view.get_by_role("slider", name="learning rate").focus()
    bare.page.keyboard.press("Home")
    wait_until_picture_is_not(view, alone)
    expect(view.locator(".pinned")).to_contain_text(first)
    view.get_by_role("button", name="Unpin").click()
    expect(view.locator(".pinned")).to_be_hidden()


def test_a_button_that_is_pressed_shows_what_was_hidden(bare):
    view = bare.show(explorers.adagrad())
    button, before = view.get_by_role("button", name="Show the run"), picture(view)
    button.focus()
    bare.page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(view.locator(".details")).to_contain_text("Your guess was 1,000")
    wait_until_picture_is_not(view, before)
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(view.locator(".details")).not_to_contain_text("Your guess was 1,000")


def test_cutting_the_rate_shows_both_what_it_gains_and_what_it_costs(bare):
    model = explorers.training(seed=16)
    view = bare.show(explorers.training(seed=16))
    box = view.get_by_label("update t, as a number")
    box.select_text()
    bare.page.keyboard.type("700\n")
    model.move(t=700)
    expect_words(view, model)
    before = picture(view)
    view.get_by_role("button", name="Cut the rate by ten here").click()
    model.move(cut=True)
    expect_words(view, model)
    expect(view.locator(".details")).to_contain_text("with a cut at update 2,950")
    wait_until_picture_is_not(view, before)


def test_a_map_has_the_models_colours_and_follows_its_start(bare):
    model = explorers.rate_map()
    view = bare.show(model)
    expect_map(view, model, 81)
    handle = view.locator(".handle:not(.cell)")
    before = picture(view)
    drag(bare.page, handle, 140, 0)
    wait_until_picture_is_not(view, before)
    x, y = (number(n) for n in re.findall(r"[−\d.]+", handle.get_attribute("aria-valuetext")))
    model.move(start=(x, y))
    expect(view.locator(".headline")).to_contain_text(model.reading.headline.split(" is ")[0])
    bare.page.wait_for_timeout(1500)  # until the last frame has come
    share = re.search(r"and (\d+%) ended", model.sentence)[1]
    expect(view.locator(".details")).to_contain_text(f"and {share} ended")
    assert share != "20%", "as before"


def test_a_cell_is_read_under_the_pointer_kept_by_a_click_and_moved_by_keys(bare):
    model = explorers.rate_map()
    view = bare.show(model)
    rates, kappas = learning_rate.MAP_RATE.values, learning_rate.MAP_KAPPA.values
    words, first = view.locator(".headline"), model.reading.headline

    def model_says(i: int, j: int) -> str:
        model.move(cell=(rates[i], kappas[j]))
        return model.reading.headline

    bare.page.mouse.move(*middle_of(view, model, 20, 60))
    expect(words).to_have_text(model_says(20, 60))
    bare.page.mouse.move(*middle_of(view, model, 93, 10))
    expect(words).to_have_text(model_says(93, 10))
    expect(words).to_contain_text(": diverged after")
    bare.page.mouse.move(5, 5)
    expect(words).to_have_text(first)
    bare.page.mouse.click(*middle_of(view, model, 30, 30))
    bare.page.mouse.move(5, 5)
    expect(words).to_have_text(model_says(30, 30))
    expect(view.locator(".handle.cell")).to_be_focused()
    bare.page.keyboard.press("ArrowRight")
    expect(words).to_have_text(model_says(31, 30))
    bare.page.keyboard.press("Shift+ArrowDown")
    expect(words).to_have_text(model_says(31, 20))
    for _ in range(3):
        bare.page.keyboard.press("Shift+ArrowDown")
    expect(words).to_have_text(model_says(31, 0))
    view.get_by_role("button", name="Reset").click()
    bare.page.mouse.move(5, 5)
    expect(words).to_have_text(first)


def test_a_finger_drags_the_start_as_a_mouse_does(browser: Browser):
    page = browser.new_page(viewport={"width": 1300, "height": 1000}, has_touch=True)
    view = Bare(page).show(explorers.valley())
    handle = view.locator(".handle")
    handle.hover()
    before, box = picture(view), handle.bounding_box()
    finger = page.context.new_cdp_session(page)
    for kind, far in (
        ("touchStart", 0),
        ("touchMove", 30),
        ("touchMove", 60),
        ("touchEnd", None),
    ):
        point = {"x": box["x"] + 12 + far, "y": box["y"] + 12} if far is not None else None
        finger.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point] if point else []}
        )
    wait_until_picture_is_not(view, before)
    assert handle.bounding_box()["x"] - box["x"] == pytest.approx(60, abs=2)
    page.close()


def test_a_tap_opens_a_cell_until_it_is_reset(browser: Browser):
    page = browser.new_page(viewport={"width": 1300, "height": 1000}, has_touch=True)
    model = explorers.rate_map()
    view = Bare(page).show(explorers.rate_map())
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
