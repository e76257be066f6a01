//! `cargo xtask test`: every suite, with what it needs. The runners' own output is left as it is.

use crate::run::{exists, passes, say};
use crate::{check, data, node, paths, report, site, toolchain};
use anyhow::Result;
use std::path::Path;
use std::process::Command;

const SUITES: [&str; 4] = ["check", "native", "www", "browser"];

/// True when all pass. A filter is the name of a suite, or part of the names of the tests to run.
pub fn test(filter: Option<&str>) -> Result<bool> {
    let (suite, name) = match filter {
        Some(word) if SUITES.contains(&word) => (Some(word), None),
        other => (None, other),
    };
    let mut failed = Vec::new();
    for this in SUITES {
        let wanted =
            suite.is_none_or(|suite| suite == this) && !(this == "check" && name.is_some());
        if !wanted {
            continue;
        }
        say(&format!("suite: {this}"));
        let passed = match this {
            "check" => check::check(),
            "native" => native(name),
            "www" => node_tests("tests/www", name, None, |_| true),
            _ => browser(name),
        };
        // A suite that cannot be set up has failed; the others still run.
        let passed = passed.unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            false
        });
        if !passed {
            failed.push(this);
        }
    }
    if failed.is_empty() {
        say("all suites pass");
    } else {
        eprintln!("error: these suites fail: {}", failed.join(", "));
    }
    Ok(failed.is_empty())
}

/// The tool's own tests, then the library's on the real data.
fn native(name: Option<&str>) -> Result<bool> {
    node::install()?;
    data::prepare()?;
    let mut tool = toolchain::tool("test");
    tool.args(name);
    let tool = passes(&mut tool)?;
    toolchain::claim_target()?;
    let mut library = toolchain::cargo("test");
    library.args(["--release", "--features", "native"]).args(name);
    library.env("SADDLE_DATA", paths::pkg().join("raw"));
    Ok(passes(&mut library)? && tool)
}

fn browser(name: Option<&str>) -> Result<bool> {
    browsers()?;
    site::build(None)?;
    let sound = report::report()?;
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(2));
    let waiting = |file: &str| WAITING.contains(&file);
    let together = node_tests("tests/browser", name, Some(cores), waiting)?;
    let alone = node_tests("tests/browser", name, Some(1), |file| !waiting(file))?;
    Ok(together && alone && sound)
}

/// These wait for a page more than they compute: two at a time take hardly more than half of the time.
const WAITING: [&str; 4] =
    ["access.test.mjs", "faults.test.mjs", "missing.test.mjs", "served.test.mjs"];

/// Programs that drive a browser or read what it printed, and Chinese type, with the packages that have them.
const BROWSERS: [(&str, &str); 6] = [
    ("chromium", "chromium"),
    ("firefox-esr", "firefox-esr"),
    ("WebKitWebDriver", "webkit2gtk-driver"),
    ("Xvfb", "xvfb"),
    ("pdftotext", "poppler-utils"),
    ("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc", "fonts-noto-cjk"),
];

/// Installs the three browsers where Debian's packages can; elsewhere the tests say what they miss.
pub fn browsers() -> Result<()> {
    if !Path::new("/etc/debian_version").exists() {
        return Ok(());
    }
    let missing = BROWSERS.iter().filter(|(file, _)| !exists(file) && !Path::new(file).is_file());
    let missing: Vec<&str> = missing.map(|(_, package)| *package).collect();
    if !missing.is_empty() {
        say(&format!("browsers for the tests: {}", missing.join(", ")));
        toolchain::apt_install(&missing)?;
    }
    Ok(())
}

/// Runs the `*.test.mjs` and `*.test.js` of a folder that are `wanted`; `at_once`: so many files at a time, where each
/// has a browser.
fn node_tests(
    folder: &str,
    name: Option<&str>,
    at_once: Option<usize>,
    wanted: impl Fn(&str) -> bool,
) -> Result<bool> {
    node::install()?;
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]);
    if let Some(files) = at_once {
        node.arg(format!("--test-concurrency={files}"));
    }
    if let Some(name) = name {
        node.arg(format!("--test-name-pattern={name}"));
    }
    let files = paths::files(Path::new(folder))?;
    let tests: Vec<_> = files
        .iter()
        .filter(|file| {
            let name = file.to_string_lossy();
            (name.ends_with(".test.mjs") || name.ends_with(".test.js")) && wanted(&name)
        })
        .collect();
    if tests.is_empty() {
        eprintln!("error: {folder} has no *.test.mjs or *.test.js");
        return Ok(false);
    }
    passes(node.args(tests.into_iter().map(|file| Path::new(folder).join(file))))
}
