//! Images and z as the page has them: checks, and grey bytes.

use wasm_bindgen::prelude::*;

use crate::data::idx::IdxFile;

/// Checks digest and header of one IDX file.
#[wasm_bindgen(js_name = checkIdx)]
pub fn check_idx(name: &str, bytes: &[u8]) -> Result<(), JsError> {
    Ok(IdxFile::from_name(name)?.check(bytes)?)
}

/// -1 black .. 1 white to grey bytes.
pub fn grey(images: &[f32]) -> Vec<u8> {
    images
        .iter()
        .map(|v| ((v + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8)
        .collect()
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
