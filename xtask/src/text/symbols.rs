//! Links from each symbol's first use in a section to its meaning.
//!
//! In the section `notation` an item of a list that begins with formulas and then has ` {#sym:name}` says what
//! they mean; `{#sym:name | one two}` if they mean it only in the sections `one` and `two`. Elsewhere a formula
//! within a line that contains one of them becomes a link to that item; in a displayed formula the symbol itself
//! does. MathML Core has no links of its own, so such a symbol is a formula in a link in an `<mtext>`.

use std::collections::BTreeSet;
use std::ops::Range;

/// One entry of the list.
#[derive(Debug, PartialEq)]
pub struct Symbol {
    pub name: String,
    /// Its spellings, as atoms.
    forms: Vec<String>,
    /// Sections in which it has this meaning; empty: all.
    only: Vec<String>,
}

impl Symbol {
    /// `marked`: what stands between the braces, without `#sym:`.
    pub fn new(marked: &str, formulas: &[String]) -> Self {
        let (name, only) = marked.split_once('|').unwrap_or((marked, ""));
        Self {
            name: name.trim().to_owned(),
            forms: formulas
                .iter()
                .filter_map(|f| Some(atoms(f).into_iter().next()?.name))
                .collect(),
            only: only.split_whitespace().map(str::to_owned).collect(),
        }
    }

    fn means(&self, section: &str, name: &str) -> bool {
        (self.only.is_empty() || self.only.iter().any(|s| s == section))
            && self.forms.iter().any(|form| form == name)
    }
}

/// The first symbol in a formula that this section has not linked yet; it counts as linked from then on.
pub fn first<'a>(
    symbols: &'a [Symbol],
    section: &str,
    latex: &str,
    linked: &mut BTreeSet<&'a str>,
) -> Option<&'a str> {
    let (symbol, _) = atoms(latex)
        .into_iter()
        .find_map(|atom| meaning(symbols, section, &atom, linked))?;
    linked.insert(&symbol.name);
    Some(&symbol.name)
}

/// The formula with each symbol marked that this section has not linked yet, for `links` to find in its MathML.
pub fn marked<'a>(
    symbols: &'a [Symbol],
    section: &str,
    latex: &str,
    linked: &mut BTreeSet<&'a str>,
) -> String {
    let mut out = String::new();
    let mut done = 0;
    for atom in atoms(latex) {
        let Some((symbol, at)) = meaning(symbols, section, &atom, linked) else {
            continue;
        };
        linked.insert(&symbol.name);
        out.push_str(&latex[done..at.start]);
        let (name, source) = (&symbol.name, &latex[at.clone()]);
        out.push_str(&format!(
            "{{\\text{{{OPEN}{name}}}{source}\\text{{{CLOSE}}}}}"
        ));
        done = at.end;
    }
    out + &latex[done..]
}

/// The MathML of a marked formula with links in place of the marks; `open`: a link's opening tag, of its name.
pub fn links(mathml: &str, open: impl Fn(&str) -> String) -> String {
    let mark = format!("<mtext>{OPEN}");
    let mut parts = mathml.split(&mark);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("</mtext>").unwrap_or((part, ""));
        out.push_str(&format!("<mtext>{}<math>{rest}", open(name)));
    }
    out.replace(&format!("<mtext>{CLOSE}</mtext>"), "</math></a></mtext>")
}

/// What stands before a marked symbol, with its name, and behind it.
const OPEN: char = '\u{e000}';
const CLOSE: char = '\u{e001}';

/// What an atom means, if this section has not linked that yet, and where in the formula it stands.
fn meaning<'a>(
    symbols: &'a [Symbol],
    section: &str,
    atom: &Atom,
    linked: &BTreeSet<&str>,
) -> Option<(&'a Symbol, Range<usize>)> {
    let new = |name: &str| {
        let mut new = symbols.iter().filter(|s| !linked.contains(s.name.as_str()));
        new.find(|s| s.means(section, name))
    };
    // What stands below an expectation says over what it is taken, not which symbol it is.
    let bare = || {
        let base = atom.base.starts_with("\\mathbb").then_some(&atom.base)?;
        Some((new(base)?, atom.at.start..atom.at.start + atom.base.len()))
    };
    match new(&atom.name) {
        Some(symbol) => Some((symbol, atom.at.clone())),
        None => bare(),
    }
}

/// A letter or a command of a formula with what is set below and above it.
#[derive(Debug)]
struct Atom {
    /// The letter or the command, with its braces if they are part of the name.
    base: String,
    /// The same with what is below and above, in braces: `D^{*}_{G}`.
    name: String,
    /// Where it stands in the formula.
    at: Range<usize>,
}

/// The atoms of a formula. What a command has in braces is taken apart as well, unless it belongs to the name;
/// words and layout are passed over.
fn atoms(latex: &str) -> Vec<Atom> {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        at = skip(latex, at);
        let start = at;
        at = token(latex, at);
        if start == at {
            return out;
        }
        let command = &latex[start..at];
        if PASSED.contains(&command) {
            while let Some(end) = group(latex, at, ['{', '}']) {
                at = end;
            }
            continue;
        }
        if command == "\\\\" {
            at = group(latex, at, ['[', ']']).unwrap_or(at);
            continue;
        }
        if NAMED.contains(&command) {
            at = group(latex, at, ['{', '}']).unwrap_or(at);
        }
        let base: String = latex[start..at].to_owned();
        let mut name: String = base.split_whitespace().collect();
        let mut end = at;
        while let Some(script @ ('_' | '^')) = latex[skip(latex, at)..].chars().next() {
            let from = skip(latex, skip(latex, at) + 1);
            at = group(latex, from, ['{', '}']).unwrap_or_else(|| token(latex, from));
            end = at;
            let inner = &latex[from..at];
            let inner = inner
                .strip_prefix('{')
                .and_then(|s| s.strip_suffix('}'))
                .unwrap_or(inner);
            // A prime or a time step makes no other symbol.
            let time = ["(t", "(i", "(0"].iter().any(|step| inner.contains(step));
            if !time && inner != "\\prime" {
                let inner: String = inner.split_whitespace().collect();
                name.push_str(&format!("{script}{{{inner}}}"));
            }
        }
        if !["{", "}", "&"].contains(&base.as_str()) {
            out.push(Atom {
                base,
                name,
                at: start..end,
            });
        }
    }
}

/// Commands whose braces are part of the name.
const NAMED: [&str; 5] = ["\\tilde", "\\bar", "\\mathrm", "\\mathbb", "\\operatorname"];

/// Commands whose braces hold no symbols.
const PASSED: [&str; 3] = ["\\begin", "\\end", "\\text"];

/// At the next character that is no white space.
fn skip(latex: &str, at: usize) -> usize {
    latex.len() - latex[at..].trim_start().len()
}

/// Behind the command or character at `at`.
fn token(latex: &str, at: usize) -> usize {
    let rest = &latex[at..];
    let Some(command) = rest.strip_prefix('\\') else {
        return at + rest.chars().next().map_or(0, char::len_utf8);
    };
    let letters = command
        .chars()
        .take_while(char::is_ascii_alphabetic)
        .count();
    let sign = command.chars().next().map_or(0, char::len_utf8);
    at + 1 + if letters == 0 { sign } else { letters }
}

/// Behind the bracket that closes the one that follows, if one follows.
fn group(latex: &str, at: usize, [open, close]: [char; 2]) -> Option<usize> {
    let at = skip(latex, at);
    latex[at..].strip_prefix(open)?;
    let mut depth = 0;
    for (i, c) in latex[at..].char_indices() {
        depth += i32::from(c == open) - i32::from(c == close);
        if depth == 0 {
            return Some(at + i + c.len_utf8());
        }
    }
    Some(latex.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(latex: &str) -> Vec<String> {
        atoms(latex).into_iter().map(|atom| atom.name).collect()
    }

    #[test]
    fn atoms_have_their_indices() {
        assert_eq!(names("D^{*}_G(x)"), ["D^{*}_{G}", "(", "x", ")"]);
        assert_eq!(
            names("\\frac{p_g}{\\tilde{V}}"),
            ["\\frac", "p_{g}", "\\tilde{V}"]
        );
        assert_eq!(
            names("\\operatorname{JSD}(P \\,\\|\\, Q)")[0],
            "\\operatorname{JSD}"
        );
        assert_eq!(names("D_{\\mathrm{KL}}"), ["D_{\\mathrm{KL}}"]);
        assert_eq!(names("x^{(i)}"), ["x"]);
        assert_eq!(names("\\log D _ { G }"), ["\\log", "D_{G}"]);
        assert_eq!(
            names("\\begin{aligned} a &= b \\\\[2pt] \\text{if } c \\end{aligned}"),
            ["a", "=", "b", "c"]
        );
    }

    #[test]
    fn a_displayed_formula_links_each_new_symbol_where_it_stands() {
        let symbols = [
            Symbol::new("p-g", &["p_g".into()]),
            Symbol::new("e", &["\\mathbb{E}".into()]),
        ];
        let mut linked = BTreeSet::new();
        let marked = marked(
            &symbols,
            "idea",
            "\\mathbb{E}_{x} p_g(x) + p_g(y)",
            &mut linked,
        );
        let mathml = super::super::math::mathml(&marked, true).expect("a formula");
        let html = links(&mathml, |name| format!("<a href=\"#{name}\">"));
        assert!(
            html.contains("<mtext><a href=\"#e\"><math><mrow><mi>𝔼</mi></mrow></math></a></mtext>"),
            "{html}"
        );
        let p_g =
            "<mtext><a href=\"#p-g\"><math><msub><mi>p</mi><mi>g</mi></msub></math></a></mtext>";
        assert_eq!(html.matches(p_g).count(), 1, "{html}");
        assert_eq!(
            html.matches("<msub><mi>p</mi><mi>g</mi></msub>").count(),
            2,
            "{html}"
        );
        assert!(!html.contains([OPEN, CLOSE]), "{html}");
    }

    #[test]
    fn each_symbol_is_linked_once_in_a_section() {
        let symbols = [
            Symbol::new("d", &["D".into(), "D(x)".into()]),
            Symbol::new("best", &["D^{*}".into(), "D^{*}_G".into()]),
            Symbol::new("k | loop", &["k".into()]),
        ];
        let mut linked = BTreeSet::new();
        let mut link = |latex| first(&symbols, "idea", latex, &mut linked);
        assert_eq!(link("D_{\\mathrm{KL}}"), None);
        assert_eq!(link("D(x) = D^{*}_G(x)"), Some("d"));
        assert_eq!(link("D^{*}_G = D"), Some("best"));
        assert_eq!(link("D"), None);
        assert_eq!(link("k = 1"), None);
        assert_eq!(first(&symbols, "loop", "k = 1", &mut linked), Some("k"));
    }
}
