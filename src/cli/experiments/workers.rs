//! Runs beside each other, each on one core.
//!
//! Sums over a batch are taken in another order on another number of threads, and a GAN makes much of such a
//! difference: with a pool of one thread for each run the numbers do not depend on how many cores there are.

use std::sync::Mutex;

use anyhow::{Context, Result};
use rayon::ThreadPoolBuilder;
use saddle::mnist::train::Settings;
use saddle::mnist::train::known::Known;

use super::play::{Played, Setup};

/// A run of one seed.
pub(super) struct Job {
    /// Of the run.
    pub name: &'static str,
    settings: Settings,
    steps: u64,
}

impl Job {
    /// `run` with this seed.
    pub(super) fn new(run: &Known, seed: u32) -> Self {
        Self {
            name: run.name,
            settings: Settings { seed, ..run.settings.clone() },
            steps: u64::from(run.steps),
        }
    }
}

/// Plays all, `count` at a time, `done` after each, one at a time; the first error ends it.
pub(super) fn play(
    setup: &Setup,
    jobs: Vec<Job>,
    count: usize,
    done: impl FnMut(&Job, Played) -> Result<()> + Send,
) -> Result<()> {
    let count = count.min(jobs.len());
    let queue = Mutex::new(jobs.into_iter());
    let next = || queue.lock().expect("no worker panics with it").next();
    let done = Mutex::new(done);
    let work = || {
        while let Some(job) = next() {
            let played = setup
                .play(&job.settings, job.steps)
                .with_context(|| format!("{} could not be played", job.name))?;
            (done.lock().expect("no worker panics with it"))(&job, played)?;
        }
        Ok(())
    };
    let alone = || {
        let pool = ThreadPoolBuilder::new().num_threads(1).build();
        pool.context("cannot start a thread")?.install(work)
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(alone)).collect();
        let joined = threads.into_iter().map(std::thread::ScopedJoinHandle::join);
        let mut joined = joined.map(|result| result.expect("a run panicked"));
        joined.try_for_each(|result| result)
    })
}
