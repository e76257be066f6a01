//! Cosine and sine by `+ - *` alone, so that points on arcs have the same bits everywhere.

/// `(cos 2 pi t, sin 2 pi t)`; absolute errors under 1e-15 for `|t|` up to 1000.
#[must_use]
pub fn turn(t: f64) -> (f64, f64) {
    // Adding and taking away 1.5 * 2^52 rounds to the nearest integer: quarter turns, and at most half of one left.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let quarters = (4.0 * t + ROUND) - ROUND;
    let a = std::f64::consts::FRAC_PI_2 * (4.0 * t - quarters);
    let s = a * a;
    // Taylor on |a| <= pi/4: the first terms left out are 2e-17 and 6e-18.
    let terms = |from: i32, start: f64| {
        (0..7).rev().fold(start, |sum, k| {
            let n = f64::from(from + 2 * k);
            1.0 - s * sum / (n * (n + 1.0))
        })
    };
    let (cos, sin) = (terms(1, 1.0), a * terms(2, 1.0));
    match (quarters as i64).rem_euclid(4) {
        0 => (cos, sin),
        1 => (-sin, cos),
        2 => (-cos, -sin),
        _ => (sin, -cos),
    }
}
