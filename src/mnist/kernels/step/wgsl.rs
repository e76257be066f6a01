//! What a step does besides products, in WGSL: a launch or two each, every size a constant.

use super::curve::Curve;

/// Added to a variance before its root.
const EPSILON: &str = "1e-5";
/// Parts of what is added up over a whole vector.
pub(crate) const SUMS: usize = 512;
/// Numbers of a step that a kernel reads.
const BY: usize = 8;
/// Threads that keep a device busy.
const BUSY: usize = 1024;
/// Threads of a row of workgroups.
const ROW: usize = 65535 * 64;
/// Tensors that one launch can gather: WebGPU guarantees eight buffers, and one is written.
pub(crate) const GATHERED: usize = 7;

/// Batch normalisation of `[n, channels, pixels]` and what comes behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Norm {
    pub n: usize,
    pub channels: usize,
    /// Of one channel of one example.
    pub pixels: usize,
    pub curve: Curve,
}

impl Norm {
    /// Examples of one part, whose sums are taken by one thread for each channel.
    fn part(self) -> usize {
        self.n.div_ceil(BUSY.div_ceil(self.channels).min(self.n))
    }

    pub(super) fn parts(self) -> usize {
        self.n.div_ceil(self.part())
    }

    /// Channels as they lie in vectors whose pieces begin at multiples of 256 bytes.
    pub(crate) fn row(self) -> usize {
        self.channels.next_multiple_of(64)
    }

    /// Examples of which one thread makes a channel.
    fn block(self) -> usize {
        if self.pixels == 1 { self.n } else { 1 }
    }
}

/// Vectors that are joined, each followed by zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Gather {
    /// Numbers of each, and numbers with the zeros behind them; 0 of what is not there.
    pub each: [(usize, usize); GATHERED],
    /// Where the first of them goes.
    pub at: usize,
}

impl Gather {
    pub(super) fn count(&self) -> usize {
        self.each.iter().filter(|(_, room)| *room > 0).count()
    }
}

/// One launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kernel {
    /// Reads a gradient and the numbers of the step; changes parameters, mean and square.
    Adam(usize),
    /// Likewise; changes parameters and velocity.
    Velocity(usize, bool),
    /// Likewise; changes parameters.
    Descend(usize),
    /// Reads the new and what is kept of the old; changes the old.
    Blend(usize),
    /// Reads x.
    Curve(usize, Curve),
    /// Reads its result and the gradient by that.
    CurveBack(usize, Curve),
    /// Reads x; writes mean and squares of each part and channel.
    NormParts(Norm),
    /// Reads x, scale, shift and parts; writes the result, then mean, variance and unbiased variance.
    Norm(Norm),
    /// Reads g, x, the result and the statistics; writes sums of each part and channel.
    NormBackParts(Norm),
    /// Reads g, x, the result, scale, statistics and parts; writes the gradients by x, and by scale and shift.
    NormBack(Norm),
    /// Reads what is joined.
    Gather(Gather),
    /// Reads the logits, so many real and so many generated ones.
    Loss([usize; 2]),
    /// Reads them and the gradient by the loss.
    LossBack([usize; 2]),
    /// Reads a vector, writes sums of its squares.
    Squares(usize),
    /// Reads these, writes the mean of the squares of so many numbers.
    MeanSquare(usize),
}

/// Of the result of x.
fn curve(by: Curve) -> &'static str {
    match by {
        Curve::Nothing => "v = x;",
        Curve::Relu => "v = select(x, 0.0, x < 0.0);",
        Curve::Leaky => "v = select(x, 0.2 * x, x < 0.0);",
        Curve::Tanh => {
            "let e = exp(-2.0 * abs(x));\nlet size = (1.0 - e) / (1.0 + e);\nv = select(size, -size, x < 0.0);"
        }
        Curve::Sigmoid => "let e = exp(-abs(x));\nv = select(1.0, e, x < 0.0) / (1.0 + e);",
    }
}

/// The gradient by x from that by the result `v`.
fn curve_back(by: Curve) -> &'static str {
    match by {
        Curve::Nothing => "d",
        Curve::Relu => "select(d, 0.0, v <= 0.0)",
        Curve::Leaky => "select(d, 0.2 * d, v < 0.0)",
        Curve::Tanh => "d * (1.0 - v * v)",
        Curve::Sigmoid => "d * v * (1.0 - v)",
    }
}

/// a log(1 + e^-l) + b log(1 + e^l) + c (sigmoid(l) - target)^2 / 2, the four of real logits before those of
/// generated ones.
const LOSS: &str = "\
fn value(l: f32, w: vec4<f32>) -> f32 {
let e = exp(-abs(l));
let near = log(1.0 + e);
let p = select(1.0, e, l < 0.0) / (1.0 + e);
return w.x * (max(-l, 0.0) + near) + w.y * (max(l, 0.0) + near) + 0.5 * w.z * (p - w.w) * (p - w.w);
}
";
const SLOPE: &str = "\
fn slope(l: f32, w: vec4<f32>) -> f32 {
let e = exp(-abs(l));
let p = select(1.0, e, l < 0.0) / (1.0 + e);
let q = select(e, 1.0, l < 0.0) / (1.0 + e);
return -w.x * q + w.y * p + w.z * (p - w.w) * p * q;
}
";

impl Kernel {
    pub(crate) fn threads(&self) -> usize {
        match *self {
            Self::Adam(all) | Self::Velocity(all, _) => all,
            Self::Descend(all) | Self::Blend(all) => all,
            Self::Curve(all, _) | Self::CurveBack(all, _) => all,
            Self::NormParts(norm) | Self::NormBackParts(norm) => norm.channels * norm.parts(),
            Self::Norm(norm) | Self::NormBack(norm) => norm.channels * (norm.n / norm.block()),
            Self::Gather(gather) => gather.each.iter().map(|(_, room)| room).sum(),
            Self::Loss(_) | Self::MeanSquare(_) => 1,
            Self::LossBack([real, fake]) => real + fake,
            Self::Squares(_) => SUMS,
        }
    }

    /// Name and numbers of what is read, then of what is written.
    pub(crate) fn bindings(&self) -> [Vec<(String, usize)>; 2] {
        let names = |all: &[(&str, usize)]| {
            all.iter().map(|&(name, numbers)| (name.to_owned(), numbers)).collect::<Vec<_>>()
        };
        type Names<'a> = &'a [(&'a str, usize)];
        let (read, written): (Names<'_>, Names<'_>) = match *self {
            Self::Adam(n) => (&[("g", n), ("by", BY)], &[("p", n), ("m", n), ("s", n)]),
            Self::Velocity(n, _) => (&[("g", n), ("by", BY)], &[("p", n), ("m", n)]),
            Self::Descend(n) => (&[("g", n), ("by", BY)], &[("p", n)]),
            Self::Blend(n) => (&[("fresh", n), ("by", BY)], &[("y", n)]),
            Self::Curve(n, _) => (&[("a", n)], &[("y", n)]),
            Self::CurveBack(n, _) => (&[("y", n), ("g", n)], &[("dx", n)]),
            Self::NormParts(norm) => {
                (&[("a", norm.all())], &[("sums", 2 * norm.channels * norm.parts())])
            }
            Self::Norm(norm) => (
                &[
                    ("a", norm.all()),
                    ("scale", norm.channels),
                    ("shift", norm.channels),
                    ("sums", 2 * norm.channels * norm.parts()),
                ],
                &[("y", norm.all()), ("stats", 3 * norm.row())],
            ),
            Self::NormBackParts(norm) => (
                &[
                    ("g", norm.all()),
                    ("a", norm.all()),
                    ("y", norm.all()),
                    ("stats", 3 * norm.row()),
                ],
                &[("sums", 2 * norm.channels * norm.parts())],
            ),
            Self::NormBack(norm) => (
                &[
                    ("g", norm.all()),
                    ("a", norm.all()),
                    ("y", norm.all()),
                    ("scale", norm.channels),
                    ("stats", 3 * norm.row()),
                    ("sums", 2 * norm.channels * norm.parts()),
                ],
                &[("dx", norm.all()), ("dscale", 2 * norm.row())],
            ),
            Self::Gather(gather) => {
                let there = gather.each.iter().take(gather.count()).enumerate();
                let read = there.map(|(i, (numbers, _))| (format!("a{i}"), *numbers)).collect();
                let end = gather.at + gather.each.iter().map(|(_, room)| room).sum::<usize>();
                return [read, names(&[("y", end)])];
            }
            Self::Loss([real, fake]) => (&[("logits", real + fake)], &[("y", 1)]),
            Self::LossBack([real, fake]) => {
                (&[("logits", real + fake), ("g", 1)], &[("y", real + fake)])
            }
            Self::Squares(n) => (&[("a", n)], &[("y", SUMS)]),
            Self::MeanSquare(_) => (&[("a", SUMS)], &[("y", 1)]),
        };
        [names(read), names(written)]
    }

    /// Whether it reads numbers that change from launch to launch.
    fn is_told(&self) -> bool {
        matches!(self, Self::Loss(_) | Self::LossBack(_))
    }

    pub(crate) fn text(&self) -> String {
        let [read, written] = self.bindings();
        let reads = read.len();
        let mut text = String::new();
        for (i, (name, numbers)) in read.iter().chain(&written).enumerate() {
            let access = if i < reads { "read" } else { "read_write" };
            text += &format!(
                "@group(0) @binding({i}) var<storage, {access}> {name}: array<f32, {numbers}>;\n"
            );
        }
        if self.is_told() {
            let last = reads + written.len();
            text += &format!("@group(0) @binding({last}) var<uniform> by: array<vec4<f32>, 2>;\n");
        }
        match self {
            Self::Loss(_) => text += LOSS,
            Self::LossBack(_) => text += SLOPE,
            _ => {}
        }
        text += "@compute @workgroup_size(64)\nfn main(@builtin(global_invocation_id) id: vec3<u32>) {\n";
        text += &format!(
            "let t = id.y * {ROW}u + id.x;\nif (t >= {}u) {{ return; }}\n",
            self.threads()
        );
        text + &self.body() + "\n}\n"
    }

    fn body(&self) -> String {
        match *self {
            Self::Adam(_) => "\
let mean = m[t] * by[0] + g[t] * by[1];
let square = s[t] * by[2] + g[t] * g[t] * by[3];
m[t] = mean;
s[t] = square;
p[t] -= mean * by[4] / (sqrt(square) + by[5]);"
                .into(),
            Self::Velocity(_, ahead) => {
                let step = if ahead { "v * by[1] - down" } else { "v" };
                format!(
                    "let down = g[t] * by[0];\nlet v = m[t] * by[1] - down;\n\
                     m[t] = v;\np[t] += {step};"
                )
            }
            Self::Descend(_) => "p[t] -= g[t] * by[0];".into(),
            Self::Blend(_) => {
                "y[t] = select(fresh[t], y[t] * by[0] + fresh[t] * by[1], by[0] > 0.0);".into()
            }
            Self::Curve(_, by) => {
                format!("let x = a[t];\nvar v: f32;\n{}\ny[t] = v;", curve(by))
            }
            Self::CurveBack(_, by) => {
                format!("let v = y[t];\nlet d = g[t];\ndx[t] = {};", curve_back(by))
            }
            Self::NormParts(norm) => norm.sums(),
            Self::Norm(norm) => norm.apply(),
            Self::NormBackParts(norm) => norm.sums_back(),
            Self::NormBack(norm) => norm.apply_back(),
            Self::Gather(Gather { each, at }) => {
                let mut text = "var v = 0.0;\n".to_owned();
                let mut start = 0;
                for (i, (numbers, room)) in each.into_iter().enumerate().filter(|(_, e)| e.1 > 0) {
                    text += &format!(
                        "if (t >= {start}u && t < {}u) {{ v = a{i}[t - {start}u]; }}\n",
                        start + numbers
                    );
                    start += room;
                }
                text + &format!("y[{at}u + t] = v;")
            }
            Self::Loss([real, fake]) => {
                let part = |from: usize, n: usize, by: usize| match n {
                    0 => String::new(),
                    _ => format!(
                        "sum = 0.0;\nfor (var i = {from}u; i < {}u; i++) {{ sum += value(logits[i], by[{by}]); }}\nall += sum / {n}.0;\n",
                        from + n
                    ),
                };
                let parts = part(0, real, 0) + &part(real, fake, 1);
                format!("var all = 0.0;\nvar sum = 0.0;\n{parts}y[0] = all;")
            }
            Self::LossBack([real, fake]) => format!(
                "let is_real = t < {real}u;\nlet w = select(by[1], by[0], is_real);\n\
                 y[t] = g[0] * slope(logits[t], w) / select({}.0, {}.0, is_real);",
                fake.max(1),
                real.max(1)
            ),
            Self::Squares(n) => format!(
                "var sum = 0.0;\nfor (var i = t; i < {n}u; i += {SUMS}u) {{ sum += a[i] * a[i]; }}\ny[t] = sum;"
            ),
            Self::MeanSquare(n) => format!(
                "var sum = 0.0;\nfor (var i = 0u; i < {SUMS}u; i++) {{ sum += a[i]; }}\ny[0] = sum / {n}.0;"
            ),
        }
    }
}

impl Norm {
    fn all(self) -> usize {
        self.n * self.channels * self.pixels
    }

    /// A loop over all numbers of a thread's part, at `i`.
    fn over_part(self, inner: &str) -> String {
        let Self { n, channels, pixels, .. } = self;
        format!(
            "for (var image = first; image < min(first + {}u, {n}u); image++) {{\n\
             let start = (image * {channels}u + c) * {pixels}u;\n\
             for (var i = start; i < start + {pixels}u; i++) {{ {inner} }}\n}}\n",
            self.part()
        )
    }

    fn sums(self) -> String {
        let Self { n, channels, pixels, .. } = self;
        let part = self.part();
        format!(
            "let c = t % {channels}u;\nlet first = t / {channels}u * {part}u;\n\
             let count = f32((min(first + {part}u, {n}u) - first) * {pixels}u);\n\
             var sum = 0.0;\n{}let mean = sum / count;\nvar square = 0.0;\n{}\
             sums[2u * t] = mean;\nsums[2u * t + 1u] = square;",
            self.over_part("sum += a[i];"),
            self.over_part("let away = a[i] - mean; square += away * away;"),
        )
    }

    /// Means of the parts are joined to that of all, their squares by the distances between them.
    fn apply(self) -> String {
        let Self { n, channels, pixels, curve: by, .. } = self;
        let (part, parts, block, row) = (self.part(), self.parts(), self.block(), self.row());
        let all = n * pixels;
        let over_parts = |inner: &str| {
            format!(
                "for (var part = 0u; part < {parts}u; part++) {{\n\
                 let count = f32((min((part + 1u) * {part}u, {n}u) - part * {part}u) * {pixels}u);\n\
                 let at = 2u * (part * {channels}u + c);\n{inner}\n}}\n"
            )
        };
        format!(
            "let c = t % {channels}u;\nlet first = t / {channels}u * {block}u;\nvar mean = 0.0;\n{}\
             mean = mean / {all}.0;\nvar square = 0.0;\n{}let variance = square / {all}.0;\n\
             if (first == 0u) {{\nstats[c] = mean;\nstats[{row}u + c] = variance;\n\
             stats[{}u + c] = square / {}.0;\n}}\n\
             let size = sqrt(variance + {EPSILON});\nlet up = scale[c];\nlet along = shift[c];\n\
             for (var image = first; image < first + {block}u; image++) {{\n\
             let start = (image * {channels}u + c) * {pixels}u;\n\
             for (var i = start; i < start + {pixels}u; i++) {{\n\
             let x = (a[i] - mean) / size * up + along;\nvar v: f32;\n{}\ny[i] = v;\n}}\n}}",
            over_parts("mean += count * sums[at];"),
            over_parts(
                "let away = sums[at] - mean; square += sums[at + 1u] + count * away * away;"
            ),
            2 * row,
            (all - 1).max(1),
            curve(by),
        )
    }

    fn before(self) -> String {
        let row = self.row();
        format!("let mean = stats[c];\nlet size = 1.0 / sqrt(stats[{row}u + c] + {EPSILON});\n")
    }

    fn sums_back(self) -> String {
        let Self { channels, curve: by, .. } = self;
        let inner = format!(
            "let v = y[i]; let d = g[i]; let down = {}; \
             sum += down; along += down * ((a[i] - mean) * size);",
            curve_back(by)
        );
        format!(
            "let c = t % {channels}u;\nlet first = t / {channels}u * {}u;\n{}var sum = 0.0;\nvar along = 0.0;\n{}\
             sums[2u * t] = sum;\nsums[2u * t + 1u] = along;",
            self.part(),
            self.before(),
            self.over_part(&inner),
        )
    }

    fn apply_back(self) -> String {
        let Self { n, channels, pixels, curve: by, .. } = self;
        let (parts, block, row) = (self.parts(), self.block(), self.row());
        let all = n * pixels;
        format!(
            "let c = t % {channels}u;\nlet first = t / {channels}u * {block}u;\n{}\
             var sum = 0.0;\nvar along = 0.0;\nfor (var part = 0u; part < {parts}u; part++) {{\n\
             let at = 2u * (part * {channels}u + c);\nsum += sums[at];\nalong += sums[at + 1u];\n}}\n\
             if (first == 0u) {{\ndscale[c] = along;\ndscale[{row}u + c] = sum;\n}}\n\
             let up = scale[c] * size;\nlet level = sum / {all}.0;\nlet rise = along / {all}.0;\n\
             for (var image = first; image < first + {block}u; image++) {{\n\
             let start = (image * {channels}u + c) * {pixels}u;\n\
             for (var i = start; i < start + {pixels}u; i++) {{\n\
             let v = y[i];\nlet d = g[i];\nlet down = {};\n\
             dx[i] = up * (down - level - (a[i] - mean) * size * rise);\n}}\n}}",
            self.before(),
            curve_back(by),
        )
    }
}
