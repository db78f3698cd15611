from numpy import arange, asarray, cumsum, divide, empty, floor, maximum, multiply, sqrt, zeros


def numbers_from_one(like):
    return arange(1.0, len(like) + 1).reshape(-1, *[1] * (like.ndim - 1))


def adagrad_sigmas(gradients):
    total_form = asarray(gradients, dtype=float) ** 2
    cumsum(total_form, axis=0, out=total_form)
    sqrt(total_form, out=total_form)
    return total_form / sqrt(numbers_from_one(total_form)), total_form


def adagrad_step(theta, grad, total, lr, eps):
    new_total = grad * grad
    new_total += total
    scale = sqrt(new_total)
    scale += eps
    move = divide(grad, scale, out=scale)
    move *= lr
    return theta - move, new_total


def translate_rates(rates, form):
    root = sqrt(numbers_from_one(rates))
    if form == "mean":
        return rates * root
    return rates / root


def burst_begins(total, seen, lr, curvature):
    gradients_at_border = 4 * total / (lr * curvature) ** 2
    return maximum(floor(gradients_at_border), seen)


def in_new_units(lr, eps, scale):
    adagrad_lr = lr * scale
    return adagrad_lr * scale, adagrad_lr, eps / scale


def mended_adagrad(curvatures, start, lr, eps, updates):
    path = empty((updates + 1, *start.shape))
    path[0] = start
    total, grad, scale = zeros((3, *start.shape))
    for t in range(updates):
        multiply(curvatures, path[t], out=grad)
        total += grad**2
        sqrt(total / (t + 1), out=scale)
        scale += eps
        grad *= lr
        grad /= scale
        path[t + 1] = path[t] - grad
    return path
