//! What the live figures of the text show: a few numbers in, curves and the terms of one identity out.
//!
//! Each computes both sides of its identity by different ways, so that the page shows a check and no echo.
//! Curves are for drawing (a few hundred points); numbers come from the grids of [`theory`](super), within
//! 1e-5 nats unless stated.

pub mod binomial;
pub mod descent;
pub mod dirac;
pub mod figure1;
pub mod fold;
pub mod losses;
pub mod map;
pub mod modes;
pub mod pair;
pub mod point;
pub mod ruler;
pub mod shift;
pub mod temper;

/// `count` equally spaced values from `lo` to `hi`, both included; `count >= 2`.
fn spaced(lo: f64, hi: f64, count: usize) -> Vec<f64> {
    let step = (hi - lo) / (count - 1) as f64;
    (0..count).map(|i| lo + step * i as f64).collect()
}
