//! What the host gives to a step: images, noise, masks, rates.
//!
//! On the CPU each is a tensor of its own. On WebGPU all of it lies in one buffer, the same for every step and written
//! at once, so that a recorded step ([`super::Recorder`]) reads there what is new.

use burn::tensor::{Device, Tensor, TensorData};

use super::by::By;
#[cfg(feature = "gpu")]
use super::by::Numbers;
#[cfg(feature = "gpu")]
use super::step::view;

/// A queue from the host to a step: what is put first is taken first.
#[derive(Debug)]
pub(crate) struct Given {
    device: Device,
    /// As they were put; empty once they were taken on the CPU.
    parts: Vec<Vec<f32>>,
    taken: usize,
    #[cfg(feature = "gpu")]
    sent: Option<Sent>,
}

/// On WebGPU: all parts in one buffer, each at a multiple of [`ROOM`].
#[cfg(feature = "gpu")]
#[derive(Debug)]
struct Sent {
    all: Tensor<1>,
    /// Start and length of each part.
    places: Vec<(usize, usize)>,
}

/// 256 bytes, the strictest offset a binding may need.
#[cfg(feature = "gpu")]
const ROOM: usize = 64;

impl Given {
    /// Nothing yet, for steps on `device`.
    pub(crate) fn new(device: &Device) -> Self {
        Self {
            device: device.clone(),
            parts: Vec::new(),
            taken: 0,
            #[cfg(feature = "gpu")]
            sent: None,
        }
    }

    /// Forgets what was put.
    pub(crate) fn clear(&mut self) {
        self.parts.clear();
        self.taken = 0;
    }

    /// Behind what was put before.
    pub(crate) fn put(&mut self, values: Vec<f32>) {
        self.parts.push(values);
    }

    /// Brings to the device all that was put.
    pub(crate) fn send(&mut self) {
        #[cfg(feature = "gpu")]
        if self.device != Device::flex() {
            let mut end = 0;
            let mut place = |part: &Vec<f32>| {
                let start = end;
                end += part.len().next_multiple_of(ROOM);
                (start, part.len())
            };
            let places: Vec<_> = self.parts.iter().map(&mut place).collect();
            let mut values = vec![0.0; end];
            for ((start, length), part) in places.iter().zip(self.parts.drain(..)) {
                values[*start..start + length].copy_from_slice(&part);
            }
            match &mut self.sent {
                Some(sent) if sent.places == places => super::replay::write(&sent.all, values),
                sent => {
                    let all = Tensor::from_data(TensorData::new(values, [end]), &self.device);
                    *sent = Some(Sent { all, places });
                }
            }
        }
    }

    /// Begins anew with the first part.
    pub(crate) fn rewind(&mut self) {
        self.taken = 0;
    }

    /// The next part.
    ///
    /// # Panics
    /// If there is none, or one of another length.
    pub(crate) fn take<const D: usize>(&mut self, shape: [usize; D]) -> Tensor<D> {
        let index = self.taken;
        self.taken += 1;
        #[cfg(feature = "gpu")]
        if let Some(Sent { all, places }) = &self.sent {
            let (start, length) = places[index];
            return view(all, start, length).reshape(shape);
        }
        let values = std::mem::take(&mut self.parts[index]);
        Tensor::from_data(TensorData::new(values, shape), &self.device)
    }

    /// The next part, which is numbers for one kernel.
    ///
    /// # Panics
    /// If it is not.
    pub(crate) fn take_numbers(&mut self) -> By {
        #[cfg(feature = "gpu")]
        if self.sent.is_some() {
            return By::Device(Box::new(self.take([size_of::<Numbers>() / size_of::<f32>()])));
        }
        let part = &self.parts[self.taken];
        self.taken += 1;
        By::Host(part.as_slice().try_into().expect("numbers of one kernel"))
    }
}
