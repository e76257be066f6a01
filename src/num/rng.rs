//! The seeded generator behind every random number of the project.
//!
//! Bits: xoshiro256++ 1.0 (Blackman and Vigna, <https://prng.di.unimi.it>), its 256-bit state filled by four
//! outputs of SplitMix64. Everything made from them uses integer operations and IEEE `+ - * / sqrt` only,
//! so a seed gives the same bits natively and in WebAssembly.

use super::normal;

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// xoshiro256++; equal states give equal sequences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rng {
    s: [u64; 4],
}

/// The output function of SplitMix64 (Stafford's variant 13 of the MurmurHash3 finaliser).
fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Rng {
    /// The state is the first four outputs of SplitMix64 started at `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut x = seed;
        let s = std::array::from_fn(|_| {
            x = x.wrapping_add(GOLDEN);
            mix(x)
        });
        Self { s }
    }

    /// An own generator for one purpose: `new(mix(mix(seed + g) + (stream + 1) g))`, wrapping, with `mix` and
    /// `g = 0x9e3779b97f4a7c15` of SplitMix64. Drawing from one stream leaves the others as they were.
    #[must_use]
    pub fn stream(seed: u64, stream: u64) -> Self {
        let base = mix(seed.wrapping_add(GOLDEN));
        Self::new(mix(base.wrapping_add(stream.wrapping_add(1).wrapping_mul(GOLDEN))))
    }

    /// The state, to be saved; [`Rng::from_state`] continues from it.
    #[must_use]
    pub fn state(&self) -> [u64; 4] {
        self.s
    }

    /// Continues from a saved state. All zeros, the one state xoshiro never leaves, becomes `Rng::new(0)`.
    #[must_use]
    pub fn from_state(s: [u64; 4]) -> Self {
        if s == [0; 4] { Self::new(0) } else { Self { s } }
    }

    /// 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        let s = &mut self.s;
        let out = s[0].wrapping_add(s[3]).rotate_left(23).wrapping_add(s[0]);
        let t = s[1] << 17;
        s[2] ^= s[0];
        s[3] ^= s[1];
        s[1] ^= s[2];
        s[0] ^= s[3];
        s[2] ^= t;
        s[3] = s[3].rotate_left(45);
        out
    }

    /// Uniform on `[0, 1)`: the upper 53 bits times `2^-53`.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Uniform on `(0, 1)`: the upper 52 bits plus one half, times `2^-52`; never 0 and never 1.
    #[inline]
    pub fn open(&mut self) -> f64 {
        ((self.next_u64() >> 12) as f64 + 0.5) * (1.0 / 4_503_599_627_370_496.0)
    }

    /// Standard normal: [`normal::quantile`] of [`Rng::open`], one output of the generator each. The largest
    /// magnitude is 8.2.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        normal::quantile(self.open())
    }

    /// Uniform on `0..n` without bias: Lemire's multiplication with rejection on the upper 32 bits
    /// (arXiv:1805.10941).
    ///
    /// # Panics
    /// When `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        assert!(n > 0, "below(0) has no values");
        loop {
            let product = (self.next_u64() >> 32) * u64::from(n);
            if product as u32 >= n.wrapping_neg() % n {
                return (product >> 32) as u32;
            }
        }
    }

    /// Fisher-Yates from the last element down; each order is equally likely. At most `u32::MAX` elements.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i as u32 + 1) as usize;
            items.swap(i, j);
        }
    }

    /// Standard normals, rounded to f32.
    pub fn fill_normal(&mut self, out: &mut [f32]) {
        for x in out {
            *x = self.normal() as f32;
        }
    }

    /// Uniform on `[lo, hi)`, up to rounding to f32.
    pub fn fill_uniform(&mut self, out: &mut [f32], lo: f32, hi: f32) {
        let (lo, width) = (f64::from(lo), f64::from(hi) - f64::from(lo));
        for x in out {
            *x = (lo + width * self.uniform()) as f32;
        }
    }
}
