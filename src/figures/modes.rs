//! Covering against seeking: data of two modes, a model of one, and the best such model by each divergence.

use serde::Serialize;

use super::pair::Bell;
use super::spaced;
use crate::num::normal;
use crate::theory::game;

/// Ends of the axis, in data units, and points on it. The model's tails beyond are below 1e-6 for the widths
/// that are offered.
const EDGE: f64 = 12.0;
const POINTS: usize = 961;
/// Every this many of them is drawn, within [`NEAR`] of the middle.
const DRAWN: usize = 2;
const NEAR: f64 = 6.0;
/// Deviation of each mode.
const DEVIATION: f64 = 0.5;

/// What a model loses, nats.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Costs {
    /// KL(data||model), that of maximum likelihood.
    pub covering: f64,
    /// KL(model||data).
    pub seeking: f64,
    /// 2 JSD, that of the minimax loss.
    pub minimax: f64,
    /// 2 KL(M||data), that of the non-saturating loss.
    pub non_saturating: f64,
}

/// A model with one mode.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Model {
    /// Its mean; of two mirror images the one at the right.
    pub mean: f64,
    /// Its deviation.
    pub deviation: f64,
    /// Its density on the x of [`Modes`].
    pub q: Vec<f64>,
    /// What it loses.
    pub costs: Costs,
}

/// The data, the model at hand, and the best ones.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Modes {
    /// Ascending, in data units.
    pub x: Vec<f64>,
    /// Density of the data on x.
    pub p: Vec<f64>,
    /// The model at hand.
    pub own: Model,
    /// The best by KL(data||model).
    pub covering: Model,
    /// The best by KL(model||data).
    pub seeking: Model,
    /// The best by 2 JSD.
    pub minimax: Model,
    /// The best by 2 KL(M||data).
    pub non_saturating: Model,
}

/// Modes at -`half` and `half` (0..=3), and the model `q` (mean -4..=4, deviation 0.2..=3).
pub fn modes(half: f64, q: Bell) -> Modes {
    let data = Data::new(half);
    let best = |of: fn(&Costs) -> f64| data.model(data.best(of));
    let p: Vec<f64> = data.logs.iter().map(|l| l.exp()).collect();
    Modes {
        x: data.drawn(&data.x),
        p: data.drawn(&p),
        own: data.model(q),
        covering: best(|c| c.covering),
        seeking: best(|c| c.seeking),
        minimax: best(|c| c.minimax),
        non_saturating: best(|c| c.non_saturating),
    }
}

struct Data {
    half: f64,
    x: Vec<f64>,
    /// Log-density on x.
    logs: Vec<f64>,
}

impl Data {
    fn new(half: f64) -> Self {
        let x = spaced(-EDGE, EDGE, POINTS);
        let two = |x: f64| {
            let (a, b) = (log_pdf(x, -half, DEVIATION), log_pdf(x, half, DEVIATION));
            a.max(b) + (-(a - b).abs()).exp().ln_1p() - 2.0_f64.ln()
        };
        Self { half, logs: x.iter().map(|&x| two(x)).collect(), x }
    }

    fn model(&self, q: Bell) -> Model {
        let density: Vec<f64> =
            self.x.iter().map(|&x| log_pdf(x, q.mean, q.deviation).exp()).collect();
        Model {
            mean: q.mean,
            deviation: q.deviation,
            q: self.drawn(&density),
            costs: self.costs(q),
        }
    }

    fn drawn(&self, values: &[f64]) -> Vec<f64> {
        let near = self.x.iter().zip(values).filter(|(x, _)| x.abs() <= NEAR + 1e-9);
        near.map(|(_, v)| *v).step_by(DRAWN).collect()
    }

    /// By the trapezoidal rule, from log-densities, so that nothing underflows before it is compared.
    fn costs(&self, q: Bell) -> Costs {
        let step = 2.0 * EDGE / (POINTS - 1) as f64;
        let mut sum = Costs { covering: 0.0, seeking: 0.0, minimax: 0.0, non_saturating: 0.0 };
        for (&x, &p_log) in self.x.iter().zip(&self.logs) {
            let q_log = log_pdf(x, q.mean, q.deviation);
            let (p, q) = (p_log.exp() * step, q_log.exp() * step);
            let logit = p_log - q_log;
            // log(p/m) and log(q/m), with m the mean of both.
            let p_m = game::log_sigmoid(logit) + 2.0_f64.ln();
            let q_m = game::log_sigmoid(-logit) + 2.0_f64.ln();
            sum.covering += p * logit;
            sum.seeking -= q * logit;
            sum.minimax += p * p_m + q * q_m;
            sum.non_saturating -= (p + q) * p_m;
        }
        sum
    }

    /// Nelder and Mead's simplex from both kinds of model: on one mode, and over both.
    fn best(&self, of: fn(&Costs) -> f64) -> Bell {
        let cost = |at: [f64; 2]| {
            let q = Bell { mean: at[0], deviation: at[1].exp() };
            if (0.1..=6.0).contains(&q.deviation) && q.mean.abs() <= 5.0 {
                of(&self.costs(q))
            } else {
                f64::INFINITY
            }
        };
        let wide = self.half.hypot(DEVIATION).ln();
        let starts = [[self.half, DEVIATION.ln()], [0.0, wide]];
        let found = starts.map(|start| simplex(&cost, start));
        // Where both are as good, the one that covers.
        let (at, _) = if found[0].1 < found[1].1 - 1e-9 { found[0] } else { found[1] };
        Bell { mean: at[0].abs(), deviation: at[1].exp() }
    }
}

/// The least of a function of two numbers near `start`, to about 1e-5 in each.
fn simplex(f: &impl Fn([f64; 2]) -> f64, start: [f64; 2]) -> ([f64; 2], f64) {
    let at = |p: [f64; 2]| (p, f(p));
    let mut corners = [at(start), at([start[0] + 0.2, start[1]]), at([start[0], start[1] + 0.2])];
    for _ in 0..120 {
        corners.sort_by(|a, b| a.1.total_cmp(&b.1));
        let [best, middle, worst] = corners;
        if (worst.0[0] - best.0[0]).abs().max((worst.0[1] - best.0[1]).abs()) < 1e-5 {
            break;
        }
        let mean = [0.5 * (best.0[0] + middle.0[0]), 0.5 * (best.0[1] + middle.0[1])];
        let along = |t: f64| [0, 1].map(|i| mean[i] + t * (worst.0[i] - mean[i]));
        let mirrored = at(along(-1.0));
        let next = if mirrored.1 < best.1 {
            let further = at(along(-2.0));
            if further.1 < mirrored.1 { further } else { mirrored }
        } else if mirrored.1 < middle.1 {
            mirrored
        } else {
            let nearer = if mirrored.1 < worst.1 { at(along(-0.5)) } else { at(along(0.5)) };
            if nearer.1 >= worst.1.min(mirrored.1) {
                for corner in &mut corners[1..] {
                    *corner = at([0, 1].map(|i| 0.5 * (best.0[i] + corner.0[i])));
                }
                continue;
            }
            nearer
        };
        corners[2] = next;
    }
    corners.sort_by(|a, b| a.1.total_cmp(&b.1));
    corners[0]
}

fn log_pdf(x: f64, mean: f64, deviation: f64) -> f64 {
    let y = (x - mean) / deviation;
    -0.5 * y * y - deviation.ln() + normal::pdf(0.0).ln()
}
