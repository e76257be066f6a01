//! From one z to another.

use super::norm;

/// The straight way: `(1 - t) a + t b`, exact at t = 0 and t = 1. t outside `[0, 1]` goes on along the line.
///
/// # Panics
/// When the lengths differ.
pub fn lerp(a: &[f32], b: &[f32], t: f32) -> Vec<f32> {
    assert_eq!(a.len(), b.len(), "lerp needs two z of one length");
    if let Some(end) = exact_end(a, b, t) {
        return end;
    }
    let t = f64::from(t);
    let between = |(&a, &b): (&f32, &f32)| ((1.0 - t) * f64::from(a) + t * f64::from(b)) as f32;
    a.iter().zip(b).map(between).collect()
}

/// Sine of the angle below which two directions span no plane worth the name in `f32`.
const PARALLEL: f64 = 1e-6;

/// The way along the sphere (Shoemake 1985): the direction turns evenly from a's to b's, the norm goes
/// linearly from |a| to |b|. Exact at t = 0 and t = 1; between two z of one norm r it keeps r within 1e-6
/// (relative).
///
/// Opposite directions turn through one orthogonal to both, always the same one. A zero vector has the
/// direction of the other. In one dimension there is no way around zero, so there it is [`lerp`].
///
/// # Panics
/// When the lengths differ.
pub fn slerp(a: &[f32], b: &[f32], t: f32) -> Vec<f32> {
    assert_eq!(a.len(), b.len(), "slerp needs two z of one length");
    if let Some(end) = exact_end(a, b, t) {
        return end;
    }
    let (na, nb) = (norm(a), norm(b));
    if a.len() < 2 || na == 0.0 || nb == 0.0 {
        return lerp(a, b, t);
    }
    let u = scaled(&wide(a), 1.0 / na);
    let v = scaled(&wide(b), 1.0 / nb);
    // v = cos u + sin w, with w a unit vector orthogonal to u.
    let cosine = dot(&u, &v);
    let across = orthogonal(&v, &u);
    let sine = dot(&across, &across).sqrt();
    let (angle, w) = if sine > PARALLEL {
        (sine.atan2(cosine), scaled(&across, 1.0 / sine))
    } else if cosine > 0.0 {
        return lerp(a, b, t);
    } else {
        (std::f64::consts::PI, some_orthogonal(&u))
    };
    let t = f64::from(t);
    let norm = (1.0 - t) * na + t * nb;
    let (sin, cos) = (t * angle).sin_cos();
    u.iter().zip(&w).map(|(u, w)| (norm * (cos * u + sin * w)) as f32).collect()
}

/// Ends are copies: what a visitor has chosen must come back to the bit.
fn exact_end(a: &[f32], b: &[f32], t: f32) -> Option<Vec<f32>> {
    if t == 0.0 || a == b {
        Some(a.to_vec())
    } else if t == 1.0 {
        Some(b.to_vec())
    } else {
        None
    }
}

/// The part of `v` orthogonal to the unit vector `u`. Twice, since the first pass leaves the rounding of a
/// nearly parallel v.
fn orthogonal(v: &[f64], u: &[f64]) -> Vec<f64> {
    let mut part = v.to_vec();
    for _ in 0..2 {
        let along = dot(&part, u);
        for (p, u) in part.iter_mut().zip(u) {
            *p -= along * u;
        }
    }
    part
}

/// A unit vector orthogonal to the unit vector `u` of at least two dimensions: from the axis that u leans
/// towards least.
fn some_orthogonal(u: &[f64]) -> Vec<f64> {
    let mut axis = vec![0.0; u.len()];
    let least = (0..u.len()).min_by(|&i, &j| u[i].abs().total_cmp(&u[j].abs()));
    if let Some(i) = least {
        axis[i] = 1.0;
    }
    let across = orthogonal(&axis, u);
    let length = dot(&across, &across).sqrt();
    scaled(&across, 1.0 / length)
}

fn wide(z: &[f32]) -> Vec<f64> {
    z.iter().copied().map(f64::from).collect()
}

fn scaled(v: &[f64], by: f64) -> Vec<f64> {
    v.iter().map(|x| x * by).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
