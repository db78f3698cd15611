import numpy as np


def past_weights(alpha, seen):
    left = np.power.outer(alpha, np.arange(seen)).T
    return -np.diff(left, axis=0, append=np.zeros_like(left[:1]))


def alpha_for_memory(updates, kind):
    rest = 1 / np.asarray(updates)
    return 1 - rest if kind == "memory" else np.exp2(-rest)


def rmsprop_sigmas(gradients, alpha, start):
    t = np.arange(len(gradients))
    age = np.subtract.outer(t, t).reshape(len(t), len(t), *[1] * np.ndim(alpha))
    power = np.where(age >= 0, alpha ** abs(age), 0)
    weight = power / power.sum(1, keepdims=True) if start == "corrected" else (1 - alpha) * power
    if start == "first":
        weight[:, 0] = power[:, 0]
    return np.sqrt(np.einsum("tk...,kn...->tn...", weight, np.square(gradients)))


def updates_until_recovered(alpha, before, after, ratio):
    border = np.clip(before, after / ratio, after * ratio)
    if border == before:
        return 0
    left = (border**2 - after**2) / (before**2 - after**2)
    with np.errstate(divide="ignore"):
        return np.ceil(np.log(left) / np.log(alpha))


def rate_for_loss(loss, curvatures):
    return 2 * np.sqrt(2 * loss / np.sum(curvatures, axis=0))


def mended_centred_step(theta, grad, m, v, lr, alpha, eps):
    mean, square = (grad + alpha * (m - grad), grad**2 + alpha * (v - grad**2))
    variance = np.clip(square - mean**2, 0, None)
    return theta - lr * grad / (np.sqrt(variance) + eps), mean, square
