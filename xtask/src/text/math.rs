//! LaTeX to MathML.

use anyhow::{Context, Result, anyhow};
use pulldown_latex::config::{DisplayMode, RenderConfig};
use pulldown_latex::{Event, Parser, ParserError, Storage, push_mathml};

/// One formula as a `<math>` element; an error, with the formula, where it cannot be read.
pub fn mathml(latex: &str, display: bool) -> Result<String> {
    let storage = Storage::new();
    let events: Vec<Event> = Parser::new(latex, &storage)
        .collect::<std::result::Result<_, _>>()
        .map_err(|error| anyhow!("in the formula `{}`: {error}", latex.trim()))?;
    let display_mode = if display { DisplayMode::Block } else { DisplayMode::Inline };
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let mut out = String::new();
    push_mathml(&mut out, events.into_iter().map(Ok::<_, ParserError>), config)
        .context("writing MathML")?;
    Ok(out)
}

/// The formula without white space and without what is inside `\text{..}`: what two languages share.
pub fn skeleton(latex: &str) -> String {
    let mut out = String::new();
    let mut rest = latex;
    while let Some((before, after)) = rest.split_once("\\text{") {
        out.push_str(before);
        out.push_str("\\text{}");
        rest = after.split_once('}').map_or("", |(_, tail)| tail);
    }
    out.push_str(rest);
    out.retain(|c| !c.is_whitespace());
    out
}
