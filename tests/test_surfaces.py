"""Derivatives against differences, special points against their names, grids against loops."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from course_lib import surfaces

SURFACES = {
    "valley": surfaces.valley,
    "sheared valley": surfaces.sheared_valley,
    "turned valley": surfaces.quadratic((1.0, 20.0), angle=0.7),
    "turned and sheared saddle": surfaces.quadratic((-3.0, 2.0), angle=-1.0, shear=0.5),
    "hill": surfaces.quadratic((-1.0, -2.0)),
    "saddle": surfaces.saddle,
    "walls": surfaces.walls,
    "crescent": surfaces.crescent(),
    "steeper crescent": surfaces.crescent(4.0, 0.5),
    "monkey saddle": surfaces.monkey_saddle,
    "plateau": surfaces.plateau,
    "Rosenbrock": surfaces.rosenbrock,
    "Beale": surfaces.beale,
    "Himmelblau": surfaces.himmelblau,
}
SPECIAL = [
    pytest.param(surface, point, theta, id=f"{point} of {name}")
    for name, surface in SURFACES.items()
    for point, theta in surface.special.items()
]

every_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
points = st.tuples(st.floats(0, 1), st.floats(0, 1))


def within(surface, point):
    """The point of the window that lies so far from its left and its lower edge."""
    left, right, bottom, top = surface.window
    return np.array([left + (right - left) * point[0], bottom + (top - bottom) * point[1]])


def slopes(function, theta, h=1e-3):
    """Differences of fourth order along each parameter, along a new first axis."""
    return np.array(
        [
            (8 * (function(theta + e) - function(theta - e)) - function(theta + 2 * e))
            + function(theta - 2 * e)
            for e in h * np.eye(len(theta))
        ]
    ) / (12 * h)


def tolerance(surface, theta):
    return {"rtol": 1e-6, "atol": 1e-6 + 1e-11 * abs(surface.value(theta))}


@every_surface
@given(points)
def test_the_gradient_is_the_slope_of_the_value(surface, point):
    theta = within(surface, point)
    expected = slopes(surface.value, theta)
    np.testing.assert_allclose(surface.gradient(theta), expected, **tolerance(surface, theta))


@every_surface
@given(points)
def test_the_hessian_is_the_slope_of_the_gradient(surface, point):
    theta = within(surface, point)
    hessian = surface.hessian(theta)
    np.testing.assert_allclose(hessian, hessian.T)
    expected = slopes(surface.gradient, theta)
    atol = 1e-6 * np.abs(hessian).max() + 1e-6
    np.testing.assert_allclose(hessian, expected, rtol=1e-6, atol=atol)


@every_surface
def test_a_grid_is_as_many_single_points(surface):
    grid = np.random.default_rng(0).uniform(-2, 2, (2, 3, 4))
    value, gradient, hessian = surface.value(grid), surface.gradient(grid), surface.hessian(grid)
    assert (value.shape, gradient.shape, hessian.shape) == ((3, 4), (2, 3, 4), (2, 2, 3, 4))
    for at in np.ndindex(3, 4):
        theta = grid[:, *at]
        np.testing.assert_allclose(value[at], surface.value(theta), rtol=1e-13)
        np.testing.assert_allclose(gradient[:, *at], surface.gradient(theta), rtol=1e-13)
        np.testing.assert_allclose(hessian[:, :, *at], surface.hessian(theta), rtol=1e-13)


@pytest.mark.parametrize(("surface", "point", "theta"), SPECIAL)
def test_a_special_point_is_what_its_name_says(surface, point, theta):
    np.testing.assert_allclose(surface.gradient(np.array(theta)), 0, atol=1e-12)
    signs = np.sign(np.linalg.eigvalsh(surface.hessian(np.array(theta)))).tolist()
    expected = {"minimum": [1, 1], "maximum": [-1, -1], "saddle": [-1, 1]}
    if surface is surfaces.monkey_saddle:  # the one that the Hessian does not tell
        expected = {"saddle": [0, 0]}
        around = [surface.value(np.array([np.cos(a), np.sin(a)])) for a in (0.0, np.pi)]
        assert np.sign(around).tolist() == [1, -1]
    assert signs == expected[point.split()[0]]


@pytest.mark.parametrize(
    ("surface", "theta", "value"),
    [
        (surfaces.valley, (-4.0, 0.2), 4.0016),
        (surfaces.sheared_valley, (-4.0, 0.2), 4.1632),
        (surfaces.quadratic((2.0, 8.0), angle=np.pi / 4), (1.0, 1.0), 2.0),
        (surfaces.saddle, (3.0, 1.0), 4.0),
        (surfaces.walls, (10.0, 0.05), 0.05 + np.log(np.cosh(0.5))),
        (surfaces.crescent(10.0, 0.01), (0.0, 0.0), 1.26),
        (surfaces.crescent(8.0, 0.5), (1.0, 1.0), 1.0),
        (surfaces.monkey_saddle, (1.0, 1.0), -2.0),
        (surfaces.plateau, (0.0, 0.0), 0.0),
        (surfaces.plateau, (1.0, 1.0), 1 - np.exp(-1)),
        (surfaces.rosenbrock, (-1.0, 2.0), 104.0),
        (surfaces.rosenbrock, (1.0, 1.0), 0.0),
        (surfaces.beale, (0.0, 0.0), 14.203125),
        (surfaces.beale, (3.0, 0.5), 0.0),
        (surfaces.himmelblau, (0.0, 0.0), 170.0),
        *[
            (surfaces.himmelblau, surfaces.himmelblau.special[f"minimum{n}"], 0.0)
            for n in ("", " 2", " 3", " 4")
        ],
        (surfaces.track(), (-1.0,), 10.02),
        (surfaces.track(), (0.5,), 0.015),
    ],
)
def test_known_values(surface, theta, value):
    assert surface.value(np.array(theta)) == pytest.approx(value, rel=1e-12, abs=1e-20)


@given(st.floats(0.1, 100), st.floats(0.1, 100), st.floats(-7, 7))
def test_turning_a_valley_does_not_change_its_curvatures(first, second, angle):
    hessian = surfaces.quadratic((first, second), angle).hessian(np.zeros(2))
    np.testing.assert_allclose(np.linalg.eigvalsh(hessian), sorted([first, second]), rtol=1e-9)


@given(st.floats(-1, 2), st.sampled_from([(10.0, 0.01, 2.0), (3.0, 0.5, 1.0)]))
def test_the_track_is_steep_and_then_flat(x, sizes):
    assume(abs(x) > 0.01)
    track, theta = surfaces.track(*sizes), np.array([x])
    np.testing.assert_allclose(track.gradient(theta), slopes(track.value, theta), rtol=1e-9)
    assert track.gradient(theta) == [-sizes[0] if x < 0 else -sizes[1]]
    assert track.value(np.array([sizes[2]])) == pytest.approx(0)
    assert track.hessian(theta).tolist() == [[0.0]]


def test_a_surface_is_the_same_at_every_update():
    theta = np.array([0.3, -0.4])
    loss, gradient = surfaces.beale.loss_and_gradient(theta, 7)
    assert loss == surfaces.beale.value(theta)
    np.testing.assert_array_equal(gradient, surfaces.beale.gradient(theta))


@every_surface
def test_float32_stays_float32(surface):
    theta = within(surface, (0.3, 0.7)).astype(np.float32)
    loss, gradient = surface.loss_and_gradient(theta, 0)
    assert loss.dtype == gradient.dtype == np.float32


@pytest.mark.parametrize("angle", [0.0, 0.7])
def test_a_curvature_may_be_an_array_of_settings(angle):
    steep = np.array([1.0, 20.0, 300.0])
    many, theta = surfaces.quadratic((0.5, steep), angle), np.array([[1.0] * 3, [-2.0] * 3])
    for i, curvature in enumerate(steep):
        one = surfaces.quadratic((0.5, curvature), angle)
        assert many.value(theta)[i] == one.value(theta[:, i])
        np.testing.assert_array_equal(many.gradient(theta)[:, i], one.gradient(theta[:, i]))
        np.testing.assert_array_equal(many.hessian(theta)[..., i], one.hessian(theta[:, i]))


@pytest.mark.parametrize("curvatures", [(0.0, 1.0), (1.0, np.inf), (np.nan, 1.0)])
def test_a_curvature_is_finite_and_not_zero(curvatures):
    sentence = r"^curvatures\[\d\] must be a finite number other than 0; got"
    with pytest.raises(ValueError, match=sentence):
        surfaces.quadratic(curvatures)


def test_a_quadratic_needs_two_curvatures():
    with pytest.raises(ValueError, match=r"^curvatures must be two numbers; got \(1.0, 2.0, 3.0\)"):
        surfaces.quadratic((1.0, 2.0, 3.0))


@pytest.mark.parametrize("slope", [0.0, -0.1, 2.0])
def test_a_crescent_that_has_no_saddle_is_refused(slope):
    with pytest.raises(ValueError, match=r"^slope must lie between 0 and curvature/√27"):
        surfaces.crescent(10.0, slope)


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_what_shapes_a_surface_is_finite(number):
    for make in (
        lambda: surfaces.crescent(10.0, number),
        lambda: surfaces.crescent(number),
        lambda: surfaces.quadratic(angle=number),
        lambda: surfaces.track(steep=number),
    ):
        with pytest.raises(ValueError, match=r"must be a finite number.*; got (nan|inf)"):
            make()


def test_a_track_has_a_length():
    with pytest.raises(ValueError, match=r"^length must be a finite number > 0; got 0"):
        surfaces.track(length=0)
