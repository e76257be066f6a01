//! D trained to its optimum against a G that stands still: on the exact densities, not on samples, so the
//! way there is smooth and its end is D* itself (proposition 1) as far as the network can bend.

use super::evaluation::Densities;
use super::frame::{self, PER_UNIT};
use super::look::Look;
use super::mlp::{LANES, Tape};
use super::optimiser::Optimiser;
use super::plane::evaluation::Parts;
use super::settings::{NetSettings, OptimiserKind};
use super::state::{Ascent, State};
use crate::theory::game;
use crate::theory::grid::points;

/// Cells per data unit of the quadrature that D is trained on.
const COARSE: f64 = 48.0;

/// Both densities of one G, which stands still: as a quadrature to train D on, and as finely as D is measured.
#[derive(Debug)]
pub(super) struct FixedG {
    tape: Tape<f32>,
    data: Vec<f32>,
    g: Vec<f32>,
    fine: Fine,
}

#[derive(Debug)]
enum Fine {
    Line(Densities),
    /// D is measured where it is trained.
    Plane(Parts),
    /// There are no densities, since the networks have diverged.
    None,
}

impl FixedG {
    pub(super) fn new(state: &State, look: &mut Look) -> Self {
        let shape = state.settings.shape_of_d();
        let single = |masses: Vec<f64>| masses.into_iter().map(|m| m as f32).collect();
        match look {
            Look::Line(evaluation, target) => {
                let mut densities = |per_unit| evaluation.densities(target, &state.g.net, per_unit);
                let (coarse, fine) = (densities(COARSE), densities(PER_UNIT));
                let at = points(&coarse.edges);
                let mut tape = Tape::new(at.len(), shape);
                for (to, x) in tape.inputs().iter_mut().zip(at) {
                    *to = x as f32;
                }
                Self {
                    tape,
                    data: single(coarse.data.with_tails()),
                    g: single(coarse.g.with_tails()),
                    fine: Fine::Line(fine),
                }
            }
            Look::Plane(evaluation) => {
                let Some(sight) = evaluation.look(&state.d.net, &state.g.net) else {
                    let (data, g) = (Vec::new(), Vec::new());
                    return Self { tape: Tape::new(0, shape), data, g, fine: Fine::None };
                };
                let parts = Parts::new(evaluation, &sight);
                let mut tape = Tape::new(parts.at.len(), shape);
                let mut at = parts.at.iter();
                tape.fill_pairs(|| at.next().map_or([0.0; 2], |x| x.map(|x| x as f32)));
                Self {
                    tape,
                    data: single(parts.data.clone()),
                    g: single(parts.g.clone()),
                    fine: Fine::Plane(parts),
                }
            }
        }
    }

    /// sup |D - D*| on 99 % of the mass of (p_data + p_g)/2.
    pub(super) fn sup(&mut self, state: &State, look: &mut Look) -> f64 {
        match (&mut self.fine, look) {
            (Fine::Line(fine), Look::Line(evaluation, _)) => {
                frame::measure(state, evaluation, fine).sup_d_d_star
            }
            (Fine::Plane(parts), _) => {
                state.d.net.forward(&mut self.tape);
                let logits = self.tape.outputs().iter().map(|&l| f64::from(l));
                parts.logits.clear();
                parts.logits.extend(logits);
                parts.sup_from_optimal(0.99)
            }
            (Fine::None | Fine::Line(_), _) => f64::NAN,
        }
    }
}

/// The ascent that goes on for the G of `state`, or a new one.
pub(super) fn ascent(state: &mut State) -> Ascent {
    match state.ascent.take() {
        Some(ascent) if ascent.g_steps == state.g_steps => ascent,
        _ => Ascent {
            g_steps: state.g_steps,
            steps: 0,
            optimiser: Optimiser::new(state.d.net.parameters.len()),
        },
    }
}

/// One step of full-density Adam up V(D, G).
pub(super) fn ascend(state: &mut State, ascent: &mut Ascent, fixed_g: &mut FixedG) {
    let settings = NetSettings {
        optimiser: OptimiserKind::Adam,
        rate: 1e-2 / (1.0 + ascent.steps as f64 / 300.0),
        beta1: 0.9,
        ..state.settings.d.clone()
    };
    let (d, tape) = (&mut state.d, &mut fixed_g.tape);
    d.net.forward(tape);
    // d/dl of -(data log D + g log(1 - D)) is (data + g) D - data.
    for (c, (y, dy)) in tape.y.iter().zip(&mut tape.dy).enumerate() {
        for l in 0..LANES {
            let (data, g) = match fixed_g.data.get(c * LANES + l) {
                Some(&data) => (data, fixed_g.g[c * LANES + l]),
                None => (0.0, 0.0),
            };
            dy[l] = (data + g) * game::sigmoid(f64::from(y[l])) as f32 - data;
        }
    }
    d.gradient.fill(0.0);
    d.net.backward(tape, &mut d.gradient);
    ascent.optimiser.step(&settings, 1.0, &mut d.net.parameters, &d.gradient);
    ascent.steps += 1;
}
