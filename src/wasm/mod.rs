//! The only room that knows the browser: plain data and typed arrays out, errors as real `Error`s.
//!
//! Shapes, units and ranges of what crosses are in `www/types.d.ts`.

#![warn(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
#![allow(
    missing_debug_implementations,
    unreachable_pub,
    reason = "wasm-bindgen exports what is pub, and the page prints none of it"
)]
#![allow(clippy::needless_pass_by_value, reason = "wasm-bindgen hands values over")]

mod error;
#[cfg(feature = "game")]
mod figures;
#[cfg(feature = "game")]
mod game;
#[cfg(feature = "mnist")]
mod mnist;

use error::Failure;
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
#[allow(unsafe_code, reason = "the linker's function, which no safe one stands for")]
fn construct() {
    unsafe extern "C" {
        fn __wasm_call_ctors();
    }
    // SAFETY: defined by the linker for every module; takes nothing, returns nothing, and runs once, before all else.
    unsafe { __wasm_call_ctors() }
}

/// A record from the page.
fn from_js<T: serde::de::DeserializeOwned>(value: JsValue) -> Result<T, Failure> {
    Ok(serde_wasm_bindgen::from_value(value)?)
}

/// A record for the page.
fn to_js(value: &impl serde::Serialize) -> Result<JsValue, Failure> {
    Ok(serde_wasm_bindgen::to_value(value)?)
}
