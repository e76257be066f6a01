//! The table of contents, with reading times.

use super::section::{Language, Section};

/// One list in one language: its entries, and the time for all of them in `data-minutes`.
pub fn list(language: Language, sections: &[&Section]) -> String {
    let (lang, _) = language.tag_and_suffix();
    let unit = match language {
        Language::English => "min",
        Language::Chinese => "分钟",
    };
    let minutes = |seconds: f64| (seconds / 60.0).round().max(1.0);
    let mut total = 0.0;
    let mut entries = String::new();
    for (title, id, seconds) in sections.iter().filter_map(|s| s.summary()) {
        total += seconds;
        let time = minutes(seconds);
        entries += &format!("<li><a href=\"#{id}\">{title} <small>{time} {unit}</small></a></li>");
    }
    let total = minutes(total);
    format!("<ol class=\"contents-list\" lang=\"{lang}\" data-minutes=\"{total}\">{entries}</ol>")
}
