//! The moving average of a network.

use burn::tensor::Tensor;

use super::player::Player;
use crate::mnist::kernels::blend;

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
    /// Starts where the network is.
    pub fn new(player: &Player) -> Self {
        Self { parameters: player.parameters.clone(), statistics: player.statistics.clone() }
    }

    /// Moves towards what the network has after step `step`, counted from 0: `decay` of the old value is kept,
    /// but at most `(step + 1) / (step + 10)`, since a long average would else stay the random start for long.
    pub fn update(&mut self, player: &Player, step: u64, decay: f32) {
        let keep = decay.min((step as f32 + 1.0) / (step as f32 + 10.0));
        for (average, new) in
            [(&mut self.parameters, &player.parameters), (&mut self.statistics, &player.statistics)]
        {
            *average =
                if keep > 0.0 { blend(average.clone(), new.clone(), keep) } else { new.clone() };
        }
    }
}
