//! The noise prior p_z; in two dimensions both are independent and each is this.

use serde::{Deserialize, Serialize};

use crate::num::normal;
use crate::num::rng::Rng;

/// Which distribution z is drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Prior {
    /// Standard normal.
    Gaussian,
    /// Uniform on (-1, 1).
    Uniform,
}

impl Prior {
    /// Density at `z`.
    #[must_use]
    pub fn pdf(self, z: f64) -> f64 {
        match self {
            Self::Gaussian => normal::pdf(z),
            Self::Uniform => {
                if z.abs() <= 1.0 {
                    0.5
                } else {
                    0.0
                }
            }
        }
    }

    /// Mass below `z`; absolute error under 1e-15.
    #[must_use]
    pub fn cdf(self, z: f64) -> f64 {
        match self {
            Self::Gaussian => normal::cdf(z),
            Self::Uniform => (0.5 * (z + 1.0)).clamp(0.0, 1.0),
        }
    }

    /// The `z` with `cdf(z) = p`, for `p` in `(0, 1)`.
    #[must_use]
    pub fn quantile(self, p: f64) -> f64 {
        match self {
            Self::Gaussian => normal::quantile(p),
            Self::Uniform => 2.0 * p - 1.0,
        }
    }

    /// Where a mesh of z ends, `-edge` and `edge`: the prior's own end, or where a Gaussian has 6e-7 left on both
    /// sides together.
    #[must_use]
    pub fn edge(self) -> f64 {
        match self {
            Self::Gaussian => 5.0,
            Self::Uniform => 1.0,
        }
    }

    /// One draw.
    pub fn sample(self, rng: &mut Rng) -> f64 {
        match self {
            Self::Gaussian => rng.normal(),
            Self::Uniform => 2.0 * rng.uniform() - 1.0,
        }
    }

    /// Independent draws.
    pub fn fill(self, rng: &mut Rng, out: &mut [f32]) {
        match self {
            Self::Gaussian => rng.fill_normal(out),
            Self::Uniform => rng.fill_uniform(out, -1.0, 1.0),
        }
    }
}
