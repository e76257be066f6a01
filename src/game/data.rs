//! p_data of a game, on the line or in the plane.

use super::mlp::Tape;
use super::plane::target::PlaneTarget;
use super::target::Target;
use crate::num::rng::Rng;

/// Where real samples come from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Data {
    Line(Target),
    Plane(PlaneTarget),
}

impl Data {
    /// Independent draws into the inputs.
    pub(super) fn fill(&self, rng: &mut Rng, tape: &mut Tape<f32>) {
        match self {
            Self::Line(target) => target.fill(rng, tape.inputs()),
            Self::Plane(target) => tape.fill_pairs(|| target.sample(rng).map(|x| x as f32)),
        }
    }
}
