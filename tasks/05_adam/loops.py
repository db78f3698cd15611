import numpy as np


def uncorrected_steps(beta1, beta2, updates):
    left_of_m = 1.0
    left_of_v = 1.0
    steps = []
    for _ in range(updates):
        left_of_m *= beta1
        left_of_v *= beta2
        sigma = np.sqrt(1 - left_of_v)
        steps.append((1 - left_of_m) / sigma)
    return steps


def corrected_rmsprop(start, gradients, lr, alpha, eps):
    theta = np.array(start, dtype=float)
    v = np.zeros(theta.shape)
    path = [theta.copy()]
    for n, gradient in enumerate(gradients, start=1):
        v *= alpha
        v += (1 - alpha) * gradient**2
        corrected = v / (1 - alpha**n)
        theta -= lr * gradient / (np.sqrt(corrected) + eps)
        path.append(theta.copy())
    return path


def adam_step(theta, grad, m, v, t, lr, beta1, beta2, eps):
    seen = t + 1
    new_m = beta1 * m + (1 - beta1) * grad
    new_v = beta2 * v + (1 - beta2) * grad**2
    weights_of_m = 1 - beta1**seen
    weights_of_v = 1 - beta2**seen
    direction = new_m / weights_of_m
    sigma = np.sqrt(new_v / weights_of_v) + eps
    return theta - lr * direction / sigma, new_m, new_v


def adam_path(start, gradients, settings):
    theta = np.array(start, dtype=float)
    m = np.zeros(theta.shape)
    v = np.zeros(theta.shape)
    path = [theta]
    for t, gradient in enumerate(gradients):
        theta, m, v = adam_step(theta, gradient, m, v, t, *settings)
        path.append(theta)
    return np.array(path)


def mended_adam(parameters, gradients, lr, beta1, beta2, eps):
    settings = (lr, beta1, beta2, eps)
    paths = []
    for part, start in enumerate(parameters):
        paths.append(adam_path(start, gradients[part], settings))
    return paths


def largest_rate_with_memory(curvatures, sigmas, beta, form):
    share_left = 1 / (1 + beta)
    if form == "average":
        share_left *= 1 - beta
    strictest = 0.0
    for curvature, sigma in zip(curvatures, sigmas, strict=True):
        strictest = max(strictest, float(curvature / sigma))
    return 2 / (strictest * share_left)


def tuned_result(rates, choose_losses, report_losses):
    chosen = 0
    lowest_median = np.inf
    for column in range(len(rates)):
        losses = [row[column] for row in choose_losses]
        median = np.median(losses)
        if median < lowest_median:
            chosen, lowest_median = column, median
    reported = [row[chosen] for row in report_losses]
    return rates[chosen], np.median(reported), min(reported), max(reported)
