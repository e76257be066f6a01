//! The map of the proofs: `<!-- map -->` in the text becomes a drawing of `www/text/map.json`, in the text's language,
//! each box a link to where its statement is proved. A box stands below all that it rests on, or at their right.

use super::section::Language;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::fmt::Write as _;

const FILE: &str = "www/text/map.json";
pub const MARK: &str = "<!-- map -->";

/// Between the middles of two boxes, and the size of one.
const PITCH: (f64, f64) = (120.0, 60.0);
const BOX: (f64, f64) = (108.0, 36.0);
const EDGE: f64 = 6.0;
const LINE: f64 = 13.0;

struct Statement {
    column: f64,
    row: f64,
    /// `eq:anchor`, or the id of a heading.
    to: String,
    lines: Vec<String>,
    on: Vec<String>,
}

impl Statement {
    /// Its middle.
    fn middle(&self) -> (f64, f64) {
        let (x, y) = (self.column * PITCH.0, self.row * PITCH.1);
        (x + 0.5 * PITCH.0, y + 0.5 * BOX.1 + EDGE)
    }
}

/// The map as `<svg>`; `target` says where a link leads, and the number of an equation.
pub fn html(
    language: Language,
    target: impl Fn(&str) -> Result<(String, Option<usize>)>,
) -> Result<String> {
    let text = std::fs::read_to_string(FILE).with_context(|| format!("reading {FILE}"))?;
    draw(language, &text, target).context(FILE)
}

fn draw(
    language: Language,
    text: &str,
    target: impl Fn(&str) -> Result<(String, Option<usize>)>,
) -> Result<String> {
    let list: Value = serde_json::from_str(text)?;
    let list = list.as_array().context("is no list")?;
    let all: Vec<Statement> = list
        .iter()
        .map(|value| statement(language, value).context("a statement lacks something"))
        .collect::<Result<_>>()?;
    let (mut lines, mut boxes) = (String::new(), String::new());
    for statement in &all {
        for on in &statement.on {
            let below = all.iter().find(|s| s.to == *on);
            let below =
                below.with_context(|| format!("`{}` rests on nothing: {on}", statement.to))?;
            lines += &line(below, statement)?;
        }
        boxes += &boxed(statement, &target)?;
    }
    let columns = all.iter().map(|s| s.column).fold(0.0, f64::max) + 1.0;
    let rows = all.iter().map(|s| s.row).fold(0.0, f64::max);
    let (width, height) = (columns * PITCH.0, rows * PITCH.1 + BOX.1 + 2.0 * EDGE);
    let label = match language {
        Language::English => "Map of the proofs: each statement below those that it rests on",
        Language::Chinese => "证明的地图：每个结论都在它所依据的结论之下",
    };
    Ok(format!(
        "<svg class=\"map\" viewBox=\"0 0 {width} {height}\" role=\"group\" aria-label=\"{label}\"><path class=\"rests\" d=\"{lines}\"/>{boxes}</svg>"
    ))
}

fn statement(language: Language, value: &Value) -> Option<Statement> {
    let words = value[language.folder()].as_str()?;
    let on = value["on"].as_array()?.iter();
    Some(Statement {
        column: value["at"][0].as_f64()?,
        row: value["at"][1].as_f64()?,
        to: value["to"].as_str()?.to_owned(),
        lines: words.split('|').map(str::to_owned).collect(),
        on: on.map(|v| v.as_str().map(str::to_owned)).collect::<Option<_>>()?,
    })
}

/// From a statement to one that rests on it. Past a row it runs between the columns.
fn line(from: &Statement, to: &Statement) -> Result<String> {
    let ((x0, y0), (x1, y1)) = (from.middle(), to.middle());
    if from.row == to.row {
        ensure!(from.column < to.column, "`{}` stands before `{}`", to.to, from.to);
        let (a, b) = (x0 + 0.5 * BOX.0, x1 - 0.5 * BOX.0);
        return Ok(format!("M{a} {y0}H{b}"));
    }
    ensure!(from.row < to.row, "`{}` stands above `{}`", to.to, from.to);
    let (start, end) = (y0 + 0.5 * BOX.1, y1 - 0.5 * BOX.1);
    let gap = PITCH.1 - BOX.1;
    if to.row - from.row < 1.5 || x0 == x1 {
        return Ok(format!("M{x0} {start}L{x1} {end}"));
    }
    let between = 0.5 * (x0 + x1);
    let (turn, back) = (start + 0.5 * gap, end - 0.5 * gap);
    Ok(format!("M{x0} {start}L{between} {turn}V{back}L{x1} {end}"))
}

fn boxed(
    statement: &Statement,
    target: impl Fn(&str) -> Result<(String, Option<usize>)>,
) -> Result<String> {
    let Statement { to, lines, .. } = statement;
    let (url, number) = target(&format!("#{to}"))?;
    let (x, y) = statement.middle();
    let mut lines = lines.clone();
    if let (Some(number), Some(last)) = (number, lines.last_mut()) {
        write!(last, " ({number})")?;
    }
    let mut words = String::new();
    let first = y - 0.5 * LINE * (lines.len() as f64 - 1.0);
    for (i, line) in lines.iter().enumerate() {
        let line = line.replace('&', "&amp;").replace('<', "&lt;");
        write!(words, "<tspan x=\"{x}\" y=\"{}\">{line}</tspan>", first + LINE * i as f64)?;
    }
    let (left, top) = (x - 0.5 * BOX.0, y - 0.5 * BOX.1);
    Ok(format!(
        "<a href=\"{url}\"><rect x=\"{left}\" y=\"{top}\" width=\"{}\" height=\"{}\"/><text>{words}</text></a>",
        BOX.0, BOX.1
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(text: &str) -> Result<String> {
        draw(Language::English, text, |url| {
            Ok((url.replace("eq:", "eq-"), url.contains("eq:").then_some(7)))
        })
    }

    #[test]
    fn a_statement_stands_below_what_it_rests_on_and_leads_to_its_proof() {
        let of = |row: u32, on: &str| {
            format!(
                r#"[{{"at":[0,0],"to":"eq:a","en":"one|two","zh":"一","on":[]}},
                {{"at":[0,{row}],"to":"b","en":"b < c","zh":"二","on":[{on}]}}]"#
            )
        };
        let svg = drawn(&of(1, r#""eq:a""#)).expect("a map");
        assert!(svg.contains("<a href=\"#eq-a\">"), "{svg}");
        assert!(svg.contains(">two (7)</tspan>") && svg.contains(">b &lt; c</tspan>"), "{svg}");
        assert!(svg.contains("d=\"M60 42L60 66\""), "{svg}");
        assert!(drawn(&of(0, r#""eq:a""#)).is_err());
        assert!(drawn(&of(1, r#""eq:none""#)).is_err());
        assert!(drawn("[{}]").is_err());
    }
}
