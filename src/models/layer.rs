//! One layer: what it needs, what it does to a shape, what it costs.

use serde::{Deserialize, Serialize};

use super::init::Init;

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
    pub const ALL: [Self; 5] = [
        Self::Relu,
        Self::LeakyRelu,
        Self::Tanh,
        Self::Sigmoid,
        Self::Maxout,
    ];

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
    Conv {
        /// Input channels.
        inputs: usize,
        /// Output channels.
        outputs: usize,
        /// Side of the square kernel, pixels.
        kernel: usize,
        /// Step, pixels.
        stride: usize,
        /// Zero padding on each side, pixels.
        padding: usize,
        /// Whether a bias `[outputs]` is added.
        bias: bool,
        /// Initial weights.
        init: Init,
    },
    /// Transposed convolution (the adjoint of `Conv`), weight `[inputs, outputs, kernel, kernel]`.
    ConvTranspose {
        /// Input channels.
        inputs: usize,
        /// Output channels.
        outputs: usize,
        /// Side of the square kernel, pixels.
        kernel: usize,
        /// Step of the adjoint convolution, pixels.
        stride: usize,
        /// Padding of the adjoint convolution, pixels.
        padding: usize,
        /// Whether a bias `[outputs]` is added.
        bias: bool,
        /// Initial weights.
        init: Init,
    },
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
            Self::Dense {
                inputs, outputs, ..
            } => {
                assert_eq!(
                    channels * height * width,
                    inputs,
                    "dense layer fed {input:?}"
                );
                [outputs, 1, 1]
            }
            Self::Conv {
                inputs,
                outputs,
                kernel,
                stride,
                padding,
                ..
            } => {
                assert_eq!(channels, inputs, "convolution fed {input:?}");
                let side = |n: usize| (n + 2 * padding - kernel) / stride + 1;
                [outputs, side(height), side(width)]
            }
            Self::ConvTranspose {
                inputs,
                outputs,
                kernel,
                stride,
                padding,
                ..
            } => {
                assert_eq!(channels, inputs, "transposed convolution fed {input:?}");
                let side = |n: usize| (n - 1) * stride + kernel - 2 * padding;
                [outputs, side(height), side(width)]
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

    /// Trainable parameters: name, shape, initial values.
    pub fn parameters(&self) -> Vec<(&'static str, Vec<usize>, Init)> {
        let with_bias = |weight: Vec<usize>, init: Init, bias: bool, outputs: usize| {
            let mut all = vec![("weight", weight, init)];
            if bias {
                all.push(("bias", vec![outputs], Init::Constant(0.0)));
            }
            all
        };
        match *self {
            Self::Dense {
                inputs,
                outputs,
                bias,
                init,
            } => with_bias(vec![inputs, outputs], init, bias, outputs),
            Self::Conv {
                inputs,
                outputs,
                kernel,
                bias,
                init,
                ..
            } => with_bias(vec![outputs, inputs, kernel, kernel], init, bias, outputs),
            Self::ConvTranspose {
                inputs,
                outputs,
                kernel,
                bias,
                init,
                ..
            } => with_bias(vec![inputs, outputs, kernel, kernel], init, bias, outputs),
            Self::BatchNorm { channels } => vec![
                ("scale", vec![channels], Init::Constant(1.0)),
                ("shift", vec![channels], Init::Constant(0.0)),
            ],
            _ => Vec::new(),
        }
    }

    /// Running statistics, which training updates but no gradient reaches: name, shape, initial values.
    pub fn statistics(&self) -> Vec<(&'static str, Vec<usize>, Init)> {
        match *self {
            Self::BatchNorm { channels } => vec![
                ("mean", vec![channels], Init::Constant(0.0)),
                ("variance", vec![channels], Init::Constant(1.0)),
            ],
            _ => Vec::new(),
        }
    }

    /// Multiplications with a weight, for one example of shape `input`, forwards.
    pub fn multiplications(&self, input: Shape3) -> usize {
        match *self {
            Self::Dense {
                inputs, outputs, ..
            } => inputs * outputs,
            Self::Conv { inputs, kernel, .. } => {
                let [outputs, height, width] = self.output(input);
                outputs * height * width * inputs * kernel * kernel
            }
            Self::ConvTranspose {
                outputs, kernel, ..
            } => {
                let [inputs, height, width] = input;
                inputs * height * width * outputs * kernel * kernel
            }
            _ => 0,
        }
    }

    /// The layer's kind, as it stands in the names of parameters and in files.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Dense { .. } => "dense",
            Self::Conv { .. } => "conv",
            Self::ConvTranspose { .. } => "conv_transpose",
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
