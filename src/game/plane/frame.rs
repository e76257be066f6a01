//! What one moment of a game in the plane looks like: p_data, p_g, D and D* on the cells of a square, the mesh of z as
//! G maps it, and the numbers, all by quadrature on the exact p_data and the exact pushforward p_g.
//!
//! # Accuracy
//!
//! On 96 x 96 cells and a mesh of 128 x 128, against four times as many of each: JSD within 2e-3 nats while G is smooth,
//! and within 4e-3 when it has folded the plane over several times; C(G) within twice that, V(D, G) within 2e-3
//! (`tests/plane.rs`). By masses of the same cells alone a JSD of 0.18 came out as 0.13.

use serde::Serialize;
use thiserror::Error;

use super::evaluation::{Parts, PlaneEvaluation, Sight};
use crate::game::frame::{GameNumbers, UNSEEN};
use crate::game::mlp::Tape;
use crate::game::state::{self, State};
use crate::num::rng::Rng;
use crate::theory::{divergence, game};

/// What the plane has beside [`GameNumbers`].
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PlaneFigures {
    /// Mass of p_g without density, on curves and points; it shares nothing with a p_data that has one.
    pub singular: f64,
    /// Likewise of p_data.
    pub singular_data: f64,
    /// Mass of p_g outside the window.
    pub outside: f64,
    /// Of each mode of p_data, the mass that p_g has within three deviations of its centre.
    pub modes: Vec<f64>,
    /// The same of p_data.
    pub due: Vec<f64>,
    /// How many modes are served: have at least half of their due.
    pub served: usize,
}

/// One moment. The cells lie row by row from the lowest y, in each row from the lowest x.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaneFrame {
    /// Whole iterations so far.
    pub iteration: u64,
    /// Steps of D so far.
    pub d_steps: u64,
    /// Steps of G so far.
    pub g_steps: u64,
    /// Half the side of the square, which is centred on 0, in data units.
    pub half: f64,
    /// Cells along either axis.
    pub cells: usize,
    /// Mean density in each cell, per squared data unit; of a segment too, which has none in truth.
    pub p_data: Vec<f32>,
    /// Likewise, mass without density included.
    pub p_g: Vec<f32>,
    /// D in the middle of each cell, in [0, 1].
    pub d: Vec<f32>,
    /// D* from the mean densities of what has one; NaN where neither has.
    pub d_star: Vec<f32>,
    /// G at the nodes of the mesh of z, x and y in turn, row by row; along a curve when z has one dimension.
    pub mesh: Vec<f32>,
    /// Nodes in a row of the mesh.
    pub row: usize,
    /// The figures.
    pub numbers: GameNumbers,
    /// And those of the plane alone.
    pub figures: PlaneFigures,
}

/// Why there is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PlaneError {
    /// The networks have diverged.
    #[error(
        "the weights of D or G have become infinite or no numbers: start again with lower rates"
    )]
    Diverged,
    /// It is a game on the line.
    #[error("the game is on the line: choose a target in the plane")]
    Line,
}

/// Samples, and what D makes of them.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaneSamples {
    /// G(z), x and y in turn, in data units; the same z at every moment of a seed.
    pub x: Vec<f32>,
    /// D there, in [0, 1].
    pub d: Vec<f32>,
    /// Gradient of D's logit there, x and y in turn, per data unit: what every loss of G pushes along.
    pub slope: Vec<f32>,
    /// As many samples of p_data, x and y in turn; the same at every moment of a seed.
    pub real: Vec<f32>,
}

/// This moment, with G as it is, or with its moving average in G's place.
pub(in crate::game) fn frame(
    state: &State,
    evaluation: &mut PlaneEvaluation,
    average: bool,
) -> Result<PlaneFrame, PlaneError> {
    let sight = evaluation.look(&state.d.net, &state.shown(average)).ok_or(PlaneError::Diverged)?;
    let PlaneEvaluation { window, data, .. } = &*evaluation;
    let area = window.width() * window.width();
    let cells = 0..window.count();
    let d_star = |cell: usize| {
        game::optimal(data.cells[cell], sight.law.cells[cell]).unwrap_or(f64::NAN) as f32
    };
    Ok(PlaneFrame {
        iteration: state.iteration,
        d_steps: state.d_steps,
        g_steps: state.g_steps,
        half: window.half,
        cells: window.cells,
        p_data: cells.clone().map(|cell| (data.of_cell(cell) / area) as f32).collect(),
        p_g: cells.clone().map(|cell| (sight.law.of_cell(cell) / area) as f32).collect(),
        d: sight.logits.iter().map(|&l| game::sigmoid(l) as f32).collect(),
        d_star: cells.map(d_star).collect(),
        mesh: sight.images.iter().flatten().map(|&x| x as f32).collect(),
        row: evaluation.row(),
        numbers: measure(state, evaluation, &sight),
        figures: figures(evaluation, &sight),
    })
}

/// The figures of this moment.
pub(in crate::game) fn measure(
    state: &State,
    evaluation: &PlaneEvaluation,
    sight: &Sight,
) -> GameNumbers {
    let parts = Parts::new(evaluation, sight);
    let Parts { logits, data, g, .. } = &parts;
    let jsd = divergence::jsd(data, g);
    GameNumbers {
        v: game::value(logits, data, g),
        c_of_g: game::c_of_g(data, g),
        jsd,
        kl_data_g: divergence::kl_ignoring(data, g, UNSEEN),
        kl_g_data: divergence::kl_ignoring(g, data, UNSEEN),
        identity: game::c_from_jsd(jsd),
        gap: game::gap(logits, data, g),
        sup_d_d_star: parts.sup_from_optimal(0.99),
        sup_d_half: parts.sup_from_half(0.98),
        v_batch: state.v_batch,
        loss_d: state.loss_d,
        loss_g: state.loss_g,
    }
}

/// The same, with G as it is, or with its moving average in its place; none is a number when the networks have
/// diverged.
pub(in crate::game) fn numbers(
    state: &State,
    evaluation: &mut PlaneEvaluation,
    average: bool,
) -> GameNumbers {
    let none = f64::NAN;
    match evaluation.look(&state.d.net, &state.shown(average)) {
        Some(sight) => measure(state, evaluation, &sight),
        None => GameNumbers {
            v: none,
            c_of_g: none,
            jsd: none,
            kl_data_g: none,
            kl_g_data: none,
            identity: none,
            gap: none,
            sup_d_d_star: none,
            sup_d_half: none,
            v_batch: state.v_batch,
            loss_d: state.loss_d,
            loss_g: state.loss_g,
        },
    }
}

/// The figures of the plane alone.
pub(in crate::game) fn figures(evaluation: &PlaneEvaluation, sight: &Sight) -> PlaneFigures {
    let PlaneEvaluation { data, modes, .. } = evaluation;
    let law = &sight.law;
    let (modes, due): (Vec<f64>, Vec<f64>) =
        modes.iter().map(|mode| (mode.mass(law), mode.mass(data))).unzip();
    PlaneFigures {
        singular: law.without_density(),
        singular_data: data.without_density(),
        outside: law.outside,
        served: modes.iter().zip(&due).filter(|(mass, due)| **mass >= 0.5 * **due).count(),
        modes,
        due,
    }
}

/// Streams of the seed that samples come from; the game itself uses those below them.
const STREAM_SAMPLES: u64 = 4;
const STREAM_REAL: u64 = 5;

/// `n` samples of G, and of p_data.
pub(in crate::game) fn samples(state: &State, n: usize) -> PlaneSamples {
    let State { settings, d, g, .. } = state;
    let (d, g) = (&d.net, &g.net);
    let mut made = Tape::new(n, g.shape);
    state::noise(settings, &mut Rng::stream(settings.seed, STREAM_SAMPLES), &mut made);
    g.forward(&mut made);
    let mut seen = Tape::new(n, d.shape);
    seen.x.copy_from_slice(&made.y);
    d.forward(&mut seen);
    d.tangent(&mut seen);
    let mut real = Tape::new(n, d.shape);
    state.target.fill(&mut Rng::stream(settings.seed, STREAM_REAL), &mut real);
    PlaneSamples {
        x: seen.rows(&seen.x),
        d: seen.outputs().iter().map(|&l| game::sigmoid(f64::from(l)) as f32).collect(),
        slope: seen.rows(&seen.slope),
        real: real.rows(&real.x),
    }
}
