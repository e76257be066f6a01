//! Two densities: the terms of C(G) = -log 4 + KL(p||m) + KL(q||m), and any D against D*.

use serde::Serialize;

use super::spaced;
use crate::game::target::{Target, TargetKind};
use crate::theory::{Grid, Mass, closed, divergence, game, grid};

/// One density by its mean and standard deviation, in data units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bell {
    /// Mean, -4..=4.
    pub mean: f64,
    /// Standard deviation, 0.1..=2.
    pub deviation: f64,
}

/// Ends of the drawn x-axis, in data units.
const EDGE: f64 = 6.0;
/// Ends of the computed one, no less than 8 deviations from any mean.
const FAR: f64 = 20.0;
const CELLS: usize = 4096;
const DRAWN: usize = 301;

/// Curves, and the terms of the identity in nats.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pair {
    /// Ascending, in data units.
    pub x: Vec<f64>,
    /// Density of p, on x.
    pub p: Vec<f64>,
    /// Density of q, on x.
    pub q: Vec<f64>,
    /// Integrand of KL(p||q), p log(p/q), on x.
    pub p_log: Vec<f64>,
    /// Integrand of KL(q||p), on x.
    pub q_log: Vec<f64>,
    /// -log 4.
    pub floor: f64,
    /// KL(p||m), m the mean of both.
    pub kl_p_mean: f64,
    /// KL(q||m).
    pub kl_q_mean: f64,
    /// V(D*, G), from D* and not from the divergences.
    pub c_of_g: f64,
    /// In [0, log 2].
    pub jsd: f64,
    /// KL(p||q); infinite where q has no mass for p.
    pub kl_p_q: f64,
    /// KL(q||p).
    pub kl_q_p: f64,
    /// KL(p||q) by its closed form, for Gaussians; NaN for uniform densities.
    pub closed_p_q: f64,
    /// KL(q||p) by its closed form.
    pub closed_q_p: f64,
}

/// Two Gaussians, or two uniform densities of these deviations.
pub fn pair(uniform: bool, p: Bell, q: Bell) -> Pair {
    let kind = if uniform { TargetKind::Uniform } else { TargetKind::Gaussian };
    let (first, second) = (target(kind, p), target(kind, q));
    let edges = edges(&first, &second);
    let (a, b) = (masses(&edges, &first), masses(&edges, &second));
    let mean: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 0.5 * (a + b)).collect();
    // Not from the masses: those of a narrow Gaussian underflow where a wide one still counts.
    let whole = |(p, a): (Bell, &[f64]), (q, b): (Bell, &[f64])| {
        if uniform {
            return divergence::kl(a, b);
        }
        let terms = grid::centres(&edges).into_iter().zip(a);
        terms.map(|(x, mass)| mass * (log_density(p, x) - log_density(q, x))).sum()
    };
    let x = spaced(-EDGE, EDGE, DRAWN);
    let curve = |t: &Target| x.iter().map(|&x| t.pdf(x)).collect::<Vec<_>>();
    let (p_curve, q_curve) = (curve(&first), curve(&second));
    let closed = |p: Bell, q: Bell| {
        if uniform {
            f64::NAN
        } else {
            closed::gaussian_kl(p.mean, p.deviation, q.mean, q.deviation)
        }
    };
    Pair {
        p_log: integrand(&p_curve, &q_curve),
        q_log: integrand(&q_curve, &p_curve),
        x,
        p: p_curve,
        q: q_curve,
        floor: -(4.0_f64.ln()),
        kl_p_mean: divergence::kl(&a, &mean),
        kl_q_mean: divergence::kl(&b, &mean),
        c_of_g: game::c_of_g(&a, &b),
        jsd: divergence::jsd(&a, &b),
        kl_p_q: whole((p, &a), (q, &b)),
        kl_q_p: whole((q, &b), (p, &a)),
        closed_p_q: closed(p, q),
        closed_q_p: closed(q, p),
    }
}

/// Somebody's D over two Gaussians, against D*.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Judged {
    /// Ascending, in data units.
    pub x: Vec<f64>,
    /// Densities on x.
    pub p: Vec<f64>,
    /// Of the generator.
    pub q: Vec<f64>,
    /// p / (p + q) on x.
    pub best: Vec<f64>,
    /// V(D, G), nats.
    pub v: f64,
    /// V(D*, G) - V(D, G), nats, >= 0, by the sum of divergences between coins and not as a difference.
    pub gap: f64,
    /// V(D*, G), nats.
    pub c_of_g: f64,
    /// JSD, nats, and the bound that this D gives for it: (V + log 4) / 2.
    pub jsd: f64,
    /// At most `jsd`.
    pub bound: f64,
}

/// `d` holds D in (0, 1) at equally spaced x from -4 to 4 (at least 2), linear in between, constant beyond.
pub fn judged(p: Bell, q: Bell, d: &[f64]) -> Judged {
    let (first, second) = (target(TargetKind::Gaussian, p), target(TargetKind::Gaussian, q));
    let edges = edges(&first, &second);
    let (a, b) = (masses(&edges, &first), masses(&edges, &second));
    let at = spaced(-4.0, 4.0, d.len().max(2));
    let logits: Vec<f64> = grid::resample(&at, d, &grid::centres(&edges))
        .into_iter()
        .map(|d| d.ln() - (-d).ln_1p())
        .collect();
    let x = spaced(-4.0, 4.0, DRAWN);
    let curve = |t: &Target| x.iter().map(|&x| t.pdf(x)).collect::<Vec<_>>();
    let (p, q) = (curve(&first), curve(&second));
    let v = game::value(&logits, &a, &b);
    Judged {
        best: p.iter().zip(&q).map(|(&a, &b)| game::optimal(a, b).unwrap_or(f64::NAN)).collect(),
        x,
        p,
        q,
        v,
        gap: game::gap(&logits, &a, &b),
        c_of_g: game::c_of_g(&a, &b),
        jsd: divergence::jsd(&a, &b),
        bound: 0.5 * (v + 4.0_f64.ln()),
    }
}

pub(super) fn target(kind: TargetKind, bell: Bell) -> Target {
    Target::new(kind, bell.mean, bell.deviation, &[]).expect("only a drawn target can be refused")
}

/// Of the Gaussian, but for the constant that all Gaussians share.
fn log_density(bell: Bell, x: f64) -> f64 {
    let y = (x - bell.mean) / bell.deviation;
    -0.5 * y * y - bell.deviation.ln()
}

fn edges(p: &Target, q: &Target) -> Vec<f64> {
    let grid = Grid { lo: -FAR, hi: FAR, cells: CELLS };
    let mut breaks = p.jumps();
    breaks.extend(q.jumps());
    if breaks.is_empty() {
        return grid.edges();
    }
    grid.refined(&breaks)
}

/// One mass per cell. For smooth densities the middle of a cell stands for it: over the whole line that is
/// the trapezoidal rule, whose error falls exponentially, while an exact mass would smooth the density.
pub(super) fn masses(edges: &[f64], target: &Target) -> Vec<f64> {
    if target.jumps().is_empty() {
        let cells = edges.windows(2);
        return cells.map(|e| target.pdf(0.5 * (e[0] + e[1])) * (e[1] - e[0])).collect();
    }
    Mass::of(edges, |x| target.cdf(x), |x| target.pdf(x)).cells
}

/// p log(p/q) where both are positive, else 0.
fn integrand(p: &[f64], q: &[f64]) -> Vec<f64> {
    let term = |(&p, &q): (&f64, &f64)| {
        if p > 0.0 && q > 0.0 { p * (p / q).ln() } else { 0.0 }
    };
    p.iter().zip(q).map(term).collect()
}
