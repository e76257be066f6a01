//! Pictures in the text: `![words](../../../pretrained/NAME.png)`, a PNG that the page ships, as it does those of
//! `docs/img/experiments/`.

use anyhow::{Context, Result, ensure};

/// From a text's folder to the project's, which is the page's.
const ROOT: &str = "../../../";
/// Folders that the page ships, from there.
const SHIPPED: [&str; 2] = ["pretrained/", "docs/img/experiments/"];

/// The picture as `<img>`, with its size, so that nothing moves when it comes.
pub fn html(url: &str, words: &str) -> Result<String> {
    let path = url
        .strip_prefix(ROOT)
        .filter(|path| SHIPPED.iter().any(|folder| path.starts_with(folder)))
        .with_context(|| format!("the page does not ship the picture `{url}`"))?;
    ensure!(!words.is_empty(), "the picture `{url}` has no words");
    let words = words.replace('&', "&amp;").replace('"', "&quot;");
    let file = std::fs::read(path).with_context(|| format!("reading {path}"))?;
    let (width, height) =
        size(&file).with_context(|| format!("{path} is not a PNG: draw it again"))?;
    Ok(format!(
        "<img src=\"{path}\" alt=\"{words}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\">"
    ))
}

/// Width and height of a PNG in pixels: the first eight bytes of its first chunk.
fn size(file: &[u8]) -> Option<(u32, u32)> {
    let header = file.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    let number = |at| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_says_its_size() {
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        file.extend([0, 0, 1, 0, 0, 0, 0, 242]);
        assert_eq!(size(&file), Some((256, 242)));
        assert_eq!(size(&file[..20]), None);
        assert_eq!(size(b"GIF89a"), None);
    }

    #[test]
    fn what_the_page_does_not_ship_is_refused() {
        for url in ["docs/img/a.png", "../../../docs/a.png", "../../../pretrained/none.png"] {
            assert!(html(url, "words").is_err(), "{url}");
        }
    }
}
