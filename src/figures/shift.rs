//! Two densities, a distance apart: where they do not meet the JSD is level, and the earth mover's distance is not.

use serde::Serialize;

use super::pair::{Bell, masses, target};
use super::spaced;
use crate::game::target::{Target, TargetKind};
use crate::theory::{Grid, divergence, game};

/// The two that most figures begin with, at a width of 1 and 2 apart.
const DATA: Bell = Bell { mean: -1.0, deviation: 0.7 };
const GENERATED: f64 = 1.0;
/// Cells for the deviation of the narrower bump, and widths that are looked at beyond five deviations.
const CELLS: f64 = 16.0;
const BEYOND: f64 = 4.0;
/// Shifts that are asked for, in data units.
const MOST: f64 = 4.0;
const SHIFTS: usize = 81;
const DRAWN: usize = 401;

/// Both distances as functions of the shift, and at one shift.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shift {
    /// Ascending, in data units.
    pub x: Vec<f64>,
    /// Density of the data, on x.
    pub p: Vec<f64>,
    /// Density of the generator, on x.
    pub q: Vec<f64>,
    /// 0..=4, data units.
    pub shifts: Vec<f64>,
    /// JSD on shifts, nats.
    pub jsds: Vec<f64>,
    /// W_1 on shifts, data units.
    pub movers: Vec<f64>,
    /// At the shift asked for, from masses on a grid.
    pub jsd: f64,
    /// The same from D*: (C(G) + log 4) / 2.
    pub from_best: f64,
    /// From the two distribution functions.
    pub mover: f64,
    /// d JSD / d shift, nats per data unit, by a central difference.
    pub jsd_slope: f64,
    /// d W_1 / d shift.
    pub mover_slope: f64,
}

/// Means `shift` apart, 0..=4; `width` 0.05..=2 is that of both where they are uniform, and otherwise the unit of
/// the deviations, 0.7 and 1.
pub fn shift(uniform: bool, width: f64, shift: f64) -> Shift {
    let two = Two { uniform, width };
    let shifts = spaced(0.0, MOST, SHIFTS);
    let both: Vec<[f64; 3]> = shifts.iter().map(|&s| two.distances(s)).collect();
    let [jsd, from_best, mover] = two.distances(shift);
    let step = 0.25 * width.min(0.01);
    let (before, after) = (two.distances(shift - step), two.distances(shift + step));
    let x = spaced(-5.0, 7.0, DRAWN);
    let [p, q] = two.at(shift).map(|density| x.iter().map(|&x| density.pdf(x)).collect());
    Shift {
        x,
        p,
        q,
        shifts,
        jsds: both.iter().map(|d| d[0]).collect(),
        movers: both.iter().map(|d| d[2]).collect(),
        jsd,
        from_best,
        mover,
        jsd_slope: (after[0] - before[0]) / (2.0 * step),
        mover_slope: (after[2] - before[2]) / (2.0 * step),
    }
}

/// Data and generator, but for the distance between them.
struct Two {
    uniform: bool,
    width: f64,
}

impl Two {
    fn at(&self, shift: f64) -> [Target; 2] {
        let both = [(DATA.mean, DATA.deviation), (DATA.mean + shift, GENERATED)];
        both.map(|(mean, deviation)| {
            if self.uniform {
                // A uniform density is as wide as the square root of twelve deviations.
                let deviation = self.width / 12.0_f64.sqrt();
                return target(TargetKind::Uniform, Bell { mean, deviation });
            }
            target(TargetKind::Gaussian, Bell { mean, deviation: self.width * deviation })
        })
    }

    fn edges(&self, both: &[Target; 2]) -> Vec<f64> {
        if self.uniform {
            let breaks: Vec<f64> = both.iter().flat_map(Target::jumps).collect();
            return Grid { lo: -3.0, hi: 5.0, cells: 64 }.refined(&breaks);
        }
        // The sum over equal cells is the trapezoidal rule over the whole line, whose error falls exponentially; that
        // of W_1, whose integrand may have a corner, stays below 1e-4 times the width.
        let ends = both.each_ref().map(Target::range);
        let beyond = BEYOND * self.width;
        let (lo, hi) = (ends[0].0.min(ends[1].0) - beyond, ends[0].1.max(ends[1].1) + beyond);
        let cells = (CELLS * (hi - lo) / (self.width * DATA.deviation)).ceil() as usize;
        Grid { lo, hi, cells }.edges()
    }

    /// JSD, the same from D*, and W_1, which on a line is the area between the distribution functions.
    fn distances(&self, shift: f64) -> [f64; 3] {
        let both = self.at(shift);
        let edges = self.edges(&both);
        let [p, q] = &both;
        let (a, b) = (masses(&edges, p), masses(&edges, q));
        let apart: Vec<f64> = edges.iter().map(|&x| (p.cdf(x) - q.cdf(x)).abs()).collect();
        let areas = edges.windows(2).zip(apart.windows(2));
        let area = areas.map(|(e, apart)| 0.5 * (e[1] - e[0]) * (apart[0] + apart[1])).sum();
        let jsd = divergence::jsd(&a, &b);
        [jsd, 0.5 * (game::c_of_g(&a, &b) + 4.0_f64.ln()), area]
    }
}
