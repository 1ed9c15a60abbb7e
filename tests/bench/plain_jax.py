"""The dense networks as a hand-written JAX program, an epoch in one jitted scan, on the same rows.

usage: python plain_jax.py mlp|deep|wide EPOCHS MNIST.npz [--held validation|test] [--seed N]

Says what plain_keras.py says, but for `step`, since nothing is seen of an epoch before it ends, and for the accuracy in
training, which it does not count. A last, smaller batch is left out.
"""

import argparse

import jax
import jax.numpy as jnp
import numpy as np

parser = argparse.ArgumentParser()
parser.add_argument("network")
parser.add_argument("epochs", type=int)
parser.add_argument("path")
parser.add_argument("--held", default="validation")
parser.add_argument("--seed", type=int, default=0)
asked = parser.parse_args()

units, batch_size = {"mlp": ((512, 256), 128), "deep": ((64,) * 8, 32), "wide": ((2048, 2048), 1024)}[asked.network]
with np.load(asked.path) as arrays:
    x = jnp.asarray(arrays["x_train"].reshape(-1, 784).astype("float32") / 255)
    y = jnp.asarray(arrays["y_train"].astype("int32"))
    x_test = jnp.asarray(arrays["x_test"].reshape(-1, 784).astype("float32") / 255)
    y_test = jnp.asarray(arrays["y_test"].astype("int32"))
rows = 54_000 if asked.held == "validation" else 60_000
x_held, y_held = (x[rows:], y[rows:]) if asked.held == "validation" else (x_test, y_test)

keys = jax.random.split(jax.random.PRNGKey(asked.seed), len(units) + 2)
sizes = (784, *units, 10)
weights = [
    (jax.random.uniform(key, (a, b), minval=-1, maxval=1) * np.sqrt(6 / (a + b)), jnp.zeros(b))
    for key, a, b in zip(keys, sizes, sizes[1:], strict=False)
]
moments = jax.tree.map(lambda weight: (jnp.zeros_like(weight), jnp.zeros_like(weight)), weights)


def logits_of(weights, images):
    for kernel, bias in weights[:-1]:
        images = jax.nn.relu(images @ kernel + bias)
    return images @ weights[-1][0] + weights[-1][1]


def loss_of(weights, images, labels):
    return -jnp.take_along_axis(jax.nn.log_softmax(logits_of(weights, images)), labels[:, None], 1).mean()


def update(step, weight, gradient, moment):
    if asked.network == "mlp":
        return weight - 0.01 * gradient, moment
    m, v = 0.9 * moment[0] + 0.1 * gradient, 0.999 * moment[1] + 0.001 * gradient**2
    rate = 0.001 * jnp.sqrt(1 - 0.999**step) / (1 - 0.9**step)
    return weight - rate * m / (jnp.sqrt(v) + 1e-7), (m, v)


@jax.jit
def run_epoch(weights, moments, step, key):
    order = jax.random.permutation(key, rows)[: rows // batch_size * batch_size].reshape(-1, batch_size)

    def one(state, batch):
        weights, moments, step = state
        gradients = jax.grad(loss_of)(weights, x[batch], y[batch])
        flat, shape = jax.tree.flatten(weights)
        each = zip(flat, jax.tree.leaves(gradients), shape.flatten_up_to(moments), strict=True)
        pairs = [update(step, *parts) for parts in each]
        unflat = (shape.unflatten([pair[part] for pair in pairs]) for part in (0, 1))
        return (*unflat, step + 1), None

    (weights, moments, step), _ = jax.lax.scan(one, (weights, moments, step), order)
    return weights, moments, step, (logits_of(weights, x_held).argmax(1) == y_held).mean()


step, key = jnp.float32(1), keys[-1]
for epoch in range(asked.epochs):
    key, now = jax.random.split(key)
    weights, moments, step, held = run_epoch(weights, moments, step, now)
    print(f"epoch {epoch + 1} accuracy - {float(held):.4f}", flush=True)
print(f"test accuracy {float((logits_of(weights, x_test).argmax(1) == y_test).mean()):.4f}")
