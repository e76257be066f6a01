//! `saddle script`

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use saddle::mnist::nets::Preset;
use saddle::mnist::{code, file};

use super::files;
use super::options::Options;

#[derive(Args)]
pub(super) struct Script {
    /// Which pair of networks
    #[arg(long, value_enum, default_value = "compact")]
    preset: Preset,
    /// A run, whose settings to take, or weights, of whose networks the preset's settings are taken
    #[arg(long, value_name = "FILE", conflicts_with_all = ["preset", "Options"])]
    from: Option<PathBuf>,
    /// Where to
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    options: Options,
}

impl Script {
    pub(super) fn run(self) -> Result<()> {
        let settings = match &self.from {
            Some(path) => {
                let summary = file::check(&files::read(path)?)
                    .with_context(|| format!("cannot use {}", path.display()))?;
                let settings = summary.settings;
                settings.with_context(|| format!("{} holds no GAN", path.display()))?
            }
            None => self.options.of(self.preset),
        };
        settings.validate()?;
        files::write(&self.out, code::pytorch(&settings).as_bytes())?;
        println!("{}", self.out.display());
        Ok(())
    }
}
