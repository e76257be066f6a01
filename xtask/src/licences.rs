//! The licences of the crates inside the wasm modules, for `licences.txt` beside the page.

use crate::fingerprint::{Fingerprint, made, record_made};
use crate::paths;
use crate::run::{output, say};
use crate::toolchain;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

/// Makes `pkg/licences.txt`: name, version and licence of each crate, then each text once.
pub fn write() -> Result<()> {
    let digest = Fingerprint::new("licences")
        .file(Path::new("Cargo.toml"))
        .file(Path::new("Cargo.lock"))
        .finish();
    let out = paths::pkg().join("licences.txt");
    if made("licences", &digest) && out.is_file() {
        return Ok(());
    }
    say("licences of the crates in the modules");
    let metadata = output(toolchain::cargo("metadata").args([
        "--format-version=1",
        "--no-default-features",
        "--features=cpu,gpu",
        "--filter-platform=wasm32-unknown-unknown",
    ]))?;
    let metadata: Value = serde_json::from_str(&metadata).context("reading cargo's metadata")?;
    let linked = linked(&metadata);
    let mut list = String::from("Saddle's WebAssembly modules contain these crates.\n\n");
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in array(&metadata["packages"]) {
        let (id, name, version) = (
            text(&package["id"]),
            text(&package["name"]),
            text(&package["version"]),
        );
        if !linked.contains(id) || package["source"].is_null() {
            continue;
        }
        let licence = package["license"].as_str().unwrap_or("see its text below");
        writeln!(list, "{name} {version}: {licence}")?;
        for content in licence_texts(Path::new(text(&package["manifest_path"])))? {
            texts
                .entry(content)
                .or_default()
                .push(format!("{name} {version}"));
        }
    }
    for (content, users) in texts {
        write!(
            list,
            "\n{}\n{}\n\n{}\n",
            "-".repeat(72),
            users.join(", "),
            content.trim_end()
        )?;
    }
    paths::write(&out, list.as_bytes())?;
    record_made("licences", &digest)
}

/// Package ids that the library links, itself included: no build or development dependencies, and no
/// procedural macros.
fn linked(metadata: &Value) -> BTreeSet<String> {
    let is_macro = |package: &&Value| {
        let mut targets = array(&package["targets"]).iter();
        targets.any(|target| {
            array(&target["kind"])
                .iter()
                .any(|kind| kind == "proc-macro")
        })
    };
    let packages = array(&metadata["packages"]);
    let macros: BTreeSet<&str> = packages
        .iter()
        .filter(is_macro)
        .map(|p| text(&p["id"]))
        .collect();
    let nodes: BTreeMap<&str, &Value> = array(&metadata["resolve"]["nodes"])
        .iter()
        .map(|node| (text(&node["id"]), node))
        .collect();
    let mut left = vec![text(&metadata["resolve"]["root"])];
    let mut seen = BTreeSet::new();
    while let Some(id) = left.pop() {
        if macros.contains(id) || !seen.insert(id.to_string()) {
            continue;
        }
        for dependency in nodes.get(id).map_or(&[][..], |node| array(&node["deps"])) {
            let mut kinds = array(&dependency["dep_kinds"]).iter();
            if kinds.any(|kind| kind["kind"].is_null()) {
                left.push(text(&dependency["pkg"]));
            }
        }
    }
    seen
}

fn licence_texts(manifest: &Path) -> Result<Vec<String>> {
    let folder = manifest.parent().context("a manifest has no folder")?;
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| paths::reading(folder))? {
        let path = entry?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().to_uppercase())
            .unwrap_or_default();
        let wanted = ["LICENSE", "LICENCE", "COPYING", "NOTICE"]
            .iter()
            .any(|start| name.starts_with(start));
        if wanted && path.is_file() {
            texts.push(String::from_utf8_lossy(&std::fs::read(&path)?).replace("\r\n", "\n"));
        }
    }
    Ok(texts)
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
