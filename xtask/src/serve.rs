//! `cargo xtask serve`.

use crate::module::Module;
use crate::run::say;
use crate::{paths, server, site, sizes, version};
use anyhow::{Context, Result};
use std::path::Path;
use std::sync::Mutex;
use std::time::SystemTime;

/// One writer of `pkg/site/` at a time: a request that re-assembles it, or the GPU module arriving.
static SITE: Mutex<Option<Sources>> = Mutex::new(None);

/// Serves as soon as the page is whole but for the GPU, and builds the GPU module behind it.
pub fn serve(port: u16) -> Result<()> {
    let listener = server::listen(port)?;
    site::prepare()?;
    version::reopen()?;
    for module in [Module::Game, Module::Cpu] {
        module.build()?;
        site::place_module(module)?;
    }
    let gpu_fresh = Module::Gpu.is_fresh()?;
    if gpu_fresh {
        site::place_module(Module::Gpu)?;
    }
    site::gpu_status(if gpu_fresh { "ready" } else { "building" }, "")?;
    refresh()?;
    say(&format!(
        "http://{}/   (Ctrl-C ends)",
        listener.local_addr().context("reading the address")?
    ));
    if gpu_fresh {
        sizes::report()?;
    } else {
        std::thread::spawn(build_gpu);
    }
    server::run(listener, &paths::site(), refresh)
}

fn build_gpu() {
    let built = Module::Gpu.build().and_then(|()| {
        let _site = SITE.lock();
        site::place_module(Module::Gpu)?;
        site::gpu_status("ready", "")?;
        sizes::report()
    });
    let said = match built {
        Ok(()) => {
            say("the GPU module is ready: the page offers it on its next load");
            Ok(())
        }
        Err(error) => {
            eprintln!("error: the GPU module: {error:#}");
            site::gpu_status("failed", &format!("{error:#}"))
        }
    };
    if let Err(error) = said {
        eprintln!("error: {error:#}");
    }
}

/// Times of modification of the page's sources, to see by that they changed.
type Sources = Vec<(String, SystemTime)>;

/// Assembles the site anew when the page's sources have changed since the last time.
fn refresh() -> Result<()> {
    let Ok(mut seen) = SITE.lock() else {
        return Ok(());
    };
    let now = sources()?;
    if seen.as_ref() != Some(&now) {
        site::assemble()?;
        *seen = Some(now);
    }
    Ok(())
}

fn sources() -> Result<Sources> {
    let mut found = Vec::new();
    let mut add = |path: &Path| {
        if let Ok(time) = std::fs::metadata(path).and_then(|m| m.modified()) {
            found.push((path.display().to_string(), time));
        }
    };
    add(Path::new("index.html"));
    add(Path::new("404.html"));
    add(Path::new("sw.js"));
    for folder in ["www", "pretrained"] {
        for file in paths::files(Path::new(folder))? {
            add(&Path::new(folder).join(file));
        }
    }
    Ok(found)
}
