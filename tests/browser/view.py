"""A live view of an explorer, as tests read and move it."""

from collections.abc import Iterator

import numpy as np
from matplotlib.image import AxesImage
from playwright.sync_api import Locator, Page, expect

from course_lib.overlay import Choice, Explorer, Point, Slider

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


def drag(page: Page, handle: Locator, right: float, down: float) -> None:
    handle.hover()  # waits until the page stands still
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.down()
    for share in (0.25, 0.5, 0.75, 1):
        page.mouse.move(x + share * right, y + share * down)
    page.mouse.up()


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


def point_on_page(
    view: Locator, model: Explorer, pixel: tuple[float, float]
) -> tuple[float, float]:
    """Where on the page a pixel of the stage is."""
    for panel, (left, width) in zip(view.locator(".panel").all(), model.panels, strict=True):
        if left <= pixel[0] < left + width:
            box = panel.bounding_box()
            scale = box["width"] / width
            return box["x"] + (pixel[0] - left) * scale, box["y"] + pixel[1] * scale
    raise AssertionError(f"{pixel} is in no panel")
