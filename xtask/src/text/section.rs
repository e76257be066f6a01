//! One Markdown file of one language.

use super::blocks::{self, Mark};
use super::math::{mathml, skeleton};
use super::symbols::{self, Symbol};
use super::{map, operate, pictures, reading};
use anyhow::{Context, Result, bail, ensure};
use pulldown_cmark::{
    CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html,
};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    pub fn tag_and_suffix(self) -> (&'static str, &'static str) {
        match self {
            Self::English => ("en", ""),
            Self::Chinese => ("zh-Hans", "-zh"),
        }
    }
}

/// Numbers of equations, ids of headings and the notation, over all sections.
#[derive(Default)]
pub struct Names {
    equations: BTreeMap<String, usize>,
    headings: BTreeSet<String>,
    symbols: Vec<Symbol>,
    /// Ids of the headings that are on the short way, in order, and their words by id and suffix.
    way: Vec<String>,
    stations: BTreeMap<String, String>,
    /// What each symbol is, in few words, by its name and the suffix of the language.
    meanings: BTreeMap<String, String>,
}

impl Names {
    pub fn add(&mut self, section: &Section) -> Result<()> {
        for anchor in section.equations.iter().filter_map(|(_, anchor)| anchor.clone()) {
            let number = self.equations.len() + 1;
            ensure!(
                self.equations.insert(anchor.clone(), number).is_none(),
                "{}: a second equation is labelled `#eq:{anchor}`",
                section.path.display()
            );
        }
        self.headings.extend(section.headings.iter().filter_map(|(_, id)| id.clone()));
        let names = section.marks().filter_map(|(mark, _)| mark.name());
        self.headings.extend(names.map(str::to_owned));
        self.way.extend(section.stops().map(|stop| stop.id));
        for entry in section.entries() {
            let symbol = Symbol::new(entry.marked, &entry.formulas);
            ensure!(
                self.symbols.iter().all(|s| s.name != symbol.name),
                "{}: `#sym:{}` is there twice",
                section.path.display(),
                symbol.name
            );
            self.symbols.push(symbol);
        }
        Ok(())
    }

    /// Takes up what the notation says in this section's language.
    pub fn explain(&mut self, section: &Section) {
        let (_, suffix) = section.language.tag_and_suffix();
        for Stop { id, words, .. } in section.stops() {
            self.stations.insert(format!("{id}{suffix}"), words);
        }
        for entry in section.entries() {
            self.meanings.insert(format!("{}{suffix}", entry.name()), entry.meaning);
        }
    }
}

pub struct Section<'a> {
    language: Language,
    path: PathBuf,
    events: Vec<Event<'a>>,
    headings: Vec<(HeadingLevel, Option<String>)>,
    /// Words of its first heading.
    title: String,
    /// Source of each displayed equation, and its anchor where it has one.
    equations: Vec<(String, Option<String>)>,
    figures: Vec<Figure>,
}

/// A heading on the short way, and the text below it.
pub struct Stop {
    /// Of the heading, without the language's suffix.
    id: String,
    words: String,
    /// Of reading.
    pub seconds: f64,
}

/// A figure of the template that the text asks for: `<!-- figure: NAME -->`, in a paragraph of its own.
#[derive(Debug, PartialEq, Eq)]
struct Figure {
    name: String,
    /// How many headings, displayed equations and blocks stand before it.
    after: [usize; 3],
}

impl Section<'static> {
    pub fn parse(language: Language, path: &Path, text: &str) -> Result<Self> {
        let mut options =
            Options::ENABLE_MATH | Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
        if language == Language::English {
            options |= Options::ENABLE_SMART_PUNCTUATION;
        }
        let events: Vec<_> =
            TextMergeStream::new(Parser::new_ext(text, options)).map(Event::into_static).collect();
        let mut headings: Vec<(HeadingLevel, Option<String>)> = Vec::new();
        let mut equations = Vec::new();
        let mut figures = Vec::new();
        let mut title = String::new();
        let (mut depth, mut blocks) = (0, 0);
        let mut apart = None;
        for (i, event) in events.iter().enumerate() {
            match event {
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
            if depth == 0 && matches!(event, Event::End(_)) {
                blocks += 1;
            }
            match event {
                Event::Html(_) if let Some(mark) = Mark::of(event) => {
                    apart =
                        blocks::next(apart, mark).with_context(|| path.display().to_string())?;
                }
                Event::Html(_) if let Some(name) = figure(event) => {
                    ensure!(
                        depth == 1 && apart.is_none(),
                        "{}: `{}` stands inside something",
                        path.display(),
                        mark(name)
                    );
                    figures.push(Figure {
                        name: name.to_owned(),
                        after: [headings.len(), equations.len(), blocks],
                    });
                }
                Event::Start(Tag::Heading { level, id, .. }) => {
                    let words = plain(&events[i + 1..]);
                    let id = id.as_ref().map(ToString::to_string);
                    // Chinese copies take the ids of the English ones.
                    let made = || format!("{}-{}", stem(path), slug(&words));
                    let id = id.or_else(|| (language == Language::English).then(made));
                    headings.push((*level, id));
                    if title.is_empty() {
                        title = words;
                    }
                }
                Event::DisplayMath(latex) => {
                    let label =
                        events.get(i + 1).and_then(label).map(|(anchor, _)| anchor.to_string());
                    equations.push((latex.to_string(), label));
                }
                _ => {}
            }
        }
        ensure!(apart.is_none(), "{}: {apart:?} does not end", path.display());
        Ok(Self { language, path: path.to_path_buf(), events, headings, title, equations, figures })
    }
}

impl Section<'_> {
    /// The entries of the notation.
    fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        let entry = |(i, event)| entry(event, &self.events[i + 1..]);
        self.events.iter().enumerate().filter_map(entry)
    }

    /// Takes the ids of the other language for the headings that have none.
    pub fn adopt_ids(&mut self, twin: &Section) {
        for (mine, theirs) in self.headings.iter_mut().zip(&twin.headings) {
            mine.1 = mine.1.take().or_else(|| theirs.1.clone());
        }
    }

    /// Words and id of the first heading, and the seconds that reading takes.
    pub fn summary(&self) -> Option<(&str, String, f64)> {
        let (_, suffix) = self.language.tag_and_suffix();
        let id = self.headings.first()?.1.as_ref()?;
        let seconds = reading::seconds(self.language, &self.events);
        Some((&self.title, format!("{id}{suffix}"), seconds))
    }

    /// Its headings with the class `way`; ids as `adopt_ids` has left them.
    pub fn stops(&self) -> impl Iterator<Item = Stop> {
        let starts = self.events.iter().enumerate();
        let starts = starts.filter(|(_, e)| matches!(e, Event::Start(Tag::Heading { .. })));
        starts.zip(&self.headings).filter_map(|((i, event), (_, id))| {
            let below = &self.events[i + 1..];
            let next = |e: &Event| matches!(e, Event::Start(Tag::Heading { .. }));
            let end = below.iter().position(next).unwrap_or(below.len());
            on_the_way(event).then(|| Stop {
                id: id.clone().unwrap_or_default(),
                words: plain(below),
                seconds: reading::seconds(self.language, &below[..end]),
            })
        })
    }

    /// What it sets apart, and how many displayed equations stand before each mark.
    fn marks(&self) -> impl Iterator<Item = (Mark<'_>, usize)> {
        let mut equations = 0;
        self.events.iter().filter_map(move |event| {
            equations += usize::from(matches!(event, Event::DisplayMath(_)));
            Some((Mark::of(event)?, equations))
        })
    }

    /// Where each link that operates the page leads.
    fn operations(&self) -> Vec<String> {
        let hash = |event: &Event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => operate::hash(dest_url),
            _ => None,
        };
        self.events.iter().filter_map(hash).collect()
    }

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
        ensure!(
            self.operations() == twin.operations(),
            "{there}: its links that operate the page are not those of {here}, in order"
        );
        let ids = |of: &Section| of.stops().map(|stop| stop.id).collect::<Vec<_>>();
        ensure!(
            ids(self) == ids(twin),
            "{there}: the headings marked `.way` are not those of {here}"
        );
        let (mine, theirs): (Vec<_>, Vec<_>) = (self.marks().collect(), twin.marks().collect());
        let same = |(a, b): (&(Mark, usize), &(Mark, usize))| a.0.is_twin(b.0) && a.1 == b.1;
        ensure!(
            mine.len() == theirs.len() && mine.iter().zip(&theirs).all(same),
            "{there}: what it sets apart is not what {here} does:\n  {theirs:?}\n  {mine:?}"
        );
        ensure!(
            self.figures == twin.figures,
            "{there}: its figures, or their places, are not those of {here}:\n  {:?}\n  {:?}",
            twin.figures,
            self.figures
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

    /// Names of the figures that it asks for, in order.
    pub fn figures(&self) -> impl Iterator<Item = &str> {
        self.figures.iter().map(|figure| figure.name.as_str())
    }

    /// The section as `<div class="prose" lang="..">`, cut where its figures stand: one part more than those.
    pub fn html(&self, names: &Names) -> Result<Vec<String>> {
        let (lang, suffix) = self.language.tag_and_suffix();
        let events =
            self.rendered(names, suffix).with_context(|| self.path.display().to_string())?;
        let events = glued(events);
        let parts = events.split(|event| figure(event).is_some()).map(|part| {
            let mut out = format!("<div class=\"prose\" lang=\"{lang}\">");
            html::push_html(&mut out, part.iter().cloned());
            out.push_str("</div>\n");
            out
        });
        Ok(parts.collect())
    }

    fn rendered(&self, names: &Names, suffix: &str) -> Result<Vec<Event<'_>>> {
        let mut out = Vec::with_capacity(self.events.len());
        let mut events = self.events.iter().enumerate().peekable();
        let mut headings = self.headings.iter();
        // Links do not stand in links, and the notation does not explain itself.
        let mut inside = 0;
        let mut linked = BTreeSet::new();
        let section = stem(&self.path);
        // The last heading, where it is on the short way.
        let mut stop: Option<&String> = None;
        // What is set apart and has not ended.
        let mut open: Option<Mark> = None;
        let mut part: Option<Mark> = None;
        while let Some((i, event)) = events.next() {
            if matches!(event, Event::Start(Tag::Heading { .. }))
                && !on_the_way(event)
                && let Some(stop) = stop.take()
            {
                out.push(Event::Html(self.way_on(names, stop, suffix).into()));
            }
            match event {
                Event::InlineMath(latex) => {
                    let math = mathml(latex, false)?;
                    let symbol = match inside == 0 && section != NOTATION {
                        true => symbols::first(&names.symbols, section, latex, &mut linked),
                        false => None,
                    };
                    let html = match symbol {
                        Some(name) => {
                            let title = names.meanings.get(&format!("{name}{suffix}"));
                            let title = title.map_or("", String::as_str);
                            format!(
                                "<a class=\"sym\" href=\"#sym-{name}{suffix}\" title=\"{title}\">{math}</a>"
                            )
                        }
                        None => math,
                    };
                    out.push(Event::InlineHtml(html.into()));
                }
                Event::Start(Tag::Item) => {
                    let item = match entry(event, &self.events[i + 1..]) {
                        Some(entry) => {
                            let name = entry.name();
                            Event::Html(format!("<li id=\"sym-{name}{suffix}\">").into())
                        }
                        None => event.clone(),
                    };
                    out.push(item);
                }
                Event::Text(text) if section == NOTATION => {
                    let text = match marked(event) {
                        Some((_, rest)) => Event::Text(CowStr::Borrowed(rest)),
                        None => Event::Text(text.clone()),
                    };
                    out.push(text);
                }
                Event::DisplayMath(latex) => {
                    let label = events.peek().and_then(|(_, next)| label(next));
                    out.push(Event::InlineHtml(
                        equation(latex, label.map(|(anchor, _)| anchor), names, suffix)?.into(),
                    ));
                    if let Some((_, rest)) = label {
                        events.next();
                        out.push(Event::Text(CowStr::Borrowed(rest)));
                    }
                }
                Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                    inside += 1;
                    let id = headings.next().and_then(|(_, id)| id.as_ref());
                    stop = id.filter(|_| on_the_way(event));
                    let id = id.map(|id| CowStr::from(format!("{id}{suffix}")));
                    let link = format!("<a href=\"#{}\">", id.as_deref().unwrap_or_default());
                    let (level, classes, attrs) = (*level, classes.clone(), attrs.clone());
                    out.push(Event::Start(Tag::Heading { level, id, classes, attrs }));
                    out.push(Event::InlineHtml(link.into()));
                }
                Event::End(TagEnd::Heading(_)) => {
                    inside -= 1;
                    out.push(Event::InlineHtml("</a>".into()));
                    out.push(event.clone());
                }
                Event::Start(Tag::Link { dest_url, .. })
                    if let Some(hash) = operate::hash(dest_url) =>
                {
                    inside += 1;
                    // In an exercise the page then knows what is to be done.
                    let task = match open {
                        Some(Mark::Exercise { name, .. }) => format!("&task={name}"),
                        _ => String::new(),
                    };
                    let href = format!("{hash}{task}").replace('&', "&amp;");
                    out.push(Event::InlineHtml(
                        format!("<a class=\"operate\" href=\"{href}\">").into(),
                    ));
                }
                Event::End(TagEnd::Link) => {
                    inside -= 1;
                    out.push(event.clone());
                }
                Event::Start(Tag::Link { dest_url, title, .. }) => {
                    inside += 1;
                    let empty = matches!(events.peek(), Some((_, Event::End(TagEnd::Link))));
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
                Event::Html(_) if let Some(mark) = Mark::of(event) => {
                    let mut html = part.take().map_or("", Mark::closing).to_owned();
                    match mark {
                        Mark::End => html += open.take().map_or("", Mark::closing),
                        _ => html += &mark.opening(suffix),
                    }
                    if mark.is_part() {
                        part = Some(mark);
                    } else if mark != Mark::End {
                        open = Some(mark);
                    }
                    out.push(Event::Html(html.into()));
                }
                Event::Html(text) if text.trim() == map::MARK => {
                    let target = |url: &str| {
                        let (at, number) = target(url, names, suffix)?;
                        let id = url.trim_start_matches('#');
                        ensure!(
                            number.is_some() || names.headings.contains(id),
                            "the map leads to `{url}`, which is not there"
                        );
                        Ok((at, number))
                    };
                    out.push(Event::Html(map::html(self.language, target)?.into()));
                }
                Event::Start(Tag::Image { dest_url, .. }) => {
                    let mut words = String::new();
                    while let Some((_, Event::Text(text))) = events.peek() {
                        words.push_str(text);
                        events.next();
                    }
                    out.push(Event::InlineHtml(pictures::html(dest_url, &words)?.into()));
                }
                Event::End(TagEnd::Image) => {}
                other => out.push(other.clone()),
            }
        }
        if let Some(stop) = stop {
            out.push(Event::Html(self.way_on(names, stop, suffix).into()));
        }
        Ok(out)
    }

    /// Where the short way goes on after the heading `stop`.
    fn way_on(&self, names: &Names, stop: &str, suffix: &str) -> String {
        let next = names.way.iter().skip_while(|id| *id != stop).nth(1);
        let english = self.language == Language::English;
        let words = match next {
            Some(next) => {
                let id = format!("{next}{suffix}");
                let title = names.stations.get(&id).map_or("", String::as_str);
                let link = format!("<a href=\"#{id}\">{title}</a>");
                match english {
                    true => format!("The way of twenty minutes goes on at {link}."),
                    false => format!("二十分钟的路线，下一站：{link}。"),
                }
            }
            None if english => "The way of twenty minutes ends here: play.".to_owned(),
            None => "二十分钟的路线到此为止：请动手玩。".to_owned(),
        };
        format!("<p class=\"way-on\">{words}</p>\n")
    }
}

/// Whether this begins a heading with the class `way`.
fn on_the_way(event: &Event) -> bool {
    matches!(event, Event::Start(Tag::Heading { classes, .. }) if classes.iter().any(|c| &**c == "way"))
}

/// Punctuation that must not begin a line stays with the formula before it: around a formula a browser breaks
/// lines wherever it likes.
fn glued(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    const CLOSING: [char; 14] =
        [',', '.', ';', ':', '?', ')', '’', '，', '。', '；', '：', '、', '）', '”'];
    let mut out = Vec::with_capacity(events.len());
    let mut events = events.into_iter().peekable();
    while let Some(event) = events.next() {
        let formula = match &event {
            Event::InlineHtml(html)
                if html.ends_with("</math>") || html.ends_with("</math></a>") =>
            {
                html.clone()
            }
            _ => {
                out.push(event);
                continue;
            }
        };
        let Some(Event::Text(text)) = events.peek() else {
            out.push(event);
            continue;
        };
        let rest = text.trim_start_matches(CLOSING).to_owned();
        let closing = &text[..text.len() - rest.len()];
        if closing.is_empty() {
            out.push(event);
            continue;
        }
        out.push(Event::InlineHtml(format!("<span class=\"nb\">{formula}{closing}</span>").into()));
        out.push(Event::Text(rest.into()));
        events.next();
    }
    out
}

/// The section that says what the symbols mean.
const NOTATION: &str = "notation";

/// An item of the notation.
struct Entry<'a> {
    /// What stands in its mark.
    marked: &'a str,
    /// Those before the mark.
    formulas: Vec<String>,
    /// Its first clause, in plain words.
    meaning: String,
}

impl Entry<'_> {
    fn name(&self) -> &str {
        self.marked.split('|').next().unwrap_or_default().trim()
    }
}

/// The entry that begins with `start`, if it is one; `rest`: the events behind it.
fn entry<'a>(start: &Event, rest: &'a [Event]) -> Option<Entry<'a>> {
    if !matches!(start, Event::Start(Tag::Item)) {
        return None;
    }
    let item = rest.split(|e| matches!(e, Event::End(TagEnd::Item))).next()?;
    let at = item.iter().position(|e| marked(e).is_some())?;
    let (marked, first) = marked(&item[at])?;
    let formula = |event: &Event| match event {
        Event::InlineMath(latex) => Some(latex.to_string()),
        _ => None,
    };
    let mut words = first.trim_start_matches([':', '：', ' ']).to_owned();
    for event in &item[at + 1..] {
        match event {
            Event::InlineMath(latex) => words += &plain_math(latex),
            Event::Text(text) => words += text,
            _ => break,
        }
    }
    let end = words.find([',', ';', ':', '.', '，', '；', '：', '。']);
    words.truncate(end.unwrap_or(words.len()));
    Some(Entry {
        marked,
        formulas: item[..at].iter().filter_map(formula).collect(),
        meaning: words.replace('"', "&quot;"),
    })
}

/// A short formula as it would be typed.
fn plain_math(latex: &str) -> String {
    let bare = latex.replace("\\mathrm", "").replace("\\gamma", "γ").replace("\\sigma", "σ");
    bare.chars().filter(|c| !matches!(c, '{' | '}' | '\\')).collect()
}

/// What stands in ` {#sym:..}` at the start of a text, and the text after it.
fn marked<'a>(event: &'a Event) -> Option<(&'a str, &'a str)> {
    match event {
        Event::Text(text) => text.trim_start_matches(' ').strip_prefix("{#sym:")?.split_once('}'),
        _ => None,
    }
}

/// The words of a heading that begins before `events`.
fn plain(events: &[Event]) -> String {
    let word = |event: &Event| match event {
        Event::Text(text) | Event::Code(text) => text.to_string(),
        _ => String::new(),
    };
    let within = events.iter().take_while(|e| !matches!(e, Event::End(TagEnd::Heading(_))));
    within.map(word).collect()
}

/// Lower case, with a hyphen for whatever is no letter or digit.
fn slug(words: &str) -> String {
    let lower = words.to_lowercase();
    let parts = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("-")
}

fn stem(path: &Path) -> &str {
    path.file_stem().and_then(|name| name.to_str()).unwrap_or_default()
}

/// The anchor in a text that starts with ` {#eq:anchor}`, and the text after it.
fn label<'a>(event: &'a Event) -> Option<(&'a str, &'a str)> {
    match event {
        Event::Text(text) => text.trim_start_matches(' ').strip_prefix("{#eq:")?.split_once('}'),
        _ => None,
    }
}

/// A displayed equation. Its parts are spans, since Markdown puts it inside a paragraph.
fn equation(latex: &str, anchor: Option<&str>, names: &Names, suffix: &str) -> Result<String> {
    let math = mathml(latex, true)?;
    Ok(match anchor.and_then(|anchor| Some((anchor, names.equations.get(anchor)?))) {
        Some((anchor, number)) => format!(
            "<span class=\"equation\" id=\"eq-{anchor}{suffix}\">{math}<span class=\"number\">({number})</span></span>"
        ),
        None => format!("<span class=\"equation\">{math}</span>"),
    })
}

/// What the mark of a figure looks like.
fn mark(name: &str) -> String {
    format!("<!-- figure: {name} -->")
}

/// The figure that this event asks for.
fn figure<'a>(event: &'a Event) -> Option<&'a str> {
    match event {
        Event::Html(text) => text.trim().strip_prefix("<!-- figure: ")?.strip_suffix(" -->"),
        _ => None,
    }
}

/// Where a link leads in this copy, and the number of the equation it leads to.
fn target(url: &str, names: &Names, suffix: &str) -> Result<(String, Option<usize>)> {
    if let Some(anchor) = url.strip_prefix("#eq:") {
        let Some(number) = names.equations.get(anchor) else {
            bail!("no equation is labelled `{url}`");
        };
        return Ok((format!("#eq-{anchor}{suffix}"), Some(*number)));
    }
    let own = url.strip_prefix('#').is_some_and(|id| names.headings.contains(id));
    Ok((if own { format!("{url}{suffix}") } else { url.to_string() }, None))
}
