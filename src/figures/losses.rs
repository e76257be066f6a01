//! The two losses of G for one sample, and their slopes, over the logit a of D(G(z)).

use serde::Serialize;

use super::spaced;
use crate::theory::game;

/// Curves on a, and the values at one sample.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Losses {
    /// Logits, ascending.
    pub a: Vec<f64>,
    /// log(1 - D), nats.
    pub minimax: Vec<f64>,
    /// -log D, nats.
    pub non_saturating: Vec<f64>,
    /// At the logit asked for: D, both losses, and their derivatives with respect to a.
    pub d: f64,
    /// log(1 - D).
    pub minimax_loss: f64,
    /// -log D.
    pub non_saturating_loss: f64,
    /// By a central difference of the loss, to stand beside -D.
    pub minimax_slope: f64,
    /// By a central difference, to stand beside -(1 - D).
    pub non_saturating_slope: f64,
}

/// Step of the differences: their error is about 1e-9.
const STEP: f64 = 1e-4;

/// `at` is the logit of one sample, -8..=8.
pub fn losses(at: f64) -> Losses {
    let minimax = |a: f64| game::log_sigmoid(-a);
    let non_saturating = |a: f64| -game::log_sigmoid(a);
    let slope = |f: &dyn Fn(f64) -> f64| (f(at + STEP) - f(at - STEP)) / (2.0 * STEP);
    let a = spaced(-8.0, 8.0, 161);
    Losses {
        minimax: a.iter().map(|&a| minimax(a)).collect(),
        non_saturating: a.iter().map(|&a| non_saturating(a)).collect(),
        a,
        d: game::sigmoid(at),
        minimax_loss: minimax(at),
        non_saturating_loss: non_saturating(at),
        minimax_slope: slope(&minimax),
        non_saturating_slope: slope(&non_saturating),
    }
}
