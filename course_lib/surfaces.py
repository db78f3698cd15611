"""Error surfaces with two parameters (one has a single parameter), and their derivatives.

θ has shape (2, …settings), for example (2, 50, 80) for a grid. The value then has shape
(…settings), the gradient (2, …settings) and the Hessian (2, 2, …settings).
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from course_lib import require
from course_lib.printing import some
from course_lib.require import Array, Setting


@dataclass(frozen=True, eq=False, repr=False)
class Surface:
    """A loss with its first and second derivatives.

    window   (left, right, bottom, top): the part worth drawing
    special  the known critical points, name -> θ
    """

    name: str
    value: Callable[[Array], Array]
    gradient: Callable[[Array], Array]
    hessian: Callable[[Array], Array]
    window: tuple[float, float, float, float]
    special: dict[str, tuple[float, ...]] = field(default_factory=dict)
    axes: tuple[str, str] = ("x", "y")
    n_parameters: int = 2

    def __post_init__(self) -> None:
        for name in ("value", "gradient", "hessian"):
            # A frozen dataclass is filled in by object.__setattr__.
            object.__setattr__(self, name, self._of_parameters(getattr(self, name)))

    def _of_parameters(self, function: Callable[[Array], Array]) -> Callable[[Any], Array]:
        """Let a function refuse a θ of another length, and take one of whole numbers as floats."""
        name, n = self.name, self.n_parameters

        def of(theta: Any) -> Array:
            theta = np.asarray(theta)
            if theta.dtype.kind not in "fc":
                theta = require.parameters("theta", theta)
            if theta.ndim == 0 or len(theta) != n:
                has = f"the {name} surface has {some(n, 'parameter')}"
                raise ValueError(f"{has}, but theta has shape {theta.shape}")
            return function(theta)

        return of

    def __repr__(self) -> str:
        places = (
            f"{name} at ({', '.join(f'{x:.3g}' for x in point)})"
            for name, point in self.special.items()
        )
        return f"Surface({', '.join([self.name, *places])})"

    def loss_and_gradient(self, theta: Array, t: int) -> tuple[Array, Array]:
        """Return value and gradient at `theta`; a surface is the same at every update t."""
        return self.value(theta), self.gradient(theta)


def _matrix(xx: Any, xy: Any, yy: Any) -> Array:
    xx, xy, yy = np.broadcast_arrays(xx, xy, yy)
    return np.array([[xx, xy], [xy, yy]])


def quadratic(
    curvatures: Sequence[Setting] = (2e-4, 200.0), angle: float = 0.0, shear: float = 0.0
) -> Surface:
    """L = ½ λ₁ u² + ½ λ₂ v², a parabola with curvatures λ₁, λ₂ ≠ 0 along its own axes u, v.

    (u, v - shear·u) are (w, b) turned back by `angle` (radians): with angle 0 and shear 0 the axes
    are the parameters themselves. The condition number is the ratio of the curvatures. A curvature
    may be an array of settings: θ of shape (2, N) with λ₂ of shape (N,) lies on N surfaces.
    """
    if not isinstance(curvatures, Sequence | np.ndarray) or len(curvatures) != 2:
        raise ValueError(f"curvatures must be two numbers; got {curvatures}")
    angle, shear = require.number("angle", angle), require.number("shear", shear)
    first, second = (
        require.nonzero(f"curvatures[{i}]", given) for i, given in enumerate(curvatures)
    )
    aligned = angle == 0 == shear
    # Numbers of Python, not of NumPy, leave a θ in float32 what it is.
    c, s = float(np.cos(angle)), float(np.sin(angle))
    (ux, uy), (vx, vy) = (c, s), (-s - shear * c, c - shear * s)
    half_first, half_second = 0.5 * first, 0.5 * second
    # Written out, not by @: bursts grow out of rounding, and matrix products round differently on
    # every processor.
    xx = first * (ux * ux) + second * (vx * vx)
    xy = first * (ux * uy) + second * (vx * vy)
    yy = first * (uy * uy) + second * (vy * vy)

    def value(theta: Array) -> Array:
        x, y = theta[0], theta[1]
        u, v = (x, y) if aligned else (ux * x + uy * y, vx * x + vy * y)
        return half_first * u * u + half_second * v * v

    def gradient(theta: Array) -> Array:
        x, y = theta[0], theta[1]
        if aligned:
            return np.array([first * x, second * y])
        return np.array([xx * x + xy * y, xy * x + yy * y])

    smallest = min(np.min(first), np.min(second))
    largest = max(np.max(first), np.max(second))
    point = "minimum" if smallest > 0 else "maximum" if largest < 0 else "saddle"
    return Surface(
        {"minimum": "valley", "saddle": "saddle", "maximum": "hill"}[point],
        value,
        gradient,
        lambda theta: _matrix(*np.broadcast_arrays(xx, xy, yy, theta[0])[:3]),
        (-4.5, 4.5, -0.5, 0.5) if largest > 50 * smallest > 0 else (-2, 2) * 2,
        {point: (0.0, 0.0)},
        ("w", "b"),
    )


valley = quadratic()
"""½·200·b² + ½·2e-4·w²: the lecture's convex valley, condition number 1e6."""

sheared_valley = quadratic(shear=1e-3)
"""½·200·(b - w/1000)² + ½·2e-4·w²: the valley on which the lecture's Adagrad bursts."""

saddle = quadratic((1.0, -1.0))
"""½ x² - ½ y²."""


def _walls_value(theta: Array) -> Array:
    x, y = theta
    return 0.0005 * x * x + np.logaddexp(10 * y, -10 * y) - math.log(2)


walls = Surface(
    "walls",
    _walls_value,
    lambda theta: np.array([0.001 * theta[0], 10 * np.tanh(10 * theta[1])]),
    lambda theta: _matrix(0.001, 0, 100 * (1 - np.tanh(10 * theta[1]) ** 2)),
    (-12, 12, -0.6, 0.6),
    {"minimum": (0.0, 0.0)},
)
"""0.0005 x² + log cosh(10 y): two walls of slope 10 with a nearly flat floor between them."""


def crescent(curvature: float = 5.0, slope: float = 0.1) -> Surface:
    """L = k/8·(x² + y² - 1)² + c·(1 - x): a circular valley, steep across, nearly flat along.

    The curvature across the valley is k; along it the slope is c·|sin φ|, φ the angle to the
    minimum, which lies near (1, 0).
    """
    curvature = require.number("curvature", require.positive("curvature", curvature))
    slope = require.number("slope", slope)
    if not 0 < slope < curvature / np.sqrt(27):
        raise ValueError(
            f"slope must lie between 0 and curvature/√27, or the valley has no saddle; got {slope}"
        )

    def radial(theta: Array) -> Array:
        return theta[0] ** 2 + theta[1] ** 2 - 1

    def gradient(theta: Array) -> Array:
        x, y = theta
        pull = 0.5 * curvature * radial(theta)
        return np.array([pull * x - slope, pull * y])

    def hessian(theta: Array) -> Array:
        x, y = theta
        pull = 0.5 * curvature * radial(theta)
        return _matrix(pull + curvature * x * x, curvature * x * y, pull + curvature * y * y)

    # On the x axis the gradient is k/2·(x³ - x) - c; its three roots are the critical points.
    left, top, right = (
        float(x) for x in np.sort(np.roots([1, 0, -1, -2 * slope / curvature]).real)
    )
    return Surface(
        "crescent",
        lambda theta: curvature / 8 * radial(theta) ** 2 + slope * (1 - theta[0]),
        gradient,
        hessian,
        (-1.6, 1.6, -1.6, 1.6),
        {"minimum": (right, 0.0), "saddle": (left, 0.0), "maximum": (top, 0.0)},
    )


def track(steep: float = 10.0, flat: float = 0.01, length: float = 2.0) -> Surface:
    """One parameter: slope `steep` before x = 0, then slope `flat` until x = `length`."""
    steep, flat = require.number("steep", steep), require.number("flat", flat)
    require.number("length", require.positive("length", length))
    return Surface(
        "track",
        lambda theta: np.where(theta[0] < 0, -steep * theta[0], -flat * theta[0]) + flat * length,
        lambda theta: np.where(theta < 0, -steep, -flat),
        lambda theta: np.zeros((1, *np.shape(theta))),
        (-1.0, length, 0.0, steep),
        n_parameters=1,
    )


monkey_saddle = Surface(
    "monkey saddle",
    lambda theta: theta[0] ** 3 - 3 * theta[0] * theta[1] ** 2,
    lambda theta: np.array([3 * (theta[0] ** 2 - theta[1] ** 2), -6 * theta[0] * theta[1]]),
    lambda theta: _matrix(6 * theta[0], -6 * theta[1], -6 * theta[0]),
    (-1.5, 1.5, -1.5, 1.5),
    {"saddle": (0.0, 0.0)},
)
"""x³ - 3xy²: at the origin gradient and Hessian are both zero, and it is still no minimum."""


def _pit(theta: Array) -> Array:
    return np.exp(-(theta[0] ** 2 + theta[1] ** 2) / 2)


plateau = Surface(
    "plateau",
    lambda theta: 1 - _pit(theta),
    lambda theta: theta * _pit(theta),
    lambda theta: _pit(theta) * _matrix(1 - theta[0] ** 2, -theta[0] * theta[1], 1 - theta[1] ** 2),
    (-6, 6, -6, 6),
    {"minimum": (0.0, 0.0)},
)
"""1 - exp(-(x² + y²)/2): a pit in a plain. Far from it the gradient is small and means nothing."""


Residual = tuple[Any, Any, Any, Any, Any, Any]


def _sum_of_squares(
    name: str,
    residuals: Callable[[Array, Array], list[Residual]],
    window: tuple[float, float, float, float],
    special: dict[str, tuple[float, ...]],
) -> Surface:
    """L = Σ r². A residual gives r, its derivatives r_x, r_y and then r_xx, r_xy, r_yy."""

    def value(theta: Array) -> Array:
        return np.sum([r * r for r, *_ in residuals(*theta)], axis=0)

    def gradient(theta: Array) -> Array:
        return np.sum([[2 * r * rx, 2 * r * ry] for r, rx, ry, *_ in residuals(*theta)], axis=0)

    def hessian(theta: Array) -> Array:
        parts = [
            2 * _matrix(rx * rx + r * rxx, rx * ry + r * rxy, ry * ry + r * ryy)
            for r, rx, ry, rxx, rxy, ryy in residuals(*theta)
        ]
        return np.sum(parts, axis=0)

    return Surface(name, value, gradient, hessian, window, special)


rosenbrock = _sum_of_squares(
    "Rosenbrock",
    lambda x, y: [(1 - x, -1, 0, 0, 0, 0), (10 * (y - x * x), -20 * x, 10, -20, 0, 0)],
    (-2, 2, -1, 3),
    {"minimum": (1.0, 1.0)},
)
"""(1 - x)² + 100 (y - x²)², Rosenbrock (1960)."""

beale = _sum_of_squares(
    "Beale",
    lambda x, y: [
        (1.5 - x + x * y, y - 1, x, 0, 1, 0),
        (2.25 - x + x * y**2, y**2 - 1, 2 * x * y, 0, 2 * y, 2 * x),
        (2.625 - x + x * y**3, y**3 - 1, 3 * x * y**2, 0, 3 * y**2, 6 * x * y),
    ],
    (-4.5, 4.5, -4.5, 4.5),
    {"minimum": (3.0, 0.5)},
)
"""Σ (c_n - x + x yⁿ)² with c = 1.5, 2.25, 2.625, Beale (1958)."""

himmelblau = _sum_of_squares(
    "Himmelblau",
    lambda x, y: [
        (x * x + y - 11, 2 * x, 1, 2, 0, 0),
        (x + y * y - 7, 1, 2 * y, 0, 0, 2),
    ],
    (-5, 5, -5, 5),
    {
        "minimum": (3.0, 2.0),
        "minimum 2": (-2.805118086952745, 3.131312518250573),
        "minimum 3": (-3.779310253377747, -3.283185991286170),
        "minimum 4": (3.584428340330492, -1.848126526964404),
        "maximum": (-0.2708445906673476, -0.9230385564799813),
    },
)
"""(x² + y - 11)² + (x + y² - 7)², Himmelblau (1972): four minima of equal value."""
