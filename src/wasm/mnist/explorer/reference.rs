//! What does not depend on the generator: the classifier and the real images.

use wasm_bindgen::prelude::*;

use crate::mnist::data::{Mnist, intensities};
use crate::mnist::file::classifier as file;
use crate::mnist::judge::classifier::{Classifier, FEATURES};
use crate::mnist::judge::neighbours::{self, Neighbour};
use crate::wasm::error::Failure;
use crate::wasm::mnist::digits::{check_image, check_images};

/// Images whose features are computed in one slice.
const SLICE: usize = 100;

/// The classifier, and real images once they are given.
#[wasm_bindgen]
pub struct Reference {
    pub(super) classifier: Classifier,
    real: Option<Mnist>,
    /// Row-major `[done, 48]`.
    features: Vec<f32>,
}

#[wasm_bindgen]
impl Reference {
    /// Takes up the classifier's safetensors bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(classifier: &[u8]) -> Result<Reference, Failure> {
        let file = file::decode(classifier)?;
        Ok(Self { classifier: Classifier::new(&file.weights), real: None, features: Vec::new() })
    }

    /// Probabilities of the ten digits for grey bytes `[n, 28, 28]`: `[n, 10]`.
    pub fn classify(&self, images: &[u8]) -> Result<Vec<f32>, Failure> {
        check_images(images)?;
        Ok(self.classifier.judge(&intensities(images)).probabilities)
    }

    /// Takes up raw IDX bytes of the training images.
    #[wasm_bindgen(js_name = setReal)]
    pub fn set_real(&mut self, images: Vec<u8>, labels: Vec<u8>) -> Result<(), Failure> {
        self.real = Some(Mnist::train(images, labels)?);
        self.features.clear();
        Ok(())
    }

    /// Computes the features of some more real images; how many have them now.
    pub fn index(&mut self) -> usize {
        let done = self.features.len() / FEATURES;
        let Some(real) = &self.real else { return done };
        let end = (done + SLICE).min(real.len());
        if done < end {
            let judged = self.classifier.judge(&real.images_in(done..end));
            self.features.extend(judged.features);
        }
        end
    }

    /// The `k` real images nearest to one by pixels: index, distance, label, and so on.
    #[wasm_bindgen(js_name = nearestByPixels)]
    pub fn nearest_by_pixels(&self, image: &[u8], k: usize) -> Result<Vec<f64>, Failure> {
        check_image(image)?;
        let real = self.real()?;
        Ok(listed(real, &neighbours::nearest_images(image, &real.images, k)))
    }

    /// The same by features, among those that have them.
    #[wasm_bindgen(js_name = nearestByFeatures)]
    pub fn nearest_by_features(&self, image: &[u8], k: usize) -> Result<Vec<f64>, Failure> {
        check_image(image)?;
        let real = self.real()?;
        let features = self.classifier.judge(&intensities(image)).features;
        Ok(listed(real, &neighbours::nearest(&features, &self.features, k)))
    }

    /// Real image `index`, grey bytes `[28, 28]`.
    #[wasm_bindgen(js_name = realImage)]
    pub fn real_image(&self, index: usize) -> Result<Vec<u8>, Failure> {
        let image = self.real()?.image(index);
        image
            .map(<[u8]>::to_vec)
            .ok_or_else(|| Failure::argument(format!("there is no real image {index}")))
    }
}

impl Reference {
    fn real(&self) -> Result<&Mnist, Failure> {
        let missing =
            || Failure::new("no-data", "the real images are not loaded: fetch MNIST first");
        self.real.as_ref().ok_or_else(missing)
    }
}

fn listed(real: &Mnist, found: &[Neighbour]) -> Vec<f64> {
    let row = |n: &Neighbour| [n.index as f64, n.distance, f64::from(real.labels[n.index])];
    found.iter().flat_map(row).collect()
}
