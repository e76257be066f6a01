//! How long a section takes to read.
//!
//! English: 200 words a minute. Chinese: 300 characters a minute, a word in Latin letters counting as two. A
//! formula in a line counts as one word, a displayed one takes 12 seconds, a line of code 2. These are round
//! figures for attentive reading, not measurements.

use super::section::Language;
use pulldown_cmark::{Event, Tag, TagEnd};

const DISPLAYED: f64 = 12.0;
const CODE_LINE: f64 = 2.0;

/// Seconds.
pub fn seconds(language: Language, events: &[Event]) -> f64 {
    let (mut units, mut seconds, mut code) = (0.0, 0.0, false);
    let (per_minute, word) = match language {
        Language::English => (200.0, 1.0),
        Language::Chinese => (300.0, 2.0),
    };
    for event in events {
        match event {
            Event::Start(Tag::CodeBlock(_)) => code = true,
            Event::End(TagEnd::CodeBlock) => code = false,
            Event::Text(text) if code => seconds += CODE_LINE * text.lines().count() as f64,
            Event::Text(text) | Event::Code(text) => units += counted(text, word),
            Event::InlineMath(_) => units += word,
            Event::DisplayMath(_) => seconds += DISPLAYED,
            _ => {}
        }
    }
    seconds + 60.0 * units / per_minute
}

/// Characters of Chinese, and words of anything else, each counting as `word`.
fn counted(text: &str, word: f64) -> f64 {
    let han = |c: char| matches!(c, '\u{3400}'..='\u{9fff}');
    let characters = text.chars().filter(|&c| han(c)).count() as f64;
    let words = text
        .split(|c: char| han(c) || !(c.is_alphanumeric() || c == '\'' || c == '’' || c == '-'))
        .filter(|part| part.chars().any(char::is_alphanumeric))
        .count() as f64;
    characters + word * words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_characters_are_counted() {
        assert_eq!(counted("The best-known D, here.", 1.0), 4.0);
        assert_eq!(counted("判别器 D 与 GAN。", 2.0), 4.0 + 4.0);
        let events = [
            Event::Text("one two".into()),
            Event::InlineMath("x".into()),
            Event::DisplayMath("y".into()),
        ];
        assert_eq!(seconds(Language::English, &events), 0.9 + 12.0);
        assert_eq!(seconds(Language::Chinese, &events), 1.2 + 12.0);
    }
}
