//! Where things are.

use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The project's folder. Asked of cargo at run time, since a shared target folder may hold the tool as
/// another checkout built it; started without cargo, the tool works on the folder it is in.
pub fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    match manifest.as_deref().and_then(Path::parent) {
        Some(root) => root.to_path_buf(),
        None => std::env::current_dir().unwrap_or_default(),
    }
}

pub fn pkg() -> PathBuf {
    root().join("pkg")
}

pub fn site() -> PathBuf {
    pkg().join("site")
}

/// Cargo's target folder: `CARGO_TARGET_DIR`, or one under the user's cache folder, so that a fresh
/// checkout reuses the quarter of an hour that the dependencies cost.
pub fn target() -> PathBuf {
    if let Some(dir) = std::env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty()) {
        return root().join(dir);
    }
    cache().join("saddle").join("target")
}

fn cache() -> PathBuf {
    let var = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let home = || var("HOME").or_else(|| var("USERPROFILE")).unwrap_or_else(std::env::temp_dir);
    if let Some(dir) = var("XDG_CACHE_HOME") {
        dir
    } else if cfg!(target_os = "macos") {
        home().join("Library/Caches")
    } else if cfg!(windows) {
        var("LOCALAPPDATA").unwrap_or_else(home)
    } else {
        home().join(".cache")
    }
}

/// Every file under `dir`, sorted, as paths relative to it. Empty when `dir` does not exist.
pub fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut left = vec![dir.to_path_buf()];
    while let Some(folder) = left.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&folder).with_context(|| reading(&folder))? {
            let path = entry.with_context(|| reading(&folder))?.path();
            if path.is_dir() {
                left.push(path);
            } else if let Ok(relative) = path.strip_prefix(dir) {
                found.push(relative.to_path_buf());
            }
        }
    }
    found.sort();
    Ok(found)
}

pub fn reading(path: &Path) -> String {
    format!("reading {}", path.display())
}

/// Writes only when the content differs, so that times of modification mean something.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    if std::fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("creating {}", parent.display()))?;
    }
    std::fs::write(path, content).with_context(|| format!("writing {}", path.display()))
}
