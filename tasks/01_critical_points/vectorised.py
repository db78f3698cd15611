from itertools import accumulate

import numpy as np

from course_lib.network import MLP


def kind_of_point(gradient, hessian, small_gradient, small_share):
    curvature = np.linalg.eigvalsh(hessian)
    size = abs(curvature)
    signs = np.sign(curvature) * (size > small_share * size.max())
    kinds = {(-1, 1): "saddle", (1, 1): "minimum", (-1, -1): "maximum"}
    if np.linalg.norm(gradient) > small_gradient:
        return "not critical"
    return kinds.get((signs.min(), signs.max()), "undecided")


def successive_cosines(gradients):
    length = np.linalg.norm(gradients, axis=1, keepdims=True)
    unit = gradients / np.where(length, length, 1)
    return np.sum(unit[1:] * unit[:-1], axis=1)


def curvature_along(theta, gradients):
    d, change = np.diff([theta, gradients], axis=1)
    return np.sum(d * change, axis=1) / np.sum(d * d, axis=1)


def diagnose(losses, gradients, sharpness):
    before, after = np.mean(np.split(losses, 2), axis=1)
    long, short = np.median(np.split(np.linalg.norm(gradients, axis=1), 2), axis=1)
    cosine = np.median(successive_cosines(gradients))
    holds = {
        "descending": after < 0.99 * before,
        "arriving": short <= long / 2,
        "bouncing": (cosine < -0.9) & (sharpness >= 1.8),
        "crawling": cosine > 0.9,
        "noisy": (abs(cosine) < 0.5) & (sharpness < 1.5),
        "unclear": True,
    }
    return list(holds)[list(holds.values()).index(True)]


def escape_step(gradient, hessian, length):
    curvature, axes = np.linalg.eigh(hessian)
    down = axes[:, 0]
    side = -np.sign(gradient @ down) or np.sign(down[0])
    step = length * (curvature[0] < 0) * side * down
    return step, gradient @ step + curvature[0] * (step @ step) / 2


def leave_saddle(x, y, length, lr, updates):
    net = MLP((x.shape[1], 1, 1), loss="squared_error")
    saddle = np.eye(net.n_parameters)[-1] * np.mean(y)
    loss, gradient = net.loss_and_gradient(saddle, x, y)
    start = saddle + escape_step(gradient, net.hessian(saddle, x, y), length)[0]

    def descend(theta, _):
        return theta - lr * net.loss_and_gradient(theta, x, y)[1]

    path = accumulate(range(updates), descend, initial=start)
    return [loss, *(net.loss_and_gradient(theta, x, y)[0] for theta in path)]
