//! Images for z, on the CPU.

use burn::tensor::Device;
use wasm_bindgen::prelude::*;

use super::grey;
use crate::{checkpoint::generator, data::rng::Rng, training::session::Generator};

/// The generator of a file: alone, of a pair of networks, or of a run.
#[wasm_bindgen]
pub struct Sampler {
    generator: Generator,
}

#[wasm_bindgen]
impl Sampler {
    /// Takes up safetensors bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Sampler, JsError> {
        let file = generator::decode(bytes)?;
        let device = Device::flex();
        Ok(Self {
            generator: Generator::new(file.design, file.parameters, file.statistics, &device),
        })
    }

    /// Length of z.
    #[wasm_bindgen(getter)]
    pub fn latent(&self) -> usize {
        self.generator.latent()
    }

    /// `n` draws from p_z, row-major `[n, latent]`.
    pub fn noise(&self, seed: u32, n: usize) -> Vec<f32> {
        self.generator.noise(&mut Rng::new(u64::from(seed)), n)
    }

    /// Grey bytes `[n, 28, 28]` for z, row-major `[n, latent]`.
    pub fn sample(&self, z: &[f32]) -> Result<Vec<u8>, JsError> {
        check_latent(z, self.generator.latent())?;
        Ok(grey(&self.generator.images(z)))
    }
}

#[cfg(feature = "cpu")]
impl Sampler {
    /// Images `[n, 28, 28]` in [-1, 1] for noise drawn from `rng`.
    pub(super) fn draw(&self, rng: &mut Rng, n: usize) -> Vec<f32> {
        self.generator.images(&self.generator.noise(rng, n))
    }
}

/// Refuses a z that is not `[n, latent]` of finite numbers.
pub fn check_latent(z: &[f32], latent: usize) -> Result<(), JsError> {
    if z.is_empty() || !z.len().is_multiple_of(latent) {
        return Err(JsError::new(&format!(
            "z has {} numbers: it must be [n, {latent}]",
            z.len()
        )));
    }
    if z.iter().any(|v| !v.is_finite()) {
        return Err(JsError::new("z holds a number that is not finite"));
    }
    Ok(())
}
