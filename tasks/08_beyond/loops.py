import numpy as np


def whitened_step(theta, grad, total, lr):
    n = len(theta)
    new = [[total[i][j] + grad[i] * grad[j] for j in range(n)] for i in range(n)]
    sizes, axes = np.linalg.eigh(np.array(new))
    step = np.zeros(n)
    for size, axis in zip(sizes, axes.T, strict=True):
        if size > 1e-12 * sum(sizes):
            step = step + axis * sum(axis * grad) / np.sqrt(size)
    return theta - lr * step, new


def way_of_a_round(gradients, beta2):
    # A round leaves the share β₂ᴾ of what was there: after so many rounds it is nothing.
    left = beta2 ** len(gradients)
    rounds = 2 + int(30 / -np.log(left)) if left else 2
    v = largest = 0.0
    for _ in range(rounds):
        adam = amsgrad = 0.0
        for g in gradients:
            v = beta2 * v + (1 - beta2) * g * g
            largest = max(largest, v)
            adam -= g / v**0.5
            amsgrad -= g / largest**0.5
    return adam, amsgrad
