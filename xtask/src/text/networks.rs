//! The networks as tables with a drawing of each layer, from `www/text/networks.json`, which the library writes
//! (`saddle networks`) and a test compares with the modules.
//!
//! `<!-- network: article generator -->` in the text becomes the table; `<!-- stack: article -->` in the template
//! a drawing of the generator stacked on a frozen discriminator. A stack of feature maps is drawn as a box: side,
//! its pixels; depth, the logarithm of its channels. A plain vector is a bar, its length the logarithm again.

use super::{grouped, section::Language};
use crate::paths;
use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::fmt::Write as _;
use std::path::Path;

const FILE: &str = "www/text/networks.json";
const MARK: &str = "<!-- network: ";
const STACK: &str = "<!-- stack: ";
const CLOSE: &str = " -->";

/// Channels, height, width.
type Shape = [usize; 3];

#[derive(Deserialize)]
struct Pair {
    preset: String,
    generator: Network,
    discriminator: Network,
}

#[derive(Deserialize)]
struct Network {
    input: Shape,
    layers: Vec<Layer>,
    parameters: usize,
    statistics: usize,
}

#[derive(Deserialize)]
struct Layer {
    kind: String,
    /// Side, step, padding.
    kernel: Option<[usize; 3]>,
    output: Shape,
    parameters: usize,
}

/// All networks.
pub struct Networks(Vec<Pair>);

impl Networks {
    pub fn read() -> Result<Self> {
        let text =
            std::fs::read_to_string(FILE).with_context(|| paths::reading(Path::new(FILE)))?;
        let pairs = serde_json::from_str(&text);
        Ok(Self(pairs.with_context(|| format!("{FILE} is not what `saddle networks` writes"))?))
    }

    /// `markdown` with each mark of a table replaced.
    pub fn fill(&self, language: Language, markdown: &str) -> Result<String> {
        let mut out = String::with_capacity(markdown.len());
        for line in markdown.lines() {
            let named = line.trim().strip_prefix(MARK).and_then(|m| m.strip_suffix(CLOSE));
            match named.map(|named| named.split_once(' ').unwrap_or((named, ""))) {
                Some((preset, player)) => {
                    let pair = self.pair(preset)?;
                    out += &match player {
                        "generator" => table(language, &pair.generator, "g"),
                        "discriminator" => table(language, &pair.discriminator, "d"),
                        other => bail!("{preset} has no network `{other}`"),
                    };
                    out.push('\n');
                }
                None => writeln!(out, "{line}")?,
            }
        }
        Ok(out)
    }

    /// The template with its mark replaced.
    pub fn stack(&self, template: &str) -> Result<String> {
        let Some((before, rest)) = template.split_once(STACK) else {
            return Ok(template.to_owned());
        };
        let (preset, after) = rest.split_once(CLOSE).context("index.html: a stack has no end")?;
        let pair = self.pair(preset)?;
        Ok(format!("{before}{}{after}", stacked(pair)))
    }

    fn pair(&self, preset: &str) -> Result<&Pair> {
        let found = self.0.iter().find(|pair| pair.preset == preset);
        found.with_context(|| format!("{FILE} has no networks called {preset}"))
    }
}

struct Row {
    words: String,
    output: Shape,
    parameters: usize,
}

/// Activations and dropout stand with the layer that they follow.
fn rows(language: Language, network: &Network) -> Vec<Row> {
    let comma = if language == Language::English { ", " } else { "，" };
    let mut rows: Vec<Row> = Vec::new();
    for layer in &network.layers {
        let words = words(language, layer);
        match rows.last_mut() {
            Some(row) if FOLLOWS.contains(&layer.kind.as_str()) => {
                row.words += &format!("{comma}{words}");
                row.output = layer.output;
            }
            _ => rows.push(Row { words, output: layer.output, parameters: layer.parameters }),
        }
    }
    rows
}

const FOLLOWS: [&str; 6] = ["relu", "leaky-relu", "tanh", "sigmoid", "maxout", "dropout"];

fn words(language: Language, layer: &Layer) -> String {
    let (english, chinese) = match layer.kind.as_str() {
        "dense" => ("dense", "全连接"),
        "conv" => ("convolution", "卷积"),
        "conv_transpose" => ("transposed convolution", "转置卷积"),
        "batch_norm" => ("batch normalisation", "批归一化"),
        "reshape" => ("reshape", "变形"),
        "upsample" => ("upsampling by 2", "上采样 2 倍"),
        "max_pool" => ("max pooling by 2", "最大池化 2 倍"),
        "affine" => ("scaling", "缩放"),
        "leaky-relu" => ("leaky relu", "leaky relu"),
        other => (other, other),
    };
    let english_first = language == Language::English;
    let mut words = if english_first { english } else { chinese }.to_owned();
    if let Some([side, step, padding]) = layer.kernel {
        write!(words, " {side}\u{a0}×\u{a0}{side}").ok();
        words += &match (step, padding) {
            (1, 0) if english_first => ", no padding".to_owned(),
            (1, 0) => "，无填充".to_owned(),
            (1, _) if english_first => ", same size".to_owned(),
            (1, _) => "，保持尺寸".to_owned(),
            _ if english_first => format!(", stride {step}"),
            _ => format!("，步幅 {step}"),
        };
    }
    words
}

fn table(language: Language, network: &Network, player: &str) -> String {
    let english = language == Language::English;
    let (layer, output, parameters) =
        if english { ("layer", "output", "parameters") } else { ("层", "输出", "参数个数") };
    let input = match (player, english) {
        ("g", true) => "noise",
        ("g", false) => "噪声",
        (_, true) => "image",
        _ => "图像",
    };
    let mut html = format!(
        "<table class=\"layers {player}\"><thead><tr><td></td><th>{layer}</th><th>{output}</th><th>{parameters}</th></tr></thead><tbody>"
    );
    let mut row = |words: &str, shape: Shape, parameters: usize| {
        let (svg, shape, count) = (picture(shape), spelled(shape), grouped(parameters as u64));
        write!(html, "<tr><td>{svg}</td><td>{words}</td><td>{shape}</td><td>{count}</td></tr>")
            .ok();
    };
    row(input, network.input, 0);
    for Row { words, output, parameters } in rows(language, network) {
        row(&words, output, parameters);
    }
    let all = grouped(network.parameters as u64);
    let running = grouped(network.statistics as u64);
    let sum = match (english, network.statistics) {
        (true, 0) => format!("{all} trained parameters"),
        (true, _) => format!("{all} trained parameters, and {running} running statistics"),
        (false, 0) => format!("可训练参数共 {all} 个"),
        (false, _) => format!("可训练参数共 {all} 个，另有滑动统计量 {running} 个"),
    };
    html + &format!("</tbody><tfoot><tr><td></td><td colspan=\"3\">{sum}</td></tr></tfoot></table>")
}

fn spelled([channels, height, width]: Shape) -> String {
    match (height, width) {
        (1, 1) => grouped(channels as u64),
        _ => format!("{height} × {width} × {channels}"),
    }
}

/// A shape, its lower left corner at (x, y): outline, and width.
fn outline([channels, height, _]: Shape, x: f64, y: f64, scale: f64) -> (String, f64) {
    let log = (channels as f64).log2();
    if height == 1 {
        let length = scale * (2.0 + 3.0 * log);
        return (format!("M{x:.1} {y:.1}h3v{:.1}h-3z", -length), 3.0);
    }
    let (side, depth) = (scale * 0.8 * height as f64, scale * (1.0 + 1.5 * log));
    let (across, up) = (0.8 * depth, 0.4 * depth);
    let front = format!("M{x:.1} {y:.1}h{side:.1}v{:.1}h{:.1}z", -side, -side);
    let top =
        format!("M{x:.1} {:.1}l{across:.1} {:.1}h{side:.1}l{:.1} {up:.1}z", y - side, -up, -across);
    let right = format!("M{:.1} {y:.1}v{:.1}l{across:.1} {:.1}v{side:.1}z", x + side, -side, -up);
    (front + &top + &right, side + across)
}

/// One shape by itself, in a cell of a table. A vector lies down there.
fn picture(shape: Shape) -> String {
    let top = 0.8 * shape[1] as f64 + 0.4 * (1.0 + 1.5 * (shape[0] as f64).log2());
    let (path, width) = outline(shape, 1.0, 1.0 + top, 1.0);
    let (path, width, height) = if shape[1] == 1 {
        let length = 2.0 + 3.0 * (shape[0] as f64).log2();
        (format!("M1 1h{length:.1}v3h{:.1}z", -length), length, 5.0)
    } else {
        (path, width, (top + 2.0).ceil())
    };
    format!(
        "<svg width=\"{:.0}\" height=\"{height}\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>",
        width + 2.0
    )
}

/// G from z to the image, then D, hatched, to the logit; below, the way of the gradient.
fn stacked(pair: &Pair) -> String {
    const MIDDLE: f64 = 46.0;
    const GAP: f64 = 13.0;
    let mut x = 2.0;
    let mut paths = String::new();
    let mut shapes = |network: &Network, input: bool, class: &str| {
        let all = rows(Language::English, network);
        let first = input.then_some(network.input);
        let mut last = None;
        for shape in first.into_iter().chain(all.iter().map(|row| row.output)) {
            if last == Some(shape) {
                continue;
            }
            last = Some(shape);
            let height = if shape[1] == 1 {
                2.0 + 3.0 * (shape[0] as f64).log2()
            } else {
                0.8 * shape[1] as f64
            };
            let (path, width) = outline(shape, x, MIDDLE + 0.85 * height, 1.7);
            write!(paths, "<path class=\"{class}\" d=\"{path}\"/>").ok();
            x += width + GAP;
        }
        x
    };
    let border = shapes(&pair.generator, true, "g");
    let end = shapes(&pair.discriminator, false, "d");
    let (low, tip) = (104.0, 3.0);
    format!(
        "<svg class=\"stack\" viewBox=\"0 0 {end:.0} 112\" role=\"img\" data-t-label=\"stack.drawing\" aria-label=\"\">\
         <defs><pattern id=\"hatch\" width=\"4\" height=\"4\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><path d=\"M0 0v4\"/></pattern></defs>\
         {paths}<path class=\"border\" d=\"M{:.1} 4v92\"/>\
         <path class=\"gradient\" d=\"M{:.1} {low}H{tip}m6 -4l-6 4l6 4\"/></svg>",
        border - GAP / 2.0,
        end - GAP,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks() -> Networks {
        let network = |kind: &str, input: Shape, output: Shape| {
            let layer = |kind: &str, output| Layer {
                kind: kind.into(),
                kernel: (kind == "conv").then_some([5, 1, 2]),
                output,
                parameters: 1_664,
            };
            let layers = vec![layer(kind, output), layer("tanh", output)];
            Network { input, layers, parameters: 1_664, statistics: 0 }
        };
        Networks(vec![Pair {
            preset: "small".into(),
            generator: network("dense", [100, 1, 1], [1, 28, 28]),
            discriminator: network("conv", [1, 28, 28], [64, 28, 28]),
        }])
    }

    #[test]
    fn tables_speak_both_languages() {
        let of = |language| {
            networks().fill(language, "a\n<!-- network: small discriminator -->\n").unwrap()
        };
        let english = of(Language::English);
        assert!(english.contains(
            "<td>convolution 5\u{a0}×\u{a0}5, same size, tanh</td><td>28 × 28 × 64</td><td>1,664</td>"
        ));
        assert!(of(Language::Chinese).contains("<td>卷积 5\u{a0}×\u{a0}5，保持尺寸，tanh</td>"));
        assert!(!english.contains("\n\n"), "a blank line would end the table in Markdown");
    }

    #[test]
    fn a_network_that_is_not_there_fails_the_build() {
        let networks = networks();
        assert!(networks.fill(Language::English, "<!-- network: large generator -->").is_err());
        assert!(networks.fill(Language::English, "<!-- network: small critic -->").is_err());
        assert!(networks.stack("<!-- stack: large -->").is_err());
        assert!(networks.stack("x<!-- stack: small -->y").unwrap().starts_with("x<svg"));
    }
}
