//! Training on MNIST, for a worker.

use std::sync::Arc;

use burn::tensor::Device;
use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::as_json;
use super::device;
use super::digits::check_latent;
use crate::mnist::code;
use crate::mnist::data::{Mnist, grey};
use crate::mnist::file::generator::GeneratorFile;
use crate::mnist::file::weights::WeightsFile;
use crate::mnist::file::{FileError, Precision, generator, session, weights};
use crate::mnist::nets::Preset;
#[cfg(feature = "cpu")]
use crate::mnist::train::known;
use crate::mnist::train::{Seen, Session, Settings};
use crate::num::rng::Rng;
use crate::wasm::error::Failure;
use crate::wasm::{from_js, to_js};

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
    pub async fn create(settings: JsValue, device: String) -> Result<Trainer, Failure> {
        let settings: Settings = from_page(&settings)?;
        settings.validate()?;
        let device = device::open(&device).await?;
        Ok(Self { settings, device, data: None, session: None })
    }

    /// Recommended settings.
    pub fn defaults(preset: JsValue) -> Result<JsValue, Failure> {
        as_json(&Settings::of(from_js::<Preset>(preset)?))
    }

    /// Length of z.
    #[wasm_bindgen(getter)]
    pub fn latent(&self) -> usize {
        self.settings.networks().latent
    }

    /// `n` draws from p_z, row-major `[n, latent]`.
    pub fn noise(&self, seed: u32, n: usize) -> Vec<f32> {
        let mut rng = Rng::new(u64::from(seed));
        self.settings.preset.noise(&mut rng, n * self.latent())
    }

    /// Floating-point operations of one training step.
    #[wasm_bindgen(getter, js_name = flopPerStep)]
    pub fn flop_per_step(&self) -> f64 {
        self.settings.flop_per_step()
    }

    /// Takes the training images up (raw IDX bytes, digests checked) and starts a session on them.
    #[wasm_bindgen(js_name = setData)]
    pub fn set_data(&mut self, images: Vec<u8>, labels: Vec<u8>) -> Result<(), Failure> {
        let data = Arc::new(Mnist::train(images, labels)?);
        self.session = Some(Session::new(self.settings.clone(), data.clone(), &self.device)?);
        self.data = Some(data);
        Ok(())
    }

    /// Begins again with `settings` on the same data and device.
    pub fn reset(&mut self, settings: JsValue) -> Result<(), Failure> {
        let settings: Settings = from_page(&settings)?;
        let data = self.data.clone().ok_or_else(no_data)?;
        self.session = Some(Session::new(settings.clone(), data, &self.device)?);
        self.settings = settings;
        Ok(())
    }

    /// Goes on with `settings`; where that cannot be, begins again with them and says so by `true`.
    pub fn configure(&mut self, settings: JsValue) -> Result<bool, Failure> {
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
    pub fn step(&mut self, n: u32) -> Result<(), Failure> {
        let session = self.session.as_mut().ok_or_else(no_data)?;
        for _ in 0..n {
            session.step();
        }
        Ok(())
    }

    /// Enqueues `n` training steps and promises what each of them saw, read in one transfer. The promise holds no part
    /// of the trainer: further steps can be enqueued before it is kept.
    pub fn advance(&mut self, n: u32) -> Result<Promise, Failure> {
        let session = self.session.as_mut().ok_or_else(no_data)?;
        let mut all = Vec::new();
        for _ in 0..n {
            session.step();
            all.extend(session.seen());
        }
        Ok(future_to_promise(async move {
            let found = Seen::read(all).await.map_err(Failure::from)?;
            Ok(to_js(&found)?)
        }))
    }

    /// Waits for the steps so far and reads what the last one saw; null before the first.
    pub async fn stats(&self) -> Result<JsValue, Failure> {
        match self.session()?.statistics().await? {
            Some(statistics) => to_js(&statistics),
            None => Ok(JsValue::NULL),
        }
    }

    /// Grey bytes `[n, 28, 28]` of the averaged generator.
    pub async fn sample(&self, z: Vec<f32>) -> Result<Vec<u8>, Failure> {
        check_latent(&z, self.latent())?;
        Ok(grey(&self.session()?.sample(&z).await?))
    }

    /// The averaged generator and D as safetensors, half precision.
    pub async fn weights(&self) -> Result<Vec<u8>, Failure> {
        let session = self.session()?;
        let [average, discriminator] = session.shown_weights().await?;
        let file = WeightsFile {
            design: self.settings.design(),
            step: session.steps(),
            average,
            discriminator,
        };
        Ok(weights::encode(&file, Precision::Half))
    }

    /// The averaged generator alone, likewise, as other programs can use it.
    pub async fn generator(&self) -> Result<Vec<u8>, Failure> {
        let session = self.session()?;
        let file = GeneratorFile {
            design: self.settings.design(),
            step: session.steps(),
            weights: session.average_weights().await?,
        };
        Ok(generator::encode(&file, Precision::Half))
    }

    /// A PyTorch script that loads what [`Self::save`] or [`Self::weights`] wrote and goes on training with the present
    /// settings.
    pub fn script(&self) -> String {
        code::pytorch(&self.settings)
    }

    /// Starts from saved weights of the same networks; the file is checked before anything changes.
    pub fn load(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let file = weights::decode(bytes)?;
        let (found, expected) = (file.design, self.settings.design());
        if found != expected {
            return Err(FileError::OtherNetwork { found, expected }.into());
        }
        self.session.as_mut().ok_or_else(no_data)?.set_weights(file.start());
        Ok(())
    }

    /// The whole run as one file.
    pub async fn save(&self) -> Result<Vec<u8>, Failure> {
        Ok(session::encode(&self.session()?.save().await?))
    }

    /// Goes on from a saved run, with its settings.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        let saved = session::decode(bytes)?;
        let settings = saved.settings.clone();
        let data = self.data.clone().ok_or_else(no_data)?;
        self.session = Some(Session::restore(saved, data, &self.device)?);
        self.settings = settings;
        Ok(())
    }

    fn session(&self) -> Result<&Session, Failure> {
        self.session.as_ref().ok_or_else(no_data)
    }
}

#[cfg(feature = "cpu")]
#[wasm_bindgen]
impl Trainer {
    /// Runs known to go wrong, each followed by the one that mends it.
    pub fn known() -> Result<JsValue, Failure> {
        as_json(&known::failures())
    }
}

/// Settings by way of JSON, which runs are saved in too: one reader of them instead of two in the module.
fn from_page(settings: &JsValue) -> Result<Settings, Failure> {
    let text = js_sys::JSON::stringify(settings)
        .map_err(|_| Failure::new("record", "the settings are no plain record"))?;
    Ok(serde_json::from_str(&String::from(text))?)
}

fn no_data() -> Failure {
    Failure::new("no-data", "there are no images to learn from yet: load MNIST first")
}
