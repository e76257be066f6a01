//! What the last step saw, read when somebody asks.

use burn::tensor::Tensor;
use serde::Serialize;

use crate::mnist::train::loss::{Loss, mean, probability};
use crate::mnist::train::player::Player;
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
pub(super) struct Seen {
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

impl Seen {
    /// Waits for the steps so far; `counted` has the counts of the run. `None` where a player has no gradient.
    ///
    /// # Errors
    /// When the device is lost.
    pub(super) async fn read(
        &self,
        g: &Player,
        d: &Player,
        [step, images_seen]: [u64; 2],
        epoch: f64,
    ) -> Result<Option<Statistics>, DeviceError> {
        let (Some(grad_d), Some(grad_g)) = (&d.gradient, &g.gradient) else {
            return Ok(None);
        };
        let found = read([
            self.d_step.clone().reshape([-1]),
            self.g_step.clone().reshape([-1]),
            mean_square(grad_d),
            mean_square(grad_g),
        ])
        .await?;
        let (real, fake) = found[0].split_at(self.batch);
        let norm = |square: f32, gradient: &Tensor<1>| (square * gradient.dims()[0] as f32).sqrt();
        Ok(Some(Statistics {
            step,
            images_seen,
            epoch,
            loss_d: self.loss.of_discriminator(real, fake, self.smoothing),
            loss_g: self.loss.of_generator(&found[1]),
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
