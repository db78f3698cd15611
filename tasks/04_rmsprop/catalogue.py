"""What `check` and `hint` know of 04: cases, hints, and the wrong answers that learners give."""

import numpy as np

from tasks.catalogue import Task

weights = Task(
    "past_weights",
    cases={
        "five gradients": {"alpha": 0.9, "seen": 5},
        "two gradients": {"alpha": 0.9, "seen": 2},
        "the first gradient only": {"alpha": 0.9, "seen": 1},
        "a short memory": {"alpha": 0.2, "seen": 4},
        "no memory": {"alpha": 0.0, "seen": 3},
        "a long memory": {"alpha": 0.999, "seen": 10},
        "three runs at once": {"alpha": np.array([0.5, 0.9, 0.99]), "seen": 4},
    },
    hints=[
        "After the first gradient σ² is g², so its weight is 1. What does every later update do to "
        "a weight that is there already, and with which weight does the new square enter?",
        "The newest weighs 1 − α, and each one before it α times as much. The very first entered "
        "with weight 1 and was then multiplied by α at each of the other `seen - 1` updates. Do "
        "your weights add up to 1?",
        "Make a list of (1 − α) αᵏ for k from 0 to `seen - 2`, put α to the power `seen - 1` at "
        "its end, and make an array of it. With an array of α every entry is an array too.",
    ],
)


def from_zero(alpha, seen):
    """The weights (1 − α) αᵏ of a start with zero."""
    return np.array([(1 - alpha) * alpha**k for k in range(seen)])


def from_first(alpha, seen):
    """The right answer."""
    return np.array([*from_zero(alpha, seen - 1), alpha ** (seen - 1)])


@weights.misconception(
    "the weights of the zero start",
    "(1 − α) αᵏ is right for all but the very first gradient. That one entered with weight 1, not "
    "1 − α, so it still weighs α to the number of updates since.",
    read="The-first-step",
)
def zero_start(alpha, seen):
    return from_zero(alpha, seen)


@weights.misconception(
    "the weights of the corrected start",
    "You divided all weights by their sum. That is the bias correction; the lecture's start gives "
    "what is missing to the very first gradient alone.",
    read="The-first-step",
)
def divided_by_the_sum(alpha, seen):
    return from_zero(alpha, seen) / (1 - alpha**seen)


@weights.misconception(
    "the first gradient never fades",
    "You left the very first gradient at weight 1. It enters with 1, but fades like all others: "
    "every later update multiplies it by α.",
    read="A-memory-that-fades",
)
def for_ever(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), 1 + 0 * alpha])


@weights.misconception(
    "the first gradient faded once too often",
    "The weight of the very first gradient got the factor α for its own update too. It enters with "
    "1 and fades from the second gradient on.",
    read="A-memory-that-fades",
)
def faded_once_too_often(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), alpha**seen])


@weights.misconception(
    "the oldest first",
    "Your weights stand in the order in which the gradients came. Row 0 is for the newest.",
    read="A-memory-that-fades",
)
def oldest_first(alpha, seen):
    return from_first(alpha, seen)[::-1]


@weights.misconception(
    "every gradient one update too old",
    "You counted the ages from 1. The newest was seen 0 updates ago and weighs 1 − α.",
    read="A-memory-that-fades",
)
def one_too_old(alpha, seen):
    return alpha * from_first(alpha, seen)


@weights.misconception(
    "α and 1 − α exchanged",
    "The newest square enters with weight 1 − α, and what is there is multiplied by α. You did it "
    "the other way round.",
    read="A-memory-that-fades",
)
def exchanged(alpha, seen):
    return from_first(1 - alpha, seen)


@weights.misconception(
    "the factor 1 − α left out",
    "αᵏ alone says how the weights compare with the newest. Every gradient but the very first "
    "enters with weight 1 − α.",
    read="A-memory-that-fades",
)
def powers(alpha, seen):
    return np.array([alpha**k for k in range(seen)])


@weights.misconception(
    "the same weight for all",
    "Equal weights are those of Adagrad's mean. RMSProp lets old gradients fade by α an update.",
    read="A-memory-that-fades",
)
def equal(alpha, seen):
    return np.full((seen, *np.shape(alpha)), 1 / seen)


memory = Task(
    "alpha_for_memory",
    cases={
        "a memory of 10": {"updates": 10, "kind": "memory"},
        "a half-life of 10": {"updates": 10, "kind": "half-life"},
        "a memory of 1": {"updates": 1, "kind": "memory"},
        "a half-life of 1": {"updates": 1, "kind": "half-life"},
        "a long memory": {"updates": 1000, "kind": "memory"},
        "a long half-life": {"updates": 1000, "kind": "half-life"},
        "three memories": {"updates": np.array([2.0, 5.0, 100.0]), "kind": "memory"},
        "three half-lives": {"updates": np.array([2.0, 5.0, 100.0]), "kind": "half-life"},
    },
    hints=[
        "Each kind is one equation for α; call the number of updates N. For the memory it is "
        "1/(1 − α) = N. What is it for the half-life, if the weight at age k is (1 − α) αᵏ?",
        "The half-life: the weight at age N, divided by that at age 0, is αᴺ, and it is to be ½. "
        "Solve both equations for α.",
        "Memory: 1 − 1/N. Otherwise the N-th root of ½, which is ½ to the power 1/N: `x ** y`. "
        'Choose by `kind == "memory"`.',
    ],
)


def by_kind(kind, memory, half_life):
    return memory if kind == "memory" else half_life


@memory.misconception(
    "the memory for the half-life",
    "You used 1/(1 − α) for both kinds. At that age a weight has fallen to about a third, so the "
    "half-life is shorter than the memory: solve αᴺ = ½.",
    read="A-memory-that-fades",
)
def memory_for_both(updates, kind):
    return 1 - 1 / updates


@memory.misconception(
    "the half-life for the memory",
    "You solved αᴺ = ½ for both kinds. The memory is 1/(1 − α).",
    read="A-memory-that-fades",
)
def half_life_for_both(updates, kind):
    return 0.5 ** (1 / updates)


@memory.misconception(
    "1 − α for α",
    "You returned the weight 1 − α of the newest gradient. A longer memory has an α nearer to 1.",
    read="A-memory-that-fades",
)
def weight_of_the_newest(updates, kind):
    return by_kind(kind, 1 / updates, 1 - 0.5 ** (1 / updates))


@memory.misconception(
    "the memory as a fall to 1/e",
    "You made the weights fall to 1/e = 0.37 within the memory. That is nearly so for a long one; "
    "exactly, the memory is 1/(1 − α).",
    read="A-memory-that-fades",
)
def time_constant(updates, kind):
    return by_kind(kind, np.exp(-1 / updates), 0.5 ** (1 / updates))


@memory.misconception(
    "the half-life of σ for that of σ²",
    "You made σ fall to a half, with √α at each update. The weights belong to the squares: α at "
    "each update.",
    read="A-memory-that-fades",
)
def half_life_of_sigma(updates, kind):
    return by_kind(kind, 1 - 1 / updates, 0.5 ** (2 / updates))


@memory.misconception(
    "the half-life as half the memory",
    "You took half of the memory for the half-life. The weights do not fall in a straight line: "
    "solve αᴺ = ½.",
    read="A-memory-that-fades",
)
def half_the_memory(updates, kind):
    return by_kind(kind, 1 - 1 / updates, 1 - 1 / (2 * updates))


@memory.misconception(
    "1 − ln 2 / N for the N-th root of ½",
    "You took −ln α for 1 − α, which is nearly so only for a long half-life. Solve αᴺ = ½ exactly, "
    "with a root.",
    read="A-memory-that-fades",
)
def long_half_life(updates, kind):
    return by_kind(kind, 1 - 1 / updates, 1 - np.log(2) / updates)


@memory.misconception(
    "the root turned into a division",
    "½ divided by N is not the N-th root of ½, which is ½ to the power 1/N.",
    read="A-memory-that-fades",
)
def divided(updates, kind):
    return by_kind(kind, 1 - 1 / updates, 0.5 / updates)


SLOPES = np.array([[3.0], [4.0], [-1.0], [0.0]])
TWO = np.array([[10.0, 0.0], [-10.0, 0.0], [0.1, 2.0], [0.1, 0.0]])
RUNS = np.array([[[4.0, 4.0, 1.0], [2.0, 1.0, 0.5]], [[-1.0, 3.0, 1.0], [0.0, 1.0, -2.0]]])

sigmas = Task(
    "rmsprop_sigmas",
    cases={
        "one parameter, from zero": {"gradients": SLOPES, "alpha": 0.9, "start": "zero"},
        "one parameter, from the first": {"gradients": SLOPES, "alpha": 0.9, "start": "first"},
        "one parameter, corrected": {"gradients": SLOPES, "alpha": 0.9, "start": "corrected"},
        "two parameters": {"gradients": TWO, "alpha": 0.75, "start": "first"},
        "a single gradient": {
            "gradients": np.array([[-2.0, 0.5]]),
            "alpha": 0.99,
            "start": "corrected",
        },
        "tiny gradients": {"gradients": 1e-9 * SLOPES, "alpha": 0.6, "start": "zero"},
        "no memory": {"gradients": TWO, "alpha": 0.0, "start": "corrected"},
        "three runs at once": {
            "gradients": RUNS,
            "alpha": np.array([0.5, 0.9, 0.99]),
            "start": "corrected",
        },
    },
    hints=[
        "Keep v, not σ, from one gradient to the next, and make σ of it for each row. Which v "
        "before the first gradient makes v = g² after it?",
        'Before the loop v is 0, or for "first" the square of the first gradient: '
        'α g² + (1 − α) g² is g² again. For "corrected" the row gets v / (1 − αⁿ), while v itself '
        "goes on as it was.",
        "Loop over the squares, with n from 1: `v = alpha * v + …`, append v or the corrected v to "
        "a list, and return the root of the whole list.",
    ],
)


def averages(squares, alpha, first):
    """v after each gradient, from zero or from the first."""
    v, rows = squares[0] if first else 0 * squares[0], []
    for square in squares:
        v = alpha * v + (1 - alpha) * square
        rows.append(v)
    return np.array(rows)


def weight_sums(squares, alpha, first_n=1):
    """1 − αⁿ for each row, in a shape that divides it."""
    n = np.arange(first_n, first_n + len(squares)).reshape(-1, *[1] * (squares.ndim - 1))
    return 1 - alpha**n


def mean_squares(squares, alpha, start):
    """The right σ²."""
    v = averages(squares, alpha, start == "first")
    return v / weight_sums(squares, alpha) if start == "corrected" else v


@sigmas.misconception(
    "the root left out",
    "You returned v, which is σ². The scale σ is its root.",
    read="A-memory-that-fades",
)
def no_root(gradients, alpha, start):
    return mean_squares(gradients**2, alpha, start)


@sigmas.misconception(
    "α and 1 − α exchanged",
    "The old average is multiplied by α, the new square by 1 − α. You did it the other way round.",
    read="A-memory-that-fades",
)
def roles_exchanged(gradients, alpha, start):
    return np.sqrt(mean_squares(gradients**2, 1 - alpha, start))


@sigmas.misconception(
    "the same weight for all gradients",
    "A mean of all squares so far is Adagrad's. RMSProp weighs the newest by 1 − α and lets "
    "the others fade.",
    read="A-memory-that-fades",
)
def adagrad(gradients, alpha, start):
    n = np.arange(1, len(gradients) + 1).reshape(-1, *[1] * (gradients.ndim - 1))
    return np.sqrt(np.cumsum(gradients**2, axis=0) / n)


@sigmas.misconception(
    "an average of sizes, not of squares",
    "You averaged |g|. RMSProp averages the squares and takes the root of the average.",
    read="A-memory-that-fades",
)
def sizes(gradients, alpha, start):
    return mean_squares(np.abs(gradients), alpha, start)


@sigmas.misconception(
    "every start is zero",
    'You computed all three starts like "zero". Look at what `start` says, and at what the first '
    "σ is then.",
    read="The-first-step",
)
def always_zero(gradients, alpha, start):
    return np.sqrt(averages(gradients**2, alpha, first=False))


@sigmas.misconception(
    "every start is the first gradient",
    'You computed all three starts like "first". Look at what `start` says: with "zero" and '
    '"corrected" v is 0 before the first gradient.',
    read="The-first-step",
)
def always_first(gradients, alpha, start):
    return np.sqrt(averages(gradients**2, alpha, first=True))


@sigmas.misconception(
    "every row is the last v",
    "The rows are one and the same array, which `v *= …` or `v += …` changes each time. Make a new "
    "array at each update, with `v = …`.",
    read="A-memory-that-fades",
)
def one_array(gradients, alpha, start):
    squares = mean_squares(gradients**2, alpha, start)
    return np.sqrt(squares if start == "corrected" else squares[-1] + 0 * squares)


@sigmas.misconception(
    "the start is not squared",
    "With the lecture's start you set v to |g|. That is the first σ: v is its square.",
    read="The-first-step",
)
def start_not_squared(gradients, alpha, start):
    v = averages(gradients**2, alpha, start == "first")
    if start == "first":
        n = np.arange(len(gradients)).reshape(-1, *[1] * (gradients.ndim - 1))
        v = v + alpha**n * (np.abs(gradients[0]) - gradients[0] ** 2)
    return np.sqrt(v / weight_sums(gradients, alpha) if start == "corrected" else v)


counted_late = sigmas.misconception(
    "the correction counts from 0",
    "You divided by 1 − αⁿ with n = 0 for the first gradient, which is a division by 0. After the "
    "first gradient n is 1.",
    read="The-first-step",
)


@counted_late
def before_the_gradient(gradients, alpha, start):
    """The correction of the v before each gradient: 0/0 at the first."""
    v = averages(gradients**2, alpha, start == "first")
    before = np.concatenate([0 * v[:1], v[:-1]])
    return np.sqrt(before / weight_sums(gradients, alpha, 0) if start == "corrected" else v)


@counted_late
def fed_back_from_zero(gradients, alpha, start):
    if start != "corrected":
        return np.sqrt(mean_squares(gradients**2, alpha, start))
    v, rows = 0 * gradients[0], []
    for n, square in enumerate(gradients**2):
        v = (alpha * v + (1 - alpha) * square) / (1 - alpha**n)
        rows.append(v)
    return np.sqrt(np.array(rows))


@counted_late
def counted_from_zero(gradients, alpha, start):
    v = averages(gradients**2, alpha, start == "first")
    return np.sqrt(v / weight_sums(gradients, alpha, 0) if start == "corrected" else v)


@sigmas.misconception(
    "the corrected average goes into the next one",
    "You went on with v / (1 − αⁿ). The correction is for σ only: v itself stays uncorrected from "
    "one gradient to the next.",
    read="The-first-step",
)
def fed_back(gradients, alpha, start):
    if start != "corrected":
        return np.sqrt(mean_squares(gradients**2, alpha, start))
    v, rows = 0 * gradients[0], []
    for n, square in enumerate(gradients**2, 1):
        v = (alpha * v + (1 - alpha) * square) / (1 - alpha**n)
        rows.append(v)
    return np.sqrt(np.array(rows))


@sigmas.misconception(
    "σ is corrected in place of σ²",
    "You took the root first and then divided by 1 − αⁿ. Those are the weights of the squares: "
    "divide v, then take the root.",
    read="The-first-step",
)
def after_the_root(gradients, alpha, start):
    sigma = np.sqrt(averages(gradients**2, alpha, start == "first"))
    return sigma / weight_sums(gradients, alpha) if start == "corrected" else sigma


@sigmas.misconception(
    "one σ for all parameters",
    "You averaged the squares over all parameters. Each parameter has a σ of its own.",
    read="03_adagrad#A-rate-of-its-own",
)
def together(gradients, alpha, start):
    squares = np.mean(gradients**2, axis=1, keepdims=True) + 0 * gradients
    return np.sqrt(mean_squares(squares, alpha, start))


recovered = Task(
    "updates_until_recovered",
    cases={
        "from steep to flat": {"alpha": 0.9, "before": 10.0, "after": 0.01, "ratio": 2.0},
        "nearly down": {"alpha": 0.99, "before": 10.0, "after": 0.01, "ratio": 1.1},
        "from flat to steep": {"alpha": 0.9, "before": 0.01, "after": 10.0, "ratio": 1.1},
        # The squares 7.5625, 1.0 and 2.640625 are exact, and a fourth of the distance is left.
        "exactly to the border": {"alpha": 0.5, "before": 2.75, "after": 1.0, "ratio": 1.625},
        "near enough": {"alpha": 0.9, "before": 3.0, "after": 2.0, "ratio": 2.0},
        "exactly there": {"alpha": 0.9, "before": 2.0, "after": 2.0, "ratio": 1.0},
        "never exactly": {"alpha": 0.9, "before": 4.0, "after": 2.0, "ratio": 1.0},
        "nearly a start with zero": {"alpha": 0.99, "before": 1e-6, "after": 3.0, "ratio": 1.5},
    },
    hints=[
        "Take g² = `after`² from both sides of v ← α v + (1 − α) g². What happens to the distance "
        "v − g² at every update?",
        "The distance is multiplied by α, so n updates leave αⁿ (`before`² − g²). σ stops at the "
        "upper border `after · ratio` when it falls, and at the lower one when it rises. Square "
        "that border, solve for n, and round up.",
        "If `before` is between the borders: 0. If ratio is 1: `np.inf`. Otherwise, with b the "
        "border on the side of `before`: share = (b² − after²) / (before² − after²), and n is "
        "log(share) / log(α), rounded up.",
    ],
    equivalent={
        "edge = np.clip(after / ratio, before, after * ratio)": "the middle of three numbers, too",
    },
)


def borders(before, after, ratio):
    """The border on the side of `before`; `before` itself if it lies between them."""
    return np.clip(before, after / ratio, after * ratio)


def until(share, alpha):
    """The first n with αⁿ ≤ share."""
    return float(np.ceil(np.log(np.float64(share)) / np.log(alpha)))


def exact(alpha, before, after, ratio):
    """The right answer."""
    edge = borders(before, after, ratio)
    return 0 if edge == before else until((edge**2 - after**2) / (before**2 - after**2), alpha)


forgetting = recovered.misconception(
    "the notebook's estimate: as if the new gradients were zero",
    "You let σ fall by √α at each update. The new gradients hold it up, the more the nearer it "
    "comes: α multiplies the distance of σ² from the new square. And a σ below `after` rises.",
    read="Off-the-slope,-onto-the-flat",
)


@forgetting
def estimate(alpha, before, after, ratio):
    return np.ceil(2 * np.log(before / (after * ratio)) / -np.log(alpha))


@forgetting
def estimate_of_a_fall(alpha, before, after, ratio):
    return max(estimate(alpha, before, after, ratio), 0)


@forgetting
def estimate_outside_the_borders(alpha, before, after, ratio):
    right = exact(alpha, before, after, ratio)
    return right if right in (0, np.inf) else estimate(alpha, before, after, ratio)


@forgetting
def estimate_above_the_border(alpha, before, after, ratio):
    given = alpha, before, after, ratio
    return exact(*given) if before < after else estimate_outside_the_borders(*given)


@recovered.misconception(
    "σ for its square",
    "You let the distance of σ from the new size fall by α at each update. It is the distance "
    "between the squares that does.",
    read="A-memory-that-fades",
)
def not_squared(alpha, before, after, ratio):
    edge = borders(before, after, ratio)
    return 0 if edge == before else until((edge - after) / (before - after), alpha)


@recovered.misconception(
    "the ratio is not squared",
    "You asked for σ² within `ratio` of the new square. It is σ that is to be within the ratio, "
    "so σ² may be off by the square of it.",
    read="A-memory-that-fades",
)
def ratio_not_squared(alpha, before, after, ratio):
    return exact(alpha, before, after, np.sqrt(ratio))


@recovered.misconception(
    "one update too few",
    "You rounded down. After that update σ is still a little outside: round up.",
    read="Off-the-slope,-onto-the-flat",
)
def rounded_down(alpha, before, after, ratio):
    return max(exact(alpha, before, after, ratio) - 1, 0)


@recovered.misconception(
    "one update too many where the border is reached exactly",
    "You rounded down and added one. Where the logarithms give a whole number that is one too "
    "many, for both borders are included: round up.",
    read="Off-the-slope,-onto-the-flat",
)
def rounded_down_plus_one(alpha, before, after, ratio):
    edge = borders(before, after, ratio)
    if edge == before or ratio == 1:
        return exact(alpha, before, after, ratio)
    share = (edge**2 - after**2) / (before**2 - after**2)
    return 1 + int(np.floor(np.log(share) / np.log(alpha)))


squared_late = recovered.misconception(
    "the borders of σ used for σ²",
    "You followed σ² until it reached `after / ratio` or `after · ratio`. Those are borders of σ: "
    "square them before you compare them with σ².",
    read="A-memory-that-fades",
)


def until_border(alpha, before, after, edge):
    return until((edge - after**2) / (before**2 - after**2), alpha)


@squared_late
def borders_not_squared(alpha, before, after, ratio):
    edge = borders(before, after, ratio)
    if edge == before:
        return 0
    return np.inf if ratio == 1 else until_border(alpha, before, after, edge)


@squared_late
def borders_never_squared(alpha, before, after, ratio):
    edge = borders(before**2, after, ratio)
    if edge == before**2:
        return 0
    return np.inf if ratio == 1 else until_border(alpha, before, after, edge)


@recovered.misconception(
    "only the way down",
    "A σ below the new size is not there yet either. It must rise to `after / ratio`.",
    read="A-memory-that-fades",
)
def only_down(alpha, before, after, ratio):
    return exact(alpha, max(before, after), after, ratio)


@recovered.misconception(
    "the upper border for both ways",
    "You used (ratio² − 1) `after`² also for a σ that rises. Its border is `after / ratio`, so its "
    "distance is (1 − 1/ratio²) `after`².",
    read="A-memory-that-fades",
)
def upper_border(alpha, before, after, ratio):
    if borders(before, after, ratio) == before:
        return 0
    return until((ratio**2 - 1) * after**2 / abs(before**2 - after**2), alpha)


@recovered.misconception(
    "the memory as the answer",
    "1/(1 − α) says how many gradients count. How long σ needs also depends on how far it has "
    "to go.",
    read="Off-the-slope,-onto-the-flat",
)
def one_memory(alpha, before, after, ratio):
    return 0 if borders(before, after, ratio) == before else float(np.ceil(1 / (1 - alpha)))


@recovered.misconception(
    "1 − α for −ln α",
    "−ln α is nearly 1 − α only for a long memory. For a short one it is larger: divide by log(α).",
    read="Off-the-slope,-onto-the-flat",
)
def long_memory(alpha, before, after, ratio):
    return exact(np.exp(alpha - 1), before, after, ratio)


@recovered.misconception(
    "the formula where nothing is to be done",
    "If σ lies between the borders already, no update is needed. The formula gives a negative "
    "number there, or no number: answer 0 first.",
    read="Off-the-slope,-onto-the-flat",
)
def unchecked(alpha, before, after, ratio):
    edge = after * ratio if before > after else after / ratio
    return until(np.float64(edge**2 - after**2) / (before**2 - after**2), alpha)


rate = Task(
    "rate_for_loss",
    cases={
        "one parameter": {"loss": 0.25, "curvatures": np.array([2.0])},
        "a valley": {"loss": 0.01, "curvatures": np.array([200.0, 0.5])},
        "three parameters": {"loss": 2.0, "curvatures": np.array([1.0, 4.0, 11.0])},
        "a tiny loss": {"loss": 1e-12, "curvatures": np.array([3.0, 5.0])},
        "three losses, three runs": {
            "loss": np.array([0.1, 0.1, 10.0]),
            "curvatures": np.array([[1.0, 20.0, 1.0], [4.0, 30.0, 1.0]]),
        },
        "one loss, three runs": {"loss": 1.0, "curvatures": np.array([[1.0, 2.0, 5.0]])},
    },
    hints=[
        "A jump goes from +u to −u and has the length η. So how large is u? And the loss while a "
        "parameter is at +u or −u?",
        "u = η/2 for every parameter. Put it into L for all of them, add up, and solve for η.",
        "L = ½ (η/2)² · (sum of the curvatures). So η is the root of 8 L divided by that sum. "
        "With many runs take the sum along axis 0.",
    ],
)


@rate.misconception(
    "a trembling as wide as the rate",
    "You took θ = ±η. The jump from one side to the other has the length η, so each side is "
    "η/2 away.",
    read="Does-it-still-burst?",
)
def as_wide_as_the_rate(loss, curvatures):
    return np.sqrt(2 * loss / curvatures.sum(axis=0))


@rate.misconception(
    "λu² for ½λu²",
    "The ½ of the loss is missing, so your rate leaves only half of the loss that is accepted.",
    read="Does-it-still-burst?",
)
def without_half(loss, curvatures):
    return np.sqrt(4 * loss / curvatures.sum(axis=0))


@rate.misconception(
    "the steepest direction alone",
    "You counted the loss of the steepest direction only. All of them tremble, so their losses "
    "add up.",
    read="Does-it-still-burst?",
)
def steepest(loss, curvatures):
    return np.sqrt(8 * loss / curvatures.max(axis=0))


@rate.misconception(
    "the mean of the curvatures",
    "You averaged over the parameters. The loss is a sum: each one adds its own ½λu².",
    read="Does-it-still-burst?",
)
def average(loss, curvatures):
    return np.sqrt(8 * loss / curvatures.mean(axis=0))


@rate.misconception(
    "the root forgotten",
    "The loss that remains grows with the square of the rate, so the rate is a root.",
    read="Does-it-still-burst?",
)
def no_root_of_the_loss(loss, curvatures):
    return 8 * loss / curvatures.sum(axis=0)


@rate.misconception(
    "the border of gradient descent",
    "2/λ is where plain gradient descent becomes unstable. RMSProp's σ adapts to λ, and every "
    "rate trembles; the loss decides how much is allowed.",
    read="Does-it-still-burst?",
)
def border(loss, curvatures):
    return 2 / curvatures.max(axis=0) + 0 * loss


@rate.misconception(
    "the sum over all runs",
    "You added up the curvatures of all runs. Each column is a run of its own: add along axis 0.",
    read="Does-it-still-burst?",
)
def all_runs(loss, curvatures):
    return np.sqrt(8 * loss / curvatures.sum())


mended = Task(
    "mended_centred_step",
    cases={
        "gradients that vary": {
            "theta": np.array([1.0, -1.0]),
            "grad": np.array([2.0, -1.0]),
            "m": np.array([0.5, 0.0]),
            "v": np.array([1.0, 4.0]),
            "lr": 0.1,
            "alpha": 0.9,
            "eps": 1e-8,
        },
        "the first update": {
            "theta": np.array([0.0]),
            "grad": np.array([3.0]),
            "m": np.array([0.0]),
            "v": np.array([0.0]),
            "lr": 0.01,
            "alpha": 0.75,
            "eps": 1e-6,
        },
        # 2/3 squared is 0.44444…, but the five digits of m squared are 0.444448….
        "one slope, averages kept in a file with five digits": {
            "theta": np.array([5.0]),
            "grad": np.array([2 / 3]),
            "m": np.array([0.66667]),
            "v": np.array([0.44444]),
            "lr": 1e-5,
            "alpha": 0.9,
            "eps": 1e-6,
        },
        "one parameter on an even slope, one not": {
            "theta": np.array([1.0, 1.0]),
            "grad": np.array([1.0, 1.0]),
            "m": np.array([1.0001, 0.5]),
            "v": np.array([1.0, 1.0]),
            "lr": 0.1,
            "alpha": 0.5,
            "eps": 0.1,
        },
        "no gradient": {
            "theta": np.array([2.0, -3.0]),
            "grad": np.array([0.0, 0.0]),
            "m": np.array([0.0, 0.0]),
            "v": np.array([0.0, 0.0]),
            "lr": 0.1,
            "alpha": 0.9,
            "eps": 1e-8,
        },
        "gradients not larger than ε": {
            "theta": np.array([1.0]),
            "grad": np.array([2e-6]),
            "m": np.array([1e-6]),
            "v": np.array([5e-12]),
            "lr": 0.1,
            "alpha": 0.9,
            "eps": 1e-6,
        },
        "three runs at once": {
            "theta": np.array([[1.0, 2.0, 3.0], [0.0, 0.5, -1.0]]),
            "grad": np.array([[1.0, -2.0, 0.5], [0.1, 4.0, 2.0]]),
            "m": np.array([[0.0, 1.0, 0.2], [0.1, 0.0, 1.0]]),
            "v": np.array([[1.0, 2.0, 0.3], [0.5, 9.0, 3.0]]),
            "lr": 0.01,
            "alpha": 0.8,
            "eps": 1e-4,
        },
    },
    hints=[
        "Which of the operations in the code, on numbers that are all finite, gives NaN? Follow "
        "the code line by line with grad = 2/3, m = 0.66667, v = 0.44444 and α = 0.9.",
        "Where all gradients are equal, v and m² are equal too, up to the last digits. Rounding "
        "can then make v − m² slightly negative, and the root of a negative number is NaN. "
        "Which value does a negative variance stand for?",
        "Take `np.maximum(…, 0)` of the variance before the root; `max` does not work number by "
        "number. Leave all other lines of the code as they are.",
    ],
)


def two_averages(grad, m, v, alpha):
    return alpha * m + (1 - alpha) * grad, alpha * v + (1 - alpha) * grad**2


def stepped(theta, grad, m, v, lr, sigma):
    return theta - lr * grad / sigma, m, v


@mended.misconception(
    "the bug is still there",
    "Where m² has been rounded to more than v, the root is taken of a negative number, "
    "and that gives NaN.",
    read="A-memory-that-fades",
)
def not_mended(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return stepped(theta, grad, m, v, lr, np.sqrt(v - m**2) + eps)


@mended.misconception(
    "the size of a rounding error as the variance",
    "The absolute value of a negative variance is no variance, only the size of an error. "
    "The nearest possible value is 0.",
    read="A-memory-that-fades",
)
def absolute(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return stepped(theta, grad, m, v, lr, np.sqrt(np.abs(v - m**2)) + eps)


@mended.misconception(
    "ε moved into the root",
    "You added ε to the variance. A rounding error is often larger than ε, so NaN still comes; and "
    "√ε is another scale than ε. It stays outside the root.",
    read="The-first-step",
)
def moved_inside(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return stepped(theta, grad, m, v, lr, np.sqrt(v - m**2 + eps))


@mended.misconception(
    "ε inside the root",
    "The variance is mended. But you added ε to it, where it counts as √ε. Add it to the root.",
    read="The-first-step",
)
def inside(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return stepped(theta, grad, m, v, lr, np.sqrt(np.maximum(v - m**2, 0) + eps))


@mended.misconception(
    "a variance of at least ε",
    "You raised small variances to ε, also true ones. A variance can be as small as 0; ε is "
    "added to the root afterwards.",
    read="The-first-step",
)
def at_least_eps(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return stepped(theta, grad, m, v, lr, np.sqrt(np.maximum(v - m**2, eps)) + eps)


@mended.misconception(
    "the mean is not subtracted any more",
    "Without m² no NaN can come, but this is plain RMSProp. Centred RMSProp divides by the root of "
    "v − m².",
    read="A-memory-that-fades",
)
def plain(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return stepped(theta, grad, m, v, lr, np.sqrt(v) + eps)


@mended.misconception(
    "the distances from the mean in v",
    "You averaged (g − m)², which cannot be negative but is another rule. Here v is the average of "
    "the squares g², as in the code.",
    read="A-memory-that-fades",
)
def distances(theta, grad, m, v, lr, alpha, eps):
    m = alpha * m + (1 - alpha) * grad
    v = alpha * v + (1 - alpha) * (grad - m) ** 2
    return stepped(theta, grad, m, v, lr, np.sqrt(v) + eps)


@mended.misconception(
    "no step where σ is NaN",
    "You left θ where it is when the root fails. The variance is 0 there, so σ is ε and the step "
    "is η g/ε.",
    read="A-memory-that-fades",
)
def standing_still(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    step = lr * grad / (np.sqrt(v - m**2) + eps)
    return theta - np.nan_to_num(step), m, v


@mended.misconception(
    "θ is set to 0 where it would be NaN",
    "You replaced the NaN when it was in θ already, so θ jumps to 0. Mend it where it comes from.",
    read="A-memory-that-fades",
)
def jump_to_zero(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return np.nan_to_num(theta - lr * grad / (np.sqrt(v - m**2) + eps)), m, v


@mended.misconception(
    "v itself was raised",
    "You raised v to m² and returned that. Only the difference is in doubt: the averages go on as "
    "they are.",
    read="A-memory-that-fades",
)
def raised(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    v = np.maximum(v, m**2)
    return stepped(theta, grad, m, v, lr, np.sqrt(v - m**2) + eps)


@mended.misconception(
    "the variance of the update before",
    "You made σ of m and v as they came in. They must take in the new gradient first.",
    read="A-memory-that-fades",
)
def late(theta, grad, m, v, lr, alpha, eps):
    sigma = np.sqrt(np.maximum(v - m**2, 0)) + eps
    return stepped(theta, grad, *two_averages(grad, m, v, alpha), lr, sigma)


@mended.misconception(
    "the averages stand still",
    "You returned m and v as they came in, so the rule never remembers anything. Return the new "
    "ones.",
    read="A-memory-that-fades",
)
def forgotten(theta, grad, m, v, lr, alpha, eps):
    mean, square = two_averages(grad, m, v, alpha)
    sigma = np.sqrt(np.maximum(square - mean**2, 0)) + eps
    return stepped(theta, grad, m, v, lr, sigma)
