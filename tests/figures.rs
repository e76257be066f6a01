//! The live figures of the text: both sides of each identity agree over the ranges of their sliders, and
//! closed forms agree with what is drawn.

use std::f64::consts::LN_2;

use crate::support::{normal, quadrature};
use saddle::figures::descent::{descent, dirac};
use saddle::figures::fold::folded;
use saddle::figures::losses::losses;
use saddle::figures::map::{Map, Probe};
use saddle::figures::pair::{Bell, judged, pair};
use saddle::figures::point::point;
use saddle::figures::shift::shift;
use saddle::theory::game;

fn close(a: f64, b: f64, tolerance: f64, what: &str) {
    assert!((a - b).abs() <= tolerance, "{what}: {a} and {b}");
}

fn bell(mean: f64, deviation: f64) -> Bell {
    Bell { mean, deviation }
}

#[test]
fn terms_add_up_to_c_of_g() {
    for uniform in [false, true] {
        for (mean, deviation) in [(-4.0, 0.2), (-1.0, 1.0), (0.0, 0.7), (0.5, 2.0), (4.0, 0.3)] {
            let shown = pair(uniform, bell(0.0, 0.7), bell(mean, deviation));
            let sum = shown.floor + shown.kl_p_mean + shown.kl_q_mean;
            close(sum, shown.c_of_g, 1e-9, "C(G)");
            close(shown.kl_p_mean + shown.kl_q_mean, 2.0 * shown.jsd, 1e-9, "JSD");
            assert!((0.0..=LN_2).contains(&shown.jsd), "{}", shown.jsd);
        }
    }
}

#[test]
fn the_ends_of_the_jsd_are_reached() {
    close(pair(false, bell(1.0, 0.5), bell(1.0, 0.5)).jsd, 0.0, 0.0, "equal");
    let apart = pair(true, bell(-2.0, 0.5), bell(2.0, 0.5));
    close(apart.jsd, LN_2, 1e-12, "disjoint");
    close(apart.c_of_g, 0.0, 1e-12, "C of disjoint");
    assert!(apart.kl_p_q.is_infinite());
}

#[test]
fn both_directions_of_kl_match_the_closed_form() {
    for (mean, deviation) in
        [(-2.0, 0.4), (0.0, 0.8), (1.5, 1.2), (3.0, 2.0), (4.0, 0.2), (-4.0, 2.0)]
    {
        let shown = pair(false, bell(0.5, 0.2), bell(mean, deviation));
        close(shown.kl_p_q, shown.closed_p_q, 1e-9 * (1.0 + shown.closed_p_q), "KL(p||q)");
        close(shown.kl_q_p, shown.closed_q_p, 1e-9 * (1.0 + shown.closed_q_p), "KL(q||p)");
    }
}

/// Against adaptive quadrature, which knows neither the grid nor its masses.
#[test]
fn the_jsd_is_good_for_its_six_digits() {
    let density = |mean: f64, deviation: f64| {
        move |x: f64| normal::density((x - mean) / deviation) / deviation
    };
    for (mean, deviation) in [(0.0, 0.2), (1.0, 0.7), (-4.0, 0.2), (2.0, 2.0)] {
        let shown = pair(false, bell(0.5, 0.2), bell(mean, deviation));
        let (p, q) = (density(0.5, 0.2), density(mean, deviation));
        let exact = quadrature::jsd(p, q, -20.0, 20.0, 1e-11);
        close(shown.jsd, exact, 1e-8, &format!("{mean} {deviation}"));
    }
}

#[test]
fn nobody_beats_the_best_d() {
    let hands = [[0.5; 9], [0.9; 9], [0.99, 0.9, 0.8, 0.7, 0.5, 0.3, 0.2, 0.1, 0.01]];
    for d in hands {
        let shown = judged(bell(-1.0, 0.7), bell(1.0, 1.0), &d);
        close(shown.v + shown.gap, shown.c_of_g, 1e-9, "V + gap");
        assert!(shown.gap > 0.0 && shown.bound < shown.jsd);
    }
    // A constant D has a value that needs no integral.
    let even = judged(bell(-1.0, 0.7), bell(1.0, 1.0), &[0.5; 9]);
    close(even.v, -(4.0_f64.ln()), 1e-9, "V of one half");
}

#[test]
fn what_a_point_loses_is_a_divergence() {
    for (a, b, y) in [(1.0, 1.0, 0.3), (0.0, 2.0, 0.4), (2.5, 0.0, 0.9), (0.3, 1.7, 0.05)] {
        let shown = point(a, b, y);
        close(shown.best, a / (a + b), 1e-15, "y*");
        close(shown.most - shown.value, shown.gap, 1e-12, "gap");
        assert!(shown.f.iter().all(|f| *f <= shown.most + 1e-12));
    }
    close(point(2.0, 3.0, 0.4).slope, 0.0, 1e-12, "slope at the best");
}

#[test]
fn expectations_agree_both_ways() {
    for map in [Map::Cubic, Map::Square, Map::Flat] {
        for probe in [Probe::Mean, Probe::Square, Probe::Cosine, Probe::Judge] {
            for t in [-1.0, 0.0, 0.7, 2.0] {
                let shown = folded(map, t, probe, 0.5);
                close(shown.over_z, shown.over_x, 2e-5, &format!("{map:?} {probe:?} {t}"));
            }
        }
    }
}

#[test]
fn branches_add_up_to_the_density() {
    for (map, t, count) in
        [(Map::Cubic, -0.5, 1), (Map::Cubic, 1.2, 3), (Map::Square, 0.0, 2), (Map::Flat, 0.6, 1)]
    {
        let shown = folded(map, t, Probe::Mean, 0.3);
        assert_eq!(shown.preimages.len(), count, "{map:?}");
        let sum: f64 = shown.preimages.iter().map(|p| p.density).sum();
        close(sum, shown.density, 1e-6, &format!("{map:?} {t}"));
        for p in &shown.preimages {
            let g = if map == Map::Cubic { 0.25 * (p.z.powi(3) - 3.0 * t * p.z) } else { 0.3 };
            close(g, 0.3, 1e-12, "G(z)");
        }
    }
}

#[test]
fn a_level_piece_is_an_atom() {
    let shown = folded(Map::Flat, 0.8, Probe::Mean, 0.0);
    close(shown.atom, normal::interval(-0.8, 0.8), 1e-3, "atom");
    close(shown.atom_at, 0.0, 1e-12, "its place");
    assert!(shown.density.is_infinite());
    assert!(folded(Map::Cubic, 1.0, Probe::Mean, 0.0).atom == 0.0);
}

#[test]
fn masses_converge_and_parameters_circle() {
    let shown = descent(1.0, 0.0, 30);
    assert!(shown.apart < 1e-8 && shown.course.windows(2).all(|c| c[1] <= c[0] + 1e-15));
    close(shown.c_of_g, -(4.0_f64.ln()), 1e-9, "the end");
    assert!(shown.radius > shown.radius_first);
    assert!(descent(0.2, 0.3, 300).radius < 0.05);
    // Eq. dirac-step, for one step.
    let path = dirac((0.7, -1.1), 0.5, 0.0, 1);
    let growth = 1.0 + (0.5 * game::sigmoid(0.7 * -1.1)).powi(2);
    let first = 0.7_f64.powi(2) + 1.1_f64.powi(2);
    close(path[2].powi(2) + path[3].powi(2), growth * first, 1e-12, "radius");
}

#[test]
fn slopes_of_the_losses_are_weights() {
    for at in [-7.0, -1.0, 0.0, 2.5, 8.0] {
        let shown = losses(at);
        close(shown.minimax_slope, -shown.d, 1e-8, "minimax");
        close(shown.non_saturating_slope, -(1.0 - shown.d), 1e-8, "non-saturating");
    }
}

#[test]
fn jsd_is_flat_where_supports_do_not_meet() {
    for (width, by) in [(1.0, 0.4), (0.3, 0.1), (0.05, 2.0), (2.0, 1.9)] {
        let shown = shift(width, by);
        close(shown.jsd, shown.jsd_closed, 1e-7, "JSD");
        close(shown.mover, by, 1e-12, "W1");
        close(shown.mover_slope, 1.0, 1e-6, "slope of W1");
        let expected = if by > width { 0.0 } else { LN_2 / width };
        close(shown.jsd_slope, expected, 1e-3, "slope of JSD");
    }
}
