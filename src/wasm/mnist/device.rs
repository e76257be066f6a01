//! Devices by name.

use burn::tensor::Device;

use crate::wasm::error::Failure;

/// The device called `name`. A WebGPU device is made once per worker and shared: its runtime cannot be
/// initialised twice.
pub async fn open(name: &str) -> Result<Device, Failure> {
    match name {
        #[cfg(feature = "cpu")]
        "cpu" => Ok(Device::flex()),
        // The CPU's operations are cut off that module.
        #[cfg(not(feature = "cpu"))]
        "cpu" => {
            Err(Failure::new("device", "this module computes on WebGPU: load pkg/cpu for the CPU"))
        }
        #[cfg(feature = "gpu")]
        "webgpu" => gpu().await,
        #[cfg(not(feature = "gpu"))]
        "webgpu" => {
            Err(Failure::new("device", "this module computes on the CPU: load pkg/gpu for WebGPU"))
        }
        _ => Err(Failure::argument(format!(
            "there is no device {name:?}: choose \"cpu\" or \"webgpu\""
        ))),
    }
}

#[cfg(feature = "gpu")]
async fn gpu() -> Result<Device, Failure> {
    use std::cell::RefCell;

    /// Operations gathered into one submission: a whole step.
    const TASKS: usize = 256;

    thread_local! {
        static DEVICE: RefCell<Option<Device>> = const { RefCell::new(None) };
    }
    if let Some(device) = DEVICE.with_borrow(Clone::clone) {
        return Ok(device);
    }
    let device = Device::wgpu_options().tasks_max(TASKS).init_async().await.map_err(|error| {
        Failure::new(
            "device",
            format!("WebGPU could not be started ({error}). Train on the CPU instead"),
        )
    })?;
    DEVICE.set(Some(device.clone()));
    Ok(device)
}
