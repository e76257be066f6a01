//! Prints kernels as JSON, for each line on stdin: those of a product, `kind n ci h w co oh ow k s p bias`, or others
//! of a step, `curve|curve-back numbers curve`, `norm n channels pixels curve`, `gather at (numbers room)...`, `loss real
//! fake`, `squares|adam|momentum|nesterov|sgd|blend numbers`.

#[allow(dead_code, reason = "the module is written for the program")]
#[path = "../../../src/mnist/kernels/products/shape.rs"]
mod shape;
#[allow(dead_code, reason = "the module is written for the program")]
#[path = "../../../src/mnist/kernels/products/wgsl.rs"]
mod wgsl;

#[allow(dead_code, reason = "the module is written for the program")]
#[path = "../../../src/mnist/kernels/step"]
mod step {
    pub(crate) mod curve;
    pub(crate) mod wgsl;
}

use shape::{Kind, Product};
use step::curve::Curve;
use step::wgsl::{GATHERED, Gather, Kernel as Step, Norm};
use wgsl::Kernel;

fn kernel(kernel: &Kernel) -> String {
    let sizes: Vec<_> =
        kernel.bindings().into_iter().map(|(name, n, _)| format!("[{name:?}, {n}]")).collect();
    let (text, threads) = (kernel.text(), kernel.threads());
    format!("{{\"text\": {text:?}, \"threads\": {threads}, \"bindings\": [{}]}}", sizes.join(", "))
}

fn steps(kind: &str, v: &[usize]) -> Option<Vec<Step>> {
    let curve =
        |at: usize| [Curve::Nothing, Curve::Relu, Curve::Leaky, Curve::Tanh, Curve::Sigmoid][v[at]];
    Some(match kind {
        "curve" => vec![Step::Curve(v[0], curve(1)), Step::CurveBack(v[0], curve(1))],
        "norm" => {
            let norm = Norm { n: v[0], channels: v[1], pixels: v[2], curve: curve(3) };
            vec![
                Step::NormParts(norm),
                Step::Norm(norm),
                Step::NormBackParts(norm),
                Step::NormBack(norm),
            ]
        }
        "gather" => {
            let mut each = [(0, 0); GATHERED];
            for (place, pair) in each.iter_mut().zip(v[1..].chunks(2)) {
                *place = (pair[0], pair[1]);
            }
            vec![Step::Gather(Gather { each, at: v[0] })]
        }
        "loss" => vec![Step::Loss([v[0], v[1]]), Step::LossBack([v[0], v[1]])],
        "squares" => vec![Step::Squares(v[0]), Step::MeanSquare(v[0])],
        "adam" => vec![Step::Adam(v[0])],
        "momentum" => vec![Step::Velocity(v[0], false)],
        "nesterov" => vec![Step::Velocity(v[0], true)],
        "sgd" => vec![Step::Descend(v[0])],
        "blend" => vec![Step::Blend(v[0])],
        _ => return None,
    })
}

fn step(kernel: &Step) -> String {
    let [read, written] = kernel.bindings();
    let list = |all: Vec<(String, usize)>| {
        let each: Vec<_> = all.iter().map(|(name, n)| format!("[{name:?}, {n}]")).collect();
        each.join(", ")
    };
    let (text, threads) = (kernel.text(), kernel.threads());
    let (read, written) = (list(read), list(written));
    format!(
        "{{\"text\": {text:?}, \"threads\": {threads}, \"read\": [{read}], \"written\": [{written}]}}"
    )
}

fn main() {
    for line in std::io::stdin().lines() {
        let line = line.expect("text");
        let (kind, rest) = line.split_once(' ').expect("a kind and numbers");
        let v: Vec<usize> = rest.split(' ').map(|n| n.parse().expect("a number")).collect();
        if let Some(kernels) = steps(kind, &v) {
            println!("[{}]", kernels.iter().map(step).collect::<Vec<_>>().join(", "));
            continue;
        }
        let kind = match kind {
            "conv" => Kind::Conv,
            "transposed" => Kind::Transposed,
            _ => Kind::Dense,
        };
        let p = Product {
            kind,
            n: v[0],
            large: [v[1], v[2], v[3]],
            small: [v[4], v[5], v[6]],
            kernel: v[7],
            stride: v[8],
            padding: v[9],
            bias: v[10] == 1,
        };
        let (taps, parts) = p.to_weight();
        // A transposed convolution's bias: a part for each image.
        let bias_parts = if kind == Kind::Transposed { p.n } else { parts };
        let weight = Kernel::Sum([(p.weight(), parts), (0, 0)]);
        let both = Kernel::Sum([(p.weight(), parts), (p.output()[0], bias_parts)]);
        println!(
            "{{\"fits\": {}, \"parts\": {parts}, \"forward\": {}, \"toInputs\": {}, \"toWeight\": {}, \"planes\": {}, \"sum\": {{\"weight\": {}, \"both\": {}}}}}",
            p.fits(),
            kernel(&p.forward()),
            kernel(&p.to_inputs()),
            kernel(&taps),
            kernel(&Kernel::Planes(p)),
            kernel(&weight),
            kernel(&both),
        );
    }
}
