//! `cargo xtask site-report`: what the built site links to, says of itself, allows and weighs, and each fault in that.

use crate::entry::{self, ENTRIES};
use crate::{offline, paths, version};
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

/// Prints the report over `pkg/site/`; whether there is no fault.
pub fn report() -> Result<bool> {
    let site = Site::read(&paths::site())?;
    let mut faults = Vec::new();
    for (name, of) in [
        ("links", Site::links as fn(&Site) -> Result<Found>),
        ("heads", Site::heads),
        ("policy", Site::policy),
        ("versions", Site::versions),
        ("copies", Site::copies),
    ] {
        let found = of(&site)?;
        println!("{name:<9} {}", found.seen);
        faults.extend(found.faults.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    print!("\n{}", site.sizes()?);
    for fault in &faults {
        eprintln!("error: {fault}");
    }
    println!("\n{} faults", faults.len());
    Ok(faults.is_empty())
}

/// What one part of the report has seen, in a line, and what is wrong with it.
struct Found {
    seen: String,
    faults: Vec<String>,
}

/// A tag that opens, and for those that hold no tags the text behind it.
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

impl Tag {
    fn get(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }
    fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }
}

struct Page {
    /// Below the site: `zh/index.html`.
    file: String,
    text: String,
    tags: Vec<Tag>,
}

impl Page {
    fn new(file: &str, text: String) -> Self {
        Self { file: file.into(), tags: tags(&text), text }
    }
    /// The content of the `<meta>` of this name.
    fn meta(&self, attribute: &str, name: &str) -> Option<&str> {
        let mut metas = self.tags.iter().filter(|tag| tag.name == "meta");
        metas.find(|tag| tag.get(attribute) == name).map(|tag| tag.get("content"))
    }
    /// The addresses of the `<link>`s of this kind, with their language.
    fn links(&self, rel: &str) -> Vec<(&str, &str)> {
        let links = self.tags.iter().filter(|tag| tag.name == "link" && tag.get("rel") == rel);
        links.map(|tag| (tag.get("hreflang"), tag.get("href"))).collect()
    }
    fn title(&self) -> &str {
        self.tags.iter().find(|tag| tag.name == "title").map_or("", |tag| tag.text.as_str())
    }
    fn language(&self) -> &str {
        self.tags.iter().find(|tag| tag.name == "html").map_or("", |tag| tag.get("lang"))
    }
}

struct Site {
    folder: PathBuf,
    files: BTreeSet<String>,
    /// The entry pages.
    pages: Vec<Page>,
    missing: Page,
}

impl Site {
    fn read(folder: &Path) -> Result<Self> {
        let files = paths::files(folder)?;
        let files = files.iter().map(|file| file.to_string_lossy().replace('\\', "/")).collect();
        let page = |file: String| -> Result<Page> {
            let text = offline::read(&folder.join(&file))
                .context("`cargo xtask build` makes the site that is reported on")?;
            Ok(Page::new(&file, text))
        };
        let pages = ENTRIES.iter().map(|entry| page(format!("{}index.html", entry.path)));
        let pages = pages.collect::<Result<_>>()?;
        Ok(Self { missing: page("404.html".into())?, folder: folder.into(), files, pages })
    }

    fn text(&self, file: &str) -> Result<String> {
        offline::read(&self.folder.join(file))
    }

    /// The file that an address means from another, or none.
    fn target(&self, from: &str, address: &str) -> Option<String> {
        let path = address.split(['#', '?']).next().unwrap_or_default();
        let joined = Path::new(from).parent().unwrap_or(Path::new("")).join(path);
        let mut parts = Vec::new();
        for part in joined.components() {
            match part {
                Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
                Component::ParentDir => drop(parts.pop()?),
                Component::CurDir => {}
                // From a host's root, which is no part of any site.
                _ => return None,
            }
        }
        let file = parts.join("/");
        let index =
            if file.is_empty() { "index.html".into() } else { format!("{file}/index.html") };
        [file, index].into_iter().find(|file| self.files.contains(file))
    }

    /// Every address in a page, a sheet or a module is there, and so is every anchor.
    fn links(&self) -> Result<Found> {
        let mut faults = Vec::new();
        let (mut inner, mut outer, mut anchors) = (0, 0, 0);
        let mut look = |from: &str, address: &str| {
            inner += 1;
            if self.target(from, address).is_none() {
                faults.push(format!("{from}: nothing is at {address}"));
            }
        };
        for file in &self.files {
            let text = match Path::new(file).extension().and_then(|e| e.to_str()) {
                Some("css" | "js") => self.text(file)?,
                _ => continue,
            };
            let marks: &[(&str, char)] = if file.ends_with(".css") {
                &[("url(\"", '"'), ("url(", ')')]
            } else {
                &[
                    ("from \"", '"'),
                    ("from\"", '"'),
                    ("import(\"", '"'),
                    ("import \"", '"'),
                    ("import\"", '"'),
                ]
            };
            for (mark, end) in marks {
                for rest in text.split(mark).skip(1) {
                    let address = rest.split(*end).next().unwrap_or_default();
                    let own = if file.ends_with(".css") {
                        !address.starts_with(['"', '#']) && !address.contains(':')
                    } else {
                        address.starts_with('.') && address.ends_with(".js")
                    };
                    if own {
                        look(file, address);
                    }
                }
            }
        }
        let manifest: Value = serde_json::from_str(&self.text("manifest.webmanifest")?)
            .context("reading manifest.webmanifest")?;
        for icon in manifest["icons"].as_array().unwrap_or(&Vec::new()) {
            look("manifest.webmanifest", icon["src"].as_str().unwrap_or_default());
        }
        look("manifest.webmanifest", manifest["start_url"].as_str().unwrap_or_default());
        let mut more = Vec::new();
        for page in self.pages.iter().chain([&self.missing]) {
            let ids: BTreeSet<&str> = page.tags.iter().map(|tag| tag.get("id")).collect();
            for tag in &page.tags {
                let address = match tag.name.as_str() {
                    "script" | "img" | "source" | "iframe" => tag.get("src"),
                    _ => tag.get("href"),
                };
                if address.is_empty() || address.starts_with("data:") {
                } else if let Some(hash) = address.strip_prefix('#') {
                    // A link to a state of the page, maybe with an anchor before it.
                    let anchor = hash.split('&').next().unwrap_or_default();
                    anchors += 1;
                    if !anchor.contains('=') && !ids.contains(anchor) {
                        more.push(format!("{}: there is no #{anchor}", page.file));
                    }
                } else if let Some((scheme, _)) = address.split_once(':') {
                    outer += 1;
                    let loads = matches!(tag.name.as_str(), "script" | "img" | "source" | "iframe")
                        || (tag.name == "link"
                            && !matches!(tag.get("rel"), "canonical" | "alternate"));
                    if loads || !matches!(scheme, "http" | "https" | "mailto") {
                        more.push(format!("{}: {address} is not to be loaded", page.file));
                    }
                } else {
                    look(&page.file, address);
                }
            }
        }
        faults.extend(more);
        Ok(Found {
            seen: format!("{inner} to files, {anchors} within a page, {outer} elsewhere"),
            faults,
        })
    }

    /// Title, description, languages, cards and data for search engines, of both pages.
    fn heads(&self) -> Result<Found> {
        let mut faults = Vec::new();
        let site =
            self.pages.first().and_then(|page| page.links("canonical").first().map(|link| link.1));
        for (page, entry) in self.pages.iter().zip(&ENTRIES) {
            let mut fault = |words: String| faults.push(format!("{}: {words}", page.file));
            let mut same = |what: &str, value: Option<&str>, wanted: &str| {
                if value != Some(wanted) {
                    fault(format!("{what} is {value:?}, not {wanted:?}"));
                }
            };
            let description = page.meta("name", "description").unwrap_or_default();
            same("lang", Some(page.language()), entry.lang);
            same("og:title", page.meta("property", "og:title"), page.title());
            same("og:description", page.meta("property", "og:description"), description);
            same("og:locale", page.meta("property", "og:locale"), entry.locale);
            same("og:type", page.meta("property", "og:type"), "website");
            let own = |tag: &&Tag| tag.get("type") == "application/ld+json";
            let about: Vec<&Tag> = page.tags.iter().filter(own).collect();
            if let Some(site) = site {
                let here = format!("{site}{}", entry.path);
                let canonical = page.links("canonical");
                same("canonical", canonical.first().map(|link| link.1), &here);
                same("og:url", page.meta("property", "og:url"), &here);
                same("og:image", page.meta("property", "og:image"), &format!("{site}card.png"));
                same("twitter:card", page.meta("name", "twitter:card"), "summary_large_image");
                let alternates = page.links("alternate");
                for (language, path) in
                    ENTRIES.iter().map(|e| (e.lang, e.path)).chain([("x-default", "")])
                {
                    let found =
                        alternates.iter().find(|link| link.0 == language).map(|link| link.1);
                    same(&format!("hreflang {language}"), found, &format!("{site}{path}"));
                }
                let about: Value = about
                    .first()
                    .and_then(|tag| serde_json::from_str(&tag.text).ok())
                    .unwrap_or_default();
                for (key, wanted) in [
                    ("@context", "https://schema.org"),
                    ("@type", "LearningResource"),
                    ("name", page.title()),
                    ("description", description),
                    ("url", &here),
                    ("inLanguage", entry.lang),
                ] {
                    same(&format!("JSON-LD {key}"), about[key].as_str(), wanted);
                }
            } else if !about.is_empty() || page.meta("property", "og:image").is_some() {
                fault("names addresses of a site that nobody knows".into());
            }
            if !(10..=120).contains(&page.title().chars().count()) {
                fault(format!("the title has {} characters", page.title().chars().count()));
            }
            if !(40..=320).contains(&description.chars().count()) {
                fault(format!("the description has {} characters", description.chars().count()));
            }
            if page.meta("name", "viewport").is_none() {
                fault("there is no viewport".into());
            }
        }
        for what in [Page::title as fn(&Page) -> &str, |page| {
            page.meta("name", "description").unwrap_or_default()
        }] {
            if let [first, second] = self.pages.as_slice()
                && what(first) == what(second)
            {
                faults.push(format!("both pages say {:?}", what(first)));
            }
        }
        let card = std::fs::read(self.folder.join("card.png")).unwrap_or_default();
        let number = |at: usize| {
            card.get(at..at + 4).map_or(0, |b| b.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)))
        };
        if (number(16), number(20)) != (1200, 630) {
            faults.push(format!("card.png is {} x {}, not 1200 x 630", number(16), number(20)));
        }
        match (site, self.files.contains("sitemap.xml")) {
            (Some(site), true) => {
                let map = self.text("sitemap.xml")?;
                for entry in &ENTRIES {
                    if !map.contains(&format!("<loc>{site}{}</loc>", entry.path)) {
                        faults.push(format!("sitemap.xml does not name {site}{}", entry.path));
                    }
                }
            }
            (Some(_), false) => faults.push("there is no sitemap.xml".into()),
            (None, true) => faults.push("sitemap.xml is of a site that nobody knows".into()),
            (None, false) => {}
        }
        let of = site.map_or("addresses left out (SADDLE_SITE is not set)".into(), |site| {
            format!("of {site}")
        });
        Ok(Found { seen: format!("{} pages, {of}", self.pages.len()), faults })
    }

    /// The pages' policies and that of `_headers` are one, and everything that stands in a page is allowed by digest.
    fn policy(&self) -> Result<Found> {
        let mut faults = Vec::new();
        let headers = self.text("_headers")?;
        let of_host = headers
            .lines()
            .find_map(|line| line.trim().strip_prefix("Content-Security-Policy: "))
            .unwrap_or_default();
        let of_host = directives(of_host);
        let mut digests = 0;
        for page in self.pages.iter().chain([&self.missing]) {
            let mut fault = |words: String| faults.push(format!("{}: {words}", page.file));
            let own = page.meta("http-equiv", "Content-Security-Policy");
            let wanted = entry::policy(&page.text);
            for (name, sources) in directives(&wanted) {
                let allowed = of_host.get(name).cloned().unwrap_or_default();
                for source in sources.difference(&allowed) {
                    fault(format!("_headers does not allow {name} {source}"));
                }
                digests += sources.iter().filter(|source| source.starts_with("'sha256-")).count();
            }
            // The page for wrong addresses loads nothing, and is covered by the headers.
            if page.file != self.missing.file {
                match own {
                    None => fault("there is no policy in the page".into()),
                    Some(own) if directives(own) != directives(&wanted) => {
                        fault(format!("its policy is not that of what stands in it: {own}"));
                    }
                    Some(_) => {}
                }
                let first = page
                    .tags
                    .iter()
                    .position(|tag| matches!(tag.name.as_str(), "script" | "style" | "link"));
                let policy = page.tags.iter().position(|tag| tag.has("http-equiv"));
                if policy > first {
                    fault("something is loaded before the policy is read".into());
                }
            }
            for tag in &page.tags {
                for (name, value) in &tag.attributes {
                    if name == "style"
                        || name.starts_with("on")
                        || value.trim_start().to_lowercase().starts_with("javascript:")
                    {
                        fault(format!("<{}> has {name}=\"{value}\"", tag.name));
                    }
                }
                let block = (tag.name == "script"
                    && !tag.has("src")
                    && tag.get("type") != "application/ld+json")
                    || tag.name == "style";
                if block && !tag.attributes.is_empty() {
                    fault(format!("a <{}> with attributes has no digest", tag.name));
                }
            }
        }
        let loose = |sources: &BTreeSet<&str>| {
            sources.iter().any(|source| {
                matches!(*source, "'unsafe-inline'" | "'unsafe-eval'" | "*" | "https:" | "http:")
            })
        };
        for (name, sources) in &of_host {
            if loose(sources) && *name != "frame-ancestors" {
                faults.push(format!("_headers allows anything as {name}"));
            }
        }
        if !of_host.contains_key("frame-ancestors") {
            faults.push("_headers does not say who may embed the page".into());
        }
        for name in [
            "Referrer-Policy",
            "X-Content-Type-Options",
            "Cross-Origin-Opener-Policy",
            "Cross-Origin-Embedder-Policy",
            "Cross-Origin-Resource-Policy",
        ] {
            if !headers.contains(&format!("  {name}: ")) {
                faults.push(format!("_headers has no {name}"));
            }
        }
        Ok(Found {
            seen: format!(
                "{} directives, {digests} digests of what stands in the pages",
                of_host.len()
            ),
            faults,
        })
    }

    /// Both pages and the service worker are of one version, whose name is that of its files.
    fn versions(&self) -> Result<Found> {
        let mut faults = Vec::new();
        let names: BTreeSet<&str> =
            self.pages.iter().filter_map(|page| page.meta("name", "saddle-version")).collect();
        let folders: BTreeSet<&str> = self
            .files
            .iter()
            .filter_map(|file| file.strip_prefix("v/")?.split('/').next())
            .collect();
        let Some(name) = names.first().filter(|_| names.len() == 1) else {
            faults.push(format!("the pages are of versions {names:?}"));
            return Ok(Found { seen: String::new(), faults });
        };
        let folder = self.folder.join("v").join(name);
        if !folder.is_dir() {
            faults.push(format!("there is no v/{name}"));
        } else if *name != version::EDITED {
            let digest = version::name(&folder)?;
            if digest != *name {
                faults.push(format!("v/{name} has files of another version, {digest}"));
            }
        }
        for page in &self.pages {
            for other in page.text.split("\"v/").chain(page.text.split("\"../v/")).skip(1) {
                let other = other.split('/').next().unwrap_or_default();
                if folders.contains(other) && other != *name {
                    faults.push(format!("{} loads from version {other}", page.file));
                }
            }
        }
        let worker = self.text("sw.js")?;
        if !worker.contains(&format!("const VERSION = \"{name}\"")) {
            faults.push(format!("sw.js is not of version {name}"));
        }
        let list = worker.split("JSON.parse('").nth(1).and_then(|rest| rest.split("')").next());
        let list: Vec<Value> =
            list.and_then(|list| serde_json::from_str(list).ok()).unwrap_or_default();
        if list.is_empty() {
            faults.push("sw.js has no list of files".into());
        }
        let mut kept = 0;
        for file in &list {
            let address = file["address"].as_str().unwrap_or_default();
            let bytes = std::fs::metadata(self.folder.join(address)).map(|m| m.len()).ok();
            kept += file["bytes"].as_u64().unwrap_or_default();
            if bytes.is_none() || bytes != file["bytes"].as_u64() {
                faults.push(format!(
                    "sw.js waits for {} bytes of {address}, of which there are {bytes:?}",
                    file["bytes"]
                ));
            }
        }
        let seen = format!(
            "{name}{}, of which {} files, {} kB, are kept for visits without a network",
            if folders.len() > 1 {
                format!(" and {} before it", folders.len() - 1)
            } else {
                String::new()
            },
            list.len(),
            kept / 1000
        );
        Ok(Found { seen, faults })
    }

    /// Compressed copies are copies of the file beside them.
    fn copies(&self) -> Result<Found> {
        let mut faults = Vec::new();
        let mut count = 0;
        for file in &self.files {
            let read = |name: &str| {
                std::fs::read(self.folder.join(name)).with_context(|| format!("reading {name}"))
            };
            let (Some(plain), brotli) =
                (file.strip_suffix(".br").or(file.strip_suffix(".gz")), file.ends_with(".br"))
            else {
                continue;
            };
            // The data are packed themselves.
            if file.starts_with("pkg/data/") {
                continue;
            }
            count += 1;
            let mut unpacked = Vec::new();
            let packed = read(file)?;
            let whole = if brotli {
                brotli::BrotliDecompress(&mut &packed[..], &mut unpacked).is_ok()
            } else {
                flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut unpacked).is_ok()
            };
            if !whole || !self.files.contains(plain) || unpacked != read(plain)? {
                faults.push(format!("{file} is no copy of {plain}"));
            }
        }
        Ok(Found { seen: format!("{count} beside the files"), faults })
    }

    /// Bytes by part, as a host sends them: as they are, by gzip and by brotli.
    fn sizes(&self) -> Result<String> {
        let mut parts: BTreeMap<&str, [u64; 4]> = BTreeMap::new();
        for file in &self.files {
            let copy = |end: &str| {
                self.files.contains(&format!("{file}{end}")).then(|| format!("{file}{end}"))
            };
            let is_copy = [".br", ".gz"]
                .iter()
                .any(|end| file.strip_suffix(end).is_some_and(|plain| self.files.contains(plain)));
            if is_copy {
                continue;
            }
            let bytes = |name: &str| -> Result<u64> {
                Ok(std::fs::metadata(self.folder.join(name))
                    .with_context(|| format!("looking at {name}"))?
                    .len())
            };
            let raw = bytes(file)?;
            let gzip = copy(".gz").map_or(Ok(raw), |name| bytes(&name))?;
            let brotli = copy(".br").map_or(Ok(raw), |name| bytes(&name))?;
            let sums = parts.entry(part(file)).or_default();
            for (sum, size) in sums.iter_mut().zip([1, raw, gzip, brotli]) {
                *sum += size;
            }
        }
        let mut text = format!(
            "{:<24} {:>6} {:>9} {:>9} {:>9}   (kB)\n",
            "part", "files", "raw", "gzip", "brotli"
        );
        let mut all = [0; 4];
        let mut line = |name: &str, [files, raw, gzip, brotli]: [u64; 4]| {
            let kb = |n: u64| n.div_ceil(1000);
            text += &format!(
                "{name:<24} {files:>6} {:>9} {:>9} {:>9}\n",
                kb(raw),
                kb(gzip),
                kb(brotli)
            );
        };
        for (name, sizes) in parts {
            line(name, sizes);
            all.iter_mut().zip(sizes).for_each(|(sum, size)| *sum += size);
        }
        line("all", all);
        Ok(text)
    }
}

/// What a file belongs to.
fn part(file: &str) -> &'static str {
    let inside = file
        .strip_prefix("v/")
        .and_then(|rest| rest.split_once('/'))
        .map_or(file, |(_, inside)| inside);
    match inside {
        _ if inside.starts_with("pkg/game/") => "game module",
        _ if inside.starts_with("pkg/cpu/") => "CPU module",
        _ if inside.starts_with("pkg/gpu/") => "WebGPU module",
        _ if inside.starts_with("pkg/data/") => "MNIST",
        _ if inside.starts_with("pkg/vendor/stix/") => "fonts",
        _ if inside.starts_with("pkg/vendor/") => "uPlot",
        _ if inside.starts_with("pretrained/") => "pretrained networks",
        _ if inside.starts_with("docs/") => "pictures of runs",
        _ if inside.ends_with(".css") => "styles",
        _ if inside.ends_with(".js") => "scripts",
        "index.html" | "zh/index.html" => "pages",
        _ => "other",
    }
}

/// A policy as sets of sources.
fn directives(policy: &str) -> BTreeMap<&str, BTreeSet<&str>> {
    let parts = policy.split(';').map(str::split_whitespace);
    parts.filter_map(|mut words| Some((words.next()?, words.collect()))).collect()
}

/// The tags of a page that our own build wrote: quoted attributes, no surprises.
fn tags(text: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end =
            rest.find(|c: char| c.is_whitespace() || c == '>' || c == '/').unwrap_or(rest.len());
        let mut tag = Tag {
            name: rest[..end].to_lowercase(),
            attributes: BTreeMap::new(),
            text: String::new(),
        };
        rest = &rest[end..];
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() || rest.starts_with('>') {
                break;
            }
            let end = rest
                .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/'))
                .unwrap_or(rest.len());
            let name = rest[..end.max(1)].to_lowercase();
            rest = &rest[end.max(1)..];
            let mut value = "";
            if let Some(after) = rest.strip_prefix('=') {
                let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
                (value, rest) = match quote {
                    Some(quote) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
                    None => after.split_at(
                        after.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(after.len()),
                    ),
                };
            }
            tag.attributes.insert(name, plain(value));
        }
        rest = rest.strip_prefix('>').unwrap_or(rest);
        if matches!(tag.name.as_str(), "script" | "style" | "title") {
            let (inside, after) = rest.split_once(&format!("</{}", tag.name)).unwrap_or((rest, ""));
            tag.text = if tag.name == "title" { plain(inside) } else { inside.to_owned() };
            rest = after;
        }
        found.push(tag);
    }
    found
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entry::Addresses;

    const DOCUMENT: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title data-t=\"page.title\">x</title>\n<!-- head -->\n<style>a{}</style>\n<script type=\"module\" src=\"www/main.js\"></script>\n</head>\n<p id=\"idea\"><a href=\"#idea\"></a><a href=\"#idea&amp;seed=1\"></a><a href=\"https://arxiv.org/\"></a><a href=\"licences.txt\"></a></p></html>";
    const MISSING: &str = "<style>b{}</style><script>c()</script>";

    /// A small site without a fault, in a folder of its own.
    struct Made(PathBuf);
    impl Drop for Made {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
    impl Made {
        fn new(name: &str, address: Option<&str>) -> Self {
            let made = Self(
                std::env::temp_dir().join(format!("saddle-report-{}-{name}", std::process::id())),
            );
            made.put(
                "v/new/www/main.js",
                "import \"./a.js\";\nexport const x = () => import(\"../www/a.js\");\n",
            );
            made.put("v/new/www/a.js", "");
            made.put("v/new/www/a.css", "p { background: url(\"a.js\") url(data:x) }");
            let version = version::name(&made.0.join("v/new")).expect("a name");
            std::fs::rename(made.0.join("v/new"), made.0.join("v").join(&version)).expect("a move");
            let addresses = Addresses::of(address);
            let mut last = String::new();
            for entry in &ENTRIES {
                last = entry.page(DOCUMENT, &version, &addresses).expect("a page");
                made.put(&format!("{}index.html", entry.path), &last);
            }
            made.put("404.html", MISSING);
            made.put("_headers", &offline::headers(&format!("{last}{MISSING}")));
            made.put("manifest.webmanifest", &offline::manifest());
            made.put("icon.svg", offline::ICON);
            made.put("licences.txt", "MIT");
            let mut card = vec![0; 24];
            card[16..24].copy_from_slice(&[0, 0, 4, 176, 0, 0, 2, 118]);
            paths::write(&made.0.join("card.png"), &card).expect("a file");
            made.put("sw.js", &format!("const VERSION = \"{version}\";\nJSON.parse('[{{\"address\":\"licences.txt\",\"bytes\":3}}]')"));
            if let Some(address) = address {
                made.put("sitemap.xml", &offline::sitemap(address));
            }
            made
        }
        fn put(&self, name: &str, text: &str) {
            paths::write(&self.0.join(name), text.as_bytes()).expect("a file");
        }
        fn change(&self, name: &str, from: &str, to: &str) {
            let text = offline::read(&self.0.join(name)).expect("a file");
            assert!(text.contains(from), "{name} has no {from}: {text}");
            self.put(name, &text.replace(from, to));
        }
        fn version(&self) -> String {
            let mut all = std::fs::read_dir(self.0.join("v")).expect("versions");
            all.next().expect("one").expect("an entry").file_name().to_string_lossy().into_owned()
        }
        fn faults(&self) -> Vec<String> {
            let site = Site::read(&self.0).expect("a site");
            [Site::links, Site::heads, Site::policy, Site::versions, Site::copies]
                .into_iter()
                .flat_map(|part: fn(&Site) -> Result<Found>| part(&site).expect("a report").faults)
                .collect()
        }
    }

    #[test]
    fn a_whole_site_has_no_fault() {
        for (name, address) in [("whole", Some("https://x.org/s/")), ("nowhere", None)] {
            let made = Made::new(name, address);
            assert_eq!(made.faults(), Vec::<String>::new());
        }
    }

    /// Each case: what is changed in which file, and what the report says then.
    #[test]
    fn each_fault_is_named() {
        let cases: &[(&str, &str, &str, &str)] = &[
            ("index.html", "href=\"#idea\"", "href=\"#ideal\"", "there is no #ideal"),
            ("index.html", "#idea&amp;seed", "#lab&amp;seed", "there is no #lab"),
            (
                "zh/index.html",
                "../licences.txt",
                "licences.txt",
                "zh/index.html: nothing is at licences.txt",
            ),
            (
                "index.html",
                "href=\"licences.txt\"",
                "href=\"/licences.txt\"",
                "nothing is at /licences.txt",
            ),
            (
                "index.html",
                "https://arxiv.org/",
                "javascript:a()",
                "javascript:a() is not to be loaded",
            ),
            (
                "index.html",
                "<p id",
                "<img src=\"https://y.org/a.png\"><p id",
                "https://y.org/a.png is not to be loaded",
            ),
            ("index.html", "<html lang=\"en\">", "<html>", "lang is"),
            ("zh/index.html", "hreflang=\"en\"", "hreflang=\"fr\"", "hreflang en is None"),
            (
                "zh/index.html",
                "<link rel=\"canonical\" href=\"https://x.org/s/zh/\">",
                "",
                "canonical is None",
            ),
            ("index.html", "summary_large_image", "summary", "twitter:card is"),
            ("index.html", "LearningResource", "Thing", "JSON-LD @type is"),
            (
                "index.html",
                "name=\"description\"",
                "name=\"descriptio\"",
                "the description has 0 characters",
            ),
            ("index.html", "property=\"og:image\"", "property=\"og:imag\"", "og:image is None"),
            (
                "index.html",
                "<style>a{}",
                "<style>a{ }",
                "its policy is not that of what stands in it",
            ),
            ("index.html", "<p id", "<p style=\"color:red\" id", "<p> has style=\"color:red\""),
            ("index.html", "<p id", "<p onclick=\"a()\" id", "<p> has onclick=\"a()\""),
            (
                "index.html",
                "http-equiv=\"Content-Security-Policy\"",
                "name=\"x\"",
                "there is no policy in the page",
            ),
            ("404.html", "c()", "d()", "404.html: _headers does not allow script-src"),
            ("_headers", "; frame-ancestors *", "", "who may embed"),
            (
                "_headers",
                "img-src 'self'",
                "img-src * 'self'",
                "_headers allows anything as img-src",
            ),
            (
                "_headers",
                "style-src 'self'",
                "style-src",
                "_headers does not allow style-src 'self'",
            ),
            (
                "_headers",
                "X-Content-Type-Options",
                "X-Content",
                "_headers has no X-Content-Type-Options",
            ),
            ("sw.js", "const VERSION = \"", "const VERSION = \"x", "sw.js is not of version"),
            ("sw.js", "\"bytes\":3", "\"bytes\":4", "sw.js waits for 4 bytes of licences.txt"),
            ("manifest.webmanifest", "icon.svg", "icon.png", "nothing is at icon.png"),
            ("sitemap.xml", "/zh/", "/cn/", "sitemap.xml does not name https://x.org/s/zh/"),
        ];
        for (i, (file, from, to, words)) in cases.iter().enumerate() {
            let made = Made::new(&format!("case{i}"), Some("https://x.org/s/"));
            made.change(file, from, to);
            let faults = made.faults();
            assert!(faults.iter().any(|fault| fault.contains(words)), "{words}: {faults:?}");
        }
    }

    #[test]
    fn a_mixture_of_versions_is_a_fault() {
        let made = Made::new("mixture", None);
        let version = made.version();
        made.put(&format!("v/{version}/www/a.js"), "import \"./gone.js\"");
        let faults = made.faults();
        assert!(
            faults.iter().any(|fault| fault.contains("has files of another version")),
            "{faults:?}"
        );
        assert!(faults.iter().any(|fault| fault.contains("nothing is at ./gone.js")), "{faults:?}");
        let made = Made::new("two", None);
        let version = made.version();
        made.put("v/old/www/main.js", "");
        made.change("zh/index.html", &format!("v/{version}/www"), "v/old/www");
        let faults = made.faults();
        assert!(
            faults.iter().any(|fault| fault.contains("zh/index.html loads from version old")),
            "{faults:?}"
        );
    }

    #[test]
    fn a_copy_of_something_else_is_a_fault() {
        let made = Made::new("copies", None);
        made.put("licences.txt.br", "MIT");
        paths::write(&made.0.join("404.html.gz"), &crate::data::gzip(b"other").expect("packed"))
            .expect("a file");
        let faults = made.faults();
        for name in ["licences.txt.br is no copy", "404.html.gz is no copy"] {
            assert!(faults.iter().any(|fault| fault.contains(name)), "{faults:?}");
        }
    }
}
