//! The networks of Goodfellow 2014 on MNIST, after `mnist.yaml` of goodfeli/adversarial.
//!
//! There, images lie in [0, 1]: G ends in a sigmoid, and both ends are scaled here. As there, both players step at
//! once ([`Order::AtOnce`](crate::mnist::train::Order)) and G's last bias starts at the mean image. With the players in
//! turn that start went black within 4,000 steps.

use super::pair::{Pair, hidden};
use crate::mnist::nets::layer::{Activation, Init, Layer};
use crate::mnist::nets::network::Network;

const LATENT: usize = 100;
const PIXELS: usize = 28 * 28;

pub(super) fn pair(activation_d: Activation, activation_g: Activation, batch_norm: bool) -> Pair {
    Pair {
        latent: LATENT,
        generator: generator(activation_g, batch_norm),
        discriminator: discriminator(activation_d),
    }
}

/// 2.50 million parameters.
fn generator(by: Activation, batch_norm: bool) -> Network {
    const UNITS: usize = 1200;
    let init = Init::Uniform(0.05);
    let mut layers = hidden(LATENT, UNITS, init, batch_norm, by);
    layers.extend(hidden(UNITS, UNITS, init, batch_norm, by));
    layers.extend([
        dense(UNITS, PIXELS, init),
        Layer::Activation(Activation::Sigmoid),
        Layer::Affine { scale: 2.0, shift: -1.0 },
        Layer::Reshape([1, 28, 28]),
    ]);
    Network::new([LATENT, 1, 1], layers)
}

/// 1.23 million parameters.
fn discriminator(by: Activation) -> Network {
    const UNITS: usize = 240;
    let init = Init::Uniform(0.005);
    let mut layers = vec![Layer::Affine { scale: 0.5, shift: 0.5 }, Layer::Dropout { keep: 0.8 }];
    for inputs in [PIXELS, UNITS] {
        layers.extend(hidden(inputs, UNITS, init, false, by));
        layers.push(Layer::Dropout { keep: 0.5 });
    }
    layers.push(dense(UNITS, 1, init));
    Network::new([1, 28, 28], layers)
}

fn dense(inputs: usize, outputs: usize, init: Init) -> Layer {
    Layer::Dense { inputs, outputs, bias: true, init }
}
