//! The two players' losses, on D's logits. D(x) = sigmoid(logit); logarithms are natural.
//!
//! Both are written with `log sigmoid(l)` and `log(1 - sigmoid(l)) = log sigmoid(-l)`, so that a
//! confident D costs no precision.

use burn::tensor::{Tensor, activation::log_sigmoid};

// [snippet: value-function]
/// The mini-batch estimate of the value function,
/// V~ = mean log D(x) + mean log(1 - D(G(z))), in nats; D ascends it (Goodfellow 2014, Algorithm 1).
///
/// `real` and `fake` are logits of any shape.
pub fn value(real: Tensor<4>, fake: Tensor<4>) -> Tensor<1> {
    log_sigmoid(real).mean() + log_sigmoid(-fake).mean()
}
// [/snippet]

/// D's loss, -V~: the cross-entropy of a binary classifier, summed over its two halves.
pub fn discriminator(real: Tensor<4>, fake: Tensor<4>) -> Tensor<1> {
    -value(real, fake)
}

/// G's non-saturating loss, -mean log D(G(z)) (Goodfellow 2014, section 3).
pub fn generator(fake: Tensor<4>) -> Tensor<1> {
    -log_sigmoid(fake).mean()
}
