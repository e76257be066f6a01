//! The curves of a run as an SVG: D(x) and D(G(z)) beside both losses, over steps.

use std::{f32::consts::LN_2, fmt::Write as _};

use super::play::Moment;

const WIDTH: f32 = 300.0;
const HEIGHT: f32 = 130.0;
const LEFT: f32 = 34.0;
const TOP: f32 = 22.0;
/// Between the two graphs.
const GAP: f32 = 56.0;
/// Share of the moments that a graph of the losses has room for: a spike would flatten the rest.
const KEPT: f32 = 0.98;

/// Colours and dashes of the page: D blue and dashed, what G makes green, the data dotted.
const STYLE: &str = "text{font:11px system-ui,sans-serif;fill:#63605a}path{fill:none;stroke-width:1.3}\
.hair{stroke:#dedad1;stroke-width:1}.d{stroke:#1f57c3;stroke-dasharray:5 3}.g{stroke:#1f7a3d}\
.x{stroke:#1a1917;stroke-dasharray:1.5 2.5}\
@media(prefers-color-scheme:dark){text{fill:#a19d94}.hair{stroke:#4a4943}.d{stroke:#7aa7ff}.g{stroke:#5cc17d}.x{stroke:#f5f2ea}}";

type Number = fn(&Moment) -> Option<f32>;

/// One graph: its place, the range of what it shows, and its steps.
struct Graph {
    left: f32,
    low: f32,
    high: f32,
    steps: u64,
}

/// The whole picture.
pub(super) fn draw(curve: &[Moment]) -> String {
    let steps = curve.last().map_or(1, |moment| moment.step.max(1));
    let losses: [Number; 2] = [|m| m.loss_d, |m| m.loss_g];
    let (low, high) = range(curve, losses);
    let scores = Graph { left: LEFT, low: 0.0, high: 1.0, steps };
    let nats = Graph { left: LEFT + WIDTH + GAP, low, high, steps };
    let (width, height) = (LEFT + 2.0 * WIDTH + GAP + 14.0, TOP + HEIGHT + 20.0);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\"><title>D(x), D(G(z)) and both losses over {steps} steps</title><style>{STYLE}</style>\n"
    );
    svg += &scores.frame(&[("x", "D(x)"), ("g", "D(G(z))")]);
    svg += &scores.line("x", curve, |m| m.d_real);
    svg += &scores.line("g", curve, |m| m.d_fake);
    svg += &nats.frame(&[("d", "loss of D"), ("g", "loss of G, nats")]);
    svg += &nats.line("d", curve, losses[0]);
    svg += &nats.line("g", curve, losses[1]);
    svg + "</svg>\n"
}

/// From 0, or below where there is something, up to nearly all of it, and at least to what D pays for saying 1/2
/// everywhere.
fn range(curve: &[Moment], numbers: [Number; 2]) -> (f32, f32) {
    let mut values: Vec<f32> =
        (curve.iter()).flat_map(|moment| numbers.map(|number| number(moment))).flatten().collect();
    values.sort_by(f32::total_cmp);
    let most = (values.len() as f32 * KEPT) as usize;
    let high = values.get(most).or(values.last()).copied().unwrap_or(1.0);
    let low = values.first().copied().unwrap_or(0.0).min(0.0);
    (low, high.max(2.0 * LN_2))
}

impl Graph {
    fn x(&self, step: u64) -> f32 {
        self.left + WIDTH * step as f32 / self.steps as f32
    }

    fn y(&self, value: f32) -> f32 {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        TOP + HEIGHT * (1.0 - share)
    }

    fn frame(&self, keys: &[(&str, &str)]) -> String {
        let (right, bottom) = (self.left + WIDTH, TOP + HEIGHT);
        let left = self.left;
        let mut out = format!("<path class=\"hair\" d=\"M{left} {TOP}V{bottom}H{right}\"/>\n");
        for value in [self.low, self.high] {
            let _ = writeln!(
                out,
                "<text x=\"{}\" y=\"{:.0}\" text-anchor=\"end\">{}</text>",
                left - 5.0,
                self.y(value) + 4.0,
                short(value)
            );
        }
        for (step, anchor) in [(0, "start"), (self.steps, "end")] {
            let _ = writeln!(
                out,
                "<text x=\"{:.0}\" y=\"{}\" text-anchor=\"{anchor}\">{step}</text>",
                self.x(step),
                bottom + 15.0
            );
        }
        for (i, (class, name)) in keys.iter().enumerate() {
            let from = left + 110.0 * i as f32;
            let _ = writeln!(
                out,
                "<path class=\"{class}\" d=\"M{from} 9h20\"/><text x=\"{}\" y=\"13\">{name}</text>",
                from + 25.0
            );
        }
        out
    }

    /// Broken where a number is missing.
    fn line(&self, class: &str, curve: &[Moment], number: Number) -> String {
        let mut path = String::new();
        let mut pen = 'M';
        for moment in curve {
            match number(moment) {
                Some(value) => {
                    let _ = write!(path, "{pen}{:.0} {:.1}", self.x(moment.step), self.y(value));
                    pen = 'L';
                }
                None => pen = 'M',
            }
        }
        format!("<path class=\"{class}\" d=\"{path}\"/>\n")
    }
}

/// Three digits.
fn short(value: f32) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size >= 1e4 => format!("{value:.0e}"),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 0.1 => format!("{value:.2}"),
        _ => format!("{value:.0e}"),
    }
}
