//! The density of p_g at a point of the plane: the images of a mesh of z as sheets that lie on each other.
//!
//! Masses of cells answer what the picture asks and lose what is smaller than a cell: a G that folds has a density which
//! grows without bound towards the fold, and a JSD of cell masses comes out too small by up to a fifth. Here the density
//! at a point is the sum over all images of triangles that hold it, and an integral is a sum over the triangles
//! themselves, wherever they lie.

use super::plane::{Image, Window, image};

/// Buckets along either axis for each cell of the mesh; triangles of an image as large as the window lie in a few.
const BUCKETS: usize = 3;
/// Entries of all buckets together at most; with more, buckets are made larger.
const ENTRIES: usize = 1 << 20;

/// The images of the triangles of a mesh.
#[derive(Clone, Debug)]
pub struct Sheets {
    window: Window,
    /// Those with an area.
    sheets: Vec<Sheet>,
    /// Where each bucket's entries begin, and the entries: indices of `sheets`.
    starts: Vec<u32>,
    entries: Vec<u32>,
    /// Buckets along either axis.
    buckets: usize,
    /// Middles and masses of cells of z whose image has no area.
    pub flat: Vec<([f64; 2], f64)>,
    /// Mass of triangles that are nowhere.
    pub undefined: f64,
}

/// The image of one triangle.
#[derive(Clone, Copy, Debug)]
struct Sheet {
    corner: [[f64; 2]; 3],
    mass: f64,
    /// Per squared data unit.
    density: f64,
}

impl Sheet {
    fn holds(&self, p: [f64; 2]) -> bool {
        let [a, b, c] = self.corner;
        let side = |p: [f64; 2], q: [f64; 2], r: [f64; 2]| {
            (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
        };
        let (u, v, w) = (side(a, b, p), side(b, c, p), side(c, a, p));
        (u >= 0.0 && v >= 0.0 && w >= 0.0) || (u <= 0.0 && v <= 0.0 && w <= 0.0)
    }

    fn middle(&self) -> [f64; 2] {
        [0, 1].map(|i| self.corner.iter().map(|p| p[i]).sum::<f64>() / 3.0)
    }
}

impl Sheets {
    /// Arguments as of [`of_mesh`](super::plane::of_mesh); of the window only its place counts.
    #[must_use]
    pub fn new(window: Window, side: usize, masses: &[[f64; 2]], images: &[[f64; 2]]) -> Self {
        let nodes = side + 1;
        let (mut sheets, mut flat, mut undefined) =
            (Vec::with_capacity(2 * side * side), Vec::new(), 0.0);
        for (cell, masses) in masses.iter().enumerate() {
            let first = cell / side * nodes + cell % side;
            let [a, b, c, d] =
                [first, first + 1, first + nodes + 1, first + nodes].map(|i| images[i]);
            let corners = [[a, b, c], [a, c, d]];
            let of = corners.map(image);
            // As in the law: a triangle without an area gives its mass to the other one of its cell, if that has one.
            for i in 0..2 {
                match (of[i], of[1 - i]) {
                    (Image::Area(twice), other) => {
                        let flat = matches!(other, Image::Flat(_));
                        let mass = masses[i] + if flat { masses[1 - i] } else { 0.0 };
                        let density = 2.0 * mass / twice.abs();
                        sheets.push(Sheet { corner: corners[i], mass, density });
                    }
                    (Image::Flat(_), Image::Area(_)) => {}
                    (Image::Flat([p, q]), _) => {
                        flat.push(([0.5 * (p[0] + q[0]), 0.5 * (p[1] + q[1])], masses[i]));
                    }
                    (Image::Undefined, _) => undefined += masses[i],
                }
            }
        }
        let mut made = Self {
            window,
            sheets,
            starts: Vec::new(),
            entries: Vec::new(),
            buckets: BUCKETS * side,
            flat,
            undefined,
        };
        made.sort();
        made
    }

    /// The density at a point, per squared data unit; 0 outside the window.
    #[must_use]
    pub fn density(&self, p: [f64; 2]) -> f64 {
        // On a side, where a symmetric G may well have a row of middles, two triangles would count: a hair's breadth off.
        let p = [p[0] + 1.3e-9 * self.window.half, p[1] + 0.7e-9 * self.window.half];
        let Some(bucket) = self.bucket_of(p) else { return 0.0 };
        let entries = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        let sheets = self.entries[entries].iter().map(|&i| &self.sheets[i as usize]);
        sheets.filter(|s| s.holds(p)).map(|s| s.density).sum()
    }

    /// Middle and mass of each sheet, and the density there, all sheets added up; outside the window 0.
    pub fn middles(&self) -> impl Iterator<Item = ([f64; 2], f64, f64)> {
        self.sheets.iter().map(|sheet| {
            let at = sheet.middle();
            (at, sheet.mass, self.density(at))
        })
    }

    fn bucket_of(&self, p: [f64; 2]) -> Option<usize> {
        let n = self.buckets as f64;
        let [x, y] = p.map(|x| (x + self.window.half) / (2.0 * self.window.half) * n);
        let inside = |x: f64| (0.0..n).contains(&x);
        (inside(x) && inside(y)).then(|| y as usize * self.buckets + x as usize)
    }

    /// Puts every sheet into the buckets that it touches.
    fn sort(&mut self) {
        loop {
            let mut counts = vec![0_u32; self.buckets * self.buckets + 1];
            let mut total = 0;
            for sheet in &self.sheets {
                self.touched(sheet, |bucket| {
                    counts[bucket + 1] += 1;
                    total += 1;
                    total <= ENTRIES
                });
                if total > ENTRIES {
                    break;
                }
            }
            if total > ENTRIES && self.buckets > 1 {
                self.buckets /= 2;
                continue;
            }
            for i in 1..counts.len() {
                counts[i] += counts[i - 1];
            }
            let mut entries = vec![0; total];
            let mut next = counts.clone();
            for (i, sheet) in self.sheets.iter().enumerate() {
                self.touched(sheet, |bucket| {
                    let at = next[bucket] as usize;
                    next[bucket] += 1;
                    if let Some(entry) = entries.get_mut(at) {
                        *entry = i as u32;
                    }
                    true
                });
            }
            (self.starts, self.entries) = (counts, entries);
            return;
        }
    }

    /// Calls `see` with every bucket that a sheet touches, until it answers false: row by row, from the least to the
    /// greatest x that its sides have there.
    fn touched(&self, sheet: &Sheet, mut see: impl FnMut(usize) -> bool) {
        let n = self.buckets as f64;
        let scale = n / (2.0 * self.window.half);
        let corner = sheet.corner.map(|p| p.map(|x| (x + self.window.half) * scale));
        let (lo, hi) = corner.iter().fold((n, 0.0_f64), |(lo, hi), p| (lo.min(p[1]), hi.max(p[1])));
        let rows = lo.max(0.0) as usize..=hi.min(n - 1.0) as usize;
        for row in rows {
            let (bottom, top) = (row as f64, (row + 1) as f64);
            let (mut left, mut right) = (f64::INFINITY, f64::NEG_INFINITY);
            for i in 0..3 {
                let (p, q) = (corner[i], corner[(i + 1) % 3]);
                let (p, q) = if p[1] < q[1] { (p, q) } else { (q, p) };
                if q[1] < bottom || p[1] > top {
                    continue;
                }
                let slope = if q[1] > p[1] { (q[0] - p[0]) / (q[1] - p[1]) } else { 0.0 };
                let at = |y: f64| p[0] + (y - p[1]) * slope;
                let from = if p[1] < bottom { at(bottom) } else { p[0] };
                let to = if q[1] > top { at(top) } else { q[0] };
                left = left.min(from.min(to));
                right = right.max(from.max(to));
            }
            if right < 0.0 || left >= n {
                continue;
            }
            // Rounding may have moved an end to the wrong side of a bucket's edge.
            let margin = 1e-9 * n;
            let columns =
                (left - margin).max(0.0) as usize..=(right + margin).min(n - 1.0) as usize;
            for column in columns {
                if !see(row * self.buckets + column) {
                    return;
                }
            }
        }
    }
}
