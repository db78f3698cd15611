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


def adam_step(theta, grad, m, v, t, lr, beta1, beta2, eps):
    seen = t + 1
    new_m = beta1 * m + (1 - beta1) * grad
    new_v = beta2 * v + (1 - beta2) * grad**2
    weights_of_m = 1 - beta1**seen
    weights_of_v = 1 - beta2**seen
    direction = new_m / weights_of_m
    sigma = np.sqrt(new_v / weights_of_v) + eps
    return theta - lr * direction / sigma, new_m, new_v


def mended_adam(start, gradients, lr, beta1, beta2, eps):
    theta = np.array(start, dtype=float)
    m = np.zeros(theta.shape)
    v = np.zeros(theta.shape)
    path = [theta]
    for t, gradient in enumerate(gradients):
        theta, m, v = adam_step(theta, gradient, m, v, t, lr, beta1, beta2, eps)
        path.append(theta)
    return path


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


def sign(number):
    if number == 0:
        return 0.0
    return 1.0 if number > 0 else -1.0


def decayed_step(theta, grad, lr, weight_decay, kind):
    moved = np.array(theta, dtype=float)
    for i in np.ndindex(moved.shape):
        pull = weight_decay * theta[i]
        if kind == "L2":
            moved[i] -= lr * sign(grad[i] + pull)
        else:
            moved[i] -= lr * sign(grad[i])
            moved[i] -= lr * pull
    return moved


def factor_with_memory(curvatures, lr, beta):
    slowest = 0.0
    for curvature in curvatures:
        roots = np.roots([1, -(1 + beta - lr * curvature), beta])
        for root in roots:
            slowest = max(slowest, abs(root))
    return slowest
