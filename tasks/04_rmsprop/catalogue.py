"""What `check` and `hint` know of 04: cases, hints, and the wrong answers that learners give."""

from itertools import permutations, product

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
    about={
        "the first gradient only": "wrong where only one gradient was seen",
        "no memory": "wrong for α = 0",
        "three runs at once": "wrong for several α at once",
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
    "All weights are divided by their sum. That is the bias correction; the lecture's start gives "
    "what is missing to the very first gradient alone.",
    read="The-first-step",
)
def divided_by_the_sum(alpha, seen):
    return from_zero(alpha, seen) / (1 - alpha**seen)


@weights.misconception(
    "what is missing is shared by all",
    "The weights of the zero start miss αⁿ to a sum of 1, after n gradients. The very first "
    "gradient alone gets it.",
    read="The-first-step",
)
def shared(alpha, seen):
    return from_zero(alpha, seen) + alpha**seen / seen


@weights.misconception(
    "what is missing goes to the newest gradient",
    "The weights of the zero start miss αⁿ to a sum of 1, after n gradients. The very first "
    "gradient gets it, which is the last row.",
    read="The-first-step",
)
def given_to_the_newest(alpha, seen):
    row = from_zero(alpha, seen)
    row[0] = row[0] + alpha**seen
    return row


in_row_0 = weights.misconception(
    "the weight of the first gradient in row 0",
    "Row 0 is for the newest gradient. The very first one has the last row.",
    read="A-memory-that-fades",
)


@in_row_0
def rolled(alpha, seen):
    return np.array([alpha ** (seen - 1), *from_zero(alpha, seen - 1)])


@in_row_0
def in_the_place_of_the_newest(alpha, seen):
    return np.array([alpha ** (seen - 1), *from_zero(alpha, seen)[1:]])


newest_is_one = weights.misconception(
    "the newest weighs 1",
    "Only the very first gradient enters with weight 1, for there is nothing before it. Every "
    "later one enters with 1 − α.",
    read="The-first-step",
)


@newest_is_one
def one_then_zero_start(alpha, seen):
    return np.array([1 + 0 * alpha, *from_zero(alpha, seen)[1:]])


@newest_is_one
def one_then_first_start(alpha, seen):
    return np.array([1 + 0 * alpha, *from_first(alpha, seen)[1:]])


never_fades = weights.misconception(
    "the first gradient never fades",
    "The weight of the very first gradient is the same for every number of gradients. It enters "
    "with 1, but fades like all others: every later update multiplies it by α.",
    read="A-memory-that-fades",
)


@never_fades
def for_ever(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), 1 + 0 * alpha])


@never_fades
def for_ever_as_it_would_enter_later(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), 1 - alpha])


@weights.misconception(
    "the first gradient faded once too often",
    "The weight of the very first gradient has the factor α for its own update too. It enters with "
    "1 and fades from the second gradient on.",
    read="A-memory-that-fades",
)
def faded_once_too_often(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), alpha**seen])


@weights.misconception(
    "the weight of the first gradient counted twice",
    "The very first gradient weighs α to the number of updates since. That stands in the place of "
    "(1 − α) αᵏ and is not added to it.",
    read="The-first-step",
)
def counted_twice(alpha, seen):
    row = from_zero(alpha, seen)
    row[-1] = row[-1] + alpha ** (seen - 1)
    return row


@weights.misconception(
    "no weight for the first gradient",
    "The very first gradient still counts. It entered with weight 1 and was multiplied by α at "
    "every update since.",
    read="The-first-step",
)
def nothing_for_the_first(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), 0 * alpha])


@weights.misconception(
    "a row is missing: the one of the first gradient",
    "There is one row for each gradient seen, `seen` in all. The last one is for the very first.",
    read="The-first-step",
)
def first_left_out(alpha, seen):
    return from_zero(alpha, seen - 1)


too_many = weights.misconception(
    "one row too many",
    "There is one row for each gradient seen, `seen` in all. The newest has the age 0, so the very "
    "first one has the age `seen - 1`.",
    read="A-memory-that-fades",
)


@too_many
def one_more(alpha, seen):
    return from_first(alpha, seen + 1)


@too_many
def one_more_from_zero(alpha, seen):
    return from_zero(alpha, seen + 1)


missing_in_the_last = weights.misconception(
    "1 − αᵏ for αᵏ in the last row",
    "αᵏ is what is left of a weight after k updates, and 1 − αᵏ is what it has lost.",
    read="A-memory-that-fades",
)


@missing_in_the_last
def lost(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), 1 - alpha ** (seen - 1)])


@missing_in_the_last
def lost_once_more(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), 1 - alpha**seen])


@weights.misconception(
    "the first gradient faded once too seldom",
    "The very first gradient entered with 1 and was multiplied by α at each of the other "
    "`seen - 1` updates.",
    read="A-memory-that-fades",
)
def faded_once_too_seldom(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), alpha ** max(seen - 2, 0)])


faded_only_once = weights.misconception(
    "faded only once",
    "Every update multiplies all weights that are there by α, so each fades once an update.",
    read="A-memory-that-fades",
)


@faded_only_once
def first_faded_once(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), alpha ** min(seen - 1, 1)])


@faded_only_once
def first_faded_from_the_start(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), alpha])


@faded_only_once
def all_faded_once(alpha, seen):
    row = [1 + 0 * alpha]
    for _ in range(seen - 1):
        row = [1 - alpha, alpha * row[0], *row[1:]]
    return np.array(row)


@weights.misconception(
    "the oldest first",
    "The rows stand in the order in which the gradients came. Row 0 is for the newest.",
    read="A-memory-that-fades",
)
def oldest_first(alpha, seen):
    return from_first(alpha, seen)[::-1]


@weights.misconception(
    "the oldest first, and the weights of the zero start",
    "Row 0 is for the newest gradient. And the very first one entered with weight 1, not 1 − α.",
    read="The-first-step",
)
def oldest_first_from_zero(alpha, seen):
    return from_zero(alpha, seen)[::-1]


too_old = weights.misconception(
    "every gradient one update too old",
    "The ages are counted from 1. The newest was seen 0 updates ago and weighs 1 − α.",
    read="A-memory-that-fades",
)


@too_old
def one_too_old(alpha, seen):
    return alpha * from_first(alpha, seen)


@too_old
def all_but_the_first_too_old(alpha, seen):
    return np.array([*alpha * from_zero(alpha, seen - 1), alpha ** (seen - 1)])


@too_old
def one_too_old_from_zero(alpha, seen):
    return alpha * from_zero(alpha, seen)


other_way_round = weights.misconception(
    "α and 1 − α exchanged",
    "The newest square enters with weight 1 − α, and what is there is multiplied by α. Here it is "
    "the other way round.",
    read="A-memory-that-fades",
)


@other_way_round
def exchanged(alpha, seen):
    return from_first(1 - alpha, seen)


@other_way_round
def exchanged_from_zero(alpha, seen):
    return from_zero(1 - alpha, seen)


@weights.misconception(
    "1 − α for α in the last row",
    "What is there already is multiplied by α at every update, the weight of the very first "
    "gradient too.",
    read="A-memory-that-fades",
)
def exchanged_in_the_last(alpha, seen):
    return np.array([*from_zero(alpha, seen - 1), (1 - alpha) ** (seen - 1)])


@weights.misconception(
    "the factor 1 − α left out",
    "αᵏ alone says how the weights compare with the newest. Every gradient but the very first "
    "enters with weight 1 − α.",
    read="A-memory-that-fades",
)
def powers(alpha, seen):
    return np.array([alpha**k for k in range(seen)])


multiplied = weights.misconception(
    "α times k for α to the power k",
    "Every update multiplies by α once more, so after k updates a weight has the factor αᵏ.",
    read="A-memory-that-fades",
)


@multiplied
def times_age(alpha, seen):
    return np.array([*((1 - alpha) * alpha * k for k in range(seen - 1)), alpha * (seen - 1)])


@multiplied
def times_age_from_zero(alpha, seen):
    return np.array([(1 - alpha) * alpha * k for k in range(seen)])


@weights.misconception(
    "the same weight for all",
    "Equal weights are those of Adagrad's mean. RMSProp lets old gradients fade by α an update.",
    read="A-memory-that-fades",
)
def equal(alpha, seen):
    return np.full((seen, *np.shape(alpha)), 1 / seen)


@weights.misconception(
    "the roots of the weights",
    "The weights are those of the squares in σ². No root is taken of them.",
    read="A-memory-that-fades",
)
def roots(alpha, seen):
    return np.sqrt(from_first(alpha, seen))


@weights.misconception(
    "the squares of the weights",
    "The gradients are squared in σ², not their weights.",
    read="A-memory-that-fades",
)
def squares(alpha, seen):
    return from_first(alpha, seen) ** 2


@weights.misconception(
    "√α for α",
    "σ² is multiplied by α at each update, and the weights belong to the squares in σ².",
    read="A-memory-that-fades",
)
def root_of_alpha(alpha, seen):
    return from_first(np.sqrt(alpha), seen)


@weights.misconception(
    "a division by the number of gradients",
    "The weights add up to 1 as they are.",
    read="A-memory-that-fades",
)
def divided_by_the_number(alpha, seen):
    return from_first(alpha, seen) / seen


@weights.misconception(
    "the sums of the weights",
    "Row k is the weight of one gradient, the one seen k updates ago, and not the sum of the "
    "weights so far.",
    read="A-memory-that-fades",
)
def sums(alpha, seen):
    return np.cumsum(from_first(alpha, seen), axis=0)


memory = Task(
    "alpha_for_memory",
    cases={
        "a memory of 10": {"updates": 10, "kind": "memory"},
        "a half-life of 10": {"updates": 10, "kind": "half-life"},
        "a memory of 1": {"updates": 1, "kind": "memory"},
        "a half-life of 1": {"updates": 1, "kind": "half-life"},
        "a memory that is not whole": {"updates": 2.4, "kind": "memory"},
        "a half-life that is not whole": {"updates": 3.7, "kind": "half-life"},
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
# Most wrong formulas are wrong for one kind alone.
memory.about = {name: f"wrong for the {case['kind']}" for name, case in memory.cases.items()}


def right_memory(updates):
    return 1 - 1 / updates


def right_half_life(updates):
    return 0.5 ** (1 / updates)


def slip(name, explanation, memory_of=right_memory, half_life_of=right_half_life):
    """Add a misconception: the α that it makes of each kind."""

    @memory.misconception(name, explanation, read="A-memory-that-fades")
    def answer(updates, kind):
        return (memory_of if kind == "memory" else half_life_of)(updates)


slip(
    "the memory for the half-life",
    "1/(1 − α) = N is solved for both kinds. At that age a weight has fallen to about a third, so "
    "the half-life is shorter than the memory: solve αᴺ = ½.",
    half_life_of=right_memory,
)
slip(
    "the half-life for the memory",
    "αᴺ = ½ is solved for both kinds. The memory is 1/(1 − α).",
    memory_of=right_half_life,
)
slip(
    "the two kinds exchanged",
    "The memory is 1/(1 − α) = N, and the half-life αᴺ = ½. Here each has the α of the other.",
    right_half_life,
    right_memory,
)
slip(
    "1 − α for α",
    "This is the weight 1 − α of the newest gradient. A longer memory has an α nearer to 1.",
    lambda updates: 1 / updates,
    lambda updates: 1 - 0.5 ** (1 / updates),
)
slip(
    "1 − α for α in the memory",
    "1/N is the weight 1 − α of the newest gradient. A longer memory has an α nearer to 1.",
    memory_of=lambda updates: 1 / updates,
)
slip(
    "1 − α for α in the half-life",
    "The root of ½ is α itself, and 1 − α the weight of the newest gradient.",
    half_life_of=lambda updates: 1 - 0.5 ** (1 / updates),
)
slip(
    "the memory as a fall to 1/e",
    "The weights fall to 1/e = 0.37 within the memory. That is nearly so for a long one; "
    "exactly, the memory is 1/(1 − α).",
    memory_of=lambda updates: np.exp(-1 / updates),
)
slip(
    "the half-life as a fall to 1/e",
    "The weights fall to 1/e = 0.37 within the half-life. They are to fall to ½: solve αᴺ = ½.",
    half_life_of=lambda updates: np.exp(-1 / updates),
)
slip(
    "a fall to 1/e for both kinds",
    "The weights fall to 1/e = 0.37 within N updates. For the memory that is nearly so, exactly it "
    "is 1/(1 − α); for the half-life they are to fall to ½.",
    lambda updates: np.exp(-1 / updates),
    lambda updates: np.exp(-1 / updates),
)
slip(
    "the half-life of σ for that of σ²",
    "With this α a weight falls to ¼ within the half-life, and its root to ½. The weights belong "
    "to the squares: solve αᴺ = ½.",
    half_life_of=lambda updates: 0.25 ** (1 / updates),
)
slip(
    "a fall to the root of ½",
    "With this α a weight falls to √½ within the half-life, and to ½ only after twice as many "
    "updates. It is the weight of the square that is to fall to ½.",
    half_life_of=lambda updates: 0.5 ** (0.5 / updates),
)
slip(
    "the half-life as half the memory",
    "This α has a memory of 2N. The weights do not fall in a straight line: solve αᴺ = ½.",
    half_life_of=lambda updates: 1 - 1 / (2 * updates),
)
slip(
    "the half-life as twice the memory",
    "This α has a memory of N/2. The weights do not fall in a straight line: solve αᴺ = ½.",
    half_life_of=lambda updates: 1 - 2 / updates,
)
slip(
    "1 − ln 2 / N for the N-th root of ½",
    "−ln α is nearly 1 − α for a long half-life only. Solve αᴺ = ½ exactly, with a root.",
    half_life_of=lambda updates: 1 - np.log(2) / updates,
)
slip(
    "the memory as ln 2 times the half-life",
    "It is the other way round, and only nearly so: a long half-life is ln 2 times the memory. "
    "Solve αᴺ = ½ exactly, with a root.",
    half_life_of=lambda updates: 1 - 1 / (np.log(2) * updates),
)
slip(
    "ln 2 / N for α",
    "ln 2 / N is −ln α. Then α is e to the power −ln 2 / N, which is the N-th root of ½.",
    half_life_of=lambda updates: np.log(2) / updates,
)
slip(
    "the root turned into a division",
    "½ divided by N is not the N-th root of ½, which is ½ to the power 1/N.",
    half_life_of=lambda updates: 0.5 / updates,
)
slip(
    "½ to the power N for the N-th root of ½",
    "αᴺ = ½ is solved by the N-th root of ½, which is ½ to the power 1/N.",
    half_life_of=lambda updates: 0.5**updates,
)
slip(
    "the root of 2 for that of ½",
    "A weight that doubles does not fade, and this α is above 1. Solve αᴺ = ½.",
    half_life_of=lambda updates: 2 ** (1 / updates),
)
slip(
    "½ reached one update too late",
    "Here the N + 1 updates after the newest gradient halve its weight. The newest was seen 0 "
    "updates ago, so a gradient seen N updates ago has faded N times: αᴺ = ½.",
    half_life_of=lambda updates: 0.5 ** (1 / (updates + 1)),
)
slip(
    "½ reached one update too early",
    "Here N − 1 updates halve a weight. A gradient seen N updates ago has faded N times since: "
    "αᴺ = ½.",
    half_life_of=lambda updates: 0.5 ** np.divide(1, updates - 1),
)
slip(
    "α/(1 − α) for 1/(1 − α)",
    "N/(N + 1) has the memory N + 1. The memory is 1/(1 − α), and not α times that.",
    memory_of=lambda updates: updates / (updates + 1),
)
slip(
    "the span of another rule for the memory",
    "1 − 2/(N + 1) belongs to another way of counting. The memory here is 1/(1 − α) = N.",
    memory_of=lambda updates: 1 - 2 / (updates + 1),
)


def slips(name, explanation, spoil):
    """Add a misconception that may be in the memory, in the half-life, or in both."""
    memory_of, half_life_of = spoil(right_memory), spoil(right_half_life)
    slip(name, explanation, memory_of=memory_of)
    slip(name, explanation, half_life_of=half_life_of)
    slip(name, explanation, memory_of, half_life_of)


def to_places(places):
    return lambda formula: lambda updates: np.round(formula(updates), places)


def of_whole(rounding):
    return lambda formula: lambda updates: formula(rounding(updates))


slips(
    "1 // N for 1 / N",
    "The sign // leaves out what comes after the point.",
    of_whole(lambda updates: np.divide(1, 1 // updates)),
)
for places in range(1, 7):
    slips(
        "α is rounded",
        "α has only a few places after the point. With a long memory it is so near to 1 that the "
        "next places count: leave it as it is computed.",
        to_places(places),
    )
for rounding in (np.floor, np.round, np.ceil):
    slips(
        "the number of updates is rounded",
        "Both equations are solved for any number N ≥ 1, not for whole ones alone.",
        of_whole(rounding),
    )


SLOPES = np.array([[3.0], [4.0], [-1.0], [0.0]])
TWO = np.array([[10.0, 0.0], [-10.0, 0.0], [0.1, 2.0], [0.1, 0.0]])
RUNS = np.array([[[4.0, 4.0, 1.0], [2.0, 1.0, 0.5]], [[-1.0, 3.0, 1.0], [0.0, 1.0, -2.0]]])
THREE = np.array([0.5, 0.9, 0.99])

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
        "three runs at once, from zero": {"gradients": RUNS, "alpha": THREE, "start": "zero"},
        "three runs at once, corrected": {"gradients": RUNS, "alpha": THREE, "start": "corrected"},
    },
    about={
        "one parameter, corrected": "wrong for the corrected start",
        "a single gradient": "wrong for the corrected start",
        "tiny gradients": "wrong for tiny gradients",
        "no memory": "wrong for α = 0",
        "three runs at once, from zero": "wrong for several runs at once",
        "three runs at once, corrected": "wrong for several runs at once",
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


def counts(squares, first_n=1):
    """The number n of each row, in a shape that fits the squares."""
    return np.arange(first_n, first_n + len(squares)).reshape(-1, *[1] * (squares.ndim - 1))


def weight_sums(squares, alpha, first_n=1):
    """1 − αⁿ for each row."""
    return 1 - alpha ** counts(squares, first_n)


def mean_squares(squares, alpha, start):
    """The right σ²."""
    v = averages(squares, alpha, start == "first")
    return v / weight_sums(squares, alpha) if start == "corrected" else v


def right_sigmas(gradients, alpha, start):
    return np.sqrt(mean_squares(gradients**2, alpha, start))


STARTS = ("zero", "first", "corrected")


def starts_like(name, explanation, like):
    """Add a misconception: which start is computed in the place of which."""

    @sigmas.misconception(name, explanation, read="The-first-step")
    def answer(gradients, alpha, start):
        return right_sigmas(gradients, alpha, like.get(start, start))


for one in STARTS:
    starts_like(
        "every start is the first gradient" if one == "first" else f"every start is {one}",
        f'All three starts have the σ of "{one}". What is v before the first gradient, and what '
        "is made of v for σ? `start` says it.",
        dict.fromkeys(STARTS, one),
    )
for one, other in permutations(STARTS, 2):
    starts_like(
        f"“{one}” computed like “{other}”",
        f'With the start "{one}" σ is that of "{other}". The two differ in what v is before the '
        "first gradient, or in what is made of v for σ.",
        {one: other},
    )
    if one < other:
        starts_like(
            f"“{one}” and “{other}” exchanged",
            "Each of these two starts has the σ of the other.",
            {one: other, other: one},
        )


def only_corrected(name, explanation):
    """Decorate what is made of v for σ² in the corrected start; the others are right."""

    def add(divided):
        @sigmas.misconception(name, explanation, read="The-first-step")
        def answer(gradients, alpha, start):
            v = averages(gradients**2, alpha, start == "first")
            return np.sqrt(divided(v, alpha) if start == "corrected" else v)

    return add


@sigmas.misconception(
    "the root left out",
    "These are the v, which are σ². The scale σ is the root.",
    read="A-memory-that-fades",
)
def never_a_root(gradients, alpha, start):
    return mean_squares(gradients**2, alpha, start)


exchanged_roles = sigmas.misconception(
    "α and 1 − α exchanged",
    "The old average is multiplied by α, the new square by 1 − α. Here it is the other way round.",
    read="A-memory-that-fades",
)


@exchanged_roles
def roles_exchanged(gradients, alpha, start):
    return np.sqrt(mean_squares(gradients**2, 1 - alpha, start))


@exchanged_roles
def roles_exchanged_in_v_alone(gradients, alpha, start):
    v = averages(gradients**2, 1 - alpha, start == "first")
    return np.sqrt(v / weight_sums(v, alpha) if start == "corrected" else v)


def without_the_factor(first_again, sums):
    """Add a misconception: v becomes α v + g²."""

    @sigmas.misconception(
        "the factor 1 − α left out",
        "v is multiplied by α and the whole new square is added, so v grows to 1/(1 − α) times the "
        "squares. The new square enters with the weight 1 − α.",
        read="A-memory-that-fades",
    )
    def answer(gradients, alpha, start):
        v = averages(gradients**2, alpha, first=False) / (1 - alpha)
        if start == "first":
            # v is g² before the loop, and the loop may take the first gradient in once more.
            v = v + first_again * gradients[0] ** 2 * alpha ** counts(gradients)
        return np.sqrt(v / sums(gradients, alpha) if start == "corrected" else v)


for again, divisor in product(
    (0, 1), (weight_sums, lambda squares, alpha: weight_sums(squares, alpha) / (1 - alpha))
):
    without_the_factor(again, divisor)


@sigmas.misconception(
    "the same weight for all gradients",
    "A mean of all squares so far is Adagrad's. RMSProp weighs the newest by 1 − α and lets "
    "the others fade.",
    read="A-memory-that-fades",
)
def adagrad(gradients, alpha, start):
    return np.sqrt(np.cumsum(gradients**2, axis=0) / counts(gradients))


@sigmas.misconception(
    "the largest gradient so far",
    "RMSProp averages the squares with weights that fade; it does not keep the largest.",
    read="A-memory-that-fades",
)
def largest(gradients, alpha, start):
    return np.maximum.accumulate(np.abs(gradients), axis=0)


@sigmas.misconception(
    "the gradients' sizes alone",
    "σ remembers: its square is an average of the squares so far, with weights that fade.",
    read="A-memory-that-fades",
)
def no_average(gradients, alpha, start):
    return np.abs(gradients)


@sigmas.misconception(
    "the sum of all squares",
    "Adagrad adds up the squares and forgets nothing. RMSProp multiplies what is there by α and "
    "the new square by 1 − α.",
    read="A-memory-that-fades",
)
def adagrad_sum(gradients, alpha, start):
    return np.sqrt(np.cumsum(gradients**2, axis=0))


of_sizes = sigmas.misconception(
    "an average of sizes, not of squares",
    "This is the average of |g|. RMSProp averages the squares and takes the root of the average.",
    read="A-memory-that-fades",
)


@of_sizes
def sizes(gradients, alpha, start):
    return mean_squares(np.abs(gradients), alpha, start)


@of_sizes
def sizes_from_the_first(gradients, alpha, start):
    return (sizes if start == "first" else right_sigmas)(gradients, alpha, start)


not_squared_at_all = sigmas.misconception(
    "the gradients are not squared",
    "An average of the gradients themselves may be negative or 0 where they are large. σ² is the "
    "average of their squares.",
    read="A-memory-that-fades",
)


@not_squared_at_all
def gradients_averaged(gradients, alpha, start):
    return mean_squares(gradients, alpha, start)


@not_squared_at_all
def root_of_an_average(gradients, alpha, start):
    return np.sqrt(mean_squares(gradients, alpha, start))


@sigmas.misconception(
    "σ goes into the next average in the place of σ²",
    "v stays a square from one gradient to the next. The root is taken for the row alone.",
    read="A-memory-that-fades",
)
def root_fed_back(gradients, alpha, start):
    v, rows = np.abs(gradients[0]) if start == "first" else 0 * gradients[0], []
    for n, square in enumerate(gradients**2, 1):
        v = square**0.5 if start == "first" and n == 1 else alpha * v + (1 - alpha) * square
        v = v if start == "first" and n == 1 else np.sqrt(v)
        rows.append(v / np.sqrt(1 - alpha**n) if start == "corrected" else v)
    return np.array(rows)


last_everywhere = sigmas.misconception(
    "every row is the last v",
    "The rows are one and the same array, which `v *= …` or `v += …` changes each time. Make a new "
    "array at each update, with `v = …`.",
    read="A-memory-that-fades",
)


@last_everywhere
def one_array(gradients, alpha, start):
    squares = mean_squares(gradients**2, alpha, start)
    return np.sqrt(squares if start == "corrected" else squares[-1] + 0 * squares)


@last_everywhere
def one_array_corrected_later(gradients, alpha, start):
    v = averages(gradients**2, alpha, start == "first")
    v = v[-1] + 0 * v
    return np.sqrt(v / weight_sums(v, alpha) if start == "corrected" else v)


@last_everywhere
def one_row(gradients, alpha, start):
    return right_sigmas(gradients, alpha, start)[-1] + 0 * gradients


before = sigmas.misconception(
    "σ before the gradient in the place of after it",
    "Row t holds what σ was before it saw the gradient in row t. Take the gradient in first.",
    read="A-memory-that-fades",
)


def delayed(v, first):
    """v before each gradient."""
    return np.concatenate([v[:1] if first else 0 * v[:1], v[:-1]])


@before
def late(gradients, alpha, start):
    v = delayed(averages(gradients**2, alpha, start == "first"), start == "first")
    return np.sqrt(v / weight_sums(v, alpha) if start == "corrected" else v)


@before
def late_with_its_own_count(gradients, alpha, start):
    v = delayed(mean_squares(gradients**2, alpha, start), start == "first")
    return np.sqrt(v)


@before
def late_from_zero(gradients, alpha, start):
    return np.sqrt(delayed(mean_squares(gradients**2, alpha, start), first=False))


backwards = sigmas.misconception(
    "from the last gradient to the first",
    "The oldest gradient stands in row 0 and is seen first.",
    read="A-memory-that-fades",
)


@backwards
def backwards_in_place(gradients, alpha, start):
    return right_sigmas(gradients[::-1], alpha, start)[::-1]


@backwards
def backwards_as_seen(gradients, alpha, start):
    return right_sigmas(gradients[::-1], alpha, start)


@backwards
def rows_turned(gradients, alpha, start):
    return right_sigmas(gradients, alpha, start)[::-1]


@sigmas.misconception(
    "along the parameters, not along the time",
    "The average runs over the columns. A row holds the gradients of one update, so it runs from "
    "row to row, for each parameter alone.",
    read="03_adagrad#A-rate-of-its-own",
)
def along_the_parameters(gradients, alpha, start):
    return np.swapaxes(right_sigmas(np.swapaxes(gradients, 0, 1), alpha, start), 0, 1)


together = sigmas.misconception(
    "one σ for all parameters",
    "The squares of all parameters are in one σ. Each parameter has a σ of its own.",
    read="03_adagrad#A-rate-of-its-own",
)


def shared_by(reduce):
    @together
    def answer(gradients, alpha, start):
        squares = reduce(gradients**2, axis=1, keepdims=True) + 0 * gradients
        return np.sqrt(mean_squares(squares, alpha, start))


for reduction in (np.mean, np.sum, np.max):
    shared_by(reduction)


@sigmas.misconception(
    "one σ for all runs",
    "The squares of all runs are in one σ. With shape (T, n, N) the last axis counts runs, and "
    "each run has a σ of its own.",
    read="03_adagrad#A-rate-of-its-own",
)
def runs_together(gradients, alpha, start):
    squares = gradients**2
    if squares.ndim == 3:
        squares = squares.mean(axis=-1, keepdims=True) + 0 * squares
    return np.sqrt(mean_squares(squares, alpha, start))


epsilon = sigmas.misconception(
    "an ε is added",
    "There is no ε in this task: nothing is divided by σ.",
    read="The-first-step",
)


def with_epsilon(outside, inside):
    @epsilon
    def answer(gradients, alpha, start):
        return np.sqrt(mean_squares(gradients**2, alpha, start) + inside) + outside


for eps in (1e-6, 1e-7, 1e-8, 1e-10, 1e-12, 1e-15, 1e-16):
    with_epsilon(eps, 0)
    with_epsilon(0, eps)


unsquared = sigmas.misconception(
    "the start is not squared",
    "With the lecture's start v is |g| or g after the first gradient, or before it. |g| is the "
    "first σ, and v is its square.",
    read="The-first-step",
)


def start_of(size, share):
    """v begins with the size, or takes the first gradient in with it (share: α)."""

    @unsquared
    def answer(gradients, alpha, start):
        if start != "first":
            return right_sigmas(gradients, alpha, start)
        v = averages(gradients**2, alpha, first=True)
        surplus = size(gradients[0]) - gradients[0] ** 2
        return np.sqrt(v + surplus * alpha ** counts(gradients, share))


for taken, share in product((np.abs, np.positive), (0, 1)):
    start_of(taken, share)


@sigmas.misconception(
    "“first” sets the first row alone, not v",
    "The first σ is |g|, but the later ones are those of a start with zero: v has to be g² after "
    "the first gradient, and the next average goes on with it.",
    read="The-first-step",
)
def first_row_alone(gradients, alpha, start):
    if start != "first":
        return right_sigmas(gradients, alpha, start)
    return np.concatenate([np.abs(gradients[:1]), right_sigmas(gradients, alpha, "zero")[1:]])


@sigmas.misconception(
    "“first” begins with the mean of all squares",
    "The start knows the first gradient alone: v is its square.",
    read="The-first-step",
)
def mean_first(gradients, alpha, start):
    if start != "first":
        return right_sigmas(gradients, alpha, start)
    v = averages(gradients**2, alpha, first=True)
    surplus = np.mean(gradients**2, axis=0) - gradients[0] ** 2
    return np.sqrt(v + surplus * alpha ** counts(gradients))


begins_with_the_first = sigmas.misconception(
    "“corrected” begins with the first gradient",
    "With the corrected start v is 0 before the first gradient, and the division makes up for it. "
    "A v that is g² already needs none.",
    read="The-first-step",
)


def corrected_from(size):
    @begins_with_the_first
    def answer(gradients, alpha, start):
        if start != "corrected":
            return right_sigmas(gradients, alpha, start)
        v = averages(gradients**2, alpha, first=False) + size(gradients[0]) * alpha ** counts(
            gradients
        )
        return np.sqrt(v / weight_sums(v, alpha))


corrected_from(np.square)
corrected_from(np.abs)


@sigmas.misconception(
    "“first” is corrected too",
    "With the lecture's start the weights add up to 1 from the first gradient on: σ² is v itself.",
    read="The-first-step",
)
def first_corrected_too(gradients, alpha, start):
    v = averages(gradients**2, alpha, start == "first")
    return np.sqrt(v if start == "zero" else v / weight_sums(v, alpha))


left_out = sigmas.misconception(
    "the first gradient left out",
    "The first gradient belongs to v for each start: a start with zero is what v is before it.",
    read="The-first-step",
)


def from_the_second(first_n):
    @left_out
    def answer(gradients, alpha, start):
        if start == "first":
            return right_sigmas(gradients, alpha, start)
        v = averages(np.concatenate([0 * gradients[:1], gradients[1:]]) ** 2, alpha, first=False)
        return np.sqrt(v / weight_sums(v, alpha, first_n) if start == "corrected" else v)


from_the_second(1)
from_the_second(0)


@sigmas.misconception(
    "“first” begins anew where v is 0",
    "Only the first gradient starts v. A v of 0 may also come from gradients that were 0, and the "
    "next square then enters with the weight 1 − α.",
    read="The-first-step",
)
def anew(gradients, alpha, start):
    if start != "first":
        return right_sigmas(gradients, alpha, start)
    v, rows = 0 * gradients[0], []
    for square in gradients**2:
        v = np.where(v == 0, square, alpha * v + (1 - alpha) * square)
        rows.append(v)
    return np.sqrt(np.array(rows))


counted_late = sigmas.misconception(
    "the correction counts from 0",
    "n in 1 − αⁿ is 0 for the first gradient, which is a division by 0. After the first gradient "
    "n is 1.",
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
        return right_sigmas(gradients, alpha, start)
    v, rows = 0 * gradients[0], []
    for n, square in enumerate(gradients**2):
        v = (alpha * v + (1 - alpha) * square) / (1 - alpha**n)
        rows.append(v)
    return np.sqrt(np.array(rows))


@counted_late
def counted_from_zero(gradients, alpha, start):
    v = averages(gradients**2, alpha, start == "first")
    return np.sqrt(v / weight_sums(gradients, alpha, 0) if start == "corrected" else v)


@only_corrected(
    "the correction counts from 2",
    "After the first gradient n in 1 − αⁿ is 1, so that the first σ is |g|.",
)
def counted_from_two(v, alpha):
    return v / weight_sums(v, alpha, 2)


@only_corrected(
    "1 − α for 1 − αⁿ",
    "1 − α is the sum of the weights after the first gradient alone. After n of them it is 1 − αⁿ.",
)
def one_divisor(v, alpha):
    return v / (1 - alpha)


@only_corrected(
    "the last 1 − αⁿ in every row",
    "Every row is divided by the sum of the weights after all gradients. Row t has seen t + 1 of "
    "them.",
)
def last_divisor(v, alpha):
    return v / (1 - alpha ** len(v))


@only_corrected(
    "α²ⁿ for αⁿ",
    "v holds the squares already. After n gradients their weights add up to 1 − αⁿ.",
)
def squared_again(v, alpha):
    return v / weight_sums(v, alpha**2)


@only_corrected(
    "αn for αⁿ",
    "After n gradients the weights add up to 1 − αⁿ, with α to the power n.",
)
def times_n(v, alpha):
    return v / (1 - alpha * counts(v))


@only_corrected(
    "(1 − α)ⁿ for 1 − αⁿ",
    "After n gradients the weights add up to 1 − αⁿ: only α has the exponent.",
)
def power_of_all(v, alpha):
    return v / (1 - alpha) ** counts(v)


@only_corrected(
    "1 − (1 − α)ⁿ for 1 − αⁿ",
    "What is missing to a sum of 1 is the weight of the zero, which is multiplied by α each time.",
)
def power_of_the_other(v, alpha):
    return v / weight_sums(v, 1 - alpha)


@only_corrected(
    "αⁿ for 1 − αⁿ",
    "αⁿ is what is missing to a sum of 1. The weights so far add up to 1 − αⁿ.",
)
def missing_sum(v, alpha):
    return v / alpha ** np.float64(counts(v))


@only_corrected(
    "a product for the quotient",
    "v is too small at first, because its weights add up to less than 1. Divide it by their sum.",
)
def product_with_the_sum(v, alpha):
    return v * weight_sums(v, alpha)


@sigmas.misconception(
    "the corrected average goes into the next one",
    "v / (1 − αⁿ) is what the next average begins with. The correction is for σ only: v itself "
    "stays uncorrected from one gradient to the next.",
    read="The-first-step",
)
def fed_back(gradients, alpha, start):
    if start != "corrected":
        return right_sigmas(gradients, alpha, start)
    v, rows = 0 * gradients[0], []
    for n, square in enumerate(gradients**2, 1):
        v = (alpha * v + (1 - alpha) * square) / (1 - alpha**n)
        rows.append(v)
    return np.sqrt(np.array(rows))


@sigmas.misconception(
    "σ is corrected in place of σ²",
    "The root comes first, and then the division by 1 − αⁿ. Those are the weights of the squares: "
    "divide v, then take the root.",
    read="The-first-step",
)
def after_the_root(gradients, alpha, start):
    sigma = np.sqrt(averages(gradients**2, alpha, start == "first"))
    return sigma / weight_sums(gradients, alpha) if start == "corrected" else sigma


recovered = Task(
    "updates_until_recovered",
    cases={
        "from steep to flat": {"alpha": 0.9, "before": 10.0, "after": 0.01, "ratio": 2.0},
        "nearly down": {"alpha": 0.99, "before": 10.0, "after": 0.01, "ratio": 1.1},
        "from flat to steep": {"alpha": 0.9, "before": 0.01, "after": 10.0, "ratio": 1.1},
        # The squares 7.5625, 1.0 and 2.640625 are exact, and a fourth of the distance is left.
        "exactly to the border": {"alpha": 0.5, "before": 2.75, "after": 1.0, "ratio": 1.625},
        # So are the squares 1, 9 and 2.25: one update leaves 27/32 of the distance.
        "exactly to the lower border": {
            "alpha": 0.84375,
            "before": 1.0,
            "after": 3.0,
            "ratio": 2.0,
        },
        "near enough": {"alpha": 0.9, "before": 3.0, "after": 2.0, "ratio": 2.0},
        "on the border already": {"alpha": 0.9, "before": 10.0, "after": 4.0, "ratio": 2.5},
        "exactly there": {"alpha": 0.9, "before": 2.0, "after": 2.0, "ratio": 1.0},
        "never exactly": {"alpha": 0.9, "before": 4.0, "after": 2.0, "ratio": 1.0},
        "nearly a start with zero": {"alpha": 0.99, "before": 1e-6, "after": 3.0, "ratio": 1.5},
        "a start with zero": {"alpha": 0.8, "before": 0.0, "after": 3.0, "ratio": 1.25},
        "one gradient is enough": {"alpha": 0.2, "before": 0.5, "after": 3.0, "ratio": 1.5},
        "a long memory": {"alpha": 0.9995, "before": 1000.0, "after": 1.0, "ratio": 1.1},
    },
    about={
        "from steep to flat": "wrong where σ has to fall",
        "nearly down": "wrong where σ has to fall",
        "exactly to the border": "wrong where σ has to fall",
        "from flat to steep": "wrong where σ has to rise",
        "exactly to the lower border": "wrong where σ has to rise",
        "nearly a start with zero": "wrong where σ has to rise",
        "one gradient is enough": "wrong where σ has to rise",
        "a start with zero": "wrong for `before` = 0",
        "near enough": "wrong where no update is needed",
        "on the border already": "wrong where no update is needed",
        "exactly there": "wrong where no update is needed",
        "never exactly": "wrong where there is no such n",
        "a long memory": "wrong where very many updates are needed",
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


def updates(share, alpha):
    """The n with αⁿ = share, not rounded."""
    return np.log(np.float64(share)) / np.log(alpha)


def until(share, alpha):
    """The first n with αⁿ ≤ share."""
    return float(np.ceil(updates(share, alpha)))


def share_left(before, after, ratio):
    """The right share: how much of the distance of the squares may be left."""
    edge = borders(before, after, ratio)
    return (edge**2 - after**2) / (before**2 - after**2)


def exact(alpha, before, after, ratio):
    """The right answer."""
    near = borders(before, after, ratio) == before
    return 0.0 if near else until(share_left(before, after, ratio), alpha)


def outside(formula):
    """Decorate a formula for n: 0 and inf are answered where they are right."""

    def answer(alpha, before, after, ratio):
        right = exact(alpha, before, after, ratio)
        return right if right in (0, np.inf) else float(formula(alpha, before, after, ratio))

    return answer


def without_new_gradients(name, explanation, factor, to_border=True):
    """Add the ways to estimate with a σ that fades alone; they differ where σ has to rise."""
    add = recovered.misconception(name, explanation, read="Off-the-slope,-onto-the-flat")

    def fading(before, goal, rate):
        return factor * np.log(np.divide(before, goal)) / rate

    def goal(before, after, ratio, rising=1.0):
        ratio = ratio if before > after else ratio**rising
        return after * ratio if to_border else after

    @add
    def anywhere(alpha, before, after, ratio):
        return np.ceil(fading(before, goal(before, after, ratio), -np.log(alpha)))

    @add
    def never_negative(alpha, before, after, ratio):
        return max(anywhere(alpha, before, after, ratio), 0)

    add(outside(anywhere))

    @add
    @outside
    def right_where_it_rises(alpha, before, after, ratio):
        return (exact if before < after else anywhere)(alpha, before, after, ratio)

    def of_any_sign(rising, rounding, rate):
        @add
        @outside
        def answer(alpha, before, after, ratio):
            n = fading(before, goal(before, after, ratio, rising), rate(alpha))
            return rounding(abs(n))

    rates = (lambda alpha: -np.log(alpha)), (lambda alpha: 1 - alpha)
    for given in product((1, -1), (np.ceil, np.floor), rates):
        of_any_sign(*given)


without_new_gradients(
    "the notebook's estimate: as if the new gradients were zero",
    "σ falls by √α at each update. The new gradients hold it up, the more the nearer it "
    "comes: α multiplies the distance of σ² from the new square. And a σ below `after` rises.",
    factor=2,
)
without_new_gradients(
    "σ itself fades by α, as if the new gradients were zero",
    "Without new gradients σ² would fall by α and σ by √α. But they hold it up: α multiplies the "
    "distance of σ² from the new square.",
    factor=1,
)
without_new_gradients(
    "a fall to the new size itself, as if the new gradients were zero",
    "σ need not come farther than to the border. And the new gradients hold it up: α multiplies "
    "the distance of σ² from the new square.",
    factor=2,
    to_border=False,
)


@recovered.misconception(
    "σ for its square",
    "The distance of σ from the new size falls by α at each update here. It is the distance "
    "between the squares that does.",
    read="A-memory-that-fades",
)
@outside
def not_squared(alpha, before, after, ratio):
    return until((borders(before, after, ratio) - after) / (before - after), alpha)


@recovered.misconception(
    "√α for α",
    "The distance of the squares falls by √α at each update here, so it takes twice as long. It "
    "falls by α: σ² is what is averaged.",
    read="A-memory-that-fades",
)
@outside
def falling_by_the_root(alpha, before, after, ratio):
    return float(np.ceil(2 * updates(share_left(before, after, ratio), alpha)))


not_squared_before = recovered.misconception(
    "`before` is not squared",
    "`before` is σ, and what is averaged is σ²: v begins with `before`².",
    read="A-memory-that-fades",
)


@not_squared_before
def sigma_as_v(alpha, before, after, ratio):
    return exact(alpha, np.sqrt(before), after, ratio)


@not_squared_before
@outside
def sigma_as_v_in_the_formula(alpha, before, after, ratio):
    edge = borders(before, after, ratio)
    return until((edge**2 - after**2) / (before - after**2), alpha)


ratio_of_squares = recovered.misconception(
    "the ratio is not squared",
    "σ² comes within `ratio` of the new square here. It is σ that is to be within the ratio, "
    "so σ² may be off by the square of it.",
    read="A-memory-that-fades",
)


@ratio_of_squares
def ratio_not_squared(alpha, before, after, ratio):
    return exact(alpha, before, after, np.sqrt(ratio))


@ratio_of_squares
@outside
def ratio_not_squared_in_the_formula(alpha, before, after, ratio):
    return exact(alpha, before, after, np.sqrt(ratio))


@recovered.misconception(
    "one update too few",
    "After this number of updates σ is still outside. The smallest n is one more.",
    read="Off-the-slope,-onto-the-flat",
)
def one_too_few(alpha, before, after, ratio):
    return max(exact(alpha, before, after, ratio) - 1, 0)


@recovered.misconception(
    "one update too many",
    "σ is within the ratio one update earlier already.",
    read="Off-the-slope,-onto-the-flat",
)
@outside
def one_too_many(alpha, before, after, ratio):
    return exact(alpha, before, after, ratio) + 1


@recovered.misconception(
    "the count begins with 1",
    "n gradients of the new size were seen, none at first. So the count begins with 0.",
    read="Off-the-slope,-onto-the-flat",
)
def from_one(alpha, before, after, ratio):
    return exact(alpha, before, after, ratio) + 1


def rounded(name, explanation, rounding, less=0.0):
    """Add another way to make a whole number. Rounding (less) may decide at the borders."""

    @recovered.misconception(name, explanation, read="Off-the-slope,-onto-the-flat")
    @outside
    def answer(alpha, before, after, ratio):
        n = updates(share_left(before, after, ratio), alpha)
        return rounding(n - less * (before < after))


for below in (0.0, 1e-15):
    rounded(
        "rounded down",
        "After that number of updates σ is still a little outside: round up.",
        np.floor,
        below,
    )
    rounded(
        "one update too many where the border is reached exactly",
        "Both borders are included. Where the logarithms give a whole number, this is the n; any "
        "other is rounded up.",
        lambda n: np.floor(n) + 1,
        below,
    )
rounded(
    "rounded to the nearest number",
    "Where n is rounded down, σ is still a little outside: round up always.",
    np.round,
)
rounded(
    "n is not rounded",
    "The logarithms give a number between two updates. The smallest whole n from there on is "
    "asked: round up.",
    np.positive,
)

strict = recovered.misconception(
    "a σ on the border does not count",
    "Both borders are included: compare with ≤.",
    read="Off-the-slope,-onto-the-flat",
)


def between(there):
    """Count up to a σ strictly between the borders; where ratio is 1, σ may be there."""

    @strict
    def answer(alpha, before, after, ratio):
        if ratio == 1:
            return there if before == after else np.inf
        v, n = before**2, 0.0
        while not after / ratio < v**0.5 < after * ratio:
            v, n = alpha * v + (1 - alpha) * after**2, n + 1
        return n


for there in (0.0, np.inf):
    between(there)

too_early = recovered.misconception(
    "a loop that gives up too early",
    "With an α near 1 and a long way to go, σ needs more updates. Only a ratio of 1 has no n.",
    read="A-memory-that-fades",
)


def gives_up(limit, then):
    @too_early
    @outside
    def answer(alpha, before, after, ratio):
        n = exact(alpha, before, after, ratio)
        return n if n < limit else then


for limit in (100, 200, 500, 1000, 2000, 5000, 10_000):
    gives_up(limit, np.inf)
    gives_up(limit, limit)

squared_late = recovered.misconception(
    "the borders of σ used for σ²",
    "σ² is followed until it reaches `after / ratio` or `after · ratio`. Those are borders of σ: "
    "square them before you compare them with σ².",
    read="A-memory-that-fades",
)


def until_border(alpha, before, after, edge):
    return until((edge - after**2) / (before**2 - after**2), alpha)


@squared_late
@outside
def borders_not_squared(alpha, before, after, ratio):
    return until_border(alpha, before, after, borders(before, after, ratio))


@squared_late
def borders_never_squared(alpha, before, after, ratio):
    edge = borders(before**2, after, ratio)
    if edge == before**2:
        return 0
    return np.inf if ratio == 1 else until_border(alpha, before, after, edge)


down_alone = recovered.misconception(
    "only the way down",
    "A σ below the new size is not there yet either. It must rise to `after / ratio`.",
    read="A-memory-that-fades",
)
up_alone = recovered.misconception(
    "only the way up",
    "A σ above the new size is not there yet either. It must fall to `after · ratio`.",
    read="A-memory-that-fades",
)


def one_way(add, wrong, otherwise):
    @add
    def answer(alpha, before, after, ratio):
        right = exact(alpha, before, after, ratio)
        return otherwise if right and wrong(before, after) else right


for otherwise in (0, np.inf):
    one_way(down_alone, np.less, otherwise)
    one_way(up_alone, np.greater, otherwise)


def to_border(name, explanation, distance):
    """Add a misconception: the distance that may be left, as a part of the new square."""

    @recovered.misconception(name, explanation, read="A-memory-that-fades")
    @outside
    def answer(alpha, before, after, ratio):
        left = abs(distance(ratio, before > after)) * after**2
        return until(left / abs(before**2 - after**2), alpha)


to_border(
    "the upper border for both ways",
    "(ratio² − 1) `after`² is used also for a σ that rises. Its border is `after / ratio`, so its "
    "distance is (1 − 1/ratio²) `after`².",
    lambda ratio, falls: ratio**2 - 1,
)
to_border(
    "the lower border for both ways",
    "(1 − 1/ratio²) `after`² is used also for a σ that falls. Its border is `after · ratio`, so "
    "its distance is (ratio² − 1) `after`².",
    lambda ratio, falls: 1 - 1 / ratio**2,
)
to_border(
    "the two borders exchanged",
    "A σ that falls comes to `after · ratio` first, and one that rises to `after / ratio`.",
    lambda ratio, falls: 1 - 1 / ratio**2 if falls else ratio**2 - 1,
)
to_border(
    "b² for b² − after²",
    "b is the border. What shrinks is the distance from the square of the new size, so its share "
    "is (b² − after²) / (before² − after²).",
    lambda ratio, falls: ratio**2 if falls else 1 / ratio**2,
)


def difference_of_sizes(alpha, before, after, ratio):
    """The n for |σ − after| ≤ (ratio − 1) · after."""
    lowest, highest = after * max(2 - ratio, 0), after * ratio
    edge = np.clip(before, lowest, highest)
    return 0 if edge == before else until((edge**2 - after**2) / (before**2 - after**2), alpha)


@recovered.misconception(
    "after · (2 − ratio) for the lower border",
    "The distance of σ from the new size is compared with (ratio − 1) · after. Downwards the "
    "ratio divides: the lower border is `after / ratio`.",
    read="A-memory-that-fades",
)
def by_difference(alpha, before, after, ratio):
    return difference_of_sizes(alpha, before, after, ratio)


@recovered.misconception(
    "the memory as the answer",
    "1/(1 − α) says how many gradients count. How long σ needs also depends on how far it has "
    "to go.",
    read="Off-the-slope,-onto-the-flat",
)
def one_memory(alpha, before, after, ratio):
    return 0 if borders(before, after, ratio) == before else float(np.ceil(1 / (1 - alpha)))


def other_decay(name, explanation, decay):
    """Add a misconception: another factor for each update in the place of α."""

    @recovered.misconception(name, explanation, read="Off-the-slope,-onto-the-flat")
    def answer(alpha, before, after, ratio):
        return exact(decay(alpha), before, after, ratio)


other_decay(
    "1 − α for −ln α",
    "−ln α is nearly 1 − α only for a long memory. For a short one it is larger: divide by log(α).",
    lambda alpha: np.exp(alpha - 1),
)
other_decay(
    "√α for α",
    "σ² is followed, not σ: its distance from the new square is multiplied by α at each update.",
    np.sqrt,
)
other_decay(
    "α² for α",
    "The distance of σ² from the new square is multiplied by α at each update, not by α².",
    np.square,
)
other_decay(
    "1 − α for α",
    "The new square enters with the weight 1 − α, so the distance from it is multiplied by α.",
    lambda alpha: 1 - alpha,
)


@recovered.misconception(
    "the share upside down",
    "αⁿ is the distance that may be left, divided by the distance at first. The other way round n "
    "is negative.",
    read="Off-the-slope,-onto-the-flat",
)
@outside
def upside_down(alpha, before, after, ratio):
    return until(1 / share_left(before, after, ratio), alpha)


nothing_done = recovered.misconception(
    "the formula where nothing is to be done",
    "If σ lies between the borders already, no update is needed. The formula gives a negative "
    "number there, or no number: answer 0 first.",
    read="Off-the-slope,-onto-the-flat",
)


@nothing_done
def unchecked(alpha, before, after, ratio):
    edge = after * ratio if before > after else after / ratio
    return until(np.float64(edge**2 - after**2) / (before**2 - after**2), alpha)


@nothing_done
def unchecked_but_for_the_ratio(alpha, before, after, ratio):
    return np.inf if ratio == 1 else unchecked(alpha, before, after, ratio)


@recovered.misconception(
    "inf for every ratio of 1",
    "A σ that is equal to `after` from the beginning needs no update: n is 0.",
    read="Off-the-slope,-onto-the-flat",
)
def never_for_one(alpha, before, after, ratio):
    return np.inf if ratio == 1 else exact(alpha, before, after, ratio)


@recovered.misconception(
    "a start with zero never recovers",
    "From 0 σ rises too: the first gradient makes σ² to (1 − α) g².",
    read="The-first-step",
)
def never_from_zero(alpha, before, after, ratio):
    return np.inf if before == 0 else exact(alpha, before, after, ratio)


rate = Task(
    "rate_for_loss",
    cases={
        "one parameter": {"loss": 0.25, "curvatures": np.array([2.0])},
        "a valley": {"loss": 0.01, "curvatures": np.array([200.0, 0.5])},
        "three parameters": {"loss": 2.0, "curvatures": np.array([1.0, 4.0, 11.0])},
        "a tiny loss": {"loss": 1e-12, "curvatures": np.array([3.0, 5.0])},
        "a large loss": {"loss": 40.0, "curvatures": np.array([2.0, 3.5])},
        # As many runs as parameters, so that a sum along the wrong axis has the right shape.
        "three losses, three runs": {
            "loss": np.array([0.1, 0.3, 10.0]),
            "curvatures": np.array([[1.0, 20.0, 1.5], [4.0, 30.0, 0.5], [6.0, 7.0, 9.0]]),
        },
        "one loss, three runs": {
            "loss": 1.5,
            "curvatures": np.array([[1.0, 2.0, 5.0], [3.0, 0.5, 4.0]]),
        },
    },
    about={
        "a tiny loss": "wrong for a tiny loss",
        "a large loss": "wrong for a large loss",
        "three losses, three runs": "wrong for several runs at once",
        "one loss, three runs": "wrong for several runs at once",
    },
    hints=[
        "A jump goes from +u to −u and has the length η. So how large is u? And the loss while a "
        "parameter is at +u or −u?",
        "u = η/2 for every parameter. Put it into L for all of them, add up, and solve for η.",
        "L = ½ (η/2)² · (sum of the curvatures). So η is the root of 8 L divided by that sum. "
        "With many runs take the sum along axis 0.",
    ],
)


def trembles(name, explanation):
    """Decorate a wrong rate."""
    return rate.misconception(name, explanation, read="Does-it-still-burst?")


@trembles(
    "a trembling as wide as the rate",
    "With this rate the loss is right for θ = ±η. The jump from one side to the other has the "
    "length η, so each side is η/2 away.",
)
def as_wide_as_the_rate(loss, curvatures):
    return np.sqrt(2 * loss / curvatures.sum(axis=0))


@trembles(
    "a trembling twice as wide as the rate",
    "With this rate the loss is right for θ = ±2η. The jump from one side to the other has the "
    "length η, so each side is η/2 away.",
)
def twice_the_rate(loss, curvatures):
    return np.sqrt(loss / 2 / curvatures.sum(axis=0))


@trembles(
    "a trembling of a quarter of the rate",
    "With this rate the loss is right for θ = ±η/4. The jump from one side to the other has the "
    "length η, so each side is η/2 away.",
)
def quarter_of_the_rate(loss, curvatures):
    return np.sqrt(32 * loss / curvatures.sum(axis=0))


@trembles(
    "λu² for ½λu²",
    "The ½ of the loss is missing, so this rate leaves only half of the loss that is accepted.",
)
def without_half(loss, curvatures):
    return np.sqrt(4 * loss / curvatures.sum(axis=0))


@trembles(
    "¼λu² for ½λu²",
    "This rate leaves twice the loss that is accepted: the loss of a parameter is ½λu².",
)
def half_twice(loss, curvatures):
    return np.sqrt(16 * loss / curvatures.sum(axis=0))


@trembles(
    "λη² for the loss",
    "The ½ of the loss is missing, and each side is η/2 away from the minimum, not η.",
)
def two_faults(loss, curvatures):
    return np.sqrt(loss / curvatures.sum(axis=0))


@trembles(
    "the steepest direction alone",
    "Only the loss of the steepest direction is counted. All of them tremble, so their losses "
    "add up.",
)
def steepest(loss, curvatures):
    return np.sqrt(8 * loss / curvatures.max(axis=0))


@trembles(
    "the flattest direction alone",
    "Only the loss of the flattest direction is counted. All of them tremble, so their losses "
    "add up.",
)
def flattest(loss, curvatures):
    return np.sqrt(8 * loss / curvatures.min(axis=0))


@trembles(
    "the first direction alone",
    "Only the loss of the first parameter is counted. All of them tremble, so their losses add up.",
)
def first_direction(loss, curvatures):
    return np.sqrt(8 * loss / curvatures[0])


@trembles(
    "a rate for each parameter",
    "RMSProp has one rate for all parameters. The losses of all of them add up to `loss`.",
)
def one_each(loss, curvatures):
    return np.sqrt(8 * loss / curvatures)


@trembles(
    "the mean of the curvatures",
    "The curvatures are averaged over the parameters. The loss is a sum: each one adds its own "
    "½λu².",
)
def average(loss, curvatures):
    return np.sqrt(8 * loss / curvatures.mean(axis=0))


@trembles(
    "the loss shared in equal parts",
    "No parameter leaves more than loss/n with this rate. But all have the same u, so the steep "
    "ones may leave more and the flat ones leave less: only the sum counts.",
)
def equal_parts(loss, curvatures):
    return np.sqrt(8 * loss / (len(curvatures) * curvatures.max(axis=0)))


@trembles(
    "a division by the number of parameters too",
    "The losses of all parameters add up: divide by the sum of the curvatures alone.",
)
def number_and_sum(loss, curvatures):
    return np.sqrt(8 * loss / (len(curvatures) * curvatures.sum(axis=0)))


@trembles(
    "the product of the curvatures",
    "The losses of the parameters add up, and so do the curvatures.",
)
def product_of_all(loss, curvatures):
    return np.sqrt(8 * loss / curvatures.prod(axis=0))


@trembles(
    "the median of the curvatures",
    "The losses of all parameters add up, so the sum of the curvatures counts.",
)
def middle(loss, curvatures):
    return np.sqrt(8 * loss / np.median(curvatures, axis=0))


mean_of_rates = trembles(
    "the rates of single parameters put together",
    "A rate for each parameter alone, and then their mean or sum, leaves another loss. Add up the "
    "losses first, then solve for η.",
)


@mean_of_rates
def mean_rate(loss, curvatures):
    return np.mean(np.sqrt(8 * loss / curvatures), axis=0)


@mean_of_rates
def sum_of_rates(loss, curvatures):
    return np.sum(np.sqrt(8 * loss / curvatures), axis=0)


@mean_of_rates
def root_of_a_sum(loss, curvatures):
    return np.sqrt(np.sum(8 * loss / curvatures, axis=0))


reciprocals = trembles(
    "the reciprocals of the curvatures added up",
    "The losses ½λu² add up, and with them the curvatures. Divide by their sum.",
)


@reciprocals
def mean_of_reciprocals(loss, curvatures):
    return np.sqrt(8 * loss * np.mean(1 / curvatures, axis=0))


@reciprocals
def mean_of_reciprocals_and_number(loss, curvatures):
    return np.sqrt(8 * loss * np.mean(1 / curvatures, axis=0) / len(curvatures))


@trembles(
    "the quotient upside down",
    "The loss that is accepted stands above, and the sum of the curvatures below.",
)
def upside_down_rate(loss, curvatures):
    return np.sqrt(curvatures.sum(axis=0) / (8 * loss))


small_number = trembles("an ε is added", "There is no ε in this task: all curvatures are above 0.")


def guarded(size):
    @small_number
    def answer(loss, curvatures):
        return np.sqrt(8 * loss / (curvatures.sum(axis=0) + size))

    @small_number
    def outside_the_root(loss, curvatures):
        return np.sqrt(8 * loss / curvatures.sum(axis=0)) + size


for size in (1e-7, 1e-8):
    guarded(size)


@trembles(
    "the sum of the roots",
    "The curvatures are added up first, and the root is taken of 8 L divided by their sum.",
)
def sum_of_roots(loss, curvatures):
    return np.sqrt(8 * loss) / np.sqrt(curvatures).sum(axis=0)


@trembles(
    "the curvatures are squared",
    "θ is squared in the loss, and λ is not: divide by the sum of the curvatures.",
)
def squared_curvatures(loss, curvatures):
    return np.sqrt(8 * loss / np.sum(curvatures**2, axis=0))


@trembles(
    "the square of the sum",
    "The sum of the curvatures stands in the loss as it is, not squared.",
)
def square_of_the_sum(loss, curvatures):
    return np.sqrt(8 * loss) / curvatures.sum(axis=0)


@trembles(
    "the length of the vector of curvatures",
    "The losses add up as they are, so the curvatures do: no root of a sum of squares.",
)
def norm(loss, curvatures):
    return np.sqrt(8 * loss / np.linalg.norm(curvatures, axis=0))


@trembles(
    "a product for the quotient",
    "The larger the curvatures, the larger the loss of the same trembling: divide by their sum.",
)
def multiplied_by_the_sum(loss, curvatures):
    return np.sqrt(8 * loss * curvatures.sum(axis=0))


no_curvatures = trembles(
    "the curvatures left out",
    "How wide a parameter trembles does not depend on λ, but the loss of it does: ½λu².",
)


@no_curvatures
def number_alone(loss, curvatures):
    return np.sqrt(8 * loss / len(curvatures)) + 0 * curvatures[0]


@no_curvatures
def number_without_the_runs(loss, curvatures):
    return np.sqrt(8 * loss / len(curvatures))


without_root = trembles(
    "the root forgotten",
    "The loss that remains grows with the square of the rate, so the rate is a root.",
)


def squared_rate(factor):
    @without_root
    def answer(loss, curvatures):
        return factor * loss / curvatures.sum(axis=0)


for factor in (8, 2, 4):
    squared_rate(factor)


@trembles(
    "the steepest direction alone, and u = η",
    "All directions tremble, so their losses add up. And each side is η/2 away from the minimum.",
)
def steepest_and_wide(loss, curvatures):
    return np.sqrt(2 * loss / curvatures.max(axis=0))


@trembles(
    "the mean of the curvatures, and u = η",
    "The loss is a sum over the parameters. And each side is η/2 away from the minimum.",
)
def average_and_wide(loss, curvatures):
    return np.sqrt(2 * loss / curvatures.mean(axis=0))


@trembles(
    "the sum over all runs, and u = η",
    "Each column is a run of its own. And each side is η/2 away from the minimum.",
)
def all_runs_and_wide(loss, curvatures):
    return np.sqrt(2 * loss / curvatures.sum())


@trembles(
    "the root of the loss forgotten",
    "The root is to be taken of the loss too: η² is 8 L divided by the sum of the curvatures.",
)
def loss_outside_the_root(loss, curvatures):
    return loss * np.sqrt(8 / curvatures.sum(axis=0))


@trembles(
    "8 outside the root",
    "η² is 8 L divided by the sum of the curvatures, and the root is taken of all of it.",
)
def number_outside_the_root(loss, curvatures):
    return 8 * np.sqrt(loss / curvatures.sum(axis=0))


@trembles(
    "the border of gradient descent",
    "2/λ is where plain gradient descent becomes unstable. RMSProp's σ adapts to λ, and every "
    "rate trembles; the loss decides how much is allowed.",
)
def border(loss, curvatures):
    return 2 / curvatures.max(axis=0) + 0 * loss


@trembles(
    "the sum over all runs",
    "The curvatures of all runs are added up. Each column is a run of its own: add along axis 0.",
)
def all_runs(loss, curvatures):
    return np.sqrt(8 * loss / curvatures.sum())


@trembles(
    "the sum along the runs",
    "The sum is over a row, which holds one parameter of all runs. Add along axis 0: each column "
    "is a run of its own.",
)
def along_the_runs(loss, curvatures):
    return np.sqrt(8 * loss / curvatures.sum(axis=-1))


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
        "a deviation smaller than ε": {
            "theta": np.array([1.0]),
            "grad": np.array([1.2e-6]),
            "m": np.array([1e-6]),
            "v": np.array([1.5e-12]),
            "lr": 0.1,
            "alpha": 0.9,
            "eps": 1e-6,
        },
        # Numbers with few binary digits: here no way of computing it rounds.
        "no memory": {
            "theta": np.array([1.5, -2.5]),
            "grad": np.array([0.75, -3.0]),
            "m": np.array([0.25, 1.0]),
            "v": np.array([0.5, 5.0]),
            "lr": 0.03,
            "alpha": 0.0,
            "eps": 0.2,
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
    about={
        "the first update": "wrong at the first update",
        "one slope, averages kept in a file with five digits": "wrong where v is below m²",
        "one parameter on an even slope, one not": "wrong where v is below m²",
        "no gradient": "wrong where all gradients are 0",
        "a deviation smaller than ε": "wrong where the root is smaller than ε",
        "no memory": "wrong for α = 0",
        "three runs at once": "wrong for several runs at once",
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


def root(m, v):
    """The right σ without ε."""
    return np.sqrt(np.maximum(v - m**2, 0))


def other_sigma(name, explanation, read="A-memory-that-fades"):
    """Decorate a wrong σ, made of the new averages; all else is right."""

    def add(sigma):
        @mended.misconception(name, explanation, read)
        def answer(theta, grad, m, v, lr, alpha, eps):
            m, v = two_averages(grad, m, v, alpha)
            return stepped(theta, grad, m, v, lr, sigma(m, v, eps))

    return add


@other_sigma(
    "the bug is still there",
    "Where m² has been rounded to more than v, the root is taken of a negative number, "
    "and that gives NaN.",
)
def not_mended(m, v, eps):
    return np.sqrt(v - m**2) + eps


@other_sigma(
    "the size of a rounding error as the variance",
    "The absolute value of a negative variance is no variance, only the size of an error. "
    "The nearest possible value is 0.",
)
def absolute(m, v, eps):
    return np.sqrt(np.abs(v - m**2)) + eps


@other_sigma(
    "ε moved into the root",
    "ε is added to the variance. A rounding error is often larger than ε, so NaN still comes; and "
    "√ε is another scale than ε. It stays outside the root.",
    read="The-first-step",
)
def moved_inside(m, v, eps):
    return np.sqrt(v - m**2 + eps)


@other_sigma(
    "ε inside the root",
    "The variance is mended. But ε is added to it, where it counts as √ε. Add it to the root.",
    read="The-first-step",
)
def inside(m, v, eps):
    return np.sqrt(np.maximum(v - m**2, 0) + eps)


@other_sigma(
    "ε² inside the root",
    "The variance is mended. But the root of a sum is not the sum of the roots: add ε to the root.",
    read="The-first-step",
)
def squared_inside(m, v, eps):
    return np.sqrt(np.maximum(v - m**2, 0) + eps**2)


@other_sigma(
    "ε left out",
    "Where the variance is 0 this divides by 0. As in the code, ε is added to the root.",
    read="The-first-step",
)
def no_eps(m, v, eps):
    return root(m, v)


@other_sigma(
    "σ at least ε in the place of σ + ε",
    "As in the code, ε is added to the root, also where the root is larger than ε.",
    read="The-first-step",
)
def larger_of_both(m, v, eps):
    return np.maximum(root(m, v), eps)


@other_sigma(
    "ε only where the variance is not above 0",
    "As in the code, ε is added to the root everywhere.",
    read="The-first-step",
)
def eps_in_its_place(m, v, eps):
    return np.where(v > m**2, root(m, v), eps)


at_least = {
    "a variance of at least ε": lambda eps: eps,
    "a variance of at least ε²": np.square,
}
for name, lowest in at_least.items():

    @other_sigma(
        name,
        "Small variances are raised, also true ones. A variance can be as small as 0; ε is "
        "added to the root afterwards.",
        read="The-first-step",
    )
    def raised_variance(m, v, eps, lowest=lowest):
        return np.sqrt(np.maximum(v - m**2, lowest(eps))) + eps


@other_sigma(
    "ε in the place of a small variance",
    "A variance can be as small as 0. ε is added to the root, and to every root.",
    read="The-first-step",
)
def eps_as_variance(m, v, eps):
    return np.sqrt(np.maximum(v - m**2, eps))


for lowest in (1e-4, 1e-6, 1e-8, 1e-10, 1e-12, 1e-16):

    @other_sigma(
        "a variance of at least some small number",
        "Small variances are raised, also true ones. A variance can be as small as 0, and against "
        "a division by 0 there is ε.",
        read="The-first-step",
    )
    def fixed_variance(m, v, eps, lowest=lowest):
        return np.sqrt(np.maximum(v - m**2, lowest)) + eps


@other_sigma(
    "the root left out",
    "σ is the root of the variance, plus ε.",
)
def variance_itself(m, v, eps):
    return np.maximum(v - m**2, 0) + eps


@other_sigma(
    "the mean is not subtracted any more",
    "Without m² no NaN can come, but this is plain RMSProp. Centred RMSProp divides by the root of "
    "v − m².",
)
def plain(m, v, eps):
    return np.sqrt(v) + eps


not_centred_there = other_sigma(
    "√v where v is below m²",
    "The nearest value that a variance can have is 0, so σ is ε there. v itself is much larger.",
)


@not_centred_there
def plain_where_negative(m, v, eps):
    return np.sqrt(np.where(v < m**2, v, v - m**2)) + eps


@not_centred_there
def plain_where_not_positive(m, v, eps):
    return np.sqrt(np.where(v <= m**2, v, v - m**2)) + eps


one_there = other_sigma(
    "σ = 1 where v is below m²",
    "The nearest value that a variance can have is 0, so σ is ε there.",
)


@one_there
def one_where_negative(m, v, eps):
    return np.where(v < m**2, 1, root(m, v) + eps)


@one_there
def one_plus_eps_where_negative(m, v, eps):
    return np.where(v < m**2, 1, root(m, v)) + eps


@other_sigma(
    "minimum for maximum",
    "The smaller of the variance and 0 is never above 0. The larger one is needed.",
)
def smaller_of_both(m, v, eps):
    return np.sqrt(np.minimum(v - m**2, 0)) + eps


@other_sigma(
    "the larger of v and m² as the variance",
    "The variance is v − m², and it is this difference that is not below 0.",
)
def larger_square(m, v, eps):
    return np.sqrt(np.maximum(v, m**2)) + eps


eps_twice = other_sigma(
    "ε counted twice",
    "ε is added once, to the root, as in the code. A negative variance counts as 0.",
    read="The-first-step",
)


@eps_twice
def inside_and_outside(m, v, eps):
    return np.sqrt(np.maximum(v - m**2, 0) + eps) + eps


@eps_twice
def squared_inside_and_outside(m, v, eps):
    return np.sqrt(np.maximum(v - m**2, 0) + eps**2) + eps


@eps_twice
def added_where_negative(m, v, eps):
    return np.where(v < m**2, eps, root(m, v)) + eps


unsquared_mean = other_sigma(
    "m is not squared",
    "The variance is the average of the squares minus the square of the average: v − m².",
)


@unsquared_mean
def mean_not_squared(m, v, eps):
    return np.sqrt(np.maximum(v - m, 0)) + eps


@unsquared_mean
def mean_not_squared_absolute(m, v, eps):
    return np.sqrt(np.abs(v - m)) + eps


of_distances = mended.misconception(
    "the distances from the mean in v",
    "(g − m)² is averaged, which cannot be negative but is another rule. Here v is the average of "
    "the squares g², as in the code.",
    read="A-memory-that-fades",
)


def averaged_distances(square):
    @of_distances
    def answer(theta, grad, m, v, lr, alpha, eps):
        mean = alpha * m + (1 - alpha) * grad
        v = alpha * v + (1 - alpha) * square(grad, m, mean)
        return stepped(theta, grad, mean, v, lr, np.sqrt(v) + eps)


averaged_distances(lambda grad, old, new: (grad - new) ** 2)
averaged_distances(lambda grad, old, new: (grad - old) ** 2)
averaged_distances(lambda grad, old, new: (grad - old) * (grad - new))


@other_sigma(
    "one σ for all parameters",
    "Each parameter has a variance of its own, and so a σ of its own.",
    read="03_adagrad#A-rate-of-its-own",
)
def mean_variance(m, v, eps):
    return np.sqrt(np.maximum(np.mean(v - m**2, axis=0, keepdims=True), 0)) + eps


stands_still = mended.misconception(
    "no step where v is below m²",
    "θ stays where the root would fail, or where the variance is 0. σ is ε there and the step "
    "is η g/ε.",
    read="A-memory-that-fades",
)


@stands_still
def standing_still(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    step = lr * grad / (np.sqrt(v - m**2) + eps)
    return theta - np.nan_to_num(step), m, v


@stands_still
def standing_still_on_zero_too(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    step = lr * grad / (root(m, v) + eps)
    return theta - np.where(v > m**2, step, 0), m, v


@mended.misconception(
    "no update at all where v is below m²",
    "θ, m and v stay there. The averages go on as in the code, and the variance counts as 0: σ "
    "is ε and the step is η g/ε.",
    read="A-memory-that-fades",
)
def nothing_updated(theta, grad, m, v, lr, alpha, eps):
    mean, square = two_averages(grad, m, v, alpha)
    moved = theta - lr * grad / (root(mean, square) + eps)
    new, old = (moved, mean, square), (theta, m, v)
    return tuple(np.where(square < mean**2, o, n) for o, n in zip(old, new, strict=True))


one_stops_all = mended.misconception(
    "one negative variance stops all parameters",
    "Where v is below m², σ is ε and the step is η g/ε. The other parameters have nothing to do "
    "with it.",
    read="03_adagrad#A-rate-of-its-own",
)


@one_stops_all
def all_stop(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    stop = np.any(v < m**2)
    return stepped(theta, 0 * grad if stop else grad, m, v, lr, root(m, v) + eps)


@one_stops_all
def all_stop_with_their_averages(theta, grad, m, v, lr, alpha, eps):
    mean, square = two_averages(grad, m, v, alpha)
    if np.any(square < mean**2):
        return theta, m, v
    return stepped(theta, grad, mean, square, lr, root(mean, square) + eps)


@mended.misconception(
    "θ is set to 0 where it would be NaN",
    "The NaN is replaced when it is in θ already, so θ jumps to 0. Mend it where it comes from.",
    read="A-memory-that-fades",
)
def jump_to_zero(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return np.nan_to_num(theta - lr * grad / (np.sqrt(v - m**2) + eps)), m, v


@mended.misconception(
    "v itself was raised",
    "v is raised to m² and returned so. Only the difference is in doubt: the averages go on as "
    "they are.",
    read="A-memory-that-fades",
)
def raised(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    v = np.maximum(v, m**2)
    return stepped(theta, grad, m, v, lr, np.sqrt(v - m**2) + eps)


lowered = mended.misconception(
    "m itself was lowered",
    "m is lowered to √v and returned so. Only the difference is in doubt: the averages go on as "
    "they are.",
    read="A-memory-that-fades",
)


def limited(lowest):
    @lowered
    def answer(theta, grad, m, v, lr, alpha, eps):
        m, v = two_averages(grad, m, v, alpha)
        m = np.clip(m, lowest(np.sqrt(v)), np.sqrt(v))
        return stepped(theta, grad, m, v, lr, root(m, v) + eps)


limited(np.negative)
limited(lambda size: -np.inf)


@mended.misconception(
    "the variance of the update before",
    "σ is made of m and v as they came in. They must take in the new gradient first.",
    read="A-memory-that-fades",
)
def update_before(theta, grad, m, v, lr, alpha, eps):
    return stepped(theta, grad, *two_averages(grad, m, v, alpha), lr, root(m, v) + eps)


mixed = mended.misconception(
    "a new average minus an old one",
    "Both averages must take in the new gradient before σ is made of them.",
    read="A-memory-that-fades",
)


@mixed
def old_mean(theta, grad, m, v, lr, alpha, eps):
    mean, square = two_averages(grad, m, v, alpha)
    return stepped(theta, grad, mean, square, lr, root(m, square) + eps)


@mixed
def old_square(theta, grad, m, v, lr, alpha, eps):
    mean, square = two_averages(grad, m, v, alpha)
    return stepped(theta, grad, mean, square, lr, root(mean, v) + eps)


not_returned = mended.misconception(
    "the averages stand still",
    "m or v is returned as it came in, so the rule never remembers it. Return the new ones.",
    read="A-memory-that-fades",
)


def forgotten(keep_m, keep_v):
    @not_returned
    def answer(theta, grad, m, v, lr, alpha, eps):
        mean, square = two_averages(grad, m, v, alpha)
        sigma = root(mean, square) + eps
        return stepped(theta, grad, m if keep_m else mean, v if keep_v else square, lr, sigma)


for kept in ((True, True), (True, False), (False, True)):
    forgotten(*kept)


@mended.misconception(
    "m and v exchanged in the result",
    "The order is (theta, m, v).",
    read="A-memory-that-fades",
)
def results_exchanged(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return stepped(theta, grad, v, m, lr, root(m, v) + eps)


variance_for_v = mended.misconception(
    "σ or the variance returned for v",
    "The third result is v, the average of the squares, as in the code.",
    read="A-memory-that-fades",
)


def other_v(made):
    @variance_for_v
    def answer(theta, grad, m, v, lr, alpha, eps):
        m, v = two_averages(grad, m, v, alpha)
        sigma = root(m, v) + eps
        return theta - lr * grad / sigma, m, made(root(m, v), sigma)


other_v(lambda deviation, sigma: deviation**2)
other_v(lambda deviation, sigma: deviation)
other_v(lambda deviation, sigma: sigma)
other_v(lambda deviation, sigma: sigma**2)


@mended.misconception(
    "α and 1 − α exchanged",
    "The old average is multiplied by α, and the new number by 1 − α, as in the code.",
    read="A-memory-that-fades",
)
def exchanged_averages(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, 1 - alpha)
    return stepped(theta, grad, m, v, lr, root(m, v) + eps)


@mended.misconception(
    "the mean in the place of the gradient",
    "The step is made of the gradient, as in the code. m is for σ alone.",
    read="A-memory-that-fades",
)
def along_the_mean(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return stepped(theta, m, m, v, lr, root(m, v) + eps)


@mended.misconception(
    "the mean is subtracted from the gradient too",
    "The step is made of the gradient itself, as in the code. Only σ is centred.",
    read="A-memory-that-fades",
)
def along_the_distance(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return stepped(theta, grad - m, m, v, lr, root(m, v) + eps)


@mended.misconception(
    "the sign of the gradient in its place",
    "The step is made of the gradient itself, as in the code.",
    read="A-memory-that-fades",
)
def along_the_sign(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return stepped(theta, np.sign(grad), m, v, lr, root(m, v) + eps)


@mended.misconception(
    "up the slope",
    "The step goes against the gradient: θ − η g / σ.",
    read="A-memory-that-fades",
)
def upwards(theta, grad, m, v, lr, alpha, eps):
    m, v = two_averages(grad, m, v, alpha)
    return stepped(theta, -grad, m, v, lr, root(m, v) + eps)


bias = mended.misconception(
    "a bias correction that the code does not have",
    "σ is made of m and v as they are. To divide them by 1 − α is right after the first gradient "
    "alone, and this rule does not know which one it is.",
    read="The-first-step",
)


def corrected_as_the_first(mean_too):
    @bias
    def answer(theta, grad, m, v, lr, alpha, eps):
        m, v = two_averages(grad, m, v, alpha)
        sigma = root(m / (1 - alpha) if mean_too else m, v / (1 - alpha)) + eps
        return stepped(theta, grad, m, v, lr, sigma)


corrected_as_the_first(True)
corrected_as_the_first(False)
