"""The hidden tests of 08: one property a test."""

import numpy as np
import pytest

whitened = pytest.mark.task("whitened_step", points=1)
way = pytest.mark.task("way_of_a_round", points=1)


def steps(student, gradients, lr=1.0):
    """The steps of a run with these gradients, whose sum is handed in exactly."""
    n = len(gradients[0])
    made, total = [], np.zeros((n, n))
    for grad in gradients:
        new, summed = map(np.asarray, student.whitened_step(np.zeros(n), grad, total, lr))
        assert new.shape == (n,), "the new θ has the shape of theta"
        assert summed.shape == (n, n), "the new sum has the shape of total"
        made.append(new)
        total = total + np.outer(grad, grad)
    return np.array(made)


def alike(some, others):
    """Whether steps, whose lengths are about 1, are the same."""
    return np.allclose(some, others, atol=1e-6)


@whitened.with_args(tells=False)
def test_the_first_step_goes_downhill_and_has_the_length_of_the_rate(student, random):
    for n in (1, 2, 5):
        grad = random.uniform(1, 9, n) * random.choice([-1, 1], n)
        lr = random.uniform(0.1, 2)
        (step,) = steps(student, [grad], lr)
        assert alike(step, -lr * grad / np.linalg.norm(grad)), (
            "the first step is not downhill, or not of length η"
        )


@whitened
def test_along_the_axes_it_is_adagrad(student, random):
    sizes = np.array([2.0, 3.0, 1.0, -0.5, 2.0, -1.5, 4.0]) * random.uniform(0.5, 2)
    gradients = np.eye(3)[[0, 1, 2, 2, 0, 1, 2]] * sizes[:, None]
    sums = np.cumsum(gradients**2, axis=0)
    adagrad = -gradients / np.sqrt(np.where(sums > 0, sums, 1))
    made = steps(student, gradients)
    assert alike(made, adagrad), "with gradients along the axes it is not Adagrad"


@whitened
def test_the_sum_holds_the_products_of_all_gradients(student, random):
    gradients, theta = random.normal(size=(5, 3)), np.zeros(3)
    total = np.zeros((3, 3))
    for grad in gradients:
        theta, total = student.whitened_step(theta, grad, total, 0.1)
    assert np.allclose(total, gradients.T @ gradients), "the new sum is not that of all g gᵀ"


@whitened.with_args(tells=False)
def test_in_turned_coordinates_the_path_is_turned(student, random):
    gradients = random.normal(size=(8, 3))
    turn = np.linalg.qr(random.normal(size=(3, 3)))[0]
    made, turned = steps(student, gradients), steps(student, gradients @ turn.T)
    assert alike(turned, made @ turn.T), "in turned coordinates the path is another one"
    assert np.isclose(np.linalg.norm(made[0]), 1), "the first step does not have the length η"


@whitened
def test_the_sum_twice_applied_to_the_step_is_the_gradient(student, random):
    for n in (2, 4):
        earlier, grad = random.normal(size=(2 * n, n)), random.normal(size=n)
        total = earlier.T @ earlier
        theta, lr = random.normal(size=n), random.uniform(0.1, 2)
        new, _ = student.whitened_step(theta, grad, total, lr)
        step = (theta - new) / lr
        summed = total + np.outer(grad, grad)
        # The step is S^(-½) g, so its product with S is its square, g·g when S stands between.
        assert np.isclose(step @ summed @ step, grad @ grad), "the power of the sum is not −½"
        assert np.isclose(step @ step, grad @ np.linalg.solve(summed, grad)), (
            "the length of the step is not that of the power −½"
        )


@whitened.with_args(tells=False)
def test_a_direction_without_gradients_gets_no_step(student, random):
    for _ in range(5):
        plane = np.linalg.qr(random.normal(size=(5, 5)))[0][:, :2]
        flat = np.array([[3.0, 1.0], [-1.0, 2.0], *random.normal(size=(4, 2))])
        inside, made = steps(student, flat), steps(student, flat @ plane.T)
        assert alike(made, inside @ plane.T), "in a plane the run is another one"
        assert np.isclose(np.linalg.norm(made[0]), 1), "the first step does not have the length η"


@whitened.with_args(tells=False)
@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_the_unit_of_the_loss_does_not_matter(student, random, unit):
    gradients = random.normal(size=(6, 3)) * [1, 1, 0]
    made, other = steps(student, gradients), steps(student, unit * gradients)
    assert alike(other, made), "in another unit of the loss the steps are others"
    first = -gradients[0] / np.linalg.norm(gradients[0])
    assert alike(other[0], first), "the first step is not downhill, or not of length η"


@whitened.with_args(tells=False)
def test_the_arguments_stay_as_they_are(student, random):
    f = student.whitened_step
    theta, grad = random.normal(size=(2, 3))
    new, _ = f(theta, grad, np.zeros((3, 3)), 0.5)
    assert not f.changed, "the arguments must stay as they are"
    assert np.isclose(np.linalg.norm(new - theta), 0.5), "the first step has the length η"


def walked(gradients, beta2, rounds):
    """The way of the last of many rounds, step by step."""
    v = largest = 0.0
    for _ in range(rounds):
        adam = amsgrad = 0.0
        for g in gradients:
            v = beta2 * v + (1 - beta2) * g * g
            largest = max(largest, v)
            adam -= g / v**0.5
            amsgrad -= g / largest**0.5
    return adam, amsgrad


def rounds(random):
    """Rounds with a large gradient at several places, and a β₂ for each."""
    for beta2 in (0.2, 0.6, 0.9):
        for place in range(4):
            small = np.array([-1.0, -0.4, 0.7]) * random.uniform(0.9, 1.1, 3)
            yield np.insert(small, place, random.uniform(3, 5)), beta2


@way
def test_adam_goes_as_far_as_in_the_last_of_many_rounds(student, random):
    for gradients, beta2 in rounds(random):
        adam, _ = student.way_of_a_round(gradients, beta2)
        assert np.isclose(adam, walked(gradients, beta2, 400)[0]), "Adam's way is not that of a run"


@way
def test_amsgrad_goes_as_far_as_in_the_last_of_many_rounds(student, random):
    for gradients, beta2 in rounds(random):
        _, amsgrad = student.way_of_a_round(gradients, beta2)
        assert np.isclose(amsgrad, walked(gradients, beta2, 400)[1]), (
            "AMSGrad's way is not that of a run"
        )


@way
def test_it_does_not_matter_where_a_round_begins(student, random):
    gradients = np.array([4.0, *random.uniform(-2, -0.5, 4)])
    expected = walked(gradients, 0.7, 200)
    for start in range(5):
        found = student.way_of_a_round(np.roll(gradients, start), 0.7)
        assert np.allclose(found, expected), "the way hangs on where a round is said to begin"


@way
def test_adam_climbs_with_a_short_memory_and_amsgrad_does_not(student, random):
    gradients = np.array([4.0, -1.0, -1.0, -1.0]) * random.uniform(0.1, 10)
    adam, amsgrad = student.way_of_a_round(gradients, 0.2)
    assert 1.15 < adam < 1.25, "with β₂ = 0.2 Adam climbs on 4, −1, −1, −1"
    assert -0.3 < amsgrad < -0.25, "with β₂ = 0.2 AMSGrad goes down on 4, −1, −1, −1"


@way.with_args(tells=False)
def test_with_a_long_memory_both_follow_the_sum_of_the_gradients(student, random):
    gradients = random.uniform(1, 3) * np.array([3.0, -0.5, -0.8, -0.4])
    both = student.way_of_a_round(gradients, 1 - 1e-4)
    along = -np.sum(gradients) / np.sqrt(np.mean(gradients**2))
    assert np.allclose(both, along, atol=1e-2), "with a very long memory σ is one number"


@way.with_args(tells=False)
def test_without_a_memory_adam_counts_signs(student, random):
    gradients = np.array([3.0, -1.0, -2.0, -0.5]) * random.uniform(0.5, 2)
    adam, amsgrad = student.way_of_a_round(gradients, 0.0)
    assert np.isclose(adam, 2), "without a memory every step of Adam has the length η"
    assert np.isclose(amsgrad, 0.5 / 3), "without a memory AMSGrad divides by the largest gradient"
