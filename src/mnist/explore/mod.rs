//! What can be asked of a trained generator: walks between two z, planes through three, shells of typical z, the
//! directions that change an image most, the z of an image, a trial against D. z are plain slices of `f32`; what is
//! computed between is `f64`.

mod classes;
pub mod directions;
pub mod inversion;
mod plane;
pub mod trial;
mod walk;

pub use classes::Classes;
pub use plane::Plane;
pub use walk::{lerp, slerp};

/// Euclidean norm of z.
pub fn norm(z: &[f32]) -> f64 {
    z.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>().sqrt()
}

/// Norms of row-major `[n, dims]`; `dims >= 1`, an incomplete last row is left out.
pub fn norms(zs: &[f32], dims: usize) -> Vec<f64> {
    zs.chunks_exact(dims.max(1)).map(norm).collect()
}

/// Where draws from a prior lie, by their norms. Standard normal z of n dimensions scatter by about 0.7 around
/// sqrt(n), whatever n is, so in 64 dimensions the straight way between two z leaves what G has ever seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shell {
    /// Mean norm.
    pub radius: f64,
    /// Standard deviation of the norm.
    pub scatter: f64,
}

impl Shell {
    /// Estimated from draws, row-major `[n, dims]`, `n >= 1`.
    pub fn of(zs: &[f32], dims: usize) -> Self {
        let norms = norms(zs, dims);
        let n = norms.len() as f64;
        let radius = norms.iter().sum::<f64>() / n;
        let variance = norms.iter().map(|v| (v - radius).powi(2)).sum::<f64>() / n;
        Self { radius, scatter: variance.sqrt() }
    }
}

/// z scaled to `radius` (see [`Shell`]); a zero vector stays zero.
pub fn to_shell(z: &[f32], radius: f64) -> Vec<f32> {
    let norm = norm(z);
    if norm == 0.0 {
        return z.to_vec();
    }
    z.iter().map(|&v| (f64::from(v) / norm * radius) as f32).collect()
}
