//! The only room that knows the browser: plain data and typed arrays out, errors as real `Error`s.
//!
//! Shapes, units and ranges of what crosses are in `www/types.d.ts`.

#![allow(
    clippy::needless_pass_by_value,
    reason = "wasm-bindgen hands values over"
)]

#[cfg(feature = "mnist")]
mod device;
#[cfg(feature = "mnist")]
mod digits;
#[cfg(feature = "cpu")]
mod explorer;
#[cfg(feature = "game")]
mod game;
#[cfg(feature = "cpu")]
mod judge;
#[cfg(feature = "game")]
mod theory;
#[cfg(feature = "mnist")]
mod trainer;
#[cfg(feature = "cpu")]
mod trial;

use wasm_bindgen::prelude::*;

/// Runs when a module is instantiated: a panic is then logged with its message and place.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    #[cfg(feature = "gpu")]
    construct();
}

/// Runs the constructors by which cubecl registers its operations. Unless an export calls them, the linker takes the
/// module for a program that is run once, and has every export call them first: they took most of a training step.
#[cfg(feature = "gpu")]
#[allow(
    unsafe_code,
    reason = "the linker's function, which no safe one stands for"
)]
fn construct() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // SAFETY: defined by the linker for every module; takes nothing, returns nothing, and runs once, before all else.
    unsafe { __wasm_call_ctors() }
}

/// A record from the page.
fn from_js<T: serde::de::DeserializeOwned>(value: JsValue) -> Result<T, JsError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| JsError::new(&error.to_string()))
}

/// A record for the page.
fn to_js(value: &impl serde::Serialize) -> Result<JsValue, JsError> {
    serde_wasm_bindgen::to_value(value).map_err(|error| JsError::new(&error.to_string()))
}
