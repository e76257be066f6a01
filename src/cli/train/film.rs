//! What a run drew every few hundred steps: one picture, a row for each moment, the same z in each column.

use std::path::PathBuf;

use anyhow::{Context, Result};
use saddle::mnist::data::{PIXELS, grey};
use saddle::mnist::train::Session;
use saddle::num::rng::Rng;

use crate::cli::wait::block_on;
use crate::cli::{files, images};

/// Digits in a row.
const COLUMNS: usize = 16;
/// Set apart from the seeds of grids.
const SEED: u64 = 16;

/// `film.png`: grey, 28 pixels for each digit and none between them; row i is the averaged G after
/// `every * i` steps. `film.raw` holds its bytes until the run ends.
pub(super) struct Film {
    folder: PathBuf,
    every: u64,
    z: Vec<f32>,
    rows: Vec<u8>,
}

impl Film {
    /// Goes on after the rows that an earlier part of the run has left; none when `every` is 0.
    pub(super) fn new(folder: PathBuf, every: u64, session: &Session) -> Result<Option<Self>> {
        if every == 0 {
            return Ok(None);
        }
        let mut rng = Rng::new(SEED);
        let preset = session.settings().preset;
        let z = preset.noise(&mut rng, COLUMNS * session.latent());
        let mut film = Self { folder, every, z, rows: Vec::new() };
        // Rows up to this moment; what was drawn after the last checkpoint is drawn again.
        let length = (session.steps() / every + 1) as usize * COLUMNS * PIXELS;
        if session.steps() == 0 {
            film.record(session)?;
        } else {
            film.rows = files::read(&film.path("film.raw"))
                .context("the run was begun without a film: go on with --film 0")?;
            anyhow::ensure!(
                film.rows.len() >= length,
                "film.raw is of another interval: go on with the one it was begun with, or with --film 0"
            );
            film.rows.truncate(length);
        }
        Ok(Some(film))
    }

    /// To be called after each step.
    pub(super) fn record(&mut self, session: &Session) -> Result<()> {
        if session.steps().is_multiple_of(self.every) {
            let images = block_on(session.sample(&self.z))?;
            self.rows.extend(grey(&images));
        }
        Ok(())
    }

    /// To be called with each checkpoint.
    pub(super) fn save(&self) -> Result<()> {
        files::write(&self.path("film.raw"), &self.rows)?;
        files::write(&self.path("film.png"), &images::strip(&self.rows, COLUMNS)?)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}
