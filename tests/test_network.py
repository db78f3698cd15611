"""The network's loss, gradient and Hessian against PyTorch and finite differences."""

import re
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from reference import cases

from course_lib import data, optimizers
from course_lib.descent import descend
from course_lib.network import MLP

with np.load(Path(__file__).parent / "reference" / "network.npz") as file:
    REFERENCE = dict(file)

KINDS = list(product(["tanh", "relu"], ["cross_entropy", "squared_error"]))
every_kind = pytest.mark.parametrize(
    ("activation", "loss"), KINDS, ids=[" ".join(k) for k in KINDS]
)


def deep_case(activation, loss, settings=()):
    """A network with two hidden layers, θ, x and y."""
    random = np.random.default_rng(3)
    network = MLP((3, 5, 4, 2), activation, loss)
    theta = 0.7 * random.normal(size=(network.n_parameters, *settings))
    y = random.integers(0, 2, 6) if loss == "cross_entropy" else random.normal(size=(6, 2))
    return network, theta, random.normal(size=(6, 3)), y


def slopes(function, theta, h=1e-5):
    """Central differences along each parameter, along a new first axis."""
    steps = h * np.eye(len(theta))
    return np.array([function(theta + e) - function(theta - e) for e in steps]) / (2 * h)


@every_kind
def test_loss_gradient_and_hessian_are_those_of_pytorch(activation, loss):
    case = {name: np.array(value) for name, value in cases.network_case().items()}
    network = MLP(cases.SIZES, activation, loss)
    y = case["labels"] if loss == "cross_entropy" else case["targets"]
    value, gradient = network.loss_and_gradient(case["theta"], case["x"], y)
    hessian = network.hessian(case["theta"], case["x"], y)
    for name, ours in (("loss", value), ("gradient", gradient), ("hessian", hessian)):
        expected = REFERENCE[f"{activation} {loss} | {name}"]
        assert np.all(np.abs(ours - expected) <= 1e-12 * (1 + np.abs(expected))), name


@every_kind
def test_the_gradient_is_the_slope_of_the_loss(activation, loss):
    network, theta, x, y = deep_case(activation, loss)
    expected = slopes(lambda theta: network.loss_and_gradient(theta, x, y)[0], theta)
    gradient = network.loss_and_gradient(theta, x, y)[1]
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8)


@every_kind
def test_the_hessian_is_the_slope_of_the_gradient(activation, loss):
    network, theta, x, y = deep_case(activation, loss)
    hessian = network.hessian(theta, x, y)
    np.testing.assert_allclose(hessian, hessian.T, rtol=1e-10, atol=1e-13)
    expected = slopes(lambda theta: network.loss_and_gradient(theta, x, y)[1], theta)
    np.testing.assert_allclose(hessian, expected, rtol=1e-6, atol=1e-8)


@every_kind
def test_networks_at_once_are_as_many_single_networks(activation, loss):
    network, theta, x, y = deep_case(activation, loss, settings=(2, 3))
    value, gradient = network.loss_and_gradient(theta, x, y)
    hessian, outputs = network.hessian(theta, x, y), network.outputs(theta, x)
    n = network.n_parameters
    shapes = [array.shape for array in (value, gradient, hessian, outputs)]
    assert shapes == [(2, 3), (n, 2, 3), (n, n, 2, 3), (6, 2, 2, 3)]
    for at in np.ndindex(2, 3):
        alone = theta[:, *at]
        one_value, one_gradient = network.loss_and_gradient(alone, x, y)
        np.testing.assert_allclose(value[at], one_value, rtol=1e-12)
        np.testing.assert_allclose(gradient[:, *at], one_gradient, rtol=1e-11, atol=1e-14)
        np.testing.assert_allclose(
            hessian[..., *at], network.hessian(alone, x, y), rtol=1e-10, atol=1e-13
        )
        np.testing.assert_allclose(outputs[..., *at], network.outputs(alone, x), rtol=1e-12)


@every_kind
def test_the_arguments_are_left_alone(activation, loss):
    network, theta, x, y = deep_case(activation, loss)
    for array in (theta, x, y):
        array.flags.writeable = False
    network.loss_and_gradient(theta, x, y)
    network.hessian(theta, x, y)


def test_theta_holds_weights_row_by_row_and_then_biases():
    network = MLP((2, 3), loss="squared_error")
    assert network.n_parameters == 9
    outputs = network.outputs(np.arange(9.0), [[1.0, 10.0]])  # weights 0 1 2 / 3 4 5, biases 6 7 8
    assert outputs.tolist() == [[36.0, 48.0, 60.0]]


def test_a_network_that_knows_nothing_is_wrong_by_the_log_of_the_classes():
    network = MLP((3, 4, 10))
    loss, _ = network.loss_and_gradient(
        np.zeros(network.n_parameters), np.ones((5, 3)), np.arange(5)
    )
    assert loss == pytest.approx(np.log(10))


def test_the_cross_entropy_of_huge_outputs_does_not_overflow():
    network = MLP((1, 2))
    theta = np.array([1e4, -1e4, 0.0, 0.0])  # logits ±1e4·x
    loss, gradient = network.loss_and_gradient(theta, [[1.0], [-1.0]], [0, 0])
    assert loss == pytest.approx(1e4)  # right for sure and wrong by 2e4: the mean
    np.testing.assert_allclose(gradient, [0.5, -0.5, -0.5, 0.5])


def test_one_output_takes_targets_with_and_without_a_second_axis():
    network = MLP((3, 2, 1), loss="squared_error")
    theta, x, y = network.init(0), np.ones((4, 3)), np.arange(4.0)
    flat, column = (network.loss_and_gradient(theta, x, target) for target in (y, y[:, None]))
    assert flat[0] == column[0]
    np.testing.assert_array_equal(flat[1], column[1])


@pytest.mark.parametrize(("activation", "gain"), [("tanh", 1.0), ("relu", 2.0)])
def test_the_first_theta_has_the_variance_of_its_activation_and_no_bias(activation, gain):
    network = MLP((400, 300, 10), activation)
    theta = network.init(seed=0)
    assert theta.shape == (network.n_parameters,)
    assert theta[: 400 * 300].var() == pytest.approx(gain / 400, rel=0.02)
    assert not theta[400 * 300 : 401 * 300].any()
    assert theta[401 * 300 : -10].var() == pytest.approx(gain / 300, rel=0.1)
    assert not theta[-10:].any()
    np.testing.assert_array_equal(theta, network.init(seed=0))
    assert not np.array_equal(theta, network.init(seed=1))


# ---------------------------------------------------------------- training


def training(rows=10, batch_size=3, seed=0):
    x = np.arange(2.0 * rows).reshape(rows, 2)
    return MLP((2, 2)).on(x, np.arange(rows) % 2, batch_size, seed)


def test_an_epoch_visits_each_row_at_most_once():
    for epoch in range(4):
        rows = np.concatenate([training().batch(3 * epoch + i) for i in range(3)])
        assert len(rows) == len(set(rows)) == 9
        assert set(rows) < set(range(10))


def test_an_epoch_whose_batches_fit_visits_every_row():
    rows = np.concatenate([training(rows=12).batch(t) for t in range(4)])
    assert sorted(rows) == list(range(12))


def test_a_batch_depends_on_t_and_the_seed_alone():
    forwards, one = [training().batch(t).tolist() for t in range(9)], training()
    assert [one.batch(t).tolist() for t in reversed(range(9))] == forwards[::-1]
    assert forwards[:3] != forwards[3:6]  # shuffled anew
    assert forwards != [training(seed=1).batch(t).tolist() for t in range(9)]


def test_an_update_sees_the_rows_of_its_batch():
    task = training()
    theta = task.network.init(0)
    rows = task.batch(5)
    loss, gradient = task.loss_and_gradient(theta, 5)
    expected = task.network.loss_and_gradient(theta, task.x[rows], task.y[rows])
    assert loss == expected[0]
    np.testing.assert_array_equal(gradient, expected[1])


def test_without_a_batch_size_every_update_sees_all_rows():
    task = training(batch_size=None)
    theta = task.network.init(0)
    expected = task.network.loss_and_gradient(theta, task.x, task.y)[0]
    assert [task.loss_and_gradient(theta, t)[0] for t in (0, 7)] == [expected, expected]


def test_the_digits_are_learnt():
    x, y = data.digits()
    network = MLP((64, 16, 10))
    train = network.on(x[:1200], y[:1200], batch_size=100)
    path = descend(train, network.init(0), optimizers.adam(lr=0.01), steps=120)
    assert path.loss[0] > 2
    rest = network.loss_and_gradient(path.theta[-1], x[1200:], y[1200:])[0]
    right = network.outputs(path.theta[-1], x[1200:]).argmax(axis=1) == y[1200:]
    assert rest < 0.6
    assert right.mean() > 0.85


# --------------------------------------------------------------- bad input

SIZES = "sizes must name inputs and outputs at least, as (64, 10) does"
LABELS = "y must lie between 0 and 1; it goes from"


def loss_of(network=(2, 3, 2), theta=None, x=None, y=(0, 1, 1), loss="cross_entropy"):
    network = MLP(network, loss=loss)
    theta = network.init(0) if theta is None else theta
    return network.loss_and_gradient(theta, np.ones((3, 2)) if x is None else x, np.array(y))


def test_labels_that_are_no_whole_numbers_are_refused_with_both_ways_out():
    sentence = r"^y must hold whole numbers, as y.astype\(int\) does; .* loss=\"squared_error\"\)$"
    with pytest.raises(TypeError, match=sentence):
        loss_of(y=(0.0, 1.0, 1.0))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: MLP((3, 2)).init(-1), "seed must be at least 0; got -1"),
        (lambda: MLP((3,)), f"{SIZES}; got (3,)"),
        (lambda: MLP(3), f"{SIZES}; got 3"),
        (lambda: MLP((3, 0)), "a layer's size must be at least 1; got 0"),
        (lambda: MLP((3, 2), "gelu"), "activation must be one of tanh, relu; got 'gelu'"),
        (
            lambda: MLP((3, 2), loss="hinge"),
            "loss must be one of cross_entropy, squared_error; got 'hinge'",
        ),
        (
            lambda: loss_of(theta=np.zeros(16)),
            "theta must hold 17 parameters for layers of (2, 3, 2); its shape is (16,)",
        ),
        (lambda: loss_of(x=np.ones((3, 5))), "x must have shape (rows, 2); got (3, 5)"),
        (lambda: loss_of(x=np.ones(2)), "x must have shape (rows, 2); got (2,)"),
        (
            lambda: MLP((2, 3, 2)).outputs(np.zeros(17), np.ones((3, 5))),
            "x must have shape (rows, 2); got (3, 5)",
        ),
        (lambda: loss_of(y=(0, 1)), "x has 3 rows, but y has 2"),
        (lambda: loss_of(y=(0, 1, 2)), f"{LABELS} 0 to 2"),
        (lambda: loss_of(y=(0, -1, 1)), f"{LABELS} -1 to 1"),
        (
            lambda: loss_of(y=((0,), (1,), (1,))),
            "y must have shape (3,), a label a row; got (3, 1)",
        ),
        (
            lambda: loss_of(y=(0.5, 0.1, 0.2), loss="squared_error"),
            "y must have shape (3, 2); got (3,)",
        ),
        (
            lambda: loss_of(y=np.ones((3, 3)), loss="squared_error"),
            "y must have shape (3, 2); got (3, 3)",
        ),
        (
            lambda: MLP((2, 2)).on(np.ones((3, 5)), [0, 1, 1]),
            "x must have shape (rows, 2); got (3, 5)",
        ),
        (lambda: MLP((2, 2)).on(np.ones((3, 2)), [0, 1, 2]), f"{LABELS} 0 to 2"),
        (lambda: MLP((2, 2)).on(np.ones((3, 2)), [0, 1]), "x has 3 rows, but y has 2"),
        (lambda: training(batch_size=0), "batch_size must be at least 1; got 0"),
        (lambda: training(batch_size=11), "a batch of 11 needs more than 10 rows"),
    ],
)
def test_what_does_not_fit_the_network_is_refused_in_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        call()
