"""A small multilayer perceptron whose parameters are one flat θ, so that any optimizer drives it.

θ has shape (n_parameters, …settings): several networks of one architecture run at once. x has
shape (rows, inputs) and is shared by all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

from course_lib import require
from course_lib.require import Array


@dataclass(frozen=True)
class MLP:
    """Layers of `sizes` with tanh or ReLU between them and a loss on top.

    loss="cross_entropy": outputs are logits, targets y are whole numbers of shape (rows,), the
    loss is the mean of -log softmax(outputs)[y], in nats.
    loss="squared_error": targets y have shape (rows,) or (rows, outputs), the loss is the mean of
    (output - y)² over rows and outputs, as in PyTorch's MSELoss.

    θ holds, layer by layer, the weights of shape (in, out), row by row, and then the biases.
    """

    sizes: tuple[int, ...]
    activation: Literal["tanh", "relu"] = "tanh"
    loss: Literal["cross_entropy", "squared_error"] = "cross_entropy"

    def __post_init__(self) -> None:
        if not isinstance(self.sizes, tuple | list) or len(self.sizes) < 2:
            raise ValueError(
                f"sizes must name inputs and outputs at least, as (64, 10) does; got {self.sizes}"
            )
        object.__setattr__(self, "sizes", tuple(self.sizes))
        for size in self.sizes:
            require.count("a layer's size", size, least=1)
        require.one_of("activation", self.activation, ("tanh", "relu"))
        require.one_of("loss", self.loss, ("cross_entropy", "squared_error"))

    @property
    def n_parameters(self) -> int:
        """Number of weights and biases, the length of θ."""
        return sum((n_in + 1) * n_out for n_in, n_out in pairwise(self.sizes))

    def init(self, seed: int) -> Array:
        """Return a random θ: zero biases, weights of variance 1/in (tanh) or 2/in (ReLU).

        Source: LeCun et al. (1998) for 1/in, He et al. (2015) for 2/in.
        """
        random = np.random.default_rng(require.count("seed", seed))
        gain = 2.0 if self.activation == "relu" else 1.0
        parts = []
        for n_in, n_out in pairwise(self.sizes):
            parts += [random.normal(0, np.sqrt(gain / n_in), n_in * n_out), np.zeros(n_out)]
        return np.concatenate(parts)

    def _layers(self, theta: Array) -> Iterator[tuple[Array, Array]]:
        """Weights (…settings, in, out) and biases (…settings, 1, out): settings first, for @."""
        if theta.shape[0] != self.n_parameters:
            raise ValueError(
                f"theta must hold {self.n_parameters} parameters for layers of {self.sizes}; "
                f"its shape is {theta.shape}"
            )
        flat, start = np.moveaxis(theta, 0, -1), 0
        for n_in, n_out in pairwise(self.sizes):
            middle, end = start + n_in * n_out, start + (n_in + 1) * n_out
            weights = flat[..., start:middle].reshape(*theta.shape[1:], n_in, n_out)
            yield weights, flat[..., None, middle:end]
            start = end

    def _inputs(self, x: npt.ArrayLike) -> Array:
        """Return `x` as an array if the first layer can read it."""
        x = np.asarray(x)
        if x.ndim != 2 or x.shape[1] != self.sizes[0]:
            raise ValueError(f"x must have shape (rows, {self.sizes[0]}); got {x.shape}")
        return x

    def _targets(self, y: npt.ArrayLike, rows: int) -> Array:
        """Return `y` as an array if the loss can compare it with the outputs of so many rows."""
        y, outputs = np.asarray(y), self.sizes[-1]
        if len(y) != rows:
            raise ValueError(f"x has {rows} rows, but y has {len(y)}")
        if self.loss == "squared_error":
            if y.size != rows * outputs:
                raise ValueError(f"y must have shape ({rows}, {outputs}); got {y.shape}")
            return y
        if y.ndim != 1:
            raise ValueError(f"y must have shape ({rows},), a label a row; got {y.shape}")
        if y.dtype.kind not in "iu":
            raise TypeError(
                f"y must hold whole numbers, as y.astype(int) does; its dtype is {y.dtype}. "
                'For other targets there is MLP(…, loss="squared_error")'
            )
        if y.min() < 0 or y.max() >= outputs:
            raise ValueError(
                f"y must lie between 0 and {outputs - 1}; it goes from {y.min()} to {y.max()}"
            )
        return y

    def _forward(self, theta: Array, x: npt.ArrayLike) -> tuple[list[Array], list[Array]]:
        """Return every layer's input and, last, the outputs; and the weights."""
        values, all_weights = [self._inputs(x)], list[Array]()
        for weights, biases in self._layers(theta):
            if all_weights:  # between two layers; complex numbers compare by their real part here
                z = values[-1]
                values[-1] = np.tanh(z) if self.activation == "tanh" else np.maximum(z, 0)
            values.append(values[-1] @ weights + biases)
            all_weights.append(weights)
        return values, all_weights

    def outputs(self, theta: npt.ArrayLike, x: npt.ArrayLike) -> Array:
        """Return the last layer's outputs, shape (rows, outputs, …settings)."""
        values, _ = self._forward(np.asarray(theta), x)
        return np.moveaxis(values[-1], (-2, -1), (0, 1))

    def _loss(self, outputs: Array, y: Array) -> tuple[Array, Array]:
        """Return the loss and its derivative with respect to the outputs."""
        rows = outputs.shape[-2]
        if self.loss == "squared_error":
            error = outputs - y.reshape(rows, -1)
            return np.mean(error * error, axis=(-2, -1)), 2 * error / (rows * error.shape[-1])
        # Subtracting the largest logit changes nothing but keeps exp from overflowing.
        logits = outputs - outputs.real.max(axis=-1, keepdims=True)
        share = np.exp(logits)
        total = share.sum(axis=-1, keepdims=True)
        right = np.arange(rows), y
        loss = np.mean(np.log(total[..., 0]) - logits[..., *right], axis=-1)
        share /= total
        share[..., *right] -= 1
        return loss, share / rows

    def loss_and_gradient(
        self, theta: npt.ArrayLike, x: npt.ArrayLike, y: npt.ArrayLike
    ) -> tuple[Array, Array]:
        """Return the loss, shape (…settings), and its gradient by backpropagation, shape of θ."""
        values, all_weights = self._forward(np.asarray(theta), x)
        loss, delta = self._loss(values.pop(), self._targets(y, len(values[0])))
        gradient: list[Array] = []
        for weights in reversed(all_weights):
            h = values.pop()
            by_weights = np.swapaxes(h, -1, -2) @ delta
            gradient[:0] = [by_weights.reshape(*delta.shape[:-2], -1), delta.sum(axis=-2)]
            if values:
                slope = 1 - h * h if self.activation == "tanh" else h > 0
                delta = delta @ np.swapaxes(weights, -1, -2) * slope
        return loss, np.moveaxis(np.concatenate(gradient, axis=-1), -1, 0)

    def hessian(self, theta: npt.ArrayLike, x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
        """Return all second derivatives, shape (n_parameters, n_parameters, …settings).

        Column j is Im ∇L(θ + i·h·e_j)/h with h = 1e-30: the complex-step derivative, which has no
        difference to cancel and so is exact to rounding. It costs n_parameters gradients, which
        run as settings: meant for networks of some hundred parameters.
        """
        theta = require.parameters("theta", theta)
        n, h = theta.shape[0], 1e-30
        nudge = 1j * h * np.eye(n).reshape(n, n, *[1] * (theta.ndim - 1))
        return self.loss_and_gradient(theta[:, None] + nudge, x, y)[1].imag / h

    def on(
        self,
        x: npt.ArrayLike,
        y: npt.ArrayLike,
        batch_size: int | None = None,
        seed: int = 0,
    ) -> "Training":
        """Return this network on its data, ready for `descend`."""
        return Training(self, np.asarray(x), np.asarray(y), batch_size, seed)


@dataclass(frozen=True, eq=False, repr=False)
class Training:
    """A network on its data: the objective of training.

    With a batch_size, update t sees mini-batch t: every epoch shuffles the rows anew and leaves
    out the rest that fills no batch. Which rows these are depends on t and the seed alone.
    """

    network: MLP
    x: Array
    y: Array
    batch_size: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        self.network._targets(self.y, len(self.network._inputs(self.x)))
        require.count("seed", self.seed)
        if self.batch_size is not None:
            require.count("batch_size", self.batch_size, least=1)
            if self.batch_size > len(self.x):
                raise ValueError(f"a batch of {self.batch_size} needs more than {len(self.x)} rows")

    def __repr__(self) -> str:
        batches = f", batch_size={self.batch_size}, seed={self.seed}" if self.batch_size else ""
        return f"Training({self.network}, {len(self.x)} rows{batches})"

    @property
    def n_parameters(self) -> int:
        """Number of weights and biases, the length of θ."""
        return self.network.n_parameters

    def batch(self, t: int) -> slice | npt.NDArray[np.int_]:
        """Return which rows update t sees."""
        if self.batch_size is None:
            return slice(None)
        epoch, number = divmod(t, len(self.x) // self.batch_size)
        start = number * self.batch_size
        return _order(len(self.x), self.seed, epoch)[start : start + self.batch_size]

    def loss_and_gradient(self, theta: Array, t: int) -> tuple[Array, Array]:
        """Return loss and gradient on the rows of update t."""
        rows = self.batch(t)
        return self.network.loss_and_gradient(theta, self.x[rows], self.y[rows])


@lru_cache(maxsize=8)
def _order(rows: int, seed: int, epoch: int) -> npt.NDArray[np.int_]:
    return np.random.default_rng((seed, epoch)).permutation(rows)
