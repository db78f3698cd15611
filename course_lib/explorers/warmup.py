"""Notebook 06: compose a schedule, see what it does to the burst, train and map a network."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import islice, zip_longest
from typing import Any

import numpy as np

from course_lib import data, optimizers, plots, schedules, surfaces
from course_lib.descent import Path, updates
from course_lib.explorers.burst import UPDATES, burst_model, found, later, offset, stability
from course_lib.explorers.maps import Axis, Chart, Place
from course_lib.explorers.parts import Moment, capitalized, update
from course_lib.language import N_, _
from course_lib.maps import Map, sweeping
from course_lib.network import MLP, Training
from course_lib.overlay import Choice, Control, Explorer, Run, Slider, Time
from course_lib.reading import Reading, Table, number
from course_lib.require import Array, Count, Setting
from course_lib.schedules import Schedule

DECAYS: dict[str, Callable[[float, int], Schedule]] = {
    N_("constant"): lambda lr, steps: schedules.constant(lr),
    "1/√(t+1)": lambda lr, steps: schedules.inverse_sqrt(lr),
    "1/√(1+t/100)": lambda lr, steps: schedules.power_law(lr, scale=100, exponent=-0.5),
    "1/(1+t/300)": lambda lr, steps: schedules.power_law(lr, scale=300),
    N_("÷2 every 500"): lambda lr, steps: schedules.step(lr, 500, factor=0.5),
    N_("linear to 0"): schedules.linear,
    N_("cosine to 0"): schedules.cosine,
}
SHAPES = {N_("straight"): 1.0, N_("quick (root)"): 0.5, N_("slow (square)"): 2.0}


def compose(lr: float, decay: str, warmup: int, shape: str, steps: int) -> Schedule:
    """Return the schedule that rises to lr in `warmup` updates and then decays until `steps`."""
    return schedules.warmup(warmup, DECAYS[decay](lr, steps - warmup), SHAPES[shape])


def _controls(lr: Slider, longest: int) -> list[Control]:
    return [
        lr,
        Slider("warmup", _("warmup updates"), 0, longest, 0, whole=True),
        Choice("shape", _("shape of the warmup"), tuple(SHAPES), "straight"),
        Choice("decay", _("decay"), tuple(DECAYS), "constant"),
    ]


@lru_cache(maxsize=8)  # scrubbing through the time runs nothing again
def schedule_model(lr: float, decay: str, warmup: int, shape: str) -> Path:
    """Descend the sheared valley with the lecture's Adagrad and a composed schedule."""
    return burst_model(compose(lr, decay, warmup, shape, UPDATES))


def schedule() -> Explorer:
    """Notebook 06: which schedule stops the burst and still arrives?"""
    figure, (left, right) = plots.figure(2)
    first = schedule_model(0.05, "constant", 0, "straight")
    curves = plots.curves(left, {"η": first.lr}, N_("learning rate η"), log="y", legend=False)
    moved = {N_("offset"): offset(first)}
    curves += plots.curves(right, moved, N_("offset / first offset"), legend=False)
    left.set(ylim=(1e-5, 0.3))
    right.set(ylim=(-0.05, 1.1))
    moment = Moment(left, right)

    def draw(lr: float, warmup: int, shape: str, decay: str, t: int) -> Reading:
        path = schedule_model(lr, decay, warmup, shape)
        curves[0].set_ydata(path.lr)
        curves[1].set_ydata(offset(path))
        moment.show(t)
        w = number(abs(path.theta[-1, 0]))
        end = _("At the end |w| = {w} of the 4 it started from.", w=w)
        table = update(path, t, surfaces.sheared_valley.axes, **{"ηλ/σ": stability(path)[t]})
        chosen = _("{choice}.", choice=capitalized(_label(lr, warmup, shape, decay)))
        return Reading(found(path), (chosen, end, *later(path)), table)

    rate = Slider("lr", _("largest rate η"), 0.01, 0.2, 0.05, log=True)
    controls: list[Control] = [*_controls(rate, 500), Time(UPDATES)]
    return Explorer(figure, [*curves, *moment.actors], controls, draw, charts=moment.charts)


DEEP = MLP((64,) + (32,) * 8 + (10,), activation="relu")
TRAINING = 5000
SMOOTH = 50  # a mini-batch's loss is noisy, so the mean of so many is drawn
SMOOTHED = N_("loss, mean of 50 batches")


def smooth(losses: list[float]) -> Array:
    """Return the mean of each loss and the 49 before it, or of those there are."""
    sums = np.cumsum([0.0, *losses])
    t = np.arange(1, len(losses) + 1)
    first = np.maximum(t - SMOOTH, 0)
    return (sums[t] - sums[first]) / (t - first)


def _label(lr: float, warmup: int, shape: str, decay: str) -> str:
    return _(
        "largest rate {lr}, warmup {warmup} ({shape}), decay {decay}",
        lr=number(lr),
        warmup=warmup,
        shape=_(shape),
        decay=_(decay),
    )


def training(lr: float, warmup: int, shape: str, decay: str) -> Iterator[float]:
    """Train the deep network on the digits with Adam and a schedule; yield the loss of each batch.

    Eight hidden layers of 32, ReLU, batches of 32, the same start each time.
    """
    task = DEEP.on(*data.digits(), batch_size=32)
    rule = optimizers.adam(compose(lr, decay, warmup, shape, TRAINING))
    for row in updates(task, DEEP.init(0), rule, TRAINING):
        yield float(row.loss)


FIRST: dict[str, Any] = {"lr": 0.01, "warmup": 0, "shape": "straight", "decay": "constant"}


@lru_cache(maxsize=2)
def first_training_model(steps: int) -> tuple[float, ...]:
    """Return the losses of a training of so many updates with the choice FIRST."""
    return tuple(islice(training(**FIRST), steps + 1))


def _beginning(curve: Array) -> str:
    # Later losses depend on rounding: this training is chaotic.
    far = min(500, len(curve) - 1)
    bound = np.ceil(10 * curve[far]) / 10
    return _(
        "loss from {first:.1f} to below {bound:.1f} in the first {count} updates",
        first=curve[0],
        bound=bound,
        count=far,
    )


def digits() -> Explorer:
    """Notebook 06: train a network on the digits with a schedule of your own.

    The last two trainings are drawn. The first one, with the choice FIRST, is made with the
    picture.
    """
    first = list(first_training_model(TRAINING))
    trainings: list[tuple[dict[str, Any], list[float]]] = [(FIRST, first)]
    figure, (left, right) = plots.figure(2)
    t = np.arange(TRAINING + 1)
    rate = plots.curves(left, {"η": 0.01 + 0 * t}, N_("learning rate η"), log="y", legend=False)[0]
    left.set(ylim=(1e-5, 0.2))
    names = {N_("this training"): [2.3], N_("the one before"): [2.3]}
    actors = plots.curves(right, names, SMOOTHED, log="y")
    right.legend(loc="lower left")
    right.set(xlim=(-100, TRAINING + 100), ylim=(1e-6, 5))

    def work(**chosen: Any) -> Iterator[float]:
        losses: list[float] = []
        trainings.append((chosen, losses))
        del trainings[:-2]
        for loss in training(**chosen):
            losses.append(loss)
            yield (len(losses) - 1) / TRAINING

    def draw(**chosen: Any) -> Reading:
        lr, warmup, shape, decay = (chosen[name] for name in FIRST)
        rate.set_ydata(compose(lr, decay, warmup, shape, TRAINING)(t))
        headline, words = "", [_("Chosen: {choice}.", choice=_label(**chosen))]
        for actor, name, training in zip_longest(actors, names, trainings[::-1]):
            actor.set_data([], [])
            if training:
                label, losses = _label(**training[0]), training[1]
                curve = smooth(losses[:])
                actor.set_data(t[: len(curve)], curve)
                end = "…"
                if len(curve):
                    end = _(
                        "loss {loss} after {count:,} updates",
                        loss=number(curve[-1], 2),
                        count=len(curve) - 1,
                    )
                if losses is first:
                    end = _beginning(curve)
                told = {"training": capitalized(_(name)), "choice": label, "end": end}
                if not headline:
                    headline = _("{training}: {end}.", **told)
                    if label != _label(**chosen):
                        headline = _("Not yet trained with this choice: press “Train”.")
                words.append(_("{training} ({choice}): {end}.", **told))
        return Reading(headline, tuple(words))

    largest = Slider("lr", _("largest rate η"), 3e-4, 0.1, FIRST["lr"], log=True)
    controls = _controls(largest, 1000)
    run = Run(_("Train"), work)
    on_top = [rate, *actors[::-1]]  # this training over the one before
    return Explorer(figure, on_top, controls, draw, run, charts={left: (), right: ()})


MAP_UPDATES = 400
MAP_RATE = Axis(N_("largest rate η"), np.geomspace(0.001, 0.1, 9))
MAP_WARMUP = Axis(N_("warmup updates"), np.arange(0, 250, 50), log=False)


class Judged:
    """The training of notebook 06, whose last update sees all pictures: its loss is the map's.

    θ is seen in steps of 2⁻¹⁴, as there, so that the training runs alike on every computer.
    """

    def __init__(self) -> None:
        x, y = data.digits()
        self.all: Training = DEEP.on(x, y)
        self.batches: Training = DEEP.on(x, y, batch_size=32)

    def loss_and_gradient(self, theta: Array, t: int) -> tuple[Array, Array]:
        """Return loss and gradient on the rows that update t sees."""
        task = self.batches if t < MAP_UPDATES else self.all
        return task.loss_and_gradient(np.rint(theta * 2**14) / 2**14, t)


def triangle(lr: Setting, warmup: Count) -> optimizers.Optimizer:
    """Return Adam whose rate rises to lr in `warmup` updates and then falls in a line to zero."""
    return optimizers.adam(schedules.warmup(warmup, schedules.linear(lr, MAP_UPDATES - warmup)))


def mapping(seed: int) -> Iterator[tuple[float, Map]]:
    """Train the network from one start with every pair of a rate and a warmup, one by one."""
    lr, warmup = MAP_RATE.values, MAP_WARMUP.values
    return sweeping(triangle, Judged(), DEEP.init(seed), MAP_UPDATES, lr=lr, warmup=warmup)


@lru_cache(maxsize=1)
def warmup_map_model() -> Map:
    """Return the map from start 0, which takes some seconds, and keep it."""
    *_before, (_done, seen) = mapping(0)
    return seen


@lru_cache(maxsize=64)
def warmup_run_model(lr: float, warmup: int, seed: int) -> Array:
    """Return the loss of every update of one training."""
    run = updates(Judged(), DEEP.init(seed), triangle(lr, warmup), MAP_UPDATES)
    return np.array([row.loss for row in run])


def warmup_map() -> Explorer:
    """Notebook 06: how does a warmup change which rates train the network?

    The map from the first start is computed before, those from other starts on request. All are
    kept.
    """
    kept = {0: warmup_map_model()}
    nothing = replace(kept[0], loss=np.full_like(kept[0].loss, np.nan))
    figure, (left, right) = plots.figure(2, width=9.5, height=4.0)
    chart = Chart(figure, left, MAP_RATE, MAP_WARMUP, -2, 0.5, empty="not computed yet")
    names = {N_("this cell"): np.ones(MAP_UPDATES)}
    curve = plots.curves(right, names, SMOOTHED, log="y", legend=False)[0]
    right.set(ylim=(1e-2, 20))

    def work(cell: Place, seed: int) -> Iterator[float]:
        for done, seen in mapping(seed):
            kept[seed] = seen
            yield done

    def draw(cell: Place, seed: int) -> Reading:
        seen = kept.get(seed, nothing)
        i, j = chart.show(seen, cell)
        lr, warmup = float(MAP_RATE.values[i]), int(MAP_WARMUP.values[j])
        run = warmup_run_model(lr, warmup, seed)
        curve.set_ydata(smooth(list(run[:-1])))
        headline = _(
            "{cell}: after {count:,} updates the loss is {loss}.",
            cell=chart.say(i, j),
            count=MAP_UPDATES,
            loss=number(run[-1], 2),
        )
        done = np.isfinite(seen.loss)
        if not done.all():
            button = _(
                "Of the map from start {seed}, {done} of {all} cells are computed; “Compute this "
                "map” does the rest.",
                seed=seed,
                done=done.sum(),
                all=done.size,
            )
            return Reading(headline, (button,))
        good = (seen.loss < 0.1).sum(axis=0)
        warmups = tuple(map(str, MAP_WARMUP.values))
        rows = {_("rates that lead below 0.1"): tuple(map(str, good))}
        caption = _(
            "Of {count} rates, from start {seed}, by updates of warmup",
            count=len(MAP_RATE.values),
            seed=seed,
        )
        return Reading(headline, table=Table(caption, rows, warmups))

    controls: list[Control] = [
        chart.point((0.01, 100)),
        Slider("seed", _("random start"), 0, 6, 0, whole=True),
    ]
    run = Run(_("Compute this map"), work)
    return Explorer(figure, [*chart.actors, curve], controls, draw, run, charts={right: ()})
