//! Two uniform densities of one width, a distance apart: JSD is flat where they do not meet, the earth
//! mover's distance is not.

use serde::Serialize;

use super::spaced;
use crate::theory::{Grid, Mass, closed, divergence};

/// Both distances as functions of the shift, and at one shift.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shift {
    /// 0..=3, data units.
    pub shifts: Vec<f64>,
    /// JSD on shifts, nats.
    pub jsds: Vec<f64>,
    /// W_1 on shifts, data units.
    pub movers: Vec<f64>,
    /// At the shift asked for, from masses on a grid.
    pub jsd: f64,
    /// By the closed form.
    pub jsd_closed: f64,
    /// From the two distribution functions.
    pub mover: f64,
    /// d JSD / d shift, nats per data unit, by a central difference.
    pub jsd_slope: f64,
    /// d W_1 / d shift.
    pub mover_slope: f64,
}

/// `width` 0.05..=2 and `shift` 0..=3, data units.
pub fn shift(width: f64, shift: f64) -> Shift {
    let shifts = spaced(0.0, 3.0, 61);
    let both: Vec<(f64, f64)> = shifts.iter().map(|&s| distances(width, s)).collect();
    let (jsd, mover) = distances(width, shift);
    let step = 0.25 * width.min(0.01);
    let (before, after) = (distances(width, shift - step), distances(width, shift + step));
    Shift {
        shifts,
        jsds: both.iter().map(|d| d.0).collect(),
        movers: both.iter().map(|d| d.1).collect(),
        jsd,
        jsd_closed: closed::shifted_uniform_jsd(width, shift),
        mover,
        jsd_slope: (after.0 - before.0) / (2.0 * step),
        mover_slope: (after.1 - before.1) / (2.0 * step),
    }
}

/// JSD in nats and W_1 in data units. In one dimension W_1 is the area between the distribution functions,
/// which are linear between the edges used here.
fn distances(width: f64, shift: f64) -> (f64, f64) {
    let cdf = |start: f64, x: f64| ((x - start) / width).clamp(0.0, 1.0);
    let breaks = [0.0, width, shift, shift + width];
    let edges = Grid { lo: -1.0, hi: 6.0, cells: 64 }.refined(&breaks);
    let mass = |start: f64| {
        let inside = |x: f64| x >= start && x <= start + width;
        let density = |x: f64| if inside(x) { 1.0 / width } else { 0.0 };
        Mass::of(&edges, |x| cdf(start, x), density).with_tails()
    };
    let apart = |x: f64| (cdf(0.0, x) - cdf(shift, x)).abs();
    let area = edges.windows(2).map(|e| 0.5 * (e[1] - e[0]) * (apart(e[0]) + apart(e[1]))).sum();
    (divergence::jsd(&mass(0.0), &mass(shift)), area)
}
