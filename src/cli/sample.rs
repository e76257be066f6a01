//! `saddle sample`

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use saddle::mnist::data::PIXELS;
use saddle::mnist::frozen::Generator;
use saddle::num::rng::Rng;

use super::{files, images};

#[derive(Args)]
pub(super) struct Sample {
    /// A generator, a pair of networks or a run, as written by `saddle` or by the page (.safetensors)
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// How many samples to draw
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where to: .png for a grid, .npy for an array [n, 28, 28] of f32 in [0, 1]
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Digits in a row of the grid
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=1000))]
    columns: u32,
}

impl Sample {
    pub(super) fn run(self) -> Result<()> {
        let file = files::generator(&self.weights)?;
        let preset = file.design.preset.name();
        let images = draw(&file.load(), self.count as usize, self.seed);
        let bytes = match self.out.extension().and_then(|e| e.to_str()) {
            Some("png") => images::grid(&images, self.columns as usize)?,
            Some("npy") => npy(&images),
            _ => bail!("{} must end in .png or .npy", self.out.display()),
        };
        files::write(&self.out, &bytes)?;
        println!("{}: {} samples of {preset}", self.out.display(), self.count);
        Ok(())
    }
}

/// `count` images `[n, 28, 28]` in [-1, 1] of the generator, noise from `seed`.
pub(super) fn draw(generator: &Generator, count: usize, seed: u64) -> Vec<f32> {
    const CHUNK: usize = 256;
    let mut rng = Rng::new(seed);
    let mut images = Vec::with_capacity(count * PIXELS);
    while images.len() < count * PIXELS {
        let n = CHUNK.min(count - images.len() / PIXELS);
        images.extend(generator.images(&generator.noise(&mut rng, n)));
    }
    images
}

/// NumPy's format, version 1.0: `[n, 28, 28]`, little-endian f32 in [0, 1], C order.
fn npy(images: &[f32]) -> Vec<u8> {
    let header = format!(
        "{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, 28, 28), }}",
        images.len() / PIXELS
    );
    // Magic, version and length take 10 bytes; the header is padded so that data start at a multiple of 64.
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{header:<width$}\n", width = length - 1).into_bytes());
    bytes.extend(images.iter().flat_map(|&v| ((v + 1.0) / 2.0).clamp(0.0, 1.0).to_le_bytes()));
    bytes
}
