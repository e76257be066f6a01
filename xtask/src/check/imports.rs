//! The directions of docs/ARCHITECTURE.md: who may name whom.

use crate::paths;
use anyhow::{Context, Result};
use std::path::Path;

/// What each room of `src/` may name of the others. `wasm`, `main.rs` and `cli` may name all.
const ROOMS: [(&str, &[&str]); 7] = [
    ("theory", &["data"]),
    ("data", &["theory"]),
    ("metrics", &["theory", "data"]),
    ("latent", &["theory", "data"]),
    ("models", &["theory", "data"]),
    ("training", &["theory", "data", "models", "checkpoint"]),
    ("checkpoint", &["theory", "data", "models", "training"]),
];
const WITHOUT_BURN: [&str; 4] = ["theory", "data", "metrics", "latent"];
const BROWSER: [&str; 6] = [
    "wasm_bindgen",
    "wasm_bindgen_futures",
    "web_sys",
    "js_sys",
    "serde_wasm_bindgen",
    "console_error_panic_hook",
];

pub fn problems() -> Result<Vec<String>> {
    let mut found = Vec::new();
    for file in paths::files(Path::new("src"))? {
        if file.extension().is_some_and(|e| e == "rs") {
            let name = file.to_string_lossy().replace('\\', "/");
            let text = read(&Path::new("src").join(&file))?;
            found.extend(
                rust(&name, &text)
                    .into_iter()
                    .map(|problem| format!("src/{name}:{problem}")),
            );
        }
    }
    for file in paths::files(Path::new("www"))? {
        let name = file.to_string_lossy().replace('\\', "/");
        if file.extension().is_some_and(|e| e == "js") {
            let text = read(&Path::new("www").join(&file))?;
            found.extend(
                script(&name, &text)
                    .into_iter()
                    .map(|problem| format!("www/{name}:{problem}")),
            );
        }
    }
    Ok(found)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| paths::reading(path))
}

/// Problems of one Rust file, each as `line: what`. Comments may name anything.
fn rust(name: &str, text: &str) -> Vec<String> {
    let room = name
        .split('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".rs");
    let allowed = ROOMS
        .iter()
        .find(|(known, _)| *known == room)
        .map(|(_, allowed)| *allowed);
    let mut found = Vec::new();
    for (i, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        let mut refuse = |what: String| found.push(format!("{}: {what}", i + 1));
        if WITHOUT_BURN.contains(&room) && words(code).any(|word| word == "burn") {
            refuse(format!("`{room}` must not name burn"));
        }
        if room != "wasm"
            && let Some(word) = words(code).find(|word| BROWSER.contains(word))
        {
            refuse(format!("only src/wasm/ may name {word}"));
        }
        let Some(allowed) = allowed else { continue };
        for part in code.split("crate::").skip(1) {
            let other = words(part).next().unwrap_or_default();
            let known = other == "wasm" || ROOMS.iter().any(|(known, _)| *known == other);
            if part.starts_with(other) && known && other != room && !allowed.contains(&other) {
                refuse(format!("`{room}` must not name `{other}`"));
            }
        }
    }
    found
}

/// Problems of one script: the modules under `pkg/` are for `lab.js` and the workers. What other
/// libraries left in `pkg/vendor/` is for all.
fn script(name: &str, text: &str) -> Vec<String> {
    if name == "lab.js" || name.starts_with("workers/") {
        return Vec::new();
    }
    let named = |line: &str| {
        ["pkg/game", "pkg/cpu", "pkg/gpu"]
            .iter()
            .any(|module| line.contains(module))
    };
    let lines = text.lines().enumerate();
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with(['/', '*']) && named(line));
    code.map(|(i, _)| {
        format!(
            "{}: only www/lab.js and www/workers/ may load the modules",
            i + 1
        )
    })
    .collect()
}

fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftward_imports_pass() {
        assert!(
            rust(
                "training/game.rs",
                "use crate::models::Mlp;\nuse burn::tensor::Tensor;"
            )
            .is_empty()
        );
        assert!(
            rust(
                "theory/mod.rs",
                "//! No burn here.\nuse crate::theory::grid;"
            )
            .is_empty()
        );
        assert!(rust("wasm/mod.rs", "use wasm_bindgen::prelude::*;").is_empty());
        assert!(script("lab.js", "import init from \"../pkg/cpu/saddle.js\";").is_empty());
        assert!(
            script(
                "views/curves.js",
                "import uPlot from \"../../pkg/vendor/uplot/uPlot.esm.js\";"
            )
            .is_empty()
        );
    }

    #[test]
    fn rightward_imports_name_their_line() {
        assert_eq!(
            rust("data/idx.rs", "\nuse burn::tensor::Tensor;"),
            ["2: `data` must not name burn"]
        );
        assert_eq!(
            rust("models/mlp.rs", "use crate::training::x;"),
            ["1: `models` must not name `training`"]
        );
        assert_eq!(
            rust("training/s.rs", "js_sys::Date::now()"),
            ["1: only src/wasm/ may name js_sys"]
        );
        assert_eq!(
            script("main.js", "import(\"../pkg/gpu/saddle.js\")").len(),
            1
        );
    }
}
