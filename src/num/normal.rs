//! The standard normal distribution in f64 by IEEE `+ - * / sqrt` alone, so that noise drawn from it has the
//! same bits everywhere; and the exponential and logarithm it needs.

use std::f64::consts::{FRAC_1_SQRT_2, LN_2, LOG2_E, SQRT_2};

/// `1/sqrt(2 pi)`.
const INV_SQRT_TAU: f64 = 0.398_942_280_401_432_7;

#[inline]
fn horner<const N: usize>(x: f64, c: [f64; N]) -> f64 {
    c.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

/// `e^x`: `2^n` times the Taylor polynomial of degree 13 on `|r| <= ln(2)/2`. Relative error under 4e-16; 0
/// below -708, infinite above 709.
#[must_use]
pub fn exp(x: f64) -> f64 {
    if x.is_nan() {
        return x;
    }
    if x < -708.0 {
        return 0.0;
    }
    if x > 709.0 {
        return f64::INFINITY;
    }
    // Adding and taking away 1.5 * 2^52 rounds to the nearest integer.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    let n = (x * LOG2_E + ROUND) - ROUND;
    // ln 2 in two parts, the first with enough trailing zeros for n times it to be exact.
    let r = (x - n * 6.931_471_803_691_238e-1) - n * 1.908_214_929_270_587_7e-10;
    const C: [f64; 14] = [
        1.0,
        1.0,
        1.0 / 2.0,
        1.0 / 6.0,
        1.0 / 24.0,
        1.0 / 120.0,
        1.0 / 720.0,
        1.0 / 5_040.0,
        1.0 / 40_320.0,
        1.0 / 362_880.0,
        1.0 / 3_628_800.0,
        1.0 / 39_916_800.0,
        1.0 / 479_001_600.0,
        1.0 / 6_227_020_800.0,
    ];
    horner(r, C) * f64::from_bits(((n as i64 + 1023) as u64) << 52)
}

/// `ln x` for normal `x > 0`: `x = 2^e m` with `m` in `[1/sqrt 2, sqrt 2]`, then `2 artanh((m-1)/(m+1))` by its
/// series to the 21st power. Relative error under 4e-16 away from 1, absolute error under 2e-16 near it.
/// Zero and subnormals give `-inf`, negatives and NaN give NaN.
#[must_use]
pub fn ln(x: f64) -> f64 {
    if x < f64::MIN_POSITIVE || !x.is_finite() {
        return if x.is_nan() || x < 0.0 {
            f64::NAN
        } else if x > 1.0 {
            x
        } else {
            f64::NEG_INFINITY
        };
    }
    let bits = x.to_bits();
    let mut e = ((bits >> 52) as i64 - 1023) as f64;
    let mut m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | 0x3ff0_0000_0000_0000);
    if m > SQRT_2 {
        m *= 0.5;
        e += 1.0;
    }
    let s = (m - 1.0) / (m + 1.0);
    const C: [f64; 10] = [
        1.0 / 3.0,
        1.0 / 5.0,
        1.0 / 7.0,
        1.0 / 9.0,
        1.0 / 11.0,
        1.0 / 13.0,
        1.0 / 15.0,
        1.0 / 17.0,
        1.0 / 19.0,
        1.0 / 21.0,
    ];
    let s2 = s * s;
    2.0 * (s + s * s2 * horner(s2, C)) + e * LN_2
}

/// Density at `x`.
#[must_use]
pub fn pdf(x: f64) -> f64 {
    INV_SQRT_TAU * exp(-0.5 * x * x)
}

/// Mass below `x`: Hart's algorithm 5666 as given by G. West, "Better approximations to cumulative normal
/// functions", 2005. Absolute error under 1e-15; in the lower tail the relative error stays under 1e-8.
#[must_use]
pub fn cdf(x: f64) -> f64 {
    let a = x.abs();
    if a.is_nan() {
        return a;
    }
    const P: [f64; 7] = [
        220.206_867_912_376,
        221.213_596_169_931,
        112.079_291_497_871,
        33.912_866_078_383,
        6.373_962_203_531_65,
        0.700_383_064_443_688,
        3.526_249_659_989_11e-2,
    ];
    const Q: [f64; 8] = [
        440.413_735_824_752,
        793.826_512_519_948,
        637.333_633_378_831,
        296.564_248_779_674,
        86.780_732_202_946_1,
        16.064_177_579_207,
        1.755_667_163_182_64,
        8.838_834_764_831_84e-2,
    ];
    let e = exp(-0.5 * a * a);
    let tail = if a > 37.0 {
        0.0
    } else if a < 10.0 * FRAC_1_SQRT_2 {
        e * horner(a, P) / horner(a, Q)
    } else {
        INV_SQRT_TAU * e / (a + 1.0 / (a + 2.0 / (a + 3.0 / (a + 4.0 / (a + 0.65)))))
    };
    if x > 0.0 { 1.0 - tail } else { tail }
}

/// Mass between `a` and `b >= a`, without cancellation in the upper tail.
#[must_use]
pub fn interval(a: f64, b: f64) -> f64 {
    if a > 0.0 { cdf(-a) - cdf(-b) } else { cdf(b) - cdf(a) }
}

/// The `x` with `cdf(x) = p`: algorithm AS 241, PPND16 (Wichura, Applied Statistics 37, 1988). Relative error
/// about 1e-15. `p` at or below 0 gives `-inf`, at or above 1 `inf`.
#[must_use]
#[inline]
pub fn quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180_625 - q * q;
        return q * horner(r, A) / horner(r, B);
    }
    tail_quantile(p, q)
}

fn tail_quantile(p: f64, q: f64) -> f64 {
    let outer = if q < 0.0 { p } else { 1.0 - p };
    if outer <= 0.0 {
        return f64::INFINITY.copysign(q);
    }
    let r = (-ln(outer)).sqrt();
    let x = if r <= 5.0 {
        horner(r - 1.6, C) / horner(r - 1.6, D)
    } else {
        horner(r - 5.0, E) / horner(r - 5.0, F)
    };
    if q < 0.0 { -x } else { x }
}

const A: [f64; 8] = [
    3.387_132_872_796_366_5,
    133.141_667_891_784_38,
    1_971.590_950_306_551_3,
    13_731.693_765_509_46,
    45_921.953_931_549_87,
    67_265.770_927_008_7,
    33_430.575_583_588_13,
    2_509.080_928_730_122_7,
];
const B: [f64; 8] = [
    1.0,
    42.313_330_701_600_91,
    687.187_007_492_057_9,
    5_394.196_021_424_751,
    21_213.794_301_586_597,
    39_307.895_800_092_71,
    28_729.085_735_721_943,
    5_226.495_278_852_854,
];
const C: [f64; 8] = [
    1.423_437_110_749_683_5,
    4.630_337_846_156_546,
    5.769_497_221_460_691,
    3.647_848_324_763_204_5,
    1.270_458_252_452_368_4,
    0.241_780_725_177_450_6,
    2.272_384_498_926_918_4e-2,
    7.745_450_142_783_414e-4,
];
const D: [f64; 8] = [
    1.0,
    2.053_191_626_637_759,
    1.676_384_830_183_803_8,
    0.689_767_334_985_1,
    0.148_103_976_427_480_08,
    1.519_866_656_361_645_7e-2,
    5.475_938_084_995_345e-4,
    1.050_750_071_644_416_9e-9,
];
const E: [f64; 8] = [
    6.657_904_643_501_103,
    5.463_784_911_164_114,
    1.784_826_539_917_291_3,
    0.296_560_571_828_504_87,
    2.653_218_952_657_612_4e-2,
    1.242_660_947_388_078_4e-3,
    2.711_555_568_743_487_6e-5,
    2.010_334_399_292_288_1e-7,
];
const F: [f64; 8] = [
    1.0,
    0.599_832_206_555_887_9,
    0.136_929_880_922_735_8,
    1.487_536_129_085_061_5e-2,
    7.868_691_311_456_133e-4,
    1.846_318_317_510_054_8e-5,
    1.421_511_758_316_446e-7,
    2.044_263_103_389_939_8e-15,
];
