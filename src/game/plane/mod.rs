//! The game in two dimensions: what p_data may be, how the game is looked at, and known games.

pub(super) mod evaluation;
pub(super) mod frame;
pub(super) mod presets;
pub mod target;
