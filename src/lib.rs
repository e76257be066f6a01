//! The original GAN: its theory, its one-dimensional game, and its training on MNIST.
//!
//! | room | what |
//! |---|---|
//! | `num` | the seeded generator, the normal distribution, eigenvectors, distances |
//! | `theory` | closed forms and quadrature in f64 |
//! | `game` | the game in one dimension, whole |
//! | `figures` | what the live figures of the text show |
//! | `mnist` | the GAN on images, whole; the only room that needs burn |
//!
//! Logarithms are natural; divergences are in nats.

pub mod figures;
pub mod game;
#[cfg(feature = "mnist")]
pub mod mnist;
pub mod num;
pub mod theory;
#[cfg(feature = "web")]
pub mod wasm;
