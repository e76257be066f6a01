//! The two losses of G as f-divergences, sums over the data of f(u) with u = p_g / p_data: what a G pays that
//! leaves out a share of the data and makes the rest the more often.

use serde::Serialize;

use super::spaced;
use crate::theory::divergence;

/// Curves over u, and the costs at one share.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Temper {
    /// 0..=4, ascending.
    pub u: Vec<f64>,
    /// f of the minimax loss, 2 JSD.
    pub minimax: Vec<f64>,
    /// f of the non-saturating loss, 2 KL(M||data).
    pub non_saturating: Vec<f64>,
    /// u where the data are still made: 1 / (1 - lost).
    pub kept: f64,
    /// f there.
    pub minimax_kept: f64,
    /// f there.
    pub non_saturating_kept: f64,
    /// Mean of f over the data, nats.
    pub minimax_cost: f64,
    /// And of the other.
    pub non_saturating_cost: f64,
    /// 2 JSD of the two distributions, from their masses, nats.
    pub twice_jsd: f64,
    /// 2 KL(M||data), likewise.
    pub twice_kl: f64,
}

/// `lost` is the share of the data that is left out, 0..=0.75.
pub fn temper(lost: f64) -> Temper {
    let u = spaced(0.0, 4.0, 161);
    let kept = 1.0 / (1.0 - lost);
    let mean = |f: fn(f64) -> f64| lost * f(0.0) + (1.0 - lost) * f(kept);
    let (data, g) = ([lost, 1.0 - lost], [0.0, 1.0]);
    let middle = [0.5 * lost, 1.0 - 0.5 * lost];
    Temper {
        minimax: u.iter().map(|&u| minimax(u)).collect(),
        non_saturating: u.iter().map(|&u| non_saturating(u)).collect(),
        u,
        kept,
        minimax_kept: minimax(kept),
        non_saturating_kept: non_saturating(kept),
        minimax_cost: mean(minimax),
        non_saturating_cost: mean(non_saturating),
        twice_jsd: 2.0 * divergence::jsd(&data, &g),
        twice_kl: 2.0 * divergence::kl(&middle, &data),
    }
}

/// f of 2 JSD, touching zero at u = 1 (eq. f-of-u); `u >= 0`.
pub fn minimax(u: f64) -> f64 {
    let first = if u > 0.0 { u * (2.0 * u / (1.0 + u)).ln() } else { 0.0 };
    first + (2.0 / (1.0 + u)).ln()
}

/// f of 2 KL(M||data).
pub fn non_saturating(u: f64) -> f64 {
    (1.0 + u) * (0.5 * (1.0 + u)).ln() - (u - 1.0)
}
