//! How likely the validation images are under the samples of a run, checkpoint by checkpoint.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use saddle::mnist::data::Mnist;
use saddle::mnist::frozen::Generator;
use saddle::mnist::judge::parzen;
use saddle::mnist::train::Session;

use crate::cli::wait::block_on;
use crate::cli::{eval, files, sample};

/// Samples that stand for the generator, and the seed of their noise, as in `saddle eval`.
const SAMPLES: usize = 10_000;
const SEED: u64 = 1;
const HEAD: &str = "step,epoch,sigma,nats,standard error\n";

/// `parzen.csv`: a row for each checkpoint.
pub(super) struct Parzen {
    file: PathBuf,
    rows: String,
    validation: Vec<f32>,
}

impl Parzen {
    /// Goes on behind the rows that an earlier part of the run has left.
    pub(super) fn new(folder: &Path, train: &Mnist) -> Result<Self> {
        let file = folder.join("parzen.csv");
        let rows = match file.exists() {
            true => String::from_utf8(files::read(&file)?).context("parzen.csv is no text")?,
            false => HEAD.to_owned(),
        };
        let validation =
            eval::unit(train, eval::VALIDATION).context("the training set is too small")?;
        Ok(Self { file, rows, validation })
    }

    /// Of the averaged generator.
    pub(super) fn record(&mut self, session: &Session) -> Result<()> {
        let weights = block_on(session.average_weights())?;
        let generator = Generator::new(session.settings().design(), weights);
        let samples = eval::centres(&sample::draw(&generator, SAMPLES, SEED));
        let found = parzen::log_likelihood(&samples, &self.validation, &self.validation);
        self.rows += &format!(
            "{},{:.2},{:.4},{:.2},{:.2}\n",
            session.steps(),
            session.epoch(),
            found.sigma,
            found.mean,
            found.standard_error
        );
        files::write(&self.file, self.rows.as_bytes())
    }
}
