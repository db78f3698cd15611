"""Directions m: which way to go, from the gradients' signs and sizes.

g_t is the gradient at update t, n = t + 1 the number of gradients seen. All arrays have
the shape of θ, (n_parameters, …settings). A direction has the unit of the gradient; only that of
`full_matrix` has none, because it is divided already.
"""

import numpy as np

from course_lib import require
from course_lib.optimizers.parts import Direction, nothing
from course_lib.printing import named
from course_lib.require import Setting


@named
def gradient() -> Direction:
    """m_t = g_t: the newest gradient alone, as plain gradient descent uses it."""
    return Direction(nothing, lambda memory, grad, n: (grad, memory))


@named
def heavy_ball(momentum: Setting) -> Direction:
    """v_t = μ v_{t-1} + g_t with v_{-1} = 0, and m_t = v_t: past gradients add up.

    μ in [0, 1). A constant gradient grows to g/(1-μ). As in PyTorch, η stays outside; Keras puts
    it inside (v = μ v - η g), which is the same only while η is constant.
    Source: Polyak (1964).
    """
    momentum = require.fraction("momentum", momentum)

    def step(v, grad, n):
        v = momentum * v + grad
        return v, v

    return Direction(np.zeros_like, step, np.shape(momentum))


@named
def nesterov(momentum: Setting) -> Direction:
    """v_t = μ v_{t-1} + g_t with v_{-1} = 0, and m_t = g_t + μ v_t: heavy ball, looking ahead.

    μ in [0, 1). As in PyTorch, θ is the look-ahead point of the textbook form.
    Source: Nesterov (1983); in this form Sutskever et al. (2013).
    """
    momentum = require.fraction("momentum", momentum)

    def step(v, grad, n):
        v = momentum * v + grad
        return grad + momentum * v, v

    return Direction(np.zeros_like, step, np.shape(momentum))


@named
def moving_average(beta: Setting, corrected: bool = True) -> Direction:
    """a_t = β a_{t-1} + (1-β) g_t with a_{-1} = 0, and m_t = a_t / (1-βⁿ).

    β in [0, 1): about the last 1/(1-β) gradients count. Without the division (corrected=False)
    the first averages are too small, because they still contain the zero start.
    Source: Kingma & Ba (2015).
    """
    beta, corrected = require.fraction("beta", beta), require.truth("corrected", corrected)

    def step(average, grad, n):
        average = beta * average + (1 - beta) * grad
        return average / (1 - beta**n) if corrected else average, average

    return Direction(np.zeros_like, step, np.shape(beta))


@named
def full_matrix() -> Direction:
    """m_t = (g_0 g_0ᵀ + … + g_t g_tᵀ)^(-½) g_t: a rate for each direction, not each parameter.

    Adagrad whose σ is a matrix. A Scale is divided by coordinate for coordinate, so here m comes
    divided already and goes with scales.one(). Its length is at most 1, and 1 at the first
    gradient. Turn the parameters, and the steps are turned alike. A pseudo-inverse takes the
    place of ε: in a direction without gradients there is no step.

    The memory holds up to n² numbers, and an update takes up to n³ operations. PyTorch has no
    such rule. Source: Duchi, Hazan & Singer (2011), who add δ to the diagonal instead.
    """

    def start(theta):
        return np.zeros((*theta.shape[1:], 0, len(theta)), theta.dtype)

    def step(rows, grad, n):
        g = np.moveaxis(grad, 0, -1)[..., None]
        # The sum is RᵀR of these rows R. Its root comes from R itself: to form the sum would
        # square the ratio of steep to flat, and lose the flat direction to rounding.
        rows = np.concatenate([rows, np.swapaxes(g, -1, -2)], axis=-2)
        _, size, axes = np.linalg.svd(rows, full_matrices=False)
        along = (axes @ g)[..., 0]
        rounding = 10 * len(grad) * np.finfo(size.dtype).eps * size[..., :1]
        divided = np.divide(along, size, out=np.zeros_like(along), where=size > rounding)
        m = np.swapaxes(axes, -1, -2) @ divided[..., None]
        return np.moveaxis(m[..., 0], -1, 0), size[..., None] * axes

    return Direction(start, step)
