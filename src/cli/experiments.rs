//! `saddle experiments`

mod changes;
mod curves;
mod play;
mod report;
mod results;
mod workers;

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Result, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use saddle::training::known::{self, Known};

use super::{files, images};
use results::{Results, RunResult};
use workers::{Job, Workers};

/// Plays the known runs of the MNIST laboratory over seeds, judges each as the page does, and writes
/// experiments.md, experiments.json and the pictures.
#[derive(Args)]
pub struct Experiments {
    /// Only this run, those of the others staying as they are (may be given again; a wrong name lists them all)
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// How many times each is played, with seeds from 1; seldom-played ones once at most
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
    means: Means,
    /// Plays what comes in, one job a line: the command starts itself so, once for each core
    #[arg(long, hide = true)]
    worker: bool,
}

/// What judging needs.
#[derive(Args, Clone)]
pub struct Means {
    /// The digit classifier, as written by `saddle classify`
    #[arg(
        long,
        value_name = "FILE",
        default_value = "pretrained/classifier.safetensors"
    )]
    classifier: PathBuf,
    /// Folder with the four raw IDX files of MNIST
    #[arg(long, value_name = "DIR", default_value = "pkg/raw")]
    data: PathBuf,
}

impl Experiments {
    pub fn run(self) -> Result<()> {
        if self.worker {
            return workers::serve(&self.means);
        }
        let all = known::all();
        let chosen = self.chosen(&all)?;
        let seeds = |run: &Known| 1..=self.seeds.min(run.seeds);
        let mut jobs: Vec<Job> = (chosen.iter())
            .flat_map(|run| seeds(run).map(|seed| Job::new(run, seed)))
            .collect();
        // The longest first, so that no core is left alone with one at the end.
        jobs.sort_by(|a, b| b.work().total_cmp(&a.work()));
        let bar = ProgressBar::new(jobs.len() as u64).with_style(ProgressStyle::with_template(
            "{bar:30} {pos}/{len} runs  {elapsed}  {msg}",
        )?);
        bar.tick();
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let count = self.jobs.map_or(cores, usize::from);
        let played = Workers::new(count, &self.means).play(jobs, |job, played| {
            bar.inc(1);
            bar.set_message(format!("{} seed {}", job.name, played.outcome.seed));
        })?;
        bar.finish_and_clear();

        let mut fresh: BTreeMap<String, Vec<play::Played>> = BTreeMap::new();
        for (name, played) in played {
            fresh.entry(name).or_default().push(played);
        }
        let results: Vec<RunResult> = (chosen.iter())
            .filter_map(|run| RunResult::of(run, fresh.get(run.name)?))
            .collect();
        if self.json {
            println!("{}", serde_json::to_string_pretty(&results)?);
            return Ok(());
        }
        let pictures = files::folder(&self.out.join("img/experiments"))?;
        for result in &results {
            let shown = (fresh[&result.name].iter())
                .find(|played| played.outcome.seed == result.shown)
                .expect("a seed that was played");
            let name = &result.name;
            files::write(
                &pictures.join(format!("{name}.png")),
                &images::spaced(&shown.grid, play::COLUMNS)?,
            )?;
            files::write(
                &pictures.join(format!("{name}.svg")),
                curves::draw(&shown.curve).as_bytes(),
            )?;
        }
        let file = self.out.join("experiments.json");
        let results = Results::read(&file)?.with(results, &all);
        files::write(&file, results.encode()?.as_bytes())?;
        let page = self.out.join("experiments.md");
        files::write(&page, report::write(&all, &results).as_bytes())?;
        for line in report::summary(&all, &results) {
            println!("{line}");
        }
        println!("{}", page.display());
        Ok(())
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
