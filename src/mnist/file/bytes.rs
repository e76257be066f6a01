//! Weights as 8-bit integers with one scale for each output of their layer.

use crate::mnist::nets::Parameter;
use crate::mnist::nets::layer::Role;

/// Which output each element of a weight belongs to.
#[derive(Clone, Copy)]
pub(super) struct Outputs {
    /// Of the layer.
    pub count: usize,
    /// Elements that follow each other and belong to one output.
    run: usize,
}

impl Outputs {
    /// None for what is not a weight.
    pub(super) fn of(parameter: &Parameter) -> Option<Self> {
        let Role::Weight { outputs: axis } = parameter.role else {
            return None;
        };
        let shape = &parameter.shape;
        Some(Self { count: shape[axis], run: shape[axis + 1..].iter().product() })
    }

    pub(super) fn at(self, element: usize) -> usize {
        element / self.run % self.count
    }

    /// The largest magnitude of each output is 127 of its scale.
    pub(super) fn scales(self, values: &[f32]) -> Vec<f32> {
        let mut scales = vec![0.0f32; self.count];
        for (i, value) in values.iter().enumerate() {
            let scale = &mut scales[self.at(i)];
            *scale = scale.max(value.abs() / 127.0);
        }
        scales
    }

    pub(super) fn bytes(self, values: &[f32], scales: &[f32]) -> Vec<u8> {
        let each = values.iter().enumerate();
        each.map(|(i, value)| {
            // An output without weights has scale 0; the cast makes 0 of 0 / 0.
            let steps = (value / scales[self.at(i)]).round() as i8;
            steps.cast_unsigned()
        })
        .collect()
    }
}
