//! The known runs of the MNIST laboratory. `saddle experiments` plays all of them over five seeds; here one seed of
//! the cheap ones is played by that very command.

use std::{collections::BTreeSet, process::Command};

use saddle::mnist::judge::verdict::Kind;
use saddle::mnist::train::known::Role;
use saddle::mnist::train::{Settings, known};
use serde_json::Value;

/// Settings that differ.
fn changed(a: &Settings, b: &Settings) -> Vec<String> {
    let fields = |settings: &Settings| {
        let value = serde_json::to_value(settings).unwrap();
        value.as_object().unwrap().clone()
    };
    let (a, b) = (fields(a), fields(b));
    let keys = a.keys().filter(|key| a[*key] != b[*key]);
    keys.cloned().collect()
}

#[test]
fn every_known_run_can_be_played_and_has_a_name_of_its_own() {
    let all = known::all();
    let names: BTreeSet<&str> = all.iter().map(|run| run.name).collect();
    assert_eq!(names.len(), all.len());
    for run in &all {
        run.settings.validate().unwrap();
        assert!(run.steps > 0, "{}", run.name);
        assert_eq!(run.settings.seed, 1, "{}", run.name);
    }
}

#[test]
fn each_failure_is_followed_by_the_run_that_mends_it_by_one_setting() {
    let runs = known::failures();
    for pair in runs.chunks(2) {
        let [failure, cure] = pair else { panic!("a failure without a cure") };
        assert!(matches!(failure.role, Role::Fails(_)), "{}", failure.name);
        assert_eq!(cure.role, Role::Mends(failure.name));
        let changed = changed(&failure.settings, &cure.settings);
        assert_eq!(changed.len(), 1, "{}: {changed:?}", cure.name);
        assert_eq!(failure.steps, cure.steps, "{}", cure.name);
    }
}

#[test]
fn each_verdict_has_a_known_run_that_brings_it_about() {
    let runs = known::failures();
    for kind in
        [Kind::NotANumber, Kind::Grey, Kind::AllAlike, Kind::FewClasses, Kind::DiscriminatorWon]
    {
        let brings = |role| role == Role::Fails(kind);
        assert!(runs.iter().any(|run| brings(run.role)), "{kind:?}");
    }
}

#[test]
fn the_page_has_words_for_each_failure_and_cure() {
    for language in ["en", "zh"] {
        let file = format!("www/strings/{language}/train.js");
        let words = std::fs::read_to_string(&file).unwrap();
        for run in known::failures() {
            for key in ["", ".what"] {
                let key = format!("\"knownrun.{}{key}\":", run.name);
                assert!(words.contains(&key), "{file}: {key}");
            }
        }
    }
}

/// Settings of a link to the MNIST laboratory, `net=tiny&t-k=10`.
fn linked(link: &str) -> Settings {
    let pairs: Vec<(&str, &str)> = link.split('&').filter_map(|p| p.split_once('=')).collect();
    let (_, preset) = pairs.iter().find(|(key, _)| *key == "net").unwrap();
    let preset = serde_json::from_value(Value::from(*preset)).unwrap();
    let mut settings = serde_json::to_value(Settings::of(preset)).unwrap();
    for (key, value) in pairs {
        let field = match key {
            "net" => continue,
            "t-batch" => "batch",
            "t-k" => "k",
            "t-loss" => "loss",
            "t-d-by" => "optimiserD",
            "t-g-by" => "optimiserG",
            "t-d-rate" => "rateD",
            "t-g-rate" => "rateG",
            "t-g-beta" => "momentumG",
            "t-g-f" => "activationG",
            "t-norm" => "batchNorm",
            other => panic!("{other} in {link}: tell this test what it sets"),
        };
        settings[field] = match value {
            "on" | "off" => Value::from(value == "on"),
            _ => serde_json::from_str(value).unwrap_or(Value::from(value)),
        };
    }
    serde_json::from_value(settings).unwrap()
}

#[test]
fn links_in_the_text_lead_to_the_runs_whose_numbers_stand_beside_them() {
    let all = known::all();
    for (language, open) in [("en", " (`"), ("zh", "（`")] {
        let text = std::fs::read_to_string(format!("www/text/{language}/what-happens.md")).unwrap();
        let mut named = 0;
        for part in text.split("](mnist:").skip(1) {
            let (link, rest) = part.split_once(')').unwrap();
            let name = rest.strip_prefix(open).and_then(|rest| rest.split('`').next());
            let Some(name) = name else { continue };
            let run = all.iter().find(|run| run.name == name).unwrap();
            assert_eq!(linked(link), run.settings, "{language}: {name}");
            named += 1;
        }
        assert!(named >= 12, "{language}: {named} runs are named");
    }
}

/// Kinds of the verdicts at the end of each of these runs, seed 1.
fn verdicts(names: &[&str]) -> Vec<Vec<String>> {
    let data = std::env::var("SADDLE_DATA").unwrap_or("pkg/raw".into());
    let mut command = Command::new(env!("CARGO_BIN_EXE_saddle"));
    command.args(["experiments", "--seeds", "1", "--json", "--data", &data]);
    for name in names {
        command.args(["--only", name]);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let runs: Value = serde_json::from_slice(&output.stdout).unwrap();
    let kinds = |run: &Value| {
        let verdicts = run["seeds"][0]["verdicts"].as_array().unwrap();
        let kind = |verdict: &Value| verdict["kind"].as_str().unwrap().to_owned();
        verdicts.iter().map(kind).collect()
    };
    runs.as_array().unwrap().iter().map(kinds).collect()
}

#[test]
fn failures_fail_in_their_way_and_their_cures_do_not() {
    let cheap =
        ["relu-in-g", "tanh-in-g", "d-wins", "non-saturating", "rate-too-high", "g-too-slow"];
    let all = known::failures();
    for (name, kinds) in cheap.iter().zip(verdicts(&cheap)) {
        let run = all.iter().find(|run| run.name == *name).unwrap();
        match run.role {
            Role::Fails(kind) => {
                let kind = serde_json::to_value(kind).unwrap();
                assert!(kinds.iter().any(|k| *k == kind), "{name}: {kinds:?}");
            }
            _ => assert!(kinds.is_empty(), "{name}: {kinds:?}"),
        }
    }
}

#[test]
fn an_unknown_run_is_refused_with_the_names_there_are() {
    let output = Command::new(env!("CARGO_BIN_EXE_saddle"))
        .args(["experiments", "--only", "nonsense"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("\"nonsense\"") && said.contains("relu-in-g"), "{said}");
}
