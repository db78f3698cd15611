import numpy as np

from course_lib.network import MLP


def length_of(vector):
    total = 0.0
    for component in vector:
        total = total + component**2
    return np.sqrt(total)


def dot(first, second):
    total = 0.0
    for one, other in zip(first, second, strict=True):
        total = total + one * other
    return total


def kind_of_point(gradient, hessian, small_gradient, small_share):
    if length_of(gradient) > small_gradient:
        return "not critical"
    eigenvalues = [float(value) for value in np.linalg.eigvalsh(hessian)]
    limit = small_share * max(abs(value) for value in eigenvalues)
    positive = 0
    negative = 0
    for value in eigenvalues:
        if value > limit:
            positive += 1
        elif value < -limit:
            negative += 1
    if positive > 0 and negative > 0:
        return "saddle"
    if positive == len(eigenvalues):
        return "minimum"
    if negative == len(eigenvalues):
        return "maximum"
    return "undecided"


def unit_vector(vector):
    length = length_of(vector)
    safe_length = np.where(length > 0, length, 1.0)
    return vector / safe_length


def successive_cosines(gradients):
    cosines = []
    before = unit_vector(gradients[0])
    for gradient in gradients[1:]:
        now = unit_vector(gradient)
        cosines.append(dot(before, now))
        before = now
    return cosines


def curvature_along(theta, gradients):
    curvatures = []
    for t in range(len(theta) - 1):
        step = theta[t + 1] - theta[t]
        change = gradients[t + 1] - gradients[t]
        curvatures.append(dot(step, change) / dot(step, step))
    return curvatures


def diagnose(losses, gradients, sharpness):
    half = len(losses) // 2
    lengths = [length_of(gradient) for gradient in gradients]
    middle_cosine = np.median(successive_cosines(gradients))
    if np.mean(losses[half:]) < 0.99 * np.mean(losses[:half]):
        return "descending"
    if np.median(lengths[half:]) <= 0.5 * np.median(lengths[:half]):
        return "arriving"
    if middle_cosine > 0.9:
        return "crawling"
    if middle_cosine < -0.9 and sharpness >= 1.8:
        return "bouncing"
    if middle_cosine > -0.5 and middle_cosine < 0.5 and sharpness < 1.5:
        return "noisy"
    return "unclear"


def escape_step(gradient, hessian, length):
    eigenvalues, eigenvectors = np.linalg.eigh(hessian)
    if eigenvalues[0] >= 0:
        return [0.0] * len(gradient), 0.0
    step = [length * float(component) for component in eigenvectors[:, 0]]
    slope = dot(gradient, step)
    if slope > 0 or (slope == 0 and step[0] < 0):
        step = [-component for component in step]
        slope = -slope
    bend = dot(step, hessian @ np.array(step))
    return step, slope + bend / 2


def network(inputs):
    return MLP((inputs, 1, 1), loss="squared_error")


def leave_saddle(x, y, length, lr, updates):
    net = network(len(x[0]))
    theta = np.zeros(net.n_parameters)
    theta[-1] = np.mean(y)
    loss, gradient = net.loss_and_gradient(theta, x, y)
    losses = [float(loss)]
    step, _ = escape_step(gradient, net.hessian(theta, x, y), length)
    theta += np.array(step)
    loss, gradient = net.loss_and_gradient(theta, x, y)
    losses.append(float(loss))
    for _ in range(updates):
        theta -= lr * gradient
        loss, gradient = net.loss_and_gradient(theta, x, y)
        losses.append(float(loss))
    return losses
