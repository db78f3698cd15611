"""Optimizers: each is a choice of three parts, θ ← θ - η_t · m_t / σ_t.

    direction m   optimizers.directions   gradient · heavy_ball · nesterov · moving_… · full_matrix
    scale     σ   optimizers.scales       one · root_sum · root_mean_square · moving_… · largest_…
    rate      η   a number, or a function of t such as those of course_lib.schedules

Any direction goes with any scale and any rate: Optimizer(lr, direction, scale). The named rules
below are such choices. t counts the updates already done, so the first update has t = 0.

Shapes: θ, gradient, m and σ are (n_parameters, …settings). A hyper-parameter is a number or an
array of the shape of the settings: θ of shape (2, N) with lr of shape (N,) runs N rates at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from course_lib import require
from course_lib.optimizers import directions, scales
from course_lib.optimizers.parts import Direction, Memory, Part, Scale
from course_lib.printing import short
from course_lib.require import Array, Setting

Rate = Setting | Callable[[Any], Any]
Form = Literal["sum", "mean"]


class State(NamedTuple):
    """What an optimizer remembers between two updates. Never changed, only replaced."""

    t: int  # updates already done
    direction: Memory
    scale: Memory


class Step(NamedTuple):
    """One update, taken apart: the new θ and state, and the η, m and σ that made it."""

    theta: Array
    state: State
    lr: Setting
    direction: Array
    scale: Setting


@dataclass(frozen=True, eq=False, repr=False)
class Optimizer:
    """θ ← θ - η_t · (m_t / σ_t + λ θ), where only AdamW has a weight decay λ.

    An optimizer holds no memory of a run; `init` makes it and `update` hands on a new one.
    """

    lr: Rate
    direction: Part
    scale: Part
    weight_decay: Setting | None = None

    def __post_init__(self) -> None:
        require.instance("direction", self.direction, Part, "a Part such as directions.gradient()")
        require.instance("scale", self.scale, Part, "a Part such as scales.one()")
        if isinstance(self.direction, Scale) or isinstance(self.scale, Direction):
            raise TypeError(
                "an Optimizer is made of a rate, a direction and a scale; "
                f"got {self.direction} as the direction and {self.scale} as the scale"
            )
        # A frozen dataclass is filled in by object.__setattr__.
        if callable(self.lr):
            require.of_time("lr", self.lr)
        else:
            object.__setattr__(self, "lr", require.rate("lr", self.lr))
        if self.weight_decay is not None:
            decay = require.rate("weight_decay", self.weight_decay)
            object.__setattr__(self, "weight_decay", decay)

    def __repr__(self) -> str:
        decay = "" if self.weight_decay is None else f", weight_decay={short(self.weight_decay)}"
        parts = f"direction={self.direction}, scale={self.scale}"
        return f"Optimizer(lr={short(self.lr)}, {parts}{decay})"

    def rate(self, t: int) -> Setting:
        """Return η_t. Raises ValueError if a schedule returns something that is no rate."""
        return require.rate(f"the rate at update {t}", self.lr(t)) if callable(self.lr) else self.lr

    @property
    def settings(self) -> tuple[int, ...]:
        """Shape of the settings this optimizer runs at once: () for one, (N,) for N."""
        decay = () if self.weight_decay is None else np.shape(self.weight_decay)
        parts = self.direction.settings, self.scale.settings
        return np.broadcast_shapes(np.shape(self.rate(0)), decay, *parts)

    def init(self, theta: npt.ArrayLike) -> State:
        """Return the state before the first update of `theta`, shape (n_parameters, …settings).

        Raises ValueError if θ is not finite, or has no axis for the optimizer's settings: a rate
        of shape (2,) and a θ of shape (2,) could mean two runs or two parameters.
        """
        theta = require.parameters("theta", theta)
        runs = theta.shape[1:]
        settings = self.settings
        try:
            fits = np.broadcast_shapes(settings, runs) == runs
        except ValueError:
            fits = False
        if not fits:
            needed = ", ".join(map(str, ("n", *settings)))
            raise ValueError(
                f"settings of shape {settings} need theta of shape ({needed}); got {theta.shape}"
            )
        return State(0, self.direction.start(theta), self.scale.start(theta))

    def step(self, theta: npt.ArrayLike, grad: npt.ArrayLike, state: State) -> Step:
        """Make one update and show its parts. Changes no argument.

        Raises ValueError if `grad` has another shape than `theta`, and TypeError for what is no
        state.
        """
        if not isinstance(state, State):
            raise TypeError(f"state must be what init(theta) returns; got {short(state)}")
        theta, grad = np.asarray(theta), np.asarray(grad)
        if grad.shape != theta.shape:
            raise ValueError(f"grad has shape {grad.shape}, but theta has shape {theta.shape}")
        n = state.t + 1
        lr = self.rate(state.t)
        m, direction = self.direction.step(state.direction, grad, n)
        sigma, scale = self.scale.step(state.scale, grad, n)
        change = m / sigma
        if self.weight_decay is not None:
            change = change + self.weight_decay * theta
        return Step(theta - lr * change, State(n, direction, scale), lr, m, sigma)

    def update(
        self, theta: npt.ArrayLike, grad: npt.ArrayLike, state: State
    ) -> tuple[Array, State]:
        """Return the θ and the state after one update. Changes no argument."""
        step = self.step(theta, grad, state)
        return step.theta, step.state


def gradient_descent(lr: Rate) -> Optimizer:
    """θ ← θ - η g: the gradient over one. Torch: SGD."""
    return Optimizer(lr, directions.gradient(), scales.one())


def momentum(lr: Rate, momentum: Setting = 0.9) -> Optimizer:
    """v = μ v + g;  θ ← θ - η v: a heavy ball over one. Torch: SGD(momentum=μ).

    μ in [0, 1). The first v is g, and η stays outside v, as in PyTorch.
    """
    return Optimizer(lr, directions.heavy_ball(momentum), scales.one())


def nesterov(lr: Rate, momentum: Setting = 0.9) -> Optimizer:
    """v = μ v + g;  θ ← θ - η (g + μ v): Nesterov's momentum over one.

    μ in [0, 1). Torch: SGD(momentum=μ, nesterov=True).
    """
    return Optimizer(lr, directions.nesterov(momentum), scales.one())


def adagrad(lr: Rate, eps: Setting = 1e-10, form: Form = "sum") -> Optimizer:
    """θ ← θ - η g / (√(g_0² + … + g_t²) + ε): the gradient over the root of all squares.

    form="sum" is the published Adagrad and Torch's. form="mean" divides the sum by t+1, as the
    lecture first writes it; with η/√(t+1) the two are the same rule. The sum starts at 0 as in
    PyTorch; Keras and optax start it at 0.1, which makes their first steps smaller.
    """
    require.one_of("form", form, ("sum", "mean"))
    scale = scales.root_sum(eps) if form == "sum" else scales.root_mean_square(eps)
    return Optimizer(lr, directions.gradient(), scale)


def rmsprop(
    lr: Rate, alpha: Setting = 0.99, eps: Setting = 1e-8, start: scales.Start = "zero"
) -> Optimizer:
    """v = α v + (1-α) g²;  θ ← θ - η g / (√v + ε): the gradient over a moving root mean square.

    α in [0, 1). v starts at 0 as in PyTorch, so the first step is η/√(1-α); the lecture sets
    v = g² at the first step (start="first"), which makes that step η.
    """
    scale = scales.moving_root_mean_square(alpha, eps, start=start)
    return Optimizer(lr, directions.gradient(), scale)


def adam(
    lr: Rate,
    beta1: Setting = 0.9,
    beta2: Setting = 0.999,
    eps: Setting = 1e-8,
    corrected: bool = True,
) -> Optimizer:
    """θ ← θ - η m̂ / (√v̂ + ε): a moving average over a moving root mean square, both corrected.

        m = β₁m + (1-β₁)g,  m̂ = m/(1-β₁ⁿ)      v = β₂v + (1-β₂)g²,  v̂ = v/(1-β₂ⁿ)      n = t+1

    β₁, β₂ in [0, 1). corrected=False leaves m̂ = m and v̂ = v, which no library offers: it shows
    what the correction is for. Source: Kingma & Ba (2015). As in PyTorch, ε comes after the
    correction; Keras adds it before.
    """
    beta1, beta2 = require.fraction("beta1", beta1), require.fraction("beta2", beta2)
    return Optimizer(
        lr,
        directions.moving_average(beta1, corrected),
        scales.moving_root_mean_square(beta2, eps, corrected),
    )


def adamw(
    lr: Rate,
    beta1: Setting = 0.9,
    beta2: Setting = 0.999,
    eps: Setting = 1e-8,
    weight_decay: Setting = 0.01,
) -> Optimizer:
    """θ ← (1 - η λ) θ - η m̂ / (√v̂ + ε): Adam, and θ shrinks by itself.

    λ ≥ 0. The decay is a fourth part: it is not divided by σ, which is the point of AdamW.
    Source: Loshchilov & Hutter (2019).
    """
    rule = adam(lr, beta1, beta2, eps)
    return Optimizer(lr, rule.direction, rule.scale, weight_decay)


def radam(lr: Rate, beta1: Setting = 0.9, beta2: Setting = 0.999, eps: Setting = 1e-8) -> Optimizer:
    """Adam that takes σ = 1 until enough gradients are seen, and then trusts σ by degrees.

    The equation is in scales.rectified_root_mean_square. Source: Liu et al. (2020).
    """
    beta1 = require.fraction("beta1", beta1)
    return Optimizer(
        lr, directions.moving_average(beta1), scales.rectified_root_mean_square(beta2, eps)
    )
