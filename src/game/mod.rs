//! The game in one and two dimensions, Algorithm 1 of Goodfellow et al. 2014, with exact figures of every moment.
//!
//! All arithmetic that training depends on is f32 or f64 `+ - * / sqrt` in a fixed order: the same settings
//! give the same bits natively and in WebAssembly.

mod data;
pub mod evaluation;
mod exact;
mod frame;
mod look;
mod losses;
pub mod mlp;
mod optimiser;
pub mod plane;
mod play;
mod player;
mod preset;
mod presets;
pub mod prior;
mod settings;
mod state;
pub mod target;

pub use frame::{GameFrame, GameNumbers, Samples};
pub use losses::{Means, gradient_penalty, of_generator, on_fake, on_real};
pub use optimiser::Optimiser;
pub use plane::frame::{PlaneError, PlaneFigures, PlaneFrame, PlaneSamples};
pub use plane::presets::plane_presets;
pub use play::{Game, Optimum, RunFigures, Service, median, play};
pub use preset::Preset;
pub use presets::{preset, presets};
pub use settings::{GameLoss, GameSettings, NetSettings, OptimiserKind, SettingsError};
