//! What a product was made of: a digest of its inputs, kept in `pkg/.made/`, so that a second run can
//! skip the work without asking cargo or npm.

use crate::paths;
use anyhow::{Context, Result};
use md5::{Digest, Md5};
use std::path::{Path, PathBuf};

/// Bump when this tool makes its products differently from the same inputs.
const REVISION: &str = "2";

pub struct Fingerprint(Md5);

impl Fingerprint {
    pub fn new(name: &str) -> Self {
        Self(Md5::new()).text(REVISION).text(name)
    }

    pub fn text(mut self, text: &str) -> Self {
        self.0.update(text.len().to_le_bytes());
        self.0.update(text);
        self
    }

    /// The name and content of a file; a missing one counts as such.
    pub fn file(mut self, path: &Path) -> Self {
        self = self.text(&path.to_string_lossy());
        match std::fs::read(path) {
            Ok(bytes) => {
                self.0.update(bytes.len().to_le_bytes());
                self.0.update(&bytes);
            }
            Err(_) => self.0.update([0xff; 8]),
        }
        self
    }

    /// Every file under a folder for which `keep` holds (given its path relative to the folder).
    pub fn folder(mut self, dir: &str, keep: impl Fn(&Path) -> bool) -> Result<Self> {
        for file in paths::files(Path::new(dir))? {
            if keep(&file) {
                self = self.file(&Path::new(dir).join(file));
            }
        }
        Ok(self)
    }

    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

pub fn md5(bytes: &[u8]) -> String {
    hex(&Md5::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the product was made from inputs with this digest.
pub fn made(name: &str, digest: &str) -> bool {
    std::fs::read_to_string(record(name)).is_ok_and(|old| old == digest)
}

pub fn record_made(name: &str, digest: &str) -> Result<()> {
    paths::write(&record(name), digest.as_bytes())
}

/// Forgets a product that is about to be replaced, so that an interrupted build is not taken as done.
pub fn forget(name: &str) -> Result<()> {
    match std::fs::remove_file(record(name)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", record(name).display()))
        }
        _ => Ok(()),
    }
}

fn record(name: &str) -> PathBuf {
    paths::pkg().join(".made").join(name)
}
