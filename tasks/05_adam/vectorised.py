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


def corrected_rmsprop(start, gradients, lr, alpha, eps):
    sigma = np.sqrt(corrected_mean(np.square(gradients), alpha)) + eps
    return np.add.accumulate([start, *(-lr * gradients / sigma)])


def adam_step(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = grad + beta1 * (m - grad), grad**2 + beta2 * (v - grad**2)
    seen1, seen2 = 1 - beta1 ** (t + 1), 1 - beta2 ** (t + 1)
    return theta - lr / seen1 * m / (np.sqrt(v / seen2) + eps), m, v


def mended_adam(parameters, gradients, lr, beta1, beta2, eps):
    def path(start, grads):
        sigma = np.sqrt(corrected_mean(np.square(grads), beta2)) + eps
        return np.add.accumulate([start, *(-lr * corrected_mean(grads, beta1) / sigma)])

    return list(map(path, parameters, gradients))


def largest_rate_with_memory(curvatures, sigmas, beta, form):
    steepest = np.divide(curvatures, sigmas).max()
    return (2 + 2 * beta) / steepest / (1 - beta if form == "average" else 1)


def tuned_result(rates, choose_losses, report_losses):
    best = np.argsort(np.median(choose_losses, axis=0))[0]
    reported = np.sort(report_losses[:, best])
    return rates[best], np.median(reported), reported[0], reported[-1]
