//! A layer's product of a batch and a weight: by the library on the CPU, by kernels of our own on WebGPU.

mod shape;
#[cfg(feature = "gpu")]
mod webgpu;
#[cfg(feature = "gpu")]
mod wgsl;

use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Tensor, module};

use shape::{Kind, Product};

#[cfg(feature = "gpu")]
use super::shader::holds;

/// `x` convolved with the weight `[outputs, inputs, kernel, kernel]`, laid flat.
pub(crate) fn convolution(
    x: Tensor<4>,
    w: Tensor<1>,
    b: Option<Tensor<1>>,
    outputs: usize,
    [kernel, stride, padding]: [usize; 3],
) -> Tensor<4> {
    let [n, inputs, height, width] = x.dims();
    let side = |length: usize| (length + 2 * padding - kernel) / stride + 1;
    product(
        x,
        w,
        b,
        Product {
            kind: Kind::Conv,
            n,
            large: [inputs, height, width],
            small: [outputs, side(height), side(width)],
            kernel,
            stride,
            padding,
            bias: false,
        },
    )
}

/// The adjoint of a convolution, of `x`; weight `[inputs, outputs, kernel, kernel]`, laid flat.
pub(crate) fn transposed(
    x: Tensor<4>,
    w: Tensor<1>,
    b: Option<Tensor<1>>,
    outputs: usize,
    [kernel, stride, padding]: [usize; 3],
) -> Tensor<4> {
    let [n, inputs, height, width] = x.dims();
    let side = |length: usize| (length - 1) * stride + kernel - 2 * padding;
    product(
        x,
        w,
        b,
        Product {
            kind: Kind::Transposed,
            n,
            large: [outputs, side(height), side(width)],
            small: [inputs, height, width],
            kernel,
            stride,
            padding,
            bias: false,
        },
    )
}

/// `[n, outputs, 1, 1]` of `x`, `n` times `inputs` numbers; weight `[inputs, outputs]`, laid flat.
pub(crate) fn dense(
    x: Tensor<4>,
    w: Tensor<1>,
    b: Option<Tensor<1>>,
    [inputs, outputs]: [usize; 2],
) -> Tensor<4> {
    let n = x.dims()[0];
    product(
        x,
        w,
        b,
        Product {
            kind: Kind::Dense,
            n,
            large: [inputs, 1, 1],
            small: [outputs, 1, 1],
            kernel: 1,
            stride: 1,
            padding: 0,
            bias: false,
        },
    )
}

fn product(x: Tensor<4>, w: Tensor<1>, b: Option<Tensor<1>>, of: Product) -> Tensor<4> {
    #[cfg(feature = "gpu")]
    if holds(&x) {
        assert!(of.fits(), "no kernel for {of:?}");
        let [channels, height, width] = of.input();
        return webgpu::product(x.reshape([of.n, channels, height, width]), w, b, of);
    }
    let Product { n, large: [wide, ..], small: [narrow, ..], kernel, stride, padding, .. } = of;
    match of.kind {
        Kind::Conv => {
            let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
            module::conv2d(x, w.reshape([narrow, wide, kernel, kernel]), b, options)
        }
        Kind::Transposed => {
            let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0, 0], [1, 1], 1);
            module::conv_transpose2d(x, w.reshape([narrow, wide, kernel, kernel]), b, options)
        }
        Kind::Dense => {
            let y = x.reshape([n, wide]).matmul(w.reshape([wide, narrow]));
            let y = match b {
                Some(bias) => y + bias.reshape([1, narrow]),
                None => y,
            };
            y.reshape([n, narrow, 1, 1])
        }
    }
}
