//! Numbers of our own runs in the text: `{{d-wins.dFake}}` is what `saddle experiments` has written to
//! `docs/experiments.json` of the drawn seed of that run, `{{d-wins.dFake.range}}` the least and the largest of all, and `{{pretrained/tiny.mnist_score}}` what
//! `saddle eval --json` has written to `pretrained/tiny.eval.json`. `{{games/ring-lost.lost.least}}` is what
//! `saddle games` has written to `docs/games.json` of that game over all its seeds. A name that is not there fails the
//! build.

use super::grouped;
use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

const FILE: &str = "docs/experiments.json";
const GAMES: &str = "docs/games.json";
/// Before the name of a game.
const GAME: &str = "games/";
const OPEN: &str = "{{";
const CLOSE: &str = "}}";
/// After a field: its least and its largest value over all seeds.
const RANGE: &str = ".range";

/// What came of all runs.
#[derive(Default, Deserialize)]
pub struct Runs {
    runs: Vec<Run>,
    /// Of the known games, by name.
    #[serde(skip)]
    games: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Games {
    games: Vec<Game>,
}

#[derive(Deserialize)]
struct Game {
    name: String,
    #[serde(flatten)]
    told: Value,
}

#[derive(Deserialize)]
struct Run {
    name: String,
    /// The seed that is drawn.
    shown: u64,
    /// How many seeds did what the run is known for; none where it is known for nothing.
    did: Option<u64>,
    seeds: Vec<Seed>,
}

#[derive(Deserialize)]
struct Seed {
    seed: u64,
    #[serde(default)]
    end: Value,
    #[serde(default)]
    scores: Value,
    #[serde(flatten)]
    all: Value,
}

impl Seed {
    /// A field of the end of the run, of its scores, or of itself.
    fn number(&self, field: &str) -> Option<&Value> {
        let places = [&self.end, &self.scores, &self.all];
        places.into_iter().map(|of| &of[field]).find(|value| value.is_number())
    }
}

impl Runs {
    /// None where there is no file: then only a text that asks for a number fails.
    pub fn read() -> Result<Self> {
        let mut read: Self = match std::fs::read_to_string(FILE) {
            Ok(text) => serde_json::from_str(&text).context(FILE)?,
            Err(_) => Self::default(),
        };
        if let Ok(text) = std::fs::read_to_string(GAMES) {
            let Games { games } = serde_json::from_str(&text).context(GAMES)?;
            read.games = games.into_iter().map(|game| (game.name, game.told)).collect();
        }
        Ok(read)
    }

    /// `markdown` with its numbers.
    pub fn fill(&self, markdown: &str) -> Result<String> {
        let mut parts = markdown.split(OPEN);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            // LaTeX has such braces too.
            match part.split_once(CLOSE) {
                Some((name, rest)) if is_name(name) => {
                    out += &self.number(name)?;
                    out += rest;
                }
                _ => {
                    out += OPEN;
                    out += part;
                }
            }
        }
        Ok(out)
    }

    /// `RUN.FIELD`
    fn number(&self, name: &str) -> Result<String> {
        let missing =
            || format!("{FILE} has no `{name}`: `cargo run --release -- experiments` writes it");
        let (run, field) = name.split_once('.').with_context(missing)?;
        if let Some(game) = run.strip_prefix(GAME) {
            let told = self.games.get(game).and_then(|told| at(told, field));
            return told.and_then(|value| shown(field, value)).with_context(|| {
                format!("{GAMES} has no `{name}`: `cargo run --release -- games` writes it")
            });
        }
        if run.contains('/') {
            return evaluated(run, field);
        }
        let run = self.runs.iter().find(|r| r.name == run).with_context(missing)?;
        if let Some(field) = field.strip_suffix(RANGE) {
            return range(field, &run.seeds).with_context(missing);
        }
        let drawn = run.seeds.iter().find(|seed| seed.seed == run.shown).with_context(missing)?;
        match field {
            "seed" => Ok(grouped(run.shown)),
            "did" => run.did.map(grouped).with_context(missing),
            "seeds" => Ok(run.seeds.len().to_string()),
            _ => drawn.number(field).and_then(|value| shown(field, value)).with_context(missing),
        }
    }
}

/// `0.74–0.77`, or one number where both are shown alike.
fn range(field: &str, seeds: &[Seed]) -> Option<String> {
    let of = |seed: &Seed| seed.number(field).and_then(Value::as_f64);
    let values: Vec<f64> = seeds.iter().map(of).collect::<Option<_>>()?;
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let largest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let [least, largest] = [least, largest].map(|value| shown(field, &Value::from(value)));
    let (least, largest) = (least?, largest?);
    Some(if least == largest { least } else { format!("{least}–{largest}") })
}

/// A score of pretrained weights.
fn evaluated(weights: &str, field: &str) -> Result<String> {
    let path = format!("{weights}.eval.json");
    let missing = || {
        format!(
            "{path} has no `{field}`: `saddle eval --weights {weights}.safetensors --json` prints it"
        )
    };
    let text = std::fs::read_to_string(&path).with_context(missing)?;
    let scores: Value = serde_json::from_str(&text).with_context(|| path.clone())?;
    let value = at(&scores, field);
    value.and_then(|value| shown(field, value)).with_context(missing)
}

/// `a.b` in `value`.
fn at<'a>(value: &'a Value, field: &str) -> Option<&'a Value> {
    value.pointer(&format!("/{}", field.replace('.', "/")))
}

fn is_name(name: &str) -> bool {
    name.contains('.') && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._/".contains(c))
}

/// With as many digits as mean something.
fn shown(field: &str, value: &Value) -> Option<String> {
    if let Some(count) = value.as_u64() {
        return Some(grouped(count));
    }
    let number = value.as_f64()?;
    Some(match field {
        "middle" => format!("{:.0}", 100.0 * number),
        "mnistScore" | "mnist_score" | "frechet" => format!("{number:.1}"),
        "classTv" | "class_tv" => format!("{number:.2}"),
        // As log 4 stands beside them.
        "lossD" | "lossG" => format!("{number:.3}"),
        "parzen.mean" | "parzen.se" => format!("{number:.0}"),
        "seconds" => format!("{number:.0}"),
        _ => plain(number),
    })
}

/// Two digits; what is small as a power of ten, in LaTeX.
fn plain(number: f64) -> String {
    if number != 0.0 && number.abs() < 1e-3 {
        let scientific = format!("{number:.1e}");
        let (digits, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
        return format!("${digits} \\times 10^{{{power}}}$");
    }
    // Of the rounded number: 0.999 is 1.0, as 1 is.
    let scientific = format!("{number:.1e}");
    let power = scientific.split_once('e').and_then(|(_, power)| power.parse().ok());
    let digits = match number {
        0.0 => 0,
        _ => (1 - power.unwrap_or(0)).max(0_i32) as usize,
    };
    format!("{number:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs() -> Runs {
        let written = serde_json::json!({ "runs": [{
            "name": "d-wins", "shown": 2, "did": 1,
            "seeds": [
                { "seed": 1, "end": { "dFake": 0.5 } },
                { "seed": 2, "steps": 400, "end": { "dFake": 0.00042 }, "scores": { "middle": 0.881, "mnistScore": 1.0 } },
            ],
        }] });
        serde_json::from_value(written).expect("what `saddle experiments` writes")
    }

    #[test]
    fn numbers_are_those_of_the_drawn_seed() {
        let filled = runs()
            .fill("{{d-wins.dFake}} {{d-wins.middle}} {{d-wins.mnistScore}} {{d-wins.steps}} {{d-wins.did}}/{{d-wins.seeds}}");
        assert_eq!(filled.expect("known names"), "$4.2 \\times 10^{-4}$ 88 1.0 400 1/2");
    }

    #[test]
    fn a_range_is_over_all_seeds() {
        let filled = runs().fill("{{d-wins.dFake.range}}").expect("all seeds have it");
        assert_eq!(filled, "$4.2 \\times 10^{-4}$–0.50");
        assert!(runs().fill("{{d-wins.middle.range}}").is_err(), "one seed lacks it");
    }

    #[test]
    fn counts_of_games_are_those_over_all_seeds() {
        let mut runs = runs();
        let ring = serde_json::json!({ "seeds": 20, "lost": { "least": 2, "most": 4 } });
        runs.games.insert("ring-lost".to_owned(), ring);
        let filled = runs.fill("{{games/ring-lost.lost.least}} to {{games/ring-lost.lost.most}}");
        assert_eq!(filled.expect("known names"), "2 to 4");
        let error = runs.fill("{{games/ring.seeds}}").expect_err("no such game");
        assert!(format!("{error:#}").contains("docs/games.json"));
    }

    #[test]
    fn what_is_not_there_fails_the_build() {
        let error = runs().fill("{{d-wins.nothing}}").expect_err("no such number");
        assert!(format!("{error:#}").contains("`d-wins.nothing`"));
        assert!(runs().fill("{{other.dFake}}").is_err());
    }

    #[test]
    fn braces_of_formulas_are_left_alone() {
        let latex = "$p_{{g}}$ and $\\frac{{a}}{{b}}$";
        assert_eq!(runs().fill(latex).expect("no names"), latex);
    }
}
