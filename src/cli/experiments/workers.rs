//! Runs beside each other, each on one core.
//!
//! Sums over a batch are taken in another order on another number of threads, and a GAN makes much of such a
//! difference: with one thread for each run the numbers do not depend on how many cores there are. The library's
//! pool of threads is one for each process, so each worker is a process.

use std::{
    io::{BufRead, BufReader, Write, stdin},
    process::{Child, Command, Stdio},
    sync::Mutex,
};

use anyhow::{Context, Result, bail};
use saddle::training::{Settings, known::Known};
use serde::{Deserialize, Serialize};

use super::play::{Court, Played};
use crate::cli::means::Means;

/// A run of one seed.
#[derive(Clone, Serialize, Deserialize)]
pub struct Job {
    /// Of the run.
    pub name: String,
    settings: Settings,
    steps: u64,
}

impl Job {
    /// `run` with this seed.
    pub fn new(run: &Known, seed: u32) -> Self {
        Self {
            name: run.name.to_owned(),
            settings: Settings {
                seed,
                ..run.settings.clone()
            },
            steps: u64::from(run.steps),
        }
    }
}

/// Processes that play.
pub struct Workers {
    count: usize,
    arguments: [std::ffi::OsString; 4],
}

impl Workers {
    /// As many as `count`.
    pub fn new(count: usize, means: &Means) -> Self {
        let arguments = [
            "--classifier".into(),
            means.classifier.clone().into(),
            "--data".into(),
            means.data.clone().into(),
        ];
        Self { count, arguments }
    }

    /// Plays all, `done` after each, one at a time; the first error ends it.
    pub fn play(
        &self,
        jobs: Vec<Job>,
        done: impl FnMut(&Job, Played) -> Result<()> + Send,
    ) -> Result<()> {
        let count = self.count.min(jobs.len());
        let queue = Mutex::new(jobs.into_iter());
        let next = || queue.lock().expect("no worker panics with it").next();
        let done = Mutex::new(done);
        let work = || {
            let mut worker = Worker::hire(&self.arguments)?;
            while let Some(job) = next() {
                let played = worker
                    .play(&job)
                    .with_context(|| format!("{} could not be played", job.name))?;
                (done.lock().expect("no worker panics with it"))(&job, played)?;
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
            let joined = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
            let mut joined = joined.map(|result| result.expect("a worker's thread panicked"));
            joined.try_for_each(|result| result)
        })
    }
}

/// One of them.
struct Worker(Child);

impl Worker {
    fn hire(arguments: &[std::ffi::OsString]) -> Result<Self> {
        let program = std::env::current_exe().context("cannot find this program")?;
        let child = Command::new(program)
            .args(["experiments", "--worker"])
            .args(arguments)
            .env("RAYON_NUM_THREADS", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start a worker")?;
        Ok(Self(child))
    }

    fn play(&mut self, job: &Job) -> Result<Played> {
        let (Some(jobs), Some(answers)) = (&mut self.0.stdin, &mut self.0.stdout) else {
            bail!("the worker has no pipes");
        };
        writeln!(jobs, "{}", serde_json::to_string(job)?).context("the worker has stopped")?;
        let mut line = String::new();
        // One answer to one job: nothing is left in the buffer.
        BufReader::new(answers).read_line(&mut line)?;
        serde_json::from_str(&line).context("the worker has stopped")
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // At the end of its input it ends by itself.
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// What a worker does: a job a line in, an answer a line out.
pub fn serve(means: &Means) -> Result<()> {
    let court = Court::open(means)?;
    for line in stdin().lines() {
        let job: Job = serde_json::from_str(&line?).context("this is for the command itself")?;
        let played = court.play(&job.settings, job.steps)?;
        println!("{}", serde_json::to_string(&played)?);
    }
    Ok(())
}
