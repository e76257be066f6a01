//! Known runs on MNIST: settings under which something known happens, whatever the seed, and beside each failure
//! the one change that mends it.
//!
//! `saddle experiments` plays them all over five seeds and writes what it saw to `docs/experiments.md`.

use serde::{Serialize, Serializer};

use super::Settings;
use super::loss::Loss;
use super::optimiser::OptimiserKind;
use crate::mnist::judge::verdict::Kind;
use crate::mnist::nets::{Activation, Preset};

/// What a run is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It fails in this way.
    Fails(Kind),
    /// It differs from the failing run of this name in one setting, and nothing is wrong with it.
    Mends(&'static str),
    /// Nothing is wrong with it.
    Good,
    /// It is set beside others of the same prefix.
    Compared,
}

/// A run with a name.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Known {
    /// In lower case with hyphens.
    pub name: &'static str,
    /// What it is there for; for the page, the failing run that it mends.
    #[serde(rename = "mends", serialize_with = "mended")]
    pub role: Role,
    /// Steps after which it has done what it is known for.
    pub steps: u32,
    /// What it is played with, seed 1.
    pub settings: Settings,
}

fn mended<S: Serializer>(role: &Role, serializer: S) -> Result<S::Ok, S::Error> {
    match role {
        Role::Mends(failing) => Some(failing),
        _ => None,
    }
    .serialize(serializer)
}

/// All of them, in the order in which they are told.
pub fn all() -> Vec<Known> {
    let mut runs = failures();
    runs.extend(others());
    runs
}

/// Each failure, followed by the run that mends it.
pub fn failures() -> Vec<Known> {
    let tiny = Settings::of(Preset::Tiny);

    // As the article's G learns, by Nesterov's momentum; without batch normalisation, which would keep relu alive.
    let tanh = Settings {
        batch_norm: false,
        optimiser_g: OptimiserKind::Nesterov,
        momentum_g: 0.9,
        rate_g: 0.01,
        rate_d: 2e-3,
        activation_g: Activation::Tanh,
        ..tiny.clone()
    };
    let relu = Settings { activation_g: Activation::Relu, ..tanh.clone() };
    // Plain gradient steps: Adam divides by the gradient's size, and a vanishing one would not show.
    let fair =
        Settings { optimiser_g: OptimiserKind::Sgd, rate_g: 0.05, rate_d: 3e-3, ..tiny.clone() };
    let saturating = Settings { loss: Loss::Minimax, ..fair.clone() };
    let even = Settings { rate_d: 0.02, rate_g: 0.02, ..tiny.clone() };
    let late = Settings { rate_d: 3e-4, ..even.clone() };
    let once = Settings {
        optimiser_g: OptimiserKind::Sgd,
        rate_g: 0.1,
        loss: Loss::Minimax,
        ..tiny.clone()
    };
    let ten = Settings { k: 10, ..once.clone() };
    let gentle = Settings { optimiser_d: OptimiserKind::Sgd, rate_d: 0.03, ..tiny.clone() };
    let fast = Settings { rate_d: 0.1, ..gentle.clone() };
    let slow = Settings { rate_g: 4e-5, ..tiny.clone() };
    let article = Settings::of(Preset::Article);
    let dead = Settings { activation_g: Activation::Relu, ..article.clone() };
    let won = Kind::DiscriminatorWon;
    let pairs = [
        (Kind::Grey, 300, ("article-relu", dead), ("article", article)),
        (Kind::AllAlike, 300, ("relu-in-g", relu), ("tanh-in-g", tanh)),
        (won, 400, ("d-wins", saturating), ("non-saturating", fair)),
        (Kind::FewClasses, 400, ("few-classes", late), ("faster-d", even)),
        (won, 300, ("k-too-high", ten), ("k-one", once)),
        (Kind::NotANumber, 400, ("rate-too-high", fast), ("lower-rate", gentle)),
        (Kind::Grey, 500, ("g-too-slow", slow), ("g-as-usual", tiny)),
    ];
    let mut runs = Vec::new();
    for (kind, steps, (failure, failing), (cure, mended)) in pairs {
        runs.push(known(failure, Role::Fails(kind), steps, failing));
        runs.push(known(cure, Role::Mends(failure), steps, mended));
    }
    runs
}

/// Recommended settings, with which nothing goes wrong, and runs that are set beside each other: the article's
/// rates and batches, the latter over equally many images.
fn others() -> Vec<Known> {
    let tiny = Settings::of(Preset::Tiny);
    let at = |rate| Settings { rate_d: rate, rate_g: rate, ..tiny.clone() };
    let by = |batch| Settings { batch, ..tiny.clone() };
    vec![
        known("tiny", Role::Good, 1000, tiny.clone()),
        known("compact", Role::Good, 400, Settings::of(Preset::Compact)),
        known("rate-5e-4", Role::Compared, 400, at(5e-4)),
        known("rate-1e-3", Role::Compared, 400, at(1e-3)),
        known("rate-5e-2", Role::Compared, 400, at(0.05)),
        known("batch-16", Role::Compared, 800, by(16)),
        known("batch-32", Role::Compared, 400, by(32)),
        known("batch-64", Role::Compared, 200, by(64)),
    ]
}

fn known(name: &'static str, role: Role, steps: u32, settings: Settings) -> Known {
    Known { name, role, steps, settings }
}
