//! `cargo xtask equations [--json]`: every numbered equation with the test that evaluates both of its sides,
//! or the reason why it has none.
//!
//! An equation is `{#eq:some-name}` in `www/text/`, its test `fn eq_some_name` under `#[test]` in
//! `tests/equations/`, a reason a line `some-name = "why"` in `www/text/equations.toml`.

use crate::paths;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

const TESTS: &str = "tests/equations";
const REASONS: &str = "www/text/equations.toml";

/// Prints the list. True when every equation has one of the two, and every test and reason an equation.
pub fn equations(args: &[String]) -> Result<bool> {
    let as_json = match args {
        [] => false,
        [flag] if flag == "--json" => true,
        _ => bail!("equations takes --json and nothing else"),
    };
    let list = List::read()?;
    if as_json {
        println!("{:#}", list.json());
    } else {
        print!("{}", list.table());
    }
    let problems = list.problems();
    for problem in &problems {
        eprintln!("{problem}");
    }
    Ok(problems.is_empty())
}

/// What does not hold, one line each; for `cargo xtask check`.
pub fn problems() -> Result<Vec<String>> {
    Ok(List::read()?.problems())
}

struct Equation {
    anchor: String,
    /// The section's file name without `.md`.
    section: String,
}

#[derive(Default)]
struct List {
    /// In the order of the page, so that the number of an equation is its place here.
    equations: Vec<Equation>,
    /// Anchors in the other language.
    chinese: Vec<String>,
    /// Anchor, as a test's name spells it, to the test's path.
    tests: BTreeMap<String, String>,
    reasons: BTreeMap<String, String>,
    /// Found while reading.
    problems: Vec<String>,
}

impl List {
    fn read() -> Result<Self> {
        let mut list = Self::default();
        let page = text(Path::new("index.html"))?;
        for section in between(&page, "<!-- section: ", " -->") {
            let of = |language: &str| {
                let path = Path::new("www/text").join(language).join(section);
                text(&path.with_extension("md"))
            };
            let english = of("en")?;
            for anchor in anchors(&english) {
                let (anchor, section) = (anchor.to_string(), section.to_string());
                list.equations.push(Equation { anchor, section });
            }
            list.chinese.extend(anchors(&of("zh")?).map(str::to_string));
        }
        // A test that is not compiled would pass for one.
        let root = text(&Path::new(TESTS).with_extension("rs"))?;
        if !declares(&text(Path::new("tests/lib.rs"))?, "equations") {
            list.problems.push("tests/lib.rs: `mod equations;` is missing".into());
        }
        for file in paths::files(Path::new(TESTS))? {
            let name = file.with_extension("");
            let module = name.to_string_lossy().replace(['/', '\\'], "::");
            if !declares(&root, &module) {
                list.problems.push(format!("{TESTS}.rs: `mod {module};` is missing"));
            }
            list.add_tests(&module, &text(&Path::new(TESTS).join(&file))?);
        }
        list.add_reasons(&text(Path::new(REASONS))?);
        Ok(list)
    }

    fn add_tests(&mut self, module: &str, source: &str) {
        let lines: Vec<&str> = source.lines().map(str::trim).collect();
        for (i, line) in lines.iter().enumerate() {
            let Some(name) = line.strip_prefix("fn eq_").and_then(|rest| rest.split('(').next())
            else {
                continue;
            };
            let path = format!("equations::{module}::eq_{name}");
            let attributes = lines[..i].iter().rev().take_while(|l| l.starts_with("#["));
            if !attributes.eq(&["#[test]"]) {
                self.problems.push(format!("{path} is not under #[test] alone"));
            } else if let Some(first) = self.tests.insert(name.to_string(), path.clone()) {
                self.problems.push(format!("{path}: {first} has this name"));
            }
        }
    }

    fn add_reasons(&mut self, source: &str) {
        match toml::from_str(source) {
            Ok(reasons) => self.reasons = reasons,
            Err(error) => self.problems.push(format!("{REASONS}: {error}")),
        }
        let empty = self.reasons.iter().filter(|(_, reason)| reason.is_empty());
        self.problems.extend(empty.map(|(anchor, _)| format!("{REASONS}: {anchor}: why?")));
    }

    fn test(&self, anchor: &str) -> Option<&str> {
        self.tests.get(&anchor.replace('-', "_")).map(String::as_str)
    }

    fn problems(&self) -> Vec<String> {
        let mut found = self.problems.clone();
        let english: Vec<&String> = self.equations.iter().map(|e| &e.anchor).collect();
        if !english.iter().copied().eq(&self.chinese) {
            found.push("www/text/zh: its equations are not those of www/text/en, in order".into());
        }
        let mut spelled = BTreeSet::new();
        for anchor in &english {
            if !spelled.insert(anchor.replace('-', "_")) {
                found.push(format!("eq:{anchor}: another equation's test has the same name"));
            }
            let (test, reason) = (self.test(anchor), self.reasons.get(*anchor));
            match (test, reason) {
                (None, None) => found.push(format!(
                    "eq:{anchor}: neither a test in {TESTS}/ nor a reason in {REASONS}"
                )),
                (Some(test), Some(_)) => {
                    found.push(format!("eq:{anchor}: has {test}, and a reason for none"));
                }
                _ => {}
            }
        }
        let strange = |what: &str| format!("{what}: no equation is labelled so");
        let tests = self.tests.iter().filter(|(name, _)| !spelled.contains(*name));
        found.extend(tests.map(|(_, path)| strange(path)));
        let reasons = self.reasons.keys().filter(|key| !english.contains(key));
        found.extend(reasons.map(|key| strange(&format!("{REASONS}: {key}"))));
        found
    }

    fn table(&self) -> String {
        let mut out = String::new();
        for (i, Equation { anchor, section }) in self.equations.iter().enumerate() {
            let reason = || self.reasons.get(anchor).map(String::as_str);
            let what = self.test(anchor).or_else(reason).unwrap_or("NOTHING");
            out += &format!("{:>4}  {section:<15} {anchor:<22} {what}\n", format!("({})", i + 1));
        }
        let tested = self.equations.iter().filter(|e| self.test(&e.anchor).is_some());
        out + &format!(
            "{} equations, {} with a test, {} with a reason\n",
            self.equations.len(),
            tested.count(),
            self.reasons.len()
        )
    }

    /// `[{ number, anchor, section, test, reason }]`; `test` or `reason` is null.
    fn json(&self) -> Value {
        let one = |(i, e): (usize, &Equation)| {
            json!({
                "number": i + 1,
                "anchor": e.anchor,
                "section": e.section,
                "test": self.test(&e.anchor),
                "reason": self.reasons.get(&e.anchor),
            })
        };
        self.equations.iter().enumerate().map(one).collect()
    }
}

fn text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| paths::reading(path))
}

fn declares(source: &str, module: &str) -> bool {
    source.lines().any(|line| line.trim() == format!("mod {module};"))
}

fn anchors(markdown: &str) -> impl Iterator<Item = &str> {
    between(markdown, "{#eq:", "}")
}

/// Everything in `text` between an `open` and the next `close`.
fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(open).skip(1).filter_map(move |rest| Some(rest.split_once(close)?.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEST: &str = "#[test]\nfn eq_v_half() {\n}\n\nfn helper() {}\n";

    fn list(english: &str, chinese: &str, tests: &str, reasons: &str) -> List {
        let mut list = List::default();
        let equation = |anchor: &str| Equation { anchor: anchor.into(), section: "a".into() };
        list.equations = anchors(english).map(equation).collect();
        list.chinese = anchors(chinese).map(str::to_string).collect();
        list.add_tests("a", tests);
        list.add_reasons(reasons);
        list
    }

    #[test]
    fn a_test_or_a_reason_is_enough() {
        let text = "$$V$$ {#eq:v-half}\n$$z$$ {#eq:z}";
        let list = list(text, text, TEST, "# why\n\nz = \"a definition: \\\"z\\\" = noise\"\n");
        assert_eq!(list.problems(), Vec::<String>::new());
        assert!(list.table().contains("equations::a::eq_v_half"));
        assert_eq!(list.json()[0]["test"], "equations::a::eq_v_half");
        assert_eq!(list.json()[1]["number"], 2);
        assert!(list.json()[1]["test"].is_null());
    }

    #[test]
    fn each_disagreement_is_named() {
        let one = "{#eq:v-half}";
        let says = |list: &List, part: &str| {
            let all = list.problems();
            assert_eq!(all.len(), 1, "{all:?}");
            assert!(all[0].contains(part), "{all:?}");
        };
        says(&list(one, one, "", ""), "eq:v-half: neither");
        says(&list(one, one, TEST, "v-half = \"why\""), "and a reason");
        says(&list("", "", TEST, ""), "eq_v_half: no equation");
        says(&list("", "", "", "z = \"why\""), "z: no equation");
        says(&list(one, "", TEST, ""), "www/text/zh");
        says(&list(one, one, &TEST.repeat(2), ""), "has this name");
        says(&list(one, one, TEST, "z"), "equations.toml: TOML parse error at line 1");
        says(&list(one, one, TEST, "z = 1"), "equations.toml: ");
        says(&list("", "", "", "v-half = 'a'\nv-half = 'b'"), "line 2");
        says(&list(one, one, "", "v-half = ''"), "v-half: why?");
        let ignored = TEST.replace("#[test]", "#[ignore]\n#[test]");
        assert!(list(one, one, &ignored, "").problems()[0].contains("alone"));
    }
}
