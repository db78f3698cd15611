"""A map of 65,536 settings and 200 updates, beside PyTorch, jax and numba.

Run by `nox -s benchmarks -- map_of_settings`. What is measured stands in README.md.
"""

import os
from collections.abc import Callable
from itertools import product
from typing import Any

import jax
import jax.numpy as jnp
import numba
import numpy as np
import torch
from side_by_side import Report, medians, table

from course_lib import optimizers, surfaces
from course_lib.maps import Map, sweep

STEPS, BOUND = 200, 1e12
START, CURVATURES = (-4.0, 0.2), (2e-4, 200.0)  # the lecture's valley
RATES, WEIGHTS = np.geomspace(1e-3, 1, 256), np.linspace(0, 0.99, 256)
CORES = os.cpu_count() or 1
Answer = tuple[Any, Any]  # the last loss and the updates inside the bounds, for each setting


def course(rule: str, dtype: str) -> Callable[[], Map]:
    """Return the course's map."""
    maker = {"RMSProp": optimizers.rmsprop, "Adam": optimizers.adam}[rule]
    axes = {"lr": RATES, "alpha" if rule == "RMSProp" else "beta2": WEIGHTS}
    return lambda: sweep(maker, surfaces.valley, START, STEPS, dtype=dtype, **axes)


def settings(dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the rate and the weight of each of the 65,536 runs."""
    pairs = np.array(list(product(RATES, WEIGHTS)), dtype)
    return pairs[:, 0].copy(), pairs[:, 1].copy()


def torch_in_place(rule: str, dtype: str, threads: int) -> Callable[[], Answer]:
    """Return PyTorch's map, which asks for hardly any memory in its loop."""
    lr, weight = map(torch.from_numpy, settings(dtype))
    rest, n = 1 - weight, len(lr)
    curvatures = torch.tensor(CURVATURES, dtype=lr.dtype)[:, None]

    def run() -> Answer:
        torch.set_num_threads(threads)
        theta = torch.tensor(START, dtype=lr.dtype)[:, None].repeat(1, n)
        m, v, work = torch.zeros_like(theta), torch.zeros_like(theta), torch.empty_like(theta)
        g, loss = curvatures * theta, torch.empty(n, dtype=lr.dtype)
        inside, lived = torch.ones(n, dtype=torch.bool), torch.ones(n, dtype=torch.int32)
        power = torch.ones_like(weight)  # cheaper than weight**t
        for t in range(1, STEPS + 1):
            torch.mul(g, g, out=work)
            v.mul_(weight).add_(work.mul_(rest))
            if rule == "Adam":
                m.mul_(0.9).add_(g, alpha=0.1)
                torch.div(v, 1 - power.mul_(weight), out=work)
                torch.div(m, work.sqrt_().add_(1e-8), out=work)
                work.mul_(lr / (1 - 0.9**t))
            else:
                torch.sqrt(v, out=work)
                torch.div(g, work.add_(1e-8), out=work)
                work.mul_(lr)
            if not inside.all():
                work.mul_(inside)  # a run beyond the bounds no longer moves
            theta.sub_(work)
            torch.mul(curvatures, theta, out=g)
            torch.mul(g, theta, out=work)
            torch.add(work[0], work[1], out=loss)
            inside &= loss.abs_() <= 2 * BOUND
            lived += inside
        return loss / 2, lived

    return run


def torch_compiled(rule: str, dtype: str) -> Callable[[], Answer]:
    """Return PyTorch's map with a compiled update."""
    lr, weight = map(torch.from_numpy, settings(dtype))
    curvatures = torch.tensor(CURVATURES, dtype=lr.dtype)[:, None]

    @torch.compile
    def update(theta: Any, m: Any, v: Any, power: Any, lived: Any, loss: Any, inside: Any, c1: Any):
        g = curvatures * theta
        v = weight * v + (1 - weight) * g * g
        if rule == "Adam":
            m = 0.9 * m + 0.1 * g
            power = power * weight
            change = lr * (m / c1) / (torch.sqrt(v / (1 - power)) + 1e-8)
        else:
            change = lr * g / (torch.sqrt(v) + 1e-8)
        moved = theta - change
        new = 0.5 * (curvatures * moved * moved).sum(0)
        inside = inside & (new.abs() <= BOUND)
        theta, loss = torch.where(inside, moved, theta), torch.where(inside, new, loss)
        return theta, m, v, power, lived + inside, loss, inside

    def run() -> Answer:
        torch.set_num_threads(CORES)
        theta = torch.tensor(START, dtype=lr.dtype)[:, None].repeat(1, len(lr))
        zeros, ones = torch.zeros_like(theta), torch.ones_like(lr)
        carry = theta, zeros, zeros, ones, ones, ones, torch.ones(len(lr), dtype=torch.bool)
        for t in range(1, STEPS + 1):  # as a tensor, or it compiles anew for each t
            carry = update(*carry, torch.tensor(1 - 0.9**t, dtype=lr.dtype))
        return carry[5], carry[4]

    return run


def jax_scan(rule: str, dtype: str) -> Callable[[], Answer]:
    """Return jax's map: a compiled scan over the updates for each setting."""

    def one(lr: Any, weight: Any) -> Answer:
        flat, steep = CURVATURES

        def update(carry: Any, t: Any) -> Any:
            theta, m, v, power, lived, loss = carry
            g = theta * jnp.array(CURVATURES, dtype)
            v = weight * v + (1 - weight) * g * g
            if rule == "Adam":
                m = 0.9 * m + 0.1 * g
                power = power * weight
                v_hat = v / (1 - power)
                moved = theta - lr * (m / (1 - 0.9**t)) / (jnp.sqrt(v_hat) + 1e-8)
            else:
                moved = theta - lr * g / (jnp.sqrt(v) + 1e-8)
            # Written out: a sum over the two takes three times as long.
            new = 0.5 * (flat * moved[0] * moved[0] + steep * moved[1] * moved[1])
            inside = jnp.abs(new) <= BOUND
            theta, loss = jnp.where(inside, moved, theta), jnp.where(inside, new, loss)
            return (theta, m, v, power, lived + inside.astype(dtype), loss), None

        theta, zeros, one = jnp.array(START, dtype), jnp.zeros(2, dtype), jnp.ones((), dtype)
        times = jnp.arange(1, STEPS + 1, dtype=dtype)
        carry, _ = jax.lax.scan(update, (theta, zeros, zeros, one, one, one), times)
        return carry[5], carry[4]

    run, given = jax.jit(jax.vmap(one)), settings(dtype)
    return lambda: jax.block_until_ready(run(*given))


def numba_loops(rule: str, dtype: str) -> Callable[[], Answer]:
    """Return numba's map: compiled loops, the settings on all cores."""
    adam, number = rule == "Adam", getattr(np, dtype)
    flat, steep, x0, y0 = map(number, (*CURVATURES, *START))
    eps, half, beta, one, bound = map(number, (1e-8, 0.5, 0.9, 1, BOUND))

    @numba.njit(parallel=True, fastmath=False, error_model="numpy")
    def run(rates: Any, weights: Any) -> Answer:
        losses, lived = np.empty_like(rates), np.ones(len(rates), np.int32)
        for i in numba.prange(len(rates)):
            lr, w, x, y, mx, my, vx, vy = (
                rates[i],
                weights[i],
                x0,
                y0,
                0 * x0,
                0 * x0,
                0 * x0,
                0 * x0,
            )
            c1, c2 = one, one
            for _ in range(STEPS):
                gx, gy = flat * x, steep * y
                vx, vy = w * vx + (one - w) * gx * gx, w * vy + (one - w) * gy * gy
                if adam:
                    mx, my = beta * mx + (one - beta) * gx, beta * my + (one - beta) * gy
                    c1, c2 = c1 * beta, c2 * w
                    x -= lr * (mx / (one - c1)) / (np.sqrt(vx / (one - c2)) + eps)
                    y -= lr * (my / (one - c1)) / (np.sqrt(vy / (one - c2)) + eps)
                else:
                    x -= lr * gx / (np.sqrt(vx) + eps)
                    y -= lr * gy / (np.sqrt(vy) + eps)
                loss = half * (flat * x * x + steep * y * y)
                if not abs(loss) <= bound:
                    break
                losses[i] = loss
                lived[i] += 1
        return losses, lived

    given = settings(dtype)
    return lambda: run(*given)


def main() -> None:
    """Check that all ways see the same map, measure and write."""
    jax.config.update("jax_enable_x64", True)
    report, rows = Report(__file__, "numpy", "torch", "jax", "numba"), {}
    for rule, dtype in product(["RMSProp", "Adam"], ["float64", "float32"]):
        ways: dict[str, Callable[[], Any]] = {
            "course": course(rule, dtype),
            "PyTorch, 1 thread": torch_in_place(rule, dtype, 1),
            f"PyTorch, {CORES} threads": torch_in_place(rule, dtype, CORES),
            "PyTorch, compiled": torch_compiled(rule, dtype),
            "jax, compiled scan": jax_scan(rule, dtype),
            "numba": numba_loops(rule, dtype),
        }
        own = ways["course"]()
        for name in list(ways)[1:]:
            loss, lived = map(np.asarray, ways[name]())
            assert np.array_equal(lived > STEPS, own.diverged_at.ravel() < 0), name
            # A run that jumps about the floor ends elsewhere after another rounding.
            off = np.abs(loss - own.loss.ravel()) > 1e-3 * np.abs(loss) + 1e-6
            assert np.mean(off) < (0.02 if dtype == "float64" else 0.2), (name, np.mean(off))
        rows[f"{rule}, {dtype}"] = medians(ways, rounds=5)
    report.write(table(rows, "ms", "a map"))


if __name__ == "__main__":
    with torch.no_grad():
        main()
