"""Run an optimizer on an objective, update by update, and keep what happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import signature
from itertools import chain
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from course_lib import require
from course_lib.optimizers import Optimizer
from course_lib.printing import short, some, span
from course_lib.require import Array, Setting

OUT_OF_BOUNDS = 1e12
"""A run has diverged when its loss leaves ±1e12, or ±1e12 times its first loss if that is more."""


@runtime_checkable
class Objective(Protocol):
    """What can be descended: a surface, or a network on its data."""

    def loss_and_gradient(self, theta: Array, t: int) -> tuple[Array, Array]:
        """Return the loss, shape (…settings), and the gradient, shape of θ, seen at update t."""


class Update(NamedTuple):
    """θ_t, its loss and gradient, and the parts of the step that leads on: η_t, m_t, σ_t.

    `inside` is False for a run that has diverged: its θ no longer moves.
    """

    t: int
    theta: Array
    loss: Array
    gradient: Array
    lr: Setting
    direction: Array
    scale: Setting
    inside: npt.NDArray[np.bool_]


def updates(
    objective: Objective, start: npt.ArrayLike, optimizer: Optimizer, steps: int
) -> Iterator[Update]:
    """Yield what `descend` keeps, one update at a time, so that a long run can be watched.

    The last of the steps + 1 items is where the run ends, with the step it would take next. When
    every run has diverged the iteration ends early. Arguments and errors are those of `descend`.
    """
    require_objective("objective", objective)
    require.instance("optimizer", optimizer, Optimizer, "an Optimizer such as adam(lr=0.1)")
    require.count("steps", steps)
    warmup = getattr(optimizer.lr, "warmup_steps", 0)
    if np.any(warmup > steps):
        raise ValueError(f"a warmup of {np.max(warmup)} updates is longer than the run of {steps}")
    theta = require.parameters("start", start)
    require_length(objective, theta)
    if theta.ndim == 1 and optimizer.settings:
        column = theta.reshape(-1, *[1] * len(optimizer.settings))
        theta = np.broadcast_to(column, (theta.size, *optimizer.settings)).copy()
    state = optimizer.init(theta)
    with np.errstate(over="ignore", invalid="ignore"):  # the sentence below says it
        loss, gradient = objective.loss_and_gradient(theta, 0)
    if not np.all(np.isfinite(loss)):
        raise ValueError(f"the loss at the start must be finite; got {loss}")
    return _updates(objective, theta, loss, gradient, optimizer, state, steps)


def require_objective(name: str, objective: Objective) -> None:
    """Refuse what cannot be descended, in a sentence that says what can."""
    example = "a surface, or a network on its data"
    require.instance(name, objective, Objective, example)
    try:
        signature(objective.loss_and_gradient).bind("theta", "t")
    except TypeError:
        asks = f"{short(objective)}, whose loss_and_gradient asks for more than theta and t"
        raise TypeError(f"{name} must be {example}: network.on(x, y); got {asks}") from None


def require_length(objective: Objective, start: Array) -> None:
    """Refuse a start of another length than the objective's θ, if the objective tells it."""
    n = getattr(objective, "n_parameters", len(start))
    if len(start) != n:
        raise ValueError(f"start must hold {some(n, 'parameter')}; its shape is {start.shape}")


def _updates(objective, theta, loss, gradient, optimizer, state, steps):
    bound = OUT_OF_BOUNDS * np.maximum(1, np.abs(loss))
    inside = np.abs(loss) <= bound
    with np.errstate(over="ignore", invalid="ignore"):  # a step may leave the range of numbers
        step = optimizer.step(theta, gradient, state)
    yield Update(0, theta, loss, gradient, step.lr, step.direction, step.scale, inside)
    for t in range(1, steps + 1):
        # A far point can overflow before it is seen to be far; the bound deals with it.
        with np.errstate(over="ignore", invalid="ignore"):
            new_loss, new_gradient = objective.loss_and_gradient(step.theta, t)
            inside = inside & (abs(new_loss) <= bound)
            n_inside = np.count_nonzero(inside)
            if n_inside == inside.size:
                theta, loss, gradient = step.theta, new_loss, new_gradient
            elif n_inside:
                theta = np.where(inside, step.theta, theta)
                loss = np.where(inside, new_loss, loss)
                gradient = np.where(inside, new_gradient, gradient)
            else:
                return
            step = optimizer.step(theta, gradient, step.state)
        yield Update(t, theta, loss, gradient, step.lr, step.direction, step.scale, inside)


@dataclass(frozen=True, eq=False, repr=False)
class Path:
    """A run, one row an update: row t is θ_t and the step from it to θ_{t+1}.

        theta[t+1] = theta[t] - lr[t] · direction[t] / scale[t]

    There are steps + 1 rows; the last is where the run ends, with the step it would take next.
    theta, gradient, direction, scale: (steps + 1, n_parameters, …settings); loss and lr:
    (steps + 1, …settings).

    diverged_at is the number of updates after which the loss was out of bounds, or None; with
    settings an array, -1 where a run did not diverge. From that row on the last row inside repeats.
    """

    theta: Array
    loss: Array
    gradient: Array
    lr: Array
    direction: Array
    scale: Array
    diverged_at: int | npt.NDArray[np.int_] | None

    def __repr__(self) -> str:
        rows, n_parameters, *settings = self.theta.shape
        about = [some(rows - 1, "update"), some(n_parameters, "parameter")]
        if settings:
            about.append(f"settings {tuple(settings)}")
            ended = f"{np.sum(self.diverged_at != -1)} diverged"
        else:
            ended = "" if self.diverged_at is None else f"diverged_at {self.diverged_at}"
        about.append(f"loss {span(self.loss[0])} at the start, {span(self.loss[-1])} at the end")
        return f"Path({', '.join([*about, *filter(None, [ended])])})"

    @property
    def gradient_norm(self) -> Array:
        """‖g_t‖, the Euclidean length of the gradient, shape (steps + 1, …settings)."""
        return np.sqrt(np.sum(self.gradient**2, axis=1))


def descend(objective: Objective, start: npt.ArrayLike, optimizer: Optimizer, steps: int) -> Path:
    """Make `steps` updates from `start` and return the Path.

    start: shape (n_parameters, …settings), or (n_parameters,), which is then repeated for every
    setting of the optimizer. A run that diverges stops moving and is marked; nothing is raised.

    Raises TypeError for what is no objective or no Optimizer, and ValueError for a start that is
    not finite or has no finite loss, for steps < 0 and for a warmup longer than the run.
    """
    run = updates(objective, start, optimizer, steps)
    first = next(run)
    runs, dtype = first.theta.shape[1:], first.theta.dtype
    vectors = [np.empty((steps + 1, *first.theta.shape), dtype) for _ in range(4)]
    numbers = [np.empty((steps + 1, *runs), dtype) for _ in range(2)]
    inside = np.zeros((steps + 1, *runs), dtype=bool)
    theta, gradient, direction, scale = vectors
    loss, lr = numbers
    for row in chain([first], run):
        t = row.t
        theta[t], loss[t], gradient[t] = row.theta, row.loss, row.gradient
        lr[t], direction[t], scale[t] = row.lr, row.direction, row.scale
        inside[t] = row.inside
    diverged_at = np.where(inside.all(axis=0), -1, inside.argmin(axis=0))
    if np.any(diverged_at > 0):  # from there on the last row inside repeats
        last = np.where(diverged_at > 0, diverged_at - 1, steps)
        rows = np.minimum(np.arange(steps + 1).reshape(-1, *[1] * len(runs)), last)
        theta, gradient, direction, scale = (
            np.take_along_axis(column, rows[:, None], axis=0) for column in vectors
        )
        loss, lr = (np.take_along_axis(column, rows, axis=0) for column in numbers)
    if runs:
        return Path(theta, loss, gradient, lr, direction, scale, diverged_at)
    only = int(diverged_at)
    return Path(theta, loss, gradient, lr, direction, scale, None if only < 0 else only)
