//! The 1-D distributions p_data of the game: density, mass and samples, in data units.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::num::normal;
use crate::num::rng::Rng;

/// Knots of a drawn target.
pub const KNOTS: usize = 64;
/// A drawn target lies on `[-DRAWN_EDGE, DRAWN_EDGE]`.
pub const DRAWN_EDGE: f64 = 4.0;
/// Distance from the mean to the outer modes, in data units.
const TWO_MODES: f64 = 1.5;
const THREE_MODES: f64 = 2.5;

/// The shapes a visitor can choose from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// Normal.
    Gaussian,
    /// Two normals of equal mass at mean - 1.5 and mean + 1.5; the deviation is that of each.
    TwoModes,
    /// Three normals of equal mass at mean - 2.5, mean and mean + 2.5; the deviation is that of each.
    ThreeModes,
    /// Uniform.
    Uniform,
    /// Gamma of shape 3, long tail to the right.
    Skewed,
    /// Student's t with 4 degrees of freedom.
    HeavyTailed,
    /// 64 heights.
    Drawn,
}

/// Why 64 heights are no density.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum DrawnError {
    /// Too few or too many.
    #[error("drawn must hold 64 heights, not {0}")]
    Length(usize),
    /// One of them is no height.
    #[error("drawn[{0}] must be a finite number in 0..=1e6")]
    Height(usize),
    /// Nothing to draw samples from.
    #[error("drawn must hold at least one height above 0")]
    Empty,
}

/// A density with its mean and standard deviation (of each mode where there are several).
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    kind: TargetKind,
    mean: f64,
    deviation: f64,
    /// Heights at the knots, of integral 1, and the mass left of each; both empty unless drawn.
    heights: Vec<f64>,
    below: Vec<f64>,
}

impl Target {
    /// `drawn` is read only for [`TargetKind::Drawn`]: heights at 64 equally spaced knots from -4 to 4, linear
    /// in between, in any unit. `mean` and `deviation` are ignored then.
    ///
    /// # Errors
    /// When the heights are not 64 finite numbers in `0..=1e6`, one of them above 0.
    pub fn new(
        kind: TargetKind,
        mean: f64,
        deviation: f64,
        drawn: &[f64],
    ) -> Result<Self, DrawnError> {
        let (heights, below) =
            if kind == TargetKind::Drawn { integrate(drawn)? } else { (Vec::new(), Vec::new()) };
        Ok(Self { kind, mean, deviation, heights, below })
    }

    /// Density at `x`, per data unit.
    #[must_use]
    pub fn pdf(&self, x: f64) -> f64 {
        let y = (x - self.mean) / self.deviation;
        match self.kind {
            TargetKind::Drawn => {
                let Some((i, t)) = locate(x) else { return 0.0 };
                self.heights[i] + t * (self.heights[i + 1] - self.heights[i])
            }
            TargetKind::Gaussian | TargetKind::TwoModes | TargetKind::ThreeModes => {
                let sum: f64 =
                    self.modes().iter().map(|m| normal::pdf((x - m) / self.deviation)).sum();
                sum / (self.deviation * self.modes().len() as f64)
            }
            TargetKind::Uniform => {
                if y.abs() <= ROOT3 {
                    0.5 / (ROOT3 * self.deviation)
                } else {
                    0.0
                }
            }
            TargetKind::Skewed => {
                let g = (ROOT3 * y + 3.0).clamp(0.0, 700.0);
                0.5 * ROOT3 * g * g * normal::exp(-g) / self.deviation
            }
            TargetKind::HeavyTailed => {
                // t_4 at t has density (3/8) (1 + t^2/4)^(-5/2); its standard deviation is sqrt 2.
                let s = 1.0 + 0.5 * y * y;
                0.375 * std::f64::consts::SQRT_2 / (s * s * s.sqrt() * self.deviation)
            }
        }
    }

    /// Mass below `x`; absolute error under 1e-14.
    #[must_use]
    pub fn cdf(&self, x: f64) -> f64 {
        let y = (x - self.mean) / self.deviation;
        match self.kind {
            TargetKind::Drawn => match locate(x) {
                None => f64::from(u8::from(x > 0.0)),
                Some((i, t)) => {
                    let (a, b) = (self.heights[i], self.heights[i + 1]);
                    self.below[i] + KNOT_STEP * t * (a + 0.5 * t * (b - a))
                }
            },
            TargetKind::Gaussian | TargetKind::TwoModes | TargetKind::ThreeModes => {
                let sum: f64 =
                    self.modes().iter().map(|m| normal::cdf((x - m) / self.deviation)).sum();
                sum / self.modes().len() as f64
            }
            TargetKind::Uniform => (0.5 + 0.5 * y / ROOT3).clamp(0.0, 1.0),
            TargetKind::Skewed => {
                let g = (ROOT3 * y + 3.0).clamp(0.0, 700.0);
                1.0 - normal::exp(-g) * (1.0 + g * (1.0 + 0.5 * g))
            }
            TargetKind::HeavyTailed => {
                // (t^2/4) / (1 + t^2/4) with t = y sqrt 2, in a form that holds at 0 and at infinity.
                let u = 1.0 / (1.0 + 2.0 / (y * y));
                let half = 0.75 * u.sqrt() * (1.0 - u / 3.0);
                0.5 + half.copysign(y)
            }
        }
    }

    /// Independent draws.
    pub fn fill(&self, rng: &mut Rng, out: &mut [f32]) {
        for x in out {
            *x = self.sample(rng) as f32;
        }
    }

    /// One draw.
    pub fn sample(&self, rng: &mut Rng) -> f64 {
        let (mean, deviation) = (self.mean, self.deviation);
        match self.kind {
            TargetKind::Gaussian => mean + deviation * rng.normal(),
            TargetKind::TwoModes | TargetKind::ThreeModes => {
                let modes = self.modes();
                modes[rng.below(modes.len() as u32) as usize] + deviation * rng.normal()
            }
            TargetKind::Uniform => mean + deviation * ROOT3 * (2.0 * rng.uniform() - 1.0),
            TargetKind::Skewed => {
                let g = -normal::ln(rng.open() * rng.open() * rng.open());
                mean + deviation * (g - 3.0) / ROOT3
            }
            TargetKind::HeavyTailed => {
                // t_4 = N / sqrt(chi^2_4 / 4), and chi^2_4 is -2 ln of a product of two uniforms.
                let chi = -2.0 * normal::ln(rng.open() * rng.open());
                mean + deviation * rng.normal() * (2.0 / chi).sqrt()
            }
            TargetKind::Drawn => self.quantile_drawn(rng.uniform()),
        }
    }

    /// Centres of the normal components, ascending; empty for kinds that are no mixture of normals.
    #[must_use]
    pub fn modes(&self) -> Modes {
        let spread = match self.kind {
            TargetKind::Gaussian => {
                return Modes { at: [self.mean; 3], count: 1 };
            }
            TargetKind::TwoModes => {
                return Modes { at: [self.mean - TWO_MODES, self.mean + TWO_MODES, 0.0], count: 2 };
            }
            TargetKind::ThreeModes => THREE_MODES,
            _ => {
                return Modes { at: [0.0; 3], count: 0 };
            }
        };
        Modes { at: [self.mean - spread, self.mean, self.mean + spread], count: 3 }
    }

    /// An interval that holds all but about 1e-3 of the mass of the heavy-tailed target, 1e-4 of the skewed
    /// one, and all but 1e-6 of the others.
    #[must_use]
    pub fn range(&self) -> (f64, f64) {
        let (m, s) = (self.mean, self.deviation);
        match self.kind {
            TargetKind::Gaussian => (m - 5.0 * s, m + 5.0 * s),
            TargetKind::TwoModes => (m - TWO_MODES - 5.0 * s, m + TWO_MODES + 5.0 * s),
            TargetKind::ThreeModes => (m - THREE_MODES - 5.0 * s, m + THREE_MODES + 5.0 * s),
            TargetKind::Uniform => (m - ROOT3 * s, m + ROOT3 * s),
            TargetKind::Skewed => (m - ROOT3 * s, m + 6.5 * s),
            TargetKind::HeavyTailed => (m - 6.0 * s, m + 6.0 * s),
            TargetKind::Drawn => (-DRAWN_EDGE, DRAWN_EDGE),
        }
    }

    /// Where the density jumps.
    #[must_use]
    pub fn jumps(&self) -> Vec<f64> {
        match self.kind {
            TargetKind::Uniform => {
                vec![self.mean - ROOT3 * self.deviation, self.mean + ROOT3 * self.deviation]
            }
            _ => Vec::new(),
        }
    }

    fn quantile_drawn(&self, p: f64) -> f64 {
        let i = self.below[1..KNOTS - 1].partition_point(|&mass| mass <= p);
        let (a, b) = (self.heights[i], self.heights[i + 1]);
        // Mass within the segment is step (a t + (b - a) t^2 / 2); this root neither cancels nor divides by 0
        // when a = b.
        let mass = ((p - self.below[i]) / KNOT_STEP).max(0.0);
        let root = (a * a + 2.0 * (b - a) * mass).max(0.0).sqrt();
        let t = if a + root > 0.0 { (2.0 * mass / (a + root)).min(1.0) } else { 1.0 };
        -DRAWN_EDGE + (i as f64 + t) * KNOT_STEP
    }
}

/// Up to three centres; derefs to a slice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Modes {
    at: [f64; 3],
    count: usize,
}

impl std::ops::Deref for Modes {
    type Target = [f64];
    fn deref(&self) -> &[f64] {
        &self.at[..self.count]
    }
}

const ROOT3: f64 = 1.732_050_807_568_877_2;
const KNOT_STEP: f64 = 2.0 * DRAWN_EDGE / (KNOTS - 1) as f64;

/// Segment of `x` and the place in it, 0 to 1; `None` outside the edges.
fn locate(x: f64) -> Option<(usize, f64)> {
    let at = (x + DRAWN_EDGE) / KNOT_STEP;
    if !(0.0..=(KNOTS - 1) as f64).contains(&at) {
        return None;
    }
    let i = (at as usize).min(KNOTS - 2);
    Some((i, at - i as f64))
}

/// Heights of integral 1, and the mass left of each knot.
fn integrate(drawn: &[f64]) -> Result<(Vec<f64>, Vec<f64>), DrawnError> {
    if drawn.len() != KNOTS {
        return Err(DrawnError::Length(drawn.len()));
    }
    if let Some(i) = drawn.iter().position(|h| !(0.0..=1e6).contains(h)) {
        return Err(DrawnError::Height(i));
    }
    let area = |h: &[f64]| 0.5 * KNOT_STEP * (h[0] + h[1]);
    let total: f64 = drawn.windows(2).map(area).sum();
    // Heights so small that they cannot be normalised are as good as none.
    if total < 1e-100 {
        return Err(DrawnError::Empty);
    }
    let heights: Vec<f64> = drawn.iter().map(|h| h / total).collect();
    let mut below = vec![0.0; KNOTS];
    for i in 1..KNOTS {
        below[i] = below[i - 1] + area(&heights[i - 1..]);
    }
    Ok((heights, below))
}
