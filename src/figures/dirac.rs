//! The Dirac-GAN: data at 0, samples at theta, D(x) = sigmoid(psi x). Its orbits under three losses, with both
//! players' steps taken at once or in turn.

use serde::Serialize;

use crate::theory::game;

/// What the players follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Both follow V.
    Minimax,
    /// G ascends log D(G(z)).
    NonSaturating,
    /// Both follow V, and D pays gamma psi^2 / 2 for its slope.
    R1,
}

/// An orbit.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Orbit {
    /// psi and theta after 0..=steps steps, one after the other: `[2 (steps + 1)]`.
    pub path: Vec<f64>,
    /// Distance from the equilibrium at the start.
    pub radius_first: f64,
    /// And now.
    pub radius: f64,
    /// d(psi^2 + theta^2)/dt now, in continuous time, by its formula.
    pub change: f64,
    /// And by what the fields say: 2 psi dpsi/dt + 2 theta dtheta/dt.
    pub change_by_field: f64,
}

/// Where every orbit of the figure begins: (psi, theta).
pub const START: (f64, f64) = (0.0, 1.5);

/// `steps` steps of the size `eta` in (0, 1]; `gamma >= 0` is heard by [`Loss::R1`] alone.
pub fn orbit(loss: Loss, in_turn: bool, eta: f64, gamma: f64, steps: usize) -> Orbit {
    let path = path(START, loss, in_turn, eta, gamma, steps);
    let radius = |at: &[f64]| at[0].hypot(at[1]);
    let now = &path[path.len() - 2..];
    let (dpsi, dtheta) = field(loss, gamma, now[0], now[1]);
    Orbit {
        radius_first: radius(&path[..2]),
        radius: radius(now),
        change: change(loss, gamma, now[0], now[1]),
        change_by_field: 2.0 * (now[0] * dpsi + now[1] * dtheta),
        path,
    }
}

/// The steps from `start`.
pub fn path(
    start: (f64, f64),
    loss: Loss,
    in_turn: bool,
    eta: f64,
    gamma: f64,
    steps: usize,
) -> Vec<f64> {
    let (mut psi, mut theta) = start;
    let mut path = vec![psi, theta];
    for _ in 0..steps {
        let next = psi + eta * field(loss, gamma, psi, theta).0;
        let seen = if in_turn { next } else { psi };
        theta += eta * field(loss, gamma, seen, theta).1;
        psi = next;
        path.extend([psi, theta]);
    }
    path
}

/// dpsi/dt and dtheta/dt (eq. dirac-flow, dirac-non-saturating, dirac-r1).
pub fn field(loss: Loss, gamma: f64, psi: f64, theta: f64) -> (f64, f64) {
    let d = game::sigmoid(psi * theta);
    match loss {
        Loss::Minimax => (-theta * d, psi * d),
        Loss::NonSaturating => (-theta * d, psi * (1.0 - d)),
        Loss::R1 => (-theta * d - gamma * psi, psi * d),
    }
}

/// d(psi^2 + theta^2)/dt.
pub fn change(loss: Loss, gamma: f64, psi: f64, theta: f64) -> f64 {
    match loss {
        Loss::Minimax => 0.0,
        Loss::NonSaturating => -2.0 * psi * theta * (0.5 * psi * theta).tanh(),
        Loss::R1 => -2.0 * gamma * psi * psi,
    }
}
