from numpy import arange, array, divide, full_like, linalg, sqrt


def translated_momentum(rates, beta, form):
    new, betas = array(rates, dtype=float), full_like(rates, beta, dtype=float)
    if form == "inside":
        divide(rates[1:], rates[:-1], out=betas[1:])
        betas[1:] *= beta
        return new, betas
    new /= 1 - beta
    if form == "corrected":
        new *= 1 - beta ** arange(1, new.size + 1)
    return new, betas


def felt_valley(hessian, sigma):
    felt = array(hessian, dtype=float)
    felt /= sqrt(sigma)
    felt /= sqrt(sigma)[:, None]
    # A square root of the matrix: its singular values are the roots of the eigenvalues.
    roots = linalg.svd(linalg.cholesky(felt), compute_uv=False)
    return 2 / roots[0] ** 2, (roots[0] / roots[-1]) ** 2


def rate_for_batch(lr, noise, before, after):
    rate = array(lr, dtype=float)
    rate *= after
    rate /= before
    rate *= sqrt(1 + noise**2 / after)
    rate /= sqrt(1 + noise**2 / before)
    return rate[()]
