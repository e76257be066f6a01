//! Rust for wasm32-unknown-unknown, by the first way that works: the target as installed, rustup's,
//! Debian's packages with the standard library built from source.

use crate::paths;
use crate::run::{exists, output, passes, passes_within, run, say};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

const TARGET: &str = "wasm32-unknown-unknown";
const DEBIAN: [&str; 5] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];

#[derive(Clone, Copy)]
pub enum Toolchain {
    /// The cargo and rustc on the path have the target.
    Path,
    /// Debian's in /usr/bin, which lack it: `-Zbuild-std`.
    Debian,
}

impl Toolchain {
    /// `cargo <command>` for the target, ready for more arguments.
    pub fn cargo(self, command: &str) -> Command {
        let mut cargo = match self {
            Self::Path => cargo(command),
            Self::Debian => {
                let mut cargo = Command::new("/usr/bin/cargo");
                let path = std::env::var("PATH").unwrap_or_default();
                cargo.env("PATH", format!("/usr/bin:{path}"));
                // Named, because cargo otherwise finds rustup's and looks for its missing sources.
                cargo.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
                // Set by rustup's shim for the cargo that runs this tool.
                cargo
                    .env_remove("RUSTUP_TOOLCHAIN")
                    .env_remove("CARGO")
                    .env_remove("LD_LIBRARY_PATH");
                cargo.arg(command).arg("-Zbuild-std=std,panic_abort");
                cargo.env("CARGO_TARGET_DIR", paths::target());
                cargo
            }
        };
        cargo.args(["--target", TARGET]);
        cargo
    }
}

/// The cargo on the path, for the machine itself, with the shared target folder.
pub fn cargo(command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(command).env("CARGO_TARGET_DIR", paths::target());
    cargo
}

/// Cargo for this tool itself, in its own target folder.
pub fn tool(command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.args([command, "--release", "--manifest-path", "xtask/Cargo.toml"]);
    cargo
}

/// The toolchain for the target, installed if need be. `SADDLE_WASM=rustup` or `=debian` starts with
/// that way, so that each can be tried.
pub fn wasm() -> Result<Toolchain> {
    static FOUND: OnceLock<Toolchain> = OnceLock::new();
    if let Some(found) = FOUND.get() {
        return Ok(*found);
    }
    let found = find()?;
    Ok(*FOUND.get_or_init(|| found))
}

fn find() -> Result<Toolchain> {
    let forced = forced();
    if forced.is_empty() && installed() {
        return Ok(Toolchain::Path);
    }
    if forced != "debian" && exists("rustup") {
        say(&format!("rustup target add {TARGET}"));
        let added = passes_within(
            Command::new("rustup").args(["target", "add", TARGET]),
            Duration::from_secs(60),
        )?;
        if added && installed() {
            return Ok(Toolchain::Path);
        }
        println!("    that did not work within a minute");
    }
    if Path::new("/etc/debian_version").exists() {
        if !DEBIAN.iter().all(|name| has_package(name)) {
            say("Debian's Rust, with the sources of the standard library");
            apt_install(&DEBIAN)?;
        }
        return Ok(Toolchain::Debian);
    }
    bail!(
        "Rust's standard library for {TARGET} is missing and could not be installed.\n\
         With a connection: rustup target add {TARGET}\n\
         On Debian or Ubuntu: apt-get install {}",
        DEBIAN.join(" ")
    )
}

/// Whether the target can be used without installing anything.
fn installed() -> bool {
    output(Command::new("rustc").args(["--print", "target-libdir", "--target", TARGET]))
        .is_ok_and(|dir| Path::new(dir.trim()).is_dir())
}

/// What tells one compiler's products from another's.
pub fn version() -> Result<String> {
    let rustc = if forced() == "debian" { "/usr/bin/rustc" } else { "rustc" };
    let version = output(Command::new(rustc).arg("-vV")).unwrap_or_default();
    Ok(version + &forced())
}

fn forced() -> String {
    std::env::var("SADDLE_WASM").unwrap_or_default()
}

fn has_package(name: &str) -> bool {
    output(Command::new("dpkg-query").args(["-W", "-f=${Status}", name]))
        .is_ok_and(|s| s.ends_with(" installed"))
}

/// Installs Debian packages, as root or through sudo.
pub fn apt_install(packages: &[&str]) -> Result<()> {
    let root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let apt = |args: &[&str]| {
        let mut command = Command::new(if root { "apt-get" } else { "sudo" });
        if !root {
            command.arg("apt-get");
        }
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    // Old lists are enough more often than not, and some mirrors fail in part.
    passes(&mut apt(&["update", "-q"]))?;
    let mut install = vec!["install", "-q", "-y", "--no-install-recommends"];
    install.extend(packages);
    run(&mut apt(&install)).with_context(|| format!("installing {}", packages.join(" ")))
}

/// Takes over the target folder, which all checkouts share. Cargo tells the library of one from that of
/// another by times alone, so after a change of checkout its root is made to look new.
pub fn claim_target() -> Result<()> {
    let owner = paths::target().join("saddle-checkout");
    let here = paths::root();
    let here = here.to_string_lossy();
    if std::fs::read_to_string(&owner).is_ok_and(|old| old == here) {
        return Ok(());
    }
    let root = std::fs::File::options().append(true).open("src/lib.rs");
    let touched = root.and_then(|file| file.set_modified(SystemTime::now()));
    touched.context("touching src/lib.rs")?;
    paths::write(&owner, here.as_bytes())
}
