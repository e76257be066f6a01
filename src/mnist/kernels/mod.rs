//! The operations in which a step spends its time, where the library's own are not the best way to them.

mod doubling;
mod flex;
mod operations;
mod products;

pub(super) use doubling::Doubling;
pub(super) use operations::{Adam, BETA_2, adam, blend, leaky, velocity};
pub(super) use products::{convolution, dense, transposed};
