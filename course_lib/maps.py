"""Maps: the loss after the same number of updates, for every pair of two settings.

    rates, alphas = np.geomspace(1e-4, 1, 96), np.linspace(0, 0.99, 96)
    seen = sweep(optimizers.rmsprop, surfaces.valley, (-4, 0.2), 200, lr=rates, alpha=alphas)
    seen.loss[i, j]          # of the run with rates[i] and alphas[j]

Each cell is the run that `descend` makes with the same settings, through the same code: the two
axes are trailing settings of θ. The grid is cut into blocks, which a thread for each core, where
there are threads, works off: NumPy lets others run while it computes.
"""

import inspect
import math
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from course_lib import background, require
from course_lib.descent import Objective, require_length, require_objective, updates
from course_lib.optimizers import Optimizer
from course_lib.printing import short, span
from course_lib.require import Array

Block = tuple[slice, slice]
BLOCK_BYTES = 2**19
"""θ of a block. Measured: in smaller ones threads wait for Python, larger ones leave the cache."""


@dataclass(frozen=True, eq=False, repr=False)
class Map:
    """What became of every pair of settings; both arrays have a row for each value of axis one.

    axes         name -> values, in the order in which they were given
    loss         after the last update; of a diverged run the last one inside the bounds of
                 `descend`; NaN in a cell that is not computed yet
    diverged_at  the number of updates after which a run was out of bounds, -1 where it was not
    """

    axes: dict[str, Array]
    loss: Array
    diverged_at: npt.NDArray[np.int_]

    def __repr__(self) -> str:
        axes = " × ".join(f"{len(v)} {name} ({span(v)})" for name, v in self.axes.items())
        done, lost = np.isfinite(self.loss), np.sum(self.diverged_at >= 0)
        about = f"loss {span(self.loss)}, {lost} diverged" if done.any() else "nothing"
        about += "" if done.all() else f", {np.mean(done):.0%} computed"
        return f"Map({axes}: {about})"


def sweep(
    rule: Callable[..., Optimizer],
    objective: Objective | Callable[..., Objective],
    start: npt.ArrayLike,
    steps: int,
    /,
    *,
    dtype: npt.DTypeLike = np.float64,
    **axes: npt.ArrayLike,
) -> Map:
    """Run `steps` updates for every pair of values of two axes and return the Map.

    The first four arguments have no names, so that an axis may have theirs.

    rule       a function that returns an Optimizer, such as optimizers.adam
    objective  a surface, a network on its data, or a function that returns one
    start      θ of shape (n_parameters,)
    dtype      float64 or float32
    axes       two names (any but dtype), each with an array of shape (values,)

    An axis goes to whatever names it: a parameter of `rule`, a parameter of `objective` if that is
    a function, or one of objective.axes, which is then a coordinate of the start. The functions get
    the values as arrays of shape (rows, 1) and (1, columns), as settings: lr=…, say, or kappa=….

    Raises TypeError for what makes no Optimizer or no objective, and ValueError for an axis that
    nothing names or that holds NaN or infinity, for steps < 1, and for what `descend` refuses.
    """
    *_, (_, seen) = sweeping(rule, objective, start, steps, dtype=dtype, **axes)
    return seen


def sweeping(
    rule: Callable[..., Optimizer],
    objective: Objective | Callable[..., Objective],
    start: npt.ArrayLike,
    steps: int,
    /,
    *,
    dtype: npt.DTypeLike = np.float64,
    **axes: npt.ArrayLike,
) -> Iterator[tuple[float, Map]]:
    """Sweep block by block: yield the share that is done, up to 1, and the Map as far as it is.

    The Map is the same each time and fills as it goes. Closing the iterator ends the sweep.
    Arguments and errors are those of `sweep`.
    """
    if len(axes) != 2:
        raise ValueError(f"a map has two axes; got {len(axes)}: {', '.join(axes) or 'none'}")
    require.count("steps", steps, least=1)
    require.one_of("dtype", np.dtype(dtype).name, ("float64", "float32"))
    theta = require.parameters("start", start).astype(dtype)
    if theta.ndim != 1:
        raise ValueError(f"start must have shape (n_parameters,); got {theta.shape}")
    values = {name: require.axis(name, given) for name, given in axes.items()}
    # A length in updates stays a whole number.
    values = {name: v.astype(dtype) if v.dtype.kind == "f" else v for name, v in values.items()}
    setup = _Setup(rule, objective, theta)
    setup.check(values)  # what is wrong is said before the first block
    shape = tuple(map(len, values.values()))
    return _sweeping(setup, steps, Map(values, np.full(shape, np.nan, dtype), np.full(shape, -1)))


def _sweeping(setup, steps, seen):
    def run(block):
        values = {name: v[part] for (name, v), part in zip(seen.axes.items(), block, strict=True)}
        objective, theta, optimizer = setup.of(values)
        lost = np.zeros(theta.shape[1:], int)  # updates after leaving the bounds
        for row in updates(objective, theta, optimizer, steps):
            if not row.inside.all():
                lost += ~row.inside
        inside = row.t + 1 - lost
        return block, row.loss, np.where(inside > steps, -1, inside)

    blocks = _blocks(seen.loss.shape, setup.start.nbytes)
    # glibc, having freed this much once, keeps what an operation frees ready for the next one.
    np.empty(2**24, np.uint8)
    jobs = [partial(run, block) for block in blocks]
    with closing(background.worker().each(jobs)) as ended:
        for done, (block, loss, diverged_at) in enumerate(ended, 1):
            seen.loss[block], seen.diverged_at[block] = loss, diverged_at
            yield done / len(blocks), seen


@dataclass(frozen=True)
class _Setup:
    """What makes the runs of a block from its values of the two axes."""

    rule: Callable[..., Optimizer]
    objective: Objective | Callable[..., Objective]
    start: Array

    def of(self, values: dict[str, Array]) -> tuple[Objective, Array, Optimizer]:
        """Return the arguments of `updates`."""
        settings = self.settings(values)
        objective, optimizer = _made(self.objective, settings), _made(self.rule, settings)
        theta = np.empty((len(self.start), *map(len, values.values())), self.start.dtype)
        theta[:] = self.start[:, None, None]
        for i, name in enumerate(getattr(objective, "axes", ())):
            if name in settings:
                theta[i] = settings[name]
        return objective, theta, optimizer

    def settings(self, values: dict[str, Array]) -> dict[str, Array]:
        """Return the values as settings."""
        (first, rows), (second, columns) = values.items()
        return {first: rows[:, None], second: columns[None, :]}

    def check(self, values: dict[str, Array]) -> None:
        """Refuse an axis that nothing names, and functions that return something else."""
        if not callable(self.rule):
            function = "a function that returns an Optimizer, such as adam"
            raise TypeError(f"rule must be {function}; got {short(self.rule)}")
        settings = self.settings(values)  # without a θ for the whole grid
        objective = _made(self.objective, settings)
        made = "what objective returns" if _makes(self.objective) else "objective"
        require_objective(made, objective)
        require_length(objective, self.start)
        parameters = [*_parameters(self.rule), *_parameters(self.objective)]
        named = [*parameters, *getattr(objective, "axes", ())]
        for name in values:
            if name not in named:
                owners = "rule, objective and start"
                raise ValueError(f"no axis {name}: {owners} have {', '.join(named)}")
        optimizer = _made(self.rule, settings)
        require.instance("what rule returns", optimizer, Optimizer, "an Optimizer")


def _makes(thing: Any) -> bool:
    """Whether it makes a rule or an objective. An objective may be callable, and a class is."""
    return callable(thing) and (isinstance(thing, type) or not isinstance(thing, Objective))


def _parameters(maker: Any) -> list[str]:
    return list(inspect.signature(maker).parameters) if _makes(maker) else []


def _made(maker: Any, settings: dict[str, Array]) -> Any:
    """Call a function with the settings that are among its parameters; an objective stands."""
    names = _parameters(maker)
    chosen = {name: value for name, value in settings.items() if name in names}
    return maker(**chosen) if _makes(maker) else maker


def _blocks(shape: tuple[int, ...], cell_bytes: int) -> list[Block]:
    """Cut the grid into blocks of BLOCK_BYTES or a little more, or else of single cells."""
    n = math.ceil(math.prod(shape) * cell_bytes / BLOCK_BYTES)
    rows = min(n, shape[0])
    columns = min(math.ceil(n / rows), shape[1])
    return list(product(_parts(shape[0], rows), _parts(shape[1], columns)))


def _parts(length: int, n: int) -> list[slice]:
    """Cut a length into n nearly equal parts."""
    return [slice(length * i // n, length * (i + 1) // n) for i in range(n)]
