//! The latent explorer, on the CPU: images for z, and what can be asked about them.

mod inversion;
mod reference;
mod search;

use wasm_bindgen::prelude::*;

use super::as_json;
use super::digits::{check_images, check_latent};
use crate::mnist::data::{grey, intensities};
use crate::mnist::explore::directions::Directions;
use crate::mnist::explore::{self, Plane, Shell};
use crate::mnist::file::{self, weights};
use crate::mnist::frozen::{Discriminator, Generator};
use crate::num::rng::Rng;
use crate::wasm::error::Failure;
use crate::wasm::to_js;

/// Reads the whole of a file of any kind and says what it holds.
#[wasm_bindgen(js_name = checkFile)]
pub fn check_file(bytes: &[u8]) -> Result<JsValue, Failure> {
    as_json(&file::check(bytes)?)
}

/// The generator of a file: alone, of a pair of networks, or of a run; and D, where the file has it.
#[wasm_bindgen]
pub struct Sampler {
    digest: String,
    generator: Generator,
    discriminator: Option<Discriminator>,
}

#[wasm_bindgen]
impl Sampler {
    /// Takes up safetensors bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8]) -> Result<Sampler, Failure> {
        let (file, discriminator) = weights::decode_networks(bytes)?;
        let design = file.design;
        Ok(Self {
            digest: Directions::digest(&file.weights),
            discriminator: discriminator.map(|weights| Discriminator::new(design, weights)),
            generator: file.load(),
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
    pub fn sample(&self, z: &[f32]) -> Result<Vec<u8>, Failure> {
        check_latent(z, self.latent())?;
        Ok(grey(&self.generator.images(z)))
    }

    /// D(x) for grey bytes `[n, 28, 28]`; nothing where there is no D.
    pub fn scores(&self, images: &[u8]) -> Result<Vec<f32>, Failure> {
        check_images(images)?;
        let of = |d: &Discriminator| d.probabilities(&intensities(images));
        Ok(self.discriminator.as_ref().map_or_else(Vec::new, of))
    }

    /// Reads directions that were shipped with these weights: shares, then unit vectors.
    #[wasm_bindgen(js_name = readDirections)]
    pub fn read_directions(&self, text: &str) -> Result<JsValue, Failure> {
        to_js(&Directions::read(text, &self.digest, self.latent())?)
    }
}

/// The straight way from `a` to `b`, `t` in [0, 1].
#[wasm_bindgen]
pub fn lerp(a: &[f32], b: &[f32], t: f32) -> Result<Vec<f32>, Failure> {
    same_length(a, b)?;
    Ok(explore::lerp(a, b, t))
}

/// Walk from `a` to `b` along the arc, `t` in [0, 1].
#[wasm_bindgen]
pub fn slerp(a: &[f32], b: &[f32], t: f32) -> Result<Vec<f32>, Failure> {
    same_length(a, b)?;
    Ok(explore::slerp(a, b, t))
}

/// Norms along the straight way from `a` to `b`, then along the arc; `n` each, ends included.
#[allow(clippy::cast_possible_truncation, reason = "to be drawn")]
#[wasm_bindgen]
pub fn norms(a: &[f32], b: &[f32], n: usize) -> Result<Vec<f32>, Failure> {
    same_length(a, b)?;
    let along = |walk: fn(&[f32], &[f32], f32) -> Vec<f32>| {
        let at = move |i: usize| walk(a, b, i as f32 / (n.max(2) - 1) as f32);
        (0..n).map(move |i| explore::norm(&at(i)) as f32)
    };
    Ok(along(explore::lerp).chain(along(explore::slerp)).collect())
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
) -> Result<Vec<f32>, Failure> {
    same_length(a, b)?;
    same_length(a, c)?;
    let plane = Plane::through(a, b, c);
    Ok(if shell { plane.on_shell(s, t) } else { plane.at(s, t) })
}

fn same_length(a: &[f32], b: &[f32]) -> Result<(), Failure> {
    if a.len() == b.len() {
        return Ok(());
    }
    let (a, b) = (a.len(), b.len());
    Err(Failure::argument(format!("the ends have {a} and {b} coordinates")))
}
