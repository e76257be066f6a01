//! `saddle invert`

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use saddle::mnist::data::PIXELS;
use saddle::mnist::explore::inversion::{FOUND, Inversion, NONE, STEPS};
use saddle::mnist::frozen::Generator;

use super::files::{self, Half};
use super::{images, sample};

/// Images that are shown: those with the greatest errors.
const WORST: usize = 10;

#[derive(Args)]
pub(super) struct Invert {
    /// Weights, as written by `saddle train` or by the page (.safetensors)
    #[arg(long, value_name = "FILE")]
    weights: PathBuf,
    /// How many generated digits, and how many test images, are looked for
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    count: u32,
    /// Folder with the four raw IDX files of MNIST
    #[arg(long, value_name = "DIR", default_value = "pkg/raw")]
    data: PathBuf,
    /// Seed of the generated digits and of the starts
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder for two pictures: above the digits that were worst found, below the nearest that G draws
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Invert {
    pub(super) fn run(self) -> Result<()> {
        let generator = files::generator(&self.weights)?.load();
        let count = self.count as usize;
        let made = sample::draw(&generator, count, self.seed);
        self.report(&generator, "generated digits", "generated", &made)?;
        let test = files::mnist(&self.data, Half::Test)?;
        self.report(&generator, "test images", "test", &test.images_in(0..count))
    }

    fn report(&self, generator: &Generator, what: &str, name: &str, targets: &[f32]) -> Result<()> {
        let mut rows: Vec<(f32, &[f32], Vec<f32>)> = targets
            .chunks_exact(PIXELS)
            .map(|target| {
                let mut descent = Inversion::new(generator, target, self.seed + 1_000_003);
                for _ in 0..STEPS {
                    descent.step(generator);
                }
                let best = descent.best();
                (best.error, target, best.image.clone())
            })
            .collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let errors: Vec<f32> = rows.iter().map(|row| row.0).collect();
        let at = |share: f64| errors[((errors.len() - 1) as f64 * share).round() as usize];
        println!(
            "{} {what}: error {:.3} at the median, {:.3} at 90 %, {:.3} at most; {} found (up to {FOUND}), {} without a z (above {NONE})",
            errors.len(),
            at(0.5),
            at(0.9),
            at(1.0),
            errors.iter().filter(|&&e| e <= FOUND).count(),
            errors.iter().filter(|&&e| e > NONE).count(),
        );
        match &self.out {
            Some(folder) => picture(folder, name, &rows),
            None => Ok(()),
        }
    }
}

fn picture(folder: &Path, name: &str, rows: &[(f32, &[f32], Vec<f32>)]) -> Result<()> {
    let worst: Vec<_> = rows.iter().rev().take(WORST).collect();
    let mut all: Vec<f32> = worst.iter().flat_map(|row| row.1.to_vec()).collect();
    all.extend(worst.iter().flat_map(|row| row.2.clone()));
    let path = files::folder(folder)?.join(format!("worst-{name}.png"));
    files::write(&path, &images::grid(&all, worst.len())?)?;
    let errors: Vec<String> = worst.iter().map(|row| format!("{:.3}", row.0)).collect();
    println!("{}: errors {}", path.display(), errors.join(", "));
    Ok(())
}
