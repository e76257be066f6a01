//! `saddle game`

use anyhow::{Context, Result};
use clap::Args;
use indicatif::ProgressBar;
use saddle::game::{self, RunFigures};

#[derive(Args)]
pub(super) struct Game {
    /// Which known game: default, two-modes, saturation, ... (a wrong name lists them all)
    #[arg(long, default_value = "default")]
    preset: String,
    /// How many runs, with seeds from 1
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    seeds: u64,
    /// Iterations of each run [default: the game's own]
    #[arg(long)]
    iterations: Option<u32>,
    /// Print JSON for machines
    #[arg(long)]
    json: bool,
}

impl Game {
    pub(super) fn run(self) -> Result<()> {
        let known = game::preset(&self.preset).with_context(|| {
            let all = game::presets().into_iter().chain(game::plane_presets());
            let names: Vec<&str> = all.map(|p| p.name).collect();
            format!("there is no game {:?}: choose one of {}", self.preset, names.join(", "))
        })?;
        let iterations = self.iterations.unwrap_or(known.iterations);
        let bar = ProgressBar::new(self.seeds);
        let runs = (1..=self.seeds)
            .map(|seed| {
                let settings = game::GameSettings { seed, ..known.settings.clone() };
                let figures = game::play(settings, iterations)?;
                bar.inc(1);
                Ok(figures)
            })
            .collect::<Result<Vec<_>>>()?;
        bar.finish_and_clear();
        if self.json {
            let value =
                serde_json::json!({ "preset": known.name, "runs": runs, "median": medians(&runs) });
            println!("{}", serde_json::to_string_pretty(&value)?);
            return Ok(());
        }
        println!("{} after {iterations} iterations; V, C(G) and JSD in nats", known.name);
        println!("  seed       JSD  sup|D-1/2|         V      C(G)");
        for run in &runs {
            let modes = run.service.map_or(String::new(), |of| format!("  {} modes", of.served));
            let figures = row(run.jsd, run.sup_d_minus_half, run.v, run.c_of_g);
            println!("{:>6}  {figures}{modes}", run.seed);
        }
        let of = |figure: fn(&RunFigures) -> f64| game::median(&runs, figure);
        println!(
            "median  {}",
            row(of(|r| r.jsd), of(|r| r.sup_d_minus_half), of(|r| r.v), of(|r| r.c_of_g))
        );
        Ok(())
    }
}

pub(super) fn medians(runs: &[RunFigures]) -> serde_json::Value {
    serde_json::json!({
        "jsd": game::median(runs, |r| r.jsd),
        "sup_d_minus_half": game::median(runs, |r| r.sup_d_minus_half),
        "v": game::median(runs, |r| r.v),
        "c_of_g": game::median(runs, |r| r.c_of_g),
    })
}

fn row(jsd: f64, sup: f64, v: f64, c: f64) -> String {
    format!("{jsd:>8.5}  {sup:>10.4}  {v:>8.5}  {c:>8.5}")
}
