//! The only room that knows the browser: plain data and typed arrays out, errors as real `Error`s.
//!
//! Shapes, units and ranges of what crosses are in `www/types.d.ts`.

#![allow(
    clippy::needless_pass_by_value,
    reason = "wasm-bindgen hands values over"
)]

mod device;
#[cfg(feature = "cpu")]
mod explorer;
mod game;
#[cfg(feature = "cpu")]
mod judge;
#[cfg(feature = "cpu")]
mod theory;
mod trainer;
#[cfg(feature = "cpu")]
mod trial;

use wasm_bindgen::prelude::*;

use crate::data::{idx::IdxFile, rng::Rng};

/// Runs when a module is instantiated: a panic is then logged with its message and place.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// Standard normal noise, row-major `[n, dims]`.
#[wasm_bindgen]
pub fn noise(seed: u32, n: usize, dims: usize) -> Vec<f32> {
    let mut values = vec![0.0; n * dims];
    Rng::new(u64::from(seed)).fill_normal(&mut values);
    values
}

/// Checks digest and header of one IDX file.
#[wasm_bindgen(js_name = checkIdx)]
pub fn check_idx(name: &str, bytes: &[u8]) -> Result<(), JsError> {
    Ok(IdxFile::from_name(name)?.check(bytes)?)
}

/// A record from the page.
fn from_js<T: serde::de::DeserializeOwned>(value: JsValue) -> Result<T, JsError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| JsError::new(&error.to_string()))
}

/// A record for the page.
fn to_js(value: &impl serde::Serialize) -> Result<JsValue, JsError> {
    serde_wasm_bindgen::to_value(value).map_err(|error| JsError::new(&error.to_string()))
}

/// -1 black .. 1 white to grey bytes.
fn grey(images: &[f32]) -> Vec<u8> {
    images
        .iter()
        .map(|v| ((v + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8)
        .collect()
}

/// Refuses a z that is not `[n, latent]` of finite numbers.
fn check_latent(z: &[f32], latent: usize) -> Result<(), JsError> {
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
