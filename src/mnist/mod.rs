//! The GAN on images.

pub mod code;
pub mod data;
pub mod explore;
pub mod file;
pub mod frozen;
pub mod judge;
mod kernels;
pub mod nets;
pub mod train;
