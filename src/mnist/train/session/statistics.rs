//! What the last step saw, read when somebody asks.

use burn::tensor::Tensor;
use serde::Serialize;

use crate::mnist::train::loss::{Loss, mean, probability};
use crate::mnist::train::read::{DeviceError, read};

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

/// What the last step saw, on the device until somebody asks.
#[derive(Clone, Debug)]
pub(super) struct Last {
    /// Of D's step, real ones first; of G's.
    pub logits: [Tensor<4>; 2],
    /// On WebGPU [`Seen::row`] as the next step will overwrite it.
    pub row: Option<Tensor<1>>,
    /// What the step was taken under.
    pub under: Under,
}

/// Settings that the figures depend on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Under {
    /// Real images per step.
    pub batch: usize,
    /// What both descended.
    pub loss: Loss,
    /// Of D's target.
    pub smoothing: f32,
}

/// What one step saw, still on the device: a few hundred numbers, so that those of many steps can be gathered and then
/// read in one transfer.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Logits of D's step, real ones first, those of G's, and the mean squares of the gradients of D and of G.
    pub(super) row: Tensor<1>,
    pub(super) under: Under,
    /// Lengths of the two gradients.
    pub(super) lengths: [usize; 2],
    /// Steps taken, this one included.
    pub(super) step: u64,
    /// Real images that D had seen.
    pub(super) images_seen: u64,
    /// Passes over the training set.
    pub(super) epoch: f64,
}

impl Seen {
    /// Waits for all of these steps and gives the statistics of each, in the same order.
    ///
    /// # Errors
    /// When the device is lost.
    pub async fn read(all: Vec<Self>) -> Result<Vec<Statistics>, DeviceError> {
        if all.is_empty() {
            return Ok(Vec::new());
        }
        let rows = read(all.iter().map(|seen| seen.row.clone())).await?;
        Ok(rows.iter().zip(&all).map(|(row, seen)| seen.statistics(row)).collect())
    }

    fn statistics(&self, row: &[f32]) -> Statistics {
        let Under { batch, loss, smoothing } = self.under;
        let (logits, squares) = row.split_at(row.len() - 2);
        let (of_d, of_g) = logits.split_at(2 * batch);
        let (real, fake) = of_d.split_at(batch);
        let norm = |i: usize| (squares[i] * self.lengths[i] as f32).sqrt();
        Statistics {
            step: self.step,
            images_seen: self.images_seen,
            epoch: self.epoch,
            loss_d: loss.of_discriminator(real, fake, smoothing),
            loss_g: loss.of_generator(of_g),
            d_real: mean(real, probability),
            d_fake: mean(fake, probability),
            grad_d: norm(0),
            grad_g: norm(1),
        }
    }
}
