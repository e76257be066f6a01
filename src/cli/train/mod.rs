//! `saddle train`

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use anyhow::{Context, Result};
use burn::tensor::Device;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use saddle::mnist::file::weights::WeightsFile;
use saddle::mnist::file::{self, FileError, Precision};
use saddle::mnist::nets::Preset;
use saddle::mnist::train::Session;
use saddle::num::rng::Rng;

mod film;
mod parzen;

use super::files::{self, Half};
use super::images;
use super::options::Options;
use super::wait::block_on;
use film::Film;
use parzen::Parzen;

#[derive(Args)]
pub(super) struct Train {
    /// Which pair of networks
    #[arg(long, value_enum, default_value = "compact")]
    preset: Preset,
    /// Training steps in all, those of an earlier run in the same folder included
    #[arg(long, default_value_t = 10_000)]
    steps: u64,
    /// Folder of the run: session.safetensors, weights.safetensors, grids
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Folder with the four raw IDX files of MNIST
    #[arg(long, value_name = "DIR", default_value = "pkg/raw")]
    data: PathBuf,
    /// Train on the first so many images only; to be given again when the run goes on
    #[arg(long, value_name = "COUNT", default_value_t = 60_000, value_parser = clap::value_parser!(u32).range(1..))]
    images: u32,
    /// Steps between two checkpoints with a grid of 64 samples
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Steps between two rows of film.png, 16 samples of the same z each; 0 for none
    #[arg(long, default_value_t = 0)]
    film: u64,
    /// With each checkpoint, write the log-likelihood of validation images by Parzen windows to parzen.csv
    #[arg(long)]
    parzen: bool,
    /// Weights to start a new run from (.safetensors), with fresh optimisers
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl Train {
    pub(super) fn run(self) -> Result<()> {
        let folder = files::folder(&self.out)?;
        let all = files::mnist(&self.data, Half::Train)?;
        let mut parzen = self.parzen.then(|| Parzen::new(&folder, &all)).transpose()?;
        let data = Arc::new(all.first(self.images as usize));
        let checkpoint = folder.join("session.safetensors");
        let device = Device::flex();
        let mut session = if checkpoint.exists() {
            let saved = file::session::decode(&files::read(&checkpoint)?)
                .with_context(|| format!("cannot go on from {}", checkpoint.display()))?;
            println!(
                "going on from step {} in {} with its settings",
                saved.step,
                checkpoint.display()
            );
            Session::restore(saved, data, &device)?
        } else {
            let mut session = Session::new(self.options.of(self.preset), data, &device)?;
            if let Some(path) = &self.weights {
                start_from(&mut session, path)?;
            }
            session
        };
        let settings = session.settings().clone();
        println!("{}", serde_json::to_string(&settings)?);

        let mut rng = Rng::new(u64::from(settings.seed));
        let z = settings.preset.noise(&mut rng, 64 * session.latent());
        let mut film = Film::new(folder.clone(), self.film, &session)?;
        let bar = ProgressBar::new(self.steps).with_position(session.steps()).with_style(
            ProgressStyle::with_template(
                "{bar:30} {pos}/{len} steps  {per_sec}  {eta} left  {msg}",
            )?,
        );
        bar.reset_eta();
        let start = (Instant::now(), session.steps());
        while session.steps() < self.steps {
            session.step();
            bar.inc(1);
            if let Some(film) = &mut film {
                film.record(&session)?;
            }
            let step = session.steps();
            if step.is_multiple_of(20) {
                let seen = block_on(session.statistics())?.context("no step was taken")?;
                bar.set_message(format!(
                    "D {:.3} G {:.3} nats  D(x) {:.2} D(G(z)) {:.2}",
                    seen.loss_d, seen.loss_g, seen.d_real, seen.d_fake
                ));
                anyhow::ensure!(
                    seen.loss_d.is_finite() && seen.loss_g.is_finite(),
                    "a loss is not a number at step {step}: lower the rates, or go on from an earlier checkpoint"
                );
            }
            if step.is_multiple_of(self.every) || step == self.steps {
                let grid = images::grid(&block_on(session.sample(&z))?, 8)?;
                files::write(&folder.join(format!("grid-{step:06}.png")), &grid)?;
                if let Some(film) = &film {
                    film.save()?;
                }
                files::write(&checkpoint, &file::session::encode(&block_on(session.save())?))?;
                if let Some(parzen) = &mut parzen {
                    parzen.record(&session)?;
                }
            }
        }
        bar.finish();
        let [average, discriminator] = block_on(session.shown_weights())?;
        let file = WeightsFile {
            design: settings.design(),
            step: session.steps(),
            average,
            discriminator,
        };
        let path = folder.join("weights.safetensors");
        files::write(&path, &file::weights::encode(&file, Precision::Half))?;
        let (steps, seconds) = (session.steps() - start.1, start.0.elapsed().as_secs_f64());
        let flop = settings.flop_per_step();
        if steps > 0 {
            let rate = steps as f64 / seconds;
            println!(
                "{steps} steps in {seconds:.0} s: {rate:.2} steps/s, {:.1} GFLOP/s",
                rate * flop / 1e9
            );
        }
        println!("{}", path.display());
        Ok(())
    }
}

fn start_from(session: &mut Session, path: &Path) -> Result<()> {
    let file = file::weights::decode(&files::read(path)?)
        .with_context(|| format!("cannot use {}", path.display()))?;
    let (found, expected) = (file.design, session.settings().design());
    if found != expected {
        return Err(FileError::OtherNetwork { found, expected })
            .with_context(|| format!("cannot start from {}", path.display()));
    }
    session.set_weights(file.start());
    Ok(())
}
