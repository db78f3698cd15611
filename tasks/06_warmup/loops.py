import numpy as np

from course_lib import data
from course_lib.network import MLP

pixels, digit = data.digits()
net = MLP((64,) + (32,) * 8 + (10,), activation="relu")
ADAM = "moving average", "moving root mean", 0.9, 0.999, 1e-8


def for_each(rate_at, t):
    if np.ndim(t) == 0:
        return rate_at(int(t))
    return [for_each(rate_at, part) for part in t]


def warmup_then_decay(t, peak, warmup, total):
    def rate_at(update):
        if update < warmup:
            return peak * (update + 1) / warmup
        left = max(total - update, 0)
        return peak * left / (total - warmup)

    return for_each(rate_at, t)


def mended_half_life(t, lr, half_life, lowest):
    def rate_at(update):
        halvings = update / half_life
        return max(lr * 2.0**-halvings, lowest)

    return for_each(rate_at, t)


def first_of_one(rates, curvature, c):
    for t, rate in enumerate(rates):
        if t > 0 and rate * curvature / np.sqrt(c / t) > 2:
            return t
    return np.inf


def first_unstable_update(rates, curvature, c):
    if np.ndim(rates) == 1:
        return first_of_one(rates, curvature, c)
    return [first_of_one(column, curvature, c) for column in np.transpose(rates)]


def width_of_one(losses, rates, limit):
    best = 0
    for k in range(len(rates)):
        if losses[k] < losses[best]:
            best = k
    smallest = largest = rates[best]
    for k in range(best + 1, len(rates)):
        if losses[k] > limit:
            break
        largest = rates[k]
    for k in range(best - 1, -1, -1):
        if losses[k] > limit:
            break
        smallest = rates[k]
    return float(np.log10(largest) - np.log10(smallest))


def band_width(losses, rates, limit):
    if np.ndim(losses) == 1:
        return width_of_one(losses, rates, limit)
    return [width_of_one(column, rates, limit) for column in np.transpose(losses)]


def one_update(theta, grad, state, t, lr, direction, scale, beta1, beta2, eps):
    new_state = np.array(state, dtype=float)
    if direction == "gradient":
        m = grad
    elif direction == "heavy ball":
        new_state[0] = beta1 * new_state[0] + grad
        m = new_state[0]
    else:
        new_state[0] = beta1 * new_state[0] + (1 - beta1) * grad
        m = new_state[0] / (1 - beta1 ** (t + 1))
    if scale == "one":
        sigma = 1.0
    elif scale == "root sum":
        new_state[1] = new_state[1] + grad**2
        sigma = np.sqrt(new_state[1]) + eps
    else:
        new_state[1] = beta2 * new_state[1] + (1 - beta2) * grad**2
        sigma = np.sqrt(new_state[1] / (1 - beta2 ** (t + 1))) + eps
    return theta - lr * m / sigma, new_state


def train_digits(batches, labels, seed):
    theta = net.init(seed)
    state = np.zeros((2, net.n_parameters))
    updates = len(batches)
    for t in range(updates):
        _, gradient = net.loss_and_gradient(theta, pixels[batches[t]], labels[t])
        lr = warmup_then_decay(t, 0.01, updates // 10, updates)
        theta, state = one_update(theta, gradient, state, t, lr, *ADAM)
    return [float(weight) for weight in theta]
