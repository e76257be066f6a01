//! Numbers of one step, such as a rate, where the operation that they are for reads them.

use burn::tensor::Device;
#[cfg(feature = "gpu")]
use burn::tensor::{Tensor, TensorData};

/// Numbers that change from step to step, for one kernel.
pub(crate) type Numbers = [f32; 8];

/// [`Numbers`] where they are read: on the host, or `[8]` on WebGPU.
#[derive(Clone, Debug)]
pub(crate) enum By {
    Host(Numbers),
    #[cfg(feature = "gpu")]
    Device(Box<Tensor<1>>),
}

impl By {
    /// `numbers` for what is computed on `device`.
    #[allow(unused_variables, reason = "only WebGPU asks where")]
    pub(crate) fn on(device: &Device, numbers: Numbers) -> Self {
        #[cfg(feature = "gpu")]
        if *device != Device::flex() {
            let data = TensorData::new(numbers.to_vec(), [numbers.len()]);
            return Self::Device(Box::new(Tensor::from_data(data, device)));
        }
        Self::Host(numbers)
    }
}
