//! The operations in which a step spends its time, where the library's own are not the best way to them.

mod doubling;
mod flex;
mod operations;
mod products;
#[cfg(feature = "gpu")]
mod shader;
mod step;

pub(super) use doubling::Doubling;
pub(super) use operations::{Adam, BETA_2, adam, blend, velocity};
pub(super) use products::{convolution, dense, transposed};
pub(super) use step::{Curve, NORM_EPSILON, curve, gather, join, logit_loss, mean_square, norm};
