//! The networks of the 1-D game, 1 -> width -> width -> 1, with hand-derived gradients.
//!
//! A general framework pays per operation, and here an operation is some hundred multiplications. So one
//! [`Mlp`] is a flat vector of parameters and one [`Tape`] the buffers of a batch; nothing is allocated
//! while training. The batch is cut in chunks of [`LANES`] samples, which are the SIMD lanes; the last
//! chunk may be part empty, and its empty lanes have no effect on any gradient.

pub mod activation;
mod kernels;
pub mod math;
mod tape;

pub use activation::Activation;
pub use math::{LANES, Lanes, Scalar};
pub use tape::Tape;

use crate::num::rng::Rng;
use kernels::{View, multiply, outer, total};

/// x -> w3 . f(W2 f(w1 x + b1) + b2) + b3, a scalar function of a scalar.
#[derive(Clone, Debug, PartialEq)]
pub struct Mlp<T> {
    /// Units of each hidden layer, n; at least 1.
    pub width: usize,
    /// f.
    pub activation: Activation,
    /// `w1 [n], b1 [n], W2 [n, n] row-major by output, b2 [n], w3 [n], b3 [1]`.
    pub parameters: Vec<T>,
}

/// The parameters of an [`Mlp`], or their gradients, by name.
struct Parts<S> {
    w1: S,
    b1: S,
    w2: S,
    b2: S,
    w3: S,
    b3: S,
}

fn parts<T>(p: &[T], n: usize) -> Parts<&[T]> {
    let (w1, p) = p.split_at(n);
    let (b1, p) = p.split_at(n);
    let (w2, p) = p.split_at(n * n);
    let (b2, p) = p.split_at(n);
    let (w3, b3) = p.split_at(n);
    Parts { w1, b1, w2, b2, w3, b3 }
}

fn parts_mut<T>(p: &mut [T], n: usize) -> Parts<&mut [T]> {
    let (w1, p) = p.split_at_mut(n);
    let (b1, p) = p.split_at_mut(n);
    let (w2, p) = p.split_at_mut(n * n);
    let (b2, p) = p.split_at_mut(n);
    let (w3, b3) = p.split_at_mut(n);
    Parts { w1, b1, w2, b2, w3, b3 }
}

impl<T: Scalar> Mlp<T> {
    /// Number of parameters at a width.
    #[must_use]
    pub const fn size(width: usize) -> usize {
        width * width + 4 * width + 1
    }

    /// All parameters of a layer uniform on ±1/sqrt(inputs), PyTorch's rule for linear layers. So small a gain
    /// keeps a smooth net close to a straight line, and a G that starts so does not start folded.
    #[must_use]
    pub fn new(width: usize, activation: Activation, rng: &mut Rng) -> Self {
        let bound = 1.0 / (width as f64).sqrt();
        let draw =
            |i| T::of((if i < 2 * width { 1.0 } else { bound }) * (2.0 * rng.uniform() - 1.0));
        let parameters = (0..Self::size(width)).map(draw).collect();
        Self { width, activation, parameters }
    }

    /// Gives W2 the signs with which every path from x to y has a positive product of weights, so that y
    /// increases with x (activations do). The sizes of the weights, and the signs of w1 and w3, stay.
    pub fn make_increasing(&mut self) {
        let n = self.width;
        let zero = T::default();
        let p = parts_mut(&mut self.parameters, n);
        for (row, &out) in p.w2.chunks_exact_mut(n).zip(p.w3.iter()) {
            for (w, &from) in row.iter_mut().zip(p.w1.iter()) {
                if (*w < zero) != ((from < zero) != (out < zero)) {
                    *w = -*w;
                }
            }
        }
    }

    /// Multiplies the output by `scale` and then adds `shift`, by changing the last layer.
    pub fn rescale(&mut self, scale: T, shift: T) {
        let p = parts_mut(&mut self.parameters, self.width);
        for w in p.w3 {
            *w = *w * scale;
        }
        p.b3[0] = p.b3[0] * scale + shift;
    }

    /// Reads `tape.x`, writes `tape.y` and what the backward passes need.
    pub fn forward(&self, tape: &mut Tape<T>) {
        let n = self.width;
        let p = parts(&self.parameters, n);
        for (x, a1) in tape.x.iter().zip(tape.a1.chunks_exact_mut(n)) {
            for ((a, &w), &b) in a1.iter_mut().zip(p.w1).zip(p.b1) {
                *a = x.map(|x| w * x + b);
            }
        }
        self.activation.apply(&mut tape.a1, &mut tape.f1);
        multiply(View::rows(p.w2, n), |j| p.b2[j], &tape.a1, &mut tape.a2);
        self.activation.apply(&mut tape.a2, &mut tape.f2);
        combine(p.w3, p.b3[0], &tape.a2, &mut tape.y);
    }

    /// After [`Mlp::forward`]: writes `tape.slope`, dy/dx of every sample.
    pub fn tangent(&self, tape: &mut Tape<T>) {
        let n = self.width;
        let p = parts(&self.parameters, n);
        for (f1, t1) in tape.f1.chunks_exact(n).zip(tape.t1.chunks_exact_mut(n)) {
            for ((t, f), &w) in t1.iter_mut().zip(f1).zip(p.w1) {
                *t = f.map(|f| f * w);
            }
        }
        multiply(View::rows(p.w2, n), |_| T::default(), &tape.t1, &mut tape.tu2);
        for ((t, f), u) in tape.t2.iter_mut().zip(&tape.f2).zip(&tape.tu2) {
            *t = product(f, u);
        }
        combine(p.w3, T::default(), &tape.t2, &mut tape.slope);
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
        combine(&self.parameters[..self.width], T::default(), &tape.e1, &mut tape.dx);
    }

    /// After [`Mlp::tangent`]: reads `tape.dy` and `tape.dslope`; adds the derivative of an objective of both y
    /// and dy/dx to `gradient`.
    pub fn backward_with_slope(&self, tape: &mut Tape<T>, gradient: &mut [T]) {
        let n = self.width;
        let p = parts(&self.parameters, n);
        self.output_errors(tape);
        // slope = w3 . t2, t2 = f'(u2) tu2, tu2 = W2 t1, t1 = f'(u1) w1: every f' also moves with its u.
        let act = self.activation;
        for (c, ds) in tape.dslope.iter().enumerate() {
            let units = c * n..(c + 1) * n;
            let (f2, a2, tu2) =
                (&tape.f2[units.clone()], &tape.a2[units.clone()], &tape.tu2[units.clone()]);
            let (s2, e2) = (&mut tape.s2[units.clone()], &mut tape.e2[units]);
            for (j, &w) in p.w3.iter().enumerate() {
                let dt = ds.map(|ds| ds * w);
                s2[j] = product(&dt, &f2[j]);
                bend(act, &mut e2[j], &product(&dt, &tu2[j]), &a2[j], &f2[j]);
            }
        }
        self.hidden_errors(tape);
        multiply(View::transposed(p.w2, n), |_| T::default(), &tape.s2, &mut tape.s1);
        let first = tape.f1.chunks_exact(n).zip(tape.a1.chunks_exact(n));
        let errors = tape.s1.chunks_exact_mut(n).zip(tape.e1.chunks_exact_mut(n));
        for ((f1, a1), (s1, e1)) in first.zip(errors) {
            for (i, &w) in p.w1.iter().enumerate() {
                let dt = s1[i];
                s1[i] = product(&dt, &f1[i]);
                bend(act, &mut e1[i], &dt.map(|dt| dt * w), &a1[i], &f1[i]);
            }
        }
        self.collect(tape, gradient);
        let g = parts_mut(gradient, n);
        outer(n, &tape.s2, &tape.t1, g.w2);
        for (i, g) in g.w1.iter_mut().enumerate() {
            *g += over_units(&tape.s1, n, i, |s, _| *s);
        }
        for (j, g) in g.w3.iter_mut().enumerate() {
            *g += over_units(&tape.t2, n, j, |t, c| product(t, &tape.dslope[c]));
        }
    }

    /// e2 = dy w3 f'(u2).
    fn output_errors(&self, tape: &mut Tape<T>) {
        let n = self.width;
        let w3 = parts(&self.parameters, n).w3;
        for ((dy, f2), e2) in
            tape.dy.iter().zip(tape.f2.chunks_exact(n)).zip(tape.e2.chunks_exact_mut(n))
        {
            for ((e, f), &w) in e2.iter_mut().zip(f2).zip(w3) {
                for l in 0..LANES {
                    e[l] = dy[l] * w * f[l];
                }
            }
        }
    }

    /// e1 = f'(u1) W2^T e2.
    fn hidden_errors(&self, tape: &mut Tape<T>) {
        let n = self.width;
        let w2 = parts(&self.parameters, n).w2;
        multiply(View::transposed(w2, n), |_| T::default(), &tape.e2, &mut tape.e1);
        for (e, f) in tape.e1.iter_mut().zip(&tape.f1) {
            *e = product(e, f);
        }
    }

    /// The gradient from the errors e1, e2 and dy.
    fn collect(&self, tape: &Tape<T>, gradient: &mut [T]) {
        let n = self.width;
        let g = parts_mut(gradient, n);
        outer(n, &tape.e2, &tape.a1, g.w2);
        for i in 0..n {
            g.w1[i] += over_units(&tape.e1, n, i, |e, c| product(e, &tape.x[c]));
            g.b1[i] += over_units(&tape.e1, n, i, |e, _| *e);
            g.b2[i] += over_units(&tape.e2, n, i, |e, _| *e);
            g.w3[i] += over_units(&tape.a2, n, i, |a, c| product(a, &tape.dy[c]));
        }
        g.b3[0] += over_units(&tape.dy, 1, 0, |d, _| *d);
    }
}

/// `out[c] = start + sum_j w[j] units[c][j]`.
fn combine<T: Scalar>(w: &[T], start: T, units: &[Lanes<T>], out: &mut [Lanes<T>]) {
    for (units, out) in units.chunks_exact(w.len()).zip(out) {
        let mut sum = [start; LANES];
        for (u, &w) in units.iter().zip(w) {
            for l in 0..LANES {
                sum[l] += w * u[l];
            }
        }
        *out = sum;
    }
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
