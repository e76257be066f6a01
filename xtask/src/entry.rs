//! The entry pages: one document, with an address, a title and a card for each language, at fixed addresses; all
//! that they load has the version in its address.

use crate::paths;
use anyhow::{Context, Result};
use base64::Engine as _;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// Where a page stands in the site.
pub struct Entry {
    /// Of the document.
    pub lang: &'static str,
    /// Of its strings, in `www/strings/`.
    strings: &'static str,
    /// Below the site's address.
    pub path: &'static str,
    /// From there back.
    up: &'static str,
    /// As Open Graph has it.
    pub locale: &'static str,
}

pub const ENTRIES: [Entry; 2] = [
    Entry { lang: "en", strings: "en", path: "", up: "", locale: "en_GB" },
    Entry { lang: "zh-Hans", strings: "zh", path: "zh/", up: "../", locale: "zh_CN" },
];

/// The page on which one laboratory or figure stands alone, in either language: the document without its text.
pub const STAGE: Entry =
    Entry { lang: "en", strings: "en", path: "stage/", up: "../", locale: "en_GB" };

/// Folders whose files have the version in their address; `pkg/data` keeps its own, so that a new version does not
/// fetch MNIST again.
const VERSIONED: [&str; 4] = ["www/", "pkg/", "pretrained/", "docs/"];
/// Where the template wants what is said of the page to others, and what it may load.
const HEAD: &str = "<!-- head -->";
/// Where the cover of the printed page wants version, date and address.
const COVER: &str = "<!-- cover -->";
/// What a page may load and run: its own files, and nothing that is put into it. A `<meta>` cannot say who may embed
/// it: `_headers` does.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{scripts}; worker-src 'self'; connect-src 'self'; \
     style-src 'self'{styles}; img-src 'self' data: blob:; font-src 'self'; media-src 'self' blob:; manifest-src 'self'; \
     base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types saddle";

/// Addresses, from the build's environment. What is not known is left out.
pub struct Addresses {
    /// Of the site, with a slash at its end.
    pub site: Option<String>,
    /// Of the source.
    source: Option<String>,
    /// The commit that the page was made of, and its date.
    commit: Option<(String, String)>,
}

impl Addresses {
    /// Of a site that stands there, and of nothing else.
    #[cfg(test)]
    pub fn of(site: Option<&str>) -> Self {
        Self { site: site.map(Into::into), source: None, commit: None }
    }

    pub fn read() -> Self {
        let var =
            |name| std::env::var(name).ok().filter(|value: &String| value.starts_with("https://"));
        Self {
            site: var("SADDLE_SITE").map(|site| site.trim_end_matches('/').to_owned() + "/"),
            source: var("SADDLE_SOURCE"),
            commit: commit(),
        }
    }
}

/// The commit of the checkout, shortened, and its date as YYYY-MM-DD; none where there is no git.
fn commit() -> Option<(String, String)> {
    let mut git = std::process::Command::new("git");
    let git = git.args(["show", "--no-patch", "--abbrev=10", "--format=%h %cs", "HEAD"]).output();
    let output = git.ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (commit, date) = text.trim().split_once(' ')?;
    Some((commit.to_owned(), date.to_owned()))
}

/// The version in `Cargo.toml`.
fn number() -> Result<String> {
    let path = paths::root().join("Cargo.toml");
    let text = std::fs::read_to_string(&path).with_context(|| paths::reading(&path))?;
    let number = text.lines().find_map(|line| line.strip_prefix("version = \""));
    Ok(number.context("Cargo.toml names no version")?.trim_end_matches('"').to_owned())
}

impl Entry {
    /// The page of this address, from the document that both share.
    pub fn page(&self, document: &str, version: &str, addresses: &Addresses) -> Result<String> {
        let title = self.string("page.title")?;
        let description = self.string("page.description")?;
        let mut page =
            document.replacen("<html lang=\"en\">", &format!("<html lang=\"{}\">", self.lang), 1);
        page = between(&page, "<title data-t=\"page.title\">", "</title>", &escaped(&title))?;
        let head = self.head(&title, &description, version, addresses)?;
        page = page.replacen(HEAD, &head, 1);
        page = page.replacen(COVER, &self.cover(addresses)?, 1);
        page = with_version(&page, self.up, version);
        let policy = policy(&page);
        Ok(page.replacen(
            "<meta charset=\"utf-8\">",
            &format!(
                "<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">\n<meta name=\"referrer\" content=\"no-referrer\">"
            ),
            1,
        ))
    }

    /// Version, date and address, as far as they are known.
    fn cover(&self, addresses: &Addresses) -> Result<String> {
        let mut facts = number()?;
        if let Some((_, date)) = &addresses.commit {
            write!(facts, " · {date}")?;
        }
        if let Some(site) = &addresses.site {
            let here = escaped(&format!("{site}{}", self.path));
            write!(facts, " · <a href=\"{here}\">{here}</a>")?;
        }
        Ok(facts)
    }

    fn head(
        &self,
        title: &str,
        description: &str,
        version: &str,
        addresses: &Addresses,
    ) -> Result<String> {
        let mut head = String::new();
        let (name, words) = (escaped(title), escaped(description));
        writeln!(head, "<meta name=\"description\" content=\"{words}\">")?;
        writeln!(head, "<meta name=\"saddle-version\" content=\"{version}\">")?;
        let root = if self.up.is_empty() { "./" } else { self.up };
        writeln!(head, "<meta name=\"saddle-root\" content=\"{root}\">")?;
        let commit = addresses.commit.as_ref().map(|(commit, _)| commit);
        for (key, value) in [("commit", commit), ("source", addresses.source.as_ref())] {
            if let Some(value) = value {
                writeln!(head, "<meta name=\"saddle-{key}\" content=\"{}\">", escaped(value))?;
            }
        }
        for property in [
            ("og:type", "website"),
            ("og:title", &name),
            ("og:description", &words),
            ("og:locale", self.locale),
        ] {
            writeln!(head, "<meta property=\"{}\" content=\"{}\">", property.0, property.1)?;
        }
        if let Some(site) = &addresses.site {
            let site = escaped(site);
            let here = format!("{site}{}", self.path);
            let card = format!("{site}card.png");
            writeln!(head, "<link rel=\"canonical\" href=\"{here}\">")?;
            for other in &ENTRIES {
                writeln!(
                    head,
                    "<link rel=\"alternate\" hreflang=\"{}\" href=\"{site}{}\">",
                    other.lang, other.path
                )?;
            }
            writeln!(head, "<link rel=\"alternate\" hreflang=\"x-default\" href=\"{site}\">")?;
            for (property, value) in [
                ("og:url", here.as_str()),
                ("og:image", &card),
                ("og:image:width", "1200"),
                ("og:image:height", "630"),
            ] {
                writeln!(head, "<meta property=\"{property}\" content=\"{value}\">")?;
            }
            writeln!(head, "<meta name=\"twitter:card\" content=\"summary_large_image\">")?;
            let about = json!({
                "@context": "https://schema.org", "@type": "LearningResource", "name": title, "description": description,
                "url": here, "image": card, "inLanguage": self.lang, "isAccessibleForFree": true,
                "learningResourceType": ["simulation", "reading"], "educationalLevel": "university",
                "license": "https://spdx.org/licenses/MIT.html", "codeRepository": addresses.source,
            });
            // A block of data, which is not run.
            writeln!(
                head,
                "<script type=\"application/ld+json\">{}</script>",
                about.to_string().replace('<', "\\u003c")
            )?;
        }
        Ok(head.trim_end().to_owned())
    }

    /// One of the page's own strings, in this language.
    fn string(&self, key: &str) -> Result<String> {
        let path = paths::root().join("www/strings").join(self.strings).with_extension("js");
        let text = std::fs::read_to_string(&path).with_context(|| paths::reading(&path))?;
        let missing = || format!("{} has no {key}", path.display());
        let (_, rest) = text.split_once(&format!("\"{key}\": ")).with_context(missing)?;
        let value = serde_json::Deserializer::from_str(rest).into_iter::<String>().next();
        value.with_context(missing)?.with_context(missing)
    }
}

/// The text between two marks replaced.
fn between(text: &str, from: &str, to: &str, new: &str) -> Result<String> {
    let (head, rest) =
        text.split_once(from).with_context(|| format!("index.html has no {from}"))?;
    let (_, tail) =
        rest.split_once(to).with_context(|| format!("index.html has no {to} behind {from}"))?;
    Ok(format!("{head}{from}{new}{to}{tail}"))
}

/// Every address of the page's own files led to their version, from a page that stands `up` from the root.
pub fn with_version(page: &str, up: &str, version: &str) -> String {
    let mut page = page.to_owned();
    for attribute in ["href", "src"] {
        for folder in VERSIONED {
            page = page.replace(
                &format!("{attribute}=\"{folder}"),
                &format!("{attribute}=\"{up}v/{version}/{folder}"),
            );
        }
        for file in ["licences.txt", "manifest.webmanifest", "icon.svg"] {
            page = page
                .replace(&format!("{attribute}=\"{file}"), &format!("{attribute}=\"{up}{file}"));
        }
    }
    page
}

/// The policy of a page, with the digests of the styles and scripts that stand in it.
pub fn policy(page: &str) -> String {
    let digests = |open: &str, close: &str| -> String {
        let blocks = page.split(open).skip(1).filter_map(|rest| rest.split_once(close));
        blocks.map(|(block, _)| format!(" 'sha256-{}'", digest(block))).collect()
    };
    POLICY
        .replace("{scripts}", &digests("<script>", "</script>"))
        .replace("{styles}", &digests("<style>", "</style>"))
}

fn digest(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(Sha256::digest(text))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title data-t=\"page.title\">x</title>\n<!-- head -->\n<style>a{}</style>\n<script type=\"module\" src=\"www/main.js\"></script>\n</head>\n<a href=\"pretrained/x.png\"></a><a href=\"#idea\"></a><a href=\"licences.txt\"></a></html>";

    #[test]
    fn each_language_has_its_own_page_of_the_same_version() {
        let [en, zh] =
            ENTRIES.map(|entry| entry.page(DOCUMENT, "abc", &Addresses::of(None)).expect("a page"));
        assert!(en.contains("<html lang=\"en\">") && zh.contains("<html lang=\"zh-Hans\">"));
        assert!(
            en.contains("src=\"v/abc/www/main.js\"") && zh.contains("src=\"../v/abc/www/main.js\""),
            "{zh}"
        );
        assert!(
            zh.contains("href=\"../v/abc/pretrained/x.png\"")
                && zh.contains("href=\"#idea\"")
                && zh.contains("href=\"../licences.txt\"")
        );
        let title = |page: &str| {
            page.split("</title>")
                .next()
                .unwrap_or_default()
                .rsplit('>')
                .next()
                .unwrap_or_default()
                .to_owned()
        };
        assert_ne!(title(&en), title(&zh));
        assert!(
            !en.contains("canonical") && !en.contains("og:image"),
            "nobody said where it stands"
        );
    }

    #[test]
    fn addresses_are_whole_where_the_site_is_known() {
        let page = ENTRIES[1]
            .page(DOCUMENT, "abc", &Addresses::of(Some("https://x.org/s/")))
            .expect("a page");
        for part in [
            "<link rel=\"canonical\" href=\"https://x.org/s/zh/\">",
            "hreflang=\"en\" href=\"https://x.org/s/\"",
            "content=\"https://x.org/s/card.png\"",
            "application/ld+json",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
    }

    #[test]
    fn what_stands_in_the_page_is_allowed_by_its_digest_only() {
        let policy = policy(
            "<style>a{}</style><script>b()</script><script type=\"module\" src=\"x\"></script>",
        );
        assert!(policy.contains("style-src 'self' 'sha256-"), "{policy}");
        assert_eq!(policy.matches("sha256-").count(), 2);
        assert!(!policy.contains("unsafe-inline"));
        assert_ne!(super::policy("<style>a{}</style>"), super::policy("<style>b{}</style>"));
    }
}
