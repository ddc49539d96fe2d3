//! The program as it is called: by an author, and by a stock mdBook.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use mdbook_driver::MDBook;

use crate::fixture::Fixture;

const PROGRAM: &str = env!("CARGO_BIN_EXE_book");

#[test]
fn it_finds_the_book_from_any_folder_of_the_clone() {
    let fixture = Fixture::with_page("# A page\n");
    let folder = fixture.workbook.exercises().join("ex01_registers/a_answer");
    let output = Command::new(PROGRAM).arg("build").current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let page = fixture.workbook.root.join("target/book/page.html");
    assert!(page.is_file());
    assert!(String::from_utf8_lossy(&output.stdout).trim_end().ends_with("index.html"));
}

#[test]
fn a_wrong_page_fails_the_build_and_says_where() {
    let fixture = Fixture::with_page("# A page\n\n{{#exercise ex09z}}\n\n```nasm\n```\n");
    // The exercise of this workbook is on no page, which is one more problem for `test`.
    for (command, number) in [("build", "2 problems"), ("test", "3 problems")] {
        let output = Command::new(PROGRAM)
            .arg(command)
            .current_dir(&fixture.workbook.root)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8_lossy(&output.stderr);
        for part in [
            "book/src/page.md:3: no exercise is called `ex09z`",
            "book/src/page.md:5: `nasm` is no language",
            number,
        ] {
            assert!(told.contains(part), "{told}");
        }
    }
}

#[test]
fn what_mdbook_only_warns_of_fails_the_build() {
    let fixture = Fixture::with_page("# A page\n\n<div>\n\nnever closed\n");
    let output =
        Command::new(PROGRAM).arg("build").current_dir(&fixture.workbook.root).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("unclosed HTML tag `<div>` found in `page.md`"), "{told}");
}

#[test]
fn a_folder_with_other_things_in_it_is_left_alone() {
    let fixture = Fixture::with_page("# A page\n");
    let build = |folder: &str| {
        Command::new(PROGRAM)
            .args(["build", "--to", folder])
            .current_dir(&fixture.workbook.root)
            .output()
            .unwrap()
    };
    let output = build("exercises");
    assert_eq!(output.status.code(), Some(1));
    assert!(fixture.workbook.exercises().join("include/numbers.inc").is_file());
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("exercises is not empty, and holds no book"), "{told}");
    assert!(build("site").status.success());
    assert!(build("site").status.success(), "a book may be replaced");
}

#[test]
fn a_stock_mdbook_makes_the_same_page() {
    let fixture = Fixture::with_page("# A page\n\n{{#exercise ex01a}}\n");
    let folder = |name: &str| fixture.workbook.root.join("target").join(name);
    book::publish::build(&fixture.workbook, Some(&folder("ours"))).unwrap();

    let mut stock = MDBook::load(fixture.workbook.book()).unwrap();
    stock.config.build.build_dir = folder("stock");
    let command = format!("'{PROGRAM}' preprocess");
    stock.config.set("preprocessor.workbook.command", command).unwrap();
    let config = stock.config.clone();
    MDBook::load_with_config(fixture.workbook.book(), config).unwrap().build().unwrap();

    let main = |name: &str| {
        let page = fs::read_to_string(folder(name).join("page.html")).unwrap();
        let start = page.find("<main>").unwrap();
        page[start..page.find("</main>").unwrap()].to_owned()
    };
    assert!(main("ours").contains("id=\"ex01a\""));
    assert_eq!(main("stock"), main("ours"));
}

#[test]
fn a_served_page_hears_of_a_change() {
    let fixture = Fixture::with_page("# The first edition\n");
    let server = Server::start(&fixture);

    assert!(server.get("/page.html").contains("The first edition"));
    assert!(server.get("/").contains("new EventSource("));
    assert!(server.get("/no-such-page.html").starts_with("HTTP/1.1 404"));
    assert!(server.get("/../../exercises/include/numbers.inc").starts_with("HTTP/1.1 404"));
    assert!(server.get("/%2e%2e/%2E%2E/book/book.toml").starts_with("HTTP/1.1 404"));

    let mut news = server.ask("/news-of-the-book");
    read_until(&mut news, "\r\n\r\n");
    fixture.write("book/src/page.md", "# The second edition\n");
    read_until(&mut news, "data: new");
    assert!(server.get("/page.html").contains("The second edition"));

    // A page that does not build leaves the last good one.
    fixture.write("book/src/page.md", "{{#exercise ex09z}}\n");
    std::thread::sleep(Duration::from_millis(900));
    assert!(server.get("/page.html").contains("The second edition"));
}

struct Server {
    program: Child,
    address: String,
}

impl Server {
    fn start(fixture: &Fixture) -> Self {
        let mut program = Command::new(PROGRAM)
            .args(["serve", "--port", "0", "--open", "no"])
            .current_dir(&fixture.workbook.root)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split_whitespace().next().unwrap().trim_start_matches("http://");
        assert!(address.starts_with("127.0.0.1:"), "{line}");
        Self { address: address.to_owned(), program }
    }

    fn ask(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", self.address).unwrap();
        stream
    }

    fn get(&self, path: &str) -> String {
        let mut answer = Vec::new();
        self.ask(path).read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn read_until(stream: &mut TcpStream, end: &str) {
    let mut read = String::new();
    let mut byte = [0];
    while !read.ends_with(end) {
        stream.read_exact(&mut byte).unwrap();
        read.push(char::from(byte[0]));
    }
}
