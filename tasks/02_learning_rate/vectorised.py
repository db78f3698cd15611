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


def noise_floor(lr, curvature, noise):
    with np.errstate(divide="ignore"):
        return lr * np.square(noise) / np.maximum(4 - 2 * np.multiply(lr, curvature), 0)
