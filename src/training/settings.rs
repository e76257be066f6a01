//! What a run on MNIST is made of.

use serde::{Deserialize, Serialize};

use crate::models::Preset;

/// Settings of a run; the same record on the page, in files and on the command line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Which pair of networks.
    pub preset: Preset,
    /// Real images per step, 1 to 512; D sees as many generated ones.
    pub batch: usize,
    /// D's learning rate, above 0 and at most 1.
    pub rate_d: f32,
    /// G's learning rate, above 0 and at most 1.
    pub rate_g: f32,
    /// Adam's beta_1, in [0, 1).
    pub beta1: f32,
    /// Share of the old value that the moving average of G keeps at each step, in [0, 1).
    pub ema: f32,
    /// Seed of weights, noise and the order of images.
    pub seed: u32,
}

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
    /// The recommended settings of a preset.
    pub fn of(preset: Preset) -> Self {
        match preset {
            Preset::Compact => Self {
                preset,
                batch: 32,
                rate_d: 2e-4,
                rate_g: 1e-3,
                beta1: 0.5,
                ema: 0.995,
                seed: 1,
            },
            Preset::Tiny => Self {
                preset,
                batch: 16,
                rate_d: 5e-4,
                rate_g: 2e-3,
                beta1: 0.5,
                ema: 0.99,
                seed: 1,
            },
        }
    }

    /// Refuses what training cannot use.
    ///
    /// # Errors
    /// The first setting out of its range.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let bound = |ok: bool, field, value: String, range| {
            if ok {
                Ok(())
            } else {
                Err(SettingsError {
                    field,
                    value,
                    range,
                })
            }
        };
        let rate = |r: f32| r > 0.0 && r <= 1.0;
        let share = |s: f32| (0.0..1.0).contains(&s);
        bound(
            (1..=512).contains(&self.batch),
            "batch",
            self.batch.to_string(),
            "from 1 to 512",
        )?;
        bound(
            rate(self.rate_d),
            "rateD",
            self.rate_d.to_string(),
            "above 0 and at most 1",
        )?;
        bound(
            rate(self.rate_g),
            "rateG",
            self.rate_g.to_string(),
            "above 0 and at most 1",
        )?;
        bound(
            share(self.beta1),
            "beta1",
            self.beta1.to_string(),
            "at least 0 and below 1",
        )?;
        bound(
            share(self.ema),
            "ema",
            self.ema.to_string(),
            "at least 0 and below 1",
        )
    }
}
