//! MNIST: its files, its images, and the order in which training sees them.

pub mod idx;
pub mod images;

pub use idx::{PIXELS, SIDE};
pub use images::{Batches, Mnist, grey, intensities};
