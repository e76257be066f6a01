//! The few directions of z along which a generator's images change most.
//!
//! At a point z a small step d changes the image by J d, with J the derivative of G. The squared change,
//! averaged over points, is d' M d with M = E[J' J]; the directions are M's first eigenvectors: orthogonal
//! unit vectors, each changing the image as much as one still can that is orthogonal to those before.

use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::norm;
use crate::mnist::data::idx::hex;
use crate::mnist::nets::Weights;
use crate::num::symmetric;

/// How many are kept.
pub const DIRECTIONS: usize = 8;

/// Step of the differences that stand for derivatives, in units of z: wide enough for `f32`, narrow enough
/// for a G that bends.
const STEP: f32 = 0.02;

/// Directions of one generator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Directions {
    /// [`digest`](Directions::digest) of the generator they belong to.
    pub weights: String,
    /// Seed of the points at which G was looked at, and how many they were.
    pub seed: u32,
    /// See `seed`.
    pub points: usize,
    /// Share of each in the whole squared change, trace M; falling.
    pub shares: Vec<f64>,
    /// Unit vectors, `[directions][length of z]`. Positive steps bring more ink, on the average.
    pub directions: Vec<Vec<f32>>,
}

/// Why directions cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DirectionsError {
    /// Not such a file.
    #[error("these directions cannot be read ({0}). Run `saddle directions` again")]
    Damaged(#[from] serde_json::Error),
    /// Of other weights.
    #[error(
        "these directions were found for other weights (digest {found}, these have {expected}). Run `saddle directions` again"
    )]
    OtherWeights {
        /// In the file.
        found: String,
        /// Of the weights.
        expected: String,
    },
    /// Vectors of another length, or of no length.
    #[error("these directions do not fit a z of {0} coordinates. Run `saddle directions` again")]
    Shape(usize),
}

impl Directions {
    /// MD5 of a generator's weights as they are used, lower-case hexadecimal: a guard against mixing files up, the
    /// same in whatever order and with whatever notes a file has them.
    pub fn digest(weights: &Weights) -> String {
        let mut digest = Md5::new();
        for value in weights.parameters.iter().chain(&weights.statistics) {
            digest.update(value.to_le_bytes());
        }
        hex(&digest.finalize())
    }

    /// Reads JSON and checks that it belongs to the weights with this digest, of a z of `dims` coordinates.
    ///
    /// # Errors
    /// When it does not, or is damaged.
    pub fn read(text: &str, weights: &str, dims: usize) -> Result<Self, DirectionsError> {
        let file: Self = serde_json::from_str(text)?;
        if file.weights != weights {
            return Err(DirectionsError::OtherWeights {
                found: file.weights,
                expected: weights.to_owned(),
            });
        }
        let whole = |d: &Vec<f32>| d.len() == dims && (norm(d) - 1.0).abs() < 1e-3;
        if file.shares.len() != file.directions.len() || !file.directions.iter().all(whole) {
            return Err(DirectionsError::Shape(dims));
        }
        Ok(file)
    }
}

/// Gathers M point by point.
#[derive(Clone, Debug)]
pub struct Search {
    dims: usize,
    points: usize,
    /// M times `points`, row-major `[dims, dims]`.
    gram: Vec<f64>,
    /// Sum over pixels and points of each column of J: change of ink.
    ink: Vec<f64>,
}

impl Search {
    /// Before the first point.
    pub fn new(dims: usize) -> Self {
        Self { dims, points: 0, gram: vec![0.0; dims * dims], ink: vec![0.0; dims] }
    }

    /// Points so far.
    pub fn points(&self) -> usize {
        self.points
    }

    /// What G has to draw for a point: z itself, then a step along each axis, `[1 + dims, dims]`.
    pub fn probes(&self, z: &[f32]) -> Vec<f32> {
        let mut probes = z.repeat(1 + self.dims);
        for axis in 0..self.dims {
            probes[(1 + axis) * self.dims + axis] += STEP;
        }
        probes
    }

    /// Takes up G's images of those probes, `[1 + dims, pixels]`.
    ///
    /// # Panics
    /// When they are not so many.
    pub fn add(&mut self, images: &[f32]) {
        let pixels = images.len() / (1 + self.dims);
        assert_eq!(images.len(), pixels * (1 + self.dims), "1 + dims images");
        let (here, steps) = images.split_at(pixels);
        let slopes: Vec<Vec<f32>> = steps
            .chunks_exact(pixels)
            .map(|image| image.iter().zip(here).map(|(a, b)| (a - b) / STEP).collect())
            .collect();
        for (i, a) in slopes.iter().enumerate() {
            self.ink[i] += a.iter().map(|&v| f64::from(v)).sum::<f64>();
            for (j, b) in slopes.iter().enumerate().take(i + 1) {
                let product: f32 = a.iter().zip(b).map(|(a, b)| a * b).sum();
                self.gram[i * self.dims + j] += f64::from(product);
                if i != j {
                    self.gram[j * self.dims + i] += f64::from(product);
                }
            }
        }
        self.points += 1;
    }

    /// The first [`DIRECTIONS`] eigenvectors of M and their shares of its trace.
    pub fn finish(&self, weights: String, seed: u32) -> Directions {
        let trace: f64 = (0..self.dims).map(|i| self.gram[i * self.dims + i]).sum();
        let (mut values, vectors) = symmetric::eigen(&self.gram, self.dims);
        let (mut shares, mut directions) = (Vec::new(), Vec::new());
        for _ in 0..DIRECTIONS.min(self.dims) {
            let largest = (0..self.dims).max_by(|&i, &j| values[i].total_cmp(&values[j]));
            let largest = largest.expect("z has coordinates");
            let vector = &vectors[largest * self.dims..][..self.dims];
            let ink: f64 = vector.iter().zip(&self.ink).map(|(v, i)| v * i).sum();
            let sign = if ink < 0.0 { -1.0 } else { 1.0 };
            directions.push(vector.iter().map(|&v| (sign * v) as f32).collect());
            shares.push(values[largest] / trace.max(f64::MIN_POSITIVE));
            values[largest] = f64::NEG_INFINITY;
        }
        Directions { weights, seed, points: self.points, shares, directions }
    }
}
