//! The page's text: `index.html` is a template, and each `<!-- section: NAME -->` in it is replaced by
//! `www/text/en/NAME.md` and `www/text/zh/NAME.md`, side by side.
//!
//! In Markdown: `$..$` and `$$..$$` are LaTeX; `$$..$$ {#eq:anchor}` is a numbered equation with the id
//! `eq-anchor`; `[](#eq:anchor)` becomes its number in parentheses; `## Title {#name}` gives a heading an
//! id. In the Chinese copy every id ends in `-zh`, and so do its links to such ids. Both copies must have
//! the same headings (levels and ids) and the same displayed equations in the same order; words inside
//! `\text{..}` may differ. `<!-- code: NAME -->` is replaced by a snippet of the sources, `<!-- contents -->` in
//! the template by a table of contents with reading times. `<!-- figure: NAME -->`, a paragraph of its own at the same
//! place in both copies, cuts both and puts the template's `<figure id="fig-NAME">` there, once. A heading with `{.way}`
//! is on the short way through the text, which a line below each such part leads on. A heading without an id gets one from its English
//! words. What else there is, is said in `blocks.rs`, `operate.rs`, `symbols.rs`, `networks.rs`, `pictures.rs`, `figure1.rs`, `map.rs` and `runs.rs`.

mod blocks;
mod contents;
mod exercises;
mod figure1;
mod map;
mod math;
mod networks;
mod operate;
mod pictures;
mod reading;
mod runs;
mod section;
mod snippet;
mod symbols;

use anyhow::{Context, Result, bail};
use networks::Networks;
use runs::Runs;
use section::{Language, Names, Section};
use snippet::Snippets;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const OPEN: &str = "<!-- section: ";
const CLOSE: &str = " -->";
const FIGURE_END: &str = "</figure>";
/// Where the template wants the table of contents.
const CONTENTS: &str = "<!-- contents -->";

/// `index.html` with its text filled in.
pub fn page() -> Result<String> {
    let template = std::fs::read_to_string("index.html").context("reading index.html")?;
    let snippets = Snippets::below(Path::new("src"))?;
    let networks = Networks::read()?;
    let runs = Runs::read()?;
    let template = figure1::fill(&networks.stack(&template)?)?;
    let page = fill(&template, |path| {
        let language =
            if path.starts_with("www/text/zh") { Language::Chinese } else { Language::English };
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("index.html asks for {}", path.display()))?;
        snippets
            .fill(&text)
            .and_then(|text| networks.fill(language, &text))
            .and_then(|text| runs.fill(&text))
            .with_context(|| path.display().to_string())
    })?;
    operate::check(".", &page)?;
    exercises::check(".", &page)?;
    Ok(page)
}

/// `index.html` without its text: what the page for one part alone is made of.
pub fn stage() -> Result<String> {
    let mut page = String::new();
    let template = std::fs::read_to_string("index.html").context("reading index.html")?;
    // Sheets of what is not there, and a font that a laboratory needs for a few letters only.
    let dropped = ["rel=\"preload\"", "prose.css", "opening.css", "lessons.css", "print.css"];
    for line in template.lines() {
        if !dropped.iter().any(|part| line.contains(part)) {
            page += &format!("{line}\n");
        }
    }
    Ok(page)
}

fn fill(template: &str, read: impl Fn(&Path) -> Result<String>) -> Result<String> {
    let mut pairs = Vec::new();
    let mut names = Names::default();
    for name in sections(template)? {
        let load = |language: Language| {
            let path = source(language, name);
            let text = read(&path)?;
            Section::parse(language, &path, &text)
        };
        let (en, mut zh) = (load(Language::English)?, load(Language::Chinese)?);
        zh.adopt_ids(&en);
        en.agrees_with(&zh)?;
        names.add(&en)?;
        names.explain(&en);
        names.explain(&zh);
        pairs.push((name, en, zh));
    }
    let mut page = template.to_string();
    for (name, en, zh) in &pairs {
        let parts = en.html(&names)?.into_iter().zip(zh.html(&names)?);
        let mut figures = en.figures();
        let mut both = String::new();
        for (english, chinese) in parts {
            both += &english;
            both += &chinese;
            if let Some(figure) = figures.next() {
                both += &cut_figure(&mut page, figure)
                    .with_context(|| format!("the section `{name}` asks for `fig-{figure}`"))?;
            }
        }
        page = page.replacen(&format!("{OPEN}{name}{CLOSE}"), &both, 1);
    }
    let english: Vec<_> = pairs.iter().map(|(_, en, _)| en).collect();
    let chinese: Vec<_> = pairs.iter().map(|(_, _, zh)| zh).collect();
    let list =
        contents::list(Language::English, &english) + &contents::list(Language::Chinese, &chinese);
    page = page.replacen(CONTENTS, &list, 1);
    unique_ids(&page)?;
    Ok(page)
}

/// Takes a figure out of the template.
fn cut_figure(page: &mut String, name: &str) -> Result<String> {
    let id = page.find(&format!(" id=\"fig-{name}\"")).context("index.html has no such figure")?;
    let start = page[..id].rfind("<figure").context("this id is no figure's")?;
    let end = page[id..].find(FIGURE_END).context("it does not end")?;
    let end = id + end + FIGURE_END.len();
    let figure = page[start..end].to_owned() + "\n";
    page.replace_range(start..end, "");
    Ok(figure)
}

fn source(language: Language, name: &str) -> PathBuf {
    Path::new("www/text").join(language.folder()).join(name).with_extension("md")
}

/// The names of the sections that the template asks for, in order.
fn sections(template: &str) -> Result<Vec<&str>> {
    let mut names = Vec::new();
    for part in template.split(OPEN).skip(1) {
        let Some((name, _)) = part.split_once(CLOSE) else {
            bail!("index.html: a `{OPEN}` has no `{CLOSE}`");
        };
        names.push(name);
    }
    Ok(names)
}

fn unique_ids(page: &str) -> Result<()> {
    let mut seen = BTreeSet::new();
    for part in page.split(" id=\"").skip(1) {
        let id = part.split('"').next().unwrap_or_default();
        if !seen.insert(id) {
            bail!("the page has the id `{id}` twice");
        }
    }
    Ok(())
}

/// `15,000`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(en: &str, zh: &str) -> Result<String> {
        fill("<main><!-- section: a --></main>", |path| {
            Ok(if path.starts_with("www/text/en") { en.into() } else { zh.into() })
        })
    }

    #[test]
    fn both_languages_stand_side_by_side() {
        let page = filled("One $x$ more", "一个$x$数").expect("valid text");
        assert!(page.starts_with("<main><div class=\"prose\" lang=\"en\"><p>One <math"), "{page}");
        assert!(page.contains("<div class=\"prose\" lang=\"zh-Hans\"><p>一个<math"), "{page}");
    }

    #[test]
    fn equations_are_numbered_once_and_linked_in_both_copies() {
        let text = "As [](#eq:v) says:\n\n$$V = 1$$ {#eq:v}";
        let page = filled(text, text).expect("valid text");
        assert!(page.contains("<a href=\"#eq-v\">(1)</a>"), "{page}");
        assert!(page.contains("<a href=\"#eq-v-zh\">(1)</a>"), "{page}");
        assert!(page.contains("id=\"eq-v\"") && page.contains("id=\"eq-v-zh\""), "{page}");
        assert!(!page.contains("{#eq"), "{page}");
    }

    #[test]
    fn headings_have_ids_and_lead_to_themselves() {
        let page = filled("## A {#a}\n\n### Why, one half?\n", "## 甲 {#a}\n\n### 为何\n");
        let page = page.expect("valid text");
        assert!(page.contains("<h2 id=\"a\"><a href=\"#a\">A</a></h2>"), "{page}");
        let id = "a-why-one-half-zh";
        assert!(
            page.contains(&format!("<h3 id=\"{id}\"><a href=\"#{id}\">为何</a></h3>")),
            "{page}"
        );
    }

    #[test]
    fn contents_have_reading_times() {
        let text = |words: &str| format!("## T {{#t}}\n\n{}", words.repeat(500));
        let page = fill("<!-- contents --><!-- section: a -->", |path| {
            Ok(text(if path.starts_with("www/text/en") { "word " } else { "字" }))
        });
        let page = page.expect("valid text");
        assert!(page.contains("<a href=\"#t\">T <small>3 min</small></a>"), "{page}");
        assert!(page.contains("<a href=\"#t-zh\">T <small>2 分钟</small></a>"), "{page}");
    }

    #[test]
    fn symbols_lead_to_their_meaning() {
        let page = fill("<!-- section: a --><!-- section: notation -->", |path| {
            Ok(if path.ends_with("notation.md") {
                "- $D$, $D(x)$ {#sym:d}: a player".into()
            } else {
                "## About $D$ {#a}\n\nLet $D(x) = 1$ and $D$.".into()
            })
        });
        let page = page.expect("valid text");
        assert!(
            page.contains("Let <a class=\"sym\" href=\"#sym-d\" title=\"a player\"><math"),
            "{page}"
        );
        assert_eq!(page.matches("class=\"sym\"").count(), 2, "{page}");
        assert!(page.contains("<li id=\"sym-d-zh\"><span class=\"nb\"><math"), "{page}");
        assert!(!page.contains("{#sym"), "{page}");
    }

    #[test]
    fn punctuation_stays_with_its_formula() {
        let page = filled("Let $x$, or $y$ be.", "设 $x$，或 $y$ 为。").expect("valid text");
        let at = |text: &str| page.matches(text).count();
        assert_eq!((at("</math>,</span> or "), at("</math>，</span>或")), (1, 1), "{page}");
        assert_eq!(at("class=\"nb\""), 2, "{page}");
    }

    #[test]
    fn prose_operates_the_page() {
        let text = "[slowly](game:k-d=10&motion=slow)";
        let page = filled(text, text).expect("valid text");
        let link = "<a class=\"operate\" href=\"#lab-game&amp;k-d=10&amp;motion=slow\">slowly</a>";
        assert_eq!(page.matches(link).count(), 2, "{page}");
    }

    #[test]
    fn what_differs_is_named() {
        let error = |en, zh| format!("{:#}", filled(en, zh).expect_err("must be refused"));
        assert!(error("$$a$$", "$$b$$").contains("www/text/zh/a.md: displayed equation 1"));
        assert!(
            error("$$a$$", "none").contains("has 0 displayed equations, www/text/en/a.md has 1")
        );
        assert!(error("## A {#a}", "## 甲 {#b}").contains("headings"));
        assert!(error("[](#eq:none)", "[](#eq:none)").contains("`#eq:none`"));
        assert!(error("$\\nonsense$", "$x$").contains("www/text/en/a.md"));
        assert!(error("<i id=\"q\">", "<i id=\"q\">").contains("`q` twice"));
    }

    #[test]
    fn figures_stand_where_the_text_asks_for_them() {
        let figure = "<figure class=\"theory\" id=\"fig-one\"><figcaption>x</figcaption></figure>";
        let template = format!("<section><!-- section: a -->\n{figure}</section>");
        let filled = |en: &str, zh: &str| {
            fill(&template, |path| {
                let english = path.starts_with("www/text/en");
                Ok(if english { en } else { zh }.to_owned())
            })
        };
        let text = "One.\n\n<!-- figure: one -->\n\nTwo.";
        let page = filled(text, text).expect("a figure that is there");
        let part = |lang: &str, words: &str| {
            format!("<div class=\"prose\" lang=\"{lang}\"><p>{words}</p>\n</div>\n")
        };
        let both = |words: &str| part("en", words) + &part("zh-Hans", words);
        let expected = format!("<section>{}{figure}\n{}\n</section>", both("One."), both("Two."));
        assert_eq!(page, expected);
        let error = |en, zh| format!("{:#}", filled(en, zh).expect_err("must be refused"));
        assert!(error(text, "One.").contains("figures"));
        assert!(error(text, "<!-- figure: one -->\n\nOne.\n\nTwo.").contains("places"));
        let other = "<!-- figure: other -->";
        assert!(error(other, other).contains("no such figure"));
        assert!(error(&format!("- {other}"), other).contains("inside"));
    }

    #[test]
    fn statements_proofs_and_what_is_folded_are_set_apart() {
        let text = "<!-- statement: one | Theorem -->\n\nSo it is.\n\n<!-- end -->\n\n<!-- proof -->\n\nSee [it](#one).\n\n<!-- end -->\n\n<!-- fold: two | More -->\n\nRest.\n\n<!-- end -->";
        let page = filled(text, text).expect("valid text");
        let statement = "<div class=\"statement\" id=\"one-zh\"><p class=\"statement-title\"><a href=\"#one-zh\">Theorem</a></p>\n<p>So it is.</p>\n</div>\n";
        assert!(page.contains(statement), "{page}");
        assert!(
            page.contains("<div class=\"proof\">\n<p>See <a href=\"#one-zh\">it</a>.</p>\n</div>"),
            "{page}"
        );
        let fold =
            "<details class=\"fold\" id=\"two\"><summary>More</summary>\n<p>Rest.</p>\n</details>";
        assert!(page.contains(fold), "{page}");
        let error = |en: &str, zh: &str| format!("{:#}", filled(en, zh).expect_err("refused"));
        assert!(error(text, "So.").contains("sets apart"));
        let open = "<!-- proof -->\n\nSo.";
        assert!(error(open, open).contains("does not end"));
        assert!(error("<!-- end -->", "<!-- end -->").contains("ends nothing"));
        let nested = "<!-- proof -->\n\n<!-- proof -->\n\n<!-- end -->";
        assert!(error(nested, nested).contains("stands in"));
        let figure = "<!-- proof -->\n\n<!-- figure: a -->\n\n<!-- end -->";
        assert!(error(figure, figure).contains("inside"));
    }

    #[test]
    fn the_short_way_leads_from_part_to_part() {
        let text = |a: &str, b: &str| {
            format!("## {a} {{#a .way}}\n\nOne.\n\n### No\n\nTwo.\n\n### {b} {{.way}}\n\nThree.")
        };
        let page = fill("<!-- contents --><!-- section: a -->", |path| {
            let english = path.starts_with("www/text/en");
            Ok(if english { text("A", "B") } else { text("甲", "乙") })
        });
        let page = page.expect("valid text");
        let on = "<p>One.</p>\n<p class=\"way-on\">The way of twenty minutes goes on at <a href=\"#a-b\">B</a>.</p>";
        assert!(page.contains(on), "{page}");
        let end =
            "<p>Three.</p>\n<p class=\"way-on\">The way of twenty minutes ends here: play.</p>";
        assert!(page.contains(end), "{page}");
        assert!(page.contains("下一站：<a href=\"#a-b-zh\">乙</a>"), "{page}");
        assert!(page.contains("<h2 id=\"a\" class=\"way\">"), "{page}");
        assert!(page.contains("<a class=\"way\" href=\"#a\">"), "{page}");
        assert!(page.contains("the short way: 1 min"), "{page}");
        let differ = filled("## A {#a .way}", "## 甲 {#a}").expect_err("must be refused");
        assert!(format!("{differ:#}").contains(".way"));
    }

    #[test]
    fn words_inside_equations_may_differ() {
        assert!(filled("$$a \\text{ if}$$", "$$a \\text{ 若}$$").is_ok());
    }
}
