from numpy import abs as absolute
from numpy import diff, divide, einsum, empty, median, sqrt, zeros
from scipy.linalg import eigh, eigvalsh, norm

from course_lib.network import MLP


def kind_of_point(gradient, hessian, small_gradient, small_share):
    if norm(gradient) > small_gradient:
        return "not critical"
    curvatures = eigvalsh(hessian)
    limit = small_share * absolute(curvatures).max()
    up, down = curvatures > limit, curvatures < -limit
    if up.any() and down.any():
        return "saddle"
    if up.all():
        return "minimum"
    if down.all():
        return "maximum"
    return "undecided"


def dot_each(a, b):
    return einsum("ti...,ti...->t...", a, b)


def successive_cosines(gradients):
    lengths = sqrt(dot_each(gradients, gradients))
    lengths[lengths == 0] = 1  # the dot product is 0 there
    cosines = dot_each(gradients[:-1], gradients[1:])
    cosines /= lengths[:-1]
    cosines /= lengths[1:]
    return cosines


def curvature_along(theta, gradients):
    steps = diff(theta, axis=0)
    return divide(dot_each(steps, diff(gradients, axis=0)), dot_each(steps, steps))


def diagnose(losses, gradients, sharpness):
    half = len(losses) // 2

    def halves(values, middle):
        return middle(values[:half]), middle(values[half:])

    first, second = halves(losses, lambda values: values.mean())
    if second < 0.99 * first:
        return "descending"
    first, second = halves(norm(gradients, axis=1), median)
    if second <= 0.5 * first:
        return "arriving"
    cosine = median(successive_cosines(gradients))
    if cosine < -0.9:
        return "bouncing" if sharpness >= 1.8 else "unclear"
    if cosine > 0.9:
        return "crawling"
    if -0.5 < cosine < 0.5 and sharpness < 1.5:
        return "noisy"
    return "unclear"


def escape_step(gradient, hessian, length):
    curvatures, vectors = eigh(hessian, subset_by_index=[0, 0])
    if curvatures[0] >= 0:
        return zeros(len(gradient)), 0.0
    step = vectors[:, 0]
    slope = gradient @ step
    uphill = slope > 0 or (slope == 0 and step[0] < 0)
    step *= -length if uphill else length
    return step, gradient @ step + curvatures[0] * length**2 / 2


def leave_saddle(x, y, length, lr, updates):
    net = MLP((x.shape[1], 1, 1), loss="squared_error")
    theta = zeros(net.n_parameters)
    theta[-1] = y.mean()
    losses = empty(updates + 2)
    losses[0], gradient = net.loss_and_gradient(theta, x, y)
    theta += escape_step(gradient, net.hessian(theta, x, y), length)[0]
    for t in range(1, updates + 2):
        losses[t], gradient = net.loss_and_gradient(theta, x, y)
        theta -= lr * gradient
    return losses
