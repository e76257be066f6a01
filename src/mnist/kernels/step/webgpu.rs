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
use burn::tensor::{Shape, Tensor};
use burn_cubecl::tensor::CubeTensor;

use super::curve::Curve;
use super::wgsl::{GATHERED, Gather, Kernel, Norm, SUMS};
use crate::mnist::kernels::operations::{Adam, BETA_2, Kernels};
use crate::mnist::kernels::shader::{Numbers, Shader, empty, launch};

impl Shader for Kernel {
    fn threads(&self) -> usize {
        Self::threads(self)
    }

    fn text(&self) -> String {
        Self::text(self)
    }
}

impl Kernels for CubeBackend {
    fn adam(
        parameters: CubeTensor,
        gradient: CubeTensor,
        mean: CubeTensor,
        square: CubeTensor,
        by: Adam,
    ) -> (CubeTensor, CubeTensor, CubeTensor) {
        let Adam { momentum, step, epsilon } = by;
        let [p, m, s] = [&parameters, &mean, &square].map(alike);
        let by = [momentum, 1.0 - momentum, BETA_2, 1.0 - BETA_2, step, epsilon, 0.0, 0.0];
        let kernel = Kernel::Adam(numbers(&p));
        launch(kernel, vec![parameters, gradient, mean, square], &[&p, &m, &s], Some(by));
        (p, m, s)
    }

    fn velocity(
        parameters: CubeTensor,
        gradient: CubeTensor,
        velocity: CubeTensor,
        rate: f32,
        momentum: f32,
        ahead: bool,
    ) -> (CubeTensor, CubeTensor) {
        let [p, v] = [&parameters, &velocity].map(alike);
        let by = [rate, momentum, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        let kernel = Kernel::Velocity(numbers(&p), ahead);
        launch(kernel, vec![parameters, gradient, velocity], &[&p, &v], Some(by));
        (p, v)
    }

    fn blend(old: CubeTensor, new: CubeTensor, keep: f32) -> CubeTensor {
        let y = alike(&old);
        let by = [keep, 1.0 - keep, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
        launch(Kernel::Blend(numbers(&y)), vec![old, new], &[&y], Some(by));
        y
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

    /// Writes vectors into `into` and gives it back. Without a gradient.
    #[allow(clippy::too_many_arguments, reason = "an operation takes tensors one by one")]
    fn gather(
        into: FloatTensor<Self>,
        a: FloatTensor<Self>,
        b: FloatTensor<Self>,
        c: FloatTensor<Self>,
        d: FloatTensor<Self>,
        e: FloatTensor<Self>,
        f: FloatTensor<Self>,
        g: FloatTensor<Self>,
        of: Gather,
    ) -> FloatTensor<Self>;

    /// `[1]`; without a gradient.
    fn squares(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

const FIRST_ONLY: &str = "first derivatives only";
const NONE: &str = "no gradient goes through it";

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
                        let start = row * of.row();
                        let row = (start..start + of.channels).into();
                        gradients.register::<B>(node.id, B::float_slice(by_both.clone(), &[row]));
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

    fn gather(
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: FloatTensor<Self>,
        _: Gather,
    ) -> FloatTensor<Self> {
        unreachable!("{NONE}")
    }

    fn squares(_: FloatTensor<Self>) -> FloatTensor<Self> {
        unreachable!("{NONE}")
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

    fn gather(
        into: CubeTensor,
        a: CubeTensor,
        b: CubeTensor,
        c: CubeTensor,
        d: CubeTensor,
        e: CubeTensor,
        f: CubeTensor,
        g: CubeTensor,
        of: Gather,
    ) -> CubeTensor {
        let mut read = vec![a, b, c, d, e, f, g];
        read.truncate(of.count());
        launch(Kernel::Gather(of), read, &[&into], None);
        into
    }

    fn squares(x: CubeTensor) -> CubeTensor {
        let sums = empty(&x, Shape::from([SUMS]));
        let all = numbers(&x);
        launch(Kernel::Squares(all), vec![x], &[&sums], None);
        let y = empty(&sums, Shape::from([1]));
        launch(Kernel::MeanSquare(all), vec![sums], &[&y], None);
        y
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
    let row = |i: usize| seen.clone().inner().narrow(0, i * of.row(), channels);
    (Tensor::from_dispatch(y), [row(0), row(2)])
}

/// See [`super::logit_loss`].
pub(super) fn loss(logits: Tensor<4>, of: [usize; 2], by: Numbers) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::loss(logits.into_dispatch(), of, by))
}

/// The vectors one after the other, each as long as is said beside it, with zeros.
pub(super) fn gather(all: &[(Tensor<1>, usize)]) -> Tensor<1> {
    let length: usize = all.iter().map(|(_, room)| room).sum();
    let mut into = Tensor::<1>::empty([length], &all[0].0.device()).into_dispatch();
    let mut at = 0;
    for some in all.chunks(GATHERED) {
        let mut each = [(0, 0); GATHERED];
        for (place, (tensor, room)) in each.iter_mut().zip(some) {
            *place = (tensor.dims()[0], *room);
        }
        let of = Gather { each, at };
        let [a, b, c, d, e, f, g] =
            std::array::from_fn(|i| some.get(i).unwrap_or(&some[0]).0.clone().into_dispatch());
        into = Dispatch::gather(into, a, b, c, d, e, f, g, of);
        at += some.iter().map(|(_, room)| room).sum::<usize>();
    }
    Tensor::from_dispatch(into)
}

/// `[1]`
pub(super) fn mean_square(x: Tensor<1>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::squares(x.into_dispatch()))
}
