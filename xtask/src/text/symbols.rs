//! Links from each symbol's first use in a section to its meaning.
//!
//! In the section `notation` an item of a list that begins with formulas and then has ` {#sym:name}` says what
//! they mean; `{#sym:name | one two}` if they mean it only in the sections `one` and `two`. Elsewhere the first
//! formula within a line that contains one of them becomes a link to that item. A displayed formula cannot be a
//! link: a symbol that a section has only there is linked at its next use in a line.

use std::collections::BTreeSet;

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
            forms: formulas.iter().filter_map(|f| atoms(f).into_iter().next()).collect(),
            only: only.split_whitespace().map(str::to_owned).collect(),
        }
    }

    fn means(&self, section: &str, atom: &str) -> bool {
        (self.only.is_empty() || self.only.iter().any(|s| s == section))
            && self.forms.iter().any(|form| form == atom)
    }
}

/// The first symbol in a formula that this section has not linked yet; it counts as linked from then on.
pub fn first<'a>(
    symbols: &'a [Symbol],
    section: &str,
    latex: &str,
    linked: &mut BTreeSet<&'a str>,
) -> Option<&'a str> {
    let here = atoms(latex);
    let symbol = here.iter().find_map(|atom| {
        symbols.iter().find(|s| s.means(section, atom) && !linked.contains(s.name.as_str()))
    })?;
    linked.insert(&symbol.name);
    Some(&symbol.name)
}

/// The formula's letters and commands, each with what is set below and above it: `D^{*}_G(x)` is `D^{*}_{G}`,
/// `(`, `x`, `)`. What a command has in braces is taken apart as well, unless it belongs to the name.
fn atoms(latex: &str) -> Vec<String> {
    let chars: Vec<char> = latex.chars().filter(|c| !c.is_whitespace()).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        at = token(&chars, at);
        let base: String = chars[start..at].iter().collect();
        let mut atom = base.clone();
        if NAMED.contains(&base.as_str()) && chars.get(at) == Some(&'{') {
            let end = group(&chars, at);
            atom.extend(&chars[at..end]);
            at = end;
        }
        while let Some('_' | '^') = chars.get(at) {
            let script = chars[at];
            let end = if chars.get(at + 1) == Some(&'{') {
                group(&chars, at + 1)
            } else {
                token(&chars, at + 1)
            };
            let inner: String = chars[at + 1..end].iter().collect();
            let bare = inner.strip_prefix('{').and_then(|s| s.strip_suffix('}')).unwrap_or(&inner);
            // A prime or a time step makes no other symbol.
            if !bare.contains("(t")
                && !bare.contains("(i")
                && !bare.contains("(0")
                && bare != "\\prime"
            {
                atom.push_str(&format!("{script}{{{bare}}}"));
            }
            at = end;
        }
        if atom != "{" && atom != "}" {
            out.push(atom);
        }
    }
    out
}

/// Commands whose braces are part of the name.
const NAMED: [&str; 5] = ["\\tilde", "\\bar", "\\mathrm", "\\mathbb", "\\operatorname"];

/// Behind the command or character at `at`.
fn token(chars: &[char], at: usize) -> usize {
    if chars.get(at) != Some(&'\\') {
        return (at + 1).min(chars.len());
    }
    let letters = chars[at + 1..].iter().take_while(|c| c.is_ascii_alphabetic()).count();
    (at + 1 + letters.max(1)).min(chars.len())
}

/// Behind the brace that closes the one at `at`.
fn group(chars: &[char], at: usize) -> usize {
    let mut depth = 0;
    for (i, c) in chars.iter().enumerate().skip(at) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i + 1;
        }
    }
    chars.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn atoms_have_their_indices() {
        assert_eq!(atoms("D^{*}_G(x)"), ["D^{*}_{G}", "(", "x", ")"]);
        assert_eq!(atoms("\\frac{p_g}{\\tilde{V}}"), ["\\frac", "p_{g}", "\\tilde{V}"]);
        assert_eq!(atoms("\\operatorname{JSD}(P \\,\\|\\, Q)")[0], "\\operatorname{JSD}");
        assert_eq!(atoms("D_{\\mathrm{KL}}"), ["D_{\\mathrm{KL}}"]);
        assert_eq!(atoms("x^{(i)}"), ["x"]);
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
