//! The 1-D game, for a worker.

use js_sys::{Float32Array, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{from_js, to_js};
use crate::data::rng::Rng;
use crate::models::mlp::Tape;
use crate::theory::game::sigmoid;
use crate::training::game::{self, GameFrame, GameSettings};

/// Stream of the seed that the samples with arrows come from; the game itself uses those below it.
const STREAM_ARROWS: u64 = 4;

/// A game under way.
#[wasm_bindgen]
pub struct Game {
    game: game::Game,
}

#[wasm_bindgen]
impl Game {
    /// A game before its first step.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: JsValue) -> Result<Game, JsError> {
        Ok(Self {
            game: game::Game::new(from_js(settings)?)?,
        })
    }

    /// The settings of the game that opens with the page.
    pub fn defaults() -> Result<JsValue, JsError> {
        to_js(&GameSettings::default())
    }

    /// All known games, in the order in which they are told.
    pub fn presets() -> Result<JsValue, JsError> {
        let all: Vec<Known> = game::PRESETS
            .into_iter()
            .filter_map(game::preset)
            .map(|preset| Known {
                name: preset.name,
                iterations: preset.iterations,
                settings: preset.settings,
            })
            .collect();
        to_js(&all)
    }

    /// A game that goes on from this moment by itself.
    pub fn fork(&self) -> Game {
        Self {
            game: self.game.clone(),
        }
    }

    /// What it is played with.
    pub fn settings(&self) -> Result<JsValue, JsError> {
        to_js(self.game.settings())
    }

    /// Applies settings; true when that needed a restart.
    pub fn configure(&mut self, settings: JsValue) -> Result<bool, JsError> {
        Ok(self.game.configure(from_js(settings)?)?)
    }

    /// Starts again with `seed`.
    pub fn reset(&mut self, seed: u32) -> Result<(), JsError> {
        Ok(self.game.reset(u64::from(seed))?)
    }

    /// `n` whole iterations.
    pub fn step(&mut self, n: u32) {
        self.game.step(n);
    }

    /// `n` steps of D.
    #[wasm_bindgen(js_name = stepD)]
    pub fn step_d(&mut self, n: u32) {
        self.game.step_d(n);
    }

    /// `n` steps of G.
    #[wasm_bindgen(js_name = stepG)]
    pub fn step_g(&mut self, n: u32) {
        self.game.step_g(n);
    }

    /// Counts an iteration whose steps were taken one by one.
    pub fn tick(&mut self) -> Result<(), JsError> {
        let settings = self.game.settings().clone();
        self.game.configure(GameSettings {
            k_d: 0,
            k_g: 0,
            ..settings.clone()
        })?;
        self.game.step(1);
        self.game.configure(settings)?;
        Ok(())
    }

    /// Up to `steps` steps of D towards D*, G standing still; multiples of 20 come out the same however they
    /// are divided among calls.
    pub fn optimum(&mut self, steps: u32) -> Result<JsValue, JsError> {
        let game::Optimum {
            steps,
            sup,
            reached,
        } = self.game.train_d_to_optimum(steps);
        to_js(&Climbed {
            steps,
            sup,
            reached,
        })
    }

    /// `n` samples x = G(z), the same z at every moment of a seed, with D(x) and the slope of D's logit there:
    /// what every loss of G pushes along.
    pub fn samples(&self, n: usize) -> Result<JsValue, JsError> {
        let settings = self.game.settings();
        let (d, g) = self.game.networks();
        let mut made = Tape::new(n, g.width);
        let mut rng = Rng::stream(settings.seed, STREAM_ARROWS);
        settings.prior.fill(&mut rng, made.inputs());
        g.forward(&mut made);
        let mut judged = Tape::new(n, d.width);
        judged.inputs().copy_from_slice(made.outputs());
        d.forward(&mut judged);
        d.tangent(&mut judged);
        let likely: Vec<f32> = judged
            .outputs()
            .iter()
            .map(|&l| sigmoid(f64::from(l)) as f32)
            .collect();
        let samples = Object::new();
        let slope = &judged.slope.as_flattened()[..n];
        let columns = [
            ("x", made.outputs()),
            ("d", likely.as_slice()),
            ("slope", slope),
        ];
        for (key, values) in columns {
            set(&samples, key, &Float32Array::from(values))?;
        }
        Ok(samples.into())
    }

    /// What this moment looks like, with G as it is or with its moving average in its place.
    pub fn frame(&mut self, average: bool) -> Result<JsValue, JsError> {
        let GameFrame {
            iteration,
            d_steps,
            g_steps,
            x,
            p_data,
            p_g,
            d,
            d_star,
            z,
            gz,
            numbers,
        } = self.game.frame(average);
        let frame = Object::new();
        let counts = [
            ("iteration", iteration),
            ("dSteps", d_steps),
            ("gSteps", g_steps),
        ];
        for (key, count) in counts {
            set(&frame, key, &JsValue::from_f64(count as f64))?;
        }
        let curves = [
            ("x", x),
            ("pData", p_data),
            ("pG", p_g),
            ("d", d),
            ("dStar", d_star),
            ("z", z),
            ("gz", gz),
        ];
        for (key, values) in curves {
            set(&frame, key, &Float32Array::from(values.as_slice()))?;
        }
        set(&frame, "numbers", &to_js(&numbers)?)?;
        Ok(frame.into())
    }
}

/// A known game, for the page.
#[derive(Serialize)]
struct Known {
    name: &'static str,
    iterations: u32,
    settings: GameSettings,
}

/// How far D came, for the page.
#[derive(Serialize)]
struct Climbed {
    steps: u32,
    sup: f64,
    reached: bool,
}

fn set(object: &Object, key: &str, value: &JsValue) -> Result<(), JsError> {
    Reflect::set(object, &key.into(), value)
        .map(|_| ())
        .map_err(|_| JsError::new("a frame could not be built"))
}
