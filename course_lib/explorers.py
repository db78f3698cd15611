"""The explorers: a model that computes, and a view that draws what the model found.

A model is a pure function of its knobs, so it can be tested without a browser. A view makes its
figure once, names the lines that move, and says in one sentence what the knobs led to.
"""

import numpy as np

from course_lib import optimizers, plots, schedules, surfaces
from course_lib.descent import Path, descend
from course_lib.optimizers import Form
from course_lib.overlay import Choice, Explorer, Slider
from course_lib.require import Array

START = (-4.0, 0.2)
UPDATES = 2500


def _ending(path: Path) -> str:
    if path.diverged_at is not None:
        return f"diverged after {path.diverged_at} updates"
    return f"ended at loss {path.loss[-1]:.3g} with gradient norm {path.gradient_norm[-1]:.3g}"


def walls_model(lr: float) -> Path:
    """Descend between two walls of slope 10, 100 updates."""
    rule = optimizers.gradient_descent(lr)
    return descend(surfaces.walls, (-5.0, 0.4), rule, steps=100)


def walls() -> Explorer:
    """Notebook 01: is training that stops at a critical point?"""
    figure, (left, right) = plots.figure(2)
    first = walls_model(0.03)
    plots.contours(left, surfaces.walls)
    actors = plots.paths(left, {"path": first}, legend=False)
    both = {"loss": first.loss, "gradient norm": first.gradient_norm}
    actors += plots.curves(right, both, "loss and gradient norm", log="y")
    right.set(ylim=(1e-3, 30))

    def draw(lr: float) -> str:
        path = walls_model(lr)
        actors[0].set_data(*path.theta.T)
        actors[1].set_ydata(path.loss)
        actors[2].set_ydata(path.gradient_norm)
        bounces = np.sum(np.diff(np.sign(path.theta[-11:, 1])) != 0)
        return (
            f"With learning rate {lr:.3g} the run {_ending(path)}; "
            f"it changed sides {bounces} times in the last 10 updates."
        )

    rate = Slider("lr", "learning rate η", 0.001, 0.1, 0.03, log=True)
    return Explorer(figure, actors, [rate], draw)


def valley_model(lr: float) -> Path:
    """Descend the lecture's valley of condition number 1e6, 300 updates."""
    return descend(surfaces.valley, START, optimizers.gradient_descent(lr), steps=300)


def valley() -> Explorer:
    """Notebook 02: which learning rate suits a valley?"""
    figure, (left, right) = plots.figure(2)
    first = valley_model(0.0099)
    plots.contours(left, surfaces.valley)
    actors = plots.paths(left, {"path": first}, legend=False)
    actors += plots.curves(right, {"loss": first.loss}, "loss", log="y", legend=False)
    right.set(ylim=(1e-4, 1e2))

    def draw(lr: float) -> str:
        path = valley_model(lr)
        actors[0].set_data(*path.theta.T)
        actors[1].set_ydata(path.loss)
        way = 1 - path.theta[-1, 0] / START[0]
        return (
            f"With learning rate {lr:.3g}, {lr / 0.01:.3g} of the bound 2/λ = 0.01, the run "
            f"{_ending(path)}; along the valley it went {way:.2%} of the way."
        )

    rate = Slider("lr", "learning rate η", 1e-4, 0.02, 0.0099, log=True)
    return Explorer(figure, actors, [rate], draw)


def burst_model(
    lr: float, form: Form = "mean", schedule: str = "constant", warmup: int = 0
) -> Path:
    """Descend the sheared valley with Adagrad, 2,500 updates, by one of SCHEDULES."""
    rate = SCHEDULES[schedule](lr)
    if warmup:
        rate = schedules.warmup(warmup, then=rate)
    return descend(surfaces.sheared_valley, START, optimizers.adagrad(rate, form=form), UPDATES)


SCHEDULES = {
    "constant": schedules.constant,
    "1/√(t+1)": schedules.inverse_sqrt,
    "1/√(1+t/100)": lambda lr: schedules.power_law(lr, scale=100, exponent=-0.5),
    "1/(1+t/300)": lambda lr: schedules.power_law(lr, scale=300),
    "linear to 0": lambda lr: schedules.linear(lr, steps=UPDATES),
    "cosine to 0": lambda lr: schedules.cosine(lr, steps=UPDATES),
}


def offset(path: Path) -> Array:
    """Return the distance from the valley's floor across it, as a share of the first."""
    across = np.abs(path.theta[:, 1] - 1e-3 * path.theta[:, 0])
    return across / across[0]


def bursts(path: Path) -> list[int]:
    """Return the updates at which the offset rises above 5 % after 30 updates below it."""
    far = offset(path) > 0.05
    return [t for t in range(30, len(far)) if far[t] and not far[t - 30 : t].any()]


def _found(path: Path) -> str:
    found = bursts(path)
    if not found:
        return f"no burst in {UPDATES} updates"
    count = f"{len(found)} burst{'s' if len(found) > 1 else ''}"
    return f"{count}, at updates {', '.join(map(str, found))}"


def adagrad() -> Explorer:
    """Notebook 03: when does the lecture's Adagrad burst?"""
    figure, (left, right) = plots.figure(2)
    first = burst_model(0.05)
    actors = plots.curves(left, {"offset": offset(first)}, "offset / first offset", legend=False)
    ratio = {"ηλ/σ": first.lr * 200 / first.scale[:, 1]}
    actors += plots.curves(right, ratio, "ηλ/σ (a step is unstable above 2)", legend=False)
    plots.mark(right, 2)
    left.set(ylim=(-0.05, 1.1))
    right.set(ylim=(0, 4))

    def draw(lr: float, form: Form) -> str:
        path = burst_model(lr, form)
        actors[0].set_ydata(offset(path))
        actors[1].set_ydata(path.lr * 200 / path.scale[:, 1])
        highest = np.max(path.lr * 200 / path.scale[:, 1])
        return (
            f"Adagrad with the {form} of squares and rate {lr:.3g}: {_found(path)}. "
            f"The largest ηλ/σ is {highest:.2f}; a step is unstable above 2."
        )

    rate = Slider("lr", "learning rate η", 0.01, 0.3, 0.05, log=True)
    return Explorer(figure, actors, [rate, Choice("form", "form", ("mean", "sum"), "mean")], draw)


def crescent_model(memory: float) -> Path:
    """Descend the crescent with RMSProp, α = 1 - 1/memory, 2,500 updates."""
    rule = optimizers.rmsprop(0.01, alpha=1 - 1 / memory, start="first")
    return descend(surfaces.crescent(), (-1.5, 0.5), rule, UPDATES)


def crescent() -> Explorer:
    """Notebook 04: how long should σ remember?"""
    figure, (left, right) = plots.figure(2)
    first = crescent_model(10)
    plots.contours(left, surfaces.crescent())
    actors = plots.paths(left, {"path": first}, legend=False)
    size = {"gradient |g|": np.abs(first.gradient[:, 1]), "scale σ": first.scale[:, 1]}
    actors += plots.curves(right, size, "|g| and σ of parameter y", log="y")
    right.set(ylim=(1e-4, 10))

    def draw(memory: float) -> str:
        path = crescent_model(memory)
        actors[0].set_data(*path.theta.T)
        actors[1].set_ydata(np.abs(path.gradient[:, 1]))
        actors[2].set_ydata(path.scale[:, 1])
        close = np.hypot(*(path.theta - surfaces.crescent().special["minimum"]).T) < 0.1
        arrived = (
            f"after {np.argmax(close)} updates" if close.any() else f"not in {UPDATES} updates"
        )
        return (
            f"With a memory of {memory:.3g} gradients (α = {1 - 1 / memory:.3g}) RMSProp comes "
            f"within 0.1 of the minimum {arrived}."
        )

    memory = Slider("memory", "memory 1/(1-α)", 2, 1000, 10, log=True)
    return Explorer(figure, actors, [memory], draw)


def adam_model(beta1: float, beta2: float, corrected: bool) -> Path:
    """Make 50 Adam updates on a slope of -1 everywhere, where m = g and σ = |g| would be ideal."""
    slope = surfaces.track(steep=1.0, flat=1.0)
    return descend(slope, (-1.0,), optimizers.adam(0.001, beta1, beta2, corrected=corrected), 50)


def adam() -> Explorer:
    """Notebook 05: what does the correction correct?"""
    figure, (left, right) = plots.figure(2)
    t = np.arange(51)
    actors = plots.curves(left, {"direction m / g": t, "scale σ / |g|": t}, "share of the gradient")
    actors += plots.curves(right, {"step": t}, "step / η", legend=False)
    plots.mark(right, 1, "ideal")
    left.set(ylim=(0, 1.1))
    right.set(ylim=(0, 8))

    def draw(memory1: float, memory2: float, corrected: str) -> str:
        beta1, beta2 = 1 - 1 / memory1, 1 - 1 / memory2
        path = adam_model(beta1, beta2, corrected == "on")
        m, sigma = -path.direction[:, 0], path.scale[:, 0]
        for actor, values in zip(actors, (m, sigma, m / sigma), strict=True):
            actor.set_ydata(values)
        steps = m / sigma
        return (
            f"β₁ = {beta1:.3g}, β₂ = {beta2:.4g}, correction {corrected}: the first step is "
            f"{steps[0]:.3f} η, the largest {steps.max():.3f} η, at update {steps.argmax() + 1}."
        )

    controls: list[Slider | Choice] = [
        Slider("memory1", "memory of m, 1/(1-β₁)", 1, 100, 10, log=True),
        Slider("memory2", "memory of σ, 1/(1-β₂)", 1, 10_000, 1000, log=True),
        Choice("corrected", "correction", ("off", "on"), "off"),
    ]
    return Explorer(figure, actors, controls, draw)


def schedule() -> Explorer:
    """Notebook 06: which schedule stops the burst and still arrives?"""
    figure, (left, right) = plots.figure(2)
    first = burst_model(0.05)
    actors = plots.curves(left, {"η": first.lr}, "learning rate η", log="y", legend=False)
    actors += plots.curves(right, {"offset": offset(first)}, "offset / first offset", legend=False)
    left.set(ylim=(1e-5, 0.3))
    right.set(ylim=(-0.05, 1.1))

    def draw(lr: float, decay: str, warmup: int) -> str:
        path = burst_model(lr, schedule=decay, warmup=warmup)
        actors[0].set_ydata(path.lr)
        actors[1].set_ydata(offset(path))
        return (
            f"η₀ = {lr:.3g}, decay {decay}, warmup {warmup}: {_found(path)}; at the end "
            f"|w| = {abs(path.theta[-1, 0]):.3g} of the 4 it started from."
        )

    controls: list[Slider | Choice] = [
        Slider("lr", "first rate η₀", 0.01, 0.2, 0.05, log=True),
        Choice("decay", "decay", tuple(SCHEDULES), "constant"),
        Slider("warmup", "warmup updates", 0, 500, 0, whole=True),
    ]
    return Explorer(figure, actors, controls, draw)
