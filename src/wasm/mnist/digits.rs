//! Images and z as the page has them.

use wasm_bindgen::prelude::*;

#[cfg(feature = "cpu")]
use crate::mnist::data::PIXELS;
use crate::mnist::data::idx::IdxFile;
use crate::wasm::error::Failure;

/// Checks digest and header of one IDX file.
#[wasm_bindgen(js_name = checkIdx)]
pub fn check_idx(name: &str, bytes: &[u8]) -> Result<(), Failure> {
    Ok(IdxFile::from_name(name)?.check(bytes)?)
}

/// Refuses a z that is not `[n, latent]` of finite numbers.
pub(super) fn check_latent(z: &[f32], latent: usize) -> Result<(), Failure> {
    if z.is_empty() || !z.len().is_multiple_of(latent) {
        let length = z.len();
        return Err(Failure::argument(format!("z has {length} numbers: it must be [n, {latent}]")));
    }
    if z.iter().any(|v| !v.is_finite()) {
        return Err(Failure::argument("z holds a number that is not finite"));
    }
    Ok(())
}

/// Refuses what is not `[n, 28, 28]`.
#[cfg(feature = "cpu")]
pub(super) fn check_images(images: &[u8]) -> Result<(), Failure> {
    if !images.is_empty() && images.len().is_multiple_of(PIXELS) {
        return Ok(());
    }
    let length = images.len();
    Err(Failure::argument(format!("{length} bytes are no images of 28 x 28")))
}

/// Refuses what is not one image.
#[cfg(feature = "cpu")]
pub(super) fn check_image(image: &[u8]) -> Result<(), Failure> {
    if image.len() == PIXELS {
        return Ok(());
    }
    let length = image.len();
    Err(Failure::argument(format!("{length} bytes are no image of 28 x 28")))
}
