//! What one moment of the game looks like: densities, D and D* on a grid, mapping lines, and the numbers, all
//! by quadrature on the exact p_data and the exact pushforward p_g.

use serde::Serialize;

use super::evaluation::{Densities, Evaluation};
use super::mlp::Tape;
use super::state::{State, noise};
use super::target::Target;
use crate::num::rng::Rng;
use crate::theory::{divergence, game, grid::points};

/// Mass of p_data that p_g may miss (or the reverse) before a KL is infinite: no mini-batch shows it.
pub(super) const UNSEEN: f64 = 1e-4;

/// Figures of the exact densities unless said otherwise; nats.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GameNumbers {
    /// V(D, G).
    pub v: f64,
    /// V(D*, G).
    pub c_of_g: f64,
    /// Between p_data and p_g.
    pub jsd: f64,
    /// KL(p_data||p_g); infinite when p_g misses over 1e-4 of the mass.
    pub kl_data_g: f64,
    /// KL(p_g||p_data), likewise.
    pub kl_g_data: f64,
    /// -log 4 + 2 JSD.
    pub identity: f64,
    /// V(D*, G) - V(D, G), >= 0.
    pub gap: f64,
    /// sup |D - D*| on the central 99 % of the mass of (p_data + p_g)/2.
    #[serde(rename = "supDDStar")]
    pub sup_d_d_star: f64,
    /// sup |D - 1/2| on the central 98 % of the mass of p_data.
    #[serde(rename = "supDHalf")]
    pub sup_d_half: f64,
    /// V~ of D's last mini-batch; NaN before the first.
    pub v_batch: f64,
    /// What D minimised on it.
    pub loss_d: f64,
    /// What G minimised on its last mini-batch.
    pub loss_g: f64,
}

/// One moment. `x`, `p_data`, `p_g`, `d`, `d_star` have 401 entries, `z` and `gz` 60.
#[derive(Clone, Debug, PartialEq)]
pub struct GameFrame {
    /// Whole iterations so far.
    pub iteration: u64,
    /// Steps of D so far.
    pub d_steps: u64,
    /// Steps of G so far.
    pub g_steps: u64,
    /// Equally spaced, ascending, in data units.
    pub x: Vec<f32>,
    /// Mean density around each x (half a grid step to both sides), per data unit.
    pub p_data: Vec<f32>,
    /// Likewise.
    pub p_g: Vec<f32>,
    /// D(x), in [0, 1].
    pub d: Vec<f32>,
    /// D*(x) from the mean densities; NaN where both are 0.
    pub d_star: Vec<f32>,
    /// Noise at equal steps of prior mass: quantiles of (i + 1/2)/60.
    pub z: Vec<f32>,
    /// G(z).
    pub gz: Vec<f32>,
    /// The figures.
    pub numbers: GameNumbers,
}

/// Samples of G and what D makes of them; as many of each.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// G(z), in data units; the same z at every moment of a seed.
    pub x: Vec<f32>,
    /// D(x), in [0, 1].
    pub d: Vec<f32>,
    /// Slope of D's logit, per data unit: what every loss of G pushes along.
    pub slope: Vec<f32>,
}

/// Cells per data unit that the stated accuracy needs.
pub(super) const PER_UNIT: f64 = 512.0;
/// Stream of the seed that samples come from; the game itself uses those below it.
const STREAM_SAMPLES: u64 = 4;

/// This moment, with G as it is, or with its moving average in G's place.
pub(super) fn frame(
    state: &State,
    target: &Target,
    evaluation: &mut Evaluation,
    average: bool,
) -> GameFrame {
    let densities = evaluation.densities(target, &state.shown(average), PER_UNIT);
    let numbers = measure(state, evaluation, &densities);
    let x: Vec<f64> = evaluation.x.iter().step_by(4).copied().collect();
    let p_data = means(&densities.edges, &densities.data.cells, &x);
    let p_g = means(&densities.edges, &densities.g.cells, &x);
    let d_star = p_data.iter().zip(&p_g).map(|(&a, &b)| game::optimal(a, b).unwrap_or(f64::NAN));
    let (z, gz) = evaluation.lines();
    let single = |values: &[f64]| values.iter().map(|&v| v as f32).collect::<Vec<f32>>();
    GameFrame {
        iteration: state.iteration,
        d_steps: state.d_steps,
        g_steps: state.g_steps,
        d: evaluation.logits.iter().step_by(4).map(|&l| game::sigmoid(l) as f32).collect(),
        d_star: d_star.map(|d| d as f32).collect(),
        x: single(&x),
        p_data: single(&p_data),
        p_g: single(&p_g),
        z,
        gz,
        numbers,
    }
}

/// The figures of this moment, D against these densities.
pub(super) fn measure(
    state: &State,
    evaluation: &mut Evaluation,
    densities: &Densities,
) -> GameNumbers {
    let (data, g) = (densities.data.with_tails(), densities.g.with_tails());
    let logits = evaluation.logits(&state.d.net, &points(&densities.edges));
    let jsd = divergence::jsd(&data, &g);
    let edges = &densities.edges;
    GameNumbers {
        v: game::value(&logits, &data, &g),
        c_of_g: game::c_of_g(&data, &g),
        jsd,
        kl_data_g: divergence::kl_ignoring(&data, &g, UNSEEN)
            + divergence::kl_within_cells(edges, &densities.data.cells, &densities.g.cells),
        kl_g_data: divergence::kl_ignoring(&g, &data, UNSEEN)
            + divergence::kl_within_cells(edges, &densities.g.cells, &densities.data.cells),
        identity: game::c_from_jsd(jsd),
        gap: game::gap(&logits, &data, &g),
        sup_d_d_star: game::sup_from_optimal(&logits, &data, &g, 0.99),
        sup_d_half: game::sup_from_half(&logits, &data, 0.98),
        v_batch: state.v_batch,
        loss_d: state.loss_d,
        loss_g: state.loss_g,
    }
}

/// `n` samples of G.
pub(super) fn samples(state: &State, n: usize) -> Samples {
    let (d, g) = (&state.d.net, &state.g.net);
    let mut made = Tape::new(n, g.shape);
    noise(&state.settings, &mut Rng::stream(state.settings.seed, STREAM_SAMPLES), &mut made);
    g.forward(&mut made);
    let mut seen = Tape::new(n, d.shape);
    seen.x.copy_from_slice(&made.y);
    d.forward(&mut seen);
    d.tangent(&mut seen);
    let probability = |&l: &f32| game::sigmoid(f64::from(l)) as f32;
    Samples {
        x: made.outputs().to_vec(),
        d: seen.outputs().iter().map(probability).collect(),
        slope: seen.slope.as_flattened()[..n].to_vec(),
    }
}

/// Mean density around each of equally spaced ascending `x`, half a step to both sides, within the edges.
fn means(edges: &[f64], masses: &[f64], x: &[f64]) -> Vec<f64> {
    let half = 0.5 * (x[1] - x[0]);
    let mut cell = 0;
    x.iter()
        .map(|&x| {
            let (lo, hi) = ((x - half).max(edges[0]), (x + half).min(edges[masses.len()]));
            while edges[cell + 1] <= lo {
                cell += 1;
            }
            let mut sum = 0.0;
            let mut c = cell;
            while c < masses.len() && edges[c] < hi {
                let part = (edges[c + 1].min(hi) - edges[c].max(lo)) / (edges[c + 1] - edges[c]);
                sum += masses[c] * part;
                c += 1;
            }
            sum / (hi - lo)
        })
        .collect()
}
