//! D trained to its optimum against a G that stands still: on the exact densities, not on samples, so the
//! way there is smooth and its end is D* itself (proposition 1) as far as the network can bend.

use super::Game;
use super::optimiser::Optimiser;
use super::settings::{NetSettings, OptimiserKind};
use crate::models::mlp::{LANES, Tape};
use crate::theory::game;
use crate::theory::grid::points;

/// Cells per data unit of the quadrature that D is trained on.
const PER_UNIT: f64 = 48.0;
/// Steps between two looks at the distance from D*.
const LOOK: u32 = 20;
/// sup |D - D*| at which D is at its optimum.
const NEAR: f64 = 0.02;

/// How far D has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optimum {
    /// Steps taken by this call.
    pub steps: u32,
    /// sup |D - D*| on the central 99 % of the mass of (p_data + p_g)/2.
    pub sup: f64,
    /// Whether that is at most 0.02.
    pub reached: bool,
}

/// The maximisation of V(D, G) over D for one G.
#[derive(Clone, Debug)]
pub struct Ascent {
    /// Steps of G when it began; G having moved since makes it void.
    g_steps: u64,
    steps: u64,
    optimiser: Optimiser,
    tape: Tape<f32>,
    data: Vec<f32>,
    g: Vec<f32>,
}

impl Game {
    /// Up to `steps` steps of full-density Adam on V(D, G) with G frozen (log loss and no R1, whatever the
    /// settings), until sup |D - D*| is at most 0.02. Called again with the same G it goes on, so that each
    /// call can be one frame. D's own optimiser does not notice.
    pub fn train_d_to_optimum(&mut self, steps: u32) -> Optimum {
        let mut ascent = match self.ascent.take() {
            Some(ascent) if ascent.g_steps == self.g_steps => ascent,
            _ => Box::new(self.ascend()),
        };
        let mut taken = 0;
        let mut sup = self.numbers(false).sup_d_d_star;
        while taken < steps && sup > NEAR {
            let some = LOOK.min(steps - taken);
            for _ in 0..some {
                self.climb(&mut ascent);
            }
            taken += some;
            sup = self.numbers(false).sup_d_d_star;
        }
        self.d_steps += u64::from(taken);
        self.ascent = Some(ascent);
        Optimum {
            steps: taken,
            sup,
            reached: sup <= NEAR,
        }
    }

    fn ascend(&mut self) -> Ascent {
        let densities = self.densities(false, PER_UNIT);
        let at = points(&densities.edges);
        let mut tape = Tape::new(at.len(), self.settings.d.width);
        for (to, x) in tape.inputs().iter_mut().zip(at) {
            *to = x as f32;
        }
        let single = |masses: Vec<f64>| masses.into_iter().map(|m| m as f32).collect();
        Ascent {
            g_steps: self.g_steps,
            steps: 0,
            optimiser: Optimiser::new(self.d.net.parameters.len()),
            tape,
            data: single(densities.data.with_tails()),
            g: single(densities.g.with_tails()),
        }
    }

    fn climb(&mut self, ascent: &mut Ascent) {
        let settings = NetSettings {
            optimiser: OptimiserKind::Adam,
            rate: 1e-2 / (1.0 + ascent.steps as f64 / 300.0),
            beta1: 0.9,
            ..self.settings.d.clone()
        };
        let tape = &mut ascent.tape;
        self.d.net.forward(tape);
        // d/dl of -(data log D + g log(1 - D)) is (data + g) D - data.
        for (c, (y, dy)) in tape.y.iter().zip(&mut tape.dy).enumerate() {
            for l in 0..LANES {
                let (data, g) = match ascent.data.get(c * LANES + l) {
                    Some(&data) => (data, ascent.g[c * LANES + l]),
                    None => (0.0, 0.0),
                };
                dy[l] = (data + g) * game::sigmoid(f64::from(y[l])) as f32 - data;
            }
        }
        self.d.gradient.fill(0.0);
        self.d.net.backward(tape, &mut self.d.gradient);
        ascent
            .optimiser
            .step(&settings, 1.0, &mut self.d.net.parameters, &self.d.gradient);
        ascent.steps += 1;
    }
}
