//! What is set apart in the text, each mark in a paragraph of its own:
//!
//! `<!-- statement: NAME | Title -->` begins what is claimed, `<!-- proof -->` its proof, and `<!-- fold: NAME | Title -->`
//! what few readers need, folded away; `<!-- end -->` ends it. They do not stand in each other. A name is an address,
//! of which the Chinese copy's ends in `-zh`, and `[words](#NAME)` leads there.
//!
//! `<!-- exercise: NAME | Title | MINUTES | CONDITION -->` begins a task; its first link sets the page for it, what
//! follows `<!-- hint -->` and `<!-- answer -->` is folded away, and the last link is an answer. `<!-- stop: NAME -->`
//! begins a stop of the walk, whose link sets the page; with ` | train` after the name the page trains there.

use anyhow::{Result, bail, ensure};
use pulldown_cmark::Event;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark<'a> {
    Statement { name: &'a str, title: &'a str },
    Proof,
    Fold { name: &'a str, title: &'a str },
    Exercise { name: &'a str, title: &'a str, minutes: &'a str, condition: &'a str },
    Hint,
    Answer,
    Stop { name: &'a str, act: &'a str },
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
            "hint" => return Some(Self::Hint),
            "answer" => return Some(Self::Answer),
            "end" => return Some(Self::End),
            _ => {}
        }
        let (kind, rest) = inner.split_once(": ")?;
        if kind == "stop" {
            let (name, act) = rest.split_once(" | ").unwrap_or((rest, ""));
            return Some(Self::Stop { name, act });
        }
        let (name, title) = rest.split_once(" | ")?;
        match kind {
            "statement" => Some(Self::Statement { name, title }),
            "fold" => Some(Self::Fold { name, title }),
            "exercise" => {
                let (title, rest) = title.split_once(" | ")?;
                let (minutes, condition) = rest.split_once(" | ")?;
                Some(Self::Exercise { name, title, minutes, condition })
            }
            _ => None,
        }
    }

    /// Its address, where it has one.
    pub fn name(self) -> Option<&'a str> {
        match self {
            Self::Statement { name, .. }
            | Self::Fold { name, .. }
            | Self::Exercise { name, .. }
            | Self::Stop { name, .. } => Some(name),
            Self::Proof | Self::Hint | Self::Answer | Self::End => None,
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
            Self::Exercise { name, title, minutes, condition } => {
                let unit = if suffix.is_empty() { "min" } else { "分钟" };
                let condition = condition.replace('<', "&lt;").replace('>', "&gt;");
                format!(
                    "<div class=\"exercise\" id=\"{name}{suffix}\" data-exercise=\"{name}\" data-condition=\"{condition}\"><p class=\"exercise-title\"><a href=\"#{name}{suffix}\">{title}</a> <small>{minutes} {unit}</small> <small class=\"exercise-mark\"></small></p>\n"
                )
            }
            Self::Hint | Self::Answer => {
                let words = match (self, suffix.is_empty()) {
                    (Self::Hint, true) => "A hint",
                    (Self::Hint, false) => "提示",
                    (_, true) => "An answer, and why",
                    (_, false) => "答案与原因",
                };
                format!("<details><summary>{words}</summary>\n")
            }
            Self::Stop { name, act } => {
                format!(
                    "<div id=\"stop-{name}{suffix}\" data-stop=\"{name}\" data-act=\"{act}\">\n"
                )
            }
            Self::End => String::new(),
        }
    }

    /// What ends it.
    pub fn closing(self) -> &'static str {
        match self {
            Self::Fold { .. } | Self::Hint | Self::Answer => "</details>\n",
            Self::Statement { .. } | Self::Proof | Self::Exercise { .. } | Self::Stop { .. } => {
                "</div>\n"
            }
            Self::End => "",
        }
    }

    /// Whether it stands in an exercise, and goes on to the next of its kind or to the exercise's end.
    pub fn is_part(self) -> bool {
        matches!(self, Self::Hint | Self::Answer)
    }

    /// Whether it is the same in another language.
    pub fn is_twin(self, other: Mark) -> bool {
        let same = match (self, other) {
            (
                Self::Exercise { minutes, condition, .. },
                Mark::Exercise { minutes: m, condition: c, .. },
            ) => minutes == m && condition == c,
            (Self::Stop { act, .. }, Mark::Stop { act: a, .. }) => act == a,
            _ => true,
        };
        same && std::mem::discriminant(&self) == std::mem::discriminant(&other)
            && self.name() == other.name()
    }
}

/// Whether `event` may stand here, where `open` is what has begun; what has begun after it.
pub fn next<'a>(open: Option<Mark<'a>>, mark: Mark<'a>) -> Result<Option<Mark<'a>>> {
    match (open, mark) {
        (None, Mark::End) => bail!("an `<!-- end -->` ends nothing"),
        (Some(_), Mark::End) => Ok(None),
        (open, part) if part.is_part() => {
            ensure!(matches!(open, Some(Mark::Exercise { .. })), "{part:?} stands in no exercise");
            Ok(open)
        }
        (open, mark) => {
            ensure!(open.is_none(), "{mark:?} stands in {open:?}");
            Ok(Some(mark))
        }
    }
}
