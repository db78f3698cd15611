from itertools import accumulate

import numpy as np


def adagrad_sigmas(gradients):
    total = np.add.accumulate(np.square(gradients), axis=0)
    count = np.add.accumulate(np.ones_like(total), axis=0)
    return np.sqrt(total / count), np.sqrt(total)


def adagrad_step(theta, grad, total, lr, eps):
    sigma = np.hypot(np.sqrt(total), grad)
    return theta - grad / (sigma + eps) * lr, total + np.square(grad)


def translate_rates(rates, form):
    count = np.cumsum(np.ones_like(rates, dtype=float), axis=0)
    return rates * count ** {"mean": 0.5, "sum": -0.5}[form]


def burst_begins(total, seen, lr, curvature):
    return np.maximum(4 * total // np.square(lr * curvature), seen)


def in_new_units(lr, eps, scale):
    descent, adagrad, small = (np.power(scale, power) for power in (2.0, 1.0, -1.0))
    return lr * descent, lr * adagrad, eps * small


def mended_adagrad(curvatures, start, lr, eps, updates):
    def move(state, count):
        theta, total = state
        slope = curvatures * theta
        total = total + slope**2
        return theta - lr * slope / (np.sqrt(total / count) + eps), total

    states = accumulate(range(1, updates + 1), move, initial=(start, np.zeros_like(start)))
    return np.array([theta for theta, _ in states])
