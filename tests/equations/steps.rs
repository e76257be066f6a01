//! The steps of both players: the program's gradients, averaged over every mini-batch, against central
//! differences.

use super::instances::{FEW, STEP, between, close, rng, sigmoid};
use super::players::{Game, M, batches, network, outputs, run};
use saddle::game::mlp::Mlp;
use saddle::game::{GameLoss, of_generator, on_fake, on_real};

/// Central differences of networks whose weights are of order one.
const GRADIENT: f64 = 1e-7;

/// Derivatives of f by every parameter of a network, by central differences.
fn differences(net: &Mlp<f64>, f: impl Fn(&Mlp<f64>) -> f64) -> Vec<f64> {
    let by = |i: usize| {
        let shifted = |by: f64| {
            let mut net = net.clone();
            net.parameters[i] += by;
            f(&net)
        };
        (shifted(STEP) - shifted(-STEP)) / (2.0 * STEP)
    };
    (0..net.parameters.len()).map(by).collect()
}

fn pick(points: &[f64], batch: [usize; M]) -> [f64; M] {
    batch.map(|i| points[i])
}

/// D's stochastic gradients average to the gradient of V.
#[test]
fn eq_d_step() {
    let mut rng = rng();
    for _ in 0..FEW {
        let game = Game::random(&mut rng);
        let made = outputs(&game.g, &game.z);
        let mut mean = vec![0.0; game.d.parameters.len()];
        batches(&game.data, |chance_x, x| {
            batches(&game.prior, |chance_z, z| {
                let mut gradient = vec![0.0; mean.len()];
                let mut real = run(&game.d, &pick(&game.x, x));
                on_real(GameLoss::Minimax, &mut real);
                game.d.backward(&mut real, &mut gradient);
                let mut fake = run(&game.d, &pick(&made, z));
                on_fake(GameLoss::Minimax, &mut fake);
                game.d.backward(&mut fake, &mut gradient);
                // The program descends a loss; the page ascends V.
                for (mean, g) in mean.iter_mut().zip(&gradient) {
                    *mean -= chance_x * chance_z * g;
                }
            });
        });
        for (found, expected) in mean.iter().zip(differences(&game.d, |d| game.value(d, &game.g))) {
            close(*found, expected, GRADIENT);
        }
    }
}

/// The average over all mini-batches of what the program computes for G's step.
fn mean_step(game: &Game, loss: GameLoss) -> Vec<f64> {
    let mut mean = vec![0.0; game.g.parameters.len()];
    batches(&game.prior, |chance, z| {
        let mut g = run(&game.g, &pick(&game.z, z));
        let mut fake = run(&game.d, g.outputs());
        of_generator(loss, &mut fake);
        game.d.backward_input(&mut fake);
        g.dy.copy_from_slice(&fake.dx);
        let mut gradient = vec![0.0; mean.len()];
        game.g.backward(&mut g, &mut gradient);
        for (mean, g) in mean.iter_mut().zip(&gradient) {
            *mean += chance * g;
        }
    });
    mean
}

/// G's stochastic gradients average to the gradient of V, of which the first term does not depend on G.
#[test]
fn eq_g_step() {
    let mut rng = rng();
    for _ in 0..FEW {
        let game = Game::random(&mut rng);
        let expected = differences(&game.g, |g| game.value(&game.d, g));
        for (found, expected) in mean_step(&game, GameLoss::Minimax).iter().zip(expected) {
            close(*found, expected, GRADIENT);
        }
    }
}

/// The same for log D(G(z)), which this step ascends.
#[test]
fn eq_ns_loss() {
    let mut rng = rng();
    for _ in 0..FEW {
        let game = Game::random(&mut rng);
        let objective = |g: &Mlp<f64>| -> f64 {
            let logits = outputs(&game.d, &outputs(g, &game.z));
            game.prior.iter().zip(logits).map(|(p, a)| p * sigmoid(a).ln()).sum()
        };
        let expected = differences(&game.g, objective);
        for (found, expected) in mean_step(&game, GameLoss::NonSaturating).iter().zip(expected) {
            close(-found, expected, GRADIENT);
        }
    }
}

/// One noise sample: the two gradients by differences, and as weight, Jacobian of G, slope of the logit.
#[test]
fn eq_g_gradients() {
    let mut rng = rng();
    for _ in 0..FEW {
        let (d, g, z) = (network(&mut rng), network(&mut rng), between(&mut rng, -2.0, 2.0));
        let answer = |g: &Mlp<f64>| sigmoid(outputs(&d, &outputs(g, &[z]))[0]);
        let minimax = differences(&g, |g| (1.0 - answer(g)).ln());
        let non_saturating = differences(&g, |g| -answer(g).ln());
        let jacobian = differences(&g, |g| outputs(g, &[z])[0]);
        let mut at_d = run(&d, &outputs(&g, &[z]));
        d.tangent(&mut at_d);
        let (slope, weight) = (at_d.slope[0][0], answer(&g));
        for i in 0..jacobian.len() {
            close(minimax[i], -weight * jacobian[i] * slope, GRADIENT);
            close(non_saturating[i], -(1.0 - weight) * jacobian[i] * slope, GRADIENT);
        }
    }
}
