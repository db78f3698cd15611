import numpy as np


def past_weights(alpha, seen):
    newest_first = [1.0 + 0.0 * alpha]
    for _ in range(seen - 1):
        faded = [alpha * weight for weight in newest_first]
        newest_first = [1 - alpha, *faded]
    return newest_first


def alpha_for_memory(updates, kind):
    if kind == "memory":
        return 1 - 1 / updates
    rate_of_fading = np.log(2) / updates
    return np.exp(-rate_of_fading)


def rmsprop_sigmas(gradients, alpha, start):
    average = 0.0 * gradients[0]
    weights_so_far = 0.0
    sigmas = []
    for gradient in gradients:
        square = gradient**2
        if start == "first" and not sigmas:
            average = square
        else:
            average = alpha * average + (1 - alpha) * square
        weights_so_far = alpha * weights_so_far + (1 - alpha)
        if start == "corrected":
            sigmas.append(np.sqrt(average / weights_so_far))
        else:
            sigmas.append(np.sqrt(average))
    return sigmas


def updates_until_recovered(alpha, before, after, ratio):
    lowest = after / ratio
    highest = after * ratio
    if lowest <= before <= highest:
        return 0
    if ratio == 1:
        return np.inf
    border = highest if before > highest else lowest
    allowed = abs(border**2 - after**2)
    distance = abs(before**2 - after**2)
    count = 0
    while distance > allowed:
        distance *= alpha
        count += 1
    return count


def rate_for_loss(loss, curvatures):
    total_curvature = 0.0
    for curvature in curvatures:
        total_curvature = total_curvature + curvature
    half_jump = np.sqrt(2 * loss / total_curvature)
    return 2 * half_jump


def mended_centred_step(theta, grad, m, v, lr, alpha, eps):
    mean = alpha * m + (1 - alpha) * grad
    square = alpha * v + (1 - alpha) * grad**2
    variance = square - mean**2
    variance[variance < 0] = 0
    sigma = np.sqrt(variance) + eps
    return theta - lr * grad / sigma, mean, square
