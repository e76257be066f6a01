//! One Markdown file of one language.

use super::math::{mathml, skeleton};
use anyhow::{Context, Result, bail, ensure};
use pulldown_cmark::{
    CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Language {
    English,
    Chinese,
}

impl Language {
    pub fn folder(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
        }
    }

    /// Value of the `lang` attribute, and what its ids end in.
    fn tag_and_suffix(self) -> (&'static str, &'static str) {
        match self {
            Self::English => ("en", ""),
            Self::Chinese => ("zh-Hans", "-zh"),
        }
    }
}

/// Numbers of equations and ids of headings, over all sections.
#[derive(Default)]
pub struct Names {
    equations: BTreeMap<String, usize>,
    headings: BTreeSet<String>,
}

impl Names {
    pub fn add(&mut self, section: &Section) -> Result<()> {
        for anchor in section
            .equations
            .iter()
            .filter_map(|(_, anchor)| anchor.clone())
        {
            let number = self.equations.len() + 1;
            ensure!(
                self.equations.insert(anchor.clone(), number).is_none(),
                "{}: a second equation is labelled `#eq:{anchor}`",
                section.path.display()
            );
        }
        self.headings
            .extend(section.headings.iter().filter_map(|(_, id)| id.clone()));
        Ok(())
    }
}

pub struct Section<'a> {
    language: Language,
    path: PathBuf,
    events: Vec<Event<'a>>,
    headings: Vec<(HeadingLevel, Option<String>)>,
    /// Source of each displayed equation, and its anchor where it has one.
    equations: Vec<(String, Option<String>)>,
}

impl Section<'static> {
    pub fn parse(language: Language, path: &Path, text: &str) -> Result<Self> {
        let mut options =
            Options::ENABLE_MATH | Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
        if language == Language::English {
            options |= Options::ENABLE_SMART_PUNCTUATION;
        }
        let events: Vec<_> = TextMergeStream::new(Parser::new_ext(text, options))
            .map(Event::into_static)
            .collect();
        let mut headings = Vec::new();
        let mut equations = Vec::new();
        for (i, event) in events.iter().enumerate() {
            match event {
                Event::Start(Tag::Heading { level, id, .. }) => {
                    headings.push((*level, id.as_ref().map(ToString::to_string)));
                }
                Event::DisplayMath(latex) => {
                    let label = events
                        .get(i + 1)
                        .and_then(label)
                        .map(|(anchor, _)| anchor.to_string());
                    equations.push((latex.to_string(), label));
                }
                _ => {}
            }
        }
        Ok(Self {
            language,
            path: path.to_path_buf(),
            events,
            headings,
            equations,
        })
    }
}

impl Section<'_> {
    /// Whether the other language has the same headings and the same displayed equations.
    pub fn agrees_with(&self, twin: &Section) -> Result<()> {
        let (here, there) = (self.path.display(), twin.path.display());
        ensure!(
            self.headings == twin.headings,
            "{there}: its headings (levels or ids) are not those of {here}"
        );
        ensure!(
            self.equations.len() == twin.equations.len(),
            "{there}: it has {} displayed equations, {here} has {}",
            twin.equations.len(),
            self.equations.len()
        );
        for (i, (one, other)) in self.equations.iter().zip(&twin.equations).enumerate() {
            ensure!(
                skeleton(&one.0) == skeleton(&other.0) && one.1 == other.1,
                "{there}: displayed equation {} differs from {here}:\n  {}\n  {}",
                i + 1,
                other.0.trim(),
                one.0.trim()
            );
        }
        Ok(())
    }

    /// The section as `<div class="prose" lang="..">`.
    pub fn html(&self, names: &Names) -> Result<String> {
        let (lang, suffix) = self.language.tag_and_suffix();
        let events = self
            .rendered(names, suffix)
            .with_context(|| self.path.display().to_string())?;
        let mut out = format!("<div class=\"prose\" lang=\"{lang}\">");
        html::push_html(&mut out, events.into_iter());
        out.push_str("</div>\n");
        Ok(out)
    }

    fn rendered(&self, names: &Names, suffix: &str) -> Result<Vec<Event<'_>>> {
        let mut out = Vec::with_capacity(self.events.len());
        let mut events = self.events.iter().peekable();
        while let Some(event) = events.next() {
            match event {
                Event::InlineMath(latex) => {
                    out.push(Event::InlineHtml(mathml(latex, false)?.into()));
                }
                Event::DisplayMath(latex) => {
                    let label = events.peek().and_then(|next| label(next));
                    out.push(Event::InlineHtml(
                        equation(latex, label.map(|(anchor, _)| anchor), names, suffix)?.into(),
                    ));
                    if let Some((_, rest)) = label {
                        events.next();
                        out.push(Event::Text(CowStr::Borrowed(rest)));
                    }
                }
                Event::Start(Tag::Heading {
                    level,
                    id: Some(id),
                    classes,
                    attrs,
                }) => {
                    let id = Some(format!("{id}{suffix}").into());
                    out.push(Event::Start(Tag::Heading {
                        level: *level,
                        id,
                        classes: classes.clone(),
                        attrs: attrs.clone(),
                    }));
                }
                Event::Start(Tag::Link {
                    dest_url, title, ..
                }) => {
                    let empty = matches!(events.peek(), Some(Event::End(TagEnd::Link)));
                    let (url, number) = target(dest_url, names, suffix)?;
                    let (link_type, id) = (LinkType::Inline, "".into());
                    out.push(Event::Start(Tag::Link {
                        link_type,
                        dest_url: url.into(),
                        title: title.clone(),
                        id,
                    }));
                    match number {
                        Some(number) if empty => {
                            out.push(Event::Text(format!("({number})").into()));
                        }
                        _ if empty => bail!("the link to `{dest_url}` has no text"),
                        _ => {}
                    }
                }
                other => out.push(other.clone()),
            }
        }
        Ok(out)
    }
}

/// The anchor in a text that starts with ` {#eq:anchor}`, and the text after it.
fn label<'a>(event: &'a Event) -> Option<(&'a str, &'a str)> {
    match event {
        Event::Text(text) => text
            .trim_start_matches(' ')
            .strip_prefix("{#eq:")?
            .split_once('}'),
        _ => None,
    }
}

/// A displayed equation. Its parts are spans, since Markdown puts it inside a paragraph.
fn equation(latex: &str, anchor: Option<&str>, names: &Names, suffix: &str) -> Result<String> {
    let math = mathml(latex, true)?;
    Ok(
        match anchor.and_then(|anchor| Some((anchor, names.equations.get(anchor)?))) {
            Some((anchor, number)) => format!(
                "<span class=\"equation\" id=\"eq-{anchor}{suffix}\">{math}<span class=\"number\">({number})</span></span>"
            ),
            None => format!("<span class=\"equation\">{math}</span>"),
        },
    )
}

/// Where a link leads in this copy, and the number of the equation it leads to.
fn target(url: &str, names: &Names, suffix: &str) -> Result<(String, Option<usize>)> {
    if let Some(anchor) = url.strip_prefix("#eq:") {
        let Some(number) = names.equations.get(anchor) else {
            bail!("no equation is labelled `{url}`");
        };
        return Ok((format!("#eq-{anchor}{suffix}"), Some(*number)));
    }
    let own = url
        .strip_prefix('#')
        .is_some_and(|id| names.headings.contains(id));
    Ok((
        if own {
            format!("{url}{suffix}")
        } else {
            url.to_string()
        },
        None,
    ))
}
