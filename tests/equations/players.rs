//! The equations of the loop in which networks meet mini-batches. The networks and the losses are those of
//! the 1-D laboratory, in f64; instead of sampling, every mini-batch that could be drawn is, with its
//! probability.

use super::instances::{MANY, ROUNDING, between, close, law, positive, rng, sigmoid};
use saddle::game::mlp::{Activation, Mlp, Shape, Tape};
use saddle::game::{GameLoss, on_fake, on_real};
use saddle::num::rng::Rng;
use saddle::theory::game;

const SHAPE: Shape = Shape::scalar(3);
/// Values of x, and of z.
const OUTCOMES: usize = 3;
/// Samples of each kind in a mini-batch.
pub(super) const M: usize = 2;

pub(super) fn network(rng: &mut Rng) -> Mlp<f64> {
    let activation = if rng.below(2) == 0 { Activation::Tanh } else { Activation::Softplus };
    let parameters = (0..SHAPE.size()).map(|_| 0.8 * rng.normal()).collect();
    Mlp { shape: SHAPE, activation, parameters }
}

/// A network's outputs, on a tape that knows the way back.
pub(super) fn run(net: &Mlp<f64>, inputs: &[f64]) -> Tape<f64> {
    let mut tape = Tape::new(inputs.len(), SHAPE);
    tape.inputs().copy_from_slice(inputs);
    net.forward(&mut tape);
    tape
}

pub(super) fn outputs(net: &Mlp<f64>, inputs: &[f64]) -> Vec<f64> {
    run(net, inputs).outputs().to_vec()
}

/// Calls `see` with each mini-batch of `M` outcomes and its probability.
pub(super) fn batches(chances: &[f64], mut see: impl FnMut(f64, [usize; M])) {
    for i in 0..OUTCOMES {
        for j in 0..OUTCOMES {
            see(chances[i] * chances[j], [i, j]);
        }
    }
}

/// Points x of the data and z of the noise, their probabilities, and both networks.
pub(super) struct Game {
    pub(super) x: Vec<f64>,
    pub(super) data: Vec<f64>,
    pub(super) z: Vec<f64>,
    pub(super) prior: Vec<f64>,
    pub(super) d: Mlp<f64>,
    pub(super) g: Mlp<f64>,
}

impl Game {
    pub(super) fn random(rng: &mut Rng) -> Self {
        let mut points = || (0..OUTCOMES).map(|_| between(rng, -2.0, 2.0)).collect();
        let (x, z) = (points(), points());
        let (data, prior) = (positive(rng, OUTCOMES), positive(rng, OUTCOMES));
        Self { x, data, z, prior, d: network(rng), g: network(rng) }
    }

    /// V(D, G) on the joint table of all x and all G(z).
    pub(super) fn value(&self, d: &Mlp<f64>, g: &Mlp<f64>) -> f64 {
        let mut points = self.x.clone();
        points.extend(outputs(g, &self.z));
        let nothing = [0.0; OUTCOMES];
        let data = [&self.data[..], &nothing].concat();
        let p_g = [&nothing[..], &self.prior].concat();
        game::value(&outputs(d, &points), &data, &p_g)
    }
}

#[test]
fn eq_v_sampled() {
    let mut rng = rng();
    for _ in 0..MANY {
        let m = 1 + rng.below(20) as usize;
        let mut points = || (0..m).map(|_| between(&mut rng, -2.0, 2.0)).collect::<Vec<f64>>();
        let (x, z) = (points(), points());
        let (d, g) = (network(&mut rng), network(&mut rng));
        let (mut real, mut fake) = (run(&d, &x), run(&d, &outputs(&g, &z)));
        let found = on_real(GameLoss::Minimax, &mut real).value
            + on_fake(GameLoss::Minimax, &mut fake).value;
        let of_real: f64 = x.iter().map(|x| sigmoid(outputs(&d, &[*x])[0]).ln()).sum();
        let made = |z: &f64| outputs(&g, &[*z])[0];
        let of_fake: f64 = z.iter().map(|z| (1.0 - sigmoid(outputs(&d, &[made(z)])[0])).ln()).sum();
        close(found, of_real / m as f64 + of_fake / m as f64, ROUNDING);
    }
}

/// The expectation over all pairs of mini-batches; and the maximum over D of each, which is the C(G) of
/// the two empirical distributions.
#[test]
fn eq_v_unbiased() {
    let mut rng = rng();
    for _ in 0..MANY {
        let game = Game::random(&mut rng);
        let (logit_x, logit_g) =
            (outputs(&game.d, &game.x), outputs(&game.d, &outputs(&game.g, &game.z)));
        // A second game, in which G hits the very points of the data, so that D cannot tell them apart.
        let hits: Vec<usize> = (0..OUTCOMES).map(|_| rng.below(OUTCOMES as u32) as usize).collect();
        let (mut mean, mut mean_of_maximum) = (0.0, 0.0);
        batches(&game.data, |chance_x, x| {
            batches(&game.prior, |chance_z, z| {
                let sampled: f64 = (0..M)
                    .map(|i| game::log_sigmoid(logit_x[x[i]]) + game::log_sigmoid(-logit_g[z[i]]))
                    .sum();
                mean += chance_x * chance_z * sampled / M as f64;
                let share = [1.0 / M as f64; M];
                let (real, fake) =
                    (law(&share, &x, OUTCOMES), law(&share, &z.map(|z| hits[z]), OUTCOMES));
                mean_of_maximum += chance_x * chance_z * game::c_of_g(&real, &fake);
            });
        });
        close(mean, game.value(&game.d, &game.g), ROUNDING);
        let p_g = law(&game.prior, &hits, OUTCOMES);
        assert!(mean_of_maximum >= game::c_of_g(&game.data, &p_g) - ROUNDING);
    }
}

/// Labels and cross-entropy, against the losses of the laboratory.
#[test]
fn eq_cross_entropy() {
    let mut rng = rng();
    for _ in 0..MANY {
        let m = 1 + rng.below(20) as usize;
        let x: Vec<f64> = (0..2 * m).map(|_| between(&mut rng, -2.0, 2.0)).collect();
        let d = network(&mut rng);
        let label = |j: usize| f64::from(u8::from(j < m));
        let term = |(j, a): (usize, f64)| {
            let d = sigmoid(a);
            label(j) * d.ln() + (1.0 - label(j)) * (1.0 - d).ln()
        };
        let j = -outputs(&d, &x).into_iter().enumerate().map(term).sum::<f64>() / (2 * m) as f64;
        let (mut real, mut fake) = (run(&d, &x[..m]), run(&d, &x[m..]));
        let (real, fake) =
            (on_real(GameLoss::Minimax, &mut real), on_fake(GameLoss::Minimax, &mut fake));
        close(j, -0.5 * (real.value + fake.value), ROUNDING);
        close(j, 0.5 * (real.loss + fake.loss), ROUNDING);
    }
}
