"""The hidden tests of 01: one property a test."""

import numpy as np
import pytest

kind = pytest.mark.task("kind_of_point", points=1)
cosines = pytest.mark.task("successive_cosines", points=1)
along = pytest.mark.task("curvature_along", points=1)
stopped = pytest.mark.task("diagnose", points=1)
way_down = pytest.mark.task("escape_step", points=1)
leave = pytest.mark.task("leave_saddle", points=1)


def turned(random, curvatures):
    """A Hessian with these curvatures in directions of chance, and these directions."""
    directions, _ = np.linalg.qr(random.normal(size=(len(curvatures), len(curvatures))))
    return directions @ np.diag(curvatures) @ directions.T, directions


def mixed(random, rows, times=1):
    """The rows in an order of chance: who counts the questions knows no answer."""
    return [rows[i] for i in random.permutation(times * [*range(len(rows))])]


@kind
@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e9])
def test_the_signs_of_the_eigenvalues_decide_in_any_direction_and_scale(student, random, scale):
    rows = [
        ([1, 1, 1, 1], "minimum"),
        ([-1, -1, -1, -1], "maximum"),
        ([1, 1, -1, 1], "saddle"),
        ([-1, 1, -1, -1], "saddle"),
    ]
    for signs, expected in mixed(random, rows, 6):
        hessian, _ = turned(random, scale * random.uniform(0.1, 10, 4) * signs)
        said = student.kind_of_point(np.zeros(4), hessian, 1e-6, 1e-5)
        assert said == expected, f"eigenvalues of the signs {signs} make a {expected}"


@kind
def test_a_zero_leaves_the_question_open_unless_both_signs_are_there(student, random):
    rows = [
        ([1, 0, 1], "undecided"),
        ([-1, 0, -1], "undecided"),
        ([0, 0, 0], "undecided"),
        ([1, 0, -1], "saddle"),
    ]
    for signs, expected in mixed(random, rows, 6):
        hessian, _ = turned(random, np.array(signs) * random.uniform(0.5, 2, 3))
        said = student.kind_of_point(np.zeros(3), hessian, 1e-6, 1e-5)
        assert said == expected, f"eigenvalues of the signs {signs}: {expected}"


@kind
def test_an_eigenvalue_counts_only_above_its_share_of_the_largest(student, random):
    rows = [
        (np.diag([4.0, 1.01]), "minimum"),
        (np.diag([4.0, 1.0]), "undecided"),
        (np.diag([4.0, -1.0]), "undecided"),
        (np.diag([-4.0, -1.01]), "maximum"),
        (np.diag([-4.0, -1.0]), "undecided"),
        (np.diag([-4.0, 1.0]), "undecided"),
        (np.diag([4.0, -1.01]), "saddle"),
        (np.array([[1.55, 2.45], [2.45, 1.55]]), "undecided"),
    ]
    for hessian, expected in mixed(random, rows, 2):
        said = student.kind_of_point(np.zeros(2), hessian, 0.0, 0.25)
        eigenvalues = np.linalg.eigvalsh(hessian)
        assert said == expected, f"eigenvalues {eigenvalues}, share 0.25: {expected}"


@kind
def test_a_point_is_critical_up_to_the_given_length_of_its_gradient(student, random):
    gradient, judge = np.array([3.0, -4.0]), student.kind_of_point
    rows = [(5.0, "minimum"), (4.99, "not critical"), (0.0, "not critical")]
    for limit, expected in mixed(random, rows, 4):
        said = judge(gradient, 3 * np.eye(2), limit, 1e-5)
        assert said == expected, f"a gradient of length 5 with the limit {limit}: {expected}"
        assert not judge.changed, "the gradient and the Hessian must not be changed"
    said = judge(np.zeros(2), np.eye(2), 0.0, 0.0)
    assert said == "minimum", "a gradient of exactly 0 is critical with a limit of 0 as well"


@kind.with_args(tells=False)
def test_one_dimension_is_like_many(student, random):
    rows = [(2.0, "minimum"), (-2.0, "maximum"), (0.0, "undecided")]
    for curvature, expected in mixed(random, rows, 4):
        said = student.kind_of_point(np.zeros(1), np.array([[curvature]]), 1e-6, 1e-5)
        assert said == expected, f"with the single eigenvalue {curvature} it is {expected}"


def fan(random, updates=7):
    """Gradients of two components that turn by acute and obtuse angles, and these cosines."""
    turns = random.uniform(0.1, 1.4, updates - 1) + np.resize([0, np.pi / 2], updates - 1)
    angles = 0.3 + np.concatenate([[0.0], np.cumsum(turns)])
    lengths = random.uniform(0.1, 10, updates)
    return lengths[:, None] * np.array([np.cos(angles), np.sin(angles)]).T, np.cos(turns)


@cosines
def test_a_turn_by_an_angle_has_its_cosine(student, random):
    gradients, expected = fan(random)
    compute = student.successive_cosines
    found = compute(gradients)
    assert np.shape(found) == (6,), "T gradients have T - 1 cosines"
    assert np.allclose(found, expected), "a turn by φ must give cos φ"
    assert not compute.changed, "the gradients must not be changed"


@cosines
@pytest.mark.parametrize("scale", [1e-60, 1e60])
def test_the_lengths_of_the_gradients_do_not_matter(student, random, scale):
    gradients, expected = fan(random)
    found = student.successive_cosines(scale * gradients)
    assert np.allclose(found, expected), "a longer or shorter gradient has the same cosines"


@cosines.with_args(tells=False)
def test_same_and_opposite_directions_are_one_and_minus_one(student, random):
    for n in (1, 2, 4):
        gradient = random.uniform(0.5, 2, n) * (-1) ** np.arange(n)
        found = student.successive_cosines(np.outer([1.0, 3.0, -2.0, -1.0, 0.5], gradient))
        assert np.allclose(found, [1, -1, 1, -1]), "the cosine is 1 ahead and -1 backwards"


@cosines
def test_every_component_counts(student, random):
    for n in (3, 5):
        one, other = np.linalg.qr(random.normal(size=(n, 2)))[0].T
        found = student.successive_cosines(np.array([one, 3 * one + 4 * other, other]))
        assert np.allclose(found, [0.6, 0.8]), f"with {n} components a cosine is a sum over {n}"


@cosines
def test_a_gradient_of_zero_has_cosine_zero_with_its_neighbours(student, random):
    gradients, expected = fan(random)
    gradients[2] = 0
    found = np.asarray(student.successive_cosines(gradients))
    assert np.all(found[1:3] == 0), "beside a gradient of zero the cosine is 0"
    rest = [0, 3, 4, 5]
    assert np.allclose(found[rest], expected[rest]), "the other cosines must not be affected"


@cosines
def test_many_runs_at_once_have_the_cosines_of_the_single_runs(student, random):
    runs, expected = zip(*(fan(random, 6) for _ in range(4)), strict=True)
    together = np.asarray(student.successive_cosines(np.stack(runs, axis=-1)))
    assert together.shape == (5, 4), "N runs give an array of shape (T - 1, N)"
    assert np.allclose(together, np.transpose(expected)), "a run must not depend on its neighbours"


@along.with_args(tells=False)
def test_along_an_eigenvector_it_is_the_eigenvalue(student, random):
    curvatures = np.array([-3.0, 0.5, 20.0])
    hessian, directions = turned(random, curvatures)
    for curvature, direction in zip(curvatures, directions.T, strict=True):
        theta = random.normal(size=3) + np.outer([0.0, 1.0, 3.0, -2.0], direction)
        found = student.curvature_along(theta, theta @ hessian)
        assert np.shape(found) == (3,), "T points have T - 1 steps"
        assert np.allclose(found, curvature), "along an eigenvector it is the eigenvalue"


@along
def test_elsewhere_it_is_the_weighted_mean_of_the_eigenvalues(student, random):
    for _ in range(20):
        curvatures = random.uniform(-5, 5, 4)
        hessian, directions = turned(random, curvatures)
        step = random.normal(size=4)
        theta = np.cumsum([random.normal(size=4), step], axis=0)
        share = (directions.T @ step) ** 2 / np.sum(step**2)
        (found,) = student.curvature_along(theta, theta @ hessian)
        assert np.isclose(found, share @ curvatures), "on a parabola it must be dᵀHd / dᵀd"


@along.with_args(tells=False)
def test_on_a_quartic_it_is_the_mean_curvature_of_the_step(student, random):
    theta = np.cumsum(random.uniform(0.1, 1, (5, 1)), axis=0)
    found = student.curvature_along(theta, theta**3)
    between = np.linspace(theta[:-1, 0], theta[1:, 0], 1001)
    mean = np.mean(3 * between**2, axis=0)
    assert np.allclose(found, mean, rtol=1e-3), "on L = θ⁴/4 it is the mean of 3θ² over the step"


@along
@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_neither_the_place_nor_the_unit_of_the_path_matters(student, random, scale):
    theta = np.cumsum(random.uniform(0.5, 1, (4, 2)), axis=0)
    valley = np.array([[5.0, 1.0], [1.0, 5.0]])
    step = np.diff(theta, axis=0)
    expected = 5 + 2 * step[:, 0] * step[:, 1] / np.sum(step**2, axis=1)
    found = student.curvature_along(scale * theta + scale, theta @ valley + 7)
    assert np.allclose(scale * np.asarray(found), expected), (
        "only differences of points and gradients count"
    )


@along.with_args(tells=False)
def test_at_the_mirror_point_of_a_bounce_the_rate_times_it_is_two(student, random):
    lr, start, valley = 0.02, random.normal(size=2), np.array([0.0, 100.0])
    theta = np.array([start, start * [1, -1], start])
    found = np.asarray(student.curvature_along(theta, valley * theta))
    assert np.allclose(lr * found, 2), "a run that bounces for ever has η·λ = 2"


@along
def test_many_paths_at_once_have_the_curvatures_of_the_single_paths(student, random):
    hessian, _ = turned(random, np.array([-3.0, 0.5, 20.0]))
    theta = random.normal(size=(5, 3, 4))
    gradients = np.einsum("ij,tjk->tik", hessian, theta)
    together = np.asarray(student.curvature_along(theta, gradients))
    assert together.shape == (4, 4), "N paths give an array of shape (T - 1, N)"
    steps, turns = np.diff(theta, axis=0), np.diff(gradients, axis=0)
    expected = np.sum(steps * turns, axis=1) / np.sum(steps**2, axis=1)
    assert np.allclose(together, expected), "a path must not depend on its neighbours"


def turning(degrees, updates=8):
    """Gradients that turn by the same angle each time."""
    angles = np.deg2rad(degrees) * np.arange(updates)
    return np.array([np.cos(angles), np.sin(angles)]).T


def descent(curvatures, start, lr, updates, floor=0.0):
    """Losses and gradients of gradient descent on a parabola along the axes."""
    theta = np.asarray(start) * (1 - lr * np.asarray(curvatures)) ** np.arange(updates)[:, None]
    return floor + np.sum(curvatures * theta**2, axis=1) / 2, curvatures * theta


@stopped
def test_a_run_at_twice_one_over_the_curvature_bounces_and_a_tenth_descends(student, random):
    curvatures, start = np.array([1e-5, 50.0]), [1.5, 1.2]
    for lr in random.permutation(6 * [0.04, 0.004]):
        said = student.diagnose(*descent(curvatures, start, lr, 20), lr * 50)
        if lr == 0.04:
            assert said == "bouncing", "at η·λ = 2 the gradients are opposite, the loss stands"
        else:
            assert said == "descending", "with a tenth of this rate the loss falls"


def unit(random):
    """A unit of the loss, by a power of 2, so that no mean at a border is rounded."""
    return 2.0 ** random.integers(-9, 9)


@stopped
def test_a_falling_loss_is_descending_whatever_the_gradients_do(student, random):
    falls = descent(np.array([2.0]), [1.4], 0.95, 12)
    rows = [
        (*falls, "descending"),
        (np.repeat([50.0, 49.4], 6), turning(180, 12), "descending"),
        (np.repeat([50.0, 49.6], 6), turning(180, 12), "bouncing"),
    ]
    for losses, gradients, expected in mixed(random, rows, 4):
        said = student.diagnose(unit(random) * losses, gradients, 1.9)
        assert said == expected, "descending is a mean loss below 0.99 times that before"


@stopped
def test_a_loss_that_stands_or_grows_is_not_descending(student, random):
    rows = [([100.0] * 6 + [100 * last] * 6, "crawling") for last in (0.99, 0.992, 1.0, 2.0)]
    rows += [
        ([1, 1, 1.5, 1, 2, 0.5], "crawling"),
        ([1, 1, 1, 1, 0.9, 0.9, 3, 0.9], "crawling"),
        ([1, 4, 1, 1] + 4 * [1], "descending"),
        ([2, 1, 1, 1] + 4 * [1], "descending"),
    ]
    for losses, expected in mixed(random, rows, 3):
        said = student.diagnose(unit(random) * np.array(losses), turning(0, len(losses)), 0.1)
        assert said == expected, f"by the means of its halves a loss of {losses} is {expected}"


@stopped
def test_a_gradient_that_shrinks_at_a_standing_loss_is_arriving(student, random):
    rows = [(lr, floor) for lr in (0.05, 0.95) for floor in (1e3, 0.0)]
    for lr, floor in mixed(random, rows, 3):
        said = student.diagnose(*descent(np.array([2.0]), [1.4], lr, 40, floor), 2 * lr)
        if floor:
            assert said == "arriving", "the loss stands still and the gradient shrinks"
        else:
            assert said == "descending", "as long as the loss falls the run is descending"


@stopped
def test_half_the_length_is_enough_to_arrive_and_zero_is_arriving(student, random):
    for last in random.permutation(4 * [1.0, 1.01, 1.1, 0.0]):
        said = student.diagnose(np.ones(6), np.repeat([[2.0, 0.0], [last, 0.0]], 3, axis=0), 0.1)
        expected = "arriving" if last <= 1 else "crawling"
        assert said == expected, f"a length that falls from 2 to {last} is {expected}"
    said = student.diagnose(np.ones(4), np.zeros((4, 2)), 0.1)
    assert said == "arriving", "where every gradient is zero the run has arrived"
    gradients = np.array([[1.0, 2.0]] * 4 + [[0.0, 0.0]] + [[1.0, 2.0]] * 5)
    said = student.diagnose(np.ones(10), gradients, 0.1)
    assert said == "crawling", "a single gradient of zero has the cosine 0 with its neighbours"


@stopped
def test_a_length_is_the_median_of_its_half(student, random):
    rows = [
        ([2, 90, 2, 2, 2, 0.5], "crawling"),
        ([4, 4, 4, 4, 30, 1, 2.5, 1.25], "arriving"),
        ([4, 4, 4, 4, 2.5, 1.75, 0.1, 2.75], "crawling"),
        ([3, 9, 1, 5, 2.25, 1, 3, 1.5], "arriving"),
    ]
    for lengths, expected in mixed(random, rows, 4):
        gradients = unit(random) * np.array(lengths)[:, None] * [0.6, -0.8]
        said = student.diagnose(np.ones(len(lengths)), gradients, 0.1)
        assert said == expected, f"by the medians of its halves it is {expected}: {lengths}"


@stopped
def test_the_angle_between_gradients_decides_the_rest(student, random):
    rows = [
        (0, 0.1, "crawling"),
        (24, 0.1, "crawling"),
        (27, 0.1, "unclear"),
        (58, 0.1, "unclear"),
        (62, 0.1, "noisy"),
        (118, 0.1, "noisy"),
        (122, 0.1, "unclear"),
        (153, 1.99, "unclear"),
        (156, 1.99, "bouncing"),
        (180, 1.99, "bouncing"),
    ]
    for degrees, sharpness, expected in mixed(random, rows):
        for scale in (1e-6, 1e6):
            said = student.diagnose(np.ones(8), scale * turning(degrees), sharpness)
            assert said == expected, f"gradients that turn by {degrees}° each time: {expected}"
    # Their lengths are 10, 10 and 2, 2, so the cosines ±0.9 and ±0.5 are exact.
    ten, nearly = np.array([10.0, 0, 0, 0]), np.array([9.0, 3, 3, 1])
    ones, half = np.array([1.0, 1, 1, 1]), np.array([1.0, 1, 1, -1])
    for pair in ([ten, nearly], [ten, -nearly], [ones, half], [ones, -half]):
        for sharpness in (0.1, 1.99):
            said = student.diagnose(np.ones(8), np.array(4 * pair), sharpness)
            assert said == "unclear", "a cosine of exactly ±0.9 or ±0.5 is at the limit: unclear"
    gradient = np.array([3.0, -4.0])
    for signs in ([1, -1, 1, -1, 1, 1, 1, 1], [1, 1, 1, 1, -1, 1, -1, 1]):
        said = student.diagnose(np.ones(8), np.outer(signs, gradient), 1.99)
        assert said == "bouncing", "four of these seven cosines are −1, and so is their median"


@stopped
def test_bouncing_and_noise_need_both_signs(student, random):
    rows = [
        (180, 1.8, "bouncing"),
        (180, 2.5, "bouncing"),
        (180, 1.79, "unclear"),
        (180, 0.5, "unclear"),
        (90, 2.0, "unclear"),
        (90, 1.5, "unclear"),
        (90, 1.49, "noisy"),
        (90, -0.5, "noisy"),
        (0, 2.0, "crawling"),
    ]
    for degrees, sharpness, expected in mixed(random, rows):
        said = student.diagnose(np.ones(8), turning(degrees), sharpness)
        signs = f"gradients that turn by {degrees}° each time, and η·λmax = {sharpness}"
        assert said == expected, f"{signs}: {expected}"


@stopped
@pytest.mark.parametrize("sharpness", [0.2, 0.6])
def test_a_parabola_with_an_error_on_every_gradient_is_noisy(student, random, sharpness):
    chance = np.random.default_rng(0)  # always the same: some draws would hide a fault
    rows = []
    for error, expected in ((3.0, "noisy"), (0.0, "arriving")):
        theta, gradients, losses = np.ones(30), [], []
        for _ in range(200):
            losses.append(1e4 + theta @ theta / 2)
            gradients.append(theta + error * chance.normal(size=30))
            theta = theta - sharpness * gradients[-1]
        rows.append((np.array(losses[20:]), np.array(gradients[20:]), expected))
    for losses, gradients, expected in mixed(random, rows, 5):
        said = student.diagnose(unit(random) * losses, gradients, sharpness)
        assert said == expected, (
            "where only an error on the gradients holds the loss up it is noise"
        )


@way_down
def test_the_step_is_as_long_as_asked_and_goes_along_the_most_negative_curvature(student, random):
    for n in (1, 2, 5, *20 * [3]):
        others = [9.0, *random.uniform(-3.5, 9, n)]
        curvatures = np.concatenate([[-4.0], others[: n - 1]])
        hessian, directions = turned(random, curvatures)
        length = random.uniform(0.1, 3)
        step, change = student.escape_step(random.normal(size=n), hessian, length)
        assert np.shape(step) == (n,), "the step has one number for each parameter"
        assert np.shape(change) == (), "the change is a number"
        assert np.isclose(np.linalg.norm(step), length), "the step must have the given length"
        along = np.abs(directions[:, 0] @ step)
        assert np.isclose(along, length), "the step must go along the most negative curvature"


@way_down.with_args(tells=False)
def test_it_goes_down_the_slope_and_turns_with_it(student, random):
    for _ in range(20):
        hessian, _ = turned(random, [-1.0, 2.0, 5.0])
        gradient = random.normal(size=3)
        step, change = student.escape_step(gradient, hessian, 0.1)
        back, same = student.escape_step(-gradient, hessian, 0.1)
        assert gradient @ np.asarray(step) < 0, "the step must go down the slope"
        assert np.allclose(back, -np.asarray(step)), "on the opposite slope it is the opposite step"
        assert np.isclose(change, same), "both slopes are equally high"


@way_down
def test_at_the_saddle_itself_the_first_component_is_positive(student, random):
    for _ in range(20):
        curvature, length = random.uniform(0.5, 4), random.uniform(0.3, 2)
        hessian, _ = turned(random, [-curvature, 1.0, 3.0])
        step, change = student.escape_step(np.zeros(3), hessian, length)
        right = np.isclose(np.linalg.norm(step), length)
        assert right, "where the gradient is 0 there is a way, too"
        assert step[0] > 0, "where the gradient is 0 the first component must be positive"
        assert np.isclose(change, -curvature * length**2 / 2), "a step d should bring ½ dᵀHd"


@way_down
def test_the_change_is_that_of_a_parabola(student, random):
    for _ in range(100):
        hessian, directions = turned(random, [-3.0, 1.0, 2.0])
        gradient = random.normal(size=3)
        _, change = student.escape_step(gradient, hessian, 0.7)
        expected = -0.7 * np.abs(gradient @ directions[:, 0]) - 3 * 0.7**2 / 2
        assert np.isclose(change, expected), "on a parabola the change must be exact"


@way_down
@pytest.mark.parametrize("scale", [1.0, 1e-12])
def test_no_slope_and_no_curvature_is_too_small_to_count(student, scale):
    slanting = np.array([[0.0, 2.0], [2.0, 3.0]])  # -1 along (2, -1)
    for gradient, way in (([3.0, 1.0], [-2, 1]), ([-3.0, -1.0], [2, -1]), ([0.0, 0.0], [2, -1])):
        step, _ = student.escape_step(scale * np.array(gradient), slanting, 0.1)
        assert np.allclose(step, 0.1 * np.array(way) / 5**0.5), "only a slope of exactly 0 is none"
        step, _ = student.escape_step(np.array(gradient), scale * slanting, 0.1)
        assert np.allclose(step, 0.1 * np.array(way) / 5**0.5), "any eigenvalue below 0 leads down"


@way_down
def test_where_nothing_curves_down_there_is_no_step(student, random):
    for n in (1, 3):
        curvatures = random.uniform(1, 5, n)
        for hessian in (turned(random, curvatures)[0], np.zeros((n, n))):
            step, change = student.escape_step(random.normal(size=n), hessian, 1.0)
            assert np.array_equal(step, np.zeros(n)), "without negative curvature return n zeros"
            assert change == 0, "no step, no change"
        # Where most curves up, something may curve down all the same.
        few = np.append(curvatures, -0.5)
        for downward in (-curvatures, few):
            hessian, _ = turned(random, downward)
            step, _ = student.escape_step(random.normal(size=len(downward)), hessian, 1.5)
            there = np.isclose(np.linalg.norm(step), 1.5)
            assert there, "where something curves down there is a step"


def table(rows=12, n=2):
    """Inputs, and targets that depend on them: always the same, since some draws hide a fault."""
    chance = np.random.default_rng(2)
    x = chance.normal(size=(rows, n))
    y = x @ chance.uniform(1, 2, n) + chance.normal(size=rows)
    y[:2] += 5.0  # so the mean is neither the median nor 0
    return x, y


@leave
def test_the_first_loss_is_that_of_the_mean(student):
    x, y = table()
    for updates in (0, 3):
        losses = student.leave_saddle(x, y + 5, 0.1, 0.1, updates)
        assert np.shape(losses) == (updates + 2,), "there are updates + 2 losses"
        assert np.isclose(losses[0], np.var(y)), "at the saddle the network predicts the mean of y"


@leave
def test_the_step_lowers_the_loss_as_the_curvature_says(student):
    x, y = table(n=3)
    # The only curvatures that couple parameters are ±2 times this length.
    covariance = np.linalg.norm((y - y.mean()) @ x) / len(y)
    before, after = student.leave_saddle(x, y, 0.03, 0.1, 0)
    assert np.isclose(after - before, -covariance * 0.03**2, rtol=1e-2), (
        "a short step d must change the loss by ½ dᵀHd, with the most negative curvature"
    )


@leave.with_args(tells=False)
def test_gradient_descent_alone_stays_at_the_saddle(student):
    x, y = table()
    losses = student.leave_saddle(x, y, 0.0, 0.1, 5)
    assert np.allclose(losses, np.var(y)), "without the step the gradient is zero, so nothing moves"


@leave
def test_it_is_gradient_descent_on_this_network(student):
    x, y = table()
    length, lr, h = 0.3, 0.1, 1e-5

    def loss(theta):
        hidden = np.tanh(x @ theta[:2] + theta[2])
        return np.mean((hidden * theta[3] + theta[4] - y) ** 2)

    slope = (y - y.mean()) @ x
    way = np.array([*slope / np.linalg.norm(slope), 0, 1, 0]) / np.sqrt(2)
    theta = np.array([0, 0, 0, 0, y.mean()])
    expected = [loss(theta)]
    theta = theta + length * way
    for _ in range(8):
        expected.append(loss(theta))
        nudges = h * np.eye(5)
        theta = theta - lr * np.array([loss(theta + d) - loss(theta - d) for d in nudges]) / (2 * h)
    losses = student.leave_saddle(x, y, length, lr, 7)
    assert np.allclose(losses, expected, rtol=1e-6), "the losses must be those of gradient descent"


@leave.with_args(tells=False)
def test_the_loss_falls_with_every_update_and_in_the_mirror_alike(student):
    x, y = table()
    losses = student.leave_saddle(x, y, 0.2, 0.02, 30)
    assert np.isclose(losses[0], np.var(y)), "the first loss is that of the mean of y"
    assert np.all(np.diff(losses) < 0), "with a small rate every update lowers the loss"
    mirrored = student.leave_saddle(-x, 3 - y, 0.2, 0.02, 30)
    assert np.allclose(losses, mirrored), "turned signs and an offset of y change no loss"
