//! Numerics that both houses need: the seeded generator, the normal distribution, angles, eigenvectors, distances between
//! rows, and rows shared out over cores.

pub mod angle;
pub mod distance;
pub mod normal;
pub mod parallel;
pub mod rng;
pub mod symmetric;
