//! R1, (gamma/2) mean |grad_x l(x)|^2 on real images, l being D's logit (Mescheder et al. 2018,
//! arXiv:1801.04406).
//!
//! Its gradient by D's weights needs second derivatives, which the library's tape does not give. With
//! v = grad_x l held constant, half the gradient of |grad_x l|^2 is that of v . grad_x l, a directional
//! derivative of l; and that is a central difference of l itself, so first derivatives do.

use burn::tensor::Tensor;

use super::player::{Leaves, Player};
use crate::mnist::kernels::join;

/// Root mean square over the batch of how far an image is moved either way, as a length in pixels' units
/// [-1, 1]. Short against what bends D (the error is of second order), long against rounding.
const REACH: f32 = 0.02;

/// A loss whose gradient by D's `leaves` is R1's; its value is gamma times the mean of |grad_x l|^2. Dropout is left
/// out.
pub fn r1(d: &Player, leaves: &Leaves, real: &Tensor<4>, gamma: f32) -> Tensor<1> {
    let [n, channels, height, width] = real.dims();
    let x = real.clone().autodiff().require_grad();
    let logits = d.forward(&leaves.constant, x.clone(), &[]).output;
    let mut gradients = (logits.mean() * n as f32).backward();
    // In one dimension: divided by one number in four, WebGPU's fused kernel was seen to give wrong ones.
    let slope: Tensor<1> =
        x.grad_remove(&mut gradients).expect("the images reach the logits").reshape([-1]);
    let pixels = (channels * height * width) as f32;
    let size = ((slope.clone() * slope.clone()).mean() * pixels).sqrt() + f32::MIN_POSITIVE;
    // In units of v: images move by v / size * REACH.
    let unit = (slope / size.clone()).reshape([n, channels, height, width]);
    let there = real.clone() + unit.clone() * REACH;
    let back = real.clone() - unit * REACH;
    let both = join(there, back);
    let logits = d.forward(&leaves.tracked, both, &[]).output;
    let rise = logits.clone().narrow(0, 0, n).mean() - logits.narrow(0, n, n).mean();
    rise * size * (gamma / (2.0 * REACH))
}
