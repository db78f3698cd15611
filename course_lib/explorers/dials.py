"""The playground: any direction over any scale with any schedule, with its equation and code.

The tables name a function of course_lib and the arguments it is given here. Equation and code are
made from these, so what a learner reads is what runs.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course_lib import plots, schedules, surfaces
from course_lib.descent import Path, descend
from course_lib.optimizers import Optimizer, directions, scales
from course_lib.overlay import Choice, Control, Explorer, Point, Slider, Time

STEPS = 300


class Dial(NamedTuple):
    """A function and the arguments it gets; for a schedule the rate comes first."""

    make: Callable[..., Any]
    arguments: dict[str, Any]

    def code(self, first: str = "") -> str:
        """Return the call as Python text."""
        given = [first] * bool(first) + [f"{name}={v!r}" for name, v in self.arguments.items()]
        module = self.make.__module__.rpartition(".")[2]
        return f"{module}.{self.make.__name__}({', '.join(given)})"

    @property
    def equation(self) -> str:
        """Return the equation, with which the docstrings of these functions begin."""
        return (
            (self.make.__doc__ or "").split("\n")[0].split(":")[0].split(", which")[0].rstrip(".")
        )


DIRECTIONS = {
    "gradient": Dial(directions.gradient, {}),
    "heavy ball": Dial(directions.heavy_ball, {"momentum": 0.9}),
    "Nesterov": Dial(directions.nesterov, {"momentum": 0.9}),
    "moving average": Dial(directions.moving_average, {"beta": 0.9}),
}
SCALES = {
    "one": Dial(scales.one, {}),
    "root of the sum": Dial(scales.root_sum, {}),
    "root of the mean": Dial(scales.root_mean_square, {}),
    "moving root mean square": Dial(
        scales.moving_root_mean_square, {"alpha": 0.99, "corrected": True}
    ),
}
SCHEDULES = {
    "constant": Dial(schedules.constant, {}),
    "inverse root": Dial(schedules.inverse_sqrt, {}),
    "linear to 0": Dial(schedules.linear, {"steps": STEPS}),
    "cosine to 0": Dial(schedules.cosine, {"steps": STEPS}),
    "exponential": Dial(schedules.exponential, {"scale": 100, "factor": 0.5}),
}
SURFACES = {
    "valley": (surfaces.quadratic((1.0, 50.0)), (-1.8, 1.0)),
    "valley, turned": (surfaces.quadratic((1.0, 50.0), angle=0.6), (-1.8, 1.0)),
    "crescent": (surfaces.crescent(), (-1.5, 0.5)),
    "saddle": (surfaces.saddle, (-1.8, 0.01)),
    "Rosenbrock": (surfaces.rosenbrock, (-1.5, 2.0)),
    "Beale": (surfaces.beale, (-2.0, -2.0)),
    "Himmelblau": (surfaces.himmelblau, (0.0, -3.0)),
}


def rule(direction: str, scale: str, schedule: str, lr: float) -> Optimizer:
    """Return the optimizer that four dials name."""
    d, s, e = DIRECTIONS[direction], SCALES[scale], SCHEDULES[schedule]
    return Optimizer(e.make(lr, **e.arguments), d.make(**d.arguments), s.make(**s.arguments))


def code(direction: str, scale: str, schedule: str, lr: float) -> str:
    """Return the three lines of Python that make the same rule."""
    return (
        f"direction = {DIRECTIONS[direction].code()}\n"
        f"scale = {SCALES[scale].code()}\n"
        f"rule = Optimizer({SCHEDULES[schedule].code(f'lr={lr:.3g}')}, direction, scale)"
    )


def equation(direction: str, scale: str, schedule: str) -> str:
    """Return the rule as an equation with its three parts."""
    parts = DIRECTIONS[direction], SCALES[scale], SCHEDULES[schedule]
    return "θ ← θ - η_t m_t / σ_t   with\n" + "\n".join(part.equation for part in parts)


@lru_cache(maxsize=16)  # scrubbing through the time runs nothing again
def playground_model(
    surface: str,
    start: tuple[float, float],
    direction: str,
    scale: str,
    schedule: str,
    lr: float,
) -> Path:
    """Make 300 updates on a surface."""
    return descend(SURFACES[surface][0], start, rule(direction, scale, schedule, lr), STEPS)


DIALS: dict[str, dict[str, Any]] = {
    "A": {"direction": "gradient", "scale": "one", "schedule": "constant", "lr": 0.01},
    "B": {
        "direction": "moving average",
        "scale": "moving root mean square",
        "schedule": "constant",
        "lr": 0.1,
    },
}


def playground(surface: str = "valley") -> Explorer:
    """Notebook 07: two rules of the reader's own, side by side with equal budgets."""
    ground, first_start = SURFACES[surface]
    first = {name: playground_model(surface, first_start, **DIALS[name]) for name in DIALS}
    figure, (left, right) = plots.figure(2)
    plots.contours(left, ground)
    styles = zip(first.items(), plots.COLOURS, plots.DASHES, strict=False)
    actors = [
        left.plot(*run.theta.T, color=colour, ls=dash, label=f"rule {name}")[0]
        for (name, run), colour, dash in styles
    ]
    left.legend()
    # A saddle has no lowest loss, so only there the axis must reach below zero.
    low = ground.value(np.array(ground.special["minimum"])) if "minimum" in ground.special else None
    losses = {f"rule {name}": run.loss - (low or 0) for name, run in first.items()}
    actors += plots.curves(right, losses, "loss" if low is None else "loss - lowest loss")
    high = first["A"].loss[0] - (low or 0)
    if low is None:
        right.set_yscale("symlog", linthresh=0.1 * high)
        right.set(ylim=(-1000 * high, 10 * high))
    else:
        right.set_yscale("log")
        right.set(ylim=(1e-9 * high, 10 * high))
    dots = [left.plot(0, 0, "o", color=plots.INK, ms=6, ls="none")[0] for _ in DIALS]
    line = right.axvline(0, color=plots.INK, lw=1)

    def draw(start: tuple[float, float], t: int, **knobs: Any) -> str:
        line.set_xdata([t, t])
        results, lines = [], []
        for number, name in enumerate(DIALS):
            chosen = {dial: knobs[f"{dial}_{name}"] for dial in DIALS[name]}
            run = playground_model(surface, start, **chosen)
            actors[number].set_data(*run.theta.T)
            actors[2 + number].set_ydata(run.loss - (low or 0))
            dots[number].set_data(*run.theta[[t]].T)
            end = f"ended at loss {run.loss[-1]:.3g}"
            if run.diverged_at is not None:
                end = f"diverged after {run.diverged_at} updates"
            results.append(f"rule {name} {end} (at update {t}: {run.loss[t]:.3g})")
            three = {dial: chosen[dial] for dial in ("direction", "scale", "schedule")}
            lines += [f"\nRule {name}: {equation(**three)}", code(**chosen)]
        return f"After {STEPS} updates {' and '.join(results)}.\n" + "\n".join(lines)

    controls: list[Control] = []
    for name, chosen in DIALS.items():
        for dial, table in (("direction", DIRECTIONS), ("scale", SCALES), ("schedule", SCHEDULES)):
            label = f"{dial} {name}"
            controls.append(Choice(f"{dial}_{name}", label, tuple(table), chosen[dial]))
        controls.append(Slider(f"lr_{name}", f"rate {name}", 1e-4, 1, chosen["lr"], log=True))
    controls += [Point("start", "start", left, first_start), Time(STEPS)]
    return Explorer(figure, [*actors, *dots, line], controls, draw)
