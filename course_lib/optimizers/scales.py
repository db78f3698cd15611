"""Scales σ: how far a step may reach, from the gradients' sizes alone.

g_t is the gradient at update t, n = t + 1 the number of gradients seen. All arrays have the
shape of θ, (n_parameters, …settings). A scale has the unit of the gradient, and so has ε > 0,
which keeps a coordinate without gradients from dividing by zero. As in PyTorch, ε is added
outside the root; optax and Keras add it inside for Adagrad and RMSProp.
"""

from typing import Literal

import numpy as np

from course_lib import require
from course_lib.optimizers.directions import moving_average
from course_lib.optimizers.parts import Scale, nothing
from course_lib.printing import named
from course_lib.require import Setting

Start = Literal["zero", "first"]


@named
def one() -> Scale:
    """σ_t = 1: every coordinate steps by the same rate."""
    return Scale(nothing, lambda memory, grad, n: (1.0, memory))


@named
def root_sum(eps: Setting = 1e-10) -> Scale:
    """σ_t = √(g_0² + … + g_t²) + ε: it can only grow.

    The sum starts at 0 as in PyTorch; Keras and optax start it at 0.1.
    Source: Duchi, Hazan & Singer (2011), the published Adagrad.
    """
    eps = require.positive("eps", eps)

    def step(total, grad, n):
        total = total + grad * grad
        return np.sqrt(total) + eps, total

    return Scale(np.zeros_like, step, np.shape(eps))


@named
def root_mean_square(eps: Setting = 1e-10) -> Scale:
    """σ_t = √((g_0² + … + g_t²) / (t+1)) + ε: every past gradient counts the same.

    Source: the lecture's Adagrad. With η/√(t+1) it takes the steps of `root_sum` with η.
    """
    eps = require.positive("eps", eps)

    def step(total, grad, n):
        total = total + grad * grad
        return np.sqrt(total / n) + eps, total

    return Scale(np.zeros_like, step, np.shape(eps))


@named
def moving_root_mean_square(
    alpha: Setting, eps: Setting = 1e-8, corrected: bool = False, start: Start = "zero"
) -> Scale:
    """v_t = α v_{t-1} + (1-α) g_t², and σ_t = √v_t + ε: old gradients are forgotten.

    α in [0, 1): about the last 1/(1-α) gradients count. v_{-1} = 0 as in PyTorch; start="first"
    sets v_0 = g_0² as the lecture does. corrected=True divides v_t by (1-αⁿ), as Adam does.
    Source: Tieleman & Hinton (2012), Coursera lecture 6e; the correction Kingma & Ba (2015).
    """
    alpha = require.fraction("alpha", alpha)
    eps = require.positive("eps", eps)
    require.one_of("start", start, ("zero", "first"))
    require.truth("corrected", corrected)
    if corrected and start == "first":
        raise ValueError('corrected=True mends a zero start; with start="first" nothing is to mend')
    mean_of_all = moving_average(alpha, corrected)

    def step(mean, grad, n):
        square = grad * grad
        if start == "first" and n == 1:
            mean_square = mean = square
        else:
            mean_square, mean = mean_of_all.step(mean, square, n)
        return np.sqrt(mean_square) + eps, mean

    return Scale(np.zeros_like, step, np.broadcast_shapes(np.shape(alpha), np.shape(eps)))


@named
def largest_root_mean_square(beta2: Setting, eps: Setting = 1e-8, corrected: bool = True) -> Scale:
    """σ_t = √(max(v_0, …, v_t)) + ε with Adam's v: a large gradient is never forgotten.

        v_t = β₂ v_{t-1} + (1-β₂) g_t²,   v_{-1} = 0

    β₂ in [0, 1). corrected=True divides the root by √(1-β₂ⁿ); as in PyTorch the largest v is
    taken before that division, so an early σ can still fall. The paper does not correct: with
    corrected=False σ only grows.
    Source: Reddi, Kale & Kumar (2018), AMSGrad.
    """
    beta2, corrected = require.fraction("beta2", beta2), require.truth("corrected", corrected)
    eps = require.positive("eps", eps)

    def start(theta):
        return np.zeros_like(theta), np.zeros_like(theta)

    def step(memory, grad, n):
        v, largest = memory
        v = beta2 * v + (1 - beta2) * grad * grad
        largest = np.maximum(largest, v)
        return np.sqrt(largest / (1 - beta2**n) if corrected else largest) + eps, (v, largest)

    return Scale(start, step, np.broadcast_shapes(np.shape(beta2), np.shape(eps)))


@named
def rectified_root_mean_square(beta2: Setting, eps: Setting = 1e-8) -> Scale:
    """σ_t = (√v_t + ε) / (√(1-β₂ⁿ) r_n), or 1 while too few gradients are seen to trust v.

        v_t = β₂ v_{t-1} + (1-β₂) g_t²,   v_{-1} = 0
        ρ∞  = 2/(1-β₂) - 1,   ρ_n = ρ∞ - 2n β₂ⁿ/(1-β₂ⁿ)
        r_n = √( (ρ_n-4)(ρ_n-2)ρ∞ / ((ρ∞-4)(ρ∞-2)ρ_n) )  where ρ_n > 5

    β₂ in [0, 1). As in PyTorch, ε is added before the correction, unlike Adam's.
    Source: Liu et al. (2020), RAdam.
    """
    beta2 = require.fraction("beta2", beta2)
    eps = require.positive("eps", eps)
    rho_max = 2 / (1 - beta2) - 1

    def step(v, grad, n):
        v = beta2 * v + (1 - beta2) * grad * grad
        correction = 1 - beta2**n
        rho = rho_max - 2 * n * beta2**n / correction
        trusted = rho > 5  # ρ∞ is larger still, so no divisor below is zero where it is used
        square = np.divide(
            (rho - 4) * (rho - 2) * rho_max,
            (rho_max - 4) * (rho_max - 2) * rho,
            out=np.ones(np.shape(rho)),
            where=trusted,
        )
        sigma = (np.sqrt(v) + eps) / np.sqrt(correction * square)
        # `square` is in float64, but float32 gradients have a float32 scale.
        return np.where(trusted, sigma, 1.0).astype(v.dtype), v

    return Scale(np.zeros_like, step, np.broadcast_shapes(np.shape(beta2), np.shape(eps)))
