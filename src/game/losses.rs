//! Losses of both players on logits l, D = 1/(1 + e^-l), and their derivatives by l.

use super::mlp::{LANES, Scalar, Tape};
use super::settings::GameLoss;

/// Means over a mini-batch, nats (least squares: none).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Means {
    /// What the player minimises.
    pub loss: f64,
    /// The player's term of V(D, G): log D, or log(1 - D).
    pub value: f64,
}

/// D on real samples: writes `tape.dy` from `tape.y`.
pub fn on_real<T: Scalar>(loss: GameLoss, tape: &mut Tape<T>) -> Means {
    match loss {
        GameLoss::Minimax | GameLoss::NonSaturating => fill(tape, log_d),
        GameLoss::LeastSquares => fill(tape, towards_one),
    }
}

/// D on generated samples.
pub fn on_fake<T: Scalar>(loss: GameLoss, tape: &mut Tape<T>) -> Means {
    match loss {
        GameLoss::Minimax | GameLoss::NonSaturating => fill(tape, |l: T| {
            let (s, d) = l.softplus_sigmoid();
            [d, s, -s]
        }),
        GameLoss::LeastSquares => fill(tape, |l: T| {
            let (s, d) = l.softplus_sigmoid();
            [d * d * (T::of(1.0) - d), T::of(0.5) * d * d, -s]
        }),
    }
}

/// G on generated samples; its term of V is log(1 - D) whatever it minimises.
pub fn of_generator<T: Scalar>(loss: GameLoss, tape: &mut Tape<T>) -> Means {
    match loss {
        GameLoss::Minimax => fill(tape, |l: T| {
            let (s, d) = l.softplus_sigmoid();
            [-d, -s, -s]
        }),
        GameLoss::NonSaturating => fill(tape, log_d),
        GameLoss::LeastSquares => fill(tape, towards_one),
    }
}

/// R1 on real samples, (gamma/2) mean of |slope|^2: writes `tape.dslope` from `tape.slope`, gives the penalty.
pub fn gradient_penalty<T: Scalar>(gamma: T, tape: &mut Tape<T>) -> f64 {
    let n = tape.len();
    let scale = gamma * T::of(1.0 / n as f64);
    let inputs = tape.inputs_each();
    let mut sum = 0.0;
    for (i, (slope, dslope)) in tape.slope.iter().zip(&mut tape.dslope).enumerate() {
        let first = i / inputs * LANES;
        for l in 0..LANES {
            let s = if first + l < n { slope[l] } else { T::default() };
            dslope[l] = scale * s;
            sum += (dslope[l] * s).wide();
        }
    }
    0.5 * sum
}

/// -log D.
#[inline(always)]
fn log_d<T: Scalar>(l: T) -> [T; 3] {
    let (s, not_d) = (-l).softplus_sigmoid();
    [-not_d, s, -s]
}

/// (D - 1)^2 / 2.
#[inline(always)]
fn towards_one<T: Scalar>(l: T) -> [T; 3] {
    let (s, not_d) = (-l).softplus_sigmoid();
    let d = T::of(1.0) - not_d;
    [-not_d * d * not_d, T::of(0.5) * not_d * not_d, -s]
}

/// `f` gives, for a logit, the derivative of the loss, the loss, and the term of V.
#[inline(always)]
fn fill<T: Scalar>(tape: &mut Tape<T>, f: impl Fn(T) -> [T; 3]) -> Means {
    let n = tape.len();
    let scale = T::of(1.0 / n as f64);
    let mut loss = [T::default(); LANES];
    let mut value = [T::default(); LANES];
    for (y, dy) in tape.y.iter().zip(&mut tape.dy) {
        for l in 0..LANES {
            let [derivative, a, b] = f(y[l]);
            dy[l] = derivative * scale;
            loss[l] += a;
            value[l] += b;
        }
    }
    // The empty lanes of the last chunk went along; take them out again.
    let used = n % LANES;
    if used > 0
        && let (Some(y), Some(dy)) = (tape.y.last(), tape.dy.last_mut())
    {
        for l in used..LANES {
            let [_, a, b] = f(y[l]);
            dy[l] = T::default();
            loss[l] += -a;
            value[l] += -b;
        }
    }
    let mean = |lanes: [T; LANES]| lanes.iter().map(|x| x.wide()).sum::<f64>() / n as f64;
    Means { loss: mean(loss), value: mean(value) }
}
