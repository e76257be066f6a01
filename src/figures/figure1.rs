//! The four panels of the paper's Figure 1, from the default game.

use std::sync::OnceLock;

use serde::Serialize;

use crate::game::{Game, GameFrame, GameSettings};

/// One panel: the curves of a [`GameFrame`], at every other x.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Panel {
    /// Equally spaced, ascending, in data units, `[201]`.
    pub x: Vec<f32>,
    /// Densities on x.
    pub p_data: Vec<f32>,
    /// Of the generator.
    pub p_g: Vec<f32>,
    /// D(x).
    pub d: Vec<f32>,
    /// D*(x); NaN where both densities are 0.
    pub d_star: Vec<f32>,
    /// Noise at equal steps of prior mass, `[30]`.
    pub z: Vec<f32>,
    /// G(z).
    pub gz: Vec<f32>,
    /// Nats.
    pub jsd: f64,
    /// sup |D - D*| on the central 99 % of the mass.
    pub sup: f64,
    /// sup |D - 1/2| on the central 98 % of p_data.
    pub sup_half: f64,
}

/// Iterations, steps of D alone and steps of G that the page opens with.
pub const OPENS: (u32, u32, u32) = (100, 1_500, 40);
/// Iterations of the last panel: the default game is at rest.
const END: u32 = 4_000;

/// (a) after `iterations`; (b) after `d_steps` more of D alone, towards D* and no further; (c) then `g_steps` of
/// G alone; (d) the same game at its end.
pub fn panels(iterations: u32, d_steps: u32, g_steps: u32) -> [Panel; 4] {
    static LAST: OnceLock<Panel> = OnceLock::new();
    let new = || Game::new(GameSettings::default()).expect("the default settings are in range");
    let mut game = new();
    game.step(iterations);
    let a = Panel::of(&game.frame(false));
    game.train_d_to_optimum(d_steps);
    let b = Panel::of(&game.frame(false));
    game.step_g(g_steps);
    let c = Panel::of(&game.frame(false));
    let last = LAST.get_or_init(|| {
        let mut game = new();
        game.step(END);
        Panel::of(&game.frame(false))
    });
    [a, b, c, last.clone()]
}

impl Panel {
    fn of(frame: &GameFrame) -> Self {
        let every = |values: &[f32]| values.iter().copied().step_by(2).collect();
        Self {
            x: every(&frame.x),
            p_data: every(&frame.p_data),
            p_g: every(&frame.p_g),
            d: every(&frame.d),
            d_star: every(&frame.d_star),
            z: every(&frame.z),
            gz: every(&frame.gz),
            jsd: frame.numbers.jsd,
            sup: frame.numbers.sup_d_d_star,
            sup_half: frame.numbers.sup_d_half,
        }
    }
}
