import numpy as np


def largest_stable_rate(hessian):
    steepest = np.linalg.norm(hessian, 2)
    return 2 / steepest if steepest else np.inf


def descend_quadratic(hessian, start, lr, updates):
    curvature, axes = np.linalg.eigh(hessian)
    left = 1 - np.multiply.outer(curvature, lr)
    powers = np.power.outer(left, np.arange(updates + 1))
    along = np.tensordot(axes.T, start, 1)
    return np.einsum("ij,j...t,j...->ti...", axes, powers, along)


def updates_needed(curvatures, lr, factor):
    slowest = np.linalg.norm(1 - lr * np.asarray(curvatures), np.inf)
    if not 0 < slowest < 1:
        return 1 if slowest == 0 else np.inf
    return np.ceil(np.log(factor) / np.log(slowest))


def best_rate(curvatures):
    spread = np.ptp(curvatures, axis=0)
    rate = 2 / (spread + 2 * np.min(curvatures, axis=0))
    return rate, rate * spread / 2


def read_curve(losses):
    first, middle, last = np.asarray(losses)[[0, losses.size // 2, -1]]
    second = np.diff(losses[losses.size // 2 :])
    path, net = np.abs(second).sum(), middle - last
    # The rises are (path − net) / 2, the falls (path + net) / 2.
    holds = [~(last <= first), 2 * (path - net) > path + net, 2 * net >= first - middle, True]
    return ["diverges", "bounces", "slow", "good"][np.argmax(holds)]


def finder_reading(rates, losses, rise):
    smoothed = np.lib.stride_tricks.sliding_window_view(losses, 5).mean(axis=1)
    kept = np.logical_and.accumulate(smoothed <= rise * np.minimum.accumulate(smoothed))
    limit = np.count_nonzero(kept) - 1
    falls = np.where(kept[1:], smoothed[:-1] - smoothed[1:], -np.inf)
    return rates[2 + np.argmax(falls)], rates[2 + limit]
