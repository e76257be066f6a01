//! The buffers to look at a game through, on the line or in the plane.

use super::data::Data;
use super::evaluation::Evaluation;
use super::frame::{self, GameNumbers};
use super::plane::evaluation::{CELLS, MESH, PlaneEvaluation};
use super::plane::frame as plane;
use super::settings::GameSettings;
use super::state::State;
use super::target::Target;

/// Grids and buffers for one target.
#[derive(Debug)]
pub(super) enum Look {
    Line(Evaluation, Target),
    Plane(PlaneEvaluation),
}

impl Look {
    pub(super) fn new(settings: &GameSettings, data: &Data) -> Self {
        match data {
            Data::Line(target) => Self::Line(Evaluation::new(settings, target), target.clone()),
            Data::Plane(target) => Self::Plane(PlaneEvaluation::new(settings, target, CELLS, MESH)),
        }
    }

    /// Looks at games with another target of the same dimension.
    pub(super) fn set_target(&mut self, data: &Data) {
        match (self, data) {
            (Self::Line(evaluation, old), Data::Line(target)) => {
                evaluation.set_target(target);
                old.clone_from(target);
            }
            (Self::Plane(evaluation), Data::Plane(target)) => evaluation.set_target(target),
            (Self::Line(..), Data::Plane(_)) | (Self::Plane(_), Data::Line(_)) => {
                debug_assert!(false, "a game keeps its dimension while its buffers live");
            }
        }
    }

    /// The figures of this moment, on the line by quadrature on so many cells for each data unit.
    pub(super) fn numbers(&mut self, state: &State, average: bool, per_unit: f64) -> GameNumbers {
        match self {
            Self::Line(evaluation, target) => {
                let densities = evaluation.densities(target, &state.shown(average), per_unit);
                frame::measure(state, evaluation, &densities)
            }
            Self::Plane(evaluation) => plane::numbers(state, evaluation, average),
        }
    }
}
