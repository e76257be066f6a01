//! The moving average of a network.

use burn::tensor::Tensor;

use super::player::Player;
use crate::mnist::kernels::{By, Numbers, blend, copy, keeping};

/// Averaged parameters, and with them the statistics of batch normalisation, without which averaged
/// weights would be normalised as the newest ones are. Both flat.
#[derive(Clone, Debug)]
pub struct Average {
    /// Parameters.
    pub parameters: Tensor<1>,
    /// Running statistics.
    pub statistics: Tensor<1>,
}

impl Average {
    /// Starts where the network is, but with vectors of its own: a step on WebGPU changes the network's where they lie.
    pub fn new(player: &Player) -> Self {
        Self { parameters: copy(&player.parameters), statistics: copy(&player.statistics) }
    }

    /// Moves towards what the network has after step `step`, counted from 0: `decay` of the old value is kept, but at
    /// most `(step + 1) / (step + 10)`, since a long average would else stay the random start for long.
    pub fn update(&mut self, player: &Player, step: u64, decay: f32) {
        let by = By::on(&self.parameters.device(), Self::pace(step, decay));
        self.follow(player, &by);
    }

    /// The same by [`Self::pace`].
    pub(crate) fn follow(&mut self, player: &Player, by: &By) {
        for (average, new) in
            [(&mut self.parameters, &player.parameters), (&mut self.statistics, &player.statistics)]
        {
            *average = blend(average.clone(), new.clone(), by);
        }
    }

    /// The numbers of [`Self::update`].
    pub(crate) fn pace(step: u64, decay: f32) -> Numbers {
        keeping(decay.min((step as f32 + 1.0) / (step as f32 + 10.0)))
    }
}
