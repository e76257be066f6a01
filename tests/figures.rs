//! The live figures of the text: both sides of each identity agree over the ranges of their sliders, and
//! closed forms agree with what is drawn.

use std::f64::consts::{LN_2, TAU};

use crate::support::{normal, quadrature};
use saddle::figures::binomial;
use saddle::figures::descent::descent;
use saddle::figures::dirac::{self, Loss, orbit};
use saddle::figures::figure1;
use saddle::figures::fold::folded;
use saddle::figures::losses::losses;
use saddle::figures::map::{Map, Probe};
use saddle::figures::modes::modes;
use saddle::figures::pair::{Bell, judged, pair};
use saddle::figures::point::point;
use saddle::figures::ruler::{self, ruler};
use saddle::figures::shift::shift;
use saddle::figures::temper::{self, temper};
use saddle::theory::closed;

fn close(a: f64, b: f64, tolerance: f64, what: &str) {
    assert!((a - b).abs() <= tolerance, "{what}: {a} and {b}");
}

fn density(x: f64, mean: f64, deviation: f64) -> f64 {
    (-0.5 * ((x - mean) / deviation).powi(2)).exp() / (deviation * TAU.sqrt())
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
fn masses_converge_at_the_rate_that_is_proved() {
    for eta in [0.02, 0.2, 0.7, 1.0] {
        let shown = descent(eta, 300);
        assert!(shown.kl.windows(2).all(|c| c[1] <= (1.0 - 0.5 * eta) * c[0] + 1e-15), "{eta}");
        assert!(shown.kl.iter().zip(&shown.allowed).all(|(kl, most)| kl <= &(most + 1e-15)));
    }
    // The text: on the logarithmic scale an almost straight line, about twice as steep as is proved.
    for step in descent(0.2, 60).kl.windows(2) {
        let steep = (step[1] / step[0]).ln() / 0.9_f64.ln();
        assert!((1.75..2.25).contains(&steep), "{steep}");
    }
    let end = descent(1.0, 30);
    assert!(end.apart < 1e-8);
    close(end.c_of_g, -(4.0_f64.ln()), 1e-9, "the end");
}

#[test]
fn orbits_do_what_their_derivatives_say() {
    for (loss, gamma) in
        [(Loss::Minimax, 0.0), (Loss::NonSaturating, 0.0), (Loss::R1, 0.3), (Loss::R1, 1.0)]
    {
        for (steps, in_turn) in [(0, false), (7, true), (30, false)] {
            let shown = orbit(loss, in_turn, 0.1, gamma, steps);
            close(shown.change, shown.change_by_field, 1e-12, &format!("{loss:?} {steps}"));
        }
        // Short steps follow continuous time, where only the minimax loss keeps the radius.
        let shown = orbit(loss, true, 0.001, gamma, 20_000);
        assert_eq!(shown.radius < 0.98 * shown.radius_first, loss != Loss::Minimax, "{loss:?}");
    }
    // At once they run away, and in turn they do not.
    let at = |in_turn| orbit(Loss::Minimax, in_turn, 0.2, 0.0, 300);
    assert!(at(false).radius > 1.5 * at(false).radius_first);
    assert!((at(true).radius / at(true).radius_first - 1.0).abs() < 0.1);
    assert!(orbit(Loss::R1, false, 0.2, 0.3, 300).radius < 0.05);
    // The text: at a step of 0.2 a weight of 0.02 is too little, and 0.1 is enough.
    assert!(orbit(Loss::R1, false, 0.2, 0.02, 2_000).radius > 0.5);
    assert!(orbit(Loss::R1, false, 0.2, 0.1, 2_000).radius < 1e-3);
    // And that in turn, from (1, 0), the path stays between 0.97 and 1.03 for 10,000 steps, and has come to 1.18
    // after a million.
    let path = dirac::path((1.0, 0.0), Loss::Minimax, true, 0.2, 0.0, 1_000_000);
    let mut radii = path.chunks(2).map(|at| at[0].hypot(at[1]));
    assert!(radii.by_ref().take(10_000).all(|radius| (0.97..1.03).contains(&radius)));
    close(radii.fold(0.0, f64::max), 1.18, 5e-3, "the drift in turn");
    // Near the solution the non-saturating radius falls like sqrt(8 / t).
    let slow = dirac::path((0.0, 0.5), Loss::NonSaturating, true, 0.01, 0.0, 4_000_000);
    let radius = |at: usize| slow[2 * at].hypot(slow[2 * at + 1]);
    close(radius(4_000_000) / (8.0_f64 / 40_000.0).sqrt(), 1.0, 0.02, "sqrt(8 / t)");
}

#[test]
fn one_mode_is_covered_or_sought() {
    let shown = modes(1.5, bell(0.4, 0.9));
    // KL(data||model) is least where mean and variance are the data's.
    close(shown.covering.mean, 0.0, 1e-4, "mean");
    close(shown.covering.deviation, 1.5_f64.hypot(0.5), 1e-3, "deviation");
    close(shown.seeking.mean, 1.5, 0.02, "the mode sought");
    close(shown.seeking.deviation, 0.5, 0.02, "its deviation");
    close(shown.seeking.costs.seeking, LN_2, 0.01, "one mode of two");
    // The text: with modes 1.5 from the middle the minimax loss still covers, and the non-saturating one has let go.
    close(shown.minimax.mean, 0.0, 1e-3, "minimax");
    close(shown.non_saturating.mean, 1.5, 0.02, "non-saturating");
    close(modes(2.5, bell(0.0, 1.0)).minimax.mean, 2.5, 0.02, "minimax, further apart");
    for half in [0.0, 0.7, 1.5, 3.0] {
        for q in [bell(0.0, 1.0), bell(half, 0.5), bell(-2.0, 0.4)] {
            let shown = modes(half, q);
            let costs = shown.own.costs;
            for (best, cost) in [
                (shown.covering.costs.covering, costs.covering),
                (shown.seeking.costs.seeking, costs.seeking),
                (shown.minimax.costs.minimax, costs.minimax),
                (shown.non_saturating.costs.non_saturating, costs.non_saturating),
            ] {
                assert!(best <= cost + 1e-9 && best > -1e-6, "{half} {best} {cost}");
            }
            // Against the definition through the other two (eq. ns-kl).
            close(costs.seeking - costs.minimax, costs.non_saturating, 1e-6, "2 KL(M||data)");
        }
    }
    let two = |x: f64| 0.5 * (density(x, -1.5, 0.5) + density(x, 1.5, 0.5));
    let kl = quadrature::kl(two, |x| density(x, 0.4, 0.9), -5.0, 5.0, 1e-10);
    close(modes(1.5, bell(0.4, 0.9)).own.costs.covering, kl, 1e-6, "KL(data||model)");
}

#[test]
fn the_ruler_says_what_the_text_says() {
    // The table of the text: distance, JSD, best judge.
    for (shift, jsd, judge) in [
        (0.5, 0.030, 0.60),
        (1.0, 0.111, 0.69),
        (2.0, 0.337, 0.84),
        (3.0, 0.527, 0.93),
        (4.0, 0.633, 0.98),
    ] {
        close(ruler::jsd(shift), jsd, 5e-4, "JSD");
        let (p, q) = (|x| density(x, 0.0, 1.0), |x| density(x, shift, 1.0));
        close(ruler::jsd(shift), quadrature::jsd(p, q, -9.0, 13.0, 1e-11), 1e-8, "JSD");
        close(ruler::apart(ruler::jsd(shift)).accuracy, judge, 5e-3, "best judge");
    }
    for nats in [0.0, 0.05, 0.3, 0.69] {
        let shown = ruler(nats);
        close(shown.here.jsd, nats, 1e-9, "the pair asked for");
        for i in 0..shown.accuracies.len() {
            let (least, at, most) = (shown.least[i], shown.normals[i], shown.most[i]);
            assert!(least <= at + 1e-8 && at <= most + 1e-7, "{least} {at} {most}");
        }
    }
    close(binomial::tally(11, 20).proves, 0.0, 0.0, "a score that a coin may have");
    // The trial of the text: what 17, 19 and 20 of 20 prove.
    for (right, proved) in [(17, 0.030), (19, 0.132), (20, 0.240)] {
        close(binomial::tally(right, 20).proves, proved, 5e-4, "what a score proves");
    }
}

#[test]
fn what_is_left_out_costs_what_both_divergences_say() {
    for lost in [0.0, 0.1, 0.5, 0.75] {
        let shown = temper(lost);
        close(shown.minimax_cost, shown.twice_jsd, 1e-12, "2 JSD");
        close(shown.non_saturating_cost, shown.twice_kl, 1e-12, "2 KL(M||data)");
    }
    // The text: one half of the data costs 0.432 or 0.262.
    close(temper(0.5).minimax_cost, 0.432, 5e-4, "minimax");
    close(temper(0.5).non_saturating_cost, 0.262, 5e-4, "non-saturating");
    // The text: as long as less than four fifths are gone, the non-saturating loss charges less; not for ever.
    let less = |lost: f64| temper(lost).non_saturating_cost < temper(lost).minimax_cost;
    assert!((1..=80).all(|percent| less(f64::from(percent) / 100.0)) && !less(0.9));
    close(temper::minimax(0.0), LN_2, 1e-15, "f(0)");
    close(temper::non_saturating(0.0), 1.0 - LN_2, 1e-15, "f(0)");
}

/// `www/text/figure1.json` is what the page draws without scripts. `SADDLE_WRITE=1` writes it anew.
#[test]
fn the_panels_of_figure_1_are_those_of_the_default_game() {
    let (iterations, d_steps, g_steps) = figure1::OPENS;
    let panels = figure1::panels(iterations, d_steps, g_steps);
    let [a, b, c, d] = &panels;
    assert!(a.sup > 0.05 && (0.005..0.08).contains(&a.jsd), "(a) {} {}", a.sup, a.jsd);
    assert!(b.sup <= 0.02 && b.p_g == a.p_g, "(b) {}", b.sup);
    assert!(c.jsd < b.jsd && c.d == b.d, "(c) {} {}", c.jsd, b.jsd);
    assert!(d.jsd < 0.005 && d.sup_half < 0.05, "(d) {} {}", d.jsd, d.sup_half);
    let path = "www/text/figure1.json";
    let written = serde_json::to_string(&panels).unwrap() + "\n";
    if std::env::var_os("SADDLE_WRITE").is_some() {
        std::fs::write(path, &written).unwrap();
    }
    assert!(
        std::fs::read_to_string(path).is_ok_and(|kept| kept == written),
        "{path} is of another game"
    );
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
        let shown = shift(true, width, by);
        close(shown.jsd, closed::shifted_uniform_jsd(width, by), 1e-7, "JSD");
        close(shown.from_best, shown.jsd, 1e-9, "JSD from D*");
        close(shown.mover, by, 1e-12, "W1");
        close(shown.mover_slope, 1.0, 1e-6, "slope of W1");
        let expected = if by > width { 0.0 } else { LN_2 / width };
        close(shown.jsd_slope, expected, 1e-3, "slope of JSD");
    }
}

/// The two bumps that the page carries from D* to the JSD: the same numbers here, and W1 besides.
#[test]
fn the_bumps_that_are_moved_apart_are_those_of_the_pair() {
    let (here, there) = (shift(false, 1.0, 2.0), pair(false, bell(-1.0, 0.7), bell(1.0, 1.0)));
    close(here.jsd, there.jsd, 1e-9, "JSD");
    close(here.from_best, 0.5 * (there.c_of_g + 4.0_f64.ln()), 1e-9, "JSD from D*");
    for (width, by) in [(1.0, 0.0), (1.0, 2.0), (0.05, 0.3), (0.05, 4.0), (2.0, 1.0)] {
        let shown = shift(false, width, by);
        let (p, q) = (|x| density(x, -1.0, 0.7 * width), |x| density(x, by - 1.0, width));
        let ends = (-1.0 - 9.0 * width, by - 1.0 + 9.0 * width);
        close(shown.jsd, quadrature::jsd(p, q, ends.0, ends.1, 1e-11), 1e-8, "JSD");
        // The plan moves the point at y deviations to that at y deviations: W1 = E |by + 0.3 width y|.
        let (s, y) = (0.3 * width, by / (0.3 * width));
        let moved = 2.0 * s * density(y, 0.0, 1.0) + by * (2.0 * normal::cdf(y) - 1.0);
        close(shown.mover, moved, 1e-4 * width, "W1");
    }
    let narrow = shift(false, 0.2, 2.0);
    close(narrow.jsd_slope, 0.0, 1e-3, "slope of JSD");
    close(narrow.mover_slope, 1.0, 1e-6, "slope of W1");
}
