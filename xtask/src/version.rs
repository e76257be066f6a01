//! The version of a build: a digest of all that its pages load. Each version has a folder of its own in the site, so
//! that nobody is ever given a file of one beside a file of another, and whoever has a page open can go on loading
//! what belongs to it.

use crate::fingerprint::md5;
use crate::paths;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// Of `cargo xtask serve`: one folder, in which files change under the eyes of whoever edits them.
pub const EDITED: &str = "dev";
/// Characters of a version's name.
const LENGTH: usize = 12;

/// All versions of the site.
fn all() -> PathBuf {
    paths::site().join("v")
}

/// The folder of one.
pub fn folder(version: &str) -> PathBuf {
    all().join(version)
}

/// The name for what lies in `folder`, which is the same wherever and whenever it is built.
pub fn name(folder: &Path) -> Result<String> {
    let mut files: Vec<PathBuf> = paths::files(folder)?;
    // Compressed copies tell nothing new, and depend on the compressor.
    files.retain(|file| !file.extension().is_some_and(|e| e == "br" || e == "gz"));
    files.sort();
    let mut list = String::new();
    for file in files {
        let path = folder.join(&file);
        let bytes = std::fs::read(&path).with_context(|| paths::reading(&path))?;
        list += &format!("{} {}\n", md5(&bytes), file.to_string_lossy().replace('\\', "/"));
    }
    Ok(md5(list.as_bytes())[..LENGTH].to_owned())
}

/// Moves what was built in the folder of [`EDITED`] to that of its version, in place of what was there, and removes
/// all other versions but `keep`.
pub fn settle(version: &str, keep: Option<&str>) -> Result<()> {
    for entry in std::fs::read_dir(all()).context("reading the versions")? {
        let entry = entry.context("reading the versions")?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != EDITED && Some(name.as_str()) != keep {
            std::fs::remove_dir_all(entry.path())
                .with_context(|| format!("removing version {name}"))?;
        }
    }
    std::fs::rename(folder(EDITED), folder(version))
        .with_context(|| format!("naming version {version}"))
}

/// Makes the folder of the last build that of the next one: what has not changed is not compressed anew.
pub fn reopen() -> Result<()> {
    if folder(EDITED).is_dir() || !all().is_dir() {
        return Ok(());
    }
    let mut found = Vec::new();
    for entry in std::fs::read_dir(all()).context("reading the versions")? {
        let path = entry.context("reading the versions")?.path();
        found.push((std::fs::metadata(&path).and_then(|m| m.modified()).ok(), path));
    }
    match found.into_iter().max() {
        Some((_, last)) => {
            std::fs::rename(&last, folder(EDITED)).context("reopening the last version")
        }
        None => Ok(()),
    }
}

/// Takes the version that is published in `from`, a site that was built before, into this one; its name.
pub fn carry(from: &Path) -> Result<String> {
    let page = from.join("index.html");
    let text = std::fs::read_to_string(&page).with_context(|| paths::reading(&page))?;
    let version = text
        .split("<meta name=\"saddle-version\" content=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let Some(version) =
        version.filter(|name| name.len() == LENGTH && name.chars().all(|c| c.is_ascii_hexdigit()))
    else {
        bail!(
            "{} does not say its version: --keep wants the folder of a site that was built before",
            page.display()
        );
    };
    let source = from.join("v").join(version);
    for file in paths::files(&source)? {
        let bytes = std::fs::read(source.join(&file))
            .with_context(|| paths::reading(&source.join(&file)))?;
        paths::write(&folder(version).join(&file), &bytes)?;
    }
    Ok(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_files_have_the_same_name_and_any_change_another() {
        let folder = std::env::temp_dir().join(format!("saddle-version-{}", std::process::id()));
        let put = |name: &str, text: &str| {
            paths::write(&folder.join(name), text.as_bytes()).expect("a file");
        };
        put("www/a.js", "a");
        put("www/b.js", "b");
        let first = name(&folder).expect("a name");
        assert_eq!(first.len(), LENGTH);
        put("www/a.js.br", "compressed");
        assert_eq!(name(&folder).expect("a name"), first);
        put("www/b.js", "c");
        assert_ne!(name(&folder).expect("a name"), first);
        put("www/b.js", "b");
        assert_eq!(name(&folder).expect("a name"), first);
        std::fs::rename(folder.join("www/b.js"), folder.join("www/c.js")).expect("a move");
        assert_ne!(name(&folder).expect("a name"), first);
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
    }

    #[test]
    fn a_folder_that_is_no_site_is_not_kept() {
        let folder = std::env::temp_dir().join(format!("saddle-keep-{}", std::process::id()));
        paths::write(&folder.join("index.html"), b"<p>a page</p>").expect("a file");
        let error = carry(&folder).expect_err("no version");
        assert!(format!("{error:#}").contains("--keep"), "{error:#}");
        std::fs::remove_dir_all(&folder).expect("the folder is ours");
    }
}
