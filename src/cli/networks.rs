//! `saddle networks`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use saddle::models::table::tables;

use super::files;

/// Where the page's text is made from.
const TABLES: &str = "www/text/networks.json";

#[derive(Args)]
pub struct Networks {
    /// Where to
    #[arg(long, value_name = "FILE", default_value = TABLES)]
    out: PathBuf,
}

impl Networks {
    pub fn run(self) -> Result<()> {
        let text = serde_json::to_string_pretty(&tables())? + "\n";
        files::write(&self.out, text.as_bytes())?;
        println!("{}", self.out.display());
        Ok(())
    }
}
