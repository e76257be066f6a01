"""Numbers that tests/layers.rs expects, by implementations other than ours.

Made with Python 3.11.7, NumPy 2.4.6, JAX 0.10.2 (in f64):

    pip install numpy==2.4.6 jax==0.10.2
    python tests/reference/layers.py > tests/reference/layers.json

Data come from a generator simple enough to be written twice: `uniforms` here and in tests/layers.rs.
"""

import json
import platform

import jax
import numpy as np
from jax import lax
from jax import numpy as jnp
from jax.example_libraries import optimizers

jax.config.update("jax_enable_x64", True)

found = {"made_with": f"Python {platform.python_version()}, NumPy {np.__version__}, JAX {jax.__version__}"}


def uniforms(seed, *shape):
    """Numerical Recipes' linear congruential generator; its upper 24 bits over 2^24, then to [-1, 1): exact in f32."""
    out = np.empty(int(np.prod(shape)))
    state = seed
    for i in range(out.size):
        state = (1664525 * state + 1013904223) % 2**32
        out[i] = 2 * ((state >> 8) / 2**24) - 1
    return out.reshape(shape)


def keep(name, **values):
    found[name] = {key: np.asarray(value, dtype=float).ravel().tolist() for key, value in values.items()}


def batch_norm():
    """Two batches: outputs by their own statistics, running ones by torch.nn.BatchNorm2d's rule with momentum
    0.1 (unbiased variance), and what these make of the first batch."""
    scale, shift = uniforms(2, 2), uniforms(3, 2)
    mean, variance = np.zeros(2), np.ones(2)
    one = lambda v: v[None, :, None, None]
    outputs = []
    for seed in (1, 4):
        x = uniforms(seed, 3, 2, 2, 2)
        m, v = x.mean((0, 2, 3)), x.var((0, 2, 3))
        outputs.append((x - one(m)) / np.sqrt(one(v) + 1e-5) * one(scale) + one(shift))
        mean = 0.9 * mean + 0.1 * m
        variance = 0.9 * variance + 0.1 * x.var((0, 2, 3), ddof=1)
    x = uniforms(1, 3, 2, 2, 2)
    running = (x - one(mean)) / np.sqrt(one(variance) + 1e-5) * one(scale) + one(shift)
    keep("batch_norm", first=outputs[0], second=outputs[1], mean=mean, variance=variance, running=running)


def spectral_norm():
    """Miyato et al. 2018, Algorithm 1, two steps of it: sigma with u and v held constant, as in their section 2.1."""

    def normalised(w, u, v):
        return w / (lax.stop_gradient(u) @ w @ lax.stop_gradient(v))

    def two_steps(matrix, u):
        for _ in range(2):
            v = matrix.T @ u
            v = v / np.linalg.norm(v)
            u = matrix @ v
            u = u / np.linalg.norm(u)
        return u, v

    # A convolution [outputs, inputs, 3, 3], and a dense layer [inputs, outputs] whose matrix is its transpose.
    for name, matrix, u in (
        ("conv", uniforms(5, 4, 18), uniforms(6, 4)),
        ("dense", uniforms(7, 6, 5).T, uniforms(8, 5)),
    ):
        u, v = two_steps(matrix, u)
        weights = uniforms(9, *matrix.shape) if name == "conv" else uniforms(9, 6, 5).T
        loss = lambda w: jnp.sum(weights * jnp.sin(3 * normalised(w, u, v)))
        order = (lambda a: a) if name == "conv" else (lambda a: a.T)
        keep(
            f"spectral_{name}",
            weight=order(np.asarray(normalised(matrix, u, v))),
            u=u,
            gradient=order(np.asarray(jax.grad(loss)(matrix))),
            # Where the iteration ends: NumPy's singular value decomposition.
            largest=np.linalg.svd(matrix)[1][0],
        )


def r1():
    """(gamma/2) mean |grad_x l|^2 by second derivatives: convolution 3x3 of stride 2, tanh, dense."""
    x = uniforms(10, 3, 1, 6, 6)
    theta = (uniforms(11, 4, 1, 3, 3), uniforms(12, 4), uniforms(13, 36, 1), uniforms(14, 1))

    def logit(theta, image):
        w, b, dense, bias = theta
        y = lax.conv_general_dilated(image[None], w, (2, 2), [(1, 1), (1, 1)])
        y = jnp.tanh(y + b[None, :, None, None])
        return (y.reshape(-1) @ dense + bias)[0]

    def penalty(theta, gamma=10.0):
        slopes = jax.vmap(jax.grad(logit, argnums=1), (None, 0))(theta, x)
        return gamma / 2 * jnp.mean(jnp.sum(slopes**2, axis=(1, 2, 3)))

    w, b, dense, bias = jax.grad(penalty)(theta)
    logits = jax.vmap(logit, (None, 0))(theta, x)
    keep("r1", logits=logits, penalty=penalty(theta), conv=w, conv_bias=b, dense=dense, bias=bias)


def losses():
    """Binary cross-entropies from probabilities and targets, and least squares."""
    real, fake = 4 * uniforms(15, 6), 4 * uniforms(16, 6)
    sigmoid = lambda l: 1 / (1 + jnp.exp(-l))
    cross = lambda l, t: -jnp.mean(t * jnp.log(sigmoid(l)) + (1 - t) * jnp.log(1 - sigmoid(l)))
    square = lambda l, t: 0.5 * jnp.mean((sigmoid(l) - t) ** 2)
    d = lambda kind, s: lambda r, f: kind(r, 1 - s) + kind(f, 0)
    for name, of_d, of_g in (
        ("minimax", cross, lambda f: -cross(f, 0)),
        ("non-saturating", cross, lambda f: cross(f, 1)),
        ("least-squares", square, lambda f: square(f, 1)),
    ):
        for s in (0.0, 0.1):
            loss = d(of_d, s)
            by_real, by_fake = jax.grad(loss, argnums=(0, 1))(real, fake)
            keep(f"loss {name} {s}", d=loss(real, fake), by_real=by_real, by_fake=by_fake, g=of_g(fake), by_g=jax.grad(of_g)(fake))


def optimisers():
    """jax.example_libraries.optimizers, six steps at constant rate and momentum."""
    start, gradients = uniforms(17, 4), uniforms(18, 6, 4)
    for name, (init, update, get) in (
        ("sgd", optimizers.sgd(0.1)),
        ("momentum", optimizers.momentum(0.1, mass=0.9)),
        ("nesterov", optimizers.nesterov(0.1, mass=0.9)),
        ("adam", optimizers.adam(0.1, b1=0.9, b2=0.999, eps=1e-8)),
    ):
        state = init(start)
        for i, gradient in enumerate(gradients):
            state = update(i, gradient, state)
        keep(f"optimiser {name}", after=get(state))


def maxout():
    """Largest of 5 pieces, and its gradient."""
    x, weights = uniforms(19, 2, 15), uniforms(20, 2, 3)
    f = lambda x: jnp.max(x.reshape(2, 5, 3), axis=1)
    keep("maxout", output=f(x), gradient=jax.grad(lambda x: jnp.sum(weights * f(x)))(x))


def pooling():
    """Largest of 2 x 2, nearest doubling, and their gradients."""
    x = uniforms(21, 2, 3, 4, 6)
    pool = lambda x: lax.reduce_window(x, -jnp.inf, lax.max, (1, 1, 2, 2), (1, 1, 2, 2), "VALID")
    double = lambda x: jnp.repeat(jnp.repeat(x, 2, axis=2), 2, axis=3)
    for name, f in (("pool", pool), ("double", double)):
        y = f(x)
        weights = uniforms(22, *y.shape)
        keep(name, output=y, gradient=jax.grad(lambda x: jnp.sum(weights * f(x)))(x))


class Xoshiro:
    """xoshiro256++ seeded by SplitMix64, after the text of prng.di.unimi.it."""

    def __init__(self, seed):
        self.s = []
        for i in range(1, 5):
            z = (seed + i * 0x9E3779B97F4A7C15) % 2**64
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB % 2**64
            self.s.append(z ^ (z >> 31))

    def uniform(self):
        rotate = lambda x, k: (x << k | x >> (64 - k)) % 2**64
        s = self.s
        out = (rotate((s[0] + s[3]) % 2**64, 23) + s[0]) % 2**64
        t = (s[1] << 17) % 2**64
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)
        return (out >> 11) / 2**53


def dropout():
    """Inverted dropout: inputs kept with 0.8, then a dense layer and tanh, then kept with 0.5."""
    random = Xoshiro(7)
    mask = lambda keep, *shape: np.array([random.uniform() < keep for _ in range(np.prod(shape))]).reshape(shape) / keep
    first, second = mask(0.8, 3, 8), mask(0.5, 3, 6)
    x, w, b = uniforms(23, 3, 8), uniforms(24, 8, 6), uniforms(25, 6)
    keep("dropout", output=np.tanh((x * first) @ w + b) * second, without=np.tanh(x @ w + b))


def average():
    """The moving average of parameters and of batch normalisation's buffers alike: decay 0.75, at step t at most
    (t + 1) / (t + 10), t from 0."""
    parameters, buffers = uniforms(26, 64), uniforms(27, 64)
    for t in range(30):
        decay = min(0.75, (t + 1) / (t + 10))
        parameters = decay * parameters + (1 - decay) * uniforms(100 + t, 64)
        buffers = decay * buffers + (1 - decay) * uniforms(200 + t, 64)
    keep("average", parameters=parameters, buffers=buffers)


for part in (batch_norm, spectral_norm, r1, losses, optimisers, maxout, pooling, dropout, average):
    part()
print("{" + ",\n".join(f" {json.dumps(name)}: {json.dumps(value)}" for name, value in found.items()).lstrip() + "}")
