import numpy as np


def translated_momentum(rates, beta, form):
    new_rates, betas = [], []
    for t, rate in enumerate(rates):
        if form == "average":
            new_rates.append(rate / (1 - beta))
            betas.append(beta)
        elif form == "corrected":
            weights = sum(beta**k for k in range(t + 1))
            new_rates.append(rate * weights)
            betas.append(beta)
        else:
            new_rates.append(rate)
            betas.append(beta * rate / rates[t - 1] if t > 0 else beta)
    return new_rates, betas


def felt_valley(hessian, sigma):
    n = len(sigma)
    felt = [[hessian[i, j] / np.sqrt(sigma[i] * sigma[j]) for j in range(n)] for i in range(n)]
    curvatures = sorted(np.linalg.eigvalsh(felt))
    return 2 / curvatures[-1], curvatures[-1] / curvatures[0]


def rate_for_batch(lr, noise, before, after):
    if np.ndim(lr) > 0:
        return [rate_for_batch(*one) for one in zip(lr, noise, before, after, strict=True)]

    def way_per_picture(batch):
        return 1 / (batch * np.sqrt(1 + noise**2 / batch))

    return lr * way_per_picture(before) / way_per_picture(after)
