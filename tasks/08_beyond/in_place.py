from numpy import array, empty_like, linalg, outer, roll, sqrt


def whitened_step(theta, grad, total, lr):
    new_total = array(total, dtype=float)
    new_total += outer(grad, grad)
    size, axes = linalg.eigh(new_total)
    step = grad @ axes
    known = size > 1e-12 * size.sum()
    step[known] /= sqrt(size[known])
    step[~known] = 0
    new = array(theta, dtype=float)
    new -= lr * (axes @ step)
    return new, new_total


def way_of_a_round(gradients, beta2):
    # The sum over a round, each gradient with its age, for one place after the other.
    squares = array(gradients, dtype=float)
    squares **= 2
    v = empty_like(squares)
    for place in range(v.size):
        newest_first = roll(squares[::-1], place + 1)
        total, weight = 0.0, 1 - beta2
        for square in newest_first:
            total += weight * square
            weight *= beta2
        v[place] = total / (1 - beta2**v.size)
    steps = gradients / sqrt(v)
    return -steps.sum(), -(gradients / sqrt(v.max())).sum()
