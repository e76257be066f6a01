//! `cargo xtask bench`, `cargo xtask print` and `cargo xtask shots`: scripts that need the built page and a browser.

use crate::run::passes;
use crate::{node, site, test};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

/// The other libraries are installed only here.
pub fn bench(args: &[String]) -> Result<bool> {
    ready()?;
    node::install_in(Path::new("tests/bench"))?;
    passes(Command::new("node").arg("tests/bench/bench.mjs").args(args))
}

pub fn shots() -> Result<bool> {
    ready()?;
    passes(Command::new("node").arg("tests/browser/shots.mjs"))
}

/// `pkg/print/`: the page as a PDF in each language.
pub fn print() -> Result<bool> {
    ready()?;
    passes(Command::new("node").arg("tests/browser/print.mjs"))
}

fn ready() -> Result<()> {
    test::browsers()?;
    site::build(None)
}
