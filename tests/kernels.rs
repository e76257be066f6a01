//! Operations of our own on the CPU, held to the bit to the same formulas in the library's operations, and figures of
//! several steps that are read at once.

use std::sync::Arc;

use burn::tensor::{Device, Tensor, activation};
use saddle::mnist::data::Mnist;
use saddle::mnist::frozen::{numbers, upload};
use saddle::mnist::nets::network::Mode;
use saddle::mnist::nets::{Activation, Layer, Network, Preset};
use saddle::mnist::train::loss::Loss;
use saddle::mnist::train::optimiser::{Optimiser, OptimiserKind};
use saddle::mnist::train::{Seen, Session, Settings};
use saddle::num::rng::Rng;

/// Some that no block of lanes divides.
const LENGTHS: [usize; 6] = [1, 3, 17, 64, 1000, 4099];
const KINDS: [OptimiserKind; 4] =
    [OptimiserKind::Sgd, OptimiserKind::Momentum, OptimiserKind::Nesterov, OptimiserKind::Adam];

fn normal(rng: &mut Rng, n: usize) -> Vec<f32> {
    let mut values = vec![0.0; n];
    rng.fill_normal(&mut values);
    values
}

fn bits<const D: usize>(tensor: &Tensor<D>) -> Vec<u32> {
    numbers(tensor.clone()).into_iter().map(f32::to_bits).collect()
}

/// On the CPU every future is ready at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => panic!("a read on the CPU had to wait"),
    }
}

/// The optimisers' formulas in the library's operations, one after the other.
struct Plain {
    kind: OptimiserKind,
    memory: Vec<Tensor<1>>,
    steps: i32,
}

impl Plain {
    fn step(&mut self, p: Tensor<1>, g: Tensor<1>, rate: f32, momentum: f32) -> Tensor<1> {
        self.steps += 1;
        match self.kind {
            OptimiserKind::Sgd => p - g * rate,
            OptimiserKind::Momentum => {
                self.memory[0] = self.memory[0].clone() * momentum - g * rate;
                p + self.memory[0].clone()
            }
            OptimiserKind::Nesterov => {
                let down = g * rate;
                self.memory[0] = self.memory[0].clone() * momentum - down.clone();
                p + self.memory[0].clone() * momentum - down
            }
            OptimiserKind::Adam => {
                let [m, s] = [0, 1].map(|i| self.memory[i].clone());
                let m = m * momentum + g.clone() * (1.0 - momentum);
                let s = s * 0.999 + g.clone() * g * (1.0 - 0.999f32);
                let second = (1.0 - 0.999f32.powi(self.steps)).sqrt();
                let step = rate * second / (1.0 - momentum.powi(self.steps));
                self.memory = vec![m.clone(), s.clone()];
                p - m * step / (s.sqrt() + 1e-8 * second)
            }
        }
    }
}

#[test]
fn optimisers_are_their_formulas_to_the_bit() {
    let device = Device::flex();
    let mut rng = Rng::new(1);
    for kind in KINDS {
        for n in LENGTHS {
            let mut ours = Optimiser::new(kind, n, &device);
            let memory = kind.memory().iter().map(|_| Tensor::zeros([n], &device)).collect();
            let mut plain = Plain { kind, memory, steps: 0 };
            let mut p = upload(normal(&mut rng, n), &device);
            let mut q = p.clone();
            for _ in 0..5 {
                // A gradient that begins in the middle of what it is a view of, as nothing else does.
                let wide = upload(normal(&mut rng, n + 7), &device);
                let gradient = wide.narrow(0, 5, n);
                let held = (p.clone(), bits(&p));
                p = ours.step(p, gradient.clone(), 0.01, 0.7);
                q = plain.step(q, gradient, 0.01, 0.7);
                assert_eq!(bits(&p), bits(&q), "{kind:?}, {n} parameters");
                for (ours, plain) in ours.memory().iter().zip(&plain.memory) {
                    assert_eq!(bits(ours), bits(plain), "memory of {kind:?}, {n} parameters");
                }
                assert_eq!(bits(&held.0), held.1, "{kind:?} changed what somebody else holds");
            }
        }
    }
}

#[test]
fn an_optimiser_that_is_given_nan_gives_it_there_and_nowhere_else() {
    let device = Device::flex();
    for kind in KINDS {
        let mut optimiser = Optimiser::new(kind, 20, &device);
        let mut gradient = vec![0.5; 20];
        gradient[13] = f32::NAN;
        let after =
            optimiser.step(upload(vec![1.0; 20], &device), upload(gradient, &device), 0.1, 0.5);
        for (i, value) in numbers(after).into_iter().enumerate() {
            assert_eq!(value.is_nan(), i == 13, "{kind:?} gives {value} at {i}");
        }
    }
}

#[test]
fn leaky_relu_and_its_gradient_are_the_library_s_to_the_bit() {
    let device = Device::flex();
    let mut rng = Rng::new(2);
    let network = Network::new([3, 4, 5], vec![Layer::Activation(Activation::LeakyRelu)]);
    let weights = network.initial(&mut rng);
    let statistics = upload(weights.statistics, &device);
    let parameters = network.effective(&upload(weights.parameters, &device), &statistics);
    for n in [1, 2, 7] {
        let count = n * 60;
        let mut values = normal(&mut rng, count);
        values[..5].copy_from_slice(&[0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, 1e-40]);
        let mut slopes = normal(&mut rng, count);
        slopes[7..9].copy_from_slice(&[0.0, -0.0]);
        let slopes = upload(slopes, &device).reshape([n, 3, 4, 5]);
        let both = [true, false].map(|ours| {
            let x = upload(values.clone(), &device).reshape([n, 3, 4, 5]);
            // Not row-major in memory, for one of them.
            let x = if n == 2 { x.swap_dims(0, 2).reshape([n, 3, 4, 5]) } else { x };
            let x = x.autodiff().require_grad();
            let y = if ours {
                network.forward(&parameters, &statistics, x.clone(), Mode::Train).output
            } else {
                activation::leaky_relu(x.clone(), 0.2)
            };
            // Used twice, so that the gradient is shared while it is changed.
            let gradients =
                &mut (y.clone() * slopes.clone().autodiff() + y.clone()).sum().backward();
            (bits(&y.inner()), bits(&x.grad_remove(gradients).expect("x reaches the sum")))
        });
        assert_eq!(both[0], both[1], "batch of {n}");
    }
}

#[test]
fn figures_of_several_steps_read_at_once_are_those_read_after_each() {
    let mut rng = Rng::new(5);
    let images = (0..40 * 784).map(|_| rng.below(256) as u8).collect();
    let data = Arc::new(Mnist { images, labels: vec![0; 40] });
    let settings = Settings { batch: 8, ..Settings::of(Preset::Tiny) };
    let [mut each, mut at_once] =
        [(); 2].map(|()| Session::new(settings.clone(), data.clone(), &Device::flex()).unwrap());
    assert!(each.seen().is_none(), "nothing was seen before the first step");
    let (mut expected, mut seen) = (Vec::new(), Vec::new());
    for step in 0..5 {
        // A figure belongs to the settings of its own step.
        if step == 3 {
            let other =
                Settings { batch: 5, loss: Loss::Minimax, smoothing: 0.1, ..settings.clone() };
            each.change(other.clone()).unwrap();
            at_once.change(other).unwrap();
        }
        each.step();
        expected.push(now(each.statistics()).unwrap().unwrap());
        at_once.step();
        seen.extend(at_once.seen());
    }
    assert_eq!(now(Seen::read(seen)).unwrap(), expected);
    assert_eq!(expected.iter().map(|s| s.step).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(now(Seen::read(Vec::new())).unwrap(), []);
}
