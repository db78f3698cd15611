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


def read_curve(losses):
    middle = (len(losses) - 1) // 2
    first, last = losses[0], losses[-1]
    if np.isnan(last) or last > first:
        return "diverges"
    rises = falls = 0.0
    for t in range(middle, len(losses) - 1):
        if losses[t + 1] > losses[t]:
            rises += losses[t + 1] - losses[t]
        else:
            falls += losses[t] - losses[t + 1]
    if rises > 0.5 * falls:
        return "bounces"
    if 2 * (losses[middle] - last) >= first - losses[middle]:
        return "slow"
    return "good"


def finder_reading(rates, losses, rise):
    smoothed = {}
    for i in range(2, len(losses) - 2):
        smoothed[i] = sum(losses[j] for j in range(i - 2, i + 3)) / 5
    limit, lowest = 2, smoothed[2]
    best, fastest = None, 0.0
    for i in range(3, len(losses) - 2):
        if smoothed[i] > rise * lowest:
            break
        if smoothed[i - 1] - smoothed[i] > fastest:
            best, fastest = i - 1, smoothed[i - 1] - smoothed[i]
        lowest = min(lowest, smoothed[i])
        limit = i
    return rates[best], rates[limit]
