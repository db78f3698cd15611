from numpy import arange, argmin, empty, inf, median, multiply, sqrt, zeros
from scipy.signal import lfilter


def weights_so_far(beta, seen):
    return 1 - beta**seen


def uncorrected_steps(beta1, beta2, updates):
    seen = arange(1, updates + 1)
    return weights_so_far(beta1, seen) / sqrt(weights_so_far(beta2, seen))


def corrected_rmsprop(start, gradients, lr, alpha, eps):
    path = empty((len(gradients) + 1, *start.shape))
    path[0] = start
    v, sigma = zeros(start.shape), empty(start.shape)
    for n, grad in enumerate(gradients, start=1):
        v += (1 - alpha) * (grad**2 - v)
        multiply(v, 1 / weights_so_far(alpha, n), out=sigma)
        sqrt(sigma, out=sigma)
        sigma += eps
        path[n] = path[n - 1] - lr * grad / sigma
    return path


def adam_step(theta, grad, m, v, t, lr, beta1, beta2, eps):
    m, v = m.astype(float), v.astype(float)  # copies, from here on changed in place
    m *= beta1
    m += (1 - beta1) * grad
    v *= beta2
    v += (1 - beta2) * grad**2
    sigma = v / weights_so_far(beta2, t + 1)
    sqrt(sigma, out=sigma)
    sigma += eps
    move = m / weights_so_far(beta1, t + 1)
    move /= sigma
    return theta - lr * move, m, v


def mended_adam(parameters, gradients, lr, beta1, beta2, eps):
    def averages(values, beta):
        seen = arange(1, len(values) + 1).reshape(-1, *[1] * (values.ndim - 1))
        return lfilter([1 - beta], [1, -beta], values, axis=0) / weights_so_far(beta, seen)

    def path_of(start, grads):
        path = empty((len(grads) + 1, *start.shape))
        path[0] = start
        steps = averages(grads, beta1) / (sqrt(averages(grads**2, beta2)) + eps)
        steps *= -lr
        path[1:] = steps
        return path.cumsum(axis=0)

    return [path_of(*part) for part in zip(parameters, gradients, strict=True)]


def largest_rate_with_memory(curvatures, sigmas, beta, form):
    limit = 2 * (1 + beta)
    if form == "average":
        limit /= 1 - beta
    bent = curvatures > 0
    return limit * (sigmas[bent] / curvatures[bent]).min(initial=inf)


def tuned_result(rates, choose_losses, report_losses):
    best = argmin(median(choose_losses, axis=0))
    reported = report_losses[:, best]
    return rates[best], median(reported), reported.min(), reported.max()
