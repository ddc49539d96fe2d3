//! A small web server for authors: this machine only, and a page that loads itself again when a
//! file behind the book has changed.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};

use crate::publish;
use crate::workbook::{Workbook, files};

/// How often the files are looked at.
const LOOK: Duration = Duration::from_millis(250);

/// In bytes. No honest request of a browser for a page of the book is as long.
const LONGEST_REQUEST: u64 = 64 * 1024;

/// Where a page asks for news. No page of the book has this name.
const NEWS: &str = "/news-of-the-book";

/// Asks for news, and loads the page again when there are any.
const RELOAD: &str = "<script>new EventSource('/news-of-the-book').onmessage = () => location.reload()</script>\n</body>";

/// Whether the book is shown in a browser at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Open {
    /// In the browser that the system prefers.
    Yes,
    /// The address is printed, and that is all.
    No,
}

/// Builds the book, serves it on `port` of this machine (0: any free one), and goes on until it is stopped.
pub fn run(workbook: &Workbook, port: u16, open: Open) -> Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).with_context(|| {
        format!("port {port} cannot be used\nhint: `--port 0` takes any that is free")
    })?;
    let folder = publish::build(workbook, None)?;
    let address = format!("http://{}", listener.local_addr()?);
    say(&format!("{address}  (Ctrl-C stops)"));
    if open == Open::Yes {
        show(&address);
    }
    let site = Arc::new(Site {
        folder,
        whole: RwLock::new(()),
        edition: Mutex::new(0),
        news: Condvar::new(),
    });
    let for_visitors = Arc::clone(&site);
    thread::spawn(move || {
        for visitor in listener.incoming().flatten() {
            let site = Arc::clone(&for_visitors);
            // A visitor who hangs up in the middle of an answer is no fault of ours.
            thread::spawn(move || drop(site.answer(visitor)));
        }
    });
    rebuild_forever(workbook, &site)
}

struct Site {
    folder: PathBuf,
    /// Held by those who read the folder, and alone by the one who rebuilds it.
    whole: RwLock<()>,
    edition: Mutex<u64>,
    news: Condvar,
}

impl Site {
    fn answer(&self, mut visitor: TcpStream) -> Result<()> {
        let request = read_request(&visitor)?;
        let mut words = request.split_whitespace();
        let (Some("GET" | "HEAD"), Some(target)) = (words.next(), words.next()) else {
            return respond(&mut visitor, "405 Method Not Allowed", "text/plain", b"only GET\n");
        };
        let path = target.split(['?', '#']).next().unwrap_or_default();
        if path == NEWS {
            return self.tell_news(visitor);
        }
        let found = {
            let _reading = self.whole.read().unwrap_or_else(PoisonError::into_inner);
            inside(&self.folder, path).and_then(|file| Some((fs::read(&file).ok()?, file)))
        };
        match found {
            Some((body, file)) if kind(&file).starts_with("text/html") => {
                let page = String::from_utf8_lossy(&body).replace("</body>", RELOAD);
                respond(&mut visitor, "200 OK", kind(&file), page.as_bytes())
            }
            Some((body, file)) => respond(&mut visitor, "200 OK", kind(&file), &body),
            None => {
                let page = fs::read(self.folder.join("404.html")).unwrap_or_default();
                respond(&mut visitor, "404 Not Found", "text/html; charset=utf-8", &page)
            }
        }
    }

    /// Server-sent events: one for each rebuild, and a blank comment now and then, by which a
    /// closed page is noticed.
    fn tell_news(&self, mut visitor: TcpStream) -> Result<()> {
        write!(
            visitor,
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\r\n"
        )?;
        let mut seen = *self.edition.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let edition = self.edition.lock().unwrap_or_else(PoisonError::into_inner);
            let (edition, _) = self
                .news
                .wait_timeout_while(edition, Duration::from_secs(15), |edition| *edition == seen)
                .unwrap_or_else(PoisonError::into_inner);
            let news = if *edition == seen { ":\n\n" } else { "data: new\n\n" };
            seen = *edition;
            drop(edition);
            visitor.write_all(news.as_bytes())?;
        }
    }
}

fn rebuild_forever(workbook: &Workbook, site: &Site) -> Result<()> {
    let mut seen = look(workbook);
    loop {
        thread::sleep(LOOK);
        let now = look(workbook);
        if now == seen {
            continue;
        }
        seen = now;
        let result = {
            let _alone = site.whole.write().unwrap_or_else(PoisonError::into_inner);
            publish::build(workbook, None)
        };
        match result {
            Ok(_) => {
                say("built again");
                *site.edition.lock().unwrap_or_else(PoisonError::into_inner) += 1;
                site.news.notify_all();
            }
            // The last good edition stays; the author is at work on the next one.
            Err(error) => eprintln!("{error:?}"),
        }
    }
}

/// Prints a line. Nobody has to be there to read it.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

/// When each file behind the book was last written.
fn look(workbook: &Workbook) -> BTreeMap<PathBuf, Option<SystemTime>> {
    let folders = [workbook.pages(), workbook.book().join("theme"), workbook.exercises()];
    folders
        .iter()
        .flat_map(|folder| files(folder))
        .chain([workbook.book().join("book.toml")])
        .map(|path| {
            let written = path.metadata().and_then(|found| found.modified()).ok();
            (path, written)
        })
        .collect()
}

/// The first line of a request. The others are read too: to close a connection with unread bytes in
/// it may take the answer away from the visitor.
fn read_request(visitor: &TcpStream) -> Result<String> {
    let mut lines = BufReader::new(visitor.take(LONGEST_REQUEST)).lines();
    let first = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    Ok(first)
}

/// The file that an address means, if it lies in the folder.
fn inside(folder: &Path, address: &str) -> Option<PathBuf> {
    let mut path = folder.to_path_buf();
    for part in address.split('/').filter(|part| !part.is_empty()) {
        let part = decode(part)?;
        if part == "." || part == ".." || part.contains(['/', '\\', '\0', ':']) {
            return None;
        }
        path.push(part);
    }
    Some(if path.is_dir() { path.join("index.html") } else { path })
}

/// `%20` and its like as letters.
fn decode(part: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn respond(visitor: &mut TcpStream, status: &str, kind: &str, body: &[u8]) -> Result<()> {
    write!(
        visitor,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    visitor.write_all(body)?;
    Ok(())
}

fn kind(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Asks the system for its browser. Where there is none, the printed address is enough.
fn show(address: &str) {
    let mut command = match std::env::consts::OS {
        "macos" => Command::new("open"),
        "windows" => Command::new("explorer"),
        _ => Command::new("xdg-open"),
    };
    let quiet =
        command.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if let Ok(mut browser) = quiet.spawn() {
        thread::spawn(move || browser.wait());
    }
}
