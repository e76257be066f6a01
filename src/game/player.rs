//! A network with its gradient and its optimiser.

use super::mlp::{Mlp, Tape};
use super::optimiser::Optimiser;
use super::settings::{GameSettings, NetSettings};
use crate::num::rng::Rng;

/// Streams of the seed.
const STREAM_D: u64 = 0;
const STREAM_G: u64 = 1;

/// D or G.
#[derive(Clone, Debug)]
pub(super) struct Player {
    pub net: Mlp<f32>,
    /// Of the last step, laid out as `net.parameters`.
    pub gradient: Vec<f32>,
    pub optimiser: Optimiser,
}

impl Player {
    pub(super) fn new(net: Mlp<f32>) -> Self {
        let n = net.parameters.len();
        Self { net, gradient: vec![0.0; n], optimiser: Optimiser::new(n) }
    }

    /// One step against the gradient.
    pub(super) fn descend(&mut self, settings: &NetSettings, factor: f64) {
        self.optimiser.step(settings, factor, &mut self.net.parameters, &self.gradient);
    }

    /// New settings of the same width.
    pub(super) fn configure(&mut self, old: &NetSettings, new: &NetSettings) {
        self.net.activation = new.activation;
        if old.optimiser != new.optimiser {
            self.optimiser = Optimiser::new(self.net.parameters.len());
        }
    }
}

/// D as it starts.
pub(super) fn discriminator(settings: &GameSettings) -> Mlp<f32> {
    Mlp::new(settings.d.width, settings.d.activation, &mut Rng::stream(settings.seed, STREAM_D))
}

/// Points of the prior, quantiles at equal steps of mass, that a starting G is judged at.
const POINTS: usize = 64;

/// Standard deviation of p_g at the start.
const START: f64 = 1.0;

/// G as it starts: increasing, with mean 0 and standard deviation 1 under the prior, so that every seed starts
/// from the same place and without a fold. A G that is constant only gets the mean.
pub(super) fn generator(settings: &GameSettings) -> Mlp<f32> {
    let mut rng = Rng::stream(settings.seed, STREAM_G);
    let mut net: Mlp<f32> = Mlp::new(settings.g.width, settings.g.activation, &mut rng);
    net.make_increasing();
    let mut tape = Tape::new(POINTS, settings.g.width);
    for (i, z) in tape.inputs().iter_mut().enumerate() {
        *z = settings.prior.quantile((i as f64 + 0.5) / POINTS as f64) as f32;
    }
    net.forward(&mut tape);
    let x: Vec<f64> = tape.outputs().iter().map(|&x| f64::from(x)).collect();
    let mean = x.iter().sum::<f64>() / POINTS as f64;
    let variance = x.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / POINTS as f64;
    let scale = if variance > 1e-8 { START / variance.sqrt() } else { 1.0 };
    net.rescale(scale as f32, (-mean * scale) as f32);
    net
}
