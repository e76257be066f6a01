//! A run as a PyTorch script, which loads what [`file`](super::file) writes and goes on training as
//! [`train`](super::train) does.
//!
//! `script.py` holds every line that any settings need, between marks that say which; what is written is only what the
//! present ones need, so that it can be read. It draws noise, dropout and the order of images by itself; all else is
//! the same, and `tests/code.rs` holds our step to the one that PyTorch took. Where `torch.optim` and `torch.nn` differ
//! from us the script has the formula: a rate that changes under a momentum, Adam under a momentum that changes, and
//! spectral normalisation with one power iteration for each step of D.
//! R1 is exact in it, and a central difference in ours: for a smooth D they agree to about 1e-4. For one with relu, maxout
//! or pooling they do not, since the difference also sees the kinks between its two ends.

use super::nets::layer::Shape3;
use super::nets::{Activation, Convolution, Layer, Network, Preset};
use super::train::loss::Loss;
use super::train::optimiser::OptimiserKind;
use super::train::{Order, Settings};

const TEMPLATE: &str = include_str!("script.py");
/// Of a line that lets what follows in, or ends it.
const MARK: &str = "#: ";

/// The script for these settings: Python 3.9 or later, PyTorch 2, safetensors.
pub fn pytorch(settings: &Settings) -> String {
    let s = settings;
    let pair = s.networks();
    let networks = [&pair.generator, &pair.discriminator];
    let in_turn = s.order == Order::InTurn;
    let alone = if in_turn { s.k } else { s.k - 1 };
    let kinds = [s.optimiser_d, s.optimiser_g];
    let uses = |kind| kinds.contains(&kind);
    let grows = grows(s, s.momentum_d, s.optimiser_d) || grows(s, s.momentum_g, s.optimiser_g);
    let any = |wanted: fn(&Layer) -> bool| networks.iter().any(|n| n.layers().iter().any(wanted));
    let call = s.spectral_norm || s.batch_norm && alone > 0;
    let flags = [
        ("adam", uses(OptimiserKind::Adam)),
        ("alone", alone > 0),
        ("average", s.ema > 0.0),
        ("batch-norm", s.batch_norm),
        ("call", call),
        ("dropout", any(|layer| matches!(layer, Layer::Dropout { .. }))),
        ("each", any(|layer| module(layer, [1; 3]).starts_with("Each"))),
        ("grows", grows),
        ("half-life", s.half_life > 0),
        ("in-turn", in_turn),
        ("memory", kinds.iter().any(|kind| !kind.memory().is_empty())),
        ("momenta", kinds.iter().any(|&kind| kind != OptimiserKind::Sgd)),
        ("momentum", uses(OptimiserKind::Momentum)),
        ("nesterov", uses(OptimiserKind::Nesterov)),
        ("one", s.batch_norm && s.batch == 1),
        ("r1", s.r1 > 0.0),
        ("sgd", uses(OptimiserKind::Sgd)),
        ("spectral", s.spectral_norm),
    ];
    let modules = match (s.ema > 0.0, uses(OptimiserKind::Adam)) {
        (true, true) => "copy, gzip, re, struct, sys",
        (true, false) => "copy, gzip, re, sys",
        (false, true) => "gzip, re, struct, sys",
        (false, false) => "gzip, re, sys",
    };
    let judge = if s.spectral_norm { "functional_call(D, used, " } else { "D(" };
    let (r1_takes, plus_r1) = match (s.r1 > 0.0, s.spectral_norm) {
        (false, _) => ("", ""),
        (true, false) => ("real", " + r1(real)"),
        (true, true) => ("real, used", " + r1(real, used)"),
    };
    let (prior, noise) = prior(s.preset, pair.latent);
    let (loss_d, loss_g) = losses(s);
    let values = [
        ("activation_d", s.activation_d.name().into()),
        ("activation_g", s.activation_g.name().into()),
        ("batch", s.batch.to_string()),
        ("batch_norm", s.batch_norm.to_string()),
        ("class_d", class(s.optimiser_d).into()),
        ("class_g", class(s.optimiser_g).into()),
        ("discriminator", layers(&pair.discriminator)),
        ("ema", s.ema.to_string()),
        ("generator", layers(&pair.generator)),
        ("half_life", s.half_life.to_string()),
        ("judge", judge.into()),
        ("k", s.k.to_string()),
        ("less", if in_turn { "" } else { " - 1" }.into()),
        ("loss_d", loss_d),
        ("loss_g", loss_g.into()),
        ("modules", modules.into()),
        ("momentum_d", s.momentum_d.to_string()),
        ("momentum_g", s.momentum_g.to_string()),
        ("noise", noise),
        ("pace_d", pace(s, "d", s.optimiser_d, s.momentum_d)),
        ("pace_g", pace(s, "g", s.optimiser_g, s.momentum_g)),
        ("plus_r1", plus_r1.into()),
        ("preset", s.preset.name().into()),
        ("prior", prior.into()),
        ("r1", s.r1.to_string()),
        ("r1_takes", r1_takes.into()),
        ("rate_d", s.rate_d.to_string()),
        ("rate_g", s.rate_g.to_string()),
        ("real", if grows { "real, epoch" } else { "real" }.into()),
        ("seed", s.seed.to_string()),
        ("shown", if s.ema > 0.0 { "average" } else { "G" }.into()),
        ("spectral_norm", s.spectral_norm.to_string()),
    ];
    fill(&choose(TEMPLATE, &flags), &values)
}

/// The lines between marks that hold: `#: flag`, `#: else`, `#: end`, nested.
///
/// # Panics
/// If the template names a flag that there is not, or its marks do not pair.
fn choose(template: &str, flags: &[(&str, bool)]) -> String {
    let mut text = String::new();
    let mut open: Vec<bool> = Vec::new();
    for line in template.lines() {
        match line.strip_prefix(MARK) {
            Some("end") => drop(open.pop().expect("a mark to end")),
            Some("else") => {
                let holds = open.last_mut().expect("a mark before else");
                *holds = !*holds;
            }
            Some(name) => {
                let flag = flags.iter().find(|(flag, _)| *flag == name);
                open.push(flag.expect("a known flag").1);
            }
            None if open.iter().all(|&holds| holds) => {
                text.push_str(line);
                text.push('\n');
            }
            None => (),
        }
    }
    assert!(open.is_empty(), "a mark without an end");
    text
}

/// `$(name)` by its value.
fn fill(text: &str, values: &[(&str, String)]) -> String {
    let filled = values
        .iter()
        .fold(text.to_owned(), |text, (name, value)| text.replace(&format!("$({name})"), value));
    assert!(!filled.contains("$("), "a value that the template asks for is missing");
    filled
}

/// Whether this player's momentum changes with the epochs; see [`Settings::momentum_at`].
fn grows(s: &Settings, momentum: f32, kind: OptimiserKind) -> bool {
    kind != OptimiserKind::Sgd && s.momentum_at(momentum, f64::INFINITY) != momentum
}

fn class(kind: OptimiserKind) -> &'static str {
    match kind {
        OptimiserKind::Sgd => "Sgd",
        OptimiserKind::Momentum => "Momentum",
        OptimiserKind::Nesterov => "Nesterov",
        OptimiserKind::Adam => "Adam",
    }
}

/// What a step of an optimiser is told besides the gradients.
fn pace(s: &Settings, player: &str, kind: OptimiserKind, momentum: f32) -> String {
    let mut text = format!("rate_{player}");
    if s.half_life > 0 {
        text += " * decay";
    }
    if grows(s, momentum, kind) {
        text += &format!(", grown(momentum_{player}, epoch)");
    } else if kind != OptimiserKind::Sgd {
        text += &format!(", momentum_{player}");
    }
    text
}

/// Of D, then of G.
fn losses(s: &Settings) -> (String, &'static str) {
    let smoothing = s.smoothing;
    let cross = "F.softplus(-on_real).mean() + F.softplus(on_fake).mean()";
    let of_d = match (s.loss, smoothing > 0.0) {
        (Loss::LeastSquares, false) => {
            "((on_real.sigmoid() - 1).square().mean() + on_fake.sigmoid().square().mean()) / 2"
                .into()
        }
        (Loss::LeastSquares, true) => format!(
            "((on_real.sigmoid() - (1 - {smoothing})).square().mean() + on_fake.sigmoid().square().mean()) / 2"
        ),
        (_, false) => format!("{cross}  # -log D(x) - log(1 - D(G(z)))"),
        // (1 - s) log D + s log(1 - D) = log D - s l
        (_, true) => format!(
            "{cross} + {smoothing} * on_real.mean()  # D's aim on real images is 1 - {smoothing}"
        ),
    };
    let of_g = match s.loss {
        Loss::Minimax => "-F.softplus(on_fake).mean()  # log(1 - D(G(z)))",
        Loss::NonSaturating => "F.softplus(-on_fake).mean()  # -log D(G(z))",
        Loss::LeastSquares => "(on_fake.sigmoid() - 1).square().mean() / 2",
    };
    (of_d, of_g)
}

/// p_z in words and as code.
fn prior(preset: Preset, latent: usize) -> (&'static str, String) {
    match preset {
        Preset::Compact | Preset::Tiny => ("standard normal", format!("torch.randn(n, {latent})")),
        Preset::Article => ("uniform on (-1, 1)", format!("2 * torch.rand(n, {latent}) - 1")),
        Preset::Paper => {
            ("uniform with variance 1", format!("(2 * torch.rand(n, {latent}) - 1) * 3 ** 0.5"))
        }
    }
}

/// Its layers, one line for each that has weights and what follows it.
fn layers(network: &Network) -> String {
    const WIDTH: usize = 108;
    let mut lines: Vec<String> = Vec::new();
    for (layer, input) in network.layers().iter().zip(network.shapes()) {
        let text = module(layer, input);
        let learns = !matches!(layer, Layer::BatchNorm { .. }) && !layer.parameters().is_empty();
        match lines.last_mut() {
            Some(line) if !learns && line.len() + text.len() < WIDTH => {
                *line += &format!(" {text},");
            }
            _ => lines.push(format!("    {text},")),
        }
    }
    lines.join("\n")
}

fn module(layer: &Layer, input: Shape3) -> String {
    match layer {
        Layer::Dense { inputs, outputs, bias, .. } => {
            let [_, height, width] = input;
            let flatten = if height * width > 1 { "nn.Flatten(), " } else { "" };
            format!("{flatten}nn.Linear({inputs}, {outputs}{})", without(*bias))
        }
        Layer::Conv(c) => convolution("Conv2d", c),
        Layer::ConvTranspose(c) => convolution("ConvTranspose2d", c),
        Layer::BatchNorm { channels } => {
            let [_, height, width] = input;
            format!("nn.BatchNorm{}d({channels})", if height * width > 1 { 2 } else { 1 })
        }
        Layer::Activation(Activation::Relu) => "nn.ReLU()".into(),
        Layer::Activation(Activation::LeakyRelu) => "nn.LeakyReLU(0.2)".into(),
        Layer::Activation(Activation::Tanh) => "nn.Tanh()".into(),
        Layer::Activation(Activation::Sigmoid) => "nn.Sigmoid()".into(),
        Layer::Activation(maxout @ Activation::Maxout) => {
            format!("Each(lambda x: x.unflatten(1, ({}, -1)).max(1).values)", maxout.pieces())
        }
        Layer::Upsample => "nn.Upsample(scale_factor=2)".into(),
        Layer::MaxPool => "nn.MaxPool2d(2)".into(),
        Layer::Affine { scale, shift } => {
            let sign = if *shift < 0.0 { '-' } else { '+' };
            format!("Each(lambda x: {scale} * x {sign} {})", shift.abs())
        }
        // To three places: 1 - 0.8 is 0.19999999 in single precision.
        Layer::Dropout { keep } => {
            format!("nn.Dropout({})", (1000.0 * (1.0 - keep)).round() / 1000.0)
        }
        Layer::Reshape([channels, height, width]) => {
            format!("nn.Unflatten(1, ({channels}, {height}, {width}))")
        }
    }
}

fn convolution(name: &str, c: &Convolution) -> String {
    let mut text = format!("nn.{name}({}, {}, {}", c.inputs, c.outputs, c.kernel);
    if c.stride > 1 {
        text += &format!(", stride={}", c.stride);
    }
    if c.padding > 0 {
        text += &format!(", padding={}", c.padding);
    }
    text + without(c.bias) + ")"
}

fn without(bias: bool) -> &'static str {
    if bias { "" } else { ", bias=False" }
}
