import numpy as np


def adagrad_sigmas(gradients):
    total = 0.0 * gradients[0]
    mean_rows = []
    sum_rows = []
    for t, gradient in enumerate(gradients):
        total = total + gradient**2
        mean_rows.append(np.sqrt(total / (t + 1)))
        sum_rows.append(np.sqrt(total))
    return mean_rows, sum_rows


def adagrad_step(theta, grad, total, lr, eps):
    new_total = np.array(total, dtype=float)
    new_total += grad**2
    sigma = np.sqrt(new_total)
    sigma += eps
    new_theta = np.array(theta, dtype=float)
    new_theta -= lr * grad / sigma
    return new_theta, new_total


def translate_rates(rates, form):
    translated = []
    for t, rate in enumerate(rates):
        root = np.sqrt(t + 1)
        if form == "mean":
            translated.append(rate * root)
        else:
            translated.append(rate / root)
    return translated


def burst_begins(total, seen, lr, curvature):
    gradients_at_two = 4 * total / (lr * curvature) ** 2
    first_above = np.floor(gradients_at_two)
    return np.maximum(first_above, seen)


def in_new_units(lr, eps, scale):
    descent_lr = lr * scale * scale
    adagrad_lr = lr * scale
    adagrad_eps = eps / scale
    return descent_lr, adagrad_lr, adagrad_eps


def mended_adagrad(curvatures, start, lr, eps, updates):
    theta = np.array(start, dtype=float)
    squares = np.zeros(theta.shape)
    path = [list(theta)]
    for t in range(updates):
        gradient = curvatures * theta
        squares += gradient**2
        sigma = np.sqrt(squares / (t + 1)) + eps
        theta -= lr * gradient / sigma
        path.append(list(theta))
    return path
