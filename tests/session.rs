//! The MNIST session on the CPU: exact repetition, exact resumption, what a step changes.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, TensorData};
use saddle::mnist::data::{Batches, Mnist};
use saddle::mnist::frozen::{Generator, numbers, upload};
use saddle::mnist::nets::{Activation, Preset};
use saddle::mnist::train::loss::Loss;
use saddle::mnist::train::optimiser::{Optimiser, OptimiserKind};
use saddle::mnist::train::session::{SavedSession, StartError};
use saddle::mnist::train::{Order, Session, Settings};
use saddle::num::rng::Rng;

/// 40 images of noise: enough for a session to run on.
pub(crate) fn noise_images() -> Arc<Mnist> {
    let mut rng = Rng::new(5);
    let images = (0..40 * 784).map(|_| rng.below(256) as u8).collect();
    Arc::new(Mnist { images, labels: vec![0; 40] })
}

fn settings() -> Settings {
    Settings { batch: 8, ..Settings::of(Preset::Tiny) }
}

/// A run of tiny after two steps, on the host.
pub(crate) fn saved() -> SavedSession {
    let mut session = Session::new(settings(), noise_images(), &Device::flex()).unwrap();
    (0..2).for_each(|_| session.step());
    now(session.save()).unwrap()
}

/// On the CPU every future is ready at once.
pub(crate) fn now<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("a read on the CPU had to wait"),
    }
}

#[test]
fn same_seed_same_bits() {
    let run = |seed| {
        let mut session =
            Session::new(Settings { seed, ..settings() }, noise_images(), &Device::flex()).unwrap();
        (0..6).for_each(|_| session.step());
        (now(session.weights()).unwrap(), now(session.statistics()).unwrap().unwrap())
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1).0, run(2).0);
}

#[test]
fn goes_on_bit_for_bit_after_a_file() {
    let data = noise_images();
    let device = Device::flex();
    let mut straight = Session::new(settings(), data.clone(), &device).unwrap();
    // 40 images in batches of 8: seven steps cross into the second epoch.
    (0..4).for_each(|_| straight.step());
    let bytes = saddle::mnist::file::session::encode(&now(straight.save()).unwrap());
    (0..3).for_each(|_| straight.step());

    let saved = saddle::mnist::file::session::decode(&bytes).unwrap();
    let mut resumed = Session::restore(saved, data, &device).unwrap();
    (0..3).for_each(|_| resumed.step());
    assert_eq!(now(straight.save()).unwrap(), now(resumed.save()).unwrap());
}

#[test]
fn a_file_that_does_not_tell_the_bias_is_one_of_an_unchanged_momentum() {
    let saved = saved();
    let bytes = saddle::mnist::file::session::encode(&saved);
    // The notes renamed, as files of before have none.
    let mut old = bytes.clone();
    for note in ["\"bias_missing\"", "\"bias_since\"", "\"bias_momentum\""] {
        let at = bytes.windows(note.len()).position(|w| w == note.as_bytes()).unwrap();
        old[at + 1] = b'x';
    }
    let read = saddle::mnist::file::session::decode(&old).unwrap();
    assert_eq!(read, saved);
}

/// D's and G's gradients against the players as they were, from one batch of images and noise and one set of masks,
/// taken by hand; the seeded streams are those of the session.
#[test]
fn at_once_both_step_against_the_other_as_it_was() {
    let device = Device::flex();
    for preset in [Preset::Tiny, Preset::Paper] {
        let sgd = OptimiserKind::Sgd;
        let settings = Settings {
            batch: 8,
            order: Order::AtOnce,
            optimiser_d: sgd,
            optimiser_g: sgd,
            rate_d: 0.5,
            rate_g: 0.25,
            ..Settings::of(preset)
        };
        let data = noise_images();
        let mut session = Session::new(settings.clone(), data.clone(), &device).unwrap();
        let (mut g, mut d) = (session.players().0.clone(), session.players().1.clone());
        session.step();

        let latent = session.latent();
        let z = preset.noise(&mut Rng::stream(1, 2), 8 * latent);
        let z = Tensor::<1>::from_data(TensorData::new(z, [8 * latent]), &device);
        let z = z.reshape([8, latent, 1, 1]);
        let images = data.images_at(Batches::new(data.len(), 8, 1).next_batch());
        let real: Tensor<4> = Tensor::from_data(TensorData::new(images, [8, 1, 28, 28]), &device);
        let masks = d.network.masks(16, &mut Rng::stream(1, 3), &device);
        let half = |from: usize| -> Vec<Tensor<4>> {
            masks.iter().map(|mask| mask.clone().narrow(0, from, 8)).collect()
        };

        let fake = g.constant(z.clone(), &[]);
        let leaves = d.leaves();
        let logits = |input, from| d.forward(&leaves.tracked, input, &half(from)).output;
        let loss = Loss::NonSaturating.discriminator(logits(real, 0), logits(fake, 8), 0.0);
        let leaves_g = g.leaves();
        let made = g.forward(&leaves_g.tracked, z, &[]).output;
        let loss_g = Loss::NonSaturating.generator(d.constant(made, &half(8)));
        d.descend(&loss, &leaves, 0.5, 0.0);
        g.descend(&loss_g, &leaves_g, 0.25, 0.0);

        let after = session.players();
        for (expected, found) in [(&g, after.0), (&d, after.1)] {
            let [expected, found] =
                [expected, found].map(|player| numbers(player.parameters.clone()));
            // Real and generated images in one batch or in two: sums in another order.
            for (a, b) in found.iter().zip(&expected) {
                assert!((a - b).abs() < 1e-5, "{preset:?}: {a}, by hand {b}");
            }
        }
    }
}

#[test]
fn the_papers_generator_begins_with_the_mean_image() {
    let data = noise_images();
    let settings = Settings { batch: 8, ..Settings::of(Preset::Paper) };
    let session = Session::new(settings, data.clone(), &Device::flex()).unwrap();
    let (g, _) = session.players();
    let last = g.network.parameters().last().unwrap();
    let bias = &numbers(g.parameters.clone())[last.offset..last.offset + last.len()];
    for (at, bias) in bias.iter().enumerate() {
        let mean =
            (0..40).map(|i| f64::from(data.image(i).unwrap()[at])).sum::<f64>() / 40.0 / 255.0;
        let starts = 1.0 / (1.0 + f64::from(-bias).exp());
        assert!((starts - mean).abs() < 1e-6, "pixel {at}: {starts}, mean {mean}");
    }
}

#[test]
fn a_step_moves_every_parameter_of_both_players() {
    let mut session = Session::new(settings(), noise_images(), &Device::flex()).unwrap();
    let before = now(session.weights()).unwrap();
    (0..2).for_each(|_| session.step());
    let after = now(session.weights()).unwrap();
    let pair = Preset::Tiny.networks();
    for (network, old, new) in [
        (&pair.generator, &before.generator.parameters, &after.generator.parameters),
        (&pair.discriminator, &before.discriminator.parameters, &after.discriminator.parameters),
    ] {
        for parameter in network.parameters() {
            let block = parameter.offset..parameter.offset + parameter.len();
            assert_ne!(old[block.clone()], new[block], "{} stood still", parameter.name);
        }
    }
    assert_ne!(before.average.statistics, after.average.statistics);
    let seen = now(session.statistics()).unwrap().unwrap();
    assert_eq!((seen.step, seen.images_seen), (2, 16));
    assert!(seen.loss_d.is_finite() && seen.loss_g.is_finite());
}

#[test]
fn statistics_are_those_of_the_logits() {
    // Before D has learned anything its logits are near 0: both losses are near their values at 1/2.
    let mut session = Session::new(settings(), noise_images(), &Device::flex()).unwrap();
    assert_eq!(now(session.statistics()).unwrap(), None);
    session.step();
    let seen = now(session.statistics()).unwrap().unwrap();
    // Jensen: the mean of -log is at least -log of the mean.
    assert!(seen.loss_d >= -seen.d_real.ln() - (1.0 - seen.d_fake).ln() - 1e-5);
    assert!((0.0..=1.0).contains(&seen.d_real) && (0.0..=1.0).contains(&seen.d_fake));
}

#[test]
fn the_generator_alone_draws_what_the_session_draws() {
    let device = Device::flex();
    let mut session = Session::new(settings(), noise_images(), &device).unwrap();
    (0..3).for_each(|_| session.step());
    let mut z = vec![0.0; 3 * session.latent()];
    Rng::new(9).fill_normal(&mut z);
    let weights = now(session.weights()).unwrap();
    let generator = Generator::new(settings().design(), weights.average);
    assert_eq!(generator.images(&z), now(session.sample(&z)).unwrap());
}

#[test]
fn adam_against_numbers_made_by_hand() {
    // Kingma & Ba 2015, Algorithm 1, by hand for one parameter: gradients 1 then -2, rate 0.1,
    // beta_1 0.5. m = 0.5, -0.75; v = 0.001, 0.004999; mhat = 1, -1; vhat = 1, 0.004999/0.001999.
    let device = Device::flex();
    let mut adam = Optimiser::new(OptimiserKind::Adam, 1, &device);
    let mut theta: Tensor<1> = upload(vec![3.0], &device);
    let mut seen = Vec::new();
    for gradient in [1.0, -2.0] {
        theta = adam.step(theta, upload(vec![gradient], &device), 0.1, 0.5);
        seen.push(theta.clone().into_data().try_into_vec::<f32>().unwrap()[0]);
    }
    let second = 2.9 + 0.1 / (0.004999f32 / 0.001999).sqrt();
    assert!((seen[0] - 2.9).abs() < 1e-6 && (seen[1] - second).abs() < 1e-6, "{seen:?}");
}

#[test]
fn refuses_settings_out_of_range() {
    let start =
        |settings| Session::new(settings, noise_images(), &Device::flex()).map(|_| ()).unwrap_err();
    for (wrong, field) in [
        (Settings { batch: 0, ..settings() }, "batch"),
        (Settings { rate_d: f32::NAN, ..settings() }, "rateD"),
        (Settings { rate_g: -1.0, ..settings() }, "rateG"),
        (Settings { momentum_d: 1.0, ..settings() }, "momentumD"),
        (Settings { k: 21, ..settings() }, "k"),
        (Settings { smoothing: 0.6, ..settings() }, "smoothing"),
        (Settings { r1: f32::INFINITY, ..settings() }, "r1"),
        (Settings { momentum_g: -0.1, ..settings() }, "momentumG"),
        (Settings { activation_d: Activation::Maxout, ..settings() }, "activationD"),
        (
            Settings { activation_g: Activation::Maxout, ..Settings::of(Preset::Paper) },
            "activationG",
        ),
        (Settings { ema: 1.0, ..settings() }, "ema"),
    ] {
        let StartError::Settings(error) = start(wrong) else { panic!("{field} was not refused") };
        assert_eq!(error.field, field);
    }
    assert_eq!(
        start(Settings { batch: 41, ..settings() }),
        StartError::Batch { batch: 41, images: 40 }
    );
}
