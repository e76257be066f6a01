//! Known games in the plane: settings under which something known happens. In how many seeds from 1 up it does, and at
//! what JSD it ends, is in `docs/games.json`, which `saddle games` writes.
//!
//! | game | what happens |
//! |---|---|
//! | ring | all eight modes are served |
//! | ring-lost | two to four modes are lost |
//! | ring-in-turn | never more than three modes at once, and others every few hundred iterations |
//! | eight-points | all eight points are served, and hold most of p_g |
//! | eight-points-small-d | not so |
//! | grid | all 25 modes are served |
//! | moons, spiral | a curve is followed |
//! | curve | JSD log 2, though most seeds serve all modes |
//! | segment | JSD log 2, since p_data has no density |
//! | few-points | all five points are served |
//! | k-too-small | all modes are served, and the JSD stays high |

use crate::game::mlp::Activation;
use crate::game::preset::Preset;
use crate::game::settings::{GameSettings, NetSettings};

use super::target::PlaneKind;

/// All known games in the plane; the first is the one that is recommended.
#[must_use]
pub fn plane_presets() -> Vec<Preset> {
    let base = recommended();
    let steady = GameSettings { decay_from: 0, decay_to: 0, ..base.clone() };
    let of = |plane, deviation| GameSettings { plane: Some(plane), deviation, ..base.clone() };
    let rates = |settings: &GameSettings, d: f64, g: f64, beta1: f64| GameSettings {
        d: NetSettings { rate: d, beta1, ..settings.d.clone() },
        g: NetSettings { rate: g, beta1, ..settings.g.clone() },
        ..settings.clone()
    };
    // The G of the game on the line, twice as wide.
    let softplus = |settings: GameSettings| GameSettings {
        deviation: 0.3,
        g: NetSettings {
            width: 32,
            layers: 2,
            activation: Activation::Softplus,
            ..settings.g.clone()
        },
        ..settings
    };
    let known = |name, iterations, settings| Preset { name, iterations, settings };
    vec![
        known("ring", base.decay_to, base.clone()),
        known("ring-lost", 3_000, softplus(rates(&steady, 5e-3, 3e-4, 0.0))),
        known(
            "ring-in-turn",
            3_000,
            softplus(GameSettings { r1: 0.0, ..rates(&steady, 1e-3, 1e-3, 0.5) }),
        ),
        known("eight-points", base.decay_to, of(PlaneKind::Ring, 0.2)),
        known(
            "eight-points-small-d",
            base.decay_to,
            GameSettings {
                d: NetSettings { width: 4, ..base.d.clone() },
                ..of(PlaneKind::Ring, 0.2)
            },
        ),
        known("grid", base.decay_to, of(PlaneKind::Grid, 0.2)),
        known("moons", base.decay_to, of(PlaneKind::Moons, 0.3)),
        known("spiral", base.decay_to, of(PlaneKind::Spiral, 0.3)),
        known("curve", 4_000, GameSettings { latent: 1, ..steady.clone() }),
        known("segment", 2_000, GameSettings { plane: Some(PlaneKind::Segment), ..steady.clone() }),
        known(
            "few-points",
            base.decay_to,
            GameSettings { points: FEW.to_vec(), ..of(PlaneKind::Drawn, 0.3) },
        ),
        known("k-too-small", 3_000, GameSettings { k_g: 10, ..rates(&steady, 1e-3, 1e-3, 0.0) }),
    ]
}

/// Five points to be memorised.
const FEW: [f64; 10] = [-2.0, 1.5, 0.5, 2.0, 2.5, 0.0, -2.0, -1.0, 1.0, -2.5];

/// What mattered, most first: a G of leaky units, which serves all modes from almost any rates where one of softplus
/// loses half of them; only one hidden layer in it, and that a wide one, since a second one folds the plane of z over
/// and over (at twice and at half the rate a JSD of 0.1 and more remained); D's rate ten times G's; rates falling to 0.
/// The modes are a fifth of the circle's radius wide: at 0.3 instead of 0.4 a JSD of 0.05 to 0.06 remained after 20,000
/// iterations, of what G draws out between modes and folds within them.
fn recommended() -> GameSettings {
    let line = GameSettings::default();
    let leaky = Activation::LeakyRelu;
    GameSettings {
        plane: Some(PlaneKind::Ring),
        deviation: 0.4,
        d: NetSettings { width: 32, activation: leaky, rate: 1e-2, ..line.d.clone() },
        g: NetSettings { width: 64, layers: 1, activation: leaky, rate: 1e-3, ..line.g.clone() },
        batch: 64,
        r1: 0.03,
        decay_from: 3_000,
        decay_to: 12_000,
        ..line
    }
}
