//! A trial: digits one after another, each real or generated with equal chance, and what a D says to them.

use serde::Serialize;

use crate::mnist::data::{PIXELS, grey, intensities};
use crate::mnist::frozen::{Discriminator, Generator};
use crate::num::rng::Rng;

/// One round.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Round {
    /// Grey bytes `[n, 28, 28]`.
    pub images: Vec<u8>,
    /// Which of them are real.
    pub real: Vec<bool>,
    /// D(x) of each.
    pub d: Vec<f32>,
}

/// Draws `n` digits: for each a fair coin chooses between one of `pool`, grey bytes `[m, 28, 28]` of which none
/// comes twice, and a sample of `generator`. Both are bytes by then, so that nothing but the image tells.
/// `None` when the pool has fewer than `n`, or `n` is 0.
pub fn round(
    generator: &Generator,
    discriminator: &Discriminator,
    pool: &[u8],
    seed: u32,
    n: usize,
) -> Option<Round> {
    let mut order: Vec<usize> = (0..pool.len() / PIXELS).collect();
    if n == 0 || order.len() < n {
        return None;
    }
    let mut rng = Rng::new(u64::from(seed));
    rng.shuffle(&mut order);
    let real: Vec<bool> = (0..n).map(|_| rng.below(2) == 1).collect();
    let z = generator.noise(&mut rng, n);
    let mut images = grey(&generator.images(&z));
    for (at, _) in real.iter().enumerate().filter(|(_, real)| **real) {
        let from = order[at] * PIXELS;
        images[at * PIXELS..][..PIXELS].copy_from_slice(&pool[from..from + PIXELS]);
    }
    let d = discriminator.probabilities(&intensities(&images));
    Some(Round { images, real, d })
}
