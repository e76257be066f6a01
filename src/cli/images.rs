//! Grids of digits as PNG files.

use anyhow::Result;
use saddle::mnist::data::{SIDE, grey};

/// Black pixels between two digits.
const GAP: usize = 2;

/// A PNG, 8-bit grey, of `images` (`[n, 28, 28]` in [-1, 1]) in rows of `columns`.
pub(super) fn grid(images: &[f32], columns: usize) -> Result<Vec<u8>> {
    spaced(&grey(images), columns)
}

/// The same of grey bytes.
pub(super) fn spaced(digits: &[u8], columns: usize) -> Result<Vec<u8>> {
    let count = digits.len() / (SIDE * SIDE);
    let rows = count.div_ceil(columns);
    let extent = |n: usize| n * (SIDE + GAP) + GAP;
    let (width, height) = (extent(columns), extent(rows));
    let mut pixels = vec![0; width * height];
    for (index, digit) in digits.chunks_exact(SIDE * SIDE).enumerate() {
        let (top, left) = (extent(index / columns), extent(index % columns));
        for (row, line) in digit.chunks_exact(SIDE).enumerate() {
            let start = (top + row) * width + left;
            pixels[start..start + SIDE].copy_from_slice(line);
        }
    }
    encode(width, height, &pixels)
}

/// A PNG, 8-bit grey, of grey bytes `[n, 28, 28]` in rows of `columns`, without gaps; a last row that is not
/// whole is left out.
pub(super) fn strip(digits: &[u8], columns: usize) -> Result<Vec<u8>> {
    let mut pixels = Vec::with_capacity(digits.len());
    let rows = digits.chunks_exact(columns * SIDE * SIDE);
    let height = rows.len() * SIDE;
    for row in rows {
        for line in 0..SIDE {
            for digit in row.chunks_exact(SIDE * SIDE) {
                pixels.extend(&digit[line * SIDE..(line + 1) * SIDE]);
            }
        }
    }
    encode(columns * SIDE, height, &pixels)
}

fn encode(width: usize, height: usize, pixels: &[u8]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width as u32, height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(bytes)
}
