//! A generator and a discriminator that fit together, and what a step of theirs costs.

use crate::mnist::nets::layer::{Activation, Init, Layer};
use crate::mnist::nets::network::Network;

/// A generator and a discriminator that fit together.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Length of z.
    pub latent: usize,
    /// z `[n, latent, 1, 1]` to images `[n, 1, 28, 28]` in (-1, 1).
    pub generator: Network,
    /// Images `[n, 1, 28, 28]` to logits `[n, 1, 1, 1]`; D(x) is their logistic function.
    pub discriminator: Network,
}

impl Pair {
    /// Floating-point operations of one step of D on `batch` real and as many generated images. A multiply-add
    /// counts two; a backward pass counts the products it needs (weights, and inputs where a gradient flows on).
    pub fn flop_of_d(&self, batch: usize) -> f64 {
        let g = self.generator.multiply_adds();
        2.0 * batch as f64 * (g as f64 + 2.0 * self.learning())
    }

    /// Those of one step of G.
    pub fn flop_of_g(&self, batch: usize) -> f64 {
        let (g, d) = (&self.generator, &self.discriminator);
        2.0 * batch as f64 * (3.0 * g.multiply_adds() as f64 + 2.0 * d.multiply_adds() as f64)
    }

    /// What R1 adds to one step of D: there and back to the images, then two passes that learn.
    pub fn flop_of_r1(&self, batch: usize) -> f64 {
        let d = self.discriminator.multiply_adds() as f64;
        2.0 * batch as f64 * (2.0 * d + 2.0 * self.learning())
    }

    /// Multiply-adds of D for one image, forwards and back to the weights.
    fn learning(&self) -> f64 {
        let d = &self.discriminator;
        let first = (d.multiplications().into_iter()).find(|&count| count > 0);
        (3 * d.multiply_adds() - first.unwrap_or(0)) as f64
    }
}

/// A hidden dense layer of `units` units and what follows it.
pub(super) fn hidden(
    inputs: usize,
    units: usize,
    init: Init,
    norm: bool,
    by: Activation,
) -> Vec<Layer> {
    let outputs = units * by.pieces();
    let mut layers = vec![Layer::Dense {
        inputs,
        outputs,
        // Batch normalisation takes the mean out again.
        bias: !norm,
        init,
    }];
    layers.extend(norm.then_some(Layer::BatchNorm { channels: outputs }));
    layers.push(Layer::Activation(by));
    layers
}
