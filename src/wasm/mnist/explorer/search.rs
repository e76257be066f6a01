//! Looking for directions, and for where classes lie; a slice at a time, since the worker also draws.

use wasm_bindgen::prelude::*;

use super::Sampler;
use super::reference::Reference;
use crate::mnist::explore::Classes;
use crate::mnist::explore::directions::Search;
use crate::mnist::nets::classifier::CLASSES;
use crate::wasm::error::Failure;
use crate::wasm::mnist::digits::check_latent;
use crate::wasm::to_js;

/// A search for directions under way.
#[wasm_bindgen]
pub struct DirectionSearch {
    search: Search,
    points: Vec<f32>,
    seed: u32,
    total: usize,
}

#[wasm_bindgen]
impl DirectionSearch {
    /// Will look at `total` draws from the prior.
    #[wasm_bindgen(constructor)]
    pub fn new(sampler: &Sampler, seed: u32, total: usize) -> DirectionSearch {
        Self {
            search: Search::new(sampler.latent()),
            points: sampler.noise(seed, total),
            seed,
            total,
        }
    }

    /// Looks at one more point; the share that is done, in [0, 1].
    pub fn advance(&mut self, sampler: &Sampler) -> f64 {
        let dims = sampler.latent();
        let at = self.search.points() * dims;
        if let Some(z) = self.points.get(at..at + dims) {
            let probes = self.search.probes(z);
            self.search.add(&sampler.generator.images(&probes));
        }
        self.search.points() as f64 / self.total.max(1) as f64
    }

    /// What was found so far: shares and unit vectors.
    pub fn finish(&self, sampler: &Sampler) -> Result<JsValue, Failure> {
        to_js(&self.search.finish(sampler.digest.clone(), self.seed))
    }
}

/// Probability from which the classifier counts as sure.
const SURE: f32 = 0.9;

/// Mean z of each digit.
#[wasm_bindgen]
pub struct DigitMeans(Classes);

#[wasm_bindgen]
impl DigitMeans {
    /// No sample yet.
    #[wasm_bindgen(constructor)]
    pub fn new(sampler: &Sampler) -> DigitMeans {
        Self(Classes::new(CLASSES, sampler.latent()))
    }

    /// Draws for z `[n, latent]` and takes up what the classifier is sure of.
    pub fn add(
        &mut self,
        sampler: &Sampler,
        reference: &Reference,
        z: &[f32],
    ) -> Result<(), Failure> {
        check_latent(z, sampler.latent())?;
        let judged = reference.classifier.judge(&sampler.generator.images(z));
        self.0.add(z, &judged.probabilities, SURE);
        Ok(())
    }

    /// Samples of each digit so far.
    pub fn counts(&self) -> Vec<u32> {
        self.0.counts().to_vec()
    }

    /// Mean z of `to` minus mean z of `from`; nothing while either has no sample.
    pub fn difference(&self, from: usize, to: usize) -> Option<Vec<f32>> {
        self.0.difference(from, to)
    }
}
