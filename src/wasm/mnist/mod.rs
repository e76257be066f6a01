//! What the page asks of the GAN on images.

mod device;
mod digits;
#[cfg(feature = "cpu")]
mod explorer;
#[cfg(feature = "cpu")]
mod judge;
mod trainer;
#[cfg(feature = "cpu")]
mod trial;

use js_sys::JSON;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::error::{Failure, coded};
use crate::mnist::data::idx::IdxError;
#[cfg(feature = "cpu")]
use crate::mnist::explore::directions::DirectionsError;
use crate::mnist::file::FileError;
use crate::mnist::train::session::{ChangeError, StartError};
use crate::mnist::train::{DeviceError, SettingsError};

coded!(
    IdxError => "data",
    DeviceError => "device",
    SettingsError => "settings",
    serde_json::Error => "record",
);
#[cfg(feature = "cpu")]
coded!(DirectionsError => "directions");

impl From<FileError> for Failure {
    fn from(error: FileError) -> Self {
        Self::new(error.code(), error)
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Settings(error) => error.into(),
            StartError::Batch { .. } => Self::new("batch", error),
        }
    }
}

impl From<ChangeError> for Failure {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::Start(error) => error.into(),
            ChangeError::Restart => Self::new("restart", error),
        }
    }
}

/// A record with settings for the page, by the way that settings take to files: one writer of them in the module.
fn as_json(value: &impl Serialize) -> Result<JsValue, Failure> {
    let text = serde_json::to_string(value)?;
    JSON::parse(&text).map_err(|_| Failure::new("record", "the settings are no JSON"))
}
