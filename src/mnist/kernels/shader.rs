//! WGSL of our own, launched.

use std::cell::RefCell;
use std::fmt::Debug;
use std::hash::Hash;

use burn::tensor::{DType, Device, Shape, Tensor};
use burn_cubecl::cubecl::ir::attributes::BufferIOAttr;
use burn_cubecl::cubecl::ir::metadata::Info;
use burn_cubecl::cubecl::ir::{ElemType, UIntKind};
use burn_cubecl::cubecl::prelude::*;
use burn_cubecl::cubecl::server::{KernelArguments, MetadataBindingInfo};
use burn_cubecl::cubecl::{CubeKernel, PrecompiledSource};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;

use super::by::Numbers;

/// Threads of a workgroup.
const WORKGROUP: usize = 64;

/// Workgroups of one dimension: what WebGPU guarantees. Where there are more, the second counts rows of as many.
const ROW: u32 = 65535;

/// One kernel; equal ones have equal texts.
pub(super) trait Shader: Clone + Debug + Eq + Hash + Send + Sync + 'static {
    /// How many threads it is for.
    fn threads(&self) -> usize;
    /// The whole of it, with an entry `main` and workgroups of 64.
    fn text(&self) -> String;
}

#[derive(Clone, Debug)]
struct Launched<S>(S);

impl<S: Shader> KernelMetadata for Launched<S> {
    fn id(&self) -> KernelId {
        let group = CubeDim::new_1d(WORKGROUP as u32);
        KernelId::new::<Self>().info(self.0.clone()).cube_dim(group.into())
    }

    fn address_type(&self) -> ElemType {
        UIntKind::U32.into()
    }
}

impl<S: Shader> CubeKernel for Launched<S> {
    /// Its text is its own: this is never compiled.
    fn define(&self) -> KernelDefinition {
        let group = CubeDim::new_1d(WORKGROUP as u32);
        let settings = KernelSettings::new(group.into(), ExecutionMode::Checked, AddressType::U32);
        let body = Scope::root(settings.clone());
        KernelDefinition { body, settings, info: Info::default() }
    }

    fn source(&self) -> Option<PrecompiledSource> {
        Some(PrecompiledSource {
            source: self.0.text(),
            entrypoint_name: "main".into(),
            lang: "wgsl",
        })
    }
}

/// A kernel whose bindings are `read`, then `written`, then the numbers if there are any, which the text reads as
/// `by: array<vec4<f32>, 2>`.
pub(super) fn launch<S: Shader>(
    shader: S,
    read: Vec<CubeTensor>,
    written: &[&CubeTensor],
    by: Option<Numbers>,
) {
    let mut arguments = KernelArguments::new();
    for tensor in read {
        let buffer = into_contiguous(tensor).handle.binding();
        arguments = arguments.with_buffer_io(buffer, BufferIOAttr::ReadOnly);
    }
    for tensor in written {
        let buffer = tensor.handle.clone().binding();
        arguments = arguments.with_buffer_io(buffer, BufferIOAttr::WriteOnly);
    }
    if let Some(by) = by {
        let pair =
            |[low, high]: [f32; 2]| u64::from(high.to_bits()) << 32 | u64::from(low.to_bits());
        let words = by.as_chunks::<2>().0.iter().copied().map(pair).collect();
        arguments = arguments.with_info(MetadataBindingInfo::custom(words));
    }
    let groups = shader.threads().div_ceil(WORKGROUP) as u32;
    let groups = CubeCount::new_2d(groups.min(ROW), groups.div_ceil(ROW));
    written[0].client.launch(Box::new(Launched(shader)), groups, arguments);
}

thread_local! {
    /// Bytes of what is made, while somebody wants to know.
    static MADE: RefCell<Option<Vec<usize>>> = const { RefCell::new(None) };
}

/// Bytes of each tensor that `body` makes here.
pub(super) fn made_by(body: impl FnOnce()) -> Vec<usize> {
    MADE.set(Some(Vec::new()));
    body();
    MADE.take().unwrap_or_default()
}

/// Of whatever numbers, on the device of `like`.
pub(super) fn empty(like: &CubeTensor, shape: Shape) -> CubeTensor {
    let CubeTensor { client, device, .. } = like;
    let bytes = shape.num_elements() * size_of::<f32>();
    MADE.with_borrow_mut(|made| made.iter_mut().for_each(|made| made.push(bytes)));
    let buffer = client.empty(bytes);
    CubeTensor::new_contiguous(client.clone(), device.clone(), shape, buffer, DType::F32)
}

/// Whether `x` lies on WebGPU.
pub(super) fn holds<const D: usize>(x: &Tensor<D>) -> bool {
    x.device().inner() != Device::flex()
}
