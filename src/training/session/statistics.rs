//! What the last step saw, read when somebody asks.

use burn::tensor::Tensor;
use serde::Serialize;

use super::{DeviceError, Session, read};
use crate::training::loss::{Loss, mean, probability};

/// What the last step saw; means over its batch. Of k steps of D it is the last.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Statistics {
    /// Steps taken.
    pub step: u64,
    /// Real images that D has seen.
    pub images_seen: u64,
    /// Passes over the training set.
    pub epoch: f64,
    /// D's loss without R1, nats (least squares: none); with cross-entropies and no smoothing it is -V~, and
    /// 2 log 2 when D says 1/2 everywhere.
    pub loss_d: f32,
    /// G's loss, nats (least squares: none); non-saturating it is log 2 when D says 1/2 everywhere.
    pub loss_g: f32,
    /// Mean D(x) on real images, in [0, 1].
    pub d_real: f32,
    /// Mean D(G(z)) in D's step, in [0, 1].
    pub d_fake: f32,
    /// Norm of the gradient of D's loss, R1 included, by all of D's weights; nats per unit of weight.
    pub grad_d: f32,
    /// Norm of the gradient of G's loss by all of G's weights; nats per unit of weight.
    pub grad_g: f32,
}

/// The last step's logits, and the settings that they were made under; kept on the device until somebody
/// asks.
#[derive(Clone)]
pub struct Seen {
    pub d_step: Tensor<4>,
    pub g_step: Tensor<4>,
    pub batch: usize,
    pub loss: Loss,
    pub smoothing: f32,
}

impl Session {
    /// Waits for the steps so far and reads what the last one saw; `None` before the first.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn statistics(&self) -> Result<Option<Statistics>, DeviceError> {
        let (Some(seen), Some(grad_d), Some(grad_g)) = (
            self.seen.clone(),
            &self.discriminator.gradient,
            &self.generator.gradient,
        ) else {
            return Ok(None);
        };
        let found = read::all([
            seen.d_step.reshape([-1]),
            seen.g_step.reshape([-1]),
            mean_square(grad_d),
            mean_square(grad_g),
        ])
        .await?;
        let (real, fake) = found[0].split_at(seen.batch);
        let norm = |square: f32, gradient: &Tensor<1>| (square * gradient.dims()[0] as f32).sqrt();
        Ok(Some(Statistics {
            step: self.step,
            images_seen: self.batches.seen(),
            epoch: self.epoch(),
            loss_d: seen.loss.of_discriminator(real, fake, seen.smoothing),
            loss_g: seen.loss.of_generator(&found[1]),
            d_real: mean(real, probability),
            d_fake: mean(fake, probability),
            grad_d: norm(found[2][0], grad_d),
            grad_g: norm(found[3][0], grad_g),
        }))
    }
}

/// `[1]`
fn mean_square(values: &Tensor<1>) -> Tensor<1> {
    (values.clone() * values.clone()).mean()
}
