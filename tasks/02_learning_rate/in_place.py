import math
from itertools import pairwise

from numpy import abs as absolute
from numpy import asarray, empty, full, inf, matmul, multiply, subtract
from numpy import divide as quotient
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


def noise_floor(lr, curvature, noise):
    lr = asarray(lr, dtype=float)
    room = 2 - lr * curvature
    floor = full(room.shape, inf)
    quotient(lr * noise**2, 2 * room, out=floor, where=room > 0)
    return floor[()]
