"""Numbers that tests/metrics.rs expects, by implementations other than ours.

Made with Python 3.11.7, NumPy 2.4.6, SciPy 1.17.1, scikit-learn 1.9.1:

    pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    python tests/reference/metrics.py

Data come from a generator simple enough to be written twice: `uniforms` here and in tests/metrics.rs.
"""

import numpy as np
from scipy import linalg, special, stats
from sklearn.metrics.pairwise import polynomial_kernel
from sklearn.neighbors import NearestNeighbors


def uniforms(seed, count):
    """Numerical Recipes' linear congruential generator; its upper 24 bits over 2^24, exact in f32."""
    out = np.empty(count)
    state = seed
    for i in range(count):
        state = (1664525 * state + 1013904223) % 2**32
        out[i] = (state >> 8) / 2**24
    return out


def features(seed, rows, width, scale, shift):
    """Correlated: each column is a uniform plus half of its neighbour's."""
    u = uniforms(seed, rows * width).reshape(rows, width)
    return ((u + 0.5 * np.roll(u, -1, axis=1)) * scale + shift).astype(np.float32)


def show(name, *values):
    print(f"{name:32}", *(repr(float(v)) if np.ndim(v) == 0 else np.asarray(v).tolist() for v in values))


def parzen():
    """parzen_ll.py of goodfeli/adversarial@1720041, its Theano replaced by scipy.special.logsumexp."""
    samples = uniforms(1, 71 * 784).reshape(-1, 784)
    valid = uniforms(2, 12 * 784).reshape(-1, 784)
    test = uniforms(3, 41 * 784).reshape(-1, 784)

    def log_likelihoods(data, sigma):
        a = (data[:, None, :] - samples[None, :, :]) / sigma
        e = special.logsumexp(-0.5 * (a**2).sum(2), axis=1) - np.log(len(samples))
        return e - 784 * np.log(sigma * np.sqrt(np.pi * 2))

    sigmas = np.logspace(-1.0, 0.0, num=10)
    sigma = sigmas[np.argmax([log_likelihoods(valid, s).mean() for s in sigmas])]
    ll = log_likelihoods(test, sigma)
    show("parzen sigma, mean, se", sigma, ll.mean(), ll.std() / np.sqrt(len(test)))
    show("parzen ll[0], ll[40]", ll[0], ll[40])
    show("parzen ll[0] at 0.1", log_likelihoods(test, 0.1)[0])


def distance(a, b):
    """The usual FID code: scipy.linalg.sqrtm of the product."""
    c1, c2 = np.cov(a.astype(float), rowvar=False), np.cov(b.astype(float), rowvar=False)
    root = linalg.sqrtm(c1 @ c2).real
    means = a.astype(float).mean(0) - b.astype(float).mean(0)
    return means @ means + np.trace(c1 + c2 - 2 * root)


def frechet():
    show("frechet width 6", distance(features(4, 200, 6, 1.0, 0.0), features(5, 150, 6, 1.5, 0.3)))
    show("frechet width 48", distance(features(6, 300, 48, 1.0, 0.0), features(7, 400, 48, 0.8, 0.1)))
    a, b = features(4, 200, 6, 1.0, 0.0), features(5, 150, 6, 1.5, 0.3)
    parts = np.array([distance(np.delete(b, np.s_[150 * i // 20 : 150 * (i + 1) // 20], 0), a) for i in range(20)])
    show("frechet jackknife", np.sqrt(19 / 20 * ((parts - parts.mean()) ** 2).sum()))


def kid():
    """scikit-learn's kernel, its defaults gamma = 1 / width and coef0 = 1, in the unbiased estimate."""

    def mmd(x, y):
        off = lambda k: (k.sum() - np.trace(k)) / (len(k) * (len(k) - 1))
        x, y = x.astype(float), y.astype(float)
        kxx, kyy, kxy = (polynomial_kernel(p, q, degree=3) for p, q in ((x, x), (y, y), (x, y)))
        return off(kxx) + off(kyy) - 2 * kxy.mean()

    show("mmd^2 far", mmd(features(4, 40, 6, 1.0, 0.0), features(5, 30, 6, 1.5, 0.3)))
    show("mmd^2 near", mmd(features(8, 40, 6, 1.0, 0.0), features(9, 30, 6, 1.0, 0.0)))


def score():
    p = special.softmax(6 * uniforms(10, 500 * 10).reshape(-1, 10), axis=1).astype(np.float32).astype(float)
    value = lambda p: np.exp(stats.entropy(p, p.mean(0)[None, :], axis=1).mean())
    rng = np.random.default_rng(1)
    resampled = [value(p[rng.integers(0, 500, 500)]) for _ in range(10000)]
    show("mnist score, bootstrap se", value(p), np.std(resampled))
    show("histogram", np.bincount(p.argmax(1), minlength=10))


def classes():
    # Labels of the test set of MNIST.
    real = np.array([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    q = real / real.sum()
    for n in (64, 100, 10000):
        floor = sum(stats.binom(n, share).expect(lambda k, m=n * share: abs(k - m)) for share in q) / (2 * n)
        show(f"floor of total variation, {n}", floor)
    p = np.array([0.3, 0.2, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0.14, 0.06])
    rng = np.random.default_rng(2)
    drawn = np.abs(rng.multinomial(10000, p, 20000) / 10000 - q).sum(1) / 2
    show("total variation, se by drawing", np.abs(p - q).sum() / 2, drawn.std())


def neighbours():
    real, fake = features(11, 60, 5, 1.0, 0.0), features(12, 50, 5, 0.9, 0.2)
    reach = lambda x: NearestNeighbors(n_neighbors=4, algorithm="brute").fit(x).kneighbors(x)[0][:, 3]

    def within(manifold, tested):
        far = np.linalg.norm(tested[:, None].astype(float) - manifold[None], axis=2)
        return (far <= reach(manifold)[None]).any(1).sum()

    show("precision of 50, recall of 60", within(real, fake), within(fake, real))
    far, index = NearestNeighbors(n_neighbors=3, algorithm="brute").fit(real).kneighbors(fake[:1].astype(float))
    show("nearest of fake[0]", index[0], far[0])
    images = (256 * uniforms(13, 20 * 784)).astype(np.uint8).reshape(-1, 784)
    query = (256 * uniforms(14, 784)).astype(np.uint8)
    far, index = NearestNeighbors(n_neighbors=2, algorithm="brute").fit(images / 255).kneighbors([query / 255])
    show("nearest image", index[0], far[0])


for part in (parzen, frechet, kid, score, classes, neighbours):
    part()
