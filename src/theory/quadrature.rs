//! Adaptive quadrature: the oracle that tabulated results are held against, and the page's fallback for
//! densities without a distribution function.

/// Gauss–Kronrod 7-15 on [-1, 1] (QUADPACK, `qk15`): node, Kronrod weight, Gauss weight (0 where unused).
const NODES: [(f64, f64, f64); 8] = [
    (0.991_455_371_120_812_6, 0.022_935_322_010_529_225, 0.0),
    (0.949_107_912_342_758_5, 0.063_092_092_629_978_55, 0.129_484_966_168_869_7),
    (0.864_864_423_359_769_1, 0.104_790_010_322_250_18, 0.0),
    (0.741_531_185_599_394_4, 0.140_653_259_715_525_92, 0.279_705_391_489_276_64),
    (0.586_087_235_467_691_1, 0.169_004_726_639_267_9, 0.0),
    (0.405_845_151_377_397_2, 0.190_350_578_064_785_4, 0.381_830_050_505_118_9),
    (0.207_784_955_007_898_47, 0.204_432_940_075_298_9, 0.0),
    (0.0, 0.209_482_141_084_727_83, 0.417_959_183_673_469_4),
];

/// Bisections of one spot; an integrable singularity at an end has lost its weight long before.
const DEPTH: u32 = 60;

/// Integral of `f` over `[a, b]`, within about `tolerance` (absolute).
///
/// Jumps and integrable singularities inside are found by bisection; name them as ends where you know them.
/// A peak far narrower than `b - a` can be missed: the first look is at 15 points of each of 16 parts.
pub fn integrate(f: impl Fn(f64) -> f64, a: f64, b: f64, tolerance: f64) -> f64 {
    const PARTS: i32 = 16;
    let width = (b - a) / f64::from(PARTS);
    (0..PARTS)
        .map(|i| {
            let left = a + width * f64::from(i);
            bisect(&f, left, left + width, tolerance / f64::from(PARTS), DEPTH)
        })
        .sum()
}

fn bisect(f: &impl Fn(f64) -> f64, a: f64, b: f64, tolerance: f64, depth: u32) -> f64 {
    let (value, error) = kronrod(f, a, b);
    let middle = 0.5 * (a + b);
    // Bisection mends neither rounding nor an infinite value (whose error is NaN).
    let good = error.is_nan() || error <= tolerance.max(1e-14 * value.abs());
    if good || depth == 0 || middle <= a || middle >= b {
        return value;
    }
    // Halving the tolerance each time would chase a singularity to the last bit; 0.7 still adds up.
    let next = 0.7 * tolerance;
    bisect(f, a, middle, next, depth - 1) + bisect(f, middle, b, next, depth - 1)
}

/// The 15-point value, and its distance from the 7-point one.
fn kronrod(f: &impl Fn(f64) -> f64, a: f64, b: f64) -> (f64, f64) {
    let (centre, half) = (0.5 * (a + b), 0.5 * (b - a));
    let (mut fine, mut coarse) = (0.0, 0.0);
    for (node, kronrod, gauss) in NODES {
        let sum =
            if node == 0.0 { f(centre) } else { f(centre - half * node) + f(centre + half * node) };
        fine += kronrod * sum;
        coarse += gauss * sum;
    }
    (fine * half, ((fine - coarse) * half).abs())
}
