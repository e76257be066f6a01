//! Every paragraph and every string exists in English and in Chinese.

use crate::paths;
use crate::run::output;
use anyhow::{Context, Result};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The strings of English; those of Chinese stand beside them.
const STRINGS: &str = "www/strings/en.js";

pub fn problems() -> Result<Vec<String>> {
    let mut found = twins("en", "zh")?;
    found.extend(twins("zh", "en")?);
    if Path::new("index.html").is_file()
        && let Err(error) = crate::text::page()
    {
        found.push(format!("{error:#}"));
    }
    if Path::new(STRINGS).is_file() {
        found.extend(strings()?);
    }
    Ok(found)
}

/// Files of one language without a twin in the other.
fn twins(one: &str, other: &str) -> Result<Vec<String>> {
    let folder = |language: &str| Path::new("www/text").join(language);
    let mut found = Vec::new();
    for file in paths::files(&folder(one))? {
        let twin = folder(other).join(&file);
        if !twin.is_file() {
            found.push(format!(
                "{}: {} is missing",
                folder(one).join(&file).display(),
                twin.display()
            ));
        }
    }
    Ok(found)
}

/// Strings of one language that the other lacks, by the line on which they stand.
fn strings() -> Result<Vec<String>> {
    // Functions (plurals, numbers in sentences) count as strings; JSON would drop them.
    let script = "const [en, zh] = await Promise.all(['en', 'zh'].map((l) => import(`./www/strings/${l}.js`)));
         console.log(JSON.stringify({ en: en.strings, zh: zh.strings }, (_, v) => typeof v === 'function' ? 'function' : v));";
    let text = output(Command::new("node").args(["--input-type=module", "--eval", script]))?;
    let table: Value =
        serde_json::from_str(&text).with_context(|| format!("{STRINGS}: not a table"))?;
    let source =
        std::fs::read_to_string(STRINGS).with_context(|| paths::reading(Path::new(STRINGS)))?;
    let line = |key: &str| {
        let last = key.rsplit('.').next().unwrap_or(key);
        source.lines().position(|line| line.contains(last)).map_or(1, |i| i + 1)
    };
    let (en, zh) = (keys(&table["en"], ""), keys(&table["zh"], ""));
    let lacks = |key: &String, language: &str| {
        format!("{STRINGS}:{}: `{key}` is missing in {language}", line(key))
    };
    let mut found: Vec<String> = en.difference(&zh).map(|key| lacks(key, "zh")).collect();
    found.extend(zh.difference(&en).map(|key| lacks(key, "en")));
    if en.is_empty() {
        found.push(format!("{STRINGS}: it exports no `strings`"));
    }
    Ok(found)
}

/// Dotted names of the leaves that are not empty.
fn keys(value: &Value, prefix: &str) -> BTreeSet<String> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(name, inner)| {
                keys(
                    inner,
                    &if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") },
                )
            })
            .collect(),
        Value::String(text) if text.is_empty() => BTreeSet::new(),
        Value::Null => BTreeSet::new(),
        _ => BTreeSet::from([prefix.to_string()]),
    }
}
