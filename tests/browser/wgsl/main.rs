//! Prints the kernels of products as JSON: one product a line on stdin, `kind n ci h w co oh ow k s p bias`.

#[allow(dead_code, reason = "the module is written for the program")]
#[path = "../../../src/mnist/kernels/products/shape.rs"]
mod shape;
#[allow(dead_code, reason = "the module is written for the program")]
#[path = "../../../src/mnist/kernels/products/wgsl.rs"]
mod wgsl;

use shape::{Kind, Product};
use wgsl::Kernel;

fn kernel(kernel: &Kernel) -> String {
    let sizes: Vec<_> =
        kernel.bindings().into_iter().map(|(name, n, _)| format!("[{name:?}, {n}]")).collect();
    let (text, threads) = (kernel.text(), kernel.threads());
    format!("{{\"text\": {text:?}, \"threads\": {threads}, \"bindings\": [{}]}}", sizes.join(", "))
}

fn main() {
    for line in std::io::stdin().lines() {
        let line = line.expect("text");
        let (kind, rest) = line.split_once(' ').expect("a kind and numbers");
        let kind = match kind {
            "conv" => Kind::Conv,
            "transposed" => Kind::Transposed,
            _ => Kind::Dense,
        };
        let v: Vec<usize> = rest.split(' ').map(|n| n.parse().expect("a number")).collect();
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
