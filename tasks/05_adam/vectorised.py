import numpy as np


def uncorrected_steps(beta1, beta2, updates):
    n = np.arange(updates) + 1
    m, v = 1 - np.power.outer([beta1, beta2], n)
    return m / np.sqrt(v)


def corrected_mean(values, beta):
    n = np.arange(len(values))
    age = n[:, None] - n
    weight = np.tril(np.power(float(beta), abs(age)))
    return np.tensordot(weight / weight.sum(1, keepdims=True), values, 1)


def adam_step(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = grad + beta1 * (m - grad), grad**2 + beta2 * (v - grad**2)
    seen1, seen2 = 1 - beta1 ** (t + 1), 1 - beta2 ** (t + 1)
    return theta - lr / seen1 * m / (np.sqrt(v / seen2) + eps), m, v


def mended_adam(start, gradients, lr, beta1, beta2, eps):
    sigma = np.sqrt(corrected_mean(np.square(gradients), beta2)) + eps
    return np.add.accumulate([start, *(-lr * corrected_mean(gradients, beta1) / sigma)])


def largest_rate_with_memory(curvatures, sigmas, beta, form):
    steepest = np.divide(curvatures, sigmas).max()
    return (2 + 2 * beta) / steepest / (1 - beta if form == "average" else 1)


def tuned_result(rates, choose_losses, report_losses):
    best = np.argsort(np.median(choose_losses, axis=0))[0]
    reported = np.sort(report_losses[:, best])
    return rates[best], np.median(reported), reported[0], reported[-1]


def decayed_step(theta, grad, lr, weight_decay, kind):
    inside = kind == "L2"
    g = grad + inside * weight_decay * theta
    tiny = np.finfo(float).tiny
    step = g / np.maximum(np.abs(g), tiny)
    return (1 - (not inside) * lr * weight_decay) * theta - lr * step


def factor_with_memory(curvatures, lr, beta):
    half = np.abs(1 + beta - lr * curvatures) / 2
    swings = half**2 < beta
    return np.where(swings, beta**0.5, half + np.sqrt(np.maximum(half**2 - beta, 0))).max()
