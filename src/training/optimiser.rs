//! Adam on one flat vector.
//!
//! The state is plain tensors that can be read asynchronously, which is what a checkpoint in the
//! browser needs: burn's own optimiser records are read with a blocking call that a browser's main
//! loop cannot serve.

use burn::tensor::{Device, Tensor};

const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// Adam (Kingma & Ba 2015, Algorithm 1) with beta_2 = 0.999 and epsilon = 1e-8.
#[derive(Clone, Debug)]
pub struct Adam {
    mean: Tensor<1>,
    square: Tensor<1>,
    steps: i32,
}

impl Adam {
    /// State for `length` parameters.
    pub fn new(length: usize, device: &Device) -> Self {
        Self {
            mean: Tensor::zeros([length], device),
            square: Tensor::zeros([length], device),
            steps: 0,
        }
    }

    /// The parameters after one step down `gradient`.
    pub fn step(
        &mut self,
        parameters: Tensor<1>,
        gradient: Tensor<1>,
        rate: f32,
        beta_1: f32,
    ) -> Tensor<1> {
        self.steps = self.steps.saturating_add(1);
        self.mean = self.mean.clone() * beta_1 + gradient.clone() * (1.0 - beta_1);
        self.square = self.square.clone() * BETA_2 + gradient.clone() * gradient * (1.0 - BETA_2);
        // Both bias corrections, folded into one factor and epsilon.
        let second = (1.0 - BETA_2.powi(self.steps)).sqrt();
        let step = rate * second / (1.0 - beta_1.powi(self.steps));
        parameters - self.mean.clone() * step / (self.square.clone().sqrt() + EPSILON * second)
    }

    /// Mean and mean square of the gradients, and steps taken.
    pub fn state(&self) -> (Tensor<1>, Tensor<1>, i32) {
        (self.mean.clone(), self.square.clone(), self.steps)
    }

    /// Steps taken.
    pub fn steps(&self) -> i32 {
        self.steps
    }

    /// Takes up saved state.
    pub fn restore(mean: Tensor<1>, square: Tensor<1>, steps: i32) -> Self {
        Self {
            mean,
            square,
            steps,
        }
    }
}
