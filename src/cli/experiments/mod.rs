//! `saddle experiments`

mod changes;
mod curves;
mod play;
mod report;
mod results;
mod workers;

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context, Result, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use saddle::mnist::train::known::{self, Known};

use super::judging::Judging;
use super::{files, images};
use play::{Played, Setup};
use results::{Results, RunResult};
use workers::Job;

const PAGE: &str = "experiments.md";

/// Plays the known runs of the MNIST laboratory over seeds, judges each as the page does, and writes
/// experiments.md, experiments.json and the pictures.
#[derive(Args)]
pub(super) struct Experiments {
    /// Only this run, those of the others staying as they are (may be given again; a wrong name lists them all)
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// How many times each is played, with seeds from 1
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    seeds: u32,
    /// Runs at a time, each on one core [default: as many as there are cores]
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
    /// Folder of experiments.md, of experiments.json and of img/experiments
    #[arg(long, value_name = "DIR", default_value = "docs")]
    out: PathBuf,
    /// Print JSON for machines, and write nothing
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    judging: Judging,
}

impl Experiments {
    pub(super) fn run(self) -> Result<()> {
        let all = known::all();
        let chosen = self.chosen(&all)?;
        let jobs: Vec<Job> = (chosen.iter())
            .flat_map(|run| (1..=self.seeds).map(|seed| Job::new(run, seed)))
            .collect();
        let bar = ProgressBar::new(jobs.len() as u64).with_style(ProgressStyle::with_template(
            "{bar:30} {pos}/{len} runs  {elapsed}  {msg}",
        )?);
        bar.tick();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let mut fresh: BTreeMap<&str, Vec<Played>> = BTreeMap::new();
        let mut results = Vec::new();
        let jobs_at_a_time = self.jobs.map_or(cores, usize::from);
        let setup = Setup::new(&self.judging)?;
        workers::play(&setup, jobs, jobs_at_a_time, |job, played| {
            bar.inc(1);
            bar.set_message(format!("{} seed {}", job.name, played.outcome.seed));
            let run = (chosen.iter().find(|run| run.name == job.name)).context("an unknown run")?;
            let all_seeds = fresh.entry(job.name).or_default();
            all_seeds.push(played);
            // Written as soon as it is whole: what was played survives whatever ends the rest.
            if all_seeds.len() == self.seeds as usize {
                all_seeds.sort_by_key(|played| played.outcome.seed);
                let result = RunResult::of(run, all_seeds).context("no seeds")?;
                if !self.json {
                    self.keep(&all, &result, all_seeds)?;
                }
                results.push(result);
                all_seeds.clear();
            }
            Ok(())
        })?;
        bar.finish_and_clear();
        results.sort_by_key(|result| all.iter().position(|run| run.name == result.name));
        if self.json {
            println!("{}", serde_json::to_string_pretty(&results)?);
            return Ok(());
        }
        for line in report::summary(&all, &Results::read(&self.file())?) {
            println!("{line}");
        }
        println!("{}", self.out.join(PAGE).display());
        Ok(())
    }

    /// Writes what came of one run, and the page anew.
    fn keep(&self, all: &[Known], result: &RunResult, played: &[Played]) -> Result<()> {
        let pictures = files::folder(&self.out.join("img/experiments"))?;
        let name = &result.name;
        let shown = (played.iter().find(|p| p.outcome.seed == result.shown)).context("no seed")?;
        let grid = images::spaced(&shown.grid, play::COLUMNS)?;
        files::write(&pictures.join(format!("{name}.png")), &grid)?;
        let drawn = curves::draw(&shown.curve);
        files::write(&pictures.join(format!("{name}.svg")), drawn.as_bytes())?;
        let results = Results::read(&self.file())?.with(result.clone(), all);
        files::write(&self.file(), results.encode()?.as_bytes())?;
        files::write(&self.out.join(PAGE), report::write(all, &results).as_bytes())
    }

    fn file(&self) -> PathBuf {
        self.out.join("experiments.json")
    }

    fn chosen<'a>(&self, all: &'a [Known]) -> Result<Vec<&'a Known>> {
        for name in &self.only {
            let names: Vec<&str> = all.iter().map(|run| run.name).collect();
            ensure!(
                names.contains(&name.as_str()),
                "there is no run {name:?}: choose one of {}",
                names.join(", ")
            );
        }
        let wanted = |run: &&Known| self.only.is_empty() || self.only.iter().any(|n| n == run.name);
        Ok(all.iter().filter(wanted).collect())
    }
}
