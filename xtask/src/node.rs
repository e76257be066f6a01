//! npm packages: what the page ships, and what the tests drive the browsers with.

use crate::fingerprint::{Fingerprint, forget, made, record_made};
use crate::paths;
use crate::run::{exists, run, say};
use anyhow::{Context, Result, bail};
use std::path::Path;
use std::process::Command;

/// Installs what `package-lock.json` names, unless it is installed already.
pub fn install() -> Result<()> {
    install_in(Path::new("."))
}

/// The same in a folder with a `package.json` of its own.
pub fn install_in(dir: &Path) -> Result<()> {
    let name = format!("npm{}", dir.display()).replace(['.', '/', '\\'], "-");
    let digest = Fingerprint::new("npm").file(&dir.join("package-lock.json")).finish();
    if made(&name, &digest) && dir.join("node_modules").is_dir() {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    if !exists(npm) {
        bail!("npm is not installed: install Node.js 22 or later, then run this again");
    }
    say(&format!("npm packages in {}", dir.display()));
    run(Command::new(npm).arg("ci").current_dir(dir))?;
    record_made(&name, &digest)
}

const MATHML: &str = include_str!("text/mathml.css");
const STIX_TEXT: &str = "node_modules/@fontsource/stix-two-text";
const STIX_MATH: &str = "node_modules/@fontsource/stix-two-math";

/// Copies what the page uses at run time to `pkg/vendor/`.
pub fn vendor() -> Result<()> {
    let digest =
        Fingerprint::new("vendor").file(Path::new("package-lock.json")).text(MATHML).finish();
    let vendor = paths::pkg().join("vendor");
    if made("vendor", &digest) && vendor.is_dir() {
        return Ok(());
    }
    say("uPlot and the STIX Two fonts");
    forget("vendor")?;
    if vendor.exists() {
        std::fs::remove_dir_all(&vendor).context("removing the old pkg/vendor")?;
    }
    let uplot = Path::new("node_modules/uplot");
    for name in ["dist/uPlot.esm.js", "dist/uPlot.min.css", "LICENSE"] {
        copy(&uplot.join(name), &vendor.join("uplot"))?;
    }
    let types = std::fs::read_to_string(uplot.join("dist/uPlot.d.ts")).context("uPlot's types")?;
    let types = types.replace("export = uPlot;", "export default uPlot;");
    let types = types.replace("export as namespace uPlot;", "");
    paths::write(&vendor.join("uplot/uPlot.esm.d.ts"), types.as_bytes())?;

    let stix = vendor.join("stix");
    for subset in ["latin", "latin-ext", "greek"] {
        for face in ["400-normal", "400-italic", "600-normal"] {
            copy(
                &Path::new(STIX_TEXT).join(format!("files/stix-two-text-{subset}-{face}.woff2")),
                &stix,
            )?;
        }
    }
    copy(&Path::new(STIX_MATH).join("files/stix-two-math-latin-400-normal.woff2"), &stix)?;
    copy(&Path::new(STIX_TEXT).join("LICENSE"), &stix)?;
    paths::write(&vendor.join("mathml.css"), MATHML.as_bytes())?;
    record_made("vendor", &digest)
}

/// Copies a file into a folder, which is created.
fn copy(from: &Path, into: &Path) -> Result<()> {
    let bytes = std::fs::read(from).with_context(|| paths::reading(from))?;
    let name = from.file_name().context("a file to copy has no name")?;
    paths::write(&into.join(name), &bytes)
}
