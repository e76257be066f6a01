//! Prose that operates the page: `[give D ten steps](game:k-d=10)` sets the laboratory of the game in one
//! dimension to these settings, all others to their defaults, and plays; `mnist:` sets the other laboratory, and
//! `latent:gen=paper` the latent explorer, in nothing but these; `fig:shift&fig=shift.width~0.2` sets a live figure.
//! The settings are those of a link to the page; one that the page would not take up fails the build.

use crate::run::output;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::collections::BTreeSet;
use std::process::Command;

/// Where such a link leads; `None` for any other link.
pub fn hash(url: &str) -> Option<String> {
    let (lab, settings) = url.split_once(':')?;
    if lab == "fig" {
        return Some(format!("#fig-{settings}"));
    }
    let anchor = match lab {
        "game" => "lab-game",
        "mnist" => "lab-mnist",
        "latent" => "lab-latent",
        _ => return None,
    };
    let gap = if settings.is_empty() { "" } else { "&" };
    Some(format!("#{anchor}{gap}{settings}"))
}

/// Asks the page's own reader of links, `www/shell/state.js` below `root`, about each such link of the page.
pub fn check(root: &str, page: &str) -> Result<()> {
    let hashes = page.split("<a class=\"operate\" href=\"").skip(1);
    let hashes = hashes.filter_map(|rest| rest.split('"').next());
    let hashes: BTreeSet<String> = hashes.map(|hash| hash.replace("&amp;", "&")).collect();
    if hashes.is_empty() {
        return Ok(());
    }
    let script = format!(
        "const {{ parse }} = await import('{root}/www/shell/state.js');
         const links = JSON.parse(process.argv[1]);
         console.log(JSON.stringify(links.map((hash) => parse(hash).rejected)));"
    );
    let list = json!(hashes).to_string();
    let mut node = Command::new("node");
    let text = output(node.args(["--input-type=module", "--eval", &script, &list]))?;
    let rejected: Vec<Vec<String>> =
        serde_json::from_str(&text).context("reading what www/shell/state.js says of the links")?;
    for (hash, rejected) in hashes.iter().zip(rejected) {
        ensure!(
            rejected.is_empty(),
            "www/text: the page knows nothing of `{}` in the link to {hash}",
            rejected.join("`, `")
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_the_page_does_not_know_are_refused() {
        let page = |hash: &str| format!("<a class=\"operate\" href=\"{hash}\">x</a>");
        check("..", &page("#lab-game&amp;k-d=10&amp;motion=slow")).expect("known settings");
        let error =
            check("..", &page("#lab-game&amp;k-d=10&amp;nonsense=1")).expect_err("nonsense");
        assert!(format!("{error:#}").contains("`nonsense=1`"), "{error:#}");
        check("..", &page("#lab-game&amp;k-d=21")).expect_err("out of range");
    }

    #[test]
    fn only_links_to_laboratories_operate() {
        assert_eq!(hash("game:k-d=10").as_deref(), Some("#lab-game&k-d=10"));
        assert_eq!(hash("mnist:").as_deref(), Some("#lab-mnist"));
        assert_eq!(hash("https://arxiv.org/abs/1406.2661"), None);
        assert_eq!(hash("#eq:value"), None);
    }
}
