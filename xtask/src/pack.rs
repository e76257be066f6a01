//! The page in few files, for whoever visits it: `pack.mjs` makes them of the sources, which `cargo xtask serve` serves
//! as they are.

use crate::fingerprint::{Fingerprint, forget, made, record_made};
use crate::offline::read;
use crate::paths;
use crate::run::{run, say};
use anyhow::{Context, Result};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Command;

const PACKER: &str = "xtask/src/pack.mjs";

/// What the pages name of it; addresses as in the sources.
#[derive(Deserialize)]
pub struct Packed {
    /// All of the page's sheets in one.
    sheet: String,
    /// Modules of the first screen.
    pub first: Vec<String>,
    /// Modules of what comes after it.
    pub later: Vec<String>,
}

/// Where `www/` and `vendor/` lie, which the site has in place of those of the sources.
pub fn folder() -> PathBuf {
    paths::pkg().join("packed")
}

/// Packs what this document, with its text, loads.
pub fn pack(document: &str) -> Result<Packed> {
    let digest = Fingerprint::new("packed")
        .text(document)
        .file(Path::new(PACKER))
        .file(Path::new("package-lock.json"))
        .folder("www", |file| !file.starts_with("text"))?
        .file(&paths::pkg().join("vendor/mathml.css"))
        .finish();
    let list = folder().join("pack.json");
    if !made("packed", &digest) || !list.is_file() {
        say("packing the page");
        forget("packed")?;
        if folder().exists() {
            std::fs::remove_dir_all(folder()).context("removing the old pkg/packed")?;
        }
        let page = folder().join("page.html");
        paths::write(&page, document.as_bytes())?;
        run(Command::new("node").arg(PACKER).arg(&page).arg(folder()))?;
        record_made("packed", &digest)?;
    }
    serde_json::from_str(&read(&list)?).with_context(|| paths::reading(&list))
}

impl Packed {
    /// The document with one sheet in the place of the first of those that it names.
    pub fn link(&self, document: &str) -> String {
        let mut one = Some(format!("<link rel=\"stylesheet\" href=\"{}\">", self.sheet));
        let lines = document.lines().filter_map(|line| {
            if line.starts_with("<link rel=\"stylesheet\"") {
                one.take()
            } else {
                Some(line.to_owned())
            }
        });
        lines.collect::<Vec<_>>().join("\n") + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_sheet_stands_for_all_but_what_is_for_pages_without_scripts() {
        let packed = Packed { sheet: "one.css".into(), first: vec![], later: vec![] };
        let plain =
            "<noscript><link rel=\"stylesheet\" href=\"c.css\"></noscript>\n<pre>\n\n</pre>\n";
        let sheets = |names: &[&str]| -> String {
            names
                .iter()
                .map(|name| format!("<link rel=\"stylesheet\" href=\"{name}\">\n"))
                .collect()
        };
        let document = format!("<p>\n{}{plain}", sheets(&["a.css", "b.css"]));
        assert_eq!(packed.link(&document), format!("<p>\n{}{plain}", sheets(&["one.css"])));
    }
}
