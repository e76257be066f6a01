//! Digits to be judged, for a worker.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;

use super::digits::check_images;
use crate::mnist::explore::trial;
use crate::mnist::file::{generator, weights};
use crate::mnist::frozen::Discriminator;
use crate::wasm::error::Failure;
use crate::wasm::to_js;

/// A round of `n` digits: the G of one weight file against the D of another, `pool` grey bytes `[m, 28, 28]`.
#[wasm_bindgen(js_name = trialRound)]
pub fn trial_round(
    g: &[u8],
    d: &[u8],
    pool: &[u8],
    seed: u32,
    n: usize,
) -> Result<JsValue, Failure> {
    check_images(pool)?;
    let (g, d) = (generator::decode(g)?, weights::decode(d)?);
    let steps = [("gSteps", g.step), ("dSteps", d.step)];
    let discriminator = Discriminator::new(d.design, d.discriminator);
    let round = trial::round(&g.load(), &discriminator, pool, seed, n)
        .ok_or_else(|| Failure::argument("there are too few real digits for a round"))?;
    let round = to_js(&round)?;
    for (key, steps) in steps {
        Reflect::set(&round, &key.into(), &(steps as f64).into())
            .map_err(|_| Failure::new("record", "a round could not be built"))?;
    }
    Ok(round)
}
