//! The loop as mathematics; what involves networks and mini-batches is in `players`.

use super::convergence::flow_of;
use super::instances::{
    CELLS, FEW, MANY, Mixture, ROUNDING, best_value, between, close, edges, highest, integral,
    logits, masses, mean_of, optimal_logits, pairs, positive, rng, sigmoid, size, slope, weigh,
};
use crate::support::normal;
use saddle::figures::{dirac, temper};
use saddle::game::{GameSettings, NetSettings, Optimiser, OptimiserKind};
use saddle::num::rng::Rng;
use saddle::theory::quadrature::integrate;
use saddle::theory::{divergence, game};
use std::f64::consts::LN_2;

#[test]
fn eq_g_loss() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g) = (masses(&mut rng, n), masses(&mut rng, n));
        close(best_value(&data, &g), game::c_of_g(&data, &g), ROUNDING);
    }
}

/// G(z) = theta + deviation z against a mixture.
struct Shift {
    data: Mixture,
    theta: f64,
    deviation: f64,
}

impl Shift {
    fn random(rng: &mut Rng) -> Self {
        let data = Mixture::random(rng);
        Self { data, theta: between(rng, -2.0, 2.0), deviation: between(rng, 0.5, 1.2) }
    }

    fn density(&self, theta: f64, x: f64) -> f64 {
        Mixture::normal(theta, self.deviation).density(x)
    }

    /// C as a function of theta, by the page's formula and quadrature.
    fn c(&self, theta: f64) -> f64 {
        integral(|x| {
            let (p, q) = (self.data.density(x), self.density(theta, x));
            p * (p / (p + q)).ln() + q * (q / (p + q)).ln()
        })
    }

    /// The logit of the best D for `self.theta`.
    fn best_logit(&self, x: f64) -> f64 {
        self.data.density(x).ln() - self.density(self.theta, x).ln()
    }

    /// An expectation over z at another theta.
    fn over_z(&self, theta: f64, f: impl Fn(f64) -> f64) -> f64 {
        integrate(|z| f(theta + self.deviation * z) * normal::density(z), -8.0, 8.0, 1e-12)
    }
}

/// Differences of quadratures: their 1e-11 over the step of 1e-4, and its square.
fn difference(f: impl Fn(f64) -> f64, at: f64) -> f64 {
    (f(at + 1e-4) - f(at - 1e-4)) / 2e-4
}

/// What [`difference`] may be off by.
const OF_INTEGRALS: f64 = 1e-6;

/// The page's plain rule takes exactly this step; a small one lowers the loss by eta times the square of
/// the slope.
#[test]
fn eq_g_update() {
    let mut rng = rng();
    for _ in 0..FEW {
        let game = Shift::random(&mut rng);
        let gradient = difference(|theta| game.c(theta), game.theta);
        let rate = 1e-3;
        let settings =
            NetSettings { optimiser: OptimiserKind::Sgd, rate, ..GameSettings::default().g };
        let mut parameters = [game.theta as f32];
        Optimiser::new(1).step(&settings, 1.0, &mut parameters, &[gradient as f32]);
        let next = game.theta - rate * gradient;
        // Rounding of f32 at 2.
        close(f64::from(parameters[0]), next, 3e-7);
        // The second derivative of C is at most a few.
        let lowered = game.c(game.theta) - game.c(next);
        close(lowered, rate * gradient.powi(2), 10.0 * (rate * gradient).powi(2) + 1e-9);
    }
}

#[test]
fn eq_max_gradient() {
    let mut rng = rng();
    let mut compared = 0;
    for _ in 0..MANY {
        let all: Vec<[f64; 3]> =
            (0..5).map(|_| [(); 3].map(|()| between(&mut rng, -2.0, 2.0))).collect();
        let at = |[a, b, c]: &[f64; 3], t: f64| a * (b * t + c).sin() + c * t;
        let f = |t: f64| all.iter().map(|part| at(part, t)).fold(f64::NEG_INFINITY, f64::max);
        let t = between(&mut rng, -2.0, 2.0);
        let mut order: Vec<_> = all.iter().collect();
        order.sort_by(|a, b| at(b, t).total_cmp(&at(a, t)));
        // A single one is the largest, and stays so within the step.
        if at(order[0], t) - at(order[1], t) > 1e-3 {
            let [a, b, c] = order[0];
            close(slope(f, t), a * b * (b * t + c).cos() + c, 1e-8);
            compared += 1;
        }
    }
    assert!(compared > MANY / 2);
}

/// The slope of the maximum, and the slope with D held at its optimum.
#[test]
fn eq_danskin() {
    let mut rng = rng();
    for _ in 0..FEW {
        let game = Shift::random(&mut rng);
        let of_maximum = difference(|theta| game.c(theta), game.theta);
        let f = |x: f64| game::log_sigmoid(-game.best_logit(x));
        let held = difference(|theta| game.over_z(theta, f), game.theta);
        close(of_maximum, held, OF_INTEGRALS);
    }
}

#[test]
fn eq_jsd_lower() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g) = (masses(&mut rng, n), masses(&mut rng, n));
        let jsd = divergence::jsd(&data, &g);
        let bound = |d: &[f64]| 0.5 * (game::value(d, &data, &g) + 4.0_f64.ln());
        assert!(jsd > bound(&logits(&mut rng, n)));
        close(jsd, bound(&optimal_logits(&data, &g)), ROUNDING);
    }
}

/// Tabulated, too: the page shows it for densities.
#[test]
fn eq_cross_entropy_min() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g) = (masses(&mut rng, n), masses(&mut rng, n));
        let least = -0.5 * best_value(&data, &g);
        close(least, -0.5 * game::c_of_g(&data, &g), ROUNDING);
        close(least, LN_2 - divergence::jsd(&data, &g), ROUNDING);
    }
    let edges = edges();
    for _ in 0..FEW {
        let game = Shift::random(&mut rng);
        let p_g = Mixture::normal(game.theta, game.deviation).masses(&edges);
        let jsd = divergence::jsd(&game.data.masses(&edges), &p_g);
        close(-0.5 * game.c(game.theta), LN_2 - jsd, CELLS);
    }
}

#[test]
fn eq_minimax_slope() {
    let mut rng = rng();
    for _ in 0..MANY {
        let a = between(&mut rng, -20.0, 20.0);
        close(slope(|a| game::log_sigmoid(-a), a), -sigmoid(a), 1e-9);
    }
}

#[test]
fn eq_ns_slope() {
    let mut rng = rng();
    for _ in 0..MANY {
        let a = between(&mut rng, -20.0, 20.0);
        close(slope(|a| -game::log_sigmoid(a), a), -(1.0 - sigmoid(a)), 1e-9);
    }
}

/// D at its optimum for theta, and held there while theta moves.
#[test]
fn eq_ns_divergence() {
    let mut rng = rng();
    for _ in 0..FEW {
        let game = Shift::random(&mut rng);
        let f = |x: f64| game::log_sigmoid(game.best_logit(x));
        let left = -difference(|theta| game.over_z(theta, f), game.theta);
        let kl = |theta: f64| {
            integral(|x| {
                let (p, q) = (game.data.density(x), game.density(theta, x));
                q * (q.ln() - p.ln())
            })
        };
        // 2 JSD = C + log 4, of which the constant has no slope.
        let right = difference(|theta| kl(theta) - game.c(theta), game.theta);
        close(left, right, 10.0 * OF_INTEGRALS);
    }
}

/// The integral of the middle, and both ends, from masses.
#[test]
fn eq_ns_kl() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g) = (positive(&mut rng, n), masses(&mut rng, n));
        let left = divergence::kl(&g, &data) - 2.0 * divergence::jsd(&data, &g);
        let term = |(p, q): (f64, f64)| (p + q) * ((p + q) / (2.0 * p)).ln();
        close(left, pairs(&data, &g).map(term).sum(), ROUNDING);
        close(left, 2.0 * divergence::kl(&mean_of(&data, &g), &data), ROUNDING);
        assert!(left > 0.0);
        close(divergence::kl(&data, &data) - 2.0 * divergence::jsd(&data, &data), 0.0, ROUNDING);
    }
}

/// Means over the data against the two divergences, which the page has by other ways; and the table below them.
#[test]
fn eq_f_of_u() {
    let mut rng = rng();
    let minimax = |u: f64| weigh(u, (2.0 * u / (1.0 + u)).ln()) + (2.0 / (1.0 + u)).ln();
    let non_saturating = |u: f64| (1.0 + u) * (0.5 * (1.0 + u)).ln() - (u - 1.0);
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g) = (positive(&mut rng, n), masses(&mut rng, n));
        let mean =
            |f: &dyn Fn(f64) -> f64| -> f64 { pairs(&data, &g).map(|(p, q)| p * f(q / p)).sum() };
        close(mean(&minimax), 2.0 * divergence::jsd(&data, &g), ROUNDING);
        let other = 2.0 * divergence::kl(&mean_of(&data, &g), &data);
        close(mean(&non_saturating), other, ROUNDING);
        let u = between(&mut rng, 0.0, 4.0);
        close(temper::minimax(u), minimax(u), ROUNDING);
        close(temper::non_saturating(u), non_saturating(u), ROUNDING);
    }
    for f in [&minimax as &dyn Fn(f64) -> f64, &non_saturating] {
        close(f(1.0), 0.0, 0.0);
        close(slope(f, 1.0), 0.0, 1e-9);
        let h = 1e-3;
        close((f(1.0 + h) - 2.0 * f(1.0) + f(1.0 - h)) / (h * h), 0.5, 1e-5);
    }
    close(minimax(0.0), LN_2, ROUNDING);
    close(non_saturating(0.0), 1.0 - LN_2, ROUNDING);
    close(minimax(1e9) / 1e9, LN_2, 1e-7);
    assert!(non_saturating(1e9) / 1e9 > 19.0);
    // The text: until four fifths of the data are gone, the non-saturating loss charges less.
    for i in 1..80 {
        let shown = temper::temper(0.01 * f64::from(i));
        assert!(shown.non_saturating_cost < shown.minimax_cost);
    }
    assert!(temper::temper(0.9).non_saturating_cost > temper::temper(0.9).minimax_cost);
}

/// The fields from differences of the players' losses; along the flow the radius changes at the stated rate.
#[test]
fn eq_dirac_non_saturating() {
    let mut rng = rng();
    let field = |(psi, theta): (f64, f64)| {
        let value = |psi: f64| game::value(&[0.0, psi * theta], &[1.0, 0.0], &[0.0, 1.0]);
        let reward = |theta: f64| game::log_sigmoid(psi * theta);
        (slope(value, psi), slope(reward, theta))
    };
    for _ in 0..FEW {
        let (psi, theta) = (between(&mut rng, -2.0, 2.0), between(&mut rng, -2.0, 2.0));
        let (of_d, of_g) = field((psi, theta));
        let stated = -2.0 * psi * theta * (2.0 * sigmoid(psi * theta) - 1.0);
        close(2.0 * (psi * of_d + theta * of_g), stated, 1e-7);
        close(stated, -2.0 * psi * theta * (0.5 * psi * theta).tanh(), ROUNDING);
        let shown = dirac::change(dirac::Loss::NonSaturating, 0.0, psi, theta);
        close(shown, stated, ROUNDING);
        assert!(stated <= 0.0);
        let square = |(psi, theta): (f64, f64)| psi * psi + theta * theta;
        let later = flow_of(field, (psi, theta), 20.0);
        assert!(square(later) < square((psi, theta)));
    }
}

/// By search in each outcome: the data count (1 - s) for "real" and s for "generated".
#[test]
fn eq_smoothing() {
    let mut rng = rng();
    for _ in 0..MANY {
        let n = size(&mut rng);
        let (data, g) = (positive(&mut rng, n), positive(&mut rng, n));
        let s = between(&mut rng, 0.0, 0.5);
        for (p, q) in pairs(&data, &g) {
            let f = |a: f64| {
                let (real, made) = (sigmoid(a).ln(), (1.0 - sigmoid(a)).ln());
                p * ((1.0 - s) * real + s * made) + q * made
            };
            let best = sigmoid(highest(f, -30.0, 30.0));
            close(best, (1.0 - s) * p / (p + q), 1e-6);
        }
    }
}
