"""What `check` and `hint` know of 07: cases, hints, and the wrong answers that learners give."""

import numpy as np

from tasks.catalogue import Task

INSIDE = "05_adam#The-rate-inside-or-outside"
SUM = "05_adam#A-sum-or-an-average?"

momentum = Task(
    "translated_momentum",
    cases={
        "an average": {"rates": np.array([0.3, 0.5, 0.2, 0.7]), "beta": 0.8, "form": "average"},
        "a corrected average": {
            "rates": np.array([0.3, 0.5, 0.2, 0.7]),
            "beta": 0.8,
            "form": "corrected",
        },
        "inside, rates in any order": {
            "rates": np.array([0.3, 0.5, 0.2, 0.7]),
            "beta": 0.8,
            "form": "inside",
        },
        "inside, a rate that drops once": {
            "rates": np.array([0.6, 0.6, 0.6, 0.15, 0.15]),
            "beta": 0.9,
            "form": "inside",
        },
        "inside, a constant rate": {"rates": np.full(3, 0.4), "beta": 0.6, "form": "inside"},
        "a corrected average with a long memory": {
            "rates": np.array([0.02, 0.03, 0.05]),
            "beta": 0.995,
            "form": "corrected",
        },
        "one update, an average": {"rates": np.array([0.4]), "beta": 0.7, "form": "average"},
        "one update, corrected": {"rates": np.array([0.4]), "beta": 0.7, "form": "corrected"},
        "one update, inside": {"rates": np.array([0.4]), "beta": 0.7, "form": "inside"},
        "no memory": {"rates": np.array([0.3, 0.7]), "beta": 0, "form": "corrected"},
    },
    about={
        **dict.fromkeys(
            ["an average", "one update, an average"], "the form “average” is not right"
        ),
        **dict.fromkeys(
            [
                "a corrected average",
                "a corrected average with a long memory",
                "one update, corrected",
            ],
            "the form “corrected” is not right",
        ),
        **dict.fromkeys(
            [
                "inside, rates in any order",
                "inside, a rate that drops once",
                "inside, a constant rate",
                "one update, inside",
            ],
            "the form “inside” is not right",
        ),
        "no memory": "with β = 0 it is not right",
    },
    hints=[
        "Write out the step of update t in both forms, as a sum over all gradients so far. Each "
        "gradient needs the same factor in both. Which factor has the newest, and which the one "
        "before it?",
        "An average is the sum times 1 − β, a corrected one is that divided by 1 − βⁿ with "
        "n = t + 1. Inside, the newest gradient has the factor η_t already. For the older ones "
        "the memory, which holds the last step, must become as much longer or shorter as η does.",
        "average: η_t/(1 − β). corrected: η_t(1 − βⁿ)/(1 − β), n = `np.arange(1, T + 1)`. inside: "
        "the rates as they are, and β η_t/η_(t−1), which is `beta * rates[1:] / rates[:-1]` from "
        "t = 1 on.",
    ],
)


def seen(rates):
    return np.arange(1, len(rates) + 1)


def same_beta(rates, beta):
    return np.full(len(rates), float(beta))


def followed(rates, beta):
    """The β's of the form with η inside."""
    betas = same_beta(rates, beta)
    betas[1:] *= rates[1:] / rates[:-1]
    return betas


def translated(rates, beta, form):
    """The right answer, of which each misconception changes one branch."""
    factors = {"average": 1.0, "corrected": 1 - beta ** seen(rates), "inside": 1 - beta}
    betas = followed(rates, beta) if form == "inside" else same_beta(rates, beta)
    return rates * factors[form] / (1 - beta), betas


@momentum.misconception(
    "inside, the same β at every update",
    "In the form “inside” every β_t is β. The memory then holds steps that were made with old "
    "rates, so the path is another one as soon as η changes.",
    read=INSIDE,
)
def the_same_beta(rates, beta, form):
    return translated(rates, beta, form)[0], same_beta(rates, beta)


@momentum.misconception(
    "inside, the ratio of the rates upside down",
    "In the form “inside” β_t is β η_(t−1)/η_t. The memory is the last step, made with η_(t−1): "
    "where the rate falls to a half, it must become shorter, not longer.",
    read=INSIDE,
)
def upside_down(rates, beta, form):
    betas = same_beta(rates, beta)
    betas[1:] *= rates[:-1] / rates[1:]
    return translated(rates, beta, form)[0], (betas if form == "inside" else same_beta(rates, beta))


@momentum.misconception(
    "inside, the β's come one update early",
    "In the form “inside” β_t has the ratio η_(t+1)/η_t. At update t the memory holds the step of "
    "update t − 1, so the ratio is η_t/η_(t−1).",
    read=INSIDE,
)
def one_early(rates, beta, form):
    betas = same_beta(rates, beta)
    betas[:-1] *= rates[1:] / rates[:-1]
    return translated(rates, beta, form)[0], (betas if form == "inside" else same_beta(rates, beta))


@momentum.misconception(
    "inside, every rate compared with the first",
    "In the form “inside” β_t is β η_t/η_0. The memory holds the step of the last update, so η_t "
    "is compared with η_(t−1).",
    read=INSIDE,
)
def with_the_first(rates, beta, form):
    betas = beta * rates / rates[0]
    return translated(rates, beta, form)[0], (betas if form == "inside" else same_beta(rates, beta))


@momentum.misconception(
    "inside, the ratio of the rates without β",
    "In the form “inside” β_t is η_t/η_(t−1), without the factor β: the memory would not fade.",
    read=INSIDE,
)
def without_beta(rates, beta, form):
    betas = followed(rates, 1.0)
    betas[0] = beta
    return translated(rates, beta, form)[0], (betas if form == "inside" else same_beta(rates, beta))


@momentum.misconception(
    "inside, β times the rate instead of the ratio of two",
    "In the form “inside” β_t is β η_t. Even at a constant rate it is then not β. The memory must "
    "change as the rate does, by η_t/η_(t−1).",
    read=INSIDE,
)
def no_ratio(rates, beta, form):
    betas = beta * rates if form == "inside" else same_beta(rates, beta)
    return translated(rates, beta, form)[0], betas


@momentum.misconception(
    "inside, a first β of 0",
    "In the form “inside” β_0 is 0. It multiplies m = 0, so the path is right, but the docstring "
    "asks for `beta` there.",
    read=INSIDE,
)
def first_of_zero(rates, beta, form):
    new, betas = translated(rates, beta, form)
    return new, betas * np.where((form == "inside") & (seen(rates) == 1), 0, 1)


@momentum.misconception(
    "inside, other rates",
    "In the form “inside” the rates are multiplied by a ratio of rates as well. The newest "
    "gradient has the factor η_t in both forms: the rates stay, and β alone changes.",
    read=INSIDE,
)
def other_rates(rates, beta, form):
    new, betas = translated(rates, beta, form)
    ratio = np.append(1.0, rates[1:] / rates[:-1])
    return new * ratio if form == "inside" else new, betas


@momentum.misconception(
    "inside, the rates divided by 1 − β",
    "In the form “inside” the rates are divided by 1 − β. This form is a sum, as the heavy ball "
    "is: the newest gradient has the factor η_t in both.",
    read=SUM,
)
def inside_divided(rates, beta, form):
    new, betas = translated(rates, beta, form)
    return new / (1 - beta) if form == "inside" else new, betas


@momentum.misconception(
    "an average for a sum, the rate as it is",
    "In the form “average” the rates are left as they are. In the average the newest gradient has "
    "the factor (1 − β) η, in the heavy ball η.",
    read=SUM,
)
def average_as_it_is(rates, beta, form):
    new, betas = translated(rates, beta, form)
    return rates if form == "average" else new, betas


times = momentum.misconception(
    "times 1 − β instead of divided by it",
    "The rates of the averages hold the factor 1 − β. An average is smaller than the sum by this "
    "factor, so its rate must be larger: η/(1 − β).",
    read=SUM,
)


@times
def multiplied(rates, beta, form):
    new, betas = translated(rates, beta, form)
    return new * (1 - beta) ** (2 * (form != "inside")), betas


@times
def multiplied_average(rates, beta, form):
    new, betas = translated(rates, beta, form)
    return new * (1 - beta) ** (2 * (form == "average")), betas


@momentum.misconception(
    "the correction is not translated",
    "In the form “corrected” the rates are those of the plain average. Its m is divided by "
    "1 − βⁿ, so the rate must take this back.",
    read="05_adam#The-zero-start",
)
def not_corrected(rates, beta, form):
    new, betas = translated(rates, beta, "average" if form == "corrected" else form)
    return new, betas


@momentum.misconception(
    "the correction upside down",
    "In the form “corrected” the rates are divided by 1 − βⁿ. The form divides its m by it "
    "already, so the rate must be multiplied by it.",
    read="05_adam#The-zero-start",
)
def corrected_twice(rates, beta, form):
    new, betas = translated(rates, beta, form)
    return new / (1 - beta ** seen(rates)) ** (2 * (form == "corrected")), betas


back = momentum.misconception(
    "the translation into the other direction",
    "It leads from the other form to the heavy ball. The heavy ball's settings are given, "
    "and those of the other form are asked.",
    read=SUM,
)


@back
def corrected_backwards(rates, beta, form):
    new, betas = translated(rates, beta, form)
    return rates**2 / new if form == "corrected" else new, betas


@back
def all_backwards(rates, beta, form):
    new, betas = translated(rates, beta, form)
    if form == "inside":
        betas[1:] = beta * rates[:-1] / rates[1:]
    return rates**2 / new, betas


@back
def averages_backwards(rates, beta, form):
    new, betas = translated(rates, beta, form)
    return rates**2 / new, betas


@momentum.misconception(
    "the correction one update late",
    "In the form “corrected” the rates hold 1 − βⁿ with n = t + 2. After update t there are "
    "n = t + 1 gradients.",
    read="05_adam#The-zero-start",
)
def from_two(rates, beta, form):
    new, betas = translated(rates, beta, form)
    if form == "corrected":
        new = rates * (1 - beta ** (seen(rates) + 1)) / (1 - beta)
    return new, betas


@momentum.misconception(
    "the correction without 1 − β",
    "In the form “corrected” the rates are η (1 − βⁿ). The corrected m is the sum times "
    "(1 − β)/(1 − βⁿ), so η is also divided by 1 − β.",
    read="05_adam#The-zero-start",
)
def correction_alone(rates, beta, form):
    new, betas = translated(rates, beta, form)
    return new * (1 - beta) ** (form == "corrected"), betas


@momentum.misconception(
    "the correction counted from 0",
    "In the form “corrected” the rates hold 1 − βᵗ, which is 0 at the first update. After update t "
    "there are n = t + 1 gradients.",
    read="05_adam#The-zero-start",
)
def from_zero(rates, beta, form):
    new, betas = translated(rates, beta, form)
    if form == "corrected":
        new = rates * (1 - float(beta) ** (seen(rates) - 1)) / (1 - beta)
    return new, betas


@momentum.misconception(
    "one correction for all updates",
    "In the form “corrected” every rate holds 1 − β to the power of T, the number of all updates. "
    "At update t only t + 1 gradients have been seen.",
    read="05_adam#The-zero-start",
)
def one_correction(rates, beta, form):
    new, betas = translated(rates, beta, form)
    if form == "corrected":
        new = rates * (1 - beta ** len(rates)) / (1 - beta)
    return new, betas


@momentum.misconception(
    "rates and β's exchanged",
    "The first result holds the β's and the second the rates. It is the other way round: "
    "(rates, betas).",
    read=SUM,
)
def exchanged(rates, beta, form):
    new, betas = translated(rates, beta, form)
    return betas, new


@momentum.misconception(
    "the heavy ball's own settings",
    "All rates and all β's are those of the heavy ball. Only the form “inside” at a constant rate "
    "can take them as they are.",
    read=SUM,
)
def as_they_are(rates, beta, form):
    return rates, same_beta(rates, beta)


def turned(curvatures, angle):
    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.array([[cosine, -sine], [sine, cosine]])
    return turn @ np.diag(curvatures) @ turn.T


valley = Task(
    "felt_valley",
    cases={
        "along the axes": {"hessian": np.diag([3.0, 40.0]), "sigma": np.array([0.5, 5.0])},
        "turned": {"hessian": turned([1.0, 50.0], 0.6), "sigma": np.array([12.0, 17.0])},
        "three parameters": {
            "hessian": np.array([[6.0, 2.0, -1.0], [2.0, 9.0, 3.0], [-1.0, 3.0, 4.0]]),
            "sigma": np.array([0.3, 2.0, 0.7]),
        },
        "σ is 1": {"hessian": turned([2.0, 7.0], 0.4), "sigma": np.ones(2)},
        "one σ for all": {"hessian": turned([2.0, 7.0], 0.4), "sigma": np.full(2, 5.0)},
        "σ is each curvature": {
            "hessian": np.diag([0.5, 8.0, 20.0]),
            "sigma": np.array([0.5, 8.0, 20.0]),
        },
        "σ suits the wrong axis": {"hessian": np.diag([3.0, 40.0]), "sigma": np.array([5.0, 0.5])},
        "one parameter": {"hessian": np.array([[7.0]]), "sigma": np.array([3.0])},
        "a long valley": {"hessian": turned([1e-2, 1e2], 0.8), "sigma": np.array([30.0, 20.0])},
    },
    about={
        "σ is 1": "with σ = 1, plain gradient descent, it is not right",
        "one σ for all": "with one σ for all parameters it is not right",
        "one parameter": "for a single parameter it is not right",
        "a long valley": "a valley with a large condition number is not right",
    },
    hints=[
        "The update multiplies θ by a matrix, 1 − η D⁻¹H, where D has the σ's on its diagonal. Of "
        "which matrix are the eigenvalues needed, then? What is the largest stable rate for one "
        "eigenvalue?",
        "In u = cθ the rule is u ← u − η (c²/σ) ∂L/∂u. It is plain gradient descent with c = √σ, "
        "and then the matrix in u is H_ij/(√σ_i √σ_j). It is symmetric, as `eigvalsh` needs it.",
        "`root = np.sqrt(sigma)`, then λ = `np.linalg.eigvalsh(hessian / np.outer(root, root))`. "
        "It is sorted: the rate is 2 divided by the last, the condition number is the last divided "
        "by the first.",
    ],
)


def both(curvatures):
    return 2 / np.max(curvatures), np.max(curvatures) / np.min(curvatures)


def felt(hessian, sigma):
    """The curvatures in u."""
    unit = np.sqrt(sigma)
    return np.linalg.eigvalsh(hessian / np.outer(unit, unit))


@valley.misconception(
    "the valley without σ",
    "Both numbers are those of H, whatever σ is. The rule divides by σ: that is another valley.",
    read="On-a-surface",
)
def without_sigma(hessian, sigma):
    return both(np.linalg.eigvalsh(hessian))


@valley.misconception(
    "the diagonal of H taken for its curvatures",
    "Both numbers are those of H_ii/σ_i. Along the axes that is right. In a turned valley the "
    "curvatures are eigenvalues, which need the whole matrix.",
    read="02_learning_rate#One-rate-for-a-valley",
)
def diagonal(hessian, sigma):
    return both(np.diag(hessian) / sigma)


@valley.misconception(
    "the eigenvalues of H divided by the σ's",
    "Both numbers are those of λ_i/σ_i, with the eigenvalues λ of H. An eigenvalue belongs to a "
    "direction and a σ to a parameter: divide the matrix first, then take its eigenvalues.",
    read="08_beyond#A-rate-for-each-direction",
)
def eigenvalues_divided(hessian, sigma):
    return both(np.linalg.eigvalsh(hessian) / sigma)


lower = valley.misconception(
    "`eigvalsh` of a matrix that is not symmetric",
    "Each row or each column of H is divided by σ. This matrix is not symmetric, and "
    "`eigvalsh` reads only its lower half. Divide by √σ_i √σ_j, or "
    "take `eigvals`.",
    read="02_learning_rate#One-rate-for-a-valley",
)


@lower
def rows_divided(hessian, sigma):
    return both(np.linalg.eigvalsh(hessian / sigma[:, None]))


@lower
def columns_divided(hessian, sigma):
    return both(np.linalg.eigvalsh(hessian / sigma))


@valley.misconception(
    "σ_i σ_j where its root belongs",
    "H_ij is divided by σ_i σ_j. In u the slope is divided by c and the step is "
    "multiplied by c: c² is σ, so c is √σ.",
    read="On-a-surface",
)
def squared(hessian, sigma):
    return both(np.linalg.eigvalsh(hessian / np.outer(sigma, sigma)))


@valley.misconception(
    "multiplied by σ",
    "The valley is √σ_i H_ij √σ_j. A large σ makes small steps, so the valley that "
    "is met is flatter: divide.",
    read="On-a-surface",
)
def multiplied_by_sigma(hessian, sigma):
    return both(felt(hessian, 1 / sigma))


one_for_all = valley.misconception(
    "one number for all σ's",
    "H is divided by a single number: the mean, the largest or the smallest "
    "σ. Each parameter is divided by its own.",
    read="Three-dials",
)


@one_for_all
def mean_sigma(hessian, sigma):
    return both(np.linalg.eigvalsh(hessian) / np.mean(sigma))


@one_for_all
def largest_sigma(hessian, sigma):
    return both(np.linalg.eigvalsh(hessian) / np.max(sigma))


@one_for_all
def smallest_sigma(hessian, sigma):
    return both(np.linalg.eigvalsh(hessian) / np.min(sigma))


@valley.misconception(
    "√σ on one side alone",
    "H_ij is divided by √σ_i alone. The unit of u changes the slope and the step, so √σ "
    "divides twice: by √σ_i and by √σ_j.",
    read="On-a-surface",
)
def one_side(hessian, sigma):
    return both(np.linalg.eigvals(hessian / np.sqrt(sigma)[:, None]).real)


@valley.misconception(
    "singular values in the place of eigenvalues",
    "The singular values of D⁻¹H are taken, as `np.linalg.cond` and the 2-norm "
    "take them. That matrix is not symmetric, so its eigenvalues are others, and these decide.",
    read="02_learning_rate#One-rate-for-a-valley",
)
def singular_values(hessian, sigma):
    return both(np.linalg.svd(hessian / sigma[:, None], compute_uv=False))


@valley.misconception(
    "the best rate in the place of the largest stable one",
    "The rate is 2/(smallest + largest curvature), at which the slowest direction is fastest. The "
    "largest stable rate is asked.",
    read="02_learning_rate#What-a-long-valley-costs",
)
def best(hessian, sigma):
    curvatures = felt(hessian, sigma)
    return 2 / (curvatures[0] + curvatures[-1]), both(curvatures)[1]


@valley.misconception(
    "the root of the condition number",
    "The second result is the root of the condition number. The eigenvalues themselves are "
    "compared, not their roots.",
    read="02_learning_rate#What-a-long-valley-costs",
)
def root_of_condition(hessian, sigma):
    rate, condition = both(felt(hessian, sigma))
    return rate, np.sqrt(condition)


@valley.misconception(
    "1/λ for the border of stability",
    "The rate is half of the right one. At ηλ = 1 one step arrives at the minimum; it grows above "
    "2 only.",
    read="02_learning_rate#One-rate-for-a-valley",
)
def border_of_one(hessian, sigma):
    rate, condition = both(felt(hessian, sigma))
    return rate / 2, condition


@valley.misconception(
    "the rate of the flattest direction",
    "The rate is 2 divided by the smallest curvature. With it every steeper direction diverges: "
    "the largest curvature decides.",
    read="02_learning_rate#One-rate-for-a-valley",
)
def flattest(hessian, sigma):
    rate, condition = both(felt(hessian, sigma))
    return rate * condition, condition


@valley.misconception(
    "the condition number upside down",
    "The condition number is smaller than 1: it is the smallest eigenvalue divided by the largest.",
    read="02_learning_rate#What-a-long-valley-costs",
)
def upside_down_condition(hessian, sigma):
    rate, condition = both(felt(hessian, sigma))
    return rate, 1 / condition


@valley.misconception(
    "the condition number of H",
    "The rate is right, but the condition number is that of H. The rule meets the valley in u.",
    read="On-a-surface",
)
def condition_of_h(hessian, sigma):
    return both(felt(hessian, sigma))[0], both(np.linalg.eigvalsh(hessian))[1]


@valley.misconception(
    "rate and condition number exchanged",
    "The first result is the condition number and the second the rate. It is the other way round.",
    read="On-a-surface",
)
def exchanged_results(hessian, sigma):
    return both(felt(hessian, sigma))[::-1]


batch = Task(
    "rate_for_batch",
    cases={
        "four times the batch": {"lr": 0.3, "noise": 2.0, "before": 3, "after": 12},
        "a smaller batch": {"lr": 0.02, "noise": 5.0, "before": 50, "after": 7},
        "an odd factor": {"lr": 1.0, "noise": 0.6, "before": 5, "after": 13},
        "the noise of one picture": {"lr": 0.1, "noise": 3.0, "before": 1, "after": 20},
        "no noise": {"lr": 0.3, "noise": 0.0, "before": 3, "after": 12},
        "nearly all is noise": {"lr": 0.3, "noise": 1e4, "before": 3, "after": 12},
        "the same batch": {"lr": 0.3, "noise": 2.0, "before": 6, "after": 6},
        "many at once": {
            "lr": np.array([0.1, 0.2, 0.3]),
            "noise": np.array([0.5, 3.0, 8.0]),
            "before": np.array([2, 32, 100]),
            "after": np.array([9, 8, 1000]),
        },
    },
    about={
        "no noise": "without noise it is not right",
        "nearly all is noise": "where nearly all is noise it is not right",
        "the same batch": "the rate changes though the batch does not",
        "many at once": "arrays are not right",
    },
    hints=[
        "The mean step of the table is η/σ. What is the mean of (1 + error)², if the error has "
        "mean 0 and variance s²/B? And how many updates are there for each picture?",
        "With batches of B pictures σ = √(1 + s²/B), and there are 1/B updates for each picture. "
        "So the mean way per picture is η/(σB). It must be the same before and after.",
        "`lr * after / before * sigma_after / sigma_before`, with √(1 + noise²/B) for each σ.",
    ],
)


def sigma_of(noise, batch):
    return np.sqrt(1 + noise**2 / batch)


@batch.misconception(
    "linear scaling",
    "The rate grows in proportion to the batch. That is right for gradient descent. Here σ becomes "
    "smaller with less noise, and the steps larger without any help.",
    read="06_warmup#Batch-size",
)
def linear(lr, noise, before, after):
    return lr * after / before


@batch.misconception(
    "root scaling",
    "The rate grows with the root of the batch, for every noise. That is right only where nearly "
    "all of σ is noise.",
    read="06_warmup#Batch-size",
)
def root(lr, noise, before, after):
    return lr * np.sqrt(after / before)


@batch.misconception(
    "the same way per update",
    "With these rates an update goes as far as before. But a larger batch has fewer updates for "
    "the same pictures: the way per picture is asked.",
    read="06_warmup#Batch-size",
)
def per_update(lr, noise, before, after):
    return lr * sigma_of(noise, after) / sigma_of(noise, before)


@batch.misconception(
    "as large as the steps have become",
    "The rate follows the mean step g/σ, without the number of updates. A larger batch has larger "
    "steps, but fewer of them for the same pictures.",
    read="06_warmup#Batch-size",
)
def as_the_steps(lr, noise, before, after):
    return lr * sigma_of(noise, before) / sigma_of(noise, after)


@batch.misconception(
    "the rate as it was",
    "The rate stays, whatever the batch is. σ adapts to the noise, but not to the number of "
    "updates, and not by the right factor.",
    read="06_warmup#Batch-size",
)
def as_it_was(lr, noise, before, after):
    return lr


@batch.misconception(
    "more updates for a larger batch",
    "There is before/after where after/before belongs. With larger batches there are "
    "fewer updates for the same pictures, so each must go farther.",
    read="06_warmup#Batch-size",
)
def more_updates(lr, noise, before, after):
    return lr * before / after * sigma_of(noise, after) / sigma_of(noise, before)


left_out = batch.misconception(
    "one of the two σ's is left out",
    "Only the σ of one batch is used. The old rate was divided by the σ before, the new one will "
    "be divided by the σ after: their ratio counts.",
    read="05_adam#Two-memories",
)


@left_out
def after_alone(lr, noise, before, after):
    return lr * after / before * sigma_of(noise, after)


@left_out
def before_alone(lr, noise, before, after):
    return lr * after / before / sigma_of(noise, before)


choice = batch.misconception(
    "a choice between the two rules",
    "The rate is the smaller or the larger one of linear and root scaling. Between the two "
    "the noise decides how much of each is right.",
    read="06_warmup#Batch-size",
)


@choice
def smaller_rule(lr, noise, before, after):
    return lr * np.minimum(after / before, np.sqrt(after / before))


@choice
def larger_rule(lr, noise, before, after):
    return lr * np.maximum(after / before, np.sqrt(after / before))


@batch.misconception(
    "both σ's exchanged",
    "The rate is divided by the σ after and multiplied by the σ before. Where σ becomes smaller "
    "the steps grow on their own, so the rate must be smaller, not larger.",
    read="05_adam#Two-memories",
)
def sigmas_exchanged(lr, noise, before, after):
    return lr * after / before * sigma_of(noise, before) / sigma_of(noise, after)


@batch.misconception(
    "before and after exchanged",
    "They are the rates for the way back, from the batch after to the batch before.",
    read="06_warmup#Batch-size",
)
def way_back(lr, noise, before, after):
    return lr * before / after * sigma_of(noise, before) / sigma_of(noise, after)


@batch.misconception(
    "σ without its root",
    "1 + s²/B is the mean of g². σ is the root of it.",
    read="05_adam#Two-memories",
)
def no_root(lr, noise, before, after):
    return lr * after / before * sigma_of(noise, after) ** 2 / sigma_of(noise, before) ** 2


@batch.misconception(
    "the slope is missing in σ",
    "σ is s/√B, the noise alone. The gradient also holds the slope, 1. Without noise σ would be 0.",
    read="05_adam#Two-memories",
)
def noise_alone(lr, noise, before, after):
    before_, after_ = noise / np.sqrt(before), noise / np.sqrt(after)
    return lr * after / before * after_ / before_


added = batch.misconception(
    "slope and noise added without squares",
    "σ is 1 + s/√B, or the root of 1 + s/B. Squares are averaged: σ² = 1 + s²/B.",
    read="05_adam#Two-memories",
)


@added
def added_up(lr, noise, before, after):
    return lr * after / before * (1 + noise / np.sqrt(after)) / (1 + noise / np.sqrt(before))


@added
def noise_not_squared(lr, noise, before, after):
    return lr * after / before * np.sqrt((1 + noise / after) / (1 + noise / before))


@batch.misconception(
    "noise that shrinks with the batch instead of its root",
    "σ² is 1 + (s/B)². The mean of B independent errors has the standard "
    "deviation s/√B, so its variance is s²/B.",
    read="06_warmup#Batch-size",
)
def too_little_noise(lr, noise, before, after):
    return lr * after / before * sigma_of(noise / after, 1) / sigma_of(noise / before, 1)


@batch.misconception(
    "noise that grows with the batch",
    "σ² is 1 + s²B. In a mean over more pictures there is less noise.",
    read="06_warmup#Batch-size",
)
def more_noise(lr, noise, before, after):
    return lr * after / before * sigma_of(noise, 1 / after) / sigma_of(noise, 1 / before)
