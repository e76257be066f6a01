//! Layers, losses, penalties, optimisers and the moving average against other implementations.
//!
//! Numbers are tests/reference/layers.json, printed by tests/reference/layers.py (NumPy 2.4.6, JAX 0.10.2, in
//! f64); what is tested computes in f32.

use burn::tensor::{Device, Tensor, TensorData};
use saddle::mnist::frozen::upload;
use saddle::mnist::nets::network::flat_length;
use saddle::mnist::nets::{Activation, Convolution, Effective, Init, Layer, Mode, Network};
use saddle::mnist::train::average::Average;
use saddle::mnist::train::loss::Loss;
use saddle::mnist::train::optimiser::{Bias, Optimiser, OptimiserKind};
use saddle::mnist::train::penalty;
use saddle::mnist::train::player::Player;
use saddle::num::rng::Rng;

/// Numbers `name.key` of the reference.
fn reference(name: &str, key: &str) -> Vec<f64> {
    let all: serde_json::Value =
        serde_json::from_str(include_str!("reference/layers.json")).unwrap();
    let list = all[name][key].as_array();
    let list = list.unwrap_or_else(|| panic!("no {name}.{key}"));
    list.iter().map(|v| v.as_f64().unwrap()).collect()
}

/// `uniforms` of the reference script.
fn uniforms(seed: u32, count: usize) -> Vec<f32> {
    let mut state = seed;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        2.0 * ((state >> 8) as f32 / (1 << 24) as f32) - 1.0
    };
    std::iter::repeat_with(next).take(count).collect()
}

fn tensor(values: Vec<f32>, shape: [usize; 4]) -> Tensor<4> {
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

fn flat(values: Vec<f32>) -> Tensor<1> {
    upload(values, &Device::flex())
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

/// The blocks of `network`'s parameters in its flat vector.
fn placed(network: &Network, blocks: &[Vec<f32>]) -> Vec<f32> {
    let mut all = vec![0.0; flat_length(network.parameters())];
    assert_eq!(network.parameters().len(), blocks.len(), "a block for each parameter");
    for (parameter, block) in network.parameters().iter().zip(blocks) {
        all[parameter.offset..parameter.offset + parameter.len()].copy_from_slice(block);
    }
    all
}

/// Each number within `tolerance` of the largest that is expected.
fn close(found: &[f32], name: &str, key: &str, tolerance: f64) {
    let expected = reference(name, key);
    assert_eq!(found.len(), expected.len(), "{name}.{key}");
    let scale = expected.iter().fold(0.0f64, |m, v| m.max(v.abs()));
    for (i, (&f, e)) in found.iter().zip(&expected).enumerate() {
        assert!(
            (f64::from(f) - e).abs() <= tolerance * scale,
            "{name}.{key}[{i}]: {f}, expected {e}"
        );
    }
}

const F32: f64 = 3e-6;

/// Parameters of `network` by blocks, with fresh statistics.
fn effective(network: &Network, blocks: &[Vec<f32>]) -> Effective {
    let statistics = flat(network.initial(&mut Rng::new(0)).statistics);
    network.effective(&flat(placed(network, blocks)), &statistics)
}

fn player(network: Network) -> Player {
    let mut rng = Rng::new(0);
    Player::new(network, OptimiserKind::Sgd, &mut rng, &Device::flex())
}

#[test]
fn batch_normalisation_in_training_and_by_its_running_statistics() {
    let layers = vec![Layer::BatchNorm { channels: 2 }];
    let mut player = player(Network::new([2, 2, 2], layers));
    let views = effective(&player.network, &[uniforms(2, 2), uniforms(3, 2)]);
    let first = || tensor(uniforms(1, 24), [3, 2, 2, 2]);
    let second = tensor(uniforms(4, 24), [3, 2, 2, 2]);
    for (x, key) in [(first(), "first"), (second, "second")] {
        let seen = player.network.forward(&views, &player.statistics, x, Mode::Train);
        close(&numbers(seen.output), "batch_norm", key, F32);
        player.update_statistics(seen.batch_statistics);
    }
    for (view, key) in player.network.statistics().iter().zip(["mean", "variance"]) {
        let block = player.statistics.clone().narrow(0, view.offset, 2);
        close(&numbers(block), "batch_norm", key, F32);
    }
    let running = player.network.forward(&views, &player.statistics, first(), Mode::Evaluate);
    close(&numbers(running.output), "batch_norm", "running", F32);
}

/// One layer with a weight, its name in the reference, its input, seeds of weight, u and the loss.
fn spectral_cases() -> [(Network, &'static str, [u32; 2], usize); 2] {
    let init = Init::Constant(0.0);
    let conv = Layer::Conv(Convolution {
        inputs: 2,
        outputs: 4,
        kernel: 3,
        stride: 1,
        padding: 1,
        bias: true,
        init,
    });
    let dense = Layer::Dense { inputs: 6, outputs: 5, bias: true, init };
    [
        (Network::new([2, 3, 3], vec![conv]), "spectral_conv", [5, 6], 4),
        (Network::new([6, 1, 1], vec![dense]), "spectral_dense", [7, 8], 5),
    ]
}

#[test]
fn spectral_normalisation_and_its_gradient() {
    for (network, name, [weight, u], outputs) in spectral_cases() {
        let network = network.spectral();
        let size = network.parameters()[0].len();
        let parameters = placed(&network, &[uniforms(weight, size), vec![0.5; outputs]]);
        let parameters = flat(parameters);
        let mut start = uniforms(u, outputs);
        start.resize(flat_length(network.statistics()), 0.0);
        let (_, statistics) = network.iterate(&parameters, &flat(start));
        let (normalised, statistics) = network.iterate(&parameters, &statistics);
        close(&numbers(normalised.views()[0].clone()), name, "weight", F32);
        assert_eq!(numbers(normalised.views()[1].clone()), vec![0.5; outputs]);
        close(&numbers(statistics.clone())[..outputs], name, "u", F32);

        // d/dw~ of sum(c sin(3 w~)); the gradient of the bias passes as it is.
        let c = uniforms(9, size);
        let by_effective = numbers(normalised.views()[0].clone())
            .iter()
            .zip(c)
            .map(|(w, c)| 3.0 * c * (3.0 * w).cos())
            .collect();
        let back = normalised.pull_back(vec![flat(by_effective), flat(vec![2.0; outputs])]);
        close(&numbers(back[0].clone()), name, "gradient", F32);
        assert_eq!(numbers(back[1].clone()), vec![2.0; outputs]);

        // Iterated on, what divides is the largest singular value; and evaluation by the stored u agrees.
        let mut statistics = statistics;
        for _ in 0..200 {
            statistics = network.iterate(&parameters, &statistics).1;
        }
        let effective = network.effective(&parameters, &statistics);
        let ratio = |view: &Tensor<1>| numbers(parameters.clone())[0] / numbers(view.clone())[0];
        close(&[ratio(&effective.views()[0])], name, "largest", 1e-5);
    }
}

#[test]
fn r1_has_the_gradient_that_second_derivatives_give() {
    let init = Init::Constant(0.0);
    let layers = vec![
        Layer::Conv(Convolution {
            inputs: 1,
            outputs: 4,
            kernel: 3,
            stride: 2,
            padding: 1,
            bias: true,
            init,
        }),
        Layer::Activation(Activation::Tanh),
        Layer::Dense { inputs: 36, outputs: 1, bias: true, init },
    ];
    let network = Network::new([1, 6, 6], layers);
    let blocks = [(11, 36), (12, 4), (13, 36), (14, 1)].map(|(seed, n)| uniforms(seed, n));
    let mut player = player(network.clone());
    player.parameters = flat(placed(&network, &blocks));
    let real = tensor(uniforms(10, 108), [3, 1, 6, 6]);
    close(&numbers(player.constant(real.clone(), &[])), "r1", "logits", F32);

    let leaves = player.leaves();
    let loss = penalty::r1(&player, &leaves, &real, 10.0);
    let gradients = leaves.tracked.gradients(&mut loss.backward());
    for (gradient, key) in gradients.into_iter().zip(["conv", "conv_bias", "dense", "bias"]) {
        let gradient = numbers(gradient);
        if key == "bias" {
            // A constant on top has no part in a slope.
            assert!(gradient[0].abs() < 1e-4, "{gradient:?}");
        } else {
            // Of second order in how far the images are moved.
            close(&gradient, "r1", key, 1e-3);
        }
    }
    // Twice the penalty, since |v|^2 is linear in one v that is held constant.
    let value = numbers(loss.inner())[0] / 2.0;
    close(&[value], "r1", "penalty", 1e-3);
}

#[test]
fn losses_with_and_without_smoothing_and_their_gradients() {
    let logits = |seed| uniforms(seed, 6).iter().map(|v| 4.0 * v).collect::<Vec<_>>();
    for (loss, kind) in [
        (Loss::Minimax, "minimax"),
        (Loss::NonSaturating, "non-saturating"),
        (Loss::LeastSquares, "least-squares"),
    ] {
        for (smoothing, label) in [(0.0, "0.0"), (0.1, "0.1")] {
            let name = format!("loss {kind} {label}");
            let leaf = |seed| tensor(logits(seed), [6, 1, 1, 1]).autodiff().require_grad();
            let (real, fake, made) = (leaf(15), leaf(16), leaf(16));
            let d = loss.discriminator(real.clone(), fake.clone(), smoothing);
            let g = loss.generator(made.clone());
            let mut gradients = d.backward();
            for (leaf, key) in [(&real, "by_real"), (&fake, "by_fake")] {
                let gradient = leaf.grad_remove(&mut gradients).unwrap();
                close(&numbers(gradient), &name, key, 1e-5);
            }
            let gradient = made.grad_remove(&mut g.backward()).unwrap();
            close(&numbers(gradient), &name, "by_g", 1e-5);
            close(&numbers(d.inner()), &name, "d", F32);
            close(&numbers(g.inner()), &name, "g", F32);
            // The same from logits on the host.
            let (real, fake) = (logits(15), logits(16));
            close(&[loss.of_discriminator(&real, &fake, smoothing)], &name, "d", F32);
            close(&[loss.of_generator(&fake)], &name, "g", F32);
        }
    }
}

#[test]
fn optimisers_over_six_steps() {
    for (kind, name) in [
        (OptimiserKind::Sgd, "optimiser sgd"),
        (OptimiserKind::Momentum, "optimiser momentum"),
        (OptimiserKind::Nesterov, "optimiser nesterov"),
        (OptimiserKind::Adam, "optimiser adam"),
    ] {
        let mut optimiser = Optimiser::new(kind, 4, &Device::flex());
        let mut theta = flat(uniforms(17, 4));
        for gradient in uniforms(18, 24).chunks(4) {
            theta = optimiser.step(theta, flat(gradient.to_vec()), 0.1, 0.9);
        }
        close(&numbers(theta), name, "after", 1e-5);
    }
}

/// Adam in f64 that keeps, beside its mean, the weight of all gradients in it: what the mean is divided by.
fn adam(gradients: &[f32], momenta: &[f32], rate: f64) -> Vec<f64> {
    let (mut theta, mut mean, mut square) = (1.0f64, 0.0f64, 0.0f64);
    let (mut of_mean, mut of_square) = (0.0f64, 0.0f64);
    let steps = gradients.iter().zip(momenta).map(|(&g, &momentum)| {
        let (g, beta) = (f64::from(g), f64::from(momentum));
        mean = beta * mean + (1.0 - beta) * g;
        of_mean = beta * of_mean + (1.0 - beta);
        square = 0.999 * square + 0.001 * g * g;
        of_square = 0.999 * of_square + 0.001;
        theta -= rate * (mean / of_mean) / ((square / of_square).sqrt() + 1e-8);
        theta
    });
    steps.collect()
}

#[test]
fn adam_with_a_momentum_that_changes_while_it_runs() {
    let gradients = uniforms(34, 40);
    let changes = |i: usize| [0.9, 0.9, 0.0, 0.5, 0.99, 0.9][i / 3 % 6];
    for momenta in [vec![0.9; 40], (0..40).map(changes).collect::<Vec<f32>>()] {
        let expected = adam(&gradients, &momenta, 0.01);
        let mut optimiser = Optimiser::new(OptimiserKind::Adam, 1, &Device::flex());
        let mut theta = flat(vec![1.0]);
        for (i, (&gradient, &momentum)) in gradients.iter().zip(&momenta).enumerate() {
            if i == 20 {
                // Put away and taken up again, it goes on as if nothing had been.
                let memory = optimiser.memory().to_vec();
                let (steps, bias) = (optimiser.steps(), optimiser.bias());
                optimiser = Optimiser::restore(OptimiserKind::Adam, memory, steps, bias);
            }
            theta = optimiser.step(theta, flat(vec![gradient]), 0.01, momentum);
            let found = f64::from(numbers(theta.clone())[0]);
            // beta_2 is the nearest f32.
            assert!((found - expected[i]).abs() < 2e-5, "step {i}: {found}, not {}", expected[i]);
        }
    }
    // As long as the momentum stays, the bias is that of Kingma & Ba.
    let mut optimiser = Optimiser::new(OptimiserKind::Adam, 1, &Device::flex());
    for _ in 0..3 {
        optimiser.step(flat(vec![1.0]), flat(vec![1.0]), 0.01, 0.5);
    }
    assert_eq!(optimiser.bias(), Bias::after(3, 0.5));
}

/// Output of a network without parameters, and the gradient of its sum weighted by `uniforms(seed)`.
fn there_and_back(network: &Network, x: Tensor<4>, seed: u32) -> [Vec<f32>; 2] {
    let x = x.autodiff().require_grad();
    let output =
        network.forward(&effective(network, &[]), &flat(vec![0.0]), x.clone(), Mode::Train);
    let output = output.output;
    let shape = output.dims();
    let weights = tensor(uniforms(seed, shape.iter().product()), shape).autodiff();
    let mut gradients = (output.clone() * weights).sum().backward();
    [output.inner(), x.grad_remove(&mut gradients).unwrap()].map(numbers)
}

#[test]
fn maxout_pooling_and_doubling_with_their_gradients() {
    let x = || tensor(uniforms(21, 144), [2, 3, 4, 6]);
    for (name, layer, x, seed) in [
        (
            "maxout",
            Layer::Activation(Activation::Maxout),
            tensor(uniforms(19, 30), [2, 15, 1, 1]),
            20,
        ),
        ("pool", Layer::MaxPool, x(), 22),
        ("double", Layer::Upsample, x(), 22),
    ] {
        let [_, channels, height, width] = x.dims();
        let network = Network::new([channels, height, width], vec![layer]);
        let [output, gradient] = there_and_back(&network, x, seed);
        close(&output, name, "output", F32);
        close(&gradient, name, "gradient", F32);
    }
}

/// The two layers at once and one after the other, for kernels of each odd side.
#[test]
fn a_convolution_on_doubled_pixels_is_the_two_layers_in_turn() {
    for kernel in [1, 3, 5] {
        let conv = Layer::Conv(Convolution {
            inputs: 2,
            outputs: 3,
            kernel,
            stride: 1,
            padding: kernel / 2,
            bias: true,
            init: Init::Constant(0.0),
        });
        let shape = [2, 3, 4];
        let both = Network::new(shape, vec![Layer::Upsample, conv.clone()]);
        let (double, conv) =
            (Network::new(shape, vec![Layer::Upsample]), Network::new([2, 6, 8], vec![conv]));
        assert!(kernel == 1 || both.multiply_adds() < conv.multiply_adds());
        let blocks = [6 * kernel * kernel, 3].map(|n| uniforms(32, n));
        let run = |forward: &dyn Fn(&Effective, Tensor<4>) -> Tensor<4>| {
            let x = tensor(uniforms(31, 48), [2, 2, 3, 4]).autodiff().require_grad();
            let leaves = effective(&both, &blocks).tracked();
            let output = forward(&leaves, x.clone());
            let weights = tensor(uniforms(33, 288), [2, 3, 6, 8]).autodiff();
            let mut gradients = (output.clone() * weights).sum().backward();
            let parts = leaves.gradients(&mut gradients).into_iter().map(numbers);
            let x = numbers(x.grad_remove(&mut gradients).unwrap());
            [vec![numbers(output.inner()), x], parts.collect()].concat()
        };
        let none = flat(vec![0.0]);
        let found = run(&|leaves, x| both.forward(leaves, &none, x, Mode::Train).output);
        let expected = run(&|leaves, x| {
            let x = double.forward(&effective(&double, &[]), &none, x, Mode::Train).output;
            conv.forward(leaves, &none, x, Mode::Train).output
        });
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found.len(), expected.len());
            for (a, b) in found.iter().zip(expected) {
                assert!((a - b).abs() < 1e-4, "side {kernel}: {a} and {b}");
            }
        }
    }
}

#[test]
fn dropout_by_masks_of_the_seeded_generator() {
    let layers = vec![
        Layer::Dropout { keep: 0.8 },
        Layer::Dense { inputs: 8, outputs: 6, bias: true, init: Init::Constant(0.0) },
        Layer::Activation(Activation::Tanh),
        Layer::Dropout { keep: 0.5 },
    ];
    let network = Network::new([8, 1, 1], layers);
    let views = effective(&network, &[uniforms(24, 48), uniforms(25, 6)]);
    let x = || tensor(uniforms(23, 24), [3, 8, 1, 1]);
    let masks = network.masks(3, &mut Rng::new(7), &Device::flex());
    let none = flat(vec![0.0]);
    let dropped = network.forward_masked(&views, &none, x(), Mode::Train, &masks);
    close(&numbers(dropped.output), "dropout", "output", F32);
    let whole = network.forward(&views, &none, x(), Mode::Evaluate);
    close(&numbers(whole.output), "dropout", "without", F32);
}

#[test]
fn the_average_follows_parameters_and_buffers() {
    let mut average =
        Average { parameters: flat(uniforms(26, 64)), statistics: flat(uniforms(27, 64)) };
    // A player of any network: its two vectors are all that counts.
    let mut player = player(Network::new([1, 1, 1], vec![Layer::BatchNorm { channels: 1 }]));
    for step in 0..30 {
        let seed = step as u32;
        player.parameters = flat(uniforms(100 + seed, 64));
        player.statistics = flat(uniforms(200 + seed, 64));
        average.update(&player, step, 0.75);
    }
    close(&numbers(average.parameters), "average", "parameters", F32);
    close(&numbers(average.statistics), "average", "buffers", F32);
}
