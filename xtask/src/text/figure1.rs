//! The four panels of Figure 1 as drawings that need no script, from `www/text/figure1.json`, which a test of the
//! library writes from the default game and holds against it. `<!-- figure1 -->` in the template becomes them.
//!
//! Above the line of x: the densities on one scale, D and D* on another, from 0 to 1. Below it the line of z, with an
//! arrow to x = G(z) for each z.

use crate::paths;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::Path;

const FILE: &str = "www/text/figure1.json";
const MARK: &str = "<!-- figure1 -->";
/// Of a panel: width and height, where the lines of x and z lie, and the top of the curves.
const SIZE: (f64, f64) = (320.0, 210.0);
const LINE_X: f64 = 148.0;
const LINE_Z: f64 = 196.0;
const TOP: f64 = 12.0;
const EDGE: f64 = 8.0;
/// Room over the highest point of the data's density.
const HEADROOM: f64 = 1.75;

/// The template with its mark replaced.
pub fn fill(template: &str) -> Result<String> {
    let Some((before, after)) = template.split_once(MARK) else {
        return Ok(template.to_owned());
    };
    let text = std::fs::read_to_string(FILE).with_context(|| paths::reading(Path::new(FILE)))?;
    let panels: Value = serde_json::from_str(&text).context(FILE)?;
    let drawn = drawn(&panels).with_context(|| format!("{FILE} holds no four panels"))?;
    Ok(format!("{before}{drawn}{after}"))
}

fn drawn(panels: &Value) -> Option<String> {
    let panels = panels.as_array().filter(|all| all.len() == 4)?;
    let mut html = String::from(
        "<div class=\"still\" role=\"img\" aria-label=\"Four panels of curves over x and lines from z to x\" data-t-label=\"theory.figure1.still\">",
    );
    for (panel, name) in panels.iter().zip(["(a)", "(b)", "(c)", "(d)"]) {
        html += &one(panel, name)?;
    }
    Some(html + "</div>")
}

fn one(panel: &Value, name: &str) -> Option<String> {
    // What is no number is null in JSON.
    let numbers = |key: &str| -> Option<Vec<f64>> {
        let list = panel[key].as_array()?.iter();
        Some(list.map(|v| v.as_f64().unwrap_or(f64::NAN)).collect())
    };
    let (x, data, g) = (numbers("x")?, numbers("pData")?, numbers("pG")?);
    let (z, gz) = (numbers("z")?, numbers("gz")?);
    let (first, last) = (*x.first()?, *x.last()?);
    let most = |values: &[f64]| values.iter().copied().fold(0.0, f64::max);
    let (peak, reach) = (HEADROOM * most(&data), 1.04 * most(&z));
    let to_x = |v: f64| EDGE + (v - first) / (last - first) * (SIZE.0 - 2.0 * EDGE);
    let to_z = |v: f64| EDGE + (v + reach) / (2.0 * reach) * (SIZE.0 - 2.0 * EDGE);
    let up = |share: f64| LINE_X - share * (LINE_X - TOP);
    let curve = |class: &str, values: &[f64], scale: f64| {
        let mut path = String::new();
        let mut open = false;
        for (&at, &value) in x.iter().zip(values) {
            if value.is_nan() {
                open = false;
                continue;
            }
            let command = if open { 'L' } else { 'M' };
            write!(path, "{command}{:.1} {:.1}", to_x(at), up(value / scale)).ok();
            open = true;
        }
        format!("<path class=\"{class}\" d=\"{path}\"/>")
    };
    let mut arrows = String::new();
    for (&z, &x) in z.iter().zip(&gz) {
        let end = to_x(x);
        if (0.0..=SIZE.0).contains(&end) {
            write!(arrows, "M{:.1} {LINE_Z}L{end:.1} {LINE_X}", to_z(z)).ok();
        }
    }
    let (left, right) = (EDGE, SIZE.0 - EDGE);
    Some(format!(
        "<svg viewBox=\"0 0 {} {}\"><path class=\"arrows\" d=\"{arrows}\"/><path class=\"lines\" d=\"M{left} {LINE_X}H{right}M{left} {LINE_Z}H{right}\"/>{}{}{}{}<text x=\"2\" y=\"12\">{name}</text><text x=\"{right}\" y=\"{}\" class=\"axis\">x</text><text x=\"{right}\" y=\"{}\" class=\"axis\">z</text></svg>",
        SIZE.0,
        SIZE.1,
        curve("best", &numbers("dStar")?, 1.0),
        curve("discriminator", &numbers("d")?, 1.0),
        curve("generated", &g, peak),
        curve("data", &data, peak),
        LINE_X + 11.0,
        LINE_Z + 12.0,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel() -> Value {
        serde_json::json!({
            "x": [-1.0, 0.0, 1.0], "pData": [0.0, 1.0, 0.0], "pG": [0.5, 0.5, 0.5], "d": [0.5, 1.0, 0.5],
            "dStar": [0.0, null, 0.5], "z": [-1.0, 1.0], "gz": [0.0, 90.0],
        })
    }

    #[test]
    fn a_panel_has_its_curves_and_the_arrows_that_it_can_hold() {
        let svg = one(&panel(), "(a)").expect("a panel");
        for class in ["data", "generated", "discriminator", "best"] {
            assert!(svg.contains(&format!("<path class=\"{class}\" d=\"M8.0 ")), "{svg}");
        }
        // D is 1 in the middle, and D* has a gap there.
        assert!(svg.contains("L160.0 12.0"), "{svg}");
        assert_eq!(svg.matches("class=\"best\" d=\"M8.0 148.0M312.0 80.0\"").count(), 1, "{svg}");
        assert!(svg.contains("L160.0 148\""), "{svg}");
        assert!(svg.contains(">(a)</text>"), "{svg}");
    }

    #[test]
    fn less_than_four_panels_fail_the_build() {
        assert!(drawn(&serde_json::json!([panel()])).is_none());
        let four = serde_json::json!([panel(), panel(), panel(), panel()]);
        assert_eq!(drawn(&four).expect("four").matches("<svg").count(), 4);
    }
}
