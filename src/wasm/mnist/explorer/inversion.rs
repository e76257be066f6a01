//! From a drawing to z, shown as it converges.

use wasm_bindgen::prelude::*;

use super::Sampler;
use crate::mnist::data::{grey, intensities};
use crate::mnist::explore::inversion::{FOUND, Inversion as Descent, NONE, STEPS};
use crate::wasm::error::Failure;
use crate::wasm::mnist::digits::check_image;

/// A descent under way.
#[wasm_bindgen]
pub struct Inversion(Descent);

#[wasm_bindgen]
impl Inversion {
    /// Looks for the z of one image, grey bytes `[28, 28]`.
    #[wasm_bindgen(constructor)]
    pub fn new(sampler: &Sampler, image: &[u8], seed: u32) -> Result<Inversion, Failure> {
        check_image(image)?;
        let target = intensities(image);
        Ok(Self(Descent::new(&sampler.generator, &target, seed.into())))
    }

    /// Some steps with the sampler that it was begun with; the share that is done, in [0, 1].
    pub fn advance(&mut self, sampler: &Sampler, steps: usize) -> f64 {
        for _ in 0..steps {
            self.0.step(&sampler.generator);
        }
        self.0.steps() as f64 / STEPS as f64
    }

    /// Error of the nearest image so far: root mean square of intensities, black 0 and white 1.
    #[wasm_bindgen(getter)]
    pub fn error(&self) -> f32 {
        self.0.best().error
    }

    /// Its z.
    #[wasm_bindgen(getter)]
    pub fn z(&self) -> Vec<f32> {
        self.0.best().z.clone()
    }

    /// The image itself, grey bytes.
    #[wasm_bindgen(getter)]
    pub fn image(&self) -> Vec<u8> {
        grey(&self.0.best().image)
    }

    /// Errors up to which an image counts as found, and above which no z gives it.
    pub fn bounds() -> Vec<f32> {
        vec![FOUND, NONE]
    }
}
