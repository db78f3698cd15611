"""What `check` and `hint` know of 06: cases, hints, and the wrong answers that learners give."""

import numpy as np

from course_lib import data
from course_lib.network import MLP
from tasks.catalogue import Task

schedule = Task(
    "warmup_then_decay",
    cases={
        "a short training": {"t": np.arange(12), "peak": 0.6, "warmup": 3, "total": 9},
        "one number, rising": {"t": 1, "peak": 0.4, "warmup": 4, "total": 20},
        "one number, falling": {"t": 15, "peak": 0.4, "warmup": 4, "total": 20},
        "no warmup": {"t": np.array([0, 1, 4, 5]), "peak": 0.5, "warmup": 0, "total": 5},
        "in any order": {
            "t": np.array([[90, 3], [0, 40]]),
            "peak": 1.0,
            "warmup": 10,
            "total": 100,
        },
        "a long training": {
            "t": np.array([0, 9999, 10_000, 505_000, 1_000_000]),
            "peak": 1e-4,
            "warmup": 10_000,
            "total": 1_000_000,
        },
        "no warmup, after the end": {"t": 30, "peak": 0.4, "warmup": 0, "total": 20},
    },
    hints=[
        "Draw both lines for all t: the one that rises through `peak` at t = W − 1, and the one "
        "that falls through `peak` at t = W. Which of the two is the lower one, and when?",
        "As shares of the peak they are (t + 1)/W and (T − t)/(T − W). `if` decides for one t "
        "only; `np.where` and `np.minimum` decide for each number of an array.",
        "`peak` times the smaller of the two shares (`np.minimum`), but at least 0 (`np.maximum`). "
        "With W = 0, divide by 1 instead of W: that line then lies above the other everywhere.",
    ],
)


def up(t, warmup):
    return (np.asarray(t) + 1) / max(warmup, 1)


def down(t, warmup, total):
    return np.maximum((total - np.asarray(t)) / (total - warmup), 0)


first_rate_of_0 = schedule.misconception(
    "a first rate of 0",
    "t/W makes the first update do nothing, as in many libraries. This course takes (t + 1)/W.",
    read="A-rate-that-depends-on-time",
)


@first_rate_of_0
def from_zero(t, peak, warmup, total):
    t = np.asarray(t)
    return peak * np.where(t < warmup, t / max(warmup, 1), down(t, warmup, total))


@first_rate_of_0
def from_zero_without_warmup_too(t, peak, warmup, total):
    return peak * np.minimum(np.asarray(t) / max(warmup, 1), down(t, warmup, total))


@schedule.misconception(
    "the peak comes one update late",
    "You divided by W + 1. The last update of the warmup, t = W − 1, already has the peak.",
    read="A-rate-that-depends-on-time",
)
def late_peak(t, peak, warmup, total):
    t = np.asarray(t)
    return peak * np.where(t < warmup, (t + 1) / (warmup + 1), down(t, warmup, total))


@schedule.misconception(
    "a decay that does not know of the warmup",
    "You let the rate fall as (T − t)/T. Then it drops at once when the warmup ends: it must fall "
    "from the peak at t = W.",
    read="A-rate-that-depends-on-time",
)
def decay_from_the_start(t, peak, warmup, total):
    t = np.asarray(t)
    return peak * np.where(t < warmup, up(t, warmup), down(t, 0, total))


@schedule.misconception(
    "warmup times decay",
    "You multiplied both shares, so that the decay acts during the warmup too and the peak is "
    "never reached. They follow one another.",
    read="A-rate-that-depends-on-time",
)
def product(t, peak, warmup, total):
    return peak * np.minimum(up(t, warmup), 1) * down(t, 0, total)


@schedule.misconception(
    "the decay takes T updates",
    "You let the rate fall for T updates after the warmup. T counts all updates: T − W are left.",
    read="A-rate-that-depends-on-time",
)
def total_after_warmup(t, peak, warmup, total):
    t = np.asarray(t)
    return peak * np.where(t < warmup, up(t, warmup), down(t - warmup, 0, total))


@schedule.misconception(
    "zero one update early",
    "Your rate is 0 at t = T − 1, so the last update does nothing. It reaches 0 at t = T.",
    read="A-rate-that-depends-on-time",
)
def early_end(t, peak, warmup, total):
    t = np.asarray(t)
    return peak * np.where(t < warmup, up(t, warmup), down(t, warmup, total - 1))


@schedule.misconception(
    "a negative rate after the end",
    "The falling line goes on below 0, and a negative rate climbs. From t = T on the rate is 0.",
    read="A-rate-that-depends-on-time",
)
def below_zero(t, peak, warmup, total):
    t = np.asarray(t)
    return peak * np.where(t < warmup, up(t, warmup), (total - t) / (total - warmup))


@schedule.misconception(
    "the Transformer's decay",
    "After the warmup you let the rate fall as an inverse root, which never reaches 0. Here it "
    "falls in a straight line.",
    read="A-rate-that-depends-on-time",
)
def inverse_root(t, peak, warmup, total):
    return peak * np.minimum(up(t, warmup), np.sqrt(max(warmup, 1) / (np.asarray(t) + 1)))


@schedule.misconception(
    "a cosine for the straight line",
    "After the warmup your rate falls as a cosine. Here it falls in a straight line.",
    read="A-rate-that-depends-on-time",
)
def cosine(t, peak, warmup, total):
    t = np.asarray(t)
    fallen = (1 - np.cos(np.pi * down(t, warmup, total))) / 2
    return peak * np.where(t < warmup, up(t, warmup), fallen)


@schedule.misconception(
    "one decision for the whole array",
    "You asked once whether t < W, for all t together. Each t must be asked on its own: "
    "`np.where` or `np.minimum` does that.",
    read="A-rate-that-depends-on-time",
)
def one_decision(t, peak, warmup, total):
    return peak * (up(t, warmup) if np.all(np.less(t, warmup)) else down(t, warmup, total))


mended = Task(
    "mended_half_life",
    cases={
        "the first updates": {"t": np.arange(6), "lr": 0.8, "half_life": 2, "lowest": 0.1},
        "one number": {"t": 10, "lr": 1.0, "half_life": 10, "lowest": 0.0},
        "the first rate": {"t": 0, "lr": 0.3, "half_life": 5, "lowest": 0.01},
        "in any order": {
            "t": np.array([40, 0, 20, 20]),
            "lr": 1.0,
            "half_life": 20,
            "lowest": 0.0,
        },
        "very late": {"t": np.array([1000, 90_000]), "lr": 1.0, "half_life": 5, "lowest": 0.001},
        "a slow decay": {
            "t": np.array([0, 300, 1000, 3000]),
            "lr": 1e-6,
            "half_life": 1000,
            "lowest": 0.0,
        },
        "half a whole number": {
            "t": np.array([1, 2, 3]),
            "lr": 1.0,
            "half_life": 1.5,
            "lowest": 0.3,
        },
    },
    hints=[
        "What does the class remember between two calls, and does it look at t at all? And which "
        "factor, applied `half_life` times, leaves a half?",
        "After t updates t/half_life half-lives have passed. Each leaves a half of what was there.",
        "`lr` times 0.5 to the power of t/half_life. `np.maximum` with `lowest` cuts it off, also "
        "for an array.",
    ],
)


def halved(t, lr, half_life):
    return lr * 0.5 ** (np.asarray(t) / half_life)


@mended.misconception(
    "calls are counted instead of updates",
    "Your rate falls from one number of the array to the next, whatever they are. Asked twice for "
    "the same t it must give the same rate: compute it from t.",
    read="A-rate-that-depends-on-time",
)
def calls(t, lr, half_life, lowest):
    return np.maximum(halved(np.arange(np.size(t)).reshape(np.shape(t)), lr, half_life), lowest)


@mended.misconception(
    "the class as it was",
    "You called the class for each t. It counts calls and does not look at t, lowers the rate "
    "before the first update, and has a wrong factor.",
    read="A-rate-that-depends-on-time",
)
def as_it_was(t, lr, half_life, lowest):
    calls = np.arange(np.size(t)).reshape(np.shape(t)) + 1
    return np.maximum(lr * (1 - 1 / half_life) ** calls, lowest)


@mended.misconception(
    "1 − 1/half_life for the factor",
    "The memory is gone, but the factor 1 − 1/half_life is still there. Applied half_life times it "
    "leaves about 1/e, not ½.",
    read="A-rate-that-depends-on-time",
)
def old_factor(t, lr, half_life, lowest):
    return np.maximum(lr * (1 - 1 / half_life) ** np.asarray(t), lowest)


@mended.misconception(
    "e in the place of 2",
    "exp(−t/half_life) leaves 1/e = 0.37 after a half-life. A half must be left.",
    read="A-rate-that-depends-on-time",
)
def e_fold(t, lr, half_life, lowest):
    return np.maximum(lr * np.exp(-np.asarray(t) / half_life), lowest)


@mended.misconception(
    "the first rate is lowered already",
    "Your rate at t = 0 is not lr: you counted from 1. No update has been made yet at t = 0.",
    read="A-rate-that-depends-on-time",
)
def lowered_at_once(t, lr, half_life, lowest):
    return np.maximum(halved(np.asarray(t) + 1, lr, half_life), lowest)


@mended.misconception(
    "halved in jumps",
    "You counted whole half-lives, so the rate stays and then drops. It falls at every update.",
    read="A-rate-that-depends-on-time",
)
def jumps(t, lr, half_life, lowest):
    return np.maximum(lr * 0.5 ** (np.asarray(t) // half_life), lowest)


@mended.misconception(
    "a straight line",
    "Your rate falls by the same amount at every update. It must fall by the same factor.",
    read="A-rate-that-depends-on-time",
)
def straight(t, lr, half_life, lowest):
    return np.maximum(lr * (1 - np.asarray(t) / (2 * half_life)), lowest)


@mended.misconception(
    "no lowest rate",
    "Your rate falls for ever. It must stop at `lowest`.",
    read="A-rate-that-depends-on-time",
)
def endless(t, lr, half_life, lowest):
    return halved(t, lr, half_life)


@mended.misconception(
    "the lowest rate as a goal",
    "You halved the distance to `lowest`. The rate itself halves; `lowest` only cuts it off.",
    read="A-rate-that-depends-on-time",
)
def goal(t, lr, half_life, lowest):
    return lowest + halved(t, lr - lowest, half_life)


@mended.misconception(
    "`lowest` taken for a highest rate",
    "You took the smaller of both. The rate must never be below `lowest`: take the larger.",
    read="A-rate-that-depends-on-time",
)
def ceiling(t, lr, half_life, lowest):
    return np.minimum(halved(t, lr, half_life), lowest)


T = np.arange(40)
HUMP = 0.5 * (1 - T / 40)  # √t times this rises until t = 13 and falls again

burst = Task(
    "first_unstable_update",
    cases={
        "a constant rate": {"rates": np.full(8, 0.5), "curvature": 4.0, "c": 4.0},
        "a rate that falls early": {"rates": 0.5 / (T + 1), "curvature": 4.0, "c": 1.0},
        "a straight line to zero": {"rates": HUMP, "curvature": 4.0, "c": 2.0},
        "unstable, stable, unstable": {
            "rates": np.array([1.0, 1.0, 4.0, 4.0, 0.1, 0.1, 0.1, 4.0, 0.1, 0.1]),
            "curvature": 0.5,
            "c": 0.25,
        },
        "a warmup": {"rates": 0.25 * np.minimum((T + 1) / 30, 1), "curvature": 10.0, "c": 16.0},
        "three schedules at once": {
            "rates": np.stack([np.full(40, 0.1), 0.1 / np.sqrt(T + 1), 0.2 * 0.97**T], axis=1),
            "curvature": 20.0,
            "c": 25.0,
        },
        "a tiny rate, a huge curvature": {
            "rates": np.full(12, 1e-7),
            "curvature": 1e7,
            "c": 2.1,
        },
    },
    hints=[
        "Divide by σ: what is η_t λ / σ_t when σ_t is written out? Which two parts of it change "
        "with t, and in which direction?",
        "The ratio is λ · η_t · √(t/C) with t = `np.arange(len(rates))`. `argmax` of a condition "
        "gives the first place where it is true, but 0 if it is true nowhere.",
        "Compute `ratio > 2` for all t. Where any of them is true, take `argmax`, otherwise "
        "`np.inf` (`np.where` chooses). For N columns, `rates.T` has the time on its last axis, as "
        "t has.",
    ],
)


def ratio(rates, curvature, c):
    """η_t λ / σ_t, with the time on the last axis."""
    return curvature * rates.T * np.sqrt(np.arange(len(rates)) / c)


def first(unstable):
    return np.where(unstable.any(axis=-1), unstable.argmax(axis=-1), np.inf)


@burst.misconception(
    "a scale that does not shrink",
    "You divided by √C at every t. In the mean form σ shrinks like 1/√t, and that is the cause of "
    "the burst.",
    read="The-right-decay",
)
def constant_scale(rates, curvature, c):
    return first(curvature * rates.T / np.sqrt(c) > 2)


@burst.misconception(
    "C/t without its root",
    "C/t is the mean of the squares. σ is the root of it.",
    read="The-right-decay",
)
def no_root(rates, curvature, c):
    return first(curvature * rates.T * np.arange(len(rates)) / c > 2)


@burst.misconception(
    "the first rate for all updates",
    "You kept η₀ at every t. The rate falls with time, and that can prevent the burst.",
    read="The-right-decay",
)
def first_rate(rates, curvature, c):
    return first(ratio(0 * rates + rates[0], curvature, c) > 2)


@burst.misconception(
    "1 for the border of stability",
    "At ηλ/σ = 1 one step arrives at the minimum. It diverges above 2 only.",
    read="02_learning_rate#One-rate-for-a-valley",
)
def border_of_one(rates, curvature, c):
    return first(ratio(rates, curvature, c) > 1)


@burst.misconception(
    "unstable at exactly 2",
    "At exactly 2 the run bounces but does not grow. It is unstable above 2.",
    read="02_learning_rate#One-rate-for-a-valley",
)
def from_two_on(rates, curvature, c):
    return first(ratio(rates, curvature, c) >= 2)


@burst.misconception(
    "update 0 where there is none",
    "`argmax` gives 0 if the ratio never exceeds 2. The answer is then inf: ask `any` first.",
    read="The-right-decay",
)
def zero_for_never(rates, curvature, c):
    return (ratio(rates, curvature, c) > 2).argmax(axis=-1)


@burst.misconception(
    "the end where there is none",
    "You returned T for a schedule that is always stable. The answer is then inf.",
    read="The-right-decay",
)
def end_for_never(rates, curvature, c):
    return np.minimum(first(ratio(rates, curvature, c) > 2), len(rates))


@burst.misconception(
    "where the ratio is largest",
    "You returned the update with the largest ratio. The burst begins before: where it first "
    "exceeds 2.",
    read="The-right-decay",
)
def largest(rates, curvature, c):
    found = ratio(rates, curvature, c)
    return np.where((found > 2).any(axis=-1), found.argmax(axis=-1), np.inf)


@burst.misconception(
    "the last unstable update",
    "You returned the last update at which the ratio exceeds 2. The first is asked.",
    read="The-right-decay",
)
def last(rates, curvature, c):
    backwards = first(ratio(rates, curvature, c)[..., ::-1] > 2)
    return np.where(backwards < np.inf, len(rates) - 1 - backwards, np.inf)


@burst.misconception(
    "counted from 1",
    "Your answer is one update late: the rates begin with t = 0.",
    read="A-rate-that-depends-on-time",
)
def from_one(rates, curvature, c):
    return first(ratio(rates, curvature, c) > 2) + 1


@burst.misconception(
    "one answer for all schedules",
    "You returned the first update at which any of the schedules is unstable. Each column has an "
    "answer of its own.",
    read="The-right-decay",
)
def together(rates, curvature, c):
    return np.min(first(ratio(rates, curvature, c) > 2))


share = Task(
    "rectified_share",
    cases={
        "the first updates": {"t": np.arange(9), "beta2": 0.999},
        "updates 6, 100 and 400": {"t": np.array([5, 99, 399]), "beta2": 0.999},
        "one number": {"t": 20, "beta2": 0.9},
        "one number, too early": {"t": 2, "beta2": 0.99},
        "a short memory": {"t": np.arange(0, 24, 2), "beta2": 0.75},
        "a long training": {"t": np.array([1000, 10_000, 1_000_000]), "beta2": 0.999},
    },
    hints=[
        "Compute ρ for t = 0, 1, 2 … and look at it: it starts at 1 and rises towards ρ∞. How many "
        "gradients have been seen at t = 0?",
        "With n = t + 1, write ρ and r as they stand. `np.where` chooses between r and 0 for each "
        "number of an array.",
        "Let f(ρ) = (ρ − 4)(ρ − 2)/ρ. Then r is the root of f(ρ)/f(ρ∞). Return "
        "`np.where(rho > 5, r, 0)`. Below 4 the root warns, which does no harm: that number is not "
        "used.",
    ],
    equivalent={
        "return np.where(rho >= 5, np.sqrt(trust(rho) / trust(limit)), 0)": "ρ is never exactly 5",
    },
)


def rho(n, beta2):
    return 2 / (1 - beta2) - 1 - 2 * n * beta2**n / (1 - beta2**n)


def trust(rho):
    return (rho - 4) * (rho - 2) / rho


def rectified(rho, limit, border=5, before=0.0):
    return np.where(rho > border, np.sqrt(trust(np.maximum(rho, 4)) / trust(limit)), before)


@share.misconception(
    "the gradients counted from 0",
    "You put t for n. At t = 0 one gradient has been seen, so n = t + 1; with n = 0 you divide 0 "
    "by 0.",
    read="Shorter-first-steps",
)
def from_nought(t, beta2):
    n = np.asarray(t, dtype=float)
    return rectified(rho(n, beta2), 2 / (1 - beta2) - 1)


@share.misconception(
    "the root left out",
    "You returned r². The formula ends with a root.",
    read="Shorter-first-steps",
)
def squared(t, beta2):
    return rectified(rho(np.asarray(t) + 1.0, beta2), 2 / (1 - beta2) - 1) ** 2


@share.misconception(
    "the share upside down",
    "Your share is above 1 and falls. ρ belongs above the line in (ρ − 4)(ρ − 2), and ρ∞ below it.",
    read="Shorter-first-steps",
)
def upside_down(t, beta2):
    found = rectified(rho(np.asarray(t) + 1.0, beta2), 2 / (1 - beta2) - 1)
    return np.where(found > 0, 1 / np.where(found > 0, found, 1), 0)


@share.misconception(
    "trust from ρ = 4 on",
    "The paper takes r from ρ > 4 on. PyTorch and this course wait until ρ > 5.",
    read="Shorter-first-steps",
)
def from_four_on(t, beta2):
    return rectified(rho(np.asarray(t) + 1.0, beta2), 2 / (1 - beta2) - 1, border=4)


@share.misconception(
    "a share of 1 before σ is trusted",
    "You returned 1 where ρ ≤ 5, as if Adam's whole step were taken there. Nothing of it is: 0.",
    read="Shorter-first-steps",
)
def whole_step(t, beta2):
    return rectified(rho(np.asarray(t) + 1.0, beta2), 2 / (1 - beta2) - 1, before=1.0)


@share.misconception(
    "r before σ is trusted",
    "You used the formula at every t. Where ρ ≤ 5 the share is 0, even if the root has a value.",
    read="Shorter-first-steps",
)
def always(t, beta2):
    found = rho(np.asarray(t) + 1.0, beta2)
    return np.sqrt(trust(found) / trust(2 / (1 - beta2) - 1))


@share.misconception(
    "ρ∞ too large by 1",
    "You took 2/(1 − β₂) for ρ∞. The − 1 is missing.",
    read="Shorter-first-steps",
)
def larger_limit(t, beta2):
    return rectified(rho(np.asarray(t) + 1.0, beta2) + 1, 2 / (1 - beta2))


@share.misconception(
    "β₂ without its power below the line",
    "You divided by 1 − β₂. Below the line stands 1 − β₂ⁿ as well.",
    read="05_adam#The-zero-start",
)
def no_power(t, beta2):
    n, limit = np.asarray(t) + 1.0, 2 / (1 - beta2) - 1
    return rectified(limit - 2 * n * beta2**n / (1 - beta2), limit)


@share.misconception(
    "the last factor left out",
    "The factor ρ∞/ρ is missing under the root.",
    read="Shorter-first-steps",
)
def no_last_factor(t, beta2):
    n, limit = np.asarray(t) + 1.0, 2 / (1 - beta2) - 1
    found = rho(n, beta2)
    return rectified(found, limit) * np.sqrt(found / limit)


ZEROS, STATE = np.zeros((2, 2)), np.array([[0.5, -1.0], [2.0, 9.0]])
RUNS = {
    "theta": np.array([[1.0, 2.0, 3.0], [0.0, 0.5, -1.0]]),
    "grad": np.array([[1.0, -2.0, 4.0], [0.5, 0.25, -1.0]]),
    "state": np.array(
        [[[0.0, 1.0, 2.0], [1.0, 1.0, -1.0]], [[1.0, 4.0, 9.0], [2.0, 2.0, 0.25]]],
    ),
}


def arguments(grad, state, t, direction, scale, beta1=0.9, beta2=0.99, eps=1e-8):
    theta, grad = np.array([1.0, -2.0]), np.array(grad)
    return {
        "theta": theta,
        "grad": grad,
        "state": state,
        "t": t,
        "lr": 0.1,
        "direction": direction,
        "scale": scale,
        "beta1": beta1,
        "beta2": beta2,
        "eps": eps,
    }


update = Task(
    "one_update",
    cases={
        "gradient descent": arguments([2.0, -8.0], STATE, 3, "gradient", "one"),
        "momentum": arguments([2.0, -8.0], STATE, 3, "heavy ball", "one"),
        "Adagrad": arguments([2.0, -4.0], STATE, 3, "gradient", "root sum", eps=0.5),
        "Adam, first update": arguments(
            [2.0, -8.0], ZEROS, 0, "moving average", "moving root mean"
        ),
        "Adam, fourth update": arguments(
            [1.0, 0.5], STATE, 3, "moving average", "moving root mean", eps=0.25
        ),
        "no gradient": arguments([0.0, 0.0], ZEROS, 0, "heavy ball", "root sum"),
        "three rates, a rule without a name": {
            **RUNS,
            "t": 1,
            "lr": np.array([0.1, 0.01, 1.0]),
            "direction": "heavy ball",
            "scale": "moving root mean",
            "beta1": 0.5,
            "beta2": 0.75,
            "eps": 1e-3,
        },
    },
    hints=[
        "Two questions one after the other: which m, and which σ? None of the three directions "
        "looks at b, and none of the three scales looks at a. The last line is the same for all.",
        "Start with m = g, σ = 1 and the memories of `state`. `if direction == …` changes a and m, "
        "`if scale == …` changes b and σ. The memory is kept without the correction.",
        "`a, b = state`; for the heavy ball a = β₁·a + g and m = a; for the moving average "
        "a = β₁·a + (1 − β₁)·g and m = a/(1 − β₁ to the power of t + 1); b and σ likewise. Return "
        "θ − η·m/σ and `np.array([a, b])`.",
    ],
)


def put_together(
    theta,
    grad,
    state,
    t,
    lr,
    direction,
    scale,
    beta1,
    beta2,
    eps,
    *,
    sign=-1,  # of the step
    counted=1,  # gradients seen at t = 0
    corrected=True,
    correction_kept="",  # the memories that are stored corrected
    ball_weight=1.0,  # of the new gradient; None stands for 1 - β₁
    mean=False,
    squared=True,
    root=True,
    eps_inside=False,
    old=False,  # the memories before this gradient
    of_direction=False,  # σ is made from m
    forgotten=False,  # memories that are not used
    used="",  # the memories that take in the gradient, whatever the rule
):
    """Return what one_update does, with one of the usual mistakes."""
    (a, b), n = np.array(state), t + counted
    before = np.array(state)
    m, sigma = grad, 1.0
    if direction == "heavy ball":
        a = beta1 * a + (1 - beta1 if ball_weight is None else ball_weight) * grad
        m = before[0] if old else a
    elif direction == "moving average":
        a = beta1 * a + (1 - beta1) * grad
        m = (before[0] if old else a) / (1 - np.float64(beta1) ** n if corrected else 1)
        a = m if "a" in correction_kept else a
    elif forgotten:
        a = 0 * a
    elif "a" in used:
        a = beta1 * a + (1 - beta1) * grad
    square = (m if of_direction else grad) ** (2 if squared else 1)
    if scale == "root sum":
        b = b + square
        mean_square = (before[1] if old else b) / (n if mean else 1)
    elif scale == "moving root mean":
        b = beta2 * b + (1 - beta2) * square
        mean_square = (before[1] if old else b) / (1 - np.float64(beta2) ** n if corrected else 1)
        b = mean_square if "b" in correction_kept else b
    elif forgotten:
        b = 0 * b
    elif "b" in used:
        b = beta2 * b + (1 - beta2) * square
    if scale != "one":
        if eps_inside:
            sigma = np.sqrt(mean_square + eps)
        else:
            sigma = (np.sqrt(mean_square) if root else mean_square) + eps
    return theta + sign * lr * m / sigma, np.array([a, b])


def mistaken(**mistake):
    def one_update(theta, grad, state, t, lr, direction, scale, beta1, beta2, eps):
        given = theta, grad, state, t, lr, direction, scale, beta1, beta2, eps
        with np.errstate(all="ignore"):
            return put_together(*given, **mistake)

    return one_update


def exchanged(theta, grad, state, t, lr, direction, scale, beta1, beta2, eps):
    return put_together(theta, grad, state, t, lr, direction, scale, beta2, beta1, eps)


for name, explanation, read, *mistakes in [
    (
        "uphill",
        "You added the step. The direction points uphill: subtract it.",
        "The-course-in-one-line",
        mistaken(sign=1),
    ),
    (
        "the correction counts from 0",
        "You took β to the power of t. At t = 0 one gradient has been seen: take t + 1, or the "
        "first update divides by zero.",
        "05_adam#The-zero-start",
        mistaken(counted=0),
    ),
    (
        "no correction for the zero start",
        "The moving averages start at 0 and are too small at first. Divide them by 1 − β to the "
        "power of t + 1.",
        "05_adam#The-zero-start",
        mistaken(corrected=False),
    ),
    (
        "the correction is kept in the memory",
        "You stored the corrected averages, so the next update corrects them again. Keep a and b "
        "as they are and correct only what is used.",
        "05_adam#Adam-in-three-lines",
        *(mistaken(correction_kept=memories) for memories in ("ab", "a", "b")),
    ),
    (
        "an average for the heavy ball",
        "You weighted the new gradient of the heavy ball by 1 − β₁. It is added in full.",
        "05_adam#A-sum-or-an-average?",
        mistaken(ball_weight=None),
    ),
    (
        "the mean for the sum",
        "You divided the sum of the squares by their number. That is the lecture's Adagrad; the "
        "root sum is not divided.",
        "03_adagrad#Two-rules-with-one-name",
        mistaken(mean=True),
    ),
    (
        "no root",
        "You divided by the sum or mean of the squares. σ is its root.",
        "The-course-in-one-line",
        mistaken(root=False),
    ),
    (
        "the gradient is not squared",
        "You collected g in b. σ is made of g², so that signs do not cancel.",
        "The-course-in-one-line",
        mistaken(squared=False),
    ),
    (
        "ε inside the root",
        "You added ε before taking the root, which makes it much larger. It is added to the root.",
        "The-course-in-one-line",
        mistaken(eps_inside=True),
    ),
    (
        "the memories of yesterday",
        "You used the memories as they were before this gradient. Take the gradient in first, then "
        "make the step.",
        "05_adam#Adam-in-three-lines",
        mistaken(old=True),
    ),
    (
        "σ made from m",
        "You collected the squares of m. The scale looks at g, whatever the direction is.",
        "The-course-in-one-line",
        mistaken(of_direction=True),
    ),
    (
        "a memory lost",
        "You set a memory to 0 that the rule does not use. It stays as it is.",
        "The-course-in-one-line",
        mistaken(forgotten=True),
    ),
    (
        "a memory changed that is not used",
        "You let a memory take in the gradient although the rule does not use it. It stays as it "
        "is.",
        "The-course-in-one-line",
        *(mistaken(used=memories) for memories in ("ab", "a", "b")),
    ),
    (
        "β₁ and β₂ exchanged",
        "β₁ belongs to the direction, β₂ to the scale.",
        "05_adam#Two-memories",
        exchanged,
    ),
]:
    for wrong in mistakes:
        update.misconception(name, explanation, read)(wrong)


PIXELS, DIGIT = data.digits()
NET = MLP((64,) + (32,) * 8 + (10,), activation="relu")
TRUE, MIXED = np.arange(10), np.array([5, 0, 8, 1, 9, 3, 7, 2, 4, 6])


def training(seed, shape, digits, names, unseen):
    """Mini-batches of some digits. Every sensible rule reads these unseen pictures rightly."""
    random = np.random.default_rng(seed)
    rows = random.permutation(np.flatnonzero(np.isin(DIGIT, digits)))
    batches = random.choice(rows[: int(0.78 * len(rows))], shape)
    assert not np.isin(unseen, batches).any()
    return {
        "batches": batches,
        "labels": names[DIGIT[batches]],
        "unseen": np.array(unseen),
        "seed": seed,
    }


SOME = [1470, 66, 222, 1106, 862]  # 0, 6, 7, 0, 7
CLEAR = [339, 1055, 1089, 1477, 1577, 1371, 1128, 763, 1238, 270]
CLEAR += [1497, 642, 1245, 806, 986, 1022, 1251, 117, 335, 499, 919]
digits = Task(
    "read_digits",
    cases={
        "no mini-batch": {
            "batches": np.zeros((0, 32), int),
            "labels": np.zeros((0, 32), int),
            "unseen": np.array([0, 1, 2, 3, 4, 5, 6, 7]),
            "seed": 3,
        },
        "three digits": training(13, (50, 16), (0, 6, 7), TRUE, SOME),
        "three digits with other names": training(13, (100, 16), (0, 6, 7), MIXED, SOME),
        # Gradient descent misreads at least three of these, whatever its constant rate is.
        "21 clear pictures, which only a weak training misreads": training(
            42, (200, 32), TRUE, MIXED, CLEAR
        ),
    },
    hints=[
        "A training is a loop over the mini-batches: gradient, rate, update. Where does it start, "
        "and what must be carried from one update to the next?",
        "The rate matters most. Adam's parts with η = 0.003 are enough; a warmup over a quarter of "
        "the updates up to 0.01, and then a decay, does better. Measure it with `share_right`.",
        "theta = `net.init(seed)`, the state zeros of shape (2, `net.n_parameters`). For each t: "
        "the gradient on `pixels[batches[t]]` and `labels[t]`, the rate, `one_update(…, *ADAM)`. "
        "After the loop: `argmax` over axis 1 of the outputs for `pixels[unseen]`.",
    ],
    equivalent={
        "lr = warmup_then_decay(t, 0.01, warmup=total / 4, total=total)": "200 / 4 is whole",
        "lr = warmup_then_decay(t, 0.01, warmup=total // 5, total=total)": "trains as well",
        "lr = warmup_then_decay(t, 0.01, warmup=total // 3, total=total)": "trains as well",
    },
)


def answers(theta, unseen):
    return NET.outputs(theta, PIXELS[unseen]).argmax(axis=1)


@digits.misconception(
    "it reads as the untrained start does",
    "Every answer is that of `net.init(seed)`. Either the new θ is not kept from one update to the "
    "next, or the rate is so small that nothing is learned.",
    read="Warmup-on-a-real-network",
)
def untrained(batches, labels, unseen, seed):
    return answers(NET.init(seed), unseen)


@digits.misconception(
    "every answer is 0: the training diverged",
    "When θ is NaN, all outputs are NaN and `argmax` gives 0. The rate is too large, or the first "
    "steps are.",
    read="Warmup-on-a-real-network",
)
def diverged(batches, labels, unseen, seed):
    return np.zeros(len(unseen), int) if len(batches) else answers(NET.init(seed), unseen)


@digits.misconception(
    "the true digits instead of the labels",
    "You answered with the digits that the pictures show, so you trained with `digit` or looked "
    "them up. Train with `labels`: the names may be mixed up.",
    read="Warmup-on-a-real-network",
)
def true_digits(batches, labels, unseen, seed):
    return DIGIT[unseen] if len(batches) else answers(NET.init(seed), unseen)


@digits.misconception(
    "the same start for every seed",
    "Trained it reads right, but untrained it does not read as `net.init(seed)` does. Start "
    "there, and not from another seed.",
    read="Warmup-on-a-real-network",
)
def one_start(batches, labels, unseen, seed):
    if not len(batches):
        return answers(NET.init(0), unseen)
    names = dict(zip(DIGIT[batches].flat, labels.flat, strict=True))
    return np.array([names.get(true, 0) for true in DIGIT[unseen]])
