import numpy as np


def translated_momentum(rates, beta, form):
    if form == "inside":
        ratio = np.append(1.0, rates[1:] / rates[:-1])
        return rates, beta * ratio
    powers = float(beta) ** np.arange(len(rates))
    sums = np.cumsum(powers) if form == "corrected" else 1 / (1 - beta)
    return rates * sums, np.full_like(rates, beta)


def felt_valley(hessian, sigma):
    # D⁻¹H has real eigenvalues, because it is similar to a symmetric matrix.
    curvatures = np.linalg.eigvals(hessian / sigma[:, None]).real
    return 2 / curvatures.max(), np.ptp(curvatures) / curvatures.min() + 1


def rate_for_batch(lr, noise, before, after):
    variance = np.square(noise)
    return lr * np.sqrt(after / before * (after + variance) / (before + variance))
