//! What each file of a crate names of the others and of other crates, read by a parser.
//!
//! A path is followed through renames, globs and re-exports to the file in which the item stands, so that a facade
//! hides nothing. What a macro makes of its tokens is not known; the paths in them are read as they stand.

use anyhow::{Context, Result};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use syn::visit::{self, Visit};
use syn::{Item, UseTree, Visibility};

/// A module's path, with the crate as its first element: `LIBRARY` or `PROGRAM`.
type Module = Vec<String>;

const LIBRARY: &str = "lib";
const PROGRAM: &str = "main";
/// What the program calls the library.
const LIBRARY_NAME: &str = "saddle";

/// All files of `src/`.
#[derive(Default)]
pub struct Names {
    scopes: BTreeMap<Module, Scope>,
    found: Vec<Found>,
    /// Where the feature `mnist` is asked for: file and line.
    pub mnist_features: Vec<(String, usize)>,
}

#[derive(Default)]
struct Scope {
    file: String,
    items: BTreeSet<String>,
    /// Name to the path that a `use` gives it.
    used: BTreeMap<String, Path>,
    globs: Vec<Path>,
}

/// A path as it is written.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Path {
    /// `::x` names a crate and nothing else.
    leading: bool,
    parts: Vec<String>,
}

struct Found {
    module: Module,
    line: usize,
    path: Path,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// An expression, a type, a pattern, a macro's tokens.
    Code,
    Use,
    /// A `use` that is not private.
    Export,
}

/// A file names an item of another file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrow {
    pub from: String,
    pub line: usize,
    pub to: String,
    /// The files whose re-exports lead there.
    pub through: Vec<String>,
    /// A parent hands out what its own child has: no dependence of the one on the other.
    pub facade: bool,
}

/// A file names another crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Foreign {
    pub from: String,
    pub line: usize,
    pub name: String,
}

enum Target {
    /// The module that an item stands in, or that is named itself.
    Here {
        module: Module,
        is_module: bool,
        through: Vec<String>,
    },
    Crate(String),
}

impl Names {
    /// Takes up a file of `src/`, by its path below it with forward slashes.
    pub fn add(&mut self, file: &str, text: &str) -> Result<()> {
        let tree = syn::parse_file(text).with_context(|| format!("parsing src/{file}"))?;
        let mut reader = Reader { names: self, file: file.into(), module: module(file) };
        reader.enter();
        reader.visit_file(&tree);
        Ok(())
    }

    /// All arrows between two files, and all names of other crates, sorted.
    pub fn resolve(&self) -> (BTreeSet<Arrow>, BTreeSet<Foreign>) {
        let (mut arrows, mut foreign) = (BTreeSet::new(), BTreeSet::new());
        for found in &self.found {
            let (from, line) = (self.scopes[&found.module].file.clone(), found.line);
            // A variable may have the name of a module or a crate, which alone are no values.
            let alone = found.kind == Kind::Code && found.path.parts.len() == 1;
            match self.follow(&found.module, &found.path, &mut BTreeSet::new()) {
                Target::Crate(_) | Target::Here { is_module: true, .. } if alone => {}
                Target::Crate(name) => {
                    foreign.insert(Foreign { from, line, name });
                }
                Target::Here { module, mut through, .. } => {
                    let Some(to) = self.scopes.get(&module).map(|scope| scope.file.clone()) else {
                        continue;
                    };
                    if to == from {
                        continue;
                    }
                    through.retain(|file| *file != from);
                    let facade = found.kind == Kind::Export && module.starts_with(&found.module);
                    arrows.insert(Arrow { from, line, to, through, facade });
                }
            }
        }
        (arrows, foreign)
    }

    /// What a path means in a module. `seen` ends the circles that names may form.
    fn follow(
        &self,
        module: &Module,
        path: &Path,
        seen: &mut BTreeSet<(Module, String)>,
    ) -> Target {
        let (first, rest) = path.parts.split_first().expect("a path has a first part");
        let outside = || Target::Crate(first.clone());
        if path.leading {
            return outside();
        }
        match first.as_str() {
            "crate" => self.walk(module[..1].to_vec(), rest, seen),
            "self" => self.walk(module.clone(), rest, seen),
            "super" => {
                let supers = path.parts.iter().take_while(|part| *part == "super").count();
                let above = module.len().saturating_sub(supers).max(1);
                self.walk(module[..above].to_vec(), &path.parts[supers..], seen)
            }
            _ if self.has(module, first, &mut BTreeSet::new()) => {
                if seen.contains(&(module.clone(), first.clone())) {
                    return outside();
                }
                self.walk(module.clone(), &path.parts, seen)
            }
            LIBRARY_NAME if module[0] == PROGRAM => self.walk(vec![LIBRARY.into()], rest, seen),
            _ => outside(),
        }
    }

    /// Goes down from a module as far as modules and re-exports lead.
    fn walk(
        &self,
        mut module: Module,
        rest: &[String],
        seen: &mut BTreeSet<(Module, String)>,
    ) -> Target {
        for (i, part) in rest.iter().enumerate() {
            let mut child = module.clone();
            child.push(part.clone());
            if self.scopes.contains_key(&child) {
                module = child;
                continue;
            }
            let Some(scope) = self.scopes.get(&module) else { break };
            let source = match scope.used.get(part) {
                Some(path) => Some(path.clone()),
                None if scope.items.contains(part) => None,
                None => scope.globs.iter().find_map(|glob| self.in_glob(&module, glob, part)),
            };
            let Some(mut path) = source else {
                return Target::Here { module, is_module: false, through: Vec::new() };
            };
            if !seen.insert((module.clone(), part.clone())) {
                return Target::Here { module, is_module: false, through: Vec::new() };
            }
            path.parts.extend_from_slice(&rest[i + 1..]);
            let mut target = self.follow(&module, &path, seen);
            if let Target::Here { through, .. } = &mut target {
                through.push(scope.file.clone());
            }
            return target;
        }
        Target::Here { module, is_module: true, through: Vec::new() }
    }

    /// Whether a module knows a name by itself.
    fn has(&self, module: &Module, name: &str, seen: &mut BTreeSet<Module>) -> bool {
        if !seen.insert(module.clone()) {
            return false;
        }
        let mut child = module.clone();
        child.push(name.into());
        self.scopes.contains_key(&child)
            || self.scopes.get(module).is_some_and(|scope| {
                scope.items.contains(name)
                    || scope.used.contains_key(name)
                    || scope.globs.iter().any(|glob| match self.glob(module, glob) {
                        Some(target) => self.has(&target, name, seen),
                        None => false,
                    })
            })
    }

    /// The path of `name` when the module that a glob opens has it.
    fn in_glob(&self, module: &Module, glob: &Path, name: &str) -> Option<Path> {
        let target = self.glob(module, glob)?;
        self.has(&target, name, &mut BTreeSet::from([module.clone()])).then(|| {
            let mut path = glob.clone();
            path.parts.push(name.into());
            path
        })
    }

    /// The module that a glob opens; none for an enum and for other crates.
    fn glob(&self, module: &Module, glob: &Path) -> Option<Module> {
        // The first part of a glob is looked for among modules and what `use` names alone, since globs may
        // stand for each other.
        let first = glob.parts.first()?;
        let mut child = module.clone();
        child.push(first.clone());
        let known = matches!(first.as_str(), "crate" | "self" | "super")
            || (first == LIBRARY_NAME && module[0] == PROGRAM)
            || self.scopes.contains_key(&child)
            || self.scopes.get(module).is_some_and(|scope| scope.used.contains_key(first));
        if glob.leading || !known {
            return None;
        }
        match self.follow(module, glob, &mut BTreeSet::new()) {
            Target::Here { module, is_module: true, .. } => Some(module),
            _ => None,
        }
    }
}

/// The module that a file is.
fn module(file: &str) -> Module {
    let mut parts: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    if parts.last() == Some(&"mod") {
        parts.pop();
    }
    match parts[0] {
        "lib" => vec![LIBRARY.into()],
        "main" => vec![PROGRAM.into()],
        first => {
            let root = if first == "cli" { PROGRAM } else { LIBRARY };
            [root].iter().chain(&parts).map(ToString::to_string).collect()
        }
    }
}

struct Reader<'a> {
    names: &'a mut Names,
    file: String,
    module: Module,
}

impl Reader<'_> {
    fn enter(&mut self) {
        let scope = self.names.scopes.entry(self.module.clone()).or_default();
        scope.file.clone_from(&self.file);
    }

    fn scope(&mut self) -> &mut Scope {
        self.names.scopes.entry(self.module.clone()).or_default()
    }

    fn note(&mut self, span: Span, path: Path, kind: Kind) {
        if path.parts == ["self"] || path.parts == ["Self"] {
            return;
        }
        let (module, line) = (self.module.clone(), span.start().line);
        self.names.found.push(Found { module, line, path, kind });
    }

    fn tree(&mut self, tree: &UseTree, before: &Path, kind: Kind) {
        let with = |ident: &Ident| {
            let mut path = before.clone();
            // `a::{self}` is `a`.
            if ident != "self" || path.parts.is_empty() {
                path.parts.push(ident.to_string());
            }
            path
        };
        match tree {
            UseTree::Path(part) => self.tree(&part.tree, &with(&part.ident), kind),
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, before, kind);
                }
            }
            UseTree::Name(name) => self.leaf(&name.ident, None, with(&name.ident), kind),
            UseTree::Rename(renamed) => {
                let path = with(&renamed.ident);
                self.leaf(&renamed.ident, Some(&renamed.rename), path, kind);
            }
            UseTree::Glob(glob) => {
                self.scope().globs.push(before.clone());
                self.note(glob.star_token.spans[0], before.clone(), kind);
            }
        }
    }

    fn leaf(&mut self, ident: &Ident, rename: Option<&Ident>, path: Path, kind: Kind) {
        let name =
            rename.map_or_else(|| path.parts.last().cloned(), |ident| Some(ident.to_string()));
        // `use anyhow;` gives a crate its own name.
        if let Some(name) = name.filter(|name| path.parts != [name.clone()]) {
            self.scope().used.insert(name, path.clone());
        }
        self.note(ident.span(), path, kind);
    }

    /// Paths in the tokens of a macro or an attribute.
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is = |i: usize, c: char| matches!(tokens.get(i), Some(TokenTree::Punct(p)) if p.as_char() == c);
        let colons = |i: usize| is(i, ':') && is(i + 1, ':');
        let mut i = 0;
        while i < tokens.len() {
            match &tokens[i] {
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Ident(ident) => {
                    let variable = i > 0 && is(i - 1, '$') && ident != "crate";
                    let leading = i > 1
                        && colons(i - 2)
                        && !matches!(tokens.get(i.wrapping_sub(3)), Some(TokenTree::Ident(_)));
                    let mut parts = vec![ident.to_string()];
                    while colons(i + 1)
                        && let Some(TokenTree::Ident(next)) = tokens.get(i + 3)
                    {
                        parts.push(next.to_string());
                        i += 3;
                    }
                    // One word alone may be a field; types begin with a capital.
                    let path = parts.len() > 1 || parts[0].starts_with(char::is_uppercase);
                    if path && !variable {
                        self.note(ident.span(), Path { leading, parts }, Kind::Code);
                    }
                }
                _ => {}
            }
            i += 1;
        }
    }

    fn feature(&mut self, path: &syn::Path, tokens: &TokenStream) {
        let asks = path.is_ident("cfg") || path.is_ident("cfg_attr");
        let words = tokens.to_string().replace(' ', "");
        if asks && words.contains("feature=\"mnist\"") {
            let line = path.segments[0].ident.span().start().line;
            self.names.mnist_features.push((self.file.clone(), line));
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item(&mut self, item: &'ast Item) {
        let name = match item {
            Item::Const(item) => Some(&item.ident),
            Item::Enum(item) => Some(&item.ident),
            Item::Fn(item) => Some(&item.sig.ident),
            Item::Macro(item) => item.ident.as_ref(),
            Item::Static(item) => Some(&item.ident),
            Item::Struct(item) => Some(&item.ident),
            Item::Trait(item) => Some(&item.ident),
            Item::TraitAlias(item) => Some(&item.ident),
            Item::Type(item) => Some(&item.ident),
            Item::Union(item) => Some(&item.ident),
            _ => None,
        };
        if let Some(name) = name {
            self.scope().items.insert(name.to_string());
        }
        visit::visit_item(self, item);
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if item.content.is_none() {
            return visit::visit_item_mod(self, item);
        }
        self.module.push(item.ident.to_string());
        self.enter();
        visit::visit_item_mod(self, item);
        self.module.pop();
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        for attribute in &item.attrs {
            self.visit_attribute(attribute);
        }
        let private = matches!(item.vis, Visibility::Inherited);
        let kind = if private { Kind::Use } else { Kind::Export };
        let before = Path { leading: item.leading_colon.is_some(), parts: Vec::new() };
        self.tree(&item.tree, &before, kind);
    }

    fn visit_item_extern_crate(&mut self, item: &'ast syn::ItemExternCrate) {
        let path = Path { leading: true, parts: vec![item.ident.to_string()] };
        let rename = item.rename.as_ref().map(|(_, ident)| ident);
        self.leaf(&item.ident, rename, path, Kind::Use);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let parts: Vec<String> = path.segments.iter().map(|part| part.ident.to_string()).collect();
        if let Some(first) = path.segments.first() {
            let leading = path.leading_colon.is_some();
            self.note(first.ident.span(), Path { leading, parts }, Kind::Code);
        }
        visit::visit_path(self, path);
    }

    /// `pub(super)` names no item.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}

    fn visit_meta_list(&mut self, list: &'ast syn::MetaList) {
        self.feature(&list.path, &list.tokens);
        self.tokens(list.tokens.clone());
        visit::visit_meta_list(self, list);
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.feature(&mac.path, &mac.tokens);
        self.tokens(mac.tokens.clone());
        visit::visit_macro(self, mac);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small crate in which `game/a.rs` has the text; which files and crates that names.
    fn named(text: &str) -> Vec<String> {
        let mut names = Names::default();
        for (file, text) in [
            ("lib.rs", "pub mod game; pub mod num;"),
            ("num/mod.rs", "pub mod rng; pub mod normal; pub use rng::Rng; pub use normal::*;"),
            ("num/rng.rs", "pub struct Rng; pub fn seed() {}"),
            ("num/normal.rs", "pub fn quantile() {} pub enum Side { Left }"),
            ("game/mod.rs", "pub mod a; mod b; pub(crate) use b::Made; pub struct Own;"),
            ("game/b.rs", "pub struct Made; pub mod inner { pub struct Deep; }"),
            ("game/a.rs", text),
        ] {
            names.add(file, text).expect("Rust");
        }
        let (arrows, foreign) = names.resolve();
        let arrows = arrows.into_iter().filter(|arrow| arrow.from == "game/a.rs");
        let mut all: Vec<String> = arrows.map(|arrow| arrow.to).collect();
        let foreign = foreign.into_iter().filter(|foreign| foreign.from == "game/a.rs");
        all.extend(
            foreign.map(|foreign| foreign.name).filter(|name| name == "burn" || name == "web_sys"),
        );
        all.sort();
        all.dedup();
        all
    }

    #[test]
    fn every_form_of_import_is_seen() {
        for (text, to) in [
            ("use crate::num::rng::Rng;", "num/rng.rs"),
            ("use crate::{num::{rng::{self, seed}}};", "num/rng.rs"),
            ("use crate::{\n    num::rng,\n};", "num/rng.rs"),
            ("use super::super::num::rng::Rng;", "num/rng.rs"),
            ("use super::b::Made;", "game/b.rs"),
            ("use super::Own;", "game/mod.rs"),
            ("use crate::num::rng::Rng as R;", "num/rng.rs"),
            ("pub use crate::num::rng::Rng;", "num/rng.rs"),
            ("pub(crate) use super::b::inner::Deep;", "game/b.rs"),
            ("fn f() { use crate::num::rng::*; }", "num/rng.rs"),
            ("mod m { use super::super::b::Made; }", "game/b.rs"),
        ] {
            assert_eq!(named(text), [to], "{text}");
        }
    }

    #[test]
    fn facades_globs_and_renames_lead_to_the_file_of_the_item() {
        for (text, to) in [
            ("use crate::num::Rng;", "num/rng.rs"),
            ("use crate::num::quantile;", "num/normal.rs"),
            ("use super::Made;", "game/b.rs"),
            ("use crate::num::Side::Left;", "num/normal.rs"),
            ("use crate::num as n; fn f() -> n::Rng { n::rng::seed() }", "num/rng.rs"),
            ("use crate::num::rng as r; fn f() { r::seed() }", "num/rng.rs"),
        ] {
            assert!(named(text).contains(&to.to_string()), "{text}: {:?}", named(text));
        }
        assert_eq!(
            named("use crate::num::*; fn f() -> Rng { quantile() }"),
            ["num/mod.rs", "num/normal.rs", "num/rng.rs"]
        );
        assert_eq!(named("use super::*; fn f(_: Made) {}"), ["game/b.rs", "game/mod.rs"]);
    }

    #[test]
    fn paths_without_an_import_are_seen() {
        for text in [
            "fn f() { crate::num::rng::seed(); }",
            "struct S(crate::num::rng::Rng);",
            "struct S(Vec<Option<crate::num::rng::Rng>>);",
            "impl From<crate::num::rng::Rng> for u8 {}",
            "fn f(x: &dyn Fn(super::super::num::rng::Rng)) {}",
            "fn f() { match 1 { crate::num::rng::ONE => {} _ => {} } }",
            "fn f() { <crate::num::rng::Rng as Clone>::clone(x); }",
            "fn f() { println!(\"{}\", crate::num::rng::seed()); }",
            "fn f() { assert!(matches!(x, (1, crate::num::rng::Rng { .. }))); }",
            "macro_rules! m { () => { $crate::num::rng::seed() } }",
            "#[derive(crate::num::rng::Rng)] struct S;",
        ] {
            assert_eq!(named(text), ["num/rng.rs"], "{text}");
        }
    }

    #[test]
    fn other_crates_are_told_from_modules() {
        for text in [
            "use burn::tensor::Tensor;",
            "use {burn::tensor, std::fmt};",
            "use burn as b; fn f() -> b::tensor::Tensor { todo!() }",
            "extern crate burn;",
            "fn f() { ::burn::tensor::f(); }",
            "fn f() { vec![burn::tensor::f()]; }",
            "fn f() -> burn::tensor::Tensor { todo!() }",
        ] {
            assert_eq!(named(text), ["burn"], "{text}");
        }
        assert_eq!(named("#[web_sys::shown] fn f() {}"), ["web_sys"]);
        assert_eq!(named("mod burn { pub fn f() {} } fn f() { burn::f(); }"), [""; 0]);
        // A variable, a field, a comment and a string may have any name.
        let text = "use crate::num::rng;\n/// `crate::game::b` burn\nfn f(num: u8, web_sys: u8) { (num, web_sys, \"burn::x\"); }";
        assert_eq!(named(text), ["num/rng.rs"]);
    }

    #[test]
    fn a_facade_is_told_from_a_use() {
        let facade = |text: &str| {
            let mut names = Names::default();
            for (file, text) in
                [("lib.rs", "pub mod game;"), ("game/mod.rs", text), ("game/a.rs", "pub struct A;")]
            {
                names.add(file, text).expect("Rust");
            }
            let (arrows, _) = names.resolve();
            arrows.into_iter().map(|arrow| arrow.facade).collect::<Vec<_>>()
        };
        assert_eq!(facade("mod a; pub use a::A;"), [true]);
        assert_eq!(facade("mod a; pub(crate) use self::a::{A as B};"), [true]);
        assert_eq!(facade("mod a; use a::A;"), [false]);
        assert_eq!(facade("mod a;\npub use a::A;\nstruct S(A);"), [true, false]);
        assert_eq!(facade("pub mod a;"), [false; 0]);
    }

    #[test]
    fn names_that_stand_for_each_other_come_to_an_end() {
        assert_eq!(named("pub use self::x as y; pub use self::y as x; use y::z;"), [""; 0]);
        assert_eq!(named("use crate::game::a::*; use self::*; fn f() { q(); }"), [""; 0]);
        assert_eq!(named("use anyhow::{self, Result}; use log; fn f() { log::x(); }"), [""; 0]);
    }

    #[test]
    fn the_program_names_the_library_as_a_crate() {
        let mut names = Names::default();
        names.add("lib.rs", "pub mod num;").expect("Rust");
        names.add("num/mod.rs", "pub struct Rng;").expect("Rust");
        names.add("main.rs", "mod cli; fn main() { cli::run(); }").expect("Rust");
        names.add("cli/mod.rs", "use saddle::num::Rng; pub fn run() {}").expect("Rust");
        let (arrows, _) = names.resolve();
        let pairs: Vec<_> = arrows.iter().map(|a| (a.from.as_str(), a.to.as_str())).collect();
        assert_eq!(pairs, [("cli/mod.rs", "num/mod.rs"), ("main.rs", "cli/mod.rs")]);
    }
}
