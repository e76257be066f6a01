//! `saddle networks`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use saddle::mnist::nets::table::tables;

use super::files;

/// Where the page's text is made from.
const TABLES: &str = "www/text/networks.json";

#[derive(Args)]
pub(super) struct Networks {
    /// Where to
    #[arg(long, value_name = "FILE", default_value = TABLES)]
    out: PathBuf,
}

impl Networks {
    pub(super) fn run(self) -> Result<()> {
        let text = serde_json::to_string_pretty(&tables())? + "\n";
        files::write(&self.out, text.as_bytes())?;
        println!("{}", self.out.display());
        Ok(())
    }
}
