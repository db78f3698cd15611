import math

from numpy import arange, asarray, empty_like, inf, maximum, multiply, sqrt, zeros
from scipy.signal import lfilter


def past_weights(alpha, seen):
    alpha = asarray(alpha, dtype=float)
    weights = alpha ** arange(seen).reshape(-1, *[1] * alpha.ndim)
    weights[:-1] *= 1 - alpha
    return weights


def alpha_for_memory(updates, kind):
    if kind == "memory":
        return 1 - 1 / updates
    return 0.5 ** (1 / updates)


def rmsprop_sigmas(gradients, alpha, start):
    def filtered(squares, share):
        first = zeros((1, *squares.shape[1:]))
        if start == "first":
            first[0] = share * squares[0]
        return lfilter([1 - share], [1, -share], squares, axis=0, zi=first)[0]

    v = asarray(gradients, dtype=float) ** 2
    alpha = asarray(alpha, dtype=float)
    if alpha.ndim == 0:
        v = filtered(v, float(alpha))
    else:
        for run, share in enumerate(alpha):
            v[..., run] = filtered(v[..., run], share)
    if start == "corrected":
        seen = arange(1.0, len(v) + 1).reshape(-1, *[1] * (v.ndim - 1))
        v /= 1 - alpha**seen
    return sqrt(v, out=v)


def updates_until_recovered(alpha, before, after, ratio):
    first_gap = before**2 - after**2
    border = after * ratio if first_gap > 0 else after / ratio
    last_gap = border**2 - after**2
    if abs(first_gap) <= abs(last_gap):
        return 0
    if last_gap == 0:
        return inf
    return math.ceil(math.log(last_gap / first_gap) / math.log(alpha))


def rate_for_loss(loss, curvatures):
    return sqrt(8 * loss / curvatures.sum(axis=0))


def mended_centred_step(theta, grad, m, v, lr, alpha, eps):
    mean, square, sigma = empty_like(theta), empty_like(theta), empty_like(theta)
    multiply(alpha, m, out=mean)
    mean += (1 - alpha) * grad
    multiply(alpha, v, out=square)
    square += (1 - alpha) * grad**2
    maximum(square - mean**2, 0, out=sigma)
    sqrt(sigma, out=sigma)
    sigma += eps
    return theta - lr * grad / sigma, mean, square
