"""Notebook 07: any direction over any scale with any schedule, with its equation and code.

The tables name a function of course_lib and the arguments it is given here, from which its code is
made, so what a learner reads is what runs; and its equation in TeX.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from course_lib import data, plots, schedules, surfaces
from course_lib.descent import Path, descend, updates
from course_lib.explorers.maps import SIDE, UPDATES, Axis, Place, on_surface
from course_lib.explorers.parts import Moment, numbers
from course_lib.language import N_, _
from course_lib.maps import Map, sweep
from course_lib.network import MLP
from course_lib.optimizers import Optimizer, directions, scales
from course_lib.overlay import Choice, Control, Explorer, Point, Run, Slider, Time
from course_lib.reading import Listing, Reading, Table, number
from course_lib.require import Setting

STEPS = 300


class Dial(NamedTuple):
    """A function, its equation and the arguments it gets; for a schedule the rate comes first."""

    make: Callable[..., Any]
    equation: str
    arguments: dict[str, Any]

    def code(self, first: str = "") -> str:
        """Return the call as Python text."""
        given = [first] * bool(first) + [f"{name}={v!r}" for name, v in self.arguments.items()]
        module = self.make.__module__.rpartition(".")[2]
        return f"{module}.{self.make.__name__}({', '.join(given)})"


DIRECTIONS = {
    N_("gradient"): Dial(directions.gradient, r"m_t = g_t", {}),
    N_("heavy ball"): Dial(
        directions.heavy_ball, r"v_t = μ v_{t-1} + g_t, \quad m_t = v_t", {"momentum": 0.9}
    ),
    N_("Nesterov"): Dial(
        directions.nesterov, r"v_t = μ v_{t-1} + g_t, \quad m_t = g_t + μ v_t", {"momentum": 0.9}
    ),
    N_("moving average"): Dial(
        directions.moving_average,
        r"a_t = β a_{t-1} + (1-β) g_t, \quad m_t = \frac{a_t}{1-β^{t+1}}",
        {"beta": 0.9},
    ),
}
SCALES = {
    N_("one"): Dial(scales.one, r"σ_t = 1", {}),
    N_("root of the sum"): Dial(scales.root_sum, r"σ_t = \sqrt{g_0^2 + … + g_t^2} + ε", {}),
    N_("root of the mean"): Dial(
        scales.root_mean_square, r"σ_t = \sqrt{\frac{g_0^2 + … + g_t^2}{t+1}} + ε", {}
    ),
    N_("moving root mean square"): Dial(
        scales.moving_root_mean_square,
        r"v_t = α v_{t-1} + (1-α) g_t^2, \quad σ_t = \sqrt{\frac{v_t}{1-α^{t+1}}} + ε",
        {"alpha": 0.99, "corrected": True},
    ),
}
SCHEDULES = {
    N_("constant"): Dial(schedules.constant, r"η_t = η", {}),
    N_("inverse root"): Dial(schedules.inverse_sqrt, r"η_t = \frac{η}{\sqrt{t+1}}", {}),
    N_("linear to 0"): Dial(schedules.linear, r"η_t = η (1 - \min(t, K)/K)", {"steps": STEPS}),
    N_("cosine to 0"): Dial(
        schedules.cosine,
        r"η_t = \frac{η}{2} (1 + \cos(π \min(t, T)/T))",
        {"steps": STEPS},
    ),
    N_("exponential"): Dial(
        schedules.exponential, r"η_t = η c^{t/s}", {"scale": 100, "factor": 0.5}
    ),
}
PARTS = {N_("direction"): DIRECTIONS, N_("scale"): SCALES, N_("schedule"): SCHEDULES}


class Ground(NamedTuple):
    """What is descended, its name in Python, and where the run starts."""

    surface: surfaces.Surface
    code: str
    start: tuple[float, float]


SURFACES = {
    "valley": Ground(
        surfaces.quadratic((1.0, 50.0)), "surfaces.quadratic((1.0, 50.0))", (-1.8, 1.0)
    ),
    "valley, turned": Ground(
        surfaces.quadratic((1.0, 50.0), angle=0.6),
        "surfaces.quadratic((1.0, 50.0), angle=0.6)",
        (-1.8, 1.0),
    ),
    "walls": Ground(surfaces.walls, "surfaces.walls", (-5.0, 0.4)),
    "crescent": Ground(surfaces.crescent(), "surfaces.crescent()", (-1.5, 0.5)),
    "saddle": Ground(surfaces.saddle, "surfaces.saddle", (-1.8, 0.01)),
    "monkey saddle": Ground(surfaces.monkey_saddle, "surfaces.monkey_saddle", (1.2, 0.01)),
    "plateau": Ground(surfaces.plateau, "surfaces.plateau", (3.0, 2.0)),
    "Rosenbrock": Ground(surfaces.rosenbrock, "surfaces.rosenbrock", (-1.5, 2.0)),
    "Beale": Ground(surfaces.beale, "surfaces.beale", (0.5, 1.5)),
    "Himmelblau": Ground(surfaces.himmelblau, "surfaces.himmelblau", (0.0, -3.0)),
}
IMPORTS = """\
from course_lib import schedules, surfaces
from course_lib.descent import descend
from course_lib.optimizers import Optimizer, directions, scales"""


def rule(direction: str, scale: str, schedule: str, lr: Setting, **turned: Any) -> Optimizer:
    """Return the optimizer that four dials name; `turned` replaces arguments of its parts."""

    def make(dial: Dial, *first: Setting) -> Any:
        mine = {name: turned.get(name, value) for name, value in dial.arguments.items()}
        return dial.make(*first, **mine)

    d, s, e = DIRECTIONS[direction], SCALES[scale], SCHEDULES[schedule]
    return Optimizer(make(e, lr), make(d), make(s))


def code(direction: str, scale: str, schedule: str, lr: float) -> str:
    """Return the three lines of Python that make the same rule; IMPORTS stand before them."""
    return (
        f"direction = {DIRECTIONS[direction].code()}\n"
        f"scale = {SCALES[scale].code()}\n"
        f"rule = Optimizer({SCHEDULES[schedule].code(f'lr={lr:.3g}')}, direction, scale)"
    )


def listing(name: str, direction: str, scale: str, schedule: str, lr: float) -> Listing:
    """Return the rule with its equations and as Python."""
    parts = DIRECTIONS[direction], SCALES[scale], SCHEDULES[schedule]
    equations = r"θ ← θ - η_t \frac{m_t}{σ_t}", *(part.equation for part in parts)
    return Listing(_("Rule {name}", name=name), code(direction, scale, schedule, lr), equations)


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
    return descend(SURFACES[surface].surface, start, rule(direction, scale, schedule, lr), STEPS)


DIALS: dict[str, dict[str, Any]] = {
    "A": {"direction": "gradient", "scale": "one", "schedule": "constant", "lr": 0.01},
    "B": {
        "direction": "moving average",
        "scale": "moving root mean square",
        "schedule": "constant",
        "lr": 0.1,
    },
}
RULES = {"A": N_("rule A"), "B": N_("rule B")}


def _dials() -> list[Control]:
    controls: list[Control] = []
    for name, chosen in DIALS.items():
        group = _("Rule {name}", name=name)
        for dial, table in PARTS.items():
            knob = f"{dial}_{name}", f"{_(dial)} {name}", tuple(table), chosen[dial]
            controls.append(Choice(*knob, group))
        rate = f"lr_{name}", _("rate {name}", name=name), 1e-4, 1, chosen["lr"]
        controls.append(Slider(*rate, log=True, group=group))
    return controls


def _chosen(name: str, knobs: dict[str, Any]) -> dict[str, Any]:
    """Return the four dials of rule A or B."""
    return {dial: knobs[f"{dial}_{name}"] for dial in DIALS[name]}


def _listings(knobs: dict[str, Any]) -> tuple[Listing, ...]:
    return tuple(listing(name, **_chosen(name, knobs)) for name in DIALS)


def playground(surface: str = "valley") -> Explorer:
    """Notebook 07: two rules of the reader's own, side by side with equal budgets.

    surface: a name in SURFACES, or "digits" for a real network, which is trained on request.
    """
    if surface == "digits":
        return _on_digits()
    if surface not in SURFACES:
        raise ValueError(f"surface must be one of {[*SURFACES, 'digits']}; got {surface!r}")
    ground, _code, first_start = SURFACES[surface]
    first = {name: playground_model(surface, first_start, **DIALS[name]) for name in DIALS}
    figure, (left, right) = plots.figure(2)
    plots.contours(left, ground)
    styles = zip(first.items(), plots.COLOURS, plots.DASHES, strict=False)
    actors = [
        left.plot(*run.theta.T, color=colour, ls=dash, label=RULES[name])[0]
        for (name, run), colour, dash in styles
    ]
    left.legend()
    # A saddle has no lowest loss, so only there the axis must reach below zero.
    low = ground.value(np.array(ground.special["minimum"])) if "minimum" in ground.special else None
    losses = {RULES[name]: run.loss - (low or 0) for name, run in first.items()}
    actors += plots.curves(right, losses, N_("loss") if low is None else N_("loss − lowest loss"))
    high = abs(first["A"].loss[0] - (low or 0))
    if low is None:
        right.set_yscale("symlog", linthresh=0.1 * high)
        right.set(ylim=(-1000 * high, 10 * high))
    else:
        plots.logarithmic(right, "y")
        right.set(ylim=(1e-9 * high, 10 * high))
    dots = [left.plot(0, 0, "o", color=plots.INK, ms=6, ls="none")[0] for _name in DIALS]
    moment = Moment(right)

    def draw(start: tuple[float, float], t: int, **knobs: Any) -> Reading:
        moment.show(t)
        results, places, losses = [], [], []
        for i, name in enumerate(DIALS):
            run = playground_model(surface, start, **_chosen(name, knobs))
            actors[i].set_data(*run.theta.T)
            actors[2 + i].set_ydata(run.loss - (low or 0))
            dots[i].set_data(*run.theta[[t]].T)
            result = _("rule {name} ended at loss {loss}", name=name, loss=number(run.loss[-1]))
            if run.diverged_at is not None:
                result = _(
                    "rule {name} diverged after {count} updates", name=name, count=run.diverged_at
                )
            results.append(result)
            places.append(numbers(run.theta[t]))
            losses.append(number(run.loss[t]))
        x, y = zip(*places, strict=True)
        rows = {**dict(zip(ground.axes, (x, y), strict=True)), _("loss"): tuple(losses)}
        repeat = (
            f"{IMPORTS}\n# the three lines of the rule\n"
            f"run = descend({SURFACES[surface].code}, ({start[0]!r}, {start[1]!r}), rule, {STEPS})"
        )
        return Reading(
            _(
                "After {count} updates {one} and {other}.",
                count=STEPS,
                one=results[0],
                other=results[1],
            ),
            table=Table(_("At update {t:,}", t=t), rows, tuple(map(_, RULES.values()))),
            listings=(*_listings(knobs), Listing(_("To repeat a run"), repeat)),
        )

    controls: list[Control] = [
        *_dials(),
        Point("start", _("start"), left, first_start),
        Time(STEPS),
    ]
    return Explorer(figure, [*actors, *dots, *moment.actors], controls, draw, charts=moment.charts)


MAP_AXES = {
    "lr": Axis(N_("rate η"), np.geomspace(1e-3, 1, SIDE)),
    "momentum": Axis(N_("momentum μ"), np.linspace(0, 0.99, SIDE), log=False),
    "beta": Axis(N_("memory of m, 1/(1−β)"), np.geomspace(1, 100, SIDE)),
    "alpha": Axis(N_("memory of σ, 1/(1−α)"), np.geomspace(2, 2000, SIDE)),
    "steps": Axis(N_("length of the schedule"), np.arange(20, 20 + 3 * SIDE, 3), log=False),
    "factor": Axis(N_("factor of the schedule"), np.linspace(0.01, 0.99, SIDE), log=False),
}


def _having(table: dict[str, Dial], names: set[str]) -> tuple[str, ...]:
    """Return the entries of a table whose functions have those of the named arguments it knows."""
    needed = names & {name for dial in table.values() for name in dial.arguments}
    return tuple(entry for entry, dial in table.items() if needed <= dial.arguments.keys())


def _turned(values: dict[str, Any]) -> dict[str, Any]:
    """Return the dials for values of the axes: an average is shown as a memory, 1/(1-β)."""
    return {name: 1 - 1 / v if name in ("beta", "alpha") else v for name, v in values.items()}


@lru_cache(maxsize=8)  # reading other cells runs nothing again
def playground_map_model(x: str, y: str, surface: str, start: Place, **chosen: Any) -> Map:
    """Make 200 updates on a surface with every pair of values of two dials."""

    def rule_of(across: Setting, up: Setting) -> Optimizer:
        return rule(**chosen, **_turned({x: across, y: up}))

    across, up = MAP_AXES[x].values, MAP_AXES[y].values
    return sweep(rule_of, SURFACES[surface].surface, start, UPDATES, across=across, up=up)


def playground_map(x: str = "lr", y: str = "momentum", surface: str = "valley") -> Explorer:
    """Notebook 07: the loss over any two dials of a rule.

    x, y: two of lr, momentum, beta, alpha, steps and factor. surface: a name in SURFACES with a
    minimum. Only parts of a rule that have these dials can be chosen.
    """
    if x == y or not {x, y} <= MAP_AXES.keys():
        raise ValueError(f"x and y must be two of {[*MAP_AXES]}; got {x!r} and {y!r}")
    known = [name for name, ground in SURFACES.items() if "minimum" in ground.surface.special]
    if surface not in known:
        raise ValueError(f"surface must be one of {known}; got {surface!r}")
    more: list[Control] = []
    fixed: dict[str, Any] = {}
    for dial, table in PARTS.items():
        options = _having(table, {x, y})
        if not options:
            raise ValueError(f"no {dial} has both {x} and {y}")
        if len(options) == 1:
            fixed[dial] = options[0]
        else:
            more.append(Choice(dial, _(dial), options, options[0]))
    if "lr" not in (x, y):
        more.append(Slider("lr", _("rate η"), 1e-3, 1, 0.1, log=True))
    ground = SURFACES[surface]

    def swept(start: Place, **chosen: Any) -> Map:
        return playground_map_model(x, y, surface, start, **fixed, **chosen)

    def run(across: float, up: float, start: Place, **chosen: Any) -> Path:
        turned = _turned({x: across, y: up})
        return descend(ground.surface, start, rule(**fixed, **chosen, **turned), UPDATES)

    across, up = MAP_AXES[x], MAP_AXES[y]
    cell = float(across.values[SIDE // 3]), float(up.values[SIDE // 2])
    return on_surface(across, up, ground.surface, swept, run, cell, ground.start, more)


def _on_digits() -> Explorer:
    """Train a network of 2,410 parameters on the digits, with rule A and then with rule B.

    Both are trained once, with their first dials, when the picture is made.
    """
    x, y = data.digits()
    rows = np.random.default_rng(0).permutation(len(x))
    train, held_out = rows[:1400], rows[1400:]
    net = MLP((64, 32, 10))
    task = net.on(x[train], y[train], batch_size=100)
    losses: dict[str, list[float]] = {name: [] for name in DIALS}
    right: dict[str, float] = {}
    trained: dict[str, dict[str, Any]] = {}
    figure, ax = plots.figure(width=7.0)
    names = {name: [2.3] for name in RULES.values()}
    curves = plots.curves(ax, names, N_("mini-batch loss"), log="y")
    ax.legend(loc="upper right")
    ax.set(xlim=(-5, STEPS + 5), ylim=(1e-3, 20))

    def work(**knobs: Any) -> Iterator[float]:
        right.clear()
        for name in DIALS:
            losses[name], trained[name] = [], _chosen(name, knobs)
        for i, name in enumerate(DIALS):
            for row in updates(task, net.init(0), rule(**trained[name]), STEPS):
                losses[name].append(float(row.loss))
                yield (i + row.t / STEPS) / len(DIALS)
            right[name] = np.mean(net.outputs(row.theta, x[held_out]).argmax(axis=1) == y[held_out])

    def draw(**knobs: Any) -> Reading:
        results = []
        for curve, name in zip(curves, DIALS, strict=True):
            seen = losses[name][:]
            curve.set_data(np.arange(len(seen)), seen)
            if seen:
                # Two digits: the next ones depend on rounding.
                told = {"name": name, "loss": number(seen[-1], 2), "count": len(seen) - 1}
                result = _("Rule {name}: loss {loss} after {count} updates.", **told)
                if trained[name] != _chosen(name, knobs):
                    result = _(
                        "Rule {name}: loss {loss} after {count} updates (with the dials before; "
                        "train again).",
                        **told,
                    )
                results.append(result)
        done = [
            _("rule {name} has {share:.1%} right", name=name, share=share)
            for name, share in right.copy().items()  # another thread may add one
        ]
        headline = _("Of {count} held-out digits none are tried yet.", count=len(held_out))
        if done:
            headline = _(
                "Of {count} held-out digits {results}.",
                count=len(held_out),
                results=_("; ").join(done),
            )
        return Reading(headline, tuple(results), listings=_listings(knobs))

    controls = _dials()
    for _done in work(**{control.name: control.value for control in controls}):
        pass
    return Explorer(figure, curves, controls, draw, Run(_("Train both"), work), charts={ax: ()})
