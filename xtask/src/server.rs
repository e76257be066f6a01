//! A file server for `pkg/site/` on 127.0.0.1: GET and HEAD, conditional requests, precompressed copies. What is no
//! HTTP, too long or too slow is hyper's to answer. Bound by address, since a name could mean an interface on which
//! browsers refuse WebGPU.

use anyhow::{Context, Result};
use http_body_util::Full;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{self, HeaderName};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};
use tokio::net::TcpStream;

/// Bytes of a request's head that are waited for. One that is much longer is answered with 431.
const LONGEST_HEAD: usize = 32 * 1024;
/// In which a head must have come, and for which a connection may rest between two requests.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn listen(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .with_context(|| format!("port {port} cannot be used; choose another with --port N"))
}

/// Answers for ever, with what lies in `site`. `refresh` runs before each request for the page itself.
pub fn run(listener: TcpListener, site: &Path, refresh: fn() -> Result<()>) -> Result<()> {
    let site = site.canonicalize().with_context(|| format!("looking for {}", site.display()))?;
    // One thread for what comes and goes; files are read, and the page is made, on others.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        loop {
            match listener.accept().await {
                Ok((stream, _)) => drop(tokio::spawn(converse(stream, site.clone(), refresh))),
                // Too many open files, for one: some will be closed.
                Err(_) => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    })
}

async fn converse(stream: TcpStream, site: PathBuf, refresh: fn() -> Result<()>) {
    let service = service_fn(|request: Request<Incoming>| {
        let site = site.clone();
        async move {
            let (head, body) = request.into_parts();
            let has_body = !body.is_end_stream();
            tokio::task::spawn_blocking(move || answer(&head, has_body, &site, refresh)).await?
        }
    });
    // A visitor who goes away, or speaks no HTTP, is no error of ours.
    let _ = stream.set_nodelay(true);
    let _ = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_header_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

type Answer = Response<Full<Bytes>>;

/// The body is left out by hyper where the request was HEAD.
fn answer(
    head: &Parts,
    has_body: bool,
    site: &Path,
    refresh: fn() -> Result<()>,
) -> Result<Answer> {
    if head.method != Method::GET && head.method != Method::HEAD {
        let mut refused =
            plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are answered.\n")?;
        refused.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
        return Ok(refused);
    }
    if has_body {
        return plain(StatusCode::PAYLOAD_TOO_LARGE, "No request here has a body.\n");
    }
    let Some(asked) = percent_decode(head.uri.path()) else {
        return plain(StatusCode::BAD_REQUEST, "This address is not well written.\n");
    };
    let Some(path) = resolve(site, &asked) else {
        return missing(site);
    };
    if path.ends_with("index.html")
        && let Err(error) = refresh()
    {
        eprintln!("error: {error:#}");
        let text = format!("The page cannot be built.\n\n{error:#}\n");
        return plain(StatusCode::INTERNAL_SERVER_ERROR, &text);
    }
    let (file, encoding) = encoded(&path, &all(head, &header::ACCEPT_ENCODING).to_lowercase());
    let Ok(meta) = file.metadata() else {
        return missing(site);
    };
    let time = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    let tag = format!("\"{:x}-{time:x}-{encoding}\"", meta.len());
    let known = all(head, &header::IF_NONE_MATCH).split(',').any(|known| known.trim() == tag);
    let mut answer = Response::builder()
        .header(header::ETAG, tag)
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::VARY, "Accept-Encoding");
    if known {
        return Ok(answer.status(StatusCode::NOT_MODIFIED).body(Full::default())?);
    }
    if !encoding.is_empty() {
        answer = answer.header(header::CONTENT_ENCODING, encoding);
    }
    let Ok(bytes) = std::fs::read(file) else {
        return missing(site);
    };
    Ok(answer.header(header::CONTENT_TYPE, mime(&path)).body(bytes.into())?)
}

/// The values of a header, which may come more than once, in one list.
fn all(head: &Parts, name: &HeaderName) -> String {
    let values = head.headers.get_all(name).iter();
    values.filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join(",")
}

/// The site's own page for what is not there, as a static host would send it.
fn missing(site: &Path) -> Result<Answer> {
    match std::fs::read_to_string(site.join("404.html")) {
        Ok(page) => whole(StatusCode::NOT_FOUND, "text/html", &page),
        Err(_) => plain(StatusCode::NOT_FOUND, "There is nothing at this address.\n"),
    }
}

fn plain(status: StatusCode, text: &str) -> Result<Answer> {
    whole(status, "text/plain", text)
}

fn whole(status: StatusCode, kind: &str, text: &str) -> Result<Answer> {
    let answer = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, format!("{kind}; charset=utf-8"))
        .header(header::CACHE_CONTROL, "no-store");
    Ok(answer.body(text.to_owned().into())?)
}

/// The file inside the site that a request asks for; none when there is none or it lies outside.
fn resolve(site: &Path, asked: &str) -> Option<PathBuf> {
    let mut file = site.join(asked.trim_start_matches('/'));
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
    match path.extension().and_then(|e| e.to_str()).unwrap_or_default() {
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
    use std::io::{Read, Write};
    use std::net::{Shutdown, SocketAddr};
    use std::sync::OnceLock;

    /// A server that stays until all tests are done, and its folder.
    fn server() -> SocketAddr {
        static ADDRESS: OnceLock<SocketAddr> = OnceLock::new();
        *ADDRESS.get_or_init(|| {
            let folder = std::env::temp_dir().join(format!("saddle-site-{}", std::process::id()));
            for (file, text) in [
                ("site/index.html", "<p>page</p>"),
                ("site/404.html", "<p>nothing</p>"),
                ("site/broken/index.html", ""),
                ("site/a b.txt", "spaced"),
                ("site/x.js", "plain script"),
                ("site/x.js.br", "br"),
                ("site/x.js.gz", "gz"),
                ("secret.txt", "secret"),
            ] {
                crate::paths::write(&folder.join(file), text.as_bytes()).expect("a file");
            }
            let listener = listen(0).expect("a port");
            let address = listener.local_addr().expect("its address");
            std::thread::spawn(move || run(listener, &folder.join("site"), || Ok(())));
            address
        })
    }

    /// What comes back for these bytes, until the server closes or has said all.
    fn said(sent: impl AsRef<[u8]>) -> String {
        let mut visitor = std::net::TcpStream::connect(server()).expect("a visitor");
        visitor.set_read_timeout(Some(Duration::from_secs(10))).expect("a limit");
        // The server may close before it has read all.
        let _ = visitor.write_all(sent.as_ref());
        let mut said = Vec::new();
        let _ = visitor.read_to_end(&mut said);
        let _ = visitor.shutdown(Shutdown::Both);
        String::from_utf8(said).expect("text")
    }

    /// One request with further lines, on a connection that is closed behind it: status, head, body.
    fn asked(line: &str, lines: &str) -> (u16, String, String) {
        let said = said(format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{lines}\r\n"));
        let (head, body) = said.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.expect("a status"), head.to_lowercase() + "\r\n", body.into())
    }

    fn has(head: &str, line: &str) -> bool {
        head.contains(&format!("\r\n{line}\r\n"))
    }

    #[test]
    fn files_come_with_their_headers() {
        let (status, head, body) = asked("GET /?seed=1", "");
        assert_eq!((status, body.as_str()), (200, "<p>page</p>"));
        for line in [
            "content-type: text/html; charset=utf-8",
            "content-length: 11",
            "cache-control: no-cache",
            "vary: accept-encoding",
        ] {
            assert!(has(&head, line), "{line}: {head}");
        }
        let (status, head, body) = asked("HEAD /", "");
        assert_eq!((status, body.as_str()), (200, ""));
        assert!(has(&head, "content-length: 11"), "{head}");
        let (_, _, body) = asked("GET /a%20b.txt", "");
        assert_eq!(body, "spaced");
    }

    #[test]
    fn copies_are_sent_to_who_takes_them() {
        for (accepts, sent, encoding) in [
            ("", "plain script", ""),
            ("Accept-Encoding: gzip, deflate, BR\r\n", "br", "br"),
            ("Accept-Encoding: gzip\r\nAccept-Encoding: br\r\n", "br", "br"),
            ("Accept-Encoding: br;q=0, gzip\r\n", "gz", "gzip"),
        ] {
            let (_, head, body) = asked("GET /x.js", accepts);
            assert_eq!(body, sent, "{accepts}");
            let line = format!("content-encoding: {encoding}");
            assert_eq!(has(&head, &line), !encoding.is_empty(), "{head}");
            assert!(has(&head, "content-type: text/javascript; charset=utf-8"), "{head}");
        }
    }

    #[test]
    fn what_is_known_is_not_sent_again() {
        let (_, head, _) = asked("GET /x.js", "");
        let tag = head.split("etag: ").nth(1).and_then(|rest| rest.split("\r\n").next());
        let tag = tag.expect("a tag");
        for known in [tag.to_owned(), format!("\"other\", {tag}")] {
            let (status, _, body) = asked("GET /x.js", &format!("If-None-Match: {known}\r\n"));
            assert_eq!((status, body.as_str()), (304, ""));
        }
        assert_eq!(asked("GET /x.js", "If-None-Match: \"other\"\r\n").0, 200);
        let compressed = format!("If-None-Match: {tag}\r\nAccept-Encoding: br\r\n");
        assert_eq!(asked("GET /x.js", &compressed).0, 200, "another copy has another tag");
    }

    #[test]
    fn what_is_not_there_gets_the_sites_own_page() {
        for path in ["/nowhere?x", "/../secret.txt", "/%2e%2e/secret.txt", "//secret.txt", "/a%00"]
        {
            let (status, head, body) = asked(&format!("GET {path}"), "");
            assert_eq!((status, body.as_str()), (404, "<p>nothing</p>"), "{path}");
            assert!(has(&head, "content-type: text/html; charset=utf-8"), "{head}");
            assert!(has(&head, "cache-control: no-store"), "{head}");
        }
    }

    #[test]
    fn a_connection_is_kept() {
        let said = said(
            "GET /x.js HTTP/1.1\r\nHost: x\r\n\r\nGET /a%20b.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        );
        assert_eq!(said.matches("HTTP/1.1 200 OK").count(), 2, "{said}");
        assert!(said.contains("plain script") && said.ends_with("spaced"), "{said}");
    }

    #[test]
    fn bad_requests_are_answered_as_such() {
        let status = |sent: &str| {
            let said = said(sent);
            assert_eq!(said.matches("HTTP/1.").count(), 1, "one answer: {said}");
            said.split(' ').nth(1).and_then(|status| status.parse::<u16>().ok()).expect("a status")
        };
        assert_eq!(status("no HTTP at all\r\n\r\n"), 400);
        assert_eq!(status("GET / HTTP/1.1\r\nHost: x\r\nno header\r\n\r\n"), 400);
        assert_eq!(status("GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n"), 400);
        assert_eq!(asked("GET /%zz", "").0, 400);
        let (refused, head, _) = asked("POST /", "Content-Length: 0\r\n");
        assert_eq!(refused, 405);
        assert!(has(&head, "allow: get, head"), "{head}");
        assert_eq!(asked("GET /", "Content-Length: 3\r\n\r\nabc").0, 413);
        assert_eq!(asked("GET /", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n").0, 413);
        // A long line is one line: what stands in it is no request.
        let line = |bytes: usize| format!("X: {}GET /x.js HTTP/1.1\r\n", "a".repeat(bytes));
        assert_eq!(asked("GET /", &line(10_000)).0, 200);
        let head = |lines: &str| format!("GET / HTTP/1.1\r\nHost: x\r\n{lines}\r\n");
        assert_eq!(status(&head(&line(LONGEST_HEAD))), 431);
        assert_eq!(status(&head(&"X: y\r\n".repeat(200))), 431);
        assert_eq!(status(&format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(LONGEST_HEAD))), 431);
    }

    #[test]
    fn a_page_that_cannot_be_built_says_why() {
        let site = std::env::temp_dir().join(format!("saddle-broken-{}", std::process::id()));
        crate::paths::write(&site.join("index.html"), b"old").expect("a page");
        let site = site.canonicalize().expect("the folder");
        let (head, ()) = Request::get("/").body(()).expect("a request").into_parts();
        let answer = answer(&head, false, &site, || anyhow::bail!("a word is missing"));
        assert_eq!(answer.expect("an answer").status(), StatusCode::INTERNAL_SERVER_ERROR);
        std::fs::remove_dir_all(&site).expect("the folder is ours");
    }
}
