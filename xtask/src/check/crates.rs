//! What is linked into the modules, the program and this tool: under licences that suit ours, each crate once, and
//! none that connects to anything. Known faults of crates are asked for by the public workflow, since they are not
//! known without a network.

use crate::run::output;
use crate::toolchain;
use anyhow::Result;
use spdx::{Expression, LicenseReq, ParseMode};
use std::collections::{BTreeMap, BTreeSet};

/// Of an expression of SPDX these are enough. MPL-2.0 asks for the sources of its own files, which are public.
const LICENCES: [&str; 7] =
    ["MIT", "Apache-2.0", "BSD-3-Clause", "BSL-1.0", "Zlib", "Unicode-3.0", "MPL-2.0"];
const BANNED: [(&str, &str); 6] = [
    ("ureq", "nothing here fetches anything"),
    ("reqwest", "nothing here fetches anything"),
    ("native-tls", "nothing here fetches anything"),
    ("openssl-sys", "nothing here fetches anything, and it wants a library of the system"),
    ("wee_alloc", "it leaks, and nobody maintains it"),
    ("tch", "it wants a library of the system"),
];
/// In more than one version, because what we use asks for different ones.
const SEVERAL: [&str; 5] =
    ["foldhash", "hashbrown", "hi_sparse_bitset", "miniz_oxide", "rustc-hash"];

/// What is built, by arguments of `cargo tree`. The same on every machine.
const BUILDS: [&[&str]; 3] = [
    &["--no-default-features", "--features=game,cpu,gpu", "--target=wasm32-unknown-unknown"],
    &["--features=native", "--target=x86_64-unknown-linux-gnu"],
    &["--manifest-path=xtask/Cargo.toml", "--target=x86_64-unknown-linux-gnu"],
];

pub fn problems() -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut several = BTreeSet::new();
    for build in BUILDS {
        let tree = output(toolchain::cargo("tree").args(build).args([
            "--edges=normal,no-proc-macro",
            "--prefix=none",
            "--format={p}|{l}",
        ]))?;
        found.extend(in_tree(&tree, &mut several));
    }
    let once = SEVERAL.iter().filter(|name| !several.contains(**name));
    found.extend(
        once.map(|name| format!("{name} is there in one version: SEVERAL need not name it")),
    );
    found.sort();
    found.dedup();
    Ok(found)
}

/// `tree` has a line `NAME vVERSION ...|LICENCE` for each crate; `several` gets the names of those with more than one version.
fn in_tree(tree: &str, several: &mut BTreeSet<String>) -> Vec<String> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut found = Vec::new();
    for line in tree.lines() {
        let (package, licence) =
            line.trim_end_matches(" (*)").split_once('|').unwrap_or((line, ""));
        let Some((name, rest)) = package.split_once(" v") else { continue };
        let version = rest.split(' ').next().unwrap_or_default();
        if !versions.entry(name).or_default().insert(version) {
            continue;
        }
        let allowed = Expression::parse_mode(licence, ParseMode::LAX)
            .is_ok_and(|expression| expression.evaluate(suits));
        if !allowed {
            found.push(format!("{name} {version}: `{licence}` is no licence of LICENCES"));
        }
        if let Some((_, why)) = BANNED.iter().find(|(banned, _)| *banned == name) {
            found.push(format!("{name} {version} is not to be linked: {why}"));
        }
    }
    for (name, all) in versions.into_iter().filter(|(_, all)| all.len() > 1) {
        several.insert(name.to_owned());
        if !SEVERAL.contains(&name) {
            let all: Vec<&str> = all.into_iter().collect();
            found.push(format!("{name} is linked in versions {}", all.join(" and ")));
        }
    }
    found
}

fn suits(req: &LicenseReq) -> bool {
    // An exception only adds permissions.
    req.license.id().is_some_and(|id| LICENCES.contains(&id.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(tree: &str) -> Vec<String> {
        in_tree(tree, &mut BTreeSet::new())
    }

    #[test]
    fn what_suits_and_is_there_once_is_no_problem() {
        let tree = "a v1.0.0 (/here)|MIT OR Apache-2.0\nb v2.0.0|GPL-3.0 OR MIT\nb v2.0.0|GPL-3.0 OR MIT (*)\nc v1.0.0|Apache-2.0 WITH LLVM-exception\nd v1.0.0|MIT/Apache-2.0\n";
        assert!(found(tree).is_empty(), "{:?}", found(tree));
    }

    #[test]
    fn each_rule_names_the_crate_that_breaks_it() {
        for (tree, words) in [
            ("a v1.0.0|GPL-3.0", "a 1.0.0: `GPL-3.0`"),
            ("a v1.0.0|MIT AND GPL-3.0", "a 1.0.0"),
            ("a v1.0.0|", "a 1.0.0: ``"),
            ("a v1.0.0|MIT\na v2.0.0|MIT", "a is linked in versions 1.0.0 and 2.0.0"),
            ("ureq v3.0.0|MIT", "nothing here fetches"),
        ] {
            let found = found(tree);
            assert!(found.len() == 1 && found[0].contains(words), "{tree}: {found:?}");
        }
    }

    #[test]
    fn versions_that_are_known_to_be_two_are_let_through_and_counted() {
        let mut several = BTreeSet::new();
        let tree = "hashbrown v1.0.0|MIT\nhashbrown v2.0.0|MIT\n";
        assert!(in_tree(tree, &mut several).is_empty());
        assert!(several.contains("hashbrown"));
    }
}
