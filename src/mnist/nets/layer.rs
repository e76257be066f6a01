//! One layer: what it needs, what it does to a shape, what it costs.

use serde::{Deserialize, Serialize};

use crate::num::rng::Rng;

/// Shape of one example, `[channels, height, width]`; a plain vector is `[n, 1, 1]`.
pub type Shape3 = [usize; 3];

/// Pointwise non-linearity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "native", derive(clap::ValueEnum))]
pub enum Activation {
    /// `max(x, 0)`
    Relu,
    /// `x` where positive, `0.2 x` elsewhere
    LeakyRelu,
    /// Hyperbolic tangent, range (-1, 1)
    Tanh,
    /// Logistic function, range (0, 1)
    Sigmoid,
    /// The largest of [`PIECES`] channels (Goodfellow et al. 2013, arXiv:1302.4389): the layer before it
    /// is that many times as wide.
    Maxout,
}

/// Pieces of a maxout unit.
pub const PIECES: usize = 5;

impl Activation {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Relu, Self::LeakyRelu, Self::Tanh, Self::Sigmoid, Self::Maxout];

    /// Channels that go into one of its own.
    pub fn pieces(self) -> usize {
        if self == Self::Maxout { PIECES } else { 1 }
    }

    /// Its name, as in files, links and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky-relu",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
            Self::Maxout => "maxout",
        }
    }
}

/// How a parameter starts; drawn on the host, so that every device sees the same values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Every element this value.
    Constant(f32),
    /// Normal with mean 0 and this standard deviation.
    Normal(f32),
    /// Uniform between minus and plus this.
    Uniform(f32),
}

impl Init {
    /// Fills `values` from `rng`.
    pub fn fill(self, rng: &mut Rng, values: &mut [f32]) {
        match self {
            Self::Constant(value) => values.fill(value),
            Self::Uniform(limit) => rng.fill_uniform(values, -limit, limit),
            Self::Normal(deviation) => {
                rng.fill_normal(values);
                for value in values {
                    *value *= deviation;
                }
            }
        }
    }
}

/// What a block of a flat vector is to its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A weight; its outputs lie along this axis of its shape.
    Weight {
        /// 0 or 1.
        outputs: usize,
    },
    /// Added to the outputs.
    Bias,
    /// Factor of batch normalisation.
    Scale,
    /// What batch normalisation adds.
    Shift,
    /// Running mean.
    Mean,
    /// Running variance.
    Variance,
    /// The vector u of spectral normalisation.
    Direction,
}

impl Role {
    /// As it stands in the names of tensors in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weight { .. } => "weight",
            Self::Bias => "bias",
            Self::Scale => "scale",
            Self::Shift => "shift",
            Self::Mean => "mean",
            Self::Variance => "variance",
            Self::Direction => "direction",
        }
    }
}

/// A block that a layer needs: its role, its row-major shape, its initial values.
pub type Block = (Role, Vec<usize>, Init);

/// A convolution, or the adjoint of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Convolution {
    /// Input channels.
    pub inputs: usize,
    /// Output channels.
    pub outputs: usize,
    /// Side of the square kernel, pixels.
    pub kernel: usize,
    /// Step of the convolution, pixels.
    pub stride: usize,
    /// Zero padding of the convolution on each side, pixels.
    pub padding: usize,
    /// Whether a bias `[outputs]` is added.
    pub bias: bool,
    /// Initial weights.
    pub init: Init,
}

/// A layer over a batch of shape `[n, channels, height, width]`.
#[derive(Clone, Debug, PartialEq)]
pub enum Layer {
    /// Fully connected over the flattened example, weight `[inputs, outputs]`; gives `[outputs, 1, 1]`.
    Dense {
        /// Channels times height times width of its input.
        inputs: usize,
        /// Width of its output.
        outputs: usize,
        /// Whether a bias `[outputs]` is added.
        bias: bool,
        /// Initial weights.
        init: Init,
    },
    /// Cross-correlation, weight `[outputs, inputs, kernel, kernel]`.
    Conv(Convolution),
    /// Transposed convolution (the adjoint of `Conv`), weight `[inputs, outputs, kernel, kernel]`.
    ConvTranspose(Convolution),
    /// Batch normalisation over examples and positions; scale and shift are `[channels]` each.
    BatchNorm {
        /// Channels of its input.
        channels: usize,
    },
    /// Non-linearity; all but maxout are pointwise.
    Activation(Activation),
    /// Every pixel as a square of 2 x 2.
    Upsample,
    /// The largest of each square of 2 x 2 pixels; both sides must be even.
    MaxPool,
    /// `x * scale + shift`, constants.
    Affine {
        /// Factor.
        scale: f32,
        /// What is added.
        shift: f32,
    },
    /// While training keeps each element with probability `keep`, divided by it, and else makes it 0; for
    /// masks see [`Network::masks`](super::Network::masks). Nothing otherwise.
    Dropout {
        /// In (0, 1].
        keep: f32,
    },
    /// Reads a vector as `[channels, height, width]`, row-major.
    Reshape(Shape3),
}

impl Layer {
    /// Shape of its output for one example of shape `input`.
    ///
    /// # Panics
    /// If `input` does not fit the layer: presets are fixed, so this is a mistake in the program.
    pub fn output(&self, input: Shape3) -> Shape3 {
        let [channels, height, width] = input;
        match *self {
            Self::Dense { inputs, outputs, .. } => {
                assert_eq!(channels * height * width, inputs, "dense layer fed {input:?}");
                [outputs, 1, 1]
            }
            Self::Conv(c) => {
                assert_eq!(channels, c.inputs, "convolution fed {input:?}");
                let side = |n: usize| (n + 2 * c.padding - c.kernel) / c.stride + 1;
                [c.outputs, side(height), side(width)]
            }
            Self::ConvTranspose(c) => {
                assert_eq!(channels, c.inputs, "transposed convolution fed {input:?}");
                let side = |n: usize| (n - 1) * c.stride + c.kernel - 2 * c.padding;
                [c.outputs, side(height), side(width)]
            }
            Self::BatchNorm { channels: expected } => {
                assert_eq!(channels, expected, "batch normalisation fed {input:?}");
                input
            }
            Self::Activation(activation) => {
                let pieces = activation.pieces();
                assert_eq!(channels % pieces, 0, "{activation:?} fed {input:?}");
                [channels / pieces, height, width]
            }
            Self::Upsample => [channels, 2 * height, 2 * width],
            Self::MaxPool => {
                assert_eq!([height % 2, width % 2], [0, 0], "pooling fed {input:?}");
                [channels, height / 2, width / 2]
            }
            Self::Affine { .. } | Self::Dropout { .. } => input,
            Self::Reshape(shape) => {
                assert_eq!(
                    channels * height * width,
                    shape.iter().product::<usize>(),
                    "reshape fed {input:?}"
                );
                shape
            }
        }
    }

    /// Trainable parameters.
    pub fn parameters(&self) -> Vec<Block> {
        let with_bias = |axis: usize, shape: Vec<usize>, bias: bool, init: Init| {
            let outputs = shape[axis];
            let mut all = vec![(Role::Weight { outputs: axis }, shape, init)];
            if bias {
                all.push((Role::Bias, vec![outputs], Init::Constant(0.0)));
            }
            all
        };
        match *self {
            Self::Dense { inputs, outputs, bias, init } => {
                with_bias(1, vec![inputs, outputs], bias, init)
            }
            Self::Conv(c) => {
                let shape = vec![c.outputs, c.inputs, c.kernel, c.kernel];
                with_bias(0, shape, c.bias, c.init)
            }
            Self::ConvTranspose(c) => {
                let shape = vec![c.inputs, c.outputs, c.kernel, c.kernel];
                with_bias(1, shape, c.bias, c.init)
            }
            Self::BatchNorm { channels } => vec![
                (Role::Scale, vec![channels], Init::Constant(1.0)),
                (Role::Shift, vec![channels], Init::Constant(0.0)),
            ],
            _ => Vec::new(),
        }
    }

    /// Running statistics, which training updates but no gradient reaches.
    pub fn statistics(&self) -> Vec<Block> {
        match *self {
            Self::BatchNorm { channels } => vec![
                (Role::Mean, vec![channels], Init::Constant(0.0)),
                (Role::Variance, vec![channels], Init::Constant(1.0)),
            ],
            _ => Vec::new(),
        }
    }

    /// Multiplications with a weight, for one example of shape `input`, forwards.
    pub fn multiplications(&self, input: Shape3) -> usize {
        match *self {
            Self::Dense { inputs, outputs, .. } => inputs * outputs,
            Self::Conv(c) => {
                let [outputs, height, width] = self.output(input);
                outputs * height * width * c.inputs * c.kernel * c.kernel
            }
            Self::ConvTranspose(c) => {
                let [inputs, height, width] = input;
                inputs * height * width * c.outputs * c.kernel * c.kernel
            }
            _ => 0,
        }
    }

    /// The layer's kind, as it stands in the names of parameters and in files.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Dense { .. } => "dense",
            Self::Conv(_) => "conv",
            Self::ConvTranspose(_) => "conv_transpose",
            Self::BatchNorm { .. } => "batch_norm",
            Self::Activation(activation) => activation.name(),
            Self::Upsample => "upsample",
            Self::MaxPool => "max_pool",
            Self::Affine { .. } => "affine",
            Self::Dropout { .. } => "dropout",
            Self::Reshape(_) => "reshape",
        }
    }
}
