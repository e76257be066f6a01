//! Digits to be judged, for a worker.

use burn::tensor::Device;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::to_js;
use crate::{
    checkpoint::{generator, weights},
    theory::binomial,
    training::{
        session::Generator,
        trial::{self, Judge, Round},
    },
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Trial {
    images: Vec<u8>,
    real: Vec<bool>,
    says: Vec<f32>,
    /// Steps of training behind G and behind D.
    g_steps: u64,
    d_steps: u64,
}

/// A round of `n` digits: the G of one weight file against the D of another, `pool` grey bytes `[m, 28, 28]`.
#[wasm_bindgen(js_name = trialRound)]
pub fn trial_round(
    g: &[u8],
    d: &[u8],
    pool: &[u8],
    seed: u32,
    n: usize,
) -> Result<JsValue, JsError> {
    let (g, d, device) = (generator::decode(g)?, weights::decode(d)?, Device::flex());
    let generator = Generator::new(g.design, g.parameters, g.statistics, &device);
    let judge = Judge::new(d.design, &d.weights, &device);
    let round = trial::round(&generator, &judge, pool, seed, n)
        .ok_or_else(|| JsError::new("there are too few real digits for a round"))?;
    let Round { images, real, says } = round;
    to_js(&Trial {
        images,
        real,
        says,
        g_steps: g.step,
        d_steps: d.step,
    })
}

#[derive(Serialize)]
struct Tally {
    low: f64,
    high: f64,
    chance: f64,
}

/// For pairs of counts (right, of): the interval of Clopper and Pearson at 95 %, and the chance of as many right
/// or more by tossing a coin. No count may be of 0.
#[wasm_bindgen(js_name = trialTally)]
pub fn trial_tally(counts: &[u32]) -> Result<JsValue, JsError> {
    let all: Vec<Tally> = counts
        .chunks_exact(2)
        .map(|pair| {
            let (right, of) = (pair[0], pair[1]);
            let (low, high) = binomial::interval(right, of, 0.95);
            let chance = binomial::at_least(right, of, 0.5);
            Tally { low, high, chance }
        })
        .collect();
    to_js(&all)
}
