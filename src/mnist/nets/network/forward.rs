//! What each layer does to a batch.
//!
//! Only operations that the presets' own layers need anyway are used: each further one would make both
//! wasm modules larger. So the larger of two numbers is `a + relu(b - a)`, and an image is doubled by
//! joining it with itself; and they are used on four dimensions, since each number of dimensions is code
//! of its own.

use burn::tensor::{Device, Tensor, TensorData, activation, module};

use super::{Effective, Network, views};
use crate::mnist::kernels::{Curve, NORM_EPSILON, convolution, curve, dense, norm, transposed};
use crate::mnist::nets::layer::{Activation, Layer};
use crate::num::rng::Rng;

/// How batch normalisation gets its statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// From the batch.
    Train,
    /// From the running averages.
    Evaluate,
}

/// Result of a forward pass.
#[derive(Debug)]
pub struct Forward {
    /// `[n, channels, height, width]`
    pub output: Tensor<4>,
    /// In `Mode::Train`, what the batch-normalisation layers saw: mean and unbiased variance, one
    /// `[channels]` each, in the order of [`Network::statistics`]; otherwise empty.
    pub batch_statistics: Vec<Tensor<1>>,
}

impl Network {
    /// Applies the network without dropout.
    ///
    /// `statistics` is the flat vector of running statistics, read only in `Mode::Evaluate`.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn forward(
        &self,
        parameters: &Effective,
        statistics: &Tensor<1>,
        input: Tensor<4>,
        mode: Mode,
    ) -> Forward {
        self.forward_masked(parameters, statistics, input, mode, &[])
    }

    /// The same with one mask of [`Self::masks`] for each dropout layer, or none for no dropout.
    ///
    /// # Panics
    /// If the shapes do not fit.
    pub fn forward_masked(
        &self,
        parameters: &Effective,
        statistics: &Tensor<1>,
        input: Tensor<4>,
        mode: Mode,
        masks: &[Tensor<4>],
    ) -> Forward {
        let running = match mode {
            Mode::Evaluate => views(&self.statistics, statistics),
            Mode::Train => Vec::new(),
        };
        let mut views = parameters.views().iter().cloned();
        let mut running = running.into_iter();
        let mut masks = masks.iter().cloned();
        let mut next = || views.next().expect("one view per parameter");
        let mut x = input;
        let mut batch_statistics = Vec::new();
        let mut layers = self.layers.iter().enumerate();
        while let Some((index, layer)) = layers.next() {
            let n = x.dims()[0];
            x = match *layer {
                Layer::Dense { inputs, outputs, bias, .. } => {
                    dense(x, next(), bias.then(&mut next), [inputs, outputs])
                }
                Layer::Conv(c) => {
                    let (weight, bias) = (next(), c.bias.then(&mut next));
                    convolution(x, weight, bias, c.outputs, [c.kernel, c.stride, c.padding])
                }
                Layer::ConvTranspose(c) => {
                    let (weight, bias) = (next(), c.bias.then(&mut next));
                    transposed(x, weight, bias, c.outputs, [c.kernel, c.stride, c.padding])
                }
                Layer::BatchNorm { .. } => {
                    let (scale, shift) = (next(), next());
                    match mode {
                        Mode::Train => {
                            let by = match self.layers.get(index + 1) {
                                Some(Layer::Activation(by)) => curve_of(*by),
                                _ => None,
                            };
                            if by.is_some() {
                                layers.next();
                            }
                            let by = by.unwrap_or(Curve::Nothing);
                            let (output, seen) = norm(x, scale, shift, by);
                            batch_statistics.extend(seen);
                            output
                        }
                        Mode::Evaluate => {
                            let mut next = || running.next().expect("two statistics per layer");
                            let (mean, variance) = (next(), next());
                            module::batch_norm(x, scale, shift, mean, variance, NORM_EPSILON)
                        }
                    }
                }
                Layer::Activation(by) => match curve_of(by) {
                    Some(by) => curve(x, by),
                    None => maxout(&x, by.pieces()),
                },
                Layer::Upsample => match self.doubling(index) {
                    Some(doubling) => {
                        layers.next();
                        doubling.forward(x, &mut next)
                    }
                    None => upsample(x),
                },
                Layer::MaxPool => max_pool(x),
                Layer::Affine { scale, shift } => x * scale + shift,
                Layer::Dropout { .. } => match masks.next() {
                    Some(mask) => x * mask,
                    None => x,
                },
                Layer::Reshape([channels, height, width]) => {
                    x.reshape([n, channels, height, width])
                }
            };
        }
        Forward { output: x, batch_statistics }
    }

    /// Masks for one pass over `n` examples, one for each dropout layer: 0, or 1 over the share that is
    /// kept, so that a unit's mean is what it is without dropout.
    pub fn masks(&self, n: usize, rng: &mut Rng, device: &Device) -> Vec<Tensor<4>> {
        let shapes = self.mask_shapes(n).into_iter();
        let values = self.mask_values(n, rng).into_iter();
        let each = shapes.zip(values);
        each.map(|(shape, values)| Tensor::from_data(TensorData::new(values, shape), device))
            .collect()
    }

    /// Shapes of [`Self::masks`].
    pub(crate) fn mask_shapes(&self, n: usize) -> Vec<[usize; 4]> {
        let dropped = self.layers.iter().zip(self.shapes());
        let dropped = dropped.filter(|(layer, _)| matches!(layer, Layer::Dropout { .. }));
        dropped.map(|(_, [channels, height, width])| [n, channels, height, width]).collect()
    }

    /// [`Self::masks`] on the host.
    pub(crate) fn mask_values(&self, n: usize, rng: &mut Rng) -> Vec<Vec<f32>> {
        let keeps = self.layers.iter().filter_map(|layer| match *layer {
            Layer::Dropout { keep } => Some(keep),
            _ => None,
        });
        let each = keeps.zip(self.mask_shapes(n));
        each.map(|(keep, shape)| {
            let kept = |_| if rng.uniform() < f64::from(keep) { 1.0 / keep } else { 0.0 };
            (0..shape.iter().product()).map(kept).collect()
        })
        .collect()
    }
}

/// None of maxout, which is no function of one number.
fn curve_of(activation: Activation) -> Option<Curve> {
    match activation {
        Activation::Relu => Some(Curve::Relu),
        Activation::LeakyRelu => Some(Curve::Leaky),
        Activation::Tanh => Some(Curve::Tanh),
        Activation::Sigmoid => Some(Curve::Sigmoid),
        Activation::Maxout => None,
    }
}

fn larger(a: Tensor<4>, b: Tensor<4>) -> Tensor<4> {
    activation::relu(b - a.clone()) + a
}

/// Unit u is the largest of channels `u, units + u, 2 units + u, ..`.
fn maxout(x: &Tensor<4>, pieces: usize) -> Tensor<4> {
    let units = x.dims()[1] / pieces;
    let piece = |i: usize| x.clone().narrow(1, i * units, units);
    (1..pieces).fold(piece(0), |most, i| larger(most, piece(i)))
}

fn upsample(x: Tensor<4>) -> Tensor<4> {
    let [n, channels, height, width] = x.dims();
    let rows = n * channels * height;
    let twice = |x: Tensor<4>| Tensor::cat(vec![x.clone(), x], 2);
    let wide = twice(x.reshape([rows, width, 1, 1])).reshape([rows, 1, 1, 2 * width]);
    twice(wide).reshape([n, channels, 2 * height, 2 * width])
}

fn max_pool(x: Tensor<4>) -> Tensor<4> {
    let [n, channels, height, width] = x.dims();
    let rows = n * channels * height / 2;
    let halves = |x: Tensor<4>| larger(x.clone().narrow(1, 0, 1), x.narrow(1, 1, 1));
    // Rows first: their halves lie together in memory.
    let x = halves(x.reshape([rows, 2, width, 1]));
    let x = halves(x.reshape([rows * width / 2, 2, 1, 1]));
    x.reshape([n, channels, height / 2, width / 2])
}
