//! What is set apart in the text, each mark in a paragraph of its own:
//!
//! `<!-- statement: NAME | Title -->` begins what is claimed, `<!-- proof -->` its proof, and `<!-- fold: NAME | Title -->`
//! what few readers need, folded away; `<!-- end -->` ends it. They do not stand in each other. A name is an address,
//! of which the Chinese copy's ends in `-zh`, and `[words](#NAME)` leads there.

use anyhow::{Result, bail, ensure};
use pulldown_cmark::Event;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark<'a> {
    Statement { name: &'a str, title: &'a str },
    Proof,
    Fold { name: &'a str, title: &'a str },
    End,
}

impl<'a> Mark<'a> {
    /// The mark that this event is.
    pub fn of(event: &'a Event) -> Option<Self> {
        let Event::Html(text) = event else {
            return None;
        };
        let inner = text.trim().strip_prefix("<!-- ")?.strip_suffix(" -->")?;
        match inner {
            "proof" => return Some(Self::Proof),
            "end" => return Some(Self::End),
            _ => {}
        }
        let (kind, rest) = inner.split_once(": ")?;
        let (name, title) = rest.split_once(" | ")?;
        match kind {
            "statement" => Some(Self::Statement { name, title }),
            "fold" => Some(Self::Fold { name, title }),
            _ => None,
        }
    }

    /// Its address, where it has one.
    pub fn name(self) -> Option<&'a str> {
        match self {
            Self::Statement { name, .. } | Self::Fold { name, .. } => Some(name),
            Self::Proof | Self::End => None,
        }
    }

    /// What begins it; `suffix` is the language's.
    pub fn opening(self, suffix: &str) -> String {
        match self {
            Self::Statement { name, title } => format!(
                "<div class=\"statement\" id=\"{name}{suffix}\"><p class=\"statement-title\"><a href=\"#{name}{suffix}\">{title}</a></p>\n"
            ),
            Self::Proof => "<div class=\"proof\">\n".to_owned(),
            Self::Fold { name, title } => format!(
                "<details class=\"fold\" id=\"{name}{suffix}\"><summary>{title}</summary>\n"
            ),
            Self::End => String::new(),
        }
    }

    /// What ends it.
    pub fn closing(self) -> &'static str {
        match self {
            Self::Fold { .. } => "</details>\n",
            Self::Statement { .. } | Self::Proof => "</div>\n",
            Self::End => "",
        }
    }

    /// Whether it is the same in another language.
    pub fn is_twin(self, other: Mark) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
            && self.name() == other.name()
    }
}

/// Whether `event` may stand here, where `open` is what has begun; what has begun after it.
pub fn next<'a>(open: Option<Mark<'a>>, mark: Mark<'a>) -> Result<Option<Mark<'a>>> {
    match (open, mark) {
        (None, Mark::End) => bail!("an `<!-- end -->` ends nothing"),
        (Some(_), Mark::End) => Ok(None),
        (open, mark) => {
            ensure!(open.is_none(), "{mark:?} stands in {open:?}");
            Ok(Some(mark))
        }
    }
}
