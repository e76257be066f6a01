//! The scalars the networks are built of. In f32 the functions use `+ - * /` and bit operations only, branch
//! free: the same bits natively and in WebAssembly, and loops over them vectorise. In f64, which only the
//! gradient checks use, they are the standard library's.

use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub};

/// Samples per chunk.
pub const LANES: usize = 8;

/// One value for each sample of a chunk.
pub type Lanes<T> = [T; LANES];

/// What a network computes with: `f32` to train, `f64` to check gradients against finite differences.
pub trait Scalar:
    Copy
    + Default
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
{
    /// The nearest value.
    fn of(x: f64) -> Self;
    /// The same value.
    fn wide(self) -> f64;
    /// `sqrt x`, correctly rounded.
    fn root(self) -> Self;
    /// `tanh x`.
    fn tanh(self) -> Self;
    /// `ln(1 + e^x)` and its derivative `1/(1 + e^-x)`.
    fn softplus_sigmoid(self) -> (Self, Self);
}

/// `e^x` for `x` in `[-87, 88]`, clamped outside: relative error under 1.2e-7. The polynomial is that of
/// Cephes' `expf` (Moshier).
#[inline(always)]
#[must_use]
pub fn exp(x: f32) -> f32 {
    let x = if x < -87.0 { -87.0 } else { x };
    let x = if x > 88.0 { 88.0 } else { x };
    // Adding 1.5 * 2^23 leaves round(x / ln 2) in the low bits.
    const ROUND: f32 = 12_582_912.0;
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = (x - n * 0.693_359_4) - n * -2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_2e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 0.166_666_65;
    let p = p * r + 0.5;
    let p = p * (r * r) + r + 1.0;
    p * f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3f80_0000))
}

/// `ln(1 + e)` for `e` in `[0, 1]`: `2 artanh(e/(2 + e))` by its series to the 13th power. Relative error under
/// 2.5e-7.
#[inline(always)]
fn ln_1p(e: f32) -> f32 {
    let t = e / (2.0 + e);
    let s = t * t;
    let p = 2.0 / 13.0;
    let p = p * s + 2.0 / 11.0;
    let p = p * s + 2.0 / 9.0;
    let p = p * s + 2.0 / 7.0;
    let p = p * s + 2.0 / 5.0;
    let p = p * s + 2.0 / 3.0;
    let p = p * s + 2.0;
    p * t
}

impl Scalar for f32 {
    #[inline(always)]
    fn of(x: f64) -> Self {
        x as Self
    }

    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn root(self) -> Self {
        self.sqrt()
    }

    /// Absolute error under 1.2e-7.
    #[inline(always)]
    fn tanh(self) -> Self {
        let e = exp(-2.0 * self.abs());
        ((1.0 - e) / (1.0 + e)).copysign(self)
    }

    /// Softplus: relative error under 3e-7 above -87, where it stops falling; sigmoid: under 2.5e-7.
    #[inline(always)]
    fn softplus_sigmoid(self) -> (Self, Self) {
        let e = exp(-self.abs());
        let q = 1.0 / (1.0 + e);
        let positive = self > 0.0;
        let softplus = if positive { self } else { 0.0 } + ln_1p(e);
        (softplus, if positive { q } else { e * q })
    }
}

impl Scalar for f64 {
    fn of(x: f64) -> Self {
        x
    }

    fn wide(self) -> f64 {
        self
    }

    fn root(self) -> Self {
        self.sqrt()
    }

    fn tanh(self) -> Self {
        self.tanh()
    }

    fn softplus_sigmoid(self) -> (Self, Self) {
        let e = (-self.abs()).exp();
        let q = 1.0 / (1.0 + e);
        (self.max(0.0) + e.ln_1p(), if self > 0.0 { q } else { e * q })
    }
}
