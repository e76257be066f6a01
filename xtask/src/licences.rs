//! The licences of the crates inside the wasm modules, for `licences.txt` beside the page.

use crate::fingerprint::{Fingerprint, made, record_made};
use crate::paths;
use crate::run::{output, say};
use crate::toolchain;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use spdx::{Expression, ParseMode};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// What `cargo metadata` says, as far as it is read here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    authors: Vec<String>,
    /// An expression of SPDX.
    license: Option<String>,
    manifest_path: PathBuf,
    /// None for a package of this folder.
    source: Option<String>,
}

/// Makes `pkg/licences.txt`: name, version and licence of each crate, then each text once.
pub fn write() -> Result<()> {
    // The second way in which this file is made.
    let digest = Fingerprint::new("licences 2")
        .file(Path::new("Cargo.toml"))
        .file(Path::new("Cargo.lock"))
        .finish();
    let out = paths::pkg().join("licences.txt");
    if made("licences", &digest) && out.is_file() {
        return Ok(());
    }
    say("licences of the crates in the modules");
    const FEATURES: [&str; 2] = ["--no-default-features", "--features=cpu,gpu"];
    // What is linked into the modules: no build or development dependencies, and no procedural macros. The metadata
    // alone lists twice as many, among them all that `feature = ["crate?/feature"]` names.
    let tree = output(toolchain::cargo("tree").args(FEATURES).args([
        "--target=wasm32-unknown-unknown",
        "--edges=normal,no-proc-macro",
        "--prefix=none",
        "--format={p}",
    ]))?;
    let metadata = output(
        toolchain::cargo("metadata")
            .args(["--format-version=1", "--filter-platform=wasm32-unknown-unknown"])
            .args(FEATURES),
    )?;
    let metadata = serde_json::from_str(&metadata).context("reading cargo's metadata")?;
    paths::write(&out, list(&tree, &metadata)?.as_bytes())?;
    record_made("licences", &digest)
}

/// `tree` has a line `NAME vVERSION` for each crate, and maybe more behind it.
fn list(tree: &str, metadata: &Metadata) -> Result<String> {
    let linked: BTreeSet<(&str, &str)> = tree
        .lines()
        .filter_map(|line| line.split_once(" v"))
        .map(|(name, rest)| (name, rest.split(' ').next().unwrap_or_default()))
        .collect();
    let mut list = String::from("Saddle's WebAssembly modules contain these crates.\n\n");
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in &metadata.packages {
        let Package { name, version, .. } = package;
        if !linked.contains(&(name.as_str(), version.as_str())) || package.source.is_none() {
            continue;
        }
        let licence = package.license.as_deref().unwrap_or("see its text below");
        writeln!(list, "{name} {version}: {licence}")?;
        let shipped = shipped(&package.manifest_path)?;
        let mut user = format!("{name} {version}");
        let mut known = Vec::new();
        if !shipped.iter().any(|(file, _)| !file.starts_with("NOTICE")) {
            known = known_texts(package)?;
            // A text from elsewhere names no holder of the copyright.
            if !package.authors.is_empty() {
                write!(user, " (by {})", package.authors.join(", "))?;
            }
        }
        for text in shipped.into_iter().map(|(_, text)| text).chain(known) {
            texts.entry(text).or_default().push(user.clone());
        }
    }
    for (content, users) in texts {
        write!(list, "\n{}\n{}\n\n{}\n", "-".repeat(72), users.join(", "), content.trim_end())?;
    }
    Ok(list)
}

/// The licences that a crate ships beside its manifest: file name in capitals, and text.
fn shipped(manifest: &Path) -> Result<Vec<(String, String)>> {
    let folder = manifest.parent().context("a manifest has no folder")?;
    let mut texts = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| paths::reading(folder))? {
        let path = entry?.path();
        let name =
            path.file_name().map(|name| name.to_string_lossy().to_uppercase()).unwrap_or_default();
        let wanted =
            ["LICENSE", "LICENCE", "COPYING", "NOTICE"].iter().any(|start| name.starts_with(start));
        if wanted && path.is_file() {
            let text = String::from_utf8_lossy(&std::fs::read(&path)?).replace("\r\n", "\n");
            texts.push((name, text));
        }
    }
    texts.sort();
    Ok(texts)
}

/// The texts of the licences that a crate names, where it ships none.
fn known_texts(package: &Package) -> Result<Vec<String>> {
    let Package { name, version, .. } = package;
    let missing =
        || format!("{name} {version} ships no licence, and names none whose text is known");
    let named = package.license.as_deref().with_context(missing)?;
    let named = Expression::parse_mode(named, ParseMode::LAX).with_context(missing)?;
    let mut texts = Vec::new();
    for part in named.requirements() {
        let exception = part.req.addition.as_ref().and_then(spdx::AdditionItem::id);
        texts.extend(part.req.license.id().map(|id| id.text().to_owned()));
        texts.extend(exception.map(|id| id.text().to_owned()));
    }
    ensure!(!texts.is_empty(), missing());
    Ok(texts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TREE: &str = "root v1.0.0 (/somewhere)\na v1.0.0\na v1.0.0 (*)\n";

    /// Of a crate `root` and two others, each with this licence.
    fn metadata(folder: &Path, licence: Option<&str>) -> Metadata {
        let package = |name: &str, source: Option<&str>| {
            json!({
                "name": name, "version": "1.0.0", "authors": ["Somebody"], "license": licence, "source": source,
                "manifest_path": folder.join(name).join("Cargo.toml"),
            })
        };
        let packages = [package("root", None), package("a", Some("x")), package("b", Some("x"))];
        serde_json::from_value(json!({ "packages": packages })).expect("metadata")
    }

    #[test]
    fn a_crate_without_a_text_gets_that_of_the_licence_it_names() {
        let folder = std::env::temp_dir().join(format!("saddle-licences-{}", std::process::id()));
        paths::write(&folder.join("a/NOTICE"), b"a notice").expect("a file");
        let of = |licence| list(TREE, &metadata(&folder, licence));
        for licence in ["MIT OR Apache-2.0", "MIT/Apache-2.0"] {
            let list = of(Some(licence)).expect("known licences");
            assert!(list.contains(&format!("\na 1.0.0: {licence}\n")), "{list}");
            assert!(!list.contains("b 1.0.0") && !list.contains("root"), "{list}");
            for text in ["Permission is hereby granted", "Apache License\n", "a notice"] {
                assert!(list.contains(text), "{text}: {list}");
            }
            assert_eq!(list.matches("a 1.0.0 (by Somebody)").count(), 3, "{list}");
        }
        let with = of(Some("Apache-2.0 WITH LLVM-exception")).expect("a known exception");
        assert!(with.contains("LLVM Exceptions"), "{with}");
        for licence in [None, Some("LicenseRef-own"), Some("no licence")] {
            let error = of(licence).expect_err("no text");
            assert!(format!("{error:#}").contains("a 1.0.0 ships no licence"), "{error:#}");
        }
        paths::write(&folder.join("a/LICENSE-MIT"), b"its own").expect("a file");
        let list = of(None).expect("its own text");
        assert!(list.contains("a 1.0.0: see its text below\n"), "{list}");
        assert!(list.contains("\na 1.0.0\n\nits own\n"), "{list}");
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
    }
}
