//! A dense layer.

use burn::tensor::Tensor;

/// `[n, outputs, 1, 1]` of `x`, `n` times `inputs` numbers; `weight` is `[inputs, outputs]`, laid flat, and
/// `bias` `[outputs]`.
pub(crate) fn dense(
    x: Tensor<4>,
    weight: Tensor<1>,
    bias: Option<Tensor<1>>,
    [inputs, outputs]: [usize; 2],
) -> Tensor<4> {
    let n = x.dims()[0];
    #[cfg(feature = "gpu")]
    if x.device().inner() != burn::tensor::Device::flex() {
        let x = x.reshape([n, inputs, 1, 1]);
        return on_gpu(x, weight.reshape([inputs, outputs, 1, 1]), bias);
    }
    let y = x.reshape([n, inputs]).matmul(weight.reshape([inputs, outputs]));
    let y = match bias {
        Some(bias) => y + bias.reshape([1, outputs]),
        None => y,
    };
    y.reshape([n, outputs, 1, 1])
}

/// A transposed convolution of one pixel. Without autotuning burn takes one kind of tiles for each product, and
/// those of a batch are few: a handful of workgroups compute while the others wait. As a convolution each output is
/// a thread of its own, and a step of `tiny` takes a quarter of the time.
#[cfg(feature = "gpu")]
fn on_gpu(x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    use burn::tensor::{module, ops::ConvTransposeOptions};

    let options = ConvTransposeOptions::new([1; 2], [0; 2], [0; 2], [1; 2], 1);
    module::conv_transpose2d(x, weight, bias, options)
}
