//! Oracles: identities of the game over arbitrary distributions; closed forms; and adaptive quadrature on
//! closures, which shares no line with the tabulated masses.

use std::f64::consts::{LN_2, PI};

use crate::support::masses::{differential_entropy, entropy, total_variation};
use crate::support::{closed, normal, quadrature};
use proptest::collection::vec;
use proptest::prelude::*;
use saddle::theory::divergence::{jsd, kl, kl_ignoring, kl_within_cells};
use saddle::theory::pushforward::{Pushforward, breaks, pushforward};
use saddle::theory::{Grid, Mass, game, grid};

/// What issue and docs promise, in nats.
const ACCURACY: f64 = 1e-4;
const GRID: Grid = Grid { lo: -8.0, hi: 8.0, cells: 8192 };

#[track_caller]
fn close(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} is not {expected} within {tolerance}");
}

fn gaussian(edges: &[f64], m: f64, s: f64) -> Vec<f64> {
    let cdf = |x: f64| normal::cdf((x - m) / s);
    Mass::of(edges, cdf, gaussian_density(m, s)).with_tails()
}

fn gaussian_density(m: f64, s: f64) -> impl Fn(f64) -> f64 + Copy {
    move |x| normal::density((x - m) / s) / s
}

fn uniform(edges: &[f64], lo: f64, hi: f64) -> Vec<f64> {
    let cdf = |x: f64| ((x - lo) / (hi - lo)).clamp(0.0, 1.0);
    let density = |x: f64| f64::from(u8::from(x > lo && x < hi)) / (hi - lo);
    Mass::of(edges, cdf, density).with_tails()
}

/// KL of the densities behind masses with tails; more than 38 deviations out, f64 has no mass left.
fn kl_of_densities(edges: &[f64], p: &[f64], q: &[f64]) -> f64 {
    let cells = 1..p.len() - 1;
    kl_ignoring(p, q, 1e-12) + kl_within_cells(edges, &p[cells.clone()], &q[cells])
}

/// Nodes and masses of a standard normal prior on `cells` cells of [-8.25, 8.25].
fn prior(cells: usize) -> (Vec<f64>, Vec<f64>) {
    let z = Grid { lo: -8.25, hi: 8.25, cells }.edges();
    let masses = z.windows(2).map(|e| normal::interval(e[0], e[1])).collect();
    (z, masses)
}

/// The law of G(z) for a standard normal z, on GRID refined at G's breaks and at `more`.
fn law(g: impl Fn(f64) -> f64, more: &[f64]) -> (Vec<f64>, Pushforward) {
    let (z, masses) = prior(4096);
    let gz: Vec<f64> = z.iter().map(|&z| g(z)).collect();
    let mut at = breaks(&gz, 32);
    at.extend(more);
    let edges = GRID.refined(&at);
    let law = pushforward(&edges, &masses, &gz);
    close(law.total(), 1.0, 1e-9);
    (edges, law)
}

// ------------------------------------------------------------------------------------- identities

fn masses(n: usize) -> impl Strategy<Value = Vec<f64>> {
    // Zeros, ordinary masses and tiny ones, as p_g has them.
    let mass = prop_oneof![Just(0.0), 0.0..1.0, (-300.0..0.0).prop_map(f64::exp)];
    vec(mass, n).prop_filter("some mass", |m| m.iter().sum::<f64>() > 1e-3).prop_map(|m| {
        let total: f64 = m.iter().sum();
        m.iter().map(|x| x / total).collect()
    })
}

fn two_masses() -> impl Strategy<Value = (Vec<f64>, Vec<f64>)> {
    (1_usize..60).prop_flat_map(|n| (masses(n), masses(n)))
}

proptest! {
    #[test]
    fn at_equilibrium_d_is_one_half(p in (1_usize..60).prop_flat_map(masses)) {
        for &m in p.iter().filter(|m| **m > 0.0) {
            prop_assert_eq!(game::optimal(m, m), Some(0.5));
        }
        prop_assert_eq!(jsd(&p, &p), 0.0);
        prop_assert_eq!(kl(&p, &p), 0.0);
        let half = vec![0.0; p.len()];
        prop_assert!((game::value(&half, &p, &p) + 4.0_f64.ln()).abs() < 1e-12);
        prop_assert!((game::c_of_g(&p, &p) + 4.0_f64.ln()).abs() < 1e-12);
        prop_assert_eq!(game::gap(&half, &p, &p), 0.0);
        prop_assert_eq!(game::sup_from_optimal(&half, &p, &p, 1.0), 0.0);
    }

    #[test]
    fn c_of_g_is_minus_log_4_plus_2_jsd((p, q) in two_masses()) {
        let jsd = jsd(&p, &q);
        prop_assert!((game::c_of_g(&p, &q) - game::c_from_jsd(jsd)).abs() < 1e-12);
        prop_assert!((game::c_from_jsd(jsd) - (2.0 * jsd - 4.0_f64.ln())).abs() < 1e-15);
    }

    #[test]
    fn divergences_keep_their_bounds((p, q) in two_masses()) {
        let d = jsd(&p, &q);
        prop_assert!((0.0..=LN_2).contains(&d));
        prop_assert!((d - jsd(&q, &p)).abs() < 1e-15);
        prop_assert!(kl(&p, &q) >= 0.0);
        prop_assert!(entropy(&p) >= 0.0 && entropy(&p) <= (p.len() as f64).ln() + 1e-12);
        let tv = total_variation(&p, &q);
        prop_assert!((0.0..=1.0 + 1e-12).contains(&tv));
        // Pinsker, and Lin 1991: JSD <= TV log 2.
        prop_assert!(kl(&p, &q) >= 2.0 * tv * tv - 1e-12);
        prop_assert!(d <= tv * LN_2 + 1e-12);
    }

    #[test]
    fn kl_is_infinite_exactly_where_q_lacks_mass((p, q) in two_masses()) {
        let unreached: f64 = p.iter().zip(&q).filter(|(_, b)| **b == 0.0).map(|(a, _)| a).sum();
        prop_assert_eq!(kl(&p, &q).is_infinite(), unreached > 0.0);
        prop_assert!(kl_ignoring(&p, &q, unreached).is_finite());
        prop_assert_eq!(kl_ignoring(&p, &q, 0.5 * unreached).is_infinite(), unreached > 0.0);
    }

    #[test]
    fn no_d_beats_the_optimal_one(
        (p, q, logits) in two_masses().prop_flat_map(|(p, q)| {
            let n = p.len();
            (Just(p), Just(q), vec(-800.0_f64..800.0, n))
        })
    ) {
        let (v, c) = (game::value(&logits, &p, &q), game::c_of_g(&p, &q));
        prop_assert!(v.is_finite() && v <= c + 1e-12);
        prop_assert!(game::gap(&logits, &p, &q) >= 0.0);
        // exp(-800) is 0 in f64, so only saner logits have a gap to compare.
        let sane: Vec<f64> = logits.iter().map(|l| l / 40.0).collect();
        let difference = c - game::value(&sane, &p, &q);
        prop_assert!((game::gap(&sane, &p, &q) - difference).abs() < 1e-10);
        let sup = game::sup_from_optimal(&logits, &p, &q, 0.99);
        prop_assert!((0.0..=1.0).contains(&sup));
    }

    #[test]
    fn log_sigmoid_never_saturates(l in -1e4_f64..1e4) {
        let (yes, no) = (game::log_sigmoid(l), game::log_sigmoid(-l));
        prop_assert!(yes <= 0.0 && yes.is_finite());
        // log D - log(1 - D) is the logit.
        prop_assert!((yes - no - l).abs() <= 1e-12 * l.abs().max(1.0));
        prop_assert!((game::sigmoid(l) + game::sigmoid(-l) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn pushforward_keeps_all_mass(
        gz in vec(prop_oneof![8 => -20.0_f64..20.0, 1 => Just(1.25), 1 => Just(f64::NAN),
                              1 => Just(f64::INFINITY), 2 => -1e-9_f64..1e-9], 2..300),
        cells in 1_usize..500,
        refine: bool,
    ) {
        let prior = vec![1.0 / (gz.len() - 1) as f64; gz.len() - 1];
        let at = if refine { breaks(&gz, 64) } else { Vec::new() };
        let edges = Grid { lo: -8.0, hi: 8.0, cells }.refined(&at);
        let law = pushforward(&edges, &prior, &gz);
        prop_assert!((law.total() - 1.0).abs() < 1e-9);
        prop_assert!(law.mass.cells.iter().all(|m| *m >= 0.0));
        prop_assert!(law.mass.below >= 0.0 && law.mass.above >= 0.0);
    }

    #[test]
    fn pushforward_is_what_per_cell_overlap_gives(
        gz in prop_oneof![
            // Too few nodes for a smooth fold, which is refined; and maps without folds.
            vec(-9.0_f64..9.0, 2..5),
            vec(-9.0_f64..9.0, 2..40).prop_map(|mut g| { g.sort_by(f64::total_cmp); g }),
        ],
        cells in 1_usize..50,
    ) {
        let n = gz.len() - 1;
        let prior = vec![1.0 / n as f64; n];
        let edges = Grid { lo: -8.0, hi: 8.0, cells }.refined(&breaks(&gz, 4));
        let law = pushforward(&edges, &prior, &gz);
        for (e, found) in edges.windows(2).zip(&law.mass.cells) {
            let overlap = |g: &[f64]| {
                let (a, b) = (g[0].min(g[1]), g[0].max(g[1]));
                (b.min(e[1]) - a.max(e[0])).max(0.0) / (b - a) / n as f64
            };
            let expected: f64 = gz.windows(2).map(overlap).sum();
            prop_assert!((found - expected).abs() < 1e-12);
            prop_assert_eq!(*found == 0.0, expected == 0.0);
        }
    }

    #[test]
    fn refined_edges_are_edges(at in vec(-10.0_f64..10.0, 0..20), cells in 1_usize..100) {
        let coarse = Grid { lo: -8.0, hi: 8.0, cells };
        let edges = coarse.refined(&at);
        prop_assert_eq!((edges[0], edges[edges.len() - 1]), (-8.0, 8.0));
        prop_assert!(edges.windows(2).all(|e| e[0] < e[1]));
        for x in at.iter().filter(|x| x.abs() < 8.0) {
            let nearest = edges.iter().map(|e| (e - x).abs()).fold(f64::INFINITY, f64::min);
            prop_assert!(nearest <= 1e-7 * coarse.width());
        }
    }
}

#[test]
fn disjoint_supports_give_log_2() {
    let (p, q) = ([0.25, 0.75, 0.0, 0.0], [0.0, 0.0, 0.5, 0.5]);
    close(jsd(&p, &q), LN_2, 1e-15);
    close(game::c_of_g(&p, &q), 0.0, 0.0);
    close(total_variation(&p, &q), 1.0, 0.0);
    assert_eq!(kl(&p, &q), f64::INFINITY);
    assert_eq!(game::optimal(0.25, 0.0), Some(1.0));
    assert_eq!(game::optimal(0.0, 0.0), None);
}

#[test]
fn suprema_look_at_the_central_mass_only() {
    // 1 % in each outer cell, none in one of the inner ones; D is wild where it does not count.
    let p = [0.01, 0.49, 0.0, 0.49, 0.01];
    let logits = [50.0, 1.0_f64.exp(), 50.0, 0.0, -50.0];
    assert_eq!(grid::central(&p, 0.97), 1..4);
    assert_eq!(grid::central(&p, 0.99), 0..5);
    assert!(grid::central(&[0.0; 4], 0.99).is_empty());
    close(game::sup_from_half(&logits, &p, 0.97), game::sigmoid(1.0_f64.exp()) - 0.5, 1e-15);
    close(game::sup_from_optimal(&logits, &p, &p, 0.97), game::sigmoid(1.0_f64.exp()) - 0.5, 1e-15);
    close(game::sup_from_half(&logits, &p, 1.0), 0.5, 1e-15);
}

// ------------------------------------------------------------------------- closed forms, quadrature

#[test]
fn quadrature_knows_integrals_of_all_kinds() {
    close(quadrature::integrate(f64::sin, 0.0, PI, 1e-12), 2.0, 1e-12);
    close(quadrature::integrate(|x| 1.0 / x.sqrt(), 0.0, 1.0, 1e-9), 2.0, 1e-7);
    close(quadrature::integrate(|x| f64::from(u8::from(x > 0.3)), 0.0, 1.0, 1e-10), 0.7, 1e-9);
    close(quadrature::integrate(normal::density, -9.0, 9.0, 1e-13), 1.0, 1e-12);
}

#[test]
fn normal_distribution_is_right_in_both_tails() {
    // mpmath 1.3: ncdf(x) and erfc(x) to 17 digits.
    for (z, p) in [
        (0.0, 0.5),
        (1.0, 0.841_344_746_068_542_9),
        (-1.0, 0.158_655_253_931_457_05),
        (-3.0, 1.349_898_031_630_094_5e-3),
        (-6.0, 9.865_876_450_376_98e-10),
        (-10.0, 7.619_853_024_160_527e-24),
        (-20.0, 2.753_624_118_606_233_7e-89),
    ] {
        close(normal::cdf(z) / p, 1.0, 1e-11);
    }
    close(normal::interval(9.0, 10.0) / normal::interval(-10.0, -9.0), 1.0, 1e-15);
    assert!(normal::cdf(f64::NAN).is_nan());
    assert_eq!((normal::cdf(-50.0), normal::cdf(50.0)), (0.0, 1.0));
}

#[test]
fn gaussians() {
    let edges = GRID.edges();
    for (m1, s1, m2, s2) in [
        (0.0, 1.0, 0.0, 1.0),
        (0.0, 1.0, 1e-4, 1.0),
        (-1.0, 0.5, 1.0, 0.7),
        (-2.0, 0.3, 2.0, 0.4),
        (0.3, 0.1, 0.35, 0.12),
        (2.0, 0.3, -1.0, 1.5),
        // Far apart: p_data's masses in p_g's middle are about 1e-100.
        (-2.0, 0.25, 3.0, 0.25),
    ] {
        let (p, q) = (gaussian(&edges, m1, s1), gaussian(&edges, m2, s2));
        let (f, g) = (gaussian_density(m1, s1), gaussian_density(m2, s2));
        close(p.iter().sum(), 1.0, 1e-12);
        close(kl_of_densities(&edges, &p, &q), closed::gaussian_kl(m1, s1, m2, s2), ACCURACY);
        close(kl_of_densities(&edges, &q, &p), closed::gaussian_kl(m2, s2, m1, s1), ACCURACY);
        let exact = quadrature::jsd(f, g, -8.0, 8.0, 1e-9);
        close(jsd(&p, &q), exact, ACCURACY);
        close(game::c_of_g(&p, &q), game::c_from_jsd(exact), ACCURACY);
        close(
            differential_entropy(&edges, &p[1..p.len() - 1]),
            closed::gaussian_entropy(s1),
            ACCURACY,
        );
        // D* between Gaussians has a quadratic logit; V of one that is wrong by a slope and a shift.
        let logit =
            |x: f64| 0.7 * (f(x).max(1e-300).ln() - g(x).max(1e-300).ln()).clamp(-50.0, 50.0) + 0.4;
        let logits: Vec<f64> = grid::points(&edges).into_iter().map(logit).collect();
        let integrand =
            |x: f64| f(x) * game::log_sigmoid(logit(x)) + g(x) * game::log_sigmoid(-logit(x));
        let v = quadrature::integrate(integrand, -8.0, 8.0, 1e-9);
        close(game::value(&logits, &p, &q), v, ACCURACY);
        close(game::gap(&logits, &p, &q), game::c_from_jsd(exact) - v, 2.0 * ACCURACY);
    }
    let (p, q) = (gaussian(&edges, -0.5, 0.8), gaussian(&edges, 0.6, 0.8));
    close(total_variation(&p, &q), closed::gaussian_total_variation(-0.5, 0.6, 0.8), ACCURACY);
    close(
        quadrature::kl(gaussian_density(0.0, 1.0), gaussian_density(0.5, 2.0), -12.0, 12.0, 1e-10),
        closed::gaussian_kl(0.0, 1.0, 0.5, 2.0),
        1e-8,
    );
    let h = quadrature::entropy(gaussian_density(1.0, 0.3), -8.0, 8.0, 1e-10);
    close(h, closed::gaussian_entropy(0.3), 1e-8);
}

#[test]
fn shifted_uniforms() {
    // Narrow ones too, at places that no uniform grid has an edge on.
    for (lo, width) in [(-1.0123_f64, 3.4641_f64), (0.777, 0.34641), (-2.0, 1.0)] {
        for shift in [0.0, 0.0007, 0.1234, 0.5, 7.0] {
            let shift = shift * width.min(0.8);
            let ends = [lo, lo + width, lo + shift, lo + shift + width];
            let edges = GRID.refined(&ends);
            let p = uniform(&edges, lo, lo + width);
            let q = uniform(&edges, lo + shift, lo + shift + width);
            close(jsd(&p, &q), closed::shifted_uniform_jsd(width, shift), ACCURACY);
            close(
                total_variation(&p, &q),
                closed::shifted_uniform_total_variation(width, shift),
                ACCURACY,
            );
            close(
                differential_entropy(&edges, &p[1..p.len() - 1]),
                closed::uniform_entropy(width),
                ACCURACY,
            );
            assert_eq!(kl(&p, &q).is_infinite(), shift > 0.0);
        }
    }
    let edges = GRID.refined(&[-0.51, 0.49, -1.33, 1.67]);
    let (p, q) = (uniform(&edges, -0.51, 0.49), uniform(&edges, -1.33, 1.67));
    close(kl_of_densities(&edges, &p, &q), closed::nested_uniform_kl(3.0), ACCURACY);
    assert_eq!(kl(&q, &p), f64::INFINITY);
}

// ------------------------------------------------------------------------------------ pushforward

#[test]
fn a_linear_g_of_a_gaussian_is_a_gaussian() {
    for (slope, shift) in [(1.0, 0.0), (-0.5, 2.0), (0.1, -1.3), (1.4, 0.5)] {
        let (edges, law) = law(|z| slope * z + shift, &[]);
        let p = law.mass.with_tails();
        let q = gaussian(&edges, shift, f64::abs(slope));
        let worst = p.iter().zip(&q).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        close(worst, 0.0, 1e-5);
        close(jsd(&p, &q), 0.0, 1e-6);
        assert!(law.atoms.is_empty());
        // Against a target of the page, both ways.
        let target = gaussian(&edges, 0.4, 0.6);
        close(
            kl_of_densities(&edges, &p, &target),
            closed::gaussian_kl(shift, f64::abs(slope), 0.4, 0.6),
            ACCURACY,
        );
        let f = gaussian_density(0.4, 0.6);
        let exact = quadrature::jsd(gaussian_density(shift, f64::abs(slope)), f, -8.0, 8.0, 1e-9);
        close(jsd(&p, &target), exact, ACCURACY);
    }
}

#[test]
fn the_square_of_a_gaussian_is_chi_square() {
    let (edges, law) = law(|z| z * z, &[]);
    assert_eq!(law.mass.below, 0.0);
    close(law.mass.above, 1.0 - closed::chi_square_cdf(8.0), 1e-6);
    let mut left = 0.0;
    for (e, mass) in edges.windows(2).zip(&law.mass.cells) {
        close(left, closed::chi_square_cdf(e[0]), 5e-5);
        left += mass;
        if e[1] <= 0.0 {
            assert_eq!(*mass, 0.0);
        }
    }
    let p = law.mass.with_tails();
    let target = gaussian(&edges, 1.0, 1.5);
    let f = gaussian_density(1.0, 1.5);
    // Substituting x = u^2 takes the singularity away; the negative half has p_g = 0 and adds log 2 / 2 of p.
    let folded = |u: f64| 2.0 * u * f(u * u);
    let chi = |u: f64| 2.0 * normal::density(u);
    let exact =
        quadrature::jsd(chi, folded, 0.0, 40.0, 1e-10) + 0.5 * LN_2 * normal::cdf(-1.0 / 1.5);
    // Half a percent of p lies beyond the grid, in the one cell of the tail.
    close(jsd(&p, &target), exact, ACCURACY);
}

#[test]
fn a_fold_inside_the_grid() {
    // A scaled and shifted chi-square whose singularity lies on no edge of the uniform grid.
    let fold = -1.000_7;
    let (edges, law) = law(|z| 0.1 * z * z + fold, &[]);
    let p = law.mass.with_tails();
    close(law.mass.above, 0.0, 1e-12);
    for (m, s) in [(-0.9, 0.1), (0.0, 1.0), (-1.0, 0.4)] {
        let target = gaussian(&edges, m, s);
        let f = gaussian_density(m, s);
        // x = fold + u^2 / 10
        let folded = |u: f64| 0.2 * u * f(0.1 * u * u + fold);
        let chi = |u: f64| 2.0 * normal::density(u);
        let left = normal::cdf((fold - m) / s);
        let exact = quadrature::jsd(chi, folded, 0.0, 9.4, 1e-10) + 0.5 * LN_2 * left;
        close(jsd(&p, &target), exact, ACCURACY);
        close(game::c_of_g(&p, &target), game::c_from_jsd(exact), ACCURACY);
        // The narrow target has no mass in f64 where the far end of G reaches.
        if s > 0.3 {
            let exact = quadrature::kl(chi, folded, 0.0, 9.4, 1e-10);
            close(kl_of_densities(&edges, &p, &target), exact, ACCURACY);
        }
        assert_eq!(kl(&target, &p), f64::INFINITY);
        let logit = |x: f64| 3.0 * (x + 0.7);
        let logits: Vec<f64> = grid::points(&edges).into_iter().map(logit).collect();
        let at = |u: f64| logit(0.1 * u * u + fold);
        let v = quadrature::integrate(|u| chi(u) * game::log_sigmoid(-at(u)), 0.0, 9.4, 1e-10)
            + quadrature::integrate(|x| f(x) * game::log_sigmoid(logit(x)), -8.0, 8.0, 1e-10);
        close(game::value(&logits, &target, &p), v, ACCURACY);
    }
}

#[test]
fn two_folds_add_up_their_branches() {
    // G(z) = z^3 - 3z, scaled: turning points at z = -1 and 1, three branches between their values.
    let (edges, law) = law(|z| 0.4 * (z * z * z - 3.0 * z), &[]);
    // P(G < x) for |x| < 0.8 by the three roots z = 2 cos(...) of z^3 - 3z = x / 0.4.
    let cdf = |x: f64| {
        let angle = (x / 0.8).acos() / 3.0;
        let root = |k: f64| 2.0 * (angle - 2.0 * PI * k / 3.0).cos();
        let mut roots = [root(0.0), root(1.0), root(2.0)];
        roots.sort_by(f64::total_cmp);
        normal::cdf(roots[0]) + normal::interval(roots[1], roots[2])
    };
    let mut left = law.mass.below;
    for (e, mass) in edges.windows(2).zip(&law.mass.cells) {
        if e[0].abs() < 0.8 {
            let tolerance = if e[0].abs() > 0.79 { 1e-3 } else { 1e-5 };
            close(left, cdf(e[0]), tolerance);
        }
        left += mass;
    }
    close(left + law.mass.above, 1.0, 1e-9);
}

#[test]
fn a_constant_piece_is_an_atom() {
    // All z below 0 go to 1.5: half the mass in one cell; the rest is a half-Gaussian that starts there.
    let (edges, law) = law(|z| 1.5 + z.max(0.0), &[]);
    assert_eq!(law.atoms.len(), 1);
    close(law.atoms[0].x, 1.5, 0.0);
    close(law.atoms[0].mass, 0.5, 1e-12);
    let cell = grid::cell_of(&edges, 1.5).unwrap();
    assert_eq!(edges[cell], 1.5);
    let width = edges[cell + 1] - edges[cell];
    close(law.mass.cells[cell], 0.5 + width * normal::density(0.0), 1e-8);
    assert!(law.mass.cells[..cell].iter().all(|m| *m == 0.0));
    // An atom shares nothing with a density: half of p_g is disjoint from p_data = N(1.5, 1).
    let target = gaussian(&edges, 1.5, 1.0);
    let half = |x: f64| {
        if x > 1.5 { normal::density(x - 1.5) } else { 0.0 }
    };
    let exact = quadrature::jsd(half, gaussian_density(1.5, 1.0), -6.5, 8.0, 1e-10);
    close(jsd(&law.mass.with_tails(), &target), exact + 0.5 * 0.5 * LN_2, ACCURACY);
}

#[test]
fn everything_constant_collapses_to_one_atom() {
    let (edges, law) = law(|_| 0.3, &[]);
    assert_eq!(law.atoms.len(), 1);
    close(law.atoms[0].mass, 1.0, 1e-12);
    assert_eq!(law.mass.cells.iter().filter(|m| **m > 0.0).count(), 1);
    close(jsd(&law.mass.with_tails(), &gaussian(&edges, 0.0, 1.0)), LN_2, 1e-3);
}

#[test]
fn mass_outside_and_nowhere_is_counted() {
    let edges = Grid { lo: -1.0, hi: 1.0, cells: 4 }.edges();
    // Images [-3, 1] (half below), [1, 2] (above), {5} (above, an atom), and two with a NaN end.
    let gz = [-3.0, 1.0, 2.0, 5.0, 5.0, f64::NAN, 0.0];
    let prior = [0.4, 0.1, 0.1, 0.2, 0.1, 0.1];
    let law = pushforward(&edges, &prior, &gz);
    close(law.mass.below, 0.2, 1e-15);
    close(law.mass.above, 0.4, 1e-15);
    close(law.undefined, 0.2, 1e-15);
    for m in &law.mass.cells {
        close(*m, 0.05, 1e-15);
    }
    assert_eq!(law.atoms.len(), 1);
    close(law.total(), 1.0, 1e-15);
    close(pushforward(&[], &prior, &gz).total(), 1.0, 1e-15);
}

#[test]
fn logits_travel_from_a_coarse_grid() {
    let coarse = Grid { lo: -2.0, hi: 2.0, cells: 8 }.edges();
    let line: Vec<f64> = coarse.iter().map(|x| 3.0 * x - 1.0).collect();
    let fine = grid::points(&Grid { lo: -3.0, hi: 3.0, cells: 30 }.edges());
    for (x, found) in fine.iter().zip(grid::resample(&coarse, &line, &fine)) {
        close(found, 3.0 * x.clamp(-2.0, 2.0) - 1.0, 1e-12);
    }
}
