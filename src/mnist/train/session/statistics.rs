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

/// The last step's logits, and the settings that they were made under; kept on the device until somebody
/// asks.
#[derive(Clone, Debug)]
pub(super) struct Last {
    /// Real ones first.
    pub d_step: Tensor<4>,
    /// Of generated images.
    pub g_step: Tensor<4>,
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
    pub(super) last: Last,
    /// Mean squares of the gradients of D and of G, `[1]` each, and the gradients' lengths.
    pub(super) squares: [(Tensor<1>, usize); 2],
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
        let tensors = all.iter().flat_map(Self::tensors);
        let found = read(tensors).await?;
        let each = found.chunks_exact(PARTS).zip(&all);
        Ok(each.map(|(found, seen)| seen.statistics(found)).collect())
    }

    fn tensors(&self) -> [Tensor<1>; PARTS] {
        let [(of_d, _), (of_g, _)] = &self.squares;
        let Last { d_step, g_step, .. } = self.last.clone();
        [d_step.reshape([-1]), g_step.reshape([-1]), of_d.clone(), of_g.clone()]
    }

    /// From what [`Self::tensors`] hold.
    fn statistics(&self, found: &[Vec<f32>]) -> Statistics {
        let Last { batch, loss, smoothing, .. } = self.last;
        let (real, fake) = found[0].split_at(batch);
        let norm = |square: f32, length: usize| (square * length as f32).sqrt();
        let [of_d, of_g] = [self.squares[0].1, self.squares[1].1];
        Statistics {
            step: self.step,
            images_seen: self.images_seen,
            epoch: self.epoch,
            loss_d: loss.of_discriminator(real, fake, smoothing),
            loss_g: loss.of_generator(&found[1]),
            d_real: mean(real, probability),
            d_fake: mean(fake, probability),
            grad_d: norm(found[2][0], of_d),
            grad_g: norm(found[3][0], of_g),
        }
    }
}

/// Tensors that are read for one step.
const PARTS: usize = 4;
