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
    let mut way = 0.0;
    for section in sections {
        let Some((title, id, seconds)) = section.summary() else {
            continue;
        };
        total += seconds;
        let time = minutes(seconds);
        let short: f64 = section.stops().map(|stop| stop.seconds).sum();
        way += short;
        let class = if short > 0.0 { " class=\"way\"" } else { "" };
        entries +=
            &format!("<li><a{class} href=\"#{id}\">{title} <small>{time} {unit}</small></a></li>");
    }
    if way > 0.0 {
        let way = minutes(way);
        let words = match language {
            Language::English => format!("the short way: {way} min"),
            Language::Chinese => format!("捷径：{way} 分钟"),
        };
        entries += &format!("<li class=\"way-key\">{words}</li>");
    }
    let total = minutes(total);
    format!("<ol class=\"contents-list\" lang=\"{lang}\" data-minutes=\"{total}\">{entries}</ol>")
}
