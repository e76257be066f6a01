//! The maps G of the figure of folds, and the functions whose expectations it compares.

use crate::theory::game;

/// End of the z-axis; the prior beyond is 1e-11.
pub(super) const REACH: f64 = 7.0;

/// Which G. The prior is standard normal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Map {
    /// (z^3 - 3 t z) / 4: one branch for t <= 0, else three.
    Cubic,
    /// z^2 + t: two branches.
    Square,
    /// z - t for z > t, z + t for z < -t, else 0: an atom for t > 0.
    Flat,
}

impl Map {
    pub(super) fn at(self, t: f64, z: f64) -> f64 {
        match self {
            Self::Cubic => 0.25 * (z * z * z - 3.0 * t * z),
            Self::Square => z * z + t,
            Self::Flat => (z.abs() - t.max(0.0)).max(0.0).copysign(z),
        }
    }

    pub(super) fn slope(self, t: f64, z: f64) -> f64 {
        match self {
            Self::Cubic => 0.75 * (z * z - t),
            Self::Square => 2.0 * z,
            Self::Flat => f64::from(u8::from(z.abs() > t.max(0.0))),
        }
    }

    /// Ends of the monotone pieces within the prior's range, ascending, both ends included.
    pub(super) fn pieces(self, t: f64) -> Vec<f64> {
        let inner = match self {
            Self::Cubic if t > 0.0 => vec![-t.sqrt(), t.sqrt()],
            Self::Square => vec![0.0],
            Self::Flat if t > 0.0 => vec![-t, t],
            _ => Vec::new(),
        };
        [vec![-REACH], inner, vec![REACH]].concat()
    }
}

/// Which f for the two expectations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// x
    Mean,
    /// x^2
    Square,
    /// cos x
    Cosine,
    /// log(1 - D(x)) with D(x) = 1 / (1 + e^-x), what the game asks for
    Judge,
}

impl Probe {
    pub(super) fn at(self, x: f64) -> f64 {
        match self {
            Self::Mean => x,
            Self::Square => x * x,
            Self::Cosine => x.cos(),
            Self::Judge => game::log_sigmoid(-x),
        }
    }
}
