import math
from itertools import pairwise

from numpy import abs as absolute
from numpy import empty, inf, isnan, matmul, multiply, subtract
from scipy.linalg import eigvalsh


def largest_stable_rate(hessian):
    steepest = eigvalsh(hessian)[-1]
    if steepest <= 0:
        return inf
    return 2 / steepest


def descend_quadratic(hessian, start, lr, updates):
    path = empty((updates + 1, *start.shape))
    step = empty(start.shape)
    path[0] = start
    for before, after in pairwise(path):
        matmul(hessian, before, out=step)
        multiply(step, lr, out=step)
        subtract(before, step, out=after)
    return path


def updates_needed(curvatures, lr, factor):
    slowest = absolute(1 - lr * curvatures).max()
    if slowest >= 1:
        return inf
    if slowest <= factor:
        return 1
    return math.ceil(math.log(factor) / math.log(slowest))


def best_rate(curvatures):
    low, high = curvatures.min(axis=0), curvatures.max(axis=0)
    both = low + high
    return 2 / both, (high - low) / both


def read_curve(losses):
    if isnan(losses[-1]) or losses[-1] > losses[0]:
        return "diverges"
    half = len(losses) // 2
    step = empty(half)
    subtract(losses[half + 1 :], losses[half:-1], out=step)
    rises = step[step > 0].sum()
    absolute(step, out=step)
    if rises > (step.sum() - rises) / 2:
        return "bounces"
    fell = losses[0] - losses[half]
    fell -= 2 * (losses[half] - losses[-1])
    return "slow" if fell <= 0 else "good"


def finder_reading(rates, losses, rise):
    smoothed = losses[2:-2].copy()
    for shift in (0, 1, 3, 4):
        smoothed += losses[shift : len(losses) - 4 + shift]
    smoothed /= 5
    limit = 0
    while limit + 1 < len(smoothed) and smoothed[limit + 1] <= rise * smoothed[: limit + 1].min():
        limit += 1
    smoothed[:limit] -= smoothed[1 : limit + 1]
    return rates[2 + smoothed[:limit].argmax()], rates[2 + limit]
