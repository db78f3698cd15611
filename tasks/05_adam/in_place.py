from numpy import arange, argmin, empty, inf, median, sign, sqrt, zeros
from numpy.linalg import eigvals
from scipy.signal import lfilter


def weights_so_far(beta, seen):
    return 1 - beta**seen


def uncorrected_steps(beta1, beta2, updates):
    seen = arange(1, updates + 1)
    return weights_so_far(beta1, seen) / sqrt(weights_so_far(beta2, seen))


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


def mended_adam(start, gradients, lr, beta1, beta2, eps):
    def averages(values, beta):
        seen = arange(1, len(values) + 1).reshape(-1, *[1] * (values.ndim - 1))
        return lfilter([1 - beta], [1, -beta], values, axis=0) / weights_so_far(beta, seen)

    path = empty((len(gradients) + 1, *start.shape))
    path[0] = start
    path[1:] = averages(gradients, beta1)
    path[1:] /= sqrt(averages(gradients**2, beta2)) + eps
    path[1:] *= -lr
    return path.cumsum(axis=0)


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


def decayed_step(theta, grad, lr, weight_decay, kind):
    pull = weight_decay * theta
    step = grad.copy()
    if kind == "L2":
        step += pull
    sign(step, out=step)
    if kind == "AdamW":
        step += pull
    step *= -lr
    step += theta
    return step


def factor_with_memory(curvatures, lr, beta):
    # One update of θ and the θ before it: its eigenvalues are the two roots.
    update = zeros((len(curvatures), 2, 2))
    update[:, 0, 0] = 1 + beta - lr * curvatures
    update[:, 0, 1] = -beta
    update[:, 1, 0] = 1
    return abs(eigvals(update)).max()
