//! What stands at fixed addresses beside the pages: the service worker with its list of files, the manifest, the
//! icon, what hosts and search engines read.

use crate::entry::{self, Addresses, ENTRIES, STAGE};
use crate::{paths, version};
use anyhow::{Context, Result};
use serde_json::json;
use std::fmt::Write as _;
use std::path::Path;

/// What a service worker fetches at once: all of a version but the module for WebGPU and the largest networks, which
/// are kept once somebody chooses them, and the pictures of runs, which are kept when they are seen.
fn is_needed(file: &str) -> bool {
    let later =
        ["pkg/gpu/", "docs/", "pretrained/article.safetensors", "pretrained/paper.safetensors"];
    !later.iter().any(|start| file.starts_with(start))
        && !file.ends_with(".png")
        && !file.ends_with(".br")
        && !file.ends_with(".gz")
}

/// The worker of a version, whose pages are `entries`.
pub fn worker(template: &str, name: &str) -> Result<String> {
    let folder = version::folder(name);
    let mut files = Vec::new();
    for file in paths::files(&folder)? {
        let file = file.to_string_lossy().replace('\\', "/");
        if is_needed(&file) {
            let bytes = std::fs::metadata(folder.join(&file))
                .with_context(|| format!("looking at {file}"))?
                .len();
            files.push(json!({ "address": format!("v/{name}/{file}"), "bytes": bytes }));
        }
    }
    files.sort_by_key(|file| file["address"].as_str().map(str::to_owned));
    for entry in ENTRIES.iter().chain([&STAGE]) {
        let address = format!("{}index.html", entry.path);
        let bytes = std::fs::metadata(paths::site().join(&address))
            .with_context(|| format!("looking at {address}"))?
            .len();
        files.push(json!({ "address": address, "bytes": bytes }));
    }
    let list = serde_json::to_string(&files)?.replace('\\', "\\\\").replace('\'', "\\'");
    Ok(template.replace("{{version}}", name).replace("{{files}}", &list))
}

/// Drawn by the same curves as the wordmark's saddle.
pub const ICON: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><rect width=\"32\" height=\"32\" rx=\"6\" fill=\"#fdfcf9\"/><path d=\"M6 11c5 10 15 10 20 0M6 22c5-8 15-8 20 0\" fill=\"none\" stroke=\"#1f7a3d\" stroke-width=\"2.5\" stroke-linecap=\"round\"/></svg>\n";

pub fn manifest() -> String {
    let manifest = json!({
        "name": "Saddle: generative adversarial networks", "short_name": "Saddle", "start_url": "./", "scope": "./", "display": "minimal-ui",
        "background_color": "#fdfcf9", "theme_color": "#fdfcf9",
        "icons": [{ "src": "icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any maskable" }],
    });
    manifest.to_string() + "\n"
}

/// For hosts that read `_headers` (Cloudflare Pages, Netlify); the others have the page's own `<meta>`.
pub fn headers(page: &str) -> String {
    let policy = entry::policy(page);
    let mut text = String::new();
    let mut block = |path: &str, lines: &[&str]| {
        let _ = writeln!(text, "{path}");
        for line in lines {
            let _ = writeln!(text, "  {line}");
        }
    };
    let policy = format!("Content-Security-Policy: {policy}; frame-ancestors *");
    block(
        "/*",
        &[
            &policy,
            "Referrer-Policy: no-referrer",
            "X-Content-Type-Options: nosniff",
            "Cross-Origin-Opener-Policy: same-origin",
            "Cross-Origin-Embedder-Policy: require-corp",
            "Cross-Origin-Resource-Policy: cross-origin",
        ],
    );
    block("/v/*", &["Cache-Control: public, max-age=31536000, immutable"]);
    block("/pkg/data/*", &["Cache-Control: public, max-age=31536000"]);
    for path in ["/", "/zh/", "/stage/", "/sw.js"] {
        block(path, &["Cache-Control: no-cache"]);
    }
    text
}

/// For search engines, where the address of the site is known.
pub fn robots(addresses: &Addresses) -> String {
    let site = addresses.site.as_ref().map(|site| format!("Sitemap: {site}sitemap.xml\n"));
    format!("User-agent: *\nAllow: /\n{}", site.unwrap_or_default())
}

pub fn sitemap(site: &str) -> String {
    let pages = ENTRIES.map(|entry| format!("<url><loc>{site}{}</loc></url>", entry.path));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{}</urlset>\n",
        pages.concat()
    )
}

/// The text of a file of the project, or which one cannot be read.
pub fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| paths::reading(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_fetches_what_every_visit_needs() {
        for needed in ["www/main.js", "pkg/cpu/saddle_bg.wasm", "pretrained/compact.safetensors"] {
            assert!(is_needed(needed), "{needed}");
        }
        for later in [
            "pkg/gpu/saddle_bg.wasm",
            "pretrained/article.safetensors",
            "www/main.js.br",
            "docs/img/experiments/a.png",
        ] {
            assert!(!is_needed(later), "{later}");
        }
    }

    #[test]
    fn hosts_are_told_the_policy_and_who_may_embed() {
        let headers = headers("<style>a{}</style>");
        assert!(headers.contains("frame-ancestors *") && headers.contains("sha256-"));
        assert!(headers.contains("/v/*\n  Cache-Control: public, max-age=31536000, immutable\n"));
    }
}
