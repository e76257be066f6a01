//! A convolution on doubled pixels, without doubling them.

use std::cell::RefCell;

use burn::tensor::{DType, Device, Tensor, TensorData};

use super::products::{dense, transposed};

/// `Upsample` and the convolution of stride 1 behind it that keeps the side, as one transposed convolution
/// of stride 2.
///
/// Doubling the pixels is a transposed convolution with a kernel of 2 x 2 ones, and two convolutions in a
/// row are one with the convolution of their kernels: here of side `kernel + 1`, on a quarter of the places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Doubling {
    /// Input channels.
    pub inputs: usize,
    /// Output channels.
    pub outputs: usize,
    /// Side of the convolution's square kernel, pixels; odd.
    pub kernel: usize,
    /// Whether a bias `[outputs]` is added.
    pub bias: bool,
}

impl Doubling {
    /// Multiplications with a weight for one example of shape `input`, before it is doubled.
    pub(crate) fn multiplications(&self, [channels, height, width]: [usize; 3]) -> usize {
        channels * height * width * self.outputs * (self.kernel + 1).pow(2)
    }

    /// `next`: weight `[outputs * inputs * kernel * kernel]` of the convolution, then its bias if it has one.
    pub(crate) fn forward(&self, x: Tensor<4>, mut next: impl FnMut() -> Tensor<1>) -> Tensor<4> {
        let (side, taps) = (self.kernel + 1, self.kernel.pow(2));
        let pairs = self.outputs * self.inputs;
        let spread = kept_spread(self.kernel, &x);
        let weight = dense(next().reshape([pairs, taps, 1, 1]), spread, None, [taps, side * side])
            .reshape([self.outputs, self.inputs, side, side])
            .swap_dims(0, 1)
            .reshape([pairs * side * side]);
        let bias = self.bias.then(next);
        transposed(x, weight, bias, self.outputs, [side, 2, self.kernel / 2])
    }
}

/// [`spread`] where `x` is. It stays there: a recorded step brings nothing to its device.
fn kept_spread(kernel: usize, x: &Tensor<4>) -> Tensor<1> {
    type Kept = ((usize, Device, DType), Tensor<1>);
    thread_local! {
        static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
    }
    let key = (kernel, x.device(), x.dtype());
    KEPT.with_borrow_mut(|kept| {
        if let Some((_, found)) = kept.iter().find(|(other, _)| *other == key) {
            return found.clone();
        }
        let values = spread(kernel);
        let length = values.len();
        let made = Tensor::from_data(TensorData::new(values, [length]), (&key.1, key.2));
        kept.push((key, made.clone()));
        made
    })
}

/// Which of the `kernel^2` weights (rows) stand at which place of the wider kernel (columns): 1 where they
/// do. Along one side weight u of the convolution reaches the places `kernel - 1 - u` and the one after it.
fn spread(kernel: usize) -> Vec<f32> {
    let side = kernel + 1;
    let reaches = |u: usize, place: usize| place + u + 1 == kernel || place + u == kernel;
    let mut all = Vec::with_capacity(kernel.pow(2) * side.pow(2));
    for (u, v) in (0..kernel * kernel).map(|tap| (tap / kernel, tap % kernel)) {
        all.extend((0..side * side).map(|at| {
            let both = reaches(u, at / side) && reaches(v, at % side);
            f32::from(u8::from(both))
        }));
    }
    all
}
