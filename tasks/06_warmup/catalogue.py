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
        "one number, after the end": {"t": 31, "peak": 0.4, "warmup": 4, "total": 20},
        "no warmup": {"t": np.array([0, 1, 4, 5]), "peak": 0.5, "warmup": 0, "total": 5},
        "no warmup, one number": {"t": 7, "peak": 0.3, "warmup": 0, "total": 20},
        "a warmup of one update": {"t": np.arange(4), "peak": 0.7, "warmup": 1, "total": 5},
        "a decay of one update": {"t": np.array([0, 2, 3]), "peak": 0.9, "warmup": 3, "total": 4},
        "the last update of the warmup": {
            "t": np.array([6, 6]),
            "peak": 0.35,
            "warmup": 7,
            "total": 30,
        },
        "a table, in any order": {
            "t": np.array([[90, 3], [0, 40]]),
            "peak": 1.5,
            "warmup": 10,
            "total": 100,
        },
        "a long training": {
            "t": np.array([0, 9999, 10_000, 505_000, 1_000_000]),
            "peak": 1e-4,
            "warmup": 10_000,
            "total": 1_000_000,
        },
        "long after the end": {
            "t": np.array([20, 21, 500]),
            "peak": 0.4,
            "warmup": 4,
            "total": 20,
        },
        "no warmup, after the end": {"t": 30, "peak": 0.4, "warmup": 0, "total": 20},
    },
    about={
        "one number, after the end": "the rate is not 0 after the end",
        "no warmup": "wrong without a warmup (W = 0)",
        "no warmup, one number": "wrong without a warmup (W = 0)",
        "a warmup of one update": "wrong for a warmup of a single update",
        "a decay of one update": "wrong for a decay of a single update",
        "the last update of the warmup": "the last update of the warmup does not have the peak",
        "a table, in any order": "wrong for an array of t that is not in order",
        "long after the end": "the rate is not 0 after the end",
        "no warmup, after the end": "the rate is not 0 after the end",
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

A_RATE = "A-rate-that-depends-on-time"


def up(t, warmup):
    return (np.asarray(t) + 1) / max(warmup, 1)


def down(t, warmup, total):
    return np.maximum((total - np.asarray(t)) / (total - warmup), 0)


def right_rates(t, peak, warmup, total):
    return peak * np.minimum(up(t, warmup), down(t, warmup, total))


def phases(t, peak, warmup, rising, falling):
    """The rate that rises by one rule while t < W, and falls by another from then on."""
    return peak * np.where(np.asarray(t) < warmup, rising, falling)


one_update_early = schedule.misconception(
    "the decay begins one update early",
    "The line falls from t = W − 1 on. At t = W the rate is still the peak.",
    read=A_RATE,
)


@one_update_early
def falls_from_the_peak(t, peak, warmup, total):
    t = np.asarray(t)
    falling = np.maximum((total - t) / (total - warmup + 1), 0)
    return phases(t, peak, warmup, up(t, warmup), falling)


@one_update_early
def falls_from_the_peak_of_a_warmup(t, peak, warmup, total):
    return falls_from_the_peak(t, peak, warmup, total) if warmup else right_rates(t, peak, 0, total)


@schedule.misconception(
    "the positions in the array for its numbers",
    "The rates are those of t = 0, 1, 2 and so on. Each number of the array is a t of its own.",
    read=A_RATE,
)
def by_position(t, peak, warmup, total):
    places = np.arange(np.size(t)).reshape(np.shape(t)) if np.ndim(t) else t
    return right_rates(places, peak, warmup, total)


first_rate_of_0 = schedule.misconception(
    "a first rate of 0",
    "t/W makes the first update do nothing, as in many libraries. This course takes (t + 1)/W.",
    read=A_RATE,
)


@first_rate_of_0
def from_zero(t, peak, warmup, total):
    return phases(t, peak, warmup, np.asarray(t) / max(warmup, 1), down(t, warmup, total))


@first_rate_of_0
def from_zero_without_warmup_too(t, peak, warmup, total):
    return peak * np.minimum(np.asarray(t) / max(warmup, 1), down(t, warmup, total))


early = schedule.misconception(
    "the warmup ends one update early",
    "The peak is there at t = W − 2 already. At t = 0 the rate is peak/W, and the peak comes at "
    "t = W − 1.",
    read=A_RATE,
)


@early
def early_by_the_count(t, peak, warmup, total):
    rising = np.minimum((np.asarray(t) + 2) / max(warmup, 1), 1)
    return phases(t, peak, warmup, rising, down(t, warmup, total))


@early
def early_by_the_divisor(t, peak, warmup, total):
    rising = np.minimum((np.asarray(t) + 1) / max(warmup - 1, 1), 1)
    return phases(t, peak, warmup, rising, down(t, warmup, total))


@early
def early_and_too_high(t, peak, warmup, total):
    rising = (np.asarray(t) + 1) / max(warmup - 1, 1)
    return phases(t, peak, warmup, rising, down(t, warmup, total))


@schedule.misconception(
    "the peak comes one update late",
    "These are the rates with W + 1 in the divisor. The last update of the warmup, t = W − 1, "
    "already has the peak.",
    read=A_RATE,
)
def late_peak(t, peak, warmup, total):
    return phases(t, peak, warmup, (np.asarray(t) + 1) / (warmup + 1), down(t, warmup, total))


@schedule.misconception(
    "the warmup lasts one update too long",
    "The line still rises at t = W, above the peak. The last update of the warmup is t = W − 1.",
    read=A_RATE,
)
def long_warmup(t, peak, warmup, total):
    return phases(t, peak, warmup + 1, up(t, warmup), down(t, warmup, total))


floor = schedule.misconception(
    "rates or shares are cut to whole numbers",
    "`//` drops what is behind the point, and so does an array that is made like t, which holds "
    "whole numbers. Divide by `/`, into an array of floats.",
    read=A_RATE,
)


@floor
def floor_rising(t, peak, warmup, total):
    return phases(t, 1.0, warmup, peak * up(t, warmup) // 1, peak * down(t, warmup, total))


@floor
def floor_share_rising(t, peak, warmup, total):
    return phases(t, peak, warmup, up(t, warmup) // 1, down(t, warmup, total))


@floor
def floor_both(t, peak, warmup, total):
    return phases(t, 1.0, warmup, peak * up(t, warmup) // 1, peak * down(t, warmup, total) // 1)


@floor
def floor_both_shares(t, peak, warmup, total):
    return phases(t, peak, warmup, up(t, warmup) // 1, down(t, warmup, total) // 1)


@schedule.misconception(
    "a decay that does not know of the warmup",
    "The rate falls as (T − t)/T. Then it drops at once when the warmup ends: it must fall "
    "from the peak at t = W.",
    read=A_RATE,
)
def decay_from_the_start(t, peak, warmup, total):
    return phases(t, peak, warmup, up(t, warmup), down(t, 0, total))


product = schedule.misconception(
    "warmup times decay",
    "Both shares are multiplied, so that the decay acts during the warmup too and the peak is "
    "never reached. They follow one another.",
    read=A_RATE,
)


@product
def product_from_the_start(t, peak, warmup, total):
    return peak * np.minimum(up(t, warmup), 1) * down(t, 0, total)


@product
def product_of_lines(t, peak, warmup, total):
    return peak * up(t, warmup) * down(t, warmup, total)


@product
def product_of_capped_lines(t, peak, warmup, total):
    return peak * np.minimum(up(t, warmup), 1) * down(t, warmup, total)


@schedule.misconception(
    "the larger of the two lines",
    "These rates are the larger of the rising and the falling line. The rate is the smaller one.",
    read=A_RATE,
)
def larger_line(t, peak, warmup, total):
    return peak * np.maximum(up(t, warmup), down(t, warmup, total))


@schedule.misconception(
    "the decay takes T updates",
    "The rate falls for T updates after the warmup. T counts all updates: T − W are left.",
    read=A_RATE,
)
def total_after_warmup(t, peak, warmup, total):
    return phases(t, peak, warmup, up(t, warmup), down(np.asarray(t) - warmup, 0, total))


zero_early = schedule.misconception(
    "zero one update early",
    "The rate is 0 at t = T − 1 already, so the last update does nothing. It reaches 0 at t = T.",
    read=A_RATE,
)


@zero_early
def early_end(t, peak, warmup, total):
    return phases(
        t, peak, warmup, up(t, warmup), down(t, warmup, total - 1 + (total - 1 == warmup))
    )


@zero_early
def early_end_lower(t, peak, warmup, total):
    left = np.maximum((total - 1 - np.asarray(t)) / (total - warmup), 0)
    return phases(t, peak, warmup, up(t, warmup), left)


zero_late = schedule.misconception(
    "zero one update late",
    "The rate is not 0 yet at t = T. From `peak` at t = W it falls to 0 at t = T.",
    read=A_RATE,
)


@zero_late
def late_end(t, peak, warmup, total):
    return phases(t, peak, warmup, up(t, warmup), down(t, warmup, total + 1))


@zero_late
def late_end_from_the_last_peak(t, peak, warmup, total):
    left = np.maximum((total + 1 - np.asarray(t)) / (total - warmup), 0)
    return phases(t, peak, warmup, up(t, warmup), np.minimum(left, 1))


@schedule.misconception(
    "the decay begins one update early",
    "The rate is below the peak at t = W already. It falls from the peak at t = W.",
    read=A_RATE,
)
def early_decay(t, peak, warmup, total):
    return phases(t, peak, warmup, up(t, warmup), down(t, warmup - 1, total))


@schedule.misconception(
    "a negative rate after the end",
    "The falling line goes on below 0, and a negative rate climbs. From t = T on the rate is 0.",
    read=A_RATE,
)
def below_zero(t, peak, warmup, total):
    return phases(t, peak, warmup, up(t, warmup), (total - np.asarray(t)) / (total - warmup))


after_the_end = schedule.misconception(
    "the rate does not stay 0 after the end",
    "Up to t = T the rates are right. Later they rise again, while the rate must stay 0.",
    read=A_RATE,
)


@after_the_end
def mirrored(t, peak, warmup, total):
    falling = np.abs(total - np.asarray(t)) / (total - warmup)
    return phases(t, peak, warmup, up(t, warmup), falling)


@after_the_end
def peak_after_the_end(t, peak, warmup, total):
    falling = np.where(np.asarray(t) > total, 1, down(t, warmup, total))
    return phases(t, peak, warmup, up(t, warmup), falling)


@after_the_end
def last_rate_after_the_end(t, peak, warmup, total):
    falling = np.where(np.asarray(t) > total, 1 / (total - warmup), down(t, warmup, total))
    return phases(t, peak, warmup, up(t, warmup), falling)


@schedule.misconception(
    "the last rate above 0 is kept for ever",
    "From t = T on the rate is that of t = T − 1. It must be 0 there.",
    read=A_RATE,
)
def stops_before_zero(t, peak, warmup, total):
    falling = np.maximum(total - np.asarray(t), 1) / (total - warmup)
    return phases(t, peak, warmup, up(t, warmup), falling)


@schedule.misconception(
    "no decay",
    "After the warmup the rate stays at the peak. It must fall in a straight line to 0 at t = T.",
    read=A_RATE,
)
def no_decay(t, peak, warmup, total):
    return peak * np.minimum(up(t, warmup), 1)


@schedule.misconception(
    "no decay, but a stop at the end",
    "After the warmup the rate stays at the peak until t = T. It must fall in a straight line.",
    read=A_RATE,
)
def no_decay_then_zero(t, peak, warmup, total):
    return peak * np.minimum(up(t, warmup), 1) * (np.asarray(t) < total)


@schedule.misconception(
    "no warmup",
    "The rate begins at the peak. It must rise in a straight line, from peak/W at t = 0.",
    read=A_RATE,
)
def no_rise(t, peak, warmup, total):
    return peak * np.minimum(down(t, warmup, total), 1)


@schedule.misconception(
    "no warmup, and a decay from the first update",
    "The rate falls from the peak at t = 0. It must rise during the warmup and fall after it.",
    read=A_RATE,
)
def decay_alone(t, peak, warmup, total):
    return peak * down(t, 0, total)


@schedule.misconception(
    "shares of the peak",
    "These are the shares of the peak, between 0 and 1. The rate is `peak` times the share.",
    read=A_RATE,
)
def shares(t, peak, warmup, total):
    return phases(t, 1.0, warmup, up(t, warmup), down(t, warmup, total))


one_line = schedule.misconception(
    "the peak multiplies one of the two lines only",
    "The rising or the falling line is a share of the peak, between 0 and 1. Both are multiplied "
    "by `peak`.",
    read=A_RATE,
)


@one_line
def share_rising(t, peak, warmup, total):
    return phases(t, 1.0, warmup, up(t, warmup), peak * down(t, warmup, total))


@one_line
def share_falling(t, peak, warmup, total):
    return phases(t, 1.0, warmup, peak * up(t, warmup), down(t, warmup, total))


inverse_root = schedule.misconception(
    "an inverse root for the straight line",
    "After the warmup the rate falls as an inverse root, as the Transformer's does. Here it falls "
    "in a straight line, which ends at 0.",
    read=A_RATE,
)


@inverse_root
def never_0(t, peak, warmup, total):
    return peak * np.minimum(up(t, warmup), np.sqrt(max(warmup, 1) / (np.asarray(t) + 1)))


@inverse_root
def cut_off(t, peak, warmup, total):
    t = np.asarray(t)
    fallen = np.sqrt(max(warmup, 1) / np.maximum(t, max(warmup, 1)))
    return phases(t, peak, warmup, up(t, warmup), np.where(t < total, fallen, 0))


@schedule.misconception(
    "a cosine for the straight line",
    "After the warmup the rate falls as a cosine. Here it falls in a straight line.",
    read=A_RATE,
)
def cosine(t, peak, warmup, total):
    fallen = (1 - np.cos(np.pi * down(t, warmup, total))) / 2
    return phases(t, peak, warmup, up(t, warmup), fallen)


power = schedule.misconception(
    "a curve for the straight line",
    "After the warmup the rate falls as a square, a root or an exponential of the share that is "
    "left. It falls in a straight line.",
    read=A_RATE,
)


def curved(curve):
    def warmup_then_decay(t, peak, warmup, total):
        return phases(t, peak, warmup, up(t, warmup), curve(t, warmup, total))

    return warmup_then_decay


for curve in (
    lambda t, warmup, total: down(t, warmup, total) ** 2,
    lambda t, warmup, total: np.sqrt(down(t, warmup, total)),
    lambda t, warmup, total: np.exp(-(np.asarray(t) - warmup) / (total - warmup)),
):
    power(curved(curve))


one_decision = schedule.misconception(
    "one decision for the whole array",
    "Whether t < W is decided once, for all t together. Each t must be asked on its own: "
    "`np.where` or `np.minimum` does that.",
    read=A_RATE,
)


def decided(reduce):
    def warmup_then_decay(t, peak, warmup, total):
        rises = np.ravel(reduce(np.less(t, warmup)))[0]
        return peak * (up(t, warmup) if rises else down(t, warmup, total))

    return warmup_then_decay


for reduce in (np.all, np.any, lambda asked: asked):
    one_decision(decided(reduce))


mended = Task(
    "mended_half_life",
    cases={
        "the first updates": {"t": np.arange(6), "lr": 0.8, "half_life": 2, "lowest": 0.1},
        "one number": {"t": 10, "lr": 1.0, "half_life": 10, "lowest": 0.0},
        "one number, between two half-lives": {
            "t": 7,
            "lr": 0.6,
            "half_life": 4,
            "lowest": 0.05,
        },
        "the first rate": {"t": 0, "lr": 0.3, "half_life": 5, "lowest": 0.01},
        "in any order": {
            "t": np.array([40, 0, 30, 30]),
            "lr": 0.7,
            "half_life": 20,
            "lowest": 0.0,
        },
        "lr is not 1 and the lowest rate counts": {
            "t": np.array([0, 2, 5, 9]),
            "lr": 0.7,
            "half_life": 3,
            "lowest": 0.3,
        },
        "one number, where the lowest rate counts": {
            "t": 12,
            "lr": 0.9,
            "half_life": 4,
            "lowest": 0.25,
        },
        "very late": {"t": np.array([1000, 90_000]), "lr": 0.4, "half_life": 5, "lowest": 0.001},
        "the lowest rate is lr": {
            "t": np.array([0, 1, 8]),
            "lr": 0.45,
            "half_life": 3,
            "lowest": 0.45,
        },
        "a slow decay": {
            "t": np.array([0, 300, 1000, 3000]),
            "lr": 1e-6,
            "half_life": 1000,
            "lowest": 0.0,
        },
        "a half-life of 2.6": {
            "t": np.array([1, 2, 3]),
            "lr": 0.5,
            "half_life": 2.6,
            "lowest": 0.02,
        },
        "a half-life of 1.4": {
            "t": np.array([1, 2, 3]),
            "lr": 0.6,
            "half_life": 1.4,
            "lowest": 0.01,
        },
    },
    about={
        "the first rate": "the rate at t = 0 is not `lr`",
        "in any order": "wrong for an array of t that is not in order",
        "lr is not 1 and the lowest rate counts": "wrong where the rate would fall below `lowest`",
        "one number, where the lowest rate counts": "wrong where the rate would fall below "
        "`lowest`",
        "very late": "wrong where the rate would fall below `lowest`",
        "the lowest rate is lr": "wrong where the rate would fall below `lowest`",
        "a half-life of 2.6": "wrong for a half-life that is not a whole number",
        "a half-life of 1.4": "wrong for a half-life that is not a whole number",
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


def places(t):
    """0, 1, 2 … in the shape of t: what counts calls or places gives the same for every t."""
    return np.arange(np.size(t)).reshape(np.shape(t))


@mended.misconception(
    "calls are counted instead of updates",
    "The rate falls from one number of the array to the next, whatever they are. Asked twice for "
    "the same t it must give the same rate: it depends on t alone.",
    read=A_RATE,
)
def calls(t, lr, half_life, lowest):
    return np.maximum(halved(places(t), lr, half_life), lowest)


@mended.misconception(
    "calls are counted instead of updates, from 1",
    "The rate falls from one number of the array to the next, whatever they are, and the first is "
    "lowered already. It must depend on t alone, and be `lr` at t = 0.",
    read=A_RATE,
)
def calls_from_one(t, lr, half_life, lowest):
    return np.maximum(halved(places(t) + 1, lr, half_life), lowest)


@mended.misconception(
    "the class as it was",
    "These are the rates of the class. It counts calls and does not look at t, lowers the rate "
    "before the first update, and has a wrong factor.",
    read=A_RATE,
)
def as_it_was(t, lr, half_life, lowest):
    return np.maximum(lr * (1 - 1 / half_life) ** (places(t) + 1), lowest)


@mended.misconception(
    "calls are counted, with 1 − 1/half_life for the factor",
    "The first rate is `lr`. The two other faults of the class are still there: it does not look "
    "at t, and its factor leaves about 1/e after half_life updates, not ½.",
    read=A_RATE,
)
def calls_with_the_old_factor(t, lr, half_life, lowest):
    return np.maximum(lr * (1 - 1 / half_life) ** places(t), lowest)


@mended.misconception(
    "the place in the array for t",
    "A number alone has its right rate, but in an array each place has the rate of its index. The "
    "array holds the t's, in any order.",
    read=A_RATE,
)
def place(t, lr, half_life, lowest):
    return np.maximum(halved(places(t) if np.ndim(t) else t, lr, half_life), lowest)


old = mended.misconception(
    "1 − 1/half_life for the factor",
    "The rate depends on t alone, but the factor 1 − 1/half_life is still there. Applied half_life "
    "times it leaves about 1/e, not ½.",
    read=A_RATE,
)


@old
def old_factor(t, lr, half_life, lowest):
    return np.maximum(lr * (1 - 1 / half_life) ** np.asarray(t), lowest)


@old
def old_factor_from_one(t, lr, half_life, lowest):
    return np.maximum(lr * (1 - 1 / half_life) ** (np.asarray(t) + 1), lowest)


@mended.misconception(
    "1 − 0.5/half_life for the factor",
    "Half of the rate is not taken away in half_life equal shares: each update takes its share of "
    "what is left. Which factor, applied half_life times, is a half?",
    read=A_RATE,
)
def half_a_factor(t, lr, half_life, lowest):
    return np.maximum(lr * (1 - 0.5 / half_life) ** np.asarray(t), lowest)


@mended.misconception(
    "1/half_life for the factor",
    "The rate is divided by half_life at every update. It is halved once in half_life updates.",
    read=A_RATE,
)
def divided(t, lr, half_life, lowest):
    return np.maximum(lr * (1 / half_life) ** np.asarray(t, float), lowest)


@mended.misconception(
    "`lr` under the power",
    "The power is taken of lr/2. It is taken of ½ alone, and `lr` multiplies it.",
    read=A_RATE,
)
def under_the_power(t, lr, half_life, lowest):
    return np.maximum((0.5 * lr) ** (np.asarray(t) / half_life), lowest)


e_fold = mended.misconception(
    "e in the place of 2",
    "exp(−t/half_life) leaves 1/e = 0.37 after a half-life, and exp(−½ t/half_life) 0.61. A half "
    "must be left.",
    read=A_RATE,
)


def exponential(speed):
    def mended_half_life(t, lr, half_life, lowest):
        return np.maximum(lr * np.exp(-speed * np.asarray(t) / half_life), lowest)

    return mended_half_life


for speed in (1.0, 0.5):
    e_fold(exponential(speed))


@mended.misconception(
    "1/(1 + t/half_life) for the decay",
    "A half is left after one half-life, but a third after two: the rate falls by a smaller factor "
    "each time. The factor must always be the same.",
    read=A_RATE,
)
def inverse_time(t, lr, half_life, lowest):
    return np.maximum(lr / (1 + np.asarray(t) / half_life), lowest)


@mended.misconception(
    "an inverse root for the decay",
    "The rate falls as an inverse root, by a smaller factor each time. The factor must always be "
    "the same.",
    read=A_RATE,
)
def inverse_root_decay(t, lr, half_life, lowest):
    return np.maximum(lr / np.sqrt(1 + np.asarray(t) / half_life), lowest)


@mended.misconception(
    "halved at every update",
    "A half is left after each update. It must be left after half_life updates.",
    read=A_RATE,
)
def at_every_update(t, lr, half_life, lowest):
    return np.maximum(lr * 0.5 ** np.asarray(t, float), lowest)


@mended.misconception(
    "t times half_life in the exponent",
    "After t updates t/half_life half-lives have passed, and not t · half_life.",
    read=A_RATE,
)
def times(t, lr, half_life, lowest):
    return np.maximum(lr * 0.5 ** (np.asarray(t) * half_life), lowest)


@mended.misconception(
    "half_life/t in the exponent",
    "After t updates t/half_life half-lives have passed, and not half_life/t.",
    read=A_RATE,
)
def turned_round(t, lr, half_life, lowest):
    return np.maximum(lr * 0.5 ** (half_life / np.asarray(t, float)), lowest)


@mended.misconception(
    "a quarter after each half-life",
    "After a half-life a quarter is left, as with a factor ½ that is squared. A half must be left.",
    read=A_RATE,
)
def quartered(t, lr, half_life, lowest):
    return np.maximum(lr * 0.25 ** (np.asarray(t) / half_life), lowest)


@mended.misconception(
    "the rate rises",
    "The rate doubles every half_life updates. A half must be left.",
    read=A_RATE,
)
def doubled(t, lr, half_life, lowest):
    return np.maximum(lr * 2.0 ** (np.asarray(t) / half_life), lowest)


@mended.misconception(
    "the first rate is lowered already",
    "The rate at t = 0 is not `lr`: these are the rates of t + 1. No update has been made yet at "
    "t = 0.",
    read=A_RATE,
)
def lowered_at_once(t, lr, half_life, lowest):
    return np.maximum(halved(np.asarray(t) + 1, lr, half_life), lowest)


@mended.misconception(
    "one update late",
    "The rate at t = 1 is still `lr`: these are the rates of t − 1. After t updates it has been "
    "lowered t times.",
    read=A_RATE,
)
def late(t, lr, half_life, lowest):
    return np.maximum(halved(np.maximum(np.asarray(t) - 1, 0), lr, half_life), lowest)


jumps = mended.misconception(
    "halved in jumps",
    "Whole half-lives are counted, so the rate stays and then drops. It falls at every update.",
    read=A_RATE,
)


def jumping(rounded):
    def mended_half_life(t, lr, half_life, lowest):
        return np.maximum(lr * 0.5 ** rounded(np.asarray(t) / half_life), lowest)

    return mended_half_life


for rounded in (np.floor, np.ceil, np.rint):
    jumps(jumping(rounded))


whole = mended.misconception(
    "a half-life rounded to a whole number",
    "The half-life may be any number above 0, for instance 2.6 updates.",
    read=A_RATE,
)


def with_whole(rounded):
    def mended_half_life(t, lr, half_life, lowest):
        return np.maximum(halved(t, lr, rounded(half_life)), lowest)

    return mended_half_life


for rounded in (np.floor, np.ceil, np.rint):
    whole(with_whole(rounded))


line = mended.misconception(
    "a straight line",
    "The rate falls by the same amount at every update. It must fall by the same factor.",
    read=A_RATE,
)


@line
def straight(t, lr, half_life, lowest):
    return np.maximum(lr * (1 - np.asarray(t) / (2 * half_life)), lowest)


@line
def straight_to_zero(t, lr, half_life, lowest):
    return np.maximum(lr * (1 - np.asarray(t) / half_life), lowest)


@line
def straight_to_lowest(t, lr, half_life, lowest):
    left = 1 - np.asarray(t) / (2 * half_life)
    return lowest + (lr - lowest) * np.maximum(left, 0)


@mended.misconception(
    "no lowest rate",
    "The rate falls for ever. It must stop at `lowest`.",
    read=A_RATE,
)
def endless(t, lr, half_life, lowest):
    return halved(t, lr, half_life)


@mended.misconception(
    "the lowest rate as a goal",
    "The distance to `lowest` is halved. The rate itself halves; `lowest` only cuts it off.",
    read=A_RATE,
)
def goal(t, lr, half_life, lowest):
    return lowest + halved(t, lr - lowest, half_life)


@mended.misconception(
    "the lowest rate is added",
    "Every rate is larger by `lowest`. It only cuts the rate off: where the rate is above it, it "
    "changes nothing.",
    read=A_RATE,
)
def added(t, lr, half_life, lowest):
    return halved(t, lr, half_life) + lowest


@mended.misconception(
    "`lowest` as a share of lr",
    "The rate is cut off at lr · lowest. `lowest` is a rate itself, and no share of `lr`.",
    read=A_RATE,
)
def share_of_lr(t, lr, half_life, lowest):
    return np.maximum(halved(t, lr, half_life), lr * lowest)


@mended.misconception(
    "0 for the lowest rate",
    "Where the rate would fall below `lowest` it is 0. It must be `lowest` there.",
    read=A_RATE,
)
def nothing_below(t, lr, half_life, lowest):
    free = halved(t, lr, half_life)
    return np.where(free < lowest, 0, free)


@mended.misconception(
    "`lowest` taken for a highest rate",
    "The rate is the smaller of both. It must never be below `lowest`: it is the larger.",
    read=A_RATE,
)
def ceiling(t, lr, half_life, lowest):
    return np.minimum(halved(t, lr, half_life), lowest)


T = np.arange(40)
HUMP = 0.5 * (1 - T / 40)  # √t times this rises until t = 13 and falls again

burst = Task(
    "first_unstable_update",
    cases={
        "a constant rate, exactly 2 at t = 4": {
            "rates": np.full(8, 0.5),
            "curvature": 4.0,
            "c": 4.0,
        },
        "a constant rate": {"rates": np.full(30, 0.3), "curvature": 3.0, "c": 1.7},
        "unstable from t = 1 on": {
            "rates": np.array([0.9, 0.8, 0.7, 0.75, 0.6]),
            "curvature": 5.0,
            "c": 1.3,
        },
        "a rate that falls early": {"rates": 0.5 / (T + 1), "curvature": 4.0, "c": 1.2},
        "a straight line to zero": {"rates": HUMP, "curvature": 4.0, "c": 2.0},
        "unstable, stable, unstable": {
            "rates": np.array([1.0, 1.0, 4.0, 4.0, 0.1, 0.1, 0.1, 4.0, 0.1, 0.1]),
            "curvature": 0.5,
            "c": 0.25,
        },
        "only the last update is unstable": {
            "rates": np.array([0.1, 0.2, 0.1, 0.3, 0.1, 0.2, 1.9]),
            "curvature": 2.0,
            "c": 3.1,
        },
        "a warmup": {"rates": 0.25 * np.minimum((T + 1) / 30, 1), "curvature": 10.0, "c": 16.0},
        "three schedules at once": {
            "rates": np.stack([np.full(40, 0.1), 0.1 / np.sqrt(T + 1), 0.2 * 0.97**T], axis=1),
            "curvature": 20.0,
            "c": 25.0,
        },
        "as many schedules as updates": {
            "rates": np.array([[0.1, 0.9, 3.0], [0.2, 0.8, 0.1], [1.1, 0.3, 0.2]]),
            "curvature": 3.0,
            "c": 1.1,
        },
        "one schedule, as a column": {
            "rates": np.array([[0.1], [0.2], [0.3], [0.4], [0.5]]),
            "curvature": 6.0,
            "c": 2.6,
        },
        "a tiny rate, a huge curvature": {
            "rates": np.full(12, 1e-7),
            "curvature": 1e7,
            "c": 2.1,
        },
    },
    about={
        "a constant rate, exactly 2 at t = 4": "a ratio of exactly 2 is not yet unstable",
        "unstable from t = 1 on": "wrong where update 1 is unstable already",
        "a rate that falls early": "wrong where no update is unstable: the answer is inf",
        "unstable, stable, unstable": "wrong where the schedule becomes unstable more than once",
        "only the last update is unstable": "wrong where only the last update is unstable",
        "three schedules at once": "several schedules at once are mixed up",
        "as many schedules as updates": "several schedules at once are mixed up",
        "one schedule, as a column": "wrong for a single schedule of shape (T, 1)",
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

DECAY = "The-right-decay"
ONE_RATE = "02_learning_rate#One-rate-for-a-valley"


def ratio(rates, curvature, c):
    """η_t λ / σ_t, with the time on the last axis."""
    return curvature * rates.T * np.sqrt(np.arange(len(rates)) / c)


def first(unstable, never=np.inf):
    return np.where(unstable.any(axis=-1), unstable.argmax(axis=-1), never)


def found_by(other_ratio):
    """The first update where another ratio than the right one exceeds 2."""

    def first_unstable_update(rates, curvature, c):
        with np.errstate(all="ignore"):
            t = np.arange(len(rates))
            return first(np.nan_to_num(other_ratio(rates.T, t, curvature, c), nan=0.0) > 2)

    return first_unstable_update


for name, explanation, *others in [
    (
        "a scale that does not shrink",
        "σ is √C at every t here. In the mean form σ shrinks like 1/√t, and that is the cause of "
        "the burst.",
        lambda rates, t, curvature, c: curvature * rates / np.sqrt(c),
    ),
    (
        "no scale at all",
        "These are the answers of η λ > 2. The ratio is divided by σ, which shrinks with t.",
        lambda rates, t, curvature, c: curvature * rates,
    ),
    (
        "C left out",
        "These are the answers of σ = 1/√t. C, fixed by the first gradients, belongs into it.",
        lambda rates, t, curvature, c: curvature * rates * np.sqrt(t),
    ),
    (
        "C/t without its root",
        "C/t is the mean of the squares. σ is the root of it.",
        lambda rates, t, curvature, c: curvature * rates * t / c,
    ),
    (
        "the root over t alone",
        "These are the answers of σ = C/√t. The root covers C too: σ = √(C/t).",
        lambda rates, t, curvature, c: curvature * rates * np.sqrt(t) / c,
    ),
    (
        "the root over C alone",
        "These are the answers of σ = √C/t. The root covers t too: σ = √(C/t).",
        lambda rates, t, curvature, c: curvature * rates * t / np.sqrt(c),
    ),
    (
        "the scale upside down",
        "These are the answers of a scale that grows, σ = √(t/C). It shrinks: σ = √(C/t). Dividing "
        "by it gives √(t/C).",
        lambda rates, t, curvature, c: curvature * rates * np.sqrt(c / np.maximum(t, 1)),
        lambda rates, t, curvature, c: curvature * rates * np.sqrt(c / (t + 1)),
        lambda rates, t, curvature, c: np.where(t > 0, curvature * rates * np.sqrt(c / t), 0),
    ),
    (
        "a scale of √(C·t)",
        "These are the answers of a scale that grows, σ = √(C·t). It shrinks: σ = √(C/t).",
        lambda rates, t, curvature, c: curvature * rates / np.sqrt(c * np.maximum(t, 1)),
        lambda rates, t, curvature, c: np.where(t > 0, curvature * rates / np.sqrt(c * t), 0),
    ),
    (
        "update 0 for every schedule",
        "At t = 0 the ratio is 0, which is stable. It seems infinite with a scale that grows, "
        "√(t/C) for √(C/t), and it is the first below 2 where the first above 2 is asked.",
        lambda rates, t, curvature, c: curvature * rates * np.sqrt(c / t),
    ),
    (
        "t + 1 for t",
        "These are the answers of σ = √(C/(t + 1)). Here C/t belongs to update t, and the ratio is "
        "0 at t = 0.",
        lambda rates, t, curvature, c: curvature * rates * np.sqrt((t + 1) / c),
    ),
    (
        "t − 1 for t",
        "These are the answers of σ = √(C/(t − 1)). C/t belongs to update t.",
        lambda rates, t, curvature, c: curvature * rates * np.sqrt(np.maximum(t - 1, 0) / c),
    ),
    (
        "the square of the ratio against 2",
        "These are the answers of (ηλ/σ)² > 2. The ratio itself exceeds 2, its square 4.",
        lambda rates, t, curvature, c: (curvature * rates) ** 2 * t / c,
    ),
    (
        "the root of the ratio against 2",
        "These are the answers of ηλ/σ > 4. The ratio exceeds 2.",
        lambda rates, t, curvature, c: curvature * rates * np.sqrt(t / c) / 2,
    ),
    (
        "the curvature left out",
        "These are the answers of η/σ > 2. A step of η λ/σ decides: a steeper direction becomes "
        "unstable earlier.",
        lambda rates, t, curvature, c: rates * np.sqrt(t / c),
    ),
    (
        "the root of the curvature",
        "These are the answers with √λ, or with λ under the root. λ stands outside it.",
        lambda rates, t, curvature, c: rates * np.sqrt(curvature * t / c),
    ),
    (
        "divided by the curvature",
        "These are the answers of η/(λσ) > 2. A steeper direction becomes unstable earlier: λ "
        "multiplies.",
        lambda rates, t, curvature, c: rates / curvature * np.sqrt(t / c),
    ),
    (
        "the first rate for all updates",
        "η₀ is kept at every t here. The rate falls with time, and that can prevent the burst.",
        lambda rates, t, curvature, c: curvature * rates[..., :1] * np.sqrt(t / c),
    ),
    (
        "the rate of the update before",
        "The scale of update t meets the rate of t − 1. Both belong to the same update.",
        lambda rates, t, curvature, c: (
            curvature * np.concatenate([rates[..., :1], rates[..., :-1]], axis=-1) * np.sqrt(t / c)
        ),
    ),
    (
        "the sum of the rates so far",
        "The rates are summed up here. Whether update t is unstable is decided by its own rate.",
        lambda rates, t, curvature, c: curvature * np.cumsum(rates, axis=-1) * np.sqrt(t / c),
    ),
]:
    for other in others:
        burst.misconception(name, explanation, read=DECAY)(found_by(other))


@burst.misconception(
    "1 for the border of stability",
    "At ηλ/σ = 1 one step arrives at the minimum. It diverges above 2 only.",
    read=ONE_RATE,
)
def border_of_one(rates, curvature, c):
    return first(ratio(rates, curvature, c) > 1)


@burst.misconception(
    "unstable at exactly 2",
    "At exactly 2 the run bounces but does not grow. It is unstable above 2.",
    read=ONE_RATE,
)
def from_two_on(rates, curvature, c):
    return first(ratio(rates, curvature, c) >= 2)


@burst.misconception(
    "update 0 where there is none",
    "`argmax` gives 0 if the ratio never exceeds 2. The answer is then inf: ask `any` first.",
    read=DECAY,
)
def zero_for_never(rates, curvature, c):
    return (ratio(rates, curvature, c) > 2).argmax(axis=-1)


the_end = burst.misconception(
    "the end where there is none",
    "For a schedule that is always stable the result is T, or T − 1. The answer is then inf.",
    read=DECAY,
)


@the_end
def end_for_never(rates, curvature, c):
    return np.minimum(first(ratio(rates, curvature, c) > 2), len(rates))


@the_end
def last_for_never(rates, curvature, c):
    return np.minimum(first(ratio(rates, curvature, c) > 2), len(rates) - 1)


another_for_never = burst.misconception(
    "−1 or NaN where there is none",
    "For a schedule that is always stable the answer is inf, so that it is later than any update.",
    read=DECAY,
)


@another_for_never
def minus_one_for_never(rates, curvature, c):
    return first(ratio(rates, curvature, c) > 2, never=-1)


@another_for_never
def nan_for_never(rates, curvature, c):
    return first(ratio(rates, curvature, c) > 2, never=np.nan)


@another_for_never
def minus_inf_for_never(rates, curvature, c):
    return first(ratio(rates, curvature, c) > 2, never=-np.inf)


@burst.misconception(
    "where the ratio is largest",
    "This is the update with the largest ratio. The burst begins before: where it first exceeds 2.",
    read=DECAY,
)
def largest(rates, curvature, c):
    found = ratio(rates, curvature, c)
    return np.where((found > 2).any(axis=-1), found.argmax(axis=-1), np.inf)


@burst.misconception(
    "where the ratio is largest, stable or not",
    "This is the update with the largest ratio, whether it exceeds 2 or not. Asked is the first at "
    "which it exceeds 2, and inf if there is none.",
    read=DECAY,
)
def largest_of_all(rates, curvature, c):
    return ratio(rates, curvature, c).argmax(axis=-1)


@burst.misconception(
    "the last unstable update",
    "This is the last update at which the ratio exceeds 2. The first is asked.",
    read=DECAY,
)
def last(rates, curvature, c):
    backwards = first(ratio(rates, curvature, c)[..., ::-1] > 2)
    return np.where(backwards < np.inf, len(rates) - 1 - backwards, np.inf)


@burst.misconception(
    "unstable until the end",
    "This is the update from which on the ratio exceeds 2 until the end. The first update is "
    "asked, also where the schedule becomes stable again.",
    read=DECAY,
)
def for_good(rates, curvature, c):
    late = np.logical_and.accumulate((ratio(rates, curvature, c) > 2)[..., ::-1], axis=-1)
    return first(late[..., ::-1])


number_of = burst.misconception(
    "the number of unstable updates",
    "The result counts how many updates are unstable, or stable. The first unstable one is asked, "
    "and inf if there is none.",
    read=DECAY,
)


@number_of
def how_many(rates, curvature, c):
    return (ratio(rates, curvature, c) > 2).sum(axis=-1)


@number_of
def how_many_or_inf(rates, curvature, c):
    number = (ratio(rates, curvature, c) > 2).sum(axis=-1)
    return np.where(number > 0, number, np.inf)


@number_of
def how_many_stable(rates, curvature, c):
    return (ratio(rates, curvature, c) <= 2).sum(axis=-1)


counted_from_1 = burst.misconception(
    "counted from 1",
    "The first of the rates belongs to t = 0, in the answer and in σ.",
    read=A_RATE,
)


@counted_from_1
def from_one(rates, curvature, c):
    return first(ratio(rates, curvature, c) > 2) + 1


@counted_from_1
def from_one_throughout(rates, curvature, c):
    t = np.arange(len(rates)) + 1
    return first(curvature * rates.T * np.sqrt(t / c) > 2) + 1


@burst.misconception(
    "the update before",
    "The answer is one update early: this is the last stable one.",
    read=A_RATE,
)
def one_before(rates, curvature, c):
    return first(ratio(rates, curvature, c) > 2) - 1


@burst.misconception(
    "the first updates are left out",
    "The search begins after update 1. Only at t = 0 the ratio is 0 for certain.",
    read=DECAY,
)
def from_two(rates, curvature, c):
    return first((ratio(rates, curvature, c) > 2) & (np.arange(len(rates)) > 1))


@burst.misconception(
    "the rate itself",
    "This is the rate of the first unstable update. Its t is asked.",
    read=DECAY,
)
def its_rate(rates, curvature, c):
    found = first(ratio(rates, curvature, c) > 2)
    at = np.where(found < np.inf, found, 0).astype(int)
    return np.where(found < np.inf, np.take_along_axis(rates.T, at[..., None], -1)[..., 0], found)


@burst.misconception(
    "one answer for all schedules",
    "This is the first update at which any of the schedules is unstable. Each column has an "
    "answer of its own.",
    read=DECAY,
)
def together(rates, curvature, c):
    return np.min(first(ratio(rates, curvature, c) > 2))


@burst.misconception(
    "the same answer for all schedules",
    "Every column has the answer of the first update at which any of them is unstable. Each has an "
    "answer of its own.",
    read=DECAY,
)
def shared(rates, curvature, c):
    found = first(ratio(rates, curvature, c) > 2)
    return 0 * rates[0] + np.min(found)


RATES = np.array([0.001, 0.002, 0.005, 0.01, 0.03, 0.1, 0.4])
inf = np.inf


def band_case(losses, limit, rates=RATES):
    return {"losses": np.array(losses), "rates": rates, "limit": limit}


band = Task(
    "band_width",
    cases={
        "one rule": band_case([2.1, 0.9, 0.31, 0.12, 0.27, 1.4, inf], 0.5),
        "a limit above 1": band_case([3.3, 2.1, 2.4, 1.9, 0.8, 2.3, 2.7], 2.5),
        "good rates beyond a gap": band_case([0.42, 0.8, 0.35, 0.12, 0.44, 0.7, 0.33], 0.5),
        "the best rate stands in the narrower of two bands": band_case(
            [0.3, 0.25, 0.4, 0.9, 0.1, 0.45, 1.5], 0.5
        ),
        "the band begins at the best rate": band_case([1.2, 0.9, 0.14, 0.3, 0.38, 0.8, 2.3], 0.4),
        "the band ends at the best rate": band_case([2.3, 0.38, 0.3, 0.16, 0.9, 1.1, inf], 0.4),
        "losses exactly at the limit": band_case([1.5, 0.5, 0.25, 0.3, 0.5, 0.75, 2.5], 0.5),
        "down to the lowest rate": band_case([0.2, 0.1, 0.3, 0.8, 1.2, 0.9, 0.4], 0.5),
        "up to the highest rate": band_case([0.3, 2.2, 1.1, 0.45, 0.3, 0.1, 0.2], 0.5),
        "every rate is good": band_case([0.4, 0.3, 0.2, 0.1, 0.15, 0.35, 0.45], 0.5),
        "no rate is good": band_case([2.5, 1.8, 0.9, 0.7, 0.6, 1.9, inf], 0.5),
        "the best rate alone is good": band_case([2.5, 1.8, 0.9, 0.7, 0.2, 1.9, inf], 0.5),
        "two equal lowest losses": band_case([0.9, 0.2, 0.3, 0.8, 0.2, 0.4, 0.7], 0.5),
        "two rules at once": band_case(
            [[2.1, 0.9], [0.6, 0.3], [0.1, 0.4], [0.7, 0.2], [1.5, 0.35], [2.2, 0.8], [inf, inf]],
            0.5,
        ),
        "three rules, one never good, one diverged": band_case(
            [
                [0.9, 2.3, inf],
                [0.3, 1.6, inf],
                [0.5, 0.7, inf],
                [0.2, 0.9, inf],
                [1.4, 1.2, inf],
                [0.1, 2.5, inf],
                [1.1, inf, inf],
            ],
            0.6,
        ),
        "as many rules as rates": band_case(
            [[0.3, 0.9, 0.4], [0.2, 0.25, 0.7], [0.8, 0.1, 0.15]], 0.5, RATES[[2, 3, 6]]
        ),
    },
    about={
        "good rates beyond a gap": "good rates beyond a gap do not belong to the band",
        "the best rate stands in the narrower of two bands": "wrong where the best rate stands in "
        "the narrower of two bands",
        "losses exactly at the limit": "a loss exactly at the limit is good",
        "down to the lowest rate": "wrong where the band reaches the lowest or the highest rate",
        "up to the highest rate": "wrong where the band reaches the lowest or the highest rate",
        "every rate is good": "wrong where the band reaches the lowest or the highest rate",
        "no rate is good": "where no rate is good the width is 0",
        "the best rate alone is good": "where the best rate alone is good the width is 0",
        "two equal lowest losses": "of two equal lowest losses the first is the best",
        "two rules at once": "several rules at once are mixed up",
        "three rules, one never good, one diverged": "several rules at once are mixed up",
        "as many rules as rates": "several rules at once are mixed up",
    },
    hints=[
        "Begin at the best rate of one rule (`argmin`). How far can you go to smaller rates, and "
        "how far to larger ones, without stepping on a rate that is not good?",
        "Let `low` and `high` begin at the best place. Move `low` down while there is a place "
        "below it and the loss there is at most `limit`; `high` likewise upwards. A width in "
        "powers of ten is a logarithm of a ratio.",
        "Write a function for one column: `while low > 0 and column[low − 1] <= limit`, the same "
        "for `high` up to `len(rates) − 1`, and in the end `np.log10(rates[high] / rates[low])`. "
        "Then call it for `losses`, or for each column of it.",
    ],
)

MAP = "A-map-of-rate-and-warmup"


def borders(column, limit, best=np.argmin):
    """The first and the last place of the band around the best place of one column."""
    low = high = int(best(column))
    while low > 0 and column[low - 1] <= limit:
        low -= 1
    while high < len(column) - 1 and column[high + 1] <= limit:
        high += 1
    return low, high


def powers(rates, low, high):
    return np.log10(rates[high] / rates[low])


def for_each_rule(width):
    """The task's function, from one for a single rule."""

    def band_width(losses, rates, limit):
        with np.errstate(all="ignore"):
            return np.apply_along_axis(lambda column: width(column, rates, limit), 0, losses)

    return band_width


def by_mask(width):
    """One rule's width from the places of all good rates, 0 if there is none."""

    def of_rule(column, rates, limit):
        places = np.flatnonzero(column <= limit)
        return width(column, rates, places) if len(places) else 0.0

    return of_rule


def around(measure):
    """One rule's width in another measure."""
    return lambda column, rates, limit: measure(rates, *borders(column, limit))


def runs(places):
    """Split places into runs without a gap."""
    return np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)


def one_step_further(column, rates, limit):
    low, high = borders(column, limit)
    return powers(rates, max(low - 1, 0), min(high + 1, len(rates) - 1))


def strict(column, rates, limit):
    return powers(rates, *borders(column, np.nextafter(limit, 0)))


def wrapped(column, rates, limit):
    low = high = int(np.argmin(column))
    while low > -len(rates) and column[low - 1] <= limit:
        low -= 1
    while high < len(column) - 1 and column[high + 1] <= limit:
        high += 1
    return powers(rates, low, high)


def monotone(column, rates, limit):
    low = high = int(np.argmin(column))
    while low > 0 and column[low] <= column[low - 1] <= limit:
        low -= 1
    while high < len(column) - 1 and column[high] <= column[high + 1] <= limit:
        high += 1
    return powers(rates, low, high)


def instead_of_zero(value):
    def of_rule(column, rates, limit):
        return powers(rates, *borders(column, limit)) if np.min(column) <= limit else value

    return of_rule


def longest(by):
    return by_mask(lambda column, rates, places: by(rates, runs(places)))


def halfway(column, rates, limit):
    low, high = borders(column, limit)
    edges = np.sqrt(rates[1:] * rates[:-1])
    edges = np.concatenate([rates[:1], edges, rates[-1:]])
    return np.log10(edges[high + 1] / edges[low])


for name, explanation, *widths in [
    (
        "the difference of the rates",
        "The width is the largest rate minus the smallest. Rates are compared by their ratio: from "
        "0.001 to 0.01 it is as far as from 0.1 to 1, one power of ten.",
        around(lambda rates, low, high: rates[high] - rates[low]),
    ),
    (
        "the ratio without its logarithm",
        "The result is how many times larger the largest rate is. In powers of ten it is the "
        "logarithm of this ratio, to the base 10.",
        around(lambda rates, low, high: rates[high] / rates[low]),
    ),
    (
        "the logarithm of the difference",
        "The logarithm of a ratio is the difference of two logarithms, and not the logarithm of a "
        "difference.",
        around(lambda rates, low, high: np.log10(rates[high] - rates[low])),
        around(lambda rates, low, high: np.log10(rates[high] - rates[low]) if high > low else 0.0),
    ),
    (
        "a rounded width",
        "The widths are rounded to whole powers of ten, or to one or two digits behind the point. "
        "They are asked as they are.",
        *(
            around(
                lambda rates, low, high, digits=digits: np.round(powers(rates, low, high), digits)
            )
            for digits in (0, 1, 2)
        ),
        around(lambda rates, low, high: np.floor(powers(rates, low, high))),
    ),
    (
        "another base of the logarithm than 10",
        "The width is counted in doublings (base 2) or in powers of e. In powers of ten it is "
        "`np.log10`.",
        around(lambda rates, low, high: np.log(rates[high] / rates[low])),
        around(lambda rates, low, high: np.log2(rates[high] / rates[low])),
    ),
    (
        "the smallest rate over the largest",
        "The width is negative: the ratio is upside down. The largest rate stands above.",
        around(lambda rates, low, high: np.log10(rates[low] / rates[high])),
    ),
    (
        "rates are counted",
        "The width is a number of rates or of steps between them. They are not evenly spaced: it "
        "is the distance from the smallest to the largest, in powers of ten.",
        around(lambda rates, low, high: high - low),
        around(lambda rates, low, high: high - low + 1),
        lambda column, rates, limit: np.sum(column <= limit),
    ),
    (
        "evenly spaced rates are assumed",
        "One distance between two rates is taken for all. They are not evenly spaced.",
        around(lambda rates, low, high: (high - low) * np.log10(rates[1] / rates[0])),
        around(
            lambda rates, low, high: (
                (high - low) * np.log10(rates[-1] / rates[0]) / (len(rates) - 1)
            )
        ),
    ),
    (
        "good rates beyond a gap are taken in",
        "The width goes from the smallest good rate of all to the largest. A bad rate between them "
        "ends the band.",
        by_mask(lambda column, rates, places: powers(rates, places[0], places[-1])),
    ),
    (
        "all bands together",
        "The widths of several bands are added. Only the band around the best rate counts.",
        by_mask(
            lambda column, rates, places: sum(
                powers(rates, run[0], run[-1]) for run in runs(places)
            )
        ),
    ),
    (
        "the widest band instead of that around the best rate",
        "Where there are several bands, this is the widest of them, or that of the most rates. The "
        "one around the best rate is asked.",
        longest(lambda rates, found: max(powers(rates, run[0], run[-1]) for run in found)),
        longest(lambda rates, found: powers(rates, *max(found, key=len)[[0, -1]])),
    ),
    (
        "the first or the last band instead of that around the best rate",
        "Where there are several bands, this is the one of the smallest, or of the largest rates. "
        "The one around the best rate is asked.",
        longest(lambda rates, found: powers(rates, *found[0][[0, -1]])),
        longest(lambda rates, found: powers(rates, *found[-1][[0, -1]])),
    ),
    (
        "only towards larger rates",
        "The band ends at the best rate on the side of the smaller rates. It goes on to both "
        "sides.",
        lambda column, rates, limit: powers(rates, np.argmin(column), borders(column, limit)[1]),
    ),
    (
        "only towards smaller rates",
        "The band ends at the best rate on the side of the larger rates. It goes on to both sides.",
        lambda column, rates, limit: powers(rates, borders(column, limit)[0], np.argmin(column)),
    ),
    (
        "a gap ends the band on one side only",
        "Towards one side the band goes on to the last good rate of all, beyond bad ones. A bad "
        "rate ends it on both sides.",
        by_mask(
            lambda column, rates, places: powers(
                rates, places[0], next(r for r in runs(places) if np.argmin(column) in r)[-1]
            )
        ),
        by_mask(
            lambda column, rates, places: powers(
                rates, next(r for r in runs(places) if np.argmin(column) in r)[0], places[-1]
            )
        ),
    ),
    (
        "a loss at the limit does not count",
        "Good is a loss of at most `limit`: one that equals it is good as well.",
        strict,
    ),
    (
        "up to the first rates that are not good",
        "The width reaches one rate too far, to those that end the band. They do not belong to it.",
        one_step_further,
    ),
    (
        "half a distance further on each side",
        "The width reaches to the middle between a good and a bad rate. It ends at the last good "
        "rate that was tried.",
        halfway,
    ),
    (
        "a single step to each side",
        "The band ends after one rate on each side of the best. It goes on as long as all are "
        "good.",
        lambda column, rates, limit: powers(
            rates,
            max(borders(column, limit)[0], np.argmin(column) - 1),
            min(borders(column, limit)[1], np.argmin(column) + 1),
        ),
    ),
    (
        "the band ends where the loss falls again",
        "Away from the best rate the loss may rise and fall. Only a rate that is not good ends the "
        "band.",
        monotone,
    ),
    (
        "the limit as a multiple of the lowest loss",
        "Good is here what lies below `limit` times the lowest loss. `limit` is a loss itself.",
        lambda column, rates, limit: powers(rates, *borders(column, limit * np.min(column))),
        lambda column, rates, limit: powers(rates, *borders(column, (1 + limit) * np.min(column))),
    ),
    (
        "the limit counted from the lowest loss",
        "Good is here what lies at most `limit` above the lowest loss. `limit` is a loss itself.",
        lambda column, rates, limit: powers(rates, *borders(column, limit + np.min(column))),
    ),
    (
        "the losses above the limit",
        "These are the widths of rates with a loss of at least `limit`. Good is a loss of at most "
        "`limit`.",
        lambda column, rates, limit: powers(rates, *borders(-column, -limit)),
        lambda column, rates, limit: by_mask(
            lambda column, rates, places: powers(rates, places[0], places[-1])
        )(-column, rates, -limit),
    ),
    (
        "around the worst rate",
        "The band is looked for around the largest loss. The best rate has the lowest.",
        lambda column, rates, limit: powers(rates, *borders(column, limit, np.argmax)),
    ),
    (
        "around the middle rate",
        "The band is looked for around the middle of the list. It lies around the best rate.",
        lambda column, rates, limit: powers(
            rates, *borders(column, limit, lambda column: len(column) // 2)
        ),
    ),
    (
        "the last of two equal lowest losses",
        "If two rates share the lowest loss, the first of them is the best one.",
        lambda column, rates, limit: powers(
            rates, *borders(column, limit, lambda c: len(c) - 1 - np.argmin(c[::-1]))
        ),
    ),
    (
        "the search goes on at the other end",
        "Below the lowest rate the search goes on with index −1, and that is the highest rate. "
        "There the band ends.",
        wrapped,
    ),
    (
        "the first or the last rate is never reached",
        "The search ends one place before the end of the list. If that rate is good, it belongs to "
        "the band.",
        lambda column, rates, limit: powers(
            rates, *np.maximum(borders(column, limit), min(1, np.argmin(column)))
        ),
        lambda column, rates, limit: powers(
            rates,
            *np.minimum(borders(column, limit), max(len(column) - 2, np.argmin(column))),
        ),
        lambda column, rates, limit: powers(
            rates,
            *np.clip(
                borders(column, limit),
                min(1, np.argmin(column)),
                max(len(column) - 2, np.argmin(column)),
            ),
        ),
    ),
    (
        "NaN or −inf where no rate is good",
        "Where no rate is good there is no band, and its width is 0.",
        instead_of_zero(np.nan),
        instead_of_zero(-np.inf),
    ),
    (
        "−1 or inf where no rate is good",
        "Where no rate is good there is no band, and its width is 0.",
        instead_of_zero(-1.0),
        instead_of_zero(np.inf),
    ),
    (
        "the best rate itself",
        "This is the best rate, or its lowest loss. Asked is the width of the band around it.",
        lambda column, rates, limit: rates[np.argmin(column)],
        lambda column, rates, limit: np.min(column),
    ),
]:
    for width in widths:
        band.misconception(name, explanation, read=MAP)(for_each_rule(width))


one_limit = band.misconception(
    "one limit for all rules together",
    "A rate counts as good only if it is good for every rule, or for any of them, or in their "
    "mean. Each column has a band of its own.",
    read=MAP,
)


def of_all_rules(reduce):
    def band_width(losses, rates, limit):
        together = losses if losses.ndim == 1 else reduce(losses, axis=1)
        found = powers(rates, *borders(together, limit))
        return found if losses.ndim == 1 else np.full(losses.shape[1], found)

    return band_width


for reduce in (np.mean, np.min, np.max):
    one_limit(of_all_rules(reduce))


@band.misconception(
    "one best rate for all rules",
    "The band of every rule is looked for around the same rate. Each column has a best rate of its "
    "own.",
    read=MAP,
)
def one_best(losses, rates, limit):
    together = losses if losses.ndim == 1 else np.min(losses, axis=1)
    return for_each_rule(
        lambda column, rates, limit: powers(
            rates, *borders(column, limit, lambda column: np.argmin(together))
        )
    )(losses, rates, limit)


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
        "gradient descent": arguments([2.0, -8.0], STATE, 3, "gradient", "one", eps=0.3),
        "momentum": arguments([2.0, -8.0], STATE, 3, "heavy ball", "one", eps=0.3),
        "a moving average over the scale one": arguments(
            [2.0, -7.0], STATE, 2, "moving average", "one", beta1=0.8, eps=0.3
        ),
        "Adagrad": arguments([2.0, -4.0], STATE, 3, "gradient", "root sum", eps=0.5),
        "a moving average over the root sum": arguments(
            [1.5, 5.0], STATE, 1, "moving average", "root sum", beta1=0.6, eps=0.4
        ),
        "a heavy ball over the moving root mean": arguments(
            [1.5, -3.0], STATE, 1, "heavy ball", "moving root mean", 0.7, 0.8, 0.4
        ),
        "RMSProp with a correction": arguments(
            [3.0, 0.5], STATE, 2, "gradient", "moving root mean", beta2=0.9, eps=0.2
        ),
        "Adam, first update": arguments(
            [2.0, -8.0], ZEROS, 0, "moving average", "moving root mean"
        ),
        "Adam, fourth update": arguments(
            [1.0, 0.5], STATE, 3, "moving average", "moving root mean", eps=0.25
        ),
        "β₁ and β₂ are 0": arguments(
            [3.0, -0.5], STATE, 2, "moving average", "moving root mean", 0.0, 0.0, 0.25
        ),
        "no gradient": arguments([0.0, 0.0], ZEROS, 0, "heavy ball", "root sum"),
        "three runs with three rates": {
            **RUNS,
            "t": 1,
            "lr": np.array([0.1, 0.01, 1.0]),
            "direction": "gradient",
            "scale": "one",
            "beta1": 0.5,
            "beta2": 0.75,
            "eps": 1e-3,
        },
        "three runs with one rate": {
            **RUNS,
            "t": 2,
            "lr": 0.3,
            "direction": "moving average",
            "scale": "moving root mean",
            "beta1": 0.5,
            "beta2": 0.75,
            "eps": 0.2,
        },
    },
    about={
        "gradient descent": "wrong for gradient descent",
        "momentum": "wrong with the direction “heavy ball”",
        "a moving average over the scale one": "wrong for a moving average over the scale “one”",
        "Adagrad": "wrong with the scale “root sum”",
        "a moving average over the root sum": "wrong with the scale “root sum”",
        "a heavy ball over the moving root mean": "wrong with the direction “heavy ball”",
        "RMSProp with a correction": "wrong for the gradient over the moving root mean",
        "Adam, first update": "wrong at the first update, t = 0",
        "Adam, fourth update": "wrong for Adam at a later update than the first",
        "β₁ and β₂ are 0": "wrong for β₁ = β₂ = 0",
        "no gradient": "wrong where the gradient is 0",
        "three runs with three rates": "wrong for several runs at once",
        "three runs with one rate": "wrong for several runs at once",
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

BOTH = "ab"


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
    rate=True,
    later=(1, 1),  # gradients seen at t = 0: in the correction of a, of b
    corrected=BOTH,  # the memories that are corrected
    only_together="",  # the memories that are corrected only if both are moving averages
    every_direction=False,  # the heavy ball is corrected too
    power=BOTH,  # the memories whose correction has its power of β
    after_root=False,  # σ is corrected after the root is taken
    other_beta="",  # the memories whose correction has the other's β
    correction_kept="",  # the memories that are stored corrected
    ball_weight=1.0,  # of the new gradient; None stands for 1 - β₁
    summed="",  # the moving averages into which the gradient goes in full
    mirrored="",  # the moving averages that exchange β and 1 - β
    mean=False,
    squared=("root sum", "moving root mean"),  # the scales that collect squares
    absolute=False,  # |g| where g is not squared
    as_a_mean=False,  # the root sum is corrected as the moving root mean is
    eps_least=False,  # ε is the least σ
    early_rate=False,  # the rate goes into the heavy ball's memory
    nesterov=False,
    root=("root sum", "moving root mean"),  # the scales that take it
    eps_inside=(),  # the scales
    eps_with=("root sum", "moving root mean"),
    old="",  # the memories that are used before this gradient
    of_direction=False,  # σ is made from m
    forgotten=False,  # memories that are not used
    used="",  # the memories that take in the gradient, whatever the rule
    only="",  # "g" or "1": m or σ is the same for every rule
    one_sigma=False,  # for all parameters
    returned=None,  # of θ, its change, the old and the new state, m and σ
):
    """Return what one_update does, with one of the usual mistakes."""
    (a, b), before = np.array(state), np.array(state)

    def average(name, memory, beta, new):
        if name in mirrored:
            return (1 - beta) * memory + beta * new
        return beta * memory + (1 if name in summed else 1 - beta) * new

    def correction(name, beta):
        both = direction == "moving average" and scale == "moving root mean"
        if name not in corrected or (name in only_together and not both):
            return 1
        beta = (beta2 if name == "a" else beta1) if name in other_beta else beta
        return 1 - np.float64(beta) ** (t + later[BOTH.index(name)] if name in power else 1)

    m, sigma = grad, 1.0
    if direction == "heavy ball":
        weight = 1 - beta1 if ball_weight is None else ball_weight
        a = beta1 * a + weight * (lr if early_rate else 1) * grad
        m = (before[0] if "a" in old else a) / (correction("a", beta1) if every_direction else 1)
        m = grad + beta1 * a if nesterov else m
    elif direction == "moving average":
        a = average("a", a, beta1, grad)
        m = (before[0] if "a" in old else a) / correction("a", beta1)
        a = m if "a" in correction_kept else a
    elif forgotten:
        a = 0 * a
    elif "a" in used:
        a = beta1 * a + (1 - beta1) * grad
    square = (m if of_direction else grad) ** (2 if scale in squared else 1)
    square = np.abs(square) if absolute else square
    total, divisor = b, 1.0
    if scale == "root sum":
        b = b + square
        total, divisor = b, (t + 1 if mean else correction("b", beta2) if as_a_mean else 1)
    elif scale == "moving root mean":
        b = average("b", b, beta2, square)
        total, divisor = b, correction("b", beta2)
        b = b / divisor if "b" in correction_kept else b
    elif forgotten:
        b = 0 * b
    elif "b" in used:
        b = beta2 * b + (1 - beta2) * square
    if scale != "one":
        total = before[1] if "b" in old else total
        total = np.mean(total, axis=0) if one_sigma else total
        total = total if after_root else total / divisor
        total = total + eps if scale in eps_inside else total
        sigma = np.sqrt(total) if scale in root else total
        sigma = sigma / divisor if after_root else sigma
        sigma = np.maximum(sigma, eps) - eps if eps_least else sigma
    if scale in eps_with and scale not in eps_inside:
        sigma = sigma + eps
    m = grad if "g" in only else m
    sigma = 1.0 if "1" in only else sigma
    step = sign * (lr if rate else 1.0) * m / sigma
    results = theta + step, np.array([a, b])
    return (
        results if returned is None else returned(*results, step, before, m + 0 * a, sigma + 0 * b)
    )


def mistaken(**mistake):
    def one_update(theta, grad, state, t, lr, direction, scale, beta1, beta2, eps):
        given = theta, grad, state, t, lr, direction, scale, beta1, beta2, eps
        with np.errstate(all="ignore"):
            return put_together(*given, **mistake)

    return one_update


def exchanged(theta, grad, state, t, lr, direction, scale, beta1, beta2, eps):
    return put_together(theta, grad, state, t, lr, direction, scale, beta2, beta1, eps)


def other_names(names):
    def one_update(theta, grad, state, t, lr, direction, scale, beta1, beta2, eps):
        direction, scale = names.get(direction, direction), names.get(scale, scale)
        return put_together(theta, grad, state, t, lr, direction, scale, beta1, beta2, eps)

    return one_update


def memories_exchanged(theta, grad, state, t, lr, direction, scale, beta1, beta2, eps):
    given = theta, grad, np.array(state)[::-1], t, lr, direction, scale, beta1, beta2, eps
    theta, state = put_together(*given)
    return theta, state[::-1]


LINE, ZERO_START = "The-course-in-one-line", "05_adam#The-zero-start"
ADAM, SUM = "05_adam#Adam-in-three-lines", "05_adam#A-sum-or-an-average?"
SCALES = "root sum", "moving root mean"

for name, explanation, read, *mistakes in [
    (
        "uphill",
        "The step is added. The direction points uphill: subtract it.",
        LINE,
        mistaken(sign=1),
    ),
    (
        "the rate left out",
        "The step is m/σ. It is multiplied by the rate.",
        LINE,
        mistaken(rate=False),
    ),
    (
        "the step for the new θ",
        "This is the change of θ. The new θ is asked: the old one minus η m/σ.",
        LINE,
        *(
            mistaken(returned=lambda theta, state, step, *_, s=s: (s * step, state))
            for s in (1, -1)
        ),
    ),
    (
        "the correction counts from 0",
        "In m, in σ or in both, β has the power t. At t = 0 one gradient has been seen: it is "
        "t + 1, or the first update divides by zero.",
        ZERO_START,
        *(mistaken(later=later) for later in ((0, 0), (0, 1), (1, 0))),
    ),
    (
        "the correction counts one gradient too many",
        "In m, in σ or in both, β has the power t + 2. At t = 0 one gradient has been seen: it is "
        "t + 1.",
        ZERO_START,
        *(mistaken(later=later) for later in ((2, 2), (2, 1), (1, 2))),
    ),
    (
        "no correction for the zero start",
        "The moving averages start at 0 and are too small at first. They are divided by 1 − β to "
        "the power of t + 1.",
        ZERO_START,
        mistaken(corrected=""),
    ),
    (
        "m is not corrected for the zero start",
        "The moving average of the gradients starts at 0 as well, so m = a/(1 − β₁ to the power "
        "of t + 1).",
        ZERO_START,
        mistaken(corrected="b"),
    ),
    (
        "σ is not corrected for the zero start",
        "The moving average of the squares starts at 0 as well: b is divided by 1 − β₂ to the "
        "power of t + 1, under the root.",
        ZERO_START,
        mistaken(corrected="a"),
    ),
    (
        "a correction for Adam alone",
        "A moving average is corrected only where the other memory is one too. m and σ do not know "
        "of each other: each is corrected in every pair.",
        ZERO_START,
        *(mistaken(only_together=memories) for memories in ("ab", "a", "b")),
    ),
    (
        "1 − β without its power",
        "In m, in σ or in both, the divisor is 1 − β at every t. It is 1 − β to the power of "
        "t + 1, which grows to 1.",
        ZERO_START,
        *(mistaken(power=memories) for memories in ("", "a", "b")),
    ),
    (
        "σ is corrected outside the root",
        "b is divided by 1 − β₂ to the power of t + 1, and then the root is taken.",
        ZERO_START,
        mistaken(after_root=True),
    ),
    (
        "the corrections exchanged",
        "β₁ belongs to the correction of m, β₂ to that of σ.",
        ZERO_START,
        mistaken(other_beta="ab"),
    ),
    (
        "m is corrected with β₂",
        "The correction of m is 1 − β₁ to the power of t + 1.",
        ZERO_START,
        mistaken(other_beta="a"),
    ),
    (
        "σ is corrected with β₁",
        "The correction of b is 1 − β₂ to the power of t + 1.",
        ZERO_START,
        mistaken(other_beta="b"),
    ),
    (
        "the heavy ball is corrected",
        "A sum needs no correction for its zero start: with the heavy ball m = a.",
        SUM,
        mistaken(every_direction=True),
    ),
    (
        "the correction is kept in the memory",
        "A corrected average is stored, so the next update corrects it again. a and b stay as they "
        "are, and only what is used is corrected.",
        ADAM,
        *(mistaken(correction_kept=memories) for memories in ("ab", "a", "b")),
    ),
    (
        "an average for the heavy ball",
        "The new gradient of the heavy ball is weighted by 1 − β₁. It is added in full.",
        SUM,
        mistaken(ball_weight=None),
    ),
    (
        "a sum for the moving average",
        "The gradient, its square or both go into the moving average in full. They are weighted by "
        "1 − β.",
        SUM,
        *(mistaken(summed=memories) for memories in ("ab", "a", "b")),
    ),
    (
        "β and 1 − β exchanged",
        "In a, in b or in both the memory has the weight 1 − β and the new gradient β. The memory "
        "has β, which is near 1.",
        SUM,
        *(mistaken(mirrored=memories) for memories in ("ab", "a", "b")),
    ),
    (
        "the mean for the sum",
        "The sum of the squares is divided by their number. That is the lecture's Adagrad; the "
        "root sum is not divided.",
        "03_adagrad#Two-rules-with-one-name",
        mistaken(mean=True),
    ),
    (
        "no root",
        "σ is b itself, for one of the two scales or for both. It is the root of it.",
        LINE,
        mistaken(root=()),
        mistaken(root=("root sum",)),
        mistaken(root=("moving root mean",)),
    ),
    (
        "the gradient is not squared",
        "With one of the two scales or with both, b collects g or |g|. It collects g².",
        LINE,
        *(
            mistaken(squared=scales, absolute=absolute)
            for scales in ((), SCALES[:1], SCALES[1:])
            for absolute in (False, True)
        ),
    ),
    (
        "ε inside the root",
        "ε is added before the root is taken, which makes it much larger. It is added to the root.",
        LINE,
        *(mistaken(eps_inside=scales) for scales in (SCALES, SCALES[:1], SCALES[1:])),
    ),
    (
        "ε with the scale one",
        "σ is 1 + ε there. Nothing can be divided by zero with the scale one, and σ is 1.",
        LINE,
        mistaken(eps_with=("one", *SCALES)),
    ),
    (
        "no ε",
        "For one of the two scales or for both, ε is not added to the root.",
        LINE,
        *(mistaken(eps_with=scales) for scales in ((), SCALES[:1], SCALES[1:])),
    ),
    (
        "the larger of the root and ε",
        "ε is the least value of σ here. It is added to the root, whatever that is.",
        LINE,
        mistaken(eps_least=True),
    ),
    (
        "the root sum is corrected",
        "A sum needs no correction for its zero start: with the root sum σ = √b + ε.",
        "03_adagrad#Two-rules-with-one-name",
        mistaken(as_a_mean=True),
    ),
    (
        "the rate inside the memory",
        "The heavy ball's memory takes in η g. It takes in g, and the rate multiplies the step: of "
        "a schedule each step has its own rate.",
        SUM,
        mistaken(early_rate=True),
    ),
    (
        "Nesterov's direction",
        "With the heavy ball m is g + β₁ a here. It is a itself.",
        SUM,
        mistaken(nesterov=True),
    ),
    (
        "the memories of yesterday",
        "m, σ or both are made of the memory as it was before this gradient. It takes the gradient "
        "in first, then the step is made.",
        ADAM,
        *(mistaken(old=memories) for memories in ("ab", "a", "b")),
    ),
    (
        "σ made from m",
        "b collects the squares of m. The scale looks at g, whatever the direction is.",
        LINE,
        mistaken(of_direction=True),
    ),
    (
        "one σ for all parameters",
        "σ is made of the mean over all parameters. Each parameter has its own.",
        LINE,
        mistaken(one_sigma=True),
    ),
    (
        "the gradient for every direction",
        "The memory a is right, but the step is made with g. It is made with m.",
        LINE,
        mistaken(only="g"),
    ),
    (
        "the scale one for every scale",
        "The memory b is right, but the step is not divided by σ.",
        LINE,
        mistaken(only="1"),
    ),
    (
        "a memory lost",
        "A memory that the rule does not use is 0 afterwards. It stays as it is.",
        LINE,
        mistaken(forgotten=True),
    ),
    (
        "a memory changed that is not used",
        "A memory takes in the gradient although the rule does not use it. It stays as it is.",
        LINE,
        *(mistaken(used=memories) for memories in ("ab", "a", "b")),
    ),
    (
        "the old state is handed back",
        "The new θ is right, but the state is that of before. The next update needs the new one.",
        ADAM,
        mistaken(returned=lambda theta, state, step, before, *_: (theta, before)),
    ),
    (
        "m and σ in the state",
        "The state holds m, σ or both. It holds the memories a and b, from which the next update "
        "makes them anew.",
        ADAM,
        mistaken(returned=lambda theta, state, step, before, m, s: (theta, np.array([m, s]))),
        mistaken(
            returned=lambda theta, state, step, before, m, s: (theta, np.array([state[0], s]))
        ),
        mistaken(
            returned=lambda theta, state, step, before, m, s: (theta, np.array([m, state[1]]))
        ),
    ),
    (
        "a and b exchanged in the state",
        "state[0] is the memory a of the direction, state[1] the memory b of the scale, in what is "
        "given and in what is returned.",
        LINE,
        memories_exchanged,
        mistaken(returned=lambda theta, state, *_: (theta, state[::-1])),
    ),
    (
        "β₁ and β₂ exchanged",
        "β₁ belongs to the direction, β₂ to the scale.",
        "05_adam#Two-memories",
        exchanged,
    ),
    (
        "heavy ball and moving average exchanged",
        "The heavy ball adds the gradient in full, and the moving average weights it by 1 − β₁.",
        SUM,
        other_names({"heavy ball": "moving average", "moving average": "heavy ball"}),
    ),
    (
        "root sum and moving root mean exchanged",
        "The root sum adds every square in full, and the moving root mean weights it by 1 − β₂.",
        LINE,
        other_names({"root sum": "moving root mean", "moving root mean": "root sum"}),
    ),
]:
    for wrong in mistakes:
        update.misconception(name, explanation, read)(wrong)


PIXELS, DIGIT = data.digits()
NET = MLP((64,) + (32,) * 8 + (10,), activation="relu")
TRUE, MIXED = np.arange(10), np.array([5, 0, 8, 1, 9, 3, 7, 2, 4, 6])
FIRST, LAST = 3, 8  # the seeds of the two cases without a mini-batch


def training(names, updates=200, seed=43):
    """Mini-batches in which no picture is that the view of the results reads."""
    random = np.random.default_rng(seed)
    batches = random.choice(random.permutation(1797)[397:], (updates, 32))
    return {"batches": batches, "labels": names[DIGIT[batches]], "seed": seed}


digits = Task(
    "train_digits",
    cases={
        "no mini-batch": training(TRUE, 0) | {"seed": FIRST},
        "200 mini-batches": training(TRUE),
        "the same pictures with other labels": training(MIXED),
        "no mini-batch, after a training": training(TRUE, 0) | {"seed": LAST},
    },
    about={
        "no mini-batch": "without a mini-batch θ is not net.init(seed)",
        "200 mini-batches": "the trained network misreads clear pictures",
        "the same pictures with other labels": "the trained network misreads clear pictures",
        "no mini-batch, after a training": "without a mini-batch θ is not net.init(seed)",
    },
    view="digits_read",
    hints=[
        "A training is a loop over the mini-batches: gradient, rate, update. Where does it start, "
        "and what must be carried from one update to the next?",
        "The rate matters most. Adam's parts with η = 0.003 are enough; a warmup over a quarter of "
        "the updates up to 0.01, and then a decay, does better. Measure it with `share_right`.",
        "theta = `net.init(seed)`, the state zeros of shape (2, `net.n_parameters`). For each t: "
        "the gradient on `pixels[batches[t]]` and `labels[t]`, the rate, `one_update(…, *ADAM)`. "
        "After the loop return theta.",
    ],
    equivalent={
        "lr = warmup_then_decay(t, 0.01, warmup=total / 4, total=total)": "200 / 4 is whole",
        "lr = warmup_then_decay(t, 0.01, warmup=total // 5, total=total)": "trains as well",
        "lr = warmup_then_decay(t, 0.01, warmup=total // 3, total=total)": "trains as well",
    },
)


def trained(theta, batches, labels):
    """θ after Adam with a warmup and a decay. On the clear pictures no rounding shows."""
    a = b = np.zeros(len(theta))
    for t, (rows, names) in enumerate(zip(batches, labels, strict=True)):
        _, grad = NET.loss_and_gradient(theta, PIXELS[rows], names)
        lr = 0.01 * min(up(t, len(batches) // 4), float(down(t, len(batches) // 4, len(batches))))
        a, b = 0.9 * a + 0.1 * grad, 0.999 * b + 0.001 * grad**2
        m, mean_square = a / (1 - 0.9 ** (t + 1)), b / (1 - 0.999 ** (t + 1))
        theta = theta - lr * m / (np.sqrt(mean_square) + 1e-8)
    return theta


REAL = "Warmup-on-a-real-network"


@digits.misconception(
    "it reads as the untrained start does",
    "The network reads as that of `net.init(seed)`. Either the new θ is not kept from one update "
    "to the next, or the rate is so small that nothing is learned.",
    read=REAL,
)
def untrained(batches, labels, seed):
    return NET.init(seed)


@digits.misconception(
    "the training diverged",
    "Without a training θ is right, and after one the network gives the label 0 to every picture, "
    "as it does when θ is NaN. The rate is too large, or the first steps are.",
    read=REAL,
)
def diverged(batches, labels, seed):
    return NET.init(seed) * (np.nan if len(batches) else 1)


@digits.misconception(
    "θ is 0 or NaN in every case",
    "The network gives the label 0 to every picture, as it does when all of θ is 0 or NaN, even "
    "where no mini-batch is given. There the start is asked.",
    read=REAL,
)
def nothing(batches, labels, seed):
    return np.zeros(NET.n_parameters)


@digits.misconception(
    "the true digits instead of the labels",
    "The network reads the digits that the pictures show, whatever they are called. `labels` has "
    "the names to be learned, and they may be mixed up.",
    read=REAL,
)
def true_digits(batches, labels, seed):
    return trained(NET.init(seed), batches, DIGIT[batches])


another_start = digits.misconception(
    "another start than that of the seed",
    "Trained the network reads right, but untrained it does not read as `net.init(seed)` does: the "
    "start is that of another seed, or the same for every seed.",
    read=REAL,
)


@another_start
def one_start(batches, labels, seed):
    return trained(NET.init(0), batches, labels)


@another_start
def next_start(batches, labels, seed):
    return trained(NET.init(seed + 1), batches, labels)


@digits.misconception(
    "neither trained nor the start of the seed",
    "Every network reads as that of `net.init(0)`. The start is `net.init(seed)`, and it is to be "
    "trained.",
    read=REAL,
)
def neither(batches, labels, seed):
    return NET.init(0)


@digits.misconception(
    "θ is kept from one call to the next",
    "The second call without a mini-batch gives the network that was trained in the call before. "
    "Every call begins at `net.init(seed)`.",
    read=REAL,
)
def remembered(batches, labels, seed):
    if not len(batches) and seed != FIRST:
        return trained(NET.init(seed), *list(training(MIXED).values())[:2])
    return trained(NET.init(seed), batches, labels)


@digits.misconception(
    "a start of zeros",
    "All results are those of a θ that begins at 0. Then no layer has anything to learn from the "
    "one before it, and every picture gets the same label. The start is `net.init(seed)`.",
    read=REAL,
)
def from_zeros(batches, labels, seed):
    return trained(np.zeros(NET.n_parameters), batches, labels)


@digits.misconception(
    "the change of θ instead of θ",
    "These are the results of θ minus its start. The trained θ itself is asked.",
    read=REAL,
)
def change(batches, labels, seed):
    return trained(NET.init(seed), batches, labels) - NET.init(seed)


descent = digits.misconception(
    "gradient descent with Adam's rate",
    "These are the results of gradient descent with the rate 0.01 or 0.003. It suits Adam, whose "
    "step is η m/σ; without σ the step is much shorter. And with gradient descent no constant rate "
    "is enough.",
    read=REAL,
)


def descending(lr):
    def train_digits(batches, labels, seed):
        theta = NET.init(seed)
        for rows, names in zip(batches, labels, strict=True):
            theta = theta - lr * NET.loss_and_gradient(theta, PIXELS[rows], names)[1]
        return theta

    return train_digits


for lr in (0.01, 0.003):
    descent(descending(lr))
