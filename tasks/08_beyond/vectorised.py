import numpy as np


def whitened_step(theta, grad, total, lr):
    total = total + grad[:, None] * grad
    axes, size, _ = np.linalg.svd(total, hermitian=True)
    share = np.where(size > 1e-12 * size.sum(), size, np.inf) ** -0.5
    return theta - lr * (axes * share) @ (axes.T @ grad), total


def way_of_a_round(gradients, beta2):
    places = np.arange(len(gradients))
    age = (places[:, None] - places) % len(gradients)  # how long ago each gradient was last seen
    weights = (1 - beta2) * float(beta2) ** age / (1 - beta2 ** len(gradients))
    v = weights @ gradients**2
    return -np.sum(gradients * v**-0.5), -gradients.sum() * v.max() ** -0.5
