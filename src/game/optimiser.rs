//! SGD, momentum and Adam on a flat vector of parameters.

use super::settings::{NetSettings, OptimiserKind};

const BETA2: f64 = 0.999;
const EPSILON: f32 = 1e-8;

/// The memory of an optimiser: moments and how far their bias has gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Optimiser {
    first: Vec<f32>,
    second: Vec<f32>,
    /// 1 - beta^t of both moments of Adam; t counts from 1.
    bias: [f64; 2],
}

impl Optimiser {
    /// No memory yet, for `n` parameters.
    #[must_use]
    pub fn new(n: usize) -> Self {
        Self { first: vec![0.0; n], second: vec![0.0; n], bias: [0.0; 2] }
    }

    /// One step of `rate_factor * settings.rate` against `gradient`; all of one length.
    pub fn step(
        &mut self,
        settings: &NetSettings,
        rate_factor: f64,
        parameters: &mut [f32],
        gradient: &[f32],
    ) {
        let rate = settings.rate * rate_factor;
        match settings.optimiser {
            OptimiserKind::Sgd => {
                let rate = rate as f32;
                for (p, g) in parameters.iter_mut().zip(gradient) {
                    *p -= rate * g;
                }
            }
            OptimiserKind::Momentum => {
                let (rate, beta) = (rate as f32, settings.beta1 as f32);
                for ((p, g), v) in parameters.iter_mut().zip(gradient).zip(&mut self.first) {
                    *v = beta * *v + g;
                    *p -= rate * *v;
                }
            }
            OptimiserKind::Adam => self.adam(settings.beta1, rate, parameters, gradient),
        }
    }

    fn adam(&mut self, beta1: f64, rate: f64, parameters: &mut [f32], gradient: &[f32]) {
        // 1 - b^t = b (1 - b^(t-1)) + (1 - b), which also holds while beta1 is being changed.
        self.bias[0] = beta1 * self.bias[0] + (1.0 - beta1);
        self.bias[1] = BETA2 * self.bias[1] + (1.0 - BETA2);
        let rate = (rate / self.bias[0]) as f32;
        let unbias = (1.0 / self.bias[1]) as f32;
        let (b1, b2) = (beta1 as f32, BETA2 as f32);
        let (c1, c2) = ((1.0 - beta1) as f32, (1.0 - BETA2) as f32);
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((p, g), (m, v)) in parameters.iter_mut().zip(gradient).zip(moments) {
            *m = b1 * *m + c1 * g;
            *v = b2 * *v + c2 * (g * g);
            *p -= rate * *m / ((*v * unbias).sqrt() + EPSILON);
        }
    }
}
