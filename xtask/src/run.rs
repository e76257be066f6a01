//! Running other programs, and saying so.

use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A line on what is being done.
pub fn say(line: &str) {
    println!("==> {line}");
}

/// Runs with the terminal's streams; an error when the program is missing or fails.
pub fn run(command: &mut Command) -> Result<()> {
    if passes(command)? { Ok(()) } else { bail!("`{}` failed", shown(command)) }
}

/// Runs with the terminal's streams; whether it exited with zero.
pub fn passes(command: &mut Command) -> Result<bool> {
    let status = command.status().with_context(|| missing(command))?;
    Ok(status.success())
}

/// Runs with the terminal's streams and gives up after `limit`; whether it exited with zero in time.
pub fn passes_within(command: &mut Command, limit: Duration) -> Result<bool> {
    let start = Instant::now();
    let mut child = command.stdin(Stdio::null()).spawn().with_context(|| missing(command))?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        if start.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Standard output of a program that succeeds.
pub fn output(command: &mut Command) -> Result<String> {
    let out = command.output().with_context(|| missing(command))?;
    if !out.status.success() {
        bail!("`{}` failed: {}", shown(command), String::from_utf8_lossy(&out.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Whether a program of this name can be started.
pub fn exists(program: &str) -> bool {
    Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok()
}

fn missing(command: &Command) -> String {
    format!("starting `{}`: is it installed?", command.get_program().to_string_lossy())
}

fn shown(command: &Command) -> String {
    let mut line = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        line.push(' ');
        line.push_str(&arg.to_string_lossy());
    }
    line
}
