//! A file server for `pkg/site/` on 127.0.0.1: a thread per connection, GET and HEAD, conditional
//! requests, precompressed copies. Bound by address, since a name could mean an interface on which
//! browsers refuse WebGPU.

use crate::paths;
use anyhow::{Context, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

pub fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("port {port} cannot be used; choose another with --port N"))
}

/// Answers for ever. `refresh` runs before each request for the page itself.
pub fn run(listener: &TcpListener, refresh: fn() -> Result<()>) -> Result<()> {
    let site = paths::site()
        .canonicalize()
        .context("looking for pkg/site")?;
    for stream in listener.incoming() {
        let (Ok(stream), site) = (stream, site.clone()) else {
            continue;
        };
        std::thread::spawn(move || {
            // A visitor who goes away is no error.
            let _ = converse(&stream, &site, refresh);
        });
    }
    Ok(())
}

struct Request {
    method: String,
    path: String,
    accepts: String,
    known_tag: String,
    keep: bool,
}

fn converse(stream: &TcpStream, site: &Path, refresh: fn() -> Result<()>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = read_request(&mut reader)? {
        answer(stream, &request, site, refresh)?;
        if !request.keep {
            break;
        }
    }
    Ok(())
}

/// The next request; none when the connection ended or does not speak HTTP. Lines are bounded.
fn read_request(reader: &mut impl BufRead) -> std::io::Result<Option<Request>> {
    let mut line = String::new();
    reader.take(8192).read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let (Some(method), Some(path), Some(version)) = (words.next(), words.next(), words.next())
    else {
        return Ok(None);
    };
    let mut request = Request {
        method: method.to_string(),
        path: path.to_string(),
        accepts: String::new(),
        known_tag: String::new(),
        keep: version == "HTTP/1.1",
    };
    for _ in 0..200 {
        let mut header = String::new();
        reader.take(8192).read_line(&mut header)?;
        let Some((name, value)) = header.trim_end().split_once(':') else {
            return Ok(Some(request));
        };
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "accept-encoding" => request.accepts = value.to_ascii_lowercase(),
            "if-none-match" => request.known_tag = value.to_string(),
            "connection" if value.eq_ignore_ascii_case("close") => request.keep = false,
            // A body is not read, so nothing can follow it.
            "content-length" | "transfer-encoding" => request.keep = false,
            _ => {}
        }
    }
    Ok(None)
}

fn answer(
    mut stream: &TcpStream,
    request: &Request,
    site: &Path,
    refresh: fn() -> Result<()>,
) -> std::io::Result<()> {
    if request.method != "GET" && request.method != "HEAD" {
        return plain(
            stream,
            request,
            "405 Method Not Allowed",
            "Only GET and HEAD are answered.\n",
        );
    }
    let Some(path) = resolve(site, &request.path) else {
        return missing(stream, request, site);
    };
    if path.ends_with("index.html")
        && let Err(error) = refresh()
    {
        eprintln!("error: {error:#}");
        return plain(
            stream,
            request,
            "500 Internal Server Error",
            &format!("The page cannot be built.\n\n{error:#}\n"),
        );
    }
    let (file, encoding) = encoded(&path, &request.accepts);
    let Ok(mut file) = File::open(file) else {
        return missing(stream, request, site);
    };
    let meta = file.metadata()?;
    let time = meta
        .modified()?
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_nanos();
    let tag = format!("\"{:x}-{time:x}-{encoding}\"", meta.len());
    let mut head = format!("ETag: {tag}\r\nCache-Control: no-cache\r\nVary: Accept-Encoding\r\n");
    if request.known_tag == tag {
        return write!(stream, "HTTP/1.1 304 Not Modified\r\n{head}\r\n");
    }
    if !encoding.is_empty() {
        head += &format!("Content-Encoding: {encoding}\r\n");
    }
    let (kind, length) = (mime(&path), meta.len());
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{head}\r\n"
    )?;
    if request.method == "GET" {
        std::io::copy(&mut file, &mut stream)?;
    }
    Ok(())
}

/// The site's own page for what is not there, as a static host would send it.
fn missing(stream: &TcpStream, request: &Request, site: &Path) -> std::io::Result<()> {
    const STATUS: &str = "404 Not Found";
    match std::fs::read_to_string(site.join("404.html")) {
        Ok(page) => whole(stream, request, STATUS, "text/html", &page),
        Err(_) => plain(
            stream,
            request,
            STATUS,
            "There is nothing at this address.\n",
        ),
    }
}

fn plain(stream: &TcpStream, request: &Request, status: &str, text: &str) -> std::io::Result<()> {
    whole(stream, request, status, "text/plain", text)
}

fn whole(
    mut stream: &TcpStream,
    request: &Request,
    status: &str,
    kind: &str,
    text: &str,
) -> std::io::Result<()> {
    let body = if request.method == "HEAD" { "" } else { text };
    let length = text.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {kind}; charset=utf-8\r\nContent-Length: {length}\r\nCache-Control: no-store\r\n\r\n{body}"
    )
}

/// The file inside the site that a request asks for; none when there is none or it lies outside.
fn resolve(site: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let decoded = percent_decode(path)?;
    let mut file = site.join(decoded.trim_start_matches('/'));
    if file.is_dir() {
        file.push("index.html");
    }
    let file = file.canonicalize().ok()?;
    (file.starts_with(site) && file.is_file()).then_some(file)
}

fn percent_decode(path: &str) -> Option<String> {
    let mut out = Vec::new();
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let digit = |b: Option<u8>| char::from(b?).to_digit(16);
            let code = digit(bytes.next())? * 16 + digit(bytes.next())?;
            out.push(u8::try_from(code).ok()?);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

/// The copy to send, and the name of its encoding: empty for the file itself.
fn encoded(path: &Path, accepts: &str) -> (PathBuf, &'static str) {
    for (encoding, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        let copy = PathBuf::from(path.display().to_string() + suffix);
        let accepted = accepts.split(',').any(|item| {
            let (name, weight) = item.split_once(';').unwrap_or((item, ""));
            name.trim() == encoding && weight.trim() != "q=0"
        });
        if accepted && copy.is_file() {
            return (copy, encoding);
        }
    }
    (path.to_path_buf(), "")
}

fn mime(path: &Path) -> &'static str {
    match path
        .extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default()
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "txt" | "md" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        "gz" => "application/gzip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Shutdown, TcpListener};

    #[test]
    fn what_is_not_there_gets_the_sites_own_page() {
        let site = std::env::temp_dir().join(format!("saddle-site-{}", std::process::id()));
        std::fs::create_dir_all(&site).expect("a folder");
        std::fs::write(site.join("404.html"), "<p>nothing</p>").expect("a page");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let mut visitor = TcpStream::connect(address).expect("a visitor");
        let (stream, _) = listener.accept().expect("the visitor");
        let request = Request {
            method: "GET".into(),
            path: "/nowhere?x".into(),
            accepts: String::new(),
            known_tag: String::new(),
            keep: false,
        };
        answer(&stream, &request, &site, || Ok(())).expect("an answer");
        stream.shutdown(Shutdown::Both).expect("the end");
        let mut said = String::new();
        visitor.read_to_string(&mut said).expect("what was said");
        std::fs::remove_dir_all(&site).expect("the folder is ours");
        assert!(
            said.starts_with("HTTP/1.1 404 Not Found\r\nContent-Type: text/html"),
            "{said}"
        );
        assert!(said.ends_with("<p>nothing</p>"), "{said}");
    }
}
