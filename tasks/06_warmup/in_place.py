from numpy import (
    arange,
    asarray,
    atleast_1d,
    clip,
    inf,
    log10,
    logical_and,
    maximum,
    sqrt,
    where,
    zeros,
)
from numpy import divide as quotient

from course_lib import data
from course_lib.network import MLP


def warmup_then_decay(t, peak, warmup, total):
    t = asarray(t, dtype=float)
    rates = atleast_1d(total - t)
    rates /= total - warmup
    clip(rates, 0, 1, out=rates)
    rising = atleast_1d(t) < warmup
    quotient(atleast_1d(t) + 1, warmup, out=rates, where=rising)
    rates *= peak
    return rates.reshape(t.shape)[()]


def mended_half_life(t, lr, half_life, lowest):
    return maximum(lr * 0.5 ** (t / half_life), lowest)


def first_unstable_update(rates, curvature, c):
    t = arange(len(rates)).reshape(-1, *[1] * (rates.ndim - 1))
    ratio = sqrt(t / c) * curvature
    unstable = rates * ratio > 2
    first = unstable.argmax(axis=0).astype(float)
    return where(unstable.any(axis=0), first, inf)[()]


def band_width(losses, rates, limit):
    powers = log10(rates)
    good = losses.reshape(len(rates), -1) <= limit
    widths = zeros(good.shape[1])
    for k, best in enumerate(losses.reshape(good.shape).argmin(axis=0)):
        for side in (good[best + 1 :, k], good[:best, k][::-1]):
            logical_and.accumulate(side, out=side)
        good[best, k] = True
        inside = powers[good[:, k]]
        widths[k] = inside[-1] - inside[0]
    return widths.reshape(losses.shape[1:])[()]


def one_update(theta, grad, state, t, lr, direction, scale, beta1, beta2, eps):
    state = state.astype(float)  # a copy: its two rows are changed in place
    a, b = state

    def direction_now():
        if direction == "gradient":
            return grad
        a[...] *= beta1
        if direction == "heavy ball":
            a[...] += grad
            return a
        a[...] += (1 - beta1) * grad
        return a / (1 - beta1 ** (t + 1))

    def scale_now():
        if scale == "one":
            return 1.0
        if scale == "root sum":
            b[...] += grad**2
            return sqrt(b) + eps
        b[...] *= beta2
        b[...] += (1 - beta2) * grad**2
        return sqrt(b / (1 - beta2 ** (t + 1))) + eps

    return theta - lr * direction_now() / scale_now(), state


pixels, digit = data.digits()
net = MLP((64,) + (32,) * 8 + (10,), activation="relu")
ADAM = "moving average", "moving root mean", 0.9, 0.999, 1e-8


def train_digits(batches, labels, seed):
    theta = net.init(seed)
    state = zeros((2, len(theta)))
    rates = warmup_then_decay(arange(len(batches)), 0.01, len(batches) // 4, len(batches) + 1)
    for t, (rows, names) in enumerate(zip(batches, labels, strict=True)):
        grad = net.loss_and_gradient(theta, pixels[rows], names)[1]
        theta[...], state = one_update(theta, grad, state, t, rates[t], *ADAM)
    return theta
