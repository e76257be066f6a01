//! Training on MNIST, for a worker.

use std::sync::Arc;

use burn::tensor::Device;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::{
    device,
    digits::{check_latent, grey},
    from_js, to_js,
};
#[cfg(feature = "cpu")]
use crate::training::known::{self, Known};
use crate::{
    checkpoint::{
        self, CheckpointError,
        weights::{self, Precision, WeightsFile},
    },
    data::{mnist::Mnist, rng::Rng},
    models::Preset,
    training::{Session, Settings},
};

/// A session and the data it learns from.
#[wasm_bindgen]
pub struct Trainer {
    settings: Settings,
    device: Device,
    data: Option<Arc<Mnist>>,
    session: Option<Session>,
}

#[wasm_bindgen]
impl Trainer {
    /// Opens `device`, "cpu" or "webgpu".
    pub async fn create(settings: JsValue, device: String) -> Result<Trainer, JsError> {
        let settings: Settings = from_page(&settings)?;
        settings.validate()?;
        let device = device::open(&device).await?;
        Ok(Self {
            settings,
            device,
            data: None,
            session: None,
        })
    }

    /// Recommended settings.
    pub fn defaults(preset: JsValue) -> Result<JsValue, JsError> {
        as_json(&Settings::of(from_js::<Preset>(preset)?))
    }

    /// Length of z.
    #[wasm_bindgen(getter)]
    pub fn latent(&self) -> usize {
        self.settings.networks().latent
    }

    /// `n` draws from p_z, row-major `[n, latent]`.
    pub fn noise(&self, seed: u32, n: usize) -> Vec<f32> {
        let mut z = vec![0.0; n * self.latent()];
        let mut rng = Rng::new(u64::from(seed));
        self.settings.preset.draw(&mut rng, &mut z);
        z
    }

    /// Floating-point operations of one training step.
    #[wasm_bindgen(getter, js_name = flopPerStep)]
    pub fn flop_per_step(&self) -> f64 {
        self.settings.flop_per_step()
    }

    /// Takes the training images up (raw IDX bytes, digests checked) and starts a session on them.
    #[wasm_bindgen(js_name = setData)]
    pub fn set_data(&mut self, images: Vec<u8>, labels: Vec<u8>) -> Result<(), JsError> {
        let data = Arc::new(Mnist::train(images, labels)?);
        self.session = Some(Session::new(
            self.settings.clone(),
            data.clone(),
            &self.device,
        )?);
        self.data = Some(data);
        Ok(())
    }

    /// Begins again with `settings` on the same data and device.
    pub fn reset(&mut self, settings: JsValue) -> Result<(), JsError> {
        let settings: Settings = from_page(&settings)?;
        let data = self.data.clone().ok_or_else(no_data)?;
        self.session = Some(Session::new(settings.clone(), data, &self.device)?);
        self.settings = settings;
        Ok(())
    }

    /// Goes on with `settings`; where that cannot be, begins again with them and says so by `true`.
    pub fn configure(&mut self, settings: JsValue) -> Result<bool, JsError> {
        let settings: Settings = from_page(&settings)?;
        let session = self.session.as_mut().ok_or_else(no_data)?;
        let restart = session.settings().needs_restart(&settings);
        if restart {
            let data = self.data.clone().ok_or_else(no_data)?;
            *session = Session::new(settings.clone(), data, &self.device)?;
        } else {
            session.change(settings.clone())?;
        }
        self.settings = settings;
        Ok(restart)
    }

    /// Enqueues `n` training steps.
    pub fn step(&mut self, n: u32) -> Result<(), JsError> {
        let session = self.session.as_mut().ok_or_else(no_data)?;
        for _ in 0..n {
            session.step();
        }
        Ok(())
    }

    /// Waits for the steps so far and reads what the last one saw; null before the first.
    pub async fn stats(&self) -> Result<JsValue, JsError> {
        match self.session()?.statistics().await? {
            Some(statistics) => to_js(&statistics),
            None => Ok(JsValue::NULL),
        }
    }

    /// Grey bytes `[n, 28, 28]` of the averaged generator.
    pub async fn sample(&self, z: Vec<f32>) -> Result<Vec<u8>, JsError> {
        check_latent(&z, self.latent())?;
        Ok(grey(&self.session()?.sample(&z).await?))
    }

    /// Weights as safetensors, half precision.
    pub async fn weights(&self) -> Result<Vec<u8>, JsError> {
        let session = self.session()?;
        let file = WeightsFile {
            design: self.settings.design(),
            step: session.steps(),
            weights: session.weights().await?,
        };
        Ok(weights::encode(&file, Precision::Half, false))
    }

    /// Starts from saved weights of the same networks; the file is checked before anything changes.
    pub fn load(&mut self, bytes: &[u8]) -> Result<(), JsError> {
        let file = weights::decode(bytes)?;
        let (found, expected) = (file.design, self.settings.design());
        if found != expected {
            return Err(CheckpointError::OtherNetwork { found, expected }.into());
        }
        self.session
            .as_mut()
            .ok_or_else(no_data)?
            .set_weights(&file.weights);
        Ok(())
    }

    /// The whole run as one file.
    pub async fn save(&self) -> Result<Vec<u8>, JsError> {
        Ok(checkpoint::session::encode(&self.session()?.save().await?))
    }

    /// Goes on from a saved run, with its settings.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), JsError> {
        let saved = checkpoint::session::decode(bytes)?;
        let settings = saved.settings.clone();
        let data = self.data.clone().ok_or_else(no_data)?;
        self.session = Some(Session::restore(saved, data, &self.device)?);
        self.settings = settings;
        Ok(())
    }

    fn session(&self) -> Result<&Session, JsError> {
        self.session.as_ref().ok_or_else(no_data)
    }
}

#[cfg(feature = "cpu")]
#[wasm_bindgen]
impl Trainer {
    /// Runs known to go wrong, each followed by the one that mends it.
    pub fn known() -> Result<JsValue, JsError> {
        let runs = known::failures();
        let runs: Vec<KnownRun> = runs.iter().map(KnownRun::of).collect();
        as_json(&runs)
    }
}

/// A known run, for the page.
#[cfg(feature = "cpu")]
#[derive(Serialize)]
struct KnownRun<'a> {
    name: &'static str,
    mends: Option<&'static str>,
    settings: &'a Settings,
    steps: u32,
}

#[cfg(feature = "cpu")]
impl<'a> KnownRun<'a> {
    fn of(run: &'a Known) -> Self {
        Self {
            name: run.name,
            mends: run.mends(),
            settings: &run.settings,
            steps: run.steps,
        }
    }
}

/// Settings for the page, by the way that they take to files.
fn as_json(value: &impl Serialize) -> Result<JsValue, JsError> {
    let text = serde_json::to_string(value)?;
    js_sys::JSON::parse(&text).map_err(|_| JsError::new("the settings are no JSON"))
}

/// Settings by way of JSON, which runs are saved in too: one reader of them instead of two in the module.
fn from_page(settings: &JsValue) -> Result<Settings, JsError> {
    let text = js_sys::JSON::stringify(settings)
        .map_err(|_| JsError::new("the settings are no plain record"))?;
    Ok(serde_json::from_str(&String::from(text))?)
}

fn no_data() -> JsError {
    JsError::new("there are no images to learn from yet: load MNIST first")
}
