//! Operations of our own, each defined once: what it computes, by the library's operations, is its default body, and a
//! device may have a better one that gives the same numbers.
//!
//! On flex each of the library's operations is a pass over memory, and a step of Adam is a dozen of them; on WebGPU a
//! launch. [`super::flex`] has flex's bodies; those of WebGPU, in [`super::step`], read the numbers of the step where the
//! host left them, and change parameters in their place.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{
    Autodiff, Backend, Dispatch, TensorMetadata, backend_extension, get_or_init_device_settings,
};
use burn::tensor::Tensor;

use super::by::{By, Numbers};
#[cfg(feature = "gpu")]
use super::step::webgpu;

/// Second moments keep this much of themselves at each step of Adam (Kingma & Ba 2015).
pub(crate) const BETA_2: f32 = 0.999;

/// The numbers of one step of Adam.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Adam {
    /// The mean keeps this much of itself.
    pub momentum: f32,
    /// Rate, both bias corrections in it.
    pub step: f32,
    /// Epsilon, that of the square in it.
    pub epsilon: f32,
}

/// What a step spends its time in and the library has no single operation for. All tensors of a call have one shape.
#[backend_extension(Autodiff, Flex)]
pub(crate) trait Kernels: Backend {
    /// Parameters, mean and square after one step of Adam:
    /// m' = m momentum + g (1 - momentum), s' = s beta_2 + g^2 (1 - beta_2), p' = p - m' step / (sqrt(s') + epsilon).
    fn adam(
        parameters: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        square: FloatTensor<Self>,
        by: Adam,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let kept = Self::float_mul_scalar(mean, by.momentum.into());
        let new = Self::float_mul_scalar(gradient.clone(), (1.0 - by.momentum).into());
        let mean = Self::float_add(kept, new);
        let kept = Self::float_mul_scalar(square, BETA_2.into());
        let new = Self::float_mul(gradient.clone(), gradient);
        let square = Self::float_add(kept, Self::float_mul_scalar(new, (1.0 - BETA_2).into()));
        let size = Self::float_add_scalar(Self::float_sqrt(square.clone()), by.epsilon.into());
        let step = Self::float_div(Self::float_mul_scalar(mean.clone(), by.step.into()), size);
        (Self::float_sub(parameters, step), mean, square)
    }

    /// Parameters and velocity after v' = v momentum - g rate: p + v', or looking ahead (Nesterov)
    /// p + v' momentum - g rate.
    fn velocity(
        parameters: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        velocity: FloatTensor<Self>,
        rate: f32,
        momentum: f32,
        ahead: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let down = Self::float_mul_scalar(gradient, rate.into());
        let kept = Self::float_mul_scalar(velocity, momentum.into());
        let velocity = Self::float_sub(kept, down.clone());
        let parameters = if ahead {
            let along = Self::float_mul_scalar(velocity.clone(), momentum.into());
            Self::float_sub(Self::float_add(parameters, along), down)
        } else {
            Self::float_add(parameters, velocity.clone())
        };
        (parameters, velocity)
    }

    /// old keep + new (1 - keep)
    fn blend(old: FloatTensor<Self>, new: FloatTensor<Self>, keep: f32) -> FloatTensor<Self> {
        let old = Self::float_mul_scalar(old, keep.into());
        Self::float_add(old, Self::float_mul_scalar(new, (1.0 - keep).into()))
    }

    /// x, or x slope where x < 0.
    fn leaky(x: FloatTensor<Self>, slope: f32) -> FloatTensor<Self> {
        Self::leaky_relu(x, slope.into())
    }

    /// Gradient by the x of [`Self::leaky`] from g by its result: g, or g slope where x < 0.
    fn leaky_back(x: FloatTensor<Self>, g: FloatTensor<Self>, slope: f32) -> FloatTensor<Self> {
        let truth = get_or_init_device_settings::<Self>(&x.device()).bool_dtype;
        let below = Self::float_lower_elem(x, 0f32.into(), truth);
        Self::float_mask_where(g.clone(), below, Self::float_mul_scalar(g, slope.into()))
    }
}

impl<B: Kernels, C: CheckpointStrategy> Kernels for Autodiff<B, C> {
    fn leaky(x: FloatTensor<Self>, slope: f32) -> FloatTensor<Self> {
        #[derive(Debug)]
        struct Leaky;

        impl<B: Kernels> Backward<B, 1> for Leaky {
            type State = (FloatTensor<B>, f32);

            fn backward(
                self,
                ops: Ops<Self::State, 1>,
                gradients: &mut Gradients,
                _: &mut Checkpointer,
            ) {
                let [to_x] = ops.parents;
                let g = gradients.consume::<B>(&ops.node);
                let (x, slope) = ops.state;
                if let Some(node) = to_x {
                    gradients.register::<B>(node.id, B::leaky_back(x, g, slope));
                }
            }
        }

        let (x, node) = x.into_parts();
        match Leaky.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let y = B::leaky(x.clone(), slope);
                prepared.finish((x, slope), y)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(B::leaky(x, slope)),
        }
    }
}

/// x, or x slope where x < 0.
pub(crate) fn leaky(x: Tensor<4>, slope: f32) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::leaky(x.into_dispatch(), slope))
}

impl Adam {
    /// As they are given to [`adam`].
    pub(crate) fn numbers(self) -> Numbers {
        let Self { momentum, step, epsilon } = self;
        [momentum, 1.0 - momentum, BETA_2, 1.0 - BETA_2, step, epsilon, 0.0, 0.0]
    }
}

/// Parameters, mean and square after one step of Adam by [`Adam::numbers`].
pub(crate) fn adam([p, g, m, s]: [Tensor<1>; 4], by: &By) -> [Tensor<1>; 3] {
    match *by {
        By::Host([momentum, _, _, _, step, epsilon, ..]) => {
            let [p, g, m, s] = [p, g, m, s].map(Tensor::into_dispatch);
            let (p, m, s) = Dispatch::adam(p, g, m, s, Adam { momentum, step, epsilon });
            [p, m, s].map(Tensor::from_dispatch)
        }
        #[cfg(feature = "gpu")]
        By::Device(ref by) => {
            webgpu::adam([&p, &m, &s], &g, by);
            [p, m, s]
        }
    }
}

/// Parameters and velocity after a step of momentum, by Nesterov with `ahead`; by rate and momentum.
pub(crate) fn velocity([p, g, v]: [Tensor<1>; 3], by: &By, ahead: bool) -> [Tensor<1>; 2] {
    match *by {
        By::Host([rate, momentum, ..]) => {
            let [p, g, v] = [p, g, v].map(Tensor::into_dispatch);
            let (p, v) = Dispatch::velocity(p, g, v, rate, momentum, ahead);
            [p, v].map(Tensor::from_dispatch)
        }
        #[cfg(feature = "gpu")]
        By::Device(ref by) => {
            webgpu::velocity([&p, &v], &g, by, ahead);
            [p, v]
        }
    }
}

/// Parameters after a step down the gradient, by the rate.
pub(crate) fn descend([p, g]: [Tensor<1>; 2], by: &By) -> Tensor<1> {
    match *by {
        By::Host([rate, ..]) => p - g * rate,
        #[cfg(feature = "gpu")]
        By::Device(ref by) => {
            webgpu::descend(&p, &g, by);
            p
        }
    }
}

/// What [`blend`] is given.
pub(crate) fn keeping(keep: f32) -> Numbers {
    [keep, 1.0 - keep, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
}

/// old keep + new (1 - keep), by [`keeping`]. With nothing kept it is the new one, whatever the old was.
pub(crate) fn blend(old: Tensor<1>, new: Tensor<1>, by: &By) -> Tensor<1> {
    match *by {
        By::Host([keep, ..]) if keep > 0.0 => {
            let (old, new) = (old.into_dispatch(), new.into_dispatch());
            Tensor::from_dispatch(Dispatch::blend(old, new, keep))
        }
        By::Host(_) => new,
        #[cfg(feature = "gpu")]
        By::Device(ref by) => {
            webgpu::blend(&old, &new, by);
            old
        }
    }
}
