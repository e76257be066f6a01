//! Digits to be judged, for a worker.

use burn::tensor::Device;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::to_js;
use crate::{
    checkpoint::{generator, weights},
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
