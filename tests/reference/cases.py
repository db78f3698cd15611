"""The cases which make.py runs in PyTorch and optax, and the tests run in course_lib.

Every rule works coordinate by coordinate, so one sequence of gradients holds many kinds of
gradient, one a coordinate. It is made with exact arithmetic alone (Python's random.random, products
and powers of two), so that it is the same to the last bit everywhere.
"""

import inspect
import math
import random
from types import ModuleType
from typing import Any

UPDATES = 200
KEPT = [*range(1, 11), *range(20, UPDATES + 1, 10)]
"""After which updates θ is kept."""

KINDS = [
    "around zero",
    "tiny",
    "small",
    "large",
    "huge",
    "exactly zero",
    "one in ten",
    "zero for fifty updates",
    "growing",
    "shrinking",
    "constant",
    "alternating",
    "always positive",
]


def gradients() -> list[list[float]]:
    """The gradient at each update, one number for each of KINDS."""
    source = random.Random(0)
    rows = []
    for t in range(UPDATES):
        u = [2 * source.random() - 1 for _ in KINDS]
        drift = round(40 * t / UPDATES) - 20
        rows.append(
            [
                u[0],
                u[1] * 1e-8,
                u[2] * 1e-4,
                u[3] * 1e4,
                u[4] * 1e8,
                0.0,
                u[6] if t % 10 == 3 else 0.0,
                u[7] if t >= 50 else 0.0,
                math.ldexp(u[8], drift),
                math.ldexp(u[9], -drift),
                0.75,
                (-1.0) ** t,
                u[12] + 1.25,
            ]
        )
    return rows


START = [1.0 - 0.25 * k for k in range(len(KINDS))]

# The closed loop: the gradient is CURVATURE @ θ, with eigenvalues 0.50, 1.01 and 4.08.
CURVATURE = [[2.0, 1.5, 0.1], [1.5, 3.0, -0.2], [0.1, -0.2, 0.6]]
CURVED_START = [10.0, -20.0, 5.0]

FALLING = ("exponential", {"lr": 0.2, "scale": 1.0, "factor": 0.98})

# name of the case -> (function in course_lib.optimizers, its arguments). An argument which is
# itself such a pair is a schedule. Arguments left out also compare our defaults with PyTorch's.
OPTIMIZERS: dict[str, tuple[str, dict[str, Any]]] = {
    "gradient descent": ("gradient_descent", {"lr": 0.1}),
    "gradient descent, falling rate": ("gradient_descent", {"lr": FALLING}),
    "momentum": ("momentum", {"lr": 0.01, "momentum": 0.9}),
    "momentum 0.5": ("momentum", {"lr": 0.05, "momentum": 0.5}),
    "momentum 0": ("momentum", {"lr": 0.05, "momentum": 0.0}),
    "momentum, falling rate": ("momentum", {"lr": FALLING, "momentum": 0.8}),
    "nesterov": ("nesterov", {"lr": 0.01, "momentum": 0.9}),
    "nesterov 0.5": ("nesterov", {"lr": 0.05, "momentum": 0.5}),
    "nesterov, falling rate": ("nesterov", {"lr": FALLING, "momentum": 0.8}),
    "adagrad": ("adagrad", {"lr": 0.5}),
    "adagrad, eps 1e-3": ("adagrad", {"lr": 0.1, "eps": 1e-3}),
    "adagrad, mean": ("adagrad", {"lr": 0.1, "eps": 1e-3, "form": "mean"}),
    "rmsprop": ("rmsprop", {"lr": 0.01}),
    "rmsprop 0.9, eps 1e-4": ("rmsprop", {"lr": 0.02, "alpha": 0.9, "eps": 1e-4}),
    "rmsprop 0": ("rmsprop", {"lr": 0.05, "alpha": 0.0, "eps": 1e-4}),
    "rmsprop, first": ("rmsprop", {"lr": 0.02, "alpha": 0.9, "eps": 1e-4, "start": "first"}),
    "rmsprop, falling rate": ("rmsprop", {"lr": FALLING, "alpha": 0.95}),
    "adam": ("adam", {"lr": 0.01}),
    "adam 0.5 0.9, eps 1e-4": ("adam", {"lr": 0.03, "beta1": 0.5, "beta2": 0.9, "eps": 1e-4}),
    "adam 0 0": ("adam", {"lr": 0.01, "beta1": 0.0, "beta2": 0.0, "eps": 1e-3}),
    "adam, uncorrected": ("adam", {"lr": 0.01, "eps": 1e-3, "corrected": False}),
    "adam, falling rate": ("adam", {"lr": FALLING}),
    "adamw": ("adamw", {"lr": 0.01}),
    "adamw 0.8 0.99, decay 0.3": (
        "adamw",
        {"lr": 0.05, "beta1": 0.8, "beta2": 0.99, "eps": 1e-3, "weight_decay": 0.3},
    ),
    "adamw, falling rate": ("adamw", {"lr": FALLING, "weight_decay": 0.1}),
    "radam": ("radam", {"lr": 0.01}),
    "radam 0.8 0.9, eps 1e-4": ("radam", {"lr": 0.03, "beta1": 0.8, "beta2": 0.9, "eps": 1e-4}),
    "radam 0.5, never rectified": ("radam", {"lr": 0.05, "beta2": 0.5}),
}

# name of the case -> (function in course_lib.schedules, its arguments).
SCHEDULES: dict[str, tuple[str, dict[str, Any]]] = {
    "linear": ("linear", {"lr": 0.3, "steps": 100, "end": 0.02}),
    "power law": ("power_law", {"lr": 0.3, "scale": 7.0, "exponent": -0.75}),
    "inverse sqrt": ("inverse_sqrt", {"lr": 0.3}),
    "exponential": ("exponential", {"lr": 0.3, "scale": 30.0, "factor": 0.4}),
    "step": ("step", {"lr": 0.3, "steps": 30, "factor": 0.4}),
    "cosine": ("cosine", {"lr": 0.3, "steps": 100, "end": 0.02}),
    "warmup, linear": ("warmup", {"steps": 20, "then": ("linear", {"lr": 0.3, "steps": 80})}),
    "warmup, cosine": (
        "warmup",
        {"steps": 20, "then": ("cosine", {"lr": 0.3, "steps": 80, "end": 0.02})},
    ),
    "noam": ("noam", {"width": 512, "warmup_steps": 40}),
}

# The networks: three inputs, one hidden layer of four, two outputs; θ as MLP lays it out.
SIZES = (3, 4, 2)
ROWS = 5


def network_case() -> dict[str, list[Any]]:
    """θ, the inputs x, the labels of the cross-entropy and the targets of the squared error."""
    source = random.Random(1)

    def draw(count: int) -> list[float]:
        return [2 * source.random() - 1 for _ in range(count)]

    return {
        "theta": draw(26),
        "x": [draw(3) for _ in range(ROWS)],
        "labels": [0, 1, 1, 0, 1],
        "targets": [draw(2) for _ in range(ROWS)],
    }


def build(case: tuple[str, dict[str, Any]], module: ModuleType, schedules: ModuleType) -> Any:
    """Make the optimizer or schedule of a case out of course_lib's modules."""
    name, arguments = case
    return getattr(module, name)(
        **{
            key: build(value, schedules, schedules) if isinstance(value, tuple) else value
            for key, value in arguments.items()
        }
    )


def functions(module: ModuleType) -> set[str]:
    """Names of the functions that a module defines, each of which needs a case."""
    found = inspect.getmembers(module, inspect.isfunction)
    return {name for name, made in found if made.__module__ == module.__name__}
