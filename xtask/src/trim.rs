//! What the linker cannot leave out of the CPU module. An operation of burn asks at run time what its tensors are
//! made of, so each brings its variants for quantised, half and double precision, and conversions among all of them.
//! The page's tensors are f32, and on flex these functions are never called: each becomes a trap, and what only they
//! call goes when wasm-bindgen collects what is unused. That is an eighth of the module, compressed.

use anyhow::{Context, Result};
use std::path::Path;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module, ModuleConfig};

/// Parts of mangled names, with the length that stands before each.
const NEVER: [&str; 11] = [
    // Quantised tensors.
    "7qtensor",
    "10QTensorOps",
    "12burn_backend12quantization",
    // Conversions of data that is of another type than the tensor made of it.
    "14try_cast_clone",
    "16try_cast_inplace",
    // Kernels.
    "8gemm_f16",
    "8gemm_f64",
    "10conv3d_f16",
    "10conv3d_f64",
    "20conv_transpose3d_f16",
    "20conv_transpose3d_f64",
];

/// The CPU module as it was linked, those functions replaced.
pub fn read(wasm: &Path) -> Result<Module> {
    let bytes = std::fs::read(wasm).with_context(|| crate::paths::reading(wasm))?;
    let mut module = ModuleConfig::new()
        // The linker's output is valid, and what wasm-bindgen puts into it on the way need not be.
        .strict_validate(false)
        .generate_producers_section(false)
        .generate_name_section(false)
        .parse(&bytes)?;
    let never: Vec<FunctionId> = module
        .funcs
        .iter_local()
        .map(|(id, _)| id)
        .filter(|id| module.funcs.get(*id).name.as_deref().is_some_and(is_never))
        .collect();
    for id in never {
        replace(&mut module, id);
    }
    Ok(module)
}

fn is_never(name: &str) -> bool {
    NEVER.iter().any(|part| name.contains(part))
}

fn replace(module: &mut Module, id: FunctionId) {
    let kind = module.types.get(module.funcs.get(id).ty());
    let (params, results) = (kind.params().to_vec(), kind.results().to_vec());
    let args = params
        .iter()
        .map(|&param| module.locals.add(param))
        .collect();
    let mut trap = FunctionBuilder::new(&mut module.types, &params, &results);
    trap.func_body().unreachable();
    module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(args));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_manglings_are_found() {
        assert!(is_never(
            "_ZN9burn_flex3ops4conv10conv3d_f6417he08093b48d8d0abeE"
        ));
        assert!(is_never("_RNvNtNtCs1_9burn_flex3ops4conv10conv3d_f64"));
        assert!(!is_never(
            "_ZN9burn_flex3ops4conv10conv3d_f3217h30dc6fb8e55ccd58E"
        ));
        assert!(!is_never(
            "_ZN8gemm_f324gemm3f327simd12810gemm_basic17ha8b2f2e0a0e3d744E"
        ));
    }

    #[test]
    fn a_replaced_function_keeps_its_type_and_traps() {
        let mut module = Module::default();
        let args = vec![module.locals.add(walrus::ValType::I32)];
        let mut builder = FunctionBuilder::new(
            &mut module.types,
            &[walrus::ValType::I32],
            &[walrus::ValType::I64],
        );
        builder.func_body().i64_const(7);
        let id = builder.finish(args, &mut module.funcs);
        let before = module.funcs.get(id).ty();
        replace(&mut module, id);
        assert_eq!(module.funcs.get(id).ty(), before);
        let body = module.funcs.get(id).kind.unwrap_local();
        assert_eq!(body.size(), 1);
    }
}
