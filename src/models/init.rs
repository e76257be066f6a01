//! Initial values of parameters, drawn on the host so that every device sees the same ones.

use crate::data::rng::Rng;

/// How a parameter starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Every element this value.
    Constant(f32),
    /// Normal with mean 0 and this standard deviation.
    Normal(f32),
    /// Uniform between minus and plus this.
    Uniform(f32),
}

impl Init {
    /// Fills `values` from `rng`.
    pub fn fill(self, rng: &mut Rng, values: &mut [f32]) {
        match self {
            Self::Constant(value) => values.fill(value),
            Self::Uniform(limit) => rng.fill_uniform(values, -limit, limit),
            Self::Normal(deviation) => {
                rng.fill_normal(values);
                for value in values {
                    *value *= deviation;
                }
            }
        }
    }
}
