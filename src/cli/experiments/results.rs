//! What came of the runs: `experiments.json`, which the page's text takes its numbers from.

use std::path::Path;

use anyhow::{Context, Result};
use saddle::mnist::train::Settings;
use saddle::mnist::train::known::{Known, Role};
use serde::{Deserialize, Serialize};

use super::play::{Outcome, Played};
use crate::cli::files;

/// Of all runs, in the order in which they are told.
#[derive(Serialize, Deserialize, Default)]
pub(super) struct Results {
    runs: Vec<RunResult>,
}

/// Of one run.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct RunResult {
    /// Its name.
    pub name: String,
    /// How many seeds did what the run is there for; none where it is there to be compared.
    pub did: Option<usize>,
    /// The seed that is drawn.
    pub shown: u32,
    /// Steps asked for.
    pub steps: u32,
    /// With seed 1.
    pub settings: Settings,
    /// Seed by seed.
    pub seeds: Vec<Outcome>,
}

impl RunResult {
    /// `None` when nothing was played.
    pub(super) fn of(run: &Known, played: &[Played]) -> Option<Self> {
        let seeds: Vec<Outcome> = played.iter().map(|p| p.outcome.clone()).collect();
        let did = |outcome: &&Outcome| does(run.role, outcome).unwrap_or(true);
        // The middle one by score of those that do what the run is there for.
        let mut typical: Vec<&Outcome> = seeds.iter().filter(did).collect();
        let score = |outcome: &Outcome| outcome.scores.map_or(0.0, |s| s.mnist_score);
        typical.sort_by(|a, b| score(a).total_cmp(&score(b)));
        let middle = typical.get(typical.len().saturating_sub(1) / 2).copied();
        Some(Self {
            name: run.name.to_owned(),
            did: does(run.role, seeds.first()?).map(|_| typical.len()),
            shown: middle.or(seeds.first())?.seed,
            steps: run.steps,
            settings: run.settings.clone(),
            seeds,
        })
    }
}

/// Whether a run ended as its role says; `None` where that says nothing.
pub(super) fn does(role: Role, outcome: &Outcome) -> Option<bool> {
    match role {
        Role::Fails(kind) => Some(outcome.verdicts.iter().any(|v| v.kind() == kind)),
        Role::Mends(_) | Role::Good => Some(outcome.verdicts.is_empty()),
        Role::Compared => None,
    }
}

impl Results {
    /// Nothing where there is no file yet.
    pub(super) fn read(path: &Path) -> Result<Self> {
        if !path.exists() {
            return Ok(Self::default());
        }
        serde_json::from_slice(&files::read(path)?).with_context(|| {
            format!("{} is of another version: delete it and play all", path.display())
        })
    }

    /// With `fresh` in the place of an older one; what is no longer played is left out.
    pub(super) fn with(mut self, fresh: RunResult, all: &[Known]) -> Self {
        self.runs.retain(|old| old.name != fresh.name);
        self.runs.push(fresh);
        let place = |run: &RunResult| all.iter().position(|known| known.name == run.name);
        self.runs.retain(|run| place(run).is_some());
        self.runs.sort_by_key(place);
        self
    }

    /// Of the run of that name.
    pub(super) fn get(&self, name: &str) -> Option<&RunResult> {
        self.runs.iter().find(|run| run.name == name)
    }

    /// One line for each seed, so that a change shows where it is.
    pub(super) fn encode(&self) -> Result<String> {
        let mut text = String::from("{\"runs\": [");
        for (i, run) in self.runs.iter().enumerate() {
            let RunResult { name, did, shown, steps, settings, seeds } = run;
            text += if i == 0 { "\n" } else { ",\n" };
            text += &format!(
                "{{\"name\": {}, \"did\": {}, \"shown\": {shown}, \"steps\": {steps},\n \"settings\": {},\n \"seeds\": [",
                serde_json::to_string(name)?,
                serde_json::to_string(did)?,
                serde_json::to_string(settings)?
            );
            for (j, seed) in seeds.iter().enumerate() {
                text += if j == 0 { "\n  " } else { ",\n  " };
                text += &serde_json::to_string(seed)?;
            }
            text += "]}";
        }
        Ok(text + "\n]}\n")
    }
}
