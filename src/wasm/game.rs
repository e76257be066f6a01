//! The game in one and two dimensions, for a worker.

use js_sys::{Float32Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::error::{Failure, coded};
use super::{from_js, to_js};
use crate::game::{
    self, GameFrame, GameSettings, PlaneError, PlaneFrame, PlaneSamples, Samples, SettingsError,
};

coded!(SettingsError => "settings", PlaneError => "plane");

/// A game under way.
#[wasm_bindgen]
pub struct Game {
    game: game::Game,
}

#[wasm_bindgen]
impl Game {
    /// A game before its first step.
    #[wasm_bindgen(constructor)]
    pub fn new(settings: JsValue) -> Result<Game, Failure> {
        Ok(Self { game: game::Game::new(from_js(settings)?)? })
    }

    /// The settings of the game that opens with the page.
    pub fn defaults() -> Result<JsValue, Failure> {
        to_js(&GameSettings::default())
    }

    /// All known games on the line, in the order in which they are told.
    pub fn presets() -> Result<JsValue, Failure> {
        to_js(&game::presets())
    }

    /// All known games in the plane; the first is the one that the dimension's switch opens.
    #[wasm_bindgen(js_name = planePresets)]
    pub fn plane_presets() -> Result<JsValue, Failure> {
        to_js(&game::plane_presets())
    }

    /// A game that goes on from this moment by itself; about 10 kB until it does.
    pub fn fork(&self) -> Game {
        Self { game: self.game.fork() }
    }

    /// Goes to the moment of another game, usually a fork of this one.
    pub fn restore(&mut self, moment: &Game) {
        self.game.restore(&moment.game);
    }

    /// What it is played with.
    pub fn settings(&self) -> Result<JsValue, Failure> {
        to_js(self.game.settings())
    }

    /// Applies settings; true when that needed a restart.
    pub fn configure(&mut self, settings: JsValue) -> Result<bool, Failure> {
        Ok(self.game.configure(from_js(settings)?)?)
    }

    /// Starts again with `seed`.
    pub fn reset(&mut self, seed: u32) -> Result<(), Failure> {
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
    #[wasm_bindgen(js_name = countIteration)]
    pub fn count_iteration(&mut self) {
        self.game.count_iteration();
    }

    /// Up to `steps` steps of D towards D*, G standing still; multiples of 20 come out the same however they
    /// are divided among calls.
    pub fn optimum(&mut self, steps: u32) -> Result<JsValue, Failure> {
        to_js(&self.game.train_d_to_optimum(steps))
    }

    /// `n` samples x = G(z) on the line, the same z at every moment of a seed, with D(x) and the slope of D's logit there:
    /// what every loss of G pushes along.
    pub fn samples(&self, n: usize) -> Result<JsValue, Failure> {
        self.on_the_line()?;
        let Samples { x, d, slope } = self.game.samples(n);
        let samples = Object::new();
        arrays(&samples, [("x", x), ("d", d), ("slope", slope)])?;
        Ok(samples.into())
    }

    /// `n` samples in the plane, the same z at every moment of a seed, with D there and the gradient of D's logit, and
    /// as many samples of p_data; points are x and y in turn.
    #[wasm_bindgen(js_name = planeSamples)]
    pub fn plane_samples(&self, n: usize) -> Result<JsValue, Failure> {
        let PlaneSamples { x, d, slope, real } = self.game.plane_samples(n)?;
        let samples = Object::new();
        arrays(&samples, [("x", x), ("d", d), ("slope", slope), ("real", real)])?;
        Ok(samples.into())
    }

    /// What this moment of a game on the line looks like, with G as it is or with its moving average in its place.
    pub fn frame(&mut self, average: bool) -> Result<JsValue, Failure> {
        self.on_the_line()?;
        let GameFrame { iteration, d_steps, g_steps, x, p_data, p_g, d, d_star, z, gz, numbers } =
            self.game.frame(average);
        let frame = Object::new();
        let counts = [("iteration", iteration), ("dSteps", d_steps), ("gSteps", g_steps)];
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
        arrays(&frame, curves)?;
        set(&frame, "numbers", &to_js(&numbers)?)?;
        Ok(frame.into())
    }

    /// What this moment of a game in the plane looks like, likewise. Cells lie row by row from the lowest y.
    pub fn plane(&mut self, average: bool) -> Result<JsValue, Failure> {
        let PlaneFrame {
            iteration,
            d_steps,
            g_steps,
            half,
            cells,
            p_data,
            p_g,
            d,
            d_star,
            mesh,
            row,
            numbers,
            figures,
        } = self.game.plane(average)?;
        let frame = Object::new();
        let counts = [
            ("iteration", iteration as f64),
            ("dSteps", d_steps as f64),
            ("gSteps", g_steps as f64),
            ("half", half),
            ("cells", cells as f64),
            ("row", row as f64),
        ];
        for (key, count) in counts {
            set(&frame, key, &JsValue::from_f64(count))?;
        }
        let planes = [("pData", p_data), ("pG", p_g), ("d", d), ("dStar", d_star), ("mesh", mesh)];
        arrays(&frame, planes)?;
        set(&frame, "numbers", &to_js(&numbers)?)?;
        set(&frame, "figures", &to_js(&figures)?)?;
        Ok(frame.into())
    }

    fn on_the_line(&self) -> Result<(), Failure> {
        match self.game.settings().plane {
            None => Ok(()),
            Some(_) => Err(Failure::new("plane", "the game is in the plane: ask for its plane")),
        }
    }
}

fn arrays<const N: usize>(object: &Object, named: [(&str, Vec<f32>); N]) -> Result<(), Failure> {
    for (key, values) in named {
        set(object, key, &Float32Array::from(values.as_slice()))?;
    }
    Ok(())
}

fn set(object: &Object, key: &str, value: &JsValue) -> Result<(), Failure> {
    Reflect::set(object, &key.into(), value)
        .map(|_| ())
        .map_err(|_| Failure::new("record", "a frame could not be built"))
}
