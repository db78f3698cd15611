"""The course in pages that run without a server: Python itself runs in the browser."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from browser.lab import cell_at, cell_numbers
from browser.lite import (
    PATH,
    STARTED,
    ask,
    open_notebook,
    run_all,
    run_new,
    served,
    stored,
    wait_until_all_is_kept,
)
from browser.view import drag, number, picture, wait_until_picture_is_not
from playwright.sync_api import BrowserContext, Locator, Page, expect

from course_lib import explorers
from tools.build_lite import copy_content

ROOT = Path(__file__).parents[2]
LEARNING_RATE = ROOT / "notebooks/02_learning_rate.ipynb"
EXERCISE = "exercises/01_critical_points.ipynb"
OTHER = "exercises/02_learning_rate.ipynb"


def opened(context: BrowserContext, address: str, path: str) -> Page:
    page = context.new_page()
    open_notebook(page, address, path)
    return page


def test_a_notebook_says_in_the_browser_what_it_has_stored(visitor, lite):
    page = opened(visitor, lite, "notebooks/02_learning_rate.ipynb")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.get_by_role("menuitem", name="Help").click()
    expect(page.get_by_text("The course in your browser: English")).to_be_visible()
    page.keyboard.press("Escape")
    assert run_all(page, 300) == stored(LEARNING_RATE)
    drag_a_map(page)
    stop_a_training(page)
    assert errors == []


def test_a_text_that_a_notebook_brings_is_one_and_no_list_of_lines(tmp_path):
    copy_content(LEARNING_RATE, tmp_path / "it.ipynb")
    cells = json.loads((tmp_path / "it.ipynb").read_text(encoding="utf-8"))["cells"]
    texts = [
        output["text"] for cell in cells for output in cell.get("outputs", []) if "text" in output
    ]
    assert texts
    assert all(isinstance(text, str) for text in texts)


def test_no_cell_says_that_it_was_run_here(tmp_path):
    copy_content(LEARNING_RATE, tmp_path / "it.ipynb")
    notebook = nbformat.read(tmp_path / "it.ipynb", as_version=4)
    nbformat.validate(notebook)
    assert {cell.get("execution_count") for cell in notebook.cells} == {None}


def drag_a_map(page: Page) -> None:
    """Move the start of a map that the notebook shows, and find the words of the same map here."""
    model = explorers.rate_map()
    _, [place] = cell_numbers(LEARNING_RATE, "rate_map")
    cell_at(page, place).scroll_into_view_if_needed()
    view = cell_at(page, place).locator(".course-explorer")
    handle, before = view.locator(".handle:not(.cell)"), picture(view)
    drag(page, handle, 140, 0)
    wait_until_picture_is_not(view, before)
    start = tuple(number(n) for n in re.findall(r"[−\d.]+", handle.get_attribute("aria-valuetext")))
    share = re.compile(r"and \d+% ended")
    first = share.search(model.sentence)[0]
    model.move(start=start)
    moved = share.search(model.sentence)[0]
    assert moved != first
    expect(view.locator(".details")).to_contain_text(moved)


def stop_a_training(page: Page) -> None:
    """Start a training, see it go on, and stop it long before its end."""
    # The first training, which takes some seconds, is not what this is about.
    ask(page, "from course_lib.explorers import warmup")
    ask(page, "warmup.first_training_model = lambda steps: (2.3,) * 51")
    run_new(page, "explorers.digits()")
    view = page.locator(".course-explorer", has=page.locator("progress"))
    view.get_by_role("button", name="Train").click()
    stop = view.get_by_role("button", name="Stop")
    headline = view.locator(".headline")
    expect(headline).to_contain_text("updates")
    expect(headline).not_to_contain_text("after 50 updates")
    stop.click()
    expect(view.get_by_role("button", name="Train")).to_be_visible()
    assert updates_in(headline) < 5000
    run_new_closes_the_old(page, view)


def updates_in(headline: Locator) -> float:
    return number(re.search(r"after ([\d,]+) updates", headline.inner_text())[1])


def run_new_closes_the_old(page: Page, view: Locator) -> None:
    """Run the same cell again: its first explorer is closed, and one view is left."""
    living = "from course_lib.overlay import _shown\nprint(sum(len(v) for _, v in _shown.values()))"
    before = ask(page, living)
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-cell')")
    expect(view).to_have_count(1)
    assert ask(page, living) == before


def test_what_was_solved_is_still_known_and_all_still_runs_without_a_network(visitor, site_of_lite):
    with served(site_of_lite) as root:
        page = opened(visitor, f"{root}/lite", EXERCISE)
        solve(page)
        wait_until_all_is_kept(page, f"{root}/lite")
        page.close()
    visitor.set_offline(True)
    page = opened(visitor, f"{root}/lite", OTHER)
    assert "37 of 37 points" in ask(page, "from course_lib.feedback import progress\nprogress()")
    assert ask(page, "from course_lib import explorers\nexplorers.rate_map()") != ""
    says_how_to_stop(page)
    of_the_same_name_both_have_a_kernel(page)
    assert "others cannot be installed" in ask(page, "%pip install torch")
    an_answer_in_chinese_opens_the_chinese_notebook(page)


def solve(page: Page) -> None:
    solution = json.loads((ROOT / "solutions/01_critical_points.ipynb").read_text("utf-8"))
    for cell in solution["cells"]:
        if cell["cell_type"] == "code":
            answer = ask(page, "".join(cell["source"]))
            assert "✗" not in answer
    assert "37 of 37 points" in answer


def of_the_same_name_both_have_a_kernel(page: Page) -> None:
    """Open the notebook beside its exercises, which have its name."""
    ask(page, "here = 'exercises'")
    opening = "(path) => { window.jupyterapp.commands.execute('docmanager:open', { path }) }"
    page.evaluate(opening, OTHER.replace("exercises", "notebooks"))
    page.wait_for_function(f"{STARTED.removeprefix('() => ')} && {PATH}.startsWith('notebooks/')")
    assert "NameError" in ask(page, "here", seconds=120)
    page.evaluate(opening, OTHER)
    assert "exercises" in ask(page, "here")


def an_answer_in_chinese_opens_the_chinese_notebook(page: Page) -> None:
    ask(page, "import os\nos.environ['COURSE_LANG'] = 'zh_CN'")
    read = "02_learning_rate.ipynb#The-noise-floor"
    run_new(page, f"from course_lib.feedback import Message\nMessage('→', '', read='{read}')")
    page.get_by_role("link", name="噪声下限").click()
    page.wait_for_function(f"() => {PATH} === 'notebooks/zh/02_learning_rate.ipynb'")


def says_how_to_stop(page: Page) -> None:
    """Check a function that takes long: the sentence comes while it runs."""
    ask(page, "from course_lib import feedback\nfeedback.PATIENCE = 0.1")
    slow = "import time\ndef successive_cosines(gradients):\n    end = time.time() + 1\n"
    slow += "    while time.time() < end:\n        pass\n    return 'done'\n"
    said = ask(page, f"{slow}\nfeedback.check(successive_cosines)")
    assert "successive_cosines has been running for 0 seconds. Only “Restart Kernel”" in said
    assert said.index("has been running") < said.index("✗")


def test_on_a_phone_the_list_of_files_leaves_the_room_to_the_notebook(visitor, lite):
    page = visitor.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    page.goto(f"{lite}/lab/index.html?path={EXERCISE}")
    page.wait_for_function("() => document.querySelector('.jp-Notebook')?.clientWidth > 300")
    expect(page.locator("body[data-jp-theme-light=false]")).to_be_attached()


def test_on_a_phone_printed_lines_are_not_broken_and_help_is_seen(visitor, lite):
    page = visitor.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{lite}/lab/index.html?path=notebooks/02_learning_rate.ipynb")
    page.locator(".jp-OutputPlaceholder").first.click()
    printed = page.locator(".jp-OutputArea-output pre").filter(has_text="how far four rates")
    expect(printed).to_have_css("overflow-x", "auto")
    assert printed.evaluate("(it) => it.scrollWidth > it.clientWidth")
    expect(page.get_by_role("menuitem", name="Help")).to_be_in_viewport(ratio=1)


def test_a_kernel_that_does_not_start_is_answered_with_its_traceback(visitor, lite):
    visitor.route("**/piplite-*", lambda route: route.abort())
    with pytest.raises(AssertionError, match="No module named 'piplite'"):
        open_notebook(visitor.new_page(), lite, EXERCISE, seconds=10)
