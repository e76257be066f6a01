//! `experiments.md`: what came of each run, in words and tables.

use std::fmt::Write as _;

use saddle::mnist::judge::verdict::{self, Kind};
use saddle::mnist::train::Settings;
use saddle::mnist::train::known::{Known, Role};

use super::changes;
use super::play::Outcome;
use super::results::{Results, RunResult};

const HEAD: &str = "# Experiments

The known runs of the MNIST laboratory: each failure that the page offers, the run beside it that mends it by one
setting, and runs that are set beside each other. This file, `experiments.json` and the pictures are written by

```sh
cargo run --release -- experiments
```

which plays each run over seeds from 1, with fresh weights, on one thread per run: another number of threads sums in
another order, and a GAN makes much of it. Each run is judged at its end as the page judges it: 1,000 samples of the
averaged G, labelled by `pretrained/classifier.safetensors`, and the records of all its steps. Medians are of the last
50 steps; seconds are those of training on one core of the machine it was played on, which others used too. Fréchet
distances are on the classifier's features, from the test images; \"between\" is the share of pixels in (-0.8, 0.8).
";

/// The whole file.
pub(super) fn write(all: &[Known], results: &Results) -> String {
    let mut out = HEAD.to_owned();
    out += "\n## In short\n\n| run | what is to happen | seeds that do it | steps |\n|---|---|---|---|\n";
    for known in all {
        let Some(result) = results.get(known.name) else {
            continue;
        };
        let done = match result.did {
            Some(did) => format!("{did} of {}", result.seeds.len()),
            None => "–".to_owned(),
        };
        let _ = writeln!(
            out,
            "| [`{0}`](#{0}) | {1} | {done} | {2} |",
            known.name,
            short(known.role),
            result.steps
        );
    }
    out += "\nWhere nothing is to be wrong, no verdict at all may stand at the end.\n";
    for known in all {
        if let Some(result) = results.get(known.name) {
            out += &section(all, known, result);
        }
    }
    out
}

/// One line for each run, for the terminal.
pub(super) fn summary(all: &[Known], results: &Results) -> Vec<String> {
    let line = |known: &Known| {
        let result = results.get(known.name)?;
        let seconds: f64 = result.seeds.iter().map(|s| s.seconds).sum();
        let did = result.did.map_or("-".to_owned(), |did| did.to_string());
        Some(format!(
            "{:<18} {did} of {}  {seconds:>6.0} s  {}",
            known.name,
            result.seeds.len(),
            short(known.role)
        ))
    };
    all.iter().filter_map(line).collect()
}

fn section(all: &[Known], known: &Known, result: &RunResult) -> String {
    let name = known.name;
    let settings = &result.settings;
    let mut out = format!("\n## {name}\n\n");
    let mended = match known.role {
        Role::Mends(other) => all.iter().find(|run| run.name == other),
        _ => None,
    };
    let preset = settings.preset.name();
    out += &match mended {
        Some(failing) => {
            let change = changes::between(&failing.settings, settings).join(", ");
            format!("`{}`, mended by one setting: {change}.\n\n", failing.name)
        }
        None => match changes::between(&Settings::of(settings.preset), settings).as_slice() {
            [] => format!("`{preset}` as it is recommended.\n\n"),
            some => format!("`{preset}` with {}.\n\n", some.join(", ")),
        },
    };
    let _ = writeln!(out, "Criterion: {}.\n", criterion(known.role));
    let _ = writeln!(
        out,
        "![Samples of seed {0} at the end](img/experiments/{name}.png)\n![Curves of seed {0}](img/experiments/{name}.svg)\n",
        result.shown
    );
    out += "| seed | at the end | MNIST score | class TV | Fréchet | between | D(x) | D(G(z)) | loss D | loss G | steps | s |\n";
    out += "|---|---|---|---|---|---|---|---|---|---|---|---|\n";
    for outcome in &result.seeds {
        out += &row(outcome);
    }
    let _ = writeln!(
        out,
        "\n```sh\nsaddle experiments --only {name}\nsaddle train --steps {} --out runs/{name} --preset {preset}{} --seed {}\n```",
        result.steps,
        changes::options(settings),
        result.shown
    );
    out
}

fn row(outcome: &Outcome) -> String {
    let says = match outcome.says.as_slice() {
        [] => "nothing is wrong".to_owned(),
        some => some.join("; "),
    };
    let scores = match outcome.scores {
        Some(s) => format!(
            "{:.2} | {:.3} | {:.1} | {:.0} %",
            s.mnist_score,
            s.class_tv,
            s.frechet,
            100.0 * s.middle
        ),
        None => "– | – | – | –".to_owned(),
    };
    let end = &outcome.end;
    let number = |value: Option<f32>| match value {
        None => "not a number".to_owned(),
        Some(v) if v != 0.0 && (v.abs() < 0.001 || v.abs() >= 1e4) => format!("{v:.1e}"),
        Some(v) => format!("{v:.3}"),
    };
    format!(
        "| {} | {says} | {scores} | {} | {} | {} | {} | {} | {:.0} |\n",
        outcome.seed,
        number(end.d_real),
        number(end.d_fake),
        number(end.loss_d),
        number(end.loss_g),
        outcome.steps,
        outcome.seconds
    )
}

fn short(role: Role) -> String {
    match role {
        Role::Fails(kind) => words(kind).to_owned(),
        Role::Mends(other) => format!("mends `{other}`: nothing is wrong"),
        Role::Good => "nothing is wrong".to_owned(),
        Role::Compared => "set beside others".to_owned(),
    }
}

fn words(kind: Kind) -> &'static str {
    match kind {
        Kind::NotANumber => "not a number",
        Kind::Grey => "grey",
        Kind::AllAlike => "all samples alike",
        Kind::FewClasses => "mostly a few classes",
        Kind::DiscriminatorWon => "D has won",
    }
}

/// In the numbers of the judge.
fn criterion(role: Role) -> String {
    match role {
        Role::Fails(Kind::NotANumber) => {
            "a loss, D(x), D(G(z)) or G's gradient is not finite".to_owned()
        }
        Role::Fails(Kind::Grey) => format!(
            "more than {:.0} % of all pixels lie in (-{1}, {1})",
            100.0 * verdict::GREY,
            verdict::TONE
        ),
        Role::Fails(Kind::AllAlike) => format!(
            "among 256 samples the median distance to the nearest other one is below {} of that among 256 real images",
            verdict::ALIKE
        ),
        Role::Fails(Kind::FewClasses) => format!(
            "the three most frequent classes hold more than {:.0} % of the samples",
            100.0 * verdict::FEW
        ),
        Role::Fails(Kind::DiscriminatorWon) => format!(
            "over the last {} steps the medians of D(x) and D(G(z)) are at least {} and at most {}",
            verdict::RECORDS,
            verdict::WON_REAL,
            verdict::WON_FAKE
        ),
        Role::Mends(_) | Role::Good => "none of the five verdicts".to_owned(),
        Role::Compared => "none; the scores are there to be compared".to_owned(),
    }
}
