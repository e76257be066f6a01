//! What the linker cannot leave out of the modules that run burn. An operation of burn asks at run time what its tensors
//! are made of, so each brings its variants for quantised, half and double precision, and conversions among all of them;
//! cubecl can read kernels from text and write them to files. The page does none of that, so these functions are never
//! called: each becomes a trap, and what only they call goes when wasm-bindgen collects what is unused. That is an eighth
//! of the CPU module, compressed, and a tenth of the GPU's.

use anyhow::{Context, Result, ensure};
use std::path::Path;
use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module, ModuleConfig};

/// Parts of mangled names, with the length that stands before each, that neither module calls.
const NEVER: &[&str] = &[
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

/// And these the GPU's.
const NEVER_ON_GPU: &[&str] = &[
    // The intermediate representation of kernels, read from text.
    "7combine",
    "8Parsable",
    // Views of quantised tensors.
    "19run_with_quant_type",
    "11cubek_quant",
    // burn's own products: the module has kernels for all that its networks have.
    "12cubek_matmul",
    "10cubek_tile",
    "17cubek_convolution",
    // The CPU's tensors and products.
    "9burn_flex3ops",
    "8gemm_f32",
];

/// What is cut off a module; an empty list where nothing is.
pub fn never(module: crate::module::Module) -> Vec<&'static str> {
    use crate::module::Module::{Cpu, Game, Gpu};
    match module {
        Game => Vec::new(),
        Cpu => NEVER.to_vec(),
        Gpu => [NEVER, NEVER_ON_GPU].concat(),
    }
}

/// A module as it was linked, the functions that have one of these parts in their names replaced. An error when a part
/// fits no function: after an update of burn that renamed it, the module would otherwise grow without a word.
pub fn read(wasm: &Path, never: &[&str]) -> Result<Module> {
    let bytes = std::fs::read(wasm).with_context(|| crate::paths::reading(wasm))?;
    let mut module = ModuleConfig::new()
        // The linker's output is valid, and what wasm-bindgen puts into it on the way need not be.
        .strict_validate(false)
        .generate_producers_section(false)
        .generate_name_section(false)
        .parse(&bytes)?;
    let functions: Vec<(FunctionId, &str)> = module
        .funcs
        .iter_local()
        .filter_map(|(id, _)| Some((id, module.funcs.get(id).name.as_deref()?)))
        .collect();
    let names: Vec<&str> = functions.iter().map(|(_, name)| *name).collect();
    all_found(&names, never)?;
    let cut: Vec<FunctionId> =
        functions.into_iter().filter(|(_, name)| is_in(name, never)).map(|(id, _)| id).collect();
    for id in cut {
        replace(&mut module, id);
    }
    Ok(module)
}

fn all_found(names: &[&str], never: &[&str]) -> Result<()> {
    let unknown = |part: &&str| !names.iter().any(|name| name.contains(part));
    let lost: Vec<&str> = never.iter().copied().filter(unknown).collect();
    ensure!(
        lost.is_empty(),
        "no function of the module is called {} any more: find its new name and correct it in \
         xtask/src/trim.rs, or take it out if the module does not contain it",
        lost.join(", ")
    );
    Ok(())
}

fn is_in(name: &str, never: &[&str]) -> bool {
    never.iter().any(|part| name.contains(part))
}

fn replace(module: &mut Module, id: FunctionId) {
    let kind = module.types.get(module.funcs.get(id).ty());
    let (params, results) = (kind.params().to_vec(), kind.results().to_vec());
    let args = params.iter().map(|&param| module.locals.add(param)).collect();
    let mut trap = FunctionBuilder::new(&mut module.types, &params, &results);
    trap.func_body().unreachable();
    module.funcs.get_mut(id).kind = FunctionKind::Local(trap.local_func(args));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_never(name: &str) -> bool {
        is_in(name, NEVER)
    }

    #[test]
    fn names_of_both_manglings_are_found() {
        assert!(is_never("_ZN9burn_flex3ops4conv10conv3d_f6417he08093b48d8d0abeE"));
        assert!(is_never("_RNvNtNtCs1_9burn_flex3ops4conv10conv3d_f64"));
        assert!(!is_never("_ZN9burn_flex3ops4conv10conv3d_f3217h30dc6fb8e55ccd58E"));
        assert!(!is_never("_ZN8gemm_f324gemm3f327simd12810gemm_basic17ha8b2f2e0a0e3d744E"));
    }

    #[test]
    fn a_name_that_is_gone_is_told() {
        assert!(all_found(NEVER, NEVER).is_ok());
        let error = all_found(&NEVER[2..], NEVER).expect_err("two are gone");
        let error = format!("{error:#}");
        assert!(error.contains("called 7qtensor, 10QTensorOps any more"), "{error}");
        let none = Module::default().emit_wasm();
        let path = std::env::temp_dir().join(format!("saddle-none-{}.wasm", std::process::id()));
        std::fs::write(&path, none).expect("a file");
        assert!(read(&path, NEVER).is_err(), "a module without these names is refused");
        std::fs::remove_file(&path).expect("the file is ours");
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
