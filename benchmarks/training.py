"""Training of two small networks, beside PyTorch and optax.

Run by `nox -s benchmarks -- training`. What is measured stands in README.md.
"""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import torch
from side_by_side import Report, medians, table

from course_lib import data, optimizers
from course_lib.descent import descend
from course_lib.network import MLP

LR, BATCH = 1e-3, 64
X, Y = data.digits()
# Layers and updates; the deep network sees mini-batches.
FULL = (64, 32, 10), 200
DEEP = (64, *[32] * 8, 10), 400


def batches(sizes: tuple[int, ...]) -> Callable[[int], Any]:
    """Return the rows of update t, the same for each way."""
    return MLP(sizes).on(X, Y, None if len(sizes) == 3 else BATCH).batch


def course(sizes: tuple[int, ...], updates: int, dtype: str) -> Callable[[], Any]:
    """Return a training which keeps every θ."""
    net = MLP(sizes)
    task = net.on(X.astype(dtype), Y, None if len(sizes) == 3 else BATCH)
    start, rule = net.init(0).astype(dtype), optimizers.adam(LR)
    return lambda: descend(task, start, rule, updates)


def with_torch(sizes: tuple[int, ...], updates: int, dtype: str, threads: int) -> Callable[[], Any]:
    """Return a training with PyTorch's layers and its Adam."""
    x, y = torch.tensor(X.astype(dtype)), torch.tensor(Y)
    rows = batches(sizes)
    loss_of = torch.nn.CrossEntropyLoss()

    def run() -> None:
        torch.set_num_threads(threads)
        layers: list[torch.nn.Module] = []
        for n_in, n_out in pairwise(sizes):
            layers += [torch.nn.Linear(n_in, n_out, dtype=x.dtype), torch.nn.Tanh()]
        net = torch.nn.Sequential(*layers[:-1])
        optimizer = torch.optim.Adam(net.parameters(), lr=LR)
        for t in range(updates):
            part = rows(t)
            optimizer.zero_grad()
            loss_of(net(x[part]), y[part]).backward()
            optimizer.step()

    return run


def with_optax(sizes: tuple[int, ...], updates: int, dtype: str) -> Callable[[], Any]:
    """Return a training in which each update is one compiled call."""
    x, y, rows, optimizer = X.astype(dtype), Y, batches(sizes), optax.adam(LR)

    def loss(layers: Any, x: Any, y: Any) -> Any:
        for number, (weights, biases) in enumerate(layers, 1):
            x = x @ weights + biases
            x = jnp.tanh(x) if number < len(layers) else x
        return optax.softmax_cross_entropy_with_integer_labels(x, y).mean()

    @jax.jit
    def update(layers: Any, state: Any, x: Any, y: Any) -> Any:
        step, state = optimizer.update(jax.grad(loss)(layers, x, y), state)
        return optax.apply_updates(layers, step), state

    def run() -> None:
        random = np.random.default_rng(0)
        layers: Any = [
            (jnp.array(random.normal(0, n_in**-0.5, (n_in, n_out)), dtype), jnp.zeros(n_out, dtype))
            for n_in, n_out in pairwise(sizes)
        ]
        state = optimizer.init(layers)
        for t in range(updates):
            layers, state = update(layers, state, x[rows(t)], y[rows(t)])
        jax.block_until_ready(layers)

    return run


def main() -> None:
    """Measure and write."""
    jax.config.update("jax_enable_x64", True)
    report, rows = Report(__file__, "numpy", "torch", "optax", "jax"), {}
    titles = {
        "64-32-10, 200 updates with all rows": FULL,
        f"64-8×32-10, 400 updates with {BATCH} rows": DEEP,
    }
    for title, given in titles.items():
        for dtype in "float64", "float32":
            rows[f"{title}, {dtype}"] = medians(
                {
                    "course": course(*given, dtype),
                    "PyTorch, 1 thread": with_torch(*given, dtype, 1),
                    "PyTorch, 2 threads": with_torch(*given, dtype, 2),
                    "optax, compiled update": with_optax(*given, dtype),
                },
                rounds=5,
            )
    report.write(table(rows, "ms", "a training"))


if __name__ == "__main__":
    main()
