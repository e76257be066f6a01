//! The 1-D game: losses and optimisers against hand-computed numbers and finite differences, repeatability,
//! live settings, the figures of a frame, and that the default game converges.

use saddle::game::mlp::{Activation, Shape, Tape};
use saddle::game::prior::Prior;
use saddle::game::target::TargetKind;
use saddle::game::*;

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance
}

const LOSSES: [GameLoss; 3] = [GameLoss::Minimax, GameLoss::NonSaturating, GameLoss::LeastSquares];

/// 11 logits, so that five lanes of the second chunk are empty.
fn logits() -> Tape<f64> {
    let mut tape = Tape::new(11, Shape::scalar(1));
    for (i, y) in tape.y.as_flattened_mut().iter_mut().enumerate() {
        *y = 0.37 * i as f64 - 1.9;
    }
    tape
}

#[test]
fn derivatives_of_losses_are_those_of_finite_differences() {
    type Loss = fn(GameLoss, &mut Tape<f64>) -> Means;
    for loss in LOSSES {
        for player in [on_real as Loss, on_fake as Loss, of_generator as Loss] {
            let mut tape = logits();
            player(loss, &mut tape);
            let derivatives = tape.dy.as_flattened().to_vec();
            assert!(derivatives[11..].iter().all(|&d| d == 0.0), "empty lanes");
            for (i, derivative) in derivatives[..11].iter().enumerate() {
                let at = |shift: f64| {
                    let mut tape = logits();
                    tape.y.as_flattened_mut()[i] += shift;
                    player(loss, &mut tape).loss
                };
                let numeric = (at(1e-6) - at(-1e-6)) / 2e-6;
                assert!(close(*derivative, numeric, 1e-9), "{loss:?} {i}: {derivative} {numeric}");
            }
        }
    }
}

/// What the page shows is computed on `PER_UNIT` cells a data unit; on eight times as many nothing moves by more
/// than the stated accuracy, in any known game, at its start, on its way and at its end.
#[test]
fn a_frame_is_as_accurate_as_stated() {
    let mut wrong = Vec::new();
    for preset in presets() {
        let mut game = Game::new(preset.settings.clone()).expect("a known game");
        for stop in [0, 40, preset.iterations] {
            game.step(stop - game.iteration() as u32);
            let shown = game.numbers(false);
            let fine = game.numbers_on(false, 4096.0);
            for (name, a, b) in [
                ("V", shown.v, fine.v),
                ("C(G)", shown.c_of_g, fine.c_of_g),
                ("JSD", shown.jsd, fine.jsd),
                ("KL(data||g)", shown.kl_data_g, fine.kl_data_g),
                ("KL(g||data)", shown.kl_g_data, fine.kl_g_data),
            ] {
                if !(a == b || close(a, b, 1e-4)) {
                    wrong.push(format!(
                        "{}, iteration {stop}, {name}: {a} shown, {b} finer",
                        preset.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn losses_at_one_half_are_those_of_the_paper() {
    let mut tape = Tape::<f64>::new(3, Shape::scalar(1));
    let ln2 = std::f64::consts::LN_2;
    let real = on_real(GameLoss::Minimax, &mut tape);
    let fake = on_fake(GameLoss::Minimax, &mut tape);
    assert!(close(real.value + fake.value, -2.0 * ln2, 1e-15));
    assert!(close(real.loss + fake.loss, 2.0 * ln2, 1e-15));
    assert!(close(of_generator(GameLoss::Minimax, &mut tape).loss, -ln2, 1e-15));
    assert!(close(of_generator(GameLoss::NonSaturating, &mut tape).loss, ln2, 1e-15));
    assert!(close(of_generator(GameLoss::LeastSquares, &mut tape).loss, 0.125, 1e-15));
}

#[test]
fn the_penalty_is_half_gamma_times_the_mean_square() {
    let mut tape = Tape::<f64>::new(3, Shape::scalar(1));
    tape.slope.as_flattened_mut()[..4].copy_from_slice(&[1.0, -2.0, 3.0, 99.0]);
    let penalty = gradient_penalty(0.6, &mut tape);
    assert!(close(penalty, 0.3 * 14.0 / 3.0, 1e-15));
    let d = tape.dslope.as_flattened();
    assert!(close(d[0], 0.2, 1e-15) && close(d[1], -0.4, 1e-15) && close(d[2], 0.6, 1e-15));
    assert_eq!(d[3..], [0.0; 5]);
}

fn with(optimiser: OptimiserKind, beta1: f64) -> NetSettings {
    NetSettings { width: 1, layers: 2, activation: Activation::Tanh, optimiser, rate: 0.1, beta1 }
}

#[test]
fn optimisers_take_the_steps_of_their_definitions() {
    let run = |settings: &NetSettings, factor: f64| {
        let mut p = [1.0_f32, -1.0];
        let mut optimiser = Optimiser::new(2);
        optimiser.step(settings, factor, &mut p, &[0.5, -2.0]);
        let first = p;
        optimiser.step(settings, factor, &mut p, &[1.0, 0.0]);
        [first[0], first[1], p[0], p[1]].map(f64::from)
    };
    let check = |got: [f64; 4], want: [f64; 4]| {
        for (g, w) in got.iter().zip(want) {
            assert!(close(*g, w, 2e-6), "{got:?} {want:?}");
        }
    };
    check(run(&with(OptimiserKind::Sgd, 0.9), 1.0), [0.95, -0.8, 0.85, -0.8]);
    check(run(&with(OptimiserKind::Sgd, 0.9), 0.5), [0.975, -0.9, 0.925, -0.9]);
    // v = 0.5, -2; then 0.5 v + g = 1.25, -1.
    check(run(&with(OptimiserKind::Momentum, 0.5), 1.0), [0.95, -0.8, 0.825, -0.7]);
    // First step 0.1 g/|g|. Then m/(1 - b1^2) = (0.25 + 1 * 0.5)/0.75 = 1 for g = 0.5, 1 and -0.5/0.75 for
    // -2, 0; v/(1 - b2^2) = (0.000999 * 0.25 + 0.001)/0.001999 and 0.003996/0.001999.
    let m = [(0.125 + 0.5) / 0.75, -0.5 / 0.75];
    let v = [(0.000_999 * 0.25 + 0.001) / 0.001_999, 0.003_996 / 0.001_999_f64];
    let adam = [0.9 - 0.1 * m[0] / v[0].sqrt(), -0.9 - 0.1 * m[1] / v[1].sqrt()];
    check(run(&with(OptimiserKind::Adam, 0.5), 1.0), [0.9, -0.9, adam[0], adam[1]]);
}

fn seeded(seed: u64) -> GameSettings {
    GameSettings { seed, ..GameSettings::default() }
}

#[test]
fn the_default_game_converges() {
    // Measured over seeds 1 to 20: median JSD 0.0002, worst 0.001; sup |D - 1/2| at most 0.01.
    let runs: Vec<RunFigures> = (1..=5).map(|seed| play(seeded(seed), 4_000).unwrap()).collect();
    for run in &runs {
        assert!(run.jsd < 0.005 && run.sup_d_minus_half < 0.05, "{run:?}");
        assert!(
            close(run.v, -4.0_f64.ln(), 0.01) && close(run.c_of_g, -4.0_f64.ln(), 0.011),
            "{run:?}"
        );
    }
    assert!(median(&runs, |r| r.jsd) < 0.002);
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let parameters = |seed| {
        let mut game = Game::new(seeded(seed)).unwrap();
        game.step(50);
        let (d, g) = game.networks();
        d.parameters.iter().chain(&g.parameters).map(|p| p.to_bits()).collect::<Vec<u32>>()
    };
    let first = parameters(3);
    assert_eq!(first, parameters(3));
    assert_ne!(first, parameters(4));
    // Steps in pieces, by hand, and past a branch are the same steps.
    let mut game = Game::new(seeded(3)).unwrap();
    game.step(20);
    let mut branch = game.fork();
    game.step_d(5);
    game.frame(false);
    branch.step(10);
    branch.frame(true);
    branch.step(20);
    let (d, g) = branch.networks();
    let bits: Vec<u32> = d.parameters.iter().chain(&g.parameters).map(|p| p.to_bits()).collect();
    assert_eq!(first, bits);
}

fn bits(game: &Game) -> Vec<u32> {
    let (d, g) = game.networks();
    let all = d.parameters.iter().chain(&g.parameters);
    all.map(|p| p.to_bits()).collect()
}

/// A moment that was kept is played on as it was, whatever the game did in between: steps, settings that need other
/// buffers, and D on its way to its optimum.
#[test]
fn a_game_goes_on_from_a_fork_as_it_did() {
    let wide = GameSettings { batch: 40, target: TargetKind::TwoModes, ema: 0.0, ..seeded(5) };
    let mut game = Game::new(seeded(5)).unwrap();
    game.step(30);
    game.train_d_to_optimum(40);
    let moment = game.fork();
    let on = |game: &mut Game| {
        let optimum = game.train_d_to_optimum(60);
        game.step(25);
        game.configure(wide.clone()).unwrap();
        game.step(5);
        let frame = game.frame(true);
        (bits(game), optimum, frame.p_g, frame.numbers.v.to_bits())
    };
    let first = on(&mut game);
    game.restore(&moment);
    assert_eq!(bits(&game), bits(&moment));
    assert_eq!(on(&mut game), first);
    assert_eq!(on(&mut moment.fork()), first);
    assert_eq!(moment.iteration(), 30);
}

/// Counted by hand, an iteration is what `step` counts: rates that fall with it fall alike.
#[test]
fn steps_by_hand_and_a_count_are_an_iteration() {
    let settings = GameSettings { decay_from: 0, decay_to: 40, k_d: 2, ema: 0.9, ..seeded(6) };
    let mut whole = Game::new(settings.clone()).unwrap();
    let mut by_hand = Game::new(settings.clone()).unwrap();
    whole.step(20);
    for _ in 0..20 {
        by_hand.step_d(2);
        by_hand.step_g(1);
        by_hand.count_iteration();
    }
    assert_eq!(bits(&whole), bits(&by_hand));
    assert_eq!(by_hand.iteration(), 20);
    assert_eq!(by_hand.settings(), &settings);
    assert_eq!(whole.frame(true), by_hand.frame(true));
}

#[test]
fn every_seed_starts_increasing_with_mean_0_and_deviation_1() {
    for activation in
        [Activation::Tanh, Activation::Relu, Activation::LeakyRelu, Activation::Softplus]
    {
        for seed in 0..5 {
            let mut settings = seeded(seed);
            settings.g.activation = activation;
            let frame = Game::new(settings).unwrap().frame(false);
            assert!(frame.gz.windows(2).all(|x| x[0] <= x[1]), "{activation:?} {seed}");
            let n = frame.gz.len() as f32;
            let mean = frame.gz.iter().sum::<f32>() / n;
            let square = frame.gz.iter().map(|x| (x - mean) * (x - mean)).sum::<f32>() / n;
            assert!(
                mean.abs() < 0.02 && (square.sqrt() - 1.0).abs() < 0.03,
                "{activation:?} {mean} {square}"
            );
        }
    }
}

#[test]
fn frames_hold_densities_that_agree_with_their_numbers() {
    for prior in [Prior::Gaussian, Prior::Uniform] {
        let mut game = Game::new(GameSettings { prior, ..seeded(2) }).unwrap();
        game.step(60);
        let frame = game.frame(false);
        let h = f64::from(frame.x[1] - frame.x[0]);
        let integral = |density: &[f32]| density.iter().map(|&p| f64::from(p) * h).sum::<f64>();
        assert!(close(integral(&frame.p_data), 1.0, 1e-4));
        assert!(close(integral(&frame.p_g), 1.0, 1e-3), "{}", integral(&frame.p_g));
        let n = &frame.numbers;
        assert!(close(n.c_of_g, n.identity, 1e-12));
        assert!(close(n.gap, n.c_of_g - n.v, 1e-9) && n.gap >= 0.0);
        // The same JSD by the rectangle rule on what is plotted.
        let term = |p: f64, m: f64| if p > 0.0 { p * (p / m).ln() } else { 0.0 };
        let jsd: f64 = frame
            .p_data
            .iter()
            .zip(&frame.p_g)
            .map(|(&p, &q)| {
                let (p, q) = (f64::from(p), f64::from(q));
                0.5 * h * (term(p, 0.5 * (p + q)) + term(q, 0.5 * (p + q)))
            })
            .sum();
        assert!(close(jsd, n.jsd, 2e-3), "{jsd} {}", n.jsd);
        for i in 0..frame.x.len() {
            let (p, q) = (frame.p_data[i], frame.p_g[i]);
            assert!(
                p == 0.0 || q == 0.0 || close((p / (p + q)).into(), frame.d_star[i].into(), 1e-4)
            );
            assert!((0.0..=1.0).contains(&frame.d[i]));
        }
    }
}

/// Where a G that only rises ends, p_g thins out to nothing; mass heaped up there would be a dip in D*.
#[test]
fn p_g_thins_out_where_it_ends() {
    let mut thin = 0;
    for seed in 1..=3 {
        let mut game = Game::new(seeded(seed)).expect("a game");
        for _ in 0..20 {
            game.step(100);
            let frame = game.frame(false);
            if !frame.gz.is_sorted() {
                continue;
            }
            let middle = frame.x.partition_point(|&x| x < frame.gz[30]);
            let right: Vec<f32> = frame.p_g[middle..].to_vec();
            let left: Vec<f32> = frame.p_g[..middle].iter().rev().copied().collect();
            for side in [left, right] {
                let tail = side.iter().skip_while(|&&p| p > 1e-6);
                let tail: Vec<f32> = tail.copied().collect();
                thin += tail.len();
                let risen = tail.windows(2).find(|p| p[1] > 1.01 * p[0]);
                assert_eq!(risen, None, "seed {seed}, iteration {}", game.iteration());
            }
        }
    }
    assert!(thin > 100, "no tail came into sight");
}

#[test]
fn d_trained_to_its_optimum_is_d_star() {
    for (seed, iterations) in [(1, 0), (2, 50), (3, 400)] {
        let mut game = Game::new(seeded(seed)).unwrap();
        game.step(iterations);
        let before = game.networks().1.clone();
        let optimum = game.train_d_to_optimum(4_000);
        assert!(optimum.reached && optimum.sup <= 0.02, "{optimum:?}");
        assert_eq!(&before, game.networks().1, "G stands still");
        assert!(game.numbers(false).sup_d_d_star <= 0.02);
        assert_eq!(game.train_d_to_optimum(10).steps, 0);
    }
}

#[test]
fn settings_change_without_a_restart_where_they_can() {
    let mut game = Game::new(seeded(1)).unwrap();
    game.step(30);
    let mut settings = seeded(1);
    settings.target = TargetKind::Uniform;
    settings.mean = -2.0;
    settings.batch = 33;
    settings.loss = GameLoss::Minimax;
    settings.d.activation = Activation::LeakyRelu;
    settings.g.optimiser = OptimiserKind::Momentum;
    settings.g.beta1 = 0.5;
    settings.k_d = 3;
    let before = game.networks().1.parameters.clone();
    assert!(!game.configure(settings.clone()).unwrap());
    assert_eq!(game.networks().1.parameters, before);
    assert_eq!(game.iteration(), 30);
    game.step(2);
    let frame = game.frame(false);
    assert_eq!((frame.iteration, frame.d_steps, frame.g_steps), (32, 36, 32));
    assert!(frame.numbers.jsd.is_finite());
    let restarts: [fn(&mut GameSettings); 4] =
        [|s| s.seed = 9, |s| s.d.width = 8, |s| s.g.width = 20, |s| s.prior = Prior::Uniform];
    for change in restarts {
        game.step(1);
        change(&mut settings);
        assert!(game.configure(settings.clone()).unwrap());
        assert_eq!(game.iteration(), 0);
    }
}

#[test]
fn settings_out_of_range_are_named_and_change_nothing() {
    type Spoil = fn(&mut GameSettings);
    let cases: [(&str, Spoil); 12] = [
        ("mean", |s| s.mean = f64::NAN),
        ("deviation", |s| s.deviation = 0.05),
        ("kD", |s| s.k_d = 21),
        ("kG", |s| s.k_g = 21),
        ("d.width", |s| s.d.width = 65),
        ("g.width", |s| s.g.width = 0),
        ("d.rate", |s| s.d.rate = 0.0),
        ("g.beta1", |s| s.g.beta1 = 1.0),
        ("batch", |s| s.batch = 0),
        ("r1", |s| s.r1 = -1.0),
        ("ema", |s| s.ema = 1.0),
        ("decayTo", |s| s.decay_to = s.decay_from),
    ];
    let mut game = Game::new(seeded(1)).unwrap();
    for (name, spoil) in cases {
        let mut settings = seeded(1);
        spoil(&mut settings);
        let error = game.configure(settings).unwrap_err();
        assert!(matches!(error, SettingsError::Range { field, .. } if field == name), "{error}");
        assert!(error.to_string().starts_with(name));
    }
    let drawn = GameSettings { target: TargetKind::Drawn, drawn: vec![0.0; 64], ..seeded(1) };
    assert!(matches!(Game::new(drawn), Err(SettingsError::Drawn(_))));
    assert_eq!(game.settings(), &seeded(1));
}

#[test]
fn rates_fall_linearly_between_two_iterations() {
    let settings = GameSettings { decay_from: 100, decay_to: 200, ..seeded(1) };
    let factors = [0, 100, 125, 200, 300].map(|i| settings.rate_factor(i));
    assert_eq!(factors, [1.0, 1.0, 0.75, 0.0, 0.0]);
    assert_eq!(GameSettings { decay_from: 0, decay_to: 0, ..settings }.rate_factor(9), 1.0);
}

#[test]
fn settings_have_the_names_of_the_page() {
    let json = serde_json::to_value(seeded(7)).unwrap();
    assert_eq!(json["target"], "gaussian");
    assert_eq!(json["loss"], "non-saturating");
    assert_eq!(json["kD"], 1);
    assert_eq!(json["decayFrom"], 2_000);
    assert_eq!(json["g"]["beta1"], 0.0);
    let back: GameSettings = serde_json::from_value(json).unwrap();
    assert_eq!(back, seeded(7));
    let numbers = serde_json::to_value(Game::new(seeded(1)).unwrap().numbers(false)).unwrap();
    for name in [
        "v",
        "cOfG",
        "jsd",
        "klDataG",
        "klGData",
        "identity",
        "gap",
        "supDDStar",
        "supDHalf",
        "vBatch",
    ] {
        assert!(numbers.get(name).is_some(), "{name}");
    }
}

#[test]
fn a_diverged_game_still_gives_frames() {
    let mut settings = seeded(1);
    settings.d.optimiser = OptimiserKind::Sgd;
    settings.g.optimiser = OptimiserKind::Momentum;
    (settings.d.rate, settings.g.rate, settings.g.beta1) = (10.0, 10.0, 0.99);
    settings.g.activation = Activation::Relu;
    let mut game = Game::new(settings).unwrap();
    for _ in 0..20 {
        game.step(20);
        assert_eq!(game.frame(false).x.len(), 401);
        game.train_d_to_optimum(5);
    }
}

/// Plays a known game with seeds 1 to `seeds`; how many of them do what `holds` says.
fn count(name: &str, seeds: u64, holds: impl Fn(&mut Game, u32) -> bool) -> usize {
    let known = preset(name).unwrap();
    (1..=seeds)
        .filter(|&seed| {
            let settings = GameSettings { seed, ..known.settings.clone() };
            holds(&mut Game::new(settings).unwrap(), known.iterations)
        })
        .count()
}

/// Mass of p_g left of 0, where the window ends on neither side.
fn mass_below_zero(game: &mut Game) -> f64 {
    let frame = game.frame(false);
    let step = f64::from(frame.x[1] - frame.x[0]);
    let left = frame.x.iter().zip(&frame.p_g).filter(|(x, _)| **x < 0.0);
    left.map(|(_, p)| f64::from(*p) * step).sum()
}

/// JSD and gap after each of 20 equal parts of a run.
fn course(game: &mut Game, iterations: u32) -> Vec<(f64, f64)> {
    (0..20)
        .map(|_| {
            game.step(iterations / 20);
            let n = game.numbers(false);
            (n.jsd, n.gap)
        })
        .collect()
}

fn mean_gap(course: &[(f64, f64)]) -> f64 {
    course.iter().map(|c| c.1).sum::<f64>() / course.len() as f64
}

#[test]
fn every_name_is_a_game_of_its_own() {
    let all = presets();
    for (i, known) in all.iter().enumerate() {
        assert_eq!(preset(known.name).as_ref(), Some(known));
        known.settings.validate().unwrap();
        // A name that was added without a game of its own would play another one's.
        let same = |other: &Preset| {
            other.name == known.name
                || (other.settings == known.settings && other.iterations == known.iterations)
        };
        assert!(!all[i + 1..].iter().any(same), "{}", known.name);
    }
    assert_eq!(preset("nonsense"), None);
}

#[test]
fn with_the_recommended_setting_both_modes_have_their_mass() {
    let balanced = count("two-modes", 20, |game, n| {
        game.step(n);
        close(mass_below_zero(game), 0.5, 0.05)
    });
    assert!(balanced >= 18, "{balanced} of 20");
}

#[test]
fn with_the_plain_setting_one_mode_is_lost() {
    let lost = count("mode-lost", 10, |game, n| {
        game.step(n);
        !close(mass_below_zero(game), 0.5, 0.45)
    });
    assert!(lost >= 9, "{lost} of 10");
}

#[test]
fn a_far_start_saturates_the_minimax_loss_and_not_the_other() {
    let stalls = count("saturation", 10, |game, n| {
        let settings = GameSettings { loss: GameLoss::NonSaturating, ..game.settings().clone() };
        let mut other = Game::new(settings).unwrap();
        game.step(n);
        other.step(n);
        game.numbers(false).jsd > 0.65 && other.numbers(false).jsd < 0.45
    });
    assert!(stalls >= 9, "{stalls} of 10");
}

#[test]
fn a_d_too_strong_stalls_and_one_too_weak_misleads() {
    let stalls = count("d-too-strong", 10, |game, n| {
        game.step(n);
        game.numbers(false).jsd > 0.6
    });
    let strays = count("d-too-weak", 10, |game, n| {
        let course = course(game, n);
        course[10..].iter().any(|c| c.0 > 0.3) && mean_gap(&course[10..]) > 0.3
    });
    assert!(stalls >= 9 && strays >= 9, "{stalls} and {strays} of 10");
}

#[test]
fn momentum_oscillates() {
    let swings = count("oscillation", 10, |game, n| {
        let course = course(game, n);
        course[10..].iter().any(|c| c.0 > 0.3)
    });
    assert!(swings >= 9, "{swings} of 10");
}

#[test]
fn more_steps_of_d_keep_it_closer_to_d_star() {
    let gap = |name| {
        move |seed| {
            let known = preset(name).unwrap();
            let mut game = Game::new(GameSettings { seed, ..known.settings }).unwrap();
            mean_gap(&course(&mut game, known.iterations))
        }
    };
    let (one, ten) = (gap("k-1"), gap("k-10"));
    let closer = (1..=10).filter(|&seed| ten(seed) < 0.5 * one(seed)).count();
    assert!(closer >= 9, "{closer} of 10");
    let optimal = count("d-to-optimum", 10, |game, n| {
        let course = course(game, n);
        mean_gap(&course) < 0.01 && course[19].0 < 0.01
    });
    assert!(optimal >= 9, "{optimal} of 10");
}

#[test]
fn plain_sgd_converges_too() {
    let near = count("sgd", 10, |game, n| {
        game.step(n);
        game.numbers(false).jsd < 0.02
    });
    assert!(near >= 9, "{near} of 10");
}

/// `docs/games.json`, which the text has its counts from, is of these games: one seed of the quick ones.
#[test]
fn the_counts_of_the_text_are_of_the_known_games() {
    let text = std::fs::read_to_string("docs/games.json").unwrap();
    let written: serde_json::Value = serde_json::from_str(&text).unwrap();
    let written = written["games"].as_array().unwrap();
    let known: Vec<Preset> = presets().into_iter().chain(plane_presets()).collect();
    assert_eq!(written.len(), known.len(), "`saddle games` writes it");
    for (written, known) in written.iter().zip(&known) {
        assert_eq!(written["name"], known.name);
        assert_eq!(written["iterations"], known.iterations);
        if !["default", "mode-lost", "ring-lost"].contains(&known.name) {
            continue;
        }
        let settings = GameSettings { seed: 1, ..known.settings.clone() };
        let played = serde_json::to_value(play(settings, known.iterations).unwrap()).unwrap();
        for (field, value) in played.as_object().unwrap() {
            let (found, told) = (value.as_f64(), written["runs"][0][field].as_f64());
            assert!(
                (found.unwrap() - told.unwrap()).abs() < 1e-9,
                "{}: {field} is {found:?}, not {told:?}: `saddle games` writes it",
                known.name
            );
        }
    }
}

/// As the answer to an exercise has it.
#[test]
fn g_may_learn_four_times_as_fast_and_not_six_times() {
    let base = GameSettings::default();
    let [settles, wavers] = [2e-3, 3e-3].map(|rate| {
        let g = NetSettings { rate, ..base.g.clone() };
        play(GameSettings { g, decay_from: 0, decay_to: 0, ..base.clone() }, 3_000).unwrap().jsd
    });
    assert!(settles < 1e-3 && wavers > 1e-3, "{settles} and {wavers}");
}
