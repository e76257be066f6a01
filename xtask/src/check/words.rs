//! What no file of the project says: where it lay on somebody's machine, from which host its packages
//! came, and emoji.

use crate::run::output;
use anyhow::Result;
use std::process::Command;

/// Split in two, so that this file passes.
const FORBIDDEN: [(&str, &str); 8] = [
    ("/wo", "rk/"),
    ("/ro", "ot/"),
    ("/ho", "me/"),
    ("/Us", "ers/"),
    ("registry.", "npmjs"),
    ("static.", "crates.io"),
    ("index.", "crates.io"),
    ("deb.", "debian.org"),
];

pub fn problems() -> Result<Vec<String>> {
    let files = output(Command::new("git").args([
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut found = Vec::new();
    for file in files.split('\0').filter(|name| !name.is_empty() && !name.ends_with(".lock")) {
        // Pictures and weights are no text; files that git knows may be gone.
        let Ok(text) = std::fs::read_to_string(file) else {
            continue;
        };
        found.extend(in_text(&text).into_iter().map(|problem| format!("{file}:{problem}")));
    }
    Ok(found)
}

fn in_text(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (i, line) in text.lines().enumerate() {
        for (start, end) in FORBIDDEN {
            let word = format!("{start}{end}");
            if line.contains(&word) {
                found.push(format!("{}: `{word}`", i + 1));
            }
        }
        if let Some(emoji) =
            line.chars().find(|c| ('\u{1F300}'..='\u{1FAFF}').contains(c) || *c == '\u{FE0F}')
        {
            found.push(format!("{}: an emoji, U+{:X}", i + 1, u32::from(emoji)));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::in_text;

    #[test]
    fn the_line_is_named() {
        assert_eq!(in_text(concat!("fine\nin /wo", "rk/x")), [concat!("2: `/wo", "rk/`")]);
        assert_eq!(in_text("\u{1F600}"), ["1: an emoji, U+1F600"]);
        assert!(in_text("p_g \u{2192} p_data").is_empty());
    }
}
