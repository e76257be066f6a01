//! Code in the text, cut out of the sources at build time: `<!-- code: NAME -->` becomes what stands
//! between `// [snippet: NAME]` and `// [/snippet]` in `src/`, so that what is read is what runs.

use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

const MARK: &str = "<!-- code: ";

/// All snippets of the sources, by name.
pub struct Snippets(BTreeMap<String, Snippet>);

struct Snippet {
    file: String,
    code: String,
}

impl Snippets {
    /// Reads every `.rs` file below `folder`.
    pub fn below(folder: &Path) -> Result<Self> {
        let mut all = Self(BTreeMap::new());
        all.folder(folder)?;
        Ok(all)
    }

    fn folder(&mut self, folder: &Path) -> Result<()> {
        let shown = folder.display();
        for entry in std::fs::read_dir(folder).with_context(|| shown.to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                self.folder(&path)?;
            } else if path.extension().is_some_and(|e| e == "rs") {
                let name = path.to_string_lossy().replace('\\', "/");
                let text = std::fs::read_to_string(&path).with_context(|| name.clone())?;
                self.file(&name, &text)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, file: &str, text: &str) -> Result<()> {
        let mut open: Option<(String, Vec<&str>)> = None;
        for line in text.lines() {
            let mark = line.trim();
            if let Some(name) = mark.strip_prefix("// [snippet: ").and_then(|m| m.strip_suffix(']'))
            {
                ensure!(open.is_none(), "{file}: snippet {name} begins in another");
                open = Some((name.to_owned(), Vec::new()));
            } else if mark == "// [/snippet]" {
                let (name, lines) = open
                    .take()
                    .with_context(|| format!("{file}: a snippet ends that never began"))?;
                let snippet = Snippet { file: file.to_owned(), code: flush_left(&lines) };
                ensure!(
                    self.0.insert(name.clone(), snippet).is_none(),
                    "{file}: a second snippet {name}"
                );
            } else if let Some((_, lines)) = &mut open {
                lines.push(line);
            }
        }
        match open {
            Some((name, _)) => bail!("{file}: snippet {name} does not end"),
            None => Ok(()),
        }
    }

    /// `markdown` with each mark replaced by its code in a fence, followed by the file's name.
    pub fn fill(&self, markdown: &str) -> Result<String> {
        let mut out = String::with_capacity(markdown.len());
        for line in markdown.lines() {
            let name = line.trim().strip_prefix(MARK).and_then(|m| m.strip_suffix(" -->"));
            match name {
                Some(name) => {
                    let Snippet { file, code } = self
                        .0
                        .get(name)
                        .with_context(|| format!("no source has a snippet {name}"))?;
                    write!(out, "```rust\n// {file}\n{code}```\n")?;
                }
                None => writeln!(out, "{line}")?,
            }
        }
        Ok(out)
    }
}

/// The lines without the indentation that all of them share.
fn flush_left(lines: &[&str]) -> String {
    let indent = |line: &&&str| line.len() - line.trim_start().len();
    let written = lines.iter().filter(|line| !line.trim().is_empty());
    let shared = written.map(|line| indent(&line)).min().unwrap_or(0);
    lines.iter().map(|line| format!("{}\n", line.get(shared..).unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(text: &str) -> Result<Snippets> {
        let mut all = Snippets(BTreeMap::new());
        all.file("src/a.rs", text)?;
        Ok(all)
    }

    #[test]
    fn cuts_and_unindents() {
        let source =
            "x\n    // [snippet: one]\n    fn f() {\n        g();\n\n    }\n    // [/snippet]\ny";
        let filled = from(source).unwrap().fill("a\n<!-- code: one -->\nb").unwrap();
        assert_eq!(filled, "a\n```rust\n// src/a.rs\nfn f() {\n    g();\n\n}\n```\nb\n");
    }

    #[test]
    fn a_cut_that_fails_fails_the_build() {
        assert!(from("").unwrap().fill("<!-- code: none -->").is_err());
        assert!(from("// [snippet: a]\ncode").is_err());
        assert!(from("// [/snippet]").is_err());
        let twice = "// [snippet: a]\n// [/snippet]\n// [snippet: a]\n// [/snippet]";
        assert!(from(twice).is_err());
    }
}
