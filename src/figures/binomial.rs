//! What a count of right answers says about the share behind it.

use serde::Serialize;

use super::ruler;

/// P(X >= k) for a binomial X of `n` trials with chance `p`; relative accuracy about 1e-12 for n to 10,000.
pub fn at_least(k: u32, n: u32, p: f64) -> f64 {
    if k == 0 {
        return 1.0;
    }
    if k > n || p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    let (n, odds) = (f64::from(n), (p / (1.0 - p)).ln());
    let mut term = n * (1.0 - p).ln();
    let mut sum = 0.0;
    for i in 0..n as u32 {
        // Logarithms: far from the middle the terms themselves are no numbers of f64.
        term += ((n - f64::from(i)) / f64::from(i + 1)).ln() + odds;
        if i + 1 >= k {
            sum += term.exp();
        }
    }
    sum.min(1.0)
}

/// The interval of Clopper and Pearson (1934) for a share of which `k` of `n` were seen: whatever the share is,
/// it holds it with at least the probability `confidence`. `n` must not be 0.
pub fn interval(k: u32, n: u32, confidence: f64) -> (f64, f64) {
    let tail = (1.0 - confidence) / 2.0;
    // The smallest share for which k or more are not too rare; its mirror image bounds from above.
    let lowest = |k| bisect(|p| at_least(k, n, p) - tail);
    (if k == 0 { 0.0 } else { lowest(k) }, if k == n { 1.0 } else { 1.0 - lowest(n - k) })
}

/// What a count says, as the page shows it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Tally {
    /// Lower end of the interval at 95 %.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Chance of as many right answers, or more, by tossing a coin.
    pub chance: f64,
    /// The JSD that the lower end proves, nats (eq. score-bound); 0 where it proves none.
    pub proves: f64,
}

/// Of `right` answers among `of`, which must not be 0.
pub fn tally(right: u32, of: u32) -> Tally {
    let (low, high) = interval(right, of, 0.95);
    Tally { low, high, chance: at_least(right, of, 0.5), proves: ruler::least(low.max(0.5)) }
}

/// Where an increasing function on [0, 1] is zero.
fn bisect(f: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..52 {
        let middle = 0.5 * (low + high);
        if f(middle) < 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}
