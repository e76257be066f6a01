//! A wasm module: cargo, then wasm-bindgen, into `pkg/game/`, `pkg/cpu/` or `pkg/gpu/`.

use crate::fingerprint::{Fingerprint, forget, made, record_made};
use crate::run::{run, say};
use crate::{paths, toolchain, trim};
use anyhow::{Context, Result};
use std::path::Path;
use std::time::Instant;
use wasm_bindgen_cli_support::Bindgen;

/// The types that the page sees are the contract in `www/types.d.ts`, not what wasm-bindgen derives:
/// serialised values would be `any` there, and `tsc` would need a build first.
const TYPES: &str = "\
export * from \"../../www/types.js\";
/** Loads the module; to be awaited before anything else. */
export default function init(options?: { module_or_path?: string | URL | Request | Response | WebAssembly.Module }): Promise<unknown>;
";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Module {
    Game,
    Cpu,
    Gpu,
}

impl Module {
    /// In the order in which the page needs them.
    pub const ALL: [Self; 3] = [Self::Game, Self::Cpu, Self::Gpu];

    /// Name of the cargo feature and of the folder under `pkg/`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Game => "game",
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }

    fn digest(self) -> Result<String> {
        // The native program is no part of the library.
        let library = |file: &Path| file != Path::new("main.rs");
        Ok(Fingerprint::new(self.name())
            .text(&toolchain::version()?)
            .folder("src", library)?
            .file(Path::new("Cargo.toml"))
            .file(Path::new("Cargo.lock"))
            .file(Path::new(".cargo/config.toml"))
            .finish())
    }

    /// Whether the module under `pkg/` was built from the sources as they are.
    pub fn is_fresh(self) -> Result<bool> {
        let there = paths::pkg()
            .join(self.name())
            .join("saddle_bg.wasm")
            .is_file();
        Ok(there && made(self.name(), &self.digest()?))
    }

    /// Builds it, unless it is fresh.
    pub fn build(self) -> Result<()> {
        if self.is_fresh()? {
            return Ok(());
        }
        let digest = self.digest()?;
        forget(self.name())?;
        let toolchain = toolchain::wasm()?;
        say(&format!(
            "the {} module (a first build takes many minutes)",
            self.name()
        ));
        let start = Instant::now();
        toolchain::claim_target()?;
        run(toolchain.cargo("build").args([
            "--lib",
            "--profile",
            "wasm",
            "--no-default-features",
            "--features",
            self.name(),
        ]))?;
        let wasm = paths::target().join("wasm32-unknown-unknown/wasm/saddle.wasm");
        let out = paths::pkg().join(self.name());
        self.bindgen(&wasm, &out)
            .with_context(|| format!("wasm-bindgen on {}", wasm.display()))?;
        self.write_types()?;
        println!("    built in {} s", start.elapsed().as_secs());
        record_made(self.name(), &digest)
    }

    /// Writes the module's `saddle.d.ts`.
    pub fn write_types(self) -> Result<()> {
        paths::write(
            &paths::pkg().join(self.name()).join("saddle.d.ts"),
            TYPES.as_bytes(),
        )
    }

    fn bindgen(self, wasm: &Path, out: &Path) -> Result<()> {
        let mut bindgen = Bindgen::new();
        match self {
            Self::Cpu => bindgen.input_module("saddle", trim::read(wasm)?),
            Self::Game | Self::Gpu => bindgen.input_path(wasm),
        };
        bindgen
            .out_name("saddle")
            .web(true)?
            .typescript(false)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(out)
    }
}
