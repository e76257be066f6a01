//! Known games: settings under which something known happens, whatever the seed.
//!
//! What each must show is in `tests/game.rs`. The default was found by running 12 to 20 seeds per variant.
//! What mattered, most first: a G that starts as an increasing map of unit spread (without it one seed in
//! five ended above 0.1 nats); no momentum in Adam; D's rate 20 times G's; rates falling to 0. After 4,000
//! iterations, over seeds 1 to 20: JSD 0.0002 nats in the median and 0.0009 at worst, sup |D - 1/2| 0.004 and
//! 0.009.

use super::mlp::Activation;

use super::plane::presets::plane_presets;
use super::preset::Preset;
use super::settings::{GameLoss, GameSettings, NetSettings, OptimiserKind};
use super::target::TargetKind;

/// The known game of that name, on the line or in the plane.
#[must_use]
pub fn preset(name: &str) -> Option<Preset> {
    presets().into_iter().chain(plane_presets()).find(|preset| preset.name == name)
}

/// All known games on the line, in the order in which they are told.
#[must_use]
pub fn presets() -> Vec<Preset> {
    let base = GameSettings::default();
    // Rates that stay as they are, for games that are to go on.
    let steady = GameSettings { decay_from: 0, decay_to: 0, ..base.clone() };
    let sgd = |net: &NetSettings, rate| NetSettings {
        optimiser: OptimiserKind::Sgd,
        rate,
        ..net.clone()
    };
    let adam = |net: &NetSettings, rate, beta1| NetSettings { rate, beta1, ..net.clone() };
    let two =
        GameSettings { target: TargetKind::TwoModes, mean: 0.0, deviation: 0.4, ..base.clone() };
    let (d, g) = (&base.d, &base.g);
    let known = |name, iterations, settings| Preset { name, iterations, settings };
    vec![
        known("default", 4_000, base.clone()),
        known("d-to-optimum", 600, GameSettings { k_d: 20, r1: 0.0, batch: 512, ..steady.clone() }),
        known(
            "k-1",
            600,
            GameSettings {
                k_d: 1,
                r1: 0.0,
                d: adam(d, 1e-3, 0.0),
                g: adam(g, 1e-3, 0.0),
                ..steady.clone()
            },
        ),
        known(
            "k-10",
            600,
            GameSettings {
                k_d: 10,
                r1: 0.0,
                d: adam(d, 1e-3, 0.0),
                g: adam(g, 1e-3, 0.0),
                ..steady.clone()
            },
        ),
        known(
            "saturation",
            400,
            GameSettings {
                mean: 6.0,
                deviation: 0.5,
                loss: GameLoss::Minimax,
                k_d: 5,
                r1: 0.0,
                d: adam(d, 2e-2, 0.0),
                g: sgd(g, 2e-3),
                ..steady.clone()
            },
        ),
        known(
            "oscillation",
            3_000,
            GameSettings {
                r1: 0.0,
                d: adam(d, 2e-3, 0.9),
                g: adam(g, 2e-3, 0.9),
                ..steady.clone()
            },
        ),
        known("mode-lost", 4_000, two.clone()),
        known(
            "two-modes",
            4_000,
            GameSettings {
                r1: 0.5,
                g: NetSettings { activation: Activation::LeakyRelu, ..two.g.clone() },
                ..two
            },
        ),
        known(
            "d-too-strong",
            400,
            GameSettings {
                mean: 4.0,
                deviation: 0.3,
                loss: GameLoss::Minimax,
                k_d: 20,
                r1: 0.0,
                d: adam(d, 2e-2, 0.0),
                g: sgd(g, 5e-4),
                ..steady.clone()
            },
        ),
        known(
            "d-too-weak",
            2_000,
            GameSettings { d: adam(d, 1e-4, 0.0), g: adam(g, 5e-3, 0.0), ..steady.clone() },
        ),
        known(
            "sgd",
            4_000,
            GameSettings { r1: 0.0, d: sgd(d, 0.2), g: sgd(g, 0.02), ..base.clone() },
        ),
    ]
}
