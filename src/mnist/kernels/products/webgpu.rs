//! Products on WebGPU, one launch each: to the library they are operations whose inside it does not see.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::fusion::custom::TensorSpec;
use burn::backend::tensor::FloatTensor;
use burn::backend::wgpu::CubeBackend;
use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
use burn::tensor::{DType, Shape, Tensor};
use burn_cubecl::cubecl::ir::attributes::BufferIOAttr;
use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::ir::{ElemType, UIntKind};
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::cubecl::server::KernelArguments;
use burn_cubecl::cubecl::{CubeKernel, PrecompiledSource};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;

use super::shape::{Kind, Product};
use super::wgsl::{Kernel, WORKGROUP};

/// Only WebGPU has them.
#[backend_extension(Autodiff, Cube, Fusion)]
pub(super) trait Products: Backend {
    /// The outputs. Without a bias `b` is not read.
    #[fusion(dtype = x, shape = batch(of.n, of.output()))]
    fn product(
        x: FloatTensor<Self>,
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        of: Product,
    ) -> FloatTensor<Self>;

    /// From the gradient by the outputs that by the inputs.
    #[fusion(dtype = g, shape = batch(of.n, of.input()))]
    fn product_to_inputs(
        g: FloatTensor<Self>,
        w: FloatTensor<Self>,
        of: Product,
    ) -> FloatTensor<Self>;

    /// That by the weight, without a bias.
    #[fusion(dtype = g, shape = Shape::from([of.weight()]))]
    fn product_to_weight(
        x: FloatTensor<Self>,
        g: FloatTensor<Self>,
        of: Product,
    ) -> FloatTensor<Self>;

    /// Those by the weight and the bias.
    #[fusion(meta = weight_and_bias)]
    fn product_to_both(
        x: FloatTensor<Self>,
        g: FloatTensor<Self>,
        of: Product,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

fn batch(n: usize, [channels, height, width]: [usize; 3]) -> Shape {
    Shape::from([n, channels, height, width])
}

fn weight_and_bias(_: &TensorSpec, g: &TensorSpec, of: &Product) -> (TensorSpec, TensorSpec) {
    let spec = |numbers: usize| TensorSpec::new(Shape::from([numbers]), g.dtype);
    (spec(of.weight()), spec(of.output()[0]))
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

fn empty(like: &CubeTensor, shape: Shape) -> CubeTensor {
    let CubeTensor { client, device, .. } = like;
    let buffer = client.empty(shape.num_elements() * size_of::<f32>());
    CubeTensor::new_contiguous(client.clone(), device.clone(), shape, buffer, DType::F32)
}

fn launch(kernel: Kernel, read: Vec<CubeTensor>, written: &[&CubeTensor]) {
    let mut arguments = KernelArguments::new();
    for tensor in read {
        let buffer = into_contiguous(tensor).handle.binding();
        arguments = arguments.with_buffer_io(buffer, BufferIOAttr::ReadOnly);
    }
    for tensor in written {
        let buffer = tensor.handle.clone().binding();
        arguments = arguments.with_buffer_io(buffer, BufferIOAttr::WriteOnly);
    }
    let groups = kernel.threads().div_ceil(WORKGROUP) as u32;
    written[0].client.launch(Box::new(kernel), CubeCount::new_1d(groups), arguments);
}

impl KernelMetadata for Kernel {
    fn id(&self) -> KernelId {
        KernelId::new::<Self>().info(*self).cube_dim(CubeDim::new_1d(WORKGROUP as u32).into())
    }

    fn address_type(&self) -> ElemType {
        UIntKind::U32.into()
    }
}

impl CubeKernel for Kernel {
    /// Its text is its own: this is never compiled.
    fn define(&self) -> KernelDefinition {
        let group = CubeDim::new_1d(WORKGROUP as u32);
        let settings = KernelSettings::new(group.into(), ExecutionMode::Checked, AddressType::U32);
        let body = Scope::root(settings.clone());
        KernelDefinition { body, settings, info: Info::default() }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        Some(PrecompiledSource {
            source: self.text(),
            entrypoint_name: "main".into(),
            lang: "wgsl",
        })
    }
}

/// By kernels of our own.
pub(super) fn product(x: Tensor<4>, w: Tensor<1>, b: Option<Tensor<1>>, of: Product) -> Tensor<4> {
    let of = Product { bias: b.is_some(), ..of };
    let b = b.unwrap_or_else(|| w.clone());
    let [w, b] = [w, b].map(Tensor::into_dispatch);
    Tensor::from_dispatch(Dispatch::product(x.into_dispatch(), w, b, of))
}
