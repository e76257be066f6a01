//! The directions of docs/ARCHITECTURE.md: who may name whom.

use super::names::{Arrow, Foreign, Names};
use crate::paths;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::Path;

/// The rooms of `src/`, each with those that it may name besides itself.
const ROOMS: [(&str, &[&str]); 9] = [
    ("num", &[]),
    ("theory", &["num"]),
    ("game", &["num", "theory"]),
    ("figures", &["num", "theory", "game"]),
    ("mnist", &["num"]),
    ("wasm", &["num", "theory", "game", "figures", "mnist"]),
    ("cli", &["num", "theory", "game", "figures", "mnist"]),
    ("main", &["cli"]),
    ("lib", &[]),
];
/// Inside `mnist` each may name those before it. What stands in its `mod.rs` is above all of them.
const MNIST: [&str; 9] =
    ["data", "kernels", "nets", "frozen", "judge", "train", "explore", "file", "code"];

/// Other crates (those that begin so, and go on with `_`), and the only folders of `src/` that may name them.
const CRATES: [(&str, &[&str]); 8] = [
    ("burn", &["mnist", "wasm/mnist", "cli"]),
    ("cubecl", &["mnist"]),
    ("cubek", &["mnist"]),
    ("wasm_bindgen", &["wasm"]),
    ("web_sys", &["wasm"]),
    ("js_sys", &["wasm"]),
    ("serde_wasm_bindgen", &["wasm"]),
    ("console_error_panic_hook", &["wasm"]),
];

pub fn problems() -> Result<Vec<String>> {
    let mut names = Names::default();
    for file in paths::files(Path::new("src"))? {
        if file.extension().is_some_and(|e| e == "rs") {
            let name = file.to_string_lossy().replace('\\', "/");
            names.add(&name, &read(&Path::new("src").join(&file))?)?;
        }
    }
    let mut found = rust(&names);
    for file in paths::files(Path::new("www"))? {
        let name = file.to_string_lossy().replace('\\', "/");
        if file.extension().is_some_and(|e| e == "js") {
            let text = read(&Path::new("www").join(&file))?;
            let problems = script(&name, &text).into_iter();
            found.extend(problems.map(|problem| format!("www/{name}:{problem}")));
        }
    }
    Ok(found)
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| paths::reading(path))
}

fn rust(names: &Names) -> Vec<String> {
    let (arrows, foreign) = names.resolve();
    let mut found: BTreeSet<String> = arrows.iter().filter_map(direction).collect();
    found.extend(foreign.iter().filter_map(crates));
    found.extend(circles(&arrows));
    found.extend(features(&names.mnist_features));
    found.into_iter().collect()
}

/// The room of a file, and its place inside `mnist`.
fn room(file: &str) -> (&str, Option<&str>) {
    let mut parts = file.trim_end_matches(".rs").split('/');
    let room = parts.next().unwrap_or_default();
    (room, parts.next().filter(|inner| room == "mnist" && *inner != "mod"))
}

fn direction(arrow: &Arrow) -> Option<String> {
    let Arrow { from, line, to, through, facade } = arrow;
    let refused = |other: &&String| !may_name(from, other);
    let other = [to].into_iter().chain(through).find(refused).filter(|_| !facade)?;
    Some(format!("src/{from}:{line}: `{}` must not name `{}`", spelled(from), spelled(other)))
}

fn spelled(file: &str) -> String {
    match room(file) {
        (room, Some(inner)) => format!("{room}/{inner}"),
        ("mnist", None) => "mnist/mod.rs".into(),
        (room, None) => room.into(),
    }
}

fn may_name(from: &str, to: &str) -> bool {
    let ((from, inner), (to, other)) = (room(from), room(to));
    if from == to {
        let place = |inner: Option<&str>| match inner {
            Some(inner) => MNIST.iter().position(|known| *known == inner),
            None => Some(MNIST.len()),
        };
        return from != "mnist"
            || place(inner).zip(place(other)).is_some_and(|(from, to)| to <= from);
    }
    ROOMS.iter().any(|(room, others)| *room == from && others.contains(&to))
}

fn crates(foreign: &Foreign) -> Option<String> {
    let Foreign { from, line, name } = foreign;
    let is = |known: &str| {
        name.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    let (_, rooms) = CRATES.iter().find(|(known, _)| is(known))?;
    let inside = rooms
        .iter()
        .any(|room| from.strip_prefix(room).is_some_and(|rest| rest.starts_with(['/', '.'])));
    (!inside).then(|| {
        format!("src/{from}:{line}: only src/{}/ may name {name}", rooms.join("/ and src/"))
    })
}

/// Each circle of files once, as `src/a.rs:7: a.rs -> b.rs -> a.rs`.
fn circles(arrows: &BTreeSet<Arrow>) -> Vec<String> {
    let mut graph: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for arrow in arrows.iter().filter(|arrow| !arrow.facade) {
        graph.entry(&arrow.from).or_default().entry(&arrow.to).or_insert(arrow.line);
    }
    let mut known = BTreeSet::new();
    let mut found = Vec::new();
    for (from, others) in &graph {
        for (to, line) in others {
            let Some(mut circle) = way(&graph, to, from) else { continue };
            let set: BTreeSet<&str> = circle.iter().copied().collect();
            if known.insert(set) {
                circle.insert(0, from);
                found.push(format!("src/{from}:{line}: a circle: {}", circle.join(" -> ")));
            }
        }
    }
    found
}

/// The shortest way from one file to another, both included.
fn way<'a>(
    graph: &BTreeMap<&'a str, BTreeMap<&'a str, usize>>,
    from: &'a str,
    to: &str,
) -> Option<Vec<&'a str>> {
    let mut before = BTreeMap::from([(from, from)]);
    let mut next = VecDeque::from([from]);
    while let Some(file) = next.pop_front() {
        if file == to {
            let mut way = vec![file];
            while way[way.len() - 1] != from {
                way.push(before[way[way.len() - 1]]);
            }
            way.reverse();
            return Some(way);
        }
        for other in graph.get(file).into_iter().flat_map(BTreeMap::keys) {
            if !before.contains_key(other) {
                before.insert(other, file);
                next.push_back(other);
            }
        }
    }
    None
}

/// The feature `mnist` is asked for once in `lib.rs`; `src/wasm/` may ask for it too.
fn features(places: &[(String, usize)]) -> Vec<String> {
    let root = places.iter().filter(|(file, _)| file == "lib.rs").count();
    let elsewhere =
        places.iter().filter(|(file, _)| file != "lib.rs" && !file.starts_with("wasm/"));
    let mut found: Vec<String> = elsewhere
        .map(|(file, line)| {
            format!(
                "src/{file}:{line}: only src/lib.rs and src/wasm/ may ask for the feature `mnist`"
            )
        })
        .collect();
    if root != 1 {
        found.push(format!("src/lib.rs: asks for the feature `mnist` {root} times, not once"));
    }
    found
}

/// Problems of one script: only what the workers share, and the one that compiles a module for all of them, load what
/// is built of Rust. What else lies under `pkg/` is for all.
fn script(name: &str, text: &str) -> Vec<String> {
    if name == "shell/open.js" || name == "shell/modules.js" {
        return Vec::new();
    }
    let loads = |line: &str| ["saddle.js", "saddle_bg.wasm"].iter().any(|file| line.contains(file));
    let lines = text.lines().enumerate();
    let code = lines.filter(|(_, line)| !line.trim_start().starts_with(['/', '*']) && loads(line));
    code.map(|(i, _)| {
        format!("{}: only www/shell/open.js and www/shell/modules.js may load the modules", i + 1)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIB: (&str, &str) = ("lib.rs", "#[cfg(feature = \"mnist\")]\npub mod mnist;");

    /// Problems of a crate of these files, `lib.rs` besides.
    fn judged(files: &[(&str, &str)]) -> Vec<String> {
        let mut names = Names::default();
        for (file, text) in [LIB].iter().chain(files) {
            names.add(file, text).expect("Rust");
        }
        rust(&names)
    }

    /// An item in every room.
    fn house() -> Vec<(String, &'static str)> {
        let rooms = ["num", "theory", "game", "figures", "wasm", "cli"].map(str::to_string);
        let inner = MNIST.map(|room| format!("mnist/{room}"));
        rooms.into_iter().chain(inner).map(|room| (room, "pub mod x { pub struct It; }")).collect()
    }

    /// Whether a file of one room may name another room.
    fn allowed(from: &str, to: &str) -> bool {
        let text = format!("use crate::{}::x::It;", to.replace('/', "::"));
        let text = if from == "cli" { text.replace("crate", "saddle") } else { text };
        let (user, mut files) = (format!("{from}/user.rs"), vec![("mnist/mod.rs", "")]);
        let house = house();
        let all: Vec<_> = house.iter().map(|(room, it)| (format!("{room}/mod.rs"), *it)).collect();
        files.extend(all.iter().map(|(file, it)| (file.as_str(), *it)));
        files.push((&user, &text));
        let found = judged(&files);
        assert!(
            found.is_empty() || found == [format!("src/{user}:1: `{from}` must not name `{to}`")],
            "{found:?}"
        );
        found.is_empty()
    }

    #[test]
    fn arrows_run_one_way() {
        // Nothing of the library can name the program.
        let outer = ["num", "theory", "game", "figures", "wasm"];
        let may = |from: &str| outer.into_iter().filter(|to| allowed(from, to)).collect::<Vec<_>>();
        assert_eq!(may("num"), ["num"]);
        assert_eq!(may("theory"), ["num", "theory"]);
        assert_eq!(may("game"), ["num", "theory", "game"]);
        assert_eq!(may("figures"), ["num", "theory", "game", "figures"]);
        assert_eq!(may("wasm"), ["num", "theory", "game", "figures", "wasm"]);
        for (i, inner) in MNIST.iter().enumerate() {
            let from = format!("mnist/{inner}");
            assert_eq!(may(&from), ["num"], "{from}");
            for (j, other) in MNIST.iter().enumerate() {
                assert_eq!(allowed(&from, &format!("mnist/{other}")), j <= i, "{from}, {other}");
            }
            for outer in outer.into_iter().chain(["cli"]) {
                let top = outer == "wasm" || outer == "cli";
                assert_eq!(allowed(outer, &from), top, "{outer}, {from}");
            }
        }
    }

    #[test]
    fn a_facade_opens_no_back_door() {
        let files = [
            ("num/mod.rs", "pub use crate::game::Game;"),
            ("game/mod.rs", "pub struct Game;"),
            ("theory/mod.rs", "use crate::num::Game;"),
        ];
        assert_eq!(
            judged(&files),
            [
                "src/num/mod.rs:1: `num` must not name `game`",
                "src/theory/mod.rs:1: `theory` must not name `game`"
            ]
        );
        let files =
            [("mnist/mod.rs", "pub const N: usize = 1;"), ("mnist/data/mod.rs", "use super::N;")];
        assert_eq!(
            judged(&files),
            ["src/mnist/data/mod.rs:1: `mnist/data` must not name `mnist/mod.rs`"]
        );
    }

    #[test]
    fn a_room_that_is_not_in_the_table_names_nothing() {
        let files = [("num/mod.rs", "pub struct It;"), ("new/mod.rs", "use crate::num::It;")];
        assert_eq!(judged(&files), ["src/new/mod.rs:1: `new` must not name `num`"]);
    }

    #[test]
    fn files_form_no_circle() {
        let a = ("game/a.rs", "use super::b::B;\npub struct A;");
        assert_eq!(
            judged(&[a, ("game/b.rs", "\nuse super::a::A; pub struct B;")]),
            ["src/game/a.rs:1: a circle: game/a.rs -> game/b.rs -> game/a.rs"]
        );
        // One of three, through inline paths and a macro.
        let three = [
            ("game/mod.rs", "mod a; mod b; mod c;"),
            a,
            ("game/b.rs", "fn f() { super::c::g(); } pub struct B;"),
            ("game/c.rs", "fn g() { drop(vec![crate::game::a::A]); }"),
        ];
        assert_eq!(
            judged(&three),
            ["src/game/a.rs:1: a circle: game/a.rs -> game/b.rs -> game/c.rs -> game/a.rs"]
        );
        // A parent hands its child out, and the child uses what the parent has.
        let child = ("game/a.rs", "use super::Own; pub struct A;");
        let parent = |text| ("game/mod.rs", text);
        assert!(judged(&[child, parent("pub mod a; pub use a::A; pub struct Own;")]).is_empty());
        assert_eq!(
            judged(&[child, parent("pub mod a;\nuse a::A; pub struct Own;")]),
            ["src/game/a.rs:1: a circle: game/a.rs -> game/mod.rs -> game/a.rs"]
        );
        // Siblings that find each other through their parent do not escape.
        let files = [
            parent("mod a; mod b; pub use a::A; pub use b::B;"),
            ("game/a.rs", "use super::B; pub struct A;"),
            ("game/b.rs", "use super::A; pub struct B;"),
        ];
        assert_eq!(
            judged(&files),
            ["src/game/a.rs:1: a circle: game/a.rs -> game/b.rs -> game/a.rs"]
        );
    }

    #[test]
    fn crates_stay_where_they_belong() {
        assert_eq!(
            judged(&[("game/idx.rs", "\nuse burn::tensor::Tensor;")]),
            ["src/game/idx.rs:2: only src/mnist/ and src/wasm/mnist/ and src/cli/ may name burn"]
        );
        assert_eq!(
            judged(&[("mnist/data/mod.rs", "fn f() { js_sys::Date::now(); }")]),
            ["src/mnist/data/mod.rs:1: only src/wasm/ may name js_sys"]
        );
        for (file, text) in [
            ("wasm/game.rs", "use burn::tensor::Device;"),
            ("wasm/mnist/x.rs", "use cubecl_core::x;"),
            ("num/mod.rs", "use wasm_bindgen_futures::x;"),
            ("cli/mod.rs", "use web_sys::x;"),
        ] {
            assert_eq!(judged(&[(file, text)]).len(), 1, "{file}");
        }
        for (file, text) in [
            ("mnist/frozen.rs", "use burn::tensor::Tensor;"),
            ("mnist/kernels/mod.rs", "use burn_cubecl::x; use cubecl::y;"),
            ("wasm/mnist/device.rs", "use burn::tensor::Device; use js_sys::Promise;"),
            ("wasm/mod.rs", "use wasm_bindgen::prelude::*;"),
            ("theory/mod.rs", "//! No burn here.\nuse crate::theory::grid; fn burn() {}"),
        ] {
            assert_eq!(judged(&[(file, text)]), [""; 0], "{file}");
        }
    }

    #[test]
    fn the_feature_is_asked_for_once() {
        let elsewhere = "only src/lib.rs and src/wasm/ may ask for the feature `mnist`";
        for text in [
            "\n#[cfg(feature = \"mnist\")]\nfn f() {}",
            "\n#[cfg(all(test, not(feature = \"mnist\")))]\nfn f() {}",
            "\n#[cfg_attr(feature = \"mnist\", inline)]\nfn f() {}",
            "fn f() -> bool {\n    cfg!(feature = \"mnist\")\n}",
        ] {
            assert_eq!(judged(&[("num/mod.rs", text)]), [format!("src/num/mod.rs:2: {elsewhere}")]);
        }
        let inner = "#![cfg(feature = \"mnist\")]\nfn f() {}";
        assert_eq!(judged(&[("num/mod.rs", inner)]), [format!("src/num/mod.rs:1: {elsewhere}")]);
        assert!(judged(&[("wasm/mod.rs", "#[cfg(feature = \"mnist\")]\nmod mnist;")]).is_empty());
        assert!(judged(&[("num/mod.rs", "#[cfg(feature = \"native\")]\nfn f() {}")]).is_empty());
        let mut names = Names::default();
        names.add("lib.rs", "pub mod mnist;").expect("Rust");
        assert_eq!(rust(&names), ["src/lib.rs: asks for the feature `mnist` 0 times, not once"]);
    }

    #[test]
    fn two_scripts_load_the_modules() {
        assert!(script("shell/open.js", "import(\"../../pkg/cpu/saddle.js\");").is_empty());
        for other in ["pkg/vendor/uplot/uPlot.esm.js", "pkg/gpu/status.json", "pkg/data/x.gz"] {
            assert!(script("game/curves.js", &format!("fetch(\"../../{other}\")")).is_empty());
        }
        for file in ["pkg/gpu/saddle.js", "pkg/cpu/saddle_bg.wasm"] {
            assert_eq!(
                script("main.js", &format!("\nimport(\"../{file}\")")),
                ["2: only www/shell/open.js and www/shell/modules.js may load the modules"]
            );
        }
    }
}
