//! Walks keep their promises on norms and ends for arbitrary z; planes and shells on hand-made ones.

use proptest::collection::vec;
use proptest::prelude::*;
use saddle::latent::{Plane, lerp, norm, norms, shell_radius, slerp, to_shell};

/// Two z of one length, 1..=100.
fn two() -> impl Strategy<Value = (Vec<f32>, Vec<f32>)> {
    (1_usize..=100).prop_flat_map(|n| (vec(-4.0_f32..4.0, n), vec(-4.0_f32..4.0, n)))
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot: f64 = a
        .iter()
        .zip(b)
        .map(|(a, b)| f64::from(*a) * f64::from(*b))
        .sum();
    dot / norm(a) / norm(b)
}

proptest! {
    #[test]
    fn ends_are_exact((a, b) in two()) {
        prop_assert_eq!(&slerp(&a, &b, 0.0), &a);
        prop_assert_eq!(&slerp(&a, &b, 1.0), &b);
        prop_assert_eq!(&lerp(&a, &b, 0.0), &a);
        prop_assert_eq!(&lerp(&a, &b, 1.0), &b);
    }

    #[test]
    fn norm_goes_linearly((a, b) in two(), t in 0.0_f32..=1.0) {
        prop_assume!(a.len() > 1 && norm(&a) > 1e-3 && norm(&b) > 1e-3);
        let t64 = f64::from(t);
        let expected = (1.0 - t64) * norm(&a) + t64 * norm(&b);
        prop_assert!((norm(&slerp(&a, &b, t)) / expected - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_walk_on_a_shell_stays_on_it((a, b) in two(), t in 0.0_f32..=1.0) {
        prop_assume!(a.len() > 1 && norm(&a) > 1e-3 && norm(&b) > 1e-3);
        let r = shell_radius(a.len());
        let z = slerp(&to_shell(&a, r), &to_shell(&b, r), t);
        prop_assert!((norm(&z) / r - 1.0).abs() < 1e-6);
    }

    #[test]
    fn the_angle_grows_evenly((a, b) in two(), t in 0.01_f32..0.99) {
        prop_assume!(a.len() > 1 && norm(&a) > 0.1 && norm(&b) > 0.1);
        let whole = cosine(&a, &b).clamp(-1.0, 1.0).acos();
        prop_assume!(whole > 0.01 && whole < 3.13);
        let part = cosine(&a, &slerp(&a, &b, t)).clamp(-1.0, 1.0).acos();
        prop_assert!((part - f64::from(t) * whole).abs() < 1e-3, "{} of {}", part, whole);
    }

    #[test]
    fn there_and_back_is_one_way((a, b) in two(), t in 0.0_f32..=1.0) {
        prop_assume!(a.len() > 1 && norm(&a) > 0.1 && norm(&b) > 0.1);
        prop_assume!(cosine(&a, &b).abs() < 0.999);
        for (x, y) in slerp(&a, &b, t).iter().zip(slerp(&b, &a, 1.0 - t)) {
            prop_assert!((x - y).abs() < 1e-4);
        }
    }

    #[test]
    fn opposite_z_go_around_zero(a in vec(-4.0_f32..4.0, 2..64), t in 0.0_f32..=1.0) {
        prop_assume!(norm(&a) > 1e-2);
        let b: Vec<f32> = a.iter().map(|v| -v).collect();
        let z = slerp(&a, &b, t);
        prop_assert!((norm(&z) / norm(&a) - 1.0).abs() < 1e-6);
        prop_assert_eq!(&z, &slerp(&a, &b, t));
        prop_assert!((cosine(&a, &z) - (f64::from(t) * std::f64::consts::PI).cos()).abs() < 1e-5);
    }

    #[test]
    fn equal_ends_stay_where_they_are(a in vec(-4.0_f32..4.0, 0..64), t in -1.0_f32..2.0) {
        prop_assert_eq!(&slerp(&a, &a, t), &a);
        prop_assert_eq!(&lerp(&a, &a, t), &a);
    }
}

#[test]
fn slerp_is_a_quarter_of_a_circle() {
    let z = slerp(&[2.0, 0.0], &[0.0, 2.0], 0.5);
    let expected = 2.0_f32.sqrt();
    assert!((z[0] - expected).abs() < 1e-6 && (z[1] - expected).abs() < 1e-6);
}

#[test]
fn zero_vectors_have_no_direction_of_their_own() {
    assert_eq!(slerp(&[0.0, 0.0], &[0.0, 4.0], 0.25), [0.0, 1.0]);
    assert_eq!(slerp(&[0.0, 4.0], &[0.0, 0.0], 0.25), [0.0, 3.0]);
    assert_eq!(slerp(&[0.0, 0.0], &[-0.0, 0.0], 0.5), [0.0, 0.0]);
    assert_eq!(to_shell(&[0.0, 0.0], 3.0), [0.0, 0.0]);
}

#[test]
fn one_dimension_is_a_straight_line() {
    assert_eq!(slerp(&[-1.0], &[3.0], 0.5), [1.0]);
    assert_eq!(slerp(&[-2.0], &[2.0], 0.5), [0.0]);
}

#[test]
fn a_plane_passes_through_its_three_z() {
    let (a, b, c) = ([1.0, 2.0, 3.0], [-1.0, 0.5, 2.0], [0.0, 4.0, -2.0]);
    let plane = Plane::through(&a, &b, &c);
    assert_eq!(plane.at(0.0, 0.0), a);
    assert_eq!(plane.at(1.0, 0.0), b);
    assert_eq!(plane.at(0.0, 1.0), c);
    // b + c - a, the fourth corner.
    assert_eq!(plane.at(1.0, 1.0), [-2.0, 2.5, -3.0]);
}

#[test]
fn a_grid_runs_along_rows_then_down() {
    let plane = Plane::through(&[0.0, 0.0], &[1.0, 0.0], &[0.0, 1.0]);
    let zs = plane.grid(2, 3, 0.0..=1.0, -1.0..=1.0);
    let expected = [
        0.0, -1.0, 0.5, -1.0, 1.0, -1.0, //
        0.0, 1.0, 0.5, 1.0, 1.0, 1.0,
    ];
    assert_eq!(zs, expected);
    assert_eq!(plane.grid(1, 1, 0.25..=1.0, 0.5..=1.0), [0.25, 0.5]);
    assert_eq!(plane.grid(0, 3, 0.0..=1.0, 0.0..=1.0), [0.0; 0]);
}

#[test]
fn norms_are_taken_by_row() {
    assert_eq!(norms(&[3.0, 4.0, 0.0, 0.0, 1.0, 0.0], 2), [5.0, 0.0, 1.0]);
    assert_eq!(shell_radius(64), 8.0);
    assert!((norm(&to_shell(&[3.0, 4.0], 8.0)) - 8.0).abs() < 1e-6);
}
