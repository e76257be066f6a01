//! `pkg/site/`: the folder that any static host serves as it is. Beside each text or wasm file lie its
//! `.gz` and `.br`.

use crate::data::{self, gzip};
use crate::entry::{Addresses, ENTRIES, STAGE};
use crate::module::Module;
use crate::pack::{self, Packed};
use crate::run::say;
use crate::{licences, node, offline, paths, sizes, text, version};
use anyhow::{Context, Result};
use brotli::enc::BrotliEncoderParams;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

/// What is worth compressing; fonts and the data are compressed already.
const COMPRESSIBLE: [&str; 8] = ["html", "js", "mjs", "css", "json", "svg", "txt", "wasm"];

/// Sets up and builds everything, and prints the modules' sizes. `keep`: the folder of a site that was built before,
/// whose version goes on being served beside the new one.
pub fn build(keep: Option<&Path>) -> Result<()> {
    prepare()?;
    version::reopen()?;
    for module in Module::ALL {
        module.build()?;
        place_module(module)?;
    }
    gpu_status("ready", "")?;
    let document = text::page()?;
    let packed = pack::pack(&document)?;
    assemble_versioned(&pack::folder().join("www"), &pack::folder().join("vendor"))?;
    sizes::report()?;
    let name = version::name(&version::folder(version::EDITED))?;
    let kept = keep.map(version::carry).transpose()?;
    version::settle(&name, kept.as_deref())?;
    assemble_pages(&document, &name, Some(&packed))?;
    say("the page is in pkg/site/");
    Ok(())
}

/// What the page needs besides the modules: npm packages, fonts, data, licences.
pub fn prepare() -> Result<()> {
    node::install()?;
    node::vendor()?;
    data::prepare()?;
    licences::write()
}

/// Puts a built module into the site.
pub fn place_module(module: Module) -> Result<()> {
    let from = paths::pkg().join(module.name());
    let into = edited().join("pkg").join(module.name());
    sync(&from, &into, |file| !is_types(file))
}

/// Writes `pkg/gpu/status.json`, which tells the page whether the GPU module is there. It always exists,
/// since a browser logs an error for a file that does not.
pub fn gpu_status(state: &str, message: &str) -> Result<()> {
    let text = json!({ "state": state, "message": message }).to_string() + "\n";
    paths::write(&edited().join("pkg/gpu/status.json"), text.as_bytes())
}

/// The folder of the version that is being built.
fn edited() -> PathBuf {
    version::folder(version::EDITED)
}

/// Brings everything but the modules up to date for whoever edits it: changed files only, and none packed.
pub fn assemble() -> Result<()> {
    assemble_versioned(Path::new("www"), &paths::pkg().join("vendor"))?;
    assemble_pages(&text::page()?, version::EDITED, None)
}

/// What has the version in its address, but the modules: scripts and styles of one folder, what is not ours of another.
fn assemble_versioned(www: &Path, vendor: &Path) -> Result<()> {
    let version = edited();
    sync(www, &version.join("www"), |file| !is_types(file) && !file.starts_with("text"))?;
    sync(vendor, &version.join("pkg/vendor"), |file| !is_types(file))?;
    sync(Path::new("pretrained"), &version.join("pretrained"), |_| true)?;
    let runs = Path::new("docs/img/experiments");
    sync(runs, &version.join(runs), |file| file.extension().is_some_and(|e| e == "png"))
}

/// What stands at fixed addresses: the pages, the data, and what is read by hosts, browsers and search engines.
fn assemble_pages(document: &str, version: &str, packed: Option<&Packed>) -> Result<()> {
    let site = paths::site();
    let addresses = Addresses::read();
    let (document, first, later) = match packed {
        Some(packed) => (packed.link(document), preloads(&packed.first), preloads(&packed.later)),
        None => {
            let (first, later) = modules()?;
            (document.to_owned(), preloads(&first), preloads(&later))
        }
    };
    let document = document.replace(FIRST_MODULES, &first).replace(LATER_MODULES, &later);
    let mut missing = offline::read(Path::new("404.html"))?;
    if let Some(site) = &addresses.site {
        // Elsewhere a script looks for the start of the site.
        missing = missing.replace("href=\"./\"", &format!("href=\"{site}\""));
    }
    let mut headers = String::new();
    for entry in &ENTRIES {
        let page = entry.page(&document, version, &addresses)?;
        place(&site.join(entry.path).join("index.html"), page.as_bytes())?;
        // The page for wrong addresses has a style and a script in it, too.
        headers = offline::headers(&format!("{page}{missing}"));
    }
    let document = text::stage()?.replace(FIRST_MODULES, &first);
    let document = match packed {
        Some(packed) => packed.link(&document),
        None => document,
    };
    let stage = STAGE.page(&document, version, &addresses)?.replacen(
        "<html lang=\"en\">",
        "<html lang=\"en\" data-stage>",
        1,
    );
    place(&site.join(STAGE.path).join("index.html"), stage.as_bytes())?;
    place(&site.join("404.html"), missing.as_bytes())?;
    sync(&paths::pkg().join("data"), &site.join("pkg/data"), |_| true)?;
    let licences = offline::read(&paths::pkg().join("licences.txt"))?;
    let worker = offline::worker(&offline::read(Path::new("sw.js"))?, version)?;
    for (name, text) in [
        ("licences.txt", licences),
        ("sw.js", worker),
        ("manifest.webmanifest", offline::manifest()),
        ("icon.svg", offline::ICON.to_owned()),
        ("robots.txt", offline::robots(&addresses)),
        ("_headers", headers),
    ] {
        place(&site.join(name), text.as_bytes())?;
    }
    let card = Path::new("docs/img/card.png");
    let card = std::fs::read(card).with_context(|| paths::reading(card))?;
    place(&site.join("card.png"), &card)?;
    if let Some(address) = &addresses.site {
        place(&site.join("sitemap.xml"), offline::sitemap(address).as_bytes())?;
    } else if site.join("sitemap.xml").is_file() {
        std::fs::remove_file(site.join("sitemap.xml")).context("removing an old sitemap.xml")?;
    }
    // What sites of before had at fixed addresses.
    for stale in ["www", "pretrained", "docs", "pkg/vendor", "pkg/game", "pkg/cpu", "pkg/gpu"] {
        let folder = site.join(stale);
        if folder.is_dir() {
            std::fs::remove_dir_all(&folder)
                .with_context(|| format!("removing {}", folder.display()))?;
        }
    }
    Ok(())
}

/// Where the template wants the modules of the first screen named, and where the others.
const FIRST_MODULES: &str = "<!-- modules -->";
const LATER_MODULES: &str = "<!-- later modules -->";

/// A preload of each module: a browser that found them by their imports would ask for them in a chain.
fn preloads(modules: &[String]) -> String {
    let link = |name: &String| format!("<link rel=\"modulepreload\" href=\"{name}\">\n");
    modules.iter().map(link).collect()
}

/// The modules of the sources: what the first screen needs is asked for before the text, the rest after it.
fn modules() -> Result<(Vec<String>, Vec<String>)> {
    let first = imported(Path::new("www/main.js"))?;
    let (mut head, mut end) = (Vec::new(), Vec::new());
    for file in paths::files(Path::new("www"))? {
        let path = Path::new("www").join(&file);
        if path.extension().is_some_and(|e| e == "js") {
            let list = if first.contains(&path) { &mut head } else { &mut end };
            list.push(path.to_string_lossy().replace('\\', "/"));
        }
    }
    Ok((head, end))
}

/// A module and all that it imports statically.
fn imported(from: &Path) -> Result<BTreeSet<PathBuf>> {
    let mut all = BTreeSet::new();
    let mut next = vec![from.to_path_buf()];
    while let Some(file) = next.pop() {
        if !all.insert(file.clone()) {
            continue;
        }
        let text = std::fs::read_to_string(&file).with_context(|| paths::reading(&file))?;
        let folder = file.parent().unwrap_or(Path::new(""));
        for import in text.split("from \"").skip(1) {
            let target = import.split('"').next().unwrap_or_default();
            if target.starts_with('.') && target.ends_with(".js") {
                next.push(plain(&folder.join(target)));
            }
        }
    }
    Ok(all)
}

/// The path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(out.pop()),
            other => out.push(other),
        }
    }
    out
}

fn is_types(file: &Path) -> bool {
    file.to_string_lossy().ends_with(".d.ts")
}

/// Makes `into` hold the files of `from` that `keep` wants, their compressed copies, and nothing else.
fn sync(from: &Path, into: &Path, keep: impl Fn(&Path) -> bool) -> Result<()> {
    let mut wanted = BTreeSet::new();
    for file in paths::files(from)?.into_iter().filter(|file| keep(file)) {
        let source = from.join(&file);
        let bytes = std::fs::read(&source).with_context(|| paths::reading(&source))?;
        place(&into.join(&file), &bytes)?;
        wanted.extend(with_copies(&file));
    }
    for file in paths::files(into)? {
        if !wanted.contains(&file) && file != Path::new("status.json") {
            let stale = into.join(&file);
            std::fs::remove_file(&stale)
                .with_context(|| format!("removing {}", stale.display()))?;
        }
    }
    Ok(())
}

/// The file itself and, where it has them, its compressed copies.
fn with_copies(file: &Path) -> Vec<PathBuf> {
    let mut all = vec![file.to_path_buf()];
    if file.extension().is_some_and(|e| COMPRESSIBLE.iter().any(|known| e == *known)) {
        all.extend([".br", ".gz"].map(|suffix| PathBuf::from(file.display().to_string() + suffix)));
    }
    all
}

/// Writes a file and its compressed copies, unless it is there with this content. The copies are written
/// first: a file that is in place has them.
fn place(path: &Path, bytes: &[u8]) -> Result<()> {
    let copies = with_copies(path);
    let same = std::fs::read(path).is_ok_and(|old| old == bytes);
    if same && copies.iter().all(|copy| copy.is_file()) {
        return Ok(());
    }
    if let [_, br, gz] = copies.as_slice() {
        paths::write(br, &brotli(bytes)?)?;
        paths::write(gz, &gzip(bytes)?)?;
    }
    paths::write(path, bytes)
}

/// Brotli at quality 11 with the widest window that browsers take.
fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params).context("compressing")?;
    Ok(out)
}
