//! `saddle games`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result, ensure};
use clap::Args;
use indicatif::ProgressBar;
use saddle::game::{self, GameSettings, Preset, RunFigures, Service, SettingsError};
use serde_json::{Value, json};

use super::{files, game::medians};

/// Where the page's text has its counts from.
const COUNTS: &str = "docs/games.json";

#[derive(Args)]
pub(super) struct Games {
    /// How many runs of each game, with seeds from 1
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    seeds: u64,
    /// These games alone; of the others stays what the file has
    #[arg(long, value_name = "NAME", num_args = 1..)]
    only: Vec<String>,
    /// Where to
    #[arg(long, value_name = "FILE", default_value = COUNTS)]
    out: PathBuf,
}

impl Games {
    pub(super) fn run(self) -> Result<()> {
        let all: Vec<Preset> = game::presets().into_iter().chain(game::plane_presets()).collect();
        for name in &self.only {
            ensure!(all.iter().any(|game| game.name == name), "there is no game {name:?}");
        }
        let asked =
            |game: &&Preset| self.only.is_empty() || self.only.iter().any(|n| n == game.name);
        let known: Vec<Preset> = all.iter().filter(asked).cloned().collect();
        let runs = play(&known, self.seeds)?;
        let mut games = if self.only.is_empty() { BTreeMap::new() } else { kept(&self.out)? };
        for (game, runs) in known.iter().zip(&runs) {
            games.insert(game.name.to_owned(), told(game, runs));
        }
        let games: Vec<Value> = all.iter().filter_map(|game| games.remove(game.name)).collect();
        let text = serde_json::to_string_pretty(&json!({ "games": games }))? + "\n";
        files::write(&self.out, text.as_bytes())?;
        println!("{}", self.out.display());
        Ok(())
    }
}

/// What the file has, by name.
fn kept(file: &Path) -> Result<BTreeMap<String, Value>> {
    let context = || format!("cannot read {}", file.display());
    let text = std::fs::read_to_string(file).with_context(context)?;
    let written: Value = serde_json::from_str(&text).with_context(context)?;
    let games = written["games"].as_array().cloned().unwrap_or_default();
    let name = |game: &Value| game["name"].as_str().map(str::to_owned);
    Ok(games.into_iter().filter_map(|game| name(&game).map(|name| (name, game))).collect())
}

/// All seeds of all games, in their order, as many at a time as there are cores.
fn play(known: &[Preset], seeds: u64) -> Result<Vec<Vec<RunFigures>>, SettingsError> {
    let jobs = known.iter().enumerate().flat_map(|(at, _)| (1..=seeds).map(move |seed| (at, seed)));
    let queue = Mutex::new(jobs);
    let bar = ProgressBar::new(known.len() as u64 * seeds);
    let work = || -> Result<Vec<(usize, RunFigures)>, SettingsError> {
        let mut played = Vec::new();
        loop {
            let job = queue.lock().expect("no thread panics with it").next();
            let Some((at, seed)) = job else { return Ok(played) };
            let settings = GameSettings { seed, ..known[at].settings.clone() };
            played.push((at, game::play(settings, known[at].iterations)?));
            bar.inc(1);
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut runs = vec![Vec::new(); known.len()];
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        for thread in threads {
            for (at, figures) in thread.join().expect("a game does not panic")? {
                runs[at].push(figures);
            }
        }
        Ok::<(), SettingsError>(())
    })?;
    bar.finish_and_clear();
    runs.iter_mut().for_each(|of| of.sort_by_key(|run| run.seed));
    Ok(runs)
}

/// A game with its runs and what they have in common.
fn told(game: &Preset, runs: &[RunFigures]) -> Value {
    let jsd = runs.iter().map(|run| run.jsd);
    let mut told = json!({
        "name": game.name,
        "seeds": runs.len(),
        "iterations": game.iterations,
        "median": medians(runs),
        "jsd": {
            "least": jsd.clone().fold(f64::INFINITY, f64::min),
            "most": jsd.fold(f64::NEG_INFINITY, f64::max),
        },
    });
    let service: Vec<Service> = runs.iter().filter_map(|run| run.service).collect();
    let lost = service.iter().map(|of| of.modes - of.served);
    if let (Some(least), Some(most)) = (lost.clone().min(), lost.clone().max()) {
        told["lost"] = json!({ "least": least, "most": most });
        told["all_served"] = lost.filter(|lost| *lost == 0).count().into();
        if service.iter().any(|of| of.on_modes.is_some()) {
            told["memorised"] = service.iter().filter(|of| of.is_memorised()).count().into();
        }
    }
    told["runs"] = json!(runs);
    told
}
