//! What a known game is, on the line or in the plane.

use serde::Serialize;

use super::settings::GameSettings;

/// A game with a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Preset {
    /// In lower case with hyphens.
    pub name: &'static str,
    /// Iterations after which it has done what it is known for.
    pub iterations: u32,
    /// What it is played with.
    pub settings: GameSettings,
}
