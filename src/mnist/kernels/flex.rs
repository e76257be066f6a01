//! Bodies for flex: one pass over memory each, and where nobody else holds a tensor, in its own place. Every element is
//! computed by the same operations in the same order as in the default body, so the numbers are the same to the bit.

use std::ops::{Add, Mul};

use burn::backend::Flex;
use burn::backend::tensor::FloatTensor;
use burn::tensor::DType;

use super::operations::{Adam, BETA_2, Kernels};

type Floats = FloatTensor<Flex>;

impl Kernels for Flex {
    fn adam(
        parameters: Floats,
        gradient: Floats,
        mean: Floats,
        square: Floats,
        by: Adam,
    ) -> (Floats, Floats, Floats) {
        let [mut parameters, gradient, mut mean, mut square] =
            [parameters, gradient, mean, square].map(whole);
        let Adam { momentum, step, epsilon } = by;
        let all = parameters.storage_mut::<f32>().iter_mut().zip(gradient.storage::<f32>());
        let moments = mean.storage_mut::<f32>().iter_mut().zip(square.storage_mut::<f32>());
        for ((p, &g), (m, s)) in all.zip(moments) {
            *m = *m * momentum + g * (1.0 - momentum);
            *s = *s * BETA_2 + g * g * (1.0 - BETA_2);
            *p -= *m * step / (s.sqrt() + epsilon);
        }
        (parameters, mean, square)
    }

    fn velocity(
        parameters: Floats,
        gradient: Floats,
        velocity: Floats,
        rate: f32,
        momentum: f32,
        ahead: bool,
    ) -> (Floats, Floats) {
        let [mut parameters, gradient, mut velocity] = [parameters, gradient, velocity].map(whole);
        let all = parameters.storage_mut::<f32>().iter_mut().zip(gradient.storage::<f32>());
        for ((p, &g), v) in all.zip(velocity.storage_mut::<f32>()) {
            let down = g * rate;
            *v = *v * momentum - down;
            *p = if ahead { *p + *v * momentum - down } else { *p + *v };
        }
        (parameters, velocity)
    }

    fn blend(old: Floats, new: Floats, keep: f32) -> Floats {
        let [mut old, new] = [old, new].map(whole);
        for (o, &n) in old.storage_mut::<f32>().iter_mut().zip(new.storage::<f32>()) {
            *o = *o * keep + n * (1.0 - keep);
        }
        old
    }

    fn leaky_back(x: Floats, g: Floats, slope: f32) -> Floats {
        let [x, mut g] = [x, g].map(whole);
        // Gradients are checked in f64; all that trains is f32.
        if g.dtype() == DType::F64 {
            scaled_below(x.storage::<f64>(), g.storage_mut::<f64>(), slope.into());
        } else {
            scaled_below(x.storage::<f32>(), g.storage_mut::<f32>(), slope);
        }
        g
    }
}

/// Each of `g` where x < 0 times `slope`. Nothing is added: but of two terms of which one is 0, as the library has it,
/// -0 becomes 0.
fn scaled_below<T: Float>(x: &[T], g: &mut [T], slope: T) {
    for (g, &x) in g.iter_mut().zip(x) {
        *g = if x < T::default() { *g * slope + T::default() } else { *g + T::default() };
    }
}

/// What both precisions can do here.
trait Float: Copy + Default + PartialOrd + Add<Output = Self> + Mul<Output = Self> {}
impl Float for f32 {}
impl Float for f64 {}

/// The same numbers, row-major and all there is in their buffer.
fn whole(x: Floats) -> Floats {
    let numbers = x.layout().num_elements();
    let all = x.is_contiguous() && x.layout().start_offset() == 0;
    if all && x.bytes().len() == numbers * x.dtype().size() { x } else { x.to_contiguous() }
}
