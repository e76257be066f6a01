//! The live figures of the text, for a worker: numbers in, one record out. Ranges are in
//! [`figures`](crate::figures).

use wasm_bindgen::prelude::*;

use super::error::Failure;
use super::to_js;
use crate::figures::map::{Map, Probe};
use crate::figures::pair::{self, Bell};
use crate::figures::{
    binomial, descent, dirac, figure1, fold, losses, modes, point, ruler, shift, temper,
};

/// Steps of a descent or an orbit, at most: each is drawn.
const MOST_STEPS: u32 = 100_000;

/// Two densities and the terms of C(G). `p` and `q`: mean and deviation.
#[wasm_bindgen(js_name = theoryPair)]
pub fn theory_pair(uniform: bool, p: &[f64], q: &[f64]) -> Result<JsValue, Failure> {
    to_js(&pair::pair(uniform, bell(p)?, bell(q)?))
}

/// A D given at equally spaced x, over two Gaussians.
#[wasm_bindgen(js_name = theoryJudged)]
pub fn theory_judged(p: &[f64], q: &[f64], d: &[f64]) -> Result<JsValue, Failure> {
    if d.len() < 2 || d.iter().any(|d| !(*d > 0.0 && *d < 1.0)) {
        return Err(Failure::argument("D must hold at least two numbers in (0, 1)"));
    }
    to_js(&pair::judged(bell(p)?, bell(q)?, d))
}

/// f(y) = a log y + b log(1 - y).
#[wasm_bindgen(js_name = theoryPoint)]
pub fn theory_point(a: f64, b: f64, y: f64) -> Result<JsValue, Failure> {
    to_js(&point::point(a, b, y))
}

/// A G with folds or a level piece.
#[wasm_bindgen(js_name = theoryFold)]
pub fn theory_fold(map: &str, t: f64, probe: &str, at: f64) -> Result<JsValue, Failure> {
    let map = match map {
        "cubic" => Map::Cubic,
        "square" => Map::Square,
        "flat" => Map::Flat,
        other => return Err(Failure::argument(format!("there is no map `{other}`"))),
    };
    let probe = match probe {
        "mean" => Probe::Mean,
        "square" => Probe::Square,
        "cosine" => Probe::Cosine,
        "judge" => Probe::Judge,
        other => {
            return Err(Failure::argument(format!("there is no function `{other}`")));
        }
    };
    to_js(&fold::folded(map, t, probe, at))
}

/// Descent on masses.
#[wasm_bindgen(js_name = theoryDescent)]
pub fn theory_descent(eta: f64, steps: u32) -> Result<JsValue, Failure> {
    to_js(&descent::descent(eta, few(steps)?))
}

/// An orbit of the Dirac-GAN.
#[wasm_bindgen(js_name = theoryDirac)]
pub fn theory_dirac(
    loss: &str,
    in_turn: bool,
    eta: f64,
    gamma: f64,
    steps: u32,
) -> Result<JsValue, Failure> {
    let loss = match loss {
        "minimax" => dirac::Loss::Minimax,
        "non-saturating" => dirac::Loss::NonSaturating,
        "r1" => dirac::Loss::R1,
        other => return Err(Failure::argument(format!("there is no loss `{other}`"))),
    };
    to_js(&dirac::orbit(loss, in_turn, eta, gamma, few(steps)?))
}

/// Two modes at -`half` and `half`, and a model with one.
#[wasm_bindgen(js_name = theoryModes)]
pub fn theory_modes(half: f64, q: &[f64]) -> Result<JsValue, Failure> {
    to_js(&modes::modes(half, bell(q)?))
}

/// Two normal densities with this JSD.
#[wasm_bindgen(js_name = theoryRuler)]
pub fn theory_ruler(nats: f64) -> Result<JsValue, Failure> {
    to_js(&ruler::ruler(nats))
}

/// What a G pays that leaves out the share `lost` of the data.
#[wasm_bindgen(js_name = theoryTemper)]
pub fn theory_temper(lost: f64) -> Result<JsValue, Failure> {
    if !(0.0..1.0).contains(&lost) {
        return Err(Failure::argument("a share that is left out lies in 0..1"));
    }
    to_js(&temper::temper(lost))
}

/// Panels (a) to (d) of Figure 1.
#[wasm_bindgen(js_name = theoryFigure1)]
pub fn theory_figure1(iterations: u32, d_steps: u32, g_steps: u32) -> Result<JsValue, Failure> {
    for steps in [iterations, d_steps, g_steps] {
        few(steps)?;
    }
    to_js(&figure1::panels(iterations, d_steps, g_steps))
}

/// The two losses of G at the logit `at`.
#[wasm_bindgen(js_name = theoryLosses)]
pub fn theory_losses(at: f64) -> Result<JsValue, Failure> {
    to_js(&losses::losses(at))
}

/// Two densities, `shift` apart.
#[wasm_bindgen(js_name = theoryShift)]
pub fn theory_shift(uniform: bool, width: f64, shift: f64) -> Result<JsValue, Failure> {
    to_js(&shift::shift(uniform, width, shift))
}

/// For pairs of counts (right, of): the interval of Clopper and Pearson at 95 %, and the chance of as many right
/// or more by tossing a coin. No count may be of 0, or more than all.
#[wasm_bindgen(js_name = trialTally)]
pub fn trial_tally(counts: &[u32]) -> Result<JsValue, Failure> {
    let one = |pair: &[u32]| match *pair {
        [right, of] if right <= of && of > 0 => Ok(binomial::tally(right, of)),
        _ => Err(Failure::argument(format!("{pair:?} is no count of right answers"))),
    };
    let all: Result<Vec<_>, _> = counts.chunks(2).map(one).collect();
    to_js(&all?)
}

fn few(steps: u32) -> Result<usize, Failure> {
    if steps > MOST_STEPS {
        return Err(Failure::argument(format!(
            "{steps} steps are asked for: at most {MOST_STEPS}"
        )));
    }
    Ok(steps as usize)
}

fn bell(values: &[f64]) -> Result<Bell, Failure> {
    match *values {
        [mean, deviation] if mean.is_finite() && deviation > 0.0 => Ok(Bell { mean, deviation }),
        _ => Err(Failure::argument("a density is a finite mean and a deviation above 0")),
    }
}
