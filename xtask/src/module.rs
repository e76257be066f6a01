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

    /// Whether the module is made of this file of `src/`: neither the native program nor what a `cfg` leaves out of the
    /// module is part of it. The game is part of all, since every module compiles it.
    fn compiles(self, file: &Path) -> bool {
        let left_out: &[&str] = match self {
            Self::Game => &["mnist", "wasm/mnist"],
            Self::Cpu => &[
                "wasm/game.rs",
                "wasm/figures.rs",
                "mnist/kernels/products/webgpu.rs",
                "mnist/kernels/products/wgsl.rs",
                "mnist/kernels/shader.rs",
                "mnist/kernels/step/webgpu.rs",
                "mnist/kernels/step/wgsl.rs",
            ],
            Self::Gpu => &[
                "wasm/game.rs",
                "wasm/figures.rs",
                "wasm/mnist/explorer",
                "wasm/mnist/judge.rs",
                "wasm/mnist/trial.rs",
            ],
        };
        !["main.rs", "cli"].iter().chain(left_out).any(|room| file.starts_with(room))
    }

    fn digest(self) -> Result<String> {
        Ok(Fingerprint::new(self.name())
            .text(&toolchain::version()?)
            .text(&trim::never(self).concat())
            .folder("src", |file| self.compiles(file))?
            .file(Path::new("Cargo.toml"))
            .file(Path::new("Cargo.lock"))
            .file(Path::new(".cargo/config.toml"))
            .finish())
    }

    /// Whether the module under `pkg/` was built from the sources as they are.
    pub fn is_fresh(self) -> Result<bool> {
        let there = paths::pkg().join(self.name()).join("saddle_bg.wasm").is_file();
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
        say(&format!("the {} module (a first build takes many minutes)", self.name()));
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
        self.bindgen(&wasm, &out).with_context(|| format!("wasm-bindgen on {}", wasm.display()))?;
        self.write_types()?;
        println!("    built in {} s", start.elapsed().as_secs());
        record_made(self.name(), &digest)
    }

    /// Writes the module's `saddle.d.ts`.
    pub fn write_types(self) -> Result<()> {
        paths::write(&paths::pkg().join(self.name()).join("saddle.d.ts"), TYPES.as_bytes())
    }

    fn bindgen(self, wasm: &Path, out: &Path) -> Result<()> {
        let mut bindgen = Bindgen::new();
        match self {
            Self::Cpu | Self::Gpu => {
                bindgen.input_module("saddle", trim::read(wasm, &trim::never(self))?)
            }
            Self::Game => bindgen.input_path(wasm),
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    #[test]
    fn an_edit_rebuilds_what_it_is_in() {
        let dir = std::env::temp_dir().join(format!("saddle-src-{}", std::process::id()));
        let folder = dir.to_string_lossy().into_owned();
        let digests = || {
            Module::ALL.map(|module| {
                let kept = Fingerprint::new("").folder(&folder, |file| module.compiles(file));
                kept.expect("a folder").finish()
            })
        };
        for (file, rebuilt) in [
            ("cli/eval.rs", vec![]),
            ("main.rs", vec![]),
            ("mnist/nets/layer.rs", vec!["cpu", "gpu"]),
            ("wasm/mnist/trainer.rs", vec!["cpu", "gpu"]),
            ("wasm/mnist/judge.rs", vec!["cpu"]),
            ("wasm/game.rs", vec!["game"]),
            ("wasm/error.rs", vec!["game", "cpu", "gpu"]),
            ("game/play.rs", vec!["game", "cpu", "gpu"]),
            ("num/rng.rs", vec!["game", "cpu", "gpu"]),
            ("lib.rs", vec!["game", "cpu", "gpu"]),
        ] {
            paths::write(&dir.join(file), b"before").expect("a file");
            let before = digests();
            paths::write(&dir.join(file), b"after").expect("a file");
            let after = digests();
            let changed = Module::ALL.into_iter().zip(before.iter().zip(&after));
            let changed = changed.filter(|(_, (before, after))| before != after);
            assert_eq!(
                changed.map(|(module, _)| module.name()).collect::<Vec<_>>(),
                rebuilt,
                "{file}"
            );
        }
        std::fs::remove_dir_all(&dir).expect("the folder is ours");
    }

    /// All files that `mod` leads to from `file`, whose children lie in `folder`, with these features.
    fn compiled(file: &Path, folder: &Path, features: &[&str], found: &mut BTreeSet<PathBuf>) {
        let text = std::fs::read_to_string(Path::new("../src").join(file)).expect("a source");
        found.insert(file.into());
        for item in syn::parse_file(&text).expect("Rust").items {
            let syn::Item::Mod(module) = item else { continue };
            let mut cfgs = module.attrs.iter().filter(|attr| attr.path().is_ident("cfg"));
            let left_out = cfgs.any(|cfg| {
                let asked = cfg.meta.require_list().expect("a list").tokens.to_string();
                let feature = asked.strip_prefix("feature = ").expect("a feature alone");
                !features.contains(&feature.trim_matches('"'))
            });
            if left_out || module.content.is_some() {
                continue;
            }
            let inner = folder.join(module.ident.to_string());
            let (flat, own) = (inner.with_extension("rs"), inner.join("mod.rs"));
            let is_flat = Path::new("../src").join(&flat).is_file();
            compiled(if is_flat { &flat } else { &own }, &inner, features, found);
        }
    }

    #[test]
    fn what_the_modules_compile_is_what_the_sources_say() {
        let mut all = paths::files(Path::new("../src")).expect("the sources");
        // `mod` leads to Rust alone; what a source includes as text is rebuilt with it.
        all.retain(|file| file.extension().is_some_and(|ending| ending == "rs"));
        for (module, features) in [
            (Module::Game, &["game", "web"][..]),
            (Module::Cpu, &["cpu", "web", "mnist"]),
            (Module::Gpu, &["gpu", "web", "mnist"]),
        ] {
            let mut found = BTreeSet::new();
            compiled(Path::new("lib.rs"), Path::new(""), features, &mut found);
            let kept = all.iter().filter(|file| module.compiles(file)).cloned().collect();
            assert_eq!(found, kept, "{}", module.name());
        }
    }
}
