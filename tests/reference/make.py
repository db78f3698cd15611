"""Make the reference values which the tests compare course_lib with, in PyTorch and optax.

    python tests/reference/make.py --check    make them again and compare with the stored files
    python tests/reference/make.py --write    rewrite the stored files

Nothing here imports course_lib. Needs torch, optax and scikit-learn, which no reader of the course
needs: `nox -s reference` installs them. The data of the course are compared with scikit-learn's.
"""

import argparse
import math
from collections.abc import Callable
from decimal import Decimal, getcontext
from pathlib import Path
from typing import Any

import jax
import numpy as np
import optax
import torch
from cases import (
    CURVATURE,
    CURVED_START,
    KEPT,
    OPTIMIZERS,
    SCHEDULES,
    SIZES,
    START,
    UPDATES,
    gradients,
    network_case,
)
from sklearn.datasets import load_diabetes, load_digits
from torch.nn.functional import cross_entropy, mse_loss
from torch.optim import lr_scheduler

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "course_lib" / "data"
TOLERANCE = 1e-12  # of 1 + |value|: platforms differ in the last bits

Tensor = torch.Tensor
torch.set_default_dtype(torch.float64)
jax.config.update("jax_enable_x64", True)
getcontext().prec = 50


# ---------------------------------------------------------------- optimizers


def torch_optimizer(rule: str, theta: Tensor, given: dict[str, Any]) -> torch.optim.Optimizer:
    """The optimizer of PyTorch with the arguments of a case; left-out ones are PyTorch's own."""
    lr = given["lr"][1]["lr"] if isinstance(given["lr"], tuple) else given["lr"]
    options = {"lr": lr} | {
        name: given[name] for name in ("momentum", "alpha", "eps", "weight_decay") if name in given
    }
    if "beta1" in given or "beta2" in given:
        options["betas"] = given.get("beta1", 0.9), given.get("beta2", 0.999)
    if rule == "nesterov":
        options["nesterov"] = True
    makers: dict[str, Callable[..., torch.optim.Optimizer]] = {
        "gradient_descent": torch.optim.SGD,
        "momentum": torch.optim.SGD,
        "nesterov": torch.optim.SGD,
        "adagrad": torch.optim.Adagrad,
        "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "radam": torch.optim.RAdam,
    }
    return makers[rule]([theta], **options)


def bend(optimizer: torch.optim.Optimizer, given: dict[str, Any], t: int, first: Tensor) -> None:
    """Before update t, turn PyTorch's rule into a variant which no library has."""
    group = optimizer.param_groups[0]
    n = t + 1
    if given.get("form") == "mean":
        # η g / (√(S/n) + ε) = (η √n) g / (√S + ε √n)
        group["lr"], group["eps"] = given["lr"] * math.sqrt(n), given["eps"] * math.sqrt(n)
    if given.get("start") == "first" and t == 0:
        # With v = g² beforehand, the first α v + (1 - α) g² is g² again.
        (theta,) = group["params"]
        optimizer.state[theta].update(step=torch.tensor(0.0), square_avg=first * first)
    if given.get("corrected") is False:
        # η m / (√v + ε) = (η c₁/√c₂) m̂ / (√v̂ + ε/√c₂), where m̂ = m/c₁ and v̂ = v/c₂
        beta1, beta2 = group["betas"]
        root = math.sqrt(1 - beta2**n)
        group["lr"], group["eps"] = given["lr"] * (1 - beta1**n) / root, given["eps"] / root


def trajectory(
    rule: str, given: dict[str, Any], start: list[float], gradient: Callable[[Tensor, int], Tensor]
) -> np.ndarray:
    """θ after the updates that are kept."""
    theta = torch.tensor(start)
    optimizer = torch_optimizer(rule, theta, given)
    schedule = None
    if isinstance(given["lr"], tuple):
        schedule = lr_scheduler.ExponentialLR(optimizer, given["lr"][1]["factor"])
    kept = []
    for t in range(UPDATES):
        theta.grad = gradient(theta, t)
        bend(optimizer, given, t, theta.grad)
        optimizer.step()
        if schedule is not None:
            schedule.step()
        if t + 1 in KEPT:
            kept.append(theta.numpy().copy())
    return np.array(kept)


def optimizer_references() -> dict[str, np.ndarray]:
    g, curvature = torch.tensor(gradients()), torch.tensor(CURVATURE)
    made = {}
    for name, (rule, given) in OPTIMIZERS.items():
        made[f"{name} | given gradients"] = trajectory(
            rule, given, START, lambda _, t: g[t].clone()
        )
        made[f"{name} | quadratic"] = trajectory(
            rule, given, CURVED_START, lambda theta, _: curvature @ theta
        )
    return made


# ----------------------------------------------------------------- schedules


def torch_rates(lr: float, steps: int, make: Callable[[Any], Any]) -> np.ndarray:
    """The rates that a scheduler of PyTorch gives to updates 0 … steps - 1."""
    optimizer = torch.optim.SGD([torch.zeros(1)], lr)
    scheduler, rates = make(optimizer), []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return np.array(rates)


def optax_rates(schedule: Callable[[int], Any]) -> np.ndarray:
    return np.array([float(schedule(t)) for t in range(UPDATES)])


def formula_rates(formula: Callable[[Decimal], Decimal]) -> np.ndarray:
    """For what no library has: the published formula, evaluated to 50 digits."""
    return np.array([float(formula(Decimal(t))) for t in range(UPDATES)])


def torch_warmup(optimizer: Any, steps: int, then: Any) -> Any:
    """A ramp from η/W to η, PyTorch's LinearLR, and then another schedule."""
    ramp = lr_scheduler.LinearLR(optimizer, 1 / steps, total_iters=steps - 1)
    return lr_scheduler.SequentialLR(optimizer, [ramp, then], [steps])


def schedule_references() -> dict[str, np.ndarray]:
    """The rates at t = 0, 1, 2 …; optax's warm-ups start at 0, one update before ours."""
    lr, end = 0.3, 0.02  # of every case; the assertion below holds the table to them
    for name, (_, given) in SCHEDULES.items():
        inner = given["then"][1] if "then" in given else given
        assert inner.get("lr", lr) == lr, name
        assert inner.get("end", end) == end, name
    d, w = Decimal(512), Decimal(40)
    return {
        "linear | torch": torch_rates(
            lr, UPDATES, lambda o: lr_scheduler.LinearLR(o, 1.0, end / lr, 100)
        ),
        "linear | optax": optax_rates(optax.linear_schedule(lr, end, 100)),
        "power law | formula": formula_rates(
            lambda t: Decimal(lr) * (1 + t / 7) ** Decimal("-0.75")
        ),
        "inverse sqrt | formula": formula_rates(lambda t: Decimal(lr) / (t + 1).sqrt()),
        "exponential | torch": torch_rates(
            lr, UPDATES, lambda o: lr_scheduler.ExponentialLR(o, 0.4 ** (1 / 30))
        ),
        "exponential | optax": optax_rates(optax.exponential_decay(lr, 30, 0.4)),
        "step | torch": torch_rates(lr, UPDATES, lambda o: lr_scheduler.StepLR(o, 30, 0.4)),
        "step | optax": optax_rates(optax.exponential_decay(lr, 30, 0.4, staircase=True)),
        # PyTorch's rises again after T; ours and optax's stay.
        "cosine | torch": torch_rates(
            lr, 101, lambda o: lr_scheduler.CosineAnnealingLR(o, 100, end)
        ),
        "cosine | optax": optax_rates(optax.cosine_decay_schedule(lr, 100, end / lr)),
        "warmup, linear | torch": torch_rates(
            lr,
            UPDATES,
            lambda o: torch_warmup(o, 20, lr_scheduler.LinearLR(o, 1.0, 0.0, 80)),
        ),
        "warmup, linear | optax, one later": optax_rates(
            optax.join_schedules(
                [optax.linear_schedule(0.0, lr, 20), optax.linear_schedule(lr, 0.0, 80)], [20]
            )
        ),
        "warmup, cosine | torch": torch_rates(
            lr,
            101,
            lambda o: torch_warmup(o, 20, lr_scheduler.CosineAnnealingLR(o, 80, end)),
        ),
        "warmup, cosine | optax, one later": optax_rates(
            optax.warmup_cosine_decay_schedule(0.0, lr, 20, 100, end)
        ),
        "noam | formula": formula_rates(
            lambda t: min(1 / (t + 1).sqrt(), (t + 1) * w ** Decimal("-1.5")) / d.sqrt()
        ),
    }


# ------------------------------------------------------------------- network


def network_references() -> dict[str, np.ndarray]:
    """Loss, gradient and Hessian of four small networks, by automatic differentiation."""
    case = {name: torch.tensor(value) for name, value in network_case().items()}
    n_in, n_hidden, n_out = SIZES
    lengths = [n_in * n_hidden, n_hidden, n_hidden * n_out, n_out]
    made = {}
    for activation in (torch.tanh, torch.relu):
        for loss_name, loss, y in (
            ("cross_entropy", cross_entropy, case["labels"]),
            ("squared_error", mse_loss, case["targets"]),
        ):

            def value(theta: Tensor, activation=activation, loss=loss, y=y) -> Tensor:
                w1, b1, w2, b2 = torch.split(theta, lengths)
                hidden = activation(case["x"] @ w1.reshape(n_in, n_hidden) + b1)
                return loss(hidden @ w2.reshape(n_hidden, n_out) + b2, y)

            theta, name = case["theta"], f"{activation.__name__} {loss_name}"
            made[f"{name} | loss"] = value(theta).numpy()
            made[f"{name} | gradient"] = torch.func.grad(value)(theta).numpy()
            made[f"{name} | hessian"] = torch.autograd.functional.hessian(value, theta).numpy()
    return made


# -------------------------------------------------------------------- files


def digits() -> dict[str, np.ndarray]:
    pixels, digit = load_digits(return_X_y=True)
    return {"pixels": pixels.astype(np.uint8), "digit": digit.astype(np.uint8)}


def diabetes() -> dict[str, np.ndarray]:
    measured, progress = load_diabetes(return_X_y=True, scaled=False)
    return {"measured": measured, "progress": progress}


FILES: dict[Path, Callable[[], dict[str, np.ndarray]]] = {
    HERE / "optimizers.npz": optimizer_references,
    HERE / "schedules.npz": schedule_references,
    HERE / "network.npz": network_references,
    DATA / "digits.npz": digits,
    DATA / "diabetes.npz": diabetes,
}


def differences(stored: dict[str, np.ndarray], made: dict[str, np.ndarray]) -> list[str]:
    """One sentence for each array that differs."""
    found = [f"{name!r} is only in one of the two" for name in sorted(stored.keys() ^ made.keys())]
    for name in sorted(stored.keys() & made.keys()):
        old, new = stored[name].astype(float), made[name].astype(float)
        if old.shape != new.shape:
            found.append(f"{name!r} had shape {old.shape} and now has {new.shape}")
        elif not np.all(off := np.abs(new - old) <= TOLERANCE * (1 + np.abs(old))):
            found.append(f"{name!r} differs in {np.sum(~off)} of {off.size} numbers")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("--check", action="store_true", help="compare with the stored files")
    how.add_argument("--write", action="store_true", help="rewrite the stored files")
    write = parser.parse_args().write
    failed = False
    for path, make in FILES.items():
        made = make()
        if write:
            np.savez_compressed(path, **made)
            print(f"{path.name}: {len(made)} arrays, {path.stat().st_size:,} bytes")
            continue
        with np.load(path) as file:
            found = differences(dict(file), made)
        print(f"{path.name}: {'; '.join(found) or f'all {len(made)} arrays agree'}")
        failed |= bool(found)
    if failed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
