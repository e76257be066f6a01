//! Builds, serves, checks and tests Saddle: `cargo xtask <command>`.
//!
//! A workspace of its own, so that it never builds the library to build the library.

mod bench;
mod check;
mod data;
mod entry;
mod equations;
mod fingerprint;
mod licences;
mod module;
mod node;
mod offline;
mod pack;
mod paths;
mod report;
mod run;
mod serve;
mod server;
mod site;
mod sizes;
mod test;
mod text;
mod toolchain;
mod trim;
mod version;

use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask serve [--port 8000]  set up, build and serve the page on 127.0.0.1
cargo xtask build [--keep SITE]  set up and build the page into pkg/site/, print sizes; beside it goes on
                                 being served the version of a site that was built before
cargo xtask test [filter]        set up and run every test; a filter is a suite
                                 (check, native, www, browser) or part of a test's name
cargo xtask check                format, lints, types, import directions, languages
cargo xtask site-report          links, heads, policy and sizes of the built site; fails on any fault
cargo xtask equations [--json]   list every numbered equation with its test, or why it has none
cargo xtask bench [options]      measure against other libraries; --json FILE, --help
cargo xtask print                make a PDF of the page in each language, pkg/print/
cargo xtask shots                take the README's screenshots into docs/img/";

fn main() -> ExitCode {
    match dispatch() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// True when the command's checks or tests passed.
fn dispatch() -> Result<bool> {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let rest: Vec<String> = args.collect();
    std::env::set_current_dir(paths::root()).context("entering the project's folder")?;
    match command.as_str() {
        "serve" => serve::serve(port(&rest)?).map(|()| true),
        "build" => site::build(keep(&rest)?.as_deref()).map(|()| true),
        "test" => test::test(rest.first().map(String::as_str)),
        "check" => check::check(),
        "site-report" => report::report(),
        "equations" => equations::equations(&rest),
        "bench" => bench::bench(&rest),
        "print" => bench::print(),
        "shots" => bench::shots(),
        "" | "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(true)
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}

fn keep(args: &[String]) -> Result<Option<PathBuf>> {
    match args {
        [] => Ok(None),
        [flag, folder] if flag == "--keep" => Ok(Some(folder.into())),
        _ => bail!("build takes --keep SITE and nothing else\n\n{USAGE}"),
    }
}

fn port(args: &[String]) -> Result<u16> {
    match args {
        [] => Ok(8000),
        [flag, value] if flag == "--port" => value
            .parse()
            .with_context(|| format!("--port takes a number from 0 to 65535, not `{value}`")),
        _ => bail!("serve takes --port N and nothing else\n\n{USAGE}"),
    }
}
