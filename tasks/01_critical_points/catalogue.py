"""What `check` and `hint` know of 01: cases, hints, and the wrong answers that learners give."""

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


def point(hessian, *gradient):
    return {
        "gradient": np.array(gradient or [0.0] * len(hessian)),
        "hessian": np.array(hessian),
        "small_gradient": 1e-6,
        "small_share": 1e-5,
    }


kind = Task(
    "kind_of_point",
    cases={
        "nearly on top of a hill": point([[-5.0, 4.0], [4.0, -5.0]], 6e-7, 6e-7)
        | {"small_share": 0.1},
        "a saddle with a flat direction": point(
            [[1.0, 2.0, 0.0], [2.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
        ),
        "a trough, exactly at the limit": point([[1.0, 0.0], [0.0, 4.0]]) | {"small_share": 0.25},
        "a ridge, nearly flat": point([[-2.0, 2.0], [2.0, -2.0 - 1e-5]]),
        "a shallow bowl": point(1e-8 * BOWL),
        "the monkey saddle": point(np.zeros((2, 2))) | {"small_gradient": 0.0},
        "on a slope": point(BOWL, 3.0, -3.0),
        "a gradient just too long": point(BOWL, 8e-7, 8e-7),
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


def at_critical_point(curvatures, small_share):
    zero = small_share * np.abs(curvatures).max()
    return by_signs(curvatures > zero, curvatures < -zero)


def verdict(length, curvatures, small_gradient, small_share):
    if length > small_gradient:
        return "not critical"
    return at_critical_point(curvatures, small_share)


@kind.misconception(
    "no negative eigenvalue taken for a minimum",
    "A zero eigenvalue leaves open what happens in its direction. A minimum is certain only if "
    "all eigenvalues are positive, a maximum only if all are negative.",
    read="What-a-critical-point-is",
)
def semidefinite(gradient, hessian, small_gradient, small_share):
    if np.linalg.norm(gradient) > small_gradient:
        return "not critical"
    curvatures = np.linalg.eigvalsh(hessian)
    zero = small_share * np.abs(curvatures).max()
    if curvatures[0] >= -zero:
        return "minimum"
    return "maximum" if curvatures[-1] <= zero else "saddle"


@kind.misconception(
    "whatever is no minimum and no maximum taken for a saddle",
    "A saddle needs an eigenvalue of each sign. With zeros and a single sign, or with zeros alone, "
    "the question stays open.",
    read="What-a-critical-point-is",
)
def saddle_otherwise(gradient, hessian, small_gradient, small_share):
    curvatures = np.linalg.eigvalsh(hessian)
    found = verdict(np.linalg.norm(gradient), curvatures, small_gradient, small_share)
    return "saddle" if found == "undecided" else found


@kind.misconception(
    "a zero eigenvalue leaves everything open",
    "You asked for zeros first. Two eigenvalues of opposite sign make a saddle in any case, "
    "whatever the others are.",
    read="What-a-critical-point-is",
)
def zeros_first(gradient, hessian, small_gradient, small_share):
    curvatures = np.linalg.eigvalsh(hessian)
    found = verdict(np.linalg.norm(gradient), curvatures, small_gradient, small_share)
    flat = np.abs(curvatures) <= small_share * np.abs(curvatures).max()
    return "undecided" if flat.any() and found != "not critical" else found


@kind.misconception(
    "the diagonal for the eigenvalues",
    "The diagonal holds the curvatures along the axes. Between the axes a surface can curve the "
    "other way: take the eigenvalues.",
    read="What-a-critical-point-is",
)
def diagonal(gradient, hessian, small_gradient, small_share):
    length = np.linalg.norm(gradient)
    return verdict(length, hessian.diagonal(), small_gradient, small_share)


@kind.misconception(
    "the determinant for the signs",
    "The determinant is the product of all eigenvalues. It hides how many are negative, and one "
    "zero makes it zero: look at each eigenvalue.",
    read="What-a-critical-point-is",
)
def determinant(gradient, hessian, small_gradient, small_share):
    if np.linalg.norm(gradient) > small_gradient:
        return "not critical"
    product = np.linalg.det(hessian)
    if product == 0:
        return "undecided"
    if product < 0:
        return "saddle"
    return "minimum" if hessian[0, 0] > 0 else "maximum"


@kind.misconception(
    "zeros counted as positive",
    "You asked for λ ≥ −limit. What counts as 0 is neither positive nor negative: positive is only "
    "what is above the limit.",
    read="What-is-there",
)
def zeros_positive(gradient, hessian, small_gradient, small_share):
    if np.linalg.norm(gradient) > small_gradient:
        return "not critical"
    curvatures = np.linalg.eigvalsh(hessian)
    up = curvatures >= -small_share * np.abs(curvatures).max()
    return by_signs(up, ~up)


@kind.misconception(
    "a share of the largest λ, not of the largest |λ|",
    "You made the limit from the largest eigenvalue. Where the surface curves mostly down that is "
    "a small or negative number: take the largest |λ|.",
    read="What-is-there",
)
def share_of_largest(gradient, hessian, small_gradient, small_share):
    if np.linalg.norm(gradient) > small_gradient:
        return "not critical"
    curvatures = np.linalg.eigvalsh(hessian)
    zero = small_share * np.abs(curvatures.max())
    return by_signs(curvatures > zero, curvatures < -zero)


@kind.misconception(
    "rounding counted as curvature",
    "You compared the eigenvalues with exactly 0. A computer returns numbers like 1e-17 for a "
    "zero: only what is above the limit counts.",
    read="What-is-there",
)
def without_limit(gradient, hessian, small_gradient, small_share):
    return verdict(np.linalg.norm(gradient), np.linalg.eigvalsh(hessian), small_gradient, 0)


@kind.misconception(
    "a limit that does not know the scale",
    "You compared the eigenvalues with `small_share` itself. It is a share of the largest |λ| of "
    "this Hessian; a bowl stays a bowl if all curvatures are tiny.",
    read="What-is-there",
)
def absolute(gradient, hessian, small_gradient, small_share):
    if np.linalg.norm(gradient) > small_gradient:
        return "not critical"
    curvatures = np.linalg.eigvalsh(hessian)
    return by_signs(curvatures > small_share, curvatures < -small_share)


@kind.misconception(
    "the largest eigenvalue with its sign",
    "You divided by the largest eigenvalue. Where all are negative this turns every sign; the "
    "limit is a share of the largest |λ|.",
    read="What-is-there",
)
def signed_largest(gradient, hessian, small_gradient, small_share):
    if np.linalg.norm(gradient) > small_gradient:
        return "not critical"
    curvatures = np.linalg.eigvalsh(hessian)
    shares = curvatures / curvatures.max()
    return by_signs(shares > small_share, shares < -small_share)


@kind.misconception(
    "the gradient was not looked at",
    "On a slope the eigenvalues tell nothing about a minimum. First ask whether the gradient "
    "counts as 0.",
    read="What-a-critical-point-is",
)
def any_point(gradient, hessian, small_gradient, small_share):
    return at_critical_point(np.linalg.eigvalsh(hessian), small_share)


@kind.misconception(
    "the largest component for the length",
    "You compared single components of the gradient. Its length ‖g‖ is the root of the sum of "
    "their squares, and is longer than each of them.",
    read="Words-and-tools",
)
def largest_component(gradient, hessian, small_gradient, small_share):
    length = np.abs(gradient).max()
    return verdict(length, np.linalg.eigvalsh(hessian), small_gradient, small_share)


@kind.misconception(
    "the sum of the sizes for the length",
    "You added up the sizes of the components. The length ‖g‖ is the root of the sum of their "
    "squares, and is shorter than that.",
    read="Words-and-tools",
)
def sum_of_sizes(gradient, hessian, small_gradient, small_share):
    length = np.abs(gradient).sum()
    return verdict(length, np.linalg.eigvalsh(hessian), small_gradient, small_share)


@kind.misconception(
    "exactly at the limit counted as positive or negative",
    "You asked for λ ≥ limit. What is at most the limit counts as 0, so exactly at the limit, too: "
    "positive is only what is above it.",
    read="What-is-there",
)
def at_the_limit(gradient, hessian, small_gradient, small_share):
    if np.linalg.norm(gradient) > small_gradient:
        return "not critical"
    curvatures = np.linalg.eigvalsh(hessian)
    zero = small_share * np.abs(curvatures).max()
    return by_signs(
        (curvatures >= zero) & (curvatures > 0), (curvatures <= -zero) & (curvatures < 0)
    )


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
        "one component": {"gradients": np.array([[2.0], [1.0], [-3.0]])},
        "only two gradients": {"gradients": np.array([[1.0, 2.0, 2.0], [2.0, -1.0, 2.0]])},
        "tiny gradients": {"gradients": 1e-9 * np.array([[3.0, 4.0], [4.0, 3.0], [-4.0, 3.0]])},
        "a gradient of zero": {"gradients": np.array([[3.0, 4.0], [0.0, 0.0], [1.0, 2.0]])},
        "three runs at once": {
            "gradients": np.array(
                [
                    [[3.0, 1.0, 0.0], [4.0, 2.0, 1.0]],
                    [[4.0, -1.0, 2.0], [3.0, -2.0, 0.0]],
                    [[4.0, 1.0, 2.0], [3.0, 3.0, 2.0]],
                ]
            ),
        },
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


@cosines.misconception(
    "the dot product for the cosine",
    "The dot product grows with the lengths of both gradients. Divide by them.",
    read="Stopped-on-real-data",
)
def dots_only(gradients):
    return np.sum(gradients[:-1] * gradients[1:], axis=1)


@cosines.misconception(
    "divided by one of the two lengths",
    "You divided by the square of one gradient's length. Each gradient brings its own length: "
    "divide by the product of the two.",
    read="Stopped-on-real-data",
)
def one_length(gradients):
    return divided(np.sum(gradients[:-1] * gradients[1:], axis=1), np.sum(gradients[:-1] ** 2, 1))


@cosines.misconception(
    "one length for all gradients",
    "`np.linalg.norm` without `axis` takes the length of the whole array. Each gradient has a "
    "length of its own.",
    read="Stopped-on-real-data",
)
def common_length(gradients):
    before, after = gradients[:-1], gradients[1:]
    lengths = np.sqrt(np.sum(before**2) * np.sum(after**2))
    return divided(np.sum(before * after, axis=1), lengths)


@cosines.misconception(
    "every gradient compared with the first",
    "You compared with gradient 0 each time. A bounce shows between one gradient and the next.",
    read="Stopped-on-real-data",
)
def with_the_first(gradients):
    return cosine(gradients[:1], gradients[1:])


@cosines.misconception(
    "every second gradient",
    "You left one gradient out between the two. After two bounces a run faces the same way "
    "again: compare t with t + 1.",
    read="Stopped-on-real-data",
)
def two_apart(gradients):
    return cosine(gradients[:-2], gradients[2:])


@cosines.misconception(
    "the sum over the updates",
    "You summed along axis 0, over time. An angle lies between two vectors: sum over their "
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


@cosines.misconception(
    "the angle for its cosine",
    "You returned the angle itself. The cosine was asked for: leave out the `arccos`.",
    read="Stopped-on-real-data",
)
def angle(gradients):
    return np.arccos(np.clip(cosine(gradients[:-1], gradients[1:]), -1, 1))


@cosines.misconception(
    "a small number added to the lengths",
    "It avoids 0/0, but makes the cosine of tiny gradients too small. Leave the lengths as they "
    "are, and handle only those that are exactly 0.",
    read="A-small-gradient",
)
def with_eps(gradients):
    before, after = gradients[:-1], gradients[1:]
    lengths = np.linalg.norm(before, axis=1) * np.linalg.norm(after, axis=1)
    return np.sum(before * after, axis=1) / (lengths + 1e-8)


@cosines.misconception(
    "the sign is lost",
    "You took the absolute value. The sign tells a bounce, −1, from going straight on, +1.",
    read="Stopped-on-real-data",
)
def without_sign(gradients):
    return np.abs(cosine(gradients[:-1], gradients[1:]))


ALONG = np.array([[2.0, 1.0], [1.0, 1.0], [1.0, 3.0], [2.0, 4.0]])
ACROSS = np.array([[-5.0, 0.125], [-5.25, -0.125], [-5.5, 0.125]])
RUNS = np.array(
    [
        [[1.0, 2.0, 0.0], [0.0, 1.0, 1.0]],
        [[2.0, 1.0, 1.0], [1.0, -1.0, 1.0]],
        [[0.0, 1.5, 2.0], [2.0, 0.0, -1.0]],
    ]
)

along = Task(
    "curvature_along",
    cases={
        "a valley along the axes": {"theta": ALONG, "gradients": ALONG * [1.0, 4.0]},
        "a turned valley": {"theta": ALONG, "gradients": ALONG @ BOWL},
        "one dimension, L = θ³": {
            "theta": np.array([[0.0], [1.0], [3.0]]),
            "gradients": np.array([[0.0], [3.0], [27.0]]),
        },
        "a saddle": {"theta": ALONG, "gradients": ALONG * [1.0, -2.0]},
        "between two walls": {
            "theta": ACROSS,
            "gradients": np.array([[-0.25, 8.0], [-0.25, -8.0], [-0.25, 8.0]]),
        },
        "tiny steps": {"theta": 1e-7 * ALONG, "gradients": 1e-7 * ALONG @ BOWL},
        "three runs at once": {
            "theta": RUNS,
            "gradients": np.einsum("ij,tjk->tik", PASS, RUNS),
        },
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


@along.misconception(
    "the ratio of two lengths",
    "You divided the length of the change by the length of the step. This loses the sign, and "
    "counts changes across the step too: take the dot product with d.",
    read="What-a-critical-point-is",
)
def lengths(theta, gradients):
    step, change = steps(theta, gradients)
    return np.sqrt(dot(change, change) / dot(step, step))


@along.misconception(
    "divided by the length, not by its square",
    "dᵀHd contains the step twice, so it must be divided by dᵀd = ‖d‖². Otherwise a longer step "
    "would mean more curvature.",
    read="What-a-critical-point-is",
)
def not_squared(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, change) / np.sqrt(dot(step, step))


@along.misconception(
    "one length for all steps",
    "You divided by the length of all steps together. Each step has a length of its own: sum "
    "along axis 1 only.",
    read="What-a-critical-point-is",
)
def common_step(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, change) / np.sum(step**2)


@along.misconception(
    "the slope for the curvature",
    "You used the gradient itself. Curvature is how the gradient changes: take the difference of "
    "two gradients.",
    read="A-small-gradient",
)
def slope(theta, gradients):
    step, _ = steps(theta, gradients)
    return dot(step, gradients[:-1]) / dot(step, step)


@along.misconception(
    "one over the curvature",
    "The fraction is upside down: the change of the gradient belongs above, the step below.",
    read="A-small-gradient",
)
def upside_down(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(step, step) / dot(step, change)


@along.misconception(
    "the change in the place of the step",
    "You multiplied the change with itself. dᵀHd is the dot product of the step and the change.",
    read="What-a-critical-point-is",
)
def change_twice(theta, gradients):
    step, change = steps(theta, gradients)
    return dot(change, change) / dot(step, change)


@along.misconception(
    "a quotient for each component",
    "You divided component by component and averaged. In a turned valley a component of the "
    "gradient changes because of the other one: use dot products.",
    read="What-a-critical-point-is",
)
def by_component(theta, gradients):
    step, change = steps(theta, gradients)
    return np.mean(change / step, axis=1)


@along.misconception(
    "the distance from the origin for the step",
    "Gradient divided by θ is the curvature only if the minimum is at 0. Take the differences of "
    "two successive points and gradients.",
    read="A-small-gradient",
)
def from_the_origin(theta, gradients):
    return dot(theta[1:], gradients[1:]) / dot(theta[1:], theta[1:])


@along.misconception(
    "before minus after in one of the two",
    "One difference is taken after − before, the other before − after. A valley then seems to "
    "curve down: take both in the same order.",
    read="What-a-critical-point-is",
)
def turned(theta, gradients):
    step, change = steps(theta, gradients)
    return -dot(step, change) / dot(step, step)


def record(losses, gradients, sharpness):
    return {
        "losses": np.array(losses),
        "gradients": np.array(gradients),
        "sharpness": sharpness,
    }


stopped = Task(
    "diagnose",
    cases={
        "to and fro, but downwards": record(
            [8.0, 6.0, 4.0, 3.0],
            [[0.0, 9.0], [0.0, -8.0], [0.0, 8.0], [0.0, -8.0]],
            1.9,
        ),
        "between two walls at first": record(
            [2.0, 2.5, 2.0, 2.5, 2.0, 2.5, 2.0, 2.5],
            [[1.25, 8.0], [1.25, -8.0]] * 2 + [[1.25, 8.0]] * 4,
            1.99,
        ),
        "a bounce that dies out": record(
            [5.1, 5.0, 5.0, 5.0, 5.0, 5.0],
            [[8.0], [-6.0], [4.0], [-4.0], [3.0], [-2.0]],
            1.85,
        ),
        "along the flat floor of a steep valley": record(
            [3.0, 3.0, 3.0, 3.0],
            [[1e-4, 2e-4], [2e-4, 2e-4], [1e-4, 2e-4], [2e-4, 2e-4]],
            2.1,
        ),
        "outliers": record(
            [6.0, 6.0, 6.0, 6.0, 5.5, 9.0, 5.5, 5.5],
            [[1.0, 3.0], [90.0, 0.0]] + 3 * [[1.0, -3.0], [-1.0, 3.0]],
            1.8,
        ),
        "mini-batches, and a loss that grows": record(
            [1.0, 1.5, 2.0, 3.0],
            [[2.0, 2.0], [-2.0, 1.0], [1.0, 2.0], [2.0, -1.25]],
            0.6,
        ),
        "turns of 120 degrees": record(
            [1.0, 1.0, 1.0, 1.0],
            [[2.0, 0.0], [-1.0, 1.75], [-1.0, -1.75], [0.8, 0.0]],
            1.95,
        ),
        "two mini-batches that take turns": record(
            [4.0, 4.0, 4.0, 4.0],
            [[3.0, 0.0], [-2.0, 0.1], [3.0, 0.0], [-2.0, 0.1]],
            0.9,
        ),
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
    equivalent={
        "if losses[half:].mean() <= 0.99 * losses[:half].mean():": "rounding decides at 0.99",
        "if cosine <= -0.9 and sharpness >= 1.8:": "rounding decides at a cosine of -0.9",
        "if cosine >= 0.9:": "rounding decides at 0.9",
        "return 'noisy' if abs(cosine) <= 0.5 and sharpness < 1.5 else 'unclear'": "and at 0.5",
        "return 'noisy' if abs(cosine) < 0.5 and sharpness <= 1.5 else 'unclear'": "and at 1.5",
    },
)


def halves(values):
    half = len(values) // 2
    return values[:half], values[half:]


def falls(losses):
    first, second = halves(losses)
    return second.mean() < 0.99 * first.mean()


def shrinks(gradients, middle=np.median):
    first, second = halves(np.linalg.norm(gradients, axis=1))
    return middle(second) <= 0.5 * middle(first)


def typical(gradients, middle=np.median):
    return middle(cosine(gradients[:-1], gradients[1:]))


def by_angle(gradients, sharpness, middle=np.median):
    angle = typical(gradients, middle)
    if angle < -0.9 and sharpness >= 1.8:
        return "bouncing"
    if angle > 0.9:
        return "crawling"
    return "noisy" if abs(angle) < 0.5 and sharpness < 1.5 else "unclear"


def by_gradients(gradients, sharpness):
    return "arriving" if shrinks(gradients) else by_angle(gradients, sharpness)


def verdict_on(losses, gradients, sharpness):
    return "descending" if falls(losses) else by_gradients(gradients, sharpness)


@stopped.misconception(
    "a small gradient taken for a critical point",
    "You compared ‖g‖ with a fixed small number. On a plateau the gradient is tiny far from any "
    "critical point: ask whether it shrinks.",
    read="A-small-gradient",
)
def small_is_critical(losses, gradients, sharpness):
    if falls(losses):
        return "descending"
    small = np.median(halves(np.linalg.norm(gradients, axis=1))[1]) < 1e-2
    return "arriving" if small else by_gradients(gradients, sharpness)


@stopped.misconception(
    "every standstill is a critical point",
    "A loss that stands still says nothing about the gradient. You must look at it, and at the "
    "angle to the next one.",
    read="Stopped-between-two-walls",
)
def always_critical(losses, gradients, sharpness):
    return "descending" if falls(losses) else "arriving"


@stopped.misconception(
    "the lengths were not looked at",
    "You did not look at the lengths. A bounce whose gradients shrink dies out by itself: it is "
    "arriving.",
    read="Stopped-on-real-data",
)
def lengths_left_out(losses, gradients, sharpness):
    return "descending" if falls(losses) else by_angle(gradients, sharpness)


@stopped.misconception(
    "the bounce before the loss",
    "You looked at the angles first. A run can go to and fro and still come down: if the loss "
    "falls it is descending, whatever the angles.",
    read="Stopped-on-real-data",
)
def angles_first(losses, gradients, sharpness):
    if by_angle(gradients, sharpness) == "bouncing" and not shrinks(gradients):
        return "bouncing"
    return "descending" if falls(losses) else by_gradients(gradients, sharpness)


@stopped.misconception(
    "the first and the last loss alone",
    "You compared two single losses. In a bounce they differ by chance: compare the means of the "
    "two halves.",
    read="Stopped-on-real-data",
)
def two_losses(losses, gradients, sharpness):
    return "descending" if losses[-1] < 0.99 * losses[0] else by_gradients(gradients, sharpness)


@stopped.misconception(
    "the median of the losses for their mean",
    "For the losses the docstring asks for the means of the two halves. The medians are those of "
    "the lengths and of the cosines.",
    read="Stopped-on-real-data",
)
def median_loss(losses, gradients, sharpness):
    first, second = map(np.median, halves(losses))
    return "descending" if second < 0.99 * first else by_gradients(gradients, sharpness)


@stopped.misconception(
    "the angles of the second half alone",
    "You took the median of the second half's cosines. It is asked of all T − 1 cosines; only the "
    "losses and the lengths are compared by halves.",
    read="Stopped-on-real-data",
)
def second_half_cosines(losses, gradients, sharpness):
    if falls(losses):
        return "descending"
    return "arriving" if shrinks(gradients) else by_angle(halves(gradients)[1], sharpness)


@stopped.misconception(
    "any change of the loss is a descent",
    "You asked whether the mean loss changed. A loss that grows does not descend: the sign of the "
    "change matters.",
    read="Stopped-on-real-data",
)
def any_change(losses, gradients, sharpness):
    first, second = halves(losses)
    changed = np.abs(second.mean() - first.mean()) > 0.01 * first.mean()
    return "descending" if changed else by_gradients(gradients, sharpness)


@stopped.misconception(
    "any obtuse angle is a bounce",
    "You asked for the sign of the cosine only. A bounce has nearly opposite gradients: a cosine "
    "below −0.9.",
    read="Stopped-on-real-data",
)
def any_obtuse(losses, gradients, sharpness):
    found = verdict_on(losses, gradients, sharpness)
    steep = sharpness >= 1.8 and found == "unclear"
    return "bouncing" if steep and typical(gradients) < 0 else found


@stopped.misconception(
    "the first and the last gradient alone",
    "You compared two single lengths. One update tells little: compare the medians of the two "
    "halves.",
    read="Stopped-on-real-data",
)
def two_gradients(losses, gradients, sharpness):
    if falls(losses):
        return "descending"
    first, *_, last = np.linalg.norm(gradients, axis=1)
    return "arriving" if last <= 0.5 * first else by_angle(gradients, sharpness)


@stopped.misconception(
    "the mean of the lengths for their median",
    "A single long gradient carries the mean of its half away. A median hardly notices it.",
    read="Stopped-on-real-data",
)
def mean_length(losses, gradients, sharpness):
    if falls(losses):
        return "descending"
    return "arriving" if shrinks(gradients, np.mean) else by_angle(gradients, sharpness)


@stopped.misconception(
    "the mean of the cosines for their median",
    "A few gradients in other directions carry the mean away. Take the median of the cosines.",
    read="Stopped-on-real-data",
)
def mean_cosine(losses, gradients, sharpness):
    if falls(losses):
        return "descending"
    return "arriving" if shrinks(gradients) else by_angle(gradients, sharpness, np.mean)


noise_is_a_bounce = stopped.misconception(
    "noise taken for a bounce",
    "The gradient stays long and the loss stands still, and a smaller rate would lower it at once: "
    "noise shows all of this, too. A bounce needs nearly opposite gradients, and η·λmax near 2.",
    read="Noise-instead-of-walls",
)


@noise_is_a_bounce
def any_long_gradient(losses, gradients, sharpness):
    found = verdict_on(losses, gradients, sharpness)
    return "bouncing" if found in ("noisy", "unclear") else found


@noise_is_a_bounce
def any_turn(losses, gradients, sharpness):
    found = verdict_on(losses, gradients, sharpness)
    turns = typical(gradients) < 0 and found not in ("descending", "arriving")
    return "bouncing" if turns else found


@stopped.misconception(
    "a bounce without η·λmax",
    "You asked for opposite gradients only. Those of two mini-batches that take turns are opposite "
    "as well: what sends a run from wall to wall is η·λmax near 2.",
    read="Noise-instead-of-walls",
)
def bounce_by_angle(losses, gradients, sharpness):
    found = verdict_on(losses, gradients, sharpness)
    return "bouncing" if found == "unclear" and typical(gradients) < -0.9 else found


@stopped.misconception(
    "a bounce without the angle",
    "You asked for η·λmax only. Along the floor of a steep valley a run goes straight on, however "
    "steep the walls are: ask for opposite gradients, too.",
    read="Noise-instead-of-walls",
)
def bounce_by_sharpness(losses, gradients, sharpness):
    found = verdict_on(losses, gradients, sharpness)
    return "bouncing" if sharpness >= 1.8 and found in ("crawling", "unclear") else found


@stopped.misconception(
    "noise without η·λmax",
    "You asked for the angle only. With η·λmax near 2 the walls take part, and the docstring calls "
    "this unclear: noise needs η·λmax below 1.5.",
    read="Noise-instead-of-walls",
)
def noise_by_angle(losses, gradients, sharpness):
    found = verdict_on(losses, gradients, sharpness)
    return "noisy" if found == "unclear" and abs(typical(gradients)) < 0.5 else found


@stopped.misconception(
    "noise without the angle",
    "You asked for η·λmax only. Gradients that are nearly opposite, or nearly the same, are no "
    "noise: ask for a cosine between −0.5 and 0.5, too.",
    read="Noise-instead-of-walls",
)
def noise_by_sharpness(losses, gradients, sharpness):
    found = verdict_on(losses, gradients, sharpness)
    return "noisy" if found == "unclear" and sharpness < 1.5 else found


def place(hessian, gradient, length):
    return {"gradient": np.array(gradient), "hessian": np.array(hessian), "length": length}


way_down = Task(
    "escape_step",
    cases={
        "near a saddle": place(SLANT, [0.3, 0.1], 0.5),
        "on the other side of it": place(SLANT, [-0.3, -0.1], 0.5),
        "exactly at a saddle": place(PASS, [0.0, 0.0], 2.0),
        "one dimension": place([[-2.0]], [3.0], 0.1),
        "three parameters": place(
            [[5.0, 0.0, 0.0], [0.0, 0.0, 2.0], [0.0, 2.0, 3.0]], [1.0, -1.0, 2.0], 1.0
        ),
        "exactly at a nearly flat saddle": place([[2e-9, -1e-9], [-1e-9, -3e-9]], [0.0, 0.0], 3.0),
        "a bowl": place(BOWL / 4, [1.0, -2.0], 0.5),
        "no curvature at all": place(np.zeros((2, 2)), [1.0, 2.0], 0.5),
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


@way_down.misconception(
    "uphill",
    "Your step goes up the slope. Of the two directions along the eigenvector take the one with "
    "gᵀd ≤ 0.",
    read="What-is-there",
)
def uphill(gradient, hessian, length):
    return with_change(-escape(hessian, gradient, length), gradient, hessian)


@way_down.misconception(
    "the sign as eigh gives it",
    "`eigh` knows nothing of the gradient: its eigenvector may as well point uphill. Choose the "
    "direction yourself.",
    read="What-is-there",
)
def as_given(gradient, hessian, length):
    values, vectors = eigh(hessian)
    return with_change((values[0] < 0) * length * vectors[:, 0], gradient, hessian)


first_positive = way_down.misconception(
    "the first component made positive on a slope too",
    "The first component decides only where the gradient is exactly 0. On a slope the step must "
    "not go uphill: gᵀd ≤ 0.",
    read="What-is-there",
)


@first_positive
def always_first_positive(gradient, hessian, length):
    values, vectors = eigh(hessian)
    way = vectors[:, 0] * np.where(vectors[0, 0] < 0, -1, 1)
    return with_change((values[0] < 0) * length * way, gradient, hessian)


@first_positive
def turned_unless_first_positive(gradient, hessian, length):
    values, vectors = eigh(hessian)
    way = vectors[:, 0] * np.where(vectors[0, 0] > 0, 1, -1)
    return with_change((values[0] < 0) * length * way, gradient, hessian)


@way_down.misconception(
    "any direction where the gradient is zero",
    "Right as long as there is a slope. Where the gradient is exactly 0 both directions go down; "
    "the docstring asks for the one whose first component is not negative.",
    read="What-is-there",
)
def undecided_at_zero(gradient, hessian, length):
    values, vectors = eigh(hessian)
    way = -vectors[:, 0] if gradient @ vectors[:, 0] > 0 else vectors[:, 0]
    return with_change((values[0] < 0) * length * way, gradient, hessian)


@way_down.misconception(
    "a row for an eigenvector",
    "`eigh` returns the eigenvectors as columns. You took a row of its matrix.",
    read="What-is-there",
)
def row(gradient, hessian, length):
    values, vectors = eigh(hessian)
    way = downhill(vectors[0], gradient)
    return with_change((values[0] < 0) * length * way, gradient, hessian)


@way_down.misconception(
    "against the gradient",
    "That is the way of gradient descent. At a saddle its gradient is zero, and 0/0 is no way "
    "out: take the eigenvector of the most negative eigenvalue.",
    read="A-small-gradient",
)
def against_gradient(gradient, hessian, length):
    with np.errstate(invalid="ignore"):
        step = -length * gradient / np.linalg.norm(gradient)
    return with_change(step, gradient, hessian)


@way_down.misconception(
    "the direction that curves up most",
    "You took the eigenvector of the largest eigenvalue. The eigenvalues of `eigh` ascend, so "
    "the most negative is the first.",
    read="What-is-there",
)
def steepest_up(gradient, hessian, length):
    return with_change(escape(hessian, gradient, length, column=-1), gradient, hessian)


@way_down.misconception(
    "no step where the gradient is zero",
    "`np.sign(0)` is 0, so at the saddle itself your step vanishes. There both directions go "
    "down: take the one whose first component is not negative.",
    read="What-is-there",
)
def sign_of_zero(gradient, hessian, length):
    step = escape(hessian, gradient, length)
    return with_change(gradient.any() * step, gradient, hessian)


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
    "the length is not used",
    "An eigenvector of `eigh` has length 1, and you went exactly that far. Multiply by `length`.",
    read="What-is-there",
)
def unit_step(gradient, hessian, length):
    return with_change(escape(hessian, gradient, 1.0), gradient, hessian)


@way_down.misconception(
    "the length times the eigenvalue",
    "You multiplied by the curvature as well. The step is to be `length` long; the curvature "
    "only tells the direction.",
    read="What-is-there",
)
def scaled_by_curvature(gradient, hessian, length):
    longer = length * np.abs(np.linalg.eigvalsh(hessian)[0])
    return with_change(escape(hessian, gradient, longer), gradient, hessian)


@way_down.misconception(
    "dᵀHd for ½ dᵀHd",
    "The step is right. In the change the ½ of Taylor's formula is missing.",
    read="What-a-critical-point-is",
)
def without_half(gradient, hessian, length):
    step = escape(hessian, gradient, length)
    return step, gradient @ step + step @ hessian @ step


@way_down.misconception(
    "the gradient's part of the change is left out",
    "The step is right. But g is zero only at the critical point itself; elsewhere the change is "
    "gᵀd + ½ dᵀHd.",
    read="What-a-critical-point-is",
)
def without_slope(gradient, hessian, length):
    step = escape(hessian, gradient, length)
    return step, step @ hessian @ step / 2


@way_down.misconception(
    "the fall for the change",
    "You returned by how much the loss falls. The change is loss after minus loss before, so a "
    "fall is negative.",
    read="What-a-critical-point-is",
)
def fall(gradient, hessian, length):
    step = escape(hessian, gradient, length)
    return step, -change(step, gradient, hessian)


X = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 1.0], [2.0, 1.0], [-1.0, -2.0]])
Y = np.array([1.0, 2.0, 0.0, 3.0, -1.0])
PATIENTS, PROGRESS = data.diabetes()


def training(x, y, length, lr, updates):
    return {"x": x, "y": y, "length": length, "lr": lr, "updates": updates}


leave = Task(
    "leave_saddle",
    cases={
        "five rows": training(X, Y, 0.1, 0.1, 8),
        "one input": training(X[:, :1], Y, 0.5, 0.2, 5),
        "a long step": training(X, Y + 10, 1.0, 0.05, 4),
        "no update": training(X, -Y, 0.2, 0.1, 0),
        "no step": training(X, Y, 0.0, 0.1, 3),
        "twenty patients": training(
            PATIENTS[:20, [2, 3]].round(1), PROGRESS[:20].round(1), 0.1, 0.3, 40
        ),
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


def saddle(x, y):
    theta = np.zeros(network(x).n_parameters)
    theta[-1] = y.mean()
    return theta


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


@leave.misconception(
    "no step from the saddle",
    "You started gradient descent at the saddle. Its gradient is zero there, so nothing moves: "
    "take the escape step first (or your `escape_step` returned zeros: check that task first).",
    read="A-small-gradient",
)
def no_step(x, y, length, lr, updates):
    return losses_from(saddle(x, y), x, y, 0.0, lr, updates)


@leave.misconception(
    "all parameters zero",
    "With 0 for every parameter the prediction is 0, not the mean of y. Then the gradient of the "
    "last offset is not zero, and this is no saddle.",
    read="How-to-reach-a-critical-point",
)
def without_mean(x, y, length, lr, updates):
    return losses_from(0 * saddle(x, y), x, y, length, lr, updates)


@leave.misconception(
    "the mean in the first place",
    "θ starts with the weights of the hidden unit. The offset of the output comes last.",
    read="How-to-reach-a-critical-point",
)
def mean_first(x, y, length, lr, updates):
    return losses_from(saddle(x, y)[::-1], x, y, length, lr, updates)


@leave.misconception(
    "along the direction that curves up most",
    "You took the eigenvector of the largest eigenvalue, and climbed. The most negative one leads "
    "down.",
    read="What-is-there",
)
def up_first(x, y, length, lr, updates):
    return losses_from(saddle(x, y), x, y, length, lr, updates, column=-1)


@leave.misconception(
    "the loss of the saddle is missing",
    "The list starts after the step. The loss at the saddle itself comes first.",
    read="Words-and-tools",
)
def saddle_missing(x, y, length, lr, updates):
    return losses_from(saddle(x, y), x, y, length, lr, updates)[1:]


@leave.misconception(
    "the last loss is missing",
    "You kept the loss before each update, but not the one after the last. There are "
    "updates + 2 losses.",
    read="Words-and-tools",
)
def last_missing(x, y, length, lr, updates):
    return losses_from(saddle(x, y), x, y, length, lr, updates)[:-1]


@leave.misconception(
    "the loss after the step stands twice",
    "You kept the loss before each update instead of the one after it. So the loss after the step "
    "comes twice, and the last one is missing.",
    read="Words-and-tools",
)
def one_late(x, y, length, lr, updates):
    losses = losses_from(saddle(x, y), x, y, length, lr, updates)
    return np.concatenate([losses[:2], losses[1:-1]])


@leave.misconception(
    "gradient ascent",
    "Your updates add η times the gradient, which points uphill. The loss grows: subtract it.",
    read="Words-and-tools",
)
def ascent(x, y, length, lr, updates):
    return losses_from(saddle(x, y), x, y, length, -lr, updates)


@leave.misconception(
    "an escape step before every update",
    "You went along an eigenvector again and again. One step leaves the saddle; from there on "
    "gradient descent finds its way alone.",
    read="A-small-gradient",
)
def again_and_again(x, y, length, lr, updates):
    net, theta, losses = network(x), saddle(x, y), []
    for t in range(updates + 2):
        loss, gradient = net.loss_and_gradient(theta, x, y)
        losses.append(loss)
        step = escape(net.hessian(theta, x, y), gradient, length)
        theta = theta + step - (t > 0) * lr * gradient
    return np.array(losses)


@leave.misconception(
    "the gradient of the first place for all updates",
    "You computed the gradient once, after the step, and used it in every update. Compute it "
    "anew where θ is now.",
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
