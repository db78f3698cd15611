"""Figures: text alternatives, palette pictures, and curves that differ without colour."""

import base64
import io
import re

import numpy as np
from PIL import Image

from course_lib import optimizers, plots, surfaces
from course_lib.descent import descend


def picture(alt: str) -> dict[str, str]:
    figure, ax = plots.figure()
    plots.curves(ax, {"one": [1, 2, 3], "two": [3, 2, 1]}, "loss")
    return plots.Picture(figure, alt)._repr_mimebundle_()


def test_a_picture_carries_its_text_as_alternative_and_as_plain_text():
    stored = picture("the loss falls from 3 to 1")
    assert 'alt="the loss falls from 3 to 1"' in stored["text/html"]
    assert stored["text/plain"] == "the loss falls from 3 to 1"


def test_the_text_of_a_picture_cannot_become_markup():
    assert "<script>" not in picture('"><script>alert(1)</script>')["text/html"]


def test_a_picture_is_a_palette_png_of_the_size_asked_for():
    data = re.search('base64,([^"]+)', picture("text")["text/html"])
    image = Image.open(io.BytesIO(base64.b64decode(data[1])))
    assert (image.format, image.mode, image.size) == ("PNG", "P", (800, 340))


def test_the_same_figure_gives_the_same_bytes():
    assert picture("text") == picture("text")


def test_neighbouring_curves_differ_in_colour_and_in_dashes():
    _, ax = plots.figure()
    lines = plots.curves(ax, {str(i): [i, i] for i in range(7)}, "loss")
    assert len({line.get_color() for line in lines}) == 7
    assert len(set(map(str, plots.DASHES))) == 7
    assert len({line.get_linestyle() for line in lines[:4]}) == 4


def test_the_powers_of_a_logarithmic_axis_are_written_as_text():
    _, ax = plots.figure()
    plots.curves(ax, {"loss": [1e-12, 1.0, 1e3]}, "loss", log="y")
    assert ax.yaxis.get_major_formatter().format_ticks([1e-12, 1, 1e3]) == ["10⁻¹²", "10⁰", "10³"]
    assert (ax.get_xscale(), ax.get_yscale()) == ("linear", "log")


def test_contours_mark_each_special_point_and_name_the_axes():
    _, ax = plots.figure()
    plots.contours(ax, surfaces.himmelblau)
    marked = {tuple(np.round(line.get_xydata()[0], 6)) for line in ax.lines}
    assert marked == {tuple(np.round(p, 6)) for p in surfaces.himmelblau.special.values()}
    assert (ax.get_xlabel(), ax.get_ylabel()) == surfaces.himmelblau.axes


def test_a_path_is_drawn_through_every_row():
    run = descend(surfaces.saddle, (1.0, 0.5), optimizers.gradient_descent(0.1), steps=5)
    _, ax = plots.figure()
    (line,) = plots.paths(ax, {"run": run})
    np.testing.assert_array_equal(line.get_xydata(), run.theta)
