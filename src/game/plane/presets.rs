//! Known games in the plane: settings under which something known happens, and in how many of 20 seeds.

use crate::game::mlp::Activation;
use crate::game::presets::Preset;
use crate::game::settings::{GameSettings, NetSettings};

use super::target::PlaneKind;

/// All known games in the plane; the first is the one that is recommended.
#[must_use]
pub fn plane_presets() -> Vec<Preset> {
    let base = recommended();
    vec![Preset { name: "ring", iterations: base.decay_to, settings: base }]
}

fn recommended() -> GameSettings {
    let line = GameSettings::default();
    GameSettings {
        plane: Some(PlaneKind::Ring),
        deviation: 0.2,
        d: NetSettings { width: 32, ..line.d.clone() },
        g: NetSettings { width: 32, activation: Activation::LeakyRelu, ..line.g.clone() },
        ..line
    }
}
