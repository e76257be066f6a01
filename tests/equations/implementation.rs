use super::instances::{FEW, MANY, between, close, rng};
use burn::tensor::{DType, Device, Tensor, TensorData};
use saddle::mnist::nets::{Convolution, Init, Layer, Mode, Network};
use saddle::num::rng::Rng;

/// Sides and channels at random: inputs, outputs, kernel, stride, padding below the kernel, side.
fn sizes(rng: &mut Rng) -> [usize; 6] {
    let kernel = 1 + rng.below(6);
    let (stride, padding) = (1 + rng.below(4), rng.below(kernel));
    let (inputs, outputs, side) = (1 + rng.below(5), 1 + rng.below(5), kernel + rng.below(24));
    [inputs, outputs, kernel, stride, padding, side].map(|n| n as usize)
}

fn convolution([inputs, outputs, kernel, stride, padding, _]: [usize; 6]) -> Convolution {
    Convolution { inputs, outputs, kernel, stride, padding, bias: true, init: Init::Constant(0.0) }
}

fn conv(sizes: [usize; 6]) -> Layer {
    Layer::Conv(convolution(sizes))
}

fn transposed(sizes: [usize; 6]) -> Layer {
    Layer::ConvTranspose(convolution(sizes))
}

/// Places of the kernel that lie on the padded image, counted.
#[test]
fn eq_conv_size() {
    let mut rng = rng();
    for _ in 0..MANY {
        let all @ [inputs, outputs, kernel, stride, padding, side] = sizes(&mut rng);
        let places = (0..)
            .map(|i| i * stride)
            .take_while(|start| start + kernel <= side + 2 * padding)
            .count();
        assert_eq!(conv(all).output([inputs, side, side]), [outputs, places, places]);
        assert_eq!((side + 2 * padding - kernel) / stride + 1, places);
    }
    let half = [1, 1, 4, 2, 1, 28];
    assert_eq!(conv(half).output([1, 28, 28]), [1, 14, 14]);
}

/// Pixels that some input pixel reaches, counted; the padding is cut off both sides.
#[test]
fn eq_conv_transpose_size() {
    let mut rng = rng();
    for _ in 0..MANY {
        let all @ [inputs, outputs, kernel, stride, padding, side] = sizes(&mut rng);
        let reached =
            (0..side).flat_map(|i| (0..kernel).map(move |j| i * stride + j)).max().unwrap() + 1;
        let pixels = reached - 2 * padding;
        assert_eq!(transposed(all).output([inputs, side, side]), [outputs, pixels, pixels]);
        assert_eq!((side - 1) * stride + kernel - 2 * padding, pixels);
        // Backwards it is the convolution.
        assert_eq!(
            conv([outputs, inputs, kernel, stride, padding, pixels])
                .output([outputs, pixels, pixels])[1],
            side
        );
    }
    let double = [1, 1, 4, 2, 1, 14];
    assert_eq!(transposed(double).output([1, 14, 14]), [1, 28, 28]);
}

#[test]
fn eq_conv_params() {
    let mut rng = rng();
    let count = |layer: Layer| -> usize {
        layer.parameters().iter().map(|(_, shape, _)| shape.iter().product::<usize>()).sum()
    };
    for _ in 0..MANY {
        let all @ [inputs, outputs, kernel, ..] = sizes(&mut rng);
        // For each output channel a bias and one weight for each pixel under the kernel in each input channel.
        let expected: usize =
            (0..outputs).map(|_| 1 + (0..inputs).map(|_| kernel * kernel).sum::<usize>()).sum();
        assert_eq!(kernel.pow(2) * inputs * outputs + outputs, expected);
        assert_eq!(count(conv(all)), expected);
        assert_eq!(count(transposed(all)), expected);
    }
    // Two rows of the article's tables.
    assert_eq!(count(conv([128, 64, 5, 1, 2, 14])), 204_864);
    assert_eq!(count(conv([64, 128, 5, 1, 0, 14])), 204_928);
}

/// The layer itself in f64, on batches of images: each channel by the mean and the variance of its own
/// pixels in all images.
#[test]
fn eq_batch_norm() {
    /// Of the layer, as in PyTorch and Keras.
    const EPSILON: f64 = 1e-5;
    let mut rng = rng();
    let device = Device::flex();
    let flat = |values: &[f64]| {
        Tensor::<1>::from_data(
            TensorData::new(values.to_vec(), [values.len()]),
            (&device, DType::F64),
        )
    };
    for _ in 0..FEW {
        let [n, channels, side] = [(); 3].map(|()| 2 + rng.below(3) as usize);
        let network = Network::new([channels, side, side], vec![Layer::BatchNorm { channels }]);
        let x: Vec<f64> =
            (0..n * channels * side * side).map(|_| between(&mut rng, -3.0, 3.0)).collect();
        let mut each =
            |lo, hi| (0..channels).map(|_| between(&mut rng, lo, hi)).collect::<Vec<f64>>();
        let (gamma, beta) = (each(0.2, 2.0), each(-2.0, 2.0));
        let input = TensorData::new(x.clone(), [n, channels, side, side]);
        let input = Tensor::<4>::from_data(input, (&device, DType::F64));
        let mut parameters = vec![0.0; network.length()];
        for (block, values) in network.parameters().iter().zip([&gamma, &beta]) {
            parameters[block.offset..block.offset + channels].copy_from_slice(values);
        }
        let effective = network.effective(&flat(&parameters), &flat(&[0.0]));
        let output = network.forward(&effective, &flat(&[0.0]), input, Mode::Train).output;
        let found = output.into_data().try_into_vec::<f64>().unwrap();
        let area = side * side;
        for channel in 0..channels {
            let pixels: Vec<usize> =
                (0..x.len()).filter(|i| i / area % channels == channel).collect();
            let mean_of = |f: &dyn Fn(usize) -> f64| {
                pixels.iter().map(|&i| f(i)).sum::<f64>() / pixels.len() as f64
            };
            let mean = mean_of(&|i| x[i]);
            let variance = mean_of(&|i| (x[i] - mean).powi(2));
            for &i in &pixels {
                let y =
                    gamma[channel] * (x[i] - mean) / (variance + EPSILON).sqrt() + beta[channel];
                // The layer may hold epsilon in f32.
                close(found[i], y, 1e-9);
            }
        }
    }
}
