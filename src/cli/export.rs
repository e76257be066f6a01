//! `saddle export`

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use saddle::mnist::file::{Precision, generator, weights};

use super::files;

#[derive(Args)]
pub(super) struct Export {
    /// What to take it from: a run's session.safetensors, or weights
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
    /// Where to
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// The averaged generator alone, without D
    #[arg(long)]
    generator: bool,
    /// How numbers are stored; byte: weights as 8-bit integers with one scale for each output
    #[arg(long, value_enum, default_value = "half")]
    precision: Precision,
}

impl Export {
    pub(super) fn run(self) -> Result<()> {
        let bytes = if self.generator {
            generator::encode(&files::generator(&self.from)?, self.precision)
        } else {
            let file = weights::decode(&files::read(&self.from)?)
                .with_context(|| format!("cannot use {}", self.from.display()))?;
            weights::encode(&file, self.precision)
        };
        files::write(&self.out, &bytes)?;
        println!("{}: {} kB", self.out.display(), bytes.len() / 1000);
        Ok(())
    }
}
