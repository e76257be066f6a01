//! The latent explorer, on the CPU: images for z, and what can be asked about them.

mod inversion;
mod reference;
mod search;

use burn::tensor::Device;
use wasm_bindgen::prelude::*;

use super::{
    digits::{check_latent, grey},
    to_js,
};
use crate::{
    checkpoint::{
        generator::{self, GeneratorFile},
        weights,
    },
    data::{idx::PIXELS, rng::Rng},
    latent::{self, Plane, Shell, directions::Directions},
    training::{
        critic::Critic,
        session::{Generator, Weights},
    },
};

/// The generator of a file: alone, of a pair of networks, or of a run; and D, where the file has it.
#[wasm_bindgen]
pub struct Sampler {
    file: GeneratorFile,
    digest: String,
    generator: Generator,
    critic: Option<Critic>,
}

#[wasm_bindgen]
impl Sampler {
    /// Takes up safetensors bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Sampler, JsError> {
        let file = generator::decode(bytes)?;
        let device = Device::flex();
        let (parameters, statistics) = (file.parameters.clone(), file.statistics.clone());
        let digest = Directions::digest(bytes);
        Ok(Self {
            generator: Generator::new(file.design, parameters, statistics, &device),
            critic: weights::decode(bytes).ok().map(|file| {
                let Weights {
                    discriminator,
                    discriminator_statistics,
                    ..
                } = file.weights;
                Critic::new(
                    file.design,
                    discriminator,
                    discriminator_statistics,
                    &device,
                )
            }),
            digest,
            file,
        })
    }

    /// Length of z.
    #[wasm_bindgen(getter)]
    pub fn latent(&self) -> usize {
        self.generator.latent()
    }

    /// Mean and standard deviation of the norm of draws from p_z.
    pub fn shell(&self) -> Vec<f64> {
        let shell = Shell::of(&self.noise(0, 1024), self.latent());
        vec![shell.radius, shell.scatter]
    }

    /// `n` draws from p_z, row-major `[n, latent]`.
    pub fn noise(&self, seed: u32, n: usize) -> Vec<f32> {
        self.generator.noise(&mut Rng::new(u64::from(seed)), n)
    }

    /// Grey bytes `[n, 28, 28]` for z, row-major `[n, latent]`.
    pub fn sample(&self, z: &[f32]) -> Result<Vec<u8>, JsError> {
        check_latent(z, self.latent())?;
        Ok(grey(&self.generator.images(z)))
    }

    /// D(x) for grey bytes `[n, 28, 28]`; nothing where there is no D.
    pub fn scores(&self, images: &[u8]) -> Result<Vec<f32>, JsError> {
        let images = signed(images)?;
        Ok(self
            .critic
            .as_ref()
            .map_or_else(Vec::new, |critic| critic.scores(&images)))
    }

    /// Reads directions that were shipped with these weights: shares, then unit vectors.
    #[wasm_bindgen(js_name = readDirections)]
    pub fn read_directions(&self, text: &str) -> Result<JsValue, JsError> {
        to_js(&Directions::read(text, &self.digest, self.latent())?)
    }
}

/// The straight way from `a` to `b`, `t` in [0, 1].
#[wasm_bindgen]
pub fn lerp(a: &[f32], b: &[f32], t: f32) -> Result<Vec<f32>, JsError> {
    same_length(a, b)?;
    Ok(latent::lerp(a, b, t))
}

/// Walk from `a` to `b` along the arc, `t` in [0, 1].
#[wasm_bindgen]
pub fn slerp(a: &[f32], b: &[f32], t: f32) -> Result<Vec<f32>, JsError> {
    same_length(a, b)?;
    Ok(latent::slerp(a, b, t))
}

impl Sampler {
    /// Images `[n, 28, 28]` in [-1, 1] for noise drawn from `rng`.
    pub(super) fn draw(&self, rng: &mut Rng, n: usize) -> Vec<f32> {
        self.generator.images(&self.generator.noise(rng, n))
    }
}

/// Norms along the straight way from `a` to `b`, then along the arc; `n` each, ends included.
#[wasm_bindgen]
pub fn norms(a: &[f32], b: &[f32], n: usize) -> Result<Vec<f32>, JsError> {
    same_length(a, b)?;
    let along = |walk: fn(&[f32], &[f32], f32) -> Vec<f32>| {
        let at = move |i: usize| walk(a, b, i as f32 / (n.max(2) - 1) as f32);
        (0..n).map(move |i| latent::norm(&at(i)) as f32)
    };
    Ok(along(latent::lerp).chain(along(latent::slerp)).collect())
}

/// The plane through three z at `(s, t)`. With `shell` its points are moved to the norm that lies between
/// those of the corners in the same shares.
#[wasm_bindgen]
pub fn plane(
    a: &[f32],
    b: &[f32],
    c: &[f32],
    s: f32,
    t: f32,
    shell: bool,
) -> Result<Vec<f32>, JsError> {
    same_length(a, b)?;
    same_length(a, c)?;
    let plane = Plane::through(a, b, c);
    Ok(if shell {
        plane.on_shell(s, t)
    } else {
        plane.at(s, t)
    })
}

fn same_length(a: &[f32], b: &[f32]) -> Result<(), JsError> {
    if a.len() == b.len() {
        return Ok(());
    }
    let (a, b) = (a.len(), b.len());
    Err(JsError::new(&format!(
        "the ends have {a} and {b} coordinates"
    )))
}

/// Grey bytes to -1 black .. 1 white; refuses what is not `[n, 28, 28]`.
fn signed(images: &[u8]) -> Result<Vec<f32>, JsError> {
    if images.is_empty() || !images.len().is_multiple_of(PIXELS) {
        return Err(JsError::new(&format!(
            "{} bytes are no images of 28 x 28",
            images.len()
        )));
    }
    Ok(images.iter().map(|&v| f32::from(v) / 127.5 - 1.0).collect())
}
