//! Our own convolutional pairs: two layers of stride 2 either way, between 28, 14 and 7 pixels.

use super::pair::{Pair, hidden};
use crate::mnist::nets::layer::{Activation, Convolution, Init, Layer};
use crate::mnist::nets::network::Network;

/// What one of our pairs is made of.
pub(super) struct Sizes {
    /// Length of z.
    pub latent: usize,
    /// Units of G's hidden dense layer. What lies far apart in an image is settled here: a kernel of
    /// side 4 on 7 x 7 places hears its neighbours only.
    pub hidden_g: usize,
    /// Units of D's hidden dense layer; without it D would be a sum of verdicts on patches of
    /// 10 x 10 pixels.
    pub hidden_d: usize,
    /// Channels at 7 x 7 places.
    pub wide: usize,
    /// Channels at 14 x 14.
    pub narrow: usize,
}

pub(super) fn pair(
    sizes: &Sizes,
    activation_d: Activation,
    activation_g: Activation,
    batch_norm: bool,
) -> Pair {
    Pair {
        latent: sizes.latent,
        generator: generator(sizes, activation_g, batch_norm),
        discriminator: discriminator(sizes, activation_d),
    }
}

// [snippet: generator]
fn generator(sizes: &Sizes, by: Activation, norm: bool) -> Network {
    let &Sizes { latent, hidden_g, wide, narrow, .. } = sizes;
    let seven = wide * 7 * 7;
    let mut layers = hidden(latent, hidden_g, scaled(RELU, latent), norm, by);
    // Each unit is normalised by itself. With one mean for each channel, as after a convolution, what
    // all images share would hide how they differ, and G falls onto one digit.
    layers.extend(hidden(hidden_g, seven, scaled(RELU, hidden_g), norm, by));
    layers.push(Layer::Reshape([wide, 7, 7]));
    for (layer, channels) in [(mix(wide, !norm), wide), (up(wide, narrow, !norm, RELU), narrow)] {
        layers.push(layer);
        layers.extend(norm.then_some(Layer::BatchNorm { channels }));
        layers.push(Layer::Activation(by));
    }
    layers.push(up(narrow, 1, true, LINEAR));
    layers.push(Layer::Activation(Activation::Tanh));
    Network::new([latent, 1, 1], layers)
}
// [/snippet]

// [snippet: discriminator]
fn discriminator(sizes: &Sizes, by: Activation) -> Network {
    let &Sizes { hidden_d, wide, narrow, .. } = sizes;
    let seven = wide * 7 * 7;
    let mut layers =
        vec![down(1, narrow), Layer::Activation(by), down(narrow, wide), Layer::Activation(by)];
    layers.extend(hidden(seven, hidden_d, scaled(RELU, seven), false, by));
    layers.push(Layer::Dense {
        inputs: hidden_d,
        outputs: 1,
        bias: true,
        init: scaled(LINEAR, hidden_d),
    });
    Network::new([1, 28, 28], layers)
}
// [/snippet]

/// Variance that keeps the scale of a signal, times the number of inputs: before a relu, which halves
/// it (He et al. 2015), and elsewhere.
const RELU: f32 = 2.0;
const LINEAR: f32 = 1.0;

/// Side, step and padding of the kernels that change the size. Side 4 with step 2 covers each pixel equally often: no
/// checkerboard from uneven overlap.
const KERNEL: (usize, usize, usize) = (4, 2, 1);

fn scaled(gain: f32, inputs: usize) -> Init {
    Init::Normal((gain / inputs as f32).sqrt())
}

/// Keeps height and width; each place hears itself and its neighbours.
fn mix(channels: usize, bias: bool) -> Layer {
    Layer::Conv(Convolution {
        inputs: channels,
        outputs: channels,
        kernel: 3,
        stride: 1,
        padding: 1,
        bias,
        init: scaled(RELU, 9 * channels),
    })
}

/// Halves height and width.
fn down(inputs: usize, outputs: usize) -> Layer {
    let (kernel, stride, padding) = KERNEL;
    Layer::Conv(Convolution {
        inputs,
        outputs,
        kernel,
        stride,
        padding,
        bias: true,
        init: scaled(RELU, kernel * kernel * inputs),
    })
}

/// Doubles height and width; each output pixel hears 2 x 2 input pixels.
fn up(inputs: usize, outputs: usize, bias: bool, gain: f32) -> Layer {
    let (kernel, stride, padding) = KERNEL;
    Layer::ConvTranspose(Convolution {
        inputs,
        outputs,
        kernel,
        stride,
        padding,
        bias,
        init: scaled(gain, 4 * inputs),
    })
}
