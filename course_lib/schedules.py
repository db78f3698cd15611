"""Schedules: the learning rate η as a pure function of t, the number of updates already done.

Every function here returns a Schedule. Called with a number it gives a number, called with an
array it gives the rate at each t, so that a schedule can be plotted. Calling it twice gives the
same rate. Rates are in the unit that θ, m and σ ask for; steps are numbers of updates.

A rate or a number of steps may be an array of settings of shape (N,); an array of t is then of
shape (T, 1).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from course_lib import require
from course_lib.printing import named, short
from course_lib.require import Count, Setting


@dataclass(frozen=True, eq=False, repr=False)
class Schedule:
    """η_t = rate(t). `warmup_steps` is how many updates it spends rising, `name` what it prints."""

    rate: Callable[[Any], Any]
    warmup_steps: Count = 0
    name: str = ""

    def __post_init__(self) -> None:
        require.of_time("rate", self.rate)

    def __call__(self, t: npt.ArrayLike) -> Any:
        """Return η_t: a float for a number t, an array for an array."""
        lr = self.rate(t if isinstance(t, int | float) else np.asarray(t, dtype=float))
        return float(lr) if np.ndim(lr) == 0 else lr

    def __repr__(self) -> str:
        return self.name or f"Schedule({short(self.rate)})"


@named
def constant(lr: Setting) -> Schedule:
    """η_t = η."""
    lr = require.rate("lr", lr)
    return Schedule(lambda t: lr + 0 * t)


@named
def linear(lr: Setting, steps: Count, end: Setting = 0.0) -> Schedule:
    """η_t = η_K + (η_0 - η_K)(1 - min(t, K)/K): straight down (or up) in K steps, then constant."""
    lr, end = require.rate("lr", lr), require.rate("end", end)
    require.counts("steps", steps, least=1)
    return Schedule(lambda t: end + (lr - end) * (1 - np.minimum(t, steps) / steps))


@named
def power_law(lr: Setting, scale: Setting, exponent: Setting = -1.0) -> Schedule:
    """η_t = η_0 (1 + t/s)^c with s > 0 and c < 0."""
    lr = require.rate("lr", lr)
    scale = require.positive("scale", scale)
    exponent = require.negative("exponent", exponent)
    return Schedule(lambda t: lr * (1 + t / scale) ** exponent)


@named
def inverse_sqrt(lr: Setting) -> Schedule:
    """η_t = η_0 / √(t+1), which the lecture's slides call "1/t decay"."""
    return power_law(lr, scale=1.0, exponent=-0.5)


@named
def exponential(lr: Setting, scale: Setting, factor: Setting) -> Schedule:
    """η_t = η_0 c^(t/s) with s > 0 and 0 < c < 1: c times smaller every s updates."""
    lr = require.rate("lr", lr)
    scale = require.positive("scale", scale)
    factor = require.factor("factor", factor)
    return Schedule(lambda t: lr * factor ** (t / scale))


@named
def step(lr: Setting, steps: Count, factor: Setting = 0.1) -> Schedule:
    """η_t = η_0 γ^⌊t/n⌋ with 0 < γ < 1: γ times smaller at once, every n updates."""
    lr = require.rate("lr", lr)
    require.counts("steps", steps, least=1)
    factor = require.factor("factor", factor)
    return Schedule(lambda t: lr * factor ** np.floor(t / steps))


@named
def cosine(lr: Setting, steps: Count, end: Setting = 0.0) -> Schedule:
    """η_t = η_T + (η_0 - η_T)(1 + cos(π t/T))/2 for t ≤ T, then constant (PyTorch's rises again).

    Source: Loshchilov & Hutter (2017).
    """
    lr, end = require.rate("lr", lr), require.rate("end", end)
    require.counts("steps", steps, least=1)
    return Schedule(
        lambda t: end + (lr - end) * (1 + np.cos(np.pi * np.minimum(t, steps) / steps)) / 2
    )


@named
def warmup(steps: Count, then: Setting | Schedule, exponent: Setting = 1.0) -> Schedule:
    """η_t = η·((t+1)/W)^p for t < W, then the schedule `then`, whose own time starts at t = W.

    η is the rate that `then` starts with. p > 0 is the shape: 1 a straight line, as is usual, ½ a
    quick start, 2 a slow one. Libraries ramp with t/W, which makes the first update
    do nothing; here the first rate is η/W and the last of the ramp is η. BERT's schedule for T
    updates is warmup(W, then=linear(η, T - W)). Source: Goyal et al. (2017).
    """
    require.counts("steps", steps)
    exponent = require.positive("exponent", exponent)
    if callable(then):
        after = require.instance("then", then, Schedule, "a rate, or a Schedule such as cosine(…)")
    else:
        after = constant(require.rate("then", then))
    peak = after(0)

    def rate(t: Any) -> Any:
        ramp = peak * ((t + 1) / np.maximum(steps, 1)) ** exponent
        return np.where(t < steps, ramp, after(np.maximum(t - steps, 0)))

    return Schedule(rate, warmup_steps=steps + after.warmup_steps)


@named
def noam(width: int, warmup_steps: Count) -> Schedule:
    """η_t = d^-½ · min(n^-½, n W^-1.5) with n = t+1: the Transformer's schedule, peak (d W)^-½.

    d is the width of the model. The decay is an inverse root, not an exponential.
    Source: Vaswani et al. (2017).
    """
    require.count("width", width, least=1)
    require.counts("warmup_steps", warmup_steps, least=1)

    def rate(t: Any) -> Any:
        n = t + 1
        return width**-0.5 * np.minimum(n**-0.5, n * warmup_steps**-1.5)

    return Schedule(rate, warmup_steps)
