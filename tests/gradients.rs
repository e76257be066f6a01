//! Gradients of both networks under both losses, against central differences in f64.
//!
//! Covers every layer of the presets and the losses together: a wrong sign, a missing term or a
//! parameter that does not reach the loss shows. Does not cover f32 rounding.

use burn::tensor::{DType, Device, Tensor, TensorData};
use saddle::mnist::nets::{Effective, Mode, Network, Parameter, Preset};
use saddle::mnist::train::loss;
use saddle::mnist::train::loss::Loss;
use saddle::num::rng::Rng;

const BATCH: usize = 2;
/// Central differences of step h err by O(h^2) and by rounding over h: about 1e-8 here, but a unit
/// of relu may cross its kink within h, which moves the difference by up to h.
const STEP: f64 = 1e-6;
const TOLERANCE: f64 = 1e-5;

fn tensor(values: &[f64], shape: [usize; 4], device: &Device) -> Tensor<4> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), (device, DType::F64))
}

fn flat(values: &[f64], device: &Device) -> Tensor<1> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len()]), (device, DType::F64))
}

fn scalar(tensor: Tensor<1>) -> f64 {
    tensor.into_data().try_into_vec::<f64>().unwrap()[0]
}

fn normal(rng: &mut Rng, n: usize) -> Vec<f64> {
    (0..n).map(|_| rng.normal()).collect()
}

fn wide(values: Vec<f32>) -> Vec<f64> {
    values.into_iter().map(f64::from).collect()
}

/// Compares the gradient along a random direction in each parameter with central differences.
fn check(parameters: &[Parameter], theta: &[f64], gradient: &[f64], loss: impl Fn(&[f64]) -> f64) {
    let mut rng = Rng::new(99);
    for parameter in parameters {
        let block = parameter.offset..parameter.offset + parameter.len();
        let direction = normal(&mut rng, parameter.len());
        let norm = direction.iter().map(|d| d * d).sum::<f64>().sqrt();
        let shifted = |sign: f64| {
            let mut theta = theta.to_vec();
            for (t, d) in theta[block.clone()].iter_mut().zip(&direction) {
                *t += sign * STEP * d / norm;
            }
            loss(&theta)
        };
        let numeric = (shifted(1.0) - shifted(-1.0)) / (2.0 * STEP);
        let analytic: f64 = gradient[block].iter().zip(&direction).map(|(g, d)| g * d / norm).sum();
        let scale = numeric.abs().max(1e-2);
        assert!(
            (numeric - analytic).abs() <= TOLERANCE * scale,
            "{}: difference quotient {numeric}, gradient {analytic}",
            parameter.name
        );
    }
}

fn gradient(loss: &Tensor<1>, leaves: &Effective, network: &Network) -> Vec<f64> {
    let parts = leaves.gradients(&mut loss.backward());
    // Padding is f32 zeros in a session; here the parts are f64, so each is placed by hand.
    let mut flat = vec![0.0; network.length()];
    for (parameter, part) in network.parameters().iter().zip(parts) {
        let values = part.into_data().try_into_vec::<f64>().unwrap();
        flat[parameter.offset..parameter.offset + parameter.len()].copy_from_slice(&values);
    }
    flat
}

#[test]
fn discriminator_and_its_loss() {
    let device = Device::flex();
    for preset in Preset::ALL {
        let network = preset.networks().discriminator;
        let mut rng = Rng::new(3);
        let start = network.initial(&mut rng);
        let theta = wide(start.parameters);
        let statistics = flat(&wide(start.statistics), &device);
        let images: Vec<f64> = normal(&mut rng, 2 * BATCH * 784).iter().map(|v| v.tanh()).collect();
        let images = tensor(&images, [2 * BATCH, 1, 28, 28], &device);
        let of = |parameters: &Effective| {
            let logits =
                network.forward(parameters, &statistics, images.clone(), Mode::Train).output;
            Loss::NonSaturating.discriminator(
                logits.clone().narrow(0, 0, BATCH),
                logits.narrow(0, BATCH, BATCH),
                0.0,
            )
        };
        let effective = |theta: &[f64]| network.effective(&flat(theta, &device), &statistics);
        let leaves = effective(&theta).tracked();
        let gradient = gradient(&of(&leaves), &leaves, &network);
        check(network.parameters(), &theta, &gradient, |theta| scalar(of(&effective(theta))));
    }
}

#[test]
fn generator_through_a_fixed_discriminator() {
    let device = Device::flex();
    for preset in Preset::ALL {
        let pair = preset.networks();
        let (g, d) = (&pair.generator, &pair.discriminator);
        let mut rng = Rng::new(4);
        let start = g.initial(&mut rng);
        let theta = wide(start.parameters);
        let statistics = flat(&wide(start.statistics), &device);
        let start = d.initial(&mut rng);
        let judge_statistics = flat(&wide(start.statistics), &device);
        let judge = d.effective(&flat(&wide(start.parameters), &device), &judge_statistics);
        let z = tensor(&normal(&mut rng, 4 * pair.latent), [4, pair.latent, 1, 1], &device);
        let of = |parameters: &Effective| {
            let images = g.forward(parameters, &statistics, z.clone(), Mode::Train).output;
            Loss::NonSaturating
                .generator(d.forward(&judge, &judge_statistics, images, Mode::Train).output)
        };
        let effective = |theta: &[f64]| g.effective(&flat(theta, &device), &statistics);
        let leaves = effective(&theta).tracked();
        let gradient = gradient(&of(&leaves), &leaves, g);
        check(g.parameters(), &theta, &gradient, |theta| scalar(of(&effective(theta))));
    }
}

#[test]
fn losses_at_one_half_are_log_four_and_log_two() {
    let device = Device::flex();
    let half = tensor(&[0.0; 4], [4, 1, 1, 1], &device);
    let v = scalar(loss::value(half.clone(), half.clone()));
    assert!((v + 4f64.ln()).abs() < 1e-12, "V~ = {v}");
    assert!((scalar(Loss::NonSaturating.generator(half)) - 2f64.ln()).abs() < 1e-12);
}

#[test]
fn losses_stay_finite_for_a_certain_discriminator() {
    let device = Device::flex();
    let sure = tensor(&[200.0, -200.0], [2, 1, 1, 1], &device);
    for logit in [sure.clone(), -sure] {
        // log D and log(1 - D) are each about -200 on one of the two logits and 0 on the other.
        let v = scalar(loss::value(logit.clone(), logit.clone()));
        assert!((v + 200.0).abs() < 1e-9, "{v}");
        assert!((scalar(Loss::NonSaturating.generator(logit)) - 100.0).abs() < 1e-9);
    }
}
