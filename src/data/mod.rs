//! What the games are played with: 1-D targets, noise, the seeded generator, and MNIST. Everything is plain
//! vectors with stated shapes; the same seed gives the same numbers on every machine.

pub mod idx;
pub mod mnist;
pub mod prior;
pub mod rng;
pub mod target;
