//! What the visitor downloads, per module.

use crate::module::Module;
use crate::{paths, version};
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::path::Path;

/// Prints the size of each module, raw and compressed, and writes them to `pkg/sizes.json` as bytes.
/// The module's script is counted with it.
pub fn report() -> Result<()> {
    let mut all = Map::new();
    println!("    module       raw      gzip    brotli   (kB, script included)");
    for module in Module::ALL {
        let folder = version::folder(version::EDITED).join("pkg").join(module.name());
        if !folder.join("saddle_bg.wasm").is_file() {
            continue;
        }
        let total = |suffix: &str| -> Result<u64> {
            Ok(bytes(&folder.join(format!("saddle_bg.wasm{suffix}")))?
                + bytes(&folder.join(format!("saddle.js{suffix}")))?)
        };
        let (raw, gzip, brotli) = (total("")?, total(".gz")?, total(".br")?);
        let kb = |n: u64| n.div_ceil(1000);
        println!("    {:<6} {:>9} {:>9} {:>9}", module.name(), kb(raw), kb(gzip), kb(brotli));
        all.insert(module.name().into(), json!({ "raw": raw, "gzip": gzip, "brotli": brotli }));
    }
    let text = serde_json::to_string_pretty(&Value::Object(all))? + "\n";
    paths::write(&paths::pkg().join("sizes.json"), text.as_bytes())
}

fn bytes(path: &Path) -> Result<u64> {
    Ok(std::fs::metadata(path).with_context(|| paths::reading(path))?.len())
}
