//! The book as readers get it: every link leads somewhere, nothing comes from elsewhere, nothing
//! is too big, and what we lay over mdBook still fits it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use book::publish;
use book::workbook::{Workbook, files};
use scraper::{Html, Selector};
use tempfile::TempDir;

/// The real book, built once for all tests of this file.
static SITE: LazyLock<Site> = LazyLock::new(Site::build);

struct Site {
    folder: TempDir,
    /// Every page by its path in the folder.
    pages: BTreeMap<PathBuf, Page>,
}

struct Page {
    ids: Vec<String>,
    /// Element and address: `a`, `../x.html#y`.
    links: Vec<(String, String)>,
    base: Option<String>,
    bytes: u64,
}

impl Site {
    fn build() -> Self {
        let workbook = Workbook::around(env!("CARGO_MANIFEST_DIR").as_ref()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        if let Err(error) = publish::build(&workbook, Some(folder.path())) {
            panic!("the book does not build:\n{error:?}");
        }
        let pages = files(folder.path())
            .into_iter()
            .filter(|path| path.extension().is_some_and(|ending| ending == "html"))
            .map(|path| (path.strip_prefix(folder.path()).unwrap().to_owned(), Page::read(&path)))
            .collect();
        Self { folder, pages }
    }

    /// The files whose name begins and ends so; mdBook puts a hash in the middle.
    fn named(&self, start: &str, end: &str) -> Vec<PathBuf> {
        let mut found = files(self.folder.path());
        found.retain(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with(start) && name.ends_with(end)
        });
        assert!(!found.is_empty(), "no file {start}…{end}");
        found
    }
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let html = Html::parse_document(&text);
        let all = |selector: &str| Selector::parse(selector).unwrap();
        let ids = html
            .select(&all("[id]"))
            .map(|element| element.attr("id").unwrap().to_owned())
            .collect();
        let mut links = Vec::new();
        for element in html.select(&all("[href], [src], [data], [poster], [srcset]")) {
            for name in ["href", "src", "data", "poster", "srcset"] {
                if let Some(address) = element.attr(name) {
                    links.push((element.value().name().to_owned(), address.to_owned()));
                }
            }
        }
        let base = html
            .select(&all("base"))
            .next()
            .map(|element| element.attr("href").unwrap().to_owned());
        Self { ids, links, base, bytes: text.len() as u64 }
    }
}

#[test]
fn every_link_inside_the_book_leads_somewhere() {
    let mut dead = Vec::new();
    for (path, page) in &SITE.pages {
        for (element, address) in &page.links {
            if element == "base" || is_elsewhere(address) {
                continue;
            }
            let (target, fragment) = address.split_once('#').unwrap_or((address, ""));
            let target = match target {
                "" => path.clone(),
                target => resolve(path, page, target),
            };
            if !SITE.folder.path().join(&target).is_file() {
                dead.push(format!("{}: {address}: there is no such file", path.display()));
            } else if !fragment.is_empty()
                && !SITE.pages[&target].ids.iter().any(|id| id == fragment)
            {
                dead.push(format!("{}: {address}: no element has this id", path.display()));
            }
        }
    }
    assert!(dead.is_empty(), "\n{}", dead.join("\n"));
}

#[test]
fn an_id_is_given_once_on_a_page() {
    for (path, page) in &SITE.pages {
        let mut seen = BTreeSet::new();
        for id in &page.ids {
            assert!(seen.insert(id), "{}: two elements have the id {id}", path.display());
        }
    }
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    for (path, page) in &SITE.pages {
        for (element, address) in &page.links {
            let loads = element != "a" && element != "base";
            let foreign = is_elsewhere(address) && !address.starts_with("data:");
            assert!(!(loads && foreign), "{}: <{element}> loads {address}", path.display());
        }
    }
    for path in SITE.named("", ".css") {
        let text = fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices("url(") {
            let address = text[at + 4..].trim_start_matches(['"', '\'']);
            assert!(
                address.starts_with("data:") || !is_elsewhere(address.split(')').next().unwrap()),
                "{}: {}",
                path.display(),
                &address[..address.len().min(60)]
            );
        }
        assert!(!text.contains("@import"), "{}", path.display());
    }
}

#[test]
fn what_only_authors_need_is_not_published() {
    let toml = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "toml");
    assert_eq!(files(SITE.folder.path()).into_iter().find(toml), None);
}

#[test]
fn nothing_grows_without_notice() {
    let kilobytes = |path: &Path| path.metadata().unwrap().len() / 1024;
    for (path, page) in &SITE.pages {
        let most = if path == Path::new("print.html") { 3000 } else { 150 };
        assert!(page.bytes / 1024 < most, "{} has {} bytes", path.display(), page.bytes);
    }
    for (start, end, most) in [
        ("colors-", ".css", 10),
        ("workbook-", ".css", 20),
        ("workbook-", ".js", 10),
        ("searchindex-", ".js", 3000),
        ("source-", ".woff2", 95),
    ] {
        for path in SITE.named(start, end) {
            let size = kilobytes(&path);
            assert!(size <= most, "{} has {size} KB, more than {most}", path.display());
        }
    }
    let all: u64 = files(SITE.folder.path()).iter().map(|path| kilobytes(path)).sum();
    assert!(all < 8000, "the book has {all} KB");
}

#[test]
fn mdbook_is_as_the_theme_takes_it_to_be() {
    // theme/highlight.js stands in for highlight.js and has only what book.js calls.
    for path in SITE.named("book-", ".js") {
        let text = fs::read_to_string(path).unwrap();
        for (at, _) in text.match_indices("hljs.") {
            let call =
                &text[at + 5..][..text[at + 5..].find(|c: char| !c.is_alphanumeric()).unwrap()];
            let is_class = text[..at].ends_with('.');
            assert!(is_class || ["configure", "highlightBlock"].contains(&call), "hljs.{call}");
        }
    }
    // theme/workbook.js puts a function in the place of this one, and makes a button of this label.
    for path in SITE.named("book-", ".js") {
        let text = fs::read_to_string(path).unwrap();
        assert!(
            text.contains("\nfunction playground_text(")
                && text.contains("text: function(trigger)")
        );
    }
    let page = fs::read_to_string(SITE.folder.path().join("introduction.html")).unwrap();
    assert!(page.contains("<label id=\"mdbook-sidebar-toggle\""));
    // What `publish` repairs.
    let contents = fs::read_to_string(SITE.folder.path().join("toc.html")).unwrap();
    assert_eq!(contents.matches("<title>Table of contents</title>").count(), 1);
    assert!(page.contains("<iframe title=\"Table of contents\""));
}

fn is_elsewhere(address: &str) -> bool {
    let scheme = address.split(['/', '#', '?']).next().unwrap_or_default();
    address.starts_with("//") || scheme.contains(':')
}

/// The file that an address on a page means, in the folder of the book.
fn resolve(path: &Path, page: &Page, target: &str) -> PathBuf {
    // mdBook's page for errors lies everywhere at once, so its addresses begin at the root.
    let mut resolved = match page.base {
        Some(_) => PathBuf::new(),
        None => path.parent().unwrap().to_owned(),
    };
    for part in target.split('?').next().unwrap().split('/') {
        match part {
            "" | "." => {}
            ".." => assert!(resolved.pop(), "{}: {target} leaves the book", path.display()),
            part => resolved.push(part),
        }
    }
    resolved
}
