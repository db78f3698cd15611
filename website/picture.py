"""The moving picture of the start page, drawn from runs of the course's own library.

An SVG carries its own motion: it moves once, for five seconds, so that nobody must stop it, and
not at all for who asks for less motion. It is dark where the page is dark.
"""

from html import escape

import numpy as np
from matplotlib.figure import Figure

from course_lib import optimizers, surfaces
from course_lib.descent import Path, descend
from course_lib.language import N_, _
from course_lib.plots import COLOURS
from course_lib.reading import number

SURFACE = surfaces.crescent()
WINDOW = (-1.35, 1.55, -0.5, 1.45)
START, STEPS = (-1.1, 0.7), 120
RULES = {
    N_("gradient descent"): optimizers.gradient_descent(0.1),
    N_("momentum"): optimizers.momentum(0.15),
    "Adam": optimizers.adam(0.12),
}
DARK_COLOURS = ("#56B4E9", "#FF9D5C", "#3FD0A4")
DASHES = ("none", "9 4", "2 4")
KEY = (6, 262, 464)
WIDTH, HEIGHT, SECONDS = 640, 430, 5


def runs() -> dict[str, Path]:
    """Return the run of each rule, all from the same start."""
    return {name: descend(SURFACE, START, rule, STEPS) for name, rule in RULES.items()}


def alternative(shown: dict[str, Path]) -> str:
    """Return what the picture shows in words, from the runs themselves."""
    ends = [
        _("{rule} at a loss of {loss}", rule=_(name), loss=number(run.loss[-1]))
        for name, run in shown.items()
    ]
    return _(
        "Level lines of a valley bent like a crescent, and three runs from one start on its wall. "
        "After {steps} updates they are: {ends}.",
        steps=STEPS,
        ends=_("; ").join(ends),
    )


def moving_picture(shown: dict[str, Path]) -> str:
    """Return the picture as an SVG file."""
    ways = [on_page(run.theta.T) for run in shown.values()]
    moves = "".join(motion(k, way) for k, way in enumerate(ways))
    lines = "".join(line(k, *run) for k, run in enumerate(zip(shown, ways, strict=True)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">'
        f"<style>{look()}{moves}</style>{level_lines()}{lines}</svg>\n"
    )


def motion(k: int, way: np.ndarray) -> str:
    """Return the styles that move a dot, and uncover its line, by one update after the other."""
    travelled = np.r_[0, np.cumsum(np.hypot(*np.diff(way)))]
    veil, place = "", ""
    for t, (x, y) in enumerate(way.T):
        time, left = t / (way.shape[1] - 1), 1 - travelled[t] / travelled[-1]
        veil += f"{time:.2%}{{stroke-dashoffset:{left:.4f}}}"
        place += f"{time:.2%}{{transform:translate({x:.1f}px,{y:.1f}px)}}"
    return (
        f"@keyframes line{k}{{{veil}}}@keyframes dot{k}{{{place}}}"
        f".line{k}{{animation-name:line{k}}}.dot{k}{{animation-name:dot{k}}}"
    )


def line(k: int, name: str, way: np.ndarray) -> str:
    """Return a run's line with its dot, and its entry in the key."""
    (x, y), dash = way[:, -1], f'class="run" stroke-dasharray="{DASHES[k]}"'
    return (
        # A dashed line cannot be drawn by its own dashes: a mask uncovers it.
        f'<mask id="way{k}" maskUnits="userSpaceOnUse" width="{WIDTH}" height="{HEIGHT}">'
        f'<path class="veil line{k}" pathLength="1" d="{drawn(way)}"/></mask>'
        f'<g class="rule{k}"><path {dash} mask="url(#way{k})" d="{drawn(way)}"/>'
        f'<circle class="dot{k}" r="6" style="transform:translate({x:.1f}px,{y:.1f}px)"/>'
        f'<path {dash} d="M{KEY[k]} 412h34"/>'
        f'<text x="{KEY[k] + 42}" y="420">{escape(_(name))}</text></g>'
    )


def look() -> str:
    def colours(of: tuple[str, ...]) -> str:
        return "".join(f".rule{k}{{color:{of[k]}}}" for k in range(len(RULES)))

    return (
        ".level{fill:none;stroke:#9a9a9a;stroke-width:.8}text{font:23px sans-serif;fill:#22272e}"
        ".run,.veil{fill:none;stroke-linejoin:round;stroke:currentColor;stroke-width:2.4}"
        ".veil{stroke:#fff;stroke-width:9;stroke-dasharray:1}"
        f"circle{{fill:currentColor}}{colours(COLOURS)}"
        f"@media(prefers-color-scheme:dark){{.level{{stroke:#777}}text{{fill:#e3e8ee}}{colours(DARK_COLOURS)}}}"
        f"circle,.veil{{animation:{SECONDS}s linear 1 both}}"
        "@media(prefers-reduced-motion:reduce){circle,.veil{animation:none!important}}"
    )


def level_lines() -> str:
    left, right, bottom, top = WINDOW
    x, y = np.linspace(left, right, 145), np.linspace(bottom, top, 97)
    height = SURFACE.value(np.array(np.meshgrid(x, y)))
    levels = height.min() + np.ptp(height) * np.linspace(0.03, 1, 16) ** 2
    segments = Figure().subplots().contour(x, y, height, levels).allsegs
    ways = "".join(drawn(on_page(piece.T)) for level in segments for piece in level)
    x, y = on_page(np.array(SURFACE.special["minimum"]))
    star = f'<path class="level" style="stroke-width:2" d="M{x - 6:.1f} {y:.1f}h12m-6-6v12"/>'
    return f'<path class="level" d="{ways}"/>{star}'


def on_page(theta: np.ndarray) -> np.ndarray:
    left, right, bottom, top = WINDOW
    x, y = theta
    return np.array(
        [(x - left) / (right - left) * WIDTH, (top - y) / (top - bottom) * (HEIGHT - 40)]
    )


def drawn(points: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.T)
