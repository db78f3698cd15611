"""What `check` and `hint` know of 01: cases, hints, and the wrong answers that learners give."""

import warnings

import numpy as np

from course_lib import data
from course_lib.network import MLP
from tasks.catalogue import Task

# Curvatures 1 and 9 in directions at 45° to the axes; the diagonal shows 5 and 5.
BOWL = np.array([[5.0, 4.0], [4.0, 5.0]])
# Curvatures -1 and 3; the diagonal shows 1 and 1.
PASS = np.array([[1.0, 2.0], [2.0, 1.0]])
# Curvatures -1 and 4. Here the rows of the eigenvectors' matrix are not its columns.
SLANT = np.array([[0.0, 2.0], [2.0, 3.0]])
MORE_THAN_TWO = "wrong where n is more than 2"


def point(hessian, *gradient, small_gradient=1e-6, small_share=1e-5):
    return {
        "gradient": np.array(gradient or [0.0] * len(hessian)),
        "hessian": np.array(hessian),
        "small_gradient": small_gradient,
        "small_share": small_share,
    }


OF_THE_LIMIT = "wrong where an eigenvalue is near the limit: small_share times the largest |λ|"

kind = Task(
    "kind_of_point",
    cases={
        "nearly on top of a hill": point(
            [[-5.0, 4.0, 0.0], [4.0, -5.0, 0.0], [0.0, 0.0, -3.0]],
            *(6e-7, -5e-7, 1e-7),
            small_share=0.1,
        ),
        "a shallow bowl": point(1e-8 * BOWL, 0.3, -0.5, small_gradient=0.9),
        "a pass": point(PASS),
        "on a slope": point(BOWL, 3.0, -3.0),
        "a trough": point([[3.0, 0.0], [0.0, 0.0]]),
        "a ridge, nearly flat": point([[-2.0, 2.0], [2.0, -2.0 - 1e-5]]),
        "no curvature at all": point(np.zeros((2, 2))),
        "three parameters, one curves up": point(
            [[-2.0, 1.0, 0.0], [1.0, -3.0, 0.0], [0.0, 0.0, 4.0]]
        ),
        "three parameters, one curves down": point(
            [[4.0, 0.0, 0.0], [0.0, 3.0, 1.0], [0.0, 1.0, -2.0]]
        ),
        "a saddle with a flat direction": point(
            [[1.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
        ),
        "an eigenvalue exactly at the limit": point([[1.0, 0.0], [0.0, 4.0]], small_share=0.25),
        "an eigenvalue just above the limit": point([[1.01, 0.0], [0.0, 4.0]], small_share=0.25),
        # Eigenvalues -0.9 and 4.
        "a negative one that counts as 0": point([[1.55, 2.45], [2.45, 1.55]], small_share=0.25),
        "a positive one that counts as 0": point([[0.7, 0.0], [0.0, -4.0]], small_share=0.25),
        "a gradient exactly at the limit": point(BOWL, 3.0, -4.0, small_gradient=5.0),
        "a gradient just too long": point(BOWL, 8e-7, 8e-7),
    },
    about={
        "no curvature at all": "a Hessian of zeros is undecided",
        "three parameters, one curves up": MORE_THAN_TWO,
        "three parameters, one curves down": MORE_THAN_TWO,
        "a saddle with a flat direction": "two signs make a saddle, with zeros or without",
        "an eigenvalue exactly at the limit": "an eigenvalue exactly at the limit counts as 0",
        "an eigenvalue just above the limit": OF_THE_LIMIT,
        "a negative one that counts as 0": OF_THE_LIMIT,
        "a positive one that counts as 0": OF_THE_LIMIT,
        "a gradient exactly at the limit": "a gradient exactly at the limit counts as 0",
        "a gradient just too long": "a gradient longer than the limit does not count as 0",
    },
    hints=[
        "Three questions, in this order: is it a critical point at all? Does it curve up in one "
        "direction and down in another? If not, does it curve in every direction?",
        "`np.linalg.norm` gives the length, `np.linalg.eigvalsh` the eigenvalues. What counts as "
        "0 is a share of the largest |λ|, so compute this limit first.",
        "Two arrays of true and false: λ > limit and λ < −limit. Any of the first and any of the "
        "second: saddle. All of the first: minimum. All of the second: maximum. Else undecided.",
    ],
)


def by_signs(up, down):
    """The right verdict, once it is known which eigenvalues are positive and negative."""
    if up.any() and down.any():
        return "saddle"
    return "minimum" if up.all() else "maximum" if down.all() else "undecided"


def with_limit(curvatures, zero):
    return by_signs(curvatures > zero, curvatures < -zero)


def at_critical_point(curvatures, small_share):
    return with_limit(curvatures, small_share * np.abs(curvatures).max())


def verdict(length, curvatures, small_gradient, small_share):
    if length > small_gradient:
        return "not critical"
    return at_critical_point(curvatures, small_share)


def judge(judgement):
    """A wrong answer that looks at the gradient rightly: judgement(eigenvalues, share, Hessian)."""

    def function(gradient, hessian, small_gradient, small_share):
        if np.linalg.norm(gradient) > small_gradient:
            return "not critical"
        return judgement(np.linalg.eigvalsh(hessian), small_share, hessian)

    return function


def signs(curvatures, small_share):
    """Each eigenvalue's sign, 0 for what counts as 0."""
    zero = small_share * np.abs(curvatures).max()
    return np.sign(curvatures) * (np.abs(curvatures) > zero)


zeros_ignored = kind.misconception(
    "one sign and zeros taken for a minimum or maximum",
    "A zero eigenvalue leaves open what happens in its direction. A minimum is certain only if "
    "all eigenvalues are positive, a maximum only if all are negative.",
    read="What-a-critical-point-is",
)


def one_sign_enough(zeros_alone):
    def judgement(curvatures, small_share, hessian):
        there = set(signs(curvatures, small_share)) - {0}
        if len(there) == 2:
            return "saddle"
        return {1: "minimum", -1: "maximum"}[there.pop()] if there else zeros_alone

    return judgement


for alone in ("undecided", "minimum", "maximum"):
    zeros_ignored(judge(one_sign_enough(alone)))


@zeros_ignored
@judge
def zeros_end_in_maximum(curvatures, small_share, hessian):
    found = at_critical_point(curvatures, small_share)
    return "maximum" if found == "undecided" else found


@kind.misconception(
    "no negative eigenvalue taken for a minimum",
    "A zero eigenvalue leaves open what happens in its direction: it is neither positive nor "
    "negative. A minimum is certain only if all eigenvalues are positive.",
    read="What-a-critical-point-is",
)
@judge
def semidefinite(curvatures, small_share, hessian):
    found = at_critical_point(curvatures, small_share)
    return "minimum" if min(signs(curvatures, small_share)) >= 0 else found


@kind.misconception(
    "whatever is no minimum and no maximum taken for a saddle",
    "A saddle needs an eigenvalue of each sign. With zeros and a single sign, or with zeros alone, "
    "the question stays open.",
    read="What-a-critical-point-is",
)
@judge
def saddle_otherwise(curvatures, small_share, hessian):
    found = at_critical_point(curvatures, small_share)
    return "saddle" if found == "undecided" else found


@kind.misconception(
    "a zero eigenvalue leaves everything open",
    "Two eigenvalues of opposite sign make a saddle in any case, whatever the others are. So this "
    "question comes before the one for zeros.",
    read="What-a-critical-point-is",
)
@judge
def zeros_first(curvatures, small_share, hessian):
    found = at_critical_point(curvatures, small_share)
    return "undecided" if 0 in signs(curvatures, small_share) else found


@kind.misconception(
    "the diagonal for the eigenvalues",
    "The diagonal holds the curvatures along the axes. Between the axes a surface can curve the "
    "other way: take the eigenvalues.",
    read="What-a-critical-point-is",
)
@judge
def diagonal(curvatures, small_share, hessian):
    return at_critical_point(hessian.diagonal(), small_share)


by_product = kind.misconception(
    "the determinant for the signs",
    "The determinant is the product of all eigenvalues. It hides how many are negative, and one "
    "zero makes it zero: look at each eigenvalue.",
    read="What-a-critical-point-is",
)


@by_product
@judge
def determinant(curvatures, small_share, hessian):
    product = np.linalg.det(hessian)
    if product == 0:
        return "undecided"
    if product < 0:
        return "saddle"
    return "minimum" if hessian[0, 0] > 0 else "maximum"


@by_product
@judge
def determinant_and_trace(curvatures, small_share, hessian):
    product = np.linalg.det(hessian)
    if abs(product) <= small_share * np.abs(curvatures).max() ** 2:
        return "undecided"
    if product < 0:
        return "saddle"
    return "minimum" if np.trace(hessian) > 0 else "maximum"


@by_product
@judge
def product_of_signs(curvatures, small_share, hessian):
    product = np.prod(signs(curvatures, small_share))
    if product == 0:
        return "undecided"
    if product < 0:
        return "saddle"
    return "minimum" if curvatures[0] > 0 else "maximum"


@kind.misconception(
    "minimum and maximum exchanged",
    "At a minimum the surface curves up in every direction, so all eigenvalues are positive. At a "
    "maximum all are negative.",
    read="What-a-critical-point-is",
)
@judge
def top_for_bottom(curvatures, small_share, hessian):
    found = at_critical_point(curvatures, small_share)
    return {"minimum": "maximum", "maximum": "minimum"}.get(found, found)


sizes = kind.misconception(
    "the sizes |λ| in place of the eigenvalues",
    "Without their signs a maximum looks like a minimum, and so does a saddle. Singular values "
    "have no signs, too: take the eigenvalues.",
    read="What-a-critical-point-is",
)


@sizes
@judge
def without_signs(curvatures, small_share, hessian):
    return at_critical_point(np.abs(curvatures), small_share)


@sizes
@judge
def without_signs_semidefinite(curvatures, small_share, hessian):
    return "minimum" if curvatures.any() else "undecided"


@kind.misconception(
    "the first two eigenvalues alone",
    "With n parameters there are n eigenvalues, and each has a say. `.any()` and `.all()` ask "
    "them all.",
    read="What-a-critical-point-is",
)
@judge
def two_smallest(curvatures, small_share, hessian):
    return at_critical_point(curvatures[:2], small_share)


@kind.misconception(
    "the last two eigenvalues alone",
    "With n parameters there are n eigenvalues, and each has a say. `.any()` and `.all()` ask "
    "them all.",
    read="What-a-critical-point-is",
)
@judge
def two_largest(curvatures, small_share, hessian):
    return at_critical_point(curvatures[-2:], small_share)


one_alone = kind.misconception(
    "the sign of a single eigenvalue",
    "The smallest or the largest eigenvalue alone decides here, or the first one that does not "
    "count as 0. The others may have another sign: each has a say.",
    read="What-a-critical-point-is",
)


@one_alone
@judge
def smallest_alone(curvatures, small_share, hessian):
    first = signs(curvatures, small_share)[0]
    return {1: "minimum", 0: "undecided", -1: "saddle"}[first]


def by_one(place):
    def judgement(curvatures, small_share, hessian):
        sign = signs(curvatures, small_share)[place]
        return {1: "minimum", 0: "undecided", -1: "maximum"}[sign]

    return judgement


for end in (0, -1):
    one_alone(judge(by_one(end)))


@one_alone
@judge
def first_that_counts(curvatures, small_share, hessian):
    counting = [sign for sign in signs(curvatures, small_share) if sign]
    return ("minimum" if counting[0] > 0 else "maximum") if counting else "undecided"


@kind.misconception(
    "the trace for the signs",
    "The trace is the sum of all eigenvalues. It is positive at many saddles, too: look at each "
    "eigenvalue.",
    read="What-a-critical-point-is",
)
@judge
def trace(curvatures, small_share, hessian):
    total = np.trace(hessian)
    return "minimum" if total > 0 else "maximum" if total < 0 else "undecided"


@kind.misconception(
    "the majority of the signs",
    "A single eigenvalue of the other sign makes a saddle, and a single zero leaves the question "
    "open: the signs are not counted.",
    read="What-a-critical-point-is",
)
@judge
def majority(curvatures, small_share, hessian):
    total = sum(signs(curvatures, small_share))
    if total == 0:
        return "saddle" if curvatures.any() else "undecided"
    return "minimum" if total > 0 else "maximum"


@kind.misconception(
    "no point called a saddle",
    "An eigenvalue of each sign makes a saddle. Ask this before all other questions about the "
    "eigenvalues.",
    read="What-a-critical-point-is",
)
@judge
def never_saddle(curvatures, small_share, hessian):
    found = at_critical_point(curvatures, small_share)
    return "undecided" if found == "saddle" else found


zero_positive = kind.misconception(
    "zeros counted as positive",
    "What counts as 0 is neither positive nor negative. Positive is only what is above the limit, "
    "not what is above −limit.",
    read="What-is-there",
)


@zero_positive
@judge
def zeros_positive(curvatures, small_share, hessian):
    up = signs(curvatures, small_share) >= 0
    return by_signs(up, ~up)


@zero_positive
@judge
def positive_or_negative(curvatures, small_share, hessian):
    up = curvatures >= 0
    return by_signs(up, ~up)


@kind.misconception(
    "zeros counted as negative",
    "What counts as 0 is neither positive nor negative. Negative is only what is below −limit, "
    "not all that is not positive.",
    read="What-is-there",
)
@judge
def zeros_negative(curvatures, small_share, hessian):
    up = signs(curvatures, small_share) > 0
    return by_signs(up, ~up)


of_largest = kind.misconception(
    "a share of the largest λ, not of the largest |λ|",
    "Where the surface curves mostly down, the largest λ is small or negative. The limit is a "
    "share of the largest |λ|.",
    read="What-is-there",
)


@of_largest
@judge
def share_of_largest(curvatures, small_share, hessian):
    return with_limit(curvatures, small_share * np.abs(curvatures.max()))


@of_largest
@judge
def share_with_sign(curvatures, small_share, hessian):
    return with_limit(curvatures, small_share * curvatures.max())


@of_largest
@judge
def signed_largest(curvatures, small_share, hessian):
    shares = curvatures / curvatures.max()
    return by_signs(shares > small_share, shares < -small_share)


@kind.misconception(
    "a share of the smallest λ, not of the largest |λ|",
    "The smallest λ, with or without its sign, is not the largest |λ|. What counts as 0 is a share "
    "of the largest |λ|.",
    read="What-is-there",
)
@judge
def share_of_smallest(curvatures, small_share, hessian):
    return with_limit(curvatures, small_share * np.abs(curvatures.min()))


@kind.misconception(
    "a share of the mean |λ|",
    "The mean |λ| is smaller than the largest one, and so is the limit: too much counts as "
    "positive or negative.",
    read="What-is-there",
)
@judge
def share_of_mean(curvatures, small_share, hessian):
    return with_limit(curvatures, small_share * np.abs(curvatures).mean())


@kind.misconception(
    "a share of the sum of all |λ|",
    "The sum is larger than the largest |λ|, and so is the limit: too much counts as 0.",
    read="What-is-there",
)
@judge
def share_of_sum(curvatures, small_share, hessian):
    return with_limit(curvatures, small_share * np.abs(curvatures).sum())


@kind.misconception(
    "a share of the Hessian's Frobenius norm",
    "`np.linalg.norm` of a matrix is the root of the sum of its squares, which is larger than the "
    "largest |λ|: too much counts as 0.",
    read="What-is-there",
)
@judge
def share_of_norm(curvatures, small_share, hessian):
    return with_limit(curvatures, small_share * np.linalg.norm(hessian))


@kind.misconception(
    "a share of the Hessian's largest entry",
    "The largest entry is not the largest |λ|. Where the matrix is not diagonal it is smaller, and "
    "so is the limit.",
    read="What-is-there",
)
@judge
def share_of_entry(curvatures, small_share, hessian):
    return with_limit(curvatures, small_share * np.abs(hessian).max())


rounding = kind.misconception(
    "rounding counted as curvature, or a limit far too small",
    "The eigenvalues are compared with exactly 0, or with a share of the smallest |λ|. A "
    "computer returns numbers like 1e-17 for a zero: only what is above small_share times the "
    "largest |λ| counts.",
    read="What-is-there",
)


@rounding
@judge
def without_limit(curvatures, small_share, hessian):
    return with_limit(curvatures, 0)


@rounding
@judge
def limit_of_rounding(curvatures, small_share, hessian):
    return with_limit(curvatures, 1e-12)


@rounding
@judge
def saddle_without_limit(curvatures, small_share, hessian):
    found = at_critical_point(curvatures, small_share)
    return "saddle" if curvatures.min() * curvatures.max() < 0 else found


@kind.misconception(
    "a limit that does not know the scale",
    "The eigenvalues are compared with `small_share` itself. It is a share of the largest |λ| of "
    "this Hessian; a bowl stays a bowl if all curvatures are tiny.",
    read="What-is-there",
)
@judge
def absolute(curvatures, small_share, hessian):
    return with_limit(curvatures, small_share)


@kind.misconception(
    "small_gradient as the limit for the eigenvalues",
    "`small_gradient` is the limit for the length of the gradient. An eigenvalue counts as 0 up to "
    "small_share times the largest |λ|.",
    read="What-is-there",
)
def gradient_limit_for_both(gradient, hessian, small_gradient, small_share):
    if np.linalg.norm(gradient) > small_gradient:
        return "not critical"
    return with_limit(np.linalg.eigvalsh(hessian), small_gradient)


@kind.misconception(
    "small_share as the limit for the gradient",
    "`small_share` is for the eigenvalues. The gradient counts as 0 if its length is at most "
    "`small_gradient`.",
    read="A-small-gradient",
)
def share_for_gradient(gradient, hessian, small_gradient, small_share):
    length = np.linalg.norm(gradient)
    return verdict(length, np.linalg.eigvalsh(hessian), small_share, small_share)


@kind.misconception(
    "the two limits exchanged",
    "`small_gradient` is the limit for the length of the gradient, `small_share` the share of the "
    "largest |λ|.",
    read="What-is-there",
)
def limits_exchanged(gradient, hessian, small_gradient, small_share):
    length = np.linalg.norm(gradient)
    return verdict(length, np.linalg.eigvalsh(hessian), small_share, small_gradient)


@kind.misconception(
    "the gradient was not looked at",
    "On a slope the eigenvalues tell nothing about a minimum. First ask whether the gradient "
    "counts as 0.",
    read="What-a-critical-point-is",
)
def any_point(gradient, hessian, small_gradient, small_share):
    return at_critical_point(np.linalg.eigvalsh(hessian), small_share)


fixed = kind.misconception(
    "0 or a fixed limit for the gradient, not small_gradient",
    "A gradient counts as 0 if its length is at most `small_gradient`, not only where it is "
    "exactly 0. (`np.allclose(gradient, 0)` has a limit of its own, 1e-8.)",
    read="A-small-gradient",
)


@fixed
def gradient_of_zero(gradient, hessian, small_gradient, small_share):
    return verdict(gradient.any(), np.linalg.eigvalsh(hessian), 0, small_share)


@fixed
def fixed_limit(gradient, hessian, small_gradient, small_share):
    length = np.linalg.norm(gradient)
    return verdict(length, np.linalg.eigvalsh(hessian), 1e-6, small_share)


@kind.misconception(
    "single components for the length",
    "The largest component, or the mean of their sizes, decides here. The length ‖g‖ is the root "
    "of the sum of their squares, and is longer than each of them.",
    read="Words-and-tools",
)
def largest_component(gradient, hessian, small_gradient, small_share):
    length = np.abs(gradient).max()
    return verdict(length, np.linalg.eigvalsh(hessian), small_gradient, small_share)


@kind.misconception(
    "the square of the length for the length",
    "The sum of the squares decides here. The length ‖g‖ is its root.",
    read="Words-and-tools",
)
def squared_length(gradient, hessian, small_gradient, small_share):
    return verdict(gradient @ gradient, np.linalg.eigvalsh(hessian), small_gradient, small_share)


@kind.misconception(
    "the sum of the sizes for the length",
    "The sum of the components' sizes decides here. The length ‖g‖ is the root of the sum of their "
    "squares, and is shorter than that.",
    read="Words-and-tools",
)
def sum_of_sizes(gradient, hessian, small_gradient, small_share):
    length = np.abs(gradient).sum()
    return verdict(length, np.linalg.eigvalsh(hessian), small_gradient, small_share)


at_limit = kind.misconception(
    "an eigenvalue exactly at the limit counted as positive or negative",
    "What is at most the limit counts as 0, so exactly at the limit, too: positive is only what is "
    "above it.",
    read="What-is-there",
)


@at_limit
@judge
def at_the_limit(curvatures, small_share, hessian):
    zero = small_share * np.abs(curvatures).max()
    return by_signs(
        (curvatures >= zero) & (curvatures > 0), (curvatures <= -zero) & (curvatures < 0)
    )


@at_limit
@judge
def at_the_limit_and_zeros(curvatures, small_share, hessian):
    zero = small_share * np.abs(curvatures).max()
    return by_signs(curvatures >= zero, curvatures <= -zero)


@kind.misconception(
    "the sum of the gradient for its length",
    "Components of opposite sign cancel in a sum, and a slope looks like a critical point. Take "
    "the length ‖g‖.",
    read="Words-and-tools",
)
def sum_of_components(gradient, hessian, small_gradient, small_share):
    length = np.abs(gradient.sum())
    return verdict(length, np.linalg.eigvalsh(hessian), small_gradient, small_share)


cosines = Task(
    "successive_cosines",
    cases={
        "bouncing": {"gradients": np.array([[1.0, 2.0], [-1.0, -2.0], [2.0, 4.0]])},
        "four gradients": {
            "gradients": np.array([[3.0, 4.0], [4.0, 3.0], [0.0, -5.0], [10.0, 0.0]])
        },
        "only two gradients": {"gradients": np.array([[-3.0, 1.0], [2.0, 0.5]])},
        "three components": {
            "gradients": np.array(
                [[1.0, 2.0, 2.0], [2.0, -1.0, 2.5], [0.5, -3.0, 1.0], [1.0, -2.0, 4.0]]
            )
        },
        "tiny gradients": {"gradients": 1e-12 * np.array([[3.0, 4.0], [4.0, 3.0], [-4.0, 3.0]])},
        "a gradient of zero": {
            "gradients": np.array([[3.0, 4.0], [4.0, 3.0], [0.0, 0.0], [1.0, 2.0], [2.0, 1.0]])
        },
        "three runs at once": {
            "gradients": np.array(
                [
                    [[3.0, 1.0, 0.0], [4.0, 2.0, 1.0]],
                    [[4.0, -1.0, 2.0], [3.0, -2.0, 0.5]],
                    [[4.0, 1.0, 2.0], [3.0, 3.0, 2.0]],
                ]
            ),
        },
        "two runs, one with a gradient of zero": {
            "gradients": np.array(
                [[[3.0, 1.0], [4.0, 2.0]], [[4.0, 0.0], [3.0, 0.0]], [[1.0, 2.0], [3.0, 3.0]]]
            ),
        },
    },
    about={
        "only two gradients": "wrong where there are only two gradients",
        "three components": MORE_THAN_TWO,
        "tiny gradients": "wrong where the gradients are tiny",
        "a gradient of zero": "wrong where a gradient is zero",
        "three runs at once": "wrong for several runs at once",
        "two runs, one with a gradient of zero": "wrong where one of several gradients is zero",
    },
    hints=[
        "gᵀh = ‖g‖ ‖h‖ cos φ. Solve for the cosine; which sums over which axis does it need?",
        "`gradients[:-1]` and `gradients[1:]` stand beside each other as before and after. Sum "
        "their products, and take their lengths (`np.linalg.norm`), along axis 1.",
        "Dot products divided by the product of the two lengths. For the zeros use `np.divide` "
        "with `where=` and an `out=` of zeros, or replace the lengths that are 0 by 1.",
    ],
)


def divided(dots, lengths):
    """Their ratio, and 0 where a length is 0."""
    return np.where(lengths == 0, 0.0, dots / np.where(lengths == 0, 1.0, lengths))


def cosine(one, other, axis=1):
    lengths = np.linalg.norm(one, axis=axis) * np.linalg.norm(other, axis=axis)
    return divided(np.sum(one * other, axis=axis), lengths)


def pairs(gradients):
    """Dot products of successive gradients, and the lengths of the two."""
    before, after = gradients[:-1], gradients[1:]
    lengths = np.linalg.norm(before, axis=1), np.linalg.norm(after, axis=1)
    return np.sum(before * after, axis=1), *lengths


@cosines.misconception(
    "the dot product for the cosine",
    "The dot product grows with the lengths of both gradients. Divide by them.",
    read="Stopped-on-real-data",
)
def dots_only(gradients):
    return pairs(gradients)[0]


@cosines.misconception(
    "the last entry is not filled",
    "The last entry is 0. The last gradient has a cosine with the one before it: T gradients give "
    "T − 1 cosines.",
    read="Stopped-on-real-data",
)
def last_left_out(gradients):
    found = cosine(gradients[:-1], gradients[1:])
    found[-1] = 0
    return found


one_length = cosines.misconception(
    "divided by the length of one gradient alone",
    "Each gradient brings its own length: divide by the product of the two, not by the length of "
    "one or by its square.",
    read="Stopped-on-real-data",
)


@one_length
def before_squared(gradients):
    dots, before, _ = pairs(gradients)
    return divided(dots, before**2)


@one_length
def after_squared(gradients):
    dots, _, after = pairs(gradients)
    return divided(dots, after**2)


@one_length
def before_alone(gradients):
    dots, before, _ = pairs(gradients)
    return divided(dots, before)


@one_length
def after_alone(gradients):
    dots, _, after = pairs(gradients)
    return divided(dots, after)


@cosines.misconception(
    "divided by the squares of both lengths",
    "The sums of squares are the squared lengths. The cosine has the lengths themselves below: "
    "their root is missing.",
    read="Stopped-on-real-data",
)
def squares(gradients):
    dots, before, after = pairs(gradients)
    return divided(dots, (before * after) ** 2)


@cosines.misconception(
    "divided by the root of the product of the lengths",
    "The dot product is divided by a root too many. Below it stands the product of the two "
    "lengths.",
    read="Stopped-on-real-data",
)
def root_of_lengths(gradients):
    dots, before, after = pairs(gradients)
    return divided(dots, np.sqrt(before * after))


@cosines.misconception(
    "divided by the sum of the lengths",
    "The two lengths stand below as a product: gᵀh = ‖g‖ ‖h‖ cos φ.",
    read="Stopped-on-real-data",
)
def sum_of_lengths(gradients):
    dots, before, after = pairs(gradients)
    return divided(dots, before + after)


@cosines.misconception(
    "the sum of the sizes for the length",
    "A gradient's length is the root of the sum of its squares, not the sum of its components' "
    "sizes.",
    read="Words-and-tools",
)
def added_sizes(gradients):
    size = np.abs(gradients).sum(axis=1)
    return divided(pairs(gradients)[0], size[:-1] * size[1:])


common = cosines.misconception(
    "one length for all gradients",
    "`np.linalg.norm` without `axis` takes the length of the whole array. Each gradient has a "
    "length of its own.",
    read="Stopped-on-real-data",
)


@common
def common_length(gradients):
    before, after = gradients[:-1], gradients[1:]
    return divided(pairs(gradients)[0], np.linalg.norm(before) * np.linalg.norm(after))


@common
def common_length_squared(gradients):
    return divided(pairs(gradients)[0], np.sum(gradients**2))


runs_mixed = cosines.misconception(
    "all runs mixed into one number",
    "Each run has a cosine of its own: sum along axis 1 alone, also where there is a third axis.",
    read="Stopped-on-real-data",
)


@runs_mixed
def over_all_axes(gradients):
    flat = gradients.reshape(len(gradients), -1)
    return cosine(flat[:-1], flat[1:])


@runs_mixed
def lengths_over_all_axes(gradients):
    length = np.linalg.norm(gradients.reshape(len(gradients), -1), axis=1)
    lengths = (length[:-1] * length[1:]).reshape(-1, *[1] * (gradients.ndim - 2))
    return divided(pairs(gradients)[0], lengths)


@cosines.misconception(
    "the mean of the products for their sum",
    "The dot product is the sum of the products of the components. Their mean makes every cosine "
    "too small by the factor n.",
    read="Stopped-on-real-data",
)
def mean_of_products(gradients):
    return cosine(gradients[:-1], gradients[1:]) / gradients.shape[1]


@cosines.misconception(
    "the mean of the components is subtracted",
    "That is a correlation, as `np.corrcoef` computes it. The angle is the one between the "
    "gradients themselves: nothing is subtracted from them.",
    read="Stopped-on-real-data",
)
def correlation(gradients):
    centred = gradients - gradients.mean(axis=1, keepdims=True)
    return cosine(centred[:-1], centred[1:])


@cosines.misconception(
    "the angles between the changes of the gradient",
    "The differences of successive gradients are compared here. The cosine is that between the "
    "gradients themselves.",
    read="Stopped-on-real-data",
)
def of_differences(gradients):
    change = np.diff(gradients, axis=0)
    return cosine(change[:-1], change[1:])


@cosines.misconception(
    "every gradient compared with the first",
    "A bounce shows between one gradient and the next, not between gradient 0 and each other one.",
    read="Stopped-on-real-data",
)
def with_the_first(gradients):
    return cosine(gradients[:1], gradients[1:])


@cosines.misconception(
    "the last gradient compared with the first as well",
    "T gradients have T − 1 pairs of neighbours. After the last gradient comes no other one.",
    read="Stopped-on-real-data",
)
def around(gradients):
    return cosine(gradients, np.roll(gradients, -1, axis=0))


@cosines.misconception(
    "every second gradient",
    "One gradient is left out between the two. After two bounces a run faces the same way again: "
    "compare t with t + 1.",
    read="Stopped-on-real-data",
)
def two_apart(gradients):
    return cosine(gradients[:-2], gradients[2:])


@cosines.misconception(
    "the sum over the updates",
    "These sums run along axis 0, over time. An angle lies between two vectors: sum over their "
    "components, axis 1.",
    read="Stopped-on-real-data",
)
def over_time(gradients):
    return cosine(gradients[:-1], gradients[1:], axis=0)


@cosines.misconception(
    "the last axis for the components",
    "With several runs the last axis counts the runs. The components are on axis 1 in any case.",
    read="Stopped-on-real-data",
)
def last_axis(gradients):
    return cosine(gradients[:-1], gradients[1:], axis=-1)


the_angle = cosines.misconception(
    "the angle for its cosine",
    "The results are the angles themselves. The cosine was asked for: leave out the `arccos`.",
    read="Stopped-on-real-data",
)


@the_angle
def angle(gradients):
    return np.arccos(np.clip(cosine(gradients[:-1], gradients[1:]), -1, 1))


@the_angle
def angle_or_zero(gradients):
    _, before, after = pairs(gradients)
    return np.where(before * after == 0, 0.0, angle(gradients))


@the_angle
def angle_in_degrees(gradients):
    return np.degrees(angle(gradients))


@cosines.misconception(
    "the sine for the cosine",
    "The sine is 0 for the same and for the opposite direction alike. The cosine tells them apart.",
    read="Stopped-on-real-data",
)
def sine(gradients):
    return np.sqrt(1 - np.clip(cosine(gradients[:-1], gradients[1:]), -1, 1) ** 2)


@cosines.misconception(
    "one minus the cosine",
    "That is a distance, 0 for the same direction. The cosine itself was asked for.",
    read="Stopped-on-real-data",
)
def distance(gradients):
    return 1 - cosine(gradients[:-1], gradients[1:])


small_added = cosines.misconception(
    "a small number added to the lengths",
    "It avoids 0/0, but makes the cosine of tiny gradients too small. Leave the lengths as they "
    "are, and handle only those that are exactly 0.",
    read="A-small-gradient",
)


@small_added
def with_eps(gradients):
    dots, before, after = pairs(gradients)
    return dots / (before * after + 1e-8)


@small_added
def with_smaller_eps(gradients):
    dots, before, after = pairs(gradients)
    return dots / (before * after + 1e-12)


@small_added
def with_eps_each(gradients):
    dots, before, after = pairs(gradients)
    return dots / ((before + 1e-8) * (after + 1e-8))


@small_added
def with_smaller_eps_each(gradients):
    dots, before, after = pairs(gradients)
    return dots / ((before + 1e-12) * (after + 1e-12))


@cosines.misconception(
    "tiny gradients taken for zero",
    "A tiny gradient has a direction like any other. The cosine is 0 only where a gradient is "
    "exactly zero: compare with 0, without a limit (`np.isclose` has one).",
    read="A-small-gradient",
)
def tiny_is_zero(gradients):
    dots, before, after = pairs(gradients)
    return divided(dots, np.where(before * after < 1e-14, 0.0, before * after))


@cosines.misconception(
    "the sign is lost",
    "Every cosine is positive. The sign tells a bounce, −1, from going straight on, +1.",
    read="Stopped-on-real-data",
)
def without_sign(gradients):
    return np.abs(cosine(gradients[:-1], gradients[1:]))


@cosines.misconception(
    "negative cosines cut off at 0",
    "A cosine goes down to −1, for the opposite direction. This is how a bounce shows.",
    read="Stopped-on-real-data",
)
def never_negative(gradients):
    return np.maximum(cosine(gradients[:-1], gradients[1:]), 0.0)


@cosines.misconception(
    "the sign of the cosine alone",
    "A cosine lies anywhere between −1 and 1, and is not only one of −1, 0 and 1.",
    read="Stopped-on-real-data",
)
def only_sign(gradients):
    return np.sign(pairs(gradients)[0])


beside_zero = cosines.misconception(
    "1 in place of 0 beside a gradient of zero",
    "A gradient of zero has no direction. The docstring asks for 0 there.",
    read="Stopped-on-real-data",
)


@beside_zero
def one_beside_zero(gradients):
    _, before, after = pairs(gradients)
    return np.where(before * after == 0, 1.0, cosine(gradients[:-1], gradients[1:]))


ALONG = np.array([[2.0, 1.0], [1.0, 1.5], [0.5, 3.0], [2.0, 4.0]])
ACROSS = np.array([[-5.0, 0.125], [-5.25, -0.125], [-5.5, 0.125]])
RUNS = np.array(
    [
        [[1.0, 2.0, 0.0], [0.0, 1.0, 1.0]],
        [[2.0, 1.0, 1.0], [1.0, -1.0, 1.5]],
        [[0.0, 1.5, 2.0], [2.0, 0.0, -1.0]],
    ]
)
IN_SPACE = np.array([[1.0, 0.0, 2.0], [2.0, -1.0, 0.5], [1.5, 1.0, 3.0], [4.0, 0.5, 2.0]])
SPATIAL = np.array([[3.0, 1.0, 0.0], [1.0, -2.0, 0.5], [0.0, 0.5, 7.0]])

along = Task(
    "curvature_along",
    cases={
        "a valley along the axes": {"theta": ALONG, "gradients": ALONG * [1.0, 4.0]},
        "a turned valley": {"theta": ALONG, "gradients": (ALONG - [3.0, -1.0]) @ BOWL},
        "a saddle": {"theta": ALONG, "gradients": ALONG * [1.0, -2.0]},
        "between two walls": {
            "theta": ACROSS,
            "gradients": np.array([[-0.25, 8.0], [-0.25, -8.0], [-0.25, 8.0]]),
        },
        "no parabola: L = θ₁³ + 2 θ₂³": {"theta": ALONG, "gradients": ALONG**2 * [3.0, 6.0]},
        "only two points": {
            "theta": np.array([[0.5, 3.0], [2.5, -1.0]]),
            "gradients": np.array([[7.0, 2.0], [-1.0, 4.5]]),
        },
        "three parameters": {"theta": IN_SPACE, "gradients": IN_SPACE @ SPATIAL},
        "tiny steps": {"theta": 1e-7 * ALONG, "gradients": 1e-7 * ALONG @ BOWL},
        "three runs at once": {
            "theta": RUNS,
            "gradients": np.einsum("ij,tjk->tik", PASS, RUNS),
        },
    },
    about={
        "no parabola: L = θ₁³ + 2 θ₂³": "wrong where the curvature changes along the path",
        "only two points": "wrong where there are only two points",
        "three parameters": MORE_THAN_TWO,
        "tiny steps": "wrong where the steps are tiny",
        "three runs at once": "wrong for several runs at once",
    },
    hints=[
        "On a parabola the change of the gradient over the step d is Hd. You know both this "
        "change and d. How do you get from the vector Hd to the number dᵀHd?",
        "Call the change of the gradient c. Then dᵀHd is the dot product of d and c. "
        "`np.diff(…, axis=0)` gives all steps, and all changes.",
        "Sum the products d·c along axis 1, and divide by the sum of d² along axis 1.",
    ],
)


def steps(theta, gradients):
    return np.diff(theta, axis=0), np.diff(gradients, axis=0)


def dot(one, other):
    return np.sum(one * other, axis=1)


def length(vectors):
    return np.sqrt(dot(vectors, vectors))


lengths_only = along.misconception(
    "the ratio of two lengths",
    "The length of the change over the length of the step has no sign, and counts changes across "
    "the step, too: take the dot product with d.",
    read="What-a-critical-point-is",
)


@lengths_only
def lengths(theta, gradients):
    step, change = steps(theta, gradients)
    return length(change) / length(step)


@lengths_only
def signed_lengths(theta, gradients):
    step, change = steps(theta, gradients)
    return np.sign(dot(step, change)) * length(change) / length(step)


@along.misconception(
    "the change of the gradient's length",
    "The gradient is a vector: it can turn and keep its length. Take the dot product of its change "
    "with d.",
    read="What-a-critical-point-is",
)
def change_of_length(theta, gradients):
    return np.diff(length(gradients), axis=0) / length(np.diff(theta, axis=0))


@along.misconception(
    "divided by the length, not by its square",
    "dᵀHd contains the step twice, so it must be divided by dᵀd = ‖d‖². Otherwise a longer step "
    "would mean more curvature.",
    read="What-a-critical-point-is",
)
def not_squared(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, change) / length(step)


@along.misconception(
    "not divided by dᵀd",
    "dᵀHd contains the step twice, so it must be divided by dᵀd. Otherwise a longer step would "
    "mean more curvature.",
    read="What-a-critical-point-is",
)
def not_divided(theta, gradients):
    return dot(*steps(theta, gradients))


@along.misconception(
    "multiplied by dᵀd",
    "dᵀHd contains the step twice, so it must be divided by dᵀd, not multiplied.",
    read="What-a-critical-point-is",
)
def multiplied(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, change) * dot(step, step)


@along.misconception(
    "the cosine for the curvature",
    "That is the cosine between the step and the change of the gradient. The curvature is their "
    "dot product over dᵀd.",
    read="What-a-critical-point-is",
)
def cosine_of_change(theta, gradients):
    return cosine(*steps(theta, gradients))


common_step = along.misconception(
    "one length for all steps",
    "The sum below runs over all steps together. Each step has a length of its own: sum along "
    "axis 1 only.",
    read="What-a-critical-point-is",
)


@common_step
def all_steps_together(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, change) / np.sum(step**2)


@common_step
def mean_of_steps(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, change) / np.mean(dot(step, step), axis=0)


the_slope = along.misconception(
    "the slope for the curvature",
    "The gradient itself stands here in the place of its change. Curvature is how the gradient "
    "changes: take the difference of two gradients.",
    read="A-small-gradient",
)


@the_slope
def slope(theta, gradients):
    step, _ = steps(theta, gradients)
    return dot(step, gradients[:-1]) / dot(step, step)


@the_slope
def slope_at_the_end(theta, gradients):
    step, _ = steps(theta, gradients)
    return dot(step, gradients[1:]) / dot(step, step)


@the_slope
def mean_slope(theta, gradients):
    step, _ = steps(theta, gradients)
    return dot(step, gradients[1:] + gradients[:-1]) / 2 / dot(step, step)


@along.misconception(
    "one over the curvature",
    "The fraction is upside down: the change of the gradient belongs above, the step below.",
    read="A-small-gradient",
)
def upside_down(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, step) / dot(step, change)


twice = along.misconception(
    "the change in the place of the step",
    "The change stands here more than once. dᵀHd is the dot product of the step and the change, "
    "and below it is dᵀd.",
    read="What-a-critical-point-is",
)


@twice
def change_twice(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(change, change) / dot(step, change)


@twice
def change_above(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(change, change) / dot(step, step)


@twice
def change_below(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, change) / dot(change, change)


@twice
def change_length_below(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, change) / length(change)


by_component = along.misconception(
    "a quotient for each component",
    "The components are divided one by one, and averaged, added up or chosen. In a turned valley a "
    "component of the gradient changes because of the other one: use dot products.",
    read="What-a-critical-point-is",
)


@by_component
def mean_of_quotients(theta, gradients):
    step, change = steps(theta, gradients)
    return np.mean(change / step, axis=1)


@by_component
def largest_quotient(theta, gradients):
    step, change = steps(theta, gradients)
    return np.max(change / step, axis=1)


@by_component
def first_quotient(theta, gradients):
    step, change = steps(theta, gradients)
    return change[:, 0] / step[:, 0]


@by_component
def sum_of_quotients(theta, gradients):
    step, change = steps(theta, gradients)
    return np.sum(change / step, axis=1)


@by_component
def quotient_of_sums(theta, gradients):
    step, change = steps(theta, gradients)
    return np.sum(change, axis=1) / np.sum(step, axis=1)


@along.misconception(
    "the first two components alone",
    "Written out for n = 2. A dot product is the sum over all n components: sum along axis 1.",
    read="What-a-critical-point-is",
)
def two_components(theta, gradients):
    step, change = steps(theta[:, :2], gradients[:, :2])
    return dot(step, change) / dot(step, step)


origin = along.misconception(
    "the distance from the origin for the step",
    "Gradient divided by θ is the curvature only if the minimum is at 0. Take the differences of "
    "two successive points and gradients.",
    read="A-small-gradient",
)


@origin
def step_over_point(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, change) / dot(theta[1:], theta[1:])


@origin
def from_the_origin(theta, gradients):
    return dot(theta[1:], gradients[1:]) / dot(theta[1:], theta[1:])


@along.misconception(
    "the square of the sum for the sum of the squares",
    "dᵀd is the sum of the squares of the step's components: square first, then add.",
    read="Words-and-tools",
)
def square_of_sum(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, change) / np.sum(step, axis=1) ** 2


@along.misconception(
    "one number for all steps",
    "Every step has a curvature of its own. Nothing is averaged over the path.",
    read="What-a-critical-point-is",
)
def mean_of_path(theta, gradients):
    step, change = steps(theta, gradients)
    found = dot(step, change) / dot(step, step)
    return np.full_like(found, found.mean())


@along.misconception(
    "steps over two updates",
    "Entry t belongs to the step from point t to point t + 1. `np.gradient` takes the points "
    "before and after; `np.diff` takes neighbours.",
    read="What-a-critical-point-is",
)
def central(theta, gradients):
    step, change = (np.gradient(array, axis=0)[:-1] for array in (theta, gradients))
    return dot(step, change) / dot(step, step)


@along.misconception(
    "the step from the first point",
    "Entry t belongs to the step from point t to point t + 1. Take the differences of neighbours, "
    "not those from point 0.",
    read="What-a-critical-point-is",
)
def from_the_first(theta, gradients):
    step, change = theta[1:] - theta[0], gradients[1:] - gradients[0]
    return dot(step, change) / dot(step, step)


@along.misconception(
    "before minus after in one of the two",
    "One difference is taken after − before, the other before − after. A valley then seems to "
    "curve down: take both in the same order.",
    read="What-a-critical-point-is",
)
def turned(theta, gradients):
    step, change = steps(theta, gradients)
    return -dot(step, change) / dot(step, step)


@along.misconception(
    "the sign is lost",
    "Every curvature is positive here. Where the surface curves down it is negative.",
    read="What-a-critical-point-is",
)
def sign_lost(theta, gradients):
    step, change = steps(theta, gradients)
    return np.abs(dot(step, change)) / dot(step, step)


@along.misconception(
    "the mean of the products for their sum",
    "A dot product is the sum of the products. With a mean above and a sum below every curvature "
    "is too small by the factor n.",
    read="What-a-critical-point-is",
)
def mean_above(theta, gradients):
    step, change = steps(theta, gradients)
    return np.mean(step * change, axis=1) / dot(step, step)


@along.misconception(
    "a small number added to dᵀd",
    "It makes the curvature of a tiny step too small. Two successive points are never equal, so "
    "dᵀd is not 0.",
    read="A-small-gradient",
)
def added_below(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, change) / (dot(step, step) + 1e-8)


@along.misconception(
    "the sum over the updates",
    "These sums run along axis 0, over time. A dot product is a sum over the components, axis 1.",
    read="What-a-critical-point-is",
)
def sum_over_time(theta, gradients):
    step, change = steps(theta, gradients)
    return np.sum(step * change, axis=0) / np.sum(step * step, axis=0)


@along.misconception(
    "the last axis for the components",
    "With several runs the last axis counts the runs. The components are on axis 1 in any case.",
    read="What-a-critical-point-is",
)
def components_last(theta, gradients):
    step, change = steps(theta, gradients)
    return np.sum(step * change, axis=-1) / np.sum(step * step, axis=-1)


mixed = along.misconception(
    "all runs mixed into one number",
    "Each run has a curvature of its own: sum along axis 1 alone, also where there is an axis 2.",
    read="What-a-critical-point-is",
)


@mixed
def all_axes(theta, gradients):
    flat = (array.reshape(len(array), -1) for array in steps(theta, gradients))
    step, change = flat
    return dot(step, change) / dot(step, step)


@mixed
def all_axes_below(theta, gradients):
    step, change = steps(theta, gradients)
    square = np.sum(step.reshape(len(step), -1) ** 2, axis=1)
    return dot(step, change) / square.reshape(-1, *[1] * (theta.ndim - 2))


def record(losses, gradients, sharpness):
    return {
        "losses": np.array(losses),
        "gradients": np.array(gradients),
        "sharpness": sharpness,
    }


def to_and_fro(*lengths):
    """Gradients of these lengths, each nearly opposite to the one before: the cosine is −0.96."""
    return np.array(lengths)[:, None] * np.resize([[0.6, -0.8], [-0.8, 0.6]], (len(lengths), 2))


# Vectors of integers whose lengths are 10, 10 and 2, 2: their cosines are 0.9 and 0.5 exactly.
TEN, NEARLY = [10.0, 0.0, 0.0, 0.0], [9.0, 3.0, 3.0, 1.0]
ONES, HALF = [1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, -1.0]
MIDDLE = "the median of an even number of lengths is the mean of the middle two"
AT_A_COSINE = "wrong where the cosine is exactly at a limit"

stopped = Task(
    "diagnose",
    cases={
        "to and fro, but downwards": record(
            [8.0, 8.4, 8.2, 7.9],
            [[0.0, 9.0], [0.0, -8.0], [0.0, 3.0], [0.0, -2.0]],
            1.9,
        ),
        "between two walls at first": record(
            [2.5, 2.0, 2.5, 2.0, 2.5, 2.0, 2.5, 2.0],
            [[1.25, 8.0], [1.25, -8.0]] * 2 + [[1.25, -8.0]] * 3 + [[1.25, 8.0]],
            1.99,
        ),
        "a bounce that dies out, to exactly half the length": record(
            [5.0, 5.0, 5.0, 5.0, 5.0, 5.0], [[8.0], [-6.0], [4.0], [-4.0], [3.0], [-2.0]], 1.85
        ),
        "along the flat floor of a steep valley": record(
            [3.0, 3.01, 2.99, 2.975],
            [[1e-4, 2e-4], [2e-4, 2e-4], [3e-4, 6e-4], [6e-4, -1e-4]],
            2.1,
        ),
        "mini-batches, and a loss that grows": record(
            [1.0, 1.5, 2.0, 3.0],
            [[2.0, 2.0], [-2.0, 1.0], [1.0, 1.5], [1.1, 1.5]],
            0.6,
        ),
        "turns of 150 degrees": record(
            [1.0, 1.25, 0.75, 1.5],
            [[4.0, 0.0], [-1.92, 1.1], [0.7, -1.22], [0.0, 1.9]],
            1.95,
        ),
        "one gradient of exactly zero": record(
            [2.0, 2.1, 2.0, 2.1, 2.1, 2.0, 2.1, 2.1],
            [[1.0, 2.0]] * 3 + [[0.0, 0.0]] + [[1.0, 2.0]] * 4,
            1.2,
        ),
        "two mini-batches that take turns, and one high loss": record(
            [6.0, 6.0, 6.0, 6.0, 5.5, 9.0, 5.5, 6.1],
            [[3.0, 0.0], [-2.0, 0.1]] * 4,
            0.9,
        ),
        "a bounce that dies out, but one length is very long": record(
            [7.0] * 8, to_and_fro(4.0, 4.0, 4.0, 4.0, 2.3, 1.0, 40.0, 1.5), 1.9
        ),
        "a bounce that goes on, but one length is very short": record(
            [7.0] * 8, to_and_fro(4.0, 4.0, 4.0, 4.0, 1.8, 2.6, 0.1, 2.4), 1.9
        ),
        "a mean loss of exactly 0.99 times": record(
            [100.0, 100.0, 99.0, 99.0], [[1.0, 2.0], [2.0, 2.0], [1.0, 2.0], [2.0, 2.0]], 0.3
        ),
        "a cosine of exactly −0.9": record([3.0] * 4, [TEN, np.negative(NEARLY)] * 2, 1.95),
        "a cosine of exactly 0.9": record([3.0] * 4, [TEN, NEARLY] * 2, 0.4),
        "a cosine of exactly 0.5": record([3.0] * 4, [ONES, HALF] * 2, 0.7),
        "opposite gradients, and η·λmax = 1.8": record(
            [4.0] * 4, [[1.0, -2.0], [-1.5, 3.0], [3.0, -6.0], [-4.0, 8.0]], 1.8
        ),
        "opposite gradients, and η·λmax = 1.7": record(
            [4.25, 3.875, 4.0, 4.125], [[1.0, -2.0], [-1.5, 3.0]] * 2, 1.7
        ),
        "turning gradients, and η·λmax = 1.5": record(
            [4.0] * 4, [[2.0, 1.0], [-1.0, 3.0], [2.5, 1.0], [-1.0, 2.0]], 1.5
        ),
    },
    about={
        "a bounce that dies out, to exactly half the length": "half the length is enough to arrive",
        "a bounce that dies out, but one length is very long": MIDDLE,
        "a bounce that goes on, but one length is very short": MIDDLE,
        "a mean loss of exactly 0.99 times": "exactly 0.99 times the mean is no fall",
        "a cosine of exactly −0.9": AT_A_COSINE,
        "a cosine of exactly 0.9": AT_A_COSINE,
        "a cosine of exactly 0.5": AT_A_COSINE,
        "opposite gradients, and η·λmax = 1.8": "η·λmax = 1.8 is enough for bouncing",
        "opposite gradients, and η·λmax = 1.7": "η·λmax = 1.7 is not enough for bouncing",
        "turning gradients, and η·λmax = 1.5": "η·λmax = 1.5 is too much for noise",
    },
    hints=[
        "Go through the docstring from top to bottom and return at the first condition that "
        "holds. What do you need from each half? And which verdicts need two signs?",
        "`losses[half:]` is the second half. The lengths are `np.linalg.norm(gradients, axis=1)`, "
        "the cosines are your `successive_cosines(gradients)`. Use `np.median` for both.",
        "Five `if`s in a row: mean loss of the second half < 0.99 × that of the first; median "
        "length of the second half ≤ 0.5 × that of the first; median cosine < −0.9 and sharpness "
        "≥ 1.8; median cosine > 0.9; median cosine between −0.5 and 0.5 and sharpness < 1.5. Each "
        "returns its text; at the end “unclear”.",
    ],
)


def halves(values):
    half = len(values) // 2
    return values[:half], values[half:]


def falls(losses, middle=np.mean, limit=0.99):
    first, second = halves(losses)
    return middle(second) < limit * middle(first)


def shrinks(gradients, middle=np.median, limit=0.5):
    first, second = halves(np.linalg.norm(gradients, axis=1))
    return middle(second) <= limit * middle(first)


def typical(gradients, middle=np.median):
    return middle(cosine(gradients[:-1], gradients[1:]))


def by_cosine(angle, sharpness, opposite=-0.9, same=0.9, right=0.5, steep=1.8, calm=1.5):
    if angle < opposite and sharpness >= steep:
        return "bouncing"
    if angle > same:
        return "crawling"
    return "noisy" if abs(angle) < right and sharpness < calm else "unclear"


def by_angle(gradients, sharpness, **limits):
    return by_cosine(typical(gradients), sharpness, **limits)


def by_gradients(gradients, sharpness, **limits):
    return "arriving" if shrinks(gradients) else by_angle(gradients, sharpness, **limits)


def verdict_on(losses, gradients, sharpness, **limits):
    return "descending" if falls(losses) else by_gradients(gradients, sharpness, **limits)


def revised(revision):
    """A wrong answer that begins with the right verdict: revision(verdict, cosine, sharpness)."""

    def function(losses, gradients, sharpness):
        found = verdict_on(losses, gradients, sharpness)
        return revision(found, typical(gradients), sharpness)

    return function


def with_limits(**limits):
    """A wrong answer that is right except for these limits."""

    def function(losses, gradients, sharpness):
        return verdict_on(losses, gradients, sharpness, **limits)

    return function


def with_lengths(shrink):
    """A wrong answer that is right except for how it asks whether the gradient shrinks."""

    def function(losses, gradients, sharpness):
        if falls(losses):
            return "descending"
        return "arriving" if shrink(gradients) else by_angle(gradients, sharpness)

    return function


def with_losses(fall):
    """A wrong answer that is right except for how it asks whether the loss falls."""

    def function(losses, gradients, sharpness):
        return "descending" if fall(losses) else by_gradients(gradients, sharpness)

    return function


def with_cosine(middle):
    """A wrong answer that is right except for what it makes of the gradients' angles."""

    def function(losses, gradients, sharpness):
        if falls(losses):
            return "descending"
        return "arriving" if shrinks(gradients) else by_cosine(middle(gradients), sharpness)

    return function


@stopped.misconception(
    "a small gradient taken for a critical point",
    "A fixed small number decides whether the gradient is small. On a plateau the gradient is tiny "
    "far from any critical point: ask whether it shrinks.",
    read="A-small-gradient",
)
@with_lengths
def small_is_critical(gradients):
    return np.median(halves(np.linalg.norm(gradients, axis=1))[1]) < 1e-2


@stopped.misconception(
    "every standstill is a critical point",
    "A loss that stands still says nothing about the gradient. Look at its length, and at the "
    "angle to the next one.",
    read="Stopped-between-two-walls",
)
@with_lengths
def always_critical(gradients):
    return True


along_the_updates = stopped.misconception(
    "lengths along the wrong axis",
    "Each length is made of one component at all updates. The length of a gradient is made of all "
    "its components at one update: take it along axis 1.",
    read="Stopped-on-real-data",
)


@along_the_updates
@with_lengths
def lengths_of_components(gradients):
    lengths = np.linalg.norm(gradients, axis=0)
    half = len(gradients) // 2
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        return np.median(lengths[half:]) <= 0.5 * np.median(lengths[:half])


@along_the_updates
@with_lengths
def halves_of_components(gradients):
    first, second = halves(np.linalg.norm(gradients, axis=0))
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        return np.median(second) <= 0.5 * np.median(first)


@stopped.misconception(
    "a gradient of zero spoils the median",
    "The cosine with a gradient of zero is 0, as in `successive_cosines`. Without that it is 0/0, "
    "and so is the median.",
    read="Stopped-on-real-data",
)
@with_cosine
def undefined_cosine(gradients):
    before, after = gradients[:-1], gradients[1:]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    with np.errstate(all="ignore"):
        return np.median(np.sum(before * after, axis=1) / lengths)


not_arriving = stopped.misconception(
    "a gradient that shrinks is not called arriving",
    "A bounce whose gradients shrink dies out by itself: it is arriving. Ask for the lengths "
    "before the angles, with the limit 0.5.",
    read="Stopped-on-real-data",
)


@not_arriving
@with_lengths
def lengths_left_out(gradients):
    return False


@not_arriving
@with_lengths
def a_quarter(gradients):
    return shrinks(gradients, limit=0.25)


@not_arriving
def bounce_before_lengths(losses, gradients, sharpness):
    if falls(losses):
        return "descending"
    found = by_angle(gradients, sharpness)
    return "arriving" if found != "bouncing" and shrinks(gradients) else found


@stopped.misconception(
    "the squares of the lengths for the lengths",
    "The lengths are the roots of the sums of squares. Where a length falls to 0.6 of what it was, "
    "its square falls to 0.36.",
    read="Words-and-tools",
)
@with_lengths
def squared_lengths(gradients):
    first, second = halves(np.sum(gradients**2, axis=1))
    return np.median(second) <= 0.5 * np.median(first)


@stopped.misconception(
    "any shorter gradient is arriving",
    "The median length of the second half must be at most 0.5 times that of the first. A little "
    "shorter is not enough.",
    read="Stopped-on-real-data",
)
@with_lengths
def any_shorter(gradients):
    return shrinks(gradients, limit=1 - 1e-9)


@stopped.misconception(
    "the lengths of the two halves exchanged",
    "A run arrives if the gradient shrinks: the median of the second half is at most half of that "
    "of the first, not the other way round.",
    read="Stopped-on-real-data",
)
@with_lengths
def lengths_exchanged(gradients):
    return shrinks(gradients[::-1])


@stopped.misconception(
    "the bounce before the loss and the lengths",
    "If the loss falls the run is descending, and if the gradient shrinks it is arriving, whatever "
    "the angles. The docstring gives the order.",
    read="Stopped-on-real-data",
)
def bounce_first(losses, gradients, sharpness):
    found = by_angle(gradients, sharpness)
    return found if found == "bouncing" else verdict_on(losses, gradients, sharpness)


@stopped.misconception(
    "the first and the last loss alone",
    "In a bounce two single losses differ by chance: compare the means of the two halves.",
    read="Stopped-on-real-data",
)
@with_losses
def two_losses(losses):
    return losses[-1] < 0.99 * losses[0]


@stopped.misconception(
    "the median of the losses for their mean",
    "For the losses the docstring asks for the means of the two halves. The medians are those of "
    "the lengths and of the cosines.",
    read="Stopped-on-real-data",
)
@with_losses
def median_loss(losses):
    return falls(losses, np.median)


@stopped.misconception(
    "the last loss of each half for its mean",
    "Single losses differ by chance: compare the means of the two halves.",
    read="Stopped-on-real-data",
)
@with_losses
def last_losses(losses):
    return falls(losses, lambda half: half[-1])


@stopped.misconception(
    "the lowest loss of each half for its mean",
    "A single low loss tells little: compare the means of the two halves.",
    read="Stopped-on-real-data",
)
@with_losses
def lowest_losses(losses):
    return falls(losses, np.min)


@stopped.misconception(
    "any fall of the loss is a descent",
    "The mean of the second half must be below 0.99 times that of the first. A smaller fall is a "
    "standstill.",
    read="Stopped-on-real-data",
)
@with_losses
def any_fall(losses):
    return falls(losses, limit=1 - 1e-9)


@stopped.misconception(
    "any change of the loss is a descent",
    "A loss that grows does not descend: the sign of the change matters.",
    read="Stopped-on-real-data",
)
@with_losses
def any_change(losses):
    first, second = halves(losses)
    return np.abs(second.mean() - first.mean()) > 0.01 * first.mean() * (1 + 1e-9)


@stopped.misconception(
    "the losses of the two halves exchanged",
    "A run descends if the mean of the second half is below that of the first, not the other way "
    "round.",
    read="Stopped-on-real-data",
)
@with_losses
def losses_exchanged(losses):
    return falls(losses[::-1])


loss_first = stopped.misconception(
    "a run whose loss falls is not called descending",
    "Where the mean loss of the second half is below 0.99 times that of the first, the run is "
    "descending, whatever the gradients do. This is the first question.",
    read="Stopped-on-real-data",
)


@loss_first
@with_losses
def losses_left_out(losses):
    return False


@loss_first
def lengths_first(losses, gradients, sharpness):
    return "arriving" if shrinks(gradients) else verdict_on(losses, gradients, sharpness)


@loss_first
@revised
def loss_last(found, angle, sharpness):
    return by_cosine(angle, sharpness) if found == "descending" else found


@stopped.misconception(
    "the angles of the second half alone",
    "The median is that of all T − 1 cosines. Only the losses and the lengths are compared by "
    "halves.",
    read="Stopped-on-real-data",
)
@with_cosine
def second_half_cosines(gradients):
    return typical(halves(gradients)[1])


@stopped.misconception(
    "the first and the last gradient alone",
    "One update tells little. For the lengths compare the medians of the two halves.",
    read="Stopped-on-real-data",
)
@with_lengths
def two_gradients(gradients):
    first, *_, last = np.linalg.norm(gradients, axis=1)
    return last <= 0.5 * first


@stopped.misconception(
    "the mean of the lengths for their median",
    "A single long gradient carries the mean of its half away. A median hardly notices it.",
    read="Stopped-on-real-data",
)
@with_lengths
def mean_length(gradients):
    return shrinks(gradients, np.mean)


upper = stopped.misconception(
    "the upper middle value, or the largest, for the median",
    "With an even number of values the median is the mean of the two in the middle. `np.median` "
    "knows this.",
    read="Stopped-on-real-data",
)


@upper
@with_lengths
def largest_length(gradients):
    return shrinks(gradients, np.max)


@upper
@with_lengths
def upper_median(gradients):
    return shrinks(gradients, lambda half: np.sort(half)[len(half) // 2])


lower = stopped.misconception(
    "the lower middle value, or the smallest, for the median",
    "With an even number of values the median is the mean of the two in the middle. `np.median` "
    "knows this.",
    read="Stopped-on-real-data",
)


@lower
@with_lengths
def smallest_length(gradients):
    return shrinks(gradients, np.min)


@lower
@with_lengths
def lower_median(gradients):
    return shrinks(gradients, lambda half: np.sort(half)[(len(half) - 1) // 2])


@stopped.misconception(
    "a median without sorting",
    "The entry in the middle of the record is not the median: the values must be sorted first. "
    "`np.median` does both.",
    read="Stopped-on-real-data",
)
def unsorted(losses, gradients, sharpness):
    def middle(values):
        return values[len(values) // 2]

    if falls(losses):
        return "descending"
    if shrinks(gradients, middle):
        return "arriving"
    return by_cosine(typical(gradients, middle), sharpness)


@stopped.misconception(
    "two parts that are not halves",
    "The second half are the last T/2 updates, from index T/2 on; T is even.",
    read="Words-and-tools",
)
def uneven_parts(losses, gradients, sharpness):
    cut, lengths = len(losses) // 2 + 1, np.linalg.norm(gradients, axis=1)
    if losses[cut:].mean() < 0.99 * losses[:cut].mean():
        return "descending"
    if np.median(lengths[cut:]) <= 0.5 * np.median(lengths[:cut]):
        return "arriving"
    return by_angle(gradients, sharpness)


@stopped.misconception(
    "the mean of the cosines for their median",
    "A few gradients in other directions carry the mean away. Take the median of the cosines.",
    read="Stopped-on-real-data",
)
@with_cosine
def mean_cosine(gradients):
    return typical(gradients, np.mean)


@stopped.misconception(
    "means for both medians",
    "Only for the losses the docstring asks for means. Of the lengths and of the cosines it asks "
    "for the medians.",
    read="Stopped-on-real-data",
)
def means_only(losses, gradients, sharpness):
    if falls(losses):
        return "descending"
    if shrinks(gradients, np.mean):
        return "arriving"
    return by_cosine(typical(gradients, np.mean), sharpness)


@stopped.misconception(
    "the last cosine alone",
    "A single angle tells little. Take the median of all T − 1 cosines.",
    read="Stopped-on-real-data",
)
@with_cosine
def last_cosine(gradients):
    return typical(gradients[-2:])


one_cosine = stopped.misconception(
    "the largest or the smallest cosine for the median",
    "A single angle tells little. Take the median of all T − 1 cosines.",
    read="Stopped-on-real-data",
)


@one_cosine
@with_cosine
def largest_cosine(gradients):
    return typical(gradients, np.max)


@one_cosine
@with_cosine
def smallest_cosine(gradients):
    return typical(gradients, np.min)


@stopped.misconception(
    "dot products for the cosines",
    "A dot product grows with the lengths of the gradients. The cosines are asked for: is "
    "`successive_cosines` right?",
    read="Stopped-on-real-data",
)
@with_cosine
def products_for_cosines(gradients):
    return np.median(dot(gradients[:-1], gradients[1:]))


@stopped.misconception(
    "the sizes of the cosines, without their signs",
    "The sign tells the opposite direction, −1, from the same one, +1. Only for noise it does not "
    "matter.",
    read="Stopped-on-real-data",
)
@with_cosine
def cosines_without_sign(gradients):
    return typical(gradients, lambda values: np.median(np.abs(values)))


@stopped.misconception(
    "bouncing and crawling exchanged",
    "A cosine near −1 is a step to and fro, a bounce. Near 1 every step goes the same way: "
    "crawling.",
    read="Stopped-on-real-data",
)
@revised
def exchanged(found, angle, sharpness):
    return {"bouncing": "crawling", "crawling": "bouncing"}.get(found, found)


@stopped.misconception(
    "bouncing where the cosine is above 0.9",
    "A bounce has opposite gradients, with a cosine below −0.9. Mind the sign.",
    read="Stopped-on-real-data",
)
@revised
def bounce_same_way(found, angle, sharpness):
    if found in ("descending", "arriving"):
        return found
    return by_cosine(-angle, sharpness)


another_bounce = stopped.misconception(
    "another limit than −0.9 for a bounce",
    "A bounce has nearly opposite gradients: a cosine below −0.9. Another limit decides here, for "
    "example −0.99, or 0: not every obtuse angle is a bounce.",
    read="Stopped-on-real-data",
)
for limit in (0.99, 0.8, 0.5, 0.0):
    another_bounce(with_limits(opposite=-limit))
for limit in (0.99, 0.8, 0.5):
    another_bounce(with_limits(opposite=-limit, same=limit))
stopped.misconception(
    "another limit than 0.9 for crawling",
    "Crawling goes nearly straight on: a cosine above 0.9. Another limit decides here, for example "
    "0.99.",
    read="Stopped-on-real-data",
)(with_limits(same=0.99))


@stopped.misconception(
    "any acute angle is crawling",
    "A positive cosine is not enough. Crawling goes nearly straight on: a cosine above 0.9.",
    read="Stopped-on-real-data",
)
@revised
def any_acute(found, angle, sharpness):
    return "crawling" if found in ("noisy", "unclear") and angle > 0 else found


stopped.misconception(
    "a bounce only from η·λmax = 2 on",
    "η·λmax is near 2 in a bounce, and may be a little below it. The docstring asks for at least "
    "1.8.",
    read="Noise-instead-of-walls",
)(with_limits(steep=2.0))


@stopped.misconception(
    "the signs of a bounce joined by or",
    "Opposite gradients and η·λmax of at least 1.8 must come together. Each of them alone can have "
    "another cause.",
    read="Noise-instead-of-walls",
)
@revised
def bounce_by_either(found, angle, sharpness):
    if found in ("descending", "arriving"):
        return found
    return "bouncing" if angle < -0.9 or sharpness >= 1.8 else found


@stopped.misconception(
    "the signs of noise joined by or",
    "A cosine between −0.5 and 0.5 and η·λmax below 1.5 must come together. Each of them alone can "
    "have another cause.",
    read="Noise-instead-of-walls",
)
@revised
def noise_by_either(found, angle, sharpness):
    noisy = abs(angle) < 0.5 or sharpness < 1.5
    return "noisy" if found == "unclear" and noisy else found


@stopped.misconception(
    "any cosine below 0.5 is noise",
    "Noise has a cosine between −0.5 and 0.5. Nearly opposite gradients are something else.",
    read="Noise-instead-of-walls",
)
@revised
def noise_below(found, angle, sharpness):
    return "noisy" if found == "unclear" and angle < 0.5 and sharpness < 1.5 else found


@stopped.misconception(
    "noise is not called noisy",
    "Noise has a cosine between −0.5 and 0.5, so of any sign, and η·λmax below 1.5.",
    read="Noise-instead-of-walls",
)
@revised
def never_noisy(found, angle, sharpness):
    return "unclear" if found == "noisy" else found


@stopped.misconception(
    "whatever is left taken for noise",
    "Noise has two signs of its own: a cosine between −0.5 and 0.5, and η·λmax below 1.5. What "
    "does not have them is unclear.",
    read="Noise-instead-of-walls",
)
@revised
def the_rest_is_noise(found, angle, sharpness):
    return "noisy" if found == "unclear" else found


@stopped.misconception(
    "whatever is left taken for crawling",
    "Crawling goes nearly straight on: a cosine above 0.9. What meets no condition is unclear.",
    read="Stopped-on-real-data",
)
@revised
def the_rest_crawls(found, angle, sharpness):
    return "crawling" if found == "unclear" else found


noise_is_a_bounce = stopped.misconception(
    "noise taken for a bounce",
    "The gradient stays long and the loss stands still, and a smaller rate would lower it at once: "
    "noise shows all of this, too. A bounce needs nearly opposite gradients, and η·λmax near 2.",
    read="Noise-instead-of-walls",
)


@noise_is_a_bounce
@revised
def any_long_gradient(found, angle, sharpness):
    return "bouncing" if found in ("noisy", "unclear") else found


@noise_is_a_bounce
@revised
def any_turn(found, angle, sharpness):
    turns = angle < 0 and found not in ("descending", "arriving")
    return "bouncing" if turns else found


@stopped.misconception(
    "a bounce without η·λmax",
    "The cosine alone decides on a bounce here. The gradients of two mini-batches that take turns "
    "are opposite as well: what sends a run from wall to wall is η·λmax near 2.",
    read="Noise-instead-of-walls",
)
@revised
def bounce_by_angle(found, angle, sharpness):
    return "bouncing" if found == "unclear" and angle < -0.9 else found


@stopped.misconception(
    "a bounce without the angle",
    "η·λmax alone decides on a bounce here. Along the floor of a steep valley a run goes straight "
    "on, however steep the walls are: ask for opposite gradients, too.",
    read="Noise-instead-of-walls",
)
@revised
def bounce_by_sharpness(found, angle, sharpness):
    return "bouncing" if sharpness >= 1.8 and found in ("crawling", "unclear") else found


@stopped.misconception(
    "noise without η·λmax",
    "The cosine alone decides on noise here. With η·λmax near 2 the walls take part, and the "
    "docstring calls this unclear: noise needs η·λmax below 1.5.",
    read="Noise-instead-of-walls",
)
@revised
def noise_by_angle(found, angle, sharpness):
    return "noisy" if found == "unclear" and abs(angle) < 0.5 else found


@stopped.misconception(
    "noise without the angle",
    "η·λmax alone decides on noise here. Gradients that are nearly opposite, or nearly the same, "
    "are no noise: ask for a cosine between −0.5 and 0.5, too.",
    read="Noise-instead-of-walls",
)
@revised
def noise_by_sharpness(found, angle, sharpness):
    return "noisy" if found == "unclear" and sharpness < 1.5 else found


def place(hessian, gradient, length):
    return {"gradient": np.array(gradient), "hessian": np.array(hessian), "length": length}


AT_ZERO = "wrong where the gradient is exactly 0"
NOTHING_DOWN = "wrong where no eigenvalue is below 0"

way_down = Task(
    "escape_step",
    cases={
        "near a saddle": place(SLANT, [0.3, 0.1], 0.5),
        "on the other side of it": place(SLANT, [-0.3, -0.1], 0.5),
        "one dimension": place([[-2.0]], [3.0], 0.1),
        "three parameters": place(
            [[5.0, 0.0, 0.0], [0.0, 0.0, 2.0], [0.0, 2.0, 3.0]], [1.0, -1.0, 2.0], 1.5
        ),
        "exactly at a saddle": place(PASS, [0.0, 0.0], 2.0),
        "exactly at a saddle of three parameters": place(
            [[1.0, 2.0, 0.0], [2.0, -2.0, 1.0], [0.0, 1.0, 0.5]], [0.0, 0.0, 0.0], 0.4
        ),
        "exactly at a nearly flat saddle": place([[2e-9, -1e-9], [-1e-9, -3e-9]], [0.0, 0.0], 3.0),
        "a tiny gradient": place(SLANT, [3e-10, 1e-10], 0.5),
        "a step of length 0": place(SLANT, [0.3, 0.1], 0.0),
        "a bowl": place(np.diag([3.0, 1.0, 2.0]), [1.0, -2.0, 0.5], 0.5),
        "no curvature at all": place(np.zeros((2, 2)), [1.0, 2.0], 0.5),
    },
    about={
        "three parameters": MORE_THAN_TWO,
        "exactly at a saddle": AT_ZERO,
        "exactly at a saddle of three parameters": AT_ZERO,
        "exactly at a nearly flat saddle": "wrong where the negative eigenvalue is tiny",
        "a tiny gradient": "wrong where the gradient is tiny, but not 0",
        "a step of length 0": "wrong where the length is 0",
        "a bowl": NOTHING_DOWN,
        "no curvature at all": NOTHING_DOWN,
    },
    hints=[
        "Which eigenvalue is the most negative, and how long is an eigenvector that NumPy gives? "
        "Both it and its opposite are eigenvectors: which of the two goes downhill?",
        "`np.linalg.eigh` returns the eigenvalues, ascending, and a matrix whose columns are the "
        "eigenvectors, of length 1. The slope along a direction v is `gradient @ v`.",
        "v is column 0 of the matrix; turn it if the slope is positive, or if the slope is 0 and "
        "v[0] is negative. The step is length · v, its change g·d + ½ d·Hd. First of all: no "
        "negative value, no step.",
    ],
    equivalent={
        "if slope > 0 or (slope == 0 and way[0] <= 0):": "a first component of 0 has no sign",
    },
)


def eigh(hessian):
    """What `np.linalg.eigh` usually returns for these cases; elsewhere its signs may differ."""
    values, vectors = np.linalg.eigh(hessian)
    return values, vectors * np.where(vectors[-1] < 0, -1, 1)


def change(step, gradient, hessian):
    return gradient @ step + step @ hessian @ step / 2


def downhill(way, gradient):
    slope = gradient @ way
    return -way if slope > 0 or (slope == 0 and way[0] < 0) else way


def escape(hessian, gradient, length, column=0):
    """The right step; along another eigenvector with another column."""
    values, vectors = np.linalg.eigh(hessian)
    way = downhill(vectors[:, column], gradient)
    return (values[0] < 0) * length * way


def with_change(step, gradient, hessian):
    return step, change(step, gradient, hessian)


def going(way):
    """A wrong answer with another way(gradient, hessian), and the change that it brings."""

    def function(gradient, hessian, length):
        downwards = np.linalg.eigvalsh(hessian)[0] < 0
        return with_change(downwards * length * way(gradient, hessian), gradient, hessian)

    return function


def promising(promise):
    """A wrong answer with the right step d and another promise(d, g, H, smallest eigenvalue)."""

    def function(gradient, hessian, length):
        step, smallest = escape(hessian, gradient, length), np.linalg.eigvalsh(hessian)[0]
        return step, promise(step, gradient, hessian, smallest) if smallest < 0 else 0.0

    return function


up = way_down.misconception(
    "uphill",
    "The step goes up the slope. Of the two directions along the eigenvector take the one with "
    "gᵀd ≤ 0.",
    read="What-is-there",
)


@up
@going
def uphill(gradient, hessian):
    return -escape(hessian, gradient, 1.0)


@up
@going
def uphill_on_a_slope(gradient, hessian):
    return downhill(np.linalg.eigh(hessian)[1][:, 0], -gradient)


@way_down.misconception(
    "the sign as eigh gives it",
    "`eigh` knows nothing of the gradient: its eigenvector may as well point uphill. Of the two "
    "directions take the one that the docstring asks for.",
    read="What-is-there",
)
@going
def as_given(gradient, hessian):
    return eigh(hessian)[1][:, 0]


@way_down.misconception(
    "the opposite of what eigh gives",
    "`eigh` knows nothing of the gradient, and a minus before its eigenvector does not either: it "
    "may point uphill or downhill. Ask for the sign of gᵀd.",
    read="What-is-there",
)
@going
def opposite_of_given(gradient, hessian):
    return -eigh(hessian)[1][:, 0]


first_positive = way_down.misconception(
    "the first component made positive on a slope too",
    "The first component decides only where the gradient is exactly 0. On a slope the step must "
    "not go uphill: gᵀd ≤ 0.",
    read="What-is-there",
)


@first_positive
@going
def always_first_positive(gradient, hessian):
    _, vectors = eigh(hessian)
    return vectors[:, 0] * np.where(vectors[0, 0] < 0, -1, 1)


@first_positive
@going
def turned_unless_first_positive(gradient, hessian):
    _, vectors = eigh(hessian)
    return vectors[:, 0] * np.where(vectors[0, 0] > 0, 1, -1)


@way_down.misconception(
    "any direction where the gradient is zero",
    "Right as long as there is a slope. Where the gradient is exactly 0 both directions go down; "
    "the docstring asks for the one whose first component is not negative.",
    read="What-is-there",
)
@going
def undecided_at_zero(gradient, hessian):
    way = eigh(hessian)[1][:, 0]
    return -way if gradient @ way > 0 else way


@way_down.misconception(
    "the first component negative where the gradient is zero",
    "Right as long as there is a slope. Where the gradient is exactly 0 the first component of the "
    "step must be ≥ 0.",
    read="What-is-there",
)
@going
def first_negative(gradient, hessian):
    way = escape(hessian, gradient, 1.0)
    return way if gradient.any() else -way


@way_down.misconception(
    "a tiny gradient taken for zero",
    "Only where the gradient is exactly 0 the first component decides. A tiny gradient has a slope "
    "like any other: compare with 0, without a limit (`np.allclose` has one).",
    read="A-small-gradient",
)
@going
def tiny_gradient(gradient, hessian):
    return escape(hessian, gradient * (not np.allclose(gradient, 0)), 1.0)


@way_down.misconception(
    "a row for an eigenvector",
    "`eigh` returns the eigenvectors as columns. This is a row of its matrix.",
    read="What-is-there",
)
@going
def row(gradient, hessian):
    return downhill(eigh(hessian)[1][0], gradient)


@way_down.misconception(
    "the order in which eig returns the eigenvalues",
    "`eig` does not sort: its first column may belong to any eigenvalue. `eigh` is made for "
    "symmetric matrices, and its eigenvalues ascend.",
    read="What-is-there",
)
@going
def unsorted_eig(gradient, hessian):
    return downhill(np.linalg.eig(hessian)[1][:, 0].real, gradient)


straight_down = way_down.misconception(
    "against the gradient",
    "That is the way of gradient descent. At a saddle its gradient is zero, and 0/0 is no way "
    "out: take the eigenvector of the most negative eigenvalue.",
    read="A-small-gradient",
)


@straight_down
def against_gradient(gradient, hessian, length):
    with np.errstate(invalid="ignore"):
        step = -length * gradient / np.linalg.norm(gradient)
    return with_change(step, gradient, hessian)


@straight_down
@going
def against_unless_zero(gradient, hessian):
    return -gradient / (np.linalg.norm(gradient) or 1.0)


@straight_down
@going
def against_at_any_length(gradient, hessian):
    return -gradient


@way_down.misconception(
    "Newton's step",
    "Newton's method goes to where the parabola has its critical point, so to the saddle itself. "
    "Take the eigenvector of the most negative eigenvalue.",
    read="What-is-there",
)
@going
def newton(gradient, hessian):
    step = -np.linalg.pinv(hessian) @ gradient
    return step / (np.linalg.norm(step) or 1.0)


@way_down.misconception(
    "the direction that curves up most",
    "This is the eigenvector of the largest eigenvalue. The eigenvalues of `eigh` ascend, so the "
    "most negative is the first.",
    read="What-is-there",
)
@going
def steepest_up(gradient, hessian):
    return escape(hessian, gradient, 1.0, column=-1)


@way_down.misconception(
    "the eigenvalue of the largest size",
    "The largest |λ| may belong to a direction that curves up. Take the most negative λ, the first "
    "one of `eigh`.",
    read="What-is-there",
)
@going
def largest_size(gradient, hessian):
    return escape(hessian, gradient, 1.0, np.argmax(np.abs(np.linalg.eigvalsh(hessian))))


@way_down.misconception(
    "the eigenvalue of the smallest size",
    "The smallest |λ| is the one nearest to 0. Take the most negative λ, the first one of `eigh`.",
    read="What-is-there",
)
@going
def smallest_size(gradient, hessian):
    return escape(hessian, gradient, 1.0, np.argmin(np.abs(np.linalg.eigvalsh(hessian))))


@way_down.misconception(
    "an axis for the eigenvector",
    "The smallest number on the diagonal is the smallest curvature along an axis. The most "
    "negative curvature of all is that along an eigenvector.",
    read="What-a-critical-point-is",
)
@going
def along_an_axis(gradient, hessian):
    return downhill(np.eye(len(gradient))[np.argmin(hessian.diagonal())], gradient)


@way_down.misconception(
    "no step where the gradient is zero",
    "At the saddle itself the step vanishes; `np.sign(0)` is 0. There both directions go down: "
    "take the one whose first component is not negative.",
    read="What-is-there",
)
@going
def sign_of_zero(gradient, hessian):
    return gradient.any() * escape(hessian, gradient, 1.0)


@way_down.misconception(
    "a step where nothing curves down",
    "In a bowl the smallest eigenvalue is positive, and its eigenvector is no way out. Return "
    "zeros there.",
    read="What-a-critical-point-is",
)
def always(gradient, hessian, length):
    way = downhill(np.linalg.eigh(hessian)[1][:, 0], gradient)
    return with_change(length * way, gradient, hessian)


@way_down.misconception(
    "a tiny negative eigenvalue counted as 0",
    "The docstring asks for eigenvalues below 0, exactly and without any limit.",
    read="What-is-there",
)
def with_tolerance(gradient, hessian, length):
    enough = np.linalg.eigvalsh(hessian)[0] < -1e-8
    return with_change(enough * escape(hessian, gradient, length), gradient, hessian)


@way_down.misconception(
    "the length is not used",
    "An eigenvector of `eigh` has length 1, and the step is exactly that long. Multiply by "
    "`length`.",
    read="What-is-there",
)
def unit_step(gradient, hessian, length):
    return with_change(escape(hessian, gradient, 1.0), gradient, hessian)


@way_down.misconception(
    "the square of the length for the length",
    "The step is length² long. An eigenvector of `eigh` has length 1: multiply it once.",
    read="What-is-there",
)
def squared_step(gradient, hessian, length):
    return with_change(escape(hessian, gradient, length**2), gradient, hessian)


curved = way_down.misconception(
    "the eigenvalue in the length of the step",
    "The step is multiplied or divided by the curvature. It is to be `length` long; the curvature "
    "only tells the direction.",
    read="What-is-there",
)


@curved
def divided_by_curvature(gradient, hessian, length):
    longer = length / (np.abs(np.linalg.eigvalsh(hessian)[0]) or 1.0)
    return with_change(escape(hessian, gradient, longer), gradient, hessian)


@curved
def scaled_by_curvature(gradient, hessian, length):
    longer = length * np.abs(np.linalg.eigvalsh(hessian)[0])
    return with_change(escape(hessian, gradient, longer), gradient, hessian)


@way_down.misconception(
    "the length times the gradient",
    "The step depends on how long the gradient is. Only the sign of gᵀv is needed, and the step "
    "is `length` long.",
    read="What-is-there",
)
@going
def times_slope(gradient, hessian):
    way = np.linalg.eigh(hessian)[1][:, 0]
    return -(gradient @ way) * way


@way_down.misconception(
    "no step unless every eigenvalue is negative",
    "One negative eigenvalue is enough: it leads down, whatever the others are.",
    read="What-a-critical-point-is",
)
def only_on_top(gradient, hessian, length):
    top = np.linalg.eigvalsh(hessian)[-1] < 0
    return with_change(top * escape(hessian, gradient, length), gradient, hessian)


added = way_down.misconception(
    "the gradient is part of the step",
    "The step is along the eigenvector alone. The gradient only tells in which of its two "
    "directions.",
    read="What-is-there",
)


@added
def gradient_subtracted(gradient, hessian, length):
    step = escape(hessian, gradient, length)
    downwards = np.linalg.eigvalsh(hessian)[0] < 0
    return with_change(step - downwards * gradient, gradient, hessian)


@added
@going
def towards_both(gradient, hessian):
    way = escape(hessian, gradient, 1.0) - gradient
    return way / np.linalg.norm(way)


@way_down.misconception(
    "dᵀHd for ½ dᵀHd",
    "The step is right. In the change the ½ of Taylor's formula is missing.",
    read="What-a-critical-point-is",
)
@promising
def without_half(step, gradient, hessian, smallest):
    return gradient @ step + step @ hessian @ step


@way_down.misconception(
    "the ½ for both terms",
    "The step is right. In Taylor's formula the ½ belongs to dᵀHd alone.",
    read="What-a-critical-point-is",
)
@promising
def half_of_both(step, gradient, hessian, smallest):
    return (gradient @ step + step @ hessian @ step) / 2


@way_down.misconception(
    "the length is not squared in the change",
    "The step is right. Along an eigenvector dᵀHd is λ times the length squared.",
    read="What-a-critical-point-is",
)
@promising
def length_once(step, gradient, hessian, smallest):
    return gradient @ step + smallest * np.linalg.norm(step) / 2


@way_down.misconception(
    "½ λ for ½ dᵀHd",
    "The step is right. Along an eigenvector dᵀHd is λ times the length squared.",
    read="What-a-critical-point-is",
)
@promising
def curvature_for_change(step, gradient, hessian, smallest):
    return gradient @ step + smallest / 2


@way_down.misconception(
    "the gradient's part of the change is left out",
    "The step is right. But g is zero only at the critical point itself; elsewhere the change is "
    "gᵀd + ½ dᵀHd.",
    read="What-a-critical-point-is",
)
@promising
def without_slope(step, gradient, hessian, smallest):
    return step @ hessian @ step / 2


@way_down.misconception(
    "‖g‖ times the length for gᵀd",
    "The step is right. It does not go straight against the gradient, so gᵀd is smaller in size "
    "than this product.",
    read="What-a-critical-point-is",
)
@promising
def whole_gradient(step, gradient, hessian, smallest):
    slope = np.linalg.norm(gradient) * np.linalg.norm(step)
    return step @ hessian @ step / 2 - slope


@way_down.misconception(
    "the curvature's part of the change is left out",
    "The step is right. But gᵀd alone is the change on a plane; the surface curves: the change is "
    "gᵀd + ½ dᵀHd.",
    read="What-a-critical-point-is",
)
@promising
def without_curvature(step, gradient, hessian, smallest):
    return gradient @ step


@way_down.misconception(
    "the gradient's part of the change with the wrong sign",
    "The step is right. It does not go uphill, so gᵀd is at most 0.",
    read="What-a-critical-point-is",
)
@promising
def slope_with_wrong_sign(step, gradient, hessian, smallest):
    return step @ hessian @ step / 2 - gradient @ step


@way_down.misconception(
    "the curvature's part of the change with the wrong sign",
    "The step is right. The surface curves down along it, so ½ dᵀHd is negative.",
    read="What-a-critical-point-is",
)
@promising
def curvature_with_wrong_sign(step, gradient, hessian, smallest):
    return gradient @ step - step @ hessian @ step / 2


@way_down.misconception(
    "gᵀv for gᵀd",
    "The step is right. In the change stands the step d itself, not the eigenvector of length 1.",
    read="What-a-critical-point-is",
)
@promising
def slope_of_unit_vector(step, gradient, hessian, smallest):
    length = np.linalg.norm(step)
    return gradient @ step / (length or 1.0) + step @ hessian @ step / 2


@way_down.misconception(
    "the eigenvector for the step in the change",
    "The step is right. In the change stands the step d itself, not the eigenvector of length 1.",
    read="What-a-critical-point-is",
)
@promising
def change_of_unit_vector(step, gradient, hessian, smallest):
    return change(step / (np.linalg.norm(step) or 1.0), gradient, hessian)


@way_down.misconception(
    "the change before the step is turned",
    "The step is right. Its change belongs to the opposite direction: compute it from the step "
    "that is returned.",
    read="What-a-critical-point-is",
)
def change_as_given(gradient, hessian, length):
    step = escape(hessian, gradient, length)
    given = length * eigh(hessian)[1][:, 0]
    return step, change(given, gradient, hessian) if step.any() else 0.0


@way_down.misconception(
    "the fall for the change",
    "The step is right, and the loss falls by this number. The change is loss after minus loss "
    "before, so a fall is negative.",
    read="What-a-critical-point-is",
)
@promising
def fall(step, gradient, hessian, smallest):
    return -change(step, gradient, hessian)


@way_down.misconception(
    "the eigenvalue for the change",
    "The step is right. The second result is the change of the loss, gᵀd + ½ dᵀHd.",
    read="What-a-critical-point-is",
)
@promising
def eigenvalue_for_change(step, gradient, hessian, smallest):
    return smallest


@way_down.misconception(
    "step and change exchanged",
    "The docstring asks for (step, change), in this order.",
    read="What-a-critical-point-is",
)
def results_exchanged(gradient, hessian, length):
    return with_change(escape(hessian, gradient, length), gradient, hessian)[::-1]


X = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 1.0], [2.0, 1.0], [-1.0, -2.0]])
Y = np.array([1.0, 2.0, 0.5, 6.0, -1.0])
PATIENTS, PROGRESS = data.diabetes()


def training(x, y, length, lr, updates):
    return {"x": x, "y": y, "length": length, "lr": lr, "updates": updates}


AFTER_UPDATES = "the losses after the updates are wrong"

leave = Task(
    "leave_saddle",
    cases={
        "no update": training(X, -Y, 0.2, 0.1, 0),
        "five rows": training(X, Y, 0.1, 0.1, 8),
        "one input": training(X[:, :1], Y, 0.5, 0.2, 5),
        "a long step": training(X, Y + 10, 1.7, 0.05, 4),
        "no step": training(X, Y, 0.0, 0.1, 3),
        "twenty patients": training(
            PATIENTS[:20, [2, 3]].round(1), PROGRESS[:20].round(1), 0.1, 0.3, 40
        ),
    },
    about={
        "five rows": AFTER_UPDATES,
        "no update": "the loss after the step is wrong (is `escape_step` right?)",
        "one input": AFTER_UPDATES,
        "a long step": AFTER_UPDATES,
        "no step": "wrong where the length is 0",
        "twenty patients": AFTER_UPDATES,
    },
    hints=[
        "Three parts: the θ of the saddle, one step with your `escape_step`, a loop of gradient "
        "descent. At which moments do you need a loss, and how many are these?",
        "`net.loss_and_gradient(theta, x, y)` returns both. `np.zeros(net.n_parameters)` with the "
        "mean of y in its last place is the saddle. `escape_step` returns two results.",
        "Keep a list that starts with the loss at the saddle. Then, updates + 1 times: θ + step, "
        "new loss and gradient, append the loss, and the next step is −η times the gradient. The "
        "first step is that of `escape_step`.",
    ],
)


def network(x):
    return MLP((x.shape[1], 1, 1), loss="squared_error")


def start(x, value, at=-1):
    """A θ of zeros with one number."""
    theta = np.zeros(network(x).n_parameters)
    theta[at] = value
    return theta


def saddle(x, y):
    return start(x, y.mean())


def direction(net, theta, x, y, column=0):
    _, gradient = net.loss_and_gradient(theta, x, y)
    return downhill(np.linalg.eigh(net.hessian(theta, x, y))[1][:, column], gradient)


def losses_from(theta, x, y, length, lr, updates, column=0):
    """The right losses if θ is the saddle; it may be another start, or another eigenvector."""
    net = network(x)
    loss, _ = net.loss_and_gradient(theta, x, y)
    losses = [loss]
    theta = theta + length * direction(net, theta, x, y, column)
    for _ in range(updates + 1):
        loss, gradient = net.loss_and_gradient(theta, x, y)
        losses.append(loss)
        theta = theta - lr * gradient
    return np.array(losses)


def right_losses(x, y, length, lr, updates, **other):
    return losses_from(saddle(x, y), x, y, length, lr, updates, **other)


@leave.misconception(
    "no step from the saddle",
    "At the saddle the gradient is zero, so nothing moves without the escape step. (If the step is "
    "there, `escape_step` returns zeros: check that task first.)",
    read="A-small-gradient",
)
def no_step(x, y, length, lr, updates):
    return right_losses(x, y, 0.0, lr, updates)


@leave.misconception(
    "all parameters zero",
    "With 0 for every parameter the prediction is 0, not the mean of y. Then the gradient of the "
    "last offset is not zero, and this is no saddle.",
    read="How-to-reach-a-critical-point",
)
def without_mean(x, y, length, lr, updates):
    return losses_from(start(x, 0.0), x, y, length, lr, updates)


another_place = leave.misconception(
    "the mean in another place than the last",
    "θ starts with the weights of the hidden unit. The offset of the output comes last.",
    read="How-to-reach-a-critical-point",
)


@another_place
def mean_first(x, y, length, lr, updates):
    return losses_from(start(x, y.mean(), at=0), x, y, length, lr, updates)


@another_place
def mean_as_output_weight(x, y, length, lr, updates):
    return losses_from(start(x, y.mean(), at=-2), x, y, length, lr, updates)


@another_place
def mean_as_hidden_offset(x, y, length, lr, updates):
    return losses_from(start(x, y.mean(), at=-3), x, y, length, lr, updates)


@leave.misconception(
    "the mean in every place of θ",
    "All of θ is 0, and only the last number is the mean of y.",
    read="How-to-reach-a-critical-point",
)
def mean_everywhere(x, y, length, lr, updates):
    return losses_from(np.full_like(saddle(x, y), y.mean()), x, y, length, lr, updates)


@leave.misconception(
    "ones in the place of zeros",
    "All of θ is 0, and only the last number is the mean of y.",
    read="How-to-reach-a-critical-point",
)
def from_ones(x, y, length, lr, updates):
    theta = np.ones_like(saddle(x, y))
    theta[-1] = y.mean()
    return losses_from(theta, x, y, length, lr, updates)


@leave.misconception(
    "the median of y for its mean",
    "The last number of θ is the mean of y. Only then the prediction is the mean, and the gradient "
    "zero.",
    read="How-to-reach-a-critical-point",
)
def from_median(x, y, length, lr, updates):
    return losses_from(start(x, np.median(y)), x, y, length, lr, updates)


@leave.misconception(
    "the sum of y for its mean",
    "The last number of θ is the mean of y. Only then the prediction is the mean, and the gradient "
    "zero.",
    read="How-to-reach-a-critical-point",
)
def from_sum(x, y, length, lr, updates):
    return losses_from(start(x, y.sum()), x, y, length, lr, updates)


@leave.misconception(
    "the mean of x for that of y",
    "The last number of θ is the mean of the targets y: with it the network predicts their mean in "
    "every row.",
    read="How-to-reach-a-critical-point",
)
def from_inputs(x, y, length, lr, updates):
    return losses_from(start(x, x.mean()), x, y, length, lr, updates)


single = leave.misconception(
    "a single target for the mean of y",
    "The last number of θ is the mean of all of y. Only then the gradient is zero.",
    read="How-to-reach-a-critical-point",
)


@single
def from_first(x, y, length, lr, updates):
    return losses_from(start(x, y[0]), x, y, length, lr, updates)


@single
def from_largest(x, y, length, lr, updates):
    return losses_from(start(x, y.max()), x, y, length, lr, updates)


@single
def from_last(x, y, length, lr, updates):
    return losses_from(start(x, y[-1]), x, y, length, lr, updates)


@leave.misconception(
    "along the direction that curves up most",
    "This step climbs, along the eigenvector of the largest eigenvalue. The most negative one "
    "leads down. (Is `escape_step` right?)",
    read="What-is-there",
)
def up_first(x, y, length, lr, updates):
    return right_losses(x, y, length, lr, updates, column=-1)


other_length = leave.misconception(
    "the step does not have the given length",
    "This step has the length 1, or the square of `length`. (Is `escape_step` right?)",
    read="What-is-there",
)


@other_length
def step_of_length_one(x, y, length, lr, updates):
    return right_losses(x, y, 1.0, lr, updates)


@other_length
def step_of_squared_length(x, y, length, lr, updates):
    return right_losses(x, y, length**2, lr, updates)


@leave.misconception(
    "the change that is promised for the loss after the step",
    "The second result of `escape_step` is what Taylor's formula promises. The loss after the step "
    "is the one that the network has there.",
    read="What-a-critical-point-is",
)
def promised_loss(x, y, length, lr, updates):
    losses, net, theta = right_losses(x, y, length, lr, updates), network(x), saddle(x, y)
    hessian = net.hessian(theta, x, y)
    losses[1] = losses[0] + np.linalg.eigvalsh(hessian)[0] * length**2 / 2
    return losses


@leave.misconception(
    "the loss of the saddle is missing",
    "The list starts after the step. The loss at the saddle itself comes first.",
    read="Words-and-tools",
)
def saddle_missing(x, y, length, lr, updates):
    return right_losses(x, y, length, lr, updates)[1:]


@leave.misconception(
    "the loss after the step is missing",
    "Between the loss at the saddle and that after the first update comes the loss after the "
    "escape step. There are updates + 2 losses.",
    read="Words-and-tools",
)
def step_missing(x, y, length, lr, updates):
    return np.delete(right_losses(x, y, length, lr, updates), 1)


last = leave.misconception(
    "the last loss is missing",
    "After the last update comes one more loss. There are updates + 2 losses, and the escape step "
    "is none of the updates.",
    read="Words-and-tools",
)


@last
def last_missing(x, y, length, lr, updates):
    return right_losses(x, y, length, lr, updates)[:-1]


@last
def one_update_too_few(x, y, length, lr, updates):
    return right_losses(x, y, length, lr, max(updates - 1, 0))


@leave.misconception(
    "one update too many",
    "There are `updates` updates after the escape step, so updates + 2 losses.",
    read="Words-and-tools",
)
def one_update_too_many(x, y, length, lr, updates):
    return right_losses(x, y, length, lr, updates + 1)


twice = leave.misconception(
    "a loss stands twice",
    "The loss of the saddle or that after the step comes twice, and the last one is missing. Keep "
    "the loss after each move, not the one before it.",
    read="Words-and-tools",
)


@twice
def one_late(x, y, length, lr, updates):
    losses = right_losses(x, y, length, lr, updates)
    return np.concatenate([losses[:2], losses[1:-1]])


@twice
def all_late(x, y, length, lr, updates):
    losses = right_losses(x, y, length, lr, updates)
    return np.concatenate([losses[:1], losses[:-1]])


@leave.misconception(
    "gradient ascent",
    "The updates add η times the gradient, which points uphill. The loss grows: subtract it.",
    read="Words-and-tools",
)
def ascent(x, y, length, lr, updates):
    return right_losses(x, y, length, -lr, updates)


@leave.misconception(
    "the rate is not used",
    "Each update subtracts `lr` times the gradient, here it is the gradient itself.",
    read="Words-and-tools",
)
def without_rate(x, y, length, lr, updates):
    return right_losses(x, y, length, 1.0, updates)


@leave.misconception(
    "the gradient divided by the number of rows",
    "The loss is a mean over the rows, and so is its gradient: it is not divided again.",
    read="Words-and-tools",
)
def rate_by_rows(x, y, length, lr, updates):
    return right_losses(x, y, length, lr / len(x), updates)


another_rate = leave.misconception(
    "half the rate, or double the rate",
    "Each update subtracts `lr` times the gradient. The factor 2 of the squared error is in the "
    "gradient already.",
    read="Words-and-tools",
)


@another_rate
def half_rate(x, y, length, lr, updates):
    return right_losses(x, y, length, lr / 2, updates)


@another_rate
def double_rate(x, y, length, lr, updates):
    return right_losses(x, y, length, lr * 2, updates)


@leave.misconception(
    "the length for the rate",
    "`length` is the length of the escape step, `lr` the rate of the updates after it.",
    read="Words-and-tools",
)
def length_for_rate(x, y, length, lr, updates):
    return right_losses(x, y, length, length, updates)


@leave.misconception(
    "the rate and the length exchanged",
    "`length` is the length of the escape step, `lr` the rate of the updates after it.",
    read="Words-and-tools",
)
def rate_and_length(x, y, length, lr, updates):
    return right_losses(x, y, lr, length, updates)


@leave.misconception(
    "updates of the given length",
    "The gradient is divided by its own length in every update. Gradient descent subtracts η times "
    "the gradient itself.",
    read="Words-and-tools",
)
def normalised_updates(x, y, length, lr, updates):
    net, theta = network(x), saddle(x, y)
    losses = [net.loss_and_gradient(theta, x, y)[0]]
    theta = theta + length * direction(net, theta, x, y)
    for _ in range(updates + 1):
        loss, gradient = net.loss_and_gradient(theta, x, y)
        losses.append(loss)
        theta = theta - lr * gradient / (np.linalg.norm(gradient) or 1.0)
    return np.array(losses)


again = leave.misconception(
    "an escape step before every update",
    "Each update goes along an eigenvector again. One step leaves the saddle; from there on "
    "gradient descent finds its way alone.",
    read="A-small-gradient",
)


@again
def again_and_again(x, y, length, lr, updates):
    net, theta, losses = network(x), saddle(x, y), []
    for t in range(updates + 2):
        loss, gradient = net.loss_and_gradient(theta, x, y)
        losses.append(loss)
        step = escape(net.hessian(theta, x, y), gradient, length)
        theta = theta + step - (t > 0) * lr * gradient
    return np.array(losses)


@again
def escapes_alone(x, y, length, lr, updates):
    net, theta, losses = network(x), saddle(x, y), []
    for _ in range(updates + 2):
        loss, gradient = net.loss_and_gradient(theta, x, y)
        losses.append(loss)
        theta = theta + escape(net.hessian(theta, x, y), gradient, length)
    return np.array(losses)


@leave.misconception(
    "the updates start at the saddle again",
    "Gradient descent goes on from where the escape step has led. At the saddle itself its "
    "gradient is zero.",
    read="A-small-gradient",
)
def back_at_the_saddle(x, y, length, lr, updates):
    losses = right_losses(x, y, length, lr, updates)
    losses[2:] = losses[0]
    return losses


@leave.misconception(
    "the gradient of the saddle for all updates",
    "The gradient of the saddle is zero, so nothing moves after the step. Compute it anew where θ "
    "is now.",
    read="Words-and-tools",
)
def gradient_of_the_saddle(x, y, length, lr, updates):
    losses = right_losses(x, y, length, lr, updates)
    losses[2:] = losses[1]
    return losses


@leave.misconception(
    "the gradient of the first place for all updates",
    "The gradient is computed once, after the step, and used in every update. Compute it anew "
    "where θ is now.",
    read="Words-and-tools",
)
def first_gradient(x, y, length, lr, updates):
    net, theta = network(x), saddle(x, y)
    losses = [net.loss_and_gradient(theta, x, y)[0]]
    theta = theta + length * direction(net, theta, x, y)
    _, gradient = net.loss_and_gradient(theta, x, y)
    for t in range(updates + 1):
        losses.append(net.loss_and_gradient(theta - t * lr * gradient, x, y)[0])
    return np.array(losses)


@leave.misconception(
    "the root of the loss",
    "The network's loss is the mean squared error itself, without a root.",
    read="Words-and-tools",
)
def root_of_loss(x, y, length, lr, updates):
    return np.sqrt(right_losses(x, y, length, lr, updates))


other_loss = leave.misconception(
    "half the loss, or its sum over the rows",
    "The losses are those of `net.loss_and_gradient`, the mean squared error: nothing is to be "
    "multiplied or divided.",
    read="Words-and-tools",
)


@other_loss
def half_loss(x, y, length, lr, updates):
    return right_losses(x, y, length, lr, updates) / 2


@other_loss
def sum_of_losses(x, y, length, lr, updates):
    return right_losses(x, y, length, lr, updates) * len(x)
