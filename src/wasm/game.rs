//! The 1-D game, for a worker.

use js_sys::{Float32Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::{from_js, to_js};
use crate::training::game::{self, GameFrame, GameSettings};

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

fn set(object: &Object, key: &str, value: &JsValue) -> Result<(), JsError> {
    Reflect::set(object, &key.into(), value)
        .map(|_| ())
        .map_err(|_| JsError::new("a frame could not be built"))
}
