"""One update of two parameters, with its trace, beside PyTorch's and optax's.

Run by `nox -s benchmarks -- two_parameters`. What is measured stands in README.md.
"""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import optax
import torch
from side_by_side import Report, medians, table

from course_lib import optimizers, surfaces
from course_lib.descent import descend

STEPS = 1_000
START = -4.0, 0.2
CURVATURES = 2e-4, 200.0  # those of surfaces.valley
# The course's rule, PyTorch's and optax's, with the same settings.
RULES: dict[str, tuple[Any, ...]] = {
    "gradient descent": (optimizers.gradient_descent, torch.optim.SGD, optax.sgd),
    "RMSProp": (optimizers.rmsprop, torch.optim.RMSprop, optax.rmsprop),
    "Adam": (optimizers.adam, torch.optim.Adam, optax.adam),
}
LR = 1e-3


def with_torch(rule: Any, backward: bool) -> Callable[[], Any]:
    """Return a run with PyTorch's optimizer which keeps every θ; the fastest of its forms."""
    curvatures = torch.tensor(CURVATURES, dtype=torch.float64)

    def run() -> list[torch.Tensor]:
        theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        optimizer, trace = rule([theta], lr=LR, foreach=False), []
        for _ in range(STEPS):
            trace.append(theta.detach().clone())
            if backward:
                optimizer.zero_grad()
                (0.5 * (curvatures * theta * theta).sum()).backward()
            else:
                theta.grad = curvatures * theta.detach()
            optimizer.step()
        return trace

    return run


def with_optax(rule: Any) -> Callable[[], Any]:
    """Return a run in which each update is one compiled call."""
    curvatures, optimizer = jnp.array(CURVATURES), rule(LR)

    @jax.jit
    def update(theta: Any, state: Any) -> Any:
        step, state = optimizer.update(curvatures * theta, state)
        return optax.apply_updates(theta, step), state

    def run() -> list[Any]:
        theta = jnp.array(START)
        state, trace = optimizer.init(theta), []
        for _ in range(STEPS):
            trace.append(theta)
            theta, state = update(theta, state)
        return jax.block_until_ready(trace)

    return run


def with_scan(rule: Any) -> Callable[[], Any]:
    """Return a run which is compiled as a whole."""
    curvatures, optimizer = jnp.array(CURVATURES), rule(LR)

    def update(carry: Any, _: Any) -> Any:
        theta, state = carry
        step, state = optimizer.update(curvatures * theta, state)
        return (optax.apply_updates(theta, step), state), theta

    @jax.jit
    def run(theta: Any) -> Any:
        return jax.lax.scan(update, (theta, optimizer.init(theta)), length=STEPS)[1]

    return lambda: run(jnp.array(START)).block_until_ready()


def main() -> None:
    """Measure and write."""
    jax.config.update("jax_enable_x64", True)
    torch.set_num_threads(1)  # two threads for two numbers would only slow PyTorch down
    report, rows = Report(__file__, "numpy", "torch", "optax", "jax"), {}
    for name, (own, in_torch, in_optax) in RULES.items():
        rule = own(LR)
        seconds = medians(
            {
                "course": lambda rule=rule: descend(surfaces.valley, START, rule, STEPS),
                "PyTorch, backward": with_torch(in_torch, backward=True),
                "PyTorch, gradient given": with_torch(in_torch, backward=False),
                "optax, compiled update": with_optax(in_optax),
                "optax, compiled run": with_scan(in_optax),
            }
        )
        rows[name] = {way: each / STEPS for way, each in seconds.items()}
    report.write(table(rows, "µs", "an update"))


if __name__ == "__main__":
    main()
