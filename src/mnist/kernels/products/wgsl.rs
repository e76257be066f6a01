//! Products in WGSL, made for each shape: every size is a constant, a thread holds a tile of outputs in registers, and
//! there is neither shared memory nor a barrier. A row of pixels is loaded once for all that it is multiplied with,
//! since loads are what a small product costs.

use std::fmt::Write;

use super::shape::{Kind, Product};

/// Threads of a workgroup.
pub(crate) const WORKGROUP: usize = 64;

/// Numbers that a thread adds up in registers, at most.
const HELD: usize = 64;
/// Threads that keep a device busy, where there is a choice.
const BUSY: usize = 1024;
/// Threads of a row of workgroups: WebGPU guarantees 65,535 of them to a dimension.
const ROW: usize = 65535 * WORKGROUP;

impl Product {
    /// Of one example.
    pub(crate) fn input(&self) -> [usize; 3] {
        if self.kind == Kind::Transposed { self.small } else { self.large }
    }

    /// Of one example.
    pub(crate) fn output(&self) -> [usize; 3] {
        if self.kind == Kind::Transposed { self.large } else { self.small }
    }

    /// Numbers of the weight.
    pub(crate) fn weight(&self) -> usize {
        self.large[0] * self.small[0] * self.kernel * self.kernel
    }

    /// Whether the kernels below hold a row of it in registers.
    pub(crate) fn fits(&self) -> bool {
        self.kind == Kind::Dense
            || self.kernel.is_multiple_of(self.stride)
                && self.kernel >= self.stride
                && self.kernel * self.kernel <= HELD
                && self.stride * self.large[2] <= HELD
                && self.small[2] <= HELD
                && self.padding < self.kernel
    }

    /// Of the outputs.
    pub(crate) fn forward(self) -> Kernel {
        match self.kind {
            Kind::Conv => Kernel::Down(self, self.bias),
            Kind::Transposed => Kernel::Up(self, self.bias),
            Kind::Dense => {
                let ([m, k], n) = ([self.n, self.large[0]], self.small[0]);
                let end = if self.bias { End::Add } else { End::Nothing };
                Kernel::Matrix(Matrix { m, n, k, a: [k, 1], b: [n, 1], end })
            }
        }
    }

    /// Of the gradient by the inputs.
    pub(crate) fn to_inputs(self) -> Kernel {
        match self.kind {
            Kind::Conv => Kernel::Up(self, false),
            Kind::Transposed => Kernel::Down(self, false),
            Kind::Dense => {
                let ([m, n], k) = ([self.n, self.large[0]], self.small[0]);
                Kernel::Matrix(Matrix { m, n, k, a: [k, 1], b: [1, k], end: End::Nothing })
            }
        }
    }

    /// Of the gradient by the weight, in as many parts.
    pub(crate) fn to_weight(self) -> (Kernel, usize) {
        if self.kind == Kind::Dense {
            let ([m, n], k) = ([self.large[0], self.small[0]], self.n);
            let end = if self.bias { End::Sum } else { End::Nothing };
            return (Kernel::Matrix(Matrix { m, n, k, a: [1, m], b: [n, 1], end }), 1);
        }
        let threads = self.large[0] * self.small[0] / taps_tile(&self);
        let parts = BUSY.div_ceil(threads).min(self.n);
        // Only the whole of them count.
        let parts = self.n.div_ceil(self.n.div_ceil(parts));
        (Kernel::Taps(self, parts), parts)
    }
}

/// What is done with the sums of [`Matrix`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum End {
    Nothing,
    /// They begin with one number of `bias` for each column.
    Add,
    /// The sum of b over k goes to `bias`.
    Sum,
}

/// c[m, n] = sum over k of a(m, k) b(k, n): steps in memory for m and k, and for k and n.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Matrix {
    m: usize,
    n: usize,
    k: usize,
    a: [usize; 2],
    b: [usize; 2],
    end: End,
}

/// One launch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kernel {
    /// From the large side to the small one: reads x, weight, and bias with `true`.
    Down(Product, bool),
    /// From the small side to the large one, the same.
    Up(Product, bool),
    /// Of large and small to the weight in so many parts, and for a convolution's bias to that.
    Taps(Product, usize),
    /// For each image and channel of the large side the sum of its pixels.
    Planes(Product),
    /// Of matrices: reads a and b.
    Matrix(Matrix),
    /// Adds up parts, `(numbers, parts)` of each.
    Sum([(usize, usize); 2]),
}

/// Largest divisor of `n` that is at most `most`.
fn divisor(n: usize, most: usize) -> usize {
    (1..=most.clamp(1, n)).rev().find(|&d| n.is_multiple_of(d)).unwrap_or(1)
}

/// Channels of a thread that holds so many numbers of each. Twice as many take twice as long to compile and gain
/// nothing that could be measured.
fn tile(channels: usize, each: usize) -> usize {
    divisor(channels, (28 / each).min(4))
}

/// Channels of [`taps`], whose text has a product for each place of the kernel and each pixel of a row.
fn taps_tile(p: &Product) -> usize {
    const WRITTEN: usize = 450;
    let places = p.kernel * p.kernel;
    divisor(p.small[0], (HELD / places).min(WRITTEN / (places * p.small[2])).min(4))
}

impl Matrix {
    /// Rows and columns of a thread.
    fn tile(&self) -> [usize; 2] {
        [self.m.min(4), self.n.min(4)]
    }
}

impl Kernel {
    /// How many threads it is for.
    pub(crate) fn threads(&self) -> usize {
        match self {
            Self::Down(p, _) => p.small[0] / tile(p.small[0], p.small[2]) * p.n * p.small[1],
            Self::Up(p, _) => p.large[0] / tile(p.large[0], p.stride * p.large[2]) * p.n * bases(p),
            Self::Taps(p, parts) => p.large[0] * p.small[0] / taps_tile(p) * parts,
            Self::Planes(p) => p.n * p.large[0],
            Self::Matrix(m) => {
                let [tm, tn] = m.tile();
                m.m.div_ceil(tm) * m.n.div_ceil(tn)
            }
            Self::Sum(all) => all.iter().map(|(numbers, _)| numbers).sum(),
        }
    }

    /// Numbers of each binding, and whether it is written.
    pub(crate) fn bindings(&self) -> Vec<(&'static str, usize, bool)> {
        let mut all = match self {
            Self::Down(p, _) => vec![("x", large(p), false), ("w", p.weight(), false)],
            Self::Up(p, _) => vec![("g", small(p), false), ("w", p.weight(), false)],
            Self::Taps(p, _) => vec![("x", large(p), false), ("g", small(p), false)],
            Self::Planes(p) => vec![("x", large(p), false)],
            Self::Matrix(m) => vec![("a", m.m * m.k, false), ("b", m.k * m.n, false)],
            Self::Sum(_) => Vec::new(),
        };
        match *self {
            Self::Down(p, bias) => {
                all.extend(bias.then_some(("bias", p.small[0], false)));
                all.push(("y", small(&p), true));
            }
            Self::Up(p, bias) => {
                all.extend(bias.then_some(("bias", p.large[0], false)));
                all.push(("y", large(&p), true));
            }
            Self::Taps(p, parts) => {
                all.push(("y", parts * p.weight(), true));
                let bias = p.bias && p.kind == Kind::Conv;
                all.extend(bias.then_some(("bias", parts * p.small[0], true)));
            }
            Self::Planes(p) => all.push(("y", p.n * p.large[0], true)),
            Self::Matrix(m) => {
                let bias = ("bias", m.n, m.end == End::Sum);
                all.extend((m.end == End::Add).then_some(bias));
                all.push(("y", m.m * m.n, true));
                all.extend((m.end == End::Sum).then_some(bias));
            }
            Self::Sum(sums) => {
                let names = [("a", "y"), ("b", "z")];
                let there = || names.into_iter().zip(sums).filter(|(_, (numbers, _))| *numbers > 0);
                all.extend(
                    there().map(|((from, _), (numbers, parts))| (from, numbers * parts, false)),
                );
                all.extend(there().map(|((_, to), (numbers, _))| (to, numbers, true)));
            }
        }
        all
    }

    /// The whole shader.
    pub(crate) fn text(&self) -> String {
        let mut f = Text(String::new());
        for (i, (name, numbers, written)) in self.bindings().into_iter().enumerate() {
            let access = if written { "read_write" } else { "read" };
            f.line(&format!(
                "@group(0) @binding({i}) var<storage, {access}> {name}: array<f32, {numbers}>;"
            ));
        }
        f.line(&format!("@compute @workgroup_size({WORKGROUP})"));
        f.line("fn main(@builtin(global_invocation_id) id: vec3<u32>) {");
        f.line(&format!("let t = id.y * {ROW}u + id.x;"));
        f.line(&format!("if (t >= {}u) {{ return; }}", self.threads()));
        match self {
            Self::Down(p, bias) => down(&mut f, p, *bias),
            Self::Up(p, bias) => up(&mut f, p, *bias),
            Self::Taps(p, parts) => taps(&mut f, p, *parts),
            Self::Planes(p) => {
                let pixels = p.large[1] * p.large[2];
                f.line("var sum = 0.0;");
                f.line(&format!(
                    "for (var i = 0u; i < {pixels}u; i++) {{ sum += x[t * {pixels}u + i]; }}"
                ));
                f.line("y[t] = sum;");
            }
            Self::Matrix(m) => matrix(&mut f, m),
            Self::Sum(sums) => {
                let [(first, _), _] = sums;
                for (i, (numbers, parts)) in sums.iter().enumerate().filter(|(_, s)| s.0 > 0) {
                    let (from, to, at) =
                        [("a", "y", "t".to_owned()), ("b", "z", format!("(t - {first}u)"))][i]
                            .clone();
                    f.line(&if i == 0 {
                        format!("if (t < {first}u) {{")
                    } else {
                        format!("if (t >= {first}u) {{")
                    });
                    f.line("var sum = 0.0;");
                    f.line(&format!("for (var i = 0u; i < {parts}u; i++) {{ sum += {from}[i * {numbers}u + {at}]; }}"));
                    f.line(&format!("{to}[{at}] = sum;\n}}"));
                }
            }
        }
        f.line("}");
        f.0
    }
}

fn large(p: &Product) -> usize {
    p.n * p.large.iter().product::<usize>()
}

fn small(p: &Product) -> usize {
    p.n * p.small.iter().product::<usize>()
}

/// Groups of as many rows as the stride on the large side: all of a group are made of the same rows of the small one.
fn bases(p: &Product) -> usize {
    (p.large[1] - 1 + p.padding) / p.stride + 1
}

struct Text(String);

impl Text {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    /// `sum += terms`, nothing for none.
    fn add(&mut self, sum: &str, terms: &[String]) {
        if !terms.is_empty() {
            writeln!(self.0, "{sum} += {};", terms.join(" + ")).expect("a string takes all");
        }
    }
}

/// A thread: one row of outputs of some channels.
fn down(f: &mut Text, p: &Product, bias: bool) {
    let ([ci, h, w], [co, oh, ow]) = (p.large, p.small);
    let Product { n, kernel: k, stride: s, padding, .. } = *p;
    let channels = tile(co, ow);
    f.line(&format!(
        "let row = t % {oh}u;\nlet image = (t / {oh}u) % {n}u;\nlet c0 = t / {}u * {channels}u;",
        oh * n
    ));
    f.line(&format!("let top = i32(row) * {s} - {padding};\nlet first = max(0, -top);\nlet end = min({k}, {h} - top);"));
    for j in 0..channels {
        let start = if bias { format!("bias[c0 + {j}u]") } else { "0.0".into() };
        for x in 0..ow {
            let start = if x == 0 { start.clone() } else { format!("a{j}_0") };
            f.line(&format!("var a{j}_{x} = {start};"));
        }
    }
    f.line(&format!(
        "for (var ky = first; ky < end; ky++) {{\nvar xi = image * {}u + u32(top + ky) * {w}u;",
        ci * h * w
    ));
    f.line(&format!(
        "var wi = c0 * {}u + u32(ky) * {k}u;\nfor (var c = 0u; c < {ci}u; c++) {{",
        ci * k * k
    ));
    for x in 0..w {
        f.line(&format!("let x{x} = x[xi + {x}u];"));
    }
    for j in 0..channels {
        for kx in 0..k {
            f.line(&format!("let w{j}_{kx} = w[wi + {}u];", j * ci * k * k + kx));
        }
        for x in 0..ow {
            let inside = (0..k).filter(|kx| (padding..w + padding).contains(&(x * s + kx)));
            let terms = inside.map(|kx| format!("w{j}_{kx} * x{}", x * s + kx - padding));
            f.add(&format!("a{j}_{x}"), &terms.collect::<Vec<_>>());
        }
    }
    f.line(&format!("xi += {}u;\nwi += {}u;\n}}\n}}", h * w, k * k));
    f.line(&format!("let out = (image * {co}u + c0) * {}u + row * {ow}u;", oh * ow));
    for j in 0..channels {
        for x in 0..ow {
            f.line(&format!("y[out + {}u] = a{j}_{x};", j * oh * ow + x));
        }
    }
}

/// A thread: a group of rows, see [`bases`], of some channels.
fn up(f: &mut Text, p: &Product, bias: bool) {
    let ([ci, h, w], [co, oh, ow]) = (p.large, p.small);
    let Product { n, kernel: k, stride: s, padding, .. } = *p;
    let (channels, bases) = (tile(ci, s * w), bases(p));
    f.line(&format!("let base = t % {bases}u;\nlet image = (t / {bases}u) % {n}u;\nlet c0 = t / {}u * {channels}u;", bases * n));
    f.line(&format!(
        "let first = u32(max(0, i32(base) - {}));\nlet end = min({}u, base + 1u);",
        oh - 1,
        k / s
    ));
    for j in 0..channels {
        let start = if bias { format!("bias[c0 + {j}u]") } else { "0.0".into() };
        for (phase, x) in (0..s).flat_map(|phase| (0..w).map(move |x| (phase, x))) {
            let start = if phase + x == 0 { start.clone() } else { format!("a{j}_0_0") };
            f.line(&format!("var a{j}_{phase}_{x} = {start};"));
        }
    }
    f.line(&format!(
        "for (var q = first; q < end; q++) {{\nvar gi = image * {}u + (base - q) * {ow}u;",
        co * oh * ow
    ));
    f.line(&format!(
        "var wi = c0 * {}u + q * {}u;\nfor (var c = 0u; c < {co}u; c++) {{",
        k * k,
        s * k
    ));
    for x in 0..ow {
        f.line(&format!("let g{x} = g[gi + {x}u];"));
    }
    for (j, phase) in (0..channels).flat_map(|j| (0..s).map(move |phase| (j, phase))) {
        for kx in 0..k {
            f.line(&format!("let w{j}_{phase}_{kx} = w[wi + {}u];", j * k * k + phase * k + kx));
        }
        for x in 0..w {
            let reach =
                (0..k).filter(|kx| x + padding >= *kx && (x + padding - kx).is_multiple_of(s));
            let inside = reach.map(|kx| (kx, (x + padding - kx) / s)).filter(|(_, at)| *at < ow);
            let terms = inside.map(|(kx, at)| format!("w{j}_{phase}_{kx} * g{at}"));
            f.add(&format!("a{j}_{phase}_{x}"), &terms.collect::<Vec<_>>());
        }
    }
    f.line(&format!("gi += {}u;\nwi += {}u;\n}}\n}}", oh * ow, ci * k * k));
    for phase in 0..s {
        f.line(&format!("let row{phase} = i32(base) * {s} + {phase} - {padding};\nif (row{phase} >= 0 && row{phase} < {h}) {{"));
        f.line(&format!("let out = (image * {ci}u + c0) * {}u + u32(row{phase}) * {w}u;", h * w));
        for (j, x) in (0..channels).flat_map(|j| (0..w).map(move |x| (j, x))) {
            f.line(&format!("y[out + {}u] = a{j}_{phase}_{x};", j * h * w + x));
        }
        f.line("}");
    }
}

/// A thread: all places of the kernel between one channel of the large side and some of the small one, over a part of
/// the images.
fn taps(f: &mut Text, p: &Product, parts: usize) {
    let ([ci, h, w], [co, oh, ow]) = (p.large, p.small);
    let Product { n, kernel: k, stride: s, padding, .. } = *p;
    let channels = taps_tile(p);
    let bias = p.bias && p.kind == Kind::Conv;
    let (groups, images) = (co / channels, n.div_ceil(parts));
    f.line(&format!(
        "let c = t % {ci}u;\nlet o0 = (t / {ci}u) % {groups}u * {channels}u;\nlet part = t / {}u;",
        ci * groups
    ));
    for j in 0..channels {
        for i in 0..k * k {
            f.line(&format!("var a{j}_{i} = 0.0;"));
        }
        if bias {
            f.line(&format!("var b{j} = 0.0;"));
        }
    }
    f.line(&format!(
        "for (var image = part * {images}u; image < min((part + 1u) * {images}u, {n}u); image++) {{"
    ));
    f.line(&format!("for (var row = 0u; row < {oh}u; row++) {{"));
    f.line(&format!("let gi = (image * {co}u + o0) * {}u + row * {ow}u;", oh * ow));
    f.line(&format!("let xi = (image * {ci}u + c) * {}u;", h * w));
    for j in 0..channels {
        for x in 0..ow {
            f.line(&format!("let g{j}_{x} = g[gi + {}u];", j * oh * ow + x));
        }
        if bias {
            f.add(&format!("b{j}"), &(0..ow).map(|x| format!("g{j}_{x}")).collect::<Vec<_>>());
        }
    }
    for ky in 0..k {
        let outside = ky < padding || (oh - 1) * s + ky >= h + padding;
        f.line(&format!("let r{ky} = i32(row) * {s} + {};", ky as i64 - padding as i64));
        f.line(&format!("let in{ky} = r{ky} >= 0 && r{ky} < {h};"));
        f.line(&format!("let at{ky} = xi + u32(clamp(r{ky}, 0, {})) * {w}u;", h - 1));
        for x in 0..w {
            let value = format!("x[at{ky} + {x}u]");
            let value = if outside { format!("select(0.0, {value}, in{ky})") } else { value };
            f.line(&format!("let x{ky}_{x} = {value};"));
        }
        for (j, kx) in (0..channels).flat_map(|j| (0..k).map(move |kx| (j, kx))) {
            let inside = (0..ow).filter(|x| (padding..w + padding).contains(&(x * s + kx)));
            let terms = inside.map(|x| format!("g{j}_{x} * x{ky}_{}", x * s + kx - padding));
            f.add(&format!("a{j}_{}", ky * k + kx), &terms.collect::<Vec<_>>());
        }
    }
    f.line("}\n}");
    f.line(&format!("let out = ((part * {co}u + o0) * {ci}u + c) * {}u;", k * k));
    for (j, i) in (0..channels).flat_map(|j| (0..k * k).map(move |i| (j, i))) {
        f.line(&format!("y[out + {}u] = a{j}_{i};", j * ci * k * k + i));
    }
    if bias {
        f.line("if (c == 0u) {");
        for j in 0..channels {
            f.line(&format!("bias[part * {co}u + o0 + {j}u] = b{j};"));
        }
        f.line("}");
    }
}

/// A thread: a tile of the result.
fn matrix(f: &mut Text, matrix: &Matrix) {
    let &Matrix { m, n, k, a: [am, ak], b: [bk, bn], end } = matrix;
    let [tm, tn] = matrix.tile();
    let columns = n.div_ceil(tn);
    f.line(&format!("let m0 = t / {columns}u * {tm}u;\nlet n0 = t % {columns}u * {tn}u;"));
    // Beyond the edge the last row or column is computed again, and not kept.
    for i in 0..tm {
        let row = if m.is_multiple_of(tm) {
            format!("m0 + {i}u")
        } else {
            format!("min(m0 + {i}u, {}u)", m - 1)
        };
        f.line(&format!("let ra{i} = ({row}) * {am}u;"));
    }
    for j in 0..tn {
        let column = if n.is_multiple_of(tn) {
            format!("n0 + {j}u")
        } else {
            format!("min(n0 + {j}u, {}u)", n - 1)
        };
        f.line(&format!("let c{j} = {column};\nlet rb{j} = c{j} * {bn}u;"));
        for i in 0..tm {
            let start = if end == End::Add { format!("bias[c{j}]") } else { "0.0".into() };
            f.line(&format!("var s{i}_{j} = {start};"));
        }
        if end == End::Sum {
            f.line(&format!("var z{j} = 0.0;"));
        }
    }
    f.line("var ai = 0u;\nvar bi = 0u;");
    f.line(&format!("for (var i = 0u; i < {k}u; i++) {{"));
    for i in 0..tm {
        f.line(&format!("let a{i} = a[ra{i} + ai];"));
    }
    for j in 0..tn {
        f.line(&format!("let b{j} = b[rb{j} + bi];"));
        for i in 0..tm {
            f.line(&format!("s{i}_{j} += a{i} * b{j};"));
        }
        if end == End::Sum {
            f.line(&format!("z{j} += b{j};"));
        }
    }
    f.line(&format!("ai += {ak}u;\nbi += {bk}u;\n}}"));
    for i in 0..tm {
        f.line(&format!("if (m0 + {i}u < {m}u) {{"));
        for j in 0..tn {
            f.line(&format!(
                "if (n0 + {j}u < {n}u) {{ y[(m0 + {i}u) * {n}u + n0 + {j}u] = s{i}_{j}; }}"
            ));
        }
        f.line("}");
    }
    if end == End::Sum {
        for j in 0..tn {
            f.line(&format!("if (m0 == 0u && n0 + {j}u < {n}u) {{ bias[n0 + {j}u] = z{j}; }}"));
        }
    }
}
