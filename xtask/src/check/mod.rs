//! `cargo xtask check`: what can be said of the sources without running them.

mod crates;
mod imports;
mod languages;
mod names;
mod words;

use crate::module::Module;
use crate::node;
use crate::run::{passes, say};
use crate::toolchain::{self, Toolchain};
use anyhow::Result;
use std::process::Command;

/// True when every rule holds. All rules are tried; each that fails names its files and lines.
pub fn check() -> Result<bool> {
    node::install()?;
    node::vendor()?;
    for module in Module::ALL {
        module.write_types()?;
    }
    toolchain::claim_target()?;
    let mut failed = Vec::new();
    let mut rule = |name: &str, holds: bool| {
        if !holds {
            failed.push(name.to_string());
        }
    };
    for (name, found) in [
        ("import directions", imports::problems()?),
        ("languages", languages::problems()?),
        ("words", words::problems()?),
        ("crates", crates::problems()?),
        ("equations", crate::equations::problems()?),
    ] {
        say(name);
        for problem in &found {
            eprintln!("{problem}");
        }
        rule(name, found.is_empty());
    }
    for (name, mut command) in commands()? {
        say(&name);
        rule(&name, passes(&mut command)?);
    }
    if failed.is_empty() {
        say("every rule holds");
    } else {
        eprintln!("error: these rules do not hold: {}", failed.join(", "));
    }
    Ok(failed.is_empty())
}

fn commands() -> Result<Vec<(String, Command)>> {
    let mut all = Vec::new();
    for manifest in ["Cargo.toml", "xtask/Cargo.toml"] {
        let mut fmt = Command::new("cargo");
        fmt.args(["fmt", "--check", "--manifest-path", manifest]);
        all.push((format!("format of {manifest}"), fmt));
    }
    for (project, of) in [(".", "www/"), ("tests/www", "tests/www/")] {
        let mut tsc = Command::new("node");
        tsc.args(["node_modules/typescript/bin/tsc", "--project", project]);
        all.push((format!("types of {of}"), tsc));
    }
    let mut lint = Command::new("node");
    lint.args(["node_modules/oxlint/bin/oxlint", "www", "tests", "sw.js", "xtask"]);
    all.push(("scripts".into(), lint));

    let deny = ["--", "-D", "warnings"];
    let mut tool = toolchain::tool("clippy");
    tool.arg("--all-targets").args(deny);
    all.push(("clippy, xtask".into(), tool));
    let mut native = toolchain::cargo("clippy");
    native.args(["--release", "--all-targets", "--features", "native"]).args(deny);
    all.push(("clippy, native".into(), native));
    // Debian's toolchain, which stands in where rustup cannot add the target, has no clippy.
    if matches!(toolchain::wasm()?, Toolchain::Path) {
        for module in Module::ALL {
            let mut wasm = Toolchain::Path.cargo("clippy");
            wasm.args([
                "--lib",
                "--profile",
                "wasm",
                "--no-default-features",
                "--features",
                module.name(),
            ])
            .args(deny);
            all.push((format!("clippy, {}", module.name()), wasm));
        }
    }
    Ok(all)
}
