//! Walks keep their promises on norms and ends for arbitrary z; planes and shells on hand-made ones.

use proptest::collection::vec;
use proptest::prelude::*;
use saddle::mnist::explore::directions::{DIRECTIONS, Directions, DirectionsError, Search};
use saddle::mnist::explore::{Classes, Plane, Shell, lerp, norm, norms, slerp, to_shell};

/// Two z of one length, 1..=100.
fn two() -> impl Strategy<Value = (Vec<f32>, Vec<f32>)> {
    (1_usize..=100).prop_flat_map(|n| (vec(-4.0_f32..4.0, n), vec(-4.0_f32..4.0, n)))
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot: f64 = a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
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
        let r = (a.len() as f64).sqrt();
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
fn norms_are_taken_by_row() {
    assert_eq!(norms(&[3.0, 4.0, 0.0, 0.0, 1.0, 0.0], 2), [5.0, 0.0, 1.0]);
    assert!((norm(&to_shell(&[3.0, 4.0], 8.0)) - 8.0).abs() < 1e-6);
}

#[test]
fn on_the_shell_the_norm_lies_between_those_of_the_corners() {
    let (a, b, c) = ([3.0, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 5.0]);
    let plane = Plane::through(&a, &b, &c);
    assert_eq!(plane.on_shell(0.0, 0.0), a);
    assert_eq!(plane.on_shell(1.0, 0.0), b);
    assert_eq!(plane.on_shell(0.0, 1.0), c);
    for (s, t) in [(0.3, 0.3), (0.5, 0.0), (-0.2, 0.4), (1.2, -0.1)] {
        let expected = (1.0 - s - t) * 3.0 + s * 4.0 + t * 5.0;
        let z = plane.on_shell(s, t);
        assert!((norm(&z) / f64::from(expected) - 1.0).abs() < 1e-6);
        assert!((cosine(&z, &plane.at(s, t)) - 1.0).abs() < 1e-6);
    }
    // Opposite corners: the middle has no direction.
    let flat = Plane::through(&[1.0, 0.0], &[-1.0, 0.0], &[0.0, 1.0]);
    assert_eq!(flat.on_shell(0.5, 0.0), [0.0, 0.0]);
}

#[test]
fn a_shell_is_where_the_draws_are() {
    let mut zs = vec![0.0; 64 * 4000];
    saddle::num::rng::Rng::new(5).fill_normal(&mut zs);
    let shell = Shell::of(&zs, 64);
    // The chi distribution with 64 degrees of freedom: mean 7.969, deviation 0.705.
    assert!((shell.radius - 7.969).abs() < 0.05 && (shell.scatter - 0.705).abs() < 0.03);
}

/// A linear G, `[pixels, dims]` row-major: its directions are the eigenvectors of G'G, whatever the points.
fn directions_of(g: &[f32], dims: usize, points: &[f32]) -> Directions {
    let mut search = Search::new(dims);
    for z in points.chunks_exact(dims) {
        let images: Vec<f32> = search
            .probes(z)
            .chunks_exact(dims)
            .flat_map(|z| {
                g.chunks_exact(dims)
                    .map(|row| row.iter().zip(z).map(|(a, b)| a * b).sum::<f32>())
                    .collect::<Vec<f32>>()
            })
            .collect();
        search.add(&images);
    }
    search.finish("digest".into(), 3)
}

#[test]
fn directions_of_a_linear_map_are_its_singular_vectors() {
    // Singular values 3 along (0.6, 0.8, 0), 2 along (0, 0, 1), 1 along (0.8, -0.6, 0), turned by no further matrix.
    let g = [
        3.0 * 0.6,
        3.0 * 0.8,
        0.0, //
        0.0,
        0.0,
        -2.0, //
        0.8,
        -0.6,
        0.0,
    ];
    let found = directions_of(&g, 3, &[0.1, -0.2, 0.3, 1.0, 0.5, -1.0]);
    assert_eq!((found.points, found.seed, found.directions.len()), (2, 3, 3));
    for (share, expected) in found.shares.iter().zip([9.0 / 14.0, 4.0 / 14.0, 1.0 / 14.0]) {
        assert!((share - expected).abs() < 1e-3, "{share} {expected}");
    }
    // Towards more ink: the sum over pixels grows along each.
    let expected = [[0.6, 0.8, 0.0], [0.0, 0.0, -1.0], [0.8, -0.6, 0.0]];
    for (direction, expected) in found.directions.iter().zip(expected) {
        assert!((norm(direction) - 1.0).abs() < 1e-6);
        for (a, b) in direction.iter().zip(expected) {
            assert!((a - b).abs() < 2e-3, "{direction:?}");
        }
    }
}

#[test]
fn directions_are_orthogonal_and_come_out_the_same_again() {
    let mut g = vec![0.0; 40 * 12];
    saddle::num::rng::Rng::new(8).fill_normal(&mut g);
    let found = directions_of(&g, 12, &[0.5; 24]);
    assert_eq!(found.directions.len(), DIRECTIONS);
    for (i, a) in found.directions.iter().enumerate() {
        for b in &found.directions[..i] {
            assert!(cosine(a, b).abs() < 1e-5);
        }
    }
    assert!(found.shares.windows(2).all(|pair| pair[0] >= pair[1]));
    assert_eq!(found, directions_of(&g, 12, &[0.5; 24]));
}

#[test]
fn directions_of_other_weights_are_refused() {
    let found = directions_of(&[1.0, 0.0, 0.0, 2.0], 2, &[0.0, 0.0]);
    let text = serde_json::to_string(&found).unwrap();
    let read = |text: &str, weights: &str, dims: usize| Directions::read(text, weights, dims);
    assert_eq!(read(&text, "digest", 2).unwrap(), found);
    assert!(matches!(read(&text, "another", 2), Err(DirectionsError::OtherWeights { .. })));
    assert!(matches!(read(&text, "digest", 3), Err(DirectionsError::Shape(3))));
    assert!(matches!(read(&text[..20], "digest", 2), Err(DirectionsError::Damaged(_))));
}

/// What is shipped was made from what is shipped, and is what the command makes.
#[test]
fn the_shipped_directions_belong_to_the_shipped_weights() {
    let list = std::fs::read_to_string("pretrained/index.json").unwrap();
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    for entry in list.as_array().unwrap() {
        let name = |key: &str| format!("pretrained/{}", entry[key].as_str().unwrap());
        let bytes = std::fs::read(name("file")).unwrap();
        let Some(directions) = entry["directions"].as_str() else {
            continue;
        };
        let text = std::fs::read_to_string(format!("pretrained/{directions}")).unwrap();
        let file = saddle::mnist::file::generator::decode(&bytes).unwrap();
        let latent = file.design.networks().latent;
        let found = Directions::read(&text, &Directions::digest(&file.weights), latent).unwrap();
        assert_eq!(found.directions.len(), DIRECTIONS);
    }
}

#[test]
fn means_of_classes_leave_out_what_nobody_is_sure_of() {
    let mut classes = Classes::new(2, 2);
    let zs = [1.0, 0.0, 3.0, 2.0, 10.0, 10.0, 9.0, 9.0];
    let probabilities = [0.95, 0.05, 1.0, 0.0, 0.1, 0.9, 0.6, 0.4];
    assert_eq!(classes.difference(0, 1), None);
    classes.add(&zs, &probabilities, 0.9);
    assert_eq!(classes.counts(), [2, 1]);
    assert_eq!(classes.difference(0, 1), Some(vec![8.0, 9.0]));
    assert_eq!(classes.difference(1, 0), Some(vec![-8.0, -9.0]));
    assert_eq!(classes.difference(0, 2), None);
}
