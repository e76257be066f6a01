//! The original GAN: its theory, its one-dimensional game, and its training on MNIST.
//!
//! | room | what |
//! |---|---|
//! | [`theory`] | closed forms and quadrature in f64 |
//! | [`data`] | targets, noise, the seeded generator, MNIST |
//! | [`metrics`] | how good a generator is |
//! | [`latent`] | walks and planes in the space of z |
//! | [`models`] | the networks |
//! | [`training`] | losses, optimisers, the game, the MNIST session |
//! | [`checkpoint`] | weights and runs to bytes and back |
//!
//! Logarithms are natural; divergences are in nats.

#[cfg(feature = "mnist")]
pub mod checkpoint;
pub mod data;
pub mod latent;
pub mod metrics;
pub mod models;
pub mod theory;
pub mod training;
#[cfg(feature = "web")]
pub mod wasm;
