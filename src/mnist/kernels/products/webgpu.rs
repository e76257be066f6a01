//! Products on WebGPU, one launch each: to the library they are operations whose inside it does not see.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::wgpu::CubeBackend;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::{Shape, Tensor};
use burn_cubecl::tensor::CubeTensor;

use super::shape::{Kind, Product};
use super::wgsl::Kernel;
use crate::mnist::kernels::shader::{self, Shader, empty};

/// Only WebGPU has them.
#[backend_extension(Autodiff, Cube)]
pub(super) trait Products: Backend {
    /// The outputs. Without a bias `b` is not read.
    fn product(
        x: FloatTensor<Self>,
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        of: Product,
    ) -> FloatTensor<Self>;

    /// From the gradient by the outputs that by the inputs.
    fn product_to_inputs(
        g: FloatTensor<Self>,
        w: FloatTensor<Self>,
        of: Product,
    ) -> FloatTensor<Self>;

    /// That by the weight, without a bias.
    fn product_to_weight(
        x: FloatTensor<Self>,
        g: FloatTensor<Self>,
        of: Product,
    ) -> FloatTensor<Self>;

    /// Those by the weight and the bias.
    fn product_to_both(
        x: FloatTensor<Self>,
        g: FloatTensor<Self>,
        of: Product,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

fn batch(n: usize, [channels, height, width]: [usize; 3]) -> Shape {
    Shape::from([n, channels, height, width])
}

const FIRST_ONLY: &str = "first derivatives only";

impl<B: Products, C: CheckpointStrategy> Products for Autodiff<B, C> {
    fn product(
        x: FloatTensor<Self>,
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        of: Product,
    ) -> FloatTensor<Self> {
        #[derive(Debug)]
        struct Multiplied;

        impl<B: Products> Backward<B, 3> for Multiplied {
            type State = (FloatTensor<B>, FloatTensor<B>, Product);

            fn backward(
                self,
                ops: Ops<Self::State, 3>,
                gradients: &mut Gradients,
                _: &mut Checkpointer,
            ) {
                let [to_x, to_w, to_b] = ops.parents;
                let g = gradients.consume::<B>(&ops.node);
                let (x, w, of) = ops.state;
                if let Some(node) = to_x {
                    let by_x = B::product_to_inputs(g.clone(), w, of);
                    gradients.register::<B>(node.id, by_x);
                }
                match (to_w, to_b) {
                    (Some(to_w), Some(to_b)) if of.bias => {
                        let (by_w, by_b) = B::product_to_both(x, g, of);
                        gradients.register::<B>(to_w.id, by_w);
                        gradients.register::<B>(to_b.id, by_b);
                    }
                    (Some(to_w), _) => {
                        let of = Product { bias: false, ..of };
                        gradients.register::<B>(to_w.id, B::product_to_weight(x, g, of));
                    }
                    _ => {}
                }
            }
        }

        let ((x, of_x), (w, of_w), (b, of_b)) = (x.into_parts(), w.into_parts(), b.into_parts());
        match Multiplied.prepare::<C>([of_x, of_w, of_b]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let y = B::product(x.clone(), w.clone(), b, of);
                prepared.finish((x, w, of), y)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::product(x, w, b, of)),
        }
    }

    fn product_to_inputs(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Product,
    ) -> FloatTensor<Self> {
        unreachable!("{FIRST_ONLY}")
    }

    fn product_to_weight(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Product,
    ) -> FloatTensor<Self> {
        unreachable!("{FIRST_ONLY}")
    }

    fn product_to_both(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Product,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("{FIRST_ONLY}")
    }
}

impl Products for CubeBackend {
    fn product(x: CubeTensor, w: CubeTensor, b: CubeTensor, of: Product) -> CubeTensor {
        let y = empty(&x, batch(of.n, of.output()));
        let mut read = vec![x, w];
        read.extend(of.bias.then_some(b));
        launch(of.forward(), read, &[&y]);
        y
    }

    fn product_to_inputs(g: CubeTensor, w: CubeTensor, of: Product) -> CubeTensor {
        let x = empty(&g, batch(of.n, of.input()));
        launch(of.to_inputs(), vec![g, w], &[&x]);
        x
    }

    fn product_to_weight(x: CubeTensor, g: CubeTensor, of: Product) -> CubeTensor {
        let (kernel, parts) = of.to_weight();
        let numbers = of.weight();
        let all = empty(&g, Shape::from([numbers * parts]));
        launch(kernel, sides(x, g, of), &[&all]);
        if parts == 1 {
            return all;
        }
        let sum = empty(&all, Shape::from([numbers]));
        launch(Kernel::Sum([(numbers, parts), (0, 0)]), vec![all], &[&sum]);
        sum
    }

    fn product_to_both(x: CubeTensor, g: CubeTensor, of: Product) -> (CubeTensor, CubeTensor) {
        let (kernel, parts) = of.to_weight();
        let (weight, bias) = (of.weight(), of.output()[0]);
        let weights = empty(&g, Shape::from([weight * parts]));
        let bias_parts = if of.kind == Kind::Transposed { of.n } else { parts };
        let biases = empty(&g, Shape::from([bias * bias_parts]));
        if of.kind == Kind::Transposed {
            launch(Kernel::Planes(of), vec![g.clone()], &[&biases]);
            launch(kernel, sides(x, g, of), &[&weights]);
        } else {
            launch(kernel, sides(x, g, of), &[&weights, &biases]);
        }
        if parts == 1 && bias_parts == 1 {
            return (weights, biases);
        }
        let sums = [(weight, parts), (bias, bias_parts)];
        let [w, b] = sums.map(|(numbers, _)| empty(&weights, Shape::from([numbers])));
        launch(Kernel::Sum(sums), vec![weights, biases], &[&w, &b]);
        (w, b)
    }
}

/// The large side, then the small one.
fn sides(x: CubeTensor, g: CubeTensor, of: Product) -> Vec<CubeTensor> {
    if of.kind == Kind::Transposed { vec![g, x] } else { vec![x, g] }
}

impl Shader for Kernel {
    fn threads(&self) -> usize {
        Self::threads(self)
    }

    fn text(&self) -> String {
        Self::text(self)
    }
}

fn launch(kernel: Kernel, read: Vec<CubeTensor>, written: &[&CubeTensor]) {
    shader::launch(kernel, read, written, None);
}

/// By kernels of our own.
pub(super) fn product(x: Tensor<4>, w: Tensor<1>, b: Option<Tensor<1>>, of: Product) -> Tensor<4> {
    let of = Product { bias: b.is_some(), ..of };
    let b = b.unwrap_or_else(|| w.clone());
    let [w, b] = [w, b].map(Tensor::into_dispatch);
    Tensor::from_dispatch(Dispatch::product(x.into_dispatch(), w, b, of))
}
