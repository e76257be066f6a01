//! Whole games without a page: one run, and medians over runs.

use serde::Serialize;

use super::Game;
use super::settings::{GameSettings, SettingsError};

/// Where a run ended; nats, of G as it is (not its moving average).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct RunFigures {
    /// Its seed.
    pub seed: u64,
    /// Whole iterations played.
    pub iterations: u32,
    /// Jensen-Shannon divergence of p_data and p_g.
    pub jsd: f64,
    /// sup |D - 1/2| on the central 98 % of p_data.
    pub sup_d_minus_half: f64,
    /// V(D, G).
    pub v: f64,
    /// C(G) = V(D*, G).
    pub c_of_g: f64,
}

/// Plays `iterations` iterations.
///
/// # Errors
/// When a setting is out of range.
pub fn play(settings: GameSettings, iterations: u32) -> Result<RunFigures, SettingsError> {
    let seed = settings.seed;
    let mut game = Game::new(settings)?;
    game.step(iterations);
    let n = game.numbers(false);
    Ok(RunFigures {
        seed,
        iterations,
        jsd: n.jsd,
        sup_d_minus_half: n.sup_d_half,
        v: n.v,
        c_of_g: n.c_of_g,
    })
}

/// Median of `figure` over the runs: the middle one, or the mean of the middle two; NaN of none.
#[must_use]
pub fn median(runs: &[RunFigures], figure: impl Fn(&RunFigures) -> f64) -> f64 {
    let mut values: Vec<f64> = runs.iter().map(figure).collect();
    values.sort_unstable_by(f64::total_cmp);
    let n = values.len();
    match n {
        0 => f64::NAN,
        _ if n % 2 == 1 => values[n / 2],
        _ => 0.5 * (values[n / 2 - 1] + values[n / 2]),
    }
}
