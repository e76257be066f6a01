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
use saddle::{
    checkpoint::{
        self, CheckpointError,
        weights::{Precision, WeightsFile},
    },
    data::rng::Rng,
    models::Preset,
    training::Session,
};

mod film;
mod options;

use super::{
    files::{self, Half},
    images,
};
use film::Film;
use options::Options;

#[derive(Args)]
pub struct Train {
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
    /// Steps between two checkpoints with a grid of 64 samples
    #[arg(long, default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..))]
    every: u64,
    /// Steps between two rows of film.png, 16 samples of the same z each; 0 for none
    #[arg(long, default_value_t = 0)]
    film: u64,
    /// Weights to start a new run from (.safetensors), with fresh optimisers
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl Train {
    pub fn run(self) -> Result<()> {
        let folder = files::folder(&self.out)?;
        let data = Arc::new(files::mnist(&self.data, Half::Train)?);
        let checkpoint = folder.join("session.safetensors");
        let device = Device::flex();
        let mut session = if checkpoint.exists() {
            let saved = checkpoint::session::decode(&files::read(&checkpoint)?)
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

        let mut z = vec![0.0; 64 * session.latent()];
        let mut rng = Rng::new(u64::from(settings.seed));
        settings.preset.draw(&mut rng, &mut z);
        let mut film = Film::new(folder.clone(), self.film, &session)?;
        let bar = ProgressBar::new(self.steps)
            .with_position(session.steps())
            .with_style(ProgressStyle::with_template(
                "{bar:30} {pos}/{len} steps  {per_sec}  {eta} left  {msg}",
            )?);
        bar.reset_eta();
        let start = (Instant::now(), session.steps());
        while session.steps() < self.steps {
            session.step();
            bar.inc(1);
            if let Some(film) = &mut film {
                film.see(&session)?;
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
                files::write(
                    &checkpoint,
                    &checkpoint::session::encode(&block_on(session.save())?),
                )?;
            }
        }
        bar.finish();
        let file = WeightsFile {
            design: settings.design(),
            step: session.steps(),
            weights: block_on(session.weights())?,
        };
        let path = folder.join("weights.safetensors");
        files::write(
            &path,
            &checkpoint::weights::encode(&file, Precision::Half, true),
        )?;
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
    let file = checkpoint::weights::decode(&files::read(path)?)
        .with_context(|| format!("cannot use {}", path.display()))?;
    let (found, expected) = (file.design, session.settings().design());
    if found != expected {
        return Err(CheckpointError::OtherNetwork { found, expected })
            .with_context(|| format!("cannot start from {}", path.display()));
    }
    session.set_weights(&file.weights);
    Ok(())
}

/// Waits for a read. On the CPU it is ready at once.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    use std::task::{Context, Poll, Waker};
    let mut future = std::pin::pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        std::thread::yield_now();
    }
}
