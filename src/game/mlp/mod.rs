//! The networks of the game with hand-derived gradients: inputs -> width -> ... -> width -> outputs, with one to
//! three hidden layers, one or two inputs, and one or two outputs.
//!
//! A general framework pays per operation, and here an operation is some hundred multiplications. So one
//! [`Mlp`] is a flat vector of parameters and one [`Tape`] the buffers of a batch; nothing is allocated
//! while training. The batch is cut in chunks of [`LANES`] samples, which are the SIMD lanes; the last
//! chunk may be part empty, and its empty lanes have no effect on any gradient.

pub mod activation;
mod kernels;
pub mod math;
mod shape;
mod tape;

pub use activation::Activation;
pub use math::{LANES, Lanes, Scalar};
pub use shape::Shape;
pub use tape::Tape;

use crate::num::rng::Rng;
use kernels::{View, multiply, outer, total};

/// x -> V f(... f(W1 x + b1) ...) + c, with f after each hidden layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Mlp<T> {
    /// How wide and how deep.
    pub shape: Shape,
    /// f.
    pub activation: Activation,
    /// Layer by layer, weights `[outputs, inputs]` row-major by output, then biases `[outputs]`; for two hidden
    /// layers of n units and one input and output `w1 [n], b1 [n], W2 [n, n], b2 [n], w3 [n], b3 [1]`.
    pub parameters: Vec<T>,
}

impl<T: Scalar> Mlp<T> {
    /// All parameters of a layer uniform on ±1/sqrt(inputs), PyTorch's rule for linear layers. So small a gain
    /// keeps a smooth net close to a straight line, and a G that starts so does not start folded.
    #[must_use]
    pub fn new(shape: Shape, activation: Activation, rng: &mut Rng) -> Self {
        let mut parameters = Vec::with_capacity(shape.size());
        let mut draw = |count: usize, inputs: usize| {
            let bound = 1.0 / (inputs as f64).sqrt();
            parameters.extend((0..count).map(|_| T::of(bound * (2.0 * rng.uniform() - 1.0))));
        };
        let n = shape.width;
        draw(shape.first().end, shape.inputs);
        draw(shape.size() - shape.first().end, n);
        Self { shape, activation, parameters }
    }

    /// Gives the last weights before the output the signs with which every path from x to y has a positive product
    /// of weights, so that y increases with x (activations do); for one input and one output. Hidden layers between
    /// become positive; otherwise the sizes of the weights, and the signs of the first and the last, stay, unless
    /// there is only one hidden layer.
    pub fn make_increasing(&mut self) {
        let Shape { width: n, layers, .. } = self.shape;
        let zero = T::default();
        let sign = |w: &mut T, positive: bool| {
            if (*w < zero) == positive {
                *w = -*w;
            }
        };
        let positive: Vec<bool> = self.parameters[..n].iter().map(|w| *w >= zero).collect();
        let last = self.shape.last();
        if layers == 1 {
            for (w, &from) in self.parameters[last][..n].iter_mut().zip(&positive) {
                sign(w, from);
            }
            return;
        }
        let out: Vec<bool> = self.parameters[last][..n].iter().map(|w| *w >= zero).collect();
        for layer in 1..layers {
            let weights = &mut self.parameters[self.shape.hidden(layer)][..n * n];
            for (j, row) in weights.chunks_exact_mut(n).enumerate() {
                for (i, w) in row.iter_mut().enumerate() {
                    let from = layer > 1 || positive[i];
                    let to = layer + 1 < layers || out[j];
                    sign(w, from == to);
                }
            }
        }
    }

    /// Weights and biases of the first layer.
    pub fn first_mut(&mut self) -> (&mut [T], &mut [T]) {
        let Shape { width, inputs, .. } = self.shape;
        self.parameters[self.shape.first()].split_at_mut(width * inputs)
    }

    /// Multiplies the outputs by `matrix`, row-major, and then adds `shift`, by changing the last layer.
    pub fn rescale(&mut self, matrix: &[T], shift: &[T]) {
        let Shape { width: n, outputs, .. } = self.shape;
        let last = self.shape.last();
        let (w, b) = self.parameters[last].split_at_mut(n * outputs);
        let (old, old_b) = (w.to_vec(), b.to_vec());
        let entry = |row: &[T], of: &dyn Fn(usize) -> T| {
            let mut sum = row[0] * of(0);
            for (o, &m) in row.iter().enumerate().skip(1) {
                sum += m * of(o);
            }
            sum
        };
        for (o, row) in matrix.chunks_exact(outputs).enumerate() {
            for j in 0..n {
                w[o * n + j] = entry(row, &|k| old[k * n + j]);
            }
            b[o] = entry(row, &|k| old_b[k]) + shift[o];
        }
    }

    /// Reads `tape.x`, writes `tape.y` and what the backward passes need.
    pub fn forward(&self, tape: &mut Tape<T>) {
        let Shape { width: n, layers, inputs, .. } = self.shape;
        let size = tape.layer();
        let (w, b) = self.layer(self.shape.first(), n * inputs);
        for (x, a) in tape.x.chunks_exact(inputs).zip(tape.a[..size].chunks_exact_mut(n)) {
            for ((a, w), &b) in a.iter_mut().zip(w.chunks_exact(inputs)).zip(b) {
                *a = [b; LANES];
                for (x, &w) in x.iter().zip(w) {
                    for l in 0..LANES {
                        a[l] += w * x[l];
                    }
                }
            }
        }
        self.activation.apply(&mut tape.a[..size], &mut tape.f[..size]);
        for layer in 1..layers {
            let (w, b) = self.layer(self.shape.hidden(layer), n * n);
            let (below, at) = tape.a.split_at_mut(layer * size);
            let (below, at) = (&below[(layer - 1) * size..], &mut at[..size]);
            multiply(View::rows(w, n), |j| b[j], below, at);
            self.activation.apply(at, &mut tape.f[layer * size..(layer + 1) * size]);
        }
        let (w, b) = self.output();
        combine(w, b, n, &tape.a[(layers - 1) * size..], &mut tape.y);
    }

    /// After [`Mlp::forward`]: writes `tape.slope`, dy/dx of every sample by every input; for one output.
    pub fn tangent(&self, tape: &mut Tape<T>) {
        let Shape { width: n, layers, inputs, .. } = self.shape;
        let size = tape.layer();
        let zero = T::default();
        let w1 = self.layer(self.shape.first(), n * inputs).0;
        tape.slopes();
        let Tape { t, tu, f, slope, .. } = tape;
        for i in 0..inputs {
            let way = i * layers * size..(i + 1) * layers * size;
            let (t, tu) = (&mut t[way.clone()], &mut tu[way]);
            for units in tu[..size].chunks_exact_mut(n) {
                for (u, w) in units.iter_mut().zip(w1.chunks_exact(inputs)) {
                    *u = [w[i]; LANES];
                }
            }
            for layer in 0..layers {
                let here = layer * size..(layer + 1) * size;
                if layer > 0 {
                    let w = self.layer(self.shape.hidden(layer), n * n).0;
                    let below = &t[here.start - size..here.start];
                    multiply(View::rows(w, n), |_| zero, below, &mut tu[here.clone()]);
                }
                let (tu, f) = (&tu[here.clone()], &f[here.clone()]);
                for ((t, f), u) in t[here].iter_mut().zip(f).zip(tu) {
                    *t = product(f, u);
                }
            }
            let last = &t[(layers - 1) * size..];
            for (units, to) in last.chunks_exact(n).zip(slope.chunks_exact_mut(inputs)) {
                to[i] = weighted(&self.output().0[..n], zero, units);
            }
        }
    }

    /// Reads `tape.dy`; adds the derivative by the parameters to `gradient`.
    pub fn backward(&self, tape: &mut Tape<T>, gradient: &mut [T]) {
        self.output_errors(tape);
        self.hidden_errors(tape);
        self.collect(tape, gradient);
    }

    /// Reads `tape.dy`; writes `tape.dx`, the derivative by the inputs, and leaves the parameters alone.
    pub fn backward_input(&self, tape: &mut Tape<T>) {
        self.output_errors(tape);
        self.hidden_errors(tape);
        let Shape { width: n, inputs, .. } = self.shape;
        let size = tape.layer();
        let w1 = self.layer(self.shape.first(), n * inputs).0;
        let errors = tape.e[..size].chunks_exact(n);
        for (errors, dx) in errors.zip(tape.dx.chunks_exact_mut(inputs)) {
            for (i, dx) in dx.iter_mut().enumerate() {
                let mut sum = [T::default(); LANES];
                for (e, w) in errors.iter().zip(w1.chunks_exact(inputs)) {
                    for l in 0..LANES {
                        sum[l] += w[i] * e[l];
                    }
                }
                *dx = sum;
            }
        }
    }

    /// After [`Mlp::tangent`]: reads `tape.dy` and `tape.dslope`; adds the derivative of an objective of both y
    /// and dy/dx to `gradient`; for one output.
    ///
    /// slope = v . t_L, t_l = f'(u_l) tu_l and tu_(l+1) = W t_l: every f' also moves with its u.
    pub fn backward_with_slope(&self, tape: &mut Tape<T>, gradient: &mut [T]) {
        let Shape { width: n, layers, inputs, .. } = self.shape;
        let size = tape.layer();
        let all = layers * size;
        let act = self.activation;
        self.output_errors(tape);
        let Tape { a, f, e, s, tu, dslope, .. } = &mut *tape;
        let top = (layers - 1) * size;
        for i in 0..inputs {
            for (c, ds) in dslope.iter().skip(i).step_by(inputs).enumerate() {
                for (j, &w) in self.output().0.iter().enumerate() {
                    let at = top + c * n + j;
                    let dt = ds.map(|ds| ds * w);
                    s[i * all + at] = product(&dt, &f[at]);
                    bend(act, &mut e[at], &product(&dt, &tu[i * all + at]), &a[at], &f[at]);
                }
            }
        }
        for layer in (1..layers).rev() {
            self.errors_below(layer, f, e);
            let w = self.layer(self.shape.hidden(layer), n * n).0;
            for i in 0..inputs {
                let here = i * all + layer * size;
                let (below, at) = s.split_at_mut(here);
                let below = &mut below[here - size..];
                multiply(View::transposed(w, n), |_| T::default(), &at[..size], below);
                let lower = (layer - 1) * size;
                for (k, s) in below.iter_mut().enumerate() {
                    let (dt, at) = (*s, lower + k);
                    *s = product(&dt, &f[at]);
                    bend(act, &mut e[at], &product(&dt, &tu[i * all + at]), &a[at], &f[at]);
                }
            }
        }
        self.collect(tape, gradient);
        let Tape { t, s, dslope, .. } = &*tape;
        for i in 0..inputs {
            let (s, t) = (&s[i * all..(i + 1) * all], &t[i * all..(i + 1) * all]);
            for layer in 1..layers {
                let (at, below) = (layer * size, (layer - 1) * size);
                let weights = &mut gradient[self.shape.hidden(layer)][..n * n];
                outer(n, &s[at..at + size], &t[below..below + size], weights);
            }
            for (j, w) in gradient[..n * inputs].chunks_exact_mut(inputs).enumerate() {
                w[i] += over_units(&s[..size], n, j, |s, _| *s);
            }
            let last = self.shape.last();
            for (j, w) in gradient[last][..n].iter_mut().enumerate() {
                *w += over_units(&t[top..], n, j, |t, c| product(t, &dslope[c * inputs + i]));
            }
        }
    }

    /// Weights, so many of them, and biases of the layer whose parameters lie there.
    fn layer(&self, at: std::ops::Range<usize>, weights: usize) -> (&[T], &[T]) {
        self.parameters[at].split_at(weights)
    }

    /// Weights `[outputs, n]` and biases of the last layer.
    fn output(&self) -> (&[T], &[T]) {
        self.layer(self.shape.last(), self.shape.width * self.shape.outputs)
    }

    /// e of the last hidden layer, V^T dy f'(u).
    fn output_errors(&self, tape: &mut Tape<T>) {
        let Shape { width: n, layers, outputs, .. } = self.shape;
        let size = tape.layer();
        let top = (layers - 1) * size..layers * size;
        let w = self.output().0;
        let Tape { dy, f, e, .. } = tape;
        let units = f[top.clone()].chunks_exact(n).zip(e[top].chunks_exact_mut(n));
        for (dy, (f, e)) in dy.chunks_exact(outputs).zip(units) {
            for (j, (e, f)) in e.iter_mut().zip(f).enumerate() {
                for l in 0..LANES {
                    let mut sum = dy[0][l] * w[j];
                    for o in 1..outputs {
                        sum += dy[o][l] * w[o * n + j];
                    }
                    e[l] = sum * f[l];
                }
            }
        }
    }

    /// e of the other hidden layers.
    fn hidden_errors(&self, tape: &mut Tape<T>) {
        for layer in (1..self.shape.layers).rev() {
            self.errors_below(layer, &tape.f, &mut tape.e);
        }
    }

    /// e of the layer below, f'(u) W^T e.
    fn errors_below(&self, layer: usize, f: &[Lanes<T>], e: &mut [Lanes<T>]) {
        let n = self.shape.width;
        let size = e.len() / self.shape.layers;
        let w = self.layer(self.shape.hidden(layer), n * n).0;
        let (below, at) = e.split_at_mut(layer * size);
        let below = &mut below[(layer - 1) * size..];
        multiply(View::transposed(w, n), |_| T::default(), &at[..size], below);
        for (e, f) in below.iter_mut().zip(&f[(layer - 1) * size..]) {
            *e = product(e, f);
        }
    }

    /// The gradient from all e and dy.
    fn collect(&self, tape: &Tape<T>, gradient: &mut [T]) {
        let Shape { width: n, layers, inputs, outputs } = self.shape;
        let size = tape.layer();
        let Tape { x, a, e, dy, .. } = tape;
        let (w, b) = gradient[self.shape.first()].split_at_mut(n * inputs);
        let below = &e[..size];
        for (j, w) in w.chunks_exact_mut(inputs).enumerate() {
            for (i, w) in w.iter_mut().enumerate() {
                *w += over_units(below, n, j, |e, c| product(e, &x[c * inputs + i]));
            }
            b[j] += over_units(below, n, j, |e, _| *e);
        }
        for layer in 1..layers {
            let (w, b) = gradient[self.shape.hidden(layer)].split_at_mut(n * n);
            let (at, below) = (layer * size, (layer - 1) * size);
            let e = &e[at..at + size];
            outer(n, e, &a[below..below + size], w);
            for (j, b) in b.iter_mut().enumerate() {
                *b += over_units(e, n, j, |e, _| *e);
            }
        }
        let (w, b) = gradient[self.shape.last()].split_at_mut(n * outputs);
        let top = &a[(layers - 1) * size..];
        for (o, w) in w.chunks_exact_mut(n).enumerate() {
            for (j, w) in w.iter_mut().enumerate() {
                *w += over_units(top, n, j, |a, c| product(a, &dy[c * outputs + o]));
            }
            b[o] += over_units(dy, outputs, o, |d, _| *d);
        }
    }
}

/// `out[c][o] = start[o] + sum_j w[o][j] units[c][j]`, n units.
fn combine<T: Scalar>(w: &[T], start: &[T], n: usize, units: &[Lanes<T>], out: &mut [Lanes<T>]) {
    let outputs = start.len();
    for (units, out) in units.chunks_exact(n).zip(out.chunks_exact_mut(outputs)) {
        for ((w, &start), out) in w.chunks_exact(n).zip(start).zip(out) {
            *out = weighted(w, start, units);
        }
    }
}

/// `start + sum_j w[j] units[j]`.
#[inline(always)]
fn weighted<T: Scalar>(w: &[T], start: T, units: &[Lanes<T>]) -> Lanes<T> {
    let mut sum = [start; LANES];
    for (u, &w) in units.iter().zip(w) {
        for l in 0..LANES {
            sum[l] += w * u[l];
        }
    }
    sum
}

/// `error += by f''`, with f'' from the activation's value and derivative.
#[inline(always)]
fn bend<T: Scalar>(
    activation: Activation,
    error: &mut Lanes<T>,
    by: &Lanes<T>,
    value: &Lanes<T>,
    slope: &Lanes<T>,
) {
    for l in 0..LANES {
        error[l] += by[l] * activation.curvature(value[l], slope[l]);
    }
}

#[inline(always)]
fn product<T: Scalar>(a: &Lanes<T>, b: &Lanes<T>) -> Lanes<T> {
    std::array::from_fn(|l| a[l] * b[l])
}

/// Sum of `f(value of unit i, chunk)` over all samples.
#[inline(always)]
fn over_units<T: Scalar>(
    values: &[Lanes<T>],
    n: usize,
    i: usize,
    f: impl Fn(&Lanes<T>, usize) -> Lanes<T>,
) -> T {
    let mut sum = [T::default(); LANES];
    for (c, units) in values.chunks_exact(n).enumerate() {
        let term = f(&units[i], c);
        for l in 0..LANES {
            sum[l] += term[l];
        }
    }
    total(sum)
}
