import numpy as np


def largest_stable_rate(hessian):
    eigenvalues = np.linalg.eigvalsh(hessian)
    steepest = max(float(eigenvalue) for eigenvalue in eigenvalues)
    if steepest <= 0:
        return np.inf
    return 2 / steepest


def descend_quadratic(hessian, start, lr, updates):
    theta = np.array(start, dtype=float)
    path = [theta.copy()]
    for _ in range(updates):
        gradient = np.asarray(hessian) @ theta
        theta -= lr * gradient
        path.append(theta.copy())
    return np.array(path)


def updates_for_one(share, factor):
    if share >= 1:
        return np.inf
    if share == 0:
        return 1
    return int(np.ceil(np.log(factor) / np.log(share)))


def updates_needed(curvatures, lr, factor):
    needed = []
    for curvature in curvatures:
        share = abs(1 - lr * curvature)
        needed.append(updates_for_one(share, factor))
    return max(needed)


def best_rate(curvatures):
    flat = curvatures[0]
    steep = curvatures[0]
    for curvature in curvatures[1:]:
        flat = np.minimum(flat, curvature)
        steep = np.maximum(steep, curvature)
    rate = 2 / (flat + steep)
    factor = rate * steep - 1
    return rate, factor


def floor_of_one(lr, curvature, noise):
    room = 2 - lr * curvature
    if room <= 0:
        return np.inf
    return lr * noise**2 / (2 * room)


def noise_floor(lr, curvature, noise):
    if np.ndim(lr) == 0:
        return floor_of_one(lr, curvature, noise)
    floors = []
    for one_lr, one_curvature, one_noise in zip(lr, curvature, noise, strict=True):
        floors.append(noise_floor(one_lr, one_curvature, one_noise))
    return floors
