//! What training cannot use is refused by name.

use super::Settings;
use crate::mnist::nets::{Activation, Preset};

/// A setting out of its range.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{field} is {value}: it must be {range}")]
pub struct SettingsError {
    /// The setting's name.
    pub field: &'static str,
    /// What was given.
    pub value: String,
    /// What may be given.
    pub range: &'static str,
}

impl Settings {
    /// Refuses what training cannot use.
    ///
    /// # Errors
    /// The first setting out of its range.
    pub fn validate(&self) -> Result<(), SettingsError> {
        counts("batch", self.batch, 512, "from 1 to 512")?;
        counts("k", self.k, 20, "from 1 to 20")?;
        for (field, rate) in [("rateD", self.rate_d), ("rateG", self.rate_g)] {
            numbers(field, rate, rate > 0.0 && rate <= 1.0, "above 0 and at most 1")?;
        }
        for (field, share) in
            [("momentumD", self.momentum_d), ("momentumG", self.momentum_g), ("ema", self.ema)]
        {
            let ok = (0.0..1.0).contains(&share);
            numbers(field, share, ok, "at least 0 and below 1")?;
        }
        let ok = (0.0..=0.5).contains(&self.smoothing);
        numbers("smoothing", self.smoothing, ok, "from 0 to 0.5")?;
        let ok = self.r1 >= 0.0 && self.r1.is_finite();
        numbers("r1", self.r1, ok, "0 or more")?;
        let maxout = |activation| activation == Activation::Maxout;
        let ok = !maxout(self.activation_d) || self.preset == Preset::Paper;
        let only = "relu, leaky-relu, tanh or sigmoid; maxout is for D of \"paper\"";
        bound("activationD", ok, || "maxout".to_owned(), only)?;
        let ok = !maxout(self.activation_g);
        bound("activationG", ok, || "maxout".to_owned(), only)
    }
}

fn counts(
    field: &'static str,
    value: usize,
    most: usize,
    range: &'static str,
) -> Result<(), SettingsError> {
    bound(field, (1..=most).contains(&value), || value.to_string(), range)
}

fn numbers(
    field: &'static str,
    value: f32,
    ok: bool,
    range: &'static str,
) -> Result<(), SettingsError> {
    bound(field, ok, || value.to_string(), range)
}

fn bound(
    field: &'static str,
    ok: bool,
    value: impl Fn() -> String,
    range: &'static str,
) -> Result<(), SettingsError> {
    if ok {
        return Ok(());
    }
    let value = value();
    Err(SettingsError { field, value, range })
}
