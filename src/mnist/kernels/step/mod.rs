//! What a step does besides products: by the library on the CPU, by kernels of our own on WebGPU.

mod curve;
#[cfg(feature = "gpu")]
pub(super) mod webgpu;
#[cfg(feature = "gpu")]
mod wgsl;

use burn::tensor::{
    Tensor,
    activation::{relu, sigmoid},
    module,
};

use super::operations::leaky;
#[cfg(feature = "gpu")]
use super::shader::holds;

pub(crate) use curve::Curve;

/// Added to the variance before its root, as in PyTorch.
pub(crate) const NORM_EPSILON: f64 = 1e-5;

/// Each of x by `by`.
pub(crate) fn curve(x: Tensor<4>, by: Curve) -> Tensor<4> {
    if by == Curve::Nothing {
        return x;
    }
    #[cfg(feature = "gpu")]
    if holds(&x) {
        return webgpu::curve(x, by);
    }
    match by {
        Curve::Nothing => x,
        Curve::Relu => relu(x),
        Curve::Leaky => leaky(x, 0.2),
        Curve::Tanh => x.tanh(),
        Curve::Sigmoid => sigmoid(x),
    }
}

/// Batch normalisation by the batch itself and then `by`; also mean and unbiased variance, `[channels]` each, without a
/// gradient.
pub(crate) fn norm(
    x: Tensor<4>,
    scale: Tensor<1>,
    shift: Tensor<1>,
    by: Curve,
) -> (Tensor<4>, [Tensor<1>; 2]) {
    #[cfg(feature = "gpu")]
    if holds(&x) {
        return webgpu::norm(x, scale, shift, by);
    }
    let [n, _, height, width] = x.dims();
    let count = (n * height * width) as f64;
    let normed = module::batch_norm_train(x, scale, shift, NORM_EPSILON);
    let unbiased = normed.variance.inner() * (count / (count - 1.0).max(1.0));
    (curve(normed.output, by), [normed.mean.inner(), unbiased])
}

/// The vectors one after the other, each followed by zeros up to the length beside it. Without a gradient.
pub(crate) fn gather(all: Vec<(Tensor<1>, usize)>) -> Tensor<1> {
    #[cfg(feature = "gpu")]
    if holds(&all[0].0) {
        return webgpu::gather(&all);
    }
    let device = all[0].0.device();
    let mut pieces = Vec::with_capacity(2 * all.len());
    for (vector, room) in all {
        let padding = room - vector.dims()[0];
        pieces.push(vector);
        if padding > 0 {
            pieces.push(Tensor::zeros([padding], &device));
        }
    }
    Tensor::cat(pieces, 0)
}

/// So many numbers of x from `start` on, a multiple of 64. On WebGPU they stay in their place: a change of x is one of
/// them too.
pub(crate) fn view(x: &Tensor<1>, start: usize, length: usize) -> Tensor<1> {
    #[cfg(feature = "gpu")]
    if holds(x) {
        return webgpu::view(x, start, length);
    }
    x.clone().narrow(0, start, length)
}

/// The same numbers, of its own. Without a gradient.
pub(crate) fn copy(x: &Tensor<1>) -> Tensor<1> {
    gather(vec![(x.clone(), x.dims()[0])])
}

/// `new` into the place of `old`; where no place is kept, `old` is the new one from now on. Without a gradient.
pub(crate) fn replace(old: &mut Tensor<1>, new: Tensor<1>) {
    #[cfg(feature = "gpu")]
    if holds(old) {
        return webgpu::replace(old, &new);
    }
    *old = new;
}

/// `a` and behind it `b`, `[n, channels, height, width]` both. Without a gradient.
pub(crate) fn join(a: Tensor<4>, b: Tensor<4>) -> Tensor<4> {
    #[cfg(feature = "gpu")]
    if holds(&a) {
        let ([n, channels, height, width], more) = (a.dims(), b.dims()[0]);
        let one = channels * height * width;
        let flat = gather(vec![(a.reshape([-1]), n * one), (b.reshape([-1]), more * one)]);
        return flat.reshape([n + more, channels, height, width]);
    }
    Tensor::cat(vec![a, b], 0)
}

/// Mean of the squares, `[1]`. Without a gradient.
pub(crate) fn mean_square(x: &Tensor<1>) -> Tensor<1> {
    #[cfg(feature = "gpu")]
    if holds(x) {
        return webgpu::mean_square(x);
    }
    (x.clone() * x.clone()).mean()
}

/// A loss by the logits as WebGPU computes it, `[1]`; none elsewhere. The first `real` of them are of real images, and
/// of both halves the mean counts: of a log(1 + e^-l) + b log(1 + e^l) + c (sigmoid(l) - target)^2 / 2, with (a, b, c,
/// target) of real ones and of generated ones.
#[allow(unused_variables, reason = "only WebGPU has it")]
pub(crate) fn logit_loss(logits: &Tensor<4>, real: usize, by: [[f32; 4]; 2]) -> Option<Tensor<1>> {
    #[cfg(feature = "gpu")]
    if holds(logits) {
        let of = [real, logits.shape().num_elements() - real];
        let [[a, b, c, d], [e, f, g, h]] = by;
        return Some(webgpu::loss(logits.clone(), of, [a, b, c, d, e, f, g, h]));
    }
    None
}
