//! What a step does besides products, on WebGPU: a launch or two for each operation.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::wgpu::CubeBackend;
use burn::backend::{
    Autodiff, AutodiffBackend, Backend, Dispatch, TensorMetadata, backend_extension,
};
use burn::tensor::{DType, Shape, Tensor};
use burn_cubecl::tensor::CubeTensor;

use super::curve::Curve;
use super::wgsl::{GATHERED, Gather, Kernel, Norm, SUMS};
use crate::mnist::kernels::by::Numbers;
use crate::mnist::kernels::shader::{Shader, empty, launch};

impl Shader for Kernel {
    fn threads(&self) -> usize {
        Self::threads(self)
    }

    fn text(&self) -> String {
        Self::text(self)
    }
}

fn alike(x: &CubeTensor) -> CubeTensor {
    empty(x, x.shape())
}

fn numbers(x: &CubeTensor) -> usize {
    x.shape().num_elements()
}

/// Only WebGPU has them.
#[backend_extension(Autodiff, Cube)]
pub(super) trait Step: Backend {
    /// Each of x by `by`.
    fn curve(x: FloatTensor<Self>, by: Curve) -> FloatTensor<Self>;

    /// The gradient by x from the result y and that by y.
    fn curve_back(y: FloatTensor<Self>, g: FloatTensor<Self>, by: Curve) -> FloatTensor<Self>;

    /// The result, and three rows of [`Norm::row`]: mean, variance, unbiased variance; these without a gradient.
    fn norm(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        of: Norm,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// The gradient by x, and two rows of [`Norm::row`]: those by scale and by shift.
    fn norm_back(
        g: FloatTensor<Self>,
        x: FloatTensor<Self>,
        y: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        statistics: FloatTensor<Self>,
        of: Norm,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// `[1]`, see [`super::logit_loss`].
    fn loss(logits: FloatTensor<Self>, of: [usize; 2], by: Numbers) -> FloatTensor<Self>;

    /// The gradient by the logits from that by the loss.
    fn loss_back(
        logits: FloatTensor<Self>,
        g: FloatTensor<Self>,
        of: [usize; 2],
        by: Numbers,
    ) -> FloatTensor<Self>;

    /// So many numbers from `start` on, in their place. Without a gradient.
    fn view(x: FloatTensor<Self>, start: usize, length: usize) -> FloatTensor<Self>;
}

const FIRST_ONLY: &str = "first derivatives only";

impl<B: Step, C: CheckpointStrategy> Step for Autodiff<B, C> {
    fn curve(x: FloatTensor<Self>, by: Curve) -> FloatTensor<Self> {
        #[derive(Debug)]
        struct Curved;

        impl<B: Step> Backward<B, 1> for Curved {
            type State = (FloatTensor<B>, Curve);

            fn backward(
                self,
                ops: Ops<Self::State, 1>,
                gradients: &mut Gradients,
                _: &mut Checkpointer,
            ) {
                let [to_x] = ops.parents;
                let g = gradients.consume::<B>(&ops.node);
                let (y, by) = ops.state;
                if let Some(node) = to_x {
                    gradients.register::<B>(node.id, B::curve_back(y, g, by));
                }
            }
        }

        let (x, node) = x.into_parts();
        let y = B::curve(x, by);
        match Curved.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((y.clone(), by), y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }

    fn curve_back(_: FloatTensor<Self>, _: FloatTensor<Self>, _: Curve) -> FloatTensor<Self> {
        unreachable!("{FIRST_ONLY}")
    }

    fn norm(
        x: FloatTensor<Self>,
        scale: FloatTensor<Self>,
        shift: FloatTensor<Self>,
        of: Norm,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        #[derive(Debug)]
        struct Normed;

        impl<B: Step> Backward<B, 3> for Normed {
            type State = ([FloatTensor<B>; 4], Norm);

            fn backward(
                self,
                ops: Ops<Self::State, 3>,
                gradients: &mut Gradients,
                _: &mut Checkpointer,
            ) {
                let [to_x, to_scale, to_shift] = ops.parents;
                let g = gradients.consume::<B>(&ops.node);
                let ([x, y, scale, statistics], of) = ops.state;
                let (by_x, by_both) = B::norm_back(g, x, y, scale, statistics, of);
                if let Some(node) = to_x {
                    gradients.register::<B>(node.id, by_x);
                }
                for (node, row) in [(to_scale, 0), (to_shift, 1)] {
                    if let Some(node) = node {
                        let by = B::view(by_both.clone(), row * of.row(), of.channels);
                        gradients.register::<B>(node.id, by);
                    }
                }
            }
        }

        let parts = (x.into_parts(), scale.into_parts(), shift.into_parts());
        let ((x, of_x), (scale, of_scale), (shift, of_shift)) = parts;
        let (y, statistics) = B::norm(x.clone(), scale.clone(), shift, of);
        let seen = <Self as AutodiffBackend>::from_inner(statistics.clone());
        let y = match Normed.prepare::<C>([of_x, of_scale, of_shift]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                prepared.finish(([x, y.clone(), scale, statistics], of), y)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        };
        (y, seen)
    }

    fn norm_back(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Norm,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        unreachable!("{FIRST_ONLY}")
    }

    fn loss(logits: FloatTensor<Self>, of: [usize; 2], by: Numbers) -> FloatTensor<Self> {
        #[derive(Debug)]
        struct Lost;

        impl<B: Step> Backward<B, 1> for Lost {
            type State = (FloatTensor<B>, [usize; 2], Numbers);

            fn backward(
                self,
                ops: Ops<Self::State, 1>,
                gradients: &mut Gradients,
                _: &mut Checkpointer,
            ) {
                let [to_logits] = ops.parents;
                let g = gradients.consume::<B>(&ops.node);
                let (logits, of, by) = ops.state;
                if let Some(node) = to_logits {
                    gradients.register::<B>(node.id, B::loss_back(logits, g, of, by));
                }
            }
        }

        let (logits, node) = logits.into_parts();
        let y = B::loss(logits.clone(), of, by);
        match Lost.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((logits, of, by), y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }

    fn loss_back(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: [usize; 2],
        _: Numbers,
    ) -> FloatTensor<Self> {
        unreachable!("{FIRST_ONLY}")
    }

    fn view(x: FloatTensor<Self>, start: usize, length: usize) -> FloatTensor<Self> {
        let (x, _) = x.into_parts();
        <Self as AutodiffBackend>::from_inner(B::view(x, start, length))
    }
}

impl Step for CubeBackend {
    fn curve(x: CubeTensor, by: Curve) -> CubeTensor {
        let y = alike(&x);
        launch(Kernel::Curve(numbers(&y), by), vec![x], &[&y], None);
        y
    }

    fn curve_back(y: CubeTensor, g: CubeTensor, by: Curve) -> CubeTensor {
        let x = alike(&y);
        launch(Kernel::CurveBack(numbers(&x), by), vec![y, g], &[&x], None);
        x
    }

    fn norm(
        x: CubeTensor,
        scale: CubeTensor,
        shift: CubeTensor,
        of: Norm,
    ) -> (CubeTensor, CubeTensor) {
        let sums = empty(&x, Shape::from([2 * of.channels * of.parts()]));
        launch(Kernel::NormParts(of), vec![x.clone()], &[&sums], None);
        let (y, statistics) = (alike(&x), empty(&x, Shape::from([3 * of.row()])));
        launch(Kernel::Norm(of), vec![x, scale, shift, sums], &[&y, &statistics], None);
        (y, statistics)
    }

    fn norm_back(
        g: CubeTensor,
        x: CubeTensor,
        y: CubeTensor,
        scale: CubeTensor,
        statistics: CubeTensor,
        of: Norm,
    ) -> (CubeTensor, CubeTensor) {
        let sums = empty(&x, Shape::from([2 * of.channels * of.parts()]));
        let all = vec![g.clone(), x.clone(), y.clone(), statistics.clone()];
        launch(Kernel::NormBackParts(of), all, &[&sums], None);
        let (by_x, by_both) = (alike(&x), empty(&x, Shape::from([2 * of.row()])));
        let all = vec![g, x, y, scale, statistics, sums];
        launch(Kernel::NormBack(of), all, &[&by_x, &by_both], None);
        (by_x, by_both)
    }

    fn loss(logits: CubeTensor, of: [usize; 2], by: Numbers) -> CubeTensor {
        let y = empty(&logits, Shape::from([1]));
        launch(Kernel::Loss(of), vec![logits], &[&y], Some(by));
        y
    }

    fn loss_back(logits: CubeTensor, g: CubeTensor, of: [usize; 2], by: Numbers) -> CubeTensor {
        let y = alike(&logits);
        launch(Kernel::LossBack(of), vec![logits, g], &[&y], Some(by));
        y
    }

    fn view(x: CubeTensor, start: usize, length: usize) -> CubeTensor {
        let bytes = |numbers: usize| (numbers * size_of::<f32>()) as u64;
        let behind = numbers(&x) - start - length;
        let CubeTensor { client, device, handle, .. } = x;
        let handle = handle.offset_start(bytes(start)).offset_end(bytes(behind));
        CubeTensor::new_contiguous(client, device, Shape::from([length]), handle, DType::F32)
    }
}

/// Each of x by `by`.
pub(super) fn curve(x: Tensor<4>, by: Curve) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::curve(x.into_dispatch(), by))
}

/// The result; mean and unbiased variance of the batch.
pub(super) fn norm(
    x: Tensor<4>,
    scale: Tensor<1>,
    shift: Tensor<1>,
    by: Curve,
) -> (Tensor<4>, [Tensor<1>; 2]) {
    let [n, channels, height, width] = x.dims();
    let of = Norm { n, channels, pixels: height * width, curve: by };
    let [scale, shift] = [scale, shift].map(Tensor::into_dispatch);
    let (y, seen) = Dispatch::norm(x.into_dispatch(), scale, shift, of);
    let seen: Tensor<1> = Tensor::from_dispatch(seen);
    let seen = seen.inner();
    let row = |i: usize| view(&seen, i * of.row(), channels);
    (Tensor::from_dispatch(y), [row(0), row(2)])
}

/// See [`super::logit_loss`].
pub(super) fn loss(logits: Tensor<4>, of: [usize; 2], by: Numbers) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::loss(logits.into_dispatch(), of, by))
}

/// Numbers of x in their place: a change of x is one of them too.
pub(super) fn view(x: &Tensor<1>, start: usize, length: usize) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::view(x.clone().into_dispatch(), start, length))
}

/// The vectors one after the other, each as long as is said beside it, with zeros.
pub(super) fn gather(all: &[(Tensor<1>, usize)]) -> Tensor<1> {
    let length: usize = all.iter().map(|(_, room)| room).sum();
    let into = empty(&cube(&all[0].0), Shape::from([length]));
    gather_into(&into, all);
    tensor(into)
}

fn gather_into(into: &CubeTensor, all: &[(Tensor<1>, usize)]) {
    let mut at = 0;
    for some in all.chunks(GATHERED) {
        let mut each = [(0, 0); GATHERED];
        for (place, (tensor, room)) in each.iter_mut().zip(some) {
            *place = (tensor.dims()[0], *room);
        }
        let read = some.iter().map(|(tensor, _)| cube(tensor)).collect();
        launch(Kernel::Gather(Gather { each, at }), read, &[into], None);
        at += some.iter().map(|(_, room)| room).sum::<usize>();
    }
}

/// `[1]`
pub(super) fn mean_square(x: &Tensor<1>) -> Tensor<1> {
    let x = cube(x);
    let sums = empty(&x, Shape::from([SUMS]));
    let all = numbers(&x);
    launch(Kernel::Squares(all), vec![x], &[&sums], None);
    let y = empty(&sums, Shape::from([1]));
    launch(Kernel::MeanSquare(all), vec![sums], &[&y], None);
    tensor(y)
}

// What follows changes its first arguments in their place. That they are read before is not told to the library, which
// would let nobody write what a launch that failed should have written; here the next one does.

/// See [`super::super::adam`].
pub(in crate::mnist::kernels) fn adam([p, m, s]: [&Tensor<1>; 3], g: &Tensor<1>, by: &Tensor<1>) {
    let [p, m, s] = [p, m, s].map(cube);
    launch(Kernel::Adam(numbers(&p)), vec![cube(g), cube(by)], &[&p, &m, &s], None);
}

/// See [`super::super::velocity`].
pub(in crate::mnist::kernels) fn velocity(
    [p, v]: [&Tensor<1>; 2],
    g: &Tensor<1>,
    by: &Tensor<1>,
    ahead: bool,
) {
    let [p, v] = [p, v].map(cube);
    launch(Kernel::Velocity(numbers(&p), ahead), vec![cube(g), cube(by)], &[&p, &v], None);
}

/// See [`super::super::descend`].
pub(in crate::mnist::kernels) fn descend(p: &Tensor<1>, g: &Tensor<1>, by: &Tensor<1>) {
    let p = cube(p);
    launch(Kernel::Descend(numbers(&p)), vec![cube(g), cube(by)], &[&p], None);
}

/// See [`super::super::blend`].
pub(in crate::mnist::kernels) fn blend(old: &Tensor<1>, new: &Tensor<1>, by: &Tensor<1>) {
    let old = cube(old);
    launch(Kernel::Blend(numbers(&old)), vec![cube(new), cube(by)], &[&old], None);
}

/// See [`super::replace`].
pub(super) fn replace(old: &Tensor<1>, new: &Tensor<1>) {
    gather_into(&cube(old), &[(new.clone(), new.dims()[0])]);
}

fn cube(x: &Tensor<1>) -> CubeTensor {
    let x = x.clone().try_into_primitive::<CubeBackend>();
    x.expect("a tensor without a gradient on WebGPU")
}

fn tensor(x: CubeTensor) -> Tensor<1> {
    Tensor::from_primitive::<CubeBackend>(x)
}
