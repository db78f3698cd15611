from functools import reduce

import numpy as np

from course_lib import data
from course_lib.network import MLP

pixels, digit = data.digits()
net = MLP((64,) + (32,) * 8 + (10,), activation="relu")
ADAM = "moving average", "moving root mean", 0.9, 0.999, 1e-8


def warmup_then_decay(t, peak, warmup, total):
    corners = [-1, warmup - 1, warmup, total]
    rise = np.interp(t, corners, [0, peak, peak, 0])
    return rise if warmup else np.interp(t, corners[2:], [peak, 0])


def mended_half_life(t, lr, half_life, lowest):
    halvings = np.log2(lr) - np.divide(t, half_life)
    return np.maximum(np.exp2(halvings), lowest)


def first_unstable_update(rates, curvature, c):
    t = np.arange(len(rates))
    unstable = t * np.square(curvature * rates.T) > 4 * c
    return np.where(unstable, t, np.inf).min(axis=-1)


def band_width(losses, rates, limit):
    place = np.arange(len(rates))
    bad = np.greater(losses, limit).T
    best = np.argmin(losses, axis=0)[..., None]
    below = np.where(bad & (place < best), place + 1, 0).max(axis=-1)
    above = np.where(bad & (place > best), place - 1, place[-1]).min(axis=-1)
    return np.log10(rates[above] / rates[below])


def one_update(theta, grad, state, t, lr, direction, scale, beta1, beta2, eps):
    weights = {
        "gradient": (1, 0, 1),
        "heavy ball": (beta1, 1, 1),
        "moving average": (beta1, 1 - beta1, 1 - beta1 ** (t + 1)),
        "one": (1, 0, 1),
        "root sum": (1, 1, 1),
        "moving root mean": (beta2, 1 - beta2, 1 - beta2 ** (t + 1)),
    }
    keep, enter, seen = np.transpose([weights[direction], weights[scale]])
    a, b = state = (keep * state.T + enter * np.transpose([grad, grad**2])).T
    m = grad if direction == "gradient" else a / seen[0]
    sigma = 1 if scale == "one" else np.sqrt(b / seen[1]) + eps
    return theta - lr * m / sigma, state


def train_digits(batches, labels, seed):
    total = len(batches)
    start = net.init(seed)

    def learn(run, t):
        rate = warmup_then_decay(t, 0.01, total // 4, total)
        gradient = net.loss_and_gradient(run[0], pixels[batches[t]], labels[t])[1]
        return one_update(run[0], gradient, run[1], t, rate, *ADAM)

    return reduce(learn, range(total), (start, np.zeros((2, start.size))))[0]
